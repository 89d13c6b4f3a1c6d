// SPDX-License-Identifier: GPL-2.0
/*
 * Judging a transaction: make identities, apply the messages in order to
 * pending versions, let linked objects follow, forget what is not a change,
 * count references, then look at the end state only.
 *
 * What the types use meanwhile is in config/pending.c.
 */
#include <linux/slab.h>

#include "config/judge.h"
#include "config/nl.h"
#include "config/owner.h"
#include "config/txn.h"
#include "policy/chain.h"

/**
 * mn_name_ok() - may something be called that?
 * @name: name
 *
 * Return: whether it is not empty and of characters of names
 */
bool mn_name_ok(const char *name)
{
	const char *p;

	for (p = name; *p; p++) {
		if (!isascii(*p) || (!isalnum(*p) && !strchr("._-", *p)))
			return false;
	}
	return p != name;
}

static unsigned int objs_max(const struct mn_net *mn, u8 type)
{
	return type == MIDONET_OBJECT_TYPE_PORT ?
		READ_ONCE(mn->limits.ports_max) :
		READ_ONCE(mn->limits.objects_max);
}

static int find_parent(struct mn_txn *txn, const struct mn_type *type,
		       struct nlattr **tb, struct mn_obj **parent)
{
	struct mn_obj *obj;

	*parent = NULL;
	if (!type->parents)
		return 0;
	if (!tb[MIDONET_A_PARENT])
		return mn_txn_err(txn, -EINVAL, "a new %s needs a parent",
				  type->name);
	obj = mn_txn_ref_any(txn, NULL, tb[MIDONET_A_PARENT], type->parents,
			     "parent", txn->extack);
	if (IS_ERR(obj))
		return PTR_ERR(obj);
	*parent = obj;
	return 0;
}

/* What a new object is called: MIDONET_NAME_MAX + 1 bytes. */
static int get_name(struct mn_txn *txn, const struct mn_type *type,
		    struct nlattr **tb, char *name)
{
	if (type->call)
		return type->call(txn, tb, name);
	if (!tb[MIDONET_A_NAME])
		return mn_txn_err(txn, -EINVAL, "a new %s needs id and name",
				  type->name);
	nla_strscpy(name, tb[MIDONET_A_NAME], MIDONET_NAME_MAX + 1);
	if (mn_name_ok(name))
		return 0;
	return mn_txn_err(txn, -EINVAL,
			  "%s \"%s\": a name is 1 to 63 characters of A-Z a-z 0-9 . _ -",
			  type->name, name);
}

static int create(struct mn_txn *txn, struct mn_op *op, struct nlattr **tb)
{
	const struct mn_type *type = mn_types[op->type];
	struct mn_net *mn = txn->mn;
	struct mn_obj *parent, *obj;
	char name[MIDONET_NAME_MAX + 1];
	struct mn_ident *ident;
	char label[160];
	int err;

	if (!tb[MIDONET_A_ID])
		return mn_txn_err(txn, -EINVAL, "a new %s needs id and name",
				  type->name);
	err = get_name(txn, type, tb, name);
	if (!err)
		err = find_parent(txn, type, tb, &parent);
	if (err)
		return err;
	snprintf(label, sizeof(label), "%s%s%s", parent ? parent->name : "",
		 parent ? ":" : "", name);
	ident = mn_ident_find(mn, nla_data(tb[MIDONET_A_ID]));
	if (ident) {
		obj = container_of(ident, struct mn_obj, ident);
		if (ident->type != op->type || obj->parent != parent ||
		    strcmp(obj->name, name))
			return mn_txn_err(txn, -EEXIST,
					  "%s %s: id %pUb is in use by a %s",
					  type->name, label, ident->id,
					  mn_types[ident->type]->name);
		op->obj = obj;
		return 0;
	}
	if (mn->n_objs[op->type] >= objs_max(mn, op->type))
		return mn_txn_err(txn, -ENOSPC,
				  "%s %s: there are %u already; raise net.midonet.%s",
				  type->name, label, mn->n_objs[op->type],
				  op->type == MIDONET_OBJECT_TYPE_PORT ?
				  "ports_max" : "objects_max");
	obj = mn_obj_new(mn, type, nla_data(tb[MIDONET_A_ID]), name, parent);
	if (IS_ERR(obj))
		return mn_txn_err(txn, PTR_ERR(obj), "%s %s: out of memory",
				  type->name, label);
	mn_txn_touch(txn, obj);
	op->obj = obj;
	return 0;
}

