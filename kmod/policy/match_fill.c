// SPDX-License-Identifier: GPL-2.0
/*
 * From a compiled match back to its attributes.
 */
#include "config/nl.h"
#include "policy/match.h"
#include "policy/match_op.h"

static int fill_prefix(struct sk_buff *skb, int attr,
		       const struct mn_match_prefix *v)
{
	return mn_nl_put_prefix(skb, attr, v->family, v->plen, v->addr);
}

static int fill_value(struct sk_buff *skb, const struct mn_word *w,
		      const void *v)
{
	const struct mn_match_ports *ports = v;

	switch (w->kind) {
	case MN_VALUE_U8:
		return nla_put_u8(skb, w->attr, *(const u8 *)v);
	case MN_VALUE_U16:
	case MN_VALUE_FLAGS:
		return nla_put_u16(skb, w->attr, *(const u16 *)v);
	case MN_VALUE_PORTS:
		return nla_put_u32(skb, w->attr,
				   (u32)ports->first << 16 | ports->last);
	case MN_VALUE_MAC:
		return nla_put(skb, w->attr, sizeof(struct mn_match_mac), v);
	case MN_VALUE_PREFIX:
		return fill_prefix(skb, w->attr, v);
	case MN_VALUE_REF:
		return mn_nl_put_id(skb, w->attr, *(struct mn_obj *const *)v);
	}
	return -EINVAL;
}

static int fill_op(struct sk_buff *skb, const struct mn_match_op *op)
{
	const struct mn_word *w = mn_word_find(op->word);
	const void *v = op->values;
	int i, err;

	for (i = 0; i < op->n; i++, v += w->size) {
		err = fill_value(skb, w, v);
		if (err)
			return err;
	}
	return 0;
}

/**
 * mn_match_fill() - put a match
 * @skb: message
 * @attr: attribute of the nest
 * @match: match; nothing is put if it matches everything
 *
 * Return: 0 or -EMSGSIZE
 */
int mn_match_fill(struct sk_buff *skb, int attr, const struct mn_match *match)
{
	const struct mn_match_op *op;
	struct nlattr *nest;
	u64 invert = 0;
	int err;

	if (!match->len)
		return 0;
	nest = nla_nest_start(skb, attr);
	if (!nest)
		return -EMSGSIZE;
	mn_match_for_each(op, match) {
		err = fill_op(skb, op);
		if (err)
			return err;
		if (op->invert)
			invert |= BIT_ULL(op->word);
	}
	if (invert && mn_nl_put_u64(skb, MIDONET_MATCH_INVERT, invert))
		return -EMSGSIZE;
	nla_nest_end(skb, nest);
	return 0;
}
