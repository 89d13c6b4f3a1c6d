// SPDX-License-Identifier: GPL-2.0
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <cmocka.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "../midoctl/midoctl.h"
#include "doc.h"
#include "frame.h"
#include "wire.h"

#define DOC(body)	"{\"midonet\":1," body "}"
#define ROUTER(body)	DOC("\"routers\":[{\"name\":\"r\"," body "}]")
#define PORTS(body)	ROUTER("\"ports\":[" body "]")
#define ROUTES(body)	ROUTER("\"ports\":[{\"name\":\"p\"}],\"routes\":[" \
			       "{\"dst\":\"10.0.0.0/8\",\"port\":\"p\"}," body "]")
#define PEERS(to)	DOC("\"bridges\":[{\"name\":\"b\",\"ports\":[" \
			    "{\"name\":\"up\",\"peer\":\"" to "\"}]}]," \
			    "\"routers\":[{\"name\":\"r\",\"ports\":[{\"name\":\"a\"}]}]")

static const struct {
	const char *text;
	const char *error;
} bad[] = {
	{ DOC("\"routers\":[{\"name\":\"r\",\"arp-suppress\":true}]"),
	  "routers[0]: unknown key \"arp-suppress\"" },
	{ PORTS("{\"name\":\"p\",\"addresses\":[\"10.0.0.1/24\",\"10.0.0.256/24\"]}"),
	  "routers[0].ports[0].addresses[1]: \"10.0.0.256/24\" is not an address or ADDRESS/LENGTH",
	},
	{ PORTS("{\"name\":\"p\",\"addresses\":[\"10.0.0.1/24\",\"::1\",\"10.0.0.1/16\"]}"),
	  "routers[0].ports[0].addresses[2]: 10.0.0.1 is there twice" },
	{ PORTS("{\"name\":\"p\",\"vlan\":5}"),
	  "routers[0].ports[0].vlan: a port of a router has none; give it to the port of the bridge",
	},
	{ PORTS("{\"name\":\"p\"},{\"name\":\"q\",\"peer\":\"r:p\"}"),
	  "routers[0].ports[1].peer: r:p is on the same device" },
	{ DOC("\"bridges\":[{\"name\":\"b\",\"ports\":[{\"name\":\"p\",\n"
	      "\"addresses\":[\"10.0.0.1\"]}]}]"),
	  "bridges[0].ports[0].addresses: only ports of a router have them" },
	{ PEERS("r:b"), "bridges[0].ports[0].peer: no port \"r:b\"" },
	{ PEERS("x:a"), "bridges[0].ports[0].peer: no port \"x:a\"" },
	{ ROUTES("{\"port\":\"p\"}"), "routers[0].routes[1]: needs dst" },
	{ ROUTES("{\"dst\":\"10.0.0.1/8\",\"port\":\"p\"}"),
	  "routers[0].routes[1].dst: \"10.0.0.1/8\" is an address in a network, not the network 10.0.0.0/8",
	},
	{ ROUTES("{\"dst\":\"0/0\",\"src\":\"2001:db8::1/32\",\"port\":\"p\"}"),
	  "routers[0].routes[1].src: \"2001:db8::1/32\" is an address in a network, not the network 2001:db8::/32",
	},
	{ ROUTES("{\"dst\":\"0/0\",\"src\":\"2001:db8::/32\",\"port\":\"p\"}"),
	  "routers[0].routes[1].src: 2001:db8::/32 is not of the address family of dst" },
	{ ROUTES("{\"dst\":\"0/0\",\"port\":\"p\",\"gateway\":\"2001:db8::1\"}"),
	  "routers[0].routes[1].gateway: 2001:db8::1 is not of the address family of dst" },
	{ ROUTES("{\"dst\":\"0/0\",\"port\":\"p\",\"gateway\":\"10.0.0.0/8\"}"),
	  "routers[0].routes[1].gateway: \"10.0.0.0/8\" is not an IP address" },
	{ ROUTES("{\"dst\":\"0/0\",\"port\":\"x\"}"),
	  "routers[0].routes[1].port: no port \"r:x\"" },
	{ ROUTES("{\"dst\":\"0/0\",\"port\":\"b:p\"}"),
	  "routers[0].routes[1].port: \"b:p\" is not a port of router r" },
	{ ROUTES("{\"dst\":\"0/0\"}"),
	  "routers[0].routes[1]: needs a port; only a route of type local, blackhole or reject has none",
	},
	{ ROUTES("{\"dst\":\"0/0\",\"type\":\"blackhole\",\"port\":\"p\"}"),
	  "routers[0].routes[1].port: a route of type blackhole has none" },
	{ ROUTES("{\"dst\":\"0/0\",\"type\":\"reject\",\"gateway\":\"10.0.0.1\"}"),
	  "routers[0].routes[1].gateway: a route of type reject has none" },
	{ ROUTES("{\"dst\":\"0/0\",\"type\":\"fly\"}"),
	  "routers[0].routes[1].type: \"fly\" is not one of port local blackhole reject" },
	{ ROUTES("{\"dst\":\"0/0\",\"port\":\"p\",\"metric\":-1}"),
	  "routers[0].routes[1].metric: \"-1\" is not a number from 0 to 4294967295" },
	{ ROUTES("{\"dst\":\"0/0\",\"port\":\"p\",\"origin\":\"static\"}"),
	  "routers[0].routes[1].origin: is state, never configuration" },
	{ ROUTES("{\"dst\":\"0/0\",\"port\":\"p\",\"id\":\"7\"}"),
	  "routers[0].routes[1].id: \"7\" is not a UUID" },
	/* The same, however it is written. */
	{ ROUTES("{\"dst\":\"10.0.0.0/8\",\"type\":\"port\",\"src\":\"0/0\",\n"
		 "\"port\":\"r:p\",\"metric\":0}"),
	  "routers[0].routes[1]: another route is 10.0.0.0/8 port p" },
	{ ROUTER("\"neighbours\":[{\"address\":\"10.0.0.2\",\n"
		 "\"mac\":\"02:00:00:00:00:01\"}]"),
	  "routers[0].neighbours[0]: needs a port: that of the router it is behind" },
	{ DOC("\"bridges\":[{\"name\":\"b\",\"ports\":[{\"name\":\"p\"}],\"neighbours\":[\n"
	      "{\"address\":\"10.0.0.2\",\"mac\":\"02:00:00:00:00:01\",\"port\":\"p\"}]}]"),
	  "bridges[0].neighbours[0].port: only a neighbour of a router has one" },
	{ DOC("\"bridges\":[{\"name\":\"x\",\"ports\":[{\"name\":\"p\"}]}],\n"
	      "\"routers\":[{\"name\":\"x\",\"ports\":[{\"name\":\"p\"}]}]"),
	  "routers[0].ports[0].name: bridge x has a port \"p\" too; give one of them another name, or an id",
	},
	{ DOC("\"bridges\":[{\"name\":\"x\",\"ports\":[{\"name\":\"p\"}]},\n"
	      "{\"name\":\"y\",\"ports\":[{\"name\":\"q\",\"peer\":\"x:p\"}]}],\n"
	      "\"routers\":[{\"name\":\"x\",\"ports\":[{\"name\":\"p\",\n"
	      "\"id\":\"00000000-0000-0000-0000-000000000001\"}]}]"),
	  "bridges[1].ports[0].peer: \"x:p\" is a port of bridge x and of router x; give one of them another name",
	},
};

