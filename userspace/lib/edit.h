/* SPDX-License-Identifier: GPL-2.0 */
#ifndef _MN_EDIT_H
#define _MN_EDIT_H

#include "model.h"
#include "store.h"

/**
 * struct mn_edit - changes to a topology that are being put together
 * @base: topology as it is; its owner's
 * @m: as it will be. Of what was changed, &mn_obj.given says which attributes;
 *	all bits are set of what is new
 * @touched: ports that were changed or removed, in that order
 * @n_touched: number of them
 * @cap_touched: room of @touched
 * @named: peers that were named so far
 *
 * What a kernel does with the messages of a transaction, for stores: the changes
 * are applied in order, then the end state is judged, in the kernel's words.
 */
struct mn_edit {
	const struct mn_model *base;
	struct mn_model *m;
	struct mn_uuid *touched;
	uint32_t n_touched;
	uint32_t cap_touched;
	uint32_t named;
};

/* edit.c */
struct mn_edit *mn_edit_new(const struct mn_model *base);
void mn_edit_free(struct mn_edit *e);
struct mn_model *mn_edit_take(struct mn_edit *e);
void mn_edit_touch(struct mn_edit *e, const struct mn_obj *port);
int mn_edit_change(struct mn_edit *e, const struct mn_change *change,
		   struct mn_err *err);

/* model_change.c */
int mn_model_change(struct mn_model *m, const struct mn_change *change,
		    struct mn_obj **result, struct mn_err *err);

/* edit_link.c */
int mn_edit_link(struct mn_edit *e, struct mn_err *err);
void mn_model_assign_keys(struct mn_model *m);

/* judge.c */
int mn_edit_judge(struct mn_edit *e, struct mn_err *err);

/* judge_limits.c */
int mn_judge_limits(const struct mn_edit *e, struct mn_err *err);

/* judge_derived.c: what follows from a router's port on its bridge */
int mn_judge_derived(const struct mn_edit *e, struct mn_err *err);
int mn_derived_refuse_del(const struct mn_model *m, const struct mn_obj *obj,
			  struct mn_err *err);

#endif /* _MN_EDIT_H */