static int create_all(struct mn_txn *txn)
{
	struct nlattr **tb = txn->mn->op_attrs;
	struct mn_op *op;
	int err;

	list_for_each_entry(op, &txn->ops, node) {
		if (op->verb != MN_VERB_NEW || mn_types[op->type]->op)
			continue;
		mn_op_parse(op, tb);
		txn->bad_op = op;
		err = create(txn, op, tb);
		if (err)
			return err;
	}
	return 0;
}

static int find_obj(struct mn_txn *txn, struct mn_op *op, struct nlattr **tb)
{
	const struct mn_type *type = mn_types[op->type];

	if (!tb[MIDONET_A_ID])
		return mn_txn_err(txn, -EINVAL, "%s: id is missing", type->name);
	op->obj = mn_obj_find(txn->mn, nla_data(tb[MIDONET_A_ID]), op->type);
	if (op->obj)
		return 0;
	NL_SET_BAD_ATTR(txn->extack, tb[MIDONET_A_ID]);
	return mn_txn_err(txn, -ENOENT, "no %s with id %pUb", type->name,
			  nla_data(tb[MIDONET_A_ID]));
}

static int apply(struct mn_txn *txn, struct mn_op *op, struct nlattr **tb)
{
	const struct mn_type *type = mn_types[op->type];
	const struct mn_ver *old;
	struct mn_ver *ver;
	char label[160];
	int err;

	if (type->op)
		return type->op(txn, op, tb, txn->extack);
	err = op->verb == MN_VERB_NEW ? 0 : find_obj(txn, op, tb);
	if (err)
		return err;
	if (op->verb == MN_VERB_DEL)
		return mn_txn_delete(txn, op->obj);
	old = mn_ver_end(txn->mn, op->obj);
	if (op->verb == MN_VERB_NEW && old) {
		mn_obj_label(op->obj, label, sizeof(label));
		return mn_txn_err(txn, -EEXIST, "%s exists already", label);
	}
	ver = type->parse(txn, op->obj, old, op, tb, txn->extack);
	if (IS_ERR(ver))
		return PTR_ERR(ver);
	if (ver != op->obj->pending)
		mn_txn_set_pending(txn, op->obj, ver);
	return 0;
}

static int apply_all(struct mn_txn *txn)
{
	struct nlattr **tb = txn->mn->op_attrs;
	struct mn_obj *obj;
	struct mn_op *op;
	int err;

	list_for_each_entry(op, &txn->ops, node) {
		mn_op_parse(op, tb);
		txn->bad_op = op;
		err = apply(txn, op, tb);
		if (err)
			return err;
	}
	txn->bad_op = NULL;
	/* Linking may touch more objects: they come later in the list. */
	list_for_each_entry(obj, &txn->touched, touched) {
		const struct mn_type *type = mn_types[obj->ident.type];

		err = type->link ? type->link(txn, obj) : 0;
		if (err)
			return err;
	}
	return 0;
}

static bool same(const struct mn_ver *a, const struct mn_ver *b)
{
	return a && b && a->dead == b->dead && a->size == b->size &&
	       !memcmp(a + 1, b + 1, a->size - sizeof(*a));
}

/* Forget what is no change. */
static void settle(struct mn_txn *txn)
{
	struct mn_obj *obj, *next;
	struct mn_ver *newest;

	list_for_each_entry_safe(obj, next, &txn->touched, touched) {
		newest = mn_dereference(txn->mn, obj->newest);
		if (!same(obj->pending, newest))
			continue;
		kvfree(obj->pending);
		obj->pending = NULL;
		list_del_init(&obj->touched);
	}
}

