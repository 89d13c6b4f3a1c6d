// SPDX-License-Identifier: GPL-2.0
/*
 * Transactions: staging by socket, and the life of what is staged. How a commit
 * judges is in judge.c, what publishes in commit.c.
 */
#include <linux/slab.h>
#include <linux/user_namespace.h>

#include "config/judge.h"
#include "config/nl.h"
#include "config/txn.h"
#include "net.h"

/* What one namespace may have staged and not committed. */
#define MN_STAGED_MAX		SZ_1G
#define MN_STAGED_MAX_USERNS	SZ_32M

static struct mn_txn *txn_alloc(struct mn_net *mn, u32 portid)
{
	struct mn_txn *txn = kzalloc(sizeof(*txn), GFP_KERNEL_ACCOUNT);

	if (!txn)
		return NULL;
	txn->mn = mn;
	txn->portid = portid;
	mutex_init(&txn->lock);
	INIT_LIST_HEAD(&txn->node);
	INIT_LIST_HEAD(&txn->ops);
	INIT_LIST_HEAD(&txn->touched);
	INIT_LIST_HEAD(&txn->born);
	INIT_LIST_HEAD(&txn->died);
	INIT_LIST_HEAD(&txn->rules_new);
	INIT_LIST_HEAD(&txn->rules_old);
	refcount_set(&txn->ref, 1);
	return txn;
}

static void txn_free(struct mn_txn *txn)
{
	struct mn_op *op, *next;

	atomic_long_sub(txn->bytes, &txn->mn->staged);
	list_for_each_entry_safe(op, next, &txn->ops, node)
		kvfree(op);
	mutex_destroy(&txn->lock);
	kfree(txn);
}

/**
 * mn_txn_put() - drop the reference of mn_txn_get()
 * @txn: transaction or NULL
 */
void mn_txn_put(struct mn_txn *txn)
{
	if (txn && refcount_dec_and_test(&txn->ref))
		txn_free(txn);
}

/* Under txn_lock. */
static struct mn_txn *txn_find(struct mn_net *mn, u32 portid)
{
	struct mn_txn *txn;

	list_for_each_entry(txn, &mn->txns, node) {
		if (txn->portid == portid)
			return txn;
	}
	return NULL;
}

/**
 * mn_txn_get() - open transaction of a socket
 * @mn: namespace
 * @portid: socket
 *
 * Return: the transaction with a reference, or NULL
 */
struct mn_txn *mn_txn_get(struct mn_net *mn, u32 portid)
{
	struct mn_txn *txn;

	spin_lock(&mn->txn_lock);
	txn = txn_find(mn, portid);
	if (txn)
		refcount_inc(&txn->ref);
	spin_unlock(&mn->txn_lock);
	return txn;
}

/**
 * mn_txn_take() - end the open transaction of a socket
 * @mn: namespace
 * @portid: socket
 *
 * Several threads may use one socket at once; one of them gets it.
 *
 * Return: the transaction, off the list, with the list's reference; or NULL
 */
struct mn_txn *mn_txn_take(struct mn_net *mn, u32 portid)
{
	struct mn_txn *txn;

	spin_lock(&mn->txn_lock);
	txn = txn_find(mn, portid);
	if (txn)
		list_del_init(&txn->node);
	spin_unlock(&mn->txn_lock);
	return txn;
}

/* Put a transaction on the list, unless its socket has one there. */
static bool txn_open(struct mn_txn *txn)
{
	struct mn_net *mn = txn->mn;
	bool first;

	spin_lock(&mn->txn_lock);
	first = !txn_find(mn, txn->portid);
	if (first)
		list_add(&txn->node, &mn->txns);
	spin_unlock(&mn->txn_lock);
	return first;
}

/**
 * mn_txn_begin() - open a transaction
 * @mn: namespace
 * @portid: socket
 * @tb: attributes of txn-begin
 * @extack: for errors
 *
 * Return: 0, -EBUSY if the socket has one open, -ENOMEM
 */
int mn_txn_begin(struct mn_net *mn, u32 portid, struct nlattr **tb,
		 struct netlink_ext_ack *extack)
{
	struct mn_txn *txn = txn_alloc(mn, portid);

