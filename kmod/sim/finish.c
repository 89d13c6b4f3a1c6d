// SPDX-License-Identifier: GPL-2.0
/*
 * The end of a walk: connections it would make are made, the packet is sent,
 * dropped, answered or parked, and the flow installed.
 */
#include <linux/skbuff.h>

#include "config/nl.h"
#include "flow/actions.h"
#include "flow/table.h"
#include "l2/flood.h"
#include "l3/frag.h"
#include "l3/icmp.h"
#include "l3/nbr.h"
#include "l3/size.h"
#include "port/port.h"
#include "sim/count.h"
#include "sim/ctx.h"
#include "sim/drop.h"
#include "sim/park.h"
#include "state/nat.h"

/* Counters that a flow would have kept, had it been installed. */
static void count(const struct mn_ctx *ctx)
{
	u32 packets, bytes;
	u16 i;

	mn_skb_load(ctx->skb, &packets, &bytes);
	for (i = 0; i < ctx->n_counts; i++)
		mn_count_add(ctx->counts[i], packets, bytes);
	for (i = 0; i < ctx->n_links; i++) {
		if (ctx->links[i].rx)
			mn_port_count_rx(ctx->links[i].port, packets, bytes);
		else
			mn_port_count_tx(ctx->links[i].port, packets, bytes);
	}
}

static bool translate_quote(const struct mn_ctx *ctx, struct sk_buff *skb)
{
	const struct mn_quote *q = &ctx->quote;
	struct mn_quote_change change = {
		.src = { q->was.src, q->now.src },
		.dst = { q->was.dst, q->now.dst },
		.sport = { q->was.sport, q->now.sport },
		.dport = { q->was.dport, q->now.dport },
	};

	return !memcmp(&q->was, &q->now, sizeof(q->was)) ||
	       mn_translate_quote(skb, ctx->pkt.l3, ctx->pkt.l4,
				  ctx->in_key.eth_type == htons(ETH_P_IPV6),
				  &change);
}

/* Fragments of several senders may leave with one address. */
static void choose_frag_id(struct mn_ctx *ctx)
{
	if (ctx->in_key.frag == MN_FRAG_NONE && !ctx->fragment)
		return;
	ctx->translation.frag_id = mn_frag_id(ctx);
	ctx->translation.fields |= MN_XLAT_FRAG_ID;
}

static bool translate(struct mn_ctx *ctx, struct sk_buff *skb)
{
	if (!ctx->translated)
		return true;
	choose_frag_id(ctx);
	if (!mn_translate(skb, ctx->pkt.l3, ctx->pkt.l4, &ctx->translation))
		return false;
	return !ctx->quote.ok || translate_quote(ctx, skb);
}

/* What routers changed. Consumes @skb if there is no memory for it. */
static bool rewrite(struct mn_ctx *ctx, struct sk_buff *skb)
{
	if (!ctx->rw.hops || (mn_rewrite(skb, ctx->pkt.l3, &ctx->rw) &&
			      translate(ctx, skb)))
		return true;
	if (ctx->jobs)
		mn_flood_forget(ctx);
	mn_drop_port(ctx->mn, skb, MIDONET_DROP_REASON_NOMEM, ctx->in);
	return false;
}

/* Consumes @skb. */
static void execute(struct mn_ctx *ctx, struct sk_buff *skb)
{
	struct mn_actions acts = {
		.verdict = ctx->verdict,
		.n_outs = ctx->n_outs,
		.outs = ctx->outs,
	};

	switch (ctx->verdict) {
	case MIDONET_VERDICT_DROP:
		mn_drop(ctx->mn, skb, &ctx->drop, &ctx->in_key);
		break;
	case MIDONET_VERDICT_CONSUMED:
		consume_skb(skb);
		break;
	default:
		if (!rewrite(ctx, skb))
			return;
		if (unlikely(ctx->large))
			mn_flood_send(ctx, skb);
		else if (unlikely(ctx->fragment))
			mn_size_fragment(skb, &ctx->outs[0], ctx->mtu);
		else
			mn_actions_execute(ctx->mn, skb, &acts, &ctx->in_key);
	}
}

/* False: the connection was made by somebody else meanwhile: walk again. */
static bool commit(struct mn_ctx *ctx)
{
	if (ctx->verdict != MIDONET_VERDICT_OUTPUT &&
	    ctx->verdict != MIDONET_VERDICT_FLOOD)
		return true;
	switch (mn_track_commit(ctx)) {
	case MN_COMMIT_AGAIN:
		return false;
	case MN_COMMIT_DROP:
		ctx->cacheable = false;
		ctx->no_outs = true;
		ctx->n_outs = 0;
		ctx->verdict = MIDONET_VERDICT_DROP;
		return true;
	case MN_COMMIT_DONE:
		break;
	}
	if (ctx->balanced.vip)
		mn_balance_sent(ctx, &ctx->balanced);
	return true;
}

/**
 * mn_walk_finish() - a walk is over: what comes of it
 * @ctx: walk of a real packet, with its verdict
 * @skb: the packet; consumed, unless false is returned
 *
 * Context: BH disabled, RCU. May nest by way of the devices it sends to.
 *
 * Return: false if the packet is to be walked again
 */
bool mn_walk_finish(struct mn_ctx *ctx, struct sk_buff *skb)
{
	if (ctx->n_tracks && !commit(ctx)) {
		if (ctx->jobs)
			mn_flood_forget(ctx);
		return false;
	}
	if (ctx->jobs && (ctx->no_outs || ctx->verdict == MIDONET_VERDICT_WAIT))
		mn_flood_forget(ctx);
	if (ctx->verdict == MIDONET_VERDICT_WAIT) {
		mn_park(ctx->mn, ctx->in, skb, &ctx->park);
		if (ctx->park.why == MN_PARK_FRAGMENT)
			mn_frag_parked(ctx->mn, &ctx->park);
		else
			mn_nbr_parked(ctx->mn, &ctx->park);
		return true;
	}
	if (!ctx->cacheable || !mn_flow_install(ctx, skb))
		count(ctx);
	/* Who waited for it is walked by a worker, so this one goes first. */
	if (ctx->l4_read && ctx->in_key.frag == MN_FRAG_FIRST)
		mn_frag_first(ctx);
	if (ctx->punt.bridge)
		mn_punt_send(ctx, skb);
	if (ctx->reply.kind != MN_REPLY_NONE && ctx->live)
		mn_reply_send(ctx);
	execute(ctx, skb);
	return true;
}
