// SPDX-License-Identifier: GPL-2.0
/*
 * The table of connections: in and out, once each, within bounds.
 */
#include <linux/bottom_half.h>
#include <linux/completion.h>
#include <linux/kthread.h>
#include <linux/sched.h>

#include "conn.h"
#include "sim/dep.h"

#define MANY		3000
#define THREADS		3
#define STRESS		(2 * HZ)

static struct mn_conn *find(struct conns *f, const struct mn_tuple *t,
			    enum mn_dir *dir)
{
	return mn_conn_find(f->topo.mn, t, mn_conn_hash(f->topo.mn, t), dir);
}

static u32 moved(struct conns *f, const struct mn_tuple *t, u32 *last)
{
	u32 now = mn_dep_read(f->topo.mn, mn_conn_slot(mn_conn_hash(f->topo.mn, t)));
	u32 by = now - *last;

	*last = now;
	return by;
}

static void conn_comes_and_goes(struct kunit *test)
{
	struct conns *f = test->priv;
	const struct conn_like like = { .in_router = true, .snat = 5000 };
	struct mn_tuple forward, reply;
	struct mn_conn *conn;
	u32 a = 0, b = 0;

	conns_tuples(f, &like, &forward, &reply);
	/* Else they share a slot, which moves by four. */
	while (mn_conn_slot(mn_conn_hash(f->topo.mn, &forward)) ==
	       mn_conn_slot(mn_conn_hash(f->topo.mn, &reply)))
		f->topo.mn->conns->key.key[0]++;
	moved(f, &forward, &a);
	moved(f, &reply, &b);
	KUNIT_EXPECT_FALSE(test, conns_has(f, &like));
	conn = conns_try(f, &like);
	KUNIT_ASSERT_FALSE(test, IS_ERR(conn));
	KUNIT_EXPECT_TRUE(test, conns_has(f, &like));
	KUNIT_EXPECT_EQ(test, 2U, moved(f, &forward, &a));
	KUNIT_EXPECT_EQ(test, 2U, moved(f, &reply, &b));
	KUNIT_EXPECT_EQ(test, -EEXIST, (int)PTR_ERR(conns_try(f, &like)));
	KUNIT_EXPECT_EQ(test, 0U, moved(f, &forward, &a));

	KUNIT_EXPECT_TRUE(test, conns_kill(conn));
	KUNIT_EXPECT_FALSE(test, conns_kill(conn));
	KUNIT_EXPECT_FALSE(test, conns_has(f, &like));
	KUNIT_EXPECT_EQ(test, 2U, moved(f, &forward, &a));
	KUNIT_EXPECT_EQ(test, 2U, moved(f, &reply, &b));
	KUNIT_EXPECT_EQ(test, 0, atomic_read(&f->topo.mn->conns->n));

	/* Who has a reference may look at it as long as he likes. */
	rcu_barrier();
	KUNIT_EXPECT_EQ(test, 1, (int)refcount_read(&conn->used.ref));
	KUNIT_EXPECT_PTR_EQ(test, &f->router->obj, conn->device);
	mn_conn_put(conn);
	/* And another one may have its tuples. */
	conns_add(f, &like);
	KUNIT_EXPECT_TRUE(test, conns_has(f, &like));
}

/* One of the tuples is taken: then the other one stays free. */
static void conn_half_taken(struct kunit *test)
{
	struct conns *f = test->priv;
	struct conn_like like = { .in_router = true, .snat = 5000 };
	struct mn_tuple forward, reply;
	int i;

	conns_add(f, &like);
	for (i = 0; i < 20; i++) {
		/* The same station behind another port: other answers. */
		like.snat = 6000 + i;
		conns_tuples(f, &like, &forward, &reply);
		KUNIT_EXPECT_EQ(test, -EEXIST,
				(int)PTR_ERR(conns_try(f, &like)));
		rcu_read_lock();
		KUNIT_EXPECT_TRUE(test, mn_conn_taken(f->topo.mn, &forward));
		KUNIT_EXPECT_FALSE(test, mn_conn_taken(f->topo.mn, &reply));
		rcu_read_unlock();
	}
	KUNIT_EXPECT_EQ(test, 1, atomic_read(&f->topo.mn->conns->n));
}

