// SPDX-License-Identifier: GPL-2.0
/*
 * Does every translation stand where it may? dnat belongs into the in-chains of
 * routers, snat into their out-chains, what undoes them into either; so do the
 * chains they jump to. A chain that nobody uses may say anything.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "doc.h"

/* Where a chain may be attached, as far as translations care. */
enum place { ROUTER_IN, ROUTER_OUT, OTHER, PLACES };

/**
 * struct use - an attachment of a chain
 * @m: topology
 * @user: what the chain is attached to
 * @in: as its in-chain
 * @top: chain
 * @place: of the attachment
 */
struct use {
	const struct mn_model *m;
	const struct mn_obj *user;
	bool in;
	struct mn_obj *top;
	enum place place;
};

/* Where the action of a rule may stand, NULL: here. */
static const char *belongs(const struct mn_obj *rule, enum place place)
{
	switch (mn_rule_action(rule)) {
	case MIDONET_RULE_ACTION_DNAT:
		return place == ROUTER_IN ? NULL : "the in-chain of routers";
	case MIDONET_RULE_ACTION_SNAT:
		return place == ROUTER_OUT ? NULL : "the out-chain of routers";
	case MIDONET_RULE_ACTION_REV_DNAT:
	case MIDONET_RULE_ACTION_REV_SNAT:
		return place == OTHER ? "the in-chain and out-chain of routers" :
					NULL;
	}
	return NULL;
}

static int refuse(const struct use *u, const struct mn_obj *rule,
		  const char *where, struct mn_err *err)
{
	bool jump = rule->parent != u->top;
	struct mn_buf user = {};

	mn_obj_full_name(u->user, &user);
	mn_doc_fail(err, rule, NULL,
		    "%s stands in %s only, not in the %s of %s %s%s%s",
		    mn_rule_action_names[mn_rule_action(rule)], where,
		    u->in ? "in-chain" : "out-chain", u->user->type->word,
		    user.s, jump ? ", by jump from chain " : "",
		    jump ? u->top->name : "");
	mn_buf_free(&user);
	return err->code;
}

/*
 * The rules of a chain; chains they jump to that were not looked at for this
 * kind of place go on the stack.
 */
static int check_chain(const struct use *u, const struct mn_obj *chain,
		       uint8_t *seen, struct mn_obj **stack, size_t *n,
		       struct mn_err *err)
{
	const char *where;
	struct mn_obj *to;
	uint32_t i;

	for (i = 0; i < chain->n_kids; i++) {
		where = belongs(chain->kids[i], u->place);
		if (where)
			return refuse(u, chain->kids[i], where, err);
		to = mn_obj_ref(u->m, chain->kids[i], MIDONET_A_CHAIN);
		if (!to || (seen[to->slot] >> u->place & 1))
			continue;
		seen[to->slot] |= 1 << u->place;
		stack[(*n)++] = to;
	}
	return 0;
}

static int check_use(const struct use *u, uint8_t *seen, struct mn_obj **stack,
		     struct mn_err *err)
{
	size_t n = 0;
	int ret = 0;

	if (!u->top || (seen[u->top->slot] >> u->place & 1))
		return 0;
	seen[u->top->slot] |= 1 << u->place;
	stack[n++] = u->top;
	while (!ret && n) {
		n--;
		ret = check_chain(u, stack[n], seen, stack, &n, err);
	}
	return ret;
}

static int check_user(const struct mn_model *m, const struct mn_obj *user,
		      uint8_t *seen, struct mn_obj **stack, struct mn_err *err)
{
	bool router = user->type->type == MIDONET_OBJECT_TYPE_ROUTER;
	struct use u = { .m = m, .user = user, .in = true };
	int ret;

	u.place = router ? ROUTER_IN : OTHER;
	u.top = mn_obj_ref(m, user, MIDONET_A_IN_CHAIN);
	ret = check_use(&u, seen, stack, err);
	if (ret)
		return ret;
	u.in = false;
	u.place = router ? ROUTER_OUT : OTHER;
	u.top = mn_obj_ref(m, user, MIDONET_A_OUT_CHAIN);
	return check_use(&u, seen, stack, err);
}

/**
 * mn_doc_check_nat() - judge where the translations of a topology stand
 * @m: topology; jumps form no cycles
 * @err: for errors, with the path of the rule
 *
 * Return: 0 or -EINVAL
 */
int mn_doc_check_nat(const struct mn_model *m, struct mn_err *err)
{
	static const int users[] = {
		MIDONET_OBJECT_TYPE_BRIDGE, MIDONET_OBJECT_TYPE_ROUTER,
		MIDONET_OBJECT_TYPE_PORT,
	};
	uint32_t chains = m->objs[MIDONET_OBJECT_TYPE_CHAIN].n, i;
	struct mn_obj **stack = mn_alloc((chains + 1) * sizeof(*stack));
	uint8_t *seen = mn_alloc(chains);
	const struct mn_objs *objs;
	size_t t;
	int ret = 0;

	for (t = 0; t < MN_ARRAY_SIZE(users); t++) {
		objs = &m->objs[users[t]];
		for (i = 0; !ret && i < objs->n; i++)
			ret = check_user(m, objs->objs[i], seen, stack, err);
	}
	free(seen);
	free(stack);
	return ret;
}
