// SPDX-License-Identifier: GPL-2.0
/*
 * State of a network namespace: set up when somebody first talks to it, taken
 * down when the namespace or the module goes.
 */
#include <linux/moduleparam.h>
#include <linux/random.h>
#include <linux/rtnetlink.h>
#include <linux/user_namespace.h>
#include <net/net_namespace.h>
#include <net/netns/generic.h>

#include "balance/balance.h"
#include "config/nl.h"
#include "config/object.h"
#include "config/txn.h"
#include "flow/cache.h"
#include "flow/table.h"
#include "l2/dhcp.h"
#include "l2/fdb.h"
#include "l2/flood.h"
#include "l3/frag.h"
#include "l3/nbr.h"
#include "l3/neigh.h"
#include "l3/route.h"
#include "net.h"
#include "overlay/chan.h"
#include "overlay/overlay.h"
#include "policy/set.h"
#include "port/port.h"
#include "sim/dep.h"
#include "sim/drop.h"
#include "sim/park.h"
#include "state/conn.h"
#include "state/nat_block.h"

static bool userns = true;
module_param(userns, bool, 0644);
MODULE_PARM_DESC(userns, "serve network namespaces owned by user namespaces (default 1)");

unsigned int mn_net_id __read_mostly;

/**
 * mn_net() - our state of a namespace
 * @net: the namespace
 *
 * Return: the state, NULL only while @net is being made; see mn_net_awake()
 */
struct mn_net *mn_net(const struct net *net)
{
	return net_generic(net, mn_net_id);
}

/* What a namespace has beyond its struct, in the order it is set up. */
static const struct part {
	int (*init)(struct mn_net *mn);
	void (*exit)(struct mn_net *mn);
} parts[] = {
	/* Before the objects: freeing ports needs it until the last moment. */
	{ mn_ports_init, mn_ports_exit },
	{ mn_objects_init, mn_objects_exit },
	{ mn_deps_init, mn_deps_exit },
	{ mn_drops_init, mn_drops_exit },
	{ mn_fdb_init, mn_fdb_exit },
	{ mn_nbrs_init, mn_nbrs_exit },
	{ mn_conns_init, mn_conns_exit },
	{ mn_balance_init, mn_balance_exit },
	{ mn_cache_init, mn_cache_exit },
	{ mn_flows_init, mn_flows_exit },
	{ mn_static_macs_init, mn_static_macs_exit },
	{ mn_neighs_init, mn_neighs_exit },
	{ mn_routes_init, mn_routes_exit },
	{ mn_sets_init, mn_sets_exit },
	{ mn_nat_blocks_init, mn_nat_blocks_exit },
	{ mn_dhcps_init, mn_dhcps_exit },
	{ mn_overlay_init, mn_overlay_exit },
	{ mn_chan_init, mn_chan_exit },
	{ mn_park_init, mn_park_exit },
	{ mn_frags_init, mn_frags_exit },
	{ mn_flood_init, mn_flood_exit },
	{ mn_live_init, mn_live_exit },
};

static void exit_parts(struct mn_net *mn, int n)
{
	while (n--)
		parts[n].exit(mn);
}

static int wake(struct mn_net *mn)
{
	int i, err;

	for (i = 0; i < ARRAY_SIZE(parts); i++) {
		err = parts[i].init(mn);
		if (err) {
			exit_parts(mn, i);
			return err;
		}
	}
	/* Pairs with mn_net_awake(). */
	smp_store_release(&mn->awake, true);
	return 0;
}

/**
 * mn_net_wake() - set a namespace up if it is not yet
 * @mn: namespace
 * @extack: for errors
 *
 * Context: may sleep.
 *
 * Return: 0, -ENOMEM, -EPERM if user namespaces are not served
 */
int mn_net_wake(struct mn_net *mn, struct netlink_ext_ack *extack)
{
	int err = 0;

	if (mn_net_awake(mn))
		return 0;
	if (!READ_ONCE(userns) && mn->net->user_ns != &init_user_ns) {
		NL_SET_ERR_MSG(extack, "not in a user namespace; see module parameter userns");
		return -EPERM;
	}
	mutex_lock(&mn->wake_lock);
	if (!mn->awake)
		err = wake(mn);
	mutex_unlock(&mn->wake_lock);
	return err;
}

static int __net_init net_init(struct net *net)
{
	struct mn_net *mn = mn_net(net);

	mn->net = net;
	mutex_init(&mn->lock);
	mutex_init(&mn->wake_lock);
	spin_lock_init(&mn->txn_lock);
	INIT_LIST_HEAD(&mn->txns);
	spin_lock_init(&mn->errmsg_lock);
	INIT_LIST_HEAD(&mn->errmsgs);
	get_random_bytes(&mn->seed, sizeof(mn->seed));
	return mn_limits_init(mn);
}

/*
 * The sources stop here, before any namespace of the batch waits for readers:
 * no device feeds packets any more, and none is attached again.
 */
static void __net_exit net_pre_exit(struct net *net)
{
	struct mn_net *mn = mn_net(net);

	if (!mn_net_awake(mn))
		return;
	mutex_lock(&mn->lock);
	mn->dying = true;
	mutex_unlock(&mn->lock);
	mn_overlay_stop(mn);
	mn_vport_sync_all(mn, true);
}

/*
 * A grace period has passed since net_pre_exit(): no packet is in a walk. The
 * workers are stopped, then objects go, which flows and counters refer to by
 * reference only, then the tables.
 */
static void __net_exit net_exit(struct net *net)
{
	struct mn_net *mn = mn_net(net);

	mn_limits_exit(mn);
	if (!mn_net_awake(mn))
		return;
	/* Devices still go after us; what is said of them under rtnl ends here. */
	rtnl_lock();
	WRITE_ONCE(mn->awake, false);
	rtnl_unlock();
	mn_txns_exit(mn);
	mn_chan_stop(mn);
	mn_nbrs_stop(mn);
	mn_balance_stop(mn);
	mn_park_stop(mn);
	mn_flood_stop(mn);
	mn_frags_stop(mn);
	mn_fdb_stop(mn);
	mn_flows_stop(mn);
	/* Flows held some. */
	mn_conns_stop(mn);
	mn_txn_clear(mn);
	/* Entries leave their tables before the tables go. */
	flush_work(&mn->grave_work);
	exit_parts(mn, ARRAY_SIZE(parts));
	mn_owner_exit(mn);
	mutex_destroy(&mn->wake_lock);
	mutex_destroy(&mn->lock);
}

static struct pernet_operations mn_net_ops = {
	.init = net_init,
	.pre_exit = net_pre_exit,
	.exit = net_exit,
	.id = &mn_net_id,
	.size = sizeof(struct mn_net),
};

/**
 * mn_net_init() - take part in the life of namespaces
 *
 * Return: 0 or a negative error
 */
int mn_net_init(void)
{
	return register_pernet_device(&mn_net_ops);
}

/**
 * mn_net_exit() - leave all namespaces
 *
 * Context: may sleep. Unregistering waits a grace period between the two steps
 * above.
 */
void mn_net_exit(void)
{
	unregister_pernet_device(&mn_net_ops);
}
