// SPDX-License-Identifier: GPL-2.0
/*
 * The walk of a packet through the topology: by a port into a device, through
 * the device, out by ports, over links into further devices. Floods branch, so
 * what is still to be walked is in a list; nothing recurses.
 *
 * The walk changes nothing but what it learns. It ends with a verdict; only then
 * is the packet sent, dropped, answered or parked, and the flow installed.
 */
#include <linux/skbuff.h>
#include <net/tcp.h>

#include "config/nl.h"
#include "flow/actions.h"
#include "flow/table.h"
#include "l2/bridge.h"
#include "l2/flood.h"
#include "l3/frag.h"
#include "l3/icmp.h"
#include "l3/nbr.h"
#include "l3/router.h"
#include "l3/size.h"
#include "overlay/peer.h"
#include "overlay/zone.h"
#include "policy/chain.h"
#include "port/host.h"
#include "port/port.h"
#include "sim/count.h"
#include "sim/ctx.h"
#include "sim/drop.h"
#include "sim/park.h"
#include "sim/trace.h"
#include "state/nat.h"

/* Walks of a packet that another CPU's makes pointless again and again. */
#define MN_WALK_TRIES	4

static const char *state_name(u8 state)
{
	static const char * const names[] = {
		[MIDONET_PORT_STATE_UNPLUGGED] = "unplugged",
		[MIDONET_PORT_STATE_UP] = "up",
		[MIDONET_PORT_STATE_DOWN] = "down",
		[MIDONET_PORT_STATE_NO_CARRIER] = "without carrier",
		[MIDONET_PORT_STATE_NO_DEVICE] = "without device",
		[MIDONET_PORT_STATE_ERROR] = "in error",
		[MIDONET_PORT_STATE_REMOTE] = "on another host",
	};

	return state < ARRAY_SIZE(names) ? names[state] : "?";
}

static u32 device_mtu(const struct mn_port *port)
{
	const struct net_device *dev = rcu_dereference(port->dev);

	return dev ? READ_ONCE(dev->mtu) : 0;
}

static bool is_router(const struct mn_obj *device)
{
	return device->ident.type == MIDONET_OBJECT_TYPE_ROUTER;
}

/*
 * A router's rule that drops a fragment for being one wants packets whole: the
 * sender of the first is told what fits.
 */
static void ask_for_whole(struct mn_ctx *ctx, const struct mn_obj *device,
			  const struct mn_rule *rule)
{
	if (is_router(device) && rule &&
	    ctx->in_key.frag == MN_FRAG_FIRST &&
	    rule->match.words & BIT(MIDONET_MATCH_FRAGMENT))
		mn_icmp_error(ctx, MN_ICMP_TOO_BIG, ctx->device_in,
			      min(ctx->mtu, device_mtu(ctx->in)));
}

/* A router speaks for itself, a bridge as the packet's destination. */
static void reject(struct mn_ctx *ctx, const struct mn_obj *device,
		   const struct mn_port *port, const struct mn_rule *rule)
{
	mn_ctx_drop(ctx, MIDONET_DROP_REASON_REJECT, device, port, rule);
	mn_icmp_refuse(ctx, MN_ICMP_ADMIN,
		       is_router(device) ? ctx->device_in : NULL);
}

/**
 * mn_walk_fragment() - the walk of a later fragment stops
 * @ctx: walk, ctx->frag_fate says why
 * @device: where
 * @port: port or NULL
 * @who: asks for its L4 header
 */
void mn_walk_fragment(struct mn_ctx *ctx, const struct mn_obj *device,
		      const struct mn_port *port, const char *who)
{
	if (ctx->frag_fate == MN_FRAG_PARK) {
		mn_trace(ctx, device, port, "fragment", NULL,
			 "waits for its first fragment, which has the L4 header %s reads",
			 who);
		return;
	}
	mn_trace(ctx, device, port, "drop", NULL,
		 "fragment: its first fragment was dropped, so it is, too");
	mn_ctx_abort(ctx, MIDONET_DROP_REASON_FRAGMENT, device, port);
}

