// SPDX-License-Identifier: GPL-2.0
/*
 * Where translations may stand: what is said when they do not, and random
 * changes judged by a model that looks at everything.
 */
#include <kunit/test.h>
#include <linux/prandom.h>
#include <linux/slab.h>

#include "policy/chain.h"
#include "topology.h"

#define CHAINS	8
#define RULES	5
/* Kernels that watch every access take their time. */
#define STEPS	(IS_ENABLED(CONFIG_KASAN) ? 3000 : 10000)
#define NONE	(-1)

/* What is attached: two routers, a bridge, a port of it and a router's port. */
enum { R0, R1, B0, P0, P1, DEVICES };

static const struct {
	u8 type;
	u32 n;
	int parent;
	const char *name;
} devices[DEVICES] = {
	[R0] = { MIDONET_OBJECT_TYPE_ROUTER, 0, NONE, "r0" },
	[R1] = { MIDONET_OBJECT_TYPE_ROUTER, 1, NONE, "r1" },
	[B0] = { MIDONET_OBJECT_TYPE_BRIDGE, 0, NONE, "b0" },
	[P0] = { MIDONET_OBJECT_TYPE_PORT, 0, B0, "p0" },
	[P1] = { MIDONET_OBJECT_TYPE_PORT, 1, R0, "p1" },
};

/* A rule of the model; its id is chain * RULES + place. */
struct m_rule {
	bool is;
	u8 action;
	u8 to;
};

struct model {
	struct m_rule rules[CHAINS][RULES];
	int chains[DEVICES][2];		/* in, out */
};

struct place {
	struct topo t;
	struct rnd_state rnd;
	struct model m;
};

static u32 below(struct place *p, u32 n)
{
	return prandom_u32_state(&p->rnd) % n;
}

static void attach(struct topo *t, int device, int in, int out)
{
	topo_op(t);
	topo_put_id(t, MIDONET_A_ID, devices[device].type, devices[device].n);
	if (in >= 0)
		topo_put_id(t, MIDONET_A_IN_CHAIN, MIDONET_OBJECT_TYPE_CHAIN,
			    in);
	else
		nla_put_u32(t->msg, MIDONET_A_UNSET, MIDONET_A_IN_CHAIN);
	if (out >= 0)
		topo_put_id(t, MIDONET_A_OUT_CHAIN, MIDONET_OBJECT_TYPE_CHAIN,
			    out);
	else
		nla_put_u32(t->msg, MIDONET_A_UNSET, MIDONET_A_OUT_CHAIN);
	topo_stage(t, devices[device].type, MN_VERB_SET);
}

static void put_target(struct topo *t)
{
	struct nlattr *nest = nla_nest_start(t->msg, MIDONET_A_TARGET);

	topo_put_addr(t, MIDONET_NAT_TARGET_FIRST, "192.0.2.1");
	nla_put_u16(t->msg, MIDONET_NAT_TARGET_FIRST_PORT, 1024);
	nla_nest_end(t->msg, nest);
}

static void stage_rule(struct topo *t, u8 verb, int chain, int place,
		       u8 action, u8 to)
{
	topo_op(t);
	topo_put_id(t, MIDONET_A_ID, MIDONET_OBJECT_TYPE_RULE,
		    chain * RULES + place);
	if (verb == MN_VERB_NEW)
		topo_put_id(t, MIDONET_A_PARENT, MIDONET_OBJECT_TYPE_CHAIN,
			    chain);
	if (verb != MN_VERB_DEL)
		nla_put_u8(t->msg, MIDONET_A_ACTION, action);
	if (verb != MN_VERB_DEL && action == MIDONET_RULE_ACTION_JUMP)
		topo_put_id(t, MIDONET_A_CHAIN, MIDONET_OBJECT_TYPE_CHAIN, to);
	if (verb != MN_VERB_DEL && (action == MIDONET_RULE_ACTION_DNAT ||
				    action == MIDONET_RULE_ACTION_SNAT))
		put_target(t);
	topo_stage(t, MIDONET_OBJECT_TYPE_RULE, verb);
}

