// SPDX-License-Identifier: GPL-2.0
/* Stores that keep a topology themselves: commands, files, lines of changes. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <cmocka.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "../midoctl/midoctl.h"
#include "doc.h"
#include "file.h"
#include "lines.h"
#include "store_kept.h"

static char dir[32] = "/tmp/mnstoreXXXXXX";
static char where[80], path[64];

static int make_dir(void **state)
{
	(void)state;
	if (!mkdtemp(dir))
		return -1;
	snprintf(path, sizeof(path), "%s/topology", dir);
	snprintf(where, sizeof(where), "file:%s", path);
	return 0;
}

static void begin(void)
{
	char lock[80];

	snprintf(lock, sizeof(lock), "%s.lock", path);
	unlink(path);
	unlink(lock);
}

static int remove_dir(void **state)
{
	(void)state;
	begin();
	return rmdir(dir);
}

/* A command line on the file: its status, and what it said. */
static int run(const char *line, struct mn_err *err)
{
	char *copy = mn_strdup(line), *rest = copy, *argv[40] = {};
	struct ctl ctl = { .where = where };
	int argc = 0, ret;

	while ((argv[argc] = strsep(&rest, " ")))
		argc++;
	ret = ctl_run(&ctl, argc, argv, false);
	*err = ctl.err;
	mn_model_free(ctl.model);
	mn_store_close(ctl.store);
	json_decref(ctl.doc);
	mn_buf_free(&ctl.input);
	free(copy);
	return ret < 0 ? (ctl.err.usage ? 2 : 1) : ret;
}

static void must_run(const char *line)
{
	struct mn_err err;

	if (run(line, &err))
		fail_msg("%s: %s", line, err.text);
}

static void put_file(const char *text)
{
	FILE *f = fopen(path, "w");

	fputs(text, f);
	fclose(f);
}

static char *get_file(void)
{
	struct mn_buf text = {};
	FILE *f = fopen(path, "r");
	char part[4096];
	size_t n;

	assert_non_null(f);
	while ((n = fread(part, 1, sizeof(part), f)) > 0)
		mn_buf_add(&text, part, n);
	fclose(f);
	return text.s;
}

/* What is in the file now. */
static struct mn_model *load(uint64_t *revision)
{
	struct mn_model *m = NULL;
	struct mn_file f;
	struct mn_err err;

	assert_int_equal(mn_file_init(&f, path, &err), 0);
	if (mn_file_read(&f, &m, revision, &err))
		fail_msg("%s", err.text);
	mn_file_exit(&f);
	return m;
}

static void assert_revision(uint64_t wanted)
{
	uint64_t revision;

	mn_model_free(load(&revision));
	assert_int_equal(revision, wanted);
}

static const char *const setup[] = {
	"host add h1", "ip-set add s members 10.0.0.0/8,fd00::/8",
	"port-group add g", "bridge add b", "bridge add b2", "bridge add b3",
	"port add b:vm dev tap0 host h1", "port add b:up", "port add b:x",
	"port add b2:x", "port add b3:x", "router add r", "router add r2",
	"port add r:net mac 02:00:00:00:00:aa addresses 10.0.0.1/24,fd00:1::1/64 peer b:up",
	"port add r:ext addresses 192.0.2.2/24", "port add r2:a",
	"route add r dst 0/0 port ext gateway 192.0.2.1",
	"chain add c", "chain add d", "rule add c src-set s accept",
	"rule add c jump d", "rule add c drop",
	"router set r in-chain c", "port set b:vm port-groups g",
	"mac add b 02:00:00:00:00:01 port vm",
	"neighbour add b 10.0.0.5 mac 02:00:00:00:00:01",
	"neighbour add r:ext 192.0.2.1 mac 02:00:00:00:00:02",
	"load-balancer add lb router r",
	"load-balancer pool add lb web",
	"load-balancer vip add lb 10.0.0.99:80 proto tcp pool web",
	"load-balancer member add lb web 10.0.0.5:8080",
	"link b:x b2:x",
};

