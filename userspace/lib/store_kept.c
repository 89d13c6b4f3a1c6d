// SPDX-License-Identifier: GPL-2.0
/*
 * What stores that keep a topology themselves have in common. It is read as a
 * whole; changes are applied to a copy, which is judged as a kernel would, and
 * then written, unless somebody else was faster. Then the whole has to be computed
 * again, from what is there now.
 */
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "doc.h"
#include "lines.h"
#include "store_kept.h"
#include "wire.h"

/* Who was not the first waits for up to so long, the longer the more often. */
#define BACKOFF_US	20000

static struct mn_kept *kept_of(struct mn_store *store)
{
	return mn_container_of(store, struct mn_kept, store);
}

static void forget_changes(struct mn_kept *k)
{
	mn_edit_free(k->edit);
	k->edit = NULL;
	k->failed = false;
}

/**
 * mn_kept_forget() - read again when it is needed
 * @k: store; changes that were noted are forgotten
 */
void mn_kept_forget(struct mn_kept *k)
{
	forget_changes(k);
	mn_model_free(k->base);
	k->base = NULL;
}

/**
 * mn_kept_forget_changes() - &mn_store_ops.forget
 * @store: store
 */
void mn_kept_forget_changes(struct mn_store *store)
{
	forget_changes(kept_of(store));
}

/**
 * mn_kept_close() - &mn_store_ops.close
 * @store: store
 */
void mn_kept_close(struct mn_store *store)
{
	struct mn_kept *k = kept_of(store);

	mn_kept_forget(k);
	k->ops->close(k);
}

static int need(struct mn_kept *k, struct mn_err *err)
{
	int ret;

	if (k->base)
		return 0;
	ret = k->ops->read(k, &k->base, &k->revision, err);
	if (!ret)
		mn_model_number(k->base, NULL);
	return ret;
}

static void set_alive(struct mn_kept *k, struct mn_obj *host)
{
	struct mn_vals **v = mn_obj_val(host, MIDONET_A_ALIVE);
	uint8_t one = 1;

	if (k->ops->alive && k->ops->alive(k, &host->id))
		mn_vals_add(v, &one, 1);
}

/* What is kept was configured. */
static void set_origin(struct mn_obj *obj)
{
	int at = mn_type_wire(obj->type, MIDONET_A_ORIGIN);
	uint8_t origin = MIDONET_ORIGIN_STATIC;

	if (at >= 0)
		mn_vals_add(&obj->vals[at], &origin, 1);
}

static void copy_obj(struct mn_kept *k, struct mn_model *m,
		     const struct mn_obj *obj, struct mn_obj *parent)
{
	bool ordered = obj->type->flags & MN_TYPE_ORDERED;
	struct mn_obj *new;
	int i;

	new = mn_obj_new(m, obj->type, parent, ordered ? NULL : obj->name);
	mn_obj_set_id(m, new, &obj->id);
	new->pos = obj->pos;
	mn_match_copy(&new->match, &obj->match);
	for (i = 0; i < obj->type->n_attrs; i++)
		new->vals[i] = mn_vals_copy(obj->vals[i]);
	set_origin(new);
	if (obj->type->type == MIDONET_OBJECT_TYPE_HOST)
		set_alive(k, new);
}

static void load_in(struct mn_kept *k, struct mn_model *m, int type,
		    const struct mn_obj *from, struct mn_obj *to)
{
	uint32_t i;

	for (i = 0; from && i < from->n_kids; i++) {
		if (from->kids[i]->type->type == type)
			copy_obj(k, m, from->kids[i], to);
	}
}

static void load_kids(struct mn_kept *k, struct mn_model *m,
		      const struct mn_type *type)
{
	const struct mn_objs *in;
	struct mn_obj *to;
	uint32_t i;
	int t;

	for (t = 1; t < MN_TYPES; t++) {
		in = &m->objs[t];
		for (i = 0; (type->parents >> t & 1) && i < in->n; i++) {
			to = in->objs[i];
			/* Already there when they were loaded by themselves. */
			if (to->loaded >> type->type & 1)
				continue;
			load_in(k, m, type->type,
				mn_model_find_id(k->base, &to->id), to);
		}
	}
}

/**
 * mn_kept_load() - &mn_store_ops.load
 * @store: store
 * @m: model
 * @type: &enum midonet_object_type
 * @parent: what contains them, NULL: all
 * @err: for errors
 *
 * Return: 0 or a negative error
 */
