// SPDX-License-Identifier: GPL-2.0
/*
 * Does a packet match? What is read is noted in the mask of the walk, no more
 * and no less: two packets that are equal under the mask get the same answer.
 *
 * A word is about a field. If the packet does not have the field, the word does
 * not hold, inverted or not. L3 words are about IP; the addresses in an ARP
 * packet are none. L4 words need the L4 header: a later fragment has none, but
 * may know those of its first (l3/frag.h); so "header" need not be said.
 */
#include <linux/if_vlan.h>
#include <linux/inetdevice.h>
#include <net/ipv6.h>

#include "l3/frag.h"
#include "policy/group.h"
#include "policy/match.h"
#include "policy/match_op.h"
#include "policy/set.h"
#include "port/port.h"
#include "sim/ctx.h"
#include "state/track.h"

enum { ABSENT = -1, MISS = 0, HIT = 1 };

/* A store or two, as in mn_ctx_read(). */
#define read_all(field)		__builtin_memset(&(field), 0xff, sizeof(field))

/**
 * mn_match_read() - note that the first bits of an address were read
 * @mask: of the address
 * @n: bits
 */
void mn_match_read(void *mask, u32 n)
{
	u8 *m = mask;

	memset(m, 0xff, n / 8);
	if (n % 8)
		m[n / 8] |= 0xff << (8 - n % 8);
}

static int any_u8(const struct mn_match_op *op, u8 field)
{
	return memchr(op->values, field, op->n) ? HIT : MISS;
}

static int any_u16(const struct mn_match_op *op, u16 field)
{
	const u16 *v = (const u16 *)op->values;
	int i;

	for (i = 0; i < op->n; i++) {
		if (v[i] == field)
			return HIT;
	}
	return MISS;
}

static int any_ports(const struct mn_match_op *op, __be16 field)
{
	const struct mn_match_ports *v = (const void *)op->values;
	u16 port = ntohs(field);
	int i;

	for (i = 0; i < op->n; i++) {
		if (port >= v[i].first && port <= v[i].last)
			return HIT;
	}
	return MISS;
}

static int any_flags(const struct mn_match_op *op, u8 field, u8 *mask)
{
	const u16 *v = (const u16 *)op->values;
	int i;

	for (i = 0; i < op->n; i++) {
		*mask |= v[i] & 0xff;
		if ((field & v[i] & 0xff) == v[i] >> 8)
			return HIT;
	}
	return MISS;
}

static bool mac_fits(const struct mn_match_mac *v, const u8 *field, u8 *mask)
{
	u8 diff = 0;
	int i;

	for (i = 0; i < ETH_ALEN; i++) {
		mask[i] |= v->mask[i];
		diff |= (field[i] ^ v->addr[i]) & v->mask[i];
	}
	return !diff;
}

static int any_mac(const struct mn_match_op *op, const u8 *field, u8 *mask)
{
	const struct mn_match_mac *v = (const void *)op->values;
	int i;

	for (i = 0; i < op->n; i++) {
		if (mac_fits(&v[i], field, mask))
			return HIT;
	}
	return MISS;
}

/**
 * mn_match_addr() - an address of a packet, for words about addresses
 * @key: headers
 * @mask: what was read; the Ethertype is noted, the address is not
 * @src: the source, else the destination
 * @a: filled in
 *
 * Return: whether there is one
 */
bool mn_match_addr(const struct mn_flow_key *key, struct mn_flow_key *mask,
		   bool src, struct mn_match_addr *a)
{
	read_all(mask->eth_type);
	switch (key->eth_type) {
	case htons(ETH_P_IP):
		a->family = AF_INET;
		a->addr = src ? &key->v4.src : &key->v4.dst;
		a->mask = src ? &mask->v4.src : &mask->v4.dst;
		return true;
	case htons(ETH_P_IPV6):
		a->family = AF_INET6;
		a->addr = src ? &key->v6.src : &key->v6.dst;
		a->mask = src ? &mask->v6.src : &mask->v6.dst;
		return true;
	}
	return false;
}

static bool in_prefix(const struct mn_match_prefix *v, const void *addr)
{
	if (v->family == AF_INET)
		return !((*(const __be32 *)addr ^ v->addr[0]) &
			 inet_make_mask(v->plen));
	return ipv6_prefix_equal(addr, (const void *)v->addr, v->plen);
}

