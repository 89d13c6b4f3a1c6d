// SPDX-License-Identifier: GPL-2.0
/* Changes as lines of JSON. */
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "lines.h"

/* So many members of a set go into a line. */
#define MEMBERS_PER_LINE	4096

static const char members_word[] = "ip-set-member";

/* References are written as ids. */

static int find_id(const struct mn_names *names, int type, const char *text,
		   struct mn_uuid *id, struct mn_err *err)
{
	char buf[80];

	(void)names;
	if (mn_uuid_parse(text, id) && !mn_uuid_is_nil(id))
		return 0;
	return mn_fail(err, -EINVAL, "\"%s\" is not the id of a %s",
		       mn_shown(text, buf, sizeof(buf)),
		       mn_type_of(type) ? mn_type_of(type)->word : "?");
}

static void print_id(const struct mn_names *names, int type,
		     const struct mn_uuid *id, struct mn_buf *out)
{
	char text[MN_UUID_TEXT];

	(void)names;
	(void)type;
	mn_uuid_print(id, text);
	mn_buf_puts(out, text);
}

static const struct mn_names ids = { .find = find_id, .print = print_id };

/* Writing. */

static void set_id(json_t *json, const char *key, const struct mn_uuid *id)
{
	char text[MN_UUID_TEXT];

	mn_uuid_print(id, text);
	json_object_set_new(json, key, json_string(text));
}

static json_t *nest_json(const struct mn_obj *obj, int first)
{
	uint32_t bits = mn_type_nested(obj->type, first);
	const struct mn_attr *a;
	json_t *json = json_object();
	int i;

	for (i = first; i < obj->type->n_attrs; i++) {
		a = &obj->type->attrs[i];
		if ((bits >> i & 1) && obj->vals[i])
			json_object_set_new(json, a->key ?: a->word,
					    mn_vals_to_json(a, &ids,
							    obj->vals[i]));
	}
	return json;
}

static json_t *attrs_json(const struct mn_obj *obj)
{
	json_t *json = json_object();
	const struct mn_attr *a;
	int i;

	for (i = 0; i < obj->type->n_attrs; i++) {
		a = &obj->type->attrs[i];
		if ((a->flags & MN_RO) || a->attr == MIDONET_A_MEMBERS)
			continue;
		if (a->kind == MN_KIND_MATCH) {
			if (!mn_match_empty(&obj->match))
				json_object_set_new(json, a->word,
						    mn_match_to_json(&obj->match,
								     &ids));
		} else if (a->nest) {
			if (mn_attr_leads(obj->type, i) && mn_obj_nested(obj, i))
				json_object_set_new(json,
						    mn_object_attr_names[a->nest],
						    nest_json(obj, i));
		} else if (obj->vals[i]) {
			json_object_set_new(json, a->word,
					    mn_vals_to_json(a, &ids,
							    obj->vals[i]));
		}
	}
	return json;
}

static void add_line(struct mn_buf *out, json_t *json)
{
	char *text = json_dumps(json, JSON_COMPACT);

	mn_buf_puts(out, text);
	mn_buf_puts(out, "\n");
	free(text);
	json_decref(json);
}

static void add_members(struct mn_buf *out, const char *op,
			const struct mn_obj *set, const struct mn_vals *v)
{
	json_t *json = NULL, *list = NULL;
	struct mn_buf text = {};
	const uint8_t *p;

	mn_vals_for_each(p, v) {
		if (!json) {
			json = json_object();
			json_object_set_new(json, op, json_string(members_word));
			set_id(json, "in", &set->id);
			list = json_array();
			json_object_set_new(json, "members", list);
		}
		text.len = 0;
		mn_prefix_print(p + 1, *p, true, &text);
		json_array_append_new(list, json_string(text.s));
		if (json_array_size(list) < MEMBERS_PER_LINE)
			continue;
		add_line(out, json);
		json = NULL;
	}
	if (json)
		add_line(out, json);
	mn_buf_free(&text);
}

/* A set whose members alone change is not put again. */
static bool only_members(const struct mn_change *c, int at)
{
	return at >= 0 && c->op == MIDONET_OP_SET && !(c->attrs & ~(1u << at));
}

/**
 * mn_lines_add() - append the lines of a change
 * @out: text
 * @change: change
 */
