// SPDX-License-Identifier: GPL-2.0
/*
 * What becomes of fragments: the fate of the first, per device, within bounds.
 */
#include <kunit/test.h>
#include <linux/bottom_half.h>
#include <linux/module.h>
#include <linux/slab.h>

#include "l2/bridge.h"
#include "l3/frag.h"
#include "net.h"
#include "port/port.h"
#include "sim/ctx.h"
#include "sim/park.h"

#define QUOTA	512	/* of a port, see l3/frag.c */

/**
 * struct frags - a fragment table without anything around it
 * @mn: namespace
 * @bridges: two devices
 * @ports: a port of each, and a second one of the first
 * @ctx: walk
 */
struct frags {
	struct mn_net *mn;
	struct mn_bridge *bridges;
	struct mn_port *ports;
	struct mn_ctx *ctx;
};

static int frag_init(struct kunit *test)
{
	struct frags *f = kunit_kzalloc(test, sizeof(*f), GFP_KERNEL);
	int i, err;

	if (!f)
		return -ENOMEM;
	test->priv = f;
	f->mn = kunit_kzalloc(test, sizeof(*f->mn), GFP_KERNEL);
	f->bridges = kunit_kcalloc(test, 2, sizeof(*f->bridges), GFP_KERNEL);
	f->ports = kunit_kcalloc(test, 3, sizeof(*f->ports), GFP_KERNEL);
	f->ctx = kunit_kzalloc(test, sizeof(*f->ctx), GFP_KERNEL);
	if (!f->mn || !f->bridges || !f->ports || !f->ctx)
		return -ENOMEM;
	for (i = 0; i < 3; i++) {
		f->bridges[i % 2].obj.index = 10 + i % 2;
		f->ports[i].obj.parent = &f->bridges[i % 2].obj;
		f->ports[i].obj.index = 1 + i;
		f->ports[i].mn = f->mn;
	}
	err = mn_park_init(f->mn);
	return err ?: mn_frags_init(f->mn);
}

static void frag_exit(struct kunit *test)
{
	struct frags *f = test->priv;

	if (!f || !f->mn)
		return;
	if (f->mn->frags)
		mn_frags_exit(f->mn);
	if (f->mn->park)
		mn_park_exit(f->mn);
}

static void set_up(struct frags *f, int port, u32 id, u8 kind)
{
	struct mn_ctx *ctx = f->ctx;

	memset(ctx, 0, sizeof(*ctx));
	ctx->mn = f->mn;
	ctx->in = &f->ports[port];
	ctx->live = true;
	ctx->pkt.frag_id = id;
	ctx->key.eth_type = htons(ETH_P_IP);
	ctx->key.proto = IPPROTO_UDP;
	ctx->key.v4.src = htonl(0x0a000001);
	ctx->key.v4.dst = htonl(0x0a000002);
	ctx->key.frag = kind;
	if (kind == MN_FRAG_FIRST) {
		ctx->key.tp_src = htons(1000);
		ctx->key.tp_dst = htons(id);
		ctx->key.flags = MN_KEY_L4;
	}
	ctx->in_key = ctx->key;
}

static void first(struct frags *f, int port, u32 id, u8 verdict)
{
	set_up(f, port, id, MN_FRAG_FIRST);
	f->ctx->verdict = verdict;
	local_bh_disable();
	rcu_read_lock();
	mn_frag_first(f->ctx);
	rcu_read_unlock();
	local_bh_enable();
}

static enum mn_frag_fate later(struct frags *f, int port, u32 id)
{
	enum mn_frag_fate fate;

	set_up(f, port, id, MN_FRAG_LATER);
	local_bh_disable();
	rcu_read_lock();
	fate = mn_frag_later(f->ctx);
	rcu_read_unlock();
	local_bh_enable();
	return fate;
}

static void frag_fate(struct kunit *test)
{
	struct frags *f = test->priv;

	KUNIT_EXPECT_EQ(test, MN_FRAG_PARK, later(f, 0, 7));
	KUNIT_EXPECT_TRUE(test, f->ctx->stop);

	first(f, 0, 7, MIDONET_VERDICT_OUTPUT);
	KUNIT_EXPECT_EQ(test, MN_FRAG_WALK, later(f, 0, 7));
	KUNIT_EXPECT_FALSE(test, f->ctx->stop);
	KUNIT_EXPECT_TRUE(test, f->ctx->l4_read);
	KUNIT_EXPECT_EQ(test, 7, ntohs(f->ctx->key.tp_dst));
	KUNIT_EXPECT_EQ(test, 1000, ntohs(f->ctx->key.tp_src));
	KUNIT_EXPECT_TRUE(test, f->ctx->key.flags & MN_KEY_L4);
	/* What came in had none. */
	KUNIT_EXPECT_FALSE(test, f->ctx->in_key.flags & MN_KEY_L4);

	first(f, 0, 8, MIDONET_VERDICT_DROP);
	KUNIT_EXPECT_EQ(test, MN_FRAG_DROP, later(f, 0, 8));
	KUNIT_EXPECT_TRUE(test, f->ctx->stop);
	/* The newest first decides. */
	first(f, 0, 8, MIDONET_VERDICT_FLOOD);
	KUNIT_EXPECT_EQ(test, MN_FRAG_WALK, later(f, 0, 8));
}

