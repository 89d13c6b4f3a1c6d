// SPDX-License-Identifier: GPL-2.0
/*
 * Random values of attributes for the fuzzer of the netlink family: mostly such
 * that the kernel takes them.
 */
#include <stdio.h>
#include <string.h>

#include "nlfuzz.h"

const struct pool pool[N_KINDS] = {
	[HOST] = { 0, 3 }, [BRIDGE] = { 3, 4 }, [PORT] = { 7, 24 },
	[GROUP] = { 31, 4 }, [SET] = { 35, 4 }, [CHAIN] = { 39, 6 },
	[RULE] = { 45, 27 }, [ROUTER] = { 72, 4 }, [BALANCER] = { 76, 2 },
	[POOL] = { 78, 8 }, [VIP] = { 76, 2 }, [MEMBER] = { 78, 8 },
	[BLOCK] = { 72, 4 }, [DHCP] = { 86, 8 }, [DHCP_HOST] = { 86, 8 },
};

const uint8_t plugged_ports[N_PLUGGED] = { 0, 4, ROUTER_PORTS };

uint8_t ids[N_IDS][16];
uint64_t rng;
enum kind kind;
uint32_t subject;

uint32_t rnd(uint32_t n)
{
	rng ^= rng << 13;
	rng ^= rng >> 7;
	rng ^= rng << 17;
	return n ? (uint32_t)(rng >> 16) % n : 0;
}

bool chance(uint32_t percent)
{
	return rnd(100) < percent;
}

void fill(void *p, uint32_t len)
{
	uint8_t *b = p;

	while (len--)
		*b++ = rnd(256);
}

void *reserve(struct msg *m, uint16_t type, uint32_t len)
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

void put(struct msg *m, uint16_t type, const void *data, uint32_t len)
{
	void *p = reserve(m, type, len);

	if (p)
		memcpy(p, data, len);
}

void put_nth(struct msg *m, uint16_t type, enum kind k, uint32_t n)
{
	uint8_t own[16];

	if (chance(97)) {
		put(m, type, ids[pool[k].first + n % pool[k].count], 16);
		return;
	}
	fill(own, sizeof(own));
	put(m, type, chance(50) ? own : ids[rnd(N_IDS)], sizeof(own));
}

void put_id(struct msg *m, uint16_t type, enum kind k)
{
	put_nth(m, type, k, rnd(0));
}

/* One of a few, so that it is met again, or any. */
static void put_prefix(struct msg *m, uint16_t type)
{
	static const uint8_t few[][5] = {
		{ 8, 10 }, { 24, 10 }, { 32, 10, 0, 0, 1 }, { 0 }, { 1, 128 },
	};
	uint8_t p[17];
	bool v6 = chance(40);

	if (chance(50)) {
		put(m, type, few[rnd(5)], 5);
		return;
	}
	fill(p, sizeof(p));
	p[0] = rnd(chance(95) ? (v6 ? 129 : 33) : 256);
	put(m, type, p, v6 ? 17 : 5);
}

static void put_mac(struct msg *m, uint16_t type)
{
	uint8_t mac[6] = { 2, 0, 0, 0, 0, 1 + rnd(8) };

	if (kind == PORT && subject >= ROUTER_PORTS)
		mac[5] = ROUTER_MAC;
	if (chance(20))
		fill(mac, sizeof(mac));
	put(m, type, mac, sizeof(mac));
}

static void put_address(struct msg *m, uint16_t type)
{
	uint8_t a[16] = { 10, 0, 0, 1 + rnd(8) };
	bool v6 = chance(40);

	if (v6)
		a[0] = 0xfd;
	if (chance(10))
		fill(a, sizeof(a));
	put(m, type, a, v6 ? 16 : chance(95) ? 4 : rnd(17));
}

bool plugged_port(uint32_t n)
{
	return memchr(plugged_ports, n, N_PLUGGED);
}

/* Mostly the device whose number the port has, so that two are on a bridge. */
static void put_dev(struct msg *m, uint16_t type)
{
	const uint8_t *p = memchr(plugged_ports, subject, N_PLUGGED);
	char dev[] = "fz0";

	dev[2] += p && chance(95) ? (uint32_t)(p - plugged_ports) : rnd(N_PLUGGED);
	put(m, type, dev, sizeof(dev));
}

/* The subnet of a router's port; that of the fixed bridge, which VMs are on, is 0. */
static uint8_t place_of(uint32_t port)
{
	return port == ROUTER_PORTS + 4 ? 0 : port;
}

