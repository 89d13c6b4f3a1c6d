// SPDX-License-Identifier: GPL-2.0
/*
 * Rules that translate: what is refused, what a change keeps, what they take, and
 * words about connections.
 */
#include <kunit/test.h>
#include <linux/slab.h>
#include <net/ipv6.h>

#include "policy/chain.h"
#include "policy/match_op.h"
#include "policy/nat_rule.h"
#include "policy/nat_target.h"
#include "topology.h"

#define DNAT	MIDONET_RULE_ACTION_DNAT
#define SNAT	MIDONET_RULE_ACTION_SNAT

#define SIZE	"a static target needs a match of the same size; for many to one write ADDR:1024-65535"
#define MIXED	"chain c0: target and match are of different address families; write a rule for each"
#define UNICAST	"chain c0: a target has no multicast, broadcast, loopback"
#define ADDRS	"chain c0: a target's last address"

/* A rule in words; what is 0 or NULL is not said, but the action of a new one. */
struct nat {
	u8 action;
	const char *first;
	const char *last;
	int first_port;
	int last_port;
	const char *src;
	const char *dst;
	u32 invert;
	bool not;
	int then;
};

static void put_target(struct topo *t, const struct nat *r)
{
	struct nlattr *nest = nla_nest_start(t->msg, MIDONET_A_TARGET);

	topo_put_addr(t, MIDONET_NAT_TARGET_FIRST, r->first);
	if (r->last)
		topo_put_addr(t, MIDONET_NAT_TARGET_LAST, r->last);
	if (r->first_port)
		nla_put_u16(t->msg, MIDONET_NAT_TARGET_FIRST_PORT,
			    r->first_port);
	if (r->last_port)
		nla_put_u16(t->msg, MIDONET_NAT_TARGET_LAST_PORT, r->last_port);
	nla_nest_end(t->msg, nest);
}

static void put_match(struct topo *t, const struct nat *r)
{
	struct nlattr *nest = nla_nest_start(t->msg, MIDONET_A_MATCH);
	u64 invert = r->invert;

	if (r->src)
		topo_put_prefix(t, MIDONET_MATCH_SRC, r->src);
	if (r->dst)
		topo_put_prefix(t, MIDONET_MATCH_DST, r->dst);
	if (invert)
		nla_put(t->msg, MIDONET_MATCH_INVERT, sizeof(invert), &invert);
	nla_nest_end(t->msg, nest);
}

static void stage(struct topo *t, u8 verb, u32 n, const struct nat *r, int unset)
{
	topo_op(t);
	topo_put_id(t, MIDONET_A_ID, MIDONET_OBJECT_TYPE_RULE, n);
	if (verb == MN_VERB_NEW)
		topo_put_id(t, MIDONET_A_PARENT, MIDONET_OBJECT_TYPE_CHAIN, 0);
	if (r->action || verb == MN_VERB_NEW)
		nla_put_u8(t->msg, MIDONET_A_ACTION, r->action);
	if (r->src || r->dst)
		put_match(t, r);
	if (r->first)
		put_target(t, r);
	if (r->not)
		nla_put_u8(t->msg, MIDONET_A_NOT, 1);
	if (r->then)
		nla_put_u8(t->msg, MIDONET_A_THEN, r->then);
	if (unset)
		nla_put_u32(t->msg, MIDONET_A_UNSET, unset);
	topo_stage(t, MIDONET_OBJECT_TYPE_RULE, verb);
}

static int change(struct topo *t, u8 verb, u32 n, const struct nat *r, int unset)
{
	topo_begin(t);
	stage(t, verb, n, r, unset);
	return topo_commit(t, false);
}

static void expect_bad(struct topo *t, int err, int said, const char *words)
{
	KUNIT_EXPECT_EQ_MSG(t->test, err, said, "%s", t->error);
	KUNIT_EXPECT_NOT_NULL_MSG(t->test, strstr(t->error, words),
				  "\"%s\" has no \"%s\"", t->error, words);
}

