// SPDX-License-Identifier: GPL-2.0
/* Generated from Documentation/netlink/specs/midonet.yaml by generate.py, do not edit. */
#include "names_gen.h"

const char *const mn_object_type_names[] = {
	[MIDONET_OBJECT_TYPE_NONE] = "none",
	[MIDONET_OBJECT_TYPE_HOST] = "host",
	[MIDONET_OBJECT_TYPE_BRIDGE] = "bridge",
	[MIDONET_OBJECT_TYPE_PORT] = "port",
	[MIDONET_OBJECT_TYPE_MAC] = "mac",
	[MIDONET_OBJECT_TYPE_NEIGHBOUR] = "neighbour",
	[MIDONET_OBJECT_TYPE_PORT_GROUP] = "port-group",
	[MIDONET_OBJECT_TYPE_IP_SET] = "ip-set",
	[MIDONET_OBJECT_TYPE_IP_SET_MEMBER] = "ip-set-member",
	[MIDONET_OBJECT_TYPE_CHAIN] = "chain",
	[MIDONET_OBJECT_TYPE_RULE] = "rule",
	[MIDONET_OBJECT_TYPE_ROUTER] = "router",
	[MIDONET_OBJECT_TYPE_ROUTE] = "route",
	[MIDONET_OBJECT_TYPE_LOAD_BALANCER] = "load-balancer",
	[MIDONET_OBJECT_TYPE_VIP] = "vip",
	[MIDONET_OBJECT_TYPE_POOL] = "pool",
	[MIDONET_OBJECT_TYPE_POOL_MEMBER] = "pool-member",
	[MIDONET_OBJECT_TYPE_NAT_BLOCK] = "nat-block",
	[MIDONET_OBJECT_TYPE_DHCP] = "dhcp",
	[MIDONET_OBJECT_TYPE_DHCP_HOST] = "dhcp-host",
	[MIDONET_OBJECT_TYPE_TUNNEL_ZONE] = "tunnel-zone",
	[MIDONET_OBJECT_TYPE_TUNNEL_ZONE_MEMBER] = "tunnel-zone-member",
};

const char *const mn_op_names[] = {
	[MIDONET_OP_NONE] = "none",
	[MIDONET_OP_NEW] = "new",
	[MIDONET_OP_SET] = "set",
	[MIDONET_OP_DEL] = "del",
};

const char *const mn_port_state_names[] = {
	[MIDONET_PORT_STATE_UNPLUGGED] = "unplugged",
	[MIDONET_PORT_STATE_UP] = "up",
	[MIDONET_PORT_STATE_DOWN] = "down",
	[MIDONET_PORT_STATE_NO_CARRIER] = "no-carrier",
	[MIDONET_PORT_STATE_NO_DEVICE] = "no-device",
	[MIDONET_PORT_STATE_ERROR] = "error",
	[MIDONET_PORT_STATE_REMOTE] = "remote",
};

const char *const mn_rule_action_names[] = {
	[MIDONET_RULE_ACTION_ACCEPT] = "accept",
	[MIDONET_RULE_ACTION_DROP] = "drop",
	[MIDONET_RULE_ACTION_RETURN] = "return",
	[MIDONET_RULE_ACTION_CONTINUE] = "continue",
	[MIDONET_RULE_ACTION_JUMP] = "jump",
	[MIDONET_RULE_ACTION_REJECT] = "reject",
	[MIDONET_RULE_ACTION_DNAT] = "dnat",
	[MIDONET_RULE_ACTION_SNAT] = "snat",
	[MIDONET_RULE_ACTION_REV_DNAT] = "rev-dnat",
	[MIDONET_RULE_ACTION_REV_SNAT] = "rev-snat",
};

const char *const mn_route_type_names[] = {
	[MIDONET_ROUTE_TYPE_PORT] = "port",
	[MIDONET_ROUTE_TYPE_LOCAL] = "local",
	[MIDONET_ROUTE_TYPE_BLACKHOLE] = "blackhole",
	[MIDONET_ROUTE_TYPE_REJECT] = "reject",
};

