// SPDX-License-Identifier: GPL-2.0
/*
 * Static neighbours of bridges: who has an address. ARP and ND for it are
 * answered by the bridge (l3/arp.c, l3/nd.c).
 */
#include <linux/etherdevice.h>
#include <linux/rhashtable.h>
#include <linux/slab.h>
#include <net/ipv6.h>

#include "config/dump.h"
#include "config/nl.h"
#include "config/txn.h"
#include "l2/bridge.h"
#include "l3/neigh.h"

static const struct rhashtable_params neigh_params = {
	.head_offset = offsetof(struct mn_static_neigh, entry.node),
	.key_offset = offsetof(struct mn_static_neigh, key),
	.key_len = sizeof(struct mn_neigh_key),
	.automatic_shrinking = true,
};

static_assert(sizeof(struct mn_neigh_key) == 24);

static int addr_len(u32 family)
{
	return family == AF_INET ? sizeof(struct in_addr) :
				   sizeof(struct in6_addr);
}

/**
 * mn_neigh_find() - who has an address, as configuration says
 * @mn: namespace
 * @bridge: bridge
 * @family: AF_INET or AF_INET6
 * @addr: address of 4 or 16 bytes
 * @generation: from mn_net_generation()
 *
 * Context: RCU.
 *
 * Return: the entry that is there in that generation, or NULL
 */
const struct mn_static_neigh *mn_neigh_find(struct mn_net *mn,
					    const struct mn_bridge *bridge,
					    u8 family, const void *addr,
					    u64 generation)
{
	struct mn_neigh_key key = {
		.owner = bridge->obj.index,
		.family = family,
	};
	struct rhlist_head *list, *pos;
	struct mn_static_neigh *n;

	memcpy(&key.addr, addr, addr_len(family));
	list = rhltable_lookup(&mn->neighs, &key, neigh_params);
	rhl_for_each_entry_rcu(n, pos, list, entry.node) {
		if (mn_entry_at(&n->entry, generation))
			return n;
	}
	return NULL;
}

