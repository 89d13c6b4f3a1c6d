// SPDX-License-Identifier: GPL-2.0
/* Values: lists of elements, from and to text and JSON. */
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "values.h"

/**
 * mn_vals_add() - append an element
 * @v: value, may move
 * @data: element
 * @len: its bytes, cut at 255
 */
void mn_vals_add(struct mn_vals **v, const void *data, size_t len)
{
	size_t used = *v ? (*v)->len : 0;
	size_t cap;

	if (len > 255)
		len = 255;
	if (!*v || used + len + 1 > (*v)->cap) {
		cap = *v ? (used + len + 1) * 2 : len + 1;
		*v = mn_realloc(*v, sizeof(**v) + cap);
		(*v)->cap = cap;
		if (!used) {
			(*v)->n = 0;
			(*v)->len = 0;
		}
	}
	(*v)->data[used] = len;
	memcpy((*v)->data + used + 1, data, len);
	(*v)->len += len + 1;
	(*v)->n++;
}

static bool is_num(const struct mn_attr *a)
{
	switch (a->kind) {
	case MN_KIND_NUM:
	case MN_KIND_BOOL:
	case MN_KIND_ENUM:
	case MN_KIND_VLAN:
	case MN_KIND_ETHERTYPE:
	case MN_KIND_PROTO:
	case MN_KIND_PORTS:
	case MN_KIND_TCP_FLAGS:
	case MN_KIND_DSCP:
		return true;
	}
	return false;
}

/* @p, @q: length byte and bytes. */
static int elem_cmp(const uint8_t *p, const uint8_t *q, const struct mn_attr *a)
{
	uint64_t x, y;
	int skip, ret;

	if (is_num(a)) {
		x = mn_value_num(p + 1, *p);
		y = mn_value_num(q + 1, *q);
		return x < y ? -1 : x > y;
	}
	/* Options by their codes. */
	ret = a->kind == MN_KIND_OPTION ? memcmp(p + 1, q + 1, MN_OPTION_HEAD) :
	      0;
	if (ret)
		return ret;
	if (*p != *q)
		return *p < *q ? -1 : 1;
	/* Prefixes by address, then by length. */
	skip = a->kind == MN_KIND_PREFIX || a->kind == MN_KIND_IFADDR ||
	       a->kind == MN_KIND_VIA;
	ret = memcmp(p + 1 + skip, q + 1 + skip, *p - skip);
	if (ret || !skip)
		return ret;
	return p[1] < q[1] ? -1 : p[1] > q[1];
}

static int ptr_cmp(const void *x, const void *y, void *arg)
{
	return elem_cmp(*(const uint8_t *const *)x, *(const uint8_t *const *)y,
			arg);
}

/**
 * mn_vals_sort() - sort elements and drop doubles
 * @v: value or NULL
 * @a: its attribute
 */
void mn_vals_sort(struct mn_vals *v, const struct mn_attr *a)
{
	const uint8_t **ptrs, *p;
	uint8_t *data, *at;
	uint32_t n = 0, i;

	if (!v || v->n < 2)
		return;
	ptrs = mn_alloc(v->n * sizeof(*ptrs));
	data = mn_alloc(v->len);
	memcpy(data, v->data, v->len);
	for (p = data; p < data + v->len; p += 1 + *p)
		ptrs[n++] = p;
	qsort_r(ptrs, n, sizeof(*ptrs), ptr_cmp, (void *)a);
	at = v->data;
	v->n = 0;
	for (i = 0; i < n; i++) {
		if (i && !elem_cmp(ptrs[i - 1], ptrs[i], a))
			continue;
		memcpy(at, ptrs[i], 1 + *ptrs[i]);
		at += 1 + *ptrs[i];
		v->n++;
	}
	v->len = at - v->data;
	free(data);
	free(ptrs);
}

/**
 * mn_vals_equal() - compare
 * @a: value or NULL
 * @b: value or NULL
 *
 * Return: whether they are the same
 */
bool mn_vals_equal(const struct mn_vals *a, const struct mn_vals *b)
{
	if (!a || !b)
		return a == b;
	return a->len == b->len && !memcmp(a->data, b->data, a->len);
}

/**
 * mn_vals_copy() - copy
 * @v: value or NULL
 *
 * Return: copy or NULL
 */
struct mn_vals *mn_vals_copy(const struct mn_vals *v)
{
	struct mn_vals *c;

	if (!v)
		return NULL;
	c = mn_alloc(sizeof(*c) + v->len);
	memcpy(c, v, sizeof(*c) + v->len);
	c->cap = v->len;
	return c;
}

