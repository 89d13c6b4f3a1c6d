// SPDX-License-Identifier: GPL-2.0
/*
 * Load balancers as configuration: what is refused, what follows, what survives
 * a change, and listing it.
 */
#include <linux/slab.h>
#include <net/genetlink.h>

#include "config/dump.h"
#include "lb.h"
#include "sim/dep.h"

#define BALANCER	MIDONET_OBJECT_TYPE_LOAD_BALANCER
#define ROUTER		MIDONET_OBJECT_TYPE_ROUTER

static const struct lb_vip web = { "10.0.0.100", 80, .pool = POOL };
static const struct lb_member one = { "10.0.1.1", 8080 };
static const struct lb_member two = { "10.0.1.2", 8080 };

static struct mn_balancer *balancer_of(struct topo *t, u32 router)
{
	struct mn_obj *obj = topo_obj(t, ROUTER, router);
	struct mn_balancer *b;

	mutex_lock(&t->mn->lock);
	b = mn_router_ver(mn_ver_end(t->mn, obj))->balancer;
	mutex_unlock(&t->mn->lock);
	return b;
}

static void expect_balancer(struct topo *t, u32 router, u32 n)
{
	KUNIT_EXPECT_PTR_EQ(t->test, balancer_of(t, router),
			    n ? mn_balancer_of(topo_obj(t, BALANCER, n)) : NULL);
}

static void lb_one_per_router(struct kunit *test)
{
	struct rt *rt = test->priv;
	struct topo *t = &rt->topo;

	lb_make(t);
	expect_balancer(t, 1, 1);
	topo_begin(t);
	topo_new(t, ROUTER, 2, "r2");
	lb_balancer(t, MN_VERB_NEW, 2, 1, true);
	rt_refused(rt, -EBUSY,
		   "load-balancer lb2: router: r0 has load-balancer lb1 already");
	topo_begin(t);
	topo_new(t, ROUTER, 2, "r2");
	lb_balancer(t, MN_VERB_NEW, 2, 2, true);
	rt_committed(rt);
	expect_balancer(t, 2, 2);
	/* Only the end counts: they change places. */
	topo_begin(t);
	lb_balancer(t, MN_VERB_SET, 1, 2, true);
	lb_balancer(t, MN_VERB_SET, 2, 1, true);
	rt_committed(rt);
	expect_balancer(t, 1, 2);
	expect_balancer(t, 2, 1);
	/* One moves where another is. */
	topo_begin(t);
	lb_balancer(t, MN_VERB_SET, 1, 1, true);
	rt_refused(rt, -EBUSY, "load-balancer lb1: router: r0 has load-balancer lb2");
	expect_balancer(t, 2, 1);
	topo_begin(t);
	lb_balancer(t, MN_VERB_SET, 1, LB_NO_ROUTER, true);
	rt_committed(rt);
	expect_balancer(t, 2, 0);
	topo_begin(t);
	lb_balancer(t, MN_VERB_SET, 1, 1, true);
	topo_del(t, BALANCER, 2);
	rt_committed(rt);
	expect_balancer(t, 1, 1);
	/* Two new ones for one router. */
	topo_begin(t);
	lb_balancer(t, MN_VERB_NEW, 3, 2, true);
	lb_balancer(t, MN_VERB_NEW, 4, 2, true);
	rt_refused(rt, -EBUSY, "load-balancer lb4: router: r2 has load-balancer lb3");
}

