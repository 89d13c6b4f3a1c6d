// SPDX-License-Identifier: GPL-2.0
/*
 * The flow table without a topology: masks, installing, finding, outdating,
 * quotas, counters, and the way a dead flow leaves the per-CPU caches.
 */
#include <kunit/test.h>
#include <linux/module.h>
#include <linux/skbuff.h>

#include "flow_world.h"
#include "sim/count.h"

static void mask_menu(struct kunit *test)
{
	struct mn_flow_key key = fw_key(2, 1000), mask = { 0 };

	mn_mask_canon(&mask, &key);
	KUNIT_EXPECT_EQ(test, U32_MAX, mask.in_port);
	KUNIT_EXPECT_EQ(test, 0xff, mask.eth_src[0]);
	KUNIT_EXPECT_EQ(test, 0xffff, mask.vlan);
	KUNIT_EXPECT_EQ(test, 0xff, mask.frag);
	KUNIT_EXPECT_EQ(test, 0, mask.proto);
	KUNIT_EXPECT_EQ(test, 0, mask.w[4] | mask.w[5] | mask.w[6] | mask.w[7]);

	/* An L4 field brings what says its meaning. */
	mask.tp_dst = htons(1);
	mask.v4.src = htonl(0xfff80000);
	mask.v4.dst = htonl(1);
	mn_mask_canon(&mask, &key);
	KUNIT_EXPECT_EQ(test, 0xffff, ntohs(mask.tp_dst));
	KUNIT_EXPECT_EQ(test, 0, ntohs(mask.tp_src));
	KUNIT_EXPECT_EQ(test, 0xff, mask.proto);
	KUNIT_EXPECT_EQ(test, 0xffff, mask.flags);
	KUNIT_EXPECT_EQ(test, 0xffff0000, ntohl(mask.v4.src));
	KUNIT_EXPECT_EQ(test, U32_MAX, ntohl(mask.v4.dst));
}

static void mask_menu_v4(struct kunit *test)
{
	static const u8 want[] = { 0, 8, 16, 24, 32 };
	struct mn_flow_key key = fw_key(2, 1000);
	int plen;

	for (plen = 0; plen <= 32; plen++) {
		struct mn_flow_key mask = { 0 };
		u32 up = want[DIV_ROUND_UP(plen, 8)];

		mask.v4.dst = htonl(plen ? ~0U << (32 - plen) : 0);
		mn_mask_canon(&mask, &key);
		KUNIT_EXPECT_EQ(test, up ? ~0U << (32 - up) : 0,
				ntohl(mask.v4.dst));
		KUNIT_EXPECT_EQ(test, 0, ntohl(mask.v4.src));
	}
}

static void mask_menu_v6(struct kunit *test)
{
	static const struct { u8 plen, up; } want[] = {
		{ 0, 0 }, { 1, 32 }, { 32, 32 }, { 33, 48 }, { 48, 48 },
		{ 56, 64 }, { 64, 64 }, { 65, 96 }, { 97, 128 }, { 128, 128 },
	};
	struct mn_flow_key key = { .eth_type = htons(ETH_P_IPV6) };
	struct in6_addr addr, got;
	int i, bit;

	for (i = 0; i < ARRAY_SIZE(want); i++) {
		struct mn_flow_key mask = { 0 };

		memset(&addr, 0, sizeof(addr));
		for (bit = 0; bit < want[i].plen; bit++)
			addr.s6_addr[bit / 8] |= 0x80 >> bit % 8;
		mask.v6.src = addr;
		mn_mask_canon(&mask, &key);
		memset(&addr, 0, sizeof(addr));
		memset(&addr, 0xff, want[i].up / 8);
		got = mask.v6.src;
		KUNIT_EXPECT_EQ_MSG(test, 0, memcmp(&got, &addr, 16), "/%u",
				    want[i].plen);
		got = mask.v6.dst;
		memset(&addr, 0, sizeof(addr));
		KUNIT_EXPECT_EQ(test, 0, memcmp(&got, &addr, 16));
	}
}

