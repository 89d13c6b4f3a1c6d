// SPDX-License-Identifier: GPL-2.0
/*
 * Headers of tunnels: made, read again, broken in every way; the DS field into a
 * tunnel and out of it, against the tables of RFC 6040.
 */
#include <linux/module.h>
#include <linux/unaligned.h>
#include <net/inet_ecn.h>

#include "flow/key.h"
#include "overlay/ds.h"
#include "overlay/encap.h"
#include "overlay/zone.h"
#include "wire.h"

typedef u32 (*parse_fn)(const struct sk_buff *skb, int offset,
			struct mn_encap_hdr *hdr);

#define HEADER	MIDONET_DROP_REASON_TUNNEL_HEADER
#define OPTION	MIDONET_DROP_REASON_TUNNEL_OPTION

/* What is read of @len bytes behind some others, of which @linear are in one piece. */
static u32 parsed(struct kunit *test, parse_fn parse, const u8 *bytes, u32 len,
		  u32 linear, struct mn_encap_hdr *hdr)
{
	u8 buf[400] = {};
	struct sk_buff *skb;
	u32 reason;

	memcpy(buf + 8, bytes, len);
	skb = wire_skb(test, buf, 8 + len, 8 + linear);
	reason = parse(skb, 8, hdr);
	kfree_skb(skb);
	return reason;
}

static void encap_push(struct kunit *test)
{
	static const u8 vxlan[] = { 8, 0, 0, 0, 0xef, 0xff, 0xfe, 0 };
	static const u8 geneve[] = { 0, 0, 0x65, 0x58, 0xef, 0xff, 0xfe, 0 };
	struct mn_encap_hdr hdr = {};
	u8 buf[20] = { 1, 2, 3 };
	struct sk_buff *skb;

	skb = wire_skb(test, buf, sizeof(buf), sizeof(buf));
	mn_vxlan_push(skb, 0xeffffe);
	KUNIT_EXPECT_EQ(test, sizeof(buf) + 8, (size_t)skb->len);
	WIRE_SAME(test, skb->data, vxlan, sizeof(vxlan));
	KUNIT_EXPECT_EQ(test, 0U, mn_vxlan_parse(skb, 0, &hdr));
	KUNIT_EXPECT_EQ(test, 0xeffffeU, hdr.key);
	KUNIT_EXPECT_EQ(test, 8U, hdr.len);
	kfree_skb(skb);

	skb = wire_skb(test, buf, sizeof(buf), sizeof(buf));
	mn_geneve_push(skb, 0xeffffe);
	KUNIT_EXPECT_EQ(test, sizeof(buf) + 8, (size_t)skb->len);
	WIRE_SAME(test, skb->data, geneve, sizeof(geneve));
	KUNIT_EXPECT_EQ(test, 0U, mn_geneve_parse(skb, 0, &hdr));
	KUNIT_EXPECT_EQ(test, 0xeffffeU, hdr.key);
	KUNIT_EXPECT_EQ(test, 8U, hdr.len);
	kfree_skb(skb);
}

static const struct {
	u8 bytes[12];
	u32 len;
	u32 reason;
	u32 key;
	u32 skip;
} vxlans[] = {
	{ { 8, 0, 0, 0, 0, 0, 1, 0 }, 8, 0, 1, 8 },
	{ { 8, 0, 0, 0, 0xff, 0xff, 0xff, 0 }, 12, 0, 0xffffff, 8 },
	{ { 8, 0, 0, 0, 0, 0, 1, 0 }, 7, HEADER },
	{ { 8 }, 0, HEADER },
	{ { 0, 0, 0, 0, 0, 0, 1, 0 }, 12, HEADER },	/* no key */
	{ { 0x0c, 0, 0, 3, 0, 0, 1, 0 }, 12, HEADER },	/* GPE */
	{ { 0x88, 0, 0, 7, 0, 0, 1, 0 }, 12, HEADER },	/* GBP */
	{ { 8, 0, 0, 1, 0, 0, 1, 0 }, 12, HEADER },
	{ { 8, 0, 0, 0, 0, 0, 1, 1 }, 12, HEADER },
}, geneves[] = {
	{ { 0, 0, 0x65, 0x58, 0, 0, 1, 0 }, 8, 0, 1, 8 },
	{ { 0, 0, 0x65, 0x58, 0, 0, 1, 9 }, 8, 0, 1, 8 },	/* reserved */
	{ { 0, 0x3f, 0x65, 0x58, 0, 0, 1, 0 }, 8, 0, 1, 8 },	/* reserved */
	{ { 1, 0, 0x65, 0x58, 0, 0, 1, 0 }, 12, 0, 1, 12 },	/* an option */
	{ { 1, 0, 0x65, 0x58, 0, 0, 1, 0 }, 11, HEADER },
	{ { 0x3f, 0, 0x65, 0x58, 0, 0, 1, 0 }, 12, HEADER },
	{ { 0, 0, 0x65, 0x58, 0, 0, 1, 0 }, 7, HEADER },
	{ { 0x40, 0, 0x65, 0x58, 0, 0, 1, 0 }, 8, HEADER },	/* version 1 */
	{ { 0, 0, 8, 0, 0, 0, 1, 0 }, 8, HEADER },		/* IPv4 inside */
	{ { 0, 0x80, 0x65, 0x58, 0, 0, 1, 0 }, 8, OPTION },	/* control */
	{ { 1, 0x40, 0x65, 0x58, 0, 0, 1, 0 }, 12, OPTION },	/* critical */
};

