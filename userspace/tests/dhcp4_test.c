// SPDX-License-Identifier: GPL-2.0
/* The DHCP server: who gets which answer, and what is in it. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <cmocka.h>
#include <stdio.h>
#include <string.h>

#include "dhcp4.h"
#include "packet.h"

#define YIADDR	16
#define SIADDR	20
#define SNAME	44
#define FILE_	108
#define OPTIONS	240

enum { DISCOVER = 1, OFFER, REQUEST, DECLINE, ACK, NAK, RELEASE, INFORM };

static const struct mn_dhcp_subnet net = {
	.plen = 24, .addr = { 10, 0, 0, 0 }, .has_server = true,
	.server = { 10, 0, 0, 1 }, .has_gateway = true,
	.gateway = { 10, 0, 0, 254 }, .mtu = 1450, .lease = 86400,
	.n_dns = 2, .dns = { { 10, 0, 0, 53 }, { 8, 8, 8, 8 } },
	.n_routes = 2,
	.routes = { { 16, { 10, 9, 0, 0 }, { 10, 0, 0, 2 } },
		    { 25, { 10, 8, 0, 128 }, { 10, 0, 0, 3 } } },
};

static struct mn_dhcp_host vm1(void)
{
	return (struct mn_dhcp_host){
		.mac = { 2, 0, 0, 0, 0, 1 }, .addr = { 10, 0, 0, 5 },
		.name = "vm1",
	};
}

static void host_option(struct mn_dhcp_host *h, uint16_t code,
			const void *data, uint16_t len)
{
	h->options[h->n_options++] = (struct mn_dhcp_option){ code, len, data };
}

/* A message being put together. */
struct msg {
	uint8_t data[1500];
	size_t len;
};

static void add(struct msg *m, uint8_t code, const void *data, uint8_t len)
{
	m->data[m->len] = code;
	m->data[m->len + 1] = len;
	memcpy(m->data + m->len + 2, data, len);
	m->len += 2 + len;
}

static void add_addr(struct msg *m, uint8_t code, uint8_t last)
{
	add(m, code, (uint8_t[]){ 10, 0, 0, last }, 4);
}

static struct msg msg(uint8_t type)
{
	struct msg m = {
		.data = { 1, 1, 6, 0, 0xde, 0xad, 0xbe, 0xef }, .len = OPTIONS,
	};

	memcpy(m.data + 28, (uint8_t[]){ 2, 0, 0, 0, 0, 1 }, 6);
	memcpy(m.data + 236, (uint8_t[]){ 0x63, 0x82, 0x53, 0x63 }, 4);
	if (type)
		add(&m, 53, &type, 1);
	return m;
}

static void ciaddr(struct msg *m, uint8_t last)
{
	memcpy(m->data + 12, (uint8_t[]){ 10, 0, 0, last }, 4);
}

/* Value of an option of the answer; its length, or -1. */
static int in_area(const uint8_t *p, size_t len, uint8_t code,
		   const uint8_t **value)
{
	size_t at = 0;

	while (at < len && p[at] != 255) {
		if (!p[at]) {
			at++;
			continue;
		}
		assert_true(len - at >= 2u && p[at + 1] <= len - at - 2);
		if (p[at] == code) {
			*value = p + at + 2;
			return p[at + 1];
		}
		at += 2 + p[at + 1];
	}
	/* Every area has its end. */
	assert_true(at < len);
	return -1;
}

static int find(const struct mn_dhcp4_reply *r, uint8_t code,
		const uint8_t **value)
{
	int len = in_area(r->data + OPTIONS, r->len - OPTIONS, code, value);
	const uint8_t *over;

	if (len >= 0 || code == 52 ||
	    in_area(r->data + OPTIONS, r->len - OPTIONS, 52, &over) != 1)
		return len;
	if (over[0] & 1)
		len = in_area(r->data + FILE_, 128, code, value);
	if (len < 0 && (over[0] & 2))
		len = in_area(r->data + SNAME, 64, code, value);
	return len;
}

