// SPDX-License-Identifier: GPL-2.0
/*
 * Translation of what ICMP errors quote, against errors built anew about packets
 * built anew, cut off at every byte.
 */
#include <linux/module.h>
#include <linux/unaligned.h>
#include <net/ip.h>
#include <net/ip6_checksum.h>

#include "flow/translate.h"
#include "xlat.h"

#define QUOTE_HEADERS	150	/* longer than all headers of a quote */

/**
 * struct error - an ICMP error about x->p[0]
 * @v6: ICMPv6
 * @type: of ICMP
 * @words: length of the quote as the ICMP header says it; 0: it does not
 * @src: an IPv4 address is in the first word
 * @dst: see @src
 * @partial: ICMPv6: the checksum is the pseudo-header's only
 * @n: bytes quoted
 * @tail: bytes of the packet behind the quote
 * @pad: bytes behind the packet
 */
struct error {
	bool v6;
	u8 type;
	u8 words;
	struct in6_addr src;
	struct in6_addr dst;
	bool partial;
	u32 n;
	u32 tail;
	u32 pad;
};

static u16 error_check(const struct error *e, const u8 *l4, u32 len)
{
	u16 pseudo;

	if (!e->v6)
		return xlat_fold((__force u32)csum_partial(l4, len, 0));
	pseudo = (__force u16)~csum_ipv6_magic(&e->src, &e->dst, len,
					       IPPROTO_ICMPV6, 0);
	if (e->partial)
		return pseudo;
	return xlat_fold(pseudo + (u64)(__force u32)csum_partial(l4, len, 0));
}

static u32 error_ip(const struct error *e, u8 *ip, u32 n)
{
	memset(ip, 0, 40);
	if (e->v6) {
		ip[0] = 0x60;
		put_unaligned_be16(n, ip + 4);
		ip[6] = IPPROTO_ICMPV6;
		memcpy(ip + 8, &e->src, 16);
		memcpy(ip + 24, &e->dst, 16);
		return 40;
	}
	ip[0] = 0x45;
	put_unaligned_be16(20 + n, ip + 2);
	ip[9] = IPPROTO_ICMP;
	memcpy(ip + 12, &e->src, 4);
	memcpy(ip + 16, &e->dst, 4);
	put_unaligned((__force u16)ip_fast_csum(ip, 5), (u16 *)(ip + 10));
	return 20;
}

/* Returns its length; @quote has at least e->n bytes. */
static u32 error_build(const struct error *e, u8 *buf, const u8 *quote)
{
	u32 n = 8 + e->n + e->tail;
	u8 *icmp;

	memset(buf, 2, 2 * ETH_ALEN);
	put_unaligned_be16(e->v6 ? ETH_P_IPV6 : ETH_P_IP, buf + 12);
	icmp = buf + ETH_HLEN + error_ip(e, buf + ETH_HLEN, n);
	memset(icmp, 0, 8);
	icmp[0] = e->type;
	icmp[e->v6 ? 4 : 5] = e->words;
	memcpy(icmp + 8, quote, e->n);
	memset(icmp + 8 + e->n, 0xa5, e->tail);
	put_unaligned(error_check(e, icmp, n), (u16 *)(icmp + 2));
	memset(icmp + n, 0x5a, e->pad);
	return icmp + n + e->pad - buf;
}

static u32 error_l4(const struct error *e)
{
	return ETH_HLEN + (e->v6 ? 40 : 20);
}

static struct sk_buff *error_skb(struct xlat *x, const struct error *e,
				 const u8 *buf, u32 len)
{
	u32 linear = xlat_random(x) % 2 ? len :
		     ETH_HLEN + xlat_random(x) % (len - ETH_HLEN + 1);
	struct sk_buff *skb = wire_skb(x->test, buf, len, linear);

	skb->ip_summed = xlat_random(x) % 2 ? CHECKSUM_COMPLETE : CHECKSUM_NONE;
	if (!e->partial)
		return skb;
	skb->ip_summed = CHECKSUM_PARTIAL;
	skb->csum_start = skb_headroom(skb) + error_l4(e);
	skb->csum_offset = 2;
	return skb;
}

