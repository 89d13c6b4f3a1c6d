// SPDX-License-Identifier: GPL-2.0
/* Rules that translate and load balancers: documents, messages, warnings. */
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
/* A chain "c" of these rules; a router, a bridge and chains that jump to it. */
#define RULES(body)	DOC("\"chains\":[{\"name\":\"c\",\"rules\":[" body "]}]")
#define SNAT(src, target) \
	RULES("{\"match\":{\"src\":\"" src "\"},\"action\":\"snat\"," \
	      "\"target\":\"" target "\"}")
#define DNAT(dst, target) \
	RULES("{\"match\":{\"dst\":\"" dst "\"},\"action\":\"dnat\"," \
	      "\"target\":\"" target "\"}")
#define USE(users, action) \
	DOC("\"chains\":[{\"name\":\"top\",\"rules\":[{\"action\":\"continue\"}," \
	    "{\"action\":\"jump\",\"chain\":\"c\"}]},{\"name\":\"c\",\"rules\":[" \
	    "{\"match\":{\"proto\":\"tcp\"},\"action\":\"accept\"}," \
	    "{\"match\":{\"src\":\"10.0.0.0/8\",\"dst\":\"192.0.2.1\"}," \
	    "\"action\":\"" action "}]}]," users)
#define BRIDGE(words)	"\"bridges\":[{\"name\":\"b\"" words "}]"
#define ROUTER(words)	"\"routers\":[{\"name\":\"r\"" words "}]"
#define PORT(words)	",\"ports\":[{\"name\":\"p\"" words "}]"
#define IN(chain)	",\"in-chain\":\"" chain "\""
#define OUT(chain)	",\"out-chain\":\"" chain "\""
#define A_SNAT		"snat\",\"target\":\"192.0.2.1:1024-65535\""
#define A_DNAT		"dnat\",\"target\":\"10.0.0.1\""
#define LB(body)	DOC("\"routers\":[{\"name\":\"r\",\"ports\":[{\"name\":\"p\"," \
			    "\"addresses\":[\"10.0.0.1/24\",\"192.0.2.1/32\"]}]}]," \
			    "\"load-balancers\":[{\"name\":\"lb\",\"router\":\"r\"," \
			    body "}]")
#define POOL(members)	"\"pools\":[{\"name\":\"p\",\"members\":[" members "]}]"
#define AT(addr, port)	"\"address\":\"" addr "\",\"port\":" #port
#define MEMBER(addr, port)	"{" AT(addr, port) "}"
#define VIPS(body)	"\"vips\":[" body "]"
#define VIP(addr, port, more) \
	"{" AT(addr, port) ",\"proto\":\"tcp\",\"pool\":\"p\"" more "}"
#define SERVED(vips, members)	LB(VIPS(vips) "," POOL(members))
#define CHECK(body)	LB("\"pools\":[{\"name\":\"p\",\"health-check\":" body "}]")

static const char static_size[] =
	"target: a static target needs a match of the same size; for many to one write ";
static const char families[] =
	"target: target and match are of different address families; write a rule for each";
static const char unicast[] = "target: a target is of unicast addresses, none";

