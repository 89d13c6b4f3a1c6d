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
#include <linux/midonet.h>
#include <linux/netlink.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>

#define N_SOCKETS	4
#define N_IDS		48
#define BUF_SIZE	(256 * 1024)

struct msg {
	uint8_t *data;
	uint32_t len;
};

static uint64_t rng;
static uint16_t family;
static uint8_t ids[N_IDS][16];
static int socks[N_SOCKETS];
static uint64_t sent, accepted, refused;
static uint8_t buf[BUF_SIZE], rcv[BUF_SIZE];

static uint32_t rnd(uint32_t n)
{
	rng ^= rng << 13;
	rng ^= rng >> 7;
	rng ^= rng << 17;
	return n ? (uint32_t)(rng >> 16) % n : 0;
}

static bool chance(uint32_t percent)
{
	return rnd(100) < percent;
}

static void fill(void *p, uint32_t len)
{
	uint8_t *b = p;

	while (len--)
		*b++ = rnd(256);
}

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

static void *reserve(struct msg *m, uint16_t type, uint32_t len)
{
	struct nlattr *a = (struct nlattr *)(m->data + m->len);

	if (m->len + NLA_ALIGN(len) + NLA_HDRLEN > BUF_SIZE - 1024)
		return NULL;
	a->nla_type = type;
	a->nla_len = NLA_HDRLEN + len;
	memset(a + 1, 0, NLA_ALIGN(len));
	m->len += NLA_HDRLEN + NLA_ALIGN(len);
	return a + 1;
}

static void put(struct msg *m, uint16_t type, const void *data, uint32_t len)
{
	void *p = reserve(m, type, len);

	if (p)
		memcpy(p, data, len);
}

static void put_id(struct msg *m, uint16_t type)
{
	uint8_t own[16];

	if (chance(95)) {
		put(m, type, ids[rnd(N_IDS)], 16);
		return;
	}
	fill(own, sizeof(own));
	put(m, type, own, sizeof(own));
}

static void put_prefix(struct msg *m, uint16_t type)
{
	uint8_t p[17];
	bool v6 = chance(40);

	fill(p, sizeof(p));
	p[0] = rnd(chance(95) ? (v6 ? 129 : 33) : 256);
	put(m, type, p, v6 ? 17 : 5);
}

static void put_name(struct msg *m, uint16_t type)
{
	char name[80];

	snprintf(name, sizeof(name), "n%u", rnd(40));
	if (chance(3))
		fill(name, rnd(sizeof(name) - 1));
	put(m, type, name, chance(97) ? strlen(name) + 1 : rnd(70));
}

static void put_u32(struct msg *m, uint16_t type, uint32_t max)
{
	uint32_t v = chance(90) ? rnd(max + 1) : rnd(0);

	put(m, type, &v, 4);
}

static void put_num(struct msg *m, uint16_t type, uint32_t size, uint32_t max)
{
	uint64_t v = chance(92) ? rnd(max + 1) : ((uint64_t)rnd(1u << 31) << 20);

	put(m, type, &v, size);
}

static void put_match_word(struct msg *m, uint16_t word)
{
	switch (word) {
	case MIDONET_MATCH_INVERT:
		put_num(m, word, 8, 1 << 21);
		break;
	case MIDONET_MATCH_SRC:
	case MIDONET_MATCH_DST:
		put_prefix(m, word);
		break;
	case MIDONET_MATCH_HW_SRC:
	case MIDONET_MATCH_HW_DST:
		fill(reserve(m, word, 12), 12);
		break;
	case MIDONET_MATCH_SRC_PORT:
	case MIDONET_MATCH_DST_PORT:
		put_u32(m, word, UINT32_MAX - 1);
		break;
	case MIDONET_MATCH_PROTO:
	case MIDONET_MATCH_ICMP_TYPE:
	case MIDONET_MATCH_ICMP_CODE:
		put_num(m, word, 1, 255);
		break;
	case MIDONET_MATCH_DSCP:
		put_num(m, word, 1, 63);
		break;
	case MIDONET_MATCH_FRAGMENT:
		put_num(m, word, 1, 4);
		break;
	case MIDONET_MATCH_ETHERTYPE:
	case MIDONET_MATCH_TCP_FLAGS:
		put_num(m, word, 2, 65535);
		break;
	case MIDONET_MATCH_VLAN:
		put_num(m, word, 2, 4096);
		break;
	default:
		put_id(m, word);
	}
}

static void put_match(struct msg *m, uint16_t type)
{
	struct nlattr *nest = (struct nlattr *)(m->data + m->len);
	uint32_t start = m->len, n = rnd(chance(95) ? 6 : 2000);

	if (!reserve(m, type | NLA_F_NESTED, 0))
		return;
	while (n-- && m->len - start < 60000)
		put_match_word(m, 1 + rnd(MIDONET_MATCH_MAX + chance(2)));
	nest->nla_len = m->len - start;
}

static void put_addresses(struct msg *m, uint16_t type)
{
	uint8_t a[23];
	static const uint8_t lens[] = { 6, 11, 23, 7 };

	fill(a, sizeof(a));
	a[0] &= ~1;
	a[6] = rnd(33);
	put(m, type, a, lens[rnd(chance(95) ? 3 : 4)]);
}

