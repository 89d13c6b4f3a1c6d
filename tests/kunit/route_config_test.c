// SPDX-License-Identifier: GPL-2.0
/*
 * Routes as configuration: what is refused, what follows from the addresses of
 * ports, what it costs, and listing them.
 */
#include <linux/mm.h>
#include <linux/prandom.h>
#include <linux/slab.h>
#include <linux/vmstat.h>
#include <net/genetlink.h>
#include <net/ipv6.h>

#include "config/dump.h"
#include "route_topo.h"
#include "sim/count.h"

/* Kernels that watch every allocation take their time. */
#define MANY	(IS_ENABLED(CONFIG_KASAN) ? 20000 : 100000)
#define BAR	192	/* bytes a route may take */

static void refuse_new(struct rt *rt, const struct rt_route *r, int err,
		       const char *words)
{
	topo_begin(&rt->topo);
	rt_route(rt, MN_VERB_NEW, r);
	rt_refused(rt, err, words);
}

static const struct {
	struct rt_route r;
	const char *words;
} bad_routes[] = {
	{ { "10.0.0.5/24", 1 },
	  "router r0: a route's dst 10.0.0.5/24 has bits behind its length; write 10.0.0.0/24" },
	{ { "2001:db8::1/64", 1 }, "write 2001:db8::/64" },
	{ { "10.0.0.0/8", 1, NULL, 0, "1.2.3.4/31" }, "ok" },
	{ { "10.0.0.0/8", 1, NULL, 0, "1.2.3.5/31" }, "a route's src 1.2.3.5/31 has bits" },
	{ { "10.0.0.0/8", 1, NULL, 0, "::/0" }, "src is of another address family" },
	{ { "224.0.0.0/4", 1 }, "route 224.0.0.0/4: dst is multicast" },
	{ { "239.1.1.1/32", 1 }, "dst is multicast" },
	{ { "ff02::/16", 1 }, "dst is multicast" },
	{ { "128.0.0.0/1", 1 }, "ok" },
	{ { "10.0.0.0/8" }, "route 10.0.0.0/8: type port needs a port" },
	{ { "10.0.0.0/8", 1, "2001:db8::1" }, "port p1: gateway is of another address family" },
	{ { "2001:db8::/32", 1, "10.0.0.1" }, "another address family" },
	{ { "10.0.0.0/8", 1, "127.0.0.1" }, "is not the address of one station" },
	{ { "10.0.0.0/8", 1, "0.0.0.0" }, "is not the address of one station" },
	{ { "10.0.0.0/8", 1, "224.0.0.1" }, "is not the address of one station" },
	{ { "10.0.0.0/8", 1, "240.0.0.1" }, "is not the address of one station" },
	{ { "10.0.0.0/8", 1, "255.255.255.255" }, "gateway 255.255.255.255 port p1" },
	{ { "2001:db8::/32", 1, "::1" }, "is not the address of one station" },
	{ { "2001:db8::/32", 1, "ff02::1" }, "is not the address of one station" },
	{ { "2001:db8::/32", 1, "fe80::1" }, "ok" },
	{ { "10.0.0.0/8", 1, "192.0.2.77" }, "ok" },
	{ { "10.0.0.0/8", 1, .kind = MIDONET_ROUTE_TYPE_BLACKHOLE },
	  "only type port takes a port" },
	{ { "10.0.0.0/8", 0, "10.0.0.1", .kind = MIDONET_ROUTE_TYPE_LOCAL },
	  "only type port takes a gateway" },
	{ { "10.0.0.0/8", 0, .kind = MIDONET_ROUTE_TYPE_REJECT, .metric = 7 }, "ok" },
};

static void config_refusals(struct kunit *test)
{
	struct rt *rt = test->priv;
	int i;

	rt_do_port(rt, 1, RT_NONE);
	for (i = 0; i < ARRAY_SIZE(bad_routes); i++) {
		topo_begin(&rt->topo);
		rt_route(rt, MN_VERB_NEW, &bad_routes[i].r);
		if (strcmp(bad_routes[i].words, "ok"))
			rt_refused(rt, -EINVAL, bad_routes[i].words);
		else
			rt_committed(rt);
	}
	refuse_new(rt, &bad_routes[2].r, -EEXIST,
		   "route 10.0.0.0/8 src 1.2.3.4/31 port p1: exists already");
	topo_begin(&rt->topo);
	rt_route(rt, MN_VERB_DEL, &(struct rt_route){ "10.0.0.0/8", 1, NULL, 3 });
	rt_refused(rt, -ENOENT, "route 10.0.0.0/8 port p1 metric 3: no such route");
}