static const struct {
	const char *text;
	const char *error;
} bad[] = {
	/* What a rule says by itself. */
	{ RULES("{\"action\":\"snat\"}"),
	  "chains[0].rules[0]: snat needs a target, ADDR[-ADDR][:PORT[-PORT]]" },
	{ RULES("{\"action\":\"rev-snat\",\"target\":\"192.0.2.1\"}"),
	  "chains[0].rules[0].target: is only for dnat and snat" },
	{ RULES("{\"action\":\"accept\"},{\"action\":\"drop\",\"then\":\"return\"}"),
	  "chains[0].rules[1].then: is only for dnat, snat, rev-dnat and rev-snat" },
	{ RULES("{\"action\":\"rev-dnat\",\"then\":\"drop\"}"),
	  "rules[0].then: \"drop\" is not one of accept return continue" },
	{ RULES("{\"action\":\"dnat\",\"target\":\"x\"}"),
	  "rules[0].target: \"x\" is not ADDRESS[-ADDRESS][:PORT[-PORT]]; an IPv6" },
	{ RULES("{\"action\":\"dnat\",\"target\":[\"10.0.0.1\"]}"),
	  "rules[0].target: takes one value, not a list" },
	{ RULES("{\"action\":\"snat\",\"target\":\"10.0.0.1\",\"chain\":\"c\"}"),
	  "rules[0].chain: is only for jump" },
	{ SNAT("10.0.0.0/8", "192.0.2.1"), static_size },
	{ SNAT("10.0.0.0/8", "192.0.2.1"), "write 192.0.2.1:1024-65535" },
	{ SNAT("10.0.0.0/24", "192.0.2.0-192.0.2.254"), static_size },
	{ SNAT("10.0.0.1,10.0.0.2", "192.0.2.1"), static_size },
	{ SNAT("!10.0.0.1", "192.0.2.1"), static_size },
	{ DNAT("192.0.2.0/31", "10.0.0.1"), static_size },
	{ RULES("{\"action\":\"snat\",\"target\":\"192.0.2.1\"}"), static_size },
	{ RULES("{\"match\":{\"dst\":\"10.0.0.1\"},\"action\":\"snat\",\"target\":\"192.0.2.1\"}"),
	  static_size },
	{ RULES("{\"match\":{\"src\":\"10.0.0.1\"},\"not\":true,\n"
		"\"action\":\"snat\",\"target\":\"192.0.2.1\"}"),
	  static_size },
	{ SNAT("fd00::/127", "[2001:db8::1]"), "write [2001:db8::1]:1024-65535" },
	{ SNAT("fd00::1", "192.0.2.1"), families },
	{ SNAT("10.0.0.0/8,fd00::/8", "192.0.2.1:1-2"), families },
	{ DNAT("192.0.2.1", "[fd00::1]:80"), families },
	{ SNAT("10.0.0.0/8", "224.0.0.1:80"), unicast },
	{ SNAT("10.0.0.0/8", "126.0.0.1-128.0.0.1:80"), unicast },
	{ SNAT("10.0.0.0/8", "0.0.0.0:80"), unicast },
	{ SNAT("fd00::/8", "[fe80::1]:80"), unicast },
	{ SNAT("fd00::/8", "[::1]:80"), unicast },

	/* Where it may stand. */
	{ USE(ROUTER(OUT("c")), A_DNAT),
	  "chains[1].rules[1]: dnat stands in the in-chain of routers only, not in the out-chain of router r",
	},
	{ USE(ROUTER(IN("c")), A_SNAT),
	  "chains[1].rules[1]: snat stands in the out-chain of routers only, not in the in-chain of router r",
	},
	{ USE(BRIDGE(IN("top")), A_DNAT),
	  "chains[1].rules[1]: dnat stands in the in-chain of routers only, not in the in-chain of bridge b, by jump from chain top",
	},
	{ USE(BRIDGE(PORT(OUT("c"))), "rev-snat\""),
	  "chains[1].rules[1]: rev-snat stands in the in-chain and out-chain of routers only, not in the out-chain of port b:p",
	},
	{ USE(ROUTER(PORT(IN("top"))), A_DNAT), "in-chain of port r:p" },
	{ USE(ROUTER(IN("c") PORT(IN("c"))), A_DNAT), "in-chain of port r:p" },

	/* Load balancers. */
	{ LB("\"x\":1"), "load-balancers[0]: unknown key \"x\"" },
	{ DOC("\"load-balancers\":[{\"name\":\"lb\",\"router\":\"r\"}]"),
	  "load-balancers[0].router: no router \"r\"" },
	{ DOC("\"routers\":[{\"name\":\"r\"}],\"load-balancers\":[\n"
	      "{\"name\":\"a\",\"router\":\"r\"},{\"name\":\"b\"},\n"
	      "{\"name\":\"c\",\"router\":\"r\"}]"),
	  "load-balancers[2].router: r has load-balancer a already; a router has one at most, put the VIPs there"
	},
	{ LB("\"pools\":[{\"name\":\"p\"},{\"name\":\"p\"}]"),
	  "load-balancers[0].pools[1].name: another pool is called \"p\"" },
	{ CHECK("5"), "load-balancers[0].pools[0].health-check: must be an object" },
	{ CHECK("{\"type\":\"icmp\"}"),
	  "pools[0].health-check.type: \"icmp\" is not one of none tcp udp http" },
	{ CHECK("{\"interval\":0}"),
	  "pools[0].health-check.interval: \"0\" is not a number from 1 to 3600" },
	{ CHECK("{\"fall\":101}"), "health-check.fall: \"101\" is not" },
	{ CHECK("{\"path\":\"x\"}"), "health-check.path: \"x\" is not a path" },
	{ CHECK("{\"path\":\"/a b\"}"), "health-check.path: \"/a b\" is not a path" },
	{ CHECK("{\"health-check\":\"tcp\"}"),
	  "health-check: unknown key \"health-check\"" },
	{ LB("\"pools\":[{\"name\":\"p\",\"interval\":5}]"),
	  "pools[0]: unknown key \"interval\"" },
	{ SERVED("{" AT("192.0.2.9", 80) ",\"pool\":\"p\"}", ""),
	  "load-balancers[0].vips[0]: needs proto" },
	{ SERVED("{" AT("192.0.2.9", 80) ",\"proto\":\"tcp\"}", ""),
	  "load-balancers[0].vips[0]: needs pool" },
	{ SERVED("{\"address\":\"192.0.2.9\",\"proto\":\"tcp\",\"pool\":\"p\"}", ""),
	  "load-balancers[0].vips[0]: needs port" },
	{ SERVED("{" AT("192.0.2.9", 80) ",\"proto\":\"icmp\",\"pool\":\"p\"}", ""),
	  "load-balancers[0].vips[0].proto: must be tcp or udp" },
	{ SERVED("{" AT("192.0.2.9", 80) ",\"proto\":\"tcp\",\"pool\":\"q\"}", ""),
	  "load-balancers[0].vips[0].pool: no pool \"lb:q\"" },
	{ SERVED(VIP("192.0.2.9", 0, ""), ""),
	  "vips[0].port: \"0\" is not a number from 1 to 65535" },
	{ SERVED(VIP("192.0.2.9", 80, ",\"sticky\":-1"), ""), "vips[0].sticky: " },
	{ SERVED(VIP("192.0.2.9", 80, "") "," VIP("192.0.2.9", 80, ""), ""),
	  "load-balancers[0].vips[1]: another vip is 192.0.2.9:80/tcp" },
	{ SERVED(VIP("224.0.0.9", 80, ""), ""),
	  "vips[0].address: 224.0.0.9 is not the address of one station" },
	{ SERVED(VIP("fe80::9", 80, ""), ""),
	  "vips[0].address: fe80::9 is not the address of one station" },
	{ SERVED(VIP("192.0.2.8", 80, "") "," VIP("192.0.2.1", 80, ""), ""),
	  "load-balancers[0].vips[1].address: has an address of the router itself (port r:p)" },
	{ SERVED("", MEMBER("10.0.0.2", 80) "," MEMBER("10.0.0.2", 80)),
	  "load-balancers[0].pools[0].members[1]: another pool-member is 10.0.0.2:80" },
	{ SERVED("", MEMBER("127.0.0.1", 80)),
	  "load-balancers[0].pools[0].members[0].address: 127.0.0.1 is not" },
	{ SERVED("", "{" AT("10.0.0.2", 80) ",\"weight\":65536}"),
	  "members[0].weight: \"65536\" is not a number from 0 to 65535" },
	{ SERVED("", "{" AT("10.0.0.2", 80) ",\"health\":\"up\"}"),
	  "members[0].health: is state, never configuration" },
	{ SERVED(VIP("192.0.2.9", 80, ""), MEMBER("10.0.0.2", 80) "," MEMBER("192.0.2.9", 80)),
	  "load-balancers[0].pools[0].members[1]: is vip 192.0.2.9:80/tcp of the same load-balancer",
	},
	{ SERVED("", MEMBER("10.0.0.2", 80) "," MEMBER("fd00::2", 80)),
	  "load-balancers[0].pools[0].members[1].address: is not of the address family of member 10.0.0.2:80 of pool p; give each family a pool",
	},
	{ SERVED(VIP("192.0.2.9", 80, ""), MEMBER("fd00::2", 80)),
	  "load-balancers[0].vips[0].address: is not of the address family of member [fd00::2]:80 of pool p; give each family a pool",
	},
	{ SERVED(VIP("192.0.2.9", 80, "") "," VIP("2001:db8::9", 80, ""), ""),
	  "load-balancers[0].vips[1].address: is not of the address family of vip 192.0.2.9:80/tcp of pool p; give each family a pool",
	},
};

