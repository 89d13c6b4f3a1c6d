/* SPDX-License-Identifier: GPL-2.0 */
#ifndef _MN_NBR_H
#define _MN_NBR_H

#include <linux/if_ether.h>
#include <linux/list.h>
#include <linux/types.h>

struct mn_bridge;
struct mn_ctx;
struct mn_dump;
struct mn_net;
struct mn_park_key;
struct mn_port;
struct mn_port_ver;
struct sk_buff;

/**
 * enum mn_nbr_result - what mn_nbr_resolve() found
 * @MN_NBR_OK: the MAC
 * @MN_NBR_WAIT: ctx->park says what the packet has to wait for; somebody was asked (if ctx->live)
 * @MN_NBR_FAILED: the next hop does not answer: ICMP 3/1
 * @MN_NBR_FULL: no room for one more neighbour
 */
enum mn_nbr_result { MN_NBR_OK, MN_NBR_WAIT, MN_NBR_FAILED, MN_NBR_FULL };

/**
 * struct mn_port_nbrs - learned neighbours of a router port
 * @all: &mn_nbr.by_port; RCU, writers &mn_nbrs.lock
 * @clock: &mn_nbr.clock, in the order in which they are looked at when room is
 *	wanted; under &mn_nbrs.lock
 * @announce: in &mn_nbrs.announce, with a reference on the port; under
 *	&mn_nbrs.lock
 * @n: number of them; under &mn_nbrs.lock
 */
struct mn_port_nbrs {
	struct hlist_head all;
	struct list_head clock;
	struct list_head announce;
	u32 n;
};

static inline void mn_port_nbrs_init(struct mn_port_nbrs *nbrs)
{
	INIT_HLIST_HEAD(&nbrs->all);
	INIT_LIST_HEAD(&nbrs->clock);
	INIT_LIST_HEAD(&nbrs->announce);
	nbrs->n = 0;
}

/* l3/nbr_resolve.c: next hops */
enum mn_nbr_result mn_nbr_resolve(struct mn_ctx *ctx, struct mn_port *port, u8 family,
				  const void *addr, u8 *mac);

/* l3/nbr_hear.c: an ARP or ND packet is in a router by ctx->device_in. The walk of it ends here. */
void mn_nbr_arp(struct mn_ctx *ctx);
void mn_nbr_nd(struct mn_ctx *ctx);
void mn_nbr_saw(struct mn_ctx *ctx, struct mn_port *port, u8 family, const void *addr,
		const u8 *mac);
bool mn_nbr_answered(struct mn_ctx *ctx, u8 family, const void *addr, const u8 *mac);
void mn_nbr_gratuitous(struct mn_ctx *ctx, struct mn_bridge *bridge);

/* l3/nbr.c: the table */
void mn_nbr_parked(struct mn_net *mn, const struct mn_park_key *pk);
void mn_nbr_announce(struct mn_port *port);
void mn_nbr_forget_port(struct mn_net *mn, struct mn_port *port);
int mn_nbrs_init(struct mn_net *mn);
void mn_nbrs_stop(struct mn_net *mn);
void mn_nbrs_exit(struct mn_net *mn);
int mn_nbr_caches_create(void);
void mn_nbr_caches_destroy(void);

/* l3/nbr_ask.c */
bool mn_nbr_owns(const struct mn_port_ver *v, u8 family, const void *addr);
bool mn_nbr_on_link(const struct mn_port_ver *v, u8 family, const void *addr);

/* l3/nbr_dump.c */
int mn_nbrs_dump(struct mn_net *mn, struct sk_buff *skb, struct mn_dump *cur);

#endif /* _MN_NBR_H */
