// SPDX-License-Identifier: GPL-2.0
/*
 * Routes that follow from other objects: the connected and local routes of a
 * port's addresses; and those that go with their port or router.
 */
#include <linux/sched.h>
#include <net/ipv6.h>

#include "config/txn.h"
#include "l3/route.h"
#include "l3/route_entry.h"
#include "l3/router.h"
#include "port/port.h"

static int want(struct mn_txn *txn, const struct mn_route_spec *s)
{
	struct mn_route *r = mn_route_lookup(s);

	if (!r)
		r = mn_route_enter(txn, s);
	if (IS_ERR(r))
		return PTR_ERR(r);
	r->flags |= MN_ROUTE_MARK;
	return 0;
}

static int want_address(struct mn_txn *txn, struct mn_port *port,
			const struct mn_address *a)
{
	struct mn_route_spec s = {
		.router = mn_router_of(port->obj.parent),
		.port = port,
		.hop = MN_HOP_CONNECTED,
		.kind = MIDONET_ROUTE_TYPE_LOCAL,
		.family = a->family,
		.plen = mn_lpm_bits(a->family),
		.dst = a->addr,
	};
	int err;

	/* Per port, so no matter of the router's routes. */
	if (a->family == AF_INET6 &&
	    ipv6_addr_type(&a->addr) & IPV6_ADDR_LINKLOCAL)
		return 0;
	err = want(txn, &s);
	if (err || a->plen == s.plen)
		return err;
	s.kind = MIDONET_ROUTE_TYPE_PORT;
	s.plen = a->plen;
	ipv6_addr_prefix(&s.dst, &a->addr, a->plen);
	return want(txn, &s);
}

/* What is no more wanted goes; or only take the marks away. */
static void sweep(struct mn_txn *txn, struct mn_port *port, bool del)
{
	struct hlist_node *next_hop, *next;
	struct mn_hop *hop;
	struct mn_route *r;

	hlist_for_each_entry_safe(hop, next_hop, &port->routes, by_port) {
		if (hop->key.kind != MN_HOP_CONNECTED)
			continue;
		hlist_for_each_entry_safe(r, next, &hop->routes, by_hop) {
			if (del && !(r->flags & MN_ROUTE_MARK) &&
			    mn_entry_end(&r->entry))
				mn_txn_entry_del(txn, &r->entry);
			else
				r->flags &= ~MN_ROUTE_MARK;
		}
	}
}

/**
 * mn_routes_derive() - connected and local routes follow a port's addresses
 * @txn: transaction
 * @port: router port whose end version is known; it may be gone
 *
 * May be called again and again. Whether the new routes are compatible with
 * others is judged by mn_route_validate(), after all ports were here.
 *
 * Context: mn_net.lock, may sleep.
 *
 * Return: 0 or a negative error
 */
int mn_routes_derive(struct mn_txn *txn, struct mn_port *port)
{
	const struct mn_port_ver *v = mn_port_end(txn->mn, port);
	const struct mn_address *a;
	int i, err = 0;

	if (!mn_port_on_router(port))
		return 0;
	a = v ? mn_port_addresses(v) : NULL;
	for (i = 0; v && i < v->n_addresses && !err; i++)
		err = want_address(txn, port, &a[i]);
	sweep(txn, port, !err);
	return err;
}

/**
 * mn_routes_del_port() - a port goes, with the routes through it
 * @txn: transaction
 * @port: port of a bridge or router
 *
 * Context: mn_net.lock, may sleep.
 */
void mn_routes_del_port(struct mn_txn *txn, struct mn_port *port)
{
	struct hlist_node *next_hop, *next;
	struct mn_hop *hop;
	struct mn_route *r;

	/*
	 * A hop may go with its last route, to the grave; nothing is freed there
	 * as long as this transaction has the lock.
	 */
	hlist_for_each_entry_safe(hop, next_hop, &port->routes, by_port) {
		hlist_for_each_entry_safe(r, next, &hop->routes, by_hop) {
			if (mn_entry_end(&r->entry))
				mn_txn_entry_del(txn, &r->entry);
			cond_resched();
		}
	}
}

static void del_all(struct mn_txn *txn, const struct mn_lpm *lpm)
{
	struct mn_lpm_node *node = mn_lpm_first(lpm);
	struct hlist_node *next;
	struct mn_route *r;
	struct in6_addr key = {};
	u8 plen;

	while (node) {
		/* The node may go with its last route. */
		memcpy(&key, node->key,
		       mn_lpm_words(lpm->family) * sizeof(__be32));
		plen = node->plen;
		hlist_for_each_entry_safe(r, next, &node->items, link) {
			if (mn_entry_end(&r->entry))
				mn_txn_entry_del(txn, &r->entry);
		}
		cond_resched();
		node = mn_lpm_next(lpm, key.s6_addr32, plen);
	}
}

/**
 * mn_routes_del() - a router goes, with its routes
 * @txn: transaction
 * @router: router
 *
 * Context: mn_net.lock, may sleep.
 */
void mn_routes_del(struct mn_txn *txn, struct mn_router *router)
{
	del_all(txn, &router->v4);
	del_all(txn, &router->v6);
}
