// SPDX-License-Identifier: GPL-2.0
/* Transport: a generic netlink socket of the family. */
#include <errno.h>
#include <poll.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>

#include "nl.h"

#define RX_SIZE		(256 * 1024)
#define RCVBUF		(4 * 1024 * 1024)
#define SNDBUF		(1024 * 1024)

/**
 * mn_msg_begin() - begin a message
 * @b: buffer, appended to
 * @nl: connection
 * @cmd: &enum midonet_cmd
 * @flags: NLM_F_*
 *
 * Return: for mn_msg_end()
 */
size_t mn_msg_begin(struct mn_buf *b, const struct mn_nl *nl, int cmd,
		    int flags)
{
	struct nlmsghdr nlh = {
		.nlmsg_type = nl->family,
		.nlmsg_flags = NLM_F_REQUEST | flags,
	};
	struct genlmsghdr gnlh = {
		.cmd = cmd,
		.version = MIDONET_FAMILY_VERSION,
	};
	size_t at = b->len;

	mn_buf_add(b, &nlh, sizeof(nlh));
	mn_buf_add(b, &gnlh, sizeof(gnlh));
	return at;
}

/**
 * mn_msg_end() - end a message
 * @b: buffer
 * @at: from mn_msg_begin()
 */
void mn_msg_end(struct mn_buf *b, size_t at)
{
	uint32_t len = b->len - at;

	memcpy(b->s + at + offsetof(struct nlmsghdr, nlmsg_len), &len,
	       sizeof(len));
}

/**
 * mn_msg_put() - append an attribute
 * @b: buffer
 * @attr: number
 * @data: content
 * @len: its bytes
 */
void mn_msg_put(struct mn_buf *b, int attr, const void *data, size_t len)
{
	struct nlattr nla = { .nla_len = MNL_ATTR_HDRLEN + len,
			      .nla_type = attr };
	size_t size = MNL_ALIGN(nla.nla_len);
	char *at = mn_buf_grow(b, size);

	memcpy(at, &nla, sizeof(nla));
	if (len)
		memcpy(at + sizeof(nla), data, len);
	memset(at + sizeof(nla) + len, 0, size - sizeof(nla) - len);
}

/**
 * mn_msg_put_u8() - append a byte
 * @b: buffer
 * @attr: number
 * @value: content
 */
void mn_msg_put_u8(struct mn_buf *b, int attr, uint8_t value)
{
	mn_msg_put(b, attr, &value, sizeof(value));
}

/**
 * mn_msg_put_u32() - append a 32-bit number
 * @b: buffer
 * @attr: number
 * @value: content
 */
void mn_msg_put_u32(struct mn_buf *b, int attr, uint32_t value)
{
	mn_msg_put(b, attr, &value, sizeof(value));
}

/**
 * mn_msg_put_u64() - append a 64-bit number
 * @b: buffer
 * @attr: number
 * @value: content
 */
void mn_msg_put_u64(struct mn_buf *b, int attr, uint64_t value)
{
	mn_msg_put(b, attr, &value, sizeof(value));
}

/**
 * mn_msg_nest() - begin a nest
 * @b: buffer
 * @attr: number
 *
 * Return: for mn_msg_nest_end()
 */
size_t mn_msg_nest(struct mn_buf *b, int attr)
{
	size_t at = b->len;

	mn_msg_put(b, attr | NLA_F_NESTED, NULL, 0);
	return at;
}

/**
 * mn_msg_nest_end() - end a nest
 * @b: buffer
 * @at: from mn_msg_nest(); what is in it is less than 64 KiB
 */
void mn_msg_nest_end(struct mn_buf *b, size_t at)
{
	uint16_t len = b->len - at;

	memcpy(b->s + at, &len, sizeof(len));
}

/**
 * mn_msg_cmd() - command of a message
 * @nlh: message
 *
 * Return: &enum midonet_cmd
 */
int mn_msg_cmd(const struct nlmsghdr *nlh)
{
	const struct genlmsghdr *gnlh = mnl_nlmsg_get_payload(nlh);

	return gnlh->cmd;
}

/**
 * mn_msg_attrs() - sort the attributes of a message
 * @nlh: message
 * @tb: result by number, @max + 1 pointers
 * @max: highest number wanted
 */
