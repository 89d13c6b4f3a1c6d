/* SPDX-License-Identifier: GPL-2.0 */
#ifndef _MN_NBR_TABLE_H
#define _MN_NBR_TABLE_H

#include <linux/etherdevice.h>
#include <linux/rhashtable-types.h>
#include <linux/workqueue.h>

#include "l3/neigh.h"
#include "port/port.h"
#include "sim/used.h"

/*
 * The insides of the neighbour tables of router ports, for l3/nbr*.c.
 */

#define MN_NBR_ASKS	3		/* then it does not answer */
#define MN_NBR_FRESH	(60 * HZ)	/* reachable so long after a sign of life */
#define MN_NBR_LIFE	(90 * HZ)	/* gone */
#define MN_NBR_BATCH	32		/* done without a break */
#define MN_NBR_FANOUT	256		/* routers on a bridge that an announcement reaches */

/**
 * enum mn_nbr_timer - lists of entries with something to be done
 * @MN_NBR_NOW: at once: the first question
 * @MN_NBR_SECOND: in a second: asked, or failed
 * @MN_NBR_LAZY: in three seconds: stale
 * @MN_NBR_MINUTE: in a minute: reachable
 * @MN_NBR_TIMERS: how many
 *
 * All entries of a list wait equally long, so it is ordered by what is due.
 */
enum mn_nbr_timer { MN_NBR_NOW, MN_NBR_SECOND, MN_NBR_LAZY, MN_NBR_MINUTE, MN_NBR_TIMERS };

/**
 * struct mn_nbr - learned neighbour of a router port
 * @node: in &mn_nbrs.table
 * @key: port and address, constant
 * @bridge_node: in &mn_nbrs.bridges, if the port is linked to a bridge
 * @bridge_key: bridge and address, constant; its kind is 0 if there is no bridge
 * @port: constant
 * @mn: namespace, constant
 * @mac: as ether_addr_to_u64(), so that it is read in one go; written before
 *	@state
 * @state: &enum midonet_neighbour_state
 * @asked: questions since it was last heard of, under &mn_nbrs.lock
 * @dead: out of the tables, under &mn_nbrs.lock
 * @heard: jiffies when it was last heard of
 * @due: jiffies when something is to be done, under &mn_nbrs.lock
 * @timer: in &mn_nbrs.timers
 * @clock: in &mn_port_nbrs.clock
 * @by_port: in &mn_port_nbrs.all
 * @live: when it was last used, and references
 * @rcu: for dropping the table's reference
 *
 * Written under &mn_nbrs.lock, @mac, @state and @heard are read lockless.
 */
struct mn_nbr {
	struct rhash_head node;
	struct mn_neigh_key key;
	struct rhlist_head bridge_node;
	struct mn_neigh_key bridge_key;
	struct mn_port *port;
	struct mn_net *mn;
	u64 mac;
	u8 state;
	u8 asked;
	bool dead;
	unsigned long heard;
	unsigned long due;
	struct list_head timer;
	struct list_head clock;
	struct hlist_node by_port;
	struct mn_used live;
	struct rcu_head rcu;
};

/**
 * struct mn_nbrs - learned neighbours of all router ports of a namespace
 * @mn: namespace
 * @table: by port and address
 * @bridges: those behind ports linked to bridges, by bridge and address
 * @n: entries whose memory is not free yet
 * @lock: protects what follows, and all changes of entries
 * @closed: nothing is asked any more
 * @timers: &mn_nbr.timer, by &enum mn_nbr_timer
 * @announce: ports to be announced, &mn_port_nbrs.announce
 * @work: does what is due
 */
struct mn_nbrs {
	struct mn_net *mn;
	struct rhashtable table;
	struct rhltable bridges;
	atomic_t n;
	spinlock_t lock;		/* see above */
	bool closed;
	struct list_head timers[MN_NBR_TIMERS];
	struct list_head announce;
	struct delayed_work work;
};

/**
 * enum mn_nbr_word - how somebody said who has an address
 * @MN_NBR_REQUEST: who asks us, says who he is
 * @MN_NBR_REPLY: an answer
 * @MN_NBR_NOTICE: told to everybody, unasked
 */
enum mn_nbr_word { MN_NBR_REQUEST, MN_NBR_REPLY, MN_NBR_NOTICE };

static inline bool mn_nbr_usable(u8 state)
{
	return state == MIDONET_NEIGHBOUR_STATE_REACHABLE ||
	       state == MIDONET_NEIGHBOUR_STATE_STALE ||
	       state == MIDONET_NEIGHBOUR_STATE_PROBE;
}

/* l3/nbr.c */
struct mn_nbr *mn_nbr_find(struct mn_net *mn, const struct mn_neigh_key *key);
struct mn_nbr *mn_nbr_want(struct mn_net *mn, struct mn_port *port,
			   const struct mn_neigh_key *key);
void mn_nbr_use(struct mn_nbr *e);
bool mn_nbr_heard(struct mn_net *mn, struct mn_port *port,
		  const struct mn_neigh_key *key, const u8 *mac,
		  enum mn_nbr_word word);
bool mn_nbr_believes(struct mn_net *mn, const struct mn_neigh_key *key,
		     const u8 *mac, enum mn_nbr_word word);
void mn_nbr_heard_bridge(struct mn_net *mn, const struct mn_neigh_key *key,
			 u16 vlan, const u8 *mac);
void mn_nbr_park_key(struct mn_park_key *pk, const struct mn_neigh_key *key);

/* l3/nbr.c, under &mn_nbrs.lock */
void mn_nbr_release(struct mn_nbr *e);
void mn_nbr_set_state(struct mn_nbrs *nbrs, struct mn_nbr *e, u8 state,
		      enum mn_nbr_timer timer);
void mn_nbr_drop(struct mn_nbrs *nbrs, struct mn_nbr *e);

/* l3/nbr_work.c */
void mn_nbr_work(struct work_struct *work);
int mn_nbr_announce_some(struct mn_nbrs *nbrs);

/* l3/nbr_ask.c */
void mn_nbr_ask(struct mn_port *port, const struct mn_neigh_key *key, u64 mac);
bool mn_nbr_say(struct mn_port *port, int from, int most);

#endif /* _MN_NBR_TABLE_H */
