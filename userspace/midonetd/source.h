/* SPDX-License-Identifier: GPL-2.0 */
#ifndef _SOURCE_H
#define _SOURCE_H

#include "daemon.h"

/**
 * struct source - where a topology comes from
 * @scheme: word before the colon
 * @open: begin; @arg is what follows the colon. Sets &daemon.store_name
 * @start: begin to bring revisions to the mirror
 * @next: the mirror took what it was brought, go on
 * @close: end
 */
struct source {
	const char *scheme;
	int (*open)(struct daemon *d, const char *arg, struct mn_err *err);
	void (*start)(struct daemon *d);
	void (*next)(struct daemon *d);
	void (*close)(struct daemon *d);
};

extern const struct source source_file;
extern const struct source source_zk;

/* source_zk.c: something was asked from outside of an answer: send it */
void source_zk_kick(struct daemon *d);

#endif /* _SOURCE_H */
