// SPDX-License-Identifier: GPL-2.0
/*
 * Chains. A version owns the array of its rules, and their index; a commit that
 * changes a chain works on an array of its own, so packets see the old rules or
 * the new ones.
 */
#include <linux/slab.h>

#include "config/nl.h"
#include "config/txn.h"
#include "policy/chain.h"
#include "policy/chain_index.h"

#define MN_CHAIN_GROW	8	/* least room for more rules */

static struct mn_chain_ver *chain_ver(struct mn_ver *v)
{
	return container_of(v, struct mn_chain_ver, ver);
}

static struct mn_rule **rules_alloc(u32 n)
{
	return kvmalloc_array(n, sizeof(struct mn_rule *), GFP_KERNEL_ACCOUNT);
}

static void rules_drop(struct mn_chain_ver *v)
{
	if (!v->ver.shared) {
		mn_chain_index_free(v->index);
		kvfree(v->rules);
	}
	v->rules = NULL;
	v->index = NULL;
}

static bool rules_resize(struct mn_chain_ver *v, u32 cap)
{
	struct mn_rule **rules = NULL;

	if (cap) {
		rules = rules_alloc(cap);
		if (!rules)
			return false;
		memcpy(rules, v->rules, v->n * sizeof(*rules));
	}
	rules_drop(v);
	v->ver.shared = false;
	v->rules = rules;
	v->cap = cap;
	return true;
}

static struct mn_chain_ver *pending(struct mn_txn *txn, struct mn_chain *chain)
{
	struct mn_ver *ver = mn_txn_pending(txn, &chain->obj);

	return ver ? chain_ver(ver) : NULL;
}

/**
 * mn_chain_edit() - version of a chain that this commit may change
 * @txn: transaction
 * @chain: chain that exists in the end state
 *
 * Context: mn_net.lock, may sleep.
 *
 * Return: version with an array of its own and room for one more rule, or NULL
 */
struct mn_chain_ver *mn_chain_edit(struct mn_txn *txn, struct mn_chain *chain)
{
	struct mn_chain_ver *v = pending(txn, chain);

	if (!v || (!v->ver.shared && v->n < v->cap))
		return v;
	if (!rules_resize(v, v->n + max_t(u32, MN_CHAIN_GROW, v->n / 2)))
		return NULL;
	return v;
}

static bool is_jump(const struct mn_rule *rule)
{
	return rule->action == MIDONET_RULE_ACTION_JUMP;
}

/**
 * mn_chain_insert() - put a rule into a chain
 * @v: from mn_chain_edit(), with room
 * @index: place, up to @v->n
 * @rule: rule
 */
void mn_chain_insert(struct mn_chain_ver *v, u32 index, struct mn_rule *rule)
{
	memmove(&v->rules[index + 1], &v->rules[index],
		(v->n - index) * sizeof(*v->rules));
	v->rules[index] = rule;
	v->n++;
	v->n_jumps += is_jump(rule);
}

/**
 * mn_chain_remove() - take a rule out of a chain
 * @v: from mn_chain_edit()
 * @index: its place
 */
void mn_chain_remove(struct mn_chain_ver *v, u32 index)
{
	v->n_jumps -= is_jump(v->rules[index]);
	v->n--;
	memmove(&v->rules[index], &v->rules[index + 1],
		(v->n - index) * sizeof(*v->rules));
}

/**
 * mn_chain_replace() - put a rule into the place of another
 * @v: from mn_chain_edit()
 * @index: place
 * @rule: new rule
 */
void mn_chain_replace(struct mn_chain_ver *v, u32 index, struct mn_rule *rule)
{
	v->n_jumps += is_jump(rule) - is_jump(v->rules[index]);
	v->rules[index] = rule;
}

/**
 * mn_chain_index() - place of a rule
 * @chain: chain
 * @v: version of it
 * @rule: rule
 *
 * Rules are mostly looked for in order: begin where the last one was.
 *
 * Context: mn_net.lock.
 *
 * Return: index; @v->n if the rule is not there
 */
u32 mn_chain_index(struct mn_chain *chain, const struct mn_chain_ver *v,
		   const struct mn_rule *rule)
{
	u32 from = min(chain->hint, v->n);
	u32 i;

	for (i = from; i < v->n; i++) {
		if (v->rules[i] == rule)
			goto found;
	}
	for (i = 0; i < from; i++) {
		if (v->rules[i] == rule)
			goto found;
	}
	return v->n;
found:
	chain->hint = i;
	return i;
}

static int chain_init(struct mn_net *mn, struct mn_obj *obj)
{
	struct mn_chain *chain = mn_chain_of(obj);

	chain->mn = mn;
	INIT_LIST_HEAD(&chain->jumpers);
	return 0;
}

static struct mn_ver *chain_parse(struct mn_txn *txn, struct mn_obj *obj,
				  const struct mn_ver *old,
				  const struct mn_op *op, struct nlattr **tb,
				  struct netlink_ext_ack *extack)
{
	struct mn_ver *ver;

	/* A chain has nothing to set but its rules. */
	if (old)
		ver = mn_txn_pending(txn, obj);
	else
		ver = mn_ver_new(MIDONET_OBJECT_TYPE_CHAIN,
				 sizeof(struct mn_chain_ver));
	return ver ?: ERR_PTR(-ENOMEM);
}

static bool same_rules(const struct mn_chain_ver *a,
		       const struct mn_chain_ver *b)
{
	return a->n == b->n && (!a->n ||
	       !memcmp(a->rules, b->rules, a->n * sizeof(*a->rules)));
}

