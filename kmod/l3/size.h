/* SPDX-License-Identifier: GPL-2.0 */
#ifndef _MN_SIZE_H
#define _MN_SIZE_H

#include <linux/skbuff.h>

struct mn_ctx;
struct mn_out;
struct mn_rewrite;

/* L3 bytes of the biggest packet that @skb becomes on the wire exceed @mtu (GSO: by segment). */
bool mn_size_exceeds(const struct sk_buff *skb, u32 mtu);
/*
 * End of a walk with one output: does the packet fit ctx->mtu? Else answers, or decides to
 * fragment (ctx->fragment). Returns false if it is to be dropped; the drop is noted.
 */
bool mn_size_judge(struct mn_ctx *ctx);
/* Cut @skb (IPv4 without DF; rewritten already) into pieces of @mtu and output them. Consumes @skb. */
void mn_size_fragment(struct sk_buff *skb, const struct mn_out *out, u32 mtu);

#endif /* _MN_SIZE_H */
