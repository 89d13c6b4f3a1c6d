// SPDX-License-Identifier: GPL-2.0
/*
 * Two routers and a bridge, for the tests of neighbours.
 */
#include <linux/bottom_half.h>
#include <linux/module.h>
#include <net/ipv6.h>

#include "l2/fdb.h"
#include "l3/route.h"
#include "nbr.h"
#include "policy/chain.h"
#include "sim/count.h"
#include "sim/ctx.h"
#include "sim/dep.h"
#include "sim/drop.h"
#include "sim/park.h"

const u8 nbr_us[ETH_ALEN] = { 2, 0, 0, 0, 1, 1 };
const u8 nbr_us_linked[ETH_ALEN] = { 2, 0, 0, 0, 1, 2 };
const u8 nbr_us_other[ETH_ALEN] = { 2, 0, 0, 0, 1, 3 };
const u8 nbr_alice[ETH_ALEN] = { 2, 0, 0, 0, 9, 0xa };
const u8 nbr_mallory[ETH_ALEN] = { 2, 0, 0, 0, 9, 0xe };

/* Making them. */

void nbr_put_address(struct topo *t, u32 addr, u8 plen)
{
	__be32 v4 = htonl(addr);

	KUNIT_ASSERT_EQ(t->test, 0,
			mn_nl_put_prefix(t->msg, MIDONET_A_ADDRESSES, AF_INET,
					 plen, &v4));
}

struct in6_addr nbr_v6(u16 last)
{
	struct in6_addr a = { .s6_addr = { 0x20, 0x01, 0x0d, 0xb8 } };

	a.s6_addr16[7] = htons(last);
	return a;
}

static void begin_port(struct topo *t, u32 n, const char *name, u8 type,
		       u32 device, const u8 *mac)
{
	topo_op(t);
	topo_put_id(t, MIDONET_A_ID, PORT, n);
	topo_put_id(t, MIDONET_A_PARENT, type, device);
	KUNIT_ASSERT_EQ(t->test, 0,
			nla_put_string(t->msg, MIDONET_A_NAME, name));
	if (mac)
		KUNIT_ASSERT_EQ(t->test, 0, nla_put(t->msg, MIDONET_A_MAC,
						    ETH_ALEN, mac));
}

static void make_routers(struct topo *t)
{
	struct in6_addr v6 = nbr_v6(1);

	topo_new(t, ROUTER, 1, "r1");
	topo_new(t, ROUTER, 2, "r2");
	begin_port(t, 1, "wire", ROUTER, 1, nbr_us);
	nbr_put_address(t, 0x0a000001, 24);
	nbr_put_address(t, 0x0a090001, 32);
	KUNIT_ASSERT_EQ(t->test, 0,
			mn_nl_put_prefix(t->msg, MIDONET_A_ADDRESSES, AF_INET6,
					 64, &v6));
	topo_stage(t, PORT, MN_VERB_NEW);
	begin_port(t, 2, "linked", ROUTER, 1, nbr_us_linked);
	nbr_put_address(t, 0x0a010001, 24);
	topo_stage(t, PORT, MN_VERB_NEW);
	begin_port(t, 3, "linked", ROUTER, 2, nbr_us_other);
	nbr_put_address(t, 0x0a010002, 24);
	topo_stage(t, PORT, MN_VERB_NEW);
}

static void make_bridge(struct topo *t)
{
	topo_new(t, BRIDGE, 1, "net");
	begin_port(t, 12, "r1", BRIDGE, 1, NULL);
	topo_put_id(t, MIDONET_A_PEER, PORT, 2);
	topo_stage(t, PORT, MN_VERB_NEW);
	begin_port(t, 13, "r2", BRIDGE, 1, NULL);
	topo_put_id(t, MIDONET_A_PEER, PORT, 3);
	topo_stage(t, PORT, MN_VERB_NEW);
}

static const struct part {
	int (*init)(struct mn_net *mn);
	void (*exit)(struct mn_net *mn);
} parts[] = {
	{ mn_drops_init, mn_drops_exit },
	{ mn_fdb_init, mn_fdb_exit },
	{ mn_nbrs_init, mn_nbrs_exit },
	{ mn_park_init, mn_park_exit },
};

int nbr_init(struct kunit *test)
{
	struct nbr *f = kunit_kzalloc(test, sizeof(*f), GFP_KERNEL);
	struct topo *t;
	int i, err;

	if (!f)
		return -ENOMEM;
	f->ctx = kunit_kzalloc(test, sizeof(*f->ctx), GFP_KERNEL);
	if (!f->ctx)
		return -ENOMEM;
	t = &f->topo;
	err = topo_init(t, test);
	for (i = 0; i < ARRAY_SIZE(parts) && !err; i++)
		err = parts[i].init(t->mn);
	if (err)
		return err;
	test->priv = f;
	topo_begin(t);
	make_routers(t);
	make_bridge(t);
	KUNIT_ASSERT_EQ_MSG(test, 0, topo_commit(t, false), "%s", t->error);
	f->port = mn_port_of(topo_obj(t, PORT, 1));
	f->linked = mn_port_of(topo_obj(t, PORT, 2));
	f->other = mn_port_of(topo_obj(t, PORT, 3));
	f->on_bridge = mn_port_of(topo_obj(t, PORT, 12));
	f->bridge = mn_bridge_of(topo_obj(t, BRIDGE, 1));
	return 0;
}