	if (!txn)
		return -ENOMEM;
	if (tb[MIDONET_TXN_GENERATION]) {
		txn->check = true;
		txn->expected = nla_get_u64(tb[MIDONET_TXN_GENERATION]);
	}
	txn->force = nla_get_flag(tb[MIDONET_TXN_FORCE]);
	if (tb[MIDONET_TXN_STORE])
		nla_strscpy(txn->store, tb[MIDONET_TXN_STORE],
			    sizeof(txn->store));
	if (tb[MIDONET_TXN_REVISION]) {
		txn->has_revision = true;
		txn->revision = nla_get_u64(tb[MIDONET_TXN_REVISION]);
	}
	if (txn_open(txn))
		return 0;
	txn_free(txn);
	return mn_err(mn, extack, -EBUSY,
		      "this socket has a transaction open; commit or abort it first");
}

/**
 * mn_txn_stage() - keep a message for the commit
 * @txn: transaction
 * @type: &enum midonet_object_type
 * @verb: &enum mn_verb
 * @attrs: its attributes, validated against the policy
 * @len: bytes of @attrs
 * @extack: for errors
 *
 * Return: 0, -ENOMEM, -ENOBUFS if too much is staged
 */
int mn_txn_stage(struct mn_txn *txn, u8 type, u8 verb,
		 const struct nlattr *attrs, u32 len,
		 struct netlink_ext_ack *extack)
{
	struct mn_net *mn = txn->mn;
	size_t size = sizeof(struct mn_op) + len;
	long max = mn->net->user_ns == &init_user_ns ? MN_STAGED_MAX :
						       MN_STAGED_MAX_USERNS;
	struct mn_op *op;

	if (atomic_long_add_return(size, &mn->staged) > max) {
		atomic_long_sub(size, &mn->staged);
		return mn_err(mn, extack, -ENOBUFS,
			      "more than %ld MiB are staged; commit in smaller transactions",
			      max >> 20);
	}
	op = kvmalloc(size, GFP_KERNEL_ACCOUNT);
	if (!op) {
		atomic_long_sub(size, &mn->staged);
		return -ENOMEM;
	}
	op->obj = NULL;
	op->type = type;
	op->verb = verb;
	op->len = len;
	memcpy(op->attrs, attrs, len);
	mutex_lock(&txn->lock);
	list_add_tail(&op->node, &txn->ops);
	txn->n_ops++;
	txn->bytes += size;
	mutex_unlock(&txn->lock);
	return 0;
}

/**
 * mn_txn_release() - a socket was closed: its transaction dies
 * @mn: namespace
 * @portid: socket
 */
void mn_txn_release(struct mn_net *mn, u32 portid)
{
	mn_txn_put(mn_txn_take(mn, portid));
}

/**
 * mn_txns_exit() - a namespace goes: no transaction survives
 * @mn: namespace
 */
void mn_txns_exit(struct mn_net *mn)
{
	struct mn_txn *txn, *next;

	list_for_each_entry_safe(txn, next, &mn->txns, node) {
		list_del_init(&txn->node);
		mn_txn_put(txn);
	}
}

/**
 * mn_txn_single() - a message that is a transaction of its own
 * @mn: namespace
 * @type: &enum midonet_object_type
 * @verb: &enum mn_verb
 * @attrs: its attributes, validated
 * @len: bytes of @attrs
 * @extack: for errors; points at the attribute at fault
 *
 * Context: may sleep.
 *
 * Return: 0 or a negative error
 */
int mn_txn_single(struct mn_net *mn, u8 type, u8 verb,
		  const struct nlattr *attrs, u32 len,
		  struct netlink_ext_ack *extack)
{
	struct mn_txn *txn = txn_alloc(mn, 0);
	struct netlink_ext_ack own = {};
	struct mn_op *op;
	int err;

	if (!txn)
		return -ENOMEM;
	err = mn_txn_stage(txn, type, verb, attrs, len, &own);
	if (!err)
		err = mn_txn_commit(txn, false, &own, NULL);
	if (err && extack) {
		extack->_msg = own._msg;
		op = list_first_entry_or_null(&txn->ops, struct mn_op, node);
		/* Of the copy that was judged to the message itself. */
		if (op && own.bad_attr && txn->bad_op == op)
			extack->bad_attr = (void *)attrs +
				((char *)own.bad_attr - op->attrs);
	}
	mn_txn_put(txn);
	return err;
}

/**
 * mn_op_parse() - attributes of a staged message
 * @op: message
 * @tb: where they go, by number; MIDONET_A_MAX + 1 pointers into @op
 */
void mn_op_parse(const struct mn_op *op, struct nlattr **tb)
{
	/* Validated when it was received. */
	__nla_parse(tb, MIDONET_A_MAX, (const struct nlattr *)op->attrs,
		    op->len, NULL, NL_VALIDATE_LIBERAL, NULL);
}
