// SPDX-License-Identifier: GPL-2.0
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <cmocka.h>
#include <stdlib.h>
#include <string.h>

#include "frame.h"
#include "match.h"
#include "model.h"

/* NULL for @canonical: refused. */
struct value {
	const char *word;
	const char *text;
	const char *canonical;
};

static const struct value words[] = {
	{ "ethertype", "ip", "ip" }, { "ethertype", "0x86dd", "ipv6" },
	{ "ethertype", "0x88b5,arp", "arp,0x88b5" },
	{ "ethertype", "0x10000", NULL }, { "ethertype", "", NULL },
	{ "hw-src", "02:00:00:00:00:0A", "02:00:00:00:00:0a" },
	{ "hw-dst", "01:00:5e:01:02:03/ff:ff:ff:00:00:00",
	  "01:00:5e:00:00:00/ff:ff:ff:00:00:00" },
	{ "hw-dst", "01:00:5e:01:02", NULL }, { "hw-dst", "1:0:5e:1:2:3", NULL },
	{ "vlan", "5,none,5", "5,none" }, { "vlan", "none", "none" },
	{ "vlan", "!0", "!0" }, { "vlan", "4096", NULL },
	{ "src", "10.1.2.3/8", "10.0.0.0/8" }, { "src", "0/0", "0.0.0.0/0" },
	{ "src", "2001:DB8::1", "2001:db8::1" }, { "src", "::/0", "::/0" },
	{ "src", "!10.0.0.2,10.0.0.1", "!10.0.0.1,10.0.0.2" },
	{ "src", "10.0.0.1/33", NULL }, { "src", "10.0.0.1/", NULL },
	{ "src", "10.0.0", NULL }, { "src", "10.0.0.1,", NULL },
	{ "src", "!", NULL }, { "dst", "2001:db8::/129", NULL },
	{ "dst", "10.0.0.1/-1", NULL }, { "dst", "10.0.0.1/08", "10.0.0.0/8" },
	{ "proto", "tcp,17", "tcp,udp" }, { "proto", "255", "255" },
	{ "proto", "256", NULL }, { "proto", "TCP", NULL },
	{ "src-port", "443,80,1-2", "1-2,80,443" },
	{ "dst-port", "0-65535", "0-65535" }, { "dst-port", "2-1", NULL },
	{ "dst-port", "65536", NULL }, { "dst-port", "80-", NULL },
	{ "dst-port", "-80", NULL }, { "dst-port", " 80", NULL },
	{ "icmp-type", "8", "8" }, { "icmp-type", "256", NULL },
	{ "icmp-code", "010", "10" }, { "dscp", "63", "63" },
	{ "dscp", "64", NULL }, { "tcp-flags", "S/SA", "S/SA" },
	{ "tcp-flags", "0x02/0x12", "S/SA" }, { "tcp-flags", "sa", "SA" },
	{ "tcp-flags", "0/S", "0/S" }, { "tcp-flags", "S/A", NULL },
	{ "tcp-flags", "0", NULL }, { "tcp-flags", "X", NULL },
	{ "fragment", "later,first", "first,later" },
	{ "fragment", "none", "none" }, { "fragment", "maybe", NULL },
	{ "state", "invalid,new,established", "new,established,invalid" },
	{ "state", "!untracked", "!untracked" }, { "state", "NEW", NULL },
	{ "direction", "return", "return" }, { "direction", "both", NULL },
	{ "dst-rewritten", "true", "true" }, { "dst-rewritten", "!1", "!true" },
	{ "dst-rewritten", "true,false", "false,true" },
	{ "dst-rewritten", "2", NULL },
	{ "icmp-data-src", "10.1.2.3/8", "10.0.0.0/8" },
	{ "icmp-data-dst", "!fd00::1,10.0.0.1", "!10.0.0.1,fd00::1" },
	{ "icmp-data-dst", "10.0.0", NULL },
};

static char *print(const struct mn_match *m, const struct mn_attr *a)
{
	struct mn_buf out = {};

	mn_match_print_word(m, a, NULL, &out);
	return out.s;
}

static void words_round_trip(void **state)
{
	const struct mn_attr *a;
	struct mn_match m = {};
	struct mn_err err;
	char *text;
	size_t i;
	int ret;

	(void)state;
	for (i = 0; i < MN_ARRAY_SIZE(words); i++) {
		a = mn_match_word(words[i].word);
		assert_non_null(a);
		ret = mn_match_set_text(&m, a, NULL, words[i].text, &err);
		if (!ret && !m.words[a->attr])
			ret = -1;
		if (!words[i].canonical != !!ret)
			fail_msg("%s %s: %d", words[i].word, words[i].text, ret);
		if (!ret) {
			text = print(&m, a);
			assert_string_equal(text, words[i].canonical);
			assert_int_equal(mn_match_set_text(&m, a, NULL, text,
							   &err), 0);
			free(text);
			text = print(&m, a);
			assert_string_equal(text, words[i].canonical);
			free(text);
		}
		mn_match_clear(&m);
	}
}

