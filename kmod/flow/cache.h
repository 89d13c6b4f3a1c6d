/* SPDX-License-Identifier: GPL-2.0 */
#ifndef _MN_FLOW_CACHE_H
#define _MN_FLOW_CACHE_H

#include "flow/key.h"

struct mn_flow;

/**
 * DOC: Per-CPU exact-match cache
 *
 * A slot holds a pointer to a flow. It is a hint: the packet's key under the
 * flow's mask is compared with the flow's key, so that a colliding slot is
 * merely a miss. Slots outlive grace periods; therefore a flow is freed in two
 * steps: it is marked dead and unlinked; after a grace period no packet can put
 * it into a slot any more, and the reaper clears the slots of all CPUs that
 * hold dead flows; after another grace period no packet that read such a slot
 * is left, and the memory goes.
 */

int mn_cache_init(struct mn_net *mn);
void mn_cache_exit(struct mn_net *mn);
struct mn_flow *mn_cache_get(struct mn_net *mn, u64 hash);
void mn_cache_put(struct mn_net *mn, u64 hash, struct mn_flow *flow);
void mn_cache_purge(struct mn_net *mn);

#endif /* _MN_FLOW_CACHE_H */
