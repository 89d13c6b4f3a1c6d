// SPDX-License-Identifier: GPL-2.0
/*
 * VIPs in the subnet of a router's port: who answers ARP and ND for them, and
 * what the bridge knows.
 */
#include <linux/if_arp.h>
#include <linux/prandom.h>
#include <net/addrconf.h>
#include <net/ndisc.h>

#include "l3/answer.h"
#include "l3/arp.h"
#include "l3/nd.h"
#include "lb.h"
#include "nbr.h"

#define VIP	0x0a010064	/* in the subnet of f->linked and f->other */
#define WIRED	0x0a000064	/* in the subnet of f->port */

static struct lb_vip vip_of(u32 addr, u16 port, char *buf)
{
	__be32 v4 = htonl(addr);

	snprintf(buf, 16, "%pI4", &v4);
	return (struct lb_vip){ buf, port, .pool = POOL };
}

static void stage_vip(struct topo *t, u8 verb, u32 addr, u16 port)
{
	char buf[16];
	struct lb_vip vip = vip_of(addr, port, buf);

	lb_vip(t, verb, LB, &vip);
}

static void do_vip(struct nbr *f, u8 verb, u32 addr, u16 port)
{
	topo_begin(&f->topo);
	stage_vip(&f->topo, verb, addr, port);
	lb_committed(&f->topo);
}

static const struct mn_static_neigh *on_bridge(struct nbr *f, u32 addr)
{
	const struct mn_static_neigh *n;
	struct mn_neigh_key key;
	__be32 v4 = htonl(addr);

	mn_neigh_key_set(&key, &f->bridge->obj, AF_INET, &v4);
	rcu_read_lock();
	n = mn_neigh_find(f->topo.mn, &key, 0, f->topo.mn->generation);
	rcu_read_unlock();
	return n;
}

static const struct mn_port *port_on_bridge(struct nbr *f, u32 addr)
{
	const struct mn_static_neigh *n = on_bridge(f, addr);

	return n ? n->port : NULL;
}

static void set_balancer(struct nbr *f, u32 router, bool up)
{
	topo_begin(&f->topo);
	lb_balancer(&f->topo, MN_VERB_SET, LB, router, up);
	lb_committed(&f->topo);
}

static void lb_on_bridge(struct kunit *test)
{
	struct nbr *f = test->priv;
	const struct mn_static_neigh *n;
	struct topo *t = &f->topo;
	u8 mac[ETH_ALEN];

	lb_make(t);
	do_vip(f, MN_VERB_NEW, VIP, 80);
	do_vip(f, MN_VERB_NEW, WIRED, 80);
	n = on_bridge(f, VIP);
	KUNIT_ASSERT_NOT_NULL(test, n);
	KUNIT_EXPECT_PTR_EQ(test, f->linked, n->port);
	KUNIT_EXPECT_TRUE(test, ether_addr_equal(n->mac, nbr_us_linked));
	KUNIT_EXPECT_NULL(test, on_bridge(f, WIRED));
	/* The other router finds it there; its own does not find itself. */
	nbr_expect_mac(f, f->other, VIP, nbr_us_linked);
	KUNIT_EXPECT_EQ(test, MN_NBR_WAIT,
			nbr_resolve(f, f->linked, VIP, false, mac));
	/* As long as one VIP has the address. */
	do_vip(f, MN_VERB_NEW, VIP, 81);
	do_vip(f, MN_VERB_DEL, VIP, 80);
	KUNIT_EXPECT_PTR_EQ(test, (const struct mn_port *)f->linked,
			    port_on_bridge(f, VIP));
	topo_begin(t);
	stage_vip(t, MN_VERB_DEL, VIP, 81);
	stage_vip(t, MN_VERB_NEW, VIP, 82);
	lb_committed(t);
	KUNIT_EXPECT_NOT_NULL(test, on_bridge(f, VIP));
	set_balancer(f, 1, false);
	KUNIT_EXPECT_NULL(test, on_bridge(f, VIP));
	set_balancer(f, 2, true);
	KUNIT_EXPECT_PTR_EQ(test, (const struct mn_port *)f->other,
			    port_on_bridge(f, VIP));
	/* The port's own address is no VIP that goes. */
	topo_begin(t);
	stage_vip(t, MN_VERB_DEL, VIP, 82);
	topo_op(t);
	topo_put_id(t, MIDONET_A_ID, PORT, 3);
	nbr_put_address(t, VIP, 24);
	topo_stage(t, PORT, MN_VERB_SET);
	lb_committed(t);
	KUNIT_EXPECT_PTR_EQ(test, (const struct mn_port *)f->other,
			    port_on_bridge(f, VIP));
}

