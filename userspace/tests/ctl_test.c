// SPDX-License-Identifier: GPL-2.0
/* Command lines, against a topology in memory that speaks as the kernel does. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <cmocka.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "../midoctl/midoctl.h"
#include "doc.h"
#include "wire.h"

/**
 * struct memory - a store
 * @store: head
 * @m: what is in it
 * @log: changes that were asked for, "OP TYPE NAME; "
 * @warnings: lines on stderr
 */
struct memory {
	struct mn_store store;
	struct mn_model *m;
	struct mn_buf log;
	struct mn_buf warnings;
};

static struct memory *memory_of(struct mn_store *store)
{
	return mn_container_of(store, struct memory, store);
}

static int memory_load(struct mn_store *store, struct mn_model *m, int type,
		       struct mn_obj *parent, struct mn_err *err)
{
	struct mn_change c = { .op = MIDONET_OP_NEW, .attrs = ~0u };
	struct mn_nl nl = { .family = 20 };
	struct mn_obj **objs;
	struct mn_buf b = {};
	uint32_t i, n;
	int ret = 0;

	objs = mn_model_sorted(memory_of(store)->m, type, &n);
	for (i = 0; !ret && i < n; i++) {
		if (parent && !mn_uuid_equal(&objs[i]->parent->id, &parent->id))
			continue;
		c.obj = objs[i];
		b.len = 0;
		ret = mn_wire_change(&b, &nl, &c, err);
		mn_wire_read(m, objs[i]->type, (void *)b.s, false);
	}
	mn_buf_free(&b);
	free(objs);
	return ret;
}

static int memory_generation(struct mn_store *store, uint64_t *generation,
			     struct mn_err *err)
{
	(void)store;
	(void)err;
	*generation = 1;
	return 0;
}

static int memory_change(struct mn_store *store, const struct mn_model *m,
			 const struct mn_change *c, struct mn_err *err)
{
	struct mn_buf *log = &memory_of(store)->log;

	(void)m;
	(void)err;
	mn_buf_printf(log, "%s %s ", mn_op_names[c->op], c->obj->type->word);
	mn_obj_full_name(c->obj, log);
	mn_buf_puts(log, "; ");
	return 0;
}

static int memory_commit(struct mn_store *store, const struct mn_model *m,
			 struct mn_commit *commit, struct mn_err *err)
{
	(void)store;
	(void)m;
	(void)commit;
	(void)err;
	return 0;
}

static const struct mn_store_ops memory_ops = {
	.scheme = "memory",
	.load = memory_load,
	.generation = memory_generation,
	.change = memory_change,
	.commit = memory_commit,
};

static const char text[] =
	"{\"midonet\":1,\"hosts\":[{\"name\":\"h1\"},{\"name\":\"h2\"}],\"tunnel-zones\":[\n"
	"{\"name\":\"tz\",\"members\":[{\"host\":\"h1\",\"address\":\"192.0.2.1\"}]}],\n"
	"\"bridges\":[{\"name\":\"b\",\"ports\":[{\"name\":\"vm\"},\n"
	"{\"name\":\"up\",\"peer\":\"r:net\"}],\"neighbours\":[\n"
	"{\"address\":\"10.0.0.8\",\"mac\":\"02:00:00:00:00:08\"}]},{\"name\":\"x\"}],\n"
	"\"routers\":[{\"name\":\"x\",\"ports\":[{\"name\":\"p\"}]},\n"
	"{\"name\":\"r\",\"ports\":[{\"name\":\"ext\"},\n"
	"{\"name\":\"net\",\"addresses\":[\"10.0.0.1/24\"]}],\n"
	"\"neighbours\":[{\"address\":\"10.0.0.7\",\"mac\":\"02:00:00:00:00:07\",\"port\":\"net\"}],\n"
	"\"routes\":[{\"dst\":\"0/0\",\"port\":\"ext\",\"gateway\":\"192.0.2.1\"},\n"
	"{\"dst\":\"0/0\",\"port\":\"ext\",\"gateway\":\"192.0.2.2\",\"metric\":5},\n"
	"{\"dst\":\"10.1.0.0/16\",\"type\":\"blackhole\"}]}],\n"
	"\"chains\":[{\"name\":\"c\",\"rules\":[{\"match\":{\"src\":\"10.0.0.1\"},\n"
	"\"action\":\"snat\",\"target\":\"192.0.2.1\",\"then\":\"continue\"},\n"
	"{\"action\":\"drop\"}]}],\n"
	"\"load-balancers\":[{\"name\":\"lb\",\"vips\":[{\"address\":\"192.0.2.9\",\n"
	"\"port\":80,\"proto\":\"tcp\",\"pool\":\"web\"},{\"address\":\"192.0.2.9\",\n"
	"\"port\":53,\"proto\":\"tcp\",\"pool\":\"web\"},{\"address\":\"192.0.2.9\",\n"
	"\"port\":53,\"proto\":\"udp\",\"pool\":\"web\",\"sticky\":9}],\n"
	"\"pools\":[{\"name\":\"web\",\"health-check\":{\"type\":\"http\",\"rise\":4},\n"
	"\"members\":[{\"address\":\"10.0.0.2\",\"port\":8080,\"weight\":3},\n"
	"{\"address\":\"10.0.0.3\",\"port\":8080}]},{\"name\":\"old\"}]}]}";

