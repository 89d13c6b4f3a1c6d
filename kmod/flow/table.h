/* SPDX-License-Identifier: GPL-2.0 */
#ifndef _MN_FLOW_TABLE_H
#define _MN_FLOW_TABLE_H

#include <linux/rhashtable-types.h>
#include <linux/skbuff.h>
#include <linux/types.h>

#include "flow/actions.h"
#include "flow/key.h"
#include "sim/dep.h"

struct mn_ctx;
struct mn_drop_place;
struct mn_fdb;
struct mn_rule;

/* &mn_flow.epoch of an entry that must not be used any more. */
#define MN_EPOCH_DEAD	U64_MAX

/**
 * struct mn_mask - fields that a group of flows depends on
 * @w: the bits, over &mn_flow_key.w
 * @n_flows: flows with this mask; a mask without any is reused
 * @id: number, folded into the hash of its flows
 */
struct mn_mask {
	u64 w[MN_KEY_WORDS];
	atomic_t n_flows;
	u32 id;
};

/**
 * struct mn_flow_stats - counters of a flow on one CPU
 * @packets: packets, a GSO packet counted as its segments
 * @bytes: bytes with Ethernet headers
 * @used: jiffies of the last packet, stored when it changed
 */
struct mn_flow_stats {
	u64 packets;
	u64 bytes;
	unsigned long used;
};

struct mn_flow;

int mn_flows_init(struct mn_net *mn);
void mn_flows_stop(struct mn_net *mn);
void mn_flows_exit(struct mn_net *mn);

struct mn_flow *mn_flow_find(struct mn_net *mn, const struct mn_flow_key *key);
bool mn_flow_valid(struct mn_net *mn, struct mn_flow *flow);
void mn_flow_execute(struct mn_net *mn, struct mn_flow *flow,
		     struct sk_buff *skb, const struct mn_flow_key *key);
bool mn_flow_install(struct mn_ctx *ctx, struct sk_buff *skb);
void mn_flows_flush(struct mn_net *mn);
void mn_flows_fold(struct mn_net *mn);
int mn_flows_dump(struct mn_net *mn, struct sk_buff *skb,
		  struct netlink_callback *cb);
bool mn_flow_would_hit(struct mn_net *mn, const struct mn_flow_key *key);
u32 mn_flows_count(const struct mn_net *mn);

int mn_flow_caches_create(void);
void mn_flow_caches_destroy(void);

#endif /* _MN_FLOW_TABLE_H */
