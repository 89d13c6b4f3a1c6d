// SPDX-License-Identifier: GPL-2.0
/* Models: objects in their tables. */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "model.h"
#include "store.h"

static uint64_t name_hash(int type, const struct mn_obj *parent,
			  const char *name)
{
	uint64_t h = mn_hash_bytes(type, name, strlen(name));

	return parent ? mn_hash_bytes(h, &parent, sizeof(parent)) : h;
}

static uint64_t id_hash(const struct mn_uuid *id)
{
	return mn_hash_bytes(0, id->b, MN_UUID_LEN);
}

static int names_find(const struct mn_names *names, int type, const char *name,
		      struct mn_uuid *id, struct mn_err *err)
{
	struct mn_model *m = mn_container_of((struct mn_names *)names,
					     struct mn_model, names);
	struct mn_obj *obj = mn_model_lookup(m, type, name, err);

	if (!obj)
		return err->code;
	*id = obj->id;
	return 0;
}

static void names_print(const struct mn_names *names, int type,
			const struct mn_uuid *id, struct mn_buf *out)
{
	struct mn_model *m = mn_container_of((struct mn_names *)names,
					     struct mn_model, names);
	char text[MN_UUID_TEXT];
	struct mn_err err;
	struct mn_obj *obj;

	mn_model_want(m, type, &err);
	obj = mn_model_find_id(m, id);
	if (obj && obj->type->type == type)
		return mn_obj_full_name(obj, out);
	mn_uuid_print(id, text);
	mn_buf_puts(out, text);
}

/**
 * mn_model_new() - an empty model
 * @store: where missing types are loaded from when asked for, or NULL
 *
 * Return: model
 */
struct mn_model *mn_model_new(struct mn_store *store)
{
	struct mn_model *m = mn_alloc(sizeof(*m));

	m->names.find = names_find;
	m->names.print = names_print;
	m->store = store;
	return m;
}

static void obj_free(struct mn_obj *obj)
{
	int i;

	mn_match_clear(&obj->match);
	for (i = 0; i < obj->type->n_attrs; i++)
		free(obj->vals[i]);
	free(obj->kids);
	free(obj->name);
	free(obj);
}

/**
 * mn_model_clear() - empty a model
 * @m: model
 */
void mn_model_clear(struct mn_model *m)
{
	uint32_t i;
	int t;

	for (t = 0; t < MN_TYPES; t++) {
		for (i = 0; i < m->objs[t].n; i++)
			obj_free(m->objs[t].objs[i]);
		free(m->objs[t].objs);
	}
	memset(m->objs, 0, sizeof(m->objs));
	mn_hash_free(&m->ids);
	mn_hash_free(&m->by_name);
	mn_rule_forget_nths(m);
	m->loaded = 0;
	m->dated = false;
}

/**
 * mn_model_free() - free a model
 * @m: model or NULL
 */
void mn_model_free(struct mn_model *m)
{
	if (!m)
		return;
	mn_model_clear(m);
	free(m);
}

/**
 * mn_model_want() - have all objects of a type
 * @m: model
 * @type: &enum midonet_object_type
 * @err: for errors
 *
 * Return: 0 or a negative error
 */
int mn_model_want(struct mn_model *m, int type, struct mn_err *err)
{
	if (!m->store || (m->loaded >> type & 1))
		return 0;
	return mn_store_load(m->store, m, type, err);
}

/**
 * mn_model_want_in() - have all objects of a type that an object contains
 * @m: model
 * @type: &enum midonet_object_type
 * @parent: the object
 * @err: for errors
 *
 * Return: 0 or a negative error
 */
int mn_model_want_in(struct mn_model *m, int type, struct mn_obj *parent,
		     struct mn_err *err)
{
	int ret;

	if (!m->store || ((m->loaded | parent->loaded) >> type & 1))
		return 0;
	ret = mn_store_date(m->store, m, err);
	if (!ret)
		ret = m->store->ops->load(m->store, m, type, parent, err);
	if (!ret)
		parent->loaded |= 1u << type;
	return ret;
}

/**
 * mn_obj_new() - make an object
 * @m: model
 * @type: its type
 * @parent: what contains it, or NULL
 * @name: name, or NULL for the nameless
 *
 * Return: object without id, last in its parent
 */
struct mn_obj *mn_obj_new(struct mn_model *m, const struct mn_type *type,
			  struct mn_obj *parent, const char *name)
{
	struct mn_objs *objs = &m->objs[type->type];
	struct mn_obj *obj;