/* What a line asks the store for, or what it is refused with. */
static const struct {
	const char *line;
	int status;
	const char *result;
} lines[] = {
	{ "router add new", 0, "new router new; " },
	{ "router del r", 0, "del router r; " },
	{ "router set r admin-up false", 0, "set router r; " },
	{ "port add r:p addresses 10.2.0.1/24,2001:db8::1/64", 0,
	  "new port r:p; " },
	{ "port set r:net addresses +10.3.0.1/24", 0, "set port r:net; " },
	{ "port set r:net addresses -10.0.0.1/24", 0, "set port r:net; " },
	{ "port set r:net addresses -10.0.0.1", 1,
	  "port r:net: addresses: no such value 10.0.0.1" },
	{ "port add x:q", 1,
	  "port x:q: \"x\" is a bridge and a router; give one of them another name" },
	{ "port add nosuch:q", 1, "port nosuch:q: no device \"nosuch\"" },
	{ "port set x:p admin-up false", 0, "set port x:p; " },
	{ "link r:ext x:p", 0, "set port r:ext; " },
	{ "route add r dst 0/0 port ext gateway 192.0.2.3", 0,
	  "new route r 0.0.0.0/0 port ext gateway 192.0.2.3; " },
	{ "route add r dst ::/0 port r:ext metric 3 src 2001:db8::/32", 0,
	  "new route r ::/0 src 2001:db8::/32 port ext metric 3; " },
	{ "route add r type reject dst 192.0.2.9", 0,
	  "new route r 192.0.2.9 type reject; " },
	{ "route add x dst 0/0 port p", 0, "new route x 0.0.0.0/0 port p; " },
	{ "route add r dst 10.1.1.1/16 port ext", 2,
	  "route r 10.1.1.1/16: dst: \"10.1.1.1/16\" is an address in a network, not the network 10.1.0.0/16",
	},
	{ "route add r port ext gateway 192.0.2.3", 2, "route r ?: needs dst" },
	{ "route add r dst 0/0", 2,
	  "route r 0/0: needs a port; only a route of type local, blackhole or reject has none" },
	{ "route add r dst 0/0 port ext gateway ::1", 1,
	  "route r 0/0: gateway: ::1 is not of the address family of dst" },
	{ "route add r dst 0/0 port b:vm", 1,
	  "route r 0/0: port: \"b:vm\" is not a port of router r" },
	{ "route add r dst 0/0 port nosuch", 1,
	  "route r 0/0: port: no port \"r:nosuch\"" },
	{ "route add b dst 0/0 port vm", 1, "no router \"b\"" },
	{ "route add r dst 0/0 origin static", 2,
	  "route: origin is state and cannot be set" },
	{ "route del r dst 10.1.0.0/16", 0,
	  "del route r 10.1.0.0/16 type blackhole; " },
	{ "route del r dst 0/0 metric 0", 0,
	  "del route r 0.0.0.0/0 port ext gateway 192.0.2.1; " },
	{ "route del r dst 0/0 gateway 192.0.2.2", 0,
	  "del route r 0.0.0.0/0 port ext gateway 192.0.2.2 metric 5; " },
	{ "route del r dst 0/0", 1,
	  "route r 0/0: 2 routes match; say which by more words: 0.0.0.0/0 port ext gateway 192.0.2.1 | 0.0.0.0/0 port ext gateway 192.0.2.2 metric 5",
	},
	{ "route del r dst 10.4.0.0/16", 1,
	  "route r 10.4.0.0/16: no such static route" },
	{ "route set r dst 0/0", 2,
	  "a route cannot be changed; delete it and add another" },
	{ "neighbour add r:net 10.0.0.8 mac 02:00:00:00:00:08", 0,
	  "new neighbour r 10.0.0.8 port net; " },
	{ "neighbour add b 10.0.0.9 mac 02:00:00:00:00:08", 0,
	  "new neighbour b 10.0.0.9; " },
	{ "neighbour add x 10.0.0.8 mac 02:00:00:00:00:08", 0,
	  "new neighbour x 10.0.0.8; " },
	{ "neighbour del r:net 10.0.0.7", 0,
	  "del neighbour r 10.0.0.7 port net; " },
	{ "neighbour add r 10.0.0.8 mac 02:00:00:00:00:08", 1,
	  "no bridge \"r\"; a neighbour of a router is behind a port of it, written ROUTER:PORT" },
	{ "neighbour add b:vm 10.0.0.8 mac 02:00:00:00:00:08", 1,
	  "port b:vm is on a bridge, whose neighbours are behind any of its ports: write b" },
	{ "neighbour add r:net 10.0.0.8 mac 02:00:00:00:00:08 port ext", 2,
	  "neighbour: unknown word \"port\"" },
	{ "neighbour add r:net 10.0.0.8", 2,
	  "neighbour r 10.0.0.8 port net: needs mac" },
	{ "rule add c src 10.0.0.0/8 snat target 192.0.2.1:1024-65535", 0,
	  "new rule c:3; " },
	{ "rule add c pos 1 rev-dnat then return", 0, "new rule c:1; " },
	{ "rule add c state established,related direction return accept", 0,
	  "new rule c:3; " },
	{ "rule add c target 10.0.0.1-10.0.0.9 dst 192.0.2.1 dnat", 0,
	  "new rule c:3; " },
	{ "rule add c snat", 2,
	  "rule: snat needs a target, ADDR[-ADDR][:PORT[-PORT]]" },
	{ "rule add c src 10.0.0.0/8 snat target 192.0.2.1", 1,
	  "rule: target: a static target needs a match of the same size; for many to one write 192.0.2.1:1024-65535",
	},
	{ "rule add c snat target 192.0.2", 2,
	  "rule c:3: target: \"192.0.2\" is not ADDRESS[-ADDRESS][:PORT[-PORT]]; an IPv6 address before a port is in brackets",
	},
	{ "rule add c snat target", 2, "rule: target needs a value" },
	{ "rule add c target 192.0.2.1:1 accept", 1,
	  "rule: target: is only for dnat and snat" },
	{ "rule add c accept then return", 1,
	  "rule: then: is only for dnat, snat, rev-dnat and rev-snat" },
	{ "rule set c pos 1 then accept", 0, "set rule c:1; " },
	{ "rule set c pos 1 accept", 0, "set rule c:1; " },
	{ "rule set c pos 1 src 10.0.0.0/31", 1,
	  "rule: target: a static target needs a match of the same size; for many to one write 192.0.2.1:1024-65535",
	},
	{ "rule set c pos 1 rev-snat", 0, "set rule c:1; " },
	{ "load-balancer add l2 router x", 0, "new load-balancer l2; " },
	{ "load-balancer set lb admin-up false", 0, "set load-balancer lb; " },
	{ "load-balancer del lb", 0, "del load-balancer lb; " },
	{ "load-balancer pool add lb new health-check tcp interval 9", 0,
	  "new pool lb:new; " },
	{ "load-balancer pool add nosuch new", 1,
	  "pool nosuch:new: no load-balancer \"nosuch\"" },
	{ "load-balancer pool set lb web path /x", 0, "set pool lb:web; " },
	{ "load-balancer pool set lb web health-check no", 2,
	  "pool lb:web: health-check: \"no\" is not one of none tcp udp http" },
	{ "load-balancer pool set lb nosuch rise 3", 1, "no pool \"lb:nosuch\"" },
	{ "load-balancer pool del lb web", 0, "del pool lb:web; " },
	{ "load-balancer pool fly lb web", 2,
	  "pool: unknown word \"fly\"; list, show, add, set or del" },
	{ "load-balancer vip add lb 192.0.2.9:443 proto tcp pool web", 0,
	  "new vip lb 192.0.2.9:443/tcp; " },
	{ "load-balancer vip add lb [2001:db8::9]:443 proto udp pool old sticky 60",
	  0, "new vip lb [2001:db8::9]:443/udp; " },
	{ "load-balancer vip add lb 192.0.2.9:443 proto tcp", 2,
	  "vip lb 192.0.2.9:443: needs pool" },
	{ "load-balancer vip add lb 192.0.2.9:443 pool web", 2,
	  "vip lb 192.0.2.9:443: needs proto" },
	{ "load-balancer vip add lb 192.0.2.9:443 proto icmp pool web", 1,
	  "vip lb 192.0.2.9:443: proto: must be tcp or udp" },
	{ "load-balancer vip add lb 127.0.0.1:443 proto tcp pool web", 1,
	  "vip lb 127.0.0.1:443: address: 127.0.0.1 is not the address of one station that routers forward to",
	},
	{ "load-balancer vip add lb 192.0.2.9 proto tcp pool web", 2,
	  "vip: \"192.0.2.9\" is not ADDRESS:PORT; an IPv6 address is in brackets" },
	{ "load-balancer vip add lb 192.0.2.9:443 proto tcp pool nosuch", 1,
	  "vip lb 192.0.2.9:443: pool: no pool \"lb:nosuch\"" },
	{ "load-balancer vip set lb 192.0.2.9:80 sticky 5", 0,
	  "del vip lb 192.0.2.9:80/tcp; new vip lb 192.0.2.9:80/tcp; " },
	{ "load-balancer vip set lb 192.0.2.9:53 sticky 5", 2,
	  "vip lb 192.0.2.9:53: both tcp and udp; say which by proto" },
	{ "load-balancer vip set lb 192.0.2.9:53 proto udp sticky 5", 0,
	  "del vip lb 192.0.2.9:53/udp; new vip lb 192.0.2.9:53/udp; " },
	{ "load-balancer vip del lb 192.0.2.9:53 proto tcp", 0,
	  "del vip lb 192.0.2.9:53/tcp; " },
	{ "load-balancer vip del lb 192.0.2.9:80", 0,
	  "del vip lb 192.0.2.9:80/tcp; " },
	{ "load-balancer vip del lb 192.0.2.9:81", 1,
	  "load-balancer lb has no vip 192.0.2.9:81" },
	{ "load-balancer vip fly lb 192.0.2.9:81", 2,
	  "load-balancer vip: unknown word \"fly\"" },
	{ "load-balancer member add lb web 10.0.0.4:80 weight 5 admin-up false", 0,
	  "new pool-member lb:web 10.0.0.4:80; " },
	{ "load-balancer member add lb web 10.0.0.4:80 health up", 2,
	  "pool-member: health is state and cannot be set" },
	{ "load-balancer member set lb web 10.0.0.2:8080 weight 0", 0,
	  "del pool-member lb:web 10.0.0.2:8080; new pool-member lb:web 10.0.0.2:8080; " },
	{ "load-balancer member del lb web 10.0.0.3:8080", 0,
	  "del pool-member lb:web 10.0.0.3:8080; " },
	{ "load-balancer member del lb old 10.0.0.3:8080", 1,
	  "pool lb:old has no pool-member 10.0.0.3:8080" },
	{ "load-balancer set-health lb web 10.0.0.3:8080 up", 2,
	  "load-balancer needs the kernel, not a store" },
	{ "load-balancer fly", 2,
	  "load-balancer: unknown word \"fly\"; list, show, add, set or del" },
	{ "pool add lb:new", 2, "unknown command \"pool\"; try: midoctl help" },
	{ "nat-block add r 192.0.2.1 first-port 1024 count 128", 0,
	  "new nat-block r 192.0.2.1 first-port 1024; " },
	{ "nat-block add r 192.0.2.1", 2, "nat-block r 192.0.2.1: needs first-port" },
	{ "nat-block del r 192.0.2.1 first-port 1024", 0,
	  "del nat-block r 192.0.2.1 first-port 1024; " },
	{ "nat-block del r 192.0.2.1", 2, "nat-block r 192.0.2.1: needs first-port" },
	{ "nat-block add b 192.0.2.1 first-port 1024", 1, "no device \"b\"" },
	{ "nat-block set r 192.0.2.1 count 9", 2,
	  "a nat-block cannot be changed; delete it and add another" },
	{ "tunnel-zone add t2 encap geneve dscp 46 key 000102030405060708090A0b0c0d0e0f",
	  0, "new tunnel-zone t2; " },
	{ "tunnel-zone add t2 encap ipip", 2,
	  "tunnel-zone t2: encap: \"ipip\" is not one of vxlan geneve gre" },
	{ "tunnel-zone set tz key 0001", 2,
	  "tunnel-zone tz: key: must be 32 hexadecimal digits" },
	{ "tunnel-zone set tz key none udp-port none dscp inherit", 0,
	  "set tunnel-zone tz; " },
	{ "tunnel-zone set tz udp-port 0", 2,
	  "tunnel-zone tz: udp-port: \"0\" is not a number from 1 to 65535" },
	{ "tunnel-zone set tz state up", 2,
	  "tunnel-zone: state is state and cannot be set" },
	{ "tunnel-zone del tz", 0, "del tunnel-zone tz; " },
	{ "tunnel-zone member add tz h2 address 192.0.2.2", 0,
	  "new tunnel-zone-member tz h2; " },
	{ "tunnel-zone member add tz h2 address 127.0.0.1", 1,
	  "tunnel-zone-member tz h2: address: 127.0.0.1 is not the address of one host that others reach: loopback, link-local or the like",
	},
	{ "tunnel-zone member add tz h3 address 192.0.2.2", 1,
	  "tunnel-zone-member tz h3: host: no host \"h3\"" },
	{ "tunnel-zone member add tz h2 addr 192.0.2.2", 2,
	  "tunnel-zone-member: unknown word \"addr\"" },
	{ "tunnel-zone member set tz h1 address 192.0.2.9", 0,
	  "del tunnel-zone-member tz h1; new tunnel-zone-member tz h1; " },
	{ "tunnel-zone member set tz h2 address 192.0.2.9", 1,
	  "tunnel-zone tz has no member h2" },
	{ "tunnel-zone member del tz h1", 0, "del tunnel-zone-member tz h1; " },
	{ "tunnel-zone member del t2 h1", 1, "no tunnel-zone \"t2\"" },
	{ "tunnel-zone member fly", 2,
	  "usage: midoctl tunnel-zone member add|set ZONE HOST address A | del ZONE HOST | list [ZONE]"
	},
	{ "mac add b 02:00:00:00:00:08 port r:net", 1,
	  "mac b 02:00:00:00:00:08: port: \"r:net\" is not a port of bridge b" },
};

