// SPDX-License-Identifier: GPL-2.0
/*
 * Multicast notifications. Nothing is built when nobody listens.
 */
#include <net/genetlink.h>

#include "config/nl.h"
#include "config/notify.h"
#include "port/port.h"

#define EVENT_SIZE	512

struct event {
	u8 op;
	u8 type;
	const u8 *id;
	const char *name;
	const u8 *mac;
	const char *port;
	u16 vlan;
	int state;
};

static int fill(struct sk_buff *msg, const struct event *ev)
{
	if ((ev->op && nla_put_u32(msg, MIDONET_EVENT_OP, ev->op)) ||
	    (ev->type && nla_put_u32(msg, MIDONET_EVENT_TYPE, ev->type)) ||
	    (ev->id && nla_put(msg, MIDONET_EVENT_ID, 16, ev->id)) ||
	    (ev->name && nla_put_string(msg, MIDONET_EVENT_NAME, ev->name)) ||
	    (ev->state >= 0 && nla_put_u8(msg, MIDONET_EVENT_STATE, ev->state)) ||
	    (ev->mac && nla_put(msg, MIDONET_EVENT_MAC, ETH_ALEN, ev->mac)) ||
	    (ev->mac && nla_put_u16(msg, MIDONET_EVENT_VLAN, ev->vlan)) ||
	    (ev->port && nla_put_string(msg, MIDONET_EVENT_PORT, ev->port)))
		return -EMSGSIZE;
	return 0;
}

static void send(struct mn_net *mn, enum mn_mcgrp group, u8 cmd,
		 const struct event *ev, gfp_t gfp)
{
	struct sk_buff *msg = genlmsg_new(EVENT_SIZE, gfp);
	void *hdr;

	if (!msg)
		return;
	hdr = genlmsg_put(msg, 0, 0, &mn_family, 0, cmd);
	if (!hdr || fill(msg, ev) ||
	    mn_nl_put_u64(msg, MIDONET_EVENT_GENERATION,
			  mn_net_generation(mn))) {
		nlmsg_free(msg);
		return;
	}
	genlmsg_end(msg, hdr);
	genlmsg_multicast_netns(&mn_family, mn->net, msg, 0, group, gfp);
}

/**
 * mn_notify_config() - an object was changed by a commit
 * @mn: namespace, locked
 * @op: &enum midonet_op
 * @obj: object
 */
void mn_notify_config(struct mn_net *mn, u8 op, const struct mn_obj *obj)
{
	struct event ev = {
		.op = op,
		.type = obj->ident.type,
		.id = obj->ident.id,
		.state = -1,
	};
	char name[160];

	if (!mn_has_listeners(mn, MN_MCGRP_CONFIG))
		return;
	if (obj->parent)
		snprintf(name, sizeof(name), "%s:%s", obj->parent->name,
			 obj->name);
	else
		strscpy(name, obj->name, sizeof(name));
	ev.name = name;
	send(mn, MN_MCGRP_CONFIG, MIDONET_CMD_CONFIG_EVENT, &ev, GFP_KERNEL);
}

/**
 * mn_notify_entry() - an entry was born or died
 * @mn: namespace, locked
 * @op: &enum midonet_op
 * @e: entry; the event has the id and name of what contains it
 */
void mn_notify_entry(struct mn_net *mn, u8 op, const struct mn_entry *e)
{
	struct event ev = {
		.op = op,
		.type = e->type,
		.id = e->parent->ident.id,
		.name = e->parent->name,
		.state = -1,
	};

	if (mn_has_listeners(mn, MN_MCGRP_CONFIG))
		send(mn, MN_MCGRP_CONFIG, MIDONET_CMD_CONFIG_EVENT, &ev,
		     GFP_KERNEL);
}

/**
 * mn_notify_state() - the state of a port changed
 * @port: port
 *
 * Context: mn_net.lock.
 */
void mn_notify_state(struct mn_port *port)
{
	struct event ev = {
		.type = MIDONET_OBJECT_TYPE_PORT,
		.id = port->obj.ident.id,
		.state = READ_ONCE(port->state),
	};
	char name[160];

	if (!mn_has_listeners(port->mn, MN_MCGRP_STATE))
		return;
	mn_port_label(port, name, sizeof(name));
	ev.name = name;
	send(port->mn, MN_MCGRP_STATE, MIDONET_CMD_STATE_EVENT, &ev,
	     GFP_KERNEL);
}

/**
 * mn_notify_learn() - a MAC was learned, moved or forgotten
 * @mn: namespace
 * @op: &enum midonet_op: new, set for a move, del
 * @port: where it is
 * @vlan: VID or 0
 * @mac: MAC
 *
 * Context: any.
 */
void mn_notify_learn(struct mn_net *mn, u8 op, const struct mn_port *port,
		     u16 vlan, const u8 *mac)
{
	struct event ev = { .op = op, .mac = mac, .vlan = vlan, .state = -1 };
	char label[160];

	if (!mn_has_listeners(mn, MN_MCGRP_LEARN))
		return;
	mn_port_label(port, label, sizeof(label));
	ev.port = label;
	ev.name = port->obj.parent->name;
	send(mn, MN_MCGRP_LEARN, MIDONET_CMD_LEARN_EVENT, &ev, GFP_ATOMIC);
}
