// SPDX-License-Identifier: GPL-2.0
/*
 * When connections go: those that nobody used for the timeout of their phase,
 * those of devices and ports that were removed, and, when there is no room for
 * another one, some that are likely not to be missed.
 *
 * One work item a namespace goes over the table in rounds, a second apart, as long
 * as there are connections. A run of it looks at a bounded number of buckets. It
 * keeps nothing of the table between two runs but how far it is; when the table
 * was resized meanwhile, the round begins anew.
 *
 * A connection is used by flows, and what they use is known only when the flow
 * sweep comes by. So it is given the time that may take on top of its timeout.
 */
#include <linux/sched.h>
#include <linux/workqueue.h>

#include "flow/table.h"
#include "overlay/chan.h"
#include "state/conn_table.h"

#define MN_AGE_SLICE	1024		/* buckets between two points of rescheduling */
#define MN_AGE_RUN	65536		/* buckets that a run looks at */
#define MN_AGE_PERIOD	HZ		/* between two rounds */
#define MN_AGE_PAUSE	(HZ / 10)	/* between two runs of a round */

#define MN_ROOM_LOOKS	32		/* connections looked at to make room */
/* What one packet may have made, of which one is charged. */
#define MN_ROOM_MAX	16
#define MN_ROOM_IDLE	(300 * HZ)	/* not used for so long: may give way */

static unsigned long seconds(const unsigned int *limit)
{
	return (unsigned long)READ_ONCE(*limit) * HZ;
}

static unsigned long tcp_timeout(const struct mn_limits *limits,
				 const struct mn_conn *conn, u8 phase)
{
	switch (phase) {
	case MIDONET_CONN_PHASE_ESTABLISHED:
		/* Picked up in the middle, and nobody says it is true. */
		if (!mn_conn_answered(conn))
			break;
		return seconds(&limits->timeout_tcp_established);
	case MIDONET_CONN_PHASE_FIN_WAIT:
		return seconds(&limits->timeout_tcp_fin);
	case MIDONET_CONN_PHASE_CLOSED:
		return seconds(&limits->timeout_tcp_close);
	}
	return seconds(&limits->timeout_tcp_syn);
}

/**
 * mn_conn_timeout() - how long a connection stays without being used
 * @conn: connection
 *
 * By its protocol and phase. A TCP connection that was picked up in the middle and
 * is not answered yet has the time of one that begins.
 *
 * Context: any.
 *
 * Return: jiffies
 */
unsigned long mn_conn_timeout(const struct mn_conn *conn)
{
	const struct mn_tuple *t = &conn->end[MN_DIR_FORWARD].tuple;
	const struct mn_limits *limits = &conn->mn->limits;
	u8 phase = READ_ONCE(conn->phase);

	if (t->proto == IPPROTO_TCP)
		return tcp_timeout(limits, conn, phase);
	if (t->proto == IPPROTO_UDP || t->proto == IPPROTO_UDPLITE)
		return phase == MIDONET_CONN_PHASE_ANSWERED ?
		       seconds(&limits->timeout_udp_answered) :
		       seconds(&limits->timeout_udp);
	if (mn_proto_is_icmp(t->family, t->proto))
		return seconds(&limits->timeout_icmp);
	return seconds(&limits->timeout_generic);
}

static bool unused_for(const struct mn_conn *conn, unsigned long time)
{
	return time_after(jiffies, READ_ONCE(conn->used.used) + time +
				   mn_flows_lag(conn->mn));
}

/**
 * mn_conn_expired() - is the time of a connection over?
 * @conn: connection
 *
 * The time the flow sweep needs is taken into account. One of a device that has
 * left its table has expired, whatever its time.
 *
 * Context: any.
 */
bool mn_conn_expired(const struct mn_conn *conn)
{
	return unlikely(!READ_ONCE(conn->device->index)) ||
	       unused_for(conn, mn_conn_timeout(conn));
}

/* Looking at all of them. */

/* Under RCU: those whose forward ends are in one of @n buckets from @first on. */
static void look_at(struct bucket_table *tbl, u32 first, u32 n,
		    void (*fn)(struct mn_conn *conn, void *arg), void *arg)
{
	struct mn_conn_end *end;
	struct rhash_head *pos;
	struct mn_conn *conn;
	u32 i;

	for (i = first; i < first + n && i < tbl->size; i++) {
		rht_for_each_entry_rcu(end, pos, tbl, i, node) {
			conn = mn_conn_of(end);
			if (end->dir == MN_DIR_FORWARD &&
			    !test_bit(MN_CONN_DEAD, &conn->flags))
				fn(conn, arg);
		}
	}
}

/**
 * mn_conns_each() - call a function for every connection
 * @mn: namespace
 * @fn: called under RCU, BH disabled, once for each that was there all the time;
 *	may kill it
 * @arg: for @fn
 *
 * Context: may sleep.
 */
void mn_conns_each(struct mn_net *mn,
		   void (*fn)(struct mn_conn *conn, void *arg), void *arg)
{
	struct rhashtable *ht = &mn->conns->ends;
	struct bucket_table *tbl;
	u32 i;

	/* No entry moves from one table to the next meanwhile. */
	mutex_lock(&ht->mutex);
	for (tbl = rht_dereference(ht->tbl, ht); tbl;
	     tbl = rht_dereference(tbl->future_tbl, ht)) {
		for (i = 0; i < tbl->size; i += MN_AGE_SLICE) {
			local_bh_disable();
			rcu_read_lock();
			look_at(tbl, i, MN_AGE_SLICE, fn, arg);
			rcu_read_unlock();
			local_bh_enable();
			cond_resched();
		}
	}
	mutex_unlock(&ht->mutex);
}

