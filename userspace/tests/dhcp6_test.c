// SPDX-License-Identifier: GPL-2.0
/* The DHCPv6 server and router advertisements. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <cmocka.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "dhcp6.h"
#include "packet.h"
#include "ra.h"

enum { SOLICIT = 1, ADVERTISE, REQUEST, CONFIRM, RENEW, REBIND, REPLY, RELEASE,
	DECLINE, RECONFIGURE, INFORMATION_REQUEST, RELAY_FORW };
enum { CLIENTID = 1, SERVERID, IA_NA, IA_TA, IAADDR, ORO, STATUS = 13,
	RAPID_COMMIT, DNS = 23, IA_PD = 25, FQDN = 39 };

static const uint8_t duid[] = { 0, 3, 0, 1, 2, 0, 0, 0, 0, 1 };
static const uint8_t five[16] = { 0xfd, [15] = 5 };
static const uint8_t seven[16] = { 0xfd, [15] = 7 };
static const uint8_t far[16] = { 0x20, 0x01, [15] = 7 };

static const struct mn_dhcp_subnet net = {
	.id = { .b = { 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16 } },
	.v6 = true, .plen = 64, .addr = { 0xfd }, .lease = 1000,
	.server_mac = { 2, 0, 0, 0, 0, 0xfe },
	.n_dns = 2, .dns = { { 0xfd, [15] = 0x53 }, { 0xfd, [15] = 0x54 } },
};

static const uint8_t server[] = {
	0, 4, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16,
};

static const struct mn_dhcp_host vm1 = {
	.mac = { 2, 0, 0, 0, 0, 1 }, .addr = { 0xfd, [15] = 5 }, .name = "vm1.example",
};

struct msg {
	uint8_t data[1500];
	size_t len;
};

static void add(struct msg *m, uint16_t code, const void *data, uint16_t len)
{
	mn_put16(m->data + m->len, code);
	mn_put16(m->data + m->len + 2, len);
	if (len)
		memcpy(m->data + m->len + 4, data, len);
	m->len += 4 + len;
}

static struct msg msg(uint8_t type)
{
	struct msg m = { .data = { type, 0xab, 0xcd, 0xef }, .len = 4 };

	add(&m, CLIENTID, duid, sizeof(duid));
	return m;
}

static struct msg msg_to(uint8_t type)
{
	struct msg m = msg(type);

	add(&m, SERVERID, server, sizeof(server));
	return m;
}

/* With an address in it, or none. */
static void add_ia(struct msg *m, uint16_t code, uint8_t id, const uint8_t *addr)
{
	uint8_t ia[12 + 28] = { [3] = id };

	mn_put16(ia + 12, IAADDR);
	mn_put16(ia + 14, 24);
	if (addr)
		memcpy(ia + 16, addr, 16);
	add(m, code, ia, addr ? sizeof(ia) : code == IA_TA ? 4 : 12);
}

/* The @nth option of a code in [p, p + len); its length, or -1. */
static int find_in(const uint8_t *p, size_t len, uint16_t code, int nth,
		   const uint8_t **value)
{
	size_t at = 0;

	while (at < len) {
		assert_true(len - at >= 4);
		assert_true(mn_get16(p + at + 2) <= len - at - 4);
		if (mn_get16(p + at) == code && !nth--) {
			*value = p + at + 4;
			return mn_get16(p + at + 2);
		}
		at += 4 + mn_get16(p + at + 2);
	}
	return -1;
}

static int find(const struct mn_dhcp6_reply *r, uint16_t code, int nth,
		const uint8_t **value)
{
	return find_in(r->data + 4, r->len - 4, code, nth, value);
}

static void expect(const struct mn_dhcp6_reply *r, uint16_t code,
		   const void *want, int len)
{
	const uint8_t *value = NULL;

	assert_int_equal(find(r, code, 0, &value), len);
	if (len > 0)
		assert_memory_equal(value, want, len);
}

static struct mn_dhcp6_reply ask_of(const struct mn_dhcp_subnet *s,
				    const struct mn_dhcp_host *h,
				    const struct msg *m, uint8_t type)
{
	struct mn_dhcp6_reply r;
	const char *why = mn_dhcp6_answer(s, h, m->data, m->len, &r);

	if (why)
		print_error("no answer: %s\n", why);
	assert_null(why);
	assert_int_equal(r.data[0], type);
	assert_memory_equal(r.data + 1, m->data + 1, 3);
	expect(&r, SERVERID, server, sizeof(server));
	return r;
}

