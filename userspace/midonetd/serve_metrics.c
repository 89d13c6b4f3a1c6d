// SPDX-License-Identifier: GPL-2.0
/*
 * GET /metrics, for Prometheus: libmicrohttpd speaks HTTP, in the daemon's own thread.
 * Only on loopback, since there is neither a password nor encryption.
 */
#include <arpa/inet.h>
#include <errno.h>
#include <microhttpd.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <syslog.h>

#include "metrics.h"

/* Of clients, who are few and ask seldom. */
#define CONNECTIONS	16
#define SECONDS		10
#define MEMORY		16384

/**
 * struct server - the server
 * @d: daemon
 * @http: it
 * @ready: event of its descriptor
 * @timer: when it has something to do without one
 */
static struct server {
	struct daemon *d;
	struct MHD_Daemon *http;
	struct event *ready;
	struct event *timer;
} server;

static int read_address(const char *text, struct sockaddr_storage *ss)
{
	struct sockaddr_in6 *in6 = (void *)ss;
	struct sockaddr_in *in = (void *)ss;
	const char *colon = strrchr(text, ':');
	unsigned long port;
	char host[64], *end;
	size_t len;

	memset(ss, 0, sizeof(*ss));
	if (!colon || colon[1] < '0' || colon[1] > '9')
		return -EINVAL;
	port = strtoul(colon + 1, &end, 10);
	len = colon - text;
	if (*end || !port || port > 65535 || len >= sizeof(host))
		return -EINVAL;
	memcpy(host, text, len);
	host[len] = '\0';
	if (*host == '[' && host[len - 1] == ']') {
		host[len - 1] = '\0';
		in6->sin6_family = AF_INET6;
		in6->sin6_port = htons(port);
		if (inet_pton(AF_INET6, host + 1, &in6->sin6_addr) != 1 ||
		    !IN6_IS_ADDR_LOOPBACK(&in6->sin6_addr))
			return -EINVAL;
		return 0;
	}
	in->sin_family = AF_INET;
	in->sin_port = htons(port);
	if (inet_pton(AF_INET, host, &in->sin_addr) != 1 ||
	    ntohl(in->sin_addr.s_addr) >> 24 != 127)
		return -EINVAL;
	return 0;
}

/**
 * metrics_address() - is it an address to serve on?
 * @text: ADDRESS:PORT
 * @err: for errors
 *
 * Return: 0 or -EINVAL
 */
int metrics_address(const char *text, struct mn_err *err)
{
	struct sockaddr_storage ss;
	char buf[80];

	if (!read_address(text, &ss))
		return 0;
	return mn_fail(err, -EINVAL,
		       "metrics: \"%s\" is not 127.0.0.1:PORT or [::1]:PORT; for others put a proxy in front that asks who they are",
		       mn_shown(text, buf, sizeof(buf)));
}

static enum MHD_Result reply(struct MHD_Connection *c, int status,
			     const char *type, struct mn_buf *body)
{
	enum MHD_Result ret = MHD_NO;
	struct MHD_Response *r;

	r = MHD_create_response_from_buffer(body->len, body->s,
					    MHD_RESPMEM_MUST_COPY);
	mn_buf_free(body);
	if (!r)
		return MHD_NO;
	if (MHD_add_response_header(r, "Content-Type", type) == MHD_YES &&
	    MHD_add_response_header(r, "Cache-Control", "no-store") == MHD_YES)
		ret = MHD_queue_response(c, status, r);
	MHD_destroy_response(r);
	return ret;
}

static enum MHD_Result refuse(struct MHD_Connection *c, int status,
			      const char *why)
{
	struct mn_buf body = {};

	mn_buf_printf(&body, "%s\n", why);
	return reply(c, status, "text/plain; charset=utf-8", &body);
}

static enum MHD_Result answer_cb(void *arg, struct MHD_Connection *c,
				 const char *url, const char *method,
				 const char *version, const char *data,
				 size_t *size, void **state)
{
	struct mn_buf body = {};
	struct mn_err err;

	(void)version;
	(void)data;
	(void)state;
	if (strcmp(method, "GET") && strcmp(method, "HEAD"))
		return refuse(c, MHD_HTTP_METHOD_NOT_ALLOWED, "GET only");
	*size = 0;
	if (strcmp(url, "/metrics"))
		return refuse(c, MHD_HTTP_NOT_FOUND, "see /metrics");
	if (metrics_write(arg, &body, &err)) {
		log_say(LOG_WARNING, "metrics: %s", err.text);
		mn_buf_free(&body);
		return refuse(c, MHD_HTTP_SERVICE_UNAVAILABLE, err.text);
	}
	return reply(c, MHD_HTTP_OK, "text/plain; version=0.0.4; charset=utf-8",
		     &body);
}

static void work_cb(evutil_socket_t fd, short what, void *arg)
{
	struct server *s = arg;
	MHD_UNSIGNED_LONG_LONG ms;
	struct timeval tv;

	(void)fd;
	(void)what;
	MHD_run(s->http);
	if (MHD_get_timeout(s->http, &ms) != MHD_YES) {
		event_del(s->timer);
		return;
	}
	tv.tv_sec = ms / 1000;
	tv.tv_usec = ms % 1000 * 1000;
	event_add(s->timer, &tv);
}

static int start(struct daemon *d, struct mn_err *err)
{
	const union MHD_DaemonInfo *info;
	struct sockaddr_storage ss;
	struct server *s = &server;
	unsigned int flags = MHD_USE_EPOLL;

	if (!d->conf.metrics)
		return 0;
	if (metrics_address(d->conf.metrics, err))
		return err->code;
	read_address(d->conf.metrics, &ss);
	if (ss.ss_family == AF_INET6)
		flags |= MHD_USE_IPv6;
	s->http = MHD_start_daemon(flags, 0, NULL, NULL, answer_cb, d,
				   MHD_OPTION_SOCK_ADDR, &ss,
				   MHD_OPTION_CONNECTION_LIMIT, CONNECTIONS,
				   MHD_OPTION_CONNECTION_TIMEOUT, SECONDS,
				   MHD_OPTION_CONNECTION_MEMORY_LIMIT,
				   (size_t)MEMORY,
				   MHD_OPTION_LISTENING_ADDRESS_REUSE, 1U,
				   MHD_OPTION_END);
	info = s->http ? MHD_get_daemon_info(s->http, MHD_DAEMON_INFO_EPOLL_FD) :
			 NULL;
	if (!info)
		return mn_fail(err, -EADDRINUSE, "cannot serve on %s: %s",
			       d->conf.metrics, strerror(errno));
	s->ready = event_new(d->base, info->epoll_fd, EV_READ | EV_PERSIST,
			     work_cb, s);
	s->timer = evtimer_new(d->base, work_cb, s);
	event_add(s->ready, NULL);
	log_say(LOG_NOTICE, "http://%s/metrics says how it is",
		d->conf.metrics);
	return 0;
}

static void stop(struct daemon *d)
{
	(void)d;
	if (server.ready)
		event_free(server.ready);
	if (server.timer)
		event_free(server.timer);
	if (server.http)
		MHD_stop_daemon(server.http);
	memset(&server, 0, sizeof(server));
}

const struct service service_metrics = {
	.name = "metrics",
	.start = start,
	.stop = stop,
};
