// SPDX-License-Identifier: GPL-2.0
/*
 * Key extraction: frames of every kind give the key one expects, frames cut at
 * any length and headers that contradict each other are refused, and what lies
 * behind the end of a frame is never looked at. Frames are static: they are too
 * large for a stack.
 */
#include <kunit/test.h>
#include <linux/if_vlan.h>
#include <linux/skbuff.h>

#include "flow/flow.h"
#include "flow/key.h"
#include "flow/key_fast.h"

struct frame {
	u8 b[1024];
	u32 len;
};

static void add(struct frame *f, const void *bytes, u32 n)
{
	memcpy(f->b + f->len, bytes, n);
	f->len += n;
}

#define ADD(f, ...)							\
	do {								\
		static const u8 bytes[] = { __VA_ARGS__ };		\
									\
		add(f, bytes, sizeof(bytes));				\
	} while (0)

static void ethernet(struct frame *f, u16 type)
{
	f->len = 0;
	ADD(f, 2, 0, 0, 0, 0, 0xd, 2, 0, 0, 0, 0, 0x5);
	f->b[f->len++] = type >> 8;
	f->b[f->len++] = type & 0xff;
}

/* Header of @hlen bytes (options are zero) for @payload bytes. */
static void ipv4(struct frame *f, u8 proto, u8 hlen, u16 frag, u16 payload)
{
	u16 total = hlen + payload;

	ethernet(f, ETH_P_IP);
	ADD(f, 0x45, 0xb9, 0, 0, 0x12, 0x34, 0, 0, 63, 0, 0, 0,
	    10, 0, 0, 1, 10, 0, 0, 2);
	memset(f->b + f->len, 0, hlen - 20);
	f->len += hlen - 20;
	f->b[14] = 0x40 | hlen / 4;
	f->b[16] = total >> 8;
	f->b[17] = total & 0xff;
	f->b[20] = frag >> 8;
	f->b[21] = frag & 0xff;
	f->b[23] = proto;
}

static void ipv6(struct frame *f, u8 next, u16 payload)
{
	ethernet(f, ETH_P_IPV6);
	ADD(f, 0x6b, 0x90, 0, 0, 0, 0, 0, 64,
	    0x20, 1, 0xd, 0xb8, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 1,
	    0x20, 1, 0xd, 0xb8, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 2);
	f->b[18] = payload >> 8;
	f->b[19] = payload & 0xff;
	f->b[20] = next;
}

static void udp(struct frame *f)
{
	ADD(f, 0x10, 0x01, 0x20, 0x02, 0, 8, 0, 0);
}

static void tcp(struct frame *f)
{
	ADD(f, 0x10, 0x01, 0x20, 0x02, 0, 0, 0, 1, 0, 0, 0, 2, 0x50, 0x12,
	    1, 0, 0, 0, 0, 0);
}

static void sctp(struct frame *f)
{
	ADD(f, 0x10, 0x01, 0x20, 0x02, 1, 2, 3, 4, 5, 6, 7, 8);
}

static void echo(struct frame *f, u8 type)
{
	ADD(f, 0, 7, 0, 0, 0xab, 0xcd, 0, 1);
	f->b[f->len - 8] = type;
}

static void exthdr(struct frame *f, u8 next, u8 units)
{
	f->b[f->len] = next;
	f->b[f->len + 1] = units;
	memset(f->b + f->len + 2, 0, 6 + 8 * units);
	f->len += 8 + 8 * units;
}

static void fraghdr(struct frame *f, u8 next, u16 off)
{
	ADD(f, 0, 0, 0, 0, 0xde, 0xad, 0xbe, 0xef);
	f->b[f->len - 8] = next;
	f->b[f->len - 6] = off >> 8;
	f->b[f->len - 5] = off & 0xff;
}

static void arp(struct frame *f)
{
	ethernet(f, ETH_P_ARP);
	ADD(f, 0, 1, 8, 0, 6, 4, 0, 1, 2, 0, 0, 0, 0, 5, 10, 0, 0, 1,
	    0, 0, 0, 0, 0, 0, 10, 0, 0, 2);
}