static void masks_bounded(struct kunit *test)
{
	struct flow_world *w = test->priv;
	struct mn_flow_table *table = w->mn->flows;
	struct mn_mask *got[6];
	struct mn_flow_key words;
	int i;

	local_bh_disable();
	for (i = 0; i < 6; i++) {
		memset(&words, 0, sizeof(words));
		words.w[4] = i + 1;
		got[i] = mn_mask_get(table, &words, 4);
	}
	local_bh_enable();
	for (i = 0; i < 4; i++)
		KUNIT_EXPECT_EQ(test, i + 1, got[i]->w[4]);
	/* No room: the exact mask, and it is in use too. */
	KUNIT_EXPECT_PTR_EQ(test, &table->masks[0], got[4]);
	KUNIT_EXPECT_PTR_EQ(test, &table->masks[0], got[5]);
	KUNIT_EXPECT_EQ(test, U64_MAX, got[4]->w[4]);
	KUNIT_EXPECT_EQ(test, 5, table->n_masks);

	/* Without flows it is probed no more, and changes only afterwards. */
	KUNIT_EXPECT_FALSE(test, mn_masks_retire(table));
	mn_mask_put(table, got[1]);
	KUNIT_EXPECT_TRUE(test, mn_masks_retire(table));
	KUNIT_EXPECT_EQ(test, 4, table->n_masks);
	memset(&words, 0, sizeof(words));
	words.w[5] = 9;
	local_bh_disable();
	KUNIT_EXPECT_PTR_EQ(test, &table->masks[0],
			    mn_mask_get(table, &words, 4));
	mn_masks_release(table);
	KUNIT_EXPECT_PTR_EQ(test, got[1], mn_mask_get(table, &words, 4));
	local_bh_enable();
	KUNIT_EXPECT_EQ(test, 9, got[1]->w[5]);
	KUNIT_EXPECT_EQ(test, 0, got[1]->w[4]);
}

static void masks_sorted(struct kunit *test)
{
	struct flow_world *w = test->priv;
	struct mn_flow_table *table = w->mn->flows;
	struct mn_flow_key words = { 0 };
	int i;

	local_bh_disable();
	for (i = 0; i < 3; i++) {
		words.w[4] = i + 1;
		mn_mask_get(table, &words, 4)->hits = 10 * i;
	}
	local_bh_enable();
	mn_masks_sort(table);
	for (i = 0; i < 3; i++)
		KUNIT_EXPECT_EQ(test, 3 - i,
				table->masks[table->order[i]].w[4]);
	KUNIT_EXPECT_EQ(test, 10, table->masks[table->order[0]].hits);
}

static void flow_wildcard(struct kunit *test)
{
	struct flow_world *w = test->priv;
	struct mn_flow *flow;
	struct mn_flow_key mask = { 0 };

	KUNIT_ASSERT_TRUE(test, fw_add(w, fw_key(2, 1000), NULL));
	flow = fw_find(w, fw_key(2, 1000));
	KUNIT_ASSERT_NOT_NULL(test, flow);
	KUNIT_EXPECT_PTR_EQ(test, w->out, flow->out.port);
	/* Another port: nobody read it. Another MAC: somebody did. */
	KUNIT_EXPECT_PTR_EQ(test, flow, fw_find(w, fw_key(2, 2000)));
	KUNIT_EXPECT_NULL(test, fw_find(w, fw_key(3, 1000)));

	mask.tp_src = htons(0xffff);
	KUNIT_ASSERT_TRUE(test, fw_add(w, fw_key(3, 1000), &mask));
	KUNIT_EXPECT_NOT_NULL(test, fw_find(w, fw_key(3, 1000)));
	KUNIT_EXPECT_NULL(test, fw_find(w, fw_key(3, 1001)));

	/* The same again is refused, the first stays. */
	KUNIT_EXPECT_FALSE(test, fw_add(w, fw_key(2, 3000), NULL));
	KUNIT_EXPECT_PTR_EQ(test, flow, fw_find(w, fw_key(2, 1)));
	KUNIT_EXPECT_TRUE(test, fw_would_hit(w, fw_key(2, 7)));
}

