/* SPDX-License-Identifier: GPL-2.0 */
#ifndef _MN_FLOW_ACTIONS_H
#define _MN_FLOW_ACTIONS_H

#include <linux/skbuff.h>
#include <linux/types.h>

#include "flow/key.h"
#include "net.h"

struct mn_peer;
struct mn_port;

/**
 * struct mn_via - how a port of another host is reached
 * @peer: the host; valid as long as the flow is (the version counter of its host
 *	is among the flow's dependencies)
 * @key: tunnel key of the port
 */
struct mn_via {
	struct mn_peer *peer;
	u32 key;
};

/**
 * struct mn_out - one output of a packet
 * @port: exterior port; valid as long as the flow is (its version counter
 *	is among the flow's dependencies, so it is not used after the port went)
 * @vlan: tag the frame leaves with, as in &mn_flow_key.vlan
 * @remote: the port is another host's
 * @mtu: largest L3 length that may leave there, 0: judged by the device
 * @exit: all of that, which is all there is of a local port
 * @via: of a remote one, how it is reached
 */
struct mn_out {
	struct_group_tagged(mn_exit, exit,
		struct mn_port *port;
		u16 vlan;
		bool remote;
		u32 mtu;
	);
	struct mn_via via;
};

/**
 * struct mn_actions - compiled outcome of a walk
 * @verdict: &enum midonet_verdict
 * @reason: &enum midonet_drop_reason when dropped
 * @n_outs: number of @outs
 * @outs: where copies go
 *
 * Executing them reads no topology.
 */
struct mn_actions {
	u8 verdict;
	u8 reason;
	u16 n_outs;
	const struct mn_out *outs;
};

void mn_gso_load(const struct sk_buff *skb, u32 *packets, u32 *bytes);

/**
 * mn_skb_load() - what a packet counts
 * @skb: packet, data at the Ethernet header
 * @packets: 1, or the segments of a GSO packet
 * @bytes: with the Ethernet headers of all of them
 */
static inline void mn_skb_load(const struct sk_buff *skb, u32 *packets,
			       u32 *bytes)
{
	*packets = 1;
	*bytes = skb->len;
	if (unlikely(skb_is_gso(skb)))
		mn_gso_load(skb, packets, bytes);
}

void mn_out_send(const struct mn_out *out, struct sk_buff *skb,
		 const struct mn_flow_key *key);
void mn_actions_execute(struct mn_net *mn, struct sk_buff *skb,
			const struct mn_actions *acts,
			const struct mn_flow_key *key);

#endif /* _MN_FLOW_ACTIONS_H */