static void expect(const struct mn_dhcp4_reply *r, uint8_t code,
		   const void *want, int len)
{
	const uint8_t *value = NULL;
	int got = find(r, code, &value);

	if (got != len)
		print_error("option %d: %d bytes\n", code, got);
	assert_int_equal(got, len);
	if (len > 0)
		assert_memory_equal(value, want, len);
}

#define EXPECT(r, code, ...) \
	expect(r, code, (uint8_t[]){ __VA_ARGS__ }, sizeof((uint8_t[]){ __VA_ARGS__ }))

static struct mn_dhcp4_reply ask_of(const struct mn_dhcp_subnet *s,
				    const struct mn_dhcp_host *h,
				    const struct msg *m)
{
	struct mn_dhcp4_reply r;
	const char *why = mn_dhcp4_answer(s, h, m->data, m->len, &r);

	if (why)
		print_error("no answer: %s\n", why);
	assert_null(why);
	assert_true(r.len >= 300 && r.len <= sizeof(r.data));
	assert_int_equal(r.data[0], 2);
	assert_memory_equal(r.data + 1, m->data + 1, 2);
	assert_memory_equal(r.data + 4, m->data + 4, 4);
	assert_memory_equal(r.data + 28, m->data + 28, 16);
	return r;
}

static struct mn_dhcp4_reply ask(const struct msg *m)
{
	struct mn_dhcp_host h = vm1();

	return ask_of(&net, &h, m);
}

static void expect_dst(const struct mn_dhcp4_reply *r, uint32_t dst, bool mac)
{
	assert_int_equal(mn_get32(r->dst), dst);
	assert_int_equal(r->broadcast, mac);
}

static void is_silent(const struct msg *m, const char *why)
{
	struct mn_dhcp_host h = vm1();
	struct mn_dhcp4_reply r;
	const char *said = mn_dhcp4_answer(&net, &h, m->data, m->len, &r);

	assert_non_null(said);
	assert_non_null(strstr(said, why));
}

static void dhcp4_offer(void **state)
{
	struct msg m = msg(DISCOVER);
	struct mn_dhcp4_reply r = ask(&m);

	(void)state;
	EXPECT(&r, 53, OFFER);
	EXPECT(&r, 54, 10, 0, 0, 1);
	EXPECT(&r, 51, 0, 1, 0x51, 0x80);
	EXPECT(&r, 58, 0, 0, 0xa8, 0xc0);
	EXPECT(&r, 59, 0, 1, 0x27, 0x50);
	EXPECT(&r, 1, 255, 255, 255, 0);
	EXPECT(&r, 3, 10, 0, 0, 254);
	EXPECT(&r, 6, 10, 0, 0, 53, 8, 8, 8, 8);
	EXPECT(&r, 28, 10, 0, 0, 255);
	EXPECT(&r, 26, 5, 0xaa);
	expect(&r, 12, "vm1", 3);
	EXPECT(&r, 121, 16, 10, 9, 10, 0, 0, 2, 25, 10, 8, 0, 128, 10, 0, 0, 3,
	       0, 10, 0, 0, 254);
	assert_memory_equal(r.data + YIADDR, ((uint8_t[]){ 10, 0, 0, 5 }), 4);
	expect_dst(&r, 0x0a000005, false);
	/* Who cannot hear unicast yet says so. */
	m.data[10] = 0x80;
	r = ask(&m);
	expect_dst(&r, UINT32_MAX, true);
	assert_int_equal(r.data[10], 0x80);
}

static void dhcp4_little(void **state)
{
	static const struct mn_dhcp_subnet little = {
		.plen = 32, .addr = { 10, 0, 0, 5 },
		.server = { 10, 0, 0, 1 }, .lease = MN_DHCP_FOREVER,
	};
	struct mn_dhcp_host h = vm1();
	struct msg m = msg(DISCOVER);
	struct mn_dhcp4_reply r;

	(void)state;
	h.name[0] = '\0';
	r = ask_of(&little, &h, &m);
	EXPECT(&r, 51, 255, 255, 255, 255);
	EXPECT(&r, 1, 255, 255, 255, 255);
	expect(&r, 58, NULL, -1);
	expect(&r, 59, NULL, -1);
	expect(&r, 3, NULL, -1);
	expect(&r, 6, NULL, -1);
	expect(&r, 12, NULL, -1);
	expect(&r, 26, NULL, -1);
	expect(&r, 121, NULL, -1);
}