static void lb_router_goes(struct kunit *test)
{
	struct rt *rt = test->priv;
	struct topo *t = &rt->topo;
	u64 generation;

	lb_make(t);
	topo_begin(t);
	topo_del(t, ROUTER, 1);
	rt_refused(rt, -EBUSY, "router r0 is used by load-balancer lb1");
	/* Made anew, it still has its load balancer. */
	topo_begin(t);
	topo_del(t, ROUTER, 1);
	topo_new(t, ROUTER, 1, "r0");
	rt_committed(rt);
	expect_balancer(t, 1, 1);
	generation = t->mn->generation;
	topo_begin(t);
	lb_balancer(t, MN_VERB_SET, 1, 1, true);
	rt_committed(rt);
	KUNIT_EXPECT_EQ(test, generation, t->mn->generation);
	/* A router that is removed gets none. */
	topo_begin(t);
	topo_new(t, ROUTER, 2, "r2");
	rt_committed(rt);
	topo_begin(t);
	lb_balancer(t, MN_VERB_NEW, 2, 2, true);
	topo_del(t, ROUTER, 2);
	rt_refused(rt, -EBUSY, "router r2 is used by load-balancer lb2");
	topo_begin(t);
	topo_del(t, ROUTER, 1);
	topo_del(t, BALANCER, 1);
	rt_committed(rt);
}

static const struct {
	struct lb_vip vip;
	const char *words;
} bad_vips[] = {
	{ { "224.0.0.1", 80, .pool = POOL },
	  "load-balancer lb1: a vip's address is one unicast" },
	{ { "0.0.0.0", 80, .pool = POOL }, "one unicast IPv4 or IPv6" },
	{ { "127.0.0.1", 80, .pool = POOL }, "one unicast" },
	{ { "255.255.255.255", 80, .pool = POOL }, "one unicast" },
	{ { "::", 80, .pool = POOL }, "one unicast" },
	{ { "::1", 80, .pool = POOL }, "one unicast" },
	{ { "ff02::1", 80, .pool = POOL }, "one unicast" },
	{ { "fe80::1", 80, .pool = POOL }, "not link-local" },
	{ { "10.0.0.100", 80, IPPROTO_SCTP, POOL },
	  "vip 10.0.0.100:80 needs a proto, tcp or udp" },
	{ { "10.0.0.100", 80 },
	  "load-balancer lb1: vip 10.0.0.100:80/tcp needs the pool" },
	{ { "10.0.0.100", 80, .pool = 2 },
	  "vip 10.0.0.100:80/tcp has pool pool2 of load-balancer lb2" },
	{ { "fd00::1", 53, IPPROTO_UDP, 2 },
	  "vip [fd00::1]:53/udp has pool pool2 of load-balancer lb2" },
	{ { "10.0.0.1", 80, .pool = POOL },
	  "vip 10.0.0.1:80/tcp has an address of the router itself (port r0:p1)" },
	{ { "10.0.9.9", 80, .pool = POOL }, "(port r0:p1)" },
	{ { "fd00::1", 80, .pool = POOL }, "(port r0:p1)" },
	{ { "fd00::100", 80, .pool = POOL },
	  "vip [fd00::100]:80/tcp is not of the address family of member 10.0.1.1:8080 of pool pool1"
	},
	{ { "10.0.1.1", 8080, .pool = POOL },
	  "vip 10.0.1.1:8080/tcp is a member of pool pool1" },
	{ { "10.0.1.1", 8080, IPPROTO_UDP, POOL }, "send to itself" },
};

static void lb_bad_vips(struct kunit *test)
{
	struct rt *rt = test->priv;
	struct topo *t = &rt->topo;
	int i;

	rt_do_port(rt, 1, RT_PORTS("10.0.0.1/24", "10.0.9.9/32", "fd00::1/64"));
	lb_make(t);
	lb_do_member(t, MN_VERB_NEW, &one);
	topo_begin(t);
	lb_balancer(t, MN_VERB_NEW, 2, LB_NO_ROUTER, true);
	lb_pool(t, MN_VERB_NEW, 2, 2, true);
	rt_committed(rt);
	for (i = 0; i < ARRAY_SIZE(bad_vips); i++) {
		topo_begin(t);
		lb_vip(t, MN_VERB_NEW, LB, &bad_vips[i].vip);
		rt_refused(rt, -EINVAL, bad_vips[i].words);
	}
	topo_begin(t);
	lb_vip(t, MN_VERB_DEL, LB, &web);
	rt_refused(rt, -ENOENT, "vip 10.0.0.100:80/tcp does not exist");
	lb_do_vip(t, MN_VERB_NEW, &web);
	topo_begin(t);
	lb_vip(t, MN_VERB_NEW, LB, &web);
	rt_refused(rt, -EEXIST, "vip 10.0.0.100:80/tcp exists already");
	/* The same address and port of the other protocol, another port. */
	lb_do_vip(t, MN_VERB_NEW, &(struct lb_vip){ "10.0.0.100", 80, IPPROTO_UDP, POOL });
	lb_do_vip(t, MN_VERB_NEW, &(struct lb_vip){ "10.0.0.100", 81, .pool = POOL });
	/* A member's address at another port is no loop. */
	lb_do_vip(t, MN_VERB_NEW, &(struct lb_vip){ "10.0.1.1", 80, .pool = POOL });
	KUNIT_EXPECT_EQ(test, 4U, t->mn->balance->vips.n);
}