static struct mn_model *read_text(void)
{
	struct mn_model *m = NULL;
	struct mn_err err;
	json_t *json = mn_doc_parse(text, strlen(text), &err);

	if (mn_doc_read(json, NULL, false, &m, &err))
		fail_msg("%s", err.text);
	json_decref(json);
	return m;
}

/* What goes to stderr is put into the log. */
static int run_quiet(struct ctl *ctl, struct memory *mem, int argc, char **argv)
{
	FILE *real = stderr;
	char *out = NULL;
	size_t len;
	int ret;

	stderr = open_memstream(&out, &len);
	ret = ctl_run(ctl, argc, argv, false);
	fclose(stderr);
	stderr = real;
	mn_buf_puts(&mem->warnings, out);
	free(out);
	return ret;
}

static int run_line(struct ctl *ctl, struct memory *mem, const char *line)
{
	char *copy = mn_strdup(line), *rest = copy;
	char *argv[32] = {};
	int argc = 0, ret;

	memset(ctl, 0, sizeof(*ctl));
	mem->log.len = 0;
	mem->warnings.len = 0;
	mem->store.n_changes = 0;
	mn_buf_puts(&mem->log, "");
	ctl->store = &mem->store;
	ctl->json = true;
	while ((argv[argc] = strsep(&rest, " ")))
		argc++;
	ret = run_quiet(ctl, mem, argc, argv);
	mn_model_free(ctl->model);
	free(copy);
	return ret < 0 ? (ctl->err.usage ? 2 : 1) : ret;
}

