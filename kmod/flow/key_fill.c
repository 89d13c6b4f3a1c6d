// SPDX-License-Identifier: GPL-2.0
/*
 * A key, or a mask over one, as the "packet" nest of netlink messages.
 */
#include <linux/ip.h>
#include <net/ipv6.h>
#include <net/netlink.h>

#include "flow/key.h"

static bool has_ports(const struct mn_flow_key *key)
{
	return key->proto == IPPROTO_TCP || key->proto == IPPROTO_UDP ||
	       key->proto == IPPROTO_SCTP;
}

static bool is_icmp(const struct mn_flow_key *key)
{
	if (key->eth_type == htons(ETH_P_IPV6))
		return key->proto == IPPROTO_ICMPV6;
	return key->proto == IPPROTO_ICMP;
}

static bool is_echo(const struct mn_flow_key *key)
{
	u8 type = ntohs(key->tp_src);

	if (key->eth_type == htons(ETH_P_IPV6))
		return type == 128 || type == 129;
	return type == 8 || type == 0;
}

static int put_ethernet(struct sk_buff *skb, const struct mn_flow_key *key)
{
	u16 vlan = key->vlan & MN_VLAN_PRESENT ? key->vlan & 0xfff : 4096;

	return nla_put(skb, MIDONET_PACKET_HW_SRC, ETH_ALEN, key->eth_src) ||
	       nla_put(skb, MIDONET_PACKET_HW_DST, ETH_ALEN, key->eth_dst) ||
	       nla_put_u16(skb, MIDONET_PACKET_ETHERTYPE,
			   ntohs(key->eth_type)) ||
	       nla_put_u16(skb, MIDONET_PACKET_VLAN, vlan);
}

/* Mask of what shows everything. */
static const struct mn_flow_key everything = {
	.w = { [0 ... MN_KEY_WORDS - 1] = ~0ULL },
};

static bool any_bit(const void *bytes, size_t len)
{
	return memchr_inv(bytes, 0, len);
}

static int put_addresses(struct sk_buff *skb, const struct mn_flow_key *key,
			 const struct mn_flow_key *mask)
{
	struct in6_addr src = key->v6.src, dst = key->v6.dst;

	if (key->eth_type != htons(ETH_P_IPV6)) {
		if (mask->v4.src &&
		    nla_put_in_addr(skb, MIDONET_PACKET_SRC, key->v4.src))
			return -EMSGSIZE;
		return mask->v4.dst ?
		       nla_put_in_addr(skb, MIDONET_PACKET_DST, key->v4.dst) :
		       0;
	}
	if (any_bit(&mask->v6.src, sizeof(src)) &&
	    nla_put_in6_addr(skb, MIDONET_PACKET_SRC, &src))
		return -EMSGSIZE;
	return any_bit(&mask->v6.dst, sizeof(dst)) ?
	       nla_put_in6_addr(skb, MIDONET_PACKET_DST, &dst) : 0;
}

static int put_icmp(struct sk_buff *skb, const struct mn_flow_key *key,
		    const struct mn_flow_key *mask)
{
	if ((mask->tp_src &&
	     nla_put_u8(skb, MIDONET_PACKET_ICMP_TYPE, ntohs(key->tp_src))) ||
	    (mask->tp_dst &&
	     nla_put_u8(skb, MIDONET_PACKET_ICMP_CODE, ntohs(key->tp_dst))))
		return -EMSGSIZE;
	if (!is_echo(key) || !mask->icmp_id)
		return 0;
	return nla_put_u16(skb, MIDONET_PACKET_ICMP_ID, ntohs(key->icmp_id));
}

static int put_l4(struct sk_buff *skb, const struct mn_flow_key *key,
		  const struct mn_flow_key *mask)
{
	if (!(key->flags & MN_KEY_L4))
		return 0;
	if (is_icmp(key))
		return put_icmp(skb, key, mask);
	if (!has_ports(key))
		return 0;
	if ((mask->tp_src &&
	     nla_put_u16(skb, MIDONET_PACKET_SRC_PORT, ntohs(key->tp_src))) ||
	    (mask->tp_dst &&
	     nla_put_u16(skb, MIDONET_PACKET_DST_PORT, ntohs(key->tp_dst))))
		return -EMSGSIZE;
	if (key->proto != IPPROTO_TCP || !mask->tcp_flags)
		return 0;
	return nla_put_u8(skb, MIDONET_PACKET_TCP_FLAGS, key->tcp_flags);
}