static void error_random(struct xlat *x, struct error *e, bool v6)
{
	static const u8 types[] = { 3, 4, 11, 12 };

	memset(e, 0, sizeof(*e));
	e->v6 = v6;
	e->type = v6 ? 1 + xlat_random(x) % 4 : types[xlat_random(x) % 4];
	e->partial = v6 && xlat_random(x) % 8 == 0;
	e->pad = xlat_random(x) % 2 * (xlat_random(x) % 20);
	xlat_random_addr(x, v6, &e->src);
	xlat_random_addr(x, v6, &e->dst);
}

/* Another packet: other addresses and ports, or some of them. */
static void other(struct xlat *x, const struct xlat_packet *p,
		  struct xlat_packet *to, struct mn_quote_change *c)
{
	u32 what = xlat_random(x);

	*to = *p;
	if (what & 1)
		xlat_random_addr(x, p->v6, &to->src);
	if (what & 2)
		xlat_random_addr(x, p->v6, &to->dst);
	if (what & 4)
		to->sport = (__force __be16)xlat_random(x);
	if (what & 8)
		to->dport = (__force __be16)xlat_random(x);
	*c = (struct mn_quote_change){
		.src = { p->src, to->src },
		.dst = { p->dst, to->dst },
		.sport = { p->sport, to->sport },
		.dport = { p->dport, to->dport },
	};
	if (!xlat_is_icmp(p))
		return;
	/* Either place is right for an id. */
	c->dport[0] = 0;
	c->dport[1] = 0;
	if (what & 16) {
		swap(c->sport[0], c->dport[0]);
		swap(c->sport[1], c->dport[1]);
	}
}

/*
 * What becomes of a quote: in @to is the packet as a whole, in @from as it was;
 * the first @n bytes of it are there. What is not there as a whole stays.
 */
static void cut_fields(const struct xlat_packet *p, const u8 *from, u8 *to,
		       u32 n)
{
	u32 hlen = p->v6 ? 40 : 20;
	u32 l4 = p->l4 - ETH_HLEN;
	u32 kept = n;

	if (n < hlen)
		kept = 0;
	else if (n > l4 && p->proto == IPPROTO_SCTP && n - l4 < 12 &&
		 n - l4 > 8)
		kept = l4 + 8;
	else if (n > l4)
		kept = l4 + ((n - l4) & ~1);
	if (kept < n)
		memcpy(to + kept, from + kept, n - kept);
	/* How long it is its first fragment does not know. */
	if (p->proto == IPPROTO_SCTP && p->frag == MN_FRAG_FIRST &&
	    n >= l4 + 12)
		memcpy(to + l4 + 8, from + l4 + 8, 4);
}

static void check_same(struct xlat *x, struct sk_buff *skb, u32 len,
		       const struct xlat_packet *p, u32 n)
{
	u32 i;

	KUNIT_ASSERT_EQ(x->test, len, skb->len);
	skb_copy_bits(skb, 0, x->got, len);
	if (!memcmp(x->want, x->got, len))
		return;
	for (i = 0; x->want[i] == x->got[i]; i++)
		;
	KUNIT_FAIL(x->test,
		   "v6 %d proto %u frag %u n_opts %u quoted %u: byte %u of %u is %02x, not %02x",
		   p->v6, p->proto, p->frag, p->n_opts, n, i, len, x->got[i],
		   x->want[i]);
	KUNIT_ASSERT_EQ(x->test, 0, 1);
}

/**
 * struct quotes - a packet before and after
 * @from: frame
 * @to: frame
 * @cut: what becomes of the quote
 */
