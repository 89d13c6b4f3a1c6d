// SPDX-License-Identifier: GPL-2.0
/*
 * A topology in ZooKeeper. Its client is driven by the event loop. Of the
 * topology only the node "revision" is watched: when it moves, the journal is read on,
 * one entry after the other is handed to the mirror. At the start, and when a mirror has to begin
 * anew, the whole is put together first, and handed over as one.
 *
 * While there is no connection, the kernel goes on with what it has.
 */
#include <errno.h>
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>
#include <syslog.h>

#include "mirror.h"
#include "report.h"
#include "source.h"
#include "zk_tree.h"

/* What did not go well is tried again after so long, seconds. */
#define RETRY_S		3

/*
 * So long a session is given to find a server, in its own time-outs. Servers that
 * were set back to a backup refuse it for ever, and take a new one.
 */
#define PATIENCE	2

/**
 * struct feed - a session, and how far it was read
 * @zk: session
 * @reader: reads the journal
 * @building: topology that is being put together, NULL: none is
 * @pump: socket of the session, and its time-out
 * @again: timer: read again
 * @moved: the revision moved while it was being read
 * @wait: the mirror has something that it cannot put into force yet
 * @up: services were told that there is a session
 * @fresh: there was no connection yet in this session
 * @alone: since when there is no connection, by mn_zk_now()
 */
static struct feed {
	struct mn_zk zk;
	struct mn_zk_reader reader;
	struct mn_model *building;
	struct event *pump;
	struct event *again;
	bool moved;
	bool wait;
	bool up;
	bool fresh;
	double alone;
} *feed;

static void arm(struct daemon *d);

static void read_on(struct daemon *d)
{
	struct mn_zk_reader *r = &feed->reader;

	if (feed->wait || feed->zk.state != MN_ZK_CONNECTED)
		return;
	if (r->busy) {
		feed->moved = true;
		return;
	}
	feed->moved = false;
	r->none = mirror_is_empty(d);
	r->have = mirror_revision(d);
	mn_model_free(feed->building);
	feed->building = r->none ? mn_model_new(NULL) : NULL;
	mn_zk_read(r);
}

static void read_later(void)
{
	static const struct timeval tv = { .tv_sec = RETRY_S };

	event_add(feed->again, &tv);
}

static int replace(struct daemon *d)
{
	struct mn_model *m = feed->building;

	feed->building = NULL;
	return mirror_replace(d, m, feed->reader.have);
}

/* Too far behind: the snapshot and what follows is put together aside. */
static int entry_fn(void *arg, const struct mn_zk_entry *entry,
		    struct mn_err *err)
{
	struct daemon *d = arg;
	int ret;

	report_newest(d, feed->reader.newest);
	if (entry->snapshot && !feed->building)
		feed->building = mn_model_new(NULL);
	if (feed->building)
		return mn_zk_entry_apply(&feed->building, entry, err);
	ret = mirror_entry(d, entry->revision, entry->lines.s ?: "",
			   entry->lines.len);
	/* One that is refused is read all the same. */
	if (mirror_revision(d) == entry->revision)
		strcpy(feed->reader.last, entry->txn);
	if (ret)
		return ret;
	log_say(LOG_INFO, "revision %" PRIu64 " of %s, %s", entry->revision,
		entry->author ?: "?", entry->time ?: "?");
	return 0;
}

static void root_answer(void *arg, int rc, const struct mn_zk_reply *reply)
{
	struct daemon *d = arg;

	(void)reply;
	if (rc == ZOK)
		read_on(d);
	else if (rc != ZCLOSING)
		read_later();
}

static void done_fn(void *arg, int ret, const struct mn_err *err)
{
	struct daemon *d = arg;

	if (!ret) {
		report_newest(d, feed->reader.newest);
		if (feed->building)
			ret = replace(d);
		else
			report_right(d);
		if (!ret)
			report_right(d);
	} else if (ret != -EAGAIN && err && *err->text) {
		report_wrong(d, "%s", err->text);
	}
	/* Without a node there is nothing to watch. */
	if (!ret && feed->reader.absent) {
		mn_zk_make_root(&feed->zk, root_answer, d);
		return;
	}
	if (mirror_error(d))
		feed->wait = true;
	else if (ret)
		read_later();
	else if (feed->moved)
		read_on(d);
}

static void again_cb(evutil_socket_t fd, short what, void *arg)
{
	(void)fd;
	(void)what;
	read_on(arg);
	arm(arg);
}