/*
 * The first @len bytes of @f as a packet with @linear bytes in its head, the
 * rest in a page, and @filler behind the end of both.
 */
static struct sk_buff *packet(struct kunit *test, const struct frame *f,
			      u32 len, u32 linear, u8 filler)
{
	struct sk_buff *skb = alloc_skb(sizeof(f->b), GFP_KERNEL);
	struct page *page;

	KUNIT_ASSERT_NOT_NULL(test, skb);
	linear = min(linear, len);
	memset(skb->data, filler, skb_tailroom(skb));
	skb_put_data(skb, f->b, linear);
	if (linear == len)
		return skb;
	page = alloc_page(GFP_KERNEL);
	KUNIT_ASSERT_NOT_NULL(test, page);
	memset(page_address(page), filler, PAGE_SIZE);
	memcpy(page_address(page), f->b + linear, len - linear);
	skb_add_rx_frag(skb, 0, page, 0, len - linear, PAGE_SIZE);
	return skb;
}

/* Packets that mn_key_fast() took on, in all cases so far. */
static unsigned int taken_fast;

static int extract_cut(struct kunit *test, const struct frame *f, u32 len,
		       u32 linear, u8 filler, struct mn_flow_key *key,
		       struct mn_pkt *pkt)
{
	struct sk_buff *skb = packet(test, f, len, linear, filler);
	int err = mn_key_extract(skb, 7, key, pkt);
	struct mn_flow_key fast;
	struct mn_pkt fast_pkt;

	/* What the short way takes on, it does as the long one. */
	if (mn_key_fast(skb, 7, &fast, &fast_pkt)) {
		taken_fast++;
		KUNIT_EXPECT_EQ(test, err, 0);
		KUNIT_EXPECT_EQ(test, 0, memcmp(&fast, key, sizeof(fast)));
		KUNIT_EXPECT_EQ(test, fast_pkt.l3, pkt->l3);
		KUNIT_EXPECT_EQ(test, fast_pkt.l4, pkt->l4);
		KUNIT_EXPECT_EQ(test, fast_pkt.ttl, pkt->ttl);
		KUNIT_EXPECT_EQ(test, fast_pkt.frag_id, pkt->frag_id);
	}
	kfree_skb(skb);
	return err;
}

/* Extract from a linear packet and from a scattered one: the same comes out. */
static int extract(struct kunit *test, const struct frame *f,
		   struct mn_flow_key *key, struct mn_pkt *pkt)
{
	struct mn_flow_key other;
	struct mn_pkt other_pkt;
	u32 linear;
	int err;

	err = extract_cut(test, f, f->len, f->len, 0, key, pkt);
	for (linear = 0; linear < f->len; linear += 3) {
		KUNIT_ASSERT_EQ(test, err,
				extract_cut(test, f, f->len, linear, 0, &other,
					    &other_pkt));
		KUNIT_ASSERT_EQ(test, 0, memcmp(key, &other, sizeof(other)));
		KUNIT_ASSERT_EQ(test, pkt->l4, other_pkt.l4);
	}
	return err;
}

static void expect_ports(struct kunit *test, const struct mn_flow_key *key)
{
	KUNIT_EXPECT_EQ(test, 0x1001, ntohs(key->tp_src));
	KUNIT_EXPECT_EQ(test, 0x2002, ntohs(key->tp_dst));
	KUNIT_EXPECT_EQ(test, MN_KEY_L4, key->flags);
}

