// SPDX-License-Identifier: GPL-2.0
/*
 * Translation of addresses, as a router's steps (pipeline): on entry the source
 * that was translated for an answer's receiver is undone; rules of the in-chain
 * translate destinations, those of the out-chain sources; on leaving the
 * destination is undone for answers.
 *
 * What rules say is asked for every walk. A connection that was translated as they
 * say now keeps that; another translation makes another connection, which only
 * the beginning of one can do.
 *
 * ICMP errors go with the connection they are about: outer addresses and quote.
 */
#include <net/ipv6.h>
#include <net/tcp.h>

#include "l3/router.h"
#include "policy/chain.h"
#include "policy/nat_target.h"
#include "port/port.h"
#include "sim/drop.h"
#include "sim/trace.h"
#include "state/nat.h"

/* Source ports for those whom no rule gives any. */
#define MN_NAT_FIRST_PORT	1024

static struct mn_router *router_of(const struct mn_ctx *ctx)
{
	return mn_router_of(ctx->device_in->obj.parent);
}

static u8 family_of(const struct mn_ctx *ctx)
{
	return ctx->key.eth_type == htons(ETH_P_IPV6) ? AF_INET6 : AF_INET;
}

static void now_tuple(const struct mn_ctx *ctx, struct mn_tuple *t)
{
	mn_tuple_of(&ctx->key, mn_tuple_device(ctx->device_in->obj.parent), t);
}

static void trace_set(struct mn_ctx *ctx, const struct mn_rule *rule,
		      const char *what, const struct in6_addr *addr,
		      __be16 port, const char *why)
{
	const struct mn_obj *device = ctx->device_in->obj.parent;

	if (likely(!ctx->trace))
		return;
	if (family_of(ctx) == AF_INET6)
		mn_trace(ctx, device, NULL, "nat", rule,
			 "the %s becomes [%pI6c]:%u: %s", what, addr,
			 ntohs(port), why);
	else
		mn_trace(ctx, device, NULL, "nat", rule,
			 "the %s becomes %pI4:%u: %s", what, addr, ntohs(port),
			 why);
}

static enum mn_nat_result refuse(struct mn_ctx *ctx, u32 reason,
				 const struct mn_rule *rule, const char *why)
{
	const struct mn_obj *device = ctx->device_in->obj.parent;

	/* What is exhausted now may be free for the next packet. */
	if (reason == MIDONET_DROP_REASON_NAT_EXHAUSTED)
		ctx->cacheable = false;
	/* Another packet of these addresses and ports may be served. */
	mn_ctx_read(ctx, tcp_flags);
	mn_trace(ctx, device, NULL, "drop", rule, "%s: %s",
		 mn_drop_name(reason), why);
	mn_ctx_drop(ctx, reason, device, NULL, rule);
	return MN_NAT_REFUSED;
}

/* Undoing. */

static void undo(struct mn_ctx *ctx, const struct mn_track *t, enum mn_nat what)
{
	struct mn_visit *v = &ctx->visit;

	if (v->done & BIT(what))
		return;
	v->done |= BIT(what);
	if (what == MN_NAT_SRC) {
		mn_nat_set(ctx, MN_NAT_DST, &t->forward.src, t->forward.sport);
		trace_set(ctx, NULL, "destination", &t->forward.src,
			  t->forward.sport, "the initiator's source is undone");
	} else {
		mn_nat_set(ctx, MN_NAT_SRC, &t->forward.dst, t->forward.dport);
		trace_set(ctx, NULL, "source", &t->forward.dst,
			  t->forward.dport,
			  "the initiator's destination is undone");
	}
}

static bool has_binding(const struct mn_track *t, enum mn_nat what)
{
	return what == MN_NAT_SRC ? mn_conn_has_snat(t->conn) :
				    mn_conn_has_dnat(t->conn);
}

/* Does a packet, or an error, go back to where that is to be undone? */
static bool goes_back(const struct mn_track *t, enum mn_nat what)
{
	return t && t->conn && t->dir == MN_DIR_RETURN && has_binding(t, what);
}

static bool undoes(const struct mn_track *t, enum mn_nat what)
{
	return goes_back(t, what) && !t->related;
}

/* ICMP errors. */

/* Where one end of a connection is known as, on either side of the router. */
struct alias {
	const struct in6_addr *from;
	const struct in6_addr *to;
	__be16 from_port;
	__be16 to_port;
};

