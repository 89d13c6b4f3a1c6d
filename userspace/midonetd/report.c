// SPDX-License-Identifier: GPL-2.0
/*
 * How the kernel is kept in step: told to the kernel, for who asks for its status,
 * and to the other hosts (alive.c).
 */
#include <inttypes.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <syslog.h>

#include "alive.h"
#include "mirror.h"
#include "report.h"

/* An age is said to so many seconds. */
#define AGE_STEP	5

/**
 * struct report - what was said last
 * @state: of the store
 * @tick: timer
 * @soon: timer for now
 * @level: level that was reported
 * @text: text that was reported
 * @failed: the kernel could not be told
 */
struct report {
	struct store_state state;
	struct event *tick;
	struct event *soon;
	enum midonet_level level;
	struct mn_buf text;
	bool failed;
};

static void put_in_force(const struct daemon *d, struct mn_buf *text)
{
	mn_buf_printf(text, "; revision %" PRIu64 " is in force",
		      mirror_applied(d));
}

static void put_age(double lost, struct mn_buf *text)
{
	unsigned int age = mn_zk_now() - lost;

	if (age >= AGE_STEP)
		mn_buf_printf(text, " since %u s", age - age % AGE_STEP);
}

/**
 * report_text() - how the kernel is kept in step
 * @d: daemon
 * @ages: say since when
 * @text: appended to
 *
 * Return: how bad it is
 */
enum midonet_level report_text(const struct daemon *d, bool ages,
			       struct mn_buf *text)
{
	const struct store_state *s = &d->report->state;

	mn_buf_printf(text, "%s: ", d->store_name);
	if (mirror_error(d)) {
		mn_buf_printf(text, "revision %" PRIu64 " is refused: %s",
			      mirror_revision(d), mirror_error(d));
		put_in_force(d, text);
		return MIDONET_LEVEL_ERROR;
	}
	if (*s->why) {
		mn_buf_puts(text, s->why);
		put_in_force(d, text);
		return MIDONET_LEVEL_ERROR;
	}
	if (!s->connected) {
		mn_buf_puts(text, "no connection");
		if (ages)
			put_age(s->lost, text);
		put_in_force(d, text);
		return MIDONET_LEVEL_WARNING;
	}
	if (s->newest > mirror_applied(d) || mirror_is_empty(d)) {
		mn_buf_printf(text, "revision %" PRIu64 " is on its way",
			      s->newest);
		put_in_force(d, text);
		return MIDONET_LEVEL_WARNING;
	}
	mn_buf_printf(text, "revision %" PRIu64 " is in force",
		      mirror_applied(d));
	return MIDONET_LEVEL_OK;
}

static void tell_kernel(struct daemon *d, enum midonet_level level,
			const char *text)
{
	struct report *r = d->report;
	struct mn_err err;
	bool failed;

	if (!r->failed && level == r->level && r->text.s &&
	    !strcmp(r->text.s, text))
		return;
	failed = kernel_report(d, "store", level, text, &err);
	if (failed && !r->failed)
		log_say(LOG_ERR, "the kernel cannot be told: %s", err.text);
	r->failed = failed;
	r->level = level;
	r->text.len = 0;
	mn_buf_puts(&r->text, text);
}

static void update(struct daemon *d)
{
	struct mn_buf text = {};
	enum midonet_level level = report_text(d, true, &text);

	tell_kernel(d, level, text.s);
	mn_buf_free(&text);
	alive_update(d);
}

static void tick_cb(evutil_socket_t fd, short what, void *arg)
{
	(void)fd;
	(void)what;
	update(arg);
}

/**
 * report_soon() - something changed
 * @d: daemon
 */
void report_soon(struct daemon *d)
{
	static const struct timeval now;

	if (d->report)
		event_add(d->report->soon, &now);
}

/**
 * report_connected() - the store can be asked, or cannot any more
 * @d: daemon
 * @connected: it can
 */
void report_connected(struct daemon *d, bool connected)
{
	struct store_state *s = &d->report->state;

	if (s->connected == connected)
		return;
	s->connected = connected;
	s->lost = mn_zk_now();
	log_say(connected ? LOG_NOTICE : LOG_WARNING, "%s: %s", d->store_name,
		connected ? "connected" : "no connection");
	report_soon(d);
}

/**
 * report_newest() - the store has a revision
 * @d: daemon
 * @newest: revision
 */
void report_newest(struct daemon *d, uint64_t newest)
{
	d->report->state.newest = newest;
	report_soon(d);
}

/**
 * report_wrong() - something is wrong with the store
 * @d: daemon
 * @fmt: what
 */
void report_wrong(struct daemon *d, const char *fmt, ...)
{
	struct store_state *s = &d->report->state;
	char text[sizeof(s->why)];
	va_list ap;

	va_start(ap, fmt);
	vsnprintf(text, sizeof(text), fmt, ap);
	va_end(ap);
	if (!strcmp(text, s->why))
		return;
	strcpy(s->why, text);
	log_say(LOG_ERR, "%s: %s", d->store_name, text);
	report_soon(d);
}

/**
 * report_right() - nothing is wrong with the store any more
 * @d: daemon
 */
void report_right(struct daemon *d)
{
	if (!*d->report->state.why)
		return;
	d->report->state.why[0] = '\0';
	log_say(LOG_NOTICE, "%s: all is well again", d->store_name);
	report_soon(d);
}

/**
 * report_state() - how the store is
 * @d: daemon
 *
 * Return: state
 */
const struct store_state *report_state(const struct daemon *d)
{
	return &d->report->state;
}

/**
 * report_start() - begin
 * @d: daemon
 * @err: for errors
 *
 * Return: 0
 */
int report_start(struct daemon *d, struct mn_err *err)
{
	static const struct timeval second = { .tv_sec = 1 };
	struct report *r = mn_alloc(sizeof(*r));

	(void)err;
	r->state.lost = mn_zk_now();
	r->tick = event_new(d->base, -1, EV_PERSIST, tick_cb, d);
	r->soon = evtimer_new(d->base, tick_cb, d);
	event_add(r->tick, &second);
	d->report = r;
	return 0;
}

/**
 * report_stop() - end; what was said last stays
 * @d: daemon
 */
void report_stop(struct daemon *d)
{
	struct report *r = d->report;

	if (!r)
		return;
	event_free(r->tick);
	event_free(r->soon);
	mn_buf_free(&r->text);
	free(r);
	d->report = NULL;
}
