// SPDX-License-Identifier: GPL-2.0
/*
 * Reading a document. In a first pass every object gets its place, name and id;
 * in a second one its attributes, so that a reference may point forwards. An
 * error says where in the document it is.
 */
#include <errno.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "doc.h"

/**
 * struct item - an object of the document and its JSON
 */
struct item {
	struct mn_obj *obj;
	json_t *json;
};

/**
 * struct reader - a document being read
 * @m: what it says
 * @current: the topology it will be compared with, or NULL
 * @merge: @m began as a copy of @current
 * @items: objects in the order of the document
 * @n: number of @items
 * @cap: room of @items
 * @err: for errors
 */
struct reader {
	struct mn_model *m;
	const struct mn_model *current;
	bool merge;
	struct item *items;
	size_t n;
	size_t cap;
	struct mn_err *err;
};

static json_t *load_failed(const json_error_t *e, struct mn_err *err)
{
	char buf[160];

	mn_fail(err, -EINVAL, "line %d, column %d: %s", e->line, e->column,
		mn_shown(e->text, buf, sizeof(buf)));
	return NULL;
}

/**
 * mn_doc_load() - read JSON from a file
 * @path: file, "-" for standard input
 * @err: for errors
 *
 * Return: JSON, NULL with @err set
 */
json_t *mn_doc_load(const char *path, struct mn_err *err)
{
	FILE *f = strcmp(path, "-") ? fopen(path, "re") : stdin;
	json_error_t e;
	json_t *json;

	if (!f) {
		mn_fail(err, -errno, "%s: %s", path, strerror(errno));
		return NULL;
	}
	json = json_loadf(f, JSON_REJECT_DUPLICATES, &e);
	if (f != stdin)
		fclose(f);
	if (json)
		return json;
	load_failed(&e, err);
	mn_err_prefix(err, "%s", path);
	return NULL;
}

/**
 * mn_doc_parse() - the same from memory
 * @text: JSON
 * @len: its bytes
 * @err: for errors
 *
 * Return: JSON, NULL with @err set
 */
json_t *mn_doc_parse(const char *text, size_t len, struct mn_err *err)
{
	json_error_t e;
	json_t *json = json_loadb(text, len, JSON_REJECT_DUPLICATES, &e);

	return json ? json : load_failed(&e, err);
}

static const char *plain_string(json_t *json)
{
	const char *s = json_string_value(json);

	return s && strlen(s) == json_string_length(json) ? s : NULL;
}

static int read_id(struct reader *r, struct mn_obj *obj, json_t *json)
{
	const struct mn_obj *there = NULL;
	const char *text = plain_string(json);
	struct mn_obj *other;
	struct mn_uuid id = {};
	char buf[80];

	if (json && (!text || !mn_uuid_parse(text, &id) ||
		     mn_uuid_is_nil(&id)))
		return mn_doc_fail(r->err, obj, "id", "\"%s\" is not a UUID",
				   text ? mn_shown(text, buf, sizeof(buf)) :
					  "...");
	if (!json && (obj->type->flags & MN_TYPE_ORDERED))
		return 0;
	if (!json && r->current && (!obj->parent || obj->parent->twin))
		there = mn_model_find(r->current, obj->type->type,
				      obj->parent ? obj->parent->twin : NULL,
				      obj->name);
	if (there)
		id = there->id;
	else if (!json)
		mn_obj_v5(r->m, obj, obj->type->flags & MN_TYPE_NAMED ?
			  NULL : obj->name, &id);
	other = mn_model_find_id(r->m, &id);
	if (other == obj)
		return 0;
	/* Devices of two types may be called the same; ids are made of names. */
	if (other && !json && other->parent && other->type == obj->type &&
	    !strcmp(other->name, obj->name))
		return mn_doc_fail(r->err, obj, "name",
				   "%s %s has a %s \"%s\" too; give one of them another name, or an id",
				   other->parent->type->word,
				   other->parent->name, obj->type->word,
				   obj->name);
	if (other)
		return mn_doc_fail(r->err, obj, "id", "%s \"%s\" has the same id",
				   other->type->word,
				   other->name ? other->name : "");
	mn_obj_set_id(r->m, obj, &id);
	return 0;
}

