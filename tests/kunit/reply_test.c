// SPDX-License-Identifier: GPL-2.0
/*
 * Echo replies and TCP resets.
 */
#include <linux/module.h>
#include <linux/unaligned.h>

#include "l3/icmp.h"
#include "port/port.h"
#include "wire.h"

#define FIN	0x01
#define SYN	0x02
#define RST	0x04
#define ACK	0x10

static u8 bytes[WIRE_MAX];
static u8 frame[WIRE_MAX];

/* Fill in the checksum of what wire_build() will make of @p. */
static void close_l4(const struct wire_packet *p, u8 *l4, u32 at)
{
	static u8 head[100];
	struct wire_packet bare = *p;

	bare.n_l4 = 0;
	wire_build(head, &bare);
	put_unaligned_be16(0, l4 + at);
	put_unaligned_be16(wire_csum_l4(p->v6,
					head + ETH_HLEN + (p->v6 ? 8 : 12),
					p->proto, l4, p->n_l4), l4 + at);
}

static struct sk_buff *ping(struct nbr *f, const struct wire_packet *p,
			    u32 linear)
{
	u32 len = wire_build(frame, p);

	wire_begin(f, wire_skb(f->topo.test, frame, len, linear));
	nbr_enter();
	KUNIT_EXPECT_TRUE(f->topo.test, mn_icmp_echo(f->ctx));
	nbr_leave();
	return wire_said(f);
}

static void expect_echo(struct kunit *test, const struct wire_packet *p,
			struct sk_buff *skb)
{
	u32 hlen = ETH_HLEN + (p->v6 ? 40 : 20);
	static u8 is[WIRE_MAX];
	u8 *ip = is + ETH_HLEN;

	KUNIT_ASSERT_NOT_NULL(test, skb);
	KUNIT_ASSERT_EQ(test, hlen + p->n_l4, skb->len);
	skb_copy_bits(skb, 0, is, skb->len);
	kfree_skb(skb);
	KUNIT_EXPECT_EQ(test, p->v6 ? 129 : 0, is[hlen]);
	KUNIT_EXPECT_EQ(test, 64, ip[p->v6 ? 7 : 8]);
	KUNIT_EXPECT_EQ(test, p->tos, p->v6 ? (u8)(ip[0] << 4 | ip[1] >> 4) :
					      ip[1]);
	WIRE_SAME(test, is + hlen + 4, p->l4 + 4, p->n_l4 - 4);
	KUNIT_EXPECT_EQ(test, 0, wire_csum_l4(p->v6, ip + (p->v6 ? 8 : 12),
					      p->proto, is + hlen, p->n_l4));
	if (!p->v6)
		KUNIT_EXPECT_EQ(test, 0, wire_fold(wire_sum(ip, 20, 0)));
}

static void reply_echo(struct kunit *test)
{
	struct nbr *f = test->priv;
	struct rnd_state rnd;
	int n;

	prandom_seed_state(&rnd, topo_seed(test));
	prandom_bytes_state(&rnd, bytes, 2000);
	for (n = 0; n < 500; n++) {
		struct wire_packet p = {
			.v6 = n % 2,
			.dst = US,
			.dst6 = nbr_v6(1),
			.proto = n % 2 ? 58 : 1,
			.tos = prandom_u32_state(&rnd),
			.opts = bytes + 1000,
			.n_opts = n % 6 ? 0 : 8,
			.l4 = bytes,
			.n_l4 = 8 + prandom_u32_state(&rnd) % 1450,
		};

		memset(bytes + 1000, 1, 8);
		bytes[0] = p.v6 ? 128 : 8;
		bytes[1] = 0;
		close_l4(&p, bytes, 2);
		expect_echo(test, &p, ping(f, &p, n % 3 ? WIRE_MAX : 60));
		/* What is broken is not answered. */
		bytes[prandom_u32_state(&rnd) % (p.n_l4 - 4) + 4] ^= 4;
		KUNIT_EXPECT_NULL(test, ping(f, &p, WIRE_MAX));
	}
}