/* As near to refusal as may be. */
static const char *const good[] = {
	SNAT("10.0.0.0/8", "192.0.2.1:1024-65535"),
	SNAT("10.0.0.0/24", "192.0.2.0-192.0.2.255"),
	SNAT("10.0.0.0/24", "192.0.2.7-192.0.3.6"),
	SNAT("10.0.0.0/8,10.1.0.0/16", "192.0.2.1-192.0.2.3:80"),
	SNAT("fd00::1", "2001:db8::1"),
	SNAT("fd00::/96", "[2001:db8::]-[2001:db8::ffff:ffff]"),
	DNAT("192.0.2.0/24", "10.0.0.1-10.0.0.3"),
	DNAT("192.0.2.0/24", "10.0.0.1:80"),
	DNAT("192.0.2.1", "10.0.0.1"),
	/* What is not asked for may be of any family. */
	SNAT("!fd00::1", "192.0.2.1:80"),
	RULES("{\"action\":\"snat\",\"target\":\"192.0.2.1:80\"}"),
	/* Attached nowhere, or in its place. */
	USE(ROUTER(""), A_DNAT),
	USE(ROUTER(IN("top")), A_DNAT),
	USE(ROUTER(OUT("c")), A_SNAT),
	USE(ROUTER(OUT("c") IN("top")), "rev-dnat\",\"then\":\"return\""),
	USE(BRIDGE(IN("top")), "accept\""),
	LB("\"vips\":[]"),
	LB("\"pools\":[{\"name\":\"p\"}]"),
	CHECK("null"),
	/* TCP and UDP may go to different places. */
	SERVED(VIP("192.0.2.9", 80, "") ",{" AT("192.0.2.9", 80)
	       ",\"proto\":\"udp\",\"pool\":\"p\"}", MEMBER("192.0.2.9", 81)),
	SERVED(VIP("10.0.0.9", 80, ""), MEMBER("10.0.0.1", 80)),
	/* Not in the router that has the address. */
	DOC("\"routers\":[{\"name\":\"r\",\"ports\":[{\"name\":\"p\",\n"
	    "\"addresses\":[\"10.0.0.1/24\"]}]}],\"load-balancers\":[\n"
	    "{\"name\":\"lb\"," VIPS(VIP("10.0.0.1", 80, "")) "," POOL("") "}]"),
};

