// SPDX-License-Identifier: GPL-2.0
/*
 * Listing what routers have learned of their neighbours.
 */
#include "config/dump.h"
#include "config/nl.h"
#include "l3/nbr.h"
#include "l3/nbr_table.h"

static int fill(struct sk_buff *skb, struct mn_dump *cur,
		const struct mn_nbr *e)
{
	u32 age = jiffies_to_msecs(jiffies - READ_ONCE(e->heard)) / 1000;
	u8 state = smp_load_acquire(&e->state);	/* then the MAC */
	void *hdr = mn_dump_msg(skb, cur);
	u8 mac[ETH_ALEN];

	if (!hdr)
		return -EMSGSIZE;
	u64_to_ether_addr(READ_ONCE(e->mac), mac);
	if (mn_nl_put_id(skb, MIDONET_A_PARENT, e->port->obj.parent) ||
	    nla_put(skb, MIDONET_A_ADDRESS, mn_addr_len(e->key.family),
		    &e->key.addr) ||
	    (mn_nbr_usable(state) &&
	     nla_put(skb, MIDONET_A_MAC, ETH_ALEN, mac)) ||
	    mn_nl_put_id(skb, MIDONET_A_PORT, &e->port->obj) ||
	    nla_put_u8(skb, MIDONET_A_NEIGHBOUR_STATE, state) ||
	    nla_put_u8(skb, MIDONET_A_ORIGIN, MIDONET_ORIGIN_LEARNED) ||
	    nla_put_u32(skb, MIDONET_A_AGE, age)) {
		genlmsg_cancel(skb, hdr);
		return -EMSGSIZE;
	}
	genlmsg_end(skb, hdr);
	return 0;
}

static int dump_port(struct sk_buff *skb, struct mn_dump *cur,
		     const struct mn_port *port)
{
	const struct mn_nbr *e;
	unsigned long i = 0;
	int err;

	hlist_for_each_entry_rcu(e, &port->nbrs.all, by_port) {
		if (i++ < cur->sub)
			continue;
		err = fill(skb, cur, e);
		if (err)
			return err;
		cur->sub = i;
	}
	return 0;
}

/**
 * mn_nbrs_dump() - list the learned neighbours of all router ports
 * @mn: namespace
 * @skb: where they go
 * @cur: where to go on
 *
 * Context: RCU.
 *
 * Return: 0 when done, -EMSGSIZE when @skb is full
 */
int mn_nbrs_dump(struct mn_net *mn, struct sk_buff *skb, struct mn_dump *cur)
{
	struct mn_obj *obj;
	int err;

	while ((obj = mn_dump_next(mn, cur, MIDONET_OBJECT_TYPE_PORT))) {
		if (mn_dump_wants(cur, obj->parent)) {
			err = dump_port(skb, cur, mn_port_of(obj));
			if (err)
				return err;
		}
		cur->index++;
		cur->sub = 0;
	}
	return 0;
}