static void lines_are_understood(void **state)
{
	struct memory mem = { .store.ops = &memory_ops, .m = read_text() };
	struct ctl ctl;
	size_t i;
	int ret;

	(void)state;
	for (i = 0; i < MN_ARRAY_SIZE(lines); i++) {
		ret = run_line(&ctl, &mem, lines[i].line);
		if (ret != lines[i].status)
			fail_msg("%s: status %d: %s", lines[i].line, ret,
				 ctl.err.text);
		assert_string_equal(ret ? ctl.err.text : mem.log.s,
				    lines[i].result);
	}
	mn_buf_free(&mem.log);
	mn_buf_free(&mem.warnings);
	mn_model_free(mem.m);
}

static const struct {
	const char *line;
	const char *said;
} warned[] = {
	{ "rule add c pos 2 src 10.0.0.0/8 accept", "" },
	{ "rule add c pos 2 proto icmp dst-port 80 accept",
	  "midoctl: warning: rule c:2: proto icmp and dst-port 80 never hold together: the rule matches nothing\n",
	},
	{ "rule add c proto tcp accept",
	  "midoctl: warning: rule c:3: is never reached: rule 2 of the chain decides about every packet\n",
	},
	{ "rule add c pos 1 drop",
	  "midoctl: warning: rule c:1: decides about every packet: no rule behind it in chain c is reached\n",
	},
	{ "rule set c pos 1 ethertype ipv6",
	  "midoctl: warning: rule c:1: ethertype ipv6 and src 10.0.0.1 never hold together: the rule matches nothing\n",
	},
	{ "rule add c pos 1 in-port b:vm accept", "" },
	{ "rule add f pos 1 in-port r:ext accept", "" },
	{ "rule add f pos 1 in-port b:vm accept", "" },
	{ "rule add f pos 1 in-port x:p accept",
	  "midoctl: warning: rule f:1: in-port x:p is never where chain f is used (in-chain of router r): the rule matches nothing\n",
	},
	{ "rule add f pos 1 out-port r:ext accept",
	  "midoctl: warning: rule f:1: out-port r:ext is never where chain f is used (in-chain of router r): the rule matches nothing\n",
	},
	{ "rule add f pos 1 src-set empty accept", "" },
	/* What is refused is not warned of. */
	{ "rule add c pos 2 proto icmp dst-port 80 jump nosuch", "" },
};

