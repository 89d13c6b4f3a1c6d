// SPDX-License-Identifier: GPL-2.0
/*
 * Version counters, see sim/dep.h.
 */
#include <linux/slab.h>

#include "l2/fdb.h"
#include "sim/dep.h"

/**
 * mn_dep_mac() - slot of an address of a bridge
 * @mn: namespace
 * @bridge: index of the bridge
 * @vlan: VID, 0 for untagged
 * @mac: MAC
 *
 * Return: slot; others may have the same one
 */
u32 mn_dep_mac(const struct mn_net *mn, u32 bridge, u16 vlan, const u8 *mac)
{
	struct mn_fdb_key key = { .bridge = bridge, .vlan = vlan };

	BUILD_BUG_ON(sizeof(key) != 12);
	memcpy(key.mac, mac, ETH_ALEN);
	return mn_dep_slot(&key, sizeof(key), (u32)mn->seed.key[1]);
}

/**
 * mn_dep_watch() - a flow that depends on a counter is about to be installed
 * @mn: namespace
 * @dep: the counter as the walk read it
 *
 * Sets the counter's bit 0, so that the next mn_dep_bump() moves the epoch.
 * That the value has not moved is judged by the same load: a bump after it
 * finds the bit.
 *
 * Return: true if the counter is still what the walk read; else what the walk
 * found out may be outdated
 */
bool mn_dep_watch(struct mn_net *mn, const struct mn_dep *dep)
{
	atomic_t *counter = &mn->deps[dep->slot];
	u32 val = (u32)atomic_read_acquire(counter);

	if (unlikely(!(val & 1)))
		val = (u32)atomic_fetch_or(1, counter);
	return (val & ~1u) == dep->val;
}

/**
 * mn_dep_bump() - what a counter stands for has changed
 * @mn: namespace
 * @slot: of the counter
 *
 * Call after the change. The epoch moves, after the counter, only if a flow was
 * installed since the last bump.
 *
 * Context: any.
 */
void mn_dep_bump(struct mn_net *mn, u32 slot)
{
	atomic_t *counter = &mn->deps[slot];
	int old = atomic_read(counter);

	/* Fully ordered: the change before the counter, that before the epoch. */
	while (!atomic_try_cmpxchg(counter, &old, (int)(((u32)old & ~1u) + MN_DEP_STEP)))
		;
	if (old & 1)
		mn_epoch_bump(mn);
}

/**
 * mn_epoch_bump() - let every flow compare its dependencies
 * @mn: namespace
 *
 * Call after the counters. A commit calls it once, for all that it bumped.
 *
 * Context: any.
 */
void mn_epoch_bump(struct mn_net *mn)
{
	atomic64_inc_return(&mn->epoch);
}

/**
 * mn_deps_init() - set the counters of a namespace up
 * @mn: namespace
 *
 * Return: 0 or -ENOMEM
 */
int mn_deps_init(struct mn_net *mn)
{
	mn->deps = kvcalloc(MN_DEPS, sizeof(*mn->deps), GFP_KERNEL_ACCOUNT);
	return mn->deps ? 0 : -ENOMEM;
}

/**
 * mn_deps_exit() - release the counters
 * @mn: namespace without packets
 */
void mn_deps_exit(struct mn_net *mn)
{
	kvfree(mn->deps);
	mn->deps = NULL;
}
