// SPDX-License-Identifier: GPL-2.0
/*
 * What a bridge does to a packet, in order: refuse impossible sources, ask its
 * in-chain, learn the source, hand on what a daemon serves, answer what it can
 * answer, forward or flood.
 *
 * Everything is per VLAN of the outer tag. Interior ports with a vlan take part
 * in that VLAN only; popping and pushing is the business of the link
 * (sim/walk.c).
 */
#include <linux/etherdevice.h>
#include <linux/if_arp.h>
#include <linux/rculist.h>

#include "l2/bridge.h"
#include "l2/dhcp.h"
#include "l2/fdb.h"
#include "l3/answer.h"
#include "l3/nbr.h"
#include "l3/neigh.h"
#include "policy/chain.h"
#include "port/port.h"
#include "sim/ctx.h"
#include "sim/drop.h"
#include "sim/trace.h"

static void bridge_drop(struct mn_ctx *ctx, u32 reason,
			const struct mn_bridge *bridge, const char *why)
{
	mn_trace(ctx, &bridge->obj, NULL, "drop", NULL, "%s: %s",
		 mn_drop_name(reason), why);
	mn_ctx_drop(ctx, reason, &bridge->obj, NULL, NULL);
}

/* A bridge sees a packet once; false if it was here. */
static bool visit(struct mn_ctx *ctx, const struct mn_bridge *bridge)
{
	u16 i;

	for (i = 0; i < ctx->n_visited; i++) {
		if (ctx->visited[i] == bridge)
			return false;
	}
	/* Every visit is a branch, of which there are no more than this. */
	if (WARN_ON_ONCE(ctx->n_visited == MN_CTX_WORK))
		return false;
	ctx->visited[ctx->n_visited++] = bridge;
	return true;
}

static bool to_router(const struct mn_port_ver *v)
{
	return v->peer && mn_port_on_router(v->peer);
}

static void learn(struct mn_ctx *ctx, struct mn_bridge *bridge)
{
	const struct mn_ver *ver = mn_ctx_obj(ctx, &ctx->device_in->obj);

	/* What comes from a router has the router's MAC, which is known. */
	if (ver && !to_router(mn_port_ver(ver)))
		mn_fdb_learn(ctx, bridge, ctx->device_in,
			     mn_port_ver(ver)->mac_limit);
}

static bool bridge_answers(struct mn_ctx *ctx, struct mn_bridge *bridge,
			   const struct mn_bridge_ver *v)
{
	if (ctx->key.eth_type == htons(ETH_P_ARP))
		return mn_arp_suppress(ctx, bridge, v);
	if (ctx->key.eth_type == htons(ETH_P_IPV6) &&
	    ctx->key.proto == IPPROTO_ICMPV6)
		return mn_nd_suppress(ctx, bridge, v);
	return false;
}

/*
 * A port that is not up is passed over without noting its version: when its
 * state or configuration changes, the bridge's flood_dep does. Routers are not
 * flooded to.
 */
static bool flood_to(const struct mn_ctx *ctx, const struct mn_port *port)
{
	const struct mn_ver *ver = mn_ver_at(&port->obj, ctx->generation);
	u8 state = READ_ONCE(port->state);

	if (port == ctx->device_in || !ver || to_router(mn_port_ver(ver)))
		return false;
	return state == MIDONET_PORT_STATE_UP ||
	       state == MIDONET_PORT_STATE_REMOTE;
}

/* Will there be more than one copy? */
static bool multiplies(const struct mn_ctx *ctx, const struct mn_bridge *bridge)
{
	const struct mn_port *port;
	u32 n = 0;

	list_for_each_entry_rcu(port, &bridge->ports, obj.siblings) {
		n += flood_to(ctx, port);
		if (n > 1)
			return true;
	}
	return false;
}

/*
 * The flood rate bounds how much a port can multiply; what has one way to go
 * is as good as unicast. It is of the port where the packet entered the overlay
 * and taken once a packet; a cached flood takes it in port/rx.c.
 */
static bool may_flood(struct mn_ctx *ctx, const struct mn_bridge *bridge)
{
	if (ctx->flood_paid || !ctx->live || !multiplies(ctx, bridge))
		return true;
	ctx->flood_paid = true;
	if (mn_port_may_flood(ctx->in))
		return true;
	mn_trace(ctx, &bridge->obj, ctx->in, "drop", NULL,
		 "flood-rate: port %s floods more than net.midonet.flood_rate (%u) packets a second",
		 ctx->in->obj.name, READ_ONCE(ctx->mn->limits.flood_rate));
	ctx->cacheable = false;
	mn_ctx_abort(ctx, MIDONET_DROP_REASON_FLOOD_RATE, &bridge->obj, ctx->in);
	return false;
}

