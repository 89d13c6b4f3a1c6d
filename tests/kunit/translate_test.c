// SPDX-License-Identifier: GPL-2.0
/*
 * Translation, against packets that are built anew with the other addresses and
 * all their checksums.
 */
#include <linux/icmp.h>
#include <linux/icmpv6.h>
#include <linux/ktime.h>
#include <linux/module.h>
#include <linux/tcp.h>
#include <linux/udp.h>
#include <linux/unaligned.h>
#include <net/gso.h>
#include <net/ip.h>

#include "flow/translate.h"
#include "xlat.h"

/* What becomes of @p: any of its fields may change, or none. */
static void other(struct xlat *x, const struct xlat_packet *p,
		  struct xlat_packet *to)
{
	u32 what = xlat_random(x);

	*to = *p;
	if (what & 1)
		xlat_random_addr(x, p->v6, &to->src);
	if (what & 2)
		xlat_random_addr(x, p->v6, &to->dst);
	/* See mn_translate(). */
	if (p->proto == IPPROTO_SCTP && p->frag != MN_FRAG_NONE)
		return;
	if (what & 4)
		to->sport = (__force __be16)xlat_random(x);
	if (what & 8)
		to->dport = (__force __be16)xlat_random(x);
}

static void to_key(const struct xlat_packet *p, struct mn_flow_key *key)
{
	if (p->v6) {
		key->v6.src = p->src;
		key->v6.dst = p->dst;
	} else {
		key->v4.src = p->src.s6_addr32[0];
		key->v4.dst = p->dst.s6_addr32[0];
	}
	if (xlat_has_id(p)) {
		key->icmp_id = p->sport;
	} else if (!xlat_is_icmp(p)) {
		key->tp_src = p->sport;
		key->tp_dst = p->dport;
	}
}

static void check_same(struct xlat *x, struct sk_buff *skb, const u8 *want,
		       u32 len, const struct xlat_packet *p)
{
	u32 i;

	KUNIT_ASSERT_EQ(x->test, len, skb->len);
	skb_copy_bits(skb, 0, x->got, len);
	if (!memcmp(want, x->got, len))
		return;
	for (i = 0; want[i] == x->got[i]; i++)
		;
	KUNIT_FAIL(x->test,
		   "v6 %d proto %u frag %u n_opts %u n_l4 %u zero %d how %d: byte %u of %u is %02x, not %02x",
		   p->v6, p->proto, p->frag, p->n_opts, p->n_l4, p->no_check,
		   p->how, i, len, x->got[i], want[i]);
	KUNIT_ASSERT_EQ(x->test, 0, 1);
}

/* What a device adds to a partial checksum makes it a whole one. */
static void check_completed(struct xlat *x, struct sk_buff *skb,
			    struct xlat_packet *to)
{
	u32 len;

	if (to->how != XLAT_PARTIAL || to->proto == IPPROTO_SCTP)
		return;
	KUNIT_ASSERT_EQ(x->test, 0, skb_linearize(skb));
	KUNIT_ASSERT_EQ(x->test, 0, skb_checksum_help(skb));
	to->how = XLAT_WHOLE;
	len = xlat_build(x, x->want, to);
	to->how = XLAT_PARTIAL;
	/* The stack does so for all protocols. */
	if (!get_unaligned((u16 *)(x->want + to->l4 + xlat_check_at(to))))
		put_unaligned((u16)0xffff,
			      (u16 *)(x->want + to->l4 + xlat_check_at(to)));
	check_same(x, skb, x->want, len, to);
}

