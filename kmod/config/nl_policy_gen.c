// SPDX-License-Identifier: GPL-2.0
/* Generated from Documentation/netlink/specs/midonet.yaml by generate.py, do not edit. */
#include <linux/bits.h>
#include <net/netlink.h>

#include "config/nl_policy_gen.h"

const struct nla_policy mn_match_policy[MIDONET_MATCH_MAX + 1] = {
	[MIDONET_MATCH_INVERT] = { .type = NLA_U64 },
	[MIDONET_MATCH_ETHERTYPE] = { .type = NLA_U16 },
	[MIDONET_MATCH_HW_SRC] = NLA_POLICY_EXACT_LEN(12),
	[MIDONET_MATCH_HW_DST] = NLA_POLICY_EXACT_LEN(12),
	[MIDONET_MATCH_VLAN] = NLA_POLICY_MAX(NLA_U16, 4096),
	[MIDONET_MATCH_SRC] = NLA_POLICY_RANGE(NLA_BINARY, 5, 17),
	[MIDONET_MATCH_DST] = NLA_POLICY_RANGE(NLA_BINARY, 5, 17),
	[MIDONET_MATCH_SRC_SET] = NLA_POLICY_EXACT_LEN(16),
	[MIDONET_MATCH_DST_SET] = NLA_POLICY_EXACT_LEN(16),
	[MIDONET_MATCH_PROTO] = { .type = NLA_U8 },
	[MIDONET_MATCH_SRC_PORT] = { .type = NLA_U32 },
	[MIDONET_MATCH_DST_PORT] = { .type = NLA_U32 },
	[MIDONET_MATCH_ICMP_TYPE] = { .type = NLA_U8 },
	[MIDONET_MATCH_ICMP_CODE] = { .type = NLA_U8 },
	[MIDONET_MATCH_TCP_FLAGS] = { .type = NLA_U16 },
	[MIDONET_MATCH_DSCP] = NLA_POLICY_MAX(NLA_U8, 63),
	[MIDONET_MATCH_FRAGMENT] = NLA_POLICY_MAX(NLA_U8, 4),
	[MIDONET_MATCH_IN_PORT] = NLA_POLICY_EXACT_LEN(16),
	[MIDONET_MATCH_OUT_PORT] = NLA_POLICY_EXACT_LEN(16),
	[MIDONET_MATCH_PORT_GROUP] = NLA_POLICY_EXACT_LEN(16),
	[MIDONET_MATCH_IN_PORT_GROUP] = NLA_POLICY_EXACT_LEN(16),
	[MIDONET_MATCH_OUT_PORT_GROUP] = NLA_POLICY_EXACT_LEN(16),
	[MIDONET_MATCH_STATE] = NLA_POLICY_MAX(NLA_U8, 4),
	[MIDONET_MATCH_DIRECTION] = NLA_POLICY_MAX(NLA_U8, 1),
	[MIDONET_MATCH_DST_REWRITTEN] = NLA_POLICY_MAX(NLA_U8, 1),
	[MIDONET_MATCH_ICMP_DATA_SRC] = NLA_POLICY_RANGE(NLA_BINARY, 5, 17),
	[MIDONET_MATCH_ICMP_DATA_DST] = NLA_POLICY_RANGE(NLA_BINARY, 5, 17),
};

const struct nla_policy mn_nat_target_policy[MIDONET_NAT_TARGET_MAX + 1] = {
	[MIDONET_NAT_TARGET_FIRST] = NLA_POLICY_RANGE(NLA_BINARY, 4, 16),
	[MIDONET_NAT_TARGET_LAST] = NLA_POLICY_RANGE(NLA_BINARY, 4, 16),
	[MIDONET_NAT_TARGET_FIRST_PORT] = NLA_POLICY_MIN(NLA_U16, 1),
	[MIDONET_NAT_TARGET_LAST_PORT] = NLA_POLICY_MIN(NLA_U16, 1),
};

const struct nla_policy mn_health_check_policy[MIDONET_HEALTH_CHECK_MAX + 1] = {
	[MIDONET_HEALTH_CHECK_TYPE] = NLA_POLICY_MAX(NLA_U8, 3),
	[MIDONET_HEALTH_CHECK_PATH] = { .type = NLA_NUL_STRING, .len = 255 },
	[MIDONET_HEALTH_CHECK_INTERVAL] = NLA_POLICY_RANGE(NLA_U32, 1, 3600),
	[MIDONET_HEALTH_CHECK_TIMEOUT] = NLA_POLICY_RANGE(NLA_U32, 1, 3600),
	[MIDONET_HEALTH_CHECK_RISE] = NLA_POLICY_RANGE(NLA_U32, 1, 100),
	[MIDONET_HEALTH_CHECK_FALL] = NLA_POLICY_RANGE(NLA_U32, 1, 100),
};

static struct netlink_range_validation mn_object_mac_age_range = {
	.min = 1,
	.max = 1000000,
};

static struct netlink_range_validation mn_object_tunnel_key_range = {
	.min = 1,
	.max = 15728639,
};

static struct netlink_range_validation mn_object_mtu_range = {
	.min = 0,
	.max = 65535,
};

static struct netlink_range_validation mn_object_sticky_range = {
	.min = 0,
	.max = 1000000,
};

static struct netlink_range_validation mn_object_weight_range = {
	.min = 0,
	.max = 65535,
};

const struct nla_policy mn_object_policy[MIDONET_A_MAX + 1] = {
	[MIDONET_A_ID] = NLA_POLICY_EXACT_LEN(16),
	[MIDONET_A_NAME] = { .type = NLA_NUL_STRING, .len = 63 },
	[MIDONET_A_PARENT] = NLA_POLICY_EXACT_LEN(16),
	[MIDONET_A_ADMIN_UP] = NLA_POLICY_MAX(NLA_U8, 1),
	[MIDONET_A_IN_CHAIN] = NLA_POLICY_EXACT_LEN(16),
	[MIDONET_A_OUT_CHAIN] = NLA_POLICY_EXACT_LEN(16),
	[MIDONET_A_MAC_AGE] = NLA_POLICY_FULL_RANGE(NLA_U32, &mn_object_mac_age_range),
	[MIDONET_A_ARP_SUPPRESS] = NLA_POLICY_MAX(NLA_U8, 1),
	[MIDONET_A_MAC] = NLA_POLICY_EXACT_LEN(6),
	[MIDONET_A_ADDRESSES] = NLA_POLICY_RANGE(NLA_BINARY, 5, 17),
	[MIDONET_A_VLAN] = NLA_POLICY_MAX(NLA_U16, 4094),
	[MIDONET_A_PEER] = NLA_POLICY_EXACT_LEN(16),
	[MIDONET_A_HOST] = NLA_POLICY_EXACT_LEN(16),
	[MIDONET_A_DEV] = { .type = NLA_NUL_STRING, .len = 15 },
	[MIDONET_A_PORT_GROUPS] = NLA_POLICY_EXACT_LEN(16),
	[MIDONET_A_ALLOWED_ADDRESSES] = NLA_POLICY_RANGE(NLA_BINARY, 6, 23),
	[MIDONET_A_MAC_LIMIT] = { .type = NLA_U32 },
	[MIDONET_A_TUNNEL_KEY] = NLA_POLICY_FULL_RANGE(NLA_U32, &mn_object_tunnel_key_range),
	[MIDONET_A_MTU] = NLA_POLICY_FULL_RANGE(NLA_U32, &mn_object_mtu_range),
	[MIDONET_A_STATE] = NLA_POLICY_MAX(NLA_U8, 6),
	[MIDONET_A_STATE_REASON] = { .type = NLA_NUL_STRING, .len = 255 },
	[MIDONET_A_POSITION] = NLA_POLICY_MIN(NLA_U32, 1),
	[MIDONET_A_MATCH] = NLA_POLICY_NESTED(mn_match_policy),
	[MIDONET_A_NOT] = NLA_POLICY_MAX(NLA_U8, 1),
	[MIDONET_A_ACTION] = NLA_POLICY_MAX(NLA_U8, 9),
	[MIDONET_A_CHAIN] = NLA_POLICY_EXACT_LEN(16),
	[MIDONET_A_MEMBERS] = NLA_POLICY_RANGE(NLA_BINARY, 5, 17),
	[MIDONET_A_STATEFUL] = NLA_POLICY_MAX(NLA_U8, 1),
	[MIDONET_A_ADDRESS] = NLA_POLICY_RANGE(NLA_BINARY, 4, 16),
	[MIDONET_A_PORT] = NLA_POLICY_EXACT_LEN(16),
	[MIDONET_A_LOCAL] = { .type = NLA_U8 },
	[MIDONET_A_ALIVE] = { .type = NLA_U8 },
	[MIDONET_A_ORIGIN] = NLA_POLICY_MAX(NLA_U8, 3),
	[MIDONET_A_AGE] = { .type = NLA_U32 },
	[MIDONET_A_UNSET] = { .type = NLA_U32 },
	[MIDONET_A_GENERATION] = { .type = NLA_U64 },
	[MIDONET_A_COUNT] = { .type = NLA_U32 },
	[MIDONET_A_SRC] = NLA_POLICY_RANGE(NLA_BINARY, 5, 17),
	[MIDONET_A_DST] = NLA_POLICY_RANGE(NLA_BINARY, 5, 17),
	[MIDONET_A_TYPE] = NLA_POLICY_MAX(NLA_U8, 3),
	[MIDONET_A_GATEWAY] = NLA_POLICY_RANGE(NLA_BINARY, 4, 16),
	[MIDONET_A_METRIC] = { .type = NLA_U32 },
	[MIDONET_A_NEIGHBOUR_STATE] = NLA_POLICY_MAX(NLA_U8, 5),
	[MIDONET_A_TARGET] = NLA_POLICY_NESTED(mn_nat_target_policy),
	[MIDONET_A_THEN] = NLA_POLICY_MAX(NLA_U8, 9),
	[MIDONET_A_ROUTER] = NLA_POLICY_EXACT_LEN(16),
	[MIDONET_A_POOL] = NLA_POLICY_EXACT_LEN(16),
	[MIDONET_A_PROTO] = { .type = NLA_U8 },
	[MIDONET_A_SERVICE_PORT] = NLA_POLICY_MIN(NLA_U16, 1),
	[MIDONET_A_STICKY] = NLA_POLICY_FULL_RANGE(NLA_U32, &mn_object_sticky_range),
	[MIDONET_A_WEIGHT] = NLA_POLICY_FULL_RANGE(NLA_U32, &mn_object_weight_range),
	[MIDONET_A_HEALTH] = NLA_POLICY_MAX(NLA_U8, 2),
	[MIDONET_A_HEALTH_CHECK] = NLA_POLICY_NESTED(mn_health_check_policy),
	[MIDONET_A_FIRST_PORT] = NLA_POLICY_MIN(NLA_U16, 1),
	[MIDONET_A_USED] = { .type = NLA_U32 },
	[MIDONET_A_SUBNET] = NLA_POLICY_RANGE(NLA_BINARY, 5, 17),
	[MIDONET_A_SERVER] = NLA_POLICY_RANGE(NLA_BINARY, 4, 16),
	[MIDONET_A_DNS] = NLA_POLICY_RANGE(NLA_BINARY, 4, 16),
	[MIDONET_A_LEASE] = NLA_POLICY_MIN(NLA_U32, 60),
	[MIDONET_A_ROUTES] = NLA_POLICY_EXACT_LEN(9),
	[MIDONET_A_MODE] = NLA_POLICY_MAX(NLA_U8, 2),
	[MIDONET_A_OPTIONS] = NLA_POLICY_RANGE(NLA_BINARY, 2, 254),
	[MIDONET_A_SERVER_MAC] = NLA_POLICY_EXACT_LEN(6),
	[MIDONET_A_GATEWAY_MAC] = NLA_POLICY_EXACT_LEN(6),
	[MIDONET_A_ENCAP] = NLA_POLICY_MAX(NLA_U8, 2),
	[MIDONET_A_UDP_PORT] = NLA_POLICY_MIN(NLA_U16, 1),
	[MIDONET_A_KEY] = NLA_POLICY_EXACT_LEN(16),
	[MIDONET_A_KEY_ID] = NLA_POLICY_EXACT_LEN(8),
	[MIDONET_A_DSCP] = NLA_POLICY_MAX(NLA_U8, 64),
};

