// SPDX-License-Identifier: GPL-2.0
/*
 * What snat and dnat rules translate to, and what rules do once they have
 * translated. Where such rules may stand is in nat_place.c.
 *
 * A static target stands for a prefix of the same size that the match names, so
 * a translation is known from the address alone; every packet the rule matches
 * has to be in that prefix. Any other target is dynamic.
 */
#include <linux/in.h>
#include <net/ipv6.h>

#include "config/nl.h"
#include "config/txn.h"
#include "l3/neigh.h"
#include "policy/chain.h"
#include "policy/match_op.h"
#include "policy/nat_rule.h"
#include "policy/nat_target.h"

static bool has_target(u8 action)
{
	return action == MIDONET_RULE_ACTION_DNAT ||
	       action == MIDONET_RULE_ACTION_SNAT;
}

/**
 * mn_action_translates() - does a rule of this action translate, or undo that
 * @action: &enum midonet_rule_action
 *
 * Return: true for dnat, snat, rev-dnat and rev-snat: the rules with a then
 */
bool mn_action_translates(u8 action)
{
	return has_target(action) || action == MIDONET_RULE_ACTION_REV_DNAT ||
	       action == MIDONET_RULE_ACTION_REV_SNAT;
}

static struct mn_nat_target *target_of(struct mn_rule *rule)
{
	if (!has_target(rule->action))
		return NULL;
	return (struct mn_nat_target *)(rule->match.ops + rule->match.len);
}

/**
 * mn_rule_target() - what a rule translates to
 * @rule: rule
 *
 * Return: its target; NULL if it is neither snat nor dnat
 */
const struct mn_nat_target *mn_rule_target(const struct mn_rule *rule)
{
	return target_of((struct mn_rule *)rule);
}

/**
 * mn_nat_rule_room() - what a rule of an action needs behind its match
 * @action: &enum midonet_rule_action
 *
 * Return: bytes
 */
size_t mn_nat_rule_room(u8 action)
{
	return has_target(action) ? sizeof(struct mn_nat_target) : 0;
}

/**
 * mn_nat_rule_same() - do two rules translate alike
 * @a: rule
 * @b: rule of the same action
 */
bool mn_nat_rule_same(const struct mn_rule *a, const struct mn_rule *b)
{
	const struct mn_nat_target *ta = mn_rule_target(a);
	const struct mn_nat_target *tb = mn_rule_target(b);

	return a->then == b->then && (!ta || !memcmp(ta, tb, sizeof(*ta)));
}

static const char *word_of(const struct mn_rule *rule)
{
	return rule->action == MIDONET_RULE_ACTION_DNAT ? "dnat" : "snat";
}

static int refuse(struct mn_txn *txn, const struct mn_rule *rule,
		  const struct nlattr *attr, struct netlink_ext_ack *extack,
		  const char *what)
{
	if (attr)
		NL_SET_BAD_ATTR(extack, attr);
	return mn_txn_err(txn, -EINVAL, "chain %s: %s", rule->chain->obj.name,
			  what);
}

/* From the message. */

static bool get_addr(const struct nlattr *attr, u16 *family,
		     struct in6_addr *addr)
{
	memset(addr, 0, sizeof(*addr));
	if (nla_len(attr) != sizeof(struct in_addr) &&
	    nla_len(attr) != sizeof(struct in6_addr))
		return false;
	*family = nla_len(attr) == sizeof(struct in_addr) ? AF_INET : AF_INET6;
	memcpy(addr, nla_data(attr), nla_len(attr));
	return true;
}

static const char *get_addrs(struct nlattr **tb, struct mn_nat_target *t)
{
	struct nlattr *last = tb[MIDONET_NAT_TARGET_LAST];
	u16 family;

	if (!tb[MIDONET_NAT_TARGET_FIRST] ||
	    !get_addr(tb[MIDONET_NAT_TARGET_FIRST], &t->family, &t->first))
		return "a target begins with an IPv4 or IPv6 address";
	t->last = t->first;
	if (!last)
		return NULL;
	if (!get_addr(last, &family, &t->last) || family != t->family)
		return "a target's last address is of the family of its first";
	if (memcmp(&t->first, &t->last, sizeof(t->first)) > 0)
		return "a target's last address is not below its first; write the lower one first";
	return NULL;
}

static const char *get_ports(struct nlattr **tb, struct mn_nat_target *t)
{
	struct nlattr *first = tb[MIDONET_NAT_TARGET_FIRST_PORT];
	struct nlattr *last = tb[MIDONET_NAT_TARGET_LAST_PORT];

	if (!first)
		return last ? "a target's last port needs a first one" : NULL;
	t->first_port = nla_get_u16(first);
	t->last_port = last ? nla_get_u16(last) : t->first_port;
	if (!t->first_port)
		return "a target's ports are 1 to 65535";
	if (t->first_port > t->last_port)
		return "a target's last port is not below its first; write the lower one first";
	return NULL;
}

