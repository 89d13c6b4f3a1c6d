/* SPDX-License-Identifier: GPL-2.0 */
#ifndef _MN_LIMITS_H
#define _MN_LIMITS_H

struct mn_net;

/**
 * struct mn_limits - net.midonet.* of a namespace
 *
 * Every table that a packet or a message can fill has its bound here. Read
 * without a lock; a new value holds for what comes after it. Rates are per
 * second and port.
 */
struct mn_limits {
	unsigned int ports_max;
	unsigned int rules_max;
	unsigned int objects_max;
	unsigned int set_members_max;
	unsigned int macs_max;
	unsigned int macs_per_port;
	unsigned int neighbours_max;
	unsigned int flows_max;
	unsigned int flows_per_port;
	unsigned int masks_max;
	unsigned int parked_max;
	unsigned int parked_per_port;
	unsigned int icmp_rate;
	unsigned int punt_rate;
	unsigned int flood_rate;
	unsigned int flow_idle;
};

int mn_limits_init(struct mn_net *mn);
void mn_limits_exit(struct mn_net *mn);

#endif /* _MN_LIMITS_H */
