// SPDX-License-Identifier: GPL-2.0
/*
 * A router with ports and routes, in words.
 */
#include <linux/bottom_half.h>
#include <linux/module.h>
#include <linux/prandom.h>

#include "route_topo.h"
#include "sim/count.h"

#define ROUTER	MIDONET_OBJECT_TYPE_ROUTER
#define PORT	MIDONET_OBJECT_TYPE_PORT

/**
 * rt_addr() - address of words
 * @rt: test
 * @text: address, maybe with a length behind it
 * @addr: address; an IPv4 address is in the first word
 *
 * Return: AF_INET or AF_INET6
 */
u8 rt_addr(struct rt *rt, const char *text, struct in6_addr *addr)
{
	return topo_addr(&rt->topo, text, addr);
}

/**
 * rt_port() - stage a port of the router
 * @rt: test with an open transaction
 * @verb: &enum mn_verb, new or set
 * @n: its number
 * @addresses: its addresses, NULL at the end
 */
void rt_port(struct rt *rt, u8 verb, u32 n, const char *const *addresses)
{
	struct topo *t = &rt->topo;
	char name[16];

	snprintf(name, sizeof(name), "p%u", n);
	topo_op(t);
	topo_put_id(t, MIDONET_A_ID, PORT, n);
	if (verb == MN_VERB_NEW) {
		topo_put_id(t, MIDONET_A_PARENT, ROUTER, RT_ROUTER);
		KUNIT_ASSERT_EQ(t->test, 0,
				nla_put_string(t->msg, MIDONET_A_NAME, name));
	} else if (!*addresses) {
		KUNIT_ASSERT_EQ(t->test, 0,
				nla_put_u32(t->msg, MIDONET_A_UNSET,
					    MIDONET_A_ADDRESSES));
	}
	for (; *addresses; addresses++)
		topo_put_prefix(t, MIDONET_A_ADDRESSES, *addresses);
	topo_stage(t, PORT, verb);
}

/**
 * rt_route() - stage a route of the router
 * @rt: test with an open transaction
 * @verb: &enum mn_verb, new or del
 * @r: route
 */
void rt_route(struct rt *rt, u8 verb, const struct rt_route *r)
{
	struct topo *t = &rt->topo;

	topo_op(t);
	topo_put_id(t, MIDONET_A_PARENT, ROUTER, RT_ROUTER);
	topo_put_prefix(t, MIDONET_A_DST, r->dst);
	if (r->src)
		topo_put_prefix(t, MIDONET_A_SRC, r->src);
	if (r->port)
		topo_put_id(t, MIDONET_A_PORT, PORT, r->port);
	if (r->gateway)
		topo_put_addr(t, MIDONET_A_GATEWAY, r->gateway);
	if (r->metric)
		nla_put_u32(t->msg, MIDONET_A_METRIC, r->metric);
	if (r->kind)
		nla_put_u8(t->msg, MIDONET_A_TYPE, r->kind);
	topo_stage(t, MIDONET_OBJECT_TYPE_ROUTE, verb);
}

/**
 * rt_committed() - commit what was staged
 * @rt: test
 */
void rt_committed(struct rt *rt)
{
	int err = topo_commit(&rt->topo, false);

	KUNIT_ASSERT_EQ_MSG(rt->topo.test, 0, err, "%s", rt->topo.error);
}

/**
 * rt_refused() - expect that what was staged is refused
 * @rt: test
 * @err: error
 * @words: what its sentence has
 */
void rt_refused(struct rt *rt, int err, const char *words)
{
	u64 generation = rt->topo.mn->generation;

	KUNIT_EXPECT_EQ(rt->topo.test, err, topo_commit(&rt->topo, false));
	KUNIT_EXPECT_TRUE_MSG(rt->topo.test, strstr(rt->topo.error, words),
			      "\"%s\" has not \"%s\"", rt->topo.error, words);
	KUNIT_EXPECT_EQ(rt->topo.test, generation, rt->topo.mn->generation);
}

/**
 * rt_do_port() - make a port, and let it be up
 * @rt: test
 * @n: its number
 * @addresses: its addresses, NULL at the end
 */
void rt_do_port(struct rt *rt, u32 n, const char *const *addresses)
{
	topo_begin(&rt->topo);
	rt_port(rt, MN_VERB_NEW, n, addresses);
	rt_committed(rt);
	rt_state(rt, n, MIDONET_PORT_STATE_UP);
}

/**
 * rt_do_route() - make or remove a route
 * @rt: test
 * @verb: &enum mn_verb, new or del
 * @r: route
 */
void rt_do_route(struct rt *rt, u8 verb, const struct rt_route *r)
{
	topo_begin(&rt->topo);
	rt_route(rt, verb, r);
	rt_committed(rt);
}

