/* SPDX-License-Identifier: GPL-2.0 */
#ifndef _MN_ERRMSG_H
#define _MN_ERRMSG_H

#include <linux/list.h>
#include <linux/netlink.h>

#define MN_ERRMSG_LEN	256

struct mn_net;

/**
 * struct mn_errmsg - room for the sentence that refuses a request
 * @node: in &mn_net.errmsgs, under &mn_net.errmsg_lock
 * @task: who works the request off; nobody else touches @text
 * @text: sentence
 */
struct mn_errmsg {
	struct list_head node;
	const struct task_struct *task;
	char text[MN_ERRMSG_LEN];
};

void mn_errmsg_add(struct mn_net *mn, struct mn_errmsg *msg);
void mn_errmsg_del(struct mn_net *mn, struct mn_errmsg *msg);

__printf(4, 5)
int mn_err(struct mn_net *mn, struct netlink_ext_ack *extack, int err,
	   const char *fmt, ...);

#endif /* _MN_ERRMSG_H */
