// SPDX-License-Identifier: GPL-2.0
/*
 * Listing neighbours: of bridges, of routers, and behind them what routers have
 * learned (l3/nbr_dump.c).
 */
#include "config/dump.h"
#include "config/nl.h"
#include "l2/bridge.h"
#include "l3/nbr.h"
#include "l3/neigh.h"
#include "l3/router.h"
#include "port/port.h"

/* In the upper half of mn_dump.index: which of the lists. */
#define LIST_SHIFT	32
#define INDEX_MASK	(BIT(LIST_SHIFT) - 1)

static int fill(struct sk_buff *skb, struct mn_dump *cur,
		const struct mn_static_neigh *n)
{
	void *hdr = mn_dump_msg(skb, cur);

	if (!hdr)
		return -EMSGSIZE;
	if (mn_nl_put_id(skb, MIDONET_A_PARENT, n->entry.parent) ||
	    nla_put(skb, MIDONET_A_ADDRESS, mn_addr_len(n->key.family),
		    &n->key.addr) ||
	    nla_put(skb, MIDONET_A_MAC, ETH_ALEN, n->mac) ||
	    mn_nl_put_id(skb, MIDONET_A_PORT, n->port ? &n->port->obj : NULL) ||
	    nla_put_u8(skb, MIDONET_A_NEIGHBOUR_STATE,
		       MIDONET_NEIGHBOUR_STATE_PERMANENT) ||
	    nla_put_u8(skb, MIDONET_A_ORIGIN, n->origin)) {
		genlmsg_cancel(skb, hdr);
		return -EMSGSIZE;
	}
	genlmsg_end(skb, hdr);
	return 0;
}

static int dump_list(struct mn_net *mn, struct sk_buff *skb,
		     struct mn_dump *cur, const struct list_head *neighs)
{
	u64 generation = mn_net_generation(mn);
	const struct mn_static_neigh *n;
	unsigned long i = 0;
	int err;

	list_for_each_entry_rcu(n, neighs, siblings) {
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

static int dump_type(struct mn_net *mn, struct sk_buff *skb,
		     struct mn_dump *cur, u8 type)
{
	struct mn_obj *obj;
	int err;

	while ((obj = mn_dump_next(mn, cur, type))) {
		if (mn_dump_wants(cur, obj)) {
			err = dump_list(mn, skb, cur,
					type == MIDONET_OBJECT_TYPE_BRIDGE ?
					&mn_bridge_of(obj)->neighs :
					&mn_router_of(obj)->neighs);
			if (err)
				return err;
		}
		cur->index++;
		cur->sub = 0;
	}
	return 0;
}

static int dump_bridges(struct mn_net *mn, struct sk_buff *skb,
			struct mn_dump *cur)
{
	return dump_type(mn, skb, cur, MIDONET_OBJECT_TYPE_BRIDGE);
}

static int dump_routers(struct mn_net *mn, struct sk_buff *skb,
			struct mn_dump *cur)
{
	return dump_type(mn, skb, cur, MIDONET_OBJECT_TYPE_ROUTER);
}

static int (* const lists[])(struct mn_net *mn, struct sk_buff *skb,
			     struct mn_dump *cur) = {
	dump_bridges, dump_routers, mn_nbrs_dump,
};

/**
 * mn_neighs_dump() - list the neighbours
 * @mn: namespace
 * @skb: where they go
 * @cur: where to go on
 *
 * Context: RCU.
 *
 * Return: 0 when done, -EMSGSIZE when @skb is full
 */
int mn_neighs_dump(struct mn_net *mn, struct sk_buff *skb, struct mn_dump *cur)
{
	unsigned long list = cur->index >> LIST_SHIFT;
	int err = 0;

	cur->index &= INDEX_MASK;
	while (!err && list < ARRAY_SIZE(lists)) {
		err = lists[list](mn, skb, cur);
		if (err)
			break;
		list++;
		cur->index = 0;
		cur->sub = 0;
	}
	cur->index |= list << LIST_SHIFT;
	return err;
}
