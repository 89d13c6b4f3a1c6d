// SPDX-License-Identifier: GPL-2.0
/*
 * Longest prefix match against a list that is searched from end to end, and
 * against readers that run at the same time.
 */
#include <kunit/test.h>
#include <linux/kthread.h>
#include <linux/module.h>
#include <linux/prandom.h>
#include <linux/rculist.h>
#include <linux/slab.h>

#include "l3/lpm.h"
#include "l3/route.h"
#include "topology.h"

#define POOL	400	/* prefixes there are */
#define CHANGES	5000
#define RUN_MS	300

/**
 * struct item - a prefix of the pool
 * @link: in its node, if @in
 * @key: prefix
 * @plen: length
 * @in: it is in the trie
 */
struct item {
	struct hlist_node link;
	__be32 key[4];
	u8 plen;
	bool in;
};

/**
 * struct lpms - a trie and what is to be in it
 * @lpm: trie
 * @rnd: random numbers
 * @pool: prefixes, all different
 * @limbo: nodes that were taken out and wait for readers
 * @n_limbo: number of @limbo
 * @changes: changes the writer made
 */
struct lpms {
	struct mn_lpm lpm;
	struct rnd_state rnd;
	struct item pool[POOL];
	struct mn_lpm_node *limbo[256];
	u32 n_limbo;
	u32 changes;
};

static u32 below(struct rnd_state *rnd, u32 n)
{
	return prandom_u32_state(rnd) % n;
}

/* Bits that are mostly alike, so that prefixes nest and fork. */
static void random_key(struct rnd_state *rnd, __be32 *key, u32 words)
{
	u32 i, x;

	for (i = 0; i < words; i++) {
		x = below(rnd, 3) ? 0 : prandom_u32_state(rnd);
		if (below(rnd, 2))
			x &= prandom_u32_state(rnd);
		key[i] = htonl(below(rnd, 8) ? x : ~0U);
	}
}

static void cut(__be32 *key, u8 plen)
{
	u32 i;

	for (i = 0; i < 128; i++) {
		if (i >= plen)
			key[i / 32] &= ~htonl(BIT(31 - i % 32));
	}
}

static bool contains(const struct item *p, const __be32 *addr)
{
	u32 i;

	for (i = 0; i < p->plen; i++) {
		if ((p->key[i / 32] ^ addr[i / 32]) & htonl(BIT(31 - i % 32)))
			return false;
	}
	return true;
}

static bool in_pool(const struct lpms *s, const struct item *p, u32 n)
{
	u32 i;

	for (i = 0; i < n; i++) {
		if (s->pool[i].plen == p->plen && contains(&s->pool[i], p->key))
			return true;
	}
	return false;
}

static void make_pool(struct lpms *s)
{
	u32 words = mn_lpm_words(s->lpm.family), max = 32 * words, i;
	struct item *p;

	memset(s->pool, 0, sizeof(s->pool));
	for (i = 0; i < POOL; i++) {
		p = &s->pool[i];
		do {
			random_key(&s->rnd, p->key, words);
			p->plen = below(&s->rnd, max + 1);
			if (!below(&s->rnd, 8))
				p->plen = below(&s->rnd, 2) ? max : 0;
			cut(p->key, p->plen);
		} while (in_pool(s, p, i));
	}
}

static void setup(struct lpms *s, u8 family, u32 seed)
{
	prandom_seed_state(&s->rnd, seed);
	s->lpm.family = family;
	s->lpm.root = NULL;
	make_pool(s);
}

static void empty_limbo(struct lpms *s)
{
	struct mn_lpm_node *dead[2] = {};

	if (!s->n_limbo)
		return;
	synchronize_rcu();
	while (s->n_limbo) {
		dead[0] = s->limbo[--s->n_limbo];
		mn_lpm_free(s->lpm.family, dead);
	}
}