/* Mostly in the port's own subnet. */
static void put_port_addresses(struct msg *m, uint16_t type)
{
	uint8_t place = chance(95) ? place_of(subject) : rnd(32), host = 254;
	uint32_t n = 1 + rnd(3);

	while (n--) {
		uint8_t a[17] = { 24, 10, 0, place, host-- };

		if (chance(5))
			fill(a, sizeof(a));
		if (chance(60)) {
			put(m, type, a, 5);
			continue;
		}
		memcpy(a, (uint8_t[]){ 64, 0xfd, 0, 0, place, 0, 0 }, 7);
		a[16] = host;
		put(m, type, a, 17);
	}
}

/*
 * Bridges' ports 8.. lead to routers' ports 16.., those of the fixed bridge and
 * router to each other.
 */
static void put_peer(struct msg *m, uint16_t type)
{
	if (subject >= 8 && chance(80))
		put_nth(m, type, PORT, (subject ^ 4) + (subject < 16 ? 8 : -8));
	else
		put_id(m, type, PORT);
}

static void put_name(struct msg *m, uint16_t type)
{
	char name[80];

	snprintf(name, sizeof(name), "n%u", chance(95) ? subject : rnd(40));
	if (chance(3))
		fill(name, rnd(sizeof(name) - 1));
	put(m, type, name, chance(97) ? strlen(name) + 1 : rnd(70));
}

void put_u32(struct msg *m, uint16_t type, uint32_t max)
{
	uint32_t v = chance(90) ? rnd(max + 1) : rnd(0);

	put(m, type, &v, 4);
}

void put_num(struct msg *m, uint16_t type, uint32_t size, uint32_t max)
{
	uint64_t v = chance(92) ? rnd(max + 1) : ((uint64_t)rnd(1u << 31) << 20);

	put(m, type, &v, size);
}

static void put_range(struct msg *m, uint16_t type)
{
	uint32_t a = rnd(65536), b = chance(95) ? a + rnd(65536 - a) : rnd(65536);

	a = a << 16 | b;
	put(m, type, &a, 4);
}

static void put_flags(struct msg *m, uint16_t type)
{
	uint16_t mask = rnd(256), v = (chance(95) ? mask & rnd(256) : rnd(256));

	v = v << 8 | mask;
	put(m, type, &v, 2);
}

static void put_match_word(struct msg *m, uint16_t word)
{
	switch (word) {
	case MIDONET_MATCH_INVERT:
		put_num(m, word, 8, 1 << 21);
		break;
	case MIDONET_MATCH_SRC_SET:
	case MIDONET_MATCH_DST_SET:
		put_id(m, word, SET);
		break;
	case MIDONET_MATCH_PORT_GROUP:
	case MIDONET_MATCH_IN_PORT_GROUP:
	case MIDONET_MATCH_OUT_PORT_GROUP:
		put_id(m, word, GROUP);
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
		put_range(m, word);
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
	case MIDONET_MATCH_TCP_FLAGS:
		put_flags(m, word);
		break;
	case MIDONET_MATCH_ETHERTYPE:
		put_num(m, word, 2, 65535);
		break;
	case MIDONET_MATCH_VLAN:
		put_num(m, word, 2, 4096);
		break;
	case MIDONET_MATCH_STATE:
	case MIDONET_MATCH_DIRECTION:
	case MIDONET_MATCH_DST_REWRITTEN:
	case MIDONET_MATCH_ICMP_DATA_SRC:
	case MIDONET_MATCH_ICMP_DATA_DST:
		put_state_word(m, word);
		break;
	default:
		put_id(m, word, PORT);
	}
}