/* A port of another router, or one that goes. */
static void config_ports(struct kunit *test)
{
	struct rt *rt = test->priv;
	struct topo *t = &rt->topo;

	rt_do_port(rt, 1, RT_NONE);
	topo_begin(t);
	topo_new(t, MIDONET_OBJECT_TYPE_ROUTER, 2, "r1");
	topo_op(t);
	topo_put_id(t, MIDONET_A_ID, MIDONET_OBJECT_TYPE_PORT, 9);
	topo_put_id(t, MIDONET_A_PARENT, MIDONET_OBJECT_TYPE_ROUTER, 2);
	nla_put_string(t->msg, MIDONET_A_NAME, "p9");
	topo_stage(t, MIDONET_OBJECT_TYPE_PORT, MN_VERB_NEW);
	rt_committed(rt);
	refuse_new(rt, &(struct rt_route){ "10.0.0.0/8", 9 }, -EINVAL,
		   "router r0: port p9 belongs to r1");

	/* It goes in the same transaction, before and after. */
	topo_begin(t);
	topo_del(t, MIDONET_OBJECT_TYPE_PORT, 1);
	rt_route(rt, MN_VERB_NEW, &(struct rt_route){ "10.0.0.0/8", 1 });
	rt_refused(rt, -ENOENT, "port p1 is removed");
	topo_begin(t);
	rt_route(rt, MN_VERB_NEW, &(struct rt_route){ "10.0.0.0/8", 1 });
	topo_del(t, MIDONET_OBJECT_TYPE_PORT, 1);
	rt_committed(rt);
	KUNIT_EXPECT_NULL(test, rt_look(rt, "1.1.1.1", "10.0.0.1"));
	flush_work(&t->mn->grave_work);
	KUNIT_EXPECT_EQ(test, 0U, t->mn->n_routes);
}

static void config_limit(struct kunit *test)
{
	struct rt *rt = test->priv;
	char gateway[16];
	u32 i;

	rt_do_port(rt, 1, RT_NONE);
	rt->topo.mn->limits.routes_max = 2;
	topo_begin(&rt->topo);
	rt_route(rt, MN_VERB_NEW, &(struct rt_route){ "10.0.0.0/8", 1 });
	rt_route(rt, MN_VERB_NEW, &(struct rt_route){ "11.0.0.0/8", 1 });
	rt_route(rt, MN_VERB_NEW, &(struct rt_route){ "12.0.0.0/8", 1 });
	rt_refused(rt, -ENOSPC,
		   "route 12.0.0.0/8 port p1: there are 2 already; raise net.midonet.routes_max");
	rt->topo.mn->limits.routes_max = 1 << 20;
	topo_begin(&rt->topo);
	for (i = 0; i <= MN_ROUTES_PER_DST; i++) {
		snprintf(gateway, sizeof(gateway), "10.0.%u.%u", i / 200,
			 1 + i % 200);
		rt_route(rt, MN_VERB_NEW,
			 &(struct rt_route){ "0.0.0.0/0", 1, gateway });
	}
	rt_refused(rt, -ENOSPC, "there are 1024 to its dst already");
}

static void config_generations(struct kunit *test)
{
	static const struct rt_route ten = { "10.0.0.0/8", 1 };
	struct rt *rt = test->priv;
	u64 born;

	rt_do_port(rt, 1, RT_NONE);
	topo_begin(&rt->topo);
	rt_route(rt, MN_VERB_NEW, &ten);
	KUNIT_EXPECT_EQ(test, 0, topo_commit(&rt->topo, true));
	KUNIT_EXPECT_NULL(test, rt_look(rt, "1.1.1.1", "10.0.0.1"));
	rt_do_route(rt, MN_VERB_NEW, &ten);
	born = rt->topo.mn->generation;
	KUNIT_EXPECT_NOT_NULL(test, rt_look(rt, "1.1.1.1", "10.0.0.1"));
	rt_begin(rt, &(struct rt_packet){ "1.1.1.1", "10.0.0.1" });
	rt->ctx->generation = born - 1;
	KUNIT_EXPECT_NULL(test, rt_find(rt));

	/* Removed and made by one commit: it stays. */
	topo_begin(&rt->topo);
	rt_route(rt, MN_VERB_DEL, &ten);
	rt_route(rt, MN_VERB_NEW, &ten);
	rt_committed(rt);
	KUNIT_EXPECT_EQ(test, born, rt->topo.mn->generation);
	/* And made again while the old one is in its grave. */
	rt_do_route(rt, MN_VERB_DEL, &ten);
	KUNIT_EXPECT_NULL(test, rt_look(rt, "1.1.1.1", "10.0.0.1"));
	rt_do_route(rt, MN_VERB_NEW, &ten);
	KUNIT_EXPECT_NOT_NULL(test, rt_look(rt, "1.1.1.1", "10.0.0.1"));
	flush_work(&rt->topo.mn->grave_work);
	KUNIT_EXPECT_NOT_NULL(test, rt_look(rt, "1.1.1.1", "10.0.0.1"));
}