static void make_topology(void)
{
	size_t i;

	begin();
	for (i = 0; i < MN_ARRAY_SIZE(setup); i++)
		must_run(setup[i]);
	assert_revision(MN_ARRAY_SIZE(setup));
}

/* What is refused, and how: the words are the kernel's. */
static const struct {
	const char *line;
	const char *said;
} refused[] = {
	{ "bridge add b", "bridge b exists already" },
	{ "port add b:vm", "port b:vm exists already" },
	{ "bridge del nosuch", "no bridge \"nosuch\"" },
	{ "chain del c", "chain c is used by router r" },
	{ "chain del d", "chain d is used by rule c:2" },
	{ "ip-set del s", "ip-set s is used by rule c:1" },
	{ "host del h1", "host h1 is used by port b:vm" },
	{ "port-group del g", "port-group g is used by port b:vm" },
	{ "router del r", "router r is used by load-balancer lb" },
	{ "load-balancer pool del lb web",
	  "pool lb:web is used by vip 10.0.0.99:80/tcp; give that another pool first" },
	{ "port add b3:y dev tap0 host h1",
	  "port b3:y: dev: tap0 is bound to port b:vm on the same host" },
	{ "port set b:vm vlan 5",
	  "port b:vm: vlan: a port with a device has none, only one with a peer" },
	{ "port set b:up dev tap9",
	  "port b:up: has both dev and peer; it can lead to one only" },
	{ "port set b:x addresses 10.9.0.1/24",
	  "port b:x: addresses: only ports of a router have them" },
	{ "port set r:ext vlan 3",
	  "port r:ext: vlan: a port of a router has none; give it to the port of the bridge" },
	{ "port set r2:a peer b:up",
	  "port r2:a: peer: b:up is linked to r:net already; unlink it first" },
	{ "port set r:ext peer r:net",
	  "port r:ext: peer: r:net is linked to b:up already; unlink it first" },
	{ "port set b3:x peer b3:x",
	  "port b3:x: peer: a port cannot be its own peer" },
	{ "port set r:ext addresses +10.0.0.7/25",
	  "router r: 10.0.0.0/25 of port ext overlaps 10.0.0.0/24 of port net" },
	{ "port set r:ext addresses +10.0.0.1/32",
	  "router r: 10.0.0.1 is an address of port net and of port ext; give each its own" },
	{ "port set r:ext addresses +192.0.2.1/32",
	  "router r: route 0.0.0.0/0 gateway 192.0.2.1 port ext: the gateway is the router's own address (port ext); name the next router's"
	},
	{ "port set r2:a addresses 224.0.0.1/24",
	  "port r2:a: addresses: not the address of a station in its subnet" },
	{ "port set r:ext addresses +10.0.0.99/32",
	  "load-balancer lb: vip 10.0.0.99:80/tcp has an address of the router itself (port r:ext); a VIP needs one of its own"
	},
	{ "route add r dst 10.8.0.0/16 port net gateway 192.0.2.2",
	  "router r: route 10.8.0.0/16 gateway 192.0.2.2 port net: the gateway is the router's own address (port ext); name the next router's"
	},
	{ "route add r dst 0/0 port ext gateway 192.0.2.1",
	  "router r: route 0.0.0.0/0 gateway 192.0.2.1 port ext: exists already" },
	{ "neighbour add r:ext 192.0.2.2 mac 02:00:00:00:00:02",
	  "router r: neighbour 192.0.2.2 is the router's own address (port ext); a neighbour has another"
	},
	{ "neighbour add b 10.0.0.5 mac 02:00:00:00:00:07",
	  "bridge b: neighbour 10.0.0.5 exists already" },
	{ "neighbour add b 10.0.0.1 mac 02:00:00:00:00:07",
	  "bridge b: neighbour 10.0.0.1 is an address of port r:net, which is linked to the bridge; change the port's addresses or peer"
	},
	{ "neighbour add b 10.0.0.99 mac 02:00:00:00:00:07",
	  "bridge b: neighbour 10.0.0.99 is a VIP of router r, which is linked to the bridge; change its load-balancer"
	},
	{ "neighbour del b 10.0.0.1",
	  "bridge b: neighbour 10.0.0.1 is an address of port r:net, which is linked to the bridge; change the port's addresses or peer"
	},
	{ "neighbour del b 10.0.0.77", "bridge b: neighbour 10.0.0.77 does not exist" },
	{ "mac add b 02:00:00:00:00:01 port x",
	  "bridge b has a static mac 02:00:00:00:00:01 (vlan 0) already, at port vm" },
	{ "mac add b 02:00:00:00:00:aa port vm",
	  "bridge b has a static mac 02:00:00:00:00:aa (vlan 0) already, at port up" },
	{ "mac del b 02:00:00:00:00:aa",
	  "bridge b: mac 02:00:00:00:00:aa is that of router port r:net; unlink the port, or give it another"
	},
	{ "mac del b 02:00:00:00:00:09",
	  "bridge b has no static mac 02:00:00:00:00:09 (vlan 0)" },
	{ "rule add d jump c", "chain d: jumps form a cycle: d > c > d" },
	{ "rule add d dst 192.0.2.9 snat target 10.0.0.9:1-2",
	  "chain d: rule 1: snat stands in the out-chain of routers only, not in the in-chain of router r, by jump from chain c"
	},
	{ "bridge set b in-chain c", NULL },
	{ "load-balancer add lb2 router r",
	  "load-balancer lb2: router: r has load-balancer lb already; a router has one at most, put the VIPs there"
	},
	{ "load-balancer member add lb web 10.0.0.99:80",
	  "pool lb:web: member 10.0.0.99:80 is vip 10.0.0.99:80/tcp of the same load-balancer; name the server itself"
	},
	{ "load-balancer member add lb web [fd00::5]:80",
	  "pool lb:web: member [fd00::5]:80 is not of the address family of member 10.0.0.5:8080 of pool web; give each family a pool"
	},
	{ "load-balancer vip add lb 10.0.0.5:8080 proto tcp pool web",
	  "load-balancer lb: vip 10.0.0.5:8080/tcp is a member of pool web of the same load-balancer; it would send to itself"
	},
	{ "load-balancer vip add lb 10.0.0.99:80 proto tcp pool web",
	  "load-balancer lb: vip 10.0.0.99:80/tcp exists already" },
	{ "ip-set set s members -10.1.0.0/16", "ip-set s: no member 10.1.0.0/16" },
	{ "rule add c pos 9 drop", "chain c: no position 9; it has 3 rules" },
	{ "nat-block add r 192.0.2.2 first-port 1024",
	  "nat-block r 192.0.2.2 first-port 1024: is state of a host's kernel, which a store does not keep"
	},
};

