// SPDX-License-Identifier: GPL-2.0
/* Questions to ZooKeeper of those who wait for the answer. */
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "zk_tree.h"

/**
 * mn_zk_answer_fn() - keep an answer
 * @arg: &struct mn_zk_answer, empty
 * @rc: as given
 * @reply: as given
 */
void mn_zk_answer_fn(void *arg, int rc, const struct mn_zk_reply *reply)
{
	struct mn_zk_answer *a = arg;
	int i;

	a->done = true;
	a->rc = rc;
	if (reply->data)
		mn_buf_add(&a->data, reply->data, reply->len);
	if (reply->stat) {
		a->version = reply->stat->version;
		a->ctime = reply->stat->ctime;
	}
	if (!reply->names)
		return;
	a->names = mn_alloc((reply->names->count + 1) * sizeof(*a->names));
	for (i = 0; i < reply->names->count; i++)
		a->names[a->n_names++] = mn_strdup(reply->names->data[i]);
}

/**
 * mn_zk_answer_free() - empty an answer
 * @a: answer
 */
void mn_zk_answer_free(struct mn_zk_answer *a)
{
	while (a->n_names)
		free(a->names[--a->n_names]);
	free(a->names);
	mn_buf_free(&a->data);
	memset(a, 0, sizeof(*a));
}

static int no_connection(const struct mn_zk *zk, int ret, struct mn_err *err)
{
	return mn_fail(err, ret, "zk:%s%s: %s", zk->hosts, zk->root,
		       ret == -ETIMEDOUT ? "no server answers" :
					   "the session has expired");
}

/**
 * mn_zk_connect() - open a session, and wait until a server answers
 * @zk: session that is closed
 * @err: for errors
 *
 * Return: 0 or a negative error
 */
int mn_zk_connect(struct mn_zk *zk, struct mn_err *err)
{
	double deadline = mn_zk_now() + zk->patience;
	const bool never = false;
	int ret = mn_zk_open(zk, err);

	if (ret)
		return ret;
	/* What is asked meanwhile is lost with each server that does not answer. */
	do {
		ret = mn_zk_run(zk, &never, mn_zk_now() + 0.02);
	} while (ret == -ETIMEDOUT && zk->state != MN_ZK_CONNECTED &&
		 mn_zk_now() < deadline);
	if (zk->state == MN_ZK_CONNECTED)
		return 0;
	ret = no_connection(zk, ret, err);
	mn_zk_close(zk);
	return ret;
}

/**
 * mn_zk_wait() - wait for an answer
 * @zk: session
 * @a: answer
 * @err: for errors
 *
 * Return: 0; or a negative error, then the session is closed
 */
int mn_zk_wait(struct mn_zk *zk, struct mn_zk_answer *a, struct mn_err *err)
{
	int ret = mn_zk_run(zk, &a->done, mn_zk_now() + zk->patience);

	if (!ret)
		return 0;
	/* Whatever still waits is told. */
	mn_zk_close(zk);
	return no_connection(zk, ret, err);
}

static int fail_path(const struct mn_zk *zk, const char *path, int rc,
		     struct mn_err *err)
{
	return mn_fail(err, mn_zk_is_transient(rc) ? -EAGAIN : -EIO,
		       "zk:%s%s/%s: %s", zk->hosts, zk->root, path,
		       mn_zk_error(rc));
}

/**
 * mn_zk_call_get() - read a node
 * @zk: session
 * @path: node
 * @a: answer, with rc ZOK or ZNONODE
 * @err: for errors
 *
 * What only reads is tried until the time is over.
 *
 * Return: 0 or a negative error
 */
int mn_zk_call_get(struct mn_zk *zk, const char *path, struct mn_zk_answer *a, struct mn_err *err)
{
	int ret;

	do {
		mn_zk_answer_free(a);
		mn_zk_get(zk, path, false, mn_zk_answer_fn, a);
		ret = mn_zk_wait(zk, a, err);
	} while (!ret && mn_zk_is_transient(a->rc));
	if (!ret && a->rc != ZOK && a->rc != ZNONODE)
		ret = fail_path(zk, path, a->rc, err);
	return ret;
}

