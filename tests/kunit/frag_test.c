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

static struct kunit_case frag_cases[] = {
	KUNIT_CASE(frag_fate),
	KUNIT_CASE(frag_apart),
	KUNIT_CASE(frag_alone),
	KUNIT_CASE(frag_trace),
	KUNIT_CASE(frag_quota),
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
