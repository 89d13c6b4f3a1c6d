// SPDX-License-Identifier: GPL-2.0
/*
 * What a chain says, from the attributes, as the words are documented, with no
 * thought of speed and no line shared with what is tested.
 */
#include "rules.h"

static bool is_ip(const struct t_packet *p)
{
	return p->key.eth_type == htons(ETH_P_IP) ||
	       p->key.eth_type == htons(ETH_P_IPV6);
}

static bool has_l4(const struct t_packet *p, u8 a, u8 b, u8 c)
{
	return is_ip(p) && p->key.flags & MN_KEY_L4 &&
	       (p->key.proto == a || p->key.proto == b || p->key.proto == c);
}

static u8 icmp(const struct t_packet *p)
{
	return p->key.eth_type == htons(ETH_P_IP) ? IPPROTO_ICMP :
						    IPPROTO_ICMPV6;
}

/* Does the packet have the field the word is about? */
static bool has_field(const struct t_word *w, const struct t_packet *p)
{
	switch (w->attr) {
	case MIDONET_MATCH_SRC:
	case MIDONET_MATCH_DST:
	case MIDONET_MATCH_SRC_SET:
	case MIDONET_MATCH_DST_SET:
	case MIDONET_MATCH_PROTO:
	case MIDONET_MATCH_DSCP:
	case MIDONET_MATCH_FRAGMENT:
		return is_ip(p);
	case MIDONET_MATCH_SRC_PORT:
	case MIDONET_MATCH_DST_PORT:
		return has_l4(p, IPPROTO_TCP, IPPROTO_UDP, IPPROTO_SCTP);
	case MIDONET_MATCH_ICMP_TYPE:
	case MIDONET_MATCH_ICMP_CODE:
		return has_l4(p, icmp(p), icmp(p), icmp(p));
	case MIDONET_MATCH_TCP_FLAGS:
		return has_l4(p, IPPROTO_TCP, IPPROTO_TCP, IPPROTO_TCP);
	case MIDONET_MATCH_OUT_PORT:
	case MIDONET_MATCH_OUT_PORT_GROUP:
		return p->device_out >= 0;
	}
	return true;
}

/* Bit by bit. */
static bool in_prefix(const struct t_prefix *x, const struct t_packet *p,
		      bool src)
{
	bool v4 = p->key.eth_type == htons(ETH_P_IP);
	const u8 *a;
	int i;

	if (x->len != (v4 ? 5 : 17))
		return false;
	if (v4)
		a = (const u8 *)(src ? &p->key.v4.src : &p->key.v4.dst);
	else
		a = (const u8 *)(src ? &p->key.v6.src : &p->key.v6.dst);
	for (i = 0; i < x->d[0]; i++) {
		u8 bit = 0x80 >> (i % 8);

		if ((a[i / 8] & bit) != (x->d[1 + i / 8] & bit))
			return false;
	}
	return true;
}

static bool in_set(const struct t_model *m, u32 set, const struct t_packet *p,
		   bool src)
{
	int i;

	for (i = 0; i < m->n_members[set]; i++) {
		if (in_prefix(&m->members[set][i], p, src))
			return true;
	}
	return false;
}

static bool mac_is(const u8 *v, const u8 *mac)
{
	int i;

	for (i = 0; i < ETH_ALEN; i++) {
		if ((v[i] & v[i + ETH_ALEN]) != (mac[i] & v[i + ETH_ALEN]))
			return false;
	}
	return true;
}

static bool fragment_is(u32 what, u8 frag)
{
	static const bool is[5][3] = {
		[MIDONET_FRAGMENT_NONE] = { true, false, false },
		[MIDONET_FRAGMENT_ANY] = { false, true, true },
		[MIDONET_FRAGMENT_FIRST] = { false, true, false },
		[MIDONET_FRAGMENT_LATER] = { false, false, true },
		[MIDONET_FRAGMENT_HEADER] = { true, true, false },
	};

	return is[what][frag];
}

static bool has_port(u32 range, __be16 port)
{
	return ntohs(port) >= range >> 16 && ntohs(port) <= (range & 0xffff);
}