	obj = mn_alloc(sizeof(*obj) + type->n_attrs * sizeof(obj->vals[0]));
	obj->type = type;
	obj->parent = parent;
	obj->src = -1;
	if (objs->n == objs->cap) {
		objs->cap = objs->cap ? objs->cap * 2 : 16;
		objs->objs = mn_realloc(objs->objs,
					objs->cap * sizeof(*objs->objs));
	}
	obj->slot = objs->n;
	objs->objs[objs->n++] = obj;
	if (parent) {
		if (parent->n_kids == parent->cap_kids) {
			parent->cap_kids = parent->cap_kids ?
					   parent->cap_kids * 2 : 4;
			parent->kids = mn_realloc(parent->kids,
						  parent->cap_kids *
						  sizeof(*parent->kids));
		}
		parent->kids[parent->n_kids++] = obj;
	}
	if (name)
		mn_obj_set_name(m, obj, name);
	return obj;
}

/**
 * mn_obj_set_id() - give an object its id
 * @m: model
 * @obj: object
 * @id: id; nil takes the id away
 */
void mn_obj_set_id(struct mn_model *m, struct mn_obj *obj,
		   const struct mn_uuid *id)
{
	if (!mn_uuid_is_nil(&obj->id))
		mn_hash_del(&m->ids, &obj->by_id);
	obj->id = *id;
	if (!mn_uuid_is_nil(id))
		mn_hash_add(&m->ids, &obj->by_id, id_hash(id));
}

/**
 * mn_obj_set_name() - give an object its name
 * @m: model
 * @obj: object
 * @name: name
 */
void mn_obj_set_name(struct mn_model *m, struct mn_obj *obj, const char *name)
{
	char *copy = mn_strdup(name);

	if (obj->name)
		mn_hash_del(&m->by_name, &obj->by_name);
	free(obj->name);
	obj->name = copy;
	mn_hash_add(&m->by_name, &obj->by_name,
		    name_hash(obj->type->type, obj->parent, name));
}

static uint32_t kid_index(const struct mn_obj *obj)
{
	const struct mn_obj *parent = obj->parent;
	uint32_t i = parent->n_kids;

	/* What was added last is looked for most. */
	while (parent->kids[i - 1] != obj)
		i--;
	return i - 1;
}

/**
 * mn_obj_move() - move an ordered object within its parent
 * @obj: object
 * @pos: position from 1
 */
void mn_obj_move(struct mn_obj *obj, uint32_t pos)
{
	struct mn_obj **kids = obj->parent->kids;
	uint32_t from = kid_index(obj), to = pos - 1;

	if (from < to)
		memmove(kids + from, kids + from + 1,
			(to - from) * sizeof(*kids));
	else
		memmove(kids + to + 1, kids + to, (from - to) * sizeof(*kids));
	kids[to] = obj;
}

/**
 * mn_obj_del() - remove an object and what it contains
 * @m: model
 * @obj: object
 */
void mn_obj_del(struct mn_model *m, struct mn_obj *obj)
{
	struct mn_objs *objs = &m->objs[obj->type->type];
	struct mn_obj *parent = obj->parent;
	uint32_t at;

	while (obj->n_kids)
		mn_obj_del(m, obj->kids[obj->n_kids - 1]);
	if (parent) {
		at = kid_index(obj);
		parent->n_kids--;
		memmove(parent->kids + at, parent->kids + at + 1,
			(parent->n_kids - at) * sizeof(*parent->kids));
	}
	objs->objs[obj->slot] = objs->objs[--objs->n];
	objs->objs[obj->slot]->slot = obj->slot;
	if (!mn_uuid_is_nil(&obj->id))
		mn_hash_del(&m->ids, &obj->by_id);
	if (obj->name)
		mn_hash_del(&m->by_name, &obj->by_name);
	obj_free(obj);
}

/**
 * mn_obj_val() - value of an attribute
 * @obj: object
 * @wire: &enum midonet_object_attr, one that its type has
 *
 * Return: where the value is
 */
struct mn_vals **mn_obj_val(struct mn_obj *obj, int wire)
{
	return &obj->vals[mn_type_wire(obj->type, wire)];
}

/**
 * mn_obj_ref() - object that a reference means
 * @m: model
 * @obj: object
 * @wire: &enum midonet_object_attr, a reference that its type has
 *
 * Return: object, NULL for none or one that is not in the model
 */
struct mn_obj *mn_obj_ref(const struct mn_model *m, const struct mn_obj *obj,
			  int wire)
{
	const struct mn_vals *v = obj->vals[mn_type_wire(obj->type, wire)];
	struct mn_uuid id;

	if (!v)
		return NULL;
	memcpy(id.b, v->data + 1, MN_UUID_LEN);
	return mn_model_find_id(m, &id);
}

