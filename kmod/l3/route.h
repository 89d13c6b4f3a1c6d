/* SPDX-License-Identifier: GPL-2.0 */
#ifndef _MN_ROUTE_H
#define _MN_ROUTE_H

#include <uapi/linux/midonet.h>

#include "config/object.h"

struct in6_addr;
struct mn_ctx;
struct mn_dump;
struct mn_port;
struct mn_route;
struct mn_router;
struct mn_txn;

/* Bytes of the name of a route, with four addresses and all that may be in it. */
#define MN_ROUTE_NAME	(2 * MIDONET_NAME_MAX + 256)

extern const struct mn_type mn_route_type;

/* l3/route.c */
int mn_routes_dump(struct mn_net *mn, struct sk_buff *skb, struct mn_dump *cur,
		   struct mn_router *router,
		   int (*put)(struct sk_buff *skb, struct mn_dump *cur,
			      const struct mn_route *route));

/* l3/route_find.c */
struct mn_route *mn_route_find(struct mn_ctx *ctx, struct mn_router *router);
u8 mn_route_kind(const struct mn_route *route);
struct mn_port *mn_route_port(const struct mn_route *route);
const void *mn_route_gateway(const struct mn_route *route);

/* l3/route_count.c */
void mn_route_count(struct mn_ctx *ctx, struct mn_route *route);
void mn_route_counted(const struct mn_route *route, u64 *packets, u64 *bytes);
void mn_route_name(const struct mn_route *route, char *buf, size_t size);

/* l3/route_check.c */
const struct mn_port *mn_route_own_port(struct mn_router *router, u8 family,
					const struct in6_addr *addr);
struct mn_port *mn_route_on_link(struct mn_router *router, u8 family,
				 const struct in6_addr *addr);

/* l3/route_dep.c, for load balancers */
void mn_vip_bump(struct mn_net *mn, const struct mn_obj *balancer, u8 family,
		 const __be32 *addr);
void mn_vip_deps(struct mn_ctx *ctx, const struct mn_obj *balancer, u8 family,
		 const __be32 *dst, u32 bits);

/* l3/route_hop.c */
bool mn_route_is_gateway(struct mn_port *port, u8 family, const void *addr);
int mn_routes_init(struct mn_net *mn);
void mn_routes_exit(struct mn_net *mn);

/* l3/route_derive.c */
int mn_routes_derive(struct mn_txn *txn, struct mn_port *port);
void mn_routes_del(struct mn_txn *txn, struct mn_router *router);
void mn_routes_del_port(struct mn_txn *txn, struct mn_port *port);

/* l3/route_entry.c */
int mn_route_caches_create(void);
void mn_route_caches_destroy(void);

#endif /* _MN_ROUTE_H */