static struct mn_dhcp6_reply ask(const struct msg *m, uint8_t type)
{
	return ask_of(&net, &vm1, m, type);
}

static void is_silent(const struct msg *m, const char *why)
{
	struct mn_dhcp6_reply r;
	const char *said = mn_dhcp6_answer(&net, &vm1, m->data, m->len, &r);

	assert_non_null(said);
	if (!strstr(said, why))
		print_error("said: %s\n", said);
	assert_non_null(strstr(said, why));
}

/* The @nth association gives the address, with these times. */
static void expect_grant(const struct mn_dhcp6_reply *r, int nth, uint8_t id)
{
	const uint8_t *ia, *addr, *status;
	int len = find(r, IA_NA, nth, &ia);

	assert_true(len >= 40);
	assert_int_equal(mn_get32(ia), id);
	assert_int_equal(mn_get32(ia + 4), 500);
	assert_int_equal(mn_get32(ia + 8), 800);
	assert_int_equal(find_in(ia + 12, len - 12, IAADDR, 0, &addr), 24);
	assert_memory_equal(addr, five, 16);
	assert_int_equal(mn_get32(addr + 16), 1000);
	assert_int_equal(mn_get32(addr + 20), 1000);
	assert_int_equal(find_in(ia + 12, len - 12, STATUS, 0, &status), -1);
}

static void expect_refusal(const struct mn_dhcp6_reply *r, uint16_t code,
			   int nth, int want)
{
	const uint8_t *ia, *status;
	int len = find(r, code, nth, &ia), head = code == IA_TA ? 4 : 12;

	assert_true(len >= head);
	assert_int_equal(find_in(ia + head, len - head, IAADDR, 0, &status), -1);
	assert_int_equal(find_in(ia + head, len - head, STATUS, 0, &status), 2);
	assert_int_equal(mn_get16(status), want);
}

static void dhcp6_solicit(void **state)
{
	struct msg m = msg(SOLICIT);
	struct mn_dhcp6_reply r;

	(void)state;
	add_ia(&m, IA_NA, 9, NULL);
	r = ask(&m, ADVERTISE);
	expect(&r, CLIENTID, duid, sizeof(duid));
	expect_grant(&r, 0, 9);
	expect(&r, DNS, net.dns, 32);
	expect(&r, RAPID_COMMIT, NULL, -1);
	expect(&r, FQDN, NULL, -1);
	/* At once, if the client likes. */
	add(&m, RAPID_COMMIT, NULL, 0);
	r = ask(&m, REPLY);
	expect_grant(&r, 0, 9);
	expect(&r, RAPID_COMMIT, NULL, 0);
	/* The name, if the client knows of names. */
	add(&m, FQDN, "\0", 1);
	r = ask(&m, REPLY);
	expect(&r, FQDN, "\0\003vm1\007example", 13);
	/* Only one association gets the address; prefixes there are none. */
	m = msg(SOLICIT);
	add_ia(&m, IA_TA, 1, NULL);
	add_ia(&m, IA_NA, 2, seven);
	add_ia(&m, IA_NA, 3, NULL);
	add_ia(&m, IA_PD, 4, NULL);
	r = ask(&m, ADVERTISE);
	expect_refusal(&r, IA_TA, 0, 2);
	expect_grant(&r, 0, 2);
	expect_refusal(&r, IA_NA, 1, 2);
	expect_refusal(&r, IA_PD, 0, 6);
}

static void dhcp6_request(void **state)
{
	struct msg m = msg_to(REQUEST);
	const uint8_t *ia, *addr;
	struct mn_dhcp6_reply r;
	int len;

	(void)state;
	add_ia(&m, IA_NA, 1, five);
	r = ask(&m, REPLY);
	expect_grant(&r, 0, 1);
	m = msg_to(RENEW);
	add_ia(&m, IA_NA, 1, five);
	r = ask(&m, REPLY);
	expect_grant(&r, 0, 1);
	/* What it had before is over. */
	m = msg(REBIND);
	add_ia(&m, IA_NA, 1, seven);
	r = ask(&m, REPLY);
	expect_grant(&r, 0, 1);
	len = find(&r, IA_NA, 0, &ia);
	assert_int_equal(find_in(ia + 12, len - 12, IAADDR, 1, &addr), 24);
	assert_memory_equal(addr, seven, 16);
	assert_int_equal(mn_get32(addr + 16), 0);
	assert_int_equal(mn_get32(addr + 20), 0);
}

