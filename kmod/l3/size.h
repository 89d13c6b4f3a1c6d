/* SPDX-License-Identifier: GPL-2.0 */
#ifndef _MN_SIZE_H
#define _MN_SIZE_H

#include <linux/skbuff.h>

struct mn_ctx;
struct mn_out;
struct mn_rewrite;

bool mn_size_exceeds(const struct sk_buff *skb, u32 mtu);
bool mn_size_judge(struct mn_ctx *ctx);
void mn_size_fragment(struct sk_buff *skb, const struct mn_out *out, u32 mtu);

#endif /* _MN_SIZE_H */
