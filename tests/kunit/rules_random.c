// SPDX-License-Identifier: GPL-2.0
/*
 * Random rules and random packets, from few enough values that they meet.
 */
#include <linux/if_vlan.h>

#include "rules.h"

static const u8 actions[] = {
	MIDONET_RULE_ACTION_ACCEPT, MIDONET_RULE_ACTION_DROP,
	MIDONET_RULE_ACTION_DROP, MIDONET_RULE_ACTION_RETURN,
	MIDONET_RULE_ACTION_CONTINUE, MIDONET_RULE_ACTION_JUMP,
	MIDONET_RULE_ACTION_JUMP, MIDONET_RULE_ACTION_REJECT,
};

static const u16 ethertypes[] = {
	ETH_P_IP, ETH_P_IP, ETH_P_IPV6, ETH_P_IPV6, ETH_P_ARP, ETH_P_8021AD,
	ETH_P_802_2,
};

static const u8 protos[] = {
	IPPROTO_TCP, IPPROTO_TCP, IPPROTO_UDP, IPPROTO_SCTP, IPPROTO_ICMP,
	IPPROTO_ICMPV6, IPPROTO_GRE,
};

static void random_address(struct t_model *m, u8 *a, int len)
{
	int i;

	memset(a, 0, len);
	a[0] = len == 4 ? 10 : 0xfd;
	a[1] = t_below(m, 2) * 0x80;
	for (i = 2; i < len; i++)
		a[i] = t_below(m, 4) ? 0 : t_below(m, 4);
	a[len - 1] = t_below(m, 4);
}

static void random_prefix(struct t_model *m, struct t_prefix *p)
{
	static const u8 lens4[] = { 0, 1, 8, 9, 16, 24, 30, 31, 32 };
	static const u8 lens6[] = { 0, 7, 9, 48, 63, 64, 65, 127, 128 };

	memset(p, 0, sizeof(*p));
	p->len = t_below(m, 2) ? 5 : 17;
	if (p->len == 5)
		p->d[0] = lens4[t_below(m, ARRAY_SIZE(lens4))];
	else
		p->d[0] = lens6[t_below(m, ARRAY_SIZE(lens6))];
	random_address(m, &p->d[1], p->len - 1);
}

static void random_mac(struct t_model *m, u8 *mac)
{
	memset(mac, 0, ETH_ALEN);
	mac[0] = 2;
	mac[4] = t_below(m, 2) << 7;
	mac[5] = t_below(m, 4);
}

static void random_mac_mask(struct t_model *m, u8 *v)
{
	static const u8 last[] = { 0xff, 0xfe, 0x01, 0x00 };

	random_mac(m, v);
	memset(v + ETH_ALEN, t_below(m, 4) ? 0xff : 0, ETH_ALEN);
	v[11] = last[t_below(m, ARRAY_SIZE(last))];
}

static u32 random_ports(struct t_model *m)
{
	u32 first = t_below(m, 8), last = first + t_below(m, 3);

	return (t_below(m, 16) ? first : 0) << 16 |
	       (t_below(m, 16) ? last : 65535);
}

static u32 random_flags(struct t_model *m)
{
	u8 mask = t_below(m, 64);

	return (t_below(m, 64) & mask) << 8 | mask;
}

static u32 random_number(struct t_model *m, u8 attr)
{
	switch (attr) {
	case MIDONET_MATCH_ETHERTYPE:
		return ethertypes[t_below(m, ARRAY_SIZE(ethertypes))];
	case MIDONET_MATCH_VLAN:
		return t_below(m, 2) ? t_below(m, 3) : 4096;
	case MIDONET_MATCH_PROTO:
		return protos[t_below(m, ARRAY_SIZE(protos))];
	case MIDONET_MATCH_SRC_PORT:
	case MIDONET_MATCH_DST_PORT:
		return random_ports(m);
	case MIDONET_MATCH_TCP_FLAGS:
		return random_flags(m);
	case MIDONET_MATCH_FRAGMENT:
		return t_below(m, 5);
	case MIDONET_MATCH_SRC_SET:
	case MIDONET_MATCH_DST_SET:
		return t_below(m, T_SETS);
	case MIDONET_MATCH_IN_PORT:
	case MIDONET_MATCH_OUT_PORT:
		return t_below(m, T_PORTS);
	case MIDONET_MATCH_PORT_GROUP:
	case MIDONET_MATCH_IN_PORT_GROUP:
	case MIDONET_MATCH_OUT_PORT_GROUP:
		return t_below(m, T_GROUPS);
	case MIDONET_MATCH_DST_REWRITTEN:
		return t_below(m, 2);
	}
	return t_below(m, 4);	/* icmp-type, icmp-code, dscp */
}

