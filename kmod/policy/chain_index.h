/* SPDX-License-Identifier: GPL-2.0 */
#ifndef _MN_CHAIN_INDEX_H
#define _MN_CHAIN_INDEX_H

#include <linux/align.h>
#include <linux/kernel.h>
#include <linux/list.h>
#include <linux/types.h>

#include "policy/set.h"

struct mn_chain_ver;
struct mn_ctx;
struct mn_net;
struct mn_rule;

/**
 * DOC: The index of a chain
 *
 * What is asked is: of the rules behind a position, which is the first that
 * matches? The index answers as a loop over the rules would, and reads no other
 * fields of the packet.
 *
 * It is a tree. A node stands for rules of which some words are known to hold,
 * the root for all. Rules go on to the next word they name, in the order in
 * which words are evaluated: those that name the same word in the same way (a
 * prefix of the same length, ...) share a table, from values to nodes or single
 * rules. Rules that cannot be told by their next word (inverted, unknown to
 * match_digest.c, too many values), that have no more words, or have too few
 * companions, are in the node's list. All tables share one array of slots.
 *
 * A look-up (chain_index_find.c) keeps the tables and lists that are open with
 * the first position that each can yield, and always goes on with the least. So
 * a table is asked only when no rule before its first one can match any more:
 * then the loop would have read the field, too. And the first rule that is found
 * to match is the answer. Whatever is found is evaluated as a whole, so a slot
 * that answers for the wrong value costs time only.
 *
 * Rules with several values are in several slots. An index is constant, belongs
 * to a version of a chain and goes with it.
 */

/**
 * enum mn_index_kind - how a table is asked
 * @MN_INDEX_VALUE: by mn_match_digest()
 * @MN_INDEX_GROUP: by every group of a port
 * @MN_INDEX_SET: all its rules name one set, which is asked
 * @MN_INDEX_SETS: its rules name many sets: those that have the address are
 *	looked up
 */
enum mn_index_kind {
	MN_INDEX_VALUE, MN_INDEX_GROUP, MN_INDEX_SET, MN_INDEX_SETS,
};

/**
 * struct mn_index_table - rules that name the same word next
 * @first: least position of a rule
 * @last: greatest
 * @word: &enum midonet_match_attr
 * @variant: of its values (&struct mn_match_digest); of MN_INDEX_SET: which value
 *	of that word of the first rule the set is; of MN_INDEX_SETS: number of its
 *	&struct mn_index_sets
 * @kind: &enum mn_index_kind
 */
struct mn_index_table {
	u32 first;
	u32 last;
	u8 word;
	u8 variant;
	u8 kind;
};

/**
 * struct mn_index_node - rules of which some words hold
 * @list: first of its list; it ends where that of the next node begins
 * @table: first of its tables, in the order of their @first; as @list
 */
struct mn_index_node {
	u32 list;
	u32 table;
};

/**
 * struct mn_index_sets - a table of many sets
 * @list: in &mn_net.indexed_sets
 * @mn: namespace
 * @index: index
 * @table: number of the table
 * @n: sets
 * @lens: prefix lengths of members of any of them; never fewer, sometimes more;
 *	written under &mn_net.lock
 */
struct mn_index_sets {
	struct list_head list;
	struct mn_net *mn;
	const struct mn_chain_index *index;
	u32 table;
	u32 n;
	struct mn_set_lens lens;
};

/**
 * struct mn_chain_index - where the rules of a chain are, by what they match
 * @n_slots: slots, some of them empty
 * @n_nodes: nodes; the first is the root. One more ends the last
 * @ref_bits: bits of a slot that refer to something: 0 is an empty slot, up to
 *	the number of rules is a position + 1, what is above is a node. The other
 *	bits are of the hash
 * @n_sets: number of &struct mn_index_sets
 * @slots: slots; behind them are nodes, tables, lists of positions, sets
 */
struct mn_chain_index {
	u32 n_slots;
	u32 n_nodes;
	u8 ref_bits;
	u8 n_sets;
	u32 slots[];
};

static inline struct mn_index_node *
mn_index_nodes(const struct mn_chain_index *ix)
{
	return (struct mn_index_node *)(ix->slots + ix->n_slots);
}

static inline struct mn_index_table *
mn_index_tables(const struct mn_chain_index *ix)
{
	return (struct mn_index_table *)(mn_index_nodes(ix) + ix->n_nodes + 1);
}

static inline u32 *mn_index_list(const struct mn_chain_index *ix)
{
	return (u32 *)(mn_index_tables(ix) +
		       mn_index_nodes(ix)[ix->n_nodes].table);
}

static inline struct mn_index_sets *
mn_index_sets(const struct mn_chain_index *ix)
{
	return PTR_ALIGN((struct mn_index_sets *)(mn_index_list(ix) +
				mn_index_nodes(ix)[ix->n_nodes].list),
			 __alignof__(struct mn_index_sets));
}

/**
 * struct mn_index_probe - slots of a value
 * @at: the next one
 * @tag: bits of the hash that a slot of the value has
 */
struct mn_index_probe {
	u32 at;
	u32 tag;
};

/**
 * mn_index_probe() - begin to look a value up
 * @ix: index
 * @table: number of the table
 * @value: value
 */
static inline struct mn_index_probe
mn_index_probe(const struct mn_chain_index *ix, u32 table, u64 value)
{
	u64 h = (value ^ table * 0xd6e8feb86659fd93ULL) * 0x9e3779b97f4a7c15ULL;

	h = (h ^ h >> 32) * 0xd6e8feb86659fd93ULL;
	return (struct mn_index_probe){
		.at = reciprocal_scale(h >> 32, ix->n_slots),
		.tag = (u32)h << ix->ref_bits,
	};
}

/**
 * mn_index_next() - the next slot that may be of the value
 * @ix: index
 * @p: probe
 *
 * Return: what it refers to, 0 if there is none
 */
static inline u32 mn_index_next(const struct mn_chain_index *ix,
				struct mn_index_probe *p)
{
	u32 refs = BIT(ix->ref_bits) - 1;
	u32 slot;

	while ((slot = ix->slots[p->at])) {
		if (++p->at == ix->n_slots)
			p->at = 0;
		if ((slot & ~refs) == p->tag)
			return slot & refs;
	}
	return 0;
}

/* policy/chain_index_build.c */
struct mn_chain_index *mn_chain_index_new(struct mn_net *mn,
					  struct mn_rule *const *rules, u32 n);
void mn_chain_index_free(struct mn_chain_index *ix);
size_t mn_chain_index_size(const struct mn_chain_index *ix);

/* policy/chain_index_find.c */
u32 mn_chain_find(struct mn_ctx *ctx, const struct mn_chain_ver *v, u32 from);

/* policy/chain_index_sets.c */
void mn_index_sets_add(struct mn_index_sets *s);
void mn_index_sets_del(struct mn_index_sets *s);
void mn_chain_index_grow(struct mn_net *mn, const struct mn_set *set, u8 family,
			 u8 plen);
void mn_chain_index_grown(struct mn_net *mn);
u32 mn_chain_index_dep(const struct mn_net *mn);
void mn_chain_index_init(struct mn_net *mn);

#endif /* _MN_CHAIN_INDEX_H */
