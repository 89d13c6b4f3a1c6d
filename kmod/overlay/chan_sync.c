// SPDX-License-Identifier: GPL-2.0
/*
 * Telling a host everything: when it is new, when it was told too much at once, and
 * what is known of a port that is its now.
 *
 * One worker a session looks at the connections, some buckets of the table at a
 * time, as long as there is room for what it finds.
 */
#include <linux/slab.h>

#include "overlay/chan_session.h"
#include "port/host.h"
#include "port/port.h"
#include "state/conn_table.h"

/* Buckets that are looked at without a look at the room that is left. */
#define MN_SYNC_SLICE	64
/* Messages that have to be free for that: there may be more than a record each. */
#define MN_SYNC_ROOM	(MN_CHAN_BACKLOG / 2)

/**
 * mn_session_want_sync() - tell everything from the beginning
 * @s: session, locked
 * @all: the host has forgotten everything, so also what is its own
 *
 * Context: any.
 */
void mn_session_want_sync(struct mn_session *s, bool all)
{
	s->sync = MN_SYNC_WANTED;
	s->sync_all |= all;
	mn_session_arm(s, jiffies);
}

/**
 * mn_session_pull() - a port is a host's now: it is to have what is known of it
 * @s: session with the host
 * @port: id of the port
 *
 * Context: any.
 */
void mn_session_pull(struct mn_session *s, const u8 *port)
{
	u32 i;

	spin_lock_bh(&s->lock);
	for (i = 0; i < s->n_pulls && i < MN_CHAN_PULLS; i++) {
		if (!memcmp(s->pulls[i], port, 16))
			goto out;
	}
	if (s->n_pulls < MN_CHAN_PULLS)
		memcpy(s->pulls[s->n_pulls], port, 16);
	if (s->n_pulls <= MN_CHAN_PULLS)
		s->n_pulls++;
	mn_session_arm(s, jiffies);
out:
	spin_unlock_bh(&s->lock);
}

static bool is_pulled(const struct mn_session *s, const struct mn_port *port)
{
	u32 i;

	if (!port)
		return false;
	for (i = 0; i < s->n_pulling; i++) {
		if (!memcmp(s->pulling[i], port->obj.ident.id, 16))
			return true;
	}
	return false;
}

static void look_at(struct mn_conn *conn, void *arg)
{
	struct mn_session *s = arg;

	if (s->n_pulling) {
		if (s->n_pulling > MN_CHAN_PULLS || is_pulled(s, conn->in) ||
		    is_pulled(s, conn->out))
			mn_chan_conn_send(s, conn);
		return;
	}
	if ((s->sync_all || mn_chan_conn_ours(conn)) &&
	    mn_chan_conn_concerns(s, conn))
		mn_chan_conn_send(s, conn);
}

static void add_simple(struct mn_session *s, u8 kind, const void *body, u32 len)
{
	u8 rec[sizeof(struct mn_chan_rec) + 16];

	mn_session_add(s, rec, mn_chan_put_simple(rec, kind, body, len));
}

static bool has_room(struct mn_session *s)
{
	bool room;

	spin_lock_bh(&s->lock);
	room = s->n_queue < MN_SYNC_ROOM;
	spin_unlock_bh(&s->lock);
	return room;
}

/* Begin with what is wanted; false: nothing is, or not now. */
static bool begin(struct mn_session *s)
{
	bool sync = false, pull = false;
	u8 sweep;

	spin_lock_bh(&s->lock);
	if (s->sync == MN_SYNC_WANTED && s->up && list_empty(&s->flight) &&
	    list_empty(&s->queue)) {
		s->sync = MN_SYNC_RUNNING;
		s->stats.resyncs++;
		/* Who is just back does not know yet what it had. */
		s->sweep = !s->sync_all && READ_ONCE(s->theirs);
		s->n_pulling = 0;
		sync = true;
	} else if (s->sync == MN_SYNC_NONE && s->n_pulls && s->up) {
		memcpy(s->pulling, s->pulls, sizeof(s->pulls));
		s->n_pulling = s->n_pulls;
		s->n_pulls = 0;
		pull = true;
	}
	sweep = s->sweep;
	s->buckets = 0;
	s->bucket = 0;
	spin_unlock_bh(&s->lock);
	if (sync)
		add_simple(s, MN_CHAN_SYNC, &sweep, sizeof(sweep));
	return sync || pull;
}

static bool is_running(struct mn_session *s)
{
	return READ_ONCE(s->sync) == MN_SYNC_RUNNING || s->n_pulling;
}

static void end(struct mn_session *s)
{
	bool synced = false;

	spin_lock_bh(&s->lock);
	if (s->n_pulling) {
		/* What a resync is to replace was not sent: once more. */
		if (s->sync == MN_SYNC_WANTED)
			s->n_pulls = MN_CHAN_PULLS + 1;
		s->n_pulling = 0;
	} else if (s->sync == MN_SYNC_RUNNING) {
		s->sync = MN_SYNC_NONE;
		s->sync_all = false;
		synced = true;
	}
	spin_unlock_bh(&s->lock);
	if (synced)
		add_simple(s, MN_CHAN_SYNCED, NULL, 0);
}

static void sweep_at(struct mn_conn *conn, void *arg)
{
	struct mn_session *s = arg;

	mn_chan_conn_sweep(s, conn, s->sweeping);
}

/* What the host did not mention in its resync is no more. */
static void sweep(struct mn_session *s)
{
	u32 bucket = 0, buckets = 0;

	spin_lock_bh(&s->lock);
	s->sweeping = s->sweep_round;
	s->sweep_round = 0;
	spin_unlock_bh(&s->lock);
	if (!s->sweeping)
		return;
	while (mn_conns_slice(s->mn, &bucket, &buckets, MN_SYNC_SLICE,
			      sweep_at, s))
		;
}

/**
 * mn_session_sweep() - a host has told everything
 * @s: session
 * @round: &mn_conn.round of what it has told
 *
 * Context: any.
 */
void mn_session_sweep(struct mn_session *s, u32 round)
{
	spin_lock_bh(&s->lock);
	s->sweep_round = round;
	mn_session_arm(s, jiffies);
	spin_unlock_bh(&s->lock);
}

/**
 * mn_session_look() - look for what a host is to be told
 * @s: session
 *
 * As far as there is room; it is called again when there is more.
 *
 * Context: the worker of the session.
 */
void mn_session_look(struct mn_session *s)
{
	sweep(s);
	while ((is_running(s) || begin(s)) && has_room(s)) {
		if (!mn_conns_slice(s->mn, &s->bucket, &s->buckets,
				    MN_SYNC_SLICE, look_at, s))
			end(s);
		rcu_read_lock();
		mn_session_push(s, false);
		rcu_read_unlock();
		cond_resched();
	}
}