struct quotes {
	u8 from[2 * XLAT_LEN];
	u8 to[2 * XLAT_LEN];
	u8 cut[2 * XLAT_LEN];
};

/* The error's own addresses are translated, too. */
static void outer(struct xlat *x, struct sk_buff *skb, struct error *e)
{
	struct mn_flow_key from, to;
	struct mn_translation t;
	struct mn_pkt pkt;

	KUNIT_ASSERT_EQ(x->test, 0, mn_key_extract(skb, 1, &from, &pkt));
	xlat_random_addr(x, e->v6, &e->src);
	to = from;
	if (e->v6)
		to.v6.src = e->src;
	else
		to.v4.src = e->src.s6_addr32[0];
	mn_translation_make(&t, &from, &to);
	KUNIT_ASSERT_TRUE(x->test, mn_translate(skb, pkt.l3, pkt.l4, &t));
}

static void one(struct xlat *x, struct quotes *q, struct error *e,
		const struct mn_quote_change *c)
{
	struct sk_buff *skb, *clone = NULL;
	bool first = xlat_random(x) % 4 == 0;
	bool both = first || xlat_random(x) % 4 == 0;
	u32 len;

	len = error_build(e, x->buf, q->from + ETH_HLEN);
	skb = error_skb(x, e, x->buf, len);
	if (xlat_random(x) % 2)
		clone = skb_clone(skb, GFP_KERNEL);
	if (first)
		outer(x, skb, e);
	KUNIT_ASSERT_TRUE(x->test, mn_translate_quote(skb, ETH_HLEN,
						      error_l4(e), e->v6, c));
	if (both && !first)
		outer(x, skb, e);
	memcpy(q->cut, q->to, sizeof(q->cut));
	cut_fields(&x->p[0], q->from + ETH_HLEN, q->cut + ETH_HLEN, e->n);
	error_build(e, x->want, q->cut + ETH_HLEN);
	check_same(x, skb, len, &x->p[0], e->n);
	/* It is over what was changed. */
	if (e->n >= (e->v6 ? 40 : 20))
		KUNIT_ASSERT_NE(x->test, CHECKSUM_COMPLETE, (u8)skb->ip_summed);
	if (clone) {
		memcpy(x->want, x->buf, len);
		check_same(x, clone, len, &x->p[0], e->n);
		kfree_skb(clone);
	}
	kfree_skb(skb);
}

/* Every packet, quoted up to every byte of its headers, or some more. */
static void quote_random(struct kunit *test)
{
	struct xlat *x = test->priv;
	struct quotes *q = kunit_kzalloc(test, sizeof(*q), GFP_KERNEL);
	struct xlat_packet *p = &x->p[0], *to = &x->p[1];
	struct mn_quote_change c;
	struct error e, now;
	u32 len, n, i;

	KUNIT_ASSERT_NOT_NULL(test, q);
	for (i = 0; i < 300; i++) {
		xlat_random_packet(x, p);
		p->how = XLAT_WHOLE;
		other(x, p, to, &c);
		if (i % 4 == 0)
			xlat_make_zero(x, p, i % 8 ? p : to);
		len = xlat_build(x, q->from, p) - ETH_HLEN - p->pad;
		xlat_build(x, q->to, to);
		error_random(x, &e, p->v6);
		for (n = 0; n <= len; n += n < QUOTE_HEADERS ? 1 : len - n ?: 1) {
			now = e;
			now.n = n;
			one(x, q, &now, &c);
		}
	}
}

