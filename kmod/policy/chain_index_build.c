// SPDX-License-Identifier: GPL-2.0
/*
 * Building the index of a chain, see policy/chain_index.h.
 *
 * The rules of a node are spread: one part for each value of the next word they
 * name. Sorted, those that go into one table are neighbours, and in it those of
 * one value, which make the next node. What is built meanwhile are growing
 * arrays; they are copied into one block when all sizes are known.
 */
#include <linux/bitmap.h>
#include <linux/sched.h>
#include <linux/slab.h>
#include <linux/sort.h>

#include "policy/chain.h"
#include "policy/chain_index.h"
#include "policy/match_op.h"

#define INDEX_RULES	4	/* a shorter chain is not worth an index */
#define INDEX_TABLE	3	/* nor fewer rules a table */
#define INDEX_SET	8	/* sets that are asked one by one */
#define INDEX_DEPTH	6	/* words a rule is found by */
#define INDEX_COPIES	16	/* slots a rule may have */
#define INDEX_REF_BITS	24	/* leaves enough bits for the hash */
#define INDEX_SETS	U8_MAX	/* tables of many sets */

/**
 * struct vec - array that grows
 * @data: kvmalloc'ed
 * @n: elements
 * @cap: room
 * @size: bytes of an element
 */
struct vec {
	void *data;
	u32 n;
	u32 cap;
	u32 size;
};

/**
 * struct part - a rule, by one value of the next word it names
 * @value: value; 0 if there is no word to go by
 * @pos: position
 * @next: offset of the word behind it in &mn_match.ops
 * @word: &enum midonet_match_attr, 0: none
 * @variant: see &struct mn_match_digest
 * @copies: slots the rule has so far, at most
 * @exact: all words before @next are known to hold where this value is
 */
struct part {
	u64 value;
	u32 pos;
	u16 next;
	u8 word;
	u8 variant;
	u8 copies;
	bool exact;
};

/**
 * struct table - table with its parts
 * @t: table
 * @begin: first of its parts
 * @end: behind the last
 */
struct table {
	struct mn_index_table t;
	u32 begin;
	u32 end;
};

/**
 * struct slot - slot to be
 * @value: value
 * @table: number of the table
 * @ref: what a slot refers to, see &mn_chain_index.ref_bits
 */
struct slot {
	u64 value;
	u32 table;
	u32 ref;
};

/**
 * struct build - index being built
 * @rules: rules
 * @n_rules: number of @rules
 * @n_sets: tables of many sets
 * @parts: &struct part, a stack
 * @nodes: &struct mn_index_node
 * @tables: &struct table
 * @list: positions
 * @slots: &struct slot
 */
struct build {
	struct mn_rule *const *rules;
	u32 n_rules;
	u32 n_sets;
	struct vec parts;
	struct vec nodes;
	struct vec tables;
	struct vec list;
	struct vec slots;
};

/* Room for @more elements, which then count; what was there may move. */
static void *vec_add(struct vec *v, u32 more)
{
	u32 cap = max(v->n + more, v->n + v->n / 2 + 8);
	void *data;

	if (v->n + more > v->cap) {
		data = kvmalloc_array(cap, v->size, GFP_KERNEL | __GFP_NOWARN);
		if (!data)
			return NULL;
		if (v->n)
			memcpy(data, v->data, (size_t)v->n * v->size);
		kvfree(v->data);
		v->data = data;
		v->cap = cap;
	}
	v->n += more;
	return v->data + (size_t)(v->n - more) * v->size;
}

static struct part *part_at(const struct build *b, u32 i)
{
	return (struct part *)b->parts.data + i;
}

static struct table *table_at(const struct build *b, u32 i)
{
	return (struct table *)b->tables.data + i;
}

static const struct mn_match_op *op_at(const struct build *b,
				       const struct part *p)
{
	return (const void *)(b->rules[p->pos]->match.ops + p->next);
}

/* Order of parts and tables. */

static int compare(u64 a, u64 b)
{
	return a < b ? -1 : a > b;
}

static int compare_parts(const void *a, const void *b)
{
	const struct part *p = a, *q = b;

	return p->word - q->word ?: p->variant - q->variant ?:
	       compare(p->value, q->value) ?: compare(p->pos, q->pos);
}

static int compare_tables(const void *a, const void *b)
{
	const struct table *t = a, *u = b;

	return compare(t->t.first, u->t.first);
}

static int compare_positions(const void *a, const void *b)
{
	return compare(*(const u32 *)a, *(const u32 *)b);
}

/* Behind the parts from @i that are of the same table, if @value of a value. */
static u32 run_end(const struct build *b, u32 i, u32 end, bool value)
{
	const struct part *p = part_at(b, i), *q;

	for (i++; i < end; i++) {
		q = part_at(b, i);
		if (q->word != p->word || q->variant != p->variant ||
		    (value && q->value != p->value))
			break;
	}
	return i;
}