/* A packet takes the route to @dst, live or in a trace. */
static struct mn_route *take(struct rt *rt, const char *dst, bool live)
{
	struct mn_route *r;

	rt_begin(rt, &(struct rt_packet){ "1.1.1.1", dst });
	rt->ctx->live = live;
	r = (struct mn_route *)rt_find(rt);
	KUNIT_ASSERT_NOT_NULL(rt->topo.test, r);
	local_bh_disable();
	rcu_read_lock();
	mn_route_count(rt->ctx, r);
	rcu_read_unlock();
	local_bh_enable();
	return r;
}

static void expect_counted(struct rt *rt, const char *dst, u64 packets)
{
	u64 is, bytes;

	mn_route_counted(rt_look(rt, "1.1.1.1", dst), &is, &bytes);
	KUNIT_EXPECT_EQ(rt->topo.test, packets, is);
	KUNIT_EXPECT_EQ(rt->topo.test, 100 * packets, bytes);
}

static void config_counts(struct kunit *test)
{
	static const struct rt_route ten = { "10.0.0.0/8", 1 };
	struct rt *rt = test->priv;
	char name[MN_ROUTE_NAME];
	struct mn_count *count;

	rt_do_port(rt, 1, RT_PORTS("192.0.2.1/24"));
	rt_do_route(rt, MN_VERB_NEW, &ten);
	expect_counted(rt, "10.0.0.1", 0);
	KUNIT_EXPECT_NULL(test, take(rt, "10.0.0.1", false)->count);
	KUNIT_EXPECT_EQ(test, 0, rt->ctx->n_counts);
	count = take(rt, "10.0.0.1", true)->count;
	KUNIT_ASSERT_NOT_NULL(test, count);
	KUNIT_EXPECT_EQ(test, 1, rt->ctx->n_counts);
	KUNIT_EXPECT_PTR_EQ(test, count, rt->ctx->counts[0]);
	KUNIT_EXPECT_PTR_EQ(test, count, take(rt, "10.9.0.1", true)->count);
	mn_count_add(count, 3, 300);
	expect_counted(rt, "10.0.0.1", 3);

	/* What a flow still has survives the route, a new one begins at 0. */
	mn_count_get(count);
	rt_do_route(rt, MN_VERB_DEL, &ten);
	rt_do_route(rt, MN_VERB_NEW, &ten);
	flush_work(&rt->topo.mn->grave_work);
	expect_counted(rt, "10.0.0.1", 0);
	KUNIT_EXPECT_EQ(test, 1, refcount_read(&count->ref));
	mn_count_put(count);

	/* A static route may be the same but for its origin. */
	mn_route_name(rt_look(rt, "1.1.1.1", "192.0.2.9"), name, sizeof(name));
	KUNIT_EXPECT_STREQ(test, "r0:192.0.2.0/24 port p1 connected", name);
	mn_route_name(rt_look(rt, "1.1.1.1", "10.0.0.1"), name, sizeof(name));
	KUNIT_EXPECT_STREQ(test, "r0:10.0.0.0/8 port p1", name);
}

/* What a packet to @dst meets: 'l'ocal, a port's number, or '-'. */
static char meets(struct rt *rt, const char *dst)
{
	const struct mn_route *r;

	r = rt_look(rt, strchr(dst, ':') ? "::1" : "1.1.1.1", dst);
	if (!r)
		return '-';
	if (mn_route_kind(r) == MIDONET_ROUTE_TYPE_LOCAL)
		return 'l';
	KUNIT_EXPECT_NULL(rt->topo.test, mn_route_gateway(r));
	return mn_route_port(r)->obj.name[1];
}

