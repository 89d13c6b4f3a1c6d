// SPDX-License-Identifier: GPL-2.0
/* Frames made in place: the same few dozen nanoseconds for every contestant. */
#include <linux/if_vlan.h>
#include <linux/ip.h>
#include <linux/ipv6.h>
#include <linux/skbuff.h>
#include <linux/tcp.h>
#include <linux/udp.h>
#include <net/ip.h>
#include <net/vxlan.h>

#include "feed.h"

#define FEED_SADDR	0x0a000000	/* 10.0.0.0 */
#define FEED_DADDR	0x0a800001	/* 10.128.0.1 */
#define FEED_SPORT	1024
#define FEED_DPORT	9

/* a prime number of source ports, then the next destination port: no pair comes back */
#define FEED_FRESH_SPORTS	64499
#define FEED_FRESH_DPORTS	50000
#define FEED_FRESH_ADDRS	65521

/* of the tunnel; the port is that of a tunnel-zone with VXLAN */
#define FEED_PEER	0xc0000202	/* 192.0.2.2 */
#define FEED_HERE	0xc0000201	/* 192.0.2.1 */
#define FEED_VXLAN_PORT	6677

/* @len: what is sent from the IPv4 header on */
static void feed_ip_udp(struct iphdr *iph, u16 len, u32 saddr, u32 daddr, u16 sport, u16 dport)
{
	struct udphdr *udp = (struct udphdr *)(iph + 1);

	*iph = (struct iphdr){
		.version = 4,
		.ihl = sizeof(*iph) / 4,
		.tot_len = htons(len),
		.ttl = 64,
		.protocol = IPPROTO_UDP,
		.saddr = htonl(saddr),
		.daddr = htonl(daddr),
	};
	iph->check = ip_fast_csum(iph, iph->ihl);
	udp->source = htons(sport);
	udp->dest = htons(dport);
	udp->len = htons(len - sizeof(*iph));
	udp->check = 0;
}

static void feed_udp(struct feed_stream *s, struct iphdr *iph, u32 saddr, u32 daddr, u16 sport,
		     u16 dport)
{
	feed_ip_udp(iph, s->size - ETH_HLEN, saddr, daddr, sport, dport);
}

static void feed_fresh(struct feed_stream *s, struct iphdr *iph, u32 n, u32 daddr)
{
	feed_udp(s, iph, FEED_SADDR + n % FEED_FRESH_ADDRS, daddr,
		 FEED_SPORT + n % FEED_FRESH_SPORTS,
		 FEED_DPORT + n / FEED_FRESH_SPORTS % FEED_FRESH_DPORTS);
}

/* What was UDP becomes TCP with the same ports. */
static void feed_tcp(struct iphdr *iph)
{
	struct tcphdr *tcp = (struct tcphdr *)(iph + 1);

	*tcp = (struct tcphdr){
		.source = tcp->source,
		.dest = tcp->dest,
		.doff = sizeof(*tcp) / 4,
		.ack = 1,
	};
	iph->protocol = IPPROTO_TCP;
	iph->check = 0;
	iph->check = ip_fast_csum(iph, iph->ihl);
}

/* An address in 11.0.0.0/8 to 110.0.0.0/8. */
static u32 feed_anywhere(u32 n)
{
	u32 hash = n * 0x9e3779b1;

	return (11 + (hash >> 24) % 100) << 24 | (hash & 0xffffff);
}

static void feed_random_ip6(struct feed_stream *s, struct ipv6hdr *ip6, u32 r)
{
	static const u8 protos[] = { IPPROTO_UDP, IPPROTO_TCP, IPPROTO_ICMPV6, IPPROTO_GRE };

	prandom_bytes_state(&s->rnd, ip6, s->size - ETH_HLEN);
	ip6->version = 6;
	ip6->payload_len = htons(s->size - ETH_HLEN - sizeof(*ip6));
	ip6->nexthdr = protos[r & 3];
	ip6->saddr.s6_addr[0] = 0x20;
	ip6->daddr.s6_addr[0] = 0x20;
}

static void feed_random_ip4(struct feed_stream *s, struct iphdr *iph, u32 r)
{
	static const u8 protos[] = { IPPROTO_UDP, IPPROTO_TCP, IPPROTO_ICMP, IPPROTO_GRE };

	prandom_bytes_state(&s->rnd, iph, s->size - ETH_HLEN);
	iph->version = 4;
	iph->ihl = sizeof(*iph) / 4;
	iph->tot_len = htons(s->size - ETH_HLEN);
	/* one in 16 keeps random fragment bits */
	if (r & 0xf0)
		iph->frag_off = 0;
	iph->protocol = protos[r & 3];
	iph->check = 0;
	iph->check = ip_fast_csum(iph, iph->ihl);
}

