// SPDX-License-Identifier: GPL-2.0
/*
 * The other hosts are told that this one is alive, by a node that goes with the
 * session; and how it is: which revision is in force, and which ports have a device
 * that cannot be used.
 */
#include <errno.h>
#include <inttypes.h>
#include <jansson.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <syslog.h>
#include <unistd.h>

#include "alive.h"
#include "mirror.h"
#include "report.h"
#include "source.h"
#include "zk_tree.h"

#define RETRY_S		2	/* after what did not go well */
#define LOOK_S		2	/* ports are not looked at more often */
#define ERRORS_MAX	64	/* ports that are named */

/**
 * struct alive - what the others are told
 * @up: there is a session
 * @made: the node is there
 * @busy: an answer is waited for
 * @id: of the host the node is of
 * @said: what the node says
 * @saying: what it will say, while @busy
 * @errors: ports with something wrong, as JSON
 * @again: timer
 * @look: timer: ports changed
 * @heard: the kernel says that a port changed
 */
struct alive {
	bool up;
	bool made;
	bool busy;
	struct mn_uuid id;
	char *said;
	char *saying;
	json_t *errors;
	struct event *again;
	struct event *look;
	struct event *heard;
};

static void proceed(struct daemon *d);

static void retry_later(struct daemon *d)
{
	static const struct timeval tv = { .tv_sec = RETRY_S };

	event_add(d->alive->again, &tv);
}

static char *node_path(const struct mn_uuid *id)
{
	char text[MN_UUID_TEXT];

	mn_uuid_print(id, text);
	return mn_asprintf(MN_ZK_ALIVE, text);
}

static char *node_text(const struct daemon *d)
{
	static const char *const levels[] = {
		[MIDONET_LEVEL_OK] = "ok",
		[MIDONET_LEVEL_WARNING] = "warning",
		[MIDONET_LEVEL_ERROR] = "error",
	};
	struct mn_buf text = {};
	enum midonet_level level = report_text(d, false, &text);
	json_t *json = json_object();
	char *out;

	json_object_set_new(json, "name", json_string(d->conf.host));
	json_object_set_new(json, "revision", json_integer(mirror_applied(d)));
	json_object_set_new(json, "level", json_string(levels[level]));
	json_object_set_new(json, "text", level == MIDONET_LEVEL_OK ?
			    json_string("") : json_string(text.s));
	json_object_set(json, "errors", d->alive->errors);
	json_object_set_new(json, "boot", json_string(d->boot));
	out = json_dumps(json, JSON_COMPACT);
	json_decref(json);
	mn_buf_free(&text);
	return out;
}

static void said(struct daemon *d)
{
	struct alive *a = d->alive;

	free(a->said);
	a->said = a->saying;
	a->saying = NULL;
}

/* An answer that says nothing about what shall be done next. */
static void failed(struct daemon *d, int rc)
{
	if (rc != ZCLOSING)
		retry_later(d);
}

static void set_answer(void *arg, int rc, const struct mn_zk_reply *reply)
{
	struct daemon *d = arg;

	(void)reply;
	d->alive->busy = false;
	if (rc == ZOK)
		said(d);
	else if (rc == ZNONODE)
		d->alive->made = false;
	if (rc == ZOK || rc == ZNONODE)
		proceed(d);
	else
		failed(d, rc);
}

static void delete_answer(void *arg, int rc, const struct mn_zk_reply *reply)
{
	struct daemon *d = arg;

	(void)reply;
	d->alive->busy = false;
	if (rc == ZOK || rc == ZNONODE)
		proceed(d);
	else
		failed(d, rc);
}

/* Somebody is called like us: this machine before, or another one. */
static void who_answer(void *arg, int rc, const struct mn_zk_reply *reply)
{
	struct daemon *d = arg;
	struct alive *a = d->alive;
	json_t *json;
	struct mn_err err;
	const char *boot;
	char *path;

	json = rc == ZOK ? json_loadb(reply->data, reply->len, 0, NULL) : NULL;
	boot = json_string_value(json_object_get(json, "boot"));
	if (boot && !strcmp(boot, d->boot)) {
		path = node_path(&a->id);
		mn_zk_delete(d->zk, path, reply->stat->version, delete_answer,
			     d);
		free(path);
	} else {
		a->busy = false;
		if (rc == ZOK)
			kernel_report(d, "host", MIDONET_LEVEL_WARNING,
				      "another host of this name is alive, or was a moment ago",
				      &err);
		failed(d, rc);
	}
	json_decref(json);
}

static void create_answer(void *arg, int rc, const struct mn_zk_reply *reply)
{
	struct daemon *d = arg;
	struct alive *a = d->alive;
	struct mn_err err;
	char *path;

	(void)reply;
	if (rc == ZNODEEXISTS) {
		path = node_path(&a->id);
		mn_zk_get(d->zk, path, false, who_answer, d);
		free(path);
		return;
	}
	a->busy = false;
	if (rc != ZOK) {
		failed(d, rc);
		return;
	}
	a->made = true;
	kernel_report(d, "host", MIDONET_LEVEL_OK, "", &err);
	said(d);
	proceed(d);
}

static void parent_answer(void *arg, int rc, const struct mn_zk_reply *reply)
{
	struct daemon *d = arg;
	struct alive *a = d->alive;
	char *path;

	(void)reply;
	if (rc != ZOK && rc != ZNODEEXISTS) {
		a->busy = false;
		failed(d, rc);
		return;
	}
	path = node_path(&a->id);
	mn_zk_create(d->zk, path, a->saying, strlen(a->saying), true,
		     create_answer, d);
	free(path);
}