void mn_msg_attrs(const struct nlmsghdr *nlh, const struct nlattr **tb,
		  size_t max)
{
	const struct nlattr *attr;

	memset(tb, 0, (max + 1) * sizeof(*tb));
	mn_msg_for_each(attr, nlh) {
		if (mnl_attr_get_type(attr) <= max)
			tb[mnl_attr_get_type(attr)] = attr;
	}
}

/**
 * mn_nest_attrs() - sort the attributes of a nest
 * @nest: nest or NULL
 * @tb: result by number, @max + 1 pointers
 * @max: highest number wanted
 */
void mn_nest_attrs(const struct nlattr *nest, const struct nlattr **tb,
		   size_t max)
{
	const struct nlattr *attr;

	memset(tb, 0, (max + 1) * sizeof(*tb));
	if (!nest)
		return;
	mnl_attr_for_each_nested(attr, nest) {
		if (mnl_attr_get_type(attr) <= max)
			tb[mnl_attr_get_type(attr)] = attr;
	}
}

/**
 * mn_attr_num() - number in an attribute
 * @attr: attribute of 1, 2, 4 or 8 bytes, or NULL
 *
 * Return: the number, 0 if there is none
 */
uint64_t mn_attr_num(const struct nlattr *attr)
{
	return attr ? mn_value_num(mnl_attr_get_payload(attr),
				   mnl_attr_get_payload_len(attr)) : 0;
}

/**
 * mn_attr_text() - string in an attribute
 * @attr: attribute or NULL
 *
 * Return: the string, NULL if it is not there or empty
 */
const char *mn_attr_text(const struct nlattr *attr)
{
	uint16_t len = attr ? mnl_attr_get_payload_len(attr) : 0;
	const char *s = attr ? mnl_attr_get_payload(attr) : NULL;

	return len > 1 && !s[len - 1] && *s ? s : NULL;
}

static int error_text(const struct nlmsghdr *nlh, struct mn_err *err)
{
	const struct nlmsgerr *e = mnl_nlmsg_get_payload(nlh);
	const struct nlattr *attr;
	size_t skip = sizeof(*e);
	const char *text = NULL;

	if (!e->error)
		return 0;
	if (!(nlh->nlmsg_flags & NLM_F_CAPPED))
		skip += MNL_ALIGN(e->msg.nlmsg_len) - sizeof(e->msg);
	if (nlh->nlmsg_flags & NLM_F_ACK_TLVS) {
		mnl_attr_for_each(attr, nlh, skip) {
			if (mnl_attr_get_type(attr) == NLMSGERR_ATTR_MSG)
				text = mn_attr_text(attr);
		}
	}
	if (text)
		return mn_fail(err, e->error, "%s", text);
	if (e->error == -EPERM)
		return mn_fail(err, e->error,
			       "not permitted; CAP_NET_ADMIN is needed in the owner of this network namespace");
	return mn_fail(err, e->error, "the kernel says: %s",
		       strerror(-e->error));
}

/* End of a dump: an error may come with it. */
static int done_text(const struct nlmsghdr *nlh, struct mn_err *err)
{
	const struct nlattr *attr;
	const char *text = NULL;
	int code = 0;

	if (mnl_nlmsg_get_payload_len(nlh) >= sizeof(code))
		memcpy(&code, mnl_nlmsg_get_payload(nlh), sizeof(code));
	if (code >= 0)
		return 0;
	if (nlh->nlmsg_flags & NLM_F_ACK_TLVS) {
		mnl_attr_for_each(attr, nlh, sizeof(code)) {
			if (mnl_attr_get_type(attr) == NLMSGERR_ATTR_MSG)
				text = mn_attr_text(attr);
		}
	}
	return mn_fail(err, code, "%s", text ? text : strerror(-code));
}

/**
 * mn_nl_send() - send messages
 * @nl: connection
 * @b: messages
 * @err: for errors
 *
 * Return: 0 or a negative error
 */
int mn_nl_send(struct mn_nl *nl, const struct mn_buf *b, struct mn_err *err)
{
	if (mnl_socket_sendto(nl->sock, b->s, b->len) < 0)
		return mn_fail(err, -errno, "cannot send to the kernel: %s",
			       strerror(errno));
	return 0;
}