/* Chain f is the in-chain of r, and b jumps to it. */
static const char used[] =
	"{\"midonet\":1,\"ip-sets\":[{\"name\":\"empty\"}],\"chains\":[{\"name\":\"f\"},\n"
	"{\"name\":\"j\",\"rules\":[{\"action\":\"jump\",\"chain\":\"f\"}]}],\n"
	"\"bridges\":[{\"name\":\"b\",\"in-chain\":\"j\"}],\n"
	"\"routers\":[{\"name\":\"r\",\"in-chain\":\"f\"}]}";

static void useless_is_warned_of(void **state)
{
	struct memory mem = { .store.ops = &memory_ops, .m = read_text() };
	struct mn_model *m = NULL;
	struct mn_err err;
	json_t *json = mn_doc_parse(used, strlen(used), &err);
	struct ctl ctl;
	size_t i;

	(void)state;
	if (mn_doc_read(json, mem.m, true, &m, &err))
		fail_msg("%s", err.text);
	json_decref(json);
	mn_model_free(mem.m);
	mem.m = m;
	mn_buf_puts(&mem.warnings, "");
	for (i = 0; i < MN_ARRAY_SIZE(warned); i++) {
		run_line(&ctl, &mem, warned[i].line);
		assert_string_equal(mem.warnings.s, warned[i].said);
	}
	mn_buf_free(&mem.log);
	mn_buf_free(&mem.warnings);
	mn_model_free(mem.m);
}

