// SPDX-License-Identifier: GPL-2.0
/*
 * The parser of neighbour discovery: what it takes, and that it takes nothing a
 * host would discard, however the packet is cut.
 */
#include <kunit/test.h>
#include <linux/etherdevice.h>
#include <linux/icmpv6.h>
#include <linux/ipv6.h>
#include <net/ndisc.h>

#include "flow/key.h"
#include "l3/nd.h"

#define L3	ETH_HLEN
#define L4	(ETH_HLEN + sizeof(struct ipv6hdr))

static const u8 slla[] = { 2, 0, 0, 0, 0, 0x11 };
static const u8 tlla[] = { 2, 0, 0, 0, 0, 0x22 };

/* An option of @units times eight bytes. */
static void put_opt(struct sk_buff *skb, u8 type, u8 units, const u8 *mac)
{
	u8 *opt = skb_put_zero(skb, units ? units * 8 : 8);

	opt[0] = type;
	opt[1] = units;
	if (mac)
		ether_addr_copy(opt + 2, mac);
}

static struct sk_buff *message(struct kunit *test, u8 type, u32 fixed)
{
	struct sk_buff *skb = alloc_skb(512, GFP_KERNEL);
	u8 *msg;

	KUNIT_ASSERT_NOT_NULL(test, skb);
	skb_put_zero(skb, L4);
	msg = skb_put_zero(skb, fixed);
	msg[0] = type;
	if (fixed >= 24) {
		msg[8] = 0xfe;
		msg[9] = 0x80;
		msg[23] = 5;
	}
	return skb;
}

static struct ipv6hdr *finish(struct sk_buff *skb)
{
	struct ipv6hdr *ip6 = (struct ipv6hdr *)(skb->data + L3);

	ip6->version = 6;
	ip6->nexthdr = IPPROTO_ICMPV6;
	ip6->hop_limit = 255;
	ip6->payload_len = htons(skb->len - L4);
	return ip6;
}

static int parse(struct sk_buff *skb, struct mn_nd *nd)
{
	const struct mn_pkt pkt = { .l3 = L3, .l4 = L4 };

	return mn_nd_parse(skb, &pkt, nd);
}

static struct sk_buff *solicitation(struct kunit *test)
{
	struct sk_buff *skb = message(test, NDISC_NEIGHBOUR_SOLICITATION, 24);

	put_opt(skb, 1, 1, slla);
	finish(skb);
	return skb;
}

static void nd_takes(struct kunit *test)
{
	struct sk_buff *skb = solicitation(test);
	struct mn_nd nd;

	KUNIT_EXPECT_EQ(test, 0, parse(skb, &nd));
	KUNIT_EXPECT_EQ(test, NDISC_NEIGHBOUR_SOLICITATION, nd.type);
	KUNIT_EXPECT_TRUE(test, nd.has_target);
	KUNIT_EXPECT_EQ(test, 5, nd.target.s6_addr[15]);
	KUNIT_EXPECT_TRUE(test, nd.has_slla);
	KUNIT_EXPECT_FALSE(test, nd.has_tlla);
	KUNIT_EXPECT_TRUE(test, ether_addr_equal(nd.slla, slla));
	kfree_skb(skb);

	skb = message(test, NDISC_NEIGHBOUR_ADVERTISEMENT, 24);
	skb->data[L4 + 4] = 0x60;
	put_opt(skb, 2, 1, tlla);
	finish(skb);
	KUNIT_EXPECT_EQ(test, 0, parse(skb, &nd));
	KUNIT_EXPECT_EQ(test, 0x60, nd.flags);
	KUNIT_EXPECT_TRUE(test, nd.has_tlla);
	KUNIT_EXPECT_TRUE(test, ether_addr_equal(nd.tlla, tlla));
	kfree_skb(skb);
}

