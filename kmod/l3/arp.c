// SPDX-License-Identifier: GPL-2.0
/*
 * ARP on bridges: requests for static neighbours are answered where they enter.
 */
#include <linux/etherdevice.h>
#include <linux/if_arp.h>
#include <linux/skbuff.h>

#include "l2/bridge.h"
#include "l3/answer.h"
#include "l3/neigh.h"
#include "sim/ctx.h"
#include "sim/trace.h"

/* ARP over Ethernet for IPv4, behind the fixed header. */
struct arp_body {
	u8 sha[ETH_ALEN];
	__be32 spa;
	u8 tha[ETH_ALEN];
	__be32 tpa;
} __packed;

static void reply(struct mn_ctx *ctx, const u8 *mac)
{
	const struct mn_flow_key *key = &ctx->in_key;
	struct arp_body *body;
	struct arphdr *arp;
	struct sk_buff *skb;

	skb = mn_answer_alloc(ctx, sizeof(*arp) + sizeof(*body), mac,
			      htons(ETH_P_ARP));
	if (!skb)
		return;
	arp = skb_put(skb, sizeof(*arp));
	arp->ar_hrd = htons(ARPHRD_ETHER);
	arp->ar_pro = htons(ETH_P_IP);
	arp->ar_hln = ETH_ALEN;
	arp->ar_pln = sizeof(__be32);
	arp->ar_op = htons(ARPOP_REPLY);
	body = skb_put(skb, sizeof(*body));
	ether_addr_copy(body->sha, mac);
	body->spa = key->v4.dst;
	ether_addr_copy(body->tha, key->v4.sha);
	body->tpa = key->v4.src;
	mn_answer_send(ctx, skb);
}

/*
 * A request that is about the asker himself has to reach the others: a probe
 * for a duplicate, an announcement, or the neighbour's own.
 */
static bool about_himself(const struct mn_flow_key *key, const u8 *mac)
{
	return !key->v4.src || key->v4.src == key->v4.dst ||
	       ether_addr_equal(key->v4.sha, mac) ||
	       ether_addr_equal(key->eth_src, mac);
}

/**
 * mn_arp_suppress() - answer an ARP request if the bridge knows the answer
 * @ctx: walk of an ARP packet
 * @bridge: bridge
 * @v: its version
 *
 * Context: BH disabled, RCU.
 *
 * Return: true if the packet was answered (or would have been, in a trace) and
 * its walk is over
 */
bool mn_arp_suppress(struct mn_ctx *ctx, struct mn_bridge *bridge,
		     const struct mn_bridge_ver *v)
{
	const struct mn_flow_key *key = &ctx->in_key;
	const struct mn_static_neigh *n;

	if (!v->arp_suppress || key->proto != ARPOP_REQUEST)
		return false;
	n = mn_neigh_find(ctx->mn, bridge, AF_INET, &key->v4.dst,
			  ctx->generation);
	if (!n)
		return false;
	if (about_himself(key, n->mac)) {
		mn_trace(ctx, &bridge->obj, NULL, "answer", NULL,
			 "does not answer for %pI4: the request is a probe, an announcement or the neighbour's own",
			 &key->v4.dst);
		return false;
	}
	if (!mn_answer_may(ctx)) {
		mn_trace(ctx, &bridge->obj, ctx->in, "answer", NULL,
			 "too many answers to this port (net.midonet.icmp_rate); floods the request");
		return false;
	}
	mn_trace(ctx, &bridge->obj, ctx->in, "answer", NULL,
		 "answers: %pI4 is at %pM (static neighbour)", &key->v4.dst,
		 n->mac);
	if (ctx->live)
		reply(ctx, n->mac);
	return true;
}
