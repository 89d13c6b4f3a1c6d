/* SPDX-License-Identifier: GPL-2.0 */
#ifndef _MN_FDB_H
#define _MN_FDB_H

#include <linux/if_ether.h>

#include "config/object.h"
#include "sim/used.h"

struct mn_bridge;
struct mn_ctx;
struct mn_dump;
struct mn_port;
struct mn_txn;

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
 * @dead: out of the table, under mn_bridge.fdb_lock
 * @port: where it is; written under mn_bridge.fdb_lock, read lockless
 * @mn: namespace, constant
 * @by_port: in &mn_port.macs; RCU, writers mn_bridge.fdb_lock
 * @live: last sign of life, and references
 * @rcu: for dropping the table's reference
 */
struct mn_fdb {
	struct rhash_head node;
	struct mn_fdb_key key;
	bool dead;
	struct mn_port *port;
	struct mn_net *mn;
	struct hlist_node by_port;
	struct mn_used live;
	struct rcu_head rcu;
};

/**
 * struct mn_static_mac - static MAC table entry
 * @entry: head
 * @node: in &mn_net.static_macs
 * @siblings: in &mn_bridge.static_macs; RCU, writers mn_net.lock
 * @key: constant
 * @port: where it is, constant
 * @router: router port whose MAC it is, linked to @port; NULL if configured
 * @by_port: in &mn_port.statics, under mn_net.lock
 */
struct mn_static_mac {
	struct mn_entry entry;
	struct rhlist_head node;
	struct list_head siblings;
	struct mn_fdb_key key;
	struct mn_port *port;
	struct mn_port *router;
	struct hlist_node by_port;
};

extern const struct mn_type mn_mac_type;

int mn_fdb_init(struct mn_net *mn);
void mn_fdb_stop(struct mn_net *mn);
void mn_fdb_exit(struct mn_net *mn);
int mn_fdb_caches_create(void);
void mn_fdb_caches_destroy(void);

void mn_fdb_learn(struct mn_ctx *ctx, struct mn_bridge *bridge,
		  struct mn_port *port, u32 limit);
struct mn_port *mn_fdb_find(struct mn_ctx *ctx, struct mn_bridge *bridge);
void mn_fdb_flush(struct mn_net *mn, const struct mn_bridge *bridge);
void mn_fdb_forget_port(struct mn_net *mn, const struct mn_port *port);

/* l2/static_mac.c */
int mn_static_macs_init(struct mn_net *mn);
void mn_static_macs_exit(struct mn_net *mn);
void mn_static_macs_del(struct mn_txn *txn, struct mn_bridge *bridge);
void mn_static_macs_del_port(struct mn_txn *txn, struct mn_port *port);
int mn_static_mac_derive(struct mn_txn *txn, struct mn_port *port);
struct mn_static_mac *mn_static_mac_find(struct mn_net *mn,
					 const struct mn_fdb_key *key,
					 u64 generation);

/* config/nl_mac.c */
int mn_macs_dump(struct mn_net *mn, struct sk_buff *skb, struct mn_dump *cur);

#endif /* _MN_FDB_H */
