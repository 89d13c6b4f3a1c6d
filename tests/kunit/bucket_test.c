// SPDX-License-Identifier: GPL-2.0
/* Token buckets. */
#include <kunit/test.h>

#include "port/bucket.h"

static void bucket_bounds(struct kunit *test)
{
	struct mn_bucket b;
	int i, got = 0;

	mn_bucket_init(&b);
	for (i = 0; i < 30; i++)
		got += mn_bucket_take(&b, 1, 20);
	/* A slow test may see a refill. */
	KUNIT_EXPECT_GE(test, got, 20);
	KUNIT_EXPECT_LE(test, got, 22);
	b.stamp -= 5 * HZ;
	for (i = 0, got = 0; i < 30; i++)
		got += mn_bucket_take(&b, 1, 20);
	KUNIT_EXPECT_GE(test, got, 5);
	KUNIT_EXPECT_LE(test, got, 7);
	b.stamp -= 3600UL * 24 * HZ;
	for (i = 0, got = 0; i < 30; i++)
		got += mn_bucket_take(&b, 1, 20);
	KUNIT_EXPECT_GE(test, got, 20);
	KUNIT_EXPECT_LE(test, got, 22);
	mn_bucket_init(&b);
	KUNIT_EXPECT_FALSE(test, mn_bucket_take(&b, 100, 0));
}

static struct kunit_case bucket_cases[] = {
	KUNIT_CASE(bucket_bounds),
	{}
};

static struct kunit_suite bucket_suite = {
	.name = "midonet-bucket",
	.test_cases = bucket_cases,
};

kunit_test_suite(bucket_suite);
