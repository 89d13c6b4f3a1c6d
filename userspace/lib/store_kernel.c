// SPDX-License-Identifier: GPL-2.0
/* The store "kernel": the topology of a network namespace's kernel side. */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "nl.h"
#include "store.h"
#include "wire.h"

/* Messages are sent in bundles of about this size. */
#define BUNDLE		(96 * 1024)

#define DUMP_TRIES	10

/**
 * struct kernel_store - connection and what was noted
 * @store: head
 * @nl: connection
 * @msgs: messages of noted changes
 */
struct kernel_store {
	struct mn_store store;
	struct mn_nl nl;
	struct mn_buf msgs;
};

static struct kernel_store *kernel_of(struct mn_store *store)
{
	return mn_container_of(store, struct kernel_store, store);
}

static int kernel_open(struct mn_store **store, const char *arg,
		       struct mn_err *err)
{
	struct kernel_store *k;
	int ret;

	if (*arg)
		return mn_fail(err, -EINVAL, "store kernel:%.64s: write just \"kernel\"",
			       arg);
	k = mn_alloc(sizeof(*k));
	ret = mn_nl_open(&k->nl, err);
	if (ret) {
		free(k);
		return ret;
	}
	k->store.ops = &mn_store_kernel;
	k->store.name = mn_strdup("kernel");
	*store = &k->store;
	return 0;
}

static void kernel_close(struct mn_store *store)
{
	struct kernel_store *k = kernel_of(store);

	mn_nl_close(&k->nl);
	mn_buf_free(&k->msgs);
	free(k);
}

static int keep_cb(const struct nlmsghdr *nlh, void *arg)
{
	mn_buf_add(arg, nlh, MNL_ALIGN(nlh->nlmsg_len));
	return 0;
}

static int dump(struct mn_nl *nl, int cmd, const struct mn_obj *parent,
		struct mn_buf *parts, struct mn_err *err)
{
	struct mn_buf b = {};
	int try, ret = 0;
	size_t at;

	for (try = 0; try < DUMP_TRIES; try++) {
		b.len = 0;
		parts->len = 0;
		at = mn_msg_begin(&b, nl, cmd, 0);
		if (parent)
			mn_msg_put(&b, MIDONET_A_PARENT, parent->id.b,
				   MN_UUID_LEN);
		mn_msg_end(&b, at);
		ret = mn_nl_dump(nl, &b, keep_cb, parts, err);
		if (ret != -EINTR)
			break;
	}
	mn_buf_free(&b);
	return ret;
}

static void read_parts(struct mn_model *m, const struct mn_type *type,
		       const struct mn_buf *parts)
{
	const struct nlmsghdr *nlh = (void *)parts->s;
	int len = parts->len;

	for (; len && mnl_nlmsg_ok(nlh, len); nlh = mnl_nlmsg_next(nlh, &len))
		mn_wire_read(m, type, nlh, m->learned);
}

static void sort_members(struct mn_model *m)
{
	const struct mn_objs *sets = &m->objs[MIDONET_OBJECT_TYPE_IP_SET];
	const struct mn_type *type = mn_type_of(MIDONET_OBJECT_TYPE_IP_SET);
	int at = mn_type_wire(type, MIDONET_A_MEMBERS);
	uint32_t i;

	for (i = 0; i < sets->n; i++)
		mn_vals_normalise(&type->attrs[at], &sets->objs[i]->vals[at]);
}

static int pos_cmp(const void *x, const void *y)
{
	const struct mn_obj *a = *(struct mn_obj *const *)x;
	const struct mn_obj *b = *(struct mn_obj *const *)y;

	return a->pos < b->pos ? -1 : a->pos > b->pos;
}

static void sort_rules(struct mn_model *m, struct mn_obj *chain)
{
	const struct mn_objs *chains = &m->objs[MIDONET_OBJECT_TYPE_CHAIN];
	uint32_t i;

	for (i = 0; !chain && i < chains->n; i++)
		sort_rules(m, chains->objs[i]);
	if (chain && chain->n_kids)
		qsort(chain->kids, chain->n_kids, sizeof(*chain->kids), pos_cmp);
}

static int kernel_load(struct mn_store *store, struct mn_model *m, int type,
		       struct mn_obj *parent, struct mn_err *err)
{
	bool members = type == MIDONET_OBJECT_TYPE_IP_SET_MEMBER;
	const struct mn_type *t = mn_type_of(members ?
					     MIDONET_OBJECT_TYPE_IP_SET : type);
	struct mn_buf parts = {};
	int ret;

	ret = dump(&kernel_of(store)->nl,
		   members ? MIDONET_CMD_IP_SET_MEMBER_GET : t->cmd_get, parent,
		   &parts, err);
	if (!ret)
		read_parts(m, t, &parts);
	mn_buf_free(&parts);
	if (!ret && members)
		sort_members(m);
	if (!ret && (t->flags & MN_TYPE_ORDERED))
		sort_rules(m, parent);
	return ret;
}

static int generation_cb(const struct nlmsghdr *nlh, void *arg)
{
	const struct nlattr *tb[MIDONET_STATUS_MAX + 1];

	mn_msg_attrs(nlh, tb, MIDONET_STATUS_MAX);
	*(uint64_t *)arg = mn_attr_num(tb[MIDONET_STATUS_GENERATION]);
	return 0;
}