static void make_device(struct topo *t, int i)
{
	topo_op(t);
	topo_put_id(t, MIDONET_A_ID, devices[i].type, devices[i].n);
	nla_put_string(t->msg, MIDONET_A_NAME, devices[i].name);
	if (devices[i].parent >= 0)
		topo_put_id(t, MIDONET_A_PARENT,
			    devices[devices[i].parent].type,
			    devices[devices[i].parent].n);
	topo_stage(t, devices[i].type, MN_VERB_NEW);
}

static void make_all(struct topo *t)
{
	char name[8];
	int i;

	topo_begin(t);
	for (i = 0; i < CHAINS; i++) {
		snprintf(name, sizeof(name), "c%d", i);
		topo_new(t, MIDONET_OBJECT_TYPE_CHAIN, i, name);
	}
	for (i = 0; i < DEVICES; i++)
		make_device(t, i);
	KUNIT_ASSERT_EQ_MSG(t->test, 0, topo_commit(t, false), "%s", t->error);
}

/* What is said. */

#define REV(what)	"rev-" what " stands in the in-chain and out-chain of routers only"

static const struct {
	u8 action;
	int device;
	bool out;
	const char *words;
} cases[] = {
	{ MIDONET_RULE_ACTION_DNAT, R0, false, NULL },
	{ MIDONET_RULE_ACTION_DNAT, R0, true,
	  "dnat stands in the in-chain of routers only, not in the out-chain of router r0" },
	{ MIDONET_RULE_ACTION_DNAT, B0, false,
	  "dnat stands in the in-chain of routers only, not in the in-chain of bridge b0" },
	{ MIDONET_RULE_ACTION_DNAT, P0, true,
	  "dnat stands in the in-chain of routers only, not in the out-chain of port b0:p0" },
	{ MIDONET_RULE_ACTION_DNAT, P1, false,
	  "dnat stands in the in-chain of routers only, not in the in-chain of port r0:p1" },
	{ MIDONET_RULE_ACTION_SNAT, R1, true, NULL },
	{ MIDONET_RULE_ACTION_SNAT, R1, false,
	  "snat stands in the out-chain of routers only, not in the in-chain of router r1" },
	{ MIDONET_RULE_ACTION_SNAT, P1, true,
	  "snat stands in the out-chain of routers only, not in the out-chain of port r0:p1" },
	{ MIDONET_RULE_ACTION_REV_DNAT, R0, false, NULL },
	{ MIDONET_RULE_ACTION_REV_DNAT, R0, true, NULL },
	{ MIDONET_RULE_ACTION_REV_SNAT, R0, false, NULL },
	{ MIDONET_RULE_ACTION_REV_SNAT, R0, true, NULL },
	{ MIDONET_RULE_ACTION_REV_DNAT, P1, true,
	  REV("dnat") ", not in the out-chain of port r0:p1" },
	{ MIDONET_RULE_ACTION_REV_SNAT, B0, true,
	  REV("snat") ", not in the out-chain of bridge b0" },
	{ MIDONET_RULE_ACTION_ACCEPT, B0, true, NULL },
};

static void expect(struct topo *t, const char *head, const char *words,
		   const char *tail)
{
	u64 generation = t->mn->generation;
	char want[256];

	if (!words) {
		KUNIT_EXPECT_EQ_MSG(t->test, 0, topo_commit(t, false), "%s",
				    t->error);
		return;
	}
	snprintf(want, sizeof(want), "%s%s%s", head, words, tail);
	KUNIT_EXPECT_EQ(t->test, -EINVAL, topo_commit(t, false));
	KUNIT_EXPECT_STREQ(t->test, want, t->error);
	KUNIT_EXPECT_EQ(t->test, generation, t->mn->generation);
}

