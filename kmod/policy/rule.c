// SPDX-License-Identifier: GPL-2.0
/*
 * Rules. A rule is immutable: a change makes another one with the same id, and
 * the counters go over to it.
 *
 * While a commit is judged, the table of ids has the rule of the end state. One
 * that the commit removes stays there, marked as gone, so that the same id can
 * come back: with other content as a rule that replaces it, with the same
 * content as itself. What a rule refers to is counted as soon as it belongs to
 * the end state, and no longer when it does not.
 *
 * A rule is kept by one reference of the configuration, dropped a grace period
 * after the commit that removed it, and one of each flow that counts for it. So
 * who finds a rule in a version of a chain under RCU may take a reference.
 */
#include <linux/rcupdate.h>
#include <linux/slab.h>
#include <linux/workqueue.h>

#include "config/nl.h"
#include "config/txn.h"
#include "policy/chain.h"
#include "policy/nat_rule.h"

static atomic_long_t n_alive = ATOMIC_LONG_INIT(0);
static LLIST_HEAD(dead_rules);

/* Dropping a chain may sleep, and the last reference may go anywhere. */
static void free_dead(struct work_struct *work)
{
	struct llist_node *list = llist_del_all(&dead_rules);
	struct mn_rule *rule, *next;

	llist_for_each_entry_safe(rule, next, list, dead) {
		if (rule->heir) {
			mn_count_move(&rule->heir->count, &rule->count);
			mn_rule_put(rule->heir);
		}
		mn_obj_put(rule->chain->mn, &rule->chain->obj);
		kfree(rule);
		atomic_long_dec(&n_alive);
	}
}

static DECLARE_WORK(free_work, free_dead);

/**
 * mn_rule_free() - the last reference of a rule was dropped
 * @count: &mn_rule.count
 *
 * Context: any.
 */
void mn_rule_free(struct mn_count *count)
{
	struct mn_rule *rule = container_of(count, struct mn_rule, count);

	if (llist_add(&rule->dead, &dead_rules))
		schedule_work(&free_work);
}

/**
 * mn_rules_drain() - wait until rules without references are freed
 *
 * Context: may sleep. Nobody drops references any more.
 */
void mn_rules_drain(void)
{
	rcu_barrier();
	/* A rule may hold the last reference of its heir. */
	do {
		flush_work(&free_work);
	} while (!llist_empty(&dead_rules));
}

/**
 * mn_rules_caches_create() - prepare for rules
 *
 * Return: 0
 */
int mn_rules_caches_create(void)
{
	return 0;
}

/**
 * mn_rules_caches_destroy() - the module goes: no rule may be left
 *
 * Context: may sleep.
 */
void mn_rules_caches_destroy(void)
{
	mn_rules_drain();
	WARN_ONCE(atomic_long_read(&n_alive), "midonet: %ld rules leaked\n",
		  atomic_long_read(&n_alive));
}

static struct mn_rule *rule_alloc(struct mn_chain *chain, const u8 *id,
				  size_t len)
{
	struct mn_rule *rule = kzalloc(sizeof(*rule) + len, GFP_KERNEL_ACCOUNT);

	if (!rule)
		return NULL;
	memcpy(rule->ident.id, id, sizeof(rule->ident.id));
	rule->ident.type = MIDONET_OBJECT_TYPE_RULE;
	mn_count_init(&rule->count, MN_COUNT_RULE);
	rule->chain = chain;
	/* Its name outlives the chain in drop counters. */
	refcount_inc(&chain->obj.ident.ref);
	INIT_LIST_HEAD(&rule->list);
	INIT_LIST_HEAD(&rule->jumpers);
	atomic_long_inc(&n_alive);
	return rule;
}

static void drop_rcu(struct rcu_head *rcu)
{
	mn_rule_put(container_of(rcu, struct mn_rule, rcu));
}

static bool same_content(const struct mn_rule *a, const struct mn_rule *b)
{
	return a->chain == b->chain && a->action == b->action &&
	       a->invert == b->invert && a->jump == b->jump &&
	       a->match.words == b->match.words &&
	       a->match.len == b->match.len &&
	       !memcmp(a->match.ops, b->match.ops, a->match.len) &&
	       mn_nat_rule_same(a, b);
}

