/* SPDX-License-Identifier: GPL-2.0 */
#ifndef _MN_HOST_H
#define _MN_HOST_H

#include "config/object.h"

struct mn_session;

/**
 * struct mn_host - identity of a hypervisor
 * @obj: head; obj.dep also moves with the zones the host is in
 * @session: the state channel with it, or NULL; RCU, writers mn_net.lock
 * @members: itself in tunnel-zones, &mn_peer.by_host; RCU, writers mn_net.lock
 */
struct mn_host {
	struct mn_obj obj;
	struct list_head members;
	struct mn_session __rcu *session;
};

#define mn_host_of(o)	container_of(o, struct mn_host, obj)

/**
 * struct mn_host_ver - configuration of a host
 * @ver: head
 */
struct mn_host_ver {
	struct mn_ver ver;
};

extern const struct mn_type mn_host_type;

int mn_host_set_local(struct mn_net *mn, const u8 *id,
		      struct netlink_ext_ack *extack);

#endif /* _MN_HOST_H */
