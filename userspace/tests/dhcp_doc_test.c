// SPDX-License-Identifier: GPL-2.0
/* DHCP in documents and on the command line: values, judging, messages. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <cmocka.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "doc.h"
#include "wire.h"

#define DOC(body)	"{\"midonet\":1," body "}"
#define BRIDGE(list)	DOC("\"bridges\":[{\"name\":\"b\",\"dhcp\":[" list "]}]")
#define NET4		"\"subnet\":\"10.0.0.0/24\",\"server\":\"10.0.0.1\""
#define NET6		"\"subnet\":\"fd00::/64\""
#define SUBNET(words)	BRIDGE("{" words "}")
#define HOSTS4(list)	SUBNET(NET4 ",\"hosts\":[" list "]")
#define HOSTS6(list)	SUBNET(NET6 ",\"hosts\":[" list "]")
#define HOST(mac, addr, more) \
	"{\"mac\":\"02:00:00:00:00:0" #mac "\",\"address\":\"" addr "\"" more "}"
#define OPTION(o)	HOSTS4(HOST(1, "10.0.0.5", ",\"options\":{" o "}"))
#define OPTION6(o)	HOSTS6(HOST(1, "fd00::5", ",\"options\":{" o "}"))

static const struct {
	const char *text;
	const char *error;
} bad[] = {
	{ SUBNET("\"server\":\"10.0.0.1\""), "bridges[0].dhcp[0]: needs subnet" },
	{ SUBNET("\"subnet\":\"10.0.0.7/24\""), "dhcp[0].subnet: \"10.0.0.7/24\" is an address" },
	{ SUBNET("\"subnet\":\"10.0.0.0/7\""),
	  "dhcp[0].subnet: stations have addresses of subnets of at least 8 bits"
	},
	{ SUBNET("\"subnet\":\"10.0.0.0/6\""), "dhcp[0].subnet: " },
	{ SUBNET("\"subnet\":\"224.0.0.0/8\""), "dhcp[0].subnet: stations have" },
	{ SUBNET("\"subnet\":\"fe80::/64\""), "dhcp[0].subnet: stations have" },
	{ SUBNET("\"subnet\":\"10.0.0.0/24\""), "dhcp[0].server: an IPv4 subnet needs one" },
	{ SUBNET("\"subnet\":\"10.0.0.0/24\",\"server\":\"10.0.1.1\""),
	  "bridges[0].dhcp[0].server: is not in the subnet" },
	{ SUBNET("\"subnet\":\"10.0.0.0/24\",\"server\":\"10.0.0.255\""), "server: is not in" },
	{ SUBNET("\"subnet\":\"10.0.0.0/24\",\"server\":\"fd00::1\""), "server: not the address" },
	{ SUBNET(NET4 ",\"gateway\":\"10.1.0.1\""), "dhcp[0].gateway: is not in the subnet" },
	{ SUBNET(NET4 ",\"gateway\":\"fe80::1\""), "dhcp[0].gateway: not the address" },
	{ SUBNET(NET4 ",\"dns\":[\"8.8.8.8\",\"fd00::1\"]"), "dhcp[0].dns: not the address" },
	{ SUBNET(NET4 ",\"dns\":[\"8.8.8.8\",\"x\"]"),
	  "dhcp[0].dns[1]: \"x\" is not an IP address"
	},
	{ SUBNET(NET4 ",\"mtu\":67"), "dhcp[0].mtu: " },
	{ SUBNET(NET6 ",\"mtu\":1279"), "dhcp[0].mtu: at least 68" },
	{ SUBNET(NET4 ",\"lease\":59"), "dhcp[0].lease: " },
	{ SUBNET(NET4 ",\"mode\":\"slaac\""), "dhcp[0].mode: only subnets of IPv6" },
	{ SUBNET("\"subnet\":\"fd00::/96\",\"mode\":\"slaac\""), "dhcp[0].mode: hosts make" },
	{ SUBNET(NET6 ",\"mode\":\"quux\""), "dhcp[0].mode: \"quux\" is not one of stateful" },
	{ SUBNET(NET6 ",\"routes\":[{\"dst\":\"0/0\",\"gateway\":\"10.0.0.1\"}]"),
	  "dhcp[0].routes: only hosts of IPv4" },
	{ SUBNET(NET4 ",\"routes\":[{\"dst\":\"10.9.0.1/16\",\"gateway\":\"10.0.0.1\"}]"),
	  "dhcp[0].routes[0]: \"10.9.0.1/16=10.0.0.1\" is not PREFIX=ADDRESS" },
	{ SUBNET(NET4 ",\"routes\":[{\"dst\":\"10.9.0.0/16\"}]"), "dhcp[0].routes[0]: " },
	{ SUBNET(NET4 ",\"routes\":[{\"dst\":\"0/0\",\"via\":\"x\"}]"),
	  "routes[0]: unknown key \"via\""
	},
	{ SUBNET(NET4 ",\"server-mac\":\"02:00:00:00:00:01\""), "dhcp[0].server-mac: is state" },
	{ SUBNET(NET4 ",\"pool\":1"), "bridges[0].dhcp[0]: unknown key \"pool\"" },
	{ BRIDGE("{" NET4 "},{" NET4 "}"), "dhcp[1]: another dhcp is 10.0.0.0/24" },
	{ BRIDGE("{" NET4 "},{\"subnet\":\"10.0.0.128/25\",\"server\":\"10.0.0.129\"}"),
	  "bridges[0].dhcp[1].subnet: overlaps dhcp 10.0.0.0/24 of the bridge" },
	{ BRIDGE("{" NET4 "},{\"subnet\":\"10.0.0.0/8\",\"server\":\"10.0.0.1\"}"),
	  "bridges[0].dhcp[1].subnet: overlaps" },
	/* Hosts. */
	{ HOSTS4("{\"address\":\"10.0.0.5\"}"), "dhcp[0].hosts[0]: needs mac" },
	{ HOSTS4("{\"mac\":\"02:00:00:00:00:01\"}"), "dhcp[0].hosts[0]: needs address" },
	{ HOSTS4("{\"mac\":\"03:00:00:00:00:01\",\"address\":\"10.0.0.5\"}"), "hosts[0].mac: " },
	{ HOSTS4(HOST(1, "10.0.1.5", "")), "hosts[0].address: is not that of a station" },
	{ HOSTS4(HOST(1, "10.0.0.0", "")), "hosts[0].address: is not that of a station" },
	{ HOSTS4(HOST(1, "fd00::5", "")), "hosts[0].address: is not that of a station" },
	{ HOSTS4(HOST(1, "10.0.0.1", "")), "hosts[0].address: is that of the server" },
	{ SUBNET(NET4 ",\"gateway\":\"10.0.0.9\",\"hosts\":[" HOST(1, "10.0.0.9", "") "]"),
	  "hosts[0].address: is that of the gateway" },
	{ HOSTS4(HOST(1, "10.0.0.5", "") "," HOST(2, "10.0.0.5", "")),
	  "bridges[0].dhcp[0].hosts[1].address: is that of host 02:00:00:00:00:01" },
	{ HOSTS4(HOST(1, "10.0.0.5", "") "," HOST(1, "10.0.0.6", "")),
	  "dhcp[0].hosts[1]: another dhcp-host is 02:00:00:00:00:01" },
	{ BRIDGE("{" NET4 ",\"hosts\":[" HOST(1, "10.0.0.5", "") "]},{\"subnet\":\"10.1.0.0/24\","
		 "\"server\":\"10.1.0.1\",\"hosts\":[" HOST(1, "10.1.0.5", "") "]}"),
	  "bridges[0].dhcp[1].hosts[0].mac: is listed in dhcp 10.0.0.0/24 of the bridge already" },
	{ HOSTS4(HOST(1, "10.0.0.5", ",\"name\":\"a b\"")),
	  "hosts[0].name: \"a b\" is not a name"
	},
	/* Options. */
	{ HOSTS4(HOST(1, "10.0.0.5", ",\"options\":[]")), "hosts[0].options: must be an object" },
	{ OPTION("\"quux\":1"),
	  "hosts[0].options.quux: \"quux\" is neither the name of an option of DHCP nor a number" },
	{ OPTION("\"sntp-servers\":\"fd00::1\""),
	  "options.sntp-servers: \"sntp-servers\" is neither"
	},
	{ OPTION("\"53\":1"), "options.53: code 53 is none, or for the server to say" },
	{ OPTION("\"0\":1"), "options.0: " },
	{ OPTION("\"256\":1"), "options.256: code 256 is none" },
	{ OPTION6("\"3\":1"), "options.3: code 3 is none" },
	{ OPTION6("\"65536\":1"), "options.65536: " },
	{ OPTION("\"ntp-servers\":\"fd00::1\""),
	  "options.ntp-servers: \"fd00::1\" is not a list of addresses"
	},
	{ OPTION("\"42\":\"10.0.0.1,\""), "options.42: " },
	{ OPTION("\"ntp-servers\":[]"), "options.ntp-servers: " },
	{ OPTION("\"ntp-servers\":{}"), "options.ntp-servers: wrong type of value" },
	{ OPTION("\"mtu\":65536"), "options.mtu: \"65536\" is not a number to 65535" },
	{ OPTION("\"mtu\":-1"), "options.mtu: " },
	{ OPTION("\"ip-forwarding\":\"yes\""),
	  "options.ip-forwarding: \"yes\" is not true or false"
	},
	{ OPTION("\"domain-search\":\"a..b\""), "options.domain-search: " },
	{ OPTION("\"222\":\"0x0\""), "options.222: \"0x0\" is not printable text or 0x" },
	{ OPTION("\"222\":\"0xzz\""), "options.222: " },
	{ OPTION("\"222\":\"\""), "options.222: " },
	{ OPTION("\"222\":\"\\t\""), "options.222: " },
	{ OPTION("\"42\":\"10.0.0.7\",\"ntp-servers\":\"10.0.0.8\""),
	  "options.ntp-servers: is there twice"
	},
	{ OPTION("\"classless-routes\":\"10.0.0.1/8=10.0.0.1\""), "options.classless-routes: " },
};

