// SPDX-License-Identifier: GPL-2.0
/*
 * What is said to senders: by whom, about what, how often, and every byte of it.
 */
#include <linux/if_vlan.h>
#include <linux/module.h>
#include <linux/unaligned.h>

#include "l3/icmp.h"
#include "port/port.h"
#include "wire.h"

#define QUERY	8	/* ICMP echo */

static const struct {
	enum mn_icmp_kind kind;
	u8 v4[2];
	u8 v6[2];
	u32 mtu;
	u32 info6;
} words[] = {
	{ MN_ICMP_NET, { 3, 0 }, { 1, 0 } },
	{ MN_ICMP_HOST, { 3, 1 }, { 1, 3 } },
	{ MN_ICMP_PROTO, { 3, 2 }, { 4, 1 }, .info6 = 6 },
	{ MN_ICMP_PORT, { 3, 3 }, { 1, 4 } },
	{ MN_ICMP_TOO_BIG, { 3, 4 }, { 2, 0 }, 1400, 1400 },
	{ MN_ICMP_TOO_BIG, { 3, 4 }, { 2, 0 }, 600, 1280 },
	{ MN_ICMP_ADMIN, { 3, 13 }, { 1, 1 } },
	{ MN_ICMP_TTL, { 11, 0 }, { 3, 0 } },
};

static u8 bytes[3000];

/* The error about the frame in @was, of @len bytes, by hand. */
static u32 error_v4(u8 *buf, const u8 *was, u32 len, u32 n)
{
	struct wire_packet p = { .src = US, .dst = HOST, .proto = 1, .ttl = 64,
				 .tos = 0xc0, .frag = 0x4000, .l4 = bytes };
	static u8 l4[600];

	memset(l4, 0, 8);
	l4[0] = words[n].v4[0];
	l4[1] = words[n].v4[1];
	put_unaligned_be16(words[n].mtu, l4 + 6);
	len = min(len - ETH_HLEN, 576U - 28);
	memcpy(l4 + 8, was + ETH_HLEN, len);
	put_unaligned_be16(wire_csum_l4(false, NULL, 1, l4, 8 + len), l4 + 2);
	p.l4 = l4;
	p.n_l4 = 8 + len;
	len = wire_build(buf, &p);
	/* What may not be cut has no id. */
	put_unaligned_be16(0, buf + ETH_HLEN + 4);
	put_unaligned_be16(0, buf + ETH_HLEN + 10);
	put_unaligned_be16(wire_fold(wire_sum(buf + ETH_HLEN, 20, 0)),
			   buf + ETH_HLEN + 10);
	return len;
}

static u32 error_v6(u8 *buf, const u8 *was, u32 len, u32 n)
{
	struct wire_packet p = { .v6 = true, .src6 = nbr_v6(1),
				 .dst6 = nbr_v6(5), .proto = 58, .ttl = 64,
				 .tos = 0xc0 };
	struct in6_addr addrs[2] = { p.src6, p.dst6 };
	static u8 l4[1300];

	memset(l4, 0, 8);
	l4[0] = words[n].v6[0];
	l4[1] = words[n].v6[1];
	put_unaligned_be32(words[n].info6, l4 + 4);
	len = min(len - ETH_HLEN, 1280U - 48);
	memcpy(l4 + 8, was + ETH_HLEN, len);
	put_unaligned_be16(wire_csum_l4(true, (const u8 *)addrs, 58, l4,
					8 + len), l4 + 2);
	p.l4 = l4;
	p.n_l4 = 8 + len;
	return wire_build(buf, &p);
}

static void expect_frame(struct kunit *test, struct sk_buff *skb, u8 *buf,
			 u32 len)
{
	static u8 is[WIRE_MAX];

	KUNIT_ASSERT_NOT_NULL(test, skb);
	KUNIT_ASSERT_EQ(test, len, skb->len);
	/* It goes where the packet came from. */
	memcpy(buf, nbr_alice, ETH_ALEN);
	memcpy(buf + ETH_ALEN, nbr_us, ETH_ALEN);
	skb_copy_bits(skb, 0, is, len);
	WIRE_SAME(test, buf, is, len);
	kfree_skb(skb);
}

