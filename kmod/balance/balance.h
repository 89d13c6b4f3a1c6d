/* SPDX-License-Identifier: GPL-2.0 */
#ifndef _MN_BALANCE_H
#define _MN_BALANCE_H

#include "config/object.h"
#include "state/tuple.h"

struct genl_info;
struct mn_count;
struct mn_ctx;
struct mn_port_ver;
struct mn_router;
struct mn_router_ver;

extern const struct mn_type mn_balancer_type;
extern const struct mn_type mn_vip_type;
extern const struct mn_type mn_pool_type;
extern const struct mn_type mn_pool_member_type;

int mn_balance_init(struct mn_net *mn);
void mn_balance_stop(struct mn_net *mn);
void mn_balance_exit(struct mn_net *mn);

/**
 * enum mn_balance_result - what mn_balance() says
 * @MN_BALANCE_NONE: the packet is for no VIP that is up
 * @MN_BALANCE_MEMBER: it goes to the member in &struct mn_balance_choice
 * @MN_BALANCE_NOBODY: no member of the VIP's pool can take it
 */
enum mn_balance_result {
	MN_BALANCE_NONE, MN_BALANCE_MEMBER, MN_BALANCE_NOBODY,
};

/**
 * struct mn_balance_choice - the member that was chosen
 * @addr: its address; an IPv4 address is in the first word
 * @port: its port
 * @sticky: seconds for which the client keeps it, 0: nothing to remember
 * @vip: of the VIP, for mn_balance_sent()
 * @client: the client, for mn_balance_sent()
 */
struct mn_balance_choice {
	struct in6_addr addr;
	__be16 port;
	u32 sticky;
	const void *vip;
	struct in6_addr client;
};

/*
 * A packet is in a router that may have a load balancer: which member of which
 * pool gets it?
 *
 * @v: version of the router; v->balancer is its load balancer or NULL
 * @t: forward tuple of the packet's connection as it entered the router
 * @now: member its connection has: tuple of the answers, whose source is the
 *	member; or NULL
 * @keep: the connection cannot be moved (established TCP)
 *
 * What was read is noted in the walk, as are its dependencies (VIPs, pools,
 * members, health); traces say who was chosen and why.
 */
enum mn_balance_result mn_balance(struct mn_ctx *ctx,
				  const struct mn_router *router,
				  const struct mn_router_ver *v,
				  const struct mn_tuple *t,
				  const struct mn_tuple *now, bool keep,
				  struct mn_balance_choice *choice);
/*
 * Is the packet, as it is now (ctx->key), for a VIP of the router? Reads no more
 * than it has to (the address first); false without side effects if v->balancer
 * is NULL.
 */
bool mn_balance_wants(struct mn_ctx *ctx, const struct mn_router_ver *v);
/* The packet that was balanced is sent: remember its client if sticky. */
void mn_balance_sent(struct mn_ctx *ctx, const struct mn_balance_choice *choice);
/* Does a router's load balancer answer ARP and ND for an address on a port? */
bool mn_balance_owns(struct mn_ctx *ctx, const struct mn_router_ver *v,
		     const struct mn_port_ver *port, u8 family,
		     const void *addr);

/* netlink: health-set */
int mn_nl_health_set(struct sk_buff *skb, struct genl_info *info);

#endif /* _MN_BALANCE_H */
