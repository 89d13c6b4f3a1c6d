/* SPDX-License-Identifier: GPL-2.0 */
#ifndef _MN_FEED_H
#define _MN_FEED_H

#include <linux/etherdevice.h>
#include <linux/netdevice.h>
#include <linux/prandom.h>
#include <linux/types.h>

#define FEED_BATCH	64

/**
 * enum feed_mode - how the frames of a stream differ
 * @FEED_FLOWS: UDP, @flows source addresses round robin
 * @FEED_FRESH: UDP, address and pair of ports never used before
 * @FEED_MACS: UDP, @flows source MACs round robin
 * @FEED_RANDOM: everything random that a hostile sender can choose
 * @FEED_OVER: one flow, written over frames of FEED_RANDOM: to compare with
 * @FEED_SPREAD: as FEED_FRESH, to destinations everywhere
 */
enum feed_mode {
	FEED_FLOWS,
	FEED_FRESH,
	FEED_MACS,
	FEED_RANDOM,
	FEED_OVER,
	FEED_SPREAD,
};

/**
 * struct feed_stream - frames that arrive on one device
 * @dev: where they seem to arrive; a reference is held
 * @mode: how they differ
 * @flows: number of flows or MACs
 * @next: number of the next frame; decides its headers
 * @rnd: state of the random headers; seeded from the first @next
 * @src: source MAC
 * @dst: destination MAC
 * @size: bytes, Ethernet header included
 *
 * Used by one task only.
 */
struct feed_stream {
	struct net_device *dev;
	enum feed_mode mode;
	u32 flows;
	u32 next;
	struct rnd_state rnd;
	u8 src[ETH_ALEN];
	u8 dst[ETH_ALEN];
	u32 size;
};

/**
 * struct feed_request - one run, and what came of it
 * @a: the stream that is measured
 * @b: a second one, at a fixed rate; only if @b.dev
 * @count: frames of @a
 * @rate_b: frames of @b per second
 * @rate: frames of @a per second, 0: as fast as possible
 * @sink: free the frames instead: what building and freeing costs
 * @ns: duration of the run
 * @sent_b: frames of @b sent
 * @gap: longest time between the ends of two frames, when @rate is set
 */
struct feed_request {
	struct feed_stream a;
	struct feed_stream b;
	u32 count;
	u32 rate_b;
	u32 rate;
	u32 sink;
	u64 ns;
	u32 sent_b;
	u64 gap;
};

struct sk_buff *feed_frame_new(struct feed_stream *s);
int feed_run(struct feed_request *req);

#endif
