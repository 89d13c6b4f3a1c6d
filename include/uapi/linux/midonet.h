/* SPDX-License-Identifier: ((GPL-2.0 WITH Linux-syscall-note) OR BSD-3-Clause) */
/* Generated from Documentation/netlink/specs/midonet.yaml by generate.py, do not edit. */
#ifndef _UAPI_LINUX_MIDONET_H
#define _UAPI_LINUX_MIDONET_H

/*
 * Network virtualization in the kernel: the virtual topology, what it
 * forwards and what it knows. Configuration objects have four commands
 * each (new, set, del, get; get also dumps). They change inside a
 * transaction (txn-begin .. txn-commit on one socket) or, outside one,
 * each message is a transaction of its own. Every command needs
 * CAP_NET_ADMIN in the user namespace that owns the network namespace. An
 * attribute a command does not take is refused.
 */

#define MIDONET_FAMILY_NAME	"midonet"
#define MIDONET_FAMILY_VERSION	1

/* longest name of an object, in bytes, without the terminating NUL */
#define MIDONET_NAME_MAX	63

/**
 * enum midonet_object_type - types of configuration objects
 * @MIDONET_OBJECT_TYPE_NONE: none
 * @MIDONET_OBJECT_TYPE_HOST: host
 * @MIDONET_OBJECT_TYPE_BRIDGE: bridge
 * @MIDONET_OBJECT_TYPE_PORT: port
 * @MIDONET_OBJECT_TYPE_MAC: mac
 * @MIDONET_OBJECT_TYPE_NEIGHBOUR: neighbour
 * @MIDONET_OBJECT_TYPE_PORT_GROUP: port-group
 * @MIDONET_OBJECT_TYPE_IP_SET: ip-set
 * @MIDONET_OBJECT_TYPE_IP_SET_MEMBER: ip-set-member
 * @MIDONET_OBJECT_TYPE_CHAIN: chain
 * @MIDONET_OBJECT_TYPE_RULE: rule
 * @MIDONET_OBJECT_TYPE_ROUTER: router
 * @MIDONET_OBJECT_TYPE_ROUTE: route
 * @MIDONET_OBJECT_TYPE_LOAD_BALANCER: load-balancer
 * @MIDONET_OBJECT_TYPE_VIP: vip
 * @MIDONET_OBJECT_TYPE_POOL: pool
 * @MIDONET_OBJECT_TYPE_POOL_MEMBER: pool-member
 * @MIDONET_OBJECT_TYPE_NAT_BLOCK: nat-block
 * @MIDONET_OBJECT_TYPE_DHCP: dhcp
 * @MIDONET_OBJECT_TYPE_DHCP_HOST: dhcp-host
 * @MIDONET_OBJECT_TYPE_TUNNEL_ZONE: tunnel-zone
 * @MIDONET_OBJECT_TYPE_TUNNEL_ZONE_MEMBER: tunnel-zone-member
 */
enum midonet_object_type {
	MIDONET_OBJECT_TYPE_NONE,
	MIDONET_OBJECT_TYPE_HOST,
	MIDONET_OBJECT_TYPE_BRIDGE,
	MIDONET_OBJECT_TYPE_PORT,
	MIDONET_OBJECT_TYPE_MAC,
	MIDONET_OBJECT_TYPE_NEIGHBOUR,
	MIDONET_OBJECT_TYPE_PORT_GROUP,
	MIDONET_OBJECT_TYPE_IP_SET,
	MIDONET_OBJECT_TYPE_IP_SET_MEMBER,
	MIDONET_OBJECT_TYPE_CHAIN,
	MIDONET_OBJECT_TYPE_RULE,
	MIDONET_OBJECT_TYPE_ROUTER,
	MIDONET_OBJECT_TYPE_ROUTE,
	MIDONET_OBJECT_TYPE_LOAD_BALANCER,
	MIDONET_OBJECT_TYPE_VIP,
	MIDONET_OBJECT_TYPE_POOL,
	MIDONET_OBJECT_TYPE_POOL_MEMBER,
	MIDONET_OBJECT_TYPE_NAT_BLOCK,
	MIDONET_OBJECT_TYPE_DHCP,
	MIDONET_OBJECT_TYPE_DHCP_HOST,
	MIDONET_OBJECT_TYPE_TUNNEL_ZONE,
	MIDONET_OBJECT_TYPE_TUNNEL_ZONE_MEMBER,

	/* private: */
	__MIDONET_OBJECT_TYPE_COUNT
};

/**
 * enum midonet_op - what happened to an object
 * @MIDONET_OP_NONE: none
 * @MIDONET_OP_NEW: new
 * @MIDONET_OP_SET: set
 * @MIDONET_OP_DEL: del
 */
enum midonet_op {
	MIDONET_OP_NONE,
	MIDONET_OP_NEW,
	MIDONET_OP_SET,
	MIDONET_OP_DEL,

	/* private: */
	__MIDONET_OP_COUNT
};

/**
 * enum midonet_port_state - operational state of a port or a tunnel-zone
 * @MIDONET_PORT_STATE_UNPLUGGED: neither a device nor a peer nor another
 *	host; this host is no member of the tunnel-zone
 * @MIDONET_PORT_STATE_UP: packets pass
 * @MIDONET_PORT_STATE_DOWN: admin-up is false on the port, or its device
 *	is administratively down
 * @MIDONET_PORT_STATE_NO_CARRIER: the device has no carrier
 * @MIDONET_PORT_STATE_NO_DEVICE: no device of that name in this network
 *	namespace
 * @MIDONET_PORT_STATE_ERROR: the device cannot be used, the tunnel not be
 *	opened; state-reason says why
 * @MIDONET_PORT_STATE_REMOTE: bound to another host
 */
enum midonet_port_state {
	MIDONET_PORT_STATE_UNPLUGGED,
	MIDONET_PORT_STATE_UP,
	MIDONET_PORT_STATE_DOWN,
	MIDONET_PORT_STATE_NO_CARRIER,
	MIDONET_PORT_STATE_NO_DEVICE,
	MIDONET_PORT_STATE_ERROR,
	MIDONET_PORT_STATE_REMOTE,

	/* private: */
	__MIDONET_PORT_STATE_COUNT
};

/**
 * enum midonet_rule_action - what a matching rule does
 * @MIDONET_RULE_ACTION_ACCEPT: the packet passes, evaluation of the chain
 *	ends
 * @MIDONET_RULE_ACTION_DROP: the packet is dropped silently
 * @MIDONET_RULE_ACTION_RETURN: back to the calling chain; in a top-level
 *	chain the packet passes
 * @MIDONET_RULE_ACTION_CONTINUE: count and go on with the next rule
 * @MIDONET_RULE_ACTION_JUMP: evaluate another chain, then go on
 * @MIDONET_RULE_ACTION_REJECT: the packet is dropped, and its sender told
 *	so
 * @MIDONET_RULE_ACTION_DNAT: the destination is translated to one of
 *	target, then as then says; in-chains of routers only
 * @MIDONET_RULE_ACTION_SNAT: the source is translated to one of target,
 *	then as then says; out-chains of routers only
 * @MIDONET_RULE_ACTION_REV_DNAT: matches return packets of a connection
 *	with a translated destination, which is undone here
 * @MIDONET_RULE_ACTION_REV_SNAT: matches return packets of a connection
 *	with a translated source, which is undone here
 */
enum midonet_rule_action {
	MIDONET_RULE_ACTION_ACCEPT,
	MIDONET_RULE_ACTION_DROP,
	MIDONET_RULE_ACTION_RETURN,
	MIDONET_RULE_ACTION_CONTINUE,
	MIDONET_RULE_ACTION_JUMP,
	MIDONET_RULE_ACTION_REJECT,
	MIDONET_RULE_ACTION_DNAT,
	MIDONET_RULE_ACTION_SNAT,
	MIDONET_RULE_ACTION_REV_DNAT,
	MIDONET_RULE_ACTION_REV_SNAT,

	/* private: */
	__MIDONET_RULE_ACTION_COUNT
};

/**
 * enum midonet_route_type - what a route does with a packet
 * @MIDONET_ROUTE_TYPE_PORT: it leaves by a port, towards a gateway or its
 *	destination
 * @MIDONET_ROUTE_TYPE_LOCAL: it is for the router itself
 * @MIDONET_ROUTE_TYPE_BLACKHOLE: it is dropped silently
 * @MIDONET_ROUTE_TYPE_REJECT: it is dropped, and its sender told so
 */
enum midonet_route_type {
	MIDONET_ROUTE_TYPE_PORT,
	MIDONET_ROUTE_TYPE_LOCAL,
	MIDONET_ROUTE_TYPE_BLACKHOLE,
	MIDONET_ROUTE_TYPE_REJECT,

	/* private: */
	__MIDONET_ROUTE_TYPE_COUNT
};

/**
 * enum midonet_neighbour_state - what is known of a neighbour
 * @MIDONET_NEIGHBOUR_STATE_PERMANENT: configured, or the port of another
 *	virtual device
 * @MIDONET_NEIGHBOUR_STATE_INCOMPLETE: asked, no answer yet; packets wait
 * @MIDONET_NEIGHBOUR_STATE_REACHABLE: heard from in the last 60 s
 * @MIDONET_NEIGHBOUR_STATE_STALE: not heard from since, and not used
 * @MIDONET_NEIGHBOUR_STATE_PROBE: asked by unicast whether it is still
 *	there
 * @MIDONET_NEIGHBOUR_STATE_FAILED: does not answer
 */
enum midonet_neighbour_state {
	MIDONET_NEIGHBOUR_STATE_PERMANENT,
	MIDONET_NEIGHBOUR_STATE_INCOMPLETE,
	MIDONET_NEIGHBOUR_STATE_REACHABLE,
	MIDONET_NEIGHBOUR_STATE_STALE,
	MIDONET_NEIGHBOUR_STATE_PROBE,
	MIDONET_NEIGHBOUR_STATE_FAILED,

	/* private: */
	__MIDONET_NEIGHBOUR_STATE_COUNT
};

/**
 * enum midonet_fragment - values of the match word "fragment"
 * @MIDONET_FRAGMENT_NONE: not fragmented
 * @MIDONET_FRAGMENT_ANY: any fragment
 * @MIDONET_FRAGMENT_FIRST: first fragment
 * @MIDONET_FRAGMENT_LATER: a fragment that is not the first
 * @MIDONET_FRAGMENT_HEADER: none or first, that is, the L4 header is there
 */
enum midonet_fragment {
	MIDONET_FRAGMENT_NONE,
	MIDONET_FRAGMENT_ANY,
	MIDONET_FRAGMENT_FIRST,
	MIDONET_FRAGMENT_LATER,
	MIDONET_FRAGMENT_HEADER,

