// SPDX-License-Identifier: GPL-2.0
/*
 * Snapshots: every so many revisions the whole topology is written, so that nobody
 * has to read the journal from its beginning. The last ones are kept; of the
 * journal, what leads on from the oldest of them. All this may fail, or be done by
 * two at once: it is done again a thousand revisions later.
 */
#include <errno.h>
#include <jansson.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "lines.h"
#include "zk_tree.h"

/* A change that is in no journal after so long will never be, ms. */
#define TXN_AGE_MS	(3600 * 1000)

static int cmp(const void *x, const void *y)
{
	return strcmp(*(char *const *)x, *(char *const *)y);
}

/* Names of the same length, so in order of revisions. */
static int list(struct mn_zk *zk, const char *path, struct mn_zk_answer *a,
		struct mn_err *err)
{
	int ret = mn_zk_call_children(zk, path, a, err);

	if (!ret && a->n_names)
		qsort(a->names, a->n_names, sizeof(*a->names), cmp);
	return ret;
}

static bool is_complete(struct mn_zk *zk, const char *name, int64_t *ctime)
{
	struct mn_zk_answer a = {};
	struct mn_err err;
	char path[48];
	bool complete;

	snprintf(path, sizeof(path), "snapshot/%.24s", name);
	complete = !mn_zk_call_get(zk, path, &a, &err) && a.rc == ZOK &&
		   a.data.len;
	*ctime = a.ctime;
	mn_zk_answer_free(&a);
	return complete;
}

/* The newest that is whole, 0 if there is none. */
static uint64_t newest(struct mn_zk *zk, const struct mn_zk_answer *names)
{
	int64_t ctime;
	int i;

	for (i = names->n_names; i--;) {
		if (is_complete(zk, names->names[i], &ctime))
			return strtoull(names->names[i], NULL, 10);
	}
	return 0;
}

/* Which change an entry of the journal names; to be freed. */
static char *txn_of(struct mn_zk *zk, const char *entry)
{
	struct mn_zk_answer a = {};
	struct mn_err ignored;
	const char *txn = NULL;
	char path[48], *copy;
	json_t *json = NULL;

	snprintf(path, sizeof(path), "journal/%.24s", entry);
	if (!mn_zk_call_get(zk, path, &a, &ignored) && a.rc == ZOK)
		json = json_loadb(a.data.s, a.data.len, 0, NULL);
	txn = json_string_value(json_object_get(json, "txn"));
	copy = txn && !strchr(txn, '/') ? mn_strdup(txn) : NULL;
	json_decref(json);
	mn_zk_answer_free(&a);
	return copy;
}

/**
 * mn_zk_txn_of() - which change made a revision
 * @zk: session, connected
 * @revision: revision
 *
 * Return: id to be freed, NULL if the journal does not say
 */
char *mn_zk_txn_of(struct mn_zk *zk, uint64_t revision)
{
	char name[24];

	snprintf(name, sizeof(name), "%020" PRIu64, revision);
	return txn_of(zk, name);
}

static int write_snapshot(struct mn_zk *zk, struct mn_model *m,
			  uint64_t revision, struct mn_err *err)
{
	struct mn_buf lines = {};
	unsigned int chunks;
	char path[48], *text, *txn;
	int ret;

	snprintf(path, sizeof(path), MN_ZK_SNAPSHOT, revision);
	mn_lines_add_model(&lines, m);
	ret = mn_zk_call_create(zk, path, "", 0, err);
	if (!ret)
		ret = mn_zk_write_chunks(zk, path, &lines, &chunks, err);
	mn_buf_free(&lines);
	if (ret)
		return ret;
	txn = mn_zk_txn_of(zk, revision);
	text = mn_asprintf("{\"txn\":\"%s\",\"chunks\":%u}", txn ?: "",
			   chunks);
	ret = mn_zk_call_set(zk, path, text, strlen(text), err);
	free(text);
	free(txn);
	return ret;
}

static int remove_snapshot(struct mn_zk *zk, const char *name,
			   struct mn_err *err)
{
	char path[48];

	snprintf(path, sizeof(path), "snapshot/%.24s", name);
	return mn_zk_delete_tree(zk, path, err);
}

/* Keep the newest whole ones; @oldest is the oldest of these, 0 if too few. */
static int prune_snapshots(struct mn_zk *zk, uint64_t *oldest,
			   struct mn_err *err)
{
	struct mn_zk_answer names = {};
	int64_t ctime;
	int i, kept = 0, ret;

