// SPDX-License-Identifier: GPL-2.0
/*
 * The parking lot: packets that wait for something, unmodified, to be walked
 * again from their ingress, in order.
 *
 * What is waited for is a &struct mn_wait with its packets. It hangs in a hash
 * table and in the list of its kind, which is ordered by deadline because all
 * of a kind wait equally long. When it comes, or the deadline does, the wait
 * moves to the list of the released; a worker walks its packets. So a walk
 * never nests in the one that released it, and goes after it.
 *
 * A packet holds a reference on its port from mn_park() until the worker is
 * done with it. References are dropped by workers or at exit only, because the
 * last one may sleep.
 *
 * Teardown: mn_park_stop() is called when no packet is in a walk and no device
 * feeds any, so nobody parks or releases but the worker, whose walks may. The
 * lot is closed first, so what they park is dropped; then the worker is waited
 * for, then the lot is cleared.
 */
#include <linux/jhash.h>
#include <linux/jiffies.h>
#include <linux/list.h>
#include <linux/skbuff.h>
#include <linux/slab.h>
#include <linux/spinlock.h>
#include <linux/workqueue.h>
#include <net/dst.h>

#include "flow/key.h"
#include "port/port.h"
#include "sim/ctx.h"
#include "sim/drop.h"
#include "sim/park.h"

#define MN_PARK_BITS	8

static const struct {
	u16 packets;		/* of one wait */
	unsigned long time;	/* jiffies */
} whys[MN_PARK_WHYS] = {
	[MN_PARK_FRAGMENT] = { 16, HZ },
	/* Longer than it takes to give one up, which releases them. */
	[MN_PARK_NEIGHBOUR] = { 8, 5 * HZ },
	[MN_PARK_STATE] = { 8, HZ / 20 },
};

/**
 * struct mn_wait - packets that wait for one thing
 * @node: in &mn_park.buckets
 * @list: in &mn_park_kind.waits, or in &mn_park.released
 * @key: what for
 * @deadline: jiffies
 * @flags: for mn_walk_packet(), once released
 * @timeout: it did not come
 * @packets: in order
 */
struct mn_wait {
	struct hlist_node node;
	struct list_head list;
	struct mn_park_key key;
	unsigned long deadline;
	u32 flags;
	bool timeout;
	struct sk_buff_head packets;
};

/**
 * struct mn_park_kind - waits of a kind
 * @park: parking lot
 * @waits: in order of deadline
 * @timer: looks at the first deadline, or earlier
 */
struct mn_park_kind {
	struct mn_park *park;
	struct list_head waits;
	struct delayed_work timer;
};

/**
 * struct mn_park - parking lot of a namespace
 * @mn: namespace
 * @lock: protects the rest
 * @n: parked packets
 * @closed: nothing parks any more
 * @kinds: by &enum mn_park_why
 * @released: to be walked
 * @buckets: by key
 * @walker: walks @released
 */
struct mn_park {
	struct mn_net *mn;
	spinlock_t lock;		/* see above */
	u32 n;
	bool closed;
	struct mn_park_kind kinds[MN_PARK_WHYS];
	struct list_head released;
	struct hlist_head buckets[1 << MN_PARK_BITS];
	struct work_struct walker;
};

/* In skb->cb of a parked packet. */
struct park_cb {
	struct mn_port *in;
};

#define PARK_CB(skb)	((struct park_cb *)(skb)->cb)

static struct kmem_cache *mn_wait_cache;

static struct hlist_head *bucket_of(struct mn_park *p,
				    const struct mn_park_key *key)
{
	u32 h = jhash2((const u32 *)key, sizeof(*key) / sizeof(u32), 0);

	BUILD_BUG_ON(sizeof(*key) % sizeof(u32));
	return &p->buckets[h & ((1 << MN_PARK_BITS) - 1)];
}

/* Under the lock. */
static struct mn_wait *wait_find(struct mn_park *p,
				 const struct mn_park_key *key)
{
	struct mn_wait *w;

	hlist_for_each_entry(w, bucket_of(p, key), node) {
		if (!memcmp(&w->key, key, sizeof(*key)))
			return w;
	}
	return NULL;
}

/* Under the lock. */
static struct mn_wait *wait_new(struct mn_park *p,
				const struct mn_park_key *key)
{
	struct mn_wait *w;

	w = kmem_cache_zalloc(mn_wait_cache, GFP_ATOMIC | __GFP_NOWARN);
	if (!w)
		return NULL;
	w->key = *key;
	w->deadline = jiffies + whys[key->why].time;
	skb_queue_head_init(&w->packets);
	hlist_add_head(&w->node, bucket_of(p, key));
	list_add_tail(&w->list, &p->kinds[key->why].waits);
	/* If it is pending it is for an earlier deadline, and stays so. */
	schedule_delayed_work(&p->kinds[key->why].timer, whys[key->why].time);
	return w;
}