int mn_kept_load(struct mn_store *store, struct mn_model *m, int type,
		 struct mn_obj *parent, struct mn_err *err)
{
	const struct mn_type *t = mn_type_of(type);
	struct mn_kept *k = kept_of(store);
	const struct mn_objs *objs;
	int ret = need(k, err);
	uint32_t i;

	/* Members come with their sets; state of hosts is not kept. */
	if (ret || !t || (t->flags & MN_TYPE_LIVE))
		return ret;
	if (parent) {
		load_in(k, m, type, mn_model_find_id(k->base, &parent->id),
			parent);
		return 0;
	}
	if (t->parents) {
		load_kids(k, m, t);
		return 0;
	}
	objs = &k->base->objs[type];
	for (i = 0; i < objs->n; i++)
		copy_obj(k, m, objs->objs[i], NULL);
	return 0;
}

/**
 * mn_kept_generation() - &mn_store_ops.generation
 * @store: store
 * @generation: result: the revision
 * @err: for errors
 *
 * Return: 0 or a negative error
 */
int mn_kept_generation(struct mn_store *store, uint64_t *generation,
		       struct mn_err *err)
{
	struct mn_kept *k = kept_of(store);
	int ret = need(k, err);

	*generation = k->revision;
	return ret;
}

/**
 * mn_kept_change() - &mn_store_ops.change
 * @store: store
 * @m: unused
 * @change: change; whether it can be is said by the commit, as a kernel does
 * @err: for errors
 *
 * Return: 0 or a negative error
 */
int mn_kept_change(struct mn_store *store, const struct mn_model *m,
		   const struct mn_change *change, struct mn_err *err)
{
	struct mn_kept *k = kept_of(store);
	int ret = need(k, err);

	(void)m;
	if (!ret && (change->obj->type->flags & MN_TYPE_LIVE))
		ret = mn_fail(err, -EOPNOTSUPP,
			      "is state of a host's kernel, which a store does not keep");
	if (!ret)
		ret = mn_wire_fits(change, err);
	if (ret)
		return ret;
	if (!k->edit)
		k->edit = mn_edit_new(k->base);
	if (!k->failed)
		k->failed = mn_edit_change(k->edit, change, &k->why);
	return 0;
}

static int add_cb(void *arg, const struct mn_change *c,
		  const struct mn_obj *old)
{
	(void)old;
	mn_lines_add(arg, c);
	return 0;
}

static int stale(const struct mn_kept *k, const struct mn_commit *commit,
		 struct mn_err *err)
{
	return mn_fail(err, -ESTALE,
		       "the topology is at revision %llu, no longer at %llu; compute the change again",
		       (unsigned long long)k->revision,
		       (unsigned long long)commit->generation);
}

/* Judged and different: it goes into force, with the next revision. */
static int write_next(struct mn_kept *k, struct mn_commit *commit,
		      struct mn_err *err)
{
	struct mn_kept_write w = {
		.next = k->edit->m, .revision = k->revision,
	};
	int ret;

	mn_doc_diff(k->base, w.next, add_cb, &w.lines);
	if (!w.lines.len || commit->dry_run) {
		mn_buf_free(&w.lines);
		return 0;
	}
	ret = k->ops->write(k, &w, err);
	mn_buf_free(&w.lines);
	if (ret)
		return ret;
	w.next = mn_edit_take(k->edit);
	mn_model_free(k->base);
	k->base = w.next;
	commit->result = ++k->revision;
	return 0;
}

/**
 * mn_kept_commit() - &mn_store_ops.commit
 * @store: store
 * @m: unused
 * @commit: how
 * @err: for errors
 *
 * Return: 0; -ESTALE if somebody else was faster, then the changes have to be
 * computed again; or another negative error
 */
int mn_kept_commit(struct mn_store *store, const struct mn_model *m,
		   struct mn_commit *commit, struct mn_err *err)
{
	struct mn_kept *k = kept_of(store);
	int ret = need(k, err);

	(void)m;
	if (ret)
		return ret;
	if (commit->check && commit->generation != k->revision)
		ret = stale(k, commit, err);
	commit->result = k->revision;
	if (!ret && !k->edit)
		return 0;
	if (!ret && k->failed) {
		*err = k->why;
		ret = k->why.code;
	}
	if (!ret)
		ret = mn_edit_judge(k->edit, err);
	if (!ret)
		ret = write_next(k, commit, err);
	forget_changes(k);
	if (ret == -ESTALE) {
		mn_kept_forget(k);
		usleep(rand() % (BACKOFF_US * ++k->tries));
	} else {
		k->tries = 0;
	}
	return ret;
}
