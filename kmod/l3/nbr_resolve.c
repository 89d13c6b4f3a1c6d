// SPDX-License-Identifier: GPL-2.0
/*
 * From a next hop's address to its MAC: what configuration says, then what was
 * learned, then somebody has to be asked.
 */
#include <linux/etherdevice.h>

#include "l3/nbr.h"
#include "l3/nbr_table.h"
#include "sim/ctx.h"
#include "sim/trace.h"

/**
 * struct seek - what is sought
 * @ctx: walk
 * @port: router port
 * @v: its version
 * @key: port and address
 * @mac: where the answer goes
 */
struct seek {
	struct mn_ctx *ctx;
	struct mn_port *port;
	const struct mn_port_ver *v;
	struct mn_neigh_key key;
	u8 *mac;
};

/* An address for one step of a trace. */
struct label {
	char s[48];
};

static const char *label(struct label *l, const struct mn_neigh_key *key)
{
	if (key->family == AF_INET)
		snprintf(l->s, sizeof(l->s), "%pI4", &key->addr);
	else
		snprintf(l->s, sizeof(l->s), "%pI6c", &key->addr);
	return l->s;
}

static void tell(const struct seek *s, const char *what)
{
	struct label l;

	if (likely(!s->ctx->trace))
		return;
	mn_trace(s->ctx, s->port->obj.parent, s->port, "neighbour", NULL,
		 "%s %s", label(&l, &s->key), what);
}

static void tell_mac(const struct seek *s, const char *how)
{
	struct label l;

	if (likely(!s->ctx->trace))
		return;
	mn_trace(s->ctx, s->port->obj.parent, s->port, "neighbour", NULL,
		 "%s behind port %s is at %pM (%s)", label(&l, &s->key),
		 s->port->obj.name, s->mac, how);
}

/* Port of a router at the other end of the link: nobody else is there. */
static bool ask_peer(const struct seek *s)
{
	struct mn_port *peer = s->v->peer;
	const struct mn_ver *ver;

	if (!peer || !mn_port_on_router(peer))
		return false;
	ver = mn_ctx_obj(s->ctx, &peer->obj);
	if (!ver)
		return false;
	ether_addr_copy(s->mac, mn_port_ver(ver)->mac);
	tell_mac(s, "port of the router at the other end");
	return true;
}

static bool ask_table(const struct seek *s, const struct mn_neigh_key *key,
		      u16 vlan)
{
	struct mn_ctx *ctx = s->ctx;
	const struct mn_static_neigh *n;

	mn_ctx_dep(ctx, mn_neigh_dep(ctx->mn, key));
	n = mn_neigh_find(ctx->mn, key, vlan, ctx->generation);
	/* A VIP that is not up leads nowhere, least of all back. */
	if (!n || (n->port == s->port &&
		   n->origin == MIDONET_ORIGIN_CONNECTED))
		return false;
	ether_addr_copy(s->mac, n->mac);
	tell_mac(s, n->origin == MIDONET_ORIGIN_CONNECTED ?
		 "port of a router on the same bridge" : "static neighbour");
	return true;
}

static bool ask_bridge(const struct seek *s)
{
	struct mn_port *peer = s->v->peer;
	const struct mn_ver *ver;
	struct mn_neigh_key key;

	if (!peer || mn_port_on_router(peer))
		return false;
	ver = mn_ctx_obj(s->ctx, &peer->obj);
	if (!ver)
		return false;
	mn_neigh_key_set(&key, peer->obj.parent, s->key.family, &s->key.addr);
	return ask_table(s, &key, mn_port_ver(ver)->vlan);
}

static enum mn_nbr_result wait_for(const struct seek *s)
{
	mn_nbr_park_key(&s->ctx->park, &s->key);
	return MN_NBR_WAIT;
}

static enum mn_nbr_result learned(const struct seek *s, struct mn_nbr *e)
{
	struct mn_ctx *ctx = s->ctx;
	/* The state, then the MAC; see set_state() in nbr.c. */
	u8 state = smp_load_acquire(&e->state);

	if (mn_nbr_usable(state)) {
		u64_to_ether_addr(READ_ONCE(e->mac), s->mac);
		tell_mac(s, "learned");
		if (!ctx->live)
			return MN_NBR_OK;
		mn_nbr_use(e);
		mn_ctx_touch(ctx, &e->live);
		return MN_NBR_OK;
	}
	ctx->cacheable = false;
	if (state == MIDONET_NEIGHBOUR_STATE_FAILED) {
		tell(s, "does not answer; is it up, and in the subnet of the port?");
		return MN_NBR_FAILED;
	}
	tell(s, "was asked who it is and has not answered yet; the packet waits");
	return wait_for(s);
}

static enum mn_nbr_result ask_wire(const struct seek *s)
{
	struct mn_ctx *ctx = s->ctx;
	struct mn_nbr *e = mn_nbr_find(ctx->mn, &s->key);

	if (e)
		return learned(s, e);
	ctx->cacheable = false;
	if (READ_ONCE(s->port->state) == MIDONET_PORT_STATE_REMOTE) {
		tell(s, "is another host's neighbour, and no tunnel leads there");
		return MN_NBR_FAILED;
	}
	if (!ctx->live) {
		tell(s, "is not known: would ask who it is, and the packet would wait");
		return wait_for(s);
	}
	e = mn_nbr_want(ctx->mn, s->port, &s->key);
	if (!e) {
		tell(s, "is not known, and there is no room (neighbours_per_port, neighbours_max)");
		return MN_NBR_FULL;
	}
	return learned(s, e);
}

/**
 * mn_nbr_resolve() - MAC of a next hop
 * @ctx: walk of a packet that leaves by @port; dependencies and touch are noted
 * @port: router port
 * @family: AF_INET or AF_INET6
 * @addr: address of the next hop, of 4 or 16 bytes
 * @mac: where the MAC goes
 *
 * Context: BH disabled, RCU.
 *
 * Return: &enum mn_nbr_result; for MN_NBR_WAIT, @ctx->park is what for
 */
enum mn_nbr_result mn_nbr_resolve(struct mn_ctx *ctx, struct mn_port *port, u8 family,
				  const void *addr, u8 *mac)
{
	const struct mn_ver *ver = mn_ctx_obj(ctx, &port->obj);
	struct seek s = { .ctx = ctx, .port = port, .mac = mac };

	mn_neigh_key_set(&s.key, &port->obj, family, addr);
	if (!ver)
		return MN_NBR_FAILED;
	s.v = mn_port_ver(ver);
	if (ask_peer(&s) || ask_table(&s, &s.key, 0) || ask_bridge(&s))
		return MN_NBR_OK;
	return ask_wire(&s);
}