static int read_doc(const char *text, const struct mn_model *current, bool merge,
		    struct mn_model **m, struct mn_err *err)
{
	json_t *json = mn_doc_parse(text, strlen(text), err);
	int ret;

	if (!json)
		return err->code;
	ret = mn_doc_read(json, current, merge, m, err);
	json_decref(json);
	return ret;
}

static struct mn_model *must_read(const char *text,
				  const struct mn_model *current, bool merge)
{
	struct mn_model *m = NULL;
	struct mn_err err;

	if (read_doc(text, current, merge, &m, &err))
		fail_msg("%s", err.text);
	return m;
}

static void bad_is_refused(void **state)
{
	struct mn_model *m;
	struct mn_err err;
	size_t i;

	(void)state;
	for (i = 0; i < MN_ARRAY_SIZE(bad); i++) {
		if (!read_doc(bad[i].text, NULL, false, &m, &err))
			fail_msg("%s is taken", bad[i].text);
		if (!strstr(err.text, bad[i].error))
			fail_msg("%s: \"%s\", not \"%s\"", bad[i].text,
				 err.text, bad[i].error);
	}
}

static const char full[] =
	BRIDGE("{" NET4 ",\"gateway\":\"10.0.0.1\","
		      "\"dns\":[\"9.9.9.9\",\"8.8.8.8\"],"
	       "\"mtu\":1400,\"lease\":4294967295,\"routes\":["
	       "{\"dst\":\"10.9.0.0/16\",\"gateway\":\"10.0.0.2\"},"
	       "{\"dst\":\"0.0.0.0/0\",\"gateway\":\"10.0.0.3\"}],\"hosts\":["
	       HOST(1, "10.0.0.5", ",\"name\":\"vm1\",\"options\":{\"ntp-servers\":"
		    "[\"10.0.0.7\",\"10.0.0.8\"],\"12\":\"other\",\"ip-forwarding\":true,"
		    "\"time-offset\":-3600,\"222\":\"0x00FF\",\"80\":\"0x\","
		    "\"mtu\":\"0x01\",\"domain-search\":\"a.b,c\",\"223\":\"a,b=c\","
		    "\"classless-routes\":\"10.0.0.0/8=10.0.0.1,0.0.0.0/0=10.0.0.2\"}") ","
	       HOST(2, "10.0.0.6", "") "]},"
	       "{\"subnet\":\"fd00::/64\",\"mode\":\"stateless\",\"gateway\":\"fe80::1\","
	       "\"hosts\":[" HOST(1, "fd00::5", ","
	       "\"options\":{\"31\":\"fd00::7\",\"1000\":\"x\"}") "]}");

