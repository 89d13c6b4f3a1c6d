// SPDX-License-Identifier: GPL-2.0
/*
 * Neighbours that are configured: who has an address on a bridge, or behind a
 * port of a router. A bridge answers ARP and ND for its own (l3/arp.c, l3/nd.c),
 * a router takes them for next hops (l3/nbr.c).
 *
 * The addresses of router ports on the bridges they are linked to are kept in
 * the same table (l3/neigh_derive.c). They and a static neighbour may have the
 * same address; then the one that was there first counts.
 */
#include <linux/etherdevice.h>
#include <linux/rhashtable.h>
#include <linux/slab.h>
#include <net/ipv6.h>

#include "config/nl.h"
#include "config/txn.h"
#include "l2/bridge.h"
#include "l3/nbr.h"
#include "l3/neigh.h"
#include "l3/route.h"
#include "l3/router.h"
#include "port/port.h"
#include "sim/dep.h"

static const struct rhashtable_params neigh_params = {
	.head_offset = offsetof(struct mn_static_neigh, node),
	.key_offset = offsetof(struct mn_static_neigh, key),
	.key_len = sizeof(struct mn_neigh_key),
	.automatic_shrinking = true,
};

static struct mn_static_neigh *of_entry(struct mn_entry *e)
{
	return container_of(e, struct mn_static_neigh, entry);
}

/**
 * mn_neigh_key_set() - set a key up
 * @key: key
 * @owner: bridge, or port of a router
 * @family: AF_INET or AF_INET6
 * @addr: address of 4 or 16 bytes
 */
void mn_neigh_key_set(struct mn_neigh_key *key, const struct mn_obj *owner,
		      u8 family, const void *addr)
{
	memset(key, 0, sizeof(*key));
	key->owner = owner->index;
	key->kind = owner->ident.type;
	key->family = family;
	memcpy(&key->addr, addr, mn_addr_len(family));
}

/**
 * mn_neigh_dep() - slot of an address at a place
 * @mn: namespace
 * @key: both
 *
 * Return: slot of the version counter that moves when somebody else has the
 * address, or nobody; others may have the same one
 */
u32 mn_neigh_dep(const struct mn_net *mn, const struct mn_neigh_key *key)
{
	return mn_dep_slot(key, sizeof(*key), (u32)mn->seed.key[1]);
}

/**
 * mn_neigh_find() - who has an address, as configuration says
 * @mn: namespace
 * @key: address and place
 * @vlan: as &mn_flow_key.vlan
 * @generation: from mn_net_generation()
 *
 * Context: RCU.
 *
 * Return: the entry that is there in that generation, of several the first one;
 * or NULL
 */
const struct mn_static_neigh *mn_neigh_find(struct mn_net *mn,
					    const struct mn_neigh_key *key,
					    u16 vlan, u64 generation)
{
	struct mn_static_neigh *n, *first = NULL;
	struct rhlist_head *list, *pos;

	list = rhltable_lookup(&mn->neighs, key, neigh_params);
	rhl_for_each_entry_rcu(n, pos, list, node) {
		if (!mn_entry_at(&n->entry, generation) ||
		    (n->vlan != MN_NEIGH_ANY_VLAN && n->vlan != (vlan & 0xfff)))
			continue;
		/* The list has the newest in front. */
		if (!first || READ_ONCE(n->entry.born) <=
			      READ_ONCE(first->entry.born))
			first = n;
	}
	return first;
}

/**
 * mn_neigh_find_end() - an entry that will be there after the commit in progress
 * @mn: namespace, locked
 * @key: address and place
 * @port: its port, or NULL for any
 * @origin: &enum midonet_origin
 *
 * Return: entry or NULL
 */