static const struct {
	struct lb_member m;
	const char *words;
} bad_members[] = {
	{ { "127.0.0.1", 80 }, "pool lb1:pool1: a pool-member's address is one unicast" },
	{ { "fe80::1", 80 }, "one unicast" },
	{ { "10.0.0.100", 80 },
	  "pool lb1:pool1: member 10.0.0.100:80 is vip 10.0.0.100:80/tcp of the same" },
	{ { "fd00::7", 80 },
	  "member [fd00::7]:80 is not of the address family of vip 10.0.0.100:80/tcp of pool pool1"
	},
};

static void lb_bad_members(struct kunit *test)
{
	struct rt *rt = test->priv;
	struct topo *t = &rt->topo;
	int i;

	lb_make(t);
	lb_do_vip(t, MN_VERB_NEW, &web);
	for (i = 0; i < ARRAY_SIZE(bad_members); i++) {
		topo_begin(t);
		lb_member(t, MN_VERB_NEW, POOL, &bad_members[i].m);
		rt_refused(rt, -EINVAL, bad_members[i].words);
	}
	topo_begin(t);
	lb_member(t, MN_VERB_DEL, POOL, &one);
	rt_refused(rt, -ENOENT, "pool lb1:pool1: member 10.0.1.1:8080 does not exist");
	lb_do_member(t, MN_VERB_NEW, &one);
	topo_begin(t);
	lb_member(t, MN_VERB_NEW, POOL, &one);
	rt_refused(rt, -EEXIST, "member 10.0.1.1:8080 exists already");
	/* Another pool may have the same member; families apart, two at once. */
	topo_begin(t);
	lb_pool(t, MN_VERB_NEW, 2, LB, true);
	lb_member(t, MN_VERB_NEW, 2, &one);
	rt_committed(rt);
	topo_begin(t);
	lb_pool(t, MN_VERB_NEW, 3, LB, true);
	lb_member(t, MN_VERB_NEW, 3, &(struct lb_member){ "fd00::1", 1 });
	lb_member(t, MN_VERB_NEW, 3, &one);
	rt_refused(rt, -EINVAL,
		   "member 10.0.1.1:8080 is not of the address family of member [fd00::1]:1 of pool pool3");
	/* One that is there counts as well. */
	topo_begin(t);
	lb_member(t, MN_VERB_NEW, 2, &(struct lb_member){ "fd00::1", 1 });
	rt_refused(rt, -EINVAL,
		   "member [fd00::1]:1 is not of the address family of member 10.0.1.1:8080 of pool pool2");
	topo_begin(t);
	lb_pool(t, MN_VERB_NEW, 3, LB, true);
	lb_vip(t, MN_VERB_NEW, LB, &(struct lb_vip){ "fd00::1", 1, .pool = 3 });
	rt_committed(rt);
	topo_begin(t);
	lb_vip(t, MN_VERB_NEW, LB, &(struct lb_vip){ "10.0.0.9", 1, .pool = 3 });
	rt_refused(rt, -EINVAL,
		   "vip 10.0.0.9:1/tcp is not of the address family of vip [fd00::1]:1/tcp of pool pool3");
	topo_begin(t);
	topo_del(t, MIDONET_OBJECT_TYPE_POOL, 3);
	lb_vip(t, MN_VERB_DEL, LB, &(struct lb_vip){ "fd00::1", 1 });
	rt_committed(rt);
	topo_begin(t);
	lb_pool(t, MN_VERB_NEW, 3, LB, true);
	lb_vip(t, MN_VERB_NEW, LB, &(struct lb_vip){ "fd00::1", 1, .pool = 3 });
	lb_vip(t, MN_VERB_NEW, LB, &(struct lb_vip){ "10.0.0.9", 1, .pool = 3 });
	rt_refused(rt, -EINVAL,
		   "vip 10.0.0.9:1/tcp is not of the address family of vip [fd00::1]:1/tcp of pool pool3");
	/* All of a pool may change the family at once. */
	topo_begin(t);
	lb_member(t, MN_VERB_DEL, 2, &one);
	lb_member(t, MN_VERB_NEW, 2, &(struct lb_member){ "fd00::1", 1 });
	rt_committed(rt);
}

