// SPDX-License-Identifier: GPL-2.0
/*
 * Neighbours that are configured, and those that follow from router ports.
 */
#include <linux/if_arp.h>
#include <net/ipv6.h>
#include <net/ndisc.h>

#include "flow/key.h"
#include "l3/answer.h"
#include "l3/arp.h"
#include "l3/nd.h"
#include "l3/neigh.h"
#include "nbr.h"
#include "sim/ctx.h"

static void stage_neighbour(struct topo *t, u8 verb, u8 type, u32 parent,
			    u32 port, u32 addr, const u8 *mac)
{
	__be32 v4 = htonl(addr);

	topo_begin(t);
	topo_op(t);
	topo_put_id(t, MIDONET_A_PARENT, type, parent);
	if (port)
		topo_put_id(t, MIDONET_A_PORT, PORT, port);
	KUNIT_ASSERT_EQ(t->test, 0,
			nla_put(t->msg, MIDONET_A_ADDRESS, sizeof(v4), &v4));
	if (mac)
		KUNIT_ASSERT_EQ(t->test, 0, nla_put(t->msg, MIDONET_A_MAC,
						    ETH_ALEN, mac));
	topo_stage(t, NEIGHBOUR, verb);
}

static int neighbour(struct topo *t, u8 verb, u8 type, u32 parent, u32 port,
		     u32 addr, const u8 *mac)
{
	stage_neighbour(t, verb, type, parent, port, addr, mac);
	return topo_commit(t, false);
}

/* What is configured comes first; changes of it reach flows. */
static void nbr_configured(struct kunit *test)
{
	struct nbr *f = test->priv;
	struct mn_neigh_key key = nbr_key(f->linked, 0x0a010007);
	struct topo *t = &f->topo;
	u8 mac[ETH_ALEN];
	__be32 v4 = htonl(0x0a010007);
	u32 dep;

	KUNIT_EXPECT_EQ(test, -EINVAL, neighbour(t, MN_VERB_NEW, ROUTER, 1, 0,
						 0x0a010007, nbr_alice));
	KUNIT_EXPECT_EQ(test, -EINVAL, neighbour(t, MN_VERB_NEW, ROUTER, 1, 3,
						 0x0a010007, nbr_alice));
	KUNIT_EXPECT_EQ(test, -EINVAL, neighbour(t, MN_VERB_NEW, BRIDGE, 1, 12,
						 0x0a010007, nbr_alice));
	/* On the bridge, then behind the port, which counts more. */
	mn_neigh_key_set(&key, &f->bridge->obj, AF_INET, &v4);
	dep = nbr_counter(f, &key);
	KUNIT_EXPECT_EQ(test, 0, neighbour(t, MN_VERB_NEW, BRIDGE, 1, 0,
					   0x0a010007, nbr_alice));
	KUNIT_EXPECT_NE(test, dep, nbr_counter(f, &key));
	nbr_expect_mac(f, f->linked, 0x0a010007, nbr_alice);
	key = nbr_key(f->linked, 0x0a010007);
	dep = nbr_counter(f, &key);
	KUNIT_EXPECT_EQ(test, 0, neighbour(t, MN_VERB_NEW, ROUTER, 1, 2,
					   0x0a010007, nbr_mallory));
	KUNIT_EXPECT_NE(test, dep, nbr_counter(f, &key));
	nbr_expect_mac(f, f->linked, 0x0a010007, nbr_mallory);
	nbr_expect_mac(f, f->other, 0x0a010007, nbr_alice);
	KUNIT_EXPECT_EQ(test, 0, neighbour(t, MN_VERB_DEL, ROUTER, 1, 2,
					   0x0a010007, NULL));
	nbr_expect_mac(f, f->linked, 0x0a010007, nbr_alice);
	KUNIT_EXPECT_EQ(test, 0, neighbour(t, MN_VERB_DEL, BRIDGE, 1, 0,
					   0x0a010007, NULL));
	KUNIT_EXPECT_EQ(test, MN_NBR_WAIT,
			nbr_resolve(f, f->linked, 0x0a010007, false, mac));
}

