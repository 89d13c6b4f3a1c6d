// SPDX-License-Identifier: GPL-2.0
/*
 * ICMP errors go the way of what they quote, whatever headers that has, and
 * however little of it there is.
 */
#include <linux/icmp.h>
#include <linux/icmpv6.h>
#include <linux/module.h>
#include <linux/unaligned.h>
#include <net/ipv6.h>

#include "route_topo.h"
#include "wire.h"

#define HOPS	64
#define TRIES	50
#define ECHO	1	/* the quote's L4 has an id, no ports */
#define LATER	2	/* it is a later fragment: neither */
#define ERROR	4	/* an error itself: neither */

static const u8 hop_by_hop[] = { 6, 0, 5, 2, 0, 0, 1, 0 };
static const u8 two[] = { 43, 0, 1, 4, 0, 0, 0, 0,		/* hop-by-hop */
			  17, 0, 4, 0, 0, 0, 0, 0 };		/* routing */
static const u8 dest_long[] = { 17, 1, 1, 12, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0 };
static const u8 auth[] = { 6, 2, 0, 0, 0, 0, 0, 1, 0, 0, 0, 1, 1, 2, 3, 4 };
static const u8 frag_first[] = { 17, 0, 0, 1, 0, 0, 0, 7 };
static const u8 frag_later[] = { 17, 0, 0x05, 0xa9, 0, 0, 0, 7 };
static const u8 options_later[] = { 44, 0, 1, 4, 0, 0, 0, 0,	/* hop-by-hop */
				    17, 0, 0x05, 0xa8, 0, 0, 0, 7 };
static const u8 options_first[] = { 44, 0, 1, 4, 0, 0, 0, 0,
				    58, 0, 0, 1, 0, 0, 0, 7 };
static const u8 ip_options[] = { 1, 1, 1, 0, 7, 4, 4, 0 };

/**
 * struct shape - a quoted packet
 * @what: its name
 * @v6: IPv6
 * @proto: its L4 protocol
 * @first: next header of the IPv6 header, 0 for @proto
 * @frag: as in the IPv4 header
 * @ext: IPv4 options or IPv6 extension headers
 * @n_ext: bytes of them
 * @flags: ECHO, LATER, ERROR
 */
struct shape {
	const char *what;
	bool v6;
	u8 proto;
	u8 first;
	u16 frag;
	const u8 *ext;
	u32 n_ext;
	u32 flags;
};

static const struct shape shapes[] = {
	{ "TCP", false, 6 },
	{ "UDP", false, 17 },
	{ "SCTP", false, 132 },
	{ "options", false, 17, .ext = ip_options, .n_ext = 8 },
	{ "first fragment", false, 17, .frag = 0x2000 },
	{ "later fragment", false, 17, .frag = 0x2010, .flags = LATER },
	{ "echo", false, 1, .flags = ECHO },
	{ "error", false, 1, .flags = ERROR },
	{ "TCP", true, 6 },
	{ "UDP", true, 17 },
	{ "SCTP", true, 132 },
	{ "hop-by-hop options", true, 6, 255, 0, hop_by_hop, 8 },
	{ "hop-by-hop and routing", true, 17, 255, 0, two, 16 },
	{ "destination options", true, 17, 60, 0, dest_long, 16 },
	{ "authentication", true, 6, 51, 0, auth, 16 },
	{ "first fragment", true, 17, 44, 0, frag_first, 8 },
	{ "later fragment", true, 17, 44, 0, frag_later, 8, LATER },
	{ "options, later fragment", true, 17, 255, 0, options_later, 16, LATER },
	{ "echo", true, 58, .flags = ECHO },
	{ "options, first fragment, echo", true, 58, 255, 0, options_first, 16, ECHO },
	{ "error", true, 58, .flags = ERROR },
};

static u8 frame[200];

static const char *const sides[2][2] = {
	{ "172.16.0.1", "203.0.113.7" }, { "2001:db8:1::1", "2001:db8:2::7" },
};

/* Of the error, from a router on the way to the sender of the quoted packet. */
static const char *const speakers[2] = { "198.51.100.1", "2001:db8:3::1" };

static void make_hops(struct rt *rt)
{
	char v4[16], v6[24];
	u32 i;

	rt_do_port(rt, 1, RT_PORTS("10.0.0.1/24", "2001:db8::1/64"));
	topo_begin(&rt->topo);
	for (i = 2; i < HOPS + 2; i++) {
		snprintf(v4, sizeof(v4), "10.0.0.%u", i);
		snprintf(v6, sizeof(v6), "2001:db8::%x", i);
		rt_route(rt, MN_VERB_NEW,
			 &(struct rt_route){ "0.0.0.0/0", 1, v4, 1 });
		rt_route(rt, MN_VERB_NEW,
			 &(struct rt_route){ "::/0", 1, v6, 1 });
	}
	rt_committed(rt);
}

