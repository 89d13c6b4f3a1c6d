// SPDX-License-Identifier: GPL-2.0
/*
 * Where it is what is refused: a path into the document it comes from; or, of
 * what does not come from one, the name the kernel uses in its sentences. What is
 * said of it is the same, so that a store refuses in the words of the kernel.
 */
#include <errno.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "doc.h"

static const struct mn_vals *val(const struct mn_obj *obj, int wire)
{
	return obj->vals[mn_type_wire(obj->type, wire)];
}

/* Ports that a route names are the router's own. */
static const struct mn_obj *own_port(const struct mn_obj *obj)
{
	const struct mn_vals *v = val(obj, MIDONET_A_PORT);
	const struct mn_obj *parent = obj->parent;
	uint32_t i;

	for (i = 0; v && i < parent->n_kids; i++) {
		if (!memcmp(parent->kids[i]->id.b, v->data + 1, MN_UUID_LEN))
			return parent->kids[i];
	}
	return NULL;
}

static void route_label(const struct mn_obj *route, struct mn_buf *out)
{
	const struct mn_vals *dst = val(route, MIDONET_A_DST);
	const struct mn_vals *src = val(route, MIDONET_A_SRC);
	const struct mn_vals *type = val(route, MIDONET_A_TYPE);
	const struct mn_vals *gateway = val(route, MIDONET_A_GATEWAY);
	const struct mn_vals *metric = val(route, MIDONET_A_METRIC);
	const struct mn_obj *port = own_port(route);

	mn_prefix_print(dst->data + 1, dst->data[0], false, out);
	if (src) {
		mn_buf_puts(out, " src ");
		mn_prefix_print(src->data + 1, src->data[0], false, out);
	}
	if (type && type->data[1] != MIDONET_ROUTE_TYPE_PORT)
		mn_buf_printf(out, " %s", mn_route_type_names[type->data[1]]);
	if (gateway) {
		mn_buf_puts(out, " gateway ");
		mn_addr_print(gateway->data + 1, gateway->data[0], out);
	}
	if (port)
		mn_buf_printf(out, " port %s", port->name);
	if (metric)
		mn_buf_printf(out, " metric %llu", (unsigned long long)
			      mn_value_num(metric->data + 1, metric->data[0]));
}

static void neighbour_label(const struct mn_obj *neighbour, struct mn_buf *out)
{
	const struct mn_vals *addr = val(neighbour, MIDONET_A_ADDRESS);

	mn_addr_print(addr->data + 1, addr->data[0], out);
}

static void dhcp_label(const struct mn_obj *dhcp, struct mn_buf *out)
{
	const struct mn_vals *subnet = mn_dhcp_subnet(dhcp);

	mn_prefix_print(subnet->data + 1, subnet->data[0], false, out);
}

/**
 * mn_obj_kid_label() - what the kernel calls an object within what contains it
 * @obj: object
 * @out: appended to; nothing if it is one of the named
 */
void mn_obj_kid_label(const struct mn_obj *obj, struct mn_buf *out)
{
	if (obj->type->type == MIDONET_OBJECT_TYPE_ROUTE)
		route_label(obj, out);
	else if (obj->type->type == MIDONET_OBJECT_TYPE_NEIGHBOUR)
		neighbour_label(obj, out);
	else if (obj->type->type == MIDONET_OBJECT_TYPE_DHCP)
		dhcp_label(obj, out);
	else if (obj->type->flags & MN_TYPE_ORDERED)
		mn_buf_printf(out, "%u", obj->pos);
	else if (!(obj->type->flags & MN_TYPE_NAMED) && obj->name)
		mn_buf_puts(out, obj->name);
}

/**
 * mn_type_label_clear() - does its label say where an object ends
 * @type: type of the nameless
 *
 * Return: whether a sentence goes on behind it without a colon
 */
bool mn_type_label_clear(const struct mn_type *type)
{
	return type->type == MIDONET_OBJECT_TYPE_NEIGHBOUR ||
	       type->type == MIDONET_OBJECT_TYPE_DHCP ||
	       type->type == MIDONET_OBJECT_TYPE_DHCP_HOST ||
	       mn_type_wire(type, MIDONET_A_SERVICE_PORT) >= 0;
}

/* A list is called like many of what is in it. */
static void add_word(const struct mn_type *type, struct mn_buf *out)
{
	if (mn_type_label_clear(type))
		mn_buf_add(out, type->key, strlen(type->key) - 1);
	else
		mn_buf_puts(out, type->word);
}

/**
 * mn_obj_label() - what the kernel calls an object
 * @obj: object
 * @out: appended to, such as "port net0:vm1", "chain c: rule 3" or
 *	"router r: route 0.0.0.0/0 port ext"
 */
