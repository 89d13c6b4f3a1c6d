/* SPDX-License-Identifier: GPL-2.0 */
#ifndef _MIRROR_H
#define _MIRROR_H

#include "daemon.h"

int mirror_start(struct daemon *d, struct mn_err *err);
void mirror_stop(struct daemon *d);

/* What the source brings. */
int mirror_replace(struct daemon *d, struct mn_model *m, uint64_t revision);
int mirror_entry(struct daemon *d, uint64_t revision, const char *lines,
		 size_t len);

int mirror_commit_state(struct daemon *d, struct mn_err *err);

/* What is known. */
const struct mn_model *mirror_model(const struct daemon *d);
uint64_t mirror_revision(const struct daemon *d);
uint64_t mirror_applied(const struct daemon *d);
bool mirror_is_empty(const struct daemon *d);
const char *mirror_error(const struct daemon *d);

#endif /* _MIRROR_H */
