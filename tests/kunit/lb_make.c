// SPDX-License-Identifier: GPL-2.0
/*
 * Load balancers, VIPs, pools and members for tests, in words.
 */
#include <linux/inet.h>
#include <linux/module.h>

#include "lb.h"

#define BALANCER	MIDONET_OBJECT_TYPE_LOAD_BALANCER

/**
 * lb_addr() - address of words
 * @t: topology
 * @text: address
 * @addr: address; an IPv4 address is in the first word
 *
 * Return: AF_INET or AF_INET6
 */
u8 lb_addr(struct topo *t, const char *text, struct in6_addr *addr)
{
	memset(addr, 0, sizeof(*addr));
	if (in4_pton(text, -1, addr->s6_addr, -1, NULL))
		return AF_INET;
	KUNIT_ASSERT_TRUE_MSG(t->test,
			      in6_pton(text, -1, addr->s6_addr, -1, NULL), "%s",
			      text);
	return AF_INET6;
}

static void put_ok(struct topo *t, int err)
{
	KUNIT_ASSERT_EQ(t->test, 0, err);
}

static void put_service(struct topo *t, const char *text, u16 port)
{
	struct in6_addr addr;
	u8 family = lb_addr(t, text, &addr);

	put_ok(t, nla_put(t->msg, MIDONET_A_ADDRESS,
			  family == AF_INET ? 4 : 16, &addr));
	put_ok(t, nla_put_u16(t->msg, MIDONET_A_SERVICE_PORT, port));
}

/**
 * lb_balancer() - stage a load balancer
 * @t: topology with an open transaction
 * @verb: &enum mn_verb, new or set
 * @n: its number
 * @router: number of its router, LB_NO_ROUTER for none
 * @up: admin-up
 */
void lb_balancer(struct topo *t, u8 verb, u32 n, u32 router, bool up)
{
	char name[16];

	snprintf(name, sizeof(name), "lb%u", n);
	topo_op(t);
	topo_put_id(t, MIDONET_A_ID, BALANCER, n);
	if (verb == MN_VERB_NEW)
		put_ok(t, nla_put_string(t->msg, MIDONET_A_NAME, name));
	if (router)
		topo_put_id(t, MIDONET_A_ROUTER, MIDONET_OBJECT_TYPE_ROUTER,
			    router);
	else
		put_ok(t, nla_put_u32(t->msg, MIDONET_A_UNSET,
				      MIDONET_A_ROUTER));
	put_ok(t, nla_put_u8(t->msg, MIDONET_A_ADMIN_UP, up));
	topo_stage(t, BALANCER, verb);
}

/**
 * lb_pool() - stage a pool
 * @t: topology with an open transaction
 * @verb: &enum mn_verb, new or set
 * @n: its number
 * @balancer: number of its load balancer
 * @up: admin-up
 */
void lb_pool(struct topo *t, u8 verb, u32 n, u32 balancer, bool up)
{
	char name[16];

	snprintf(name, sizeof(name), "pool%u", n);
	topo_op(t);
	topo_put_id(t, MIDONET_A_ID, MIDONET_OBJECT_TYPE_POOL, n);
	if (verb == MN_VERB_NEW) {
		topo_put_id(t, MIDONET_A_PARENT, BALANCER, balancer);
		put_ok(t, nla_put_string(t->msg, MIDONET_A_NAME, name));
	}
	put_ok(t, nla_put_u8(t->msg, MIDONET_A_ADMIN_UP, up));
	topo_stage(t, MIDONET_OBJECT_TYPE_POOL, verb);
}

/**
 * lb_vip() - stage a VIP
 * @t: topology with an open transaction
 * @verb: &enum mn_verb, new or del
 * @balancer: number of its load balancer
 * @vip: VIP
 */
void lb_vip(struct topo *t, u8 verb, u32 balancer, const struct lb_vip *vip)
{
	topo_op(t);
	topo_put_id(t, MIDONET_A_PARENT, BALANCER, balancer);
	put_service(t, vip->addr, vip->port);
	put_ok(t, nla_put_u8(t->msg, MIDONET_A_PROTO,
			     vip->proto ?: IPPROTO_TCP));
	if (vip->pool)
		topo_put_id(t, MIDONET_A_POOL, MIDONET_OBJECT_TYPE_POOL,
			    vip->pool);
	if (vip->sticky)
		put_ok(t, nla_put_u32(t->msg, MIDONET_A_STICKY, vip->sticky));
	topo_stage(t, MIDONET_OBJECT_TYPE_VIP, verb);
}

