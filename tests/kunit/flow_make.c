// SPDX-License-Identifier: GPL-2.0
/*
 * A flow table without a topology, and walks that are made up.
 */
#include <linux/skbuff.h>

#include "flow_world.h"

int fw_init(struct kunit *test)
{
	struct flow_world *w = kunit_kzalloc(test, sizeof(*w), GFP_KERNEL);

	KUNIT_ASSERT_NOT_NULL(test, w);
	w->mn = kunit_kzalloc(test, sizeof(*w->mn), GFP_KERNEL);
	w->in = kunit_kzalloc(test, sizeof(*w->in), GFP_KERNEL);
	w->out = kunit_kzalloc(test, sizeof(*w->out), GFP_KERNEL);
	w->ctx = kunit_kzalloc(test, sizeof(*w->ctx), GFP_KERNEL);
	w->skb = alloc_skb(100, GFP_KERNEL);
	KUNIT_ASSERT_TRUE(test, w->mn && w->in && w->out && w->ctx && w->skb);
	skb_put(w->skb, 100);
	w->mn->seed.key[0] = 0x0123456789abcdefULL;
	w->mn->limits.flows_max = 1000;
	w->mn->limits.flows_per_port = 100;
	w->mn->limits.masks_max = 4;
	w->mn->limits.flow_idle = 1000;
	refcount_set(&w->in->obj.ident.ref, 1);
	w->in->mn = w->mn;
	KUNIT_ASSERT_EQ(test, 0, mn_deps_init(w->mn));
	KUNIT_ASSERT_EQ(test, 0, mn_cache_init(w->mn));
	KUNIT_ASSERT_EQ(test, 0, mn_flows_init(w->mn));
	test->priv = w;
	return 0;
}

void fw_exit(struct kunit *test)
{
	struct flow_world *w = test->priv;

	mn_flows_stop(w->mn);
	KUNIT_EXPECT_EQ(test, 0, mn_flows_count(w->mn));
	KUNIT_EXPECT_EQ(test, 0, atomic_read(&w->in->n_flows));
	KUNIT_EXPECT_EQ(test, 0, atomic_read(&w->in->n_unproven));
	KUNIT_EXPECT_EQ(test, 1, refcount_read(&w->in->obj.ident.ref));
	mn_flows_exit(w->mn);
	mn_cache_exit(w->mn);
	mn_deps_exit(w->mn);
	kfree_skb(w->skb);
}

struct mn_flow_key fw_key(u8 dst, u16 port)
{
	struct mn_flow_key key = { .in_port = 1 };

	key.eth_dst[5] = dst;
	key.eth_src[5] = 1;
	key.eth_type = htons(ETH_P_IP);
	key.proto = IPPROTO_UDP;
	key.flags = MN_KEY_L4;
	key.v4.src = htonl(0x0a000001);
	key.v4.dst = htonl(0x0a000002);
	key.tp_src = htons(port);
	key.tp_dst = htons(53);
	return key;
}

/* A walk of @key that depended on DEP_A and the words of @mask. */
void fw_walk(struct flow_world *w, const struct mn_flow_key *key,
	     const struct mn_flow_key *mask)
{
	struct mn_ctx *ctx = w->ctx;

	memset(ctx, 0, sizeof(*ctx));
	ctx->mn = w->mn;
	ctx->skb = w->skb;
	ctx->in = w->in;
	ctx->live = true;
	ctx->cacheable = true;
	ctx->in_key = *key;
	if (mask)
		ctx->mask = *mask;
	ctx->verdict = MIDONET_VERDICT_OUTPUT;
	ctx->outs[0].port = w->out;
	ctx->n_outs = 1;
	ctx->epoch = mn_epoch(w->mn);
	ctx->generation = mn_net_generation(w->mn);
	ctx->deps[0].slot = DEP_A;
	ctx->deps[0].val = mn_dep_read(w->mn, DEP_A);
	ctx->n_deps = 1;
}

bool fw_install(struct flow_world *w)
{
	bool ok;

	local_bh_disable();
	rcu_read_lock();
	ok = mn_flow_install(w->ctx, w->skb);
	rcu_read_unlock();
	local_bh_enable();
	return ok;
}

bool fw_add(struct flow_world *w, struct mn_flow_key key,
	    const struct mn_flow_key *mask)
{
	fw_walk(w, &key, mask);
	return fw_install(w);
}

struct mn_flow *fw_find(struct flow_world *w, struct mn_flow_key key)
{
	struct mn_flow *flow;

	rcu_read_lock();
	flow = mn_flow_find(w->mn, &key);
	if (flow && !mn_flow_matches(flow, &key))
		flow = ERR_PTR(-EINVAL);
	rcu_read_unlock();
	return flow;
}

bool fw_valid(struct flow_world *w, struct mn_flow *flow)
{
	bool ok;

	rcu_read_lock();
	ok = mn_flow_valid(w->mn, flow);
	rcu_read_unlock();
	return ok;
}

bool fw_would_hit(struct flow_world *w, struct mn_flow_key key)
{
	bool hit;

	rcu_read_lock();
	hit = mn_flow_would_hit(w->mn, &key);
	rcu_read_unlock();
	return hit;
}

void fw_reap(struct flow_world *w)
{
	mutex_lock(&w->mn->flows->fold_lock);
	mn_flows_reap(w->mn);
	mutex_unlock(&w->mn->flows->fold_lock);
}
