/* SPDX-License-Identifier: GPL-2.0 */
#ifndef _MN_PARK_H
#define _MN_PARK_H

#include <linux/skbuff.h>

#include "net.h"

struct mn_port;

/**
 * enum mn_park_why - what a parked packet waits for
 * @MN_PARK_FRAGMENT: a first fragment: 16 packets, 1 s, then judged alone
 * @MN_PARK_NEIGHBOUR: a neighbour: 8 packets, until it answers or is given up
 * @MN_PARK_STATE: a connection from another host: 8 packets, 50 ms
 * @MN_PARK_WHYS: how many kinds there are
 */
enum mn_park_why { MN_PARK_FRAGMENT, MN_PARK_NEIGHBOUR, MN_PARK_STATE, MN_PARK_WHYS };

/**
 * struct mn_park_key - what is waited for
 * @why: &enum mn_park_why
 * @owner: index of the device or port it is about
 * @data: e.g. addresses, protocol and id of a fragment; unused bytes are zero
 */
struct mn_park_key {
	u32 why;
	u32 owner;
	u8 data[40];
};

int mn_park_caches_create(void);
void mn_park_caches_destroy(void);
int mn_park_init(struct mn_net *mn);
void mn_park_stop(struct mn_net *mn);
void mn_park_exit(struct mn_net *mn);
void mn_park(struct mn_net *mn, struct mn_port *in, struct sk_buff *skb,
	     const struct mn_park_key *key);
void mn_park_release(struct mn_net *mn, const struct mn_park_key *key);
void mn_park_forget(struct mn_net *mn, struct mn_port *in);

#endif /* _MN_PARK_H */