	/* private: */
	__MIDONET_FRAGMENT_COUNT
};

/**
 * enum midonet_origin - where an entry comes from
 * @MIDONET_ORIGIN_STATIC: static
 * @MIDONET_ORIGIN_LEARNED: learned
 * @MIDONET_ORIGIN_HOST: host
 * @MIDONET_ORIGIN_CONNECTED: connected
 */
enum midonet_origin {
	MIDONET_ORIGIN_STATIC,
	MIDONET_ORIGIN_LEARNED,
	MIDONET_ORIGIN_HOST,
	MIDONET_ORIGIN_CONNECTED,

	/* private: */
	__MIDONET_ORIGIN_COUNT
};

/**
 * enum midonet_verdict - how the walk of a packet ended
 * @MIDONET_VERDICT_OUTPUT: output
 * @MIDONET_VERDICT_FLOOD: flood
 * @MIDONET_VERDICT_DROP: drop
 * @MIDONET_VERDICT_CONSUMED: consumed
 * @MIDONET_VERDICT_WAIT: wait
 */
enum midonet_verdict {
	MIDONET_VERDICT_OUTPUT,
	MIDONET_VERDICT_FLOOD,
	MIDONET_VERDICT_DROP,
	MIDONET_VERDICT_CONSUMED,
	MIDONET_VERDICT_WAIT,

	/* private: */
	__MIDONET_VERDICT_COUNT
};

/**
 * enum midonet_level - health of a subsystem
 * @MIDONET_LEVEL_OK: ok
 * @MIDONET_LEVEL_WARNING: warning
 * @MIDONET_LEVEL_ERROR: error
 */
enum midonet_level {
	MIDONET_LEVEL_OK,
	MIDONET_LEVEL_WARNING,
	MIDONET_LEVEL_ERROR,

	/* private: */
	__MIDONET_LEVEL_COUNT
};

/**
 * enum midonet_direction - side of a port on which a frame is injected
 * @MIDONET_DIRECTION_IN: as if it had been received from the port's device
 * @MIDONET_DIRECTION_OUT: towards the port's device, crossing no device
 */
enum midonet_direction {
	MIDONET_DIRECTION_IN,
	MIDONET_DIRECTION_OUT,

	/* private: */
	__MIDONET_DIRECTION_COUNT
};

/**
 * enum midonet_conn_state - values of the match word "state": what the packet is to the connections of the device
 * @MIDONET_CONN_STATE_NEW: begins a connection, or belongs to one that
 *	nobody has answered
 * @MIDONET_CONN_STATE_ESTABLISHED: belongs to a connection that was
 *	answered, or answers it
 * @MIDONET_CONN_STATE_RELATED: an ICMP error about a packet of a
 *	connection
 * @MIDONET_CONN_STATE_INVALID: cannot begin a connection and belongs to
 *	none
 * @MIDONET_CONN_STATE_UNTRACKED: never tracked: not IP, neighbour
 *	discovery, MLD, IGMP, multicast, broadcast
 */
enum midonet_conn_state {
	MIDONET_CONN_STATE_NEW,
	MIDONET_CONN_STATE_ESTABLISHED,
	MIDONET_CONN_STATE_RELATED,
	MIDONET_CONN_STATE_INVALID,
	MIDONET_CONN_STATE_UNTRACKED,

	/* private: */
	__MIDONET_CONN_STATE_COUNT
};

/**
 * enum midonet_conn_direction - values of the match word "direction": which side of its connection sent the packet
 * @MIDONET_CONN_DIRECTION_FORWARD: who began the connection
 * @MIDONET_CONN_DIRECTION_RETURN: the other
 */
enum midonet_conn_direction {
	MIDONET_CONN_DIRECTION_FORWARD,
	MIDONET_CONN_DIRECTION_RETURN,

	/* private: */
	__MIDONET_CONN_DIRECTION_COUNT
};

/**
 * enum midonet_conn_phase - how far a connection is
 * @MIDONET_CONN_PHASE_UNANSWERED: packets of one direction only
 *	(net.midonet.timeout_udp, timeout_icmp, timeout_generic)
 * @MIDONET_CONN_PHASE_ANSWERED: packets of both directions
 *	(timeout_udp_answered, timeout_icmp, timeout_generic)
 * @MIDONET_CONN_PHASE_SYN_SENT: TCP, the initiator's SYN was seen
 *	(timeout_tcp_syn)
 * @MIDONET_CONN_PHASE_SYN_RECEIVED: TCP, the SYN was answered
 *	(timeout_tcp_syn)
 * @MIDONET_CONN_PHASE_ESTABLISHED: TCP, data may flow
 *	(timeout_tcp_established)
 * @MIDONET_CONN_PHASE_FIN_WAIT: TCP, one side or both have said FIN
 *	(timeout_tcp_fin)
 * @MIDONET_CONN_PHASE_CLOSED: TCP, reset (timeout_tcp_close)
 */
enum midonet_conn_phase {
	MIDONET_CONN_PHASE_UNANSWERED,
	MIDONET_CONN_PHASE_ANSWERED,
	MIDONET_CONN_PHASE_SYN_SENT,
	MIDONET_CONN_PHASE_SYN_RECEIVED,
	MIDONET_CONN_PHASE_ESTABLISHED,
	MIDONET_CONN_PHASE_FIN_WAIT,
	MIDONET_CONN_PHASE_CLOSED,

	/* private: */
	__MIDONET_CONN_PHASE_COUNT
};

/**
 * enum midonet_health - health of a member of a pool, as a monitor says
 * @MIDONET_HEALTH_UNKNOWN: nobody has looked; taken for up
 * @MIDONET_HEALTH_UP: it serves
 * @MIDONET_HEALTH_DOWN: it does not; new connections go to others
 */
enum midonet_health {
	MIDONET_HEALTH_UNKNOWN,
	MIDONET_HEALTH_UP,
	MIDONET_HEALTH_DOWN,

	/* private: */
	__MIDONET_HEALTH_COUNT
};

/**
 * enum midonet_check_type - how the health of a pool's members is found out
 * @MIDONET_CHECK_TYPE_NONE: it is not
 * @MIDONET_CHECK_TYPE_TCP: a TCP connection is opened
 * @MIDONET_CHECK_TYPE_UDP: a datagram is sent, an ICMP error means down
 * @MIDONET_CHECK_TYPE_HTTP: a GET of path is answered by a status below
 *	400
 */
enum midonet_check_type {
	MIDONET_CHECK_TYPE_NONE,
	MIDONET_CHECK_TYPE_TCP,
	MIDONET_CHECK_TYPE_UDP,
	MIDONET_CHECK_TYPE_HTTP,

	/* private: */
	__MIDONET_CHECK_TYPE_COUNT
};

/**
 * enum midonet_dhcp_mode - how the hosts of an IPv6 subnet get their addresses
 * @MIDONET_DHCP_MODE_STATEFUL: those that are listed by DHCPv6
 * @MIDONET_DHCP_MODE_STATELESS: all by router advertisements; what else
 *	they want to know by DHCPv6
 * @MIDONET_DHCP_MODE_SLAAC: all by router advertisements, and there is no
 *	DHCPv6
 */
enum midonet_dhcp_mode {
	MIDONET_DHCP_MODE_STATEFUL,
	MIDONET_DHCP_MODE_STATELESS,
	MIDONET_DHCP_MODE_SLAAC,

	/* private: */
	__MIDONET_DHCP_MODE_COUNT
};

