// SPDX-License-Identifier: GPL-2.0
/*
 * Fuzzer of the netlink family: messages that are mostly well-formed, so that
 * they get past the policy, with broken ones in between. Transactions, dumps
 * that nobody finishes, sockets closed in the middle. What it finds is in the
 * kernel log; it fails itself only if the family stops answering, or if nothing
 * of a kind was ever accepted (then it tests nothing).
 *
 * usage: nlfuzz SECONDS [SEED]
 */
#include <assert.h>
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
/* Without transactions: what they send is in force at once, or was refused. */
#define N_COUNTED	2
/* What is never accepted of so many is a defect, here or there. */
#define ENOUGH		200

/* How many messages of a transaction each socket has staged, 0: none open. */
static uint32_t staged[N_SOCKETS];

static uint16_t family;
static int socks[N_SOCKETS];
static uint64_t sent, accepted, refused;
static uint64_t accepted_of[MIDONET_CMD_MAX + 1], sent_of[MIDONET_CMD_MAX + 1];
static uint8_t buf[BUF_SIZE], rcv[BUF_SIZE];

static int open_socket(void)
{
	struct sockaddr_nl addr = { .nl_family = AF_NETLINK };
	/* Requests are worked off while they are sent. */
	struct timeval tv = { .tv_usec = 10000 };
	int fd = socket(AF_NETLINK, SOCK_RAW, NETLINK_GENERIC);

	if (fd < 0 || bind(fd, (struct sockaddr *)&addr, sizeof(addr))) {
		perror("nlfuzz: socket");
		exit(1);
	}
	setsockopt(fd, SOL_SOCKET, SO_RCVTIMEO, &tv, sizeof(tv));
	return fd;
}

