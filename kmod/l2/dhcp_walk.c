// SPDX-License-Identifier: GPL-2.0
/*
 * Packets and the subnets of a bridge that are served: requests go to the daemon,
 * and for a server's address that nobody on the bridge has, the bridge answers ARP
 * and ND. All of it is untagged.
 *
 * What tells a request from other packets is looked at in the order of what a flow
 * has to depend on anyway: MACs first, then the prefix of the destination, ports
 * last. So who is listed pays for it with some bits of his flows to routers, and
 * others with nothing.
 */
#include <linux/etherdevice.h>
#include <linux/if_arp.h>
#include <net/ipv6.h>
#include <net/ndisc.h>

#include "config/nl.h"
#include "l2/bridge.h"
#include "l2/dhcp.h"
#include "l3/answer.h"
#include "l3/arp.h"
#include "l3/nd.h"
#include "l3/neigh.h"
#include "sim/ctx.h"
#include "sim/trace.h"

#define MN_DHCP4_PORT	htons(67)
#define MN_DHCP6_PORT	htons(547)

/* ff02::1:2 (RFC 8415 7.1), and the MAC it is sent to. */
static const struct in6_addr dhcp6_group = {
	{ { 0xff, 0x02, [13] = 1, [15] = 2 } }
};

static const u8 dhcp6_mac[ETH_ALEN] = { 0x33, 0x33, 0, 1, 0, 2 };

/**
 * enum ask - a question about the subnets of a bridge
 * @ASK_SERVER: whose server has an address
 * @ASK_V6: one of IPv6
 * @ASK_STATELESS: one whose hosts make their addresses, but ask for the rest
 */
enum ask { ASK_SERVER, ASK_V6, ASK_STATELESS };

static bool is_it(const struct mn_dhcp_ver *v, enum ask ask, u8 family,
		  const struct in6_addr *addr)
{
	if (v->subnet.family != family)
		return false;
	if (ask == ASK_SERVER)
		return ipv6_addr_equal(&v->server, addr);
	return ask == ASK_V6 || v->mode == MIDONET_DHCP_MODE_STATELESS;
}

/* The bridge itself was noted, whose counter moves with its subnets. */
static const struct mn_obj *find(const struct mn_ctx *ctx,
				 const struct mn_bridge *bridge, enum ask ask,
				 u8 family, const struct in6_addr *addr)
{
	const struct mn_ver *ver;
	struct mn_obj *obj;

	list_for_each_entry_rcu(obj, &bridge->dhcps, siblings) {
		ver = mn_ver_at(obj, ctx->generation);
		if (ver && is_it(mn_dhcp_ver(ver), ask, family, addr))
			return obj;
	}
	return NULL;
}

/* The subnet that lists the sender. */
static const struct mn_obj *listed(struct mn_ctx *ctx,
				   const struct mn_bridge *bridge, u8 family)
{
	mn_ctx_dep(ctx, mn_dhcp_dep(ctx->mn, bridge, ctx->key.eth_src));
	return mn_dhcp_lists(ctx->mn, bridge, family, ctx->key.eth_src,
			     ctx->generation);
}

/* To port @port of a server? The destination was read. */
static bool to_port(struct mn_ctx *ctx, __be16 port)
{
	const struct mn_flow_key *key = &ctx->key;

	mn_ctx_read(ctx, proto);
	if (key->proto != IPPROTO_UDP)
		return false;
	mn_ctx_read(ctx, frag);
	mn_ctx_read(ctx, flags);
	if (key->frag != MN_FRAG_NONE || !(key->flags & MN_KEY_L4))
		return false;
	mn_ctx_read(ctx, tp_dst);
	return key->tp_dst == port;
}

static void punt(struct mn_ctx *ctx, const struct mn_bridge *bridge,
		 const struct mn_obj *dhcp, const char *what)
{
	mn_trace(ctx, &bridge->obj, ctx->in, "punt", NULL,
		 "is for the daemon: %s%s%s", what, dhcp ? ", dhcp " : "",
		 dhcp ? dhcp->name : "");
	mn_punt(ctx, &bridge->obj, dhcp);
}

