// SPDX-License-Identifier: GPL-2.0
/*
 * What a router does to a packet, in order: refuse what is not for it, answer
 * ARP and ND, ask its in-chain, choose a route, ask its out-chain, find the next
 * hop's MAC, and let the packet leave with other Ethernet addresses and one hop
 * less to live.
 *
 * The packet itself is not changed by its walk: new addresses are in ctx->key
 * and, with the number of hops, in ctx->rw, which whoever outputs it applies.
 */
#include <linux/etherdevice.h>
#include <net/ipv6.h>

#include "l3/frag.h"
#include "l3/icmp.h"
#include "l3/nbr.h"
#include "l3/route.h"
#include "l3/router.h"
#include "policy/chain.h"
#include "port/port.h"
#include "sim/ctx.h"
#include "sim/drop.h"
#include "sim/trace.h"
#include "state/nat.h"

static void router_drop(struct mn_ctx *ctx, u32 reason,
			const struct mn_router *router, const char *why)
{
	mn_trace(ctx, &router->obj, NULL, "drop", NULL, "%s: %s",
		 mn_drop_name(reason), why);
	mn_ctx_drop(ctx, reason, &router->obj, NULL, NULL);
}

/* The sender is told, by ICMP. */
static void router_error(struct mn_ctx *ctx, u32 reason,
			 const struct mn_router *router,
			 enum mn_icmp_kind kind, const char *why)
{
	router_drop(ctx, reason, router, why);
	mn_icmp_error(ctx, kind, ctx->device_in, 0);
}

static bool is_v6(const struct mn_ctx *ctx)
{
	return ctx->key.eth_type == htons(ETH_P_IPV6);
}

/*
 * Addresses no router forwards from or to (RFC 1812 5.3.7, RFC 4291 2.5). They
 * can be told by their first bits.
 */
static bool martian_v4(struct mn_ctx *ctx)
{
	__be32 src = ctx->key.v4.src, dst = ctx->key.v4.dst;

	mn_ctx_read_src(ctx, 8);
	mn_ctx_read_dst(ctx, 8);
	return ipv4_is_zeronet(src) || ipv4_is_loopback(src) ||
	       ntohl(src) >= 0xe0000000 || ipv4_is_zeronet(dst) ||
	       ipv4_is_loopback(dst) || ntohl(dst) >= 0xe0000000;
}

static bool is_martian_v6(const struct in6_addr *addr)
{
	return ipv6_addr_is_multicast(addr) || ipv6_addr_any(addr) ||
	       ipv6_addr_loopback(addr);
}

static bool martian_v6(struct mn_ctx *ctx)
{
	struct in6_addr src = ctx->key.v6.src, dst = ctx->key.v6.dst;

	mn_ctx_read_src(ctx, src.s6_addr32[0] ? 32 : 128);
	mn_ctx_read_dst(ctx, dst.s6_addr32[0] ? 32 : 128);
	return is_martian_v6(&src) || is_martian_v6(&dst);
}

/* A tag of VLAN 0 is no tag (802.1Q 6.9.1). */
static bool pass_tag(struct mn_ctx *ctx, const struct mn_router *router)
{
	mn_ctx_read(ctx, vlan);
	if (ctx->key.vlan & ~MN_VLAN_PRESENT) {
		router_drop(ctx, MIDONET_DROP_REASON_VLAN, router,
			    "tagged frames do not enter a router; a bridge port with a vlan pops the tag");
		return false;
	}
	ctx->key.vlan = 0;
	return true;
}

/* Is the frame one for this router? */
static bool for_router(struct mn_ctx *ctx, const struct mn_router *router,
		       const struct mn_port_ver *in)
{
	const u8 *dst = ctx->key.eth_dst;
	bool arp = ctx->key.eth_type == htons(ETH_P_ARP);

	mn_ctx_read(ctx, eth_dst);
	if (!arp && !mn_key_is_ip(&ctx->key)) {
		router_drop(ctx, MIDONET_DROP_REASON_NOT_IP, router,
			    "neither IP nor ARP");
		return false;
	}
	if (ether_addr_equal(dst, in->mac))
		return true;
	if (!is_multicast_ether_addr(dst)) {
		mn_trace(ctx, &router->obj, ctx->device_in, "drop", NULL,
			 "not-for-router: the frame is for %pM, port %s has %pM",
			 dst, ctx->device_in->obj.name, in->mac);
		mn_ctx_drop(ctx, MIDONET_DROP_REASON_NOT_FOR_ROUTER,
			    &router->obj, ctx->device_in, NULL);
		return false;
	}
	if (arp || mn_key_is_nd(&ctx->key))
		return true;
	router_drop(ctx, MIDONET_DROP_REASON_NOT_IP, router,
		    "routers forward no broadcast and no multicast");
	return false;
}

