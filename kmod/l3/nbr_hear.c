// SPDX-License-Identifier: GPL-2.0
/*
 * What routers hear of their neighbours: ARP (RFC 826, 5227, 5944) and neighbour
 * discovery (RFC 4861).
 *
 * Who asks for an address of the port, or says who he is while asking for
 * another one, is learned if he can be a neighbour there: in a subnet of the
 * port, or gateway of a route through it. Answers are believed only if there was
 * a question, and announcements only about who is known already; so nobody can
 * fill the table, or put himself in another's place, by talking.
 */
#include <linux/etherdevice.h>
#include <linux/if_arp.h>
#include <net/ipv6.h>
#include <net/ndisc.h>

#include "balance/balance.h"
#include "l2/bridge.h"
#include "l3/answer.h"
#include "l3/arp.h"
#include "l3/nbr.h"
#include "l3/nbr_table.h"
#include "l3/nd.h"
#include "l3/route.h"
#include "l3/router.h"
#include "sim/ctx.h"
#include "sim/drop.h"
#include "sim/trace.h"

/**
 * struct hear - an ARP or ND packet in a router
 * @ctx: walk
 * @port: where it came in
 * @v: version of @port
 * @key: port, and the address of who speaks or of whom he speaks
 */
struct hear {
	struct mn_ctx *ctx;
	struct mn_port *port;
	const struct mn_port_ver *v;
	struct mn_neigh_key key;
};

static void hear_drop(struct mn_ctx *ctx, u32 reason, const char *why)
{
	struct mn_port *port = ctx->device_in;

	mn_trace(ctx, port->obj.parent, port, "drop", NULL, "%s: %s",
		 mn_drop_name(reason), why);
	mn_ctx_drop(ctx, reason, port->obj.parent, port, NULL);
}

static bool hear_begin(struct mn_ctx *ctx, struct hear *h)
{
	const struct mn_ver *ver = mn_ctx_obj(ctx, &ctx->device_in->obj);

	ctx->cacheable = false;
	memset(h, 0, sizeof(*h));
	h->ctx = ctx;
	h->port = ctx->device_in;
	if (!ver) {
		hear_drop(ctx, MIDONET_DROP_REASON_PORT_DOWN,
			  "the port was removed");
		return false;
	}
	h->v = mn_port_ver(ver);
	if (!is_valid_ether_addr(ctx->key.eth_src)) {
		hear_drop(ctx, MIDONET_DROP_REASON_MULTICAST_SOURCE,
			  "the source MAC is a group address or zero");
		return false;
	}
	return true;
}

static bool addr_unicast(u8 family, const void *addr)
{
	__be32 v4;

	if (family == AF_INET6)
		return ipv6_addr_type(addr) & IPV6_ADDR_UNICAST &&
		       !ipv6_addr_loopback(addr);
	memcpy(&v4, addr, sizeof(v4));
	return v4 && !ipv4_is_zeronet(v4) && !ipv4_is_loopback(v4) &&
	       !ipv4_is_multicast(v4) && !ipv4_is_lbcast(v4);
}

/* Does the router have the address on this port? A VIP is in its subnet. */
static bool owns(struct mn_ctx *ctx, const struct mn_port *port,
		 const struct mn_port_ver *v, u8 family, const void *addr)
{
	const struct mn_ver *router;

	if (mn_nbr_owns(v, family, addr))
		return true;
	router = mn_ver_at(port->obj.parent, ctx->generation);
	return router && mn_balance_owns(ctx, mn_router_ver(router), v, family,
					 addr);
}

/* Can somebody with this address and MAC be behind the port? */
static bool plausible(struct mn_ctx *ctx, struct mn_port *port,
		      const struct mn_port_ver *v, u8 family, const void *addr,
		      const u8 *mac)
{
	return is_valid_ether_addr(mac) && !ether_addr_equal(mac, v->mac) &&
	       addr_unicast(family, addr) &&
	       !owns(ctx, port, v, family, addr) &&
	       (mn_nbr_on_link(v, family, addr) ||
		mn_route_is_gateway(port, family, addr));
}

