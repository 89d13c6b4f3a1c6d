// SPDX-License-Identifier: GPL-2.0
/* How objects are called, and how they are found by that. */
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "model.h"

/* ADDRESS:PORT or ADDRESS:PORT/PROTO of a service; false: it is none. */
static bool print_service(const struct mn_obj *obj, struct mn_buf *out)
{
	int addr = mn_type_wire(obj->type, MIDONET_A_ADDRESS);
	int port = mn_type_wire(obj->type, MIDONET_A_SERVICE_PORT);
	int proto = mn_type_wire(obj->type, MIDONET_A_PROTO);
	const struct mn_vals *a, *p;

	if (port < 0 || !obj->vals[addr] || !obj->vals[port])
		return false;
	a = obj->vals[addr];
	p = obj->vals[port];
	mn_endpoint_print(a->data + 1, a->data[0],
			  mn_value_num(p->data + 1, p->data[0]), out);
	if (proto >= 0 && obj->vals[proto]) {
		mn_buf_puts(out, "/");
		mn_vals_print(&obj->type->attrs[proto], NULL, obj->vals[proto],
			      out);
	}
	return true;
}

static void print_key(struct mn_model *m, const struct mn_obj *obj, int i,
		      struct mn_buf *out)
{
	const struct mn_attr *a = &obj->type->attrs[i];
	const struct mn_obj *to = NULL;
	struct mn_err err;

	if (out->len)
		mn_buf_puts(out, " ");
	if (!(a->flags & MN_NEEDED))
		mn_buf_printf(out, "%s ", a->word);
	if (a->flags & MN_OWN) {
		mn_model_want(m, a->ref, &err);
		to = mn_obj_ref(m, obj, a->attr);
	}
	if (to && to->parent == obj->parent)
		mn_buf_puts(out, to->name);
	else
		mn_vals_print(a, &m->names, obj->vals[i], out);
}

/**
 * mn_obj_key_name() - name that tells a nameless object from others
 * @m: model the object is in
 * @obj: object whose key attributes are set
 * @out: appended to: what is needed, then words with their values; of a service
 *	its address, port and protocol
 */
void mn_obj_key_name(struct mn_model *m, const struct mn_obj *obj,
		     struct mn_buf *out)
{
	const struct mn_attr *attrs = obj->type->attrs;
	int i;

	if (print_service(obj, out))
		return;
	for (i = 0; i < obj->type->n_attrs; i++) {
		if (obj->vals[i] && (attrs[i].flags & MN_KEY) &&
		    (attrs[i].flags & MN_NEEDED))
			print_key(m, obj, i, out);
	}
	for (i = 0; i < obj->type->n_attrs; i++) {
		if (obj->vals[i] && (attrs[i].flags & MN_KEY) &&
		    !(attrs[i].flags & MN_NEEDED))
			print_key(m, obj, i, out);
	}
}

/**
 * mn_obj_full_name() - name of an object as people write it
 * @obj: object
 * @out: appended to: NAME, DEVICE:PORT, CHAIN:POSITION, BRIDGE MAC,
 *	LOAD-BALANCER:POOL ADDRESS:PORT
 */
void mn_obj_full_name(const struct mn_obj *obj, struct mn_buf *out)
{
	if (obj->type->flags & MN_TYPE_ORDERED) {
		mn_buf_printf(out, "%s:%u", obj->parent->name, obj->pos);
		return;
	}
	if (obj->parent) {
		mn_obj_full_name(obj->parent, out);
		mn_buf_puts(out, obj->type->flags & MN_TYPE_NAMED ? ":" : " ");
	}
	mn_buf_puts(out, obj->name ? obj->name : "?");
}

/**
 * mn_obj_v5() - id that an object without one gets when it is made
 * @m: model the object is in
 * @obj: object
 * @content: for the nameless: what is in it; NULL for the named
 * @id: result
 */
void mn_obj_v5(const struct mn_model *m, const struct mn_obj *obj,
	       const char *content, struct mn_uuid *id)
{
	struct mn_buf text = {};

	(void)m;
	mn_buf_printf(&text, "%s/", obj->type->word);
	if (content)
		mn_buf_printf(&text, "%s/%s", obj->parent->name, content);
	else
		mn_obj_full_name(obj, &text);
	mn_uuid_name(id, text.s, text.len);
	mn_buf_free(&text);
}

/**
 * mn_model_find_device() - look a device up by name
 * @m: model
 * @types: bit N: it may be of type N
 * @name: its name
 * @err: set to -EEXIST if there are several
 *
 * Return: object, NULL if there is none or not just one
 */
