// SPDX-License-Identifier: GPL-2.0
/*
 * Routes as configuration objects: what a message asks for, and listing them.
 * How one is chosen for a packet is in route_find.c.
 */
#include <linux/inetdevice.h>
#include <linux/rculist.h>
#include <net/ipv6.h>

#include "config/dump.h"
#include "config/nl.h"
#include "config/txn.h"
#include "l3/route.h"
#include "l3/route_entry.h"
#include "l3/router.h"
#include "port/port.h"

/* What parsing one message is about. */
struct parse {
	struct mn_txn *txn;
	struct nlattr **tb;
	struct netlink_ext_ack *extack;
	struct mn_route_spec s;
};

static int refuse(struct parse *p, int err, const char *text)
{
	char label[192];

	mn_route_label(&p->s, label, sizeof(label));
	return mn_txn_err(p->txn, err, "router %s: route %s: %s",
			  p->s.router->obj.name, label, text);
}

static int bad(struct parse *p, int attr, const char *text)
{
	NL_SET_BAD_ATTR(p->extack, p->tb[attr]);
	return refuse(p, -EINVAL, text);
}

static int refuse_host_bits(struct parse *p, int attr, const char *word,
			    const struct mn_prefix *x)
{
	const u8 *addr = nla_data(p->tb[attr]);

	NL_SET_BAD_ATTR(p->extack, p->tb[attr]);
	addr++;
	if (x->family == AF_INET)
		return mn_txn_err(p->txn, -EINVAL,
				  "router %s: a route's %s %pI4/%u has bits behind its length; write %pI4/%u",
				  p->s.router->obj.name, word, addr, x->plen,
				  &x->addr, x->plen);
	return mn_txn_err(p->txn, -EINVAL,
			  "router %s: a route's %s %pI6c/%u has bits behind its length; write %pI6c/%u",
			  p->s.router->obj.name, word, addr, x->plen, &x->addr,
			  x->plen);
}

static int get_prefix(struct parse *p, int attr, const char *word,
		      struct mn_prefix *x)
{
	const struct nlattr *a = p->tb[attr];

	if (mn_nl_prefix(nla_data(a), nla_len(a), x)) {
		NL_SET_BAD_ATTR(p->extack, a);
		return mn_txn_err(p->txn, -EINVAL,
				  "router %s: a route's %s is not a prefix",
				  p->s.router->obj.name, word);
	}
	if (memcmp(nla_data(a) + 1, &x->addr, nla_len(a) - 1))
		return refuse_host_bits(p, attr, word, x);
	return 0;
}

static bool is_multicast(const struct mn_prefix *x)
{
	if (x->family == AF_INET)
		return x->plen >= 4 && ipv4_is_multicast(x->addr.s6_addr32[0]);
	return x->plen >= 8 && ipv6_addr_is_multicast(&x->addr);
}

static int get_prefixes(struct parse *p)
{
	struct mn_prefix x;
	int err;

	err = get_prefix(p, MIDONET_A_DST, "dst", &x);
	if (err)
		return err;
	p->s.family = x.family;
	p->s.plen = x.plen;
	p->s.dst = x.addr;
	if (is_multicast(&x))
		return bad(p, MIDONET_A_DST,
			   "dst is multicast, which routers do not forward");
	if (!p->tb[MIDONET_A_SRC])
		return 0;
	err = get_prefix(p, MIDONET_A_SRC, "src", &x);
	if (err)
		return err;
	if (x.family != p->s.family)
		return bad(p, MIDONET_A_SRC,
			   "src is of another address family than dst");
	p->s.src_len = x.plen;
	p->s.src = x.addr;
	return 0;
}

static int get_port(struct parse *p)
{
	const struct mn_obj *router = &p->s.router->obj;
	struct mn_obj *obj;

	if (!p->tb[MIDONET_A_PORT])
		return 0;
	obj = mn_txn_ref(p->txn, router, p->tb[MIDONET_A_PORT],
			 MIDONET_OBJECT_TYPE_PORT, "port", p->extack);
	if (IS_ERR(obj))
		return PTR_ERR(obj);
	if (obj->parent == router && !(obj->pending && obj->pending->dead)) {
		p->s.port = mn_port_of(obj);
		return 0;
	}
	NL_SET_BAD_ATTR(p->extack, p->tb[MIDONET_A_PORT]);
	if (obj->parent == router)
		return mn_txn_err(p->txn, -ENOENT,
				  "router %s: port %s is removed",
				  router->name, obj->name);
	return mn_txn_err(p->txn, -EINVAL,
			  "router %s: port %s belongs to %s, a route needs a port of its own router",
			  router->name, obj->name, obj->parent->name);
}

