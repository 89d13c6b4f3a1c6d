// SPDX-License-Identifier: GPL-2.0
/*
 * Which member gets a packet. Who sticks to whom is in lb_sticky_test.c.
 */
#include <linux/prandom.h>

#include "lb_ask.h"
#include "sim/count.h"
#include "sim/dep.h"
#include "sim/trace.h"

#define BALANCER	MIDONET_OBJECT_TYPE_LOAD_BALANCER
#define TUPLES		100000

static bool wants(struct rt *rt, const char *dst, u16 port, u8 proto)
{
	const struct mn_router *router = rt_router(rt);
	bool res;

	lb_ask_begin(rt, 0x01020304, 5, &(struct lb_vip){ dst, port, proto });
	lb_enter();
	res = mn_balance_wants(rt->ctx, lb_version(rt, router));
	lb_leave();
	return res;
}

/* Reads no more than it has to. */
static void lb_wants(struct kunit *test)
{
	struct rt *rt = test->priv;
	const struct mn_flow_key *mask = &rt->ctx->mask;

	KUNIT_EXPECT_FALSE(test, wants(rt, "10.0.0.100", 80, IPPROTO_TCP));
	KUNIT_EXPECT_EQ(test, 0, rt->ctx->n_deps);
	lb_make(&rt->topo);
	KUNIT_EXPECT_FALSE(test, wants(rt, "10.0.0.100", 80, IPPROTO_TCP));
	/* The load balancer, and VIPs. */
	KUNIT_EXPECT_EQ(test, 2, rt->ctx->n_deps);
	KUNIT_EXPECT_EQ(test, 0U, ntohl(mask->v4.dst));
	lb_do_vip(&rt->topo, MN_VERB_NEW, &lb_web);
	KUNIT_EXPECT_TRUE(test, wants(rt, "10.0.0.100", 80, IPPROTO_TCP));
	KUNIT_EXPECT_EQ(test, 0xffffffffU, ntohl(mask->v4.dst));
	KUNIT_EXPECT_EQ(test, 0U, ntohl(mask->v4.src));
	KUNIT_EXPECT_EQ(test, (u8)0xff, mask->proto);
	KUNIT_EXPECT_EQ(test, (u16)0xffff, ntohs(mask->tp_dst));
	KUNIT_EXPECT_EQ(test, (u16)0, ntohs(mask->tp_src));
	KUNIT_EXPECT_TRUE(test, rt->ctx->l4_read);
	KUNIT_EXPECT_FALSE(test, wants(rt, "10.0.0.100", 81, IPPROTO_TCP));
	KUNIT_EXPECT_FALSE(test, wants(rt, "10.0.0.100", 80, IPPROTO_UDP));
	/* Others are told by as few bits as there are. */
	KUNIT_EXPECT_FALSE(test, wants(rt, "11.0.0.100", 80, IPPROTO_TCP));
	KUNIT_EXPECT_EQ(test, 0xff000000U, ntohl(mask->v4.dst));
	KUNIT_EXPECT_EQ(test, (u8)0, mask->proto);
	KUNIT_EXPECT_FALSE(test, rt->ctx->l4_read);
	KUNIT_EXPECT_FALSE(test, wants(rt, "fd00::1", 80, IPPROTO_TCP));
	KUNIT_EXPECT_NULL(test, memchr_inv(&mask->v6, 0, sizeof(mask->v6)));
	/* Neither TCP nor UDP. */
	KUNIT_EXPECT_FALSE(test, wants(rt, "10.0.0.100", 80, IPPROTO_ICMP));
	KUNIT_EXPECT_FALSE(test, rt->ctx->l4_read);
	/* Down, it is as if it were not there. */
	topo_begin(&rt->topo);
	lb_balancer(&rt->topo, MN_VERB_SET, LB, 1, false);
	rt_committed(rt);
	KUNIT_EXPECT_FALSE(test, wants(rt, "10.0.0.100", 80, IPPROTO_TCP));
	KUNIT_EXPECT_EQ(test, 0U, ntohl(mask->v4.dst));
	/* The pool is no matter of the VIP. */
	topo_begin(&rt->topo);
	lb_balancer(&rt->topo, MN_VERB_SET, LB, 1, true);
	lb_pool(&rt->topo, MN_VERB_SET, POOL, LB, false);
	rt_committed(rt);
	KUNIT_EXPECT_TRUE(test, wants(rt, "10.0.0.100", 80, IPPROTO_TCP));
	lb_do_vip(&rt->topo, MN_VERB_DEL, &lb_web);
	KUNIT_EXPECT_FALSE(test, wants(rt, "10.0.0.100", 80, IPPROTO_TCP));
}