/* By device, not by port: a host may use two links. */
static void frag_apart(struct kunit *test)
{
	struct frags *f = test->priv;

	first(f, 0, 7, MIDONET_VERDICT_OUTPUT);
	KUNIT_EXPECT_EQ(test, MN_FRAG_WALK, later(f, 2, 7));
	KUNIT_EXPECT_EQ(test, MN_FRAG_PARK, later(f, 1, 7));
	KUNIT_EXPECT_EQ(test, MN_FRAG_PARK, later(f, 0, 9));

	set_up(f, 0, 7, MN_FRAG_LATER);
	f->ctx->in_key.v4.src = htonl(0x0a000003);
	local_bh_disable();
	rcu_read_lock();
	KUNIT_EXPECT_EQ(test, MN_FRAG_PARK, mn_frag_later(f->ctx));
	rcu_read_unlock();
	local_bh_enable();
}

static void frag_alone(struct kunit *test)
{
	struct frags *f = test->priv;

	set_up(f, 0, 7, MN_FRAG_LATER);
	f->ctx->frag_alone = true;
	local_bh_disable();
	rcu_read_lock();
	KUNIT_EXPECT_EQ(test, MN_FRAG_WALK, mn_frag_later(f->ctx));
	rcu_read_unlock();
	local_bh_enable();
	KUNIT_EXPECT_TRUE(test, f->ctx->l4_read);
	KUNIT_EXPECT_FALSE(test, f->ctx->key.flags & MN_KEY_L4);
}

/* A trace remembers nothing. */
static void frag_trace(struct kunit *test)
{
	struct frags *f = test->priv;

	set_up(f, 0, 7, MN_FRAG_FIRST);
	f->ctx->live = false;
	local_bh_disable();
	rcu_read_lock();
	mn_frag_first(f->ctx);
	rcu_read_unlock();
	local_bh_enable();
	KUNIT_EXPECT_EQ(test, MN_FRAG_PARK, later(f, 0, 7));
}

/* A port that remembers too much forgets its own oldest, and nobody else's. */
static void frag_quota(struct kunit *test)
{
	struct frags *f = test->priv;
	u32 id, known = 0;

	first(f, 1, 1, MIDONET_VERDICT_OUTPUT);
	for (id = 1; id <= QUOTA + 100; id++)
		first(f, 0, id, MIDONET_VERDICT_OUTPUT);
	for (id = 1; id <= QUOTA + 100; id++)
		known += later(f, 0, id) == MN_FRAG_WALK;
	KUNIT_EXPECT_EQ(test, QUOTA, known);
	KUNIT_EXPECT_EQ(test, MN_FRAG_PARK, later(f, 0, 100));
	KUNIT_EXPECT_EQ(test, MN_FRAG_WALK, later(f, 0, 101));
	KUNIT_EXPECT_EQ(test, MN_FRAG_WALK, later(f, 1, 1));
}

/**
 * struct trip - a fragment whose addresses change
 * @port: index of the port by which it comes
 * @id: as it comes
 * @src: last byte of the source as it comes
 * @to_src: as it leaves
 * @to_dst: destination as it leaves
 * @proto: protocol
 */
struct trip {
	int port;
	u32 id;
	u8 src;
	u8 to_src;
	u8 to_dst;
	u8 proto;
};

static const struct trip plain_trip = {
	.id = 7, .src = 1, .to_src = 99, .to_dst = 2, .proto = IPPROTO_UDP,
};

static void set_up_trip(struct frags *f, const struct trip *t, u8 kind, bool v6)
{
	struct mn_ctx *ctx = f->ctx;

	set_up(f, t->port, t->id, kind);
	ctx->l4_read = true;
	ctx->verdict = MIDONET_VERDICT_OUTPUT;
	ctx->key.proto = t->proto;
	if (v6) {
		memset(&ctx->key.v6, 0, sizeof(ctx->key.v6));
		ctx->key.eth_type = htons(ETH_P_IPV6);
		ctx->key.v6.src.s6_addr[15] = t->src;
		ctx->key.v6.dst.s6_addr[15] = 2;
		ctx->in_key = ctx->key;
		ctx->key.v6.src.s6_addr[15] = t->to_src;
		ctx->key.v6.dst.s6_addr[15] = t->to_dst;
		return;
	}
	ctx->key.v4.src = htonl(0x0a000000 | t->src);
	ctx->in_key = ctx->key;
	ctx->key.v4.src = htonl(0x0a000000 | t->to_src);
	ctx->key.v4.dst = htonl(0x0a000000 | t->to_dst);
}