static void dhcp4_request(void **state)
{
	struct msg m = msg(REQUEST);
	struct mn_dhcp4_reply r;

	(void)state;
	/* It has chosen us. */
	add_addr(&m, 54, 1);
	add_addr(&m, 50, 5);
	r = ask(&m);
	EXPECT(&r, 53, ACK);
	expect_dst(&r, 0x0a000005, false);
	/* Another server. */
	m = msg(REQUEST);
	add_addr(&m, 54, 2);
	add_addr(&m, 50, 5);
	is_silent(&m, "another server");
	/* Us, but for an address that is not its own. */
	m = msg(REQUEST);
	add_addr(&m, 54, 1);
	add_addr(&m, 50, 6);
	r = ask(&m);
	EXPECT(&r, 53, NAK);
	EXPECT(&r, 54, 10, 0, 0, 1);
	expect(&r, 51, NULL, -1);
	expect(&r, 1, NULL, -1);
	assert_int_equal(mn_get32(r.data + YIADDR), 0);
	expect_dst(&r, UINT32_MAX, true);
	m = msg(REQUEST);
	is_silent(&m, "no address");
}

static void dhcp4_reboot(void **state)
{
	struct msg m = msg(REQUEST);
	struct mn_dhcp4_reply r;

	(void)state;
	add_addr(&m, 50, 5);
	r = ask(&m);
	EXPECT(&r, 53, ACK);
	/* A lease of somewhere else. */
	m = msg(REQUEST);
	add(&m, 50, (uint8_t[]){ 192, 168, 1, 9 }, 4);
	r = ask(&m);
	EXPECT(&r, 53, NAK);
	expect_dst(&r, UINT32_MAX, true);
}

static void dhcp4_renew(void **state)
{
	struct msg m = msg(REQUEST);
	struct mn_dhcp4_reply r;

	(void)state;
	ciaddr(&m, 5);
	r = ask(&m);
	EXPECT(&r, 53, ACK);
	EXPECT(&r, 51, 0, 1, 0x51, 0x80);
	expect_dst(&r, 0x0a000005, false);
	assert_memory_equal(r.data + 12, m.data + 12, 4);
	ciaddr(&m, 6);
	r = ask(&m);
	EXPECT(&r, 53, NAK);
}

static void dhcp4_others(void **state)
{
	struct msg m = msg(INFORM);
	struct mn_dhcp4_reply r;

	(void)state;
	is_silent(&m, "without an address");
	ciaddr(&m, 77);
	r = ask(&m);
	EXPECT(&r, 53, ACK);
	EXPECT(&r, 6, 10, 0, 0, 53, 8, 8, 8, 8);
	expect(&r, 51, NULL, -1);
	expect(&r, 58, NULL, -1);
	assert_int_equal(mn_get32(r.data + YIADDR), 0);
	expect_dst(&r, 0x0a00004d, false);
	m = msg(RELEASE);
	is_silent(&m, "releases");
	m = msg(DECLINE);
	is_silent(&m, "declines");
	m = msg(OFFER);
	is_silent(&m, "only servers send");
	m = msg(200);
	is_silent(&m, "only servers send");
}

static void dhcp4_malformed(void **state)
{
	struct msg m = msg(DISCOVER), good = m;
	size_t len;

	(void)state;
	for (len = 0; len < OPTIONS; len++) {
		m.len = len;
		is_silent(&m, "is no DHCP message");
	}
	m.len = OPTIONS;
	is_silent(&m, "no message type");
	for (len = OPTIONS + 1; len < good.len; len++) {
		m.len = len;
		is_silent(&m, "longer than the message");
	}
	m = good;
	m.data[0] = 2;
	is_silent(&m, "Ethernet station");
	m = good;
	m.data[1] = 6;
	is_silent(&m, "Ethernet station");
	m = good;
	m.data[2] = 16;
	is_silent(&m, "Ethernet station");
	m = good;
	m.data[236] = 0;
	is_silent(&m, "no DHCP message");
	m = good;
	m.data[24] = 10;
	is_silent(&m, "relay");
	m = good;
	m.data[33] = 2;
	is_silent(&m, "another station");
	/* Options behind the end are none. */
	m = msg(0);
	m.data[m.len++] = 255;
	add(&m, 53, (uint8_t[]){ DISCOVER }, 1);
	is_silent(&m, "no message type");
	/* Of a wrong length. */
	m = msg(0);
	add(&m, 53, (uint8_t[]){ DISCOVER, 0 }, 2);
	is_silent(&m, "no message type");
}

