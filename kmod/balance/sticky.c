// SPDX-License-Identifier: GPL-2.0
/*
 * Clients of VIPs that stick to a member of the pool. Without this table all
 * connections of a client go to the same member already, as long as the pool
 * stays as it is; with it also when members come.
 *
 * An entry is made when a packet was sent, and lives as long as the VIP says
 * behind the last one. A flow that came of such a packet refers to it (sim/used.h),
 * so that packets that hit the flow keep it alive, by way of the sweep. That
 * tells of them some seconds late, so an entry lives a little longer.
 *
 * A member is known by its hash: one word, which can change under readers.
 */
#include <linux/rhashtable.h>
#include <linux/sched.h>
#include <linux/slab.h>

#include "balance/balancer.h"
#include "balance/sticky.h"

#define MN_STICKY_LATE		(10 * HZ)	/* how late the sweep may be */
#define MN_STICKY_PERIOD	(5 * HZ)	/* between two rounds of the worker */
#define MN_STICKY_SLICE		256		/* entries it looks at in one go */
#define MN_STICKY_LOOKS		32		/* entries of which the oldest goes */
/* Room that is kept: who was put out still counts for a grace period. */
#define MN_STICKY_SPARE(max)	((max) / 16)

/**
 * struct mn_sticky - a client that sticks to a member
 * @live: last use; the table and flows hold it
 * @node: in &mn_stickies.table
 * @clock: in &mn_stickies.clock, under its lock; empty: out of the table
 * @key: VIP and client; constant
 * @member: &mn_pool_member.hash; read lockless
 * @seconds: for which it lives; read lockless
 * @of: table it is in; constant
 * @rcu: for leaving
 */
struct mn_sticky {
	struct mn_used live;
	struct rhash_head node;
	struct list_head clock;
	struct mn_sticky_key key;
	u64 member;
	u32 seconds;
	struct mn_stickies *of;
	struct rcu_head rcu;
};

static struct kmem_cache *mn_sticky_cache;

static const struct rhashtable_params sticky_params = {
	.head_offset = offsetof(struct mn_sticky, node),
	.key_offset = offsetof(struct mn_sticky, key),
	.key_len = sizeof(struct mn_sticky_key),
	.automatic_shrinking = true,
};

/**
 * mn_sticky_key_set() - set a key up
 * @key: key
 * @vip: VIP
 * @client: address of the client
 */
void mn_sticky_key_set(struct mn_sticky_key *key, const struct mn_service *vip,
		       const struct in6_addr *client)
{
	BUILD_BUG_ON(sizeof(key->vip) != sizeof(*vip));
	BUILD_BUG_ON(sizeof(*key) != sizeof(key->vip) + sizeof(key->client));
	memcpy(key->vip, vip, sizeof(*vip));
	key->client = *client;
}

static bool expired(const struct mn_sticky *e)
{
	return time_after(jiffies, READ_ONCE(e->live.used) +
			  (unsigned long)READ_ONCE(e->seconds) * HZ +
			  MN_STICKY_LATE);
}

static struct mn_sticky *lookup(struct mn_stickies *s,
				const struct mn_sticky_key *key)
{
	return rhashtable_lookup(&s->table, key, sticky_params);
}

/**
 * mn_sticky_find() - the member a client sticks to
 * @s: table
 * @key: VIP and client
 * @member: set to its hash
 *
 * Context: RCU.
 *
 * Return: false if the client is free to go anywhere
 */
bool mn_sticky_find(struct mn_stickies *s, const struct mn_sticky_key *key,
		    u64 *member)
{
	const struct mn_sticky *e = lookup(s, key);

	if (!e || expired(e))
		return false;
	*member = READ_ONCE(e->member);
	return true;
}

static void sticky_free(struct mn_used *live)
{
	struct mn_sticky *e = container_of(live, struct mn_sticky, live);

	atomic_dec(&e->of->n);
	kmem_cache_free(mn_sticky_cache, e);
}

static void sticky_put_rcu(struct rcu_head *rcu)
{
	mn_used_put(&container_of(rcu, struct mn_sticky, rcu)->live);
}

/* What follows is under the lock. */

static void drop(struct mn_stickies *s, struct mn_sticky *e)
{
	list_del_init(&e->clock);
	rhashtable_remove_fast(&s->table, &e->node, sticky_params);
	call_rcu(&e->rcu, sticky_put_rcu);
}

/* Of a few, who was used last the longest time ago goes. */
static void evict(struct mn_stickies *s)
{
	struct mn_sticky *e, *oldest = NULL;
	int i;

	for (i = 0; i < MN_STICKY_LOOKS; i++) {
		e = list_first_entry_or_null(&s->clock, struct mn_sticky,
					     clock);
		if (!e)
			return;
		if (!oldest || time_before(READ_ONCE(e->live.used),
					   READ_ONCE(oldest->live.used)))
			oldest = e;
		list_move_tail(&e->clock, &s->clock);
	}
	drop(s, oldest);
}

