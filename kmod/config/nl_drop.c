// SPDX-License-Identifier: GPL-2.0
/*
 * Drops over netlink: a list of places with counters, and an event for each
 * packet as long as somebody listens.
 */
#include <net/genetlink.h>
#include <net/sock.h>

#include "config/dump.h"
#include "config/nl.h"
#include "flow/key.h"
#include "sim/drop.h"

/* Headers of a packet, names and numbers. */
#define EVENT_SIZE	1024

static int put_names(struct sk_buff *skb, u32 reason,
		     const struct mn_drop_names *names)
{
	if (nla_put_u32(skb, MIDONET_DROP_DROP_REASON, reason) ||
	    (names->device[0] &&
	     nla_put_string(skb, MIDONET_DROP_DEVICE, names->device)) ||
	    (names->port[0] &&
	     nla_put_string(skb, MIDONET_DROP_PORT, names->port)) ||
	    (names->rule[0] &&
	     nla_put_string(skb, MIDONET_DROP_RULE, names->rule)))
		return -EMSGSIZE;
	return 0;
}

struct dump {
	struct sk_buff *skb;
	struct mn_dump *cur;
};

static int put_row(const struct mn_drop_row *row, void *arg)
{
	struct dump *d = arg;
	void *hdr = mn_dump_msg(d->skb, d->cur);

	if (!hdr)
		return -EMSGSIZE;
	if (put_names(d->skb, row->reason, &row->names) ||
	    mn_nl_put_u64(d->skb, MIDONET_DROP_PACKETS, row->packets)) {
		genlmsg_cancel(d->skb, hdr);
		return -EMSGSIZE;
	}
	genlmsg_end(d->skb, hdr);
	d->cur->index = row->nr;
	return 0;
}

/**
 * mn_nl_drop_dump() - list drop counters
 * @skb: where they go
 * @cb: callback; the index of its cursor is the number of the last place
 *
 * Return: bytes put, 0 at the end, or a negative error
 */
int mn_nl_drop_dump(struct sk_buff *skb, struct netlink_callback *cb)
{
	struct mn_dump *cur = (struct mn_dump *)cb->ctx;
	struct mn_net *mn = mn_net(sock_net(skb->sk));
	struct dump d = { .skb = skb, .cur = cur };
	int err;

	cur->cb = cb;
	cur->cmd = MIDONET_CMD_DROP_GET;
	rcu_read_lock();
	err = mn_drops_each(mn, cur->index, put_row, &d);
	rcu_read_unlock();
	return err && !skb->len ? err : skb->len;
}

/**
 * mn_drop_wanted() - does anybody listen to drop events?
 * @mn: namespace
 */
bool mn_drop_wanted(struct mn_net *mn)
{
	return mn_has_listeners(mn, MN_MCGRP_DROP);
}

/**
 * mn_drop_event() - tell who listens of a packet that is dropped
 * @mn: namespace
 * @reason: &enum midonet_drop_reason
 * @names: where
 * @key: its headers, or NULL
 * @len: bytes of the frame
 *
 * Context: any.
 */
void mn_drop_event(struct mn_net *mn, u32 reason,
		   const struct mn_drop_names *names,
		   const struct mn_flow_key *key, u32 len)
{
	struct sk_buff *msg = genlmsg_new(EVENT_SIZE,
					  GFP_ATOMIC | __GFP_NOWARN);
	void *hdr;

	if (!msg)
		return;
	hdr = genlmsg_put(msg, 0, 0, &mn_family, 0, MIDONET_CMD_DROP_EVENT);
	if (!hdr || put_names(msg, reason, names) ||
	    (key && mn_key_fill(msg, MIDONET_DROP_PACKET, key, NULL, len))) {
		nlmsg_free(msg);
		return;
	}
	genlmsg_end(msg, hdr);
	genlmsg_multicast_netns(&mn_family, mn->net, msg, 0, MN_MCGRP_DROP,
				GFP_ATOMIC | __GFP_NOWARN);
}