/* The object in the current topology that has this one's name. */
static void find_twin(struct reader *r, struct mn_obj *obj)
{
	if (!r->current || !obj->name || (obj->parent && !obj->parent->twin))
		return;
	obj->twin = mn_model_find(r->current, obj->type->type,
				  obj->parent ? obj->parent->twin : NULL,
				  obj->name);
}

static int place_named(struct reader *r, const struct mn_type *type,
		       struct mn_obj *parent, json_t *json, int index,
		       struct mn_obj **result)
{
	const char *name = plain_string(json_object_get(json, "name"));
	struct mn_obj *obj, *other;
	struct mn_obj at = { .type = type, .parent = parent, .src = index };
	char buf[80];

	if (!json_object_get(json, "name"))
		return mn_doc_fail(r->err, &at, NULL, "needs a name");
	if (!name || !mn_name_valid(name))
		return mn_doc_fail(r->err, &at, "name",
				   "\"%s\" is not a name: 1 to 63 of A-Z a-z 0-9 . _ -, and not none",
				   name ? mn_shown(name, buf, sizeof(buf)) :
					  "...");
	other = mn_model_find(r->m, type->type, parent, name);
	if (other && other->src >= 0)
		return mn_doc_fail(r->err, &at, "name",
				   "another %s is called \"%s\"", type->word,
				   name);
	obj = other ? other : mn_obj_new(r->m, type, parent, name);
	obj->src = index;
	*result = obj;
	find_twin(r, obj);
	if (other && !json_object_get(json, "id"))
		return 0;
	return read_id(r, obj, json_object_get(json, "id"));
}

static int read_options(struct reader *r, struct mn_obj *obj, int i,
			json_t *json)
{
	char path[96], buf[80];
	struct mn_err why;
	const char *key;

	if (!mn_obj_options_json(obj, i, json, &key, &why))
		return 0;
	if (!key)
		return mn_doc_fail(r->err, obj, "options", "%s", why.text);
	snprintf(path, sizeof(path), "options.%s",
		 mn_shown(key, buf, sizeof(buf)));
	return mn_doc_fail(r->err, obj, path, "%s", why.text);
}

static int read_attr(struct reader *r, struct mn_obj *obj, int i, json_t *json)
{
	const struct mn_attr *a = &obj->type->attrs[i];
	const char *text = plain_string(json);
	struct mn_err why;
	char path[80];
	int bad = -1, ret, n = 0;

	if (a->kind == MN_KIND_OPTION)
		return read_options(r, obj, i, json);
	if (a->flags & MN_RO)
		return mn_doc_fail(r->err, obj, a->word,
				   "is state, never configuration");
	if ((a->flags & MN_OWN) && text)
		ret = mn_obj_own_ref(r->m, obj, i, text, &why);
	else
		ret = mn_vals_from_json(a, &r->m->names, json, &obj->vals[i],
					&bad, &why);
	obj->given |= 1u << i;
	if (!ret)
		return 0;
	if (a->nest)
		n = snprintf(path, sizeof(path), "%s.",
			     mn_object_attr_names[a->nest]);
	n += snprintf(path + n, sizeof(path) - n, "%s", a->key ?: a->word);
	if (bad >= 0)
		snprintf(path + n, sizeof(path) - n, "[%d]", bad);
	return mn_doc_fail(r->err, obj, path, "%s", why.text);
}

/* A group of attributes; what it does not name is the default. */
static int read_nest(struct reader *r, struct mn_obj *obj, int first,
		     json_t *json)
{
	const char *name = mn_object_attr_names[obj->type->attrs[first].nest];
	const char *key;
	json_t *value;
	char buf[80];
	int i, ret;

	for (i = 0; i < obj->type->n_attrs; i++) {
		if (!(mn_type_nested(obj->type, first) >> i & 1))
			continue;
		free(obj->vals[i]);
		obj->vals[i] = NULL;
	}
	if (!json_is_object(json) && !json_is_null(json))
		return mn_doc_fail(r->err, obj, name, "must be an object");
	json_object_foreach(json, key, value) {
		i = mn_type_key(obj->type, obj->type->attrs[first].nest, key);
		if (i < 0)
			return mn_doc_fail(r->err, obj, name,
					   "unknown key \"%s\"",
					   mn_shown(key, buf, sizeof(buf)));
		ret = read_attr(r, obj, i, value);
		if (ret)
			return ret;
	}
	return 0;
}

