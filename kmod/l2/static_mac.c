// SPDX-License-Identifier: GPL-2.0
/*
 * Static entries of the MAC table: configuration, born and removed by commits.
 * They never move, and what is learned of the same MAC does not count.
 */
#include <linux/etherdevice.h>
#include <linux/rhashtable.h>
#include <linux/slab.h>

#include "config/nl.h"
#include "config/txn.h"
#include "l2/bridge.h"
#include "l2/fdb.h"
#include "port/port.h"
#include "sim/dep.h"

static const struct rhashtable_params static_params = {
	.head_offset = offsetof(struct mn_static_mac, node),
	.key_offset = offsetof(struct mn_static_mac, key),
	.key_len = sizeof(struct mn_fdb_key),
	.automatic_shrinking = true,
};

static struct mn_static_mac *of_entry(struct mn_entry *e)
{
	return container_of(e, struct mn_static_mac, entry);
}

/**
 * mn_static_mac_find() - static entry of a MAC
 * @mn: namespace
 * @key: bridge, VLAN and MAC
 * @generation: from mn_net_generation()
 *
 * Context: RCU.
 *
 * Return: the entry that is there in that generation, or NULL
 */
struct mn_static_mac *mn_static_mac_find(struct mn_net *mn,
					 const struct mn_fdb_key *key,
					 u64 generation)
{
	struct rhlist_head *list, *pos;
	struct mn_static_mac *s;

	list = rhltable_lookup(&mn->static_macs, key, static_params);
	rhl_for_each_entry_rcu(s, pos, list, node) {
		if (mn_entry_at(&s->entry, generation))
			return s;
	}
	return NULL;
}

/* The entry that will be there after the commit in progress. */
static struct mn_static_mac *find_end(struct mn_net *mn,
				      const struct mn_fdb_key *key)
{
	struct mn_static_mac *s, *found = NULL;
	struct rhlist_head *list, *pos;

	mn_assert_lock(mn);
	rcu_read_lock();
	list = rhltable_lookup(&mn->static_macs, key, static_params);
	rhl_for_each_entry_rcu(s, pos, list, node) {
		if (mn_entry_end(&s->entry)) {
			found = s;
			break;
		}
	}
	rcu_read_unlock();
	return found;
}

static int get_key(struct mn_txn *txn, struct nlattr **tb,
		   struct netlink_ext_ack *extack, struct mn_fdb_key *key,
		   struct mn_obj **bridge)
{
	const u8 *mac;

	if (!tb[MIDONET_A_PARENT] || !tb[MIDONET_A_MAC])
		return mn_txn_err(txn, -EINVAL,
				  "a static mac needs parent (its bridge) and mac");
	*bridge = mn_txn_ref(txn, NULL, tb[MIDONET_A_PARENT],
			     MIDONET_OBJECT_TYPE_BRIDGE, "parent", extack);
	if (IS_ERR(*bridge))
		return PTR_ERR(*bridge);
	mac = nla_data(tb[MIDONET_A_MAC]);
	if (!is_valid_ether_addr(mac)) {
		NL_SET_BAD_ATTR(extack, tb[MIDONET_A_MAC]);
		return mn_txn_err(txn, -EINVAL,
				  "bridge %s: mac %pM is not the address of one station",
				  (*bridge)->name, mac);
	}
	key->bridge = (*bridge)->index;
	key->vlan = tb[MIDONET_A_VLAN] ? nla_get_u16(tb[MIDONET_A_VLAN]) : 0;
	ether_addr_copy(key->mac, mac);
	return 0;
}

static struct mn_port *get_port(struct mn_txn *txn, struct nlattr *attr,
				const struct mn_obj *bridge,
				struct netlink_ext_ack *extack)
{
	struct mn_obj *obj;

