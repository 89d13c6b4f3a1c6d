// SPDX-License-Identifier: GPL-2.0
/* The loops: one task, process context, packets inside a BH section as in NAPI. */
#include <linux/bottom_half.h>
#include <linux/ktime.h>
#include <linux/sched.h>
#include <linux/sched/signal.h>
#include <linux/skbuff.h>

#include "feed.h"

static int feed_one(struct feed_stream *s, bool sink)
{
	struct sk_buff *skb = feed_frame_new(s);

	if (unlikely(!skb))
		return -ENOMEM;
	if (sink)
		consume_skb(skb);
	else
		netif_receive_skb(skb);
	return 0;
}

static int feed_batch(struct feed_stream *s, u32 n, bool sink)
{
	int err = 0;

	local_bh_disable();
	while (n-- && !err)
		err = feed_one(s, sink);
	local_bh_enable();
	return err;
}

/* B gets what its rate is due by now, at most a few batches at once, then A one batch. */
static int feed_rival(struct feed_request *req, u64 elapsed)
{
	u64 due = div_u64(elapsed * req->rate_b, NSEC_PER_SEC);
	u32 n;
	int err;

	while (req->sent_b < due) {
		n = min_t(u64, due - req->sent_b, FEED_BATCH);
		err = feed_batch(&req->b, n, req->sink);
		if (err)
			return err;
		req->sent_b += n;
	}
	return 0;
}

static int feed_fast(struct feed_request *req)
{
	u64 start = ktime_get_ns();
	u32 left = req->count, n;
	int err;

	while (left) {
		n = min_t(u32, left, FEED_BATCH);
		err = feed_batch(&req->a, n, req->sink);
		if (err)
			return err;
		left -= n;
		if (req->b.dev) {
			err = feed_rival(req, ktime_get_ns() - start);
			if (err)
				return err;
		}
		cond_resched();
		if (signal_pending(current))
			return -EINTR;
	}
	req->ns = ktime_get_ns() - start;
	return 0;
}

/* A paced stream; everything is synchronous, so a frame is out when the call returns. */
static int feed_paced(struct feed_request *req)
{
	u64 period = NSEC_PER_SEC / req->rate;
	u64 start = ktime_get_ns(), last = start, next = start, now;
	u32 i;
	int err;

	for (i = 0; i < req->count; i++) {
		do {
			cond_resched();
			if (signal_pending(current))
				return -EINTR;
			cpu_relax();
			now = ktime_get_ns();
		} while (now < next);
		err = feed_batch(&req->a, 1, req->sink);
		if (err)
			return err;
		now = ktime_get_ns();
		req->gap = max(req->gap, now - last);
		last = now;
		next += period;
		/* what a stall swallowed is not made up for: the gap is the figure */
		if (next < now)
			next = now;
	}
	req->ns = last - start;
	return 0;
}

/**
 * feed_run() - send the frames of a request
 * @req: the request; its results are written
 *
 * Context: process, sleeps. Return: 0, -ENOMEM or -EINTR.
 */
int feed_run(struct feed_request *req)
{
	req->ns = 0;
	req->gap = 0;
	req->sent_b = 0;
	return req->rate ? feed_paced(req) : feed_fast(req);
}