/* Under the lock: the worker takes over. */
static void wait_release(struct mn_park *p, struct mn_wait *w, bool timeout)
{
	hlist_del(&w->node);
	list_move_tail(&w->list, &p->released);
	w->timeout = timeout;
	w->flags = timeout ? MN_WALK_ALONE : 0;
	schedule_work(&p->walker);
}

/* Under the lock: a place for one more packet, or NULL. */
static struct mn_wait *find_room(struct mn_park *p, struct mn_port *in,
				 const struct mn_park_key *key)
{
	const struct mn_limits *limits = &p->mn->limits;
	struct mn_wait *w;

	if (p->closed || p->n >= READ_ONCE(limits->parked_max) ||
	    (u32)atomic_read(&in->n_parked) >= READ_ONCE(limits->parked_per_port))
		return NULL;
	w = wait_find(p, key);
	if (!w)
		return wait_new(p, key);
	return skb_queue_len(&w->packets) < whys[key->why].packets ? w : NULL;
}

/**
 * mn_park() - keep a packet until mn_park_release() or the deadline
 * @mn: namespace
 * @in: port where it entered the overlay
 * @skb: packet as it entered; consumed
 * @key: what it waits for
 *
 * Without room it is dropped, as park-full.
 *
 * Context: BH disabled, RCU.
 */
void mn_park(struct mn_net *mn, struct mn_port *in, struct sk_buff *skb,
	     const struct mn_park_key *key)
{
	struct mn_park *p = mn->park;
	struct mn_wait *w;

	/* What waits must not keep a sender's buffer or a route busy. */
	skb_orphan(skb);
	skb_dst_drop(skb);
	spin_lock_bh(&p->lock);
	w = find_room(p, in, key);
	if (w) {
		/* The walk found it under RCU: it has a reference yet. */
		refcount_inc(&in->obj.ident.ref);
		atomic_inc(&in->n_parked);
		skb->dev = NULL;
		PARK_CB(skb)->in = in;
		__skb_queue_tail(&w->packets, skb);
		p->n++;
	}
	spin_unlock_bh(&p->lock);
	if (!w)
		mn_drop_port(mn, skb, MIDONET_DROP_REASON_PARK_FULL, in);
}

/**
 * mn_park_release() - what packets wait for has come
 * @mn: namespace
 * @key: it
 *
 * A worker walks them again, in order.
 *
 * Context: any.
 */
void mn_park_release(struct mn_net *mn, const struct mn_park_key *key)
{
	struct mn_park *p = mn->park;
	struct mn_wait *w;

	if (!READ_ONCE(p->n))
		return;
	spin_lock_bh(&p->lock);
	w = wait_find(p, key);
	if (w)
		wait_release(p, w, false);
	spin_unlock_bh(&p->lock);
}

/* Consumes @skb. Under RCU, BH disabled. */
static void walk_again(struct mn_port *in, struct sk_buff *skb, u32 flags)
{
	struct mn_flow_key key;
	struct mn_pkt pkt;

	if (mn_key_extract(skb, in->obj.index, &key, &pkt))
		mn_drop_port(in->mn, skb, MIDONET_DROP_REASON_MALFORMED, in);
	else
		mn_walk_packet(in, skb, &key, &pkt, flags);
}

/* Consumes @skb. */
static void unpark(struct mn_park *p, const struct mn_wait *w,
		   struct sk_buff *skb)
{
	struct mn_port *in = PARK_CB(skb)->in;
	bool drop = w->timeout && w->key.why != MN_PARK_FRAGMENT;

	memset(skb->cb, 0, sizeof(skb->cb));
	spin_lock_bh(&p->lock);
	p->n--;
	drop |= p->closed;
	spin_unlock_bh(&p->lock);
	atomic_dec(&in->n_parked);

	local_bh_disable();
	rcu_read_lock();
	if (drop)
		mn_drop_port(p->mn, skb, MIDONET_DROP_REASON_PARK_TIMEOUT, in);
	else
		walk_again(in, skb, w->flags);
	rcu_read_unlock();
	local_bh_enable();
	mn_obj_put(p->mn, &in->obj);
}

static struct mn_wait *pop_released(struct mn_park *p)
{
	struct mn_wait *w;

	spin_lock_bh(&p->lock);
	w = list_first_entry_or_null(&p->released, struct mn_wait, list);
	if (w)
		list_del(&w->list);
	spin_unlock_bh(&p->lock);
	return w;
}

static void walk_released(struct mn_park *p)
{
	struct sk_buff *skb;
	struct mn_wait *w;

	while ((w = pop_released(p))) {
		while ((skb = __skb_dequeue(&w->packets)))
			unpark(p, w, skb);
		kmem_cache_free(mn_wait_cache, w);
		cond_resched();
	}
}

static void park_walker(struct work_struct *work)
{
	walk_released(container_of(work, struct mn_park, walker));
}