static void expect_meets(struct rt *rt, const char *const *dsts,
			 const char *kinds)
{
	for (; *dsts; dsts++, kinds++)
		KUNIT_EXPECT_EQ_MSG(rt->topo.test, *kinds, meets(rt, *dsts),
				    "%s", *dsts);
}

static const char *const derived_dsts[] = {
	"10.0.0.7", "10.0.0.1", "10.0.1.7", "10.0.9.9", "10.0.9.8", "2001:db8::1",
	"2001:db8::9", "fe80::1", "fe80::9", "10.2.0.3", NULL
};

static void set_port(struct rt *rt, const char *const *addresses)
{
	topo_begin(&rt->topo);
	rt_port(rt, MN_VERB_SET, 1, addresses);
	rt_committed(rt);
	rt_state(rt, 1, MIDONET_PORT_STATE_UP);
}

static void config_derived(struct kunit *test)
{
	struct rt *rt = test->priv;
	struct mn_net *mn = rt->topo.mn;
	u64 generation;

	rt_do_port(rt, 1, RT_PORTS("10.0.0.1/24", "10.0.9.9/32",
				   "2001:db8::1/64", "fe80::1/64"));
	expect_meets(rt, derived_dsts, "1l-l-l1---");
	KUNIT_EXPECT_EQ(test, 5U, mn->n_routes);
	/* Two addresses of a subnet; what stays is not touched. */
	generation = rt_look(rt, "1.1.1.1", "10.0.0.7")->entry.born;
	set_port(rt, RT_PORTS("10.0.0.1/24", "10.0.0.2/24", "10.2.0.1/31"));
	expect_meets(rt, derived_dsts, "1l--------");
	KUNIT_EXPECT_EQ(test, 'l', meets(rt, "10.0.0.2"));
	KUNIT_EXPECT_EQ(test, '1', meets(rt, "10.2.0.0"));
	KUNIT_EXPECT_EQ(test, generation,
			rt_look(rt, "1.1.1.1", "10.0.0.7")->entry.born);
	flush_work(&mn->grave_work);
	KUNIT_EXPECT_EQ(test, 5U, mn->n_routes);

	/* They are not for route-del; a static twin is another route. */
	topo_begin(&rt->topo);
	rt_route(rt, MN_VERB_DEL, &(struct rt_route){ "10.0.0.0/24", 1 });
	rt_refused(rt, -EINVAL, "follows from the port's addresses");
	rt_do_route(rt, MN_VERB_NEW, &(struct rt_route){ "10.0.0.0/24", 1 });
	rt_do_route(rt, MN_VERB_NEW, &(struct rt_route){ "10.7.0.0/24", 1, "10.0.0.9" });
	set_port(rt, RT_NONE);
	expect_meets(rt, derived_dsts, "11--------");
	topo_begin(&rt->topo);
	topo_del(&rt->topo, MIDONET_OBJECT_TYPE_PORT, 1);
	rt_committed(rt);
	expect_meets(rt, derived_dsts, "----------");
	flush_work(&mn->grave_work);
	KUNIT_EXPECT_EQ(test, 0U, mn->n_routes);
}

static void refuse_port(struct rt *rt, u32 n, const char *const *addresses,
			const char *words)
{
	topo_begin(&rt->topo);
	rt_port(rt, MN_VERB_NEW, n, addresses);
	rt_refused(rt, -EINVAL, words);
}

