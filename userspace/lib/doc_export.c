// SPDX-License-Identifier: GPL-2.0
/* Writing a document: sorted, without defaults. */
#include <stdlib.h>
#include <string.h>

#include "doc.h"

/*
 * A link is written at the port that comes first, unless the other one's name
 * is that of two ports.
 */
static bool comes_first(const struct mn_model *m, const struct mn_obj *a,
			const struct mn_obj *b)
{
	bool unique = mn_model_port_unique(m, a);
	int ret;

	if (unique != mn_model_port_unique(m, b))
		return !unique;
	if (a->parent->type != b->parent->type)
		return a->parent->type < b->parent->type;
	ret = strcmp(a->parent->name, b->parent->name);
	if (!ret)
		ret = strcmp(a->name, b->name);
	return ret < 0;
}

static json_t *own_name(const struct mn_model *m, const struct mn_obj *obj,
			const struct mn_attr *a)
{
	const struct mn_obj *to = mn_obj_ref(m, obj, a->attr);

	if (to && to->parent == obj->parent)
		return json_string(to->name);
	return NULL;
}

static json_t *secret_json(const struct mn_vals *v)
{
	struct mn_buf text = {};
	json_t *json;

	mn_hex_print(v->data + 1, v->data[0], &text);
	json = json_string(text.s);
	mn_buf_free(&text);
	return json;
}

static void export_attr(const struct mn_model *m, const struct mn_obj *obj,
			int i, int flags, json_t *json)
{
	const struct mn_attr *a = &obj->type->attrs[i];
	const struct mn_obj *peer;
	json_t *value = NULL;

	if ((a->flags & MN_RO) && !(flags & MN_EXPORT_STATE))
		return;
	if (a->nest) {
		if (mn_attr_leads(obj->type, i) && mn_obj_nested(obj, i))
			json_object_set_new(json, mn_object_attr_names[a->nest],
					    mn_obj_nest_json(m, obj, i, false));
		return;
	}
	if (a->kind == MN_KIND_MATCH) {
		if (!mn_match_empty(&obj->match))
			json_object_set_new(json, a->word,
					    mn_match_to_json(&obj->match,
							     &m->names));
		return;
	}
	if (!obj->vals[i])
		return;
	if (a->attr == MIDONET_A_PEER) {
		peer = mn_obj_ref(m, obj, a->attr);
		if (peer && comes_first(m, peer, obj))
			return;
	}
	if (a->kind == MN_KIND_SECRET) {
		if (flags & MN_EXPORT_SECRETS)
			json_object_set_new(json, a->word,
					    secret_json(obj->vals[i]));
		return;
	}
	if (a->flags & MN_OWN)
		value = own_name(m, obj, a);
	if (!value)
		value = mn_vals_to_json(a, &m->names, obj->vals[i]);
	json_object_set_new(json, a->word, value);
}

static json_t *export_obj(const struct mn_model *m, const struct mn_obj *obj,
			  int flags);

static int kid_cmp(const void *x, const void *y)
{
	const struct mn_obj *a = *(struct mn_obj *const *)x;
	const struct mn_obj *b = *(struct mn_obj *const *)y;

	return strcmp(a->name, b->name);
}

static void export_kids(const struct mn_model *m, const struct mn_obj *obj,
			const struct mn_type *type, int flags, json_t *json)
{
	struct mn_obj **kids = mn_alloc(obj->n_kids * sizeof(*kids));
	uint32_t i, n = 0;
	json_t *list;

	for (i = 0; i < obj->n_kids; i++) {
		if (obj->kids[i]->type == type)
			kids[n++] = obj->kids[i];
	}
	if (n) {
		if (!(type->flags & MN_TYPE_ORDERED))
			qsort(kids, n, sizeof(*kids), kid_cmp);
		list = json_array();
		for (i = 0; i < n; i++)
			json_array_append_new(list,
					      export_obj(m, kids[i], flags));
		json_object_set_new(json, type->key, list);
	}
	free(kids);
}

/* Recurses into contents; containment is three levels deep. */
static json_t *export_obj(const struct mn_model *m, const struct mn_obj *obj,
			  int flags)
{
	json_t *json = json_object();
	char id[MN_UUID_TEXT];
	struct mn_uuid content;
	size_t t;
	int i;

	if (obj->type->flags & MN_TYPE_NAMED)
		json_object_set_new(json, "name", json_string(obj->name));
	if ((flags & MN_EXPORT_IDS) && (obj->type->flags & MN_TYPE_ID)) {
		mn_uuid_print(&obj->id, id);
		json_object_set_new(json, "id", json_string(id));
	}
	if ((flags & MN_EXPORT_IDS) && (obj->type->flags & MN_TYPE_CONTENT)) {
		mn_route_id(m, obj, &content);
		mn_uuid_print(&content, id);
		json_object_set_new(json, "id", json_string(id));
	}
	for (i = 0; i < obj->type->n_attrs; i++)
		export_attr(m, obj, i, flags, json);
	for (t = 0; obj->n_kids && t < mn_n_types; t++) {
		if (mn_types[t].parents >> obj->type->type & 1)
			export_kids(m, obj, &mn_types[t], flags, json);
	}
	return json;
}

/**
 * mn_doc_export() - write a document
 * @m: complete topology
 * @flags: &enum mn_export_flags
 *
 * Return: new JSON
 */
json_t *mn_doc_export(const struct mn_model *m, int flags)
{
	json_t *json = json_object(), *list;
	struct mn_obj **objs;
	uint32_t i, n;
	size_t t;

	json_object_set_new(json, "midonet", json_integer(MN_DOC_VERSION));
	for (t = 0; t < mn_n_types; t++) {
		if (mn_types[t].parents)
			continue;
		objs = mn_model_sorted(m, mn_types[t].type, &n);
		list = json_array();
		for (i = 0; i < n; i++)
			json_array_append_new(list,
					      export_obj(m, objs[i], flags));
		if (n)
			json_object_set(json, mn_types[t].key, list);
		json_decref(list);
		free(objs);
	}
	return json;
}