static void expect_status(const struct mn_dhcp6_reply *r, int want)
{
	uint8_t status[2] = { 0, want };

	expect(r, STATUS, status, 2);
}

static void dhcp6_others(void **state)
{
	struct msg m = msg(CONFIRM);
	struct mn_dhcp6_reply r;

	(void)state;
	is_silent(&m, "about no address");
	add_ia(&m, IA_NA, 1, seven);
	r = ask(&m, REPLY);
	expect_status(&r, 0);
	add_ia(&m, IA_NA, 2, far);
	r = ask(&m, REPLY);
	expect_status(&r, 4);
	m = msg_to(RELEASE);
	add_ia(&m, IA_NA, 1, five);
	r = ask(&m, REPLY);
	expect_status(&r, 0);
	m = msg_to(DECLINE);
	r = ask(&m, REPLY);
	expect_status(&r, 0);
	m = msg(INFORMATION_REQUEST);
	r = ask(&m, REPLY);
	expect(&r, DNS, net.dns, 32);
	expect(&r, IA_NA, NULL, -1);
	/* It need not say who it is. */
	m.len = 4;
	r = ask(&m, REPLY);
	expect(&r, CLIENTID, NULL, -1);
	expect(&r, DNS, net.dns, 32);
}

/* RFC 8415 16 */
static void dhcp6_discarded(void **state)
{
	static const uint8_t to[] = { SOLICIT, CONFIRM, REBIND };
	static const uint8_t from[] = { REQUEST, RENEW, RELEASE, DECLINE };
	static const uint8_t other[] = { 0, 3, 0, 1, 9, 9, 9, 9, 9, 9 };
	struct msg m;
	size_t i;

	(void)state;
	for (i = 0; i < sizeof(to); i++) {
		m = msg_to(to[i]);
		is_silent(&m, "names one");
		m = msg(to[i]);
		m.len = 4;
		is_silent(&m, "who it is from");
	}
	for (i = 0; i < sizeof(from); i++) {
		m = msg(from[i]);
		is_silent(&m, "names no server");
		add(&m, SERVERID, other, sizeof(other));
		is_silent(&m, "another server");
		m = msg(from[i]);
		m.len = 4;
		add(&m, SERVERID, server, sizeof(server));
		is_silent(&m, "who it is from");
	}
	m = msg(INFORMATION_REQUEST);
	add(&m, SERVERID, other, sizeof(other));
	is_silent(&m, "another server");
	m = msg(INFORMATION_REQUEST);
	add_ia(&m, IA_NA, 1, NULL);
	is_silent(&m, "says it does not");
	m = msg(RELAY_FORW);
	is_silent(&m, "relay");
	m = msg(ADVERTISE);
	is_silent(&m, "only servers");
	m = msg(0);
	is_silent(&m, "only servers");
	m = msg(255);
	is_silent(&m, "only servers");
}

static void dhcp6_malformed(void **state)
{
	struct msg m = msg(SOLICIT), good;
	struct mn_dhcp6_reply r;
	size_t len;
	int i;

	(void)state;
	add_ia(&m, IA_NA, 1, seven);
	good = m;
	for (len = 0; len < good.len; len++) {
		m.len = len;
		/* Between options it is a whole message, of fewer. */
		if (len == 4 || len == 4 + 4 + sizeof(duid))
			continue;
		is_silent(&m, len < 4 ? "too short" : "longer than the message");
	}
	m = good;
	m.data[7] = 0;
	is_silent(&m, "longer than the message");
	m = (struct msg){ .data = { SOLICIT }, .len = 4 };
	add(&m, CLIENTID, duid, 2);
	is_silent(&m, "wrong length");
	/* An association that is too short, and contents that are. */
	m = msg(SOLICIT);
	add(&m, IA_NA, "\0\0\0", 3);
	r = ask(&m, ADVERTISE);
	expect(&r, IA_NA, NULL, -1);
	m = msg(REBIND);
	add(&m, IA_NA, "\0\0\0\1\0\0\0\0\0\0\0\0\0\5\0\30", 16);
	r = ask(&m, REPLY);
	expect_grant(&r, 0, 1);
	/* More than there is room for. */
	m = msg(SOLICIT);
	for (i = 0; i < 40; i++)
		add_ia(&m, IA_NA, i, NULL);
	r = ask(&m, ADVERTISE);
	assert_true(r.len <= sizeof(r.data));
	expect_grant(&r, 0, 0);
}