static int kernel_generation(struct mn_store *store, uint64_t *generation,
			     struct mn_err *err)
{
	struct kernel_store *k = kernel_of(store);
	struct mn_buf b = {};
	int ret;

	mn_msg_end(&b, mn_msg_begin(&b, &k->nl, MIDONET_CMD_STATUS_GET, 0));
	ret = mn_nl_call(&k->nl, &b, generation_cb, generation, err);
	mn_buf_free(&b);
	return ret;
}

static int kernel_change(struct mn_store *store, const struct mn_model *m,
			 const struct mn_change *change, struct mn_err *err)
{
	struct kernel_store *k = kernel_of(store);

	(void)m;
	return mn_wire_change(&k->msgs, &k->nl, change, err);
}

static void kernel_forget(struct mn_store *store)
{
	mn_buf_free(&kernel_of(store)->msgs);
}

static int begin(struct mn_nl *nl, const struct mn_commit *commit,
		 struct mn_err *err)
{
	struct mn_buf b = {};
	size_t at;
	int ret;

	at = mn_msg_begin(&b, nl, MIDONET_CMD_TXN_BEGIN, 0);
	if (commit->check)
		mn_msg_put_u64(&b, MIDONET_TXN_GENERATION, commit->generation);
	if (commit->force)
		mn_msg_put(&b, MIDONET_TXN_FORCE, NULL, 0);
	if (commit->owner) {
		mn_msg_put(&b, MIDONET_TXN_STORE, commit->owner,
			   strlen(commit->owner) + 1);
		mn_msg_put_u64(&b, MIDONET_TXN_REVISION, commit->revision);
	}
	mn_msg_end(&b, at);
	ret = mn_nl_call(nl, &b, NULL, NULL, err);
	mn_buf_free(&b);
	return ret;
}

/* Send whole messages in bundles; none asks for an acknowledgment. */
static int stage(struct mn_nl *nl, const struct mn_buf *msgs,
		 const struct mn_commit *commit, struct mn_err *err)
{
	const struct nlmsghdr *nlh;
	struct mn_buf part;
	size_t from = 0, to = 0;
	int ret = 0;

	while (!ret && to < msgs->len) {
		nlh = (const void *)(msgs->s + to);
		to += nlh->nlmsg_len;
		if (to < msgs->len && to - from < BUNDLE)
			continue;
		part.s = msgs->s + from;
		part.len = to - from;
		ret = mn_nl_send(nl, &part, err);
		if (!ret)
			ret = mn_nl_pending(nl, err);
		from = to;
		if (commit->progress)
			commit->progress(from, msgs->len);
	}
	return ret;
}

static int result_cb(const struct nlmsghdr *nlh, void *arg)
{
	const struct nlattr *tb[MIDONET_TXN_MAX + 1];
	struct mn_commit *commit = arg;

	mn_msg_attrs(nlh, tb, MIDONET_TXN_MAX);
	commit->result = mn_attr_num(tb[MIDONET_TXN_GENERATION]);
	return 0;
}

static void abort_txn(struct mn_nl *nl)
{
	struct mn_buf b = {};
	struct mn_err err;

	mn_msg_end(&b, mn_msg_begin(&b, nl, MIDONET_CMD_TXN_ABORT, 0));
	mn_nl_call(nl, &b, NULL, NULL, &err);
	mn_buf_free(&b);
}

static int finish(struct mn_nl *nl, struct mn_commit *commit,
		  struct mn_err *err)
{
	struct mn_buf b = {};
	size_t at;
	int ret;

	at = mn_msg_begin(&b, nl, MIDONET_CMD_TXN_COMMIT, 0);
	if (commit->dry_run)
		mn_msg_put(&b, MIDONET_TXN_DRY_RUN, NULL, 0);
	mn_msg_end(&b, at);
	ret = mn_nl_call(nl, &b, result_cb, commit, err);
	mn_buf_free(&b);
	return ret;
}

static int kernel_commit(struct mn_store *store, const struct mn_model *m,
			 struct mn_commit *commit, struct mn_err *err)
{
	struct kernel_store *k = kernel_of(store);
	int ret;

	(void)m;
	ret = begin(&k->nl, commit, err);
	if (ret)
		goto out;
	ret = stage(&k->nl, &k->msgs, commit, err);
	if (ret)
		abort_txn(&k->nl);
	else
		ret = finish(&k->nl, commit, err);
out:
	mn_buf_free(&k->msgs);
	return ret;
}

const struct mn_store_ops mn_store_kernel = {
	.scheme = "kernel",
	.open = kernel_open,
	.close = kernel_close,
	.load = kernel_load,
	.generation = kernel_generation,
	.change = kernel_change,
	.commit = kernel_commit,
	.forget = kernel_forget,
};

/**
 * mn_store_nl() - the connection of the kernel's store
 * @store: store
 *
 * Return: connection, NULL if it is another store
 */
struct mn_nl *mn_store_nl(struct mn_store *store)
{
	return store->ops == &mn_store_kernel ? &kernel_of(store)->nl : NULL;
}