/* Is the frame for the station that has the server's address? */
static bool to_server_mac(struct mn_ctx *ctx, const struct mn_bridge *bridge,
			  const struct in6_addr *server)
{
	const struct mn_static_neigh *n;
	struct mn_neigh_key key;
	u8 mac[ETH_ALEN];

	mn_neigh_key_set(&key, &bridge->obj, AF_INET, server);
	mn_ctx_dep(ctx, mn_neigh_dep(ctx->mn, &key));
	n = mn_neigh_find(ctx->mn, &key, 0, ctx->generation);
	mn_bridge_mac(bridge, mac);
	return ether_addr_equal(ctx->key.eth_dst, n ? n->mac : mac);
}

/* Bits that have to be read to see that two addresses differ; 32: they do not. */
static u8 differ_at(__be32 a, __be32 b)
{
	u32 diff = ntohl(a ^ b);

	return diff ? 33 - fls(diff) : 32;
}

static bool to_server(struct mn_ctx *ctx, __be32 server)
{
	__be32 dst = ctx->key.v4.dst;

	mn_ctx_read_dst(ctx, max(differ_at(dst, server),
				 differ_at(dst, htonl(INADDR_BROADCAST))));
	return dst == server || dst == htonl(INADDR_BROADCAST);
}

static bool dhcp4(struct mn_ctx *ctx, const struct mn_bridge *bridge)
{
	const struct mn_obj *dhcp = listed(ctx, bridge, AF_INET);
	const struct mn_ver *ver = dhcp ? mn_ver_at(dhcp, ctx->generation) :
					  NULL;
	const struct mn_dhcp_ver *v;

	if (!ver)
		return false;
	v = mn_dhcp_ver(ver);
	if (!is_broadcast_ether_addr(ctx->key.eth_dst) &&
	    !to_server_mac(ctx, bridge, &v->server))
		return false;
	if (!to_server(ctx, v->server.s6_addr32[0]) ||
	    !to_port(ctx, MN_DHCP4_PORT))
		return false;
	punt(ctx, bridge, dhcp, "DHCP");
	return true;
}

static bool dhcp6(struct mn_ctx *ctx, const struct mn_bridge *bridge)
{
	const struct mn_obj *dhcp;

	if (!ether_addr_equal(ctx->key.eth_dst, dhcp6_mac))
		return false;
	dhcp = listed(ctx, bridge, AF_INET6) ?:
	       find(ctx, bridge, ASK_STATELESS, AF_INET6, NULL);
	if (!dhcp)
		return false;
	mn_ctx_read_dst(ctx, 128);
	if (!ipv6_addr_equal(&ctx->key.v6.dst, &dhcp6_group) ||
	    !to_port(ctx, MN_DHCP6_PORT))
		return false;
	punt(ctx, bridge, dhcp, "DHCPv6");
	return true;
}

/*
 * Nobody has the address on the bridge: if it is a server's, the bridge has it,
 * also towards who probes for it (RFC 5227, RFC 4862), but not towards who claims
 * it.
 */
static bool speaks_for(struct mn_ctx *ctx, struct mn_bridge *bridge, u8 family,
		       const struct in6_addr *addr)
{
	return find(ctx, bridge, ASK_SERVER, family, addr) &&
	       !mn_dhcp_neigh(ctx->mn, bridge, family, addr, ctx->generation);
}

static bool may_answer(struct mn_ctx *ctx, const struct mn_bridge *bridge)
{
	if (mn_answer_may(ctx))
		return true;
	mn_trace(ctx, &bridge->obj, ctx->in, "answer", NULL,
		 "too many answers to this port (net.midonet.icmp_rate)");
	return false;
}