static int read_text(const char *text, const struct mn_model *current,
		     bool merge, struct mn_model **m, struct mn_err *err)
{
	json_t *json = mn_doc_parse(text, strlen(text), err);
	int ret;

	*m = NULL;
	if (!json)
		return err->code;
	ret = mn_doc_read(json, current, merge, m, err);
	json_decref(json);
	return ret;
}

static struct mn_model *must_read(const char *text,
				  const struct mn_model *current, bool merge)
{
	struct mn_model *m;
	struct mn_err err;

	if (read_text(text, current, merge, &m, &err))
		fail_msg("%s: %s", text, err.text);
	return m;
}

static void bad_is_refused(void **state)
{
	struct mn_model *m;
	struct mn_err err;
	size_t i;

	(void)state;
	for (i = 0; i < MN_ARRAY_SIZE(bad); i++) {
		if (!read_text(bad[i].text, NULL, false, &m, &err))
			fail_msg("%s was taken", bad[i].text);
		if (!strstr(err.text, bad[i].error))
			fail_msg("%s: \"%s\", not \"%s\"", bad[i].text,
				 err.text, bad[i].error);
	}
}

static void good_is_taken(void **state)
{
	size_t i;

	(void)state;
	for (i = 0; i < MN_ARRAY_SIZE(good); i++)
		mn_model_free(must_read(good[i], NULL, false));
}

static void pool_is_bounded(void **state)
{
	struct mn_buf text = {};
	struct mn_model *m;
	struct mn_err err;
	int i;

	(void)state;
	mn_buf_puts(&text, "{\"midonet\":1,\"load-balancers\":[{\"name\":\"lb\",\n"
			   "\"pools\":[{\"name\":\"p\",\"members\":[");
	for (i = 0; i < 1025; i++)
		mn_buf_printf(&text, "%s{\"address\":\"10.0.0.1\",\"port\":%d}",
			      i ? "," : "", i + 1);
	mn_buf_puts(&text, "]}]}]}");
	assert_int_not_equal(read_text(text.s, NULL, false, &m, &err), 0);
	assert_string_equal(err.text,
			    "load-balancers[0].pools[0].members[1024]: is one too many; a pool has 1024 members at most");
	mn_buf_free(&text);
}

static const char full[] =
	DOC("\"chains\":[{\"name\":\"in\",\"rules\":[\n"
	    "{\"match\":{\"dst\":\"192.0.2.1\",\"dst-port\":80,\"proto\":\"tcp\"},\n"
	    "\"action\":\"dnat\",\"target\":\"10.0.0.1-10.0.0.1:8080-8080\",\"then\":\"accept\"},\n"
	    "{\"match\":{\"state\":\"related,established\",\"direction\":\"!forward\"},\n"
	    "\"action\":\"rev-snat\",\"then\":\"continue\"},\n"
	    "{\"match\":{\"dst-rewritten\":true,\"icmp-data-src\":\"10.0.0.1/8\",\n"
	    "\"icmp-data-dst\":[\"::/0\",\"0/0\"]},\"action\":\"drop\"}]},\n"
	    "{\"name\":\"out\",\"rules\":[{\"match\":{\"src\":\"fd00::/64\"},\n"
	    "\"action\":\"snat\",\"target\":\"[2001:DB8::1]-[2001:db8::2]:1024-65535\"}]}],\n"
	    "\"routers\":[{\"name\":\"r\",\"in-chain\":\"in\",\"out-chain\":\"out\"}],\n"
	    "\"load-balancers\":[{\"name\":\"lb\",\"router\":\"r\",\"admin-up\":true,\n"
	    "\"vips\":[{\"address\":\"192.0.2.9\",\"port\":\"443\",\"proto\":6,\"pool\":\"web\",\n"
	    "\"sticky\":3600},{\"address\":\"192.0.2.9\",\"port\":80,\"proto\":\"udp\",\n"
	    "\"pool\":\"lb:web\",\"sticky\":0}],\"pools\":[{\"name\":\"web\",\"members\":[\n"
	    "{\"address\":\"10.0.0.3\",\"port\":8080,\"weight\":0,\"admin-up\":false},\n"
	    "{\"address\":\"10.0.0.2\",\"port\":8080,\"weight\":1}],\n"
	    "\"health-check\":{\"type\":\"http\",\"path\":\"/status?x=\\\"1\\\"\",\"interval\":5,\n"
	    "\"rise\":3}},{\"name\":\"idle\",\"admin-up\":false,\n"
	    "\"health-check\":{\"type\":\"none\",\"path\":\"/\",\"timeout\":2}}]}]");

