/* SPDX-License-Identifier: GPL-2.0 */
#ifndef _MN_DEP_H
#define _MN_DEP_H

#include <linux/atomic.h>
#include <linux/jhash.h>

#include "net.h"

/**
 * DOC: Version counters
 *
 * What a walk depended on is a set of version counters: of objects, of MAC
 * table buckets, of a bridge's set of ports. They live in one array per
 * namespace, addressed by hash, so that they outlive whatever they stand for;
 * a collision merely costs a walk.
 *
 * Writer: data, then mn_dep_bump(): counter, then (if some flow depends on the
 * counter) epoch. Reader: epoch, then mn_dep_read(): counter, then data. A flow
 * is installed with the epoch and the counters its walk read, unless the
 * generation moved meanwhile. On a hit whose epoch is not the current one, the
 * counters are compared: all equal, the flow adopts the epoch read before the
 * comparison; else the packet is walked again.
 *
 * Bit 0 of a counter says that some flow was installed since the last bump; so
 * learning that nobody depends on moves no epoch.
 */

/*
 * Slot of the counter that moves when a chain begins or ends to ask for the state
 * of packets; others may have it, too.
 */
#define MN_DEP_ASKS	0

/* What a bump adds to a counter. */
#define MN_DEP_STEP	2u

/**
 * struct mn_dep - a dependency of a flow
 * @slot: in &mn_net.deps
 * @val: counter when it was read, bit 0 cleared
 */
struct mn_dep {
	u32 slot;
	u32 val;
};

static inline u64 mn_epoch(const struct mn_net *mn)
{
	/* Orders the epoch before the counters read after it. */
	u64 epoch = atomic64_read_acquire(&mn->epoch);

	return epoch;
}

static inline u32 mn_dep_read(const struct mn_net *mn, u32 slot)
{
	return (u32)atomic_read_acquire(&mn->deps[slot]) & ~1u;
}

static inline u32 mn_dep_slot(const void *data, u32 len, u32 salt)
{
	return jhash(data, len, salt) & (MN_DEPS - 1);
}

/* Slot of a (bridge, VLAN, MAC); see l2/fdb.c. */
u32 mn_dep_mac(const struct mn_net *mn, u32 bridge, u16 vlan, const u8 *mac);

int mn_deps_init(struct mn_net *mn);
void mn_deps_exit(struct mn_net *mn);
bool mn_dep_watch(struct mn_net *mn, const struct mn_dep *dep);
void mn_dep_bump(struct mn_net *mn, u32 slot);
void mn_epoch_bump(struct mn_net *mn);

#endif /* _MN_DEP_H */
