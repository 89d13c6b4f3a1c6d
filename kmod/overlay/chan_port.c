// SPDX-License-Identifier: GPL-2.0
/*
 * Ports that move from one host to another.
 *
 * Hosts learn of it one after the other, in any order. Who gets the port asks all
 * others for what they know of its connections: the host that had it, or, if that
 * is dead, those that were told of them. Who loses it tells the new host of those
 * that began until then. Saying something twice does no harm.
 */
#include "overlay/chan_session.h"
#include "port/host.h"
#include "port/port.h"

static void pull(struct mn_net *mn, const struct mn_port *port)
{
	u8 rec[sizeof(struct mn_chan_rec) + 16];
	struct mn_session *s;
	u32 len;

	len = mn_chan_put_simple(rec, MN_CHAN_PULL, port->obj.ident.id, 16);
	list_for_each_entry(s, &mn->chan->sessions, list) {
		mn_session_add(s, rec, len);
		rcu_read_lock();
		mn_session_push(s, false);
		rcu_read_unlock();
	}
}

/**
 * mn_chan_port_moved() - a port is bound to another host
 * @port: port
 * @old: host it was bound to, or NULL
 * @host: host it is bound to, or NULL
 *
 * Context: mn_net.lock, right after the flip.
 */
void mn_chan_port_moved(struct mn_port *port, const struct mn_host *old,
			const struct mn_host *host)
{
	struct mn_net *mn = port->mn;
	const struct mn_host *us = mn_dereference(mn, mn->local_host);
	struct mn_session *s;

	if (!mn_chan_active(mn) || !old || !host || old == host)
		return;
	s = mn_dereference(mn, host->session);
	if (host == us)
		pull(mn, port);
	else if (old == us && s)
		mn_session_pull(s, port->obj.ident.id);
}
