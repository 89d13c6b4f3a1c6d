// SPDX-License-Identifier: GPL-2.0
/*
 * Ids of the rules of a document. Rules have no names: one without an id is the
 * current rule of the chain that says the same; of equal ones the nth is the nth.
 */
#include <stdlib.h>
#include <string.h>

#include "doc.h"

/**
 * struct slot - a current rule that may still be taken
 * @node: by hash of what it says
 * @rule: it
 */
struct slot {
	struct mn_hnode node;
	struct mn_obj *rule;
};

/**
 * struct pool - current rules of a chain that were not taken yet
 * @hash: &struct slot
 * @slots: of all rules
 */
struct pool {
	struct mn_hash hash;
	struct slot *slots;
};

static void pool_fill(struct pool *p, const struct mn_obj *chain)
{
	uint32_t i = chain->n_kids;

	p->slots = mn_alloc(chain->n_kids * sizeof(*p->slots));
	/* Backwards, as the newest in a bucket is found first. */
	while (i--) {
		p->slots[i].rule = chain->kids[i];
		mn_hash_add(&p->hash, &p->slots[i].node,
			    mn_rule_hash(chain->kids[i]));
	}
}

static struct mn_obj *pool_take(struct pool *p, const struct mn_obj *rule)
{
	struct mn_hnode *n = mn_hash_first(&p->hash, mn_rule_hash(rule));
	struct slot *s;

	for (; n; n = mn_hash_next(n)) {
		s = mn_container_of(n, struct slot, node);
		if (!mn_rule_equal(s->rule, rule))
			continue;
		mn_hash_del(&p->hash, &s->node);
		return s->rule;
	}
	return NULL;
}

static void pool_free(struct pool *p)
{
	mn_hash_free(&p->hash);
	free(p->slots);
}

static void take_current(struct mn_model *m, struct mn_obj *chain,
			 const struct mn_obj *current)
{
	struct pool p = {};
	struct mn_obj *rule, *twin;
	uint32_t i;

	pool_fill(&p, current);
	for (i = 0; i < chain->n_kids; i++) {
		rule = chain->kids[i];
		if (!mn_uuid_is_nil(&rule->id))
			continue;
		twin = pool_take(&p, rule);
		if (twin && !mn_model_find_id(m, &twin->id))
			mn_obj_set_id(m, rule, &twin->id);
	}
	pool_free(&p);
}

/*
 * In a merge the current rules stand first, then the document's. One of these
 * that says what a current one says is that one and goes.
 */
static void drop_doubles(struct mn_model *m, struct mn_obj *chain,
			 const struct mn_obj *current)
{
	struct pool p = {};
	struct mn_obj *rule;
	uint32_t i, kept = 0;

	pool_fill(&p, current);
	for (i = 0; i < chain->n_kids; i++) {
		rule = chain->kids[i];
		/* Deleted below; now keep the order and put it last. */
		if (rule->src >= 0 && mn_uuid_is_nil(&rule->id) &&
		    pool_take(&p, rule))
			continue;
		chain->kids[i] = chain->kids[kept];
		chain->kids[kept++] = rule;
	}
	while (chain->n_kids > kept)
		mn_obj_del(m, chain->kids[chain->n_kids - 1]);
	pool_free(&p);
}

/**
 * mn_doc_rule_ids() - give the rules of a document their ids
 * @m: the document; the twins of its chains are in @current
 * @current: topology, or NULL
 * @merge: @m began as a copy of @current
 */
void mn_doc_rule_ids(struct mn_model *m, const struct mn_model *current,
		     bool merge)
{
	const struct mn_objs *chains = &m->objs[MIDONET_OBJECT_TYPE_CHAIN];
	const struct mn_objs *rules = &m->objs[MIDONET_OBJECT_TYPE_RULE];
	struct mn_obj *chain;
	uint32_t i;

	for (i = 0; i < chains->n; i++) {
		chain = chains->objs[i];
		if (!chain->twin)
			continue;
		if (merge)
			drop_doubles(m, chain, chain->twin);
		else
			take_current(m, chain, chain->twin);
	}
	for (i = 0; i < rules->n; i++) {
		if (mn_uuid_is_nil(&rules->objs[i]->id))
			mn_rule_assign_id(m, current, rules->objs[i]);
	}
}