static bool prefix_fits(const struct mn_match_prefix *v,
			const struct mn_match_addr *a)
{
	if (v->family != a->family)
		return false;
	mn_match_read(a->mask, v->plen);
	return in_prefix(v, a->addr);
}

static int any_prefix(const struct mn_match_op *op,
		      const struct mn_flow_key *key, struct mn_flow_key *mask,
		      bool src)
{
	const struct mn_match_prefix *v = (const void *)op->values;
	struct mn_match_addr a;
	int i;

	if (!mn_match_addr(key, mask, src, &a))
		return ABSENT;
	for (i = 0; i < op->n; i++) {
		if (prefix_fits(&v[i], &a))
			return HIT;
	}
	return MISS;
}

static int any_fragment(const struct mn_match_op *op, u8 frag)
{
	int i;

	for (i = 0; i < op->n; i++) {
		switch (op->values[i]) {
		case MIDONET_FRAGMENT_NONE:
			if (frag == MN_FRAG_NONE)
				return HIT;
			break;
		case MIDONET_FRAGMENT_ANY:
			if (frag != MN_FRAG_NONE)
				return HIT;
			break;
		case MIDONET_FRAGMENT_FIRST:
			if (frag == MN_FRAG_FIRST)
				return HIT;
			break;
		case MIDONET_FRAGMENT_LATER:
			if (frag == MN_FRAG_LATER)
				return HIT;
			break;
		case MIDONET_FRAGMENT_HEADER:
			if (frag != MN_FRAG_LATER)
				return HIT;
			break;
		}
	}
	return MISS;
}

static bool is_ip(const struct mn_flow_key *key, struct mn_flow_key *mask)
{
	read_all(mask->eth_type);
	return mn_key_is_ip(key);
}

/* Can packets of this protocol have the field of L4 word @word? */
static bool proto_has(const struct mn_flow_key *key, struct mn_flow_key *mask,
		      u8 word)
{
	if (!is_ip(key, mask))
		return false;
	read_all(mask->proto);
	switch (word) {
	case MIDONET_MATCH_SRC_PORT:
	case MIDONET_MATCH_DST_PORT:
		return key->proto == IPPROTO_TCP || key->proto == IPPROTO_UDP ||
		       key->proto == IPPROTO_SCTP;
	case MIDONET_MATCH_TCP_FLAGS:
		return key->proto == IPPROTO_TCP;
	case MIDONET_MATCH_ICMP_TYPE:
	case MIDONET_MATCH_ICMP_CODE:
		return key->proto == (key->eth_type == htons(ETH_P_IP) ?
				      IPPROTO_ICMP : IPPROTO_ICMPV6);
	}
	return false;
}

static bool has_l4(const struct mn_flow_key *key, struct mn_flow_key *mask)
{
	read_all(mask->flags);
	return key->flags & MN_KEY_L4;
}

static int l4_field(const struct mn_match_op *op, const struct mn_flow_key *key,
		    struct mn_flow_key *mask)
{
	switch (op->word) {
	case MIDONET_MATCH_SRC_PORT:
		read_all(mask->tp_src);
		return any_ports(op, key->tp_src);
	case MIDONET_MATCH_DST_PORT:
		read_all(mask->tp_dst);
		return any_ports(op, key->tp_dst);
	case MIDONET_MATCH_ICMP_TYPE:
		read_all(mask->tp_src);
		return any_u8(op, ntohs(key->tp_src));
	case MIDONET_MATCH_ICMP_CODE:
		read_all(mask->tp_dst);
		return any_u8(op, ntohs(key->tp_dst));
	case MIDONET_MATCH_TCP_FLAGS:
		return any_flags(op, key->tcp_flags, &mask->tcp_flags);
	}
	return ABSENT;
}

static int l4_word(const struct mn_match_op *op, const struct mn_flow_key *key,
		   struct mn_flow_key *mask)
{
	if (!proto_has(key, mask, op->word) || !has_l4(key, mask))
		return ABSENT;
	return l4_field(op, key, mask);
}