static struct mn_sticky *sticky_new(struct mn_stickies *s,
				    const struct mn_sticky_key *key, u64 member,
				    u32 seconds)
{
	struct mn_sticky *e;
	u32 n = atomic_read(&s->n);

	/* So no more than the spare room is put out in a grace period. */
	if (s->closed || n >= s->max)
		return NULL;
	if (n >= s->max - MN_STICKY_SPARE(s->max))
		evict(s);
	e = kmem_cache_zalloc(mn_sticky_cache, GFP_ATOMIC | __GFP_NOWARN);
	if (!e)
		return NULL;
	refcount_set(&e->live.ref, 1);
	e->live.used = jiffies;
	e->live.free = sticky_free;
	e->key = *key;
	e->member = member;
	e->seconds = seconds;
	e->of = s;
	atomic_inc(&s->n);
	if (rhashtable_lookup_insert_fast(&s->table, &e->node, sticky_params)) {
		/* A reader may have seen it for a moment. */
		call_rcu(&e->rcu, sticky_put_rcu);
		return NULL;
	}
	list_add_tail(&e->clock, &s->clock);
	if (!delayed_work_pending(&s->work))
		schedule_delayed_work(&s->work, MN_STICKY_PERIOD);
	return e;
}

/**
 * mn_sticky_note() - a packet of a client was sent to a member
 * @s: table
 * @key: VIP and client
 * @member: hash of the member
 * @seconds: for which the client keeps it
 * @replace: the client goes there from now on, even if it stuck to another;
 *	else the packet belongs to an older connection
 *
 * Context: BH disabled, RCU.
 *
 * Return: what the packet's flow is to keep alive, valid as long as RCU holds;
 * NULL if there is no room
 */
struct mn_used *mn_sticky_note(struct mn_stickies *s,
			       const struct mn_sticky_key *key, u64 member,
			       u32 seconds, bool replace)
{
	struct mn_sticky *e = lookup(s, key);

	if (!e) {
		spin_lock_bh(&s->lock);
		e = lookup(s, key) ?: sticky_new(s, key, member, seconds);
		spin_unlock_bh(&s->lock);
		if (!e)
			return NULL;
	}
	if (READ_ONCE(e->member) != member && (replace || expired(e)))
		WRITE_ONCE(e->member, member);
	if (READ_ONCE(e->seconds) != seconds)
		WRITE_ONCE(e->seconds, seconds);
	mn_used_touch(&e->live, jiffies);
	return &e->live;
}

/* Look at some; returns how many. */
static u32 expire_some(struct mn_stickies *s, u32 n)
{
	struct mn_sticky *e;
	u32 i;

	spin_lock_bh(&s->lock);
	for (i = 0; i < n; i++) {
		e = list_first_entry_or_null(&s->clock, struct mn_sticky,
					     clock);
		if (!e)
			break;
		if (expired(e) || s->closed)
			drop(s, e);
		else
			list_move_tail(&e->clock, &s->clock);
	}
	spin_unlock_bh(&s->lock);
	return i;
}

static void sticky_work(struct work_struct *work)
{
	struct mn_stickies *s = container_of(to_delayed_work(work),
					     struct mn_stickies, work);
	u32 left = atomic_read(&s->n), n;

	while (left) {
		n = min_t(u32, left, MN_STICKY_SLICE);
		if (expire_some(s, n) < n)
			break;
		left -= n;
		cond_resched();
	}
	spin_lock_bh(&s->lock);
	if (!s->closed && !list_empty(&s->clock))
		schedule_delayed_work(&s->work, MN_STICKY_PERIOD);
	spin_unlock_bh(&s->lock);
}

/**
 * mn_stickies_init() - set a table up
 * @s: table
 * @max: most clients in it
 *
 * Return: 0 or a negative error
 */
int mn_stickies_init(struct mn_stickies *s, u32 max)
{
	spin_lock_init(&s->lock);
	INIT_LIST_HEAD(&s->clock);
	INIT_DELAYED_WORK(&s->work, sticky_work);
	s->max = max;
	return rhashtable_init(&s->table, &sticky_params);
}

/**
 * mn_stickies_stop() - forget everybody
 * @s: table; no packet is in a walk
 *
 * Context: may sleep.
 */
void mn_stickies_stop(struct mn_stickies *s)
{
	spin_lock_bh(&s->lock);
	s->closed = true;
	spin_unlock_bh(&s->lock);
	cancel_delayed_work_sync(&s->work);
	while (expire_some(s, MN_STICKY_SLICE))
		cond_resched();
}

/**
 * mn_stickies_exit() - free a table
 * @s: table; the flows are gone, and with them all references
 *
 * Context: may sleep.
 */
void mn_stickies_exit(struct mn_stickies *s)
{
	mn_stickies_stop(s);
	/* Entries are counted down when they go. */
	rcu_barrier();
	WARN_ON_ONCE(atomic_read(&s->n));
	rhashtable_destroy(&s->table);
}

/**
 * mn_sticky_caches_create() - make the slab of clients
 *
 * Return: 0 or -ENOMEM
 */
int mn_sticky_caches_create(void)
{
	mn_sticky_cache = KMEM_CACHE(mn_sticky, 0);
	return mn_sticky_cache ? 0 : -ENOMEM;
}

/**
 * mn_sticky_caches_destroy() - the opposite
 *
 * Context: after rcu_barrier(); may sleep.
 */
void mn_sticky_caches_destroy(void)
{
	kmem_cache_destroy(mn_sticky_cache);
}
