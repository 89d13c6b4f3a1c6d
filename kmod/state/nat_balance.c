// SPDX-License-Identifier: GPL-2.0
/*
 * What a load balancer has chosen is a translation of the destination like that
 * of a rule.
 */
#include <net/tcp.h>

#include "balance/balance.h"
#include "l3/icmp.h"
#include "l3/router.h"
#include "port/port.h"
#include "sim/drop.h"
#include "sim/trace.h"
#include "state/nat.h"

static enum mn_nat_result drop(struct mn_ctx *ctx,
			       const struct mn_router *router, u32 reason,
			       const char *why)
{
	mn_ctx_read(ctx, tcp_flags);
	mn_trace(ctx, &router->obj, NULL, "drop", NULL, "%s: %s",
		 mn_drop_name(reason), why);
	mn_ctx_drop(ctx, reason, &router->obj, NULL, NULL);
	return MN_NAT_REFUSED;
}

/* Where it began, a SYN can go anywhere; later it stays if it can. */
static bool is_open(const struct mn_track *t)
{
	u8 phase;

	if (!t->conn || t->forward.proto != IPPROTO_TCP)
		return false;
	phase = READ_ONCE(t->conn->phase);
	return phase == MIDONET_CONN_PHASE_ESTABLISHED ||
	       phase == MIDONET_CONN_PHASE_FIN_WAIT;
}

static bool is_syn(const struct mn_ctx *ctx)
{
	return (ctx->key.tcp_flags & (TCPHDR_SYN | TCPHDR_ACK | TCPHDR_RST)) ==
	       TCPHDR_SYN;
}

static bool same_member(const struct mn_track *t,
			const struct mn_balance_choice *choice)
{
	return t->conn && ipv6_addr_equal(&t->reply.src, &choice->addr) &&
	       t->reply.sport == choice->port;
}

static enum mn_nat_result send_to(struct mn_ctx *ctx,
				  const struct mn_router *router,
				  struct mn_track *t,
				  const struct mn_balance_choice *choice)
{
	if (!same_member(t, choice)) {
		if (t->forward.proto == IPPROTO_TCP && !is_syn(ctx))
			return drop(ctx, router,
				    MIDONET_DROP_REASON_CONN_INVALID,
				    "a TCP connection whose beginning was not seen, or whose member is gone, cannot be balanced");
		mn_nat_renew(ctx, t);
	}
	mn_nat_set(ctx, MN_NAT_DST, &choice->addr, choice->port);
	t->reply.src = choice->addr;
	t->reply.sport = choice->port;
	t->rules[MN_NAT_DST] = NULL;
	ctx->visit.done |= BIT(MN_NAT_DST);
	ctx->visit.hairpin = true;
	ctx->balanced = *choice;
	return MN_NAT_APPLIED;
}

/**
 * mn_nat_balance() - let a router's load balancer have a look at a packet
 * @ctx: walk, after mn_nat_enter()
 * @router: router
 * @v: its version
 *
 * Context: RCU, BH disabled.
 *
 * Return: MN_NAT_APPLIED: it goes to a member, past the in-chain; MN_NAT_PASSED:
 * it is none of the load balancer's business; MN_NAT_REFUSED: it is dropped, or
 * the walk stops
 */
enum mn_nat_result mn_nat_balance(struct mn_ctx *ctx,
				  const struct mn_router *router,
				  const struct mn_router_ver *v)
{
	struct mn_balance_choice choice = {};
	enum mn_balance_result res;
	struct mn_track *t;

	if (!v->balancer || !mn_balance_wants(ctx, v))
		return MN_NAT_PASSED;
	if (!mn_track_look(ctx))
		return MN_NAT_REFUSED;
	t = ctx->visit.track;
	/* Answers, and those about which nothing is known. */
	if ((t && (t->related || t->dir == MN_DIR_RETURN)) ||
	    ctx->visit.kind != MN_TUPLE_OK)
		return MN_NAT_PASSED;
	res = mn_balance(ctx, router, v, &ctx->visit.tuple,
			 t && t->conn ? &t->reply : NULL, t && is_open(t),
			 &choice);
	if (res == MN_BALANCE_NONE)
		return MN_NAT_PASSED;
	if (res == MN_BALANCE_NOBODY) {
		mn_icmp_refuse(ctx, MN_ICMP_PORT, ctx->device_in);
		return drop(ctx, router, MIDONET_DROP_REASON_NO_MEMBER,
			    "no member of the pool is up");
	}
	t = mn_track_begin(ctx);
	if (!t)
		return drop(ctx, router, MIDONET_DROP_REASON_CONN_INVALID,
			    "it begins no connection and belongs to none");
	return send_to(ctx, router, t, &choice);
}
