/* SPDX-License-Identifier: GPL-2.0 */
#ifndef _MN_KUNIT_CONN_H
#define _MN_KUNIT_CONN_H

#include <kunit/test.h>

#include "l3/router.h"
#include "state/conn_table.h"
#include "topology.h"

#define BRIDGE	MIDONET_OBJECT_TYPE_BRIDGE
#define PORT	MIDONET_OBJECT_TYPE_PORT
#define ROUTER	MIDONET_OBJECT_TYPE_ROUTER

/**
 * struct conns - a bridge and a router, which have the same index
 * @topo: their topology
 * @bridge: bridge
 * @router: router
 * @ports: ports of the bridge
 * @ready: the table is set up
 */
struct conns {
	struct topo topo;
	struct mn_obj *bridge;
	struct mn_router *router;
	struct mn_port *ports[2];
	bool ready;
};

/**
 * struct conn_like - a connection in words
 * @proto: IP protocol, default UDP
 * @n: tells it from others
 * @port: index of &conns.ports
 * @in_router: in the router, else in the bridge
 * @snat: source port it is translated to, 0: not
 * @flags: bits of &mn_conn.flags
 * @phase: &enum midonet_conn_phase
 */
struct conn_like {
	u8 proto;
	u32 n;
	int port;
	bool in_router;
	u16 snat;
	unsigned long flags;
	u8 phase;
};

int conns_init(struct kunit *test);
void conns_exit(struct kunit *test);
int conns_suite_init(struct kunit_suite *suite);
void conns_suite_exit(struct kunit_suite *suite);

void conns_tuples(const struct conns *f, const struct conn_like *like,
		  struct mn_tuple *forward, struct mn_tuple *reply);
struct mn_conn *conns_try(struct conns *f, const struct conn_like *like);
struct mn_conn *conns_add(struct conns *f, const struct conn_like *like);
bool conns_has(struct conns *f, const struct conn_like *like);
bool conns_kill(struct mn_conn *conn);
void conns_seen(struct mn_conn *conn, enum mn_dir dir, u8 tcp_flags);
void conns_age(struct conns *f);
void conns_idle(struct mn_conn *conn, u32 seconds);

#endif /* _MN_KUNIT_CONN_H */