/* What @what of the connection's packets is to an error that goes @dir. */
static void get_alias(const struct mn_track *t, enum mn_nat what,
		      struct alias *a)
{
	const struct mn_tuple *f = &t->forward, *r = &t->reply;
	bool src = what == MN_NAT_SRC;

	a->from = src ? &f->src : &f->dst;
	a->from_port = src ? f->sport : f->dport;
	a->to = src ? &r->dst : &r->src;
	a->to_port = src ? r->dport : r->sport;
	if (t->dir == MN_DIR_RETURN) {
		swap(a->from, a->to);
		swap(a->from_port, a->to_port);
	}
}

static void outer_addr(const struct mn_ctx *ctx, bool src,
		       struct in6_addr *addr)
{
	const struct mn_flow_key *key = &ctx->key;

	memset(addr, 0, sizeof(*addr));
	if (family_of(ctx) == AF_INET6)
		*addr = src ? key->v6.src : key->v6.dst;
	else
		addr->s6_addr32[0] = src ? key->v4.src : key->v4.dst;
}

/*
 * An error goes to one end and speaks of the other's packets: who it is for is
 * who the quoted packet is from. @to: the end it goes to, else the other.
 */
static void translate_error(struct mn_ctx *ctx, const struct mn_track *t,
			    bool to)
{
	enum mn_nat what = (t->dir == MN_DIR_RETURN) == to ? MN_NAT_SRC :
							     MN_NAT_DST;
	struct mn_tuple *q = &ctx->quote.now;
	struct in6_addr outer;
	struct alias a;

	/* A rule has been quicker. */
	if (ctx->visit.done & BIT(what))
		return;
	if (has_binding(t, what))
		ctx->visit.done |= BIT(what);
	get_alias(t, what, &a);
	outer_addr(ctx, !to, &outer);
	/* A router on the way speaks for itself. */
	if (ipv6_addr_equal(&outer, a.from))
		mn_nat_set(ctx, to ? MN_NAT_DST : MN_NAT_SRC, a.to, 0);
	if (to) {
		q->src = *a.to;
		q->sport = a.to_port;
	} else {
		q->dst = *a.to;
		q->dport = a.to_port;
	}
	/* It is sent, so the quote is translated even if nothing else is. */
	ctx->translated = true;
	mn_trace(ctx, t->device, NULL, "nat", NULL,
		 "the error is translated like the connection it is about: %s",
		 to ? "whom it is for" : "whom it comes from");
}

/**
 * mn_nat_enter() - a packet enters a router: it may be an answer
 * @ctx: walk
 * @router: router
 *
 * Context: RCU, BH disabled.
 *
 * Return: false if the walk stops (ctx->stop)
 */
bool mn_nat_enter(struct mn_ctx *ctx, const struct mn_router *router)
{
	struct mn_track *t;

	mn_ctx_dep(ctx, router->translated_dep);
	if (!atomic_read(&router->n_translated))
		return true;
	if (!mn_track_look(ctx))
		return false;
	t = ctx->visit.track;
	if (undoes(t, MN_NAT_SRC))
		undo(ctx, t, MN_NAT_SRC);
	else if (t && t->related && t->conn)
		translate_error(ctx, t, true);
	return true;
}

/* Rules. */

static void offset_v6(struct in6_addr *addr, const struct in6_addr *from,
		      const struct in6_addr *to)
{
	u64 carry = 0;
	int i;

	/* addr - from + to, from the last word on. */
	for (i = 3; i >= 0; i--) {
		carry += (u64)ntohl(addr->s6_addr32[i]) +
			 ntohl(to->s6_addr32[i]) +
			 (u32)~ntohl(from->s6_addr32[i]);
		if (i == 3)
			carry++;
		addr->s6_addr32[i] = htonl((u32)carry);
		carry >>= 32;
	}
}

static enum mn_nat_result apply_static(struct mn_ctx *ctx,
				       const struct mn_rule *rule,
				       const struct mn_nat_target *target,
				       enum mn_nat what)
{
	bool src = what == MN_NAT_SRC;
	struct in6_addr addr;
	struct mn_tuple now;