static void assert_export(const struct mn_model *m, const char *want)
{
	json_t *out = mn_doc_export(m, 0);
	json_t *json = json_loads(want, 0, NULL);
	char *text = json_dumps(out, JSON_COMPACT);

	if (!json_equal(out, json))
		fail_msg("%s", text);
	free(text);
	json_decref(json);
	json_decref(out);
}

static void export_is_canonical(void **state)
{
	struct mn_model *m = must_read(full, NULL, false);

	(void)state;
	assert_export(m, BRIDGE("{" NET4 ",\"gateway\":\"10.0.0.1\","
		      "\"dns\":[\"9.9.9.9\",\"8.8.8.8\"],"
		"\"mtu\":1400,\"lease\":4294967295,\"routes\":["
		"{\"dst\":\"0.0.0.0/0\",\"gateway\":\"10.0.0.3\"},"
		"{\"dst\":\"10.9.0.0/16\",\"gateway\":\"10.0.0.2\"}],\"hosts\":["
		HOST(1, "10.0.0.5", ",\"name\":\"vm1\",\"options\":{\"ntp-servers\":"
		     "\"10.0.0.7,10.0.0.8\",\"host-name\":\"other\",\"ip-forwarding\":\"true\","
		     "\"time-offset\":\"-3600\",\"222\":\"0x00ff\",\"80\":\"0x\","
		     "\"mtu\":\"0x01\",\"domain-search\":\"a.b,c\",\"223\":\"a,b=c\","
		     "\"classless-routes\":\"10.0.0.0/8=10.0.0.1,0.0.0.0/0=10.0.0.2\"}") ","
		HOST(2, "10.0.0.6", "") "]},"
		"{\"subnet\":\"fd00::/64\",\"mode\":\"stateless\",\"gateway\":\"fe80::1\","
		"\"hosts\":[" HOST(1, "fd00::5", ","
		"\"options\":{\"sntp-servers\":\"fd00::7\",\"1000\":\"x\"}") "]}"));
	mn_model_free(m);
}

