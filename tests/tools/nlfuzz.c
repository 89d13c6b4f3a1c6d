// SPDX-License-Identifier: GPL-2.0
/*
 * Fuzzer of the netlink family: messages that are mostly well-formed, so that
 * they get past the policy, with broken ones in between. Transactions, dumps
 * that nobody finishes, sockets closed in the middle. What it finds is in the
 * kernel log; it fails itself only if the family stops answering or if nothing
 * was ever accepted (then it tests nothing).
 *
 * usage: nlfuzz SECONDS [SEED]
 */
#include <errno.h>
#include <linux/genetlink.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>

#include "nlfuzz.h"

#define N_SOCKETS	4

/* How many messages of a transaction each socket has staged, 0: none open. */
static uint32_t staged[N_SOCKETS];

static uint16_t family;
static int socks[N_SOCKETS];
static uint64_t sent, accepted, refused;
static uint64_t accepted_of[MIDONET_CMD_MAX + 1], sent_of[MIDONET_CMD_MAX + 1];
static uint8_t current;
static uint8_t buf[BUF_SIZE], rcv[BUF_SIZE];

static int open_socket(void)
{
	struct sockaddr_nl addr = { .nl_family = AF_NETLINK };
	struct timeval tv = { .tv_usec = 200000 };
	int fd = socket(AF_NETLINK, SOCK_RAW, NETLINK_GENERIC);

	if (fd < 0 || bind(fd, (struct sockaddr *)&addr, sizeof(addr))) {
		perror("nlfuzz: socket");
		exit(1);
	}
	setsockopt(fd, SOL_SOCKET, SO_RCVTIMEO, &tv, sizeof(tv));
	return fd;
}

/* Attributes worth sending with the commands of each object. */
static const uint8_t attrs_of[][24] = {
	[MIDONET_CMD_HOST_NEW] = { MIDONET_A_ID, MIDONET_A_NAME },
	[MIDONET_CMD_BRIDGE_NEW] = { MIDONET_A_ID, MIDONET_A_NAME,
		MIDONET_A_ADMIN_UP, MIDONET_A_IN_CHAIN, MIDONET_A_OUT_CHAIN,
		MIDONET_A_MAC_AGE, MIDONET_A_ARP_SUPPRESS },
	[MIDONET_CMD_PORT_NEW] = { MIDONET_A_ID, MIDONET_A_NAME,
		MIDONET_A_PARENT, MIDONET_A_ADMIN_UP, MIDONET_A_MAC,
		MIDONET_A_VLAN, MIDONET_A_PEER, MIDONET_A_HOST, MIDONET_A_DEV,
		MIDONET_A_IN_CHAIN, MIDONET_A_OUT_CHAIN, MIDONET_A_PORT_GROUPS,
		MIDONET_A_ALLOWED_ADDRESSES, MIDONET_A_MAC_LIMIT,
		MIDONET_A_TUNNEL_KEY, MIDONET_A_MTU },
	[MIDONET_CMD_MAC_NEW] = { MIDONET_A_PARENT, MIDONET_A_MAC,
		MIDONET_A_VLAN, MIDONET_A_PORT },
	[MIDONET_CMD_NEIGHBOUR_NEW] = { MIDONET_A_PARENT, MIDONET_A_ADDRESS,
		MIDONET_A_MAC },
	[MIDONET_CMD_PORT_GROUP_NEW] = { MIDONET_A_ID, MIDONET_A_NAME,
		MIDONET_A_STATEFUL },
	[MIDONET_CMD_IP_SET_NEW] = { MIDONET_A_ID, MIDONET_A_NAME },
	[MIDONET_CMD_IP_SET_MEMBER_NEW] = { MIDONET_A_PARENT,
		MIDONET_A_MEMBERS, MIDONET_A_MEMBERS, MIDONET_A_MEMBERS },
	[MIDONET_CMD_CHAIN_NEW] = { MIDONET_A_ID, MIDONET_A_NAME },
	[MIDONET_CMD_RULE_NEW] = { MIDONET_A_ID, MIDONET_A_PARENT,
		MIDONET_A_POSITION, MIDONET_A_MATCH, MIDONET_A_NOT,
		MIDONET_A_ACTION },
};