struct mn_static_neigh *mn_neigh_find_end(struct mn_net *mn,
					  const struct mn_neigh_key *key,
					  const struct mn_port *port,
					  u8 origin)
{
	struct mn_static_neigh *n, *found = NULL;
	struct rhlist_head *list, *pos;

	mn_assert_lock(mn);
	rcu_read_lock();
	list = rhltable_lookup(&mn->neighs, key, neigh_params);
	rhl_for_each_entry_rcu(n, pos, list, node) {
		if (mn_entry_end(&n->entry) && n->origin == origin &&
		    (!port || n->port == port)) {
			found = n;
			break;
		}
	}
	rcu_read_unlock();
	return found;
}

static bool addr_ok(const struct mn_neigh_key *key)
{
	__be32 v4 = key->addr.s6_addr32[0];

	if (key->family == AF_INET)
		return v4 && !ipv4_is_multicast(v4) && !ipv4_is_lbcast(v4);
	return !ipv6_addr_any(&key->addr) && !ipv6_addr_is_multicast(&key->addr);
}

/**
 * mn_neigh_refuse() - refuse a commit because of a neighbour
 * @txn: transaction
 * @err: negative error
 * @parent: bridge or router
 * @key: of the neighbour
 * @what: is wrong with it
 *
 * Return: @err
 */
int mn_neigh_refuse(struct mn_txn *txn, int err, const struct mn_obj *parent,
		    const struct mn_neigh_key *key, const char *what)
{
	const char *of = mn_types[parent->ident.type]->name;

	if (key->family == AF_INET)
		return mn_txn_err(txn, err, "%s %s: neighbour %pI4 %s", of,
				  parent->name, &key->addr, what);
	return mn_txn_err(txn, err, "%s %s: neighbour %pI6c %s", of,
			  parent->name, &key->addr, what);
}

/* Behind which port of a router; NULL on bridges. */
static struct mn_port *get_port(struct mn_txn *txn, struct nlattr *attr,
				const struct mn_obj *parent, u8 verb,
				struct netlink_ext_ack *extack)
{
	struct mn_obj *obj;

	if (parent->ident.type == MIDONET_OBJECT_TYPE_BRIDGE) {
		if (!attr)
			return NULL;
		NL_SET_BAD_ATTR(extack, attr);
		return ERR_PTR(mn_txn_err(txn, -EINVAL,
					  "bridge %s: a neighbour on a bridge has no port; routers' have one",
					  parent->name));
	}
	if (!attr)
		return ERR_PTR(mn_txn_err(txn, -EINVAL,
					  "router %s: a neighbour of a router needs the port it is behind",
					  parent->name));
	obj = mn_txn_ref(txn, parent, attr, MIDONET_OBJECT_TYPE_PORT, "port",
			 extack);
	if (IS_ERR(obj))
		return ERR_CAST(obj);
	if (obj->parent != parent) {
		NL_SET_BAD_ATTR(extack, attr);
		return ERR_PTR(mn_txn_err(txn, -EINVAL,
					  "router %s: port %s belongs to %s, a neighbour needs a port of its own router",
					  parent->name, obj->name,
					  obj->parent->name));
	}
	if (verb == MN_VERB_NEW && obj->pending && obj->pending->dead) {
		NL_SET_BAD_ATTR(extack, attr);
		return ERR_PTR(mn_txn_err(txn, -ENOENT,
					  "router %s: port %s is removed",
					  parent->name, obj->name));
	}
	return mn_port_of(obj);
}

static int get_key(struct mn_txn *txn, const struct mn_op *op,
		   struct nlattr **tb, struct netlink_ext_ack *extack,
		   struct mn_static_neigh *what, struct mn_obj **parent)
{
	struct nlattr *addr = tb[MIDONET_A_ADDRESS];
	struct mn_obj *dev;