static void flow_outdated(struct kunit *test)
{
	struct flow_world *w = test->priv;
	struct mn_flow_key key = fw_key(2, 1000);
	struct mn_flow *flow;

	KUNIT_ASSERT_TRUE(test, fw_add(w, key, NULL));
	flow = fw_find(w, key);
	KUNIT_ASSERT_NOT_NULL(test, flow);
	KUNIT_EXPECT_TRUE(test, fw_valid(w, flow));

	/* Somebody else's change: adopted. */
	mn_epoch_bump(w->mn);
	KUNIT_EXPECT_TRUE(test, fw_valid(w, flow));
	KUNIT_EXPECT_EQ(test, mn_epoch(w->mn), flow->epoch);
	/* Nobody depends on this one: the epoch stays. */
	mn_dep_bump(w->mn, DEP_B);
	KUNIT_EXPECT_EQ(test, mn_epoch(w->mn), flow->epoch);

	mn_dep_bump(w->mn, DEP_A);
	KUNIT_EXPECT_NE(test, mn_epoch(w->mn), flow->epoch);
	KUNIT_EXPECT_FALSE(test, fw_would_hit(w, key));
	KUNIT_EXPECT_FALSE(test, fw_valid(w, flow));
	KUNIT_EXPECT_EQ(test, MN_EPOCH_DEAD, flow->epoch);
	KUNIT_EXPECT_NULL(test, fw_find(w, key));
	KUNIT_EXPECT_TRUE(test, fw_add(w, key, NULL));
}

static void flow_races(struct kunit *test)
{
	struct flow_world *w = test->priv;
	struct mn_flow_key key = fw_key(2, 1000);

	fw_walk(w, &key, NULL);
	mn_dep_bump(w->mn, DEP_A);
	KUNIT_EXPECT_FALSE(test, fw_install(w));

	fw_walk(w, &key, NULL);
	w->mn->generation++;
	KUNIT_EXPECT_FALSE(test, fw_install(w));

	fw_walk(w, &key, NULL);
	w->ctx->live = false;
	KUNIT_EXPECT_FALSE(test, fw_install(w));
	KUNIT_EXPECT_NULL(test, fw_find(w, key));
	KUNIT_EXPECT_EQ(test, 0, mn_flows_count(w->mn));
}

static void flow_quota(struct kunit *test)
{
	struct flow_world *w = test->priv;
	struct mn_flow_key key = fw_key(1, 1000);
	int i;

	w->mn->limits.flows_per_port = 3;
	for (i = 0; i < 5; i++)
		KUNIT_EXPECT_EQ(test, i < 3, fw_add(w, fw_key(i, 1), NULL));
	KUNIT_EXPECT_EQ(test, 3, mn_flows_count(w->mn));

	/* A dead flow is charged until its memory is free. */
	rcu_read_lock();
	mn_flow_kill(w->mn->flows, fw_find(w, key));
	rcu_read_unlock();
	KUNIT_EXPECT_NULL(test, fw_find(w, key));
	KUNIT_EXPECT_FALSE(test, fw_add(w, key, NULL));
	fw_reap(w);
	KUNIT_EXPECT_TRUE(test, fw_add(w, key, NULL));

	w->mn->limits.flows_per_port = 100;
	w->mn->limits.flows_max = 3;
	KUNIT_EXPECT_FALSE(test, fw_add(w, fw_key(9, 1), NULL));
}

static bool admit(struct flow_world *w, u64 hash)
{
	bool yes;

	local_bh_disable();
	yes = mn_flow_admit(w->in, hash);
	local_bh_enable();
	return yes;
}