static void key_ethernet(struct kunit *test)
{
	static const u8 dst[] = { 2, 0, 0, 0, 0, 0xd };
	static const u8 src[] = { 2, 0, 0, 0, 0, 0x5 };
	static struct mn_flow_key key;
	static struct mn_pkt pkt;
	static struct frame f;

	ethernet(&f, 0x88b5);
	KUNIT_ASSERT_EQ(test, 0, extract(test, &f, &key, &pkt));
	KUNIT_EXPECT_EQ(test, 7, key.in_port);
	KUNIT_EXPECT_EQ(test, 0, memcmp(key.eth_dst, dst, ETH_ALEN));
	KUNIT_EXPECT_EQ(test, 0, memcmp(key.eth_src, src, ETH_ALEN));
	KUNIT_EXPECT_EQ(test, 0x88b5, ntohs(key.eth_type));
	KUNIT_EXPECT_EQ(test, 0, key.vlan);
	KUNIT_EXPECT_EQ(test, 0, key.proto);
}

static void key_802_3(struct kunit *test)
{
	static struct mn_flow_key key;
	static struct mn_pkt pkt;
	static struct frame f;

	ethernet(&f, 3);
	ADD(&f, 0x42, 0x42, 3, 0, 0);	/* two bytes of padding */
	KUNIT_ASSERT_EQ(test, 0, extract(test, &f, &key, &pkt));
	KUNIT_EXPECT_EQ(test, ETH_P_802_2, ntohs(key.eth_type));
	f.b[13] = 6;
	KUNIT_EXPECT_EQ(test, -EINVAL, extract(test, &f, &key, &pkt));
}

static void key_vlan(struct kunit *test)
{
	static struct mn_flow_key key;
	static struct mn_pkt pkt;
	struct sk_buff *skb;
	static struct frame f;

	ipv4(&f, IPPROTO_UDP, 20, 0, 8);
	udp(&f);
	skb = packet(test, &f, f.len, f.len, 0);
	__vlan_hwaccel_put_tag(skb, htons(ETH_P_8021Q), 0xe00a);
	KUNIT_ASSERT_EQ(test, 0, mn_key_extract(skb, 7, &key, &pkt));
	KUNIT_EXPECT_EQ(test, MN_VLAN_PRESENT | 10, key.vlan);
	expect_ports(test, &key);
	/* A priority tag is a tag. */
	__vlan_hwaccel_put_tag(skb, htons(ETH_P_8021Q), 0xe000);
	KUNIT_ASSERT_EQ(test, 0, mn_key_extract(skb, 7, &key, &pkt));
	KUNIT_EXPECT_EQ(test, MN_VLAN_PRESENT, key.vlan);
	kfree_skb(skb);

	/* A tag in line is just a type. */
	ethernet(&f, ETH_P_8021Q);
	ADD(&f, 0, 10, 8, 0);
	KUNIT_ASSERT_EQ(test, 0, extract(test, &f, &key, &pkt));
	KUNIT_EXPECT_EQ(test, ETH_P_8021Q, ntohs(key.eth_type));
	KUNIT_EXPECT_EQ(test, 0, key.vlan);
}

static void key_ipv4(struct kunit *test)
{
	static struct mn_flow_key key;
	static struct mn_pkt pkt;
	static struct frame f;

	ipv4(&f, IPPROTO_TCP, 28, 0x4000, 20);
	tcp(&f);
	KUNIT_ASSERT_EQ(test, 0, extract(test, &f, &key, &pkt));
	KUNIT_EXPECT_EQ(test, IPPROTO_TCP, key.proto);
	KUNIT_EXPECT_EQ(test, 0x0a000001, ntohl(key.v4.src));
	KUNIT_EXPECT_EQ(test, 0x0a000002, ntohl(key.v4.dst));
	KUNIT_EXPECT_EQ(test, 0xb8, key.tos);
	KUNIT_EXPECT_EQ(test, 0x12, key.tcp_flags);
	KUNIT_EXPECT_EQ(test, MN_FRAG_NONE, key.frag);
	expect_ports(test, &key);
	KUNIT_EXPECT_EQ(test, 14, pkt.l3);
	KUNIT_EXPECT_EQ(test, 42, pkt.l4);
	KUNIT_EXPECT_EQ(test, 63, pkt.ttl);

	ipv4(&f, IPPROTO_SCTP, 20, 0, 12);
	sctp(&f);
	KUNIT_ASSERT_EQ(test, 0, extract(test, &f, &key, &pkt));
	expect_ports(test, &key);

	ipv4(&f, IPPROTO_ICMP, 20, 0, 8);
	echo(&f, 8);
	KUNIT_ASSERT_EQ(test, 0, extract(test, &f, &key, &pkt));
	KUNIT_EXPECT_EQ(test, 8, ntohs(key.tp_src));
	KUNIT_EXPECT_EQ(test, 7, ntohs(key.tp_dst));
	KUNIT_EXPECT_EQ(test, 0xabcd, ntohs(key.icmp_id));

	/* Only an echo has an id. */
	f.b[34] = 3;
	KUNIT_ASSERT_EQ(test, 0, extract(test, &f, &key, &pkt));
	KUNIT_EXPECT_EQ(test, 0, ntohs(key.icmp_id));

	ipv4(&f, IPPROTO_GRE, 20, 0, 0);
	KUNIT_ASSERT_EQ(test, 0, extract(test, &f, &key, &pkt));
	KUNIT_EXPECT_EQ(test, IPPROTO_GRE, key.proto);
	KUNIT_EXPECT_EQ(test, 0, key.flags);
}

