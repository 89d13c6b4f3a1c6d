/* SPDX-License-Identifier: GPL-2.0 */
#ifndef _MN_FLOOD_H
#define _MN_FLOOD_H

#include <linux/skbuff.h>

#include "net.h"

struct mn_ctx;

int mn_flood_init(struct mn_net *mn);
void mn_flood_stop(struct mn_net *mn);
void mn_flood_exit(struct mn_net *mn);

bool mn_flood_add(struct mn_ctx *ctx);
void mn_flood_forget(struct mn_ctx *ctx);
void mn_flood_send(struct mn_ctx *ctx, struct sk_buff *skb);

#endif /* _MN_FLOOD_H */