static void config_overlap(struct kunit *test)
{
	struct rt *rt = test->priv;

	rt_do_port(rt, 1, RT_PORTS("10.0.0.1/16", "2001:db8::1/48"));
	refuse_port(rt, 2, RT_PORTS("10.0.5.1/24"),
		    "router r0: 10.0.5.0/24 of port p2 overlaps 10.0.0.0/16 of port p1");
	refuse_port(rt, 2, RT_PORTS("10.9.5.1/8"),
		    "10.0.0.0/8 of port p2 overlaps 10.0.0.0/16 of port p1");
	refuse_port(rt, 2, RT_PORTS("10.0.5.1/16"),
		    "10.0.0.0/16 of port p2 overlaps 10.0.0.0/16 of port p1");
	refuse_port(rt, 2, RT_PORTS("2001:db8:0:7::1/64"), "overlaps 2001:db8::/48");
	refuse_port(rt, 2, RT_PORTS("10.1.0.1/16", "10.1.2.1/24"),
		    "of port p2 overlaps");
	refuse_port(rt, 2, RT_PORTS("10.0.0.1/32"),
		    "router r0: 10.0.0.1 is an address of port p1 and of port p2");
	/* Floating addresses. */
	rt_do_port(rt, 2, RT_PORTS("10.0.0.2/32", "2001:db8::2/128", "10.1.0.1/16"));
	KUNIT_EXPECT_EQ(test, 'l', meets(rt, "10.0.0.2"));
	KUNIT_EXPECT_EQ(test, '1', meets(rt, "10.0.0.3"));
	KUNIT_EXPECT_EQ(test, '2', meets(rt, "10.1.0.3"));
	/* A static route is no subnet. */
	rt_do_route(rt, MN_VERB_NEW, &(struct rt_route){ "10.0.0.0/24", 2 });

	/* They change places: only the end counts. */
	topo_begin(&rt->topo);
	rt_port(rt, MN_VERB_SET, 1, RT_PORTS("10.1.0.1/16"));
	rt_port(rt, MN_VERB_SET, 2, RT_PORTS("10.0.0.1/16"));
	rt_committed(rt);
	rt_state(rt, 1, MIDONET_PORT_STATE_UP);
	rt_state(rt, 2, MIDONET_PORT_STATE_UP);
	KUNIT_EXPECT_EQ(test, '1', meets(rt, "10.1.0.3"));
	KUNIT_EXPECT_EQ(test, '2', meets(rt, "10.0.0.3"));
}

static bool is_gateway(struct rt *rt, const char *addr)
{
	struct mn_port *port = rt_port_of(rt, 1);
	bool yes;

	rcu_read_lock();
	yes = mn_route_is_gateway(port, AF_INET, addr);
	rcu_read_unlock();
	return yes;
}

static void config_own_gateway(struct kunit *test)
{
	struct rt *rt = test->priv;

	rt_do_port(rt, 1, RT_PORTS("10.0.0.1/24"));
	refuse_new(rt, &(struct rt_route){ "0.0.0.0/0", 1, "10.0.0.1" }, -EINVAL,
		   "router r0: route 0.0.0.0/0 gateway 10.0.0.1 port p1: the gateway is the router's own address (port p1)");
	rt_do_route(rt, MN_VERB_NEW, &(struct rt_route){ "0.0.0.0/0", 1, "10.0.0.9" });
	/* The address comes later. */
	refuse_port(rt, 2, RT_PORTS("10.0.0.9/32"),
		    "the gateway is the router's own address (port p2)");
	/* It is gone by the end. */
	topo_begin(&rt->topo);
	rt_route(rt, MN_VERB_NEW, &(struct rt_route){ "11.0.0.0/8", 1, "10.0.0.1" });
	rt_port(rt, MN_VERB_SET, 1, RT_PORTS("10.0.0.2/24"));
	rt_committed(rt);

	KUNIT_EXPECT_TRUE(test, is_gateway(rt, "\x0a\x00\x00\x09"));
	KUNIT_EXPECT_TRUE(test, is_gateway(rt, "\x0a\x00\x00\x01"));
	KUNIT_EXPECT_FALSE(test, is_gateway(rt, "\x0a\x00\x00\x02"));
	rt_do_route(rt, MN_VERB_DEL, &(struct rt_route){ "0.0.0.0/0", 1, "10.0.0.9" });
	KUNIT_EXPECT_FALSE(test, is_gateway(rt, "\x0a\x00\x00\x09"));
}

/* Many routes. */

static u8 random_spec(struct rt *rt, struct mn_route_spec *s)
{
	/* Most of a full table are of 20 to 24 bits. */
	static const u8 lens[] = { 24, 24, 24, 24, 24, 23, 22, 22, 21, 20, 19, 16, 32, 28, 12 };
	struct in6_addr addr = {};

	s->plen = lens[prandom_u32_state(&rt->rnd) % ARRAY_SIZE(lens)];
	addr.s6_addr32[0] = htonl(0x01000000 + prandom_u32_state(&rt->rnd) % 0xd0000000);
	ipv6_addr_prefix(&s->dst, &addr, s->plen);
	return s->plen;
}