/* The second end fails in the table itself, not in the look before. */
static void conn_undone(struct kunit *test)
{
	struct conns *f = test->priv;
	const struct conn_like a = { .n = 1 }, b = { .n = 2 };
	struct mn_tuple fa, ra, fb, rb;
	struct mn_conn *conn;
	struct mn_conn_spec spec = {
		.device = f->bridge,
		.in = f->ports[0],
	};

	conn = conns_add(f, &a);
	conns_tuples(f, &a, &fa, &ra);
	conns_tuples(f, &b, &fb, &rb);
	/* Invisible, but in: as one that another CPU is adding. */
	set_bit(MN_CONN_DEAD, &conn->flags);
	local_bh_disable();
	rcu_read_lock();
	spec.forward = &fb;
	spec.reply = &ra;
	KUNIT_EXPECT_EQ(test, -EEXIST,
			(int)PTR_ERR(mn_conn_add(f->topo.mn, &spec)));
	spec.forward = &fa;
	spec.reply = &rb;
	KUNIT_EXPECT_EQ(test, -EEXIST,
			(int)PTR_ERR(mn_conn_add(f->topo.mn, &spec)));
	KUNIT_EXPECT_FALSE(test, mn_conn_taken(f->topo.mn, &fb));
	KUNIT_EXPECT_FALSE(test, mn_conn_taken(f->topo.mn, &rb));
	KUNIT_EXPECT_TRUE(test, mn_conn_taken(f->topo.mn, &fa));
	rcu_read_unlock();
	local_bh_enable();
	clear_bit(MN_CONN_DEAD, &conn->flags);
	KUNIT_EXPECT_TRUE(test, conns_has(f, &a));
	KUNIT_EXPECT_EQ(test, 1, atomic_read(&f->topo.mn->conns->n));
}

/* A packet to oneself. */
static void conn_own_answer(struct kunit *test)
{
	struct conns *f = test->priv;
	const struct conn_like like = {};
	struct mn_tuple t, reply;
	struct mn_conn *conn;
	struct mn_conn_spec spec = {
		.device = f->bridge,
		.in = f->ports[0],
		.forward = &t,
		.reply = &t,
	};
	enum mn_dir dir;

	conns_tuples(f, &like, &t, &reply);
	t.dst = t.src;
	t.dport = t.sport;
	local_bh_disable();
	rcu_read_lock();
	conn = mn_conn_add(f->topo.mn, &spec);
	KUNIT_EXPECT_FALSE(test, IS_ERR(conn));
	KUNIT_EXPECT_PTR_EQ(test, conn, find(f, &t, &dir));
	KUNIT_EXPECT_EQ(test, (int)MN_DIR_FORWARD, (int)dir);
	KUNIT_EXPECT_EQ(test, -EEXIST,
			(int)PTR_ERR(mn_conn_add(f->topo.mn, &spec)));
	KUNIT_EXPECT_TRUE(test, mn_conn_kill(conn));
	KUNIT_EXPECT_FALSE(test, mn_conn_taken(f->topo.mn, &t));
	rcu_read_unlock();
	local_bh_enable();
	mn_conn_put(conn);
}

/* The first bridge and the first router. */
static void conn_devices_apart(struct kunit *test)
{
	struct conns *f = test->priv;
	const struct conn_like in_bridge = {}, in_router = { .in_router = true };

	KUNIT_EXPECT_EQ(test, f->bridge->index, f->router->obj.index);
	conns_add(f, &in_bridge);
	KUNIT_EXPECT_FALSE(test, conns_has(f, &in_router));
	conns_add(f, &in_router);
	KUNIT_EXPECT_EQ(test, 1U, mn_conns_flush_device(f->topo.mn, f->bridge));
	KUNIT_EXPECT_FALSE(test, conns_has(f, &in_bridge));
	KUNIT_EXPECT_TRUE(test, conns_has(f, &in_router));
}

/* Packets of a router are looked up while it translates for somebody. */
static void conn_translated(struct kunit *test)
{
	struct conns *f = test->priv;
	u32 slot = f->router->translated_dep, first, second;
	const struct conn_like a = { .n = 1, .in_router = true };
	const struct conn_like b = { .n = 2, .snat = 5000 };
	const struct conn_like c = { .n = 3, .in_router = true, .snat = 5001 };
	const struct conn_like d = { .n = 4, .in_router = true, .snat = 5002 };
	struct mn_conn *plain, *one, *two;

	first = mn_dep_read(f->topo.mn, slot);
	plain = conns_add(f, &a);
	conns_add(f, &b);
	KUNIT_EXPECT_EQ(test, 0, atomic_read(&f->router->n_translated));
	one = conns_add(f, &c);
	KUNIT_EXPECT_EQ(test, 1, atomic_read(&f->router->n_translated));
	second = mn_dep_read(f->topo.mn, slot);
	KUNIT_EXPECT_NE(test, first, second);
	two = conns_add(f, &d);
	KUNIT_EXPECT_EQ(test, 2, atomic_read(&f->router->n_translated));
	conns_kill(plain);
	conns_kill(one);
	KUNIT_EXPECT_EQ(test, 1, atomic_read(&f->router->n_translated));
	conns_kill(two);
	KUNIT_EXPECT_EQ(test, 0, atomic_read(&f->router->n_translated));
}

