// SPDX-License-Identifier: GPL-2.0
/*
 * The way of packets into tunnels.
 */
#include <linux/if_vlan.h>
#include <net/dst.h>
#include <net/gso.h>

#include "flow/actions.h"
#include "flow/key.h"
#include "l3/size.h"
#include "overlay/ds.h"
#include "overlay/overlay.h"
#include "overlay/peer.h"
#include "overlay/tunnel.h"
#include "port/port.h"
#include "sim/drop.h"

/* One packet, in which there is no tunnel any more that is still to be cut. */
static u32 send_one(const struct mn_tunnel *t, struct mn_peer *peer,
		    struct sk_buff *skb, u32 key)
{
	struct dst_entry *dst = mn_peer_route(peer, t);
	u32 reason;
	u8 ds;

	if (unlikely(!dst))
		return MIDONET_DROP_REASON_TUNNEL_ROUTE;
	ds = mn_ds_outer(mn_ds_inner(skb), READ_ONCE(peer->dscp));
	if (unlikely(t->encap == MIDONET_ENCAP_GRE))
		reason = mn_gre_send(t, peer, skb, dst, key, ds);
	else
		reason = mn_udp_send(t, peer, skb, dst, key, ds);
	if (unlikely(reason))
		dst_release(dst);
	return reason;
}

/*
 * A packet that is itself in a tunnel, of the VM's, whose segments are still
 * together: headers for one tunnel only can be told to who cuts it. Consumes
 * @skb, if 0 is returned.
 */
static u32 send_nested(const struct mn_tunnel *t, struct mn_peer *peer,
		       struct sk_buff *skb, u32 key)
{
	struct sk_buff *segs, *next;
	u32 reason = 0;

	if (!skb_is_gso(skb)) {
		if (skb->ip_summed == CHECKSUM_PARTIAL && skb_checksum_help(skb))
			return MIDONET_DROP_REASON_NOMEM;
		skb->encapsulation = 0;
		return send_one(t, peer, skb, key);
	}
	segs = skb_gso_segment(skb, 0);
	if (IS_ERR_OR_NULL(segs))
		return MIDONET_DROP_REASON_NOMEM;
	consume_skb(skb);
	skb_list_walk_safe(segs, segs, next) {
		skb_mark_not_on_list(segs);
		segs->encapsulation = 0;
		reason = send_one(t, peer, segs, key);
		if (reason) {
			mn_peer_count_drop(peer, 1);
			kfree_skb(segs);
		}
	}
	return 0;
}

static u32 send(const struct mn_tunnel *t, struct mn_peer *peer,
		struct sk_buff *skb, u32 key)
{
	u32 packets, bytes;

	mn_skb_load(skb, &packets, &bytes);
	mn_peer_count_tx(peer, packets, bytes);
	if (unlikely(skb->encapsulation))
		return send_nested(t, peer, skb, key);
	return send_one(t, peer, skb, key);
}

/* Packets of a connection have one source port, so that they stay in order. */
static void set_entropy(struct sk_buff *skb, const struct mn_flow_key *key)
{
	if (key && !skb->l4_hash)
		__skb_set_sw_hash(skb, mn_key_entropy(key), true);
}

/* The tag goes where it is on the wire. NULL without memory: @skb is gone. */
static struct sk_buff *tag_inline(struct sk_buff *skb, u16 vlan)
{
	if (unlikely(mn_skb_vlan(skb) != vlan))
		mn_skb_set_vlan(skb, vlan);
	if (unlikely(skb_vlan_tag_present(skb)))
		skb = __vlan_hwaccel_push_inside(skb);
	return skb;
}

/**
 * mn_tunnel_output() - let a packet leave by a port of another host
 * @port: the port
 * @via: how it is reached
 * @skb: packet, data at the Ethernet header, not shared; consumed. GSO and
 *	partial checksums stay as they are
 * @vlan: tag it leaves with, as in &mn_flow_key.vlan
 * @mtu: most L3 bytes, 0: whatever there is
 * @key: its headers as it came, or NULL
 *
 * Context: BH disabled, RCU.
 */
void mn_tunnel_output(struct mn_port *port, const struct mn_via *via,
		      struct sk_buff *skb, u16 vlan, u32 mtu,
		      const struct mn_flow_key *key)
{
	struct mn_peer *peer = via->peer;
	const struct mn_tunnel *t = rcu_dereference(peer->tunnel);
	u32 packets, bytes, reason;

	if (unlikely(!t)) {
		mn_drop_port(port->mn, skb, MIDONET_DROP_REASON_PORT_REMOTE,
			     port);
		return;
	}
	if (unlikely(mtu && skb->len - ETH_HLEN > mtu &&
		     mn_size_exceeds(skb, mtu))) {
		mn_drop_port(port->mn, skb, MIDONET_DROP_REASON_MTU, port);
		return;
	}
	mn_skb_load(skb, &packets, &bytes);
	skb = tag_inline(skb, vlan);
	if (unlikely(!skb)) {
		mn_output_lost(port, MIDONET_DROP_REASON_NOMEM, packets);
		return;
	}
	mn_port_count_tx(port, packets, bytes);
	set_entropy(skb, key);
	reason = send(t, peer, skb, via->key);
	if (likely(!reason))
		return;
	mn_peer_count_drop(peer, packets);
	mn_drop_port(port->mn, skb, reason, port);
}

/**
 * mn_peer_send() - send a message to another host
 * @peer: host
 * @skb: message, data at an Ethernet header, not shared, with its network header
 *	set; consumed
 *
 * It comes to mn_chan_receive() there. It is no packet of a port, so the peer's
 * counters do not know it.
 *
 * Context: BH disabled, RCU.
 *
 * Return: 0 if it is on its way, -ENOTCONN if no tunnel leads there now,
 * -EHOSTUNREACH if no route does, -ENOMEM
 */
int mn_peer_send(struct mn_peer *peer, struct sk_buff *skb)
{
	const struct mn_tunnel *t = rcu_dereference(peer->tunnel);
	u32 reason;

	if (unlikely(!t)) {
		kfree_skb(skb);
		return -ENOTCONN;
	}
	reason = send_one(t, peer, skb, MN_KEY_STATE);
	if (likely(!reason))
		return 0;
	mn_peer_count_drop(peer, 1);
	kfree_skb(skb);
	return reason == MIDONET_DROP_REASON_TUNNEL_ROUTE ? -EHOSTUNREACH :
							    -ENOMEM;
}