/**
 * mn_walk_policy() - see mn_track_policy()
 * @ctx: walk
 * @in: in-chain of a port or device, or NULL
 * @out: out-chain, or NULL
 *
 * Return: false if the walk stops; what comes of it is noted
 */
bool mn_walk_policy(struct mn_ctx *ctx, const struct mn_chain *in,
		    const struct mn_chain *out)
{
	const struct mn_obj *device = ctx->device_in->obj.parent;

	if (likely(mn_track_policy(ctx, in, out)))
		return true;
	mn_walk_fragment(ctx, device, NULL, device->name);
	return false;
}

/**
 * mn_walk_chain() - let a chain of a port or device judge the packet
 * @ctx: walk; device_in and device_out are what the chain sees
 * @chain: chain, or NULL
 * @device: device it is for
 * @port: port it is attached to, or NULL if it is the device's
 * @what: "in-chain" or "out-chain", for the trace
 *
 * Return: true if the packet goes on; else the drop is noted
 */
bool mn_walk_chain(struct mn_ctx *ctx, const struct mn_chain *chain,
		   const struct mn_obj *device, const struct mn_port *port,
		   const char *what)
{
	const char *of = port ? "port" : mn_types[device->ident.type]->name;
	const struct mn_rule *rule = NULL;
	enum mn_chain_result res;

	if (!chain)
		return true;
	mn_trace(ctx, device, port, "chain", NULL, "%s of the %s: asking chain %s",
		 what, of, chain->obj.name);
	res = mn_chain_eval(ctx, chain, device, &rule);
	if (unlikely(ctx->stop && ctx->frag_fate != MN_FRAG_WALK)) {
		mn_walk_fragment(ctx, device, port, chain->obj.name);
		return false;
	}
	if (res == MN_CHAIN_ACCEPT) {
		mn_trace(ctx, device, port, "chain", NULL,
			 "%s of the %s: chain %s lets it pass", what, of,
			 chain->obj.name);
		return true;
	}
	if (res == MN_CHAIN_REFUSED)
		return false;
	mn_trace(ctx, device, port, "drop", rule,
		 "%s by chain %s, the %s of the %s",
		 res == MN_CHAIN_REJECT ? "rejected" : "dropped",
		 chain->obj.name, what, of);
	if (res == MN_CHAIN_REJECT) {
		reject(ctx, device, port, rule);
		return false;
	}
	mn_ctx_drop(ctx, MIDONET_DROP_REASON_CHAIN, device, port, rule);
	ask_for_whole(ctx, device, rule);
	return false;
}

static bool port_drop(struct mn_ctx *ctx, u32 reason, const struct mn_port *port,
		      const char *why)
{
	mn_trace(ctx, port->obj.parent, port, "drop", NULL, "%s: %s",
		 mn_drop_name(reason), why);
	mn_ctx_drop(ctx, reason, port->obj.parent, port, NULL);
	return false;
}

/* May anything pass the port? The version is noted, so state changes are. */
static bool port_usable(struct mn_ctx *ctx, const struct mn_port *port,
			const struct mn_port_ver *v, bool out)
{
	u8 state = READ_ONCE(port->state);

	if (!v)
		return port_drop(ctx, MIDONET_DROP_REASON_PORT_DOWN, port,
				 "the port was removed");
	if (!v->admin_up)
		return port_drop(ctx, MIDONET_DROP_REASON_PORT_DOWN, port,
				 "admin-up of the port is false");
	if (state == MIDONET_PORT_STATE_UP)
		return true;
	if (state == MIDONET_PORT_STATE_REMOTE) {
		if (out)
			return true;
		return port_drop(ctx, MIDONET_DROP_REASON_PORT_REMOTE, port,
				 "packets enter this port on another host; trace there");
	}
	if (state == MIDONET_PORT_STATE_UNPLUGGED)
		return port_drop(ctx, MIDONET_DROP_REASON_PORT_UNPLUGGED, port,
				 "the port has neither device nor peer");
	mn_trace(ctx, port->obj.parent, port, "drop", NULL,
		 "port-down: the port is %s; see state-reason of the port",
		 state_name(state));
	mn_ctx_drop(ctx, MIDONET_DROP_REASON_PORT_DOWN, port->obj.parent, port,
		    NULL);
	return false;
}

