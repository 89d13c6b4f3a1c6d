/* SPDX-License-Identifier: GPL-2.0 */
#ifndef _MN_ARP_H
#define _MN_ARP_H

#include <linux/if_arp.h>
#include <linux/if_ether.h>
#include <linux/types.h>

struct mn_ctx;
struct sk_buff;

/**
 * struct mn_arp - ARP for IPv4 over Ethernet
 * @hdr: fixed header
 * @sha: sender
 * @spa: sender
 * @tha: target
 * @tpa: target
 */
struct mn_arp {
	struct arphdr hdr;
	u8 sha[ETH_ALEN];
	__be32 spa;
	u8 tha[ETH_ALEN];
	__be32 tpa;
} __packed;

void mn_arp_put(struct sk_buff *skb, u16 op, const u8 *sha, __be32 spa,
		const u8 *tha, __be32 tpa);
void mn_arp_answer(struct mn_ctx *ctx, const u8 *mac);

#endif /* _MN_ARP_H */