/* Do @first..@last and @from..@to have an address in common? */
static bool meets_v4(const struct mn_nat_target *t, u32 from, u32 to)
{
	return ntohl(t->first.s6_addr32[0]) <= to &&
	       ntohl(t->last.s6_addr32[0]) >= from;
}

static bool meets_v6(const struct mn_nat_target *t, u16 from, u16 to)
{
	return ntohs(t->first.s6_addr16[0]) <= to &&
	       ntohs(t->last.s6_addr16[0]) >= from;
}

/* Can a router forward from and to all of its addresses? */
static bool is_unicast(const struct mn_nat_target *t)
{
	if (t->family == AF_INET)
		return !meets_v4(t, 0, 0x00ffffff) &&
		       !meets_v4(t, 0x7f000000, 0x7fffffff) &&
		       !meets_v4(t, 0xe0000000, 0xffffffff);
	/* Nothing is between the two but the range itself. */
	return !ipv6_addr_any(&t->first) && !ipv6_addr_loopback(&t->first) &&
	       !meets_v6(t, 0xfe80, 0xfebf) && !meets_v6(t, 0xff00, 0xffff);
}

static int parse_target(struct mn_txn *txn, const struct mn_rule *rule,
			const struct nlattr *attr, struct mn_nat_target *t,
			struct netlink_ext_ack *extack)
{
	struct nlattr *tb[MIDONET_NAT_TARGET_MAX + 1];
	const char *wrong;
	int err;

	err = nla_parse_nested(tb, MIDONET_NAT_TARGET_MAX, attr,
			       mn_nat_target_policy, extack);
	if (err)
		return err;
	wrong = get_addrs(tb, t) ?: get_ports(tb, t);
	if (wrong)
		return refuse(txn, rule, attr, extack, wrong);
	if (is_unicast(t))
		return 0;
	return refuse(txn, rule, attr, extack,
		      "a target has no multicast, broadcast, loopback, link-local or unspecified address");
}

/* Together with the match. */

static const struct mn_match_op *find_op(const struct mn_match *match, u8 word)
{
	const struct mn_match_op *op;

	mn_match_for_each(op, match) {
		if (op->word == word)
			return op;
	}
	return NULL;
}

/* Does the rule match packets of another family than its target, by this word? */
static bool is_mixed(const struct mn_rule *rule, u8 word, u16 family)
{
	const struct mn_match_op *op = find_op(&rule->match, word);
	const struct mn_match_prefix *v;
	int i;

	if (!op || op->invert || rule->invert)
		return false;
	v = (const void *)op->values;
	for (i = 0; i < op->n; i++) {
		if (v[i].family != family)
			return true;
	}
	return false;
}

/* Has the target as many addresses as a prefix of this length? */
static bool same_size(const struct mn_nat_target *t, u8 plen)
{
	const u8 *first = t->first.s6_addr, *last = t->last.s6_addr;
	int i, diff, borrow = 0;
	u8 host;

	for (i = mn_addr_len(t->family) - 1; i >= 0; i--) {
		if (plen <= 8 * i)
			host = 0xff;
		else
			host = plen >= 8 * i + 8 ? 0 : 0xff >> (plen - 8 * i);
		diff = last[i] - first[i] - borrow;
		borrow = diff < 0;
		if ((u8)diff != host)
			return false;
	}
	return true;
}

static bool set_static(const struct mn_rule *rule, struct mn_nat_target *t)
{
	u8 word = rule->action == MIDONET_RULE_ACTION_DNAT ?
		  MIDONET_MATCH_DST : MIDONET_MATCH_SRC;
	const struct mn_match_op *op = find_op(&rule->match, word);
	const struct mn_match_prefix *v;

	if (!op || op->invert || rule->invert || op->n != 1)
		return false;
	v = (const void *)op->values;
	if (v->family != t->family || !same_size(t, v->plen))
		return false;
	t->plen = v->plen;
	memcpy(&t->prefix, v->addr, sizeof(t->prefix));
	return true;
}

static int fit_match(struct mn_txn *txn, const struct mn_rule *rule,
		     struct mn_nat_target *t, const struct nlattr *attr,
		     struct netlink_ext_ack *extack)
{
	bool range = !ipv6_addr_equal(&t->first, &t->last);

	if (is_mixed(rule, MIDONET_MATCH_SRC, t->family) ||
	    is_mixed(rule, MIDONET_MATCH_DST, t->family))
		return refuse(txn, rule, attr, extack,
			      "target and match are of different address families; write a rule for each");
	t->dynamic = t->first_port ||
		     (range && rule->action == MIDONET_RULE_ACTION_DNAT);
	if (t->dynamic || set_static(rule, t))
		return 0;
	return refuse(txn, rule, attr, extack,
		      "a static target needs a match of the same size; for many to one write ADDR:1024-65535");
}