static u32 id_of(struct frags *f)
{
	u32 id;

	local_bh_disable();
	rcu_read_lock();
	if (f->ctx->in_key.frag == MN_FRAG_FIRST)
		mn_frag_first(f->ctx);
	id = mn_frag_id(f->ctx);
	rcu_read_unlock();
	local_bh_enable();
	return id;
}

static u32 trip(struct frags *f, const struct trip *t, u8 kind, bool v6)
{
	set_up_trip(f, t, kind, v6);
	return id_of(f);
}

static u32 trip_first(struct frags *f, const struct trip *t)
{
	return trip(f, t, MN_FRAG_FIRST, false);
}

static u32 trip_later(struct frags *f, const struct trip *t)
{
	return trip(f, t, MN_FRAG_LATER, false);
}

/* Who comes second takes another id, and keeps it for all its fragments. */
static void frag_id(struct kunit *test)
{
	struct frags *f = test->priv;
	struct trip a = plain_trip, b = plain_trip;
	u32 id;

	b.src = 2;
	KUNIT_EXPECT_EQ(test, 7U, trip_first(f, &a));
	id = trip_first(f, &b);
	KUNIT_EXPECT_NE(test, 7U, id);
	KUNIT_EXPECT_LE(test, id, (u32)U16_MAX);
	KUNIT_EXPECT_EQ(test, 7U, trip_later(f, &a));
	KUNIT_EXPECT_EQ(test, id, trip_later(f, &b));
	/* A first that came twice is the same packet. */
	KUNIT_EXPECT_EQ(test, id, trip_first(f, &b));
	KUNIT_EXPECT_EQ(test, id, trip_later(f, &b));
	KUNIT_EXPECT_EQ(test, 7U, trip_first(f, &a));
	KUNIT_EXPECT_EQ(test, 7U, trip_later(f, &a));
	/* Another binding than it had: it is chosen anew. */
	b.to_src = 98;
	KUNIT_EXPECT_EQ(test, 7U, trip_first(f, &b));
	KUNIT_EXPECT_EQ(test, 7U, trip_later(f, &b));
}

/* Ids are by addresses and protocol, for whatever enters by any device. */
static void frag_id_apart(struct kunit *test)
{
	struct frags *f = test->priv;
	struct trip t = plain_trip;

	KUNIT_EXPECT_EQ(test, 7U, trip_first(f, &t));
	t.src = 2;
	t.to_dst = 3;
	KUNIT_EXPECT_EQ(test, 7U, trip_first(f, &t));
	t = plain_trip;
	t.src = 3;
	t.proto = IPPROTO_TCP;
	KUNIT_EXPECT_EQ(test, 7U, trip_first(f, &t));
	t = plain_trip;
	t.src = 4;
	t.to_src = 97;
	KUNIT_EXPECT_EQ(test, 7U, trip_first(f, &t));
	t = plain_trip;
	t.src = 5;
	t.id = 8;
	KUNIT_EXPECT_EQ(test, 8U, trip_first(f, &t));
	/* Another device, the same way out. */
	t = plain_trip;
	t.port = 1;
	KUNIT_EXPECT_NE(test, 7U, trip_first(f, &t));
}

/* Who is not translated has its id, whoever else has it, and others give way. */
static void frag_id_fixed(struct kunit *test)
{
	struct frags *f = test->priv;
	struct trip own = plain_trip, t = plain_trip;

	own.src = own.to_src;
	KUNIT_EXPECT_EQ(test, 7U, trip_first(f, &t));
	KUNIT_EXPECT_EQ(test, 7U, trip_first(f, &own));
	t.src = 2;
	KUNIT_EXPECT_NE(test, 7U, trip_first(f, &t));

	/* What is dropped leaves with no id. */
	t.id = 9;
	set_up_trip(f, &t, MN_FRAG_FIRST, false);
	f->ctx->verdict = MIDONET_VERDICT_DROP;
	id_of(f);
	t.src = 3;
	KUNIT_EXPECT_EQ(test, 9U, trip_first(f, &t));
	/* The one that was dropped is sent after all. */
	t.src = 2;
	KUNIT_EXPECT_NE(test, 9U, trip_first(f, &t));
}