static const uint8_t kind_of[] = {
	[MIDONET_CMD_HOST_NEW] = HOST,
	[MIDONET_CMD_BRIDGE_NEW] = BRIDGE,
	[MIDONET_CMD_PORT_NEW] = PORT,
	[MIDONET_CMD_MAC_NEW] = PORT,
	[MIDONET_CMD_NEIGHBOUR_NEW] = BRIDGE,
	[MIDONET_CMD_PORT_GROUP_NEW] = GROUP,
	[MIDONET_CMD_IP_SET_NEW] = SET,
	[MIDONET_CMD_IP_SET_MEMBER_NEW] = SET,
	[MIDONET_CMD_CHAIN_NEW] = CHAIN,
	[MIDONET_CMD_RULE_NEW] = RULE,
};

#define ARRAY_SIZE(a)	(sizeof(a) / sizeof((a)[0]))
#define N_BASES		ARRAY_SIZE(attrs_of)

/* The NEW command of the object a command is about. */
static uint8_t base_of(uint8_t cmd)
{
	while (cmd && (cmd >= N_BASES || !attrs_of[cmd][0]))
		cmd--;
	return cmd;
}

static bool is_del(uint8_t cmd)
{
	return cmd == MIDONET_CMD_HOST_DEL || cmd == MIDONET_CMD_BRIDGE_DEL ||
	       cmd == MIDONET_CMD_PORT_DEL || cmd == MIDONET_CMD_MAC_DEL ||
	       cmd == MIDONET_CMD_NEIGHBOUR_DEL ||
	       cmd == MIDONET_CMD_PORT_GROUP_DEL ||
	       cmd == MIDONET_CMD_IP_SET_DEL ||
	       cmd == MIDONET_CMD_IP_SET_MEMBER_DEL ||
	       cmd == MIDONET_CMD_CHAIN_DEL || cmd == MIDONET_CMD_RULE_DEL;
}

/* Is an attribute mostly needed, or mostly refused, or up to chance? */
static uint32_t percent_of(uint8_t cmd, uint8_t attr)
{
	uint8_t base = base_of(cmd);
	bool entry = attrs_of[base][0] == MIDONET_A_PARENT;

	if (attr == MIDONET_A_ID || entry)
		return is_del(cmd) && attr == MIDONET_A_PORT ? 2 : 97;
	if (cmd == base && (attr == MIDONET_A_NAME || attr == MIDONET_A_PARENT ||
			    attr == MIDONET_A_ACTION))
		return 97;
	if (attr == MIDONET_A_NAME || attr == MIDONET_A_PARENT)
		return 3;
	if (is_del(cmd))
		return 2;
	if (attr == MIDONET_A_DEV)
		return subject && subject != pool[BRIDGE].count ? 3 : 70;
	return 12;
}

static void object_message(struct msg *m, uint8_t cmd)
{
	const uint8_t *a = attrs_of[base_of(cmd)];

	kind = kind_of[base_of(cmd)];
	subject = rnd(pool[kind].count);
	for (; *a; a++) {
		if (chance(percent_of(cmd, *a)))
			put_object_attr(m, *a);
	}
	if (chance(is_del(cmd) ? 2 : 8))
		put_object_attr(m, MIDONET_A_UNSET);
}

