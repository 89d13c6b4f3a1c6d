// SPDX-License-Identifier: GPL-2.0
/* One check of one server. Its socket is made in the namespace it is started in. */
#include <errno.h>
#include <event2/bufferevent.h>
#include <event2/http.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "health.h"

/* Of an answer by HTTP only the beginning is of interest. */
#define HEADERS_MAX	16384

/**
 * struct health_probe - a check under way
 * @type: &enum midonet_check_type
 * @fn: told of the result
 * @arg: for @fn
 * @fd: socket of TCP and UDP, -1: none
 * @ready: something happened to it
 * @end: timer
 * @http: connection by HTTP, or NULL
 * @error: why it could not be begun, a negative error; 0: it could
 * @status: of HTTP, 0: none yet
 * @text: room for a sentence
 */
struct health_probe {
	uint8_t type;
	health_probe_fn fn;
	void *arg;
	int fd;
	struct event *ready;
	struct event *end;
	struct evhttp_connection *http;
	int error;
	int status;
	char text[80];
};

/**
 * health_probe_cancel() - end a check without a result
 * @p: check
 */
void health_probe_cancel(struct health_probe *p)
{
	if (p->ready)
		event_free(p->ready);
	if (p->end)
		event_free(p->end);
	if (p->http)
		evhttp_connection_free(p->http);
	if (p->fd >= 0)
		close(p->fd);
	free(p);
}

static void over(struct health_probe *p, bool good, const char *why)
{
	health_probe_fn fn = p->fn;
	void *arg = p->arg;
	char text[sizeof(p->text)];

	snprintf(text, sizeof(text), "%s", why);
	health_probe_cancel(p);
	fn(arg, good, text);
}

/* Nobody objects to a datagram: that is all that can be asked for. */
static void end_cb(evutil_socket_t fd, short what, void *arg)
{
	struct health_probe *p = arg;

	(void)fd;
	(void)what;
	if (p->error)
		over(p, false, strerror(-p->error));
	else if (p->status)
		over(p, p->status < 400, p->text);
	else
		over(p, p->type == MIDONET_CHECK_TYPE_UDP, *p->text ? p->text :
		     "no answer");
}

static void ready_cb(evutil_socket_t fd, short what, void *arg)
{
	struct health_probe *p = arg;
	socklen_t len = sizeof(int);
	int error = 0;

	(void)what;
	if (getsockopt(fd, SOL_SOCKET, SO_ERROR, &error, &len))
		error = errno;
	over(p, !error, strerror(error));
}

static socklen_t sockaddr(const struct health_target *t,
			  struct sockaddr_storage *ss)
{
	struct sockaddr_in6 *in6 = (struct sockaddr_in6 *)ss;
	struct sockaddr_in *in = (struct sockaddr_in *)ss;

	memset(ss, 0, sizeof(*ss));
	if (t->len == 4) {
		in->sin_family = AF_INET;
		in->sin_port = htons(t->port);
		memcpy(&in->sin_addr, t->addr, 4);
		return sizeof(*in);
	}
	in6->sin6_family = AF_INET6;
	in6->sin6_port = htons(t->port);
	memcpy(&in6->sin6_addr, t->addr, 16);
	return sizeof(*in6);
}

/* Errors that ICMP tells of, also those that may pass. */
static void want_errors(int fd, uint8_t len)
{
	int on = 1;

	if (len == 4)
		setsockopt(fd, IPPROTO_IP, IP_RECVERR, &on, sizeof(on));
	else
		setsockopt(fd, IPPROTO_IPV6, IPV6_RECVERR, &on, sizeof(on));
}

static int open_socket(struct health_probe *p, struct event_base *base,
		       const struct health_target *t)
{
	bool udp = t->type == MIDONET_CHECK_TYPE_UDP;
	struct sockaddr_storage ss;
	socklen_t len = sockaddr(t, &ss);

	p->fd = socket(ss.ss_family, (udp ? SOCK_DGRAM : SOCK_STREAM) |
		       SOCK_NONBLOCK | SOCK_CLOEXEC, 0);
	if (p->fd < 0)
		return -errno;
	if (udp)
		want_errors(p->fd, t->len);
	if (connect(p->fd, (struct sockaddr *)&ss, len) && errno != EINPROGRESS)
		return -errno;
	if (udp && send(p->fd, "\n", 1, 0) < 0)
		return -errno;
	p->ready = event_new(base, p->fd, udp ? EV_READ : EV_WRITE, ready_cb,
			     p);
	if (!p->ready)
		return -ENOMEM;
	event_add(p->ready, NULL);
	return 0;
}

