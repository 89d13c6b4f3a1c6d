// SPDX-License-Identifier: GPL-2.0
/*
 * ARP: making packets, and answering requests on bridges where they enter, for
 * static neighbours and for the routers the bridge is linked to.
 */
#include <linux/etherdevice.h>
#include <linux/if_arp.h>
#include <linux/skbuff.h>

#include "l2/bridge.h"
#include "l3/answer.h"
#include "l3/arp.h"
#include "l3/nbr.h"
#include "l3/neigh.h"
#include "sim/ctx.h"
#include "sim/trace.h"

/**
 * mn_arp_put() - append an ARP packet
 * @skb: frame, behind its Ethernet header; has room
 * @op: ARPOP_REQUEST or ARPOP_REPLY
 * @sha: MAC of the sender
 * @spa: address of the sender
 * @tha: MAC of the target
 * @tpa: address of the target
 */
void mn_arp_put(struct sk_buff *skb, u16 op, const u8 *sha, __be32 spa,
		const u8 *tha, __be32 tpa)
{
	struct mn_arp *arp = skb_put(skb, sizeof(*arp));

	BUILD_BUG_ON(sizeof(*arp) != 28);
	arp->hdr.ar_hrd = htons(ARPHRD_ETHER);
	arp->hdr.ar_pro = htons(ETH_P_IP);
	arp->hdr.ar_hln = ETH_ALEN;
	arp->hdr.ar_pln = sizeof(__be32);
	arp->hdr.ar_op = htons(op);
	ether_addr_copy(arp->sha, sha);
	arp->spa = spa;
	ether_addr_copy(arp->tha, tha);
	arp->tpa = tpa;
}

/**
 * mn_arp_answer() - answer an ARP request
 * @ctx: live walk of the request
 * @mac: who has the address it asks for
 *
 * Context: BH disabled, RCU.
 */
void mn_arp_answer(struct mn_ctx *ctx, const u8 *mac)
{
	const struct mn_flow_key *key = &ctx->in_key;
	struct sk_buff *skb;

	if (mn_nbr_answered(ctx, AF_INET, &key->v4.dst, mac))
		return;
	skb = mn_answer_alloc(ctx, sizeof(struct mn_arp), mac,
			      htons(ETH_P_ARP));
	if (!skb)
		return;
	mn_arp_put(skb, ARPOP_REPLY, mac, key->v4.dst, key->v4.sha,
		   key->v4.src);
	mn_answer_send(ctx, skb);
}

/*
 * A request that is about the asker himself has to reach the others: a probe
 * for a duplicate, an announcement, or the neighbour's own. That an address is a
 * router's is said to whoever probes for it.
 */
static bool about_himself(const struct mn_flow_key *key,
			  const struct mn_static_neigh *n)
{
	return (!key->v4.src && !n->port) || key->v4.src == key->v4.dst ||
	       ether_addr_equal(key->v4.sha, n->mac) ||
	       ether_addr_equal(key->eth_src, n->mac);
}

/**
 * mn_arp_suppress() - answer an ARP request if the bridge knows the answer
 * @ctx: walk of an ARP packet
 * @bridge: bridge
 * @v: its version
 *
 * Who asks for a router's address is made known to the router.
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
	struct mn_neigh_key nk;

	if (!v->arp_suppress || key->proto != ARPOP_REQUEST)
		return false;
	mn_neigh_key_set(&nk, &bridge->obj, AF_INET, &key->v4.dst);
	n = mn_neigh_find(ctx->mn, &nk, ctx->key.vlan, ctx->generation);
	if (!n)
		return false;
	if (about_himself(key, n)) {
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
		 "answers: %pI4 is at %pM (%s)", &key->v4.dst, n->mac,
		 n->port ? "port of a router" : "static neighbour");
	if (n->port && ether_addr_equal(key->v4.sha, key->eth_src))
		mn_nbr_saw(ctx, n->port, AF_INET, &key->v4.src, key->v4.sha);
	if (ctx->live)
		mn_arp_answer(ctx, n->mac);
	return true;
}