static void key_fragments(struct kunit *test)
{
	static struct mn_flow_key key;
	static struct mn_pkt pkt;
	static struct frame f;

	ipv4(&f, IPPROTO_UDP, 20, 0x2000, 8);
	udp(&f);
	KUNIT_ASSERT_EQ(test, 0, extract(test, &f, &key, &pkt));
	KUNIT_EXPECT_EQ(test, MN_FRAG_FIRST, key.frag);
	KUNIT_EXPECT_EQ(test, 0x1234, pkt.frag_id);
	expect_ports(test, &key);

	f.b[21] = 185;
	KUNIT_ASSERT_EQ(test, 0, extract(test, &f, &key, &pkt));
	KUNIT_EXPECT_EQ(test, MN_FRAG_LATER, key.frag);
	KUNIT_EXPECT_EQ(test, 0, ntohs(key.tp_src));
	KUNIT_EXPECT_EQ(test, 0, key.flags);
	KUNIT_EXPECT_EQ(test, 0, pkt.l4);

	/* A first fragment without the whole header hides what it is. */
	ipv4(&f, IPPROTO_TCP, 20, 0x2000, 8);
	udp(&f);
	KUNIT_EXPECT_EQ(test, -EINVAL, extract(test, &f, &key, &pkt));
	/* A second one that overwrites the flags of the first. */
	ipv4(&f, IPPROTO_TCP, 20, 1, 20);
	tcp(&f);
	KUNIT_EXPECT_EQ(test, -EINVAL, extract(test, &f, &key, &pkt));
}

static void key_ipv6(struct kunit *test)
{
	static struct mn_flow_key key;
	static struct mn_pkt pkt;
	static struct frame f;

	ipv6(&f, IPPROTO_UDP, 8);
	udp(&f);
	KUNIT_ASSERT_EQ(test, 0, extract(test, &f, &key, &pkt));
	KUNIT_EXPECT_EQ(test, 1, key.v6.src.s6_addr[15]);
	KUNIT_EXPECT_EQ(test, 2, key.v6.dst.s6_addr[15]);
	KUNIT_EXPECT_EQ(test, 0xb8, key.tos);
	KUNIT_EXPECT_EQ(test, 64, pkt.ttl);
	KUNIT_EXPECT_EQ(test, 54, pkt.l4);
	expect_ports(test, &key);

	ipv6(&f, IPPROTO_ICMPV6, 8);
	echo(&f, 128);
	KUNIT_ASSERT_EQ(test, 0, extract(test, &f, &key, &pkt));
	KUNIT_EXPECT_EQ(test, 128, ntohs(key.tp_src));
	KUNIT_EXPECT_EQ(test, 0xabcd, ntohs(key.icmp_id));

	/* ICMP of the other family is an unknown protocol. */
	ipv6(&f, IPPROTO_ICMP, 8);
	echo(&f, 8);
	KUNIT_ASSERT_EQ(test, 0, extract(test, &f, &key, &pkt));
	KUNIT_EXPECT_EQ(test, 0, key.flags);

	ipv6(&f, 59, 0);
	KUNIT_ASSERT_EQ(test, 0, extract(test, &f, &key, &pkt));
	KUNIT_EXPECT_EQ(test, 59, key.proto);
}

