// SPDX-License-Identifier: GPL-2.0
/*
 * The device behind an exterior port.
 *
 * Which device a port wants is configuration; whether there is one is up to the
 * rest of the system. Ports whose device may have to change are put on
 * &mn_net.sync, and one idempotent function brings each of them to what it
 * should be now. A commit works the list off before it is acknowledged; a
 * device event leaves it to a worker, because some events come with locks held
 * that attaching needs. Only a device that goes is let go of at once.
 *
 * Nothing but the rx_handler leads from a device to its port.
 * netdev_rx_handler_unregister() waits for packets in it, so that behind
 * detach() none has the port from there; a port is on the list, with a
 * reference, from its removal until it is detached.
 */
#include <linux/if_arp.h>
#include <linux/if_vlan.h>
#include <linux/inetdevice.h>
#include <linux/netdevice.h>
#include <linux/rtnetlink.h>
#include <net/addrconf.h>
#include <net/if_inet6.h>

#include "l2/bridge.h"
#include "overlay/overlay.h"
#include "port/host.h"
#include "port/port.h"
#include "sim/dep.h"

/* Ports attached or detached in one go of the rtnl lock. */
#define MN_SYNC_BATCH	64
#define MN_REASON	160

/**
 * mn_vport_is_bound() - is a device that of a port?
 * @dev: device
 *
 * Context: any.
 */
bool mn_vport_is_bound(const struct net_device *dev)
{
	return rcu_access_pointer(dev->rx_handler) == mn_port_rx;
}

static struct mn_port *port_of(const struct net_device *dev)
{
	if (!mn_vport_is_bound(dev))
		return NULL;
	return rtnl_dereference(dev->rx_handler_data);
}

static void name_user(struct net_device *dev, char *reason, size_t size)
{
	struct net_device *upper;
	struct list_head *iter;
	const struct mn_port *port = port_of(dev);

	if (port) {
		snprintf(reason, size, "device %s is bound to port %s:%s",
			 dev->name, port->obj.parent->name, port->obj.name);
		return;
	}
	rcu_read_lock();
	netdev_for_each_upper_dev_rcu(dev, upper, iter) {
		if (!is_vlan_dev(upper))
			break;
	}
	snprintf(reason, size,
		 "device %s is in use by %s; remove that, or bind another device",
		 dev->name, upper ? upper->name : "another driver");
	rcu_read_unlock();
}

/* May @dev become a vport? The reason says what to do if not. */
static int usable(struct net_device *dev, char *reason, size_t size)
{
	struct net_device *master;
	char zone[MIDONET_NAME_MAX + 1];

	if (dev->flags & IFF_LOOPBACK) {
		snprintf(reason, size,
			 "device %s is the loopback device; bind a tap, a veth or a NIC",
			 dev->name);
		return -EINVAL;
	}
	if (dev->type != ARPHRD_ETHER || dev->addr_len != ETH_ALEN) {
		snprintf(reason, size,
			 "device %s is not an Ethernet device; bind a tap (not a tun), a veth or a NIC",
			 dev->name);
		return -EINVAL;
	}
	master = netdev_master_upper_dev_get(dev);
	if (master) {
		snprintf(reason, size,
			 "device %s is enslaved to %s; ip link set %s nomaster",
			 dev->name, master->name, dev->name);
		return -EBUSY;
	}
	if (mn_overlay_carries(mn_net(dev_net(dev)), dev, zone, sizeof(zone))) {
		snprintf(reason, size,
			 "device %s carries the tunnels of tunnel-zone %s; bind another device",
			 dev->name, zone);
		return -EBUSY;
	}
	if (dev->priv_flags & IFF_NO_RX_HANDLER) {
		snprintf(reason, size,
			 "device %s lets nobody receive from it; bind another device",
			 dev->name);
		return -EOPNOTSUPP;
	}
	if (netdev_is_rx_handler_busy(dev)) {
		name_user(dev, reason, size);
		return -EBUSY;
	}
	return 0;
}

/**
 * mn_vport_has_address() - has a device an IP address?
 * @dev: device
 *
 * A link-local IPv6 address does not count: the system gives one to each device.
 *
 * Context: RCU.
 */
