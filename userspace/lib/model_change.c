// SPDX-License-Identifier: GPL-2.0
/*
 * Applying a change to a topology. The object that a change is about belongs to
 * another model; it is found here by its id, or by what it contains and is called.
 */
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "doc.h"
#include "edit.h"

static int no_such(struct mn_err *err, const struct mn_type *type,
		   const struct mn_uuid *id, const char *what)
{
	char text[MN_UUID_TEXT];

	mn_uuid_print(id, text);
	return mn_fail(err, -ENOENT, "%sno %s with id %s", what, type->word,
		       text);
}

static int find_parent(const struct mn_model *m, const struct mn_obj *obj,
		       struct mn_obj **parent, struct mn_err *err)
{
	*parent = NULL;
	if (!obj->parent)
		return 0;
	*parent = mn_model_find_id(m, &obj->parent->id);
	if (*parent && (*parent)->type == obj->parent->type)
		return 0;
	return no_such(err, obj->parent->type, &obj->parent->id,
		       "request: parent: ");
}

static struct mn_obj *find(const struct mn_model *m, const struct mn_obj *obj,
			   const struct mn_obj *parent)
{
	struct mn_obj *found;

	if (!(obj->type->flags & MN_TYPE_ID))
		return mn_model_find(m, obj->type->type, parent, obj->name);
	found = mn_model_find_id(m, &obj->id);
	return found && found->type == obj->type ? found : NULL;
}

/* The members of a set change one by one. */
static void take_vals(struct mn_obj *to, const struct mn_obj *from,
		      uint32_t attrs)
{
	int i;

	for (i = 0; i < to->type->n_attrs; i++) {
		if (!(attrs >> i & 1) || (to->type->attrs[i].flags & MN_RO) ||
		    to->type->attrs[i].attr == MIDONET_A_MEMBERS)
			continue;
		if (to->type->attrs[i].kind == MN_KIND_MATCH) {
			mn_match_clear(&to->match);
			mn_match_copy(&to->match, &from->match);
			continue;
		}
		free(to->vals[i]);
		to->vals[i] = mn_vals_copy(from->vals[i]);
	}
	mn_port_normalise(to);
}

static int no_member(const struct mn_obj *set, const struct mn_vals *missing,
		     struct mn_err *err)
{
	struct mn_buf text = {};

	mn_prefix_print(missing->data + 1, missing->data[0], false, &text);
	mn_fail(err, -ENOENT, "ip-set %s: no member %s", set->name, text.s);
	mn_buf_free(&text);
	return err->code;
}

static int del_members(struct mn_obj *set, int at, const struct mn_vals *gone,
		       struct mn_err *err)
{
	const struct mn_attr *a = &set->type->attrs[at];
	struct mn_vals *part = mn_vals_copy(gone), *rest = NULL;
	struct mn_vals *missing = NULL;
	int ret = 0;

	mn_vals_normalise(a, &part);
	mn_vals_diff(a, set->vals[at], part, &rest, &missing);
	if (missing) {
		ret = no_member(set, missing, err);
		free(rest);
	} else {
		free(set->vals[at]);
		set->vals[at] = rest;
	}
	free(missing);
	free(part);
	return ret;
}

static int change_members(struct mn_obj *set, const struct mn_change *c,
			  struct mn_err *err)
{
	int at = mn_type_wire(set->type, MIDONET_A_MEMBERS), ret = 0;
	const struct mn_vals *come = c->come;
	const uint8_t *p;

	if (at < 0)
		return 0;
	if (c->op == MIDONET_OP_NEW)
		come = c->obj->vals[at];
	if (c->gone)
		ret = del_members(set, at, c->gone, err);
	mn_vals_for_each(p, come)
		mn_vals_add(&set->vals[at], p + 1, *p);
	if (come)
		mn_vals_normalise(&set->type->attrs[at], &set->vals[at]);
	return ret;
}

static int bad_position(const struct mn_obj *chain, uint32_t n, uint32_t pos,
			struct mn_err *err)
{
	return mn_fail(err, -EINVAL, "chain %s: no position %u, it has %u rules",
		       chain->name, pos, n);
}

static int exists(const struct mn_model *m, const struct mn_obj *obj,
		  struct mn_err *err)
{
	bool clear = mn_type_label_clear(obj->type) ||
		     (obj->type->flags & MN_TYPE_NAMED);
	struct mn_buf label = {};
	const struct mn_obj *port;

	if (obj->type->type == MIDONET_OBJECT_TYPE_MAC) {
		const struct mn_vals *vlan;

		port = mn_obj_ref(m, obj, MIDONET_A_PORT);
		vlan = obj->vals[mn_type_wire(obj->type, MIDONET_A_VLAN)];
		mn_mac_print(obj->vals[0]->data + 1, &label);
		mn_fail(err, -EEXIST,
			"bridge %s has a static mac %s (vlan %u) already, at port %s",
			obj->parent->name, label.s, vlan ? (unsigned int)
			mn_value_num(vlan->data + 1, vlan->data[0]) : 0,
			port ? port->name : "?");
	} else {
		mn_obj_label(obj, &label);
		mn_fail(err, -EEXIST, "%s%s exists already", label.s,
			clear ? "" : ":");
	}
	mn_buf_free(&label);
	return err->code;
}

/* Its id may be that of something else. */
static int id_taken(const struct mn_obj *there, const struct mn_obj *obj,
		    struct mn_err *err)
{
	struct mn_buf label = {};
	char id[MN_UUID_TEXT];