static struct mn_rule *get_rule(struct topo *t, u32 n)
{
	struct topo_id id = topo_id(MIDONET_OBJECT_TYPE_RULE, n);
	struct mn_ident *ident;

	mutex_lock(&t->mn->lock);
	ident = mn_ident_find(t->mn, id.b);
	mutex_unlock(&t->mn->lock);
	KUNIT_ASSERT_NOT_NULL(t->test, ident);
	return container_of(ident, struct mn_rule, ident);
}

static const struct mn_nat_target *get_target(struct topo *t, u32 n)
{
	const struct mn_nat_target *target = mn_rule_target(get_rule(t, n));

	KUNIT_ASSERT_NOT_NULL(t->test, target);
	return target;
}

/* words: "static" or "dynamic" for what is accepted. */
static const struct {
	struct nat r;
	const char *words;
} rules[] = {
	{ { DNAT }, "chain c0: dnat needs a target, ADDR[-ADDR][:PORT[-PORT]]" },
	{ { SNAT }, "chain c0: snat needs a target" },
	{ { MIDONET_RULE_ACTION_ACCEPT, "10.0.0.1" },
	  "chain c0: only dnat and snat have a target" },
	{ { MIDONET_RULE_ACTION_REV_DNAT, "10.0.0.1" }, "only dnat and snat have a target" },
	{ { MIDONET_RULE_ACTION_DROP, .then = MIDONET_RULE_ACTION_CONTINUE },
	  "chain c0: only dnat, snat, rev-dnat and rev-snat have a then" },
	{ { DNAT, "10.0.0.1", NULL, 80, .then = MIDONET_RULE_ACTION_DROP },
	  "chain c0: then is accept, continue or return" },
	{ { DNAT, "10.0.0.1", NULL, 80, .then = MIDONET_RULE_ACTION_DNAT },
	  "then is accept, continue or return" },

	/* dynamic */
	{ { DNAT, "10.0.0.1", NULL, 80 }, "dynamic" },
	{ { DNAT, "10.0.0.1", NULL, 80, 90 }, "dynamic" },
	{ { DNAT, "10.0.0.1", "10.0.0.2" }, "dynamic" },
	{ { DNAT, "10.0.0.1", "10.0.0.2", .dst = "192.0.2.0/31" }, "dynamic" },
	{ { DNAT, "10.0.0.1", NULL, 80, .dst = "192.0.2.0/24" }, "dynamic" },
	{ { DNAT, "2001:db8::1", "2001:db8::ffff", 1, 65535 }, "dynamic" },
	{ { SNAT, "192.0.2.1", NULL, 1024, 65535, "10.0.0.0/8" }, "dynamic" },
	{ { SNAT, "192.0.2.1", "192.0.2.9", 1024, 65535, "10.0.0.0/8", .not = true },
	  "dynamic" },

	/* static */
	{ { DNAT, "10.0.0.1", .dst = "192.0.2.7/32" }, "static" },
	{ { DNAT, "10.0.0.1", "10.0.0.1", .dst = "192.0.2.7/32" }, "static" },
	{ { DNAT, "10.0.0.1", .dst = "192.0.2.7/31" }, SIZE },
	{ { DNAT, "10.0.0.1" }, "chain c0: " SIZE },
	{ { DNAT, "10.0.0.1", .src = "192.0.2.7/32" }, SIZE },
	{ { DNAT, "10.0.0.1", .dst = "192.0.2.7/32", .not = true }, SIZE },
	{ { DNAT, "10.0.0.1", .dst = "192.0.2.7/32",
	    .invert = BIT(MIDONET_MATCH_DST) }, SIZE },
	{ { DNAT, "2001:db8::1", .dst = "2001:db8:1::1/128" }, "static" },
	{ { SNAT, "192.0.2.7", .src = "10.0.0.1/32" }, "static" },
	{ { SNAT, "192.0.2.7", .dst = "10.0.0.1/32" }, SIZE },
	{ { SNAT, "192.0.2.0", "192.0.2.255", .src = "10.0.0.0/24" }, "static" },
	{ { SNAT, "192.0.2.9", "192.0.3.8", .src = "10.0.0.0/24" }, "static" },
	{ { SNAT, "192.0.2.0", "192.0.2.254", .src = "10.0.0.0/24" }, SIZE },
	{ { SNAT, "192.0.2.0", "192.0.3.0", .src = "10.0.0.0/24" }, SIZE },
	{ { SNAT, "192.0.2.0", "192.0.2.255", .src = "10.0.0.0/23" }, SIZE },
	{ { SNAT, "192.0.2.0", "192.0.2.255", .src = "10.0.0.0/25" }, SIZE },
	{ { SNAT, "2001:db8::", "2001:db8::ffff:ffff:ffff:ffff",
	    .src = "fd00::/64" }, "static" },
	{ { SNAT, "2001:db8::8000:0:0:0", "2001:db8:0:1:7fff:ffff:ffff:ffff",
	    .src = "fd00::/64" }, "static" },
	{ { SNAT, "2001:db8::", "2001:db8::ffff:ffff:ffff:fffe",
	    .src = "fd00::/64" }, SIZE },
	{ { SNAT, "2001:db8::", "2001:db8::1", .src = "fd00::/127" }, "static" },

	/* families */
	{ { DNAT, "2001:db8::1", .dst = "192.0.2.7/32" }, MIXED },
	{ { DNAT, "2001:db8::1", NULL, 80, .src = "192.0.2.7/32" }, MIXED },
	{ { SNAT, "192.0.2.7", NULL, 80, .dst = "2001:db8::/32" }, MIXED },
	{ { SNAT, "192.0.2.7", NULL, 80, .dst = "2001:db8::/32",
	    .invert = BIT(MIDONET_MATCH_DST) }, "dynamic" },
	{ { SNAT, "192.0.2.7", NULL, 80, .dst = "2001:db8::/32", .not = true }, "dynamic" },

	/* targets */
	{ { DNAT, "10.0.0.2", "10.0.0.1" }, ADDRS " is not below its first" },
	{ { DNAT, "10.0.0.2", "2001:db8::1" }, ADDRS " is of the family of its first" },
	{ { DNAT, "2001:db8::2", "2001:db8::1", 80 }, ADDRS " is not below" },
	{ { DNAT, "10.0.0.1", NULL, 90, 80 },
	  "chain c0: a target's last port is not below its first" },
	{ { DNAT, "10.0.0.1", NULL, 0, 80 },
	  "chain c0: a target's last port needs a first one" },
	{ { DNAT, "0.0.0.0", NULL, 80 }, UNICAST },
	{ { DNAT, "0.255.255.255", "1.0.0.1", 80 }, UNICAST },
	{ { DNAT, "1.0.0.0", NULL, 80 }, "dynamic" },
	{ { DNAT, "127.0.0.1", NULL, 80 }, UNICAST },
	{ { DNAT, "126.0.0.1", "128.0.0.0", 80 }, UNICAST },
	{ { DNAT, "169.254.169.254", NULL, 80 }, "dynamic" },
	{ { DNAT, "223.255.255.255", "224.0.0.0", 80 }, UNICAST },
	{ { DNAT, "223.255.255.254", "223.255.255.255", 80 }, "dynamic" },
	{ { SNAT, "239.1.1.1", NULL, 80 }, UNICAST },
	{ { SNAT, "255.255.255.255", NULL, 80 }, UNICAST },
	{ { SNAT, "::", NULL, 80 }, UNICAST },
	{ { SNAT, "::1", NULL, 80 }, UNICAST },
	{ { SNAT, "ff02::1", NULL, 80 }, UNICAST },
	{ { SNAT, "fe80::1", NULL, 80 }, UNICAST },
	{ { SNAT, "fe00::1", "ffff::", 80 }, UNICAST },
	{ { SNAT, "fd00::1", "fe7f::", 80 }, "dynamic" },
};

