// SPDX-License-Identifier: GPL-2.0
/*
 * Are the routes of the end state compatible with each other? Each pair is
 * looked at when the younger of the two is to be born: what was there before the
 * commit was compatible then.
 */
#include <net/ipv6.h>

#include "balance/balance.h"
#include "config/txn.h"
#include "l3/neigh.h"
#include "l3/route.h"
#include "l3/route_entry.h"
#include "l3/router.h"
#include "port/port.h"

#define MN_ADDR_TEXT	48	/* bytes of an address in words */

static int addr_text(char *buf, u8 family, const __be32 *addr)
{
	if (family == AF_INET)
		return snprintf(buf, MN_ADDR_TEXT, "%pI4", addr);
	return snprintf(buf, MN_ADDR_TEXT, "%pI6c", addr);
}

static int refuse_own(struct mn_txn *txn, const struct mn_route *r,
		      const struct mn_port *port)
{
	struct mn_route_spec s;
	char label[192];

	mn_route_spec_of(r, &s);
	mn_route_label(&s, label, sizeof(label));
	return mn_txn_err(txn, -EINVAL,
			  "router %s: route %s: the gateway is the router's own address (port %s); name the next router's",
			  s.router->obj.name, label, port->obj.name);
}

/* A port's local route in the end state, for an address of a router. */
static const struct mn_route *own_address(struct mn_router *router, u8 family,
					  const __be32 *addr,
					  const struct mn_route *but)
{
	struct mn_lpm *lpm = mn_route_lpm(router, family);
	const struct mn_lpm_node *node;
	const struct mn_route *own;

	node = mn_lpm_exact(lpm, addr, mn_lpm_bits(family));
	if (!node)
		return NULL;
	hlist_for_each_entry(own, &node->items, link) {
		if (own != but && mn_route_is_connected(own) &&
		    own->kind == MIDONET_ROUTE_TYPE_LOCAL &&
		    mn_entry_end(&own->entry))
			return own;
	}
	return NULL;
}

/**
 * mn_route_own_port() - which port of a router has an address
 * @router: router
 * @family: AF_INET or AF_INET6
 * @addr: address of 4 or 16 bytes
 *
 * Context: mn_net.lock.
 *
 * Return: the port that has it in the end state of the commit in progress, or
 * NULL; of link-local addresses the routes know nothing
 */
const struct mn_port *mn_route_own_port(struct mn_router *router, u8 family,
					const struct in6_addr *addr)
{
	const struct mn_route *own;

	own = own_address(router, family, addr->s6_addr32, NULL);
	return own ? own->hop->port : NULL;
}

static int check_gateway(struct mn_txn *txn, const struct mn_route *r)
{
	struct mn_port *port = r->hop->port;
	const struct in6_addr *gateway = &r->hop->key.addr;
	const struct mn_port_ver *v = mn_port_end(txn->mn, port);
	const struct mn_route *own;
	struct in6_addr local;

	own = own_address(mn_router_of(r->entry.parent), mn_route_family(r),
			  gateway->s6_addr32, r);
	if (own)
		return refuse_own(txn, r, own->hop->port);
	if (!v || !(r->flags & MN_ROUTE_V6))
		return 0;
	mn_port_link_local(v, &local);
	return ipv6_addr_equal(&local, gateway) ? refuse_own(txn, r, port) : 0;
}

static int check_address(struct mn_txn *txn, const struct mn_route *r)
{
	struct mn_router *router = mn_router_of(r->entry.parent);
	const struct mn_port *port = r->hop->port;
	struct in6_addr own = {};
	const struct mn_route *other;
	char addr[MN_ADDR_TEXT];
	int err;

	other = own_address(router, mn_route_family(r), r->addr, r);
	if (other) {
		addr_text(addr, mn_route_family(r), r->addr);
		return mn_txn_err(txn, -EINVAL,
				  "router %s: %s is an address of port %s and of port %s; give each its own",
				  r->entry.parent->name, addr,
				  other->hop->port->obj.name, port->obj.name);
	}
	other = mn_hop_gateway(txn->mn, router, mn_route_family(r), r->addr);
	if (other)
		return refuse_own(txn, other, port);
	err = mn_neighs_check(txn, router);
	memcpy(&own, r->addr, mn_lpm_bits(mn_route_family(r)) / 8);
	return err ?: mn_balance_check_address(txn, port, mn_route_family(r),
					       &own);
}