bool mn_vport_has_address(const struct net_device *dev)
{
	const struct in_device *in_dev = __in_dev_get_rcu(dev);
	struct inet6_ifaddr *ifa;
	struct inet6_dev *idev;
	bool found = false;

	if (in_dev && rcu_access_pointer(in_dev->ifa_list))
		return true;
	if (!IS_ENABLED(CONFIG_IPV6))
		return false;
	idev = __in6_dev_get(dev);
	if (!idev)
		return false;
	read_lock_bh(&idev->lock);
	list_for_each_entry(ifa, &idev->addr_list, if_list) {
		if (!(ipv6_addr_type(&ifa->addr) & IPV6_ADDR_LINKLOCAL))
			found = true;
	}
	read_unlock_bh(&idev->lock);
	return found;
}

static int attach(struct mn_net *mn, struct mn_port *port,
		  struct net_device *dev, char *reason, size_t size)
{
	int err = usable(dev, reason, size);

	if (err)
		return err;
	err = dev_set_promiscuity(dev, 1);
	if (err)
		goto err_reason;
	netdev_hold(dev, &port->tracker, GFP_KERNEL);
	rcu_assign_pointer(port->dev, dev);
	err = netdev_rx_handler_register(dev, mn_port_rx, port);
	if (err)
		goto err_dev;
	/* GRO packets can be taken apart again, LRO packets cannot. */
	dev_disable_lro(dev);
	netdev_set_rx_headroom(dev, MN_HEADROOM);
	return 0;

err_dev:
	RCU_INIT_POINTER(port->dev, NULL);
	synchronize_net();
	dev_set_promiscuity(dev, -1);
	netdev_put(dev, &port->tracker);
err_reason:
	snprintf(reason, size, "device %s: cannot be attached (error %d)",
		 dev->name, err);
	return err;
}

/* Who may also want @dev is told by the caller. */
static void detach(struct mn_net *mn, struct mn_port *port)
{
	struct net_device *dev = mn_dereference(mn, port->dev);

	ASSERT_RTNL();
	/* No answer goes out either: the grace period below covers both. */
	RCU_INIT_POINTER(port->dev, NULL);
	netdev_rx_handler_unregister(dev);
	netdev_reset_rx_headroom(dev);
	dev_set_promiscuity(dev, -1);
	netdev_put(dev, &port->tracker);
}

static void device_state(const struct net_device *dev, u8 *state, char *reason,
			 size_t size)
{
	if (!(dev->flags & IFF_UP)) {
		*state = MIDONET_PORT_STATE_DOWN;
		snprintf(reason, size,
			 "device %s is down; ip link set %s up", dev->name,
			 dev->name);
	} else if (!netif_carrier_ok(dev)) {
		*state = MIDONET_PORT_STATE_NO_CARRIER;
		snprintf(reason, size,
			 "device %s has no carrier; see its other end",
			 dev->name);
	} else {
		*state = MIDONET_PORT_STATE_UP;
	}
}

/* Bring the state up to date; @problem: why the device was not attached. */
static void refresh(struct mn_net *mn, struct mn_port *port,
		    const char *problem)
{
	const struct net_device *dev = mn_dereference(mn, port->dev);
	const struct mn_port_ver *v = mn_port_newest(mn, port);
	char reason[MN_REASON] = "";
	u8 state;

	if (!v)
		return;
	if (!v->peer && !mn_port_is_exterior(v)) {
		state = MIDONET_PORT_STATE_UNPLUGGED;
	} else if (!v->admin_up) {
		state = MIDONET_PORT_STATE_DOWN;
		strscpy(reason, "admin-up is false", sizeof(reason));
	} else if (v->peer) {
		state = MIDONET_PORT_STATE_UP;
	} else if (!mn_port_is_local(mn, v)) {
		state = MIDONET_PORT_STATE_REMOTE;
		snprintf(reason, sizeof(reason), "on host %s",
			 v->host->obj.name);
	} else if (dev) {
		device_state(dev, &state, reason, sizeof(reason));
	} else if (problem) {
		state = MIDONET_PORT_STATE_ERROR;
		strscpy(reason, problem, sizeof(reason));
	} else {
		state = MIDONET_PORT_STATE_NO_DEVICE;
		snprintf(reason, sizeof(reason),
			 "no device %s in this network namespace", v->dev);
	}
	mn_port_set_state(port, state, reason[0] ? reason : NULL);
}

