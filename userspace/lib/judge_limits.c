// SPDX-License-Identifier: GPL-2.0
/*
 * How much a topology may hold. Kernels have limits of their own (net.midonet.*);
 * a store refuses what those would by default.
 */
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "doc.h"
#include "edit.h"

#define PORTS_MAX		65536
#define OBJECTS_MAX		1048576
#define RULES_MAX		1048576
#define ROUTES_MAX		2097152
#define ROUTES_PER_DST		1024
#define SET_MEMBERS_MAX		4194304
#define MACS_MAX		1048576
#define NEIGHBOURS_MAX		262144
#define POOLS_PER_BALANCER	4096
#define VIPS_PER_ADDRESS	1024
#define PORT_GROUPS_MAX		256
#define PORT_ALLOWED_MAX	1024

static const struct mn_obj *last_new(const struct mn_model *m, int type)
{
	const struct mn_objs *objs = &m->objs[type];
	uint32_t i = objs->n;

	while (i--) {
		if (objs->objs[i]->given == ~0u)
			return objs->objs[i];
	}
	return NULL;
}

/* The kernel says when the first too many comes; here it is the last. */
static int refuse(const struct mn_model *m, int type, uint32_t max,
		  const char *limit, struct mn_err *err)
{
	const struct mn_obj *obj = last_new(m, type);
	struct mn_buf label = {};
	int code = -ENOSPC;

	if (!obj)
		return 0;
	if (obj->type->flags & MN_TYPE_ORDERED) {
		mn_fail(err, code,
			"%u rules would be more than net.midonet.rules_max allows",
			m->objs[type].n);
	} else if (mn_type_label_clear(obj->type)) {
		mn_doc_fail(err, obj, NULL,
			    "is one too many; raise net.midonet.%s", limit);
	} else if (type == MIDONET_OBJECT_TYPE_MAC) {
		mn_fail(err, code,
			"bridge %s: there are %u static macs already; raise net.midonet.%s",
			obj->parent->name, max, limit);
	} else {
		mn_obj_label(obj, &label);
		mn_fail(err, code,
			"%s: there are %u already; raise net.midonet.%s",
			label.s, max, limit);
		mn_buf_free(&label);
	}
	return err->code = code;
}

/* Connected routes follow from addresses: a local one, and one of the subnet. */
static size_t count_routes(const struct mn_model *m)
{
	const struct mn_objs *ports = &m->objs[MIDONET_OBJECT_TYPE_PORT];
	size_t n = m->objs[MIDONET_OBJECT_TYPE_ROUTE].n;
	const uint8_t *p;
	uint32_t i;

	for (i = 0; i < ports->n; i++) {
		mn_vals_for_each(p, *mn_obj_val(ports->objs[i],
						MIDONET_A_ADDRESSES))
			n += 1 + (p[1] < (*p - 1) * 8);
	}
	return n;
}

static int check_members(const struct mn_model *m, struct mn_err *err)
{
	const struct mn_objs *sets = &m->objs[MIDONET_OBJECT_TYPE_IP_SET];
	const struct mn_vals *v;
	size_t n = 0;
	uint32_t i;

	for (i = 0; i < sets->n; i++) {
		v = *mn_obj_val(sets->objs[i], MIDONET_A_MEMBERS);
		n += v ? v->n : 0;
		if (n > SET_MEMBERS_MAX && mn_obj_fresh(sets->objs[i]))
			return mn_fail(err, -ENOSPC,
				       "ip-set %s: there are %u members already; raise net.midonet.set_members_max",
				       sets->objs[i]->name, SET_MEMBERS_MAX);
	}
	return 0;
}

static int check_list(const struct mn_obj *port, int wire, uint32_t max,
		      struct mn_err *err)
{
	const struct mn_vals *v;
	int at = mn_type_wire(port->type, wire);

	v = port->vals[at];
	if (!v || v->n <= max)
		return 0;
	return mn_doc_fail(err, port, port->type->attrs[at].word,
			   "more than %u", max);
}

static int check_ports(const struct mn_model *m, struct mn_err *err)
{
	const struct mn_objs *ports = &m->objs[MIDONET_OBJECT_TYPE_PORT];
	uint32_t i;
	int ret = 0;

	for (i = 0; !ret && i < ports->n; i++) {
		if (!mn_obj_fresh(ports->objs[i]))
			continue;
		ret = check_list(ports->objs[i], MIDONET_A_PORT_GROUPS,
				 PORT_GROUPS_MAX, err);
		if (!ret)
			ret = check_list(ports->objs[i],
					 MIDONET_A_ALLOWED_ADDRESSES,
					 PORT_ALLOWED_MAX, err);
		if (!ret)
			ret = check_list(ports->objs[i], MIDONET_A_ADDRESSES,
					 MN_ADDRESSES_MAX, err);
	}
	return ret;
}

/**
 * struct tally - how many have something in common
 * @node: by hash of that
 * @of: one of them
 * @n: number
 */
struct tally {
	struct mn_hnode node;
	const struct mn_obj *of;
	uint32_t n;
};

