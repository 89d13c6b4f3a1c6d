/* SPDX-License-Identifier: GPL-2.0 */
#ifndef _MN_USED_H
#define _MN_USED_H

#include <linux/jiffies.h>
#include <linux/refcount.h>

/**
 * struct mn_used - head of something learned that flows keep alive
 * @ref: one for its table, dropped a grace period after it left that, and one
 *	for each flow; so who found it under RCU may take one
 * @used: jiffies of the last sign of life; stored when it changed
 * @free: called with the last reference; any context
 *
 * Learned MACs (l2/fdb.h) and neighbours (l3/nbr.h).
 */
struct mn_used {
	refcount_t ref;
	unsigned long used;
	void (*free)(struct mn_used *used);
};

static inline void mn_used_put(struct mn_used *u)
{
	if (refcount_dec_and_test(&u->ref))
		u->free(u);
}

/* A flow that keeps it alive carried a packet at @when, jiffies. */
static inline void mn_used_touch(struct mn_used *u, unsigned long when)
{
	if (time_after(when, READ_ONCE(u->used)))
		WRITE_ONCE(u->used, when);
}

#endif /* _MN_USED_H */