static void icmp_bytes(struct kunit *test)
{
	struct nbr *f = test->priv;
	static u8 was[3100], buf[3100];
	struct rnd_state rnd;
	struct sk_buff *skb;
	u32 n, i, len;

	prandom_seed_state(&rnd, topo_seed(test));
	for (n = 0; n < 2000; n++) {
		struct wire_packet p = {
			.v6 = n % 2,
			.proto = IPPROTO_UDP,
			.tos = prandom_u32_state(&rnd),
			.frag = n % 5 ? 0 : 0x2000,
			.l4 = bytes,
			.n_l4 = 8 + prandom_u32_state(&rnd) % 2900,
		};

		i = prandom_u32_state(&rnd) % ARRAY_SIZE(words);
		prandom_bytes_state(&rnd, bytes, sizeof(bytes));
		len = wire_build(was, &p);
		wire_begin(f, wire_skb(test, was, len, n % 3 ? len : 54));
		nbr_enter();
		mn_icmp_error(f->ctx, words[i].kind, f->port, words[i].mtu);
		nbr_leave();
		KUNIT_EXPECT_FALSE(test, f->ctx->cacheable);
		skb = wire_said(f);
		len = p.v6 ? error_v6(buf, was, len, i) :
			     error_v4(buf, was, len, i);
		expect_frame(test, skb, buf, len);
	}
}

/* It has the tag the packet came with, and points behind other headers. */
static void icmp_details(struct kunit *test)
{
	struct nbr *f = test->priv;
	static const u8 ext[] = { 253, 0, 1, 4, 0, 0, 0, 0, 1, 2, 3, 4 };
	struct wire_packet p = { .v6 = true, .proto = 60, .l4 = ext,
				 .n_l4 = sizeof(ext) };
	struct sk_buff *skb;
	u8 buf[100];
	u32 len = wire_build(buf, &p);

	skb = wire_skb(test, buf, len, len);
	__vlan_hwaccel_put_tag(skb, htons(ETH_P_8021Q), 0x6007);
	wire_begin(f, skb);
	nbr_enter();
	mn_icmp_error(f->ctx, MN_ICMP_PROTO, f->port, 0);
	nbr_leave();
	KUNIT_EXPECT_EQ(test, 40U, f->ctx->reply.info);
	skb = wire_said(f);
	KUNIT_ASSERT_NOT_NULL(test, skb);
	KUNIT_EXPECT_EQ(test, 0x6007, skb_vlan_tag_get(skb));
	kfree_skb(skb);
}

/* Where the next header field is that says 253. */
static const struct {
	u8 first;
	u8 ext[24];
	u32 n_ext;
	u32 at;
} chains[] = {
	{ 253, {}, 0, 6 },
	{ 0, { 253, 0, 1, 4 }, 8, 40 },
	{ 0, { 60, 0, 1, 4, 0, 0, 0, 0, 253, 1, 1, 12 }, 24, 48 },
	{ 43, { 253, 0, 4 }, 8, 40 },
	{ 51, { 253, 1 }, 12, 40 },
	{ 51, { 60, 2, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 253 }, 24, 56 },
	{ 44, { 253, 0, 0, 1, 0, 0, 0, 9 }, 8, 40 },
	{ 0, { 44, 0, 1, 4, 0, 0, 0, 0, 253, 0, 0, 1, 0, 0, 0, 9 }, 16, 48 },
};

static void icmp_pointer(struct kunit *test)
{
	struct nbr *f = test->priv;
	static u8 buf[100], l4[40];
	struct sk_buff *skb;
	u32 i, len;

	for (i = 0; i < 2 * ARRAY_SIZE(chains); i++) {
		u32 n = i / 2;
		struct wire_packet p = { .v6 = true, .proto = chains[n].first,
					 .l4 = l4,
					 .n_l4 = chains[n].n_ext + 8 };

		memset(l4, 0, sizeof(l4));
		memcpy(l4, chains[n].ext, chains[n].n_ext);
		len = wire_build(buf, &p);
		wire_begin(f, wire_skb(test, buf, len, i % 2 ? len : 20));
		KUNIT_EXPECT_EQ(test, 253, (int)f->ctx->key.proto);
		nbr_enter();
		mn_icmp_error(f->ctx, MN_ICMP_PROTO, f->port, 0);
		nbr_leave();
		skb = wire_said(f);
		KUNIT_ASSERT_NOT_NULL(test, skb);
		KUNIT_EXPECT_EQ_MSG(test, chains[n].at,
				    get_unaligned_be32(skb->data + 58),
				    "chain %u", n);
		kfree_skb(skb);
	}
}

