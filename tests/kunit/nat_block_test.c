// SPDX-License-Identifier: GPL-2.0
/*
 * Blocks of ports for snat: what is refused, what snat may use, listing them.
 */
#include <kunit/test.h>
#include <linux/slab.h>
#include <net/genetlink.h>

#include "config/dump.h"
#include "conn.h"
#include "l3/router.h"
#include "state/nat_block.h"
#include "topology.h"

#define BLOCK	MIDONET_OBJECT_TYPE_NAT_BLOCK

struct block {
	const char *addr;
	u16 first;
	u32 count;	/* 0: not said */
	u32 router;
};

static void stage(struct topo *t, u8 verb, const struct block *b)
{
	topo_op(t);
	topo_put_id(t, MIDONET_A_PARENT, ROUTER, b->router);
	if (b->addr)
		topo_put_addr(t, MIDONET_A_ADDRESS, b->addr);
	nla_put_u16(t->msg, MIDONET_A_FIRST_PORT, b->first);
	if (b->count)
		nla_put_u32(t->msg, MIDONET_A_COUNT, b->count);
	topo_stage(t, BLOCK, verb);
}

static int change(struct topo *t, u8 verb, const struct block *b)
{
	topo_begin(t);
	stage(t, verb, b);
	return topo_commit(t, false);
}

static const struct {
	struct block b;
	int err;
	const char *words;
} blocks[] = {
	{ { "192.0.2.1", 1024 }, 0 },
	{ { "192.0.2.1", 1024 }, -EEXIST,
	  "router r0: nat-block 192.0.2.1 port 1024 overlaps the one of ports 1024 to " },
	{ { "192.0.2.1", 1087, 1 }, -EEXIST, "overlaps the one of ports 1024 to 1087" },
	{ { "192.0.2.1", 1088, 1 }, 0 },
	{ { "192.0.2.1", 1000, 24 }, 0 },
	{ { "192.0.2.1", 1, 65535 }, -EEXIST, "overlaps" },
	{ { "192.0.2.1", 1024, 64, 1 }, 0 },
	{ { "192.0.2.2", 1, 65535 }, 0 },
	{ { "192.0.2.3", 1, 65536 }, -EINVAL,
	  "router r0: nat-block 192.0.2.3 port 1 ends at port 65535 at the latest" },
	{ { "192.0.2.3", 65535 }, -EINVAL, "ends at port 65535 at the latest" },
	{ { "192.0.2.3", 65535, 1 }, 0 },
	{ { "192.0.2.3", 2, U32_MAX }, -EINVAL, "ends at port 65535 at the latest" },
	{ { "192.0.2.3", 0, 10 }, -EINVAL, "port 0" },
	{ { "2001:db8::1", 1024 }, 0 },
	{ { "2001:db8::1", 1030 }, -EEXIST,
	  "router r0: nat-block 2001:db8::1 port 1030 overlaps the one of ports 1024 to 1087" },
	{ { "224.0.0.1", 1024 }, -EINVAL,
	  "router r0: a nat-block's address is one unicast IPv4 or IPv6 address" },
	{ { "0.0.0.0", 1024 }, -EINVAL, "one unicast" },
	{ { "127.0.0.1", 1024 }, -EINVAL, "one unicast" },
	{ { "::1", 1024 }, -EINVAL, "one unicast" },
	{ { "ff02::1", 1024 }, -EINVAL, "one unicast" },
	{ { NULL, 1024 }, -EINVAL,
	  "a nat-block needs parent (its router), address and first-port" },
	{ { "192.0.2.1", 1024, 64, 7 }, -ENOENT, "no router with id" },
};