static u8 fragment_word(const struct mn_flow_key *key)
{
	switch (key->frag) {
	case MN_FRAG_FIRST:
		return MIDONET_FRAGMENT_FIRST;
	case MN_FRAG_LATER:
		return MIDONET_FRAGMENT_LATER;
	}
	return MIDONET_FRAGMENT_NONE;
}

static int put_ip(struct sk_buff *skb, const struct mn_flow_key *key,
		  const struct mn_flow_key *mask)
{
	if (put_addresses(skb, key, mask) ||
	    (mask->proto &&
	     nla_put_u8(skb, MIDONET_PACKET_PROTO, key->proto)) ||
	    (mask->tos &&
	     nla_put_u8(skb, MIDONET_PACKET_DSCP, key->tos >> 2)) ||
	    (mask->frag &&
	     nla_put_u8(skb, MIDONET_PACKET_FRAGMENT, fragment_word(key))))
		return -EMSGSIZE;
	return put_l4(skb, key, mask);
}

static int put_key(struct sk_buff *skb, const struct mn_flow_key *key,
		   const struct mn_flow_key *mask)
{
	if (put_ethernet(skb, key))
		return -EMSGSIZE;
	if (mn_key_is_ip(key))
		return put_ip(skb, key, mask);
	if (key->eth_type != htons(ETH_P_ARP) || !key->proto)
		return 0;
	return put_addresses(skb, key, mask) ||
	       nla_put_u8(skb, MIDONET_PACKET_PROTO, key->proto);
}

/**
 * mn_key_fill() - put headers into a message
 * @skb: message
 * @attr: attribute of the nest
 * @key: headers
 * @pkt: what is not in the key, or NULL
 * @len: bytes of the frame, 0 to leave them out
 *
 * Return: 0 or -EMSGSIZE
 */
int mn_key_fill(struct sk_buff *skb, int attr, const struct mn_flow_key *key,
		const struct mn_pkt *pkt, u32 len)
{
	struct nlattr *nest = nla_nest_start(skb, attr);

	if (!nest)
		return -EMSGSIZE;
	if (put_key(skb, key, &everything) ||
	    (pkt && mn_key_is_ip(key) &&
	     nla_put_u8(skb, MIDONET_PACKET_TTL, pkt->ttl)) ||
	    (len && nla_put_u32(skb, MIDONET_PACKET_LEN, len))) {
		nla_nest_cancel(skb, nest);
		return -EMSGSIZE;
	}
	nla_nest_end(skb, nest);
	return 0;
}

/**
 * mn_key_fill_masked() - put headers into a message as far as a mask knows them
 * @skb: message
 * @attr: attribute of the nest
 * @key: headers, zero where @mask is
 * @mask: mask, from mn_mask_canon()
 *
 * Return: 0 or -EMSGSIZE
 */
int mn_key_fill_masked(struct sk_buff *skb, int attr,
		       const struct mn_flow_key *key,
		       const struct mn_flow_key *mask)
{
	struct nlattr *nest = nla_nest_start(skb, attr);

	if (!nest)
		return -EMSGSIZE;
	if (put_key(skb, key, mask)) {
		nla_nest_cancel(skb, nest);
		return -EMSGSIZE;
	}
	nla_nest_end(skb, nest);
	return 0;
}

static int put_mac_mask(struct sk_buff *skb, int attr, const u8 *mac)
{
	static const u8 none[ETH_ALEN];

	return memcmp(mac, none, ETH_ALEN) ?
	       nla_put(skb, attr, ETH_ALEN, mac) : 0;
}

static int put_u16_mask(struct sk_buff *skb, int attr, u16 mask)
{
	return mask ? nla_put_u16(skb, attr, mask) : 0;
}

