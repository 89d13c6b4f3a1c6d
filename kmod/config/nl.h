/* SPDX-License-Identifier: GPL-2.0 */
#ifndef _MN_NL_H
#define _MN_NL_H

#include <linux/in6.h>
#include <linux/skbuff.h>
#include <net/genetlink.h>
#include <net/netlink.h>

#include "config/nl_policy_gen.h"
#include "config/notify.h"
#include "config/object.h"
#include "config/txn.h"

extern struct genl_family mn_family;

/**
 * enum mn_mcgrp - index of a multicast group of the family
 * @MN_MCGRP_CONFIG: commits
 * @MN_MCGRP_STATE: devices of ports come and go
 * @MN_MCGRP_LEARN: MACs are learned, move and are forgotten
 * @MN_MCGRP_DROP: packets are dropped
 */
enum mn_mcgrp { MN_MCGRP_CONFIG, MN_MCGRP_STATE, MN_MCGRP_LEARN, MN_MCGRP_DROP };

/**
 * struct mn_prefix - an address prefix
 * @family: AF_INET or AF_INET6
 * @plen: length in bits
 * @addr: host bits zero; an IPv4 address is in the first word
 */
struct mn_prefix {
	u8 family;
	u8 plen;
	struct in6_addr addr;
};

int mn_nl_prefix(const void *data, int len, struct mn_prefix *p);
int mn_nl_put_prefix(struct sk_buff *skb, int attr, u8 family, u8 plen,
		     const void *addr);

/* Not padded to 8 bytes: a padding attribute would have to be in every set. */
static inline int mn_nl_put_u64(struct sk_buff *skb, int attr, u64 value)
{
	return nla_put(skb, attr, sizeof(value), &value);
}

int mn_nl_put_id(struct sk_buff *skb, int attr, const struct mn_obj *obj);
bool mn_nl_unset(const struct mn_op *op, int attr);
struct mn_obj *mn_nl_find(struct mn_net *mn, const struct nlattr *attr, u8 type,
			  const char *word, struct netlink_ext_ack *extack);
struct mn_obj *mn_nl_find_any(struct mn_net *mn, const struct nlattr *attr,
			      u32 types, const char *word,
			      struct netlink_ext_ack *extack);
bool mn_has_listeners(struct mn_net *mn, enum mn_mcgrp group);

/* Next attribute of a kind from @pos on, with @rem bytes from there on. */
static inline const struct nlattr *mn_nl_seek(const struct nlattr *pos,
					      int *rem, int kind)
{
	while (nla_ok(pos, *rem)) {
		if (nla_type(pos) == kind)
			return pos;
		pos = nla_next(pos, rem);
	}
	return NULL;
}

/*
 * A repeated attribute: nla_parse() keeps the last; iterate over all of them in
 * the raw attributes of an op.
 */
#define mn_for_each_attr(pos, op, kind, rem)				\
	for (rem = (op)->len,						\
	     pos = mn_nl_seek((const void *)(op)->attrs, &(rem), kind);	\
	     pos;							\
	     pos = nla_next(pos, &(rem)), pos = mn_nl_seek(pos, &(rem), kind))

/* handlers, each in the file of its object */
int mn_nl_flow_dump(struct sk_buff *skb, struct netlink_callback *cb);
int mn_nl_flow_flush(struct sk_buff *skb, struct genl_info *info);
int mn_nl_mac_flush(struct sk_buff *skb, struct genl_info *info);
int mn_nl_conn_start(struct netlink_callback *cb);
int mn_nl_conn_dump(struct sk_buff *skb, struct netlink_callback *cb);
int mn_nl_conn_done(struct netlink_callback *cb);
int mn_conn_restore(struct mn_net *mn, struct nlattr **tb,
		    struct netlink_ext_ack *extack);
int mn_nl_conn_new(struct sk_buff *skb, struct genl_info *info);
int mn_nl_conn_flush(struct sk_buff *skb, struct genl_info *info);
int mn_nl_conn_count(struct sk_buff *skb, struct genl_info *info);
int mn_nl_drop_dump(struct sk_buff *skb, struct netlink_callback *cb);
int mn_nl_stats_dump(struct sk_buff *skb, struct netlink_callback *cb);
int mn_nl_trace(struct sk_buff *skb, struct genl_info *info);
int mn_nl_trace_live(struct sk_buff *skb, struct genl_info *info);
int mn_nl_punt_bind(struct sk_buff *skb, struct genl_info *info);
int mn_nl_inject(struct sk_buff *skb, struct genl_info *info);
int mn_nl_status_get(struct sk_buff *skb, struct genl_info *info);
int mn_nl_status_set(struct sk_buff *skb, struct genl_info *info);
void mn_nl_live_release(struct mn_net *mn, u32 portid);
void mn_nl_punt_release(struct mn_net *mn, u32 portid);

/* live traces (sim/live.c) */
struct mn_ctx;
struct mn_port;
struct mn_flow_key;
DECLARE_STATIC_KEY_FALSE(mn_live_key);
bool mn_live_wants(struct mn_net *mn, struct mn_port *port, struct sk_buff *skb,
		   const struct mn_flow_key *key);
void mn_live_begin(struct mn_ctx *ctx);
void mn_live_report(struct mn_ctx *ctx);
int mn_live_init(struct mn_net *mn);
void mn_live_exit(struct mn_net *mn);

/* punts (sim/punt.c) */
void mn_punt(struct mn_ctx *ctx, const struct mn_obj *bridge,
	     const struct mn_obj *dhcp);
void mn_punt_send(struct mn_ctx *ctx, struct sk_buff *skb);

int mn_nl_init(void);
void mn_nl_exit(void);

#endif /* _MN_NL_H */
