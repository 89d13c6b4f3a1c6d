// SPDX-License-Identifier: GPL-2.0
/*
 * Which route does a packet take? The longest dst prefix that has one for the
 * packet's source and through a port that is up; of those the lowest metric; of
 * equal ones that with the highest random weight for the packet's connection.
 *
 * The weight is a hash of connection and next hop, without any secret, so that
 * all hosts choose alike and both directions of a connection hash the same. A
 * next hop that goes takes its own connections along, no others.
 */
#include <linux/icmp.h>
#include <linux/siphash.h>

#include "l3/frag.h"
#include "l3/route.h"
#include "l3/route_entry.h"
#include "l3/router.h"
#include "port/port.h"
#include "sim/ctx.h"
#include "sim/trace.h"
#include "state/tuple.h"

#define MN_ECMP_MAX	64	/* equal routes that are considered */
#define MN_PASSED_MAX	8	/* routes passed over that a trace names */

static const siphash_key_t ecmp_seed = {
	{ 0x6d69646f6e6574ULL, 0x65636d70ULL },
};

/**
 * struct tuple - a connection, whatever the direction
 * @a: the lesser endpoint
 * @b: the greater one
 * @port_a: port of @a, or the id of an ICMP echo
 * @port_b: see @port_a
 * @proto: IP protocol
 * @pad: zero
 */
struct tuple {
	struct in6_addr a;
	struct in6_addr b;
	__be16 port_a;
	__be16 port_b;
	u16 proto;
	u16 pad;
};

/**
 * struct pick - a look-up
 * @ctx: walk
 * @router: router
 * @family: AF_INET or AF_INET6
 * @src: source; an IPv4 address is in the first word
 * @dst: destination
 * @src_bits: longest src that was compared
 * @passed: routes passed over
 * @n: equal routes so far
 * @best: of these
 * @weight: of @best, once there are two
 * @tuple: hash of the connection, once there are two
 */
struct pick {
	struct mn_ctx *ctx;
	struct mn_router *router;
	u8 family;
	struct in6_addr src;
	struct in6_addr dst;
	u8 src_bits;
	u32 passed;
	u32 n;
	struct mn_route *best;
	u64 weight;
	u64 tuple;
};

/**
 * mn_route_kind() - what a route does with a packet
 * @route: route
 *
 * Return: &enum midonet_route_type
 */
u8 mn_route_kind(const struct mn_route *route)
{
	return route->kind;
}

/**
 * mn_route_port() - where a route leads
 * @route: route
 *
 * Return: port of a route of type port, else NULL
 */
struct mn_port *mn_route_port(const struct mn_route *route)
{
	return route->kind == MIDONET_ROUTE_TYPE_PORT ? route->hop->port : NULL;
}

/**
 * mn_route_gateway() - next hop of a route
 * @route: route
 *
 * Return: address of 4 or 16 bytes; NULL: it is the packet's destination
 */
const void *mn_route_gateway(const struct mn_route *route)
{
	if (!route->hop || route->hop->key.kind != MN_HOP_GATEWAY)
		return NULL;
	return &route->hop->key.addr;
}

/* Trace. */

static noinline void trace_route(struct pick *p, const struct mn_route *r,
				 const char *verdict)
{
	struct mn_route_spec s;
	char label[192];

	mn_route_spec_of(r, &s);
	mn_route_label(&s, label, sizeof(label));
	mn_trace(p->ctx, &p->router->obj, mn_route_port(r), "route", NULL,
		 "%s: %s, %s", verdict, label,
		 mn_route_is_connected(r) ? "connected" : "static");
	mn_trace_route(p->ctx, label);
}

static void pass_over(struct pick *p, const struct mn_route *r, const char *why)
{
	if (likely(!p->ctx->trace))
		return;
	p->passed++;
	if (p->passed < MN_PASSED_MAX)
		trace_route(p, r, why);
	else if (p->passed == MN_PASSED_MAX)
		trace_route(p, r, "passed over, and what follows is not listed");
}

static noinline void trace_none(struct pick *p)
{
	if (p->family == AF_INET)
		mn_trace(p->ctx, &p->router->obj, NULL, "route", NULL,
			 "no route to %pI4 for source %pI4", &p->dst, &p->src);
	else
		mn_trace(p->ctx, &p->router->obj, NULL, "route", NULL,
			 "no route to %pI6c for source %pI6c", &p->dst,
			 &p->src);
}