/* The word a rule goes on with, as parts. */
static noinline_for_stack int spread(struct build *b, const struct part *from,
				     bool leaf)
{
	struct mn_match_digest d[INDEX_COPIES];
	const struct mn_rule *rule = b->rules[from->pos];
	const struct mn_match_op *op = op_at(b, from);
	struct part part = { .pos = from->pos, .exact = true };
	struct part *p;
	u32 i, n = 0;

	if (!leaf && !rule->invert && from->exact &&
	    from->next < rule->match.len)
		n = mn_match_spread(op, d, INDEX_COPIES / from->copies,
				    &part.exact);
	if (n) {
		part.word = op->word;
		part.next = from->next + op->size;
		part.copies = from->copies * n;
	}
	p = vec_add(&b->parts, max(n, 1u));
	if (!p)
		return -ENOMEM;
	*p = part;
	for (i = 0; i < n; i++) {
		p[i] = part;
		p[i].value = d[i].value;
		p[i].variant = d[i].variant;
	}
	return 0;
}

/* Rules that have a word in common are in order already, as is a list. */
static void sort_parts(struct build *b, u32 base)
{
	u32 i;

	for (i = base + 1; i < b->parts.n; i++) {
		if (compare_parts(part_at(b, i - 1), part_at(b, i)) > 0)
			break;
	}
	if (i < b->parts.n)
		sort(part_at(b, base), b->parts.n - base, sizeof(struct part),
		     compare_parts, NULL);
}

/* The parts of a node from those of its parent, sorted. */
static int spread_all(struct build *b, u32 begin, u32 end, bool leaf)
{
	u32 base = b->parts.n, last = U32_MAX, i;
	struct part from;
	int err;

	for (i = begin; i < end; i++) {
		/* The parts may move. */
		from = *part_at(b, i);
		if (from.pos == last)
			continue;
		last = from.pos;
		err = spread(b, &from, leaf);
		if (err)
			return err;
	}
	sort_parts(b, base);
	return 0;
}

static int list_add_run(struct build *b, u32 begin, u32 end)
{
	u32 *pos = vec_add(&b->list, end - begin);

	if (!pos)
		return -ENOMEM;
	for (; begin < end; begin++)
		*pos++ = part_at(b, begin)->pos;
	return 0;
}

/* In order, each once. */
static void list_finish(struct build *b, u32 begin)
{
	u32 *list = b->list.data;
	u32 i, n = begin;

	if (begin == b->list.n)
		return;
	sort(&list[begin], b->list.n - begin, sizeof(*list), compare_positions,
	     NULL);
	for (i = begin + 1; i < b->list.n; i++) {
		if (list[i] != list[n])
			list[++n] = list[i];
	}
	b->list.n = n + 1;
}

static int table_add(struct build *b, u32 begin, u32 end, u8 kind)
{
	const struct part *p = part_at(b, begin);
	struct table *t = vec_add(&b->tables, 1);
	u32 i;

	if (!t)
		return -ENOMEM;
	t->t.word = p->word;
	t->t.variant = p->variant;
	t->t.kind = kind;
	t->t.first = U32_MAX;
	t->t.last = 0;
	t->begin = begin;
	t->end = end;
	for (i = begin; i < end; i++) {
		t->t.first = min(t->t.first, part_at(b, i)->pos);
		t->t.last = max(t->t.last, part_at(b, i)->pos);
	}
	return 0;
}

/* Which value of the first rule's word is the set that the table is for? */
static u8 set_number(const struct build *b, const struct table *t)
{
	const struct mn_match_op *op;
	u64 set = part_at(b, t->begin)->value;
	u8 i;

	mn_match_for_each(op, &b->rules[t->t.first]->match) {
		if (op->word != t->t.word)
			continue;
		for (i = 0; i < op->n; i++) {
			if (((const unsigned long *)op->values)[i] == set)
				return i;
		}
	}
	return 0;
}

static int add_run(struct build *b, u32 begin, u32 end, u8 kind)
{
	struct table *t;
	int err;

	if (end - begin < INDEX_TABLE)
		return list_add_run(b, begin, end);
	err = table_add(b, begin, end, kind);
	if (err)
		return err;
	t = table_at(b, b->tables.n - 1);
	if (kind == MN_INDEX_SET)
		t->t.variant = set_number(b, t);
	return 0;
}

static u32 count_values(const struct build *b, u32 begin, u32 end)
{
	u32 i, n = 0;

	for (i = begin; i < end; i = run_end(b, i, end, true))
		n++;
	return n;
}

