// SPDX-License-Identifier: GPL-2.0
/*
 * Flips two rules together, as fast as commits go: in one transaction the first
 * is set to drop and the second to accept, in the next the other way round.
 * An even number of flips ends with the first accepting. With 0 one is staged and
 * never committed: the transaction stays open until the program is killed.
 *
 * usage: flip TIMES RULE-ID RULE-ID
 */
#include <errno.h>
#include <linux/genetlink.h>
#include <linux/midonet.h>
#include <linux/netlink.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

struct msg {
	uint8_t data[1024];
	uint32_t len;
};

static int fd;
static uint16_t family = GENL_ID_CTRL;

static void fail(const char *what)
{
	perror(what);
	exit(1);
}

static struct nlmsghdr *begin(struct msg *m, uint8_t cmd, uint16_t flags)
{
	struct nlmsghdr *nlh = (struct nlmsghdr *)(m->data + m->len);
	struct genlmsghdr *genl = NLMSG_DATA(nlh);

	memset(nlh, 0, NLMSG_HDRLEN + GENL_HDRLEN);
	nlh->nlmsg_type = family;
	nlh->nlmsg_flags = NLM_F_REQUEST | flags;
	genl->cmd = cmd;
	genl->version = 1;
	m->len += NLMSG_HDRLEN + GENL_HDRLEN;
	return nlh;
}

static void put(struct msg *m, uint16_t type, const void *data, uint32_t len)
{
	struct nlattr *a = (struct nlattr *)(m->data + m->len);

	a->nla_type = type;
	a->nla_len = NLA_HDRLEN + len;
	memset(a + 1, 0, NLA_ALIGN(len));
	memcpy(a + 1, data, len);
	m->len += NLA_HDRLEN + NLA_ALIGN(len);
}

static void end(struct msg *m, struct nlmsghdr *nlh)
{
	nlh->nlmsg_len = m->data + m->len - (uint8_t *)nlh;
}

/* Send, and read up to the acknowledgment of the last message. */
static void talk(const struct msg *m, uint8_t *reply, size_t size)
{
	uint8_t buf[8192];
	struct nlmsghdr *nlh = (struct nlmsghdr *)buf;
	int *error = NLMSG_DATA(nlh);
	ssize_t len;

	if (send(fd, m->data, m->len, 0) < 0)
		fail("flip: send");
	do {
		len = recv(fd, buf, sizeof(buf), 0);
		if (len < 0)
			fail("flip: recv");
		if (nlh->nlmsg_type != NLMSG_ERROR && reply)
			memcpy(reply, buf, (size_t)len < size ? (size_t)len : size);
	} while (nlh->nlmsg_type != NLMSG_ERROR);
	if (*error) {
		errno = -*error;
		fail("flip: refused");
	}
}

static void find_family(void)
{
	uint8_t reply[1024] = "";
	struct nlmsghdr *nlh = (struct nlmsghdr *)reply;
	struct msg m = { .len = 0 };
	struct nlattr *a;

	nlh = begin(&m, CTRL_CMD_GETFAMILY, NLM_F_ACK);
	put(&m, CTRL_ATTR_FAMILY_NAME, MIDONET_FAMILY_NAME, sizeof(MIDONET_FAMILY_NAME));
	end(&m, nlh);
	talk(&m, reply, sizeof(reply));
	nlh = (struct nlmsghdr *)reply;
	a = (struct nlattr *)(reply + NLMSG_HDRLEN + GENL_HDRLEN);
	while ((uint8_t *)a < reply + nlh->nlmsg_len) {
		if (a->nla_type == CTRL_ATTR_FAMILY_ID) {
			memcpy(&family, a + 1, sizeof(family));
			return;
		}
		a = (struct nlattr *)((uint8_t *)a + NLA_ALIGN(a->nla_len));
	}
	exit(1);
}

static void put_rule(struct msg *m, const uint8_t *id, uint8_t action)
{
	struct nlmsghdr *nlh = begin(m, MIDONET_CMD_RULE_SET, 0);

	put(m, MIDONET_A_ID, id, 16);
	put(m, MIDONET_A_ACTION, &action, 1);
	end(m, nlh);
}

static void parse_id(const char *text, uint8_t *id)
{
	int i;

	for (i = 0; i < 16; i++) {
		while (*text == '-')
			text++;
		if (sscanf(text, "%2hhx", &id[i]) != 1) {
			fprintf(stderr, "flip: not an id\n");
			exit(2);
		}
		text += 2;
	}
}

static void stage(struct msg *m, uint8_t ids[2][16], int which)
{
	end(m, begin(m, MIDONET_CMD_TXN_BEGIN, 0));
	/* Were they published one by one, both would accept for a moment. */
	put_rule(m, ids[!which], MIDONET_RULE_ACTION_ACCEPT);
	put_rule(m, ids[which], MIDONET_RULE_ACTION_DROP);
}

static void flip(uint8_t ids[2][16], int which)
{
	struct msg m = { .len = 0 };

	stage(&m, ids, which);
	end(&m, begin(&m, MIDONET_CMD_TXN_COMMIT, NLM_F_ACK));
	talk(&m, NULL, 0);
}

static void hold(uint8_t ids[2][16])
{
	struct msg m = { .len = 0 };

	stage(&m, ids, 0);
	if (send(fd, m.data, m.len, 0) < 0)
		fail("flip: send");
	puts("open");
	fflush(stdout);
	pause();
}

int main(int argc, char **argv)
{
	struct sockaddr_nl addr = { .nl_family = AF_NETLINK };
	uint8_t ids[2][16];
	int i, times;

	if (argc != 4) {
		fprintf(stderr, "usage: flip TIMES RULE-ID RULE-ID\n");
		return 2;
	}
	times = atoi(argv[1]);
	parse_id(argv[2], ids[0]);
	parse_id(argv[3], ids[1]);
	fd = socket(AF_NETLINK, SOCK_RAW, NETLINK_GENERIC);
	if (fd < 0 || bind(fd, (struct sockaddr *)&addr, sizeof(addr)))
		fail("flip: socket");
	find_family();
	if (!times)
		hold(ids);
	for (i = 0; i < times; i++)
		flip(ids, i & 1);
	close(fd);
	return 0;
}
