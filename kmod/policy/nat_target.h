/* SPDX-License-Identifier: GPL-2.0 */
#ifndef _MN_NAT_TARGET_H
#define _MN_NAT_TARGET_H

#include <linux/in6.h>
#include <linux/netlink.h>
#include <linux/types.h>

struct mn_rule;
struct mn_txn;

/**
 * struct mn_nat_target - what a snat or dnat rule translates to
 * @family: AF_INET or AF_INET6
 * @dynamic: a connection keeps the translation; else it is by offset and known
 *	from the address alone
 * @plen: static: length of the prefix in the rule's match that @first..@last
 *	stand for
 * @first_port: first port or ICMP id, host order; 0: ports stay
 * @last_port: last port
 * @prefix: static: that prefix; an IPv4 address is in the first word
 * @first: first address
 * @last: last address
 *
 * At the end of &mn_rule.match, see mn_rule_target(). No holes: compared by
 * memcmp().
 */
struct mn_nat_target {
	u16 family;
	u8 dynamic;
	u8 plen;
	u16 first_port;
	u16 last_port;
	struct in6_addr prefix;
	struct in6_addr first;
	struct in6_addr last;
};

/* Does a rule of this action have a target? */
bool mn_action_translates(u8 action);
/* Target of a snat or dnat rule; NULL for others. */
const struct mn_nat_target *mn_rule_target(const struct mn_rule *rule);

#endif /* _MN_NAT_TARGET_H */
