// SPDX-License-Identifier: GPL-2.0
/*
 * Does every translation stand where it may? dnat belongs into the in-chains of
 * routers, snat into their out-chains, rev-dnat and rev-snat into either; the
 * chains they jump to included, chains nobody uses excepted.
 *
 * Every chain knows how often it is attached to what, and how many of its rules
 * translate, or jump to a chain that knows of such rules. When one of these
 * numbers leaves zero or comes back to it, the chains that jump here are told;
 * so a change costs what it changes, and mn_net.n_misplaced says at once whether
 * the end state of a commit is good.
 *
 * The numbers fit together whatever the order of the changes, and while jumps
 * form a cycle, too: each jump counts if, and only if, the chain it goes to
 * counts something. Without cycles there is just one set of such numbers.
 */
#include "config/txn.h"
#include "policy/chain.h"
#include "policy/nat_place.h"
#include "sim/dep.h"

/* Where the rules of a kind must not be. */
static const u8 forbidden[MN_NAT_KINDS] = {
	[MN_NAT_KIND_DNAT] = BIT(MN_NAT_PLACE_ROUTER_OUT) |
			     BIT(MN_NAT_PLACE_OTHER),
	[MN_NAT_KIND_SNAT] = BIT(MN_NAT_PLACE_ROUTER_IN) |
			     BIT(MN_NAT_PLACE_OTHER),
	[MN_NAT_KIND_REV] = BIT(MN_NAT_PLACE_OTHER),
};

/* What the rules in and below a chain are, as bits of enum mn_nat_kind. */
static u8 kinds_below(const struct mn_chain *chain)
{
	u8 kinds = 0;
	int i;

	for (i = 0; i < MN_NAT_KINDS; i++) {
		if (chain->place.nats[i])
			kinds |= BIT(i);
	}
	return kinds;
}

static u8 kind_of_action(u8 action)
{
	switch (action) {
	case MIDONET_RULE_ACTION_DNAT:
		return BIT(MN_NAT_KIND_DNAT);
	case MIDONET_RULE_ACTION_SNAT:
		return BIT(MN_NAT_KIND_SNAT);
	case MIDONET_RULE_ACTION_REV_DNAT:
	case MIDONET_RULE_ACTION_REV_SNAT:
		return BIT(MN_NAT_KIND_REV);
	}
	return 0;
}

static u8 kinds_of_rule(const struct mn_rule *rule)
{
	u8 kinds = rule->jump ? kinds_below(rule->jump) :
				kind_of_action(rule->action);

	if (rule->match.words & (BIT(MIDONET_MATCH_STATE) |
				 BIT(MIDONET_MATCH_DIRECTION)))
		kinds |= BIT(MN_NAT_KIND_ASKS);
	return kinds;
}

/* What packets may know of it changes with the commit. */
static void unsettle(struct mn_chain *chain)
{
	struct mn_nat_place *place = &chain->place;

	if (place->unsettled)
		return;
	place->unsettled = true;
	place->next_unsettled = chain->mn->unsettled;
	chain->mn->unsettled = chain;
}

/* Where a chain is attached, as bits of enum mn_nat_place_kind. */
static u8 places_of(const struct mn_chain *chain)
{
	u8 places = 0;
	int i;

	for (i = 0; i < MN_NAT_PLACES; i++) {
		if (chain->place.attached[i])
			places |= BIT(i);
	}
	return places;
}

/* The first kind that is where it must not be, or MN_NAT_KINDS. */
static int misplaced_kind(const struct mn_chain *chain)
{
	u8 places = places_of(chain);
	int i;

	for (i = 0; i < MN_NAT_KINDS; i++) {
		if (chain->place.nats[i] && places & forbidden[i])
			break;
	}
	return i;
}

static void judge(struct mn_chain *chain)
{
	bool misplaced = misplaced_kind(chain) != MN_NAT_KINDS;

	if (misplaced == chain->place.misplaced)
		return;
	chain->place.misplaced = misplaced;
	chain->mn->n_misplaced += misplaced ? 1 : -1;
}

/* Count kinds in a chain; the chain is put on the list if it has to tell. */
static void count(struct mn_chain *chain, u8 kinds, int by,
		  struct mn_chain **list)
{
	struct mn_nat_place *place = &chain->place;
	u8 was = kinds_below(chain), turned;
	int i;