static const char canonical[] =
	DOC("\"chains\":[{\"name\":\"in\",\"rules\":[\n"
	    "{\"match\":{\"dst\":\"192.0.2.1\",\"proto\":\"tcp\",\"dst-port\":\"80\"},\n"
	    "\"action\":\"dnat\",\"target\":\"10.0.0.1:8080\"},\n"
	    "{\"match\":{\"state\":\"established,related\",\"direction\":\"!forward\"},\n"
	    "\"action\":\"rev-snat\",\"then\":\"continue\"},\n"
	    "{\"match\":{\"dst-rewritten\":\"true\",\"icmp-data-src\":\"10.0.0.0/8\",\n"
	    "\"icmp-data-dst\":\"0.0.0.0/0,::/0\"},\"action\":\"drop\"}]},\n"
	    "{\"name\":\"out\",\"rules\":[{\"match\":{\"src\":\"fd00::/64\"},\n"
	    "\"action\":\"snat\",\"target\":\"[2001:db8::1]-[2001:db8::2]:1024-65535\"}]}],\n"
	    "\"routers\":[{\"name\":\"r\",\"in-chain\":\"in\",\"out-chain\":\"out\"}],\n"
	    "\"load-balancers\":[{\"name\":\"lb\",\"router\":\"r\",\n"
	    "\"pools\":[{\"name\":\"idle\",\"admin-up\":false},\n"
	    "{\"name\":\"web\",\"health-check\":{\"type\":\"http\",\"path\":\"/status?x=\\\"1\\\"\",\n"
	    "\"rise\":3},\"members\":[{\"address\":\"10.0.0.2\",\"port\":8080},\n"
	    "{\"address\":\"10.0.0.3\",\"port\":8080,\"weight\":0,\"admin-up\":false}]}],\n"
	    "\"vips\":[{\"address\":\"192.0.2.9\",\"port\":443,\"proto\":\"tcp\",\"pool\":\"web\",\n"
	    "\"sticky\":3600},{\"address\":\"192.0.2.9\",\"port\":80,\"proto\":\"udp\",\n"
	    "\"pool\":\"web\"}]}]");

static void assert_export(const struct mn_model *m, const char *want_text)
{
	json_t *json = mn_doc_export(m, 0), *want = json_loads(want_text, 0, NULL);
	char *a = json_dumps(json, JSON_COMPACT);
	char *b = json_dumps(want, JSON_COMPACT);

	assert_string_equal(a, b);
	json_decref(json);
	json_decref(want);
	free(a);
	free(b);
}

struct count {
	unsigned int ops[MIDONET_OP_DEL + 1];
	struct mn_buf log;
};

static int count(void *arg, const struct mn_change *c, const struct mn_obj *old)
{
	struct count *n = arg;

	(void)old;
	n->ops[c->op]++;
	mn_buf_printf(&n->log, "%s %s ", mn_op_names[c->op], c->obj->type->word);
	mn_obj_full_name(c->obj, &n->log);
	mn_buf_puts(&n->log, "; ");
	return 0;
}

static void assert_changes(struct mn_model *from, struct mn_model *to,
			   const char *want)
{
	struct count n = {};

	mn_buf_puts(&n.log, "");
	assert_int_equal(mn_doc_diff(from, to, count, &n), 0);
	assert_string_equal(n.log.s, want);
	mn_buf_free(&n.log);
}

static void export_is_canonical(void **state)
{
	struct mn_model *m = must_read(full, NULL, false);

	(void)state;
	assert_export(m, canonical);
	mn_model_free(m);
}

