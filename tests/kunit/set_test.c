// SPDX-License-Identifier: GPL-2.0
/*
 * ip-sets against a list that is searched from end to end.
 */
#include <kunit/test.h>
#include <linux/prandom.h>
#include <linux/slab.h>

#include "policy/set.h"
#include "sim/ctx.h"
#include "topology.h"

#define POOL	64	/* prefixes there are */
#define COMMITS	60
#define QUERIES	200

struct prefix {
	u8 len;
	u8 d[17];
	bool in;
};

struct sets {
	struct topo t;
	struct rnd_state rnd;
	struct mn_ctx ctx;
	struct mn_set *set;
	struct prefix pool[POOL];
};

static u32 below(struct sets *s, u32 n)
{
	return prandom_u32_state(&s->rnd) % n;
}

static void random_address(struct sets *s, u8 *a, u8 len)
{
	u8 i;

	for (i = 0; i < len; i++)
		a[i] = below(s, 3) ? 0 : below(s, 3) << 6;
}

static bool covers(const struct prefix *p, const u8 *a, u8 len)
{
	int i;

	if (p->len != len + 1)
		return false;
	for (i = 0; i < p->d[0]; i++) {
		if ((p->d[1 + i / 8] ^ a[i / 8]) & (0x80 >> (i % 8)))
			return false;
	}
	return true;
}

static bool same_prefix(const struct prefix *a, const struct prefix *b)
{
	return a->len == b->len && a->d[0] == b->d[0] &&
	       covers(a, &b->d[1], b->len - 1);
}

/* Different prefixes, host bits and all. */
static void make_pool(struct sets *s)
{
	int i, j;

	for (i = 0; i < POOL; i++) {
		struct prefix *p = &s->pool[i];

		do {
			p->len = below(s, 2) ? 5 : 17;
			p->d[0] = below(s, (p->len - 1) * 8 + 1);
			if (below(s, 2))
				p->d[0] = min_t(u8, p->d[0], 5);
			random_address(s, &p->d[1], p->len - 1);
			for (j = 0; j < i; j++) {
				if (same_prefix(p, &s->pool[j]))
					break;
			}
		} while (j < i);
	}
}

static bool naive(const struct sets *s, const u8 *a, u8 len)
{
	int i;

	for (i = 0; i < POOL; i++) {
		if (s->pool[i].in && covers(&s->pool[i], a, len))
			return true;
	}
	return false;
}

static bool ask(struct sets *s, const u8 *a, u8 len, u64 generation, u8 *plen)
{
	bool has;

	local_bh_disable();
	rcu_read_lock();
	s->ctx.mn = s->t.mn;
	s->ctx.generation = generation;
	s->ctx.cacheable = false;
	has = mn_set_has(&s->ctx, s->set, len == 4 ? AF_INET : AF_INET6, a,
			 plen);
	rcu_read_unlock();
	local_bh_enable();
	return has;
}

static void setup(struct sets *s, struct kunit *test)
{
	prandom_seed_state(&s->rnd, topo_seed(test));
	make_pool(s);
	topo_begin(&s->t);
	topo_new(&s->t, MIDONET_OBJECT_TYPE_IP_SET, 1, "kunit-s");
	KUNIT_ASSERT_EQ(test, 0, topo_commit(&s->t, false));
	s->set = mn_set_of(topo_obj(&s->t, MIDONET_OBJECT_TYPE_IP_SET, 1));
}

static void stage(struct sets *s, u8 verb, const struct prefix *p)
{
	topo_op(&s->t);
	topo_put_id(&s->t, MIDONET_A_PARENT, MIDONET_OBJECT_TYPE_IP_SET, 1);
	nla_put(s->t.msg, MIDONET_A_MEMBERS, p->len, p->d);
	topo_stage(&s->t, MIDONET_OBJECT_TYPE_IP_SET_MEMBER, verb);
}

static u32 in_pool(const struct sets *s)
{
	u32 i, n = 0;

	for (i = 0; i < POOL; i++)
		n += s->pool[i].in;
	return n;
}

static void random_commit(struct sets *s, struct kunit *test)
{
	int i, n = 1 + below(s, 12);

	topo_begin(&s->t);
	for (i = 0; i < n; i++) {
		struct prefix *p = &s->pool[below(s, POOL)];

		/* Adding twice is no error. */
		if (p->in && below(s, 4)) {
			stage(s, MN_VERB_DEL, p);
			p->in = false;
		} else {
			stage(s, MN_VERB_NEW, p);
			p->in = true;
		}
	}
	KUNIT_ASSERT_EQ_MSG(test, 0, topo_commit(&s->t, false), "%s",
			    s->t.error);
	KUNIT_EXPECT_EQ(test, in_pool(s), s->set->n);
}

/* The answer, and that it depends on no more bits than it says. */
static void query(struct sets *s, struct kunit *test)
{
	u64 generation = mn_net_generation(s->t.mn);
	u8 len = below(s, 2) ? 4 : 16, a[16], plen, plen2;
	bool has;
	int i;

	random_address(s, a, len);
	has = ask(s, a, len, generation, &plen);
	KUNIT_ASSERT_EQ_MSG(test, naive(s, a, len), has, "%*ph", len, a);
	for (i = plen; i < len * 8; i++)
		a[i / 8] ^= below(s, 2) ? 0x80 >> (i % 8) : 0;
	KUNIT_ASSERT_EQ_MSG(test, naive(s, a, len), has, "%*ph/%u", len, a,
			    plen);
	KUNIT_ASSERT_EQ(test, has, ask(s, a, len, generation, &plen2));
	KUNIT_ASSERT_EQ(test, plen, plen2);
}