static ssize_t recv_some(struct mn_nl *nl, int flags, struct mn_err *err)
{
	ssize_t n;

	do {
		n = recv(mnl_socket_get_fd(nl->sock), nl->rx, nl->rx_size,
			 flags | MSG_TRUNC);
	} while (n < 0 && errno == EINTR);
	if (n < 0 && errno == EAGAIN)
		return 0;
	if (n < 0)
		return mn_fail(err, -errno, "cannot receive from the kernel: %s",
			       strerror(errno));
	if ((size_t)n > nl->rx_size)
		return mn_fail(err, -EMSGSIZE,
			       "the kernel sent %zd bytes at once", n);
	return n;
}

/**
 * mn_nl_pending() - read errors of messages that ask for no acknowledgment
 * @nl: connection
 * @err: the first of them
 *
 * The kernel works a message off before send() returns: an error is there by
 * then.
 *
 * Return: 0, or that error
 */
int mn_nl_pending(struct mn_nl *nl, struct mn_err *err)
{
	const struct nlmsghdr *nlh;
	struct mn_err other;
	int ret = 0, len;
	ssize_t n;

	while ((n = recv_some(nl, MSG_DONTWAIT, ret ? &other : err)) > 0) {
		len = n;
		for (nlh = (void *)nl->rx; mnl_nlmsg_ok(nlh, len);
		     nlh = mnl_nlmsg_next(nlh, &len)) {
			if (!ret && nlh->nlmsg_type == NLMSG_ERROR)
				ret = error_text(nlh, err);
		}
	}
	return ret ? ret : n;
}

/*
 * One datagram's messages. Return: 1 when the answer is complete, 0 when more
 * comes, or a negative error.
 */
static int work_off(struct mn_nl *nl, int len, mn_nl_cb cb, void *arg,
		    bool *interrupted, struct mn_err *err)
{
	const struct nlmsghdr *nlh;
	int ret;

	for (nlh = (void *)nl->rx; mnl_nlmsg_ok(nlh, len);
	     nlh = mnl_nlmsg_next(nlh, &len)) {
		if (nlh->nlmsg_seq != nl->seq)
			continue;
		if (nlh->nlmsg_flags & NLM_F_DUMP_INTR)
			*interrupted = true;
		if (nlh->nlmsg_type == NLMSG_ERROR)
			return error_text(nlh, err) ?: 1;
		if (nlh->nlmsg_type == NLMSG_DONE)
			return done_text(nlh, err) ?: 1;
		if (nlh->nlmsg_type < NLMSG_MIN_TYPE || !cb)
			continue;
		ret = cb(nlh, arg);
		if (ret < 0)
			return mn_fail(err, ret, "cannot read the answer of the kernel");
	}
	return 0;
}

static int transact(struct mn_nl *nl, const struct mn_buf *b, int flags,
		    mn_nl_cb cb, void *arg, bool *interrupted,
		    struct mn_err *err)
{
	struct nlmsghdr *nlh = (void *)b->s;
	ssize_t n;
	int ret;

	*interrupted = false;
	nlh->nlmsg_seq = ++nl->seq;
	nlh->nlmsg_flags |= flags;
	ret = mn_nl_send(nl, b, err);
	while (!ret) {
		n = recv_some(nl, 0, err);
		if (n < 0)
			return n;
		ret = work_off(nl, n, cb, arg, interrupted, err);
	}
	return ret < 0 ? ret : 0;
}

/**
 * mn_nl_call() - a request and its answer
 * @nl: connection
 * @b: one message
 * @cb: called for replies, or NULL
 * @arg: for @cb
 * @err: for errors
 *
 * Return: 0 or a negative error
 */
int mn_nl_call(struct mn_nl *nl, const struct mn_buf *b, mn_nl_cb cb, void *arg,
	       struct mn_err *err)
{
	bool interrupted;

	return transact(nl, b, NLM_F_ACK, cb, arg, &interrupted, err);
}

/* Number a row of messages; the number of the first. */
static uint32_t number(struct mn_nl *nl, const struct mn_buf *b)
{
	uint32_t first = nl->seq + 1;
	struct nlmsghdr *nlh;
	size_t at;

	for (at = 0; at < b->len; at += MNL_ALIGN(nlh->nlmsg_len)) {
		nlh = (struct nlmsghdr *)(b->s + at);
		nlh->nlmsg_seq = ++nl->seq;
	}
	return first;
}

