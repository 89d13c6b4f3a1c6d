// SPDX-License-Identifier: GPL-2.0
/*
 * Which member of which pool gets a packet?
 *
 * The one its connection has, if that is still there. Else the one its client
 * sticks to, if that takes new connections. Else one of those that do, by
 * weighted highest random weight (hrw.c) of the connection, or of client and VIP
 * if clients stick. There is no secret in it: all hosts choose alike.
 *
 * The flow of a packet depends on the version counters of the load balancer, of
 * VIPs near its destination (l3/route_dep.c), and of the pool, which moves with its
 * members and their health. It does not depend on who sticks to whom: that is asked
 * only for a new connection, which then has its member.
 */
#include <linux/siphash.h>

#include "balance/balancer.h"
#include "balance/hrw.h"
#include "l3/frag.h"
#include "l3/nbr.h"
#include "l3/route.h"
#include "l3/router.h"
#include "port/port.h"
#include "sim/count.h"
#include "sim/ctx.h"
#include "sim/trace.h"

static const siphash_key_t balance_seed = {
	{ 0x6d69646f6e6574ULL, 0x6c62ULL },
};

/**
 * struct pick - a choice
 * @ctx: walk
 * @router: router
 * @t: tuple of the packet
 * @vip: VIP it is for
 * @draw: what is given away, as a hash
 * @best: of the members so far that take new connections
 * @hash: random number of @best
 * @cost: of that, see mn_hrw_cost()
 * @n: number of such members
 * @all: number of members
 */
struct pick {
	struct mn_ctx *ctx;
	const struct mn_router *router;
	const struct mn_tuple *t;
	struct mn_vip *vip;
	u64 draw;
	const struct mn_pool_member *best;
	u64 hash;
	u64 cost;
	u32 n;
	u32 all;
};

/* Trace. */

static noinline void __tell(const struct pick *p,
			    const struct mn_pool_member *m, const char *what)
{
	char vip[MN_SERVICE_LABEL], member[MN_SERVICE_LABEL] = "";

	mn_service_label(&p->vip->s.at, vip);
	if (m)
		mn_service_label(&m->s.at, member);
	mn_trace(p->ctx, &p->router->obj, NULL, "balance", NULL,
		 "vip %s, pool %s: %s%s%s", vip, p->vip->pool->obj.name,
		 member, m ? ", " : "", what);
}

static void tell(const struct pick *p, const struct mn_pool_member *m,
		 const char *what)
{
	if (unlikely(p->ctx->trace))
		__tell(p, m, what);
}

static noinline void tell_best(const struct pick *p)
{
	char what[64];

	snprintf(what, sizeof(what), "chosen of %u of %u members that are up",
		 p->n, p->all);
	tell(p, p->best, what);
}

/* VIPs. */

static struct mn_vip *find_vip(struct mn_ctx *ctx, const struct mn_balancer *b,
			       u8 family, const struct in6_addr *addr,
			       u8 proto, __be16 port)
{
	struct mn_service at = {
		.balancer = b->obj.index,
		.family = family,
		.proto = proto,
		.port = port,
		.addr = *addr,
	};
	struct mn_served *s;

	s = mn_served_find(&ctx->mn->balance->vips, &at, NULL, ctx->generation);
	return s ? mn_vip_of(s) : NULL;
}

/* Has some VIP the address? @bits: of the address that decided. */
static bool is_address(const struct mn_ctx *ctx, struct mn_balancer *b,
		       u8 family, const __be32 *addr, u32 *bits)
{
	const struct mn_vip *vip;
	struct mn_lpm_path path;

	*bits = mn_lpm_find(mn_balancer_lpm(b, family), addr, 129, &path);
	if (!path.n)
		return false;
	hlist_for_each_entry_rcu(vip, &mn_lpm_path_at(&path, 0)->items,
				 by_addr) {
		if (mn_entry_at(&vip->s.entry, ctx->generation))
			return true;
	}
	return false;
}

