// SPDX-License-Identifier: GPL-2.0
/*
 * Which way leads to another host, who may send, which port has a key: without
 * sockets, the tunnels are the test's.
 */
#include <linux/module.h>
#include <linux/slab.h>

#include "overlay/overlay.h"
#include "overlay/peer.h"
#include "overlay/tunnel.h"
#include "overlay/zone.h"
#include "port/host.h"
#include "port/key.h"
#include "port/port.h"
#include "sim/dep.h"
#include "topology.h"

#define HOST	MIDONET_OBJECT_TYPE_HOST
#define ZONE	MIDONET_OBJECT_TYPE_TUNNEL_ZONE
#define MEMBER	MIDONET_OBJECT_TYPE_TUNNEL_ZONE_MEMBER
#define BRIDGE	MIDONET_OBJECT_TYPE_BRIDGE
#define PORT	MIDONET_OBJECT_TYPE_PORT

#define HOSTS	6

static void member(struct topo *t, u8 verb, u32 zone, u32 host,
		   const char *addr)
{
	topo_op(t);
	topo_put_id(t, MIDONET_A_PARENT, ZONE, zone);
	topo_put_id(t, MIDONET_A_HOST, HOST, host);
	if (addr)
		topo_put_addr(t, MIDONET_A_ADDRESS, addr);
	topo_stage(t, MEMBER, verb);
}

static void is_in(struct topo *t, u32 zone, u32 host)
{
	char addr[16];

	snprintf(addr, sizeof(addr), "192.0.%u.%u", zone + 2, host + 1);
	member(t, MN_VERB_NEW, zone, host, addr);
}

static void commit(struct topo *t)
{
	KUNIT_ASSERT_EQ_MSG(t->test, 0, topo_commit(t, false), "%s", t->error);
}

static int overlay_init(struct kunit *test)
{
	struct topo *t = kunit_kzalloc(test, sizeof(*t), GFP_KERNEL);
	char name[16];
	u32 i;
	int err;

	KUNIT_ASSERT_NOT_NULL(test, t);
	err = topo_init(t, test);
	if (err)
		return err;
	test->priv = t;
	topo_begin(t);
	for (i = 0; i < HOSTS; i++) {
		snprintf(name, sizeof(name), "h%u", i);
		topo_new(t, HOST, i, name);
	}
	commit(t);
	return 0;
}

static void overlay_exit(struct kunit *test)
{
	topo_exit(test->priv);
}

static struct mn_host *host(struct topo *t, u32 n)
{
	return mn_host_of(topo_obj(t, HOST, n));
}

static struct mn_zone *zone(struct topo *t, u32 n)
{
	return mn_zone_of(topo_obj(t, ZONE, n));
}

static void we_are(struct topo *t, u32 n)
{
	struct topo_id id = topo_id(HOST, n);

	KUNIT_ASSERT_EQ(t->test, 0, mn_host_set_local(t->mn, id.b, NULL));
}

/* What @host is reached by: the name of the zone, or why it is not. */
static const char *way(struct topo *t, u32 n)
{
	const struct mn_host *h = host(t, n);
	const struct mn_peer *peer;
	const char *why;

	rcu_read_lock();
	peer = mn_peer_of_host(t->mn, h, mn_net_generation(t->mn), &why);
	rcu_read_unlock();
	return peer ? peer->zone->obj.name : why;
}

/* A tunnel that is never opened, and so never closed, for a zone. */
static void lend(struct topo *t, u32 n, struct mn_tunnel *tunnel)
{
	struct mn_zone *z = zone(t, n);

	tunnel->mn = t->mn;
	tunnel->users = 2;
	tunnel->local.family = AF_INET;
	mutex_lock(&t->mn->lock);
	z->tunnel = tunnel;
	/* What is in error is tried again, and so would lose it. */
	t->mn->overlay->n_errors -= z->state == MIDONET_PORT_STATE_ERROR;
	z->state = MIDONET_PORT_STATE_UP;
	mutex_unlock(&t->mn->lock);
}

