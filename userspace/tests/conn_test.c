// SPDX-License-Identifier: GPL-2.0
/* Connections: as the kernel tells them, as they are shown, saved and restored. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <cmocka.h>
#include <netinet/in.h>
#include <stdlib.h>
#include <string.h>

#include "conn.h"

static const struct mn_uuid ids[] = {
	{ { 1 } }, { { 2 } }, { { 3 } }, { { 4 } },
};

static void put_tuple(struct mn_buf *b, int attr, const char *src,
		      const char *dst, int sport, int dport, int id)
{
	size_t at = mn_msg_nest(b, attr);
	uint8_t addr[16];
	uint16_t num;

	mn_msg_put(b, MIDONET_CONN_TUPLE_SRC, addr, mn_addr_parse(src, addr));
	mn_msg_put(b, MIDONET_CONN_TUPLE_DST, addr, mn_addr_parse(dst, addr));
	num = sport;
	if (sport >= 0)
		mn_msg_put(b, MIDONET_CONN_TUPLE_SRC_PORT, &num, 2);
	num = dport;
	if (dport >= 0)
		mn_msg_put(b, MIDONET_CONN_TUPLE_DST_PORT, &num, 2);
	num = id;
	if (id >= 0)
		mn_msg_put(b, MIDONET_CONN_TUPLE_ICMP_ID, &num, 2);
	mn_msg_nest_end(b, at);
}

static void put_text(struct mn_buf *b, int attr, const char *text)
{
	mn_msg_put(b, attr, text, strlen(text) + 1);
}

static void put_head(struct mn_buf *b, uint8_t proto)
{
	put_text(b, MIDONET_CONN_DEVICE, "r");
	mn_msg_put(b, MIDONET_CONN_DEVICE_ID, ids[0].b, MN_UUID_LEN);
	put_text(b, MIDONET_CONN_PORT, "net0:vm");
	mn_msg_put(b, MIDONET_CONN_PORT_ID, ids[1].b, MN_UUID_LEN);
	mn_msg_put_u8(b, MIDONET_CONN_PROTO, proto);
	mn_msg_put_u8(b, MIDONET_CONN_ANSWERED, 1);
	mn_msg_put_u32(b, MIDONET_CONN_AGE, 5);
	mn_msg_put_u32(b, MIDONET_CONN_EXPIRES, 115);
	put_text(b, MIDONET_CONN_ORIGIN, "local");
}

/* A client of a VIP behind snat: both addresses and ports are translated. */
static void translated(struct mn_buf *b)
{
	struct mn_nl nl = { .family = 20 };
	size_t at = mn_msg_begin(b, &nl, MIDONET_CMD_CONN_NEW, 0);

	put_head(b, IPPROTO_TCP);
	put_tuple(b, MIDONET_CONN_FORWARD, "10.0.0.5", "192.0.2.9", 40000, 80,
		  -1);
	put_tuple(b, MIDONET_CONN_REPLY, "10.1.0.2", "192.0.2.1", 8080, 1024,
		  -1);
	mn_msg_put_u8(b, MIDONET_CONN_STATE, MIDONET_CONN_PHASE_ESTABLISHED);
	put_text(b, MIDONET_CONN_SNAT_RULE, "out:3");
	mn_msg_put(b, MIDONET_CONN_SNAT_RULE_ID, ids[2].b, MN_UUID_LEN);
	mn_msg_end(b, at);
}

/* An echo whose id alone is another. */
static void pinged(struct mn_buf *b)
{
	struct mn_nl nl = { .family = 20 };
	size_t at = mn_msg_begin(b, &nl, MIDONET_CMD_CONN_NEW, 0);

	put_head(b, IPPROTO_ICMPV6);
	put_tuple(b, MIDONET_CONN_FORWARD, "fd00::5", "2001:db8::9", -1, -1, 7);
	put_tuple(b, MIDONET_CONN_REPLY, "2001:db8::9", "fd00::5", -1, -1, 8);
	mn_msg_put_u8(b, MIDONET_CONN_STATE, MIDONET_CONN_PHASE_ANSWERED);
	mn_msg_end(b, at);
}

/* No ports, nothing translated, hardly anything known. */
static void plain(struct mn_buf *b)
{
	struct mn_nl nl = { .family = 20 };
	size_t at = mn_msg_begin(b, &nl, MIDONET_CMD_CONN_NEW, 0);

	mn_msg_put_u8(b, MIDONET_CONN_PROTO, IPPROTO_GRE);
	put_tuple(b, MIDONET_CONN_FORWARD, "10.0.0.1", "10.0.0.2", -1, -1, -1);
	put_tuple(b, MIDONET_CONN_REPLY, "10.0.0.2", "10.0.0.1", -1, -1, -1);
	mn_msg_end(b, at);
}

static void read_conn(void (*make)(struct mn_buf *b), struct mn_conn *c)
{
	struct mn_buf b = {};

	make(&b);
	assert_int_equal(mn_conn_read((void *)b.s, c), 0);
	mn_buf_free(&b);
}

