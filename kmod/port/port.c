// SPDX-License-Identifier: GPL-2.0
/*
 * Ports: identity, state, and what follows from a commit. What a port may be
 * configured to is in port_config.c, its links in port_link.c, its device in
 * vport.c.
 */
#include <linux/etherdevice.h>
#include <linux/percpu.h>
#include <linux/slab.h>

#include "config/nl.h"
#include "config/txn.h"
#include "l2/bridge.h"
#include "l2/fdb.h"
#include "l3/nbr.h"
#include "l3/neigh.h"
#include "l3/route.h"
#include "l3/router.h"
#include "overlay/chan.h"
#include "policy/chain.h"
#include "policy/group.h"
#include "port/host.h"
#include "port/port.h"
#include "sim/dep.h"
#include "sim/park.h"

/**
 * mn_ports_init() - set up what the ports of a namespace share
 * @mn: namespace
 *
 * Return: 0 or a negative error
 */
int mn_ports_init(struct mn_net *mn)
{
	int err;

	INIT_WORK(&mn->sync_work, mn_vport_work);
	err = mn_port_keys_init(mn);
	if (err)
		return err;
	err = mn_claims_init(mn);
	if (err)
		mn_port_keys_exit(mn);
	return err;
}

/**
 * mn_ports_exit() - the reverse
 * @mn: namespace; all ports were freed
 */
void mn_ports_exit(struct mn_net *mn)
{
	cancel_work_sync(&mn->sync_work);
	mn_claims_exit(mn);
	mn_port_keys_exit(mn);
}

/**
 * mn_port_end() - a port as the commit in progress will leave it
 * @mn: namespace, locked
 * @port: port
 *
 * Return: its version, NULL if it does not exist then
 */
const struct mn_port_ver *mn_port_end(struct mn_net *mn,
				      const struct mn_port *port)
{
	const struct mn_ver *ver = mn_ver_end(mn, &port->obj);

	return ver ? mn_port_ver(ver) : NULL;
}

/**
 * mn_port_newest() - a port as it is since the last commit
 * @mn: namespace, locked
 * @port: port
 *
 * Return: its version, NULL if it does not exist
 */
const struct mn_port_ver *mn_port_newest(struct mn_net *mn,
					 const struct mn_port *port)
{
	const struct mn_ver *ver = mn_dereference(mn, port->obj.newest);

	return ver && !ver->dead ? mn_port_ver(ver) : NULL;
}

/**
 * mn_port_is_exterior() - does a port lead to a device, here or elsewhere?
 * @v: its version
 */
bool mn_port_is_exterior(const struct mn_port_ver *v)
{
	return v->dev[0];
}

/**
 * mn_port_is_local() - is a port's device on this host?
 * @mn: namespace
 * @v: version of the port
 *
 * Context: RCU or mn_net.lock.
 */
bool mn_port_is_local(struct mn_net *mn, const struct mn_port_ver *v)
{
	return v->dev[0] &&
	       (!v->host || v->host == rcu_access_pointer(mn->local_host));
}

/**
 * mn_port_may_flood() - may one more packet from a port be multiplied?
 * @port: port where it entered the overlay
 *
 * Context: BH disabled.
 */
bool mn_port_may_flood(struct mn_port *port)
{
	u32 rate = READ_ONCE(port->mn->limits.flood_rate);

	return mn_bucket_take(&port->flood, rate, rate);
}

/**
 * mn_port_label() - DEVICE:PORT
 * @port: port
 * @buf: for the label
 * @size: bytes of @buf
 *
 * Context: any; the names are constant.
 *
 * Return: length as snprintf()
 */
int mn_port_label(const struct mn_port *port, char *buf, size_t size)
{
	return snprintf(buf, size, "%s:%s", port->obj.parent->name,
			port->obj.name);
}

/**
 * mn_device_ports() - list of the ports of a device
 * @device: bridge or router
 *
 * Return: list of &mn_port.obj.siblings; RCU, writers mn_net.lock
 */
struct list_head *mn_device_ports(struct mn_obj *device)
{
	if (device->ident.type == MIDONET_OBJECT_TYPE_ROUTER)
		return &mn_router_of(device)->ports;
	return &mn_bridge_of(device)->ports;
}

/* Slot that stands for the set of ports of the port's device. */
static u32 device_dep(const struct mn_port *port)
{
	if (mn_port_on_router(port))
		return mn_router_of(port->obj.parent)->ports_dep;
	return mn_port_bridge(port)->flood_dep;
}

/**
 * mn_reason_set() - say why something has its state
 * @mn: namespace, locked
 * @reason: where that is kept
 * @text: why, with what to do, or NULL
 *
 * Context: may sleep.
 */