/* Could a station have this address? */
static bool gateway_ok(u8 family, const struct in6_addr *a)
{
	if (family == AF_INET)
		return !ipv4_is_zeronet(a->s6_addr32[0]) &&
		       !ipv4_is_loopback(a->s6_addr32[0]) &&
		       ntohl(a->s6_addr32[0]) < 0xe0000000;
	return !ipv6_addr_any(a) && !ipv6_addr_loopback(a) &&
	       !ipv6_addr_is_multicast(a) && !ipv6_addr_v4mapped(a);
}

static int get_gateway(struct parse *p)
{
	const struct nlattr *a = p->tb[MIDONET_A_GATEWAY];
	int len;

	if (!a)
		return 0;
	len = nla_len(a);
	if (len != sizeof(struct in_addr) && len != sizeof(struct in6_addr))
		return bad(p, MIDONET_A_GATEWAY,
			   "gateway is not an IPv4 or IPv6 address");
	if (len != (p->s.family == AF_INET ? 4 : 16))
		return bad(p, MIDONET_A_GATEWAY,
			   "gateway is of another address family than dst");
	memcpy(&p->s.gateway, nla_data(a), len);
	p->s.hop = MN_HOP_GATEWAY;
	if (gateway_ok(p->s.family, &p->s.gateway))
		return 0;
	return bad(p, MIDONET_A_GATEWAY,
		   "gateway is not the address of one station");
}

static int check_parts(struct parse *p)
{
	if (p->s.kind == MIDONET_ROUTE_TYPE_PORT) {
		if (!p->s.port)
			return refuse(p, -EINVAL, "type port needs a port");
		if (!p->s.hop)
			p->s.hop = MN_HOP_DIRECT;
		return 0;
	}
	if (p->s.port)
		return refuse(p, -EINVAL, "only type port takes a port");
	if (p->s.hop)
		return refuse(p, -EINVAL, "only type port takes a gateway");
	return 0;
}

static int get_spec(struct parse *p)
{
	struct nlattr **tb = p->tb;
	struct mn_obj *router;
	int err;

	if (!tb[MIDONET_A_PARENT] || !tb[MIDONET_A_DST])
		return mn_txn_err(p->txn, -EINVAL,
				  "a route needs parent (its router) and dst");
	router = mn_txn_ref(p->txn, NULL, tb[MIDONET_A_PARENT],
			    MIDONET_OBJECT_TYPE_ROUTER, "parent", p->extack);
	if (IS_ERR(router))
		return PTR_ERR(router);
	p->s.router = mn_router_of(router);
	p->s.kind = tb[MIDONET_A_TYPE] ? nla_get_u8(tb[MIDONET_A_TYPE]) :
					 MIDONET_ROUTE_TYPE_PORT;
	if (tb[MIDONET_A_METRIC])
		p->s.metric = nla_get_u32(tb[MIDONET_A_METRIC]);
	err = get_prefixes(p);
	if (!err)
		err = get_port(p);
	if (!err)
		err = get_gateway(p);
	return err ?: check_parts(p);
}

static int del(struct parse *p)
{
	struct mn_route *r = mn_route_lookup(&p->s);

	if (r) {
		mn_txn_entry_del(p->txn, &r->entry);
		return 0;
	}
	if (p->s.hop == MN_HOP_DIRECT) {
		p->s.hop = MN_HOP_CONNECTED;
		if (mn_route_lookup(&p->s))
			return refuse(p, -EINVAL,
				      "it follows from the port's addresses; change those");
	}
	return refuse(p, -ENOENT, "no such route");
}

static int route_op(struct mn_txn *txn, struct mn_op *op, struct nlattr **tb,
		    struct netlink_ext_ack *extack)
{
	struct parse p = { .txn = txn, .tb = tb, .extack = extack };
	int err;

	err = get_spec(&p);
	if (err)
		return err;
	if (op->verb == MN_VERB_DEL)
		return del(&p);
	if (mn_route_lookup(&p.s))
		return refuse(&p, -EEXIST, "exists already");
	return PTR_ERR_OR_ZERO(mn_route_enter(txn, &p.s));
}

static void route_changed(struct mn_net *mn, struct mn_entry *e)
{
	struct mn_route *r = mn_route_of(e);

	if (r->hop)
		WRITE_ONCE(r->hop->alive, r->hop->alive +
			   (e->died == U64_MAX ? 1 : -1));
	mn_route_bump(mn, r);
}

/* Listing. */

