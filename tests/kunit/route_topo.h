/* SPDX-License-Identifier: GPL-2.0 */
#ifndef _MN_KUNIT_ROUTE_TOPO_H
#define _MN_KUNIT_ROUTE_TOPO_H

#include "l3/route.h"
#include "l3/route_entry.h"
#include "l3/router.h"
#include "port/port.h"
#include "sim/ctx.h"
#include "topology.h"

#define RT_ROUTER	1	/* number of the router */

/**
 * struct rt - a router for a test
 * @topo: its topology
 * @ctx: walk
 * @skb: packet of the walk
 * @seed: source of random numbers
 */
struct rt {
	struct topo topo;
	struct mn_ctx *ctx;
	struct sk_buff *skb;
	struct rnd_state rnd;
};

/**
 * struct rt_route - a route in words
 * @dst: prefix
 * @port: number of a port, 0 for none
 * @gateway: address or NULL
 * @metric: metric
 * @src: prefix or NULL
 * @kind: &enum midonet_route_type
 */
struct rt_route {
	const char *dst;
	u32 port;
	const char *gateway;
	u32 metric;
	const char *src;
	u8 kind;
};

/**
 * struct rt_packet - a packet in words
 * @src: address
 * @dst: address
 * @sport: source port
 * @dport: destination port
 * @proto: protocol, 0 for UDP
 */
struct rt_packet {
	const char *src;
	const char *dst;
	u16 sport;
	u16 dport;
	u8 proto;
};

int rt_init(struct kunit *test);
void rt_exit(struct kunit *test);
int rt_suite_init(struct kunit_suite *suite);
void rt_suite_exit(struct kunit_suite *suite);

/* In an open transaction. */
void rt_port(struct rt *rt, u8 verb, u32 n, const char *const *addresses);
void rt_route(struct rt *rt, u8 verb, const struct rt_route *r);
/* A transaction of one message, which has to be accepted. */
void rt_do_port(struct rt *rt, u32 n, const char *const *addresses);
void rt_do_route(struct rt *rt, u8 verb, const struct rt_route *r);
/* Commits and expects a refusal with these words in its sentence. */
void rt_refused(struct rt *rt, int err, const char *words);
void rt_committed(struct rt *rt);

struct mn_router *rt_router(struct rt *rt);
struct mn_port *rt_port_of(struct rt *rt, u32 n);
void rt_state(struct rt *rt, u32 n, u8 state);

/* Sets rt->ctx up for a packet, not yet walked. */
void rt_begin(struct rt *rt, const struct rt_packet *p);
const struct mn_route *rt_find(struct rt *rt);
const struct mn_route *rt_look(struct rt *rt, const char *src, const char *dst);
u8 rt_addr(struct rt *rt, const char *text, struct in6_addr *addr);

#define RT_PORTS(...)	((const char *const []){ __VA_ARGS__, NULL })
#define RT_NONE		((const char *const []){ NULL })

#endif /* _MN_KUNIT_ROUTE_TOPO_H */
