// SPDX-License-Identifier: GPL-2.0
/*
 * Weighted highest random weight: the logarithm, and what follows from it.
 */
#include <kunit/test.h>
#include <linux/prandom.h>

#include "balance/hrw.h"

#define DRAWS	100000
#define MOST	8

/* -log2(hash / 2^64) in units of 2^-31, bit by bit. */
static u64 naive_cost(u64 hash)
{
	u32 zeros = 63 - __fls(hash | 1), frac = 0;
	u64 m = (hash | 1) << zeros >> 32;	/* 1..2 with 31 bits */
	int i;

	for (i = 0; i < 31; i++) {
		m = m * m >> 31;
		frac <<= 1;
		if (m >> 32) {
			m >>= 1;
			frac |= 1;
		}
	}
	return ((u64)(zeros + 1) << 31) - frac;
}

static void hrw_cost(struct kunit *test)
{
	u64 hash, cost, naive, off, last = 0;
	struct rnd_state rnd;
	int i;

	prandom_seed_state(&rnd, 5);
	for (i = 0; i < 20000; i++) {
		hash = (u64)prandom_u32_state(&rnd) << 32 |
		       prandom_u32_state(&rnd);
		/* Small ones and large ones, too. */
		hash >>= i % 64;
		if (i & 64)
			hash = ~hash;
		cost = mn_hrw_cost(hash);
		naive = naive_cost(hash);
		off = cost > naive ? cost - naive : naive - cost;
		/* The naive one loses bits of numbers near to 2^64. */
		KUNIT_ASSERT_LE_MSG(test, off, naive / 250 + 64,
				    "%llx: %llu, naive %llu", hash, cost, naive);
	}
	/* The greater the number, the less it costs; and never nothing. */
	for (i = 0; i < 100000; i++) {
		cost = mn_hrw_cost(U64_MAX - (U64_MAX / 100000) * i);
		KUNIT_ASSERT_GE(test, cost, last);
		KUNIT_ASSERT_GT(test, cost, 0ULL);
		last = cost;
	}
	KUNIT_EXPECT_EQ(test, 1ULL << 37, mn_hrw_cost(0));
	KUNIT_EXPECT_EQ(test, 1ULL << 37, mn_hrw_cost(1));
	KUNIT_EXPECT_EQ(test, 1ULL << 31, mn_hrw_cost(1ULL << 63));
	KUNIT_EXPECT_EQ(test, 2ULL << 31, mn_hrw_cost(1ULL << 62));
}

static int winner(const u64 *hash, const u32 *weight, int n)
{
	u64 cost[MOST];
	int i, best = -1;

	for (i = 0; i < n; i++) {
		if (!weight[i])
			continue;
		cost[i] = mn_hrw_cost(hash[i]);
		if (best < 0 || mn_hrw_before(cost[i], weight[i], cost[best],
					      weight[best]))
			best = i;
	}
	return best;
}

static const u32 weights[][MOST] = {
	{ 1, 1 },
	{ 1, 1, 1, 1, 1, 1, 1, 1 },
	{ 1, 2, 3, 4 },
	{ 1, 10 },
	{ 65535, 65535, 32768 },
	{ 100, 0, 50, 25, 25 },
	{ 1, 65535 },
};

/* Shares are within 2 percent of the weights, but for chance. */
static void hrw_shares(struct kunit *test)
{
	u32 won[MOST], sum, i, j, k;
	unsigned long want, off;
	struct rnd_state rnd;
	u64 hash[MOST];

	prandom_seed_state(&rnd, 7);
	for (i = 0; i < ARRAY_SIZE(weights); i++) {
		memset(won, 0, sizeof(won));
		for (j = 0; j < DRAWS; j++) {
			for (k = 0; k < MOST; k++)
				hash[k] = (u64)prandom_u32_state(&rnd) << 32 |
					  prandom_u32_state(&rnd);
			won[winner(hash, weights[i], MOST)]++;
		}
		for (sum = 0, k = 0; k < MOST; k++)
			sum += weights[i][k];
		for (k = 0; k < MOST; k++) {
			want = div_u64((u64)DRAWS * weights[i][k], sum);
			off = abs((int)(won[k] - want));
			/* Four standard deviations of the few. */
			KUNIT_EXPECT_LE_MSG(test, off,
					    max(want / 50,
						4 * int_sqrt(want) + 4),
					    "weights %u: %u won %u, not %u", i,
					    k, won[k], want);
		}
	}
}

static struct kunit_case hrw_cases[] = {
	KUNIT_CASE(hrw_cost),
	KUNIT_CASE(hrw_shares),
	{}
};

static struct kunit_suite hrw_suite = {
	.name = "midonet-hrw",
	.test_cases = hrw_cases,
};

kunit_test_suite(hrw_suite);