static void test_random(struct kunit *test)
{
	struct sets *s = test->priv;
	int i, j;

	setup(s, test);
	for (i = 0; i < COMMITS; i++) {
		random_commit(s, test);
		for (j = 0; j < QUERIES; j++)
			query(s, test);
		/* With and without what still waits in the grave. */
		if (i % 2)
			flush_work(&s->t.mn->grave_work);
		cond_resched();
	}
}

static const struct prefix ten = { .len = 5, .d = { 8, 10 } };
static const u8 ten_one[] = { 10, 0, 0, 1 };

static bool has_ten(struct sets *s, u64 generation)
{
	u8 plen;

	return ask(s, ten_one, 4, generation, &plen);
}

/* A member is there from the generation it is born in to that it dies in. */
static void test_generations(struct kunit *test)
{
	struct sets *s = test->priv;
	struct mn_member *m;
	u64 born;

	setup(s, test);
	topo_begin(&s->t);
	stage(s, MN_VERB_NEW, &ten);
	KUNIT_EXPECT_EQ(test, 0, topo_commit(&s->t, true));
	KUNIT_EXPECT_FALSE(test, has_ten(s, U64_MAX - 1));

	topo_begin(&s->t);
	stage(s, MN_VERB_NEW, &ten);
	KUNIT_ASSERT_EQ(test, 0, topo_commit(&s->t, false));
	born = s->t.mn->generation;
	KUNIT_EXPECT_FALSE(test, has_ten(s, born - 1));
	KUNIT_EXPECT_TRUE(test, has_ten(s, born));
	KUNIT_EXPECT_TRUE(test, has_ten(s, born + 7));

	/* As a commit leaves it until its readers are gone. */
	m = list_first_entry(&s->set->members, struct mn_member,
			     siblings);
	WRITE_ONCE(m->entry.died, born + 5);
	KUNIT_EXPECT_TRUE(test, has_ten(s, born + 4));
	KUNIT_EXPECT_FALSE(test, has_ten(s, born + 5));
	WRITE_ONCE(m->entry.died, U64_MAX);

	/* Removed and added by one commit: it stays. */
	topo_begin(&s->t);
	stage(s, MN_VERB_DEL, &ten);
	stage(s, MN_VERB_NEW, &ten);
	KUNIT_EXPECT_EQ(test, 0, topo_commit(&s->t, false));
	KUNIT_EXPECT_EQ(test, born, s->t.mn->generation);
	KUNIT_EXPECT_TRUE(test, has_ten(s, born));

	topo_begin(&s->t);
	stage(s, MN_VERB_DEL, &ten);
	KUNIT_EXPECT_EQ(test, 0, topo_commit(&s->t, false));
	KUNIT_EXPECT_FALSE(test, has_ten(s, born + 1));
}

static void test_refusals(struct kunit *test)
{
	struct sets *s = test->priv;
	static const struct prefix long6 = { .len = 17, .d = { 129 } };
	static const struct prefix odd = { .len = 9, .d = { 8, 10 } };
	static const struct prefix six = {
		.len = 17, .d = { 32, 0x20, 1, 0xd, 0xb8, 1 },
	};
	u32 max;

	setup(s, test);
	topo_begin(&s->t);
	topo_new(&s->t, MIDONET_OBJECT_TYPE_IP_SET, 2, "kunit-s");
	KUNIT_EXPECT_EQ(test, -EEXIST, topo_commit(&s->t, false));
	KUNIT_EXPECT_STREQ(test,
			   "ip-set kunit-s exists already, with another id",
			   s->t.error);
	topo_begin(&s->t);
	stage(s, MN_VERB_DEL, &ten);
	KUNIT_EXPECT_EQ(test, -ENOENT, topo_commit(&s->t, false));
	KUNIT_EXPECT_STREQ(test, "ip-set kunit-s: no member 10.0.0.0/8",
			   s->t.error);
	topo_begin(&s->t);
	stage(s, MN_VERB_DEL, &six);
	KUNIT_EXPECT_EQ(test, -ENOENT, topo_commit(&s->t, false));
	KUNIT_EXPECT_STREQ(test, "ip-set kunit-s: no member 2001:db8::/32",
			   s->t.error);
	topo_begin(&s->t);
	stage(s, MN_VERB_NEW, &long6);
	KUNIT_EXPECT_EQ(test, -EINVAL, topo_commit(&s->t, false));
	topo_begin(&s->t);
	stage(s, MN_VERB_NEW, &odd);
	KUNIT_EXPECT_EQ(test, -EINVAL, topo_commit(&s->t, false));

	flush_work(&s->t.mn->grave_work);
	max = s->t.mn->limits.set_members_max;
	s->t.mn->limits.set_members_max = s->t.mn->n_members + 1;
	topo_begin(&s->t);
	stage(s, MN_VERB_NEW, &ten);
	stage(s, MN_VERB_NEW, &six);
	KUNIT_EXPECT_EQ(test, -ENOSPC, topo_commit(&s->t, false));
	s->t.mn->limits.set_members_max = max;
	KUNIT_EXPECT_FALSE(test, has_ten(s, U64_MAX - 1));
}

static int set_init(struct kunit *test)
{
	struct sets *s = kunit_kzalloc(test, sizeof(*s), GFP_KERNEL);

	test->priv = s;
	return s ? topo_init(&s->t, test) : -ENOMEM;
}

static void set_exit(struct kunit *test)
{
	struct sets *s = test->priv;

	if (s)
		topo_exit(&s->t);
}

static struct kunit_case set_cases[] = {
	KUNIT_CASE(test_random),
	KUNIT_CASE(test_generations),
	KUNIT_CASE(test_refusals),
	{}
};

static struct kunit_suite set_suite = {
	.name = "midonet-set",
	.init = set_init,
	.exit = set_exit,
	.test_cases = set_cases,
};

kunit_test_suite(set_suite);
