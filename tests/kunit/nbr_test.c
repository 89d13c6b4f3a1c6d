// SPDX-License-Identifier: GPL-2.0
/*
 * Neighbours of router ports: how they age, who gives way to whom, and what
 * waits for them.
 */
#include <linux/delay.h>

#include "nbr.h"
#include "sim/ctx.h"
#include "sim/park.h"

/* Time passes for an entry; then the worker looks. */
static void elapse(struct nbr *f, struct mn_nbr *e, unsigned int seconds)
{
	struct mn_nbrs *nbrs = f->topo.mn->nbrs;

	spin_lock_bh(&nbrs->lock);
	e->heard -= seconds * HZ;
	e->due -= seconds * HZ;
	e->live.used -= seconds * HZ;
	spin_unlock_bh(&nbrs->lock);
	nbr_work(f);
}

/* How they age. */

static void nbr_gives_up(struct kunit *test)
{
	struct nbr *f = test->priv;
	struct mn_neigh_key key = nbr_key(f->port, HOST);
	struct mn_nbr *e = nbr_want(f, HOST);
	int i;

	KUNIT_ASSERT_NOT_NULL(test, e);
	KUNIT_EXPECT_PTR_EQ(test, e, nbr_want(f, HOST));
	nbr_work(f);
	for (i = 1; i <= MN_NBR_ASKS; i++) {
		KUNIT_EXPECT_EQ(test, INCOMPLETE, e->state);
		KUNIT_EXPECT_EQ(test, i, e->asked);
		/* Not before its time. */
		nbr_work(f);
		KUNIT_EXPECT_EQ(test, i, e->asked);
		elapse(f, e, 1);
	}
	KUNIT_EXPECT_EQ(test, FAILED, e->state);
	nbr_work(f);
	KUNIT_EXPECT_PTR_EQ(test, e, nbr_find(f, &key));
	elapse(f, e, 1);
	KUNIT_EXPECT_NULL(test, nbr_find(f, &key));
	/* Whoever wants it now asks anew. */
	KUNIT_ASSERT_NOT_NULL(test, nbr_want(f, HOST));
}

static void nbr_ages_unused(struct kunit *test)
{
	struct nbr *f = test->priv;
	struct mn_neigh_key key = nbr_key(f->port, HOST);
	struct mn_nbr *e;
	u32 dep;
	int i;

	KUNIT_ASSERT_TRUE(test, nbr_heard(f, HOST, nbr_alice, MN_NBR_REQUEST));
	e = nbr_find(f, &key);
	KUNIT_ASSERT_NOT_NULL(test, e);
	dep = nbr_counter(f, &key);
	elapse(f, e, 59);
	KUNIT_EXPECT_EQ(test, REACHABLE, e->state);
	elapse(f, e, 1);
	KUNIT_EXPECT_EQ(test, STALE, e->state);
	KUNIT_EXPECT_EQ(test, 0, e->asked);
	/* It is as good as before. */
	KUNIT_EXPECT_EQ(test, dep, nbr_counter(f, &key));
	for (i = 63; i < 90; i += 3) {
		elapse(f, e, 3);
		KUNIT_EXPECT_EQ(test, STALE, e->state);
	}
	elapse(f, e, 3);
	KUNIT_EXPECT_NULL(test, nbr_find(f, &key));
	KUNIT_EXPECT_NE(test, dep, nbr_counter(f, &key));
}