static void test_targets(struct kunit *test)
{
	const struct mn_nat_target *target;
	struct topo *t = test->priv;
	int i, err;

	for (i = 0; i < ARRAY_SIZE(rules); i++) {
		err = change(t, MN_VERB_NEW, i, &rules[i].r, 0);
		if (err || strlen(rules[i].words) > strlen("dynamic")) {
			expect_bad(t, -EINVAL, err, rules[i].words);
			continue;
		}
		target = get_target(t, i);
		KUNIT_EXPECT_EQ_MSG(test, !strcmp(rules[i].words, "dynamic"),
				    target->dynamic, "rule %d", i);
		KUNIT_EXPECT_EQ(test, !target->dynamic, !!target->plen);
	}
}

static u32 v4(const struct in6_addr *addr)
{
	return ntohl(addr->s6_addr32[0]);
}

static void test_contents(struct kunit *test)
{
	static const struct nat snat = {
		SNAT, "192.0.2.9", "192.0.3.8", .src = "10.0.7.0/24",
		.then = MIDONET_RULE_ACTION_RETURN,
	};
	static const struct nat dnat = { DNAT, "2001:db8::1", NULL, 80, 81 };
	const struct mn_nat_target *target;
	struct topo *t = test->priv;

	KUNIT_ASSERT_EQ(test, 0, change(t, MN_VERB_NEW, 1, &snat, 0));
	KUNIT_ASSERT_EQ(test, 0, change(t, MN_VERB_NEW, 2, &dnat, 0));
	target = get_target(t, 1);
	KUNIT_EXPECT_EQ(test, (u16)AF_INET, target->family);
	KUNIT_EXPECT_EQ(test, (u8)24, target->plen);
	KUNIT_EXPECT_EQ(test, 0x0a000700U, v4(&target->prefix));
	KUNIT_EXPECT_EQ(test, 0xc0000209U, v4(&target->first));
	KUNIT_EXPECT_EQ(test, 0xc0000308U, v4(&target->last));
	KUNIT_EXPECT_FALSE(test, target->last.s6_addr32[3]);
	KUNIT_EXPECT_EQ(test, (u16)0, target->first_port);
	KUNIT_EXPECT_EQ(test, (u8)MIDONET_RULE_ACTION_RETURN, get_rule(t, 1)->then);
	target = get_target(t, 2);
	KUNIT_EXPECT_EQ(test, (u16)AF_INET6, target->family);
	KUNIT_EXPECT_EQ(test, (u16)80, target->first_port);
	KUNIT_EXPECT_EQ(test, (u16)81, target->last_port);
	KUNIT_EXPECT_TRUE(test, ipv6_addr_equal(&target->first, &target->last));
	KUNIT_EXPECT_EQ(test, (u8)MIDONET_RULE_ACTION_ACCEPT, get_rule(t, 2)->then);
}

