// SPDX-License-Identifier: GPL-2.0
/*
 * DHCP and router advertisements in the event loop (dhcp_service.h). Who else answers
 * in this namespace is waited for.
 */
#include <stdlib.h>
#include <syslog.h>

#include "dhcp_service.h"
#include "serve_dhcp.h"

#define RETRY_S		5	/* after it could not serve */

/**
 * struct serve_dhcp - the service
 * @service: it, NULL: it cannot serve now
 * @ready: there is something to read
 * @timer: something is due, or it is tried again
 */
struct serve_dhcp {
	struct mn_dhcp_service *service;
	struct event *ready;
	struct event *timer;
};

static void log_line(void *arg, const char *text)
{
	(void)arg;
	log_say(LOG_INFO, "dhcp: %s", text);
}

static int open_service(struct daemon *d, struct mn_err *err)
{
	static const struct mn_dhcp_config config = { .log = log_line };

	return mn_dhcp_service_open(&d->dhcp->service, &config, err);
}

static void wait_for(struct serve_dhcp *s, int ms)
{
	struct timeval tv = { .tv_sec = ms / 1000, .tv_usec = ms % 1000 * 1000 };

	if (ms < 0)
		event_del(s->timer);
	else
		event_add(s->timer, &tv);
}

static void close_service(struct serve_dhcp *s)
{
	if (s->ready)
		event_free(s->ready);
	if (s->service)
		mn_dhcp_service_close(s->service);
	s->ready = NULL;
	s->service = NULL;
}

/* Nobody is answered until it is tried again. */
static void failed(struct daemon *d, const struct mn_err *why)
{
	struct mn_err err;

	close_service(d->dhcp);
	kernel_report(d, "dhcp", MIDONET_LEVEL_ERROR, why->text, &err);
	wait_for(d->dhcp, RETRY_S * 1000);
}

static void work_cb(evutil_socket_t fd, short what, void *arg)
{
	struct daemon *d = arg;
	struct serve_dhcp *s = d->dhcp;
	struct mn_err err;

	(void)fd;
	(void)what;
	if (mn_dhcp_service_work(s->service, &err))
		failed(d, &err);
	else
		wait_for(s, mn_dhcp_service_timeout(s->service));
}

static void begin(struct daemon *d)
{
	struct serve_dhcp *s = d->dhcp;
	struct mn_err err;

	s->service = NULL;
	if (kernel_within(d, open_service, &err)) {
		failed(d, &err);
		return;
	}
	s->ready = event_new(d->base, mn_dhcp_service_fd(s->service),
			     EV_READ | EV_PERSIST, work_cb, d);
	event_add(s->ready, NULL);
	kernel_report(d, "dhcp", MIDONET_LEVEL_OK, "", &err);
	wait_for(s, mn_dhcp_service_timeout(s->service));
}

static void timer_cb(evutil_socket_t fd, short what, void *arg)
{
	struct daemon *d = arg;

	if (d->dhcp->service)
		work_cb(fd, what, arg);
	else
		begin(d);
}

static int dhcp_start(struct daemon *d, struct mn_err *err)
{
	(void)err;
	d->dhcp = mn_alloc(sizeof(*d->dhcp));
	d->dhcp->timer = evtimer_new(d->base, timer_cb, d);
	begin(d);
	return 0;
}

static void dhcp_stop(struct daemon *d)
{
	if (!d->dhcp)
		return;
	close_service(d->dhcp);
	event_free(d->dhcp->timer);
	free(d->dhcp);
	d->dhcp = NULL;
}

const struct service service_dhcp = {
	.name = "dhcp",
	.start = dhcp_start,
	.stop = dhcp_stop,
};
