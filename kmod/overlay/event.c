// SPDX-License-Identifier: GPL-2.0
/*
 * What happens to the addresses and devices that tunnels need. Events come with
 * locks held that opening and closing takes, so a worker looks at the zones.
 */
#include <linux/inetdevice.h>
#include <linux/netdevice.h>
#include <net/addrconf.h>
#include <net/if_inet6.h>

#include "overlay/overlay.h"
#include "overlay/tunnel.h"

/* A namespace in the making has devices before it has our part. */
static struct mn_net *awake(const struct net_device *dev)
{
	struct mn_net *mn = mn_net(dev_net(dev));

	return mn && mn_net_awake(mn) ? mn : NULL;
}

static void look(const struct net_device *dev)
{
	struct mn_net *mn;

	rcu_read_lock();
	mn = awake(dev);
	if (mn)
		mn_overlay_look(mn);
	rcu_read_unlock();
}

static int addr_event(struct notifier_block *nb, unsigned long event, void *ptr)
{
	const struct in_ifaddr *ifa = ptr;

	look(ifa->ifa_dev->dev);
	return NOTIFY_DONE;
}

static struct notifier_block addr_nb = { .notifier_call = addr_event };

#if IS_ENABLED(CONFIG_IPV6)
static int addr6_event(struct notifier_block *nb, unsigned long event,
		       void *ptr)
{
	const struct inet6_ifaddr *ifa = ptr;

	look(ifa->idev->dev);
	return NOTIFY_DONE;
}

static struct notifier_block addr6_nb = { .notifier_call = addr6_event };
#endif

/* A NIC wants to know which ports are those of tunnels. */
static void offload(struct mn_net *mn, struct net_device *dev, bool add)
{
	const struct mn_tunnel *t;

	/* They come and go under rtnl and mn_net.lock, so either will do. */
	list_for_each_entry(t, &mn->overlay->tunnels, list)
		mn_udp_offload(t, dev, add);
}

static void unregistered(struct mn_net *mn, const struct net_device *dev)
{
	/* When the module goes the core only pretends that devices do. */
	if (mn->overlay->gre != dev || dev->reg_state == NETREG_REGISTERED)
		return;
	mn_gre_gone(mn->overlay);
	mn_overlay_look(mn);
}

static int device_event(struct notifier_block *nb, unsigned long event,
			void *ptr)
{
	struct net_device *dev = netdev_notifier_info_to_dev(ptr);
	struct mn_net *mn = awake(dev);

	if (!mn)
		return NOTIFY_DONE;
	switch (event) {
	case NETDEV_UNREGISTER:
		unregistered(mn, dev);
		break;
	case NETDEV_UDP_TUNNEL_PUSH_INFO:
		offload(mn, dev, true);
		break;
	case NETDEV_UDP_TUNNEL_DROP_INFO:
		offload(mn, dev, false);
		break;
	}
	return NOTIFY_DONE;
}

static struct notifier_block device_nb = { .notifier_call = device_event };

/**
 * mn_overlay_events_init() - listen to what happens
 *
 * Return: 0 or a negative error
 */
int mn_overlay_events_init(void)
{
	int err = register_netdevice_notifier(&device_nb);

	if (err)
		return err;
	err = register_inetaddr_notifier(&addr_nb);
	if (err)
		goto err_device;
#if IS_ENABLED(CONFIG_IPV6)
	err = register_inet6addr_notifier(&addr6_nb);
	if (err)
		goto err_addr;
#endif
	return 0;

#if IS_ENABLED(CONFIG_IPV6)
err_addr:
	unregister_inetaddr_notifier(&addr_nb);
#endif
err_device:
	unregister_netdevice_notifier(&device_nb);
	return err;
}

/**
 * mn_overlay_events_exit() - stop listening
 *
 * The core pretends that every device goes.
 */
void mn_overlay_events_exit(void)
{
#if IS_ENABLED(CONFIG_IPV6)
	unregister_inet6addr_notifier(&addr6_nb);
#endif
	unregister_inetaddr_notifier(&addr_nb);
	unregister_netdevice_notifier(&device_nb);
}