static int read_text(const char *text, const struct mn_model *current,
		     bool merge, struct mn_model **m, struct mn_err *err)
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

	if (read_text(text, current, merge, &m, &err))
		fail_msg("%s", err.text);
	return m;
}

static void bad_documents(void **state)
{
	struct mn_model *m;
	struct mn_err err;
	size_t i;

	(void)state;
	for (i = 0; i < MN_ARRAY_SIZE(bad); i++) {
		if (!read_text(bad[i].text, NULL, false, &m, &err))
			fail_msg("taken: %s", bad[i].text);
		assert_string_equal(err.text, bad[i].error);
	}
}

static const char full[] =
	DOC("\"routers\":[{\"name\":\"s\",\"admin-up\":false,\"ports\":[\n"
	    "{\"name\":\"r\",\"addresses\":[\"fd00::2/64\"]}]},\n"
	    "{\"name\":\"r\",\"in-chain\":\"c\",\"routes\":[\n"
	    "{\"dst\":\"0/0\",\"type\":\"port\",\"port\":\"ext\",\"gateway\":\"198.51.100.1\",\"metric\":0},\n"
	    "{\"dst\":\"::/0\",\"src\":\"0/0\",\"port\":\"r:s\",\"gateway\":\"fd00::2\",\n"
	    "\"metric\":7},\n"
	    "{\"dst\":\"10.9.0.0/16\",\"src\":\"10.8.0.0/16\",\"type\":\"blackhole\"},\n"
	    "{\"dst\":\"192.0.2.1\",\"type\":\"reject\"}],\n"
	    "\"ports\":[{\"name\":\"net\",\"addresses\":[\"10.0.0.1/24\",\"10.0.0.9\"]},\n"
	    "{\"name\":\"s\",\"peer\":\"s:r\",\"addresses\":[\"fd00::1/64\"]},\n"
	    "{\"name\":\"ext\",\"dev\":\"eth9\",\"addresses\":[\"2001:db8::2/64\",\"198.51.100.2/24\"]}],\n"
	    "\"neighbours\":[{\"address\":\"198.51.100.1\",\"mac\":\"02:00:00:00:00:09\",\"port\":\"ext\"},\n"
	    "{\"address\":\"198.51.100.1\",\"mac\":\"02:00:00:00:00:08\",\"port\":\"net\"}]}],\n"
	    "\"bridges\":[{\"name\":\"b\",\"ports\":[{\"name\":\"up\",\"peer\":\"r:net\"},\n"
	    "{\"name\":\"vm\"}]}],\n"
	    "\"chains\":[{\"name\":\"c\",\"rules\":[{\"action\":\"reject\"}]}]");

