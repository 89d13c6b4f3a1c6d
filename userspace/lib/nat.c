// SPDX-License-Identifier: GPL-2.0
/* What is particular about rules: what an action needs, what it has no use for. */
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "model.h"

static const struct mn_vals *val(const struct mn_obj *obj, int wire)
{
	return obj->vals[mn_type_wire(obj->type, wire)];
}

/**
 * mn_rule_action() - what a rule does
 * @rule: rule
 *
 * Return: &enum midonet_rule_action
 */
int mn_rule_action(const struct mn_obj *rule)
{
	const struct mn_vals *v = val(rule, MIDONET_A_ACTION);

	return v ? v->data[1] : MIDONET_RULE_ACTION_ACCEPT;
}

/* Does an action have a target? */
static bool has_target(int action)
{
	return action == MIDONET_RULE_ACTION_DNAT ||
	       action == MIDONET_RULE_ACTION_SNAT;
}

/**
 * mn_rule_translates() - does a rule translate, or undo a translation
 * @rule: rule
 *
 * Return: whether it does, and so has a "then"
 */
bool mn_rule_translates(const struct mn_obj *rule)
{
	int action = mn_rule_action(rule);

	return has_target(action) || action == MIDONET_RULE_ACTION_REV_DNAT ||
	       action == MIDONET_RULE_ACTION_REV_SNAT;
}

/**
 * mn_rule_target() - what a rule translates to
 * @rule: rule
 * @t: result
 *
 * Return: whether it has a target
 */
bool mn_rule_target(const struct mn_obj *rule, struct mn_target *t)
{
	const struct mn_vals *v = val(rule, MIDONET_A_TARGET);

	if (v)
		mn_target_unpack(v->data + 1, v->data[0], t);
	return v;
}

/* Is a translation kept by the connection, rather than following by offset? */
static bool is_dynamic(int action, const struct mn_target *t)
{
	return t->first_port || (action == MIDONET_RULE_ACTION_DNAT &&
				 memcmp(t->first, t->last, t->len));
}

/* The word of the match that a static target stands for, by its size. */
static bool fits(const struct mn_obj *rule, int word, const struct mn_target *t)
{
	const struct mn_vals *v = rule->match.words[word];
	int size = mn_target_size(t);

	return v && v->n == 1 && !(rule->match.invert >> word & 1) &&
	       !val(rule, MIDONET_A_NOT) && v->data[0] == t->len + 1 &&
	       size == t->len * 8 - v->data[1];
}

/* Do @first..@last hold an address that begins with @from..@to? */
static bool meets(const struct mn_target *t, uint16_t from, uint16_t to)
{
	uint16_t first = t->first[0] << 8 | t->first[1];
	uint16_t last = t->last[0] << 8 | t->last[1];

	return first <= to && last >= from;
}

/* Can a router forward from and to all addresses of a target? */
static bool is_unicast(const struct mn_target *t)
{
	if (t->len == 4)
		return !meets(t, 0, 0xff) && !meets(t, 0x7f00, 0x7fff) &&
		       !meets(t, 0xe000, 0xffff);
	return mn_addr_is_gateway(t->first, t->len) &&
	       !meets(t, 0xfe80, 0xfebf) && !meets(t, 0xff00, 0xffff);
}

/* Does a word of the match ask for packets of the other family? */
static bool is_mixed(const struct mn_obj *rule, int word,
		     const struct mn_target *t)
{
	const struct mn_vals *v = rule->match.words[word];
	const uint8_t *p;

	if ((rule->match.invert >> word & 1) || val(rule, MIDONET_A_NOT))
		return false;
	mn_vals_for_each(p, v) {
		if (*p != t->len + 1)
			return true;
	}
	return false;
}

static int refuse_static(const struct mn_target *t, struct mn_err *err)
{
	struct mn_target range = {
		.len = t->len, .first_port = 1024, .last_port = 65535,
	};
	struct mn_buf text = {};

	memcpy(range.first, t->first, sizeof(range.first));
	memcpy(range.last, t->last, sizeof(range.last));
	mn_target_print(&range, &text);
	mn_fail(err, -EINVAL,
		"a static target needs a match of the same size; for many to one write %s",
		text.s);
	mn_buf_free(&text);
	return err->code;
}

static int check_target(const struct mn_obj *rule, int action,
			const char **attr, struct mn_err *err)
{
	int word = action == MIDONET_RULE_ACTION_DNAT ? MIDONET_MATCH_DST :
							MIDONET_MATCH_SRC;
	struct mn_target t;

	if (!mn_rule_target(rule, &t))
		return mn_fail(err, -EINVAL,
			       "%s needs a target, ADDR[-ADDR][:PORT[-PORT]]",
			       mn_rule_action_names[action]);
	*attr = "target";
	if (!is_unicast(&t))
		return mn_fail(err, -EINVAL,
			       "a target is of unicast addresses, none of them multicast, broadcast, loopback, link-local or unspecified");
	if (is_mixed(rule, MIDONET_MATCH_SRC, &t) ||
	    is_mixed(rule, MIDONET_MATCH_DST, &t))
		return mn_fail(err, -EINVAL,
			       "target and match are of different address families; write a rule for each");
	if (!is_dynamic(action, &t) && !fits(rule, word, &t))
		return refuse_static(&t, err);
	*attr = NULL;
	return 0;
}

/**
 * mn_rule_check() - judge a rule by itself
 * @rule: rule; its action is set
 * @attr: the attribute at fault, NULL if it is the whole
 * @err: for errors
 *
 * Return: 0 or -EINVAL
 */
int mn_rule_check(const struct mn_obj *rule, const char **attr,
		  struct mn_err *err)
{
	int action = mn_rule_action(rule);
	bool jump = action == MIDONET_RULE_ACTION_JUMP;
	bool chain = val(rule, MIDONET_A_CHAIN);

	*attr = NULL;
	if (jump && !chain)
		return mn_fail(err, -EINVAL, "jump needs a chain");
	if (!jump && chain) {
		*attr = "chain";
		return mn_fail(err, -EINVAL, "is only for jump");
	}
	if (has_target(action))
		return check_target(rule, action, attr, err);
	if (val(rule, MIDONET_A_TARGET)) {
		*attr = "target";
		return mn_fail(err, -EINVAL, "is only for dnat and snat");
	}
	if (val(rule, MIDONET_A_THEN) && !mn_rule_translates(rule)) {
		*attr = "then";
		return mn_fail(err, -EINVAL,
			       "is only for dnat, snat, rev-dnat and rev-snat");
	}
	return 0;
}