/* Is an error sent about a packet to the port, or in its destination's name? */
static bool told(struct nbr *f, const struct wire_packet *p, bool router)
{
	bool set;

	wire_packet(f, p);
	nbr_enter();
	mn_icmp_error(f->ctx, MN_ICMP_ADMIN, router ? f->port : NULL, 0);
	nbr_leave();
	set = f->ctx->reply.kind == MN_REPLY_ERROR;
	KUNIT_EXPECT_FALSE(f->topo.test, f->ctx->cacheable);
	kfree_skb(f->ctx->skb);
	return set;
}

static bool about_icmp(struct nbr *f, bool v6, u8 type)
{
	u8 l4[16] = { type };
	struct wire_packet p = { .v6 = v6, .proto = v6 ? 58 : 1, .l4 = l4,
				 .n_l4 = sizeof(l4) };

	return told(f, &p, true);
}

static void icmp_never_types(struct kunit *test)
{
	struct nbr *f = test->priv;
	int i;

	for (i = 0; i < 256; i++) {
		bool error = i == 3 || i == 4 || i == 5 || i == 11 || i == 12;

		KUNIT_EXPECT_EQ_MSG(test, !error, about_icmp(f, false, i),
				    "type %d", i);
		KUNIT_EXPECT_EQ_MSG(test, i >= 128, about_icmp(f, true, i),
				    "ICMPv6 type %d", i);
	}
}

static const struct {
	const char *what;
	u32 src;
	u32 dst;
	u16 frag;
	bool router;
	bool bridge;
} stations[] = {
	{ "nothing special", HOST, 0x0b000001, 0, true, true },
	{ "a first fragment", HOST, 0x0b000001, 0x2000, true, true },
	{ "a later fragment", HOST, 0x0b000001, 0x2010 },
	{ "the last fragment", HOST, 0x0b000001, 0x0010 },
	{ "multicast", HOST, 0xe0000005 },
	{ "broadcast", HOST, 0xffffffff },
	{ "broadcast of a subnet", HOST, 0x0a0000ff, 0, false, true },
	{ "a host route is no subnet", HOST, 0x0a090001, 0, true, true },
	{ "loopback", HOST, 0x7f000001 },
	{ "source multicast", 0xe0000005, 0x0b000001 },
	{ "source broadcast", 0xffffffff, 0x0b000001 },
	{ "source broadcast of a subnet", 0x0a0000ff, 0x0b000001, 0, false, true },
	{ "source loopback", 0x7f000001, 0x0b000001 },
	{ "source reserved", 0xf0000001, 0x0b000001 },
};

static void icmp_never_stations(struct kunit *test)
{
	struct nbr *f = test->priv;
	static const u8 l4[24];
	u32 i;

	for (i = 0; i < ARRAY_SIZE(stations); i++) {
		struct wire_packet p = {
			.src = stations[i].src, .dst = stations[i].dst,
			.frag = stations[i].frag, .proto = IPPROTO_UDP,
			.l4 = l4, .n_l4 = sizeof(l4),
		};

		KUNIT_EXPECT_EQ_MSG(test, stations[i].router,
				    told(f, &p, true), "%s", stations[i].what);
		KUNIT_EXPECT_EQ_MSG(test, stations[i].bridge,
				    told(f, &p, false), "%s", stations[i].what);
	}
}

/* Ethernet addresses, too, are of stations, and nobody has no address. */
static void icmp_never_group(struct kunit *test)
{
	struct nbr *f = test->priv;
	struct wire_packet p = { .proto = 253 };
	u8 buf[80];
	u32 len, i;

	for (i = 0; i < 4; i++) {
		len = wire_build(buf, &p);
		if (i == 1)
			buf[0] |= 1;
		if (i == 2)
			buf[ETH_ALEN] |= 1;
		if (i == 3)
			memset(buf + 26, 0, 4);
		wire_begin(f, wire_skb(test, buf, len, len));
		nbr_enter();
		mn_icmp_error(f->ctx, MN_ICMP_TTL, f->port, 0);
		nbr_leave();
		KUNIT_EXPECT_EQ(test, !i, f->ctx->reply.kind != MN_REPLY_NONE);
		kfree_skb(f->ctx->skb);
	}
}

