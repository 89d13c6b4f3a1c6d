// SPDX-License-Identifier: GPL-2.0
/*
 * Masks. Every mask costs a probe of each packet that is new to its CPU, so
 * what packets and rules can bring about must not decide how many there are:
 * masks come from a menu of field groups and a few prefix lengths, and above
 * masks_max flows are exact. The exact mask always exists.
 */
#include <linux/bitops.h>
#include <linux/string.h>

#include "flow/flow.h"

#define fill_ones(field)	memset(&(field), 0xff, sizeof(field))

static bool any_bit(const void *p, size_t len)
{
	return memchr_inv(p, 0, len);
}

/* Cover the bits of an IPv4 address mask by 0, 8, 16, 24 or 32 bits. */
static __be32 round_v4(__be32 mask)
{
	u32 bits = ntohl(mask);
	u32 host;

	if (!bits)
		return 0;
	host = rounddown(__ffs(bits), 8);
	return htonl(~0U << host);
}

/* Cover the bits of an IPv6 address mask by 0, 32, 48, 64, 96 or 128 bits. */
static void round_v6(struct in6_addr *mask)
{
	static const u8 menu[] = { 0, 32, 48, 64, 96, 128 };
	int used = 16, i = 0;

	while (used && !mask->s6_addr[used - 1])
		used--;
	while (menu[i] < used * 8)
		i++;
	memset(mask->s6_addr, 0xff, menu[i] / 8);
	memset(mask->s6_addr + menu[i] / 8, 0, 16 - menu[i] / 8);
}

static void canon_addresses(struct mn_flow_key *mask,
			    const struct mn_flow_key *key)
{
	struct in6_addr src = mask->v6.src, dst = mask->v6.dst;

	if (key->eth_type == htons(ETH_P_IPV6)) {
		round_v6(&src);
		round_v6(&dst);
		mask->v6.src = src;
		mask->v6.dst = dst;
	} else if (key->eth_type == htons(ETH_P_IP)) {
		mask->v4.src = round_v4(mask->v4.src);
		mask->v4.dst = round_v4(mask->v4.dst);
	} else if (any_bit(&mask->v6, sizeof(mask->v6))) {
		fill_ones(mask->v6);
	}
}

/**
 * mn_mask_canon() - replace a mask by the menu's mask that covers it
 * @mask: what a walk read; changed
 * @key: the packet that was walked
 *
 * Ethernet, the ingress port and the kind of fragment are always part of it:
 * every bridge reads them. A mask with more bits is as right, only less
 * general.
 */
void mn_mask_canon(struct mn_flow_key *mask, const struct mn_flow_key *key)
{
	fill_ones(mask->in_port);
	fill_ones(mask->eth_dst);
	fill_ones(mask->eth_src);
	fill_ones(mask->eth_type);
	fill_ones(mask->vlan);
	fill_ones(mask->frag);
	if (mask->tp_src)
		fill_ones(mask->tp_src);
	if (mask->tp_dst)
		fill_ones(mask->tp_dst);
	if (mask->icmp_id)
		fill_ones(mask->icmp_id);
	if (mask->tcp_flags)
		fill_ones(mask->tcp_flags);
	if (mask->tos)
		fill_ones(mask->tos);
	/* What an L4 field means depends on these. */
	if (mask->tp_src || mask->tp_dst || mask->icmp_id || mask->tcp_flags ||
	    mask->flags) {
		fill_ones(mask->flags);
		fill_ones(mask->proto);
	}
	if (mask->proto)
		fill_ones(mask->proto);
	canon_addresses(mask, key);
}

/* What makes the kind of a packet; all of it is in the third word. */
static const struct mn_flow_key kind = {
	.eth_type = htons(0xffff),
	.proto = 0xff,
	.frag = 0xff,
};

static void hint_reset(struct mn_flow_table *table, const struct mn_mask *mask)
{
	struct mn_mask_hint *hint = &table->hints[mask->id];

	WRITE_ONCE(hint->kinds, 0);
	WRITE_ONCE(hint->select, mask->w[2] & kind.w[2]);
}

/**
 * mn_mask_note() - a flow is about to enter the table
 * @table: table
 * @flow: flow, with key and mask
 *
 * Context: BH disabled.
 */
void mn_mask_note(struct mn_flow_table *table, const struct mn_flow *flow)
{
	struct mn_mask_hint *hint = &table->hints[flow->mask->id];
	u64 bit = mn_mask_kind(flow->key.w, hint->select);

	BUILD_BUG_ON(offsetof(struct mn_flow_key, eth_type) / 8 != 2 ||
		     offsetof(struct mn_flow_key, proto) / 8 != 2 ||
		     offsetof(struct mn_flow_key, frag) / 8 != 2);
	if (READ_ONCE(hint->kinds) & bit)
		return;
	spin_lock(&table->mask_lock);
	WRITE_ONCE(hint->kinds, hint->kinds | bit);
	spin_unlock(&table->mask_lock);
}