/**
 * enum midonet_drop_reason - why a packet was dropped
 * @MIDONET_DROP_REASON_NONE: not dropped
 * @MIDONET_DROP_REASON_PORT_DOWN: the port is down or its admin-up is
 *	false
 * @MIDONET_DROP_REASON_PORT_UNPLUGGED: the port has neither device nor
 *	peer nor remote host
 * @MIDONET_DROP_REASON_PORT_REMOTE: the port is bound to another host and
 *	no tunnel leads there
 * @MIDONET_DROP_REASON_BRIDGE_DOWN: the bridge's admin-up is false
 * @MIDONET_DROP_REASON_CHAIN: a rule of a chain dropped the packet
 * @MIDONET_DROP_REASON_SPOOF_ETHERNET: Ethernet source not among the
 *	port's allowed-addresses
 * @MIDONET_DROP_REASON_SPOOF_ARP: ARP sender MAC or address not among the
 *	port's allowed-addresses
 * @MIDONET_DROP_REASON_SPOOF_IPV4: IPv4 source not among the port's
 *	allowed-addresses
 * @MIDONET_DROP_REASON_SPOOF_IPV6: IPv6 source not among the port's
 *	allowed-addresses
 * @MIDONET_DROP_REASON_SPOOF_ND: link-layer option or target of a
 *	neighbour discovery message not among the port's allowed-addresses
 * @MIDONET_DROP_REASON_NOT_ALLOWED_HERE: unicast destination not among the
 *	allowed-addresses of the port it would leave by
 * @MIDONET_DROP_REASON_MULTICAST_SOURCE: source MAC is a group address or
 *	zero
 * @MIDONET_DROP_REASON_MALFORMED: frame too short or with inconsistent
 *	headers
 * @MIDONET_DROP_REASON_HOP_LIMIT: the packet crossed more than 16 virtual
 *	devices
 * @MIDONET_DROP_REASON_SAME_PORT: the bridge would send the packet out of
 *	the port it came in by
 * @MIDONET_DROP_REASON_NO_OUTPUT: nothing to flood to
 * @MIDONET_DROP_REASON_VLAN: untagged, or with a tag that has no
 *	counterpart, towards an interior port with a vlan
 * @MIDONET_DROP_REASON_FLOOD_RATE: the ingress port floods more than
 *	net.midonet.flood_rate per second
 * @MIDONET_DROP_REASON_FLOOD_QUEUE: the queue of large floods is full
 * @MIDONET_DROP_REASON_MTU: larger than the egress port's MTU
 * @MIDONET_DROP_REASON_FRAGMENT: later fragment whose first fragment was
 *	dropped
 * @MIDONET_DROP_REASON_PARK_FULL: no room to wait (net.midonet.parked_max
 *	or parked_per_port)
 * @MIDONET_DROP_REASON_PARK_TIMEOUT: what the packet waited for did not
 *	come
 * @MIDONET_DROP_REASON_PUNT_UNSERVED: to be served by a daemon, but none
 *	is bound
 * @MIDONET_DROP_REASON_PUNT_RATE: more punts than net.midonet.punt_rate
 *	per second from this port
 * @MIDONET_DROP_REASON_NOMEM: no memory for the packet or its state
 * @MIDONET_DROP_REASON_DEVICE_TX: the egress device is gone or refused the
 *	packet
 * @MIDONET_DROP_REASON_CHAIN_DEPTH: more than 16 nested jumps
 * @MIDONET_DROP_REASON_ROUTER_DOWN: the router's admin-up is false
 * @MIDONET_DROP_REASON_NOT_IP: neither IP nor ARP, or to a group address,
 *	towards a router
 * @MIDONET_DROP_REASON_NOT_FOR_ROUTER: the destination MAC is not that of
 *	the router's port
 * @MIDONET_DROP_REASON_NO_ROUTE: the router has no route to the
 *	destination
 * @MIDONET_DROP_REASON_BLACKHOLE: a route of type blackhole
 * @MIDONET_DROP_REASON_REJECT: a rule or a route of type reject; the
 *	sender was told
 * @MIDONET_DROP_REASON_TTL: the TTL or hop limit ended at a router
 * @MIDONET_DROP_REASON_NEIGHBOUR: the next hop does not answer
 * @MIDONET_DROP_REASON_NEIGHBOUR_FULL: no room for a neighbour
 *	(net.midonet.neighbours_max or neighbours_per_port)
 * @MIDONET_DROP_REASON_NEIGHBOUR_UNASKED: an ARP reply or neighbour
 *	advertisement nobody asked for, or from a stranger
 * @MIDONET_DROP_REASON_NO_SERVICE: to an address of a router, where
 *	nothing listens
 * @MIDONET_DROP_REASON_MARTIAN: source or destination no router forwards:
 *	loopback, group, unspecified, link-local
 * @MIDONET_DROP_REASON_NAT_EXHAUSTED: no address and port of the snat
 *	rule's target is free for this destination
 * @MIDONET_DROP_REASON_CONN_FULL: no room for a connection
 *	(net.midonet.conns_max or conns_per_port)
 * @MIDONET_DROP_REASON_CONN_INVALID: snat or dnat would have to pick up a
 *	TCP connection whose beginning was not seen
 * @MIDONET_DROP_REASON_NO_MEMBER: no member of the VIP's pool is up; the
 *	sender was told
 * @MIDONET_DROP_REASON_TUNNEL_PEER: out of a tunnel, from an address that
 *	is no other member's of the tunnel-zone
 * @MIDONET_DROP_REASON_TUNNEL_KEY: out of a tunnel, for a port that is not
 *	on this host
 * @MIDONET_DROP_REASON_TUNNEL_HEADER: out of a tunnel, with a header that
 *	is too short, or not one of the tunnel-zone's encap
 * @MIDONET_DROP_REASON_TUNNEL_OPTION: out of a Geneve tunnel, with an
 *	option that must be understood and is not
 * @MIDONET_DROP_REASON_TUNNEL_ECN: out of a tunnel, where it met
 *	congestion that its sender cannot be told of
 * @MIDONET_DROP_REASON_TUNNEL_ROUTE: the host has no route to the peer of
 *	the tunnel
 * @MIDONET_DROP_REASON_TUNNEL_STATE: a message between hosts that nobody
 *	takes
 */
enum midonet_drop_reason {
	MIDONET_DROP_REASON_NONE,
	MIDONET_DROP_REASON_PORT_DOWN,
	MIDONET_DROP_REASON_PORT_UNPLUGGED,
	MIDONET_DROP_REASON_PORT_REMOTE,
	MIDONET_DROP_REASON_BRIDGE_DOWN,
	MIDONET_DROP_REASON_CHAIN,
	MIDONET_DROP_REASON_SPOOF_ETHERNET,
	MIDONET_DROP_REASON_SPOOF_ARP,
	MIDONET_DROP_REASON_SPOOF_IPV4,
	MIDONET_DROP_REASON_SPOOF_IPV6,
	MIDONET_DROP_REASON_SPOOF_ND,
	MIDONET_DROP_REASON_NOT_ALLOWED_HERE,
	MIDONET_DROP_REASON_MULTICAST_SOURCE,
	MIDONET_DROP_REASON_MALFORMED,
	MIDONET_DROP_REASON_HOP_LIMIT,
	MIDONET_DROP_REASON_SAME_PORT,
	MIDONET_DROP_REASON_NO_OUTPUT,
	MIDONET_DROP_REASON_VLAN,
	MIDONET_DROP_REASON_FLOOD_RATE,
	MIDONET_DROP_REASON_FLOOD_QUEUE,
	MIDONET_DROP_REASON_MTU,
	MIDONET_DROP_REASON_FRAGMENT,
	MIDONET_DROP_REASON_PARK_FULL,
	MIDONET_DROP_REASON_PARK_TIMEOUT,
	MIDONET_DROP_REASON_PUNT_UNSERVED,
	MIDONET_DROP_REASON_PUNT_RATE,
	MIDONET_DROP_REASON_NOMEM,
	MIDONET_DROP_REASON_DEVICE_TX,
	MIDONET_DROP_REASON_CHAIN_DEPTH,
	MIDONET_DROP_REASON_ROUTER_DOWN,
	MIDONET_DROP_REASON_NOT_IP,
	MIDONET_DROP_REASON_NOT_FOR_ROUTER,
	MIDONET_DROP_REASON_NO_ROUTE,
	MIDONET_DROP_REASON_BLACKHOLE,
	MIDONET_DROP_REASON_REJECT,
	MIDONET_DROP_REASON_TTL,
	MIDONET_DROP_REASON_NEIGHBOUR,
	MIDONET_DROP_REASON_NEIGHBOUR_FULL,
	MIDONET_DROP_REASON_NEIGHBOUR_UNASKED,
	MIDONET_DROP_REASON_NO_SERVICE,
	MIDONET_DROP_REASON_MARTIAN,
	MIDONET_DROP_REASON_NAT_EXHAUSTED,
	MIDONET_DROP_REASON_CONN_FULL,
	MIDONET_DROP_REASON_CONN_INVALID,
	MIDONET_DROP_REASON_NO_MEMBER,
	MIDONET_DROP_REASON_TUNNEL_PEER,
	MIDONET_DROP_REASON_TUNNEL_KEY,
	MIDONET_DROP_REASON_TUNNEL_HEADER,
	MIDONET_DROP_REASON_TUNNEL_OPTION,
	MIDONET_DROP_REASON_TUNNEL_ECN,
	MIDONET_DROP_REASON_TUNNEL_ROUTE,
	MIDONET_DROP_REASON_TUNNEL_STATE,

	/* private: */
	__MIDONET_DROP_REASON_COUNT
};

/**
 * enum midonet_encap - how hosts of a tunnel-zone send packets to each other
 * @MIDONET_ENCAP_VXLAN: VXLAN (RFC 7348)
 * @MIDONET_ENCAP_GENEVE: Geneve (RFC 8926)
 * @MIDONET_ENCAP_GRE: GRE with a key (RFC 2890), over IPv4 only
 */
enum midonet_encap {
	MIDONET_ENCAP_VXLAN,
	MIDONET_ENCAP_GENEVE,
	MIDONET_ENCAP_GRE,

	/* private: */
	__MIDONET_ENCAP_COUNT
};

