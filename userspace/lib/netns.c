// SPDX-License-Identifier: GPL-2.0
/* Network namespaces, by name. */
#include <errno.h>
#include <fcntl.h>
#include <sched.h>
#include <stdio.h>
#include <string.h>

#include "netns.h"

static int fail(const char *name, struct mn_err *err)
{
	return mn_fail(err, -errno, "network namespace %s: %s", name,
		       strerror(errno));
}

/**
 * mn_netns_open() - look a network namespace up
 * @name: as of ip-netns, or a path with a slash in it
 * @err: for errors
 *
 * Return: file descriptor or a negative error
 */
int mn_netns_open(const char *name, struct mn_err *err)
{
	char path[256];
	int fd;

	if (strchr(name, '/'))
		snprintf(path, sizeof(path), "%s", name);
	else
		snprintf(path, sizeof(path), "/run/netns/%s", name);
	fd = open(path, O_RDONLY | O_CLOEXEC);
	return fd < 0 ? fail(name, err) : fd;
}

/**
 * mn_netns_enter() - go into a network namespace
 * @fd: from mn_netns_open()
 * @name: its name
 * @err: for errors
 *
 * Return: 0 or a negative error
 */
int mn_netns_enter(int fd, const char *name, struct mn_err *err)
{
	return setns(fd, CLONE_NEWNET) ? fail(name, err) : 0;
}