const char *const mn_neighbour_state_names[] = {
	[MIDONET_NEIGHBOUR_STATE_PERMANENT] = "permanent",
	[MIDONET_NEIGHBOUR_STATE_INCOMPLETE] = "incomplete",
	[MIDONET_NEIGHBOUR_STATE_REACHABLE] = "reachable",
	[MIDONET_NEIGHBOUR_STATE_STALE] = "stale",
	[MIDONET_NEIGHBOUR_STATE_PROBE] = "probe",
	[MIDONET_NEIGHBOUR_STATE_FAILED] = "failed",
};

const char *const mn_fragment_names[] = {
	[MIDONET_FRAGMENT_NONE] = "none",
	[MIDONET_FRAGMENT_ANY] = "any",
	[MIDONET_FRAGMENT_FIRST] = "first",
	[MIDONET_FRAGMENT_LATER] = "later",
	[MIDONET_FRAGMENT_HEADER] = "header",
};

const char *const mn_origin_names[] = {
	[MIDONET_ORIGIN_STATIC] = "static",
	[MIDONET_ORIGIN_LEARNED] = "learned",
	[MIDONET_ORIGIN_HOST] = "host",
	[MIDONET_ORIGIN_CONNECTED] = "connected",
};

const char *const mn_verdict_names[] = {
	[MIDONET_VERDICT_OUTPUT] = "output",
	[MIDONET_VERDICT_FLOOD] = "flood",
	[MIDONET_VERDICT_DROP] = "drop",
	[MIDONET_VERDICT_CONSUMED] = "consumed",
	[MIDONET_VERDICT_WAIT] = "wait",
};

const char *const mn_level_names[] = {
	[MIDONET_LEVEL_OK] = "ok",
	[MIDONET_LEVEL_WARNING] = "warning",
	[MIDONET_LEVEL_ERROR] = "error",
};

const char *const mn_direction_names[] = {
	[MIDONET_DIRECTION_IN] = "in",
	[MIDONET_DIRECTION_OUT] = "out",
};

const char *const mn_conn_state_names[] = {
	[MIDONET_CONN_STATE_NEW] = "new",
	[MIDONET_CONN_STATE_ESTABLISHED] = "established",
	[MIDONET_CONN_STATE_RELATED] = "related",
	[MIDONET_CONN_STATE_INVALID] = "invalid",
	[MIDONET_CONN_STATE_UNTRACKED] = "untracked",
};

const char *const mn_conn_direction_names[] = {
	[MIDONET_CONN_DIRECTION_FORWARD] = "forward",
	[MIDONET_CONN_DIRECTION_RETURN] = "return",
};

const char *const mn_conn_phase_names[] = {
	[MIDONET_CONN_PHASE_UNANSWERED] = "unanswered",
	[MIDONET_CONN_PHASE_ANSWERED] = "answered",
	[MIDONET_CONN_PHASE_SYN_SENT] = "syn-sent",
	[MIDONET_CONN_PHASE_SYN_RECEIVED] = "syn-received",
	[MIDONET_CONN_PHASE_ESTABLISHED] = "established",
	[MIDONET_CONN_PHASE_FIN_WAIT] = "fin-wait",
	[MIDONET_CONN_PHASE_CLOSED] = "closed",
};

const char *const mn_health_names[] = {
	[MIDONET_HEALTH_UNKNOWN] = "unknown",
	[MIDONET_HEALTH_UP] = "up",
	[MIDONET_HEALTH_DOWN] = "down",
};

const char *const mn_check_type_names[] = {
	[MIDONET_CHECK_TYPE_NONE] = "none",
	[MIDONET_CHECK_TYPE_TCP] = "tcp",
	[MIDONET_CHECK_TYPE_UDP] = "udp",
	[MIDONET_CHECK_TYPE_HTTP] = "http",
};

const char *const mn_dhcp_mode_names[] = {
	[MIDONET_DHCP_MODE_STATEFUL] = "stateful",
	[MIDONET_DHCP_MODE_STATELESS] = "stateless",
	[MIDONET_DHCP_MODE_SLAAC] = "slaac",
};

