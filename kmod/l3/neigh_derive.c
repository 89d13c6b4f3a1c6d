// SPDX-License-Identifier: GPL-2.0
/*
 * The addresses of a router port are neighbours on the bridge it is linked to:
 * the bridge answers ARP and ND for them, and other routers there need not ask.
 * So are the VIPs of the router's load balancer that lie in a subnet of the port.
 * They follow the configuration of port and load balancer and are never set by
 * anybody.
 */
#include <linux/etherdevice.h>
#include <linux/if_arp.h>
#include <net/ipv6.h>
#include <net/ndisc.h>

#include "balance/balance.h"
#include "config/txn.h"
#include "l2/bridge.h"
#include "l3/nbr.h"
#include "l3/nd.h"
#include "l3/neigh.h"
#include "l3/router.h"
#include "port/port.h"
#include "sim/ctx.h"

/**
 * struct derive - what a router port makes of itself on a bridge
 * @v: end version of the port; NULL if there is to be nothing
 * @bridge: where
 * @vlan: VID there, 0 for untagged
 * @link_local: address beside the configured ones
 * @balancer: of the router, or NULL
 */
struct derive {
	const struct mn_port_ver *v;
	struct mn_obj *bridge;
	u16 vlan;
	struct in6_addr link_local;
	struct mn_balancer *balancer;
};

static void derive_begin(struct mn_net *mn, const struct mn_port *port,
			 struct derive *d)
{
	const struct mn_port_ver *v = mn_port_end(mn, port);
	const struct mn_port_ver *peer;

	memset(d, 0, sizeof(*d));
	if (!v || !v->peer || mn_port_on_router(v->peer))
		return;
	peer = mn_port_end(mn, v->peer);
	if (!peer || !mn_ver_end(mn, v->peer->obj.parent))
		return;
	d->v = v;
	d->bridge = v->peer->obj.parent;
	d->vlan = peer->vlan;
	d->balancer = mn_balance_end(mn, mn_router_of(port->obj.parent));
	mn_port_link_local(v, &d->link_local);
}

/* Is an address that of a VIP which is reached by the port? */
static bool is_vip(const struct derive *d, u8 family,
		   const struct in6_addr *addr)
{
	return d->balancer && mn_balance_has(d->balancer, family, addr) &&
	       mn_nbr_on_link(d->v, family, addr);
}

/* Is an entry of the port still as it is to be? */
static bool wanted(const struct derive *d, const struct mn_static_neigh *n)
{
	if (!d->v || n->key.owner != d->bridge->index || n->vlan != d->vlan ||
	    !ether_addr_equal(n->mac, d->v->mac))
		return false;
	return mn_nbr_owns(d->v, n->key.family, &n->key.addr) ||
	       is_vip(d, n->key.family, &n->key.addr);
}

static int derive_one(struct mn_txn *txn, struct mn_port *port,
		      const struct derive *d, u8 family, const void *addr)
{
	struct mn_static_neigh what = {
		.vlan = d->vlan,
		.origin = MIDONET_ORIGIN_CONNECTED,
		.port = port,
	};

	mn_neigh_key_set(&what.key, d->bridge, family, addr);
	/* What is there and will be is as it is to be: the rest was removed. */
	if (mn_neigh_find_end(txn->mn, &what.key, port, what.origin))
		return 0;
	ether_addr_copy(what.mac, d->v->mac);
	return mn_neigh_enter(txn, &what, d->bridge);
}

/**
 * struct vips - VIPs of a router that are derived for a port
 * @txn: transaction
 * @port: port
 * @d: what there is to be
 */
struct vips {
	struct mn_txn *txn;
	struct mn_port *port;
	const struct derive *d;
};

static int derive_vip(u8 family, const struct in6_addr *addr, void *arg)
{
	const struct vips *v = arg;

	if (!mn_nbr_on_link(v->d->v, family, addr))
		return 0;
	return derive_one(v->txn, v->port, v->d, family, addr);
}

/**
 * mn_neighs_derive() - let what a router port is on its bridge follow
 * @txn: transaction whose end state was judged
 * @port: router port that was touched, or whose peer was
 *
 * Idempotent.
 *
 * Context: mn_net.lock, may sleep.
 *
 * Return: 0, -ENOSPC, -ENOMEM
 */
