// SPDX-License-Identifier: GPL-2.0
/*
 * Where packets enter: from a device's receive path to what the flow table
 * says, or to a walk.
 *
 * A hit reads the packet's headers, a slot of this CPU's cache, two cache lines
 * of the flow and its mask; it writes counters of this CPU, and nothing else.
 */
#include <linux/etherdevice.h>
#include <linux/if_vlan.h>
#include <linux/netdevice.h>

#include "config/nl.h"
#include "flow/cache.h"
#include "flow/flow.h"
#include "flow/key_fast.h"
#include "flow/rewrite.h"
#include "l3/size.h"
#include "overlay/overlay.h"
#include "port/port.h"
#include "sim/ctx.h"
#include "sim/drop.h"
#include "state/track.h"

/* Bytes of a shared frame, and of the room before it, that are copied. */
#define MN_COPY_MAX	256

/*
 * Only an 802.1Q tag is a tag. Another one goes back to where it was on the
 * wire. Returns NULL if there was no memory for it; the packet is gone then.
 */
static noinline struct sk_buff *untag_other(struct sk_buff *skb)
{
	skb = __vlan_hwaccel_push_inside(skb);
	if (skb)
		skb_postpush_rcsum(skb, skb->data + 2 * ETH_ALEN, VLAN_HLEN);
	return skb;
}

/* Does a routed packet live that long? Not for what is not routed. */
static __always_inline bool lives(const struct mn_flow *flow,
				  const struct mn_pkt *pkt)
{
	return likely(!flow->routed) ||
	       pkt->ttl > mn_flow_rewrite(flow)->hops;
}

/*
 * What is too long for the way, or ends on it, is walked: its sender is told,
 * or it is cut.
 */
static __always_inline bool flow_fits(const struct mn_flow *flow,
				      const struct sk_buff *skb,
				      const struct mn_pkt *pkt)
{
	if (unlikely(flow->n_outs == 1 &&
		     skb->len - ETH_HLEN > flow->out.mtu &&
		     mn_size_exceeds(skb, flow->out.mtu)))
		return false;
	return lives(flow, pkt);
}

/* What routers do to it; false without memory. */
static __always_inline bool change(struct sk_buff *skb,
				   const struct mn_flow *flow,
				   const struct mn_pkt *pkt)
{
	if (unlikely(!mn_rewrite(skb, pkt->l3, mn_flow_rewrite(flow))))
		return false;
	return !flow->translated ||
	       mn_translate(skb, pkt->l3, pkt->l4, mn_flow_translation(flow));
}

/* Whose bytes somebody else has, too, is better copied at once: see unshare(). */
static noinline void note_gateway(struct mn_port *in,
				  const struct mn_flow_key *key)
{
	u64 mac = ether_addr_to_u64(key->eth_dst);

	if (READ_ONCE(in->gateway) != mac)
		WRITE_ONCE(in->gateway, mac);
}

/* What a flow changes in its packets; false: without memory, the packet is gone. */
static __always_inline bool flow_change(struct mn_net *mn,
					struct mn_flow *flow,
					struct sk_buff *skb,
					const struct mn_flow_key *key,
					const struct mn_pkt *pkt)
{
	if (likely(!flow->routed || !flow->n_outs))
		return true;
	if (unlikely(skb_cloned(skb)))
		note_gateway(flow->in, key);
	if (likely(change(skb, flow, pkt)))
		return true;
	mn_drop_port(mn, skb, MIDONET_DROP_REASON_NOMEM, flow->in);
	return false;
}

/* By the one port there is. Consumes @skb. */
static __always_inline void output(const struct mn_flow *flow,
				   struct sk_buff *skb,
				   const struct mn_flow_key *key)
{
	const struct mn_exit *out = &flow->out;

	if (likely(!out->remote))
		mn_output(out->port, skb, out->vlan, out->mtu);
	else
		mn_tunnel_output(out->port, mn_flow_via(flow), skb, out->vlan,
				 out->mtu, key);
}

/* Consumes @skb. */
static __always_inline void flow_execute(struct mn_net *mn,
					 struct mn_flow *flow,
					 struct sk_buff *skb,
					 const struct mn_flow_key *key,
					 const struct mn_pkt *pkt)
{
	const struct mn_actions acts = {
		.verdict = flow->verdict,
		.n_outs = flow->n_outs,
		.outs = mn_flow_tail_outs(flow),
	};

	if (unlikely(!flow_change(mn, flow, skb, key, pkt)))
		return;
	if (likely(flow->n_outs == 1))
		output(flow, skb, key);
	else if (flow->verdict == MIDONET_VERDICT_DROP)
		mn_drop_cached(mn, skb, flow->place, flow->in, key);
	else if (unlikely(!mn_port_may_flood(flow->in)))
		mn_drop_port(mn, skb, MIDONET_DROP_REASON_FLOOD_RATE, flow->in);
	else
		mn_actions_execute(mn, skb, &acts, key);
}

/* The flow of a packet, from the cache or the table; NULL: walk it. */
static __always_inline struct mn_flow *
flow_of(struct mn_net *mn, const struct mn_flow_key *key, u64 hash)
{
	struct mn_flow **slot = mn_cache_slot(mn, hash);
	struct mn_flow *flow = READ_ONCE(*slot);

	if (likely(flow && mn_flow_matches(flow, key)) &&
	    likely(mn_flow_valid(mn, flow)))
		return flow;
	flow = mn_flow_find(mn, key);
	if (!flow || !mn_flow_valid(mn, flow))
		return NULL;
	if (READ_ONCE(flow->unproven))
		mn_flow_prove(flow);
	WRITE_ONCE(*slot, flow);
	return flow;
}