static int fill(struct sk_buff *skb, struct mn_dump *cur,
		const struct mn_route *r)
{
	void *hdr = mn_dump_msg(skb, cur);
	u8 family = mn_route_family(r);
	const void *gateway = mn_route_gateway(r);

	if (!hdr)
		return -EMSGSIZE;
	if (mn_nl_put_id(skb, MIDONET_A_PARENT, r->entry.parent) ||
	    mn_nl_put_prefix(skb, MIDONET_A_DST, family, r->plen,
			     mn_route_dst(r)) ||
	    (r->src_len &&
	     mn_nl_put_prefix(skb, MIDONET_A_SRC, family, r->src_len,
			      mn_route_src(r))) ||
	    nla_put_u8(skb, MIDONET_A_TYPE, r->kind) ||
	    (r->hop && mn_nl_put_id(skb, MIDONET_A_PORT, &r->hop->port->obj)) ||
	    (gateway && nla_put(skb, MIDONET_A_GATEWAY,
				family == AF_INET ? 4 : 16, gateway)) ||
	    nla_put_u32(skb, MIDONET_A_METRIC, r->metric) ||
	    nla_put_u8(skb, MIDONET_A_ORIGIN, mn_route_is_connected(r) ?
		       MIDONET_ORIGIN_CONNECTED : MIDONET_ORIGIN_STATIC)) {
		genlmsg_cancel(skb, hdr);
		return -EMSGSIZE;
	}
	genlmsg_end(skb, hdr);
	return 0;
}

static const struct mn_route *first_of(const struct mn_lpm *lpm,
				       const struct mn_lpm_node *node)
{
	struct hlist_node *first;

	for (; node; node = mn_lpm_next(lpm, node->key, node->plen)) {
		first = rcu_dereference(hlist_first_rcu(&node->items));
		if (first)
			return hlist_entry(first, struct mn_route, link);
	}
	return NULL;
}

static const struct mn_route *first_route(struct mn_router *router)
{
	return first_of(&router->v4, mn_lpm_first(&router->v4)) ?:
	       first_of(&router->v6, mn_lpm_first(&router->v6));
}

static const struct mn_route *next_route(struct mn_router *router,
					 const struct mn_route *r)
{
	const struct mn_lpm *lpm = mn_route_lpm(router, mn_route_family(r));
	struct hlist_node *next = rcu_dereference(hlist_next_rcu(&r->link));
	const struct mn_route *found;

	if (next)
		return hlist_entry(next, struct mn_route, link);
	found = first_of(lpm, mn_lpm_next(lpm, r->addr, r->plen));
	if (!found && lpm == &router->v4)
		found = first_of(&router->v6, mn_lpm_first(&router->v6));
	return found;
}

/**
 * mn_routes_dump() - list the routes of a router
 * @mn: namespace
 * @skb: where they go
 * @cur: cursor; @cur->sub is the route to go on with
 * @router: router
 * @put: puts one route; -EMSGSIZE if @skb is full
 *
 * As long as no commit came between, a route of this generation cannot have been
 * freed. Else the rest of the router is left out: the reader is told to start
 * again anyway.
 *
 * Context: RCU.
 *
 * Return: 0 when done, or what @put returned
 */
int mn_routes_dump(struct mn_net *mn, struct sk_buff *skb, struct mn_dump *cur,
		   struct mn_router *router,
		   int (*put)(struct sk_buff *skb, struct mn_dump *cur,
			      const struct mn_route *route))
{
	u64 generation = mn_net_generation(mn);
	const struct mn_route *r = (const struct mn_route *)cur->sub;
	int err;

	if (r && cur->generation != generation)
		return 0;
	cur->generation = generation;
	for (r = r ?: first_route(router); r; r = next_route(router, r)) {
		if (!mn_entry_at(&r->entry, generation))
			continue;
		err = put(skb, cur, r);
		if (err) {
			cur->sub = (unsigned long)r;
			return err;
		}
	}
	return 0;
}

static int route_dump(struct mn_net *mn, struct sk_buff *skb,
		      struct mn_dump *cur)
{
	struct mn_obj *obj;
	int err;

	for (; (obj = mn_dump_next(mn, cur, MIDONET_OBJECT_TYPE_ROUTER));
	     cur->index++, cur->sub = 0) {
		if (!mn_dump_wants(cur, obj))
			continue;
		err = mn_routes_dump(mn, skb, cur, mn_router_of(obj), fill);
		if (err)
			return err;
	}
	return 0;
}

const struct mn_type mn_route_type = {
	.name = "route",
	.type = MIDONET_OBJECT_TYPE_ROUTE,
	.parents = BIT(MIDONET_OBJECT_TYPE_ROUTER),
	.op = route_op,
	.entry_changed = route_changed,
	.entry_del = mn_route_entry_del,
	.entry_free = mn_route_entry_free,
	.entry_validate = mn_route_validate,
	.dump = route_dump,
};
