/* SPDX-License-Identifier: GPL-2.0 */
#ifndef _MN_DS_H
#define _MN_DS_H

#include <linux/skbuff.h>
#include <linux/types.h>

u8 mn_ds_inner(const struct sk_buff *skb);
u8 mn_ds_outer(u8 inner, u8 dscp);
bool mn_ds_decap(struct sk_buff *skb, u8 outer);

#endif /* _MN_DS_H */
