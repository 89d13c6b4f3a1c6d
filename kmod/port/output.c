// SPDX-License-Identifier: GPL-2.0
/*
 * Where packets leave. Only here, and where devices are attached, is a network
 * device touched.
 */
#include <linux/if_vlan.h>
#include <linux/netdevice.h>
#include <linux/skbuff.h>

#include "flow/actions.h"
#include "l3/size.h"
#include "port/port.h"
#include "sim/drop.h"

/**
 * mn_output_lost() - count packets that were lost where they would have left
 * @port: port
 * @reason: &enum midonet_drop_reason
 * @packets: how many
 *
 * For packets there is no skb of any more.
 *
 * Context: BH disabled, RCU.
 */
void mn_output_lost(struct mn_port *port, u32 reason, u32 packets)
{
	struct mn_place at = {
		.reason = reason,
		.device = port->obj.parent,
		.port = port,
	};
	struct mn_drop_place *place = mn_drop_place_get(port->mn, &at);

	if (!place)
		return;
	mn_drop_place_add(place, packets);
	mn_drop_place_put(place);
}

/**
 * mn_skb_set_vlan() - give a frame the tag it leaves with
 * @skb: frame; a priority stays what it was
 * @vlan: as in &mn_flow_key.vlan
 *
 * Context: any.
 */
void mn_skb_set_vlan(struct sk_buff *skb, u16 vlan)
{
	u16 tci = vlan & VLAN_VID_MASK;

	if (!vlan) {
		__vlan_hwaccel_clear_tag(skb);
		return;
	}
	if (skb_vlan_tag_present(skb))
		tci |= skb_vlan_tag_get(skb) & ~VLAN_VID_MASK;
	__vlan_hwaccel_put_tag(skb, htons(ETH_P_8021Q), tci);
}

/* Consumes @skb. */
static __always_inline void transmit(struct mn_port *port,
				     struct net_device *dev,
				     struct sk_buff *skb)
{
	u32 packets, bytes;
	int err;

	mn_skb_load(skb, &packets, &bytes);
	if (unlikely(skb->dev && !net_eq(dev_net(skb->dev), dev_net(dev))))
		skb_scrub_packet(skb, true);
	skb_forward_csum(skb);
	skb_clear_tstamp(skb);
	memset(skb->cb, 0, sizeof(skb->cb));
	skb->dev = dev;
	mn_port_count_tx(port, packets, bytes);
	/* The macro looks at its argument twice. */
	err = dev_queue_xmit(skb);
	if (unlikely(net_xmit_eval(err)))
		mn_output_lost(port, MIDONET_DROP_REASON_DEVICE_TX, packets);
}

/**
 * mn_output() - let a packet leave by a port
 * @port: exterior port of this host
 * @skb: packet, data at the Ethernet header, not shared; consumed. GSO and
 *	partial checksums stay as they are
 * @vlan: tag it leaves with, as in &mn_flow_key.vlan
 * @mtu: most L3 bytes, 0: what the device can
 *
 * Context: BH disabled, RCU.
 */
void mn_output(struct mn_port *port, struct sk_buff *skb, u16 vlan, u32 mtu)
{
	struct net_device *dev = rcu_dereference(port->dev);

	if (unlikely(!dev || !(dev->flags & IFF_UP))) {
		mn_drop_port(port->mn, skb, MIDONET_DROP_REASON_DEVICE_TX,
			     port);
		return;
	}
	if (!mtu)
		mtu = READ_ONCE(dev->mtu);
	if (unlikely(skb->len - ETH_HLEN > mtu && mn_size_exceeds(skb, mtu))) {
		mn_drop_port(port->mn, skb, MIDONET_DROP_REASON_MTU, port);
		return;
	}
	if (unlikely(mn_skb_vlan(skb) != vlan))
		mn_skb_set_vlan(skb, vlan);
	transmit(port, dev, skb);
}

/**
 * mn_output_raw() - send a frame as it is out of a port
 * @port: exterior port of this host
 * @skb: frame, data at the Ethernet header; consumed
 *
 * For what did not come through the overlay: answers and injected frames.
 *
 * Context: BH disabled, RCU.
 */
void mn_output_raw(struct mn_port *port, struct sk_buff *skb)
{
	struct net_device *dev = rcu_dereference(port->dev);

	if (!dev || !(dev->flags & IFF_UP)) {
		mn_drop_port(port->mn, skb, MIDONET_DROP_REASON_DEVICE_TX,
			     port);
		return;
	}
	skb_reset_mac_header(skb);
	skb_set_network_header(skb, ETH_HLEN);
	skb->protocol = ((const struct ethhdr *)skb->data)->h_proto;
	transmit(port, dev, skb);
}