static void flow_trial(struct kunit *test)
{
	struct flow_world *w = test->priv;
	const u64 a = 0x1234000000000001ULL, b = 0x5678000000000001ULL;
	const struct mn_flow_key ports = { .tp_src = htons(0xffff) };
	struct mn_flow *flow;
	int i;

	w->mn->limits.flows_per_port = 1000;
	for (i = 0; i < MN_UNPROVEN; i++) {
		KUNIT_EXPECT_TRUE(test, admit(w, a));
		KUNIT_ASSERT_TRUE(test, fw_add(w, fw_key(i, 1), NULL));
	}
	KUNIT_EXPECT_EQ(test, MN_UNPROVEN, atomic_read(&w->in->n_unproven));

	/* From now on at the second sight, unless another took the mark. */
	KUNIT_EXPECT_FALSE(test, admit(w, a));
	KUNIT_EXPECT_TRUE(test, admit(w, a));
	KUNIT_EXPECT_FALSE(test, admit(w, b));
	KUNIT_EXPECT_FALSE(test, admit(w, a));
	KUNIT_ASSERT_TRUE(test, fw_add(w, fw_key(7, 2), &ports));
	KUNIT_EXPECT_EQ(test, MN_UNPROVEN, atomic_read(&w->in->n_unproven));

	/* One that is hit makes room for one, only once. */
	flow = fw_find(w, fw_key(7, 1));
	KUNIT_ASSERT_NOT_NULL(test, flow);
	KUNIT_EXPECT_EQ(test, 1, flow->unproven);
	mn_flow_prove(flow);
	mn_flow_prove(flow);
	KUNIT_EXPECT_EQ(test, 0, flow->unproven);
	KUNIT_EXPECT_EQ(test, MN_UNPROVEN - 1,
			atomic_read(&w->in->n_unproven));
	KUNIT_EXPECT_TRUE(test, admit(w, b + 1));

	/* Beyond that as many as others. */
	for (i = 0; i < MN_UNPROVEN; i++)
		mn_flow_prove(fw_find(w, fw_key(i, 1)));
	KUNIT_EXPECT_EQ(test, 0, atomic_read(&w->in->n_unproven));
	for (i = 0; i < 2 * MN_UNPROVEN && mn_flow_on_trial(w->in); i++)
		KUNIT_ASSERT_TRUE(test, fw_add(w, fw_key(8, 1000 + i), &ports));
	KUNIT_EXPECT_EQ(test, i, atomic_read(&w->in->n_unproven));
	KUNIT_EXPECT_GT(test, i, MN_UNPROVEN);
	KUNIT_EXPECT_LT(test, i, MN_UNPROVEN + 4);

	mn_flows_flush(w->mn);
	fw_reap(w);
	KUNIT_EXPECT_EQ(test, 0, mn_flows_count(w->mn));
	KUNIT_EXPECT_EQ(test, 0, atomic_read(&w->in->n_unproven));
}

/* How a remote port is reached comes back, whatever else there is. */
static void flow_remote(struct kunit *test)
{
	const struct mn_flow_key ports = { .tp_src = htons(0xffff) };
	struct flow_world *w = test->priv;
	struct mn_peer *peer = (struct mn_peer *)w->out;
	struct mn_flow *flow;
	struct mn_out out;
	int i;

	for (i = 0; i < 8; i++) {
		struct mn_flow_key key = fw_key(3, 2000 + i);

		fw_walk(w, &key, &ports);
		w->ctx->outs[0].remote = i & 1;
		w->ctx->outs[0].vlan = i;
		w->ctx->outs[0].mtu = 1450;
		w->ctx->outs[0].via.peer = peer;
		w->ctx->outs[0].via.key = 77 + i;
		w->ctx->rw.hops = i & 2 ? 5 : 0;
		w->ctx->translated = i & 4;
		w->ctx->translation.proto = 6;
		KUNIT_ASSERT_TRUE(test, fw_install(w));
		flow = fw_find(w, key);
		KUNIT_ASSERT_NOT_NULL(test, flow);
		out = mn_flow_out(flow, 0);
		KUNIT_EXPECT_PTR_EQ(test, w->out, out.port);
		KUNIT_EXPECT_EQ(test, i & 1, (int)out.remote);
		KUNIT_EXPECT_EQ(test, i, (int)out.vlan);
		KUNIT_EXPECT_EQ(test, 1450U, out.mtu);
		KUNIT_EXPECT_PTR_EQ(test, i & 1 ? peer : NULL, out.via.peer);
		KUNIT_EXPECT_EQ(test, i & 1 ? 77 + i : 0, (int)out.via.key);
		KUNIT_EXPECT_EQ(test, i & 2, flow->routed ? 2 : 0);
		if (flow->routed)
			KUNIT_EXPECT_EQ(test, 5, mn_flow_rewrite(flow)->hops);
		if (flow->translated)
			KUNIT_EXPECT_EQ(test, 6,
					mn_flow_translation(flow)->proto);
		KUNIT_EXPECT_EQ(test, (u32)DEP_A, mn_flow_deps(flow)[0].slot);
	}
	mn_flows_flush(w->mn);
	fw_reap(w);
}