static void one(struct xlat *x, int n)
{
	struct xlat_packet *p = &x->p[0], *to = &x->p[1];
	struct sk_buff *skb, *clone = NULL;
	struct mn_flow_key from, key;
	struct mn_translation t;
	struct mn_pkt pkt;
	u8 summed;
	u32 len;

	xlat_random_packet(x, p);
	other(x, p, to);
	if (n % 4 == 0)
		xlat_make_zero(x, p, n % 8 ? p : to);
	len = xlat_build(x, x->buf, p);
	skb = xlat_skb(x, x->buf, len, p);
	summed = skb->ip_summed;
	KUNIT_ASSERT_EQ(x->test, 0, mn_key_extract(skb, 1, &from, &pkt));
	KUNIT_ASSERT_EQ(x->test, p->frag == MN_FRAG_LATER ? 0 : p->l4,
			(u32)pkt.l4);
	key = from;
	to_key(to, &key);
	mn_translation_make(&t, &from, &key);
	if (n % 3 == 0) {
		t.fields |= MN_XLAT_FRAG_ID;
		t.frag_id = xlat_random(x) & (p->v6 ? U32_MAX : U16_MAX);
		to->id = t.frag_id;
	}
	xlat_build(x, x->want, to);
	if (n % 2)
		clone = skb_clone(skb, GFP_KERNEL);
	KUNIT_ASSERT_TRUE(x->test, mn_translate(skb, pkt.l3, pkt.l4, &t));
	if (clone) {
		check_same(x, clone, x->buf, len, p);
		kfree_skb(clone);
	}
	check_same(x, skb, x->want, len, to);
	KUNIT_ASSERT_EQ(x->test, (u8)skb->ip_summed,
			summed == CHECKSUM_COMPLETE ? CHECKSUM_NONE : summed);
	check_completed(x, skb, to);
	kfree_skb(skb);
}

static void translate_random(struct kunit *test)
{
	struct xlat *x = test->priv;
	int n;

	for (n = 0; n < 12000; n++)
		one(x, n);
}

/* What was damaged stays so. */
static void translate_damaged(struct kunit *test)
{
	struct xlat *x = test->priv;
	struct xlat_packet *p = &x->p[0], *to = &x->p[1];
	struct mn_flow_key from, key;
	struct mn_translation t;
	struct sk_buff *skb;
	struct mn_pkt pkt;
	u32 len, n, at;

	for (n = 0; n < 4000; n++) {
		xlat_random_packet(x, p);
		other(x, p, to);
		if (p->proto == IPPROTO_UDP && p->no_check)
			continue;
		len = xlat_build(x, x->buf, p);
		xlat_build(x, x->want, to);
		/* What is behind all headers. */
		at = p->l4 + 20 + n % 4;
		if (p->frag == MN_FRAG_LATER || at >= len)
			continue;
		x->buf[at] ^= BIT(n % 8);
		x->want[at] ^= BIT(n % 8);
		skb = xlat_skb(x, x->buf, len, p);
		KUNIT_ASSERT_EQ(test, 0, mn_key_extract(skb, 1, &from, &pkt));
		key = from;
		to_key(to, &key);
		mn_translation_make(&t, &from, &key);
		KUNIT_ASSERT_TRUE(test,
				  mn_translate(skb, pkt.l3, pkt.l4, &t));
		check_same(x, skb, x->want, len, to);
		kfree_skb(skb);
	}
}

/* Too short to be what the translation says: that is refused, and harmless. */
static void translate_short(struct kunit *test)
{
	struct xlat *x = test->priv;
	struct xlat_packet *p = &x->p[0], *to = &x->p[1];
	struct mn_flow_key from = { }, key;
	struct mn_translation t;
	struct sk_buff *skb;
	u32 len, cut;

	xlat_plain(x, p, false, IPPROTO_TCP, 40);
	len = xlat_build(x, x->buf, p);
	from.eth_type = htons(ETH_P_IP);
	from.proto = IPPROTO_TCP;
	from.flags = MN_KEY_L4;
	to_key(p, &from);
	key = from;
	*to = *p;
	xlat_random_addr(x, false, &to->src);
	to_key(to, &key);
	mn_translation_make(&t, &from, &key);
	for (cut = ETH_HLEN; cut < p->l4 + 18; cut++) {
		skb = wire_skb(test, x->buf, cut, cut);
		KUNIT_EXPECT_FALSE(test, mn_translate(skb, ETH_HLEN, p->l4, &t));
		check_same(x, skb, x->buf, cut, p);
		kfree_skb(skb);
	}
	skb = wire_skb(test, x->buf, cut, cut);
	KUNIT_EXPECT_TRUE(test, mn_translate(skb, ETH_HLEN, p->l4, &t));
	kfree_skb(skb);
	KUNIT_EXPECT_LT(test, cut, len);
}

