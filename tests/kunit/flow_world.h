/* SPDX-License-Identifier: GPL-2.0 */
#ifndef _MN_KUNIT_FLOW_WORLD_H
#define _MN_KUNIT_FLOW_WORLD_H

#include <kunit/test.h>

#include "flow/cache.h"
#include "flow/flow.h"
#include "port/port.h"
#include "sim/ctx.h"

#define DEP_A	11
#define DEP_B	22

/**
 * struct flow_world - a flow table without a topology
 * @mn: namespace
 * @in: port where packets enter
 * @out: port where they leave
 * @ctx: the walk that is installed
 * @skb: its packet
 */
struct flow_world {
	struct mn_net *mn;
	struct mn_port *in;
	struct mn_port *out;
	struct mn_ctx *ctx;
	struct sk_buff *skb;
};

int fw_init(struct kunit *test);
void fw_exit(struct kunit *test);
struct mn_flow_key fw_key(u8 dst, u16 port);
void fw_walk(struct flow_world *w, const struct mn_flow_key *key,
	     const struct mn_flow_key *mask);
bool fw_install(struct flow_world *w);
bool fw_add(struct flow_world *w, struct mn_flow_key key,
	    const struct mn_flow_key *mask);
struct mn_flow *fw_find(struct flow_world *w, struct mn_flow_key key);
bool fw_valid(struct flow_world *w, struct mn_flow *flow);
bool fw_would_hit(struct flow_world *w, struct mn_flow_key key);
void fw_reap(struct flow_world *w);

#endif /* _MN_KUNIT_FLOW_WORLD_H */