static int put_u8_mask(struct sk_buff *skb, int attr, u8 mask)
{
	return mask ? nla_put_u8(skb, attr, mask) : 0;
}

static int put_address_mask(struct sk_buff *skb, const struct mn_flow_key *key,
			    const struct mn_flow_key *mask)
{
	struct in6_addr src = mask->v6.src, dst = mask->v6.dst;

	if (key->eth_type != htons(ETH_P_IPV6)) {
		if (mask->v4.src &&
		    nla_put_in_addr(skb, MIDONET_PACKET_SRC, mask->v4.src))
			return -EMSGSIZE;
		return mask->v4.dst ? nla_put_in_addr(skb, MIDONET_PACKET_DST,
						      mask->v4.dst) : 0;
	}
	if (!ipv6_addr_any(&src) &&
	    nla_put_in6_addr(skb, MIDONET_PACKET_SRC, &src))
		return -EMSGSIZE;
	return ipv6_addr_any(&dst) ? 0 :
	       nla_put_in6_addr(skb, MIDONET_PACKET_DST, &dst);
}

static int put_l4_mask(struct sk_buff *skb, const struct mn_flow_key *key,
		       const struct mn_flow_key *mask)
{
	u16 src = ntohs(mask->tp_src), dst = ntohs(mask->tp_dst);

	if (!(key->flags & MN_KEY_L4))
		return 0;
	if (has_ports(key))
		return put_u16_mask(skb, MIDONET_PACKET_SRC_PORT, src) ||
		       put_u16_mask(skb, MIDONET_PACKET_DST_PORT, dst) ||
		       put_u8_mask(skb, MIDONET_PACKET_TCP_FLAGS,
				   key->proto == IPPROTO_TCP ?
				   mask->tcp_flags : 0);
	if (!is_icmp(key))
		return 0;
	return put_u8_mask(skb, MIDONET_PACKET_ICMP_TYPE, src) ||
	       put_u8_mask(skb, MIDONET_PACKET_ICMP_CODE, dst) ||
	       put_u16_mask(skb, MIDONET_PACKET_ICMP_ID,
			    is_echo(key) ? ntohs(mask->icmp_id) : 0);
}

static int put_mask(struct sk_buff *skb, const struct mn_flow_key *key,
		    const struct mn_flow_key *mask)
{
	if (put_mac_mask(skb, MIDONET_PACKET_HW_SRC, mask->eth_src) ||
	    put_mac_mask(skb, MIDONET_PACKET_HW_DST, mask->eth_dst) ||
	    put_u16_mask(skb, MIDONET_PACKET_ETHERTYPE,
			 ntohs(mask->eth_type)) ||
	    put_u16_mask(skb, MIDONET_PACKET_VLAN, mask->vlan & 0x1fff))
		return -EMSGSIZE;
	if (!mn_key_is_ip(key) && key->eth_type != htons(ETH_P_ARP))
		return 0;
	if (put_address_mask(skb, key, mask) ||
	    put_u8_mask(skb, MIDONET_PACKET_PROTO, mask->proto))
		return -EMSGSIZE;
	if (!mn_key_is_ip(key))
		return 0;
	return put_u8_mask(skb, MIDONET_PACKET_DSCP, mask->tos >> 2) ||
	       put_u8_mask(skb, MIDONET_PACKET_FRAGMENT, mask->frag) ||
	       put_l4_mask(skb, key, mask);
}

/**
 * mn_key_fill_mask() - put a mask over headers into a message
 * @skb: message
 * @attr: attribute of the nest
 * @key: headers, say which words the masked bytes are
 * @mask: mask
 *
 * Return: 0 or -EMSGSIZE
 */
int mn_key_fill_mask(struct sk_buff *skb, int attr,
		     const struct mn_flow_key *key,
		     const struct mn_flow_key *mask)
{
	struct nlattr *nest = nla_nest_start(skb, attr);

	if (!nest)
		return -EMSGSIZE;
	if (put_mask(skb, key, mask)) {
		nla_nest_cancel(skb, nest);
		return -EMSGSIZE;
	}
	nla_nest_end(skb, nest);
	return 0;
}