int mn_neighs_derive(struct mn_txn *txn, struct mn_port *port)
{
	const struct mn_address *a;
	struct mn_static_neigh *n;
	struct hlist_node *next;
	struct derive d;
	struct vips vips = { .txn = txn, .port = port, .d = &d };
	int i, err;

	derive_begin(txn->mn, port, &d);
	hlist_for_each_entry_safe(n, next, &port->derived, by_port) {
		if (n->origin == MIDONET_ORIGIN_CONNECTED &&
		    mn_entry_end(&n->entry) && !wanted(&d, n))
			mn_txn_entry_del(txn, &n->entry);
	}
	if (!d.v)
		return 0;
	err = derive_one(txn, port, &d, AF_INET6, &d.link_local);
	a = mn_port_addresses(d.v);
	for (i = 0; i < d.v->n_addresses && !err; i++, a++) {
		err = derive_one(txn, port, &d, a->family, &a->addr);
		if (!err && d.balancer)
			err = mn_balance_each(d.balancer, a->family, &a->addr,
					      a->plen, derive_vip, &vips);
	}
	return err;
}

/**
 * mn_neighs_derive_vip() - the same for one address of a VIP that comes or goes
 * @txn: transaction
 * @port: port of the load balancer's router
 * @family: AF_INET or AF_INET6
 * @addr: address; an IPv4 address is in the first word
 *
 * Context: mn_net.lock, may sleep.
 *
 * Return: 0, -ENOSPC, -ENOMEM
 */
int mn_neighs_derive_vip(struct mn_txn *txn, struct mn_port *port, u8 family,
			 const struct in6_addr *addr)
{
	struct mn_static_neigh *n;
	struct mn_neigh_key key;
	struct derive d;

	derive_begin(txn->mn, port, &d);
	if (!d.v || mn_nbr_owns(d.v, family, addr))
		return 0;
	if (is_vip(&d, family, addr))
		return derive_one(txn, port, &d, family, addr);
	mn_neigh_key_set(&key, d.bridge, family, addr);
	n = mn_neigh_find_end(txn->mn, &key, port, MIDONET_ORIGIN_CONNECTED);
	if (n)
		mn_txn_entry_del(txn, &n->entry);
	return 0;
}

/* The address a frame asks for, unless it is about the asker himself. */
static bool asks_for(const struct mn_ctx *ctx, struct mn_neigh_key *key,
		     const struct mn_obj *bridge)
{
	const struct mn_flow_key *k = &ctx->key;
	struct mn_nd nd;

	if (k->eth_type == htons(ETH_P_ARP)) {
		if (k->proto != ARPOP_REQUEST || k->v4.src == k->v4.dst)
			return false;
		mn_neigh_key_set(key, bridge, AF_INET, &k->v4.dst);
		return true;
	}
	if (!mn_key_is_nd(k) || k->frag != MN_FRAG_NONE ||
	    mn_nd_parse(ctx->skb, &ctx->pkt, &nd) ||
	    nd.type != NDISC_NEIGHBOUR_SOLICITATION)
		return false;
	mn_neigh_key_set(key, bridge, AF_INET6, &nd.target);
	return true;
}

/**
 * mn_neigh_router_target() - is a frame a question to a router on the bridge?
 * @ctx: walk of a frame that is in the bridge
 * @bridge: bridge
 *
 * Context: BH disabled, RCU.
 *
 * Return: port of the bridge behind which the router is whose address an ARP
 * request or a neighbour solicitation asks for; NULL
 */
struct mn_port *mn_neigh_router_target(struct mn_ctx *ctx,
				       const struct mn_bridge *bridge)
{
	const struct mn_static_neigh *n;
	const struct mn_ver *ver;
	struct mn_neigh_key key;
	struct mn_port *peer;

	if (!asks_for(ctx, &key, &bridge->obj))
		return NULL;
	n = mn_neigh_find(ctx->mn, &key, ctx->key.vlan, ctx->generation);
	if (!n || !n->port)
		return NULL;
	ver = mn_ver_at(&n->port->obj, ctx->generation);
	peer = ver ? mn_port_ver(ver)->peer : NULL;
	return peer && peer->obj.parent == &bridge->obj ? peer : NULL;
}