static const struct value attrs[] = {
	{ "port admin-up", "false", "false" }, { "port admin-up", "no", NULL },
	{ "port mac", "02:00:00:00:00:01", "02:00:00:00:00:01" },
	{ "port mac", "01:00:00:00:00:01", NULL },
	{ "port mac", "00:00:00:00:00:00", NULL },
	{ "port vlan", "4094", "4094" }, { "port vlan", "4095", NULL },
	{ "port vlan", "0", "0" }, { "port mtu", "67", NULL },
	{ "port mtu", "0", "0" }, { "port mtu", "65535", "65535" },
	{ "port mac-limit", "0", "0" }, { "port mac-limit", "1024", "1024" },
	{ "port tunnel-key", "15728639", "15728639" },
	{ "port tunnel-key", "15728640", NULL },
	{ "port tunnel-key", "0", NULL }, { "port dev", "tap0", "tap0" },
	{ "port dev", "a/b", NULL }, { "port dev", "0123456789abcdef", NULL },
	{ "port dev", "..", NULL }, { "port dev", "none", "none" },
	{ "port allowed-addresses",
	  "02:00:00:00:00:02,02:00:00:00:00:01=10.0.0.1/24",
	  "02:00:00:00:00:02,02:00:00:00:00:01=10.0.0.0/24" },
	{ "port allowed-addresses", "02:00:00:00:00:02=", NULL },
	{ "port allowed-addresses", "02:00:00:00:00:02/32", NULL },
	{ "bridge mac-age", "300", "300" }, { "bridge mac-age", "0", NULL },
	{ "bridge mac-age", "1000001", NULL },
	{ "bridge mac-age", "99999999999999999999", NULL },
	{ "neighbour address", "2001:db8::1", "2001:db8::1" },
	{ "neighbour address", "10.0.0.1/32", NULL },
	{ "port addresses", "2001:db8::1/64,10.0.0.1/24",
	  "10.0.0.1/24,2001:db8::1/64" },
	{ "port addresses", "10.0.0.1", "10.0.0.1/32" },
	{ "port addresses", "10.0.0.1/24,10.0.0.1/25", NULL },
	{ "port addresses", "10.0.0.1/24,", NULL },
	{ "route dst", "0/0", "0.0.0.0/0" }, { "route dst", "::/0", "::/0" },
	{ "route dst", "10.0.0.0/8", "10.0.0.0/8" },
	{ "route dst", "10.0.0.1", "10.0.0.1" },
	{ "route dst", "10.0.0.1/32", "10.0.0.1" },
	{ "route dst", "10.0.0.1/8", NULL },
	{ "route dst", "2001:db8::1/64", NULL }, { "route dst", "10/8", NULL },
	{ "route type", "port", "port" }, { "route type", "local", "local" },
	{ "route type", "unicast", NULL },
	{ "route gateway", "10.0.0.1/8", NULL },
	{ "route metric", "4294967295", "4294967295" },
	{ "route metric", "4294967296", NULL },
	{ "rule target", "192.0.2.1", "192.0.2.1" },
	{ "rule target", "192.0.2.1-192.0.2.1", "192.0.2.1" },
	{ "rule target", "192.0.2.1-192.0.2.9", "192.0.2.1-192.0.2.9" },
	{ "rule target", "192.0.2.1:1024-65535", "192.0.2.1:1024-65535" },
	{ "rule target", "192.0.2.1:80-80", "192.0.2.1:80" },
	{ "rule target", "192.0.2.1-192.0.2.9:00080", "192.0.2.1-192.0.2.9:80" },
	{ "rule target", "2001:DB8::1", "[2001:db8::1]" },
	{ "rule target", "[2001:db8::1]", "[2001:db8::1]" },
	{ "rule target", "2001:db8::1-2001:db8::2", "[2001:db8::1]-[2001:db8::2]" },
	{ "rule target", "[2001:db8::1]-[2001:db8::2]:1-2",
	  "[2001:db8::1]-[2001:db8::2]:1-2" },
	{ "rule target", "[2001:db8::1]:80", "[2001:db8::1]:80" },
	{ "rule target", "192.0.2.1:0", NULL },
	{ "rule target", "192.0.2.1:65536", NULL },
	{ "rule target", "192.0.2.1:2-1", NULL },
	{ "rule target", "192.0.2.1:", NULL }, { "rule target", "192.0.2.1:1-", NULL },
	{ "rule target", "192.0.2.1:1-2-3", NULL },
	{ "rule target", "192.0.2.1: 1", NULL }, { "rule target", "192.0.2.1-", NULL },
	{ "rule target", "192.0.2.2-192.0.2.1", NULL },
	{ "rule target", "192.0.2.1-[2001:db8::1]", NULL },
	{ "rule target", "[192.0.2.1]", NULL }, { "rule target", "[2001:db8::1", NULL },
	{ "rule target", "[2001:db8::1]80", NULL }, { "rule target", ":80", NULL },
	{ "rule target", "192.0.2.0/24", NULL }, { "rule target", "-", NULL },
	{ "rule then", "accept", "accept" }, { "rule then", "return", "return" },
	{ "rule then", "drop", NULL }, { "rule then", "jump", NULL },
	{ "pool health-check", "http", "http" },
	{ "pool health-check", "none", "none" }, { "pool health-check", "ftp", NULL },
	{ "pool path", "/", "/" }, { "pool path", "/a?b=c#d", "/a?b=c#d" },
	{ "pool path", "a", NULL }, { "pool path", "/a b", NULL },
	{ "pool path", "/\xc3\xa4", NULL },
	{ "pool interval", "3600", "3600" }, { "pool interval", "3601", NULL },
	{ "pool rise", "0", NULL },
	{ "vip port", "65535", "65535" }, { "vip port", "0", NULL },
	{ "vip proto", "17", "udp" }, { "vip sticky", "1000000", "1000000" },
	{ "vip sticky", "1000001", NULL },
	{ "pool-member weight", "65536", NULL },
	{ "nat-block first-port", "0", NULL }, { "nat-block count", "0", NULL },
};

