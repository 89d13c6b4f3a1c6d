// SPDX-License-Identifier: GPL-2.0
/*
 * Sizes: does a packet fit through the ports on its way, what happens to one
 * that does not, and how IPv4 packets are cut (RFC 791).
 */
#include <linux/if_vlan.h>
#include <linux/ip.h>
#include <linux/skbuff.h>
#include <net/gso.h>
#include <net/ip.h>

#include "flow/actions.h"
#include "l3/icmp.h"
#include "l3/size.h"
#include "port/port.h"
#include "sim/ctx.h"
#include "sim/drop.h"
#include "sim/trace.h"

/**
 * mn_size_exceeds() - is a packet too long?
 * @skb: packet, data at the Ethernet header
 * @mtu: most L3 bytes; of a GSO packet each segment may have as many
 *
 * Context: any.
 */
bool mn_size_exceeds(const struct sk_buff *skb, u32 mtu)
{
	const struct ethhdr *eth = (const struct ethhdr *)skb->data;

	/* As a whole it is longer than any of its segments. */
	if (likely(skb->len - ETH_HLEN <= mtu))
		return false;
	/* A tag behind the outer one is no part of what @mtu bounds. */
	if (eth_type_vlan(eth->h_proto))
		mtu += VLAN_HLEN;
	if (skb_is_gso(skb))
		return !skb_gso_validate_network_len(skb, mtu);
	return skb->len - ETH_HLEN > mtu;
}

/* May routers on the way cut it? */
static bool may_cut(const struct mn_ctx *ctx)
{
	const struct iphdr *iph;
	struct iphdr buf;

	if (ctx->in_key.eth_type != htons(ETH_P_IP))
		return false;
	iph = skb_header_pointer(ctx->skb, ctx->pkt.l3, sizeof(buf), &buf);
	return iph && !(iph->frag_off & htons(IP_DF));
}

/**
 * mn_size_judge() - does a packet fit through the way it goes?
 * @ctx: walk that is over, with one output, and @ctx->mtu of its way
 *
 * What is too long is cut if it may be (then @ctx->fragment is set); else its
 * sender is told, by the router before the bottleneck, or in the name of the
 * packet's destination if there was none.
 *
 * Context: BH disabled, RCU.
 *
 * Return: false if the packet is dropped, which is noted
 */
bool mn_size_judge(struct mn_ctx *ctx)
{
	struct mn_port *at = ctx->mtu_at ?: ctx->outs[0].port;

	if (likely(!mn_size_exceeds(ctx->skb, ctx->mtu)))
		return true;
	if (may_cut(ctx)) {
		mn_trace(ctx, at->obj.parent, at, "size", NULL,
			 "is longer than %u bytes and may be cut: leaves in fragments",
			 ctx->mtu);
		ctx->fragment = true;
		return true;
	}
	mn_trace(ctx, at->obj.parent, at, "drop", NULL,
		 "mtu: longer than %u bytes, and must not be cut", ctx->mtu);
	ctx->cacheable = false;
	mn_ctx_abort(ctx, MIDONET_DROP_REASON_MTU, at->obj.parent, at);
	if (mn_key_is_ip(&ctx->in_key))
		mn_icmp_error(ctx, MN_ICMP_TOO_BIG, ctx->mtu_at, ctx->mtu);
	return false;
}

/* Options that only the first fragment has become no operation in the others. */
static void blank_options(struct iphdr *iph)
{
	u8 *opt = (u8 *)(iph + 1);
	u32 left = iph->ihl * 4 - sizeof(*iph);
	u32 len;

	while (left && *opt != IPOPT_END) {
		len = 1;
		if (*opt != IPOPT_NOOP)
			len = left > 1 ? opt[1] : 0;
		if (len > left || !len || (*opt != IPOPT_NOOP && len < 2))
			return;
		if (*opt != IPOPT_NOOP && !IPOPT_COPIED(*opt))
			memset(opt, IPOPT_NOOP, len);
		opt += len;
		left -= len;
	}
}

/*
 * Give a piece of @skb its Ethernet header and tag, and send it. Consumes
 * @piece.
 */
static void send_piece(struct sk_buff *piece, const struct sk_buff *skb,
		       const struct ethhdr *eth, const struct mn_out *out)
{
	memcpy(skb_push(piece, ETH_HLEN), eth, ETH_HLEN);
	skb_reset_mac_header(piece);
	piece->mac_len = ETH_HLEN;
	/* For its priority; the rest of the tag is the output's business. */
	__vlan_hwaccel_copy_tag(piece, skb);
	mn_out_send(out, piece, NULL);
}