/* The device a port should have now, or NULL. */
static struct net_device *wanted(struct mn_net *mn, const struct mn_port *port)
{
	const struct mn_port_ver *v = mn_port_newest(mn, port);
	struct net_device *dev;

	if (mn->dying || !v || !mn_port_is_local(mn, v))
		return NULL;
	dev = __dev_get_by_name(mn->net, v->dev);
	/* It may have been found by an alternative name. */
	return dev && !strcmp(dev->name, v->dev) ? dev : NULL;
}

static void enqueue(struct mn_net *mn, struct mn_port *port)
{
	mn_assert_lock(mn);
	if (!list_empty(&port->sync))
		return;
	refcount_inc(&port->obj.ident.ref);
	list_add_tail(&port->sync, &mn->sync);
}

static void enqueue_if_without(struct mn_net *mn, struct mn_port *port)
{
	if (!rcu_access_pointer(port->dev))
		enqueue(mn, port);
}

static void sync_detach(struct mn_net *mn, struct mn_port *port)
{
	struct net_device *dev = mn_dereference(mn, port->dev);

	if (!dev || dev == wanted(mn, port))
		return;
	detach(mn, port);
	/* Somebody may have waited for it. */
	mn_claims_for_dev(mn, dev->name, enqueue_if_without);
}

static void sync_attach(struct mn_net *mn, struct mn_port *port)
{
	char reason[MN_REASON] = "";
	struct net_device *dev;
	int err = 0;

	dev = wanted(mn, port);
	if (dev && !rcu_access_pointer(port->dev))
		err = attach(mn, port, dev, reason, sizeof(reason));
	refresh(mn, port, err ? reason : NULL);
}

static int sync_locked(struct mn_net *mn, struct mn_port **done)
{
	struct mn_port *port;
	int i, n;

	for (n = 0; n < MN_SYNC_BATCH && !list_empty(&mn->sync); n++) {
		port = list_first_entry(&mn->sync, struct mn_port, sync);
		list_del_init(&port->sync);
		done[n] = port;
	}
	/* All let go before any takes, so that ports may swap devices. */
	for (i = 0; i < n; i++)
		sync_detach(mn, done[i]);
	for (i = 0; i < n; i++)
		sync_attach(mn, done[i]);
	return n;
}

static bool sync_batch(struct mn_net *mn)
{
	struct mn_port *done[MN_SYNC_BATCH];
	bool empty;
	int i, n;

	/* What another context took off the list it has done by now. */
	mutex_lock(&mn->lock);
	empty = list_empty(&mn->sync);
	mutex_unlock(&mn->lock);
	if (empty)
		return false;

	rtnl_lock();
	mutex_lock(&mn->lock);
	n = sync_locked(mn, done);
	mutex_unlock(&mn->lock);
	rtnl_unlock();
	for (i = 0; i < n; i++)
		mn_obj_put(mn, &done[i]->obj);
	return true;
}

/**
 * mn_vport_sync_list() - attach and detach what &mn_net.sync asks for
 * @mn: namespace
 *
 * Context: may sleep; takes rtnl, then mn_net.lock.
 */
void mn_vport_sync_list(struct mn_net *mn)
{
	while (sync_batch(mn))
		cond_resched();
}

/**
 * mn_vport_work() - the same, after device events
 * @work: &mn_net.sync_work
 */
void mn_vport_work(struct work_struct *work)
{
	mn_vport_sync_list(container_of(work, struct mn_net, sync_work));
}

/**
 * mn_vport_publish() - a port was changed by a commit
 * @mn: namespace, locked
 * @port: port
 *
 * What needs no device is done here; the rest when the commit calls
 * mn_vport_sync_list().
 */
void mn_vport_publish(struct mn_net *mn, struct mn_port *port)
{
	const struct mn_port_ver *v = mn_port_newest(mn, port);
	bool has = rcu_access_pointer(port->dev);
	bool wants = v && mn_port_is_local(mn, v);

	if (has || wants)
		enqueue(mn, port);
	if (has || !wants)
		refresh(mn, port, NULL);
}