/**
 * mn_nl_each() - requests that are sent together, but answered one by one
 * @nl: connection
 * @b: some hundred messages at most, none of which asks for an acknowledgment
 * @refused: called for each that was refused, in their order
 * @arg: for @refused
 * @err: for errors
 *
 * Return: 0, whatever was refused; a negative error if it is not known
 */
int mn_nl_each(struct mn_nl *nl, const struct mn_buf *b, mn_nl_refused refused,
	       void *arg, struct mn_err *err)
{
	uint32_t first = number(nl, b);
	const struct nlmsghdr *nlh;
	struct mn_err why;
	ssize_t n;
	int len, ret;

	ret = mn_nl_send(nl, b, err);
	if (ret)
		return ret;
	/* All is worked off before send() returns. */
	while ((n = recv_some(nl, MSG_DONTWAIT, err)) > 0) {
		len = n;
		for (nlh = (void *)nl->rx; mnl_nlmsg_ok(nlh, len);
		     nlh = mnl_nlmsg_next(nlh, &len)) {
			memset(&why, 0, sizeof(why));
			if (nlh->nlmsg_type == NLMSG_ERROR &&
			    nlh->nlmsg_seq - first <= nl->seq - first &&
			    error_text(nlh, &why))
				refused(nlh->nlmsg_seq - first, &why, arg);
		}
	}
	return n;
}

/**
 * mn_nl_dump() - list something
 * @nl: connection
 * @b: one message
 * @cb: called for each part
 * @arg: for @cb
 * @err: for errors
 *
 * Return: 0; -EINTR if the topology changed meanwhile and the list is not
 * consistent; or another negative error
 */
int mn_nl_dump(struct mn_nl *nl, const struct mn_buf *b, mn_nl_cb cb, void *arg,
	       struct mn_err *err)
{
	bool interrupted;
	int ret = transact(nl, b, NLM_F_DUMP, cb, arg, &interrupted, err);

	if (!ret && interrupted)
		ret = mn_fail(err, -EINTR, "the topology keeps changing");
	return ret;
}

/**
 * mn_nl_events() - read events
 * @nl: connection
 * @cb: called for each
 * @arg: for @cb
 * @timeout_ms: longest wait for the first, -1: no limit
 * @err: for errors
 *
 * Return: 1 after some were read, 0 after the time, or a negative error;
 * -ENOBUFS when events were lost
 */
int mn_nl_events(struct mn_nl *nl, mn_nl_cb cb, void *arg, int timeout_ms,
		 struct mn_err *err)
{
	struct pollfd pfd = { .fd = mnl_socket_get_fd(nl->sock),
			      .events = POLLIN };
	const struct nlmsghdr *nlh;
	ssize_t n;
	int len, ret;

	ret = poll(&pfd, 1, timeout_ms);
	if (ret <= 0)
		return ret && errno != EINTR ? -errno : 0;
	n = recv_some(nl, MSG_DONTWAIT, err);
	if (n < 0)
		return n;
	len = n;
	for (nlh = (void *)nl->rx; mnl_nlmsg_ok(nlh, len);
	     nlh = mnl_nlmsg_next(nlh, &len)) {
		if (nlh->nlmsg_type == NLMSG_ERROR)
			ret = error_text(nlh, err);
		else if (nlh->nlmsg_type >= NLMSG_MIN_TYPE)
			ret = cb(nlh, arg);
		if (ret < 0)
			return ret;
	}
	return 1;
}

struct family {
	uint16_t id;
	uint32_t group;
	const char *want;
};

static void family_groups(const struct nlattr *groups, struct family *f)
{
	const struct nlattr *group, *tb[CTRL_ATTR_MCAST_GRP_MAX + 1];
	const char *name;

	mnl_attr_for_each_nested(group, groups) {
		mn_nest_attrs(group, tb, CTRL_ATTR_MCAST_GRP_MAX);
		name = mn_attr_text(tb[CTRL_ATTR_MCAST_GRP_NAME]);
		if (name && f->want && !strcmp(name, f->want))
			f->group = mn_attr_num(tb[CTRL_ATTR_MCAST_GRP_ID]);
	}
}