static const char canonical[] =
	DOC("\"chains\":[{\"name\":\"c\",\"rules\":[{\"action\":\"reject\"}]}],\n"
	    "\"bridges\":[{\"name\":\"b\",\"ports\":[{\"name\":\"up\",\"peer\":\"r:net\"},\n"
	    "{\"name\":\"vm\"}]}],\n"
	    "\"routers\":[{\"name\":\"r\",\"in-chain\":\"c\",\"ports\":[\n"
	    "{\"name\":\"ext\",\"addresses\":[\"198.51.100.2/24\",\"2001:db8::2/64\"],\n"
	    "\"dev\":\"eth9\"},\n"
	    "{\"name\":\"net\",\"addresses\":[\"10.0.0.1/24\",\"10.0.0.9/32\"]},\n"
	    "{\"name\":\"s\",\"addresses\":[\"fd00::1/64\"],\"peer\":\"s:r\"}],\n"
	    "\"neighbours\":[{\"address\":\"198.51.100.1\",\"mac\":\"02:00:00:00:00:09\",\"port\":\"ext\"},\n"
	    "{\"address\":\"198.51.100.1\",\"mac\":\"02:00:00:00:00:08\",\"port\":\"net\"}],\n"
	    "\"routes\":[{\"dst\":\"0.0.0.0/0\",\"port\":\"ext\",\"gateway\":\"198.51.100.1\"},\n"
	    "{\"src\":\"10.8.0.0/16\",\"dst\":\"10.9.0.0/16\",\"type\":\"blackhole\"},\n"
	    "{\"dst\":\"192.0.2.1\",\"type\":\"reject\"},\n"
	    "{\"dst\":\"::/0\",\"port\":\"s\",\"gateway\":\"fd00::2\",\"metric\":7}]},\n"
	    "{\"name\":\"s\",\"admin-up\":false,\"ports\":[\n"
	    "{\"name\":\"r\",\"addresses\":[\"fd00::2/64\"]}]}]");

