/* SPDX-License-Identifier: GPL-2.0 */
#ifndef _MN_BUCKET_H
#define _MN_BUCKET_H

#include <linux/spinlock.h>
#include <linux/types.h>

/**
 * struct mn_bucket - token bucket
 * @lock: protects the rest
 * @tokens: thousandths of a packet
 * @stamp: jiffies of the last refill
 */
struct mn_bucket {
	spinlock_t lock;		/* see above */
	u32 tokens;
	unsigned long stamp;
};

void mn_bucket_init(struct mn_bucket *b);
bool mn_bucket_take_n(struct mn_bucket *b, u32 n, u32 rate, u32 burst);

/* One token. */
static inline bool mn_bucket_take(struct mn_bucket *b, u32 rate, u32 burst)
{
	return mn_bucket_take_n(b, 1, rate, burst);
}

#endif /* _MN_BUCKET_H */
