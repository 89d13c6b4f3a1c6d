// SPDX-License-Identifier: GPL-2.0
/*
 * Clients that stick to members of pools.
 */
#include <linux/rhashtable.h>

#include "lb_ask.h"
#include "sim/trace.h"

static u32 n_sticky(struct rt *rt)
{
	return atomic_read(&rt->topo.mn->balance->sticky.table.nelems);
}

/* The work that is done by and by. */
static void sticky_work(struct rt *rt)
{
	struct delayed_work *dw = &rt->topo.mn->balance->sticky.work;

	mod_delayed_work(system_wq, dw, 0);
	flush_delayed_work(dw);
}

static void lb_sticky(struct kunit *test)
{
	struct rt *rt = test->priv;
	struct topo *t = &rt->topo;
	u32 i, moved = 0;
	u8 had[200];

	lb_make(t);
	lb_do_vip(t, MN_VERB_NEW, &lb_web_sticky);
	lb_do_member(t, MN_VERB_NEW, &lb_members[0]);
	lb_do_member(t, MN_VERB_NEW, &lb_members[1]);
	for (i = 0; i < ARRAY_SIZE(had); i++) {
		had[i] = lb_ask(rt, &(struct lb_ask){ i, 1, -1, .sent = true });
		KUNIT_EXPECT_EQ(test, 1, rt->ctx->n_touch);
		/* Whatever port he comes from. */
		KUNIT_EXPECT_EQ(test, had[i], lb_ask_new(rt, i, 1000 + i));
	}
	KUNIT_EXPECT_EQ(test, (u32)ARRAY_SIZE(had), n_sticky(rt));
	/* Members come: clients stay, new ones go there too. */
	lb_do_member(t, MN_VERB_NEW, &lb_members[2]);
	lb_do_member(t, MN_VERB_NEW, &lb_members[3]);
	for (i = 0; i < ARRAY_SIZE(had); i++) {
		KUNIT_EXPECT_EQ(test, had[i], lb_ask_new(rt, i, 2));
		moved += lb_ask_new(rt, 1000 + i, 2) > 1;
	}
	KUNIT_EXPECT_GT(test, moved, 60U);
	/* His member takes nobody new: he goes elsewhere, and stays there. */
	i = had[0];
	lb_change_member(t, &(struct lb_member){ lb_members[i].addr,
			 lb_members[i].port, .admin_down = true });
	KUNIT_EXPECT_NE(test, had[0], lb_ask_new(rt, 0, 3));
	had[0] = lb_ask(rt, &(struct lb_ask){ 0, 3, -1, .sent = true });
	lb_change_member(t, &lb_members[i]);
	KUNIT_EXPECT_EQ(test, had[0], lb_ask_new(rt, 0, 4));
	/* What an older connection sends does not call him back. */
	KUNIT_EXPECT_EQ(test, (int)i,
			lb_ask(rt, &(struct lb_ask){ 0, 1, i, .sent = true }));
	KUNIT_EXPECT_EQ(test, had[0], lb_ask_new(rt, 0, 5));
}

/* Time passes for a client that was seen. */
static void pass(struct rt *rt, u32 client, u32 seconds)
{
	struct mn_used *used;

	lb_ask(rt, &(struct lb_ask){ client, 1, -1, .sent = true });
	KUNIT_ASSERT_EQ(rt->topo.test, 1, rt->ctx->n_touch);
	used = rt->ctx->touch[0];
	used->used -= seconds * HZ;
}

static void lb_sticky_ages(struct kunit *test)
{
	struct rt *rt = test->priv;
	struct topo *t = &rt->topo;
	struct mn_used *held;

	lb_make(t);
	lb_do_vip(t, MN_VERB_NEW, &lb_web_sticky);
	lb_do_member(t, MN_VERB_NEW, &lb_members[0]);
	pass(rt, 1, 59);
	pass(rt, 2, 75);
	pass(rt, 3, 75);
	held = rt->ctx->touch[0];
	/* A flow keeps the third alive. */
	KUNIT_EXPECT_TRUE(test, refcount_inc_not_zero(&held->ref));
	mn_used_touch(held, jiffies);
	KUNIT_EXPECT_EQ(test, 3U, n_sticky(rt));
	/* One that nearly everybody would choose. */
	lb_do_member(t, MN_VERB_NEW, &(struct lb_member){ "10.0.1.2", 8080, 65535 });
	KUNIT_EXPECT_EQ(test, 0, lb_ask_new(rt, 1, 2));
	KUNIT_EXPECT_EQ(test, 1, lb_ask_new(rt, 2, 2));
	KUNIT_EXPECT_EQ(test, 0, lb_ask_new(rt, 3, 2));
	sticky_work(rt);
	KUNIT_EXPECT_EQ(test, 2U, n_sticky(rt));
	/* It is gone from the table, but counts as long as the flow has it. */
	held->used -= 75 * HZ;
	sticky_work(rt);
	rcu_barrier();
	KUNIT_EXPECT_EQ(test, 1U, n_sticky(rt));
	KUNIT_EXPECT_EQ(test, 2U, rt->topo.mn->balance->sticky.n);
	mn_used_put(held);
	KUNIT_EXPECT_EQ(test, 1U, rt->topo.mn->balance->sticky.n);
}

/* A trace says who it would be, and remembers nobody. */
static void lb_sticky_trace(struct kunit *test)
{
	struct mn_trace *trace = mn_trace_alloc(GFP_KERNEL);
	const struct lb_ask a = { 9, 9, -1, .sent = true, .trace = trace };
	struct rt *rt = test->priv;

	KUNIT_ASSERT_NOT_NULL(test, trace);
	trace->gfp = GFP_ATOMIC;
	lb_make_all(rt, &lb_web_sticky);
	KUNIT_EXPECT_GE(test, lb_ask(rt, &a), 0);
	KUNIT_EXPECT_EQ(test, 0U, n_sticky(rt));
	KUNIT_EXPECT_EQ(test, 0, rt->ctx->n_touch);
	mn_trace_free(trace);
}