/**
 * enum midonet_object_attr - attributes of configuration objects, one number space for all types, so that a word has the same number wherever it is used
 * @MIDONET_A_ID: (binary) UUID in network byte order
 * @MIDONET_A_NAME: (string) 1..63 characters of [A-Za-z0-9._-], unique
 *	within the type; a port's within its device. A dhcp has its subnet for
 *	a name (read only), a dhcp-host what it is told to be called
 * @MIDONET_A_PARENT: (binary) id of what contains the object: the device
 *	of a port, the chain of a rule, the ip-set of a member, the bridge of a
 *	static mac, the bridge or router of a neighbour, the router of a route,
 *	the load-balancer of a vip or pool, the pool of a pool-member, the
 *	router of a nat-block, the bridge of a dhcp, the dhcp of a dhcp-host,
 *	the tunnel-zone of a tunnel-zone-member; cannot be changed later
 * @MIDONET_A_ADMIN_UP: (u8) 0 or 1; default 1
 * @MIDONET_A_IN_CHAIN: (binary) id of the chain for what enters the device
 * @MIDONET_A_OUT_CHAIN: (binary) id of the chain for what leaves the
 *	device
 * @MIDONET_A_MAC_AGE: (u32) seconds after which an unused learned MAC is
 *	forgotten, 1..1000000; default 300
 * @MIDONET_A_ARP_SUPPRESS: (u8) 0 or 1, answer ARP and ND for known
 *	addresses; default 1
 * @MIDONET_A_MAC: (binary) MAC address
 * @MIDONET_A_ADDRESSES: (binary, repeated) prefix: one byte of length in
 *	bits, then 4 or 16 bytes of address
 * @MIDONET_A_VLAN: (u16) VLAN id 1..4094, 0 for none; a port with a device
 *	has none, one without may keep it while it has no peer
 * @MIDONET_A_PEER: (binary) id of the port this one is linked to; naming
 *	it on one side is enough
 * @MIDONET_A_HOST: (binary) id of the host a port is bound to (absent, it
 *	is local everywhere), or of a tunnel-zone-member
 * @MIDONET_A_DEV: (string) name of the network device of an exterior port
 * @MIDONET_A_PORT_GROUPS: (binary, repeated) ids of the port-groups the
 *	port is in
 * @MIDONET_A_ALLOWED_ADDRESSES: (binary, repeated) 6 bytes of MAC, then
 *	optionally a prefix as in addresses
 * @MIDONET_A_MAC_LIMIT: (u32) most MACs learned on the port; default 1024;
 *	0 learns none
 * @MIDONET_A_TUNNEL_KEY: (u32) 1..0xEFFFFF, unique in the topology;
 *	default from the id of the port
 * @MIDONET_A_MTU: (u32) bytes of L3 payload, 68..65535, or 0 for the
 *	device's
 * @MIDONET_A_STATE: (u8) operational state of a port or tunnel-zone (read
 *	only)
 * @MIDONET_A_STATE_REASON: (string) why the state is what it is, with what
 *	to do (read only)
 * @MIDONET_A_POSITION: (u32) place of a rule in its chain, from 1; absent
 *	in a new rule means last
 * @MIDONET_A_MATCH: (nest) what a rule matches; absent or empty matches
 *	everything
 * @MIDONET_A_NOT: (u8) 0 or 1, invert the result of the whole match
 * @MIDONET_A_ACTION: (u8) what a matching rule does
 * @MIDONET_A_CHAIN: (binary) id of the chain a jump goes to
 * @MIDONET_A_MEMBERS: (binary, repeated) prefixes of an ip-set, encoded as
 *	in addresses; at most 4096 a message
 * @MIDONET_A_STATEFUL: (u8) 0 or 1, connections are shared between the
 *	hosts of the group's ports
 * @MIDONET_A_ADDRESS: (binary) IPv4 (4 bytes) or IPv6 (16 bytes) address
 * @MIDONET_A_PORT: (binary) id of the port a static MAC or a neighbour is
 *	behind, or a route leads to
 * @MIDONET_A_LOCAL: (u8) 1 for the host that this kernel is (read only)
 * @MIDONET_A_ALIVE: (u8) 1 for a host known to be alive (read only)
 * @MIDONET_A_ORIGIN: (u8) where an entry comes from (read only)
 * @MIDONET_A_AGE: (u32) seconds since the entry was made or last refreshed
 *	(read only)
 * @MIDONET_A_UNSET: (u32, repeated) in a set command, the number of an
 *	attribute to return to its default
 * @MIDONET_A_GENERATION: (u64) generation of the topology (read only)
 * @MIDONET_A_COUNT: (u32) number of contained entries (read only), or of
 *	ports of a nat-block, default 64
 * @MIDONET_A_SRC: (binary) sources a route is for, a prefix encoded as in
 *	addresses; absent means all
 * @MIDONET_A_DST: (binary) destinations a route is for, a prefix encoded
 *	as in addresses
 * @MIDONET_A_TYPE: (u8) what a route does; default port
 * @MIDONET_A_GATEWAY: (binary) next hop of a route, of 4 or 16 bytes;
 *	absent, the destination is the next hop
 * @MIDONET_A_METRIC: (u32) of the routes to the same dst the lowest wins,
 *	equal ones share; default 0
 * @MIDONET_A_NEIGHBOUR_STATE: (u8) what is known of a neighbour (read
 *	only)
 * @MIDONET_A_TARGET: (nest) what snat and dnat translate to
 * @MIDONET_A_THEN: (u8) of snat, dnat, rev-snat and rev-dnat: accept,
 *	continue or return once translated; default accept
 * @MIDONET_A_ROUTER: (binary) id of the router a load-balancer works in; a
 *	router has one at most
 * @MIDONET_A_POOL: (binary) id of the pool a vip sends to
 * @MIDONET_A_PROTO: (u8) IP protocol of a vip, 6 (TCP) or 17 (UDP)
 * @MIDONET_A_SERVICE_PORT: (u16) TCP or UDP port of a vip or pool-member,
 *	from 1
 * @MIDONET_A_STICKY: (u32) seconds for which a client of a vip keeps its
 *	member after its last packet, 0 for no longer than the connection;
 *	default 0
 * @MIDONET_A_WEIGHT: (u32) share of a pool-member, 0..65535, 0 for no new
 *	connections; default 1
 * @MIDONET_A_HEALTH: (u8) health of a pool-member (read only, see health-
 *	set)
 * @MIDONET_A_HEALTH_CHECK: (nest) how the health of a pool's members is
 *	found out; by who serves it, not by the kernel
 * @MIDONET_A_FIRST_PORT: (u16) first port of a nat-block
 * @MIDONET_A_USED: (u32) ports of a nat-block in use (read only)
 * @MIDONET_A_SUBNET: (binary) addresses a dhcp is about, a prefix encoded
 *	as in addresses, without host bits; those of a bridge do not overlap;
 *	cannot be changed
 * @MIDONET_A_SERVER: (binary) address of the DHCP server in the subnet, of
 *	4 or 16 bytes; needed for IPv4. Who has it on the bridge, or else the
 *	bridge, answers for it
 * @MIDONET_A_DNS: (binary, repeated) address of a name server, of 4 or 16
 *	bytes; at most 16
 * @MIDONET_A_LEASE: (u32) seconds an address is given for, from 60,
 *	4294967295 for ever; default 86400
 * @MIDONET_A_ROUTES: (binary, repeated) an IPv4 route the hosts of a dhcp
 *	are told: destination, a prefix encoded as in addresses, then 4 bytes
 *	of gateway; at most 25
 * @MIDONET_A_MODE: (u8) how the hosts of an IPv6 subnet get their
 *	addresses
 * @MIDONET_A_OPTIONS: (binary, repeated) an option for a dhcp-host: 2
 *	bytes of code in network byte order, then what it says; once a code, at
 *	most 64, together at most 1024 bytes
 * @MIDONET_A_SERVER_MAC: (binary) MAC that answers for server (read only)
 * @MIDONET_A_GATEWAY_MAC: (binary) MAC of the router's port that has
 *	gateway, absent if none has (read only)
 * @MIDONET_A_ENCAP: (u8) how hosts of a tunnel-zone send packets to each
 *	other; default vxlan
 * @MIDONET_A_UDP_PORT: (u16) UDP port hosts of a tunnel-zone receive at;
 *	default 6677 for vxlan, 6081 for geneve
 * @MIDONET_A_KEY: (binary) secret that authenticates messages between
 *	hosts of a tunnel-zone; never shown, see key-id
 * @MIDONET_A_KEY_ID: (binary) tells keys apart: SipHash-2-4 under the key,
 *	of nothing (read only)
 * @MIDONET_A_DSCP: (u8) DSCP of the packets between hosts of a tunnel-
 *	zone, 0..63, or 64 for that of the packet inside; default 64
 */
enum midonet_object_attr {
	MIDONET_A_ID = 1,
	MIDONET_A_NAME,
	MIDONET_A_PARENT,
	MIDONET_A_ADMIN_UP,
	MIDONET_A_IN_CHAIN,
	MIDONET_A_OUT_CHAIN,
	MIDONET_A_MAC_AGE,
	MIDONET_A_ARP_SUPPRESS,
	MIDONET_A_MAC,
	MIDONET_A_ADDRESSES,
	MIDONET_A_VLAN,
	MIDONET_A_PEER,
	MIDONET_A_HOST,
	MIDONET_A_DEV,
	MIDONET_A_PORT_GROUPS,
	MIDONET_A_ALLOWED_ADDRESSES,
	MIDONET_A_MAC_LIMIT,
	MIDONET_A_TUNNEL_KEY,
	MIDONET_A_MTU,
	MIDONET_A_STATE,
	MIDONET_A_STATE_REASON,
	MIDONET_A_POSITION,
	MIDONET_A_MATCH,
	MIDONET_A_NOT,
	MIDONET_A_ACTION,
	MIDONET_A_CHAIN,
	MIDONET_A_MEMBERS,
	MIDONET_A_STATEFUL,
	MIDONET_A_ADDRESS,
	MIDONET_A_PORT,
	MIDONET_A_LOCAL,
	MIDONET_A_ALIVE,
	MIDONET_A_ORIGIN,
	MIDONET_A_AGE,
	MIDONET_A_UNSET,
	MIDONET_A_GENERATION,
	MIDONET_A_COUNT,
	MIDONET_A_SRC,
	MIDONET_A_DST,
	MIDONET_A_TYPE,
	MIDONET_A_GATEWAY,
	MIDONET_A_METRIC,
	MIDONET_A_NEIGHBOUR_STATE,
	MIDONET_A_TARGET,
	MIDONET_A_THEN,
	MIDONET_A_ROUTER,
	MIDONET_A_POOL,
	MIDONET_A_PROTO,
	MIDONET_A_SERVICE_PORT,
	MIDONET_A_STICKY,
	MIDONET_A_WEIGHT,
	MIDONET_A_HEALTH,
	MIDONET_A_HEALTH_CHECK,
	MIDONET_A_FIRST_PORT,
	MIDONET_A_USED,
	MIDONET_A_SUBNET,
	MIDONET_A_SERVER,
	MIDONET_A_DNS,
	MIDONET_A_LEASE,
	MIDONET_A_ROUTES,
	MIDONET_A_MODE,
	MIDONET_A_OPTIONS,
	MIDONET_A_SERVER_MAC,
	MIDONET_A_GATEWAY_MAC,
	MIDONET_A_ENCAP,
	MIDONET_A_UDP_PORT,
	MIDONET_A_KEY,
	MIDONET_A_KEY_ID,
	MIDONET_A_DSCP,

	/* private: */
	__MIDONET_A_COUNT,
	MIDONET_A_MAX = __MIDONET_A_COUNT - 1
};

/**
 * enum midonet_match_attr - words of a match. A repeated attribute means any of the values; the bit of an attribute in invert inverts its whole list. A word about a field the packet does not have does not hold, inverted or not.
 * @MIDONET_MATCH_INVERT: (u64) bit N inverts the word whose attribute
 *	number is N
 * @MIDONET_MATCH_ETHERTYPE: (u16, repeated) of the frame, behind an outer
 *	VLAN tag
 * @MIDONET_MATCH_HW_SRC: (binary, repeated) 6 bytes of MAC, 6 bytes of
 *	mask
 * @MIDONET_MATCH_HW_DST: (binary, repeated) 6 bytes of MAC, 6 bytes of
 *	mask
 * @MIDONET_MATCH_VLAN: (u16, repeated) VLAN id 0..4095, or 4096 for
 *	untagged
 * @MIDONET_MATCH_SRC: (binary, repeated) prefix, encoded as in addresses
 * @MIDONET_MATCH_DST: (binary, repeated) prefix, encoded as in addresses
 * @MIDONET_MATCH_SRC_SET: (binary, repeated) id of an ip-set
 * @MIDONET_MATCH_DST_SET: (binary, repeated) id of an ip-set
 * @MIDONET_MATCH_PROTO: (u8, repeated) IP protocol, behind IPv6 extension
 *	headers
 * @MIDONET_MATCH_SRC_PORT: (u32, repeated) first port << 16 | last port
 * @MIDONET_MATCH_DST_PORT: (u32, repeated) first port << 16 | last port
 * @MIDONET_MATCH_ICMP_TYPE: (u8, repeated) ICMP or ICMPv6 type
 * @MIDONET_MATCH_ICMP_CODE: (u8, repeated) ICMP or ICMPv6 code
 * @MIDONET_MATCH_TCP_FLAGS: (u16, repeated) value << 8 | mask
 * @MIDONET_MATCH_DSCP: (u8, repeated) 0..63
 * @MIDONET_MATCH_FRAGMENT: (u8, repeated) what kind of fragment
 * @MIDONET_MATCH_IN_PORT: (binary, repeated) id of the port by which the
 *	packet entered the device
 * @MIDONET_MATCH_OUT_PORT: (binary, repeated) id of the port by which the
 *	packet leaves the device
 * @MIDONET_MATCH_PORT_GROUP: (binary, repeated) id of a group of the
 *	exterior port by which the packet entered the overlay
 * @MIDONET_MATCH_IN_PORT_GROUP: (binary, repeated) id of a group of the
 *	port by which the packet entered the device
 * @MIDONET_MATCH_OUT_PORT_GROUP: (binary, repeated) id of a group of the
 *	port by which the packet leaves the device
 * @MIDONET_MATCH_STATE: (u8, repeated) what the packet is to the
 *	connections of the device
 * @MIDONET_MATCH_DIRECTION: (u8, repeated) which side of its connection
 *	sent the packet
 * @MIDONET_MATCH_DST_REWRITTEN: (u8, repeated) 1 if the destination was
 *	translated in this device, 0 if not
 * @MIDONET_MATCH_ICMP_DATA_SRC: (binary, repeated) source of the packet an
 *	ICMP error is about, a prefix encoded as in addresses
 * @MIDONET_MATCH_ICMP_DATA_DST: (binary, repeated) destination of the
 *	packet an ICMP error is about, a prefix encoded as in addresses
 */