static void ways(struct kunit *test)
{
	struct topo *t = test->priv;
	struct mn_tunnel b = {}, a = {};

	KUNIT_EXPECT_NOT_NULL(test, strstr(way(t, 1), "set-local"));
	we_are(t, 0);
	KUNIT_EXPECT_NOT_NULL(test, strstr(way(t, 1), "no tunnel-zone has both"));
	topo_begin(t);
	topo_new(t, ZONE, 1, "b");
	topo_new(t, ZONE, 2, "c");
	is_in(t, 1, 1);
	is_in(t, 2, 0);
	commit(t);
	KUNIT_EXPECT_NOT_NULL(test, strstr(way(t, 1), "no tunnel-zone has both"));
	/* The address is nowhere, so neither can be opened. */
	KUNIT_EXPECT_EQ(test, (u8)MIDONET_PORT_STATE_ERROR, zone(t, 2)->state);
	KUNIT_EXPECT_EQ(test, (u8)MIDONET_PORT_STATE_UNPLUGGED,
			zone(t, 1)->state);
	topo_begin(t);
	is_in(t, 2, 1);
	commit(t);
	KUNIT_EXPECT_NOT_NULL(test, strstr(way(t, 1), "not open here"));

	/* Who enters a zone that is open is reached. */
	lend(t, 2, &b);
	topo_begin(t);
	is_in(t, 2, 2);
	commit(t);
	KUNIT_EXPECT_STREQ(test, "c", way(t, 2));
	/* A zone that comes before it counts, open or not. */
	topo_begin(t);
	topo_new(t, ZONE, 3, "a");
	is_in(t, 3, 0);
	commit(t);
	KUNIT_EXPECT_STREQ(test, "c", way(t, 2));
	topo_begin(t);
	is_in(t, 3, 2);
	commit(t);
	KUNIT_EXPECT_NOT_NULL(test, strstr(way(t, 2), "not open here"));
	lend(t, 3, &a);
	topo_begin(t);
	is_in(t, 3, 3);
	commit(t);
	KUNIT_EXPECT_STREQ(test, "a", way(t, 3));
	topo_begin(t);
	member(t, MN_VERB_DEL, 3, 2, NULL);
	commit(t);
	KUNIT_EXPECT_STREQ(test, "c", way(t, 2));
	/* Another host is in other zones; the tunnels are given back. */
	we_are(t, 4);
	KUNIT_EXPECT_NOT_NULL(test, strstr(way(t, 2), "no tunnel-zone has both"));
	KUNIT_EXPECT_EQ(test, 1U, a.users);
	KUNIT_EXPECT_EQ(test, 1U, b.users);
	KUNIT_EXPECT_PTR_EQ(test, NULL, zone(t, 2)->tunnel);
}

static struct mn_peer *from(struct topo *t, const struct mn_tunnel *tunnel,
			    const char *addr)
{
	struct mn_peer_addr at = {};
	struct mn_peer *peer;

	at.family = topo_addr(t, addr, &at.addr);
	rcu_read_lock();
	peer = mn_peer_find(t->mn, tunnel, &at, mn_net_generation(t->mn));
	rcu_read_unlock();
	return peer;
}

static void senders(struct kunit *test)
{
	struct topo *t = test->priv;
	struct mn_tunnel one = {}, two = {};
	struct mn_peer *peer;

	we_are(t, 0);
	topo_begin(t);
	topo_new(t, ZONE, 1, "one");
	topo_new(t, ZONE, 2, "two");
	commit(t);
	lend(t, 1, &one);
	lend(t, 2, &two);
	topo_begin(t);
	member(t, MN_VERB_NEW, 1, 0, "192.0.2.1");
	member(t, MN_VERB_NEW, 1, 1, "192.0.2.2");
	member(t, MN_VERB_NEW, 2, 2, "192.0.2.2");
	member(t, MN_VERB_NEW, 2, 3, "192.0.2.3");
	commit(t);
	/* This host itself closed the first. */
	KUNIT_EXPECT_PTR_EQ(test, NULL, from(t, &one, "192.0.2.2"));
	lend(t, 1, &one);
	topo_begin(t);
	member(t, MN_VERB_NEW, 1, 4, "192.0.2.4");
	commit(t);
	peer = from(t, &one, "192.0.2.4");
	KUNIT_ASSERT_NOT_NULL(test, peer);
	KUNIT_EXPECT_PTR_EQ(test, host(t, 4), peer->host);
	peer = from(t, &two, "192.0.2.2");
	KUNIT_ASSERT_NOT_NULL(test, peer);
	KUNIT_EXPECT_PTR_EQ(test, host(t, 2), peer->host);
	KUNIT_EXPECT_NOT_NULL(test, from(t, &two, "192.0.2.3"));
	KUNIT_EXPECT_PTR_EQ(test, NULL, from(t, &one, "192.0.2.3"));
	KUNIT_EXPECT_PTR_EQ(test, NULL, from(t, &two, "192.0.2.4"));
	KUNIT_EXPECT_PTR_EQ(test, NULL, from(t, &two, "192.0.2.5"));
	KUNIT_EXPECT_PTR_EQ(test, NULL, from(t, &two, "2001:db8::1"));
	topo_begin(t);
	member(t, MN_VERB_DEL, 2, 3, NULL);
	member(t, MN_VERB_NEW, 2, 5, "192.0.2.3");
	commit(t);
	peer = from(t, &two, "192.0.2.3");
	KUNIT_ASSERT_NOT_NULL(test, peer);
	KUNIT_EXPECT_PTR_EQ(test, host(t, 5), peer->host);
	we_are(t, 5);
	KUNIT_EXPECT_EQ(test, 1U, one.users);
	KUNIT_EXPECT_EQ(test, 1U, two.users);
}

