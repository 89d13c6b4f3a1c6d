// SPDX-License-Identifier: GPL-2.0
/*
 * Reading the journal: from what is there to the newest revision, step by step.
 * Who is too far behind, or has nothing, begins with a snapshot. Only "revision" is
 * watched.
 *
 * Each function asks for a node, and the one below it goes on with the answer.
 */
#include <errno.h>
#include <jansson.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "doc.h"
#include "zk_tree.h"

/* More than any change has. */
#define CHUNKS_MAX	100000

static void read_step(struct mn_zk_reader *r);
static void read_chunk(struct mn_zk_reader *r);

static void entry_free(struct mn_zk_entry *e)
{
	mn_buf_free(&e->lines);
	free(e->author);
	free(e->time);
	memset(e, 0, sizeof(*e));
}

/**
 * mn_zk_reader_exit() - forget what was being read
 * @r: reader that is not busy
 */
void mn_zk_reader_exit(struct mn_zk_reader *r)
{
	entry_free(&r->entry);
	free(r->older);
	r->older = NULL;
	r->n_older = 0;
}

static void end(struct mn_zk_reader *r, int ret, const struct mn_err *err)
{
	mn_zk_reader_exit(r);
	r->busy = false;
	r->done_fn(r->arg, ret, err);
}

/* A node could not be read. */
static void fail_rc(struct mn_zk_reader *r, int rc, const char *path)
{
	struct mn_err err = {};
	int ret;

	ret = mn_fail(&err, mn_zk_is_transient(rc) ? -EAGAIN : -EIO, "%s/%s: %s",
		      r->zk->root, path, mn_zk_error(rc));
	end(r, ret, &err);
}

/* A node says what it must not. */
static void fail_node(struct mn_zk_reader *r, const char *path,
		      const char *what)
{
	struct mn_err err = {};

	mn_fail(&err, -EBADMSG, "%s/%s: %s", r->zk->root, path, what);
	end(r, -EBADMSG, &err);
}

static bool parse_number(const char *data, int len, uint64_t *n)
{
	char text[24], *rest;

	if (len < 1 || len >= (int)sizeof(text))
		return false;
	memcpy(text, data, len);
	text[len] = '\0';
	errno = 0;
	*n = strtoull(text, &rest, 10);
	return !errno && !*rest && *text >= '0' && *text <= '9';
}

/* Snapshots. */

static int newer_first(const void *x, const void *y)
{
	uint64_t a = *(const uint64_t *)x, b = *(const uint64_t *)y;

	return a < b ? 1 : a > b ? -1 : 0;
}

static bool read_chunk_count(struct mn_zk_reader *r, json_t *json)
{
	json_t *n = json_object_get(json, "chunks");

	if (!json_is_integer(n) || json_integer_value(n) < 0 ||
	    json_integer_value(n) > CHUNKS_MAX)
		return false;
	r->chunks = json_integer_value(n);
	r->next = 0;
	return true;
}

/* Which change made the revision. */
static bool read_txn(struct mn_zk_reader *r, json_t *json)
{
	const char *txn = json_string_value(json_object_get(json, "txn"));
	struct mn_uuid id;

	if (!txn || !mn_uuid_parse(txn, &id))
		return false;
	strcpy(r->entry.txn, txn);
	return true;
}

/* A store that was set back and changed since has other revisions of old numbers. */
static void fail_history(struct mn_zk_reader *r, uint64_t revision)
{
	struct mn_err err = {};

	mn_fail(&err, -EUCLEAN,
		"revision %" PRIu64
		" is of another history than what was read before: the store was set back, as by a restored backup, and changed since",
		revision);
	end(r, -EUCLEAN, &err);
}

static json_t *parse_node(const struct mn_zk_reply *reply)
{
	return json_loadb(reply->data, reply->len, 0, NULL);
}

static void try_snapshot(struct mn_zk_reader *r);

