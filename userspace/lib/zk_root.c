// SPDX-License-Identifier: GPL-2.0
/* The nodes that everything is in: the way to the root, and what is below it. */
#include <stdlib.h>
#include <string.h>

#include "zk_tree.h"

static const struct {
	const char *path;
	const char *data;
} nodes[] = {
	{ "txn", "" }, { "journal", "" }, { "snapshot", "" }, { "hosts", "" },
	{ "nat", "" }, { "lb", "" }, { MN_ZK_REVISION, "0" },
};

/**
 * struct maker - nodes being made
 * @zk: session
 * @way: how much of the root's path is made, in bytes
 * @next: which of @nodes is next
 * @fn: told of the end
 * @arg: for @fn
 */
struct maker {
	struct mn_zk *zk;
	size_t way;
	size_t next;
	mn_zk_fn fn;
	void *arg;
};

static void make_next(struct maker *k);

static void made(void *arg, int rc, const struct mn_zk_reply *reply)
{
	struct maker *k = arg;

	if ((rc == ZOK || rc == ZNODEEXISTS) &&
	    (k->zk->root[k->way] || k->next < MN_ARRAY_SIZE(nodes))) {
		make_next(k);
		return;
	}
	k->fn(k->arg, rc == ZNODEEXISTS ? ZOK : rc, reply);
	free(k);
}

/* Paths are below a root that grows. */
static void make_way(struct maker *k)
{
	char *root = k->zk->root, *end = strchr(root + k->way + 1, '/');
	struct mn_zk *zk = k->zk;

	k->way = end ? (size_t)(end - root) : strlen(root);
	zk->root = mn_strdup(root);
	zk->root[k->way] = '\0';
	/* It may fail at once, and be the end of @k. */
	mn_zk_create(zk, "", "", 0, false, made, k);
	free(zk->root);
	zk->root = root;
}

static void make_next(struct maker *k)
{
	size_t i = k->next;

	if (k->zk->root[k->way]) {
		make_way(k);
		return;
	}
	k->next++;
	mn_zk_create(k->zk, nodes[i].path, nodes[i].data,
		     strlen(nodes[i].data), false, made, k);
}

/**
 * mn_zk_make_root() - make the nodes that everything is in
 * @zk: session
 * @fn: told when all are there
 * @arg: for @fn
 */
void mn_zk_make_root(struct mn_zk *zk, mn_zk_fn fn, void *arg)
{
	struct maker *k = mn_alloc(sizeof(*k));

	k->zk = zk;
	k->fn = fn;
	k->arg = arg;
	make_next(k);
}
