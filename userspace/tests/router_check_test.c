// SPDX-License-Identifier: GPL-2.0
/* What of routers is refused, and where in the document that is. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <cmocka.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "doc.h"

#define DOC(body)	"{\"midonet\":1," body "}"
#define ROUTER(body)	"\"routers\":[{\"name\":\"r\"," body "}]"
#define PORTS(body)	DOC(ROUTER("\"ports\":[" body "]"))
#define ADDRS(list)	PORTS("{\"name\":\"p\",\"addresses\":[" list "]}")
#define TWO(a, b)	PORTS("{\"name\":\"p\",\"addresses\":[" a "]}," \
			      "{\"name\":\"q\",\"addresses\":[" b "]}")
/* A router with 10.0.1.1/24, fd00:1::1/64 and others. */
#define IN(body)	DOC(ROUTER("\"ports\":[{\"name\":\"a\"," \
				   "\"mac\":\"02:00:00:00:00:0a\"," \
				   "\"addresses\":[\"10.0.1.1/24\",\"fd00:1::1/64\"," \
				   "\"fe80::7/64\"]}," \
				   "{\"name\":\"b\",\"mac\":\"02:00:00:00:00:0b\"," \
				   "\"addresses\":[\"10.0.2.1/24\"]}]," body))
#define ROUTE(body)	IN("\"routes\":[{" body "}]")
#define VIA(gw)		ROUTE("\"dst\":\"10.9.0.0/16\",\"port\":\"a\"," \
			      "\"gateway\":\"" gw "\"")
#define VIA6(gw)	ROUTE("\"dst\":\"fd09::/16\",\"port\":\"a\"," \
			      "\"gateway\":\"" gw "\"")
#define NEIGH(addr)	IN("\"neighbours\":[{\"address\":\"" addr "\"," \
			   "\"mac\":\"02:00:00:00:00:99\",\"port\":\"a\"}]")
/* Two routers on a bridge, by ports that have what is given. */
#define MEET(a, b, x, y, more) \
	DOC("\"bridges\":[{\"name\":\"n\",\"ports\":[{\"name\":\"1\"" a "}," \
	    "{\"name\":\"2\"" b "}]" more "}]," \
	    "\"routers\":[{\"name\":\"r\",\"ports\":[{\"name\":\"p\"," \
	    "\"peer\":\"n:1\"" x "}]},{\"name\":\"s\",\"ports\":[" \
	    "{\"name\":\"p\",\"peer\":\"n:2\"" y "}]}]")
#define MAC1		",\"mac\":\"02:00:00:00:00:01\""
#define MACS(body)	",\"macs\":[{" body "}]"