	mn_uuid_print(&obj->id, id);
	if (obj->type->flags & MN_TYPE_ORDERED)
		mn_buf_printf(&label, "chain %s: a new rule", obj->parent->name);
	else
		mn_obj_label(obj, &label);
	mn_fail(err, -EEXIST, "%s: id %s is in use by a %s", label.s, id,
		there->type->word);
	mn_buf_free(&label);
	return err->code;
}

static bool same_place(const struct mn_obj *there, const struct mn_obj *obj,
		       const struct mn_obj *parent)
{
	return there->type == obj->type && there->parent == parent &&
	       (obj->type->flags & MN_TYPE_NAMED) &&
	       !strcmp(there->name, obj->name);
}

static int change_new(struct mn_model *m, const struct mn_change *c,
		      struct mn_obj **result, struct mn_err *err)
{
	const struct mn_obj *obj = c->obj;
	bool has_id = obj->type->flags & MN_TYPE_ID;
	struct mn_obj *parent, *there, *new;
	int ret = find_parent(m, obj, &parent, err);

	if (ret)
		return ret;
	there = has_id ? mn_model_find_id(m, &obj->id) : find(m, obj, parent);
	if (there && has_id && !same_place(there, obj, parent))
		return id_taken(there, obj, err);
	if (there)
		return exists(m, there, err);
	if (c->position > (parent ? parent->n_kids : 0) + 1)
		return bad_position(parent, parent->n_kids, c->position, err);
	new = mn_obj_new(m, obj->type, parent,
			 obj->type->flags & MN_TYPE_ORDERED ? NULL : obj->name);
	if (has_id)
		mn_obj_set_id(m, new, &obj->id);
	take_vals(new, obj, c->attrs);
	if (c->position)
		mn_obj_move(new, c->position);
	*result = new;
	return change_members(new, c, err);
}

static int change_set(struct mn_model *m, const struct mn_change *c,
		      struct mn_obj **result, struct mn_err *err)
{
	struct mn_obj *obj = find(m, c->obj, NULL);

	if (!obj)
		return no_such(err, c->obj->type, &c->obj->id, "");
	take_vals(obj, c->obj, c->attrs);
	if (c->position && c->position > obj->parent->n_kids)
		return bad_position(obj->parent, obj->parent->n_kids,
				    c->position, err);
	if (c->position)
		mn_obj_move(obj, c->position);
	*result = obj;
	return change_members(obj, c, err);
}

static int not_there(const struct mn_model *m, const struct mn_obj *obj,
		     struct mn_err *err)
{
	struct mn_buf label = {};
	const struct mn_vals *v;
	int ret;

	if (obj->type->flags & MN_TYPE_ID)
		return no_such(err, obj->type, &obj->id, "");
	ret = mn_derived_refuse_del(m, obj, err);
	if (ret)
		return ret;
	if (obj->type->type == MIDONET_OBJECT_TYPE_MAC) {
		v = obj->vals[mn_type_wire(obj->type, MIDONET_A_VLAN)];
		mn_mac_print(obj->vals[0]->data + 1, &label);
		mn_fail(err, -ENOENT, "bridge %s has no static mac %s (vlan %u)",
			obj->parent->name, label.s,
			v ? (unsigned int)mn_value_num(v->data + 1, v->data[0]) :
			    0);
	} else {
		mn_obj_label(obj, &label);
		mn_fail(err, -ENOENT, "%s%s", label.s,
			mn_type_label_clear(obj->type) ? " does not exist" :
							 ": no such route");
	}
	mn_buf_free(&label);
	return err->code;
}

/* What is behind a port goes with it; its peer is a matter of mn_edit_link(). */
static void del_behind(struct mn_model *m, const struct mn_obj *port)
{
	struct mn_obj *device = port->parent, *kid;
	uint32_t i = device->n_kids;
	const struct mn_vals *v;
	int at;

	while (i--) {
		kid = device->kids[i];
		at = mn_type_wire(kid->type, MIDONET_A_PORT);
		v = at >= 0 ? kid->vals[at] : NULL;
		if (v && kid->type->attrs[at].ref == port->type->type &&
		    !memcmp(v->data + 1, port->id.b, MN_UUID_LEN))
			mn_obj_del(m, kid);
	}
}

static int change_del(struct mn_model *m, const struct mn_change *c,
		      struct mn_err *err)
{
	struct mn_obj *parent, *obj;
	int ret = find_parent(m, c->obj, &parent, err);

	if (ret)
		return ret;
	obj = find(m, c->obj, parent);
	if (!obj)
		return not_there(m, c->obj, err);
	if (obj->type->type == MIDONET_OBJECT_TYPE_PORT)
		del_behind(m, obj);
	mn_obj_del(m, obj);
	return 0;
}

/**
 * mn_model_change() - apply a change
 * @m: topology; what was done when it is refused, stays
 * @change: change, about an object of another model
 * @result: the object of @m; NULL when it was removed
 * @err: for errors, in the kernel's words
 *
 * Return: 0 or a negative error
 */
int mn_model_change(struct mn_model *m, const struct mn_change *change,
		    struct mn_obj **result, struct mn_err *err)
{
	*result = NULL;
	switch (change->op) {
	case MIDONET_OP_NEW:
		return change_new(m, change, result, err);
	case MIDONET_OP_SET:
		return change_set(m, change, result, err);
	default:
		return change_del(m, change, err);
	}
}
