// SPDX-License-Identifier: GPL-2.0
/*
 * What router ports say of themselves on the wire: who has this address?, and
 * that they are here.
 *
 * It leaves by the port's device; if the port is linked to a bridge, the bridge
 * is entered as by any frame from the router.
 */
#include <linux/if_vlan.h>
#include <linux/inetdevice.h>
#include <net/addrconf.h>
#include <net/ipv6.h>
#include <net/ndisc.h>

#include "flow/key.h"
#include "l3/answer.h"
#include "l3/arp.h"
#include "l3/nbr_table.h"
#include "l3/nd.h"
#include "sim/ctx.h"

static const u8 nobody[ETH_ALEN];

static bool addr_equal(u8 family, const void *a, const void *b)
{
	return !memcmp(a, b, mn_addr_len(family));
}

/* Is @addr in the subnet of @a? */
static bool in_subnet(const struct mn_address *a, u8 family, const void *addr)
{
	__be32 v4, mask;

	if (a->family != family)
		return false;
	if (family == AF_INET6)
		return ipv6_prefix_equal(&a->addr, addr, a->plen);
	memcpy(&v4, addr, sizeof(v4));
	mask = inet_make_mask(a->plen);
	return !((v4 ^ a->addr.s6_addr32[0]) & mask);
}

/* The first and the last address of an IPv4 subnet are nobody's. */
static bool is_subnet_broadcast(const struct mn_address *a, const void *addr)
{
	__be32 v4, host;

	if (a->family != AF_INET || a->plen > 30)
		return false;
	memcpy(&v4, addr, sizeof(v4));
	host = ~inet_make_mask(a->plen);
	return !(v4 & host) || (v4 & host) == host;
}

/**
 * mn_nbr_owns() - is an address one of a router port's own?
 * @v: version of the port
 * @family: AF_INET or AF_INET6
 * @addr: address of 4 or 16 bytes
 */
bool mn_nbr_owns(const struct mn_port_ver *v, u8 family, const void *addr)
{
	const struct mn_address *a = mn_port_addresses(v);
	struct in6_addr ll;
	int i;

	for (i = 0; i < v->n_addresses; i++, a++) {
		if (a->family == family && addr_equal(family, &a->addr, addr))
			return true;
	}
	if (family != AF_INET6)
		return false;
	mn_port_link_local(v, &ll);
	return ipv6_addr_equal(&ll, addr);
}

/**
 * mn_nbr_on_link() - can an address be that of a neighbour behind a port?
 * @v: version of the router port
 * @family: AF_INET or AF_INET6
 * @addr: unicast address of 4 or 16 bytes
 *
 * Return: true if it is in one of the port's subnets
 */
bool mn_nbr_on_link(const struct mn_port_ver *v, u8 family, const void *addr)
{
	const struct mn_address *a = mn_port_addresses(v);
	bool in = false;
	int i;

	for (i = 0; i < v->n_addresses; i++, a++) {
		if (!in_subnet(a, family, addr))
			continue;
		if (is_subnet_broadcast(a, addr))
			return false;
		in = true;
	}
	if (family == AF_INET6 &&
	    ipv6_addr_type(addr) & IPV6_ADDR_LINKLOCAL)
		return true;
	return in;
}

/* The address a question is asked from: of the subnet of @addr, else any. */
static bool source(const struct mn_port_ver *v, u8 family, const void *addr,
		   struct in6_addr *src)
{
	const struct mn_address *a = mn_port_addresses(v);
	bool found = false;
	int i;

	for (i = 0; i < v->n_addresses; i++, a++) {
		if (in_subnet(a, family, addr)) {
			*src = a->addr;
			return true;
		}
		if (!found && family == AF_INET && a->family == AF_INET) {
			*src = a->addr;
			found = true;
		}
	}
	if (family == AF_INET)
		return found;
	mn_port_link_local(v, src);
	return true;
}

static struct sk_buff *arp_frame(const struct mn_port_ver *v, const u8 *dst,
				 __be32 src, __be32 target)
{
	struct sk_buff *skb;

	skb = mn_answer_frame(dst, v->mac, htons(ETH_P_ARP),
			      sizeof(struct mn_arp));
	if (skb)
		mn_arp_put(skb, ARPOP_REQUEST, v->mac, src, nobody, target);
	return skb;
}

static struct sk_buff *nd_frame(const u8 *dst, const struct mn_nd_say *say)
{
	struct sk_buff *skb;

	skb = mn_answer_frame(dst, say->mac, htons(ETH_P_IPV6), MN_ND_LEN);
	if (skb)
		mn_nd_put(skb, say);
	return skb;
}

static struct sk_buff *ask_v4(const struct mn_port_ver *v,
			      const struct mn_neigh_key *key, const u8 *mac)
{
	struct in6_addr src;
	u8 dst[ETH_ALEN];

	if (!source(v, AF_INET, &key->addr, &src))
		return NULL;
	eth_broadcast_addr(dst);
	return arp_frame(v, mac ?: dst, src.s6_addr32[0],
			 key->addr.s6_addr32[0]);
}