static void encap_parse(struct kunit *test)
{
	struct mn_encap_hdr hdr;
	u32 linear, i;

	for (i = 0; i < ARRAY_SIZE(vxlans) + ARRAY_SIZE(geneves); i++) {
		bool vxlan = i < ARRAY_SIZE(vxlans);
		typeof(*vxlans) *c = vxlan ? &vxlans[i] :
			&geneves[i - ARRAY_SIZE(vxlans)];

		for (linear = 0; linear <= c->len; linear += 3) {
			KUNIT_EXPECT_EQ_MSG(test, c->reason,
					    parsed(test, vxlan ? mn_vxlan_parse :
								 mn_geneve_parse,
						   c->bytes, c->len, linear, &hdr),
					    "case %u", i);
			if (c->reason)
				continue;
			KUNIT_EXPECT_EQ(test, c->key, hdr.key);
			KUNIT_EXPECT_EQ(test, c->skip, hdr.len);
		}
	}
}

/* Nothing that is not there is read, and nothing is believed that is too long. */
static void encap_random(struct kunit *test)
{
	struct mn_encap_hdr hdr;
	struct rnd_state rnd;
	u8 bytes[300];
	u32 i, len;

	prandom_seed_state(&rnd, topo_seed(test));
	for (i = 0; i < 20000; i++) {
		len = prandom_u32_state(&rnd) % sizeof(bytes);
		prandom_bytes_state(&rnd, bytes, len);
		if (i & 1 && len >= 8) {
			bytes[0] &= 0x3f;
			bytes[1] &= 0xc0;
			put_unaligned_be16(ETH_P_TEB, bytes + 2);
		}
		if (!parsed(test, mn_geneve_parse, bytes, len, len / 2, &hdr)) {
			KUNIT_ASSERT_LE(test, hdr.len, len);
			KUNIT_ASSERT_LE(test, hdr.key, 0xffffffU);
		}
		if (!parsed(test, mn_vxlan_parse, bytes, len, len / 2, &hdr))
			KUNIT_ASSERT_LE(test, hdr.len, len);
	}
}

/* A frame with @tags tags; returns the length of what is before its IP header. */
static u32 frame(u8 *buf, bool v6, u8 ds, int tags, u32 *len)
{
	struct wire_packet p = {
		.v6 = v6, .src = 0x0a000001, .dst = 0x0a000002,
		.proto = IPPROTO_UDP, .tos = ds, .l4 = buf, .n_l4 = 8,
	};
	u32 offset = 2 * ETH_ALEN, i;
	u8 plain[200];

	*len = wire_build(plain, &p);
	memcpy(buf, plain, offset);
	for (i = 0; i < tags; i++, offset += 4) {
		put_unaligned_be16(i ? ETH_P_8021Q : ETH_P_8021AD, buf + offset);
		put_unaligned_be16(5, buf + offset + 2);
	}
	memcpy(buf + offset, plain + 2 * ETH_ALEN, *len - 2 * ETH_ALEN);
	*len += 4 * tags;
	return offset + 2;
}

/* RFC 6040, 4.2; -1: drop */
static const int out_of[4][4] = {
	/* outer: not-ECT, ECT(1), ECT(0), CE; inner: not-ECT */
	{ 0, 0, 0, -1 },
	/* ECT(1) */
	{ 1, 1, 1, 3 },
	/* ECT(0) */
	{ 2, 1, 2, 3 },
	/* CE */
	{ 3, 3, 3, 3 },
};

