// SPDX-License-Identifier: GPL-2.0
/*
 * Sizes: what is too long, what becomes of it, and whether pieces make the
 * whole again.
 */
#include <linux/if_vlan.h>
#include <linux/module.h>
#include <linux/tcp.h>
#include <linux/unaligned.h>

#include "l3/size.h"
#include "port/port.h"
#include "sim/ctx.h"
#include "wire.h"

static u8 bytes[WIRE_MAX];
static u8 frame[WIRE_MAX];
static u8 whole[WIRE_MAX];

/* Options: some of each kind, the first ones of which are copied. */
static const u8 options[] = {
	0x94, 4, 0, 0,		/* router alert: copied */
	7, 7, 4, 0, 0, 0, 0,	/* record route: not */
	1,
	0x83, 7, 4, 0, 0, 0, 0,	/* loose source route: copied */
	0,
};

static const u8 later_options[] = {
	0x94, 4, 0, 0, 1, 1, 1, 1, 1, 1, 1, 1, 0x83, 7, 4, 0, 0, 0, 0, 0,
};

struct cutting {
	struct wire_packet p;
	u32 mtu;
	u32 got;
	bool last;
};

static void send_cut(struct nbr *f, struct sk_buff *skb, u32 mtu, u16 vlan)
{
	struct mn_out out = { .port = f->port, .vlan = vlan, .mtu = mtu };

	nbr_enter();
	mn_size_fragment(skb, &out, mtu);
	nbr_leave();
}

static void expect_piece(struct kunit *test, struct cutting *c,
			 struct sk_buff *skb)
{
	static u8 is[2000];
	u8 *ip = is + ETH_HLEN;
	u32 hlen = 20 + c->p.n_opts, len = skb->len - ETH_HLEN - hlen;
	u32 off = (c->p.frag & 0x1fff) + c->got / 8;
	u16 flags;

	KUNIT_ASSERT_LE(test, skb->len - ETH_HLEN, c->mtu);
	KUNIT_ASSERT_GT(test, (int)len, 0);
	KUNIT_ASSERT_FALSE(test, c->last);
	KUNIT_ASSERT_LE(test, c->got + len, c->p.n_l4);
	skb_copy_bits(skb, 0, is, skb->len);
	c->last = c->got + len == c->p.n_l4;
	/* As it was, but for what every piece has of its own. */
	WIRE_SAME(test, is, frame, ETH_HLEN + 2);
	WIRE_SAME(test, ip + 4, frame + ETH_HLEN + 4, 2);
	WIRE_SAME(test, ip + 8, frame + ETH_HLEN + 8, 2);
	WIRE_SAME(test, ip + 12, frame + ETH_HLEN + 12, 8);
	KUNIT_EXPECT_EQ(test, hlen + len, get_unaligned_be16(ip + 2));
	KUNIT_EXPECT_EQ(test, 0, wire_fold(wire_sum(ip, hlen, 0)));
	flags = c->last ? c->p.frag & 0x2000 : 0x2000;
	KUNIT_EXPECT_EQ(test, flags | off, get_unaligned_be16(ip + 6));
	if (!c->last)
		KUNIT_EXPECT_EQ(test, 0U, len % 8);
	WIRE_SAME(test, ip + 20, off ? later_options : options, c->p.n_opts);
	memcpy(whole + c->got, ip + hlen, len);
	c->got += len;
}

