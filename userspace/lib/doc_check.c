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
					   "%s:%s is the peer of %s:%s",
					   peer->parent->name, peer->name,
					   back->parent->name, back->name);
		set_ref(peer, MIDONET_A_PEER, port);
	}
	return 0;
}

static int check_peer(struct mn_model *m, struct mn_obj *port,
		      struct mn_err *err)
{
	struct mn_obj *peer = ref(m, port, MIDONET_A_PEER);

	if (!peer)
		return 0;
	if (peer == port)
		return mn_doc_fail(err, port, "peer", "is the port itself");
	if (*mn_obj_val(port, MIDONET_A_DEV))
		return mn_doc_fail(err, port, "peer",
				   "a port has a dev or a peer, not both");
	if (peer->parent == port->parent && mn_obj_on_router(port))
		return mn_doc_fail(err, gave_peer(port) ? port : peer, "peer",
				   "is a port of the same router");
	if (*mn_obj_val(port, MIDONET_A_VLAN) &&
	    *mn_obj_val(peer, MIDONET_A_VLAN))
		return mn_doc_fail(err, port, "peer",
				   "only one of two linked bridge ports may have a vlan");
	return 0;
}

static int check_port(struct mn_model *m, struct mn_obj *port,
		      struct mn_err *err)
{
	if (*mn_obj_val(port, MIDONET_A_VLAN) &&
	    *mn_obj_val(port, MIDONET_A_DEV))
		return mn_doc_fail(err, port, "vlan",
				   "a port with a dev has none");
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

static int check_unique(struct mn_model *m, int wire,
			bool (*same)(struct mn_obj *a, struct mn_obj *b),
			const char *what, struct mn_err *err)
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
			ret = mn_doc_fail(err, ports->objs[i], what,
					  "port %s:%s has the same",
					  other->parent->name, other->name);
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
		if (a == b)
			ret = mn_doc_fail(err, gave_peer(port) ? port : peer,
					  "peer",
					  "makes a cycle of bridges (%s and %s are linked already)",
					  port->parent->name,
					  peer->parent->name);
	}
	free(root);
	return ret;
}

/**
 * struct jump - a chain on the path of a search
 * @chain: chain
 * @next: rule to look at next
 */
struct jump {
	struct mn_obj *chain;
	uint32_t next;
};

static int cycle(const struct jump *stack, size_t n, struct mn_obj *rule,
		 const struct mn_obj *to, struct mn_err *err)
{
	struct mn_buf text = {};
	size_t i = 0, from;

	while (stack[i].chain != to)
		i++;
	for (from = i; i < n && i < from + 8; i++)
		mn_buf_printf(&text, "%s -> ", stack[i].chain->name);
	if (i < n)
		mn_buf_puts(&text, "... -> ");
	mn_doc_fail(err, rule, "chain", "jumps make a cycle: %s%s", text.s,
		    to->name);
	mn_buf_free(&text);
	return err->code;
}

/* Depth first; without recursion, as chains may be many. */
static int search(struct mn_model *m, struct mn_obj *start, uint8_t *state,
		  struct jump *stack, struct mn_err *err)
{
	struct mn_obj *chain, *rule, *to;
	size_t n = 0;

	stack[n++] = (struct jump){ .chain = start };
	state[start->slot] = 1;
	while (n) {
		chain = stack[n - 1].chain;
		if (stack[n - 1].next == chain->n_kids) {
			state[chain->slot] = 2;
			n--;
			continue;
		}
		rule = chain->kids[stack[n - 1].next++];
		to = ref(m, rule, MIDONET_A_CHAIN);
		if (!to || state[to->slot] == 2)
			continue;
		if (state[to->slot])
			return cycle(stack, n, rule, to, err);
		state[to->slot] = 1;
		stack[n++] = (struct jump){ .chain = to };
	}
	return 0;
}

static int check_jumps(struct mn_model *m, struct mn_err *err)
{
	const struct mn_objs *chains = &m->objs[MIDONET_OBJECT_TYPE_CHAIN];
	struct jump *stack = mn_alloc((chains->n + 1) * sizeof(*stack));
	uint8_t *state = mn_alloc(chains->n);
	uint32_t i;
	int ret = 0;

	for (i = 0; !ret && i < chains->n; i++) {
		if (!state[i])
			ret = search(m, chains->objs[i], state, stack, err);
	}
	free(state);
	free(stack);
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
		ret = check_unique(m, MIDONET_A_DEV, same_binding, "dev", err);
	if (!ret)
		ret = check_unique(m, MIDONET_A_TUNNEL_KEY, same_key,
				   "tunnel-key", err);
	if (!ret)
		ret = check_links(m, err);
	if (!ret)
		ret = check_each(m, MIDONET_OBJECT_TYPE_RULE, err);
	if (!ret)
		ret = check_jumps(m, err);
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