void mn_reason_set(struct mn_net *mn, struct mn_reason __rcu **reason,
		   const char *text)
{
	struct mn_reason *old, *new = NULL;
	size_t size;

	old = mn_dereference(mn, *reason);
	if (!text && !old)
		return;
	if (text && old && !strcmp(text, old->text))
		return;
	if (text) {
		size = strlen(text) + 1;
		/* Without memory there is no reason given. */
		new = kmalloc(sizeof(*new) + size, GFP_KERNEL_ACCOUNT);
		if (new)
			memcpy(new->text, text, size);
	}
	rcu_assign_pointer(*reason, new);
	if (old)
		kfree_rcu(old, rcu);
}

/**
 * mn_port_set_state() - a port comes up or goes down
 * @port: port
 * @state: &enum midonet_port_state
 * @reason: why, with what to do, or NULL
 *
 * Flows that used the port or might flood to it are walked again.
 *
 * Context: mn_net.lock, may sleep.
 */
void mn_port_set_state(struct mn_port *port, u8 state, const char *reason)
{
	struct mn_net *mn = port->mn;

	mn_assert_lock(mn);
	mn_reason_set(mn, &port->reason, reason);
	if (port->state == state)
		return;
	WRITE_ONCE(port->state, state);
	mn_dep_bump(mn, port->obj.dep);
	mn_dep_bump(mn, device_dep(port));
	mn_notify_state(port);
	if (state == MIDONET_PORT_STATE_UP && mn_port_on_router(port))
		mn_nbr_announce(port);
}

/**
 * mn_port_stats_sum() - counters of a port
 * @port: port
 * @sum: where they go
 *
 * Context: any.
 */
void mn_port_stats_sum(const struct mn_port *port, struct mn_port_stats *sum)
{
	mn_stats_sum(port->stats, sum);
}

/**
 * mn_stats_sum() - counters of all CPUs
 * @stats: they
 * @sum: where they go
 *
 * Context: any.
 */
void mn_stats_sum(const struct mn_port_stats __percpu *stats,
		  struct mn_port_stats *sum)
{
	const struct mn_port_stats *s;
	int cpu;

	memset(sum, 0, sizeof(*sum));
	for_each_possible_cpu(cpu) {
		s = per_cpu_ptr(stats, cpu);
		sum->rx_packets += READ_ONCE(s->rx_packets);
		sum->rx_bytes += READ_ONCE(s->rx_bytes);
		sum->tx_packets += READ_ONCE(s->tx_packets);
		sum->tx_bytes += READ_ONCE(s->tx_bytes);
		sum->drops += READ_ONCE(s->drops);
	}
}

/**
 * mn_port_by_index() - port with an index
 * @mn: namespace
 * @index: &mn_obj.index
 *
 * Context: RCU.
 *
 * Return: port, which may have no version in a generation; or NULL
 */
struct mn_port *mn_port_by_index(struct mn_net *mn, u32 index)
{
	struct mn_obj *obj = xa_load(&mn->types[MIDONET_OBJECT_TYPE_PORT],
				     index);

	return obj ? mn_port_of(obj) : NULL;
}

static int port_init(struct mn_net *mn, struct mn_obj *obj)
{
	struct mn_port *port = mn_port_of(obj);

	port->mn = mn;
	INIT_LIST_HEAD(&port->sync);
	INIT_HLIST_HEAD(&port->macs);
	INIT_HLIST_HEAD(&port->statics);
	INIT_HLIST_HEAD(&port->derived);
	mn_port_nbrs_init(&port->nbrs);
	INIT_HLIST_HEAD(&port->routes);
	INIT_LIST_HEAD(&port->conns_unanswered);
	INIT_LIST_HEAD(&port->conns_answered);
	mn_bucket_init(&port->flood);
	mn_bucket_init(&port->icmp);
	mn_bucket_init(&port->punt);
	port->stats = alloc_percpu_gfp(struct mn_port_stats,
				       GFP_KERNEL_ACCOUNT);
	if (!port->stats)
		return -ENOMEM;
	list_add_tail_rcu(&obj->siblings, mn_device_ports(obj->parent));
	return 0;
}

/*
 * A walk of the generation before the removal may have learned or parked after
 * publish() looked. There is none any more, but who found its traces elsewhere
 * may still look at them, hence the grace period; it is rarely needed.
 */
static void forget_late(struct mn_net *mn, struct mn_port *port)
{
	if (READ_ONCE(mn->dying))
		return;
	if (mn_port_on_router(port))
		mn_nbr_forget_port(mn, port);
	if (!atomic_read(&port->n_macs) && !atomic_read(&port->n_parked))
		return;
	mn_fdb_forget_port(mn, port);
	mn_park_forget(mn, port);
	synchronize_rcu_expedited();
}

