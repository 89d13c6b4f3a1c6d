/* SPDX-License-Identifier: GPL-2.0 */
#ifndef _MN_STORE_H
#define _MN_STORE_H

#include "model.h"

struct mn_store;

/**
 * struct mn_commit - how changes go into force, and what came of it
 * @check: fail with -ESTALE unless the generation is still @generation
 * @generation: what the changes were computed from
 * @dry_run: judge everything, change nothing
 * @force: also when the kernel mirrors a store
 * @owner: name of the store that the kernel mirrors and the changes come from, or
 *	NULL
 * @revision: of @owner
 * @progress: told how many bytes of how many were handed over, or NULL
 * @result: generation afterwards
 */
struct mn_commit {
	bool check;
	uint64_t generation;
	bool dry_run;
	bool force;
	const char *owner;
	uint64_t revision;
	void (*progress)(size_t done, size_t total);
	uint64_t result;
};

/**
 * struct mn_change - one change of an object
 * @op: &enum midonet_op
 * @obj: the object; new and set: as it shall be
 * @attrs: set: bit N: attribute N of its type differs
 * @position: rules: where it shall be; 0: last if new, else where it is
 * @gone: set of an ip-set: members that go
 * @come: set of an ip-set: members that come
 *
 * Changes are given in an order in which each is possible.
 */
struct mn_change {
	enum midonet_op op;
	const struct mn_obj *obj;
	uint32_t attrs;
	uint32_t position;
	const struct mn_vals *gone;
	const struct mn_vals *come;
};

/**
 * struct mn_store_ops - a place where a topology is kept
 * @scheme: word before the colon
 * @open: connect; @arg is what follows the colon
 * @close: disconnect; changes that were not committed are forgotten
 * @load: put all objects of @type into @m, or only those in @parent; of type
 *	ip-set-member: the members into the sets that are there
 * @generation: number that moves with every change
 * @change: note a change; @m holds the names of what it refers to
 * @commit: put the changes noted into force, all or nothing
 * @forget: forget the changes noted
 * @hosts: optional; append what alive hosts say of themselves: objects with id,
 *	name, revision, level and text
 */
struct mn_store_ops {
	const char *scheme;
	int (*open)(struct mn_store **store, const char *arg,
		    struct mn_err *err);
	void (*close)(struct mn_store *store);
	int (*load)(struct mn_store *store, struct mn_model *m, int type,
		    struct mn_obj *parent, struct mn_err *err);
	int (*generation)(struct mn_store *store, uint64_t *generation,
			  struct mn_err *err);
	int (*change)(struct mn_store *store, const struct mn_model *m,
		      const struct mn_change *change, struct mn_err *err);
	int (*commit)(struct mn_store *store, const struct mn_model *m,
		      struct mn_commit *commit, struct mn_err *err);
	void (*forget)(struct mn_store *store);
	int (*hosts)(struct mn_store *store, json_t *list, struct mn_err *err);
};

/**
 * struct mn_store - an open store; first member of the implementation's struct
 * @ops: its implementation
 * @name: what it is called: scheme, colon, where; "kernel"
 * @n_changes: noted and not committed
 */
struct mn_store {
	const struct mn_store_ops *ops;
	char *name;
	size_t n_changes;
};

extern const struct mn_store_ops mn_store_kernel;
extern const struct mn_store_ops mn_store_file;
extern const struct mn_store_ops mn_store_zk;

int mn_store_open(struct mn_store **store, const char *where,
		  struct mn_err *err);
void mn_store_close(struct mn_store *store);
int mn_store_load(struct mn_store *store, struct mn_model *m, int type,
		  struct mn_err *err);
int mn_store_date(struct mn_store *store, struct mn_model *m,
		  struct mn_err *err);
int mn_store_load_all(struct mn_store *store, struct mn_model *m,
		      struct mn_err *err);
int mn_store_change(struct mn_store *store, const struct mn_model *m,
		    const struct mn_change *change, struct mn_err *err);
int mn_store_commit(struct mn_store *store, const struct mn_model *m,
		    struct mn_commit *commit, struct mn_err *err);
void mn_store_forget(struct mn_store *store);

/* store_kernel.c: the connection of the kernel's store, NULL for another */
struct mn_nl;
struct mn_nl *mn_store_nl(struct mn_store *store);

#endif /* _MN_STORE_H */