static void refusals_are_the_kernels(void **state)
{
	struct mn_err err;
	char *before, *after;
	size_t i;
	int ret;

	(void)state;
	make_topology();
	for (i = 0; i < MN_ARRAY_SIZE(refused); i++) {
		before = get_file();
		ret = run(refused[i].line, &err);
		after = get_file();
		if (!refused[i].said) {
			assert_int_equal(ret, 0);
		} else {
			if (ret != 1)
				fail_msg("%s: status %d", refused[i].line, ret);
			assert_string_equal(err.text, refused[i].said);
			assert_string_equal(before, after);
		}
		free(before);
		free(after);
	}
}

static void what_goes_takes_along(void **state)
{
	uint64_t revision;
	struct mn_model *m;
	struct mn_err err;
	struct mn_obj *up;

	(void)state;
	make_topology();
	/* Its peer, its routes; a VIP keeps the router. */
	must_run("load-balancer del lb");
	must_run("router del r");
	m = load(&revision);
	up = mn_model_lookup(m, MIDONET_OBJECT_TYPE_PORT, "b:up", &err);
	assert_non_null(up);
	assert_null(*mn_obj_val(up, MIDONET_A_PEER));
	assert_int_equal(m->objs[MIDONET_OBJECT_TYPE_ROUTE].n, 0);
	assert_int_equal(m->objs[MIDONET_OBJECT_TYPE_NEIGHBOUR].n, 1);
	mn_model_free(m);
	must_run("port del b:vm");
	m = load(&revision);
	assert_int_equal(m->objs[MIDONET_OBJECT_TYPE_MAC].n, 0);
	mn_model_free(m);
	must_run("flush");
	m = load(&revision);
	assert_int_equal(m->objs[MIDONET_OBJECT_TYPE_BRIDGE].n, 0);
	mn_model_free(m);
}