static int family_cb(const struct nlmsghdr *nlh, void *arg)
{
	const struct nlattr *tb[CTRL_ATTR_MAX + 1];
	struct family *f = arg;

	mn_msg_attrs(nlh, tb, CTRL_ATTR_MAX);
	f->id = mn_attr_num(tb[CTRL_ATTR_FAMILY_ID]);
	if (tb[CTRL_ATTR_MCAST_GROUPS])
		family_groups(tb[CTRL_ATTR_MCAST_GROUPS], f);
	return 0;
}

static int family_get(struct mn_nl *nl, struct family *f, struct mn_err *err)
{
	struct mn_nl ctrl = { .family = GENL_ID_CTRL };
	struct mn_buf b = {};
	size_t at;
	int ret;

	at = mn_msg_begin(&b, &ctrl, CTRL_CMD_GETFAMILY, 0);
	mn_msg_put(&b, CTRL_ATTR_FAMILY_NAME, MIDONET_FAMILY_NAME,
		   sizeof(MIDONET_FAMILY_NAME));
	mn_msg_end(&b, at);
	ret = mn_nl_call(nl, &b, family_cb, f, err);
	mn_buf_free(&b);
	if (ret == -ENOENT)
		return mn_fail(err, ret,
			       "the kernel module midonet is not loaded; try: modprobe midonet");
	return ret;
}

/**
 * mn_nl_join() - hear the events of a multicast group
 * @nl: connection
 * @group: its name
 * @err: for errors
 *
 * Return: 0 or a negative error
 */
int mn_nl_join(struct mn_nl *nl, const char *group, struct mn_err *err)
{
	struct family f = { .want = group };
	int ret = family_get(nl, &f, err);

	if (ret)
		return ret;
	if (mnl_socket_setsockopt(nl->sock, NETLINK_ADD_MEMBERSHIP, &f.group,
				  sizeof(f.group)) < 0)
		return mn_fail(err, -errno, "cannot listen to %s events: %s",
			       group, strerror(errno));
	return 0;
}

/**
 * mn_nl_open() - connect to the kernel
 * @nl: connection
 * @err: for errors
 *
 * Return: 0 or a negative error
 */
int mn_nl_open(struct mn_nl *nl, struct mn_err *err)
{
	int one = 1, size = RCVBUF, ret, fd;
	struct family f = {};

	memset(nl, 0, sizeof(*nl));
	nl->sock = mnl_socket_open2(NETLINK_GENERIC, SOCK_CLOEXEC);
	if (!nl->sock || mnl_socket_bind(nl->sock, 0, MNL_SOCKET_AUTOPID) < 0) {
		ret = mn_fail(err, -errno, "cannot open a netlink socket: %s",
			      strerror(errno));
		mn_nl_close(nl);
		return ret;
	}
	fd = mnl_socket_get_fd(nl->sock);
	mnl_socket_setsockopt(nl->sock, NETLINK_EXT_ACK, &one, sizeof(one));
	mnl_socket_setsockopt(nl->sock, NETLINK_CAP_ACK, &one, sizeof(one));
	/* Without the privilege the system's limit holds: good enough. */
	if (setsockopt(fd, SOL_SOCKET, SO_RCVBUFFORCE, &size, sizeof(size)))
		setsockopt(fd, SOL_SOCKET, SO_RCVBUF, &size, sizeof(size));
	size = SNDBUF;
	if (setsockopt(fd, SOL_SOCKET, SO_SNDBUFFORCE, &size, sizeof(size)))
		setsockopt(fd, SOL_SOCKET, SO_SNDBUF, &size, sizeof(size));
	nl->rx_size = RX_SIZE;
	nl->rx = mn_alloc(nl->rx_size);
	ret = family_get(nl, &f, err);
	if (ret) {
		mn_nl_close(nl);
		return ret;
	}
	nl->family = f.id;
	return 0;
}

/**
 * mn_nl_close() - disconnect; an open transaction is forgotten
 * @nl: connection
 */
void mn_nl_close(struct mn_nl *nl)
{
	if (nl->sock)
		mnl_socket_close(nl->sock);
	free(nl->rx);
	memset(nl, 0, sizeof(*nl));
}
