// SPDX-License-Identifier: GPL-2.0
/*
 * Judging the end state of changes to a topology: what a kernel would refuse is
 * refused, in its words. Most rules are those of documents (doc_check.c); here is
 * what only changes can break: names, and references to what goes.
 */
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "doc.h"
#include "edit.h"

/* Another object of that name. */
static const struct mn_obj *namesake(const struct mn_model *m,
				     const struct mn_obj *obj)
{
	struct mn_hnode *n = mn_hash_first(&m->by_name, obj->by_name.hash);
	const struct mn_obj *other;

	for (; n; n = mn_hash_next(n)) {
		other = mn_container_of(n, struct mn_obj, by_name);
		if (other != obj && other->type == obj->type &&
		    other->parent == obj->parent &&
		    !strcmp(other->name, obj->name))
			return other;
	}
	return NULL;
}

static int check_names(const struct mn_model *m, const struct mn_type *type,
		       struct mn_err *err)
{
	const struct mn_objs *objs = &m->objs[type->type];
	struct mn_buf label = {};
	uint32_t i;

	if (!(type->flags & MN_TYPE_NAMED))
		return 0;
	for (i = 0; i < objs->n; i++) {
		if (objs->objs[i]->given != ~0u ||
		    !namesake(m, objs->objs[i]))
			continue;
		mn_obj_label(objs->objs[i], &label);
		mn_fail(err, -EEXIST, "%s exists already, with another id",
			label.s);
		mn_buf_free(&label);
		return err->code;
	}
	return 0;
}

/**
 * struct missing - a reference to what is not there
 * @user: whose it is
 * @attr: attribute
 * @id: of what is not there
 */
struct missing {
	const struct mn_obj *user;
	const struct mn_attr *attr;
	struct mn_uuid id;
};

/* Only @wanted is looked for, if it is given. */
static bool misses(const struct mn_model *m, const struct mn_attr *a,
		   const struct mn_vals *v, const struct mn_uuid *wanted,
		   struct missing *miss)
{
	const struct mn_obj *to;
	const uint8_t *p;

	if (a->kind != MN_KIND_REF)
		return false;
	mn_vals_for_each(p, v) {
		memcpy(miss->id.b, p + 1, MN_UUID_LEN);
		to = mn_model_find_id(m, &miss->id);
		if (to && to->type->type == a->ref)
			continue;
		if (wanted && !mn_uuid_equal(wanted, &miss->id))
			continue;
		miss->attr = a;
		return true;
	}
	return false;
}

static bool obj_misses(const struct mn_model *m, const struct mn_obj *obj,
		       const struct mn_uuid *wanted, struct missing *miss)
{
	const struct mn_attr *a;
	int i;

	miss->user = obj;
	if (obj->type->flags & MN_TYPE_ORDERED) {
		mn_match_for_each(a) {
			if (misses(m, a, obj->match.words[a->attr], wanted,
				   miss))
				return true;
		}
	}
	for (i = 0; i < obj->type->n_attrs; i++) {
		if (obj->type->attrs[i].kind != MN_KIND_MATCH &&
		    misses(m, &obj->type->attrs[i], obj->vals[i], wanted, miss))
			return true;
	}
	return false;
}

static bool type_misses(const struct mn_model *m, int type,
			const struct mn_uuid *wanted, struct missing *miss)
{
	struct mn_obj **objs;
	bool found = false;
	uint32_t i, n;

	objs = mn_model_sorted(m, type, &n);
	for (i = 0; !found && i < n; i++)
		found = obj_misses(m, objs[i], wanted, miss);
	free(objs);
	return found;
}

/* In the order in which users are named: rules first. */
static bool any_misses(const struct mn_model *m, const struct mn_uuid *wanted,
		       struct missing *miss)
{
	int t;

	if (type_misses(m, MIDONET_OBJECT_TYPE_RULE, wanted, miss))
		return true;
	for (t = 1; t < MN_TYPES; t++) {
		if (type_misses(m, t, wanted, miss))
			return true;
	}
	return false;
}

static int refuse_used(const struct mn_obj *used, const struct mn_obj *user,
		       struct mn_err *err)
{
	struct mn_buf label = {}, by = {};
	bool vip = user->type->type == MIDONET_OBJECT_TYPE_VIP;

	mn_obj_label(used, &label);
	if (vip) {
		mn_buf_printf(&by, "vip %s; give that another pool first",
			      user->name);
	} else {
		mn_buf_printf(&by, "%s ", user->type->word);
		mn_obj_full_name(user, &by);
	}
	mn_fail(err, -EBUSY, "%s is used by %s", label.s, by.s);
	mn_buf_free(&label);
	mn_buf_free(&by);
	return err->code;
}

/* What was made refers to a port that is removed by the same changes. */
static int refuse_gone(const struct mn_obj *used, const struct mn_obj *user,
		       struct mn_err *err)
{
	return mn_fail(err, -ENOENT, "%s %s: %s %s is removed",
		       user->parent->type->word, user->parent->name,
		       used->type->word, used->name);
}

static int refuse_missing(const struct mn_edit *e, struct missing *miss,
			  struct mn_err *err)
{
	const struct mn_obj *used = mn_model_find_id(e->base, &miss->id);
	struct mn_uuid wanted = miss->id;
	char id[MN_UUID_TEXT];

	if (!used || used->type->type != miss->attr->ref) {
		mn_uuid_print(&miss->id, id);
		mn_doc_fail(err, miss->user, miss->attr->word,
			    "no %s with id %s", mn_type_of(miss->attr->ref)->word,
			    id);
		return err->code = -ENOENT;
	}
	if ((miss->attr->flags & MN_OWN) && !(used->type->flags & MN_TYPE_INNER))
		return refuse_gone(used, miss->user, err);
	any_misses(e->m, &wanted, miss);
	return refuse_used(used, miss->user, err);
}

static int check_uses(const struct mn_edit *e, struct mn_err *err)
{
	struct missing miss;
	int t;

	/* Without an order: nothing is missing, as a rule. */
	for (t = 1; t < MN_TYPES; t++) {
		const struct mn_objs *objs = &e->m->objs[t];
		uint32_t i;

		for (i = 0; i < objs->n; i++) {
			if (obj_misses(e->m, objs->objs[i], NULL, &miss))
				return refuse_missing(e, &miss, err);
		}
	}
	return 0;
}

/**
 * mn_edit_judge() - may the topology become what the changes make it?
 * @e: edit; what follows from the changes is made
 * @err: for errors, in the kernel's words
 *
 * Return: 0 or a negative error
 */
int mn_edit_judge(struct mn_edit *e, struct mn_err *err)
{
	size_t t;
	int ret = mn_edit_link(e, err);

	mn_model_number(e->m, NULL);
	for (t = 0; !ret && t < mn_n_types; t++)
		ret = check_names(e->m, &mn_types[t], err);
	if (!ret)
		ret = check_uses(e, err);
	if (!ret)
		ret = mn_judge_limits(e, err);
	if (!ret)
		ret = mn_judge_derived(e, err);
	if (!ret)
		ret = mn_doc_check(e->m, err);
	return ret;
}