struct mn_obj *mn_model_find_device(const struct mn_model *m, uint32_t types,
				    const char *name, struct mn_err *err)
{
	struct mn_obj *found = NULL, *obj;
	size_t i;

	err->code = 0;
	for (i = 0; i < mn_n_types; i++) {
		if (!(mn_types[i].flags & MN_TYPE_DEVICE) ||
		    !(types >> mn_types[i].type & 1))
			continue;
		obj = mn_model_find(m, mn_types[i].type, NULL, name);
		if (obj && found) {
			mn_fail(err, -EEXIST,
				"\"%s\" is a %s and a %s; give one of them another name",
				name, found->type->word, obj->type->word);
			return NULL;
		}
		found = obj ?: found;
	}
	return found;
}

/* What is called PARENT:NAME and is not in @not_in. */
static struct mn_obj *kid_elsewhere(const struct mn_model *m,
				    const struct mn_type *type,
				    const char *parent, const char *name,
				    const struct mn_obj *not_in)
{
	struct mn_obj *in, *kid;
	size_t i;

	for (i = 0; i < mn_n_types; i++) {
		if (!(type->parents >> mn_types[i].type & 1))
			continue;
		in = mn_model_find(m, mn_types[i].type, NULL, parent);
		kid = in && in != not_in ?
		      mn_model_find(m, type->type, in, name) : NULL;
		if (kid)
			return kid;
	}
	return NULL;
}

/**
 * mn_model_port_unique() - does DEVICE:PORT mean this port and no other one
 * @m: model
 * @port: port
 *
 * Return: whether no device of another type is called the same and has a port
 * that is called the same
 */
bool mn_model_port_unique(const struct mn_model *m, const struct mn_obj *port)
{
	return !kid_elsewhere(m, port->type, port->parent->name, port->name,
			      port->parent);
}

/**
 * mn_model_find_kid() - look up what is called PARENT:NAME
 * @m: model
 * @type: its type, one of the named in others
 * @parent: name of what contains it
 * @name: its name there
 * @err: set to -EEXIST if there are several
 *
 * Return: object, NULL if there is none or not just one
 */
struct mn_obj *mn_model_find_kid(const struct mn_model *m,
				 const struct mn_type *type, const char *parent,
				 const char *name, struct mn_err *err)
{
	struct mn_obj *kid, *other;

	err->code = 0;
	kid = kid_elsewhere(m, type, parent, name, NULL);
	other = kid ? kid_elsewhere(m, type, parent, name, kid->parent) : NULL;
	if (!other)
		return kid;
	mn_fail(err, -EEXIST,
		"\"%s:%s\" is a %s of %s %s and of %s %s; give one of them another name",
		parent, name, type->word, kid->parent->type->word, parent,
		other->parent->type->word, parent);
	return NULL;
}

static struct mn_obj *lookup_kid(const struct mn_model *m,
				 const struct mn_type *type, const char *name,
				 struct mn_err *err)
{
	const char *colon = strchr(name, ':');
	char parent[MIDONET_NAME_MAX + 1];

	if (!colon || (size_t)(colon - name) >= sizeof(parent))
		return NULL;
	memcpy(parent, name, colon - name);
	parent[colon - name] = '\0';
	return mn_model_find_kid(m, type, parent, colon + 1, err);
}

/**
 * mn_type_pattern() - how the name of an object is written
 * @type: type of the named
 *
 * Return: pattern
 */
const char *mn_type_pattern(const struct mn_type *type)
{
	if (type->type == MIDONET_OBJECT_TYPE_PORT)
		return "DEVICE:PORT";
	return type->parents ? "LOAD-BALANCER:POOL" : "NAME";
}

/**
 * mn_model_lookup() - find an object by the name people write, load if needed
 * @m: model
 * @type: &enum midonet_object_type of the named
 * @name: NAME, DEVICE:PORT or LOAD-BALANCER:POOL
 * @err: for errors
 *
 * Return: object; NULL with @err set
 */
struct mn_obj *mn_model_lookup(struct mn_model *m, int type, const char *name,
			       struct mn_err *err)
{
	const struct mn_type *t = mn_type_of(type);
	struct mn_obj *obj;
	char buf[80];

	if (mn_model_want(m, type, err))
		return NULL;
	err->code = 0;
	if (t->parents)
		obj = lookup_kid(m, t, name, err);
	else
		obj = mn_model_find(m, type, NULL, name);
	if (obj || err->code)
		return obj;
	mn_shown(name, buf, sizeof(buf));
	if (t->parents && !strchr(name, ':'))
		mn_fail(err, -ENOENT, "no %s \"%s\"; a %s is written %s",
			t->word, buf, t->word, mn_type_pattern(t));
	else
		mn_fail(err, -ENOENT, "no %s \"%s\"", t->word, buf);
	return NULL;
}