static const struct {
	const char *text;
	const char *error;
} bad[] = {
	{ ADDRS("\"224.0.0.1/24\""), "ports[0].addresses[0]: not the" },
	{ ADDRS("\"10.0.0.1/24\",\"127.0.0.1/8\""),
	  "ports[0].addresses[1]: not the address of a station in its subnet" },
	/* The list is sorted meanwhile. */
	{ ADDRS("\"10.9.0.1/24\",\"0.0.0.0/0\",\"10.0.0.1/24\""),
	  "ports[0].addresses[1]: not the" },
	{ ADDRS("\"0.1.2.3/24\""), "ports[0].addresses[0]: not the" },
	{ ADDRS("\"255.255.255.255/32\""), "ports[0].addresses[0]: not the" },
	{ ADDRS("\"10.0.0.0/24\""), "ports[0].addresses[0]: not the" },
	{ ADDRS("\"10.0.0.255/24\""), "ports[0].addresses[0]: not the" },
	{ ADDRS("\"10.0.0.4/30\""), "ports[0].addresses[0]: not the" },
	{ ADDRS("\"10.1.1.1/0\""), "ports[0].addresses[0]: not the" },
	{ ADDRS("\"::/0\""), "ports[0].addresses[0]: not the" },
	{ ADDRS("\"::1/128\""), "ports[0].addresses[0]: not the" },
	{ ADDRS("\"ff02::1/64\""), "ports[0].addresses[0]: not the" },
	{ PORTS("{\"name\":\"p\",\"addresses\":\"10.0.0.1/24,10.0.1.0/24\"}"),
	  "ports[0].addresses: not the" },
	{ TWO("\"10.0.0.1/24\"", "\"10.0.0.1/32\""),
	  "ports[1].addresses[0]: 10.0.0.1 is an address of port p and of port q" },
	{ TWO("\"10.0.0.1/24\"", "\"10.9.0.1/24\",\"10.0.0.2/24\""),
	  "ports[1].addresses[1]: 10.0.0.0/24 of port q overlaps 10.0.0.0/24 of port p" },
	{ TWO("\"10.0.0.1/24\"", "\"10.0.0.129/25\""),
	  "ports[1].addresses[0]: 10.0.0.128/25 of port q overlaps 10.0.0.0/24 of port p" },
	{ TWO("\"10.0.0.129/25\"", "\"10.0.0.1/8\""),
	  "ports[1].addresses[0]: 10.0.0.0/8 of port q overlaps 10.0.0.128/25 of port p" },
	{ TWO("\"fd00::1/64\"", "\"fd00::2/48\""),
	  "ports[1].addresses[0]: fd00::/48 of port q overlaps fd00::/64 of port p" },
	{ ADDRS("\"10.0.0.129/25\",\"10.0.0.1/24\""),
	  "ports[0].addresses[1]: 10.0.0.0/24 of port p overlaps 10.0.0.128/25 of port p" },
	{ VIA("10.0.1.1"), "routes[0].gateway: the gateway is the router's own address (port a)" },
	{ VIA("10.0.2.1"), "routes[0].gateway: the gateway is the router's own address (port b)" },
	{ VIA("224.0.0.1"), "routes[0].gateway: 224.0.0.1 is not the address of one" },
	{ VIA("127.0.0.1"), "routes[0].gateway: 127.0.0.1 is not the" },
	{ VIA("0.0.0.0"), "routes[0].gateway: 0.0.0.0 is not the" },
	{ VIA("255.255.255.255"), "routes[0].gateway: 255.255.255.255 is not the" },
	{ VIA6("fd00:1::1"),
	  "routes[0].gateway: the gateway is the router's own address (port a)" },
	{ VIA6("fe80::ff:fe00:a"),
	  "routes[0].gateway: the gateway is the router's own address (port a)" },
	{ VIA6("ff02::1"), "routes[0].gateway: ff02::1 is not the" },
	{ VIA6("::"), "routes[0].gateway: :: is not the" },
	{ VIA6("::1"), "routes[0].gateway: ::1 is not the" },
	{ VIA6("::ffff:10.0.0.1"), "routes[0].gateway: ::ffff:10.0.0.1 is not the" },
	{ ROUTE("\"dst\":\"224.0.0.0/4\",\"port\":\"a\""),
	  "routes[0].dst: 224.0.0.0/4 is multicast, which routers do not forward" },
	{ ROUTE("\"dst\":\"ff02::/16\",\"type\":\"blackhole\""),
	  "routes[0].dst: ff02::/16 is multicast" },
	{ NEIGH("10.0.1.1"), "neighbours[0].address: is the router's own address (port a)" },
	{ NEIGH("10.0.2.1"), "neighbours[0].address: is the router's own address (port b)" },
	{ NEIGH("fe80::7"), "neighbours[0].address: is the router's own address (port a)" },
	{ NEIGH("fe80::ff:fe00:a"), "neighbours[0].address: is the router's own address (port a)" },
	{ NEIGH("239.1.1.1"), "neighbours[0].address: is not the address of one" },
	{ MEET("", "", MAC1, MAC1, ""),
	  "routers[1].ports[0].mac: bridge n has 02:00:00:00:00:01 already, at port 1; give one" },
	{ MEET(",\"vlan\":5", ",\"vlan\":5", MAC1, MAC1, ""),
	  "routers[1].ports[0].mac: bridge n has 02:00:00:00:00:01 already, at port 1" },
	{ MEET("", "", MAC1, "", MACS("\"port\":\"2\"" MAC1)),
	  "bridges[0].macs[0].mac: bridge n has 02:00:00:00:00:01 already, at port 1" },
};