/* A VIP and an address of the router, whatever comes later. */
static void lb_shadows(struct kunit *test)
{
	struct rt *rt = test->priv;
	struct topo *t = &rt->topo;

	rt_do_port(rt, 1, RT_NONE);
	lb_make(t);
	lb_do_vip(t, MN_VERB_NEW, &web);
	topo_begin(t);
	rt_port(rt, MN_VERB_SET, 1, RT_PORTS("10.0.0.1/24", "10.0.0.100/32"));
	rt_refused(rt, -EINVAL,
		   "vip 10.0.0.100:80/tcp has an address of the router itself (port r0:p1)");
	/* At once: neither is there before. */
	topo_begin(t);
	lb_vip(t, MN_VERB_NEW, LB, &(struct lb_vip){ "10.0.0.101", 1, .pool = POOL });
	rt_port(rt, MN_VERB_SET, 1, RT_PORTS("10.0.0.101/24"));
	rt_refused(rt, -EINVAL, "vip 10.0.0.101:1/tcp has an address");
	/* Away from the router, and back. */
	topo_begin(t);
	lb_balancer(t, MN_VERB_SET, LB, LB_NO_ROUTER, true);
	rt_port(rt, MN_VERB_SET, 1, RT_PORTS("10.0.0.100/24"));
	rt_committed(rt);
	topo_begin(t);
	lb_balancer(t, MN_VERB_SET, LB, 1, true);
	rt_refused(rt, -EINVAL, "vip 10.0.0.100:80/tcp has an address");
	/* One gives it up and the other takes it. */
	topo_begin(t);
	lb_balancer(t, MN_VERB_SET, LB, 1, true);
	rt_port(rt, MN_VERB_SET, 1, RT_PORTS("10.0.0.1/24"));
	rt_committed(rt);
	topo_begin(t);
	rt_port(rt, MN_VERB_SET, 1, RT_PORTS("10.0.0.100/24"));
	lb_vip(t, MN_VERB_DEL, LB, &web);
	rt_committed(rt);
}