	for (i = 0; i < MN_NAT_KINDS; i++) {
		if (kinds & BIT(i))
			place->nats[i] += by;
	}
	turned = was ^ kinds_below(chain);
	if (!turned)
		return;
	judge(chain);
	if (turned & BIT(MN_NAT_KIND_ASKS))
		unsettle(chain);
	if (!place->turned) {
		place->next = *list;
		*list = chain;
	}
	place->turned |= turned;
}

static void count_up(struct mn_chain *chain, u8 kinds, int by)
{
	struct mn_chain *list = NULL;
	struct mn_rule *jump;

	count(chain, kinds, by, &list);
	while (list) {
		chain = list;
		list = chain->place.next;
		kinds = chain->place.turned;
		chain->place.turned = 0;
		list_for_each_entry(jump, &chain->jumpers, jumpers)
			count(jump->chain, kinds, by, &list);
	}
}

/**
 * mn_nat_place_enter() - a rule entered the end state
 * @rule: rule; a jump is among the jumpers of its chain already
 *
 * Context: mn_net.lock.
 */
void mn_nat_place_enter(struct mn_rule *rule)
{
	count_up(rule->chain, kinds_of_rule(rule), 1);
}

/**
 * mn_nat_place_leave() - a rule left the end state
 * @rule: rule; a jump is no longer among the jumpers of its chain
 *
 * Context: mn_net.lock.
 */
void mn_nat_place_leave(struct mn_rule *rule)
{
	count_up(rule->chain, kinds_of_rule(rule), -1);
}

/**
 * mn_nat_place_hold() - a rule of a chain is about to be replaced by another
 * @chain: chain
 *
 * What is known of the chain stays until mn_nat_place_release(), so that the
 * chains that jump to it are told nothing if nothing changes.
 *
 * Context: mn_net.lock.
 *
 * Return: what to release
 */
u8 mn_nat_place_hold(struct mn_chain *chain)
{
	u8 kinds = kinds_below(chain);

	count_up(chain, kinds, 1);
	return kinds;
}

/**
 * mn_nat_place_release() - the rule was replaced
 * @chain: chain
 * @kinds: from mn_nat_place_hold()
 *
 * Context: mn_net.lock.
 */
void mn_nat_place_release(struct mn_chain *chain, u8 kinds)
{
	count_up(chain, kinds, -1);
}

/**
 * mn_nat_place_settle() - the end state is in force, or given up
 * @mn: namespace, locked
 *
 * Which chains ask for the state of packets becomes what packets know of it.
 */
void mn_nat_place_settle(struct mn_net *mn)
{
	struct mn_chain *chain;
	bool asks, moved = false;

	mn_assert_lock(mn);
	while (mn->unsettled) {
		chain = mn->unsettled;
		mn->unsettled = chain->place.next_unsettled;
		chain->place.unsettled = false;
		asks = chain->place.nats[MN_NAT_KIND_ASKS];
		moved |= asks != chain->asks;
		WRITE_ONCE(chain->asks, asks);
	}
	if (moved)
		mn_dep_bump(mn, MN_DEP_ASKS);
}

static int place_kind(const struct mn_ver *ver, bool in)
{
	if (ver->type != MIDONET_OBJECT_TYPE_ROUTER)
		return MN_NAT_PLACE_OTHER;
	return in ? MN_NAT_PLACE_ROUTER_IN : MN_NAT_PLACE_ROUTER_OUT;
}

/**
 * mn_nat_place_attach() - a version attaches chains, or does no longer
 * @mn: namespace, locked
 * @ver: version of any type, not a tombstone
 * @by: 1 when it enters the end state, -1 when it leaves it
 */
void mn_nat_place_attach(struct mn_net *mn, const struct mn_ver *ver, int by)
{
	const struct mn_type *type = mn_types[ver->type];
	struct mn_chain *in, *out;

	mn_assert_lock(mn);
	if (!type->chains)
		return;
	type->chains(ver, &in, &out);
	if (in) {
		in->place.attached[place_kind(ver, true)] += by;
		judge(in);
	}
	if (out) {
		out->place.attached[place_kind(ver, false)] += by;
		judge(out);
	}
}

/* To explain a refusal. Slow: it looks at everything. */

/**
 * struct culprit - a rule that stands where it must not
 * @kind: &enum mn_nat_kind
 * @top: chain that is attached
 * @user: to what
 * @in: as its in-chain
 * @rule: the rule
 * @pos: its position
 */
struct culprit {
	int kind;
	struct mn_chain *top;
	const struct mn_obj *user;
	bool in;
	const struct mn_rule *rule;
	u32 pos;
};