static void nbr_ages_used(struct kunit *test)
{
	struct nbr *f = test->priv;
	struct mn_neigh_key key = nbr_key(f->port, HOST);
	struct mn_nbr *e;
	int i;

	KUNIT_ASSERT_TRUE(test, nbr_heard(f, HOST, nbr_alice, MN_NBR_REQUEST));
	e = nbr_find(f, &key);
	KUNIT_ASSERT_NOT_NULL(test, e);
	elapse(f, e, 30);
	mn_used_touch(&e->live, jiffies);	/* as a flow would */
	elapse(f, e, 30);
	for (i = 1; i <= MN_NBR_ASKS; i++) {
		KUNIT_EXPECT_EQ(test, PROBE, e->state);
		KUNIT_EXPECT_EQ(test, i, e->asked);
		elapse(f, e, 1);
	}
	KUNIT_EXPECT_EQ(test, STALE, e->state);
	/* Asked in vain; to use it does not begin again. */
	nbr_use(e);
	nbr_work(f);
	KUNIT_EXPECT_EQ(test, STALE, e->state);
	KUNIT_EXPECT_TRUE(test, nbr_heard(f, HOST, nbr_alice, MN_NBR_REPLY));
	KUNIT_EXPECT_EQ(test, REACHABLE, e->state);
	KUNIT_EXPECT_EQ(test, 0, e->asked);

	/* Used again when stale: by a packet, or by a flow. */
	elapse(f, e, 1);
	nbr_use(e);
	elapse(f, e, 60);
	KUNIT_EXPECT_EQ(test, PROBE, e->state);
	KUNIT_EXPECT_TRUE(test, nbr_heard(f, HOST, nbr_alice, MN_NBR_REPLY));
	e->live.used = jiffies - 100 * HZ;
	elapse(f, e, 60);
	KUNIT_EXPECT_EQ(test, STALE, e->state);
	nbr_use(e);
	KUNIT_EXPECT_EQ(test, PROBE, e->state);
	nbr_work(f);
	KUNIT_EXPECT_EQ(test, 1, e->asked);
	KUNIT_EXPECT_TRUE(test, nbr_heard(f, HOST, nbr_alice, MN_NBR_REPLY));
	e->live.used = jiffies - 100 * HZ;
	elapse(f, e, 60);
	mn_used_touch(&e->live, jiffies);
	elapse(f, e, 3);
	KUNIT_EXPECT_EQ(test, PROBE, e->state);

	/* It goes in the end, used or not. */
	elapse(f, e, 27);
	KUNIT_EXPECT_NULL(test, nbr_find(f, &key));
}

/* Flows learn when a MAC changes or goes. */
static void nbr_tells_flows(struct kunit *test)
{
	struct nbr *f = test->priv;
	struct mn_neigh_key key = nbr_key(f->port, HOST);
	u32 dep = nbr_counter(f, &key);
	struct mn_nbr *e;

	/* No flow is installed where there was none. */
	KUNIT_ASSERT_TRUE(test, nbr_heard(f, HOST, nbr_alice, MN_NBR_REQUEST));
	KUNIT_EXPECT_EQ(test, dep, nbr_counter(f, &key));
	e = nbr_find(f, &key);
	e->heard -= 2 * HZ;
	KUNIT_EXPECT_TRUE(test, nbr_heard(f, HOST, nbr_alice, MN_NBR_REQUEST));
	KUNIT_EXPECT_EQ(test, dep, nbr_counter(f, &key));
	KUNIT_EXPECT_FALSE(test, nbr_heard(f, HOST, nbr_mallory, MN_NBR_REPLY));
	KUNIT_EXPECT_EQ(test, dep, nbr_counter(f, &key));
	KUNIT_EXPECT_TRUE(test, nbr_heard(f, HOST, nbr_mallory, MN_NBR_NOTICE));
	KUNIT_EXPECT_NE(test, dep, nbr_counter(f, &key));
	dep = nbr_counter(f, &key);
	mn_nbr_forget_port(f->topo.mn, f->port);
	KUNIT_EXPECT_NE(test, dep, nbr_counter(f, &key));
}

/* A reference keeps the memory, not the entry. */
static void nbr_refs(struct kunit *test)
{
	struct nbr *f = test->priv;
	struct mn_neigh_key key = nbr_key(f->port, HOST);
	atomic_t *n = &f->topo.mn->nbrs->n;
	struct mn_nbr *e;

	KUNIT_ASSERT_TRUE(test, nbr_heard(f, HOST, nbr_alice, MN_NBR_REQUEST));
	e = nbr_find(f, &key);
	refcount_inc(&e->live.ref);
	mn_nbr_forget_port(f->topo.mn, f->port);
	rcu_barrier();
	KUNIT_EXPECT_TRUE(test, e->dead);
	KUNIT_EXPECT_EQ(test, 1, atomic_read(n));
	nbr_use(e);
	mn_used_put(&e->live);
	KUNIT_EXPECT_EQ(test, 0, atomic_read(n));
}