	if (!attr)
		return ERR_PTR(mn_txn_err(txn, -EINVAL,
					  "a new static mac of bridge %s needs a port",
					  bridge->name));
	obj = mn_txn_ref(txn, bridge, attr, MIDONET_OBJECT_TYPE_PORT, "port",
			 extack);
	if (IS_ERR(obj))
		return ERR_CAST(obj);
	if (obj->parent == bridge && !(obj->pending && obj->pending->dead))
		return mn_port_of(obj);
	NL_SET_BAD_ATTR(extack, attr);
	if (obj->parent == bridge)
		return ERR_PTR(mn_txn_err(txn, -ENOENT,
					  "bridge %s: port %s is removed",
					  bridge->name, obj->name));
	return ERR_PTR(mn_txn_err(txn, -EINVAL,
				  "bridge %s: port %s belongs to %s, a static mac needs a port of its own bridge",
				  bridge->name, obj->name, obj->parent->name));
}

static int enter(struct mn_txn *txn, const struct mn_fdb_key *key,
		 struct mn_obj *bridge, struct mn_port *port,
		 struct mn_port *router)
{
	struct mn_net *mn = txn->mn;
	struct mn_static_mac *s;
	int err;

	if ((u32)atomic_read(&mn->static_macs.ht.nelems) >=
	    READ_ONCE(mn->limits.macs_max))
		return mn_txn_err(txn, -ENOSPC,
				  "bridge %s: there are %u static macs already; raise net.midonet.macs_max",
				  bridge->name, mn->limits.macs_max);
	s = kzalloc(sizeof(*s), GFP_KERNEL_ACCOUNT);
	if (!s)
		return -ENOMEM;
	s->key = *key;
	s->port = port;
	s->router = router;
	s->entry.parent = bridge;
	s->entry.type = MIDONET_OBJECT_TYPE_MAC;
	mn_txn_entry_new(txn, &s->entry);
	err = rhltable_insert(&mn->static_macs, &s->node, static_params);
	if (err) {
		list_del(&s->entry.list);
		kfree(s);
		return err;
	}
	list_add_tail_rcu(&s->siblings, &mn_bridge_of(bridge)->static_macs);
	hlist_add_head(&s->by_port, &port->statics);
	return 0;
}

static int mac_op(struct mn_txn *txn, struct mn_op *op, struct nlattr **tb,
		  struct netlink_ext_ack *extack)
{
	struct mn_fdb_key key = {};
	struct mn_static_mac *old;
	struct mn_obj *bridge;
	struct mn_port *port;
	int err;

	err = get_key(txn, tb, extack, &key, &bridge);
	if (err)
		return err;
	old = find_end(txn->mn, &key);
	if (op->verb == MN_VERB_DEL) {
		if (!old)
			return mn_txn_err(txn, -ENOENT,
					  "bridge %s has no static mac %pM (vlan %u)",
					  bridge->name, key.mac, key.vlan);
		if (old->router)
			return mn_txn_err(txn, -EPERM,
					  "bridge %s: mac %pM is that of router port %s:%s; unlink the port, or give it another",
					  bridge->name, key.mac,
					  old->router->obj.parent->name,
					  old->router->obj.name);
		mn_txn_entry_del(txn, &old->entry);
		return 0;
	}
	if (old)
		return mn_txn_err(txn, -EEXIST,
				  "bridge %s has a static mac %pM (vlan %u) already, at port %s",
				  bridge->name, key.mac, key.vlan,
				  old->port->obj.name);
	port = get_port(txn, tb[MIDONET_A_PORT], bridge, extack);
	if (IS_ERR(port))
		return PTR_ERR(port);
	return enter(txn, &key, bridge, port, NULL);
}

/**
 * mn_static_macs_del() - a bridge goes, with its static MACs
 * @txn: transaction
 * @bridge: bridge
 *
 * Context: mn_net.lock.
 */
void mn_static_macs_del(struct mn_txn *txn, struct mn_bridge *bridge)
{
	struct mn_static_mac *s, *next;

	list_for_each_entry_safe(s, next, &bridge->static_macs, siblings) {
		if (mn_entry_end(&s->entry))
			mn_txn_entry_del(txn, &s->entry);
	}
}

/**
 * mn_static_macs_del_port() - a port goes, with the static MACs behind it
 * @txn: transaction
 * @port: port
 *
 * Context: mn_net.lock.
 */
void mn_static_macs_del_port(struct mn_txn *txn, struct mn_port *port)
{
	struct mn_static_mac *s;
	struct hlist_node *next;

	hlist_for_each_entry_safe(s, next, &port->statics, by_port) {
		if (mn_entry_end(&s->entry))
			mn_txn_entry_del(txn, &s->entry);
	}
}