/* As near to refusal as may be. */
static const char *const good[] = {
	ADDRS("\"10.0.0.0/31\",\"10.0.1.255/32\",\"10.0.2.255/23\""),
	ADDRS("\"10.0.2.1/24\",\"10.0.2.2/24\",\"10.0.2.3/32\",\"fd00::/64\""),
	TWO("\"10.0.0.1/24\"", "\"10.0.1.1/24\",\"10.0.0.9/32\""),
	TWO("\"fe80::1/64\"", "\"fe80::1/64\""),
	VIA("10.0.1.2"),
	VIA("10.8.0.1"),
	VIA6("fe80::ff:fe00:b"),
	ROUTE("\"dst\":\"192.0.0.0/2\",\"port\":\"a\""),
	NEIGH("10.0.1.2"),
	NEIGH("fe80::ff:fe00:b"),
	MEET(",\"vlan\":5", ",\"vlan\":6", MAC1, MAC1, ""),
	MEET("", "", MAC1, "", MACS("\"vlan\":5,\"port\":\"2\"" MAC1)),
	DOC("\"routers\":[{\"name\":\"r\",\"ports\":[{\"name\":\"p\",\n"
	    "\"addresses\":[\"10.0.0.1/24\"]}]},{\"name\":\"s\",\"ports\":[\n"
	    "{\"name\":\"p\",\"addresses\":[\"10.0.0.1/24\"]}]}]"),
};

static int read_text(const char *text, const struct mn_model *current,
		     struct mn_model **m, struct mn_err *err)
{
	json_t *json = mn_doc_parse(text, strlen(text), err);
	int ret;

	*m = NULL;
	if (!json)
		return err->code;
	ret = mn_doc_read(json, current, current, m, err);
	json_decref(json);
	return ret;
}

static void bad_is_refused(void **state)
{
	struct mn_model *m;
	struct mn_err err;
	size_t i;

	(void)state;
	for (i = 0; i < MN_ARRAY_SIZE(bad); i++) {
		if (!read_text(bad[i].text, NULL, &m, &err))
			fail_msg("%s was taken", bad[i].text);
		if (!strstr(err.text, bad[i].error))
			fail_msg("%s: \"%s\", not \"%s\"", bad[i].text,
				 err.text, bad[i].error);
	}
}

static void good_is_taken(void **state)
{
	struct mn_model *m;
	struct mn_err err;
	size_t i;

	(void)state;
	for (i = 0; i < MN_ARRAY_SIZE(good); i++) {
		if (read_text(good[i], NULL, &m, &err))
			fail_msg("%s: %s", good[i], err.text);
		mn_model_free(m);
	}
}

/* It is what was merged that is at fault, wherever it stands. */
static void merge_blames_the_document(void **state)
{
	struct mn_model *m, *both;
	struct mn_err err;

	(void)state;
	assert_int_equal(read_text(TWO("\"10.0.0.1/24\"", "\"10.1.0.1/24\""),
				   NULL, &m, &err), 0);
	assert_int_not_equal(read_text(ADDRS("\"10.9.0.1/24\",\"10.1.0.2/24\""),
				       m, &both, &err), 0);
	assert_string_equal(err.text,
			    "routers[0].ports[0].addresses[1]: 10.1.0.0/24 of port p overlaps 10.1.0.0/24 of port q");
	mn_model_free(m);
	assert_int_equal(read_text(NEIGH("10.7.0.1"), NULL, &m, &err), 0);
	assert_int_not_equal(read_text(DOC(ROUTER("\"ports\":[{\"name\":\"b\",\n"
						  "\"addresses\":[\"10.7.0.1/24\"]}]")),
				       m, &both, &err), 0);
	assert_string_equal(err.text,
			    "routers[0].ports[0].addresses[0]: is the address of neighbour r 10.7.0.1 port a");
	mn_model_free(m);
}

/* What the kernel says, and where in blamed_doc that is. */
static const char blamed_doc[] =
	DOC("\"chains\":[{\"name\":\"c\"},{\"name\":\"d\",\"rules\":[\n"
	    "{\"action\":\"drop\"},{\"action\":\"rev-snat\"}]}],\n"
	    "\"load-balancers\":[{\"name\":\"l\",\"vips\":[{\"address\":\"192.0.2.9\",\n"
	    "\"port\":80,\"proto\":\"tcp\",\"pool\":\"q\"}],\"pools\":[{\"name\":\"p\",\n"
	    "\"members\":[{\"address\":\"fd00::1\",\"port\":8},\n"
	    "{\"address\":\"fd00::1\",\"port\":80}]},{\"name\":\"q\"}]}],\"bridges\":[{\"name\":\"b\",\n"
	    "\"ports\":[{\"name\":\"p\"}]},{\"name\":\"r\",\"ports\":[{\"name\":\"q\"},\n"
	    "{\"name\":\"a\",\"id\":\"00000000-0000-0000-0000-000000000001\"}]}],\n"
	    "\"routers\":[{\"name\":\"r\",\"ports\":[{\"name\":\"a\"},{\"name\":\"b\"}],\n"
	    "\"routes\":[{\"dst\":\"10.9.0.0/16\",\"port\":\"a\"},\n"
	    "{\"dst\":\"10.9.0.0/16\",\"port\":\"a\",\"gateway\":\"10.0.0.1\",\"metric\":7,\n"
	    "\"src\":\"10.1.0.1\"},{\"dst\":\"fd00::/8\",\"type\":\"blackhole\"}],\n"
	    "\"neighbours\":[{\"address\":\"10.0.0.2\",\"port\":\"a\",\n"
	    "\"mac\":\"02:00:00:00:00:01\"},{\"address\":\"fd00::2\",\"port\":\"b\",\n"
	    "\"mac\":\"02:00:00:00:00:01\"}]}]");