/* The end state and what it refers to. */

static void use_add(struct mn_obj *used, void *arg)
{
	used->uses++;
}

static void use_sub(struct mn_obj *used, void *arg)
{
	used->uses--;
}

static void enter_state(struct mn_net *mn, struct mn_rule *rule)
{
	mn_match_uses(&rule->match, use_add, NULL);
	if (rule->jump) {
		rule->jump->obj.uses++;
		list_add_tail(&rule->jumpers, &rule->jump->jumpers);
	}
	mn_nat_place_enter(rule);
	mn->n_rules++;
}

static void leave_state(struct mn_net *mn, struct mn_rule *rule)
{
	mn_match_uses(&rule->match, use_sub, NULL);
	if (rule->jump) {
		rule->jump->obj.uses--;
		list_del_init(&rule->jumpers);
	}
	mn_nat_place_leave(rule);
	mn->n_rules--;
}

/* A rule of this commit, out of the end state, goes at once. */
static void undo_fresh(struct mn_net *mn, struct mn_rule *rule)
{
	struct mn_rule *old = rule->replaces;

	if (old)
		mn_ident_replace(mn, &rule->ident, &old->ident);
	else
		mn_ident_del(mn, &rule->ident);
	rule->replaces = NULL;
	list_del(&rule->list);
	/* Readers of the table of ids may have seen it. */
	call_rcu(&rule->rcu, drop_rcu);
}

/**
 * mn_rule_remove() - take a rule out of the end state
 * @txn: transaction
 * @rule: rule; the caller takes it out of the pending version of its chain
 *
 * Context: mn_net.lock.
 */
void mn_rule_remove(struct mn_txn *txn, struct mn_rule *rule)
{
	if (rule->gone)
		return;
	leave_state(txn->mn, rule);
	if (rule->fresh) {
		undo_fresh(txn->mn, rule);
		return;
	}
	rule->gone = true;
	list_add_tail(&rule->list, &txn->rules_old);
}

static void restore(struct mn_net *mn, struct mn_rule *rule)
{
	rule->gone = false;
	list_del_init(&rule->list);
	enter_state(mn, rule);
}

/*
 * Take a new rule into the end state. Returns the rule that is there now: an
 * equal one that had the id before is preferred; then @rule is freed.
 */
static struct mn_rule *rule_enter(struct mn_txn *txn, struct mn_rule *rule)
{
	struct mn_ident *ident = mn_ident_find(txn->mn, rule->ident.id);
	struct mn_rule *old = NULL;
	int err;

	if (ident)
		old = container_of(ident, struct mn_rule, ident);
	if (old && same_content(old, rule)) {
		restore(txn->mn, old);
		mn_rule_put(rule);
		return old;
	}
	if (old) {
		mn_ident_replace(txn->mn, ident, &rule->ident);
		rule->replaces = old;
	} else {
		err = mn_ident_add(txn->mn, &rule->ident);
		if (err) {
			mn_rule_put(rule);
			return ERR_PTR(err);
		}
	}
	rule->fresh = true;
	list_add_tail(&rule->list, &txn->rules_new);
	enter_state(txn->mn, rule);
	return rule;
}

/* What a message asks for. */

static int set_jump(struct mn_txn *txn, struct mn_rule *rule,
		    struct nlattr **tb, const struct mn_rule *old,
		    struct netlink_ext_ack *extack)
{
	struct mn_obj *jump;

	if (rule->action != MIDONET_RULE_ACTION_JUMP) {
		if (!tb[MIDONET_A_CHAIN])
			return 0;
		NL_SET_BAD_ATTR(extack, tb[MIDONET_A_CHAIN]);
		return mn_txn_err(txn, -EINVAL,
				  "chain %s: only a jump has a chain to go to",
				  rule->chain->obj.name);
	}
	if (!tb[MIDONET_A_CHAIN]) {
		rule->jump = old ? old->jump : NULL;
		return rule->jump ? 0 :
			mn_txn_err(txn, -EINVAL,
				   "chain %s: a jump needs a chain to go to",
				   rule->chain->obj.name);
	}
	jump = mn_txn_ref(txn, &rule->chain->obj, tb[MIDONET_A_CHAIN],
			  MIDONET_OBJECT_TYPE_CHAIN, "jump", extack);
	if (IS_ERR(jump))
		return PTR_ERR(jump);
	rule->jump = mn_chain_of(jump);
	return 0;
}

