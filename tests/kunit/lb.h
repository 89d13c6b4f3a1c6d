/* SPDX-License-Identifier: GPL-2.0 */
#ifndef _MN_KUNIT_LB_H
#define _MN_KUNIT_LB_H

#include "balance/balancer.h"
#include "route_topo.h"

#define LB	1	/* number of the load balancer in most tests */
#define POOL	1	/* of its pool */

/**
 * struct lb_vip - a VIP in words
 * @addr: address
 * @port: port
 * @proto: 0 for TCP
 * @pool: number of its pool
 * @sticky: seconds
 */
struct lb_vip {
	const char *addr;
	u16 port;
	u8 proto;
	u32 pool;
	u32 sticky;
};

/**
 * struct lb_member - a member in words
 * @addr: address
 * @port: port
 * @weight: 0 for the default, LB_WEIGHT_0 for none
 * @admin_down: admin-up is false
 */
struct lb_member {
	const char *addr;
	u16 port;
	u32 weight;
	bool admin_down;
};

#define LB_WEIGHT_0	U32_MAX
#define LB_NO_ROUTER	0

/* In an open transaction. */
void lb_balancer(struct topo *t, u8 verb, u32 n, u32 router, bool up);
void lb_pool(struct topo *t, u8 verb, u32 n, u32 balancer, bool up);
void lb_vip(struct topo *t, u8 verb, u32 balancer, const struct lb_vip *vip);
void lb_member(struct topo *t, u8 verb, u32 pool, const struct lb_member *m);
/* A transaction of one message, which has to be accepted. */
void lb_do_vip(struct topo *t, u8 verb, const struct lb_vip *vip);
void lb_do_member(struct topo *t, u8 verb, const struct lb_member *m);
/* Change a member in one transaction. */
void lb_change_member(struct topo *t, const struct lb_member *m);
/* A load balancer of router 1 with a pool. */
void lb_make(struct topo *t);
void lb_committed(struct topo *t);

u8 lb_addr(struct topo *t, const char *text, struct in6_addr *addr);
struct mn_pool_member *lb_find(struct topo *t, const struct lb_member *m);
void lb_health(struct topo *t, const struct lb_member *m, u8 health);

int lb_suite_init(struct kunit_suite *suite);
void lb_suite_exit(struct kunit_suite *suite);

#endif /* _MN_KUNIT_LB_H */
