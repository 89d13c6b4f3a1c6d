// SPDX-License-Identifier: GPL-2.0
/*
 * The packets that say what icmp.c decided: ICMP and ICMPv6 errors and echo
 * replies, and TCP resets. They are made from the packet as it came, and leave
 * by the port it came by.
 */
#include <linux/etherdevice.h>
#include <linux/icmp.h>
#include <linux/icmpv6.h>
#include <linux/if_vlan.h>
#include <linux/ip.h>
#include <linux/ipv6.h>
#include <linux/tcp.h>
#include <net/ip.h>
#include <net/ip6_checksum.h>
#include <net/ipv6.h>
#include <net/tcp.h>

#include "flow/actions.h"
#include "l3/answer.h"
#include "l3/icmp.h"
#include "l3/size.h"
#include "port/port.h"
#include "sim/ctx.h"

#define MN_REPLY_TTL	64
#define MN_ERROR_TOS	0xc0	/* internetwork control, RFC 1812 4.3.2.5 */
#define MN_ERROR_MAX4	576	/* bytes of an error, RFC 1812 4.3.2.3 */
#define MN_ERROR_MAX6	IPV6_MIN_MTU

static bool is_v6(const struct mn_ctx *ctx)
{
	return ctx->in_key.eth_type == htons(ETH_P_IPV6);
}

static u32 l3_len(bool v6)
{
	return v6 ? sizeof(struct ipv6hdr) : sizeof(struct iphdr);
}

/* Length of the packet as its IP header says, at most what is there; 0: none. */
static u32 packet_len(const struct mn_ctx *ctx)
{
	u32 there = ctx->skb->len - ctx->pkt.l3, says;
	const struct iphdr *iph;
	struct ipv6hdr buf;

	iph = skb_header_pointer(ctx->skb, ctx->pkt.l3,
				 is_v6(ctx) ? sizeof(struct ipv6hdr) :
					      sizeof(struct iphdr), &buf);
	if (!iph)
		return 0;
	/* GSO packets may be longer than a header can say. */
	if (skb_is_gso(ctx->skb))
		return there;
	says = is_v6(ctx) ? ntohs(((const struct ipv6hdr *)iph)->payload_len) +
			    sizeof(struct ipv6hdr) : ntohs(iph->tot_len);
	return min(says, there);
}

static u8 request_tos(const struct mn_ctx *ctx)
{
	struct ipv6hdr buf;
	const void *h = skb_header_pointer(ctx->skb, ctx->pkt.l3,
					   l3_len(is_v6(ctx)), &buf);

	if (!h)
		return 0;
	return is_v6(ctx) ? ipv6_get_dsfield(h) : ((const struct iphdr *)h)->tos;
}

/* An answer with room for @len bytes behind its IP header, which is filled in. */
static struct sk_buff *reply_alloc(const struct mn_ctx *ctx, u8 proto, u8 tos,
				   u32 len)
{
	bool v6 = is_v6(ctx);
	struct sk_buff *skb;
	struct ipv6hdr *ip6;
	struct iphdr *iph;

	skb = mn_answer_alloc(ctx, l3_len(v6) + len, ctx->in_key.eth_dst,
			      ctx->in_key.eth_type);
	if (!skb)
		return NULL;
	if (v6) {
		ip6 = skb_put_zero(skb, sizeof(*ip6));
		ip6_flow_hdr(ip6, tos, 0);
		ip6->payload_len = htons(len);
		ip6->nexthdr = proto;
		ip6->hop_limit = MN_REPLY_TTL;
		ip6->saddr = ctx->reply.src;
		ip6->daddr = ctx->in_key.v6.src;
	} else {
		iph = skb_put_zero(skb, sizeof(*iph));
		iph->version = 4;
		iph->ihl = sizeof(*iph) / 4;
		iph->tos = tos;
		iph->tot_len = htons(sizeof(*iph) + len);
		iph->ttl = MN_REPLY_TTL;
		iph->protocol = proto;
		iph->saddr = ctx->reply.src.s6_addr32[0];
		iph->daddr = ctx->in_key.v4.src;
	}
	skb_set_transport_header(skb, skb->len);
	return skb;
}