	if (src)
		mn_ctx_read_src(ctx, target->family == AF_INET ? 32 : 128);
	else
		mn_ctx_read_dst(ctx, target->family == AF_INET ? 32 : 128);
	outer_addr(ctx, src, &addr);
	if (target->family == AF_INET)
		addr.s6_addr32[0] =
			htonl(ntohl(addr.s6_addr32[0]) -
			      ntohl(target->prefix.s6_addr32[0]) +
			      ntohl(target->first.s6_addr32[0]));
	else
		offset_v6(&addr, &target->prefix, &target->first);
	now_tuple(ctx, &now);
	mn_nat_set(ctx, what, &addr, src ? now.sport : now.dport);
	ctx->visit.done |= BIT(what);
	trace_set(ctx, rule, src ? "source" : "destination", &addr,
		  src ? now.sport : now.dport, "as the rule says");
	return MN_NAT_APPLIED;
}

static bool in_target(const struct mn_nat_target *t, const struct in6_addr *addr,
		      __be16 port, bool has_port)
{
	int words = t->family == AF_INET ? 4 : 16;

	if (memcmp(addr, &t->first, words) < 0 ||
	    memcmp(addr, &t->last, words) > 0)
		return false;
	return !has_port || !t->first_port ||
	       (ntohs(port) >= t->first_port && ntohs(port) <= t->last_port);
}

/* Is the connection translated as the target has it? */
static bool fits(const struct mn_track *t, const struct mn_nat_target *target,
		 enum mn_nat what)
{
	const struct mn_tuple *r = &t->reply;
	bool ports = mn_proto_has_ports(r->proto);

	if (!t->conn)
		return false;
	if (what == MN_NAT_DST)
		return in_target(target, &r->src, r->sport, ports);
	return in_target(target, &r->dst, r->dport,
			 ports || mn_proto_is_icmp(r->family, r->proto));
}

/* Is the destination now what the connection has? */
static bool same_destination(const struct mn_ctx *ctx, const struct mn_track *t)
{
	struct mn_tuple now;

	now_tuple(ctx, &now);
	return ipv6_addr_equal(&now.dst, &t->reply.src) &&
	       now.dport == t->reply.sport;
}

/* The beginning of a connection can be seen only in what may begin one. */
static bool can_begin(const struct mn_ctx *ctx)
{
	u8 flags = ctx->key.tcp_flags & (TCPHDR_SYN | TCPHDR_ACK | TCPHDR_RST);

	return ctx->key.proto != IPPROTO_TCP || flags == TCPHDR_SYN;
}

/**
 * mn_nat_renew() - a connection is made anew, with the translations of this walk
 * @ctx: walk
 * @t: connection, or what is to be one
 */
void mn_nat_renew(struct mn_ctx *ctx, struct mn_track *t)
{
	struct mn_tuple now;

	if (t->conn) {
		t->replaces = t->conn;
		t->conn = NULL;
		t->phase = mn_conn_first_phase(t->forward.proto,
					       ctx->key.tcp_flags);
		t->rules[MN_NAT_SRC] = NULL;
		if (!(ctx->visit.done & BIT(MN_NAT_DST)))
			t->rules[MN_NAT_DST] = NULL;
	}
	now_tuple(ctx, &now);
	mn_tuple_invert(&now, &t->reply);
}

static enum mn_nat_result apply_dnat(struct mn_ctx *ctx, struct mn_rule *rule,
				     const struct mn_nat_target *target,
				     struct mn_track *t)
{
	bool kept = fits(t, target, MN_NAT_DST);

	if (!kept) {
		mn_nat_renew(ctx, t);
		mn_nat_pick_dst(&t->forward, target, &t->reply.src,
				&t->reply.sport);
	}
	mn_nat_set(ctx, MN_NAT_DST, &t->reply.src, t->reply.sport);
	t->rules[MN_NAT_DST] = rule;
	trace_set(ctx, rule, "destination", &t->reply.src, t->reply.sport,
		  kept ? "as the connection has it" : "a new binding");
	return MN_NAT_APPLIED;
}

static enum mn_nat_result apply_snat(struct mn_ctx *ctx, struct mn_rule *rule,
				     const struct mn_nat_target *target,
				     struct mn_track *t)
{
	bool kept = fits(t, target, MN_NAT_SRC) && same_destination(ctx, t);