/* Who gives way. */

static void nbr_quota(struct kunit *test)
{
	struct nbr *f = test->priv;
	struct mn_limits *limits = &f->topo.mn->limits;
	struct mn_neigh_key kept, key;
	struct mn_nbr *e;
	u32 i;

	limits->neighbours_per_port = 4;
	kept = nbr_key(f->port, HOST);
	KUNIT_ASSERT_TRUE(test, nbr_heard(f, HOST, nbr_alice, MN_NBR_REQUEST));
	nbr_use(nbr_find(f, &kept));
	/* A flood of senders fills what is free, and turns over its own. */
	for (i = 0; i < 200; i++)
		nbr_heard(f, 0x0a000010 + i, nbr_mallory, MN_NBR_REQUEST);
	KUNIT_EXPECT_EQ(test, 4U, f->port->nbrs.n);
	key = nbr_key(f->port, 0x0a000010);
	e = nbr_find(f, &key);
	KUNIT_ASSERT_NOT_NULL(test, e);
	e->heard -= 2 * HZ;
	for (i = 0; i < 3; i++)
		nbr_heard(f, 0x0a000020 + i, nbr_mallory, MN_NBR_REQUEST);
	KUNIT_EXPECT_NULL(test, nbr_find(f, &key));
	key = nbr_key(f->port, 0x0a000011);
	KUNIT_EXPECT_NOT_NULL(test, nbr_find(f, &key));
	KUNIT_EXPECT_EQ(test, 4U, f->port->nbrs.n);
	e = nbr_find(f, &kept);
	KUNIT_ASSERT_NOT_NULL(test, e);
	KUNIT_EXPECT_EQ(test, ether_addr_to_u64(nbr_alice), e->mac);
	/* Nor does a packet for a new one find the place taken. */
	KUNIT_ASSERT_NOT_NULL(test, nbr_want(f, 0x0a000006));

	/* All in use or being asked: no room. */
	for (i = 0; i < 2; i++) {
		e = nbr_want(f, 0x0a000007 + i);
		KUNIT_ASSERT_NOT_NULL(test, e);
	}
	KUNIT_EXPECT_NULL(test, nbr_want(f, 0x0a00000a));
	KUNIT_EXPECT_FALSE(test, nbr_heard(f, 0x0a00000a, nbr_mallory, MN_NBR_REQUEST));
	KUNIT_EXPECT_EQ(test, 4U, f->port->nbrs.n);
	KUNIT_EXPECT_PTR_EQ(test, nbr_find(f, &kept), nbr_want(f, HOST));

	/* One that failed gives way. */
	key = nbr_key(f->port, 0x0a000006);
	spin_lock_bh(&f->topo.mn->nbrs->lock);
	nbr_find(f, &key)->state = FAILED;
	spin_unlock_bh(&f->topo.mn->nbrs->lock);
	KUNIT_EXPECT_NOT_NULL(test, nbr_want(f, 0x0a00000a));
	KUNIT_EXPECT_NULL(test, nbr_find(f, &key));
}

static void nbr_limit(struct kunit *test)
{
	struct nbr *f = test->priv;
	struct mn_limits *limits = &f->topo.mn->limits;

	KUNIT_ASSERT_TRUE(test, nbr_heard(f, HOST, nbr_alice, MN_NBR_REQUEST));
	limits->neighbours_max = 1;
	/* The idle one goes; there is room when its memory is free. */
	KUNIT_EXPECT_NULL(test, nbr_want(f, HOST + 1));
	rcu_barrier();
	KUNIT_EXPECT_NOT_NULL(test, nbr_want(f, HOST + 1));
	KUNIT_EXPECT_NULL(test, nbr_want(f, HOST + 2));
	limits->neighbours_max = 1 << 20;
}

/* What waits. */

struct waiters {
	int n;
	int order[12];
};

static void gone(struct sk_buff *skb)
{
	struct waiters *w = (struct waiters *)skb->sk;

	skb->sk = NULL;
	if (w->n < ARRAY_SIZE(w->order))
		w->order[w->n] = skb->mark;
	w->n++;
}

