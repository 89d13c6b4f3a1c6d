// SPDX-License-Identifier: GPL-2.0
/*
 * Token buckets: rates of what one port may cause.
 */
#include <linux/jiffies.h>
#include <linux/minmax.h>

#include "port/bucket.h"

#define MN_TOKEN	1000	/* thousandths, so that slow rates refill evenly */

/**
 * mn_bucket_init() - set a bucket up, full
 * @b: bucket
 */
void mn_bucket_init(struct mn_bucket *b)
{
	spin_lock_init(&b->lock);
	b->tokens = U32_MAX;	/* cut to the burst when first used */
	b->stamp = jiffies;
}

/* More than this much time fills any bucket; bounds the product below. */
#define MN_BUCKET_SPAN	(3600 * HZ)

/**
 * mn_bucket_take_n() - may one more pass?
 * @b: bucket
 * @n: tokens it costs, at most a million
 * @rate: tokens per second
 * @burst: most tokens that gather
 *
 * Rate and burst are limits that may change between calls.
 *
 * Context: any but hard interrupts.
 *
 * Return: true if there were so many tokens
 */
bool mn_bucket_take_n(struct mn_bucket *b, u32 n, u32 rate, u32 burst)
{
	u64 most = min_t(u64, (u64)burst * MN_TOKEN, U32_MAX);
	unsigned long now, span;
	bool ok = false;
	u64 refill;

	spin_lock_bh(&b->lock);
	now = jiffies;
	span = min_t(unsigned long, now - b->stamp, MN_BUCKET_SPAN);
	refill = (u64)span * rate * MN_TOKEN / HZ;
	/* A refill too small to count must not be lost by moving the stamp. */
	if (refill || !rate)
		b->stamp = now;
	b->tokens = min_t(u64, b->tokens + refill, most);
	if (b->tokens >= n * MN_TOKEN) {
		b->tokens -= n * MN_TOKEN;
		ok = true;
	}
	spin_unlock_bh(&b->lock);
	return ok;
}