/* Rules whose next word is a set. */
static int add_sets(struct build *b, u32 begin, u32 end)
{
	u32 i, next;
	int err;

	if (count_values(b, begin, end) > INDEX_SET) {
		if (b->n_sets == INDEX_SETS)
			return list_add_run(b, begin, end);
		err = table_add(b, begin, end, MN_INDEX_SETS);
		if (!err)
			table_at(b, b->tables.n - 1)->t.variant = b->n_sets++;
		return err;
	}
	for (i = begin; i < end; i = next) {
		next = run_end(b, i, end, true);
		err = add_run(b, i, next, MN_INDEX_SET);
		if (err)
			return err;
	}
	return 0;
}

static int add_same(struct build *b, u32 begin, u32 end)
{
	switch (part_at(b, begin)->word) {
	case 0:
		return list_add_run(b, begin, end);
	case MIDONET_MATCH_SRC_SET:
	case MIDONET_MATCH_DST_SET:
		return add_sets(b, begin, end);
	case MIDONET_MATCH_PORT_GROUP:
	case MIDONET_MATCH_IN_PORT_GROUP:
	case MIDONET_MATCH_OUT_PORT_GROUP:
		return add_run(b, begin, end, MN_INDEX_GROUP);
	}
	return add_run(b, begin, end, MN_INDEX_VALUE);
}

/* A new node: its list and its tables, which are still without slots. */
static int node_open(struct build *b, u32 base)
{
	struct mn_index_node *node = vec_add(&b->nodes, 1);
	u32 list = b->list.n, table = b->tables.n, i, next;
	int err;

	if (!node)
		return -ENOMEM;
	node->list = list;
	node->table = table;
	for (i = base; i < b->parts.n; i = next) {
		next = run_end(b, i, b->parts.n, false);
		err = add_same(b, i, next);
		if (err)
			return err;
	}
	list_finish(b, list);
	if (b->tables.n > table)
		sort(table_at(b, table), b->tables.n - table,
		     sizeof(struct table), compare_tables, NULL);
	return 0;
}

static int node_build(struct build *b, u32 begin, u32 end, u32 depth);

/* What a slot refers to: the rule of a value, or a node of its rules. */
static int value_build(struct build *b, u32 begin, u32 end, u32 depth, u32 *ref)
{
	u32 pos = part_at(b, begin)->pos;

	if (part_at(b, end - 1)->pos == pos) {	/* they are in order */
		*ref = pos + 1;
		return 0;
	}
	*ref = b->n_rules + 1 + b->nodes.n;
	return node_build(b, begin, end, depth);
}

static int table_fill(struct build *b, u32 table, u32 depth)
{
	u32 i = table_at(b, table)->begin, end = table_at(b, table)->end;
	u32 next, ref = 0;
	struct slot *slot;
	int err;

	for (; i < end; i = next) {
		next = run_end(b, i, end, true);
		err = value_build(b, i, next, depth, &ref);
		if (err)
			return err;
		slot = vec_add(&b->slots, 1);
		if (!slot)
			return -ENOMEM;
		slot->value = part_at(b, i)->value;
		slot->table = table;
		slot->ref = ref;
	}
	return 0;
}

/*
 * Node of the rules of these parts. Nodes, and so their lists and tables, are
 * numbered from parents to children. Recursion is bounded by INDEX_DEPTH.
 */
static int node_build(struct build *b, u32 begin, u32 end, u32 depth)
{
	u32 base = b->parts.n, table = b->tables.n, end_table;
	bool leaf = depth == INDEX_DEPTH || end - begin < INDEX_TABLE;
	int err;

	cond_resched();
	err = spread_all(b, begin, end, leaf) ?: node_open(b, base);
	end_table = b->tables.n;
	for (; !err && table < end_table; table++)
		err = table_fill(b, table, depth + 1);
	b->parts.n = base;
	return err;
}

static int tree_build(struct build *b)
{
	struct part *p = vec_add(&b->parts, b->n_rules);
	u32 i;

	if (!p)
		return -ENOMEM;
	for (i = 0; i < b->n_rules; i++)
		p[i] = (struct part){ .pos = i, .copies = 1, .exact = true };
	return node_build(b, 0, b->n_rules, 0);
}

/* Into one block. */

static void slot_store(struct mn_chain_index *ix, const struct slot *slot)
{
	struct mn_index_probe p = mn_index_probe(ix, slot->table, slot->value);

	while (ix->slots[p.at]) {
		if (++p.at == ix->n_slots)
			p.at = 0;
	}
	ix->slots[p.at] = p.tag | slot->ref;
}

