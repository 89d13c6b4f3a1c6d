// SPDX-License-Identifier: GPL-2.0
/*
 * Rules whose words can never hold together. Packets fall into a few kinds, by
 * what fields they have; every word leaves some of them, and when none is left
 * the rule is of no use. That is likely a mistake, but none that is refused.
 */
#include <netinet/in.h>
#include <stdlib.h>
#include <string.h>

#include "model.h"

/**
 * enum l4_kinds - kinds of packets of one family, as bits
 * @TCP: TCP
 * @UDP: UDP
 * @SCTP: SCTP
 * @ICMP: ICMP of the family
 * @STRANGE_ICMP: that of the other one
 * @OTHER_L4: other protocols
 * @ANY_L4: all of them
 */
enum l4_kinds {
	TCP = 1,
	UDP = 2,
	SCTP = 4,
	ICMP = 8,
	STRANGE_ICMP = 16,
	OTHER_L4 = 32,
	ANY_L4 = 63,
};

/* Kinds of packets: those of IPv4, of IPv6, and these. */
#define V4(l4)		((uint32_t)(l4))
#define V6(l4)		((uint32_t)(l4) << 6)
#define BOTH(l4)	((uint32_t)(l4) * 65)
#define IP		BOTH(ANY_L4)
#define ARP		0x1000u
#define OTHER_ETH	0x2000u
#define ALL		0x3fffu

static uint32_t of_ethertype(uint64_t type)
{
	switch (type) {
	case 0x0800:
		return V4(ANY_L4);
	case 0x86dd:
		return V6(ANY_L4);
	case 0x0806:
		return ARP;
	}
	return OTHER_ETH;
}

static uint32_t of_proto(uint64_t proto)
{
	switch (proto) {
	case IPPROTO_TCP:
		return BOTH(TCP);
	case IPPROTO_UDP:
		return BOTH(UDP);
	case IPPROTO_SCTP:
		return BOTH(SCTP);
	case IPPROTO_ICMP:
		return V4(ICMP) | V6(STRANGE_ICMP);
	case IPPROTO_ICMPV6:
		return V6(ICMP) | V4(STRANGE_ICMP);
	}
	return BOTH(OTHER_L4);
}

static uint32_t of_state(uint64_t state)
{
	if (state == MIDONET_CONN_STATE_RELATED)
		return BOTH(ICMP);
	return state == MIDONET_CONN_STATE_UNTRACKED ? ALL : IP;
}

/* The kinds that all packets of are in one of the values. */
static uint32_t whole_of(int word, uint64_t value)
{
	if (word == MIDONET_MATCH_ETHERTYPE)
		return of_ethertype(value) & ~OTHER_ETH;
	return of_proto(value) & ~BOTH(OTHER_L4);
}

static uint32_t by_number(const struct mn_match *m, int word,
			  uint32_t (*of)(uint64_t value), uint32_t all)
{
	bool invert = m->invert >> word & 1;
	uint32_t kinds = invert ? all : 0;
	const uint8_t *p;

	mn_vals_for_each(p, m->words[word]) {
		if (invert)
			kinds &= ~whole_of(word, mn_value_num(p + 1, *p));
		else
			kinds |= of(mn_value_num(p + 1, *p));
	}
	return kinds;
}

/* Inverted, only a list of everything leaves nothing of a family. */
static uint32_t by_prefix(const struct mn_match *m, int word, uint32_t all)
{
	bool invert = m->invert >> word & 1;
	uint32_t v4 = 0, v6 = 0, all_v4 = 0, all_v6 = 0;
	const uint8_t *p;

	mn_vals_for_each(p, m->words[word]) {
		if (*p == 5)
			v4 = V4(ANY_L4);
		else
			v6 = V6(ANY_L4);
		if (*p == 5 && !p[1])
			all_v4 = V4(ANY_L4);
		else if (!p[1])
			all_v6 = V6(ANY_L4);
	}
	return all & (invert ? ~(all_v4 | all_v6) : v4 | v6);
}