/* Also of one whose commit was refused. */
static void port_leave(struct mn_net *mn, struct mn_obj *obj)
{
	mn_port_key_publish(mn, mn_port_of(obj), NULL);
}

static void port_free(struct mn_net *mn, struct mn_obj *obj)
{
	struct mn_port *port = mn_port_of(obj);

	WARN_ON_ONCE(rcu_access_pointer(port->dev));
	forget_late(mn, port);
	mn_claims_drop(mn, port);
	kfree(rcu_access_pointer(port->reason));
	free_percpu(port->stats);
}

/* Does a router port answer for other addresses, or by another MAC, than before? */
static bool readdressed(const struct mn_port_ver *old,
			const struct mn_port_ver *v)
{
	return v->n_addresses &&
	       (!ether_addr_equal(old->mac, v->mac) ||
		old->n_addresses != v->n_addresses ||
		memcmp(mn_port_addresses(old), mn_port_addresses(v),
		       array_size(v->n_addresses, sizeof(struct mn_address))));
}

static void port_publish(struct mn_net *mn, struct mn_obj *obj,
			 const struct mn_ver *old, const struct mn_ver *ver)
{
	const struct mn_port_ver *v = ver->dead ? NULL : mn_port_ver(ver);
	const struct mn_port_ver *was = old && !old->dead ? mn_port_ver(old) :
							    NULL;
	struct mn_port *port = mn_port_of(obj);

	mn_groups_port(mn, was, v);
	mn_claims_publish(mn, port, v);
	mn_port_key_publish(mn, port, v);
	mn_dep_bump(mn, device_dep(port));
	if (!v)
		mn_park_forget(mn, port);
	/* What was learned behind one peer is not behind another. */
	if (!v || (old && !old->dead && mn_port_ver(old)->peer != v->peer)) {
		if (mn_port_on_router(port))
			mn_nbr_forget_port(mn, port);
		else
			mn_fdb_forget_port(mn, port);
	}
	mn_vport_publish(mn, port);
	if (v && was)
		mn_chan_port_moved(port, was->host, v->host);
	if (v && old && !old->dead && readdressed(mn_port_ver(old), v))
		mn_nbr_announce(port);
}

static int port_contents(struct mn_txn *txn, struct mn_obj *obj)
{
	mn_static_macs_del_port(txn, mn_port_of(obj));
	mn_routes_del_port(txn, mn_port_of(obj));
	mn_neighs_del_port(txn, mn_port_of(obj));
	return 0;
}

/* What a router port makes of itself: on the bridge it is linked to, and in its router. */
static int derive_router_port(struct mn_txn *txn, struct mn_port *port)
{
	return mn_static_mac_derive(txn, port) ?: mn_neighs_derive(txn, port) ?:
	       mn_routes_derive(txn, port);
}

/* Entries that follow from ports, when the end state is known to be good. */
static int port_derive(struct mn_txn *txn, struct mn_obj *obj)
{
	struct mn_port *port = mn_port_of(obj);
	const struct mn_port_ver *v = mn_port_end(txn->mn, port);
	const struct mn_port_ver *was = mn_port_newest(txn->mn, port);
	int err = 0;

	if (mn_port_on_router(port))
		return derive_router_port(txn, port);
	if (was && was->peer && mn_port_on_router(was->peer))
		err = derive_router_port(txn, was->peer);
	if (!err && v && v->peer && mn_port_on_router(v->peer))
		err = derive_router_port(txn, v->peer);
	return err;
}

static void port_uses(const struct mn_ver *ver,
		      void (*fn)(struct mn_obj *used, void *arg), void *arg)
{
	const struct mn_port_ver *v = mn_port_ver(ver);
	int i;

	if (v->peer)
		fn(&v->peer->obj, arg);
	if (v->host)
		fn(&v->host->obj, arg);
	if (v->in_chain)
		fn(&v->in_chain->obj, arg);
	if (v->out_chain)
		fn(&v->out_chain->obj, arg);
	for (i = 0; i < v->n_groups; i++)
		fn(&v->groups[i]->obj, arg);
}

static void port_chains(const struct mn_ver *ver, struct mn_chain **in,
			struct mn_chain **out)
{
	const struct mn_port_ver *v = mn_port_ver(ver);

	*in = v->in_chain;
	*out = v->out_chain;
}