static void assert_export(const struct mn_model *m, const char *want_text)
{
	json_t *json = mn_doc_export(m, 0);
	json_t *want = json_loads(want_text, 0, NULL);
	char *a = json_dumps(json, JSON_COMPACT);
	char *b = json_dumps(want, JSON_COMPACT);

	assert_string_equal(a, b);
	free(a);
	free(b);
	json_decref(want);
	json_decref(json);
}

static void export_is_canonical(void **state)
{
	struct mn_model *m = must_read(full, NULL, false);

	(void)state;
	assert_export(m, canonical);
	mn_model_free(m);
}

struct counts {
	unsigned int ops[4];
};

static int count(void *arg, const struct mn_change *c, const struct mn_obj *old)
{
	struct counts *n = arg;

	(void)old;
	n->ops[c->op]++;
	return 0;
}

static struct counts differences(struct mn_model *from, struct mn_model *to)
{
	struct counts n = {};

	assert_int_equal(mn_doc_diff(from, to, count, &n), 0);
	return n;
}

static void assert_changes(struct mn_model *from, struct mn_model *to,
			   unsigned int new, unsigned int set, unsigned int del)
{
	struct counts n = differences(from, to);

	assert_int_equal(n.ops[MIDONET_OP_NEW], new);
	assert_int_equal(n.ops[MIDONET_OP_SET], set);
	assert_int_equal(n.ops[MIDONET_OP_DEL], del);
}

static void apply_is_idempotent(void **state)
{
	struct mn_model *empty = mn_model_new(NULL);
	struct mn_model *a = must_read(full, empty, false);
	struct mn_model *b = must_read(canonical, a, false);
	struct mn_model *merged = must_read(full, a, true);

	(void)state;
	/* 1 chain, 1 rule, 3 devices, 6 ports, 4 routes, 2 neighbours */
	assert_changes(empty, a, 17, 0, 0);
	assert_changes(a, b, 0, 0, 0);
	assert_changes(a, merged, 0, 0, 0);
	assert_changes(a, empty, 0, 0, 4);
	mn_model_free(merged);
	mn_model_free(b);
	mn_model_free(a);
	mn_model_free(empty);
}

static void changes_are_small(void **state)
{
	static const char more[] =
		ROUTER("\"ports\":[{\"name\":\"net\",\"addresses\":[\"10.0.0.1/24\"],\n"
		       "\"peer\":\"b:up\"}],\n"
		       "\"routes\":[{\"dst\":\"10.7.0.0/16\",\"port\":\"net\"},\n"
		       "{\"dst\":\"192.0.2.1\",\"type\":\"reject\"}],\n"
		       "\"neighbours\":[{\"address\":\"198.51.100.1\",\n"
		       "\"mac\":\"02:00:00:00:00:0a\",\"port\":\"ext\"}]");
	struct mn_model *a = must_read(full, NULL, false);
	struct mn_model *b = must_read(more, a, true);

	(void)state;
	/* The port loses an address, a route comes, a neighbour is replaced. */
	assert_changes(a, b, 2, 1, 1);
	mn_model_free(b);
	mn_model_free(a);
}

static const struct mn_obj *route_to(const struct mn_model *m, const char *name)
{
	struct mn_obj *router = mn_model_find(m, MIDONET_OBJECT_TYPE_ROUTER,
					      NULL, "r");
	struct mn_obj *route = mn_model_find(m, MIDONET_OBJECT_TYPE_ROUTE,
					     router, name);

	if (!route)
		fail_msg("no route %s", name);
	return route;
}