static int refuse_overlap(struct mn_txn *txn, const struct mn_route *r,
			  const struct mn_route *other)
{
	char mine[MN_ADDR_TEXT], theirs[MN_ADDR_TEXT];

	addr_text(mine, mn_route_family(r), r->addr);
	addr_text(theirs, mn_route_family(r), other->addr);
	return mn_txn_err(txn, -EINVAL,
			  "router %s: %s/%u of port %s overlaps %s/%u of port %s",
			  r->entry.parent->name, mine, r->plen,
			  r->hop->port->obj.name, theirs, other->plen,
			  other->hop->port->obj.name);
}

/* Another subnet of the end state at a node. */
static const struct mn_route *subnet_at(const struct mn_lpm_node *node,
					const struct mn_route *but)
{
	const struct mn_subnet *net;

	hlist_for_each_entry(net, &node->items, item) {
		if (&net->route != but && mn_entry_end(&net->route.entry))
			return &net->route;
	}
	return NULL;
}

/* The longest one that contains a prefix. */
static const struct mn_route *subnet_over(const struct mn_lpm *nets,
					  const __be32 *prefix, u8 plen,
					  const struct mn_route *but)
{
	const struct mn_lpm_node *node;
	const struct mn_route *other;
	struct mn_lpm_path path;
	u32 i, limit = plen + 1;

	do {
		mn_lpm_find(nets, prefix, limit, &path);
		for (i = 0; i < mn_lpm_path_kept(&path); i++) {
			node = mn_lpm_path_at(&path, i);
			other = subnet_at(node, but);
			if (other)
				return other;
			limit = node->plen;
		}
	} while (path.n > MN_LPM_PATH);
	return NULL;
}

static const struct mn_route *subnet_below(const struct mn_lpm *nets,
					   const struct mn_route *r)
{
	const struct mn_lpm_node *node = mn_lpm_next(nets, r->addr, r->plen);
	const struct mn_route *other;

	while (node && mn_lpm_under(nets, node, r->addr, r->plen)) {
		other = subnet_at(node, r);
		if (other)
			return other;
		node = mn_lpm_next(nets, node->key, node->plen);
	}
	return NULL;
}

/**
 * mn_route_on_link() - which port of a router has a subnet with an address
 * @router: router
 * @family: AF_INET or AF_INET6
 * @addr: address; an IPv4 address is in the first word
 *
 * Context: mn_net.lock.
 *
 * Return: the port in the end state of the commit in progress, or NULL
 */
struct mn_port *mn_route_on_link(struct mn_router *router, u8 family,
				 const struct in6_addr *addr)
{
	const struct mn_lpm *nets = mn_route_nets(router, family);
	const struct mn_route *net;

	net = subnet_over(nets, addr->s6_addr32, mn_lpm_bits(family), NULL);
	return net ? net->hop->port : NULL;
}

static int check_subnet(struct mn_txn *txn, const struct mn_route *r)
{
	const struct mn_lpm *nets =
		mn_route_nets(mn_router_of(r->entry.parent), mn_route_family(r));
	const struct mn_route *other;

	other = subnet_over(nets, r->addr, r->plen, r) ?:
		subnet_below(nets, r);
	return other ? refuse_overlap(txn, r, other) : 0;
}

/**
 * mn_route_validate() - &mn_type.entry_validate of routes
 * @txn: transaction
 * @e: route that is to be born
 *
 * Context: mn_net.lock.
 *
 * Return: 0, or what is wrong with the end state
 */
int mn_route_validate(struct mn_txn *txn, struct mn_entry *e)
{
	const struct mn_route *r = mn_route_of(e);

	if (mn_route_is_subnet(r))
		return check_subnet(txn, r);
	if (mn_route_is_connected(r))
		return check_address(txn, r);
	if (r->hop && r->hop->key.kind == MN_HOP_GATEWAY)
		return check_gateway(txn, r);
	return 0;
}
