// SPDX-License-Identifier: GPL-2.0
/*
 * Values of words by which rules are found: what a rule names, and what the
 * packet has. Both sides are here because they must agree. What is not here is
 * found by evaluating the match: new words need no change.
 */
#include <linux/bits.h>
#include <linux/etherdevice.h>
#include <linux/if_vlan.h>
#include <linux/inetdevice.h>
#include <net/ipv6.h>

#include "policy/match.h"
#include "policy/match_op.h"
#include "port/port.h"
#include "sim/ctx.h"

/* Variants of IPv6 prefixes begin here. */
#define MN_VARIANT_V6	64

static u64 digest_v6(const struct in6_addr *a, u8 plen)
{
	struct in6_addr p;
	u64 high, low;

	ipv6_addr_prefix(&p, a, plen);
	memcpy(&high, &p.s6_addr[0], sizeof(high));
	memcpy(&low, &p.s6_addr[8], sizeof(low));
	high *= 0x9e3779b97f4a7c15ULL;
	return (high ^ high >> 32) + low;
}

static u64 digest_mac(const u8 *mac, u8 bits)
{
	return ether_addr_to_u64(mac) >> (48 - bits);
}

/* What a rule names. */

static bool spread_prefix(const struct mn_match_prefix *v,
			  struct mn_match_digest *d)
{
	if (v->family == AF_INET) {
		d->value = (__force u32)v->addr[0];
		d->variant = v->plen;
	} else {
		d->value = digest_v6((const void *)v->addr, v->plen);
		d->variant = MN_VARIANT_V6 + v->plen;
	}
	return true;
}

/* Masks that are no prefix are rare. */
static bool spread_mac(const struct mn_match_mac *v, struct mn_match_digest *d)
{
	u64 mask = ether_addr_to_u64(v->mask);
	u8 bits = hweight64(mask);

	if (mask != (bits ? GENMASK_ULL(47, 48 - bits) : 0))
		return false;
	d->value = digest_mac(v->addr, bits);
	d->variant = bits;
	return true;
}

/*
 * A range is within two blocks of the power of two that is not below it. Only
 * one that is such a block is exactly that.
 */
static u32 spread_range(const struct mn_match_ports *v,
			struct mn_match_digest *d, u32 max, bool *exact)
{
	u8 bits = fls(v->last - v->first);
	u32 first = v->first >> bits, last = v->last >> bits;

	if (last - first + 1 > max)
		return 0;
	if (first != last || v->last - v->first != BIT(bits) - 1)
		*exact = false;
	d[0].value = first;
	d[0].variant = bits;
	if (first == last)
		return 1;
	d[1].value = last;
	d[1].variant = bits;
	return 2;
}

static u32 spread_ports(const struct mn_match_op *op, struct mn_match_digest *d,
			u32 max, bool *exact)
{
	const struct mn_match_ports *v = (const void *)op->values;
	u32 i, n = 0, got;

	for (i = 0; i < op->n; i++) {
		got = spread_range(&v[i], &d[n], max - n, exact);
		if (!got)
			return 0;
		n += got;
	}
	return n;
}

static u32 spread_fragment(const struct mn_match_op *op,
			   struct mn_match_digest *d, u32 max)
{
	static const u8 kinds[] = {
		[MIDONET_FRAGMENT_NONE] = BIT(MN_FRAG_NONE),
		[MIDONET_FRAGMENT_ANY] = BIT(MN_FRAG_FIRST) |
					 BIT(MN_FRAG_LATER),
		[MIDONET_FRAGMENT_FIRST] = BIT(MN_FRAG_FIRST),
		[MIDONET_FRAGMENT_LATER] = BIT(MN_FRAG_LATER),
		[MIDONET_FRAGMENT_HEADER] = BIT(MN_FRAG_NONE) |
					    BIT(MN_FRAG_FIRST),
	};
	unsigned long all = 0;
	u32 i, n = 0;

	for (i = 0; i < op->n; i++) {
		if (op->values[i] >= ARRAY_SIZE(kinds))
			return 0;
		all |= kinds[op->values[i]];
	}
	if (hweight_long(all) > max)
		return 0;
	for_each_set_bit(i, &all, BITS_PER_LONG) {
		d[n].value = i;
		d[n++].variant = 0;
	}
	return n;
}

static bool spread_value(const struct mn_match_op *op, u32 i,
			 struct mn_match_digest *d)
{
	const u16 *v16 = (const u16 *)op->values;

	d->variant = 0;
	switch (op->word) {
	case MIDONET_MATCH_PROTO:
	case MIDONET_MATCH_DSCP:
	case MIDONET_MATCH_ICMP_TYPE:
	case MIDONET_MATCH_ICMP_CODE:
		d->value = op->values[i];
		return true;
	case MIDONET_MATCH_ETHERTYPE:
	case MIDONET_MATCH_VLAN:
		d->value = v16[i];
		return true;
	case MIDONET_MATCH_TCP_FLAGS:
		d->value = v16[i] >> 8;
		d->variant = v16[i] & 0xff;
		return true;
	case MIDONET_MATCH_HW_SRC:
	case MIDONET_MATCH_HW_DST:
		return spread_mac((const struct mn_match_mac *)op->values + i,
				  d);
	case MIDONET_MATCH_SRC:
	case MIDONET_MATCH_DST:
		return spread_prefix((const void *)(op->values + i *
				     sizeof(struct mn_match_prefix)), d);
	case MIDONET_MATCH_IN_PORT:
	case MIDONET_MATCH_OUT_PORT:
	case MIDONET_MATCH_PORT_GROUP:
	case MIDONET_MATCH_IN_PORT_GROUP:
	case MIDONET_MATCH_OUT_PORT_GROUP:
	case MIDONET_MATCH_SRC_SET:
	case MIDONET_MATCH_DST_SET:
		d->value = ((const unsigned long *)op->values)[i];
		return true;
	}
	return false;
}

