/* SPDX-License-Identifier: GPL-2.0 */
#ifndef _MN_OWNER_H
#define _MN_OWNER_H

#include <linux/types.h>

struct mn_net;
struct mn_txn;
struct netlink_ext_ack;
struct nlmsghdr;
struct sk_buff;

int mn_owner_set(struct mn_net *mn, u32 portid, const char *store,
		 struct netlink_ext_ack *extack);
void mn_owner_release(struct mn_net *mn, u32 portid);
int mn_owner_check(struct mn_txn *txn);
void mn_owner_commit(struct mn_txn *txn);
void mn_owner_exit(struct mn_net *mn);

int mn_reports_set(struct mn_net *mn, u32 portid, const struct nlmsghdr *nlh,
		   struct netlink_ext_ack *extack);
int mn_reports_put(struct mn_net *mn, struct sk_buff *skb);

/**
 * struct mn_fill - how full a table is
 * @used: entries
 * @limit: how many it may have
 */
struct mn_fill {
	u32 used;
	u32 limit;
};

int mn_subsystem_put(struct sk_buff *skb, const char *name, u8 level,
		     const char *text, const struct mn_fill *fill);

#endif /* _MN_OWNER_H */