static bool branch_add(struct mn_ctx *ctx, struct mn_port *port, u16 vlan,
		       u8 hops)
{
	struct mn_branch *b;

	if (ctx->n_work == MN_CTX_WORK)
		return port_drop(ctx, MIDONET_DROP_REASON_HOP_LIMIT, port,
				 "the flood reaches too many bridges");
	b = &ctx->work[ctx->n_work++];
	b->port = port;
	b->vlan = vlan;
	b->hops = hops;
	b->mtu = ctx->mtu;
	b->mtu_at = ctx->mtu_at;
	return true;
}

static bool spoofed(struct mn_ctx *ctx, const struct mn_port *port,
		    const struct mn_port_ver *v)
{
	u32 reason = mn_spoof_in(ctx, v);

	if (!reason)
		return false;
	mn_trace(ctx, port->obj.parent, port, "drop", NULL,
		 "%s: the sender is not among the port's %u allowed-addresses",
		 mn_drop_name(reason), v->n_allowed);
	mn_ctx_drop(ctx, reason, port->obj.parent, port, NULL);
	return true;
}

/* What does not fit through a port, the router before it says, if any. */
static void bound_mtu(struct mn_ctx *ctx, u32 mtu)
{
	if (!mtu || mtu >= ctx->mtu)
		return;
	ctx->mtu = mtu;
	ctx->mtu_at = ctx->router_in;
}

/* A router tells the sender when the port he came by takes nothing. */
static void refuse_port(struct mn_ctx *ctx, struct mn_port *port)
{
	if (mn_port_on_router(port))
		mn_icmp_error(ctx, MN_ICMP_ADMIN, port, 0);
}

static void port_in(struct mn_ctx *ctx, struct mn_port *port)
{
	struct mn_obj *device = port->obj.parent;
	const struct mn_ver *ver = mn_ctx_obj(ctx, &port->obj);
	const struct mn_port_ver *v = ver ? mn_port_ver(ver) : NULL;

	if (!port_usable(ctx, port, v, false)) {
		refuse_port(ctx, port);
		return;
	}
	mn_track_enter(ctx);
	mn_trace(ctx, device, port, "port", NULL, "enters %s %s by port %s%s%s",
		 mn_types[device->ident.type]->name, device->name,
		 port->obj.name, v->dev[0] ? ", device " : "", v->dev);
	bound_mtu(ctx, v->mtu);
	if (spoofed(ctx, port, v) ||
	    !mn_walk_policy(ctx, v->in_chain, v->out_chain))
		return;
	if (!mn_walk_chain(ctx, v->in_chain, device, port, "in-chain"))
		return;
	if (mn_port_on_router(port))
		mn_router_walk(ctx, mn_router_of(device));
	else
		mn_bridge_walk(ctx, mn_port_bridge(port));
}

static bool in_visited(const struct mn_ctx *ctx, const struct mn_port *peer)
{
	const struct mn_bridge *bridge = mn_port_bridge(peer);
	u16 i;

	if (mn_port_on_router(peer))
		return false;
	for (i = 0; i < ctx->n_visited; i++) {
		if (ctx->visited[i] == bridge)
			return true;
	}
	return false;
}

/* Tag of the frame behind the link, or -1 if it may not pass. */
static int link_vlan(const struct mn_ctx *ctx, const struct mn_port_ver *v,
		     const struct mn_port_ver *peer)
{
	u16 vlan = ctx->key.vlan;

	if (v->vlan)
		vlan = 0;
	if (!peer->vlan)
		return vlan;
	/* There is room for one tag; a priority tag gives way. */
	if (vlan & ~MN_VLAN_PRESENT)
		return -1;
	return MN_VLAN_PRESENT | peer->vlan;
}