enum midonet_match_attr {
	MIDONET_MATCH_INVERT = 1,
	MIDONET_MATCH_ETHERTYPE,
	MIDONET_MATCH_HW_SRC,
	MIDONET_MATCH_HW_DST,
	MIDONET_MATCH_VLAN,
	MIDONET_MATCH_SRC,
	MIDONET_MATCH_DST,
	MIDONET_MATCH_SRC_SET,
	MIDONET_MATCH_DST_SET,
	MIDONET_MATCH_PROTO,
	MIDONET_MATCH_SRC_PORT,
	MIDONET_MATCH_DST_PORT,
	MIDONET_MATCH_ICMP_TYPE,
	MIDONET_MATCH_ICMP_CODE,
	MIDONET_MATCH_TCP_FLAGS,
	MIDONET_MATCH_DSCP,
	MIDONET_MATCH_FRAGMENT,
	MIDONET_MATCH_IN_PORT,
	MIDONET_MATCH_OUT_PORT,
	MIDONET_MATCH_PORT_GROUP,
	MIDONET_MATCH_IN_PORT_GROUP,
	MIDONET_MATCH_OUT_PORT_GROUP,
	MIDONET_MATCH_STATE,
	MIDONET_MATCH_DIRECTION,
	MIDONET_MATCH_DST_REWRITTEN,
	MIDONET_MATCH_ICMP_DATA_SRC,
	MIDONET_MATCH_ICMP_DATA_DST,

	/* private: */
	__MIDONET_MATCH_COUNT,
	MIDONET_MATCH_MAX = __MIDONET_MATCH_COUNT - 1
};

/**
 * enum midonet_nat_target_attr - addresses and ports to translate to. With ports, or dnat to more than one address, the translation is dynamic: a connection keeps it. Else it is static, by offset from the prefix in the rule's match.
 * @MIDONET_NAT_TARGET_FIRST: (binary) first address, of 4 or 16 bytes
 * @MIDONET_NAT_TARGET_LAST: (binary) last address; absent, the first
 * @MIDONET_NAT_TARGET_FIRST_PORT: (u16) first port, or ICMP id; absent,
 *	ports stay
 * @MIDONET_NAT_TARGET_LAST_PORT: (u16) last port; absent, the first
 */
enum midonet_nat_target_attr {
	MIDONET_NAT_TARGET_FIRST = 1,
	MIDONET_NAT_TARGET_LAST,
	MIDONET_NAT_TARGET_FIRST_PORT,
	MIDONET_NAT_TARGET_LAST_PORT,

	/* private: */
	__MIDONET_NAT_TARGET_COUNT,
	MIDONET_NAT_TARGET_MAX = __MIDONET_NAT_TARGET_COUNT - 1
};

/**
 * enum midonet_health_check_attr - how the health of a pool's members is found out
 * @MIDONET_HEALTH_CHECK_TYPE: (u8) how; default none
 * @MIDONET_HEALTH_CHECK_PATH: (string) of an http check; default /
 * @MIDONET_HEALTH_CHECK_INTERVAL: (u32) seconds between two checks,
 *	1..3600; default 5
 * @MIDONET_HEALTH_CHECK_TIMEOUT: (u32) seconds after which a check has
 *	failed, 1..3600; default 2
 * @MIDONET_HEALTH_CHECK_RISE: (u32) successes in a row that make a member
 *	up, 1..100; default 2
 * @MIDONET_HEALTH_CHECK_FALL: (u32) failures in a row that make a member
 *	down, 1..100; default 2
 */
enum midonet_health_check_attr {
	MIDONET_HEALTH_CHECK_TYPE = 1,
	MIDONET_HEALTH_CHECK_PATH,
	MIDONET_HEALTH_CHECK_INTERVAL,
	MIDONET_HEALTH_CHECK_TIMEOUT,
	MIDONET_HEALTH_CHECK_RISE,
	MIDONET_HEALTH_CHECK_FALL,

	/* private: */
	__MIDONET_HEALTH_CHECK_COUNT,
	MIDONET_HEALTH_CHECK_MAX = __MIDONET_HEALTH_CHECK_COUNT - 1
};

/**
 * enum midonet_txn_attr - a transaction
 * @MIDONET_TXN_GENERATION: (u64) txn-begin: the generation the change was
 *	computed from, commit fails with ESTALE if it moved; reply of txn-
 *	commit: the generation now
 * @MIDONET_TXN_DRY_RUN: (flag) txn-commit judges everything, changes
 *	nothing
 * @MIDONET_TXN_OPS: (u32) number of staged messages (reply of txn-commit)
 * @MIDONET_TXN_CHANGES: (u32) number of objects that differ (reply of txn-
 *	commit)
 * @MIDONET_TXN_FORCE: (flag) also when the kernel is owned by a store
 * @MIDONET_TXN_STORE: (string) the store the change comes from; needed if
 *	it owns the kernel
 * @MIDONET_TXN_REVISION: (u64) revision of that store, in force together
 *	with the change
 */
enum midonet_txn_attr {
	MIDONET_TXN_GENERATION = 1,
	MIDONET_TXN_DRY_RUN,
	MIDONET_TXN_OPS,
	MIDONET_TXN_CHANGES,
	MIDONET_TXN_FORCE,
	MIDONET_TXN_STORE,
	MIDONET_TXN_REVISION,

	/* private: */
	__MIDONET_TXN_COUNT,
	MIDONET_TXN_MAX = __MIDONET_TXN_COUNT - 1
};

/**
 * enum midonet_packet_attr - headers of a packet, or a mask over them (then addresses and numbers are bit masks); fields the packet does not have are absent
 * @MIDONET_PACKET_HW_SRC: (binary) hw-src
 * @MIDONET_PACKET_HW_DST: (binary) hw-dst
 * @MIDONET_PACKET_ETHERTYPE: (u16) ethertype
 * @MIDONET_PACKET_VLAN: (u16) VLAN id; 4096 for untagged
 * @MIDONET_PACKET_SRC: (binary) IPv4 or IPv6 address, or the sender's of
 *	an ARP packet
 * @MIDONET_PACKET_DST: (binary) IPv4 or IPv6 address, or the target's of
 *	an ARP packet
 * @MIDONET_PACKET_PROTO: (u8) IP protocol, or the operation of an ARP
 *	packet
 * @MIDONET_PACKET_SRC_PORT: (u16) src-port
 * @MIDONET_PACKET_DST_PORT: (u16) dst-port
 * @MIDONET_PACKET_ICMP_TYPE: (u8) icmp-type
 * @MIDONET_PACKET_ICMP_CODE: (u8) icmp-code
 * @MIDONET_PACKET_ICMP_ID: (u16) icmp-id
 * @MIDONET_PACKET_TCP_FLAGS: (u8) tcp-flags
 * @MIDONET_PACKET_DSCP: (u8) dscp
 * @MIDONET_PACKET_FRAGMENT: (u8) as fragment of match; in a mask, its bits
 * @MIDONET_PACKET_TTL: (u8) ttl
 * @MIDONET_PACKET_LEN: (u32) bytes with the Ethernet header
 */
enum midonet_packet_attr {
	MIDONET_PACKET_HW_SRC = 1,
	MIDONET_PACKET_HW_DST,
	MIDONET_PACKET_ETHERTYPE,
	MIDONET_PACKET_VLAN,
	MIDONET_PACKET_SRC,
	MIDONET_PACKET_DST,
	MIDONET_PACKET_PROTO,
	MIDONET_PACKET_SRC_PORT,
	MIDONET_PACKET_DST_PORT,
	MIDONET_PACKET_ICMP_TYPE,
	MIDONET_PACKET_ICMP_CODE,
	MIDONET_PACKET_ICMP_ID,
	MIDONET_PACKET_TCP_FLAGS,
	MIDONET_PACKET_DSCP,
	MIDONET_PACKET_FRAGMENT,
	MIDONET_PACKET_TTL,
	MIDONET_PACKET_LEN,

	/* private: */
	__MIDONET_PACKET_COUNT,
	MIDONET_PACKET_MAX = __MIDONET_PACKET_COUNT - 1
};

/**
 * enum midonet_flow_attr - an entry of the flow table
 * @MIDONET_FLOW_IN_PORT: (string) DEVICE:PORT
 * @MIDONET_FLOW_KEY: (nest) key
 * @MIDONET_FLOW_MASK: (nest) mask
 * @MIDONET_FLOW_ACTIONS: (string, repeated) what is done, one step a
 *	string
 * @MIDONET_FLOW_PACKETS: (u64) packets
 * @MIDONET_FLOW_BYTES: (u64) with Ethernet headers, a GSO packet counted
 *	as its segments
 * @MIDONET_FLOW_AGE: (u32) seconds since the entry was made
 * @MIDONET_FLOW_IDLE: (u32) seconds since it was last used
 * @MIDONET_FLOW_STATEFUL: (u8) 1 if the entry belongs to a connection
 * @MIDONET_FLOW_VERDICT: (u8) verdict
 * @MIDONET_FLOW_DROP_REASON: (u32) drop-reason
 */
enum midonet_flow_attr {
	MIDONET_FLOW_IN_PORT = 1,
	MIDONET_FLOW_KEY,
	MIDONET_FLOW_MASK,
	MIDONET_FLOW_ACTIONS,
	MIDONET_FLOW_PACKETS,
	MIDONET_FLOW_BYTES,
	MIDONET_FLOW_AGE,
	MIDONET_FLOW_IDLE,
	MIDONET_FLOW_STATEFUL,
	MIDONET_FLOW_VERDICT,
	MIDONET_FLOW_DROP_REASON,

