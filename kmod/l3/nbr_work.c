// SPDX-License-Identifier: GPL-2.0
/*
 * What is due with the neighbours of router ports: questions, growing old, and
 * announcements of ports. It is done by a worker, outside any walk.
 */
#include "l3/nbr.h"
#include "l3/nbr_table.h"

#define MN_NBR_RUN	1024		/* done by one run of the worker */

/**
 * struct question - what is to be asked when the lock is free
 * @port: out of this port, valid under RCU; NULL: nothing
 * @key: this address
 * @mac: by unicast to this MAC; 0: everybody
 */
struct question {
	struct mn_port *port;
	struct mn_neigh_key key;
	u64 mac;
};

/* Under the lock. */
static void ask(struct mn_nbrs *nbrs, struct mn_nbr *e, u8 state,
		struct question *q)
{
	e->asked++;
	q->port = e->port;
	q->key = e->key;
	q->mac = state == MIDONET_NEIGHBOUR_STATE_PROBE ? e->mac : 0;
	mn_nbr_set_state(nbrs, e, state, MN_NBR_SECOND);
}

/* Under the lock: not heard of for a while. */
static void grow_old(struct mn_nbrs *nbrs, struct mn_nbr *e, struct question *q)
{
	if (time_after_eq(jiffies, e->heard + MN_NBR_LIFE))
		mn_nbr_drop(nbrs, e);
	else if (e->state == MIDONET_NEIGHBOUR_STATE_PROBE &&
		 e->asked < MN_NBR_ASKS)
		ask(nbrs, e, e->state, q);
	else if (!e->asked && time_after(READ_ONCE(e->live.used), e->heard))
		ask(nbrs, e, MIDONET_NEIGHBOUR_STATE_PROBE, q);
	else
		mn_nbr_set_state(nbrs, e, MIDONET_NEIGHBOUR_STATE_STALE, MN_NBR_LAZY);
}

/* Under the lock: its time has come. */
static void nbr_due(struct mn_nbrs *nbrs, struct mn_nbr *e, struct question *q)
{
	switch (e->state) {
	case MIDONET_NEIGHBOUR_STATE_INCOMPLETE:
		if (e->asked < MN_NBR_ASKS) {
			ask(nbrs, e, e->state, q);
			return;
		}
		mn_nbr_set_state(nbrs, e, MIDONET_NEIGHBOUR_STATE_FAILED,
				 MN_NBR_SECOND);
		/* Their senders are told. */
		mn_nbr_release(e);
		return;
	case MIDONET_NEIGHBOUR_STATE_FAILED:
		mn_nbr_drop(nbrs, e);
		return;
	default:
		grow_old(nbrs, e, q);
	}
}

/* Under the lock. */
static struct mn_nbr *next_due(struct mn_nbrs *nbrs)
{
	struct mn_nbr *e;
	int i;

	for (i = 0; i < MN_NBR_TIMERS; i++) {
		e = list_first_entry_or_null(&nbrs->timers[i], struct mn_nbr,
					     timer);
		if (e && time_after_eq(jiffies, e->due))
			return e;
	}
	return NULL;
}

/* Up to MN_NBR_BATCH things that are due. Returns how many. */
static int run_some(struct mn_nbrs *nbrs)
{
	struct question q;
	struct mn_nbr *e;
	int n;

	local_bh_disable();
	rcu_read_lock();
	for (n = 0; n < MN_NBR_BATCH; n++) {
		q.port = NULL;
		spin_lock_bh(&nbrs->lock);
		e = nbrs->closed ? NULL : next_due(nbrs);
		if (e)
			nbr_due(nbrs, e, &q);
		spin_unlock_bh(&nbrs->lock);
		if (!e)
			break;
		if (q.port)
			mn_nbr_ask(q.port, &q.key, q.mac);
	}
	rcu_read_unlock();
	local_bh_enable();
	return n;
}

static struct mn_port *pop_announce(struct mn_nbrs *nbrs)
{
	struct mn_port *port;

	spin_lock_bh(&nbrs->lock);
	port = list_first_entry_or_null(&nbrs->announce, struct mn_port,
					nbrs.announce);
	if (port)
		list_del_init(&port->nbrs.announce);
	spin_unlock_bh(&nbrs->lock);
	return port;
}

static void announce(struct mn_nbrs *nbrs, struct mn_port *port)
{
	bool more = true;
	int i;

	for (i = 0; more && !READ_ONCE(nbrs->closed); i += MN_NBR_BATCH) {
		local_bh_disable();
		rcu_read_lock();
		more = mn_nbr_say(port, i, MN_NBR_BATCH);
		rcu_read_unlock();
		local_bh_enable();
		cond_resched();
	}
}

/**
 * mn_nbr_announce_some() - announce some of the ports that want it
 * @nbrs: table; once it is closed nothing is said, and only references go
 *
 * Context: may sleep.
 *
 * Return: how many were there, up to a batch
 */
int mn_nbr_announce_some(struct mn_nbrs *nbrs)
{
	struct mn_port *port;
	int n;

	for (n = 0; n < MN_NBR_BATCH; n++) {
		port = pop_announce(nbrs);
		if (!port)
			break;
		announce(nbrs, port);
		mn_obj_put(nbrs->mn, &port->obj);
	}
	return n;
}

/* Under the lock: jiffies until something is due; ULONG_MAX: nothing. */
static unsigned long wait_time(struct mn_nbrs *nbrs)
{
	unsigned long least = ULONG_MAX;
	const struct mn_nbr *e;
	long left;
	int i;

	if (!list_empty(&nbrs->announce))
		return 0;
	for (i = 0; i < MN_NBR_TIMERS; i++) {
		e = list_first_entry_or_null(&nbrs->timers[i], struct mn_nbr,
					     timer);
		if (!e)
			continue;
		left = (long)(e->due - jiffies);
		least = min_t(unsigned long, least, max(left, 0L));
	}
	return least;
}

/**
 * mn_nbr_work() - do what is due
 * @work: &mn_nbrs.work
 */
void mn_nbr_work(struct work_struct *work)
{
	struct mn_nbrs *nbrs = container_of(to_delayed_work(work),
					    struct mn_nbrs, work);
	unsigned long wait;
	int n, left = MN_NBR_RUN;

	do {
		n = run_some(nbrs);
		left -= n;
		cond_resched();
	} while (n == MN_NBR_BATCH && left > 0);
	mn_nbr_announce_some(nbrs);
	spin_lock_bh(&nbrs->lock);
	wait = wait_time(nbrs);
	if (wait != ULONG_MAX && !nbrs->closed)
		mod_delayed_work(system_wq, &nbrs->work, wait);
	spin_unlock_bh(&nbrs->lock);
}

/**
 * mn_nbr_announce() - a router port came up, or got other addresses
 * @port: port
 *
 * Gratuitous ARP and unsolicited advertisements follow soon, once.
 *
 * Context: mn_net.lock, or whoever holds a reference on @port.
 */
void mn_nbr_announce(struct mn_port *port)
{
	struct mn_nbrs *nbrs = port->mn->nbrs;

	/* Some tests have no neighbours. */
	if (!nbrs)
		return;
	spin_lock_bh(&nbrs->lock);
	if (!nbrs->closed && list_empty(&port->nbrs.announce)) {
		refcount_inc(&port->obj.ident.ref);
		list_add_tail(&port->nbrs.announce, &nbrs->announce);
		mod_delayed_work(system_wq, &nbrs->work, 0);
	}
	spin_unlock_bh(&nbrs->lock);
}
