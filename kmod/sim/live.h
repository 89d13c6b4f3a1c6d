/* SPDX-License-Identifier: GPL-2.0 */
#ifndef _MN_LIVE_H
#define _MN_LIVE_H

#include <linux/atomic.h>
#include <linux/rcupdate.h>

#include "net.h"
#include "policy/match.h"

/**
 * struct mn_live - a live trace
 * @rcu: for freeing
 * @left: packets still to be shown
 * @portid: socket they are shown to
 * @port: index of the port where they enter, 0 for any
 * @match: what they look like; variable size
 *
 * All but @left is constant.
 */
struct mn_live {
	struct rcu_head rcu;
	atomic_t left;
	u32 portid;
	u32 port;
	struct mn_match match;
};

int mn_live_start(struct mn_net *mn, struct mn_live *live);

#endif /* _MN_LIVE_H */