static void conn_answered(struct kunit *test)
{
	struct conns *f = test->priv;
	struct conn_like like = { .n = 1 };
	struct mn_tuple forward, reply;
	struct mn_conn *conn = conns_add(f, &like);
	u32 a = 0;

	conns_tuples(f, &like, &forward, &reply);
	moved(f, &forward, &a);
	conns_seen(conn, MN_DIR_FORWARD, 0);
	KUNIT_EXPECT_FALSE(test, mn_conn_answered(conn));
	conns_seen(conn, MN_DIR_RETURN, 0);
	KUNIT_EXPECT_TRUE(test, mn_conn_answered(conn));
	KUNIT_EXPECT_EQ(test, MIDONET_CONN_PHASE_ANSWERED, (int)conn->phase);
	KUNIT_EXPECT_TRUE(test, list_empty(&f->ports[0]->conns_unanswered));
	KUNIT_EXPECT_FALSE(test, list_empty(&f->ports[0]->conns_answered));
	/* Nobody has asked. */
	KUNIT_EXPECT_EQ(test, 0U, moved(f, &forward, &a));

	like.n = 2;
	like.flags = BIT(MN_CONN_STATE_READ);
	conns_tuples(f, &like, &forward, &reply);
	conn = conns_add(f, &like);
	moved(f, &forward, &a);
	conns_seen(conn, MN_DIR_FORWARD, 0);
	KUNIT_EXPECT_EQ(test, 0U, moved(f, &forward, &a));
	conns_seen(conn, MN_DIR_RETURN, 0);
	KUNIT_EXPECT_EQ(test, 2U, moved(f, &forward, &a));
	conns_seen(conn, MN_DIR_RETURN, 0);
	KUNIT_EXPECT_EQ(test, 0U, moved(f, &forward, &a));
}

/* Bounds. */

/* The oldest that nobody has answered, with what its packet made elsewhere. */
static void conn_evicts_unanswered(struct kunit *test)
{
	struct conns *f = test->priv;
	struct conn_like like = { .flags = BIT(MN_CONN_CHARGED) };
	struct conn_like inner = { .in_router = true };
	struct mn_conn_counts counts;
	u32 i;

	f->topo.mn->limits.conns_per_port = 4;
	for (i = 0; i < 4; i++) {
		inner.n = i;
		like.n = i;
		conns_add(f, &inner);
		conns_add(f, &like);
	}
	KUNIT_EXPECT_EQ(test, 4, atomic_read(&f->ports[0]->n_conns));
	like.n = 4;
	conns_add(f, &like);
	KUNIT_EXPECT_EQ(test, 4, atomic_read(&f->ports[0]->n_conns));
	for (i = 0; i < 5; i++) {
		inner.n = i;
		like.n = i;
		KUNIT_EXPECT_EQ(test, i > 0, conns_has(f, &like));
		KUNIT_EXPECT_EQ(test, i > 0 && i < 4, conns_has(f, &inner));
	}
	mn_conns_count(f->topo.mn, &counts);
	KUNIT_EXPECT_EQ(test, 7U, counts.n);
	KUNIT_EXPECT_EQ(test, 7U, counts.unanswered);
	KUNIT_EXPECT_EQ(test, 2ULL, counts.evicted);
}