/* Members say something only where they are there. */
static uint32_t by_set(const struct mn_model *m, const struct mn_match *match,
		       int word)
{
	uint32_t v4 = 0, v6 = 0;
	const struct mn_obj *set;
	const uint8_t *p, *q;
	struct mn_uuid id;

	if (match->invert >> word & 1)
		return IP;
	mn_vals_for_each(p, match->words[word]) {
		memcpy(id.b, p + 1, MN_UUID_LEN);
		set = mn_model_find_id(m, &id);
		if (!set || (m->store &&
			     !(m->loaded >> MIDONET_OBJECT_TYPE_IP_SET_MEMBER &
			       1)))
			return IP;
		mn_vals_for_each(q, set->vals[mn_type_wire(set->type,
							   MIDONET_A_MEMBERS)]) {
			if (*q == 5)
				v4 = V4(ANY_L4);
			else
				v6 = V6(ANY_L4);
		}
	}
	return v4 | v6;
}

static uint32_t by_ports(const struct mn_match *m, int word)
{
	const struct mn_vals *v = m->words[word];
	bool invert = m->invert >> word & 1;

	if (invert && mn_value_num(v->data + 1, v->data[0]) == 0xffff)
		return 0;
	return BOTH(TCP | UDP | SCTP);
}

/* Is a list of all @n values inverted? */
static bool excludes_all(const struct mn_match *m, int word, uint32_t n)
{
	return (m->invert >> word & 1) && m->words[word]->n == n;
}

static uint32_t by_state(const struct mn_match *m)
{
	const int word = MIDONET_MATCH_STATE;
	bool invert = m->invert >> word & 1;
	uint32_t kinds = 0, listed = 0, i;
	const uint8_t *p;

	mn_vals_for_each(p, m->words[word])
		listed |= 1u << (p[1] & 31);
	for (i = 0; i < MN_ARRAY_SIZE(mn_conn_state_names); i++) {
		if ((listed >> i & 1) != invert)
			kinds |= of_state(i);
	}
	return kinds;
}

/* What fragments may be: bits of none, first, later. */
static uint8_t fragments(const struct mn_match *m)
{
	static const uint8_t of[] = {
		[MIDONET_FRAGMENT_NONE] = 1, [MIDONET_FRAGMENT_ANY] = 2 | 4,
		[MIDONET_FRAGMENT_FIRST] = 2, [MIDONET_FRAGMENT_LATER] = 4,
		[MIDONET_FRAGMENT_HEADER] = 1 | 2,
	};
	const int word = MIDONET_MATCH_FRAGMENT;
	const uint8_t *p;
	uint8_t bits = 0;

	mn_vals_for_each(p, m->words[word])
		bits |= p[1] < sizeof(of) ? of[p[1]] : 7;
	return m->invert >> word & 1 ? ~bits & 7 : bits;
}

/* The kinds of packets that a word leaves. */
static uint32_t kinds_of(const struct mn_model *m, const struct mn_match *match,
			 int word)
{
	switch (word) {
	case MIDONET_MATCH_ETHERTYPE:
		return by_number(match, word, of_ethertype, ALL);
	case MIDONET_MATCH_PROTO:
		return by_number(match, word, of_proto, IP);
	case MIDONET_MATCH_SRC:
	case MIDONET_MATCH_DST:
		return by_prefix(match, word, IP);
	case MIDONET_MATCH_ICMP_DATA_SRC:
	case MIDONET_MATCH_ICMP_DATA_DST:
		return by_prefix(match, word, BOTH(ICMP));
	case MIDONET_MATCH_SRC_SET:
	case MIDONET_MATCH_DST_SET:
		return by_set(m, match, word);
	case MIDONET_MATCH_SRC_PORT:
	case MIDONET_MATCH_DST_PORT:
		return by_ports(match, word);
	case MIDONET_MATCH_TCP_FLAGS:
		return BOTH(TCP);
	case MIDONET_MATCH_ICMP_TYPE:
	case MIDONET_MATCH_ICMP_CODE:
		return BOTH(ICMP);
	case MIDONET_MATCH_DSCP:
		return IP;
	case MIDONET_MATCH_FRAGMENT:
		return fragments(match) ? IP : 0;
	case MIDONET_MATCH_STATE:
		return by_state(match);
	case MIDONET_MATCH_DIRECTION:
		return excludes_all(match, word, 2) ? 0 : IP;
	case MIDONET_MATCH_DST_REWRITTEN:
		return excludes_all(match, word, 2) ? 0 : ALL;
	}
	return ALL;
}