/* The load balancer of a router, if it is up. Its VIPs are read after this. */
static struct mn_balancer *balancer_up(struct mn_ctx *ctx,
				       const struct mn_router_ver *v)
{
	struct mn_balancer *b = v->balancer;
	const struct mn_ver *ver = b ? mn_ctx_obj(ctx, &b->obj) : NULL;

	return ver && mn_balancer_ver(ver)->admin_up ? b : NULL;
}

/* Note that L4 is read; false if the packet has none, or its walk is over. */
static bool read_l4(struct mn_ctx *ctx)
{
	mn_ctx_read(ctx, proto);
	if (ctx->key.proto != IPPROTO_TCP && ctx->key.proto != IPPROTO_UDP)
		return false;
	ctx->l4_read = true;
	mn_ctx_read(ctx, frag);
	if (ctx->key.frag == MN_FRAG_LATER &&
	    mn_frag_later(ctx) != MN_FRAG_WALK)
		return false;
	mn_ctx_read(ctx, flags);
	if (!(ctx->key.flags & MN_KEY_L4))
		return false;
	mn_ctx_read(ctx, tp_dst);
	return true;
}

/**
 * mn_balance_wants() - is a packet for a VIP of the router it is in?
 * @ctx: walk; looks at the packet as it is now. What was read of it is noted, no
 *	more than had to be
 * @v: version of the router
 *
 * Context: BH disabled, RCU.
 *
 * Return: true if it is, be it that the VIP is not up; false also if ctx->stop
 * is set: then it is a later fragment whose fate is decided by its first
 */
bool mn_balance_wants(struct mn_ctx *ctx, const struct mn_router_ver *v)
{
	const struct mn_flow_key *key = &ctx->key;
	struct in6_addr dst = {};
	struct mn_balancer *b;
	u8 family = AF_INET;
	bool here;
	u32 bits;

	if (likely(!v->balancer) || !mn_key_is_ip(key))
		return false;
	b = balancer_up(ctx, v);
	if (!b)
		return false;
	if (key->eth_type == htons(ETH_P_IPV6)) {
		family = AF_INET6;
		memcpy(&dst, &key->v6.dst, sizeof(dst));
	} else {
		dst.s6_addr32[0] = key->v4.dst;
	}
	here = is_address(ctx, b, family, dst.s6_addr32, &bits);
	mn_vip_deps(ctx, &b->obj, family, dst.s6_addr32, bits);
	return here && read_l4(ctx) &&
	       find_vip(ctx, b, family, &dst, key->proto, key->tp_dst);
}

/**
 * mn_balance_owns() - does a router answer ARP and ND for a VIP?
 * @ctx: walk
 * @v: version of the router
 * @port: version of its port by which the question came
 * @family: AF_INET or AF_INET6
 * @addr: address of 4 or 16 bytes that is asked for
 *
 * Context: BH disabled, RCU.
 *
 * Return: true if it is the address of a VIP, in a subnet of the port, and the
 * load balancer is up
 */
bool mn_balance_owns(struct mn_ctx *ctx, const struct mn_router_ver *v,
		     const struct mn_port_ver *port, u8 family,
		     const void *addr)
{
	struct mn_balancer *b = balancer_up(ctx, v);
	struct in6_addr a = {};
	u32 bits;

	if (!b)
		return false;
	memcpy(&a, addr, mn_lpm_bits(family) / 8);
	return is_address(ctx, b, family, a.s6_addr32, &bits) &&
	       mn_nbr_on_link(port, family, addr);
}

/* Members. */

static bool is_down(const struct mn_pool_member *m)
{
	return READ_ONCE(m->health) == MIDONET_HEALTH_DOWN;
}

static bool is_up(const struct mn_pool_member *m)
{
	return mn_pool_member_open(m) && !is_down(m);
}

/* Order of members whose random numbers are the same. */
static bool at_before(const struct mn_pool_member *a,
		      const struct mn_pool_member *b)
{
	int diff = memcmp(&a->s.at.addr, &b->s.at.addr, sizeof(a->s.at.addr));

	return diff ? diff < 0 : ntohs(a->s.at.port) < ntohs(b->s.at.port);
}