static int l3_word(const struct mn_match_op *op, const struct mn_flow_key *key,
		   struct mn_flow_key *mask)
{
	if (!is_ip(key, mask))
		return ABSENT;
	switch (op->word) {
	case MIDONET_MATCH_PROTO:
		read_all(mask->proto);
		return any_u8(op, key->proto);
	case MIDONET_MATCH_DSCP:
		read_all(mask->tos);
		return any_u8(op, key->tos >> 2);
	case MIDONET_MATCH_FRAGMENT:
		read_all(mask->frag);
		return any_fragment(op, key->frag);
	}
	return ABSENT;
}

static int header_word(const struct mn_match_op *op,
		       const struct mn_flow_key *key, struct mn_flow_key *mask)
{
	switch (op->word) {
	case MIDONET_MATCH_ETHERTYPE:
		read_all(mask->eth_type);
		return any_u16(op, ntohs(key->eth_type));
	case MIDONET_MATCH_HW_SRC:
		return any_mac(op, key->eth_src, mask->eth_src);
	case MIDONET_MATCH_HW_DST:
		return any_mac(op, key->eth_dst, mask->eth_dst);
	case MIDONET_MATCH_VLAN:
		read_all(mask->vlan);
		return any_u16(op, key->vlan ? key->vlan & VLAN_VID_MASK :
					       MN_MATCH_UNTAGGED);
	case MIDONET_MATCH_SRC:
		return any_prefix(op, key, mask, true);
	case MIDONET_MATCH_DST:
		return any_prefix(op, key, mask, false);
	case MIDONET_MATCH_PROTO:
	case MIDONET_MATCH_DSCP:
	case MIDONET_MATCH_FRAGMENT:
		return l3_word(op, key, mask);
	default:
		return l4_word(op, key, mask);
	}
}

/**
 * mn_match_l4() - an L4 field of a packet is about to be read
 * @ctx: walk; if ctx->stop is set afterwards, the result means nothing
 * @word: the word about it
 *
 * The outcome of a first fragment is then of interest to the later ones, and a
 * later one has to ask for it.
 *
 * Context: RCU, BH disabled.
 *
 * Return: whether the packet has the field, now
 */
bool mn_match_l4(struct mn_ctx *ctx, u8 word)
{
	if (!proto_has(&ctx->key, &ctx->mask, word))
		return false;
	ctx->l4_read = true;
	mn_ctx_read(ctx, frag);
	if (ctx->key.frag == MN_FRAG_LATER && !ctx->frag_alone &&
	    !(ctx->key.flags & MN_KEY_L4) &&
	    mn_frag_later(ctx) != MN_FRAG_WALK)
		return false;	/* and the walk stops */
	return has_l4(&ctx->key, &ctx->mask);
}

static int any_set(struct mn_ctx *ctx, const struct mn_match_op *op, bool src)
{
	struct mn_obj *const *sets = (void *)op->values;
	struct mn_match_addr a;
	bool has;
	u8 plen;
	int i;

	if (!mn_match_addr(&ctx->key, &ctx->mask, src, &a))
		return ABSENT;
	for (i = 0; i < op->n; i++) {
		has = mn_set_has(ctx, mn_set_of(sets[i]), a.family, a.addr,
				 &plen);
		mn_match_read(a.mask, plen);
		if (has)
			return HIT;
	}
	return MISS;
}

/* Where a packet is follows from the port where it came in. */
static int any_port(struct mn_ctx *ctx, const struct mn_match_op *op,
		    const struct mn_port *port)
{
	struct mn_obj *const *ports = (void *)op->values;
	int i;

	mn_ctx_read(ctx, in_port);
	if (!port)
		return ABSENT;
	for (i = 0; i < op->n; i++) {
		if (ports[i] == &port->obj)
			return HIT;
	}
	return MISS;
}

static bool in_group(const struct mn_port_ver *v, const struct mn_obj *group)
{
	int i;

	for (i = 0; i < v->n_groups; i++) {
		if (&v->groups[i]->obj == group)
			return true;
	}
	return false;
}

/**
 * mn_match_group_port() - the port whose groups a word is about
 * @ctx: walk
 * @word: the word
 *
 * Return: the port, NULL if there is none
 */
const struct mn_port *mn_match_group_port(struct mn_ctx *ctx, u8 word)
{
	mn_ctx_read(ctx, in_port);
	switch (word) {
	case MIDONET_MATCH_PORT_GROUP:
		return ctx->in;
	case MIDONET_MATCH_IN_PORT_GROUP:
		return ctx->device_in;
	}
	return ctx->device_out;
}