static void take_out(struct lpms *s, struct item *p)
{
	struct mn_lpm_node *dead[2];
	int i;

	hlist_del_rcu(&p->link);
	mn_lpm_del(&s->lpm, p->key, p->plen, dead);
	p->in = false;
	if (s->n_limbo + 2 > ARRAY_SIZE(s->limbo))
		empty_limbo(s);
	for (i = 0; i < 2; i++) {
		if (dead[i])
			s->limbo[s->n_limbo++] = dead[i];
	}
}

static bool put_in(struct lpms *s, struct item *p)
{
	struct mn_lpm_node *node = mn_lpm_add(&s->lpm, p->key, p->plen);

	if (!node)
		return false;
	hlist_add_head_rcu(&p->link, &node->items);
	p->in = true;
	return true;
}

static void take_out_all(struct lpms *s)
{
	u32 i;

	for (i = 0; i < POOL; i++) {
		if (s->pool[i].in)
			take_out(s, &s->pool[i]);
	}
	empty_limbo(s);
}

/* Prefixes of the list that contain an address; the longest into @best. */
static u32 naive(const struct lpms *s, const __be32 *addr,
		 const struct item **best)
{
	const struct item *p;
	u32 i, n = 0;

	*best = NULL;
	for (i = 0; i < POOL; i++) {
		p = &s->pool[i];
		if (!p->in || !contains(p, addr))
			continue;
		n++;
		if (!*best || p->plen > (*best)->plen)
			*best = p;
	}
	return n;
}

static const struct item *item_of(const struct mn_lpm_node *node)
{
	return hlist_entry(node->items.first, struct item, link);
}

/* All that contains the address, the longest first; in parts if it is a lot. */
static void check_path(struct kunit *test, struct lpms *s, const __be32 *addr)
{
	const struct item *best, *p;
	u32 n, i, found = 0, last = 129, limit = 129;
	struct mn_lpm_path path;

	n = naive(s, addr, &best);
	do {
		mn_lpm_find(&s->lpm, addr, limit, &path);
		for (i = 0; i < mn_lpm_path_kept(&path); i++) {
			p = item_of(mn_lpm_path_at(&path, i));
			if (!found++)
				KUNIT_ASSERT_PTR_EQ(test, p, best);
			KUNIT_ASSERT_TRUE(test, p->in && contains(p, addr));
			KUNIT_ASSERT_LT(test, p->plen, last);
			last = p->plen;
			limit = p->plen;
		}
	} while (path.n > MN_LPM_PATH);
	KUNIT_ASSERT_EQ(test, n, found);
}

/* What shares the bits that decided goes the same way. */
static void check_bits(struct kunit *test, struct lpms *s, const __be32 *addr)
{
	u32 words = mn_lpm_words(s->lpm.family), bits, i;
	const struct item *best, *other;
	struct mn_lpm_path path;
	__be32 near[4] = {};

	bits = mn_lpm_find(&s->lpm, addr, 129, &path);
	KUNIT_ASSERT_LE(test, bits, 32 * words);
	memcpy(near, addr, words * sizeof(*near));
	for (i = bits; i < 32 * words; i++) {
		if (below(&s->rnd, 2))
			near[i / 32] ^= htonl(BIT(31 - i % 32));
	}
	KUNIT_ASSERT_EQ(test, naive(s, addr, &best), naive(s, near, &other));
	KUNIT_ASSERT_PTR_EQ(test, best, other);
}

static int before(const struct mn_lpm_node *a, const struct mn_lpm_node *b,
		  u32 words)
{
	return memcmp(a->key, b->key, words * sizeof(*a->key)) ?:
	       (int)a->plen - b->plen;
}

