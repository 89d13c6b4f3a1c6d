/* SPDX-License-Identifier: GPL-2.0 */
#ifndef _MN_BRIDGE_H
#define _MN_BRIDGE_H

#include <linux/spinlock.h>

#include "config/object.h"

struct mn_chain;
struct mn_ctx;
struct mn_port;

/**
 * struct mn_bridge_ver - configuration of a bridge
 * @ver: head
 * @admin_up: may carry packets
 * @arp_suppress: answer ARP and ND for known addresses
 * @mac_age: seconds
 * @in_chain: for what enters
 * @out_chain: for what leaves
 */
struct mn_bridge_ver {
	struct mn_ver ver;
	bool admin_up;
	bool arp_suppress;
	u32 mac_age;
	struct mn_chain *in_chain;
	struct mn_chain *out_chain;
};

/**
 * struct mn_bridge - identity of a bridge
 * @obj: head
 * @ports: mn_port.obj.siblings; RCU, writers mn_net.lock
 * @static_macs: mn_static_mac.siblings; RCU, writers mn_net.lock
 * @neighs: mn_static_neigh.siblings; RCU, writers mn_net.lock
 * @dhcps: mn_dhcp.obj.siblings; RCU, writers mn_net.lock. The obj.dep of the bridge
 *	moves when one of them changes
 * @flood_dep: slot of the version counter of its set of ports
 * @search: scratch of graph searches, under mn_net.lock
 * @fdb_lock: protects changes of its learned MACs (BH); init with
 *	spin_lock_init()
 */
struct mn_bridge {
	struct mn_obj obj;
	struct list_head ports;
	struct list_head static_macs;
	struct list_head neighs;
	struct list_head dhcps;
	u32 flood_dep;
	struct list_head search;
	spinlock_t fdb_lock;		/* see above */
};

#define mn_bridge_of(o)	container_of(o, struct mn_bridge, obj)

static inline const struct mn_bridge_ver *mn_bridge_ver(const struct mn_ver *v)
{
	return container_of(v, struct mn_bridge_ver, ver);
}

extern const struct mn_type mn_bridge_type;

/* A packet enters @bridge by ctx->device_in. */
void mn_bridge_walk(struct mn_ctx *ctx, struct mn_bridge *bridge);

#endif /* _MN_BRIDGE_H */
