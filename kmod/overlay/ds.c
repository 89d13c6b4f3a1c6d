// SPDX-License-Identifier: GPL-2.0
/*
 * The DS field (RFC 2474) of packets in tunnels: DSCP as the zone says, ECN by
 * RFC 6040 in normal mode. Into a tunnel ECN is copied; out of it, who could
 * have been told of congestion is.
 */
#include <linux/if_vlan.h>
#include <linux/ip.h>
#include <linux/ipv6.h>
#include <net/dsfield.h>
#include <net/inet_ecn.h>

#include "flow/writable.h"
#include "overlay/ds.h"
#include "overlay/zone.h"

/* VLAN tags in line before the IP header. */
#define MN_DS_TAGS	2

/* Offset of a frame's IP header from skb->data; 0 if it has none. */
static u32 ip_offset(const struct sk_buff *skb, __be16 *proto)
{
	u32 offset = 2 * ETH_ALEN;
	const __be16 *type;
	__be16 buf;
	int tags;

	for (tags = 0; tags <= MN_DS_TAGS; tags++) {
		type = skb_header_pointer(skb, offset, sizeof(buf), &buf);
		if (!type)
			return 0;
		*proto = *type;
		offset += sizeof(buf);
		if (*proto == htons(ETH_P_IP) || *proto == htons(ETH_P_IPV6))
			return offset;
		if (!eth_type_vlan(*proto))
			return 0;
		offset += sizeof(buf);
	}
	return 0;
}

/**
 * mn_ds_inner() - DS field of a packet
 * @skb: packet, data at its Ethernet header
 *
 * Context: any.
 *
 * Return: the field with its ECN bits; 0 if it is not IP
 */
u8 mn_ds_inner(const struct sk_buff *skb)
{
	const void *h;
	__be16 proto;
	__be16 buf;
	u32 offset = ip_offset(skb, &proto);

	/* It is in the first two bytes of both. */
	h = offset ? skb_header_pointer(skb, offset, sizeof(buf), &buf) : NULL;
	if (!h)
		return 0;
	return proto == htons(ETH_P_IP) ? ((const struct iphdr *)h)->tos :
					  ipv6_get_dsfield(h);
}

/**
 * mn_ds_outer() - DS field of the packet around it
 * @inner: from mn_ds_inner()
 * @dscp: 0..63 or MN_DSCP_INHERIT
 */
u8 mn_ds_outer(u8 inner, u8 dscp)
{
	u8 ecn = inner & INET_ECN_MASK;

	return dscp == MN_DSCP_INHERIT ? inner : dscp << 2 | ecn;
}

static void set_ecn(struct sk_buff *skb, u32 offset, __be16 proto, u8 ecn)
{
	void *h = skb->data + offset;
	struct ipv6hdr *h6 = h;
	struct iphdr *h4 = h;
	__be32 *word = h;
	__be32 was, now;

	if (proto == htons(ETH_P_IP)) {
		/* The checksum over the header stays what it was: nothing to update. */
		ipv4_change_dsfield(h4, (u8)~INET_ECN_MASK, ecn);
		return;
	}
	was = *word;
	ipv6_change_dsfield(h6, (u8)~INET_ECN_MASK, ecn);
	now = *word;
	if (skb->ip_summed == CHECKSUM_COMPLETE)
		skb->csum = csum_add(csum_sub(skb->csum, (__force __wsum)was),
				     (__force __wsum)now);
}

/**
 * mn_ds_decap() - a packet came out of a tunnel
 * @skb: packet, data at its Ethernet header
 * @outer: DS field of the packet around it
 *
 * Context: any.
 *
 * Return: false if the packet is to be dropped: it met congestion and its sender
 * would not hear of it
 */
bool mn_ds_decap(struct sk_buff *skb, u8 outer)
{
	u8 ecn = outer & INET_ECN_MASK, inner;
	__be16 proto = 0;
	u32 offset;

	if (likely(ecn != INET_ECN_CE && ecn != INET_ECN_ECT_1))
		return true;
	inner = mn_ds_inner(skb) & INET_ECN_MASK;
	if (inner == INET_ECN_NOT_ECT)
		return ecn != INET_ECN_CE;
	if (inner == INET_ECN_CE || inner == ecn)
		return true;
	/* An IPv4 header, or what of an IPv6 one is changed. */
	offset = ip_offset(skb, &proto);
	if (!mn_make_writable(skb, offset + sizeof(struct iphdr)))
		return false;
	set_ecn(skb, offset, proto, ecn);
	return true;
}
