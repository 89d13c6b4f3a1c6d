// SPDX-License-Identifier: GPL-2.0
/*
 * The way of messages between hosts: frames with a key that is no port's. Nobody
 * sends any yet, so who does is not one of us.
 */
#include "overlay/chan.h"
#include "overlay/peer.h"
#include "overlay/tunnel.h"
#include "overlay/zone.h"
#include "sim/drop.h"

/**
 * mn_chan_receive() - a message from another host
 * @mn: namespace
 * @peer: who sent it
 * @skb: message, data at its Ethernet header; consumed
 *
 * Context: BH disabled, RCU.
 *
 * Return: 0, or a negative error if nobody takes it
 */
int mn_chan_receive(struct mn_net *mn, struct mn_peer *peer,
		    struct sk_buff *skb)
{
	const struct mn_place at = {
		.reason = MIDONET_DROP_REASON_TUNNEL_STATE,
		.device = &peer->zone->obj,
	};

	mn_peer_count_drop(peer, 1);
	mn_drop(mn, skb, &at, NULL);
	return -EPROTONOSUPPORT;
}
