// SPDX-License-Identifier: GPL-2.0
/*
 * What is in a node of ZooKeeper, below the root of a store, sorted.
 *
 *	zkls HOSTS[/ROOT] PATH
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "zk_tree.h"

static int cmp(const void *x, const void *y)
{
	return strcmp(*(char *const *)x, *(char *const *)y);
}

int main(int argc, char **argv)
{
	struct mn_zk_answer names = {};
	struct mn_err err;
	struct mn_zk zk;
	int ret, i;

	if (argc != 3) {
		fputs("usage: zkls HOSTS[/ROOT] PATH\n", stderr);
		return 2;
	}
	ret = mn_zk_init(&zk, argv[1], &err);
	if (!ret)
		ret = mn_zk_connect(&zk, &err);
	if (!ret)
		ret = mn_zk_call_children(&zk, argv[2], &names, &err);
	if (ret)
		fprintf(stderr, "zkls: %s\n", err.text);
	if (names.n_names)
		qsort(names.names, names.n_names, sizeof(*names.names), cmp);
	for (i = 0; i < names.n_names; i++)
		puts(names.names[i]);
	mn_zk_answer_free(&names);
	mn_zk_exit(&zk);
	return !!ret;
}