static bool wins(const struct pick *p, const struct mn_pool_member *m,
		 u64 hash, u64 cost)
{
	if (!p->best)
		return true;
	if (mn_hrw_before(cost, m->weight, p->cost, p->best->weight))
		return true;
	if (mn_hrw_before(p->cost, p->best->weight, cost, m->weight))
		return false;
	return hash != p->hash ? hash > p->hash : at_before(m, p->best);
}

static void consider(struct pick *p, const struct mn_pool_member *m)
{
	u64 hash, cost;

	p->all++;
	if (!is_up(m))
		return;
	p->n++;
	hash = siphash_2u64(p->draw, m->hash, &balance_seed);
	cost = mn_hrw_cost(hash);
	if (!wins(p, m, hash, cost))
		return;
	p->best = m;
	p->hash = hash;
	p->cost = cost;
}

/* What is given away: a connection, or a client. */
static void read_draw(struct pick *p)
{
	const struct mn_tuple *t = p->t;
	struct {
		struct in6_addr src;
		struct in6_addr dst;
		__be16 sport;
		__be16 dport;
		u32 proto;
	} __aligned(SIPHASH_ALIGNMENT) what = {
		.src = t->src,
		.dst = t->dst,
		.dport = t->dport,
		.proto = t->proto,
	};

	mn_ctx_read_src(p->ctx, mn_lpm_bits(t->family));
	if (!p->vip->sticky) {
		mn_ctx_read(p->ctx, tp_src);
		what.sport = t->sport;
	}
	p->draw = siphash(&what, sizeof(what), &balance_seed);
}

static void choose_best(struct pick *p)
{
	const struct mn_served *s;

	read_draw(p);
	list_for_each_entry_rcu(s, &p->vip->pool->members, siblings) {
		if (mn_entry_at(&s->entry, p->ctx->generation))
			consider(p, mn_pool_member_of(s));
	}
}

/* The member a client sticks to, if it takes new connections. */
static const struct mn_pool_member *stuck_to(const struct pick *p)
{
	const struct mn_pool_member *m;
	struct mn_sticky_key key;
	const struct mn_served *s;
	u64 hash;

	mn_sticky_key_set(&key, &p->vip->s.at, &p->t->src);
	if (!mn_sticky_find(&p->ctx->mn->balance->sticky, &key, &hash))
		return NULL;
	list_for_each_entry_rcu(s, &p->vip->pool->members, siblings) {
		m = mn_pool_member_of(s);
		if (m->hash == hash &&
		    mn_entry_at(&s->entry, p->ctx->generation))
			return is_up(m) ? m : NULL;
	}
	return NULL;
}

static const struct mn_pool_member *choose(struct pick *p)
{
	const struct mn_pool_member *m;

	if (p->vip->sticky) {
		m = stuck_to(p);
		if (m) {
			mn_ctx_read_src(p->ctx, mn_lpm_bits(p->t->family));
			tell(p, m, "the client sticks to it");
			return m;
		}
	}
	choose_best(p);
	if (p->best)
		tell_best(p);
	return p->best;
}

/* The member a connection has, if it is still in the pool. */
static const struct mn_pool_member *member_of(const struct pick *p,
					      const struct mn_tuple *now)
{
	struct mn_service at = {
		.balancer = p->vip->s.at.balancer,
		.family = now->family,
		.port = now->sport,
		.addr = now->src,
	};
	struct mn_served *s;

	s = mn_served_find(&p->ctx->mn->balance->members, &at,
			   &p->vip->pool->obj, p->ctx->generation);
	return s ? mn_pool_member_of(s) : NULL;
}

/* May a connection keep its member? NULL: it needs another one. */
static const struct mn_pool_member *keeps(const struct pick *p,
					  const struct mn_tuple *now, bool keep)
{
	const struct mn_pool_member *m = member_of(p, now);

	if (!m) {
		tell(p, NULL, "the connection's member is no more in the pool");
		return NULL;
	}
	if (is_down(m) && !keep) {
		tell(p, m, "the connection's member, is down");
		return NULL;
	}
	if (is_down(m))
		tell(p, m, "kept though it is down: an established connection cannot move");
	else if (!mn_pool_member_open(m))
		tell(p, m, "kept by its connection; it gets no new ones");
	else
		tell(p, m, "kept by its connection");
	return m;
}

