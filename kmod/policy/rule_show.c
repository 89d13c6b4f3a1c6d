// SPDX-License-Identifier: GPL-2.0
/*
 * Rules as others see them: in messages, dumps and labels. A rule does not know
 * its position; it is where the newest version of its chain has it.
 */
#include <net/genetlink.h>

#include "config/dump.h"
#include "config/nl.h"
#include "policy/chain.h"
#include "policy/nat_rule.h"

static const struct mn_chain_ver *newest(struct mn_net *mn,
					 const struct mn_chain *chain)
{
	const struct mn_ver *ver = mn_dereference_rcu(mn, chain->obj.newest);

	return ver && !ver->dead ? mn_chain_ver(ver) : NULL;
}

static bool same_id(const struct mn_rule *a, const struct mn_rule *b)
{
	return a == b || !memcmp(a->ident.id, b->ident.id,
				 sizeof(a->ident.id));
}

/* Position of @rule, or of the rule that has its id now; 0: none. */
static u32 position(const struct mn_chain_ver *v, const struct mn_rule *rule)
{
	u32 i;

	for (i = 0; v && i < v->n; i++) {
		if (same_id(v->rules[i], rule))
			return i + 1;
	}
	return 0;
}

/**
 * mn_rule_label() - how a rule is called
 * @mn: namespace
 * @rule: rule, alive or referenced
 * @buf: for CHAIN:POSITION, or CHAIN:- if it is not in the chain any more
 * @size: bytes of @buf
 *
 * Context: RCU or mn_net.lock.
 *
 * Return: length as snprintf()
 */
int mn_rule_label(struct mn_net *mn, const struct mn_rule *rule, char *buf,
		  size_t size)
{
	u32 pos = position(newest(mn, rule->chain), rule);

	if (!pos)
		return snprintf(buf, size, "%s:-", rule->chain->obj.name);
	return snprintf(buf, size, "%s:%u", rule->chain->obj.name, pos);
}

static int rule_fill(struct sk_buff *skb, const struct mn_rule *rule, u32 pos)
{
	if (nla_put(skb, MIDONET_A_ID, sizeof(rule->ident.id),
		    rule->ident.id) ||
	    mn_nl_put_id(skb, MIDONET_A_PARENT, &rule->chain->obj) ||
	    nla_put_u32(skb, MIDONET_A_POSITION, pos) ||
	    mn_match_fill(skb, MIDONET_A_MATCH, &rule->match) ||
	    nla_put_u8(skb, MIDONET_A_NOT, rule->invert) ||
	    nla_put_u8(skb, MIDONET_A_ACTION, rule->action) ||
	    mn_nat_rule_fill(skb, rule))
		return -EMSGSIZE;
	if (!rule->jump)
		return 0;
	return mn_nl_put_id(skb, MIDONET_A_CHAIN, &rule->jump->obj);
}

/**
 * mn_rule_reply() - answer a get of one rule
 * @mn: namespace
 * @msg: reply
 * @hdr: its header; the message is ended here
 * @info: request
 *
 * Context: RCU.
 *
 * Return: 0; -EMSGSIZE if @msg is too small; -ENOENT
 */
int mn_rule_reply(struct mn_net *mn, struct sk_buff *msg, void *hdr,
		  struct genl_info *info)
{
	const struct nlattr *attr = info->attrs[MIDONET_A_ID];
	const struct mn_chain_ver *v = NULL;
	struct mn_ident *ident;
	struct mn_rule *rule;
	u32 pos = 0;

	if (!attr)
		return mn_err(mn, info->extack, -EINVAL, "id is missing");
	ident = mn_ident_find(mn, nla_data(attr));
	if (ident && ident->type == MIDONET_OBJECT_TYPE_RULE) {
		rule = container_of(ident, struct mn_rule, ident);
		v = newest(mn, rule->chain);
		pos = position(v, rule);
	}
	if (!pos) {
		NL_SET_BAD_ATTR(info->extack, attr);
		return mn_err(mn, info->extack, -ENOENT, "no rule with id %pUb",
			      nla_data(attr));
	}
	/* A commit in progress may have put another one under the id. */
	if (rule_fill(msg, v->rules[pos - 1], pos))
		return -EMSGSIZE;
	genlmsg_end(msg, hdr);
	return 0;
}

static int dump_chain(struct mn_net *mn, struct sk_buff *skb,
		      struct mn_dump *cur, const struct mn_chain_ver *v)
{
	void *hdr;

	for (; v && cur->sub < v->n; cur->sub++) {
		hdr = mn_dump_msg(skb, cur);
		if (!hdr)
			return -EMSGSIZE;
		if (rule_fill(skb, v->rules[cur->sub], cur->sub + 1)) {
			genlmsg_cancel(skb, hdr);
			return -EMSGSIZE;
		}
		genlmsg_end(skb, hdr);
	}
	return 0;
}

/**
 * mn_rules_dump() - list rules, chain by chain, in order
 * @mn: namespace
 * @skb: where they go
 * @cur: cursor; its sub is an index in the chain
 *
 * Context: RCU.
 *
 * Return: 0 at the end, -EMSGSIZE when @skb is full
 */
int mn_rules_dump(struct mn_net *mn, struct sk_buff *skb, struct mn_dump *cur)
{
	struct mn_obj *obj;
	int err;

	for (; (obj = mn_dump_next(mn, cur, MIDONET_OBJECT_TYPE_CHAIN));
	     cur->index++, cur->sub = 0) {
		if (cur->filter && obj->index != cur->parent)
			continue;
		err = dump_chain(mn, skb, cur, newest(mn, mn_chain_of(obj)));
		if (err)
			return err;
	}
	return 0;
}

struct find_user {
	const struct mn_obj *used;
	bool found;
};

static void find_used(struct mn_obj *used, void *arg)
{
	struct find_user *f = arg;

	f->found |= used == f->used;
}

static u32 find_in_chain(struct find_user *f, const struct mn_chain_ver *v)
{
	u32 i;

	for (i = 0; i < v->n; i++) {
		const struct mn_rule *rule = v->rules[i];

		mn_match_uses(&rule->match, find_used, f);
		if (f->found || (rule->jump && &rule->jump->obj == f->used))
			return i + 1;
	}
	return 0;
}

/**
 * mn_rules_find_user() - a rule that refers to an object in the end state
 * @mn: namespace, locked
 * @obj: object
 * @buf: for the rule's name in a message
 * @size: bytes of @buf
 *
 * Slow: it looks at all rules, to explain a refusal.
 *
 * Return: whether there is one
 */
bool mn_rules_find_user(struct mn_net *mn, const struct mn_obj *obj, char *buf,
			size_t size)
{
	struct find_user f = { .used = obj };
	const struct mn_ver *ver;
	unsigned long index;
	struct mn_obj *o;
	u32 pos;

	mn_assert_lock(mn);
	xa_for_each(&mn->types[MIDONET_OBJECT_TYPE_CHAIN], index, o) {
		ver = mn_ver_end(mn, o);
		pos = ver ? find_in_chain(&f, mn_chain_ver(ver)) : 0;
		if (!pos)
			continue;
		snprintf(buf, size, "rule %s:%u", o->name, pos);
		return true;
	}
	return false;
}
