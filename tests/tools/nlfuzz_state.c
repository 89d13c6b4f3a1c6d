// SPDX-License-Identifier: GPL-2.0
/*
 * Messages of the fuzzer about connections, translation and load balancing. They
 * name few addresses and ports, so that packets, connections, rules and VIPs meet.
 */
#include <netinet/in.h>
#include <string.h>

#include "nlfuzz.h"

/* What is said of an end of a connection. */
struct end {
	uint8_t addr[16];
	uint16_t port;
};

/* One of a few addresses of a subnet; returns how many bytes it has. */
static uint32_t address_in(uint8_t *a, uint8_t place, uint8_t host, bool v6)
{
	memset(a, 0, 16);
	if (v6) {
		memcpy(a, (uint8_t[]){ 0xfd, 0, 0, place }, 4);
		a[15] = host;
		return 16;
	}
	memcpy(a, (uint8_t[]){ 10, 0, place, host }, 4);
	return 4;
}

static void put_few(struct msg *m, uint16_t type, uint8_t place, bool v6)
{
	uint8_t a[16];
	uint32_t len = address_in(a, place, 1 + rnd(3), v6);

	if (chance(4))
		fill(a, sizeof(a));
	put(m, type, a, chance(98) ? len : rnd(17));
}

static void put_port(struct msg *m, uint16_t type, uint16_t first, uint32_t n)
{
	uint16_t port = chance(96) ? first + rnd(n) : rnd(65536);

	put(m, type, &port, sizeof(port));
}

static struct nlattr *begin_nest(struct msg *m, uint16_t type)
{
	struct nlattr *nest = (struct nlattr *)(m->data + m->len);

	return reserve(m, type | NLA_F_NESTED, 0) ? nest : NULL;
}

static void end_nest(struct msg *m, struct nlattr *nest)
{
	nest->nla_len = m->data + m->len - (uint8_t *)nest;
}

/* Rules. */

/* A static target: as many addresses as the match names. */
static void put_same_size(struct msg *m, bool src, bool v6)
{
	struct nlattr *nest = begin_nest(m, MIDONET_A_MATCH);
	uint8_t a[17], len;
	bool many = chance(50);

	if (!nest)
		return;
	len = address_in(a + 1, src ? 16 * rnd(2) : NAT_PLACE, 0, v6);
	a[0] = 8 * len - (many ? 8 : 0);
	if (!many)
		a[len] = 1 + rnd(3);
	put(m, src ? MIDONET_MATCH_SRC : MIDONET_MATCH_DST, a, len + 1);
	end_nest(m, nest);
	nest = begin_nest(m, MIDONET_A_TARGET);
	if (!nest)
		return;
	len = address_in(a, src ? NAT_PLACE : 16 * rnd(2), many ? 0 : 1 + rnd(3),
			 v6);
	put(m, MIDONET_NAT_TARGET_FIRST, a, len);
	if (many) {
		a[len - 1] = chance(95) ? 255 : rnd(256);
		put(m, MIDONET_NAT_TARGET_LAST, a, len);
	}
	end_nest(m, nest);
}

static void put_dynamic(struct msg *m, bool src, bool v6)
{
	struct nlattr *nest = begin_nest(m, MIDONET_A_TARGET);
	uint8_t a[16], place = src ? NAT_PLACE : 16 * rnd(2);
	uint32_t len, last;
	uint16_t port;

	if (!nest)
		return;
	len = address_in(a, place, 1 + rnd(3), v6);
	put(m, MIDONET_NAT_TARGET_FIRST, a, len);
	if (chance(30)) {
		last = a[len - 1] + rnd(3);
		a[len - 1] = last;
		put(m, MIDONET_NAT_TARGET_LAST, a, len);
	}
	if (src || chance(50)) {
		port = src ? NAT_PORT + rnd(64) : 7 + rnd(3);
		put(m, MIDONET_NAT_TARGET_FIRST_PORT, &port, sizeof(port));
		port += rnd(chance(50) ? 4 : 64);
		if (chance(97))
			put(m, MIDONET_NAT_TARGET_LAST_PORT, &port,
			    sizeof(port));
	}
	end_nest(m, nest);
}

/* What belongs to a rule that translates. */
void put_translation(struct msg *m, uint8_t action)
{
	bool src = action == MIDONET_RULE_ACTION_SNAT, v6 = chance(30);
	static const uint8_t thens[] = { MIDONET_RULE_ACTION_ACCEPT,
					 MIDONET_RULE_ACTION_CONTINUE,
					 MIDONET_RULE_ACTION_RETURN };

	if (src || action == MIDONET_RULE_ACTION_DNAT) {
		if (chance(25))
			put_same_size(m, src, v6);
		else if (chance(97))
			put_dynamic(m, src, v6);
	}
	if (chance(40))
		put(m, MIDONET_A_THEN, &thens[rnd(3)], 1);
	else if (chance(3))
		put_num(m, MIDONET_A_THEN, 1, 255);
}

