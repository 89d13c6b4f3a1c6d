/* SPDX-License-Identifier: GPL-2.0 */
#ifndef _MN_ANSWER_H
#define _MN_ANSWER_H

#include <linux/types.h>

struct mn_bridge;
struct mn_bridge_ver;
struct mn_ctx;

/*
 * ARP and ND on a bridge. Return true if the packet was answered (or would
 * have been, in a trace) and its walk is over.
 */
bool mn_arp_suppress(struct mn_ctx *ctx, struct mn_bridge *bridge,
		     const struct mn_bridge_ver *v);
bool mn_nd_suppress(struct mn_ctx *ctx, struct mn_bridge *bridge,
		    const struct mn_bridge_ver *v);

/*
 * Send @skb, from its Ethernet header, out of the port where the packet of
 * @ctx entered the overlay, with the tag it came with. Crosses no chain and no
 * anti-spoof; rate-limited per port. Consumes @skb.
 */
void mn_answer_send(struct mn_ctx *ctx, struct sk_buff *skb);

#endif /* _MN_ANSWER_H */