/* Words about a connection need more than headers and a place. */
static bool needs_state(u8 attr)
{
	return attr == MIDONET_MATCH_STATE || attr == MIDONET_MATCH_DIRECTION ||
	       attr == MIDONET_MATCH_ICMP_DATA_SRC ||
	       attr == MIDONET_MATCH_ICMP_DATA_DST;
}

/* Those that depend on one another come more often. */
static u8 random_attr(struct t_model *m)
{
	static const u8 often[] = {
		MIDONET_MATCH_SRC, MIDONET_MATCH_DST, MIDONET_MATCH_SRC_SET,
		MIDONET_MATCH_SRC_PORT, MIDONET_MATCH_DST_PORT,
	};
	u8 attr;

	if (!t_below(m, 3))
		return often[t_below(m, ARRAY_SIZE(often))];
	do {
		attr = MIDONET_MATCH_INVERT + 1 +
		       t_below(m, MIDONET_MATCH_MAX - MIDONET_MATCH_INVERT);
	} while (needs_state(attr));
	return attr;
}

static void random_values(struct t_model *m, struct t_word *w, int max)
{
	int i;

	w->n = 1 + t_below(m, max);
	for (i = 0; i < w->n; i++) {
		w->num[i] = random_number(m, w->attr);
		random_mac_mask(m, w->mac[i]);
		random_prefix(m, &w->prefix[i]);
	}
}

static void random_word(struct t_model *m, struct t_word *w, int values)
{
	w->attr = random_attr(m);
	w->invert = !t_below(m, 4);
	random_values(m, w, values);
}

static bool has_word(const struct t_rule *r, int n)
{
	int i;

	for (i = 0; i < n; i++) {
		if (r->words[i].attr == r->words[n].attr)
			return true;
	}
	return false;
}

/* Jumps go to later chains, so there is no cycle. */
static void random_action(struct t_model *m, int chain, struct t_rule *r)
{
	memset(r, 0, sizeof(*r));
	r->action = actions[t_below(m, ARRAY_SIZE(actions))];
	if (r->action == MIDONET_RULE_ACTION_JUMP && chain == T_CHAINS - 1)
		r->action = MIDONET_RULE_ACTION_CONTINUE;
	if (r->action == MIDONET_RULE_ACTION_JUMP)
		r->jump = chain + 1 + t_below(m, T_CHAINS - 1 - chain);
}

static void random_rule(struct t_model *m, int chain, struct t_rule *r,
			int values)
{
	int i;

	random_action(m, chain, r);
	r->invert = !t_below(m, 5);
	r->n_words = t_below(m, T_WORDS + 1);
	for (i = 0; i < r->n_words; i++) {
		do {
			random_word(m, &r->words[i], values);
		} while (has_word(r, i));
	}
}

static void random_rest(struct t_model *m)
{
	int i, j;

	for (i = 0; i < T_PORTS; i++)
		m->groups_of[i] = t_below(m, 1 << T_GROUPS);
	for (i = 0; i < T_SETS; i++) {
		m->n_members[i] = t_below(m, T_MEMBERS + 1);
		for (j = 0; j < m->n_members[i]; j++)
			random_prefix(m, &m->members[i][j]);
	}
}

/**
 * t_random_model() - random groups, sets and chains
 * @m: model; its generator is seeded
 */
void t_random_model(struct t_model *m)
{
	int i, j;

	random_rest(m);
	for (i = 0; i < T_CHAINS; i++) {
		m->n_rules[i] = t_below(m, T_RULES_FEW + 1);
		for (j = 0; j < m->n_rules[i]; j++)
			random_rule(m, i, &m->rules[i][j], T_VALUES);
	}
}

