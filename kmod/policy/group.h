/* SPDX-License-Identifier: GPL-2.0 */
#ifndef _MN_GROUP_H
#define _MN_GROUP_H

#include "config/object.h"

struct mn_host;
struct mn_port_ver;

/**
 * struct mn_group_host - a host that ports of a group are bound to
 * @rcu: for freeing
 * @list: in &mn_group.hosts
 * @host: host; the ports' bindings hold it
 * @n: such ports, under mn_net.lock
 */
struct mn_group_host {
	struct rcu_head rcu;
	struct list_head list;
	struct mn_host *host;
	u32 n;
};

/**
 * struct mn_group - identity of a port-group
 * @obj: head
 * @hosts: &struct mn_group_host; RCU, writers mn_net.lock
 */
struct mn_group {
	struct mn_obj obj;
	struct list_head hosts;
};

/**
 * struct mn_group_ver - configuration of a port-group
 * @ver: head
 * @stateful: connections are shared between the hosts of its ports
 */
struct mn_group_ver {
	struct mn_ver ver;
	bool stateful;
};

#define mn_group_of(o)	container_of(o, struct mn_group, obj)

static inline const struct mn_group_ver *mn_group_ver(const struct mn_ver *v)
{
	return container_of(v, struct mn_group_ver, ver);
}

extern const struct mn_type mn_group_type;

void mn_groups_port(struct mn_net *mn, const struct mn_port_ver *old,
		    const struct mn_port_ver *v);

#endif /* _MN_GROUP_H */
