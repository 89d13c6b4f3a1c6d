// SPDX-License-Identifier: GPL-2.0
/*
 * The header of Geneve (RFC 8926): lengths and flags, the protocol inside, 24
 * bits of key, options. We send none, and skip those that may be skipped.
 */
#include <linux/etherdevice.h>
#include <net/gro.h>
#include <uapi/linux/midonet.h>

#include "overlay/encap.h"

/* &mn_geneve_hdr.len: version 0 and the options, in words. */
#define MN_GENEVE_VERSION	0xc0
#define MN_GENEVE_OPTIONS	0x3f
/* &mn_geneve_hdr.flags: who does not understand it drops it. */
#define MN_GENEVE_CONTROL	0x80
#define MN_GENEVE_CRITICAL	0x40

/**
 * struct mn_geneve_hdr - on the wire
 * @len: version, and length of the options in words
 * @flags: MN_GENEVE_*
 * @proto: what is inside
 * @key: in the upper 24 bits, the lower 8 are reserved
 */
struct mn_geneve_hdr {
	u8 len;
	u8 flags;
	__be16 proto;
	__be32 key;
};

static_assert(sizeof(struct mn_geneve_hdr) == MN_GENEVE_HLEN);

static u32 hdr_len(const struct mn_geneve_hdr *h)
{
	return sizeof(*h) + (h->len & MN_GENEVE_OPTIONS) * 4;
}

/* A frame for us, in a version that we know? */
static bool is_frame(const struct mn_geneve_hdr *h)
{
	return !(h->len & MN_GENEVE_VERSION) && h->proto == htons(ETH_P_TEB);
}

/**
 * mn_geneve_push() - put a header before a packet
 * @skb: packet, data at its Ethernet header, with room before it
 * @key: tunnel key
 *
 * Context: any.
 */
void mn_geneve_push(struct sk_buff *skb, u32 key)
{
	struct mn_geneve_hdr *h = __skb_push(skb, sizeof(*h));

	h->len = 0;
	h->flags = 0;
	h->proto = htons(ETH_P_TEB);
	h->key = htonl(key << 8);
}

/**
 * mn_geneve_parse() - read a header
 * @skb: packet out of a tunnel
 * @offset: of the header from skb->data, behind that of UDP
 * @hdr: what it says
 *
 * Context: any.
 *
 * Return: 0 or a &enum midonet_drop_reason
 */
u32 mn_geneve_parse(const struct sk_buff *skb, int offset,
		    struct mn_encap_hdr *hdr)
{
	const struct mn_geneve_hdr *h;
	struct mn_geneve_hdr buf;

	h = skb_header_pointer(skb, offset, sizeof(buf), &buf);
	if (!h || !is_frame(h))
		return MIDONET_DROP_REASON_TUNNEL_HEADER;
	if (h->flags & (MN_GENEVE_CONTROL | MN_GENEVE_CRITICAL))
		return MIDONET_DROP_REASON_TUNNEL_OPTION;
	hdr->key = ntohl(h->key) >> 8;
	hdr->len = hdr_len(h);
	if (skb->len < offset + hdr->len)
		return MIDONET_DROP_REASON_TUNNEL_HEADER;
	return 0;
}

/* With their options, which are there. */
static bool same_hdr(const struct mn_geneve_hdr *a,
		     const struct mn_geneve_hdr *b)
{
	return a->len == b->len && !memcmp(a, b, hdr_len(a));
}

/**
 * mn_geneve_gro_receive() - may a packet be joined with one that came before?
 * @sk: socket of the tunnel
 * @head: those that wait
 * @skb: packet, at its Geneve header
 *
 * Context: softirq.
 *
 * Return: one of @head that is to go up, or NULL
 */
struct sk_buff *mn_geneve_gro_receive(struct sock *sk, struct list_head *head,
				      struct sk_buff *skb)
{
	unsigned int off = skb_gro_offset(skb), len;
	const struct mn_geneve_hdr *h;
	struct sk_buff *pp = NULL, *p;
	int flush = 1;

	h = skb_gro_header(skb, off + sizeof(*h), off);
	if (unlikely(!h) || !is_frame(h) || h->flags)
		goto out;
	len = hdr_len(h);
	if (len > sizeof(*h)) {
		h = skb_gro_header(skb, off + len, off);
		if (unlikely(!h))
			goto out;
	}
	list_for_each_entry(p, head, list) {
		if (NAPI_GRO_CB(p)->same_flow &&
		    !same_hdr(h, (const void *)(p->data + off)))
			NAPI_GRO_CB(p)->same_flow = 0;
	}
	skb_gro_pull(skb, len);
	skb_gro_postpull_rcsum(skb, h, len);
	pp = mn_encap_gro_receive(head, skb);
	flush = 0;
out:
	skb_gro_flush_final(skb, pp, flush);
	return pp;
}

/**
 * mn_geneve_gro_complete() - packets were joined
 * @sk: socket of the tunnel
 * @skb: the result
 * @nhoff: offset of its Geneve header
 *
 * Context: softirq.
 *
 * Return: 0 or a negative error
 */
int mn_geneve_gro_complete(struct sock *sk, struct sk_buff *skb, int nhoff)
{
	const struct mn_geneve_hdr *h = (const void *)(skb->data + nhoff);

	return mn_encap_gro_complete(skb, nhoff + hdr_len(h));
}