/**
 * mn_model_find() - look an object up by name
 * @m: model
 * @type: &enum midonet_object_type
 * @parent: what contains it, or NULL
 * @name: its name there
 *
 * Return: object or NULL
 */
struct mn_obj *mn_model_find(const struct mn_model *m, int type,
			     const struct mn_obj *parent, const char *name)
{
	struct mn_hnode *n = mn_hash_first(&m->by_name,
					   name_hash(type, parent, name));
	struct mn_obj *obj;

	for (; n; n = mn_hash_next(n)) {
		obj = mn_container_of(n, struct mn_obj, by_name);
		if (obj->type->type == type && obj->parent == parent &&
		    !strcmp(obj->name, name))
			return obj;
	}
	return NULL;
}

/**
 * mn_model_find_id() - look an object up by id
 * @m: model
 * @id: id
 *
 * Return: object or NULL
 */
struct mn_obj *mn_model_find_id(const struct mn_model *m,
				const struct mn_uuid *id)
{
	struct mn_hnode *n = mn_hash_first(&m->ids, id_hash(id));
	struct mn_obj *obj;

	for (; n; n = mn_hash_next(n)) {
		obj = mn_container_of(n, struct mn_obj, by_id);
		if (mn_uuid_equal(&obj->id, id))
			return obj;
	}
	return NULL;
}

/**
 * mn_model_number() - count the positions of ordered objects
 * @m: model
 * @parent: of these, or NULL: of all
 */
void mn_model_number(const struct mn_model *m, struct mn_obj *parent)
{
	const struct mn_objs *objs = &m->objs[MIDONET_OBJECT_TYPE_CHAIN];
	uint32_t i;

	if (!parent) {
		for (i = 0; i < objs->n; i++)
			mn_model_number(m, objs->objs[i]);
		return;
	}
	for (i = 0; i < parent->n_kids; i++)
		parent->kids[i]->pos = i + 1;
}

/* A pool of one load balancer may be called like that of another. */
static int parent_cmp(const struct mn_obj *a, const struct mn_obj *b)
{
	int ret = a->parent && b->parent ? strcmp(a->parent->name,
						  b->parent->name) : 0;

	return ret ? ret : strcmp(a->name, b->name);
}

static int name_cmp(const void *x, const void *y)
{
	const struct mn_obj *a = *(struct mn_obj *const *)x;
	const struct mn_obj *b = *(struct mn_obj *const *)y;
	int ret = 0;

	if (a->parent && b->parent && a->parent != b->parent) {
		ret = parent_cmp(a->parent, b->parent);
		if (ret)
			return ret;
	}
	if (a->type->flags & MN_TYPE_ORDERED)
		return a->pos < b->pos ? -1 : a->pos > b->pos;
	return strcmp(a->name ? a->name : "", b->name ? b->name : "");
}

/**
 * mn_model_sorted() - objects of a type by name, or position
 * @m: model, numbered if the type is ordered
 * @type: &enum midonet_object_type
 * @n: number of objects
 *
 * Return: array to be freed
 */
struct mn_obj **mn_model_sorted(const struct mn_model *m, int type, uint32_t *n)
{
	const struct mn_objs *objs = &m->objs[type];
	struct mn_obj **list = mn_alloc(objs->n * sizeof(*list));

	*n = objs->n;
	if (objs->n)
		memcpy(list, objs->objs, objs->n * sizeof(*list));
	qsort(list, objs->n, sizeof(*list), name_cmp);
	return list;
}

/* With what it contains, which is at most two levels deep. */
static void clone_obj(struct mn_model *c, struct mn_obj *obj,
		      struct mn_obj *parent)
{
	struct mn_obj *new = mn_obj_new(c, obj->type, parent, obj->name);
	uint32_t k;
	int i;

	mn_obj_set_id(c, new, &obj->id);
	mn_match_copy(&new->match, &obj->match);
	for (i = 0; i < obj->type->n_attrs; i++)
		new->vals[i] = mn_vals_copy(obj->vals[i]);
	for (k = 0; k < obj->n_kids; k++)
		clone_obj(c, obj->kids[k], new);
}

/**
 * mn_model_clone() - copy a model
 * @m: model
 *
 * Return: copy, which loads nothing by itself
 */
struct mn_model *mn_model_clone(const struct mn_model *m)
{
	struct mn_model *c = mn_model_new(NULL);
	const struct mn_objs *objs;
	uint32_t i;
	size_t t;

	for (t = 0; t < mn_n_types; t++) {
		if (mn_types[t].parents)
			continue;
		objs = &m->objs[mn_types[t].type];
		for (i = 0; i < objs->n; i++)
			clone_obj(c, objs->objs[i], NULL);
	}
	c->generation = m->generation;
	return c;
}
