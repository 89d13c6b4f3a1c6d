// SPDX-License-Identifier: GPL-2.0
/*
 * Tuples of packets, and of what ICMP errors quote.
 */
#include <kunit/test.h>
#include <linux/icmp.h>
#include <linux/icmpv6.h>
#include <linux/inet.h>
#include <linux/skbuff.h>
#include <net/ip.h>
#include <net/ipv6.h>
#include <net/netlink.h>

#include "flow/key.h"
#include "state/tuple.h"

/* Where the quote begins in a test packet; anything. */
#define OFF	42

static u8 addr_of(struct kunit *test, const char *text, struct in6_addr *addr)
{
	memset(addr, 0, sizeof(*addr));
	if (in4_pton(text, -1, addr->s6_addr, -1, NULL))
		return AF_INET;
	KUNIT_ASSERT_TRUE_MSG(test, in6_pton(text, -1, addr->s6_addr, -1, NULL),
			      "%s", text);
	return AF_INET6;
}

/**
 * struct packet_case - a packet and its tuple
 * @what: in words
 * @src: source
 * @dst: destination
 * @proto: IP protocol
 * @no_l4: it has no L4 header
 * @a: source port, or ICMP type
 * @b: destination port, or ICMP code
 * @id: of an echo
 * @kind: what it is to be
 * @sport: of the tuple
 * @dport: of the tuple
 */
struct packet_case {
	const char *what;
	const char *src;
	const char *dst;
	u8 proto;
	bool no_l4;
	u16 a;
	u16 b;
	u16 id;
	u8 kind;
	u16 sport;
	u16 dport;
};

#define V4	"10.0.0.1", "10.0.0.2"
#define V6	"fd00::1", "fd00::2"
#define OK	MN_TUPLE_OK
#define ERROR	MN_TUPLE_ERROR
#define NEVER	MN_TUPLE_UNTRACKED
#define BAD	MN_TUPLE_INVALID

static const struct packet_case packet_cases[] = {
	{ "tcp", V4, IPPROTO_TCP, false, 7, 80, 0, OK, 7, 80 },
	{ "tcp6", V6, IPPROTO_TCP, false, 7, 80, 0, OK, 7, 80 },
	{ "udp", V4, IPPROTO_UDP, false, 7, 53, 0, OK, 7, 53 },
	{ "sctp", V6, IPPROTO_SCTP, false, 7, 9, 0, OK, 7, 9 },
	{ "udplite", V4, IPPROTO_UDPLITE, false, 7, 9, 0, OK, 7, 9 },
	{ "later tcp", V4, IPPROTO_TCP, true, 0, 0, 0, BAD, 0, 0 },
	{ "later udp6", V6, IPPROTO_UDP, true, 0, 0, 0, BAD, 0, 0 },
	{ "later icmp", V4, IPPROTO_ICMP, true, 0, 0, 0, BAD, 0, 0 },
	{ "gre", V4, IPPROTO_GRE, true, 0, 0, 0, OK, 0, 0 },
	{ "esp6", V6, IPPROTO_ESP, true, 0, 0, 0, OK, 0, 0 },
	{ "echo", V4, IPPROTO_ICMP, false, 8, 0, 99, OK, 99, 0 },
	{ "echo reply", V4, IPPROTO_ICMP, false, 0, 0, 99, OK, 0, 99 },
	{ "echo6", V6, IPPROTO_ICMPV6, false, 128, 0, 99, OK, 99, 0 },
	{ "echo6 reply", V6, IPPROTO_ICMPV6, false, 129, 0, 99, OK, 0, 99 },
	{ "timestamp", V4, IPPROTO_ICMP, false, 13, 0, 0, OK, 0, 0 },
	{ "icmp6 in v4", V4, IPPROTO_ICMPV6, true, 0, 0, 0, OK, 0, 0 },
	{ "node info", V6, IPPROTO_ICMPV6, false, 139, 0, 0, OK, 0, 0 },
	{ "unreachable", V4, IPPROTO_ICMP, false, 3, 1, 0, ERROR, 0, 0 },
	{ "redirect", V4, IPPROTO_ICMP, false, 5, 1, 0, ERROR, 0, 0 },
	{ "too big", V6, IPPROTO_ICMPV6, false, 2, 0, 0, ERROR, 0, 0 },
	{ "unknown error", V6, IPPROTO_ICMPV6, false, 100, 0, 0, ERROR, 0, 0 },
	{ "mld", V6, IPPROTO_ICMPV6, false, 130, 0, 0, NEVER, 0, 0 },
	{ "mld done", V6, IPPROTO_ICMPV6, false, 132, 0, 0, NEVER, 0, 0 },
	{ "rs", V6, IPPROTO_ICMPV6, false, 133, 0, 0, NEVER, 0, 0 },
	{ "ns", V6, IPPROTO_ICMPV6, false, 135, 0, 0, NEVER, 0, 0 },
	{ "redirect6", V6, IPPROTO_ICMPV6, false, 137, 0, 0, NEVER, 0, 0 },
	{ "mld2", V6, IPPROTO_ICMPV6, false, 143, 0, 0, NEVER, 0, 0 },
	{ "igmp", V4, IPPROTO_IGMP, true, 0, 0, 0, NEVER, 0, 0 },
	{ "igmp in v6", V6, IPPROTO_IGMP, true, 0, 0, 0, OK, 0, 0 },
	{ "group", "10.0.0.1", "224.0.0.1", IPPROTO_UDP, false, 7, 9, 0, NEVER, 0, 0 },
	{ "broadcast", "10.0.0.1", "255.255.255.255", IPPROTO_UDP, false, 7, 9, 0, NEVER, 0, 0 },
	{ "group6", "fd00::1", "ff02::1", IPPROTO_UDP, false, 7, 9, 0, NEVER, 0, 0 },
};

