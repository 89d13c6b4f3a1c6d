// SPDX-License-Identifier: GPL-2.0
/*
 * What is done with a packet when it is known what to do.
 */
#include <linux/tcp.h>
#include <linux/udp.h>

#include "flow/actions.h"
#include "overlay/overlay.h"
#include "port/port.h"

/* Bytes of headers that every segment of a GSO packet repeats. */
static u32 gso_headers(const struct sk_buff *skb)
{
	const struct skb_shared_info *info = skb_shinfo(skb);
	const struct tcphdr *th;
	struct tcphdr buf;
	int off;

	if (!skb_transport_header_was_set(skb))
		return 0;
	off = skb_transport_offset(skb);
	if (info->gso_type & SKB_GSO_UDP_L4)
		return off + sizeof(struct udphdr);
	if (!(info->gso_type & (SKB_GSO_TCPV4 | SKB_GSO_TCPV6)))
		return 0;
	th = skb_header_pointer(skb, off, sizeof(buf), &buf);
	return th ? off + __tcp_hdrlen(th) : 0;
}

/**
 * mn_gso_load() - what a GSO packet counts
 * @skb: GSO packet, data at the Ethernet header
 * @packets: its segments
 * @bytes: their lengths with Ethernet headers
 */
void mn_gso_load(const struct sk_buff *skb, u32 *packets, u32 *bytes)
{
	u32 hlen = gso_headers(skb);
	u32 segs = skb_shinfo(skb)->gso_segs;

	/* What came from a tap does not know. */
	if (!segs && skb->len > hlen)
		segs = DIV_ROUND_UP(skb->len - hlen, skb_shinfo(skb)->gso_size);
	if (!segs)
		segs = 1;
	*packets = segs;
	*bytes = skb->len + (segs - 1) * hlen;
}

/**
 * mn_out_send() - let a packet leave
 * @out: where
 * @skb: packet, data at the Ethernet header, not shared; consumed
 * @key: its headers as it came, or NULL
 *
 * Context: BH disabled, RCU.
 */
void mn_out_send(const struct mn_out *out, struct sk_buff *skb,
		 const struct mn_flow_key *key)
{
	if (unlikely(out->remote))
		mn_tunnel_output(out->port, &out->via, skb, out->vlan, out->mtu,
				 key);
	else
		mn_output(out->port, skb, out->vlan, out->mtu);
}

/**
 * mn_actions_execute() - send a packet where it belongs
 * @mn: namespace
 * @skb: packet, data at the Ethernet header; consumed
 * @acts: outputs; a drop is not for this function, it has a place
 * @key: its headers as it came
 *
 * Context: BH disabled, RCU.
 */
void mn_actions_execute(struct mn_net *mn, struct sk_buff *skb,
			const struct mn_actions *acts,
			const struct mn_flow_key *key)
{
	const struct mn_out *out = acts->outs;
	const struct mn_out *last = out + acts->n_outs - 1;
	struct sk_buff *copy;

	if (unlikely(!acts->n_outs)) {
		consume_skb(skb);
		return;
	}
	for (; out < last; out++) {
		copy = skb_clone(skb, GFP_ATOMIC | __GFP_NOWARN);
		if (likely(copy))
			mn_out_send(out, copy, key);
		else
			mn_output_lost(out->port, MIDONET_DROP_REASON_NOMEM, 1);
	}
	mn_out_send(last, skb, key);
}