/* Nothing differs: nothing to do. */
static void translate_nothing(struct kunit *test)
{
	struct mn_flow_key key = {
		.eth_type = htons(ETH_P_IP),
		.proto = IPPROTO_UDP,
		.flags = MN_KEY_L4,
		.tp_src = htons(7),
	};
	struct mn_translation t;

	mn_translation_make(&t, &key, &key);
	KUNIT_EXPECT_EQ(test, 0, t.fields);
	KUNIT_EXPECT_EQ(test, 0, t.l4_len);
	KUNIT_EXPECT_EQ(test, 0, t.l3_delta | t.l4_delta | t.pseudo_delta);
}

/* Of a packet in a tunnel: what is partial is within, or the segments'. */
static void translate_tunnel(struct kunit *test)
{
	struct xlat *x = test->priv;
	struct xlat_packet *p = &x->p[0], *to = &x->p[1];
	struct mn_flow_key from, key;
	struct mn_translation t;
	struct sk_buff *skb;
	struct mn_pkt pkt;
	u32 len, n;

	for (n = 0; n < 200; n++) {
		bool gso = n & 1;

		xlat_plain(x, p, n & 2, IPPROTO_UDP, 120);
		p->how = gso ? XLAT_PARTIAL : XLAT_WHOLE;
		other(x, p, to);
		len = xlat_build(x, x->buf, p);
		xlat_build(x, x->want, to);
		skb = wire_skb(test, x->buf, len, len);
		skb->ip_summed = CHECKSUM_PARTIAL;
		skb->csum_start = skb_headroom(skb) + p->l4 + 58;
		skb->csum_offset = 16;
		if (gso) {
			skb_shinfo(skb)->gso_size = 20;
			skb_shinfo(skb)->gso_segs = 2;
			skb_shinfo(skb)->gso_type = SKB_GSO_TCPV4 |
						    SKB_GSO_UDP_TUNNEL_CSUM;
		}
		KUNIT_ASSERT_EQ(test, 0, mn_key_extract(skb, 1, &from, &pkt));
		key = from;
		to_key(to, &key);
		mn_translation_make(&t, &from, &key);
		KUNIT_ASSERT_TRUE(test,
				  mn_translate(skb, pkt.l3, pkt.l4, &t));
		check_same(x, skb, x->want, len, to);
		kfree_skb(skb);
	}
}

static void check_segment(struct xlat *x, struct sk_buff *seg,
			  const struct xlat_packet *to)
{
	u32 len = seg->len - to->l4;
	const u8 *l4;

	KUNIT_ASSERT_EQ(x->test, 0, skb_linearize(seg));
	l4 = seg->data + to->l4;
	KUNIT_EXPECT_EQ(x->test, 0,
			xlat_fold(xlat_pseudo(to, len) +
				  (u64)(__force u32)csum_partial(l4, len, 0)));
	KUNIT_EXPECT_EQ(x->test, ntohs(to->sport), get_unaligned_be16(l4));
	KUNIT_EXPECT_EQ(x->test, ntohs(to->dport), get_unaligned_be16(l4 + 2));
	if (to->v6)
		KUNIT_EXPECT_EQ(x->test, 0,
				memcmp(seg->data + ETH_HLEN + 8, &to->src, 32));
	else
		KUNIT_EXPECT_EQ(x->test, 0,
				(__force u16)ip_fast_csum(seg->data + ETH_HLEN,
							  5));
}