static void dhcp6_modes(void **state)
{
	struct mn_dhcp_subnet s = net;
	struct mn_dhcp_host h = vm1;
	struct mn_dhcp6_reply r;
	const uint8_t *ia;
	struct msg m;

	(void)state;
	s.mode = MIDONET_DHCP_MODE_STATELESS;
	m = msg(INFORMATION_REQUEST);
	r = ask_of(&s, NULL, &m, REPLY);
	expect(&r, DNS, net.dns, 32);
	h.options[0] = (struct mn_dhcp_option){ 31, 16, five };
	h.options[1] = (struct mn_dhcp_option){ DNS, 16, seven };
	h.n_options = 2;
	r = ask_of(&s, &h, &m, REPLY);
	expect(&r, 31, five, 16);
	expect(&r, DNS, seven, 16);
	/* No addresses here. */
	m = msg(SOLICIT);
	add(&m, RAPID_COMMIT, NULL, 0);
	add_ia(&m, IA_NA, 1, NULL);
	r = ask_of(&s, &h, &m, ADVERTISE);
	expect_refusal(&r, IA_NA, 0, 2);
	r = ask_of(&net, NULL, &m, ADVERTISE);
	expect_refusal(&r, IA_NA, 0, 2);
	/* For ever. */
	s = net;
	s.lease = MN_DHCP_FOREVER;
	m = msg(SOLICIT);
	add_ia(&m, IA_NA, 1, NULL);
	r = ask_of(&s, &h, &m, ADVERTISE);
	assert_int_equal(find(&r, IA_NA, 0, &ia), 40);
	assert_int_equal(mn_get32(ia + 4), UINT32_MAX);
	assert_int_equal(mn_get32(ia + 8), UINT32_MAX);
	assert_int_equal(mn_get32(ia + 32), UINT32_MAX);
	assert_int_equal(mn_get32(ia + 36), UINT32_MAX);
}

/* Advertisements. */

/* The @nth option of a type; its bytes, or -1. */
static int find_ra(const struct mn_ra *ra, uint8_t type, int nth,
		   const uint8_t **value)
{
	size_t at = 16;

	while (at < ra->len) {
		assert_true(ra->len - at >= 8);
		assert_true(ra->data[at + 1] && ra->data[at + 1] * 8u <= ra->len - at);
		if (ra->data[at] == type && !nth--) {
			*value = ra->data + at;
			return ra->data[at + 1] * 8;
		}
		at += ra->data[at + 1] * 8u;
	}
	return -1;
}

static void ra_modes(void **state)
{
	static const struct {
		uint8_t mode, ra, prefix;
	} want[] = {
		{ MIDONET_DHCP_MODE_STATEFUL, 0xc0, 0x80 },
		{ MIDONET_DHCP_MODE_STATELESS, 0x40, 0xc0 },
		{ MIDONET_DHCP_MODE_SLAAC, 0, 0xc0 },
	};
	static const uint8_t src[16] = {
		0xfe, 0x80, [8] = 0, 0, 0, 0xff, 0xfe, 0, 0, 0xfe,
	};
	struct mn_dhcp_subnet s = net;
	const uint8_t *o;
	struct mn_ra ra;
	size_t i;

	(void)state;
	for (i = 0; i < 3; i++) {
		s.mode = want[i].mode;
		assert_int_equal(mn_ra_build(&s, 1, &ra, 1), 1);
		assert_int_equal(ra.data[0], 134);
		assert_int_equal(ra.data[5], want[i].ra);
		assert_int_equal(mn_get16(ra.data + 6), 0);
		assert_memory_equal(ra.src, src, 16);
		assert_int_equal(find_ra(&ra, 1, 0, &o), 8);
		assert_memory_equal(o + 2, net.server_mac, 6);
		assert_int_equal(find_ra(&ra, 3, 0, &o), 32);
		assert_int_equal(o[2], 64);
		assert_int_equal(o[3], want[i].prefix);
		assert_int_equal(mn_get32(o + 4), 1000);
		assert_memory_equal(o + 16, net.addr, 16);
		assert_int_equal(find_ra(&ra, 25, 0, &o), 40);
		assert_memory_equal(o + 8, net.dns, 32);
		assert_int_equal(find_ra(&ra, 5, 0, &o), -1);
	}
}