/* IPv4 that is longer than the device can is cut, IPv6 is not. */
static void reply_long(struct kunit *test)
{
	struct nbr *f = test->priv;
	struct wire_packet p = { .dst = US, .dst6 = nbr_v6(1), .proto = 1,
				 .l4 = bytes, .n_l4 = 65515 };
	struct sk_buff *skb;
	u32 got = 0;

	bytes[0] = 8;
	close_l4(&p, bytes, 2);
	for (skb = ping(f, &p, 1000); skb; skb = wire_sent(f)) {
		KUNIT_EXPECT_LE(test, skb->len, 1500U + ETH_HLEN);
		KUNIT_EXPECT_EQ(test, got / 8,
				get_unaligned_be16(skb->data + 20) & 0x1fff);
		skb_copy_bits(skb, 34, frame + got, skb->len - 34);
		got += skb->len - 34;
		kfree_skb(skb);
	}
	KUNIT_ASSERT_EQ(test, p.n_l4, got);
	WIRE_SAME(test, frame + 4, bytes + 4, p.n_l4 - 4);
	KUNIT_EXPECT_EQ(test, 0, wire_csum_l4(false, NULL, 1, frame, got));

	p.v6 = true;
	p.proto = 58;
	p.n_l4 = 1461;
	bytes[0] = 128;
	close_l4(&p, bytes, 2);
	KUNIT_EXPECT_NULL(test, ping(f, &p, 1000));
}

static void reply_no_echo(struct kunit *test)
{
	struct nbr *f = test->priv;
	static const struct {
		u8 proto;
		u8 type;
		u16 frag;
	} others[] = {
		{ 1, 0, 0 }, { 1, 13, 0 }, { 17, 8, 0 }, { 58, 128, 0 },
		{ 1, 8, 0x2000 }, { 1, 8, 0x2001 }, { 1, 8, 0x0001 },
	};
	u32 i;

	memset(bytes, 0, 16);
	for (i = 0; i < ARRAY_SIZE(others); i++) {
		struct wire_packet p = { .proto = others[i].proto,
					 .frag = others[i].frag,
					 .l4 = bytes, .n_l4 = 16 };

		bytes[0] = others[i].type;
		wire_packet(f, &p);
		nbr_enter();
		KUNIT_EXPECT_FALSE(test, mn_icmp_echo(f->ctx));
		nbr_leave();
		KUNIT_EXPECT_EQ(test, f->ctx->reply.kind, MN_REPLY_NONE);
		kfree_skb(f->ctx->skb);
	}
}

/* RFC 9293 3.5.2, group 1: what is said of a connection that is not there. */
static const struct {
	u8 flags;
	u32 payload;
	bool said;
	u8 rst_flags;
	u32 seq;
	u32 ack;
} resets[] = {
	{ SYN, 0, true, RST | ACK, 0, 1001 },
	{ SYN, 10, true, RST | ACK, 0, 1011 },
	{ FIN, 10, true, RST | ACK, 0, 1011 },
	{ SYN | FIN, 0, true, RST | ACK, 0, 1002 },
	{ 0, 100, true, RST | ACK, 0, 1100 },
	{ ACK, 100, true, RST, 5000, 0 },
	{ SYN | ACK, 0, true, RST, 5000, 0 },
	{ FIN | ACK, 3, true, RST, 5000, 0 },
	{ RST, 0 },
	{ RST | ACK, 0 },
	{ RST | SYN, 7 },
};

static struct sk_buff *refuse(struct nbr *f, const struct wire_packet *p)
{
	wire_packet(f, p);
	nbr_enter();
	mn_icmp_refuse(f->ctx, MN_ICMP_ADMIN, f->port);
	nbr_leave();
	return wire_said(f);
}

static void segment(struct wire_packet *p, u32 n)
{
	u8 *th = bytes;

	memset(bytes, 0, 200);
	put_unaligned_be16(4000, th);
	put_unaligned_be16(80, th + 2);
	put_unaligned_be32(1000, th + 4);
	put_unaligned_be32(5000, th + 8);
	th[12] = 0x60;		/* with four bytes of options */
	th[13] = resets[n].flags;
	memset(th + 20, 1, 4);
	p->proto = IPPROTO_TCP;
	p->l4 = bytes;
	p->n_l4 = 24 + resets[n].payload;
	close_l4(p, bytes, 16);
}

