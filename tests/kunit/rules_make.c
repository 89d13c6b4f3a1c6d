// SPDX-License-Identifier: GPL-2.0
/*
 * From a model to objects of the kernel.
 */
#include "rules.h"

static u8 ref_type(u8 attr)
{
	switch (attr) {
	case MIDONET_MATCH_SRC_SET:
	case MIDONET_MATCH_DST_SET:
		return MIDONET_OBJECT_TYPE_IP_SET;
	case MIDONET_MATCH_IN_PORT:
	case MIDONET_MATCH_OUT_PORT:
		return MIDONET_OBJECT_TYPE_PORT;
	case MIDONET_MATCH_PORT_GROUP:
	case MIDONET_MATCH_IN_PORT_GROUP:
	case MIDONET_MATCH_OUT_PORT_GROUP:
		return MIDONET_OBJECT_TYPE_PORT_GROUP;
	}
	return 0;
}

static int put_value(struct topo *t, const struct t_word *w, int i)
{
	switch (w->attr) {
	case MIDONET_MATCH_ETHERTYPE:
	case MIDONET_MATCH_VLAN:
	case MIDONET_MATCH_TCP_FLAGS:
		return nla_put_u16(t->msg, w->attr, w->num[i]);
	case MIDONET_MATCH_HW_SRC:
	case MIDONET_MATCH_HW_DST:
		return nla_put(t->msg, w->attr, 12, w->mac[i]);
	case MIDONET_MATCH_SRC:
	case MIDONET_MATCH_DST:
		return nla_put(t->msg, w->attr, w->prefix[i].len,
			       w->prefix[i].d);
	case MIDONET_MATCH_SRC_PORT:
	case MIDONET_MATCH_DST_PORT:
		return nla_put_u32(t->msg, w->attr, w->num[i]);
	}
	if (!ref_type(w->attr))
		return nla_put_u8(t->msg, w->attr, w->num[i]);
	topo_put_id(t, w->attr, ref_type(w->attr), w->num[i]);
	return 0;
}

static void put_match(struct topo *t, const struct t_rule *r)
{
	struct nlattr *nest = nla_nest_start(t->msg, MIDONET_A_MATCH);
	u64 invert = 0;
	int i, j;

	for (i = 0; i < r->n_words; i++) {
		const struct t_word *w = &r->words[i];

		if (w->invert)
			invert |= BIT_ULL(w->attr);
		for (j = 0; j < w->n; j++)
			KUNIT_ASSERT_EQ(t->test, 0, put_value(t, w, j));
	}
	nla_put(t->msg, MIDONET_MATCH_INVERT, sizeof(invert), &invert);
	nla_nest_end(t->msg, nest);
}

/**
 * t_put_rule() - put match, not, action and chain of a rule
 * @t: topology, in a message
 * @r: rule
 */
void t_put_rule(struct topo *t, const struct t_rule *r)
{
	put_match(t, r);
	nla_put_u8(t->msg, MIDONET_A_NOT, r->invert);
	nla_put_u8(t->msg, MIDONET_A_ACTION, r->action);
	if (r->action == MIDONET_RULE_ACTION_JUMP)
		topo_put_id(t, MIDONET_A_CHAIN, MIDONET_OBJECT_TYPE_CHAIN,
			    r->jump);
}

static void make_port(struct topo *t, const struct t_model *m, int n)
{
	char name[16];
	int i;

	snprintf(name, sizeof(name), "p%d", n);
	topo_op(t);
	topo_put_id(t, MIDONET_A_ID, MIDONET_OBJECT_TYPE_PORT, n);
	topo_put_id(t, MIDONET_A_PARENT, MIDONET_OBJECT_TYPE_BRIDGE, 0);
	nla_put_string(t->msg, MIDONET_A_NAME, name);
	for (i = 0; i < T_GROUPS; i++) {
		if (m->groups_of[n] & BIT(i))
			topo_put_id(t, MIDONET_A_PORT_GROUPS,
				    MIDONET_OBJECT_TYPE_PORT_GROUP, i);
	}
	topo_stage(t, MIDONET_OBJECT_TYPE_PORT, MN_VERB_NEW);
}

static void make_set(struct topo *t, const struct t_model *m, int n)
{
	char name[16];
	int i;

	snprintf(name, sizeof(name), "kunit-s%d", n);
	topo_new(t, MIDONET_OBJECT_TYPE_IP_SET, n, name);
	topo_op(t);
	topo_put_id(t, MIDONET_A_PARENT, MIDONET_OBJECT_TYPE_IP_SET, n);
	for (i = 0; i < m->n_members[n]; i++)
		nla_put(t->msg, MIDONET_A_MEMBERS, m->members[n][i].len,
			m->members[n][i].d);
	topo_stage(t, MIDONET_OBJECT_TYPE_IP_SET_MEMBER, MN_VERB_NEW);
}

static void make_chain(struct topo *t, const struct t_model *m, int n)
{
	char name[16];
	int i;

	snprintf(name, sizeof(name), "kunit-c%d", n);
	topo_new(t, MIDONET_OBJECT_TYPE_CHAIN, n, name);
	for (i = 0; i < m->n_rules[n]; i++) {
		topo_op(t);
		topo_put_id(t, MIDONET_A_ID, MIDONET_OBJECT_TYPE_RULE,
			    n * T_RULES + i);
		topo_put_id(t, MIDONET_A_PARENT, MIDONET_OBJECT_TYPE_CHAIN, n);
		t_put_rule(t, &m->rules[n][i]);
		topo_stage(t, MIDONET_OBJECT_TYPE_RULE, MN_VERB_NEW);
	}
}

/**
 * t_make_model() - make the objects of a model, in one transaction
 * @t: topology
 * @m: model
 */
void t_make_model(struct topo *t, const struct t_model *m)
{
	char name[16];
	int i;

	topo_begin(t);
	topo_new(t, MIDONET_OBJECT_TYPE_BRIDGE, 0, "kunit-b");
	for (i = 0; i < T_GROUPS; i++) {
		snprintf(name, sizeof(name), "kunit-g%d", i);
		topo_new(t, MIDONET_OBJECT_TYPE_PORT_GROUP, i, name);
	}
	for (i = 0; i < T_PORTS; i++)
		make_port(t, m, i);
	for (i = 0; i < T_SETS; i++)
		make_set(t, m, i);
	for (i = 0; i < T_CHAINS; i++)
		make_chain(t, m, i);
	KUNIT_ASSERT_EQ_MSG(t->test, 0, topo_commit(t, false), "%s", t->error);
}