static void make_key(struct kunit *test, const struct packet_case *c,
		     struct mn_flow_key *key)
{
	struct in6_addr src, dst;
	u8 family = addr_of(test, c->src, &src);

	addr_of(test, c->dst, &dst);
	memset(key, 0, sizeof(*key));
	key->in_port = 77;
	key->eth_dst[0] = 2;
	key->vlan = 5;
	key->tos = 8;
	key->proto = c->proto;
	key->tp_src = htons(c->a);
	key->tp_dst = htons(c->b);
	key->icmp_id = htons(c->id);
	key->flags = c->no_l4 ? 0 : MN_KEY_L4;
	if (family == AF_INET) {
		key->eth_type = htons(ETH_P_IP);
		key->v4.src = src.s6_addr32[0];
		key->v4.dst = dst.s6_addr32[0];
		return;
	}
	key->eth_type = htons(ETH_P_IPV6);
	memcpy(&key->v6.src, &src, sizeof(src));
	memcpy(&key->v6.dst, &dst, sizeof(dst));
}

static void tuple_of(struct kunit *test)
{
	struct mn_tuple t, want;
	struct mn_flow_key key;
	u32 i;

	for (i = 0; i < ARRAY_SIZE(packet_cases); i++) {
		const struct packet_case *c = &packet_cases[i];

		make_key(test, c, &key);
		KUNIT_EXPECT_EQ_MSG(test, (int)mn_tuple_of(&key, 6, &t),
				    (int)c->kind, "%s", c->what);
		if (c->kind != OK && c->kind != ERROR)
			continue;
		memset(&want, 0, sizeof(want));
		want.device = 6;
		want.proto = c->proto;
		want.family = addr_of(test, c->src, &want.src);
		addr_of(test, c->dst, &want.dst);
		want.sport = htons(c->sport);
		want.dport = htons(c->dport);
		if (c->kind == ERROR) {
			memset(&want.src, 0, sizeof(want.src));
			memset(&want.dst, 0, sizeof(want.dst));
		}
		KUNIT_EXPECT_FALSE_MSG(test, memcmp(&t, &want, sizeof(t)),
				       "%s", c->what);
	}
}