static int fill_lists(struct sk_buff *skb, const struct mn_port_ver *v)
{
	const struct mn_allowed *a = mn_port_allowed(v);
	struct nlattr *nla;
	int i, len;

	for (i = 0; i < v->n_groups; i++) {
		if (mn_nl_put_id(skb, MIDONET_A_PORT_GROUPS,
				 &v->groups[i]->obj))
			return -EMSGSIZE;
	}
	for (i = 0; i < v->n_allowed; i++, a++) {
		len = a->family == AF_INET ? 4 : a->family ? 16 : 0;
		nla = nla_reserve(skb, MIDONET_A_ALLOWED_ADDRESSES,
				  ETH_ALEN + (len ? 1 + len : 0));
		if (!nla)
			return -EMSGSIZE;
		memcpy(nla_data(nla), a->mac, ETH_ALEN);
		if (!len)
			continue;
		*(u8 *)(nla_data(nla) + ETH_ALEN) = a->plen;
		memcpy(nla_data(nla) + ETH_ALEN + 1, &a->addr, len);
	}
	return 0;
}

static int fill_addresses(struct sk_buff *skb, const struct mn_port_ver *v)
{
	const struct mn_address *a = mn_port_addresses(v);
	int i;

	for (i = 0; i < v->n_addresses; i++, a++) {
		if (mn_nl_put_prefix(skb, MIDONET_A_ADDRESSES, a->family,
				     a->plen, &a->addr))
			return -EMSGSIZE;
	}
	return 0;
}

static int fill_binding(struct sk_buff *skb, const struct mn_port_ver *v)
{
	if ((v->peer && mn_nl_put_id(skb, MIDONET_A_PEER, &v->peer->obj)) ||
	    (v->host && mn_nl_put_id(skb, MIDONET_A_HOST, &v->host->obj)) ||
	    (v->in_chain &&
	     mn_nl_put_id(skb, MIDONET_A_IN_CHAIN, &v->in_chain->obj)) ||
	    (v->out_chain &&
	     mn_nl_put_id(skb, MIDONET_A_OUT_CHAIN, &v->out_chain->obj)) ||
	    (v->dev[0] && nla_put_string(skb, MIDONET_A_DEV, v->dev)) ||
	    (v->vlan && nla_put_u16(skb, MIDONET_A_VLAN, v->vlan)))
		return -EMSGSIZE;
	return 0;
}

static int fill_state(struct mn_net *mn, const struct mn_port *port,
		      struct sk_buff *skb)
{
	const struct net_device *dev;
	const struct mn_reason *reason;
	u8 state = READ_ONCE(port->state);
	char text[160];
	int err;

	rcu_read_lock();
	reason = rcu_dereference(port->reason);
	dev = rcu_dereference(port->dev);
	text[0] = '\0';
	if (reason)
		strscpy(text, reason->text, sizeof(text));
	else if (state == MIDONET_PORT_STATE_UP && dev &&
		 mn_vport_has_address(dev))
		snprintf(text, sizeof(text),
			 "warning: device %s has an IP address, which this host can no longer use; ip address flush dev %s",
			 dev->name, dev->name);
	rcu_read_unlock();
	err = nla_put_u8(skb, MIDONET_A_STATE, state);
	if (!err && text[0])
		err = nla_put_string(skb, MIDONET_A_STATE_REASON, text);
	return err;
}

static int port_fill(struct mn_net *mn, const struct mn_obj *obj,
		     const struct mn_ver *ver, struct sk_buff *skb)
{
	const struct mn_port_ver *v = mn_port_ver(ver);

	if (nla_put_u8(skb, MIDONET_A_ADMIN_UP, v->admin_up) ||
	    (!is_zero_ether_addr(v->mac) &&
	     nla_put(skb, MIDONET_A_MAC, ETH_ALEN, v->mac)) ||
	    nla_put_u32(skb, MIDONET_A_MAC_LIMIT, v->mac_limit) ||
	    nla_put_u32(skb, MIDONET_A_TUNNEL_KEY, v->tunnel_key) ||
	    nla_put_u32(skb, MIDONET_A_MTU, v->mtu) ||
	    fill_binding(skb, v) || fill_addresses(skb, v) ||
	    fill_lists(skb, v))
		return -EMSGSIZE;
	return fill_state(mn, mn_port_of((struct mn_obj *)obj), skb);
}

const struct mn_type mn_port_type = {
	.name = "port",
	.type = MIDONET_OBJECT_TYPE_PORT,
	.parents = BIT(MIDONET_OBJECT_TYPE_BRIDGE) |
		   BIT(MIDONET_OBJECT_TYPE_ROUTER),
	.size = sizeof(struct mn_port),
	.init = port_init,
	.leave = port_leave,
	.free = port_free,
	.parse = mn_port_parse,
	.link = mn_port_link,
	.uses = port_uses,
	.chains = port_chains,
	.validate = mn_port_validate,
	.derive = port_derive,
	.publish = port_publish,
	.contents = port_contents,
	.fill = port_fill,
};