/* Words of a match. */

void put_state_word(struct msg *m, uint16_t word)
{
	uint8_t p[17], n;

	switch (word) {
	case MIDONET_MATCH_STATE:
		put_num(m, word, 1, MIDONET_CONN_STATE_UNTRACKED);
		break;
	case MIDONET_MATCH_DIRECTION:
	case MIDONET_MATCH_DST_REWRITTEN:
		put_num(m, word, 1, 1);
		break;
	default:
		n = address_in(p + 1, 16 * rnd(2), 1 + rnd(3), chance(30));
		p[0] = 8 * n - (chance(50) ? 8 : 0);
		put(m, word, p, n + 1);
	}
}

/* Load balancers, ports for snat. */

/* Pools of one half are of IPv4, of the other of IPv6. */
static bool pool_is_v6(uint32_t n)
{
	return n % pool[POOL].count >= pool[POOL].count / 2;
}

static void put_health_check(struct msg *m, uint16_t type)
{
	struct nlattr *nest = begin_nest(m, type);
	uint16_t attr;

	if (!nest)
		return;
	for (attr = 1; attr <= MIDONET_HEALTH_CHECK_MAX; attr++) {
		if (chance(60))
			continue;
		if (attr == MIDONET_HEALTH_CHECK_TYPE)
			put_num(m, attr, 1, 3);
		else if (attr == MIDONET_HEALTH_CHECK_PATH)
			put(m, attr, "/status", chance(97) ? 8 : rnd(8));
		else
			put_u32(m, attr, 100);
	}
	end_nest(m, nest);
}

/* Attributes of VIPs, pools and their members, blocks of ports. */
void put_service_attr(struct msg *m, uint16_t type)
{
	static bool v6;

	switch (type) {
	case MIDONET_A_ADDRESS:
		v6 = kind == MEMBER ? pool_is_v6(subject) : chance(30);
		put_few(m, type, kind == VIP ? VIP_PLACE :
			kind == BLOCK ? NAT_PLACE : 16 * rnd(2), v6);
		break;
	case MIDONET_A_SERVICE_PORT:
		put_port(m, type, kind == VIP ? VIP_PORT : 7, kind == VIP ? 3 : 1);
		break;
	case MIDONET_A_PROTO:
		put_num(m, type, 1, 0);
		m->data[m->len - 4] = chance(98) ? 6 + 11 * rnd(2) : rnd(256);
		break;
	case MIDONET_A_POOL:
		/* Of the same load balancer and family. */
		put_nth(m, type, POOL, subject + (v6 ? pool[POOL].count / 2 : 0));
		break;
	case MIDONET_A_HEALTH_CHECK:
		put_health_check(m, type);
		break;
	case MIDONET_A_FIRST_PORT:
		put_port(m, type, NAT_PORT + 16 * rnd(4), 1);
		break;
	case MIDONET_A_COUNT:
		put_u32(m, type, chance(80) ? 16 : 70000);
		break;
	case MIDONET_A_WEIGHT:
		put_u32(m, type, chance(90) ? 3 : 70000);
		break;
	default:
		put_u32(m, type, 100);
	}
}

void health_message(struct msg *m)
{
	kind = MEMBER;
	subject = rnd(pool[kind].count);
	put_nth(m, MIDONET_A_PARENT, POOL, subject);
	put_service_attr(m, MIDONET_A_ADDRESS);
	put_service_attr(m, MIDONET_A_SERVICE_PORT);
	put_num(m, MIDONET_A_HEALTH, 1, 2);
}

/* Connections. */

/* The last that was listed, with what a message to restore it has not. */
static struct {
	uint8_t data[1024];
	uint32_t len;
} listed;

uint64_t conns_listed;

/* A connection was listed: keep it now and then, to send it back. */
void note_conn(const uint8_t *attrs, uint32_t len)
{
	conns_listed++;
	if (len > sizeof(listed.data) || chance(50))
		return;
	memcpy(listed.data, attrs, len);
	listed.len = len;
}

static bool is_shown_only(uint16_t type)
{
	return type == MIDONET_CONN_DEVICE || type == MIDONET_CONN_PORT ||
	       type == MIDONET_CONN_ORIGIN ||
	       type == MIDONET_CONN_DNAT_RULE || type == MIDONET_CONN_SNAT_RULE;
}