void nbr_exit(struct kunit *test)
{
	struct nbr *f = test->priv;
	int i = ARRAY_SIZE(parts);

	if (!f)
		return;
	mn_nbrs_stop(f->topo.mn);
	mn_park_stop(f->topo.mn);
	mn_fdb_stop(f->topo.mn);
	topo_clear(&f->topo);
	flush_work(&f->topo.mn->grave_work);
	while (i--)
		parts[i].exit(f->topo.mn);
	topo_exit(&f->topo);
}

/* Using them. */

void nbr_enter(void)
	__acquires(RCU)
{
	local_bh_disable();
	rcu_read_lock();
}

void nbr_leave(void)
	__releases(RCU)
{
	rcu_read_unlock();
	local_bh_enable();
}

/* Let the worker do what is due. */
void nbr_work(struct nbr *f)
{
	struct delayed_work *dw = &f->topo.mn->nbrs->work;

	mod_delayed_work(system_wq, dw, 0);
	flush_delayed_work(dw);
}

struct mn_neigh_key nbr_key(const struct mn_port *port, u32 addr)
{
	__be32 v4 = htonl(addr);
	struct mn_neigh_key key;

	mn_neigh_key_set(&key, &port->obj, AF_INET, &v4);
	return key;
}

struct mn_nbr *nbr_find(struct nbr *f, const struct mn_neigh_key *key)
{
	struct mn_nbr *e;

	rcu_read_lock();
	e = mn_nbr_find(f->topo.mn, key);
	rcu_read_unlock();
	return e;
}

struct mn_nbr *nbr_want(struct nbr *f, u32 addr)
{
	struct mn_neigh_key key = nbr_key(f->port, addr);
	struct mn_nbr *e;

	nbr_enter();
	e = mn_nbr_want(f->topo.mn, f->port, &key);
	nbr_leave();
	return e;
}

bool nbr_heard(struct nbr *f, u32 addr, const u8 *mac, enum mn_nbr_word word)
{
	struct mn_neigh_key key = nbr_key(f->port, addr);
	bool ok;

	nbr_enter();
	ok = mn_nbr_heard(f->topo.mn, f->port, &key, mac, word);
	nbr_leave();
	return ok;
}

void nbr_use(struct mn_nbr *e)
{
	nbr_enter();
	mn_nbr_use(e);
	nbr_leave();
}

u32 nbr_counter(struct nbr *f, const struct mn_neigh_key *key)
{
	return mn_dep_read(f->topo.mn, mn_neigh_dep(f->topo.mn, key));
}

enum mn_nbr_result nbr_resolve(struct nbr *f, struct mn_port *port, u32 addr,
			       bool live, u8 *mac)
{
	struct mn_flow_key key = {};
	struct mn_pkt pkt = {};
	enum mn_nbr_result res;
	__be32 v4 = htonl(addr);

	eth_zero_addr(mac);
	nbr_enter();
	mn_ctx_init(f->ctx, f->topo.mn, NULL, port, &key, &pkt);
	f->ctx->live = live;
	res = mn_nbr_resolve(f->ctx, port, AF_INET, &v4, mac);
	nbr_leave();
	return res;
}

void nbr_expect_mac(struct nbr *f, struct mn_port *port, u32 addr,
		    const u8 *is)
{
	u8 mac[ETH_ALEN];

	KUNIT_EXPECT_EQ(f->topo.test, MN_NBR_OK,
			nbr_resolve(f, port, addr, true, mac));
	KUNIT_EXPECT_TRUE(f->topo.test, ether_addr_equal(mac, is));
	KUNIT_EXPECT_TRUE(f->topo.test, f->ctx->cacheable);
}

/* Some kernels run suites before the module's init, some after it. */
static const struct cache {
	int (*create)(void);
	void (*destroy)(void);
} caches[] = {
	{ mn_drop_caches_create, mn_drop_caches_destroy },
	{ mn_fdb_caches_create, mn_fdb_caches_destroy },
	{ mn_count_caches_create, mn_count_caches_destroy },
	{ mn_rules_caches_create, mn_rules_caches_destroy },
	{ mn_route_caches_create, mn_route_caches_destroy },
	{ mn_nbr_caches_create, mn_nbr_caches_destroy },
	{ mn_park_caches_create, mn_park_caches_destroy },
	{ mn_ctx_caches_create, mn_ctx_caches_destroy },
};

static bool own_caches;

int nbr_suite_init(struct kunit_suite *suite)
{
	int i, err = 0;

	own_caches = THIS_MODULE->state == MODULE_STATE_COMING;
	for (i = 0; own_caches && i < ARRAY_SIZE(caches) && !err; i++)
		err = caches[i].create();
	return err;
}

void nbr_suite_exit(struct kunit_suite *suite)
{
	int i = ARRAY_SIZE(caches);

	if (!own_caches)
		return;
	rcu_barrier();
	while (i--)
		caches[i].destroy();
}
