/* SPDX-License-Identifier: GPL-2.0 */
#ifndef _MN_CHAIN_H
#define _MN_CHAIN_H

#include "config/object.h"
#include "policy/match.h"

struct mn_ctx;
struct mn_rule;

#define MN_JUMPS_MAX	16

/**
 * struct mn_chain - identity of a chain
 * @obj: head
 */
struct mn_chain {
	struct mn_obj obj;
};

/**
 * struct mn_chain_ver - rules of a chain
 * @ver: head
 * @n: number of @rules
 * @cap: room in @rules
 * @rules: in order; kvmalloc'ed, goes with the version
 */
struct mn_chain_ver {
	struct mn_ver ver;
	u32 n;
	u32 cap;
	struct mn_rule **rules;
};

/**
 * struct mn_rule - a rule, immutable; a change makes a new one with the id
 * @ident: id and references (chain version, flows that count for it)
 * @action: &enum midonet_rule_action
 * @invert: invert the result of the whole match
 * @chain: its chain
 * @jump: chain a jump goes to
 * @packets: matched packets, folded from flow entries
 * @bytes: matched bytes
 * @list: in &mn_txn.rules_new or @rules_old, under mn_net.lock
 * @replaces: in a transaction: the rule with the same id that this one replaces
 * @rcu: for freeing
 * @match: compiled match, variable size
 */
struct mn_rule {
	struct mn_ident ident;
	u8 action;
	bool invert;
	struct mn_chain *chain;
	struct mn_chain *jump;
	atomic64_t packets;
	atomic64_t bytes;
	union {
		struct list_head list;
		struct rcu_head rcu;
	};
	struct mn_rule *replaces;
	struct mn_match match;
};

#define mn_chain_of(o)	container_of(o, struct mn_chain, obj)

static inline const struct mn_chain_ver *mn_chain_ver(const struct mn_ver *v)
{
	return container_of(v, struct mn_chain_ver, ver);
}

extern const struct mn_type mn_chain_type;
extern const struct mn_type mn_rule_type;

/**
 * enum mn_chain_result - what a top-level chain says
 */
enum mn_chain_result { MN_CHAIN_ACCEPT, MN_CHAIN_DROP };

/*
 * Evaluate @chain for the packet of @ctx as it is now. Notes dependencies, the
 * fields read and the rules that matched; on a drop *@rule is the rule.
 * @device is where (for traces).
 */
enum mn_chain_result mn_chain_eval(struct mn_ctx *ctx,
				   const struct mn_chain *chain,
				   const struct mn_obj *device,
				   const struct mn_rule **rule);

/* policy/rule.c */
void mn_rule_get(struct mn_rule *rule);
void mn_rule_put(struct mn_rule *rule);
/* Name of a rule that refers to @obj in the end state; slow, for errors. */
bool mn_rules_find_user(struct mn_net *mn, const struct mn_obj *obj, char *buf,
			size_t size);
/* Attributes of a live rule (for a get and for dumps); RCU; 0 or -EMSGSIZE. */
int mn_rule_fill(struct mn_net *mn, const struct mn_rule *rule,
		 struct sk_buff *skb);
void mn_rules_publish(struct mn_txn *txn);
void mn_rules_rollback(struct mn_txn *txn);
int mn_rule_label(struct mn_net *mn, const struct mn_rule *rule, char *buf,
		  size_t size);
int mn_rules_caches_create(void);
void mn_rules_caches_destroy(void);

static inline void mn_rule_count(struct mn_rule *rule, u64 packets, u64 bytes)
{
	atomic64_add(packets, &rule->packets);
	atomic64_add(bytes, &rule->bytes);
}

#endif /* _MN_CHAIN_H */