static void frame_attr(struct msg *m, uint16_t type)
{
	static const uint8_t heads[][14] = {
		{ 255, 255, 255, 255, 255, 255, 2, 0, 0, 0, 0, 1, 8, 0 },
		{ 2, 0, 0, 0, 0, 2, 2, 0, 0, 0, 0, 1, 0x86, 0xdd },
		{ 2, 0, 0, 0, 0, 2, 2, 0, 0, 0, 0, 1, 8, 6 },
		{ 2, 0, 0, 0, 0, 2, 2, 0, 0, 0, 0, 1, 0x81, 0 },
	};
	uint32_t len = chance(95) ? 14 + rnd(300) : rnd(65000);
	uint8_t *f = reserve(m, type, len);

	if (!f)
		return;
	fill(f, len);
	if (len >= 15 && chance(90)) {
		memcpy(f, heads[rnd(4)], 14);
		f[14] = f[12] == 8 ? 0x45 : 0x60;
	}
}

static void other_message(struct msg *m, uint8_t cmd)
{
	switch (cmd) {
	case MIDONET_CMD_TRACE:
		put_nth(m, MIDONET_TRACE_PORT, PORT,
			chance(70) ? rnd(2) * pool[BRIDGE].count : rnd(0));
		frame_attr(m, MIDONET_TRACE_FRAME);
		break;
	case MIDONET_CMD_TRACE_LIVE:
		put_u32(m, MIDONET_TRACE_COUNT, 1000 - 1);
		if (chance(50))
			put_match(m, MIDONET_TRACE_FILTER, true);
		break;
	case MIDONET_CMD_INJECT:
		put_nth(m, MIDONET_PUNT_PORT, PORT, rnd(2) * pool[BRIDGE].count);
		put_num(m, MIDONET_PUNT_DIRECTION, 1, 1);
		frame_attr(m, MIDONET_PUNT_FRAME);
		break;
	case MIDONET_CMD_TXN_COMMIT:
		if (chance(30))
			reserve(m, MIDONET_TXN_DRY_RUN, 0);
		break;
	case MIDONET_CMD_STATUS_SET:
		if (chance(50))
			put_id(m, MIDONET_STATUS_HOST_ID, HOST);
		break;
	default:
		if (chance(10))
			put_num(m, 1 + rnd(12), 1 << rnd(4), 255);
	}
}

/* Break a message that was well-formed. */
static void mutate(struct msg *m)
{
	uint32_t head = NLMSG_HDRLEN + GENL_HDRLEN, n = 1 + rnd(4);
	struct nlattr *a;

	if (m->len <= head)
		return;
	while (n--) {
		switch (rnd(4)) {
		case 0:
			m->data[head + rnd(m->len - head)] = rnd(256);
			break;
		case 1:
			m->len = head + rnd(m->len - head + 1);
			break;
		case 2:
			a = (struct nlattr *)(m->data + head);
			a->nla_len = rnd(70000);
			break;
		default:
			fill(m->data + m->len, 64);
			m->len += rnd(64);
		}
		if (m->len <= head)
			return;
	}
}

static void count_reply(const struct nlmsghdr *h)
{
	const struct nlmsgerr *e = (const struct nlmsgerr *)NLMSG_DATA(h);

	if (h->nlmsg_type != NLMSG_ERROR && h->nlmsg_type != NLMSG_DONE)
		return;
	if (h->nlmsg_type == NLMSG_ERROR && e->error) {
		refused++;
		return;
	}
	accepted++;
	if (current <= MIDONET_CMD_MAX)
		accepted_of[current]++;
}

/* Read what is there; a dump may be left unread. */
static void drain(int fd, bool wait)
{
	struct nlmsghdr *h;
	ssize_t n;

	while ((n = recv(fd, rcv, sizeof(rcv), wait ? 0 : MSG_DONTWAIT)) > 0) {
		for (h = (void *)rcv; NLMSG_OK(h, (uint32_t)n); h = NLMSG_NEXT(h, n))
			count_reply(h);
		wait = false;
	}
}

static bool is_event(uint8_t cmd)
{
	return cmd == MIDONET_CMD_TRACE_EVENT || cmd == MIDONET_CMD_PUNT ||
	       (cmd >= MIDONET_CMD_CONFIG_EVENT && cmd <= MIDONET_CMD_MAX);
}