static struct sk_buff *ask_v6(const struct mn_port_ver *v,
			      const struct mn_neigh_key *key, const u8 *mac)
{
	struct mn_nd_say say = {
		.type = NDISC_NEIGHBOUR_SOLICITATION,
		.target = key->addr,
	};
	u8 dst[ETH_ALEN];

	if (!source(v, AF_INET6, &key->addr, &say.src))
		return NULL;
	ether_addr_copy(say.mac, v->mac);
	if (mac) {
		say.dst = key->addr;
		ether_addr_copy(dst, mac);
	} else {
		addrconf_addr_solict_mult(&key->addr, &say.dst);
		ipv6_eth_mc_map(&say.dst, dst);
	}
	return nd_frame(dst, &say);
}

/* From a router into the bridge that @peer is a port of. Consumes @skb. */
static void into_bridge(struct mn_port *peer, struct sk_buff *skb)
{
	const struct mn_ver *ver = mn_ver_now(&peer->obj);
	struct mn_flow_key key;
	struct mn_pkt pkt;

	if (!ver || mn_port_on_router(peer)) {
		kfree_skb(skb);
		return;
	}
	if (mn_port_ver(ver)->vlan)
		__vlan_hwaccel_put_tag(skb, htons(ETH_P_8021Q),
				       mn_port_ver(ver)->vlan);
	if (mn_key_extract(skb, peer->obj.index, &key, &pkt)) {
		kfree_skb(skb);
		return;
	}
	mn_walk_packet(peer, skb, &key, &pkt, 0);
}

/* Out of a router port. Consumes @skb, which may be NULL. */
static void send(struct mn_port *port, const struct mn_port_ver *v,
		 struct sk_buff *skb)
{
	if (!skb)
		return;
	if (v->peer)
		into_bridge(v->peer, skb);
	else if (rcu_access_pointer(port->dev))
		mn_output_raw(port, skb);
	else
		kfree_skb(skb);
}

/**
 * mn_nbr_ask() - ask who has an address
 * @port: router port
 * @key: port and address
 * @mac: only who is known to have had it; 0: everybody
 *
 * Context: BH disabled, RCU; not from a walk.
 */
void mn_nbr_ask(struct mn_port *port, const struct mn_neigh_key *key, u64 mac)
{
	const struct mn_ver *ver = mn_ver_now(&port->obj);
	const struct mn_port_ver *v;
	u8 dst[ETH_ALEN];

	if (!ver)
		return;
	v = mn_port_ver(ver);
	u64_to_ether_addr(mac, dst);
	if (key->family == AF_INET)
		send(port, v, ask_v4(v, key, mac ? dst : NULL));
	else
		send(port, v, ask_v6(v, key, mac ? dst : NULL));
}

static void say_v4(struct mn_port *port, const struct mn_port_ver *v,
		   __be32 addr)
{
	u8 dst[ETH_ALEN];

	eth_broadcast_addr(dst);
	send(port, v, arp_frame(v, dst, addr, addr));
}

static void say_v6(struct mn_port *port, const struct mn_port_ver *v,
		   const struct in6_addr *addr)
{
	struct mn_nd_say say = {
		.type = NDISC_NEIGHBOUR_ADVERTISEMENT,
		.flags = MN_ND_ROUTER | MN_ND_OVERRIDE,
		.src = *addr,
		.dst = in6addr_linklocal_allnodes,
		.target = *addr,
	};
	u8 dst[ETH_ALEN];

	ether_addr_copy(say.mac, v->mac);
	ipv6_eth_mc_map(&say.dst, dst);
	send(port, v, nd_frame(dst, &say));
}

static bool has_v6(const struct mn_port_ver *v)
{
	const struct mn_address *a = mn_port_addresses(v);
	int i;

	for (i = 0; i < v->n_addresses; i++, a++) {
		if (a->family == AF_INET6)
			return true;
	}
	return false;
}

/**
 * mn_nbr_say() - tell everybody behind a port its addresses
 * @port: router port
 * @from: number of the first address to be told
 * @most: most addresses to be told
 *
 * Context: BH disabled, RCU; not from a walk.
 *
 * Return: true if there are more
 */
bool mn_nbr_say(struct mn_port *port, int from, int most)
{
	const struct mn_ver *ver = mn_ver_now(&port->obj);
	const struct mn_address *a;
	const struct mn_port_ver *v;
	struct in6_addr ll;
	int i;

	if (!ver)
		return false;
	v = mn_port_ver(ver);
	a = mn_port_addresses(v);
	for (i = from; i < v->n_addresses && i < from + most; i++) {
		if (a[i].family == AF_INET)
			say_v4(port, v, a[i].addr.s6_addr32[0]);
		else
			say_v6(port, v, &a[i].addr);
	}
	if (i < v->n_addresses)
		return true;
	if (has_v6(v)) {
		mn_port_link_local(v, &ll);
		say_v6(port, v, &ll);
	}
	return false;
}