static void expect_reset(struct kunit *test, struct sk_buff *skb, u32 n, bool v6)
{
	u32 hlen = v6 ? 40 : 20;
	u8 *ip, *th;

	KUNIT_ASSERT_NOT_NULL(test, skb);
	ip = skb->data + ETH_HLEN;
	th = ip + hlen;
	KUNIT_ASSERT_EQ(test, ETH_HLEN + hlen + 20, skb->len);
	KUNIT_EXPECT_EQ(test, 80, get_unaligned_be16(th));
	KUNIT_EXPECT_EQ(test, 4000, get_unaligned_be16(th + 2));
	KUNIT_EXPECT_EQ(test, resets[n].seq, get_unaligned_be32(th + 4));
	KUNIT_EXPECT_EQ(test, resets[n].ack, get_unaligned_be32(th + 8));
	KUNIT_EXPECT_EQ(test, 0x50, th[12]);
	KUNIT_EXPECT_EQ(test, resets[n].rst_flags, th[13]);
	KUNIT_EXPECT_EQ(test, 0, get_unaligned_be16(th + 14));
	KUNIT_EXPECT_EQ(test, 0, get_unaligned_be16(th + 18));
	KUNIT_EXPECT_EQ(test, 0, wire_csum_l4(v6, ip + (v6 ? 8 : 12),
					      IPPROTO_TCP, th, 20));
	if (!v6)
		KUNIT_EXPECT_EQ(test, 0, wire_fold(wire_sum(ip, 20, 0)));
	/* It is the destination that speaks. */
	KUNIT_EXPECT_EQ(test, v6 ? 0x77 : 1, ip[v6 ? 23 : 15]);
	kfree_skb(skb);
}

static void reply_reset(struct kunit *test)
{
	struct nbr *f = test->priv;
	struct wire_packet p;
	struct sk_buff *skb;
	u32 n;

	for (n = 0; n < 2 * ARRAY_SIZE(resets); n++) {
		p = (struct wire_packet){ .v6 = n % 2 };
		segment(&p, n / 2);
		skb = refuse(f, &p);
		if (resets[n / 2].said)
			expect_reset(test, skb, n / 2, p.v6);
		else
			KUNIT_EXPECT_NULL(test, skb);
		bytes[5]++;	/* broken */
		KUNIT_EXPECT_NULL(test, refuse(f, &p));
	}
	/* For more than one, or without its header: nothing. */
	p = (struct wire_packet){ .dst = 0x0a0000ff };
	segment(&p, 0);
	KUNIT_EXPECT_NULL(test, refuse(f, &p));
	p = (struct wire_packet){ .frag = 0x0010 };
	segment(&p, 0);
	KUNIT_EXPECT_NULL(test, refuse(f, &p));
	/* Not TCP: the error. */
	p = (struct wire_packet){ .proto = 253 };
	skb = refuse(f, &p);
	KUNIT_ASSERT_NOT_NULL(test, skb);
	KUNIT_EXPECT_EQ(test, 3 << 8 | 13, get_unaligned_be16(skb->data + 34));
	kfree_skb(skb);
	/* Somebody else has the packet. */
	p = (struct wire_packet){ .proto = 253 };
	wire_packet(f, &p);
	nbr_enter();
	mn_icmp_refuse(f->ctx, MN_ICMP_ADMIN, f->port);
	nbr_leave();
	f->ctx->n_outs = 1;
	KUNIT_EXPECT_NULL(test, wire_said(f));
}

static struct kunit_case reply_cases[] = {
	KUNIT_CASE(reply_echo),
	KUNIT_CASE(reply_long),
	KUNIT_CASE(reply_no_echo),
	KUNIT_CASE(reply_reset),
	{}
};

static struct kunit_suite reply_suite = {
	.name = "midonet-reply",
	.suite_init = nbr_suite_init,
	.suite_exit = nbr_suite_exit,
	.init = wire_init,
	.exit = wire_exit,
	.test_cases = reply_cases,
};

kunit_test_suite(reply_suite);