/* An unknown option, however long, hides none that comes after it. */
static void nd_skips(struct kunit *test)
{
	struct sk_buff *skb = message(test, NDISC_ROUTER_ADVERTISEMENT, 16);
	struct mn_nd nd;

	put_opt(skb, 3, 4, NULL);
	put_opt(skb, 1, 1, slla);
	finish(skb);
	KUNIT_EXPECT_EQ(test, 0, parse(skb, &nd));
	KUNIT_EXPECT_FALSE(test, nd.has_target);
	KUNIT_EXPECT_TRUE(test, nd.has_slla);
	kfree_skb(skb);
}

/* Cut anywhere, with or without the length in the header following. */
static void nd_cut(struct kunit *test)
{
	struct sk_buff *skb = solicitation(test);
	struct mn_nd nd;
	u32 len, full = skb->len;

	for (len = full - 1; len > L4; len--) {
		skb_trim(skb, len);
		KUNIT_EXPECT_EQ_MSG(test, -EINVAL, parse(skb, &nd),
				    "%u of %u bytes", len, full);
		if (len == L4 + 24)
			continue;	/* without options it is whole */
		finish(skb);
		KUNIT_EXPECT_EQ_MSG(test, -EINVAL, parse(skb, &nd),
				    "%u of %u bytes, length set", len, full);
		((struct ipv6hdr *)(skb->data + L3))->payload_len =
			htons(full - L4);
	}
	skb_trim(skb, L4);
	KUNIT_EXPECT_EQ(test, -ENOMSG, parse(skb, &nd));
	kfree_skb(skb);
}

static void nd_options(struct kunit *test)
{
	static const struct {
		u8 type[2];
		u8 units[2];
	} bad[] = {
		{ { 1, 0 }, { 0, 0 } },		/* of no length */
		{ { 1, 0 }, { 2, 0 } },		/* too long for a MAC */
		{ { 1, 1 }, { 1, 1 } },		/* twice */
		{ { 2, 2 }, { 1, 1 } },
		{ { 14, 1 }, { 1, 0 } },
	};
	struct sk_buff *skb;
	struct mn_nd nd;
	int i, j;

	for (i = 0; i < ARRAY_SIZE(bad); i++) {
		skb = message(test, NDISC_NEIGHBOUR_SOLICITATION, 24);
		for (j = 0; j < 2 && bad[i].type[j]; j++)
			put_opt(skb, bad[i].type[j], bad[i].units[j], slla);
		finish(skb);
		KUNIT_EXPECT_EQ_MSG(test, -EINVAL, parse(skb, &nd), "case %d",
				    i);
		kfree_skb(skb);
	}
	/* Longer than the packet. */
	skb = solicitation(test);
	skb->data[L4 + 24 + 1] = 255;
	KUNIT_EXPECT_EQ(test, -EINVAL, parse(skb, &nd));
	kfree_skb(skb);
}

static void nd_fixed(struct kunit *test)
{
	struct sk_buff *skb = solicitation(test);
	struct ipv6hdr *ip6 = (struct ipv6hdr *)(skb->data + L3);
	struct mn_nd nd;

	ip6->hop_limit = 254;
	KUNIT_EXPECT_EQ(test, -EINVAL, parse(skb, &nd));
	ip6->hop_limit = 255;
	KUNIT_EXPECT_EQ(test, 0, parse(skb, &nd));
	skb->data[L4 + 1] = 1;	/* code */
	KUNIT_EXPECT_EQ(test, -EINVAL, parse(skb, &nd));
	skb->data[L4 + 1] = 0;
	skb->data[L4 + 8] = 0xff;	/* target is a group */
	KUNIT_EXPECT_EQ(test, -EINVAL, parse(skb, &nd));
	skb->data[L4] = ICMPV6_ECHO_REQUEST;
	KUNIT_EXPECT_EQ(test, -ENOMSG, parse(skb, &nd));
	kfree_skb(skb);
}

static struct kunit_case nd_cases[] = {
	KUNIT_CASE(nd_takes),
	KUNIT_CASE(nd_skips),
	KUNIT_CASE(nd_cut),
	KUNIT_CASE(nd_options),
	KUNIT_CASE(nd_fixed),
	{}
};

static struct kunit_suite nd_suite = {
	.name = "midonet-nd",
	.test_cases = nd_cases,
};

kunit_test_suite(nd_suite);
