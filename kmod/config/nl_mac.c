// SPDX-License-Identifier: GPL-2.0
/*
 * Listing the MAC table, static and learned, and forgetting what was learned.
 */
#include <linux/jiffies.h>

#include "config/dump.h"
#include "config/nl.h"
#include "l2/bridge.h"
#include "l2/fdb.h"
#include "port/port.h"

/*
 * Within a bridge, mn_dump.sub says where to go on: in the upper half the list
 * (0: the static entries, N: what the Nth port learned), in the lower half the
 * place in it. Lists of ports are short (macs_per_port), so finding the place
 * again is cheap however many MACs there are.
 */
#define SUB_LIST(sub)	((sub) >> 32)
#define SUB_POS(sub)	((sub) & U32_MAX)
#define SUB(list, pos)	(((unsigned long)(list) << 32) | (pos))

static int fill(struct sk_buff *skb, struct mn_dump *cur,
		const struct mn_obj *bridge, const struct mn_fdb_key *key,
		const struct mn_port *port, u8 origin, u32 age)
{
	void *hdr = mn_dump_msg(skb, cur);

	if (!hdr)
		return -EMSGSIZE;
	if (mn_nl_put_id(skb, MIDONET_A_PARENT, bridge) ||
	    nla_put(skb, MIDONET_A_MAC, ETH_ALEN, key->mac) ||
	    nla_put_u16(skb, MIDONET_A_VLAN, key->vlan) ||
	    mn_nl_put_id(skb, MIDONET_A_PORT, &port->obj) ||
	    nla_put_u8(skb, MIDONET_A_ORIGIN, origin) ||
	    (origin == MIDONET_ORIGIN_LEARNED &&
	     nla_put_u32(skb, MIDONET_A_AGE, age))) {
		genlmsg_cancel(skb, hdr);
		return -EMSGSIZE;
	}
	genlmsg_end(skb, hdr);
	return 0;
}

static int dump_static(struct mn_net *mn, struct sk_buff *skb,
		       struct mn_dump *cur, const struct mn_bridge *bridge)
{
	u64 generation = mn_net_generation(mn);
	const struct mn_static_mac *s;
	u32 i = 0;
	int err;

	list_for_each_entry_rcu(s, &bridge->static_macs, siblings) {
		if (i++ < SUB_POS(cur->sub))
			continue;
		if (mn_entry_at(&s->entry, generation)) {
			err = fill(skb, cur, &bridge->obj, &s->key, s->port,
				   s->router ? MIDONET_ORIGIN_CONNECTED : MIDONET_ORIGIN_STATIC, 0);
			if (err)
				return err;
		}
		cur->sub = SUB(0, i);
	}
	return 0;
}

static int dump_learned(struct mn_net *mn, struct sk_buff *skb,
			struct mn_dump *cur, const struct mn_bridge *bridge,
			const struct mn_port *port)
{
	u64 generation = mn_net_generation(mn);
	const struct mn_fdb *e;
	u32 i = 0, age;
	int err;

	hlist_for_each_entry_rcu(e, &port->macs, by_port) {
		if (i++ < SUB_POS(cur->sub))
			continue;
		/* What a static entry overrides is not in force. */
		if (READ_ONCE(e->port) == port &&
		    !mn_static_mac_find(mn, &e->key, generation)) {
			age = jiffies_to_msecs(jiffies - READ_ONCE(e->live.used));
			err = fill(skb, cur, &bridge->obj, &e->key, port,
				   MIDONET_ORIGIN_LEARNED, age / 1000);
			if (err)
				return err;
		}
		cur->sub = SUB(SUB_LIST(cur->sub), i);
	}
	return 0;
}

static int dump_bridge(struct mn_net *mn, struct sk_buff *skb,
		       struct mn_dump *cur, const struct mn_bridge *bridge)
{
	const struct mn_port *port;
	unsigned long list = 0;
	int err;

	if (!SUB_LIST(cur->sub)) {
		err = dump_static(mn, skb, cur, bridge);
		if (err)
			return err;
		cur->sub = SUB(1, 0);
	}
	list_for_each_entry_rcu(port, &bridge->ports, obj.siblings) {
		if (++list < SUB_LIST(cur->sub))
			continue;
		err = dump_learned(mn, skb, cur, bridge, port);
		if (err)
			return err;
		cur->sub = SUB(list + 1, 0);
	}
	return 0;
}

/**
 * mn_macs_dump() - list the MAC table
 * @mn: namespace
 * @skb: where it goes
 * @cur: where to go on
 *
 * Context: RCU.
 *
 * Return: 0 when done, -EMSGSIZE when @skb is full
 */
int mn_macs_dump(struct mn_net *mn, struct sk_buff *skb, struct mn_dump *cur)
{
	struct mn_obj *obj;
	int err;

	while ((obj = mn_dump_next(mn, cur, MIDONET_OBJECT_TYPE_BRIDGE))) {
		if (mn_dump_wants(cur, obj)) {
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
 * mn_nl_mac_flush() - forget learned MACs
 * @skb: request
 * @info: its attributes: parent, to forget those of one bridge
 *
 * Return: 0, -ENOENT
 */
int mn_nl_mac_flush(struct sk_buff *skb, struct genl_info *info)
{
	struct mn_net *mn = mn_net(genl_info_net(info));
	struct nlattr *attr = info->attrs[MIDONET_A_PARENT];
	struct mn_obj *obj = NULL;
	int err = 0;

	mutex_lock(&mn->lock);
	if (attr)
		obj = mn_nl_find(mn, attr, MIDONET_OBJECT_TYPE_BRIDGE, "parent",
				 info->extack);
	if (IS_ERR(obj))
		err = PTR_ERR(obj);
	else
		mn_fdb_flush(mn, obj ? mn_bridge_of(obj) : NULL);
	mutex_unlock(&mn->lock);
	return err;
}
