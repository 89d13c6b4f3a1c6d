/* SPDX-License-Identifier: GPL-2.0 */
#ifndef _MN_ROUTER_H
#define _MN_ROUTER_H

#include "config/object.h"
#include "l3/lpm.h"

struct mn_balancer;
struct mn_chain;
struct mn_ctx;
struct mn_port;

/**
 * struct mn_router_ver - configuration of a router
 * @ver: head
 * @admin_up: may carry packets
 * @in_chain: for what enters
 * @out_chain: for what leaves
 * @balancer: its load balancer, or NULL; follows the load balancer's
 *	configuration
 */
struct mn_router_ver {
	struct mn_ver ver;
	bool admin_up;
	struct mn_chain *in_chain;
	struct mn_chain *out_chain;
	struct mn_balancer *balancer;
};

/**
 * struct mn_router - identity of a router
 * @obj: head
 * @ports: mn_port.obj.siblings; RCU, writers mn_net.lock
 * @neighs: static neighbours, mn_static_neigh.siblings; RCU, writers mn_net.lock
 * @v4: IPv4 routes (l3/route.h)
 * @v6: IPv6 routes
 * @nets4: subnets of its ports; under mn_net.lock
 * @nets6: see @nets4
 * @nat_blocks: ports that this host may use for snat, &mn_nat_block.siblings; RCU,
 *	writers mn_net.lock
 * @ports_dep: slot of the version counter of the states of its ports
 * @n_translated: connections of it that translate something; while there are
 *	none, packets need not be asked which they belong to
 * @translated_dep: slot of the version counter that moves when @n_translated
 *	leaves zero
 */
struct mn_router {
	struct mn_obj obj;
	struct list_head ports;
	struct list_head neighs;
	struct mn_lpm v4;
	struct mn_lpm v6;
	struct mn_lpm nets4;
	struct mn_lpm nets6;
	struct list_head nat_blocks;
	u32 ports_dep;
	atomic_t n_translated;
	u32 translated_dep;
};

#define mn_router_of(o)	container_of(o, struct mn_router, obj)

static inline const struct mn_router_ver *mn_router_ver(const struct mn_ver *v)
{
	return container_of(v, struct mn_router_ver, ver);
}

extern const struct mn_type mn_router_type;

/* A packet enters @router by ctx->device_in. */
void mn_router_walk(struct mn_ctx *ctx, struct mn_router *router);

#endif /* _MN_ROUTER_H */