static bool arp(struct mn_ctx *ctx, struct mn_bridge *bridge)
{
	const struct mn_flow_key *key = &ctx->in_key;
	struct in6_addr addr = {};
	u8 mac[ETH_ALEN];

	addr.s6_addr32[0] = key->v4.dst;
	if (key->proto != ARPOP_REQUEST || key->v4.src == key->v4.dst ||
	    !speaks_for(ctx, bridge, AF_INET, &addr) ||
	    !may_answer(ctx, bridge))
		return false;
	mn_bridge_mac(bridge, mac);
	mn_trace(ctx, &bridge->obj, ctx->in, "answer", NULL,
		 "answers: %pI4 is at %pM (server of a dhcp)", &addr, mac);
	if (ctx->live)
		mn_arp_answer(ctx, mac);
	ctx->consumed = true;
	return true;
}

static bool solicits(struct mn_ctx *ctx, struct mn_bridge *bridge,
		     const struct in6_addr *target)
{
	u8 mac[ETH_ALEN];

	if (ipv6_addr_equal(target, &ctx->in_key.v6.src) ||
	    !speaks_for(ctx, bridge, AF_INET6, target) ||
	    !may_answer(ctx, bridge))
		return false;
	mn_bridge_mac(bridge, mac);
	mn_trace(ctx, &bridge->obj, ctx->in, "answer", NULL,
		 "answers: %pI6c is at %pM (server of a dhcp)", target, mac);
	if (ctx->live)
		mn_nd_answer(ctx, target, mac, false);
	ctx->consumed = true;
	return true;
}

/*
 * A gateway that no virtual router has is a station, which has to hear solicitations
 * itself.
 */
static bool has_strange_router(struct mn_ctx *ctx,
			       const struct mn_bridge *bridge)
{
	const struct mn_static_neigh *n;
	const struct mn_dhcp_ver *v;
	const struct mn_ver *ver;
	struct mn_obj *obj;

	list_for_each_entry_rcu(obj, &bridge->dhcps, siblings) {
		ver = mn_ver_at(obj, ctx->generation);
		v = ver ? mn_dhcp_ver(ver) : NULL;
		if (!v || v->subnet.family != AF_INET6 ||
		    ipv6_addr_any(&v->gateway))
			continue;
		n = mn_dhcp_neigh(ctx->mn, bridge, AF_INET6, &v->gateway,
				  ctx->generation);
		if (!n || !n->port)
			return true;
	}
	return false;
}

static bool nd(struct mn_ctx *ctx, struct mn_bridge *bridge)
{
	struct mn_nd nd;

	if (ctx->key.frag != MN_FRAG_NONE ||
	    mn_nd_parse(ctx->skb, &ctx->pkt, &nd))
		return false;
	if (nd.type == NDISC_NEIGHBOUR_SOLICITATION)
		return solicits(ctx, bridge, &nd.target);
	if (nd.type != NDISC_ROUTER_SOLICITATION ||
	    !find(ctx, bridge, ASK_V6, AF_INET6, NULL))
		return false;
	punt(ctx, bridge, NULL, "a router solicitation");
	return !has_strange_router(ctx, bridge);
}

/**
 * mn_dhcp_walk() - hand on or answer what is about the bridge's subnets
 * @ctx: walk of a packet that is in the bridge; MACs, tag, type, and what tells ND
 *	from other packets, were read
 * @bridge: bridge, noted as a dependency
 *
 * Context: BH disabled, RCU.
 *
 * Return: true if this branch of the walk is over: it is for the daemon, was answered,
 * or was dropped
 */
bool mn_dhcp_walk(struct mn_ctx *ctx, struct mn_bridge *bridge)
{
	if (list_empty(&bridge->dhcps) || ctx->key.vlan & 0xfff)
		return false;
	switch (ctx->key.eth_type) {
	case htons(ETH_P_ARP):
		return arp(ctx, bridge);
	case htons(ETH_P_IP):
		return dhcp4(ctx, bridge);
	case htons(ETH_P_IPV6):
		if (mn_key_is_nd(&ctx->key))
			return nd(ctx, bridge);
		return dhcp6(ctx, bridge);
	}
	return false;
}