static void flow_big(struct kunit *test)
{
	struct flow_world *w = test->priv;
	struct mn_flow_key key = fw_key(2, 1000);
	struct mn_count count = {};
	struct mn_flow *flow;
	int i;

	fw_walk(w, &key, NULL);
	for (i = 0; i < MN_CTX_DEPS; i++) {
		w->ctx->deps[i].slot = i;
		w->ctx->deps[i].val = 0;
	}
	w->ctx->n_deps = MN_CTX_DEPS;
	for (i = 0; i < MN_CACHE_OUTS; i++)
		w->ctx->outs[i] = (struct mn_out){
			.port = w->out, .vlan = i, .mtu = 1000 + i,
		};
	w->ctx->n_outs = MN_CACHE_OUTS;
	mn_count_init(&count, MN_COUNT_ALONE);
	for (i = 0; i <= MN_CTX_COUNTS; i++)
		mn_ctx_count(w->ctx, &count);
	/* One more than is remembered is counted at once. */
	KUNIT_EXPECT_EQ(test, 1, atomic64_read(&count.packets));
	KUNIT_EXPECT_FALSE(test, w->ctx->cacheable);
	KUNIT_ASSERT_TRUE(test, fw_install(w));
	KUNIT_EXPECT_EQ(test, MN_CTX_COUNTS + 1, refcount_read(&count.ref));
	flow = fw_find(w, key);
	KUNIT_ASSERT_NOT_NULL(test, flow);
	KUNIT_EXPECT_EQ(test, MN_CACHE_OUTS, flow->n_outs);
	KUNIT_EXPECT_EQ(test, 1000 + MN_CACHE_OUTS - 1,
			mn_flow_tail_outs(flow)[MN_CACHE_OUTS - 1].mtu);
	KUNIT_EXPECT_EQ(test, MN_CTX_DEPS - 1,
			mn_flow_deps(flow)[MN_CTX_DEPS - 1].slot);
	mn_dep_bump(w->mn, MN_CTX_DEPS - 1);
	KUNIT_EXPECT_FALSE(test, fw_valid(w, flow));
	fw_reap(w);
	KUNIT_EXPECT_EQ(test, MN_CTX_COUNTS + 1, atomic64_read(&count.packets));
	KUNIT_EXPECT_EQ(test, 1, refcount_read(&count.ref));

	key = fw_key(3, 1);
	fw_walk(w, &key, NULL);
	w->ctx->n_outs = MN_CACHE_OUTS + 1;
	KUNIT_EXPECT_FALSE(test, fw_install(w));
}

