/* SPDX-License-Identifier: GPL-2.0 */
#ifndef _MN_STICKY_H
#define _MN_STICKY_H

#include <linux/in6.h>
#include <linux/list.h>
#include <linux/rhashtable-types.h>
#include <linux/spinlock_types.h>
#include <linux/workqueue.h>

#include "sim/used.h"

struct mn_service;

/* Clients remembered in a namespace; a sixteenth in one of a user namespace. */
#define MN_STICKY_MAX	65536

/**
 * struct mn_stickies - which clients stick to which members
 * @table: &struct mn_sticky by VIP and client
 * @lock: protects @clock, and who enters and leaves @table (BH)
 * @clock: &mn_sticky.clock, in the order in which they are looked at
 * @n: entries, counted until their memory is free
 * @max: most of them; constant
 * @closed: nobody is remembered any more; under @lock
 * @work: removes who has expired, as long as there is anybody
 */
struct mn_stickies {
	struct rhashtable table;
	spinlock_t lock;		/* see above */
	struct list_head clock;
	atomic_t n;
	u32 max;
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
			       u32 seconds, bool replace);
int mn_stickies_init(struct mn_stickies *s, u32 max);
void mn_stickies_stop(struct mn_stickies *s);
void mn_stickies_exit(struct mn_stickies *s);

#endif /* _MN_STICKY_H */
