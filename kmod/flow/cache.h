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

/**
 * struct mn_cache - exact-match caches of a namespace
 * @slots: of each CPU, MN_CACHE_SLOTS pointers
 */
struct mn_cache {
	struct mn_flow **__percpu *slots;
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
	return *this_cpu_ptr(mn->cache->slots) + (hash & (MN_CACHE_SLOTS - 1));
}

#endif /* _MN_FLOW_CACHE_H */
