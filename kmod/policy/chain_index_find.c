// SPDX-License-Identifier: GPL-2.0
/*
 * The next rule of a chain that matches, see policy/chain_index.h.
 *
 * What is open is a few cursors, over tables of a node, over rules of a list;
 * each is worth as much as the least position it can still yield. A walk of the
 * rules one after another would evaluate the first rule of a table that is
 * asked, too, as no rule before it is left; so the mask of the walk, and whether
 * a later fragment asks for its first, come out the same.
 */
#include <linux/rhashtable.h>

#include "policy/chain.h"
#include "policy/chain_index.h"
#include "policy/group.h"
#include "policy/match_op.h"
#include "port/port.h"
#include "sim/ctx.h"

/* Cursors that can be open. Where more would be, rules are walked. */
#define CURSORS	24

enum cursor_kind { RULES, TABLES };

/**
 * struct cursor - what may still be found
 * @least: no position below this
 * @at: in the lists or tables of the index; a single rule is @least
 * @end: behind the last
 * @kind: &enum cursor_kind
 */
struct cursor {
	u32 least;
	u32 at;
	u32 end;
	u8 kind;
};

/**
 * struct find - a look-up
 * @ctx: walk
 * @v: version of the chain
 * @nodes: of its index
 * @tables: of its index
 * @list: of its index
 * @from: least position that is looked for
 * @n: number of @open
 * @full: something could not be opened
 * @open: in no order
 */
struct find {
	struct mn_ctx *ctx;
	const struct mn_chain_ver *v;
	const struct mn_index_node *nodes;
	const struct mn_index_table *tables;
	const u32 *list;
	u32 from;
	u32 n;
	bool full;
	struct cursor open[CURSORS];
};

static bool matches(struct mn_ctx *ctx, const struct mn_rule *rule)
{
	return mn_match_eval(ctx, &rule->match) != rule->invert;
}

/* One rule after another. */
static u32 find_walk(struct mn_ctx *ctx, const struct mn_chain_ver *v, u32 from)
{
	for (; from < v->n; from++) {
		if (matches(ctx, v->rules[from]))
			return from;
		if (unlikely(ctx->stop))
			break;
	}
	return v->n;
}

static void open_cursor(struct find *f, u8 kind, u32 least, u32 at, u32 end)
{
	if (unlikely(f->n == CURSORS)) {
		f->full = true;
		return;
	}
	f->open[f->n++] = (struct cursor){
		.least = max(least, f->from),
		.at = at,
		.end = end,
		.kind = kind,
	};
}

/* The first position in a list that is looked for. */
static u32 list_begin(const struct find *f, u32 at, u32 end)
{
	const u32 *list = f->list;
	u32 mid;

	if (at < end && list[at] >= f->from)
		return at;
	while (at < end) {
		mid = at + (end - at) / 2;
		if (list[mid] < f->from)
			at = mid + 1;
		else
			end = mid;
	}
	return at;
}

/* The first table with a rule that is looked for. */
static u32 tables_begin(const struct find *f, u32 at, u32 end)
{
	while (at < end && f->tables[at].last < f->from)
		at++;
	return at;
}

static void open_node(struct find *f, u32 number)
{
	const struct mn_index_node *node = &f->nodes[number];
	u32 at;

	at = list_begin(f, node[0].list, node[1].list);
	if (at < node[1].list)
		open_cursor(f, RULES, f->list[at], at, node[1].list);
	at = tables_begin(f, node[0].table, node[1].table);
	if (at < node[1].table)
		open_cursor(f, TABLES, f->tables[at].first, at, node[1].table);
}

/* The packet has this value. */
static void look_value(struct find *f, u32 table, u64 value)
{
	const struct mn_chain_index *ix = f->v->index;
	struct mn_index_probe p = mn_index_probe(ix, table, value);
	u32 ref;

	while ((ref = mn_index_next(ix, &p))) {
		if (ref > f->v->n)
			open_node(f, ref - f->v->n - 1);
		else if (ref > f->from)
			open_cursor(f, RULES, ref - 1, 0, 0);
	}
}

static void look_groups(struct find *f, u32 table, u8 word)
{
	const struct mn_port *port = mn_match_group_port(f->ctx, word);
	const struct mn_ver *v;
	int i;

	v = port ? mn_ctx_obj(f->ctx, &port->obj) : NULL;
	if (!v)
		return;
	for (i = 0; i < mn_port_ver(v)->n_groups; i++)
		look_value(f, table,
			   (unsigned long)&mn_port_ver(v)->groups[i]->obj);
}

/* The set that all rules of the table name. */
static struct mn_obj *set_of(const struct find *f,
			     const struct mn_index_table *t)
{
	const struct mn_match_op *op;

	mn_match_for_each(op, &f->v->rules[t->first]->match) {
		if (op->word == t->word)
			return ((struct mn_obj *const *)op->values)[t->variant];
	}
	return NULL;
}