static const struct mn_static_neigh *on_bridge(struct nbr *f, u32 addr)
{
	const struct mn_static_neigh *n;
	struct mn_neigh_key key;
	__be32 v4 = htonl(addr);

	mn_neigh_key_set(&key, &f->bridge->obj, AF_INET, &v4);
	rcu_read_lock();
	n = mn_neigh_find(f->topo.mn, &key, 0,
			  mn_net_generation(f->topo.mn));
	rcu_read_unlock();
	return n;
}

/* The addresses of a router port are on its bridge as long as it is. */
static void nbr_derived(struct kunit *test)
{
	struct nbr *f = test->priv;
	const struct mn_static_neigh *n;
	struct topo *t = &f->topo;

	n = on_bridge(f, 0x0a010001);
	KUNIT_ASSERT_NOT_NULL(test, n);
	KUNIT_EXPECT_PTR_EQ(test, f->linked, n->port);
	KUNIT_EXPECT_NULL(test, on_bridge(f, 0x0a000001));
	KUNIT_EXPECT_EQ(test, -EPERM, neighbour(t, MN_VERB_DEL, BRIDGE, 1, 0,
						0x0a010001, NULL));
	KUNIT_EXPECT_EQ(test, -EEXIST, neighbour(t, MN_VERB_NEW, BRIDGE, 1, 0,
						 0x0a010001, nbr_alice));

	/* Other addresses, refused and not; one is the other router's, too. */
	topo_begin(t);
	topo_op(t);
	topo_put_id(t, MIDONET_A_ID, PORT, 2);
	nbr_put_address(t, 0x0a010002, 24);
	nbr_put_address(t, 0x0a010009, 24);
	topo_stage(t, PORT, MN_VERB_SET);
	KUNIT_EXPECT_EQ(test, 0, topo_commit(t, true));
	KUNIT_EXPECT_NOT_NULL(test, on_bridge(f, 0x0a010001));
	KUNIT_EXPECT_NULL(test, on_bridge(f, 0x0a010009));
	topo_begin(t);
	topo_op(t);
	topo_put_id(t, MIDONET_A_ID, PORT, 2);
	nbr_put_address(t, 0x0a010002, 24);
	nbr_put_address(t, 0x0a010009, 24);
	topo_stage(t, PORT, MN_VERB_SET);
	KUNIT_EXPECT_EQ_MSG(test, 0, topo_commit(t, false), "%s", t->error);
	KUNIT_EXPECT_NULL(test, on_bridge(f, 0x0a010001));
	KUNIT_EXPECT_NOT_NULL(test, on_bridge(f, 0x0a010009));
	n = on_bridge(f, 0x0a010002);
	KUNIT_ASSERT_NOT_NULL(test, n);
	KUNIT_EXPECT_PTR_EQ(test, f->other, n->port);

	/* The other router goes, and the first one has it alone. */
	topo_begin(t);
	topo_del(t, ROUTER, 2);
	KUNIT_EXPECT_EQ_MSG(test, 0, topo_commit(t, false), "%s", t->error);
	n = on_bridge(f, 0x0a010002);
	KUNIT_ASSERT_NOT_NULL(test, n);
	KUNIT_EXPECT_PTR_EQ(test, f->linked, n->port);
	topo_begin(t);
	topo_del(t, PORT, 12);
	KUNIT_EXPECT_EQ_MSG(test, 0, topo_commit(t, false), "%s", t->error);
	KUNIT_EXPECT_NULL(test, on_bridge(f, 0x0a010002));
	KUNIT_EXPECT_NULL(test, on_bridge(f, 0x0a010009));
}

static void stage_address(struct topo *t, u32 port, u32 addr)
{
	topo_op(t);
	topo_put_id(t, MIDONET_A_ID, PORT, port);
	nbr_put_address(t, addr, 24);
	topo_stage(t, PORT, MN_VERB_SET);
}

