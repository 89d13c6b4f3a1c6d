/* SPDX-License-Identifier: GPL-2.0 */
#ifndef _MN_NAT_BLOCK_H
#define _MN_NAT_BLOCK_H

#include "config/object.h"

struct mn_router;

extern const struct mn_type mn_nat_block_type;

int mn_nat_blocks_init(struct mn_net *mn);
void mn_nat_blocks_exit(struct mn_net *mn);

/**
 * struct mn_port_range - some ports that snat may use for an address
 * @first: first, host order
 * @n: how many
 */
struct mn_port_range {
	u16 first;
	u32 n;
};

/* Most ranges looked at for one address. */
#define MN_PORT_RANGES	64

/*
 * Ports of an address between @first and @last that this host may use for snat
 * in a router in generation @generation: those of its blocks, or all if the
 * address has none. Context: RCU. Returns the number of ranges put in @ranges,
 * at most MN_PORT_RANGES.
 */
u32 mn_nat_ports(struct mn_net *mn, const struct mn_router *router, u8 family,
		 const struct in6_addr *addr, u16 first, u16 last,
		 u64 generation, struct mn_port_range *ranges);

#endif /* _MN_NAT_BLOCK_H */
