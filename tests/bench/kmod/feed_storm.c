// SPDX-License-Identifier: GPL-2.0
/*
 * Storms: frames that a router, or a bridge beside it, has to do something about
 * each time. The sender is in the /16 @net, its router has the first address of
 * that and of fd00:(upper half of @net)::/64. Whoever is behind a narrow port is
 * 10.129.0.1 and fd00:a81::9.
 */
#include <linux/icmp.h>
#include <linux/if_arp.h>
#include <linux/ip.h>
#include <linux/ipv6.h>
#include <linux/skbuff.h>
#include <linux/tcp.h>
#include <linux/udp.h>
#include <net/addrconf.h>
#include <net/ip.h>
#include <net/ip6_checksum.h>
#include <net/ndisc.h>

#include "feed.h"

#define STORM_DADDR	0x0a800001	/* 10.128.0.1 */
#define STORM_NARROW	0x0a810001	/* 10.129.0.1 */
#define STORM_NARROW6	0x0a81
#define STORM_PORT	9

struct storm_arp {
	struct arphdr hdr;
	u8 sha[ETH_ALEN];
	__be32 spa;
	u8 tha[ETH_ALEN];
	__be32 tpa;
} __packed;

struct storm_nd {
	struct nd_msg msg;
	u8 opt_type;
	u8 opt_len;
	u8 opt_mac[ETH_ALEN];
} __packed;

static u32 storm_random(struct feed_stream *s)
{
	return prandom_u32_state(&s->rnd);
}

static void storm_mac(struct feed_stream *s, u8 *mac)
{
	prandom_bytes_state(&s->rnd, mac, ETH_ALEN);
	mac[0] = 0x02;
}

static struct in6_addr storm_v6(u16 net, u32 host)
{
	struct in6_addr addr = { .s6_addr = { 0xfd, 0, net >> 8, net } };

	addr.s6_addr32[3] = htonl(host);
	return addr;
}

/* Half of them about the router, half about anybody; each by another sender. */
static u32 storm_host(struct feed_stream *s)
{
	u32 r = storm_random(s);

	return r & BIT(16) ? 1 : r & 0xffff;
}

static void storm_arp(struct feed_stream *s, struct ethhdr *eth, bool reply)
{
	struct storm_arp *arp = (struct storm_arp *)(eth + 1);

	storm_mac(s, eth->h_source);
	/* A reply goes to the router, or to all. */
	if (!reply || storm_random(s) & 1)
		eth_broadcast_addr(eth->h_dest);
	eth->h_proto = htons(ETH_P_ARP);
	arp->hdr = (struct arphdr){
		.ar_hrd = htons(ARPHRD_ETHER),
		.ar_pro = htons(ETH_P_IP),
		.ar_hln = ETH_ALEN,
		.ar_pln = 4,
		.ar_op = htons(reply ? ARPOP_REPLY : ARPOP_REQUEST),
	};
	ether_addr_copy(arp->sha, eth->h_source);
	ether_addr_copy(arp->tha, s->dst);
	put_unaligned_be32(s->net | (storm_random(s) & 0xffff), &arp->spa);
	put_unaligned_be32(s->net | (reply ? 1 : storm_host(s)), &arp->tpa);
}

static struct ipv6hdr *storm_ip6(struct ethhdr *eth, u8 proto, u8 hops, u16 len)
{
	struct ipv6hdr *ip6 = (struct ipv6hdr *)(eth + 1);

	eth->h_proto = htons(ETH_P_IPV6);
	memset(ip6, 0, sizeof(*ip6));
	ip6->version = 6;
	ip6->nexthdr = proto;
	ip6->hop_limit = hops;
	ip6->payload_len = htons(len);
	return ip6;
}

static void storm_nd(struct feed_stream *s, struct ethhdr *eth, bool tell)
{
	struct ipv6hdr *ip6 = storm_ip6(eth, IPPROTO_ICMPV6, 255, sizeof(struct storm_nd));
	struct storm_nd *nd = (struct storm_nd *)(ip6 + 1);
	struct icmp6hdr *ih = &nd->msg.icmph;
	u16 net = s->net >> 16;
	__wsum sum;

	storm_mac(s, eth->h_source);
	memset(nd, 0, sizeof(*nd));
	ip6->saddr = storm_v6(net, storm_random(s) & 0xffff);
	nd->msg.target = tell ? ip6->saddr : storm_v6(net, storm_host(s));
	ih->icmp6_type = tell ? NDISC_NEIGHBOUR_ADVERTISEMENT : NDISC_NEIGHBOUR_SOLICITATION;
	nd->opt_type = tell ? ND_OPT_TARGET_LL_ADDR : ND_OPT_SOURCE_LL_ADDR;
	nd->opt_len = 1;
	ether_addr_copy(nd->opt_mac, eth->h_source);
	if (tell) {
		ip6->daddr = storm_v6(net, 1);
		ih->icmp6_solicited = 1;
		ih->icmp6_override = 1;
	} else {
		addrconf_addr_solict_mult(&nd->msg.target, &ip6->daddr);
		ipv6_eth_mc_map(&ip6->daddr, eth->h_dest);
	}
	sum = csum_partial(nd, sizeof(*nd), 0);
	ih->icmp6_cksum = csum_ipv6_magic(&ip6->saddr, &ip6->daddr, sizeof(*nd), IPPROTO_ICMPV6,
					  sum);
}