static void park_timer(struct work_struct *work)
{
	struct mn_park_kind *kind = container_of(to_delayed_work(work),
						 struct mn_park_kind, timer);
	struct mn_park *p = kind->park;
	struct mn_wait *w, *tmp;
	long left;

	spin_lock_bh(&p->lock);
	list_for_each_entry_safe(w, tmp, &kind->waits, list) {
		left = (long)(w->deadline - jiffies);
		if (left > 0) {
			/* One that came meanwhile has set it for later. */
			if (!p->closed)
				mod_delayed_work(system_wq, &kind->timer, left);
			break;
		}
		wait_release(p, w, true);
	}
	spin_unlock_bh(&p->lock);
}

/* Under the lock: take the packets that entered at a port off a wait. */
static void take_port(struct mn_wait *w, const struct mn_port *in,
		      struct sk_buff_head *gone)
{
	struct sk_buff *skb, *next;

	skb_queue_walk_safe(&w->packets, skb, next) {
		if (PARK_CB(skb)->in != in)
			continue;
		__skb_unlink(skb, &w->packets);
		__skb_queue_tail(gone, skb);
	}
}

/**
 * mn_park_forget() - a port goes: drop what entered there and waits
 * @mn: namespace
 * @in: port
 *
 * Packets hold the port, so this is a courtesy, not a condition of its end.
 *
 * Context: may sleep.
 */
void mn_park_forget(struct mn_net *mn, struct mn_port *in)
{
	struct mn_park *p = mn->park;
	struct sk_buff_head gone;
	struct sk_buff *skb;
	struct mn_wait *w;
	u32 why;

	if (!atomic_read(&in->n_parked))
		return;
	__skb_queue_head_init(&gone);
	spin_lock_bh(&p->lock);
	for (why = 0; why < MN_PARK_WHYS; why++) {
		list_for_each_entry(w, &p->kinds[why].waits, list)
			take_port(w, in, &gone);
	}
	p->n -= skb_queue_len(&gone);
	spin_unlock_bh(&p->lock);
	while ((skb = __skb_dequeue(&gone))) {
		atomic_dec(&in->n_parked);
		memset(skb->cb, 0, sizeof(skb->cb));
		local_bh_disable();
		rcu_read_lock();
		mn_drop_port(mn, skb, MIDONET_DROP_REASON_PORT_DOWN, in);
		rcu_read_unlock();
		local_bh_enable();
		mn_obj_put(mn, &in->obj);
	}
}

/**
 * mn_park_init() - set up the parking lot of a namespace
 * @mn: namespace
 *
 * Context: may sleep.
 *
 * Return: 0 or -ENOMEM
 */
int mn_park_init(struct mn_net *mn)
{
	struct mn_park *p = kzalloc(sizeof(*p), GFP_KERNEL_ACCOUNT);
	int i;

	if (!p)
		return -ENOMEM;
	p->mn = mn;
	spin_lock_init(&p->lock);
	for (i = 0; i < MN_PARK_WHYS; i++) {
		p->kinds[i].park = p;
		INIT_LIST_HEAD(&p->kinds[i].waits);
		INIT_DELAYED_WORK(&p->kinds[i].timer, park_timer);
	}
	INIT_LIST_HEAD(&p->released);
	INIT_WORK(&p->walker, park_walker);
	mn->park = p;
	return 0;
}

/**
 * mn_park_stop() - drop everything parked; see the top of the file
 * @mn: namespace; no packet is in a walk
 *
 * Context: may sleep.
 */
void mn_park_stop(struct mn_net *mn)
{
	struct mn_park *p = mn->park;
	struct mn_wait *w, *tmp;
	u32 why;

	spin_lock_bh(&p->lock);
	p->closed = true;
	spin_unlock_bh(&p->lock);
	for (why = 0; why < MN_PARK_WHYS; why++)
		cancel_delayed_work_sync(&p->kinds[why].timer);
	spin_lock_bh(&p->lock);
	for (why = 0; why < MN_PARK_WHYS; why++) {
		list_for_each_entry_safe(w, tmp, &p->kinds[why].waits, list)
			wait_release(p, w, true);
	}
	spin_unlock_bh(&p->lock);
	flush_work(&p->walker);
}

/**
 * mn_park_exit() - free the parking lot
 * @mn: namespace; stopped, or never used
 *
 * Context: may sleep.
 */
void mn_park_exit(struct mn_net *mn)
{
	mn_park_stop(mn);
	WARN_ON_ONCE(mn->park->n);
	kfree(mn->park);
}

/**
 * mn_park_caches_create() - make the slab of waits
 *
 * Return: 0 or -ENOMEM
 */
int mn_park_caches_create(void)
{
	mn_wait_cache = KMEM_CACHE(mn_wait, 0);
	return mn_wait_cache ? 0 : -ENOMEM;
}

/**
 * mn_park_caches_destroy() - the opposite
 *
 * Context: may sleep.
 */
void mn_park_caches_destroy(void)
{
	kmem_cache_destroy(mn_wait_cache);
}