	/* private: */
	__MIDONET_FLOW_COUNT,
	MIDONET_FLOW_MAX = __MIDONET_FLOW_COUNT - 1
};

/**
 * enum midonet_conn_tuple_attr - what tells the packets of one direction of a connection from others
 * @MIDONET_CONN_TUPLE_SRC: (binary) IPv4 (4 bytes) or IPv6 (16 bytes)
 *	address
 * @MIDONET_CONN_TUPLE_DST: (binary) dst
 * @MIDONET_CONN_TUPLE_SRC_PORT: (u16) of TCP, UDP and SCTP
 * @MIDONET_CONN_TUPLE_DST_PORT: (u16) of TCP, UDP and SCTP
 * @MIDONET_CONN_TUPLE_ICMP_ID: (u16) of an ICMP echo
 */
enum midonet_conn_tuple_attr {
	MIDONET_CONN_TUPLE_SRC = 1,
	MIDONET_CONN_TUPLE_DST,
	MIDONET_CONN_TUPLE_SRC_PORT,
	MIDONET_CONN_TUPLE_DST_PORT,
	MIDONET_CONN_TUPLE_ICMP_ID,

	/* private: */
	__MIDONET_CONN_TUPLE_COUNT,
	MIDONET_CONN_TUPLE_MAX = __MIDONET_CONN_TUPLE_COUNT - 1
};

/**
 * enum midonet_conn_attr - a connection that a device tracks
 * @MIDONET_CONN_DEVICE: (string) bridge or router
 * @MIDONET_CONN_DEVICE_ID: (binary) device-id
 * @MIDONET_CONN_PORT: (string) DEVICE:PORT where it was opened, and which
 *	it is charged to
 * @MIDONET_CONN_PORT_ID: (binary) port-id
 * @MIDONET_CONN_PROTO: (u8) IP protocol
 * @MIDONET_CONN_FORWARD: (nest) the initiator's packets, as they enter the
 *	device
 * @MIDONET_CONN_REPLY: (nest) the answers, as they enter the device
 * @MIDONET_CONN_STATE: (u8) state
 * @MIDONET_CONN_ANSWERED: (u8) 1 if packets of both directions were seen
 * @MIDONET_CONN_AGE: (u32) seconds since it began
 * @MIDONET_CONN_EXPIRES: (u32) seconds until it goes if no packet comes
 * @MIDONET_CONN_ORIGIN: (string) "local", or the host it was learned from
 * @MIDONET_CONN_DNAT_RULE: (string) CHAIN:POSITION of the rule that
 *	translated the destination
 * @MIDONET_CONN_DNAT_RULE_ID: (binary) dnat-rule-id
 * @MIDONET_CONN_SNAT_RULE: (string) CHAIN:POSITION of the rule that
 *	translated the source
 * @MIDONET_CONN_SNAT_RULE_ID: (binary) snat-rule-id
 * @MIDONET_CONN_FILTER: (nest) which: headers of the initiator's packets
 * @MIDONET_CONN_COUNT: (u32) connections (reply)
 */
enum midonet_conn_attr {
	MIDONET_CONN_DEVICE = 1,
	MIDONET_CONN_DEVICE_ID,
	MIDONET_CONN_PORT,
	MIDONET_CONN_PORT_ID,
	MIDONET_CONN_PROTO,
	MIDONET_CONN_FORWARD,
	MIDONET_CONN_REPLY,
	MIDONET_CONN_STATE,
	MIDONET_CONN_ANSWERED,
	MIDONET_CONN_AGE,
	MIDONET_CONN_EXPIRES,
	MIDONET_CONN_ORIGIN,
	MIDONET_CONN_DNAT_RULE,
	MIDONET_CONN_DNAT_RULE_ID,
	MIDONET_CONN_SNAT_RULE,
	MIDONET_CONN_SNAT_RULE_ID,
	MIDONET_CONN_FILTER,
	MIDONET_CONN_COUNT,

	/* private: */
	__MIDONET_CONN_COUNT,
	MIDONET_CONN_MAX = __MIDONET_CONN_COUNT - 1
};

/**
 * enum midonet_step_attr - one step of a walk
 * @MIDONET_STEP_DEVICE: (string) device
 * @MIDONET_STEP_PORT: (string) DEVICE:PORT
 * @MIDONET_STEP_WHAT: (string) kind of step: port, spoof, chain, rule,
 *	learn, lookup, flood, link, route, neighbour, answer, fragment, size,
 *	conn, nat, balance, output, drop
 * @MIDONET_STEP_RULE: (string) CHAIN:POSITION
 * @MIDONET_STEP_TEXT: (string) the step in words
 * @MIDONET_STEP_PACKET: (nest) the packet as it was at this step
 * @MIDONET_STEP_ROUTE: (string) route it is about, in words: destination,
 *	gateway, port
 */
enum midonet_step_attr {
	MIDONET_STEP_DEVICE = 1,
	MIDONET_STEP_PORT,
	MIDONET_STEP_WHAT,
	MIDONET_STEP_RULE,
	MIDONET_STEP_TEXT,
	MIDONET_STEP_PACKET,
	MIDONET_STEP_ROUTE,

	/* private: */
	__MIDONET_STEP_COUNT,
	MIDONET_STEP_MAX = __MIDONET_STEP_COUNT - 1
};

/**
 * enum midonet_trace_attr - a packet walked through the topology
 * @MIDONET_TRACE_PORT: (binary) id of the port where the packet enters
 * @MIDONET_TRACE_FRAME: (binary) the frame from its Ethernet header,
 *	14..65535 bytes
 * @MIDONET_TRACE_VERDICT: (u8) verdict
 * @MIDONET_TRACE_DROP_REASON: (u32) drop-reason
 * @MIDONET_TRACE_PORT_NAME: (string) DEVICE:PORT where it enters
 * @MIDONET_TRACE_HOST: (string) host the packet leaves to, when remote
 * @MIDONET_TRACE_TUNNEL_KEY: (u32) tunnel-key
 * @MIDONET_TRACE_OUTPUTS: (string, repeated) DEVICE:PORT
 * @MIDONET_TRACE_PACKET_IN: (nest) packet-in
 * @MIDONET_TRACE_PACKET_OUT: (nest) packet-out
 * @MIDONET_TRACE_MASK: (nest) the fields the walk depended on
 * @MIDONET_TRACE_STEPS: (nest, repeated) steps
 * @MIDONET_TRACE_COUNT: (u32) trace-live: how many packets, 1..1000
 * @MIDONET_TRACE_FILTER: (nest) trace-live: which packets, by their
 *	headers as they enter
 * @MIDONET_TRACE_TRUNCATED: (u8) 1 if there were more steps than are shown
 * @MIDONET_TRACE_CACHED: (u8) 1 if the flow table would serve this packet
 */
enum midonet_trace_attr {
	MIDONET_TRACE_PORT = 1,
	MIDONET_TRACE_FRAME,
	MIDONET_TRACE_VERDICT,
	MIDONET_TRACE_DROP_REASON,
	MIDONET_TRACE_PORT_NAME,
	MIDONET_TRACE_HOST,
	MIDONET_TRACE_TUNNEL_KEY,
	MIDONET_TRACE_OUTPUTS,
	MIDONET_TRACE_PACKET_IN,
	MIDONET_TRACE_PACKET_OUT,
	MIDONET_TRACE_MASK,
	MIDONET_TRACE_STEPS,
	MIDONET_TRACE_COUNT,
	MIDONET_TRACE_FILTER,
	MIDONET_TRACE_TRUNCATED,
	MIDONET_TRACE_CACHED,

	/* private: */
	__MIDONET_TRACE_COUNT,
	MIDONET_TRACE_MAX = __MIDONET_TRACE_COUNT - 1
};

/**
 * enum midonet_drop_attr - packets dropped for one reason at one place
 * @MIDONET_DROP_DROP_REASON: (u32) drop-reason
 * @MIDONET_DROP_DEVICE: (string) device
 * @MIDONET_DROP_PORT: (string) DEVICE:PORT
 * @MIDONET_DROP_RULE: (string) CHAIN:POSITION
 * @MIDONET_DROP_PACKETS: (u64) packets
 * @MIDONET_DROP_PACKET: (nest) headers of the packet (events only)
 */
enum midonet_drop_attr {
	MIDONET_DROP_DROP_REASON = 1,
	MIDONET_DROP_DEVICE,
	MIDONET_DROP_PORT,
	MIDONET_DROP_RULE,
	MIDONET_DROP_PACKETS,
	MIDONET_DROP_PACKET,

	/* private: */
	__MIDONET_DROP_COUNT,
	MIDONET_DROP_MAX = __MIDONET_DROP_COUNT - 1
};

/**
 * enum midonet_stats_attr - counters of one object
 * @MIDONET_STATS_TYPE: (u32) type
 * @MIDONET_STATS_ID: (binary) not of routes, vips and tunnel-zone-members,
 *	which have none
 * @MIDONET_STATS_NAME: (string) DEVICE:PORT for ports, CHAIN:POSITION for
 *	rules, ROUTER:DST and what else tells it from others for routes, LOAD-
 *	BALANCER:ADDR:PORT/PROTO for vips, ZONE:HOST for tunnel-zone-members
 * @MIDONET_STATS_RX_PACKETS: (u64) into the virtual device
 * @MIDONET_STATS_RX_BYTES: (u64) rx-bytes
 * @MIDONET_STATS_TX_PACKETS: (u64) out of the virtual device
 * @MIDONET_STATS_TX_BYTES: (u64) tx-bytes
 * @MIDONET_STATS_DROPS: (u64) drops
 * @MIDONET_STATS_PACKETS: (u64) packets that matched (rules), that it was
 *	chosen for (routes), that were for it (vips)
 * @MIDONET_STATS_BYTES: (u64) bytes
 */
enum midonet_stats_attr {
	MIDONET_STATS_TYPE = 1,
	MIDONET_STATS_ID,
	MIDONET_STATS_NAME,
	MIDONET_STATS_RX_PACKETS,
	MIDONET_STATS_RX_BYTES,
	MIDONET_STATS_TX_PACKETS,
	MIDONET_STATS_TX_BYTES,
	MIDONET_STATS_DROPS,
	MIDONET_STATS_PACKETS,
	MIDONET_STATS_BYTES,

	/* private: */
	__MIDONET_STATS_COUNT,
	MIDONET_STATS_MAX = __MIDONET_STATS_COUNT - 1
};