/*
 * Without memory for its counters the packet is not counted, and leaves no flow:
 * the next one tries again.
 */
static void count(struct pick *p)
{
	struct mn_count *count;

	if (unlikely(!p->ctx->live))
		return;
	count = mn_count_at(&p->vip->count);
	if (likely(count))
		mn_ctx_count(p->ctx, count);
	else
		p->ctx->cacheable = false;
}

/* The VIP, if it is up. */
static bool begin(struct pick *p, const struct mn_balancer *b)
{
	const struct mn_tuple *t = p->t;
	const struct mn_ver *ver;

	mn_vip_deps(p->ctx, &b->obj, t->family, t->dst.s6_addr32,
		    mn_lpm_bits(t->family));
	mn_ctx_read(p->ctx, proto);
	mn_ctx_read(p->ctx, tp_dst);
	p->vip = find_vip(p->ctx, b, t->family, &t->dst, t->proto, t->dport);
	if (!p->vip)
		return false;
	/* The counter of the pool before its members. */
	ver = mn_ctx_obj(p->ctx, &p->vip->pool->obj);
	if (ver && mn_pool_ver(ver)->admin_up)
		return true;
	tell(p, NULL, "admin-up of the pool is false, so the VIP is not up");
	return false;
}

/**
 * mn_balance() - which member of which pool gets a packet?
 * @ctx: walk; what was read of the packet is noted
 * @router: router it is in, which may have a load balancer
 * @v: version of @router
 * @t: tuple of the packet as it entered the router
 * @now: tuple of the answers, which come from the member its connection has; or
 *	NULL
 * @keep: the connection cannot be moved: TCP, established
 * @choice: set to the member
 *
 * Dependencies are noted: VIPs, pool, members, health. Traces say who was chosen
 * and why.
 *
 * Context: BH disabled, RCU.
 *
 * Return: &enum mn_balance_result
 */
enum mn_balance_result mn_balance(struct mn_ctx *ctx,
				  const struct mn_router *router,
				  const struct mn_router_ver *v,
				  const struct mn_tuple *t,
				  const struct mn_tuple *now, bool keep,
				  struct mn_balance_choice *choice)
{
	struct pick p = { .ctx = ctx, .router = router, .t = t };
	const struct mn_balancer *b = balancer_up(ctx, v);
	const struct mn_pool_member *m = NULL;

	if (!b || !begin(&p, b))
		return MN_BALANCE_NONE;
	count(&p);
	if (now)
		m = keeps(&p, now, keep);
	memset(choice, 0, sizeof(*choice));
	choice->kept = m;
	if (!m)
		m = choose(&p);
	if (!m) {
		tell(&p, NULL, "no member is up");
		return MN_BALANCE_NOBODY;
	}
	choice->addr = m->s.at.addr;
	choice->port = m->s.at.port;
	choice->sticky = p.vip->sticky;
	choice->vip = p.vip;
	choice->client = t->src;
	choice->member = m->hash;
	return MN_BALANCE_MEMBER;
}

/**
 * mn_balance_sent() - a packet was sent to the member chosen for it
 * @ctx: walk, before its flow is installed: that keeps the client's memory alive
 * @choice: from mn_balance()
 *
 * A client that sticks is remembered. Nothing happens in a trace.
 *
 * Context: BH disabled, RCU of the walk.
 */
void mn_balance_sent(struct mn_ctx *ctx, const struct mn_balance_choice *choice)
{
	const struct mn_vip *vip = choice->vip;
	struct mn_sticky_key key;
	struct mn_used *used;

	if (!choice->sticky || !ctx->live)
		return;
	mn_sticky_key_set(&key, &vip->s.at, &choice->client);
	used = mn_sticky_note(&ctx->mn->balance->sticky, &key, choice->member,
			      choice->sticky, ctx->in->obj.index,
			      !choice->kept);
	if (used)
		mn_ctx_touch(ctx, used);
}
