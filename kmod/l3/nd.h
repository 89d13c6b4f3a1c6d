/* SPDX-License-Identifier: GPL-2.0 */
#ifndef _MN_ND_H
#define _MN_ND_H

#include <linux/if_ether.h>
#include <linux/in6.h>
#include <linux/skbuff.h>

struct mn_ctx;
struct mn_pkt;

/* Flags of an NA. */
#define MN_ND_ROUTER	0x80
#define MN_ND_SOLICITED	0x40
#define MN_ND_OVERRIDE	0x20

/**
 * struct mn_nd - a neighbour discovery message, parsed
 * @type: ICMPv6 type, 133..137
 * @target: of NS, NA and redirect
 * @has_target: @target is there
 * @slla: source link-layer address option
 * @tlla: target link-layer address option
 * @has_slla: @slla is there
 * @has_tlla: @tlla is there
 * @flags: flags of an NA, MN_ND_*
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

/**
 * struct mn_nd_say - a message to be made
 * @type: NDISC_NEIGHBOUR_SOLICITATION or NDISC_NEIGHBOUR_ADVERTISEMENT
 * @flags: of an NA, MN_ND_*
 * @src: source
 * @dst: destination
 * @target: target
 * @mac: link-layer address of the speaker
 */
struct mn_nd_say {
	u8 type;
	u8 flags;
	struct in6_addr src;
	struct in6_addr dst;
	struct in6_addr target;
	u8 mac[ETH_ALEN];
};

/* Bytes of such a message behind the Ethernet header. */
#define MN_ND_LEN	(40 + 24 + 8)

/* 0, -ENOMSG if it is no ND message, -EINVAL if it is a malformed one. */
int mn_nd_parse(struct sk_buff *skb, const struct mn_pkt *pkt, struct mn_nd *nd);
void mn_nd_put(struct sk_buff *skb, const struct mn_nd_say *say);
void mn_nd_answer(struct mn_ctx *ctx, const struct in6_addr *target,
		  const u8 *mac, bool router);

#endif /* _MN_ND_H */