/* Is it as long as it says, and does its end stay below 64 KiB? */
static bool can_cut(const struct sk_buff *skb, const struct iphdr *iph)
{
	u32 offset = (ntohs(iph->frag_off) & IP_OFFSET) << 3;
	u32 total = ntohs(iph->tot_len);

	return total > iph->ihl * 4 && total <= skb->len &&
	       offset + total <= U16_MAX;
}

/*
 * Everything @skb has in front of what is cut, in one piece; @eth is taken off.
 * Returns a drop reason, or 0.
 */
static u32 prepare(struct sk_buff *skb, struct ethhdr *eth, u32 mtu)
{
	u32 hlen;

	if (skb->ip_summed == CHECKSUM_PARTIAL && skb_checksum_help(skb))
		return MIDONET_DROP_REASON_NOMEM;
	if (!pskb_may_pull(skb, ETH_HLEN + sizeof(struct iphdr)))
		return MIDONET_DROP_REASON_NOMEM;
	memcpy(eth, skb->data, ETH_HLEN);
	__skb_pull(skb, ETH_HLEN);
	skb_reset_network_header(skb);
	hlen = ip_hdrlen(skb);
	if (hlen < sizeof(struct iphdr) || !can_cut(skb, ip_hdr(skb)))
		return MIDONET_DROP_REASON_MALFORMED;
	if (mtu < hlen + 8)
		return MIDONET_DROP_REASON_MTU;
	/* What a driver padded a short frame with is no part of the packet. */
	if (!pskb_may_pull(skb, hlen) ||
	    pskb_trim_rcsum(skb, ntohs(ip_hdr(skb)->tot_len)))
		return MIDONET_DROP_REASON_NOMEM;
	return 0;
}

/* Bytes that are put before a piece where it leaves. */
static u32 headroom(const struct mn_out *out)
{
	const struct net_device *dev = rcu_dereference(out->port->dev);

	if (out->remote)
		return MN_HEADROOM;
	return dev ? LL_RESERVED_SPACE(dev) : 0;
}

/* Cut one IPv4 packet without segments. Consumes @skb. */
static void cut(struct sk_buff *skb, const struct mn_out *out, u32 mtu)
{
	struct ip_frag_state state;
	struct sk_buff *piece;
	struct ethhdr eth;
	u32 reason, hlen;

	reason = prepare(skb, &eth, mtu);
	if (reason)
		goto lost;
	hlen = ip_hdrlen(skb);
	ip_frag_init(skb, hlen, headroom(out) + VLAN_HLEN, mtu - hlen, false,
		     &state);
	while (state.left > 0) {
		bool first = state.offset == 0;

		piece = ip_frag_next(skb, &state);
		if (IS_ERR(piece)) {
			reason = MIDONET_DROP_REASON_NOMEM;
			goto lost;
		}
		if (!first && hlen > sizeof(struct iphdr)) {
			blank_options(ip_hdr(piece));
			ip_send_check(ip_hdr(piece));
		}
		send_piece(piece, skb, &eth, out);
	}
	consume_skb(skb);
	return;

lost:
	mn_output_lost(out->port, reason, 1);
	kfree_skb(skb);
}

/**
 * mn_size_fragment() - send an IPv4 packet in pieces
 * @skb: packet that may be cut, data at the Ethernet header, untagged but for an
 *	accelerated tag; consumed
 * @out: where to
 * @mtu: most L3 bytes of a piece
 *
 * Context: BH disabled, RCU.
 */
void mn_size_fragment(struct sk_buff *skb, const struct mn_out *out, u32 mtu)
{
	struct sk_buff *segs, *next;

	if (!skb_is_gso(skb)) {
		cut(skb, out, mtu);
		return;
	}
	segs = skb_gso_segment(skb, 0);
	if (IS_ERR_OR_NULL(segs)) {
		mn_output_lost(out->port, MIDONET_DROP_REASON_NOMEM, 1);
		kfree_skb(skb);
		return;
	}
	consume_skb(skb);
	skb_list_walk_safe(segs, segs, next) {
		skb_mark_not_on_list(segs);
		cut(segs, out, mtu);
	}
}
