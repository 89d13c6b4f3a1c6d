/* SPDX-License-Identifier: GPL-2.0 */
#ifndef _MN_PORT_KEY_H
#define _MN_PORT_KEY_H

#include <linux/rhashtable-types.h>
#include <linux/types.h>

struct mn_net;
struct mn_port;
struct mn_port_ver;

/**
 * DOC: Ports by tunnel key
 *
 * Packets out of tunnels look ports up by key, so the table is read under RCU. As
 * with claims (port/claim.h), an entry is only a hint: the key counts that the
 * version of the packet's generation has. A port is in the table under the key it
 * has and, from the moment a commit is judged, under the one it will have.
 */

/**
 * struct mn_port_key - a port in &mn_net.keys
 * @node: in the table, if @in
 * @port: the port
 * @key: tunnel key, constant while it is in the table
 * @in: it is; under mn_net.lock
 * @left: grace period after which nobody comes across @node any more; under
 *	mn_net.lock
 */
struct mn_port_key {
	struct rhlist_head node;
	struct mn_port *port;
	u32 key;
	bool in;
	unsigned long left;
};

int mn_port_keys_init(struct mn_net *mn);
void mn_port_keys_exit(struct mn_net *mn);
int mn_port_key_next(struct mn_net *mn, struct mn_port *port, u32 key);
void mn_port_key_publish(struct mn_net *mn, struct mn_port *port,
			 const struct mn_port_ver *v);
struct mn_port *mn_port_by_key(struct mn_net *mn, u32 key, u64 generation,
			       const struct mn_port_ver **v);

#endif /* _MN_PORT_KEY_H */
