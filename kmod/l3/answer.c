// SPDX-License-Identifier: GPL-2.0
/*
 * What we say ourselves: it leaves by the port where the packet entered the
 * overlay, in the terms of the packet as it entered, and crosses nothing.
 */
#include <linux/etherdevice.h>
#include <linux/if_vlan.h>
#include <linux/skbuff.h>

#include "l3/answer.h"
#include "port/port.h"
#include "sim/ctx.h"

/*
 * Neighbour resolution is what everything else waits for, so it may be ten
 * times as frequent as errors.
 */
#define MN_ANSWER_FACTOR	10
#define MN_ANSWER_RATE_MAX	(U32_MAX / (2 * MN_ANSWER_FACTOR))

static bool may_say(struct mn_ctx *ctx, u32 tokens)
{
	u32 rate = min_t(u32, READ_ONCE(ctx->mn->limits.icmp_rate),
			 MN_ANSWER_RATE_MAX) * MN_ANSWER_FACTOR;

	return !ctx->live ||
	       mn_bucket_take_n(&ctx->in->icmp, tokens, rate, 2 * rate);
}

/**
 * mn_answer_may() - may there be one more answer to this port now?
 * @ctx: walk; a trace always may
 *
 * Return: false if the rate of the ingress port is exhausted
 */
bool mn_answer_may(struct mn_ctx *ctx)
{
	return may_say(ctx, 1);
}

/**
 * mn_answer_may_error() - may there be one more ICMP error, or reset, now?
 * @ctx: walk; a trace always may
 *
 * Return: false if the rate of the ingress port is exhausted
 */
bool mn_answer_may_error(struct mn_ctx *ctx)
{
	return may_say(ctx, MN_ANSWER_FACTOR);
}

/**
 * mn_answer_frame() - begin a frame of our own
 * @dst: MAC it is for
 * @src: MAC that speaks
 * @eth_type: protocol
 * @len: bytes behind the Ethernet header
 *
 * Return: packet with its Ethernet header put; NULL without memory
 */
struct sk_buff *mn_answer_frame(const u8 *dst, const u8 *src, __be16 eth_type,
				u32 len)
{
	struct sk_buff *skb;
	struct ethhdr *eth;

	skb = alloc_skb(NET_SKB_PAD + LL_MAX_HEADER + VLAN_ETH_HLEN + len,
			GFP_ATOMIC | __GFP_NOWARN);
	if (!skb)
		return NULL;
	skb_reserve(skb, NET_SKB_PAD + LL_MAX_HEADER + VLAN_HLEN);
	eth = skb_put(skb, ETH_HLEN);
	ether_addr_copy(eth->h_dest, dst);
	ether_addr_copy(eth->h_source, src);
	eth->h_proto = eth_type;
	skb_reset_mac_header(skb);
	skb->protocol = eth_type;
	skb_set_network_header(skb, ETH_HLEN);
	skb->mac_len = ETH_HLEN;
	return skb;
}

/**
 * mn_answer_alloc() - begin an answer
 * @ctx: walk of what is answered
 * @len: bytes behind the Ethernet header
 * @src: MAC that speaks
 * @eth_type: protocol
 *
 * Return: packet with its Ethernet header put, addressed to who asked; NULL
 * without memory
 */
struct sk_buff *mn_answer_alloc(const struct mn_ctx *ctx, u32 len,
				const u8 *src, __be16 eth_type)
{
	return mn_answer_frame(ctx->in_key.eth_src, src, eth_type, len);
}

/**
 * mn_answer_send() - send an answer
 * @ctx: walk of what is answered; the answer gets the tag that came with it
 * @skb: from mn_answer_alloc(); consumed
 *
 * Crosses no chain and no anti-spoof.
 *
 * Context: BH disabled, RCU. May nest by way of the device.
 */
void mn_answer_send(struct mn_ctx *ctx, struct sk_buff *skb)
{
	if (ctx->in_key.vlan & MN_VLAN_PRESENT)
		__vlan_hwaccel_put_tag(skb, htons(ETH_P_8021Q),
				       skb_vlan_tag_get(ctx->skb));
	mn_output(ctx->in, skb, ctx->in_key.vlan, 0);
}