/* Where the MAC of a router port is to be known; false: nowhere. */
static bool derive_key(struct mn_net *mn, const struct mn_port *port,
		       struct mn_fdb_key *key, struct mn_port **at)
{
	const struct mn_port_ver *v = mn_port_end(mn, port);
	const struct mn_port_ver *pv = v && v->peer ?
				       mn_port_end(mn, v->peer) : NULL;

	if (!pv || mn_port_on_router(v->peer))
		return false;
	memset(key, 0, sizeof(*key));
	key->bridge = v->peer->obj.parent->index;
	key->vlan = pv->vlan;
	ether_addr_copy(key->mac, v->mac);
	*at = v->peer;
	return true;
}

/* Let go of what a router port was behind @at, unless it is @key. */
static bool derived_stays(struct mn_txn *txn, const struct mn_port *router,
			  struct mn_port *at, const struct mn_fdb_key *key)
{
	struct mn_static_mac *s;
	struct hlist_node *next;
	bool stays = false;

	hlist_for_each_entry_safe(s, next, &at->statics, by_port) {
		if (s->router != router || !mn_entry_end(&s->entry))
			continue;
		if (key && !memcmp(&s->key, key, sizeof(*key)))
			stays = true;
		else
			mn_txn_entry_del(txn, &s->entry);
	}
	return stays;
}

/**
 * mn_static_mac_derive() - a bridge knows the MAC of a router port linked to it
 * @txn: transaction whose end state is good
 * @port: router port; it, or its peer, is touched
 *
 * Context: mn_net.lock, may sleep.
 *
 * Return: 0; -EEXIST if something else there has the MAC; -ENOSPC, -ENOMEM
 */
int mn_static_mac_derive(struct mn_txn *txn, struct mn_port *port)
{
	const struct mn_port_ver *was = mn_port_newest(txn->mn, port);
	struct mn_static_mac *other;
	struct mn_port *at = NULL;
	struct mn_fdb_key key;
	bool wanted;

	wanted = derive_key(txn->mn, port, &key, &at);
	if (was && was->peer && was->peer != at &&
	    !mn_port_on_router(was->peer))
		derived_stays(txn, port, was->peer, NULL);
	if (!wanted || derived_stays(txn, port, at, &key))
		return 0;
	other = find_end(txn->mn, &key);
	if (!other)
		return enter(txn, &key, at->obj.parent, at, port);
	return mn_txn_err(txn, -EEXIST,
			  "port %s:%s: mac: bridge %s has %pM already, at port %s; give one of them another mac",
			  port->obj.parent->name, port->obj.name,
			  at->obj.parent->name, key.mac,
			  other->port->obj.name);
}

static void mac_changed(struct mn_net *mn, struct mn_entry *e)
{
	const struct mn_fdb_key *key = &of_entry(e)->key;

	mn_dep_bump(mn, mn_dep_mac(mn, key->bridge, key->vlan, key->mac));
}

static void mac_del(struct mn_net *mn, struct mn_entry *e)
{
	struct mn_static_mac *s = of_entry(e);

	hlist_del(&s->by_port);
	list_del_rcu(&s->siblings);
	rhltable_remove(&mn->static_macs, &s->node, static_params);
}

/**
 * mn_static_macs_init() - set up the static MACs of a namespace
 * @mn: namespace
 *
 * Return: 0 or a negative error
 */
int mn_static_macs_init(struct mn_net *mn)
{
	return rhltable_init(&mn->static_macs, &static_params);
}

/**
 * mn_static_macs_exit() - free their table
 * @mn: namespace; its entries are gone
 */
void mn_static_macs_exit(struct mn_net *mn)
{
	rhltable_destroy(&mn->static_macs);
}

const struct mn_type mn_mac_type = {
	.name = "mac",
	.type = MIDONET_OBJECT_TYPE_MAC,
	.parents = BIT(MIDONET_OBJECT_TYPE_BRIDGE),
	.op = mac_op,
	.entry_changed = mac_changed,
	.entry_del = mac_del,
	.dump = mn_macs_dump,
};