static void lb_deletes(struct kunit *test)
{
	struct rt *rt = test->priv;
	struct topo *t = &rt->topo;

	lb_make(t);
	topo_begin(t);
	lb_vip(t, MN_VERB_NEW, LB, &web);
	lb_member(t, MN_VERB_NEW, POOL, &one);
	lb_member(t, MN_VERB_NEW, POOL, &two);
	rt_committed(rt);
	topo_begin(t);
	topo_del(t, MIDONET_OBJECT_TYPE_POOL, POOL);
	rt_refused(rt, -EBUSY, "pool lb1:pool1 is used by vip 10.0.0.100:80/tcp");
	KUNIT_EXPECT_NOT_NULL(test, lb_find(t, &one));
	/* A VIP of a pool that goes at the same time. */
	topo_begin(t);
	lb_vip(t, MN_VERB_NEW, LB, &(struct lb_vip){ "10.0.0.7", 1, .pool = POOL });
	lb_vip(t, MN_VERB_DEL, LB, &web);
	topo_del(t, MIDONET_OBJECT_TYPE_POOL, POOL);
	rt_refused(rt, -EBUSY, "pool lb1:pool1 is used by vip 10.0.0.7:1/tcp");
	topo_begin(t);
	lb_vip(t, MN_VERB_DEL, LB, &web);
	topo_del(t, MIDONET_OBJECT_TYPE_POOL, POOL);
	rt_committed(rt);
	flush_work(&t->mn->grave_work);
	KUNIT_EXPECT_EQ(test, 0U, t->mn->balance->vips.n);
	KUNIT_EXPECT_EQ(test, 0U, t->mn->balance->members.n);
	/* All at once. */
	topo_begin(t);
	lb_pool(t, MN_VERB_NEW, 2, LB, true);
	lb_vip(t, MN_VERB_NEW, LB, &(struct lb_vip){ "10.0.0.7", 1, .pool = 2 });
	lb_member(t, MN_VERB_NEW, 2, &one);
	rt_committed(rt);
	topo_begin(t);
	topo_del(t, BALANCER, LB);
	rt_committed(rt);
	expect_balancer(t, 1, 0);
	flush_work(&t->mn->grave_work);
	KUNIT_EXPECT_EQ(test, 0U, t->mn->balance->vips.n);
	KUNIT_EXPECT_EQ(test, 0U, t->mn->balance->members.n);
	KUNIT_EXPECT_EQ(test, 0U, t->mn->n_objs[MIDONET_OBJECT_TYPE_POOL]);
}

/* A change is a death and a birth; no change is none. */
static void lb_changes(struct kunit *test)
{
	struct rt *rt = test->priv;
	struct topo *t = &rt->topo;
	struct mn_pool_member *m;
	u64 generation;

	lb_make(t);
	lb_do_member(t, MN_VERB_NEW, &one);
	lb_do_vip(t, MN_VERB_NEW, &web);
	lb_health(t, &one, MIDONET_HEALTH_DOWN);
	m = lb_find(t, &one);
	generation = t->mn->generation;
	topo_begin(t);
	lb_member(t, MN_VERB_DEL, POOL, &one);
	lb_member(t, MN_VERB_NEW, POOL, &one);
	lb_vip(t, MN_VERB_DEL, LB, &web);
	lb_vip(t, MN_VERB_NEW, LB, &web);
	rt_committed(rt);
	KUNIT_EXPECT_EQ(test, generation, t->mn->generation);
	KUNIT_EXPECT_PTR_EQ(test, m, lb_find(t, &one));
	/* Health outlives a change, and a commit that is refused. */
	lb_change_member(t, &(struct lb_member){ "10.0.1.1", 8080, 7 });
	m = lb_find(t, &one);
	KUNIT_ASSERT_NOT_NULL(test, m);
	KUNIT_EXPECT_EQ(test, 7U, m->weight);
	KUNIT_EXPECT_EQ(test, (u8)MIDONET_HEALTH_DOWN, m->health);
	topo_begin(t);
	lb_member(t, MN_VERB_DEL, POOL, &one);
	lb_member(t, MN_VERB_NEW, POOL, &one);
	lb_vip(t, MN_VERB_NEW, LB, &web);
	rt_refused(rt, -EEXIST, "exists already");
	KUNIT_EXPECT_PTR_EQ(test, m, lb_find(t, &one));
	/* One that went and came again later is a new one. */
	lb_do_member(t, MN_VERB_DEL, &one);
	KUNIT_EXPECT_NULL(test, lb_find(t, &one));
	lb_do_member(t, MN_VERB_NEW, &one);
	m = lb_find(t, &one);
	KUNIT_ASSERT_NOT_NULL(test, m);
	KUNIT_EXPECT_EQ(test, (u8)MIDONET_HEALTH_UNKNOWN, m->health);
	/* No generation, but only if it matters do flows hear of it. */
	generation = t->mn->generation;
	lb_health(t, &one, MIDONET_HEALTH_UP);
	KUNIT_EXPECT_EQ(test, generation, t->mn->generation);
}

