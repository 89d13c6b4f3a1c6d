// SPDX-License-Identifier: GPL-2.0
/*
 * Random values of attributes for the fuzzer of the netlink family: mostly such
 * that the kernel takes them.
 */
#include <stdio.h>
#include <string.h>

#include "nlfuzz.h"

const struct pool pool[N_KINDS] = {
	[HOST] = { 0, 3 }, [BRIDGE] = { 3, 4 }, [PORT] = { 7, 16 },
	[GROUP] = { 23, 4 }, [SET] = { 27, 4 }, [CHAIN] = { 31, 6 },
	[RULE] = { 37, 27 },
};

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

/* Mostly the device whose number the port has, so that two are on a bridge. */
static void put_dev(struct msg *m, uint16_t type)
{
	bool second = chance(95) ? subject == pool[BRIDGE].count : chance(50);

	put(m, type, second ? "fz1" : "fz0", 4);
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
	default:
		put_id(m, word, PORT);
	}
}

/* @headers: no references to objects. */
void put_match(struct msg *m, uint16_t type, bool headers)
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
		if (headers && chance(95) &&
		    (word > MIDONET_MATCH_FRAGMENT ||
		     word == MIDONET_MATCH_SRC_SET ||
		     word == MIDONET_MATCH_DST_SET))
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
	return kind == RULE ? CHAIN : kind == SET ? SET : BRIDGE;
}

static void put_action(struct msg *m)
{
	uint8_t action = chance(98) ? rnd(5) : rnd(256);

	put(m, MIDONET_A_ACTION, &action, 1);
	if (action == MIDONET_RULE_ACTION_JUMP && chance(90))
		put_id(m, MIDONET_A_CHAIN, CHAIN);
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
		put_nth(m, type, PORT, subject);
		break;
	case MIDONET_A_IN_CHAIN:
	case MIDONET_A_OUT_CHAIN:
	case MIDONET_A_CHAIN:
		put_id(m, type, CHAIN);
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

void put_object_attr(struct msg *m, uint16_t type)
{
	switch (type) {
	case MIDONET_A_NAME:
		put_name(m, type);
		break;
	case MIDONET_A_DEV:
		put_dev(m, type);
		break;
	case MIDONET_A_ADMIN_UP:
	case MIDONET_A_ARP_SUPPRESS:
	case MIDONET_A_STATEFUL:
	case MIDONET_A_NOT:
		put_num(m, type, 1, 1);
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
	case MIDONET_A_ADDRESSES:
		put_prefix(m, type);
		break;
	case MIDONET_A_ADDRESS:
		put_address(m, type);
		break;
	case MIDONET_A_ALLOWED_ADDRESSES:
		put_addresses(m, type);
		break;
	case MIDONET_A_MATCH:
		put_match(m, type, false);
		break;
	case MIDONET_A_UNSET:
		put_u32(m, type, MIDONET_A_MAX);
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