/* False if there is none. */
static bool put_listed(struct msg *m)
{
	const uint8_t *p = listed.data, *end = p + listed.len;
	const struct nlattr *a;
	uint16_t type;

	for (; p < end; p += NLA_ALIGN(a->nla_len)) {
		a = (const struct nlattr *)p;
		if (a->nla_len < NLA_HDRLEN || a->nla_len > end - p)
			break;
		type = a->nla_type & NLA_TYPE_MASK;
		if (is_shown_only(type) && chance(99))
			continue;
		put(m, a->nla_type, a + 1, a->nla_len - NLA_HDRLEN);
		/* Another age, another id, a byte of a tuple. */
		if (chance(3))
			m->data[m->len - 1 - rnd(a->nla_len - NLA_HDRLEN)] ^=
				1 << rnd(8);
	}
	return listed.len;
}

static void put_tuple(struct msg *m, uint16_t type, const struct end *from,
		      const struct end *to, uint8_t proto, uint32_t len)
{
	bool ports = proto == IPPROTO_TCP || proto == IPPROTO_UDP ||
		     proto == IPPROTO_SCTP;
	struct nlattr *nest = begin_nest(m, type);

	if (!nest)
		return;
	if (chance(99))
		put(m, MIDONET_CONN_TUPLE_SRC, from->addr, len);
	put(m, MIDONET_CONN_TUPLE_DST, to->addr, chance(99) ? len : rnd(17));
	if (ports == chance(99)) {
		put(m, MIDONET_CONN_TUPLE_SRC_PORT, &from->port, 2);
		put(m, MIDONET_CONN_TUPLE_DST_PORT, &to->port, 2);
	}
	if ((proto == (len == 4 ? IPPROTO_ICMP : IPPROTO_ICMPV6)) == chance(99))
		put(m, MIDONET_CONN_TUPLE_ICMP_ID, &from->port, 2);
	end_nest(m, nest);
}

/* Somebody asks somebody, who is known by another address, or is. */
static void put_ends(struct msg *m, uint8_t proto, bool v6)
{
	struct end client = { .port = 1000 + rnd(8) }, server = { .port = 7 };
	struct end source, dest;
	uint32_t len;

	len = address_in(client.addr, 16 * rnd(2), 1 + rnd(3), v6);
	address_in(server.addr, 16 * rnd(2), 1 + rnd(3), v6);
	source = client;
	dest = server;
	if (chance(40)) {
		address_in(source.addr, NAT_PLACE, 1 + rnd(3), v6);
		source.port = NAT_PORT + rnd(64);
	}
	if (chance(40)) {
		address_in(dest.addr, VIP_PLACE, 1 + rnd(3), v6);
		dest.port = VIP_PORT + rnd(3);
	}
	if (chance(3))
		fill(&dest, sizeof(dest));
	put_tuple(m, MIDONET_CONN_FORWARD, &client, &dest, proto, len);
	put_tuple(m, MIDONET_CONN_REPLY, &server, &source, proto, len);
}

void conn_message(struct msg *m)
{
	static const uint8_t protos[] = { IPPROTO_TCP, IPPROTO_UDP, 0, 47 };
	uint8_t proto = chance(98) ? protos[rnd(4)] : rnd(256), phase;
	bool v6 = chance(30);

	if (chance(40) && put_listed(m))
		return;
	if (!proto)
		proto = v6 ? IPPROTO_ICMPV6 : IPPROTO_ICMP;
	put_nth(m, MIDONET_CONN_DEVICE_ID, chance(60) ? ROUTER : BRIDGE, 0);
	put_nth(m, MIDONET_CONN_PORT_ID, PORT, plugged_ports[rnd(N_PLUGGED)]);
	put(m, MIDONET_CONN_PROTO, &proto, 1);
	put_ends(m, proto, v6);
	phase = proto == IPPROTO_TCP ?
		MIDONET_CONN_PHASE_SYN_SENT + rnd(5) : rnd(2);
	if (chance(97))
		put(m, MIDONET_CONN_STATE, &phase, 1);
	if (proto == IPPROTO_TCP && chance(30))
		put_num(m, MIDONET_CONN_ANSWERED, 1, 1);
	if (chance(30))
		put_u32(m, MIDONET_CONN_AGE, 1000);
	if (chance(30))
		put_u32(m, MIDONET_CONN_EXPIRES, 1000);
	if (chance(8))
		put_nth(m, MIDONET_CONN_DNAT_RULE_ID, RULE, DNAT_CHAIN);
	if (chance(8))
		put_nth(m, MIDONET_CONN_SNAT_RULE_ID, RULE, SNAT_CHAIN);
}

/* Which connections: to list, count or forget. */
void conn_filter(struct msg *m)
{
	if (chance(30))
		put_nth(m, MIDONET_CONN_DEVICE_ID, chance(50) ? ROUTER : BRIDGE,
			0);
	if (chance(40))
		put_match(m, MIDONET_CONN_FILTER, CONN_WORDS);
}