static void attach_case(struct topo *t, int i, int chain)
{
	if (cases[i].out)
		attach(t, cases[i].device, NONE, chain);
	else
		attach(t, cases[i].device, chain, NONE);
}

static void expect_case(struct topo *t, int i, const char *tail)
{
	expect(t, "chain c0: rule 2: ", cases[i].words, tail);
}

/* The rule comes last, then the attachment, both to its chain. */
static void try_direct(struct topo *t, int i)
{
	topo_begin(t);
	attach_case(t, i, 0);
	expect(t, NULL, NULL, NULL);
	topo_begin(t);
	stage_rule(t, MN_VERB_NEW, 0, 1, cases[i].action, 0);
	expect_case(t, i, "");

	topo_begin(t);
	attach_case(t, i, NONE);
	if (!cases[i].words)
		stage_rule(t, MN_VERB_DEL, 0, 1, 0, 0);
	expect(t, NULL, NULL, NULL);
	topo_begin(t);
	stage_rule(t, MN_VERB_NEW, 0, 1, cases[i].action, 0);
	expect(t, NULL, NULL, NULL);
	topo_begin(t);
	attach_case(t, i, 0);
	expect_case(t, i, "");
}

/* The attachment comes last, to a chain that jumps; then the jump does. */
static void try_jumps(struct topo *t, int i)
{
	topo_begin(t);
	attach_case(t, i, 2);
	expect_case(t, i, ", by jump from chain c2");

	topo_begin(t);
	attach_case(t, i, 3);
	expect(t, NULL, NULL, NULL);
	topo_begin(t);
	stage_rule(t, MN_VERB_NEW, 3, 0, MIDONET_RULE_ACTION_JUMP, 1);
	expect_case(t, i, ", by jump from chain c3");

	/* Only the end state counts. */
	topo_begin(t);
	if (!cases[i].words)
		stage_rule(t, MN_VERB_DEL, 3, 0, 0, 0);
	attach_case(t, i, 2);
	attach_case(t, i, NONE);
	stage_rule(t, MN_VERB_SET, 0, 1, MIDONET_RULE_ACTION_DNAT, 0);
	stage_rule(t, MN_VERB_DEL, 0, 1, 0, 0);
	expect(t, NULL, NULL, NULL);
	KUNIT_EXPECT_EQ(t->test, 0U, t->mn->n_misplaced);
}

static void place_words(struct kunit *test)
{
	struct place *p = test->priv;
	struct topo *t = &p->t;
	int i;

	make_all(t);
	topo_begin(t);
	stage_rule(t, MN_VERB_NEW, 0, 0, MIDONET_RULE_ACTION_CONTINUE, 0);
	stage_rule(t, MN_VERB_NEW, 1, 0, MIDONET_RULE_ACTION_JUMP, 0);
	stage_rule(t, MN_VERB_NEW, 2, 0, MIDONET_RULE_ACTION_CONTINUE, 0);
	stage_rule(t, MN_VERB_NEW, 2, 1, MIDONET_RULE_ACTION_JUMP, 1);
	expect(t, NULL, NULL, NULL);
	for (i = 0; i < ARRAY_SIZE(cases); i++) {
		try_direct(t, i);
		try_jumps(t, i);
	}
}

