// SPDX-License-Identifier: GPL-2.0
/*
 * Traces over netlink. TRACE walks a made-up frame through the functions that
 * walk real ones, with side effects off; TRACE_LIVE asks for the walks of real
 * packets (sim/live.c).
 */
#include <linux/bottom_half.h>
#include <linux/etherdevice.h>
#include <linux/if_vlan.h>
#include <linux/slab.h>
#include <net/genetlink.h>

#include "config/nl.h"
#include "flow/table.h"
#include "policy/match.h"
#include "port/port.h"
#include "sim/ctx.h"
#include "sim/live.h"
#include "sim/trace.h"

/* A packet as a port's device would hand it over, from a frame. */
static struct sk_buff *build(const struct nlattr *frame)
{
	int len = nla_len(frame);
	struct sk_buff *skb;

	skb = alloc_skb(NET_SKB_PAD + len, GFP_KERNEL);
	if (!skb)
		return ERR_PTR(-ENOMEM);
	skb_reserve(skb, NET_SKB_PAD);
	nla_memcpy(skb_put(skb, len), frame, len);
	skb_reset_mac_header(skb);
	skb->mac_len = ETH_HLEN;
	skb->protocol = eth_hdr(skb)->h_proto;
	__skb_pull(skb, ETH_HLEN);
	if (eth_type_vlan(skb->protocol)) {
		/* As the stack does before an rx handler sees it. */
		skb = skb_vlan_untag(skb);
		if (!skb)
			return ERR_PTR(-EINVAL);
	}
	__skb_push(skb, ETH_HLEN);
	skb_reset_mac_header(skb);
	return skb;
}

/* The walk of a packet whose headers make no sense ends where it begins. */
static void walk_malformed(struct mn_ctx *ctx)
{
	ctx->verdict = MIDONET_VERDICT_DROP;
	mn_trace(ctx, ctx->in->obj.parent, ctx->in, "drop", NULL,
		 "malformed: the frame is too short, or its headers contradict each other");
	mn_ctx_drop(ctx, MIDONET_DROP_REASON_MALFORMED, ctx->in->obj.parent,
		    ctx->in, NULL);
}

/* Under RCU, BH disabled. */
static void walk(struct mn_ctx *ctx, struct mn_trace *trace,
		 struct mn_port *port, struct sk_buff *skb)
{
	struct mn_flow_key key = {};
	struct mn_pkt pkt = {};
	int err;

	err = mn_key_extract(skb, port->obj.index, &key, &pkt);
	mn_ctx_init(ctx, port->mn, skb, port, &key, &pkt);
	ctx->live = false;
	ctx->trace = trace;
	if (err) {
		walk_malformed(ctx);
		return;
	}
	trace->cached = mn_flow_would_hit(port->mn, &key);
	mn_walk(ctx);
}

/* Under RCU, BH disabled: the reply to a trace, or ERR_PTR. */
static struct sk_buff *make_reply(const struct mn_ctx *ctx,
				  struct genl_info *info)
{
	struct sk_buff *msg;
	void *hdr;

	msg = genlmsg_new(mn_trace_size(ctx), GFP_ATOMIC);
	if (!msg)
		return ERR_PTR(-ENOMEM);
	hdr = genlmsg_put_reply(msg, info, &mn_family, 0, MIDONET_CMD_TRACE);
	if (!hdr || mn_trace_fill(msg, ctx)) {
		nlmsg_free(msg);
		return ERR_PTR(-EMSGSIZE);
	}
	genlmsg_end(msg, hdr);
	return msg;
}

static struct sk_buff *trace_frame(struct mn_net *mn, struct genl_info *info,
				   struct mn_ctx *ctx, struct mn_trace *trace,
				   struct sk_buff *skb)
{
	struct sk_buff *msg;
	struct mn_obj *obj;

