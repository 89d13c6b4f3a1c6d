// SPDX-License-Identifier: GPL-2.0
/*
 * Tables of rules that name many different sets. Such a table is asked by the
 * prefixes of the address: the members of all sets are found by their prefix,
 * and then the rules by the set. So what a table has to know of its sets is
 * which prefix lengths they have. Sets change without their chains; therefore
 * these tables are in a list, and a set that gets a member of a new length tells
 * them, before packets can see the member.
 *
 * A flow that found no rule depends on every prefix it looked for and on one
 * version counter for all lengths there are in such tables.
 */
#include <linux/spinlock.h>

#include "policy/chain_index.h"
#include "sim/dep.h"

/**
 * mn_chain_index_dep() - version counter of the lengths in tables of sets
 * @mn: namespace
 *
 * Return: slot
 */
u32 mn_chain_index_dep(const struct mn_net *mn)
{
	return mn_dep_slot("indexed sets", 12, (u32)mn->seed.key[1]);
}

/**
 * mn_index_sets_add() - a table of sets is ready
 * @s: its part of the index, complete
 *
 * Context: mn_net.lock.
 */
void mn_index_sets_add(struct mn_index_sets *s)
{
	spin_lock(&s->mn->indexed_lock);
	list_add(&s->list, &s->mn->indexed_sets);
	spin_unlock(&s->mn->indexed_lock);
}

/**
 * mn_index_sets_del() - a table of sets goes
 * @s: its part of the index
 *
 * Context: may or may not hold mn_net.lock.
 */
void mn_index_sets_del(struct mn_index_sets *s)
{
	spin_lock(&s->mn->indexed_lock);
	list_del(&s->list);
	spin_unlock(&s->mn->indexed_lock);
}

static bool has_set(const struct mn_index_sets *s, const struct mn_set *set)
{
	struct mn_index_probe p = mn_index_probe(s->index, s->table,
						 (unsigned long)&set->obj);

	return mn_index_next(s->index, &p);
}

/**
 * mn_chain_index_grow() - a set gets members of a length it had none of
 * @mn: namespace
 * @set: set
 * @family: AF_INET or AF_INET6
 * @plen: length
 *
 * Context: mn_net.lock, before packets can see such a member.
 */
void mn_chain_index_grow(struct mn_net *mn, const struct mn_set *set, u8 family,
			 u8 plen)
{
	struct mn_index_sets *s;
	unsigned long *has;

	spin_lock(&mn->indexed_lock);
	list_for_each_entry(s, &mn->indexed_sets, list) {
		has = family == AF_INET ? s->lens.v4 : s->lens.v6;
		if (test_bit(plen, has) || !has_set(s, set))
			continue;
		set_bit(plen, has);
		mn->indexed_grew = true;
	}
	spin_unlock(&mn->indexed_lock);
}

/**
 * mn_chain_index_grown() - members may have come into force
 * @mn: namespace
 *
 * Context: mn_net.lock, behind the flip.
 */
void mn_chain_index_grown(struct mn_net *mn)
{
	if (!mn->indexed_grew)
		return;
	mn->indexed_grew = false;
	mn_dep_bump(mn, mn_chain_index_dep(mn));
}

/**
 * mn_chain_index_init() - prepare a namespace for indices
 * @mn: namespace
 */
void mn_chain_index_init(struct mn_net *mn)
{
	INIT_LIST_HEAD(&mn->indexed_sets);
	spin_lock_init(&mn->indexed_lock);
}