/* Objects go together with what attaches them. */
static void place_removed(struct kunit *test)
{
	struct place *p = test->priv;
	struct topo *t = &p->t;

	make_all(t);
	topo_begin(t);
	stage_rule(t, MN_VERB_NEW, 0, 0, MIDONET_RULE_ACTION_DNAT, 0);
	stage_rule(t, MN_VERB_NEW, 1, 0, MIDONET_RULE_ACTION_JUMP, 0);
	attach(t, R1, 1, NONE);
	attach(t, B0, 2, 2);
	expect(t, NULL, NULL, NULL);
	/* The bridge goes, so its chain is free for a dnat. */
	topo_begin(t);
	topo_del(t, MIDONET_OBJECT_TYPE_BRIDGE, 0);
	stage_rule(t, MN_VERB_NEW, 2, 0, MIDONET_RULE_ACTION_JUMP, 1);
	expect(t, NULL, NULL, NULL);
	/* The chain with the dnat goes, so the others are free for a port. */
	topo_begin(t);
	attach(t, P1, 2, 1);
	expect(t, "chain c0: rule 1: ",
	       "dnat stands in the in-chain of routers only, not in the out-chain of port r0:p1",
	       ", by jump from chain c1");
	topo_begin(t);
	topo_del(t, MIDONET_OBJECT_TYPE_CHAIN, 0);
	stage_rule(t, MN_VERB_DEL, 1, 0, 0, 0);
	attach(t, P1, 2, 1);
	expect(t, NULL, NULL, NULL);
}

/* The model. */

static int kind(u8 action)
{
	switch (action) {
	case MIDONET_RULE_ACTION_DNAT:
		return MN_NAT_KIND_DNAT;
	case MIDONET_RULE_ACTION_SNAT:
		return MN_NAT_KIND_SNAT;
	case MIDONET_RULE_ACTION_REV_DNAT:
	case MIDONET_RULE_ACTION_REV_SNAT:
		return MN_NAT_KIND_REV;
	}
	return NONE;
}

/* Rules of a kind in and below a chain, or -ELOOP. */
static int reaches(const struct model *m, int chain, int what, int depth)
{
	int i, sub, n = 0;

	if (depth > CHAINS)
		return -ELOOP;
	for (i = 0; i < RULES; i++) {
		const struct m_rule *r = &m->rules[chain][i];

		if (!r->is)
			continue;
		if (r->action != MIDONET_RULE_ACTION_JUMP) {
			n += kind(r->action) == what;
			continue;
		}
		sub = reaches(m, r->to, what, depth + 1);
		if (sub < 0)
			return sub;
		n += sub;
	}
	return n;
}

static bool may(int device, bool out, int what)
{
	if (devices[device].type != MIDONET_OBJECT_TYPE_ROUTER)
		return false;
	return what == MN_NAT_KIND_REV ||
	       what == (out ? MN_NAT_KIND_SNAT : MN_NAT_KIND_DNAT);
}

static int verdict(const struct model *m)
{
	int i, j, what;

	for (i = 0; i < CHAINS; i++) {
		if (reaches(m, i, 0, 0) < 0)
			return -ELOOP;
	}
	for (i = 0; i < DEVICES; i++) {
		for (j = 0; j < 2; j++) {
			for (what = 0; what < MN_NAT_KINDS; what++) {
				if (m->chains[i][j] >= 0 &&
				    !may(i, j, what) &&
				    reaches(m, m->chains[i][j], what, 0))
					return -EINVAL;
			}
		}
	}
	return 0;
}

/* What the kernel has counted is what there is. */
static void compare(struct place *p)
{
	struct topo *t = &p->t;
	int i, j, what;

	for (i = 0; i < CHAINS; i++) {
		const struct mn_chain *c =
			mn_chain_of(topo_obj(t, MIDONET_OBJECT_TYPE_CHAIN, i));

		for (what = 0; what < MN_NAT_KINDS; what++) {
			u32 n = 0;

			for (j = 0; j < RULES; j++) {
				const struct m_rule *r = &p->m.rules[i][j];

				if (!r->is)
					continue;
				if (r->action == MIDONET_RULE_ACTION_JUMP)
					n += !!reaches(&p->m, r->to, what, 0);
				else
					n += kind(r->action) == what;
			}
			KUNIT_EXPECT_EQ(t->test, n, c->place.nats[what]);
		}
		KUNIT_EXPECT_EQ(t->test, (u8)0, c->place.turned);
	}
	KUNIT_EXPECT_EQ(t->test, 0U, t->mn->n_misplaced);
}