void mn_lines_add(struct mn_buf *out, const struct mn_change *change)
{
	const struct mn_obj *obj = change->obj;
	int at = mn_type_wire(obj->type, MIDONET_A_MEMBERS);
	bool del = change->op == MIDONET_OP_DEL;
	uint8_t flags = obj->type->flags;
	json_t *json;

	if (only_members(change, at))
		goto members;
	json = json_object();
	json_object_set_new(json, del ? "del" : "put",
			    json_string(obj->type->word));
	if (flags & MN_TYPE_ID)
		set_id(json, "id", &obj->id);
	if (obj->parent && !(del && (flags & MN_TYPE_ID)))
		set_id(json, "in", &obj->parent->id);
	if ((flags & MN_TYPE_NAMED) && !del)
		json_object_set_new(json, "name", json_string(obj->name));
	if (change->position && !del)
		json_object_set_new(json, "at", json_integer(change->position));
	if (!del || !(flags & MN_TYPE_ID))
		json_object_set_new(json, "attrs", attrs_json(obj));
	add_line(out, json);
members:
	if (at < 0 || del)
		return;
	add_members(out, "del", obj, change->gone);
	add_members(out, "put", obj, change->op == MIDONET_OP_NEW ?
				     obj->vals[at] : change->come);
}

static int add_cb(void *arg, const struct mn_change *c,
		  const struct mn_obj *old)
{
	(void)old;
	mn_lines_add(arg, c);
	return 0;
}

/**
 * mn_lines_add_model() - append lines that make a whole topology
 * @out: text
 * @m: topology
 *
 * Return: 0
 */
int mn_lines_add_model(struct mn_buf *out, struct mn_model *m)
{
	struct mn_model *empty = mn_model_new(NULL);
	int ret = mn_doc_diff(empty, m, add_cb, out);

	mn_model_free(empty);
	return ret;
}

/* Reading. */

/**
 * struct line - a line being read
 * @m: topology it changes
 * @json: it
 * @type: of the object
 * @del: it is removed
 * @fn: told of the change, or NULL
 * @arg: for @fn
 * @err: for errors
 */
struct line {
	struct mn_model *m;
	json_t *json;
	const struct mn_type *type;
	bool del;
	mn_diff_fn fn;
	void *arg;
	struct mn_err *err;
};

static int read_id(struct line *l, const char *key, struct mn_uuid *id)
{
	const char *text = json_string_value(json_object_get(l->json, key));

	if (!text || !mn_uuid_parse(text, id) || mn_uuid_is_nil(id))
		return mn_fail(l->err, -EINVAL, "%s is not a UUID", key);
	return 0;
}

static int read_parent(struct line *l, struct mn_obj **parent)
{
	struct mn_uuid id;
	int ret;

	*parent = NULL;
	if (!l->type->parents)
		return 0;
	ret = read_id(l, "in", &id);
	if (ret)
		return ret;
	*parent = mn_model_find_id(l->m, &id);
	if (*parent && (l->type->parents >> (*parent)->type->type & 1))
		return 0;
	return mn_fail(l->err, -EINVAL, "in: nothing of this id contains a %s",
		       l->type->word);
}

static int read_match(struct line *l, struct mn_obj *obj, json_t *json)
{
	const struct mn_attr *a;
	const char *key;
	json_t *value;
	int bad, ret;
	char buf[80];

	if (!json_is_object(json))
		return mn_fail(l->err, -EINVAL, "match must be an object");
	json_object_foreach(json, key, value) {
		a = mn_match_word(key);
		if (!a)
			return mn_fail(l->err, -EINVAL,
				       "match: unknown key \"%s\"",
				       mn_shown(key, buf, sizeof(buf)));
		ret = mn_match_set_json(&obj->match, a, &ids, value, &bad,
					l->err);
		if (ret) {
			mn_err_prefix(l->err, "match.%s", key);
			return ret;
		}
	}
	mn_match_normalise(&obj->match);
	return 0;
}

static int read_value(struct line *l, struct mn_obj *obj, int i, json_t *json)
{
	const struct mn_attr *a = &obj->type->attrs[i];
	int bad, ret;

	if ((a->flags & MN_RO) || a->attr == MIDONET_A_MEMBERS)
		return mn_fail(l->err, -EINVAL, "%s does not belong here",
			       a->word);
	ret = mn_vals_from_json(a, &ids, json, &obj->vals[i], &bad, l->err);
	if (ret)
		mn_err_prefix(l->err, "%s", a->word);
	return ret;
}

