// SPDX-License-Identifier: GPL-2.0
/* rule add | set | del | list */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "midoctl.h"

static struct mn_obj *chain_of(struct ctl *ctl, const char *name)
{
	struct mn_obj *chain;

	chain = mn_model_lookup(ctl->model, MIDONET_OBJECT_TYPE_CHAIN, name,
				&ctl->err);
	if (!chain || mn_model_want_in(ctl->model, MIDONET_OBJECT_TYPE_RULE,
				       chain, &ctl->err))
		return NULL;
	return chain;
}

static int number(struct ctl *ctl, const char *text, uint32_t *n)
{
	char buf[80], *end;
	unsigned long long v;

	errno = 0;
	v = strtoull(text, &end, 10);
	if (errno || *end || end == text || *text == '-' || !v ||
	    v > UINT32_MAX)
		return mn_usage(&ctl->err, "rule: \"%s\" is not a position; they count from 1",
				mn_shown(text, buf, sizeof(buf)));
	*n = v;
	return 0;
}

/* pos N or id U */
static struct mn_obj *rule_of(struct ctl *ctl, struct mn_obj *chain,
			      const char *word, const char *text)
{
	struct mn_obj *rule;
	struct mn_uuid id;
	uint32_t pos;

	if (!strcmp(word, "pos") || !strcmp(word, "position")) {
		if (number(ctl, text, &pos))
			return NULL;
		if (pos > chain->n_kids) {
			mn_fail(&ctl->err, -ENOENT,
				"chain %s: no rule at position %u; it has %u",
				chain->name, pos, chain->n_kids);
			return NULL;
		}
		/* A position means a rule only as long as nothing moves. */
		ctl->check = true;
		return chain->kids[pos - 1];
	}
	if (strcmp(word, "id") || !mn_uuid_parse(text, &id)) {
		mn_usage(&ctl->err, "rule: which one? write pos N or id UUID");
		return NULL;
	}
	rule = mn_model_find_id(ctl->model, &id);
	if (rule && rule->parent == chain)
		return rule;
	mn_fail(&ctl->err, -ENOENT, "chain %s: no rule with id %s", chain->name,
		text);
	return NULL;
}

static uint32_t bit(const struct mn_obj *rule, int wire)
{
	return 1u << mn_type_wire(rule->type, wire);
}

static void drop(struct mn_obj *rule, int wire, uint32_t *given)
{
	struct mn_vals **v = mn_obj_val(rule, wire);

	if (*given & bit(rule, wire))
		return;
	free(*v);
	*v = NULL;
	*given |= bit(rule, wire);
}

/* What the action before had and this one has no use for. */
static void drop_others(struct mn_obj *rule, uint32_t *given)
{
	int action = mn_rule_action(rule);

	drop(rule, MIDONET_A_CHAIN, given);
	if (action != MIDONET_RULE_ACTION_DNAT &&
	    action != MIDONET_RULE_ACTION_SNAT)
		drop(rule, MIDONET_A_TARGET, given);
	if (!mn_rule_translates(rule))
		drop(rule, MIDONET_A_THEN, given);
}

static int set_action(struct ctl *ctl, struct mn_obj *rule, int *argc,
		      char ***argv, uint32_t *bits)
{
	int action = mn_type_wire(rule->type, MIDONET_A_ACTION);
	int chain = mn_type_wire(rule->type, MIDONET_A_CHAIN);
	int used = 1, ret;

	ret = ctl_set_word(ctl, rule, action, (*argv)[0]);
	*bits |= bit(rule, MIDONET_A_ACTION);
	if (!ret)
		drop_others(rule, bits);
	if (!ret && !strcmp((*argv)[0], "jump")) {
		/* "jump chain C" and "jump C" */
		if (*argc > 2 && !strcmp((*argv)[1], "chain"))
			used++;
		if (*argc <= used)
			return mn_usage(&ctl->err, "rule: jump needs a chain");
		ret = ctl_set_word(ctl, rule, chain, (*argv)[used++]);
	}
	*argc -= used;
	*argv += used;
	return ret;
}

static bool is_action(const char *word)
{
	size_t i;

	for (i = 0; i < MN_ARRAY_SIZE(mn_rule_action_names); i++) {
		if (!strcmp(mn_rule_action_names[i], word))
			return true;
	}
	return false;
}

/* +V and -V change the list of a word; its inversion stays. */
static int match_list(struct ctl *ctl, struct mn_match *m,
		      const struct mn_attr *a, const char *text)
{
	struct mn_vals *part = NULL;
	const uint8_t *p;
	int ret;

	ret = mn_vals_from_text(a, &ctl->model->names, text + 1, &part,
				&ctl->err);
	if (ret)
		return ret;
	mn_vals_for_each(p, part) {
		if (*text == '+')
			mn_vals_add(&m->words[a->attr], p + 1, *p);
		else if (!mn_vals_remove(&m->words[a->attr], p + 1, *p))
			ret = mn_fail(&ctl->err, -ENOENT, "no such value %s",
				      text + 1);
	}
	mn_vals_normalise(a, &m->words[a->attr]);
	if (!m->words[a->attr])
		m->invert &= ~(1u << a->attr);
	free(part);
	return ret;
}

