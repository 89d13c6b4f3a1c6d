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
 *
 * Clients are counted for the port by which they came, until their memory is
 * free, which their flows may delay. If there is no room for another one in the
 * table or for the port, one of the same port gives way; if that has none, any.
 */
#include <linux/rhashtable.h>
#include <linux/sched.h>
#include <linux/slab.h>

#include "balance/balancer.h"
#include "balance/sticky.h"
#include "limits.h"

#define MN_STICKY_LATE		(10 * HZ)	/* how late the sweep may be */
#define MN_STICKY_PERIOD	(5 * HZ)	/* between two rounds of the worker */
#define MN_STICKY_SLICE		256		/* entries it looks at in one go */
#define MN_STICKY_LOOKS		32		/* entries of which the oldest goes */
/* Room that is kept: who was put out still counts for a grace period. */
#define MN_STICKY_SPARE(max)	((max) / 16)

/**
 * struct mn_sticky_share - the clients that came by a port
 * @clock: &mn_sticky.by_port of those in the table
 * @port: index; another port may have it by now, and takes over what is left
 * @n: clients, until their memory is free
 *
 * Under &mn_stickies.lock. There as long as @n is not 0.
 */
struct mn_sticky_share {
	struct list_head clock;
	u32 port;
	u32 n;
};

/**
 * struct mn_sticky - a client that sticks to a member
 * @live: last use; the table and flows hold it
 * @node: in &mn_stickies.table
 * @clock: in &mn_stickies.clock, under its lock; empty: out of the table
 * @by_port: in &mn_sticky_share.clock, likewise
 * @key: VIP and client; constant
 * @member: &mn_pool_member.hash; read lockless
 * @seconds: for which it lives; read lockless
 * @of: table it is in; constant
 * @share: whom it is counted for; constant
 * @rcu: for leaving
 */
struct mn_sticky {
	struct mn_used live;
	struct rhash_head node;
	struct list_head clock;
	struct list_head by_port;
	struct mn_sticky_key key;
	u64 member;
	u32 seconds;
	struct mn_stickies *of;
	struct mn_sticky_share *share;
	struct rcu_head rcu;
};

static struct kmem_cache *mn_sticky_cache, *mn_share_cache;

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

/* Under the lock: counted for a port no more. */
static void share_put(struct mn_stickies *s, struct mn_sticky_share *share)
{
	if (--share->n)
		return;
	xa_erase(&s->shares, share->port);
	kmem_cache_free(mn_share_cache, share);
}

/* The last reference went; any context but under the lock. */
static void sticky_free(struct mn_used *live)
{
	struct mn_sticky *e = container_of(live, struct mn_sticky, live);
	struct mn_stickies *s = e->of;

	spin_lock_bh(&s->lock);
	WRITE_ONCE(s->n, s->n - 1);
	share_put(s, e->share);
	spin_unlock_bh(&s->lock);
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
	list_del_init(&e->by_port);
	rhashtable_remove_fast(&s->table, &e->node, sticky_params);
	call_rcu(&e->rcu, sticky_put_rcu);
}

static struct mn_sticky *next_of_all(struct mn_stickies *s)
{
	struct mn_sticky *e = list_first_entry_or_null(&s->clock,
						       struct mn_sticky, clock);

	if (e)
		list_move_tail(&e->clock, &s->clock);
	return e;
}

static struct mn_sticky *next_of_share(struct mn_sticky_share *share)
{
	struct mn_sticky *e = list_first_entry_or_null(&share->clock,
						       struct mn_sticky,
						       by_port);

	if (e)
		list_move_tail(&e->by_port, &share->clock);
	return e;
}

/*
 * Of a few of a port, or if it has none, of all, who was used last the longest
 * time ago goes.
 */
static void evict(struct mn_stickies *s, struct mn_sticky_share *share)
{
	bool own = !list_empty(&share->clock);
	struct mn_sticky *e, *oldest = NULL;
	int i;

	for (i = 0; i < MN_STICKY_LOOKS; i++) {
		e = own ? next_of_share(share) : next_of_all(s);
		if (!e)
			return;
		if (!oldest || time_before(READ_ONCE(e->live.used),
					   READ_ONCE(oldest->live.used)))
			oldest = e;
	}
	WRITE_ONCE(s->n_evicted, s->n_evicted + 1);
	drop(s, oldest);
}

static struct mn_sticky_share *share_get(struct mn_stickies *s, u32 port)
{
	struct mn_sticky_share *share = xa_load(&s->shares, port);