static bool link_out(struct mn_ctx *ctx, struct mn_port *port,
		     const struct mn_port_ver *v)
{
	struct mn_port *peer = v->peer;
	const struct mn_ver *ver = mn_ctx_obj(ctx, &peer->obj);
	int vlan;

	if (!ver)
		return port_drop(ctx, MIDONET_DROP_REASON_PORT_UNPLUGGED, port,
				 "its peer was removed");
	vlan = link_vlan(ctx, v, mn_port_ver(ver));
	if (vlan < 0)
		return port_drop(ctx, MIDONET_DROP_REASON_VLAN, port,
				 "the peer pushes its own tag, and the frame has one already");
	if (ctx->flooded && in_visited(ctx, peer))
		return false;
	mn_trace(ctx, port->obj.parent, port, "link", NULL,
		 "goes over the link to %s %s%s",
		 mn_types[peer->obj.parent->ident.type]->name,
		 peer->obj.parent->name,
		 vlan == ctx->key.vlan ? "" :
		 v->vlan ? ", its tag is popped" : ", a tag is pushed");
	if (!branch_add(ctx, peer, vlan, ctx->hops))
		return false;
	mn_ctx_link(ctx, port, false);
	mn_ctx_link(ctx, peer, true);
	return true;
}

static bool output(struct mn_ctx *ctx, struct mn_port *port,
		   const struct mn_via *via)
{
	struct mn_out out = {
		.port = port,
		.vlan = ctx->key.vlan,
		.mtu = ctx->mtu,
	};

	if (via) {
		out.remote = true;
		out.via = *via;
	}
	if (!ctx->n_outs)
		ctx->out_mtu_at = ctx->mtu_at;
	if (mn_ctx_out(ctx, &out))
		return true;
	ctx->cacheable = false;
	mn_ctx_abort(ctx, MIDONET_DROP_REASON_FLOOD_QUEUE, port->obj.parent,
		     port);
	return false;
}

static bool remote_out(struct mn_ctx *ctx, struct mn_port *port,
		       const struct mn_port_ver *v)
{
	struct mn_via via = { .key = v->tunnel_key };
	const char *why = "it is on another host";
	char addr[MN_PEER_LABEL];

	if (v->host)
		via.peer = mn_peer_of_ctx(ctx, v->host, &why);
	if (!via.peer)
		return port_drop(ctx, MIDONET_DROP_REASON_PORT_REMOTE, port, why);
	bound_mtu(ctx, v->mtu);
	bound_mtu(ctx, READ_ONCE(via.peer->mtu));
	if (!output(ctx, port, &via))
		return false;
	mn_trace(ctx, port->obj.parent, port, "output", NULL,
		 "leaves by port %s of host %s, by tunnel-zone %s to %s, key 0x%06x",
		 port->obj.name, v->host->obj.name, via.peer->zone->obj.name,
		 mn_peer_addr_label(&via.peer->at, addr), via.key);
	return true;
}

static bool device_out(struct mn_ctx *ctx, struct mn_port *port,
		       const struct mn_port_ver *v)
{
	if (READ_ONCE(port->state) == MIDONET_PORT_STATE_REMOTE)
		return remote_out(ctx, port, v);
	bound_mtu(ctx, v->mtu ?: device_mtu(port));
	if (!output(ctx, port, NULL))
		return false;
	if (ctx->key.vlan & MN_VLAN_PRESENT)
		mn_trace(ctx, port->obj.parent, port, "output", NULL,
			 "leaves by port %s, device %s, tagged %u",
			 port->obj.name, v->dev, ctx->key.vlan & 0xfff);
	else
		mn_trace(ctx, port->obj.parent, port, "output", NULL,
			 "leaves by port %s, device %s, untagged",
			 port->obj.name, v->dev);
	return true;
}

