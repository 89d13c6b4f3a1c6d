/* SPDX-License-Identifier: GPL-2.0 */
#ifndef _MN_FLOW_REWRITE_H
#define _MN_FLOW_REWRITE_H

#include <linux/if_ether.h>
#include <linux/skbuff.h>
#include <linux/types.h>

/**
 * struct mn_rewrite - what routers on its way change in a packet
 * @eth_dst: Ethernet addresses it leaves with
 * @eth_src: see @eth_dst
 * @hops: routers crossed: so much is taken from the TTL or hop limit, which is
 *	greater
 */
struct mn_rewrite {
	u8 eth_dst[ETH_ALEN];
	u8 eth_src[ETH_ALEN];
	u8 hops;
};

bool mn_rewrite(struct sk_buff *skb, u32 l3, const struct mn_rewrite *rw);

#endif /* _MN_FLOW_REWRITE_H */
