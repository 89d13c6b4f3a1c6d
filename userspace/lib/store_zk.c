// SPDX-License-Identifier: GPL-2.0
/* The store "zk": a topology in ZooKeeper, for many hosts. */
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "store_kept.h"
#include "zk_tree.h"

/**
 * struct zk_store - an open session
 * @kept: head
 * @zk: session
 * @m: topology while it is read
 * @done: it was read, or cannot be
 * @ret: whether it was
 * @why: why not
 */
struct zk_store {
	struct mn_kept kept;
	struct mn_zk zk;
	struct mn_model *m;
	bool done;
	int ret;
	struct mn_err why;
};

static struct zk_store *zk_of(struct mn_kept *k)
{
	return mn_container_of(k, struct zk_store, kept);
}

static int entry_fn(void *arg, const struct mn_zk_entry *entry,
		    struct mn_err *err)
{
	struct zk_store *z = arg;

	return mn_zk_entry_apply(&z->m, entry, err);
}

static void done_fn(void *arg, int ret, const struct mn_err *err)
{
	struct zk_store *z = arg;

	z->done = true;
	z->ret = ret;
	if (ret && err)
		z->why = *err;
}

static int read_once(struct zk_store *z, uint64_t *revision,
		     struct mn_err *err)
{
	struct mn_zk_reader r = {
		.zk = &z->zk, .none = true, .sync = true,
		.entry_fn = entry_fn, .done_fn = done_fn, .arg = z,
	};
	int ret;

	z->done = false;
	mn_model_free(z->m);
	z->m = mn_model_new(NULL);
	mn_zk_read(&r);
	/* Each answer takes its time; the whole may take longer. */
	do {
		ret = mn_zk_run(&z->zk, &z->done, mn_zk_now() + z->zk.patience);
	} while (ret == -ETIMEDOUT && z->zk.state == MN_ZK_CONNECTED);
	if (ret) {
		/* It is told that it was closed. */
		mn_zk_close(&z->zk);
	}
	mn_zk_reader_exit(&r);
	*revision = r.have;
	if (!z->ret)
		return 0;
	*err = z->why;
	mn_err_prefix(err, "zk:%s", z->zk.hosts);
	return z->ret;
}

static int session(struct zk_store *z, struct mn_err *err)
{
	if (z->zk.state == MN_ZK_EXPIRED)
		mn_zk_close(&z->zk);
	return z->zk.zh ? 0 : mn_zk_connect(&z->zk, err);
}

static int zk_read(struct mn_kept *k, struct mn_model **m, uint64_t *revision,
		   struct mn_err *err)
{
	struct zk_store *z = zk_of(k);
	double deadline = mn_zk_now() + z->zk.patience;
	int ret;

	do {
		ret = session(z, err);
		if (!ret)
			ret = read_once(z, revision, err);
	} while (ret == -EAGAIN && mn_zk_now() < deadline);
	if (ret)
		return ret;
	*m = z->m;
	z->m = NULL;
	return 0;
}

static int zk_write(struct mn_kept *k, struct mn_kept_write *w,
		    struct mn_err *err)
{
	struct zk_store *z = zk_of(k);
	struct mn_err ignored;
	int ret = session(z, err);

	if (!ret)
		ret = mn_zk_write(&z->zk, w->revision, &w->lines, err);
	if (!ret && z->zk.zh)
		mn_zk_snapshot(&z->zk, w->next, w->revision + 1, &ignored);
	return ret;
}

static bool zk_alive(struct mn_kept *k, const struct mn_uuid *host)
{
	struct zk_store *z = zk_of(k);
	struct mn_zk_answer a = {};
	char id[MN_UUID_TEXT], path[80];
	struct mn_err ignored;
	bool alive;

	mn_uuid_print(host, id);
	snprintf(path, sizeof(path), MN_ZK_ALIVE, id);
	alive = z->zk.zh && !mn_zk_call_get(&z->zk, path, &a, &ignored) &&
		a.rc == ZOK;
	mn_zk_answer_free(&a);
	return alive;
}

static void zk_close(struct mn_kept *k)
{
	struct zk_store *z = zk_of(k);

	mn_zk_exit(&z->zk);
	mn_model_free(z->m);
	free(z);
}

static const struct mn_kept_ops ops = {
	.read = zk_read,
	.write = zk_write,
	.alive = zk_alive,
	.close = zk_close,
};

static int zk_open(struct mn_store **store, const char *arg,
		   struct mn_err *err)
{
	struct zk_store *z = mn_alloc(sizeof(*z));
	int ret = mn_zk_init(&z->zk, arg, err);

	if (ret) {
		free(z);
		return ret;
	}
	z->kept.store.ops = &mn_store_zk;
	z->kept.store.name = mn_asprintf("zk:%s%s", z->zk.hosts, z->zk.root);
	z->kept.ops = &ops;
	*store = &z->kept.store;
	return 0;
}

/* Anybody may have written it: what no daemon says is nobody's. */
static bool is_host(const char *id, const json_t *said)
{
	struct mn_uuid uuid;

	return mn_uuid_parse(id, &uuid) &&
	       json_is_string(json_object_get(said, "name")) &&
	       json_is_integer(json_object_get(said, "revision"));
}

/* What a host says of itself, with its id. */
static int add_host(struct zk_store *z, const char *id, json_t *list,
		    struct mn_err *err)
{
	struct mn_zk_answer a = {};
	json_t *json = NULL;
	char path[80];
	int ret;

	snprintf(path, sizeof(path), MN_ZK_ALIVE, id);
	ret = mn_zk_call_get(&z->zk, path, &a, err);
	if (!ret && a.rc == ZOK)
		json = json_loadb(a.data.s ?: "", a.data.len, 0, NULL);
	if (is_host(id, json)) {
		json_object_set_new(json, "id", json_string(id));
		json_array_append(list, json);
	}
	json_decref(json);
	mn_zk_answer_free(&a);
	return ret;
}

static int zk_hosts(struct mn_store *store, json_t *list, struct mn_err *err)
{
	struct zk_store *z = mn_container_of(store, struct zk_store,
					     kept.store);
	struct mn_zk_answer names = {};
	int ret = session(z, err), i;

	if (!ret)
		ret = mn_zk_call_children(&z->zk, "hosts", &names, err);
	for (i = 0; !ret && i < names.n_names; i++)
		ret = add_host(z, names.names[i], list, err);
	mn_zk_answer_free(&names);
	return ret;
}

const struct mn_store_ops mn_store_zk = {
	.scheme = "zk",
	.open = zk_open,
	.hosts = zk_hosts,
	MN_KEPT_OPS,
};