static void block_words(struct kunit *test)
{
	struct topo *t = test->priv;
	int i, err;

	for (i = 0; i < ARRAY_SIZE(blocks); i++) {
		err = change(t, MN_VERB_NEW, &blocks[i].b);
		KUNIT_EXPECT_EQ_MSG(test, blocks[i].err, err, "%d: %s", i,
				    t->error);
		if (!err)
			continue;
		KUNIT_EXPECT_NOT_NULL_MSG(test, strstr(t->error, blocks[i].words),
					  "\"%s\" has no \"%s\"", t->error,
					  blocks[i].words);
	}
	KUNIT_EXPECT_EQ(test, -ENOENT, change(t, MN_VERB_DEL, &(struct block){
			"192.0.2.1", 1025 }));
	KUNIT_EXPECT_STREQ(test, t->error,
			   "router r0: nat-block 192.0.2.1 port 1025 does not exist");
	KUNIT_EXPECT_EQ(test, 0, change(t, MN_VERB_DEL, &blocks[0].b));
	KUNIT_EXPECT_EQ(test, -ENOENT, change(t, MN_VERB_DEL, &blocks[0].b));
}

/* The ranges as text: sorted by chance, they are as they were made. */
static void expect_ports(struct topo *t, const char *addr, u16 first, u16 last,
			 u64 generation, const char *want)
{
	struct mn_port_range *r = kunit_kcalloc(t->test, MN_PORT_RANGES,
						sizeof(*r), GFP_KERNEL);
	struct mn_router *router = mn_router_of(topo_obj(t, ROUTER, 0));
	struct in6_addr a;
	u8 family = topo_addr(t, addr, &a);
	char got[128] = "";
	u32 i, j, n;

	KUNIT_ASSERT_NOT_NULL(t->test, r);
	rcu_read_lock();
	n = mn_nat_ports(t->mn, router, family, &a, first, last, generation, r);
	rcu_read_unlock();
	KUNIT_ASSERT_LE(t->test, n, (u32)MN_PORT_RANGES);
	for (i = 0; i < n; i++) {
		for (j = i + 1; j < n; j++) {
			if (r[j].first < r[i].first)
				swap(r[i], r[j]);
		}
		snprintf(got + strlen(got), sizeof(got) - strlen(got),
			 "%u+%u ", r[i].first, r[i].n);
	}
	KUNIT_EXPECT_STREQ(t->test, want, got);
}

static void block_ports(struct kunit *test)
{
	struct topo *t = test->priv;
	u64 before;

	before = t->mn->generation;
	expect_ports(t, "192.0.2.1", 1, 65535, before, "1+65535 ");
	expect_ports(t, "192.0.2.1", 80, 80, before, "80+1 ");
	topo_begin(t);
	stage(t, MN_VERB_NEW, &(struct block){ "192.0.2.1", 1024 });
	stage(t, MN_VERB_NEW, &(struct block){ "192.0.2.1", 2048, 100 });
	stage(t, MN_VERB_NEW, &(struct block){ "192.0.2.1", 9, 1, 1 });
	KUNIT_ASSERT_EQ(test, 0, topo_commit(t, false));
	expect_ports(t, "192.0.2.1", 1, 65535, t->mn->generation,
		     "1024+64 2048+100 ");
	expect_ports(t, "192.0.2.1", 1030, 2048, t->mn->generation,
		     "1030+58 2048+1 ");
	expect_ports(t, "192.0.2.1", 1087, 2047, t->mn->generation, "1087+1 ");
	expect_ports(t, "192.0.2.1", 1, 1023, t->mn->generation, "");
	expect_ports(t, "192.0.2.2", 5, 6, t->mn->generation, "5+2 ");
	expect_ports(t, "2001:db8::1", 5, 6, t->mn->generation, "5+2 ");
	/* A walk of the generation before knows of none. */
	expect_ports(t, "192.0.2.1", 5, 6, before, "5+2 ");
	before = t->mn->generation;
	KUNIT_ASSERT_EQ(test, 0, change(t, MN_VERB_DEL, &(struct block){
			"192.0.2.1", 1024 }));
	expect_ports(t, "192.0.2.1", 1, 65535, t->mn->generation, "2048+100 ");

	/* Taken away and given back in one go. */
	topo_begin(t);
	stage(t, MN_VERB_DEL, &(struct block){ "192.0.2.1", 2048 });
	stage(t, MN_VERB_NEW, &(struct block){ "192.0.2.1", 2050, 2 });
	stage(t, MN_VERB_NEW, &(struct block){ "192.0.2.1", 4000, 2 });
	stage(t, MN_VERB_DEL, &(struct block){ "192.0.2.1", 4000 });
	KUNIT_ASSERT_EQ(test, 0, topo_commit(t, false));
	expect_ports(t, "192.0.2.1", 1, 65535, t->mn->generation, "2050+2 ");
}