/**
 * mn_match_spread() - values of a word of a rule
 * @op: word
 * @d: where to
 * @max: room there
 * @exact: set to whether the word holds just for packets that have one of the
 *	values; else it may hold for those only
 *
 * Return: number of values; 0 if rules cannot be found by this word
 */
u32 mn_match_spread(const struct mn_match_op *op, struct mn_match_digest *d,
		    u32 max, bool *exact)
{
	u32 i;

	*exact = true;
	if (op->invert || op->n > max)
		return 0;
	switch (op->word) {
	case MIDONET_MATCH_SRC_PORT:
	case MIDONET_MATCH_DST_PORT:
		return spread_ports(op, d, max, exact);
	case MIDONET_MATCH_FRAGMENT:
		return spread_fragment(op, d, max);
	}
	for (i = 0; i < op->n; i++) {
		if (!spread_value(op, i, &d[i]))
			return 0;
	}
	return op->n;
}

/* What the packet has. */

static bool digest_addr(struct mn_ctx *ctx, bool src, u8 variant, u64 *value)
{
	struct mn_match_addr a;
	u8 family = variant < MN_VARIANT_V6 ? AF_INET : AF_INET6;

	if (!mn_match_addr(&ctx->key, &ctx->mask, src, &a) ||
	    a.family != family)
		return false;
	if (a.family == AF_INET6) {
		variant -= MN_VARIANT_V6;
		*value = digest_v6(a.addr, variant);
	} else {
		*value = (__force u32)(*(const __be32 *)a.addr &
				       inet_make_mask(variant));
	}
	mn_match_read(a.mask, variant);
	return true;
}

static bool digest_l3(struct mn_ctx *ctx, u8 word, u64 *value)
{
	mn_ctx_read(ctx, eth_type);
	if (!mn_key_is_ip(&ctx->key))
		return false;
	switch (word) {
	case MIDONET_MATCH_PROTO:
		mn_ctx_read(ctx, proto);
		*value = ctx->key.proto;
		return true;
	case MIDONET_MATCH_DSCP:
		mn_ctx_read(ctx, tos);
		*value = ctx->key.tos >> 2;
		return true;
	case MIDONET_MATCH_FRAGMENT:
		mn_ctx_read(ctx, frag);
		*value = ctx->key.frag;
		return true;
	}
	return false;
}

static bool digest_l4(struct mn_ctx *ctx, u8 word, u8 variant, u64 *value)
{
	if (!mn_match_l4(ctx, word))
		return false;
	switch (word) {
	case MIDONET_MATCH_SRC_PORT:
	case MIDONET_MATCH_ICMP_TYPE:
		mn_ctx_read(ctx, tp_src);
		*value = ntohs(ctx->key.tp_src) >> variant;
		return true;
	case MIDONET_MATCH_DST_PORT:
	case MIDONET_MATCH_ICMP_CODE:
		mn_ctx_read(ctx, tp_dst);
		*value = ntohs(ctx->key.tp_dst) >> variant;
		return true;
	case MIDONET_MATCH_TCP_FLAGS:
		ctx->mask.tcp_flags |= variant;
		*value = ctx->key.tcp_flags & variant;
		return true;
	}
	return false;
}

static bool digest_port(struct mn_ctx *ctx, const struct mn_port *port,
			u64 *value)
{
	mn_ctx_read(ctx, in_port);
	if (!port)
		return false;
	*value = (unsigned long)&port->obj;
	return true;
}

/**
 * mn_match_digest() - value of a word in the packet of a walk, as it is now
 * @ctx: walk; what was read is noted in it. If ctx->stop is set afterwards, the
 *	result means nothing
 * @word: &enum midonet_match_attr, neither a set nor a group
 * @variant: of the value
 * @value: set to the value
 *
 * Context: RCU, BH disabled.
 *
 * Return: whether there is a value
 */
bool mn_match_digest(struct mn_ctx *ctx, u8 word, u8 variant, u64 *value)
{
	struct mn_flow_key *key = &ctx->key;

	switch (word) {
	case MIDONET_MATCH_IN_PORT:
		return digest_port(ctx, ctx->device_in, value);
	case MIDONET_MATCH_OUT_PORT:
		return digest_port(ctx, ctx->device_out, value);
	case MIDONET_MATCH_ETHERTYPE:
		mn_ctx_read(ctx, eth_type);
		*value = ntohs(key->eth_type);
		return true;
	case MIDONET_MATCH_VLAN:
		mn_ctx_read(ctx, vlan);
		*value = key->vlan ? key->vlan & VLAN_VID_MASK :
				     MN_MATCH_UNTAGGED;
		return true;
	case MIDONET_MATCH_HW_SRC:
		mn_match_read(ctx->mask.eth_src, variant);
		*value = digest_mac(key->eth_src, variant);
		return true;
	case MIDONET_MATCH_HW_DST:
		mn_match_read(ctx->mask.eth_dst, variant);
		*value = digest_mac(key->eth_dst, variant);
		return true;
	case MIDONET_MATCH_SRC:
		return digest_addr(ctx, true, variant, value);
	case MIDONET_MATCH_DST:
		return digest_addr(ctx, false, variant, value);
	case MIDONET_MATCH_PROTO:
	case MIDONET_MATCH_DSCP:
	case MIDONET_MATCH_FRAGMENT:
		return digest_l3(ctx, word, value);
	}
	return digest_l4(ctx, word, variant, value);
}
