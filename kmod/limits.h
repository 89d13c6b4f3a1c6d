/* SPDX-License-Identifier: GPL-2.0 */
#ifndef _MN_LIMITS_H
#define _MN_LIMITS_H

struct mn_net;

/**
 * struct mn_limits - net.midonet.* of a namespace
 * @ports_max: ports
 * @rules_max: rules
 * @routes_max: routes, static and connected
 * @objects_max: identified objects of each other type
 * @set_members_max: members of ip-sets, all sets together
 * @macs_max: MAC table entries: as many learned and as many static ones
 * @macs_per_port: learned MACs a port
 * @neighbours_max: neighbours: as many static and connected as learned ones
 * @neighbours_per_port: learned neighbours a router port
 * @flows_max: flows, until their memory is free
 * @flows_per_port: flows of an ingress port, until their memory is free
 * @masks_max: masks of wildcard flows
 * @parked_max: waiting packets
 * @parked_per_port: waiting packets of an ingress port
 * @icmp_rate: answers to packets of a port, per second; ten times as many to
 *	neighbour discovery (l3/answer.c)
 * @punt_rate: punts of a port, per second
 * @flood_rate: floods of a port, in packets per second
 * @flow_idle: seconds after which an unused flow goes
 * @conns_max: connections of all devices
 * @conns_per_port: connections opened through a port, each counted once however
 *	many devices track it
 * @sticky_max: clients that stick to members of pools
 * @sticky_per_port: those that came by a port
 * @tcp_loose: a TCP connection may be picked up in the middle
 * @timeout_tcp_syn: seconds after which a connection goes that no packet uses, by
 *	its phase (&enum midonet_conn_phase): before the handshake is over
 * @timeout_tcp_established: open
 * @timeout_tcp_fin: one side or both have said FIN
 * @timeout_tcp_close: reset
 * @timeout_udp: UDP, unanswered
 * @timeout_udp_answered: UDP, answered
 * @timeout_icmp: ICMP echo
 * @timeout_generic: other protocols
 *
 * Every table that a packet or a message can fill has its bound here. Read
 * without a lock; a new value holds for what comes after it.
 */
struct mn_limits {
	unsigned int ports_max;
	unsigned int rules_max;
	unsigned int routes_max;
	unsigned int objects_max;
	unsigned int set_members_max;
	unsigned int macs_max;
	unsigned int macs_per_port;
	unsigned int neighbours_max;
	unsigned int neighbours_per_port;
	unsigned int flows_max;
	unsigned int flows_per_port;
	unsigned int masks_max;
	unsigned int parked_max;
	unsigned int parked_per_port;
	unsigned int icmp_rate;
	unsigned int punt_rate;
	unsigned int flood_rate;
	unsigned int flow_idle;
	unsigned int conns_max;
	unsigned int conns_per_port;
	unsigned int sticky_max;
	unsigned int sticky_per_port;
	unsigned int tcp_loose;
	unsigned int timeout_tcp_syn;
	unsigned int timeout_tcp_established;
	unsigned int timeout_tcp_fin;
	unsigned int timeout_tcp_close;
	unsigned int timeout_udp;
	unsigned int timeout_udp_answered;
	unsigned int timeout_icmp;
	unsigned int timeout_generic;
};

int mn_limits_init(struct mn_net *mn);
void mn_limits_exit(struct mn_net *mn);

#endif /* _MN_LIMITS_H */