/* Clients may write options into the other fields, too. */
static void dhcp4_overloaded(void **state)
{
	struct msg m = msg(0);
	struct mn_dhcp4_reply r;

	(void)state;
	add(&m, 52, (uint8_t[]){ 3 }, 1);
	memcpy(m.data + FILE_, (uint8_t[]){ 53, 1, REQUEST, 255 }, 4);
	memcpy(m.data + SNAME, (uint8_t[]){ 0, 50, 4, 10, 0, 0, 5, 255 }, 8);
	r = ask(&m);
	EXPECT(&r, 53, ACK);
	memcpy(m.data + SNAME, (uint8_t[]){ 50, 63 }, 2);
	is_silent(&m, "longer than its field");
}

static void dhcp4_client_id(void **state)
{
	struct msg m = msg(DISCOVER);
	struct mn_dhcp4_reply r;

	(void)state;
	add(&m, 61, "\x01\x02\x00\x00\x00\x00\x01", 7);
	r = ask(&m);
	expect(&r, 61, "\x01\x02\x00\x00\x00\x00\x01", 7);
	m.data[m.len++] = 55;
	m.data[m.len++] = 0;
	r = ask(&m);
	expect(&r, 61, "\x01\x02\x00\x00\x00\x00\x01", 7);
}

static void dhcp4_own_options(void **state)
{
	struct mn_dhcp_host h = vm1();
	struct msg m = msg(DISCOVER);
	struct mn_dhcp4_reply r;

	(void)state;
	host_option(&h, 42, "\x0a\x00\x00\x09", 4);
	host_option(&h, 6, "\x01\x01\x01\x01", 4);
	host_option(&h, 3, "\x0a\x00\x00\xfd", 4);
	host_option(&h, 12, "other", 5);
	host_option(&h, 26, "\x05\xdc", 2);
	host_option(&h, 66, "boot.example", 12);
	host_option(&h, 67, "pxelinux.0", 10);
	host_option(&h, 150, "\x0a\x00\x00\x07", 4);
	host_option(&h, 80, "", 0);
	r = ask_of(&net, &h, &m);
	EXPECT(&r, 42, 10, 0, 0, 9);
	EXPECT(&r, 6, 1, 1, 1, 1);
	EXPECT(&r, 3, 10, 0, 0, 253);
	expect(&r, 12, "other", 5);
	EXPECT(&r, 26, 5, 0xdc);
	expect(&r, 67, "pxelinux.0", 10);
	expect(&r, 80, "", 0);
	/* The default route is the router's that the host is told. */
	EXPECT(&r, 121, 16, 10, 9, 10, 0, 0, 2, 25, 10, 8, 0, 128, 10, 0, 0, 3,
	       0, 10, 0, 0, 253);
	assert_string_equal((char *)r.data + FILE_, "pxelinux.0");
	assert_string_equal((char *)r.data + SNAME, "boot.example");
	assert_memory_equal(r.data + SIADDR, ((uint8_t[]){ 10, 0, 0, 7 }), 4);
}