static void key_exthdrs(struct kunit *test)
{
	static struct mn_flow_key key;
	static struct mn_pkt pkt;
	static struct frame f;
	int i;

	/* hop by hop, routing, fragment, destination, AH, TCP */
	ipv6(&f, 0, 8 + 24 + 8 + 8 + 16 + 20);
	exthdr(&f, 43, 0);
	exthdr(&f, 44, 2);
	fraghdr(&f, 60, 1);
	exthdr(&f, 51, 0);
	exthdr(&f, IPPROTO_TCP, 1);
	f.b[f.len - 15] = 2;		/* AH counts words, less two */
	tcp(&f);
	KUNIT_ASSERT_EQ(test, 0, extract(test, &f, &key, &pkt));
	KUNIT_EXPECT_EQ(test, IPPROTO_TCP, key.proto);
	KUNIT_EXPECT_EQ(test, MN_FRAG_FIRST, key.frag);
	KUNIT_EXPECT_EQ(test, 0xdeadbeef, pkt.frag_id);
	KUNIT_EXPECT_EQ(test, 14 + 40 + 64, pkt.l4);
	expect_ports(test, &key);

	ipv6(&f, 44, 16);
	fraghdr(&f, IPPROTO_UDP, 0x100);
	udp(&f);
	KUNIT_ASSERT_EQ(test, 0, extract(test, &f, &key, &pkt));
	KUNIT_EXPECT_EQ(test, MN_FRAG_LATER, key.frag);
	KUNIT_EXPECT_EQ(test, IPPROTO_UDP, key.proto);
	KUNIT_EXPECT_EQ(test, 0, ntohs(key.tp_src));

	/* A fragment that is the whole packet. */
	ipv6(&f, 44, 16);
	fraghdr(&f, IPPROTO_UDP, 0);
	udp(&f);
	KUNIT_ASSERT_EQ(test, 0, extract(test, &f, &key, &pkt));
	KUNIT_EXPECT_EQ(test, MN_FRAG_NONE, key.frag);
	expect_ports(test, &key);

	ipv6(&f, 44, 24);
	fraghdr(&f, 44, 1);
	fraghdr(&f, IPPROTO_UDP, 1);
	udp(&f);
	KUNIT_EXPECT_EQ(test, -EINVAL, extract(test, &f, &key, &pkt));

	for (i = 8; i <= 9; i++) {
		int n;

		ipv6(&f, 60, 8 * i + 8);
		for (n = 1; n < i; n++)
			exthdr(&f, 60, 0);
		exthdr(&f, IPPROTO_UDP, 0);
		udp(&f);
		KUNIT_EXPECT_EQ(test, i == 8 ? 0 : -EINVAL,
				extract(test, &f, &key, &pkt));
	}
}

static void key_arp(struct kunit *test)
{
	static struct mn_flow_key key;
	static struct mn_pkt pkt;
	static struct frame f;

	arp(&f);
	KUNIT_ASSERT_EQ(test, 0, extract(test, &f, &key, &pkt));
	KUNIT_EXPECT_EQ(test, 1, key.proto);
	KUNIT_EXPECT_EQ(test, 0x0a000001, ntohl(key.v4.src));
	KUNIT_EXPECT_EQ(test, 0x0a000002, ntohl(key.v4.dst));
	KUNIT_EXPECT_EQ(test, 5, key.v4.sha[5]);
	KUNIT_EXPECT_EQ(test, 0, key.v4.tha[5]);

	f.b[20] = 1;		/* operation 257 is no request */
	KUNIT_ASSERT_EQ(test, 0, extract(test, &f, &key, &pkt));
	KUNIT_EXPECT_EQ(test, 0, key.proto);

	arp(&f);
	f.b[18] = 8;		/* other hardware */
	KUNIT_ASSERT_EQ(test, 0, extract(test, &f, &key, &pkt));
	KUNIT_EXPECT_EQ(test, 0, ntohl(key.v4.src));
}

