// SPDX-License-Identifier: GPL-2.0
/*
 * A load balancer, and what it is asked, for tests.
 */
#include <linux/bottom_half.h>
#include <net/ipv6.h>

#include "lb_ask.h"
#include "sim/trace.h"

const struct lb_vip lb_web = { "10.0.0.100", 80, .pool = POOL };
const struct lb_vip lb_web_sticky = {
	"10.0.0.100", 80, .pool = POOL, .sticky = 60
};

const struct lb_member lb_members[LB_MEMBERS] = {
	{ "10.0.1.1", 8080 }, { "10.0.1.2", 8080 }, { "10.0.1.3", 8080 },
	{ "10.0.1.3", 8081 },
};

/* What a walk has. */
void lb_enter(void)
	__acquires(RCU)
{
	local_bh_disable();
	rcu_read_lock();
}

void lb_leave(void)
	__releases(RCU)
{
	rcu_read_unlock();
	local_bh_enable();
}

/**
 * lb_version() - a router as the walk sees it
 * @rt: test
 * @router: router
 */
const struct mn_router_ver *lb_version(struct rt *rt,
				       const struct mn_router *router)
{
	return mn_router_ver(mn_ver_at(&router->obj, rt->ctx->generation));
}

/**
 * lb_ask_begin() - set the walk up for a packet to a VIP
 * @rt: test
 * @src: client, if the VIP is one of IPv4
 * @sport: its port
 * @vip: VIP
 */
void lb_ask_begin(struct rt *rt, u32 src, u16 sport, const struct lb_vip *vip)
{
	char text[16] = "fd00::2";
	struct rt_packet p = {
		.src = text,
		.dst = vip->addr,
		.sport = sport,
		.dport = vip->port,
		.proto = vip->proto ?: IPPROTO_TCP,
	};
	__be32 v4 = htonl(src);

	if (!strchr(vip->addr, ':'))
		snprintf(text, sizeof(text), "%pI4", &v4);
	rt_begin(rt, &p);
}

static void tuple_of(const struct mn_flow_key *key, struct mn_tuple *t)
{
	memset(t, 0, sizeof(*t));
	t->family = AF_INET;
	t->proto = key->proto;
	t->src.s6_addr32[0] = key->v4.src;
	t->dst.s6_addr32[0] = key->v4.dst;
	t->sport = key->tp_src;
	t->dport = key->tp_dst;
}

static void answer_of(struct rt *rt, int member, const struct mn_tuple *t,
		      struct mn_tuple *now)
{
	const struct lb_member *m = &lb_members[member];

	*now = *t;
	now->dst = t->src;
	now->dport = t->sport;
	now->family = rt_addr(rt, m->addr, &now->src);
	now->sport = htons(m->port);
}

static int number_of(struct rt *rt, const struct mn_balance_choice *choice)
{
	struct in6_addr addr;
	int i;

	for (i = 0; i < LB_MEMBERS; i++) {
		rt_addr(rt, lb_members[i].addr, &addr);
		if (ipv6_addr_equal(&addr, &choice->addr) &&
		    choice->port == htons(lb_members[i].port))
			return i;
	}
	KUNIT_FAIL(rt->topo.test, "a member nobody made");
	return -1;
}

/* &enum mn_balance_result of the last question. */
int lb_result;

/**
 * lb_ask() - ask the load balancer about a packet to lb_web
 * @rt: test
 * @a: packet
 *
 * Return: number of the member in lb_members, -1 for another result than that
 */
int lb_ask(struct rt *rt, const struct lb_ask *a)
{
	const struct mn_router *router = rt_router(rt);
	/* Where it came from: only its index matters. */
	static struct mn_port in;
	struct mn_balance_choice choice;
	struct mn_tuple t, now;

	lb_ask_begin(rt, a->src, a->sport, &lb_web);
	tuple_of(&rt->ctx->key, &t);
	if (a->now >= 0)
		answer_of(rt, a->now, &t, &now);
	rt->ctx->in = &in;
	rt->ctx->live = !a->trace;
	rt->ctx->trace = a->trace;
	lb_enter();
	lb_result = mn_balance(rt->ctx, router, lb_version(rt, router), &t,
			       a->now >= 0 ? &now : NULL, a->keep, &choice);
	if (a->sent && lb_result == MN_BALANCE_MEMBER)
		mn_balance_sent(rt->ctx, &choice);
	lb_leave();
	rt->ctx->trace = NULL;
	return lb_result == MN_BALANCE_MEMBER ? number_of(rt, &choice) : -1;
}

/**
 * lb_ask_new() - the same for a new connection
 * @rt: test
 * @src: client
 * @sport: its port
 */
int lb_ask_new(struct rt *rt, u32 src, u16 sport)
{
	return lb_ask(rt, &(struct lb_ask){ src, sport, -1 });
}

/**
 * lb_make_all() - make a load balancer with a VIP and four members
 * @rt: test
 * @vip: VIP
 */
void lb_make_all(struct rt *rt, const struct lb_vip *vip)
{
	int i;

	lb_make(&rt->topo);
	lb_do_vip(&rt->topo, MN_VERB_NEW, vip);
	for (i = 0; i < LB_MEMBERS; i++)
		lb_do_member(&rt->topo, MN_VERB_NEW, &lb_members[i]);
}
