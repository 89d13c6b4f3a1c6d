// SPDX-License-Identifier: GPL-2.0
/*
 * A bridge and a router with connections, for tests.
 */
#include <linux/bottom_half.h>
#include <linux/module.h>

#include "conn.h"
#include "sim/dep.h"

static void new_port(struct topo *t, u32 n, const char *name)
{
	topo_op(t);
	topo_put_id(t, MIDONET_A_ID, PORT, n);
	topo_put_id(t, MIDONET_A_PARENT, BRIDGE, 1);
	KUNIT_ASSERT_EQ(t->test, 0,
			nla_put_string(t->msg, MIDONET_A_NAME, name));
	topo_stage(t, PORT, MN_VERB_NEW);
}

static void set_timeouts(struct mn_limits *limits)
{
	limits->timeout_tcp_syn = 20;
	limits->timeout_tcp_established = 1000;
	limits->timeout_tcp_fin = 30;
	limits->timeout_tcp_close = 5;
	limits->timeout_udp = 40;
	limits->timeout_udp_answered = 50;
	limits->timeout_icmp = 60;
	limits->timeout_generic = 70;
}

int conns_init(struct kunit *test)
{
	struct conns *f = kunit_kzalloc(test, sizeof(*f), GFP_KERNEL);
	struct topo *t;
	int err;

	if (!f)
		return -ENOMEM;
	test->priv = f;
	t = &f->topo;
	err = topo_init(t, test);
	if (!err)
		err = mn_conns_init(t->mn);
	if (err)
		return err;
	f->ready = true;
	set_timeouts(&t->mn->limits);
	topo_begin(t);
	topo_new(t, BRIDGE, 1, "net");
	topo_new(t, ROUTER, 1, "edge");
	new_port(t, 1, "a");
	new_port(t, 2, "b");
	err = topo_commit(t, false);
	if (err)
		return err;
	f->bridge = topo_obj(t, BRIDGE, 1);
	f->router = mn_router_of(topo_obj(t, ROUTER, 1));
	f->ports[0] = mn_port_of(topo_obj(t, PORT, 1));
	f->ports[1] = mn_port_of(topo_obj(t, PORT, 2));
	return 0;
}

void conns_exit(struct kunit *test)
{
	struct conns *f = test->priv;

	if (!f)
		return;
	if (f->ready) {
		mn_conns_stop(f->topo.mn);
		KUNIT_EXPECT_EQ(test, 0, atomic_read(&f->topo.mn->conns->n));
		KUNIT_EXPECT_EQ(test, 0,
				atomic_read(&f->topo.mn->conns->n_alive));
		mn_conns_exit(f->topo.mn);
	}
	topo_exit(&f->topo);
}

/**
 * conns_tuples() - 10.0.0.1 asks 10.n.n.n
 * @f: devices
 * @like: connection
 * @forward: filled in
 * @reply: filled in
 */
void conns_tuples(const struct conns *f, const struct conn_like *like,
		  struct mn_tuple *forward, struct mn_tuple *reply)
{
	memset(forward, 0, sizeof(*forward));
	forward->device = mn_tuple_device(like->in_router ? &f->router->obj :
							    f->bridge);
	forward->family = AF_INET;
	forward->proto = like->proto ?: IPPROTO_UDP;
	forward->src.s6_addr32[0] = htonl(0x0a000001);
	forward->dst.s6_addr32[0] = htonl(0x0a000002 + like->n);
	forward->sport = htons(1000);
	if (forward->proto != IPPROTO_ICMP)
		forward->dport = htons(53);
	mn_tuple_invert(forward, reply);
	if (!like->snat)
		return;
	reply->dst.s6_addr32[0] = htonl(0xc0000201);
	reply->dport = htons(like->snat);
}

struct mn_conn *conns_try(struct conns *f, const struct conn_like *like)
{
	struct mn_tuple forward, reply;
	struct mn_conn_spec spec = {
		.device = like->in_router ? &f->router->obj : f->bridge,
		.in = f->ports[like->port],
		.forward = &forward,
		.reply = &reply,
		.phase = like->phase,
		.flags = like->flags,
	};
	struct mn_conn *conn;

	conns_tuples(f, like, &forward, &reply);
	local_bh_disable();
	rcu_read_lock();
	conn = mn_conn_add(f->topo.mn, &spec);
	rcu_read_unlock();
	local_bh_enable();
	return conn;
}

/* Without a reference: it is in the table. */
struct mn_conn *conns_add(struct conns *f, const struct conn_like *like)
{
	struct mn_conn *conn = conns_try(f, like);

	KUNIT_ASSERT_FALSE_MSG(f->topo.test, IS_ERR(conn), "error %ld",
			       PTR_ERR(conn));
	mn_conn_put(conn);
	return conn;
}

bool conns_has(struct conns *f, const struct conn_like *like)
{
	struct mn_tuple forward, reply;
	struct mn_conn *a, *b;
	enum mn_dir da, db;

	conns_tuples(f, like, &forward, &reply);
	local_bh_disable();
	rcu_read_lock();
	a = mn_conn_find(f->topo.mn, &forward,
			 mn_conn_hash(f->topo.mn, &forward), &da);
	b = mn_conn_find(f->topo.mn, &reply,
			 mn_conn_hash(f->topo.mn, &reply), &db);
	KUNIT_EXPECT_PTR_EQ(f->topo.test, a, b);
	KUNIT_EXPECT_EQ(f->topo.test, !!a, mn_conn_taken(f->topo.mn, &forward));
	KUNIT_EXPECT_EQ(f->topo.test, !!b, mn_conn_taken(f->topo.mn, &reply));
	if (a) {
		KUNIT_EXPECT_EQ(f->topo.test, (int)da, (int)MN_DIR_FORWARD);
		KUNIT_EXPECT_EQ(f->topo.test, (int)db, (int)MN_DIR_RETURN);
	}
	rcu_read_unlock();
	local_bh_enable();
	return a;
}

bool conns_kill(struct mn_conn *conn)
{
	bool killed;

	local_bh_disable();
	rcu_read_lock();
	killed = mn_conn_kill(conn);
	rcu_read_unlock();
	local_bh_enable();
	return killed;
}

void conns_seen(struct mn_conn *conn, enum mn_dir dir, u8 tcp_flags)
{
	local_bh_disable();
	rcu_read_lock();
	mn_conn_seen(conn, dir, tcp_flags);
	rcu_read_unlock();
	local_bh_enable();
}

/* Let the worker look at all of them. */
void conns_age(struct conns *f)
{
	struct delayed_work *dw = &f->topo.mn->conns->age_work;

	do {
		mod_delayed_work(system_wq, dw, 0);
		flush_delayed_work(dw);
	} while (f->topo.mn->conns->bucket);
}

/* It was used so long ago. */
void conns_idle(struct mn_conn *conn, u32 seconds)
{
	WRITE_ONCE(conn->used.used, jiffies - seconds * HZ);
}

/* Some kernels run suites before the module's init, some after it. */
static bool own_caches;

int conns_suite_init(struct kunit_suite *suite)
{
	own_caches = THIS_MODULE->state == MODULE_STATE_COMING;
	return own_caches ? mn_conn_caches_create() : 0;
}

void conns_suite_exit(struct kunit_suite *suite)
{
	if (!own_caches)
		return;
	rcu_barrier();
	mn_conn_caches_destroy();
}