static int set_match(struct mn_txn *txn, struct mn_rule *rule,
		     struct nlattr **tb, const struct mn_rule *old,
		     struct netlink_ext_ack *extack)
{
	if (tb[MIDONET_A_MATCH])
		return mn_match_compile(txn->mn, txn, &rule->chain->obj,
					tb[MIDONET_A_MATCH], &rule->match,
					extack);
	if (old)
		memcpy(&rule->match, &old->match,
		       sizeof(old->match) + old->match.len);
	return 0;
}

static int get_action(struct mn_txn *txn, struct nlattr **tb,
		      const struct mn_chain *chain, const struct mn_rule *old)
{
	if (tb[MIDONET_A_ACTION])
		return nla_get_u8(tb[MIDONET_A_ACTION]);
	if (old)
		return old->action;
	return mn_txn_err(txn, -EINVAL, "chain %s: a new rule needs an action",
			  chain->obj.name);
}

static bool keeps_match(const struct mn_op *op, const struct mn_rule *old)
{
	return old && !mn_nl_unset(op, MIDONET_A_MATCH);
}

static int set_content(struct mn_txn *txn, struct mn_rule *rule,
		       const struct mn_op *op, struct nlattr **tb,
		       const struct mn_rule *old,
		       struct netlink_ext_ack *extack)
{
	int err;

	err = set_match(txn, rule, tb, keeps_match(op, old) ? old : NULL,
			extack);
	if (err)
		return err;
	if (tb[MIDONET_A_NOT])
		rule->invert = nla_get_u8(tb[MIDONET_A_NOT]);
	else if (old && !mn_nl_unset(op, MIDONET_A_NOT))
		rule->invert = old->invert;
	return set_jump(txn, rule, tb, old, extack) ?:
	       mn_nat_rule_set(txn, rule, op, tb, old, extack);
}

/* The rule that a message asks for; @old is what it changes, or NULL. */
static struct mn_rule *rule_build(struct mn_txn *txn, const struct mn_op *op,
				  struct nlattr **tb, struct mn_chain *chain,
				  const struct mn_rule *old,
				  struct netlink_ext_ack *extack)
{
	int action = get_action(txn, tb, chain, old);
	struct mn_rule *rule;
	int len, err;

	if (action < 0)
		return ERR_PTR(action);
	if (tb[MIDONET_A_MATCH])
		len = mn_match_size(txn->mn, tb[MIDONET_A_MATCH], extack);
	else
		len = keeps_match(op, old) ? old->match.len : 0;
	if (len < 0)
		return ERR_PTR(len);
	rule = rule_alloc(chain, nla_data(tb[MIDONET_A_ID]),
			  len + mn_nat_rule_room(action));
	if (!rule)
		return ERR_PTR(-ENOMEM);
	rule->action = action;
	err = set_content(txn, rule, op, tb, old, extack);
	if (!err)
		return rule;
	mn_rule_put(rule);
	return ERR_PTR(err);
}

static int bad_position(struct mn_txn *txn, const struct mn_chain *chain, u32 n,
			u32 pos)
{
	return mn_txn_err(txn, -EINVAL,
			  "chain %s: no position %u, it has %u rules",
			  chain->obj.name, pos, n);
}

static struct mn_chain *find_chain(struct mn_txn *txn, struct nlattr **tb,
				   struct netlink_ext_ack *extack)
{
	struct mn_obj *obj;