/**
 * enum midonet_subsystem_attr - attributes of subsystem
 * @MIDONET_SUBSYSTEM_NAME: (string) name
 * @MIDONET_SUBSYSTEM_LEVEL: (u8) level
 * @MIDONET_SUBSYSTEM_TEXT: (string) text
 * @MIDONET_SUBSYSTEM_USED: (u32) entries of the table this line is about
 * @MIDONET_SUBSYSTEM_LIMIT: (u32) how many it may have
 */
enum midonet_subsystem_attr {
	MIDONET_SUBSYSTEM_NAME = 1,
	MIDONET_SUBSYSTEM_LEVEL,
	MIDONET_SUBSYSTEM_TEXT,
	MIDONET_SUBSYSTEM_USED,
	MIDONET_SUBSYSTEM_LIMIT,

	/* private: */
	__MIDONET_SUBSYSTEM_COUNT,
	MIDONET_SUBSYSTEM_MAX = __MIDONET_SUBSYSTEM_COUNT - 1
};

/**
 * enum midonet_status_attr - attributes of status
 * @MIDONET_STATUS_GENERATION: (u64) generation
 * @MIDONET_STATUS_EPOCH: (u64) moves with every commit and with learned
 *	changes that flows depend on
 * @MIDONET_STATUS_REVISION: (u64) revision of the store this kernel
 *	mirrors
 * @MIDONET_STATUS_STORE: (string) the store that owns this kernel, empty
 *	for none. status-set: the socket keeps the kernel in step with it until
 *	it is closed; the kernel stays owned. Another store has to be let go
 *	first
 * @MIDONET_STATUS_HOST: (string) name of the local host
 * @MIDONET_STATUS_HOST_ID: (binary) id of the local host; all zero for
 *	none
 * @MIDONET_STATUS_SUBSYSTEMS: (nest, repeated) status-set: how what works
 *	for this kernel is, 16 at most; when the socket is closed, they stay as
 *	warnings
 * @MIDONET_STATUS_VERSION: (string) version of the module
 */
enum midonet_status_attr {
	MIDONET_STATUS_GENERATION = 1,
	MIDONET_STATUS_EPOCH,
	MIDONET_STATUS_REVISION,
	MIDONET_STATUS_STORE,
	MIDONET_STATUS_HOST,
	MIDONET_STATUS_HOST_ID,
	MIDONET_STATUS_SUBSYSTEMS,
	MIDONET_STATUS_VERSION,

	/* private: */
	__MIDONET_STATUS_COUNT,
	MIDONET_STATUS_MAX = __MIDONET_STATUS_COUNT - 1
};

/**
 * enum midonet_punt_attr - attributes of punt
 * @MIDONET_PUNT_PORT: (binary) id of the port
 * @MIDONET_PUNT_DIRECTION: (u8) direction
 * @MIDONET_PUNT_FRAME: (binary) from the Ethernet header, VLAN tag in
 *	line, 14..65535 bytes
 * @MIDONET_PUNT_PACKETS: (u64) punts so far from this port
 * @MIDONET_PUNT_BRIDGE: (binary) id of the bridge in which the frame is
 *	for a server
 * @MIDONET_PUNT_DHCP: (binary) id of the dhcp that lists the sender, or
 *	that answers whoever asks; absent for router solicitations, which are
 *	about all IPv6 subnets of the bridge
 */
enum midonet_punt_attr {
	MIDONET_PUNT_PORT = 1,
	MIDONET_PUNT_DIRECTION,
	MIDONET_PUNT_FRAME,
	MIDONET_PUNT_PACKETS,
	MIDONET_PUNT_BRIDGE,
	MIDONET_PUNT_DHCP,

	/* private: */
	__MIDONET_PUNT_COUNT,
	MIDONET_PUNT_MAX = __MIDONET_PUNT_COUNT - 1
};

/**
 * enum midonet_event_attr - something that happened
 * @MIDONET_EVENT_OP: (u32) op
 * @MIDONET_EVENT_TYPE: (u32) type
 * @MIDONET_EVENT_ID: (binary) id
 * @MIDONET_EVENT_NAME: (string) name
 * @MIDONET_EVENT_GENERATION: (u64) generation
 * @MIDONET_EVENT_STATE: (u8) state
 * @MIDONET_EVENT_MAC: (binary) mac
 * @MIDONET_EVENT_VLAN: (u16) vlan
 * @MIDONET_EVENT_PORT: (string) DEVICE:PORT
 */
enum midonet_event_attr {
	MIDONET_EVENT_OP = 1,
	MIDONET_EVENT_TYPE,
	MIDONET_EVENT_ID,
	MIDONET_EVENT_NAME,
	MIDONET_EVENT_GENERATION,
	MIDONET_EVENT_STATE,
	MIDONET_EVENT_MAC,
	MIDONET_EVENT_VLAN,
	MIDONET_EVENT_PORT,

	/* private: */
	__MIDONET_EVENT_COUNT,
	MIDONET_EVENT_MAX = __MIDONET_EVENT_COUNT - 1
};

/**
 * enum midonet_cmd - commands and events
 * @MIDONET_CMD_HOST_NEW: add a hypervisor
 * @MIDONET_CMD_HOST_SET: change a hypervisor
 * @MIDONET_CMD_HOST_DEL: remove a hypervisor and what it contains
 * @MIDONET_CMD_HOST_GET: show a hypervisor
 * @MIDONET_CMD_BRIDGE_NEW: add a virtual L2 segment
 * @MIDONET_CMD_BRIDGE_SET: change a virtual L2 segment
 * @MIDONET_CMD_BRIDGE_DEL: remove a virtual L2 segment and what it
 *	contains
 * @MIDONET_CMD_BRIDGE_GET: show a virtual L2 segment
 * @MIDONET_CMD_PORT_NEW: add a port of a bridge or router
 * @MIDONET_CMD_PORT_SET: change a port of a bridge or router
 * @MIDONET_CMD_PORT_DEL: remove a port of a bridge or router and what it
 *	contains
 * @MIDONET_CMD_PORT_GET: show a port of a bridge or router
 * @MIDONET_CMD_MAC_NEW: add a MAC table entry; new and del make and remove
 *	static ones, a dump also shows learned ones
 * @MIDONET_CMD_MAC_DEL: remove a MAC table entry; new and del make and
 *	remove static ones, a dump also shows learned ones
 * @MIDONET_CMD_MAC_GET: list: a MAC table entry; new and del make and
 *	remove static ones, a dump also shows learned ones
 * @MIDONET_CMD_NEIGHBOUR_NEW: add a neighbour: what has an address on a
 *	bridge, or behind a port of a router; new and del make and remove
 *	static ones, a dump also shows learned ones
 * @MIDONET_CMD_NEIGHBOUR_DEL: remove a neighbour: what has an address on a
 *	bridge, or behind a port of a router; new and del make and remove
 *	static ones, a dump also shows learned ones
 * @MIDONET_CMD_NEIGHBOUR_GET: list: a neighbour: what has an address on a
 *	bridge, or behind a port of a router; new and del make and remove
 *	static ones, a dump also shows learned ones
 * @MIDONET_CMD_PORT_GROUP_NEW: add a named set of ports
 * @MIDONET_CMD_PORT_GROUP_SET: change a named set of ports
 * @MIDONET_CMD_PORT_GROUP_DEL: remove a named set of ports and what it
 *	contains
 * @MIDONET_CMD_PORT_GROUP_GET: show a named set of ports
 * @MIDONET_CMD_IP_SET_NEW: add a named set of prefixes
 * @MIDONET_CMD_IP_SET_SET: change a named set of prefixes
 * @MIDONET_CMD_IP_SET_DEL: remove a named set of prefixes and what it
 *	contains
 * @MIDONET_CMD_IP_SET_GET: show a named set of prefixes
 * @MIDONET_CMD_IP_SET_MEMBER_NEW: add prefixes of an ip-set
 * @MIDONET_CMD_IP_SET_MEMBER_DEL: remove prefixes of an ip-set
 * @MIDONET_CMD_IP_SET_MEMBER_GET: list: prefixes of an ip-set
 * @MIDONET_CMD_CHAIN_NEW: add an ordered list of rules
 * @MIDONET_CMD_CHAIN_SET: change an ordered list of rules
 * @MIDONET_CMD_CHAIN_DEL: remove an ordered list of rules and what it
 *	contains
 * @MIDONET_CMD_CHAIN_GET: show an ordered list of rules
 * @MIDONET_CMD_RULE_NEW: add a rule of a chain
 * @MIDONET_CMD_RULE_SET: change a rule of a chain
 * @MIDONET_CMD_RULE_DEL: remove a rule of a chain and what it contains
 * @MIDONET_CMD_RULE_GET: show a rule of a chain
 * @MIDONET_CMD_TXN_BEGIN: start a transaction on this socket
 * @MIDONET_CMD_TXN_COMMIT: judge what was staged and put it into force,
 *	all or nothing
 * @MIDONET_CMD_TXN_ABORT: forget what was staged
 * @MIDONET_CMD_STATUS_GET: state of the network namespace
 * @MIDONET_CMD_STATUS_SET: say which host this is and which store owns the
 *	kernel
 * @MIDONET_CMD_FLOW_GET: list the flow table
 * @MIDONET_CMD_FLOW_FLUSH: forget all cached flows
 * @MIDONET_CMD_MAC_FLUSH: forget learned MACs, of one bridge if parent is
 *	given
 * @MIDONET_CMD_DROP_GET: list drop counters
 * @MIDONET_CMD_STATS_GET: list counters of objects
 * @MIDONET_CMD_TRACE: walk a frame through the topology leaving nothing
 *	behind
 * @MIDONET_CMD_TRACE_LIVE: send the walk of the next packets that match to
 *	this socket as trace-event messages; count 0 is not allowed, closing
 *	the socket ends it
 * @MIDONET_CMD_TRACE_EVENT: the walk of a packet selected by trace-live
 * @MIDONET_CMD_PUNT_BIND: this socket serves what is punted
 * @MIDONET_CMD_PUNT: a frame for the daemon
 * @MIDONET_CMD_INJECT: send a frame into or out of a port
 * @MIDONET_CMD_CONFIG_EVENT: an object was changed by a commit
 * @MIDONET_CMD_STATE_EVENT: the state of a port changed
 * @MIDONET_CMD_LEARN_EVENT: a MAC was learned, moved or forgotten
 * @MIDONET_CMD_DROP_EVENT: a packet was dropped
 * @MIDONET_CMD_ROUTER_NEW: add a virtual router
 * @MIDONET_CMD_ROUTER_SET: change a virtual router
 * @MIDONET_CMD_ROUTER_DEL: remove a virtual router and what it contains
 * @MIDONET_CMD_ROUTER_GET: show a virtual router
 * @MIDONET_CMD_ROUTE_NEW: add a route; what tells routes of a router apart
 *	is all but its parent
 * @MIDONET_CMD_ROUTE_DEL: remove a route, named by all its attributes
 * @MIDONET_CMD_ROUTE_GET: list: the routes of routers, static and
 *	connected
 * @MIDONET_CMD_LOAD_BALANCER_NEW: add a load balancer of a router
 * @MIDONET_CMD_LOAD_BALANCER_SET: change a load balancer of a router
 * @MIDONET_CMD_LOAD_BALANCER_DEL: remove a load balancer of a router and
 *	what it contains
 * @MIDONET_CMD_LOAD_BALANCER_GET: show a load balancer of a router
 * @MIDONET_CMD_POOL_NEW: add a pool of a load-balancer
 * @MIDONET_CMD_POOL_SET: change a pool of a load-balancer
 * @MIDONET_CMD_POOL_DEL: remove a pool of a load-balancer and what it
 *	contains
 * @MIDONET_CMD_POOL_GET: show a pool of a load-balancer
 * @MIDONET_CMD_VIP_NEW: add a virtual address of a load-balancer; address,
 *	service-port and proto tell its vips apart
 * @MIDONET_CMD_VIP_DEL: remove a virtual address of a load-balancer;
 *	address, service-port and proto tell its vips apart
 * @MIDONET_CMD_VIP_GET: list: a virtual address of a load-balancer;
 *	address, service-port and proto tell its vips apart
 * @MIDONET_CMD_POOL_MEMBER_NEW: add a member of a pool; address and
 *	service-port tell its members apart
 * @MIDONET_CMD_POOL_MEMBER_DEL: remove a member of a pool; address and
 *	service-port tell its members apart
 * @MIDONET_CMD_POOL_MEMBER_GET: list: a member of a pool; address and
 *	service-port tell its members apart
 * @MIDONET_CMD_NAT_BLOCK_NEW: add ports of an address that this host may
 *	use for snat in a router; with any for an address, no others are used
 * @MIDONET_CMD_NAT_BLOCK_DEL: remove ports of an address that this host
 *	may use for snat in a router; with any for an address, no others are
 *	used
 * @MIDONET_CMD_NAT_BLOCK_GET: list: ports of an address that this host may
 *	use for snat in a router; with any for an address, no others are used
 * @MIDONET_CMD_CONN_GET: list connections, those that filter and device-id
 *	select
 * @MIDONET_CMD_CONN_NEW: restore a connection as conn-get showed it; one
 *	that is there already is left alone
 * @MIDONET_CMD_CONN_FLUSH: forget connections, those that filter and
 *	device-id select
 * @MIDONET_CMD_CONN_COUNT: count connections, those that filter and
 *	device-id select
 * @MIDONET_CMD_HEALTH_SET: say how a pool-member is
 * @MIDONET_CMD_DHCP_NEW: add a subnet of a bridge that is served by DHCP
 * @MIDONET_CMD_DHCP_SET: change a subnet of a bridge that is served by
 *	DHCP
 * @MIDONET_CMD_DHCP_DEL: remove a subnet of a bridge that is served by
 *	DHCP and what it contains
 * @MIDONET_CMD_DHCP_GET: show a subnet of a bridge that is served by DHCP
 * @MIDONET_CMD_DHCP_HOST_NEW: add a host of a dhcp; its MAC tells it from
 *	others
 * @MIDONET_CMD_DHCP_HOST_DEL: remove a host of a dhcp; its MAC tells it
 *	from others
 * @MIDONET_CMD_DHCP_HOST_GET: show a host of a dhcp by its MAC, or list
 *	them
 * @MIDONET_CMD_TUNNEL_ZONE_NEW: add a set of hosts that reach each other
 *	by tunnels
 * @MIDONET_CMD_TUNNEL_ZONE_SET: change a set of hosts that reach each
 *	other by tunnels
 * @MIDONET_CMD_TUNNEL_ZONE_DEL: remove a set of hosts that reach each
 *	other by tunnels and what it contains
 * @MIDONET_CMD_TUNNEL_ZONE_GET: show a set of hosts that reach each other
 *	by tunnels
 * @MIDONET_CMD_TUNNEL_ZONE_MEMBER_NEW: add a host of a tunnel-zone, with
 *	its address there; host tells its members apart
 * @MIDONET_CMD_TUNNEL_ZONE_MEMBER_DEL: remove a host of a tunnel-zone,
 *	with its address there; host tells its members apart
 * @MIDONET_CMD_TUNNEL_ZONE_MEMBER_GET: list: hosts of a tunnel-zone, with
 *	their addresses there; host tells its members apart
 */