static u8 random_action(struct place *p)
{
	static const u8 actions[] = {
		MIDONET_RULE_ACTION_JUMP, MIDONET_RULE_ACTION_JUMP,
		MIDONET_RULE_ACTION_JUMP, MIDONET_RULE_ACTION_ACCEPT,
		MIDONET_RULE_ACTION_DNAT, MIDONET_RULE_ACTION_SNAT,
		MIDONET_RULE_ACTION_REV_DNAT, MIDONET_RULE_ACTION_REV_SNAT,
	};

	return actions[below(p, ARRAY_SIZE(actions))];
}

static void random_rule(struct place *p)
{
	int chain = below(p, CHAINS), place = below(p, RULES);
	struct m_rule *r = &p->m.rules[chain][place];
	u8 verb;

	if (r->is && below(p, 2)) {
		stage_rule(&p->t, MN_VERB_DEL, chain, place, 0, 0);
		r->is = false;
		return;
	}
	verb = r->is ? MN_VERB_SET : MN_VERB_NEW;
	r->is = true;
	r->action = random_action(p);
	r->to = below(p, CHAINS);
	/* Mostly downwards. */
	if (r->to <= chain && below(p, 5))
		r->to = CHAINS - 1;
	if (r->to == chain)
		r->action = MIDONET_RULE_ACTION_ACCEPT;
	stage_rule(&p->t, verb, chain, place, r->action, r->to);
}

static void random_attach(struct place *p)
{
	int i = below(p, DEVICES);

	p->m.chains[i][0] = (int)below(p, 2 * CHAINS) - CHAINS;
	p->m.chains[i][1] = (int)below(p, 2 * CHAINS) - CHAINS;
	attach(&p->t, i, p->m.chains[i][0], p->m.chains[i][1]);
}

static void place_random(struct kunit *test)
{
	struct place *p = test->priv;
	struct model was;
	u32 n[3] = {}, i, j;
	int want, got;
	bool dry;

	prandom_seed_state(&p->rnd, topo_seed(test));
	make_all(&p->t);
	memset(p->m.chains, 0xff, sizeof(p->m.chains));
	for (i = 0; i < STEPS && !test->status; i++) {
		was = p->m;
		topo_begin(&p->t);
		for (j = below(p, 4) + 1; j; j--) {
			if (below(p, 3))
				random_rule(p);
			else
				random_attach(p);
		}
		dry = !below(p, 8);
		want = verdict(&p->m);
		got = topo_commit(&p->t, dry);
		KUNIT_EXPECT_EQ_MSG(test, want, got, "step %u: %s", i,
				    p->t.error);
		n[want ? want == -ELOOP ? 2 : 1 : 0]++;
		if (want || dry)
			p->m = was;
		compare(p);
		cond_resched();
	}
	kunit_info(test, "%u accepted, %u misplaced, %u cycles\n", n[0], n[1],
		   n[2]);
	for (i = 0; i < ARRAY_SIZE(n); i++)
		KUNIT_EXPECT_GT(test, n[i], (u32)(STEPS / 200));
}

static int place_init(struct kunit *test)
{
	struct place *p = kunit_kzalloc(test, sizeof(*p), GFP_KERNEL);

	test->priv = p;
	return p ? topo_init(&p->t, test) : -ENOMEM;
}

static void place_exit(struct kunit *test)
{
	struct place *p = test->priv;

	if (p)
		topo_exit(&p->t);
}

static struct kunit_case place_cases[] = {
	KUNIT_CASE(place_words),
	KUNIT_CASE(place_removed),
	KUNIT_CASE(place_random),
	{}
};

static struct kunit_suite place_suite = {
	.name = "midonet-nat-place",
	.init = place_init,
	.exit = place_exit,
	.test_cases = place_cases,
};

kunit_test_suite(place_suite);