static int note_change(void *arg, const struct mn_change *c,
		       const struct mn_obj *old)
{
	static const char *const ops[] = { "", "new", "set", "del" };

	(void)old;
	mn_buf_printf(arg, "%s %s ", ops[c->op], c->obj->type->word);
	mn_obj_full_name(c->obj, arg);
	mn_buf_puts(arg, "; ");
	return 0;
}

static void assert_changes(struct mn_model *a, struct mn_model *b, const char *want)
{
	struct mn_buf out = {};

	mn_buf_puts(&out, "");
	assert_int_equal(mn_doc_diff(a, b, note_change, &out), 0);
	if (strcmp(out.s, want))
		fail_msg("\"%s\", not \"%s\"", out.s, want);
	mn_buf_free(&out);
}

static void changes_are_small(void **state)
{
	struct mn_model *empty = mn_model_new(NULL);
	struct mn_model *a = must_read(full, NULL, false);
	struct mn_model *same = must_read(full, a, false);
	struct mn_model *b = must_read(HOSTS4(HOST(1, "10.0.0.5", "") ","
					      HOST(3, "10.0.0.7", "")), a, false);
	struct mn_model *c = must_read(HOSTS4(HOST(4, "10.0.0.8", "")), a, true);

	(void)state;
	assert_changes(a, same, "");
	assert_changes(empty, a,
		       "new bridge b; new dhcp b 10.0.0.0/24; new dhcp b fd00::/64; "
		       "new dhcp-host b 10.0.0.0/24 02:00:00:00:00:01; "
		       "new dhcp-host b 10.0.0.0/24 02:00:00:00:00:02; "
		       "new dhcp-host b fd00::/64 02:00:00:00:00:01; ");
	assert_changes(a, b,
		       "del dhcp-host b 10.0.0.0/24 02:00:00:00:00:01; "
		       "del dhcp-host b 10.0.0.0/24 02:00:00:00:00:02; "
		       "del dhcp b fd00::/64; set dhcp b 10.0.0.0/24; "
		       "new dhcp-host b 10.0.0.0/24 02:00:00:00:00:01; "
		       "new dhcp-host b 10.0.0.0/24 02:00:00:00:00:03; ");
	/* In a merge, what it does not speak of stays. */
	assert_changes(a, c, "new dhcp-host b 10.0.0.0/24 02:00:00:00:00:04; ");
	mn_model_free(c);
	mn_model_free(b);
	mn_model_free(same);
	mn_model_free(a);
	mn_model_free(empty);
}