static void assert_json(json_t *json, const char *want_text)
{
	json_t *want = json_loads(want_text, 0, NULL);
	char *a = json_dumps(json, JSON_COMPACT);
	char *b = json_dumps(want, JSON_COMPACT);

	assert_string_equal(a, b);
	json_decref(json);
	json_decref(want);
	free(a);
	free(b);
}

/* All keys, in this order, always. */
static void rows_are_complete(void **state)
{
	struct mn_conn c;

	(void)state;
	read_conn(translated, &c);
	assert_json(mn_conn_json(&c),
		    "{\"device\":\"r\",\"proto\":\"tcp\",\"src\":\"10.0.0.5\",\n"
		    "\"dst\":\"192.0.2.9\",\"src-port\":40000,\"dst-port\":80,\n"
		    "\"icmp-id\":null,\"reply\":{\"src\":\"10.1.0.2\",\n"
		    "\"dst\":\"192.0.2.1\",\"src-port\":8080,\"dst-port\":1024},\n"
		    "\"state\":\"established\",\"age\":5,\"expires\":115,\n"
		    "\"origin\":\"local\"}");
	read_conn(pinged, &c);
	assert_json(mn_conn_json(&c),
		    "{\"device\":\"r\",\"proto\":\"icmpv6\",\"src\":\"fd00::5\",\n"
		    "\"dst\":\"2001:db8::9\",\"src-port\":null,\"dst-port\":null,\n"
		    "\"icmp-id\":7,\"reply\":{\"src\":\"2001:db8::9\",\n"
		    "\"dst\":\"fd00::5\",\"src-port\":null,\"dst-port\":null},\n"
		    "\"state\":\"answered\",\"age\":5,\"expires\":115,\n"
		    "\"origin\":\"local\"}");
	read_conn(plain, &c);
	assert_json(mn_conn_json(&c),
		    "{\"device\":null,\"proto\":\"gre\",\"src\":\"10.0.0.1\",\n"
		    "\"dst\":\"10.0.0.2\",\"src-port\":null,\"dst-port\":null,\n"
		    "\"icmp-id\":null,\"reply\":{\"src\":\"10.0.0.2\",\n"
		    "\"dst\":\"10.0.0.1\",\"src-port\":null,\"dst-port\":null},\n"
		    "\"state\":\"unanswered\",\"age\":0,\"expires\":0,\n"
		    "\"origin\":null}");
}

#define SIDE(src, dst, sport, dport, id) \
	"{\"src\":\"" src "\",\"dst\":\"" dst "\",\"src-port\":" #sport "," \
	"\"dst-port\":" #dport ",\"icmp-id\":" #id "}"

/* A row for each translation, in the order in which they happen. */
static void translations_are_told(void **state)
{
	struct mn_conn c;

	(void)state;
	read_conn(translated, &c);
	assert_json(mn_conn_nat_json(&c),
		    "[{\"device\":\"r\",\"rule\":null,\"proto\":\"tcp\",\n"
		    "\"from\":" SIDE("10.0.0.5", "192.0.2.9", 40000, 80, null)
		    ",\"to\":" SIDE("10.0.0.5", "10.1.0.2", 40000, 8080, null)
		    ",\"state\":\"established\",\"expires\":115},\n"
		    "{\"device\":\"r\",\"rule\":\"out:3\",\"proto\":\"tcp\",\n"
		    "\"from\":" SIDE("10.0.0.5", "10.1.0.2", 40000, 8080, null)
		    ",\"to\":" SIDE("192.0.2.1", "10.1.0.2", 1024, 8080, null)
		    ",\"state\":\"established\",\"expires\":115}]");
	read_conn(pinged, &c);
	assert_json(mn_conn_nat_json(&c),
		    "[{\"device\":\"r\",\"rule\":null,\"proto\":\"icmpv6\",\n"
		    "\"from\":" SIDE("fd00::5", "2001:db8::9", null, null, 7)
		    ",\"to\":" SIDE("fd00::5", "2001:db8::9", null, null, 8)
		    ",\"state\":\"answered\",\"expires\":115}]");
	read_conn(plain, &c);
	assert_json(mn_conn_nat_json(&c), "[]");
}

static void names_are_short(void **state)
{
	struct mn_buf out = {};
	struct mn_conn c;

	(void)state;
	read_conn(translated, &c);
	mn_conn_print(&c, &out);
	mn_buf_puts(&out, "; ");
	read_conn(pinged, &c);
	mn_conn_print(&c, &out);
	mn_buf_puts(&out, "; ");
	read_conn(plain, &c);
	mn_conn_print(&c, &out);
	assert_string_equal(out.s,
			    "r tcp 10.0.0.5:40000 > 192.0.2.9:80; r icmpv6 fd00::5 > 2001:db8::9 id 7; ? gre 10.0.0.1 > 10.0.0.2");
	mn_buf_free(&out);
}

