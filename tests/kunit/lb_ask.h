/* SPDX-License-Identifier: GPL-2.0 */
#ifndef _MN_KUNIT_LB_ASK_H
#define _MN_KUNIT_LB_ASK_H

#include "lb.h"

#define LB_MEMBERS	4

/**
 * struct lb_ask - a packet to lb_web, and what the load balancer is asked
 * @src: client
 * @sport: its port
 * @now: number of the member its connection has, -1 for none
 * @keep: the connection cannot be moved
 * @sent: tell that it was sent
 * @trace: recorder, or NULL: it is no trace
 */
struct lb_ask {
	u32 src;
	u16 sport;
	int now;
	bool keep;
	bool sent;
	struct mn_trace *trace;
};

extern const struct lb_vip lb_web;
extern const struct lb_vip lb_web_sticky;
extern const struct lb_member lb_members[LB_MEMBERS];
extern int lb_result;

void lb_enter(void);
void lb_leave(void);
const struct mn_router_ver *lb_version(struct rt *rt,
				       const struct mn_router *router);
void lb_ask_begin(struct rt *rt, u32 src, u16 sport, const struct lb_vip *vip);
int lb_ask(struct rt *rt, const struct lb_ask *a);
int lb_ask_new(struct rt *rt, u32 src, u16 sport);
void lb_make_all(struct rt *rt, const struct lb_vip *vip);

#endif /* _MN_KUNIT_LB_ASK_H */
