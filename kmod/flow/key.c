// SPDX-License-Identifier: GPL-2.0
/*
 * From a frame to its key. Nothing is pulled and nothing is written: headers
 * are read where they are, or copied out if they lie in fragments of the skb.
 * Every length is checked against the packet's own idea of where it ends, not
 * only against the frame: Ethernet padding is no header.
 */
#include <linux/icmp.h>
#include <linux/icmpv6.h>
#include <linux/if_arp.h>
#include <linux/if_vlan.h>
#include <linux/ip.h>
#include <linux/ipv6.h>
#include <linux/sctp.h>
#include <linux/tcp.h>
#include <linux/udp.h>
#include <net/inet_ecn.h>
#include <net/ip.h>
#include <net/ipv6.h>

#include "flow/key.h"

#define MN_EXTHDRS_MAX	8

struct mn_arp_eth {
	struct arphdr hdr;
	u8 sha[ETH_ALEN];
	__be32 spa;
	u8 tha[ETH_ALEN];
	__be32 tpa;
} __packed __aligned(2);

static_assert(sizeof(struct mn_arp_eth) == 28);

/* The same for all protocols whose ports come first. */
struct mn_ports {
	__be16 src;
	__be16 dst;
};

/* @len bytes of an L4 header at @off, of a packet that ends at @end. */
static __always_inline const void *l4_header(const struct sk_buff *skb, u32 off,
					     u32 end, u32 len, void *buf)
{
	if (unlikely(off + len > end))
		return NULL;
	return skb_header_pointer(skb, off, len, buf);
}

static int extract_tcp(const struct sk_buff *skb, struct mn_flow_key *key,
		       u32 off, u32 end)
{
	const struct tcphdr *th;
	struct tcphdr buf;

	th = l4_header(skb, off, end, sizeof(buf), &buf);
	if (unlikely(!th || __tcp_hdrlen(th) < sizeof(buf)))
		return -EINVAL;
	key->tp_src = th->source;
	key->tp_dst = th->dest;
	key->tcp_flags = ((const u8 *)th)[13];
	key->flags = MN_KEY_L4;
	return 0;
}

static int extract_ports(const struct sk_buff *skb, struct mn_flow_key *key,
			 u32 off, u32 end, u32 len)
{
	const struct mn_ports *ports;
	u8 buf[sizeof(struct sctphdr)] __aligned(4);

	BUILD_BUG_ON(sizeof(struct udphdr) > sizeof(buf));
	ports = l4_header(skb, off, end, len, buf);
	if (unlikely(!ports))
		return -EINVAL;
	key->tp_src = ports->src;
	key->tp_dst = ports->dst;
	key->flags = MN_KEY_L4;
	return 0;
}

static int extract_icmp(const struct sk_buff *skb, struct mn_flow_key *key,
			u32 off, u32 end, bool v6)
{
	const struct icmphdr *ih;
	struct icmphdr buf;
	bool echo;

	/* Both families put type, code and an echo's id in the same places. */
	ih = l4_header(skb, off, end, 4, &buf);
	if (unlikely(!ih))
		return -EINVAL;
	key->tp_src = htons(ih->type);
	key->tp_dst = htons(ih->code);
	key->flags = MN_KEY_L4;
	if (v6)
		echo = ih->type == ICMPV6_ECHO_REQUEST ||
		       ih->type == ICMPV6_ECHO_REPLY;
	else
		echo = ih->type == ICMP_ECHO || ih->type == ICMP_ECHOREPLY;
	if (!echo)
		return 0;
	ih = l4_header(skb, off, end, sizeof(buf), &buf);
	if (unlikely(!ih))
		return -EINVAL;
	key->icmp_id = ih->un.echo.id;
	return 0;
}

/* key->proto and key->frag are known; @off is where L4 begins. */
static int extract_l4(const struct sk_buff *skb, struct mn_flow_key *key,
		      struct mn_pkt *pkt, u32 off, u32 end)
{
	if (key->frag == MN_FRAG_LATER)
		return 0;
	pkt->l4 = off;
	switch (key->proto) {
	case IPPROTO_TCP:
		return extract_tcp(skb, key, off, end);
	case IPPROTO_UDP:
	case IPPROTO_UDPLITE:
		return extract_ports(skb, key, off, end, sizeof(struct udphdr));
	case IPPROTO_SCTP:
		return extract_ports(skb, key, off, end,
				     sizeof(struct sctphdr));
	case IPPROTO_ICMP:
		if (key->eth_type == htons(ETH_P_IP))
			return extract_icmp(skb, key, off, end, false);
		return 0;
	case IPPROTO_ICMPV6:
		if (key->eth_type == htons(ETH_P_IPV6))
			return extract_icmp(skb, key, off, end, true);
		return 0;
	}
	return 0;
}