/* VIPs that come and go, against a list of them. */

#define RANDOM_ADDRS	24
#define RANDOM_VIPS	(RANDOM_ADDRS * 2)

static void random_vip(u32 i, struct lb_vip *vip, char *buf)
{
	/* Alike in their first bits, more or less. */
	u32 n = i % RANDOM_ADDRS, addr = 0x0a000001 + (n * n << (n % 20));
	__be32 v4 = htonl(addr);

	sprintf(buf, "%pI4", &v4);
	*vip = (struct lb_vip){ buf, 80, i < RANDOM_ADDRS ? IPPROTO_TCP :
						IPPROTO_UDP, POOL };
}

static void expect_random(struct kunit *test, struct rt *rt, const bool *there)
{
	struct lb_vip vip;
	char buf[16];
	u32 i;

	for (i = 0; i < RANDOM_VIPS; i++) {
		random_vip(i, &vip, buf);
		KUNIT_EXPECT_EQ_MSG(test, there[i],
				    wants(rt, vip.addr, vip.port, vip.proto),
				    "%s", vip.addr);
	}
}

/* Any address that has the same bits under the mask gets the same answer. */
static void expect_masked(struct kunit *test, struct rt *rt)
{
	__be32 addr = htonl(0x0a000000 | prandom_u32_state(&rt->rnd) >> 6), mask;
	__be32 other = htonl(prandom_u32_state(&rt->rnd));
	char buf[16];
	bool first;

	sprintf(buf, "%pI4", &addr);
	first = wants(rt, buf, 80, IPPROTO_TCP);
	mask = rt->ctx->mask.v4.dst;
	other = (addr & mask) | (other & ~mask);
	sprintf(buf, "%pI4", &other);
	KUNIT_EXPECT_EQ(test, first, wants(rt, buf, 80, IPPROTO_TCP));
	KUNIT_EXPECT_EQ(test, ntohl(mask), ntohl(rt->ctx->mask.v4.dst));
}

static void lb_random(struct kunit *test)
{
	bool there[RANDOM_VIPS] = {};
	struct rt *rt = test->priv;
	struct lb_vip vip;
	char buf[16];
	u32 i, j, n;

	prandom_seed_state(&rt->rnd, topo_seed(test));
	lb_make(&rt->topo);
	for (i = 0; i < 60; i++) {
		topo_begin(&rt->topo);
		for (j = 0; j < 4; j++) {
			n = prandom_u32_state(&rt->rnd) % RANDOM_VIPS;
			random_vip(n, &vip, buf);
			lb_vip(&rt->topo, there[n] ? MN_VERB_DEL : MN_VERB_NEW,
			       LB, &vip);
			there[n] = !there[n];
		}
		rt_committed(rt);
		expect_random(test, rt, there);
		for (j = 0; j < 20; j++)
			expect_masked(test, rt);
	}
}

static void lb_none(struct kunit *test)
{
	struct rt *rt = test->priv;
	struct topo *t = &rt->topo;

	KUNIT_EXPECT_EQ(test, -1, lb_ask_new(rt, 1, 1));
	KUNIT_EXPECT_EQ(test, (int)MN_BALANCE_NONE, lb_result);
	lb_make(t);
	lb_ask_new(rt, 1, 1);
	KUNIT_EXPECT_EQ(test, (int)MN_BALANCE_NONE, lb_result);
	lb_do_vip(t, MN_VERB_NEW, &lb_web);
	lb_ask_new(rt, 1, 1);
	KUNIT_EXPECT_EQ(test, (int)MN_BALANCE_NOBODY, lb_result);
	lb_do_member(t, MN_VERB_NEW, &lb_members[2]);
	KUNIT_EXPECT_EQ(test, 2, lb_ask_new(rt, 1, 1));
	/* Nobody who takes new connections. */
	lb_change_member(t, &(struct lb_member){ "10.0.1.3", 8080, LB_WEIGHT_0 });
	lb_ask_new(rt, 1, 1);
	KUNIT_EXPECT_EQ(test, (int)MN_BALANCE_NOBODY, lb_result);
	lb_change_member(t, &(struct lb_member){ "10.0.1.3", 8080, .admin_down = true });
	lb_ask_new(rt, 1, 1);
	KUNIT_EXPECT_EQ(test, (int)MN_BALANCE_NOBODY, lb_result);
	lb_change_member(t, &lb_members[2]);
	lb_health(t, &lb_members[2], MIDONET_HEALTH_DOWN);
	lb_ask_new(rt, 1, 1);
	KUNIT_EXPECT_EQ(test, (int)MN_BALANCE_NOBODY, lb_result);
	lb_health(t, &lb_members[2], MIDONET_HEALTH_UP);
	KUNIT_EXPECT_EQ(test, 2, lb_ask_new(rt, 1, 1));
	topo_begin(t);
	lb_pool(t, MN_VERB_SET, POOL, LB, false);
	rt_committed(rt);
	lb_ask_new(rt, 1, 1);
	KUNIT_EXPECT_EQ(test, (int)MN_BALANCE_NONE, lb_result);
	topo_begin(t);
	lb_pool(t, MN_VERB_SET, POOL, LB, true);
	lb_balancer(t, MN_VERB_SET, LB, 1, false);
	rt_committed(rt);
	lb_ask_new(rt, 1, 1);
	KUNIT_EXPECT_EQ(test, (int)MN_BALANCE_NONE, lb_result);
}