const char *const mn_drop_reason_names[] = {
	[MIDONET_DROP_REASON_NONE] = "none",
	[MIDONET_DROP_REASON_PORT_DOWN] = "port-down",
	[MIDONET_DROP_REASON_PORT_UNPLUGGED] = "port-unplugged",
	[MIDONET_DROP_REASON_PORT_REMOTE] = "port-remote",
	[MIDONET_DROP_REASON_BRIDGE_DOWN] = "bridge-down",
	[MIDONET_DROP_REASON_CHAIN] = "chain",
	[MIDONET_DROP_REASON_SPOOF_ETHERNET] = "spoof-ethernet",
	[MIDONET_DROP_REASON_SPOOF_ARP] = "spoof-arp",
	[MIDONET_DROP_REASON_SPOOF_IPV4] = "spoof-ipv4",
	[MIDONET_DROP_REASON_SPOOF_IPV6] = "spoof-ipv6",
	[MIDONET_DROP_REASON_SPOOF_ND] = "spoof-nd",
	[MIDONET_DROP_REASON_NOT_ALLOWED_HERE] = "not-allowed-here",
	[MIDONET_DROP_REASON_MULTICAST_SOURCE] = "multicast-source",
	[MIDONET_DROP_REASON_MALFORMED] = "malformed",
	[MIDONET_DROP_REASON_HOP_LIMIT] = "hop-limit",
	[MIDONET_DROP_REASON_SAME_PORT] = "same-port",
	[MIDONET_DROP_REASON_NO_OUTPUT] = "no-output",
	[MIDONET_DROP_REASON_VLAN] = "vlan",
	[MIDONET_DROP_REASON_FLOOD_RATE] = "flood-rate",
	[MIDONET_DROP_REASON_FLOOD_QUEUE] = "flood-queue",
	[MIDONET_DROP_REASON_MTU] = "mtu",
	[MIDONET_DROP_REASON_FRAGMENT] = "fragment",
	[MIDONET_DROP_REASON_PARK_FULL] = "park-full",
	[MIDONET_DROP_REASON_PARK_TIMEOUT] = "park-timeout",
	[MIDONET_DROP_REASON_PUNT_UNSERVED] = "punt-unserved",
	[MIDONET_DROP_REASON_PUNT_RATE] = "punt-rate",
	[MIDONET_DROP_REASON_NOMEM] = "nomem",
	[MIDONET_DROP_REASON_DEVICE_TX] = "device-tx",
	[MIDONET_DROP_REASON_CHAIN_DEPTH] = "chain-depth",
	[MIDONET_DROP_REASON_ROUTER_DOWN] = "router-down",
	[MIDONET_DROP_REASON_NOT_IP] = "not-ip",
	[MIDONET_DROP_REASON_NOT_FOR_ROUTER] = "not-for-router",
	[MIDONET_DROP_REASON_NO_ROUTE] = "no-route",
	[MIDONET_DROP_REASON_BLACKHOLE] = "blackhole",
	[MIDONET_DROP_REASON_REJECT] = "reject",
	[MIDONET_DROP_REASON_TTL] = "ttl",
	[MIDONET_DROP_REASON_NEIGHBOUR] = "neighbour",
	[MIDONET_DROP_REASON_NEIGHBOUR_FULL] = "neighbour-full",
	[MIDONET_DROP_REASON_NEIGHBOUR_UNASKED] = "neighbour-unasked",
	[MIDONET_DROP_REASON_NO_SERVICE] = "no-service",
	[MIDONET_DROP_REASON_MARTIAN] = "martian",
	[MIDONET_DROP_REASON_NAT_EXHAUSTED] = "nat-exhausted",
	[MIDONET_DROP_REASON_CONN_FULL] = "conn-full",
	[MIDONET_DROP_REASON_CONN_INVALID] = "conn-invalid",
	[MIDONET_DROP_REASON_NO_MEMBER] = "no-member",
	[MIDONET_DROP_REASON_TUNNEL_PEER] = "tunnel-peer",
	[MIDONET_DROP_REASON_TUNNEL_KEY] = "tunnel-key",
	[MIDONET_DROP_REASON_TUNNEL_HEADER] = "tunnel-header",
	[MIDONET_DROP_REASON_TUNNEL_OPTION] = "tunnel-option",
	[MIDONET_DROP_REASON_TUNNEL_ECN] = "tunnel-ecn",
	[MIDONET_DROP_REASON_TUNNEL_ROUTE] = "tunnel-route",
	[MIDONET_DROP_REASON_TUNNEL_STATE] = "tunnel-state",
};