/* In order, none missing, and no node without need. */
static void check_shape(struct kunit *test, struct lpms *s)
{
	u32 words = mn_lpm_words(s->lpm.family), i, in = 0, n = 0, nodes = 0;
	const struct mn_lpm_node *node, *last = NULL;

	for (i = 0; i < POOL; i++) {
		in += s->pool[i].in;
		node = mn_lpm_exact(&s->lpm, s->pool[i].key, s->pool[i].plen);
		KUNIT_ASSERT_EQ(test, s->pool[i].in,
				node && !hlist_empty(&node->items));
	}
	for (node = mn_lpm_first(&s->lpm); node;
	     node = mn_lpm_next(&s->lpm, node->key, node->plen)) {
		nodes++;
		if (last)
			KUNIT_ASSERT_LT(test, before(last, node, words), 0);
		last = node;
		if (!hlist_empty(&node->items))
			n++;
		else
			KUNIT_ASSERT_TRUE(test, node->child[0] &&
					  node->child[1]);
	}
	KUNIT_ASSERT_EQ(test, in, n);
	if (in)
		KUNIT_ASSERT_LT(test, nodes, 2 * in);
	else
		KUNIT_ASSERT_EQ(test, 0U, nodes);
}

/* From any prefix, whether it is in the trie or not. */
static void check_next(struct kunit *test, struct lpms *s, const struct item *p)
{
	u32 words = mn_lpm_words(s->lpm.family), i;
	const struct mn_lpm_node *node = mn_lpm_next(&s->lpm, p->key, p->plen);
	const struct item *q, *first = NULL;
	int diff;

	while (node && hlist_empty(&node->items))
		node = mn_lpm_next(&s->lpm, node->key, node->plen);
	for (i = 0; i < POOL; i++) {
		q = &s->pool[i];
		diff = memcmp(q->key, p->key, words * sizeof(*q->key)) ?:
		       (int)q->plen - p->plen;
		if (!q->in || diff <= 0)
			continue;
		diff = !first ? -1 :
		       memcmp(q->key, first->key, words * sizeof(*q->key)) ?:
		       (int)q->plen - first->plen;
		if (diff < 0)
			first = q;
	}
	KUNIT_ASSERT_PTR_EQ(test, first, node ? item_of(node) : NULL);
}

static void random_run(struct kunit *test, u8 family, u32 seed)
{
	struct lpms *s = test->priv;
	u32 words, i, n;
	__be32 addr[4];
	struct item *p;

	setup(s, family, seed);
	words = mn_lpm_words(family);
	for (i = 0; i < CHANGES; i++) {
		p = &s->pool[below(&s->rnd, POOL)];
		/* Sometimes it fills, sometimes it drains. */
		n = i / 500 % 2 ? 3 : 1;
		if (p->in && below(&s->rnd, 4) >= n)
			take_out(s, p);
		else if (!p->in && below(&s->rnd, 4) < n)
			KUNIT_ASSERT_TRUE(test, put_in(s, p));
		random_key(&s->rnd, addr, words);
		if (below(&s->rnd, 2))
			memcpy(addr, s->pool[below(&s->rnd, POOL)].key,
			       words * sizeof(*addr));
		check_path(test, s, addr);
		check_bits(test, s, addr);
		if (i % 100)
			continue;
		check_shape(test, s);
		check_next(test, s, &s->pool[below(&s->rnd, POOL)]);
		cond_resched();
	}
	take_out_all(s);
	check_shape(test, s);
}

static void test_v4(struct kunit *test)
{
	random_run(test, AF_INET, 4);
	random_run(test, AF_INET, 44);
}

static void test_v6(struct kunit *test)
{
	random_run(test, AF_INET6, 6);
	random_run(test, AF_INET6, 66);
}

/* A prefix of every length, all nested: more than a path remembers. */
static void test_deep(struct kunit *test)
{
	struct lpms *s = test->priv;
	__be32 addr[4];
	u32 i;

	setup(s, AF_INET6, 1);
	memset(addr, 0xff, sizeof(addr));
	for (i = 0; i <= 128; i++) {
		memcpy(s->pool[i].key, addr, sizeof(addr));
		s->pool[i].plen = i;
		cut(s->pool[i].key, i);
		KUNIT_ASSERT_TRUE(test, put_in(s, &s->pool[i]));
	}
	check_path(test, s, addr);
	addr[3] = htonl(0xfffffff0);
	check_path(test, s, addr);
	addr[1] = 0;
	check_path(test, s, addr);
	take_out_all(s);
	check_shape(test, s);
}

