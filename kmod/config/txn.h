/* SPDX-License-Identifier: GPL-2.0 */
#ifndef _MN_TXN_H
#define _MN_TXN_H

#include <linux/list.h>
#include <linux/mutex.h>
#include <linux/netlink.h>
#include <linux/refcount.h>

#include "config/errmsg.h"
#include "config/object.h"
#include "config/owner.h"

struct mn_rule;

/**
 * struct mn_txn - a transaction: messages staged by one socket
 * @mn: namespace
 * @node: in &mn_net.txns, under &mn_net.txn_lock; holds a reference
 * @ref: references
 * @portid: socket, 0 for the transaction of a single message
 * @expected: generation the change was computed from, if @check
 * @check: compare @expected at commit
 * @force: also when a store owns the kernel
 * @has_revision: @revision was given
 * @revision: of @store, in force with the commit
 * @store: where the change comes from, empty for nowhere
 * @failed: a message was refused; so will be the commit
 * @lock: protects @ops, @n_ops, @bytes
 * @n_ops: staged messages
 * @bytes: memory of @ops, counted in mn_net.staged
 * @ops: &struct mn_op in order
 * @bad_op: message at fault when the commit was refused, or NULL
 * @touched: objects with a pending version, in order of first touch
 * @born: entries made
 * @died: entries to remove
 * @rules_new: rules made (policy/rule.c)
 * @rules_old: rules to remove
 * @rules_checked: the rules were judged (policy/chain.c)
 * @changes: objects, rules and entries that differ
 * @named: peers named so far (port/port_link.c)
 * @mark: of the objects its graph searches have seen, 0 for no search yet
 * @extack: where errors of the commit go
 *
 * From @bad_op on only under mn_net.lock.
 */
struct mn_txn {
	struct mn_net *mn;
	struct list_head node;
	refcount_t ref;
	u32 portid;
	u64 expected;
	bool check;
	bool force;
	bool has_revision;
	u64 revision;
	char store[MN_STORE_NAME];
	bool failed;
	struct mutex lock;		/* see above */
	u32 n_ops;
	size_t bytes;
	struct list_head ops;
	struct mn_op *bad_op;
	struct list_head touched;
	struct list_head born;
	struct list_head died;
	struct list_head rules_new;
	struct list_head rules_old;
	bool rules_checked;
	u32 changes;
	u32 named;
	u32 mark;
	struct netlink_ext_ack *extack;
};

/**
 * struct mn_op - a staged message
 * @node: in &mn_txn.ops
 * @obj: the object it is about, filled in by the commit
 * @type: &enum midonet_object_type
 * @verb: &enum mn_verb
 * @len: bytes of @attrs
 * @attrs: the attributes, validated against the policy of the command
 */
struct mn_op {
	struct list_head node;
	struct mn_obj *obj;
	u8 type;
	u8 verb;
	u32 len;
	char attrs[];
};

/* config/judge.c */
bool mn_name_ok(const char *name);

/* config/pending.c */
/* mn_err() of a commit: sets its extack, returns err. */
__printf(3, 4)
int mn_txn_err(struct mn_txn *txn, int err, const char *fmt, ...);

void mn_txn_touch(struct mn_txn *txn, struct mn_obj *obj);
struct mn_ver *mn_txn_pending(struct mn_txn *txn, struct mn_obj *obj);
int mn_txn_delete(struct mn_txn *txn, struct mn_obj *obj);
void mn_txn_entry_new(struct mn_txn *txn, struct mn_entry *e);
void mn_txn_entry_del(struct mn_txn *txn, struct mn_entry *e);
struct mn_obj *mn_txn_ref_any(struct mn_txn *txn, const struct mn_obj *user,
			      const struct nlattr *attr, u32 types,
			      const char *word, struct netlink_ext_ack *extack);
struct mn_obj *mn_txn_ref(struct mn_txn *txn, const struct mn_obj *user,
			  const struct nlattr *attr, u8 type,
			  const char *word, struct netlink_ext_ack *extack);

/**
 * struct mn_txn_result - what a commit did
 * @generation: generation now
 * @ops: messages
 * @changes: objects, rules and entries that differ
 */
struct mn_txn_result {
	u64 generation;
	u32 ops;
	u32 changes;
};

struct mn_txn *mn_txn_get(struct mn_net *mn, u32 portid);
struct mn_txn *mn_txn_take(struct mn_net *mn, u32 portid);
void mn_txn_put(struct mn_txn *txn);
int mn_txn_begin(struct mn_net *mn, u32 portid, struct nlattr **tb,
		 struct netlink_ext_ack *extack);
int mn_txn_stage(struct mn_txn *txn, u8 type, u8 verb,
		 const struct nlattr *attrs, u32 len,
		 struct netlink_ext_ack *extack);
int mn_txn_single(struct mn_net *mn, u8 type, u8 verb,
		  const struct nlattr *attrs, u32 len,
		  struct netlink_ext_ack *extack);
void mn_txn_release(struct mn_net *mn, u32 portid);
void mn_txns_exit(struct mn_net *mn);

/* config/commit.c */
int mn_txn_commit(struct mn_txn *txn, bool dry_run,
		  struct netlink_ext_ack *extack, struct mn_txn_result *res);
void mn_txn_clear(struct mn_net *mn);

#endif /* _MN_TXN_H */
