/* SPDX-License-Identifier: GPL-2.0 */
#ifndef _SHOW_H
#define _SHOW_H

#include "midoctl.h"

/* show_dot.c: a document as a picture */
void show_dot(json_t *doc, const char *name, struct mn_buf *out);
int show_svg(const struct mn_buf *dot, struct mn_err *err);

#endif /* _SHOW_H */
