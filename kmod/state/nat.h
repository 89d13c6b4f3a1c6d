/* SPDX-License-Identifier: GPL-2.0 */
#ifndef _MN_NAT_H
#define _MN_NAT_H

#include "sim/ctx.h"

struct mn_nat_target;
struct mn_port;
struct mn_router;
struct mn_router_ver;
struct mn_rule;

/**
 * enum mn_nat_result - what became of a rule that translates
 * @MN_NAT_APPLIED: it applies: go on as rule->then says
 * @MN_NAT_PASSED: it does not match after all
 * @MN_NAT_REFUSED: the packet is dropped (the drop is noted), or its walk stops
 */
enum mn_nat_result { MN_NAT_APPLIED, MN_NAT_PASSED, MN_NAT_REFUSED };

/* state/nat.c: the steps of a router, in order */
bool mn_nat_enter(struct mn_ctx *ctx, const struct mn_router *router);
enum mn_nat_result mn_nat_rule(struct mn_ctx *ctx, struct mn_rule *rule);
void mn_nat_renew(struct mn_ctx *ctx, struct mn_track *t);
bool mn_nat_leave(struct mn_ctx *ctx, const struct mn_router *router,
		  const struct mn_port *out);

/* state/nat_balance.c: between the first and the second */
enum mn_nat_result mn_nat_balance(struct mn_ctx *ctx,
				  const struct mn_router *router,
				  const struct mn_router_ver *v);

/* state/nat_pick.c: which address and port */
bool mn_nat_pick_dst(const struct mn_tuple *forward,
		     const struct mn_nat_target *target,
		     struct in6_addr *addr, __be16 *port);
bool mn_nat_pick_src(struct mn_ctx *ctx, const struct mn_router *router,
		     const struct mn_nat_target *target, const struct mn_conn *but,
		     struct mn_tuple *reply);

/* state/nat_key.c: the headers of a walk */
void mn_nat_set(struct mn_ctx *ctx, enum mn_nat what,
		const struct in6_addr *addr, __be16 port);

#endif /* _MN_NAT_H */
