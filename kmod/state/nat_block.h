/* SPDX-License-Identifier: GPL-2.0 */
#ifndef _MN_NAT_BLOCK_H
#define _MN_NAT_BLOCK_H

#include <linux/in6.h>

#include "config/object.h"

struct mn_router;
struct mn_txn;

/* Most blocks of one address of a router: a lease is of 64 ports. */
#define MN_NAT_BLOCKS	1024

/* Most ranges looked at for one address. */
#define MN_PORT_RANGES	64

/**
 * struct mn_nat_block_key - an address of a router
 * @router: its index
 * @family: AF_INET or AF_INET6
 * @addr: an IPv4 address is in the first word
 */
struct mn_nat_block_key {
	u32 router;
	u32 family;
	struct in6_addr addr;
};

static_assert(sizeof(struct mn_nat_block_key) == 24);

/**
 * struct mn_nat_block - ports of an address that this host may use for snat
 * @entry: head; the parent is the router
 * @node: in &mn_net.nat_blocks
 * @siblings: in &mn_router.nat_blocks; RCU, writers mn_net.lock
 * @key: constant
 * @first: first port, host order; constant
 * @last: last port; constant
 * @used: how many of them are in use, when a listing began
 * @n: scratch of counting that, under the lock of nat_block.c
 * @seen: the same, a bit for each port
 */
struct mn_nat_block {
	struct mn_entry entry;
	struct rhlist_head node;
	struct list_head siblings;
	struct mn_nat_block_key key;
	u16 first;
	u16 last;
	u32 used;
	u32 n;
	unsigned long seen[];
};

/**
 * struct mn_port_range - some ports that snat may use for an address
 * @first: first, host order
 * @n: how many
 */
struct mn_port_range {
	u16 first;
	u32 n;
};

extern const struct mn_type mn_nat_block_type;

int mn_nat_blocks_init(struct mn_net *mn);
void mn_nat_blocks_exit(struct mn_net *mn);
void mn_nat_blocks_del(struct mn_txn *txn, struct mn_router *router);

/*
 * Ports of an address between @first and @last that this host may use for snat
 * in a router in generation @generation: those of its blocks, or all if the
 * address has none. Context: RCU. Returns the number of ranges put in @ranges,
 * at most MN_PORT_RANGES. If there are more, it is a random choice of them, so
 * that who asks again finds others.
 */
u32 mn_nat_ports(struct mn_net *mn, const struct mn_router *router, u8 family,
		 const struct in6_addr *addr, u16 first, u16 last,
		 u64 generation, struct mn_port_range *ranges);

#endif /* _MN_NAT_BLOCK_H */