/* What connections get, all of them. */

static u8 *ask_many(struct kunit *test, struct rt *rt)
{
	u8 *got = kunit_kzalloc(test, TUPLES, GFP_KERNEL);
	u32 i;

	KUNIT_ASSERT_NOT_NULL(test, got);
	for (i = 0; i < TUPLES; i++)
		got[i] = lb_ask_new(rt, 0xc0000200 + i / 1000, 1024 + i % 1000);
	return got;
}

static void expect_shares(struct kunit *test, const u8 *got, const u32 *weight)
{
	u32 n[LB_MEMBERS] = {}, i, sum = 0, want;

	for (i = 0; i < TUPLES; i++)
		n[got[i]]++;
	for (i = 0; i < LB_MEMBERS; i++)
		sum += weight[i];
	for (i = 0; i < LB_MEMBERS; i++) {
		want = TUPLES / sum * weight[i];
		KUNIT_EXPECT_LE_MSG(test, abs((int)(n[i] - want)),
				    (int)want / 50, "member %u: %u, not %u", i,
				    n[i], want);
	}
}

static void lb_shares(struct kunit *test)
{
	static const u32 even[] = { 1, 1, 1, 1 }, odd[] = { 1, 1, 3, 5 };
	struct rt *rt = test->priv;
	u8 *before, *after;
	u32 i, moved = 0;

	lb_make_all(rt, &lb_web);
	before = ask_many(test, rt);
	expect_shares(test, before, even);
	/* Who goes takes his own along, nobody else's. */
	lb_do_member(&rt->topo, MN_VERB_DEL, &lb_members[1]);
	after = ask_many(test, rt);
	for (i = 0; i < TUPLES; i++)
		moved += before[i] != after[i] && before[i] != 1;
	KUNIT_EXPECT_EQ(test, 0U, moved);
	/* And when he comes back, all is as it was. */
	lb_do_member(&rt->topo, MN_VERB_NEW, &lb_members[1]);
	after = ask_many(test, rt);
	KUNIT_EXPECT_EQ(test, 0, memcmp(before, after, TUPLES));
	/* A greater weight only takes. */
	lb_change_member(&rt->topo, &(struct lb_member){ "10.0.1.3", 8080, 3 });
	after = ask_many(test, rt);
	for (i = 0; i < TUPLES; i++)
		moved += before[i] != after[i] && after[i] != 2;
	KUNIT_EXPECT_EQ(test, 0U, moved);
	lb_change_member(&rt->topo, &(struct lb_member){ "10.0.1.3", 8081, 5 });
	expect_shares(test, ask_many(test, rt), odd);
}