static bool is_dump_only(uint8_t cmd)
{
	return cmd == MIDONET_CMD_FLOW_GET || cmd == MIDONET_CMD_DROP_GET ||
	       cmd == MIDONET_CMD_STATS_GET || cmd == MIDONET_CMD_MAC_GET ||
	       cmd == MIDONET_CMD_NEIGHBOUR_GET ||
	       cmd == MIDONET_CMD_IP_SET_MEMBER_GET;
}

/*
 * Transactions are rare and mostly short: a message in forty is wrong, and one is
 * enough to refuse them all. Some grow long all the same.
 */
static uint8_t pick_command(int s)
{
	uint8_t cmd;

	if (staged[s] && chance(staged[s] < 20 ? 35 : 5))
		return MIDONET_CMD_TXN_COMMIT;
	for (;;) {
		cmd = 1 + rnd(MIDONET_CMD_MAX + chance(2));
		if (is_event(cmd) && chance(95))
			continue;
		if (is_del(cmd) && chance(60))
			continue;
		/* It takes much with it. */
		if (cmd == MIDONET_CMD_BRIDGE_DEL && chance(80))
			continue;
		if ((cmd == MIDONET_CMD_TXN_BEGIN ||
		     cmd == MIDONET_CMD_TXN_ABORT ||
		     cmd == MIDONET_CMD_TXN_COMMIT ||
		     cmd == MIDONET_CMD_FLOW_FLUSH) && chance(70))
			continue;
		return cmd;
	}
}

static void note_transaction(int s, uint8_t cmd)
{
	if (cmd == MIDONET_CMD_TXN_COMMIT || cmd == MIDONET_CMD_TXN_ABORT)
		staged[s] = 0;
	else if (staged[s] || cmd == MIDONET_CMD_TXN_BEGIN)
		staged[s]++;
}

static void begin(struct msg *m, uint8_t cmd, bool dump)
{
	struct nlmsghdr *h = (void *)buf;
	struct genlmsghdr *g = NLMSG_DATA(h);

	memset(buf, 0, NLMSG_HDRLEN + GENL_HDRLEN);
	h->nlmsg_type = family;
	h->nlmsg_flags = NLM_F_REQUEST | NLM_F_ACK | (dump ? NLM_F_DUMP : 0);
	g->cmd = cmd;
	g->version = MIDONET_FAMILY_VERSION;
	m->data = buf;
	m->len = NLMSG_HDRLEN + GENL_HDRLEN;
}

/* The bridge with the two devices comes back now and then. */
static void put_back(uint8_t cmd, enum kind k, uint32_t n, const char *dev)
{
	int fd = open_socket();
	struct msg m;
	char name[8];

	begin(&m, cmd, false);
	snprintf(name, sizeof(name), "n%u", n);
	put(&m, MIDONET_A_ID, ids[pool[k].first + n], 16);
	put(&m, MIDONET_A_NAME, name, strlen(name) + 1);
	if (dev) {
		put(&m, MIDONET_A_PARENT, ids[pool[BRIDGE].first], 16);
		put(&m, MIDONET_A_DEV, dev, strlen(dev) + 1);
	}
	((struct nlmsghdr *)buf)->nlmsg_len = m.len;
	if (send(fd, buf, m.len, 0) < 0)
		perror("nlfuzz: send");
	close(fd);
}

static void put_back_all(void)
{
	put_back(MIDONET_CMD_BRIDGE_NEW, BRIDGE, 0, NULL);
	put_back(MIDONET_CMD_PORT_NEW, PORT, 0, "fz0");
	put_back(MIDONET_CMD_PORT_NEW, PORT, pool[BRIDGE].count, "fz1");
}