static void look_set(struct find *f, u32 table, const struct mn_index_table *t,
		     const struct mn_match_addr *a)
{
	struct mn_obj *set = set_of(f, t);
	bool has;
	u8 plen;

	if (WARN_ON_ONCE(!set))
		return;
	has = mn_set_has(f->ctx, mn_set_of(set), a->family, a->addr, &plen);
	mn_match_read(a->mask, plen);
	if (has)
		look_value(f, table, (unsigned long)set);
}

/*
 * Sets of others may have the prefix, too: it must not cost more to look at all
 * of them than to ask all sets of the table.
 */
static u32 look_members(struct find *f, u32 table, u32 max,
			struct rhlist_head *list)
{
	struct rhlist_head *pos;
	struct mn_member *m;
	u32 n = 0;

	rhl_for_each_entry_rcu(m, pos, list, prefix_node) {
		if (n++ == max) {
			f->full = true;
			break;
		}
		if (mn_entry_at(&m->entry, f->ctx->generation))
			look_value(f, table, (unsigned long)m->entry.parent);
	}
	return n;
}

static void look_sets(struct find *f, u32 table, const struct mn_index_table *t,
		      const struct mn_match_addr *a)
{
	const struct mn_index_sets *s = mn_index_sets(f->v->index) + t->variant;
	u32 max = s->n + CURSORS, len = U32_MAX;
	struct rhlist_head *list;
	u8 plen = 0;

	mn_ctx_dep(f->ctx, mn_chain_index_dep(f->ctx->mn));
	while ((len = mn_set_length(&s->lens, a->family, len)) != U32_MAX) {
		plen = max_t(u8, plen, len);
		list = mn_sets_find(f->ctx, a->family, a->addr, len);
		max -= min(max, look_members(f, table, max, list));
	}
	mn_match_read(a->mask, plen);
}

static void look(struct find *f, u32 table)
{
	const struct mn_index_table *t = &f->tables[table];
	struct mn_match_addr a;
	u64 value;

	switch (t->kind) {
	case MN_INDEX_VALUE:
		if (mn_match_digest(f->ctx, t->word, t->variant, &value))
			look_value(f, table, value);
		return;
	case MN_INDEX_GROUP:
		look_groups(f, table, t->word);
		return;
	}
	if (!mn_match_addr(&f->ctx->key, &f->ctx->mask,
			   t->word == MIDONET_MATCH_SRC_SET, &a))
		return;
	if (t->kind == MN_INDEX_SET)
		look_set(f, table, t, &a);
	else
		look_sets(f, table, t, &a);
}

static struct cursor *least(struct find *f)
{
	struct cursor *c = &f->open[0];
	u32 i;

	for (i = 1; i < f->n; i++) {
		if (f->open[i].least < c->least)
			c = &f->open[i];
	}
	return c;
}

/* Move a cursor on, or close it; others may take its place. */
static void advance(struct find *f, struct cursor *c)
{
	struct cursor *last;

	c->at++;
	if (c->kind == RULES && c->at < c->end) {
		c->least = f->list[c->at];
		return;
	}
	if (c->kind == TABLES) {
		c->at = tables_begin(f, c->at, c->end);
		if (c->at < c->end) {
			c->least = max(f->tables[c->at].first, f->from);
			return;
		}
	}
	/* Mostly there is just one; to load what was just stored would stall. */
	last = &f->open[--f->n];
	if (c != last)
		*c = *last;
}

static u32 find_indexed(struct find *f)
{
	struct cursor now, *c;

	f->n = 0;
	f->full = false;
	open_node(f, 0);
	while (f->n) {
		c = least(f);
		now = *c;
		advance(f, c);
		if (now.kind == TABLES)
			look(f, now.at);
		else if (matches(f->ctx, f->v->rules[now.least]))
			return now.least;
		if (unlikely(f->ctx->stop))
			break;
		/* No rule before now.least is left. */
		if (unlikely(f->full))
			return find_walk(f->ctx, f->v, now.least);
	}
	return f->v->n;
}

/**
 * mn_chain_find() - the next rule that matches the packet, as it is now
 * @ctx: walk; what was read is noted in it. If ctx->stop is set afterwards, the
 *	result means nothing
 * @v: version of a chain
 * @from: position of the first rule that counts
 *
 * Context: RCU, BH disabled.
 *
 * Return: position of the rule; v->n if there is none
 */
u32 mn_chain_find(struct mn_ctx *ctx, const struct mn_chain_ver *v, u32 from)
{
	struct find f;

	if (!v->index)
		return find_walk(ctx, v, from);
	f.ctx = ctx;
	f.v = v;
	f.nodes = mn_index_nodes(v->index);
	f.tables = mn_index_tables(v->index);
	f.list = mn_index_list(v->index);
	f.from = from;
	return find_indexed(&f);
}