	*oldest = 0;
	ret = list(zk, "snapshot", &names, err);
	for (i = names.n_names; !ret && i--;) {
		if (kept == MN_ZK_SNAPSHOTS_KEPT) {
			ret = remove_snapshot(zk, names.names[i], err);
		} else if (is_complete(zk, names.names[i], &ctime) &&
			   ++kept == MN_ZK_SNAPSHOTS_KEPT) {
			*oldest = strtoull(names.names[i], NULL, 10);
		}
	}
	mn_zk_answer_free(&names);
	return ret;
}

static int remove_entry(struct mn_zk *zk, const char *entry,
			struct mn_err *err)
{
	char *txn = txn_of(zk, entry), *path;
	int ret = 0;

	if (txn) {
		path = mn_asprintf(MN_ZK_TXN, txn);
		ret = mn_zk_delete_tree(zk, path, err);
		free(path);
	}
	free(txn);
	if (ret)
		return ret;
	path = mn_asprintf("journal/%.24s", entry);
	ret = mn_zk_call_delete(zk, path, err);
	free(path);
	return ret;
}

/* What is not after the oldest snapshot, beginning with the first. */
static int prune_journal(struct mn_zk *zk, uint64_t oldest, struct mn_err *err)
{
	struct mn_zk_answer names = {};
	int i, ret;

	ret = list(zk, "journal", &names, err);
	for (i = 0; !ret && i < names.n_names; i++) {
		if (strtoull(names.names[i], NULL, 10) > oldest)
			break;
		ret = remove_entry(zk, names.names[i], err);
	}
	mn_zk_answer_free(&names);
	return ret;
}

static bool is_named(char **txns, int n, const char *name)
{
	return n && bsearch(&name, txns, n, sizeof(*txns), cmp);
}

static int remove_old_txn(struct mn_zk *zk, const char *name, int64_t now,
			  struct mn_err *err)
{
	struct mn_zk_answer a = {};
	char *path = mn_asprintf("txn/%s", name);
	int ret = mn_zk_call_get(zk, path, &a, err);

	if (!ret && a.rc == ZOK && a.ctime + TXN_AGE_MS < now)
		ret = mn_zk_delete_tree(zk, path, err);
	mn_zk_answer_free(&a);
	free(path);
	return ret;
}

/* Changes that got into no journal, as their writers died or were too slow. */
static int prune_txns(struct mn_zk *zk, int64_t now, struct mn_err *err)
{
	struct mn_zk_answer names = {}, entries = {};
	char **txns;
	int i, n = 0, ret;

	/* In this order, what is committed meanwhile is named. */
	ret = list(zk, "txn", &names, err);
	if (!ret)
		ret = list(zk, "journal", &entries, err);
	txns = mn_alloc((entries.n_names + 1) * sizeof(*txns));
	for (i = 0; !ret && i < entries.n_names; i++) {
		txns[n] = txn_of(zk, entries.names[i]);
		n += !!txns[n];
	}
	if (n)
		qsort(txns, n, sizeof(*txns), cmp);
	for (i = 0; !ret && i < names.n_names; i++) {
		if (!is_named(txns, n, names.names[i]))
			ret = remove_old_txn(zk, names.names[i], now, err);
	}
	while (n)
		free(txns[--n]);
	free(txns);
	mn_zk_answer_free(&names);
	mn_zk_answer_free(&entries);
	return ret;
}

/**
 * mn_zk_snapshot() - write a snapshot if it is time, remove what is old
 * @zk: session, connected
 * @m: topology
 * @revision: its revision, the newest
 * @err: for errors
 *
 * Return: 0 or a negative error, which is no harm to anybody
 */
int mn_zk_snapshot(struct mn_zk *zk, struct mn_model *m, uint64_t revision,
		   struct mn_err *err)
{
	struct mn_zk_answer names = {};
	uint64_t oldest = 0;
	int64_t now = 0;
	char name[24];
	int ret;

	/* Not to ask each time. */
	if (revision % (MN_ZK_SNAPSHOT_EVERY / 100))
		return 0;
	ret = list(zk, "snapshot", &names, err);
	if (ret || newest(zk, &names) + MN_ZK_SNAPSHOT_EVERY > revision) {
		mn_zk_answer_free(&names);
		return ret;
	}
	mn_zk_answer_free(&names);
	ret = write_snapshot(zk, m, revision, err);
	if (!ret)
		ret = prune_snapshots(zk, &oldest, err);
	if (!ret && oldest)
		ret = prune_journal(zk, oldest, err);
	/* By the servers' clock: that of what was just made. */
	snprintf(name, sizeof(name), "%020" PRIu64, revision);
	if (!ret && is_complete(zk, name, &now))
		ret = prune_txns(zk, now, err);
	return ret;
}