/* Frames too short to be walked: they are dropped when they are to be. */
static void park(struct nbr *f, struct waiters *w, const struct mn_park_key *pk,
		 int mark)
{
	struct sk_buff *skb = alloc_skb(64, GFP_KERNEL);

	KUNIT_ASSERT_NOT_NULL(f->topo.test, skb);
	skb_put_zero(skb, ETH_HLEN);
	((struct ethhdr *)skb->data)->h_proto = htons(ETH_P_ARP);
	skb->mark = mark;
	nbr_enter();
	mn_park(f->topo.mn, f->port, skb, pk);
	if (mark < 8) {
		/* Parking took what was there. */
		skb->sk = (struct sock *)w;
		skb->destructor = gone;
	}
	nbr_leave();
}

static void park_eight(struct nbr *f, struct waiters *w,
		       const struct mn_neigh_key *key)
{
	struct mn_park_key pk;
	int i;

	memset(w, 0, sizeof(*w));
	mn_nbr_park_key(&pk, key);
	for (i = 0; i < 8; i++)
		park(f, w, &pk, i);
	/* One too many is dropped at once. */
	KUNIT_EXPECT_EQ(f->topo.test, 8, atomic_read(&f->port->n_parked));
	park(f, w, &pk, 8);
	KUNIT_EXPECT_EQ(f->topo.test, 8, atomic_read(&f->port->n_parked));
	KUNIT_EXPECT_EQ(f->topo.test, 0, w->n);
}

static void check_order(struct nbr *f, const struct waiters *w)
{
	int i, ms;

	for (ms = 0; ms < 2000 && atomic_read(&f->port->n_parked); ms += 10)
		msleep(20);
	KUNIT_EXPECT_EQ(f->topo.test, 8, w->n);
	for (i = 0; i < 8; i++)
		KUNIT_EXPECT_EQ(f->topo.test, i, w->order[i]);
}

static void nbr_releases(struct kunit *test)
{
	struct nbr *f = test->priv;
	struct mn_neigh_key key = nbr_key(f->port, HOST);
	struct waiters w;
	struct mn_nbr *e;
	int i;

	/* They wait for the answer. */
	e = nbr_want(f, HOST);
	KUNIT_ASSERT_NOT_NULL(test, e);
	park_eight(f, &w, &key);
	KUNIT_EXPECT_FALSE(test, nbr_heard(f, HOST + 1, nbr_alice, MN_NBR_REPLY));
	KUNIT_EXPECT_EQ(test, 8, atomic_read(&f->port->n_parked));
	KUNIT_EXPECT_TRUE(test, nbr_heard(f, HOST, nbr_alice, MN_NBR_REPLY));
	check_order(f, &w);

	/* Or until there will be none. */
	mn_nbr_forget_port(f->topo.mn, f->port);
	e = nbr_want(f, HOST);
	KUNIT_ASSERT_NOT_NULL(test, e);
	nbr_work(f);
	park_eight(f, &w, &key);
	for (i = 0; i < MN_NBR_ASKS; i++) {
		KUNIT_EXPECT_EQ(test, 0, w.n);
		elapse(f, e, 1);
	}
	KUNIT_EXPECT_EQ(test, FAILED, e->state);
	check_order(f, &w);
}

/* The answer came between the look-up and the parking. */
static void nbr_parks_late(struct kunit *test)
{
	struct nbr *f = test->priv;
	struct mn_neigh_key key = nbr_key(f->port, HOST);
	struct mn_park_key pk;
	struct waiters w = {};
	int ms;

	KUNIT_ASSERT_TRUE(test, nbr_heard(f, HOST, nbr_alice, MN_NBR_REQUEST));
	mn_nbr_park_key(&pk, &key);
	park(f, &w, &pk, 9);
	nbr_enter();
	mn_nbr_parked(f->topo.mn, &pk);
	nbr_leave();
	for (ms = 0; ms < 2000 && atomic_read(&f->port->n_parked); ms += 10)
		msleep(20);
	KUNIT_EXPECT_EQ(test, 0, atomic_read(&f->port->n_parked));
}

/* Next hops. */

