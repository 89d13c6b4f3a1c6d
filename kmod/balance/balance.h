/* SPDX-License-Identifier: GPL-2.0 */
#ifndef _MN_BALANCE_H
#define _MN_BALANCE_H

#include "config/object.h"
#include "state/tuple.h"

struct genl_info;
struct mn_balancer;
struct mn_ctx;
struct mn_dump;
struct mn_port;
struct mn_port_ver;
struct mn_router;
struct mn_router_ver;
struct mn_served;
struct mn_txn;

extern const struct mn_type mn_balancer_type;
extern const struct mn_type mn_vip_type;
extern const struct mn_type mn_pool_type;
extern const struct mn_type mn_pool_member_type;

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
 *
 * The rest is for mn_balance_sent().
 *
 * @vip: of the VIP, valid as long as RCU of the walk holds
 * @client: address of the client
 * @member: hash of the member
 * @kept: the connection had it already
 */
struct mn_balance_choice {
	struct in6_addr addr;
	__be16 port;
	u32 sticky;
	const void *vip;
	struct in6_addr client;
	u64 member;
	bool kept;
};

/* balance/balance.c: packets */
enum mn_balance_result mn_balance(struct mn_ctx *ctx,
				  const struct mn_router *router,
				  const struct mn_router_ver *v,
				  const struct mn_tuple *t,
				  const struct mn_tuple *now, bool keep,
				  struct mn_balance_choice *choice);
bool mn_balance_wants(struct mn_ctx *ctx, const struct mn_router_ver *v);
void mn_balance_sent(struct mn_ctx *ctx, const struct mn_balance_choice *choice);
bool mn_balance_owns(struct mn_ctx *ctx, const struct mn_router_ver *v,
		     const struct mn_port_ver *port, u8 family,
		     const void *addr);

/* balance/balancer.c: what routers and their ports have to do with it */
void mn_balance_link(struct mn_txn *txn, struct mn_router *router);
int mn_balance_check_address(struct mn_txn *txn, const struct mn_port *port,
			     u8 family, const struct in6_addr *addr);
struct mn_balancer *mn_balance_end(struct mn_net *mn,
				   const struct mn_router *router);
bool mn_balance_has(struct mn_balancer *b, u8 family,
		    const struct in6_addr *addr);
int mn_balance_each(struct mn_balancer *b, u8 family,
		    const struct in6_addr *prefix, u8 plen,
		    int (*fn)(u8 family, const struct in6_addr *addr,
			      void *arg), void *arg);
int mn_balance_init(struct mn_net *mn);
void mn_balance_stop(struct mn_net *mn);
void mn_balance_exit(struct mn_net *mn);
void mn_balance_count(const struct mn_net *mn, u32 *sticky, u64 *evicted);

/* Bytes of the name of a VIP, see mn_vip_name(). */
#define MN_VIP_NAME	(MIDONET_NAME_MAX + 66)

/* Puts a VIP or member into a message of a dump; -EMSGSIZE if that is full. */
typedef int (*mn_served_put_fn)(struct sk_buff *skb, struct mn_dump *cur,
				const struct mn_served *s);

/* balance/vip.c: counters */
int mn_vips_dump(struct mn_net *mn, struct sk_buff *skb, struct mn_dump *cur,
		 struct mn_obj *balancer, mn_served_put_fn put);
void mn_vip_name(const struct mn_served *s, char *buf);
void mn_vip_counted(const struct mn_served *s, u64 *packets, u64 *bytes);

/* balance/sticky.c */
int mn_sticky_caches_create(void);
void mn_sticky_caches_destroy(void);

/* balance/member.c: netlink */
int mn_nl_health_set(struct sk_buff *skb, struct genl_info *info);

#endif /* _MN_BALANCE_H */
