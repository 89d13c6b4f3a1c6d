/* SPDX-License-Identifier: GPL-2.0 */
#ifndef _MN_DROP_H
#define _MN_DROP_H

#include <linux/skbuff.h>

#include "net.h"
#include "sim/ctx.h"

struct mn_drop_place;

#define MN_DROP_RULE	(MIDONET_NAME_MAX + 13)

/**
 * struct mn_drop_names - where packets were dropped, in words
 * @device: name of the device, or empty
 * @port: DEVICE:PORT, or empty
 * @rule: CHAIN:POSITION, or empty
 */
struct mn_drop_names {
	char device[MIDONET_NAME_MAX + 1];
	char port[2 * MIDONET_NAME_MAX + 2];
	char rule[MN_DROP_RULE];
};

/**
 * struct mn_drop_row - a place as it is listed
 * @nr: places are listed in the order of their numbers
 * @reason: &enum midonet_drop_reason
 * @packets: dropped there so far
 * @names: where
 */
struct mn_drop_row {
	u64 nr;
	u32 reason;
	u64 packets;
	struct mn_drop_names names;
};

/**
 * struct mn_drop_sum - what was dropped for a reason, wherever
 * @packets: so far
 * @lately: some of them in the last minute
 */
struct mn_drop_sum {
	u64 packets;
	bool lately;
};

int mn_drops_init(struct mn_net *mn);
void mn_drops_exit(struct mn_net *mn);
int mn_drop_caches_create(void);
void mn_drop_caches_destroy(void);

void mn_drop(struct mn_net *mn, struct sk_buff *skb,
	     const struct mn_place *place, const struct mn_flow_key *key);
void mn_drop_port(struct mn_net *mn, struct sk_buff *skb, u32 reason,
		  struct mn_port *port);
void mn_drop_cached(struct mn_net *mn, struct sk_buff *skb,
		    struct mn_drop_place *place, struct mn_port *in,
		    const struct mn_flow_key *key);

struct mn_drop_place *mn_drop_place_get(struct mn_net *mn,
					const struct mn_place *place);
void mn_drop_place_put(struct mn_drop_place *place);
void mn_drop_place_add(struct mn_drop_place *place, u64 packets);

int mn_drops_each(struct mn_net *mn, u64 after,
		  int (*fn)(const struct mn_drop_row *row, void *arg),
		  void *arg);
void mn_drops_of(struct mn_net *mn, u32 reason, struct mn_drop_sum *sum);
const char *mn_drop_name(u32 reason);

/* config/nl_drop.c */
bool mn_drop_wanted(struct mn_net *mn);
void mn_drop_event(struct mn_net *mn, u32 reason,
		   const struct mn_drop_names *names,
		   const struct mn_flow_key *key, u32 len);

#endif /* _MN_DROP_H */
