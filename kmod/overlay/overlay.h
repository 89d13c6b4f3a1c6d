/* SPDX-License-Identifier: GPL-2.0 */
#ifndef _MN_OVERLAY_H
#define _MN_OVERLAY_H

#include <linux/netdevice.h>
#include <linux/rhashtable-types.h>
#include <linux/workqueue.h>

#include "net.h"

struct mn_flow_key;
struct mn_peer;
struct mn_peer_watch;
struct mn_port;
struct mn_via;
struct mn_tunnel;
struct mn_zone;

/**
 * struct mn_overlay - how hosts reach each other
 * @mn: namespace
 * @peers: &struct mn_peer by address
 * @n_peers: how many, under mn_net.lock
 * @used: this host was in some zone once
 * @tunnels: those that are open; RCU, writers mn_net.lock
 * @fresh: new peers whose tunnel is still to be found, &mn_peer.fresh; under
 *	mn_net.lock
 * @sync: zones that have to be looked at, &mn_zone.sync, each with a reference;
 *	under mn_net.lock
 * @n_local: zones this host is in, under mn_net.lock; read lockless by events
 * @n_errors: those of them that cannot be opened, under mn_net.lock
 * @work: looks at zones after events, and again at those that are in error
 * @look: something happened to addresses
 * @gre: device of all GRE tunnels, or NULL; rtnl
 * @gre_tracker: of @gre
 * @gre_err: why there is none; rtnl
 * @gre_users: GRE tunnels that are open, under rtnl and mn_net.lock
 * @watch: who is told of peers, or NULL; under mn_net.lock
 */
struct mn_overlay {
	struct mn_net *mn;
	struct rhltable peers;
	u32 n_peers;
	bool used;
	struct list_head tunnels;
	struct list_head fresh;
	struct list_head sync;
	u32 n_local;
	u32 n_errors;
	struct delayed_work work;
	bool look;
	struct net_device *gre;
	netdevice_tracker gre_tracker;
	int gre_err;
	u32 gre_users;
	const struct mn_peer_watch *watch;
};

/* overlay/sync.c */
int mn_overlay_init(struct mn_net *mn);
void mn_overlay_exit(struct mn_net *mn);
void mn_overlay_touch(struct mn_zone *zone);
void mn_overlay_member(struct mn_peer *peer, bool born);
void mn_overlay_sync(struct mn_net *mn);
void mn_overlay_sync_all(struct mn_net *mn);
void mn_overlay_retry(struct mn_net *mn);
void mn_overlay_look(struct mn_net *mn);
void mn_overlay_stop(struct mn_net *mn);
bool mn_overlay_carries(struct mn_net *mn, const struct net_device *dev,
			char *zone, size_t size);

/* overlay/event.c */
int mn_overlay_events_init(void);
void mn_overlay_events_exit(void);

/* overlay/output.c */
void mn_tunnel_output(struct mn_port *port, const struct mn_via *via,
		      struct sk_buff *skb, u16 vlan, u32 mtu,
		      const struct mn_flow_key *key);

#endif /* _MN_OVERLAY_H */