/* In a merge, what is there already stays, with what it contains. */
static struct mn_obj *go_on_with(struct reader *r, struct mn_obj *obj,
				 struct mn_obj *other)
{
	other->src = obj->src;
	mn_obj_del(r->m, obj);
	return other;
}

/*
 * What is told apart by its key attributes. They refer at most to ports of the
 * object's own parent, which have their places already.
 */
static int place_keyed(struct reader *r, const struct mn_type *type,
		       struct mn_obj *parent, json_t *json, int index,
		       struct mn_obj **result)
{
	struct mn_obj *obj = mn_obj_new(r->m, type, parent, NULL), *other;
	const struct mn_attr *a;
	struct mn_buf key = {};
	json_t *value;
	int i, ret = 0;

	obj->src = index;
	*result = obj;
	for (i = 0; i < type->n_attrs; i++) {
		a = &type->attrs[i];
		value = json_object_get(json, a->word);
		if (!(a->flags & MN_KEY) || !value)
			continue;
		ret = read_attr(r, obj, i, value);
		if (ret)
			return ret;
	}
	mn_obj_key_name(r->m, obj, &key);
	other = mn_model_find(r->m, type->type, parent, key.s ? key.s : "");
	if (other && other->src >= 0)
		ret = mn_doc_fail(r->err, obj, NULL, "another %s is %s",
				  type->word, key.s ? key.s : "");
	else if (other && (type->flags & MN_TYPE_ID))
		*result = go_on_with(r, obj, other);
	else if (other)
		mn_obj_del(r->m, other);
	if (!ret && *result == obj)
		mn_obj_set_name(r->m, obj, key.s ? key.s : "");
	mn_buf_free(&key);
	if (ret || !(type->flags & MN_TYPE_ID))
		return ret;
	find_twin(r, *result);
	value = json_object_get(json, "id");
	return *result == obj || value ? read_id(r, *result, value) : 0;
}

static int place_ordered(struct reader *r, const struct mn_type *type,
			 struct mn_obj *parent, json_t *json, int index,
			 struct mn_obj **result)
{
	const char *text = plain_string(json_object_get(json, "id"));
	struct mn_obj *obj = NULL;
	struct mn_uuid id;
	int i;

	/* In a merge, one with the id of a current rule replaces it. */
	if (r->merge && text && mn_uuid_parse(text, &id))
		obj = mn_model_find_id(r->m, &id);
	if (obj && (obj->parent != parent || obj->src >= 0))
		obj = NULL;
	if (obj) {
		mn_match_clear(&obj->match);
		for (i = 0; i < type->n_attrs; i++) {
			free(obj->vals[i]);
			obj->vals[i] = NULL;
		}
	} else {
		obj = mn_obj_new(r->m, type, parent, NULL);
	}
	obj->src = index;
	obj->pos = index + 1;
	*result = obj;
	return read_id(r, obj, json_object_get(json, "id"));
}

static int place(struct reader *r, const struct mn_type *type,
		 struct mn_obj *parent, json_t *json, int index)
{
	struct mn_obj at = { .type = type, .parent = parent, .src = index };
	struct mn_obj *obj = NULL;
	int ret;

	if (!json_is_object(json))
		return mn_doc_fail(r->err, &at, NULL, "must be an object");
	if (type->flags & MN_TYPE_NAMED)
		ret = place_named(r, type, parent, json, index, &obj);
	else if (type->flags & MN_TYPE_ORDERED)
		ret = place_ordered(r, type, parent, json, index, &obj);
	else
		ret = place_keyed(r, type, parent, json, index, &obj);
	if (ret)
		return ret;
	obj->json = json;
	if (r->n == r->cap) {
		r->cap = r->cap ? r->cap * 2 : 64;
		r->items = mn_realloc(r->items, r->cap * sizeof(*r->items));
	}
	r->items[r->n].obj = obj;
	r->items[r->n++].json = json;
	return 0;
}

