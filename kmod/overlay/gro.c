// SPDX-License-Identifier: GPL-2.0
/*
 * Packets in a tunnel are joined by the kernel's own means for what is inside.
 * When that is done, it looks for the socket of the tunnel once more, by the
 * addresses at skb_network_header(). Up to Linux 6.9 those are the inner ones, as
 * the inner header came last. Then a socket that is bound to an address is not
 * found, what was joined does not look like a tunnel's, and is dropped. So the
 * outer header is put back there while packets wait, and the inner one when the
 * socket has been found. Later kernels do not look there.
 */
#include <linux/etherdevice.h>
#include <linux/if_vlan.h>
#include <net/gro.h>

#include "overlay/encap.h"

/**
 * mn_encap_gro_receive() - may frames in tunnels be joined?
 * @head: those that wait
 * @skb: packet, at the frame in it, its network header the outer one
 *
 * Context: softirq.
 *
 * Return: one of @head that is to go up, or NULL
 */
struct sk_buff *mn_encap_gro_receive(struct list_head *head,
				     struct sk_buff *skb)
{
	int outer = skb_network_offset(skb);
	struct sk_buff *pp = call_gro_receive(eth_gro_receive, head, skb);

	skb_set_network_header(skb, outer);
	return pp;
}

/* Where the L3 header of a frame at @off is, behind the tags that GRO knows. */
static int inner_network(const struct sk_buff *skb, int off)
{
	const struct ethhdr *eth = (const void *)(skb->data + off);
	__be16 proto = eth->h_proto;

	off += ETH_HLEN;
	while (eth_type_vlan(proto) && off + VLAN_HLEN <= skb_headlen(skb)) {
		proto = ((const struct vlan_hdr *)(skb->data + off))->h_vlan_encapsulated_proto;
		off += VLAN_HLEN;
	}
	return off;
}

/**
 * mn_encap_gro_complete() - frames in tunnels were joined
 * @skb: the result
 * @off: of the frame in it
 *
 * Context: softirq.
 *
 * Return: 0 or a negative error
 */
int mn_encap_gro_complete(struct sk_buff *skb, int off)
{
	skb_set_network_header(skb, inner_network(skb, off));
	return eth_gro_complete(skb, off);
}