static bool same_key(const struct mn_obj *a, const struct mn_obj *b, int wire)
{
	int at = mn_type_wire(a->type, wire);

	return a->parent == b->parent &&
	       mn_vals_equal(a->vals[at], b->vals[at]);
}

static uint32_t count_one(struct mn_hash *h, struct tally *new, int wire)
{
	const struct mn_vals *v;
	struct mn_hnode *n;
	struct tally *t;
	uint64_t hash;

	v = new->of->vals[mn_type_wire(new->of->type, wire)];
	hash = mn_hash_bytes(new->of->parent->slot + 1, v->data, v->len);
	for (n = mn_hash_first(h, hash); n; n = mn_hash_next(n)) {
		t = mn_container_of(n, struct tally, node);
		if (same_key(t->of, new->of, wire))
			return ++t->n;
	}
	mn_hash_add(h, &new->node, hash);
	return new->n = 1;
}

/* Those of a parent that agree in an attribute are at most @max. */
static int check_tally(const struct mn_model *m, int type, int wire,
		       uint32_t max, const char *why, struct mn_err *err)
{
	const struct mn_objs *objs = &m->objs[type];
	struct tally *t = mn_alloc(objs->n * sizeof(*t));
	struct mn_hash h = {};
	uint32_t i;
	int ret = 0;

	for (i = 0; !ret && i < objs->n; i++) {
		t[i].of = objs->objs[i];
		if (count_one(&h, &t[i], wire) <= max ||
		    !mn_obj_fresh(objs->objs[i]))
			continue;
		mn_doc_fail(err, objs->objs[i], NULL, "%s", why);
		err->code = -ENOSPC;
		ret = -ENOSPC;
	}
	mn_hash_free(&h);
	free(t);
	return ret;
}

static int check_pools(const struct mn_model *m, struct mn_err *err)
{
	const struct mn_objs *pools = &m->objs[MIDONET_OBJECT_TYPE_POOL];
	uint32_t *n, i;
	int ret = 0;

	n = mn_alloc(m->objs[MIDONET_OBJECT_TYPE_LOAD_BALANCER].n * sizeof(*n));
	for (i = 0; !ret && i < pools->n; i++) {
		if (++n[pools->objs[i]->parent->slot] <= POOLS_PER_BALANCER ||
		    !mn_obj_fresh(pools->objs[i]))
			continue;
		ret = mn_fail(err, -ENOSPC,
			      "pool %s:%s is one too many; a load-balancer has %d pools at most",
			      pools->objs[i]->parent->name,
			      pools->objs[i]->name, POOLS_PER_BALANCER);
	}
	free(n);
	return ret;
}

static int check_counts(const struct mn_model *m, struct mn_err *err)
{
	static const struct {
		int type;
		uint32_t max;
		const char *limit;
	} limits[] = {
		{ MIDONET_OBJECT_TYPE_PORT, PORTS_MAX, "ports_max" },
		{ MIDONET_OBJECT_TYPE_RULE, RULES_MAX, "rules_max" },
		{ MIDONET_OBJECT_TYPE_MAC, MACS_MAX, "macs_max" },
		{ MIDONET_OBJECT_TYPE_NEIGHBOUR, NEIGHBOURS_MAX,
		  "neighbours_max" },
		{ MIDONET_OBJECT_TYPE_ROUTE, ROUTES_MAX, "routes_max" },
	};
	uint32_t max;
	const char *limit;
	size_t t, i;
	int ret = 0;

	for (t = 0; !ret && t < mn_n_types; t++) {
		max = OBJECTS_MAX;
		limit = "objects_max";
		for (i = 0; i < MN_ARRAY_SIZE(limits); i++) {
			if (limits[i].type != mn_types[t].type)
				continue;
			max = limits[i].max;
			limit = limits[i].limit;
		}
		if (m->objs[mn_types[t].type].n > max)
			ret = refuse(m, mn_types[t].type, max, limit, err);
	}
	if (!ret && count_routes(m) > ROUTES_MAX)
		ret = refuse(m, MIDONET_OBJECT_TYPE_ROUTE, ROUTES_MAX,
			     "routes_max", err);
	return ret;
}

/**
 * mn_judge_limits() - is the end state within the limits?
 * @e: edit
 * @err: for errors
 *
 * Return: 0, -ENOSPC, -EINVAL
 */
int mn_judge_limits(const struct mn_edit *e, struct mn_err *err)
{
	int ret = check_counts(e->m, err);

	if (!ret)
		ret = check_members(e->m, err);
	if (!ret)
		ret = check_ports(e->m, err);
	if (!ret)
		ret = check_pools(e->m, err);
	if (!ret)
		ret = check_tally(e->m, MIDONET_OBJECT_TYPE_VIP,
				  MIDONET_A_ADDRESS, VIPS_PER_ADDRESS,
				  "is one too many; an address has 1024 VIPs at most",
				  err);
	if (!ret)
		ret = check_tally(e->m, MIDONET_OBJECT_TYPE_ROUTE,
				  MIDONET_A_DST, ROUTES_PER_DST,
				  "there are 1024 to its dst already, the most there can be",
				  err);
	return ret;
}
