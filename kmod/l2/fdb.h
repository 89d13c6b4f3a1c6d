/* SPDX-License-Identifier: GPL-2.0 */
#ifndef _MN_FDB_H
#define _MN_FDB_H

#include <linux/if_ether.h>

#include "config/object.h"

struct mn_bridge;
struct mn_ctx;
struct mn_port;

/**
 * struct mn_fdb_key - key of the MAC table
 * @bridge: index of the bridge
 * @vlan: VID, 0 for untagged
 * @mac: MAC
 */
struct mn_fdb_key {
	u32 bridge;
	u16 vlan;
	u8 mac[ETH_ALEN];
};

/**
 * struct mn_fdb - learned MAC
 * @node: in &mn_net.macs
 * @key: constant
 * @port: where it is, written under the entry's @lock
 * @used: jiffies of the last sign of life; stored when it changed
 * @learned: jiffies when learned or moved
 * @ref: one for the table, one for each flow that keeps it alive
 * @dead: out of the table
 * @lock: moves and removal
 * @rcu: for freeing
 */
struct mn_fdb {
	struct rhash_head node;
	struct mn_fdb_key key;
	struct mn_port *port;
	unsigned long used;
	unsigned long learned;
	refcount_t ref;
	bool dead;
	spinlock_t lock;
	struct rcu_head rcu;
};

/**
 * struct mn_static_mac - static MAC table entry
 * @entry: head
 * @key: constant
 * @port: where it is, constant
 */
struct mn_static_mac {
	struct mn_entry entry;
	struct mn_fdb_key key;
	struct mn_port *port;
};

extern const struct mn_type mn_mac_type;

int mn_fdb_init(struct mn_net *mn);
void mn_fdb_stop(struct mn_net *mn);
void mn_fdb_exit(struct mn_net *mn);
int mn_fdb_caches_create(void);
void mn_fdb_caches_destroy(void);

/* The source of the packet is at @port: learn it if that is new. */
void mn_fdb_learn(struct mn_ctx *ctx, struct mn_bridge *bridge,
		  struct mn_port *port, u32 limit);
/* Port behind which the packet's destination is, or NULL. */
struct mn_port *mn_fdb_find(struct mn_ctx *ctx, struct mn_bridge *bridge);
struct mn_port *mn_fdb_find_mac(struct mn_ctx *ctx, struct mn_bridge *bridge,
				u16 vlan, const u8 *mac);
void mn_fdb_get(struct mn_fdb *fdb);
void mn_fdb_put(struct mn_fdb *fdb);
void mn_fdb_flush(struct mn_net *mn, const struct mn_bridge *bridge);
void mn_fdb_forget_port(struct mn_net *mn, const struct mn_port *port);

/* l2/static_mac.c */
struct mn_static_mac *mn_static_mac_find(struct mn_net *mn,
					 const struct mn_fdb_key *key,
					 u64 generation);

static inline void mn_fdb_touch(struct mn_fdb *fdb, unsigned long used)
{
	if (time_after(used, READ_ONCE(fdb->used)))
		WRITE_ONCE(fdb->used, used);
}

#endif /* _MN_FDB_H */
