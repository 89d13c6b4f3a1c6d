// SPDX-License-Identifier: GPL-2.0
/*
 * Messages of the state channel, to and from bytes, whole, cut and of no sense;
 * and their order.
 */
#include <kunit/test.h>
#include <linux/module.h>
#include <linux/random.h>
#include <linux/skbuff.h>
#include <linux/socket.h>
#include <linux/unaligned.h>

#include "overlay/chan_msg.h"
#include "overlay/chan_window.h"

#define TRIES	20000

static const siphash_key_t key = { { 0x0123456789abcdef, 0xfedcba9876543210 } };
static const siphash_key_t other = { { 0x0123456789abcdee, 0xfedcba9876543210 } };

static void fill(struct mn_chan_msg *msg, const u8 *records, u32 len)
{
	get_random_bytes(msg, sizeof(*msg));
	msg->flags &= MN_CHAN_FLAGS & ~MN_CHAN_DATA;
	msg->flags |= len ? MN_CHAN_DATA : 0;
	msg->epoch |= 1;
	msg->seq |= 1;
	msg->ack |= 1;
	msg->records = records;
	msg->len = len;
}

static void expect_same(struct kunit *test, const struct mn_chan_msg *a,
			const struct mn_chan_msg *b)
{
	KUNIT_EXPECT_EQ(test, a->flags, b->flags);
	KUNIT_EXPECT_EQ(test, 0, memcmp(a->sender, b->sender, 16));
	KUNIT_EXPECT_EQ(test, a->epoch, b->epoch);
	KUNIT_EXPECT_EQ(test, a->to, b->to);
	KUNIT_EXPECT_EQ(test, a->seq, b->seq);
	KUNIT_EXPECT_EQ(test, a->ack, b->ack);
	if (a->flags & MN_CHAN_CHALLENGE)
		KUNIT_EXPECT_EQ(test, a->challenge, b->challenge);
	if (a->flags & MN_CHAN_ECHO)
		KUNIT_EXPECT_EQ(test, a->echo, b->echo);
	if (a->flags & MN_CHAN_MAP)
		KUNIT_EXPECT_EQ(test, 0, memcmp(a->map, b->map, sizeof(a->map)));
	KUNIT_ASSERT_EQ(test, a->len, b->len);
	KUNIT_EXPECT_EQ(test, 0, memcmp(a->records, b->records, a->len));
}

/* Buffers of the tests: 2.4 KB are too much for a stack. */
struct bufs {
	u8 data[MN_CHAN_MAX];
	u8 records[MN_CHAN_ROOM];
	struct mn_chan_msg in;
	struct mn_chan_msg out;
};

static struct bufs *bufs(struct kunit *test)
{
	struct bufs *b = kunit_kzalloc(test, sizeof(*b), GFP_KERNEL);

	KUNIT_ASSERT_NOT_NULL(test, b);
	return b;
}

static void round_trip(struct kunit *test)
{
	struct bufs *b = bufs(test);
	u32 i, len;

	for (i = 0; i < 200; i++) {
		len = get_random_u32() % (MN_CHAN_ROOM + 1);
		get_random_bytes(b->records, len);
		fill(&b->in, b->records, i % 4 ? len : 0);
		len = mn_chan_build(b->data, &b->in, &key);
		KUNIT_ASSERT_LE(test, len, MN_CHAN_MAX);
		KUNIT_ASSERT_EQ(test, 0,
				mn_chan_parse(b->data, len, &key, &b->out));
		expect_same(test, &b->in, &b->out);
	}
}

static void wrong_tag(struct kunit *test)
{
	struct bufs *b = bufs(test);
	u32 len, i;

	fill(&b->in, b->records, 100);
	len = mn_chan_build(b->data, &b->in, &key);
	KUNIT_EXPECT_EQ(test, -EBADMSG,
			mn_chan_parse(b->data, len, &other, &b->out));
	/* Whatever bit is turned. */
	for (i = 0; i < len * 8; i++) {
		b->data[i / 8] ^= 1 << i % 8;
		KUNIT_EXPECT_NE(test, 0,
				mn_chan_parse(b->data, len, &key, &b->out));
		b->data[i / 8] ^= 1 << i % 8;
	}
	KUNIT_EXPECT_EQ(test, 0, mn_chan_parse(b->data, len, &key, &b->out));
}