static void flow_counts(struct kunit *test)
{
	struct flow_world *w = test->priv;
	struct mn_flow_stats sum;
	struct mn_flow *flow;
	int i;

	KUNIT_ASSERT_TRUE(test, fw_add(w, fw_key(2, 1), NULL));
	flow = fw_find(w, fw_key(2, 1));
	KUNIT_ASSERT_NOT_NULL(test, flow);
	/* The walked packet is the first. */
	mn_flow_stats_sum(flow, &sum);
	KUNIT_EXPECT_EQ(test, 1, sum.packets);
	KUNIT_EXPECT_EQ(test, 100, sum.bytes);

	local_bh_disable();
	for (i = 0; i < 10; i++)
		mn_flow_count(flow, 2, 60);
	flow->owner++;		/* from now on this is another CPU */
	for (i = 0; i < 3 * MN_FOREIGN_MAX; i++)
		mn_flow_count(flow, 1, 10);
	local_bh_enable();
	KUNIT_EXPECT_TRUE(test, !!flow->pcpu);
	KUNIT_EXPECT_EQ(test, MN_FOREIGN_MAX,
			atomic64_read(&flow->foreign_packets));
	mn_flow_stats_sum(flow, &sum);
	KUNIT_EXPECT_EQ(test, 21 + 3 * MN_FOREIGN_MAX, sum.packets);
	KUNIT_EXPECT_EQ(test, 700 + 30 * MN_FOREIGN_MAX, sum.bytes);

	mn_flows_fold(w->mn);
	KUNIT_EXPECT_EQ(test, sum.packets, flow->folded_packets);
	KUNIT_EXPECT_EQ(test, sum.packets,
			w->mn->flows->masks[flow->mask->id].hits);
}

/* What a flow counts for is there as long as the flow is. */
static void flow_counts_for(struct kunit *test)
{
	struct mn_count *slot = NULL, *other = NULL, *count;
	struct mn_flow_key key = fw_key(2, 1);
	struct flow_world *w = test->priv;

	count = mn_count_at(&slot);
	KUNIT_ASSERT_NOT_NULL(test, count);
	KUNIT_EXPECT_PTR_EQ(test, count, mn_count_at(&slot));
	KUNIT_ASSERT_NOT_NULL(test, mn_count_at(&other));
	fw_walk(w, &key, NULL);
	mn_ctx_count(w->ctx, count);
	mn_ctx_count(w->ctx, other);
	mn_ctx_count(w->ctx, count);
	KUNIT_ASSERT_TRUE(test, fw_install(w));
	KUNIT_EXPECT_EQ(test, 3, refcount_read(&count->ref));
	KUNIT_EXPECT_EQ(test, 0, atomic64_read(&count->packets));

	local_bh_disable();
	mn_flow_count(fw_find(w, key), 2, 60);
	local_bh_enable();
	mn_flows_fold(w->mn);
	KUNIT_EXPECT_EQ(test, 6, atomic64_read(&count->packets));
	KUNIT_EXPECT_EQ(test, 320, atomic64_read(&count->bytes));
	KUNIT_EXPECT_EQ(test, 3, atomic64_read(&other->packets));

	/* One goes, the other gets what was counted so far. */
	mn_count_move(other, count);
	mn_count_put(count);
	KUNIT_EXPECT_EQ(test, 2, refcount_read(&count->ref));
	local_bh_disable();
	mn_flow_count(fw_find(w, key), 1, 30);
	local_bh_enable();
	mn_flows_fold(w->mn);
	KUNIT_EXPECT_EQ(test, 2, atomic64_read(&count->packets));
	KUNIT_EXPECT_EQ(test, 10, atomic64_read(&other->packets));
	mn_flows_flush(w->mn);
	fw_reap(w);
	KUNIT_EXPECT_EQ(test, 1, refcount_read(&other->ref));
	mn_count_put(other);
	mn_count_put(NULL);
}

/* A run of the sweep, which then does not come by itself. */
static bool sweep_run(struct flow_world *w)
{
	cancel_delayed_work_sync(&w->mn->flow_work);
	mn_flows_sweep(&w->mn->flow_work.work);
	cancel_delayed_work_sync(&w->mn->flow_work);
	return w->mn->flows->in_round;
}