	if (!kept) {
		mn_nat_renew(ctx, t);
		if (!mn_nat_pick_src(ctx, router_of(ctx), target, t->replaces,
				     &t->reply))
			return refuse(ctx, MIDONET_DROP_REASON_NAT_EXHAUSTED,
				      rule,
				      "every address and port of the target is taken for this destination");
		ctx->visit.picked = true;
	}
	mn_nat_set(ctx, MN_NAT_SRC, &t->reply.dst, t->reply.dport);
	t->rules[MN_NAT_SRC] = rule;
	trace_set(ctx, rule, "source", &t->reply.dst, t->reply.dport,
		  kept ? "as the connection has it" : "a new binding");
	return MN_NAT_APPLIED;
}

static enum mn_nat_result apply_dynamic(struct mn_ctx *ctx, struct mn_rule *rule,
					const struct mn_nat_target *target,
					enum mn_nat what)
{
	struct mn_track *t;
	bool kept;

	if (!mn_track_look(ctx))
		return MN_NAT_REFUSED;
	t = mn_track_begin(ctx);
	if (!t)
		return refuse(ctx, MIDONET_DROP_REASON_CONN_INVALID, rule,
			      "it begins no connection and belongs to none");
	/* Answers are undone, errors go with what they are about. */
	if (t->related || t->dir == MN_DIR_RETURN)
		return MN_NAT_APPLIED;
	kept = fits(t, target, what) &&
	       (what == MN_NAT_DST || same_destination(ctx, t));
	if (!kept && !can_begin(ctx))
		return refuse(ctx, MIDONET_DROP_REASON_CONN_INVALID, rule,
			      "a TCP connection whose beginning was not seen, or had another translation, cannot be translated");
	if (what == MN_NAT_DST)
		apply_dnat(ctx, rule, target, t);
	else if (apply_snat(ctx, rule, target, t) != MN_NAT_APPLIED)
		return MN_NAT_REFUSED;
	ctx->visit.done |= BIT(what);
	ctx->visit.hairpin |= what == MN_NAT_DST;
	return MN_NAT_APPLIED;
}

static enum mn_nat_result translate(struct mn_ctx *ctx, struct mn_rule *rule,
				    enum mn_nat what)
{
	const struct mn_nat_target *target = mn_rule_target(rule);
	const struct mn_track *t = ctx->visit.track;

	mn_ctx_read(ctx, eth_type);
	if (!mn_key_is_ip(&ctx->key) || family_of(ctx) != target->family)
		return MN_NAT_PASSED;
	if (target->dynamic)
		return apply_dynamic(ctx, rule, target, what);
	if (t && t->conn && (t->related || t->dir == MN_DIR_RETURN))
		return MN_NAT_APPLIED;
	return apply_static(ctx, rule, target, what);
}

static enum mn_nat_result reverse(struct mn_ctx *ctx, enum mn_nat what)
{
	const struct mn_track *t;

	if (!mn_track_look(ctx))
		return MN_NAT_REFUSED;
	t = ctx->visit.track;
	if (!goes_back(t, what))
		return MN_NAT_PASSED;
	if (t->related)
		translate_error(ctx, t, what == MN_NAT_SRC);
	else
		undo(ctx, t, what);
	return MN_NAT_APPLIED;
}

/**
 * mn_nat_rule() - a rule that translates matches a packet in a router
 * @ctx: walk
 * @rule: rule of action dnat, snat, rev-dnat or rev-snat
 *
 * Context: RCU, BH disabled.
 *
 * Return: what becomes of it
 */
enum mn_nat_result mn_nat_rule(struct mn_ctx *ctx, struct mn_rule *rule)
{
	switch (rule->action) {
	case MIDONET_RULE_ACTION_DNAT:
		return translate(ctx, rule, MN_NAT_DST);
	case MIDONET_RULE_ACTION_SNAT:
		return translate(ctx, rule, MN_NAT_SRC);
	case MIDONET_RULE_ACTION_REV_DNAT:
		return reverse(ctx, MN_NAT_DST);
	case MIDONET_RULE_ACTION_REV_SNAT:
		return reverse(ctx, MN_NAT_SRC);
	}
	return MN_NAT_PASSED;
}

/* Leaving. */

