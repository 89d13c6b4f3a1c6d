// SPDX-License-Identifier: GPL-2.0
/* How far long work is, on a terminal: one line of standard error that goes again. */
#include <stdio.h>
#include <time.h>
#include <unistd.h>

#include "midoctl.h"

/* Work of less is not long, and new numbers need not come more often. */
#define EVERY_MS	200
#define WIDTH		40

static bool shown;

static long now_ms(void)
{
	struct timespec ts;

	clock_gettime(CLOCK_MONOTONIC, &ts);
	return ts.tv_sec * 1000 + ts.tv_nsec / 1000000;
}

/**
 * ctl_progress() - say what is done
 * @what: in one or two words; the same string for the same step
 * @done: parts that are done
 * @total: of so many, 0 if nobody knows
 */
void ctl_progress(const char *what, size_t done, size_t total)
{
	static const char *last_what;
	static int tty = -1;
	static long last;
	char text[WIDTH + 1];
	long now;

	if (tty < 0)
		tty = isatty(STDERR_FILENO);
	if (!tty)
		return;
	now = now_ms();
	if (!last)
		last = now;
	if (now - last < EVERY_MS && (!shown || what == last_what))
		return;
	if (total)
		snprintf(text, sizeof(text), "%s %zu%%", what,
			 done * 100 / total);
	else
		snprintf(text, sizeof(text), "%s", what);
	fprintf(stderr, "\rmidoctl: %-*s", WIDTH, text);
	last = now;
	last_what = what;
	shown = true;
}

/**
 * ctl_progress_end() - clear the line for what else is said
 */
void ctl_progress_end(void)
{
	if (shown)
		fprintf(stderr, "\r%*s\r", WIDTH + (int)sizeof("midoctl:"), "");
	shown = false;
}