/* The gateway of the walk's packet, by its last byte; 0: no route. */
static u8 hop(struct rt *rt, bool v6)
{
	const struct mn_route *r = rt_find(rt);

	return r ? ((const u8 *)mn_route_gateway(r))[v6 ? 15 : 3] : 0;
}

static u16 echo_type(bool v6)
{
	return v6 ? ICMPV6_ECHO_REQUEST : ICMP_ECHO;
}

/* Where the packet goes that is quoted: @n tells connections apart. */
static u8 hop_of_packet(struct rt *rt, const struct shape *s, u16 n)
{
	struct rt_packet p = { sides[s->v6][0], sides[s->v6][1], 4000 + n, 80,
			       s->proto };

	/* Neither echo nor error: a type without an id, or no L4 at all. */
	if (s->flags & ERROR)
		p.sport = s->v6 ? 200 : ICMP_TIMESTAMP;
	if (s->flags & ECHO)
		p.sport = echo_type(s->v6);
	rt_begin(rt, &p);
	if (s->flags & ECHO)
		rt->ctx->key.icmp_id = htons(4000 + n);
	if (s->flags & LATER) {
		rt->ctx->key.frag = MN_FRAG_LATER;
		rt->ctx->key.flags = 0;
		rt->ctx->frag_alone = true;
	}
	return hop(rt, s->v6);
}

static u32 put_v4(struct rt *rt, u8 *at, const struct shape *s)
{
	struct in6_addr addr;

	at[0] = 0x45 + s->n_ext / 4;
	put_unaligned_be16(s->frag, at + 6);
	at[9] = s->proto;
	rt_addr(rt, sides[0][0], &addr);
	memcpy(at + 12, &addr, 4);
	rt_addr(rt, sides[0][1], &addr);
	memcpy(at + 16, &addr, 4);
	return 20;
}

static u32 put_v6(struct rt *rt, u8 *at, const struct shape *s)
{
	struct in6_addr addr;

	at[0] = 0x60;
	at[6] = s->first == 255 ? NEXTHDR_HOP : s->first ?: s->proto;
	rt_addr(rt, sides[1][0], &addr);
	memcpy(at + 8, &addr, 16);
	rt_addr(rt, sides[1][1], &addr);
	memcpy(at + 24, &addr, 16);
	return 40;
}

static u32 quote_at(bool v6)
{
	return ETH_HLEN + (v6 ? 40 : 20) + sizeof(struct icmphdr);
}

/* The error, in @frame; returns its length. */
static u32 build(struct rt *rt, const struct shape *s, u16 n)
{
	u8 *at = frame + quote_at(s->v6);

	memset(frame, 0, sizeof(frame));
	put_unaligned_be16(s->v6 ? ETH_P_IPV6 : ETH_P_IP, frame + 12);
	at += s->v6 ? put_v6(rt, at, s) : put_v4(rt, at, s);
	if (s->n_ext)
		memcpy(at, s->ext, s->n_ext);
	at += s->n_ext;
	if (s->flags & (ECHO | ERROR)) {
		at[0] = s->flags & ECHO ? echo_type(s->v6) :
		       s->v6 ? ICMPV6_TIME_EXCEED : ICMP_TIME_EXCEEDED;
		put_unaligned_be16(4000 + n, at + 4);
	} else {
		put_unaligned_be16(4000 + n, at);
		put_unaligned_be16(80, at + 2);
	}
	return at + 8 - frame;
}

/* Where the error in @frame goes, of which @len bytes are there. */
static u8 hop_of_error(struct rt *rt, bool v6, u32 len, u32 linear)
{
	struct rt_packet p = { speakers[v6], sides[v6][0],
			       v6 ? ICMPV6_TIME_EXCEED : ICMP_TIME_EXCEEDED, 0,
			       v6 ? IPPROTO_ICMPV6 : IPPROTO_ICMP };
	u8 is;

	rt_begin(rt, &p);
	rt->ctx->skb = wire_skb(rt->topo.test, frame, len, linear);
	rt->ctx->pkt.l3 = ETH_HLEN;
	rt->ctx->pkt.l4 = quote_at(v6) - sizeof(struct icmphdr);
	is = hop(rt, v6);
	KUNIT_EXPECT_FALSE(rt->topo.test, rt->ctx->cacheable);
	kfree_skb(rt->ctx->skb);
	rt->ctx->skb = rt->skb;
	return is;
}