static void stage_many(struct topo *t, u8 verb, u32 first, u32 n)
{
	char addr[16];
	u32 i;

	topo_begin(t);
	for (i = first; i < first + n; i++) {
		snprintf(addr, sizeof(addr), "10.1.%u.%u", i / 200,
			 1 + i % 200);
		lb_member(t, verb, POOL, &(struct lb_member){ addr, 80 });
	}
}

static void lb_limits(struct kunit *test)
{
	struct rt *rt = test->priv;
	struct topo *t = &rt->topo;
	u32 i;

	lb_make(t);
	stage_many(t, MN_VERB_NEW, 0, MN_POOL_MEMBERS + 1);
	rt_refused(rt, -ENOSPC, "a pool has 1024 members at most");
	stage_many(t, MN_VERB_NEW, 0, MN_POOL_MEMBERS);
	rt_committed(rt);
	topo_begin(t);
	lb_member(t, MN_VERB_NEW, POOL, &one);
	rt_refused(rt, -ENOSPC, "member 10.0.1.1:8080 is one too many");
	/* In the place of another. */
	stage_many(t, MN_VERB_DEL, 0, 1);
	lb_member(t, MN_VERB_NEW, POOL, &one);
	rt_committed(rt);
	topo_begin(t);
	for (i = 1; i <= MN_VIPS_PER_ADDR + 1; i++)
		lb_vip(t, MN_VERB_NEW, LB,
		       &(struct lb_vip){ "10.0.0.1", i, .pool = POOL });
	rt_refused(rt, -ENOSPC, "an address has 1024 VIPs at most");
	topo_begin(t);
	for (i = 2; i <= MN_BALANCER_POOLS + 1; i++)
		lb_pool(t, MN_VERB_NEW, i, LB, true);
	rt_refused(rt, -ENOSPC, "is one too many; a load-balancer has 4096 pools");
	t->mn->limits.objects_max = 1;
	lb_do_vip(t, MN_VERB_NEW, &web);
	topo_begin(t);
	lb_vip(t, MN_VERB_NEW, LB, &(struct lb_vip){ "10.0.0.7", 1, .pool = POOL });
	rt_refused(rt, -ENOSPC, "raise net.midonet.objects_max");
	topo_begin(t);
	lb_member(t, MN_VERB_NEW, POOL, &two);
	rt_refused(rt, -ENOSPC, "raise net.midonet.objects_max");
}

/* Health checks are kept as they were given. */

static void stage_check(struct topo *t, const char *path, u32 rise)
{
	struct nlattr *nest;

	topo_begin(t);
	topo_op(t);
	topo_put_id(t, MIDONET_A_ID, MIDONET_OBJECT_TYPE_POOL, POOL);
	nest = nla_nest_start(t->msg, MIDONET_A_HEALTH_CHECK);
	KUNIT_ASSERT_NOT_NULL(t->test, nest);
	nla_put_u8(t->msg, MIDONET_HEALTH_CHECK_TYPE, MIDONET_CHECK_TYPE_HTTP);
	nla_put_string(t->msg, MIDONET_HEALTH_CHECK_PATH, path);
	nla_put_u32(t->msg, MIDONET_HEALTH_CHECK_RISE, rise);
	nla_nest_end(t->msg, nest);
	topo_stage(t, MIDONET_OBJECT_TYPE_POOL, MN_VERB_SET);
}

static void parse_pool(struct topo *t, struct nlattr **tb, struct sk_buff *skb)
{
	struct mn_obj *obj = topo_obj(t, MIDONET_OBJECT_TYPE_POOL, POOL);
	struct nlattr *object[MIDONET_A_MAX + 1];

	skb_trim(skb, 0);
	memset(tb, 0, sizeof(*tb) * (MIDONET_HEALTH_CHECK_MAX + 1));
	mutex_lock(&t->mn->lock);
	KUNIT_EXPECT_EQ(t->test, 0,
			mn_pool_type.fill(t->mn, obj, mn_ver_end(t->mn, obj),
					  skb));
	mutex_unlock(&t->mn->lock);
	KUNIT_ASSERT_EQ(t->test, 0,
			nla_parse(object, MIDONET_A_MAX, (void *)skb->data,
				  skb->len, mn_object_policy, NULL));
	KUNIT_EXPECT_NOT_NULL(t->test, object[MIDONET_A_ADMIN_UP]);
	if (object[MIDONET_A_HEALTH_CHECK])
		KUNIT_ASSERT_EQ(t->test, 0,
				nla_parse_nested(tb, MIDONET_HEALTH_CHECK_MAX,
						 object[MIDONET_A_HEALTH_CHECK],
						 mn_health_check_policy, NULL));
}

