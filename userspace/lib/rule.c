// SPDX-License-Identifier: GPL-2.0
/* Rules as text, and the ids of rules that were given none. */
#include <stdlib.h>
#include <string.h>

#include "model.h"

static const struct mn_vals *rule_val(const struct mn_obj *rule, int wire)
{
	return rule->vals[mn_type_wire(rule->type, wire)];
}

/**
 * mn_rule_print() - write a rule as on the command line
 * @rule: rule
 * @names: who knows the names of references
 * @out: appended to
 */
void mn_rule_print(const struct mn_obj *rule, const struct mn_names *names,
		   struct mn_buf *out)
{
	static const struct {
		int attr;
		const char *before;
	} parts[] = {
		{ MIDONET_A_ACTION, "" }, { MIDONET_A_CHAIN, " " },
		{ MIDONET_A_TARGET, " target " }, { MIDONET_A_THEN, " then " },
	};
	size_t i;

	mn_match_print(&rule->match, names, out);
	if (rule_val(rule, MIDONET_A_NOT))
		mn_buf_puts(out, "not ");
	for (i = 0; i < MN_ARRAY_SIZE(parts); i++) {
		const struct mn_vals *v = rule_val(rule, parts[i].attr);

		if (!v)
			continue;
		mn_buf_puts(out, parts[i].before);
		mn_vals_print(&rule->type->attrs[mn_type_wire(rule->type,
							      parts[i].attr)],
			      names, v, out);
	}
}

static void quote(struct mn_buf *out, const char *key, size_t from)
{
	/* Canonical strings hold nothing that JSON would escape. */
	char *tail = mn_strdup(out->s + from);

	out->len = from;
	mn_buf_printf(out, "\"%s\":\"%s\"", key, tail);
	free(tail);
}

/**
 * mn_rule_canonical() - the canonical JSON of a rule
 * @rule: rule
 * @names: who knows the names of references
 * @out: appended to: compact, keys in the order of the tables
 */
void mn_rule_canonical(const struct mn_obj *rule, const struct mn_names *names,
		       struct mn_buf *out)
{
	const struct mn_type *t = rule->type;
	const struct mn_attr *a;
	const char *sep = "";
	size_t from;
	int i;

	mn_buf_puts(out, "{");
	if (!mn_match_empty(&rule->match)) {
		mn_buf_puts(out, "\"match\":{");
		mn_match_for_each(a) {
			if (!rule->match.words[a->attr])
				continue;
			mn_buf_puts(out, sep);
			from = out->len;
			mn_match_print_word(&rule->match, a, names, out);
			quote(out, a->word, from);
			sep = ",";
		}
		mn_buf_puts(out, "}");
		sep = ",";
	}
	for (i = 0; i < t->n_attrs; i++) {
		a = &t->attrs[i];
		if (!rule->vals[i] || a->kind == MN_KIND_MATCH)
			continue;
		mn_buf_puts(out, sep);
		sep = ",";
		if (a->kind == MN_KIND_BOOL) {
			mn_buf_printf(out, "\"%s\":true", a->word);
			continue;
		}
		from = out->len;
		mn_vals_print(a, names, rule->vals[i], out);
		quote(out, a->word, from);
	}
	mn_buf_puts(out, "}");
}

/**
 * struct nth - rules of one content in one chain that were given ids
 * @node: in &mn_model.nths, by hash of chain and content
 * @next: the next one's number
 */
struct nth {
	struct mn_hnode node;
	unsigned int next;
};

/* Two contents with one hash share a count: ids stay unique all the same. */
static struct nth *nth_get(struct mn_model *m, const struct mn_obj *chain,
			   const struct mn_buf *content)
{
	uint64_t hash = mn_hash_bytes(0, chain->id.b, MN_UUID_LEN);
	struct mn_hnode *n;
	struct nth *nth;

	hash = mn_hash_bytes(hash, content->s, content->len);
	n = mn_hash_first(&m->nths, hash);
	if (n)
		return mn_container_of(n, struct nth, node);
	nth = mn_alloc(sizeof(*nth));
	mn_hash_add(&m->nths, &nth->node, hash);
	return nth;
}

/**
 * mn_rule_forget_nths() - forget which rules were given ids
 * @m: model that is being emptied
 */
void mn_rule_forget_nths(struct mn_model *m)
{
	struct mn_hnode *n, *next;
	size_t i;

	for (i = 0; i < m->nths.size; i++) {
		for (n = m->nths.buckets[i]; n; n = next) {
			next = n->next;
			free(mn_container_of(n, struct nth, node));
		}
	}
	mn_hash_free(&m->nths);
}

/**
 * mn_rule_assign_id() - give a new rule the id that follows from its content
 * @m: model with all rules of its chain
 * @avoid: another model whose ids are not given either, or NULL
 * @rule: rule without id
 *
 * Equal rules are counted: the first gets .../0. Ids are never given twice, also
 * when the rule that has one was changed since.
 */
void mn_rule_assign_id(struct mn_model *m, const struct mn_model *avoid,
		       struct mn_obj *rule)
{
	struct mn_buf text = {};
	struct mn_uuid id;
	struct nth *nth;
	size_t len;

	mn_rule_canonical(rule, &m->names, &text);
	nth = nth_get(m, rule->parent, &text);
	len = text.len;
	do {
		text.len = len;
		mn_buf_printf(&text, "/%u", nth->next++);
		mn_obj_v5(m, rule, text.s, &id);
	} while (mn_model_find_id(m, &id) ||
		 (avoid && mn_model_find_id(avoid, &id)));
	mn_buf_free(&text);
	mn_obj_set_id(m, rule, &id);
}

/**
 * mn_rule_hash() - hash of what a rule says
 * @rule: rule
 *
 * Return: hash
 */
uint64_t mn_rule_hash(const struct mn_obj *rule)
{
	uint64_t h = mn_hash_bytes(0, &rule->match.invert,
				   sizeof(rule->match.invert));
	const struct mn_vals *v;
	size_t i;

	for (i = 0; i < MN_ARRAY_SIZE(rule->match.words); i++) {
		v = rule->match.words[i];
		if (v)
			h = mn_hash_bytes(h + i, v->data, v->len);
	}
	for (i = 0; i < rule->type->n_attrs; i++) {
		v = rule->vals[i];
		if (v)
			h = mn_hash_bytes(h + i, v->data, v->len);
	}
	return h;
}

/**
 * mn_rule_equal() - do two rules say the same
 * @a: rule
 * @b: rule
 *
 * Return: whether they do
 */
bool mn_rule_equal(const struct mn_obj *a, const struct mn_obj *b)
{
	int i;

	for (i = 0; i < a->type->n_attrs; i++) {
		if (!mn_vals_equal(a->vals[i], b->vals[i]))
			return false;
	}
	return mn_match_equal(&a->match, &b->match);
}