static noinline void trace_chosen(struct pick *p)
{
	char verdict[96];

	if (p->n > 1)
		snprintf(verdict, sizeof(verdict),
			 "chosen, weight %016llx is the greatest of %u equal ones",
			 p->weight, p->n);
	else
		strscpy(verdict, "chosen", sizeof(verdict));
	trace_route(p, p->best, verdict);
}

/* The connection. */

/* An echo and its answer have the id on either side. */
static void set_echo(struct tuple *t, __be16 id)
{
	t->port_a = id;
	t->port_b = id;
}

/*
 * An ICMP error goes the way of what it is about. No flow can be made of that:
 * the quoted packet is not in the key. If it cannot be understood, the error goes
 * by its own addresses.
 */
static void read_quote(struct pick *p, struct tuple *t)
{
	struct mn_ctx *ctx = p->ctx;
	struct mn_tuple quote;

	ctx->cacheable = false;
	/* A later fragment only knows the type. */
	if (!ctx->pkt.l4)
		return;
	/* Without ports the addresses have to do. */
	mn_tuple_quoted(ctx->skb, p->family,
			ctx->pkt.l4 + sizeof(struct icmphdr), &quote);
	if (ipv6_addr_any(&quote.src) && ipv6_addr_any(&quote.dst))
		return;
	t->a = quote.src;
	t->b = quote.dst;
	t->proto = quote.proto;
	t->port_a = quote.sport;
	t->port_b = quote.dport;
	if (mn_proto_is_icmp(p->family, quote.proto))
		set_echo(t, quote.sport | quote.dport);
}

static void read_icmp(struct pick *p, struct tuple *t)
{
	struct mn_ctx *ctx = p->ctx;
	u8 type = ntohs(ctx->key.tp_src);

	mn_ctx_read(ctx, tp_src);
	if (mn_icmp_is_error(p->family, type)) {
		read_quote(p, t);
	} else if (mn_icmp_is_echo(p->family, type)) {
		mn_ctx_read(ctx, icmp_id);
		set_echo(t, ctx->key.icmp_id);
	}
}

/* False: the walk is over, see l3/frag.h. */
static bool read_l4(struct pick *p, struct tuple *t)
{
	struct mn_ctx *ctx = p->ctx;

	mn_ctx_read(ctx, proto);
	if (!mn_proto_has_ports(ctx->key.proto) &&
	    !mn_proto_is_icmp(p->family, ctx->key.proto))
		return true;
	ctx->l4_read = true;
	mn_ctx_read(ctx, frag);
	if (ctx->key.frag == MN_FRAG_LATER && !ctx->frag_alone &&
	    !(ctx->key.flags & MN_KEY_L4) && mn_frag_later(ctx) != MN_FRAG_WALK)
		return false;
	mn_ctx_read(ctx, flags);
	if (!(ctx->key.flags & MN_KEY_L4))
		return true;
	if (mn_proto_is_icmp(p->family, ctx->key.proto)) {
		read_icmp(p, t);
		return true;
	}
	mn_ctx_read(ctx, tp_src);
	mn_ctx_read(ctx, tp_dst);
	t->port_a = ctx->key.tp_src;
	t->port_b = ctx->key.tp_dst;
	return true;
}

static void sort(struct tuple *t)
{
	int diff = memcmp(&t->a, &t->b, sizeof(t->a)) ?:
		   memcmp(&t->port_a, &t->port_b, sizeof(t->port_a));

	if (diff <= 0)
		return;
	swap(t->a, t->b);
	swap(t->port_a, t->port_b);
}

static bool read_tuple(struct pick *p)
{
	u8 bits = mn_lpm_bits(p->family);
	struct tuple t = {
		.a = p->src,
		.b = p->dst,
		.proto = p->ctx->key.proto,
	};

	mn_ctx_read_src(p->ctx, bits);
	mn_ctx_read_dst(p->ctx, bits);
	if (!read_l4(p, &t))
		return false;
	sort(&t);
	p->tuple = siphash(&t, sizeof(t), &ecmp_seed);
	return true;
}

static u64 weigh(const struct pick *p, const struct mn_route *r)
{
	return siphash_2u64(p->tuple, r->hop ? r->hop->hash : r->kind,
			    &ecmp_seed);
}

/* Routes. */