static const struct mn_attr *find_attr(const char *spec)
{
	const struct mn_type *t;
	char type[32];
	size_t n = strcspn(spec, " ");

	memcpy(type, spec, n);
	type[n] = '\0';
	t = mn_type_find(type);
	assert_non_null(t);
	return &t->attrs[mn_type_attr(t, spec + n + 1)];
}

static void attrs_round_trip(void **state)
{
	const struct mn_attr *a;
	struct mn_vals *v = NULL;
	struct mn_buf out = {};
	struct mn_err err;
	size_t i;
	int ret;

	(void)state;
	for (i = 0; i < MN_ARRAY_SIZE(attrs); i++) {
		a = find_attr(attrs[i].word);
		ret = mn_vals_from_text(a, NULL, attrs[i].text, &v, &err);
		if (!attrs[i].canonical != !!ret)
			fail_msg("%s %s: %d", attrs[i].word, attrs[i].text, ret);
		if (ret)
			continue;
		out.len = 0;
		mn_vals_print(a, NULL, v, &out);
		assert_string_equal(out.s, attrs[i].canonical);
	}
	mn_buf_free(&out);
	free(v);
}

static void targets_have_sizes(void **state)
{
	static const struct {
		const char *text;
		int size;
	} sizes[] = {
		{ "10.0.0.1", 0 }, { "10.0.0.1-10.0.0.2", 1 },
		{ "10.0.0.1-10.0.0.3", -1 }, { "10.0.0.255-10.0.1.254", 8 },
		{ "0.0.0.0-255.255.255.255", 32 },
		{ "0.0.0.0-255.255.255.254", -1 },
		{ "[::]-[ffff:ffff:ffff:ffff:ffff:ffff:ffff:ffff]", 128 },
		{ "[fd00::1:0:0]-[fd00::1:ffff:ffff]", 32 },
		{ "[fd00::1]-[fd00::1:0:0]", 32 },
		{ "[fd00::1]-[fd00::1:0:1]", -1 },
	};
	struct mn_target t;
	struct mn_err err;
	size_t i;

	(void)state;
	for (i = 0; i < MN_ARRAY_SIZE(sizes); i++) {
		assert_int_equal(mn_target_parse(sizes[i].text, &t, &err), 0);
		assert_int_equal(mn_target_size(&t), sizes[i].size);
	}
}

static void services_are_read(void **state)
{
	static const char *const bad[] = {
		"", ":80", "10.0.0.1", "10.0.0.1:", "10.0.0.1:0", "::1:80",
		"10.0.0.1:65536", "10.0.0.1:80 ", "[10.0.0.1]:80", "[::1]",
		"[::1]:", "[::1:80", "10.0.0.1:000080", "10.0.0.1-10.0.0.2:80",
	};
	struct mn_buf out = {};
	uint8_t addr[16];
	uint16_t port;
	size_t i;

	(void)state;
	for (i = 0; i < MN_ARRAY_SIZE(bad); i++)
		assert_int_equal(mn_endpoint_parse(bad[i], addr, &port), -1);
	assert_int_equal(mn_endpoint_parse("10.0.0.1:80", addr, &port), 4);
	mn_endpoint_print(addr, 4, port, &out);
	mn_buf_puts(&out, " ");
	assert_int_equal(mn_endpoint_parse("[2001:DB8::1]:65535", addr, &port),
			 16);
	mn_endpoint_print(addr, 16, port, &out);
	assert_string_equal(out.s, "10.0.0.1:80 [2001:db8::1]:65535");
	mn_buf_free(&out);
}

