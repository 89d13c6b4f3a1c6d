/* SPDX-License-Identifier: GPL-2.0 */
#ifndef _MN_NEIGH_H
#define _MN_NEIGH_H

#include <linux/if_ether.h>
#include <linux/in6.h>

#include "config/object.h"

struct mn_bridge;
struct mn_ctx;
struct mn_port;
struct mn_port_ver;
struct mn_router;
struct mn_txn;

/* &mn_static_neigh.vlan: in every VLAN. */
#define MN_NEIGH_ANY_VLAN	U16_MAX

/**
 * struct mn_neigh_key - an address, and where it is
 * @owner: index of the bridge, or of the router's port
 * @kind: MIDONET_OBJECT_TYPE_BRIDGE or MIDONET_OBJECT_TYPE_PORT: what @owner is
 * @family: AF_INET or AF_INET6
 * @addr: an IPv4 address is in the first word
 *
 * Of static and of learned neighbours (l3/nbr_table.h).
 */
struct mn_neigh_key {
	u32 owner;
	u16 kind;
	u16 family;
	struct in6_addr addr;
};

static_assert(sizeof(struct mn_neigh_key) == 24);

/**
 * struct mn_static_neigh - neighbour that is configured, or follows from
 *	configuration
 * @entry: head
 * @node: in &mn_net.neighs
 * @siblings: in the neighs of the bridge or router; RCU
 * @key: constant
 * @mac: constant
 * @vlan: VID in which it is there, 0 for untagged, or MN_NEIGH_ANY_VLAN; constant
 * @origin: MIDONET_ORIGIN_STATIC, or MIDONET_ORIGIN_CONNECTED for an address of
 *	a router port on the bridge it is linked to, or of a VIP in a subnet of
 *	that; constant
 * @port: port of the router: behind which it is (static), or which has the
 *	address (connected); NULL for a static one of a bridge; constant
 * @by_port: in &mn_port.derived if there is a @port; under mn_net.lock
 */
struct mn_static_neigh {
	struct mn_entry entry;
	struct rhlist_head node;
	struct list_head siblings;
	struct mn_neigh_key key;
	u8 mac[ETH_ALEN];
	u16 vlan;
	u8 origin;
	struct mn_port *port;
	struct hlist_node by_port;
};

static inline int mn_addr_len(u32 family)
{
	return family == AF_INET ? sizeof(struct in_addr) :
				   sizeof(struct in6_addr);
}

extern const struct mn_type mn_neighbour_type;

int mn_neighs_init(struct mn_net *mn);
void mn_neighs_exit(struct mn_net *mn);
void mn_neighs_del(struct mn_txn *txn, struct list_head *neighs);
void mn_neighs_del_port(struct mn_txn *txn, struct mn_port *port);
void mn_neigh_key_set(struct mn_neigh_key *key, const struct mn_obj *owner,
		      u8 family, const void *addr);
u32 mn_neigh_dep(const struct mn_net *mn, const struct mn_neigh_key *key);
const struct mn_static_neigh *mn_neigh_find(struct mn_net *mn,
					    const struct mn_neigh_key *key,
					    u16 vlan, u64 generation);
struct mn_static_neigh *mn_neigh_find_end(struct mn_net *mn,
					  const struct mn_neigh_key *key,
					  const struct mn_port *port,
					  u8 origin);
int mn_neigh_enter(struct mn_txn *txn, const struct mn_static_neigh *what,
		   struct mn_obj *parent);
int mn_neigh_refuse(struct mn_txn *txn, int err, const struct mn_obj *parent,
		    const struct mn_neigh_key *key, const char *what);
int mn_neighs_check(struct mn_txn *txn, struct mn_router *router);
int mn_neighs_check_port(struct mn_txn *txn, const struct mn_port *port,
			 const struct mn_port_ver *v);

/* l3/neigh_derive.c */
int mn_neighs_derive(struct mn_txn *txn, struct mn_port *port);
int mn_neighs_derive_vip(struct mn_txn *txn, struct mn_port *port, u8 family,
			 const struct in6_addr *addr);
struct mn_port *mn_neigh_router_target(struct mn_ctx *ctx,
				       const struct mn_bridge *bridge);

/* l3/neigh_dump.c */
int mn_neighs_dump(struct mn_net *mn, struct sk_buff *skb,
		   struct mn_dump *cur);

#endif /* _MN_NEIGH_H */