static int read_nest(struct line *l, struct mn_obj *obj, int first,
		     json_t *json)
{
	int nest = obj->type->attrs[first].nest, i, ret;
	const char *key;
	json_t *value;
	char buf[80];

	if (!json_is_object(json))
		return mn_fail(l->err, -EINVAL, "%s must be an object",
			       mn_object_attr_names[nest]);
	json_object_foreach(json, key, value) {
		i = mn_type_key(obj->type, nest, key);
		if (i < 0)
			return mn_fail(l->err, -EINVAL, "unknown key \"%s\"",
				       mn_shown(key, buf, sizeof(buf)));
		ret = read_value(l, obj, i, value);
		if (ret)
			return ret;
	}
	return 0;
}

static int read_attr(struct line *l, struct mn_obj *obj, const char *key,
		     json_t *value)
{
	int i = mn_type_nest(obj->type, key);
	char buf[80];

	if (i >= 0)
		return read_nest(l, obj, i, value);
	i = mn_type_key(obj->type, 0, key);
	/* Newer versions may have more. */
	if (i < 0)
		return mn_fail(l->err, -EOPNOTSUPP,
			       "this version does not know %s of a %s",
			       mn_shown(key, buf, sizeof(buf)),
			       obj->type->word);
	if (obj->type->attrs[i].kind == MN_KIND_MATCH)
		return read_match(l, obj, value);
	return read_value(l, obj, i, value);
}

static int read_attrs(struct line *l, struct mn_obj *obj)
{
	json_t *attrs = json_object_get(l->json, "attrs"), *value;
	const char *key;
	int i, ret;

	if (attrs && !json_is_object(attrs))
		return mn_fail(l->err, -EINVAL, "attrs must be an object");
	json_object_foreach(attrs, key, value) {
		ret = read_attr(l, obj, key, value);
		if (ret)
			return ret;
	}
	for (i = 0; i < obj->type->n_attrs; i++) {
		if ((obj->type->attrs[i].flags & MN_NEEDED) && !obj->vals[i])
			return mn_fail(l->err, -EINVAL, "needs %s",
				       obj->type->attrs[i].word);
	}
	return 0;
}

static int check_keys(struct line *l)
{
	static const char *const keys[] = {
		"put", "del", "id", "in", "name", "at", "attrs", "members",
	};
	const char *key;
	json_t *value;
	char buf[80];
	size_t i;

	json_object_foreach(l->json, key, value) {
		for (i = 0; i < MN_ARRAY_SIZE(keys); i++) {
			if (!strcmp(keys[i], key))
				break;
		}
		if (i == MN_ARRAY_SIZE(keys))
			return mn_fail(l->err, -EOPNOTSUPP,
				       "this version does not know the key %s",
				       mn_shown(key, buf, sizeof(buf)));
	}
	return 0;
}

static int tell(struct line *l, const struct mn_change *c,
		const struct mn_obj *old)
{
	return l->fn ? l->fn(l->arg, c, old) : 0;
}

/* What the line says, not yet a part of the topology but for its place. */
static int read_obj(struct line *l, struct mn_obj *parent, struct mn_obj **obj)
{
	const char *name = NULL;
	struct mn_buf key = {};
	int ret;

	if ((l->type->flags & MN_TYPE_NAMED) && !l->del) {
		name = json_string_value(json_object_get(l->json, "name"));
		if (!name || !mn_name_valid(name))
			return mn_fail(l->err, -EINVAL, "needs a name");
	}
	*obj = mn_obj_new(l->m, l->type, parent, name);
	ret = read_attrs(l, *obj);
	if (ret || (l->type->flags & (MN_TYPE_NAMED | MN_TYPE_ORDERED)))
		return ret;
	mn_obj_key_name(l->m, *obj, &key);
	mn_obj_set_name(l->m, *obj, key.s ?: "?");
	mn_buf_free(&key);
	return 0;
}