/* Neither to begin with, nor by an address that a port gets. */
static void nbr_not_itself(struct kunit *test)
{
	struct nbr *f = test->priv;
	struct topo *t = &f->topo;

	KUNIT_EXPECT_EQ(test, -EINVAL, neighbour(t, MN_VERB_NEW, ROUTER, 1, 2,
						 0x0a010001, nbr_alice));
	KUNIT_EXPECT_STREQ(test, t->error,
			   "router r1: neighbour 10.1.0.1 is the router's own address (port linked); a neighbour has another");
	KUNIT_EXPECT_EQ(test, -EINVAL, neighbour(t, MN_VERB_NEW, ROUTER, 1, 2,
						 US, nbr_alice));
	KUNIT_EXPECT_NOT_NULL(test, strstr(t->error, "(port wire)"));
	/* Another router's is a neighbour like any. */
	KUNIT_EXPECT_EQ_MSG(test, 0, neighbour(t, MN_VERB_NEW, ROUTER, 1, 2,
					       0x0a010002, nbr_us_other),
			    "%s", t->error);
	topo_begin(t);
	stage_address(t, 2, 0x0a010002);
	KUNIT_EXPECT_EQ(test, -EINVAL, topo_commit(t, false));
	KUNIT_EXPECT_NOT_NULL(test, strstr(t->error, "(port linked)"));
	topo_begin(t);
	stage_address(t, 1, 0x0a010002);
	stage_address(t, 2, 0x0a000001);
	KUNIT_EXPECT_EQ(test, -EINVAL, topo_commit(t, false));
	KUNIT_EXPECT_NOT_NULL(test, strstr(t->error, "(port wire)"));
	/* The end state counts, in whatever order it comes about. */
	stage_neighbour(t, MN_VERB_NEW, ROUTER, 1, 2, 0x0a010001, nbr_alice);
	stage_address(t, 2, 0x0a010003);
	KUNIT_EXPECT_EQ_MSG(test, 0, topo_commit(t, false), "%s", t->error);
	stage_neighbour(t, MN_VERB_DEL, ROUTER, 1, 2, 0x0a010002, NULL);
	stage_address(t, 2, 0x0a010002);
	KUNIT_EXPECT_EQ_MSG(test, 0, topo_commit(t, false), "%s", t->error);
}

/* Announcements on the bridge reach the router that knows the address. */
static void nbr_bridge_notices(struct kunit *test)
{
	struct nbr *f = test->priv;
	struct mn_neigh_key key = nbr_key(f->linked, 0x0a010005);
	struct mn_neigh_key at;
	__be32 v4 = htonl(0x0a010005);
	struct mn_nbr *e;

	mn_neigh_key_set(&at, &f->bridge->obj, AF_INET, &v4);
	nbr_enter();
	mn_nbr_heard_bridge(f->topo.mn, &at, 0, nbr_alice);
	nbr_leave();
	KUNIT_EXPECT_NULL(test, nbr_find(f, &key));
	nbr_enter();
	mn_nbr_heard(f->topo.mn, f->linked, &key, nbr_alice, MN_NBR_REQUEST);
	mn_nbr_heard_bridge(f->topo.mn, &at, MN_VLAN_PRESENT | 7, nbr_mallory);
	nbr_leave();
	e = nbr_find(f, &key);
	KUNIT_ASSERT_NOT_NULL(test, e);
	KUNIT_EXPECT_EQ(test, ether_addr_to_u64(nbr_alice), e->mac);
	nbr_enter();
	mn_nbr_heard_bridge(f->topo.mn, &at, 0, nbr_mallory);
	nbr_leave();
	KUNIT_EXPECT_EQ(test, ether_addr_to_u64(nbr_mallory), e->mac);

	/* Linked elsewhere, there are others. */
	topo_begin(&f->topo);
	topo_del(&f->topo, PORT, 12);
	KUNIT_EXPECT_EQ(test, 0, topo_commit(&f->topo, false));
	KUNIT_EXPECT_EQ(test, 0U, f->linked->nbrs.n);
}