/* The result is said from the loop: here the library still uses what would go. */
static void http_over(struct health_probe *p)
{
	event_active(p->end, EV_TIMEOUT, 0);
}

static int headers_cb(struct evhttp_request *req, void *arg)
{
	struct health_probe *p = arg;

	p->status = evhttp_request_get_response_code(req);
	snprintf(p->text, sizeof(p->text), "status %d", p->status);
	http_over(p);
	/* The rest is not waited for. */
	return -1;
}

static void http_error_cb(enum evhttp_request_error error, void *arg)
{
	struct health_probe *p = arg;

	if (p->status)
		return;
	if (error == EVREQ_HTTP_INVALID_HEADER)
		snprintf(p->text, sizeof(p->text), "no answer by HTTP");
	else if (error == EVREQ_HTTP_EOF)
		snprintf(p->text, sizeof(p->text), "connection closed");
}

static void http_done_cb(struct evhttp_request *req, void *arg)
{
	struct health_probe *p = arg;

	if (req && !p->status && evhttp_request_get_response_code(req))
		headers_cb(req, arg);
	if (!p->status && !*p->text)
		snprintf(p->text, sizeof(p->text), "no connection");
	http_over(p);
}

static int open_http(struct health_probe *p, struct event_base *base,
		     const struct health_target *t)
{
	struct bufferevent *bev = bufferevent_socket_new(base, -1,
							 BEV_OPT_CLOSE_ON_FREE);
	struct mn_buf addr = {}, host = {};
	struct evhttp_request *req = NULL;
	int ret = -ENOMEM;

	mn_addr_print(t->addr, t->len, &addr);
	mn_buf_printf(&host, t->len == 4 ? "%s:%u" : "[%s]:%u", addr.s,
		      t->port);
	if (bev)
		p->http = evhttp_connection_base_bufferevent_new(base, NULL, bev,
								 addr.s,
								 t->port);
	if (p->http)
		req = evhttp_request_new(http_done_cb, p);
	if (!req)
		goto out;
	evhttp_connection_set_max_headers_size(p->http, HEADERS_MAX);
	evhttp_connection_set_max_body_size(p->http, HEADERS_MAX);
	evhttp_request_set_header_cb(req, headers_cb);
	evhttp_request_set_error_cb(req, http_error_cb);
	evhttp_add_header(evhttp_request_get_output_headers(req), "Host",
			  host.s);
	evhttp_add_header(evhttp_request_get_output_headers(req), "User-Agent",
			  "midonetd");
	evhttp_add_header(evhttp_request_get_output_headers(req), "Connection",
			  "close");
	/* The request is the connection's from here on, also when it fails. */
	ret = evhttp_make_request(p->http, req, EVHTTP_REQ_GET, t->path) ?
	      -EIO : 0;
out:
	if (bev && !p->http)
		bufferevent_free(bev);
	mn_buf_free(&addr);
	mn_buf_free(&host);
	return ret;
}

/**
 * health_probe_start() - begin to check a server
 * @base: event loop
 * @t: server
 * @fn: told of the result, never before this returns
 * @arg: for @fn
 *
 * Return: check, for health_probe_cancel(); NULL: no memory
 */
struct health_probe *health_probe_start(struct event_base *base,
					const struct health_target *t,
					health_probe_fn fn, void *arg)
{
	struct timeval tv = { .tv_sec = t->timeout };
	struct health_probe *p = mn_alloc(sizeof(*p));

	p->type = t->type;
	p->fn = fn;
	p->arg = arg;
	p->fd = -1;
	p->end = evtimer_new(base, end_cb, p);
	if (!p->end) {
		free(p);
		return NULL;
	}
	if (t->type == MIDONET_CHECK_TYPE_HTTP)
		p->error = open_http(p, base, t);
	else
		p->error = open_socket(p, base, t);
	if (p->error)
		tv.tv_sec = 0;
	event_add(p->end, &tv);
	return p;
}