static void conn_evicts_idle(struct kunit *test)
{
	struct conns *f = test->priv;
	struct conn_like like = {
		.flags = BIT(MN_CONN_CHARGED) | BIT(MN_CONN_ANSWERED),
		.phase = MIDONET_CONN_PHASE_ANSWERED,
	};
	struct mn_conn_counts counts;
	struct mn_conn *conns[4];
	u32 i;

	f->topo.mn->limits.conns_per_port = 4;
	for (i = 0; i < 4; i++) {
		like.n = i;
		conns[i] = conns_add(f, &like);
	}
	like.n = 4;
	KUNIT_EXPECT_EQ(test, -ENOSPC, (int)PTR_ERR(conns_try(f, &like)));
	KUNIT_EXPECT_EQ(test, 4, atomic_read(&f->ports[0]->n_conns));
	mn_conns_count(f->topo.mn, &counts);
	KUNIT_EXPECT_EQ(test, 0U, counts.unanswered);
	KUNIT_EXPECT_EQ(test, 0ULL, counts.evicted);
	/* Half of 50 seconds, and what the sweep may need. */
	conns_idle(conns[2], 26);
	KUNIT_EXPECT_EQ(test, -ENOSPC, (int)PTR_ERR(conns_try(f, &like)));
	conns_idle(conns[2], 28);
	conns_add(f, &like);
	for (i = 0; i < 5; i++) {
		like.n = i;
		KUNIT_EXPECT_EQ(test, i != 2, conns_has(f, &like));
	}
}

/* A full namespace takes nothing from others. */
static void conn_evicts_own(struct kunit *test)
{
	struct conns *f = test->priv;
	struct conn_like like = {};
	u32 i;

	f->topo.mn->limits.conns_max = 4;
	for (i = 0; i < 4; i++) {
		like.n = i;
		conns_add(f, &like);
	}
	like.n = 10;
	like.port = 1;
	KUNIT_EXPECT_EQ(test, -ENOSPC, (int)PTR_ERR(conns_try(f, &like)));
	KUNIT_EXPECT_EQ(test, 4, atomic_read(&f->topo.mn->conns->n));
	like.port = 0;
	conns_add(f, &like);
	like.n = 0;
	KUNIT_EXPECT_FALSE(test, conns_has(f, &like));
	KUNIT_EXPECT_EQ(test, 4, atomic_read(&f->topo.mn->conns->n));
	KUNIT_EXPECT_TRUE(test, list_empty(&f->ports[1]->conns_unanswered));
}

/* What nobody can free, because somebody looks at it, is bounded too. */
static void conn_memory_bound(struct kunit *test)
{
	struct conns *f = test->priv;
	struct mn_conn **conns;
	u32 i, n = 0;

	conns = kunit_kcalloc(test, 200, sizeof(*conns), GFP_KERNEL);
	KUNIT_ASSERT_NOT_NULL(test, conns);
	f->topo.mn->limits.conns_max = 8;
	for (i = 0; i < 200; i++) {
		conns[n] = conns_try(f, &(struct conn_like){ .n = i });
		if (!IS_ERR(conns[n]))
			n++;
	}
	KUNIT_EXPECT_EQ(test, 8U + 1 + 64, n);
	for (i = 0; i < n; i++)
		mn_conn_put(conns[i]);
}

/* Time. */

static void conn_expires(struct kunit *test)
{
	struct conns *f = test->priv;
	const struct conn_like like = { .n = 1 }, other = { .n = 2 };
	struct mn_conn *conn = conns_add(f, &like);

	conns_add(f, &other);
	conns_idle(conn, 40);
	conns_age(f);
	KUNIT_EXPECT_TRUE(test, conns_has(f, &like));
	/* The sweep has had its time. */
	conns_idle(conn, 43);
	conns_age(f);
	KUNIT_EXPECT_EQ(test, 1, atomic_read(&f->topo.mn->conns->n));
	KUNIT_EXPECT_FALSE(test, conns_has(f, &like));
	KUNIT_EXPECT_TRUE(test, conns_has(f, &other));

	/* Nobody has to wait for the worker. */
	conn = conns_add(f, &like);
	conns_idle(conn, 43);
	KUNIT_EXPECT_FALSE(test, conns_has(f, &like));
	KUNIT_EXPECT_EQ(test, 1, atomic_read(&f->topo.mn->conns->n));
	conn = conns_add(f, &like);
	conns_idle(conn, 43);
	conns_add(f, &like);
	KUNIT_EXPECT_TRUE(test, conns_has(f, &like));
}

