// SPDX-License-Identifier: GPL-2.0
/*
 * Preloaded into programs that talk to the module: every request they send is tried
 * with its first allocation failing, then the second, and so on, until one of the
 * tries needs no more than that. What is refused must have changed nothing, so it is
 * sent again, and the program must not notice. Needs /proc/thread-self/fail-nth.
 *
 * What the kernel answers stays in the socket, so only sendto() is replaced. Of a
 * request that asks for an acknowledgment the wish is kept back: were it lost for
 * want of memory, nobody could tell what became of the request. An empty message
 * asks for it afterwards.
 *
 * A transaction that is refused is gone, so its messages are kept to send them again.
 * A dump is read-only: it is rehearsed on a socket of its own.
 *
 * The module can do without some allocations. A request that succeeded so cannot be
 * tried again; the next of its kind goes on where it ended. Files in the directory
 * $MN_FAILNTH remember where.
 */
#include <errno.h>
#include <fcntl.h>
#include <linux/genetlink.h>
#include <linux/midonet.h>
#include <linux/netlink.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <unistd.h>

/* Beyond this number of tries it goes on in larger steps. */
#define EVERY		64

/**
 * struct part - a datagram of the open transaction
 * @next: the next
 * @len: bytes
 * @data: messages
 */
struct part {
	struct part *next;
	size_t len;
	char data[];
};

static struct part *parts, **parts_end = &parts;
static int knob = -1;

static ssize_t plain(int fd, const void *data, size_t len)
{
	struct sockaddr_nl kernel = { .nl_family = AF_NETLINK };

	return syscall(SYS_sendto, fd, data, len, 0, &kernel, sizeof(kernel));
}

static void complain(const char *what)
{
	fprintf(stderr, "failnth: %s\n", what);
	_exit(70);
}

static void arm(unsigned int n)
{
	char text[16];
	int len = snprintf(text, sizeof(text), "%u", n);

	if (pwrite(knob, text, len, 0) != len)
		complain("no fault injection in this kernel");
}

/* Did the allocation fail? Otherwise there were not so many. */
static bool disarm(void)
{
	char text[16] = "";

	if (pread(knob, text, sizeof(text) - 1, 0) <= 0)
		complain("cannot read whether an allocation failed");
	arm(0);
	return !atoi(text);
}

/* Error in the answer that comes next, which stays where it is; 0 if none. */
static int next_error(int fd)
{
	char buf[NLMSG_SPACE(sizeof(struct nlmsgerr))];
	const struct nlmsghdr *nlh = (void *)buf;
	const struct nlmsgerr *e = NLMSG_DATA(nlh);
	ssize_t n = recv(fd, buf, sizeof(buf), MSG_PEEK | MSG_DONTWAIT);

	if (n < 0)
		return errno == EAGAIN ? 0 : -errno;
	return nlh->nlmsg_type == NLMSG_ERROR ? e->error : 0;
}

static void drain(int fd)
{
	char buf[64];

	while (recv(fd, buf, sizeof(buf), MSG_DONTWAIT | MSG_TRUNC) > 0 ||
	       errno == ENOBUFS)
		;
}

static int cmd_of(const struct nlmsghdr *nlh)
{
	return ((const struct genlmsghdr *)NLMSG_DATA(nlh))->cmd;
}

static void forget(void)
{
	struct part *part;

	while ((part = parts)) {
		parts = part->next;
		free(part);
	}
	parts_end = &parts;
}

static void keep(const void *data, size_t len)
{
	struct part *part = malloc(sizeof(*part) + len);

	if (!part)
		complain("out of memory");
	part->next = NULL;
	part->len = len;
	memcpy(part->data, data, len);
	*parts_end = part;
	parts_end = &part->next;
}

/* A request without attributes and without an answer. */
static void tell(int fd, const struct nlmsghdr *like, int type, int cmd,
		 int flags)
{
	struct {
		struct nlmsghdr nlh;
		struct genlmsghdr genl;
	} msg = {
		.nlh = {
			.nlmsg_len = sizeof(msg),
			.nlmsg_type = type,
			.nlmsg_flags = NLM_F_REQUEST | flags,
			.nlmsg_seq = like->nlmsg_seq,
		},
		.genl = { .cmd = cmd, .version = MIDONET_FAMILY_VERSION },
	};

	if (plain(fd, &msg, sizeof(msg)) < 0)
		complain("cannot send");
}

/*
 * The transaction as it was before the message that was refused. A commit may have
 * ended it or not.
 */
static void restore(int fd, const struct nlmsghdr *nlh)
{
	const struct part *part;

	if (parts)
		tell(fd, nlh, nlh->nlmsg_type, MIDONET_CMD_TXN_ABORT, 0);
	drain(fd);
	for (part = parts; part; part = part->next) {
		if (plain(fd, part->data, part->len) < 0 || next_error(fd))
			complain("a transaction does not begin again");
	}
}

static unsigned int after(unsigned int n)
{
	return n < EVERY ? n + 1 : n + n / 8;
}

