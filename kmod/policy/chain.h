/* SPDX-License-Identifier: GPL-2.0 */
#ifndef _MN_CHAIN_H
#define _MN_CHAIN_H

#include <linux/llist.h>

#include "config/object.h"
#include "policy/match.h"
#include "policy/nat_place.h"
#include "sim/count.h"

struct genl_info;
struct mn_chain_index;
struct mn_ctx;
struct mn_rule;

#define MN_JUMPS_MAX	16

/**
 * struct mn_chain - identity of a chain
 * @obj: head
 * @mn: namespace
 * @jumpers: rules of the end state that jump here (mn_rule.jumpers), under
 *	mn_net.lock
 * @seen: scratch of chain_check.c, under mn_net.lock
 * @hint: where in the chain a rule was looked for last, under mn_net.lock
 * @place: whether its translations stand where they may
 * @asks: it, or a chain it jumps to, asks for the state of packets; written under
 *	mn_net.lock, see mn_nat_place_settle()
 */
struct mn_chain {
	struct mn_obj obj;
	struct mn_net *mn;
	struct list_head jumpers;
	struct mn_chain *seen;
	u32 hint;
	struct mn_nat_place place;
	bool asks;
};

/**
 * struct mn_chain_ver - rules of a chain
 * @ver: head
 * @n: number of @rules
 * @cap: room in @rules
 * @n_jumps: how many of them are jumps
 * @rules: in order; kvmalloc'ed, goes with the version unless @ver.shared. The
 *	rules do not: they are held by the configuration until a grace period
 *	after the commit that removed them
 * @index: finds the rule that matches, or NULL; goes with @rules
 */
struct mn_chain_ver {
	struct mn_ver ver;
	u32 n;
	u32 cap;
	u32 n_jumps;
	struct mn_rule **rules;
	struct mn_chain_index *index;
};

/**
 * struct mn_rule - a rule, immutable; a change makes a new one with the id
 * @ident: id; the references are in @count
 * @action: &enum midonet_rule_action
 * @invert: invert the result of the whole match
 * @fresh: made by the commit in progress, under mn_net.lock
 * @gone: removed or replaced by it, under mn_net.lock
 * @then: of dnat, snat, rev-dnat and rev-snat: accept, continue or return, of
 *	&enum midonet_rule_action
 * @chain: its chain, referenced
 * @jump: chain a jump goes to
 * @count: packets that matched, and references
 * @list: in &mn_txn.rules_new or @rules_old, under mn_net.lock
 * @rcu: drops the reference of the configuration
 * @dead: waits to be freed
 * @replaces: of a fresh rule: the rule with the same id that it replaces
 * @heir: of a replaced rule: who gets what is still counted for it, referenced
 * @jumpers: in &mn_chain.jumpers of @jump, under mn_net.lock
 * @match: compiled match, variable size; behind it the target of snat and dnat,
 *	see mn_rule_target()
 */
struct mn_rule {
	struct mn_ident ident;
	u8 action;
	bool invert;
	bool fresh;
	bool gone;
	u8 then;
	struct mn_chain *chain;
	struct mn_chain *jump;
	struct mn_count count;
	union {
		struct list_head list;
		struct rcu_head rcu;
		struct llist_node dead;
	};
	union {
		struct mn_rule *replaces;
		struct mn_rule *heir;
	};
	struct list_head jumpers;
	struct mn_match match;
};

#define mn_chain_of(o)	container_of(o, struct mn_chain, obj)

/* Has the connection of a packet that passes the chain to be tracked? */
static inline bool mn_chain_asks(const struct mn_chain *chain)
{
	return chain && READ_ONCE(chain->asks);
}

static inline const struct mn_chain_ver *mn_chain_ver(const struct mn_ver *v)
{
	return container_of(v, struct mn_chain_ver, ver);
}

extern const struct mn_type mn_chain_type;
extern const struct mn_type mn_rule_type;

/**
 * enum mn_chain_result - what a top-level chain says
 * @MN_CHAIN_ACCEPT: the packet passes
 * @MN_CHAIN_DROP: it is dropped, or its walk stops (ctx->stop)
 * @MN_CHAIN_REJECT: it is dropped, and its sender told
 * @MN_CHAIN_REFUSED: it cannot be translated as a rule says: the drop is noted
 */
enum mn_chain_result {
	MN_CHAIN_ACCEPT, MN_CHAIN_DROP, MN_CHAIN_REJECT, MN_CHAIN_REFUSED,
};

/* policy/chain_eval.c */
enum mn_chain_result mn_chain_eval(struct mn_ctx *ctx,
				   const struct mn_chain *chain,
				   const struct mn_obj *device,
				   const struct mn_rule **rule);

/* policy/chain.c */
int mn_chains_parse(struct mn_txn *txn, const struct mn_obj *user,
		    const struct mn_op *op, struct nlattr **tb,
		    struct mn_chain **in, struct mn_chain **out,
		    struct netlink_ext_ack *extack);
void mn_chains_uses(struct mn_chain *in, struct mn_chain *out,
		    void (*fn)(struct mn_obj *used, void *arg), void *arg);
int mn_chains_fill(struct sk_buff *skb, const struct mn_chain *in,
		   const struct mn_chain *out);
struct mn_chain_ver *mn_chain_edit(struct mn_txn *txn, struct mn_chain *chain);
void mn_chain_insert(struct mn_chain_ver *v, u32 index, struct mn_rule *rule);
void mn_chain_remove(struct mn_chain_ver *v, u32 index);
void mn_chain_replace(struct mn_chain_ver *v, u32 index, struct mn_rule *rule);
u32 mn_chain_index(struct mn_chain *chain, const struct mn_chain_ver *v,
		   const struct mn_rule *rule);

/* policy/chain_check.c */
int mn_chains_check(struct mn_txn *txn);

/* policy/rule.c */
void mn_rule_free(struct mn_count *count);
void mn_rule_remove(struct mn_txn *txn, struct mn_rule *rule);
void mn_rules_publish(struct mn_txn *txn);
void mn_rules_rollback(struct mn_txn *txn);
void mn_rules_drain(void);
int mn_rules_caches_create(void);
void mn_rules_caches_destroy(void);

/* policy/rule_show.c */
int mn_rule_label(struct mn_net *mn, const struct mn_rule *rule, char *buf,
		  size_t size);
int mn_rule_reply(struct mn_net *mn, struct sk_buff *msg, void *hdr,
		  struct genl_info *info);
int mn_rules_dump(struct mn_net *mn, struct sk_buff *skb, struct mn_dump *cur);
bool mn_rules_find_user(struct mn_net *mn, const struct mn_obj *obj, char *buf,
			size_t size);

static inline void mn_rule_get(struct mn_rule *rule)
{
	mn_count_get(&rule->count);
}

/* May be called in any context, also with NULL. */
static inline void mn_rule_put(struct mn_rule *rule)
{
	if (rule)
		mn_count_put(&rule->count);
}

#endif /* _MN_CHAIN_H */