static bool answers_neighbours(struct mn_ctx *ctx)
{
	if (ctx->key.eth_type == htons(ETH_P_ARP))
		mn_nbr_arp(ctx);
	else if (mn_key_is_nd(&ctx->key))
		mn_nbr_nd(ctx);
	else
		return false;
	return true;
}

/* To an address of the router itself. */
static void deliver(struct mn_ctx *ctx, const struct mn_router *router)
{
	enum mn_icmp_kind kind = MN_ICMP_PROTO;
	u8 proto = ctx->key.proto;

	ctx->cacheable = false;
	mn_ctx_read(ctx, proto);
	if (mn_icmp_echo(ctx)) {
		ctx->consumed = true;
		return;
	}
	router_drop(ctx, MIDONET_DROP_REASON_NO_SERVICE, router,
		    "for the router itself, which serves nothing but echo");
	if (proto == IPPROTO_ICMP || proto == IPPROTO_ICMPV6)
		return;
	if (proto == IPPROTO_UDP)
		kind = MN_ICMP_PORT;
	mn_icmp_refuse(ctx, kind, ctx->device_in);
}

/* MAC of the next hop; false if the walk ends here. */
static bool next_hop(struct mn_ctx *ctx, const struct mn_router *router,
		     const struct mn_route *route, u8 *mac)
{
	const void *gateway = mn_route_gateway(route);
	u8 family = is_v6(ctx) ? AF_INET6 : AF_INET;
	struct in6_addr addr = {};

	if (gateway) {
		memcpy(&addr, gateway, family == AF_INET ? 4 : 16);
	} else if (family == AF_INET) {
		addr.s6_addr32[0] = ctx->key.v4.dst;
		mn_ctx_read_dst(ctx, 32);
	} else {
		addr = ctx->key.v6.dst;
		mn_ctx_read_dst(ctx, 128);
	}
	switch (mn_nbr_resolve(ctx, mn_route_port(route), family, &addr, mac)) {
	case MN_NBR_OK:
		return true;
	case MN_NBR_WAIT:
		ctx->wait = true;
		ctx->stop = true;
		return false;
	case MN_NBR_FULL:
		ctx->cacheable = false;
		router_drop(ctx, MIDONET_DROP_REASON_NEIGHBOUR_FULL, router,
			    "no room for one more neighbour (net.midonet.neighbours_max, neighbours_per_port)");
		return false;
	case MN_NBR_FAILED:
		break;
	}
	ctx->cacheable = false;
	router_error(ctx, MIDONET_DROP_REASON_NEIGHBOUR, router, MN_ICMP_HOST,
		     "the next hop does not answer");
	return false;
}

/* The packet leaves with new addresses, one hop older. */
static void readdress(struct mn_ctx *ctx, const struct mn_port_ver *out,
		      const u8 *mac)
{
	ether_addr_copy(ctx->key.eth_src, out->mac);
	ether_addr_copy(ctx->key.eth_dst, mac);
	ether_addr_copy(ctx->rw.eth_src, out->mac);
	ether_addr_copy(ctx->rw.eth_dst, mac);
	ctx->rw.hops++;
	/* Behind a router the bridges it came through are new ones. */
	ctx->n_visited = 0;
}

static void forward(struct mn_ctx *ctx, const struct mn_router *router,
		    const struct mn_router_ver *v, const struct mn_route *route)
{
	struct mn_port *out = mn_route_port(route);
	const struct mn_ver *ver = mn_ctx_obj(ctx, &out->obj);
	u8 mac[ETH_ALEN];

	if (!ver) {
		router_drop(ctx, MIDONET_DROP_REASON_PORT_DOWN, router,
			    "the route's port was removed");
		return;
	}
	if (ctx->pkt.ttl <= ctx->rw.hops + 1) {
		ctx->cacheable = false;
		router_error(ctx, MIDONET_DROP_REASON_TTL, router, MN_ICMP_TTL,
			     "its TTL or hop limit ends here");
		return;
	}
	ctx->device_out = out;
	if (!mn_walk_chain(ctx, v->out_chain, &router->obj, NULL, "out-chain") ||
	    !mn_nat_leave(ctx, router, out))
		return;
	if (!next_hop(ctx, router, route, mac))
		return;
	readdress(ctx, mn_port_ver(ver), mac);
	mn_walk_port_out(ctx, out);
}

static bool is_link_local(const struct in6_addr *addr)
{
	return ipv6_addr_type(addr) & IPV6_ADDR_LINKLOCAL;
}

