/* SPDX-License-Identifier: GPL-2.0 */
#ifndef _MN_DHCP_TOPOLOGY_H
#define _MN_DHCP_TOPOLOGY_H

#include "dhcp.h"
#include "nl.h"

/**
 * struct mn_dhcp_subnets - subnets that were listed
 * @subnets: subnets
 * @bridges: the bridge that each is of
 * @n: number of them
 * @cap: room
 */
struct mn_dhcp_subnets {
	struct mn_dhcp_subnet *subnets;
	struct mn_uuid *bridges;
	size_t n;
	size_t cap;
};

int mn_dhcp_get_subnet(struct mn_nl *nl, const struct mn_uuid *id,
		       struct mn_dhcp_subnet *subnet, struct mn_err *err);
int mn_dhcp_get_host(struct mn_nl *nl, const struct mn_dhcp_subnet *subnet,
		     const uint8_t *mac, struct mn_dhcp_host *host,
		     struct mn_err *err);
int mn_dhcp_list(struct mn_nl *nl, const struct mn_uuid *bridge,
		 struct mn_dhcp_subnets *list, struct mn_err *err);
void mn_dhcp_subnets_free(struct mn_dhcp_subnets *list);

#endif /* _MN_DHCP_TOPOLOGY_H */
