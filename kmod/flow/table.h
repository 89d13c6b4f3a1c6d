/* SPDX-License-Identifier: GPL-2.0 */
#ifndef _MN_FLOW_TABLE_H
#define _MN_FLOW_TABLE_H

#include <linux/skbuff.h>
#include <linux/types.h>

#include "flow/actions.h"
#include "flow/key.h"
#include "sim/dep.h"

struct mn_ctx;
struct mn_flow;

/*
 * What the rest needs of the flow table; its insides are in flow/flow.h.
 */
int mn_flows_init(struct mn_net *mn);
void mn_flows_stop(struct mn_net *mn);
void mn_flows_exit(struct mn_net *mn);

bool mn_flow_install(struct mn_ctx *ctx, struct sk_buff *skb);
bool mn_flow_would_hit(struct mn_net *mn, const struct mn_flow_key *key);
void mn_flows_flush(struct mn_net *mn);
void mn_flows_fold(struct mn_net *mn);
u32 mn_flows_count(const struct mn_net *mn);
unsigned long mn_flows_lag(const struct mn_net *mn);

int mn_flow_caches_create(void);
void mn_flow_caches_destroy(void);

#endif /* _MN_FLOW_TABLE_H */