/* What a change does not speak of stays, if it still means something. */
static void test_set(struct kunit *test)
{
	struct topo *t = test->priv;
	struct mn_rule *rule;
	u64 generation;

	KUNIT_ASSERT_EQ(test, 0, change(t, MN_VERB_NEW, 1, &(struct nat){
			DNAT, "10.0.0.1", .dst = "192.0.2.7/32",
			.then = MIDONET_RULE_ACTION_CONTINUE }, 0));
	rule = get_rule(t, 1);
	generation = t->mn->generation;
	KUNIT_EXPECT_EQ(test, 0, change(t, MN_VERB_SET, 1, &(struct nat){
			DNAT, "10.0.0.1", "10.0.0.1" }, 0));
	KUNIT_EXPECT_PTR_EQ(test, rule, get_rule(t, 1));
	KUNIT_EXPECT_EQ(test, generation, t->mn->generation);

	/* The match: a static target is judged by the new one. */
	KUNIT_EXPECT_EQ(test, 0, change(t, MN_VERB_SET, 1, &(struct nat){
			.dst = "192.0.2.8/32" }, 0));
	KUNIT_EXPECT_EQ(test, 0xc0000208U, v4(&get_target(t, 1)->prefix));
	KUNIT_EXPECT_EQ(test, (u8)MIDONET_RULE_ACTION_CONTINUE,
			get_rule(t, 1)->then);
	expect_bad(t, -EINVAL, change(t, MN_VERB_SET, 1, &(struct nat){
		   .dst = "192.0.2.8/31" }, 0), SIZE);
	expect_bad(t, -EINVAL, change(t, MN_VERB_SET, 1, &(struct nat){},
				      MIDONET_A_MATCH), SIZE);
	expect_bad(t, -EINVAL, change(t, MN_VERB_SET, 1, &(struct nat){
		   .not = true }, 0), SIZE);
	expect_bad(t, -EINVAL, change(t, MN_VERB_SET, 1, &(struct nat){},
				      MIDONET_A_TARGET), "dnat needs a target");

	/* The target, which is dynamic then; the match is free to go. */
	KUNIT_EXPECT_EQ(test, 0, change(t, MN_VERB_SET, 1, &(struct nat){
			.first = "10.0.0.2", .first_port = 80 }, 0));
	KUNIT_EXPECT_TRUE(test, get_target(t, 1)->dynamic);
	KUNIT_EXPECT_EQ(test, (u8)0, get_target(t, 1)->plen);
	KUNIT_EXPECT_EQ(test, 0, change(t, MN_VERB_SET, 1, &(struct nat){},
					MIDONET_A_MATCH));
	KUNIT_EXPECT_EQ(test, (u16)0, get_rule(t, 1)->match.len);
	KUNIT_EXPECT_EQ(test, (u16)80, get_target(t, 1)->first_port);
	KUNIT_EXPECT_EQ(test, 0, change(t, MN_VERB_SET, 1, &(struct nat){},
					MIDONET_A_THEN));
	KUNIT_EXPECT_EQ(test, (u8)MIDONET_RULE_ACTION_ACCEPT,
			get_rule(t, 1)->then);
}

