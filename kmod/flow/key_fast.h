/* SPDX-License-Identifier: GPL-2.0 */
#ifndef _MN_FLOW_KEY_FAST_H
#define _MN_FLOW_KEY_FAST_H

#include <linux/if_vlan.h>
#include <linux/ip.h>
#include <linux/ipv6.h>
#include <linux/tcp.h>
#include <linux/udp.h>
#include <linux/unaligned.h>
#include <net/inet_ecn.h>
#include <net/ip.h>

#include "flow/key.h"

/*
 * The key of what nearly all packets are: TCP or UDP in IPv4 without options or
 * in IPv6 without extension headers, not fragmented, its headers linear.
 *
 * mn_key_extract() stores fields of one to six bytes, which are then loaded as
 * words, and a load that spans several stores has to wait for them. Here the
 * words are made in registers: a frame has the first 14 bytes, the addresses and
 * the ports in the order of the key.
 */

#ifdef __LITTLE_ENDIAN

/* eth_type, vlan, proto, tos, frag, tcp_flags */
static __always_inline u64 mn_key_fast_w2(const struct sk_buff *skb, u8 proto,
					  u8 tos, u8 tcp_flags)
{
	u64 w = get_unaligned((const u16 *)(skb->data + 2 * ETH_ALEN));

	if (skb_vlan_tag_present(skb))
		w |= (u64)(MN_VLAN_PRESENT | skb_vlan_tag_get_id(skb)) << 16;
	return w | (u64)proto << 32 | (u64)(u8)(tos & ~INET_ECN_MASK) << 40 |
	       (u64)tcp_flags << 56;
}

/* TCP or UDP at @th, with @room bytes; false: not for here */
static __always_inline bool mn_key_fast_l4(const u8 *th, u8 proto, u32 room,
					   u8 *tcp_flags)
{
	if (proto == IPPROTO_UDP)
		return room >= sizeof(struct udphdr);
	if (proto != IPPROTO_TCP || room < sizeof(struct tcphdr) ||
	    th[12] >> 4 < sizeof(struct tcphdr) / 4)
		return false;
	*tcp_flags = th[13];
	return true;
}

static __always_inline void mn_key_fast_head(const struct sk_buff *skb,
					     u32 in_port, const u8 *th,
					     struct mn_flow_key *key)
{
	const u8 *eth = skb->data;

	key->w[0] = in_port | (u64)get_unaligned((const u32 *)eth) << 32;
	key->w[1] = get_unaligned((const u64 *)(eth + 4));
	key->w[3] = get_unaligned((const u32 *)th) | (u64)MN_KEY_L4 << 48;
}

static __always_inline bool mn_key_fast4(const struct sk_buff *skb, u32 in_port,
					 struct mn_flow_key *key,
					 struct mn_pkt *pkt)
{
	const struct iphdr *ih = (const void *)(skb->data + ETH_HLEN);
	const u8 *th = (const u8 *)(ih + 1);
	u32 total = ntohs(ih->tot_len);
	u8 tcp_flags = 0;

	if (*(const u8 *)ih != 0x45 || ip_is_fragment(ih) ||
	    total < sizeof(*ih) || ETH_HLEN + total > skb->len ||
	    !mn_key_fast_l4(th, ih->protocol, total - sizeof(*ih), &tcp_flags))
		return false;
	mn_key_fast_head(skb, in_port, th, key);
	key->w[2] = mn_key_fast_w2(skb, ih->protocol, ih->tos, tcp_flags);
	key->w[4] = get_unaligned((const u64 *)&ih->saddr);
	key->w[5] = 0;
	key->w[6] = 0;
	key->w[7] = 0;
	*pkt = (struct mn_pkt){
		.l3 = ETH_HLEN,
		.l4 = ETH_HLEN + sizeof(*ih),
		.ttl = ih->ttl,
	};
	return true;
}

static __always_inline bool mn_key_fast6(const struct sk_buff *skb, u32 in_port,
					 struct mn_flow_key *key,
					 struct mn_pkt *pkt)
{
	const struct ipv6hdr *ih = (const void *)(skb->data + ETH_HLEN);
	const u64 *addr = (const u64 *)&ih->saddr;
	const u8 *th = (const u8 *)(ih + 1);
	u32 total = ntohs(ih->payload_len);
	u8 tcp_flags = 0;

	if (skb_headlen(skb) < ETH_HLEN + sizeof(*ih) + sizeof(struct tcphdr) ||
	    ih->version != 6 || ETH_HLEN + sizeof(*ih) + total > skb->len ||
	    !mn_key_fast_l4(th, ih->nexthdr, total, &tcp_flags))
		return false;
	mn_key_fast_head(skb, in_port, th, key);
	key->w[2] = mn_key_fast_w2(skb, ih->nexthdr, ipv6_get_dsfield(ih),
				   tcp_flags);
	key->w[4] = get_unaligned(addr);
	key->w[5] = get_unaligned(addr + 1);
	key->w[6] = get_unaligned(addr + 2);
	key->w[7] = get_unaligned(addr + 3);
	*pkt = (struct mn_pkt){
		.l3 = ETH_HLEN,
		.l4 = ETH_HLEN + sizeof(*ih),
		.ttl = ih->hop_limit,
	};
	return true;
}

/**
 * mn_key_fast() - headers of a usual packet
 * @skb: as for mn_key_extract()
 * @in_port: index of the port by which it came
 * @key: filled in
 * @pkt: filled in
 *
 * Return: true, and what mn_key_extract() would say; false: ask that
 */
static __always_inline bool mn_key_fast(const struct sk_buff *skb, u32 in_port,
					struct mn_flow_key *key,
					struct mn_pkt *pkt)
{
	const struct ethhdr *eth = (const struct ethhdr *)skb->data;

	if (unlikely(skb_headlen(skb) < ETH_HLEN + sizeof(struct iphdr) +
					sizeof(struct tcphdr)))
		return false;
	if (likely(eth->h_proto == htons(ETH_P_IP)))
		return mn_key_fast4(skb, in_port, key, pkt);
	if (eth->h_proto == htons(ETH_P_IPV6))
		return mn_key_fast6(skb, in_port, key, pkt);
	return false;
}

#else

static inline bool mn_key_fast(const struct sk_buff *skb, u32 in_port,
			       struct mn_flow_key *key, struct mn_pkt *pkt)
{
	return false;
}

#endif

#endif /* _MN_FLOW_KEY_FAST_H */