static void nbr_resolves(struct kunit *test)
{
	struct nbr *f = test->priv;
	struct mn_neigh_key key = nbr_key(f->port, HOST);
	struct mn_park_key pk;
	u8 mac[ETH_ALEN];
	struct mn_nbr *e;

	/* A trace asks nobody. */
	KUNIT_EXPECT_EQ(test, MN_NBR_WAIT, nbr_resolve(f, f->port, HOST, false, mac));
	KUNIT_EXPECT_NULL(test, nbr_find(f, &key));
	KUNIT_EXPECT_EQ(test, MN_NBR_WAIT, nbr_resolve(f, f->port, HOST, true, mac));
	mn_nbr_park_key(&pk, &key);
	KUNIT_EXPECT_EQ(test, 0, memcmp(&pk, &f->ctx->park, sizeof(pk)));
	e = nbr_find(f, &key);
	KUNIT_ASSERT_NOT_NULL(test, e);
	nbr_heard(f, HOST, nbr_alice, MN_NBR_REPLY);
	nbr_expect_mac(f, f->port, HOST, nbr_alice);
	KUNIT_ASSERT_EQ(test, 1, f->ctx->n_touch);
	KUNIT_EXPECT_PTR_EQ(test, &e->live, f->ctx->touch[0]);
	spin_lock_bh(&f->topo.mn->nbrs->lock);
	e->state = FAILED;
	spin_unlock_bh(&f->topo.mn->nbrs->lock);
	KUNIT_EXPECT_EQ(test, MN_NBR_FAILED,
			nbr_resolve(f, f->port, HOST, true, mac));
	KUNIT_EXPECT_FALSE(test, f->ctx->cacheable);
	f->topo.mn->limits.neighbours_per_port = 0;
	KUNIT_EXPECT_EQ(test, MN_NBR_FULL,
			nbr_resolve(f, f->port, HOST + 1, true, mac));
	/* Another host's port has another host's neighbours. */
	f->port->state = MIDONET_PORT_STATE_REMOTE;
	KUNIT_EXPECT_EQ(test, MN_NBR_FAILED,
			nbr_resolve(f, f->port, HOST + 2, true, mac));
	f->port->state = MIDONET_PORT_STATE_UNPLUGGED;
	/* The other router on the bridge is known. */
	nbr_expect_mac(f, f->linked, 0x0a010002, nbr_us_other);
	nbr_expect_mac(f, f->other, 0x0a010001, nbr_us_linked);
}

/* A walk of the generation before a port's removal learns nothing there. */
static void nbr_dead_port(struct kunit *test)
{
	struct nbr *f = test->priv;
	struct mn_port *port = f->port;

	KUNIT_ASSERT_TRUE(test, nbr_heard(f, HOST, nbr_alice, MN_NBR_REQUEST));
	refcount_inc(&port->obj.ident.ref);
	topo_begin(&f->topo);
	topo_del(&f->topo, PORT, 1);
	KUNIT_ASSERT_EQ(test, 0, topo_commit(&f->topo, false));
	KUNIT_EXPECT_EQ(test, 0U, port->nbrs.n);
	KUNIT_EXPECT_FALSE(test, nbr_heard(f, HOST, nbr_alice, MN_NBR_REQUEST));
	KUNIT_EXPECT_NULL(test, nbr_want(f, HOST));
	KUNIT_EXPECT_EQ(test, 0U, port->nbrs.n);
	mn_obj_put(f->topo.mn, &port->obj);
}

static struct kunit_case nbr_cases[] = {
	KUNIT_CASE(nbr_gives_up),
	KUNIT_CASE(nbr_ages_unused),
	KUNIT_CASE(nbr_ages_used),
	KUNIT_CASE(nbr_tells_flows),
	KUNIT_CASE(nbr_refs),
	KUNIT_CASE(nbr_quota),
	KUNIT_CASE(nbr_limit),
	KUNIT_CASE(nbr_releases),
	KUNIT_CASE(nbr_parks_late),
	KUNIT_CASE(nbr_resolves),
	KUNIT_CASE(nbr_dead_port),
	{}
};

static struct kunit_suite nbr_suite = {
	.name = "midonet-nbr",
	.suite_init = nbr_suite_init,
	.suite_exit = nbr_suite_exit,
	.init = nbr_init,
	.exit = nbr_exit,
	.test_cases = nbr_cases,
};

kunit_test_suite(nbr_suite);
