/* SPDX-License-Identifier: GPL-2.0 */
#ifndef _MN_ICMP_H
#define _MN_ICMP_H

#include <linux/types.h>

struct mn_ctx;
struct mn_port;

/**
 * enum mn_icmp_kind - what an error says, in the terms of IPv4
 * @MN_ICMP_NET: 3/0, IPv6 1/0
 * @MN_ICMP_HOST: 3/1, IPv6 1/3
 * @MN_ICMP_PROTO: 3/2, IPv6 4/1 (pointing to the next header field)
 * @MN_ICMP_PORT: 3/3, IPv6 1/4
 * @MN_ICMP_TOO_BIG: 3/4, IPv6 2/0
 * @MN_ICMP_ADMIN: 3/13, IPv6 1/1
 * @MN_ICMP_TTL: 11/0, IPv6 3/0
 */
enum mn_icmp_kind {
	MN_ICMP_NET, MN_ICMP_HOST, MN_ICMP_PROTO, MN_ICMP_PORT, MN_ICMP_TOO_BIG, MN_ICMP_ADMIN,
	MN_ICMP_TTL,
};

/* l3/icmp.c: what is said is decided in the walk */
void mn_icmp_error(struct mn_ctx *ctx, enum mn_icmp_kind kind, struct mn_port *at, u32 mtu);
bool mn_icmp_echo(struct mn_ctx *ctx);
void mn_icmp_refuse(struct mn_ctx *ctx, enum mn_icmp_kind kind, struct mn_port *at);
void mn_icmp_judge(struct mn_ctx *ctx);

/* l3/icmp_reply.c: and sent when it is over */
void mn_reply_send(struct mn_ctx *ctx);

#endif /* _MN_ICMP_H */