/* With more than are looked at, all of them are found in the long run. */
static void block_many(struct kunit *test)
{
	static struct mn_port_range r[MN_PORT_RANGES];
	struct topo *t = test->priv;
	struct mn_router *router = mn_router_of(topo_obj(t, ROUTER, 0));
	DECLARE_BITMAP(seen, MN_NAT_BLOCKS) = {};
	struct in6_addr addr;
	u32 i, j, n;

	topo_addr(t, "192.0.2.1", &addr);
	topo_begin(t);
	for (i = 0; i < MN_NAT_BLOCKS; i++)
		stage(t, MN_VERB_NEW, &(struct block){ "192.0.2.1", 2 + 2 * i, 1 });
	KUNIT_ASSERT_EQ(test, 0, topo_commit(t, false));
	KUNIT_EXPECT_EQ(test, -ENOSPC, change(t, MN_VERB_NEW, &(struct block){
			"192.0.2.1", 60000, 1 }));
	KUNIT_EXPECT_EQ(test, 0, change(t, MN_VERB_NEW, &(struct block){
			"192.0.2.2", 60000, 1 }));
	for (i = 0; i < 500; i++) {
		rcu_read_lock();
		n = mn_nat_ports(t->mn, router, AF_INET, &addr, 1, 65535,
				 t->mn->generation, r);
		rcu_read_unlock();
		KUNIT_ASSERT_EQ(test, (u32)MN_PORT_RANGES, n);
		for (j = 0; j < n; j++) {
			KUNIT_ASSERT_EQ(test, 1U, r[j].n);
			KUNIT_ASSERT_LT(test, (u32)r[j].first / 2 - 1,
					(u32)MN_NAT_BLOCKS);
			set_bit(r[j].first / 2 - 1, seen);
		}
	}
	/* 500 times one of 16: that one was never chosen does not happen. */
	KUNIT_EXPECT_TRUE(test, bitmap_full(seen, MN_NAT_BLOCKS));
}

/* What a listing says, added up. */
struct sums {
	u32 n;
	u32 first;
	u32 count;
	u32 used;
};

static void add_messages(struct kunit *test, struct sk_buff *skb,
			 struct sums *sums)
{
	struct nlattr *tb[MIDONET_A_MAX + 1];
	const struct nlmsghdr *nlh;
	int rem = skb->len;

	for (nlh = (void *)skb->data; nlmsg_ok(nlh, rem);
	     nlh = nlmsg_next(nlh, &rem)) {
		KUNIT_ASSERT_EQ(test, 0,
				nlmsg_parse_deprecated(nlh, GENL_HDRLEN, tb,
						       MIDONET_A_MAX, NULL,
						       NULL));
		KUNIT_ASSERT_NOT_NULL(test, tb[MIDONET_A_PARENT]);
		KUNIT_ASSERT_NOT_NULL(test, tb[MIDONET_A_ADDRESS]);
		KUNIT_ASSERT_NOT_NULL(test, tb[MIDONET_A_FIRST_PORT]);
		KUNIT_ASSERT_NOT_NULL(test, tb[MIDONET_A_COUNT]);
		KUNIT_ASSERT_NOT_NULL(test, tb[MIDONET_A_USED]);
		sums->n++;
		sums->first += nla_get_u16(tb[MIDONET_A_FIRST_PORT]);
		sums->count += nla_get_u32(tb[MIDONET_A_COUNT]);
		sums->used += nla_get_u32(tb[MIDONET_A_USED]);
	}
}