/* Link-local addresses are per port, so no route knows them. */
static bool to_link_local(struct mn_ctx *ctx, const struct mn_router *router,
			  const struct mn_port_ver *in)
{
	struct in6_addr dst;

	if (!is_v6(ctx))
		return false;
	dst = ctx->key.v6.dst;
	if (!is_link_local(&dst))
		return false;
	mn_ctx_read_dst(ctx, 128);
	if (mn_nbr_owns(in, AF_INET6, &dst))
		deliver(ctx, router);
	else
		router_drop(ctx, MIDONET_DROP_REASON_MARTIAN, router,
			    "a link-local address does not leave its link");
	return true;
}

static bool from_link_local(const struct mn_ctx *ctx)
{
	struct in6_addr src;

	if (!is_v6(ctx))
		return false;
	src = ctx->key.v6.src;
	return is_link_local(&src);
}

/* A later fragment waits for its first, or shares its fate. */
static void stop_fragment(struct mn_ctx *ctx, const struct mn_router *router)
{
	if (ctx->stop && ctx->frag_fate != MN_FRAG_WALK)
		mn_walk_fragment(ctx, &router->obj, NULL, router->obj.name);
}

/* Load balancer or in-chain; what goes to a VIP is no business of rules. */
static bool pass_policy(struct mn_ctx *ctx, struct mn_router *router,
			const struct mn_router_ver *v)
{
	switch (mn_nat_balance(ctx, router, v)) {
	case MN_NAT_APPLIED:
		return true;
	case MN_NAT_PASSED:
		break;
	case MN_NAT_REFUSED:
		stop_fragment(ctx, router);
		return false;
	}
	return mn_walk_chain(ctx, v->in_chain, &router->obj, NULL, "in-chain");
}

static void route_packet(struct mn_ctx *ctx, struct mn_router *router,
			 const struct mn_router_ver *v)
{
	struct mn_route *route = mn_route_find(ctx, router);

	if (ctx->stop) {
		stop_fragment(ctx, router);
		return;
	}
	if (!route) {
		router_error(ctx, MIDONET_DROP_REASON_NO_ROUTE, router,
			     MN_ICMP_NET, "the router has no route there");
		return;
	}
	mn_route_count(ctx, route);
	switch (mn_route_kind(route)) {
	case MIDONET_ROUTE_TYPE_LOCAL:
		deliver(ctx, router);
		break;
	case MIDONET_ROUTE_TYPE_BLACKHOLE:
		router_drop(ctx, MIDONET_DROP_REASON_BLACKHOLE, router,
			    "the route is a black hole");
		break;
	case MIDONET_ROUTE_TYPE_REJECT:
		router_error(ctx, MIDONET_DROP_REASON_REJECT, router,
			     MN_ICMP_ADMIN, "the route rejects what it is for");
		break;
	default:
		if (from_link_local(ctx))
			router_drop(ctx, MIDONET_DROP_REASON_MARTIAN, router,
				    "what comes from a link-local address does not leave its link");
		else
			forward(ctx, router, v, route);
	}
}

/**
 * mn_router_walk() - a packet is in a router
 * @ctx: walk; it came by ctx->device_in, past that port's in-chain
 * @router: router
 *
 * Context: BH disabled, RCU.
 */
void mn_router_walk(struct mn_ctx *ctx, struct mn_router *router)
{
	const struct mn_ver *ver = mn_ctx_obj(ctx, &router->obj);
	const struct mn_ver *port = mn_ctx_obj(ctx, &ctx->device_in->obj);
	const struct mn_router_ver *v = ver ? mn_router_ver(ver) : NULL;
	const struct mn_port_ver *in = port ? mn_port_ver(port) : NULL;

	ctx->router_in = ctx->device_in;
	if (!v || !in) {
		router_drop(ctx, MIDONET_DROP_REASON_ROUTER_DOWN, router,
			    "the router was removed");
		return;
	}
	if (!pass_tag(ctx, router) || !for_router(ctx, router, in))
		return;
	if (!v->admin_up) {
		router_error(ctx, MIDONET_DROP_REASON_ROUTER_DOWN, router,
			     MN_ICMP_ADMIN, "admin-up of the router is false");
		return;
	}
	if (answers_neighbours(ctx))
		return;
	if (is_v6(ctx) ? martian_v6(ctx) : martian_v4(ctx)) {
		router_drop(ctx, MIDONET_DROP_REASON_MARTIAN, router,
			    "no router forwards from or to such an address");
		return;
	}
	if (!mn_walk_policy(ctx, v->in_chain, v->out_chain))
		return;
	if (!mn_nat_enter(ctx, router)) {
		stop_fragment(ctx, router);
		return;
	}
	if (!pass_policy(ctx, router, v))
		return;
	if (!to_link_local(ctx, router, in))
		route_packet(ctx, router, v);
}