/* The lists that @parent (NULL: the document) may contain. */
static int place_lists(struct reader *r, struct mn_obj *parent, json_t *json)
{
	uint32_t inside = parent ? 1u << parent->type->type : 0;
	json_t *list, *elem;
	size_t t, i;
	int ret;

	for (t = 0; t < mn_n_types; t++) {
		if (parent ? !(mn_types[t].parents & inside) :
			     mn_types[t].parents)
			continue;
		list = json_object_get(json, mn_types[t].key);
		if (!list || json_is_null(list))
			continue;
		if (!json_is_array(list))
			return mn_doc_fail(r->err, parent, mn_types[t].key,
					   "must be a list");
		json_array_foreach(list, i, elem) {
			ret = place(r, &mn_types[t], parent, elem, i);
			if (ret)
				return ret;
		}
	}
	return 0;
}

static bool is_list_key(const struct mn_obj *parent, const char *key)
{
	uint32_t inside = parent ? 1u << parent->type->type : 0;
	size_t t;

	for (t = 0; t < mn_n_types; t++) {
		if (parent ? !(mn_types[t].parents & inside) :
			     mn_types[t].parents)
			continue;
		if (!strcmp(mn_types[t].key, key))
			return true;
	}
	return false;
}

static int read_match(struct reader *r, struct mn_obj *obj, json_t *json)
{
	const struct mn_attr *a;
	struct mn_err why;
	const char *key;
	char path[96];
	json_t *value;
	int bad;

	if (!json_is_object(json) && !json_is_null(json))
		return mn_doc_fail(r->err, obj, "match", "must be an object");
	json_object_foreach(json, key, value) {
		a = mn_match_word(key);
		if (!a)
			return mn_doc_fail(r->err, obj, "match",
					   "unknown key \"%s\"",
					   mn_shown(key, path, sizeof(path)));
		if (!mn_match_set_json(&obj->match, a, &r->m->names, value,
				       &bad, &why))
			continue;
		if (bad >= 0)
			snprintf(path, sizeof(path), "match.%s[%d]", key, bad);
		else
			snprintf(path, sizeof(path), "match.%s", key);
		return mn_doc_fail(r->err, obj, path, "%s", why.text);
	}
	mn_match_normalise(&obj->match);
	return 0;
}

static int check_needed(struct reader *r, const struct mn_obj *obj)
{
	int i;

	for (i = 0; i < obj->type->n_attrs; i++) {
		if ((obj->type->attrs[i].flags & MN_NEEDED) && !obj->vals[i])
			return mn_doc_fail(r->err, obj, NULL, "needs %s",
					   obj->type->attrs[i].word);
	}
	return 0;
}

/* It follows from what the object says; one that was changed gets another. */
static int read_content_id(struct reader *r, const struct mn_obj *obj,
			   json_t *json)
{
	const char *text = plain_string(json);
	struct mn_uuid id;
	char buf[80];

	if (text && mn_uuid_parse(text, &id))
		return 0;
	return mn_doc_fail(r->err, obj, "id", "\"%s\" is not a UUID",
			   text ? mn_shown(text, buf, sizeof(buf)) : "...");
}

static int read_key(struct reader *r, struct mn_obj *obj, const char *key,
		    json_t *value)
{
	const struct mn_type *type = obj->type;
	char buf[80];
	int i;

	i = mn_type_nest(type, key);
	if (i >= 0)
		return read_nest(r, obj, i, value);
	i = mn_type_key(type, 0, key);
	if (i < 0)
		return mn_doc_fail(r->err, obj, NULL, "unknown key \"%s\"",
				   mn_shown(key, buf, sizeof(buf)));
	if (type->attrs[i].kind == MN_KIND_MATCH)
		return read_match(r, obj, value);
	return read_attr(r, obj, i, value);
}

