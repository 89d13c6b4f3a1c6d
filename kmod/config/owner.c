// SPDX-License-Identifier: GPL-2.0
/*
 * A kernel that mirrors a store is owned by it: who changes it by himself is
 * refused. One socket keeps it in step. When that is closed, the mark stays, and
 * so does what was reported about the work, as warnings that say since when.
 */
#include <linux/slab.h>
#include <linux/timekeeping.h>
#include <net/genetlink.h>

#include "config/nl.h"
#include "config/owner.h"
#include "config/txn.h"

#define MN_REPORTS_MAX		16
#define MN_REPORT_NAME		32
#define MN_REPORT_TEXT		200

/**
 * struct mn_report - how something that works for the kernel is
 * @name: what; empty: the slot is free
 * @text: how, in one line
 * @level: &enum midonet_level
 * @portid: socket that said so, 0 when it was closed
 * @ended: when it was closed, seconds since boot
 */
struct mn_report {
	char name[MN_REPORT_NAME];
	char text[MN_REPORT_TEXT];
	u8 level;
	u32 portid;
	time64_t ended;
};

/**
 * struct mn_reports - the reports of a namespace, made with the first one
 * @lock: protects @list; innermost
 * @list: slots
 */
struct mn_reports {
	spinlock_t lock;		/* see above */
	struct mn_report list[MN_REPORTS_MAX];
};

/**
 * mn_owner_set() - a store takes the kernel, or lets it go
 * @mn: namespace
 * @portid: socket that will keep it in step
 * @store: name, shorter than MN_STORE_NAME; empty to let go
 * @extack: for errors
 *
 * Context: mn_net.lock.
 *
 * Return: 0, -EBUSY if another store owns it or another socket works for it
 */
int mn_owner_set(struct mn_net *mn, u32 portid, const char *store,
		 struct netlink_ext_ack *extack)
{
	mn_assert_lock(mn);
	if (mn->store_portid && mn->store_portid != portid)
		return mn_err(mn, extack, -EBUSY,
			      "the socket of port id %u keeps this kernel in step with %s; stop midonetd first",
			      mn->store_portid, mn->store);
	if (*store && mn->store[0] && strcmp(mn->store, store))
		return mn_err(mn, extack, -EBUSY,
			      "this kernel mirrors %s; let it go first: midoctl release",
			      mn->store);
	if (strcmp(mn->store, store))
		mn->revision = 0;
	strscpy(mn->store, store, sizeof(mn->store));
	WRITE_ONCE(mn->store_portid, *store ? portid : 0);
	return 0;
}

static void end_reports(struct mn_reports *r, u32 portid)
{
	int i;

	spin_lock(&r->lock);
	for (i = 0; i < MN_REPORTS_MAX; i++) {
		if (!r->list[i].name[0] || r->list[i].portid != portid)
			continue;
		r->list[i].portid = 0;
		r->list[i].ended = ktime_get_boottime_seconds();
	}
	spin_unlock(&r->lock);
}

/**
 * mn_owner_release() - a socket was closed
 * @mn: namespace
 * @portid: the socket
 *
 * Context: may not take mn_net.lock, which a commit holds for long.
 */
void mn_owner_release(struct mn_net *mn, u32 portid)
{
	/* Pairs with reports_get(). */
	struct mn_reports *r = smp_load_acquire(&mn->reports);

	cmpxchg(&mn->store_portid, portid, 0);
	if (r)
		end_reports(r, portid);
}

/**
 * mn_owner_check() - may a transaction change a kernel that a store may own
 * @txn: transaction
 *
 * Context: mn_net.lock.
 *
 * Return: 0 or -EPERM
 */
int mn_owner_check(struct mn_txn *txn)
{
	struct mn_net *mn = txn->mn;

	if (txn->store[0] && strcmp(mn->store, txn->store))
		return mn_txn_err(txn, -EPERM,
				  "this kernel mirrors %s, not %s; take it by status-set first",
				  mn->store[0] ? mn->store : "nothing",
				  txn->store);
	if (!mn->store[0] || txn->store[0] || txn->force)
		return 0;
	return mn_txn_err(txn, -EPERM,
			  "this kernel mirrors %s; use -s, or --force",
			  mn->store);
}

/**
 * mn_owner_commit() - a transaction of the owner goes into force
 * @txn: transaction, which may change nothing
 *
 * Context: mn_net.lock.
 */
void mn_owner_commit(struct mn_txn *txn)
{
	if (txn->store[0] && txn->has_revision)
		txn->mn->revision = txn->revision;
}

/**
 * mn_owner_exit() - a namespace goes
 * @mn: namespace; no message reaches it
 */
void mn_owner_exit(struct mn_net *mn)
{
	kfree(mn->reports);
}

/* Reports. */

static struct mn_reports *reports_get(struct mn_net *mn)
{
	struct mn_reports *r = mn->reports;

	mn_assert_lock(mn);
	if (r)
		return r;
	r = kzalloc(sizeof(*r), GFP_KERNEL_ACCOUNT);
	if (!r)
		return NULL;
	spin_lock_init(&r->lock);
	/* Pairs with mn_owner_release(). */
	smp_store_release(&mn->reports, r);
	return r;
}

/* The slot of that name, or a free one; lock held. */
static struct mn_report *find_slot(struct mn_reports *r, const char *name)
{
	struct mn_report *slot = NULL;
	int i;