	if (!tb[MIDONET_A_ID] || !tb[MIDONET_A_PARENT]) {
		mn_txn_err(txn, -EINVAL,
			   "a new rule needs an id and a parent, its chain");
		return ERR_PTR(-EINVAL);
	}
	obj = mn_txn_ref(txn, NULL, tb[MIDONET_A_PARENT],
			 MIDONET_OBJECT_TYPE_CHAIN, "parent", extack);
	if (IS_ERR(obj))
		return ERR_CAST(obj);
	if (mn_ver_end(txn->mn, obj))
		return mn_chain_of(obj);
	mn_txn_err(txn, -ENOENT,
		   "chain %s: make it before its rules, and do not remove it",
		   obj->name);
	return ERR_PTR(-ENOENT);
}

static int rule_new(struct mn_txn *txn, const struct mn_op *op,
		    struct nlattr **tb, struct netlink_ext_ack *extack)
{
	struct mn_chain *chain = find_chain(txn, tb, extack);
	struct mn_chain_ver *v;
	struct mn_ident *ident;
	struct mn_rule *rule;
	u32 pos;

	if (IS_ERR(chain))
		return PTR_ERR(chain);
	ident = mn_ident_find(txn->mn, nla_data(tb[MIDONET_A_ID]));
	if (ident && (ident->type != MIDONET_OBJECT_TYPE_RULE ||
		      !container_of(ident, struct mn_rule, ident)->gone))
		return mn_txn_err(txn, -EEXIST,
				  "chain %s: a new rule: id %pUb is in use by a %s",
				  chain->obj.name, ident->id,
				  mn_types[ident->type]->name);
	v = mn_chain_edit(txn, chain);
	if (!v)
		return -ENOMEM;
	pos = tb[MIDONET_A_POSITION] ? nla_get_u32(tb[MIDONET_A_POSITION]) :
				       v->n + 1;
	if (!pos || pos > v->n + 1)
		return bad_position(txn, chain, v->n, pos);
	rule = rule_build(txn, op, tb, chain, NULL, extack);
	if (IS_ERR(rule))
		return PTR_ERR(rule);
	rule = rule_enter(txn, rule);
	if (IS_ERR(rule))
		return PTR_ERR(rule);
	mn_chain_insert(v, pos - 1, rule);
	return 0;
}

static struct mn_rule *find_rule(struct mn_txn *txn, struct nlattr **tb,
				 struct netlink_ext_ack *extack)
{
	struct mn_ident *ident;
	struct mn_rule *rule;

	if (!tb[MIDONET_A_ID]) {
		mn_txn_err(txn, -EINVAL, "rule: id is missing");
		return ERR_PTR(-EINVAL);
	}
	ident = mn_ident_find(txn->mn, nla_data(tb[MIDONET_A_ID]));
	if (ident && ident->type == MIDONET_OBJECT_TYPE_RULE) {
		rule = container_of(ident, struct mn_rule, ident);
		if (!rule->gone)
			return rule;
	}
	NL_SET_BAD_ATTR(extack, tb[MIDONET_A_ID]);
	mn_txn_err(txn, -ENOENT, "no rule with id %pUb",
		   nla_data(tb[MIDONET_A_ID]));
	return ERR_PTR(-ENOENT);
}

static int rule_move(struct mn_txn *txn, struct mn_chain *chain,
		     struct mn_rule *rule, u32 pos)
{
	const struct mn_chain_ver *now =
		mn_chain_ver(mn_ver_end(txn->mn, &chain->obj));
	struct mn_chain_ver *v;
	u32 index;

	if (!pos || pos > now->n)
		return bad_position(txn, chain, now->n, pos);
	index = mn_chain_index(chain, now, rule);
	if (index == pos - 1)
		return 0;
	v = mn_chain_edit(txn, chain);
	if (!v)
		return -ENOMEM;
	mn_chain_remove(v, index);
	mn_chain_insert(v, pos - 1, rule);
	return 0;
}

static int rule_set(struct mn_txn *txn, const struct mn_op *op,
		    struct nlattr **tb, struct netlink_ext_ack *extack)
{
	struct mn_rule *old = find_rule(txn, tb, extack);
	struct mn_chain_ver *v;
	struct mn_chain *chain;
	struct mn_rule *rule;
	u32 index;
	u8 held;