/* A frame is in the bridge. */
static void on_the_bridge(struct nbr *f, struct sk_buff *skb, struct mn_port *in,
			  u16 vlan)
{
	struct mn_flow_key key;
	struct mn_pkt pkt;

	KUNIT_ASSERT_NOT_NULL(f->topo.test, skb);
	KUNIT_ASSERT_EQ(f->topo.test, 0,
			mn_key_extract(skb, in->obj.index, &key, &pkt));
	key.vlan = vlan;
	mn_ctx_init(f->ctx, f->topo.mn, skb, in, &key, &pkt);
	f->ctx->device_in = in;
}

static const struct mn_bridge_ver *bridge_ver(struct nbr *f)
{
	return mn_bridge_ver(mn_ver_now(&f->bridge->obj));
}

/**
 * struct question - an ARP request on the bridge, and what is to come of it
 * @what: in words
 * @spa: who asks
 * @tpa: for whom
 * @vlan: where
 * @answered: by the bridge
 * @learned: by the router
 * @routed: a question for the router, should the bridge not answer
 */
struct question {
	const char *what;
	u32 spa;
	u32 tpa;
	u16 vlan;
	bool answered;
	bool learned;
	bool routed;
};

static const struct question questions[] = {
	{ "for a router", 0x0a010005, 0x0a010001, 0, true, true, true },
	{ "probe for a router", 0, 0x0a010001, 0, true, false, true },
	{ "for a router, from a strange subnet", 0x0a020005, 0x0a010001, 0, true,
	  false, true },
	{ "for a router, in another VLAN", 0x0a010005, 0x0a010001,
	  MN_VLAN_PRESENT | 7, false, false, false },
	{ "announcing the router's address", 0x0a010001, 0x0a010001, 0, false,
	  false, false },
	{ "for a station", 0x0a010005, 0x0a010007, 0, true, false, false },
	{ "for a station, in another VLAN", 0x0a010005, 0x0a010007,
	  MN_VLAN_PRESENT | 7, true, false, false },
	{ "probe for a station", 0, 0x0a010007, 0, false, false, false },
	{ "for a stranger", 0x0a010005, 0x0a010008, 0, false, false, false },
};

static void ask(struct nbr *f, const struct question *q)
{
	static const u8 all[ETH_ALEN] = { 255, 255, 255, 255, 255, 255 };
	struct mn_neigh_key key = nbr_key(f->linked, q->spa);
	struct kunit *test = f->topo.test;
	struct sk_buff *skb;

	skb = mn_answer_frame(all, nbr_alice, htons(ETH_P_ARP),
			      sizeof(struct mn_arp));
	KUNIT_ASSERT_NOT_NULL(test, skb);
	mn_arp_put(skb, ARPOP_REQUEST, nbr_alice, htonl(q->spa), all,
		   htonl(q->tpa));
	nbr_enter();
	on_the_bridge(f, skb, f->on_bridge, q->vlan);
	KUNIT_EXPECT_EQ_MSG(test, q->answered,
			    mn_arp_suppress(f->ctx, f->bridge, bridge_ver(f)),
			    "%s", q->what);
	KUNIT_EXPECT_PTR_EQ_MSG(test, q->routed ? f->on_bridge : NULL,
				mn_neigh_router_target(f->ctx, f->bridge),
				"%s", q->what);
	nbr_leave();
	kfree_skb(skb);
	KUNIT_EXPECT_EQ_MSG(test, q->learned, !!nbr_find(f, &key), "%s",
			    q->what);
	mn_nbr_forget_port(f->topo.mn, f->linked);
}

