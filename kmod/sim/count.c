// SPDX-License-Identifier: GPL-2.0
/*
 * Counters of what packets meet on their walk: rules and routes.
 *
 * A walk notes what it counts for (mn_ctx_count()). If it leaves a flow, the flow
 * holds a reference of each and the sweep brings it what the flow has counted;
 * else the packet is counted when its walk is over. So nothing is written for a
 * packet that hits a flow, and every packet is counted once.
 *
 * What is used by few of its kind, as of a million routes, does not contain its
 * counters but has a pointer to them, which is NULL until the first packet.
 */
#include <linux/slab.h>

#include "policy/chain.h"
#include "sim/count.h"

static struct kmem_cache *mn_count_cache;

static void free_alone(struct mn_count *c)
{
	kmem_cache_free(mn_count_cache, c);
}

static void (*const frees[])(struct mn_count *c) = {
	[MN_COUNT_ALONE] = free_alone,
	[MN_COUNT_RULE] = mn_rule_free,
};

/**
 * mn_count_put() - drop a reference
 * @c: counters or NULL
 *
 * Context: any.
 */
void mn_count_put(struct mn_count *c)
{
	if (c && refcount_dec_and_test(&c->ref))
		frees[c->kind](c);
}

/**
 * mn_count_move() - what was counted so far goes over to something else
 * @to: gets it
 * @from: is at 0 then
 *
 * Context: any. What is counted for @from meanwhile is in one of them.
 */
void mn_count_move(struct mn_count *to, struct mn_count *from)
{
	mn_count_add(to, atomic64_xchg(&from->packets, 0),
		     atomic64_xchg(&from->bytes, 0));
}

/**
 * mn_count_at() - counters that are made when they are needed first
 * @slot: of what counts; NULL, or counters with one reference, which whoever
 *	frees that drops a grace period after it left its tables
 *
 * Context: any; RCU keeps what counts. Whoever reads @slot elsewhere uses
 * READ_ONCE().
 *
 * Return: the counters, NULL if there is no memory for them
 */
struct mn_count *mn_count_at(struct mn_count **slot)
{
	struct mn_count *c = READ_ONCE(*slot), *old;

	if (likely(c))
		return c;
	c = kmem_cache_zalloc(mn_count_cache, GFP_ATOMIC | __GFP_NOWARN);
	if (!c)
		return NULL;
	mn_count_init(c, MN_COUNT_ALONE);
	old = cmpxchg(slot, NULL, c);	/* orders what is written before */
	if (!old)
		return c;
	free_alone(c);
	return old;
}

/**
 * mn_count_caches_create() - make the cache of counters
 *
 * Return: 0 or -ENOMEM
 */
int mn_count_caches_create(void)
{
	mn_count_cache = kmem_cache_create("mn_count", sizeof(struct mn_count),
					   8, 0, NULL);
	return mn_count_cache ? 0 : -ENOMEM;
}

/**
 * mn_count_caches_destroy() - undo mn_count_caches_create()
 *
 * Context: may sleep. No flow, and nothing that counts, is left.
 */
void mn_count_caches_destroy(void)
{
	kmem_cache_destroy(mn_count_cache);
	mn_count_cache = NULL;
}