/* What a connection has, it keeps, as long as that makes sense. */
static void lb_keeps(struct kunit *test)
{
	struct rt *rt = test->priv;
	struct topo *t = &rt->topo;
	int was, now, i;

	lb_make_all(rt, &lb_web);
	was = lb_ask_new(rt, 7, 7);
	now = (was + 1) % LB_MEMBERS;
	/* Not the one that it would get. */
	KUNIT_EXPECT_EQ(test, now, lb_ask(rt, &(struct lb_ask){ 7, 7, now }));
	/* Drained: what it has it keeps, what is new goes elsewhere. */
	lb_change_member(t, &(struct lb_member){ lb_members[now].addr,
			 lb_members[now].port, LB_WEIGHT_0 });
	KUNIT_EXPECT_EQ(test, now, lb_ask(rt, &(struct lb_ask){ 7, 7, now }));
	for (i = 0; i < 100; i++)
		KUNIT_EXPECT_NE(test, now, lb_ask_new(rt, 7, i));
	lb_change_member(t, &(struct lb_member){ lb_members[now].addr,
			 lb_members[now].port, .admin_down = true });
	KUNIT_EXPECT_EQ(test, now, lb_ask(rt, &(struct lb_ask){ 7, 7, now }));
	/* Down: only who cannot move stays. */
	lb_health(t, &lb_members[now], MIDONET_HEALTH_DOWN);
	KUNIT_EXPECT_EQ(test, now, lb_ask(rt, &(struct lb_ask){ 7, 7, now, true }));
	KUNIT_EXPECT_EQ(test, was, lb_ask(rt, &(struct lb_ask){ 7, 7, now }));
	/* Gone: nobody stays. */
	lb_do_member(t, MN_VERB_DEL, &lb_members[now]);
	KUNIT_EXPECT_EQ(test, was, lb_ask(rt, &(struct lb_ask){ 7, 7, now, true }));
	for (i = 0; i < LB_MEMBERS; i++) {
		if (i != now)
			lb_do_member(t, MN_VERB_DEL, &lb_members[i]);
	}
	KUNIT_EXPECT_EQ(test, -1, lb_ask(rt, &(struct lb_ask){ 7, 7, now, true }));
	KUNIT_EXPECT_EQ(test, (int)MN_BALANCE_NOBODY, lb_result);
}

/* Members of another pool are none of this one. */
static void lb_other_pool(struct kunit *test)
{
	struct rt *rt = test->priv;
	struct topo *t = &rt->topo;

	lb_make(t);
	lb_do_vip(t, MN_VERB_NEW, &lb_web);
	lb_do_member(t, MN_VERB_NEW, &lb_members[0]);
	topo_begin(t);
	lb_pool(t, MN_VERB_NEW, 2, LB, true);
	lb_member(t, MN_VERB_NEW, 2, &lb_members[1]);
	lb_member(t, MN_VERB_NEW, 2, &lb_members[0]);
	rt_committed(rt);
	KUNIT_EXPECT_EQ(test, 0, lb_ask(rt, &(struct lb_ask){ 7, 7, 1, true }));
	/* The VIP gets another pool. */
	topo_begin(t);
	lb_vip(t, MN_VERB_DEL, LB, &lb_web);
	lb_vip(t, MN_VERB_NEW, LB, &(struct lb_vip){ "10.0.0.100", 80, .pool = 2 });
	rt_committed(rt);
	KUNIT_EXPECT_EQ(test, 1, lb_ask(rt, &(struct lb_ask){ 7, 7, 1, true }));
}

/* Dependencies: would a flow of the last walk still be good? */
static bool still_true(struct rt *rt)
{
	u32 i;

	for (i = 0; i < rt->ctx->n_deps; i++) {
		if (mn_dep_read(rt->topo.mn, rt->ctx->deps[i].slot) !=
		    rt->ctx->deps[i].val)
			return false;
	}
	return rt->ctx->n_deps;
}

/*
 * How often a walk for an address has to be repeated when a VIP comes and goes:
 * counters are hashed, so once may be by chance.
 */
static int near(struct rt *rt, const char *addr, const char *vip)
{
	int n = 0;

	wants(rt, addr, 80, IPPROTO_TCP);
	lb_do_vip(&rt->topo, MN_VERB_NEW,
		  &(struct lb_vip){ vip, 80, .pool = POOL });
	n += !still_true(rt);
	wants(rt, addr, 80, IPPROTO_TCP);
	lb_do_vip(&rt->topo, MN_VERB_DEL, &(struct lb_vip){ vip, 80 });
	n += !still_true(rt);
	return n;
}