const char *const mn_encap_names[] = {
	[MIDONET_ENCAP_VXLAN] = "vxlan",
	[MIDONET_ENCAP_GENEVE] = "geneve",
	[MIDONET_ENCAP_GRE] = "gre",
};

const char *const mn_object_attr_names[] = {
	[MIDONET_A_ID] = "id",
	[MIDONET_A_NAME] = "name",
	[MIDONET_A_PARENT] = "parent",
	[MIDONET_A_ADMIN_UP] = "admin-up",
	[MIDONET_A_IN_CHAIN] = "in-chain",
	[MIDONET_A_OUT_CHAIN] = "out-chain",
	[MIDONET_A_MAC_AGE] = "mac-age",
	[MIDONET_A_ARP_SUPPRESS] = "arp-suppress",
	[MIDONET_A_MAC] = "mac",
	[MIDONET_A_ADDRESSES] = "addresses",
	[MIDONET_A_VLAN] = "vlan",
	[MIDONET_A_PEER] = "peer",
	[MIDONET_A_HOST] = "host",
	[MIDONET_A_DEV] = "dev",
	[MIDONET_A_PORT_GROUPS] = "port-groups",
	[MIDONET_A_ALLOWED_ADDRESSES] = "allowed-addresses",
	[MIDONET_A_MAC_LIMIT] = "mac-limit",
	[MIDONET_A_TUNNEL_KEY] = "tunnel-key",
	[MIDONET_A_MTU] = "mtu",
	[MIDONET_A_STATE] = "state",
	[MIDONET_A_STATE_REASON] = "state-reason",
	[MIDONET_A_POSITION] = "position",
	[MIDONET_A_MATCH] = "match",
	[MIDONET_A_NOT] = "not",
	[MIDONET_A_ACTION] = "action",
	[MIDONET_A_CHAIN] = "chain",
	[MIDONET_A_MEMBERS] = "members",
	[MIDONET_A_STATEFUL] = "stateful",
	[MIDONET_A_ADDRESS] = "address",
	[MIDONET_A_PORT] = "port",
	[MIDONET_A_LOCAL] = "local",
	[MIDONET_A_ALIVE] = "alive",
	[MIDONET_A_ORIGIN] = "origin",
	[MIDONET_A_AGE] = "age",
	[MIDONET_A_UNSET] = "unset",
	[MIDONET_A_GENERATION] = "generation",
	[MIDONET_A_COUNT] = "count",
	[MIDONET_A_SRC] = "src",
	[MIDONET_A_DST] = "dst",
	[MIDONET_A_TYPE] = "type",
	[MIDONET_A_GATEWAY] = "gateway",
	[MIDONET_A_METRIC] = "metric",
	[MIDONET_A_NEIGHBOUR_STATE] = "neighbour-state",
	[MIDONET_A_TARGET] = "target",
	[MIDONET_A_THEN] = "then",
	[MIDONET_A_ROUTER] = "router",
	[MIDONET_A_POOL] = "pool",
	[MIDONET_A_PROTO] = "proto",
	[MIDONET_A_SERVICE_PORT] = "service-port",
	[MIDONET_A_STICKY] = "sticky",
	[MIDONET_A_WEIGHT] = "weight",
	[MIDONET_A_HEALTH] = "health",
	[MIDONET_A_HEALTH_CHECK] = "health-check",
	[MIDONET_A_FIRST_PORT] = "first-port",
	[MIDONET_A_USED] = "used",
	[MIDONET_A_SUBNET] = "subnet",
	[MIDONET_A_SERVER] = "server",
	[MIDONET_A_DNS] = "dns",
	[MIDONET_A_LEASE] = "lease",
	[MIDONET_A_ROUTES] = "routes",
	[MIDONET_A_MODE] = "mode",
	[MIDONET_A_OPTIONS] = "options",
	[MIDONET_A_SERVER_MAC] = "server-mac",
	[MIDONET_A_GATEWAY_MAC] = "gateway-mac",
	[MIDONET_A_ENCAP] = "encap",
	[MIDONET_A_UDP_PORT] = "udp-port",
	[MIDONET_A_KEY] = "key",
	[MIDONET_A_KEY_ID] = "key-id",
	[MIDONET_A_DSCP] = "dscp",
};