static void ra_routers(void **state)
{
	static const uint8_t mac[6] = { 2, 0, 0, 0, 1, 1 };
	struct mn_dhcp_subnet s[4] = { net, net, net, net };
	struct mn_ra ra[4];
	const uint8_t *o;

	(void)state;
	/* Two of one router, one of none; IPv4 does not count. */
	s[0].has_gateway = true;
	s[0].has_router = true;
	memcpy(s[0].gateway, five, 16);
	memcpy(s[0].gateway_mac, mac, 6);
	s[0].mode = MIDONET_DHCP_MODE_SLAAC;
	s[1] = s[0];
	s[1].addr[1] = 1;
	s[1].mtu = 1400;
	s[2].mtu = 1300;
	s[3].v6 = false;
	s[3].mtu = 100;
	assert_int_equal(mn_ra_build(s, 4, ra, 4), 2);
	assert_memory_equal(ra[0].mac, mac, 6);
	assert_int_equal(mn_get16(ra[0].data + 6), MN_RA_LIFETIME);
	assert_int_equal(find_ra(&ra[0], 3, 1, &o), 32);
	assert_int_equal(find_ra(&ra[0], 3, 2, &o), -1);
	assert_int_equal(find_ra(&ra[0], 5, 0, &o), 8);
	assert_int_equal(mn_get32(o + 4), 1300);
	assert_memory_equal(ra[1].mac, net.server_mac, 6);
	assert_int_equal(mn_get16(ra[1].data + 6), 0);
	/* All of the link say the same of DHCPv6. */
	assert_int_equal(ra[0].data[5], 0xc0);
	assert_int_equal(ra[1].data[5], 0xc0);
	/* A gateway that is link-local is what they are to see. */
	memset(s[0].gateway, 0, 16);
	s[0].gateway[0] = 0xfe;
	s[0].gateway[1] = 0x80;
	s[0].gateway[15] = 1;
	assert_int_equal(mn_ra_build(s, 1, ra, 4), 1);
	assert_memory_equal(ra[0].src, s[0].gateway, 16);
	/* Somebody else's gateway: we are no router. */
	s[0].has_router = false;
	assert_int_equal(mn_ra_build(s, 1, ra, 4), 1);
	assert_int_equal(mn_get16(ra[0].data + 6), 0);
	assert_memory_equal(ra[0].mac, net.server_mac, 6);
	/* What does not fit is left out, whole. */
	assert_int_equal(mn_ra_build(s, 4, ra, 1), 1);
}

static void ra_full(void **state)
{
	struct mn_dhcp_subnet *s = calloc(MN_RA_SUBNETS, sizeof(*s));
	const uint8_t *o;
	struct mn_ra ra;
	int i;

	(void)state;
	for (i = 0; i < MN_RA_SUBNETS; i++) {
		s[i] = net;
		s[i].addr[1] = i;
		s[i].n_dns = 16;
	}
	assert_int_equal(mn_ra_build(s, MN_RA_SUBNETS, &ra, 1), 1);
	assert_true(ra.len <= sizeof(ra.data));
	assert_int_equal(find_ra(&ra, 3, 3, &o), 32);
	free(s);
}

static void ra_solicited(void **state)
{
	static const uint8_t any[16];
	uint8_t rs[16] = { 133, [8] = 1, 1 };

	(void)state;
	assert_true(mn_ra_solicits(rs, 16, 255, five));
	assert_true(mn_ra_solicits(rs, 8, 255, five));
	assert_true(mn_ra_solicits(rs, 8, 255, any));
	assert_false(mn_ra_solicits(rs, 16, 255, any));
	assert_false(mn_ra_solicits(rs, 16, 64, five));
	assert_false(mn_ra_solicits(rs, 7, 255, five));
	assert_false(mn_ra_solicits(rs, 12, 255, five));
	rs[9] = 0;
	assert_false(mn_ra_solicits(rs, 16, 255, five));
	rs[9] = 2;
	assert_false(mn_ra_solicits(rs, 16, 255, five));
	rs[9] = 1;
	rs[1] = 1;
	assert_false(mn_ra_solicits(rs, 16, 255, five));
	rs[1] = 0;
	rs[0] = 134;
	assert_false(mn_ra_solicits(rs, 16, 255, five));
}

int main(void)
{
	static const struct CMUnitTest tests[] = {
		cmocka_unit_test(dhcp6_solicit),
		cmocka_unit_test(dhcp6_request),
		cmocka_unit_test(dhcp6_others),
		cmocka_unit_test(dhcp6_discarded),
		cmocka_unit_test(dhcp6_malformed),
		cmocka_unit_test(dhcp6_modes),
		cmocka_unit_test(ra_modes),
		cmocka_unit_test(ra_routers),
		cmocka_unit_test(ra_full),
		cmocka_unit_test(ra_solicited),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