/* Full: the oldest give way, and no more memory is taken. */
static void lb_sticky_full(struct kunit *test)
{
	struct rt *rt = test->priv;
	struct mn_stickies *s;
	u32 i, n;
	u64 evicted;

	lb_make_all(rt, &lb_web_sticky);
	s = &rt->topo.mn->balance->sticky;
	rt->topo.mn->limits.sticky_max = 64;
	for (i = 0; i < 64; i++)
		pass(rt, i, 30 - i / 3);
	for (i = 64; i < 400; i++) {
		lb_ask(rt, &(struct lb_ask){ i, 1, -1, .sent = true });
		KUNIT_ASSERT_LE(test, s->n, 64U);
		if (i % 4 == 0)
			rcu_barrier();
	}
	KUNIT_EXPECT_GE(test, n_sticky(rt), 56U);
	rcu_barrier();
	mn_balance_count(rt->topo.mn, &n, &evicted);
	KUNIT_EXPECT_EQ(test, n_sticky(rt), n);
	KUNIT_EXPECT_GT(test, evicted, 300ULL);
}

/* Who came by that port, as it may be. */
static u32 came(const struct rt *rt, u32 port, u32 first, u32 n)
{
	struct mn_stickies *s = &rt->topo.mn->balance->sticky;
	struct mn_sticky_key key = {};
	u32 i, found = 0;
	u64 member;

	key.vip[0] = port;
	for (i = first; i < first + n; i++) {
		key.client.s6_addr32[0] = htonl(i);
		rcu_read_lock();
		found += mn_sticky_find(s, &key, &member);
		rcu_read_unlock();
	}
	return found;
}

static struct mn_used *note(struct rt *rt, u32 port, u32 client)
{
	struct mn_sticky_key key = {};
	struct mn_used *used;

	key.vip[0] = port;
	key.client.s6_addr32[0] = htonl(client);
	local_bh_disable();
	rcu_read_lock();
	used = mn_sticky_note(&rt->topo.mn->balance->sticky, &key, 1, 60, port,
			      true);
	if (used)
		refcount_inc(&used->ref);
	rcu_read_unlock();
	local_bh_enable();
	return used;
}

/* Notes clients of a port that nobody holds; how many were remembered. */
static u32 crowd(struct rt *rt, u32 port, u32 first, u32 n)
{
	struct mn_used *used;
	u32 i, noted = 0;

	for (i = first; i < first + n; i++) {
		used = note(rt, port, i);
		noted += !!used;
		if (used)
			mn_used_put(used);
		rcu_barrier();
	}
	return noted;
}

/* A port at its limit replaces its own, and only those. */
static void lb_sticky_shares(struct kunit *test)
{
	struct rt *rt = test->priv;
	struct mn_stickies *s = &rt->topo.mn->balance->sticky;
	struct mn_used *held[40];
	u32 i, n = 0;

	rt->topo.mn->limits.sticky_max = 100;
	rt->topo.mn->limits.sticky_per_port = 32;
	KUNIT_EXPECT_EQ(test, 20U, crowd(rt, 1, 0, 20));
	KUNIT_EXPECT_EQ(test, 300U, crowd(rt, 2, 0, 300));
	KUNIT_EXPECT_EQ(test, 20U, came(rt, 1, 0, 20));
	KUNIT_EXPECT_EQ(test, 30U, came(rt, 2, 0, 300));
	/* Those that flows hold count, though they are out. */
	for (i = 0; i < ARRAY_SIZE(held); i++) {
		held[n] = note(rt, 3, i);
		n += !!held[n];
		rcu_barrier();
	}
	KUNIT_EXPECT_EQ(test, 32U, n);
	KUNIT_EXPECT_PTR_EQ(test, NULL, note(rt, 3, 1000));
	KUNIT_EXPECT_EQ(test, 20U, came(rt, 1, 0, 20));
	/* A full table: who has some replaces his own, who has none, anybody's. */
	rt->topo.mn->limits.sticky_per_port = 1000;
	i = came(rt, 2, 0, 300) + came(rt, 3, 0, 40);
	KUNIT_EXPECT_EQ(test, 200U, crowd(rt, 1, 20, 200));
	KUNIT_EXPECT_EQ(test, i, came(rt, 2, 0, 300) + came(rt, 3, 0, 40));
	KUNIT_EXPECT_EQ(test, 1U, crowd(rt, 4, 0, 1));
	KUNIT_EXPECT_EQ(test, 1U, came(rt, 4, 0, 1));
	while (n--)
		mn_used_put(held[n]);
	KUNIT_EXPECT_LE(test, s->n, 100U);
}

static struct kunit_case lb_sticky_cases[] = {
	KUNIT_CASE(lb_sticky),
	KUNIT_CASE(lb_sticky_ages),
	KUNIT_CASE(lb_sticky_trace),
	KUNIT_CASE(lb_sticky_full),
	KUNIT_CASE(lb_sticky_shares),
	{}
};

static struct kunit_suite lb_sticky_suite = {
	.name = "midonet-lb-sticky",
	.suite_init = lb_suite_init,
	.suite_exit = lb_suite_exit,
	.init = rt_init,
	.exit = rt_exit,
	.test_cases = lb_sticky_cases,
};

kunit_test_suite(lb_sticky_suite);