/* Cut, and its tag is right nevertheless; KASAN sees who reads behind it. */
static void truncated(struct kunit *test)
{
	struct bufs *b = bufs(test);
	u32 len, n;
	u8 *copy;

	fill(&b->in, b->records, 60);
	b->in.flags |= MN_CHAN_MAP | MN_CHAN_ECHO | MN_CHAN_CHALLENGE;
	len = mn_chan_build(b->data, &b->in, &key);
	for (n = 0; n < len; n++) {
		copy = kmemdup(b->data, n ?: 1, GFP_KERNEL);
		KUNIT_ASSERT_NOT_NULL(test, copy);
		KUNIT_EXPECT_NE(test, 0, mn_chan_parse(copy, n, &key, &b->out));
		if (n >= sizeof(struct mn_chan_hdr) + MN_CHAN_TAG) {
			put_unaligned_be16(n, copy + 2);
			put_unaligned_le64(siphash(copy, n - MN_CHAN_TAG, &key),
					   copy + n - MN_CHAN_TAG);
			mn_chan_parse(copy, n, &key, &b->out);
			KUNIT_EXPECT_LE(test, b->out.len, n);
		}
		kfree(copy);
	}
}

static void some_conn(struct mn_chan_conn *c)
{
	u32 size;

	get_random_bytes(c, sizeof(*c));
	c->family = c->family & 1 ? AF_INET : AF_INET6;
	c->has &= BIT(MN_CHAN_IDS) - 1;
	size = c->family == AF_INET ? 4 : 16;
	memset((u8 *)&c->forward.src + size, 0, 16 - size);
	memset((u8 *)&c->forward.dst + size, 0, 16 - size);
	memset((u8 *)&c->reply.src + size, 0, 16 - size);
	memset((u8 *)&c->reply.dst + size, 0, 16 - size);
}

static void conns(struct kunit *test)
{
	struct mn_chan_conn in, out;
	u8 rec[MN_CHAN_REC_MAX];
	u32 i, j, len;

	for (i = 0; i < 500; i++) {
		some_conn(&in);
		len = mn_chan_put_conn(rec, MN_CHAN_CONN, &in);
		KUNIT_ASSERT_LE(test, len, sizeof(rec));
		KUNIT_ASSERT_TRUE(test, mn_chan_get_conn((void *)rec, &out));
		KUNIT_EXPECT_EQ(test, in.phase, out.phase);
		KUNIT_EXPECT_EQ(test, in.state, out.state);
		KUNIT_EXPECT_EQ(test, in.age, out.age);
		KUNIT_EXPECT_EQ(test, in.idle, out.idle);
		KUNIT_EXPECT_EQ(test, in.has, out.has);
		for (j = 0; j < MN_CHAN_IDS; j++) {
			if (in.has & BIT(j))
				KUNIT_EXPECT_EQ(test, 0, memcmp(in.ids[j],
								out.ids[j], 16));
		}
		KUNIT_EXPECT_EQ(test, 0, memcmp(&in.forward, &out.forward,
						sizeof(in.forward)));
		KUNIT_EXPECT_EQ(test, 0, memcmp(&in.reply, &out.reply,
						sizeof(in.reply)));
		/* Neither more nor less. */
		put_unaligned_be16(len - 1 - i % 30, rec + 2);
		KUNIT_EXPECT_FALSE(test, mn_chan_get_conn((void *)rec, &out));
	}
}

/* Records without sense, each in memory of its size. */
static void records_random(struct kunit *test)
{
	const struct mn_chan_rec *rec;
	struct mn_chan_conn conn;
	struct mn_chan_msg msg = {};
	u32 i, len, offset, n;
	u8 *data;

	for (i = 0; i < TRIES; i++) {
		len = 1 + get_random_u32() % 200;
		data = kmalloc(len, GFP_KERNEL);
		KUNIT_ASSERT_NOT_NULL(test, data);
		get_random_bytes(data, len);
		/* Lengths that are nearly right, or nobody gets far. */
		if (len > 4)
			put_unaligned_be16(get_random_u32() % (len + 4), data + 2);
		msg.records = data;
		msg.len = len;
		offset = 0;
		n = 0;
		while ((rec = mn_chan_next(&msg, &offset))) {
			KUNIT_ASSERT_LE(test, offset, len);
			mn_chan_get_conn(rec, &conn);
			mn_chan_body(rec, 16);
			KUNIT_ASSERT_LE(test, ++n, len);
		}
		kfree(data);
	}
}

