/* SPDX-License-Identifier: GPL-2.0 */
#ifndef _MN_ANSWER_H
#define _MN_ANSWER_H

#include <linux/types.h>

struct mn_bridge;
struct mn_bridge_ver;
struct mn_ctx;
struct sk_buff;

/*
 * ARP and ND on a bridge. Return true if the packet was answered (or would
 * have been, in a trace) and its walk is over.
 */
bool mn_arp_suppress(struct mn_ctx *ctx, struct mn_bridge *bridge,
		     const struct mn_bridge_ver *v);
bool mn_nd_suppress(struct mn_ctx *ctx, struct mn_bridge *bridge,
		    const struct mn_bridge_ver *v);

bool mn_answer_may(struct mn_ctx *ctx);
bool mn_answer_may_error(struct mn_ctx *ctx);
struct sk_buff *mn_answer_frame(const u8 *dst, const u8 *src, __be16 eth_type,
				u32 len);
struct sk_buff *mn_answer_alloc(const struct mn_ctx *ctx, u32 len,
				const u8 *src, __be16 eth_type);
void mn_answer_send(struct mn_ctx *ctx, struct sk_buff *skb);

#endif /* _MN_ANSWER_H */