static void nothing_changed_is_no_revision(void **state)
{
	uint64_t before, after;

	(void)state;
	make_topology();
	mn_model_free(load(&before));
	must_run("port set b:vm dev tap0");
	must_run("ip-set set s members +10.0.0.0/8");
	must_run("rule set c pos 3 drop");
	mn_model_free(load(&after));
	assert_int_equal(before, after);
	must_run("rule set c pos 3 to 1");
	assert_revision(after + 1);
}

/* Keys are given by who makes a port, and kept. */
static void ports_get_keys(void **state)
{
	const struct mn_objs *ports;
	struct mn_model *m;
	uint64_t revision;
	uint32_t i;

	(void)state;
	make_topology();
	m = load(&revision);
	ports = &m->objs[MIDONET_OBJECT_TYPE_PORT];
	for (i = 0; i < ports->n; i++)
		assert_non_null(*mn_obj_val(ports->objs[i],
					    MIDONET_A_TUNNEL_KEY));
	mn_model_free(m);
	must_run("port set b:vm tunnel-key 77");
	must_run("port set b:vm mac-limit 5");
	m = load(&revision);
	ports = &m->objs[MIDONET_OBJECT_TYPE_PORT];
	for (i = 0; i < ports->n; i++) {
		const struct mn_vals *v = *mn_obj_val(ports->objs[i],
						      MIDONET_A_TUNNEL_KEY);

		if (!strcmp(ports->objs[i]->name, "vm"))
			assert_int_equal(mn_value_num(v->data + 1,
						      v->data[0]), 77);
	}
	mn_model_free(m);
}

static void read_fails(const char *said)
{
	struct mn_err err;

	assert_int_equal(run("export", &err), 1);
	if (!strstr(err.text, said))
		fail_msg("\"%s\" is not in \"%s\"", said, err.text);
}

static void bad_files_are_refused(void **state)
{
	char *good, *bad, *at;
	struct stat st;
	size_t len;

	(void)state;
	make_topology();
	good = get_file();
	bad = get_file();
	len = strlen(good);
	/* Torn. */
	bad[len / 2] = '\0';
	put_file(bad);
	read_fails(": line ");
	put_file("");
	read_fails("line 1, column 0");
	/* By hand, with and without a mistake. */
	strcpy(bad, good);
	at = strstr(bad, "tap0");
	memcpy(at, "tap1", 4);
	put_file(bad);
	read_fails("topology: digest: does not fit");
	strcpy(bad, good);
	at = strstr(bad, "\"peer\"");
	memcpy(at, "\"pear\"", 6);
	put_file(bad);
	read_fails("topology: bridges[0].ports[0]: unknown key \"pear\"");
	strcpy(bad, good);
	memcpy(strstr(bad, "\"revision\": "), "\"revision\":9", 12);
	put_file(bad);
	read_fails("topology: digest: does not fit");
	put_file("{\"midonet\":1,\"revision\":\"x\"}");
	read_fails("topology: revision: not a number");
	/* A document that somebody wrote is good. */
	put_file("{\"midonet\":1,\"bridges\":[{\"name\":\"a\",\"ports\":[{\"name\":\"p\"}]}]}");
	must_run("bridge add z");
	assert_revision(1);
	/* Who may read the file stays who may. */
	chmod(path, 0600);
	must_run("bridge add y");
	stat(path, &st);
	assert_int_equal(st.st_mode & 0777, 0600);
	free(good);
	free(bad);
}