/* A target is for one action, then for all four. */
static void test_set_action(struct kunit *test)
{
	struct topo *t = test->priv;

	KUNIT_ASSERT_EQ(test, 0, change(t, MN_VERB_NEW, 1, &(struct nat){
			DNAT, "10.0.0.1", .first_port = 80,
			.then = MIDONET_RULE_ACTION_RETURN }, 0));
	expect_bad(t, -EINVAL, change(t, MN_VERB_SET, 1, &(struct nat){ SNAT },
				      0), "snat needs a target");
	KUNIT_EXPECT_EQ(test, 0, change(t, MN_VERB_SET, 1, &(struct nat){
			MIDONET_RULE_ACTION_REV_SNAT }, 0));
	KUNIT_EXPECT_NULL(test, mn_rule_target(get_rule(t, 1)));
	KUNIT_EXPECT_EQ(test, (u8)MIDONET_RULE_ACTION_RETURN,
			get_rule(t, 1)->then);
	KUNIT_EXPECT_EQ(test, 0, change(t, MN_VERB_SET, 1, &(struct nat){
			MIDONET_RULE_ACTION_DROP }, 0));
	KUNIT_EXPECT_EQ(test, (u8)MIDONET_RULE_ACTION_ACCEPT,
			get_rule(t, 1)->then);
	expect_bad(t, -EINVAL, change(t, MN_VERB_SET, 1, &(struct nat){ DNAT },
				      0), "dnat needs a target");
}