static void conn_device_removed(struct kunit *test)
{
	struct conns *f = test->priv;
	struct mn_net *mn = f->topo.mn;
	struct mn_tuple forward, reply;
	const struct conn_like like = { .in_router = true, .snat = 7 };
	struct mn_conn *conn;
	enum mn_dir dir;

	conns_tuples(f, &like, &forward, &reply);
	cancel_delayed_work_sync(&mn->conns->age_work);
	conn = conns_add(f, &like);
	cancel_delayed_work_sync(&mn->conns->age_work);
	conns_add(f, &(struct conn_like){ .port = 1 });
	cancel_delayed_work_sync(&mn->conns->age_work);
	topo_begin(&f->topo);
	topo_del(&f->topo, ROUTER, 1);
	topo_del(&f->topo, PORT, 2);
	KUNIT_ASSERT_EQ(test, 0, topo_commit(&f->topo, false));
	flush_work(&mn->grave_work);
	/* The index may be another router's now. */
	KUNIT_EXPECT_EQ(test, 0U, conn->device->index);
	local_bh_disable();
	rcu_read_lock();
	KUNIT_EXPECT_NULL(test, mn_conn_find(mn, &forward, mn_conn_hash(mn, &forward), &dir));
	rcu_read_unlock();
	local_bh_enable();
	KUNIT_EXPECT_EQ(test, 1, atomic_read(&mn->conns->n));
	conns_age(f);
	KUNIT_EXPECT_EQ(test, 0, atomic_read(&mn->conns->n));
}

/* Many. */

static void count(struct mn_conn *conn, void *arg)
{
	++*(u32 *)arg;
}

/* Bytes of the table, once it has grown. */
static u32 buckets(struct rhashtable *ht)
{
	struct bucket_table *tbl;
	bool grows;
	u32 size;

	do {
		flush_work(&ht->run_work);
		rcu_read_lock();
		tbl = rht_dereference_rcu(ht->tbl, ht);
		size = tbl->size;
		grows = rht_dereference_rcu(tbl->future_tbl, ht);
		rcu_read_unlock();
	} while (grows);
	return size * sizeof(void *);
}

/* The table grows meanwhile, and shrinks again. */
static void conn_many(struct kunit *test)
{
	struct conns *f = test->priv;
	struct mn_net *mn = f->topo.mn;
	u32 i, n = 0, slab;

	for (i = 0; i < MANY; i++)
		conns_add(f, &(struct conn_like){ .n = i });
	mn_conns_each(mn, count, &n);
	KUNIT_EXPECT_EQ(test, (u32)MANY, n);
	slab = PAGE_SIZE / (PAGE_SIZE / ALIGN(sizeof(struct mn_conn), 8));
	kunit_info(test, "a connection: %zu bytes, %u of a slab, %u of buckets now, 53 at most\n",
		   sizeof(struct mn_conn), slab,
		   buckets(&mn->conns->ends) / MANY);
	/* Two ends, and a table that shrinks when it is 30 per cent full. */
	KUNIT_EXPECT_LE(test, slab + 2 * 8 * 10 / 3, 384U);

	KUNIT_EXPECT_EQ(test, (u32)MANY, mn_conns_flush_device(mn, NULL));
	KUNIT_EXPECT_EQ(test, 0, atomic_read(&mn->conns->n));
	n = 0;
	mn_conns_each(mn, count, &n);
	KUNIT_EXPECT_EQ(test, 0U, n);
}

/* Threads want the same tuples, in both roles. */

/**
 * struct stress - a thread
 * @f: devices
 * @until: jiffies
 * @n: tells it from others
 * @added: connections made
 * @killed: and killed
 * @bad: answers of the table that cannot be
 * @done: it ends
 */
struct stress {
	struct conns *f;
	unsigned long until;
	u32 n;
	u32 added;
	u32 killed;
	u32 bad;
	struct completion done;
};

static void stress_add(struct stress *s, u32 n, bool swapped)
{
	struct conns *f = s->f;
	struct conn_like like = { .n = n };
	struct mn_tuple a, b;
	struct mn_conn_spec spec = {
		.device = f->bridge,
		.in = f->ports[s->n % 2],
		.forward = swapped ? &b : &a,
		.reply = swapped ? &a : &b,
		.flags = BIT(MN_CONN_CHARGED),
	};
	struct mn_conn *conn;

	conns_tuples(f, &like, &a, &b);
	conn = mn_conn_add(f->topo.mn, &spec);
	if (!IS_ERR(conn)) {
		s->added++;
		mn_conn_put(conn);
	} else if (PTR_ERR(conn) != -EEXIST && PTR_ERR(conn) != -ENOSPC) {
		s->bad++;
	}
}