/**
 * mn_vals_remove() - remove an element
 * @v: value, becomes NULL when nothing is left
 * @data: element
 * @len: its bytes
 *
 * Return: whether it was there
 */
bool mn_vals_remove(struct mn_vals **v, const void *data, size_t len)
{
	uint8_t *p, *end;

	mn_vals_for_each(p, *v) {
		if (*p != len || memcmp(p + 1, data, len))
			continue;
		end = (*v)->data + (*v)->len;
		memmove(p, p + 1 + len, end - (p + 1 + len));
		(*v)->len -= 1 + len;
		if (!--(*v)->n) {
			free(*v);
			*v = NULL;
		}
		return true;
	}
	return false;
}

/**
 * mn_vals_diff() - elements that went and came
 * @a: attribute, sorted
 * @from: value or NULL
 * @to: value or NULL
 * @gone: appended to: in @from only
 * @come: appended to: in @to only
 */
void mn_vals_diff(const struct mn_attr *a, const struct mn_vals *from,
		  const struct mn_vals *to, struct mn_vals **gone,
		  struct mn_vals **come)
{
	const uint8_t *p = from ? from->data : NULL;
	const uint8_t *q = to ? to->data : NULL;
	const uint8_t *pe = from ? p + from->len : NULL;
	const uint8_t *qe = to ? q + to->len : NULL;
	int cmp;

	while (p < pe || q < qe) {
		cmp = p == pe ? 1 : q == qe ? -1 : elem_cmp(p, q, a);
		if (cmp < 0)
			mn_vals_add(gone, p + 1, *p);
		if (cmp > 0)
			mn_vals_add(come, q + 1, *q);
		if (cmp <= 0)
			p += 1 + *p;
		if (cmp >= 0)
			q += 1 + *q;
	}
}

static bool is_default(const struct mn_attr *a, const uint8_t *data, size_t len)
{
	if (a->kind == MN_KIND_PATH)
		return len == 1 && *data == '/';
	if (is_num(a))
		return mn_value_num(data, len) == a->def;
	return (a->flags & MN_WIDE) && !*data;
}

/**
 * mn_vals_normalise() - the canonical form: sorted, NULL for the default
 * @a: attribute
 * @v: value or NULL
 */
void mn_vals_normalise(const struct mn_attr *a, struct mn_vals **v)
{
	if (!*v)
		return;
	if (a->flags & MN_SORTED)
		mn_vals_sort(*v, a);
	if (a->flags & (MN_LIST | MN_NEEDED | MN_RO))
		return;
	if (!is_default(a, (*v)->data + 1, (*v)->data[0]))
		return;
	free(*v);
	*v = NULL;
}

/* A port has an address once, whatever the length of its subnet. */
static int check_address(const struct mn_vals *v, const uint8_t *addr, int len,
			 struct mn_err *err)
{
	struct mn_buf text = {};
	const uint8_t *p;

	if (v && v->n == MN_ADDRESSES_MAX)
		return mn_fail(err, -EINVAL, "more than %d addresses",
			       MN_ADDRESSES_MAX);
	mn_vals_for_each(p, v) {
		if (*p != len || memcmp(p + 2, addr + 1, len - 1))
			continue;
		mn_addr_print(addr + 1, len - 1, &text);
		mn_fail(err, -EINVAL, "%s is there twice", text.s);
		mn_buf_free(&text);
		return err->code;
	}
	return len;
}

static int add_text(const struct mn_attr *a, const struct mn_names *names,
		    const char *text, struct mn_vals **v, struct mn_err *err)
{
	uint8_t out[MN_VALUE_MAX];
	int len = mn_value_parse(a, names, text, out, err);

	if (len < 0)
		return len;
	if (a->kind == MN_KIND_IFADDR && (a->flags & MN_LIST)) {
		len = check_address(*v, out, len, err);
		if (len < 0)
			return len;
	}
	mn_vals_add(v, out, len);
	return 0;
}

static int add_list(const struct mn_attr *a, const struct mn_names *names,
		    const char *text, struct mn_vals **v, struct mn_err *err)
{
	char *copy = mn_strdup(text), *rest = copy, *word;
	int ret = 0;

	while (!ret && (word = strsep(&rest, ",")))
		ret = add_text(a, names, word, v, err);
	free(copy);
	return ret;
}

/**
 * mn_vals_from_text() - read a value as given on the command line
 * @a: attribute
 * @names: who knows the ids of references
 * @text: element, or comma list
 * @v: result; what it was is lost; unchanged on error
 * @err: for errors
 *
 * Return: 0 or a negative error
 */