/* A word of the rule rather than of its match, NULL for others. */
static const struct mn_attr *own_word(const struct mn_type *t, const char *word)
{
	int i = mn_type_attr(t, word);

	if (i < 0 || (t->attrs[i].attr != MIDONET_A_TARGET &&
		      t->attrs[i].attr != MIDONET_A_THEN))
		return NULL;
	return &t->attrs[i];
}

static int match_word(struct ctl *ctl, struct mn_obj *rule,
		      const struct mn_attr *a, const char *text)
{
	int ret;

	if (*text == '+' || *text == '-')
		ret = match_list(ctl, &rule->match, a, text);
	else
		ret = mn_match_set_text(&rule->match, a, &ctl->model->names,
					text, &ctl->err);
	if (!ret)
		return 0;
	mn_err_prefix(&ctl->err, "rule: %s", a->word);
	ctl->err.usage = ret == -EINVAL;
	return ret;
}

/* [WORD VALUE]... [not] ACTION ...; the words that were given go to @bits. */
static int rule_words(struct ctl *ctl, struct mn_obj *rule, int argc,
		      char **argv, bool set, uint32_t *bits)
{
	const struct mn_type *t = rule->type;
	int not = mn_type_wire(t, MIDONET_A_NOT), ret = 0;
	const struct mn_attr *a, *own;
	char buf[80];

	while (!ret && argc) {
		if (is_action(argv[0])) {
			ret = set_action(ctl, rule, &argc, &argv, bits);
			continue;
		}
		if (!strcmp(argv[0], "not")) {
			/* Of a new rule it is a word without a value. */
			ret = ctl_set_word(ctl, rule, not,
					   set && argc > 1 ? argv[1] : "true");
			*bits |= 1u << not;
			argc -= 1 + (set && argc > 1);
			argv += 1 + set;
			continue;
		}
		own = own_word(t, argv[0]);
		a = own ?: mn_match_word(argv[0]);
		if (!a)
			return mn_usage(&ctl->err, "rule: unknown word \"%s\"",
					mn_shown(argv[0], buf, sizeof(buf)));
		if (argc < 2)
			return mn_usage(&ctl->err, "rule: %s needs a value",
					argv[0]);
		if (own) {
			ret = ctl_set_word(ctl, rule, own - t->attrs, argv[1]);
			*bits |= 1u << (own - t->attrs);
		} else {
			ret = match_word(ctl, rule, a, argv[1]);
			*bits |= bit(rule, MIDONET_A_MATCH);
		}
		argc -= 2;
		argv += 2;
	}
	mn_match_normalise(&rule->match);
	return ret;
}

static int check_rule(struct ctl *ctl, const struct mn_obj *rule)
{
	const char *attr;
	int ret = mn_rule_check(rule, &attr, &ctl->err);

	if (!ret)
		return 0;
	if (attr)
		mn_err_prefix(&ctl->err, "%s", attr);
	else
		ctl->err.usage = true;
	mn_err_prefix(&ctl->err, "rule");
	return ret;
}

static int note(struct ctl *ctl, enum midonet_op op, struct mn_obj *rule,
		uint32_t bits, uint32_t pos)
{
	struct mn_change c = {
		.op = op, .obj = rule, .attrs = bits, .position = pos,
	};

	return mn_store_change(ctl->store, ctl->model, &c, &ctl->err);
}

/**
 * cmd_rule_add() - rule add CHAIN [pos N] [WORD VALUE]... [not] ACTION
 * @ctl: run
 * @argc: number of words
 * @argv: words
 *
 * Return: 0 or a negative error
 */