/* In messages of a few blocks each. */
static struct sums list_all(struct kunit *test, struct topo *t)
{
	struct sk_buff *request = nlmsg_new(64, GFP_KERNEL);
	struct sk_buff *skb = alloc_skb(400, GFP_KERNEL);
	struct netlink_callback cb = { .skb = request };
	struct mn_dump *cur = (struct mn_dump *)cb.ctx;
	struct sums sums = {};
	int err;

	KUNIT_ASSERT_NOT_NULL(test, request);
	KUNIT_ASSERT_NOT_NULL(test, skb);
	cb.nlh = nlmsg_put(request, 1, 1, mn_family.id, GENL_HDRLEN, 0);
	cur->cmd = MIDONET_CMD_NAT_BLOCK_GET;
	do {
		skb_trim(skb, 0);
		cur->cb = &cb;
		rcu_read_lock();
		cb.seq = mn_net_generation(t->mn) + 1;
		err = mn_nat_block_type.dump(t->mn, skb, cur);
		rcu_read_unlock();
		add_messages(test, skb, &sums);
	} while (err == -EMSGSIZE && skb->len);
	KUNIT_EXPECT_EQ(test, 0, err);
	kfree_skb(skb);
	kfree_skb(request);
	return sums;
}

static void block_dump(struct kunit *test)
{
	struct topo *t = test->priv;
	struct sums sums;
	u32 i, sum = 0;

	KUNIT_EXPECT_EQ(test, 0U, list_all(test, t).n);
	topo_begin(t);
	for (i = 1; i < 100; i += 3) {
		stage(t, MN_VERB_NEW, &(struct block){ "192.0.2.1", i, 3, i % 2 });
		sum += i;
	}
	KUNIT_ASSERT_EQ(test, 0, topo_commit(t, false));
	sums = list_all(test, t);
	KUNIT_EXPECT_EQ(test, 33U, sums.n);
	KUNIT_EXPECT_EQ(test, 99U, sums.count);
	KUNIT_EXPECT_EQ(test, sum, sums.first);
	KUNIT_EXPECT_EQ(test, 0U, sums.used);
	KUNIT_ASSERT_EQ(test, 0, change(t, MN_VERB_DEL, &(struct block){
			"192.0.2.1", 49, 0, 1 }));
	KUNIT_EXPECT_EQ(test, sum - 49, list_all(test, t).first);
}

/* Blocks go with their router, and come with it only. */
static void block_router(struct kunit *test)
{
	struct topo *t = test->priv;

	KUNIT_ASSERT_EQ(test, 0, change(t, MN_VERB_NEW, &(struct block){
			"192.0.2.1", 1024, 3, 1 }));
	topo_begin(t);
	stage(t, MN_VERB_NEW, &(struct block){ "192.0.2.1", 2048, 3, 1 });
	topo_del(t, ROUTER, 1);
	KUNIT_ASSERT_EQ(test, 0, topo_commit(t, false));
	KUNIT_EXPECT_EQ(test, 0U, list_all(test, t).n);
	flush_work(&t->mn->grave_work);
	KUNIT_EXPECT_EQ(test, 0, atomic_read(&t->mn->nat_blocks.ht.nelems));
	topo_begin(t);
	topo_del(t, ROUTER, 0);
	stage(t, MN_VERB_NEW, &(struct block){ "192.0.2.1", 2048, 3 });
	KUNIT_EXPECT_EQ(test, -ENOENT, topo_commit(t, false));
	KUNIT_EXPECT_STREQ(test, "a new nat-block: its router r0 is removed",
			   t->error);
	flush_work(&t->mn->grave_work);
	KUNIT_EXPECT_EQ(test, 0, atomic_read(&t->mn->nat_blocks.ht.nelems));
}