static void snapshot_answer(void *arg, int rc, const struct mn_zk_reply *reply)
{
	struct mn_zk_reader *r = arg;
	json_t *json = rc == ZOK ? parse_node(reply) : NULL;

	if (rc != ZOK && rc != ZNONODE) {
		fail_rc(r, rc, r->dir);
		return;
	}
	/* One that was removed meanwhile, or is not complete yet. */
	if (!json || !read_chunk_count(r, json)) {
		try_snapshot(r);
	} else {
		read_txn(r, json);
		read_chunk(r);
	}
	json_decref(json);
}

static void try_snapshot(struct mn_zk_reader *r)
{
	if (!r->n_older) {
		/* From the beginning, if that is there. */
		if (r->none) {
			r->none = false;
			r->have = 0;
			read_step(r);
		} else {
			fail_node(r, "journal",
				  "neither the next revision nor a snapshot is there");
		}
		return;
	}
	entry_free(&r->entry);
	r->entry.snapshot = true;
	r->entry.revision = r->older[0];
	r->n_older--;
	memmove(r->older, r->older + 1, r->n_older * sizeof(*r->older));
	snprintf(r->dir, sizeof(r->dir), MN_ZK_SNAPSHOT, r->entry.revision);
	mn_zk_get(r->zk, r->dir, false, snapshot_answer, r);
}

static void snapshots_answer(void *arg, int rc,
			     const struct mn_zk_reply *reply)
{
	struct mn_zk_reader *r = arg;
	const char *name;
	uint64_t n;
	int i;

	if (rc != ZOK) {
		fail_rc(r, rc, "snapshot");
		return;
	}
	free(r->older);
	r->older = mn_alloc((reply->names->count + 1) * sizeof(*r->older));
	r->n_older = 0;
	for (i = 0; i < reply->names->count; i++) {
		name = reply->names->data[i];
		/* What is not newer is no help. */
		if (parse_number(name, strlen(name), &n) && n <= r->newest &&
		    (r->none || n > r->have))
			r->older[r->n_older++] = n;
	}
	qsort(r->older, r->n_older, sizeof(*r->older), newer_first);
	try_snapshot(r);
}

static void read_snapshot(struct mn_zk_reader *r)
{
	mn_zk_children(r->zk, "snapshot", snapshots_answer, r);
}

/* Steps. */

static void hand_over(struct mn_zk_reader *r)
{
	struct mn_err err = {};
	int ret = r->entry_fn(r->arg, &r->entry, &err);

	if (ret) {
		end(r, ret, &err);
		return;
	}
	r->have = r->entry.revision;
	strcpy(r->last, r->entry.txn);
	r->none = false;
	entry_free(&r->entry);
	read_step(r);
}

static void chunk_answer(void *arg, int rc, const struct mn_zk_reply *reply)
{
	struct mn_zk_reader *r = arg;

	if (rc == ZNONODE) {
		/* Whoever is that far behind goes on with a snapshot. */
		if (r->entry.snapshot)
			try_snapshot(r);
		else
			read_snapshot(r);
		return;
	}
	if (rc != ZOK) {
		fail_rc(r, rc, r->dir);
		return;
	}
	mn_buf_add(&r->entry.lines, reply->data, reply->len);
	r->next++;
	read_chunk(r);
}

static void read_chunk(struct mn_zk_reader *r)
{
	char path[100];

	if (r->next == r->chunks) {
		hand_over(r);
		return;
	}
	snprintf(path, sizeof(path), "%s/%u", r->dir, r->next);
	mn_zk_get(r->zk, path, false, chunk_answer, r);
}

static char *copy_text(json_t *json, const char *key)
{
	const char *text = json_string_value(json_object_get(json, key));

	return text ? mn_strdup(text) : NULL;
}