/**
 * mn_masks_init() - set the masks of a table up
 * @table: zeroed
 */
void mn_masks_init(struct mn_flow_table *table)
{
	u32 i;

	spin_lock_init(&table->mask_lock);
	for (i = 0; i <= MN_MASKS; i++)
		table->masks[i].id = i;
	memset(table->masks[0].w, 0xff, sizeof(table->masks[0].w));
	table->masks[0].state = MN_MASK_RETIRED;	/* never free */
	hint_reset(table, &table->masks[0]);
}

static void order_add(struct mn_flow_table *table, struct mn_mask *mask)
{
	u32 n = table->n_masks;

	mask->state = MN_MASK_USED;
	WRITE_ONCE(table->order[n], mask->id);
	/* The words before the mask can be probed. */
	smp_store_release(&table->n_masks, n + 1);
}

static void order_del(struct mn_flow_table *table, u32 pos)
{
	u32 i;

	for (i = pos; i + 1 < table->n_masks; i++)
		WRITE_ONCE(table->order[i], table->order[i + 1]);
	WRITE_ONCE(table->n_masks, table->n_masks - 1);
}

/* A mask that has these words, else one that may have them, else the exact. */
static struct mn_mask *mask_choose(struct mn_flow_table *table,
				   const struct mn_flow_key *words, u32 max)
{
	struct mn_mask *free = NULL;
	u32 i, n = 0;

	for (i = 0; i <= MN_MASKS; i++) {
		struct mn_mask *mask = &table->masks[i];

		if (mask->state == MN_MASK_FREE) {
			free = free ?: mask;
			continue;
		}
		if (!memcmp(mask->w, words->w, sizeof(mask->w)))
			return mask;
		n += !!i;
	}
	if (!free || n >= max)
		return &table->masks[0];
	memcpy(free->w, words->w, sizeof(free->w));
	free->hits = 0;
	hint_reset(table, free);
	return free;
}

/**
 * mn_mask_get() - mask for a new flow
 * @table: table
 * @words: what the flow depends on, from mn_mask_canon()
 * @max: most masks beside the exact one
 *
 * Context: BH disabled.
 *
 * Return: a mask with these bits or, if there are too many masks, the exact
 * one; it counts the flow until mn_mask_put()
 */
struct mn_mask *mn_mask_get(struct mn_flow_table *table,
			    const struct mn_flow_key *words, u32 max)
{
	struct mn_mask *mask;

	spin_lock(&table->mask_lock);
	mask = mask_choose(table, words, max);
	if (mask->state != MN_MASK_USED)
		order_add(table, mask);
	mask->n_flows++;
	spin_unlock(&table->mask_lock);
	return mask;
}

/**
 * mn_mask_put() - a flow is freed
 * @table: table
 * @mask: its mask
 */
void mn_mask_put(struct mn_flow_table *table, const struct mn_mask *mask)
{
	spin_lock_bh(&table->mask_lock);
	table->masks[mask->id].n_flows--;
	spin_unlock_bh(&table->mask_lock);
}

/**
 * mn_masks_retire() - masks without flows are not probed any more
 * @table: table
 *
 * Return: true if a grace period and mn_masks_release() are due
 */
bool mn_masks_retire(struct mn_flow_table *table)
{
	bool due = false;
	u32 i;

	spin_lock_bh(&table->mask_lock);
	for (i = table->n_masks; i--;) {
		struct mn_mask *mask = &table->masks[table->order[i]];

		if (mask->n_flows)
			continue;
		order_del(table, i);
		mask->state = MN_MASK_RETIRED;
		due |= !!mask->id;
	}
	spin_unlock_bh(&table->mask_lock);
	return due;
}

/**
 * mn_masks_release() - let the words of retired masks change
 * @table: table
 *
 * Context: a grace period after mn_masks_retire(), and none after it before.
 */
void mn_masks_release(struct mn_flow_table *table)
{
	u32 i;

	spin_lock_bh(&table->mask_lock);
	for (i = 1; i <= MN_MASKS; i++) {
		if (table->masks[i].state == MN_MASK_RETIRED)
			table->masks[i].state = MN_MASK_FREE;
	}
	spin_unlock_bh(&table->mask_lock);
}

/**
 * mn_masks_sort() - probe the most used masks first
 * @table: table
 *
 * Context: fold_lock; the hits since the last time are forgotten by half.
 */
void mn_masks_sort(struct mn_flow_table *table)
{
	u32 i, j;
	u8 id;

	spin_lock_bh(&table->mask_lock);
	for (i = 1; i < table->n_masks; i++) {
		id = table->order[i];
		for (j = i; j; j--) {
			u8 before = table->order[j - 1];

			if (table->masks[before].hits >= table->masks[id].hits)
				break;
			WRITE_ONCE(table->order[j], before);
		}
		if (j != i)
			WRITE_ONCE(table->order[j], id);
	}
	for (i = 0; i <= MN_MASKS; i++)
		table->masks[i].hits /= 2;
	spin_unlock_bh(&table->mask_lock);
}