/* Odd prefixes come and go; the even ones stay. */
static int writer(void *arg)
{
	struct lpms *s = arg;
	struct rnd_state rnd;
	struct item *p;

	prandom_seed_state(&rnd, 5);
	while (!kthread_should_stop()) {
		p = &s->pool[below(&rnd, POOL / 2) * 2 + 1];
		if (p->in)
			take_out(s, p);
		else
			put_in(s, p);
		WRITE_ONCE(s->changes, s->changes + 1);
		cond_resched();
	}
	return 0;
}

/* Is the prefix, which stays, on the way to its own address? */
static bool finds(const struct lpms *s, const struct item *p)
{
	u32 i, n, limit = 129;
	struct mn_lpm_path path;
	bool found = false;

	rcu_read_lock();
	do {
		mn_lpm_find(&s->lpm, p->key, limit, &path);
		n = mn_lpm_path_kept(&path);
		for (i = 0; i < n; i++) {
			limit = mn_lpm_path_at(&path, i)->plen;
			found |= limit == p->plen;
		}
	} while (path.n > MN_LPM_PATH);
	rcu_read_unlock();
	return found;
}

static void race(struct kunit *test, u8 family)
{
	struct lpms *s = test->priv;
	struct task_struct *task;
	u32 i, lost = 0, rounds = 0;
	unsigned long end;

	setup(s, family, 7);
	for (i = 0; i < POOL; i += 2)
		KUNIT_ASSERT_TRUE(test, put_in(s, &s->pool[i]));
	s->changes = 0;
	task = kthread_run(writer, s, "lpm_writer");
	KUNIT_ASSERT_FALSE(test, IS_ERR(task));
	end = jiffies + msecs_to_jiffies(RUN_MS);
	while (time_before(jiffies, end)) {
		for (i = 0; i < POOL; i += 2)
			lost += !finds(s, &s->pool[i]);
		rounds++;
		cond_resched();
	}
	kthread_stop(task);
	kunit_info(test, "%u look-ups beside %u changes\n", rounds * POOL / 2,
		   s->changes);
	KUNIT_EXPECT_EQ(test, 0U, lost);
	KUNIT_EXPECT_GT(test, s->changes, 0U);
	take_out_all(s);
	check_shape(test, s);
}

static void test_race(struct kunit *test)
{
	race(test, AF_INET);
	race(test, AF_INET6);
}

static int lpm_init(struct kunit *test)
{
	test->priv = kunit_kzalloc(test, sizeof(struct lpms), GFP_KERNEL);
	return test->priv ? 0 : -ENOMEM;
}

/* Some kernels run suites before the module's init, some after it. */
static bool own_caches;

static int lpm_suite_init(struct kunit_suite *suite)
{
	own_caches = THIS_MODULE->state == MODULE_STATE_COMING;
	return own_caches ? mn_lpm_caches_create() : 0;
}

static void lpm_suite_exit(struct kunit_suite *suite)
{
	if (own_caches)
		mn_lpm_caches_destroy();
}

static struct kunit_case lpm_cases[] = {
	KUNIT_CASE(test_v4),
	KUNIT_CASE(test_v6),
	KUNIT_CASE(test_deep),
	KUNIT_CASE(test_race),
	{}
};

static struct kunit_suite lpm_suite = {
	.name = "midonet-lpm",
	.init = lpm_init,
	.suite_init = lpm_suite_init,
	.suite_exit = lpm_suite_exit,
	.test_cases = lpm_cases,
};

kunit_test_suite(lpm_suite);