static void create(struct daemon *d)
{
	char *path = node_path(&d->alive->id);

	*strrchr(path, '/') = '\0';
	mn_zk_create(d->zk, path, "", 0, false, parent_answer, d);
	free(path);
}

/* The host got another id. */
static void move(struct daemon *d)
{
	struct alive *a = d->alive;
	char *path = node_path(&a->id);

	a->id = d->host_id;
	a->made = false;
	mn_zk_delete(d->zk, path, -1, delete_answer, d);
	free(path);
}

/* Let the node say what is so; one step at a time. */
static void proceed(struct daemon *d)
{
	struct alive *a = d->alive;
	char *text, *path;

	if (!a->up || a->busy)
		return;
	if (!a->made)
		a->id = d->host_id;
	if (!mn_uuid_equal(&a->id, &d->host_id)) {
		a->busy = true;
		move(d);
		return;
	}
	text = node_text(d);
	if (a->made && a->said && !strcmp(text, a->said)) {
		free(text);
		return;
	}
	a->busy = true;
	free(a->saying);
	a->saying = text;
	if (!a->made) {
		create(d);
		return;
	}
	path = node_path(&a->id);
	mn_zk_set(d->zk, path, text, strlen(text), -1, set_answer, d);
	free(path);
}

/**
 * alive_update() - something changed that the others are told
 * @d: daemon
 */
void alive_update(struct daemon *d)
{
	if (!d->alive || !d->alive->up)
		return;
	proceed(d);
	source_zk_kick(d);
}

static void again_cb(evutil_socket_t fd, short what, void *arg)
{
	(void)fd;
	(void)what;
	alive_update(arg);
}

/* Ports. */

static void add_error(json_t *list, const struct mn_obj *port, int state)
{
	const struct mn_vals *why = port->vals[mn_type_wire(port->type,
						MIDONET_A_STATE_REASON)];
	struct mn_buf name = {};
	json_t *json = json_object();

	mn_obj_full_name(port, &name);
	json_object_set_new(json, "port", json_string(name.s));
	json_object_set_new(json, "state",
			    json_string(mn_port_state_names[state]));
	if (why)
		json_object_set_new(json, "reason",
				    json_stringn((char *)why->data + 1,
						 strnlen((char *)why->data + 1,
							 why->data[0])));
	json_array_append_new(list, json);
	mn_buf_free(&name);
}

static json_t *port_errors(struct daemon *d)
{
	struct mn_model *m = mn_model_new(d->kernel);
	json_t *list = json_array();
	const struct mn_vals *v;
	struct mn_obj **ports;
	struct mn_err err;
	uint32_t i, n;
	int state;

	mn_model_want(m, MIDONET_OBJECT_TYPE_PORT, &err);
	ports = mn_model_sorted(m, MIDONET_OBJECT_TYPE_PORT, &n);
	for (i = 0; i < n && json_array_size(list) < ERRORS_MAX; i++) {
		v = *mn_obj_val(ports[i], MIDONET_A_STATE);
		state = v ? v->data[1] : 0;
		if (state == MIDONET_PORT_STATE_ERROR ||
		    state == MIDONET_PORT_STATE_NO_DEVICE)
			add_error(list, ports[i], state);
	}
	free(ports);
	mn_model_free(m);
	return list;
}

static void look_cb(evutil_socket_t fd, short what, void *arg)
{
	struct daemon *d = arg;

	(void)fd;
	(void)what;
	json_decref(d->alive->errors);
	d->alive->errors = port_errors(d);
	alive_update(d);
}

static void look_soon(struct daemon *d)
{
	static const struct timeval tv = { .tv_sec = LOOK_S };

	if (!event_pending(d->alive->look, EV_TIMEOUT, NULL))
		event_add(d->alive->look, &tv);
}

static int event_cb(const struct nlmsghdr *nlh, void *arg)
{
	(void)nlh;
	(void)arg;
	return 0;
}

/* Also when some were lost: all ports are looked at. */
static void heard_cb(evutil_socket_t fd, short what, void *arg)
{
	struct daemon *d = arg;
	struct mn_err err;

	(void)fd;
	(void)what;
	while (mn_nl_events(&d->events, event_cb, NULL, 0, &err) > 0)
		;
	look_soon(d);
}

/* The service. */

static int alive_start(struct daemon *d, struct mn_err *err)
{
	struct alive *a;

	(void)err;
	/* A file has no other hosts. */
	if (!d->zk)
		return 0;
	a = mn_alloc(sizeof(*a));
	a->errors = json_array();
	a->again = evtimer_new(d->base, again_cb, d);
	a->look = evtimer_new(d->base, look_cb, d);
	a->heard = event_new(d->base, mnl_socket_get_fd(d->events.sock),
			     EV_READ | EV_PERSIST, heard_cb, d);
	event_add(a->heard, NULL);
	d->alive = a;
	return 0;
}

/* The node goes with the session, which is closed. */
static void alive_stop(struct daemon *d)
{
	struct alive *a = d->alive;

	if (!a)
		return;
	event_free(a->again);
	event_free(a->look);
	event_free(a->heard);
	json_decref(a->errors);
	free(a->said);
	free(a->saying);
	free(a);
	d->alive = NULL;
}

static void alive_changed(struct daemon *d)
{
	if (d->alive)
		look_soon(d);
}

static void alive_session(struct daemon *d, bool up)
{
	struct alive *a = d->alive;

	if (!a)
		return;
	a->up = up;
	a->made = false;
	a->busy = false;
	if (up)
		proceed(d);
}

const struct service service_alive = {
	.name = "alive",
	.start = alive_start,
	.stop = alive_stop,
	.changed = alive_changed,
	.session = alive_session,
};
