// SPDX-License-Identifier: GPL-2.0
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <cmocka.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "doc.h"

#define DOC(body)	"{\"midonet\":1," body "}"
#define RULES(body)	DOC("\"chains\":[{\"name\":\"c\",\"rules\":[" body "]}]")
#define PORTS(body)	DOC("\"bridges\":[{\"name\":\"b\",\"ports\":[" body "]}]")

static const struct {
	const char *text;
	const char *error;
} bad[] = {
	{ "", "line 1, column 0: '[' or '{' expected near end of file" },
	{ "[]", "a document is an object with \"midonet\": 1" },
	{ "{}", "midonet: must be 1, the version of the format" },
	{ "{\"midonet\":2}", "midonet: must be 1, the version of the format" },
	{ DOC("\"x\":1"), "unknown key \"x\"" },
	{ DOC("\"bridges\":{}"), "bridges: must be a list" },
	{ DOC("\"bridges\":[1]"), "bridges[0]: must be an object" },
	{ DOC("\"bridges\":[{}]"), "bridges[0]: needs a name" },
	{ DOC("\"bridges\":[{\"name\":\"a b\"}]"),
	  "bridges[0].name: \"a b\" is not a name: 1 to 63 of A-Z a-z 0-9 . _ -, and not none" },
	{ DOC("\"bridges\":[{\"name\":\"b\"},{\"name\":\"b\"}]"),
	  "bridges[1].name: another bridge is called \"b\"" },
	{ DOC("\"bridges\":[{\"name\":\"b\",\"id\":\"1\"}]"),
	  "bridges[0].id: \"1\" is not a UUID" },
	{ DOC("\"bridges\":[{\"name\":\"b\",\"colour\":1}]"),
	  "bridges[0]: unknown key \"colour\"" },
	{ DOC("\"bridges\":[{\"name\":\"b\",\"mac-age\":\"x\"}]"),
	  "bridges[0].mac-age: \"x\" is not a number from 1 to 1000000" },
	{ DOC("\"bridges\":[{\"name\":\"b\",\"mac-age\":[1]}]"),
	  "bridges[0].mac-age: takes one value, not a list" },
	{ DOC("\"bridges\":[{\"name\":\"b\",\"admin-up\":{}}]"),
	  "bridges[0].admin-up: wrong type of value" },
	{ DOC("\"bridges\":[{\"name\":\"b\",\"in-chain\":\"c\"}]"),
	  "bridges[0].in-chain: no chain \"c\"" },
	{ DOC("\"hosts\":[{\"name\":\"h\",\"alive\":true}]"),
	  "hosts[0].alive: is state, never configuration" },
	{ DOC("\"ip-sets\":[{\"name\":\"s\",\"members\":[\"10.0.0.1\",\"z\"]}]"),
	  "ip-sets[0].members[1]: \"z\" is not an address or ADDRESS/LENGTH" },
	{ RULES("{}"), "chains[0].rules[0]: needs action" },
	{ RULES("{\"action\":\"fly\"}"),
	  "chains[0].rules[0].action: \"fly\" is not one of accept drop return continue jump reject dnat snat rev-dnat rev-snat",
	},
	{ RULES("{\"action\":\"jump\"}"),
	  "chains[0].rules[0]: jump needs a chain" },
	{ RULES("{\"action\":\"drop\",\"chain\":\"c\"}"),
	  "chains[0].rules[0].chain: is only for jump" },
	{ RULES("{\"action\":\"drop\"},{\"action\":\"jump\",\"chain\":\"c\"}"),
	  "chains[0].rules[1].chain: jumps form a cycle: c > c" },
	{ RULES("{\"action\":\"drop\",\"match\":{\"colour\":1}}"),
	  "chains[0].rules[0].match: unknown key \"colour\"" },
	{ RULES("{\"action\":\"drop\",\"match\":{\"dst-port\":[80,\"x\"]}}"),
	  "chains[0].rules[0].match.dst-port[1]: \"x\" is not a port N or a range N-M" },
	{ RULES("{\"action\":\"drop\",\"match\":{\"src\":\"!\"}}"),
	  "chains[0].rules[0].match.src: \"!\" of nothing" },
	{ RULES("{\"action\":\"drop\",\"match\":{\"in-port\":\"b:p\"}}"),
	  "chains[0].rules[0].match.in-port: no port \"b:p\"" },
	{ PORTS("{\"name\":\"p\",\"peer\":\"b:q\"}"),
	  "bridges[0].ports[0].peer: no port \"b:q\"" },
	{ PORTS("{\"name\":\"p\",\"peer\":\"b:p\"}"),
	  "bridges[0].ports[0].peer: a port cannot be its own peer" },
	{ PORTS("{\"name\":\"p\",\"peer\":\"b:q\"},{\"name\":\"q\"}"),
	  "bridges[0].ports[0].peer: b:q is on the same device" },
	{ PORTS("{\"name\":\"p\",\"dev\":\"d\"},{\"name\":\"q\",\"dev\":\"d\"}"),
	  "bridges[0].ports[1].dev: d is bound to port b:p on the same host" },
	{ PORTS("{\"name\":\"p\",\"tunnel-key\":7},{\"name\":\"q\",\"tunnel-key\":7}"),
	  "bridges[0].ports[1].tunnel-key: 7 is the key of port b:p" },
	{ PORTS("{\"name\":\"p\",\"dev\":\"d\",\"vlan\":5}"),
	  "bridges[0].ports[0].vlan: a port with a device has none, only one with a peer" },
	{ PORTS("{\"name\":\"p\",\"allowed-addresses\":[{\"mac\":\"02:00:00:00:00:01\",\"x\":1}]}"),
	  "bridges[0].ports[0].allowed-addresses[0]: unknown key \"x\"" },
	{ DOC("\"bridges\":[\n"
	      "{\"name\":\"a\",\"ports\":[{\"name\":\"p\",\"vlan\":5,\"peer\":\"b:p\"}]},\n"
	      "{\"name\":\"b\",\"ports\":[{\"name\":\"p\",\"vlan\":6}]}]"),
	  "bridges[0].ports[0].vlan: its peer b:p has a vlan too; only one side may" },
	{ DOC("\"bridges\":[\n"
	      "{\"name\":\"a\",\"ports\":[{\"name\":\"p\",\"peer\":\"b:p\"}]},\n"
	      "{\"name\":\"b\",\"ports\":[{\"name\":\"p\",\"peer\":\"c:p\"}]},\n"
	      "{\"name\":\"c\",\"ports\":[{\"name\":\"p\"}]}]"),
	  "bridges[0].ports[0].peer: b:p is linked to c:p already; unlink it first" },
	{ DOC("\"bridges\":[\n"
	      "{\"name\":\"a\",\"ports\":[{\"name\":\"p\",\"dev\":\"d\",\"peer\":\"b:p\"}]},\n"
	      "{\"name\":\"b\",\"ports\":[{\"name\":\"p\"}]}]"),
	  "bridges[0].ports[0]: has both dev and peer; it can lead to one only" },
	{ DOC("\"bridges\":[{\"name\":\"a\",\"ports\":[{\"name\":\"p\"}],\n"
	      "\"macs\":[{\"mac\":\"02:00:00:00:00:01\",\"port\":\"x\"}]}]"),
	  "bridges[0].macs[0].port: no port \"a:x\"" },
	{ DOC("\"bridges\":[{\"name\":\"a\",\"neighbours\":[\n"
	      "{\"address\":\"10.0.0.1\",\"mac\":\"02:00:00:00:00:01\"},\n"
	      "{\"address\":\"10.0.0.1\",\"mac\":\"02:00:00:00:00:02\"}]}]"),
	  "bridges[0].neighbours[1]: another neighbour is 10.0.0.1" },
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

static void huge_string(void **state)
{
	size_t len = 10 << 20;
	char *text = malloc(len + 100);
	struct mn_model *m;
	struct mn_err err;
	size_t n;

	(void)state;
	n = sprintf(text, "{\"midonet\":1,\"bridges\":[{\"name\":\"");
	memset(text + n, 'x', len);
	strcpy(text + n + len, "\"}]}");
	assert_int_not_equal(read_text(text, NULL, false, &m, &err), 0);
	assert_memory_equal(err.text, "bridges[0].name: \"xxx", 20);
	assert_true(strlen(err.text) < 300);
	free(text);
}

static void nesting_bomb(void **state)
{
	size_t len = 1 << 20;
	char *text = malloc(len + 1);
	struct mn_model *m;
	struct mn_err err;

	(void)state;
	memset(text, '[', len);
	text[len] = '\0';
	assert_int_not_equal(read_text(text, NULL, false, &m, &err), 0);
	free(text);
}

static const char full[] =
	DOC("\"hosts\":[{\"name\":\"h\"}],\n"
	    "\"ip-sets\":[{\"name\":\"s\",\"members\":[\"10.0.0.2\",\"10.0.0.1/8\"]}],\n"
	    "\"port-groups\":[{\"name\":\"g\",\"stateful\":true}],\n"
	    "\"chains\":[{\"name\":\"z\",\"rules\":[\n"
	    "{\"action\":\"accept\",\"match\":{\"dst-port\":[443,80],\"proto\":\"tcp\"}},\n"
	    "{\"action\":\"drop\"},{\"action\":\"drop\"},\n"
	    "{\"action\":\"jump\",\"chain\":\"a\",\"not\":true,\"match\":{\"src-set\":\"!s\"}}]},\n"
	    "{\"name\":\"a\"}],\n"
	    "\"bridges\":[{\"name\":\"b\",\"mac-age\":300,\"in-chain\":\"z\",\n"
	    "\"ports\":[{\"name\":\"x\",\"dev\":\"d\",\"host\":\"h\",\"port-groups\":[\"g\"]},\n"
	    "{\"name\":\"up\"}],\n"
	    "\"macs\":[{\"mac\":\"02:00:00:00:00:01\",\"port\":\"x\",\"vlan\":3}]},\n"
	    "{\"name\":\"a\",\"ports\":[{\"name\":\"p\",\"vlan\":9,\"peer\":\"b:up\"}]}]");

static const char canonical[] =
	DOC("\"hosts\":[{\"name\":\"h\"}],\n"
	    "\"ip-sets\":[{\"name\":\"s\",\"members\":[\"10.0.0.0/8\",\"10.0.0.2\"]}],\n"
	    "\"port-groups\":[{\"name\":\"g\",\"stateful\":true}],\n"
	    "\"chains\":[{\"name\":\"a\"},{\"name\":\"z\",\"rules\":[\n"
	    "{\"match\":{\"proto\":\"tcp\",\"dst-port\":\"80,443\"},\"action\":\"accept\"},\n"
	    "{\"action\":\"drop\"},{\"action\":\"drop\"},\n"
	    "{\"match\":{\"src-set\":\"!s\"},\"not\":true,\"action\":\"jump\",\"chain\":\"a\"}]}],\n"
	    "\"bridges\":[{\"name\":\"a\",\"ports\":[{\"name\":\"p\",\"vlan\":9,\"peer\":\"b:up\"}]},\n"
	    "{\"name\":\"b\",\"in-chain\":\"z\",\"ports\":[{\"name\":\"up\"},\n"
	    "{\"name\":\"x\",\"host\":\"h\",\"dev\":\"d\",\"port-groups\":[\"g\"]}],\n"
	    "\"macs\":[{\"mac\":\"02:00:00:00:00:01\",\"vlan\":3,\"port\":\"x\"}]}]");

static struct mn_model *must_read(const char *text,
				  const struct mn_model *current, bool merge)
{
	struct mn_model *m = NULL;
	struct mn_err err;

	if (read_text(text, current, merge, &m, &err))
		fail_msg("%s", err.text);
	return m;
}

static void export_is_canonical(void **state)
{
	struct mn_model *m = must_read(full, NULL, false);
	json_t *json = mn_doc_export(m, 0);
	json_t *want = json_loads(canonical, 0, NULL);
	char *text = json_dumps(json, JSON_COMPACT);
	char *want_text = json_dumps(want, JSON_COMPACT);

	(void)state;
	/* The order of keys is part of it; blanks are not. */
	assert_string_equal(text, want_text);
	free(want_text);
	free(text);
	json_decref(want);
	json_decref(json);
	mn_model_free(m);
}

static int count(void *arg, const struct mn_change *c, const struct mn_obj *old)
{
	(void)c;
	(void)old;
	++*(unsigned int *)arg;
	return 0;
}

static unsigned int differences(struct mn_model *from, struct mn_model *to)
{
	unsigned int n = 0;

	assert_int_equal(mn_doc_diff(from, to, count, &n), 0);
	return n;
}

static void apply_is_idempotent(void **state)
{
	struct mn_model *empty = mn_model_new(NULL);
	struct mn_model *a = must_read(full, empty, false);
	struct mn_model *b = must_read(canonical, a, false);
	struct mn_model *merged = must_read(full, a, true);

	(void)state;
	/* 1 host, 1 set, 1 group, 2 chains, 2 bridges, 3 ports, 4 rules, 1 mac */
	assert_int_equal(differences(empty, a), 15);
	assert_int_equal(differences(a, b), 0);
	assert_int_equal(differences(a, merged), 0);
	/* Contents go with what contains them. */
	assert_int_equal(differences(a, empty), 7);
	mn_model_free(merged);
	mn_model_free(b);
	mn_model_free(a);
	mn_model_free(empty);
}

static void ids_follow_from_names(void **state)
{
	struct mn_model *m = must_read(full, NULL, false);
	struct mn_err err;
	struct mn_obj *bridge;
	struct mn_uuid id;

	(void)state;
	bridge = mn_model_lookup(m, MIDONET_OBJECT_TYPE_BRIDGE, "b", &err);
	assert_non_null(bridge);
	mn_uuid_name(&id, "bridge/b", 8);
	assert_true(mn_uuid_equal(&id, &bridge->id));
	mn_model_free(m);
}

static void merge_deletes_nothing(void **state)
{
	static const char more[] =
		DOC("\"chains\":[{\"name\":\"z\",\"rules\":[{\"action\":\"drop\"},\n"
		    "{\"action\":\"return\"}]}],\n"
		    "\"ip-sets\":[{\"name\":\"s\",\"members\":[\"2001:db8::1\"]}]");
	struct mn_model *a = must_read(full, NULL, false);
	struct mn_model *b = must_read(more, a, true);
	struct mn_err err;
	struct mn_obj *z, *s;

	(void)state;
	z = mn_model_lookup(b, MIDONET_OBJECT_TYPE_CHAIN, "z", &err);
	s = mn_model_lookup(b, MIDONET_OBJECT_TYPE_IP_SET, "s", &err);
	assert_int_equal(z->n_kids, 5);
	assert_int_equal((*mn_obj_val(s, MIDONET_A_MEMBERS))->n, 3);
	assert_int_equal(differences(a, b), 2);
	mn_model_free(b);
	mn_model_free(a);
}

/* Do to a list what the changes say, as the kernel would. */
struct list {
	const struct mn_obj *rules[64];
	size_t n;
};

static size_t find(struct list *l, const struct mn_uuid *id)
{
	size_t i;

	for (i = 0; i < l->n; i++) {
		if (mn_uuid_equal(&l->rules[i]->id, id))
			return i;
	}
	fail_msg("no such rule");
	return 0;
}

static int play(void *arg, const struct mn_change *c, const struct mn_obj *old)
{
	struct list *l = arg;
	size_t at = l->n, to;

	(void)old;
	if (c->obj->type->type != MIDONET_OBJECT_TYPE_RULE)
		return 0;
	if (c->op != MIDONET_OP_NEW) {
		at = find(l, &c->obj->id);
		if (c->op == MIDONET_OP_SET && !c->position)
			return 0;
		memmove(l->rules + at, l->rules + at + 1,
			(--l->n - at) * sizeof(l->rules[0]));
	}
	if (c->op == MIDONET_OP_DEL)
		return 0;
	to = c->position ? c->position - 1 : l->n;
	assert_true(to <= l->n);
	memmove(l->rules + to + 1, l->rules + to,
		(l->n++ - to) * sizeof(l->rules[0]));
	l->rules[to] = c->obj;
	return 0;
}

static struct mn_model *random_chain(const struct mn_model *current)
{
	char text[4096] = DOC("\"chains\":[{\"name\":\"c\",\"rules\":[");
	unsigned int n = rand() % 20, i;
	size_t len = strlen(text) - 1;

	for (i = 0; i < n; i++)
		len += sprintf(text + len, "%s{\"action\":\"drop\",\"match\":{\"dscp\":%d}}",
			       i ? "," : "", rand() % 12);
	strcpy(text + len, "]}]}");
	return must_read(text, current, false);
}

static void order_is_reached(void **state)
{
	struct mn_model *a = random_chain(NULL), *b;
	struct mn_obj *from, *to;
	struct list l;
	unsigned int round;
	struct mn_err err;
	size_t i;

	(void)state;
	for (round = 0; round < 2000; round++) {
		b = random_chain(a);
		from = mn_model_lookup(a, MIDONET_OBJECT_TYPE_CHAIN, "c", &err);
		to = mn_model_lookup(b, MIDONET_OBJECT_TYPE_CHAIN, "c", &err);
		l.n = from->n_kids;
		for (i = 0; i < l.n; i++)
			l.rules[i] = from->kids[i];
		assert_int_equal(mn_doc_diff(a, b, play, &l), 0);
		assert_int_equal(l.n, to->n_kids);
		for (i = 0; i < l.n; i++)
			assert_true(mn_uuid_equal(&l.rules[i]->id,
						  &to->kids[i]->id));
		mn_model_free(a);
		a = b;
	}
	mn_model_free(a);
}

int main(void)
{
	static const struct CMUnitTest tests[] = {
		cmocka_unit_test(bad_documents),
		cmocka_unit_test(huge_string),
		cmocka_unit_test(nesting_bomb),
		cmocka_unit_test(export_is_canonical),
		cmocka_unit_test(apply_is_idempotent),
		cmocka_unit_test(ids_follow_from_names),
		cmocka_unit_test(merge_deletes_nothing),
		cmocka_unit_test(order_is_reached),
	};

	return cmocka_run_group_tests_name("documents", tests, NULL, NULL);
}