static void swap_content(struct mn_obj *a, struct mn_obj *b)
{
	struct mn_match match = a->match;
	struct mn_vals *v;
	int i;

	a->match = b->match;
	b->match = match;
	for (i = 0; i < a->type->n_attrs; i++) {
		/* Members have lines of their own. */
		if (a->type->attrs[i].attr == MIDONET_A_MEMBERS)
			continue;
		v = a->vals[i];
		a->vals[i] = b->vals[i];
		b->vals[i] = v;
	}
}

static uint32_t without_members(const struct mn_type *type)
{
	int at = mn_type_wire(type, MIDONET_A_MEMBERS);

	return at < 0 ? ~0u : ~(1u << at);
}

/* @new was read; what is there becomes like it. */
static int put_over(struct line *l, struct mn_obj *there, struct mn_obj *new,
		    uint32_t at)
{
	struct mn_change c = {
		.op = MIDONET_OP_SET, .obj = there, .position = at,
	};
	int ret;

	swap_content(there, new);
	mn_port_normalise(there);
	c.attrs = mn_obj_changed(new, there) & without_members(there->type);
	if (at && (!there->parent || at > there->parent->n_kids - 1))
		ret = mn_fail(l->err, -EINVAL, "at is out of range");
	else
		ret = c.attrs || at ? tell(l, &c, new) : 0;
	mn_obj_del(l->m, new);
	if (!ret && at)
		mn_obj_move(there, at);
	return ret;
}

static int put_new(struct line *l, struct mn_obj *new, uint32_t at)
{
	struct mn_change c = {
		.op = MIDONET_OP_NEW, .obj = new, .attrs = ~0u, .position = at,
	};

	mn_port_normalise(new);
	if (at && (!new->parent || at > new->parent->n_kids))
		return mn_fail(l->err, -EINVAL, "at is out of range");
	if (at)
		mn_obj_move(new, at);
	return tell(l, &c, NULL);
}

static int line_put(struct line *l)
{
	uint32_t at = json_integer_value(json_object_get(l->json, "at"));
	struct mn_obj *parent, *there = NULL, *new = NULL;
	struct mn_uuid id = {};
	int ret;

	ret = read_parent(l, &parent);
	if (!ret && (l->type->flags & MN_TYPE_ID)) {
		ret = read_id(l, "id", &id);
		there = ret ? NULL : mn_model_find_id(l->m, &id);
	}
	if (!ret && there && (there->type != l->type ||
			      there->parent != parent))
		ret = mn_fail(l->err, -EINVAL, "id is that of another %s",
			      there->type->word);
	if (!ret)
		ret = read_obj(l, parent, &new);
	if (ret) {
		if (new)
			mn_obj_del(l->m, new);
		return ret;
	}
	if (there)
		return put_over(l, there, new, at);
	if (l->type->flags & MN_TYPE_ID)
		mn_obj_set_id(l->m, new, &id);
	return put_new(l, new, at);
}

static int line_del(struct line *l)
{
	struct mn_change c = { .op = MIDONET_OP_DEL };
	struct mn_obj *parent, *obj = NULL, *like = NULL;
	struct mn_uuid id;
	char *name;
	int ret;

	if (l->type->flags & MN_TYPE_ID) {
		ret = read_id(l, "id", &id);
		obj = ret ? NULL : mn_model_find_id(l->m, &id);
	} else {
		ret = read_parent(l, &parent);
		if (!ret)
			ret = read_obj(l, parent, &like);
		name = like && like->name ? mn_strdup(like->name) : NULL;
		if (like)
			mn_obj_del(l->m, like);
		if (!ret)
			obj = mn_model_find(l->m, l->type->type, parent, name);
		free(name);
	}
	if (!ret && (!obj || obj->type != l->type))
		ret = mn_fail(l->err, -ENOENT, "there is no such %s",
			      l->type->word);
	if (ret)
		return ret;
	c.obj = obj;
	ret = tell(l, &c, obj);
	mn_obj_del(l->m, obj);
	return ret;
}

static int read_members(struct line *l, struct mn_obj **set,
			struct mn_vals **v)
{
	const struct mn_type *type = mn_type_of(MIDONET_OBJECT_TYPE_IP_SET);
	int at = mn_type_wire(type, MIDONET_A_MEMBERS), bad, ret;
	struct mn_uuid id;