enum midonet_cmd {
	MIDONET_CMD_HOST_NEW = 1,
	MIDONET_CMD_HOST_SET,
	MIDONET_CMD_HOST_DEL,
	MIDONET_CMD_HOST_GET,
	MIDONET_CMD_BRIDGE_NEW,
	MIDONET_CMD_BRIDGE_SET,
	MIDONET_CMD_BRIDGE_DEL,
	MIDONET_CMD_BRIDGE_GET,
	MIDONET_CMD_PORT_NEW,
	MIDONET_CMD_PORT_SET,
	MIDONET_CMD_PORT_DEL,
	MIDONET_CMD_PORT_GET,
	MIDONET_CMD_MAC_NEW,
	MIDONET_CMD_MAC_DEL,
	MIDONET_CMD_MAC_GET,
	MIDONET_CMD_NEIGHBOUR_NEW,
	MIDONET_CMD_NEIGHBOUR_DEL,
	MIDONET_CMD_NEIGHBOUR_GET,
	MIDONET_CMD_PORT_GROUP_NEW,
	MIDONET_CMD_PORT_GROUP_SET,
	MIDONET_CMD_PORT_GROUP_DEL,
	MIDONET_CMD_PORT_GROUP_GET,
	MIDONET_CMD_IP_SET_NEW,
	MIDONET_CMD_IP_SET_SET,
	MIDONET_CMD_IP_SET_DEL,
	MIDONET_CMD_IP_SET_GET,
	MIDONET_CMD_IP_SET_MEMBER_NEW,
	MIDONET_CMD_IP_SET_MEMBER_DEL,
	MIDONET_CMD_IP_SET_MEMBER_GET,
	MIDONET_CMD_CHAIN_NEW,
	MIDONET_CMD_CHAIN_SET,
	MIDONET_CMD_CHAIN_DEL,
	MIDONET_CMD_CHAIN_GET,
	MIDONET_CMD_RULE_NEW,
	MIDONET_CMD_RULE_SET,
	MIDONET_CMD_RULE_DEL,
	MIDONET_CMD_RULE_GET,
	MIDONET_CMD_TXN_BEGIN,
	MIDONET_CMD_TXN_COMMIT,
	MIDONET_CMD_TXN_ABORT,
	MIDONET_CMD_STATUS_GET,
	MIDONET_CMD_STATUS_SET,
	MIDONET_CMD_FLOW_GET,
	MIDONET_CMD_FLOW_FLUSH,
	MIDONET_CMD_MAC_FLUSH,
	MIDONET_CMD_DROP_GET,
	MIDONET_CMD_STATS_GET,
	MIDONET_CMD_TRACE,
	MIDONET_CMD_TRACE_LIVE,
	MIDONET_CMD_TRACE_EVENT,
	MIDONET_CMD_PUNT_BIND,
	MIDONET_CMD_PUNT,
	MIDONET_CMD_INJECT,
	MIDONET_CMD_CONFIG_EVENT,
	MIDONET_CMD_STATE_EVENT,
	MIDONET_CMD_LEARN_EVENT,
	MIDONET_CMD_DROP_EVENT,
	MIDONET_CMD_ROUTER_NEW,
	MIDONET_CMD_ROUTER_SET,
	MIDONET_CMD_ROUTER_DEL,
	MIDONET_CMD_ROUTER_GET,
	MIDONET_CMD_ROUTE_NEW,
	MIDONET_CMD_ROUTE_DEL,
	MIDONET_CMD_ROUTE_GET,
	MIDONET_CMD_LOAD_BALANCER_NEW,
	MIDONET_CMD_LOAD_BALANCER_SET,
	MIDONET_CMD_LOAD_BALANCER_DEL,
	MIDONET_CMD_LOAD_BALANCER_GET,
	MIDONET_CMD_POOL_NEW,
	MIDONET_CMD_POOL_SET,
	MIDONET_CMD_POOL_DEL,
	MIDONET_CMD_POOL_GET,
	MIDONET_CMD_VIP_NEW,
	MIDONET_CMD_VIP_DEL,
	MIDONET_CMD_VIP_GET,
	MIDONET_CMD_POOL_MEMBER_NEW,
	MIDONET_CMD_POOL_MEMBER_DEL,
	MIDONET_CMD_POOL_MEMBER_GET,
	MIDONET_CMD_NAT_BLOCK_NEW,
	MIDONET_CMD_NAT_BLOCK_DEL,
	MIDONET_CMD_NAT_BLOCK_GET,
	MIDONET_CMD_CONN_GET,
	MIDONET_CMD_CONN_NEW,
	MIDONET_CMD_CONN_FLUSH,
	MIDONET_CMD_CONN_COUNT,
	MIDONET_CMD_HEALTH_SET,
	MIDONET_CMD_DHCP_NEW,
	MIDONET_CMD_DHCP_SET,
	MIDONET_CMD_DHCP_DEL,
	MIDONET_CMD_DHCP_GET,
	MIDONET_CMD_DHCP_HOST_NEW,
	MIDONET_CMD_DHCP_HOST_DEL,
	MIDONET_CMD_DHCP_HOST_GET,
	MIDONET_CMD_TUNNEL_ZONE_NEW,
	MIDONET_CMD_TUNNEL_ZONE_SET,
	MIDONET_CMD_TUNNEL_ZONE_DEL,
	MIDONET_CMD_TUNNEL_ZONE_GET,
	MIDONET_CMD_TUNNEL_ZONE_MEMBER_NEW,
	MIDONET_CMD_TUNNEL_ZONE_MEMBER_DEL,
	MIDONET_CMD_TUNNEL_ZONE_MEMBER_GET,

	/* private: */
	__MIDONET_CMD_COUNT,
	MIDONET_CMD_MAX = __MIDONET_CMD_COUNT - 1
};

#define MIDONET_MCGRP_CONFIG	"config"
#define MIDONET_MCGRP_STATE	"state"
#define MIDONET_MCGRP_LEARN	"learn"
#define MIDONET_MCGRP_DROP	"drop"

#endif /* _UAPI_LINUX_MIDONET_H */