static void ids_follow_from_content(void **state)
{
	static const struct {
		const char *name;
		const char *content;
	} ids[] = {
		{ "0.0.0.0/0 port ext gateway 198.51.100.1",
		  "route/r/0.0.0.0/0/0.0.0.0/0/port/ext/198.51.100.1/0" },
		{ "::/0 port s gateway fd00::2 metric 7",
		  "route/r/::/0/::/0/port/s/fd00::2/7" },
		{ "10.9.0.0/16 src 10.8.0.0/16 type blackhole",
		  "route/r/10.9.0.0/16/10.8.0.0/16/blackhole///0" },
	};
	struct mn_model *m = must_read(full, NULL, false), *again;
	struct mn_uuid id, want;
	struct mn_err err;
	json_t *json;
	size_t i;

	(void)state;
	for (i = 0; i < MN_ARRAY_SIZE(ids); i++) {
		mn_route_id(m, route_to(m, ids[i].name), &id);
		mn_uuid_name(&want, ids[i].content, strlen(ids[i].content));
		assert_true(mn_uuid_equal(&id, &want));
	}
	json = mn_doc_export(m, MN_EXPORT_IDS);
	assert_int_equal(mn_doc_read(json, NULL, false, &again, &err), 0);
	assert_changes(m, again, 0, 0, 0);
	json_decref(json);
	mn_model_free(again);
	mn_model_free(m);
}