static void key_contradictions(struct kunit *test)
{
	static struct mn_flow_key key;
	static struct mn_pkt pkt;
	static struct frame f;

	ipv4(&f, IPPROTO_UDP, 20, 0, 8);
	udp(&f);
	f.b[14] = 0x55;		/* version */
	KUNIT_EXPECT_EQ(test, -EINVAL, extract(test, &f, &key, &pkt));
	f.b[14] = 0x44;		/* header of 16 bytes */
	KUNIT_EXPECT_EQ(test, -EINVAL, extract(test, &f, &key, &pkt));
	f.b[14] = 0x4f;		/* header longer than the packet */
	KUNIT_EXPECT_EQ(test, -EINVAL, extract(test, &f, &key, &pkt));
	f.b[14] = 0x45;
	f.b[17] = 29;		/* packet longer than the frame */
	KUNIT_EXPECT_EQ(test, -EINVAL, extract(test, &f, &key, &pkt));
	f.b[17] = 27;		/* the UDP header ends in the padding */
	KUNIT_EXPECT_EQ(test, -EINVAL, extract(test, &f, &key, &pkt));
	f.b[17] = 0;
	KUNIT_EXPECT_EQ(test, -EINVAL, extract(test, &f, &key, &pkt));

	ipv6(&f, IPPROTO_UDP, 9);
	udp(&f);
	KUNIT_EXPECT_EQ(test, -EINVAL, extract(test, &f, &key, &pkt));
	f.b[19] = 7;
	KUNIT_EXPECT_EQ(test, -EINVAL, extract(test, &f, &key, &pkt));
	f.b[19] = 8;
	KUNIT_EXPECT_EQ(test, 0, extract(test, &f, &key, &pkt));
	f.b[14] = 0x4b;
	KUNIT_EXPECT_EQ(test, -EINVAL, extract(test, &f, &key, &pkt));

	ipv6(&f, 60, 16);
	exthdr(&f, IPPROTO_UDP, 1);	/* ends where UDP would begin */
	KUNIT_EXPECT_EQ(test, -EINVAL, extract(test, &f, &key, &pkt));
	f.b[55] = 255;			/* far beyond the end */
	KUNIT_EXPECT_EQ(test, -EINVAL, extract(test, &f, &key, &pkt));
}

/* Cut @f everywhere: always refused, whatever lies behind the end. */
static void cut(struct kunit *test, const struct frame *f)
{
	struct mn_flow_key a, b;
	struct mn_pkt pkt;
	u32 len, linear;

	for (len = 0; len < f->len; len++) {
		for (linear = 0; linear <= len; linear += 7) {
			KUNIT_ASSERT_EQ(test, -EINVAL,
					extract_cut(test, f, len, linear, 0,
						    &a, &pkt));
			KUNIT_ASSERT_EQ(test, -EINVAL,
					extract_cut(test, f, len, linear, 0xff,
						    &b, &pkt));
			KUNIT_ASSERT_EQ(test, 0, memcmp(&a, &b, sizeof(a)));
		}
	}
}

static void key_truncated(struct kunit *test)
{
	static struct frame f;

	arp(&f);
	cut(test, &f);
	ipv4(&f, IPPROTO_TCP, 60, 0, 20);
	tcp(&f);
	cut(test, &f);
	ipv4(&f, IPPROTO_UDP, 20, 0, 8);
	udp(&f);
	cut(test, &f);
	ipv4(&f, IPPROTO_ICMP, 20, 0, 8);
	echo(&f, 0);
	cut(test, &f);
	ipv4(&f, IPPROTO_UDP, 20, 185, 8);
	udp(&f);
	cut(test, &f);
	ipv6(&f, IPPROTO_SCTP, 12);
	sctp(&f);
	cut(test, &f);
	ipv6(&f, 0, 16 + 8 + 16 + 8);
	exthdr(&f, 44, 1);
	fraghdr(&f, 51, 1);
	exthdr(&f, IPPROTO_ICMPV6, 1);
	f.b[f.len - 15] = 2;
	echo(&f, 129);
	cut(test, &f);
}

