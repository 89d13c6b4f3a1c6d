// SPDX-License-Identifier: GPL-2.0
/*
 * What comes out of tunnels. The host where the packet entered the overlay has
 * decided everything; the key says by which port it leaves here. Nothing is
 * simulated.
 */
#include <linux/etherdevice.h>

#include "flow/actions.h"
#include "overlay/chan.h"
#include "overlay/tunnel.h"
#include "overlay/zone.h"
#include "port/key.h"
#include "port/port.h"
#include "sim/drop.h"

/**
 * mn_tunnel_drop() - drop a packet that came out of a tunnel
 * @t: tunnel
 * @peer: who sent it, or NULL
 * @skb: packet, consumed
 * @reason: &enum midonet_drop_reason
 *
 * Context: BH disabled, RCU.
 */
void mn_tunnel_drop(const struct mn_tunnel *t, struct mn_peer *peer,
		    struct sk_buff *skb, u32 reason)
{
	const struct mn_place at = {
		.reason = reason,
		.device = peer ? &peer->zone->obj : &t->zone->obj,
	};

	if (peer)
		mn_peer_count_drop(peer, 1);
	mn_drop(t->mn, skb, &at, NULL);
}

/*
 * Where its headers are. Of a packet of several segments the L4 header is where
 * its checksum begins; who puts segments together, or leaves them together, sees
 * to that.
 */
static void set_headers(struct sk_buff *skb)
{
	skb_reset_mac_header(skb);
	skb_set_network_header(skb, ETH_HLEN);
	skb->mac_len = ETH_HLEN;
	if (skb->ip_summed == CHECKSUM_PARTIAL)
		skb_set_transport_header(skb, skb_checksum_start_offset(skb));
	else
		skb_set_transport_header(skb, ETH_HLEN);
}

/* May packets leave by a port as it is now? Returns a drop reason, or 0. */
static u32 check_port(struct mn_net *mn, const struct mn_port *port,
		      const struct mn_port_ver *v)
{
	if (!mn_port_is_local(mn, v))
		return MIDONET_DROP_REASON_TUNNEL_KEY;
	if (READ_ONCE(port->state) != MIDONET_PORT_STATE_UP)
		return MIDONET_DROP_REASON_PORT_DOWN;
	return 0;
}

/**
 * mn_tunnel_receive() - a packet came out of a tunnel
 * @t: tunnel
 * @peer: who sent it
 * @skb: packet, data at its Ethernet header, which is there; without traces of
 *	the tunnel; consumed
 * @key: tunnel key, up to MN_KEY_STATE
 * @generation: the packet's
 *
 * Context: BH disabled, RCU.
 */
void mn_tunnel_receive(struct mn_tunnel *t, struct mn_peer *peer,
		       struct sk_buff *skb, u32 key, u64 generation)
{
	const struct mn_port_ver *v;
	struct mn_port *port;
	u32 packets, bytes, reason;

	set_headers(skb);
	if (unlikely(key == MN_KEY_STATE)) {
		/* The peer's counters are of what ports send each other. */
		mn_chan_receive(t->mn, peer, skb);
		return;
	}
	mn_skb_load(skb, &packets, &bytes);
	mn_peer_count_rx(peer, packets, bytes);
	port = mn_port_by_key(t->mn, key, generation, &v);
	reason = likely(port) ? check_port(t->mn, port, v) :
				MIDONET_DROP_REASON_TUNNEL_KEY;
	if (likely(!reason)) {
		mn_output(port, skb, mn_skb_vlan(skb), v->mtu);
		return;
	}
	if (reason == MIDONET_DROP_REASON_PORT_DOWN)
		mn_drop_port(t->mn, skb, reason, port);
	else
		mn_tunnel_drop(t, peer, skb, reason);
}