/* As route_op() would, without the messages. */
static u32 enter_many(struct kunit *test, struct rt *rt, u32 n)
{
	struct mn_route_spec s = {
		.router = rt_router(rt),
		.port = rt_port_of(rt, 1),
		.hop = MN_HOP_GATEWAY,
		.family = AF_INET,
	};
	u32 i, entered = 0;

	topo_begin(&rt->topo);
	mutex_lock(&rt->topo.mn->lock);
	for (i = 0; entered < n && i < 4 * n; i++) {
		random_spec(rt, &s);
		s.gateway.s6_addr32[0] = htonl(0x0a000002 + i % 4);
		if (!mn_route_lookup(&s))
			entered += !IS_ERR(mn_route_enter(rt->topo.txn, &s));
	}
	mutex_unlock(&rt->topo.mn->lock);
	rt_committed(rt);
	return entered;
}

static void config_memory(struct kunit *test)
{
	struct rt *rt = test->priv;
	const struct mn_lpm *lpm = &rt_router(rt)->v4;
	const struct mn_lpm_node *node;
	u32 n, nodes = 0, size, total;
	long before, after;
	ktime_t start;

	size = sizeof(struct mn_route) + 2 * sizeof(__be32);
	rt->topo.mn->limits.routes_max = 2 * MANY;
	rt_do_port(rt, 1, RT_NONE);
	before = global_node_page_state(NR_SLAB_UNRECLAIMABLE_B);
	start = ktime_get();
	n = enter_many(test, rt, MANY);
	KUNIT_ASSERT_EQ(test, (u32)MANY, n);
	kunit_info(test, "%u routes in %lld ms\n", n,
		   ktime_ms_delta(ktime_get(), start));
	after = global_node_page_state(NR_SLAB_UNRECLAIMABLE_B);
	for (node = mn_lpm_first(lpm); node;
	     node = mn_lpm_next(lpm, node->key, node->plen))
		nodes++;
	total = n * size + nodes * 32;
	kunit_info(test, "%u bytes a route: %u of its own, %u nodes of 32; slabs grew by %ld\n",
		   total / n, size, nodes,
		   (after - before) * (long)PAGE_SIZE / n);
	KUNIT_EXPECT_LE(test, total / n, (u32)BAR);

	start = ktime_get();
	topo_begin(&rt->topo);
	topo_del(&rt->topo, MIDONET_OBJECT_TYPE_PORT, 1);
	rt_committed(rt);
	flush_work(&rt->topo.mn->grave_work);
	kunit_info(test, "gone in %lld ms\n",
		   ktime_ms_delta(ktime_get(), start));
	KUNIT_EXPECT_EQ(test, 0U, rt->topo.mn->n_routes);
	KUNIT_EXPECT_NULL(test, mn_lpm_first(lpm));
}

/* Listing. */

struct seen {
	u32 n;
	u32 connected;
	u8 plen;
	struct in6_addr dst;
	__be32 gateway;
};

/* In order, so that none can be there twice. */
static void see(struct kunit *test, struct seen *seen, struct nlattr **tb)
{
	const u8 *d = nla_data(tb[MIDONET_A_DST]);
	u32 len = nla_len(tb[MIDONET_A_DST]) - 1;
	struct in6_addr dst = {};
	__be32 gateway = 0;
	int diff;

	memcpy(&dst, d + 1, len);
	if (tb[MIDONET_A_GATEWAY])
		memcpy(&gateway, nla_data(tb[MIDONET_A_GATEWAY]), 4);
	diff = memcmp(&seen->dst, &dst, sizeof(dst)) ?:
	       (int)seen->plen - d[0] ?:
	       memcmp(&seen->gateway, &gateway, sizeof(gateway));
	if (len == 4 && seen->n)
		KUNIT_EXPECT_LT(test, diff, 0);
	seen->dst = dst;
	seen->plen = d[0];
	seen->gateway = gateway;
	seen->n++;
	seen->connected += nla_get_u8(tb[MIDONET_A_ORIGIN]) ==
			   MIDONET_ORIGIN_CONNECTED;
}

static void read_messages(struct kunit *test, struct sk_buff *skb,
			  struct seen *seen)
{
	struct nlattr *tb[MIDONET_A_MAX + 1];
	const struct nlmsghdr *nlh;
	int rem = skb->len;

