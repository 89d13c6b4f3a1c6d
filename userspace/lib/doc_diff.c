// SPDX-License-Identifier: GPL-2.0
/*
 * What makes one topology another. What is removed goes first, so that names
 * and devices are free; then come new objects, those first that others refer to;
 * then changes; then the contents that refer to ports.
 */
#include <stdlib.h>
#include <string.h>

#include "doc.h"

/**
 * struct differ - a comparison
 * @from: topology as it is
 * @to: as it shall be
 * @fn: told of each change
 * @arg: for @fn
 */
struct differ {
	struct mn_model *from;
	struct mn_model *to;
	mn_diff_fn fn;
	void *arg;
};

/**
 * mn_obj_changed() - attributes that differ
 * @from: object
 * @to: object of the same type
 *
 * Return: bit N: attribute N; state does not count
 */
uint32_t mn_obj_changed(const struct mn_obj *from, const struct mn_obj *to)
{
	const struct mn_attr *a;
	uint32_t bits = 0;
	int i;

	for (i = 0; i < to->type->n_attrs; i++) {
		a = &to->type->attrs[i];
		if (a->flags & MN_RO)
			continue;
		if (a->kind == MN_KIND_MATCH ?
		    !mn_match_equal(&from->match, &to->match) :
		    a->kind == MN_KIND_SECRET ? !mn_zone_same_key(from, to) :
		    !mn_vals_equal(from->vals[i], to->vals[i]))
			bits |= 1u << i;
	}
	return bits;
}

static bool is_plain(const struct mn_type *t)
{
	return t->flags & MN_TYPE_ID;
}

static void pair_one(struct differ *d, struct mn_obj *to)
{
	struct mn_obj *from = NULL;

	if (is_plain(to->type))
		from = mn_model_find_id(d->from, &to->id);
	else if (to->parent->twin)
		from = mn_model_find(d->from, to->type->type, to->parent->twin,
				     to->name);
	to->twin = NULL;
	if (!from || from->type != to->type)
		return;
	/* A name and what contains an object are for its life. */
	if (to->parent ? from->parent != to->parent->twin : false)
		return;
	if ((to->type->flags & MN_TYPE_NAMED) && strcmp(from->name, to->name))
		return;
	/* The nameless have no command to change them. */
	if (!to->type->cmd_set && mn_obj_changed(from, to))
		return;
	to->twin = from;
	from->twin = to;
}

static void pair(struct differ *d)
{
	const struct mn_objs *objs;
	uint32_t i;
	size_t t;

	for (t = 0; t < mn_n_types; t++) {
		objs = &d->from->objs[mn_types[t].type];
		for (i = 0; i < objs->n; i++)
			objs->objs[i]->twin = NULL;
	}
	for (t = 0; t < mn_n_types; t++) {
		objs = &d->to->objs[mn_types[t].type];
		for (i = 0; i < objs->n; i++)
			pair_one(d, objs->objs[i]);
	}
}

static int diff_del(struct differ *d, const struct mn_type *type)
{
	struct mn_change c = { .op = MIDONET_OP_DEL };
	struct mn_obj **objs, *obj;
	uint32_t i, n;
	int ret = 0;

	objs = mn_model_sorted(d->from, type->type, &n);
	for (i = 0; !ret && i < n; i++) {
		obj = objs[i];
		/* What a deleted object contains goes with it. */
		if (obj->twin || (obj->parent && !obj->parent->twin))
			continue;
		c.obj = obj;
		ret = d->fn(d->arg, &c, obj);
	}
	free(objs);
	return ret;
}

/* A peer that does not exist yet will name this port. */
static uint32_t not_yet(struct differ *d, const struct mn_obj *obj)
{
	int i = mn_type_wire(obj->type, MIDONET_A_PEER);
	struct mn_obj *peer;

	if (i < 0 || !obj->vals[i])
		return 0;
	peer = mn_obj_ref(d->to, obj, MIDONET_A_PEER);
	return peer && !peer->twin && !peer->made ? 1u << i : 0;
}