static const struct in6_addr *port_address(const struct mn_port_ver *v,
					   u8 family,
					   const struct in6_addr *near)
{
	const struct mn_address *a = mn_port_addresses(v);
	const struct in6_addr *first = NULL;
	int i;

	for (i = 0; i < v->n_addresses; i++, a++) {
		if (a->family != family)
			continue;
		if (ipv6_prefix_equal(&a->addr, near, a->plen))
			return &a->addr;
		first = first ?: &a->addr;
	}
	return first;
}

static bool own_source(struct mn_ctx *ctx, struct mn_track *t,
		       const struct in6_addr *addr, const char *why)
{
	struct mn_nat_target target = {
		.family = family_of(ctx),
		.dynamic = true,
		.first_port = MN_NAT_FIRST_PORT,
		.last_port = U16_MAX,
		.first = *addr,
		.last = *addr,
	};
	bool kept = fits(t, &target, MN_NAT_SRC) && same_destination(ctx, t);

	if (!kept) {
		if (!can_begin(ctx))
			return refuse(ctx, MIDONET_DROP_REASON_CONN_INVALID,
				      NULL,
				      "its TCP connection's beginning was not seen") ==
			       MN_NAT_APPLIED;
		mn_nat_renew(ctx, t);
		if (!mn_nat_pick_src(ctx, router_of(ctx), &target, t->replaces,
				     &t->reply))
			return refuse(ctx, MIDONET_DROP_REASON_NAT_EXHAUSTED,
				      NULL,
				      "every port is taken for this destination") ==
			       MN_NAT_APPLIED;
		ctx->visit.picked = true;
	}
	mn_nat_set(ctx, MN_NAT_SRC, &t->reply.dst, t->reply.dport);
	t->rules[MN_NAT_SRC] = NULL;
	ctx->visit.done |= BIT(MN_NAT_SRC);
	trace_set(ctx, NULL, "source", &t->reply.dst, t->reply.dport, why);
	return true;
}

/*
 * It goes back where it came from, to somebody else: if he answered directly,
 * the answer would come from an address the sender knows nothing of.
 */
static bool hairpin(struct mn_ctx *ctx, struct mn_track *t,
		    const struct mn_port *out)
{
	const struct mn_ver *ver = mn_ctx_obj(ctx, &out->obj);
	const struct in6_addr *addr;
	struct in6_addr dst;

	outer_addr(ctx, false, &dst);
	addr = ver ? port_address(mn_port_ver(ver), family_of(ctx), &dst) : NULL;
	/* Without an address of its own it can only hope. */
	return !addr ||
	       own_source(ctx, t, addr,
			  "it goes back to where it came from, the answer has to come here");
}

/* Rules say something else than when the connection was made. */
static bool settle(struct mn_ctx *ctx, struct mn_track *t)
{
	struct mn_tuple now, reply;

	now_tuple(ctx, &now);
	mn_tuple_invert(&now, &reply);
	if (t->conn && !memcmp(&reply, &t->reply, sizeof(reply)))
		return true;
	mn_nat_renew(ctx, t);
	/* Two ways to one destination from one source: tell them apart. */
	if (!ctx->visit.done || ctx->visit.picked ||
	    !mn_conn_taken(ctx->mn, &t->reply) ||
	    (t->replaces && !memcmp(&t->replaces->end[MN_DIR_RETURN].tuple,
				    &t->reply, sizeof(t->reply))))
		return true;
	return own_source(ctx, t, &now.src,
			  "its source is in use for this destination by another connection");
}

/**
 * mn_nat_leave() - a packet leaves a router, past its out-chain
 * @ctx: walk
 * @router: router
 * @out: port it leaves by
 *
 * Context: RCU, BH disabled.
 *
 * Return: false if it is dropped; the drop is noted
 */
bool mn_nat_leave(struct mn_ctx *ctx, const struct mn_router *router,
		  const struct mn_port *out)
{
	struct mn_visit *v = &ctx->visit;
	struct mn_track *t = v->track;

	if (!v->looked || !t)
		return true;
	if (t->related) {
		if (t->conn)
			translate_error(ctx, t, false);
		return true;
	}
	if (t->dir == MN_DIR_RETURN) {
		if (undoes(t, MN_NAT_DST))
			undo(ctx, t, MN_NAT_DST);
		return true;
	}
	if (v->hairpin && out == ctx->device_in &&
	    !(v->done & BIT(MN_NAT_SRC)) && !hairpin(ctx, t, out))
		return false;
	return settle(ctx, t);
}
