// SPDX-License-Identifier: GPL-2.0
/*
 * Chains: evaluation against a naive evaluator, soundness of the mask, and what
 * commits do to rules.
 */
#include <kunit/test.h>
#include <linux/slab.h>

#include "policy/chain.h"
#include "port/port.h"
#include "rules.h"
#include "sim/ctx.h"

#define MODELS		60
#define PACKETS		1000
#define FLIPS		2

struct eval {
	struct topo *t;
	struct t_model m;
	struct mn_ctx ctx;
	struct mn_port *ports[T_PORTS];
	const struct mn_chain *chain;
};

static struct mn_port *port_of(struct eval *e, int n)
{
	return n < 0 ? NULL : e->ports[n];
}

/*
 * Ask the kernel what happens: accept, drop or reject. The id of the rule tells
 * chain and position.
 */
static u8 ask(struct eval *e, const struct t_packet *p, int *chain, int *pos)
{
	static const u8 actions[] = {
		[MN_CHAIN_ACCEPT] = MIDONET_RULE_ACTION_ACCEPT,
		[MN_CHAIN_DROP] = MIDONET_RULE_ACTION_DROP,
		[MN_CHAIN_REJECT] = MIDONET_RULE_ACTION_REJECT,
	};
	const struct mn_pkt pkt = {};
	const struct mn_rule *rule;
	enum mn_chain_result res;
	u32 n;

	local_bh_disable();
	rcu_read_lock();
	mn_ctx_init(&e->ctx, e->t->mn, NULL, port_of(e, p->in), &p->key, &pkt);
	e->ctx.device_in = port_of(e, p->device_in);
	e->ctx.device_out = port_of(e, p->device_out);
	e->ctx.frag_alone = true;
	res = mn_chain_eval(&e->ctx, e->chain, NULL, &rule);
	*chain = -1;
	*pos = -1;
	if (rule) {
		memcpy(&n, &rule->ident.id[12], sizeof(n));
		*chain = n / T_RULES;
		*pos = n % T_RULES;
	}
	rcu_read_unlock();
	local_bh_enable();
	return actions[res];
}

static void compare(struct kunit *test, struct eval *e, const struct t_packet *p)
{
	int chain, pos, naive_chain, naive_pos;
	u8 said, naive;

	said = ask(e, p, &chain, &pos);
	naive = t_naive(&e->m, p, &naive_chain, &naive_pos);
	if (said == naive && chain == naive_chain && pos == naive_pos)
		return;
	KUNIT_FAIL(test, "kernel %d by %d:%d, naive %d by %d:%d, key %*ph",
		   said, chain, pos, naive, naive_chain, naive_pos,
		   (int)sizeof(p->key), &p->key);
}

/* What the walk did not read does not matter, whatever it is. */
static void flip(struct kunit *test, struct eval *e, const struct t_packet *p)
{
	int chain, pos, chain2, pos2, i;
	u8 said = ask(e, p, &chain, &pos), said2;
	struct mn_flow_key mask = e->ctx.mask;
	struct t_packet p2 = *p;
	u64 noise;

	for (i = 0; i < MN_KEY_WORDS; i++) {
		noise = (u64)prandom_u32_state(&e->m.rnd) << 32 |
			prandom_u32_state(&e->m.rnd);
		p2.key.w[i] ^= noise & ~mask.w[i];
	}
	p2.key.in_port = p->key.in_port;
	said2 = ask(e, &p2, &chain2, &pos2);
	if (said == said2 && chain == chain2 && pos == pos2 &&
	    !memcmp(&mask, &e->ctx.mask, sizeof(mask)))
		return;
	KUNIT_FAIL(test, "unread bits decide: %d by %d:%d or %d by %d:%d, key %*ph mask %*ph",
		   said, chain, pos, said2, chain2, pos2,
		   (int)sizeof(p->key), &p->key, (int)sizeof(mask), &mask);
}

static void setup(struct eval *e, bool alike)
{
	int i;

	if (alike)
		t_alike_model(&e->m, T_VALUES);
	else
		t_random_model(&e->m);
	t_make_model(e->t, &e->m);
	for (i = 0; i < T_PORTS; i++)
		e->ports[i] = mn_port_of(topo_obj(e->t,
						  MIDONET_OBJECT_TYPE_PORT, i));
	e->chain = mn_chain_of(topo_obj(e->t, MIDONET_OBJECT_TYPE_CHAIN, 0));
}