/**
 * mn_zk_call_children() - list what is in a node
 * @zk: session
 * @path: node
 * @a: answer, with rc ZOK or ZNONODE
 * @err: for errors
 *
 * Return: 0 or a negative error
 */
int mn_zk_call_children(struct mn_zk *zk, const char *path,
			struct mn_zk_answer *a, struct mn_err *err)
{
	int ret;

	do {
		mn_zk_answer_free(a);
		mn_zk_children(zk, path, mn_zk_answer_fn, a);
		ret = mn_zk_wait(zk, a, err);
	} while (!ret && mn_zk_is_transient(a->rc));
	if (!ret && a->rc != ZOK && a->rc != ZNONODE)
		ret = fail_path(zk, path, a->rc, err);
	return ret;
}

/**
 * mn_zk_call_create() - make a node
 * @zk: session
 * @path: node
 * @data: its data
 * @len: bytes of @data
 * @err: for errors
 *
 * One that is there is left as it is, as it may have been made by this very call.
 *
 * Return: 0 or a negative error
 */
int mn_zk_call_create(struct mn_zk *zk, const char *path, const char *data,
		      size_t len, struct mn_err *err)
{
	struct mn_zk_answer a = {};
	int ret;

	do {
		mn_zk_answer_free(&a);
		mn_zk_create(zk, path, data, len, false, mn_zk_answer_fn, &a);
		ret = mn_zk_wait(zk, &a, err);
	} while (!ret && mn_zk_is_transient(a.rc));
	if (!ret && a.rc != ZOK && a.rc != ZNODEEXISTS)
		ret = fail_path(zk, path, a.rc, err);
	mn_zk_answer_free(&a);
	return ret;
}

/**
 * mn_zk_call_set() - replace the data of a node, whatever it is
 * @zk: session
 * @path: node
 * @data: its data
 * @len: bytes of @data
 * @err: for errors
 *
 * Return: 0 or a negative error
 */
int mn_zk_call_set(struct mn_zk *zk, const char *path, const char *data,
		   size_t len, struct mn_err *err)
{
	struct mn_zk_answer a = {};
	int ret;

	do {
		mn_zk_answer_free(&a);
		mn_zk_set(zk, path, data, len, -1, mn_zk_answer_fn, &a);
		ret = mn_zk_wait(zk, &a, err);
	} while (!ret && mn_zk_is_transient(a.rc));
	if (!ret && a.rc != ZOK)
		ret = fail_path(zk, path, a.rc, err);
	mn_zk_answer_free(&a);
	return ret;
}

/**
 * mn_zk_call_delete() - remove a node, if it is there
 * @zk: session
 * @path: node
 * @err: for errors
 *
 * Return: 0 or a negative error
 */
int mn_zk_call_delete(struct mn_zk *zk, const char *path, struct mn_err *err)
{
	struct mn_zk_answer a = {};
	int ret;

	do {
		mn_zk_answer_free(&a);
		mn_zk_delete(zk, path, -1, mn_zk_answer_fn, &a);
		ret = mn_zk_wait(zk, &a, err);
	} while (!ret && mn_zk_is_transient(a.rc));
	if (!ret && a.rc != ZOK && a.rc != ZNONODE)
		ret = fail_path(zk, path, a.rc, err);
	mn_zk_answer_free(&a);
	return ret;
}

/**
 * mn_zk_delete_tree() - remove a node and the nodes in it, which have none
 * @zk: session
 * @path: node
 * @err: for errors
 *
 * Return: 0 or a negative error
 */
int mn_zk_delete_tree(struct mn_zk *zk, const char *path, struct mn_err *err)
{
	struct mn_zk_answer a = {};
	char *kid;
	int ret = mn_zk_call_children(zk, path, &a, err);

	while (!ret && a.n_names) {
		kid = mn_asprintf("%s/%s", path, a.names[a.n_names - 1]);
		ret = mn_zk_call_delete(zk, kid, err);
		free(kid);
		free(a.names[--a.n_names]);
	}
	if (!ret)
		ret = mn_zk_call_delete(zk, path, err);
	mn_zk_answer_free(&a);
	return ret;
}