/* Attributes worth sending with the commands of each type of object. */
static const struct object {
	const char *name;
	enum kind kind;
	uint8_t first;		/* its NEW command */
	uint8_t attrs[24];	/* of entries, which have no id, PARENT first */
} objects[] = {
	{ "host", HOST, MIDONET_CMD_HOST_NEW, { MIDONET_A_ID, MIDONET_A_NAME } },
	{ "bridge", BRIDGE, MIDONET_CMD_BRIDGE_NEW,
	  { MIDONET_A_ID, MIDONET_A_NAME, MIDONET_A_ADMIN_UP,
	    MIDONET_A_IN_CHAIN, MIDONET_A_OUT_CHAIN, MIDONET_A_MAC_AGE,
	    MIDONET_A_ARP_SUPPRESS } },
	{ "port", PORT, MIDONET_CMD_PORT_NEW,
	  { MIDONET_A_ID, MIDONET_A_NAME, MIDONET_A_PARENT, MIDONET_A_ADMIN_UP,
	    MIDONET_A_MAC, MIDONET_A_VLAN, MIDONET_A_PEER, MIDONET_A_HOST,
	    MIDONET_A_DEV, MIDONET_A_IN_CHAIN, MIDONET_A_OUT_CHAIN,
	    MIDONET_A_PORT_GROUPS, MIDONET_A_ALLOWED_ADDRESSES,
	    MIDONET_A_MAC_LIMIT, MIDONET_A_TUNNEL_KEY, MIDONET_A_MTU,
	    MIDONET_A_ADDRESSES } },
	{ "mac", PORT, MIDONET_CMD_MAC_NEW,
	  { MIDONET_A_PARENT, MIDONET_A_MAC, MIDONET_A_VLAN, MIDONET_A_PORT } },
	{ "neighbour", ROUTER, MIDONET_CMD_NEIGHBOUR_NEW,
	  { MIDONET_A_PARENT, MIDONET_A_ADDRESS, MIDONET_A_MAC, MIDONET_A_PORT } },
	{ "port-group", GROUP, MIDONET_CMD_PORT_GROUP_NEW,
	  { MIDONET_A_ID, MIDONET_A_NAME, MIDONET_A_STATEFUL } },
	{ "ip-set", SET, MIDONET_CMD_IP_SET_NEW,
	  { MIDONET_A_ID, MIDONET_A_NAME } },
	{ "member", SET, MIDONET_CMD_IP_SET_MEMBER_NEW,
	  { MIDONET_A_PARENT, MIDONET_A_MEMBERS, MIDONET_A_MEMBERS,
	    MIDONET_A_MEMBERS } },
	{ "chain", CHAIN, MIDONET_CMD_CHAIN_NEW,
	  { MIDONET_A_ID, MIDONET_A_NAME } },
	{ "rule", RULE, MIDONET_CMD_RULE_NEW,
	  { MIDONET_A_ID, MIDONET_A_PARENT, MIDONET_A_POSITION,
	    MIDONET_A_MATCH, MIDONET_A_NOT, MIDONET_A_ACTION } },
	{ "router", ROUTER, MIDONET_CMD_ROUTER_NEW,
	  { MIDONET_A_ID, MIDONET_A_NAME, MIDONET_A_ADMIN_UP,
	    MIDONET_A_IN_CHAIN, MIDONET_A_OUT_CHAIN } },
	{ "dhcp", DHCP, MIDONET_CMD_DHCP_NEW,
	  { MIDONET_A_ID, MIDONET_A_PARENT, MIDONET_A_SUBNET, MIDONET_A_SERVER,
	    MIDONET_A_GATEWAY, MIDONET_A_DNS, MIDONET_A_DNS, MIDONET_A_MTU,
	    MIDONET_A_LEASE, MIDONET_A_ROUTES, MIDONET_A_MODE } },
	{ "dhcp-host", DHCP_HOST, MIDONET_CMD_DHCP_HOST_NEW,
	  { MIDONET_A_PARENT, MIDONET_A_MAC, MIDONET_A_ADDRESS, MIDONET_A_NAME,
	    MIDONET_A_OPTIONS, MIDONET_A_OPTIONS } },
	/* The rest of a route is made as a whole. */
	{ "route", ROUTER, MIDONET_CMD_ROUTE_NEW, { MIDONET_A_PARENT } },
	{ "load-balancer", BALANCER, MIDONET_CMD_LOAD_BALANCER_NEW,
	  { MIDONET_A_ID, MIDONET_A_NAME, MIDONET_A_ADMIN_UP,
	    MIDONET_A_ROUTER } },
	{ "pool", POOL, MIDONET_CMD_POOL_NEW,
	  { MIDONET_A_ID, MIDONET_A_NAME, MIDONET_A_PARENT, MIDONET_A_ADMIN_UP,
	    MIDONET_A_HEALTH_CHECK } },
	{ "vip", VIP, MIDONET_CMD_VIP_NEW,
	  { MIDONET_A_PARENT, MIDONET_A_ADDRESS, MIDONET_A_SERVICE_PORT,
	    MIDONET_A_PROTO, MIDONET_A_POOL, MIDONET_A_STICKY } },
	{ "pool-member", MEMBER, MIDONET_CMD_POOL_MEMBER_NEW,
	  { MIDONET_A_PARENT, MIDONET_A_ADDRESS, MIDONET_A_SERVICE_PORT,
	    MIDONET_A_WEIGHT, MIDONET_A_ADMIN_UP } },
	{ "nat-block", BLOCK, MIDONET_CMD_NAT_BLOCK_NEW,
	  { MIDONET_A_PARENT, MIDONET_A_ADDRESS, MIDONET_A_FIRST_PORT,
	    MIDONET_A_COUNT } },
};