static void random_models(struct kunit *test, bool alike)
{
	struct eval *e = kunit_kzalloc(test, sizeof(*e), GFP_KERNEL);
	u32 accepted = 0, rejected = 0, compared = 0;
	struct t_packet p;
	int i, j, k;
	u8 said;

	KUNIT_ASSERT_NOT_NULL(test, e);
	e->t = test->priv;
	prandom_seed_state(&e->m.rnd, topo_seed(test));
	for (i = 0; i < MODELS && !test->status; i++) {
		setup(e, alike);
		for (j = 0; j < PACKETS; j++) {
			t_random_packet(&e->m, &p);
			compare(test, e, &p);
			for (k = 0; k < FLIPS; k++)
				flip(test, e, &p);
			compared += 1 + FLIPS;
			said = ask(e, &p, &k, &k);
			accepted += said == MIDONET_RULE_ACTION_ACCEPT;
			rejected += said == MIDONET_RULE_ACTION_REJECT;
			k = 0;
		}
		topo_clear(e->t);
		cond_resched();
	}
	kunit_info(test, "%u comparisons, %u of %d packets accepted, %u rejected\n",
		   compared, accepted, MODELS * PACKETS, rejected);
	/* A test that always takes the same way would prove little. */
	KUNIT_EXPECT_GT(test, accepted, MODELS * PACKETS / 10);
	KUNIT_EXPECT_LT(test, accepted, MODELS * PACKETS * 19 / 20);
	KUNIT_EXPECT_GT(test, rejected, MODELS * PACKETS / 100);
	KUNIT_EXPECT_GE(test, compared, 100000);
}

static void test_random(struct kunit *test)
{
	random_models(test, false);
}

/* Chains that have an index. */
static void test_alike(struct kunit *test)
{
	random_models(test, true);
}

/* Commits. */

static noinline_for_stack
void stage_rule(struct topo *t, u8 verb, u32 n, u32 pos, int chain,
		const struct t_rule *r)
{
	topo_op(t);
	topo_put_id(t, MIDONET_A_ID, MIDONET_OBJECT_TYPE_RULE, n);
	if (chain >= 0)
		topo_put_id(t, MIDONET_A_PARENT, MIDONET_OBJECT_TYPE_CHAIN,
			    chain);
	if (pos)
		nla_put_u32(t->msg, MIDONET_A_POSITION, pos);
	if (r)
		t_put_rule(t, r);
	topo_stage(t, MIDONET_OBJECT_TYPE_RULE, verb);
}

static noinline_for_stack void commit_ok(struct topo *t)
{
	KUNIT_ASSERT_EQ_MSG(t->test, 0, topo_commit(t, false), "%s", t->error);
}

static noinline_for_stack
void commit_bad(struct topo *t, int err, const char *words)
{
	u64 generation = t->mn->generation;

	KUNIT_EXPECT_EQ_MSG(t->test, err, topo_commit(t, false), "%s", t->error);
	KUNIT_EXPECT_NOT_NULL_MSG(t->test, strstr(t->error, words),
				  "\"%s\" has no \"%s\"", t->error, words);
	KUNIT_EXPECT_EQ(t->test, generation, t->mn->generation);
}

/* The numbers of the rules of chain 0, in order, as text. */
static void expect_order(struct topo *t, const char *want)
{
	struct mn_obj *obj = topo_obj(t, MIDONET_OBJECT_TYPE_CHAIN, 0);
	const struct mn_chain_ver *v;
	char got[64] = "";
	u32 i, n;

	mutex_lock(&t->mn->lock);
	v = mn_chain_ver(mn_ver_end(t->mn, obj));
	for (i = 0; i < v->n; i++) {
		memcpy(&n, &v->rules[i]->ident.id[12], sizeof(n));
		snprintf(got + strlen(got), sizeof(got) - strlen(got), "%u ", n);
	}
	mutex_unlock(&t->mn->lock);
	KUNIT_EXPECT_STREQ(t->test, want, got);
}

