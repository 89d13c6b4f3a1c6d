// SPDX-License-Identifier: GPL-2.0
/*
 * Where in a document it is what the kernel refused. Nearly all is judged before
 * (doc_check.c); the rest is what only the kernel knows, such as its limits. It
 * judges the end state, to which many messages may have led, so its sentence
 * says by name what is wrong: TYPE NAME: ..., or ROUTER: route ROUTE: ..., or
 * CHAIN: rule N: ...
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "doc.h"

static bool is_name_char(char c)
{
	return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') ||
	       (c >= '0' && c <= '9') || strchr("._-", c);
}

/* The next word of names' characters, and what comes behind it. */
static const char *take_word(const char *text, char *word, size_t size)
{
	size_t len = 0;

	while (text[len] && is_name_char(text[len]))
		len++;
	if (!len || len >= size)
		return NULL;
	memcpy(word, text, len);
	word[len] = '\0';
	return text + len;
}

static const struct mn_obj *find_named(const struct mn_model *m,
				       const struct mn_type *type,
				       const char **text)
{
	char device[64], name[64];
	const char *rest = take_word(*text, device, sizeof(device));
	struct mn_err err;

	if (!rest)
		return NULL;
	if (!type->parents) {
		*text = rest;
		return mn_model_find(m, type->type, NULL, device);
	}
	rest = *rest == ':' ? take_word(rest + 1, name, sizeof(name)) : NULL;
	if (!rest)
		return NULL;
	*text = rest;
	return mn_model_find_kid(m, type, device, name, &err);
}

static const struct mn_vals *val(const struct mn_obj *obj, int wire)
{
	return obj->vals[mn_type_wire(obj->type, wire)];
}

/* As the kernel calls it. */
static void route_label(const struct mn_model *m, const struct mn_obj *route,
			struct mn_buf *out)
{
	const struct mn_vals *dst = val(route, MIDONET_A_DST);
	const struct mn_vals *src = val(route, MIDONET_A_SRC);
	const struct mn_vals *type = val(route, MIDONET_A_TYPE);
	const struct mn_vals *gateway = val(route, MIDONET_A_GATEWAY);
	const struct mn_vals *metric = val(route, MIDONET_A_METRIC);
	const struct mn_obj *port = mn_obj_ref(m, route, MIDONET_A_PORT);

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

/* What follows the word for objects of a type, such as that of its list. */
static const char *behind_word(const struct mn_type *type, const char *text)
{
	size_t len = strlen(type->word), list = strlen(type->key) - 1;

	if (!strncmp(text, type->word, len) && text[len] == ' ')
		return text + len + 1;
	if (!strncmp(text, type->key, list) && text[list] == ' ')
		return text + list + 1;
	return NULL;
}

/* Is an object called by what is behind its word, whatever follows? */
static bool is_clear(const struct mn_type *type)
{
	return type->type == MIDONET_OBJECT_TYPE_NEIGHBOUR ||
	       type->type == MIDONET_OBJECT_TYPE_DHCP ||
	       type->type == MIDONET_OBJECT_TYPE_DHCP_HOST ||
	       mn_type_wire(type, MIDONET_A_SERVICE_PORT) >= 0;
}

/* Does @text begin with how the kernel calls @kid? Then what is behind it. */
static const char *behind_label(const struct mn_model *m,
				const struct mn_obj *kid, const char *text)
{
	struct mn_buf label = {};
	const char *rest = NULL;

	text = behind_word(kid->type, text);
	if (!text)
		return NULL;
	if (kid->type->type == MIDONET_OBJECT_TYPE_ROUTE)
		route_label(m, kid, &label);
	else if (kid->type->type == MIDONET_OBJECT_TYPE_NEIGHBOUR)
		neighbour_label(kid, &label);
	else if (kid->type->type == MIDONET_OBJECT_TYPE_DHCP)
		dhcp_label(kid, &label);
	else if (kid->type->flags & MN_TYPE_ORDERED)
		mn_buf_printf(&label, "%u", kid->pos);
	else if (!(kid->type->flags & MN_TYPE_NAMED) && kid->name)
		mn_buf_puts(&label, kid->name);
	if (label.len && !strncmp(text, label.s, label.len))
		rest = text + label.len;
	/* One that goes on with a word of a route is a longer one. */
	if (rest && !strncmp(rest, ": ", 2))
		rest += 2;
	else if (rest && *rest == ' ' && is_clear(kid->type))
		rest++;
	else
		rest = NULL;
	mn_buf_free(&label);
	return rest;
}

/* What the text is about, which may be in what @obj contains. */
static const struct mn_obj *find_kid(const struct mn_model *m,
				     const struct mn_obj *obj,
				     const char **text)
{
	const char *rest;
	uint32_t i;

	for (i = 0; i < obj->n_kids; i++) {
		rest = behind_label(m, obj->kids[i], *text);
		if (!rest)
			continue;
		*text = rest;
		obj = obj->kids[i];
		i = -1;
	}
	return obj;
}

/* ATTRIBUTE: ... */
static const char *find_attr(const struct mn_obj *obj, const char **text)
{
	char word[64];
	const char *rest = take_word(*text, word, sizeof(word));
	int i = rest && !strncmp(rest, ": ", 2) ?
		mn_type_attr(obj->type, word) : -1;

	if (i < 0)
		return NULL;
	*text = rest + 2;
	return obj->type->attrs[i].word;
}

/**
 * mn_doc_blame() - say where in a document it is what was refused
 * @m: what the document says
 * @err: of the store; gets the path in front, if it names something of @m
 */
void mn_doc_blame(const struct mn_model *m, struct mn_err *err)
{
	const char *text, *attr = NULL;
	const struct mn_type *type;
	const struct mn_obj *obj;
	struct mn_err why = *err;
	char word[64];

	text = take_word(why.text, word, sizeof(word));
	type = text && *text == ' ' ? mn_type_find(word) : NULL;
	if (!type || !(type->flags & MN_TYPE_NAMED))
		return;
	text++;
	obj = find_named(m, type, &text);
	if (!obj || obj->src < 0)
		return;
	/* NAME is ...: a sentence of its own. */
	if (strncmp(text, ": ", 2)) {
		mn_doc_fail(err, obj, NULL, "%s", why.text);
	} else {
		text += 2;
		obj = find_kid(m, obj, &text);
		attr = find_attr(obj, &text);
		mn_doc_fail(err, obj, attr, "%s", text);
	}
	err->code = why.code;
}
