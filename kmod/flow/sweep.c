// SPDX-License-Identifier: GPL-2.0
/*
 * What happens to flows beside the traffic: their counters are folded into
 * rules, routes and interior ports, idle and outdated ones are killed, dead ones freed.
 *
 * One work item a namespace goes over the table in rounds, a second apart, as
 * long as there are flows. A run of it visits a bounded number of them; a round
 * through a large table takes several runs, so that its flows cost a bounded
 * share of a CPU and wait a little longer instead. When table or port is nearly
 * full, flows may be idle for a shorter time only, so that the oldest go first.
 */
#include <linux/sched.h>
#include <linux/workqueue.h>

#include "flow/flow.h"
#include "port/port.h"
#include "sim/count.h"
#include "sim/used.h"

#define MN_SWEEP_SLICE	128	/* flows between two points of rescheduling */
#define MN_SWEEP_PERIOD	HZ		/* between two rounds */
#define MN_SWEEP_PAUSE	(HZ / 10)	/* between two runs of a round */

/**
 * mn_flows_arm() - see to it that the table will be swept
 * @mn: namespace
 * @press: something is full, or a round is not over: do it soon
 *
 * Context: any.
 */
void mn_flows_arm(struct mn_net *mn, bool press)
{
	struct mn_flow_table *table = mn->flows;

	if (unlikely(READ_ONCE(table->stopped)))
		return;
	if (press && !READ_ONCE(table->pressed)) {
		WRITE_ONCE(table->pressed, true);
		mod_delayed_work(system_long_wq, &mn->flow_work,
				 MN_SWEEP_PAUSE);
		return;
	}
	if (!delayed_work_pending(&mn->flow_work))
		queue_delayed_work(system_long_wq, &mn->flow_work,
				   MN_SWEEP_PERIOD);
}

static void count_link(unsigned long link, u64 packets, u64 bytes)
{
	struct mn_port *port = (void *)(link & ~MN_LINK_RX);
	struct mn_port_stats *s;

	local_bh_disable();
	s = this_cpu_ptr(port->stats);
	if (link & MN_LINK_RX) {
		s->rx_packets += packets;
		s->rx_bytes += bytes;
	} else {
		s->tx_packets += packets;
		s->tx_bytes += bytes;
	}
	local_bh_enable();
}

/* What the flow counted since the last time goes where it belongs. */
static void fold(struct mn_flow_table *table, struct mn_flow *flow,
		 const struct mn_flow_stats *sum)
{
	u64 packets = sum->packets - flow->folded_packets;
	u64 bytes = sum->bytes - flow->folded_bytes;
	int i;

	lockdep_assert_held(&table->fold_lock);
	if (!packets)
		return;
	flow->folded_packets = sum->packets;
	flow->folded_bytes = sum->bytes;
	for (i = 0; i < flow->n_counts; i++)
		mn_count_add(mn_flow_counts(flow)[i], packets, bytes);
	for (i = 0; i < flow->n_links; i++)
		count_link(mn_flow_links(flow)[i], packets, bytes);
	for (i = 0; i < flow->n_touch; i++)
		mn_used_touch(mn_flow_touch(flow)[i], sum->used);
	for (i = 0; i < flow->n_conns; i++)
		mn_used_touch(&mn_flow_conn(mn_flow_conns(flow)[i])->used,
			      sum->used);
	table->masks[flow->mask->id].hits += packets;
}

/* How long a flow may be idle: the full time up to three quarters of @max. */
static unsigned long idle_limit(unsigned long limit, u32 n, u32 max)
{
	u32 room;

	if (n <= max / 4 * 3)
		return limit;
	room = n < max ? max - n : 0;
	/* From all of it to nothing over the last quarter. */
	return limit * min_t(u64, room, max / 4) / (max / 4 + 1);
}

static bool is_idle(struct mn_net *mn, const struct mn_flow *flow,
		    unsigned long used)
{
	unsigned long limit = (unsigned long)READ_ONCE(mn->limits.flow_idle) *
			      HZ;

	limit = idle_limit(limit, atomic_read(&mn->flows->n_flows),
			   READ_ONCE(mn->limits.flows_max));
	limit = idle_limit(limit, atomic_read(&flow->in->n_flows),
			   READ_ONCE(mn->limits.flows_per_port));
	return time_after(jiffies, used + limit + MN_SWEEP_PERIOD);
}

static void visit(struct mn_net *mn, struct mn_flow *flow, bool judge)
{
	struct mn_flow_stats sum;

	if (READ_ONCE(flow->epoch) == MN_EPOCH_DEAD)
		return;
	mn_flow_stats_sum(flow, &sum);
	fold(mn->flows, flow, &sum);
	if (judge && mn_flow_valid(mn, flow) && is_idle(mn, flow, sum.used))
		mn_flow_kill(mn->flows, flow);
}

static void kill(struct mn_net *mn, struct mn_flow *flow, bool judge)
{
	mn_flow_kill(mn->flows, flow);
}

typedef void (*visit_fn)(struct mn_net *mn, struct mn_flow *flow, bool judge);

/*
 * Call @fn for the next flows; a table that is resized meanwhile begins anew.
 * False at its end.
 *
 * Between two slices the iterator holds its place by the flow it is at. That
 * must not be one that @fn has just removed, else others of the bucket would be
 * passed over: so it is one step ahead of @fn.
 */