/* Somebody speaks: note it. False: he is not believed. */
static bool hear(const struct hear *h, const u8 *mac, enum mn_nbr_word word)
{
	if (!plausible(h->ctx, h->port, h->v, h->key.family, &h->key.addr,
		       mac))
		return false;
	if (!h->ctx->live)
		return mn_nbr_believes(h->ctx->mn, &h->key, mac, word);
	return mn_nbr_heard(h->ctx->mn, h->port, &h->key, mac, word);
}

/* An answer, or an announcement. */
static void hear_statement(const struct hear *h, const u8 *mac,
			   enum mn_nbr_word word)
{
	struct mn_ctx *ctx = h->ctx;

	if (!hear(h, mac, word)) {
		hear_drop(ctx, MIDONET_DROP_REASON_NEIGHBOUR_UNASKED,
			  "nobody asked for it, or the sender cannot be there");
		return;
	}
	mn_trace(ctx, h->port->obj.parent, h->port, "neighbour", NULL,
		 "takes note of the neighbour at %pM", mac);
	ctx->consumed = true;
}

static bool may_answer(const struct hear *h)
{
	if (mn_answer_may(h->ctx))
		return true;
	hear_drop(h->ctx, MIDONET_DROP_REASON_NOT_FOR_ROUTER,
		  "too many answers to this port (net.midonet.icmp_rate)");
	return false;
}

static void arp_request(struct hear *h)
{
	const struct mn_flow_key *key = &h->ctx->key;
	struct mn_ctx *ctx = h->ctx;
	__be32 target = key->v4.dst;

	if (key->v4.src)
		hear(h, key->v4.sha, MN_NBR_REQUEST);
	if (!owns(ctx, h->port, h->v, AF_INET, &target)) {
		hear_drop(ctx, MIDONET_DROP_REASON_NOT_FOR_ROUTER,
			  "the request is for an address the port does not have");
		return;
	}
	if (!may_answer(h))
		return;
	mn_trace(ctx, h->port->obj.parent, h->port, "answer", NULL,
		 "answers: %pI4 is at %pM", &target, h->v->mac);
	ctx->consumed = true;
	if (ctx->live)
		mn_arp_answer(ctx, h->v->mac);
}

/**
 * mn_nbr_arp() - an ARP packet is in a router
 * @ctx: walk; it came by ctx->device_in. It ends here
 *
 * Context: BH disabled, RCU.
 */
void mn_nbr_arp(struct mn_ctx *ctx)
{
	const struct mn_flow_key *key = &ctx->key;
	__be32 sender = key->v4.src;
	struct hear h;

	if (!hear_begin(ctx, &h))
		return;
	mn_neigh_key_set(&h.key, &h.port->obj, AF_INET, &sender);
	if (key->proto != ARPOP_REQUEST && key->proto != ARPOP_REPLY) {
		hear_drop(ctx, MIDONET_DROP_REASON_NOT_FOR_ROUTER,
			  "neither ARP request nor reply");
		return;
	}
	if (!ether_addr_equal(key->v4.sha, key->eth_src)) {
		hear_drop(ctx, MIDONET_DROP_REASON_NEIGHBOUR_UNASKED,
			  "the ARP sender MAC is not the MAC the frame came from");
		return;
	}
	if (sender && sender == key->v4.dst)
		hear_statement(&h, key->v4.sha, MN_NBR_NOTICE);
	else if (key->proto == ARPOP_REPLY)
		hear_statement(&h, key->v4.sha, MN_NBR_REPLY);
	else
		arp_request(&h);
}

