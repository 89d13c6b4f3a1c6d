// SPDX-License-Identifier: GPL-2.0
/*
 * What the types of objects do to a transaction while it is judged: pending
 * versions, entries that are born and die, references, refusals.
 */
#include <linux/slab.h>

#include "config/judge.h"
#include "config/nl.h"
#include "config/txn.h"

/**
 * mn_txn_err() - refuse a commit with a sentence
 * @txn: transaction
 * @err: negative error
 * @fmt: names the object and says what to do
 *
 * Return: @err
 */
int mn_txn_err(struct mn_txn *txn, int err, const char *fmt, ...)
{
	char buf[MN_ERRMSG_LEN];
	va_list args;

	va_start(args, fmt);
	vscnprintf(buf, sizeof(buf), fmt, args);
	va_end(args);
	return mn_err(txn->mn, txn->extack, err, "%s", buf);
}

/**
 * mn_txn_touch() - an object has a pending version
 * @txn: transaction
 * @obj: object
 *
 * Context: mn_net.lock.
 */
void mn_txn_touch(struct mn_txn *txn, struct mn_obj *obj)
{
	if (list_empty(&obj->touched))
		list_add_tail(&obj->touched, &txn->touched);
}

/**
 * mn_txn_pending() - version of an object that this commit may still change
 * @txn: transaction
 * @obj: object that exists in the end state
 *
 * What the version points to is shared with the version it is a copy of.
 *
 * Context: mn_net.lock, may sleep.
 *
 * Return: the pending version, a copy of the newest if there was none; NULL
 * without memory or if the object does not exist in the end state
 */
struct mn_ver *mn_txn_pending(struct mn_txn *txn, struct mn_obj *obj)
{
	const struct mn_ver *old = mn_ver_end(txn->mn, obj);
	struct mn_ver *ver;

	if (!old || obj->pending)
		return old ? obj->pending : NULL;
	ver = mn_ver_new(old->type, old->size);
	if (!ver)
		return NULL;
	memcpy(ver + 1, old + 1, old->size - sizeof(*old));
	ver->shared = true;
	obj->pending = ver;
	mn_txn_touch(txn, obj);
	return ver;
}

/**
 * mn_txn_set_pending() - an object gets a pending version
 * @txn: transaction
 * @obj: object
 * @ver: version, instead of the one it may have
 *
 * Context: mn_net.lock.
 */
void mn_txn_set_pending(struct mn_txn *txn, struct mn_obj *obj,
			struct mn_ver *ver)
{
	mn_ver_free(obj->pending);
	obj->pending = ver;
	mn_txn_touch(txn, obj);
}

/**
 * mn_txn_delete() - an object goes, with all it contains
 * @txn: transaction
 * @obj: object; nothing happens if it is gone already in the end state
 *
 * Context: mn_net.lock, may sleep.
 *
 * Return: 0 or a negative error
 */
int mn_txn_delete(struct mn_txn *txn, struct mn_obj *obj)
{
	const struct mn_type *type = mn_types[obj->ident.type];
	struct mn_ver *ver;
	int err;

	if (!mn_ver_end(txn->mn, obj))
		return 0;
	err = type->contents ? type->contents(txn, obj) : 0;
	if (err)
		return err;
	ver = mn_ver_new(type->type, sizeof(*ver));
	if (!ver)
		return -ENOMEM;
	ver->dead = true;
	mn_txn_set_pending(txn, obj, ver);
	return 0;
}

/**
 * mn_txn_entry_new() - an entry is to be born
 * @txn: transaction
 * @e: entry, all but its head set up; already in its table, where it is
 *	invisible until the commit
 *
 * Context: mn_net.lock. Call it before the entry enters the table: it sets up
 * the head.
 */
void mn_txn_entry_new(struct mn_txn *txn, struct mn_entry *e)
{
	e->born = U64_MAX;
	e->died = U64_MAX;
	e->dying = false;
	list_add_tail(&e->list, &txn->born);
}

/**
 * mn_entry_bury() - an entry leaves its table, and is freed after a grace period
 * @mn: namespace
 * @e: entry that no packet shall see any more
 *
 * Context: mn_net.lock.
 */
void mn_entry_bury(struct mn_net *mn, struct mn_entry *e)
{
	mn_types[e->type]->entry_del(mn, e);
	e->parent = NULL;
	list_move_tail(&e->list, &mn->grave_entries);
}

/**
 * mn_txn_entry_del() - an entry is to die
 * @txn: transaction
 * @e: entry; one born in this transaction goes at once
 *
 * Context: mn_net.lock.
 */
void mn_txn_entry_del(struct mn_txn *txn, struct mn_entry *e)
{
	if (e->dying)
		return;
	if (e->born == U64_MAX) {
		mn_entry_bury(txn->mn, e);
		return;
	}
	e->dying = true;
	list_add_tail(&e->list, &txn->died);
}

/**
 * mn_txn_ref_any() - object of one of several types an attribute refers to
 * @txn: transaction
 * @user: object that refers, for the message
 * @attr: attribute with an id
 * @types: bits of the types it may have
 * @word: the attribute's name, for the message
 * @extack: for errors
 *
 * The object may be about to be made by a later message, or to be removed: the
 * end state is judged when all messages were applied.
 *
 * Context: mn_net.lock.
 *
 * Return: object or ERR_PTR(-ENOENT)
 */
struct mn_obj *mn_txn_ref_any(struct mn_txn *txn, const struct mn_obj *user,
			      const struct nlattr *attr, u32 types,
			      const char *word, struct netlink_ext_ack *extack)
{
	struct mn_ident *ident = mn_ident_find(txn->mn, nla_data(attr));
	const struct mn_ver *newest;
	struct mn_obj *obj;
	char label[160];

	if (ident && types & BIT(ident->type)) {
		obj = container_of(ident, struct mn_obj, ident);
		newest = mn_dereference(txn->mn, obj->newest);
		if (obj->pending || !newest || !newest->dead)
			return obj;
	}
	if (user)
		mn_obj_label(user, label, sizeof(label));
	else
		strscpy(label, "request", sizeof(label));
	NL_SET_BAD_ATTR(extack, attr);
	return ERR_PTR(mn_err(txn->mn, extack, -ENOENT,
			      "%s: %s: no %s with id %pUb", label, word,
			      mn_types[__ffs(types)]->name, nla_data(attr)));
}

/**
 * mn_txn_ref() - object an attribute refers to
 * @txn: transaction
 * @user: object that refers, for the message
 * @attr: attribute with an id
 * @type: &enum midonet_object_type it must have
 * @word: the attribute's name, for the message
 * @extack: for errors
 *
 * See mn_txn_ref_any().
 */
struct mn_obj *mn_txn_ref(struct mn_txn *txn, const struct mn_obj *user,
			  const struct nlattr *attr, u8 type,
			  const char *word, struct netlink_ext_ack *extack)
{
	return mn_txn_ref_any(txn, user, attr, BIT(type), word, extack);
}