/*
 * What a fragment header says, in units of 8 bytes. A second fragment so early
 * that it overwrites the TCP flags of the first is an attack (RFC 1858).
 */
static int set_frag(struct mn_flow_key *key, u16 units, bool more)
{
	if (units)
		key->frag = MN_FRAG_LATER;
	else if (more)
		key->frag = MN_FRAG_FIRST;
	return units == 1 && key->proto == IPPROTO_TCP ? -EINVAL : 0;
}

static int extract_ipv4(const struct sk_buff *skb, struct mn_flow_key *key,
			struct mn_pkt *pkt)
{
	const struct iphdr *iph;
	u32 end, hlen, total;
	struct iphdr buf;

	iph = skb_header_pointer(skb, pkt->l3, sizeof(buf), &buf);
	if (unlikely(!iph))
		return -EINVAL;
	hlen = iph->ihl * 4;
	total = ntohs(iph->tot_len);
	/* A coalesced packet of 64 KiB and more cannot say how long it is. */
	if (unlikely(!total && skb_is_gso(skb)))
		total = skb->len - pkt->l3;
	end = pkt->l3 + total;
	if (unlikely(iph->version != 4 || hlen < sizeof(buf) || hlen > total ||
		     end > skb->len))
		return -EINVAL;
	key->v4.src = iph->saddr;
	key->v4.dst = iph->daddr;
	key->proto = iph->protocol;
	key->tos = iph->tos & ~INET_ECN_MASK;
	pkt->ttl = iph->ttl;
	if (unlikely(ip_is_fragment(iph))) {
		u16 off = ntohs(iph->frag_off);

		pkt->frag_id = ntohs(iph->id);
		if (set_frag(key, off & IP_OFFSET, off & IP_MF))
			return -EINVAL;
	}
	return extract_l4(skb, key, pkt, pkt->l3 + hlen, end);
}

/* Length of the extension header @next at @off; 0: it is none. */
static int exthdr_len(const struct sk_buff *skb, u8 next, u32 off, u32 end)
{
	const struct ipv6_opt_hdr *oh;
	struct ipv6_opt_hdr buf;
	u32 len;

	switch (next) {
	case NEXTHDR_HOP:
	case NEXTHDR_ROUTING:
	case NEXTHDR_DEST:
	case NEXTHDR_AUTH:
		break;
	case NEXTHDR_FRAGMENT:
		return off + sizeof(struct frag_hdr) > end ?
		       -EINVAL : sizeof(struct frag_hdr);
	default:
		return 0;
	}
	oh = l4_header(skb, off, end, sizeof(buf), &buf);
	if (!oh)
		return -EINVAL;
	len = next == NEXTHDR_AUTH ? ipv6_authlen(oh) : ipv6_optlen(oh);
	return off + len > end ? -EINVAL : len;
}

/* Walk the extension headers; key->proto is the next header. */
static int extract_exthdrs(const struct sk_buff *skb, struct mn_flow_key *key,
			   struct mn_pkt *pkt, u32 off, u32 end)
{
	int n, len;

	for (n = 0; n <= MN_EXTHDRS_MAX; n++) {
		const struct frag_hdr *fh;
		struct frag_hdr buf;
		u8 type = key->proto;
		u16 frag;

		len = exthdr_len(skb, type, off, end);
		if (len < 0)
			return len;
		if (!len)
			return extract_l4(skb, key, pkt, off, end);
		fh = skb_header_pointer(skb, off,
					type == NEXTHDR_FRAGMENT ?
					sizeof(buf) : 1, &buf);
		if (!fh)
			return -EINVAL;
		key->proto = fh->nexthdr;
		off += len;
		if (type != NEXTHDR_FRAGMENT)
			continue;
		if (key->frag)	/* a fragment of a fragment */
			return -EINVAL;
		frag = ntohs(fh->frag_off);
		pkt->frag_id = ntohl(fh->identification);
		if (set_frag(key, frag >> 3, frag & IP6_MF))
			return -EINVAL;
		if (key->frag == MN_FRAG_LATER)
			return 0;
	}
	return -EINVAL;
}