static struct mn_rule *get_rule(struct topo *t, u32 n)
{
	struct topo_id id = topo_id(MIDONET_OBJECT_TYPE_RULE, n);
	struct mn_ident *ident;

	mutex_lock(&t->mn->lock);
	ident = mn_ident_find(t->mn, id.b);
	mutex_unlock(&t->mn->lock);
	return ident ? container_of(ident, struct mn_rule, ident) : NULL;
}

static const struct t_rule accept_tcp = {
	.action = MIDONET_RULE_ACTION_ACCEPT,
	.n_words = 1,
	.words[0] = {
		.attr = MIDONET_MATCH_PROTO, .n = 1, .num[0] = IPPROTO_TCP,
	},
};

static const struct t_rule drop_all = { .action = MIDONET_RULE_ACTION_DROP };

static void stage_jump(struct topo *t, u32 n, int chain, int to)
{
	static struct t_rule jump = { .action = MIDONET_RULE_ACTION_JUMP };

	jump.jump = to;
	stage_rule(t, MN_VERB_NEW, n, 0, chain, &jump);
}

static void make_chains(struct topo *t, int n)
{
	char name[16];
	int i;

	topo_begin(t);
	for (i = 0; i < n; i++) {
		snprintf(name, sizeof(name), "kunit-c%d", i);
		topo_new(t, MIDONET_OBJECT_TYPE_CHAIN, i, name);
	}
	commit_ok(t);
}

static void test_positions(struct kunit *test)
{
	struct topo *t = test->priv;

	make_chains(t, 1);
	topo_begin(t);
	stage_rule(t, MN_VERB_NEW, 1, 0, 0, &accept_tcp);
	stage_rule(t, MN_VERB_NEW, 2, 0, 0, &drop_all);
	stage_rule(t, MN_VERB_NEW, 3, 1, 0, &drop_all);
	stage_rule(t, MN_VERB_NEW, 4, 2, 0, &drop_all);
	commit_ok(t);
	expect_order(t, "3 4 1 2 ");

	topo_begin(t);
	stage_rule(t, MN_VERB_SET, 3, 4, -1, &accept_tcp);
	stage_rule(t, MN_VERB_DEL, 4, 0, -1, NULL);
	stage_rule(t, MN_VERB_NEW, 5, 1, 0, &drop_all);
	commit_ok(t);
	expect_order(t, "5 1 2 3 ");
	KUNIT_EXPECT_EQ(test, 4U, t->mn->n_rules);
	KUNIT_EXPECT_NULL(test, get_rule(t, 4));

	topo_begin(t);
	stage_rule(t, MN_VERB_NEW, 6, 6, 0, &drop_all);
	commit_bad(t, -EINVAL, "no position 6, it has 4 rules");
	topo_begin(t);
	stage_rule(t, MN_VERB_NEW, 1, 0, 0, &drop_all);
	commit_bad(t, -EEXIST, "in use by a rule");
	topo_begin(t);
	stage_rule(t, MN_VERB_DEL, 4, 0, -1, NULL);
	commit_bad(t, -ENOENT, "no rule with id");
	expect_order(t, "5 1 2 3 ");
}