static void id_follows_from_subnet(void **state)
{
	static const char name[] = "dhcp/b/10.0.0.0/24";
	struct mn_model *m = must_read(full, NULL, false);
	struct mn_model *own, *again;
	struct mn_uuid id;

	(void)state;
	mn_uuid_name(&id, name, strlen(name));
	assert_non_null(mn_model_find_id(m, &id));
	/* One that is there with another id keeps that. */
	own = must_read(SUBNET(NET4 ",\"id\":\"00000000-0000-0000-0000-000000000007\""),
			NULL, false);
	again = must_read(SUBNET(NET4), own, false);
	assert_changes(own, again, "");
	mn_model_free(again);
	mn_model_free(own);
	mn_model_free(m);
}

static int to_messages(void *arg, const struct mn_change *c,
		       const struct mn_obj *old)
{
	struct mn_nl nl = { .family = 20 };
	struct mn_err err;

	(void)old;
	return mn_wire_change(arg, &nl, c, &err);
}

static const struct mn_type *type_of_cmd(int cmd)
{
	int t;

	for (t = 0; t < MN_TYPES; t++) {
		if (mn_type_of(t) && mn_type_of(t)->cmd_new == cmd)
			return mn_type_of(t);
	}
	fail_msg("command %d makes nothing", cmd);
	return NULL;
}

/* What is sent is what a dump holds. */
static void wire_round_trip(void **state)
{
	struct mn_model *empty = mn_model_new(NULL);
	struct mn_model *m = must_read(full, NULL, false);
	struct mn_model *back = mn_model_new(NULL);
	const struct nlmsghdr *nlh;
	struct mn_buf b = {};
	int len;

	(void)state;
	assert_int_equal(mn_doc_diff(empty, m, to_messages, &b), 0);
	nlh = (const void *)b.s;
	for (len = b.len; mnl_nlmsg_ok(nlh, len);
	     nlh = mnl_nlmsg_next(nlh, &len))
		assert_non_null(mn_wire_read(back, type_of_cmd(mn_msg_cmd(nlh)),
					     nlh, false));
	assert_changes(back, m, "");
	mn_buf_free(&b);
	mn_model_free(back);
	mn_model_free(m);
	mn_model_free(empty);
}

