// SPDX-License-Identifier: GPL-2.0
/*
 * The MAC table: learning, moving, limits, ageing, and the version counters that
 * tell flows.
 */
#include <kunit/test.h>
#include <linux/bottom_half.h>
#include <linux/etherdevice.h>
#include <linux/module.h>

#include "l2/bridge.h"
#include "l2/fdb.h"
#include "port/port.h"
#include "sim/ctx.h"
#include "topology.h"

#define BRIDGE	MIDONET_OBJECT_TYPE_BRIDGE
#define PORT	MIDONET_OBJECT_TYPE_PORT
#define AGE	5

/**
 * struct fdb - a bridge with two ports
 * @topo: its topology
 * @bridge: bridge
 * @ports: ports
 * @ctx: walk
 * @ready: the MAC table is set up
 */
struct fdb {
	struct topo topo;
	struct mn_bridge *bridge;
	struct mn_port *ports[2];
	struct mn_ctx *ctx;
	bool ready;
};

static void new_port(struct topo *t, u32 n, const char *name)
{
	topo_op(t);
	topo_put_id(t, MIDONET_A_ID, PORT, n);
	topo_put_id(t, MIDONET_A_PARENT, BRIDGE, 1);
	KUNIT_ASSERT_EQ(t->test, 0,
			nla_put_string(t->msg, MIDONET_A_NAME, name));
	topo_stage(t, PORT, MN_VERB_NEW);
}

static int fdb_init(struct kunit *test)
{
	struct fdb *f = kunit_kzalloc(test, sizeof(*f), GFP_KERNEL);
	struct topo *t;
	int err;

	if (!f)
		return -ENOMEM;
	test->priv = f;
	f->ctx = kunit_kzalloc(test, sizeof(*f->ctx), GFP_KERNEL);
	if (!f->ctx)
		return -ENOMEM;
	t = &f->topo;
	err = topo_init(t, test);
	if (!err)
		err = mn_fdb_init(t->mn);
	if (err)
		return err;
	f->ready = true;
	topo_begin(t);
	topo_op(t);
	topo_put_id(t, MIDONET_A_ID, BRIDGE, 1);
	KUNIT_ASSERT_EQ(test, 0,
			nla_put_string(t->msg, MIDONET_A_NAME, "fdb"));
	KUNIT_ASSERT_EQ(test, 0, nla_put_u32(t->msg, MIDONET_A_MAC_AGE, AGE));
	topo_stage(t, BRIDGE, MN_VERB_NEW);
	new_port(t, 1, "a");
	new_port(t, 2, "b");
	err = topo_commit(t, false);
	if (err)
		return err;
	f->bridge = mn_bridge_of(topo_obj(t, BRIDGE, 1));
	f->ports[0] = mn_port_of(topo_obj(t, PORT, 1));
	f->ports[1] = mn_port_of(topo_obj(t, PORT, 2));
	return 0;
}

static void fdb_exit(struct kunit *test)
{
	struct fdb *f = test->priv;

	if (!f)
		return;
	if (f->ready) {
		topo_clear(&f->topo);
		mn_fdb_stop(f->topo.mn);
		mn_fdb_exit(f->topo.mn);
	}
	topo_exit(&f->topo);
}

static void set_up(struct fdb *f, u8 last, u16 vlan)
{
	struct mn_flow_key key = {
		.eth_src = { 2, 0, 0, 0, 0, last },
		.eth_dst = { 2, 0, 0, 0, 0, last },
		.vlan = vlan,
	};
	struct mn_pkt pkt = {};

	mn_ctx_init(f->ctx, f->topo.mn, NULL, f->ports[0], &key, &pkt);
}

/* The station @last sends at a port. */
static struct mn_fdb *learn(struct fdb *f, int port, u8 last, u16 vlan,
			    u32 limit)
{
	local_bh_disable();
	rcu_read_lock();
	set_up(f, last, vlan);
	mn_fdb_learn(f->ctx, f->bridge, f->ports[port], limit);
	rcu_read_unlock();
	local_bh_enable();
	return f->ctx->n_touch ?
	       container_of(f->ctx->touch[0], struct mn_fdb, live) : NULL;
}

static struct mn_port *find(struct fdb *f, u8 last, u16 vlan)
{
	struct mn_port *port;

	local_bh_disable();
	rcu_read_lock();
	set_up(f, last, vlan);
	port = mn_fdb_find(f->ctx, f->bridge);
	rcu_read_unlock();
	local_bh_enable();
	return port;
}

static u32 counter(struct fdb *f, u8 last, u16 vlan)
{
	u8 mac[ETH_ALEN] = { 2, 0, 0, 0, 0, last };

	return mn_dep_read(f->topo.mn,
			   mn_dep_mac(f->topo.mn, f->bridge->obj.index, vlan,
				      mac));
}

