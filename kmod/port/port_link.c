// SPDX-License-Identifier: GPL-2.0
/*
 * Links between ports. Both sides of a link name each other, but to name the
 * peer on one side is enough: when all messages of a transaction were parsed,
 * the other side follows. Only the end state counts, so a port may be taken
 * from a peer that gave it up anywhere in the transaction.
 *
 * A port that was told about its peer in this transaction (&mn_port.named) is
 * taken at its word; any other follows. Of two sides that were both told, and
 * one of them to have no peer, the later word holds; two that name different
 * peers contradict each other, and are refused.
 */
#include <linux/list.h>

#include "config/nl.h"
#include "config/txn.h"
#include "l2/bridge.h"
#include "port/port.h"

#define MN_PORT_LABEL	(2 * MIDONET_NAME_MAX + 2)
/* Keys from here on are reserved. */
#define MN_KEY_MAX	0xEFFFFF

static bool was_told(const struct mn_port *port)
{
	return port->obj.pending && !port->obj.pending->dead && port->named;
}

static int set_peer(struct mn_txn *txn, struct mn_port *port,
		    struct mn_port *peer)
{
	bool fresh = !port->obj.pending;
	struct mn_ver *ver = mn_txn_pending(txn, &port->obj);

	if (!ver)
		return -ENOMEM;
	if (fresh)
		port->named = 0;
	container_of(ver, struct mn_port_ver, ver)->peer = peer;
	return 0;
}

static int taken(struct mn_txn *txn, struct mn_port *port,
		 struct mn_port *peer, struct mn_port *other)
{
	char a[MN_PORT_LABEL], b[MN_PORT_LABEL], c[MN_PORT_LABEL];

	mn_port_label(port, a, sizeof(a));
	mn_port_label(peer, b, sizeof(b));
	mn_port_label(other, c, sizeof(c));
	return mn_txn_err(txn, -EBUSY,
			  "port %s: peer: %s is linked to %s already; unlink it first",
			  a, b, c);
}

static int gone(struct mn_txn *txn, struct mn_port *port, struct mn_port *peer)
{
	char a[MN_PORT_LABEL], b[MN_PORT_LABEL];

	mn_port_label(port, a, sizeof(a));
	mn_port_label(peer, b, sizeof(b));
	return mn_txn_err(txn, -ENOENT, "port %s: peer: %s is removed", a, b);
}

/* @port was told that @peer is its peer, and @peer was told something else. */
static int settle_words(struct mn_txn *txn, struct mn_port *port,
			struct mn_port *peer, const struct mn_port_ver *pv)
{
	if (pv->peer)
		return taken(txn, port, peer, pv->peer);
	if (port->named > peer->named)
		return set_peer(txn, peer, port);
	return set_peer(txn, port, NULL);
}

static int join(struct mn_txn *txn, struct mn_port *port, struct mn_port *peer)
{
	const struct mn_port_ver *pv = mn_port_end(txn->mn, peer);
	const struct mn_port_ver *ov;

	if (peer == port)
		return 0;	/* refused later */
	if (pv && pv->peer == port)
		return 0;
	if (!was_told(port))
		return set_peer(txn, port, NULL);
	if (!pv)
		return gone(txn, port, peer);
	if (was_told(peer))
		return settle_words(txn, port, peer, pv);
	ov = pv->peer ? mn_port_end(txn->mn, pv->peer) : NULL;
	if (ov && ov->peer == peer)
		return taken(txn, port, peer, pv->peer);
	return set_peer(txn, peer, port);
}

/* @port may have left the peer it had: then that has none any more. */
static int leave(struct mn_txn *txn, struct mn_port *port)
{
	const struct mn_port_ver *was = mn_port_newest(txn->mn, port);
	const struct mn_port_ver *v = mn_port_end(txn->mn, port);
	const struct mn_port_ver *pv;

	if (!was || !was->peer || (v && v->peer == was->peer))
		return 0;
	pv = mn_port_end(txn->mn, was->peer);
	if (!pv || pv->peer != port || was_told(was->peer))
		return 0;
	return set_peer(txn, was->peer, NULL);
}

/* The low 24 bits of the id; if another port has that, the next free upward. */
static int assign_key(struct mn_txn *txn, struct mn_port *port,
		      struct mn_port_ver *v)
{
	const u8 *id = port->obj.ident.id;
	u32 key = id[13] << 16 | id[14] << 8 | id[15];
	u32 tries;

	for (tries = 0; tries < MN_KEY_MAX; tries++, key++) {
		if (!key || key > MN_KEY_MAX)
			key = 1;
		if (mn_claim_find_key(txn->mn, key, port))
			continue;
		v->tunnel_key = key;
		return mn_claims_next(txn->mn, port, v);
	}
	return mn_txn_err(txn, -ENOSPC, "port %s:%s: no free tunnel-key",
			  port->obj.parent->name, port->obj.name);
}

/**
 * mn_port_link() - let the other side of a link follow; assign a tunnel key
 * @txn: transaction; all its messages were parsed
 * @obj: port with a pending version, which may be a tombstone
 *
 * Context: mn_net.lock, may sleep.
 *
 * Return: 0; -EBUSY if a peer is linked elsewhere, naming it; -ENOENT, -ENOMEM
 */
int mn_port_link(struct mn_txn *txn, struct mn_obj *obj)
{
	struct mn_port *port = mn_port_of(obj);
	struct mn_port_ver *v;
	int err = 0;

	if (!obj->pending->dead) {
		v = container_of(obj->pending, struct mn_port_ver, ver);
		if (!v->tunnel_key)
			err = assign_key(txn, port, v);
		if (!err && v->peer)
			err = join(txn, port, v->peer);
	}
	return err ?: leave(txn, port);
}

static void visit(struct list_head *queue, struct mn_bridge *bridge, u32 mark)
{
	if (bridge->obj.mark == mark)
		return;
	bridge->obj.mark = mark;
	list_add_tail(&bridge->search, queue);
}

/* Bridges linked to @bridge; returns how many links there are. */
static u32 visit_peers(struct mn_net *mn, struct list_head *queue,
		       struct mn_bridge *bridge, u32 mark)
{
	const struct mn_port_ver *v;
	struct mn_obj *obj;
	u32 n = 0;

	list_for_each_entry(obj, &bridge->ports, siblings) {
		v = mn_port_end(mn, mn_port_of(obj));
		if (!v || !v->peer ||
		    v->peer->obj.parent->ident.type != MIDONET_OBJECT_TYPE_BRIDGE)
			continue;
		n++;
		visit(queue, mn_port_bridge(v->peer), mark);
	}
	return n;
}

/**
 * mn_port_closes_loop() - are the bridges linked with one another in a loop?
 * @txn: transaction being judged
 * @start: a bridge with a new link
 *
 * Each group of linked bridges is looked at once in a commit. Linked without a
 * loop, n bridges have n - 1 links.
 *
 * Context: mn_net.lock.
 *
 * Return: true if there is a loop in the end state among the bridges that
 * @start is linked to
 */
bool mn_port_closes_loop(struct mn_txn *txn, struct mn_bridge *start)
{
	struct mn_net *mn = txn->mn;
	struct mn_bridge *bridge;
	u32 bridges = 0, ends = 0;
	LIST_HEAD(queue);

	while (!txn->mark)
		txn->mark = ++mn->searches;
	if (start->obj.mark == txn->mark)
		return false;
	visit(&queue, start, txn->mark);
	list_for_each_entry(bridge, &queue, search) {
		bridges++;
		ends += visit_peers(mn, &queue, bridge, txn->mark);
	}
	return ends / 2 >= bridges;
}