/* All that can change, against what there has to be. */

#define ADDRS	8
#define VIPS	(2 * ADDRS)

/**
 * struct state - what the random test has made so far
 * @there: VIPs
 * @router: of the load balancer, 0 for none
 * @up: its admin-up
 * @moved: the first router's port has an address of another subnet
 * @unlinked: it has no peer
 */
struct state {
	bool there[VIPS];
	u32 router;
	bool up;
	bool moved;
	bool unlinked;
};

/* Half of them in the usual subnet, half of them in the other. */
static u32 addr_of(u32 i)
{
	i %= ADDRS;
	return (i & 1 ? 0x0a020064 : 0x0a010064) + i;
}

static void stage_port(struct topo *t, const struct state *s)
{
	topo_op(t);
	topo_put_id(t, MIDONET_A_ID, PORT, 2);
	nbr_put_address(t, s->moved ? 0x0a020001 : 0x0a010001, 24);
	if (s->unlinked)
		nla_put_u32(t->msg, MIDONET_A_UNSET, MIDONET_A_PEER);
	else
		topo_put_id(t, MIDONET_A_PEER, PORT, 12);
	topo_stage(t, PORT, MN_VERB_SET);
}

static void stage_random(struct topo *t, struct state *s, u32 rnd)
{
	u32 i = rnd >> 8;

	switch (rnd % 8) {
	case 0:
		s->router = i % 3;
		s->up = i & 4;
		lb_balancer(t, MN_VERB_SET, LB, s->router, s->up);
		return;
	case 1:
		s->moved = i & 1;
		s->unlinked = i & 2;
		stage_port(t, s);
		return;
	}
	i %= VIPS;
	stage_vip(t, s->there[i] ? MN_VERB_DEL : MN_VERB_NEW, addr_of(i),
		  i < ADDRS ? 80 : 81);
	s->there[i] = !s->there[i];
}

static const struct mn_port *expected(struct nbr *f, const struct state *s, u32 i)
{
	bool other_net = i & 1;

	if (!s->up || (!s->there[i] && !s->there[i + ADDRS]))
		return NULL;
	if (s->router == 2 && !other_net)
		return f->other;
	if (s->router == 1 && !s->unlinked && other_net == s->moved)
		return f->linked;
	return NULL;
}

static void lb_on_bridge_random(struct kunit *test)
{
	struct state s = { .router = 1, .up = true };
	struct nbr *f = test->priv;
	struct topo *t = &f->topo;
	struct rnd_state rnd;
	u32 i, j, n;

	prandom_seed_state(&rnd, topo_seed(test));
	lb_make(t);
	for (i = 0; i < 300; i++) {
		topo_begin(t);
		n = 1 + prandom_u32_state(&rnd) % 4;
		for (j = 0; j < n; j++)
			stage_random(t, &s, prandom_u32_state(&rnd));
		lb_committed(t);
		for (j = 0; j < ADDRS; j++)
			KUNIT_ASSERT_PTR_EQ(test, expected(f, &s, j),
					    port_on_bridge(f, addr_of(j)));
	}
}

/* ARP and ND. */

static void receive(struct nbr *f, struct sk_buff *skb)
{
	struct mn_flow_key key;
	struct mn_pkt pkt;

	KUNIT_ASSERT_NOT_NULL(f->topo.test, skb);
	KUNIT_ASSERT_EQ(f->topo.test, 0,
			mn_key_extract(skb, f->port->obj.index, &key, &pkt));
	nbr_enter();
	mn_ctx_init(f->ctx, f->topo.mn, skb, f->port, &key, &pkt);
	f->ctx->device_in = f->port;
	/* What is said is in the trace; nobody is there to hear it. */
	f->ctx->live = false;
	if (key.eth_type == htons(ETH_P_ARP))
		mn_nbr_arp(f->ctx);
	else
		mn_nbr_nd(f->ctx);
	nbr_leave();
	kfree_skb(skb);
}