/**
 * rt_router() - the router
 * @rt: test
 */
struct mn_router *rt_router(struct rt *rt)
{
	return mn_router_of(topo_obj(&rt->topo, ROUTER, RT_ROUTER));
}

/**
 * rt_port_of() - a port of the router
 * @rt: test
 * @n: its number
 */
struct mn_port *rt_port_of(struct rt *rt, u32 n)
{
	return mn_port_of(topo_obj(&rt->topo, PORT, n));
}

/**
 * rt_state() - let a port have a state, as its device would
 * @rt: test
 * @n: its number
 * @state: &enum midonet_port_state
 */
void rt_state(struct rt *rt, u32 n, u8 state)
{
	struct mn_port *port = rt_port_of(rt, n);

	mutex_lock(&rt->topo.mn->lock);
	mn_port_set_state(port, state, NULL);
	mutex_unlock(&rt->topo.mn->lock);
}

/**
 * rt_begin() - set the walk up for a packet
 * @rt: test
 * @p: packet
 */
void rt_begin(struct rt *rt, const struct rt_packet *p)
{
	struct mn_flow_key key = {};
	struct in6_addr src, dst;
	struct mn_pkt pkt = {};
	u8 family;

	family = rt_addr(rt, p->src, &src);
	KUNIT_ASSERT_EQ(rt->topo.test, family, rt_addr(rt, p->dst, &dst));
	key.proto = p->proto ?: IPPROTO_UDP;
	key.tp_src = htons(p->sport);
	key.tp_dst = htons(p->dport);
	key.flags = MN_KEY_L4;
	if (family == AF_INET) {
		key.eth_type = htons(ETH_P_IP);
		key.v4.src = src.s6_addr32[0];
		key.v4.dst = dst.s6_addr32[0];
	} else {
		key.eth_type = htons(ETH_P_IPV6);
		memcpy(&key.v6.src, &src, sizeof(src));
		memcpy(&key.v6.dst, &dst, sizeof(dst));
	}
	mn_ctx_init(rt->ctx, rt->topo.mn, rt->skb, NULL, &key, &pkt);
}

/**
 * rt_find() - the walk asks for its route
 * @rt: test
 *
 * Return: route; the test is alone, so it stays
 */
const struct mn_route *rt_find(struct rt *rt)
{
	struct mn_router *router = rt_router(rt);
	const struct mn_route *r;

	local_bh_disable();
	rcu_read_lock();
	r = mn_route_find(rt->ctx, router);
	rcu_read_unlock();
	local_bh_enable();
	return r;
}

/**
 * rt_look() - the route of a packet
 * @rt: test
 * @src: source
 * @dst: destination
 */
const struct mn_route *rt_look(struct rt *rt, const char *src, const char *dst)
{
	rt_begin(rt, &(struct rt_packet){ .src = src, .dst = dst });
	return rt_find(rt);
}

/**
 * rt_init() - begin a test, with an empty router
 * @test: test
 */
int rt_init(struct kunit *test)
{
	struct rt *rt = kunit_kzalloc(test, sizeof(*rt), GFP_KERNEL);
	int err;

	if (!rt)
		return -ENOMEM;
	test->priv = rt;
	rt->ctx = kunit_kzalloc(test, sizeof(*rt->ctx), GFP_KERNEL);
	rt->skb = alloc_skb(2048, GFP_KERNEL);
	if (!rt->ctx || !rt->skb)
		return -ENOMEM;
	prandom_seed_state(&rt->rnd, 11);
	err = topo_init(&rt->topo, test);
	if (err)
		return err;
	topo_begin(&rt->topo);
	topo_new(&rt->topo, ROUTER, RT_ROUTER, "r0");
	rt_committed(rt);
	return 0;
}

/**
 * rt_exit() - end a test; nothing may be left
 * @test: test
 */
void rt_exit(struct kunit *test)
{
	struct rt *rt = test->priv;

	if (!rt)
		return;
	topo_exit(&rt->topo);
	kfree_skb(rt->skb);
}

/* Some kernels run suites before the module's init, some after it. */
static bool own_caches;

/**
 * rt_suite_init() - the caches, if the module has not made them yet
 * @suite: suite
 */
int rt_suite_init(struct kunit_suite *suite)
{
	own_caches = THIS_MODULE->state == MODULE_STATE_COMING;
	if (!own_caches)
		return 0;
	return mn_count_caches_create() ?: mn_route_caches_create();
}

/**
 * rt_suite_exit() - undo rt_suite_init()
 * @suite: suite
 */
void rt_suite_exit(struct kunit_suite *suite)
{
	if (!own_caches)
		return;
	mn_route_caches_destroy();
	mn_count_caches_destroy();
}