/* The window. */

static void order(struct kunit *test)
{
	struct mn_window *w = kunit_kzalloc(test, sizeof(*w), GFP_KERNEL);
	u8 map[MN_CHAN_WINDOW / 8];
	struct sk_buff *skb;

	KUNIT_ASSERT_NOT_NULL(test, w);
	mn_window_reset(w);
	KUNIT_EXPECT_FALSE(test, mn_window_map(w, map));
	KUNIT_EXPECT_EQ(test, MN_WINDOW_OLD, mn_window_place(w, 0));
	KUNIT_EXPECT_EQ(test, MN_WINDOW_NEXT, mn_window_place(w, 1));
	KUNIT_EXPECT_EQ(test, MN_WINDOW_EARLY, mn_window_place(w, 2));
	KUNIT_EXPECT_EQ(test, MN_WINDOW_EARLY,
			mn_window_place(w, MN_CHAN_WINDOW));
	KUNIT_EXPECT_EQ(test, MN_WINDOW_FAR,
			mn_window_place(w, MN_CHAN_WINDOW + 1));
	KUNIT_EXPECT_EQ(test, MN_WINDOW_FAR, mn_window_place(w, U64_MAX));
	skb = alloc_skb(16, GFP_KERNEL);
	KUNIT_ASSERT_NOT_NULL(test, skb);
	mn_window_keep(w, 3, skb);
	KUNIT_EXPECT_EQ(test, MN_WINDOW_OLD, mn_window_place(w, 3));
	KUNIT_ASSERT_TRUE(test, mn_window_map(w, map));
	KUNIT_EXPECT_FALSE(test, mn_window_has(map, 1));
	KUNIT_EXPECT_TRUE(test, mn_window_has(map, 2));
	KUNIT_EXPECT_FALSE(test, mn_window_has(map, MN_CHAN_WINDOW));
	KUNIT_EXPECT_NULL(test, mn_window_advance(w));
	KUNIT_EXPECT_PTR_EQ(test, skb, mn_window_advance(w));
	kfree_skb(skb);
	KUNIT_EXPECT_NULL(test, mn_window_advance(w));
	KUNIT_EXPECT_EQ(test, 4ULL, w->next);
	KUNIT_EXPECT_EQ(test, 0U, w->n_early);
	mn_window_reset(w);
}

/* Whatever comes in whatever order, lost and again: each is taken once, in order. */
static void random_order(struct kunit *test)
{
	struct mn_window *w = kunit_kzalloc(test, sizeof(*w), GFP_KERNEL);
	struct sk_buff *skb;
	u64 taken = 0, seq;
	u32 i;

	KUNIT_ASSERT_NOT_NULL(test, w);
	mn_window_reset(w);
	for (i = 0; i < TRIES; i++) {
		seq = w->next + get_random_u32() % 12;
		seq -= min_t(u64, seq, get_random_u32() % 6);
		switch (mn_window_place(w, seq)) {
		case MN_WINDOW_NEXT:
			taken++;
			KUNIT_ASSERT_EQ(test, seq, taken);
			while ((skb = mn_window_advance(w))) {
				taken++;
				KUNIT_ASSERT_EQ(test, *(u64 *)skb->cb, taken);
				kfree_skb(skb);
			}
			break;
		case MN_WINDOW_EARLY:
			KUNIT_ASSERT_GT(test, seq, taken + 1);
			skb = alloc_skb(16, GFP_KERNEL);
			KUNIT_ASSERT_NOT_NULL(test, skb);
			*(u64 *)skb->cb = seq;
			mn_window_keep(w, seq, skb);
			break;
		case MN_WINDOW_OLD:
		case MN_WINDOW_FAR:
			break;
		}
	}
	KUNIT_EXPECT_GT(test, taken, (u64)TRIES / 20);
	KUNIT_EXPECT_EQ(test, taken + 1, w->next);
	mn_window_reset(w);
}

static struct kunit_case chan_cases[] = {
	KUNIT_CASE(round_trip),
	KUNIT_CASE(wrong_tag),
	KUNIT_CASE(truncated),
	KUNIT_CASE(conns),
	KUNIT_CASE(records_random),
	KUNIT_CASE(order),
	KUNIT_CASE(random_order),
	{}
};

static struct kunit_suite chan_suite = {
	.name = "midonet-chan",
	.test_cases = chan_cases,
};

kunit_test_suite(chan_suite);
