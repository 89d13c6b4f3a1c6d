/* SPDX-License-Identifier: GPL-2.0 */
#ifndef _MN_MATCH_H
#define _MN_MATCH_H

#include <linux/netlink.h>
#include <linux/skbuff.h>
#include <linux/types.h>

struct mn_ctx;
struct mn_obj;
struct mn_txn;

/**
 * struct mn_match - a compiled match
 * @words: bit N: word N of &enum midonet_match_attr is there
 * @len: bytes of @ops
 * @ops: one &struct mn_match_op and its values for each word, cheap words first
 *
 * Allocated as the tail of what contains it (&struct mn_rule, live traces).
 */
struct mn_match {
	u32 words;
	u16 len;
	u8 ops[] __aligned(8);
};

/* Bytes of values and ops a match may have. */
#define MN_MATCH_MAX	16384

/*
 * Size of what @nest compiles to, or a negative error with extack set; then
 * compile it into @match (room for that size). References are resolved by
 * mn_txn_ref() for @user and counted in mn_obj.uses when the rule goes into
 * force. @txn NULL: only words about headers (live traces).
 */
int mn_match_size(struct mn_net *mn, const struct nlattr *nest,
		  struct netlink_ext_ack *extack);
int mn_match_compile(struct mn_net *mn, struct mn_txn *txn,
		     const struct mn_obj *user,
		     const struct nlattr *nest, struct mn_match *match,
		     struct netlink_ext_ack *extack);
/* Does the packet of @ctx match? Notes what was read. */
bool mn_match_eval(struct mn_ctx *ctx, const struct mn_match *match);
int mn_match_fill(struct sk_buff *skb, int attr, const struct mn_match *match);
void mn_match_uses(const struct mn_match *match,
		   void (*fn)(struct mn_obj *used, void *arg), void *arg);

#endif /* _MN_MATCH_H */