/* Nothing is known of it: it keeps its id. */
static void frag_id_unknown(struct kunit *test)
{
	struct frags *f = test->priv;
	struct trip t = plain_trip;

	trip_first(f, &t);
	t.src = 2;
	KUNIT_EXPECT_EQ(test, 7U, trip_later(f, &t));
	KUNIT_EXPECT_NE(test, 7U, trip_first(f, &t));
	set_up_trip(f, &t, MN_FRAG_LATER, false);
	f->ctx->frag_alone = true;
	KUNIT_EXPECT_EQ(test, 7U, id_of(f));
	set_up_trip(f, &t, MN_FRAG_LATER, false);
	f->ctx->l4_read = false;
	KUNIT_EXPECT_EQ(test, 7U, id_of(f));
}

/* Many senders, one id: none leaves twice, and those forgotten are free. */
static void frag_id_many(struct kunit *test)
{
	unsigned long *seen = kunit_kzalloc(test, BITS_TO_LONGS(U16_MAX + 1) *
					    sizeof(long), GFP_KERNEL);
	struct frags *f = test->priv;
	struct trip t = plain_trip;
	u32 i, id;

	KUNIT_ASSERT_NOT_NULL(test, seen);
	for (i = 1; i < 99; i++) {
		t.src = i;
		id = trip_first(f, &t);
		KUNIT_EXPECT_FALSE(test, test_and_set_bit(id, seen));
		KUNIT_EXPECT_EQ(test, id, trip_later(f, &t));
	}
	/* They push all of those out. */
	t = plain_trip;
	for (i = 0; i < QUOTA; i++) {
		t.id = 1000 + i;
		t.to_src = 1;
		trip_first(f, &t);
	}
	t = plain_trip;
	t.src = 50;
	KUNIT_EXPECT_EQ(test, 7U, trip_first(f, &t));
}

static void frag_id_v6(struct kunit *test)
{
	struct frags *f = test->priv;
	struct trip t = plain_trip;
	u32 id;

	t.id = 0x12345678;
	KUNIT_EXPECT_EQ(test, t.id, trip(f, &t, MN_FRAG_FIRST, true));
	t.src = 3;
	id = trip(f, &t, MN_FRAG_FIRST, true);
	KUNIT_EXPECT_NE(test, t.id, id);
	KUNIT_EXPECT_EQ(test, id, trip(f, &t, MN_FRAG_LATER, true));
}

/* What we cut gets ids one after the other, one for each segment. */
static void frag_id_cut(struct kunit *test)
{
	struct frags *f = test->priv;
	struct trip t = plain_trip;
	struct sk_buff *skb = alloc_skb(100, GFP_KERNEL);
	u32 id;

	KUNIT_ASSERT_NOT_NULL(test, skb);
	skb_put_zero(skb, 100);
	f->mn->net = &init_net;
	set_up_trip(f, &t, MN_FRAG_NONE, false);
	f->ctx->skb = skb;
	f->ctx->fragment = true;
	id = id_of(f);
	KUNIT_EXPECT_LE(test, id, (u32)U16_MAX);
	KUNIT_EXPECT_NE(test, id, id_of(f));
	skb_shinfo(skb)->gso_size = 10;
	skb_shinfo(skb)->gso_segs = 10;
	id = id_of(f);
	/* More if time passed. */
	KUNIT_EXPECT_GE(test, (id_of(f) - id) & U16_MAX, 10U);
	kfree_skb(skb);
}

static struct kunit_case frag_cases[] = {
	KUNIT_CASE(frag_fate),
	KUNIT_CASE(frag_apart),
	KUNIT_CASE(frag_alone),
	KUNIT_CASE(frag_trace),
	KUNIT_CASE(frag_quota),
	KUNIT_CASE(frag_id),
	KUNIT_CASE(frag_id_apart),
	KUNIT_CASE(frag_id_fixed),
	KUNIT_CASE(frag_id_unknown),
	KUNIT_CASE(frag_id_many),
	KUNIT_CASE(frag_id_v6),
	KUNIT_CASE(frag_id_cut),
	{}
};

/* Some kernels run suites before the module's init, some after it. */
static bool own_caches;

static int frag_suite_init(struct kunit_suite *suite)
{
	int err;

	own_caches = THIS_MODULE->state == MODULE_STATE_COMING;
	if (!own_caches)
		return 0;
	err = mn_frag_caches_create();
	if (err)
		return err;
	err = mn_park_caches_create();
	if (err)
		mn_frag_caches_destroy();
	return err;
}

static void frag_suite_exit(struct kunit_suite *suite)
{
	if (!own_caches)
		return;
	rcu_barrier();
	mn_park_caches_destroy();
	mn_frag_caches_destroy();
}

static struct kunit_suite frag_suite = {
	.name = "midonet-frag",
	.suite_init = frag_suite_init,
	.suite_exit = frag_suite_exit,
	.init = frag_init,
	.exit = frag_exit,
	.test_cases = frag_cases,
};

kunit_test_suite(frag_suite);