const char *const mn_match_attr_names[] = {
	[MIDONET_MATCH_INVERT] = "invert",
	[MIDONET_MATCH_ETHERTYPE] = "ethertype",
	[MIDONET_MATCH_HW_SRC] = "hw-src",
	[MIDONET_MATCH_HW_DST] = "hw-dst",
	[MIDONET_MATCH_VLAN] = "vlan",
	[MIDONET_MATCH_SRC] = "src",
	[MIDONET_MATCH_DST] = "dst",
	[MIDONET_MATCH_SRC_SET] = "src-set",
	[MIDONET_MATCH_DST_SET] = "dst-set",
	[MIDONET_MATCH_PROTO] = "proto",
	[MIDONET_MATCH_SRC_PORT] = "src-port",
	[MIDONET_MATCH_DST_PORT] = "dst-port",
	[MIDONET_MATCH_ICMP_TYPE] = "icmp-type",
	[MIDONET_MATCH_ICMP_CODE] = "icmp-code",
	[MIDONET_MATCH_TCP_FLAGS] = "tcp-flags",
	[MIDONET_MATCH_DSCP] = "dscp",
	[MIDONET_MATCH_FRAGMENT] = "fragment",
	[MIDONET_MATCH_IN_PORT] = "in-port",
	[MIDONET_MATCH_OUT_PORT] = "out-port",
	[MIDONET_MATCH_PORT_GROUP] = "port-group",
	[MIDONET_MATCH_IN_PORT_GROUP] = "in-port-group",
	[MIDONET_MATCH_OUT_PORT_GROUP] = "out-port-group",
	[MIDONET_MATCH_STATE] = "state",
	[MIDONET_MATCH_DIRECTION] = "direction",
	[MIDONET_MATCH_DST_REWRITTEN] = "dst-rewritten",
	[MIDONET_MATCH_ICMP_DATA_SRC] = "icmp-data-src",
	[MIDONET_MATCH_ICMP_DATA_DST] = "icmp-data-dst",
};

const char *const mn_nat_target_attr_names[] = {
	[MIDONET_NAT_TARGET_FIRST] = "first",
	[MIDONET_NAT_TARGET_LAST] = "last",
	[MIDONET_NAT_TARGET_FIRST_PORT] = "first-port",
	[MIDONET_NAT_TARGET_LAST_PORT] = "last-port",
};

const char *const mn_health_check_attr_names[] = {
	[MIDONET_HEALTH_CHECK_TYPE] = "type",
	[MIDONET_HEALTH_CHECK_PATH] = "path",
	[MIDONET_HEALTH_CHECK_INTERVAL] = "interval",
	[MIDONET_HEALTH_CHECK_TIMEOUT] = "timeout",
	[MIDONET_HEALTH_CHECK_RISE] = "rise",
	[MIDONET_HEALTH_CHECK_FALL] = "fall",
};

const char *const mn_txn_attr_names[] = {
	[MIDONET_TXN_GENERATION] = "generation",
	[MIDONET_TXN_DRY_RUN] = "dry-run",
	[MIDONET_TXN_OPS] = "ops",
	[MIDONET_TXN_CHANGES] = "changes",
	[MIDONET_TXN_FORCE] = "force",
	[MIDONET_TXN_STORE] = "store",
	[MIDONET_TXN_REVISION] = "revision",
};