	local_bh_disable();
	rcu_read_lock();
	obj = mn_nl_find(mn, info->attrs[MIDONET_TRACE_PORT],
			 MIDONET_OBJECT_TYPE_PORT, "port", info->extack);
	if (IS_ERR(obj)) {
		msg = ERR_CAST(obj);
	} else {
		walk(ctx, trace, mn_port_of(obj), skb);
		msg = make_reply(ctx, info);
	}
	rcu_read_unlock();
	local_bh_enable();
	return msg;
}

/**
 * mn_nl_trace() - walk a frame through the topology, leaving nothing behind
 * @skb: request
 * @info: its attributes: port, frame
 *
 * Return: 0; -ENOENT, -EINVAL, -ENOMEM
 */
int mn_nl_trace(struct sk_buff *skb, struct genl_info *info)
{
	struct mn_net *mn = mn_net(genl_info_net(info));
	struct nlattr *attr = info->attrs[MIDONET_TRACE_FRAME];
	struct sk_buff *frame, *msg;
	struct mn_trace *trace;
	struct mn_ctx *ctx;

	if (!attr)
		return mn_err(mn, info->extack, -EINVAL, "frame is missing");
	frame = build(attr);
	if (IS_ERR(frame)) {
		NL_SET_BAD_ATTR(info->extack, attr);
		return mn_err(mn, info->extack, PTR_ERR(frame),
			      "the frame ends within its VLAN tag");
	}
	ctx = kvzalloc(sizeof(*ctx), GFP_KERNEL);
	trace = mn_trace_alloc(GFP_ATOMIC);
	if (ctx && trace)
		msg = trace_frame(mn, info, ctx, trace, frame);
	else
		msg = ERR_PTR(-ENOMEM);
	mn_trace_free(trace);
	kvfree(ctx);
	kfree_skb(frame);
	return IS_ERR(msg) ? PTR_ERR(msg) : genlmsg_reply(msg, info);
}

static struct mn_live *live_alloc(struct mn_net *mn, struct genl_info *info)
{
	struct nlattr *filter = info->attrs[MIDONET_TRACE_FILTER];
	struct mn_live *live;
	int size = 0, err;

	if (filter)
		size = mn_match_size(mn, filter, info->extack);
	if (size < 0)
		return ERR_PTR(size);
	live = kzalloc(sizeof(*live) + size, GFP_KERNEL_ACCOUNT);
	if (!live)
		return ERR_PTR(-ENOMEM);
	if (!filter)
		return live;
	err = mn_match_compile(mn, NULL, NULL, filter, &live->match,
			       info->extack);
	if (!err)
		return live;
	kfree(live);
	return ERR_PTR(err);
}

/**
 * mn_nl_trace_live() - show the next packets that match to this socket
 * @skb: request
 * @info: its attributes: count; optional: filter, port
 *
 * Return: 0; -ENOENT, -EINVAL, -ENOMEM, -EBUSY
 */
int mn_nl_trace_live(struct sk_buff *skb, struct genl_info *info)
{
	struct mn_net *mn = mn_net(genl_info_net(info));
	struct nlattr **tb = info->attrs;
	struct mn_live *live;
	struct mn_obj *obj;
	int err = 0;

	if (!tb[MIDONET_TRACE_COUNT])
		return mn_err(mn, info->extack, -EINVAL, "count is missing");
	live = live_alloc(mn, info);
	if (IS_ERR(live))
		return PTR_ERR(live);
	atomic_set(&live->left, nla_get_u32(tb[MIDONET_TRACE_COUNT]));
	live->portid = info->snd_portid;
	rcu_read_lock();
	if (tb[MIDONET_TRACE_PORT]) {
		obj = mn_nl_find(mn, tb[MIDONET_TRACE_PORT],
				 MIDONET_OBJECT_TYPE_PORT, "port", info->extack);
		err = PTR_ERR_OR_ZERO(obj);
		if (!err)
			live->port = obj->index;
	}
	rcu_read_unlock();
	if (!err)
		err = mn_live_start(mn, live);
	if (!err)
		return 0;
	kfree(live);
	if (err == -EBUSY)
		mn_err(mn, info->extack, err,
		       "another socket has a live trace; wait until it ends");
	return err;
}