/**
 * mn_walk_port_out() - the packet leaves a device by a port
 * @ctx: walk
 * @port: port of the current device, not device_in
 *
 * Return: true if an output or a further device came of it; else a drop is
 * noted, unless the packet was already where the port leads
 */
bool mn_walk_port_out(struct mn_ctx *ctx, struct mn_port *port)
{
	const struct mn_ver *ver = mn_ctx_obj(ctx, &port->obj);
	const struct mn_port_ver *v = ver ? mn_port_ver(ver) : NULL;

	if (!port_usable(ctx, port, v, true))
		return false;
	if (v->peer && v->vlan &&
	    ctx->key.vlan != (MN_VLAN_PRESENT | v->vlan))
		return port_drop(ctx, MIDONET_DROP_REASON_VLAN, port,
				 "only frames tagged with the port's vlan go there");
	ctx->device_out = port;
	if (!mn_walk_policy(ctx, v->in_chain, v->out_chain) ||
	    !mn_walk_chain(ctx, v->out_chain, port->obj.parent, port,
			   "out-chain"))
		return false;
	if (!mn_spoof_out(ctx, v))
		return port_drop(ctx, MIDONET_DROP_REASON_NOT_ALLOWED_HERE, port,
				 "the destination is not among the port's allowed-addresses");
	if (v->peer)
		bound_mtu(ctx, v->mtu);
	return v->peer ? link_out(ctx, port, v) : device_out(ctx, port, v);
}

static void walk_branch(struct mn_ctx *ctx, const struct mn_branch *b)
{
	ctx->hops = b->hops + 1;
	ctx->key.vlan = b->vlan;
	ctx->device_in = b->port;
	ctx->device_out = NULL;
	ctx->mtu = b->mtu;
	ctx->mtu_at = b->mtu_at;
	if (ctx->hops > MN_HOPS_MAX) {
		port_drop(ctx, MIDONET_DROP_REASON_HOP_LIMIT, b->port,
			  "the packet crossed 16 devices");
		return;
	}
	port_in(ctx, b->port);
}

/*
 * ARP and ND are looked at every time, so every flow has to be sure that it is
 * about something else: what tells them apart is always read.
 */
static void note_kind(struct mn_ctx *ctx)
{
	const struct mn_flow_key *key = &ctx->in_key;

	mn_ctx_read(ctx, in_port);
	mn_ctx_read(ctx, eth_type);
	if (key->eth_type == htons(ETH_P_ARP))
		ctx->cacheable = false;
	if (key->eth_type != htons(ETH_P_IPV6))
		return;
	mn_ctx_read(ctx, proto);
	if (key->proto != IPPROTO_ICMPV6)
		return;
	mn_ctx_read(ctx, frag);
	mn_ctx_read(ctx, tp_src);
	if (mn_key_is_nd(key))
		ctx->cacheable = false;
}

/* One way to go: what does not fit is cut, or its sender told. */
static void judge_size(struct mn_ctx *ctx)
{
	ctx->mtu = ctx->outs[0].mtu;
	ctx->mtu_at = ctx->out_mtu_at;
	if (!mn_size_judge(ctx))
		ctx->n_outs = 0;
}

/*
 * The packet is not sent: what it is to connections does not hold for all of the
 * same addresses and ports. One that would have begun a connection differs from
 * those that cannot; and whether a SYN would begin another one, a flow that
 * drops is not told, because it keeps no connection.
 */
static void note_unsent(struct mn_ctx *ctx)
{
	const struct mn_track *t;

	if (ctx->n_outs)
		return;
	for (t = ctx->tracks; t < ctx->tracks + ctx->n_tracks; t++) {
		mn_ctx_read(ctx, tcp_flags);
		if (t->conn && ctx->key.tcp_flags & TCPHDR_SYN)
			ctx->cacheable = false;
	}
}

