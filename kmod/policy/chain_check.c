// SPDX-License-Identifier: GPL-2.0
/*
 * Jumps must not form a cycle and not nest deeper than MN_JUMPS_MAX.
 *
 * Only a commit's new jumps can break that, so every chain with one is looked
 * at: the longest way down from it plus the longest way up to it is the longest
 * path through it. Both are searched depth first over the end state and
 * remembered in mn_obj.mark, so a commit visits every chain once in each
 * direction, and only chains that are connected with its new jumps.
 */
#include <linux/string.h>

#include "config/txn.h"
#include "policy/chain.h"

/* In mn_obj.mark, eight bits for each direction: length of the way + 1. */
#define MARK_ACTIVE	0xff

enum { DOWN, UP };

/**
 * struct step - a chain on the path being searched
 * @chain: chain
 * @v: its rules in the end state (down)
 * @index: next of them
 * @pos: last looked at of its jumpers (up)
 * @longest: longest way on from here so far
 */
struct step {
	struct mn_chain *chain;
	const struct mn_chain_ver *v;
	u32 index;
	struct list_head *pos;
	u32 longest;
};

struct search {
	struct mn_txn *txn;
	struct mn_chain *seen;	/* list of marked chains, ends in itself */
	u32 depth;
	int dir;
	struct step path[MN_JUMPS_MAX + 1];
};

static u32 get_mark(const struct search *s, const struct mn_chain *chain)
{
	return chain->obj.mark >> (8 * s->dir) & 0xff;
}

static void set_mark(struct search *s, struct mn_chain *chain, u32 mark)
{
	if (!chain->seen) {
		chain->seen = s->seen ?: chain;
		s->seen = chain;
	}
	chain->obj.mark &= ~(0xff << (8 * s->dir));
	chain->obj.mark |= mark << (8 * s->dir);
}

static void clear_marks(struct search *s)
{
	struct mn_chain *chain = s->seen, *next;

	while (chain) {
		next = chain->seen != chain ? chain->seen : NULL;
		chain->seen = NULL;
		chain->obj.mark = 0;
		chain = next;
	}
}

static void push(struct search *s, struct mn_chain *chain)
{
	const struct mn_ver *ver = mn_ver_end(s->txn->mn, &chain->obj);
	struct step *step = &s->path[s->depth++];

	step->chain = chain;
	/* One that does not exist in the end state is refused elsewhere. */
	step->v = ver ? mn_chain_ver(ver) : NULL;
	step->index = 0;
	step->pos = &chain->jumpers;
	step->longest = 0;
	set_mark(s, chain, MARK_ACTIVE);
}

static struct mn_chain *next_down(struct step *step)
{
	const struct mn_chain_ver *v = step->v;

	if (!v || !v->n_jumps)
		return NULL;
	while (step->index < v->n) {
		struct mn_rule *rule = v->rules[step->index++];

		if (rule->jump)
			return rule->jump;
	}
	return NULL;
}

static struct mn_chain *next_up(struct step *step)
{
	step->pos = step->pos->next;
	if (step->pos == &step->chain->jumpers)
		return NULL;
	return list_entry(step->pos, struct mn_rule, jumpers)->chain;
}

/* The path in the direction of the jumps, beginning at path[from]. */
static void print_path(const struct search *s, u32 from,
		       const struct mn_chain *last, char *buf, size_t size)
{
	u32 n = s->depth - from;
	size_t len = 0;
	u32 i;

	if (s->dir == UP)
		len = scnprintf(buf, size, "%s > ", last->obj.name);
	for (i = 0; i < n; i++) {
		u32 at = s->dir == UP ? s->depth - 1 - i : from + i;

		len += scnprintf(buf + len, size - len, "%s%s", i ? " > " : "",
				 s->path[at].chain->obj.name);
	}
	if (s->dir == DOWN)
		scnprintf(buf + len, size - len, " > %s", last->obj.name);
}

static int refuse(struct search *s, struct mn_chain *next)
{
	char path[200];
	u32 from = 0;

	if (get_mark(s, next) == MARK_ACTIVE) {
		while (s->path[from].chain != next)
			from++;
		print_path(s, from, next, path, sizeof(path));
		return mn_txn_err(s->txn, -ELOOP,
				  "chain %s: jumps form a cycle: %s",
				  next->obj.name, path);
	}
	print_path(s, 0, next, path, sizeof(path));
	return mn_txn_err(s->txn, -ELOOP,
			  "chain %s: more than %d nested jumps: %s",
			  s->path[0].chain->obj.name, MN_JUMPS_MAX, path);
}

static void pop(struct search *s)
{
	struct step *step = &s->path[--s->depth];

	set_mark(s, step->chain, step->longest + 1);
	if (s->depth)
		s->path[s->depth - 1].longest =
			max(s->path[s->depth - 1].longest, step->longest + 1);
}

/* Length of the longest way from @chain in a direction, or an error. */
static int longest(struct search *s, struct mn_chain *chain, int dir)
{
	struct mn_chain *next;
	struct step *step;
	u32 mark;

	s->dir = dir;
	s->depth = 0;
	if (!get_mark(s, chain))
		push(s, chain);
	while (s->depth) {
		step = &s->path[s->depth - 1];
		next = dir == UP ? next_up(step) : next_down(step);
		if (!next) {
			pop(s);
			continue;
		}
		mark = get_mark(s, next);
		if (mark == MARK_ACTIVE ||
		    s->depth - 1 + max(mark, 1U) > MN_JUMPS_MAX)
			return refuse(s, next);
		if (mark)
			step->longest = max(step->longest, mark);
		else
			push(s, next);
	}
	return get_mark(s, chain) - 1;
}

static int check_chain(struct search *s, struct mn_chain *chain)
{
	int down, up;

	down = longest(s, chain, DOWN);
	if (down < 0)
		return down;
	up = longest(s, chain, UP);
	if (up < 0)
		return up;
	if (down + up <= MN_JUMPS_MAX)
		return 0;
	return mn_txn_err(s->txn, -ELOOP,
			  "chain %s: %d jumps to it and %d from it nest, more than %d in all",
			  chain->obj.name, up, down, MN_JUMPS_MAX);
}

/**
 * mn_chains_check() - judge the jumps a commit makes
 * @txn: transaction; all messages were applied
 *
 * Context: mn_net.lock.
 *
 * Return: 0, -ELOOP with a message naming the chains
 */
int mn_chains_check(struct mn_txn *txn)
{
	struct search s = { .txn = txn };
	struct mn_rule *rule;
	int err = 0;

	list_for_each_entry(rule, &txn->rules_new, list) {
		if (!rule->jump)
			continue;
		err = check_chain(&s, rule->chain);
		if (err)
			break;
	}
	clear_marks(&s);
	return err;
}