/* What is put is what was set. */
static void test_fill(struct kunit *test)
{
	static const struct nat nats[] = {
		{ DNAT, "10.0.0.1", .dst = "192.0.2.7/32" },
		{ SNAT, "192.0.2.9", "192.0.2.10", 1024, 65535,
		  .then = MIDONET_RULE_ACTION_CONTINUE },
		{ DNAT, "2001:db8::1", "2001:db8::2", 80 },
	};
	struct nlattr *tb[MIDONET_A_MAX + 1];
	struct topo *t = test->priv;
	struct sk_buff *skb = alloc_skb(512, GFP_KERNEL);
	int i;

	KUNIT_ASSERT_NOT_NULL(test, skb);
	for (i = 0; i < ARRAY_SIZE(nats); i++) {
		KUNIT_ASSERT_EQ(test, 0, change(t, MN_VERB_NEW, i, &nats[i], 0));
		skb_trim(skb, 0);
		KUNIT_ASSERT_EQ(test, 0, mn_nat_rule_fill(skb, get_rule(t, i)));
		KUNIT_ASSERT_EQ(test, 0,
				nla_parse(tb, MIDONET_A_MAX, (void *)skb->data,
					  skb->len, mn_object_policy, NULL));
		KUNIT_ASSERT_NOT_NULL(test, tb[MIDONET_A_TARGET]);
		KUNIT_ASSERT_NOT_NULL(test, tb[MIDONET_A_THEN]);
		KUNIT_EXPECT_EQ(test, nats[i].then,
				(int)nla_get_u8(tb[MIDONET_A_THEN]));
		topo_op(t);
		put_target(t, &nats[i]);
		KUNIT_EXPECT_EQ(test, (u16)t->msg->len,
				tb[MIDONET_A_TARGET]->nla_len);
		KUNIT_EXPECT_EQ(test, 0, memcmp(t->msg->data,
						tb[MIDONET_A_TARGET],
						t->msg->len));
		kfree_skb(t->msg);
		t->msg = NULL;
	}
	KUNIT_ASSERT_EQ(test, 0, change(t, MN_VERB_NEW, 9, &(struct nat){
			MIDONET_RULE_ACTION_DROP }, 0));
	skb_trim(skb, 0);
	KUNIT_EXPECT_EQ(test, 0, mn_nat_rule_fill(skb, get_rule(t, 9)));
	KUNIT_EXPECT_EQ(test, 0U, skb->len);
	kfree_skb(skb);
}

static void test_memory(struct kunit *test)
{
	struct topo *t = test->priv;
	int i;

	KUNIT_ASSERT_EQ(test, 0, change(t, MN_VERB_NEW, 1, &(struct nat){
			DNAT, "10.0.0.1", .dst = "192.0.2.7/32" }, 0));
	/* itself, its place in the chain, its bucket in the table of ids */
	KUNIT_EXPECT_LE(test, sizeof(struct mn_rule) +
			get_rule(t, 1)->match.len +
			sizeof(struct mn_nat_target) + 3 * sizeof(void *),
			(size_t)256);
	/* Others pay nothing: then is in a hole. */
	for (i = 0; i < __MIDONET_RULE_ACTION_COUNT; i++)
		KUNIT_EXPECT_EQ(test, mn_nat_rule_room(i) > 0,
				i == DNAT || i == SNAT);
	KUNIT_EXPECT_EQ(test, offsetof(struct mn_rule, chain),
			sizeof(struct mn_ident) + sizeof(u64));
}

/* Words about connections. */

static struct nlattr *put_words(struct topo *t)
{
	struct nlattr *nest = nla_nest_start(t->msg, MIDONET_A_MATCH);
	u64 invert = BIT(MIDONET_MATCH_STATE);

	/* In the order in which they are evaluated, and put. */
	nla_put_u8(t->msg, MIDONET_MATCH_DST_REWRITTEN, 1);
	topo_put_prefix(t, MIDONET_MATCH_ICMP_DATA_SRC, "10.0.0.0/8");
	topo_put_prefix(t, MIDONET_MATCH_ICMP_DATA_SRC, "2001:db8::/32");
	topo_put_prefix(t, MIDONET_MATCH_ICMP_DATA_DST, "192.0.2.0/24");
	nla_put_u8(t->msg, MIDONET_MATCH_STATE, MIDONET_CONN_STATE_NEW);
	nla_put_u8(t->msg, MIDONET_MATCH_STATE, MIDONET_CONN_STATE_RELATED);
	nla_put_u8(t->msg, MIDONET_MATCH_DIRECTION,
		   MIDONET_CONN_DIRECTION_RETURN);
	nla_put(t->msg, MIDONET_MATCH_INVERT, sizeof(invert), &invert);
	nla_nest_end(t->msg, nest);
	return nest;
}