/* The entry that will be there after the commit in progress. */
static struct mn_static_neigh *find_end(struct mn_net *mn,
					const struct mn_neigh_key *key)
{
	struct mn_static_neigh *n, *found = NULL;
	struct rhlist_head *list, *pos;

	mn_assert_lock(mn);
	rcu_read_lock();
	list = rhltable_lookup(&mn->neighs, key, neigh_params);
	rhl_for_each_entry_rcu(n, pos, list, entry.node) {
		if (mn_entry_end(&n->entry)) {
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

static int get_key(struct mn_txn *txn, struct nlattr **tb,
		   struct netlink_ext_ack *extack, struct mn_neigh_key *key,
		   struct mn_obj **bridge)
{
	int len;

	if (!tb[MIDONET_A_PARENT] || !tb[MIDONET_A_ADDRESS])
		return mn_txn_err(txn, -EINVAL,
				  "a neighbour needs parent (its bridge) and address");
	*bridge = mn_txn_ref(txn, NULL, tb[MIDONET_A_PARENT],
			     MIDONET_OBJECT_TYPE_BRIDGE, "parent", extack);
	if (IS_ERR(*bridge))
		return PTR_ERR(*bridge);
	len = nla_len(tb[MIDONET_A_ADDRESS]);
	key->owner = (*bridge)->index;
	key->family = len == sizeof(struct in_addr) ? AF_INET : AF_INET6;
	if (len == addr_len(key->family)) {
		memcpy(&key->addr, nla_data(tb[MIDONET_A_ADDRESS]), len);
		if (addr_ok(key))
			return 0;
	}
	NL_SET_BAD_ATTR(extack, tb[MIDONET_A_ADDRESS]);
	return mn_txn_err(txn, -EINVAL,
			  "bridge %s: a neighbour's address is one unicast IPv4 or IPv6 address",
			  (*bridge)->name);
}

static int refuse(struct mn_txn *txn, int err, const struct mn_obj *bridge,
		  const struct mn_neigh_key *key, const char *what)
{
	if (key->family == AF_INET)
		return mn_txn_err(txn, err, "bridge %s: neighbour %pI4 %s",
				  bridge->name, &key->addr, what);
	return mn_txn_err(txn, err, "bridge %s: neighbour %pI6c %s",
			  bridge->name, &key->addr, what);
}

static int enter(struct mn_txn *txn, const struct mn_neigh_key *key,
		 const u8 *mac, struct mn_obj *bridge)
{
	struct mn_net *mn = txn->mn;
	struct mn_static_neigh *n;
	int err;

	if ((u32)atomic_read(&mn->neighs.ht.nelems) >=
	    READ_ONCE(mn->limits.neighbours_max))
		return refuse(txn, -ENOSPC, bridge, key,
			      "is one too many; raise net.midonet.neighbours_max");
	n = kzalloc(sizeof(*n), GFP_KERNEL_ACCOUNT);
	if (!n)
		return -ENOMEM;
	n->key = *key;
	ether_addr_copy(n->mac, mac);
	n->entry.parent = bridge;
	n->entry.type = MIDONET_OBJECT_TYPE_NEIGHBOUR;
	mn_txn_entry_new(txn, &n->entry);
	err = rhltable_insert(&mn->neighs, &n->entry.node, neigh_params);
	if (err) {
		list_del(&n->entry.list);
		kfree(n);
		return err;
	}
	list_add_tail_rcu(&n->entry.siblings, &mn_bridge_of(bridge)->neighs);
	return 0;
}

static int neigh_op(struct mn_txn *txn, struct mn_op *op, struct nlattr **tb,
		    struct netlink_ext_ack *extack)
{
	struct mn_neigh_key key = {};
	struct mn_static_neigh *old;
	struct mn_obj *bridge;
	int err;

	err = get_key(txn, tb, extack, &key, &bridge);
	if (err)
		return err;
	old = find_end(txn->mn, &key);
	if (op->verb == MN_VERB_DEL) {
		if (!old)
			return refuse(txn, -ENOENT, bridge, &key,
				      "does not exist");
		mn_txn_entry_del(txn, &old->entry);
		return 0;
	}
	if (old)
		return refuse(txn, -EEXIST, bridge, &key, "exists already");
	if (!tb[MIDONET_A_MAC])
		return refuse(txn, -EINVAL, bridge, &key, "needs a mac");
	if (!is_valid_ether_addr(nla_data(tb[MIDONET_A_MAC]))) {
		NL_SET_BAD_ATTR(extack, tb[MIDONET_A_MAC]);
		return refuse(txn, -EINVAL, bridge, &key,
			      "needs the mac of one station");
	}
	return enter(txn, &key, nla_data(tb[MIDONET_A_MAC]), bridge);
}

/**
 * mn_neighs_del() - a bridge goes, with its neighbours
 * @txn: transaction
 * @bridge: bridge
 *
 * Context: mn_net.lock.
 */
void mn_neighs_del(struct mn_txn *txn, struct mn_bridge *bridge)
{
	struct mn_static_neigh *n, *next;

	list_for_each_entry_safe(n, next, &bridge->neighs, entry.siblings) {
		if (mn_entry_end(&n->entry))
			mn_txn_entry_del(txn, &n->entry);
	}
}

/* ARP and ND are never cached, so no flow depends on an entry. */
static void neigh_changed(struct mn_net *mn, struct mn_entry *e)
{
}

static void neigh_del(struct mn_net *mn, struct mn_entry *e)
{
	list_del_rcu(&e->siblings);
	rhltable_remove(&mn->neighs, &e->node, neigh_params);
}

static int fill(struct sk_buff *skb, struct mn_dump *cur,
		const struct mn_static_neigh *n)
{
	void *hdr = mn_dump_msg(skb, cur);

	if (!hdr)
		return -EMSGSIZE;
	if (mn_nl_put_id(skb, MIDONET_A_PARENT, n->entry.parent) ||
	    nla_put(skb, MIDONET_A_ADDRESS, addr_len(n->key.family),
		    &n->key.addr) ||
	    nla_put(skb, MIDONET_A_MAC, ETH_ALEN, n->mac) ||
	    nla_put_u8(skb, MIDONET_A_ORIGIN, MIDONET_ORIGIN_STATIC)) {
		genlmsg_cancel(skb, hdr);
		return -EMSGSIZE;
	}
	genlmsg_end(skb, hdr);
	return 0;
}

static int dump_bridge(struct mn_net *mn, struct sk_buff *skb,
		       struct mn_dump *cur, const struct mn_bridge *bridge)
{
	u64 generation = mn_net_generation(mn);
	const struct mn_static_neigh *n;
	unsigned long i = 0;
	int err;

	list_for_each_entry_rcu(n, &bridge->neighs, entry.siblings) {
		if (i++ < cur->sub)
			continue;
		if (mn_entry_at(&n->entry, generation)) {
			err = fill(skb, cur, n);
			if (err)
				return err;
		}
		cur->sub = i;
	}
	return 0;
}

static int neigh_dump(struct mn_net *mn, struct sk_buff *skb,
		      struct mn_dump *cur)
{
	struct mn_obj *obj;
	int err;

	while ((obj = mn_dump_next(mn, cur, MIDONET_OBJECT_TYPE_BRIDGE))) {
		if (!cur->filter || obj->index == cur->parent) {
			err = dump_bridge(mn, skb, cur, mn_bridge_of(obj));
			if (err)
				return err;
		}
		cur->index++;
		cur->sub = 0;
	}
	return 0;
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
	.parent_type = MIDONET_OBJECT_TYPE_BRIDGE,
	.op = neigh_op,
	.entry_changed = neigh_changed,
	.entry_del = neigh_del,
	.dump = neigh_dump,
};