static void quote_shapes(struct kunit *test)
{
	struct rt *rt = test->priv;
	const struct shape *s;
	u32 len, n, ways;

	make_hops(rt);
	for (s = shapes; s < shapes + ARRAY_SIZE(shapes); s++) {
		bool seen[256] = {};

		ways = 0;
		for (n = 0; n < TRIES; n++) {
			u8 is = hop_of_packet(rt, s, n);

			ways += !seen[is];
			seen[is] = true;
			KUNIT_ASSERT_NE(test, 0, (int)is);
			len = build(rt, s, n);
			KUNIT_ASSERT_EQ_MSG(test, is,
					    hop_of_error(rt, s->v6, len,
							 n % 2 ? len : 20),
					    "IPv%d: %s", s->v6 ? 6 : 4,
					    s->what);
		}
		if (s->flags & (LATER | ERROR))
			KUNIT_EXPECT_EQ(test, 1U, ways);
		else
			KUNIT_EXPECT_GT(test, ways, 20U);
	}
}

/* It goes somewhere, and by the connection as soon as that can be read. */
static void quote_cut(struct kunit *test)
{
	struct rt *rt = test->priv;
	const struct shape *s;
	u32 len, all, need, quote;
	u8 bare, is, at;

	make_hops(rt);
	for (s = shapes; s < shapes + ARRAY_SIZE(shapes); s++) {
		is = hop_of_packet(rt, s, 1);
		all = build(rt, s, 1);
		quote = quote_at(s->v6);
		bare = hop_of_error(rt, s->v6, quote, quote);
		need = all - (s->flags & ECHO ? 0 : s->flags & ERROR ? 8 : 4);
		/* The last byte of an ICMP echo's header is behind its id. */
		for (len = quote; len <= all; len++) {
			at = hop_of_error(rt, s->v6, len, len);
			KUNIT_EXPECT_NE(test, 0, (int)at);
			if (len < quote + (s->v6 ? 40 : 20))
				KUNIT_EXPECT_EQ_MSG(test, bare, at, "%s, %u",
						    s->what, len - quote);
			if (len >= need)
				KUNIT_EXPECT_EQ_MSG(test, is, at, "%s, %u",
						    s->what, len - quote);
		}
	}
}

/* What is no packet goes by the addresses of the error; nothing loops. */
static void quote_broken(struct kunit *test)
{
	struct rt *rt = test->priv;
	static const u8 first[] = { 0x35, 0x44, 0x40, 0x55, 0x65, 0x00 };
	struct rnd_state rnd;
	u8 *at;
	u32 i, len;
	u8 bare;

	make_hops(rt);
	at = frame + quote_at(false);
	len = build(rt, &shapes[0], 1);
	bare = hop_of_error(rt, false, quote_at(false), len);
	for (i = 0; i < ARRAY_SIZE(first); i++) {
		at[0] = first[i];
		KUNIT_EXPECT_EQ_MSG(test, bare,
				    hop_of_error(rt, false, len, len), "%02x",
				    first[i]);
	}
	at = frame + quote_at(true);
	len = build(rt, &shapes[8], 1);
	bare = hop_of_error(rt, true, quote_at(true), len);
	for (i = 0; i < 16; i++) {
		at[0] = i << 4 | 5;
		if (i != 6)
			KUNIT_EXPECT_EQ_MSG(test, bare,
					    hop_of_error(rt, true, len, len),
					    "%02x", at[0]);
	}
	/* Headers that never end, and headers of any kind. */
	at[0] = 0x60;
	at[6] = NEXTHDR_HOP;
	memset(at + 40, 0, sizeof(frame) - quote_at(true) - 40);
	KUNIT_EXPECT_NE(test, 0,
			(int)hop_of_error(rt, true, sizeof(frame), 60));
	prandom_seed_state(&rnd, topo_seed(test));
	for (i = 0; i < 5000; i++) {
		bool v6 = i % 2;
		u32 quote = quote_at(v6);

		prandom_bytes_state(&rnd, frame + quote, sizeof(frame) - quote);
		frame[quote] = v6 ? 0x60 : 0x45 + i / 2 % 11;
		if (v6)
			frame[quote + 6] = (const u8 []){ 0, 43, 44, 51, 58, 60 }
					   [i / 2 % 6];
		len = quote + prandom_u32_state(&rnd) % (sizeof(frame) - quote);
		KUNIT_EXPECT_NE(test, 0, (int)hop_of_error(rt, v6, len, 20));
	}
}

static struct kunit_case quote_cases[] = {
	KUNIT_CASE(quote_shapes),
	KUNIT_CASE(quote_cut),
	KUNIT_CASE(quote_broken),
	{}
};

static struct kunit_suite quote_suite = {
	.name = "midonet-quote",
	.suite_init = rt_suite_init,
	.suite_exit = rt_suite_exit,
	.init = rt_init,
	.exit = rt_exit,
	.test_cases = quote_cases,
};

kunit_test_suite(quote_suite);