static bool reads_l4(int word)
{
	return word == MIDONET_MATCH_SRC_PORT ||
	       word == MIDONET_MATCH_DST_PORT ||
	       word == MIDONET_MATCH_TCP_FLAGS ||
	       word == MIDONET_MATCH_ICMP_TYPE ||
	       word == MIDONET_MATCH_ICMP_CODE;
}

/* Two words that exclude each other though there are packets for either. */
static bool collide(const struct mn_match *m, int a, int b)
{
	int other = a == MIDONET_MATCH_FRAGMENT ? b : a;
	uint32_t i, tracked = 0;
	const uint8_t *p;

	/* Later fragments have no L4 header. */
	if ((a == MIDONET_MATCH_FRAGMENT || b == MIDONET_MATCH_FRAGMENT) &&
	    reads_l4(other))
		return !(fragments(m) & 3);
	if (a != MIDONET_MATCH_STATE || b != MIDONET_MATCH_DIRECTION)
		return false;
	/* What belongs to no connection has no direction in it. */
	mn_vals_for_each(p, m->words[a])
		tracked |= 1u << (p[1] & 31);
	if (m->invert >> a & 1)
		tracked = ~tracked;
	i = 1u << MIDONET_CONN_STATE_NEW | 1u << MIDONET_CONN_STATE_ESTABLISHED |
	    1u << MIDONET_CONN_STATE_RELATED;
	return !(tracked & i);
}

static void print_word(const struct mn_model *m, const struct mn_match *match,
		       const struct mn_attr *a, struct mn_buf *out)
{
	mn_buf_printf(out, "%s ", a->word);
	mn_match_print_word(match, a, &m->names, out);
}

/**
 * struct found - what is known so far of a match
 * @words: those that were looked at
 * @kinds: what each of them leaves
 * @n: number of them
 */
struct found {
	const struct mn_attr *words[MIDONET_MATCH_MAX + 1];
	uint32_t kinds[MIDONET_MATCH_MAX + 1];
	size_t n;
};

/* The words at fault: @a alone, or with one before it, or with several. */
static void explain(const struct mn_model *m, const struct mn_match *match,
		    const struct found *f, const struct mn_attr *a,
		    struct mn_buf *why)
{
	uint32_t kinds = kinds_of(m, match, a->attr);
	size_t i;

	for (i = 0; kinds && i < f->n; i++) {
		if ((f->kinds[i] & kinds) &&
		    !collide(match, f->words[i]->attr, a->attr))
			continue;
		print_word(m, match, f->words[i], why);
		mn_buf_puts(why, " and ");
		print_word(m, match, a, why);
		mn_buf_puts(why, " never hold together");
		return;
	}
	print_word(m, match, a, why);
	mn_buf_puts(why, kinds ? " never holds with the words before" :
				 " never holds");
}

/**
 * mn_match_never() - can a match not match anything
 * @m: topology; members of sets count if they are loaded
 * @match: match
 * @why: appended to: which words exclude each other
 *
 * Only what follows from the words is seen, not all that is so.
 *
 * Return: whether no packet can match
 */
bool mn_match_never(const struct mn_model *m, const struct mn_match *match,
		    struct mn_buf *why)
{
	const struct mn_attr *a;
	struct found f = {};
	uint32_t all = ALL;
	bool clash = false;
	size_t i;

	mn_match_for_each(a) {
		if (!match->words[a->attr])
			continue;
		all &= kinds_of(m, match, a->attr);
		for (i = 0; i < f.n; i++)
			clash |= collide(match, f.words[i]->attr, a->attr);
		if (clash || !all) {
			explain(m, match, &f, a, why);
			return true;
		}
		f.words[f.n] = a;
		f.kinds[f.n++] = kinds_of(m, match, a->attr);
	}
	return false;
}