int mn_vals_from_text(const struct mn_attr *a, const struct mn_names *names,
		      const char *text, struct mn_vals **v, struct mn_err *err)
{
	struct mn_vals *new = NULL;
	int ret = 0;

	/* In a match some words have a value called none; '' is the default. */
	if (!*text || (!strcmp(text, "none") && a->kind != MN_KIND_VLAN &&
		       !(a->kind == MN_KIND_ENUM && a->n_names &&
			 !strcmp(a->names[0], "none"))))
		goto out;
	if (a->flags & MN_LIST)
		ret = add_list(a, names, text, &new, err);
	else
		ret = add_text(a, names, text, &new, err);
	if (ret) {
		free(new);
		return ret;
	}
	mn_vals_normalise(a, &new);
out:
	free(*v);
	*v = new;
	return 0;
}

/* An object of two keys, for an element that is written FIRST=SECOND. */
static int pair_text(json_t *json, const char *first, const char *second,
		     struct mn_buf *out, struct mn_err *err)
{
	const char *text = json_string_value(json_object_get(json, first));
	json_t *other = json_object_get(json, second);
	char buf[80];
	const char *key;
	json_t *value;

	json_object_foreach(json, key, value) {
		if (strcmp(key, first) && strcmp(key, second))
			return mn_fail(err, -EINVAL, "unknown key \"%s\"",
				       mn_shown(key, buf, sizeof(buf)));
	}
	if (!text)
		return mn_fail(err, -EINVAL, "needs a %s", first);
	if (other && !json_is_string(other) && !json_is_null(other))
		return mn_fail(err, -EINVAL, "%s must be a string", second);
	mn_buf_puts(out, text);
	if (json_is_string(other))
		mn_buf_printf(out, "=%s", json_string_value(other));
	return 0;
}

/* The text of a JSON scalar that may stand for an element. */
static int json_text(const struct mn_attr *a, json_t *json, struct mn_buf *out,
		     struct mn_err *err)
{
	if (json_is_string(json)) {
		if (strlen(json_string_value(json)) != json_string_length(json))
			return mn_fail(err, -EINVAL, "NUL in a string");
		mn_buf_puts(out, json_string_value(json));
		return 0;
	}
	if (json_is_integer(json) && a->kind != MN_KIND_BOOL) {
		mn_buf_printf(out, "%lld", (long long)json_integer_value(json));
		return 0;
	}
	if (json_is_boolean(json) && a->kind == MN_KIND_BOOL) {
		mn_buf_puts(out, json_is_true(json) ? "true" : "false");
		return 0;
	}
	if (json_is_object(json) && a->kind == MN_KIND_ALLOWED)
		return pair_text(json, "mac", "prefix", out, err);
	if (json_is_object(json) && a->kind == MN_KIND_VIA)
		return pair_text(json, "dst", "gateway", out, err);
	return mn_fail(err, -EINVAL, "wrong type of value");
}

static int add_json(const struct mn_attr *a, const struct mn_names *names,
		    json_t *json, struct mn_vals **v, struct mn_err *err)
{
	struct mn_buf text = {};
	int ret = json_text(a, json, &text, err);

	if (!ret)
		ret = add_text(a, names, text.s, v, err);
	mn_buf_free(&text);
	return ret;
}

/**
 * mn_vals_from_json() - read a value of a document
 * @a: attribute
 * @names: who knows the ids of references
 * @json: string, number, boolean, array or null
 * @v: result; what it was is lost; unchanged on error
 * @bad: index of the element at fault, -1 if it is the whole
 * @err: for errors
 *
 * Return: 0 or a negative error
 */
int mn_vals_from_json(const struct mn_attr *a, const struct mn_names *names,
		      json_t *json, struct mn_vals **v, int *bad,
		      struct mn_err *err)
{
	struct mn_buf text = {};
	struct mn_vals *new = NULL;
	json_t *elem;
	size_t i;
	int ret;

	*bad = -1;
	if (json_is_null(json))
		goto out;
	if (!json_is_array(json)) {
		ret = json_text(a, json, &text, err);
		if (!ret)
			ret = mn_vals_from_text(a, names, text.s ?: "", v, err);
		mn_buf_free(&text);
		return ret;
	}
	if (!(a->flags & MN_LIST))
		return mn_fail(err, -EINVAL, "takes one value, not a list");
	json_array_foreach(json, i, elem) {
		ret = add_json(a, names, elem, &new, err);
		if (ret) {
			*bad = i;
			free(new);
			return ret;
		}
	}
	mn_vals_normalise(a, &new);
out:
	free(*v);
	*v = new;
	return 0;
}

/* An enum of configuration has a default, one of state may be unknown. */
static bool has_named_default(const struct mn_attr *a)
{
	return a->kind == MN_KIND_ENUM && a->def < a->n_names &&
	       !(a->flags & (MN_RO | MN_NEEDED | MN_LIST));
}