static int read_item(struct reader *r, struct mn_obj *obj, json_t *json)
{
	const struct mn_type *type = obj->type;
	const char *key;
	json_t *value;
	int ret;

	json_object_foreach(json, key, value) {
		if ((type->flags & MN_TYPE_ID) && !strcmp(key, "id"))
			continue;
		if ((type->flags & MN_TYPE_CONTENT) && !strcmp(key, "id")) {
			ret = read_content_id(r, obj, value);
			if (ret)
				return ret;
			continue;
		}
		if ((type->flags & MN_TYPE_NAMED) && !strcmp(key, "name"))
			continue;
		if (is_list_key(obj, key))
			continue;
		ret = read_key(r, obj, key, value);
		if (ret)
			return ret;
	}
	mn_port_normalise(obj);
	return check_needed(r, obj);
}

/* A port keeps the tunnel key it was given when it was made. */
static void keep_tunnel_key(struct mn_obj *obj)
{
	int i = mn_type_wire(obj->type, MIDONET_A_TUNNEL_KEY);

	if (i >= 0 && !obj->vals[i] && obj->twin &&
	    mn_uuid_equal(&obj->id, &obj->twin->id))
		obj->vals[i] = mn_vals_copy(obj->twin->vals[i]);
}

/* Members of a set are added to those that are there. */
static void merge_members(struct mn_obj *obj)
{
	int i = mn_type_wire(obj->type, MIDONET_A_MEMBERS);
	const uint8_t *p;

	if (i < 0 || !obj->twin)
		return;
	mn_vals_for_each(p, obj->twin->vals[i])
		mn_vals_add(&obj->vals[i], p + 1, *p);
	mn_vals_normalise(&obj->type->attrs[i], &obj->vals[i]);
}

static int read_top(struct reader *r, json_t *json)
{
	json_t *version = json_object_get(json, "midonet"), *value;
	const char *key;
	char buf[80];

	if (!json_is_object(json))
		return mn_doc_fail(r->err, NULL, NULL,
				   "a document is an object with \"midonet\": 1");
	json_object_foreach(json, key, value) {
		if (strcmp(key, "midonet") && !is_list_key(NULL, key))
			return mn_doc_fail(r->err, NULL, NULL,
					   "unknown key \"%s\"",
					   mn_shown(key, buf, sizeof(buf)));
	}
	if (!json_is_integer(version) ||
	    json_integer_value(version) != MN_DOC_VERSION)
		return mn_doc_fail(r->err, NULL, "midonet",
				   "must be %d, the version of the format",
				   MN_DOC_VERSION);
	return place_lists(r, NULL, json);
}

static int read_all(struct reader *r, json_t *json)
{
	size_t i;
	int ret;

	ret = read_top(r, json);
	/* The list grows while objects with contents are placed. */
	for (i = 0; !ret && i < r->n; i++)
		ret = place_lists(r, r->items[i].obj, r->items[i].json);
	for (i = 0; !ret && i < r->n; i++) {
		ret = read_item(r, r->items[i].obj, r->items[i].json);
		if (r->merge)
			merge_members(r->items[i].obj);
		keep_tunnel_key(r->items[i].obj);
		if (r->items[i].obj->type->type ==
		    MIDONET_OBJECT_TYPE_TUNNEL_ZONE)
			mn_zone_keep_key(r->items[i].obj);
	}
	return ret;
}

/**
 * mn_doc_read() - what a document says
 * @json: document
 * @current: the topology it will be compared with, for ids; NULL: none
 * @merge: the result is @current with what the document adds and changes
 * @model: result
 * @err: for errors, with the path
 *
 * Return: 0 or -EINVAL
 */
int mn_doc_read(json_t *json, const struct mn_model *current, bool merge,
		struct mn_model **model, struct mn_err *err)
{
	struct reader r = { .current = current, .merge = merge, .err = err };
	uint32_t i;
	int ret, t;

	r.m = merge && current ? mn_model_clone(current) : mn_model_new(NULL);
	ret = read_all(&r, json);
	if (!ret)
		mn_doc_rule_ids(r.m, current, merge);
	mn_model_number(r.m, NULL);
	if (!ret)
		ret = mn_doc_check(r.m, err);
	for (t = 0; t < MN_TYPES; t++) {
		for (i = 0; i < r.m->objs[t].n; i++) {
			r.m->objs[t].objs[i]->twin = NULL;
			r.m->objs[t].objs[i]->json = NULL;
		}
	}
	free(r.items);
	if (ret)
		mn_model_free(r.m);
	else
		*model = r.m;
	return ret;
}