/* What was made and removed again, and is not referred to, goes at once. */
static void bury_stillborn(struct mn_txn *txn)
{
	struct mn_obj *obj, *next;

	list_for_each_entry_safe(obj, next, &txn->touched, touched) {
		if (rcu_access_pointer(obj->newest) || !obj->pending->dead)
			continue;
		kvfree(obj->pending);
		obj->pending = NULL;
		list_del_init(&obj->touched);
		mn_obj_bury(txn->mn, obj);
	}
}

static void use_add(struct mn_obj *used, void *arg)
{
	used->uses++;
}

static void use_sub(struct mn_obj *used, void *arg)
{
	used->uses--;
}

/**
 * mn_judge_uses() - count what the touched objects refer to
 * @txn: transaction
 * @undo: as it was before the transaction, else as it will be behind it
 *
 * Context: mn_net.lock.
 */
void mn_judge_uses(struct mn_txn *txn, bool undo)
{
	const struct mn_type *type;
	const struct mn_ver *old;
	struct mn_obj *obj;

	list_for_each_entry(obj, &txn->touched, touched) {
		type = mn_types[obj->ident.type];
		if (!type->uses)
			continue;
		old = mn_dereference(txn->mn, obj->newest);
		if (old && !old->dead) {
			type->uses(old, undo ? use_add : use_sub, NULL);
			mn_nat_place_attach(txn->mn, old, undo ? 1 : -1);
		}
		if (!obj->pending->dead) {
			type->uses(obj->pending, undo ? use_sub : use_add, NULL);
			mn_nat_place_attach(txn->mn, obj->pending,
					    undo ? -1 : 1);
		}
	}
}

struct seek_user {
	const struct mn_obj *used;
	bool found;
};

static void seek_user(struct mn_obj *used, void *arg)
{
	struct seek_user *f = arg;

	f->found |= used == f->used;
}

/* Slow, but only to explain a refusal. */
static int refuse_used(struct mn_txn *txn, struct mn_obj *obj)
{
	struct seek_user f = { .used = obj };
	const struct mn_ver *ver;
	char user[160], label[160];
	unsigned long index;
	struct mn_obj *o;
	int i;

	mn_obj_label(obj, label, sizeof(label));
	if (mn_rules_find_user(txn->mn, obj, user, sizeof(user)))
		return mn_txn_err(txn, -EBUSY, "%s is used by %s", label, user);
	for (i = 0; i < ARRAY_SIZE(mn_types); i++) {
		if (!mn_types[i] || !mn_types[i]->uses)
			continue;
		xa_for_each(&txn->mn->types[i], index, o) {
			ver = mn_ver_end(txn->mn, o);
			if (!ver)
				continue;
			mn_types[i]->uses(ver, seek_user, &f);
			if (!f.found)
				continue;
			mn_obj_label(o, user, sizeof(user));
			return mn_txn_err(txn, -EBUSY, "%s is used by %s",
					  label, user);
		}
	}
	return mn_txn_err(txn, -EBUSY, "%s is in use", label);
}

static int validate(struct mn_txn *txn, struct mn_obj *obj)
{
	const struct mn_type *type = mn_types[obj->ident.type];
	char label[160];

	if (obj->pending->dead)
		return obj->uses ? refuse_used(txn, obj) : 0;
	if (obj->parent && !mn_ver_end(txn->mn, obj->parent)) {
		mn_obj_label(obj, label, sizeof(label));
		return mn_txn_err(txn, -ENOENT, "%s: its %s is removed", label,
				  mn_types[obj->parent->ident.type]->name);
	}
	if (!rcu_access_pointer(obj->newest) &&
	    mn_obj_find_name(txn->mn, type->type, obj->parent, obj->name, obj)) {
		mn_obj_label(obj, label, sizeof(label));
		return mn_txn_err(txn, -EEXIST, "%s exists already, with another id",
				  label);
	}
	return type->validate ? type->validate(txn, obj) : 0;
}

static int validate_entries(struct mn_txn *txn)
{
	const struct mn_type *type;
	struct mn_entry *e;
	int err;

	list_for_each_entry(e, &txn->born, list) {
		type = mn_types[e->type];
		if (!mn_ver_end(txn->mn, e->parent))
			return mn_txn_err(txn, -ENOENT,
					  "a new %s: its %s %s is removed",
					  type->name,
					  mn_types[e->parent->ident.type]->name,
					  e->parent->name);
		err = type->entry_validate ? type->entry_validate(txn, e) : 0;
		if (err)
			return err;
	}
	return 0;
}

