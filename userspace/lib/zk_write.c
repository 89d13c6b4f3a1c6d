// SPDX-License-Identifier: GPL-2.0
/*
 * Commits. The lines of a change are written first, where nobody looks; then one
 * request checks that the revision is still the one the change was computed from,
 * enters it into the journal, and moves the revision. So a change of any size is
 * atomic. When the connection is lost meanwhile, the journal tells what became of
 * it.
 */
#include <errno.h>
#include <jansson.h>
#include <pwd.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>
#include <uuid/uuid.h>

#include "doc.h"
#include "zk_tree.h"

#define COMMIT_TRIES	5

/**
 * mn_zk_next_chunk() - as many whole lines as fit
 * @text: lines
 * @len: bytes of @text, not 0
 * @max: most bytes
 *
 * Return: bytes; more than @max if the first line is longer
 */
size_t mn_zk_next_chunk(const char *text, size_t len, size_t max)
{
	const char *eol;
	size_t n;

	if (len <= max)
		return len;
	eol = memrchr(text, '\n', max);
	if (!eol)
		eol = memchr(text, '\n', len);
	n = eol ? (size_t)(eol - text) + 1 : len;
	return n;
}

/**
 * mn_zk_write_chunks() - write lines into nodes
 * @zk: session
 * @dir: node that is there, and has none in it
 * @lines: lines
 * @n: result: number of nodes
 * @err: for errors
 *
 * Return: 0 or a negative error
 */
int mn_zk_write_chunks(struct mn_zk *zk, const char *dir,
		       const struct mn_buf *lines, unsigned int *n,
		       struct mn_err *err)
{
	size_t at = 0, len;
	char *path;
	int ret = 0;

	*n = 0;
	while (!ret && at < lines->len) {
		len = mn_zk_next_chunk(lines->s + at, lines->len - at,
				       MN_ZK_CHUNK);
		path = mn_asprintf("%s/%u", dir, (*n)++);
		ret = mn_zk_call_create(zk, path, lines->s + at, len, err);
		free(path);
		at += len;
	}
	return ret;
}

/**
 * struct commit - a change on its way
 * @zk: session
 * @from: revision it was computed from
 * @version: of the node "revision" then
 * @txn: id of the change
 * @entry: what the journal will say
 */
struct commit {
	struct mn_zk *zk;
	uint64_t from;
	int version;
	char txn[MN_UUID_TEXT];
	char *entry;
};

static char *journal_text(const char *txn, const char *after,
			  unsigned int chunks)
{
	const struct passwd *pw = getpwuid(getuid());
	char host[80] = "", time_text[32] = "";
	time_t now = time(NULL);
	struct tm tm;
	json_t *json;
	char *author, *text;

	gethostname(host, sizeof(host) - 1);
	if (gmtime_r(&now, &tm))
		strftime(time_text, sizeof(time_text), "%Y-%m-%dT%H:%M:%SZ",
			 &tm);
	author = mn_asprintf("%s@%s", pw ? pw->pw_name : "?", host);
	json = json_object();
	json_object_set_new(json, "txn", json_string(txn));
	if (after)
		json_object_set_new(json, "after", json_string(after));
	json_object_set_new(json, "chunks", json_integer(chunks));
	json_object_set_new(json, "author", json_string(author));
	json_object_set_new(json, "time", json_string(time_text));
	text = json_dumps(json, JSON_COMPACT);
	json_decref(json);
	free(author);
	return text;
}

static int stale(const struct commit *c, struct mn_err *err)
{
	return mn_fail(err, -ESTALE,
		       "the topology is no longer at revision %" PRIu64
		       "; compute the change again",
		       c->from);
}

static int make_root(struct mn_zk *zk, struct mn_err *err)
{
	struct mn_zk_answer a = {};
	int ret;

	do {
		mn_zk_answer_free(&a);
		mn_zk_make_root(zk, mn_zk_answer_fn, &a);
		ret = mn_zk_wait(zk, &a, err);
	} while (!ret && mn_zk_is_transient(a.rc));
	if (!ret && a.rc != ZOK)
		ret = mn_fail(err, -EIO, "zk:%s%s: cannot be made: %s",
			      zk->hosts, zk->root, mn_zk_error(a.rc));
	mn_zk_answer_free(&a);
	return ret;
}

/* Is the revision still what it was? Then its version guards the commit. */
static int check_revision(struct commit *c, struct mn_err *err)
{
	struct mn_zk_answer a = {};
	char text[24];
	int ret;

	snprintf(text, sizeof(text), "%" PRIu64, c->from);
	ret = mn_zk_call_get(c->zk, MN_ZK_REVISION, &a, err);
	if (!ret && a.rc == ZNONODE) {
		ret = c->from ? stale(c, err) : make_root(c->zk, err);
		if (!ret)
			ret = mn_zk_call_get(c->zk, MN_ZK_REVISION, &a, err);
	}
	if (!ret && (!a.data.s || strcmp(a.data.s, text)))
		ret = stale(c, err);
	c->version = a.version;
	mn_zk_answer_free(&a);
	return ret;
}

static int write_txn(struct commit *c, const struct mn_buf *lines,
		     struct mn_err *err)
{
	unsigned int chunks;
	char path[80], *after;
	uuid_t id;
	int ret;