static bool is_header(const struct t_word *w, int i, const struct t_packet *p)
{
	const struct mn_flow_key *k = &p->key;
	u32 v = w->num[i];

	switch (w->attr) {
	case MIDONET_MATCH_ETHERTYPE:
		return ntohs(k->eth_type) == v;
	case MIDONET_MATCH_HW_SRC:
		return mac_is(w->mac[i], k->eth_src);
	case MIDONET_MATCH_HW_DST:
		return mac_is(w->mac[i], k->eth_dst);
	case MIDONET_MATCH_VLAN:
		return v == 4096 ? !k->vlan : k->vlan == (MN_VLAN_PRESENT | v);
	case MIDONET_MATCH_PROTO:
		return k->proto == v;
	case MIDONET_MATCH_DSCP:
		return k->tos == v * 4;
	case MIDONET_MATCH_FRAGMENT:
		return fragment_is(v, k->frag);
	case MIDONET_MATCH_SRC_PORT:
		return has_port(v, k->tp_src);
	case MIDONET_MATCH_DST_PORT:
		return has_port(v, k->tp_dst);
	case MIDONET_MATCH_ICMP_TYPE:
		return ntohs(k->tp_src) == v;
	case MIDONET_MATCH_ICMP_CODE:
		return ntohs(k->tp_dst) == v;
	case MIDONET_MATCH_TCP_FLAGS:
		return (k->tcp_flags & (v & 0xff)) == v >> 8;
	}
	return false;
}

static bool is_value(const struct t_model *m, const struct t_word *w, int i,
		     const struct t_packet *p)
{
	u32 v = w->num[i];

	switch (w->attr) {
	case MIDONET_MATCH_SRC:
	case MIDONET_MATCH_DST:
		return in_prefix(&w->prefix[i], p, w->attr == MIDONET_MATCH_SRC);
	case MIDONET_MATCH_SRC_SET:
	case MIDONET_MATCH_DST_SET:
		return in_set(m, v, p, w->attr == MIDONET_MATCH_SRC_SET);
	case MIDONET_MATCH_IN_PORT:
		return p->device_in == v;
	case MIDONET_MATCH_OUT_PORT:
		return p->device_out == v;
	case MIDONET_MATCH_PORT_GROUP:
		return m->groups_of[p->in] & BIT(v);
	case MIDONET_MATCH_IN_PORT_GROUP:
		return m->groups_of[p->device_in] & BIT(v);
	case MIDONET_MATCH_OUT_PORT_GROUP:
		return m->groups_of[p->device_out] & BIT(v);
	case MIDONET_MATCH_DST_REWRITTEN:
		return !v;	/* nothing here translates */
	}
	return is_header(w, i, p);
}

static bool word_holds(const struct t_model *m, const struct t_word *w,
		       const struct t_packet *p)
{
	bool any = false;
	int i;

	if (!has_field(w, p))
		return false;
	for (i = 0; i < w->n; i++)
		any |= is_value(m, w, i, p);
	return w->invert ? !any : any;
}

static bool rule_matches(const struct t_model *m, const struct t_rule *r,
			 const struct t_packet *p)
{
	bool all = true;
	int i;

	for (i = 0; i < r->n_words; i++)
		all &= word_holds(m, &r->words[i], p);
	return r->invert ? !all : all;
}

/* What decides: an action, or -1. */
static int run_chain(const struct t_model *m, int c, const struct t_packet *p,
		     int *chain, int *pos)
{
	int i, res;

	for (i = 0; i < m->n_rules[c]; i++) {
		const struct t_rule *r = &m->rules[c][i];

		if (!rule_matches(m, r, p))
			continue;
		switch (r->action) {
		case MIDONET_RULE_ACTION_ACCEPT:
			return r->action;
		case MIDONET_RULE_ACTION_DROP:
		case MIDONET_RULE_ACTION_REJECT:
			*chain = c;
			*pos = i;
			return r->action;
		case MIDONET_RULE_ACTION_RETURN:
			return -1;
		case MIDONET_RULE_ACTION_JUMP:
			res = run_chain(m, r->jump, p, chain, pos);
			if (res >= 0)
				return res;
			break;
		}
	}
	return -1;
}

u8 t_naive(const struct t_model *m, const struct t_packet *p, int *chain,
	   int *pos)
{
	int res;

	*chain = -1;
	*pos = -1;
	res = run_chain(m, 0, p, chain, pos);
	return res < 0 ? MIDONET_RULE_ACTION_ACCEPT : res;
}
