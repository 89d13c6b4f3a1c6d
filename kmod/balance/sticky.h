/* SPDX-License-Identifier: GPL-2.0 */
#ifndef _MN_STICKY_H
#define _MN_STICKY_H

#include <linux/in6.h>
#include <linux/list.h>
#include <linux/rhashtable-types.h>
#include <linux/spinlock_types.h>
#include <linux/workqueue.h>
#include <linux/xarray.h>

#include "sim/used.h"

struct mn_limits;
struct mn_service;

/**
 * struct mn_stickies - which clients stick to which members
 * @table: &struct mn_sticky by VIP and client
 * @limits: of the namespace: sticky_max, sticky_per_port
 * @lock: protects what follows, and who enters and leaves @table (BH)
 * @clock: &mn_sticky.clock, in the order in which they are looked at
 * @shares: &struct mn_sticky_share, by the index of the port
 * @n: entries, counted until their memory is free; read lockless
 * @n_evicted: entries that gave way to others so far; read lockless
 * @closed: nobody is remembered any more
 * @work: removes who has expired, as long as there is anybody
 */
struct mn_stickies {
	struct rhashtable table;
	const struct mn_limits *limits;
	spinlock_t lock;		/* see above */
	struct list_head clock;
	struct xarray shares;
	u32 n;
	u64 n_evicted;
	bool closed;
	struct delayed_work work;
};

/**
 * struct mn_sticky_key - a client of a VIP
 * @vip: balancer, address, port and protocol as words
 * @client: its address; an IPv4 address is in the first word
 */
struct mn_sticky_key {
	u32 vip[6];
	struct in6_addr client;
};

void mn_sticky_key_set(struct mn_sticky_key *key, const struct mn_service *vip,
		       const struct in6_addr *client);
bool mn_sticky_find(struct mn_stickies *s, const struct mn_sticky_key *key,
		    u64 *member);
struct mn_used *mn_sticky_note(struct mn_stickies *s,
			       const struct mn_sticky_key *key, u64 member,
			       u32 seconds, u32 port, bool replace);
int mn_stickies_init(struct mn_stickies *s, const struct mn_limits *limits);
void mn_stickies_stop(struct mn_stickies *s);
void mn_stickies_exit(struct mn_stickies *s);

#endif /* _MN_STICKY_H */