/* A GSO packet stays whole, and falls into segments that are right. */
static void gso(struct xlat *x, bool v6, u8 proto)
{
	struct xlat_packet *p = &x->p[0], *to = &x->p[1];
	struct sk_buff *skb, *segs, *next;
	struct mn_flow_key from, key;
	struct mn_translation t;
	struct mn_pkt pkt;
	u32 len, n = 0;

	xlat_plain(x, p, v6, proto, 1000);
	p->how = XLAT_PARTIAL;
	other(x, p, to);
	to->sport = htons(4711);
	len = xlat_build(x, x->buf, p);
	to->l4 = p->l4;
	skb = xlat_skb(x, x->buf, len, p);
	skb_shinfo(skb)->gso_size = 300;
	if (proto == IPPROTO_UDP)
		skb_shinfo(skb)->gso_type = SKB_GSO_UDP_L4;
	else
		skb_shinfo(skb)->gso_type = v6 ? SKB_GSO_TCPV6 : SKB_GSO_TCPV4;
	KUNIT_ASSERT_EQ(x->test, 0, mn_key_extract(skb, 1, &from, &pkt));
	key = from;
	to_key(to, &key);
	mn_translation_make(&t, &from, &key);
	KUNIT_ASSERT_TRUE(x->test, mn_translate(skb, pkt.l3, pkt.l4, &t));
	KUNIT_EXPECT_TRUE(x->test, skb_is_gso(skb));
	segs = skb_gso_segment(skb, 0);
	KUNIT_ASSERT_FALSE(x->test, IS_ERR_OR_NULL(segs));
	kfree_skb(skb);
	skb_list_walk_safe(segs, segs, next) {
		skb_mark_not_on_list(segs);
		check_segment(x, segs, to);
		kfree_skb(segs);
		n++;
	}
	KUNIT_EXPECT_EQ(x->test, 4U, n);
}

static void translate_gso(struct kunit *test)
{
	struct xlat *x = test->priv;
	int n;

	for (n = 0; n < 100; n++) {
		gso(x, n & 1, IPPROTO_TCP);
		gso(x, n & 1, IPPROTO_UDP);
	}
}

/* There and back @rounds times; ns. */
static u64 cost(struct sk_buff *skb, const struct mn_pkt *pkt,
		const struct mn_translation t[2], u32 rounds)
{
	u64 begin = ktime_get_ns();

	while (rounds--) {
		mn_translate(skb, pkt->l3, pkt->l4, &t[0]);
		mn_translate(skb, pkt->l3, pkt->l4, &t[1]);
	}
	return ktime_get_ns() - begin;
}

/* Not judged: the least that one costs. */
static void translate_cost(struct kunit *test)
{
	struct xlat *x = test->priv;
	struct xlat_packet *p = &x->p[0], *to = &x->p[1];
	struct mn_translation t[2];
	struct mn_flow_key from, key;
	struct sk_buff *skb;
	struct mn_pkt pkt;
	u64 least = U64_MAX;
	u32 len, n;

	xlat_plain(x, p, false, IPPROTO_UDP, 26);
	*to = *p;
	xlat_random_addr(x, false, &to->src);
	to->sport = ~p->sport;
	len = xlat_build(x, x->buf, p);
	KUNIT_ASSERT_EQ(test, 60U, len);
	skb = wire_skb(test, x->buf, len, len);
	KUNIT_ASSERT_EQ(test, 0, mn_key_extract(skb, 1, &from, &pkt));
	key = from;
	to_key(to, &key);
	mn_translation_make(&t[0], &from, &key);
	mn_translation_make(&t[1], &key, &from);
	for (n = 0; n < 100; n++)
		least = min(least, cost(skb, &pkt, t, 5000));
	kunit_info(test, "%llu.%llu ns per packet", least / 10000,
		   least / 1000 % 10);
	check_same(x, skb, x->buf, len, p);
	kfree_skb(skb);
}

static struct kunit_case translate_cases[] = {
	KUNIT_CASE(translate_random),
	KUNIT_CASE(translate_damaged),
	KUNIT_CASE(translate_short),
	KUNIT_CASE(translate_nothing),
	KUNIT_CASE(translate_tunnel),
	KUNIT_CASE(translate_gso),
	KUNIT_CASE(translate_cost),
	{}
};

static struct kunit_suite translate_suite = {
	.name = "midonet-translate",
	.init = xlat_init,
	.test_cases = translate_cases,
};

kunit_test_suite(translate_suite);