static void conclude(struct mn_ctx *ctx)
{
	if (ctx->no_outs)
		ctx->n_outs = 0;
	if (ctx->n_outs == 1 && !ctx->wait)
		judge_size(ctx);
	if (ctx->frag_fate == MN_FRAG_PARK || ctx->wait)
		ctx->verdict = MIDONET_VERDICT_WAIT;
	else if (ctx->n_outs)
		ctx->verdict = ctx->flooded ? MIDONET_VERDICT_FLOOD :
					      MIDONET_VERDICT_OUTPUT;
	else if (ctx->consumed)
		ctx->verdict = MIDONET_VERDICT_CONSUMED;
	else
		ctx->verdict = MIDONET_VERDICT_DROP;
	if (ctx->verdict == MIDONET_VERDICT_DROP)
		mn_ctx_drop(ctx, MIDONET_DROP_REASON_NO_OUTPUT,
			    ctx->device_in->obj.parent, NULL, NULL);
	mn_icmp_judge(ctx);

	if (ctx->translated)
		mn_translation_make(&ctx->translation, &ctx->in_key, &ctx->key);
	note_unsent(ctx);

	/* Whoever reads L4 fields treats fragments in another way. */
	if (ctx->l4_read)
		mn_ctx_read(ctx, frag);
	if (ctx->consumed || ctx->large || ctx->n_outs > MN_CACHE_OUTS ||
	    ctx->verdict == MIDONET_VERDICT_WAIT ||
	    (ctx->l4_read && ctx->in_key.frag != MN_FRAG_NONE))
		ctx->cacheable = false;
}

/**
 * mn_walk() - walk a packet through the topology
 * @ctx: set up by mn_ctx_init()
 *
 * What comes of it is in ctx->verdict, outs and drop. Nothing is sent, counted
 * or installed.
 *
 * Context: BH disabled, RCU.
 */
void mn_walk(struct mn_ctx *ctx)
{
	note_kind(ctx);
	branch_add(ctx, ctx->in, ctx->key.vlan, 0);
	while (ctx->n_next < ctx->n_work && !ctx->stop)
		walk_branch(ctx, &ctx->work[ctx->n_next++]);
	conclude(ctx);
}

/* One walk; consumes @skb unless it returns false. */
static bool walk_once(struct mn_ctx *ctx, struct mn_port *port,
		      struct sk_buff *skb, const struct mn_flow_key *key,
		      const struct mn_pkt *pkt, u32 flags)
{
	mn_ctx_init(ctx, port->mn, skb, port, key, pkt);
	ctx->frag_alone = flags & MN_WALK_ALONE;
	ctx->cacheable = !(flags & MN_WALK_FORGET);
	if (static_branch_unlikely(&mn_live_key))
		mn_live_begin(ctx);
	mn_walk(ctx);
	if (unlikely(ctx->trace))
		mn_live_report(ctx);
	return mn_walk_finish(ctx, skb);
}

/**
 * mn_walk_packet() - walk a packet the flow table does not know
 * @port: port where it enters the overlay
 * @skb: packet, data at the Ethernet header; consumed
 * @key: its headers
 * @pkt: what else is known of it
 * @flags: 0, MN_WALK_ALONE, MN_WALK_FORGET
 *
 * Context: BH disabled, RCU. May nest by way of the devices it sends to.
 */
void mn_walk_packet(struct mn_port *port, struct sk_buff *skb,
		    const struct mn_flow_key *key, const struct mn_pkt *pkt,
		    u32 flags)
{
	struct mn_ctx *ctx = mn_ctx_get();
	bool done = false;
	int i;

	if (unlikely(!ctx)) {
		mn_drop_port(port->mn, skb, MIDONET_DROP_REASON_NOMEM, port);
		return;
	}
	for (i = 0; i < MN_WALK_TRIES && !done; i++)
		done = walk_once(ctx, port, skb, key, pkt, flags);
	if (unlikely(!done))
		mn_drop_port(port->mn, skb, MIDONET_DROP_REASON_NAT_EXHAUSTED,
			     port);
	mn_ctx_put(ctx);
}
