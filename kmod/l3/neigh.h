/* SPDX-License-Identifier: GPL-2.0 */
#ifndef _MN_NEIGH_H
#define _MN_NEIGH_H

#include <linux/if_ether.h>
#include <linux/in6.h>

#include "config/object.h"

struct mn_bridge;
struct mn_txn;

/**
 * struct mn_neigh_key - key of a static neighbour
 * @owner: index of the bridge
 * @family: AF_INET or AF_INET6
 * @addr: an IPv4 address is in the first word
 */
struct mn_neigh_key {
	u32 owner;
	u32 family;
	struct in6_addr addr;
};

/**
 * struct mn_static_neigh - static neighbour
 * @entry: head
 * @key: constant
 * @mac: constant
 */
struct mn_static_neigh {
	struct mn_entry entry;
	struct mn_neigh_key key;
	u8 mac[ETH_ALEN];
};

extern const struct mn_type mn_neighbour_type;

int mn_neighs_init(struct mn_net *mn);
void mn_neighs_exit(struct mn_net *mn);
void mn_neighs_del(struct mn_txn *txn, struct mn_bridge *bridge);
const struct mn_static_neigh *mn_neigh_find(struct mn_net *mn,
					    const struct mn_bridge *bridge,
					    u8 family, const void *addr,
					    u64 generation);

#endif /* _MN_NEIGH_H */