static void sets_init(struct mn_net *mn, const struct build *b,
		      const struct mn_chain_index *ix, u32 table)
{
	struct mn_index_sets *s = mn_index_sets(ix) +
				  mn_index_tables(ix)[table].variant;
	const struct slot *slot = b->slots.data;
	const struct mn_set *set;
	u32 i;

	s->mn = mn;
	s->index = ix;
	s->table = table;
	for (i = 0; i < b->slots.n; i++, slot++) {
		if (slot->table != table)
			continue;
		set = mn_set_of((struct mn_obj *)(unsigned long)slot->value);
		bitmap_or(s->lens.v4, s->lens.v4, set->lens.v4, 33);
		bitmap_or(s->lens.v6, s->lens.v6, set->lens.v6, 129);
		s->n++;
	}
	mn_index_sets_add(s);
}

static void fill(struct mn_net *mn, const struct build *b,
		 struct mn_chain_index *ix)
{
	struct mn_index_node *nodes = mn_index_nodes(ix);
	struct mn_index_table *tables = mn_index_tables(ix);
	u32 i;

	/* The last node says where all else is. */
	memcpy(nodes, b->nodes.data, b->nodes.n * sizeof(*nodes));
	nodes[b->nodes.n].list = b->list.n;
	nodes[b->nodes.n].table = b->tables.n;
	for (i = 0; i < b->tables.n; i++)
		tables[i] = table_at(b, i)->t;
	if (b->list.n)
		memcpy(mn_index_list(ix), b->list.data,
		       b->list.n * sizeof(u32));
	for (i = 0; i < b->slots.n; i++)
		slot_store(ix, (struct slot *)b->slots.data + i);
	for (i = 0; i < b->tables.n; i++) {
		if (tables[i].kind == MN_INDEX_SETS)
			sets_init(mn, b, ix, i);
	}
}

static size_t block_size(u32 n_slots, u32 n_nodes, u32 n_tables, u32 n_list,
			 u32 n_sets)
{
	size_t size = sizeof(struct mn_chain_index) + n_slots * sizeof(u32) +
		      (n_nodes + 1) * sizeof(struct mn_index_node) +
		      n_tables * sizeof(struct mn_index_table) +
		      n_list * sizeof(u32);

	if (n_sets)
		size = ALIGN(size, __alignof__(struct mn_index_sets)) +
		       n_sets * sizeof(struct mn_index_sets);
	return size;
}

static struct mn_chain_index *assemble(struct mn_net *mn, const struct build *b)
{
	u32 n_slots = b->slots.n + b->slots.n / 2 + 1;
	u32 ref_bits = fls(b->n_rules + b->nodes.n);
	struct mn_chain_index *ix;

	if (!b->tables.n || ref_bits > INDEX_REF_BITS)
		return NULL;
	ix = kvzalloc(block_size(n_slots, b->nodes.n, b->tables.n, b->list.n,
				 b->n_sets), GFP_KERNEL_ACCOUNT | __GFP_NOWARN);
	if (!ix)
		return NULL;
	ix->n_slots = n_slots;
	ix->n_nodes = b->nodes.n;
	ix->ref_bits = ref_bits;
	ix->n_sets = b->n_sets;
	fill(mn, b, ix);
	return ix;
}

/**
 * mn_chain_index_size() - memory of an index
 * @ix: index
 *
 * Return: bytes
 */
size_t mn_chain_index_size(const struct mn_chain_index *ix)
{
	const struct mn_index_node *end = mn_index_nodes(ix) + ix->n_nodes;

	return block_size(ix->n_slots, ix->n_nodes, end->table, end->list,
			  ix->n_sets);
}

/**
 * mn_chain_index_new() - build the index of a chain
 * @mn: namespace
 * @rules: its rules, constant as long as the index lives
 * @n: number of @rules
 *
 * Context: mn_net.lock, may sleep.
 *
 * Return: the index; NULL if there is no use for one, or no memory: the chain is
 * walked then
 */
struct mn_chain_index *mn_chain_index_new(struct mn_net *mn,
					  struct mn_rule *const *rules, u32 n)
{
	struct build b = {
		.rules = rules,
		.n_rules = n,
		.parts.size = sizeof(struct part),
		.nodes.size = sizeof(struct mn_index_node),
		.tables.size = sizeof(struct table),
		.list.size = sizeof(u32),
		.slots.size = sizeof(struct slot),
	};
	struct mn_chain_index *ix = NULL;

	if (n < INDEX_RULES)
		return NULL;
	if (!tree_build(&b))
		ix = assemble(mn, &b);
	kvfree(b.parts.data);
	kvfree(b.nodes.data);
	kvfree(b.tables.data);
	kvfree(b.list.data);
	kvfree(b.slots.data);
	return ix;
}

/**
 * mn_chain_index_free() - free an index
 * @ix: index no packet can see any more, or NULL
 *
 * Context: may sleep; may or may not hold mn_net.lock.
 */
void mn_chain_index_free(struct mn_chain_index *ix)
{
	u32 i;

	if (!ix)
		return;
	for (i = 0; i < ix->n_sets; i++)
		mn_index_sets_del(&mn_index_sets(ix)[i]);
	kvfree(ix);
}
