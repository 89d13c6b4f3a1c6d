// SPDX-License-Identifier: GPL-2.0
/*
 * Jumps between chains must not form a cycle and not nest deeper than the kernel
 * walks. Only what was given can have made it so: a chain with a jump that was is
 * the one to name.
 */
#include <stdlib.h>
#include <string.h>

#include "doc.h"

/* Jumps nest that deep at most. */
#define NEST_MAX	16

/**
 * struct step - a chain on the path of a search
 * @chain: chain
 * @next: rule to look at next
 */
struct step {
	const struct mn_obj *chain;
	uint32_t next;
};

enum state { UNSEEN, ACTIVE, SEEN };

/**
 * struct search - a search of all chains, depth first
 * @m: topology
 * @state: of each chain, by slot
 * @path: of the search
 * @depth: chains on @path
 * @order: chains in the order they were done: what one jumps to comes before it
 * @n: number of them
 * @down: longest way down from each chain, in jumps
 * @up: longest way up
 */
struct search {
	const struct mn_model *m;
	uint8_t *state;
	struct step *path;
	size_t depth;
	const struct mn_obj **order;
	size_t n;
	uint32_t *down;
	uint32_t *up;
};

static const struct mn_obj *target(const struct search *s,
				   const struct mn_obj *rule)
{
	return mn_obj_ref(s->m, rule, MIDONET_A_CHAIN);
}

/* The first jump of a chain that was given. */
static const struct mn_obj *fresh_jump(const struct search *s,
				       const struct mn_obj *chain)
{
	uint32_t i;

	for (i = 0; i < chain->n_kids; i++) {
		if (mn_obj_fresh(chain->kids[i]) && target(s, chain->kids[i]))
			return chain->kids[i];
	}
	return NULL;
}

static int refuse_cycle(const struct search *s, const struct mn_obj *rule,
			const struct mn_obj *to, struct mn_err *err)
{
	struct mn_buf text = {};
	size_t i = 0;

	while (s->path[i].chain != to)
		i++;
	for (; i < s->depth && text.len < 200; i++)
		mn_buf_printf(&text, "%s > ", s->path[i].chain->name);
	if (i < s->depth)
		mn_buf_puts(&text, "... > ");
	mn_doc_fail_in(err, rule, "chain", to, "jumps form a cycle: %s%s",
		       text.s, to->name);
	mn_buf_free(&text);
	return err->code;
}

static void push(struct search *s, const struct mn_obj *chain)
{
	s->path[s->depth++] = (struct step){ .chain = chain };
	s->state[chain->slot] = ACTIVE;
}

static void pop(struct search *s)
{
	const struct mn_obj *chain = s->path[--s->depth].chain;

	s->state[chain->slot] = SEEN;
	s->order[s->n++] = chain;
}

static int search(struct search *s, const struct mn_obj *start,
		  struct mn_err *err)
{
	const struct mn_obj *rule, *to;
	struct step *step;

	if (s->state[start->slot] != UNSEEN)
		return 0;
	push(s, start);
	while (s->depth) {
		step = &s->path[s->depth - 1];
		if (step->next == step->chain->n_kids) {
			pop(s);
			continue;
		}
		rule = step->chain->kids[step->next++];
		to = target(s, rule);
		if (!to || s->state[to->slot] == SEEN)
			continue;
		if (s->state[to->slot] == ACTIVE)
			return refuse_cycle(s, rule, to, err);
		push(s, to);
	}
	return 0;
}

static int search_all(struct search *s, struct mn_err *err)
{
	const struct mn_objs *chains = &s->m->objs[MIDONET_OBJECT_TYPE_CHAIN];
	uint32_t i;
	int ret = 0;

	for (i = 0; !ret && i < chains->n; i++) {
		if (fresh_jump(s, chains->objs[i]))
			ret = search(s, chains->objs[i], err);
	}
	for (i = 0; !ret && i < chains->n; i++)
		ret = search(s, chains->objs[i], err);
	return ret;
}

static void at_least(uint32_t *n, uint32_t value)
{
	if (*n < value)
		*n = value;
}

/* No cycles: each chain is looked at when all below, or above, are known. */
static void measure(struct search *s)
{
	const struct mn_obj *chain, *to;
	size_t i;
	uint32_t k;

	for (i = 0; i < s->n; i++) {
		chain = s->order[i];
		for (k = 0; k < chain->n_kids; k++) {
			to = target(s, chain->kids[k]);
			if (to)
				at_least(&s->down[chain->slot],
					 s->down[to->slot] + 1);
		}
	}
	for (i = s->n; i--;) {
		chain = s->order[i];
		for (k = 0; k < chain->n_kids; k++) {
			to = target(s, chain->kids[k]);
			if (to)
				at_least(&s->up[to->slot],
					 s->up[chain->slot] + 1);
		}
	}
}

/* The next chain on a longest way down. */
static const struct mn_obj *deepest(const struct search *s,
				    const struct mn_obj *chain)
{
	const struct mn_obj *to;
	uint32_t i;

	for (i = 0; i < chain->n_kids; i++) {
		to = target(s, chain->kids[i]);
		if (to && s->down[to->slot] + 1 == s->down[chain->slot])
			return to;
	}
	return NULL;
}

static int refuse_deep(const struct search *s, const struct mn_obj *chain,
		       const struct mn_obj *rule, struct mn_err *err)
{
	uint32_t down = s->down[chain->slot], up = s->up[chain->slot], i;
	const struct mn_obj *at = chain;
	struct mn_buf text = {};

	if (down <= NEST_MAX)
		return mn_doc_fail_in(err, rule, "chain", chain,
				      "%u jumps to it and %u from it nest, more than %d in all",
				      up, down, NEST_MAX);
	for (i = 0; at && i <= NEST_MAX + 1; i++, at = deepest(s, at))
		mn_buf_printf(&text, "%s%s", i ? " > " : "", at->name);
	mn_doc_fail_in(err, rule, "chain", chain,
		       "more than %d nested jumps: %s", NEST_MAX, text.s);
	mn_buf_free(&text);
	return err->code;
}

static int check_depth(const struct search *s, struct mn_err *err)
{
	const struct mn_objs *chains = &s->m->objs[MIDONET_OBJECT_TYPE_CHAIN];
	const struct mn_obj *chain, *rule;
	uint32_t i;

	for (i = 0; i < chains->n; i++) {
		chain = chains->objs[i];
		if (s->down[chain->slot] + s->up[chain->slot] <= NEST_MAX)
			continue;
		rule = fresh_jump(s, chain);
		if (rule)
			return refuse_deep(s, chain, rule, err);
	}
	return 0;
}

/**
 * mn_doc_check_jumps() - judge the jumps of a topology
 * @m: topology
 * @err: for errors, with the path of a rule
 *
 * Return: 0 or -EINVAL
 */
int mn_doc_check_jumps(const struct mn_model *m, struct mn_err *err)
{
	uint32_t n = m->objs[MIDONET_OBJECT_TYPE_CHAIN].n;
	struct search s = {
		.m = m,
		.state = mn_alloc(n),
		.path = mn_alloc((n + 1) * sizeof(*s.path)),
		.order = mn_alloc((n + 1) * sizeof(*s.order)),
		.down = mn_alloc((n + 1) * sizeof(*s.down)),
		.up = mn_alloc((n + 1) * sizeof(*s.up)),
	};
	int ret;

	ret = search_all(&s, err);
	if (!ret) {
		measure(&s);
		ret = check_depth(&s, err);
	}
	free(s.state);
	free(s.path);
	free(s.order);
	free(s.down);
	free(s.up);
	return ret;
}