static void size_pieces(struct kunit *test)
{
	struct nbr *f = test->priv;
	struct rnd_state rnd;
	struct sk_buff *skb;
	u32 n, len;

	prandom_seed_state(&rnd, topo_seed(test));
	prandom_bytes_state(&rnd, bytes, sizeof(bytes));
	for (n = 0; n < 2000; n++) {
		u16 vlan = n % 4 ? 0 : MN_VLAN_PRESENT | 7;
		struct cutting c = {
			.p = {
				.proto = 253,
				.frag = n % 3 ? 0 : prandom_u32_state(&rnd) & 0x27ff,
				.opts = options,
				.n_opts = n % 2 ? 0 : sizeof(options),
				.l4 = bytes + n,
				.n_l4 = 1600 + prandom_u32_state(&rnd) % 9000,
			},
			.mtu = 68 + prandom_u32_state(&rnd) % 1433,
		};

		if (c.p.frag & 0x2000)
			c.p.n_l4 &= ~7;
		len = wire_build(frame, &c.p);
		memcpy(frame, nbr_alice, ETH_ALEN);
		/* Padding is no part of the packet. */
		skb = wire_skb(test, frame, len + n % 5, n % 7 ? WIRE_MAX : 14);
		skb->mark = 77;
		skb->priority = 5;
		if (vlan)
			__vlan_hwaccel_put_tag(skb, htons(ETH_P_8021Q), 0x6007);
		send_cut(f, skb, c.mtu, vlan);
		while ((skb = wire_sent(f))) {
			KUNIT_EXPECT_EQ(test, 77U, skb->mark);
			KUNIT_EXPECT_EQ(test, 5U, skb->priority);
			KUNIT_EXPECT_EQ(test, vlan ? 0x6007 : 0,
					skb_vlan_tag_present(skb) ?
					skb_vlan_tag_get(skb) : 0);
			expect_piece(test, &c, skb);
			kfree_skb(skb);
		}
		KUNIT_ASSERT_TRUE(test, c.last);
		WIRE_SAME(test, whole, c.p.l4, c.p.n_l4);
	}
}

/* TCP that a sender left to be segmented, as such. */
static struct sk_buff *make_gso(struct kunit *test, u32 payload, u32 size)
{
	struct wire_packet p = { .proto = IPPROTO_TCP, .l4 = bytes,
				 .n_l4 = 20 + payload };
	struct sk_buff *skb;
	u32 len;

	memset(bytes, 0, 20);
	bytes[12] = 0x50;
	bytes[13] = 0x10;
	len = wire_build(frame, &p);
	memcpy(frame, nbr_alice, ETH_ALEN);
	/* Only the pseudo-header is in the checksum yet. */
	put_unaligned_be16(~wire_fold(wire_sum(frame + 26, 8,
					       IPPROTO_TCP + p.n_l4)),
			   frame + 34 + 16);
	skb = wire_skb(test, frame, len, 54);
	skb_set_transport_header(skb, 34);
	skb->ip_summed = CHECKSUM_PARTIAL;
	skb->csum_start = skb_headroom(skb) + 34;
	skb->csum_offset = offsetof(struct tcphdr, check);
	skb_shinfo(skb)->gso_size = size;
	skb_shinfo(skb)->gso_type = SKB_GSO_TCPV4;
	skb_shinfo(skb)->gso_segs = DIV_ROUND_UP(payload, size);
	return skb;
}

static void size_gso(struct kunit *test)
{
	struct nbr *f = test->priv;
	u32 seg = 0, got = 0, segs = 0;
	struct sk_buff *skb;
	u8 *ip;

	get_random_bytes(bytes, 10000);
	send_cut(f, make_gso(test, 5500, 1000), 600, 0);
	while ((skb = wire_sent(f))) {
		KUNIT_EXPECT_LE(test, skb->len, 600U + ETH_HLEN);
		KUNIT_ASSERT_EQ(test, 0, skb_linearize(skb));
		ip = skb->data + ETH_HLEN;
		memcpy(whole + seg, ip + 20, skb->len - 34);
		seg += skb->len - 34;
		if (!(ip[6] & 0x20)) {
			/* A segment is whole. */
			KUNIT_EXPECT_EQ(test, 0,
					wire_csum_l4(false, ip + 12,
						     IPPROTO_TCP, whole, seg));
			KUNIT_EXPECT_EQ(test, got, get_unaligned_be32(whole + 4));
			WIRE_SAME(test, whole + 20, bytes + 20 + got, seg - 20);
			got += seg - 20;
			seg = 0;
			segs++;
		}
		kfree_skb(skb);
	}
	KUNIT_EXPECT_EQ(test, 5500U, got);
	KUNIT_EXPECT_EQ(test, 6U, segs);
}

static void size_uncut(struct kunit *test)
{
	struct nbr *f = test->priv;
	struct wire_packet p = { .proto = 253, .frag = 0x1fff, .l4 = bytes,
				 .n_l4 = 1000 };
	u32 len = wire_build(frame, &p);

	memcpy(frame, nbr_alice, ETH_ALEN);
	/* Its end is behind 64 KiB. */
	send_cut(f, wire_skb(test, frame, len, len), 500, 0);
	KUNIT_EXPECT_NULL(test, wire_sent(f));
	/* Not even eight bytes fit. */
	p.frag = 0;
	len = wire_build(frame, &p);
	memcpy(frame, nbr_alice, ETH_ALEN);
	send_cut(f, wire_skb(test, frame, len, len), 27, 0);
	KUNIT_EXPECT_NULL(test, wire_sent(f));
}