void mn_obj_label(const struct mn_obj *obj, struct mn_buf *out)
{
	if (obj->type->flags & MN_TYPE_NAMED) {
		mn_buf_printf(out, "%s ", obj->type->word);
		mn_obj_full_name(obj, out);
		return;
	}
	mn_obj_label(obj->parent, out);
	mn_buf_puts(out, ": ");
	add_word(obj->type, out);
	mn_buf_puts(out, " ");
	mn_obj_kid_label(obj, out);
}

/**
 * mn_obj_fresh() - was an object given: does it come from a document, or a change
 * @obj: object
 *
 * Return: whether it was; only what was can be at fault
 */
bool mn_obj_fresh(const struct mn_obj *obj)
{
	return obj->src >= 0 || obj->given;
}

/**
 * mn_obj_order() - of two objects that are at odds, put the one at fault last
 * @a: one, or NULL
 * @b: the other, which stays last unless only @a was given
 */
void mn_obj_order(const struct mn_obj **a, const struct mn_obj **b)
{
	const struct mn_obj *tmp = *a;

	if (!*a || !mn_obj_fresh(*a) || mn_obj_fresh(*b))
		return;
	*a = *b;
	*b = tmp;
}

/**
 * mn_doc_path() - where in the document an object is
 * @obj: object, NULL for the top
 * @out: appended to, such as bridges[0].ports[1]
 */
void mn_doc_path(const struct mn_obj *obj, struct mn_buf *out)
{
	if (!obj)
		return;
	/* In a merge a rule may be about an object that is there already. */
	if (obj->src < 0) {
		mn_buf_printf(out, "%s ", obj->type->word);
		mn_obj_full_name(obj, out);
		return;
	}
	if (obj->parent) {
		mn_doc_path(obj->parent, out);
		mn_buf_puts(out, ".");
	}
	mn_buf_printf(out, "%s[%d]", obj->type->key, obj->src);
}

static void fail_path(struct mn_err *err, const struct mn_obj *obj,
		      const char *attr, const char *text)
{
	struct mn_buf path = {};

	mn_doc_path(obj, &path);
	if (attr)
		mn_buf_printf(&path, "%s%s", path.len ? "." : "", attr);
	if (path.len)
		mn_fail(err, -EINVAL, "%s: %s", path.s, text);
	else
		mn_fail(err, -EINVAL, "%s", text);
	mn_buf_free(&path);
}

/* Of the nameless the label says enough. */
static void fail_label(struct mn_err *err, const struct mn_obj *obj,
		       const char *attr, const char *text)
{
	bool named = obj->type->flags & MN_TYPE_NAMED;
	struct mn_buf label = {};

	mn_obj_label(obj, &label);
	if (attr && named)
		mn_fail(err, -EINVAL, "%s: %s: %s", label.s, attr, text);
	else
		mn_fail(err, -EINVAL, "%s%s %s", label.s,
			!named && mn_type_label_clear(obj->type) ? "" : ":",
			text);
	mn_buf_free(&label);
}

/**
 * mn_doc_fail() - refuse a document, or a change
 * @err: where the sentence goes
 * @obj: object at fault, NULL for the top
 * @attr: what of it, with an index if in a list; or NULL
 * @fmt: why
 *
 * Return: -EINVAL
 */
int mn_doc_fail(struct mn_err *err, const struct mn_obj *obj, const char *attr,
		const char *fmt, ...)
{
	char text[512];
	va_list ap;

	va_start(ap, fmt);
	vsnprintf(text, sizeof(text), fmt, ap);
	va_end(ap);
	if (obj && obj->src < 0)
		fail_label(err, obj, attr, text);
	else
		fail_path(err, obj, attr, text);
	return -EINVAL;
}

/**
 * mn_doc_fail_in() - the same, where the kernel names another object
 * @err: where the sentence goes
 * @obj: object at fault in a document
 * @attr: what of it, or NULL
 * @in: object that the kernel names, such as what contains @obj; NULL: none
 * @fmt: why
 *
 * Return: -EINVAL
 */
int mn_doc_fail_in(struct mn_err *err, const struct mn_obj *obj,
		   const char *attr, const struct mn_obj *in,
		   const char *fmt, ...)
{
	char text[512];
	va_list ap;

	va_start(ap, fmt);
	vsnprintf(text, sizeof(text), fmt, ap);
	va_end(ap);
	if (obj->src >= 0)
		fail_path(err, obj, attr, text);
	else if (in)
		fail_label(err, in, NULL, text);
	else
		mn_fail(err, -EINVAL, "%s", text);
	return -EINVAL;
}