static int block_init(struct kunit *test)
{
	struct topo *t = kunit_kzalloc(test, sizeof(*t), GFP_KERNEL);
	int err;

	test->priv = t;
	err = t ? topo_init(t, test) : -ENOMEM;
	if (err)
		return err;
	topo_begin(t);
	topo_new(t, ROUTER, 0, "r0");
	topo_new(t, ROUTER, 1, "r1");
	return topo_commit(t, false);
}

static void block_exit(struct kunit *test)
{
	if (test->priv)
		topo_exit(test->priv);
}

static struct kunit_case block_cases[] = {
	KUNIT_CASE(block_words),
	KUNIT_CASE(block_ports),
	KUNIT_CASE(block_many),
	KUNIT_CASE(block_dump),
	KUNIT_CASE(block_router),
	{}
};

static struct kunit_suite block_suite = {
	.name = "midonet-nat-block",
	.init = block_init,
	.exit = block_exit,
	.test_cases = block_cases,
};

/* Ports in use. */

static u32 used(struct kunit *test, struct conns *f)
{
	mn_nat_block_type.dump_start(f->topo.mn);
	return list_all(test, &f->topo).used;
}

/* Connections of the fixture are translated to 192.0.2.1. */
static void block_used(struct kunit *test)
{
	struct conns *f = test->priv;
	struct topo *t = &f->topo;
	struct conn_like like = { .in_router = true };
	struct mn_conn *first;

	first = conns_add(f, &(struct conn_like){
			  .in_router = true, .snat = 1024 });
	KUNIT_EXPECT_EQ(test, 0U, used(test, f));
	topo_begin(t);
	stage(t, MN_VERB_NEW, &(struct block){ "192.0.2.1", 1024, 64, 1 });
	stage(t, MN_VERB_NEW, &(struct block){ "192.0.2.1", 1100, 5, 1 });
	stage(t, MN_VERB_NEW, &(struct block){ "10.0.0.1", 1000, 5, 1 });
	KUNIT_ASSERT_EQ_MSG(test, 0, topo_commit(t, false), "%s", t->error);
	KUNIT_EXPECT_EQ(test, 1U, used(test, f));
	/* The same port, for another destination. */
	like.n = 1;
	like.snat = 1024;
	conns_add(f, &like);
	KUNIT_EXPECT_EQ(test, 1U, used(test, f));
	for (like.snat = 1086; like.snat <= 1101; like.snat++) {
		like.n++;
		conns_add(f, &like);
	}
	KUNIT_EXPECT_EQ(test, 5U, used(test, f));
	/* Neither those of other devices nor what is not translated. */
	conns_add(f, &(struct conn_like){ .n = 30, .snat = 1030 });
	conns_add(f, &(struct conn_like){ .n = 31, .in_router = true });
	KUNIT_EXPECT_EQ(test, 5U, used(test, f));
	like.n = 40;
	like.proto = IPPROTO_ICMP;
	like.snat = 1050;
	conns_add(f, &like);
	KUNIT_EXPECT_EQ(test, 6U, used(test, f));
	KUNIT_EXPECT_TRUE(test, conns_kill(first));
	KUNIT_EXPECT_EQ(test, 6U, used(test, f));
}

static struct kunit_case used_cases[] = {
	KUNIT_CASE(block_used),
	{}
};

static struct kunit_suite used_suite = {
	.name = "midonet-nat-block-used",
	.suite_init = conns_suite_init,
	.suite_exit = conns_suite_exit,
	.init = conns_init,
	.exit = conns_exit,
	.test_cases = used_cases,
};

kunit_test_suites(&block_suite, &used_suite);