static void defaults_are_null(void **state)
{
	struct mn_vals *v = NULL;
	struct mn_err err;

	(void)state;
	assert_int_equal(mn_vals_from_text(find_attr("bridge mac-age"), NULL,
					   "300", &v, &err), 0);
	assert_null(v);
	assert_int_equal(mn_vals_from_text(find_attr("port mac"), NULL,
					   "02:00:00:00:00:01", &v, &err), 0);
	assert_non_null(v);
	assert_int_equal(mn_vals_from_text(find_attr("port mac"), NULL, "none",
					   &v, &err), 0);
	assert_null(v);
}

static void header_is_implied(void **state)
{
	struct mn_match m = {};
	struct mn_err err;

	(void)state;
	mn_match_set_text(&m, mn_match_word("fragment"), NULL, "header", &err);
	mn_match_normalise(&m);
	assert_non_null(m.words[MIDONET_MATCH_FRAGMENT]);
	mn_match_set_text(&m, mn_match_word("dst-port"), NULL, "80", &err);
	mn_match_normalise(&m);
	assert_null(m.words[MIDONET_MATCH_FRAGMENT]);
	mn_match_clear(&m);
}

static void names(void **state)
{
	char longest[65];

	(void)state;
	memset(longest, 'a', 64);
	longest[64] = '\0';
	assert_false(mn_name_valid(longest));
	longest[63] = '\0';
	assert_true(mn_name_valid(longest));
	assert_true(mn_name_valid("A.b_c-9"));
	assert_false(mn_name_valid(""));
	assert_false(mn_name_valid("a:b"));
	assert_false(mn_name_valid("none"));
}

static uint16_t fold(const uint8_t *p, size_t len, uint32_t acc)
{
	for (; len > 1; len -= 2, p += 2)
		acc += p[0] << 8 | p[1];
	if (len)
		acc += p[0] << 8;
	while (acc >> 16)
		acc = (acc & 0xffff) + (acc >> 16);
	return acc;
}

static void build(struct mn_frame *f, const char *const *argv,
		  struct mn_buf *out)
{
	struct mn_err err;

	for (; *argv; argv += 2)
		assert_int_equal(mn_frame_word(f, argv[0], argv[1], &err), 0);
	assert_int_equal(mn_frame_build(f, out, &err), 0);
	mn_frame_free(f);
}

static void frames_have_checksums(void **state)
{
	static const char *const tcp[] = {
		"hw-src", "02:00:00:00:00:01", "hw-dst", "02:00:00:00:00:02",
		"vlan", "7", "src", "10.0.0.1", "dst", "10.0.0.2",
		"proto", "tcp", "dst-port", "80", "payload", "odd", NULL,
	};
	static const char *const udp6[] = {
		"hw-src", "02:00:00:00:00:01", "hw-dst", "02:00:00:00:00:02",
		"src", "2001:db8::1", "dst", "2001:db8::2", "dst-port", "53",
		"len", "101", NULL,
	};
	struct mn_frame f = {}, g = {};
	struct mn_buf out = {};
	uint8_t *p;

	(void)state;
	build(&f, tcp, &out);
	p = (uint8_t *)out.s;
	assert_int_equal(out.len, 18 + 20 + 20 + 3);
	assert_memory_equal(p + 12, "\x81\x00\x00\x07\x08\x00", 6);
	assert_int_equal(fold(p + 18, 20, 0), 0xffff);
	assert_int_equal(fold(p + 38, 23, 6 + 23 + fold(p + 30, 8, 0)), 0xffff);
	out.len = 0;
	build(&g, udp6, &out);
	p = (uint8_t *)out.s;
	assert_int_equal(out.len, 101);
	assert_int_equal(p[18] << 8 | p[19], 101 - 54);
	assert_int_equal(fold(p + 54, 47, 17 + 47 + fold(p + 22, 32, 0)),
			 0xffff);
	mn_buf_free(&out);
}

int main(void)
{
	static const struct CMUnitTest tests[] = {
		cmocka_unit_test(words_round_trip),
		cmocka_unit_test(attrs_round_trip),
		cmocka_unit_test(targets_have_sizes),
		cmocka_unit_test(services_are_read),
		cmocka_unit_test(defaults_are_null),
		cmocka_unit_test(header_is_implied),
		cmocka_unit_test(names),
		cmocka_unit_test(frames_have_checksums),
	};

	return cmocka_run_group_tests_name("values", tests, NULL, NULL);
}
