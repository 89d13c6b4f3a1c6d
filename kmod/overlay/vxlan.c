// SPDX-License-Identifier: GPL-2.0
/*
 * The header of VXLAN (RFC 7348): a word of flags, of which one is set, and a
 * word with 24 bits of key.
 */
#include <linux/etherdevice.h>
#include <net/gro.h>
#include <uapi/linux/midonet.h>

#include "overlay/encap.h"

/* There is a key. */
#define MN_VXLAN_I	0x08000000U

/**
 * struct mn_vxlan_hdr - on the wire
 * @flags: MN_VXLAN_I
 * @key: in the upper 24 bits, the lower 8 are zero
 */
struct mn_vxlan_hdr {
	__be32 flags;
	__be32 key;
};

static_assert(sizeof(struct mn_vxlan_hdr) == MN_VXLAN_HLEN);

/**
 * mn_vxlan_push() - put a header before a packet
 * @skb: packet, data at its Ethernet header, with room before it
 * @key: tunnel key
 *
 * Context: any.
 */
void mn_vxlan_push(struct sk_buff *skb, u32 key)
{
	struct mn_vxlan_hdr *h = __skb_push(skb, sizeof(*h));

	h->flags = htonl(MN_VXLAN_I);
	h->key = htonl(key << 8);
}

/**
 * mn_vxlan_parse() - read a header
 * @skb: packet out of a tunnel
 * @offset: of the header from skb->data, behind that of UDP
 * @hdr: what it says
 *
 * Flags we do not know may mean that something else follows than an Ethernet
 * header, so they are not ignored.
 *
 * Context: any.
 *
 * Return: 0 or a &enum midonet_drop_reason
 */
u32 mn_vxlan_parse(const struct sk_buff *skb, int offset,
		   struct mn_encap_hdr *hdr)
{
	const struct mn_vxlan_hdr *h;
	struct mn_vxlan_hdr buf;
	u32 key;

	h = skb_header_pointer(skb, offset, sizeof(buf), &buf);
	if (!h || h->flags != htonl(MN_VXLAN_I))
		return MIDONET_DROP_REASON_TUNNEL_HEADER;
	key = ntohl(h->key);
	if (key & 0xff)
		return MIDONET_DROP_REASON_TUNNEL_HEADER;
	hdr->key = key >> 8;
	hdr->len = sizeof(*h);
	return 0;
}

/**
 * mn_vxlan_gro_receive() - may a packet be joined with one that came before?
 * @sk: socket of the tunnel
 * @head: those that wait
 * @skb: packet, at its VXLAN header
 *
 * Context: softirq.
 *
 * Return: one of @head that is to go up, or NULL
 */
struct sk_buff *mn_vxlan_gro_receive(struct sock *sk, struct list_head *head,
				     struct sk_buff *skb)
{
	unsigned int off = skb_gro_offset(skb);
	const struct mn_vxlan_hdr *h, *other;
	struct sk_buff *pp = NULL, *p;
	int flush = 1;

	h = skb_gro_header(skb, off + sizeof(*h), off);
	if (unlikely(!h) || h->flags != htonl(MN_VXLAN_I))
		goto out;
	list_for_each_entry(p, head, list) {
		if (!NAPI_GRO_CB(p)->same_flow)
			continue;
		other = (const void *)(p->data + off);
		if (h->flags != other->flags || h->key != other->key)
			NAPI_GRO_CB(p)->same_flow = 0;
	}
	skb_gro_pull(skb, sizeof(*h));
	skb_gro_postpull_rcsum(skb, h, sizeof(*h));
	pp = mn_encap_gro_receive(head, skb);
	flush = 0;
out:
	skb_gro_flush_final(skb, pp, flush);
	return pp;
}

/**
 * mn_vxlan_gro_complete() - packets were joined
 * @sk: socket of the tunnel
 * @skb: the result
 * @nhoff: offset of its VXLAN header
 *
 * Context: softirq.
 *
 * Return: 0 or a negative error
 */
int mn_vxlan_gro_complete(struct sock *sk, struct sk_buff *skb, int nhoff)
{
	return mn_encap_gro_complete(skb,
				     nhoff + sizeof(struct mn_vxlan_hdr));
}