/**
 * lb_member() - stage a member
 * @t: topology with an open transaction
 * @verb: &enum mn_verb, new or del
 * @pool: number of its pool
 * @m: member
 */
void lb_member(struct topo *t, u8 verb, u32 pool, const struct lb_member *m)
{
	topo_op(t);
	topo_put_id(t, MIDONET_A_PARENT, MIDONET_OBJECT_TYPE_POOL, pool);
	put_service(t, m->addr, m->port);
	if (m->weight)
		put_ok(t, nla_put_u32(t->msg, MIDONET_A_WEIGHT,
				      m->weight == LB_WEIGHT_0 ? 0 : m->weight));
	if (m->admin_down)
		put_ok(t, nla_put_u8(t->msg, MIDONET_A_ADMIN_UP, 0));
	topo_stage(t, MIDONET_OBJECT_TYPE_POOL_MEMBER, verb);
}

/**
 * lb_committed() - commit what was staged
 * @t: topology
 */
void lb_committed(struct topo *t)
{
	int err = topo_commit(t, false);

	KUNIT_ASSERT_EQ_MSG(t->test, 0, err, "%s", t->error);
}

/**
 * lb_do_vip() - make or remove a VIP
 * @t: topology
 * @verb: &enum mn_verb, new or del
 * @vip: VIP
 */
void lb_do_vip(struct topo *t, u8 verb, const struct lb_vip *vip)
{
	topo_begin(t);
	lb_vip(t, verb, LB, vip);
	lb_committed(t);
}

/**
 * lb_do_member() - make or remove a member
 * @t: topology
 * @verb: &enum mn_verb, new or del
 * @m: member
 */
void lb_do_member(struct topo *t, u8 verb, const struct lb_member *m)
{
	topo_begin(t);
	lb_member(t, verb, POOL, m);
	lb_committed(t);
}

/**
 * lb_change_member() - change a member
 * @t: topology
 * @m: how it is to be
 */
void lb_change_member(struct topo *t, const struct lb_member *m)
{
	topo_begin(t);
	lb_member(t, MN_VERB_DEL, POOL, m);
	lb_member(t, MN_VERB_NEW, POOL, m);
	lb_committed(t);
}

/**
 * lb_make() - make a load balancer of router 1 with a pool
 * @t: topology
 */
void lb_make(struct topo *t)
{
	topo_begin(t);
	lb_balancer(t, MN_VERB_NEW, LB, 1, true);
	lb_pool(t, MN_VERB_NEW, POOL, LB, true);
	lb_committed(t);
}

/**
 * lb_find() - a member that is there now
 * @t: topology
 * @m: member
 *
 * Return: member of any pool of the load balancer, or NULL
 */
struct mn_pool_member *lb_find(struct topo *t, const struct lb_member *m)
{
	struct mn_service at = {
		.balancer = topo_obj(t, BALANCER, LB)->index,
		.port = htons(m->port),
	};
	struct mn_pool_member *found;

	at.family = lb_addr(t, m->addr, &at.addr);
	mutex_lock(&t->mn->lock);
	found = mn_pool_member_end(t->mn, &at);
	mutex_unlock(&t->mn->lock);
	return found;
}

/**
 * lb_health() - say how a member is
 * @t: topology
 * @m: member
 * @health: &enum midonet_health
 */
void lb_health(struct topo *t, const struct lb_member *m, u8 health)
{
	struct mn_pool_member *found = lb_find(t, m);

	KUNIT_ASSERT_NOT_NULL(t->test, found);
	mutex_lock(&t->mn->lock);
	mn_balance_set_health(t->mn, found, health);
	mutex_unlock(&t->mn->lock);
}

static bool own_caches;

/**
 * lb_suite_init() - the caches, if the module has not made them yet
 * @suite: suite
 */
int lb_suite_init(struct kunit_suite *suite)
{
	int err = rt_suite_init(suite);

	own_caches = THIS_MODULE->state == MODULE_STATE_COMING;
	return err ?: (own_caches ? mn_sticky_caches_create() : 0);
}

/**
 * lb_suite_exit() - undo lb_suite_init()
 * @suite: suite
 */
void lb_suite_exit(struct kunit_suite *suite)
{
	if (own_caches) {
		rcu_barrier();
		mn_sticky_caches_destroy();
	}
	rt_suite_exit(suite);
}