int cmd_rule_add(struct ctl *ctl, int argc, char **argv)
{
	struct mn_obj *chain, *rule;
	uint32_t pos = 0, bits = 0;
	int ret;

	ret = ctl_args(ctl, argc, 2, -1,
		       "rule add CHAIN [pos N] [WORD VALUE]... [not] ACTION");
	if (ret)
		return ret;
	chain = chain_of(ctl, argv[0]);
	if (!chain)
		return ctl->err.code;
	argc--;
	argv++;
	if (argc > 1 && (!strcmp(argv[0], "pos") ||
			 !strcmp(argv[0], "position"))) {
		ret = number(ctl, argv[1], &pos);
		if (ret)
			return ret;
		if (pos > chain->n_kids + 1)
			return mn_fail(&ctl->err, -ENOENT,
				       "chain %s: no position %u; it has %u rules",
				       chain->name, pos, chain->n_kids);
		argc -= 2;
		argv += 2;
	}
	rule = mn_obj_new(ctl->model, mn_type_of(MIDONET_OBJECT_TYPE_RULE),
			  chain, NULL);
	rule->pos = pos ? pos : chain->n_kids;
	ret = rule_words(ctl, rule, argc, argv, false, &bits);
	if (!ret && !*mn_obj_val(rule, MIDONET_A_ACTION))
		ret = mn_usage(&ctl->err,
			       "rule: needs an action: accept, drop, reject, return, continue, jump CHAIN, dnat, snat, rev-dnat or rev-snat");
	if (!ret)
		ret = check_rule(ctl, rule);
	if (ret)
		return ret;
	mn_rule_assign_id(ctl->model, NULL, rule);
	if (pos)
		mn_obj_move(rule, pos);
	ret = ctl_warn_rule(ctl, rule);
	return ret ?: note(ctl, MIDONET_OP_NEW, rule, ~0u, pos);
}

/**
 * cmd_rule_set() - rule set CHAIN pos N|id U [to N] [WORD VALUE]... [ACTION]
 * @ctl: run
 * @argc: number of words
 * @argv: words
 *
 * Return: 0 or a negative error
 */
int cmd_rule_set(struct ctl *ctl, int argc, char **argv)
{
	struct mn_obj *chain, *rule;
	uint32_t bits = 0, to = 0;
	int ret;

	ret = ctl_args(ctl, argc, 4, -1,
		       "rule set CHAIN pos N|id U [to N] [WORD VALUE]... [ACTION]");
	if (ret)
		return ret;
	chain = chain_of(ctl, argv[0]);
	rule = chain ? rule_of(ctl, chain, argv[1], argv[2]) : NULL;
	if (!rule)
		return ctl->err.code;
	argc -= 3;
	argv += 3;
	if (argc > 1 && !strcmp(argv[0], "to")) {
		ret = number(ctl, argv[1], &to);
		if (ret)
			return ret;
		if (to > chain->n_kids)
			return mn_fail(&ctl->err, -ENOENT,
				       "chain %s: no position %u; it has %u rules",
				       chain->name, to, chain->n_kids);
		argc -= 2;
		argv += 2;
	}
	ctl->check = true;
	ret = rule_words(ctl, rule, argc, argv, true, &bits);
	if (!ret)
		ret = check_rule(ctl, rule);
	if (ret)
		return ret;
	if (to)
		mn_obj_move(rule, to);
	ret = ctl_warn_rule(ctl, rule);
	return ret ?: note(ctl, MIDONET_OP_SET, rule, bits, to);
}

/**
 * cmd_rule_del() - rule del CHAIN pos N|id U
 * @ctl: run
 * @argc: number of words
 * @argv: words
 *
 * Return: 0 or a negative error
 */
int cmd_rule_del(struct ctl *ctl, int argc, char **argv)
{
	struct mn_obj *chain, *rule;
	int ret;

	ret = ctl_args(ctl, argc, 3, 3, "rule del CHAIN pos N|id U");
	if (ret)
		return ret;
	chain = chain_of(ctl, argv[0]);
	rule = chain ? rule_of(ctl, chain, argv[1], argv[2]) : NULL;
	if (!rule)
		return ctl->err.code;
	ret = note(ctl, MIDONET_OP_DEL, rule, 0, 0);
	if (!ret)
		mn_obj_del(ctl->model, rule);
	return ret;
}

/**
 * cmd_rule_list() - rule list CHAIN
 * @ctl: run
 * @argc: number of words
 * @argv: words
 *
 * Return: 0 or a negative error
 */
int cmd_rule_list(struct ctl *ctl, int argc, char **argv)
{
	struct mn_obj *chain;
	struct mn_buf text = {};
	json_t *json;
	uint32_t i;
	int ret;

	ret = ctl_args(ctl, argc, 1, 1, "rule list CHAIN");
	if (ret)
		return ret;
	chain = chain_of(ctl, argv[0]);
	if (!chain)
		return ctl->err.code;
	mn_model_number(ctl->model, chain);
	json = json_array();
	for (i = 0; i < chain->n_kids; i++) {
		if (ctl->json) {
			json_array_append_new(json, ctl_obj_json(ctl,
								 chain->kids[i]));
			continue;
		}
		text.len = 0;
		mn_rule_print(chain->kids[i], &ctl->model->names, &text);
		printf("%4u  %s\n", i + 1, text.s);
	}
	mn_buf_free(&text);
	if (ctl->json)
		ctl_print_json(ctl, json);
	else
		json_decref(json);
	return 0;
}