static int any_group(struct mn_ctx *ctx, const struct mn_match_op *op)
{
	const struct mn_port *port = mn_match_group_port(ctx, op->word);
	struct mn_obj *const *groups = (void *)op->values;
	const struct mn_ver *v;
	int i;

	v = port ? mn_ctx_obj(ctx, &port->obj) : NULL;
	if (!v)
		return ABSENT;
	for (i = 0; i < op->n; i++) {
		if (in_group(mn_port_ver(v), groups[i]))
			return HIT;
	}
	return MISS;
}

/* What it depends on is noted by who knows it (state/track.c). */
static int any_quoted(struct mn_ctx *ctx, const struct mn_match_op *op,
		      bool src)
{
	const struct mn_match_prefix *v = (const void *)op->values;
	const struct mn_tuple *quote = mn_track_quote(ctx);
	int i;

	if (!quote)
		return ABSENT;
	for (i = 0; i < op->n; i++) {
		if (v[i].family == quote->family &&
		    in_prefix(&v[i], src ? &quote->src : &quote->dst))
			return HIT;
	}
	return MISS;
}

/* @value: of an enum, or -1: the packet has none. */
static int any_state(const struct mn_match_op *op, int value)
{
	return value < 0 ? ABSENT : any_u8(op, value);
}

static int eval_word(struct mn_ctx *ctx, const struct mn_match_op *op)
{
	switch (op->word) {
	case MIDONET_MATCH_SRC_SET:
		return any_set(ctx, op, true);
	case MIDONET_MATCH_DST_SET:
		return any_set(ctx, op, false);
	case MIDONET_MATCH_IN_PORT:
		return any_port(ctx, op, ctx->device_in);
	case MIDONET_MATCH_OUT_PORT:
		return any_port(ctx, op, ctx->device_out);
	case MIDONET_MATCH_PORT_GROUP:
	case MIDONET_MATCH_IN_PORT_GROUP:
	case MIDONET_MATCH_OUT_PORT_GROUP:
		return any_group(ctx, op);
	case MIDONET_MATCH_SRC_PORT:
	case MIDONET_MATCH_DST_PORT:
	case MIDONET_MATCH_ICMP_TYPE:
	case MIDONET_MATCH_ICMP_CODE:
	case MIDONET_MATCH_TCP_FLAGS:
		return mn_match_l4(ctx, op->word) ?
		       l4_field(op, &ctx->key, &ctx->mask) : ABSENT;
	case MIDONET_MATCH_STATE:
		return any_state(op, mn_track_state(ctx));
	case MIDONET_MATCH_DIRECTION:
		return any_state(op, mn_track_direction(ctx));
	case MIDONET_MATCH_DST_REWRITTEN:
		return any_u8(op, mn_track_dst_rewritten(ctx));
	case MIDONET_MATCH_ICMP_DATA_SRC:
		return any_quoted(ctx, op, true);
	case MIDONET_MATCH_ICMP_DATA_DST:
		return any_quoted(ctx, op, false);
	default:
		return header_word(op, &ctx->key, &ctx->mask);
	}
}

/**
 * mn_match_eval() - does the packet of a walk match, as it is now
 * @ctx: walk; what was read is noted in it. If ctx->stop is set afterwards, the
 *	result means nothing
 * @match: match
 *
 * Context: RCU, BH disabled.
 *
 * Return: whether all words hold
 */
bool mn_match_eval(struct mn_ctx *ctx, const struct mn_match *match)
{
	const struct mn_match_op *op;
	int r;

	mn_match_for_each(op, match) {
		r = eval_word(ctx, op);
		if (r == ABSENT || r == op->invert)
			return false;
	}
	return true;
}

/**
 * mn_match_key() - does a packet match, by its headers as it comes
 * @match: compiled without a transaction: only words about headers
 * @key: headers
 *
 * Context: any.
 *
 * Return: whether all words hold
 */
bool mn_match_key(const struct mn_match *match, const struct mn_flow_key *key)
{
	const struct mn_match_op *op;
	struct mn_flow_key mask = {};	/* nobody asks what was read */
	int r;

	mn_match_for_each(op, match) {
		r = header_word(op, key, &mask);
		if (r == ABSENT || r == op->invert)
			return false;
	}
	return true;
}