static u32 ups, downs, wrong;

static void watch_up(struct mn_peer *peer)
{
	ups++;
	wrong += !!peer->priv;
	peer->priv = peer;
}

static void watch_down(struct mn_peer *peer)
{
	downs++;
	wrong += peer->priv != peer;
	peer->priv = NULL;
}

static const struct mn_peer_watch watch = { watch_up, watch_down };

static void watched(struct kunit *test)
{
	struct topo *t = test->priv;
	struct mn_tunnel tunnel = {};
	u32 dep, val;

	ups = 0;
	downs = 0;
	wrong = 0;
	mn_peer_watch(t->mn, &watch);
	topo_begin(t);
	topo_new(t, ZONE, 1, "tz");
	is_in(t, 1, 1);
	commit(t);
	KUNIT_EXPECT_EQ(test, 0U, ups);
	lend(t, 1, &tunnel);
	dep = host(t, 2)->obj.dep;
	val = mn_dep_read(t->mn, dep);
	topo_begin(t);
	is_in(t, 1, 2);
	is_in(t, 1, 3);
	commit(t);
	KUNIT_EXPECT_EQ(test, 2U, ups);
	KUNIT_EXPECT_EQ(test, 2U, zone(t, 1)->n_up);
	/* What depended on there being no way is asked again. */
	KUNIT_EXPECT_NE(test, val, mn_dep_read(t->mn, dep));
	val = mn_dep_read(t->mn, dep);
	topo_begin(t);
	member(t, MN_VERB_DEL, 1, 2, NULL);
	commit(t);
	KUNIT_EXPECT_EQ(test, 1U, downs);
	KUNIT_EXPECT_NE(test, val, mn_dep_read(t->mn, dep));
	/* Who comes late is told of those there are, and of their end. */
	mn_peer_watch(t->mn, NULL);
	KUNIT_EXPECT_EQ(test, 2U, downs);
	mn_peer_watch(t->mn, &watch);
	KUNIT_EXPECT_EQ(test, 3U, ups);
	topo_begin(t);
	topo_del(t, ZONE, 1);
	commit(t);
	KUNIT_EXPECT_EQ(test, 3U, downs);
	mn_peer_watch(t->mn, NULL);
	KUNIT_EXPECT_EQ(test, 3U, downs);
	KUNIT_EXPECT_EQ(test, 0U, wrong);
}

static void put_port(struct topo *t, u8 verb, u32 n, u32 key)
{
	char name[16];

	snprintf(name, sizeof(name), "p%u", n);
	topo_op(t);
	topo_put_id(t, MIDONET_A_ID, PORT, n);
	if (verb == MN_VERB_NEW) {
		topo_put_id(t, MIDONET_A_PARENT, BRIDGE, 0);
		nla_put_string(t->msg, MIDONET_A_NAME, name);
	}
	if (key)
		nla_put_u32(t->msg, MIDONET_A_TUNNEL_KEY, key);
	topo_stage(t, PORT, verb);
}

static struct mn_port *by_key_at(struct topo *t, u32 key, u64 generation)
{
	const struct mn_port_ver *v;
	struct mn_port *port;

	rcu_read_lock();
	port = mn_port_by_key(t->mn, key, generation, &v);
	rcu_read_unlock();
	return port;
}

static struct mn_port *by_key(struct topo *t, u32 key)
{
	return by_key_at(t, key, mn_net_generation(t->mn));
}

static struct mn_port *port(struct topo *t, u32 n)
{
	return mn_port_of(topo_obj(t, PORT, n));
}