const struct nla_policy mn_txn_policy[MIDONET_TXN_MAX + 1] = {
	[MIDONET_TXN_GENERATION] = { .type = NLA_U64 },
	[MIDONET_TXN_DRY_RUN] = { .type = NLA_FLAG },
	[MIDONET_TXN_OPS] = { .type = NLA_U32 },
	[MIDONET_TXN_CHANGES] = { .type = NLA_U32 },
	[MIDONET_TXN_FORCE] = { .type = NLA_FLAG },
	[MIDONET_TXN_STORE] = { .type = NLA_NUL_STRING, .len = 255 },
	[MIDONET_TXN_REVISION] = { .type = NLA_U64 },
};

const struct nla_policy mn_packet_policy[MIDONET_PACKET_MAX + 1] = {
	[MIDONET_PACKET_HW_SRC] = NLA_POLICY_EXACT_LEN(6),
	[MIDONET_PACKET_HW_DST] = NLA_POLICY_EXACT_LEN(6),
	[MIDONET_PACKET_ETHERTYPE] = { .type = NLA_U16 },
	[MIDONET_PACKET_VLAN] = { .type = NLA_U16 },
	[MIDONET_PACKET_SRC] = NLA_POLICY_RANGE(NLA_BINARY, 4, 16),
	[MIDONET_PACKET_DST] = NLA_POLICY_RANGE(NLA_BINARY, 4, 16),
	[MIDONET_PACKET_PROTO] = { .type = NLA_U8 },
	[MIDONET_PACKET_SRC_PORT] = { .type = NLA_U16 },
	[MIDONET_PACKET_DST_PORT] = { .type = NLA_U16 },
	[MIDONET_PACKET_ICMP_TYPE] = { .type = NLA_U8 },
	[MIDONET_PACKET_ICMP_CODE] = { .type = NLA_U8 },
	[MIDONET_PACKET_ICMP_ID] = { .type = NLA_U16 },
	[MIDONET_PACKET_TCP_FLAGS] = { .type = NLA_U8 },
	[MIDONET_PACKET_DSCP] = { .type = NLA_U8 },
	[MIDONET_PACKET_FRAGMENT] = { .type = NLA_U8 },
	[MIDONET_PACKET_TTL] = { .type = NLA_U8 },
	[MIDONET_PACKET_LEN] = { .type = NLA_U32 },
};

const struct nla_policy mn_flow_policy[MIDONET_FLOW_MAX + 1] = {
	[MIDONET_FLOW_IN_PORT] = { .type = NLA_NUL_STRING, .len = 255 },
	[MIDONET_FLOW_KEY] = NLA_POLICY_NESTED(mn_packet_policy),
	[MIDONET_FLOW_MASK] = NLA_POLICY_NESTED(mn_packet_policy),
	[MIDONET_FLOW_ACTIONS] = { .type = NLA_NUL_STRING, .len = 255 },
	[MIDONET_FLOW_PACKETS] = { .type = NLA_U64 },
	[MIDONET_FLOW_BYTES] = { .type = NLA_U64 },
	[MIDONET_FLOW_AGE] = { .type = NLA_U32 },
	[MIDONET_FLOW_IDLE] = { .type = NLA_U32 },
	[MIDONET_FLOW_STATEFUL] = { .type = NLA_U8 },
	[MIDONET_FLOW_VERDICT] = NLA_POLICY_MAX(NLA_U8, 4),
	[MIDONET_FLOW_DROP_REASON] = NLA_POLICY_MAX(NLA_U32, 51),
};

const struct nla_policy mn_conn_tuple_policy[MIDONET_CONN_TUPLE_MAX + 1] = {
	[MIDONET_CONN_TUPLE_SRC] = NLA_POLICY_RANGE(NLA_BINARY, 4, 16),
	[MIDONET_CONN_TUPLE_DST] = NLA_POLICY_RANGE(NLA_BINARY, 4, 16),
	[MIDONET_CONN_TUPLE_SRC_PORT] = { .type = NLA_U16 },
	[MIDONET_CONN_TUPLE_DST_PORT] = { .type = NLA_U16 },
	[MIDONET_CONN_TUPLE_ICMP_ID] = { .type = NLA_U16 },
};

const struct nla_policy mn_conn_policy[MIDONET_CONN_MAX + 1] = {
	[MIDONET_CONN_DEVICE] = { .type = NLA_NUL_STRING, .len = 255 },
	[MIDONET_CONN_DEVICE_ID] = NLA_POLICY_EXACT_LEN(16),
	[MIDONET_CONN_PORT] = { .type = NLA_NUL_STRING, .len = 255 },
	[MIDONET_CONN_PORT_ID] = NLA_POLICY_EXACT_LEN(16),
	[MIDONET_CONN_PROTO] = { .type = NLA_U8 },
	[MIDONET_CONN_FORWARD] = NLA_POLICY_NESTED(mn_conn_tuple_policy),
	[MIDONET_CONN_REPLY] = NLA_POLICY_NESTED(mn_conn_tuple_policy),
	[MIDONET_CONN_STATE] = NLA_POLICY_MAX(NLA_U8, 6),
	[MIDONET_CONN_ANSWERED] = NLA_POLICY_MAX(NLA_U8, 1),
	[MIDONET_CONN_AGE] = { .type = NLA_U32 },
	[MIDONET_CONN_EXPIRES] = { .type = NLA_U32 },
	[MIDONET_CONN_ORIGIN] = { .type = NLA_NUL_STRING, .len = 255 },
	[MIDONET_CONN_DNAT_RULE] = { .type = NLA_NUL_STRING, .len = 255 },
	[MIDONET_CONN_DNAT_RULE_ID] = NLA_POLICY_EXACT_LEN(16),
	[MIDONET_CONN_SNAT_RULE] = { .type = NLA_NUL_STRING, .len = 255 },
	[MIDONET_CONN_SNAT_RULE_ID] = NLA_POLICY_EXACT_LEN(16),
	[MIDONET_CONN_FILTER] = NLA_POLICY_NESTED(mn_match_policy),
	[MIDONET_CONN_COUNT] = { .type = NLA_U32 },
};

