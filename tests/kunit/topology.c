// SPDX-License-Identifier: GPL-2.0
/*
 * Objects for tests. They are made as a socket would make them, from attributes
 * and in transactions, but in a namespace state of the test's own.
 */
#include <linux/inet.h>
#include <linux/random.h>
#include <linux/slab.h>

#include "balance/balance.h"
#include "l2/dhcp.h"
#include "l2/fdb.h"
#include "l3/neigh.h"
#include "l3/route.h"
#include "overlay/overlay.h"
#include "policy/set.h"
#include "port/port.h"
#include "sim/dep.h"
#include "state/nat_block.h"
#include "topology.h"

#define TOPO_PORTID	0xfffffff1
#define TOPO_OBJECTS	64

/**
 * topo_id() - id of a test object
 * @type: &enum midonet_object_type
 * @n: its number
 */
struct topo_id topo_id(u8 type, u32 n)
{
	struct topo_id id = { .b = "kunit test" };

	id.b[11] = type;
	memcpy(&id.b[12], &n, sizeof(n));
	return id;
}

/**
 * topo_seed() - seed of a random test, printed
 * @test: test
 */
u32 topo_seed(struct kunit *test)
{
	u32 seed = get_random_u32();

	kunit_info(test, "seed %u\n", seed);
	return seed;
}

/* What objects need of a namespace; suites may run before the module's init. */
static const struct part {
	int (*init)(struct mn_net *mn);
	void (*exit)(struct mn_net *mn);
} parts[] = {
	{ mn_ports_init, mn_ports_exit },
	{ mn_objects_init, mn_objects_exit },
	{ mn_deps_init, mn_deps_exit },
	{ mn_static_macs_init, mn_static_macs_exit },
	{ mn_neighs_init, mn_neighs_exit },
	{ mn_routes_init, mn_routes_exit },
	{ mn_sets_init, mn_sets_exit },
	{ mn_nat_blocks_init, mn_nat_blocks_exit },
	{ mn_balance_init, mn_balance_exit },
	{ mn_dhcps_init, mn_dhcps_exit },
	{ mn_overlay_init, mn_overlay_exit },
};

static void exit_parts(struct mn_net *mn, int n)
{
	while (n--)
		parts[n].exit(mn);
	mutex_destroy(&mn->lock);
	kvfree(mn);
}

/**
 * topo_init() - begin
 * @t: topology
 * @test: test
 *
 * Return: 0 or a negative error
 */
int topo_init(struct topo *t, struct kunit *test)
{
	struct mn_net *mn = kvzalloc(sizeof(*mn), GFP_KERNEL);
	unsigned int *limit;
	int i, err;

	memset(t, 0, sizeof(*t));
	t->test = test;
	if (!mn)
		return -ENOMEM;
	mn->net = &init_net;
	mutex_init(&mn->lock);
	spin_lock_init(&mn->txn_lock);
	INIT_LIST_HEAD(&mn->txns);
	INIT_LIST_HEAD(&mn->errmsgs);
	spin_lock_init(&mn->errmsg_lock);
	get_random_bytes(&mn->seed, sizeof(mn->seed));
	limit = (unsigned int *)&mn->limits;
	for (i = 0; i < sizeof(mn->limits) / sizeof(*limit); i++)
		limit[i] = 1 << 20;
	for (i = 0; i < ARRAY_SIZE(parts); i++) {
		err = parts[i].init(mn);
		if (err) {
			exit_parts(mn, i);
			return err;
		}
	}
	t->mn = mn;
	return 0;
}

static void forget_txn(struct topo *t)
{
	kfree_skb(t->msg);
	t->msg = NULL;
	if (!t->txn)
		return;
	mn_txn_put(t->txn);
	t->txn = NULL;
}

/**
 * topo_exit() - end
 * @t: topology
 */
void topo_exit(struct topo *t)
{
	if (!t->mn)
		return;
	forget_txn(t);
	mn_txn_clear(t->mn);
	flush_work(&t->mn->grave_work);
	KUNIT_EXPECT_EQ(t->test, 0U, t->mn->n_rules);
	KUNIT_EXPECT_EQ(t->test, 0U, t->mn->n_misplaced);
	KUNIT_EXPECT_EQ(t->test, 0U, t->mn->n_members);
	KUNIT_EXPECT_EQ(t->test, 0U, t->mn->n_routes);
	exit_parts(t->mn, ARRAY_SIZE(parts));
	t->mn = NULL;
}

/**
 * topo_begin() - open a transaction
 * @t: topology
 */
void topo_begin(struct topo *t)
{
	struct nlattr *tb[MIDONET_TXN_MAX + 1] = {};

	KUNIT_ASSERT_EQ(t->test, 0, mn_txn_begin(t->mn, TOPO_PORTID, tb, NULL));
	t->txn = mn_txn_take(t->mn, TOPO_PORTID);
	KUNIT_ASSERT_NOT_NULL(t->test, t->txn);
}

/**
 * topo_op() - begin a message
 * @t: topology with an open transaction
 *
 * Return: where its attributes go
 */
struct sk_buff *topo_op(struct topo *t)
{
	t->msg = alloc_skb(32768, GFP_KERNEL);
	KUNIT_ASSERT_NOT_NULL(t->test, t->msg);
	return t->msg;
}

/**
 * topo_stage() - stage the message
 * @t: topology
 * @type: &enum midonet_object_type
 * @verb: &enum mn_verb
 */
