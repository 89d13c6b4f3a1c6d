// SPDX-License-Identifier: GPL-2.0
/*
 * Commit: from staged messages to a new generation.
 *
 * What was staged is judged (config/judge.c); none of that is visible to
 * packets. Refused: undo. Accepted: give every version the number G + 1, link
 * it, release G + 1, and only then bump the version counters flows depend on
 * (sim/dep.h).
 */
#include <linux/ktime.h>
#include <linux/slab.h>

#include "config/judge.h"
#include "config/nl.h"
#include "config/notify.h"
#include "config/owner.h"
#include "config/txn.h"
#include "overlay/overlay.h"
#include "policy/chain.h"
#include "port/port.h"
#include "sim/dep.h"

/* Publishing: none of it can fail. */

static u32 link_versions(struct mn_txn *txn, u64 generation)
{
	struct mn_net *mn = txn->mn;
	struct mn_entry *e;
	struct mn_obj *obj;
	u32 n = 0;

	list_for_each_entry(obj, &txn->touched, touched) {
		obj->pending->from = generation;
		rcu_assign_pointer(obj->pending->older,
				   mn_dereference(mn, obj->newest));
		rcu_assign_pointer(obj->newest, obj->pending);
		n++;
	}
	list_for_each_entry(e, &txn->born, list) {
		WRITE_ONCE(e->born, generation);
		n++;
	}
	list_for_each_entry(e, &txn->died, list) {
		WRITE_ONCE(e->died, generation);
		n++;
	}
	return n;
}

static void retire_object(struct mn_net *mn, struct mn_obj *obj)
{
	struct mn_ver *ver = obj->pending;
	struct mn_ver *old = mn_dereference(mn, ver->older);
	const struct mn_type *type = mn_types[obj->ident.type];

	obj->pending = NULL;
	list_del_init(&obj->touched);
	mn_dep_bump(mn, obj->dep);
	if (type->publish)
		type->publish(mn, obj, old, ver);
	mn_notify_config(mn, ver->dead ? MIDONET_OP_DEL :
			 old ? MIDONET_OP_SET : MIDONET_OP_NEW, obj);
	if (old)
		llist_add(&old->grave, &mn->grave_vers);
	if (ver->dead)
		list_add_tail(&obj->grave, &mn->grave);
}

/* Behind the flip: what depended on the old state learns of the new one. */
static void retire(struct mn_txn *txn)
{
	struct mn_net *mn = txn->mn;
	struct mn_obj *obj, *next;
	struct mn_entry *e, *tmp;

	mn_rules_publish(txn);
	list_for_each_entry_safe(obj, next, &txn->touched, touched)
		retire_object(mn, obj);
	list_for_each_entry_safe(e, tmp, &txn->born, list) {
		list_del_init(&e->list);
		mn_types[e->type]->entry_changed(mn, e);
		mn_notify_entry(mn, MIDONET_OP_NEW, e);
		cond_resched();
	}
	list_for_each_entry_safe(e, tmp, &txn->died, list) {
		mn_types[e->type]->entry_changed(mn, e);
		mn_notify_entry(mn, MIDONET_OP_DEL, e);
		list_move_tail(&e->list, &mn->grave_entries);
		cond_resched();
	}
	mn_nat_place_settle(mn);
	mn_epoch_bump(mn);
	schedule_work(&mn->grave_work);
}

static void publish(struct mn_txn *txn)
{
	struct mn_net *mn = txn->mn;
	u64 generation = mn->generation + 1;

	txn->changes = link_versions(txn, generation);
	if (!txn->changes)
		return;
	/* Whoever reads the number (mn_net_generation()) finds the versions. */
	smp_store_release(&mn->generation, generation);
	mn->commit_time = ktime_get_real_ns();
	retire(txn);
}

/*
 * Ids of removed objects are free again only when the grave is empty: a commit
 * that wants one back waits for it.
 */