static void watch_fn(void *arg, const char *path)
{
	size_t i;

	if (!strcmp(path, MN_ZK_REVISION))
		read_on(arg);
	for (i = 0; services[i]; i++) {
		if (services[i]->watch)
			services[i]->watch(arg, path);
	}
}

static void tell_services(struct daemon *d, bool up)
{
	size_t i;

	if (feed->up == up)
		return;
	feed->up = up;
	for (i = 0; services[i]; i++) {
		if (services[i]->session)
			services[i]->session(d, up);
	}
}

static void state_fn(void *arg)
{
	struct daemon *d = arg;
	bool connected = feed->zk.state == MN_ZK_CONNECTED;

	report_connected(d, connected);
	feed->alone = mn_zk_now();
	if (!connected)
		return;
	if (feed->fresh) {
		feed->fresh = false;
		tell_services(d, true);
	}
	/* The server may be another one, and behind. */
	feed->reader.sync = true;
	feed->reader.check = true;
	read_on(d);
}

/* A session that has come to its end begins anew, with nothing. */
static void reopen(struct daemon *d)
{
	struct mn_err err;

	mn_zk_close(&feed->zk);
	tell_services(d, false);
	feed->fresh = true;
	feed->alone = mn_zk_now();
	report_connected(d, false);
	if (mn_zk_open(&feed->zk, &err))
		report_wrong(d, "%s", err.text);
	else
		report_right(d);
}

static bool is_hopeless(void)
{
	return feed->zk.state != MN_ZK_CONNECTED &&
	       mn_zk_now() - feed->alone >
	       PATIENCE * feed->zk.timeout_ms / 1000.0;
}

static void pump_cb(evutil_socket_t fd, short what, void *arg)
{
	(void)fd;
	mn_zk_process(&feed->zk, what & EV_READ, what & EV_WRITE);
	arm(arg);
}

/* Wait for the socket, or the time, whichever the client says. */
static void arm(struct daemon *d)
{
	struct timeval tv;
	bool read, write;
	int fd;

	event_del(feed->pump);
	if (feed->zk.state == MN_ZK_EXPIRED || !feed->zk.zh || is_hopeless())
		reopen(d);
	if (mn_zk_interest(&feed->zk, &fd, &read, &write, &tv)) {
		fd = -1;
		read = false;
		write = false;
		tv.tv_sec = 1;
		tv.tv_usec = 0;
	}
	event_assign(feed->pump, d->base, fd,
		     (read ? EV_READ : 0) | (write ? EV_WRITE : 0), pump_cb, d);
	event_add(feed->pump, &tv);
}

/**
 * source_zk_kick() - something was asked from outside of an answer: send it
 * @d: daemon
 */
void source_zk_kick(struct daemon *d)
{
	if (feed && feed->zk.zh && d->zk)
		event_active(feed->pump, EV_TIMEOUT, 0);
}

static int zk_open(struct daemon *d, const char *arg, struct mn_err *err)
{
	int ret;

	feed = mn_alloc(sizeof(*feed));
	ret = mn_zk_init(&feed->zk, arg, err);
	if (ret) {
		free(feed);
		feed = NULL;
		return ret;
	}
	feed->zk.arg = d;
	feed->zk.state_fn = state_fn;
	feed->zk.watch_fn = watch_fn;
	feed->reader.zk = &feed->zk;
	feed->reader.entry_fn = entry_fn;
	feed->reader.done_fn = done_fn;
	feed->reader.arg = d;
	feed->fresh = true;
	d->store_name = mn_asprintf("zk:%s%s", feed->zk.hosts, feed->zk.root);
	d->zk = &feed->zk;
	return 0;
}

static void zk_start(struct daemon *d)
{
	feed->pump = event_new(d->base, -1, 0, pump_cb, d);
	feed->again = evtimer_new(d->base, again_cb, d);
	arm(d);
}

static void zk_next(struct daemon *d)
{
	feed->wait = false;
	read_on(d);
	source_zk_kick(d);
}

static void zk_close(struct daemon *d)
{
	if (!feed)
		return;
	/* Nobody is there any more to be told. */
	feed->zk.state_fn = NULL;
	feed->zk.watch_fn = NULL;
	feed->wait = true;
	mn_zk_exit(&feed->zk);
	if (feed->pump)
		event_free(feed->pump);
	if (feed->again)
		event_free(feed->again);
	mn_zk_reader_exit(&feed->reader);
	mn_model_free(feed->building);
	free(feed);
	feed = NULL;
	d->zk = NULL;
}

const struct source source_zk = {
	.scheme = "zk",
	.open = zk_open,
	.start = zk_start,
	.next = zk_next,
	.close = zk_close,
};