static int extract_ipv6(const struct sk_buff *skb, struct mn_flow_key *key,
			struct mn_pkt *pkt)
{
	const struct ipv6hdr *ih;
	struct ipv6hdr buf;
	u32 off, end;

	ih = skb_header_pointer(skb, pkt->l3, sizeof(buf), &buf);
	if (unlikely(!ih || ih->version != 6))
		return -EINVAL;
	off = pkt->l3 + sizeof(buf);
	end = off + ntohs(ih->payload_len);
	/* Jumbograms, and what was coalesced beyond 64 KiB. */
	if (unlikely(!ih->payload_len &&
		     (ih->nexthdr == NEXTHDR_HOP || skb_is_gso(skb))))
		end = skb->len;
	if (unlikely(end > skb->len))
		return -EINVAL;
	key->v6.src = ih->saddr;
	key->v6.dst = ih->daddr;
	key->proto = ih->nexthdr;
	key->tos = ipv6_get_dsfield(ih) & ~INET_ECN_MASK;
	pkt->ttl = ih->hop_limit;
	if (likely(key->proto == IPPROTO_TCP || key->proto == IPPROTO_UDP))
		return extract_l4(skb, key, pkt, off, end);
	return extract_exthdrs(skb, key, pkt, off, end);
}

static int extract_arp(const struct sk_buff *skb, struct mn_flow_key *key,
		       struct mn_pkt *pkt)
{
	const struct mn_arp_eth *arp;
	const struct arphdr *hdr;
	struct mn_arp_eth buf;

	hdr = skb_header_pointer(skb, pkt->l3, sizeof(*hdr), &buf);
	if (!hdr)
		return -EINVAL;
	if (hdr->ar_hrd != htons(ARPHRD_ETHER) ||
	    hdr->ar_pro != htons(ETH_P_IP) ||
	    hdr->ar_hln != ETH_ALEN || hdr->ar_pln != 4)
		return 0;	/* ARP of something else is just a frame */
	arp = skb_header_pointer(skb, pkt->l3, sizeof(buf), &buf);
	if (!arp)
		return -EINVAL;
	if (ntohs(arp->hdr.ar_op) <= U8_MAX)
		key->proto = ntohs(arp->hdr.ar_op);
	key->v4.src = arp->spa;
	key->v4.dst = arp->tpa;
	memcpy(key->v4.sha, arp->sha, ETH_ALEN);
	memcpy(key->v4.tha, arp->tha, ETH_ALEN);
	return 0;
}

/* An 802.3 frame: the type is a length, padding may follow. */
static int extract_802_3(const struct sk_buff *skb, struct mn_flow_key *key,
			 u32 len)
{
	key->eth_type = htons(ETH_P_802_2);
	return len > skb->len - ETH_HLEN ? -EINVAL : 0;
}

/**
 * mn_key_extract() - headers of a frame
 * @skb: frame, data at the Ethernet header, an outer 802.1Q tag accelerated;
 *	not changed
 * @in_port: index of the port by which it came
 * @key: filled in; what the frame does not have is zero
 * @pkt: filled in
 *
 * Context: any.
 *
 * Return: 0, -EINVAL if the frame is too short for its headers or they
 * contradict each other; @key is then filled as far as it could be read
 */
int mn_key_extract(struct sk_buff *skb, u32 in_port, struct mn_flow_key *key,
		   struct mn_pkt *pkt)
{
	const struct ethhdr *eth;
	struct ethhdr buf;
	u16 type;

	memset(key, 0, sizeof(*key));
	*pkt = (struct mn_pkt){ 0 };
	key->in_port = in_port;
	eth = skb_header_pointer(skb, 0, sizeof(buf), &buf);
	if (unlikely(!eth))
		return -EINVAL;
	memcpy(key->eth_dst, eth->h_dest, ETH_ALEN);
	memcpy(key->eth_src, eth->h_source, ETH_ALEN);
	key->eth_type = eth->h_proto;
	if (skb_vlan_tag_present(skb))
		key->vlan = MN_VLAN_PRESENT | skb_vlan_tag_get_id(skb);
	type = ntohs(eth->h_proto);
	if (unlikely(type < ETH_P_802_3_MIN))
		return extract_802_3(skb, key, type);
	pkt->l3 = ETH_HLEN;
	switch (type) {
	case ETH_P_IP:
		return extract_ipv4(skb, key, pkt);
	case ETH_P_IPV6:
		return extract_ipv6(skb, key, pkt);
	case ETH_P_ARP:
		return extract_arp(skb, key, pkt);
	}
	return 0;
}