/*
 * All messages were applied. An array that came out as it was is given up for
 * the old one, so that the commit sees that nothing changed; one that has grown
 * too large is cut.
 */
static int chain_link(struct mn_txn *txn, struct mn_obj *obj)
{
	struct mn_ver *newest = mn_dereference(txn->mn, obj->newest);
	struct mn_chain_ver *v = chain_ver(obj->pending);
	struct mn_chain_ver *old;

	if (v->ver.dead || v->ver.shared)
		return 0;
	old = newest && !newest->dead ? chain_ver(newest) : NULL;
	if (old && same_rules(old, v)) {
		rules_drop(v);
		v->ver.shared = true;
		v->rules = old->rules;
		v->index = old->index;
		v->cap = old->cap;
		return 0;
	}
	if (v->cap - v->n > v->n / 8)
		rules_resize(v, v->n);	/* else it stays as it is */
	v->index = mn_chain_index_new(txn->mn, v->rules, v->n);
	return 0;
}

static int chain_validate(struct mn_txn *txn, struct mn_obj *obj)
{
	u32 max = READ_ONCE(txn->mn->limits.rules_max);

	if (list_empty(&txn->rules_new) || txn->rules_checked)
		return 0;
	if (txn->mn->n_rules > max)
		return mn_txn_err(txn, -ENOSPC,
				  "%u rules would be more than net.midonet.rules_max allows",
				  txn->mn->n_rules);
	/* Once for all chains: what is new is in the transaction's list. */
	txn->rules_checked = true;
	return mn_chains_check(txn);
}

static int chain_contents(struct mn_txn *txn, struct mn_obj *obj)
{
	const struct mn_ver *ver = mn_ver_end(txn->mn, obj);
	const struct mn_chain_ver *v;
	u32 i;

	if (!ver)
		return 0;
	v = mn_chain_ver(ver);
	for (i = 0; i < v->n; i++)
		mn_rule_remove(txn, v->rules[i]);
	return 0;
}

static int chain_fill(struct mn_net *mn, const struct mn_obj *obj,
		      const struct mn_ver *ver, struct sk_buff *skb)
{
	return nla_put_u32(skb, MIDONET_A_COUNT, mn_chain_ver(ver)->n);
}

static void chain_ver_free(struct mn_ver *ver)
{
	struct mn_chain_ver *v = chain_ver(ver);

	rules_drop(v);
	kvfree(v);
}

static int parse_ref(struct mn_txn *txn, const struct mn_obj *user,
		     const struct mn_op *op, struct nlattr **tb, int attr,
		     const char *word, struct mn_chain **chain,
		     struct netlink_ext_ack *extack)
{
	struct mn_obj *ref;

	if (!tb[attr]) {
		if (mn_nl_unset(op, attr))
			*chain = NULL;
		return 0;
	}
	ref = mn_txn_ref(txn, user, tb[attr], MIDONET_OBJECT_TYPE_CHAIN, word,
			 extack);
	if (IS_ERR(ref))
		return PTR_ERR(ref);
	*chain = mn_chain_of(ref);
	return 0;
}

/**
 * mn_chains_parse() - chains a message attaches to a device
 * @txn: transaction
 * @user: the device, for errors
 * @op: message
 * @tb: its attributes
 * @in: in-chain; left alone if the message says nothing of it, NULL if it is
 *	unset
 * @out: out-chain, as @in
 * @extack: for errors
 *
 * Context: mn_net.lock.
 *
 * Return: 0 or -ENOENT
 */
int mn_chains_parse(struct mn_txn *txn, const struct mn_obj *user,
		    const struct mn_op *op, struct nlattr **tb,
		    struct mn_chain **in, struct mn_chain **out,
		    struct netlink_ext_ack *extack)
{
	return parse_ref(txn, user, op, tb, MIDONET_A_IN_CHAIN, "in-chain", in,
			 extack) ?:
	       parse_ref(txn, user, op, tb, MIDONET_A_OUT_CHAIN, "out-chain",
			 out, extack);
}

/**
 * mn_chains_uses() - &mn_type.uses for the chains of a device
 * @in: in-chain or NULL
 * @out: out-chain or NULL
 * @fn: called for each
 * @arg: for @fn
 */
void mn_chains_uses(struct mn_chain *in, struct mn_chain *out,
		    void (*fn)(struct mn_obj *used, void *arg), void *arg)
{
	if (in)
		fn(&in->obj, arg);
	if (out)
		fn(&out->obj, arg);
}

/**
 * mn_chains_fill() - put the chains of a device into a message
 * @skb: message
 * @in: in-chain or NULL
 * @out: out-chain or NULL
 *
 * Return: 0 or -EMSGSIZE
 */
int mn_chains_fill(struct sk_buff *skb, const struct mn_chain *in,
		   const struct mn_chain *out)
{
	return mn_nl_put_id(skb, MIDONET_A_IN_CHAIN, in ? &in->obj : NULL) ?:
	       mn_nl_put_id(skb, MIDONET_A_OUT_CHAIN, out ? &out->obj : NULL);
}

const struct mn_type mn_chain_type = {
	.name = "chain",
	.type = MIDONET_OBJECT_TYPE_CHAIN,
	.size = sizeof(struct mn_chain),
	.init = chain_init,
	.parse = chain_parse,
	.link = chain_link,
	.validate = chain_validate,
	.contents = chain_contents,
	.fill = chain_fill,
	.ver_free = chain_ver_free,
};