	for (i = 0; i < MN_REPORTS_MAX; i++) {
		if (!strcmp(r->list[i].name, name))
			return &r->list[i];
		if (!slot && !r->list[i].name[0])
			slot = &r->list[i];
	}
	return slot;
}

static int set_one(struct mn_net *mn, struct mn_reports *r, u32 portid,
		   struct nlattr **tb, struct netlink_ext_ack *extack)
{
	const struct nlattr *name = tb[MIDONET_SUBSYSTEM_NAME];
	const struct nlattr *text = tb[MIDONET_SUBSYSTEM_TEXT];
	struct mn_report *slot;

	if (!name || !nla_len(name) || !*(const char *)nla_data(name) ||
	    nla_len(name) > MN_REPORT_NAME)
		return mn_err(mn, extack, -EINVAL,
			      "a subsystem needs a name of 1 to %d characters",
			      MN_REPORT_NAME - 1);
	spin_lock(&r->lock);
	slot = find_slot(r, nla_data(name));
	if (slot) {
		strscpy(slot->name, nla_data(name), sizeof(slot->name));
		strscpy(slot->text, text ? nla_data(text) : "",
			sizeof(slot->text));
		slot->level = tb[MIDONET_SUBSYSTEM_LEVEL] ?
			      nla_get_u8(tb[MIDONET_SUBSYSTEM_LEVEL]) :
			      MIDONET_LEVEL_OK;
		slot->portid = portid;
		/* Without a text it is taken back. */
		if (!slot->text[0])
			slot->name[0] = 0;
	}
	spin_unlock(&r->lock);
	return slot ? 0 : mn_err(mn, extack, -ENOSPC,
				 "there are %d subsystems already",
				 MN_REPORTS_MAX);
}

/**
 * mn_reports_set() - somebody says how what works for the kernel is
 * @mn: namespace
 * @portid: socket
 * @nlh: message with nests of &enum midonet_subsystem_attr, validated
 * @extack: for errors
 *
 * Context: mn_net.lock, may sleep.
 *
 * Return: 0, -EINVAL, -ENOSPC, -ENOMEM
 */
int mn_reports_set(struct mn_net *mn, u32 portid, const struct nlmsghdr *nlh,
		   struct netlink_ext_ack *extack)
{
	struct nlattr *tb[MIDONET_SUBSYSTEM_MAX + 1];
	struct mn_reports *r;
	const struct nlattr *attr;
	int rem, err = 0;

	nlmsg_for_each_attr(attr, nlh, GENL_HDRLEN, rem) {
		if (nla_type(attr) != MIDONET_STATUS_SUBSYSTEMS)
			continue;
		r = reports_get(mn);
		if (!r)
			return -ENOMEM;
		err = nla_parse_nested(tb, MIDONET_SUBSYSTEM_MAX, attr,
				       mn_subsystem_policy, extack);
		if (!err)
			err = set_one(mn, r, portid, tb, extack);
		if (err)
			return err;
	}
	return 0;
}

static int put_ended(struct sk_buff *skb, const struct mn_report *slot)
{
	char text[MN_REPORT_TEXT + 64];

	scnprintf(text, sizeof(text), "nobody reports since %lld s; then: %s",
		  ktime_get_boottime_seconds() - slot->ended, slot->text);
	return mn_subsystem_put(skb, slot->name,
				max_t(u8, slot->level, MIDONET_LEVEL_WARNING),
				text, NULL);
}

/**
 * mn_reports_put() - put all reports
 * @mn: namespace
 * @skb: message
 *
 * Context: mn_net.lock.
 *
 * Return: 0 or -EMSGSIZE
 */
int mn_reports_put(struct mn_net *mn, struct sk_buff *skb)
{
	struct mn_reports *r = mn->reports;
	const struct mn_report *slot;
	int i, err = 0;

	if (!r)
		return 0;
	spin_lock(&r->lock);
	for (i = 0; i < MN_REPORTS_MAX && !err; i++) {
		slot = &r->list[i];
		if (!slot->name[0])
			continue;
		err = slot->portid ? mn_subsystem_put(skb, slot->name,
						      slot->level,
						      slot->text, NULL) :
				     put_ended(skb, slot);
	}
	spin_unlock(&r->lock);
	return err;
}

/**
 * mn_subsystem_put() - put how a subsystem is
 * @skb: message
 * @name: subsystem
 * @level: &enum midonet_level
 * @text: one line
 * @fill: entries of the table it is about, or NULL
 *
 * Return: 0 or -EMSGSIZE
 */
int mn_subsystem_put(struct sk_buff *skb, const char *name, u8 level,
		     const char *text, const struct mn_fill *fill)
{
	struct nlattr *nest = nla_nest_start(skb, MIDONET_STATUS_SUBSYSTEMS);

	if (!nest || nla_put_string(skb, MIDONET_SUBSYSTEM_NAME, name) ||
	    nla_put_u8(skb, MIDONET_SUBSYSTEM_LEVEL, level) ||
	    nla_put_string(skb, MIDONET_SUBSYSTEM_TEXT, text))
		return -EMSGSIZE;
	if (fill && (nla_put_u32(skb, MIDONET_SUBSYSTEM_USED, fill->used) ||
		     nla_put_u32(skb, MIDONET_SUBSYSTEM_LIMIT, fill->limit)))
		return -EMSGSIZE;
	nla_nest_end(skb, nest);
	return 0;
}