static void lb_checks(struct kunit *test)
{
	struct nlattr *tb[MIDONET_HEALTH_CHECK_MAX + 1];
	struct rt *rt = test->priv;
	struct topo *t = &rt->topo;
	struct sk_buff *skb = alloc_skb(4096, GFP_KERNEL);
	int i;

	KUNIT_ASSERT_NOT_NULL(test, skb);
	lb_make(t);
	parse_pool(t, tb, skb);
	for (i = 0; i <= MIDONET_HEALTH_CHECK_MAX; i++)
		KUNIT_EXPECT_NULL(test, tb[i]);
	stage_check(t, "/health?x=1", 3);
	rt_committed(rt);
	parse_pool(t, tb, skb);
	KUNIT_ASSERT_NOT_NULL(test, tb[MIDONET_HEALTH_CHECK_TYPE]);
	KUNIT_ASSERT_NOT_NULL(test, tb[MIDONET_HEALTH_CHECK_PATH]);
	KUNIT_ASSERT_NOT_NULL(test, tb[MIDONET_HEALTH_CHECK_RISE]);
	KUNIT_EXPECT_EQ(test, (u8)MIDONET_CHECK_TYPE_HTTP,
			nla_get_u8(tb[MIDONET_HEALTH_CHECK_TYPE]));
	KUNIT_EXPECT_STREQ(test, "/health?x=1",
			   (char *)nla_data(tb[MIDONET_HEALTH_CHECK_PATH]));
	KUNIT_EXPECT_EQ(test, 3U, nla_get_u32(tb[MIDONET_HEALTH_CHECK_RISE]));
	KUNIT_EXPECT_NULL(test, tb[MIDONET_HEALTH_CHECK_FALL]);
	KUNIT_EXPECT_NULL(test, tb[MIDONET_HEALTH_CHECK_INTERVAL]);
	/* Another one replaces all of it; what is the default is not said. */
	stage_check(t, "/", 2);
	rt_committed(rt);
	parse_pool(t, tb, skb);
	KUNIT_EXPECT_NOT_NULL(test, tb[MIDONET_HEALTH_CHECK_TYPE]);
	KUNIT_EXPECT_NULL(test, tb[MIDONET_HEALTH_CHECK_PATH]);
	KUNIT_EXPECT_NULL(test, tb[MIDONET_HEALTH_CHECK_RISE]);
	stage_check(t, "health", 2);
	rt_refused(rt, -EINVAL, "pool lb1:pool1: health-check: a path begins with /");
	stage_check(t, "/a b", 2);
	rt_refused(rt, -EINVAL, "without blanks");
	stage_check(t, "/\r\nHost: x", 2);
	rt_refused(rt, -EINVAL, "without blanks");
	kfree_skb(skb);
}

/* Listing, in messages of a few each. */

static u32 count_messages(struct kunit *test, const struct sk_buff *skb)
{
	struct nlattr *tb[MIDONET_A_MAX + 1];
	const struct nlmsghdr *nlh;
	int rem = skb->len;
	u32 n = 0;

	for (nlh = (void *)skb->data; nlmsg_ok(nlh, rem);
	     nlh = nlmsg_next(nlh, &rem)) {
		KUNIT_ASSERT_EQ(test, 0,
				nlmsg_parse_deprecated(nlh, GENL_HDRLEN, tb,
						       MIDONET_A_MAX, NULL,
						       NULL));
		KUNIT_ASSERT_NOT_NULL(test, tb[MIDONET_A_PARENT]);
		KUNIT_ASSERT_NOT_NULL(test, tb[MIDONET_A_ADDRESS]);
		KUNIT_ASSERT_NOT_NULL(test, tb[MIDONET_A_SERVICE_PORT]);
		n++;
	}
	return n;
}