static void default_mac_is_no_mac(void **state)
{
	static const char text[] =
		PORTS("{\"name\":\"p\",\"id\":\"00112233-4455-6677-8899-aabbccddeeff\",\n"
		      "\"mac\":\"02:bb:cc:dd:ee:ff\"},\n"
		      "{\"name\":\"q\",\"mac\":\"02:00:00:00:00:01\"}");
	struct mn_model *m = must_read(text, NULL, false);
	struct mn_obj *port;
	struct mn_err err;
	uint8_t mac[6];

	(void)state;
	assert_export(m, PORTS("{\"name\":\"p\"},\n"
			       "{\"name\":\"q\",\"mac\":\"02:00:00:00:00:01\"}"));
	port = mn_model_lookup(m, MIDONET_OBJECT_TYPE_PORT, "r:p", &err);
	assert_non_null(port);
	assert_true(mn_port_mac(port, mac));
	assert_memory_equal(mac, "\x02\xbb\xcc\xdd\xee\xff", 6);
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

static int type_of_cmd(int cmd)
{
	size_t t;

	for (t = 0; t < mn_n_types; t++) {
		if (mn_types[t].cmd_new == cmd)
			return mn_types[t].type;
	}
	return 0;
}

/* What is sent is what a dump holds, except for positions of rules. */
static void wire_round_trip(void **state)
{
	struct mn_model *empty = mn_model_new(NULL);
	struct mn_model *m = must_read(full, NULL, false);
	struct mn_model *back = mn_model_new(NULL);
	struct mn_buf b = {};
	const struct nlmsghdr *nlh;
	unsigned int n = 0;
	int len, type;

	(void)state;
	assert_int_equal(mn_doc_diff(empty, m, to_messages, &b), 0);
	nlh = (const void *)b.s;
	for (len = b.len; mnl_nlmsg_ok(nlh, len);
	     nlh = mnl_nlmsg_next(nlh, &len)) {
		type = type_of_cmd(mn_msg_cmd(nlh));
		assert_non_null(mn_wire_read(back, mn_type_of(type), nlh,
					     false));
		n++;
	}
	assert_int_equal(n, 17);
	/* Naming a peer on one side is enough, in messages too. */
	assert_int_equal(differences(back, m).ops[MIDONET_OP_NEW], 0);
	assert_int_equal(differences(back, m).ops[MIDONET_OP_DEL], 0);
	mn_buf_free(&b);
	mn_model_free(back);
	mn_model_free(m);
	mn_model_free(empty);
}

static void put_route(struct mn_buf *b, const struct mn_model *m, int origin)
{
	static const uint8_t dst[5] = { 24, 10, 3, 0, 0 }, src[5];
	struct mn_obj *r = mn_model_find(m, MIDONET_OBJECT_TYPE_ROUTER, NULL,
					 "r");
	struct mn_nl nl = { .family = 20 };
	size_t at = mn_msg_begin(b, &nl, MIDONET_CMD_ROUTE_NEW, 0);

	mn_msg_put(b, MIDONET_A_PARENT, r->id.b, MN_UUID_LEN);
	mn_msg_put(b, MIDONET_A_SRC, src, sizeof(src));
	mn_msg_put(b, MIDONET_A_DST, dst, sizeof(dst));
	mn_msg_put_u8(b, MIDONET_A_TYPE, MIDONET_ROUTE_TYPE_REJECT);
	mn_msg_put_u32(b, MIDONET_A_METRIC, 0);
	mn_msg_put_u8(b, MIDONET_A_ORIGIN, origin);
	mn_msg_end(b, at);
}

/* Routes the kernel made are no configuration; defaults may be spelled out. */
static void connected_is_not_configured(void **state)
{
	const struct mn_type *type = mn_type_of(MIDONET_OBJECT_TYPE_ROUTE);
	struct mn_model *m = must_read(full, NULL, false);
	struct mn_obj *route;
	struct mn_buf b = {};

	(void)state;
	put_route(&b, m, MIDONET_ORIGIN_CONNECTED);
	assert_null(mn_wire_read(m, type, (void *)b.s, false));
	assert_non_null(mn_wire_read(m, type, (void *)b.s, true));
	b.len = 0;
	put_route(&b, m, MIDONET_ORIGIN_STATIC);
	route = mn_wire_read(m, type, (void *)b.s, false);
	assert_non_null(route);
	assert_string_equal(route->name, "10.3.0.0/24 type reject");
	mn_buf_free(&b);
	mn_model_free(m);
}

/* A bridge and a router may be called the same, and have other ports. */
static void names_may_be_shared(void **state)
{
	static const char text[] =
		DOC("\"bridges\":[{\"name\":\"x\",\"ports\":[{\"name\":\"p\"},{\"name\":\"q\",\n"
		    "\"id\":\"00000000-0000-0000-0000-000000000001\"}]}],\n"
		    "\"routers\":[{\"name\":\"x\",\"ports\":[{\"name\":\"a\",\"peer\":\"x:p\"},\n"
		    "{\"name\":\"q\",\"peer\":\"y:z\"}],\n"
		    "\"routes\":[{\"dst\":\"0/0\",\"port\":\"q\"}]},\n"
		    "{\"name\":\"y\",\"ports\":[{\"name\":\"z\"}]}]");
	struct mn_model *m = must_read(text, NULL, false), *again;
	struct mn_obj *port;
	struct mn_err err;
	json_t *json;

	(void)state;
	port = mn_model_lookup(m, MIDONET_OBJECT_TYPE_PORT, "x:a", &err);
	assert_non_null(port);
	assert_true(mn_obj_on_router(port));
	assert_null(mn_model_lookup(m, MIDONET_OBJECT_TYPE_PORT, "x:q", &err));
	assert_string_equal(err.text,
			    "\"x:q\" is a port of bridge x and of router x; give one of them another name");
	assert_null(mn_model_lookup(m, MIDONET_OBJECT_TYPE_PORT, "x:r", &err));
	assert_string_equal(err.text, "no port \"x:r\"");
	assert_null(mn_model_find_device(m, ~0u, "x", &err));
	assert_string_equal(err.text,
			    "\"x\" is a bridge and a router; give one of them another name");
	/* The link to y:z can only be written at x:q. */
	json = mn_doc_export(m, 0);
	assert_int_equal(mn_doc_read(json, m, false, &again, &err), 0);
	assert_changes(m, again, 0, 0, 0);
	json_decref(json);
	mn_model_free(again);
	mn_model_free(m);
}

/* What the VM at b:vm sends to. */
static const struct {
	const char *port;
	const char *src;
	const char *dst;
	const char *mac;
} sent[] = {
	{ "b:vm", "10.0.0.5", "192.0.2.9", "\x02\0\0\0\0\x11" },
	{ "b:vm", "10.1.0.5", "192.0.2.9", "\x02\0\0\0\0\x12" },
	{ "b:vm", "10.0.0.5", "10.1.0.7", "\x02\0\0\0\0\x11" },
	{ "b:vm", "10.1.0.5", "10.1.0.1", "\x02\0\0\0\0\x12" },
	{ "b:vm", "10.0.0.5", "10.0.0.7", "\x02\0\0\0\0\x07" },
	{ "b:vm", "10.0.0.5", "10.0.0.8", "\xff\xff\xff\xff\xff\xff" },
	{ "b:vm", "fd00::5", "fd01::1", "\x02\0\0\0\0\x11" },
	{ "b:vm", NULL, "192.0.2.9", "\x02\0\0\0\0\x11" },
	{ "b:vm", "10.0.0.5", "224.0.0.1", "\x01\x00\x5e\0\0\x01" },
	{ "b:vm", "172.16.0.1", "192.0.2.9", "\xff\xff\xff\xff\xff\xff" },
	{ "r:a", "10.0.0.5", "192.0.2.9", "\x02\0\0\0\0\x11" },
};

static void vm_sends_to_its_gateway(void **state)
{
	static const char text[] =
		DOC("\"bridges\":[{\"name\":\"b\",\"ports\":[{\"name\":\"vm\"},\n"
		    "{\"name\":\"a\",\"peer\":\"r:a\"},{\"name\":\"c\",\"peer\":\"r:c\"},\n"
		    "{\"name\":\"d\",\"vlan\":7,\"peer\":\"r:d\"}],\"neighbours\":[\n"
		    "{\"address\":\"10.0.0.7\",\"mac\":\"02:00:00:00:00:07\"}]}],\n"
		    "\"routers\":[{\"name\":\"r\",\"ports\":[\n"
		    "{\"name\":\"a\",\"mac\":\"02:00:00:00:00:11\",\"addresses\":[\"10.0.0.1/24\",\"fd00::1/64\"]},\n"
		    "{\"name\":\"c\",\"mac\":\"02:00:00:00:00:12\",\"addresses\":[\"10.1.0.1/24\"]},\n"
		    "{\"name\":\"d\",\"mac\":\"02:00:00:00:00:13\",\"addresses\":[\"172.16.0.2/24\"]}]}]");
	struct ctl ctl = { .model = must_read(text, NULL, false) };
	struct mn_obj *port;
	size_t i, len;

	(void)state;
	for (i = 0; i < MN_ARRAY_SIZE(sent); i++) {
		struct mn_frame f = {};

		port = mn_model_lookup(ctl.model, MIDONET_OBJECT_TYPE_PORT,
				       sent[i].port, &ctl.err);
		assert_non_null(port);
		if (sent[i].src)
			mn_frame_word(&f, "src", sent[i].src, &ctl.err);
		mn_frame_word(&f, "dst", sent[i].dst, &ctl.err);
		ctl_frame_macs(&ctl, port, &f);
		assert_memory_equal(mn_frame_field(&f, MIDONET_MATCH_HW_DST,
						   &len), sent[i].mac, 6);
		mn_frame_free(&f);
	}
	mn_model_free(ctl.model);
}

int main(void)
{
	static const struct CMUnitTest tests[] = {
		cmocka_unit_test(bad_documents),
		cmocka_unit_test(export_is_canonical),
		cmocka_unit_test(apply_is_idempotent),
		cmocka_unit_test(changes_are_small),
		cmocka_unit_test(ids_follow_from_content),
		cmocka_unit_test(default_mac_is_no_mac),
		cmocka_unit_test(wire_round_trip),
		cmocka_unit_test(connected_is_not_configured),
		cmocka_unit_test(names_may_be_shared),
		cmocka_unit_test(vm_sends_to_its_gateway),
	};

	return cmocka_run_group_tests_name("routers", tests, NULL, NULL);
}
