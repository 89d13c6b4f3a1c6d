/* SPDX-License-Identifier: GPL-2.0 */
#ifndef _MN_MATCH_H
#define _MN_MATCH_H

#include <linux/netlink.h>
#include <linux/skbuff.h>
#include <linux/types.h>

struct mn_ctx;
struct mn_flow_key;
struct mn_net;
struct mn_obj;
struct mn_txn;

/**
 * struct mn_match - a compiled match
 * @words: bit N: word N of &enum midonet_match_attr is there
 * @len: bytes of @ops
 * @ops: one &struct mn_match_op (policy/match_op.h) for each word, in the order
 *	of evaluation
 *
 * Allocated as the tail of what contains it (&struct mn_rule, live traces).
 */
struct mn_match {
	u32 words;
	u16 len;
	u8 ops[] __aligned(8);
};

/* Bytes of attributes a match may have, so that a message can show it. */
#define MN_MATCH_MAX	16384

int mn_match_size(struct mn_net *mn, const struct nlattr *nest,
		  struct netlink_ext_ack *extack);
int mn_match_compile(struct mn_net *mn, struct mn_txn *txn,
		     const struct mn_obj *user, const struct nlattr *nest,
		     struct mn_match *match, struct netlink_ext_ack *extack);
bool mn_match_eval(struct mn_ctx *ctx, const struct mn_match *match);
bool mn_match_key(const struct mn_match *match, const struct mn_flow_key *key);
int mn_match_fill(struct sk_buff *skb, int attr, const struct mn_match *match);
void mn_match_uses(const struct mn_match *match,
		   void (*fn)(struct mn_obj *used, void *arg), void *arg);

#endif /* _MN_MATCH_H */
