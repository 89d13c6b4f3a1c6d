// SPDX-License-Identifier: GPL-2.0
/*
 * What routers change in a packet: Ethernet addresses, TTL or hop limit, and the
 * IPv4 header checksum. GSO packets and partial checksums stay as they are:
 * neither depends on any of this.
 */
#include <linux/etherdevice.h>
#include <linux/ip.h>
#include <linux/ipv6.h>
#include <linux/skbuff.h>
#include <net/checksum.h>

#include "flow/rewrite.h"
#include "flow/writable.h"

static void age_v4(struct iphdr *iph, u8 hops)
{
	__be16 was = htons(iph->ttl << 8), now;

	iph->ttl -= hops;
	now = htons(iph->ttl << 8);
	/* RFC 1624; the other half of the word is the protocol, which stays. */
	csum_replace2(&iph->check, was, now);
}

/**
 * mn_rewrite() - let a packet be as it leaves the last of some routers
 * @skb: IP packet, data at the Ethernet header, not shared
 * @l3: offset of its IP header
 * @rw: what to change; the packet's TTL is above @rw->hops
 *
 * Context: BH disabled.
 *
 * Return: false without memory; then the packet is as it was
 */
bool mn_rewrite(struct sk_buff *skb, u32 l3, const struct mn_rewrite *rw)
{
	struct ethhdr *eth;
	struct iphdr *iph;

	if (unlikely(!mn_make_writable(skb, l3 + sizeof(struct iphdr))))
		return false;
	eth = (struct ethhdr *)skb->data;
	ether_addr_copy(eth->h_dest, rw->eth_dst);
	ether_addr_copy(eth->h_source, rw->eth_src);
	iph = (struct iphdr *)(skb->data + l3);
	if (iph->version == 4)
		age_v4(iph, rw->hops);
	else
		((struct ipv6hdr *)iph)->hop_limit -= rw->hops;
	/* It covered what was changed; forwarding gives it up anyway. */
	if (skb->ip_summed == CHECKSUM_COMPLETE)
		skb->ip_summed = CHECKSUM_NONE;
	return true;
}