static bool wants_buried(struct mn_txn *txn)
{
	struct nlattr **tb = txn->mn->op_attrs;
	const struct mn_ver *newest;
	struct mn_ident *ident;
	struct mn_obj *obj;
	struct mn_op *op;

	if (list_empty(&txn->mn->grave) && !work_busy(&txn->mn->grave_work))
		return false;
	list_for_each_entry(op, &txn->ops, node) {
		if (op->verb != MN_VERB_NEW || mn_types[op->type]->op)
			continue;
		mn_op_parse(op, tb);
		if (!tb[MIDONET_A_ID])
			continue;
		ident = mn_ident_find(txn->mn, nla_data(tb[MIDONET_A_ID]));
		if (!ident || ident->type == MIDONET_OBJECT_TYPE_RULE)
			continue;
		obj = container_of(ident, struct mn_obj, ident);
		newest = mn_dereference(txn->mn, obj->newest);
		if (newest && newest->dead)
			return true;
	}
	return false;
}

static void lock_commit(struct mn_txn *txn)
{
	struct mn_net *mn = txn->mn;

	mutex_lock(&mn->lock);
	while (wants_buried(txn)) {
		mutex_unlock(&mn->lock);
		atomic_inc(&mn->grave_waiters);
		schedule_work(&mn->grave_work);
		flush_work(&mn->grave_work);
		atomic_dec(&mn->grave_waiters);
		mutex_lock(&mn->lock);
	}
}

static u32 count_changes(const struct mn_txn *txn)
{
	const struct list_head *pos;
	u32 n = 0;

	list_for_each(pos, &txn->touched)
		n++;
	list_for_each(pos, &txn->born)
		n++;
	list_for_each(pos, &txn->died)
		n++;
	return n;
}

/**
 * mn_txn_commit() - judge what was staged and put it into force
 * @txn: transaction
 * @dry_run: judge only
 * @extack: for errors
 * @res: what was done, or NULL
 *
 * When it returns, devices are attached and detached as the new generation
 * wants. The transaction must not be used again.
 *
 * Context: may sleep, takes mn_net.lock, then rtnl.
 *
 * Return: 0; -ESTALE, -EPERM, or what was wrong; then nothing was changed
 */
int mn_txn_commit(struct mn_txn *txn, bool dry_run,
		  struct netlink_ext_ack *extack, struct mn_txn_result *res)
{
	struct mn_net *mn = txn->mn;
	bool counted;
	int err;

	mutex_lock(&txn->lock);
	txn->extack = extack;
	lock_commit(txn);
	err = mn_judge(txn, &counted);
	txn->changes = err ? 0 : count_changes(txn);
	if (err || dry_run)
		mn_judge_undo(txn, counted);
	else
		publish(txn);
	if (!err && !dry_run)
		mn_owner_commit(txn);
	if (res) {
		res->generation = mn->generation;
		res->ops = txn->n_ops;
		res->changes = txn->changes;
	}
	mutex_unlock(&mn->lock);
	mutex_unlock(&txn->lock);
	if (err || dry_run)
		return err;
	/* First, so that no port takes the device that carries the tunnels. */
	mn_overlay_sync(mn);
	mn_vport_sync_list(mn);
	mn_overlay_retry(mn);
	return 0;
}

/* Every object of a type goes; references between them no longer count. */
static void clear_type(struct mn_txn *txn, u8 type)
{
	struct mn_obj *obj;
	unsigned long index;

	if (!mn_types[type] || mn_types[type]->op)
		return;
	xa_for_each(&txn->mn->types[type], index, obj) {
		while (mn_txn_delete(txn, obj) == -ENOMEM)
			cond_resched();
	}
}

/**
 * mn_txn_clear() - a namespace goes: remove every object
 * @mn: namespace; devices are detached, no message reaches it
 *
 * Context: may sleep.
 */
void mn_txn_clear(struct mn_net *mn)
{
	struct mn_txn txn = { .mn = mn };
	u8 type;

	INIT_LIST_HEAD(&txn.ops);
	INIT_LIST_HEAD(&txn.touched);
	INIT_LIST_HEAD(&txn.born);
	INIT_LIST_HEAD(&txn.died);
	INIT_LIST_HEAD(&txn.rules_new);
	INIT_LIST_HEAD(&txn.rules_old);
	mutex_lock(&mn->lock);
	for (type = 0; type < __MIDONET_OBJECT_TYPE_COUNT; type++)
		clear_type(&txn, type);
	mn_judge_uses(&txn, false);
	publish(&txn);
	mutex_unlock(&mn->lock);
}
