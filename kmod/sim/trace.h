/* SPDX-License-Identifier: GPL-2.0 */
#ifndef _MN_TRACE_H
#define _MN_TRACE_H

#include <linux/mm.h>
#include <linux/types.h>

#include "sim/ctx.h"

#define MN_TRACE_STEPS	128

/**
 * struct mn_step - one recorded step
 * @device: name of the device, or empty
 * @port: DEVICE:PORT, or empty
 * @what: kind of step
 * @rule: CHAIN:POSITION, or empty
 * @route: route it is about, or empty
 * @text: in words
 * @key: headers at that time
 * @hops: routers crossed by then
 */
struct mn_step {
	char device[MIDONET_NAME_MAX + 1];
	char port[2 * MIDONET_NAME_MAX + 2];
	const char *what;
	char rule[MIDONET_NAME_MAX + 12];
	char route[128];
	char text[160];
	struct mn_flow_key key;
	u8 hops;
};

#define MN_STEPS_PER_PAGE	(PAGE_SIZE / sizeof(struct mn_step))
#define MN_TRACE_PAGES		DIV_ROUND_UP(MN_TRACE_STEPS, MN_STEPS_PER_PAGE)
#define MN_TRACE_OUTS		256

/**
 * struct mn_trace - recorder of a walk
 * @n: recorded steps
 * @n_outs: number of @outs
 * @truncated: there were more
 * @cached: the flow table would have served the packet
 * @gfp: for @pages
 * @live: live trace it is for, or NULL; RCU of the walk
 * @pages: MN_STEPS_PER_PAGE steps each, made when needed
 * @outs: outputs; RCU of the walk
 */
struct mn_trace {
	u16 n;
	u16 n_outs;
	bool truncated;
	bool cached;
	gfp_t gfp;
	struct mn_live *live;
	struct mn_step *pages[MN_TRACE_PAGES];
	const struct mn_port *outs[MN_TRACE_OUTS];
};

__printf(6, 7)
void __mn_trace(struct mn_ctx *ctx, const struct mn_obj *device,
		const struct mn_port *port, const char *what,
		const struct mn_rule *rule, const char *fmt, ...);

/* Record a step if somebody traces; the arguments are not evaluated else. */
#define mn_trace(ctx, device, port, what, rule, fmt, ...)		\
	do {								\
		struct mn_ctx *_ctx = (ctx);				\
		if (unlikely(_ctx->trace))				\
			__mn_trace(_ctx, device, port, what, rule,	\
				   fmt, ##__VA_ARGS__);			\
	} while (0)

struct mn_trace *mn_trace_alloc(gfp_t gfp);
void mn_trace_free(struct mn_trace *trace);
void mn_trace_route(struct mn_ctx *ctx, const char *route);
void mn_trace_out(struct mn_ctx *ctx, const struct mn_port *port);
size_t mn_trace_size(const struct mn_ctx *ctx);
int mn_trace_fill(struct sk_buff *skb, const struct mn_ctx *ctx);

#endif /* _MN_TRACE_H */