static void apply_is_idempotent(void **state)
{
	struct mn_model *empty = mn_model_new(NULL);
	struct mn_model *a = must_read(full, empty, false);
	struct mn_model *b = must_read(canonical, a, false);
	struct mn_model *merged = must_read(canonical, a, true);

	(void)state;
	assert_changes(a, b, "");
	assert_changes(a, merged, "");
	/* Pools before the VIPs that need them, and the other way round. */
	assert_changes(empty, a,
		       "new chain in; new chain out; new router r; new load-balancer lb; new pool lb:idle; new pool lb:web; new vip lb 192.0.2.9:443/tcp; new vip lb 192.0.2.9:80/udp; new pool-member lb:web 10.0.0.2:8080; new pool-member lb:web 10.0.0.3:8080; new rule in:1; new rule in:2; new rule in:3; new rule out:1; ");
	assert_changes(a, empty,
		       "del load-balancer lb; del router r; del chain in; del chain out; ");
	mn_model_free(merged);
	mn_model_free(b);
	mn_model_free(a);
	mn_model_free(empty);
}

static void contents_are_compared(void **state)
{
	static const char less[] =
		DOC("\"load-balancers\":[{\"name\":\"lb\",\"vips\":[\n"
		    "{\"address\":\"192.0.2.9\",\"port\":443,\"proto\":\"tcp\",\"pool\":\"web\"}],\n"
		    "\"pools\":[{\"name\":\"web\",\"members\":[\n"
		    "{\"address\":\"10.0.0.2\",\"port\":8080,\"weight\":5}]}]}]");
	static const char more[] =
		DOC("\"load-balancers\":[{\"name\":\"lb\",\"pools\":[{\"name\":\"web\",\n"
		    "\"health-check\":{\"fall\":9},\"members\":[\n"
		    "{\"address\":\"10.0.0.7\",\"port\":8080}]}]}]");
	struct mn_model *a = must_read(full, NULL, false);
	struct mn_model *b = must_read(less, a, false);
	struct mn_model *c = must_read(more, b, true);

	(void)state;
	assert_changes(b, c, "set pool lb:web; new pool-member lb:web 10.0.0.7:8080; ");
	/* A health check is one thing: what is not said is the default. */
	assert_export(c, DOC("\"load-balancers\":[{\"name\":\"lb\",\"pools\":[{\"name\":\"web\",\n"
			     "\"health-check\":{\"fall\":9},\"members\":[\n"
			     "{\"address\":\"10.0.0.2\",\"port\":8080,\"weight\":5},\n"
			     "{\"address\":\"10.0.0.7\",\"port\":8080}]}],\"vips\":[\n"
			     "{\"address\":\"192.0.2.9\",\"port\":443,\n"
			     "\"proto\":\"tcp\",\"pool\":\"web\"}]}]"));
	assert_changes(a, b,
		       "del pool-member lb:web 10.0.0.2:8080; del pool-member lb:web 10.0.0.3:8080; del vip lb 192.0.2.9:443/tcp; del vip lb 192.0.2.9:80/udp; del pool lb:idle; del router r; del chain in; del chain out; set load-balancer lb; set pool lb:web; new vip lb 192.0.2.9:443/tcp; new pool-member lb:web 10.0.0.2:8080; ");
	mn_model_free(c);
	mn_model_free(b);
	mn_model_free(a);
}