static void sweep_rounds(struct kunit *test)
{
	const struct mn_flow_key ports = { .tp_src = htons(0xffff) };
	const int n = MN_SWEEP_RUN + 1000;
	struct flow_world *w = test->priv;
	struct mn_flow *flow;
	int i, seen;

	w->mn->limits.flows_max = 2 * n;
	w->mn->limits.flows_per_port = 2 * n;
	for (i = 0; i < n; i++)
		KUNIT_ASSERT_TRUE(test, fw_add(w, fw_key(2, i), &ports));
	while (sweep_run(w))
		;
	local_bh_disable();
	for (i = 0; i < n; i++) {
		flow = fw_find(w, fw_key(2, i));
		KUNIT_ASSERT_NOT_NULL(test, flow);
		KUNIT_EXPECT_EQ(test, 1, flow->folded_packets);
		mn_flow_count(flow, 1, 100);
	}
	local_bh_enable();

	/* A run does not visit them all, a round does. */
	KUNIT_EXPECT_TRUE(test, sweep_run(w));
	for (i = 0, seen = 0; i < n; i++)
		seen += fw_find(w, fw_key(2, i))->folded_packets == 2;
	KUNIT_EXPECT_GT(test, seen, 0);
	KUNIT_EXPECT_LE(test, seen, MN_SWEEP_RUN);
	while (sweep_run(w))
		;
	for (i = 0, seen = 0; i < n; i++)
		seen += fw_find(w, fw_key(2, i))->folded_packets == 2;
	KUNIT_EXPECT_EQ(test, n, seen);
}

static void flow_cache(struct kunit *test)
{
	struct flow_world *w = test->priv;
	struct mn_flow *flow, **slot;

	KUNIT_ASSERT_TRUE(test, fw_add(w, fw_key(2, 1), NULL));
	flow = fw_find(w, fw_key(2, 1));
	KUNIT_ASSERT_NOT_NULL(test, flow);
	local_bh_disable();
	slot = mn_cache_slot(w->mn, 0x123456789abcdefULL);
	*slot = flow;
	local_bh_enable();
	mn_cache_purge(w->mn);
	KUNIT_EXPECT_PTR_EQ(test, flow, *slot);
	mn_flows_flush(w->mn);
	KUNIT_EXPECT_PTR_EQ(test, flow, *slot);
	KUNIT_EXPECT_FALSE(test, fw_valid(w, flow));
	fw_reap(w);
	KUNIT_EXPECT_NULL(test, *slot);
	KUNIT_EXPECT_EQ(test, 0, mn_flows_count(w->mn));
}

/* Some kernels run suites before the module's init, some after it. */
static bool own_caches;

static int flow_suite_init(struct kunit_suite *suite)
{
	own_caches = THIS_MODULE->state == MODULE_STATE_COMING;
	if (!own_caches)
		return 0;
	return mn_flow_caches_create() ?: mn_count_caches_create();
}

static void flow_suite_exit(struct kunit_suite *suite)
{
	if (!own_caches)
		return;
	mn_count_caches_destroy();
	mn_flow_caches_destroy();
}

static struct kunit_case flow_cases[] = {
	KUNIT_CASE(mask_menu),
	KUNIT_CASE(mask_menu_v4),
	KUNIT_CASE(mask_menu_v6),
	KUNIT_CASE(masks_bounded),
	KUNIT_CASE(masks_sorted),
	KUNIT_CASE(flow_wildcard),
	KUNIT_CASE(flow_outdated),
	KUNIT_CASE(flow_races),
	KUNIT_CASE(flow_quota),
	KUNIT_CASE(flow_trial),
	KUNIT_CASE(flow_big),
	KUNIT_CASE(flow_remote),
	KUNIT_CASE(flow_counts),
	KUNIT_CASE(flow_counts_for),
	KUNIT_CASE(sweep_rounds),
	KUNIT_CASE(flow_cache),
	{}
};

static struct kunit_suite flow_suite = {
	.name = "midonet-flow",
	.suite_init = flow_suite_init,
	.suite_exit = flow_suite_exit,
	.init = fw_init,
	.exit = fw_exit,
	.test_cases = flow_cases,
};

kunit_test_suite(flow_suite);