static void stress_find(struct stress *s, u32 n, bool kill)
{
	struct conns *f = s->f;
	struct conn_like like = { .n = n };
	struct mn_tuple a, b;
	struct mn_conn *conn;
	enum mn_dir dir;

	conns_tuples(f, &like, &a, &b);
	conn = find(f, n % 2 ? &a : &b, &dir);
	if (!conn)
		return;
	if (memcmp(&conn->end[dir].tuple, n % 2 ? &a : &b, sizeof(a)))
		s->bad++;
	if (kill)
		s->killed += mn_conn_kill(conn);
	else
		mn_conn_seen(conn, MN_DIR_RETURN, 0);
}

static int stress_thread(void *data)
{
	struct stress *s = data;
	u32 i, r = s->n;

	while (time_before(jiffies, s->until)) {
		for (i = 0; i < 64; i++) {
			r = r * 1664525 + 1013904223;
			local_bh_disable();
			rcu_read_lock();
			if (r >> 31)
				stress_add(s, r >> 8 & 15, r >> 16 & 1);
			else
				stress_find(s, r >> 8 & 15, r >> 16 & 1);
			rcu_read_unlock();
			local_bh_enable();
		}
		cond_resched();
		if (!(r >> 24 & 7))
			schedule_timeout_interruptible(1);
	}
	complete(&s->done);
	return 0;
}

static u32 list_len(struct list_head *list)
{
	struct list_head *pos;
	u32 n = 0;

	list_for_each(pos, list)
		n++;
	return n;
}

static void conn_stress(struct kunit *test)
{
	struct conns *f = test->priv;
	struct mn_net *mn = f->topo.mn;
	struct stress *s = kunit_kcalloc(test, THREADS, sizeof(*s), GFP_KERNEL);
	u32 i, n = 0, left = 0, added = 0, killed = 0, waiting = 0;
	struct mn_conn_counts counts;
	struct task_struct *task;

	KUNIT_ASSERT_NOT_NULL(test, s);
	for (i = 0; i < THREADS; i++) {
		s[i].f = f;
		s[i].until = jiffies + STRESS;
		s[i].n = i;
		init_completion(&s[i].done);
		task = kthread_run(stress_thread, &s[i], "mn-conn-stress");
		if (IS_ERR(task))
			complete(&s[i].done);
	}
	for (i = 0; i < THREADS; i++) {
		wait_for_completion(&s[i].done);
		KUNIT_EXPECT_EQ(test, 0U, s[i].bad);
		added += s[i].added;
		killed += s[i].killed;
	}
	mn_conns_each(mn, count, &n);
	for (i = 0; i < 2; i++) {
		u32 waits = list_len(&f->ports[i]->conns_unanswered);
		u32 len = waits + list_len(&f->ports[i]->conns_answered);

		waiting += waits;
		KUNIT_EXPECT_EQ(test, len,
				(u32)atomic_read(&f->ports[i]->n_conns));
		left += len;
	}
	KUNIT_EXPECT_EQ(test, n, (u32)atomic_read(&mn->conns->n));
	KUNIT_EXPECT_EQ(test, n, left);
	KUNIT_EXPECT_EQ(test, added, killed + n);
	mn_conns_count(mn, &counts);
	KUNIT_EXPECT_EQ(test, n, counts.n);
	KUNIT_EXPECT_EQ(test, waiting, counts.unanswered);
	KUNIT_EXPECT_EQ(test, 2 * n,
			(u32)atomic_read(&mn->conns->ends.nelems));
	kunit_info(test, "%u made, %u killed, %u left\n", added, killed, n);
}

static struct kunit_case conn_cases[] = {
	KUNIT_CASE(conn_comes_and_goes),
	KUNIT_CASE(conn_half_taken),
	KUNIT_CASE(conn_undone),
	KUNIT_CASE(conn_own_answer),
	KUNIT_CASE(conn_devices_apart),
	KUNIT_CASE(conn_translated),
	KUNIT_CASE(conn_answered),
	KUNIT_CASE(conn_evicts_unanswered),
	KUNIT_CASE(conn_evicts_idle),
	KUNIT_CASE(conn_evicts_own),
	KUNIT_CASE(conn_memory_bound),
	KUNIT_CASE(conn_expires),
	KUNIT_CASE(conn_device_removed),
	KUNIT_CASE(conn_many),
	KUNIT_CASE(conn_stress),
	{}
};

static struct kunit_suite conn_suite = {
	.name = "midonet-conn",
	.suite_init = conns_suite_init,
	.suite_exit = conns_suite_exit,
	.init = conns_init,
	.exit = conns_exit,
	.test_cases = conn_cases,
};

kunit_test_suite(conn_suite);
