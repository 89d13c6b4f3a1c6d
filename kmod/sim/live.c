// SPDX-License-Identifier: GPL-2.0
/*
 * Live traces: the walks of the next N real packets that match a filter go to
 * the socket that asked. Such a packet is walked even if the flow table knows
 * it; what happens to it is the same.
 *
 * At most one live trace per namespace, and only if there is one anywhere does
 * a packet pay for it (a static key). It ends with its last packet, with its
 * socket, or with the namespace. &mn_net.live is written under mn_net.lock; the
 * packet that takes the last place leaves the ending to mn_net.live_work.
 */
#include <linux/jump_label.h>
#include <linux/rcupdate.h>
#include <linux/slab.h>
#include <net/genetlink.h>

#include "config/nl.h"
#include "flow/table.h"
#include "policy/match.h"
#include "port/port.h"
#include "sim/ctx.h"
#include "sim/live.h"
#include "sim/trace.h"

DEFINE_STATIC_KEY_FALSE(mn_live_key);

/* Under mn_net.lock: the live trace ends. */
static void live_end(struct mn_net *mn)
{
	struct mn_live *live = mn_dereference(mn, mn->live);

	RCU_INIT_POINTER(mn->live, NULL);
	static_branch_dec(&mn_live_key);
	kfree_rcu(live, rcu);
}

static void live_work(struct work_struct *work)
{
	struct mn_net *mn = container_of(work, struct mn_net, live_work);
	struct mn_live *live;

	mutex_lock(&mn->lock);
	live = mn_dereference(mn, mn->live);
	if (live && atomic_read(&live->left) <= 0)
		live_end(mn);
	mutex_unlock(&mn->lock);
}

/**
 * mn_live_start() - a live trace begins
 * @mn: namespace
 * @live: set up; owned by the namespace afterwards, unless refused
 *
 * Context: may sleep, takes mn_net.lock.
 *
 * Return: 0, -EBUSY if another socket has one
 */
int mn_live_start(struct mn_net *mn, struct mn_live *live)
{
	struct mn_live *old;
	int err = 0;

	mutex_lock(&mn->lock);
	old = mn_dereference(mn, mn->live);
	if (old && old->portid != live->portid && atomic_read(&old->left) > 0) {
		err = -EBUSY;
		goto out;
	}
	if (old)
		live_end(mn);
	rcu_assign_pointer(mn->live, live);
	static_branch_inc(&mn_live_key);
out:
	mutex_unlock(&mn->lock);
	return err;
}

/**
 * mn_nl_live_release() - a socket was closed: its live trace ends
 * @mn: namespace
 * @portid: socket
 *
 * Context: may sleep, takes mn_net.lock.
 */
void mn_nl_live_release(struct mn_net *mn, u32 portid)
{
	struct mn_live *live;

	/* Sockets come and go; hardly any has a trace. */
	if (!rcu_access_pointer(mn->live))
		return;
	mutex_lock(&mn->lock);
	live = mn_dereference(mn, mn->live);
	if (live && live->portid == portid)
		live_end(mn);
	mutex_unlock(&mn->lock);
}

static bool live_match(struct mn_net *mn, const struct mn_live *live,
		       struct mn_port *port, struct sk_buff *skb,
		       const struct mn_flow_key *key)
{
	const struct mn_pkt none = {};
	struct mn_ctx *ctx;
	bool match;

	if (!live->match.words)
		return true;
	ctx = mn_ctx_get();
	if (!ctx)
		return false;
	mn_ctx_init(ctx, mn, skb, port, key, &none);
	ctx->live = false;
	/* A later fragment is looked at as it is. */
	ctx->frag_alone = true;
	match = mn_match_eval(ctx, &live->match);
	mn_ctx_put(ctx);
	return match;
}

/**
 * mn_live_wants() - is a packet one to be shown?
 * @mn: namespace
 * @port: port where it entered
 * @skb: packet
 * @key: its headers
 *
 * Takes no place: the walk does.
 *
 * Context: BH disabled, RCU.
 */
bool mn_live_wants(struct mn_net *mn, struct mn_port *port, struct sk_buff *skb,
		   const struct mn_flow_key *key)
{
	const struct mn_live *live = rcu_dereference(mn->live);

	if (!live || atomic_read(&live->left) <= 0)
		return false;
	if (live->port && live->port != port->obj.index)
		return false;
	return live_match(mn, live, port, skb, key);
}

/**
 * mn_live_begin() - record a walk if somebody wants to see it
 * @ctx: walk, set up
 *
 * Context: BH disabled, RCU.
 */
void mn_live_begin(struct mn_ctx *ctx)
{
	struct mn_net *mn = ctx->mn;
	struct mn_live *live;

	if (!mn_live_wants(mn, ctx->in, ctx->skb, &ctx->in_key))
		return;
	live = rcu_dereference(mn->live);
	if (!live || atomic_dec_if_positive(&live->left) < 0)
		return;
	ctx->trace = mn_trace_alloc(GFP_ATOMIC | __GFP_NOWARN);
	if (!ctx->trace)
		return;
	ctx->trace->live = live;
	ctx->trace->cached = mn_flow_would_hit(mn, &ctx->in_key);
}

static void send(struct mn_ctx *ctx, u32 portid)
{
	struct sk_buff *msg;
	void *hdr;

	msg = genlmsg_new(mn_trace_size(ctx), GFP_ATOMIC | __GFP_NOWARN);
	if (!msg)
		return;
	hdr = genlmsg_put(msg, 0, 0, &mn_family, 0, MIDONET_CMD_TRACE_EVENT);
	if (!hdr || mn_trace_fill(msg, ctx)) {
		nlmsg_free(msg);
		return;
	}
	genlmsg_end(msg, hdr);
	genlmsg_unicast(ctx->mn->net, msg, portid);
}

/**
 * mn_live_report() - a recorded walk is over: show it
 * @ctx: walk begun with mn_live_begin(); its recorder is freed
 *
 * Context: BH disabled, RCU.
 */
void mn_live_report(struct mn_ctx *ctx)
{
	struct mn_live *live = ctx->trace->live;

	send(ctx, live->portid);
	if (atomic_read(&live->left) <= 0)
		schedule_work(&ctx->mn->live_work);
	mn_trace_free(ctx->trace);
	ctx->trace = NULL;
}

/**
 * mn_live_init() - prepare for live traces in a namespace
 * @mn: namespace
 *
 * Return: 0
 */
int mn_live_init(struct mn_net *mn)
{
	INIT_WORK(&mn->live_work, live_work);
	return 0;
}

/**
 * mn_live_exit() - a namespace goes, and with it its live trace
 * @mn: namespace; no packet is in a walk
 *
 * Context: may sleep.
 */
void mn_live_exit(struct mn_net *mn)
{
	mutex_lock(&mn->lock);
	if (rcu_access_pointer(mn->live))
		live_end(mn);
	mutex_unlock(&mn->lock);
	cancel_work_sync(&mn->live_work);
}