static void test_words(struct kunit *test)
{
	struct topo *t = test->priv;
	struct sk_buff *skb = alloc_skb(512, GFP_KERNEL), *put;

	KUNIT_ASSERT_NOT_NULL(test, skb);
	topo_begin(t);
	topo_op(t);
	put_words(t);
	put = skb_get(t->msg);
	topo_put_id(t, MIDONET_A_ID, MIDONET_OBJECT_TYPE_RULE, 1);
	topo_put_id(t, MIDONET_A_PARENT, MIDONET_OBJECT_TYPE_CHAIN, 0);
	nla_put_u8(t->msg, MIDONET_A_ACTION, MIDONET_RULE_ACTION_DROP);
	topo_stage(t, MIDONET_OBJECT_TYPE_RULE, MN_VERB_NEW);
	KUNIT_ASSERT_EQ_MSG(test, 0, topo_commit(t, false), "%s", t->error);
	KUNIT_ASSERT_EQ(test, 0, mn_match_fill(skb, MIDONET_A_MATCH,
					       &get_rule(t, 1)->match));
	KUNIT_ASSERT_GE(test, put->len, skb->len);
	KUNIT_EXPECT_EQ(test, 0, memcmp(put->data, skb->data, skb->len));
	kfree_skb(put);
	kfree_skb(skb);
}

/* Filters of live traces look at headers only. */
static void test_header_words(struct kunit *test)
{
	static const u8 words[] = {
		MIDONET_MATCH_DST_REWRITTEN, MIDONET_MATCH_STATE,
		MIDONET_MATCH_DIRECTION,
	};
	struct {
		struct mn_match match;
		u8 room[64];
	} *m = kunit_kzalloc(test, sizeof(*m), GFP_KERNEL);
	struct topo *t = test->priv;
	struct netlink_ext_ack extack;
	struct mn_errmsg msg;
	struct nlattr *nest;
	int i;

	KUNIT_ASSERT_NOT_NULL(test, m);
	for (i = 0; i < ARRAY_SIZE(words) + 2; i++) {
		topo_op(t);
		nest = nla_nest_start(t->msg, MIDONET_A_MATCH);
		if (i < ARRAY_SIZE(words))
			nla_put_u8(t->msg, words[i], 1);
		else
			topo_put_prefix(t, i == ARRAY_SIZE(words) ?
					MIDONET_MATCH_ICMP_DATA_SRC :
					MIDONET_MATCH_ICMP_DATA_DST, "::/0");
		nla_nest_end(t->msg, nest);
		memset(&extack, 0, sizeof(extack));
		mn_errmsg_add(t->mn, &msg);
		KUNIT_EXPECT_EQ(test, -EINVAL,
				mn_match_compile(t->mn, NULL, NULL, nest,
						 &m->match, &extack));
		KUNIT_EXPECT_TRUE(test, extack._msg &&
				  strstr(extack._msg, "only headers"));
		mn_errmsg_del(t->mn, &msg);
		kfree_skb(t->msg);
		t->msg = NULL;
	}
}

static int nat_rule_init(struct kunit *test)
{
	struct topo *t = kunit_kzalloc(test, sizeof(*t), GFP_KERNEL);
	int err;

	test->priv = t;
	err = t ? topo_init(t, test) : -ENOMEM;
	if (err)
		return err;
	topo_begin(t);
	topo_new(t, MIDONET_OBJECT_TYPE_CHAIN, 0, "c0");
	return topo_commit(t, false);
}

static void nat_rule_exit(struct kunit *test)
{
	if (test->priv)
		topo_exit(test->priv);
}

static struct kunit_case nat_rule_cases[] = {
	KUNIT_CASE(test_targets),
	KUNIT_CASE(test_contents),
	KUNIT_CASE(test_set),
	KUNIT_CASE(test_set_action),
	KUNIT_CASE(test_fill),
	KUNIT_CASE(test_memory),
	KUNIT_CASE(test_words),
	KUNIT_CASE(test_header_words),
	{}
};

static struct kunit_suite nat_rule_suite = {
	.name = "midonet-nat-rule",
	.init = nat_rule_init,
	.exit = nat_rule_exit,
	.test_cases = nat_rule_cases,
};

kunit_test_suite(nat_rule_suite);