static void lb_deps(struct kunit *test)
{
	struct rt *rt = test->priv;
	struct topo *t = &rt->topo;

	lb_make_all(rt, &lb_web);
	lb_ask_new(rt, 7, 7);
	KUNIT_EXPECT_TRUE(test, still_true(rt));
	/* Unknown and up are the same to everybody. */
	lb_health(t, &lb_members[0], MIDONET_HEALTH_UP);
	KUNIT_EXPECT_TRUE(test, still_true(rt));
	lb_health(t, &lb_members[0], MIDONET_HEALTH_DOWN);
	KUNIT_EXPECT_FALSE(test, still_true(rt));
	lb_ask_new(rt, 7, 7);
	lb_health(t, &lb_members[0], MIDONET_HEALTH_UNKNOWN);
	KUNIT_EXPECT_FALSE(test, still_true(rt));
	lb_ask_new(rt, 7, 7);
	lb_change_member(t, &(struct lb_member){ "10.0.1.1", 8080, 9 });
	KUNIT_EXPECT_FALSE(test, still_true(rt));
	lb_ask_new(rt, 7, 7);
	lb_do_member(t, MN_VERB_DEL, &lb_members[3]);
	KUNIT_EXPECT_FALSE(test, still_true(rt));
	lb_ask_new(rt, 7, 7);
	topo_begin(t);
	lb_pool(t, MN_VERB_SET, POOL, LB, false);
	rt_committed(rt);
	KUNIT_EXPECT_FALSE(test, still_true(rt));
	/* A packet that is for no VIP, until there is one. */
	KUNIT_EXPECT_FALSE(test, wants(rt, "10.0.0.7", 80, IPPROTO_TCP));
	KUNIT_EXPECT_TRUE(test, still_true(rt));
	lb_do_vip(t, MN_VERB_NEW, &(struct lb_vip){ "10.0.0.7", 80, .pool = POOL });
	KUNIT_EXPECT_FALSE(test, still_true(rt));
	KUNIT_EXPECT_TRUE(test, wants(rt, "10.0.0.7", 80, IPPROTO_TCP));
	lb_do_vip(t, MN_VERB_DEL, &(struct lb_vip){ "10.0.0.7", 80 });
	KUNIT_EXPECT_FALSE(test, still_true(rt));
	/* There is 10.0.0.100: who shares less with that than with the other. */
	KUNIT_EXPECT_GE(test, near(rt, "11.0.0.1", "11.5.0.1"), 1);
	KUNIT_EXPECT_GE(test, near(rt, "10.0.1.1", "10.0.1.7"), 1);
	/* Who does not. */
	KUNIT_EXPECT_LE(test, near(rt, "11.0.0.1", "10.0.0.7"), 1);
	KUNIT_EXPECT_LE(test, near(rt, "10.0.0.8", "10.0.0.7"), 1);
	KUNIT_EXPECT_LE(test, near(rt, "10.0.0.8", "11.5.0.1"), 1);
	KUNIT_EXPECT_LE(test, near(rt, "fd00::1", "10.0.0.7"), 1);
	wants(rt, "10.0.0.100", 80, IPPROTO_TCP);
	topo_begin(t);
	lb_balancer(t, MN_VERB_SET, LB, 1, false);
	rt_committed(rt);
	KUNIT_EXPECT_FALSE(test, still_true(rt));
}

/* What a walk read: the client's port only if it decides. */
static void lb_masks(struct kunit *test)
{
	struct rt *rt = test->priv;
	const struct mn_flow_key *mask = &rt->ctx->mask;

	lb_make_all(rt, &lb_web);
	lb_ask_new(rt, 7, 7);
	KUNIT_EXPECT_EQ(test, 0xffffffffU, ntohl(mask->v4.src));
	KUNIT_EXPECT_EQ(test, (u16)0xffff, ntohs(mask->tp_src));
	KUNIT_EXPECT_EQ(test, 0xffffffffU, ntohl(mask->v4.dst));
	KUNIT_EXPECT_EQ(test, (u16)0xffff, ntohs(mask->tp_dst));
	topo_begin(&rt->topo);
	lb_vip(&rt->topo, MN_VERB_DEL, LB, &lb_web);
	lb_vip(&rt->topo, MN_VERB_NEW, LB, &lb_web_sticky);
	rt_committed(rt);
	lb_ask_new(rt, 7, 7);
	KUNIT_EXPECT_EQ(test, 0xffffffffU, ntohl(mask->v4.src));
	KUNIT_EXPECT_EQ(test, (u16)0, ntohs(mask->tp_src));
}