	if (!share) {
		share = kmem_cache_zalloc(mn_share_cache,
					  GFP_ATOMIC | __GFP_NOWARN);
		if (!share)
			return NULL;
		INIT_LIST_HEAD(&share->clock);
		share->port = port;
		if (xa_is_err(xa_store(&s->shares, port, share,
				       GFP_ATOMIC | __GFP_NOWARN))) {
			kmem_cache_free(mn_share_cache, share);
			return NULL;
		}
	}
	share->n++;
	return share;
}

/* With the one that is to be made? So no more go in a grace period than that. */
static bool is_tight(u32 n, u32 max)
{
	return n > max - MN_STICKY_SPARE(max);
}

/* The client that is to be made is counted for its port already. */
static bool make_room(struct mn_stickies *s, struct mn_sticky_share *share)
{
	u32 max = READ_ONCE(s->limits->sticky_max);
	u32 own = READ_ONCE(s->limits->sticky_per_port);

	if (s->closed || s->n >= max || share->n > own)
		return false;
	if (is_tight(s->n + 1, max) || is_tight(share->n, own))
		evict(s, share);
	return true;
}

static struct mn_sticky *sticky_alloc(struct mn_stickies *s, u32 port)
{
	struct mn_sticky_share *share = share_get(s, port);
	struct mn_sticky *e = NULL;

	if (!share)
		return NULL;
	if (make_room(s, share))
		e = kmem_cache_zalloc(mn_sticky_cache,
				      GFP_ATOMIC | __GFP_NOWARN);
	if (!e) {
		share_put(s, share);
		return NULL;
	}
	e->of = s;
	e->share = share;
	WRITE_ONCE(s->n, s->n + 1);
	return e;
}

static struct mn_sticky *sticky_new(struct mn_stickies *s,
				    const struct mn_sticky_key *key, u64 member,
				    u32 seconds, u32 port)
{
	struct mn_sticky *e = sticky_alloc(s, port);

	if (!e)
		return NULL;
	INIT_LIST_HEAD(&e->clock);
	INIT_LIST_HEAD(&e->by_port);
	refcount_set(&e->live.ref, 1);
	e->live.used = jiffies;
	e->live.free = sticky_free;
	e->key = *key;
	e->member = member;
	e->seconds = seconds;
	if (rhashtable_lookup_insert_fast(&s->table, &e->node, sticky_params)) {
		/* A reader may have seen it for a moment. */
		call_rcu(&e->rcu, sticky_put_rcu);
		return NULL;
	}
	list_add_tail(&e->clock, &s->clock);
	list_add_tail(&e->by_port, &e->share->clock);
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
 * @port: index of the port by which the packet entered the overlay
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
			       u32 seconds, u32 port, bool replace)
{
	struct mn_sticky *e = lookup(s, key);

	if (!e) {
		spin_lock_bh(&s->lock);
		e = lookup(s, key) ?: sticky_new(s, key, member, seconds,
						 port);
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
	u32 left = READ_ONCE(s->n), n;

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
 * @limits: of the namespace
 *
 * Return: 0 or a negative error
 */
int mn_stickies_init(struct mn_stickies *s, const struct mn_limits *limits)
{
	spin_lock_init(&s->lock);
	INIT_LIST_HEAD(&s->clock);
	INIT_DELAYED_WORK(&s->work, sticky_work);
	xa_init(&s->shares);
	s->limits = limits;
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
	WARN_ON_ONCE(s->n || !xa_empty(&s->shares));
	xa_destroy(&s->shares);
	rhashtable_destroy(&s->table);
}

/**
 * mn_sticky_caches_create() - make the slabs of clients, and of ports' shares
 *
 * Return: 0 or -ENOMEM
 */
int mn_sticky_caches_create(void)
{
	mn_sticky_cache = KMEM_CACHE(mn_sticky, 0);
	mn_share_cache = KMEM_CACHE(mn_sticky_share, 0);
	if (mn_sticky_cache && mn_share_cache)
		return 0;
	mn_sticky_caches_destroy();
	return -ENOMEM;
}

/**
 * mn_sticky_caches_destroy() - the opposite
 *
 * Context: after rcu_barrier(); may sleep.
 */
void mn_sticky_caches_destroy(void)
{
	kmem_cache_destroy(mn_sticky_cache);
	kmem_cache_destroy(mn_share_cache);
}
