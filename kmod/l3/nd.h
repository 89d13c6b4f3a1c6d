/* SPDX-License-Identifier: GPL-2.0 */
#ifndef _MN_ND_H
#define _MN_ND_H

#include <linux/if_ether.h>
#include <linux/in6.h>
#include <linux/skbuff.h>

struct mn_pkt;

/**
 * struct mn_nd - a neighbour discovery message, parsed
 * @type: ICMPv6 type, 133..137
 * @target: of NS, NA and redirect
 * @has_target: @target is there
 * @slla: source link-layer address option
 * @tlla: target link-layer address option
 * @has_slla: @slla is there
 * @has_tlla: @tlla is there
 * @flags: flags byte of an NA (R 0x80, S 0x40, O 0x20)
 */
struct mn_nd {
	u8 type;
	bool has_target;
	bool has_slla;
	bool has_tlla;
	u8 flags;
	struct in6_addr target;
	u8 slla[ETH_ALEN];
	u8 tlla[ETH_ALEN];
};

/* 0, -ENOMSG if it is no ND message, -EINVAL if it is a malformed one. */
int mn_nd_parse(struct sk_buff *skb, const struct mn_pkt *pkt, struct mn_nd *nd);

#endif /* _MN_ND_H */