const char *const mn_packet_attr_names[] = {
	[MIDONET_PACKET_HW_SRC] = "hw-src",
	[MIDONET_PACKET_HW_DST] = "hw-dst",
	[MIDONET_PACKET_ETHERTYPE] = "ethertype",
	[MIDONET_PACKET_VLAN] = "vlan",
	[MIDONET_PACKET_SRC] = "src",
	[MIDONET_PACKET_DST] = "dst",
	[MIDONET_PACKET_PROTO] = "proto",
	[MIDONET_PACKET_SRC_PORT] = "src-port",
	[MIDONET_PACKET_DST_PORT] = "dst-port",
	[MIDONET_PACKET_ICMP_TYPE] = "icmp-type",
	[MIDONET_PACKET_ICMP_CODE] = "icmp-code",
	[MIDONET_PACKET_ICMP_ID] = "icmp-id",
	[MIDONET_PACKET_TCP_FLAGS] = "tcp-flags",
	[MIDONET_PACKET_DSCP] = "dscp",
	[MIDONET_PACKET_FRAGMENT] = "fragment",
	[MIDONET_PACKET_TTL] = "ttl",
	[MIDONET_PACKET_LEN] = "len",
};

const char *const mn_flow_attr_names[] = {
	[MIDONET_FLOW_IN_PORT] = "in-port",
	[MIDONET_FLOW_KEY] = "key",
	[MIDONET_FLOW_MASK] = "mask",
	[MIDONET_FLOW_ACTIONS] = "actions",
	[MIDONET_FLOW_PACKETS] = "packets",
	[MIDONET_FLOW_BYTES] = "bytes",
	[MIDONET_FLOW_AGE] = "age",
	[MIDONET_FLOW_IDLE] = "idle",
	[MIDONET_FLOW_STATEFUL] = "stateful",
	[MIDONET_FLOW_VERDICT] = "verdict",
	[MIDONET_FLOW_DROP_REASON] = "drop-reason",
};

const char *const mn_conn_tuple_attr_names[] = {
	[MIDONET_CONN_TUPLE_SRC] = "src",
	[MIDONET_CONN_TUPLE_DST] = "dst",
	[MIDONET_CONN_TUPLE_SRC_PORT] = "src-port",
	[MIDONET_CONN_TUPLE_DST_PORT] = "dst-port",
	[MIDONET_CONN_TUPLE_ICMP_ID] = "icmp-id",
};

const char *const mn_conn_attr_names[] = {
	[MIDONET_CONN_DEVICE] = "device",
	[MIDONET_CONN_DEVICE_ID] = "device-id",
	[MIDONET_CONN_PORT] = "port",
	[MIDONET_CONN_PORT_ID] = "port-id",
	[MIDONET_CONN_PROTO] = "proto",
	[MIDONET_CONN_FORWARD] = "forward",
	[MIDONET_CONN_REPLY] = "reply",
	[MIDONET_CONN_STATE] = "state",
	[MIDONET_CONN_ANSWERED] = "answered",
	[MIDONET_CONN_AGE] = "age",
	[MIDONET_CONN_EXPIRES] = "expires",
	[MIDONET_CONN_ORIGIN] = "origin",
	[MIDONET_CONN_DNAT_RULE] = "dnat-rule",
	[MIDONET_CONN_DNAT_RULE_ID] = "dnat-rule-id",
	[MIDONET_CONN_SNAT_RULE] = "snat-rule",
	[MIDONET_CONN_SNAT_RULE_ID] = "snat-rule-id",
	[MIDONET_CONN_FILTER] = "filter",
	[MIDONET_CONN_COUNT] = "count",
};

const char *const mn_step_attr_names[] = {
	[MIDONET_STEP_DEVICE] = "device",
	[MIDONET_STEP_PORT] = "port",
	[MIDONET_STEP_WHAT] = "what",
	[MIDONET_STEP_RULE] = "rule",
	[MIDONET_STEP_TEXT] = "text",
	[MIDONET_STEP_PACKET] = "packet",
	[MIDONET_STEP_ROUTE] = "route",
};

