// SPDX-License-Identifier: GPL-2.0
/*
 * allowed-addresses: which senders a list lets through, and how much of the
 * address had to be looked at to say so.
 */
#include <kunit/test.h>
#include <linux/inet.h>

#include "port/port.h"
#include "port/spoof.h"

static const u8 mac_a[ETH_ALEN] = { 2, 0, 0, 0, 0, 0xa };
static const u8 mac_b[ETH_ALEN] = { 2, 0, 0, 0, 0, 0xb };
static const u8 mac_c[ETH_ALEN] = { 2, 0, 0, 0, 0, 0xc };

/* a: 10.1.0.0/16, 192.0.2.7/32 and 2001:db8::/33; b: any address */
static const struct mn_allowed list[] = {
	{ .mac = { 2, 0, 0, 0, 0, 0xa }, .family = AF_INET, .plen = 16,
	  .addr.s6_addr = { 10, 1 } },
	{ .mac = { 2, 0, 0, 0, 0, 0xa }, .family = AF_INET, .plen = 32,
	  .addr.s6_addr = { 192, 0, 2, 7 } },
	{ .mac = { 2, 0, 0, 0, 0, 0xa }, .family = AF_INET6, .plen = 33,
	  .addr.s6_addr = { 0x20, 1, 0xd, 0xb8 } },
	{ .mac = { 2, 0, 0, 0, 0, 0xb } },
};

static bool v4(const u8 *mac, const char *text, u8 *plen)
{
	struct in6_addr addr = {};

	*plen = 0;
	in4_pton(text, -1, addr.s6_addr, -1, NULL);
	return mn_allowed_addr(list, ARRAY_SIZE(list), mac, AF_INET, &addr,
			       plen);
}

static bool v6(const u8 *mac, const char *text, u8 *plen)
{
	struct in6_addr addr = {};

	*plen = 0;
	in6_pton(text, -1, addr.s6_addr, -1, NULL);
	return mn_allowed_addr(list, ARRAY_SIZE(list), mac, AF_INET6, &addr,
			       plen);
}

static void spoof_mac(struct kunit *test)
{
	KUNIT_EXPECT_TRUE(test, mn_allowed_mac(list, ARRAY_SIZE(list), mac_a));
	KUNIT_EXPECT_TRUE(test, mn_allowed_mac(list, ARRAY_SIZE(list), mac_b));
	KUNIT_EXPECT_FALSE(test, mn_allowed_mac(list, ARRAY_SIZE(list), mac_c));
	KUNIT_EXPECT_FALSE(test, mn_allowed_mac(list, 0, mac_a));
}

static void spoof_ipv4(struct kunit *test)
{
	u8 plen;

	KUNIT_EXPECT_TRUE(test, v4(mac_a, "10.1.255.1", &plen));
	KUNIT_EXPECT_EQ(test, plen, 16);
	KUNIT_EXPECT_TRUE(test, v4(mac_a, "192.0.2.7", &plen));
	KUNIT_EXPECT_EQ(test, plen, 32);
	KUNIT_EXPECT_FALSE(test, v4(mac_a, "10.2.0.1", &plen));
	KUNIT_EXPECT_EQ(test, plen, 32);
	KUNIT_EXPECT_FALSE(test, v4(mac_a, "0.0.0.0", &plen));
	KUNIT_EXPECT_FALSE(test, v4(mac_c, "10.1.0.1", &plen));
}

static void spoof_ipv6(struct kunit *test)
{
	u8 plen;

	KUNIT_EXPECT_TRUE(test, v6(mac_a, "2001:db8:7fff::1", &plen));
	KUNIT_EXPECT_EQ(test, plen, 33);
	KUNIT_EXPECT_FALSE(test, v6(mac_a, "2001:db8:8000::1", &plen));
	KUNIT_EXPECT_FALSE(test, v6(mac_a, "::", &plen));
	KUNIT_EXPECT_FALSE(test, v6(mac_c, "2001:db8::1", &plen));
}

/* Of a listed MAC only, and only its own. */
static void spoof_link_local(struct kunit *test)
{
	u8 plen;

	KUNIT_EXPECT_TRUE(test, v6(mac_a, "fe80::ff:fe00:a", &plen));
	KUNIT_EXPECT_EQ(test, plen, 128);
	KUNIT_EXPECT_FALSE(test, v6(mac_a, "fe80::ff:fe00:b", &plen));
	KUNIT_EXPECT_FALSE(test, v6(mac_c, "fe80::ff:fe00:c", &plen));
}

/* Nothing of the address is looked at. */
static void spoof_any_address(struct kunit *test)
{
	u8 plen;

	KUNIT_EXPECT_TRUE(test, v4(mac_b, "203.0.113.9", &plen));
	KUNIT_EXPECT_EQ(test, plen, 0);
	KUNIT_EXPECT_TRUE(test, v6(mac_b, "2001:db8:ffff::1", &plen));
	KUNIT_EXPECT_EQ(test, plen, 0);
}

static struct kunit_case spoof_cases[] = {
	KUNIT_CASE(spoof_mac),
	KUNIT_CASE(spoof_ipv4),
	KUNIT_CASE(spoof_ipv6),
	KUNIT_CASE(spoof_link_local),
	KUNIT_CASE(spoof_any_address),
	{}
};

static struct kunit_suite spoof_suite = {
	.name = "mn_spoof",
	.test_cases = spoof_cases,
};

kunit_test_suite(spoof_suite);
