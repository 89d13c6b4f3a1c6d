/* SPDX-License-Identifier: GPL-2.0 */
#ifndef _DOCTOR_H
#define _DOCTOR_H

#include <jansson.h>
#include <stdbool.h>

#include "util.h"

/**
 * struct doctor - an examination
 * @root: what is put in front of all paths; not empty in tests
 * @release: of the kernel that runs
 * @list: what was found, objects of name, level, text and next
 * @bad: something is in error
 */
struct doctor {
	const char *root;
	char release[80];
	json_t *list;
	bool bad;
};

/**
 * enum doctor_level - how bad something is
 * @DOCTOR_OK: it is as it should be
 * @DOCTOR_WARNING: it works, but not as well as it could, or not for long
 * @DOCTOR_ERROR: it does not work
 */
enum doctor_level { DOCTOR_OK, DOCTOR_WARNING, DOCTOR_ERROR };

/* @next: command to type, or NULL; @fmt: what is, one sentence */
__printf(5, 6)
void doctor_say(struct doctor *d, enum doctor_level level, const char *name,
		const char *next, const char *fmt, ...);

/* doctor_module.c */
void doctor_absent(struct doctor *d);
void doctor_loaded(struct doctor *d, const char *version);

/* doctor_net.c */
struct ctl;
void doctor_ports(struct doctor *d, struct ctl *ctl);
void doctor_mtus(struct doctor *d, struct ctl *ctl);

#endif /* _DOCTOR_H */