/* What is saved says to the kernel what the kernel said. */
static void saved_is_restored(void **state)
{
	static void (*const all[])(struct mn_buf *b) = { translated, pinged };
	struct mn_nl nl = { .family = 20 };
	struct mn_conn c, again;
	struct mn_buf b = {};
	struct mn_err err;
	json_t *json;
	size_t i;

	(void)state;
	for (i = 0; i < MN_ARRAY_SIZE(all); i++) {
		read_conn(all[i], &c);
		json = mn_conn_save(&c);
		if (mn_conn_restore(json, &again, &err))
			fail_msg("%s", err.text);
		json_decref(json);
		b.len = 0;
		mn_conn_put(&b, &nl, &again);
		assert_int_equal(mn_conn_read((void *)b.s, &again), 0);
		/* Names and where it was learned are not for the kernel. */
		strcpy(again.device.name, c.device.name);
		strcpy(again.port.name, c.port.name);
		strcpy(again.dnat.name, c.dnat.name);
		strcpy(again.snat.name, c.snat.name);
		strcpy(again.origin, c.origin);
		assert_memory_equal(&again, &c, sizeof(c));
	}
	mn_buf_free(&b);
}

#define ID	"\"00000000-0000-0000-0000-000000000001\""
#define IDS	"\"device-id\":" ID ",\"port-id\":" ID ","
#define T4	"{\"src\":\"10.0.0.1\",\"dst\":\"10.0.0.2\"}"
#define T6	"{\"src\":\"fd00::1\",\"dst\":\"fd00::2\"}"
#define TUPLES(f, r)	"\"forward\":" f ",\"reply\":" r ","
#define CONN(tuples, more) \
	"{" IDS "\"proto\":\"tcp\"," tuples "\"state\":\"answered\"" more "}"

static const struct {
	const char *line;
	const char *error;
} bad[] = {
	{ "[]", "a connection is an object" },
	{ "{}", "needs device-id" },
	{ "{\"device-id\":5}", "device-id: wrong value" },
	{ "{\"device-id\":\"r\"}", "device-id: wrong value" },
	{ "{\"device-id\":\"00000000-0000-0000-0000-000000000000\"}",
	  "device-id: wrong value" },
	{ "{\"device-id\":" ID "}", "needs port-id" },
	{ "{" IDS "\"proto\":null}", "proto: wrong value" },
	{ "{" IDS "\"proto\":\"x\"}", "proto: wrong value" },
	{ "{" IDS "\"proto\":\"tcp\"}", "needs forward" },
	{ CONN(TUPLES("{}", T4), ""), "forward: src: wrong value" },
	{ CONN(TUPLES("{\"src\":\"10.0.0.1\"}", T4), ""),
	  "forward: dst: wrong value" },
	{ CONN(TUPLES("{\"src\":\"10.0.0.1\",\"dst\":\"fd00::1\"}", T4), ""),
	  "forward: dst: wrong value" },
	{ CONN(TUPLES("{\"src\":\"10.0.0.1\",\"dst\":\"10.0.0.2\",\"src-port\":65536}",
		      T4), ""), "forward: src-port: wrong value" },
	{ CONN(TUPLES("{\"src\":\"10.0.0.1\",\"dst\":\"10.0.0.2\",\"icmp-id\":-1}",
		      T4), ""), "forward: icmp-id: wrong value" },
	{ CONN(TUPLES(T4, "[]"), ""), "needs reply" },
	{ CONN(TUPLES(T4, T6), ""), "reply: wrong value" },
	{ CONN(TUPLES(T4, T4), ",\"age\":-1"), "age: wrong value" },
	{ CONN(TUPLES(T4, T4), ",\"age\":4294967296"), "age: wrong value" },
	{ CONN(TUPLES(T4, T4), ",\"expires\":\"5\""), "expires: wrong value" },
	{ CONN(TUPLES(T4, T4), ",\"answered\":1"), "answered: wrong value" },
	{ CONN(TUPLES(T4, T4), ",\"snat-rule-id\":\"x\""),
	  "snat-rule-id: wrong value" },
	{ "{" IDS "\"proto\":\"tcp\"," TUPLES(T4, T4) "\"state\":\"new\"}",
	  "state: wrong value" },
};

static void bad_lines_are_refused(void **state)
{
	struct mn_conn c;
	struct mn_err err;
	json_t *json;
	size_t i;

	(void)state;
	for (i = 0; i < MN_ARRAY_SIZE(bad); i++) {
		json = json_loads(bad[i].line, 0, NULL);
		assert_non_null(json);
		if (!mn_conn_restore(json, &c, &err))
			fail_msg("%s was taken", bad[i].line);
		assert_string_equal(err.text, bad[i].error);
		json_decref(json);
	}
	json = json_loads(CONN(TUPLES(T4, T4), ""), 0, NULL);
	assert_int_equal(mn_conn_restore(json, &c, &err), 0);
	json_decref(json);
}

int main(void)
{
	static const struct CMUnitTest tests[] = {
		cmocka_unit_test(rows_are_complete),
		cmocka_unit_test(translations_are_told),
		cmocka_unit_test(names_are_short),
		cmocka_unit_test(saved_is_restored),
		cmocka_unit_test(bad_lines_are_refused),
	};

	return cmocka_run_group_tests_name("connections", tests, NULL, NULL);
}