/* Consumes @skb. */
static noinline void walk(struct mn_port *port, struct sk_buff *skb,
			  const struct mn_flow_key *key,
			  const struct mn_pkt *pkt, u64 hash)
{
	mn_walk_packet(port, skb, key, pkt,
		       mn_flow_admit(port, hash) ? 0 : MN_WALK_FORGET);
}

static bool is_live(struct mn_net *mn, struct mn_port *port,
		    struct sk_buff *skb, const struct mn_flow_key *key)
{
	return static_branch_unlikely(&mn_live_key) &&
	       mn_live_wants(mn, port, skb, key);
}

/**
 * mn_port_receive() - a packet enters the overlay
 * @port: exterior port
 * @skb: packet, data at the Ethernet header, not shared; consumed
 *
 * Context: BH disabled, RCU.
 */
void mn_port_receive(struct mn_port *port, struct sk_buff *skb)
{
	struct mn_net *mn = port->mn;
	struct mn_flow_key key;
	struct mn_flow *flow;
	struct mn_pkt pkt;
	u32 packets, bytes;
	u64 hash;

	if (unlikely(skb_vlan_tag_present(skb) &&
		     skb->vlan_proto != htons(ETH_P_8021Q))) {
		skb = untag_other(skb);
		if (!skb) {
			mn_output_lost(port, MIDONET_DROP_REASON_NOMEM, 1);
			return;
		}
	}
	mn_skb_load(skb, &packets, &bytes);
	mn_port_count_rx(port, packets, bytes);
	if (unlikely(!mn_key_fast(skb, port->obj.index, &key, &pkt) &&
		     mn_key_extract(skb, port->obj.index, &key, &pkt))) {
		mn_drop_port(mn, skb, MIDONET_DROP_REASON_MALFORMED, port);
		return;
	}
	hash = mn_words_hash(key.w, mn->seed.key[0]);
	if (unlikely(is_live(mn, port, skb, &key))) {
		walk(port, skb, &key, &pkt, hash);
		return;
	}
	flow = flow_of(mn, &key, hash);
	if (unlikely(!flow || !flow_fits(flow, skb, &pkt) ||
		     (key.tcp_flags & READ_ONCE(flow->watch) &&
		      !mn_track_hit(flow, key.tcp_flags)))) {
		walk(port, skb, &key, &pkt, hash);
		return;
	}
	mn_flow_count(flow, packets, bytes);
	flow_execute(mn, flow, skb, &key, &pkt);
}

/* A frame of our own with the bytes of a shared one, from this CPU's fragment. */
static struct sk_buff *copy_small(const struct sk_buff *skb)
{
	u32 room = skb_headroom(skb);
	u32 size = SKB_DATA_ALIGN(room + skb->len) +
		   SKB_DATA_ALIGN(sizeof(struct skb_shared_info));
	void *data = napi_alloc_frag(size);
	struct sk_buff *copy;

	if (unlikely(!data))
		return NULL;
	copy = build_skb(data, size);
	if (unlikely(!copy)) {
		skb_free_frag(data);
		return NULL;
	}
	/* Offsets of headers are those of the other, so is the room. */
	skb_reserve(copy, room);
	__skb_put(copy, skb->len);
	memcpy(copy->data - ETH_HLEN, skb->data - ETH_HLEN,
	       skb->len + ETH_HLEN);
	skb_copy_header(copy, skb);
	return copy;
}

/* Will it be changed, as far as one can tell, and is there little to copy? */
static bool want_copy(const struct mn_port *port, const struct sk_buff *skb)
{
	return ether_addr_to_u64(eth_hdr(skb)->h_dest) ==
		READ_ONCE(port->gateway) &&
	       !skb_is_nonlinear(skb) && !skb_is_gso(skb) &&
	       skb->len <= MN_COPY_MAX && skb_headroom(skb) <= MN_COPY_MAX;
}

/*
 * Somebody else holds the frame, a packet socket or a generator. A clone is
 * cheapest, but a router would have to copy its bytes later, which is dearer than to do so
 * now. Its reference is given up; NULL without memory.
 */
static noinline struct sk_buff *unshare(const struct mn_port *port,
					struct sk_buff *skb)
{
	struct sk_buff *own = want_copy(port, skb) ? copy_small(skb) :
						     skb_clone(skb, GFP_ATOMIC);

	if (likely(own))
		consume_skb(skb);
	else
		kfree_skb(skb);
	return own;
}

/**
 * mn_port_rx() - rx_handler of the devices behind exterior ports
 * @pskb: packet, data behind the Ethernet header
 *
 * Context: softirq, RCU. What a socket on the device itself loops back passes.
 */
rx_handler_result_t mn_port_rx(struct sk_buff **pskb)
{
	struct sk_buff *skb = *pskb;
	struct mn_port *port;

	if (unlikely(skb->pkt_type == PACKET_LOOPBACK))
		return RX_HANDLER_PASS;
	port = rcu_dereference(skb->dev->rx_handler_data);
	if (unlikely(skb_shared(skb))) {
		skb = unshare(port, skb);
		if (!skb)
			return RX_HANDLER_CONSUMED;
	}
	skb_push_rcsum(skb, ETH_HLEN);
	mn_port_receive(port, skb);
	return RX_HANDLER_CONSUMED;
}
