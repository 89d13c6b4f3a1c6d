// SPDX-License-Identifier: GPL-2.0
/*
 * How the rules of a chain get from one order to another with few moves: those
 * on a longest increasing subsequence stay, the others are put, from first to
 * last, right behind the rule that shall precede them.
 */
#include <stdlib.h>
#include <string.h>

#include "doc.h"

/**
 * struct order - the work on one chain
 * @to: rules as they shall be
 * @n: number of them
 * @stays: by index in @to
 * @tree: Fenwick tree over old positions: rules that have yet to move
 * @size: highest old position
 * @len: rules in the chain now
 * @anchor: old position of the last rule that stays and was passed
 */
struct order {
	struct mn_obj **to;
	uint32_t n;
	bool *stays;
	uint32_t *tree;
	uint32_t size;
	uint32_t len;
	uint32_t anchor;
};

static void tree_add(struct order *o, uint32_t at, int value)
{
	for (; at <= o->size; at += at & -at)
		o->tree[at] += value;
}

static uint32_t tree_sum(const struct order *o, uint32_t at)
{
	uint32_t sum = 0;

	for (; at; at -= at & -at)
		sum += o->tree[at];
	return sum;
}

/* The position among the rules that are kept, from 1; 0 for a new one. */
static uint32_t old_pos(const struct mn_obj *rule)
{
	return rule->twin ? rule->twin->pos : 0;
}

static void find_stays(struct order *o)
{
	uint32_t *tail = mn_alloc((o->n + 1) * sizeof(*tail));
	uint32_t *prev = mn_alloc((o->n + 1) * sizeof(*prev));
	uint32_t i, lo, hi, mid, len = 0;

	/* tail[k]: last of the best sequence of k, as index + 1. */
	for (i = 0; i < o->n; i++) {
		if (!o->to[i]->twin)
			continue;
		lo = 0;
		hi = len;
		while (lo < hi) {
			mid = (lo + hi + 1) / 2;
			if (old_pos(o->to[tail[mid] - 1]) < old_pos(o->to[i]))
				lo = mid;
			else
				hi = mid - 1;
		}
		prev[i + 1] = tail[lo];
		tail[lo + 1] = i + 1;
		if (lo + 1 > len)
			len = lo + 1;
	}
	for (i = len ? tail[len] : 0; i; i = prev[i])
		o->stays[i - 1] = true;
	free(tail);
	free(prev);
}

static uint32_t place_of(struct order *o, uint32_t i)
{
	uint32_t old = old_pos(o->to[i]);

	if (old)
		tree_add(o, old, -1);
	else
		o->len++;
	return i + 1 + tree_sum(o, o->anchor);
}

static int one_rule(struct order *o, uint32_t i, mn_diff_fn fn, void *arg)
{
	struct mn_change c = { .op = MIDONET_OP_SET, .obj = o->to[i] };
	struct mn_obj *twin = o->to[i]->twin;

	if (twin)
		c.attrs = mn_obj_changed(twin, o->to[i]);
	if (twin && o->stays[i]) {
		o->anchor = old_pos(o->to[i]);
		return c.attrs ? fn(arg, &c, twin) : 0;
	}
	c.position = place_of(o, i);
	if (twin)
		return fn(arg, &c, twin);
	c.op = MIDONET_OP_NEW;
	c.attrs = ~0u;
	if (c.position == o->len)
		c.position = 0;
	return fn(arg, &c, NULL);
}

/**
 * mn_doc_diff_rules() - how the rules of a chain become others
 * @from: chain as it is, without the rules that go; its rules are numbered
 *	accordingly. NULL: new
 * @to: chain as it shall be; the twins of its rules are set
 * @fn: told of each change, in an order in which positions are right
 * @arg: for @fn
 *
 * Return: 0 or what @fn returned
 */
int mn_doc_diff_rules(struct mn_obj *from, struct mn_obj *to, mn_diff_fn fn,
		      void *arg)
{
	struct order o = { .to = to->kids, .n = to->n_kids };
	uint32_t i;
	int ret = 0;

	if (!to->n_kids)
		return 0;
	for (i = 0; from && i < from->n_kids; i++) {
		if (from->kids[i]->twin)
			from->kids[i]->pos = ++o.len;
	}
	o.size = o.len;
	o.stays = mn_alloc(o.n * sizeof(*o.stays));
	o.tree = mn_alloc((o.size + 1) * sizeof(*o.tree));
	find_stays(&o);
	for (i = 0; i < o.n; i++) {
		if (o.to[i]->twin && !o.stays[i])
			tree_add(&o, old_pos(o.to[i]), 1);
	}
	for (i = 0; !ret && i < o.n; i++)
		ret = one_rule(&o, i, fn, arg);
	free(o.stays);
	free(o.tree);
	return ret;
}