static const struct {
	const char *said;
	const char *blamed;
} refusals[] = {
	{ "port b:p: there are 9 already; raise net.midonet.ports_max",
	  "bridges[0].ports[0]: there are 9 already; raise net.midonet.ports_max" },
	{ "port r:b: mac: bridge b has it", "routers[0].ports[1].mac: bridge b has it" },
	{ "port r:b: what: is this", "routers[0].ports[1]: what: is this" },
	{ "chain c is used by port b:p", "chains[0]: chain c is used by port b:p" },
	{ "router r: route 10.9.0.0/16 port a: exists already",
	  "routers[0].routes[0]: exists already" },
	{ "router r: route 10.9.0.0/16 src 10.1.0.1/32 gateway 10.0.0.1 port a metric 7: no",
	  "routers[0].routes[1]: no" },
	{ "router r: route fd00::/8 blackhole: no", "routers[0].routes[2]: no" },
	{ "router r: route 10.9.0.0/16 port a metric 8: no",
	  "routers[0]: route 10.9.0.0/16 port a metric 8: no" },
	{ "router r: neighbour 10.0.0.2 exists already",
	  "routers[0].neighbours[0]: exists already" },
	{ "router r: neighbour fd00::2 is one too many",
	  "routers[0].neighbours[1]: is one too many" },
	{ "router r: neighbour 10.0.0.20 is", "routers[0]: neighbour 10.0.0.20 is" },
	{ "chain d: rule 2: snat stands in the out-chain of routers only, not in",
	  "chains[1].rules[1]: snat stands in the out-chain of routers only, not in" },
	{ "chain d: rule 3: no", "chains[1]: rule 3: no" },
	{ "load-balancer l: vip 192.0.2.9:80/tcp exists already",
	  "load-balancers[0].vips[0]: exists already" },
	{ "load-balancer l: vip 192.0.2.9:8/tcp is", "load-balancers[0]: vip 192.0.2.9:8/tcp is" },
	{ "pool l:p: member [fd00::1]:80 is one too many",
	  "load-balancers[0].pools[0].members[1]: is one too many" },
	{ "pool l:p: health-check: no", "load-balancers[0].pools[0].health-check: no" },
	{ "pool l:p is used by vip", "load-balancers[0].pools[0]: pool l:p is used by vip" },
	/* Not of the document, or of nothing in it, or not clear of what. */
	{ "port r:a: mac: no", NULL },
	{ "port x:b: no", NULL },
	{ "port b: no", NULL },
	{ "router x: no", NULL },
	{ "rule: id is missing", NULL },
	{ "a new port needs a parent", NULL },
	{ "the topology is at generation 7", NULL },
	{ "port ", NULL },
	{ "", NULL },
};

static void refusals_get_a_path(void **state)
{
	struct mn_model *m;
	struct mn_err err;
	size_t i;

	(void)state;
	assert_int_equal(read_text(blamed_doc, NULL, &m, &err), 0);
	for (i = 0; i < MN_ARRAY_SIZE(refusals); i++) {
		mn_fail(&err, -7, "%s", refusals[i].said);
		mn_doc_blame(m, &err);
		assert_int_equal(err.code, -7);
		assert_string_equal(err.text, refusals[i].blamed ?:
					      refusals[i].said);
	}
	mn_model_free(m);
}

int main(void)
{
	static const struct CMUnitTest tests[] = {
		cmocka_unit_test(bad_is_refused),
		cmocka_unit_test(good_is_taken),
		cmocka_unit_test(merge_blames_the_document),
		cmocka_unit_test(refusals_get_a_path),
	};

	return cmocka_run_group_tests_name("router checks", tests, NULL, NULL);
}