static void one(void)
{
	struct nlmsghdr *h = (void *)buf;
	struct msg m;
	int s = rnd(N_SOCKETS);
	bool dump;
	uint8_t cmd;

	if (rnd(300) == 0) {
		close(socks[s]);
		socks[s] = open_socket();
		staged[s] = 0;
	}
	cmd = pick_command(s);
	note_transaction(s, cmd);
	dump = chance(is_dump_only(cmd) ? 90 : 4);
	begin(&m, cmd, dump);
	if (cmd < MIDONET_CMD_TXN_BEGIN && (!dump || chance(20)))
		object_message(&m, cmd);
	else if (!dump)
		other_message(&m, cmd);
	if (chance(5))
		mutate(&m);
	h->nlmsg_len = chance(99) ? m.len : rnd(m.len + 64);
	if (send(socks[s], buf, m.len, 0) >= 0)
		sent++;
	current = cmd;
	if (cmd <= MIDONET_CMD_MAX)
		sent_of[cmd]++;
	drain(socks[s], !dump || chance(50));
}

static void report(void)
{
	int cmd;

	printf("# %llu messages, %llu accepted, %llu refused\n",
	       (unsigned long long)sent, (unsigned long long)accepted,
	       (unsigned long long)refused);
	printf("# accepted of sent, by command:");
	for (cmd = 1; cmd <= MIDONET_CMD_MAX; cmd++) {
		if (is_event(cmd))
			continue;
		printf(" %d:%llu/%llu", cmd,
		       (unsigned long long)accepted_of[cmd],
		       (unsigned long long)sent_of[cmd]);
	}
	putchar('\n');
}

static void find_family(void)
{
	struct msg m = { .data = buf, .len = NLMSG_HDRLEN + GENL_HDRLEN };
	struct nlmsghdr *h = (void *)buf;
	struct genlmsghdr *g = NLMSG_DATA(h);
	struct nlattr *a;
	int fd = open_socket();
	ssize_t n;

	memset(buf, 0, m.len);
	h->nlmsg_type = GENL_ID_CTRL;
	h->nlmsg_flags = NLM_F_REQUEST;
	g->cmd = CTRL_CMD_GETFAMILY;
	g->version = 1;
	put(&m, CTRL_ATTR_FAMILY_NAME, MIDONET_FAMILY_NAME,
	    sizeof(MIDONET_FAMILY_NAME));
	h->nlmsg_len = m.len;
	if (send(fd, buf, m.len, 0) < 0)
		perror("nlfuzz: send");
	n = recv(fd, rcv, sizeof(rcv), 0);
	h = (void *)rcv;
	if (n > 0 && h->nlmsg_type == GENL_ID_CTRL) {
		a = (void *)(rcv + NLMSG_HDRLEN + GENL_HDRLEN);
		while ((uint8_t *)a < rcv + h->nlmsg_len && a->nla_len) {
			if (a->nla_type == CTRL_ATTR_FAMILY_ID)
				memcpy(&family, a + 1, 2);
			a = (void *)((uint8_t *)a + NLA_ALIGN(a->nla_len));
		}
	}
	close(fd);
	if (!family) {
		fprintf(stderr, "nlfuzz: no family midonet; is the module loaded?\n");
		exit(1);
	}
}

int main(int argc, char **argv)
{
	time_t end = time(NULL) + (argc > 1 ? atoi(argv[1]) : 10);
	uint64_t seed = argc > 2 ? strtoull(argv[2], NULL, 0) : (uint64_t)time(NULL);
	int i;

	printf("# nlfuzz seed %llu\n", (unsigned long long)seed);
	rng = seed * 0x9e3779b97f4a7c15ull + 1;
	find_family();
	for (i = 0; i < N_IDS; i++)
		fill(ids[i], 16);
	for (i = 0; i < N_SOCKETS; i++)
		socks[i] = open_socket();
	while (time(NULL) < end) {
		put_back_all();
		for (i = 0; i < 256; i++)
			one();
	}
	report();
	return accepted && refused ? 0 : 1;
}