static void ds_case(struct kunit *test, bool v6, int tags, u8 inner, u8 outer)
{
	int want = out_of[inner & 3][outer & 3];
	u8 buf[200] = {}, *ip;
	struct sk_buff *skb, *twin;
	u32 len, l3;
	bool ok;

	l3 = frame(buf, v6, inner, tags, &len);
	skb = wire_skb(test, buf, len, len);
	KUNIT_EXPECT_EQ(test, inner, mn_ds_inner(skb));
	/* Somebody else has it, too, and must not see a change. */
	twin = skb_clone(skb, GFP_KERNEL);
	KUNIT_ASSERT_NOT_NULL(test, twin);
	ok = mn_ds_decap(skb, outer);
	KUNIT_EXPECT_EQ_MSG(test, want >= 0, ok, "inner %u outer %u", inner,
			    outer);
	WIRE_SAME(test, twin->data, buf, len);
	if (ok) {
		KUNIT_EXPECT_EQ_MSG(test, (inner & 0xfc) | want,
				    (int)mn_ds_inner(skb), "inner %u outer %u",
				    inner, outer);
		ip = skb->data + l3;
		if (!v6)
			KUNIT_EXPECT_EQ(test, 0U,
					(u32)wire_fold(wire_sum(ip, 20, 0)));
	}
	kfree_skb(twin);
	kfree_skb(skb);
}

static void ds_decap(struct kunit *test)
{
	u32 inner, outer, tags;

	for (inner = 0; inner < 256; inner += 3) {
		for (outer = 0; outer < 4; outer++) {
			for (tags = 0; tags < 3; tags++) {
				ds_case(test, false, tags, inner, outer);
				ds_case(test, true, tags, inner, outer | 0xb8);
			}
		}
	}
}

static void ds_others(struct kunit *test)
{
	u8 buf[64] = {};
	struct sk_buff *skb;

	/* Not IP: its sender cannot be told of congestion. */
	put_unaligned_be16(ETH_P_ARP, buf + 2 * ETH_ALEN);
	skb = wire_skb(test, buf, sizeof(buf), sizeof(buf));
	KUNIT_EXPECT_EQ(test, 0, mn_ds_inner(skb));
	KUNIT_EXPECT_TRUE(test, mn_ds_decap(skb, INET_ECN_ECT_1));
	KUNIT_EXPECT_FALSE(test, mn_ds_decap(skb, INET_ECN_CE));
	kfree_skb(skb);
	/* IP that ends before it begins. */
	put_unaligned_be16(ETH_P_IP, buf + 2 * ETH_ALEN);
	skb = wire_skb(test, buf, ETH_HLEN + 1, 1);
	KUNIT_EXPECT_EQ(test, 0, mn_ds_inner(skb));
	KUNIT_EXPECT_FALSE(test, mn_ds_decap(skb, INET_ECN_CE));
	kfree_skb(skb);
	buf[ETH_HLEN + 1] = INET_ECN_ECT_0;
	skb = wire_skb(test, buf, ETH_HLEN + 19, 20);
	KUNIT_EXPECT_FALSE(test, mn_ds_decap(skb, INET_ECN_CE));
	kfree_skb(skb);

	KUNIT_EXPECT_EQ(test, 0xb9, mn_ds_outer(0x01, 46));
	KUNIT_EXPECT_EQ(test, 0x03, mn_ds_outer(0xbb, 0));
	KUNIT_EXPECT_EQ(test, 0xbb, mn_ds_outer(0xbb, MN_DSCP_INHERIT));
}

static void entropy(struct kunit *test)
{
	struct mn_flow_key a = {
		.eth_type = htons(ETH_P_IP), .proto = IPPROTO_TCP,
		.tp_src = htons(1), .tp_dst = htons(2), .flags = MN_KEY_L4,
	};
	struct mn_flow_key b = a;
	u32 seen[64] = {}, i;

	b.tcp_flags = 0x12;
	b.tos = 0xb8;
	KUNIT_EXPECT_EQ(test, mn_key_entropy(&a), mn_key_entropy(&b));
	/* Fragments, of which one has ports. */
	a.frag = MN_FRAG_FIRST;
	b.frag = MN_FRAG_LATER;
	b.tp_src = 0;
	b.tp_dst = 0;
	KUNIT_EXPECT_EQ(test, mn_key_entropy(&a), mn_key_entropy(&b));
	a.frag = MN_FRAG_NONE;
	for (i = 0; i < 6400; i++) {
		a.tp_src = htons(i);
		seen[mn_key_entropy(&a) >> 26]++;
	}
	for (i = 0; i < 64; i++)
		KUNIT_EXPECT_TRUE(test, seen[i] > 50 && seen[i] < 150);
}

static struct kunit_case encap_cases[] = {
	KUNIT_CASE(encap_push),
	KUNIT_CASE(encap_parse),
	KUNIT_CASE(encap_random),
	KUNIT_CASE(ds_decap),
	KUNIT_CASE(ds_others),
	KUNIT_CASE(entropy),
	{}
};

static struct kunit_suite encap_suite = {
	.name = "midonet-encap",
	.test_cases = encap_cases,
};

kunit_test_suite(encap_suite);