static void tuple_others(struct kunit *test)
{
	struct mn_flow_key key;
	struct mn_tuple t;

	make_key(test, &packet_cases[0], &key);
	key.eth_dst[0] = 3;
	KUNIT_EXPECT_EQ(test, (int)NEVER, (int)mn_tuple_of(&key, 1, &t));
	memset(key.eth_dst, 0xff, ETH_ALEN);
	KUNIT_EXPECT_EQ(test, (int)NEVER, (int)mn_tuple_of(&key, 1, &t));
	make_key(test, &packet_cases[0], &key);
	key.eth_type = htons(ETH_P_ARP);
	KUNIT_EXPECT_EQ(test, (int)NEVER, (int)mn_tuple_of(&key, 1, &t));
}

static void tuple_invert(struct kunit *test)
{
	struct mn_tuple t, back, again;
	struct mn_flow_key key;
	u32 i;

	for (i = 0; i < ARRAY_SIZE(packet_cases); i++) {
		make_key(test, &packet_cases[i], &key);
		if (mn_tuple_of(&key, 6, &t) != OK)
			continue;
		mn_tuple_invert(&t, &back);
		KUNIT_EXPECT_EQ(test, ntohs(t.sport), ntohs(back.dport));
		KUNIT_EXPECT_EQ(test, ntohs(t.dport), ntohs(back.sport));
		KUNIT_EXPECT_FALSE(test, memcmp(&t.src, &back.dst, 16));
		mn_tuple_invert(&back, &again);
		KUNIT_EXPECT_FALSE(test, memcmp(&t, &again, sizeof(t)));
	}
}

/* The answer to an echo has the inverse tuple. */
static void tuple_echo(struct kunit *test)
{
	struct mn_tuple ask, answer, inverse;
	struct packet_case c = packet_cases[10];
	struct mn_flow_key key;

	make_key(test, &c, &key);
	mn_tuple_of(&key, 1, &ask);
	swap(c.src, c.dst);
	c.a = ICMP_ECHOREPLY;
	make_key(test, &c, &key);
	mn_tuple_of(&key, 1, &answer);
	mn_tuple_invert(&ask, &inverse);
	KUNIT_EXPECT_FALSE(test, memcmp(&answer, &inverse, sizeof(answer)));
}

/* Quotes. */

/**
 * struct quote_case - a quoted packet
 * @what: in words
 * @v6: IPv6
 * @proto: IP protocol
 * @opts: bytes of IPv4 options or IPv6 extension headers, eight each
 * @fragment: 1: first, 2: later, 0: none
 * @type: of ICMP
 * @need: bytes of the quoted L4 header that are needed
 * @ok: it can be understood
 * @sport: of the tuple
 * @dport: of the tuple
 */
struct quote_case {
	const char *what;
	bool v6;
	u8 proto;
	u8 opts;
	u8 fragment;
	u8 type;
	u8 need;
	bool ok;
	u16 sport;
	u16 dport;
};

