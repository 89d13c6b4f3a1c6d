// SPDX-License-Identifier: GPL-2.0
/*
 * Evaluation of a chain. The first matching rule that is neither continue nor
 * jump decides; the end of the top-level chain accepts.
 */
#include "policy/chain.h"
#include "policy/chain_index.h"
#include "policy/nat_target.h"
#include "sim/ctx.h"
#include "sim/drop.h"
#include "sim/trace.h"
#include "state/nat.h"

/* Where evaluation goes on in a chain. */
struct frame {
	const struct mn_chain_ver *v;
	u32 next;
};

struct stack {
	u32 depth;
	struct frame frames[MN_JUMPS_MAX + 1];
};

static bool push(struct mn_ctx *ctx, struct stack *s,
		 const struct mn_chain *chain)
{
	const struct mn_ver *v = mn_ctx_obj(ctx, &chain->obj);

	if (!v)
		return true;	/* nothing to evaluate */
	if (s->depth == ARRAY_SIZE(s->frames))
		return false;
	s->frames[s->depth].v = mn_chain_ver(v);
	s->frames[s->depth].next = 0;
	s->depth++;
	return true;
}

/* The next rule that matches; NULL also if the walk is to stop. */
static struct mn_rule *next_match(struct mn_ctx *ctx, struct stack *s)
{
	struct frame *f;
	u32 pos;

	while (s->depth) {
		f = &s->frames[s->depth - 1];
		pos = mn_chain_find(ctx, f->v, f->next);
		if (unlikely(ctx->stop))
			return NULL;
		f->next = pos + 1;
		if (pos < f->v->n)
			return f->v->rules[pos];
		s->depth--;
	}
	return NULL;
}

static const char *action_text(u8 action)
{
	static const char * const texts[] = {
		[MIDONET_RULE_ACTION_ACCEPT] = "accept",
		[MIDONET_RULE_ACTION_DROP] = "drop",
		[MIDONET_RULE_ACTION_RETURN] = "return",
		[MIDONET_RULE_ACTION_CONTINUE] = "continue",
		[MIDONET_RULE_ACTION_JUMP] = "jump",
		[MIDONET_RULE_ACTION_REJECT] = "reject",
		[MIDONET_RULE_ACTION_DNAT] = "dnat",
		[MIDONET_RULE_ACTION_SNAT] = "snat",
		[MIDONET_RULE_ACTION_REV_DNAT] = "rev-dnat",
		[MIDONET_RULE_ACTION_REV_SNAT] = "rev-snat",
	};

	return texts[action];
}

static void trace_rule(struct mn_ctx *ctx, const struct mn_obj *device,
		       const struct mn_rule *rule)
{
	mn_trace(ctx, device, NULL, "rule", rule, "%s%s%s",
		 action_text(rule->action), rule->jump ? " " : "",
		 rule->jump ? rule->jump->obj.name : "");
}

static void drop_depth(struct mn_ctx *ctx, const struct mn_obj *device,
		       const struct mn_rule *rule)
{
	mn_trace(ctx, device, NULL, "drop", rule,
		 "more than %d nested jumps", MN_JUMPS_MAX);
	mn_ctx_drop(ctx, MIDONET_DROP_REASON_CHAIN_DEPTH, device, NULL, rule);
}

/**
 * mn_chain_eval() - what a chain says about the packet of a walk, as it is now
 * @ctx: walk; what was read, the chains and the rules that matched are noted
 * @chain: top-level chain
 * @device: where, for traces
 * @rule: on a drop or reject set to the rule that did it. It stays NULL if the walk is to
 *	stop (ctx->stop) because a fragment has to wait or shares the fate of
 *	its first
 *
 * Context: RCU, BH disabled.
 *
 * Return: what it says
 */
enum mn_chain_result mn_chain_eval(struct mn_ctx *ctx,
				   const struct mn_chain *chain,
				   const struct mn_obj *device,
				   const struct mn_rule **rule)
{
	enum mn_nat_result nat = MN_NAT_APPLIED;
	struct mn_rule *r;
	struct stack s;
	u8 action;

	s.depth = 0;
	*rule = NULL;
	push(ctx, &s, chain);
	while ((r = next_match(ctx, &s))) {
		action = r->action;
		if (mn_action_translates(action)) {
			nat = mn_nat_rule(ctx, r);
			if (nat == MN_NAT_PASSED)
				continue;
			action = r->then;
		}
		mn_ctx_count(ctx, &r->count);
		trace_rule(ctx, device, r);
		if (nat == MN_NAT_REFUSED)
			return MN_CHAIN_REFUSED;
		switch (action) {
		case MIDONET_RULE_ACTION_ACCEPT:
			return MN_CHAIN_ACCEPT;
		case MIDONET_RULE_ACTION_DROP:
			*rule = r;
			return MN_CHAIN_DROP;
		case MIDONET_RULE_ACTION_REJECT:
			*rule = r;
			return MN_CHAIN_REJECT;
		case MIDONET_RULE_ACTION_RETURN:
			s.depth--;
			break;
		case MIDONET_RULE_ACTION_JUMP:
			if (push(ctx, &s, r->jump))
				break;
			*rule = r;
			drop_depth(ctx, device, r);
			return MN_CHAIN_DROP;
		}
	}
	return ctx->stop ? MN_CHAIN_DROP : MN_CHAIN_ACCEPT;
}