	if (!tb[MIDONET_A_PARENT] || !addr)
		return mn_txn_err(txn, -EINVAL,
				  "a neighbour needs parent (its bridge or router) and address");
	dev = mn_txn_ref_any(txn, NULL, tb[MIDONET_A_PARENT],
			     mn_neighbour_type.parents, "parent", extack);
	if (IS_ERR(dev))
		return PTR_ERR(dev);
	*parent = dev;
	what->port = get_port(txn, tb[MIDONET_A_PORT], dev, op->verb, extack);
	if (IS_ERR(what->port))
		return PTR_ERR(what->port);
	if (nla_len(addr) == sizeof(struct in_addr) ||
	    nla_len(addr) == sizeof(struct in6_addr)) {
		mn_neigh_key_set(&what->key, what->port ? &what->port->obj : dev,
				 nla_len(addr) == sizeof(struct in_addr) ?
				 AF_INET : AF_INET6, nla_data(addr));
		if (addr_ok(&what->key))
			return 0;
		NL_SET_BAD_ATTR(extack, addr);
		return mn_neigh_refuse(txn, -EINVAL, dev, &what->key,
				       "is not the address of one station");
	}
	NL_SET_BAD_ATTR(extack, addr);
	return mn_txn_err(txn, -EINVAL,
			  "%s %s: a neighbour's address is one unicast IPv4 or IPv6 address",
			  mn_types[dev->ident.type]->name, dev->name);
}

static struct list_head *list_of(struct mn_obj *parent)
{
	if (parent->ident.type == MIDONET_OBJECT_TYPE_ROUTER)
		return &mn_router_of(parent)->neighs;
	return &mn_bridge_of(parent)->neighs;
}

/**
 * mn_neigh_enter() - a neighbour is to be born
 * @txn: transaction
 * @what: key, mac, vlan, origin and port of it
 * @parent: bridge or router
 *
 * Context: mn_net.lock, may sleep.
 *
 * Return: 0, -ENOSPC, -ENOMEM
 */
int mn_neigh_enter(struct mn_txn *txn, const struct mn_static_neigh *what,
		   struct mn_obj *parent)
{
	struct mn_net *mn = txn->mn;
	struct mn_static_neigh *n;
	int err;

	if ((u32)atomic_read(&mn->neighs.ht.nelems) >=
	    READ_ONCE(mn->limits.neighbours_max))
		return mn_neigh_refuse(txn, -ENOSPC, parent, &what->key,
				       "is one too many; raise net.midonet.neighbours_max");
	n = kzalloc(sizeof(*n), GFP_KERNEL_ACCOUNT);
	if (!n)
		return -ENOMEM;
	n->key = what->key;
	ether_addr_copy(n->mac, what->mac);
	n->vlan = what->vlan;
	n->origin = what->origin;
	n->port = what->port;
	n->entry.parent = parent;
	n->entry.type = MIDONET_OBJECT_TYPE_NEIGHBOUR;
	mn_txn_entry_new(txn, &n->entry);
	err = rhltable_insert(&mn->neighs, &n->node, neigh_params);
	if (err) {
		list_del(&n->entry.list);
		kfree(n);
		return err;
	}
	list_add_tail_rcu(&n->siblings, list_of(parent));
	if (n->port)
		hlist_add_head(&n->by_port, &n->port->derived);
	return 0;
}

/* Why a neighbour that follows from a router port cannot be touched. */
static int refuse_derived(struct mn_txn *txn, int err,
			  const struct mn_static_neigh *n,
			  const struct mn_obj *parent)
{
	const struct mn_port_ver *v = mn_port_newest(txn->mn, n->port);
	char what[192];

	if (v && !mn_nbr_owns(v, n->key.family, &n->key.addr))
		snprintf(what, sizeof(what),
			 "is a VIP of router %s, which is linked to the bridge; change its load-balancer",
			 n->port->obj.parent->name);
	else
		snprintf(what, sizeof(what),
			 "is an address of port %s:%s, which is linked to the bridge; change the port's addresses or peer",
			 n->port->obj.parent->name, n->port->obj.name);
	return mn_neigh_refuse(txn, err, parent, &n->key, what);
}