static const struct quote_case quote_cases[] = {
	{ "tcp", false, IPPROTO_TCP, 0, 0, 0, 4, true, 4000, 80 },
	{ "options", false, IPPROTO_UDP, 5, 0, 0, 4, true, 4000, 80 },
	{ "first", false, IPPROTO_UDP, 0, 1, 0, 4, true, 4000, 80 },
	{ "later", false, IPPROTO_UDP, 0, 2, 0, 4, false, 0, 0 },
	{ "gre", false, IPPROTO_GRE, 0, 0, 0, 0, true, 0, 0 },
	{ "echo", false, IPPROTO_ICMP, 0, 0, 8, 8, true, 99, 0 },
	{ "echo reply", false, IPPROTO_ICMP, 0, 0, 0, 8, true, 0, 99 },
	{ "timestamp", false, IPPROTO_ICMP, 0, 0, 13, 4, true, 0, 0 },
	{ "error", false, IPPROTO_ICMP, 0, 0, 3, 4, false, 0, 0 },
	{ "tcp6", true, IPPROTO_TCP, 0, 0, 0, 4, true, 4000, 80 },
	{ "sctp6", true, IPPROTO_SCTP, 2, 0, 0, 4, true, 4000, 80 },
	{ "first6", true, IPPROTO_UDP, 1, 1, 0, 4, true, 4000, 80 },
	{ "later6", true, IPPROTO_UDP, 0, 2, 0, 4, false, 0, 0 },
	{ "headers", true, IPPROTO_UDP, 8, 0, 0, 4, true, 4000, 80 },
	{ "too many headers", true, IPPROTO_UDP, 9, 0, 0, 4, false, 0, 0 },
	{ "echo6", true, IPPROTO_ICMPV6, 0, 0, 128, 8, true, 99, 0 },
	{ "echo6 reply", true, IPPROTO_ICMPV6, 1, 0, 129, 8, true, 0, 99 },
	{ "ns", true, IPPROTO_ICMPV6, 0, 0, 135, 4, false, 0, 0 },
	{ "error6", true, IPPROTO_ICMPV6, 0, 0, 1, 4, false, 0, 0 },
	{ "nothing", true, NEXTHDR_NONE, 0, 0, 0, 0, false, 0, 0 },
};

static u32 quote_v4(const struct quote_case *c, u8 *p)
{
	struct iphdr *iph = (struct iphdr *)p;

	iph->version = 4;
	iph->ihl = 5 + c->opts * 2;
	iph->protocol = c->proto;
	iph->saddr = htonl(0x0a000001);
	iph->daddr = htonl(0x0a000002);
	if (c->fragment)
		iph->frag_off = htons(c->fragment == 1 ? IP_MF : 9);
	return iph->ihl * 4;
}

static u32 quote_v6(const struct quote_case *c, u8 *p)
{
	struct ipv6hdr *iph = (struct ipv6hdr *)p;
	u8 *next = &iph->nexthdr;
	u32 i, len = sizeof(*iph);

	iph->version = 6;
	iph->saddr.s6_addr[15] = 1;
	iph->daddr.s6_addr[15] = 2;
	for (i = 0; i < c->opts; i++, len += 8) {
		*next = i ? NEXTHDR_DEST : NEXTHDR_HOP;
		next = p + len;
	}
	if (c->fragment) {
		*next = NEXTHDR_FRAGMENT;
		next = p + len;
		((struct frag_hdr *)next)->frag_off =
			htons(c->fragment == 1 ? IP6_MF : 9 << 3);
		len += sizeof(struct frag_hdr);
	}
	*next = c->proto;
	return len;
}

/* Returns the bytes up to the L4 header, which has eight. */
static u32 quote_build(const struct quote_case *c, u8 *p)
{
	u32 len = c->v6 ? quote_v6(c, p) : quote_v4(c, p);

	if (mn_proto_is_icmp(c->v6 ? AF_INET6 : AF_INET, c->proto)) {
		p[len] = c->type;
		*(__be16 *)(p + len + 4) = htons(99);
	} else {
		*(__be16 *)(p + len) = htons(4000);
		*(__be16 *)(p + len + 2) = htons(80);
	}
	return len;
}

/* A packet of @len bytes of @data, of which @linear are in its head. */
static struct sk_buff *skb_of(struct kunit *test, const u8 *data, u32 len,
			      u32 linear)
{
	struct sk_buff *skb = alloc_skb(OFF + linear, GFP_KERNEL);
	struct page *page;

	KUNIT_ASSERT_NOT_NULL(test, skb);
	skb_put_zero(skb, OFF);
	skb_put_data(skb, data, linear);
	if (linear == len)
		return skb;
	page = alloc_page(GFP_KERNEL);
	KUNIT_ASSERT_NOT_NULL(test, page);
	memcpy(page_address(page), data + linear, len - linear);
	skb_add_rx_frag(skb, 0, page, 0, len - linear, PAGE_SIZE);
	return skb;
}