static int validate_all(struct mn_txn *txn)
{
	struct mn_obj *obj;
	int err;

	list_for_each_entry(obj, &txn->touched, touched) {
		err = validate(txn, obj);
		if (err)
			return err;
	}
	return 0;
}

static int derive_all(struct mn_txn *txn)
{
	struct mn_obj *obj;
	int err;

	list_for_each_entry(obj, &txn->touched, touched) {
		const struct mn_type *type = mn_types[obj->ident.type];

		err = type->derive ? type->derive(txn, obj) : 0;
		if (err)
			return err;
	}
	return 0;
}

/* What that adds comes later in the lists. */
static int derive_entries(struct mn_txn *txn, struct list_head *entries)
{
	struct mn_entry *e;
	int err;

	list_for_each_entry(e, entries, list) {
		const struct mn_type *type = mn_types[e->type];

		err = type->entry_derive ? type->entry_derive(txn, e) : 0;
		if (err)
			return err;
	}
	return 0;
}

static int check_base(struct mn_txn *txn)
{
	struct mn_net *mn = txn->mn;

	if (mn->dying)
		return -ENODEV;
	if (txn->failed)
		return mn_txn_err(txn, -EINVAL,
				  "an earlier message of this transaction was refused");
	if (txn->check && txn->expected != mn->generation)
		return mn_txn_err(txn, -ESTALE,
				  "the topology is at generation %llu, no longer at %llu; compute the change again",
				  mn->generation, txn->expected);
	return mn_owner_check(txn);
}

/**
 * mn_judge() - apply the messages of a transaction to pending versions
 * @txn: transaction
 * @counted: set to whether references are counted as they will be
 *
 * The end state is judged, not the way there. No packet sees any of it.
 * Whatever it returns, what follows is mn_judge_undo() or publishing.
 *
 * Context: mn_net.lock, may sleep.
 *
 * Return: 0, or what is wrong with the end state
 */
int mn_judge(struct mn_txn *txn, bool *counted)
{
	int err;

	*counted = false;
	err = check_base(txn);
	if (!err)
		err = create_all(txn);
	if (!err)
		err = apply_all(txn);
	if (err)
		return err;
	settle(txn);
	mn_judge_uses(txn, false);
	*counted = true;
	err = validate_all(txn);
	if (!err)
		err = mn_nat_place_check(txn);
	if (!err)
		err = derive_all(txn);
	if (!err)
		err = derive_entries(txn, &txn->born);
	if (!err)
		err = derive_entries(txn, &txn->died);
	if (!err)
		err = validate_entries(txn);
	if (!err)
		bury_stillborn(txn);
	return err;
}

/**
 * mn_judge_undo() - undo what mn_judge() did, last first
 * @txn: transaction, accepted or refused
 * @counted: as mn_judge() left it
 *
 * Context: mn_net.lock, may sleep.
 */
void mn_judge_undo(struct mn_txn *txn, bool counted)
{
	struct mn_net *mn = txn->mn;
	struct mn_obj *obj, *next;
	struct mn_entry *e, *tmp;

	if (counted)
		mn_judge_uses(txn, true);
	mn_rules_rollback(txn);
	mn_nat_place_settle(mn);
	list_for_each_entry_safe(e, tmp, &txn->born, list)
		mn_entry_bury(mn, e);
	list_for_each_entry_safe(e, tmp, &txn->died, list) {
		e->dying = false;
		list_del_init(&e->list);
	}
	list_for_each_entry_safe_reverse(obj, next, &txn->touched, touched) {
		mn_ver_free(obj->pending);
		obj->pending = NULL;
		list_del_init(&obj->touched);
		if (!rcu_access_pointer(obj->newest))
			mn_obj_bury(mn, obj);
	}
	if (!list_empty(&mn->grave_entries))
		schedule_work(&mn->grave_work);
}
