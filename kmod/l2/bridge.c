// SPDX-License-Identifier: GPL-2.0
/*
 * Bridges as configuration objects. What a bridge does to packets is in
 * bridge_walk.c.
 */
#include "config/nl.h"
#include "config/txn.h"
#include "l2/bridge.h"
#include "l2/fdb.h"
#include "l3/neigh.h"
#include "policy/chain.h"
#include "sim/dep.h"

#define MN_MAC_AGE	300
/* Tells the slot of a bridge's set of ports from that of its configuration. */
#define MN_FLOOD_SALT	0x100

static int bridge_init(struct mn_net *mn, struct mn_obj *obj)
{
	struct mn_bridge *bridge = mn_bridge_of(obj);

	INIT_LIST_HEAD(&bridge->ports);
	INIT_LIST_HEAD(&bridge->static_macs);
	INIT_LIST_HEAD(&bridge->neighs);
	INIT_LIST_HEAD(&bridge->dhcps);
	spin_lock_init(&bridge->fdb_lock);
	bridge->flood_dep = mn_dep_slot(obj->ident.id, sizeof(obj->ident.id),
					MN_FLOOD_SALT);
	return 0;
}

static void parse_plain(struct mn_bridge_ver *v, const struct mn_op *op,
			struct nlattr **tb)
{
	if (tb[MIDONET_A_ADMIN_UP])
		v->admin_up = nla_get_u8(tb[MIDONET_A_ADMIN_UP]);
	else if (mn_nl_unset(op, MIDONET_A_ADMIN_UP))
		v->admin_up = true;
	if (tb[MIDONET_A_ARP_SUPPRESS])
		v->arp_suppress = nla_get_u8(tb[MIDONET_A_ARP_SUPPRESS]);
	else if (mn_nl_unset(op, MIDONET_A_ARP_SUPPRESS))
		v->arp_suppress = true;
	if (tb[MIDONET_A_MAC_AGE])
		v->mac_age = nla_get_u32(tb[MIDONET_A_MAC_AGE]);
	else if (mn_nl_unset(op, MIDONET_A_MAC_AGE))
		v->mac_age = MN_MAC_AGE;
}

static struct mn_ver *bridge_parse(struct mn_txn *txn, struct mn_obj *obj,
				   const struct mn_ver *old,
				   const struct mn_op *op, struct nlattr **tb,
				   struct netlink_ext_ack *extack)
{
	struct mn_ver *ver = mn_ver_new(MIDONET_OBJECT_TYPE_BRIDGE,
					sizeof(struct mn_bridge_ver));
	struct mn_bridge_ver *v;
	int err;

	if (!ver)
		return ERR_PTR(-ENOMEM);
	v = container_of(ver, struct mn_bridge_ver, ver);
	if (old) {
		memcpy(ver + 1, old + 1, sizeof(*v) - sizeof(*ver));
	} else {
		v->admin_up = true;
		v->arp_suppress = true;
		v->mac_age = MN_MAC_AGE;
	}
	parse_plain(v, op, tb);
	err = mn_chains_parse(txn, obj, op, tb, &v->in_chain, &v->out_chain,
			      extack);
	if (err) {
		mn_ver_free(ver);
		return ERR_PTR(err);
	}
	return ver;
}

static void bridge_uses(const struct mn_ver *ver,
			void (*fn)(struct mn_obj *used, void *arg), void *arg)
{
	const struct mn_bridge_ver *v = mn_bridge_ver(ver);

	mn_chains_uses(v->in_chain, v->out_chain, fn, arg);
}

static void bridge_chains(const struct mn_ver *ver, struct mn_chain **in,
			  struct mn_chain **out)
{
	const struct mn_bridge_ver *v = mn_bridge_ver(ver);

	*in = v->in_chain;
	*out = v->out_chain;
}

static int del_all(struct mn_txn *txn, struct list_head *objs)
{
	struct mn_obj *obj;
	int err;

	list_for_each_entry(obj, objs, siblings) {
		err = mn_txn_delete(txn, obj);
		if (err)
			return err;
	}
	return 0;
}

/* Static MACs before ports: then the ports find none behind them. */
static int bridge_contents(struct mn_txn *txn, struct mn_obj *obj)
{
	struct mn_bridge *bridge = mn_bridge_of(obj);
	int err;

	mn_static_macs_del(txn, bridge);
	mn_neighs_del(txn, &bridge->neighs);
	err = del_all(txn, &bridge->dhcps);
	return err ?: del_all(txn, &bridge->ports);
}

static void bridge_publish(struct mn_net *mn, struct mn_obj *obj,
			   const struct mn_ver *old, const struct mn_ver *ver)
{
	if (ver->dead)
		mn_fdb_flush(mn, mn_bridge_of(obj));
}

static int bridge_fill(struct mn_net *mn, const struct mn_obj *obj,
		       const struct mn_ver *ver, struct sk_buff *skb)
{
	const struct mn_bridge_ver *v = mn_bridge_ver(ver);

	if (nla_put_u8(skb, MIDONET_A_ADMIN_UP, v->admin_up) ||
	    nla_put_u8(skb, MIDONET_A_ARP_SUPPRESS, v->arp_suppress) ||
	    nla_put_u32(skb, MIDONET_A_MAC_AGE, v->mac_age) ||
	    mn_chains_fill(skb, v->in_chain, v->out_chain))
		return -EMSGSIZE;
	return 0;
}

const struct mn_type mn_bridge_type = {
	.name = "bridge",
	.type = MIDONET_OBJECT_TYPE_BRIDGE,
	.size = sizeof(struct mn_bridge),
	.init = bridge_init,
	.parse = bridge_parse,
	.uses = bridge_uses,
	.chains = bridge_chains,
	.publish = bridge_publish,
	.contents = bridge_contents,
	.fill = bridge_fill,
};