static bool find_top(struct mn_net *mn, struct culprit *c)
{
	unsigned long index;
	struct mn_obj *o;

	xa_for_each(&mn->types[MIDONET_OBJECT_TYPE_CHAIN], index, o) {
		c->top = mn_chain_of(o);
		c->kind = misplaced_kind(c->top);
		if (c->kind != MN_NAT_KINDS)
			return true;
	}
	return false;
}

static bool is_misplaced_by(const struct mn_ver *ver, struct culprit *c)
{
	struct mn_chain *in, *out;

	mn_types[ver->type]->chains(ver, &in, &out);
	c->in = in == c->top && forbidden[c->kind] & BIT(place_kind(ver, true));
	return c->in || (out == c->top &&
			 forbidden[c->kind] & BIT(place_kind(ver, false)));
}

static bool find_attached(struct mn_net *mn, struct culprit *c)
{
	const struct mn_ver *ver;
	unsigned long index;
	struct mn_obj *o;
	int i;

	for (i = 0; i < ARRAY_SIZE(mn_types); i++) {
		if (!mn_types[i] || !mn_types[i]->chains)
			continue;
		xa_for_each(&mn->types[i], index, o) {
			ver = mn_ver_end(mn, o);
			if (!ver || !is_misplaced_by(ver, c))
				continue;
			c->user = o;
			return true;
		}
	}
	return false;
}

/* In a chain: the rule itself, or the first jump towards it. */
static const struct mn_rule *find_next(const struct mn_chain_ver *v, u8 kind,
				       u32 *pos)
{
	const struct mn_rule *jump = NULL;
	u32 i;

	for (i = 0; i < v->n; i++) {
		if (!(kinds_of_rule(v->rules[i]) & kind))
			continue;
		*pos = i + 1;
		if (!v->rules[i]->jump)
			return v->rules[i];
		if (!jump)
			jump = v->rules[i];
	}
	return jump;
}

static bool find_rule(struct mn_net *mn, struct culprit *c)
{
	const struct mn_chain *chain = c->top;
	const struct mn_ver *ver;
	int i;

	for (i = 0; i <= MN_JUMPS_MAX; i++) {
		ver = mn_ver_end(mn, &chain->obj);
		c->rule = ver ? find_next(mn_chain_ver(ver), BIT(c->kind),
					  &c->pos) : NULL;
		if (!c->rule || !c->rule->jump)
			return c->rule;
		chain = c->rule->jump;
	}
	return false;
}

static const char *action_word(const struct mn_rule *rule)
{
	switch (rule->action) {
	case MIDONET_RULE_ACTION_DNAT:
		return "dnat";
	case MIDONET_RULE_ACTION_SNAT:
		return "snat";
	case MIDONET_RULE_ACTION_REV_DNAT:
		return "rev-dnat";
	}
	return "rev-snat";
}

static int refuse(struct mn_txn *txn, const struct culprit *c)
{
	static const char * const where[MN_NAT_KINDS] = {
		[MN_NAT_KIND_DNAT] = "the in-chain of routers",
		[MN_NAT_KIND_SNAT] = "the out-chain of routers",
		[MN_NAT_KIND_REV] = "the in-chain and out-chain of routers",
	};
	bool jump = c->rule->chain != c->top;
	char user[160];

	mn_obj_label(c->user, user, sizeof(user));
	return mn_txn_err(txn, -EINVAL,
			  "chain %s: rule %u: %s stands in %s only, not in the %s of %s%s%s",
			  c->rule->chain->obj.name, c->pos,
			  action_word(c->rule), where[c->kind],
			  c->in ? "in-chain" : "out-chain", user,
			  jump ? ", by jump from chain " : "",
			  jump ? c->top->obj.name : "");
}

/**
 * mn_nat_place_check() - does every translation stand where it may
 * @txn: transaction; references are counted as they will be, jumps were found
 *	good
 *
 * Context: mn_net.lock.
 *
 * Return: 0, -EINVAL with a message naming chain, rule and attachment
 */
int mn_nat_place_check(struct mn_txn *txn)
{
	struct culprit c = {};

	if (!txn->mn->n_misplaced)
		return 0;
	if (find_top(txn->mn, &c) && find_attached(txn->mn, &c) &&
	    find_rule(txn->mn, &c))
		return refuse(txn, &c);
	WARN_ON_ONCE(1);
	return -EINVAL;
}
