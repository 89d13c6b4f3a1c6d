/* SPDX-License-Identifier: GPL-2.0 */
#ifndef _MN_STORE_KEPT_H
#define _MN_STORE_KEPT_H

#include "edit.h"
#include "store.h"

struct mn_kept;

/**
 * struct mn_kept_write - a change of a kept topology
 * @next: the topology as it will be
 * @lines: what changes, see lines.h
 * @revision: of the topology it was computed from
 */
struct mn_kept_write {
	struct mn_model *next;
	struct mn_buf lines;
	uint64_t revision;
};

/**
 * struct mn_kept_ops - where a topology is kept
 * @read: read all of it; the caller owns the result
 * @write: replace it, unless its revision moved
 * @alive: optional; is a host alive
 * @close: free what is behind &struct mn_kept, and itself
 */
struct mn_kept_ops {
	int (*read)(struct mn_kept *k, struct mn_model **m, uint64_t *revision,
		    struct mn_err *err);
	int (*write)(struct mn_kept *k, struct mn_kept_write *w,
		     struct mn_err *err);
	bool (*alive)(struct mn_kept *k, const struct mn_uuid *host);
	void (*close)(struct mn_kept *k);
};

/**
 * struct mn_kept - a store that keeps a topology, and judges changes by itself
 * @store: head
 * @ops: where
 * @base: topology as read, NULL: not yet
 * @revision: of @base
 * @edit: changes to it that were noted, NULL: none
 * @why: why one of them cannot be, if @failed
 * @failed: one of them cannot be
 * @tries: writers that were faster, in a row
 */
struct mn_kept {
	struct mn_store store;
	const struct mn_kept_ops *ops;
	struct mn_model *base;
	uint64_t revision;
	struct mn_edit *edit;
	struct mn_err why;
	bool failed;
	unsigned int tries;
};

void mn_kept_close(struct mn_store *store);
int mn_kept_load(struct mn_store *store, struct mn_model *m, int type,
		 struct mn_obj *parent, struct mn_err *err);
int mn_kept_generation(struct mn_store *store, uint64_t *generation,
		       struct mn_err *err);
int mn_kept_change(struct mn_store *store, const struct mn_model *m,
		   const struct mn_change *change, struct mn_err *err);
int mn_kept_commit(struct mn_store *store, const struct mn_model *m,
		   struct mn_commit *commit, struct mn_err *err);
void mn_kept_forget_changes(struct mn_store *store);
void mn_kept_forget(struct mn_kept *k);

/* The operations of such a store, but for its scheme and how it is opened. */
#define MN_KEPT_OPS			\
	.close = mn_kept_close,		\
	.load = mn_kept_load,		\
	.generation = mn_kept_generation, \
	.change = mn_kept_change,	\
	.commit = mn_kept_commit,	\
	.forget = mn_kept_forget_changes

#endif /* _MN_STORE_KEPT_H */
