// SPDX-License-Identifier: GPL-2.0
/*
 * Recorder of walks. Whoever walks with ctx->trace set gets every step in words;
 * what the walk does is the same without.
 */
#include <linux/etherdevice.h>
#include <linux/slab.h>
#include <linux/stdarg.h>
#include <net/netlink.h>

#include "config/nl.h"
#include "policy/chain.h"
#include "overlay/peer.h"
#include "port/host.h"
#include "port/port.h"
#include "sim/drop.h"
#include "sim/trace.h"

/**
 * mn_trace_alloc() - make a recorder
 * @gfp: for it and what it will need
 *
 * Return: recorder or NULL
 */
struct mn_trace *mn_trace_alloc(gfp_t gfp)
{
	struct mn_trace *trace = kzalloc(sizeof(*trace), gfp);

	BUILD_BUG_ON(MN_STEPS_PER_PAGE < 1);
	if (trace)
		trace->gfp = gfp;
	return trace;
}

/**
 * mn_trace_free() - free a recorder
 * @trace: recorder or NULL
 */
void mn_trace_free(struct mn_trace *trace)
{
	u32 i;

	if (!trace)
		return;
	for (i = 0; i < MN_TRACE_PAGES; i++)
		kfree(trace->pages[i]);
	kfree(trace);
}

static struct mn_step *step_at(const struct mn_trace *trace, u32 i)
{
	return &trace->pages[i / MN_STEPS_PER_PAGE][i % MN_STEPS_PER_PAGE];
}

static struct mn_step *step_new(struct mn_trace *trace)
{
	u32 page = trace->n / MN_STEPS_PER_PAGE;

	if (trace->n == MN_TRACE_STEPS)
		goto full;
	if (!trace->pages[page])
		trace->pages[page] = kzalloc(MN_STEPS_PER_PAGE *
					     sizeof(struct mn_step), trace->gfp);
	if (!trace->pages[page])
		goto full;
	return step_at(trace, trace->n++);

full:
	trace->truncated = true;
	return NULL;
}

/**
 * __mn_trace() - record a step; use mn_trace()
 * @ctx: walk with a recorder
 * @device: where, or NULL
 * @port: at which port, or NULL
 * @what: kind of step, constant
 * @rule: rule it is about, or NULL
 * @fmt: the step in words
 *
 * Context: RCU.
 */
void __mn_trace(struct mn_ctx *ctx, const struct mn_obj *device,
		const struct mn_port *port, const char *what,
		const struct mn_rule *rule, const char *fmt, ...)
{
	struct mn_step *step = step_new(ctx->trace);
	va_list args;

	if (!step)
		return;
	if (device)
		strscpy(step->device, device->name, sizeof(step->device));
	if (port)
		mn_port_label(port, step->port, sizeof(step->port));
	if (rule)
		mn_rule_label(ctx->mn, rule, step->rule, sizeof(step->rule));
	step->what = what;
	step->key = ctx->key;
	step->hops = ctx->rw.hops;
	va_start(args, fmt);
	vscnprintf(step->text, sizeof(step->text), fmt, args);
	va_end(args);
}

/**
 * mn_trace_route() - the last step was about a route
 * @ctx: walk with a recorder
 * @route: in words
 */
void mn_trace_route(struct mn_ctx *ctx, const char *route)
{
	struct mn_trace *trace = ctx->trace;

	/* If there was no room for it, another step must not get its name. */
	if (trace->n && !trace->truncated)
		strscpy(step_at(trace, trace->n - 1)->route, route,
			sizeof(step_at(trace, 0)->route));
}

/**
 * mn_trace_out() - record an output
 * @ctx: walk with a recorder
 * @port: where to
 */
void mn_trace_out(struct mn_ctx *ctx, const struct mn_port *port)
{
	struct mn_trace *trace = ctx->trace;

	if (trace->n_outs < MN_TRACE_OUTS)
		trace->outs[trace->n_outs++] = port;
	else
		trace->truncated = true;
}

/* What headers and the like take in a message. */
#define PACKET_SIZE	256

/**
 * mn_trace_size() - room mn_trace_fill() may need
 * @ctx: walk that is over
 *
 * Return: bytes
 */
size_t mn_trace_size(const struct mn_ctx *ctx)
{
	return 512 + 3 * PACKET_SIZE +
	       ctx->trace->n * (sizeof(struct mn_step) + PACKET_SIZE) +
	       ctx->trace->n_outs * (2 * MIDONET_NAME_MAX + 8);
}

/* A packet @hops routers later. */
static int fill_packet(struct sk_buff *skb, int attr, const struct mn_ctx *ctx,
		       const struct mn_flow_key *key, u8 hops)
{
	struct mn_pkt pkt = ctx->pkt;

	pkt.ttl -= hops;
	return mn_key_fill(skb, attr, key, &pkt, ctx->skb->len);
}