/* half to a known MAC, half to anyone; an eighth each IPv6, tagged and of an unknown protocol */
static void feed_random(struct feed_stream *s, struct ethhdr *eth)
{
	u32 r = prandom_u32_state(&s->rnd);
	void *l3 = eth + 1;

	prandom_bytes_state(&s->rnd, eth->h_source, ETH_ALEN);
	eth->h_source[0] = 0x02;
	if (r & BIT(31)) {
		prandom_bytes_state(&s->rnd, eth->h_dest, ETH_ALEN);
		eth->h_dest[0] = 0x02;
	}
	switch ((r >> 28) & 7) {
	case 0:
		eth->h_proto = htons(ETH_P_IPV6);
		feed_random_ip6(s, l3, r);
		break;
	case 1:
		prandom_bytes_state(&s->rnd, l3, s->size - ETH_HLEN);
		eth->h_proto = htons(ETH_P_8021Q);
		*(__be16 *)(l3 + 2) = htons(ETH_P_IP);
		break;
	case 2:
		prandom_bytes_state(&s->rnd, l3, s->size - ETH_HLEN);
		eth->h_proto = htons(0x0600 + (r & 0x3fff));
		break;
	default:
		feed_random_ip4(s, l3, r);
	}
}

static void feed_ether(struct feed_stream *s, struct ethhdr *eth)
{
	ether_addr_copy(eth->h_dest, s->dst);
	ether_addr_copy(eth->h_source, s->src);
	eth->h_proto = htons(ETH_P_IP);
}

/*
 * The stream's MACs are those inside; outside, it goes to the device. The source
 * port follows the inner flow, as it does with every sender.
 */
static void feed_vxlan(struct feed_stream *s, struct ethhdr *outer, u32 nth)
{
	struct iphdr *iph = (struct iphdr *)(outer + 1);
	struct vxlanhdr *vxlan = (void *)(iph + 1) + sizeof(struct udphdr);
	struct ethhdr *eth = (struct ethhdr *)(vxlan + 1);

	BUILD_BUG_ON(ETH_HLEN + sizeof(*iph) + sizeof(struct udphdr) + sizeof(*vxlan) !=
		     FEED_VXLAN_SIZE);
	ether_addr_copy(outer->h_dest, s->dev->dev_addr);
	feed_ip_udp(iph, s->size - ETH_HLEN, FEED_PEER, FEED_HERE, 49152 + nth % 16384,
		    FEED_VXLAN_PORT);
	vxlan->vx_flags = VXLAN_HF_VNI;
	vxlan->vx_vni = vxlan_vni_field(cpu_to_be32(s->vni));
	feed_ether(s, eth);
	feed_ip_udp((struct iphdr *)(eth + 1), s->size - FEED_VXLAN_SIZE - ETH_HLEN,
		    FEED_SADDR + nth, FEED_DADDR, FEED_SPORT, FEED_DPORT);
}

static void feed_fill(struct feed_stream *s, struct ethhdr *eth)
{
	struct iphdr *iph = (struct iphdr *)(eth + 1);
	u32 n = s->next++;
	u32 nth = n % s->flows;

	feed_ether(s, eth);
	switch (s->mode) {
	case FEED_FLOWS:
		feed_udp(s, iph, FEED_SADDR + nth, FEED_DADDR, FEED_SPORT, FEED_DPORT);
		break;
	case FEED_FLOWS_TCP:
		feed_udp(s, iph, FEED_SADDR + nth, FEED_DADDR, FEED_SPORT, FEED_DPORT);
		feed_tcp(iph);
		break;
	case FEED_FRESH:
		feed_fresh(s, iph, n, FEED_DADDR);
		break;
	case FEED_FRESH_TCP:
		feed_fresh(s, iph, n, FEED_DADDR);
		feed_tcp(iph);
		break;
	case FEED_SPREAD:
		feed_fresh(s, iph, n, feed_anywhere(n));
		break;
	case FEED_MACS:
		put_unaligned_be32(nth, eth->h_source + 2);
		feed_udp(s, iph, FEED_SADDR, FEED_DADDR, FEED_SPORT, FEED_DPORT);
		break;
	case FEED_VXLAN:
		feed_vxlan(s, eth, nth);
		break;
	case FEED_RANDOM:
		feed_random(s, eth);
		break;
	default:
		feed_storm(s, eth);
	}
	if (!s->over)
		return;
	feed_ether(s, eth);
	feed_udp(s, iph, FEED_SADDR, FEED_DADDR, FEED_SPORT, FEED_DPORT);
}

/**
 * feed_frame_new() - the next frame of a stream, as a driver would hand it up
 * @s: the stream
 *
 * Context: any. Return: the frame, owned by the caller, or NULL.
 */
struct sk_buff *feed_frame_new(struct feed_stream *s)
{
	struct sk_buff *skb = netdev_alloc_skb_ip_align(s->dev, s->size);

	if (unlikely(!skb))
		return NULL;
	feed_fill(s, skb_put(skb, s->size));
	skb->protocol = eth_type_trans(skb, s->dev);
	return skb;
}
