/* SPDX-License-Identifier: GPL-2.0 */
#ifndef _MN_DHCP_H
#define _MN_DHCP_H

#include <linux/if_ether.h>
#include <linux/in6.h>

#include "config/nl.h"
#include "config/object.h"

struct mn_bridge;
struct mn_ctx;
struct mn_static_neigh;
struct mn_txn;

/**
 * DOC: What the kernel has to do with DHCP
 *
 * It tells frames that are for a server from others, answers ARP and ND for the
 * server's address, and hands the frames to whoever serves them (sim/punt.c). All
 * else of a subnet and its hosts is only kept for that one.
 *
 * A flow depends on whether its sender is listed by a counter of the bridge and
 * the MAC (mn_dhcp_dep()), and on the subnets by that of the bridge.
 */

#define MN_DHCP_SUBNETS	64	/* of a bridge */
#define MN_DHCP_DNS	16	/* of a subnet */
#define MN_DHCP_ROUTES	25	/* the same; and a default route fit in 255 bytes */
#define MN_DHCP_LEASE	86400	/* seconds */
#define MN_DHCP_OPTIONS	64	/* of a host */
#define MN_DHCP_OPTIONS_LEN	1024	/* the same, bytes of code and value */

/**
 * struct mn_dhcp_route - a route that hosts are told
 * @plen: length of @dst
 * @dst: destinations
 * @gateway: next hop
 */
struct mn_dhcp_route {
	u32 plen;
	__be32 dst;
	__be32 gateway;
};

/**
 * struct mn_dhcp_ver - configuration of a subnet
 * @ver: head
 * @subnet: the same in all versions
 * @server: its address, zero for none; an IPv4 address is in the first word
 * @gateway: the same of the router
 * @mtu: 0 for none
 * @lease: seconds
 * @mode: &enum midonet_dhcp_mode
 * @n_dns: number of @dns
 * @n_routes: number of @routes
 * @dns: name servers
 * @routes: routes
 */
struct mn_dhcp_ver {
	struct mn_ver ver;
	struct mn_prefix subnet;
	struct in6_addr server;
	struct in6_addr gateway;
	u32 mtu;
	u32 lease;
	u16 mode;
	u8 n_dns;
	u8 n_routes;
	struct in6_addr dns[MN_DHCP_DNS];
	struct mn_dhcp_route routes[MN_DHCP_ROUTES];
};

/**
 * struct mn_dhcp - identity of a subnet
 * @obj: head; obj.parent is the bridge, obj.siblings in its dhcps
 * @hosts: &mn_dhcp_host.siblings, oldest first; RCU, writers mn_net.lock
 */
struct mn_dhcp {
	struct mn_obj obj;
	struct list_head hosts;
};

#define mn_dhcp_of(o)	container_of(o, struct mn_dhcp, obj)

static inline const struct mn_dhcp_ver *mn_dhcp_ver(const struct mn_ver *v)
{
	return container_of(v, struct mn_dhcp_ver, ver);
}

extern const struct mn_type mn_dhcp_type;
extern const struct mn_type mn_dhcp_host_type;

/* l2/dhcp.c */
bool mn_dhcp_has(const struct mn_prefix *subnet, const struct in6_addr *addr);
void mn_bridge_mac(const struct mn_bridge *bridge, u8 *mac);
__printf(4, 5)
int mn_dhcp_refuse(struct mn_txn *txn, int err, const struct mn_obj *obj,
		   const char *fmt, ...);
const struct mn_static_neigh *mn_dhcp_neigh(struct mn_net *mn,
					    const struct mn_bridge *bridge,
					    u8 family,
					    const struct in6_addr *addr,
					    u64 generation);

/* l2/dhcp_host.c */
u32 mn_dhcp_dep(const struct mn_net *mn, const struct mn_bridge *bridge,
		const u8 *mac);
const struct mn_obj *mn_dhcp_lists(struct mn_net *mn,
				   const struct mn_bridge *bridge, u8 family,
				   const u8 *mac, u64 generation);
const u8 *mn_dhcp_has_end(struct mn_net *mn, const struct mn_dhcp *dhcp,
			  const struct in6_addr *addr);
void mn_dhcp_hosts_del(struct mn_txn *txn, struct mn_dhcp *dhcp);
int mn_dhcps_init(struct mn_net *mn);
void mn_dhcps_exit(struct mn_net *mn);

/* l2/dhcp_walk.c */
bool mn_dhcp_walk(struct mn_ctx *ctx, struct mn_bridge *bridge);

#endif /* _MN_DHCP_H */