static void put_object_attr(struct msg *m, uint16_t type)
{
	switch (type) {
	case MIDONET_A_NAME:
		put_name(m, type);
		break;
	case MIDONET_A_DEV:
		put(m, type, chance(50) ? "fz0" : "fz1", 4);
		break;
	case MIDONET_A_ADMIN_UP:
	case MIDONET_A_ARP_SUPPRESS:
	case MIDONET_A_STATEFUL:
	case MIDONET_A_NOT:
		put_num(m, type, 1, 1);
		break;
	case MIDONET_A_ACTION:
		put_num(m, type, 1, 4);
		break;
	case MIDONET_A_VLAN:
		put_num(m, type, 2, 4094);
		break;
	case MIDONET_A_MAC:
		fill(reserve(m, type, 6), 6);
		break;
	case MIDONET_A_MEMBERS:
	case MIDONET_A_ADDRESSES:
		put_prefix(m, type);
		break;
	case MIDONET_A_ADDRESS:
		fill(reserve(m, type, 16), chance(50) ? 4 : 16);
		break;
	case MIDONET_A_ALLOWED_ADDRESSES:
		put_addresses(m, type);
		break;
	case MIDONET_A_MATCH:
		put_match(m, type);
		break;
	case MIDONET_A_UNSET:
		put_u32(m, type, MIDONET_A_MAX);
		break;
	case MIDONET_A_POSITION:
		put_u32(m, type, 20);
		break;
	case MIDONET_A_MAC_AGE:
	case MIDONET_A_MAC_LIMIT:
	case MIDONET_A_TUNNEL_KEY:
	case MIDONET_A_MTU:
		put_u32(m, type, 70000);
		break;
	default:
		put_id(m, type);
	}
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
		MIDONET_A_ACTION, MIDONET_A_CHAIN },
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

static void object_message(struct msg *m, uint8_t cmd)
{
	const uint8_t *a = attrs_of[base_of(cmd)];

	if (cmd != base_of(cmd) && chance(50)) {
		put_id(m, a[0] == MIDONET_A_ID ? MIDONET_A_ID : a[0]);
		if (chance(50))
			return;
	}
	for (; *a; a++) {
		/* What is first is mostly needed. */
		if (*a == MIDONET_A_ID || *a == MIDONET_A_NAME ||
		    *a == MIDONET_A_PARENT || chance(45))
			put_object_attr(m, *a);
	}
	if (chance(10))
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
	uint32_t len = chance(95) ? rnd(300) : rnd(65000);
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
		put_id(m, MIDONET_TRACE_PORT);
		frame_attr(m, MIDONET_TRACE_FRAME);
		break;
	case MIDONET_CMD_TRACE_LIVE:
		put_u32(m, MIDONET_TRACE_COUNT, 1000);
		if (chance(50))
			put_match(m, MIDONET_TRACE_FILTER);
		break;
	case MIDONET_CMD_INJECT:
		put_id(m, MIDONET_PUNT_PORT);
		put_num(m, MIDONET_PUNT_DIRECTION, 1, 1);
		frame_attr(m, MIDONET_PUNT_FRAME);
		break;
	case MIDONET_CMD_TXN_COMMIT:
		if (chance(30))
			reserve(m, MIDONET_TXN_DRY_RUN, 0);
		break;
	case MIDONET_CMD_STATUS_SET:
		if (chance(50))
			put_id(m, MIDONET_STATUS_HOST_ID);
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

	if (h->nlmsg_type != NLMSG_ERROR)
		return;
	if (e->error)
		refused++;
	else
		accepted++;
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

static void one(void)
{
	struct msg m = { .data = buf };
	struct nlmsghdr *h = (void *)buf;
	struct genlmsghdr *g = NLMSG_DATA(h);
	int s = rnd(N_SOCKETS);
	bool dump;
	uint8_t cmd;

	if (chance(1)) {
		close(socks[s]);
		socks[s] = open_socket();
	}
	/* Transactions are rare, so that they grow. */
	do {
		cmd = 1 + rnd(MIDONET_CMD_MAX + chance(2));
	} while ((cmd == MIDONET_CMD_TXN_BEGIN || cmd == MIDONET_CMD_TXN_ABORT ||
		  cmd == MIDONET_CMD_FLOW_FLUSH) && chance(70));
	dump = chance(8);
	memset(buf, 0, NLMSG_HDRLEN + GENL_HDRLEN);
	h->nlmsg_type = family;
	h->nlmsg_flags = NLM_F_REQUEST | NLM_F_ACK | (dump ? NLM_F_DUMP : 0);
	g->cmd = cmd;
	g->version = MIDONET_FAMILY_VERSION;
	m.len = NLMSG_HDRLEN + GENL_HDRLEN;
	if (cmd < MIDONET_CMD_TXN_BEGIN && (!dump || chance(20)))
		object_message(&m, cmd);
	else if (!dump)
		other_message(&m, cmd);
	if (chance(5))
		mutate(&m);
	h->nlmsg_len = chance(99) ? m.len : rnd(m.len + 64);
	if (send(socks[s], buf, m.len, 0) >= 0)
		sent++;
	drain(socks[s], !dump || chance(50));
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
		for (i = 0; i < 256; i++)
			one();
	}
	printf("# %llu messages, %llu accepted, %llu refused\n",
	       (unsigned long long)sent, (unsigned long long)accepted,
	       (unsigned long long)refused);
	return accepted && refused ? 0 : 1;
}
