// SPDX-License-Identifier: GPL-2.0
/* What can be judged of a topology only when all of it is known. */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "doc.h"

static struct mn_obj *ref(const struct mn_model *m, const struct mn_obj *obj,
			  int wire)
{
	return mn_obj_ref(m, obj, wire);
}

static void set_ref(struct mn_obj *obj, int wire, const struct mn_obj *to)
{
	struct mn_vals **v = mn_obj_val(obj, wire);

	free(*v);
	*v = NULL;
	if (to)
		mn_vals_add(v, to->id.b, MN_UUID_LEN);
}

static bool gave_peer(const struct mn_obj *port)
{
	return port->given >> mn_type_wire(port->type, MIDONET_A_PEER) & 1;
}

/*
 * Naming a peer on one side is enough. In a merge the peer that a port had, and
 * that the document did not speak of, becomes unplugged.
 */
static int make_mutual(struct mn_model *m, struct mn_err *err)
{
	const struct mn_objs *ports = &m->objs[MIDONET_OBJECT_TYPE_PORT];
	struct mn_obj *port, *peer, *back;
	uint32_t i;

	for (i = 0; i < ports->n; i++) {
		port = ports->objs[i];
		peer = ref(m, port, MIDONET_A_PEER);
		if (peer && gave_peer(peer) && !gave_peer(port) &&
		    ref(m, peer, MIDONET_A_PEER) != port)
			set_ref(port, MIDONET_A_PEER, NULL);
	}
	for (i = 0; i < ports->n; i++) {
		port = ports->objs[i];
		peer = ref(m, port, MIDONET_A_PEER);
		if (!peer)
			continue;
		back = ref(m, peer, MIDONET_A_PEER);
		if (back && back != port && !gave_peer(peer) &&
		    gave_peer(port) && ref(m, back, MIDONET_A_PEER) == peer &&
		    !gave_peer(back)) {
			set_ref(back, MIDONET_A_PEER, NULL);
			back = NULL;
		}
		if (back && back != port)
			return mn_doc_fail(err, port, "peer",
					   "%s:%s is linked to %s:%s already; unlink it first",
					   peer->parent->name, peer->name,
					   back->parent->name, back->name);
		set_ref(peer, MIDONET_A_PEER, port);
	}
	return 0;
}

/* Of a link the end that was named, as seen from it. */
static struct mn_obj *other_end(struct mn_obj *port, struct mn_obj **peer)
{
	struct mn_obj *end = *peer;

	*peer = port;
	return end;
}

static int check_peer(struct mn_model *m, struct mn_obj *port,
		      struct mn_err *err)
{
	struct mn_obj *peer = ref(m, port, MIDONET_A_PEER);

	if (!peer)
		return 0;
	if (peer == port)
		return mn_doc_fail(err, port, "peer",
				   "a port cannot be its own peer");
	if (!gave_peer(port) && gave_peer(peer))
		port = other_end(port, &peer);
	if (peer->parent == port->parent)
		return mn_doc_fail(err, port, "peer",
				   "%s:%s is on the same device",
				   peer->parent->name, peer->name);
	if (*mn_obj_val(port, MIDONET_A_VLAN) &&
	    *mn_obj_val(peer, MIDONET_A_VLAN))
		return mn_doc_fail(err, port, "vlan",
				   "its peer %s:%s has a vlan too; only one side may",
				   peer->parent->name, peer->name);
	return 0;
}

static int check_port(struct mn_model *m, struct mn_obj *port,
		      struct mn_err *err)
{
	if (*mn_obj_val(port, MIDONET_A_DEV) &&
	    *mn_obj_val(port, MIDONET_A_PEER))
		return mn_doc_fail(err, port, NULL,
				   "has both dev and peer; it can lead to one only");
	if (*mn_obj_val(port, MIDONET_A_VLAN) &&
	    *mn_obj_val(port, MIDONET_A_DEV))
		return mn_doc_fail(err, port, "vlan",
				   "a port with a device has none, only one with a peer");
	if (*mn_obj_val(port, MIDONET_A_VLAN) && mn_obj_on_router(port))
		return mn_doc_fail(err, port, "vlan",
				   "a port of a router has none; give it to the port of the bridge");
	if (*mn_obj_val(port, MIDONET_A_ADDRESSES) && !mn_obj_on_router(port))
		return mn_doc_fail(err, port, "addresses",
				   "only ports of a router have them");
	return check_peer(m, port, err);
}

struct seen {
	struct mn_hnode node;
	struct mn_obj *port;
};

static struct mn_obj *see(struct mn_hash *h, struct seen *s, uint64_t hash,
			  bool (*same)(struct mn_obj *a, struct mn_obj *b))
{
	struct mn_hnode *n = mn_hash_first(h, hash);

	for (; n; n = mn_hash_next(n)) {
		struct seen *other = mn_container_of(n, struct seen, node);

		if (same(other->port, s->port))
			return other->port;
	}
	mn_hash_add(h, &s->node, hash);
	return NULL;
}

static bool same_binding(struct mn_obj *a, struct mn_obj *b)
{
	return mn_vals_equal(*mn_obj_val(a, MIDONET_A_DEV),
			     *mn_obj_val(b, MIDONET_A_DEV)) &&
	       mn_vals_equal(*mn_obj_val(a, MIDONET_A_HOST),
			     *mn_obj_val(b, MIDONET_A_HOST));
}

static bool same_key(struct mn_obj *a, struct mn_obj *b)
{
	return mn_vals_equal(*mn_obj_val(a, MIDONET_A_TUNNEL_KEY),
			     *mn_obj_val(b, MIDONET_A_TUNNEL_KEY));
}