static void ids_follow_from_names(void **state)
{
	static const char *const names[] = {
		"load-balancer/lb", "pool/lb:web", "pool/lb:idle",
	};
	struct mn_model *m = must_read(full, NULL, false);
	struct mn_uuid id;
	struct mn_err err;
	size_t i;

	(void)state;
	for (i = 0; i < MN_ARRAY_SIZE(names); i++) {
		mn_uuid_name(&id, names[i], strlen(names[i]));
		assert_non_null(mn_model_find_id(m, &id));
	}
	assert_non_null(mn_model_lookup(m, MIDONET_OBJECT_TYPE_POOL, "lb:web",
					&err));
	assert_null(mn_model_lookup(m, MIDONET_OBJECT_TYPE_POOL, "web", &err));
	assert_string_equal(err.text,
			    "no pool \"web\"; a pool is written LOAD-BALANCER:POOL");
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

/* What is sent is what a dump holds, except for positions of rules. */
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

static const struct nlattr *only_attr(const struct mn_buf *b, int type)
{
	const struct nlattr *attr, *found = NULL;

	mn_msg_for_each(attr, (struct nlmsghdr *)b->s) {
		if (mnl_attr_get_type(attr) == type)
			found = attr;
	}
	return found;
}

/* The kernel takes no target over to another action. */
static void target_goes_with_action(void **state)
{
	struct mn_model *a = must_read(SNAT("10.0.0.1", "192.0.2.1:80"), NULL,
				       false);
	struct mn_obj *rule = a->objs[MIDONET_OBJECT_TYPE_RULE].objs[0];
	struct mn_nl nl = { .family = 20 };
	struct mn_change c = { .op = MIDONET_OP_SET, .obj = rule };
	struct mn_buf b = {};
	struct mn_err err;

	(void)state;
	c.attrs = 1u << mn_type_wire(rule->type, MIDONET_A_ACTION);
	assert_int_equal(mn_wire_change(&b, &nl, &c, &err), 0);
	assert_non_null(only_attr(&b, MIDONET_A_TARGET));
	b.len = 0;
	c.attrs = 1u << mn_type_wire(rule->type, MIDONET_A_NOT);
	assert_int_equal(mn_wire_change(&b, &nl, &c, &err), 0);
	assert_null(only_attr(&b, MIDONET_A_TARGET));
	mn_buf_free(&b);
	mn_model_free(a);
}

/* Rules of chain c: what is warned of, "" if nothing is. */
static const struct {
	const char *rules;
	const char *text;
} warned[] = {
	{ "{\"match\":{\"proto\":\"icmp\",\"src-port\":80},\"action\":\"drop\"}",
	  "chains[0].rules[0]: proto icmp and src-port 80 never hold together: the rule matches nothing",
	},
	{ "{\"match\":{\"proto\":\"icmp\",\"src-port\":80},\"not\":true,\"action\":\"drop\"}",
	  "with not, the rule matches every packet" },
	{ "{\"match\":{\"ethertype\":\"ipv6\",\"src\":\"10.0.0.1\"},\"action\":\"drop\"}",
	  "ethertype ipv6 and src 10.0.0.1 never hold together" },
	{ "{\"match\":{\"ethertype\":\"!ip\",\"dst\":\"10.0.0.1\"},\"action\":\"drop\"}",
	  "ethertype !ip and dst 10.0.0.1 never" },
	{ "{\"match\":{\"src\":\"fd00::/8\",\"dst\":\"10.0.0.1\"},\"action\":\"drop\"}",
	  "src fd00::/8 and dst 10.0.0.1 never" },
	{ "{\"match\":{\"ethertype\":\"arp\",\"proto\":1},\"action\":\"drop\"}",
	  "ethertype arp and proto icmp never" },
	{ "{\"match\":{\"proto\":\"udp\",\"tcp-flags\":\"S\"},\"action\":\"drop\"}",
	  "proto udp and tcp-flags S never" },
	{ "{\"match\":{\"dst-port\":80,\"icmp-type\":8},\"action\":\"drop\"}",
	  "dst-port 80 and icmp-type 8 never" },
	{ "{\"match\":{\"src\":\"fd00::1\",\"proto\":\"icmp\",\"icmp-type\":8},\n"
	  "\"action\":\"drop\"}",
	  "icmp-type 8 never holds with the words before" },
	{ "{\"match\":{\"fragment\":\"later\",\"dst-port\":80},\"action\":\"drop\"}",
	  "dst-port 80 and fragment later never" },
	{ "{\"match\":{\"fragment\":\"!any,none\"},\"action\":\"drop\"}",
	  "fragment !none,any never holds" },
	{ "{\"match\":{\"src-port\":\"!0-65535\"},\"action\":\"drop\"}",
	  "src-port !0-65535 never holds" },
	{ "{\"match\":{\"src\":\"!0/0,::/0\"},\"action\":\"drop\"}",
	  "src !0.0.0.0/0,::/0 never holds" },
	{ "{\"match\":{\"src-set\":\"none-there\"},\"action\":\"drop\"}",
	  "src-set none-there never holds" },
	{ "{\"match\":{\"dst-set\":\"v6\",\"src\":\"10.0.0.1\"},\"action\":\"drop\"}",
	  "src 10.0.0.1 and dst-set v6 never" },
	{ "{\"match\":{\"state\":\"new\",\"ethertype\":\"arp\"},\"action\":\"drop\"}",
	  "ethertype arp and state new never" },
	{ "{\"match\":{\"state\":\"related\",\"proto\":\"tcp\"},\"action\":\"drop\"}",
	  "proto tcp and state related never" },
	{ "{\"match\":{\"state\":\"untracked\",\"direction\":\"return\"},\"action\":\"drop\"}",
	  "state untracked and direction return never" },
	{ "{\"match\":{\"direction\":\"!forward,return\"},\"action\":\"drop\"}",
	  "direction !forward,return never holds" },
	{ "{\"match\":{\"icmp-data-src\":\"10.0.0.1\",\"src\":\"fd00::1\"},\"action\":\"drop\"}",
	  "src fd00::1 and icmp-data-src 10.0.0.1 never" },
	{ "{\"action\":\"drop\"},{\"match\":{\"proto\":\"tcp\"},\n"
	  "\"action\":\"accept\"},{\"action\":\"drop\"}",
	  "chains[0].rules[1]: is never reached: rule 1 of the chain decides about every packet" },
	{ "{\"match\":{\"in-port\":\"x:p\"},\"action\":\"drop\"}",
	  "chains[0].rules[0]: in-port x:p is never where chain c is used (in-chain of router r): the rule matches nothing",
	},
	{ "{\"match\":{\"out-port\":\"r:p\"},\"action\":\"drop\"}",
	  "out-port r:p is never where chain c is used" },
	/* All these may happen. */
	{ "{\"match\":{\"proto\":\"icmp,tcp\",\"src-port\":80},\"action\":\"drop\"}", "" },
	{ "{\"match\":{\"proto\":\"!icmp\",\"src-port\":80},\"action\":\"drop\"}", "" },
	{ "{\"match\":{\"ethertype\":\"!ip\",\"dst\":\"10.0.0.1,::1\"},\"action\":\"drop\"}", "" },
	{ "{\"match\":{\"src\":\"!10.0.0.1\",\"dst\":\"fd00::1\"},\"action\":\"drop\"}", "" },
	{ "{\"match\":{\"src-set\":\"!none-there\"},\"action\":\"drop\"}", "" },
	{ "{\"match\":{\"fragment\":\"later,first\",\"dst-port\":80},\"action\":\"drop\"}", "" },
	{ "{\"match\":{\"state\":\"untracked,new\",\"direction\":\"forward\"},\n"
	  "\"action\":\"drop\"}", "" },
	{ "{\"match\":{\"state\":\"untracked\",\"ethertype\":\"arp\"},\"action\":\"drop\"}", "" },
	{ "{\"match\":{\"in-port\":\"x:p,r:p\"},\"action\":\"drop\"}", "" },
	{ "{\"match\":{\"in-port\":\"!x:p\"},\"action\":\"drop\"}", "" },
	{ "{\"action\":\"continue\"},{\"not\":true,\"action\":\"drop\"},\n"
	  "{\"action\":\"drop\"}", "" },
};

static void note(void *arg, const struct mn_obj *rule, const char *text)
{
	struct mn_buf *out = arg;

	mn_doc_path(rule, out);
	mn_buf_printf(out, ": %s\n", text);
}

static char *warnings(const char *rules)
{
	char *text = mn_asprintf(DOC("\"ip-sets\":[{\"name\":\"none-there\"},{\"name\":\"v6\",\n"
				     "\"members\":[\"fd00::/8\"]}],\"chains\":[{\"name\":\"c\",\n"
				     "\"rules\":[%s]},{\"name\":\"top\",\"rules\":[\n"
				     "{\"action\":\"jump\",\"chain\":\"c\"}]}],\n"
				     "\"routers\":[{\"name\":\"r\",\"in-chain\":\"top\",\n"
				     "\"ports\":[{\"name\":\"p\"}]},{\"name\":\"x\",\n"
				     "\"ports\":[{\"name\":\"p\"}]}]"), rules);
	struct mn_model *m = must_read(text, NULL, false);
	struct mn_buf out = {};

	mn_buf_puts(&out, "");
	mn_doc_warn(m, note, &out);
	mn_model_free(m);
	free(text);
	return out.s;
}

static void useless_is_warned_of(void **state)
{
	char *text;
	size_t i;

	(void)state;
	for (i = 0; i < MN_ARRAY_SIZE(warned); i++) {
		text = warnings(warned[i].rules);
		if (!*warned[i].text ? !!*text : !strstr(text, warned[i].text))
			fail_msg("%s: \"%s\", not \"%s\"", warned[i].rules,
				 text, warned[i].text);
		free(text);
	}
}

int main(void)
{
	static const struct CMUnitTest tests[] = {
		cmocka_unit_test(bad_is_refused),
		cmocka_unit_test(good_is_taken),
		cmocka_unit_test(pool_is_bounded),
		cmocka_unit_test(export_is_canonical),
		cmocka_unit_test(apply_is_idempotent),
		cmocka_unit_test(contents_are_compared),
		cmocka_unit_test(ids_follow_from_names),
		cmocka_unit_test(wire_round_trip),
		cmocka_unit_test(target_goes_with_action),
		cmocka_unit_test(useless_is_warned_of),
	};

	return cmocka_run_group_tests_name("translation", tests, NULL, NULL);
}