static void quote_check(struct kunit *test, const struct quote_case *c,
			const u8 *data, u32 head, u32 len, u32 linear)
{
	struct sk_buff *skb = skb_of(test, data, len, linear);
	bool want = c->ok && len >= head + c->need, got;
	struct mn_tuple t;

	got = mn_tuple_quoted(skb, c->v6 ? AF_INET6 : AF_INET, OFF, &t);
	kfree_skb(skb);
	KUNIT_EXPECT_EQ_MSG(test, got, want, "%s, %u of %u bytes, %u linear",
			    c->what, len, head + 8, linear);
	if (!got)
		return;
	KUNIT_EXPECT_EQ(test, 0U, t.device);
	KUNIT_EXPECT_EQ(test, c->v6 ? AF_INET6 : AF_INET, (int)t.family);
	KUNIT_EXPECT_EQ(test, c->proto, t.proto);
	KUNIT_EXPECT_EQ_MSG(test, c->sport, ntohs(t.sport), "%s", c->what);
	KUNIT_EXPECT_EQ_MSG(test, c->dport, ntohs(t.dport), "%s", c->what);
	if (c->v6) {
		KUNIT_EXPECT_EQ(test, 1, (int)t.src.s6_addr[15]);
		KUNIT_EXPECT_EQ(test, 2, (int)t.dst.s6_addr[15]);
	} else {
		KUNIT_EXPECT_EQ(test, 0x0a000001U, ntohl(t.src.s6_addr32[0]));
		KUNIT_EXPECT_EQ(test, 0x0a000002U, ntohl(t.dst.s6_addr32[0]));
	}
}

/* Cut off everywhere, and with the cut between head and pages everywhere. */
static void tuple_quoted(struct kunit *test)
{
	u32 i, len, head;
	u8 data[256];

	for (i = 0; i < ARRAY_SIZE(quote_cases); i++) {
		const struct quote_case *c = &quote_cases[i];

		memset(data, 0, sizeof(data));
		head = quote_build(c, data);
		for (len = 0; len <= head + 8; len++) {
			quote_check(test, c, data, head, len, len);
			if (len)
				quote_check(test, c, data, head, len, len / 2);
		}
		for (len = 0; len < head + 8; len += 4)
			quote_check(test, c, data, head, head + 8, len);
	}
}

static void tuple_quoted_nonsense(struct kunit *test)
{
	const struct quote_case *c = &quote_cases[0];
	struct sk_buff *skb;
	struct mn_tuple t;
	u8 data[64] = {};
	u32 len = quote_build(c, data) + 8;

	skb = skb_of(test, data, len, len);
	KUNIT_EXPECT_TRUE(test, mn_tuple_quoted(skb, AF_INET, OFF, &t));
	KUNIT_EXPECT_FALSE(test, mn_tuple_quoted(skb, AF_INET6, OFF, &t));
	KUNIT_EXPECT_FALSE(test, mn_tuple_quoted(skb, AF_INET, 0, &t));
	KUNIT_EXPECT_FALSE(test, mn_tuple_quoted(skb, AF_INET, 5000, &t));
	KUNIT_EXPECT_FALSE(test, mn_tuple_quoted(skb, AF_INET, INT_MAX, &t));
	/* A header that says it is shorter than any, or longer than all. */
	skb->data[OFF] = 0x44;
	KUNIT_EXPECT_FALSE(test, mn_tuple_quoted(skb, AF_INET, OFF, &t));
	skb->data[OFF] = 0x4f;
	KUNIT_EXPECT_FALSE(test, mn_tuple_quoted(skb, AF_INET, OFF, &t));
	kfree_skb(skb);
}

