/* SPDX-License-Identifier: GPL-2.0 */
/* Generated from Documentation/netlink/specs/midonet.yaml by generate.py, do not edit. */
#ifndef _MN_NAMES_GEN_H
#define _MN_NAMES_GEN_H

#include <linux/midonet.h>

extern const char *const mn_object_type_names[MIDONET_OBJECT_TYPE_TUNNEL_ZONE_MEMBER + 1];
extern const char *const mn_op_names[MIDONET_OP_DEL + 1];
extern const char *const mn_port_state_names[MIDONET_PORT_STATE_REMOTE + 1];
extern const char *const mn_rule_action_names[MIDONET_RULE_ACTION_REV_SNAT + 1];
extern const char *const mn_route_type_names[MIDONET_ROUTE_TYPE_REJECT + 1];
extern const char *const mn_neighbour_state_names[MIDONET_NEIGHBOUR_STATE_FAILED + 1];
extern const char *const mn_fragment_names[MIDONET_FRAGMENT_HEADER + 1];
extern const char *const mn_origin_names[MIDONET_ORIGIN_CONNECTED + 1];
extern const char *const mn_verdict_names[MIDONET_VERDICT_WAIT + 1];
extern const char *const mn_level_names[MIDONET_LEVEL_ERROR + 1];
extern const char *const mn_direction_names[MIDONET_DIRECTION_OUT + 1];
extern const char *const mn_conn_state_names[MIDONET_CONN_STATE_UNTRACKED + 1];
extern const char *const mn_conn_direction_names[MIDONET_CONN_DIRECTION_RETURN + 1];
extern const char *const mn_conn_phase_names[MIDONET_CONN_PHASE_CLOSED + 1];
extern const char *const mn_health_names[MIDONET_HEALTH_DOWN + 1];
extern const char *const mn_check_type_names[MIDONET_CHECK_TYPE_HTTP + 1];
extern const char *const mn_dhcp_mode_names[MIDONET_DHCP_MODE_SLAAC + 1];
extern const char *const mn_drop_reason_names[MIDONET_DROP_REASON_TUNNEL_STATE + 1];
extern const char *const mn_encap_names[MIDONET_ENCAP_GRE + 1];
extern const char *const mn_object_attr_names[MIDONET_A_DSCP + 1];
extern const char *const mn_match_attr_names[MIDONET_MATCH_ICMP_DATA_DST + 1];
extern const char *const mn_nat_target_attr_names[MIDONET_NAT_TARGET_LAST_PORT + 1];
extern const char *const mn_health_check_attr_names[MIDONET_HEALTH_CHECK_FALL + 1];
extern const char *const mn_txn_attr_names[MIDONET_TXN_REVISION + 1];
extern const char *const mn_packet_attr_names[MIDONET_PACKET_LEN + 1];
extern const char *const mn_flow_attr_names[MIDONET_FLOW_DROP_REASON + 1];
extern const char *const mn_conn_tuple_attr_names[MIDONET_CONN_TUPLE_ICMP_ID + 1];
extern const char *const mn_conn_attr_names[MIDONET_CONN_COUNT + 1];
extern const char *const mn_step_attr_names[MIDONET_STEP_ROUTE + 1];
extern const char *const mn_trace_attr_names[MIDONET_TRACE_CACHED + 1];
extern const char *const mn_drop_attr_names[MIDONET_DROP_PACKET + 1];
extern const char *const mn_stats_attr_names[MIDONET_STATS_BYTES + 1];
extern const char *const mn_subsystem_attr_names[MIDONET_SUBSYSTEM_LIMIT + 1];
extern const char *const mn_status_attr_names[MIDONET_STATUS_VERSION + 1];
extern const char *const mn_punt_attr_names[MIDONET_PUNT_DHCP + 1];
extern const char *const mn_event_attr_names[MIDONET_EVENT_PORT + 1];

#endif /* _MN_NAMES_GEN_H */