static void size_exceeds(struct kunit *test)
{
	struct wire_packet p = { .proto = 253, .l4 = bytes, .n_l4 = 980 };
	u32 len = wire_build(frame, &p);
	struct sk_buff *skb = wire_skb(test, frame, len, len);

	KUNIT_EXPECT_FALSE(test, mn_size_exceeds(skb, 1000));
	KUNIT_EXPECT_TRUE(test, mn_size_exceeds(skb, 999));
	KUNIT_EXPECT_FALSE(test, mn_size_exceeds(skb, U32_MAX));
	/* A tag behind Ethernet's. */
	put_unaligned_be16(ETH_P_8021Q, skb->data + 12);
	KUNIT_EXPECT_FALSE(test, mn_size_exceeds(skb, 996));
	KUNIT_EXPECT_TRUE(test, mn_size_exceeds(skb, 995));
	KUNIT_EXPECT_FALSE(test, mn_size_exceeds(skb, U32_MAX));
	kfree_skb(skb);
	skb = make_gso(test, 5500, 1000);
	KUNIT_EXPECT_FALSE(test, mn_size_exceeds(skb, 1040));
	KUNIT_EXPECT_TRUE(test, mn_size_exceeds(skb, 1039));
	kfree_skb(skb);
}

static bool judge(struct nbr *f, const struct wire_packet *p, u32 mtu)
{
	bool ok;

	wire_packet(f, p);
	f->ctx->mtu = mtu;
	f->ctx->mtu_at = f->port;
	f->ctx->outs[0].port = f->port;
	f->ctx->n_outs = 1;
	nbr_enter();
	ok = mn_size_judge(f->ctx);
	nbr_leave();
	kfree_skb(f->ctx->skb);
	return ok;
}

static void size_judge(struct kunit *test)
{
	struct nbr *f = test->priv;
	struct wire_packet p = { .proto = 253, .l4 = bytes, .n_l4 = 980 };
	struct mn_ctx *ctx = f->ctx;

	KUNIT_EXPECT_TRUE(test, judge(f, &p, 1000));
	KUNIT_EXPECT_FALSE(test, ctx->fragment);
	KUNIT_EXPECT_TRUE(test, ctx->cacheable);
	KUNIT_EXPECT_TRUE(test, judge(f, &p, 900));
	KUNIT_EXPECT_TRUE(test, ctx->fragment);
	KUNIT_EXPECT_EQ(test, ctx->reply.kind, MN_REPLY_NONE);
	p.frag = 0x4000;
	KUNIT_EXPECT_FALSE(test, judge(f, &p, 900));
	KUNIT_EXPECT_FALSE(test, ctx->fragment);
	KUNIT_EXPECT_FALSE(test, ctx->cacheable);
	KUNIT_EXPECT_EQ(test, ctx->drop.reason, MIDONET_DROP_REASON_MTU);
	KUNIT_EXPECT_EQ(test, ctx->reply.kind, MN_REPLY_ERROR);
	KUNIT_EXPECT_EQ(test, ctx->reply.info, 900U);
	p.v6 = true;
	KUNIT_EXPECT_FALSE(test, judge(f, &p, 900));
	KUNIT_EXPECT_EQ(test, ctx->reply.info, 1280U);
	KUNIT_EXPECT_EQ(test, ctx->drop.reason, MIDONET_DROP_REASON_MTU);
}

static struct kunit_case size_cases[] = {
	KUNIT_CASE(size_pieces),
	KUNIT_CASE(size_gso),
	KUNIT_CASE(size_uncut),
	KUNIT_CASE(size_exceeds),
	KUNIT_CASE(size_judge),
	{}
};

static struct kunit_suite size_suite = {
	.name = "midonet-size",
	.suite_init = nbr_suite_init,
	.suite_exit = nbr_suite_exit,
	.init = wire_init,
	.exit = wire_exit,
	.test_cases = size_cases,
};

kunit_test_suite(size_suite);