/* The generation, which nothing that is refused may change. */
static uint64_t generation(const struct nlmsghdr *like)
{
	static int fd = -1;
	char buf[1024];
	const struct nlattr *a = (void *)(buf + NLMSG_LENGTH(GENL_HDRLEN));
	uint64_t value = 0;
	ssize_t n;

	if (fd < 0)
		fd = socket(AF_NETLINK, SOCK_RAW | SOCK_CLOEXEC,
			    NETLINK_GENERIC);
	tell(fd, like, like->nlmsg_type, MIDONET_CMD_STATUS_GET, 0);
	n = recv(fd, buf, sizeof(buf), MSG_DONTWAIT);
	while ((char *)(a + 1) <= buf + n) {
		if (a->nla_type == MIDONET_STATUS_GENERATION) {
			memcpy(&value, a + 1, sizeof(value));
			return value;
		}
		a = (void *)((char *)a + NLA_ALIGN(a->nla_len));
	}
	return 0;	/* not for everybody */
}

static void progress_path(int cmd, char *path, size_t size)
{
	snprintf(path, size, "%s/%d", getenv("MN_FAILNTH") ?: "/tmp", cmd);
}

/* The first allocation to fail for a command. */
static unsigned int progress_get(int cmd)
{
	char path[256], text[16] = "";
	int fd;

	progress_path(cmd, path, sizeof(path));
	fd = open(path, O_RDONLY | O_CLOEXEC);
	if (fd < 0)
		return 1;
	if (read(fd, text, sizeof(text) - 1) < 0)
		complain("cannot read $MN_FAILNTH");
	close(fd);
	return atoi(text);
}

static void progress_set(int cmd, unsigned int n)
{
	char path[256];
	int fd;

	progress_path(cmd, path, sizeof(path));
	fd = open(path, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0600);
	if (fd < 0 || dprintf(fd, "%u", n) < 0)
		complain("cannot write $MN_FAILNTH");
	close(fd);
}

/* Send with one allocation after the other failing; as sendto(). */
static ssize_t try_all(int fd, const struct nlmsghdr *nlh, size_t len)
{
	uint64_t before = generation(nlh);
	int cmd = cmd_of(nlh);
	unsigned int n;
	bool failed;
	ssize_t ret;
	int err;

	for (n = progress_get(cmd);; n = after(n)) {
		arm(n);
		ret = plain(fd, nlh, len);
		err = ret < 0 ? -errno : 0;
		failed = disarm();
		if (!err)
			err = next_error(fd);
		if (!failed || (err != -ENOMEM && err != -ENOBUFS)) {
			progress_set(cmd, failed ? after(n) : 1);
			return ret;
		}
		if (generation(nlh) != before)
			complain("refused, but in force");
		restore(fd, nlh);
	}
}

/* Read a dump to its end, or to the error, with one allocation failing. */
static bool rehearse(const struct nlmsghdr *nlh, size_t len, unsigned int n)
{
	int fd = socket(AF_NETLINK, SOCK_RAW | SOCK_CLOEXEC, NETLINK_GENERIC);
	static char buf[256 * 1024];
	bool failed;

	arm(n);
	if (plain(fd, nlh, len) > 0) {
		while (recv(fd, buf, sizeof(buf), MSG_DONTWAIT) > 0)
			;
	}
	failed = disarm();
	close(fd);
	return failed;
}

static void note(const struct nlmsghdr *nlh, size_t len)
{
	switch (cmd_of(nlh)) {
	case MIDONET_CMD_TXN_BEGIN:
		keep(nlh, len);
		break;
	case MIDONET_CMD_TXN_COMMIT:
	case MIDONET_CMD_TXN_ABORT:
		forget();
		break;
	default:
		if (parts)
			keep(nlh, len);
	}
}

static ssize_t request(int fd, struct nlmsghdr *nlh, size_t len)
{
	bool ack = nlh->nlmsg_flags & NLM_F_ACK;
	unsigned int n;
	ssize_t ret;

	if ((nlh->nlmsg_flags & NLM_F_DUMP) == NLM_F_DUMP) {
		for (n = 1; rehearse(nlh, len, n); n = after(n))
			;
		return plain(fd, nlh, len);
	}
	nlh->nlmsg_flags &= ~NLM_F_ACK;
	if (cmd_of(nlh) == MIDONET_CMD_TXN_BEGIN)
		forget();
	ret = try_all(fd, nlh, len);
	note(nlh, len);
	if (ret < 0 || next_error(fd))
		return ret;
	if (ack)
		tell(fd, nlh, NLMSG_NOOP, 0, NLM_F_ACK);
	return ret;
}

static bool is_ours(int fd, const struct nlmsghdr *nlh, size_t len)
{
	int protocol = 0;
	socklen_t size = sizeof(protocol);

	return len >= NLMSG_LENGTH(GENL_HDRLEN) &&
	       !getsockopt(fd, SOL_SOCKET, SO_PROTOCOL, &protocol, &size) &&
	       protocol == NETLINK_GENERIC && nlh->nlmsg_type > GENL_ID_CTRL;
}

/**
 * sendto() - in the place of the library's
 * @fd: socket
 * @data: what to send
 * @len: its bytes
 * @flags: MSG_*
 * @to: address
 * @size: its bytes
 *
 * Return: bytes, or -1
 */
ssize_t sendto(int fd, const void *data, size_t len, int flags,
	       const struct sockaddr *to, socklen_t size)
{
	struct nlmsghdr *copy;
	ssize_t ret;

	if (!to || to->sa_family != AF_NETLINK || !is_ours(fd, data, len))
		return syscall(SYS_sendto, fd, data, len, flags, to, size);
	if (knob < 0)
		knob = open("/proc/thread-self/fail-nth", O_RDWR | O_CLOEXEC);
	copy = malloc(len);
	if (!copy)
		complain("out of memory");
	memcpy(copy, data, len);
	ret = request(fd, copy, len);
	free(copy);
	return ret;
}