/* The commands of a type of object have numbers in a row. */
#define OBJECT_ROW(o)							\
	static_assert(MIDONET_CMD_##o##_SET - MIDONET_CMD_##o##_NEW == 1 && \
		      MIDONET_CMD_##o##_DEL - MIDONET_CMD_##o##_NEW == 2 && \
		      MIDONET_CMD_##o##_GET - MIDONET_CMD_##o##_NEW == 3)
#define ENTRY_ROW(o)							\
	static_assert(MIDONET_CMD_##o##_DEL - MIDONET_CMD_##o##_NEW == 1 && \
		      MIDONET_CMD_##o##_GET - MIDONET_CMD_##o##_NEW == 2)

OBJECT_ROW(HOST);
OBJECT_ROW(BRIDGE);
OBJECT_ROW(PORT);
ENTRY_ROW(MAC);
ENTRY_ROW(NEIGHBOUR);
OBJECT_ROW(PORT_GROUP);
OBJECT_ROW(IP_SET);
ENTRY_ROW(IP_SET_MEMBER);
OBJECT_ROW(CHAIN);
OBJECT_ROW(RULE);
OBJECT_ROW(ROUTER);
ENTRY_ROW(ROUTE);
OBJECT_ROW(LOAD_BALANCER);
OBJECT_ROW(POOL);
ENTRY_ROW(VIP);
ENTRY_ROW(POOL_MEMBER);
ENTRY_ROW(NAT_BLOCK);
OBJECT_ROW(DHCP);
ENTRY_ROW(DHCP_HOST);

enum verb { NEW, SET_IT, DEL, GET, OTHER };

static bool is_entry(const struct object *o)
{
	return o->attrs[0] == MIDONET_A_PARENT;
}

/* The type of object a command is about, and what the command does. */
static enum verb verb_of(uint8_t cmd, const struct object **of)
{
	const struct object *o;

	for (o = objects; o < objects + ARRAY_SIZE(objects); o++) {
		*of = o;
		if (cmd == o->first)
			return NEW;
		if (cmd > o->first && cmd <= o->first + GET - is_entry(o))
			return cmd - o->first + is_entry(o);
	}
	return OTHER;
}

static bool is_del(uint8_t cmd)
{
	const struct object *o;

	return verb_of(cmd, &o) == DEL;
}

static uint32_t percent_of_port(uint8_t attr)
{
	bool plugged = plugged_port(subject);

	switch (attr) {
	case MIDONET_A_DEV:
		return plugged ? 70 : 2;
	case MIDONET_A_PEER:
		return plugged ? 2 : 40;
	case MIDONET_A_VLAN:
		return subject < ROUTER_PORTS ? 12 : 2;
	case MIDONET_A_ADDRESSES:
		return subject < ROUTER_PORTS ? 2 : 60;
	}
	return 12;
}

/* Entries are deleted by what tells them apart; of several one may be missing. */
static uint32_t percent_of_key(const struct object *o, uint8_t attr)
{
	if (attr == MIDONET_A_MEMBERS)
		return 30;
	if (kind == DHCP_HOST && attr != MIDONET_A_PARENT &&
	    attr != MIDONET_A_MAC)
		return 2;
	if (attr == MIDONET_A_PORT || attr == MIDONET_A_POOL ||
	    attr == MIDONET_A_STICKY || attr == MIDONET_A_WEIGHT ||
	    attr == MIDONET_A_ADMIN_UP || attr == MIDONET_A_COUNT ||
	    (attr == MIDONET_A_MAC && o->first == MIDONET_CMD_NEIGHBOUR_NEW))
		return 2;
	return 97;
}

/* Is an attribute mostly needed, or mostly refused, or up to chance? */
static uint32_t percent_of(const struct object *o, enum verb does, uint8_t attr)
{
	if (kind == DHCP_HOST && does == GET && attr == MIDONET_A_MAC)
		return 60;
	if (does == GET && attr != MIDONET_A_ID && attr != MIDONET_A_PARENT)
		return 2;
	if (o->first == MIDONET_CMD_NEIGHBOUR_NEW && attr == MIDONET_A_PORT)
		return kind == ROUTER ? 97 : 2;
	if (attr == MIDONET_A_VLAN && is_entry(o))
		return 40;
	if (attr == MIDONET_A_ID || is_entry(o))
		return does == DEL ? percent_of_key(o, attr) : 97;
	if (does == NEW && (attr == MIDONET_A_NAME || attr == MIDONET_A_PARENT ||
			    attr == MIDONET_A_ACTION))
		return 97;
	if (attr == MIDONET_A_SUBNET || attr == MIDONET_A_SERVER)
		return does == NEW ? 97 : 3;
	if (attr == MIDONET_A_NAME || attr == MIDONET_A_PARENT)
		return 3;
	if (does == DEL)
		return 2;
	if (attr == MIDONET_A_ROUTER)
		return 50;
	return kind == PORT ? percent_of_port(attr) : 12;
}

static void object_message(struct msg *m, const struct object *o, enum verb does)
{
	const uint8_t *a = o->attrs;

	kind = o->kind;
	if (o->first == MIDONET_CMD_NEIGHBOUR_NEW && chance(50))
		kind = BRIDGE;
	subject = rnd(pool[kind].count);
	if (o->first == MIDONET_CMD_MAC_NEW && chance(97))
		subject %= ROUTER_PORTS;
	for (; *a; a++) {
		if (chance(percent_of(o, does, *a)))
			put_object_attr(m, *a);
	}
	if (o->first == MIDONET_CMD_ROUTE_NEW)
		put_route(m);
	if (chance(does == DEL ? 2 : 8))
		put_object_attr(m, MIDONET_A_UNSET);
}

static void other_message(struct msg *m, uint8_t cmd)
{
	switch (cmd) {
	case MIDONET_CMD_TRACE:
		put_nth(m, MIDONET_TRACE_PORT, PORT,
			chance(70) ? plugged_ports[rnd(N_PLUGGED)] : rnd(0));
		put_frame(m, MIDONET_TRACE_FRAME);
		break;
	case MIDONET_CMD_TRACE_LIVE:
		put_u32(m, MIDONET_TRACE_COUNT, 1000 - 1);
		if (chance(50))
			put_match(m, MIDONET_TRACE_FILTER, HEADER_WORDS);
		break;
	case MIDONET_CMD_INJECT:
		put_nth(m, MIDONET_PUNT_PORT, PORT, plugged_ports[rnd(N_PLUGGED)]);
		put_num(m, MIDONET_PUNT_DIRECTION, 1, 1);
		put_frame(m, MIDONET_PUNT_FRAME);
		break;
	case MIDONET_CMD_TXN_COMMIT:
		if (chance(30))
			reserve(m, MIDONET_TXN_DRY_RUN, 0);
		break;
	case MIDONET_CMD_HEALTH_SET:
		health_message(m);
		break;
	case MIDONET_CMD_CONN_NEW:
		conn_message(m);
		break;
	case MIDONET_CMD_CONN_GET:
	case MIDONET_CMD_CONN_FLUSH:
	case MIDONET_CMD_CONN_COUNT:
		conn_filter(m);
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

/* The sequence number is the command, if it shall be counted. */
static void count_reply(const struct nlmsghdr *h)
{
	const struct nlmsgerr *e = (const struct nlmsgerr *)NLMSG_DATA(h);
	const struct genlmsghdr *g = NLMSG_DATA(h);

	if (h->nlmsg_type == family && g->cmd == MIDONET_CMD_CONN_GET &&
	    h->nlmsg_len > NLMSG_HDRLEN + GENL_HDRLEN)
		note_conn((const uint8_t *)(g + 1),
			  h->nlmsg_len - NLMSG_HDRLEN - GENL_HDRLEN);
	if (h->nlmsg_type != NLMSG_ERROR && h->nlmsg_type != NLMSG_DONE)
		return;
	if (e->error) {
		refused++;
		return;
	}
	accepted++;
	if (h->nlmsg_seq <= MIDONET_CMD_MAX)
		accepted_of[h->nlmsg_seq]++;
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
	       (cmd >= MIDONET_CMD_CONFIG_EVENT && cmd <= MIDONET_CMD_DROP_EVENT);
}

static bool is_dump_only(uint8_t cmd)
{
	const struct object *o;

	return cmd == MIDONET_CMD_FLOW_GET || cmd == MIDONET_CMD_DROP_GET ||
	       cmd == MIDONET_CMD_STATS_GET || cmd == MIDONET_CMD_CONN_GET ||
	       (cmd != MIDONET_CMD_DHCP_HOST_GET && verb_of(cmd, &o) == GET &&
		is_entry(o));
}

static bool is_transaction(uint8_t cmd)
{
	return cmd == MIDONET_CMD_TXN_BEGIN || cmd == MIDONET_CMD_TXN_ABORT ||
	       cmd == MIDONET_CMD_TXN_COMMIT;
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
		/* They take much with them. */
		if ((cmd == MIDONET_CMD_BRIDGE_DEL ||
		     cmd == MIDONET_CMD_ROUTER_DEL ||
		     cmd == MIDONET_CMD_LOAD_BALANCER_DEL) && chance(80))
			continue;
		if (is_transaction(cmd) && (s < N_COUNTED || chance(70)))
			continue;
		if ((cmd == MIDONET_CMD_FLOW_FLUSH ||
		     cmd == MIDONET_CMD_CONN_FLUSH) && chance(70))
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

/* What comes back now and then: a bridge with two devices, a router with one. */
static const struct fixed {
	uint8_t cmd;
	enum kind kind, parent;
	uint8_t n;
	const char *dev;
	uint8_t place;		/* subnet */
	uint8_t peer;
} fixed[] = {
	{ MIDONET_CMD_BRIDGE_NEW, .kind = BRIDGE },
	{ MIDONET_CMD_PORT_NEW, PORT, BRIDGE, 0, .dev = "fz0" },
	{ MIDONET_CMD_PORT_NEW, PORT, BRIDGE, 4, .dev = "fz1" },
	{ MIDONET_CMD_ROUTER_NEW, .kind = ROUTER },
	{ MIDONET_CMD_PORT_NEW, PORT, ROUTER, 16, .dev = "fz2", .place = 16 },
	{ MIDONET_CMD_PORT_NEW, PORT, BRIDGE, 8, .dev = NULL },
	{ MIDONET_CMD_PORT_NEW, PORT, ROUTER, 20, .peer = 8 },
	{ MIDONET_CMD_CHAIN_NEW, .kind = CHAIN, .n = DNAT_CHAIN },
	{ MIDONET_CMD_CHAIN_NEW, .kind = CHAIN, .n = SNAT_CHAIN },
	{ MIDONET_CMD_LOAD_BALANCER_NEW, .kind = BALANCER },
	{ MIDONET_CMD_POOL_NEW, POOL, BALANCER, .n = 0 },
	{ MIDONET_CMD_POOL_NEW, POOL, BALANCER, .n = 4 },
};

static void put_back(const struct fixed *f)
{
	uint8_t addr[5] = { 24, 10, 0, f->place, 254 };
	uint8_t mac[6] = { 2, 0, 0, 0, 0, ROUTER_MAC };
	int fd = open_socket();
	struct msg m;
	char name[8];

	begin(&m, f->cmd, false);
	snprintf(name, sizeof(name), "n%u", f->n);
	put(&m, MIDONET_A_ID, ids[pool[f->kind].first + f->n], 16);
	put(&m, MIDONET_A_NAME, name, strlen(name) + 1);
	if (f->parent)
		put(&m, MIDONET_A_PARENT, ids[pool[f->parent].first], 16);
	if (f->kind == PORT && f->parent == ROUTER) {
		put(&m, MIDONET_A_ADDRESSES, addr, sizeof(addr));
		put(&m, MIDONET_A_MAC, mac, sizeof(mac));
	}
	if (f->dev)
		put(&m, MIDONET_A_DEV, f->dev, strlen(f->dev) + 1);
	if (f->kind == BALANCER)
		put(&m, MIDONET_A_ROUTER, ids[pool[ROUTER].first], 16);
	if (f->peer)
		put(&m, MIDONET_A_PEER, ids[pool[PORT].first + f->peer], 16);
	((struct nlmsghdr *)buf)->nlmsg_len = m.len;
	if (send(fd, buf, m.len, 0) < 0)
		perror("nlfuzz: send");
	close(fd);
}

static void put_back_all(void)
{
	uint32_t i;

	for (i = 0; i < ARRAY_SIZE(fixed); i++)
		put_back(&fixed[i]);
}

static void one(void)
{
	struct nlmsghdr *h = (void *)buf;
	const struct object *o;
	int s = rnd(N_SOCKETS);
	enum verb does;
	struct msg m;
	uint8_t cmd;
	bool dump;

	if (rnd(300) == 0) {
		close(socks[s]);
		socks[s] = open_socket();
		staged[s] = 0;
	}
	cmd = pick_command(s);
	note_transaction(s, cmd);
	dump = chance(is_dump_only(cmd) ? 90 : 4);
	begin(&m, cmd, dump);
	does = verb_of(cmd, &o);
	if (does != OTHER && (!dump || chance(20)))
		object_message(&m, o, does);
	else if (!dump || cmd == MIDONET_CMD_CONN_GET)
		other_message(&m, cmd);
	if (chance(5))
		mutate(&m);
	h->nlmsg_len = chance(99) ? m.len : rnd(m.len + 64);
	h->nlmsg_seq = s < N_COUNTED ? cmd : UINT32_MAX;
	if (send(socks[s], buf, m.len, 0) >= 0)
		sent++;
	if (s < N_COUNTED && cmd <= MIDONET_CMD_MAX)
		sent_of[cmd]++;
	drain(socks[s], !dump || chance(50));
}

/* Of each type of object; false if something that should be was never accepted. */
static bool report_object(const struct object *o)
{
	static const char * const words[] = { "new", "set", "del", "get" };
	const struct object *of;
	bool good = true;
	uint8_t cmd;

	printf("# %s:", o->name);
	for (cmd = o->first; verb_of(cmd, &of) != OTHER && of == o; cmd++) {
		printf(" %s %llu/%llu", words[verb_of(cmd, &of)],
		       (unsigned long long)accepted_of[cmd],
		       (unsigned long long)sent_of[cmd]);
		if (!accepted_of[cmd] && sent_of[cmd] >= ENOUGH)
			good = false;
	}
	puts(good ? "" : ": NEVER ACCEPTED");
	return good;
}

static bool report(void)
{
	const struct object *o;
	bool good = accepted && refused;
	int cmd;

	printf("# %llu messages, %llu accepted, %llu refused\n",
	       (unsigned long long)sent, (unsigned long long)accepted,
	       (unsigned long long)refused);
	puts("# accepted of sent, outside transactions");
	for (o = objects; o < objects + ARRAY_SIZE(objects); o++)
		good = report_object(o) && good;
	printf("# other commands:");
	for (cmd = 1; cmd <= MIDONET_CMD_MAX; cmd++) {
		if (!is_event(cmd) && verb_of(cmd, &o) == OTHER &&
		    !is_transaction(cmd))
			printf(" %d:%llu/%llu", cmd,
			       (unsigned long long)accepted_of[cmd],
			       (unsigned long long)sent_of[cmd]);
	}
	printf("\n# %llu connections were listed\n",
	       (unsigned long long)conns_listed);
	return good;
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
	return report() ? 0 : 1;
}
