// SPDX-License-Identifier: GPL-2.0
/*
 * What a packet that is sent means for connections: those it began are made,
 * those it belongs to have seen it.
 *
 * Making or ending a connection moves the version counters of its tuples, which
 * the walk noted before it looked: it adopts its own moves, so that its flow is
 * valid; if somebody else moved one, the flow is not installed.
 */
#include <linux/err.h>

#include "flow/flow.h"
#include "overlay/chan.h"
#include "port/port.h"
#include "sim/ctx.h"
#include "state/track.h"

/* Coming or going, it has moved the counters of its tuples once each. */
static void note_moves(struct mn_ctx *ctx, const struct mn_conn *conn)
{
	int i;

	for (i = 0; i < MN_DIRS; i++)
		mn_ctx_dep_moved(ctx, mn_conn_slot(conn->end[i].hash));
}

static void end_old(struct mn_ctx *ctx, struct mn_conn *old)
{
	if (mn_conn_kill(old))
		note_moves(ctx, old);
}

/* Is a connection of this packet counted for its port already? */
static bool is_charged(const struct mn_ctx *ctx, const struct mn_track *track)
{
	const struct mn_track *t;

	for (t = ctx->tracks; t < ctx->tracks + ctx->n_tracks; t++) {
		if (t != track && t->conn && !t->related)
			return true;
	}
	return false;
}

static int make(struct mn_ctx *ctx, struct mn_track *track)
{
	struct mn_conn_spec spec = {
		.device = track->device,
		.in = ctx->in,
		.out = ctx->n_outs == 1 && !ctx->large ?
		       ctx->outs[0].port : NULL,
		.forward = &track->forward,
		.reply = &track->reply,
		.rules = { track->rules[MN_NAT_DST], track->rules[MN_NAT_SRC] },
		.phase = track->phase,
	};
	struct mn_conn *conn;

	if (track->state_read)
		spec.flags |= BIT(MN_CONN_STATE_READ);
	if (!is_charged(ctx, track))
		spec.flags |= BIT(MN_CONN_CHARGED);
	if (track->replaces)
		end_old(ctx, track->replaces);
	conn = mn_conn_add(ctx->mn, &spec);
	if (IS_ERR(conn))
		return PTR_ERR(conn);
	note_moves(ctx, conn);
	track->conn = conn;
	/* The table has it until a grace period after it went. */
	mn_conn_put(conn);
	return 0;
}

/**
 * mn_track_commit() - a packet is about to be sent
 * @ctx: walk with its verdict, live
 *
 * Context: BH disabled, RCU.
 *
 * Return: what to do
 */
enum mn_commit_result mn_track_commit(struct mn_ctx *ctx)
{
	struct mn_track *t;
	u32 changed = 0;
	int err = 0;

	for (t = ctx->tracks; t < ctx->tracks + ctx->n_tracks && !err; t++) {
		bool tell = false;

		if (!t->conn) {
			err = make(ctx, t);
			tell = !err;
		} else if (!t->related) {
			tell = mn_conn_seen(t->conn, t->dir,
					    ctx->key.tcp_flags);
		}
		if (tell)
			changed |= BIT(t - ctx->tracks);
	}
	if (changed && mn_chan_active(ctx->mn))
		mn_chan_conns_sent(ctx, changed);
	if (likely(!err))
		return MN_COMMIT_DONE;
	if (err == -EEXIST)
		return MN_COMMIT_AGAIN;
	t--;
	mn_ctx_drop(ctx, err == -ENOSPC ? MIDONET_DROP_REASON_CONN_FULL :
					  MIDONET_DROP_REASON_NOMEM,
		    t->device, ctx->in, NULL);
	return MN_COMMIT_DROP;
}

/**
 * mn_track_hit() - a packet with TCP flags that matter hit a flow
 * @flow: flow with connections
 * @tcp_flags: of the packet
 *
 * Context: BH disabled, RCU.
 *
 * Return: false if the packet begins a new connection: then it has to be walked
 */
bool mn_track_hit(struct mn_flow *flow, u8 tcp_flags)
{
	unsigned long *conns = mn_flow_conns(flow);
	u8 watch = 0;
	int i;

	for (i = 0; i < flow->n_conns; i++) {
		struct mn_conn *conn = mn_flow_conn(conns[i]);
		enum mn_dir dir = mn_flow_conn_dir(conns[i]);

		if (mn_conn_reopens(conn, dir, tcp_flags))
			return false;
		if (mn_conn_seen(conn, dir, tcp_flags) &&
		    mn_chan_active(conn->mn))
			mn_chan_conn_tell(conn);
		watch |= mn_conn_watch(conn);
	}
	WRITE_ONCE(flow->watch, watch);
	return true;
}