	for (nlh = (void *)skb->data; nlmsg_ok(nlh, rem);
	     nlh = nlmsg_next(nlh, &rem)) {
		KUNIT_ASSERT_EQ(test, 0,
				nlmsg_parse_deprecated(nlh, GENL_HDRLEN, tb,
						       MIDONET_A_MAX, NULL,
						       NULL));
		KUNIT_ASSERT_NOT_NULL(test, tb[MIDONET_A_DST]);
		KUNIT_ASSERT_NOT_NULL(test, tb[MIDONET_A_ORIGIN]);
		see(test, seen, tb);
	}
}

/* In messages of a few routes each, as a reader with a small buffer gets them. */
static void list_all(struct kunit *test, struct rt *rt, struct seen *seen)
{
	struct sk_buff *request = nlmsg_new(64, GFP_KERNEL);
	struct sk_buff *skb = alloc_skb(600, GFP_KERNEL);
	struct netlink_callback cb = { .skb = request };
	struct mn_dump *cur = (struct mn_dump *)cb.ctx;
	int err;

	KUNIT_ASSERT_NOT_NULL(test, request);
	KUNIT_ASSERT_NOT_NULL(test, skb);
	cb.nlh = nlmsg_put(request, 1, 1, mn_family.id, GENL_HDRLEN, 0);
	cur->cmd = MIDONET_CMD_ROUTE_GET;
	do {
		skb_trim(skb, 0);
		cur->cb = &cb;
		rcu_read_lock();
		cb.seq = mn_net_generation(rt->topo.mn) + 1;
		err = mn_route_type.dump(rt->topo.mn, skb, cur);
		rcu_read_unlock();
		read_messages(test, skb, seen);
	} while (err == -EMSGSIZE && skb->len);
	KUNIT_EXPECT_EQ(test, 0, err);
	kfree_skb(skb);
	kfree_skb(request);
}

static void config_dump(struct kunit *test)
{
	struct rt *rt = test->priv;
	struct seen *seen = kunit_kzalloc(test, sizeof(*seen), GFP_KERNEL);

	KUNIT_ASSERT_NOT_NULL(test, seen);
	rt_do_port(rt, 1, RT_PORTS("10.0.0.1/24", "2001:db8::1/64"));
	KUNIT_ASSERT_EQ(test, 3000U, enter_many(test, rt, 3000));
	list_all(test, rt, seen);
	KUNIT_EXPECT_EQ(test, 3004U, seen->n);
	KUNIT_EXPECT_EQ(test, 4U, seen->connected);
}

/* The router goes, with all of its routes. */
static void config_router_del(struct kunit *test)
{
	struct rt *rt = test->priv;

	rt_do_port(rt, 1, RT_PORTS("10.0.0.1/24", "2001:db8::1/64"));
	rt_do_route(rt, MN_VERB_NEW, &(struct rt_route){ "::/0", 1, "fe80::1" });
	rt_do_route(rt, MN_VERB_NEW,
		    &(struct rt_route){ "10.0.0.0/8", .kind = MIDONET_ROUTE_TYPE_REJECT });
	KUNIT_ASSERT_EQ(test, 1000U, enter_many(test, rt, 1000));
	topo_begin(&rt->topo);
	rt_route(rt, MN_VERB_NEW, &(struct rt_route){ "10.0.0.0/9", 1 });
	topo_del(&rt->topo, MIDONET_OBJECT_TYPE_ROUTER, RT_ROUTER);
	rt_committed(rt);
	flush_work(&rt->topo.mn->grave_work);
	KUNIT_EXPECT_EQ(test, 0U, rt->topo.mn->n_routes);
}

static struct kunit_case route_config_cases[] = {
	KUNIT_CASE(config_refusals),
	KUNIT_CASE(config_ports),
	KUNIT_CASE(config_limit),
	KUNIT_CASE(config_generations),
	KUNIT_CASE(config_counts),
	KUNIT_CASE(config_derived),
	KUNIT_CASE(config_overlap),
	KUNIT_CASE(config_own_gateway),
	KUNIT_CASE(config_memory),
	KUNIT_CASE(config_dump),
	KUNIT_CASE(config_router_del),
	{}
};

static struct kunit_suite route_config_suite = {
	.name = "midonet-route-config",
	.suite_init = rt_suite_init,
	.suite_exit = rt_suite_exit,
	.init = rt_init,
	.exit = rt_exit,
	.test_cases = route_config_cases,
};

kunit_test_suite(route_config_suite);