static void flood(struct mn_ctx *ctx, struct mn_bridge *bridge,
		  const struct mn_bridge_ver *v)
{
	struct mn_port *port;
	u32 n = 0;

	if (!may_flood(ctx, bridge))
		return;
	ctx->flooded = true;
	ctx->device_out = NULL;
	if (!mn_walk_chain(ctx, v->out_chain, &bridge->obj, NULL, "out-chain"))
		return;
	mn_ctx_dep(ctx, bridge->flood_dep);
	mn_trace(ctx, &bridge->obj, NULL, "flood", NULL,
		 "floods to every other port that is up");
	list_for_each_entry_rcu(port, &bridge->ports, obj.siblings) {
		if (ctx->stop)
			return;
		if (flood_to(ctx, port) && mn_walk_port_out(ctx, port))
			n++;
	}
	if (!n && !ctx->stop)
		bridge_drop(ctx, MIDONET_DROP_REASON_NO_OUTPUT, bridge,
			    "no other port of the bridge takes the packet");
}

static void unicast(struct mn_ctx *ctx, struct mn_bridge *bridge,
		    const struct mn_bridge_ver *v, struct mn_port *port)
{
	if (port == ctx->device_in) {
		mn_trace(ctx, &bridge->obj, port, "drop", NULL,
			 "same-port: the destination is behind the port the packet came in by");
		mn_ctx_drop(ctx, MIDONET_DROP_REASON_SAME_PORT, &bridge->obj,
			    port, NULL);
		return;
	}
	ctx->device_out = port;
	if (mn_walk_chain(ctx, v->out_chain, &bridge->obj, NULL, "out-chain"))
		mn_walk_port_out(ctx, port);
}

static void forward(struct mn_ctx *ctx, struct mn_bridge *bridge,
		    const struct mn_bridge_ver *v)
{
	struct mn_port *port;

	if (is_multicast_ether_addr(ctx->key.eth_dst)) {
		port = mn_neigh_router_target(ctx, bridge);
		if (port)
			unicast(ctx, bridge, v, port);
		else
			flood(ctx, bridge, v);
		return;
	}
	port = mn_fdb_find(ctx, bridge);
	if (port)
		unicast(ctx, bridge, v, port);
	else
		flood(ctx, bridge, v);
}

/**
 * mn_bridge_walk() - a packet is in a bridge
 * @ctx: walk; it came by ctx->device_in, past that port's in-chain
 * @bridge: bridge
 *
 * Context: BH disabled, RCU.
 */
void mn_bridge_walk(struct mn_ctx *ctx, struct mn_bridge *bridge)
{
	const struct mn_ver *ver = mn_ctx_obj(ctx, &bridge->obj);
	const struct mn_bridge_ver *v = ver ? mn_bridge_ver(ver) : NULL;
	bool pass;

	if (!visit(ctx, bridge))
		return;
	mn_ctx_read(ctx, eth_src);
	mn_ctx_read(ctx, eth_dst);
	mn_ctx_read(ctx, vlan);
	if (!is_valid_ether_addr(ctx->key.eth_src)) {
		bridge_drop(ctx, MIDONET_DROP_REASON_MULTICAST_SOURCE, bridge,
			    "the source MAC is a group address or zero");
		return;
	}
	if (!v || !v->admin_up) {
		bridge_drop(ctx, MIDONET_DROP_REASON_BRIDGE_DOWN, bridge,
			    v ? "admin-up of the bridge is false" :
				"the bridge was removed");
		return;
	}
	pass = mn_walk_policy(ctx, v->in_chain, v->out_chain) &&
	       mn_walk_chain(ctx, v->in_chain, &bridge->obj, NULL, "in-chain");
	if (ctx->stop)
		return;
	/* Learned even if the bridge does not want the packet. */
	learn(ctx, bridge);
	if (!pass)
		return;
	if (mn_dhcp_walk(ctx, bridge))
		return;
	if (bridge_answers(ctx, bridge, v)) {
		ctx->consumed = true;
		return;
	}
	mn_nbr_gratuitous(ctx, bridge);
	forward(ctx, bridge, v);
}
