/* SPDX-License-Identifier: GPL-2.0 */
#ifndef _MN_WIRE_H
#define _MN_WIRE_H

#include "model.h"
#include "nl.h"
#include "store.h"

int mn_wire_change(struct mn_buf *b, const struct mn_nl *nl,
		   const struct mn_change *change, struct mn_err *err);
int mn_wire_fits(const struct mn_change *change, struct mn_err *err);
void mn_wire_match(struct mn_buf *b, int attr, const struct mn_match *match);
void mn_wire_read_match(const struct nlattr *nest, struct mn_match *match);
struct mn_obj *mn_wire_read(struct mn_model *m, const struct mn_type *type,
			    const struct nlmsghdr *nlh, bool learned);

#endif /* _MN_WIRE_H */