static void fdb_learns(struct kunit *test)
{
	struct fdb *f = test->priv;
	u32 before = counter(f, 1, 0);

	KUNIT_EXPECT_NULL(test, find(f, 1, 0));
	KUNIT_EXPECT_NOT_NULL(test, learn(f, 0, 1, 0, 10));
	KUNIT_EXPECT_PTR_EQ(test, f->ports[0], find(f, 1, 0));
	KUNIT_EXPECT_NE(test, before, counter(f, 1, 0));
	KUNIT_EXPECT_EQ(test, 1, atomic_read(&f->ports[0]->n_macs));

	/* Per VLAN; a priority tag is none. */
	KUNIT_EXPECT_NULL(test, find(f, 1, MN_VLAN_PRESENT | 5));
	KUNIT_EXPECT_PTR_EQ(test, f->ports[0], find(f, 1, MN_VLAN_PRESENT));
	learn(f, 1, 1, MN_VLAN_PRESENT | 5, 10);
	KUNIT_EXPECT_PTR_EQ(test, f->ports[1],
			    find(f, 1, MN_VLAN_PRESENT | 5));
	KUNIT_EXPECT_PTR_EQ(test, f->ports[0], find(f, 1, 0));

	/* Seeing it again where it is changes nothing. */
	before = counter(f, 1, 0);
	KUNIT_EXPECT_NOT_NULL(test, learn(f, 0, 1, 0, 10));
	KUNIT_EXPECT_EQ(test, before, counter(f, 1, 0));
	KUNIT_EXPECT_EQ(test, 1, atomic_read(&f->ports[0]->n_macs));
}

static void fdb_moves(struct kunit *test)
{
	struct fdb *f = test->priv;
	u32 before;

	learn(f, 0, 1, 0, 10);
	before = counter(f, 1, 0);
	KUNIT_EXPECT_NOT_NULL(test, learn(f, 1, 1, 0, 10));
	KUNIT_EXPECT_PTR_EQ(test, f->ports[1], find(f, 1, 0));
	KUNIT_EXPECT_NE(test, before, counter(f, 1, 0));
	KUNIT_EXPECT_EQ(test, 0, atomic_read(&f->ports[0]->n_macs));
	KUNIT_EXPECT_EQ(test, 1, atomic_read(&f->ports[1]->n_macs));
	/* Not to where there is no room. */
	KUNIT_EXPECT_NULL(test, learn(f, 0, 1, 0, 0));
	KUNIT_EXPECT_PTR_EQ(test, f->ports[1], find(f, 1, 0));
}

/* The walk that learned depends on what it left, not on what it found. */
static void fdb_own_change(struct kunit *test)
{
	struct fdb *f = test->priv;

	learn(f, 0, 1, 0, 10);
	KUNIT_ASSERT_EQ(test, 1, f->ctx->n_deps);
	KUNIT_EXPECT_EQ(test, f->ctx->deps[0].val, counter(f, 1, 0));
	KUNIT_EXPECT_TRUE(test, f->ctx->cacheable);
	learn(f, 1, 1, 0, 10);
	KUNIT_EXPECT_EQ(test, f->ctx->deps[0].val, counter(f, 1, 0));
}

static void fdb_limits(struct kunit *test)
{
	struct fdb *f = test->priv;
	struct mn_limits *limits = &f->topo.mn->limits;
	struct mn_limits saved = *limits;
	u32 dep;

	learn(f, 0, 1, 0, 2);
	learn(f, 0, 2, 0, 2);
	KUNIT_EXPECT_NULL(test, learn(f, 0, 3, 0, 2));
	KUNIT_EXPECT_NULL(test, find(f, 3, 0));
	KUNIT_EXPECT_PTR_EQ(test, f->ports[0], find(f, 2, 0));
	/* The other port has its own. */
	KUNIT_EXPECT_NOT_NULL(test, learn(f, 1, 3, 0, 2));

	/* Flows that found no room are walked again when there is some. */
	dep = mn_dep_read(f->topo.mn, f->ports[0]->obj.dep);
	mn_fdb_forget_port(f->topo.mn, f->ports[0]);
	KUNIT_EXPECT_NE(test, dep,
			mn_dep_read(f->topo.mn, f->ports[0]->obj.dep));
	KUNIT_EXPECT_EQ(test, 0, atomic_read(&f->ports[0]->n_macs));
	KUNIT_EXPECT_NULL(test, find(f, 2, 0));

	limits->macs_per_port = 1;
	KUNIT_EXPECT_NOT_NULL(test, learn(f, 0, 1, 0, 10));
	KUNIT_EXPECT_NULL(test, learn(f, 0, 2, 0, 10));
	*limits = saved;
	/* What was removed counts until its memory is free. */
	rcu_barrier();
	limits->macs_max = atomic_read(&f->topo.mn->n_macs);
	KUNIT_EXPECT_NULL(test, learn(f, 1, 4, 0, 10));
	limits->macs_max++;
	KUNIT_EXPECT_NOT_NULL(test, learn(f, 1, 4, 0, 10));
	*limits = saved;
}

static void sweep(struct fdb *f)
{
	struct delayed_work *work = &f->topo.mn->fdb_work;

	schedule_delayed_work(work, 0);
	flush_delayed_work(work);
}