static void journal_answer(void *arg, int rc, const struct mn_zk_reply *reply)
{
	struct mn_zk_reader *r = arg;
	const char *after;
	json_t *json;

	if (rc == ZNONODE) {
		read_snapshot(r);
		return;
	}
	if (rc != ZOK) {
		fail_rc(r, rc, r->dir);
		return;
	}
	json = parse_node(reply);
	after = json_string_value(json_object_get(json, "after"));
	if (!read_txn(r, json) || !read_chunk_count(r, json)) {
		fail_node(r, r->dir, "does not name a txn");
	} else if (after && *r->last && strcmp(after, r->last)) {
		fail_history(r, r->entry.revision);
	} else {
		r->entry.author = copy_text(json, "author");
		r->entry.time = copy_text(json, "time");
		snprintf(r->dir, sizeof(r->dir), MN_ZK_TXN, r->entry.txn);
		read_chunk(r);
	}
	json_decref(json);
}

/* What comes behind what is there. */
static void read_step(struct mn_zk_reader *r)
{
	if (r->have == r->newest) {
		end(r, 0, NULL);
		return;
	}
	entry_free(&r->entry);
	r->entry.revision = r->have + 1;
	snprintf(r->dir, sizeof(r->dir), MN_ZK_JOURNAL, r->entry.revision);
	mn_zk_get(r->zk, r->dir, false, journal_answer, r);
}

/* Is the revision that is there the one the store has of this number? */
static void check_answer(void *arg, int rc, const struct mn_zk_reply *reply)
{
	struct mn_zk_reader *r = arg;
	const char *txn;
	json_t *json;

	if (rc != ZOK && rc != ZNONODE) {
		fail_rc(r, rc, r->dir);
		return;
	}
	json = rc == ZOK ? parse_node(reply) : NULL;
	txn = json_string_value(json_object_get(json, "txn"));
	r->check = txn && strcmp(txn, r->last);
	json_decref(json);
	if (r->check)
		fail_history(r, r->have);
	else
		read_step(r);
}

static void revision_answer(void *arg, int rc, const struct mn_zk_reply *reply)
{
	struct mn_zk_reader *r = arg;
	struct mn_err err = {};

	if (rc != ZOK && rc != ZNONODE) {
		fail_rc(r, rc, MN_ZK_REVISION);
		return;
	}
	r->newest = 0;
	r->absent = rc == ZNONODE;
	if (rc == ZOK && !parse_number(reply->data, reply->len, &r->newest)) {
		fail_node(r, MN_ZK_REVISION, "is not a number");
		return;
	}
	r->sync = false;
	if (!r->none && r->newest < r->have) {
		mn_fail(&err, -EUCLEAN,
			"the store is at revision %" PRIu64 ", but was at %" PRIu64
			" already: it was set back, as by a restored backup",
			r->newest, r->have);
		end(r, -EUCLEAN, &err);
		return;
	}
	if (!r->none && r->check && *r->last) {
		snprintf(r->dir, sizeof(r->dir), MN_ZK_JOURNAL, r->have);
		mn_zk_get(r->zk, r->dir, false, check_answer, r);
	} else if (!r->none) {
		read_step(r);
	} else if (r->newest) {
		read_snapshot(r);
	} else {
		/* Nobody wrote anything yet. */
		r->none = false;
		r->have = 0;
		end(r, 0, NULL);
	}
}

static void sync_answer(void *arg, int rc, const struct mn_zk_reply *reply)
{
	struct mn_zk_reader *r = arg;

	(void)reply;
	if (rc != ZOK && rc != ZNONODE)
		fail_rc(r, rc, "");
	else
		mn_zk_get(r->zk, MN_ZK_REVISION, true, revision_answer, r);
}

/**
 * mn_zk_read() - read what came since
 * @r: reader that is not busy
 *
 * What came may be told of, and the end of it, before this returns.
 */
void mn_zk_read(struct mn_zk_reader *r)
{
	r->busy = true;
	if (r->none)
		r->last[0] = '\0';
	if (r->sync)
		mn_zk_sync(r->zk, sync_answer, r);
	else
		mn_zk_get(r->zk, MN_ZK_REVISION, true, revision_answer, r);
}