void topo_stage(struct topo *t, u8 type, u8 verb)
{
	int err = mn_txn_stage(t->txn, type, verb, (void *)t->msg->data,
			       t->msg->len, NULL);

	kfree_skb(t->msg);
	t->msg = NULL;
	KUNIT_ASSERT_EQ(t->test, 0, err);
}

/**
 * topo_commit() - commit what was staged
 * @t: topology
 * @dry_run: judge only
 *
 * Return: as mn_txn_commit(); the sentence is in @t->error
 */
int topo_commit(struct topo *t, bool dry_run)
{
	struct mn_net *mn = t->txn->mn;
	struct netlink_ext_ack extack = {};
	struct mn_errmsg msg;
	int err;

	mn_errmsg_add(mn, &msg);
	err = mn_txn_commit(t->txn, dry_run, &extack, &t->result);
	mn_txn_put(t->txn);
	t->txn = NULL;
	strscpy(t->error, extack._msg ?: "", sizeof(t->error));
	mn_errmsg_del(mn, &msg);
	return err;
}

/**
 * topo_addr() - address of words
 * @t: topology
 * @text: address, maybe with a length behind it
 * @addr: address; an IPv4 address is in the first word
 *
 * Return: AF_INET or AF_INET6
 */
u8 topo_addr(struct topo *t, const char *text, struct in6_addr *addr)
{
	memset(addr, 0, sizeof(*addr));
	if (in4_pton(text, -1, addr->s6_addr, '/', NULL))
		return AF_INET;
	KUNIT_ASSERT_TRUE_MSG(t->test,
			      in6_pton(text, -1, addr->s6_addr, '/', NULL),
			      "%s", text);
	return AF_INET6;
}

/**
 * topo_put_addr() - put an address
 * @t: topology, in a message
 * @attr: attribute
 * @text: address
 */
void topo_put_addr(struct topo *t, int attr, const char *text)
{
	struct in6_addr addr;
	u8 family = topo_addr(t, text, &addr);

	KUNIT_ASSERT_EQ(t->test, 0,
			nla_put(t->msg, attr, mn_addr_len(family), &addr));
}

/**
 * topo_put_prefix() - put a prefix
 * @t: topology, in a message
 * @attr: attribute
 * @text: address and length
 */
void topo_put_prefix(struct topo *t, int attr, const char *text)
{
	const char *len = strchr(text, '/');
	struct in6_addr addr;
	u8 family = topo_addr(t, text, &addr), plen;

	KUNIT_ASSERT_NOT_NULL(t->test, len);
	KUNIT_ASSERT_EQ(t->test, 0, kstrtou8(len + 1, 10, &plen));
	KUNIT_ASSERT_EQ(t->test, 0,
			mn_nl_put_prefix(t->msg, attr, family, plen, &addr));
}

/**
 * topo_put_id() - put the id of a test object
 * @t: topology, in a message
 * @attr: attribute
 * @type: &enum midonet_object_type
 * @n: its number
 */
void topo_put_id(struct topo *t, int attr, u8 type, u32 n)
{
	struct topo_id id = topo_id(type, n);

	KUNIT_ASSERT_EQ(t->test, 0,
			nla_put(t->msg, attr, sizeof(id.b), id.b));
}

/**
 * topo_new() - stage a new object with a name and nothing else
 * @t: topology
 * @type: &enum midonet_object_type
 * @n: its number
 * @name: its name
 */
void topo_new(struct topo *t, u8 type, u32 n, const char *name)
{
	topo_op(t);
	topo_put_id(t, MIDONET_A_ID, type, n);
	KUNIT_ASSERT_EQ(t->test, 0,
			nla_put_string(t->msg, MIDONET_A_NAME, name));
	topo_stage(t, type, MN_VERB_NEW);
}

/**
 * topo_del() - stage the removal of an object
 * @t: topology
 * @type: &enum midonet_object_type
 * @n: its number
 */
void topo_del(struct topo *t, u8 type, u32 n)
{
	topo_op(t);
	topo_put_id(t, MIDONET_A_ID, type, n);
	topo_stage(t, type, MN_VERB_DEL);
}

static struct mn_obj *find(struct topo *t, u8 type, u32 n)
{
	struct topo_id id = topo_id(type, n);
	struct mn_obj *obj;

	mutex_lock(&t->mn->lock);
	obj = mn_obj_find(t->mn, id.b, type);
	mutex_unlock(&t->mn->lock);
	return obj;
}

/**
 * topo_obj() - a test object
 * @t: topology
 * @type: &enum midonet_object_type
 * @n: its number
 *
 * Return: the object, it stays until the test removes it
 */
struct mn_obj *topo_obj(struct topo *t, u8 type, u32 n)
{
	struct mn_obj *obj = find(t, type, n);

	KUNIT_ASSERT_NOT_NULL(t->test, obj);
	return obj;
}

/**
 * topo_clear() - remove all test objects with numbers below TOPO_OBJECTS
 * @t: topology
 */
void topo_clear(struct topo *t)
{
	u32 type, n;

	topo_begin(t);
	for (type = 1; type < __MIDONET_OBJECT_TYPE_COUNT; type++) {
		/* What another object contains goes with it. */
		if (!mn_types[type] || mn_types[type]->parents)
			continue;
		for (n = 0; n < TOPO_OBJECTS; n++) {
			if (find(t, type, n))
				topo_del(t, type, n);
		}
	}
	KUNIT_EXPECT_EQ_MSG(t->test, 0, topo_commit(t, false), "%s", t->error);
}