/* @run needs no kernel for what is tested here; NULL: it is looked up. */
static char *output_of(int (*run)(struct ctl *ctl, int argc, char **argv),
		       char *line, bool as_json)
{
	struct memory mem = { .store.ops = &memory_ops, .m = read_text() };
	FILE *real = stdout;
	char *out = NULL;
	struct ctl ctl;
	size_t len;
	int ret;

	stdout = open_memstream(&out, &len);
	if (run) {
		ctl = (struct ctl){ .store = &mem.store, .json = as_json };
		ctl_open(&ctl);
		ret = run(&ctl, !!line, &line);
		mn_model_free(ctl.model);
	} else {
		ret = run_line(&ctl, &mem, line);
	}
	fclose(stdout);
	stdout = real;
	mn_buf_free(&mem.log);
	mn_buf_free(&mem.warnings);
	mn_model_free(mem.m);
	if (ret)
		fail_msg("%s: %s", line, ctl.err.text);
	return out;
}

static void assert_json(int (*run)(struct ctl *ctl, int argc, char **argv),
			char *line, const char *want_text)
{
	json_t *want = json_loads(want_text, 0, NULL);
	char *out = output_of(run, line, true);
	json_t *json = json_loads(out, 0, NULL);
	char *a = json_dumps(json, JSON_COMPACT);
	char *b = json_dumps(want, JSON_COMPACT);

	assert_string_equal(a, b);
	json_decref(want);
	json_decref(json);
	free(out);
	free(a);
	free(b);
}

/* UUIDv5 of what is in read_text(). */
#define OLD_ID		"d024d95d-55d6-5fc2-ae66-b48269898101"
#define RULE1_ID	"27ee2d78-f5ee-598f-8841-10ac15766bbf"
#define RULE2_ID	"1fe174b1-fb83-5304-8e4d-04fe468b0d27"