const char *const mn_trace_attr_names[] = {
	[MIDONET_TRACE_PORT] = "port",
	[MIDONET_TRACE_FRAME] = "frame",
	[MIDONET_TRACE_VERDICT] = "verdict",
	[MIDONET_TRACE_DROP_REASON] = "drop-reason",
	[MIDONET_TRACE_PORT_NAME] = "port-name",
	[MIDONET_TRACE_HOST] = "host",
	[MIDONET_TRACE_TUNNEL_KEY] = "tunnel-key",
	[MIDONET_TRACE_OUTPUTS] = "outputs",
	[MIDONET_TRACE_PACKET_IN] = "packet-in",
	[MIDONET_TRACE_PACKET_OUT] = "packet-out",
	[MIDONET_TRACE_MASK] = "mask",
	[MIDONET_TRACE_STEPS] = "steps",
	[MIDONET_TRACE_COUNT] = "count",
	[MIDONET_TRACE_FILTER] = "filter",
	[MIDONET_TRACE_TRUNCATED] = "truncated",
	[MIDONET_TRACE_CACHED] = "cached",
};

const char *const mn_drop_attr_names[] = {
	[MIDONET_DROP_DROP_REASON] = "drop-reason",
	[MIDONET_DROP_DEVICE] = "device",
	[MIDONET_DROP_PORT] = "port",
	[MIDONET_DROP_RULE] = "rule",
	[MIDONET_DROP_PACKETS] = "packets",
	[MIDONET_DROP_PACKET] = "packet",
};

const char *const mn_stats_attr_names[] = {
	[MIDONET_STATS_TYPE] = "type",
	[MIDONET_STATS_ID] = "id",
	[MIDONET_STATS_NAME] = "name",
	[MIDONET_STATS_RX_PACKETS] = "rx-packets",
	[MIDONET_STATS_RX_BYTES] = "rx-bytes",
	[MIDONET_STATS_TX_PACKETS] = "tx-packets",
	[MIDONET_STATS_TX_BYTES] = "tx-bytes",
	[MIDONET_STATS_DROPS] = "drops",
	[MIDONET_STATS_PACKETS] = "packets",
	[MIDONET_STATS_BYTES] = "bytes",
};

const char *const mn_subsystem_attr_names[] = {
	[MIDONET_SUBSYSTEM_NAME] = "name",
	[MIDONET_SUBSYSTEM_LEVEL] = "level",
	[MIDONET_SUBSYSTEM_TEXT] = "text",
	[MIDONET_SUBSYSTEM_USED] = "used",
	[MIDONET_SUBSYSTEM_LIMIT] = "limit",
};

const char *const mn_status_attr_names[] = {
	[MIDONET_STATUS_GENERATION] = "generation",
	[MIDONET_STATUS_EPOCH] = "epoch",
	[MIDONET_STATUS_REVISION] = "revision",
	[MIDONET_STATUS_STORE] = "store",
	[MIDONET_STATUS_HOST] = "host",
	[MIDONET_STATUS_HOST_ID] = "host-id",
	[MIDONET_STATUS_SUBSYSTEMS] = "subsystems",
	[MIDONET_STATUS_VERSION] = "version",
};

const char *const mn_punt_attr_names[] = {
	[MIDONET_PUNT_PORT] = "port",
	[MIDONET_PUNT_DIRECTION] = "direction",
	[MIDONET_PUNT_FRAME] = "frame",
	[MIDONET_PUNT_PACKETS] = "packets",
	[MIDONET_PUNT_BRIDGE] = "bridge",
	[MIDONET_PUNT_DHCP] = "dhcp",
};

const char *const mn_event_attr_names[] = {
	[MIDONET_EVENT_OP] = "op",
	[MIDONET_EVENT_TYPE] = "type",
	[MIDONET_EVENT_ID] = "id",
	[MIDONET_EVENT_NAME] = "name",
	[MIDONET_EVENT_GENERATION] = "generation",
	[MIDONET_EVENT_STATE] = "state",
	[MIDONET_EVENT_MAC] = "mac",
	[MIDONET_EVENT_VLAN] = "vlan",
	[MIDONET_EVENT_PORT] = "port",
};