static int diff_new(struct differ *d, const struct mn_type *type)
{
	struct mn_change c = { .op = MIDONET_OP_NEW };
	struct mn_obj **objs;
	uint32_t i, n;
	int ret = 0;

	objs = mn_model_sorted(d->to, type->type, &n);
	for (i = 0; i < n; i++)
		objs[i]->made = false;
	for (i = 0; !ret && i < n; i++) {
		if (objs[i]->twin)
			continue;
		c.obj = objs[i];
		c.attrs = ~not_yet(d, objs[i]);
		ret = d->fn(d->arg, &c, NULL);
		objs[i]->made = true;
	}
	free(objs);
	return ret;
}

static int set_one(struct differ *d, struct mn_obj *obj, uint32_t bits)
{
	int members = mn_type_wire(obj->type, MIDONET_A_MEMBERS);
	struct mn_vals *gone = NULL, *come = NULL;
	struct mn_change c = {
		.op = MIDONET_OP_SET, .obj = obj, .attrs = bits,
	};
	int ret;

	if (members >= 0 && (bits >> members & 1))
		mn_vals_diff(&obj->type->attrs[members],
			     obj->twin->vals[members], obj->vals[members],
			     &gone, &come);
	c.gone = gone;
	c.come = come;
	ret = d->fn(d->arg, &c, obj->twin);
	free(gone);
	free(come);
	return ret;
}

/* Ports that lose their peer come first, so that nobody gets a taken one. */
static int diff_set(struct differ *d, const struct mn_type *type, bool unplug)
{
	int peer = mn_type_wire(type, MIDONET_A_PEER);
	struct mn_obj **objs, *obj;
	uint32_t i, n, bits;
	bool first;
	int ret = 0;

	objs = mn_model_sorted(d->to, type->type, &n);
	for (i = 0; !ret && i < n; i++) {
		obj = objs[i];
		bits = obj->twin ? mn_obj_changed(obj->twin, obj) : 0;
		if (!bits)
			continue;
		first = peer >= 0 && (bits >> peer & 1) && !obj->vals[peer];
		if (first == unplug)
			ret = set_one(d, obj, bits);
	}
	free(objs);
	return ret;
}

static int diff_rules(struct differ *d)
{
	struct mn_obj **chains;
	uint32_t i, n;
	int ret = 0;

	chains = mn_model_sorted(d->to, MIDONET_OBJECT_TYPE_CHAIN, &n);
	for (i = 0; !ret && i < n; i++)
		ret = mn_doc_diff_rules(chains[i]->twin, chains[i], d->fn,
					d->arg);
	free(chains);
	return ret;
}

/**
 * mn_doc_diff() - compare two topologies
 * @from: as it is; its rules are renumbered
 * @to: as it shall be, with ids
 * @fn: told of each change, in an order in which each is possible
 * @arg: for @fn
 *
 * Return: 0 or what @fn returned
 */
int mn_doc_diff(struct mn_model *from, struct mn_model *to, mn_diff_fn fn,
		void *arg)
{
	struct differ d = { .from = from, .to = to, .fn = fn, .arg = arg };
	size_t t;
	int ret = 0;

	mn_model_number(from, NULL);
	mn_model_number(to, NULL);
	pair(&d);
	for (t = mn_n_types; !ret && t--;)
		ret = diff_del(&d, &mn_types[t]);
	for (t = 0; !ret && t < mn_n_types; t++) {
		if (is_plain(&mn_types[t]) &&
		    !(mn_types[t].flags & MN_TYPE_ORDERED))
			ret = diff_new(&d, &mn_types[t]);
	}
	for (t = 0; !ret && t < mn_n_types; t++) {
		if (!is_plain(&mn_types[t]) ||
		    (mn_types[t].flags & MN_TYPE_ORDERED))
			continue;
		ret = diff_set(&d, &mn_types[t], true);
		if (!ret)
			ret = diff_set(&d, &mn_types[t], false);
	}
	for (t = 0; !ret && t < mn_n_types; t++) {
		if (!is_plain(&mn_types[t]))
			ret = diff_new(&d, &mn_types[t]);
	}
	return ret ? ret : diff_rules(&d);
}