/* All keys, in this order, always; ports as DEVICE:PORT. */
static void lists_are_complete(void **state)
{
	(void)state;
	assert_json(NULL, "route list r",
		    "[{\"router\":\"r\",\"src\":\"0.0.0.0/0\",\"dst\":\"0.0.0.0/0\",\n"
		    "\"type\":\"port\",\"port\":\"r:ext\",\"gateway\":\"192.0.2.1\",\n"
		    "\"metric\":0,\"origin\":null},\n"
		    "{\"router\":\"r\",\"src\":\"0.0.0.0/0\",\"dst\":\"0.0.0.0/0\",\n"
		    "\"type\":\"port\",\"port\":\"r:ext\",\"gateway\":\"192.0.2.2\",\n"
		    "\"metric\":5,\"origin\":null},\n"
		    "{\"router\":\"r\",\"src\":\"0.0.0.0/0\",\"dst\":\"10.1.0.0/16\",\n"
		    "\"type\":\"blackhole\",\"port\":null,\"gateway\":null,\n"
		    "\"metric\":0,\"origin\":null}]");
	assert_json(NULL, "route list x", "[]");
	assert_json(cmd_neighbour_list, "r:net",
		    "[{\"port\":\"r:net\",\"address\":\"10.0.0.7\",\n"
		    "\"mac\":\"02:00:00:00:00:07\",\"state\":null,\"origin\":null,\n"
		    "\"age\":0}]");
	assert_json(NULL, "load-balancer vip list lb",
		    "[{\"load-balancer\":\"lb\",\"address\":\"192.0.2.9\",\"port\":53,\n"
		    "\"proto\":\"tcp\",\"pool\":\"lb:web\",\"sticky\":0},\n"
		    "{\"load-balancer\":\"lb\",\"address\":\"192.0.2.9\",\"port\":53,\n"
		    "\"proto\":\"udp\",\"pool\":\"lb:web\",\"sticky\":9},\n"
		    "{\"load-balancer\":\"lb\",\"address\":\"192.0.2.9\",\"port\":80,\n"
		    "\"proto\":\"tcp\",\"pool\":\"lb:web\",\"sticky\":0}]");
	assert_json(NULL, "load-balancer member list lb web",
		    "[{\"pool\":\"lb:web\",\"address\":\"10.0.0.2\",\"port\":8080,\n"
		    "\"weight\":3,\"admin-up\":true,\"health\":null},\n"
		    "{\"pool\":\"lb:web\",\"address\":\"10.0.0.3\",\"port\":8080,\n"
		    "\"weight\":1,\"admin-up\":true,\"health\":null}]");
	assert_json(NULL, "load-balancer member list lb old", "[]");
	assert_json(NULL, "load-balancer pool show lb old",
		    "{\"id\":\"" OLD_ID "\",\"name\":\"lb:old\",\n"
		    "\"admin-up\":true,\"health-check\":{\"type\":\"none\",\n"
		    "\"path\":\"/\",\"interval\":5,\"timeout\":2,\"rise\":2,\n"
		    "\"fall\":2}}");
	assert_json(NULL, "rule list c",
		    "[{\"id\":\"" RULE1_ID "\",\"position\":1,\n"
		    "\"match\":{\"src\":\"10.0.0.1\"},\"not\":false,\n"
		    "\"action\":\"snat\",\"chain\":null,\"target\":\"192.0.2.1\",\n"
		    "\"then\":\"continue\"},{\"id\":\"" RULE2_ID "\",\n"
		    "\"position\":2,\"match\":{},\"not\":false,\"action\":\"drop\",\n"
		    "\"chain\":null,\"target\":null,\"then\":null}]");
	assert_json(cmd_neighbour_list, "r:ext", "[]");
	assert_json(cmd_neighbour_list, "b",
		    "[{\"port\":\"b\",\"address\":\"10.0.0.8\",\n"
		    "\"mac\":\"02:00:00:00:00:08\",\"state\":null,\"origin\":null,\n"
		    "\"age\":0}]");
}

static const char tree[] =
	"host h1\nhost h2\ntunnel-zone tz\n`-- tunnel-zone-member h1 address 192.0.2.1\n"
	"chain c\n"
	"|-- 1  src 10.0.0.1 snat target 192.0.2.1 then continue\n"
	"`-- 2  drop\n"
	"bridge b\n"
	"|-- port b:up peer r:net\n"
	"|-- port b:vm\n"
	"`-- neighbour address 10.0.0.8 mac 02:00:00:00:00:08\n"
	"bridge x\n"
	"router r routes 3\n"
	"|-- port r:ext\n"
	"|-- port r:net addresses 10.0.0.1/24 peer b:up\n"
	"`-- neighbour address 10.0.0.7 mac 02:00:00:00:00:07 port r:net\n"
	"router x routes 0\n"
	"`-- port x:p\n"
	"load-balancer lb\n"
	"|-- pool lb:old\n"
	"|-- pool lb:web health-check http rise 4\n"
	"|   |-- pool-member 10.0.0.2:8080 weight 3\n"
	"|   `-- pool-member 10.0.0.3:8080\n"
	"|-- vip 192.0.2.9:53/tcp pool lb:web\n"
	"|-- vip 192.0.2.9:53/udp pool lb:web sticky 9\n"
	"`-- vip 192.0.2.9:80/tcp pool lb:web\n";

static const char tree_of_r[] =
	"router r routes 3\n"
	"|-- port r:ext\n"
	"|-- port r:net addresses 10.0.0.1/24 peer b:up\n"
	"|-- neighbour address 10.0.0.7 mac 02:00:00:00:00:07 port r:net\n"
	"|-- route dst 0.0.0.0/0 port r:ext gateway 192.0.2.1\n"
	"|-- route dst 0.0.0.0/0 port r:ext gateway 192.0.2.2 metric 5\n"
	"`-- route dst 10.1.0.0/16 type blackhole\n";

