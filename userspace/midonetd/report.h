/* SPDX-License-Identifier: GPL-2.0 */
#ifndef _REPORT_H
#define _REPORT_H

#include "daemon.h"

/**
 * struct store_state - how the store is
 * @connected: it can be asked
 * @lost: since when it cannot, by mn_zk_now()
 * @newest: its newest revision, as far as is known
 * @why: what is wrong with it; empty: nothing
 */
struct store_state {
	bool connected;
	double lost;
	uint64_t newest;
	char why[256];
};

int report_start(struct daemon *d, struct mn_err *err);
void report_stop(struct daemon *d);
void report_connected(struct daemon *d, bool connected);
void report_newest(struct daemon *d, uint64_t newest);
__printf(2, 3)
void report_wrong(struct daemon *d, const char *fmt, ...);
void report_right(struct daemon *d);
void report_soon(struct daemon *d);
const struct store_state *report_state(const struct daemon *d);
enum midonet_level report_text(const struct daemon *d, bool ages,
			       struct mn_buf *text);

#endif /* _REPORT_H */