static void nd_solicitation(struct hear *h, const struct mn_nd *nd)
{
	const struct mn_flow_key *key = &h->ctx->key;
	struct mn_ctx *ctx = h->ctx;
	struct in6_addr src = key->v6.src;

	if (!ipv6_addr_any(&src) && nd->has_slla &&
	    ether_addr_equal(nd->slla, key->eth_src)) {
		mn_neigh_key_set(&h->key, &h->port->obj, AF_INET6, &src);
		hear(h, nd->slla, MN_NBR_REQUEST);
	}
	/* Who has no address says no MAC of it (RFC 4861 7.1.1). */
	if (ipv6_addr_any(&src) && nd->has_slla) {
		hear_drop(ctx, MIDONET_DROP_REASON_MALFORMED,
			  "a probe for a duplicate with a link-layer address");
		return;
	}
	if (!owns(ctx, h->port, h->v, AF_INET6, &nd->target)) {
		hear_drop(ctx, MIDONET_DROP_REASON_NOT_FOR_ROUTER,
			  "the solicitation is for an address the port does not have");
		return;
	}
	if (!may_answer(h))
		return;
	mn_trace(ctx, h->port->obj.parent, h->port, "answer", NULL,
		 "answers: %pI6c is at %pM", &nd->target, h->v->mac);
	ctx->consumed = true;
	if (ctx->live)
		mn_nd_answer(ctx, &nd->target, h->v->mac, true);
}

/* Unasked, to everybody, and meant to replace what is known. */
static bool nd_is_notice(const struct mn_flow_key *key, const struct mn_nd *nd)
{
	struct in6_addr dst = key->v6.dst;

	return !(nd->flags & MN_ND_SOLICITED) && ipv6_addr_is_multicast(&dst) &&
	       nd->flags & MN_ND_OVERRIDE;
}

static void nd_advertisement(struct hear *h, const struct mn_nd *nd)
{
	const struct mn_flow_key *key = &h->ctx->key;
	struct in6_addr dst = key->v6.dst;
	const u8 *mac = nd->has_tlla ? nd->tlla : key->eth_src;

	if (ipv6_addr_is_multicast(&dst) && nd->flags & MN_ND_SOLICITED) {
		hear_drop(h->ctx, MIDONET_DROP_REASON_MALFORMED,
			  "an advertisement to everybody says it was solicited");
		return;
	}
	if (!ether_addr_equal(mac, key->eth_src)) {
		hear_drop(h->ctx, MIDONET_DROP_REASON_NEIGHBOUR_UNASKED,
			  "the target link-layer address is not the MAC the frame came from");
		return;
	}
	mn_neigh_key_set(&h->key, &h->port->obj, AF_INET6, &nd->target);
	hear_statement(h, mac, nd_is_notice(key, nd) ? MN_NBR_NOTICE :
						       MN_NBR_REPLY);
}

/**
 * mn_nbr_nd() - a neighbour discovery packet is in a router
 * @ctx: walk; it came by ctx->device_in. It ends here
 *
 * Router solicitations and advertisements, and redirects, mean nothing to a
 * router that is configured.
 *
 * Context: BH disabled, RCU.
 */
void mn_nbr_nd(struct mn_ctx *ctx)
{
	struct mn_nd nd;
	struct hear h;
	int err;

	if (!hear_begin(ctx, &h))
		return;
	err = ctx->key.frag != MN_FRAG_NONE ? -EINVAL :
	      mn_nd_parse(ctx->skb, &ctx->pkt, &nd);
	if (err)
		hear_drop(ctx, MIDONET_DROP_REASON_MALFORMED,
			  "neighbour discovery that a host would discard");
	else if (nd.type == NDISC_NEIGHBOUR_SOLICITATION)
		nd_solicitation(&h, &nd);
	else if (nd.type == NDISC_NEIGHBOUR_ADVERTISEMENT)
		nd_advertisement(&h, &nd);
	else
		hear_drop(ctx, MIDONET_DROP_REASON_NOT_FOR_ROUTER,
			  "routers are configured, not discovered or redirected");
}