static bool answered(struct nbr *f, u32 spa, u32 tpa)
{
	static const u8 all[ETH_ALEN] = { 255, 255, 255, 255, 255, 255 };
	static const u8 zero[ETH_ALEN];
	struct sk_buff *skb;

	skb = mn_answer_frame(all, nbr_alice, htons(ETH_P_ARP),
			      sizeof(struct mn_arp));
	if (skb)
		mn_arp_put(skb, ARPOP_REQUEST, nbr_alice, htonl(spa), zero,
			   htonl(tpa));
	receive(f, skb);
	return f->ctx->consumed;
}

static void lb_arp(struct kunit *test)
{
	struct nbr *f = test->priv;

	KUNIT_EXPECT_FALSE(test, answered(f, HOST, WIRED));
	lb_make(&f->topo);
	do_vip(f, MN_VERB_NEW, WIRED, 80);
	do_vip(f, MN_VERB_NEW, VIP, 80);
	KUNIT_EXPECT_TRUE(test, answered(f, HOST, WIRED));
	/* A probe for a duplicate. */
	KUNIT_EXPECT_TRUE(test, answered(f, 0, WIRED));
	/* It is not in the subnet of this port. */
	KUNIT_EXPECT_FALSE(test, answered(f, HOST, VIP));
	/* Nobody else has it: an announcement, which is no question. */
	KUNIT_EXPECT_FALSE(test, answered(f, WIRED, WIRED));
	KUNIT_EXPECT_EQ(test, (u32)MIDONET_DROP_REASON_NEIGHBOUR_UNASKED,
			f->ctx->drop.reason);
	set_balancer(f, 1, false);
	KUNIT_EXPECT_FALSE(test, answered(f, HOST, WIRED));
	set_balancer(f, LB_NO_ROUTER, true);
	KUNIT_EXPECT_FALSE(test, answered(f, HOST, WIRED));
}

static bool answered_nd(struct nbr *f, u16 src, u16 target)
{
	struct mn_nd_say say = {
		.type = NDISC_NEIGHBOUR_SOLICITATION,
		.src = nbr_v6(src),
		.target = nbr_v6(target),
	};
	struct sk_buff *skb;

	addrconf_addr_solict_mult(&say.target, &say.dst);
	ether_addr_copy(say.mac, nbr_alice);
	skb = mn_answer_frame(nbr_us, nbr_alice, htons(ETH_P_IPV6), MN_ND_LEN);
	if (skb)
		mn_nd_put(skb, &say);
	receive(f, skb);
	return f->ctx->consumed;
}

static void lb_nd(struct kunit *test)
{
	struct nbr *f = test->priv;

	KUNIT_EXPECT_TRUE(test, answered_nd(f, 5, 1));
	KUNIT_EXPECT_FALSE(test, answered_nd(f, 5, 0x100));
	lb_make(&f->topo);
	topo_begin(&f->topo);
	lb_vip(&f->topo, MN_VERB_NEW, LB,
	       &(struct lb_vip){ "2001:db8::100", 80, .pool = POOL });
	lb_committed(&f->topo);
	KUNIT_EXPECT_TRUE(test, answered_nd(f, 5, 0x100));
	KUNIT_EXPECT_FALSE(test, answered_nd(f, 5, 0x101));
}

static struct kunit_case lb_neigh_cases[] = {
	KUNIT_CASE(lb_on_bridge),
	KUNIT_CASE(lb_on_bridge_random),
	KUNIT_CASE(lb_arp),
	KUNIT_CASE(lb_nd),
	{}
};

static struct kunit_suite lb_neigh_suite = {
	.name = "midonet-lb-neigh",
	.suite_init = nbr_suite_init,
	.suite_exit = nbr_suite_exit,
	.init = nbr_init,
	.exit = nbr_exit,
	.test_cases = lb_neigh_cases,
};

kunit_test_suite(lb_neigh_suite);
