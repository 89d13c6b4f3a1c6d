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
 * @FEED_FRESH_TCP: as @FEED_FRESH, but TCP, with an ACK and no more
 * @FEED_MACS: UDP, @flows source MACs round robin
 * @FEED_RANDOM: everything random that a hostile sender can choose
 * @FEED_SPREAD: as FEED_FRESH, to destinations everywhere
 * @FEED_ARP: storms, see feed_storm.c: ARP requests
 * @FEED_ARP_REPLY: ARP replies nobody asked for
 * @FEED_NS: neighbour solicitations
 * @FEED_NA: neighbour advertisements nobody asked for
 * @FEED_TTL: UDP, IPv4 and IPv6, that ends at the router
 * @FEED_BIG: UDP, IPv4 with DF and IPv6, to behind a narrow port
 * @FEED_CUT: UDP, IPv4 that may be cut, to behind a narrow port
 * @FEED_SYN: TCP connections that begin, to ports everywhere
 * @FEED_FRAG: later fragments of nobody's packets
 * @FEED_ERROR: ICMP errors about packets nobody sent
 * @FEED_FLOWS_TCP: as @FEED_FLOWS, but TCP, with an ACK and no more
 * @FEED_VXLAN: frames of @FEED_FLOWS by VXLAN, from another host to this one
 */
enum feed_mode {
	FEED_FLOWS,
	FEED_FRESH,
	FEED_FRESH_TCP,
	FEED_MACS,
	FEED_RANDOM,
	FEED_SPREAD,
	FEED_ARP,
	FEED_ARP_REPLY,
	FEED_NS,
	FEED_NA,
	FEED_TTL,
	FEED_BIG,
	FEED_CUT,
	FEED_SYN,
	FEED_FRAG,
	FEED_ERROR,
	FEED_FLOWS_TCP,
	FEED_VXLAN,
};

#define FEED_ND_SIZE	86	/* of a frame of FEED_NS and FEED_NA */
#define FEED_VXLAN_SIZE	50	/* before the inner frame: Ethernet, IPv4, UDP, VXLAN */

/**
 * struct feed_stream - frames that arrive on one device
 * @dev: where they seem to arrive; a reference is held
 * @mode: how they differ
 * @over: one flow is written over them in the end: to compare with
 * @net: network of the sender of a storm, IPv4 /16
 * @vni: VXLAN network identifier of FEED_VXLAN
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
	u32 over;
	u32 net;
	u32 vni;
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

void feed_storm(struct feed_stream *s, struct ethhdr *eth);
struct sk_buff *feed_frame_new(struct feed_stream *s);
int feed_run(struct feed_request *req);

#endif