static const struct {
	const char *from;
	const char *text;
	const char *want;
} lists[] = {
	{ "", "mtu=1400", "mtu=1400" },
	{ "", "ntp-servers=10.0.0.1,10.0.0.2,mtu=1400", "mtu=1400,ntp-servers=10.0.0.1,10.0.0.2" },
	{ "mtu=1400", "none", "" },
	{ "mtu=1400", "+222=x", "mtu=1400,222=x" },
	{ "mtu=1400", "+mtu=1300", "mtu=1300" },
	{ "mtu=1400,222=x", "-mtu", "222=x" },
	{ "mtu=1400,222=x", "-mtu,222", "" },
	{ "222=x", "223=a,b", "223=0x612c62" },
	{ "", "domain-search=a.example,b", "domain-search=a.example,b" },
	{ "mtu=1400", "-ntp-servers", "!no such value ntp-servers" },
	{ "", "mtu", "!\"mtu\" is not NAME=VALUE" },
	{ "", "mtu=x", "!mtu: \"x\" is not a number" },
	{ "", "mtu=1,mtu=2", "!mtu: is there twice" },
	{ "", "-quux", "!\"quux\" is neither" },
};

static void options_of_words(void **state)
{
	struct mn_model *m = must_read(HOSTS4(HOST(1, "10.0.0.5", "")), NULL,
				       false);
	struct mn_obj *host = m->objs[MIDONET_OBJECT_TYPE_DHCP_HOST].objs[0];
	int attr = mn_type_wire(host->type, MIDONET_A_OPTIONS), ret;
	struct mn_buf out = {};
	struct mn_err err;
	size_t i;

	(void)state;
	for (i = 0; i < MN_ARRAY_SIZE(lists); i++) {
		assert_int_equal(mn_obj_options_text(host, attr, lists[i].from, &err), 0);
		ret = mn_obj_options_text(host, attr, lists[i].text, &err);
		if (*lists[i].want == '!') {
			assert_int_not_equal(ret, 0);
			if (!strstr(err.text, lists[i].want + 1))
				fail_msg("%s: %s", lists[i].text, err.text);
			continue;
		}
		assert_int_equal(ret, 0);
		out.len = 0;
		mn_buf_puts(&out, "");
		if (host->vals[attr])
			mn_vals_print(&host->type->attrs[attr], NULL,
				      host->vals[attr], &out);
		assert_string_equal(out.s, lists[i].want);
	}
	mn_buf_free(&out);
	mn_model_free(m);
}

/* What the kernel says of it is found in the document. */
static void kernel_is_understood(void **state)
{
	static const char *const said[][2] = {
		{ "bridge b: dhcp 10.0.0.0/24: server: is the address of host 02:00:00:00:00:01",
		  "bridges[0].dhcp[0].server: is the address of host 02:00:00:00:00:01" },
		{
		  "bridge b: dhcp 10.0.0.0/24: host 02:00:00:00:00:02: address: is that of the server",
		  "bridges[0].dhcp[0].hosts[1].address: is that of the server" },
		{ "bridge b: dhcp 10.0.0.0/24: host 02:00:00:00:00:02: is one too many; raise x",
		  "bridges[0].dhcp[0].hosts[1]: is one too many; raise x" },
		{ "bridge b: dhcp fd00::/64: is one too many; a bridge has 64 at most",
		  "bridges[0].dhcp[1]: is one too many; a bridge has 64 at most" },
	};
	struct mn_model *m = must_read(full, NULL, false);
	struct mn_err err;
	size_t i;

	(void)state;
	for (i = 0; i < MN_ARRAY_SIZE(said); i++) {
		mn_fail(&err, -22, "%s", said[i][0]);
		mn_doc_blame(m, &err);
		assert_string_equal(err.text, said[i][1]);
	}
	mn_model_free(m);
}

int main(void)
{
	static const struct CMUnitTest tests[] = {
		cmocka_unit_test(bad_is_refused),
		cmocka_unit_test(export_is_canonical),
		cmocka_unit_test(changes_are_small),
		cmocka_unit_test(id_follows_from_subnet),
		cmocka_unit_test(wire_round_trip),
		cmocka_unit_test(options_of_words),
		cmocka_unit_test(kernel_is_understood),
	};

	return cmocka_run_group_tests_name("dhcp documents", tests, NULL, NULL);
}
