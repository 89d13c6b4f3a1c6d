// SPDX-License-Identifier: GPL-2.0
/*
 * Tells systemd, or whoever speaks its protocol (sd_notify(3)), that the daemon works,
 * that it still does, and what it does. Without NOTIFY_SOCKET it does nothing.
 */
#include <stddef.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

#include "mirror.h"
#include "notify.h"

/**
 * struct notify - the other side
 * @fd: socket, or -1
 * @watchdog: timer, or NULL: nobody watches
 */
struct notify {
	int fd;
	struct event *watchdog;
};

static struct notify notify = { .fd = -1 };

/* What nobody reads is lost: nothing here may wait. */
static void say(const char *text)
{
	if (notify.fd >= 0)
		send(notify.fd, text, strlen(text), MSG_DONTWAIT | MSG_NOSIGNAL);
}

static int reach(const char *path)
{
	struct sockaddr_un addr = { .sun_family = AF_UNIX };
	size_t len = strlen(path);
	int fd;

	if (len >= sizeof(addr.sun_path) || (*path != '/' && *path != '@'))
		return -1;
	memcpy(addr.sun_path, path, len);
	if (*path == '@')
		addr.sun_path[0] = '\0';
	fd = socket(AF_UNIX, SOCK_DGRAM | SOCK_CLOEXEC, 0);
	if (fd >= 0 && connect(fd, (void *)&addr,
			       offsetof(struct sockaddr_un, sun_path) + len)) {
		close(fd);
		fd = -1;
	}
	return fd;
}

static void watchdog_cb(evutil_socket_t fd, short what, void *arg)
{
	(void)fd;
	(void)what;
	(void)arg;
	say("WATCHDOG=1");
}

/* Twice as often as is asked for. */
static void start_watchdog(struct daemon *d)
{
	const char *usec = getenv("WATCHDOG_USEC"), *pid = getenv("WATCHDOG_PID");
	unsigned long long period = usec ? strtoull(usec, NULL, 10) / 2 : 0;
	struct timeval tv = {
		.tv_sec = period / 1000000, .tv_usec = period % 1000000,
	};

	if (!period || (pid && strtoul(pid, NULL, 10) != (unsigned long)getpid()))
		return;
	notify.watchdog = event_new(d->base, -1, EV_PERSIST, watchdog_cb, d);
	event_add(notify.watchdog, &tv);
}

static int start(struct daemon *d, struct mn_err *err)
{
	const char *path = getenv("NOTIFY_SOCKET");

	(void)err;
	if (!path)
		return 0;
	notify.fd = reach(path);
	start_watchdog(d);
	say("READY=1\nSTATUS=Waits for the store");
	return 0;
}

static void changed(struct daemon *d)
{
	char text[400];

	snprintf(text, sizeof(text), "STATUS=Revision %llu of %s is in force",
		 (unsigned long long)mirror_applied(d), d->store_name);
	say(text);
}

static void stop(struct daemon *d)
{
	(void)d;
	say("STOPPING=1");
	if (notify.watchdog)
		event_free(notify.watchdog);
	notify.watchdog = NULL;
	if (notify.fd >= 0)
		close(notify.fd);
	notify.fd = -1;
}

const struct service service_notify = {
	.name = "notify",
	.start = start,
	.stop = stop,
	.changed = changed,
};