/* The header's checksum, when everything in it is known. */
static void close_v4(struct sk_buff *skb, bool df)
{
	struct iphdr *iph = ip_hdr(skb);

	iph->frag_off = df ? htons(IP_DF) : 0;
	/* One that may be cut needs an id of its own (RFC 6864 4.1). */
	if (!df)
		iph->id = (__force __be16)get_random_u16();
	ip_send_check(iph);
}

static void close_icmp(const struct mn_ctx *ctx, struct sk_buff *skb, u32 len)
{
	struct icmp6hdr *ih6 = (struct icmp6hdr *)skb_transport_header(skb);
	__wsum sum;

	ih6->icmp6_cksum = 0;
	sum = csum_partial(ih6, len, 0);
	if (!is_v6(ctx)) {
		((struct icmphdr *)ih6)->checksum = csum_fold(sum);
		return;
	}
	ih6->icmp6_cksum = csum_ipv6_magic(&ipv6_hdr(skb)->saddr,
					   &ipv6_hdr(skb)->daddr, len,
					   IPPROTO_ICMPV6, sum);
}

static void send_error(struct mn_ctx *ctx)
{
	const struct mn_reply *r = &ctx->reply;
	bool v6 = is_v6(ctx);
	u32 max = v6 ? MN_ERROR_MAX6 : MN_ERROR_MAX4;
	u32 quote = min_t(u32, packet_len(ctx),
			  max - l3_len(v6) - sizeof(struct icmphdr));
	struct icmphdr *ih;
	struct sk_buff *skb;

	skb = reply_alloc(ctx, v6 ? IPPROTO_ICMPV6 : IPPROTO_ICMP, MN_ERROR_TOS,
			  sizeof(*ih) + quote);
	if (!skb)
		return;
	ih = skb_put_zero(skb, sizeof(*ih));
	ih->type = r->type;
	ih->code = r->code;
	/* The MTU: of ICMP in the lower half only. */
	if (v6)
		ih->un.gateway = htonl(r->info);
	else
		ih->un.frag.mtu = htons(min_t(u32, r->info, U16_MAX));
	if (skb_copy_bits(ctx->skb, ctx->pkt.l3, skb_put(skb, quote), quote)) {
		kfree_skb(skb);
		return;
	}
	close_icmp(ctx, skb, sizeof(*ih) + quote);
	if (!v6)
		close_v4(skb, true);
	mn_answer_send(ctx, skb);
}

/*
 * What is broken on the wire is not answered as if it were whole. @len bytes of
 * L4 are there; the checksum of a fragment says nothing of it.
 */
static bool is_whole(const struct mn_ctx *ctx, u32 len)
{
	const struct mn_flow_key *key = &ctx->in_key;
	const struct sk_buff *skb = ctx->skb;
	struct in6_addr src, dst;
	__wsum sum;

	if (skb->ip_summed == CHECKSUM_PARTIAL || skb_csum_unnecessary(skb) ||
	    skb_is_gso(skb) || key->frag != MN_FRAG_NONE)
		return true;
	sum = skb_checksum(skb, ctx->pkt.l4, len, 0);
	if (is_v6(ctx)) {
		src = key->v6.src;
		dst = key->v6.dst;
		return !csum_ipv6_magic(&src, &dst, len, key->proto, sum);
	}
	if (key->proto == IPPROTO_ICMP)
		return !csum_fold(sum);
	return !csum_tcpudp_magic(key->v4.src, key->v4.dst, len, key->proto,
				  sum);
}

/* Most L3 bytes that leave by the port where the packet came in; 0: none do. */
static u32 reply_mtu(const struct mn_ctx *ctx)
{
	const struct net_device *dev = rcu_dereference(ctx->in->dev);
	const struct mn_ver *ver = mn_ver_at(&ctx->in->obj, ctx->generation);
	u32 mtu = ver ? mn_port_ver(ver)->mtu : 0;

	if (!dev)
		return 0;
	return mtu ? min(mtu, READ_ONCE(dev->mtu)) : READ_ONCE(dev->mtu);
}

/* What is too long for the port where the request came in leaves in pieces. */
static void send_cut(struct mn_ctx *ctx, struct sk_buff *skb, u32 mtu)
{
	struct mn_out out = {
		.port = ctx->in,
		.vlan = ctx->in_key.vlan,
		.mtu = mtu,
	};

	if (!mn_size_exceeds(skb, mtu)) {
		mn_answer_send(ctx, skb);
		return;
	}
	__vlan_hwaccel_copy_tag(skb, ctx->skb);
	mn_size_fragment(skb, &out, mtu);
}

