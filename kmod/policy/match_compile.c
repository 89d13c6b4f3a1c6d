// SPDX-License-Identifier: GPL-2.0
/*
 * From the attributes of a match to what is evaluated.
 *
 * Words are evaluated in the order of the table below: first what nearly every
 * walk reads anyway, L4 fields last. A word that does not hold ends the match,
 * so the fields behind it stay out of the flow's mask, and later fragments ask
 * for their first only when everything else holds. What asks for a connection
 * reads all that tells connections from each other, so it is the very last.
 */
#include <linux/if_vlan.h>
#include <linux/string.h>

#include "config/nl.h"
#include "config/txn.h"
#include "policy/match.h"
#include "policy/match_op.h"

#define WORD(attr_, kind_, size_, name_)				\
	{ .attr = MIDONET_MATCH_##attr_, .kind = MN_VALUE_##kind_,	\
	  .size = size_, .name = name_ }
#define WORD_REF(attr_, type_, name_)					\
	{ .attr = MIDONET_MATCH_##attr_, .kind = MN_VALUE_REF,		\
	  .size = sizeof(void *), .name = name_,			\
	  .ref = MIDONET_OBJECT_TYPE_##type_, .walk = true }
#define WORD_WALK(attr_, kind_, size_, name_)				\
	{ .attr = MIDONET_MATCH_##attr_, .kind = MN_VALUE_##kind_,	\
	  .size = size_, .name = name_, .walk = true }

const struct mn_word mn_words[] = {
	WORD_REF(IN_PORT, PORT, "in-port"),
	WORD_REF(OUT_PORT, PORT, "out-port"),
	WORD_WALK(DST_REWRITTEN, U8, 1, "dst-rewritten"),
	WORD(ETHERTYPE, U16, 2, "ethertype"),
	WORD(VLAN, U16, 2, "vlan"),
	WORD(PROTO, U8, 1, "proto"),
	WORD(DSCP, U8, 1, "dscp"),
	WORD(FRAGMENT, U8, 1, "fragment"),
	WORD(HW_SRC, MAC, sizeof(struct mn_match_mac), "hw-src"),
	WORD(HW_DST, MAC, sizeof(struct mn_match_mac), "hw-dst"),
	WORD_REF(PORT_GROUP, PORT_GROUP, "port-group"),
	WORD_REF(IN_PORT_GROUP, PORT_GROUP, "in-port-group"),
	WORD_REF(OUT_PORT_GROUP, PORT_GROUP, "out-port-group"),
	WORD(SRC, PREFIX, sizeof(struct mn_match_prefix), "src"),
	WORD(DST, PREFIX, sizeof(struct mn_match_prefix), "dst"),
	WORD_REF(SRC_SET, IP_SET, "src-set"),
	WORD_REF(DST_SET, IP_SET, "dst-set"),
	WORD(ICMP_TYPE, U8, 1, "icmp-type"),
	WORD(ICMP_CODE, U8, 1, "icmp-code"),
	WORD(TCP_FLAGS, FLAGS, 2, "tcp-flags"),
	WORD(DST_PORT, PORTS, sizeof(struct mn_match_ports), "dst-port"),
	WORD(SRC_PORT, PORTS, sizeof(struct mn_match_ports), "src-port"),
	WORD_WALK(ICMP_DATA_SRC, PREFIX, sizeof(struct mn_match_prefix),
		  "icmp-data-src"),
	WORD_WALK(ICMP_DATA_DST, PREFIX, sizeof(struct mn_match_prefix),
		  "icmp-data-dst"),
	WORD_WALK(STATE, U8, 1, "state"),
	WORD_WALK(DIRECTION, U8, 1, "direction"),
};

static_assert(sizeof_field(struct mn_match, words) * BITS_PER_BYTE >
	      MIDONET_MATCH_MAX);

const u8 mn_n_words = ARRAY_SIZE(mn_words);

/* Values of each word, and which words are inverted. */
struct shape {
	u64 invert;
	u16 n[MIDONET_MATCH_MAX + 1];
};

/**
 * mn_word_find() - look a word up
 * @attr: &enum midonet_match_attr
 *
 * Return: the word, NULL for invert and what does not exist
 */
const struct mn_word *mn_word_find(u8 attr)
{
	int i;

	for (i = 0; i < mn_n_words; i++) {
		if (mn_words[i].attr == attr)
			return &mn_words[i];
	}
	return NULL;
}

static int bad_value(struct mn_net *mn, const struct nlattr *attr,
		     const struct mn_word *w, const char *why,
		     struct netlink_ext_ack *extack)
{
	NL_SET_BAD_ATTR(extack, attr);
	return mn_err(mn, extack, -EINVAL, "match: %s: %s", w->name, why);
}

/* What the policy, which saw lengths and maxima, cannot tell. */
static int check_value(struct mn_net *mn, const struct nlattr *attr,
		       const struct mn_word *w, struct netlink_ext_ack *extack)
{
	struct mn_prefix prefix;
	u32 ports;
	u16 flags;

	switch (w->kind) {
	case MN_VALUE_PORTS:
		ports = nla_get_u32(attr);
		if (ports >> 16 > (ports & 0xffff))
			return bad_value(mn, attr, w,
					 "the first port is above the last",
					 extack);
		return 0;
	case MN_VALUE_FLAGS:
		flags = nla_get_u16(attr);
		if (flags >> 8 & ~flags)
			return bad_value(mn, attr, w,
					 "a flag is to be set that the mask leaves out",
					 extack);
		return 0;
	case MN_VALUE_PREFIX:
		if (mn_nl_prefix(nla_data(attr), nla_len(attr), &prefix))
			return bad_value(mn, attr, w, "not a prefix", extack);
		return 0;
	}
	return 0;
}

static int check_invert(struct mn_net *mn, const struct shape *s,
			struct netlink_ext_ack *extack)
{
	u64 left = s->invert;
	int i;

	for (i = 0; i < mn_n_words; i++) {
		if (s->n[mn_words[i].attr])
			left &= ~BIT_ULL(mn_words[i].attr);
	}
	if (left)
		return mn_err(mn, extack, -EINVAL,
			      "match: invert names a word that is not there");
	return 0;
}

static int read_shape(struct mn_net *mn, const struct nlattr *nest,
		      struct shape *s, struct netlink_ext_ack *extack)
{
	const struct mn_word *w;
	const struct nlattr *pos;
	int rem, err;

	memset(s, 0, sizeof(*s));
	nla_for_each_nested(pos, nest, rem) {
		if (nla_type(pos) == MIDONET_MATCH_INVERT) {
			s->invert = nla_get_u64(pos);
			continue;
		}
		w = mn_word_find(nla_type(pos));
		if (!w)
			return mn_err(mn, extack, -EINVAL,
				      "match: unknown word %d", nla_type(pos));
		err = check_value(mn, pos, w, extack);
		if (err)
			return err;
		s->n[w->attr]++;
	}
	return check_invert(mn, s, extack);
}

/**
 * mn_match_size() - room that a match needs
 * @mn: namespace
 * @nest: its attributes, validated by the policy; NULL: matches everything
 * @extack: for errors
 *
 * Return: bytes of &mn_match.ops, or a negative error if a value is wrong
 */
int mn_match_size(struct mn_net *mn, const struct nlattr *nest,
		  struct netlink_ext_ack *extack)
{
	struct shape s;
	u32 size = 0;
	int i, err;

	if (!nest)
		return 0;
	if (nla_len(nest) > MN_MATCH_MAX) {
		NL_SET_BAD_ATTR(extack, nest);
		return mn_err(mn, extack, -E2BIG,
			      "match: too many values; put addresses into an ip-set");
	}
	err = read_shape(mn, nest, &s, extack);
	if (err)
		return err;
	for (i = 0; i < mn_n_words; i++) {
		const struct mn_word *w = &mn_words[i];

		if (s.n[w->attr])
			size += mn_match_op_size(w, s.n[w->attr]);
	}
	/* The attributes bound it: no value takes twice its room there. */
	return size;
}

static void store_prefix(struct mn_match_prefix *v, const struct nlattr *attr)
{
	struct mn_prefix prefix;

	/* Was looked at by check_value(). */
	mn_nl_prefix(nla_data(attr), nla_len(attr), &prefix);
	v->family = prefix.family;
	v->plen = prefix.plen;
	memcpy(v->addr, &prefix.addr, sizeof(v->addr));
}

static void store_mac(struct mn_match_mac *v, const struct nlattr *attr)
{
	int i;

	memcpy(v, nla_data(attr), sizeof(*v));
	for (i = 0; i < ETH_ALEN; i++)
		v->addr[i] &= v->mask[i];
}

static void store_value(const struct mn_word *w, void *v,
			const struct nlattr *attr)
{
	struct mn_match_ports *ports;

	switch (w->kind) {
	case MN_VALUE_U8:
		*(u8 *)v = nla_get_u8(attr);
		break;
	case MN_VALUE_U16:
	case MN_VALUE_FLAGS:
		*(u16 *)v = nla_get_u16(attr);
		break;
	case MN_VALUE_PORTS:
		ports = v;
		ports->first = nla_get_u32(attr) >> 16;
		ports->last = nla_get_u32(attr);
		break;
	case MN_VALUE_MAC:
		store_mac(v, attr);
		break;
	case MN_VALUE_PREFIX:
		store_prefix(v, attr);
		break;
	}
}

static int store_ref(struct mn_txn *txn, const struct mn_obj *user,
		     const struct mn_word *w, struct mn_obj **v,
		     const struct nlattr *attr, struct netlink_ext_ack *extack)
{
	*v = mn_txn_ref(txn, user, attr, w->ref, w->name, extack);
	return PTR_ERR_OR_ZERO(*v);
}

static int store(struct mn_net *mn, struct mn_txn *txn,
		 const struct mn_obj *user, const struct mn_word *w, void *v,
		 const struct nlattr *attr, struct netlink_ext_ack *extack)
{
	if (!txn && w->walk)
		return bad_value(mn, attr, w, "only headers can be matched here",
				 extack);
	if (w->kind == MN_VALUE_REF)
		return store_ref(txn, user, w, v, attr, extack);
	store_value(w, v, attr);
	return 0;
}

/**
 * mn_match_compile() - compile a match
 * @mn: namespace
 * @txn: transaction, to resolve references; NULL: only words about headers
 * @user: object the match belongs to, for messages; or NULL
 * @nest: what mn_match_size() was asked about
 * @match: where to; room for that size, zeroed
 * @extack: for errors
 *
 * References are not counted yet: that is done when the match goes into force.
 *
 * Return: 0 or a negative error
 */
int mn_match_compile(struct mn_net *mn, struct mn_txn *txn,
		     const struct mn_obj *user, const struct nlattr *nest,
		     struct mn_match *match, struct netlink_ext_ack *extack)
{
	const struct nlattr *pos;
	struct mn_match_op *op;
	const struct mn_word *w;
	struct shape s;
	int i, rem, err;
	void *v;

	match->words = 0;
	match->len = 0;
	if (!nest)
		return 0;
	err = read_shape(mn, nest, &s, extack);
	for (i = 0; !err && i < mn_n_words; i++) {
		w = &mn_words[i];
		if (!s.n[w->attr])
			continue;
		op = (struct mn_match_op *)(match->ops + match->len);
		op->word = w->attr;
		op->invert = !!(s.invert & BIT_ULL(w->attr));
		op->n = s.n[w->attr];
		op->size = mn_match_op_size(w, op->n);
		v = op->values;
		nla_for_each_nested(pos, nest, rem) {
			if (nla_type(pos) != w->attr)
				continue;
			err = store(mn, txn, user, w, v, pos, extack);
			if (err)
				return err;
			v += w->size;
		}
		match->words |= BIT(w->attr);
		match->len += op->size;
	}
	return err;
}

/**
 * mn_match_uses() - what a match refers to
 * @match: match
 * @fn: called for every object
 * @arg: for @fn
 */
void mn_match_uses(const struct mn_match *match,
		   void (*fn)(struct mn_obj *used, void *arg), void *arg)
{
	const struct mn_match_op *op;
	int i;

	mn_match_for_each(op, match) {
		struct mn_obj *const *refs = (void *)op->values;

		if (mn_word_find(op->word)->kind != MN_VALUE_REF)
			continue;
		for (i = 0; i < op->n; i++)
			fn(refs[i], arg);
	}
}
