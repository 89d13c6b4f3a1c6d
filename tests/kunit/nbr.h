/* SPDX-License-Identifier: GPL-2.0 */
#ifndef _MN_KUNIT_NBR_H
#define _MN_KUNIT_NBR_H

#include <kunit/test.h>

#include "l2/bridge.h"
#include "l3/nbr.h"
#include "l3/nbr_table.h"
#include "topology.h"

#define BRIDGE		MIDONET_OBJECT_TYPE_BRIDGE
#define NEIGHBOUR	MIDONET_OBJECT_TYPE_NEIGHBOUR
#define PORT		MIDONET_OBJECT_TYPE_PORT
#define ROUTER		MIDONET_OBJECT_TYPE_ROUTER

#define NONE		MIDONET_NEIGHBOUR_STATE_PERMANENT	/* no entry */
#define INCOMPLETE	MIDONET_NEIGHBOUR_STATE_INCOMPLETE
#define REACHABLE	MIDONET_NEIGHBOUR_STATE_REACHABLE
#define STALE		MIDONET_NEIGHBOUR_STATE_STALE
#define PROBE		MIDONET_NEIGHBOUR_STATE_PROBE
#define FAILED		MIDONET_NEIGHBOUR_STATE_FAILED

/* Behind &nbr.port, and itself. */
#define HOST	0x0a000005
#define US	0x0a000001

/**
 * struct nbr - routers and a bridge
 * @topo: their topology
 * @ctx: walk
 * @port: of router 1, 10.0.0.1/24, 10.9.0.1/32 and 2001:db8::1/64, without a
 *	device
 * @linked: of router 1, 10.1.0.1/24, linked to the bridge
 * @other: of router 2, 10.1.0.2/24, linked to the bridge
 * @on_bridge: port of the bridge, peer of @linked
 * @bridge: the bridge
 */
struct nbr {
	struct topo topo;
	struct mn_ctx *ctx;
	struct mn_port *port;
	struct mn_port *linked;
	struct mn_port *other;
	struct mn_port *on_bridge;
	struct mn_bridge *bridge;
};

extern const u8 nbr_us[ETH_ALEN];
extern const u8 nbr_us_linked[ETH_ALEN];
extern const u8 nbr_us_other[ETH_ALEN];
extern const u8 nbr_alice[ETH_ALEN];
extern const u8 nbr_mallory[ETH_ALEN];

int nbr_init(struct kunit *test);
void nbr_exit(struct kunit *test);
int nbr_suite_init(struct kunit_suite *suite);
void nbr_suite_exit(struct kunit_suite *suite);

void nbr_put_address(struct topo *t, u32 addr, u8 plen);
struct in6_addr nbr_v6(u16 last);
struct mn_neigh_key nbr_key(const struct mn_port *port, u32 addr);

void nbr_enter(void);
void nbr_leave(void);
void nbr_work(struct nbr *f);
struct mn_nbr *nbr_find(struct nbr *f, const struct mn_neigh_key *key);
struct mn_nbr *nbr_want(struct nbr *f, u32 addr);
bool nbr_heard(struct nbr *f, u32 addr, const u8 *mac, enum mn_nbr_word word);
void nbr_use(struct mn_nbr *e);
u32 nbr_counter(struct nbr *f, const struct mn_neigh_key *key);
enum mn_nbr_result nbr_resolve(struct nbr *f, struct mn_port *port, u32 addr,
			       bool live, u8 *mac);
void nbr_expect_mac(struct nbr *f, struct mn_port *port, u32 addr,
		    const u8 *is);

#endif /* _MN_KUNIT_NBR_H */