static void send_echo(struct mn_ctx *ctx)
{
	bool v6 = is_v6(ctx);
	u32 all = packet_len(ctx);
	u32 skip = ctx->pkt.l4 - ctx->pkt.l3;
	u32 len, mtu = reply_mtu(ctx);
	struct icmphdr *ih;
	struct sk_buff *skb;

	if (skb_is_gso(ctx->skb) || !ctx->pkt.l4 || all < skip + sizeof(*ih))
		return;
	len = all - skip;
	if (!mtu || !is_whole(ctx, len))
		return;
	/* IPv6 is cut by its sender only, which a router rarely is. */
	if (v6 && l3_len(v6) + len > mtu) {
		mn_output_lost(ctx->in, MIDONET_DROP_REASON_MTU, 1);
		return;
	}
	skb = reply_alloc(ctx, v6 ? IPPROTO_ICMPV6 : IPPROTO_ICMP,
			  request_tos(ctx), len);
	if (!skb)
		return;
	ih = skb_put(skb, len);
	if (skb_copy_bits(ctx->skb, ctx->pkt.l4, ih, len)) {
		kfree_skb(skb);
		return;
	}
	ih->type = ctx->reply.type;
	close_icmp(ctx, skb, len);
	if (!v6)
		close_v4(skb, false);
	send_cut(ctx, skb, mtu);
}

/* RFC 9293 3.10.7.1: what a host says of a segment for a connection it lacks. */
static void fill_rst(struct tcphdr *th, const struct tcphdr *old, u32 len)
{
	th->source = old->dest;
	th->dest = old->source;
	th->doff = sizeof(*th) / 4;
	th->rst = 1;
	if (old->ack) {
		th->seq = old->ack_seq;
		return;
	}
	th->ack = 1;
	th->ack_seq = htonl(ntohl(old->seq) + old->syn + old->fin + len);
}

static void send_rst(struct mn_ctx *ctx)
{
	u32 all = packet_len(ctx), skip = ctx->pkt.l4 - ctx->pkt.l3;
	const struct tcphdr *old;
	struct tcphdr buf, *th;
	struct sk_buff *skb;

	old = ctx->pkt.l4 ? skb_header_pointer(ctx->skb, ctx->pkt.l4,
					       sizeof(buf), &buf) : NULL;
	if (!old || old->doff * 4 < sizeof(*old) || all < skip + old->doff * 4)
		return;
	if (!is_whole(ctx, all - skip))
		return;
	skb = reply_alloc(ctx, IPPROTO_TCP, 0, sizeof(*th));
	if (!skb)
		return;
	th = skb_put_zero(skb, sizeof(*th));
	fill_rst(th, old, all - skip - old->doff * 4);
	if (is_v6(ctx)) {
		th->check = csum_ipv6_magic(&ipv6_hdr(skb)->saddr,
					    &ipv6_hdr(skb)->daddr, sizeof(*th),
					    IPPROTO_TCP,
					    csum_partial(th, sizeof(*th), 0));
	} else {
		th->check = csum_tcpudp_magic(ip_hdr(skb)->saddr,
					      ip_hdr(skb)->daddr, sizeof(*th),
					      IPPROTO_TCP,
					      csum_partial(th, sizeof(*th), 0));
		close_v4(skb, true);
	}
	mn_answer_send(ctx, skb);
}

/**
 * mn_reply_send() - say what the walk decided to say
 * @ctx: walk that is over, with its packet as it came
 *
 * A flood may be rejected by one port and taken by another: then nothing is
 * said in the name of whoever may have it.
 *
 * Context: BH disabled, RCU. May nest by way of the device.
 */
void mn_reply_send(struct mn_ctx *ctx)
{
	if (ctx->n_outs)
		return;
	switch (ctx->reply.kind) {
	case MN_REPLY_ERROR:
		send_error(ctx);
		break;
	case MN_REPLY_ECHO:
		send_echo(ctx);
		break;
	case MN_REPLY_RST:
		send_rst(ctx);
		break;
	}
}