static json_t *allowed_json(const uint8_t *data, size_t len)
{
	struct mn_buf mac = {}, prefix = {};
	json_t *json = json_object();

	mn_mac_print(data, &mac);
	json_object_set_new(json, "mac", json_string(mac.s));
	if (len > 6) {
		mn_prefix_print(data + 6, len - 6, true, &prefix);
		json_object_set_new(json, "prefix", json_string(prefix.s));
	}
	mn_buf_free(&mac);
	mn_buf_free(&prefix);
	return json;
}

static json_t *via_json(const uint8_t *data)
{
	struct mn_buf dst = {}, gateway = {};
	json_t *json = json_object();

	mn_prefix_print(data, 5, false, &dst);
	mn_addr_print(data + 5, 4, &gateway);
	json_object_set_new(json, "dst", json_string(dst.s));
	json_object_set_new(json, "gateway", json_string(gateway.s));
	mn_buf_free(&dst);
	mn_buf_free(&gateway);
	return json;
}

static json_t *elem_json(const struct mn_attr *a, const struct mn_names *names,
			 const uint8_t *data, size_t len)
{
	struct mn_buf text = {};
	json_t *json;

	if (a->kind == MN_KIND_BOOL)
		return json_boolean(mn_value_num(data, len));
	if (a->kind == MN_KIND_NUM ||
	    (a->kind == MN_KIND_DSCP && mn_value_num(data, len) != a->def))
		return json_integer(mn_value_num(data, len));
	if (a->kind == MN_KIND_ALLOWED)
		return allowed_json(data, len);
	if (a->kind == MN_KIND_VIA)
		return via_json(data);
	mn_value_print(a, names, data, len, &text);
	json = json_stringn(text.s ?: "", text.len);
	mn_buf_free(&text);
	return json ?: json_null();
}

static json_t *options_json(const struct mn_vals *v)
{
	struct mn_buf name = {}, text = {};
	json_t *json = json_object();
	const uint8_t *p;

	mn_vals_for_each(p, v) {
		name.len = 0;
		text.len = 0;
		mn_option_name(p + 1, &name);
		mn_option_value(p + 1, *p, &text);
		json_object_set_new(json, name.s, json_string(text.s));
	}
	mn_buf_free(&name);
	mn_buf_free(&text);
	return json;
}

/**
 * mn_vals_to_json() - write a value
 * @a: attribute
 * @names: who knows the names of references
 * @v: value, NULL for the default
 *
 * Return: new JSON value
 */
json_t *mn_vals_to_json(const struct mn_attr *a, const struct mn_names *names,
			const struct mn_vals *v)
{
	const uint8_t *p;
	json_t *list;

	if (a->kind == MN_KIND_OPTION)
		return options_json(v);
	if (a->flags & MN_LIST) {
		list = json_array();
		mn_vals_for_each(p, v)
			json_array_append_new(list, elem_json(a, names, p + 1, *p));
		return list;
	}
	if (v)
		return elem_json(a, names, v->data + 1, v->data[0]);
	if (a->kind == MN_KIND_BOOL)
		return json_boolean(a->def);
	if (a->kind == MN_KIND_NUM && a->def != MN_ABSENT)
		return json_integer(a->def);
	if (has_named_default(a))
		return json_string(a->names[a->def]);
	if (a->kind == MN_KIND_DSCP)
		return json_string("inherit");
	return a->kind == MN_KIND_PATH ? json_string("/") : json_null();
}

/**
 * mn_vals_print() - write a value as text
 * @a: attribute
 * @names: who knows the names of references
 * @v: value, NULL for the default
 * @out: appended to; a default that is no number is written "none"
 */
void mn_vals_print(const struct mn_attr *a, const struct mn_names *names,
		   const struct mn_vals *v, struct mn_buf *out)
{
	const uint8_t *p;
	bool more = false;

	if (!v) {
		if (a->kind == MN_KIND_BOOL)
			mn_buf_puts(out, a->def ? "true" : "false");
		else if (a->kind == MN_KIND_NUM && a->def != MN_ABSENT)
			mn_buf_printf(out, "%llu", (unsigned long long)a->def);
		else if (has_named_default(a))
			mn_buf_puts(out, a->names[a->def]);
		else if (a->kind == MN_KIND_DSCP)
			mn_buf_puts(out, "inherit");
		else
			mn_buf_puts(out, a->kind == MN_KIND_PATH ? "/" : "none");
		return;
	}
	mn_vals_for_each(p, v) {
		if (more)
			mn_buf_puts(out, ",");
		mn_value_print(a, names, p + 1, *p, out);
		more = true;
	}
}