/**
 * mn_nbr_saw() - somebody asked for an address of a router, and was answered
 *	elsewhere
 * @ctx: walk; nothing happens if it is a trace
 * @port: router port whose address it is
 * @family: AF_INET or AF_INET6
 * @addr: who asked
 * @mac: who asked: where the frame came from
 *
 * Context: BH disabled, RCU.
 */
void mn_nbr_saw(struct mn_ctx *ctx, struct mn_port *port, u8 family, const void *addr,
		const u8 *mac)
{
	const struct mn_ver *ver = mn_ver_at(&port->obj, ctx->generation);
	struct mn_neigh_key key;

	if (!ctx->live || !ver ||
	    !plausible(ctx, port, mn_port_ver(ver), family, addr, mac))
		return;
	mn_neigh_key_set(&key, &port->obj, family, addr);
	mn_nbr_heard(ctx->mn, port, &key, mac, MN_NBR_REQUEST);
}

/**
 * mn_nbr_answered() - is an answer for one of our routers?
 * @ctx: walk of what is answered
 * @family: AF_INET or AF_INET6
 * @addr: who has
 * @mac: this MAC
 *
 * What a router asks enters the bridge it is linked to by the port there, behind
 * which is no device. The answer is taken to it directly.
 *
 * Context: BH disabled, RCU.
 *
 * Return: false if it has to be sent
 */
bool mn_nbr_answered(struct mn_ctx *ctx, u8 family, const void *addr, const u8 *mac)
{
	const struct mn_ver *ver = mn_ver_at(&ctx->in->obj, ctx->generation);
	struct mn_neigh_key key;
	struct mn_port *peer;

	peer = ver ? mn_port_ver(ver)->peer : NULL;
	if (!peer)
		return false;
	if (!mn_port_on_router(peer))
		return true;
	mn_neigh_key_set(&key, &peer->obj, family, addr);
	mn_nbr_heard(ctx->mn, peer, &key, mac, MN_NBR_REPLY);
	return true;
}

/* Who is it that the announcement is about? False: it is none. */
static bool announced(struct mn_ctx *ctx, struct mn_neigh_key *key,
		      const struct mn_bridge *bridge)
{
	const struct mn_flow_key *k = &ctx->key;
	struct mn_nd nd;

	if (k->eth_type == htons(ETH_P_ARP)) {
		mn_neigh_key_set(key, &bridge->obj, AF_INET, &k->v4.src);
		return (k->proto == ARPOP_REQUEST || k->proto == ARPOP_REPLY) &&
		       k->v4.src && k->v4.src == k->v4.dst &&
		       ether_addr_equal(k->v4.sha, k->eth_src);
	}
	if (!mn_key_is_nd(k) || k->frag != MN_FRAG_NONE ||
	    mn_nd_parse(ctx->skb, &ctx->pkt, &nd) ||
	    nd.type != NDISC_NEIGHBOUR_ADVERTISEMENT || !nd_is_notice(k, &nd))
		return false;
	mn_neigh_key_set(key, &bridge->obj, AF_INET6, &nd.target);
	return nd.has_tlla && ether_addr_equal(nd.tlla, k->eth_src);
}

/**
 * mn_nbr_gratuitous() - somebody may tell a bridge who he is
 * @ctx: walk of any frame in the bridge; nothing happens if it is a trace
 * @bridge: bridge
 *
 * Routers are not flooded to, but the ones that know him have to hear of a new
 * MAC. They make no new entries.
 *
 * Context: BH disabled, RCU.
 */
void mn_nbr_gratuitous(struct mn_ctx *ctx, struct mn_bridge *bridge)
{
	struct mn_neigh_key key;

	if (!ctx->live || !announced(ctx, &key, bridge) ||
	    !is_valid_ether_addr(ctx->key.eth_src))
		return;
	mn_nbr_heard_bridge(ctx->mn, &key, ctx->key.vlan, ctx->key.eth_src);
}
