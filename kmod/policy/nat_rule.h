/* SPDX-License-Identifier: GPL-2.0 */
#ifndef _MN_NAT_RULE_H
#define _MN_NAT_RULE_H

#include <linux/netlink.h>
#include <linux/skbuff.h>
#include <linux/types.h>

struct mn_op;
struct mn_rule;
struct mn_txn;

/* Between policy/rule.c, rule_show.c and nat_rule.c only. */
size_t mn_nat_rule_room(u8 action);
bool mn_nat_rule_same(const struct mn_rule *a, const struct mn_rule *b);
int mn_nat_rule_set(struct mn_txn *txn, struct mn_rule *rule,
		    const struct mn_op *op, struct nlattr **tb,
		    const struct mn_rule *old, struct netlink_ext_ack *extack);
int mn_nat_rule_fill(struct sk_buff *skb, const struct mn_rule *rule);

#endif /* _MN_NAT_RULE_H */