/* Extensions behind a quote are no part of it, wherever its headers lead. */
static void quote_extensions(struct kunit *test)
{
	struct xlat *x = test->priv;
	struct quotes *q = kunit_kzalloc(test, sizeof(*q), GFP_KERNEL);
	struct xlat_packet *p = &x->p[0], *to = &x->p[1];
	struct mn_quote_change c;
	struct error e;
	u32 i, opts;

	KUNIT_ASSERT_NOT_NULL(test, q);
	for (i = 0; i < 300; i++) {
		/* Up to a header that begins just behind the quote. */
		opts = 64 + i % 4 * 8;
		xlat_plain(x, p, true, IPPROTO_UDP, 40);
		p->n_opts = opts;
		other(x, p, to, &c);
		xlat_build(x, q->from, p);
		xlat_build(x, q->to, to);
		error_random(x, &e, true);
		e.type = 1;
		e.n = 128;
		e.words = 128 / 8;
		e.tail = 20;
		one(x, q, &e, &c);

		xlat_plain(x, p, false, IPPROTO_TCP, 200);
		p->n_opts = i % 11 * 4;
		other(x, p, to, &c);
		xlat_build(x, q->from, p);
		xlat_build(x, q->to, to);
		error_random(x, &e, false);
		e.n = 128;
		e.words = i % 2 ? 128 / 4 : 7;
		e.tail = i % 2 ? 20 : 0;
		one(x, q, &e, &c);
	}
}

/* Its L4 header would be in the extensions: it is not there. */
static void quote_behind(struct kunit *test)
{
	struct xlat *x = test->priv;
	struct quotes *q = kunit_kzalloc(test, sizeof(*q), GFP_KERNEL);
	struct xlat_packet *p = &x->p[0], *to = &x->p[1];
	struct mn_quote_change c;
	struct error e;

	KUNIT_ASSERT_NOT_NULL(test, q);
	xlat_plain(x, p, true, IPPROTO_UDP, 40);
	p->n_opts = 88;
	other(x, p, to, &c);
	to->dport = ~p->dport;
	c.dport[1] = to->dport;
	xlat_build(x, q->from, p);
	KUNIT_EXPECT_EQ(test, ETH_HLEN + 128U, p->l4);
	/* An extension that looks like the ports of the quoted packet. */
	memset(q->from + ETH_HLEN + 128, 0xa5, 20);
	memset(&c.sport[0], 0xa5, 2);
	memset(&c.dport[0], 0xa5, 2);
	xlat_build(x, q->to, to);
	error_random(x, &e, true);
	e.type = 3;
	e.n = 128;
	e.words = 128 / 8;
	e.tail = 20;
	one(x, q, &e, &c);
}

/* About something else: it stays as it is. */
static void quote_foreign(struct kunit *test)
{
	struct xlat *x = test->priv;
	struct xlat_packet *p = &x->p[0];
	struct mn_quote_change c;
	struct sk_buff *skb;
	struct error e;
	u32 i, len;

	for (i = 0; i < 100; i++) {
		xlat_plain(x, p, i & 1, IPPROTO_UDP, 40);
		other(x, p, &x->p[1], &c);
		if (i & 2)
			c.src[0].s6_addr[3] ^= 1;
		else
			c.dst[0].s6_addr[3] ^= 1;
		e = (struct error){ .v6 = p->v6, .type = p->v6 ? 1 : 3 };
		e.n = xlat_build(x, x->got, p) - ETH_HLEN;
		len = error_build(&e, x->buf, x->got + ETH_HLEN);
		error_build(&e, x->want, x->got + ETH_HLEN);
		skb = error_skb(x, &e, x->buf, len);
		KUNIT_ASSERT_TRUE(test,
				  mn_translate_quote(skb, ETH_HLEN,
						     error_l4(&e), e.v6, &c));
		check_same(x, skb, len, p, e.n);
		/* A later fragment of an error has no header. */
		c.src[0] = p->src;
		c.dst[0] = p->dst;
		KUNIT_ASSERT_TRUE(test,
				  mn_translate_quote(skb, ETH_HLEN, 0, e.v6,
						     &c));
		check_same(x, skb, len, p, e.n);
		kfree_skb(skb);
	}
}

