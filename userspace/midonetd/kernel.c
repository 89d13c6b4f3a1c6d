// SPDX-License-Identifier: GPL-2.0
/* The kernel: opened where it is, owned by the store, told how things are. */
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "daemon.h"
#include "netns.h"

/**
 * kernel_within() - do something in the network namespace that is meant
 * @d: daemon; it comes back to the network namespace it is in
 * @fn: what; sockets that it opens stay there
 * @err: for errors
 *
 * Return: what @fn returned, or a negative error
 */
int kernel_within(struct daemon *d,
		  int (*fn)(struct daemon *d, struct mn_err *err),
		  struct mn_err *err)
{
	int there = -1, here = -1, ret = 0;
	struct mn_err back;

	if (!d->conf.netns)
		return fn(d, err);
	here = mn_netns_open("/proc/self/ns/net", err);
	there = here < 0 ? here : mn_netns_open(d->conf.netns, err);
	ret = there < 0 ? there : mn_netns_enter(there, d->conf.netns, err);
	if (!ret)
		ret = fn(d, err);
	/* Else it would look for its store in the wrong place. */
	if (here >= 0 && there >= 0 &&
	    mn_netns_enter(here, "where midonetd was started", &back)) {
		*err = back;
		ret = back.code;
	}
	if (there >= 0)
		close(there);
	if (here >= 0)
		close(here);
	return ret;
}

static int open_here(struct daemon *d, struct mn_err *err)
{
	int ret = mn_store_open(&d->kernel, "kernel", err);

	if (!ret)
		ret = mn_nl_open(&d->events, err);
	if (!ret)
		ret = mn_nl_join(&d->events, MIDONET_MCGRP_STATE, err);
	return ret;
}

/**
 * kernel_open() - connect to the kernel of the network namespace that is meant
 * @d: daemon; it stays in the network namespace it is in
 * @err: for errors
 *
 * Return: 0 or a negative error
 */
int kernel_open(struct daemon *d, struct mn_err *err)
{
	int ret = kernel_within(d, open_here, err);

	if (!ret)
		d->nl = mn_store_nl(d->kernel);
	return ret;
}

static int set_status(struct daemon *d, struct mn_buf *b, size_t at,
		      struct mn_err *err)
{
	int ret;

	mn_msg_end(b, at);
	ret = mn_nl_call(d->nl, b, NULL, NULL, err);
	mn_buf_free(b);
	return ret;
}

/**
 * kernel_own() - let the store own the kernel
 * @d: daemon with a store's name
 * @err: for errors
 *
 * As long as the connection is there, nobody else can.
 *
 * Return: 0 or a negative error, -EBUSY if somebody else does
 */
int kernel_own(struct daemon *d, struct mn_err *err)
{
	struct mn_buf b = {};
	size_t at = mn_msg_begin(&b, d->nl, MIDONET_CMD_STATUS_SET, 0);

	mn_msg_put(&b, MIDONET_STATUS_STORE, d->store_name,
		   strlen(d->store_name) + 1);
	return set_status(d, &b, at, err);
}

/**
 * kernel_set_host() - say which host this is
 * @d: daemon
 * @id: id of the host, which need not be there yet
 * @err: for errors
 *
 * Return: 0 or a negative error
 */
int kernel_set_host(struct daemon *d, const struct mn_uuid *id,
		    struct mn_err *err)
{
	struct mn_buf b = {};
	size_t at = mn_msg_begin(&b, d->nl, MIDONET_CMD_STATUS_SET, 0);
	int ret;

	mn_msg_put(&b, MIDONET_STATUS_HOST_ID, id->b, MN_UUID_LEN);
	ret = set_status(d, &b, at, err);
	if (!ret)
		d->host_id = *id;
	return ret;
}

struct status {
	char *store;
	uint64_t revision;
};

static int status_cb(const struct nlmsghdr *nlh, void *arg)
{
	const struct nlattr *tb[MIDONET_STATUS_MAX + 1];
	struct status *s = arg;

	mn_msg_attrs(nlh, tb, MIDONET_STATUS_MAX);
	s->revision = mn_attr_num(tb[MIDONET_STATUS_REVISION]);
	free(s->store);
	s->store = mn_strdup(mn_attr_text(tb[MIDONET_STATUS_STORE]) ?: "");
	return 0;
}

/**
 * kernel_status() - what the kernel mirrors
 * @d: daemon
 * @store: result, to be freed: name of the store that owns it, or empty
 * @revision: result: what of it is in force
 * @err: for errors
 *
 * Return: 0 or a negative error
 */
int kernel_status(struct daemon *d, char **store, uint64_t *revision,
		  struct mn_err *err)
{
	struct status s = {};
	struct mn_buf b = {};
	int ret;

	mn_msg_end(&b, mn_msg_begin(&b, d->nl, MIDONET_CMD_STATUS_GET, 0));
	ret = mn_nl_call(d->nl, &b, status_cb, &s, err);
	mn_buf_free(&b);
	*store = s.store ?: mn_strdup("");
	*revision = s.revision;
	return ret;
}

/**
 * kernel_report() - tell the kernel how something is, for who asks for its status
 * @d: daemon
 * @name: what
 * @level: how bad
 * @text: how, in one line; empty: it is no more
 * @err: for errors
 *
 * Return: 0 or a negative error
 */
int kernel_report(struct daemon *d, const char *name, enum midonet_level level,
		  const char *text, struct mn_err *err)
{
	struct mn_buf b = {};
	size_t at = mn_msg_begin(&b, d->nl, MIDONET_CMD_STATUS_SET, 0), nest;
	char cut[200];

	strncpy(cut, text, sizeof(cut) - 1);
	cut[sizeof(cut) - 1] = '\0';
	nest = mn_msg_nest(&b, MIDONET_STATUS_SUBSYSTEMS);
	mn_msg_put(&b, MIDONET_SUBSYSTEM_NAME, name, strlen(name) + 1);
	mn_msg_put_u8(&b, MIDONET_SUBSYSTEM_LEVEL, level);
	mn_msg_put(&b, MIDONET_SUBSYSTEM_TEXT, cut, strlen(cut) + 1);
	mn_msg_nest_end(&b, nest);
	return set_status(d, &b, at, err);
}
