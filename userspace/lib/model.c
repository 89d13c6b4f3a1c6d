// SPDX-License-Identifier: GPL-2.0
/*
 * The one table of types and attributes: words, numbers on the wire, kinds of
 * values, defaults, places in a document. Everything that reads, writes, shows
 * or compares objects goes by it; a new attribute is a row here.
 */
#include <string.h>

#include "model.h"

#define ATTR(w, A, k, ...) \
	{ .word = w, .attr = MIDONET_A_##A, .kind = MN_KIND_##k, __VA_ARGS__ }
#define ATTR_BOOL(w, A, d) \
	ATTR(w, A, BOOL, .size = 1, .def = d, .max = 1)
#define ATTR_REF(w, A, t, ...) \
	ATTR(w, A, REF, .ref = MIDONET_OBJECT_TYPE_##t, __VA_ARGS__)
#define ATTR_ENUM(w, A, n, ...) \
	ATTR(w, A, ENUM, .size = 1, .names = n, .n_names = MN_ARRAY_SIZE(n), \
	     __VA_ARGS__)

static const struct mn_attr host_attrs[] = {
	ATTR("local", LOCAL, BOOL, .size = 1, .flags = MN_RO),
	ATTR("alive", ALIVE, BOOL, .size = 1, .flags = MN_RO),
};

static const struct mn_attr zone_attrs[] = {
	ATTR_ENUM("encap", ENCAP, mn_encap_names),
	ATTR("udp-port", UDP_PORT, NUM, .size = 2, .min = 1, .max = 65535,
	     .def = MN_ABSENT),
	ATTR("key", KEY, SECRET),
	ATTR("dscp", DSCP, DSCP, .size = 1, .def = MN_DSCP_INHERIT),
	ATTR("key-id", KEY_ID, HEX, .flags = MN_RO),
	ATTR("count", COUNT, NUM, .size = 4, .max = UINT32_MAX,
	     .flags = MN_RO),
	ATTR_ENUM("state", STATE, mn_port_state_names, .flags = MN_RO),
	ATTR("state-reason", STATE_REASON, TEXT, .flags = MN_RO),
};

static const struct mn_attr zone_member_attrs[] = {
	ATTR_REF("host", HOST, HOST, .flags = MN_KEY | MN_NEEDED),
	ATTR("address", ADDRESS, ADDRESS, .flags = MN_NEEDED),
};

static const struct mn_attr group_attrs[] = {
	ATTR_BOOL("stateful", STATEFUL, 0),
};

static const struct mn_attr set_attrs[] = {
	ATTR("members", MEMBERS, PREFIX, .flags = MN_LIST | MN_SORTED),
};

static const struct mn_attr bridge_attrs[] = {
	ATTR_BOOL("admin-up", ADMIN_UP, 1),
	ATTR_REF("in-chain", IN_CHAIN, CHAIN),
	ATTR_REF("out-chain", OUT_CHAIN, CHAIN),
	ATTR("mac-age", MAC_AGE, NUM, .size = 4, .min = 1, .max = 1000000,
	     .def = 300),
	ATTR_BOOL("arp-suppress", ARP_SUPPRESS, 1),
};

static const struct mn_attr router_attrs[] = {
	ATTR_BOOL("admin-up", ADMIN_UP, 1),
	ATTR_REF("in-chain", IN_CHAIN, CHAIN),
	ATTR_REF("out-chain", OUT_CHAIN, CHAIN),
};

static const struct mn_attr port_attrs[] = {
	ATTR_BOOL("admin-up", ADMIN_UP, 1),
	ATTR("mac", MAC, MAC),
	ATTR("addresses", ADDRESSES, IFADDR, .flags = MN_LIST | MN_SORTED),
	ATTR("vlan", VLAN, NUM, .size = 2, .min = 1, .max = 4094),
	ATTR_REF("peer", PEER, PORT),
	ATTR_REF("host", HOST, HOST),
	ATTR("dev", DEV, DEV),
	ATTR_REF("in-chain", IN_CHAIN, CHAIN),
	ATTR_REF("out-chain", OUT_CHAIN, CHAIN),
	ATTR_REF("port-groups", PORT_GROUPS, PORT_GROUP,
		 .flags = MN_LIST | MN_SORTED),
	ATTR("allowed-addresses", ALLOWED_ADDRESSES, ALLOWED,
	     .flags = MN_LIST | MN_SORTED),
	ATTR("mac-limit", MAC_LIMIT, NUM, .size = 4, .max = UINT32_MAX,
	     .def = 1024),
	ATTR("tunnel-key", TUNNEL_KEY, NUM, .size = 4, .min = 1,
	     .max = 0xefffff, .def = MN_ABSENT),
	ATTR("mtu", MTU, NUM, .size = 4, .min = 68, .max = 65535),
	ATTR_ENUM("state", STATE, mn_port_state_names, .flags = MN_RO),
	ATTR("state-reason", STATE_REASON, TEXT, .flags = MN_RO),
};

static const struct mn_attr mac_attrs[] = {
	ATTR("mac", MAC, MAC, .flags = MN_KEY | MN_NEEDED),
	ATTR("vlan", VLAN, NUM, .size = 2, .min = 1, .max = 4094,
	     .flags = MN_KEY),
	ATTR_REF("port", PORT, PORT, .flags = MN_NEEDED | MN_OWN),
	ATTR_ENUM("origin", ORIGIN, mn_origin_names, .flags = MN_RO),
	ATTR("age", AGE, NUM, .size = 4, .max = UINT32_MAX, .flags = MN_RO),
};

static const struct mn_attr neighbour_attrs[] = {
	ATTR("address", ADDRESS, ADDRESS, .flags = MN_KEY | MN_NEEDED),
	ATTR("mac", MAC, MAC, .flags = MN_NEEDED),
	ATTR_REF("port", PORT, PORT, .flags = MN_KEY | MN_OWN),
	ATTR_ENUM("state", NEIGHBOUR_STATE, mn_neighbour_state_names,
		  .flags = MN_RO),
	ATTR_ENUM("origin", ORIGIN, mn_origin_names, .flags = MN_RO),
	ATTR("age", AGE, NUM, .size = 4, .max = UINT32_MAX, .flags = MN_RO),
};

static const struct mn_attr dhcp_attrs[] = {
	ATTR("subnet", SUBNET, PREFIX,
	     .flags = MN_KEY | MN_NEEDED | MN_STRICT),
	ATTR("server", SERVER, ADDRESS),
	ATTR("gateway", GATEWAY, ADDRESS),
	ATTR("dns", DNS, ADDRESS, .flags = MN_LIST),
	ATTR("mtu", MTU, NUM, .size = 4, .min = 68, .max = 65535),
	ATTR("lease", LEASE, NUM, .size = 4, .min = 60, .max = UINT32_MAX,
	     .def = 86400),
	ATTR("routes", ROUTES, VIA, .flags = MN_LIST | MN_SORTED),
	ATTR_ENUM("mode", MODE, mn_dhcp_mode_names),
	ATTR("server-mac", SERVER_MAC, MAC, .flags = MN_RO),
	ATTR("gateway-mac", GATEWAY_MAC, MAC, .flags = MN_RO),
};

static const struct mn_attr dhcp_host_attrs[] = {
	ATTR("mac", MAC, MAC, .flags = MN_KEY | MN_NEEDED),
	ATTR("address", ADDRESS, ADDRESS, .flags = MN_NEEDED),
	ATTR("name", NAME, NAME),
	ATTR("options", OPTIONS, OPTION, .flags = MN_LIST | MN_SORTED),
};

/* All of a route tells it from others. */
static const struct mn_attr route_attrs[] = {
	ATTR("src", SRC, PREFIX, .flags = MN_KEY | MN_WIDE | MN_STRICT),
	ATTR("dst", DST, PREFIX, .flags = MN_KEY | MN_NEEDED | MN_STRICT),
	ATTR_ENUM("type", TYPE, mn_route_type_names, .flags = MN_KEY),
	ATTR_REF("port", PORT, PORT, .flags = MN_KEY | MN_OWN),
	ATTR("gateway", GATEWAY, ADDRESS, .flags = MN_KEY),
	ATTR("metric", METRIC, NUM, .size = 4, .max = UINT32_MAX,
	     .flags = MN_KEY),
	ATTR_ENUM("origin", ORIGIN, mn_origin_names, .flags = MN_RO),
};

/* What may follow a translation, by &enum midonet_rule_action. */
static const char *const then_names[] = {
	[MIDONET_RULE_ACTION_ACCEPT] = "accept",
	[MIDONET_RULE_ACTION_RETURN] = "return",
	[MIDONET_RULE_ACTION_CONTINUE] = "continue",
};

static const struct mn_attr rule_attrs[] = {
	ATTR("match", MATCH, MATCH),
	ATTR_BOOL("not", NOT, 0),
	ATTR_ENUM("action", ACTION, mn_rule_action_names, .flags = MN_NEEDED),
	ATTR_REF("chain", CHAIN, CHAIN),
	ATTR("target", TARGET, TARGET),
	ATTR_ENUM("then", THEN, then_names),
};

static const struct mn_attr balancer_attrs[] = {
	ATTR_BOOL("admin-up", ADMIN_UP, 1),
	ATTR_REF("router", ROUTER, ROUTER),
};

#define CHECK(w, A, k, ...) \
	{ .word = w, .attr = MIDONET_HEALTH_CHECK_##A, .kind = MN_KIND_##k, \
	  .nest = MIDONET_A_HEALTH_CHECK, __VA_ARGS__ }

static const struct mn_attr pool_attrs[] = {
	ATTR_BOOL("admin-up", ADMIN_UP, 1),
	CHECK("health-check", TYPE, ENUM, .key = "type", .size = 1,
	      .names = mn_check_type_names,
	      .n_names = MN_ARRAY_SIZE(mn_check_type_names)),
	CHECK("path", PATH, PATH),
	CHECK("interval", INTERVAL, NUM, .size = 4, .min = 1, .max = 3600,
	      .def = 5),
	CHECK("timeout", TIMEOUT, NUM, .size = 4, .min = 1, .max = 3600,
	      .def = 2),
	CHECK("rise", RISE, NUM, .size = 4, .min = 1, .max = 100, .def = 2),
	CHECK("fall", FALL, NUM, .size = 4, .min = 1, .max = 100, .def = 2),
};

#define ATTR_SERVICE \
	ATTR("port", SERVICE_PORT, NUM, .size = 2, .min = 1, .max = 65535, \
	     .def = MN_ABSENT, .flags = MN_KEY | MN_NEEDED)

static const struct mn_attr vip_attrs[] = {
	ATTR("address", ADDRESS, ADDRESS, .flags = MN_KEY | MN_NEEDED),
	ATTR_SERVICE,
	ATTR("proto", PROTO, PROTO, .size = 1, .flags = MN_KEY | MN_NEEDED),
	ATTR_REF("pool", POOL, POOL, .flags = MN_NEEDED | MN_OWN),
	ATTR("sticky", STICKY, NUM, .size = 4, .max = 1000000),
};

static const struct mn_attr member_attrs[] = {
	ATTR("address", ADDRESS, ADDRESS, .flags = MN_KEY | MN_NEEDED),
	ATTR_SERVICE,
	ATTR("weight", WEIGHT, NUM, .size = 4, .max = 65535, .def = 1),
	ATTR_BOOL("admin-up", ADMIN_UP, 1),
	ATTR_ENUM("health", HEALTH, mn_health_names, .flags = MN_RO),
};

static const struct mn_attr block_attrs[] = {
	ATTR("address", ADDRESS, ADDRESS, .flags = MN_KEY | MN_NEEDED),
	ATTR("first-port", FIRST_PORT, NUM, .size = 2, .min = 1, .max = 65535,
	     .def = MN_ABSENT, .flags = MN_KEY),
	ATTR("count", COUNT, NUM, .size = 4, .min = 1, .max = 65535,
	     .def = 64),
	ATTR("used", USED, NUM, .size = 4, .max = UINT32_MAX, .flags = MN_RO),
};

#define ATTRS(a)	.attrs = a, .n_attrs = MN_ARRAY_SIZE(a)
#define TYPE(T)		.type = MIDONET_OBJECT_TYPE_##T, \
			.cmd_new = MIDONET_CMD_##T##_NEW, \
			.cmd_del = MIDONET_CMD_##T##_DEL, \
			.cmd_get = MIDONET_CMD_##T##_GET
#define TYPE_SET(T)	TYPE(T), .cmd_set = MIDONET_CMD_##T##_SET
#define BIT(T)		(1u << MIDONET_OBJECT_TYPE_##T)

const struct mn_type mn_types[] = {
	{ .word = "host", .key = "hosts", TYPE_SET(HOST), ATTRS(host_attrs),
	  .flags = MN_TYPE_ID | MN_TYPE_NAMED },
	{ .word = "tunnel-zone", .key = "tunnel-zones", TYPE_SET(TUNNEL_ZONE),
	  ATTRS(zone_attrs), .flags = MN_TYPE_ID | MN_TYPE_NAMED },
	{ .word = "tunnel-zone-member", .key = "members",
	  TYPE(TUNNEL_ZONE_MEMBER), ATTRS(zone_member_attrs),
	  .flags = MN_TYPE_INNER, .parents = BIT(TUNNEL_ZONE),
	  .parent_key = "tunnel-zone" },
	{ .word = "ip-set", .key = "ip-sets", TYPE_SET(IP_SET),
	  ATTRS(set_attrs), .flags = MN_TYPE_ID | MN_TYPE_NAMED },
	{ .word = "port-group", .key = "port-groups", TYPE_SET(PORT_GROUP),
	  ATTRS(group_attrs), .flags = MN_TYPE_ID | MN_TYPE_NAMED },
	{ .word = "chain", .key = "chains", TYPE_SET(CHAIN),
	  .flags = MN_TYPE_ID | MN_TYPE_NAMED },
	{ .word = "bridge", .key = "bridges", TYPE_SET(BRIDGE),
	  ATTRS(bridge_attrs),
	  .flags = MN_TYPE_ID | MN_TYPE_NAMED | MN_TYPE_DEVICE },
	{ .word = "router", .key = "routers", TYPE_SET(ROUTER),
	  ATTRS(router_attrs),
	  .flags = MN_TYPE_ID | MN_TYPE_NAMED | MN_TYPE_DEVICE },
	{ .word = "port", .key = "ports", TYPE_SET(PORT), ATTRS(port_attrs),
	  .flags = MN_TYPE_ID | MN_TYPE_NAMED,
	  .parents = BIT(BRIDGE) | BIT(ROUTER), .parent_key = "device" },
	{ .word = "mac", .key = "macs", TYPE(MAC), ATTRS(mac_attrs),
	  .parents = BIT(BRIDGE), .parent_key = "bridge" },
	{ .word = "neighbour", .key = "neighbours", TYPE(NEIGHBOUR),
	  ATTRS(neighbour_attrs), .parents = BIT(BRIDGE) | BIT(ROUTER),
	  .parent_key = "port" },
	{ .word = "dhcp", .key = "dhcp", TYPE_SET(DHCP), ATTRS(dhcp_attrs),
	  .flags = MN_TYPE_ID, .parents = BIT(BRIDGE),
	  .parent_key = "bridge" },
	{ .word = "dhcp-host", .key = "hosts", TYPE(DHCP_HOST),
	  ATTRS(dhcp_host_attrs), .flags = MN_TYPE_INNER,
	  .parents = BIT(DHCP), .parent_key = "dhcp" },
	{ .word = "route", .key = "routes", TYPE(ROUTE), ATTRS(route_attrs),
	  .flags = MN_TYPE_CONTENT, .parents = BIT(ROUTER),
	  .parent_key = "router" },
	{ .word = "rule", .key = "rules", TYPE_SET(RULE), ATTRS(rule_attrs),
	  .flags = MN_TYPE_ID | MN_TYPE_ORDERED, .parents = BIT(CHAIN),
	  .parent_key = "chain" },
	{ .word = "load-balancer", .key = "load-balancers",
	  TYPE_SET(LOAD_BALANCER), ATTRS(balancer_attrs),
	  .flags = MN_TYPE_ID | MN_TYPE_NAMED },
	{ .word = "pool", .key = "pools", TYPE_SET(POOL), ATTRS(pool_attrs),
	  .flags = MN_TYPE_ID | MN_TYPE_NAMED | MN_TYPE_INNER,
	  .parents = BIT(LOAD_BALANCER), .parent_key = "load-balancer" },
	{ .word = "vip", .key = "vips", TYPE(VIP), ATTRS(vip_attrs),
	  .flags = MN_TYPE_INNER, .parents = BIT(LOAD_BALANCER),
	  .parent_key = "load-balancer" },
	{ .word = "pool-member", .key = "members", TYPE(POOL_MEMBER),
	  ATTRS(member_attrs), .flags = MN_TYPE_INNER, .parents = BIT(POOL),
	  .parent_key = "pool" },
	{ .word = "nat-block", TYPE(NAT_BLOCK), ATTRS(block_attrs),
	  .flags = MN_TYPE_LIVE, .parents = BIT(ROUTER),
	  .parent_key = "device" },
};

/* Those of a host come last. */
#define N_LIVE	1

const size_t mn_n_types = MN_ARRAY_SIZE(mn_types) - N_LIVE;

/**
 * mn_type_find() - look a type up
 * @word: on the command line
 *
 * Return: type or NULL
 */
const struct mn_type *mn_type_find(const char *word)
{
	size_t i;

	for (i = 0; i < MN_ARRAY_SIZE(mn_types); i++) {
		if (!strcmp(mn_types[i].word, word))
			return &mn_types[i];
	}
	return NULL;
}

/**
 * mn_type_of() - the same by number
 * @type: &enum midonet_object_type
 *
 * Return: type, NULL for what is no object here
 */
const struct mn_type *mn_type_of(int type)
{
	size_t i;

	for (i = 0; i < MN_ARRAY_SIZE(mn_types); i++) {
		if (mn_types[i].type == type)
			return &mn_types[i];
	}
	return NULL;
}

/**
 * mn_type_attr() - look an attribute up
 * @type: type
 * @word: attribute
 *
 * Return: index in @type's attributes, -1 if it has none called so
 */
int mn_type_attr(const struct mn_type *type, const char *word)
{
	int i;

	for (i = 0; i < type->n_attrs; i++) {
		if (!strcmp(type->attrs[i].word, word))
			return i;
	}
	return -1;
}

/**
 * mn_type_wire() - the same by number
 * @type: type
 * @attr: &enum midonet_object_attr
 *
 * Return: index in @type's attributes, -1 if it does not have it
 */
int mn_type_wire(const struct mn_type *type, int attr)
{
	int i;

	for (i = 0; i < type->n_attrs; i++) {
		if (type->attrs[i].attr == attr && !type->attrs[i].nest)
			return i;
	}
	return -1;
}

/**
 * mn_type_key() - look an attribute up as it is called in JSON
 * @type: type
 * @nest: number of the attribute it is within, 0: none
 * @key: key
 *
 * Return: index in @type's attributes, -1 if it has none called so
 */
int mn_type_key(const struct mn_type *type, int nest, const char *key)
{
	const struct mn_attr *a;
	int i;

	for (i = 0; i < type->n_attrs; i++) {
		a = &type->attrs[i];
		if (a->nest == nest && !strcmp(a->key ?: a->word, key))
			return i;
	}
	return -1;
}

/**
 * mn_type_nest() - look up a group of attributes
 * @type: type
 * @key: what it is called in JSON
 *
 * Return: index of its first attribute, -1 if there is none called so
 */
int mn_type_nest(const struct mn_type *type, const char *key)
{
	int i;

	for (i = 0; i < type->n_attrs; i++) {
		if (type->attrs[i].nest &&
		    !strcmp(mn_object_attr_names[type->attrs[i].nest], key))
			return i;
	}
	return -1;
}

/**
 * mn_attr_leads() - is an attribute the first of those that are within another
 * @type: type
 * @attr: index of the attribute
 *
 * Return: whether it is
 */
bool mn_attr_leads(const struct mn_type *type, int attr)
{
	return type->attrs[attr].nest &&
	       (!attr || type->attrs[attr - 1].nest != type->attrs[attr].nest);
}

/**
 * mn_type_nested() - the attributes of a group
 * @type: type
 * @attr: index of the first
 *
 * Return: bit N: attribute N is one of them
 */
uint32_t mn_type_nested(const struct mn_type *type, int attr)
{
	uint32_t bits = 0;
	int i;

	for (i = attr; i < type->n_attrs; i++) {
		if (type->attrs[i].nest == type->attrs[attr].nest)
			bits |= 1u << i;
	}
	return bits;
}
