/* SPDX-License-Identifier: GPL-2.0 */
#ifndef _STATUS_H
#define _STATUS_H

#include "midoctl.h"

/**
 * struct status - how a kernel, or a store, is
 * @json: as printed
 * @bad: a subsystem has an error
 * @behind: the kernel is not in step with its store
 * @generation: of the topology
 * @revision: of the store
 */
struct status {
	json_t *json;
	bool bad;
	bool behind;
	uint64_t generation;
	uint64_t revision;
};

/* cmd_status.c */
int status_get(struct ctl *ctl, struct status *s);
void status_print(struct ctl *ctl, struct status *s);
double status_now(void);

/* cmd_status_store.c */
int status_store(struct ctl *ctl, double limit, struct status *s);
int status_wait(struct ctl *ctl, const char *text, double limit);

#endif /* _STATUS_H */
