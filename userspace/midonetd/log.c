// SPDX-License-Identifier: GPL-2.0
/* What is worth a line: to the system log, or to standard error. */
#include <stdarg.h>
#include <stdio.h>
#include <syslog.h>

#include "daemon.h"

static bool to_stderr = true;

/**
 * log_open() - say where lines go
 * @foreground: to standard error, else to the system log
 */
void log_open(bool foreground)
{
	to_stderr = foreground;
	if (!foreground)
		openlog("midonetd", LOG_PID, LOG_DAEMON);
}

/**
 * log_say() - say something
 * @priority: as of syslog()
 * @fmt: one line
 */
void log_say(int priority, const char *fmt, ...)
{
	char text[1200];
	va_list ap;

	va_start(ap, fmt);
	vsnprintf(text, sizeof(text), fmt, ap);
	va_end(ap);
	if (to_stderr)
		fprintf(stderr, "midonetd: %s\n", text);
	else
		syslog(priority, "%s", text);
}