static void fill_check(struct kunit *test, const struct packet_case *c,
		       const struct mn_tuple *t, struct sk_buff *skb)
{
	struct nlattr *tb[MIDONET_CONN_TUPLE_MAX + 1];
	const struct nlattr *dport, *id;
	int err, len = t->family == AF_INET ? 4 : 16;

	skb_trim(skb, 0);
	KUNIT_ASSERT_EQ(test, 0, mn_tuple_fill(skb, 5, t));
	err = nla_parse_nested(tb, MIDONET_CONN_TUPLE_MAX, (void *)skb->data,
			       NULL, NULL);
	KUNIT_ASSERT_EQ(test, 0, err);
	dport = tb[MIDONET_CONN_TUPLE_DST_PORT];
	id = tb[MIDONET_CONN_TUPLE_ICMP_ID];
	KUNIT_EXPECT_EQ(test, len, nla_len(tb[MIDONET_CONN_TUPLE_DST]));
	err = nla_memcmp(tb[MIDONET_CONN_TUPLE_SRC], &t->src, len);
	KUNIT_EXPECT_EQ(test, 0, err);
	KUNIT_EXPECT_EQ_MSG(test, mn_proto_has_ports(t->proto), !!dport, "%s",
			    c->what);
	if (dport)
		KUNIT_EXPECT_EQ(test, c->dport, nla_get_u16(dport));
	if (id)
		KUNIT_EXPECT_EQ(test, c->id, nla_get_u16(id));
}

static void tuple_fill(struct kunit *test)
{
	struct sk_buff *skb = alloc_skb(1024, GFP_KERNEL);
	struct mn_flow_key key;
	struct mn_tuple t;
	u32 i;

	KUNIT_ASSERT_NOT_NULL(test, skb);
	for (i = 0; i < ARRAY_SIZE(packet_cases); i++) {
		make_key(test, &packet_cases[i], &key);
		if (mn_tuple_of(&key, 6, &t) == OK)
			fill_check(test, &packet_cases[i], &t, skb);
	}
	/* No room, nothing left behind. */
	make_key(test, &packet_cases[0], &key);
	mn_tuple_of(&key, 6, &t);
	skb_trim(skb, 0);
	skb_put_zero(skb, skb_tailroom(skb) - 20);
	i = skb->len;
	KUNIT_EXPECT_EQ(test, -EMSGSIZE, mn_tuple_fill(skb, 5, &t));
	KUNIT_EXPECT_EQ(test, i, skb->len);
	kfree_skb(skb);
}

/* A tuple has all that headers say of it. */
static void tuple_key(struct kunit *test)
{
	struct mn_tuple t, again;
	struct mn_flow_key key;
	u32 i;

	for (i = 0; i < ARRAY_SIZE(packet_cases); i++) {
		make_key(test, &packet_cases[i], &key);
		if (mn_tuple_of(&key, 6, &t) != OK)
			continue;
		mn_tuple_key(&t, &key);
		KUNIT_EXPECT_EQ(test, (int)OK, (int)mn_tuple_of(&key, 6, &again));
		KUNIT_EXPECT_FALSE_MSG(test, memcmp(&t, &again, sizeof(t)),
				       "%s", packet_cases[i].what);
	}
}

static struct kunit_case tuple_cases[] = {
	KUNIT_CASE(tuple_of),
	KUNIT_CASE(tuple_others),
	KUNIT_CASE(tuple_invert),
	KUNIT_CASE(tuple_echo),
	KUNIT_CASE(tuple_quoted),
	KUNIT_CASE(tuple_quoted_nonsense),
	KUNIT_CASE(tuple_fill),
	KUNIT_CASE(tuple_key),
	{}
};

static struct kunit_suite tuple_suite = {
	.name = "midonet-tuple",
	.test_cases = tuple_cases,
};

kunit_test_suite(tuple_suite);