/* Packets are counted for the VIP, and go on being after a change of it. */
static void lb_counts(struct kunit *test)
{
	struct rt *rt = test->priv;
	struct topo *t = &rt->topo;
	struct mn_count *count;

	lb_make_all(rt, &lb_web);
	lb_ask_new(rt, 7, 7);
	KUNIT_ASSERT_EQ(test, 1, rt->ctx->n_counts);
	count = rt->ctx->counts[0];
	mn_count_add(count, 5, 500);
	topo_begin(t);
	lb_vip(t, MN_VERB_DEL, LB, &lb_web);
	lb_vip(t, MN_VERB_NEW, LB, &lb_web_sticky);
	rt_committed(rt);
	flush_work(&t->mn->grave_work);
	lb_ask_new(rt, 7, 7);
	KUNIT_ASSERT_EQ(test, 1, rt->ctx->n_counts);
	KUNIT_EXPECT_PTR_EQ(test, count, rt->ctx->counts[0]);
	KUNIT_EXPECT_EQ(test, 5LL, atomic64_read(&count->packets));
	KUNIT_EXPECT_EQ(test, 1U, refcount_read(&count->ref));
	/* Not what is for no VIP. */
	lb_do_vip(t, MN_VERB_DEL, &lb_web);
	lb_ask_new(rt, 7, 7);
	KUNIT_EXPECT_EQ(test, 0, rt->ctx->n_counts);
}

/* Traces say why. */

static void expect_trace(struct kunit *test, const struct lb_ask *a,
			 const char *words)
{
	struct mn_trace *trace = mn_trace_alloc(GFP_KERNEL);
	struct lb_ask traced = *a;
	const struct mn_step *step;
	bool found = false;
	int i;

	KUNIT_ASSERT_NOT_NULL(test, trace);
	trace->gfp = GFP_ATOMIC;
	traced.trace = trace;
	lb_ask(test->priv, &traced);
	for (i = 0; i < trace->n; i++) {
		step = &trace->pages[0][i];
		KUNIT_EXPECT_STREQ(test, "balance", step->what);
		KUNIT_EXPECT_STREQ(test, "r0", step->device);
		found |= !!strstr(step->text, words);
	}
	KUNIT_EXPECT_TRUE_MSG(test, found, "\"%s\" has not \"%s\"",
			      trace->n ? trace->pages[0][0].text : "", words);
	mn_trace_free(trace);
}

static void lb_traces(struct kunit *test)
{
	struct rt *rt = test->priv;
	struct topo *t = &rt->topo;
	const struct lb_ask new = { 7, 7, -1 }, old = { 7, 7, 0 };

	lb_make(t);
	lb_do_vip(t, MN_VERB_NEW, &lb_web_sticky);
	expect_trace(test, &new,
		     "vip 10.0.0.100:80/tcp, pool pool1: no member is up");
	lb_do_member(t, MN_VERB_NEW, &lb_members[0]);
	lb_do_member(t, MN_VERB_NEW,
		     &(struct lb_member){ "10.0.1.2", 8080, .admin_down = true });
	expect_trace(test, &new,
		     "vip 10.0.0.100:80/tcp, pool pool1: 10.0.1.1:8080, chosen of 1 of 2 members that are up");
	expect_trace(test, &old, "10.0.1.1:8080, kept by its connection");
	lb_ask(rt, &(struct lb_ask){ 7, 7, -1, .sent = true });
	expect_trace(test, &new, "10.0.1.1:8080, the client sticks to it");
	lb_health(t, &lb_members[0], MIDONET_HEALTH_DOWN);
	expect_trace(test, &old, "the connection's member, is down");
	expect_trace(test, &(struct lb_ask){ 7, 7, 0, true },
		     "10.0.1.1:8080, kept though it is down");
	expect_trace(test, &(struct lb_ask){ 7, 7, 1 },
		     "10.0.1.2:8080, kept by its connection; it gets no new ones");
	lb_do_member(t, MN_VERB_DEL, &lb_members[0]);
	expect_trace(test, &old, "the connection's member is no more in the pool");
	topo_begin(t);
	lb_pool(t, MN_VERB_SET, POOL, LB, false);
	rt_committed(rt);
	expect_trace(test, &new, "admin-up of the pool is false, so the VIP is not up");
}

static struct kunit_case lb_cases[] = {
	KUNIT_CASE(lb_wants),
	KUNIT_CASE(lb_random),
	KUNIT_CASE(lb_none),
	KUNIT_CASE(lb_shares),
	KUNIT_CASE(lb_keeps),
	KUNIT_CASE(lb_other_pool),
	KUNIT_CASE(lb_deps),
	KUNIT_CASE(lb_masks),
	KUNIT_CASE(lb_counts),
	KUNIT_CASE(lb_traces),
	{}
};

static struct kunit_suite lb_suite = {
	.name = "midonet-lb",
	.suite_init = lb_suite_init,
	.suite_exit = lb_suite_exit,
	.init = rt_init,
	.exit = rt_exit,
	.test_cases = lb_cases,
};

kunit_test_suite(lb_suite);