const struct nla_policy mn_step_policy[MIDONET_STEP_MAX + 1] = {
	[MIDONET_STEP_DEVICE] = { .type = NLA_NUL_STRING, .len = 255 },
	[MIDONET_STEP_PORT] = { .type = NLA_NUL_STRING, .len = 255 },
	[MIDONET_STEP_WHAT] = { .type = NLA_NUL_STRING, .len = 255 },
	[MIDONET_STEP_RULE] = { .type = NLA_NUL_STRING, .len = 255 },
	[MIDONET_STEP_TEXT] = { .type = NLA_NUL_STRING, .len = 255 },
	[MIDONET_STEP_PACKET] = NLA_POLICY_NESTED(mn_packet_policy),
	[MIDONET_STEP_ROUTE] = { .type = NLA_NUL_STRING, .len = 255 },
};

const struct nla_policy mn_trace_policy[MIDONET_TRACE_MAX + 1] = {
	[MIDONET_TRACE_PORT] = NLA_POLICY_EXACT_LEN(16),
	[MIDONET_TRACE_FRAME] = NLA_POLICY_MIN_LEN(14),
	[MIDONET_TRACE_VERDICT] = NLA_POLICY_MAX(NLA_U8, 4),
	[MIDONET_TRACE_DROP_REASON] = NLA_POLICY_MAX(NLA_U32, 51),
	[MIDONET_TRACE_PORT_NAME] = { .type = NLA_NUL_STRING, .len = 255 },
	[MIDONET_TRACE_HOST] = { .type = NLA_NUL_STRING, .len = 255 },
	[MIDONET_TRACE_TUNNEL_KEY] = { .type = NLA_U32 },
	[MIDONET_TRACE_OUTPUTS] = { .type = NLA_NUL_STRING, .len = 255 },
	[MIDONET_TRACE_PACKET_IN] = NLA_POLICY_NESTED(mn_packet_policy),
	[MIDONET_TRACE_PACKET_OUT] = NLA_POLICY_NESTED(mn_packet_policy),
	[MIDONET_TRACE_MASK] = NLA_POLICY_NESTED(mn_packet_policy),
	[MIDONET_TRACE_STEPS] = NLA_POLICY_NESTED(mn_step_policy),
	[MIDONET_TRACE_COUNT] = NLA_POLICY_RANGE(NLA_U32, 1, 1000),
	[MIDONET_TRACE_FILTER] = NLA_POLICY_NESTED(mn_match_policy),
	[MIDONET_TRACE_TRUNCATED] = { .type = NLA_U8 },
	[MIDONET_TRACE_CACHED] = { .type = NLA_U8 },
};

const struct nla_policy mn_drop_policy[MIDONET_DROP_MAX + 1] = {
	[MIDONET_DROP_DROP_REASON] = NLA_POLICY_MAX(NLA_U32, 51),
	[MIDONET_DROP_DEVICE] = { .type = NLA_NUL_STRING, .len = 255 },
	[MIDONET_DROP_PORT] = { .type = NLA_NUL_STRING, .len = 255 },
	[MIDONET_DROP_RULE] = { .type = NLA_NUL_STRING, .len = 255 },
	[MIDONET_DROP_PACKETS] = { .type = NLA_U64 },
	[MIDONET_DROP_PACKET] = NLA_POLICY_NESTED(mn_packet_policy),
};

const struct nla_policy mn_stats_policy[MIDONET_STATS_MAX + 1] = {
	[MIDONET_STATS_TYPE] = NLA_POLICY_MAX(NLA_U32, 21),
	[MIDONET_STATS_ID] = NLA_POLICY_EXACT_LEN(16),
	[MIDONET_STATS_NAME] = { .type = NLA_NUL_STRING, .len = 255 },
	[MIDONET_STATS_RX_PACKETS] = { .type = NLA_U64 },
	[MIDONET_STATS_RX_BYTES] = { .type = NLA_U64 },
	[MIDONET_STATS_TX_PACKETS] = { .type = NLA_U64 },
	[MIDONET_STATS_TX_BYTES] = { .type = NLA_U64 },
	[MIDONET_STATS_DROPS] = { .type = NLA_U64 },
	[MIDONET_STATS_PACKETS] = { .type = NLA_U64 },
	[MIDONET_STATS_BYTES] = { .type = NLA_U64 },
};

const struct nla_policy mn_subsystem_policy[MIDONET_SUBSYSTEM_MAX + 1] = {
	[MIDONET_SUBSYSTEM_NAME] = { .type = NLA_NUL_STRING, .len = 255 },
	[MIDONET_SUBSYSTEM_LEVEL] = NLA_POLICY_MAX(NLA_U8, 2),
	[MIDONET_SUBSYSTEM_TEXT] = { .type = NLA_NUL_STRING, .len = 255 },
	[MIDONET_SUBSYSTEM_USED] = { .type = NLA_U32 },
	[MIDONET_SUBSYSTEM_LIMIT] = { .type = NLA_U32 },
};

const struct nla_policy mn_status_policy[MIDONET_STATUS_MAX + 1] = {
	[MIDONET_STATUS_GENERATION] = { .type = NLA_U64 },
	[MIDONET_STATUS_EPOCH] = { .type = NLA_U64 },
	[MIDONET_STATUS_REVISION] = { .type = NLA_U64 },
	[MIDONET_STATUS_STORE] = { .type = NLA_NUL_STRING, .len = 255 },
	[MIDONET_STATUS_HOST] = { .type = NLA_NUL_STRING, .len = 255 },
	[MIDONET_STATUS_HOST_ID] = NLA_POLICY_EXACT_LEN(16),
	[MIDONET_STATUS_SUBSYSTEMS] = NLA_POLICY_NESTED(mn_subsystem_policy),
	[MIDONET_STATUS_VERSION] = { .type = NLA_NUL_STRING, .len = 255 },
};

const struct nla_policy mn_punt_policy[MIDONET_PUNT_MAX + 1] = {
	[MIDONET_PUNT_PORT] = NLA_POLICY_EXACT_LEN(16),
	[MIDONET_PUNT_DIRECTION] = NLA_POLICY_MAX(NLA_U8, 1),
	[MIDONET_PUNT_FRAME] = NLA_POLICY_MIN_LEN(14),
	[MIDONET_PUNT_PACKETS] = { .type = NLA_U64 },
	[MIDONET_PUNT_BRIDGE] = NLA_POLICY_EXACT_LEN(16),
	[MIDONET_PUNT_DHCP] = NLA_POLICY_EXACT_LEN(16),
};

const struct nla_policy mn_event_policy[MIDONET_EVENT_MAX + 1] = {
	[MIDONET_EVENT_OP] = NLA_POLICY_MAX(NLA_U32, 3),
	[MIDONET_EVENT_TYPE] = NLA_POLICY_MAX(NLA_U32, 21),
	[MIDONET_EVENT_ID] = NLA_POLICY_EXACT_LEN(16),
	[MIDONET_EVENT_NAME] = { .type = NLA_NUL_STRING, .len = 255 },
	[MIDONET_EVENT_GENERATION] = { .type = NLA_U64 },
	[MIDONET_EVENT_STATE] = NLA_POLICY_MAX(NLA_U8, 6),
	[MIDONET_EVENT_MAC] = NLA_POLICY_EXACT_LEN(6),
	[MIDONET_EVENT_VLAN] = { .type = NLA_U16 },
	[MIDONET_EVENT_PORT] = { .type = NLA_NUL_STRING, .len = 255 },
};