static void storm_ports(struct feed_stream *s, void *at, u16 len)
{
	u32 r = storm_random(s);

	*(struct udphdr *)at = (struct udphdr){
		.source = htons(r | 1024),
		.dest = htons(STORM_PORT),
		.len = htons(len),
		.check = htons(0xffff),
	};
}

static void storm_udp4(struct feed_stream *s, struct ethhdr *eth, u32 daddr, u8 ttl, bool df)
{
	struct iphdr *iph = (struct iphdr *)(eth + 1);
	u16 len = s->size - ETH_HLEN;

	*iph = (struct iphdr){
		.version = 4,
		.ihl = sizeof(*iph) / 4,
		.tot_len = htons(len),
		.id = htons(s->next),
		.frag_off = df ? htons(IP_DF) : 0,
		.ttl = ttl,
		.protocol = IPPROTO_UDP,
		.saddr = htonl(s->net | (storm_random(s) & 0x7fff) | 2),
		.daddr = htonl(daddr),
	};
	iph->check = ip_fast_csum(iph, iph->ihl);
	storm_ports(s, iph + 1, len - sizeof(*iph));
}

/* Whoever it is for is not asked: a header that a host would look at. */
static void storm_ip4(struct feed_stream *s, struct iphdr *iph, u8 proto, u16 frag)
{
	iph->protocol = proto;
	iph->id = htons(storm_random(s));
	iph->frag_off = htons(frag);
	iph->check = 0;
	iph->check = ip_fast_csum(iph, iph->ihl);
}

static void storm_syn(struct feed_stream *s, struct ethhdr *eth)
{
	struct iphdr *iph = (struct iphdr *)(eth + 1);

	storm_udp4(s, eth, STORM_DADDR, 64, false);
	storm_ip4(s, iph, IPPROTO_TCP, 0);
	*(struct tcphdr *)(iph + 1) = (struct tcphdr){
		.source = htons(storm_random(s) | 1024),
		.dest = htons(storm_random(s) | 1024),
		.seq = htonl(storm_random(s)),
		.doff = sizeof(struct tcphdr) / 4,
		.syn = 1,
	};
}

static void storm_frag(struct feed_stream *s, struct ethhdr *eth)
{
	storm_udp4(s, eth, STORM_DADDR, 64, false);
	storm_ip4(s, (struct iphdr *)(eth + 1), IPPROTO_UDP, (storm_random(s) & 0xfff) | 1);
}

/* A frame of 60 bytes has room for the quoted header and its ports. */
static void storm_error(struct feed_stream *s, struct ethhdr *eth)
{
	struct iphdr *iph = (struct iphdr *)(eth + 1);
	struct icmphdr *icmp = (struct icmphdr *)(iph + 1);
	struct iphdr *quote = (struct iphdr *)(icmp + 1);
	u16 len = s->size - ETH_HLEN - sizeof(*iph);

	storm_udp4(s, eth, STORM_DADDR, 64, false);
	*quote = *iph;
	quote->saddr = iph->daddr;
	quote->daddr = iph->saddr;
	storm_ip4(s, quote, IPPROTO_UDP, 0);
	if (len >= sizeof(*icmp) + sizeof(*quote) + sizeof(struct udphdr))
		storm_ports(s, quote + 1, 64);
	storm_ip4(s, iph, IPPROTO_ICMP, 0);
	*icmp = (struct icmphdr){ .type = ICMP_DEST_UNREACH, .code = ICMP_HOST_UNREACH };
	icmp->checksum = csum_fold(csum_partial(icmp, len, 0));
}

static void storm_udp6(struct feed_stream *s, struct ethhdr *eth, u16 net, u8 hops)
{
	u16 len = s->size - ETH_HLEN - sizeof(struct ipv6hdr);
	struct ipv6hdr *ip6 = storm_ip6(eth, IPPROTO_UDP, hops, len);

	ip6->saddr = storm_v6(s->net >> 16, (storm_random(s) & 0xffff) | 2);
	ip6->daddr = storm_v6(net, 9);
	storm_ports(s, ip6 + 1, len);
}

/**
 * feed_storm() - write the next frame of a storm
 * @s: the stream; its mode is one of the storms
 * @eth: the frame, its MACs and the protocol of IPv4 set; of s->size bytes, for
 *	neighbour discovery at least FEED_ND_SIZE
 *
 * Context: any.
 */
void feed_storm(struct feed_stream *s, struct ethhdr *eth)
{
	bool v6 = s->next & 1;

	switch (s->mode) {
	case FEED_ARP:
	case FEED_ARP_REPLY:
		storm_arp(s, eth, s->mode == FEED_ARP_REPLY);
		break;
	case FEED_NS:
	case FEED_NA:
		storm_nd(s, eth, s->mode == FEED_NA);
		break;
	case FEED_TTL:
		if (v6)
			storm_udp6(s, eth, STORM_NARROW6, 1);
		else
			storm_udp4(s, eth, STORM_DADDR, 1, false);
		break;
	case FEED_BIG:
		if (v6)
			storm_udp6(s, eth, STORM_NARROW6, 64);
		else
			storm_udp4(s, eth, STORM_NARROW, 64, true);
		break;
	case FEED_SYN:
		storm_syn(s, eth);
		break;
	case FEED_FRAG:
		storm_frag(s, eth);
		break;
	case FEED_ERROR:
		storm_error(s, eth);
		break;
	default:
		storm_udp4(s, eth, STORM_NARROW, 64, false);
	}
}