/* Two who read the same: one of them computes again. */
static void writers_do_not_overwrite(void **state)
{
	struct mn_model *a = NULL, *b = NULL, *m;
	struct mn_file fa, fb;
	uint64_t ra, rb;
	struct mn_err err;

	(void)state;
	make_topology();
	mn_file_init(&fa, path, &err);
	mn_file_init(&fb, path, &err);
	mn_file_read(&fa, &a, &ra, &err);
	mn_file_read(&fb, &b, &rb, &err);
	assert_int_equal(mn_file_write(&fa, a, ra + 1, &err), 0);
	assert_true(mn_file_moved(&fb));
	assert_int_equal(mn_file_write(&fb, b, rb + 1, &err), -ESTALE);
	mn_model_free(b);
	mn_file_read(&fb, &b, &rb, &err);
	assert_int_equal(rb, ra + 1);
	assert_int_equal(mn_file_write(&fb, b, rb + 1, &err), 0);
	m = load(&ra);
	assert_int_equal(ra, rb + 1);
	mn_model_free(m);
	mn_model_free(a);
	mn_model_free(b);
	mn_file_exit(&fa);
	mn_file_exit(&fb);
}

static int count_fn(void *arg, const struct mn_change *c,
		    const struct mn_obj *old)
{
	(void)c;
	(void)old;
	++*(int *)arg;
	return 0;
}

static int differences(struct mn_model *a, struct mn_model *b)
{
	int n = 0;

	mn_doc_diff(a, b, count_fn, &n);
	return n;
}

static int line_fn(void *arg, const struct mn_change *c,
		   const struct mn_obj *old)
{
	(void)old;
	mn_lines_add(arg, c);
	return 0;
}

/* The lines of what changes make the one topology of the other. */
static void check_lines(struct mn_model *from, struct mn_model *to)
{
	struct mn_buf lines = {};
	struct mn_model *m = mn_model_clone(from);
	struct mn_err err;

	mn_doc_diff(from, to, line_fn, &lines);
	if (mn_lines_apply(m, lines.s ?: "", lines.len, NULL, NULL, &err))
		fail_msg("%s\n%s", err.text, lines.s);
	if (differences(m, to))
		fail_msg("lines do not make it:\n%s", lines.s);
	mn_buf_free(&lines);
	mn_model_free(m);
}

static void lines_say_what_changes(void **state)
{
	static const char *const steps[] = {
		"rule set c pos 3 to 1", "rule add c pos 2 proto tcp drop",
		"rule del c pos 1", "port set b:vm mac-limit 7",
		"ip-set set s members 10.0.0.0/8,10.1.0.0/16,fd00:1::/64",
		"unlink b:x", "link b:x b3:x", "port del r:net",
		"load-balancer vip set lb 10.0.0.99:80 sticky 9",
		"load-balancer pool set lb web health-check http path /x",
		"mac del b 02:00:00:00:00:01", "router set r in-chain none",
		"route del r dst 0/0", "bridge del b", "flush",
	};
	struct mn_model *empty = mn_model_new(NULL), *a, *b;
	uint64_t revision;
	size_t i;

	(void)state;
	make_topology();
	a = load(&revision);
	check_lines(empty, a);
	for (i = 0; i < MN_ARRAY_SIZE(steps); i++) {
		must_run(steps[i]);
		b = load(&revision);
		assert_int_not_equal(differences(a, b), 0);
		check_lines(a, b);
		check_lines(b, a);
		mn_model_free(a);
		a = b;
	}
	mn_model_free(a);
	mn_model_free(empty);
}