static void test_no_change(struct kunit *test)
{
	struct topo *t = test->priv;
	u64 generation;
	struct mn_rule *rule;

	make_chains(t, 1);
	topo_begin(t);
	stage_rule(t, MN_VERB_NEW, 1, 0, 0, &accept_tcp);
	stage_rule(t, MN_VERB_NEW, 2, 0, 0, &drop_all);
	commit_ok(t);
	generation = t->mn->generation;
	rule = get_rule(t, 1);

	topo_begin(t);
	stage_rule(t, MN_VERB_SET, 1, 1, -1, &accept_tcp);
	stage_rule(t, MN_VERB_DEL, 1, 0, -1, NULL);
	stage_rule(t, MN_VERB_NEW, 1, 1, 0, &accept_tcp);
	stage_rule(t, MN_VERB_SET, 2, 0, -1, &accept_tcp);
	stage_rule(t, MN_VERB_SET, 2, 0, -1, &drop_all);
	stage_rule(t, MN_VERB_NEW, 3, 0, 0, &drop_all);
	stage_rule(t, MN_VERB_SET, 3, 1, -1, &accept_tcp);
	stage_rule(t, MN_VERB_DEL, 3, 0, -1, NULL);
	commit_ok(t);
	KUNIT_EXPECT_EQ(test, generation, t->mn->generation);
	KUNIT_EXPECT_EQ(test, 0U, t->result.changes);
	KUNIT_EXPECT_PTR_EQ(test, rule, get_rule(t, 1));

	/* What is refused leaves nothing. */
	topo_begin(t);
	stage_rule(t, MN_VERB_SET, 1, 2, -1, &drop_all);
	stage_rule(t, MN_VERB_SET, 1, 0, -1, &accept_tcp);
	stage_rule(t, MN_VERB_NEW, 3, 1, 0, &drop_all);
	stage_rule(t, MN_VERB_DEL, 2, 0, -1, NULL);
	KUNIT_EXPECT_EQ(test, 0, topo_commit(t, true));
	KUNIT_EXPECT_EQ(test, generation, t->mn->generation);
	KUNIT_EXPECT_PTR_EQ(test, rule, get_rule(t, 1));
	KUNIT_EXPECT_NULL(test, get_rule(t, 3));
	KUNIT_EXPECT_EQ(test, 2U, t->mn->n_rules);
	expect_order(t, "1 2 ");
}

static void test_counters(struct kunit *test)
{
	struct mn_rule *old, *new;
	struct topo *t = test->priv;

	make_chains(t, 1);
	topo_begin(t);
	stage_rule(t, MN_VERB_NEW, 1, 0, 0, &accept_tcp);
	commit_ok(t);
	old = get_rule(t, 1);
	mn_rule_get(old);	/* as a flow does */
	mn_count_add(&old->count, 3, 300);

	topo_begin(t);
	stage_rule(t, MN_VERB_SET, 1, 0, -1, &drop_all);
	commit_ok(t);
	new = get_rule(t, 1);
	KUNIT_ASSERT_PTR_NE(test, old, new);
	KUNIT_EXPECT_EQ(test, 3, (int)atomic64_read(&new->count.packets));

	/* The flow goes later, and was used until then. */
	mn_count_add(&old->count, 2, 200);
	mn_rule_put(old);
	mn_rules_drain();
	KUNIT_EXPECT_EQ(test, 5, (int)atomic64_read(&new->count.packets));
	KUNIT_EXPECT_EQ(test, 500, (int)atomic64_read(&new->count.bytes));
}

static void test_references(struct kunit *test)
{
	static const struct t_rule set = {
		.action = MIDONET_RULE_ACTION_DROP,
		.n_words = 1,
		.words[0] = {
			.attr = MIDONET_MATCH_SRC_SET, .n = 1, .num[0] = 7,
		},
	};
	struct topo *t = test->priv;

	make_chains(t, 2);
	topo_begin(t);
	topo_new(t, MIDONET_OBJECT_TYPE_IP_SET, 7, "kunit-s");
	stage_jump(t, 1, 0, 1);
	stage_rule(t, MN_VERB_NEW, 2, 0, 0, &set);
	commit_ok(t);

	topo_begin(t);
	topo_del(t, MIDONET_OBJECT_TYPE_CHAIN, 1);
	commit_bad(t, -EBUSY, "chain kunit-c1 is used by rule kunit-c0:1");
	topo_begin(t);
	topo_del(t, MIDONET_OBJECT_TYPE_IP_SET, 7);
	commit_bad(t, -EBUSY, "ip-set kunit-s is used by rule kunit-c0:2");
	/* Only the end state counts. */
	topo_begin(t);
	topo_del(t, MIDONET_OBJECT_TYPE_IP_SET, 7);
	stage_rule(t, MN_VERB_SET, 2, 0, -1, &drop_all);
	commit_ok(t);
	/* Made and removed by one commit, but referred to. */
	topo_begin(t);
	topo_new(t, MIDONET_OBJECT_TYPE_IP_SET, 7, "kunit-s");
	stage_rule(t, MN_VERB_NEW, 3, 0, 0, &set);
	topo_del(t, MIDONET_OBJECT_TYPE_IP_SET, 7);
	commit_bad(t, -EBUSY, "is used by rule kunit-c0:3");
	/* Chains go with their rules. */
	topo_begin(t);
	topo_del(t, MIDONET_OBJECT_TYPE_CHAIN, 1);
	topo_del(t, MIDONET_OBJECT_TYPE_CHAIN, 0);
	commit_ok(t);
	KUNIT_EXPECT_EQ(test, 0U, t->mn->n_rules);
}