static void fdb_ages(struct kunit *test)
{
	struct fdb *f = test->priv;
	struct mn_fdb *old, *kept;
	u32 before;

	old = learn(f, 0, 1, 0, 10);
	kept = learn(f, 0, 2, 0, 10);
	KUNIT_ASSERT_NOT_NULL(test, old);
	KUNIT_ASSERT_NOT_NULL(test, kept);
	sweep(f);
	KUNIT_EXPECT_PTR_EQ(test, f->ports[0], find(f, 1, 0));

	/* The flow sweep has its time. */
	old->live.used = jiffies - (AGE + 1) * HZ;
	sweep(f);
	KUNIT_EXPECT_PTR_EQ(test, f->ports[0], find(f, 1, 0));
	old->live.used = jiffies - (AGE + 3) * HZ;
	kept->live.used = jiffies - (AGE + 3) * HZ;
	mn_used_touch(&kept->live, jiffies);	/* as a flow would */
	before = counter(f, 1, 0);
	sweep(f);
	KUNIT_EXPECT_NULL(test, find(f, 1, 0));
	KUNIT_EXPECT_NE(test, before, counter(f, 1, 0));
	KUNIT_EXPECT_PTR_EQ(test, f->ports[0], find(f, 2, 0));
	KUNIT_EXPECT_EQ(test, 1, atomic_read(&f->ports[0]->n_macs));
}

/* A reference keeps the memory, not the entry. */
static void fdb_refs(struct kunit *test)
{
	struct fdb *f = test->priv;
	struct mn_fdb *e = learn(f, 0, 1, 0, 10);
	int n;

	KUNIT_ASSERT_NOT_NULL(test, e);
	refcount_inc(&e->live.ref);
	n = atomic_read(&f->topo.mn->n_macs);
	mn_fdb_forget_port(f->topo.mn, f->ports[0]);
	rcu_barrier();
	KUNIT_EXPECT_TRUE(test, e->dead);
	KUNIT_EXPECT_EQ(test, n, atomic_read(&f->topo.mn->n_macs));
	mn_used_put(&e->live);
	KUNIT_EXPECT_EQ(test, n - 1, atomic_read(&f->topo.mn->n_macs));
}

/* A walk of the generation before a port's removal learns nothing there. */
static void fdb_dead_port(struct kunit *test)
{
	struct fdb *f = test->priv;
	struct mn_port *port = f->ports[0];

	learn(f, 0, 1, 0, 10);
	refcount_inc(&port->obj.ident.ref);
	topo_begin(&f->topo);
	topo_del(&f->topo, PORT, 1);
	KUNIT_ASSERT_EQ(test, 0, topo_commit(&f->topo, false));
	KUNIT_EXPECT_EQ(test, 0, atomic_read(&port->n_macs));
	KUNIT_EXPECT_NULL(test, learn(f, 0, 2, 0, 10));
	KUNIT_EXPECT_EQ(test, 0, atomic_read(&port->n_macs));
	f->ports[0] = f->ports[1];
	KUNIT_EXPECT_NULL(test, find(f, 1, 0));
	mn_obj_put(f->topo.mn, &port->obj);
}

/* A trace learns nothing. */
static void fdb_trace(struct kunit *test)
{
	struct fdb *f = test->priv;

	local_bh_disable();
	rcu_read_lock();
	set_up(f, 1, 0);
	f->ctx->live = false;
	mn_fdb_learn(f->ctx, f->bridge, f->ports[0], 10);
	rcu_read_unlock();
	local_bh_enable();
	KUNIT_EXPECT_NULL(test, find(f, 1, 0));
	KUNIT_EXPECT_EQ(test, 0, atomic_read(&f->ports[0]->n_macs));
}

static struct kunit_case fdb_cases[] = {
	KUNIT_CASE(fdb_learns),
	KUNIT_CASE(fdb_moves),
	KUNIT_CASE(fdb_own_change),
	KUNIT_CASE(fdb_limits),
	KUNIT_CASE(fdb_ages),
	KUNIT_CASE(fdb_refs),
	KUNIT_CASE(fdb_dead_port),
	KUNIT_CASE(fdb_trace),
	{}
};

/* Some kernels run suites before the module's init, some after it. */
static bool own_caches;

static int fdb_suite_init(struct kunit_suite *suite)
{
	own_caches = THIS_MODULE->state == MODULE_STATE_COMING;
	return own_caches ? mn_fdb_caches_create() : 0;
}

static void fdb_suite_exit(struct kunit_suite *suite)
{
	if (!own_caches)
		return;
	rcu_barrier();
	mn_fdb_caches_destroy();
}

static struct kunit_suite fdb_suite = {
	.name = "midonet-fdb",
	.suite_init = fdb_suite_init,
	.suite_exit = fdb_suite_exit,
	.init = fdb_init,
	.exit = fdb_exit,
	.test_cases = fdb_cases,
};

kunit_test_suite(fdb_suite);