static int set_target(struct mn_txn *txn, struct mn_rule *rule,
		      const struct mn_op *op, struct nlattr **tb,
		      const struct mn_rule *old, struct netlink_ext_ack *extack)
{
	const struct nlattr *attr = tb[MIDONET_A_TARGET];
	struct mn_nat_target *t = target_of(rule);
	const struct mn_nat_target *was;
	int err;

	if (attr) {
		err = parse_target(txn, rule, attr, t, extack);
		if (err)
			return err;
	} else if (old && old->action == rule->action &&
		   !mn_nl_unset(op, MIDONET_A_TARGET)) {
		/* What else it has follows from the match, as it is now. */
		was = mn_rule_target(old);
		t->family = was->family;
		t->first = was->first;
		t->last = was->last;
		t->first_port = was->first_port;
		t->last_port = was->last_port;
	} else {
		return mn_txn_err(txn, -EINVAL,
				  "chain %s: %s needs a target, ADDR[-ADDR][:PORT[-PORT]]",
				  rule->chain->obj.name, word_of(rule));
	}
	return fit_match(txn, rule, t, attr, extack);
}

static bool is_then(u8 action)
{
	return action == MIDONET_RULE_ACTION_ACCEPT ||
	       action == MIDONET_RULE_ACTION_CONTINUE ||
	       action == MIDONET_RULE_ACTION_RETURN;
}

static int set_then(struct mn_txn *txn, struct mn_rule *rule,
		    const struct mn_op *op, struct nlattr **tb,
		    const struct mn_rule *old, struct netlink_ext_ack *extack)
{
	const struct nlattr *attr = tb[MIDONET_A_THEN];

	rule->then = MIDONET_RULE_ACTION_ACCEPT;
	if (attr && !mn_action_translates(rule->action))
		return refuse(txn, rule, attr, extack,
			      "only dnat, snat, rev-dnat and rev-snat have a then; leave it out");
	if (attr) {
		rule->then = nla_get_u8(attr);
		if (!is_then(rule->then))
			return refuse(txn, rule, attr, extack,
				      "then is accept, continue or return");
	} else if (old && mn_action_translates(rule->action) &&
		   !mn_nl_unset(op, MIDONET_A_THEN)) {
		rule->then = old->then;
	}
	return 0;
}

/**
 * mn_nat_rule_set() - set what a message says of translation
 * @txn: transaction
 * @rule: rule being made, with room; its action, match and not are set
 * @op: message
 * @tb: its attributes
 * @old: rule it changes, or NULL. A target is taken over if the action stays, a
 *	then if the new action can have one
 * @extack: for errors
 *
 * Context: mn_net.lock.
 *
 * Return: 0, -EINVAL
 */
int mn_nat_rule_set(struct mn_txn *txn, struct mn_rule *rule,
		    const struct mn_op *op, struct nlattr **tb,
		    const struct mn_rule *old, struct netlink_ext_ack *extack)
{
	const struct nlattr *attr = tb[MIDONET_A_TARGET];
	int err = set_then(txn, rule, op, tb, old, extack);

	if (err)
		return err;
	if (has_target(rule->action))
		return set_target(txn, rule, op, tb, old, extack);
	return attr ? refuse(txn, rule, attr, extack,
			     "only dnat and snat have a target") : 0;
}

static int fill_target(struct sk_buff *skb, const struct mn_nat_target *t)
{
	struct nlattr *nest = nla_nest_start(skb, MIDONET_A_TARGET);
	int len = mn_addr_len(t->family);

	if (!nest || nla_put(skb, MIDONET_NAT_TARGET_FIRST, len, &t->first))
		return -EMSGSIZE;
	if (!ipv6_addr_equal(&t->first, &t->last) &&
	    nla_put(skb, MIDONET_NAT_TARGET_LAST, len, &t->last))
		return -EMSGSIZE;
	if (t->first_port &&
	    nla_put_u16(skb, MIDONET_NAT_TARGET_FIRST_PORT, t->first_port))
		return -EMSGSIZE;
	if (t->last_port != t->first_port &&
	    nla_put_u16(skb, MIDONET_NAT_TARGET_LAST_PORT, t->last_port))
		return -EMSGSIZE;
	nla_nest_end(skb, nest);
	return 0;
}

/**
 * mn_nat_rule_fill() - put target and then of a rule
 * @skb: message
 * @rule: rule; nothing is put if it does not translate
 *
 * Return: 0 or -EMSGSIZE
 */
int mn_nat_rule_fill(struct sk_buff *skb, const struct mn_rule *rule)
{
	const struct mn_nat_target *t = mn_rule_target(rule);

	if (t && fill_target(skb, t))
		return -EMSGSIZE;
	if (!mn_action_translates(rule->action))
		return 0;
	return nla_put_u8(skb, MIDONET_A_THEN, rule->then);
}