static void nbr_bridge_answers(struct kunit *test)
{
	struct nbr *f = test->priv;
	int i;

	KUNIT_ASSERT_EQ(test, 0, neighbour(&f->topo, MN_VERB_NEW, BRIDGE, 1, 0,
					   0x0a010007, nbr_mallory));
	for (i = 0; i < ARRAY_SIZE(questions); i++)
		ask(f, &questions[i]);
}

/* The same for IPv6: the router's link-local address. */
static void nbr_bridge_answers_nd(struct kunit *test)
{
	struct mn_nd_say say = { .type = NDISC_NEIGHBOUR_SOLICITATION };
	struct nbr *f = test->priv;
	struct mn_neigh_key key;
	struct sk_buff *skb;

	say.src.s6_addr32[0] = htonl(0xfe800000);
	say.src.s6_addr[15] = 5;
	ether_addr_copy(say.mac, nbr_alice);
	rcu_read_lock();
	mn_port_link_local(mn_port_ver(mn_ver_now(&f->linked->obj)),
			   &say.target);
	rcu_read_unlock();
	say.dst = in6addr_linklocal_allnodes;
	skb = mn_answer_frame(nbr_us_linked, nbr_alice, htons(ETH_P_IPV6),
			      MN_ND_LEN);
	KUNIT_ASSERT_NOT_NULL(test, skb);
	mn_nd_put(skb, &say);
	nbr_enter();
	on_the_bridge(f, skb, f->on_bridge, 0);
	KUNIT_EXPECT_TRUE(test, mn_nd_suppress(f->ctx, f->bridge,
					       bridge_ver(f)));
	KUNIT_EXPECT_PTR_EQ(test, f->on_bridge,
			    mn_neigh_router_target(f->ctx, f->bridge));
	nbr_leave();
	kfree_skb(skb);
	mn_neigh_key_set(&key, &f->linked->obj, AF_INET6, &say.src);
	KUNIT_EXPECT_NOT_NULL(test, nbr_find(f, &key));
}

/* What a router asks on a bridge, and another bridge knows. */
static void nbr_own_question(struct kunit *test)
{
	struct nbr *f = test->priv;
	struct mn_neigh_key key = nbr_key(f->linked, 0x0a010005);
	struct mn_flow_key none = {};
	__be32 v4 = htonl(0x0a010005);
	struct mn_pkt pkt = {};
	struct mn_nbr *e;

	nbr_enter();
	e = mn_nbr_want(f->topo.mn, f->linked, &key);
	mn_ctx_init(f->ctx, f->topo.mn, NULL, f->port, &none, &pkt);
	KUNIT_EXPECT_FALSE(test, mn_nbr_answered(f->ctx, AF_INET, &v4,
						 nbr_alice));
	mn_ctx_init(f->ctx, f->topo.mn, NULL, f->on_bridge, &none, &pkt);
	KUNIT_EXPECT_TRUE(test, mn_nbr_answered(f->ctx, AF_INET, &v4,
						nbr_alice));
	nbr_leave();
	KUNIT_ASSERT_NOT_NULL(test, e);
	KUNIT_EXPECT_EQ(test, REACHABLE, e->state);
	KUNIT_EXPECT_EQ(test, ether_addr_to_u64(nbr_alice), e->mac);
}

static struct kunit_case neigh_cases[] = {
	KUNIT_CASE(nbr_configured),
	KUNIT_CASE(nbr_derived),
	KUNIT_CASE(nbr_not_itself),
	KUNIT_CASE(nbr_bridge_notices),
	KUNIT_CASE(nbr_bridge_answers),
	KUNIT_CASE(nbr_bridge_answers_nd),
	KUNIT_CASE(nbr_own_question),
	{}
};

static struct kunit_suite neigh_suite = {
	.name = "midonet-neigh",
	.suite_init = nbr_suite_init,
	.suite_exit = nbr_suite_exit,
	.init = nbr_init,
	.exit = nbr_exit,
	.test_cases = neigh_cases,
};

kunit_test_suite(neigh_suite);