/**
 * mn_vport_sync_all() - which ports are local may have changed
 * @mn: namespace
 * @detach: the namespace goes (mn_net.dying is set): let go of all devices
 *
 * Context: may sleep; takes rtnl, then mn_net.lock.
 */
void mn_vport_sync_all(struct mn_net *mn, bool detach)
{
	struct mn_obj *obj;
	unsigned long index;

	mutex_lock(&mn->lock);
	xa_for_each(&mn->types[MIDONET_OBJECT_TYPE_PORT], index, obj)
		mn_vport_publish(mn, mn_port_of(obj));
	mutex_unlock(&mn->lock);
	mn_vport_sync_list(mn);
	if (detach)
		cancel_work_sync(&mn->sync_work);
}

/**
 * mn_vport_check() - could a device be bound now?
 * @mn: namespace
 * @dev: name of the device
 * @reason: why not, with what to do
 * @size: bytes of @reason
 *
 * Context: may sleep; takes rtnl.
 *
 * Return: 0; -ENODEV, -EBUSY, -EINVAL, -EOPNOTSUPP with a reason
 */
int mn_vport_check(struct mn_net *mn, const char *dev, char *reason,
		   size_t size)
{
	struct net_device *d;
	int err = -ENODEV;

	rtnl_lock();
	d = __dev_get_by_name(mn->net, dev);
	if (d)
		err = usable(d, reason, size);
	else
		snprintf(reason, size,
			 "device \"%s\" does not exist in this network namespace",
			 dev);
	rtnl_unlock();
	return err;
}

/* Device events. */

static void device_gone(struct mn_net *mn, struct mn_port *port)
{
	if (!port)
		return;
	detach(mn, port);
	refresh(mn, port, NULL);
}

static void device_changed(struct mn_net *mn, struct mn_port *port)
{
	if (!port)
		return;
	refresh(mn, port, NULL);
	/* How much fits is part of what flows found out. */
	mn_dep_bump(mn, port->obj.dep);
}

static void device_event(struct mn_net *mn, struct net_device *dev,
			 unsigned long event)
{
	struct mn_port *port = port_of(dev);

	if (event == NETDEV_UNREGISTER) {
		device_gone(mn, port);
		return;
	}
	if (mn->dying)
		return;
	if (event == NETDEV_CHANGENAME && port)
		enqueue(mn, port);
	else
		device_changed(mn, port);
	mn_claims_for_dev(mn, dev->name, enqueue_if_without);
	if (!list_empty(&mn->sync))
		schedule_work(&mn->sync_work);
}

static int vport_event(struct notifier_block *nb, unsigned long event,
		       void *ptr)
{
	struct net_device *dev = netdev_notifier_info_to_dev(ptr);
	struct mn_net *mn = mn_net(dev_net(dev));

	switch (event) {
	case NETDEV_REGISTER:
	case NETDEV_UNREGISTER:
	case NETDEV_UP:
	case NETDEV_DOWN:
	case NETDEV_CHANGE:
	case NETDEV_CHANGENAME:
	case NETDEV_CHANGEMTU:
	case NETDEV_CHANGEUPPER:
		break;
	default:
		return NOTIFY_DONE;
	}
	/* A namespace in the making has devices before it has our part. */
	if (!mn || !mn_net_awake(mn))
		return NOTIFY_DONE;
	/* Spare the rest of the system our lock. */
	if (!port_of(dev) && !mn_claims_maybe_dev(mn, dev->name))
		return NOTIFY_DONE;
	mutex_lock(&mn->lock);
	device_event(mn, dev, event);
	mutex_unlock(&mn->lock);
	return NOTIFY_DONE;
}

static struct notifier_block vport_nb = { .notifier_call = vport_event };

/**
 * mn_vport_init() - listen to what happens to devices
 *
 * Return: 0 or a negative error
 */
int mn_vport_init(void)
{
	return register_netdevice_notifier(&vport_nb);
}

/**
 * mn_vport_exit() - stop listening
 *
 * The core pretends that every device goes, so all ports let go of theirs.
 */
void mn_vport_exit(void)
{
	unregister_netdevice_notifier(&vport_nb);
}