static void test_cycles(struct kunit *test)
{
	struct topo *t = test->priv;
	int i;

	make_chains(t, 20);
	topo_begin(t);
	for (i = 0; i < 2; i++)
		stage_jump(t, i, i, i + 1);
	commit_ok(t);
	topo_begin(t);
	stage_jump(t, 2, 2, 0);
	commit_bad(t, -ELOOP, "kunit-c2 > kunit-c0 > kunit-c1 > kunit-c2");
	topo_begin(t);
	stage_jump(t, 2, 0, 0);
	commit_bad(t, -ELOOP, "kunit-c0 > kunit-c0");
	/* The other direction, if the jump that was in the way goes. */
	topo_begin(t);
	stage_jump(t, 2, 2, 0);
	stage_rule(t, MN_VERB_DEL, 1, 0, -1, NULL);
	commit_ok(t);
}

static void test_depth(struct kunit *test)
{
	struct topo *t = test->priv;
	int i;

	make_chains(t, 20);
	/* 0 > 1 > ... > 8 and 9 > ... > 17: eight jumps each */
	topo_begin(t);
	for (i = 0; i < 17; i++) {
		if (i != 8)
			stage_jump(t, i, i, i + 1);
	}
	commit_ok(t);
	/* joined from 8 to 9 they would be 17 */
	topo_begin(t);
	stage_jump(t, 8, 8, 9);
	commit_bad(t, -ELOOP, "nest");
	/* from 8 to 10 they are 16 */
	topo_begin(t);
	stage_jump(t, 8, 8, 10);
	commit_ok(t);
	/* one more at either end is too much */
	topo_begin(t);
	stage_jump(t, 18, 18, 0);
	commit_bad(t, -ELOOP, "more than 16 nested jumps");
	topo_begin(t);
	stage_jump(t, 18, 17, 18);
	commit_bad(t, -ELOOP, "nest");
}

static void test_memory(struct kunit *test)
{
	static const struct t_word words[3] = {
		{ .attr = MIDONET_MATCH_PROTO, .n = 1, .num = { 6 } },
		{ .attr = MIDONET_MATCH_DST_PORT, .n = 1,
		  .num = { 80 << 16 | 80 } },
		{ .attr = MIDONET_MATCH_SRC, .n = 1,
		  .prefix[0] = { .len = 5, .d = { 8, 10 } } },
	};
	static struct t_rule r = { .n_words = 3 };
	struct topo *t = test->priv;

	memcpy(r.words, words, sizeof(words));
	make_chains(t, 1);
	topo_begin(t);
	stage_rule(t, MN_VERB_NEW, 1, 0, 0, &r);
	commit_ok(t);
	/* itself, its place in the chain, its bucket in the table of ids */
	KUNIT_EXPECT_LE(test, sizeof(struct mn_rule) +
			get_rule(t, 1)->match.len + 3 * sizeof(void *),
			(size_t)256);
}

static int chain_init(struct kunit *test)
{
	test->priv = kunit_kzalloc(test, sizeof(struct topo), GFP_KERNEL);
	return test->priv ? topo_init(test->priv, test) : -ENOMEM;
}

static void chain_exit(struct kunit *test)
{
	struct topo *t = test->priv;

	if (t)
		topo_exit(t);
}

static struct kunit_case chain_cases[] = {
	KUNIT_CASE(test_random),
	KUNIT_CASE(test_alike),
	KUNIT_CASE(test_positions),
	KUNIT_CASE(test_no_change),
	KUNIT_CASE(test_counters),
	KUNIT_CASE(test_references),
	KUNIT_CASE(test_cycles),
	KUNIT_CASE(test_depth),
	KUNIT_CASE(test_memory),
	{}
};

static struct kunit_suite chain_suite = {
	.name = "midonet-chain",
	.init = chain_init,
	.exit = chain_exit,
	.test_cases = chain_cases,
};

kunit_test_suite(chain_suite);