/* What does not fit goes into other fields, and what a client takes counts. */
static void dhcp4_large(void **state)
{
	static uint8_t big[252];
	struct mn_dhcp_host h = vm1();
	struct msg m = msg(DISCOVER);
	struct mn_dhcp4_reply r;
	const uint8_t *value;

	(void)state;
	memset(big, 7, sizeof(big));
	host_option(&h, 43, big, 150);
	host_option(&h, 67, "pxelinux.0", 10);
	host_option(&h, 200, big, 100);
	host_option(&h, 201, big, 60);
	host_option(&h, 202, big, 252);
	r = ask_of(&net, &h, &m);
	assert_true(r.len <= 576 - 28);
	expect(&r, 43, big, 150);
	expect(&r, 200, big, 100);
	expect(&r, 201, big, 60);
	/* There was no room left. */
	expect(&r, 202, NULL, -1);
	assert_int_equal(find(&r, 52, &value), 1);
	assert_int_equal(value[0], 3);
	add(&m, 57, "\x05\xdc", 2);
	r = ask_of(&net, &h, &m);
	expect(&r, 43, big, 150);
	expect(&r, 200, big, 100);
	expect(&r, 201, big, 60);
	expect(&r, 202, big, 252);
	expect(&r, 52, NULL, -1);
	assert_string_equal((char *)r.data + FILE_, "pxelinux.0");
	assert_true(r.len > 576);
	/* More than a frame carries is not sent whatever the client takes. */
	m = msg(DISCOVER);
	add(&m, 57, "\xff\xff", 2);
	host_option(&h, 203, big, 252);
	host_option(&h, 204, big, 252);
	r = ask_of(&net, &h, &m);
	assert_true(r.len <= 1472);
}

/* Nonsense as a maximum is as if there were none. */
static void dhcp4_small_max(void **state)
{
	struct msg m = msg(DISCOVER);
	struct mn_dhcp4_reply r;

	(void)state;
	add(&m, 57, "\x00\x10", 2);
	r = ask(&m);
	EXPECT(&r, 53, OFFER);
	EXPECT(&r, 26, 5, 0xaa);
}

/* Frames. */

static void packet_round(void **state)
{
	static const uint8_t a[6] = { 2, 0, 0, 0, 0, 1 }, b[6] = { 2, 0, 0, 0, 0, 2 };
	static const uint8_t v4[4] = { 10, 0, 0, 1 }, v6[16] = { 0xfd, [15] = 1 };
	struct mn_packet p = {
		.eth_dst = a, .eth_src = b, .proto = 17, .src = v4, .dst = v4,
		.sport = 67, .dport = 68, .data = (const uint8_t *)"odd", .len = 3,
	}, got;
	struct mn_buf frame = {};
	int round;
	size_t len;

	(void)state;
	for (round = 0; round < 4; round++) {
		p.v6 = round & 1;
		p.tagged = round & 2;
		p.tci = 0x6007;
		p.src = p.v6 ? v6 : v4;
		p.dst = p.v6 ? v6 : v4;
		frame.len = 0;
		mn_packet_build(&p, &frame);
		for (len = 0; len < frame.len; len++)
			assert_false(mn_packet_parse((uint8_t *)frame.s, len, &got));
		assert_true(mn_packet_parse((uint8_t *)frame.s, frame.len, &got));
		assert_int_equal(got.v6, p.v6);
		assert_int_equal(got.tagged, p.tagged);
		assert_int_equal(got.sport, 67);
		assert_int_equal(got.dport, 68);
		assert_int_equal(got.hops, 64);
		assert_int_equal(got.len, 3);
		assert_memory_equal(got.data, "odd", 3);
		assert_memory_equal(got.eth_src, b, 6);
		frame.s[frame.len - 1] ^= 1;
		assert_false(mn_packet_parse((uint8_t *)frame.s, frame.len, &got));
	}
	mn_buf_free(&frame);
}

int main(void)
{
	static const struct CMUnitTest tests[] = {
		cmocka_unit_test(dhcp4_offer),
		cmocka_unit_test(dhcp4_little),
		cmocka_unit_test(dhcp4_request),
		cmocka_unit_test(dhcp4_reboot),
		cmocka_unit_test(dhcp4_renew),
		cmocka_unit_test(dhcp4_others),
		cmocka_unit_test(dhcp4_malformed),
		cmocka_unit_test(dhcp4_overloaded),
		cmocka_unit_test(dhcp4_client_id),
		cmocka_unit_test(dhcp4_own_options),
		cmocka_unit_test(dhcp4_large),
		cmocka_unit_test(dhcp4_small_max),
		cmocka_unit_test(packet_round),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