/* Ageing. */

static void judge(struct mn_conn *conn, void *arg)
{
	if (!mn_ver_now(conn->device) || !mn_ver_now(&conn->in->obj) ||
	    mn_conn_expired(conn))
		mn_conn_kill(conn);
	else if (unlikely(mn_chan_active(conn->mn)))
		mn_chan_conn_aged(conn);
}

/**
 * mn_conns_slice() - call a function for the connections of some buckets
 * @mn: namespace
 * @bucket: first of them; moves on. 0 at first, and again when the table was resized
 * @size: buckets of the table then, 0 at first
 * @n: how many buckets
 * @fn: called under RCU, BH disabled; may kill the connection
 * @arg: for @fn
 *
 * Context: may sleep.
 *
 * Return: false when all were looked at
 */
bool mn_conns_slice(struct mn_net *mn, u32 *bucket, u32 *size, u32 n,
		    void (*fn)(struct mn_conn *conn, void *arg), void *arg)
{
	struct rhashtable *ht = &mn->conns->ends;
	struct bucket_table *tbl;
	bool more;

	local_bh_disable();
	rcu_read_lock();
	tbl = rht_dereference_rcu(ht->tbl, ht);
	if (tbl->size != *size)
		*bucket = 0;
	*size = tbl->size;
	look_at(tbl, *bucket, n, fn, arg);
	*bucket += n;
	more = *bucket < tbl->size;
	rcu_read_unlock();
	local_bh_enable();
	cond_resched();
	return more;
}

/**
 * mn_conns_arm() - see to it that connections grow old
 * @conns: connections
 *
 * Context: any.
 */
void mn_conns_arm(struct mn_conns *conns)
{
	if (unlikely(READ_ONCE(conns->stopped)))
		return;
	if (!delayed_work_pending(&conns->age_work))
		queue_delayed_work(system_long_wq, &conns->age_work,
				   MN_AGE_PERIOD);
}

/**
 * mn_conns_age() - one run over the table
 * @work: &mn_conns.age_work
 */
void mn_conns_age(struct work_struct *work)
{
	struct mn_conns *conns = container_of(to_delayed_work(work),
					      struct mn_conns, age_work);
	bool more = true;
	u32 n;

	for (n = 0; n < MN_AGE_RUN && more; n += MN_AGE_SLICE)
		more = mn_conns_slice(conns->mn, &conns->bucket, &conns->size,
				      MN_AGE_SLICE, judge, NULL);
	if (!more)
		conns->bucket = 0;
	if (more)
		mod_delayed_work(system_long_wq, &conns->age_work,
				 MN_AGE_PAUSE);
	else if (atomic_read(&conns->n))
		mn_conns_arm(conns);
}

/* Making room. */

/* Under the lock of the port: one that goes rather than any other, or NULL. */
static struct mn_conn *pick_unanswered(struct mn_port *in)
{
	struct mn_conn *conn;
	int n = 0;

	list_for_each_entry(conn, &in->conns_unanswered, by_port) {
		if (!test_bit(MN_CONN_DEAD, &conn->flags))
			return conn;
		if (++n == MN_ROOM_LOOKS)
			break;
	}
	return NULL;
}

static bool is_idle(const struct mn_conn *conn)
{
	return unused_for(conn, min_t(unsigned long, MN_ROOM_IDLE,
				      mn_conn_timeout(conn) / 2));
}

/* Under the lock of the port: one of a few, beginning where the last look ended. */
static struct mn_conn *pick_idle(struct mn_port *in)
{
	struct mn_conn *conn;
	int n;

	for (n = 0; n < MN_ROOM_LOOKS; n++) {
		conn = list_first_entry_or_null(&in->conns_answered,
						struct mn_conn, by_port);
		if (!conn)
			return NULL;
		list_move_tail(&conn->by_port, &in->conns_answered);
		if (!test_bit(MN_CONN_DEAD, &conn->flags) && is_idle(conn))
			return conn;
	}
	return NULL;
}

/* With a reference. */
static struct mn_conn *pick(struct mn_conns *conns, struct mn_port *in)
{
	struct mn_conn_lock *l = mn_conn_lock_of(conns, in);
	struct mn_conn *conn;

	spin_lock_bh(&l->lock);
	conn = pick_unanswered(in) ?: pick_idle(in);
	/* While it is in a list, the table holds it. */
	if (conn && !mn_conn_get(conn))
		conn = NULL;
	spin_unlock_bh(&l->lock);
	return conn;
}

static bool has_room(const struct mn_net *mn, const struct mn_port *in)
{
	return (u32)atomic_read(&mn->conns->n) <
		READ_ONCE(mn->limits.conns_max) &&
	       (u32)atomic_read(&in->n_conns) <
		READ_ONCE(mn->limits.conns_per_port);
}

/**
 * mn_conn_make_room() - let a connection of a port give way to another one
 * @mn: namespace
 * @in: port that wants one more
 *
 * The oldest one that nobody has answered; else, of a few, one that was not used
 * for half its time, or five minutes. What one packet has made in several devices
 * goes together, until one of them is that which is charged.
 *
 * Context: RCU, BH disabled.
 *
 * Return: true if one went
 */
bool mn_conn_make_room(struct mn_net *mn, struct mn_port *in)
{
	struct mn_conn *conn;
	bool went = false;
	int i;

	for (i = 0; i < MN_ROOM_MAX; i++) {
		conn = pick(mn->conns, in);
		if (!conn)
			break;
		if (mn_conn_kill(conn)) {
			atomic64_inc(&mn->conns->n_evicted);
			went = true;
		}
		mn_conn_put(conn);
		if (has_room(mn, in))
			break;
	}
	return went;
}
