/* SPDX-License-Identifier: GPL-2.0 */
#ifndef _MN_ROUTE_ENTRY_H
#define _MN_ROUTE_ENTRY_H

#include <linux/in6.h>
#include <linux/rhashtable-types.h>

#include "config/object.h"
#include "l3/lpm.h"

/* What l3/route*.c share; nobody else looks into a route. */

struct mn_count;
struct mn_ctx;
struct mn_port;
struct mn_router;

/* Routes of a router to the same dst: each is looked at when that is looked up. */
#define MN_ROUTES_PER_DST	1024

/**
 * enum mn_hop_kind - where a route leads
 * @MN_HOP_NONE: not to a port; such routes have no &struct mn_hop
 * @MN_HOP_DIRECT: to the destination itself, behind a port
 * @MN_HOP_GATEWAY: to a gateway behind a port
 * @MN_HOP_CONNECTED: of a route that follows from the addresses of a port
 */
enum mn_hop_kind { MN_HOP_NONE, MN_HOP_DIRECT, MN_HOP_GATEWAY, MN_HOP_CONNECTED };

/**
 * struct mn_hop_key - key of a next hop
 * @router: index of the router
 * @port: index of the port if the gateway, being link-local or none, says
 *	nothing without it; else 0
 * @kind: &enum mn_hop_kind
 * @family: AF_INET or AF_INET6
 * @addr: gateway; an IPv4 address is in the first word
 */
struct mn_hop_key {
	u32 router;
	u32 port;
	u16 kind;
	u16 family;
	struct in6_addr addr;
};

/**
 * struct mn_hop - what routes with the same port and gateway share
 * @node: in &mn_net.hops
 * @key: constant
 * @port: constant
 * @by_port: in &mn_port.routes, under mn_net.lock
 * @routes: &mn_route.by_hop, under mn_net.lock
 * @hash: of gateway and port, the same on every host; constant
 * @refs: entries in @routes, under mn_net.lock
 * @alive: those of the newest generation; written under mn_net.lock
 *
 * It leaves the table with the last of its routes, and is freed with it.
 */
struct mn_hop {
	struct rhlist_head node;
	struct mn_hop_key key;
	struct mn_port *port;
	struct hlist_node by_port;
	struct hlist_head routes;
	u64 hash;
	u32 refs;
	u32 alive;
};

#define MN_ROUTE_V6		BIT(0)
#define MN_ROUTE_CONNECTED	BIT(1)	/* follows from the address of a port */
#define MN_ROUTE_MARK		BIT(2)	/* scratch of mn_routes_derive() */
#define MN_ROUTE_FREES_HOP	BIT(3)	/* it was the last one of its hop */

/**
 * struct mn_route - route
 * @entry: head; the parent is the router
 * @link: in &mn_lpm_node.items of @dst, in an order that is the same everywhere; RCU,
 *	writers mn_net.lock
 * @by_hop: in &mn_hop.routes, under mn_net.lock
 * @dead: once it is in no list: nodes that are freed with it
 * @hop: where it leads, NULL for MN_HOP_NONE; constant
 * @count: packets it was chosen for, NULL before the first
 * @metric: constant
 * @kind: &enum midonet_route_type, constant
 * @flags: MN_ROUTE_*; the first two are constant, the rest under mn_net.lock
 * @plen: length of dst, constant
 * @src_len: length of src, constant
 * @addr: dst, then src; src is left out of an IPv6 route that has none
 */
struct mn_route {
	struct mn_entry entry;
	struct hlist_node link;
	union {
		struct hlist_node by_hop;
		struct mn_lpm_node *dead[2];
	};
	struct mn_hop *hop;
	struct mn_count *count;
	u32 metric;
	u8 kind;
	u8 flags;
	u8 plen;
	u8 src_len;
	__be32 addr[];
};

/**
 * struct mn_subnet - a route that is the subnet of a port
 * @item: in &mn_lpm_node.items of &mn_router.nets4 or nets6, under mn_net.lock
 * @dead: as &mn_route.dead, of that trie
 * @route: the route
 */
struct mn_subnet {
	struct hlist_node item;
	struct mn_lpm_node *dead[2];
	struct mn_route route;
};

/**
 * struct mn_route_spec - what tells a route from others
 * @router: router
 * @port: port, or NULL
 * @hop: &enum mn_hop_kind
 * @kind: &enum midonet_route_type
 * @family: AF_INET or AF_INET6
 * @plen: length of @dst
 * @src_len: length of @src
 * @metric: metric
 * @dst: destinations; IPv4 addresses are in the first word
 * @src: sources
 * @gateway: gateway, if @hop is MN_HOP_GATEWAY
 */
struct mn_route_spec {
	struct mn_router *router;
	struct mn_port *port;
	u8 hop;
	u8 kind;
	u8 family;
	u8 plen;
	u8 src_len;
	u32 metric;
	struct in6_addr dst;
	struct in6_addr src;
	struct in6_addr gateway;
};

static inline u8 mn_route_family(const struct mn_route *r)
{
	return r->flags & MN_ROUTE_V6 ? AF_INET6 : AF_INET;
}

static inline const __be32 *mn_route_dst(const struct mn_route *r)
{
	return r->addr;
}

static inline const __be32 *mn_route_src(const struct mn_route *r)
{
	return r->addr + (r->flags & MN_ROUTE_V6 ? 4 : 1);
}

static inline bool mn_route_is_connected(const struct mn_route *r)
{
	return r->flags & MN_ROUTE_CONNECTED;
}

/* Is it the subnet of a port? */
static inline bool mn_route_is_subnet(const struct mn_route *r)
{
	return mn_route_is_connected(r) && r->kind == MIDONET_ROUTE_TYPE_PORT;
}

static inline struct mn_subnet *mn_subnet_of(struct mn_route *r)
{
	return container_of(r, struct mn_subnet, route);
}

static inline struct mn_route *mn_route_of(struct mn_entry *e)
{
	return container_of(e, struct mn_route, entry);
}

/* l3/route_entry.c */
struct mn_lpm *mn_route_lpm(struct mn_router *router, u8 family);
struct mn_lpm *mn_route_nets(struct mn_router *router, u8 family);
struct mn_route *mn_route_lookup(const struct mn_route_spec *s);
struct mn_route *mn_route_enter(struct mn_txn *txn, const struct mn_route_spec *s);
void mn_route_spec_of(const struct mn_route *r, struct mn_route_spec *s);
int mn_route_label(const struct mn_route_spec *s, char *buf, size_t size);
void mn_route_entry_del(struct mn_net *mn, struct mn_entry *e);
void mn_route_entry_free(struct mn_entry *e);

/* l3/route_hop.c */
struct mn_hop *mn_hop_get(struct mn_net *mn, const struct mn_route_spec *s);
bool mn_hop_put(struct mn_net *mn, struct mn_hop *hop);
struct mn_route *mn_hop_gateway(struct mn_net *mn, struct mn_router *router,
				u8 family, const void *addr);

/* l3/route_check.c */
int mn_route_validate(struct mn_txn *txn, struct mn_entry *e);

/* l3/route_dep.c */
void mn_route_bump(struct mn_net *mn, const struct mn_route *r);
void mn_route_deps(struct mn_ctx *ctx, const struct mn_router *router,
		   u8 family, const __be32 *dst, u32 bits);

#endif /* _MN_ROUTE_ENTRY_H */