static void expect_speaker(struct nbr *f, const struct wire_packet *p,
			   struct mn_port *at, const struct in6_addr *is)
{
	wire_packet(f, p);
	nbr_enter();
	mn_icmp_error(f->ctx, MN_ICMP_TTL, at, 0);
	nbr_leave();
	if (is)
		KUNIT_EXPECT_EQ(f->topo.test, 0,
				memcmp(is, &f->ctx->reply.src, sizeof(*is)));
	KUNIT_EXPECT_EQ(f->topo.test, f->ctx->reply.kind,
			is ? MN_REPLY_ERROR : MN_REPLY_NONE);
	kfree_skb(f->ctx->skb);
}

static void icmp_source(struct kunit *test)
{
	static const struct in6_addr local = { .s6_addr = { 0xfe, 0x80, [15] = 7 } };
	static const struct in6_addr ours = {
		.s6_addr = { 0xfe, 0x80, [11] = 0xff, 0xfe, 0, 1, 1 },
	};
	struct in6_addr v6 = nbr_v6(1), far = nbr_v6(0x77), v4 = {};
	struct nbr *f = test->priv;
	struct wire_packet p = { .proto = 253 }, p6 = { .v6 = true, .proto = 253 };

	/* In its subnet, elsewhere, and in that of another address. */
	v4.s6_addr32[0] = htonl(US);
	expect_speaker(f, &p, f->port, &v4);
	p.src = 0x0c000001;
	expect_speaker(f, &p, f->port, &v4);
	v4.s6_addr32[0] = htonl(0x0a090001);
	p.src = 0x0a090001;
	expect_speaker(f, &p, f->port, &v4);
	/* A router behind speaks with what it has where the packet came in. */
	v4.s6_addr32[0] = htonl(0x0a010001);
	expect_speaker(f, &p, f->linked, &v4);
	/* A bridge: as the destination. */
	v4.s6_addr32[0] = htonl(0x0b000001);
	expect_speaker(f, &p, NULL, &v4);

	expect_speaker(f, &p6, f->port, &v6);
	expect_speaker(f, &p6, f->linked, NULL);
	expect_speaker(f, &p6, NULL, &far);
	p6.src6 = local;
	expect_speaker(f, &p6, f->port, &ours);
}

/* Errors cost ten of what answers cost one; a trace costs nothing. */
static void icmp_rate(struct kunit *test)
{
	struct nbr *f = test->priv;
	struct wire_packet p = { .proto = 253 };
	u8 echo[8] = { QUERY };
	int i;

	f->topo.mn->limits.icmp_rate = 1;
	mn_bucket_init(&f->port->icmp);
	for (i = 0; i < 50; i++) {
		wire_packet(f, &p);
		f->ctx->live = false;
		nbr_enter();
		mn_icmp_error(f->ctx, MN_ICMP_TTL, f->port, 0);
		nbr_leave();
		KUNIT_EXPECT_EQ(test, f->ctx->reply.kind, MN_REPLY_ERROR);
		kfree_skb(f->ctx->skb);
	}
	KUNIT_EXPECT_TRUE(test, told(f, &p, true));
	p = (struct wire_packet){ .proto = 1, .l4 = echo, .n_l4 = 8 };
	for (i = 0; i < 4; i++) {
		wire_packet(f, &p);
		nbr_enter();
		KUNIT_EXPECT_TRUE(test, mn_icmp_echo(f->ctx));
		nbr_leave();
		kfree_skb(f->ctx->skb);
	}
	/* Six are left, and one comes back in a tenth of a second. */
	KUNIT_EXPECT_FALSE(test, told(f, &p, true));
}

static struct kunit_case icmp_cases[] = {
	KUNIT_CASE(icmp_bytes),
	KUNIT_CASE(icmp_details),
	KUNIT_CASE(icmp_pointer),
	KUNIT_CASE(icmp_never_types),
	KUNIT_CASE(icmp_never_stations),
	KUNIT_CASE(icmp_never_group),
	KUNIT_CASE(icmp_source),
	KUNIT_CASE(icmp_rate),
	{}
};

static struct kunit_suite icmp_suite = {
	.name = "midonet-icmp",
	.suite_init = nbr_suite_init,
	.suite_exit = nbr_suite_exit,
	.init = wire_init,
	.exit = wire_exit,
	.test_cases = icmp_cases,
};

kunit_test_suite(icmp_suite);
