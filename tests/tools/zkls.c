// SPDX-License-Identifier: GPL-2.0
/*
 * Nodes of ZooKeeper, by hand.
 *
 *	zkls HOSTS[/ROOT] PATH		what is in a node
 *	zkls HOSTS[/ROOT] PATH TEXT	let it say that; it is made if need be
 *	zkls HOSTS[/ROOT] PATH -	remove it
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "zk_tree.h"

static int cmp(const void *x, const void *y)
{
	return strcmp(*(char *const *)x, *(char *const *)y);
}

static int list(struct mn_zk *zk, const char *path, struct mn_err *err)
{
	struct mn_zk_answer names = {};
	int i, ret = mn_zk_call_children(zk, path, &names, err);

	if (names.n_names)
		qsort(names.names, names.n_names, sizeof(*names.names), cmp);
	for (i = 0; i < names.n_names; i++)
		puts(names.names[i]);
	mn_zk_answer_free(&names);
	return ret;
}

static int set(struct mn_zk *zk, const char *path, const char *text,
	       struct mn_err *err)
{
	if (!strcmp(text, "-"))
		return mn_zk_call_delete(zk, path, err);
	if (!mn_zk_call_set(zk, path, text, strlen(text), err))
		return 0;
	return mn_zk_call_create(zk, path, text, strlen(text), err);
}

int main(int argc, char **argv)
{
	struct mn_err err;
	struct mn_zk zk;
	int ret;

	if (argc != 3 && argc != 4) {
		fputs("usage: zkls HOSTS[/ROOT] PATH [TEXT|-]\n", stderr);
		return 2;
	}
	ret = mn_zk_init(&zk, argv[1], &err);
	if (!ret)
		ret = mn_zk_connect(&zk, &err);
	if (!ret)
		ret = argc == 3 ? list(&zk, argv[2], &err) :
				  set(&zk, argv[2], argv[3], &err);
	if (ret)
		fprintf(stderr, "zkls: %s\n", err.text);
	mn_zk_exit(&zk);
	return !!ret;
}
