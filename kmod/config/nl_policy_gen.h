/* SPDX-License-Identifier: GPL-2.0 */
/* Generated from Documentation/netlink/specs/midonet.yaml by generate.py, do not edit. */
#ifndef _MN_NL_POLICY_GEN_H
#define _MN_NL_POLICY_GEN_H

#include <linux/types.h>
#include <net/netlink.h>
#include <uapi/linux/midonet.h>

/**
 * enum mn_verb - what a command does to an object
 * @MN_VERB_NONE: not a command of an object
 * @MN_VERB_NEW: create
 * @MN_VERB_SET: change
 * @MN_VERB_DEL: remove
 * @MN_VERB_GET: show or list
 */
enum mn_verb { MN_VERB_NONE, MN_VERB_NEW, MN_VERB_SET, MN_VERB_DEL, MN_VERB_GET };

/**
 * struct mn_attr_bits - a set of attributes
 * @w: bit N % 64 of word N / 64: attribute N is in it
 */
struct mn_attr_bits {
	u64 w[2];
};

/**
 * struct mn_cmd_info - what the specification says of a command
 * @policy: policy of its attribute set
 * @do_attrs: attributes that may be in a request
 * @dump_attrs: the same for a dump
 * @maxattr: highest attribute
 * @type: &enum midonet_object_type, 0 for commands not about an object
 * @verb: &enum mn_verb
 */
struct mn_cmd_info {
	const struct nla_policy *policy;
	struct mn_attr_bits do_attrs;
	struct mn_attr_bits dump_attrs;
	u8 maxattr;
	u8 type;
	u8 verb;
};

extern const struct nla_policy mn_object_policy[MIDONET_A_MAX + 1];
extern const struct nla_policy mn_match_policy[MIDONET_MATCH_MAX + 1];
extern const struct nla_policy mn_nat_target_policy[MIDONET_NAT_TARGET_MAX + 1];
extern const struct nla_policy mn_health_check_policy[MIDONET_HEALTH_CHECK_MAX + 1];
extern const struct nla_policy mn_txn_policy[MIDONET_TXN_MAX + 1];
extern const struct nla_policy mn_packet_policy[MIDONET_PACKET_MAX + 1];
extern const struct nla_policy mn_flow_policy[MIDONET_FLOW_MAX + 1];
extern const struct nla_policy mn_conn_tuple_policy[MIDONET_CONN_TUPLE_MAX + 1];
extern const struct nla_policy mn_conn_policy[MIDONET_CONN_MAX + 1];
extern const struct nla_policy mn_step_policy[MIDONET_STEP_MAX + 1];
extern const struct nla_policy mn_trace_policy[MIDONET_TRACE_MAX + 1];
extern const struct nla_policy mn_drop_policy[MIDONET_DROP_MAX + 1];
extern const struct nla_policy mn_stats_policy[MIDONET_STATS_MAX + 1];
extern const struct nla_policy mn_subsystem_policy[MIDONET_SUBSYSTEM_MAX + 1];
extern const struct nla_policy mn_status_policy[MIDONET_STATUS_MAX + 1];
extern const struct nla_policy mn_punt_policy[MIDONET_PUNT_MAX + 1];
extern const struct nla_policy mn_event_policy[MIDONET_EVENT_MAX + 1];
extern const struct mn_cmd_info mn_cmd_info[MIDONET_CMD_MAX + 1];

#endif /* _MN_NL_POLICY_GEN_H */