const struct mn_cmd_info mn_cmd_info[MIDONET_CMD_MAX + 1] = {
	[MIDONET_CMD_HOST_NEW] = {
		.policy = mn_object_policy,
		.maxattr = MIDONET_A_MAX,
		.do_attrs.w = { BIT_ULL(MIDONET_A_ID) |
			BIT_ULL(MIDONET_A_NAME) },
		.dump_attrs.w = { 0 },
		.type = MIDONET_OBJECT_TYPE_HOST,
		.verb = MN_VERB_NEW,
	},
	[MIDONET_CMD_HOST_SET] = {
		.policy = mn_object_policy,
		.maxattr = MIDONET_A_MAX,
		.do_attrs.w = { BIT_ULL(MIDONET_A_ID) |
			BIT_ULL(MIDONET_A_UNSET) },
		.dump_attrs.w = { 0 },
		.type = MIDONET_OBJECT_TYPE_HOST,
		.verb = MN_VERB_SET,
	},
	[MIDONET_CMD_HOST_DEL] = {
		.policy = mn_object_policy,
		.maxattr = MIDONET_A_MAX,
		.do_attrs.w = { BIT_ULL(MIDONET_A_ID) },
		.dump_attrs.w = { 0 },
		.type = MIDONET_OBJECT_TYPE_HOST,
		.verb = MN_VERB_DEL,
	},
	[MIDONET_CMD_HOST_GET] = {
		.policy = mn_object_policy,
		.maxattr = MIDONET_A_MAX,
		.do_attrs.w = { BIT_ULL(MIDONET_A_ID) },
		.dump_attrs.w = { 0 },
		.type = MIDONET_OBJECT_TYPE_HOST,
		.verb = MN_VERB_GET,
	},
	[MIDONET_CMD_BRIDGE_NEW] = {
		.policy = mn_object_policy,
		.maxattr = MIDONET_A_MAX,
		.do_attrs.w = { BIT_ULL(MIDONET_A_ID) |
			BIT_ULL(MIDONET_A_NAME) |
			BIT_ULL(MIDONET_A_ADMIN_UP) |
			BIT_ULL(MIDONET_A_IN_CHAIN) |
			BIT_ULL(MIDONET_A_OUT_CHAIN) |
			BIT_ULL(MIDONET_A_MAC_AGE) |
			BIT_ULL(MIDONET_A_ARP_SUPPRESS) },
		.dump_attrs.w = { 0 },
		.type = MIDONET_OBJECT_TYPE_BRIDGE,
		.verb = MN_VERB_NEW,
	},
	[MIDONET_CMD_BRIDGE_SET] = {
		.policy = mn_object_policy,
		.maxattr = MIDONET_A_MAX,
		.do_attrs.w = { BIT_ULL(MIDONET_A_ID) |
			BIT_ULL(MIDONET_A_ADMIN_UP) |
			BIT_ULL(MIDONET_A_IN_CHAIN) |
			BIT_ULL(MIDONET_A_OUT_CHAIN) |
			BIT_ULL(MIDONET_A_MAC_AGE) |
			BIT_ULL(MIDONET_A_ARP_SUPPRESS) |
			BIT_ULL(MIDONET_A_UNSET) },
		.dump_attrs.w = { 0 },
		.type = MIDONET_OBJECT_TYPE_BRIDGE,
		.verb = MN_VERB_SET,
	},
	[MIDONET_CMD_BRIDGE_DEL] = {
		.policy = mn_object_policy,
		.maxattr = MIDONET_A_MAX,
		.do_attrs.w = { BIT_ULL(MIDONET_A_ID) },
		.dump_attrs.w = { 0 },
		.type = MIDONET_OBJECT_TYPE_BRIDGE,
		.verb = MN_VERB_DEL,
	},
	[MIDONET_CMD_BRIDGE_GET] = {
		.policy = mn_object_policy,
		.maxattr = MIDONET_A_MAX,
		.do_attrs.w = { BIT_ULL(MIDONET_A_ID) },
		.dump_attrs.w = { 0 },
		.type = MIDONET_OBJECT_TYPE_BRIDGE,
		.verb = MN_VERB_GET,
	},
	[MIDONET_CMD_PORT_NEW] = {
		.policy = mn_object_policy,
		.maxattr = MIDONET_A_MAX,
		.do_attrs.w = { BIT_ULL(MIDONET_A_ID) |
			BIT_ULL(MIDONET_A_NAME) |
			BIT_ULL(MIDONET_A_PARENT) |
			BIT_ULL(MIDONET_A_ADMIN_UP) |
			BIT_ULL(MIDONET_A_MAC) |
			BIT_ULL(MIDONET_A_ADDRESSES) |
			BIT_ULL(MIDONET_A_VLAN) |
			BIT_ULL(MIDONET_A_PEER) |
			BIT_ULL(MIDONET_A_HOST) |
			BIT_ULL(MIDONET_A_DEV) |
			BIT_ULL(MIDONET_A_IN_CHAIN) |
			BIT_ULL(MIDONET_A_OUT_CHAIN) |
			BIT_ULL(MIDONET_A_PORT_GROUPS) |
			BIT_ULL(MIDONET_A_ALLOWED_ADDRESSES) |
			BIT_ULL(MIDONET_A_MAC_LIMIT) |
			BIT_ULL(MIDONET_A_TUNNEL_KEY) |
			BIT_ULL(MIDONET_A_MTU) },
		.dump_attrs.w = { 0 },
		.type = MIDONET_OBJECT_TYPE_PORT,
		.verb = MN_VERB_NEW,
	},
	[MIDONET_CMD_PORT_SET] = {
		.policy = mn_object_policy,
		.maxattr = MIDONET_A_MAX,
		.do_attrs.w = { BIT_ULL(MIDONET_A_ID) |
			BIT_ULL(MIDONET_A_ADMIN_UP) |
			BIT_ULL(MIDONET_A_MAC) |
			BIT_ULL(MIDONET_A_ADDRESSES) |
			BIT_ULL(MIDONET_A_VLAN) |
			BIT_ULL(MIDONET_A_PEER) |
			BIT_ULL(MIDONET_A_HOST) |
			BIT_ULL(MIDONET_A_DEV) |
			BIT_ULL(MIDONET_A_IN_CHAIN) |
			BIT_ULL(MIDONET_A_OUT_CHAIN) |
			BIT_ULL(MIDONET_A_PORT_GROUPS) |
			BIT_ULL(MIDONET_A_ALLOWED_ADDRESSES) |
			BIT_ULL(MIDONET_A_MAC_LIMIT) |
			BIT_ULL(MIDONET_A_TUNNEL_KEY) |
			BIT_ULL(MIDONET_A_MTU) |
			BIT_ULL(MIDONET_A_UNSET) },
		.dump_attrs.w = { 0 },
		.type = MIDONET_OBJECT_TYPE_PORT,
		.verb = MN_VERB_SET,
	},
	[MIDONET_CMD_PORT_DEL] = {
		.policy = mn_object_policy,
		.maxattr = MIDONET_A_MAX,
		.do_attrs.w = { BIT_ULL(MIDONET_A_ID) },
		.dump_attrs.w = { 0 },
		.type = MIDONET_OBJECT_TYPE_PORT,
		.verb = MN_VERB_DEL,
	},
	[MIDONET_CMD_PORT_GET] = {
		.policy = mn_object_policy,
		.maxattr = MIDONET_A_MAX,
		.do_attrs.w = { BIT_ULL(MIDONET_A_ID) },
		.dump_attrs.w = { BIT_ULL(MIDONET_A_PARENT) },
		.type = MIDONET_OBJECT_TYPE_PORT,
		.verb = MN_VERB_GET,
	},
	[MIDONET_CMD_MAC_NEW] = {
		.policy = mn_object_policy,
		.maxattr = MIDONET_A_MAX,
		.do_attrs.w = { BIT_ULL(MIDONET_A_PARENT) |
			BIT_ULL(MIDONET_A_MAC) |
			BIT_ULL(MIDONET_A_VLAN) |
			BIT_ULL(MIDONET_A_PORT) },
		.dump_attrs.w = { 0 },
		.type = MIDONET_OBJECT_TYPE_MAC,
		.verb = MN_VERB_NEW,
	},
	[MIDONET_CMD_MAC_DEL] = {
		.policy = mn_object_policy,
		.maxattr = MIDONET_A_MAX,
		.do_attrs.w = { BIT_ULL(MIDONET_A_PARENT) |
			BIT_ULL(MIDONET_A_MAC) |
			BIT_ULL(MIDONET_A_VLAN) },
		.dump_attrs.w = { 0 },
		.type = MIDONET_OBJECT_TYPE_MAC,
		.verb = MN_VERB_DEL,
	},
	[MIDONET_CMD_MAC_GET] = {
		.policy = mn_object_policy,
		.maxattr = MIDONET_A_MAX,
		.do_attrs.w = { 0 },
		.dump_attrs.w = { BIT_ULL(MIDONET_A_PARENT) },
		.type = MIDONET_OBJECT_TYPE_MAC,
		.verb = MN_VERB_GET,
	},
	[MIDONET_CMD_NEIGHBOUR_NEW] = {
		.policy = mn_object_policy,
		.maxattr = MIDONET_A_MAX,
		.do_attrs.w = { BIT_ULL(MIDONET_A_PARENT) |
			BIT_ULL(MIDONET_A_ADDRESS) |
			BIT_ULL(MIDONET_A_MAC) |
			BIT_ULL(MIDONET_A_PORT) },
		.dump_attrs.w = { 0 },
		.type = MIDONET_OBJECT_TYPE_NEIGHBOUR,
		.verb = MN_VERB_NEW,
	},
	[MIDONET_CMD_NEIGHBOUR_DEL] = {
		.policy = mn_object_policy,
		.maxattr = MIDONET_A_MAX,
		.do_attrs.w = { BIT_ULL(MIDONET_A_PARENT) |
			BIT_ULL(MIDONET_A_ADDRESS) |
			BIT_ULL(MIDONET_A_PORT) },
		.dump_attrs.w = { 0 },
		.type = MIDONET_OBJECT_TYPE_NEIGHBOUR,
		.verb = MN_VERB_DEL,
	},
	[MIDONET_CMD_NEIGHBOUR_GET] = {
		.policy = mn_object_policy,
		.maxattr = MIDONET_A_MAX,
		.do_attrs.w = { 0 },
		.dump_attrs.w = { BIT_ULL(MIDONET_A_PARENT) },
		.type = MIDONET_OBJECT_TYPE_NEIGHBOUR,
		.verb = MN_VERB_GET,
	},
	[MIDONET_CMD_PORT_GROUP_NEW] = {
		.policy = mn_object_policy,
		.maxattr = MIDONET_A_MAX,
		.do_attrs.w = { BIT_ULL(MIDONET_A_ID) |
			BIT_ULL(MIDONET_A_NAME) |
			BIT_ULL(MIDONET_A_STATEFUL) },
		.dump_attrs.w = { 0 },
		.type = MIDONET_OBJECT_TYPE_PORT_GROUP,
		.verb = MN_VERB_NEW,
	},
	[MIDONET_CMD_PORT_GROUP_SET] = {
		.policy = mn_object_policy,
		.maxattr = MIDONET_A_MAX,
		.do_attrs.w = { BIT_ULL(MIDONET_A_ID) |
			BIT_ULL(MIDONET_A_STATEFUL) |
			BIT_ULL(MIDONET_A_UNSET) },
		.dump_attrs.w = { 0 },
		.type = MIDONET_OBJECT_TYPE_PORT_GROUP,
		.verb = MN_VERB_SET,
	},
	[MIDONET_CMD_PORT_GROUP_DEL] = {
		.policy = mn_object_policy,
		.maxattr = MIDONET_A_MAX,
		.do_attrs.w = { BIT_ULL(MIDONET_A_ID) },
		.dump_attrs.w = { 0 },
		.type = MIDONET_OBJECT_TYPE_PORT_GROUP,
		.verb = MN_VERB_DEL,
	},
	[MIDONET_CMD_PORT_GROUP_GET] = {
		.policy = mn_object_policy,
		.maxattr = MIDONET_A_MAX,
		.do_attrs.w = { BIT_ULL(MIDONET_A_ID) },
		.dump_attrs.w = { 0 },
		.type = MIDONET_OBJECT_TYPE_PORT_GROUP,
		.verb = MN_VERB_GET,
	},
	[MIDONET_CMD_IP_SET_NEW] = {
		.policy = mn_object_policy,
		.maxattr = MIDONET_A_MAX,
		.do_attrs.w = { BIT_ULL(MIDONET_A_ID) |
			BIT_ULL(MIDONET_A_NAME) },
		.dump_attrs.w = { 0 },
		.type = MIDONET_OBJECT_TYPE_IP_SET,
		.verb = MN_VERB_NEW,
	},
	[MIDONET_CMD_IP_SET_SET] = {
		.policy = mn_object_policy,
		.maxattr = MIDONET_A_MAX,
		.do_attrs.w = { BIT_ULL(MIDONET_A_ID) |
			BIT_ULL(MIDONET_A_UNSET) },
		.dump_attrs.w = { 0 },
		.type = MIDONET_OBJECT_TYPE_IP_SET,
		.verb = MN_VERB_SET,
	},
	[MIDONET_CMD_IP_SET_DEL] = {
		.policy = mn_object_policy,
		.maxattr = MIDONET_A_MAX,
		.do_attrs.w = { BIT_ULL(MIDONET_A_ID) },
		.dump_attrs.w = { 0 },
		.type = MIDONET_OBJECT_TYPE_IP_SET,
		.verb = MN_VERB_DEL,
	},
	[MIDONET_CMD_IP_SET_GET] = {
		.policy = mn_object_policy,
		.maxattr = MIDONET_A_MAX,
		.do_attrs.w = { BIT_ULL(MIDONET_A_ID) },
		.dump_attrs.w = { 0 },
		.type = MIDONET_OBJECT_TYPE_IP_SET,
		.verb = MN_VERB_GET,
	},
	[MIDONET_CMD_IP_SET_MEMBER_NEW] = {
		.policy = mn_object_policy,
		.maxattr = MIDONET_A_MAX,
		.do_attrs.w = { BIT_ULL(MIDONET_A_PARENT) |
			BIT_ULL(MIDONET_A_MEMBERS) },
		.dump_attrs.w = { 0 },
		.type = MIDONET_OBJECT_TYPE_IP_SET_MEMBER,
		.verb = MN_VERB_NEW,
	},
	[MIDONET_CMD_IP_SET_MEMBER_DEL] = {
		.policy = mn_object_policy,
		.maxattr = MIDONET_A_MAX,
		.do_attrs.w = { BIT_ULL(MIDONET_A_PARENT) |
			BIT_ULL(MIDONET_A_MEMBERS) },
		.dump_attrs.w = { 0 },
		.type = MIDONET_OBJECT_TYPE_IP_SET_MEMBER,
		.verb = MN_VERB_DEL,
	},
	[MIDONET_CMD_IP_SET_MEMBER_GET] = {
		.policy = mn_object_policy,
		.maxattr = MIDONET_A_MAX,
		.do_attrs.w = { 0 },
		.dump_attrs.w = { BIT_ULL(MIDONET_A_PARENT) },
		.type = MIDONET_OBJECT_TYPE_IP_SET_MEMBER,
		.verb = MN_VERB_GET,
	},
	[MIDONET_CMD_CHAIN_NEW] = {
		.policy = mn_object_policy,
		.maxattr = MIDONET_A_MAX,
		.do_attrs.w = { BIT_ULL(MIDONET_A_ID) |
			BIT_ULL(MIDONET_A_NAME) },
		.dump_attrs.w = { 0 },
		.type = MIDONET_OBJECT_TYPE_CHAIN,
		.verb = MN_VERB_NEW,
	},
	[MIDONET_CMD_CHAIN_SET] = {
		.policy = mn_object_policy,
		.maxattr = MIDONET_A_MAX,
		.do_attrs.w = { BIT_ULL(MIDONET_A_ID) |
			BIT_ULL(MIDONET_A_UNSET) },
		.dump_attrs.w = { 0 },
		.type = MIDONET_OBJECT_TYPE_CHAIN,
		.verb = MN_VERB_SET,
	},
	[MIDONET_CMD_CHAIN_DEL] = {
		.policy = mn_object_policy,
		.maxattr = MIDONET_A_MAX,
		.do_attrs.w = { BIT_ULL(MIDONET_A_ID) },
		.dump_attrs.w = { 0 },
		.type = MIDONET_OBJECT_TYPE_CHAIN,
		.verb = MN_VERB_DEL,
	},
	[MIDONET_CMD_CHAIN_GET] = {
		.policy = mn_object_policy,
		.maxattr = MIDONET_A_MAX,
		.do_attrs.w = { BIT_ULL(MIDONET_A_ID) },
		.dump_attrs.w = { 0 },
		.type = MIDONET_OBJECT_TYPE_CHAIN,
		.verb = MN_VERB_GET,
	},
	[MIDONET_CMD_RULE_NEW] = {
		.policy = mn_object_policy,
		.maxattr = MIDONET_A_MAX,
		.do_attrs.w = { BIT_ULL(MIDONET_A_ID) |
			BIT_ULL(MIDONET_A_PARENT) |
			BIT_ULL(MIDONET_A_POSITION) |
			BIT_ULL(MIDONET_A_MATCH) |
			BIT_ULL(MIDONET_A_NOT) |
			BIT_ULL(MIDONET_A_ACTION) |
			BIT_ULL(MIDONET_A_CHAIN) |
			BIT_ULL(MIDONET_A_TARGET) |
			BIT_ULL(MIDONET_A_THEN) },
		.dump_attrs.w = { 0 },
		.type = MIDONET_OBJECT_TYPE_RULE,
		.verb = MN_VERB_NEW,
	},
	[MIDONET_CMD_RULE_SET] = {
		.policy = mn_object_policy,
		.maxattr = MIDONET_A_MAX,
		.do_attrs.w = { BIT_ULL(MIDONET_A_ID) |
			BIT_ULL(MIDONET_A_POSITION) |
			BIT_ULL(MIDONET_A_MATCH) |
			BIT_ULL(MIDONET_A_NOT) |
			BIT_ULL(MIDONET_A_ACTION) |
			BIT_ULL(MIDONET_A_CHAIN) |
			BIT_ULL(MIDONET_A_TARGET) |
			BIT_ULL(MIDONET_A_THEN) |
			BIT_ULL(MIDONET_A_UNSET) },
		.dump_attrs.w = { 0 },
		.type = MIDONET_OBJECT_TYPE_RULE,
		.verb = MN_VERB_SET,
	},
	[MIDONET_CMD_RULE_DEL] = {
		.policy = mn_object_policy,
		.maxattr = MIDONET_A_MAX,
		.do_attrs.w = { BIT_ULL(MIDONET_A_ID) },
		.dump_attrs.w = { 0 },
		.type = MIDONET_OBJECT_TYPE_RULE,
		.verb = MN_VERB_DEL,
	},
	[MIDONET_CMD_RULE_GET] = {
		.policy = mn_object_policy,
		.maxattr = MIDONET_A_MAX,
		.do_attrs.w = { BIT_ULL(MIDONET_A_ID) },
		.dump_attrs.w = { BIT_ULL(MIDONET_A_PARENT) },
		.type = MIDONET_OBJECT_TYPE_RULE,
		.verb = MN_VERB_GET,
	},
	[MIDONET_CMD_TXN_BEGIN] = {
		.policy = mn_txn_policy,
		.maxattr = MIDONET_TXN_MAX,
		.do_attrs.w = { BIT_ULL(MIDONET_TXN_GENERATION) |
			BIT_ULL(MIDONET_TXN_FORCE) |
			BIT_ULL(MIDONET_TXN_STORE) |
			BIT_ULL(MIDONET_TXN_REVISION) },
		.dump_attrs.w = { 0 },
	},
	[MIDONET_CMD_TXN_COMMIT] = {
		.policy = mn_txn_policy,
		.maxattr = MIDONET_TXN_MAX,
		.do_attrs.w = { BIT_ULL(MIDONET_TXN_DRY_RUN) },
		.dump_attrs.w = { 0 },
	},
	[MIDONET_CMD_TXN_ABORT] = {
		.policy = mn_txn_policy,
		.maxattr = MIDONET_TXN_MAX,
		.do_attrs.w = { 0 },
		.dump_attrs.w = { 0 },
	},
	[MIDONET_CMD_STATUS_GET] = {
		.policy = mn_status_policy,
		.maxattr = MIDONET_STATUS_MAX,
		.do_attrs.w = { 0 },
		.dump_attrs.w = { 0 },
	},
	[MIDONET_CMD_STATUS_SET] = {
		.policy = mn_status_policy,
		.maxattr = MIDONET_STATUS_MAX,
		.do_attrs.w = { BIT_ULL(MIDONET_STATUS_HOST_ID) |
			BIT_ULL(MIDONET_STATUS_STORE) |
			BIT_ULL(MIDONET_STATUS_REVISION) |
			BIT_ULL(MIDONET_STATUS_SUBSYSTEMS) },
		.dump_attrs.w = { 0 },
	},
	[MIDONET_CMD_FLOW_GET] = {
		.policy = mn_flow_policy,
		.maxattr = MIDONET_FLOW_MAX,
		.do_attrs.w = { 0 },
		.dump_attrs.w = { 0 },
	},
	[MIDONET_CMD_FLOW_FLUSH] = {
		.policy = mn_flow_policy,
		.maxattr = MIDONET_FLOW_MAX,
		.do_attrs.w = { 0 },
		.dump_attrs.w = { 0 },
	},
	[MIDONET_CMD_MAC_FLUSH] = {
		.policy = mn_object_policy,
		.maxattr = MIDONET_A_MAX,
		.do_attrs.w = { BIT_ULL(MIDONET_A_PARENT) },
		.dump_attrs.w = { 0 },
	},
	[MIDONET_CMD_DROP_GET] = {
		.policy = mn_drop_policy,
		.maxattr = MIDONET_DROP_MAX,
		.do_attrs.w = { 0 },
		.dump_attrs.w = { 0 },
	},
	[MIDONET_CMD_STATS_GET] = {
		.policy = mn_stats_policy,
		.maxattr = MIDONET_STATS_MAX,
		.do_attrs.w = { 0 },
		.dump_attrs.w = { BIT_ULL(MIDONET_STATS_TYPE) },
	},
	[MIDONET_CMD_TRACE] = {
		.policy = mn_trace_policy,
		.maxattr = MIDONET_TRACE_MAX,
		.do_attrs.w = { BIT_ULL(MIDONET_TRACE_PORT) |
			BIT_ULL(MIDONET_TRACE_FRAME) },
		.dump_attrs.w = { 0 },
	},
	[MIDONET_CMD_TRACE_LIVE] = {
		.policy = mn_trace_policy,
		.maxattr = MIDONET_TRACE_MAX,
		.do_attrs.w = { BIT_ULL(MIDONET_TRACE_COUNT) |
			BIT_ULL(MIDONET_TRACE_FILTER) |
			BIT_ULL(MIDONET_TRACE_PORT) },
		.dump_attrs.w = { 0 },
	},
	[MIDONET_CMD_PUNT_BIND] = {
		.policy = mn_punt_policy,
		.maxattr = MIDONET_PUNT_MAX,
		.do_attrs.w = { 0 },
		.dump_attrs.w = { 0 },
	},
	[MIDONET_CMD_INJECT] = {
		.policy = mn_punt_policy,
		.maxattr = MIDONET_PUNT_MAX,
		.do_attrs.w = { BIT_ULL(MIDONET_PUNT_PORT) |
			BIT_ULL(MIDONET_PUNT_DIRECTION) |
			BIT_ULL(MIDONET_PUNT_FRAME) },
		.dump_attrs.w = { 0 },
	},
	[MIDONET_CMD_ROUTER_NEW] = {
		.policy = mn_object_policy,
		.maxattr = MIDONET_A_MAX,
		.do_attrs.w = { BIT_ULL(MIDONET_A_ID) |
			BIT_ULL(MIDONET_A_NAME) |
			BIT_ULL(MIDONET_A_ADMIN_UP) |
			BIT_ULL(MIDONET_A_IN_CHAIN) |
			BIT_ULL(MIDONET_A_OUT_CHAIN) },
		.dump_attrs.w = { 0 },
		.type = MIDONET_OBJECT_TYPE_ROUTER,
		.verb = MN_VERB_NEW,
	},
	[MIDONET_CMD_ROUTER_SET] = {
		.policy = mn_object_policy,
		.maxattr = MIDONET_A_MAX,
		.do_attrs.w = { BIT_ULL(MIDONET_A_ID) |
			BIT_ULL(MIDONET_A_ADMIN_UP) |
			BIT_ULL(MIDONET_A_IN_CHAIN) |
			BIT_ULL(MIDONET_A_OUT_CHAIN) |
			BIT_ULL(MIDONET_A_UNSET) },
		.dump_attrs.w = { 0 },
		.type = MIDONET_OBJECT_TYPE_ROUTER,
		.verb = MN_VERB_SET,
	},
	[MIDONET_CMD_ROUTER_DEL] = {
		.policy = mn_object_policy,
		.maxattr = MIDONET_A_MAX,
		.do_attrs.w = { BIT_ULL(MIDONET_A_ID) },
		.dump_attrs.w = { 0 },
		.type = MIDONET_OBJECT_TYPE_ROUTER,
		.verb = MN_VERB_DEL,
	},
	[MIDONET_CMD_ROUTER_GET] = {
		.policy = mn_object_policy,
		.maxattr = MIDONET_A_MAX,
		.do_attrs.w = { BIT_ULL(MIDONET_A_ID) },
		.dump_attrs.w = { 0 },
		.type = MIDONET_OBJECT_TYPE_ROUTER,
		.verb = MN_VERB_GET,
	},
	[MIDONET_CMD_ROUTE_NEW] = {
		.policy = mn_object_policy,
		.maxattr = MIDONET_A_MAX,
		.do_attrs.w = { BIT_ULL(MIDONET_A_PARENT) |
			BIT_ULL(MIDONET_A_SRC) |
			BIT_ULL(MIDONET_A_DST) |
			BIT_ULL(MIDONET_A_TYPE) |
			BIT_ULL(MIDONET_A_PORT) |
			BIT_ULL(MIDONET_A_GATEWAY) |
			BIT_ULL(MIDONET_A_METRIC) },
		.dump_attrs.w = { 0 },
		.type = MIDONET_OBJECT_TYPE_ROUTE,
		.verb = MN_VERB_NEW,
	},
	[MIDONET_CMD_ROUTE_DEL] = {
		.policy = mn_object_policy,
		.maxattr = MIDONET_A_MAX,
		.do_attrs.w = { BIT_ULL(MIDONET_A_PARENT) |
			BIT_ULL(MIDONET_A_SRC) |
			BIT_ULL(MIDONET_A_DST) |
			BIT_ULL(MIDONET_A_TYPE) |
			BIT_ULL(MIDONET_A_PORT) |
			BIT_ULL(MIDONET_A_GATEWAY) |
			BIT_ULL(MIDONET_A_METRIC) },
		.dump_attrs.w = { 0 },
		.type = MIDONET_OBJECT_TYPE_ROUTE,
		.verb = MN_VERB_DEL,
	},
	[MIDONET_CMD_ROUTE_GET] = {
		.policy = mn_object_policy,
		.maxattr = MIDONET_A_MAX,
		.do_attrs.w = { 0 },
		.dump_attrs.w = { BIT_ULL(MIDONET_A_PARENT) },
		.type = MIDONET_OBJECT_TYPE_ROUTE,
		.verb = MN_VERB_GET,
	},
	[MIDONET_CMD_LOAD_BALANCER_NEW] = {
		.policy = mn_object_policy,
		.maxattr = MIDONET_A_MAX,
		.do_attrs.w = { BIT_ULL(MIDONET_A_ID) |
			BIT_ULL(MIDONET_A_NAME) |
			BIT_ULL(MIDONET_A_ADMIN_UP) |
			BIT_ULL(MIDONET_A_ROUTER) },
		.dump_attrs.w = { 0 },
		.type = MIDONET_OBJECT_TYPE_LOAD_BALANCER,
		.verb = MN_VERB_NEW,
	},
	[MIDONET_CMD_LOAD_BALANCER_SET] = {
		.policy = mn_object_policy,
		.maxattr = MIDONET_A_MAX,
		.do_attrs.w = { BIT_ULL(MIDONET_A_ID) |
			BIT_ULL(MIDONET_A_ADMIN_UP) |
			BIT_ULL(MIDONET_A_ROUTER) |
			BIT_ULL(MIDONET_A_UNSET) },
		.dump_attrs.w = { 0 },
		.type = MIDONET_OBJECT_TYPE_LOAD_BALANCER,
		.verb = MN_VERB_SET,
	},
	[MIDONET_CMD_LOAD_BALANCER_DEL] = {
		.policy = mn_object_policy,
		.maxattr = MIDONET_A_MAX,
		.do_attrs.w = { BIT_ULL(MIDONET_A_ID) },
		.dump_attrs.w = { 0 },
		.type = MIDONET_OBJECT_TYPE_LOAD_BALANCER,
		.verb = MN_VERB_DEL,
	},
	[MIDONET_CMD_LOAD_BALANCER_GET] = {
		.policy = mn_object_policy,
		.maxattr = MIDONET_A_MAX,
		.do_attrs.w = { BIT_ULL(MIDONET_A_ID) },
		.dump_attrs.w = { 0 },
		.type = MIDONET_OBJECT_TYPE_LOAD_BALANCER,
		.verb = MN_VERB_GET,
	},
	[MIDONET_CMD_POOL_NEW] = {
		.policy = mn_object_policy,
		.maxattr = MIDONET_A_MAX,
		.do_attrs.w = { BIT_ULL(MIDONET_A_ID) |
			BIT_ULL(MIDONET_A_NAME) |
			BIT_ULL(MIDONET_A_PARENT) |
			BIT_ULL(MIDONET_A_ADMIN_UP) |
			BIT_ULL(MIDONET_A_HEALTH_CHECK) },
		.dump_attrs.w = { 0 },
		.type = MIDONET_OBJECT_TYPE_POOL,
		.verb = MN_VERB_NEW,
	},
	[MIDONET_CMD_POOL_SET] = {
		.policy = mn_object_policy,
		.maxattr = MIDONET_A_MAX,
		.do_attrs.w = { BIT_ULL(MIDONET_A_ID) |
			BIT_ULL(MIDONET_A_ADMIN_UP) |
			BIT_ULL(MIDONET_A_HEALTH_CHECK) |
			BIT_ULL(MIDONET_A_UNSET) },
		.dump_attrs.w = { 0 },
		.type = MIDONET_OBJECT_TYPE_POOL,
		.verb = MN_VERB_SET,
	},
	[MIDONET_CMD_POOL_DEL] = {
		.policy = mn_object_policy,
		.maxattr = MIDONET_A_MAX,
		.do_attrs.w = { BIT_ULL(MIDONET_A_ID) },
		.dump_attrs.w = { 0 },
		.type = MIDONET_OBJECT_TYPE_POOL,
		.verb = MN_VERB_DEL,
	},
	[MIDONET_CMD_POOL_GET] = {
		.policy = mn_object_policy,
		.maxattr = MIDONET_A_MAX,
		.do_attrs.w = { BIT_ULL(MIDONET_A_ID) },
		.dump_attrs.w = { 0 },
		.type = MIDONET_OBJECT_TYPE_POOL,
		.verb = MN_VERB_GET,
	},
	[MIDONET_CMD_VIP_NEW] = {
		.policy = mn_object_policy,
		.maxattr = MIDONET_A_MAX,
		.do_attrs.w = { BIT_ULL(MIDONET_A_PARENT) |
			BIT_ULL(MIDONET_A_ADDRESS) |
			BIT_ULL(MIDONET_A_SERVICE_PORT) |
			BIT_ULL(MIDONET_A_PROTO) |
			BIT_ULL(MIDONET_A_POOL) |
			BIT_ULL(MIDONET_A_STICKY) },
		.dump_attrs.w = { 0 },
		.type = MIDONET_OBJECT_TYPE_VIP,
		.verb = MN_VERB_NEW,
	},
	[MIDONET_CMD_VIP_DEL] = {
		.policy = mn_object_policy,
		.maxattr = MIDONET_A_MAX,
		.do_attrs.w = { BIT_ULL(MIDONET_A_PARENT) |
			BIT_ULL(MIDONET_A_ADDRESS) |
			BIT_ULL(MIDONET_A_SERVICE_PORT) |
			BIT_ULL(MIDONET_A_PROTO) },
		.dump_attrs.w = { 0 },
		.type = MIDONET_OBJECT_TYPE_VIP,
		.verb = MN_VERB_DEL,
	},
	[MIDONET_CMD_VIP_GET] = {
		.policy = mn_object_policy,
		.maxattr = MIDONET_A_MAX,
		.do_attrs.w = { 0 },
		.dump_attrs.w = { BIT_ULL(MIDONET_A_PARENT) },
		.type = MIDONET_OBJECT_TYPE_VIP,
		.verb = MN_VERB_GET,
	},
	[MIDONET_CMD_POOL_MEMBER_NEW] = {
		.policy = mn_object_policy,
		.maxattr = MIDONET_A_MAX,
		.do_attrs.w = { BIT_ULL(MIDONET_A_PARENT) |
			BIT_ULL(MIDONET_A_ADDRESS) |
			BIT_ULL(MIDONET_A_SERVICE_PORT) |
			BIT_ULL(MIDONET_A_WEIGHT) |
			BIT_ULL(MIDONET_A_ADMIN_UP) },
		.dump_attrs.w = { 0 },
		.type = MIDONET_OBJECT_TYPE_POOL_MEMBER,
		.verb = MN_VERB_NEW,
	},
	[MIDONET_CMD_POOL_MEMBER_DEL] = {
		.policy = mn_object_policy,
		.maxattr = MIDONET_A_MAX,
		.do_attrs.w = { BIT_ULL(MIDONET_A_PARENT) |
			BIT_ULL(MIDONET_A_ADDRESS) |
			BIT_ULL(MIDONET_A_SERVICE_PORT) },
		.dump_attrs.w = { 0 },
		.type = MIDONET_OBJECT_TYPE_POOL_MEMBER,
		.verb = MN_VERB_DEL,
	},
	[MIDONET_CMD_POOL_MEMBER_GET] = {
		.policy = mn_object_policy,
		.maxattr = MIDONET_A_MAX,
		.do_attrs.w = { 0 },
		.dump_attrs.w = { BIT_ULL(MIDONET_A_PARENT) },
		.type = MIDONET_OBJECT_TYPE_POOL_MEMBER,
		.verb = MN_VERB_GET,
	},
	[MIDONET_CMD_NAT_BLOCK_NEW] = {
		.policy = mn_object_policy,
		.maxattr = MIDONET_A_MAX,
		.do_attrs.w = { BIT_ULL(MIDONET_A_PARENT) |
			BIT_ULL(MIDONET_A_ADDRESS) |
			BIT_ULL(MIDONET_A_FIRST_PORT) |
			BIT_ULL(MIDONET_A_COUNT) },
		.dump_attrs.w = { 0 },
		.type = MIDONET_OBJECT_TYPE_NAT_BLOCK,
		.verb = MN_VERB_NEW,
	},
	[MIDONET_CMD_NAT_BLOCK_DEL] = {
		.policy = mn_object_policy,
		.maxattr = MIDONET_A_MAX,
		.do_attrs.w = { BIT_ULL(MIDONET_A_PARENT) |
			BIT_ULL(MIDONET_A_ADDRESS) |
			BIT_ULL(MIDONET_A_FIRST_PORT) },
		.dump_attrs.w = { 0 },
		.type = MIDONET_OBJECT_TYPE_NAT_BLOCK,
		.verb = MN_VERB_DEL,
	},
	[MIDONET_CMD_NAT_BLOCK_GET] = {
		.policy = mn_object_policy,
		.maxattr = MIDONET_A_MAX,
		.do_attrs.w = { 0 },
		.dump_attrs.w = { BIT_ULL(MIDONET_A_PARENT) },
		.type = MIDONET_OBJECT_TYPE_NAT_BLOCK,
		.verb = MN_VERB_GET,
	},
	[MIDONET_CMD_CONN_GET] = {
		.policy = mn_conn_policy,
		.maxattr = MIDONET_CONN_MAX,
		.do_attrs.w = { 0 },
		.dump_attrs.w = { BIT_ULL(MIDONET_CONN_DEVICE_ID) |
			BIT_ULL(MIDONET_CONN_FILTER) },
	},
	[MIDONET_CMD_CONN_NEW] = {
		.policy = mn_conn_policy,
		.maxattr = MIDONET_CONN_MAX,
		.do_attrs.w = { BIT_ULL(MIDONET_CONN_DEVICE_ID) |
			BIT_ULL(MIDONET_CONN_PORT_ID) |
			BIT_ULL(MIDONET_CONN_PROTO) |
			BIT_ULL(MIDONET_CONN_FORWARD) |
			BIT_ULL(MIDONET_CONN_REPLY) |
			BIT_ULL(MIDONET_CONN_STATE) |
			BIT_ULL(MIDONET_CONN_ANSWERED) |
			BIT_ULL(MIDONET_CONN_AGE) |
			BIT_ULL(MIDONET_CONN_EXPIRES) |
			BIT_ULL(MIDONET_CONN_DNAT_RULE_ID) |
			BIT_ULL(MIDONET_CONN_SNAT_RULE_ID) },
		.dump_attrs.w = { 0 },
	},
	[MIDONET_CMD_CONN_FLUSH] = {
		.policy = mn_conn_policy,
		.maxattr = MIDONET_CONN_MAX,
		.do_attrs.w = { BIT_ULL(MIDONET_CONN_DEVICE_ID) |
			BIT_ULL(MIDONET_CONN_FILTER) },
		.dump_attrs.w = { 0 },
	},
	[MIDONET_CMD_CONN_COUNT] = {
		.policy = mn_conn_policy,
		.maxattr = MIDONET_CONN_MAX,
		.do_attrs.w = { BIT_ULL(MIDONET_CONN_DEVICE_ID) |
			BIT_ULL(MIDONET_CONN_FILTER) },
		.dump_attrs.w = { 0 },
	},
	[MIDONET_CMD_HEALTH_SET] = {
		.policy = mn_object_policy,
		.maxattr = MIDONET_A_MAX,
		.do_attrs.w = { BIT_ULL(MIDONET_A_PARENT) |
			BIT_ULL(MIDONET_A_ADDRESS) |
			BIT_ULL(MIDONET_A_SERVICE_PORT) |
			BIT_ULL(MIDONET_A_HEALTH) },
		.dump_attrs.w = { 0 },
	},
	[MIDONET_CMD_DHCP_NEW] = {
		.policy = mn_object_policy,
		.maxattr = MIDONET_A_MAX,
		.do_attrs.w = { BIT_ULL(MIDONET_A_ID) |
			BIT_ULL(MIDONET_A_PARENT) |
			BIT_ULL(MIDONET_A_SUBNET) |
			BIT_ULL(MIDONET_A_SERVER) |
			BIT_ULL(MIDONET_A_GATEWAY) |
			BIT_ULL(MIDONET_A_DNS) |
			BIT_ULL(MIDONET_A_MTU) |
			BIT_ULL(MIDONET_A_LEASE) |
			BIT_ULL(MIDONET_A_ROUTES) |
			BIT_ULL(MIDONET_A_MODE) },
		.dump_attrs.w = { 0 },
		.type = MIDONET_OBJECT_TYPE_DHCP,
		.verb = MN_VERB_NEW,
	},
	[MIDONET_CMD_DHCP_SET] = {
		.policy = mn_object_policy,
		.maxattr = MIDONET_A_MAX,
		.do_attrs.w = { BIT_ULL(MIDONET_A_ID) |
			BIT_ULL(MIDONET_A_SERVER) |
			BIT_ULL(MIDONET_A_GATEWAY) |
			BIT_ULL(MIDONET_A_DNS) |
			BIT_ULL(MIDONET_A_MTU) |
			BIT_ULL(MIDONET_A_LEASE) |
			BIT_ULL(MIDONET_A_ROUTES) |
			BIT_ULL(MIDONET_A_MODE) |
			BIT_ULL(MIDONET_A_UNSET) },
		.dump_attrs.w = { 0 },
		.type = MIDONET_OBJECT_TYPE_DHCP,
		.verb = MN_VERB_SET,
	},
	[MIDONET_CMD_DHCP_DEL] = {
		.policy = mn_object_policy,
		.maxattr = MIDONET_A_MAX,
		.do_attrs.w = { BIT_ULL(MIDONET_A_ID) },
		.dump_attrs.w = { 0 },
		.type = MIDONET_OBJECT_TYPE_DHCP,
		.verb = MN_VERB_DEL,
	},
	[MIDONET_CMD_DHCP_GET] = {
		.policy = mn_object_policy,
		.maxattr = MIDONET_A_MAX,
		.do_attrs.w = { BIT_ULL(MIDONET_A_ID) },
		.dump_attrs.w = { BIT_ULL(MIDONET_A_PARENT) },
		.type = MIDONET_OBJECT_TYPE_DHCP,
		.verb = MN_VERB_GET,
	},
	[MIDONET_CMD_DHCP_HOST_NEW] = {
		.policy = mn_object_policy,
		.maxattr = MIDONET_A_MAX,
		.do_attrs.w = { BIT_ULL(MIDONET_A_PARENT) |
			BIT_ULL(MIDONET_A_MAC) |
			BIT_ULL(MIDONET_A_ADDRESS) |
			BIT_ULL(MIDONET_A_NAME) |
			BIT_ULL(MIDONET_A_OPTIONS) },
		.dump_attrs.w = { 0 },
		.type = MIDONET_OBJECT_TYPE_DHCP_HOST,
		.verb = MN_VERB_NEW,
	},
	[MIDONET_CMD_DHCP_HOST_DEL] = {
		.policy = mn_object_policy,
		.maxattr = MIDONET_A_MAX,
		.do_attrs.w = { BIT_ULL(MIDONET_A_PARENT) |
			BIT_ULL(MIDONET_A_MAC) },
		.dump_attrs.w = { 0 },
		.type = MIDONET_OBJECT_TYPE_DHCP_HOST,
		.verb = MN_VERB_DEL,
	},
	[MIDONET_CMD_DHCP_HOST_GET] = {
		.policy = mn_object_policy,
		.maxattr = MIDONET_A_MAX,
		.do_attrs.w = { BIT_ULL(MIDONET_A_PARENT) |
			BIT_ULL(MIDONET_A_MAC) },
		.dump_attrs.w = { BIT_ULL(MIDONET_A_PARENT) },
		.type = MIDONET_OBJECT_TYPE_DHCP_HOST,
		.verb = MN_VERB_GET,
	},
	[MIDONET_CMD_TUNNEL_ZONE_NEW] = {
		.policy = mn_object_policy,
		.maxattr = MIDONET_A_MAX,
		.do_attrs.w = { BIT_ULL(MIDONET_A_ID) |
			BIT_ULL(MIDONET_A_NAME),
			BIT_ULL(MIDONET_A_ENCAP - 64) |
			BIT_ULL(MIDONET_A_UDP_PORT - 64) |
			BIT_ULL(MIDONET_A_KEY - 64) |
			BIT_ULL(MIDONET_A_DSCP - 64) },
		.dump_attrs.w = { 0 },
		.type = MIDONET_OBJECT_TYPE_TUNNEL_ZONE,
		.verb = MN_VERB_NEW,
	},
	[MIDONET_CMD_TUNNEL_ZONE_SET] = {
		.policy = mn_object_policy,
		.maxattr = MIDONET_A_MAX,
		.do_attrs.w = { BIT_ULL(MIDONET_A_ID) |
			BIT_ULL(MIDONET_A_UNSET),
			BIT_ULL(MIDONET_A_ENCAP - 64) |
			BIT_ULL(MIDONET_A_UDP_PORT - 64) |
			BIT_ULL(MIDONET_A_KEY - 64) |
			BIT_ULL(MIDONET_A_DSCP - 64) },
		.dump_attrs.w = { 0 },
		.type = MIDONET_OBJECT_TYPE_TUNNEL_ZONE,
		.verb = MN_VERB_SET,
	},
	[MIDONET_CMD_TUNNEL_ZONE_DEL] = {
		.policy = mn_object_policy,
		.maxattr = MIDONET_A_MAX,
		.do_attrs.w = { BIT_ULL(MIDONET_A_ID) },
		.dump_attrs.w = { 0 },
		.type = MIDONET_OBJECT_TYPE_TUNNEL_ZONE,
		.verb = MN_VERB_DEL,
	},
	[MIDONET_CMD_TUNNEL_ZONE_GET] = {
		.policy = mn_object_policy,
		.maxattr = MIDONET_A_MAX,
		.do_attrs.w = { BIT_ULL(MIDONET_A_ID) },
		.dump_attrs.w = { 0 },
		.type = MIDONET_OBJECT_TYPE_TUNNEL_ZONE,
		.verb = MN_VERB_GET,
	},
	[MIDONET_CMD_TUNNEL_ZONE_MEMBER_NEW] = {
		.policy = mn_object_policy,
		.maxattr = MIDONET_A_MAX,
		.do_attrs.w = { BIT_ULL(MIDONET_A_PARENT) |
			BIT_ULL(MIDONET_A_HOST) |
			BIT_ULL(MIDONET_A_ADDRESS) },
		.dump_attrs.w = { 0 },
		.type = MIDONET_OBJECT_TYPE_TUNNEL_ZONE_MEMBER,
		.verb = MN_VERB_NEW,
	},
	[MIDONET_CMD_TUNNEL_ZONE_MEMBER_DEL] = {
		.policy = mn_object_policy,
		.maxattr = MIDONET_A_MAX,
		.do_attrs.w = { BIT_ULL(MIDONET_A_PARENT) |
			BIT_ULL(MIDONET_A_HOST) },
		.dump_attrs.w = { 0 },
		.type = MIDONET_OBJECT_TYPE_TUNNEL_ZONE_MEMBER,
		.verb = MN_VERB_DEL,
	},
	[MIDONET_CMD_TUNNEL_ZONE_MEMBER_GET] = {
		.policy = mn_object_policy,
		.maxattr = MIDONET_A_MAX,
		.do_attrs.w = { 0 },
		.dump_attrs.w = { BIT_ULL(MIDONET_A_PARENT) },
		.type = MIDONET_OBJECT_TYPE_TUNNEL_ZONE_MEMBER,
		.verb = MN_VERB_GET,
	},
};
