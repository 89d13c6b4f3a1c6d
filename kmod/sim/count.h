/* SPDX-License-Identifier: GPL-2.0 */
#ifndef _MN_COUNT_H
#define _MN_COUNT_H

#include <linux/atomic.h>
#include <linux/refcount.h>
#include <linux/types.h>

/**
 * enum mn_count_kind - what a &struct mn_count is part of
 * @MN_COUNT_ALONE: nothing, it is from mn_count_at()
 * @MN_COUNT_RULE: &struct mn_rule
 */
enum mn_count_kind { MN_COUNT_ALONE, MN_COUNT_RULE };

/**
 * struct mn_count - packets of something in the topology, folded from flows
 * @packets: packets, a GSO packet counted as its segments
 * @bytes: bytes with Ethernet headers
 * @ref: one of what counts, dropped a grace period after it left its tables, and
 *	one of each flow that counts for it; so who found it under RCU may take one
 * @kind: &enum mn_count_kind, constant. Not a pointer to a function: there may be
 *	a million
 */
struct mn_count {
	atomic64_t packets;
	atomic64_t bytes;
	refcount_t ref;
	u8 kind;
};

static inline void mn_count_init(struct mn_count *c, u8 kind)
{
	refcount_set(&c->ref, 1);
	c->kind = kind;
}

static inline void mn_count_get(struct mn_count *c)
{
	refcount_inc(&c->ref);
}

static inline void mn_count_add(struct mn_count *c, u64 packets, u64 bytes)
{
	atomic64_add(packets, &c->packets);
	atomic64_add(bytes, &c->bytes);
}

void mn_count_put(struct mn_count *c);
void mn_count_move(struct mn_count *to, struct mn_count *from);
struct mn_count *mn_count_at(struct mn_count **slot);
int mn_count_caches_create(void);
void mn_count_caches_destroy(void);

#endif /* _MN_COUNT_H */