static int neigh_del_op(struct mn_txn *txn, const struct mn_static_neigh *what,
			const struct mn_obj *parent)
{
	struct mn_static_neigh *old;

	old = mn_neigh_find_end(txn->mn, &what->key, NULL,
				MIDONET_ORIGIN_STATIC);
	if (old) {
		mn_txn_entry_del(txn, &old->entry);
		return 0;
	}
	old = mn_neigh_find_end(txn->mn, &what->key, NULL,
				MIDONET_ORIGIN_CONNECTED);
	if (old)
		return refuse_derived(txn, -EPERM, old, parent);
	return mn_neigh_refuse(txn, -ENOENT, parent, &what->key,
			       "does not exist");
}

static int neigh_op(struct mn_txn *txn, struct mn_op *op, struct nlattr **tb,
		    struct netlink_ext_ack *extack)
{
	struct mn_static_neigh what = {
		.vlan = MN_NEIGH_ANY_VLAN,
		.origin = MIDONET_ORIGIN_STATIC,
	};
	struct mn_static_neigh *old;
	struct mn_obj *parent;
	int err;

	err = get_key(txn, op, tb, extack, &what, &parent);
	if (err)
		return err;
	if (op->verb == MN_VERB_DEL)
		return neigh_del_op(txn, &what, parent);
	if (mn_neigh_find_end(txn->mn, &what.key, NULL, MIDONET_ORIGIN_STATIC))
		return mn_neigh_refuse(txn, -EEXIST, parent, &what.key,
				       "exists already");
	old = mn_neigh_find_end(txn->mn, &what.key, NULL,
				MIDONET_ORIGIN_CONNECTED);
	if (old)
		return refuse_derived(txn, -EEXIST, old, parent);
	if (!tb[MIDONET_A_MAC])
		return mn_neigh_refuse(txn, -EINVAL, parent, &what.key,
				       "needs a mac");
	if (!is_valid_ether_addr(nla_data(tb[MIDONET_A_MAC]))) {
		NL_SET_BAD_ATTR(extack, tb[MIDONET_A_MAC]);
		return mn_neigh_refuse(txn, -EINVAL, parent, &what.key,
				       "needs the mac of one station");
	}
	ether_addr_copy(what.mac, nla_data(tb[MIDONET_A_MAC]));
	return mn_neigh_enter(txn, &what, parent);
}

static int refuse_own(struct mn_txn *txn, const struct mn_static_neigh *n,
		      const struct mn_port *own)
{
	char what[128];

	snprintf(what, sizeof(what),
		 "is the router's own address (port %s); a neighbour has another",
		 own->obj.name);
	return mn_neigh_refuse(txn, -EINVAL, n->entry.parent, &n->key, what);
}

static bool is_behind_router(const struct mn_static_neigh *n)
{
	return n->origin == MIDONET_ORIGIN_STATIC && n->port &&
	       mn_entry_end(&n->entry);
}

static int neigh_validate(struct mn_txn *txn, struct mn_entry *e)
{
	const struct mn_static_neigh *n = of_entry(e);
	const struct mn_port *own = n->port;
	const struct mn_port_ver *v;

	if (!is_behind_router(n))
		return 0;
	v = mn_port_end(txn->mn, n->port);
	if (!v || !mn_nbr_owns(v, n->key.family, &n->key.addr))
		own = mn_route_own_port(mn_router_of(e->parent), n->key.family,
					&n->key.addr);
	return own ? refuse_own(txn, n, own) : 0;
}

/**
 * mn_neighs_check() - is a neighbour of a router the router itself?
 * @txn: transaction
 * @router: router, one of whose ports gets an address
 *
 * Looks at all of them, once in a commit.
 *
 * Context: mn_net.lock.
 *
 * Return: 0, or -EINVAL for one that is, or will be, an address of a port
 */
int mn_neighs_check(struct mn_txn *txn, struct mn_router *router)
{
	const struct mn_static_neigh *n;
	const struct mn_port *own;

	while (!txn->mark)
		txn->mark = ++txn->mn->searches;
	if (router->obj.mark == txn->mark)
		return 0;
	router->obj.mark = txn->mark;
	list_for_each_entry(n, &router->neighs, siblings) {
		if (!is_behind_router(n))
			continue;
		own = mn_route_own_port(router, n->key.family, &n->key.addr);
		if (own)
			return refuse_own(txn, n, own);
	}
	return 0;
}