static int refuse_same(struct mn_obj *a, struct mn_obj *b, int wire,
		       struct mn_err *err)
{
	const struct mn_attr *attr;
	struct mn_buf text = {};
	int i = mn_type_wire(a->type, wire);

	attr = &a->type->attrs[i];
	/* What changed is at fault, else what comes later. */
	if ((b->given >> i & 1) && !(a->given >> i & 1))
		a = other_end(a, &b);
	mn_vals_print(attr, NULL, a->vals[i], &text);
	mn_doc_fail(err, a, attr->word, wire == MIDONET_A_DEV ?
		    "%s is bound to port %s:%s on the same host" :
		    "%s is the key of port %s:%s", text.s, b->parent->name,
		    b->name);
	mn_buf_free(&text);
	return err->code;
}

static int check_unique(struct mn_model *m, int wire,
			bool (*same)(struct mn_obj *a, struct mn_obj *b),
			struct mn_err *err)
{
	const struct mn_objs *ports = &m->objs[MIDONET_OBJECT_TYPE_PORT];
	struct seen *seen = mn_alloc(ports->n * sizeof(*seen));
	struct mn_hash h = {};
	struct mn_obj *other;
	const struct mn_vals *v;
	uint32_t i;
	int ret = 0;

	for (i = 0; !ret && i < ports->n; i++) {
		v = *mn_obj_val(ports->objs[i], wire);
		seen[i].port = ports->objs[i];
		if (!v)
			continue;
		other = see(&h, &seen[i], mn_hash_bytes(0, v->data, v->len),
			    same);
		if (other)
			ret = refuse_same(ports->objs[i], other, wire, err);
	}
	mn_hash_free(&h);
	free(seen);
	return ret;
}

static uint32_t find_root(uint32_t *root, uint32_t i)
{
	while (root[i] != i) {
		root[i] = root[root[i]];
		i = root[i];
	}
	return i;
}

/* Bridges and their links must be a forest. */
static int check_links(struct mn_model *m, struct mn_err *err)
{
	const struct mn_objs *bridges = &m->objs[MIDONET_OBJECT_TYPE_BRIDGE];
	const struct mn_objs *ports = &m->objs[MIDONET_OBJECT_TYPE_PORT];
	uint32_t *root = mn_alloc(bridges->n * sizeof(*root)), i, a, b;
	struct mn_obj *port, *peer;
	int ret = 0;

	for (i = 0; i < bridges->n; i++)
		root[i] = i;
	for (i = 0; !ret && i < ports->n; i++) {
		port = ports->objs[i];
		peer = ref(m, port, MIDONET_A_PEER);
		if (!peer || peer->slot < i ||
		    port->parent->type->type != MIDONET_OBJECT_TYPE_BRIDGE ||
		    peer->parent->type->type != MIDONET_OBJECT_TYPE_BRIDGE)
			continue;
		a = find_root(root, port->parent->slot);
		b = find_root(root, peer->parent->slot);
		root[a] = b;
		/* The side that names it is the one to show. */
		if (a == b && !gave_peer(port))
			port = other_end(port, &peer);
		if (a == b)
			ret = mn_doc_fail(err, port, "peer",
					  "the link to %s:%s closes a loop of bridges",
					  peer->parent->name, peer->name);
	}
	free(root);
	return ret;
}

static int check_alone(const struct mn_obj *obj,
		       int (*check)(const struct mn_obj *obj, const char **attr,
				    struct mn_err *err),
		       struct mn_err *err)
{
	struct mn_err why;
	const char *attr;

	if (!check(obj, &attr, &why))
		return 0;
	return mn_doc_fail(err, obj, attr, "%s", why.text);
}

static int check_each(struct mn_model *m, int type, struct mn_err *err)
{
	const struct mn_objs *objs = &m->objs[type];
	uint32_t i;
	int ret = 0;

	for (i = 0; !ret && i < objs->n; i++) {
		if (type == MIDONET_OBJECT_TYPE_PORT)
			ret = check_port(m, objs->objs[i], err);
		else if (type == MIDONET_OBJECT_TYPE_RULE)
			ret = check_alone(objs->objs[i], mn_rule_check, err);
		else if (type == MIDONET_OBJECT_TYPE_ROUTE)
			ret = check_alone(objs->objs[i], mn_route_check, err);
		else
			ret = check_alone(objs->objs[i], mn_neighbour_check,
					  err);
	}
	return ret;
}

/**
 * mn_doc_check() - judge a topology as a whole
 * @m: topology; peers become mutual
 * @err: for errors, with the path
 *
 * Return: 0 or -EINVAL
 */
int mn_doc_check(struct mn_model *m, struct mn_err *err)
{
	int ret = make_mutual(m, err);

	if (!ret)
		ret = check_each(m, MIDONET_OBJECT_TYPE_PORT, err);
	if (!ret)
		ret = check_unique(m, MIDONET_A_DEV, same_binding, err);
	if (!ret)
		ret = check_unique(m, MIDONET_A_TUNNEL_KEY, same_key, err);
	if (!ret)
		ret = check_links(m, err);
	if (!ret)
		ret = check_each(m, MIDONET_OBJECT_TYPE_RULE, err);
	if (!ret)
		ret = mn_doc_check_jumps(m, err);
	if (!ret)
		ret = check_each(m, MIDONET_OBJECT_TYPE_ROUTE, err);
	if (!ret)
		ret = check_each(m, MIDONET_OBJECT_TYPE_NEIGHBOUR, err);
	if (!ret)
		ret = mn_doc_check_routers(m, err);
	if (!ret)
		ret = mn_doc_check_nat(m, err);
	if (!ret)
		ret = mn_doc_check_balancers(m, err);
	if (!ret)
		ret = mn_doc_check_dhcp(m, err);
	if (!ret)
		ret = mn_doc_check_zones(m, err);
	return ret;
}