/* @allowed: bits of the words that will be taken. */
void put_match(struct msg *m, uint16_t type, uint64_t allowed)
{
	struct nlattr *nest = (struct nlattr *)(m->data + m->len);
	uint32_t start = m->len, n = rnd(chance(95) ? 6 : 2000);
	uint64_t words = 0;
	uint16_t word;

	if (!reserve(m, type | NLA_F_NESTED, 0))
		return;
	while (n-- && m->len - start < 60000) {
		word = 1 + rnd(MIDONET_MATCH_MAX + chance(2));
		if (word == MIDONET_MATCH_INVERT && chance(95))
			continue;
		if (chance(99) && !(allowed >> word & 1))
			continue;
		put_match_word(m, word);
		words |= 1ull << word;
	}
	words &= rng;
	if (words && chance(30))
		put(m, MIDONET_MATCH_INVERT, &words, 8);
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

/* What contains an object, and by its number which one. */
static enum kind parent_of(void)
{
	switch (kind) {
	case RULE:
		return CHAIN;
	case SET:
	case ROUTER:
		return kind;
	case POOL:
	case VIP:
		return BALANCER;
	case MEMBER:
		return POOL;
	case BLOCK:
		return ROUTER;
	case DHCP_HOST:
		return DHCP;
	case PORT:
		return subject < ROUTER_PORTS ? BRIDGE : ROUTER;
	default:
		return BRIDGE;
	}
}

/* The chain of a rule is that of its number. */
static uint8_t pick_action(void)
{
	bool rev = chance(30);

	if (chance(2))
		return rnd(256);
	if (chance(60) && subject % pool[CHAIN].count == DNAT_CHAIN)
		return rev ? MIDONET_RULE_ACTION_REV_DNAT :
			     MIDONET_RULE_ACTION_DNAT;
	if (chance(60) && subject % pool[CHAIN].count == SNAT_CHAIN)
		return rev ? MIDONET_RULE_ACTION_REV_SNAT :
			     MIDONET_RULE_ACTION_SNAT;
	return rnd(MIDONET_RULE_ACTION_REJECT + 1);
}

/* Mostly one without translations. */
static void put_chain(struct msg *m, uint16_t type)
{
	put_nth(m, type, CHAIN, rnd(chance(95) ? DNAT_CHAIN : 0));
}

static void put_action(struct msg *m)
{
	uint8_t action = pick_action();

	put(m, MIDONET_A_ACTION, &action, 1);
	if (action == MIDONET_RULE_ACTION_JUMP && chance(90))
		put_chain(m, MIDONET_A_CHAIN);
	if (action > MIDONET_RULE_ACTION_REJECT)
		put_translation(m, action);
}

/* Routers mostly have those that translate. */
static void put_own_chain(struct msg *m, uint16_t type)
{
	if (kind == ROUTER && chance(80))
		put_nth(m, type, CHAIN, type == MIDONET_A_IN_CHAIN ?
					DNAT_CHAIN : SNAT_CHAIN);
	else
		put_chain(m, type);
}

/* One of the two that the router has. */
static uint32_t router_port(void)
{
	return ROUTER_PORTS + subject + 4 * rnd(2);
}

/* Ids: of the object itself, and of those it refers to. */
static void put_reference(struct msg *m, uint16_t type)
{
	switch (type) {
	case MIDONET_A_ID:
		put_nth(m, type, kind, subject);
		break;
	case MIDONET_A_PARENT:
		put_nth(m, type, parent_of(), subject);
		break;
	case MIDONET_A_PORT:
		put_nth(m, type, PORT, kind == ROUTER ? router_port() : subject);
		break;
	case MIDONET_A_PEER:
		put_peer(m, type);
		break;
	case MIDONET_A_IN_CHAIN:
	case MIDONET_A_OUT_CHAIN:
		put_own_chain(m, type);
		break;
	case MIDONET_A_CHAIN:
		put_chain(m, type);
		break;
	case MIDONET_A_ROUTER:
		put_nth(m, type, ROUTER, subject);
		break;
	case MIDONET_A_HOST:
		put_id(m, type, HOST);
		break;
	case MIDONET_A_PORT_GROUPS:
		put_id(m, type, GROUP);
		break;
	default:
		put_id(m, type, PORT);
	}
}

/* An address and its length in a message: of IPv4, or the same in fd00::/16. */
static void put_v(struct msg *m, uint16_t type, bool v6, int plen, uint8_t place,
		  uint8_t host)
{
	uint8_t a[17] = { plen, 10, 0, place, host };
	uint8_t skip = plen < 0;

	if (v6) {
		memset(a, 0, sizeof(a));
		memcpy(a, (uint8_t[]){ plen, 0xfd, 0, 0, place }, 5);
		a[16] = host;
	}
	if (!plen)
		memset(a, 0, sizeof(a));
	put(m, type, a + skip, (v6 ? 17 : 5) - skip);
}

/* Few different ones, so that they are met again; mostly such as fit together. */
void put_route(struct msg *m)
{
	uint8_t type = chance(70) ? MIDONET_ROUTE_TYPE_PORT : rnd(4);
	uint8_t place = chance(90) ? 96 + rnd(2) : rnd(32);
	bool v6 = chance(40), by_port = type == MIDONET_ROUTE_TYPE_PORT;
	uint32_t port = router_port();

	if (chance(40))
		put_v(m, MIDONET_A_DST, v6, 0, 0, 0);
	else if (chance(97))
		put_v(m, MIDONET_A_DST, v6, v6 ? 64 : 24, place, 0);
	else
		put_prefix(m, MIDONET_A_DST);
	if (chance(8))
		put_v(m, MIDONET_A_SRC, chance(97) ? v6 : !v6, v6 ? 64 : 24,
		      16 * rnd(2), 0);
	if (!by_port || chance(10))
		put(m, MIDONET_A_TYPE, &type, 1);
	if (chance(by_port ? 98 : 3))
		put_nth(m, MIDONET_A_PORT, PORT, port);
	if (chance(by_port ? 60 : 3))
		put_v(m, MIDONET_A_GATEWAY, chance(97) ? v6 : !v6, -1,
		      place_of(port), chance(90) ? 2 : rnd(256));
	if (chance(8))
		put_u32(m, MIDONET_A_METRIC, 1);
}

static bool is_service(void)
{
	return kind == POOL || kind == VIP || kind == MEMBER || kind == BLOCK;
}

/* Subnets with odd numbers are of IPv6. */
static void put_dhcp_address(struct msg *m, uint16_t type, uint8_t host)
{
	bool v6 = chance(97) ? subject & 1 : chance(50);

	put_v(m, type, v6, -1, chance(97) ? 100 + subject : 0,
	      chance(97) ? host : rnd(256));
}

static void put_subnet(struct msg *m, uint16_t type)
{
	uint8_t place = chance(95) ? 100 + subject : 100 + rnd(8);

	put_v(m, type, subject & 1, chance(95) ? (subject & 1 ? 64 : 24) :
	      rnd(64), place, chance(98) ? 0 : 1);
}

static void put_told_route(struct msg *m, uint16_t type)
{
	uint8_t r[9] = { 24, 10, rnd(256), 0, 0, 10, 0, 100, 9 };

	if (chance(5))
		fill(r, sizeof(r));
	put(m, type, r, sizeof(r));
}

static void put_option(struct msg *m, uint16_t type)
{
	uint8_t o[300];
	uint32_t len = 2 + rnd(chance(95) ? 20 : 298);

	fill(o, sizeof(o));
	o[0] = chance(95) ? 0 : rnd(256);
	o[1] = chance(95) ? 100 + rnd(100) : rnd(256);
	put(m, type, o, len);
}

/* Numbers, and what is none of those above. */
static void put_plain(struct msg *m, uint16_t type)
{
	switch (type) {
	case MIDONET_A_ARP_SUPPRESS:
	case MIDONET_A_STATEFUL:
	case MIDONET_A_NOT:
		put_num(m, type, 1, 1);
		break;
	case MIDONET_A_POSITION:
		put_u32(m, type, chance(80) ? 1 : 20);
		break;
	case MIDONET_A_MAC_AGE:
	case MIDONET_A_MAC_LIMIT:
	case MIDONET_A_TUNNEL_KEY:
	case MIDONET_A_MTU:
		put_u32(m, type, 70000);
		break;
	default:
		put_reference(m, type);
	}
}

/* What only subnets that are served have; false: it is something else. */
static bool put_dhcp_attr(struct msg *m, uint16_t type)
{
	switch (type) {
	case MIDONET_A_SUBNET:
		put_subnet(m, type);
		return true;
	case MIDONET_A_SERVER:
	case MIDONET_A_GATEWAY:
	case MIDONET_A_DNS:
		put_dhcp_address(m, type, 1);
		return true;
	case MIDONET_A_LEASE:
		put_u32(m, type, 100000);
		return true;
	case MIDONET_A_ROUTES:
		put_told_route(m, type);
		return true;
	case MIDONET_A_MODE:
		put_num(m, type, 1, 2);
		return true;
	case MIDONET_A_OPTIONS:
		put_option(m, type);
		return true;
	}
	return false;
}

void put_object_attr(struct msg *m, uint16_t type)
{
	if (is_service() && (type == MIDONET_A_ADDRESS ||
			     type == MIDONET_A_COUNT ||
			     type > MIDONET_A_ROUTER)) {
		put_service_attr(m, type);
		return;
	}
	if (put_dhcp_attr(m, type))
		return;
	switch (type) {
	case MIDONET_A_NAME:
		put_name(m, type);
		break;
	case MIDONET_A_DEV:
		put_dev(m, type);
		break;
	case MIDONET_A_ADMIN_UP:
		/* What is down does nothing. */
		put_num(m, type, 1, chance(15) ? 1 : 0);
		m->data[m->len - 4] ^= 1;
		break;
	case MIDONET_A_ACTION:
		put_action(m);
		break;
	case MIDONET_A_VLAN:
		put_num(m, type, 2, chance(80) ? 3 : 4094);
		break;
	case MIDONET_A_MAC:
		put_mac(m, type);
		break;
	case MIDONET_A_MEMBERS:
		put_prefix(m, type);
		break;
	case MIDONET_A_ADDRESSES:
		put_port_addresses(m, type);
		break;
	case MIDONET_A_ADDRESS:
		if (kind == DHCP_HOST)
			put_dhcp_address(m, type, 2 + rnd(200));
		else
			put_address(m, type);
		break;
	case MIDONET_A_ALLOWED_ADDRESSES:
		put_addresses(m, type);
		break;
	case MIDONET_A_MATCH:
		put_match(m, type, ~0ull);
		break;
	case MIDONET_A_UNSET:
		put_u32(m, type, MIDONET_A_MAX);
		break;
	default:
		put_plain(m, type);
	}
}