static u32 list_all(struct kunit *test, const struct mn_type *type, u8 cmd,
		    const struct mn_obj *parent)
{
	struct rt *rt = test->priv;
	struct sk_buff *request = nlmsg_new(64, GFP_KERNEL);
	struct sk_buff *skb = alloc_skb(600, GFP_KERNEL);
	struct netlink_callback cb = { .skb = request };
	struct mn_dump *cur = (struct mn_dump *)cb.ctx;
	u32 n = 0;
	int err;

	KUNIT_ASSERT_NOT_NULL(test, request);
	KUNIT_ASSERT_NOT_NULL(test, skb);
	cb.nlh = nlmsg_put(request, 1, 1, mn_family.id, GENL_HDRLEN, 0);
	cur->cmd = cmd;
	if (parent) {
		cur->filter = true;
		cur->parent = parent->index;
		cur->parent_type = parent->ident.type;
	}
	do {
		skb_trim(skb, 0);
		cur->cb = &cb;
		rcu_read_lock();
		cb.seq = mn_net_generation(rt->topo.mn) + 1;
		err = type->dump(rt->topo.mn, skb, cur);
		rcu_read_unlock();
		n += count_messages(test, skb);
	} while (err == -EMSGSIZE && skb->len);
	KUNIT_EXPECT_EQ(test, 0, err);
	kfree_skb(skb);
	kfree_skb(request);
	return n;
}

static void lb_dump(struct kunit *test)
{
	struct rt *rt = test->priv;
	struct topo *t = &rt->topo;
	const struct mn_obj *pool;

	lb_make(t);
	stage_many(t, MN_VERB_NEW, 0, 100);
	lb_vip(t, MN_VERB_NEW, LB, &web);
	lb_vip(t, MN_VERB_NEW, LB, &(struct lb_vip){ "10.0.0.7", 1, .pool = POOL });
	lb_pool(t, MN_VERB_NEW, 2, LB, true);
	lb_member(t, MN_VERB_NEW, 2, &one);
	lb_member(t, MN_VERB_NEW, 2, &two);
	rt_committed(rt);
	stage_many(t, MN_VERB_DEL, 10, 7);
	rt_committed(rt);
	KUNIT_EXPECT_EQ(test, 95U, list_all(test, &mn_pool_member_type,
					    MIDONET_CMD_POOL_MEMBER_GET, NULL));
	pool = topo_obj(t, MIDONET_OBJECT_TYPE_POOL, 2);
	KUNIT_EXPECT_EQ(test, 2U, list_all(test, &mn_pool_member_type,
					   MIDONET_CMD_POOL_MEMBER_GET, pool));
	KUNIT_EXPECT_EQ(test, 2U, list_all(test, &mn_vip_type,
					   MIDONET_CMD_VIP_GET, NULL));
	KUNIT_EXPECT_EQ(test, 2U,
			list_all(test, &mn_vip_type, MIDONET_CMD_VIP_GET,
				 topo_obj(t, BALANCER, LB)));
}

static struct kunit_case lb_config_cases[] = {
	KUNIT_CASE(lb_one_per_router),
	KUNIT_CASE(lb_router_goes),
	KUNIT_CASE(lb_bad_vips),
	KUNIT_CASE(lb_bad_members),
	KUNIT_CASE(lb_shadows),
	KUNIT_CASE(lb_deletes),
	KUNIT_CASE(lb_changes),
	KUNIT_CASE(lb_limits),
	KUNIT_CASE(lb_checks),
	KUNIT_CASE(lb_dump),
	{}
};

static struct kunit_suite lb_config_suite = {
	.name = "midonet-lb-config",
	.suite_init = lb_suite_init,
	.suite_exit = lb_suite_exit,
	.init = rt_init,
	.exit = rt_exit,
	.test_cases = lb_config_cases,
};

kunit_test_suite(lb_config_suite);
