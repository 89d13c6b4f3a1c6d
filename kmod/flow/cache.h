/* SPDX-License-Identifier: GPL-2.0 */
#ifndef _MN_FLOW_CACHE_H
#define _MN_FLOW_CACHE_H

#include <linux/percpu.h>

#include "flow/key.h"

struct mn_flow;

/**
 * DOC: Per-CPU exact-match cache
 *
 * A slot, chosen by the hash of the whole key, holds a pointer to a flow. It is
 * a hint: the packet's key under the flow's mask is compared with the flow's
 * key, so that a colliding slot is merely a miss, and a slot left by another
 * packet of the same flow is a hit. What is found there is used only if the epoch
 * and the version counters allow it (mn_flow_valid()); else the table is asked.
 * Slots are written by their CPU only, but for the reaper, which clears them.
 *
 * Slots outlive grace periods; therefore a flow is freed in two steps: it is
 * marked dead and unlinked from the table; after a grace period no packet can
 * put it into a slot any more, because only packets that found it in the table
 * do, and the reaper clears the slots of all CPUs that hold dead flows; after
 * another grace period no packet that read such a slot is left, and the memory
 * goes.
 */

#define MN_CACHE_SLOTS	4096
#define MN_CACHE_MARKS	8192

/**
 * struct mn_cache_cpu - what one CPU remembers
 * @slots: flows that packets hit
 * @marks: flows that were turned away, see flow/admit.c
 */
struct mn_cache_cpu {
	struct mn_flow *slots[MN_CACHE_SLOTS];
	u16 marks[MN_CACHE_MARKS];
};

/**
 * struct mn_cache - exact-match caches of a namespace
 * @cpu: of each CPU
 */
struct mn_cache {
	struct mn_cache_cpu *__percpu *cpu;
};

int mn_cache_init(struct mn_net *mn);
void mn_cache_exit(struct mn_net *mn);
void mn_cache_purge(struct mn_net *mn);

/**
 * mn_cache_slot() - where this CPU keeps the flow of a packet
 * @mn: namespace
 * @hash: of the whole key
 *
 * Context: BH disabled, RCU.
 *
 * Return: slot; what it points to may be NULL, dead, or another packet's flow
 */
static inline struct mn_flow **mn_cache_slot(const struct mn_net *mn, u64 hash)
{
	return (*this_cpu_ptr(mn->cache->cpu))->slots +
	       (hash & (MN_CACHE_SLOTS - 1));
}

/**
 * mn_cache_mark() - where this CPU remembers that it turned a flow away
 * @mn: namespace
 * @hash: of what the flow's walk read
 *
 * Context: BH disabled.
 *
 * Return: mark, perhaps of another flow
 */
static inline u16 *mn_cache_mark(const struct mn_net *mn, u64 hash)
{
	return (*this_cpu_ptr(mn->cache->cpu))->marks +
	       (hash & (MN_CACHE_MARKS - 1));
}

#endif /* _MN_FLOW_CACHE_H */