static int fill_step(struct sk_buff *skb, const struct mn_ctx *ctx,
		     const struct mn_step *step)
{
	struct nlattr *nest = nla_nest_start(skb, MIDONET_TRACE_STEPS);

	if (!nest)
		return -EMSGSIZE;
	if (nla_put_string(skb, MIDONET_STEP_DEVICE, step->device) ||
	    nla_put_string(skb, MIDONET_STEP_PORT, step->port) ||
	    nla_put_string(skb, MIDONET_STEP_WHAT, step->what) ||
	    nla_put_string(skb, MIDONET_STEP_RULE, step->rule) ||
	    nla_put_string(skb, MIDONET_STEP_TEXT, step->text) ||
	    (step->route[0] &&
	     nla_put_string(skb, MIDONET_STEP_ROUTE, step->route)) ||
	    fill_packet(skb, MIDONET_STEP_PACKET, ctx, &step->key,
			step->hops)) {
		nla_nest_cancel(skb, nest);
		return -EMSGSIZE;
	}
	nla_nest_end(skb, nest);
	return 0;
}

static int fill_outs(struct sk_buff *skb, const struct mn_ctx *ctx)
{
	const struct mn_trace *trace = ctx->trace;
	char label[2 * MIDONET_NAME_MAX + 2];
	u16 i;

	/* Where a dropped packet would have gone is in the steps. */
	if (!ctx->n_outs)
		return 0;
	for (i = 0; i < trace->n_outs; i++) {
		mn_port_label(trace->outs[i], label, sizeof(label));
		if (nla_put_string(skb, MIDONET_TRACE_OUTPUTS, label))
			return -EMSGSIZE;
	}
	return 0;
}

static int fill_verdict(struct sk_buff *skb, const struct mn_ctx *ctx)
{
	char label[2 * MIDONET_NAME_MAX + 2];

	mn_port_label(ctx->in, label, sizeof(label));
	if (nla_put_u8(skb, MIDONET_TRACE_VERDICT, ctx->verdict) ||
	    nla_put_string(skb, MIDONET_TRACE_PORT_NAME, label))
		return -EMSGSIZE;
	if (ctx->verdict == MIDONET_VERDICT_DROP)
		return nla_put_u32(skb, MIDONET_TRACE_DROP_REASON,
				   ctx->drop.reason);
	return 0;
}

/* Of a packet that goes to another host, and nowhere else. */
static int fill_remote(struct sk_buff *skb, const struct mn_ctx *ctx)
{
	const struct mn_out *out = &ctx->outs[0];

	if (ctx->n_outs != 1 || !out->remote)
		return 0;
	return nla_put_string(skb, MIDONET_TRACE_HOST,
			      out->via.peer->host->obj.name) ?:
	       nla_put_u32(skb, MIDONET_TRACE_TUNNEL_KEY, out->via.key);
}

static int fill_packets(struct sk_buff *skb, const struct mn_ctx *ctx)
{
	struct mn_flow_key out = ctx->in_key;
	int err;

	err = mn_key_fill(skb, MIDONET_TRACE_PACKET_IN, &ctx->in_key,
			  &ctx->pkt, ctx->skb->len);
	if (err || !ctx->n_outs)
		return err;
	out.vlan = ctx->outs[0].vlan;
	if (ctx->rw.hops) {
		ether_addr_copy(out.eth_dst, ctx->rw.eth_dst);
		ether_addr_copy(out.eth_src, ctx->rw.eth_src);
	}
	if (ctx->translated) {
		/* Of IPv4 it has the addresses, too, and nothing else. */
		out.v6 = ctx->key.v6;
		out.tp_src = ctx->key.tp_src;
		out.tp_dst = ctx->key.tp_dst;
		out.icmp_id = ctx->key.icmp_id;
	}
	return fill_packet(skb, MIDONET_TRACE_PACKET_OUT, ctx, &out,
			   ctx->rw.hops);
}

/**
 * mn_trace_fill() - put a walk into a message
 * @skb: message
 * @ctx: walk that is over
 *
 * Context: RCU of the walk.
 *
 * Return: 0 or -EMSGSIZE
 */
int mn_trace_fill(struct sk_buff *skb, const struct mn_ctx *ctx)
{
	const struct mn_trace *trace = ctx->trace;
	u16 i;

	if (fill_verdict(skb, ctx) || fill_outs(skb, ctx) ||
	    fill_remote(skb, ctx) || fill_packets(skb, ctx) ||
	    mn_key_fill_mask(skb, MIDONET_TRACE_MASK, &ctx->in_key,
			     &ctx->mask))
		return -EMSGSIZE;
	for (i = 0; i < trace->n; i++) {
		if (fill_step(skb, ctx, step_at(trace, i)))
			return -EMSGSIZE;
	}
	if (nla_put_u8(skb, MIDONET_TRACE_TRUNCATED, trace->truncated) ||
	    nla_put_u8(skb, MIDONET_TRACE_CACHED, trace->cached))
		return -EMSGSIZE;
	return 0;
}
