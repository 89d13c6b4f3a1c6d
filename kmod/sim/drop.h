/* SPDX-License-Identifier: GPL-2.0 */
#ifndef _MN_DROP_H
#define _MN_DROP_H

#include <linux/skbuff.h>

#include "net.h"
#include "sim/ctx.h"

struct mn_drop_place;

int mn_drops_init(struct mn_net *mn);
void mn_drops_exit(struct mn_net *mn);

/* Count, trace and free a packet dropped at @place. Consumes @skb. */
void mn_drop(struct mn_net *mn, struct sk_buff *skb,
	     const struct mn_place *place, const struct mn_flow_key *key);
/* Short form for drops outside a walk. */
void mn_drop_port(struct mn_net *mn, struct sk_buff *skb, u32 reason,
		  struct mn_port *port);

/* Counters of a place, shared by the flows that drop there. */
struct mn_drop_place *mn_drop_place_get(struct mn_net *mn,
					const struct mn_place *place);
void mn_drop_place_put(struct mn_drop_place *place);
void mn_drop_place_add(struct mn_drop_place *place, u64 packets);
/* A cached drop: per-CPU counters, tracepoint, event; consumes @skb. */
void mn_drop_cached(struct mn_net *mn, struct sk_buff *skb,
		    struct mn_drop_place *place, struct mn_port *in,
		    const struct mn_flow_key *key);

int mn_drops_dump(struct mn_net *mn, struct sk_buff *skb,
		  struct netlink_callback *cb);
const char *mn_drop_name(u32 reason);

#endif /* _MN_DROP_H */
