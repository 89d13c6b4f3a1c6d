/* SPDX-License-Identifier: GPL-2.0 */
#ifndef _MN_FLOW_KEY_H
#define _MN_FLOW_KEY_H

#include <linux/if_ether.h>
#include <linux/in6.h>
#include <linux/skbuff.h>
#include <linux/types.h>

#include "net.h"

#define MN_KEY_WORDS	8
/* In &mn_flow_key.vlan: there is a tag; the VID in the low 12 bits. */
#define MN_VLAN_PRESENT	0x1000

/**
 * enum mn_frag_kind - &mn_flow_key.frag
 * @MN_FRAG_NONE: whole packet
 * @MN_FRAG_FIRST: first fragment, with L4 header
 * @MN_FRAG_LATER: no L4 header
 */
enum mn_frag_kind { MN_FRAG_NONE, MN_FRAG_FIRST, MN_FRAG_LATER };

/**
 * struct mn_flow_key - what forwarding can depend on, extracted once
 * @in_port: index of the ingress port
 * @eth_dst: Ethernet
 * @eth_src: Ethernet
 * @eth_type: behind the outer tag; 802.3 frames have ETH_P_802_2
 * @vlan: MN_VLAN_PRESENT | VID, host order, or 0
 * @proto: IP protocol behind extension headers, or ARP operation (low byte)
 * @tos: IPv4 TOS or IPv6 traffic class, with the ECN bits cleared
 * @frag: &enum mn_frag_kind
 * @tcp_flags: low byte of the TCP flags
 * @tp_src: source port, or ICMP type in the low byte (network order)
 * @tp_dst: destination port, or ICMP code
 * @icmp_id: identifier of an ICMP echo
 * @flags: MN_KEY_*
 * @v4: IPv4, and the addresses of an ARP packet
 * @v6: IPv6
 * @w: the whole as words, to mask, hash and compare
 *
 * 64 bytes, one cache line. What a packet does not have is zero.
 */
struct mn_flow_key {
	union {
		struct {
			u32 in_port;
			u8 eth_dst[ETH_ALEN];
			u8 eth_src[ETH_ALEN];
			__be16 eth_type;
			u16 vlan;
			u8 proto;
			u8 tos;
			u8 frag;
			u8 tcp_flags;
			__be16 tp_src;
			__be16 tp_dst;
			__be16 icmp_id;
			u16 flags;
			union {
				struct {
					__be32 src;
					__be32 dst;
					u8 sha[ETH_ALEN];
					u8 tha[ETH_ALEN];
				} v4;
				struct {
					struct in6_addr src;
					struct in6_addr dst;
				} v6;
			};
		} __packed;
		u64 w[MN_KEY_WORDS];
	};
};

static_assert(sizeof(struct mn_flow_key) == 64);

/* The L4 header is there (or known, for a later fragment). */
#define MN_KEY_L4	BIT(0)

/**
 * struct mn_pkt - what is known of a packet beside its key
 * @l3: offset of the L3 header from skb->data at the Ethernet header, or 0
 * @l4: offset of the L4 header, or 0
 * @frag_id: IP identification of a fragment
 * @ttl: TTL or hop limit
 */
struct mn_pkt {
	u16 l3;
	u16 l4;
	u32 frag_id;
	u8 ttl;
};

int mn_key_extract(struct sk_buff *skb, u32 in_port, struct mn_flow_key *key,
		   struct mn_pkt *pkt);
int mn_key_fill(struct sk_buff *skb, int attr, const struct mn_flow_key *key,
		const struct mn_pkt *pkt, u32 len);
int mn_key_fill_masked(struct sk_buff *skb, int attr,
		       const struct mn_flow_key *key,
		       const struct mn_flow_key *mask);
int mn_key_fill_mask(struct sk_buff *skb, int attr,
		     const struct mn_flow_key *key,
		     const struct mn_flow_key *mask);
u32 mn_key_entropy(const struct mn_flow_key *key);
u64 mn_key_hash(const struct mn_flow_key *key, u64 seed);

/* Neighbour discovery, router solicitations and advertisements included. */
static inline bool mn_key_is_nd(const struct mn_flow_key *key)
{
	u8 type = ntohs(key->tp_src);

	return key->eth_type == htons(ETH_P_IPV6) &&
	       key->proto == IPPROTO_ICMPV6 && (key->flags & MN_KEY_L4) &&
	       type >= 133 && type <= 137;
}

static inline bool mn_key_is_ip(const struct mn_flow_key *key)
{
	return key->eth_type == htons(ETH_P_IP) ||
	       key->eth_type == htons(ETH_P_IPV6);
}

#endif /* _MN_FLOW_KEY_H */