	if (IS_ERR(old))
		return PTR_ERR(old);
	chain = old->chain;
	if (mn_nl_unset(op, MIDONET_A_ACTION))
		return mn_txn_err(txn, -EINVAL, "chain %s: a rule needs an action",
				  chain->obj.name);
	rule = rule_build(txn, op, tb, chain, old, extack);
	if (IS_ERR(rule))
		return PTR_ERR(rule);
	if (same_content(rule, old)) {
		mn_rule_put(rule);
		rule = old;
	} else {
		v = mn_chain_edit(txn, chain);
		if (!v) {
			mn_rule_put(rule);
			return -ENOMEM;
		}
		index = mn_chain_index(chain, v, old);
		held = mn_nat_place_hold(chain);
		mn_rule_remove(txn, old);
		rule = rule_enter(txn, rule);
		mn_nat_place_release(chain, held);
		if (IS_ERR(rule))
			return PTR_ERR(rule);
		mn_chain_replace(v, index, rule);
	}
	if (!tb[MIDONET_A_POSITION])
		return 0;
	return rule_move(txn, chain, rule,
			 nla_get_u32(tb[MIDONET_A_POSITION]));
}

static int rule_del(struct mn_txn *txn, struct nlattr **tb,
		    struct netlink_ext_ack *extack)
{
	struct mn_rule *rule = find_rule(txn, tb, extack);
	struct mn_chain_ver *v;

	if (IS_ERR(rule))
		return PTR_ERR(rule);
	v = mn_chain_edit(txn, rule->chain);
	if (!v)
		return -ENOMEM;
	mn_chain_remove(v, mn_chain_index(rule->chain, v, rule));
	mn_rule_remove(txn, rule);
	return 0;
}

static int rule_op(struct mn_txn *txn, struct mn_op *op, struct nlattr **tb,
		   struct netlink_ext_ack *extack)
{
	switch (op->verb) {
	case MN_VERB_NEW:
		return rule_new(txn, op, tb, extack);
	case MN_VERB_SET:
		return rule_set(txn, op, tb, extack);
	case MN_VERB_DEL:
		return rule_del(txn, tb, extack);
	}
	return -EOPNOTSUPP;
}

/* The end of a commit. */

/* What is still counted for @old, by flows that have it, goes over later. */
static void inherit(struct mn_rule *rule, struct mn_rule *old)
{
	rule->replaces = NULL;
	if (!old)
		return;
	mn_count_move(&rule->count, &old->count);
	mn_rule_get(rule);
	old->heir = rule;
}

/**
 * mn_rules_publish() - a commit was accepted: its rules are the rules
 * @txn: transaction; the new generation is in force
 *
 * Context: mn_net.lock.
 */
void mn_rules_publish(struct mn_txn *txn)
{
	struct mn_rule *rule, *next;

	list_for_each_entry_safe(rule, next, &txn->rules_new, list) {
		list_del_init(&rule->list);
		rule->fresh = false;
		inherit(rule, rule->replaces);
	}
	list_for_each_entry_safe(rule, next, &txn->rules_old, list) {
		list_del(&rule->list);
		if (!rule->heir)
			mn_ident_del(txn->mn, &rule->ident);
		call_rcu(&rule->rcu, drop_rcu);
	}
}

/**
 * mn_rules_rollback() - a commit was refused: nothing happened
 * @txn: transaction
 *
 * Context: mn_net.lock.
 */
void mn_rules_rollback(struct mn_txn *txn)
{
	struct mn_rule *rule, *next;

	list_for_each_entry_safe_reverse(rule, next, &txn->rules_new, list) {
		leave_state(txn->mn, rule);
		undo_fresh(txn->mn, rule);
	}
	list_for_each_entry_safe(rule, next, &txn->rules_old, list)
		restore(txn->mn, rule);
}

const struct mn_type mn_rule_type = {
	.name = "rule",
	.type = MIDONET_OBJECT_TYPE_RULE,
	.parents = BIT(MIDONET_OBJECT_TYPE_CHAIN),
	.op = rule_op,
	.reply = mn_rule_reply,
	.dump = mn_rules_dump,
};
