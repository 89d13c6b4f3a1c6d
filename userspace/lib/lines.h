/* SPDX-License-Identifier: GPL-2.0 */
#ifndef _MN_LINES_H
#define _MN_LINES_H

#include "doc.h"

/*
 * Changes as lines of JSON, for journals and snapshots. An object is there as a
 * whole or it is removed:
 *
 *	{"put":"port","id":U,"in":U,"name":"vm1","attrs":{"dev":"tap1"}}
 *	{"put":"rule","id":U,"in":U,"at":3,"attrs":{"action":"drop"}}
 *	{"put":"ip-set-member","in":U,"members":["10.0.0.0/8"]}
 *	{"del":"port","id":U}
 *	{"del":"mac","in":U,"attrs":{"mac":"02:00:00:00:00:01"}}
 *
 * What is referred to, and what contains an object, are ids; so references may
 * point forwards. Those who have no id are told apart by their attributes.
 */

void mn_lines_add(struct mn_buf *out, const struct mn_change *change);
int mn_lines_add_model(struct mn_buf *out, struct mn_model *m);
int mn_line_apply(struct mn_model *m, const char *line, size_t len,
		  mn_diff_fn fn, void *arg, struct mn_err *err);
int mn_lines_apply(struct mn_model *m, const char *text, size_t len,
		   mn_diff_fn fn, void *arg, struct mn_err *err);

#endif /* _MN_LINES_H */