	uuid_generate_random(id);
	uuid_unparse_lower(id, c->txn);
	snprintf(path, sizeof(path), MN_ZK_TXN, c->txn);
	ret = mn_zk_call_create(c->zk, path, "", 0, err);
	if (!ret)
		ret = mn_zk_write_chunks(c->zk, path, lines, &chunks, err);
	if (ret)
		return ret;
	after = c->from ? mn_zk_txn_of(c->zk, c->from) : NULL;
	c->entry = journal_text(c->txn, after, chunks);
	free(after);
	return 0;
}

/* One request; ZBADVERSION or ZNODEEXISTS: somebody else was first. */
static int request(struct commit *c, int *rc, struct mn_err *err)
{
	char revision[24], name[48], *path, *journal;
	struct mn_zk_answer a = {};
	zoo_op_result_t results[3];
	zoo_op_t ops[3];
	char made[128];
	int ret;

	snprintf(revision, sizeof(revision), "%" PRIu64, c->from + 1);
	snprintf(name, sizeof(name), MN_ZK_JOURNAL, c->from + 1);
	path = mn_zk_path(c->zk, MN_ZK_REVISION);
	journal = mn_zk_path(c->zk, name);
	zoo_check_op_init(&ops[0], path, c->version);
	zoo_create_op_init(&ops[1], journal, c->entry, strlen(c->entry),
			   &ZOO_OPEN_ACL_UNSAFE, ZOO_PERSISTENT, made,
			   sizeof(made));
	zoo_set_op_init(&ops[2], path, revision, strlen(revision), c->version,
			NULL);
	memset(results, 0, sizeof(results));
	mn_zk_multi(c->zk, ops, 3, results, mn_zk_answer_fn, &a);
	ret = mn_zk_wait(c->zk, &a, err);
	*rc = ret ? ZCONNECTIONLOSS : a.rc;
	mn_zk_answer_free(&a);
	free(path);
	free(journal);
	return ret;
}

static int reconnect(struct mn_zk *zk, struct mn_err *err)
{
	struct mn_zk_answer a = {};
	int ret = 0;

	if (zk->state == MN_ZK_EXPIRED)
		mn_zk_close(zk);
	if (!zk->zh)
		ret = mn_zk_connect(zk, err);
	while (!ret) {
		mn_zk_answer_free(&a);
		mn_zk_sync(zk, mn_zk_answer_fn, &a);
		ret = mn_zk_wait(zk, &a, err);
		if (ret || !mn_zk_is_transient(a.rc))
			break;
	}
	mn_zk_answer_free(&a);
	return ret;
}

/* Did it get into the journal? 1: yes, 0: no. */
static int is_in_journal(struct commit *c, struct mn_err *err)
{
	struct mn_zk_answer a = {};
	const char *txn;
	char path[48];
	json_t *json;
	int ret;

	snprintf(path, sizeof(path), MN_ZK_JOURNAL, c->from + 1);
	ret = mn_zk_call_get(c->zk, path, &a, err);
	if (!ret && a.rc == ZOK) {
		json = json_loadb(a.data.s, a.data.len, 0, NULL);
		txn = json_string_value(json_object_get(json, "txn"));
		ret = txn && !strcmp(txn, c->txn);
		json_decref(json);
	}
	mn_zk_answer_free(&a);
	return ret;
}

static int in_doubt(const struct commit *c, struct mn_err *err)
{
	struct mn_err why = *err;

	return mn_fail(err, -EIO,
		       "it is not known whether revision %" PRIu64 " was committed: %.300s",
		       c->from + 1, why.text);
}

/* 0, -ESTALE, or another error when nothing can be known. */
static int commit(struct commit *c, struct mn_err *err)
{
	int try, rc, ret;

	for (try = 0; try < COMMIT_TRIES; try++) {
		ret = request(c, &rc, err);
		if (!ret && rc == ZOK)
			return 0;
		if (!ret && !mn_zk_is_transient(rc) && rc != ZBADVERSION &&
		    rc != ZNODEEXISTS)
			return mn_fail(err, -EIO, "zk:%s%s: %s", c->zk->hosts,
				       c->zk->root, mn_zk_error(rc));
		/* Whoever was first may have been ourselves, a try before. */
		ret = reconnect(c->zk, err);
		if (!ret)
			ret = is_in_journal(c, err);
		if (ret < 0)
			return in_doubt(c, err);
		if (ret)
			return 0;
		if (rc == ZBADVERSION || rc == ZNODEEXISTS)
			return stale(c, err);
	}
	return mn_fail(err, -EIO, "zk:%s%s: the connection is lost each time",
		       c->zk->hosts, c->zk->root);
}

/* Nobody looks at a change that is not in the journal. */
static void forget_txn(struct commit *c)
{
	struct mn_err ignored;
	char path[80];

	snprintf(path, sizeof(path), MN_ZK_TXN, c->txn);
	if (c->zk->zh)
		mn_zk_delete_tree(c->zk, path, &ignored);
}

/**
 * mn_zk_write() - commit a change
 * @zk: session, connected
 * @from: revision it was computed from
 * @lines: the change
 * @err: for errors
 *
 * Return: 0; -ESTALE if somebody else was faster; or another negative error
 */
int mn_zk_write(struct mn_zk *zk, uint64_t from, const struct mn_buf *lines,
		struct mn_err *err)
{
	struct commit c = { .zk = zk, .from = from };
	int ret = check_revision(&c, err);

	if (ret)
		return ret;
	ret = write_txn(&c, lines, err);
	if (!ret)
		ret = commit(&c, err);
	if (ret == -ESTALE)
		forget_txn(&c);
	free(c.entry);
	return ret;
}