/* Nearly right TCP and UDP packets: extract_cut() compares both ways. */
static void key_fast_as_slow(struct kunit *test)
{
	static struct mn_flow_key key;
	static struct mn_pkt pkt;
	struct frame *f;
	int n;

	f = kunit_kzalloc(test, sizeof(*f), GFP_KERNEL);
	KUNIT_ASSERT_NOT_NULL(test, f);
	taken_fast = 0;
	for (n = 0; n < 4000; n++) {
		bool v6 = n & 1;

		f->len = 50 + get_random_u32() % 60;
		get_random_bytes(f->b, f->len);
		f->b[12] = v6 ? 0x86 : 0x08;
		f->b[13] = v6 ? 0xdd : 0x00;
		f->b[14] = v6 ? 0x60 : 0x45;
		f->b[v6 ? 20 : 23] = n & 2 ? IPPROTO_TCP : IPPROTO_UDP;
		f->b[v6 ? 18 : 16] = 0;
		f->b[v6 ? 19 : 17] %= 110;
		f->b[20 + (v6 ? 80 : 0)] &= n & 4 ? 0x7f : 0;
		if (!v6 && !(n & 4))
			f->b[21] = 0;
		extract_cut(test, f, f->len, f->len, 0, &key, &pkt);
	}
	/* The comparison is worth nothing if it never happens. */
	KUNIT_EXPECT_GT(test, taken_fast, 200);
}

static void hash_spread(struct kunit *test)
{
	struct mn_flow_key key = { .in_port = 1 };
	u16 *load = kunit_kcalloc(test, 4096, sizeof(*load), GFP_KERNEL);
	u64 first;
	int i, most = 0, used = 0;

	KUNIT_ASSERT_NOT_NULL(test, load);
	first = mn_words_hash(key.w, 5);
	for (i = 0; i < 512; i++) {
		key.w[i / 64] ^= 1ULL << i % 64;
		KUNIT_EXPECT_NE(test, (u32)first,
				(u32)mn_words_hash(key.w, 5));
		KUNIT_EXPECT_NE(test, (u32)(first >> 32),
				(u32)(mn_words_hash(key.w, 5) >> 32));
		key.w[i / 64] ^= 1ULL << i % 64;
	}
	KUNIT_EXPECT_NE(test, first, mn_words_hash(key.w, 6));
	for (i = 0; i < 4096; i++) {
		key.tp_src = htons(i);
		most = max_t(int, most,
			     ++load[mn_words_hash(key.w, 5) & 4095]);
	}
	for (i = 0; i < 4096; i++)
		used += !!load[i];
	/* Balls into bins: 63 % of the bins, and never many in one. */
	KUNIT_EXPECT_GT(test, used, 2450);
	KUNIT_EXPECT_LT(test, used, 2730);
	KUNIT_EXPECT_LT(test, most, 12);
}

static struct kunit_case key_cases[] = {
	KUNIT_CASE(key_ethernet),
	KUNIT_CASE(key_802_3),
	KUNIT_CASE(key_vlan),
	KUNIT_CASE(key_ipv4),
	KUNIT_CASE(key_fragments),
	KUNIT_CASE(key_ipv6),
	KUNIT_CASE(key_exthdrs),
	KUNIT_CASE(key_arp),
	KUNIT_CASE(key_contradictions),
	KUNIT_CASE(key_truncated),
	KUNIT_CASE(key_fast_as_slow),
	KUNIT_CASE(hash_spread),
	{}
};

static struct kunit_suite key_suite = {
	.name = "midonet-key",
	.test_cases = key_cases,
};

kunit_test_suite(key_suite);