/* Routes are counted, and shown when the router is asked for. */
static void tree_shows_routers(void **state)
{
	char *out;

	(void)state;
	setenv("LC_ALL", "C", 1);
	out = output_of(cmd_show, NULL, false);
	assert_string_equal(out, tree);
	free(out);
	out = output_of(cmd_show, "r", false);
	assert_string_equal(out, tree_of_r);
	free(out);
}

static const struct {
	const char *line;
	const char *offers;
} completions[] = {
	{ "complete sh", "show\n" },
	{ "complete comp", "" },
	{ "complete bridge ", "list\nshow\nadd\nset\ndel\n" },
	{ "complete bridge show ", "b\nx\n" },
	{ "complete port set b:", "b:up\nb:vm\n" },
	{ "complete port set b:vm in-chain ", "c\n" },
	{ "complete port set b:vm admin-up ", "true\nfalse\n" },
	{ "complete port set b:vm st", "" },
	{ "complete port set b:vm pe", "peer\n" },
	{ "complete show --", "--dot\n--svg\n" },
	{ "complete show l", "lb\n" },
	{ "complete bind b:v", "b:vm\n" },
	{ "complete bind b:vm ", "dev\n" },
	{ "complete route add r ", "dst\n" },
	{ "complete route add r dst 0/0 port r:", "r:ext\nr:net\n" },
	{ "complete rule add ", "c\n" },
	{ "complete rule add c po", "pos\nport-group\n" },
	{ "complete rule add c pos 1 dst-p", "dst-port\n" },
	{ "complete rule add c fragment a", "any\n" },
	{ "complete rule add c src 10.0.0.1 rev", "rev-dnat\nrev-snat\n" },
	{ "complete load-balancer ", "pool\nvip\nmember\nset-health\nlist\nshow\nadd\nset\ndel\n" },
	{ "complete load-balancer pool set ", "lb\n" },
	{ "complete load-balancer pool set lb ", "old\nweb\n" },
	{ "complete load-balancer pool set lb web health-check h", "http\n" },
	{ "complete tunnel-zone member add tz h", "h1\nh2\n" },
	{ "complete trace b", "b:up\nb:vm\n" },
	{ "complete trace b:vm hw-", "hw-src\nhw-dst\n" },
	{ "complete nosuch x ", "" },
};

/* Words and names, wherever the line is. */
static void lines_are_completed(void **state)
{
	char *out, *line;
	size_t i;

	(void)state;
	for (i = 0; i < MN_ARRAY_SIZE(completions); i++) {
		line = mn_strdup(completions[i].line);
		out = output_of(NULL, line, false);
		if (strcmp(out, completions[i].offers))
			fail_msg("%s: \"%s\"", completions[i].line, out);
		free(out);
		free(line);
	}
}

static const char *const drawn[] = {
	"\t\"device b\" [label=\"b\" shape=box ",
	"\t\"device r\" [label=\"r\" shape=ellipse ",
	"\t\"device b\" -- \"device r\" [taillabel=\"up\" headlabel=\"net\" penwidth=2];\n",
	"\t\"load-balancer lb\" [label=\"lb\\n192.0.2.9 tcp 53\\n",
};

/* A link has two ends, and one line. */
static void drawing_has_all(void **state)
{
	const char *link = "\"device r\" -- \"device b\"";
	char *out = output_of(cmd_show, "--dot", false);
	size_t i;

	(void)state;
	for (i = 0; i < MN_ARRAY_SIZE(drawn); i++) {
		if (!strstr(out, drawn[i]))
			fail_msg("no %s in %s", drawn[i], out);
	}
	assert_null(strstr(out, link));
	free(out);
	/* What is linked to what is not shown, is named. */
	out = output_of(NULL, "show --dot r", false);
	assert_non_null(strstr(out, "\"device b\" -- \"device r\""));
	assert_non_null(strstr(out, "\t\"device b\" [label=\"b\" shape=plaintext];\n"));
	free(out);
}

int main(void)
{
	static const struct CMUnitTest tests[] = {
		cmocka_unit_test(lines_are_understood),
		cmocka_unit_test(lists_are_complete),
		cmocka_unit_test(tree_shows_routers),
		cmocka_unit_test(drawing_has_all),
		cmocka_unit_test(lines_are_completed),
		cmocka_unit_test(useless_is_warned_of),
	};

	return cmocka_run_group_tests_name("commands", tests, NULL, NULL);
}