static void keys(struct kunit *test)
{
	struct topo *t = test->priv;

	topo_begin(t);
	topo_new(t, BRIDGE, 0, "b");
	put_port(t, MN_VERB_NEW, 1, 1001);
	put_port(t, MN_VERB_NEW, 2, 1002);
	commit(t);
	KUNIT_EXPECT_PTR_EQ(test, port(t, 1), by_key(t, 1001));
	KUNIT_EXPECT_PTR_EQ(test, port(t, 2), by_key(t, 1002));
	KUNIT_EXPECT_PTR_EQ(test, NULL, by_key(t, 1003));
	/* Before they were there. */
	KUNIT_EXPECT_PTR_EQ(test, NULL,
			    by_key_at(t, 1001, mn_net_generation(t->mn) - 1));

	topo_begin(t);
	put_port(t, MN_VERB_SET, 1, 1002);
	put_port(t, MN_VERB_SET, 2, 1001);
	commit(t);
	KUNIT_EXPECT_PTR_EQ(test, port(t, 2), by_key(t, 1001));
	KUNIT_EXPECT_PTR_EQ(test, port(t, 1), by_key(t, 1002));

	/* Refused: nobody has it. */
	topo_begin(t);
	put_port(t, MN_VERB_SET, 1, 1003);
	put_port(t, MN_VERB_NEW, 3, 1001);
	KUNIT_EXPECT_EQ(test, -EEXIST, topo_commit(t, false));
	KUNIT_EXPECT_PTR_EQ(test, NULL, by_key(t, 1003));
	KUNIT_EXPECT_PTR_EQ(test, port(t, 2), by_key(t, 1001));
	KUNIT_EXPECT_PTR_EQ(test, port(t, 1), by_key(t, 1002));

	/* One after the other, and back. */
	topo_begin(t);
	put_port(t, MN_VERB_SET, 1, 1004);
	put_port(t, MN_VERB_SET, 1, 1005);
	put_port(t, MN_VERB_SET, 1, 1002);
	commit(t);
	KUNIT_EXPECT_PTR_EQ(test, port(t, 1), by_key(t, 1002));
	KUNIT_EXPECT_PTR_EQ(test, NULL, by_key(t, 1004));
	KUNIT_EXPECT_PTR_EQ(test, NULL, by_key(t, 1005));
	topo_begin(t);
	topo_del(t, PORT, 1);
	put_port(t, MN_VERB_SET, 2, 1002);
	commit(t);
	KUNIT_EXPECT_PTR_EQ(test, port(t, 2), by_key(t, 1002));
	KUNIT_EXPECT_PTR_EQ(test, NULL, by_key(t, 1001));
}

/* Against a list, with commits that are refused now and then. */
static void keys_random(struct kunit *test)
{
	struct topo *t = test->priv;
	u32 now[8] = {}, next[8], i, n, key;
	struct rnd_state rnd;
	bool dry;

	prandom_seed_state(&rnd, topo_seed(test));
	topo_begin(t);
	topo_new(t, BRIDGE, 0, "b");
	commit(t);
	for (i = 0; i < 300; i++) {
		memcpy(next, now, sizeof(now));
		topo_begin(t);
		for (n = 0; n < ARRAY_SIZE(now); n++) {
			key = 1 + prandom_u32_state(&rnd) % 20;
			if (prandom_u32_state(&rnd) % 3)
				continue;
			if (next[n] && prandom_u32_state(&rnd) % 4 == 0) {
				topo_del(t, PORT, n);
				next[n] = 0;
				continue;
			}
			put_port(t, next[n] ? MN_VERB_SET : MN_VERB_NEW, n, key);
			next[n] = key;
		}
		dry = prandom_u32_state(&rnd) % 8 == 0;
		if (!topo_commit(t, dry) && !dry)
			memcpy(now, next, sizeof(now));
		for (key = 1; key <= 20; key++) {
			struct mn_port *want = NULL;

			for (n = 0; n < ARRAY_SIZE(now); n++) {
				if (now[n] == key)
					want = port(t, n);
			}
			KUNIT_ASSERT_PTR_EQ(test, want, by_key(t, key));
		}
	}
}

static struct kunit_case overlay_cases[] = {
	KUNIT_CASE(ways),
	KUNIT_CASE(senders),
	KUNIT_CASE(watched),
	KUNIT_CASE(keys),
	KUNIT_CASE(keys_random),
	{}
};

static struct kunit_suite overlay_suite = {
	.name = "midonet-overlay",
	.init = overlay_init,
	.exit = overlay_exit,
	.test_cases = overlay_cases,
};

kunit_test_suite(overlay_suite);
