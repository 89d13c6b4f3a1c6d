// SPDX-License-Identifier: GPL-2.0
/*
 * Many revisions of a store, by one process.
 *
 *	revise STORE BRIDGE N [when]	change the bridge's mac-age N times
 *
 * Prints how many it took to compute a change again, because somebody else was
 * faster; or of each when it was written, in ns of CLOCK_MONOTONIC.
 */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <time.h>
#include <unistd.h>

#include "store.h"

static int set_age(struct mn_store *store, const char *name, uint32_t age,
		   struct mn_err *err)
{
	struct mn_change c = { .op = MIDONET_OP_SET };
	struct mn_model *m = mn_model_new(store);
	struct mn_commit commit = { .check = true };
	struct mn_vals **v;
	struct mn_obj *bridge;
	int ret;

	bridge = mn_model_lookup(m, MIDONET_OBJECT_TYPE_BRIDGE, name, err);
	ret = bridge ? 0 : err->code;
	if (!ret) {
		v = mn_obj_val(bridge, MIDONET_A_MAC_AGE);
		free(*v);
		*v = NULL;
		mn_vals_add(v, &age, sizeof(age));
		c.obj = bridge;
		c.attrs = 1u << mn_type_wire(bridge->type, MIDONET_A_MAC_AGE);
		commit.generation = m->generation;
		ret = mn_store_change(store, m, &c, err) ?:
		      mn_store_commit(store, m, &commit, err);
	}
	mn_model_free(m);
	return ret;
}

static void print_now(void)
{
	struct timespec ts;

	clock_gettime(CLOCK_MONOTONIC, &ts);
	printf("%lld\n", ts.tv_sec * 1000000000ll + ts.tv_nsec);
}

int main(int argc, char **argv)
{
	struct mn_store *store = NULL;
	unsigned int i, again = 0;
	struct mn_err err;
	int ret;

	if (argc != 4 && argc != 5) {
		fputs("usage: revise STORE BRIDGE N [when]\n", stderr);
		return 2;
	}
	ret = mn_store_open(&store, argv[1], &err);
	for (i = 0; !ret && i < (unsigned int)atoi(argv[3]);) {
		ret = set_age(store, argv[2], 1000 + getpid() % 1000 * 500 + i,
			      &err);
		if (ret == -ESTALE) {
			again++;
			ret = 0;
		} else {
			if (argc == 5)
				print_now();
			i++;
		}
	}
	mn_store_close(store);
	if (ret)
		fprintf(stderr, "revise: %s\n", err.text);
	else if (argc == 4)
		printf("%u\n", again);
	return !!ret;
}
