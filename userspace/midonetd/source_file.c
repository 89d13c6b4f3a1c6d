// SPDX-License-Identifier: GPL-2.0
/*
 * A topology in a file. A writer replaces the file as a whole; that is heard by
 * inotify of its directory, and seen by looking every few seconds, for those
 * filesystems that do not tell.
 */
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/inotify.h>
#include <syslog.h>
#include <unistd.h>

#include "edit.h"
#include "file.h"
#include "mirror.h"
#include "report.h"
#include "source.h"

#define LOOK_S	2

/**
 * struct watch - a file that is watched
 * @file: the file
 * @fd: inotify, -1: none
 * @heard: something happened in the directory
 * @tick: timer
 * @wait: the mirror has something that it cannot put into force yet
 */
static struct watch {
	struct mn_file file;
	int fd;
	struct event *heard;
	struct event *tick;
	bool wait;
} *watch;

static void look(struct daemon *d)
{
	struct mn_model *m = NULL;
	struct mn_err err = {};
	uint64_t revision;
	int ret;

	ret = mn_file_read(&watch->file, &m, &revision, &err);
	if (!ret && !watch->file.there) {
		mn_model_free(m);
		ret = mn_fail(&err, -ENOENT, "%s: there is no such file",
			      watch->file.path);
	}
	report_connected(d, ret != -ENOENT);
	if (ret) {
		report_wrong(d, "%s", err.text);
		return;
	}
	report_newest(d, revision);
	ret = mirror_replace(d, m, revision);
	watch->wait = ret && ret != -EUCLEAN;
	if (ret != -EUCLEAN)
		report_right(d);
}

static void look_if_moved(struct daemon *d)
{
	if (!watch->wait && mn_file_moved(&watch->file))
		look(d);
}

static void tick_cb(evutil_socket_t fd, short what, void *arg)
{
	(void)fd;
	(void)what;
	look_if_moved(arg);
}

static void heard_cb(evutil_socket_t fd, short what, void *arg)
{
	struct inotify_event buf[4096 / sizeof(struct inotify_event)];

	(void)what;
	/* What it was is seen by looking. */
	while (read(fd, buf, sizeof(buf)) > 0)
		;
	look_if_moved(arg);
}

static void watch_dir(struct daemon *d)
{
	char *dir = mn_strdup(watch->file.path), *slash = strrchr(dir, '/');

	watch->fd = inotify_init1(IN_NONBLOCK | IN_CLOEXEC);
	if (slash)
		slash[slash == dir] = '\0';
	if (watch->fd >= 0 &&
	    inotify_add_watch(watch->fd, slash ? dir : ".",
			      IN_MOVED_TO | IN_CLOSE_WRITE | IN_DELETE) >= 0) {
		watch->heard = event_new(d->base, watch->fd,
					 EV_READ | EV_PERSIST, heard_cb, d);
		event_add(watch->heard, NULL);
	}
	free(dir);
}

static int file_open(struct daemon *d, const char *arg, struct mn_err *err)
{
	char *path;
	int ret;

	watch = mn_alloc(sizeof(*watch));
	watch->fd = -1;
	ret = mn_file_init(&watch->file, arg, err);
	if (ret)
		return ret;
	/* Its name is the same wherever somebody stands. */
	if (*watch->file.path != '/') {
		char *cwd = getcwd(NULL, 0);

		path = mn_asprintf("%s/%s", cwd ?: "", watch->file.path);
		free(watch->file.path);
		free(cwd);
		watch->file.path = path;
	}
	d->store_name = mn_asprintf("file:%s", watch->file.path);
	return 0;
}

static void file_start(struct daemon *d)
{
	static const struct timeval tv = { .tv_sec = LOOK_S };

	watch_dir(d);
	watch->tick = event_new(d->base, -1, EV_PERSIST, tick_cb, d);
	event_add(watch->tick, &tv);
	look(d);
}

static void file_next(struct daemon *d)
{
	watch->wait = false;
	look_if_moved(d);
}

static void file_close(struct daemon *d)
{
	(void)d;
	if (!watch)
		return;
	if (watch->heard)
		event_free(watch->heard);
	if (watch->tick)
		event_free(watch->tick);
	if (watch->fd >= 0)
		close(watch->fd);
	mn_file_exit(&watch->file);
	free(watch);
	watch = NULL;
}

const struct source source_file = {
	.scheme = "file",
	.open = file_open,
	.start = file_start,
	.next = file_next,
	.close = file_close,
};