static bool for_some(struct mn_net *mn, struct rhashtable_iter *iter,
		     visit_fn fn, bool judge)
{
	struct mn_flow *flow, *next;
	int n;

	rhashtable_walk_start(iter);
	flow = rhashtable_walk_peek(iter);
	for (n = 0; n < MN_SWEEP_SLICE && flow; n++) {
		next = rhashtable_walk_next(iter);
		if (!IS_ERR(flow))
			fn(mn, flow, judge);
		flow = next;
	}
	rhashtable_walk_stop(iter);
	cond_resched();
	return flow;
}

static void for_all(struct mn_net *mn, visit_fn fn, bool judge)
{
	struct rhashtable_iter iter;

	rhashtable_walk_enter(&mn->flows->ht, &iter);
	while (for_some(mn, &iter, fn, judge))
		;
	rhashtable_walk_exit(&iter);
}

static void round_start(struct mn_flow_table *table)
{
	rhashtable_walk_enter(&table->ht, &table->round);
	WRITE_ONCE(table->round_begin, jiffies);
	WRITE_ONCE(table->in_round, true);
}

static void round_end(struct mn_flow_table *table)
{
	if (!table->in_round)
		return;
	rhashtable_walk_exit(&table->round);
	WRITE_ONCE(table->round_length, jiffies - table->round_begin);
	WRITE_ONCE(table->in_round, false);
}

/* One run of a round; true if the round is over. */
static bool round_run(struct mn_net *mn)
{
	struct mn_flow_table *table = mn->flows;
	int n;

	if (!table->in_round)
		round_start(table);
	for (n = 0; n < MN_SWEEP_RUN; n += MN_SWEEP_SLICE) {
		if (for_some(mn, &table->round, visit, true))
			continue;
		round_end(table);
		return true;
	}
	return false;
}

/**
 * mn_flows_reap() - free the dead flows
 * @mn: namespace
 *
 * Context: fold_lock; sleeps.
 */
void mn_flows_reap(struct mn_net *mn)
{
	struct mn_flow_table *table = mn->flows;
	bool masks = mn_masks_retire(table);
	struct llist_node *dead = llist_del_all(&table->dead);
	struct mn_flow_stats sum;
	struct mn_flow *flow, *next;
	int n = 0;

	lockdep_assert_held(&table->fold_lock);
	if (!dead && !masks)
		return;
	/* Packets that found them in the table, or probe a retired mask. */
	synchronize_rcu();
	if (masks)
		mn_masks_release(table);
	if (!dead)
		return;
	mn_cache_purge(mn);
	/* Packets that found them in a slot. */
	synchronize_rcu();
	llist_for_each_entry_safe(flow, next, dead, dead) {
		mn_flow_stats_sum(flow, &sum);
		fold(table, flow, &sum);
		mn_flow_free(mn, flow);
		if (!(++n % MN_SWEEP_SLICE))
			cond_resched();
	}
}

/**
 * mn_flows_sweep() - one run over the table
 * @work: &mn_net.flow_work
 */
void mn_flows_sweep(struct work_struct *work)
{
	struct mn_net *mn = container_of(to_delayed_work(work), struct mn_net,
					 flow_work);
	struct mn_flow_table *table = mn->flows;
	bool over;

	mutex_lock(&table->fold_lock);
	over = round_run(mn);
	if (over)
		mn_masks_sort(table);
	mn_flows_reap(mn);
	mutex_unlock(&table->fold_lock);
	WRITE_ONCE(table->pressed, false);
	if (!over)
		mn_flows_arm(mn, true);
	else if (mn_flows_count(mn))
		mn_flows_arm(mn, false);
}

/**
 * mn_flows_lag() - how long ago the sweep may have seen a flow last
 * @mn: namespace
 *
 * What flows keep alive (sim/used.h) may have been used since. A flow that came
 * early in one round may come late in the next, if the table was resized.
 *
 * Context: any.
 *
 * Return: jiffies, at least two seconds
 */
unsigned long mn_flows_lag(const struct mn_net *mn)
{
	const struct mn_flow_table *table = mn->flows;
	unsigned long lag = 2 * MN_SWEEP_PERIOD;

	/* Some tests have no flows. */
	if (!table)
		return lag;
	lag += READ_ONCE(table->round_length);
	if (READ_ONCE(table->in_round))
		lag += jiffies - READ_ONCE(table->round_begin);
	return lag;
}

/**
 * mn_flows_fold() - bring the counters that flows feed up to date
 * @mn: namespace
 *
 * Context: may sleep.
 */
void mn_flows_fold(struct mn_net *mn)
{
	mutex_lock(&mn->flows->fold_lock);
	for_all(mn, visit, false);
	mn_flows_reap(mn);
	mutex_unlock(&mn->flows->fold_lock);
}

/**
 * mn_flows_flush() - forget all flows
 * @mn: namespace
 *
 * Context: may sleep. When it returns, no flow that was there before serves a
 * packet any more.
 */
void mn_flows_flush(struct mn_net *mn)
{
	for_all(mn, kill, false);
	mn_flows_arm(mn, false);
}

/**
 * mn_flows_stop() - free all flows
 * @mn: namespace
 *
 * Called when no packet is in a walk or will be: no device feeds any, parked
 * ones are gone. Objects and slab caches are still there. What killed flows was
 * the sweep or a packet, so one pass without both leaves none.
 *
 * Context: may sleep.
 */
void mn_flows_stop(struct mn_net *mn)
{
	struct mn_flow_table *table = mn->flows;

	WRITE_ONCE(table->stopped, true);
	cancel_delayed_work_sync(&mn->flow_work);
	round_end(table);
	do {
		for_all(mn, kill, false);
		mutex_lock(&table->fold_lock);
		mn_flows_reap(mn);
		mutex_unlock(&table->fold_lock);
	} while (atomic_read(&table->ht.nelems) || !llist_empty(&table->dead));
}