/* Noise that begins like a packet, and what the change says of its addresses. */
static void noise(struct xlat *x, const struct error *e, u8 *quote,
		  struct mn_quote_change *c)
{
	static const u8 protos[] = { 6, 17, 136, 132, 1, 58, 0, 43, 44, 60 };
	u8 proto = protos[xlat_random(x) % ARRAY_SIZE(protos)];
	u32 i;

	prandom_bytes_state(&x->rnd, quote, XLAT_LEN);
	memset(c, 0, sizeof(*c));
	for (i = 0; i < 2; i++) {
		xlat_random_addr(x, e->v6, &c->src[i]);
		xlat_random_addr(x, e->v6, &c->dst[i]);
	}
	quote[0] = e->v6 ? 0x60 : 0x40 | (quote[0] & 15);
	if (e->v6) {
		quote[6] = proto;
		memcpy(quote + 8, &c->src[0], 16);
		memcpy(quote + 24, &c->dst[0], 16);
		return;
	}
	if (xlat_random(x) % 2)
		put_unaligned_be16(0, quote + 6);
	quote[9] = proto;
	memcpy(quote + 12, &c->src[0], 4);
	memcpy(quote + 16, &c->dst[0], 4);
}

/*
 * Whatever it is: only what is in the quote may change, and the checksum of the
 * error is right afterwards.
 */
static void quote_noise(struct kunit *test)
{
	struct xlat *x = test->priv;
	struct mn_quote_change c;
	struct sk_buff *skb;
	struct error e;
	u32 i, n, len, l4, at;

	for (i = 0; i < 20000; i++) {
		error_random(x, &e, i & 1);
		e.partial = false;
		e.n = xlat_random(x) % 200;
		e.words = xlat_random(x) % 4 ? 0 : xlat_random(x);
		l4 = error_l4(&e);
		noise(x, &e, x->want, &c);
		memcpy(&c.sport[0], x->want + 20, 2);
		memcpy(&c.dport[0], x->want + 22, 2);
		c.sport[1] = (__force __be16)xlat_random(x);
		c.dport[1] = (__force __be16)xlat_random(x);
		len = error_build(&e, x->buf, x->want);
		skb = error_skb(x, &e, x->buf, len);
		KUNIT_ASSERT_TRUE(test, mn_translate_quote(skb, ETH_HLEN, l4,
							   e.v6, &c));
		KUNIT_ASSERT_EQ(test, len, skb->len);
		skb_copy_bits(skb, 0, x->got, len);
		kfree_skb(skb);
		at = l4 + 8;
		n = at + e.n;
		if (e.words * (e.v6 ? 8 : 4) >= 128)
			n = min(n, at + e.words * (e.v6 ? 8 : 4));
		if (e.v6 ? e.type != 1 && e.type != 3 : e.type == 4)
			n = at + e.n;
		KUNIT_ASSERT_EQ(test, 0, memcmp(x->got, x->buf, l4 + 2));
		KUNIT_ASSERT_EQ(test, 0, memcmp(x->got + l4 + 4,
						x->buf + l4 + 4, 4));
		KUNIT_ASSERT_EQ(test, 0, memcmp(x->got + n, x->buf + n,
						len - n));
		n = get_unaligned((u16 *)(x->got + l4 + 2));
		put_unaligned((u16)0, (u16 *)(x->got + l4 + 2));
		KUNIT_ASSERT_EQ(test, n,
				(u32)error_check(&e, x->got + l4, 8 + e.n));
	}
}

static struct kunit_case quote_cases[] = {
	KUNIT_CASE(quote_random),
	KUNIT_CASE(quote_extensions),
	KUNIT_CASE(quote_behind),
	KUNIT_CASE(quote_foreign),
	KUNIT_CASE(quote_noise),
	{}
};

static struct kunit_suite quote_suite = {
	.name = "midonet-quote",
	.init = xlat_init,
	.test_cases = quote_cases,
};

kunit_test_suite(quote_suite);