/**
 * mn_neighs_check_port() - is a neighbour behind a router port the port itself?
 * @txn: transaction
 * @port: router port
 * @v: how it will be
 *
 * Link-local addresses too, which are no matter of the router's routes.
 *
 * Context: mn_net.lock.
 *
 * Return: 0 or -EINVAL
 */
int mn_neighs_check_port(struct mn_txn *txn, const struct mn_port *port,
			 const struct mn_port_ver *v)
{
	const struct mn_address *a = mn_port_addresses(v);
	const struct mn_static_neigh *n;
	struct in6_addr link_local;
	struct mn_neigh_key key;
	int i;

	mn_port_link_local(v, &link_local);
	mn_neigh_key_set(&key, &port->obj, AF_INET6, &link_local);
	n = mn_neigh_find_end(txn->mn, &key, NULL, MIDONET_ORIGIN_STATIC);
	for (i = 0; !n && i < v->n_addresses; i++, a++) {
		mn_neigh_key_set(&key, &port->obj, a->family, &a->addr);
		n = mn_neigh_find_end(txn->mn, &key, NULL,
				      MIDONET_ORIGIN_STATIC);
	}
	return n ? refuse_own(txn, n, port) : 0;
}

/**
 * mn_neighs_del() - a bridge or router goes, with its neighbours
 * @txn: transaction
 * @neighs: its list of neighbours
 *
 * Context: mn_net.lock.
 */
void mn_neighs_del(struct mn_txn *txn, struct list_head *neighs)
{
	struct mn_static_neigh *n, *next;

	list_for_each_entry_safe(n, next, neighs, siblings) {
		if (mn_entry_end(&n->entry))
			mn_txn_entry_del(txn, &n->entry);
	}
}

/**
 * mn_neighs_del_port() - a port goes, with the neighbours behind it, and the one
 *	it is itself
 * @txn: transaction
 * @port: port
 *
 * Context: mn_net.lock.
 */
void mn_neighs_del_port(struct mn_txn *txn, struct mn_port *port)
{
	struct mn_static_neigh *n;
	struct hlist_node *next;

	hlist_for_each_entry_safe(n, next, &port->derived, by_port) {
		if (mn_entry_end(&n->entry))
			mn_txn_entry_del(txn, &n->entry);
	}
}

static void neigh_changed(struct mn_net *mn, struct mn_entry *e)
{
	mn_dep_bump(mn, mn_neigh_dep(mn, &of_entry(e)->key));
}

static void neigh_del(struct mn_net *mn, struct mn_entry *e)
{
	struct mn_static_neigh *n = of_entry(e);

	if (n->port)
		hlist_del(&n->by_port);
	list_del_rcu(&n->siblings);
	rhltable_remove(&mn->neighs, &n->node, neigh_params);
}

/**
 * mn_neighs_init() - set up the neighbours of a namespace
 * @mn: namespace
 *
 * Return: 0 or a negative error
 */
int mn_neighs_init(struct mn_net *mn)
{
	return rhltable_init(&mn->neighs, &neigh_params);
}

/**
 * mn_neighs_exit() - free their table
 * @mn: namespace; its entries are gone
 */
void mn_neighs_exit(struct mn_net *mn)
{
	rhltable_destroy(&mn->neighs);
}

const struct mn_type mn_neighbour_type = {
	.name = "neighbour",
	.type = MIDONET_OBJECT_TYPE_NEIGHBOUR,
	.parents = BIT(MIDONET_OBJECT_TYPE_BRIDGE) |
		   BIT(MIDONET_OBJECT_TYPE_ROUTER),
	.op = neigh_op,
	.entry_validate = neigh_validate,
	.entry_changed = neigh_changed,
	.entry_del = neigh_del,
	.dump = mn_neighs_dump,
};
