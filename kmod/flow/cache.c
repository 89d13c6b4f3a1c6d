// SPDX-License-Identifier: GPL-2.0
/*
 * Memory of the per-CPU exact-match caches, see flow/cache.h.
 */
#include <linux/slab.h>
#include <linux/topology.h>

#include "flow/cache.h"
#include "flow/flow.h"

/**
 * mn_cache_exit() - release the caches
 * @mn: namespace without packets
 */
void mn_cache_exit(struct mn_net *mn)
{
	int cpu;

	if (!mn->cache)
		return;
	for_each_possible_cpu(cpu)
		kvfree(*per_cpu_ptr(mn->cache->cpu, cpu));
	free_percpu(mn->cache->cpu);
	kfree(mn->cache);
	mn->cache = NULL;
}

/**
 * mn_cache_init() - set the caches up
 * @mn: namespace
 *
 * Context: may sleep.
 *
 * Return: 0 or -ENOMEM
 */
int mn_cache_init(struct mn_net *mn)
{
	struct mn_cache *cache;
	int cpu;

	cache = kzalloc(sizeof(*cache), GFP_KERNEL_ACCOUNT);
	if (!cache)
		return -ENOMEM;
	cache->cpu = alloc_percpu_gfp(struct mn_cache_cpu *, GFP_KERNEL_ACCOUNT);
	if (!cache->cpu) {
		kfree(cache);
		return -ENOMEM;
	}
	mn->cache = cache;
	for_each_possible_cpu(cpu) {
		struct mn_cache_cpu *c;

		c = kvzalloc_node(sizeof(*c), GFP_KERNEL_ACCOUNT,
				  cpu_to_node(cpu));
		if (!c) {
			mn_cache_exit(mn);
			return -ENOMEM;
		}
		*per_cpu_ptr(cache->cpu, cpu) = c;
	}
	return 0;
}

static void purge_slot(struct mn_flow **slot)
{
	struct mn_flow *flow = READ_ONCE(*slot);

	/*
	 * A dead flow in a slot is freed by the caller after this, so it can
	 * be read. If the slot's CPU has put another flow there meanwhile, that
	 * one stays.
	 */
	if (flow && READ_ONCE(flow->epoch) == MN_EPOCH_DEAD)
		cmpxchg(slot, flow, NULL);
}

/**
 * mn_cache_purge() - clear all slots that hold dead flows
 * @mn: namespace
 *
 * Called between the two grace periods of a reaped flow, by the only one who
 * frees flows.
 *
 * Context: may sleep.
 */
void mn_cache_purge(struct mn_net *mn)
{
	struct mn_flow **slots;
	int cpu, i;

	for_each_possible_cpu(cpu) {
		slots = (*per_cpu_ptr(mn->cache->cpu, cpu))->slots;
		for (i = 0; i < MN_CACHE_SLOTS; i++)
			purge_slot(&slots[i]);
		cond_resched();
	}
}