/* A rule that names the words of another, with values of its own. */
static void alike_rule(struct t_model *m, int chain, struct t_rule *r,
		       const struct t_rule *shape, int values)
{
	int i;

	random_action(m, chain, r);
	r->n_words = shape->n_words;
	for (i = 0; i < r->n_words; i++) {
		r->words[i].attr = shape->words[i].attr;
		r->words[i].invert = !t_below(m, 40);
		random_values(m, &r->words[i], values);
	}
}

static void alike_chain(struct t_model *m, int chain, int values)
{
	struct t_rule *r = m->rules[chain];
	int n_shapes = 1 + t_below(m, T_SHAPES), i;

	m->n_rules[chain] = n_shapes + t_below(m, T_RULES - n_shapes + 1);
	for (i = 0; i < n_shapes; i++) {
		do {
			random_rule(m, chain, &r[i], values);
		} while (!r[i].n_words);
	}
	for (i = 0; i < m->n_rules[chain]; i++) {
		if (i >= n_shapes && !t_below(m, 30))
			random_rule(m, chain, &r[i], values);
		else if (i >= n_shapes)
			alike_rule(m, chain, &r[i], &r[t_below(m, n_shapes)],
				   values);
	}
}

/**
 * t_alike_model() - a random model of long chains of rules that are much alike
 * @m: model; its generator is seeded
 * @values: most values of a word, 1..T_VALUES
 */
void t_alike_model(struct t_model *m, int values)
{
	int i;

	random_rest(m);
	for (i = 0; i < T_CHAINS; i++)
		alike_chain(m, i, values);
}

static void random_l4(struct t_model *m, struct mn_flow_key *key)
{
	bool icmp = key->proto == IPPROTO_ICMP || key->proto == IPPROTO_ICMPV6;
	u8 own = key->eth_type == htons(ETH_P_IP) ? IPPROTO_ICMP :
						    IPPROTO_ICMPV6;

	if (key->frag == MN_FRAG_LATER || key->proto == IPPROTO_GRE)
		return;
	if (icmp && key->proto != own)
		return;
	key->flags = MN_KEY_L4;
	key->tp_src = htons(t_below(m, icmp ? 4 : 10));
	key->tp_dst = htons(t_below(m, icmp ? 4 : 10));
	if (key->proto == IPPROTO_TCP)
		key->tcp_flags = t_below(m, 64);
}

static void random_l3(struct t_model *m, struct mn_flow_key *key)
{
	switch (ntohs(key->eth_type)) {
	case ETH_P_IP:
	case ETH_P_ARP:
		random_address(m, (u8 *)&key->v4.src, 4);
		random_address(m, (u8 *)&key->v4.dst, 4);
		break;
	case ETH_P_IPV6:
		random_address(m, (u8 *)&key->v6.src, 16);
		random_address(m, (u8 *)&key->v6.dst, 16);
		break;
	default:
		return;
	}
	if (key->eth_type == htons(ETH_P_ARP)) {
		key->proto = 1 + t_below(m, 2);
		return;
	}
	key->proto = protos[t_below(m, ARRAY_SIZE(protos))];
	key->tos = t_below(m, 4) << 2;
	key->frag = t_below(m, 3);
	random_l4(m, key);
}

/**
 * t_random_packet() - a packet as mn_key_extract() could have read it
 * @m: model, for its generator
 * @p: packet
 */
void t_random_packet(struct t_model *m, struct t_packet *p)
{
	memset(p, 0, sizeof(*p));
	p->in = t_below(m, T_PORTS);
	p->device_in = t_below(m, T_PORTS);
	p->device_out = (int)t_below(m, T_PORTS + 1) - 1;
	p->key.in_port = p->in;
	random_mac(m, p->key.eth_src);
	random_mac(m, p->key.eth_dst);
	p->key.eth_type = htons(ethertypes[t_below(m, ARRAY_SIZE(ethertypes))]);
	if (t_below(m, 2))
		p->key.vlan = MN_VLAN_PRESENT | t_below(m, 3);
	random_l3(m, &p->key);
}