	ret = read_id(l, "in", &id);
	if (ret)
		return ret;
	*set = mn_model_find_id(l->m, &id);
	if (!*set || (*set)->type != type)
		return mn_fail(l->err, -EINVAL, "in: there is no such ip-set");
	ret = mn_vals_from_json(&type->attrs[at], &ids,
				json_object_get(l->json, "members") ?:
				json_null(), v, &bad, l->err);
	if (ret)
		mn_err_prefix(l->err, "members");
	return ret;
}

/* Those that are there already, or are not, are no harm. */
static int line_members(struct line *l)
{
	struct mn_change c = { .op = MIDONET_OP_SET };
	struct mn_vals *v = NULL, *rest = NULL, *only = NULL, **now;
	struct mn_obj *set;
	int at, ret;

	ret = read_members(l, &set, &v);
	if (ret)
		goto out;
	at = mn_type_wire(set->type, MIDONET_A_MEMBERS);
	now = &set->vals[at];
	mn_vals_diff(&set->type->attrs[at], *now, v, &rest, &only);
	c.obj = set;
	c.attrs = 1u << at;
	if (l->del) {
		/* In both: what is not in the rest. */
		mn_vals_diff(&set->type->attrs[at], *now, rest,
			     (struct mn_vals **)&c.gone, &only);
		free(*now);
		*now = rest;
		rest = NULL;
	} else {
		const uint8_t *p;

		mn_vals_for_each(p, only)
			mn_vals_add(now, p + 1, *p);
		mn_vals_normalise(&set->type->attrs[at], now);
		c.come = only;
	}
	ret = c.gone || c.come ? tell(l, &c, set) : 0;
	free((struct mn_vals *)c.gone);
out:
	free(rest);
	free(only);
	free(v);
	return ret;
}

static int apply_json(struct line *l)
{
	const char *put = json_string_value(json_object_get(l->json, "put"));
	const char *del = json_string_value(json_object_get(l->json, "del"));
	char buf[80];
	int ret;

	if (!put == !del)
		return mn_fail(l->err, -EINVAL, "neither a put nor a del");
	ret = check_keys(l);
	if (ret)
		return ret;
	l->del = del;
	if (!strcmp(put ?: del, members_word))
		return line_members(l);
	l->type = mn_type_find(put ?: del);
	if (!l->type || (l->type->flags & MN_TYPE_LIVE))
		return mn_fail(l->err, -EOPNOTSUPP,
			       "this version does not know the type %s",
			       mn_shown(put ?: del, buf, sizeof(buf)));
	return del ? line_del(l) : line_put(l);
}

/**
 * mn_line_apply() - make the change that a line says
 * @m: topology
 * @line: line
 * @len: its bytes, without the end of line
 * @fn: told of the change, or NULL; @m is then as it will be, but for what is
 *	removed and for the place of a rule that moves
 * @arg: for @fn
 * @err: for errors
 *
 * Return: 0, a negative error, or what @fn returned
 */
int mn_line_apply(struct mn_model *m, const char *line, size_t len,
		  mn_diff_fn fn, void *arg, struct mn_err *err)
{
	struct line l = { .m = m, .fn = fn, .arg = arg, .err = err };
	int ret;

	l.json = mn_doc_parse(line, len, err);
	if (!l.json)
		return err->code;
	if (json_is_object(l.json))
		ret = apply_json(&l);
	else
		ret = mn_fail(err, -EINVAL, "not a JSON object");
	json_decref(l.json);
	return ret;
}

/**
 * mn_lines_apply() - make the changes of several lines
 * @m: topology
 * @text: lines
 * @len: bytes of @text
 * @fn: told of each change, or NULL
 * @arg: for @fn
 * @err: for errors, with the number of the line
 *
 * Return: 0, a negative error, or what @fn returned
 */
int mn_lines_apply(struct mn_model *m, const char *text, size_t len,
		   mn_diff_fn fn, void *arg, struct mn_err *err)
{
	const char *end = text + len, *eol;
	unsigned int n = 0;
	int ret;

	for (; text < end; text = eol + 1) {
		n++;
		eol = memchr(text, '\n', end - text);
		if (!eol)
			return mn_fail(err, -EINVAL, "line %u is cut off", n);
		ret = mn_line_apply(m, text, eol - text, fn, arg, err);
		if (ret) {
			mn_err_prefix(err, "line %u", n);
			return ret;
		}
	}
	return 0;
}