static const struct {
	const char *line;
	const char *said;
} bad_lines[] = {
	{ "[]", "not a JSON object" },
	{ "{}", "neither a put nor a del" },
	{ "{\"put\":\"bridge\",\"del\":\"bridge\"}", "neither a put nor a del" },
	{ "{\"put\":\"spaceship\"}", "this version does not know the type spaceship" },
	{ "{\"put\":\"bridge\",\"colour\":1}", "this version does not know the key colour" },
	{ "{\"put\":\"bridge\",\"id\":\"x\"}", "id is not a UUID" },
	{ "{\"put\":\"bridge\",\"id\":\"00000000-0000-4000-8000-000000000001\"}", "needs a name" },
	{
	  "{\"put\":\"bridge\",\"id\":\"00000000-0000-4000-8000-000000000001\",\"name\":\"a b\"}",
	  "needs a name"
	},
	{
	  "{\"put\":\"bridge\",\"id\":\"00000000-0000-4000-8000-000000000001\",\"name\":\"a\",\"attrs\":{\"wings\":2}}",
	  "this version does not know wings of a bridge" },
	{
	  "{\"put\":\"bridge\",\"id\":\"00000000-0000-4000-8000-000000000001\",\"name\":\"a\",\"attrs\":{\"in-chain\":\"c\"}}",
	  "in-chain: \"c\" is not the id of a chain" },
	{
	  "{\"put\":\"port\",\"id\":\"00000000-0000-4000-8000-000000000001\",\"name\":\"p\"}",
	  "in is not a UUID"
	},
	{
	  "{\"put\":\"port\",\"id\":\"00000000-0000-4000-8000-000000000001\",\"name\":\"p\",\"in\":\"00000000-0000-4000-8000-000000000002\"}",
	  "in: nothing of this id contains a port" },
	{
	  "{\"del\":\"bridge\",\"id\":\"00000000-0000-4000-8000-000000000001\"}",
	  "there is no such bridge"
	},
	{
	  "{\"put\":\"ip-set-member\",\"in\":\"00000000-0000-4000-8000-000000000001\"}",
	  "in: there is no such ip-set"
	},
	{ "{\"put\":\"nat-block\"}", "this version does not know the type nat-block" },
	{ "{", "line 1, column 1: string or '}' expected near end of file" },
};

static void bad_lines_are_refused(void **state)
{
	struct mn_model *m = mn_model_new(NULL);
	struct mn_err err;
	size_t i;

	(void)state;
	for (i = 0; i < MN_ARRAY_SIZE(bad_lines); i++) {
		assert_int_not_equal(mn_line_apply(m, bad_lines[i].line,
						   strlen(bad_lines[i].line),
						   NULL, NULL, &err), 0);
		assert_string_equal(err.text, bad_lines[i].said);
	}
	assert_int_not_equal(mn_lines_apply(m, "{}", 2, NULL, NULL, &err), 0);
	assert_string_equal(err.text, "line 1 is cut off");
	for (i = 0; i < MN_TYPES; i++)
		assert_int_equal(m->objs[i].n, 0);
	mn_model_free(m);
}

static void stores_are_named(void **state)
{
	static const struct {
		const char *where;
		const char *name;
	} names[] = {
		{ "zk:h1", "zk:h1:2181/midonet/v1" },
		{ "zk:h1:99,h2/x/", "zk:h1:99,h2:2181/x" },
		{ "zk:[::1]:7,[::2]", "zk:[::1]:7,[::2]:2181/midonet/v1" },
		{ "zk:", NULL }, { "zk:a,,b", NULL }, { "zk:a/", NULL },
		{ "zk:a//b", NULL }, { "zk:a b", NULL }, { "file:", NULL },
		{ "ftp:x", NULL },
	};
	struct mn_store *store;
	struct mn_err err;
	size_t i;

	(void)state;
	for (i = 0; i < MN_ARRAY_SIZE(names); i++) {
		store = NULL;
		if (mn_store_open(&store, names[i].where, &err)) {
			assert_null(names[i].name);
			continue;
		}
		assert_non_null(names[i].name);
		assert_string_equal(store->name, names[i].name);
		mn_store_close(store);
	}
}

int main(void)
{
	static const struct CMUnitTest tests[] = {
		cmocka_unit_test(refusals_are_the_kernels),
		cmocka_unit_test(what_goes_takes_along),
		cmocka_unit_test(nothing_changed_is_no_revision),
		cmocka_unit_test(ports_get_keys),
		cmocka_unit_test(bad_files_are_refused),
		cmocka_unit_test(writers_do_not_overwrite),
		cmocka_unit_test(lines_say_what_changes),
		cmocka_unit_test(bad_lines_are_refused),
		cmocka_unit_test(stores_are_named),
	};

	return cmocka_run_group_tests_name("stores", tests, make_dir,
					   remove_dir);
}
