/* SPDX-License-Identifier: GPL-2.0 */
#ifndef _METRICS_H
#define _METRICS_H

#include "daemon.h"

/* metrics.c */
void metrics_line(struct mn_buf *out, const char *name, const char *label,
		  const char *value, double number);
int metrics_write(struct daemon *d, struct mn_buf *out, struct mn_err *err);

/* serve_metrics.c */
int metrics_address(const char *text, struct mn_err *err);

extern const struct service service_metrics;

#endif /* _METRICS_H */
