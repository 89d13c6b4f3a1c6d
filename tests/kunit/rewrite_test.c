// SPDX-License-Identifier: GPL-2.0
/*
 * What routers change in a packet, against doing it by hand.
 */
#include <linux/module.h>
#include <linux/unaligned.h>

#include "flow/rewrite.h"
#include "wire.h"

static const struct mn_rewrite way = {
	.eth_dst = { 2, 1, 1, 1, 1, 1 },
	.eth_src = { 2, 2, 2, 2, 2, 2 },
};

/* The same, with the header's checksum made anew. */
static void by_hand(u8 *buf, const struct mn_rewrite *rw)
{
	u8 *ip = buf + ETH_HLEN;

	memcpy(buf, rw->eth_dst, ETH_ALEN);
	memcpy(buf + ETH_ALEN, rw->eth_src, ETH_ALEN);
	if (ip[0] >> 4 == 6) {
		ip[7] -= rw->hops;
		return;
	}
	ip[8] -= rw->hops;
	put_unaligned_be16(0, ip + 10);
	put_unaligned_be16(wire_fold(wire_sum(ip, (ip[0] & 15) * 4, 0)),
			   ip + 10);
}

static u32 random_packet(struct rnd_state *rnd, u8 *buf, u8 hops)
{
	static u8 bytes[200];
	struct wire_packet p = {
		.v6 = prandom_u32_state(rnd) % 4 == 0,
		.src = prandom_u32_state(rnd),
		.dst = prandom_u32_state(rnd),
		.proto = prandom_u32_state(rnd),
		.ttl = hops + 1 + prandom_u32_state(rnd) % (255 - hops),
		.tos = prandom_u32_state(rnd),
		.frag = prandom_u32_state(rnd),
		.opts = bytes,
		.n_opts = prandom_u32_state(rnd) % 11 * 4,
		.l4 = bytes,
		.n_l4 = prandom_u32_state(rnd) % sizeof(bytes),
	};

	prandom_bytes_state(rnd, bytes, sizeof(bytes));
	return wire_build(buf, &p);
}

static void rewrite_random(struct kunit *test)
{
	struct rnd_state rnd;
	static u8 buf[400], out[400];
	int n;

	prandom_seed_state(&rnd, topo_seed(test));
	for (n = 0; n < 20000; n++) {
		struct mn_rewrite rw = way;
		struct sk_buff *skb, *clone = NULL;
		u32 len;

		rw.hops = 1 + prandom_u32_state(&rnd) % 16;
		len = random_packet(&rnd, buf, rw.hops);
		skb = wire_skb(test, buf, len, n % 3 ? len : ETH_HLEN);
		if (n % 2)
			clone = skb_clone(skb, GFP_KERNEL);
		KUNIT_ASSERT_TRUE(test, mn_rewrite(skb, ETH_HLEN, &rw));
		if (clone) {
			skb_copy_bits(clone, 0, out, len);
			WIRE_SAME(test, buf, out, len);
			kfree_skb(clone);
		}
		by_hand(buf, &rw);
		skb_copy_bits(skb, 0, out, len);
		WIRE_SAME(test, buf, out, len);
		kfree_skb(skb);
	}
}

/* What a device says of the checksum is right afterwards, or nothing. */
static void rewrite_csum(struct kunit *test)
{
	static const u8 states[] = { CHECKSUM_NONE, CHECKSUM_UNNECESSARY,
				     CHECKSUM_COMPLETE, CHECKSUM_PARTIAL };
	struct wire_packet p = { .proto = IPPROTO_UDP };
	struct mn_rewrite rw = way;
	struct sk_buff *skb;
	u8 buf[100];
	u32 len, i;

	rw.hops = 1;
	for (i = 0; i < ARRAY_SIZE(states); i++) {
		len = wire_build(buf, &p);
		skb = wire_skb(test, buf, len, len);
		skb->ip_summed = states[i];
		skb->csum_offset = 6;
		KUNIT_ASSERT_TRUE(test, mn_rewrite(skb, ETH_HLEN, &rw));
		KUNIT_EXPECT_EQ(test, (u8)skb->ip_summed,
				states[i] == CHECKSUM_COMPLETE ? CHECKSUM_NONE :
								 states[i]);
		KUNIT_EXPECT_EQ(test, 6, skb->csum_offset);
		kfree_skb(skb);
	}
}

static struct kunit_case rewrite_cases[] = {
	KUNIT_CASE(rewrite_random),
	KUNIT_CASE(rewrite_csum),
	{}
};

static struct kunit_suite rewrite_suite = {
	.name = "midonet-rewrite",
	.test_cases = rewrite_cases,
};

kunit_test_suite(rewrite_suite);