static bool src_fits(struct pick *p, const struct mn_route *r)
{
	if (!r->src_len)
		return true;
	p->src_bits = max(p->src_bits, r->src_len);
	return mn_lpm_common(p->src.s6_addr32, mn_route_src(r),
			     mn_lpm_words(p->family)) >= r->src_len;
}

/* NULL if packets of this generation can leave by the port. */
static const char *port_fault(const struct mn_ctx *ctx,
			      const struct mn_port *port)
{
	const struct mn_ver *ver = mn_ver_at(&port->obj, ctx->generation);
	u8 state = READ_ONCE(port->state);

	if (!ver)
		return "passed over, the port was removed";
	if (!mn_port_ver(ver)->admin_up)
		return "passed over, admin-up of the port is false";
	if (state == MIDONET_PORT_STATE_UP || state == MIDONET_PORT_STATE_REMOTE)
		return NULL;
	return "passed over, the port is not up";
}

static bool usable(struct pick *p, const struct mn_route *r)
{
	const char *fault = NULL;

	if (!mn_entry_at(&r->entry, p->ctx->generation))
		return false;
	if (!src_fits(p, r))
		fault = "passed over, not for this source";
	else if (r->hop)
		fault = port_fault(p->ctx, r->hop->port);
	if (fault)
		pass_over(p, r, fault);
	return !fault;
}

/* One more equal route; false: the walk is over. */
static bool consider(struct pick *p, struct mn_route *r)
{
	u64 weight;

	if (!p->n++) {
		p->best = r;
		return true;
	}
	if (p->n == 2) {
		if (!read_tuple(p))
			return false;
		p->weight = weigh(p, p->best);
	}
	weight = weigh(p, r);
	if (weight > p->weight) {
		p->best = r;
		p->weight = weight;
	}
	return true;
}

/* Fills p->best if the node has a route for the packet. */
static void pick_from(struct pick *p, const struct mn_lpm_node *node)
{
	struct mn_route *r;

	hlist_for_each_entry_rcu(r, &node->items, link) {
		if (p->n && r->metric != p->best->metric)
			return;
		if (!usable(p, r))
			continue;
		if (!consider(p, r)) {
			p->best = NULL;
			return;
		}
		if (p->n == MN_ECMP_MAX)
			return;
	}
}

static void find(struct pick *p)
{
	struct mn_lpm *lpm = mn_route_lpm(p->router, p->family);
	const struct mn_lpm_node *node;
	struct mn_lpm_path path;
	u32 i, bits, limit = 129;

	do {
		bits = mn_lpm_find(lpm, p->dst.s6_addr32, limit, &path);
		if (limit == 129)
			mn_route_deps(p->ctx, p->router, p->family,
				      p->dst.s6_addr32, bits);
		for (i = 0; i < mn_lpm_path_kept(&path); i++) {
			node = mn_lpm_path_at(&path, i);
			pick_from(p, node);
			if (p->n)
				return;
			limit = node->plen;
		}
	} while (path.n > MN_LPM_PATH);
}

/**
 * mn_route_find() - choose the route of a packet
 * @ctx: walk of an IP packet; dependencies, mask and trace are noted
 * @router: the router it is in
 *
 * Context: RCU, BH disabled.
 *
 * Return: the route, valid as long as RCU of the walk holds; NULL if there is
 * none, or if ctx->stop is set: then it is a later fragment whose fate is
 * decided by its first (l3/frag.h)
 */
struct mn_route *mn_route_find(struct mn_ctx *ctx, struct mn_router *router)
{
	struct pick p = { .ctx = ctx, .router = router };
	const struct mn_flow_key *key = &ctx->key;

	if (key->eth_type == htons(ETH_P_IPV6)) {
		p.family = AF_INET6;
		memcpy(&p.src, &key->v6.src, sizeof(p.src));
		memcpy(&p.dst, &key->v6.dst, sizeof(p.dst));
	} else {
		p.family = AF_INET;
		p.src.s6_addr32[0] = key->v4.src;
		p.dst.s6_addr32[0] = key->v4.dst;
	}
	/* Before any port's state. */
	mn_ctx_dep(ctx, router->ports_dep);
	find(&p);
	if (p.src_bits)
		mn_ctx_read_src(ctx, p.src_bits);
	if (unlikely(ctx->trace) && !ctx->stop) {
		if (p.best)
			trace_chosen(&p);
		else
			trace_none(&p);
	}
	return p.best;
}
