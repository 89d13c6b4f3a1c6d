// SPDX-License-Identifier: GPL-2.0
/*
 * Neighbour discovery (RFC 4861): parsing and making messages, and answering
 * solicitations on bridges, for static neighbours and for the routers the
 * bridge is linked to.
 *
 * What a parser takes for a message and a host takes for another one is how
 * spoofing gets through, so everything RFC 4861 tells a host to discard is
 * malformed here, and repeated options are, too.
 */
#include <linux/etherdevice.h>
#include <linux/icmpv6.h>
#include <linux/ipv6.h>
#include <net/ip6_checksum.h>
#include <net/ipv6.h>
#include <net/ndisc.h>

#include "flow/key.h"
#include "l2/bridge.h"
#include "l3/answer.h"
#include "l3/nbr.h"
#include "l3/nd.h"
#include "l3/neigh.h"
#include "sim/ctx.h"
#include "sim/trace.h"

/* A link-layer address option of Ethernet, in units of eight bytes. */
#define ND_OPT_ETHER		1

struct nd_range {
	struct sk_buff *skb;
	u32 pos;
	u32 end;
};

/* Bytes in front of the options; 0: no ND message. */
static u32 fixed_len(u8 type)
{
	switch (type) {
	case NDISC_ROUTER_SOLICITATION:
		return 8;
	case NDISC_ROUTER_ADVERTISEMENT:
		return 16;
	case NDISC_NEIGHBOUR_SOLICITATION:
	case NDISC_NEIGHBOUR_ADVERTISEMENT:
		return 24;
	case NDISC_REDIRECT:
		return 40;
	default:
		return 0;
	}
}

static bool take(struct nd_range *r, void *buf, u32 len)
{
	if (len > r->end - r->pos ||
	    skb_copy_bits(r->skb, r->pos, buf, len))
		return false;
	r->pos += len;
	return true;
}

static int set_lladdr(bool *has, u8 *mac, const u8 *opt, u8 units)
{
	if (*has || units != ND_OPT_ETHER)
		return -EINVAL;
	*has = true;
	ether_addr_copy(mac, opt + 2);
	return 0;
}

/* One option; moves on to the next. */
static int parse_option(struct nd_range *r, struct mn_nd *nd)
{
	u8 opt[8];
	int err = 0;

	/* No option is shorter than this. */
	if (!take(r, opt, sizeof(opt)))
		return -EINVAL;
	if (!opt[1] || (u32)(opt[1] - 1) * 8 > r->end - r->pos)
		return -EINVAL;
	if (opt[0] == ND_OPT_SOURCE_LL_ADDR)
		err = set_lladdr(&nd->has_slla, nd->slla, opt, opt[1]);
	else if (opt[0] == ND_OPT_TARGET_LL_ADDR)
		err = set_lladdr(&nd->has_tlla, nd->tlla, opt, opt[1]);
	r->pos += (opt[1] - 1) * 8;
	return err;
}

static int parse_fixed(struct nd_range *r, struct mn_nd *nd)
{
	u32 len = fixed_len(nd->type);
	u8 head[40];

	if (!take(r, head, len) || head[1])
		return -EINVAL;
	if (nd->type == NDISC_NEIGHBOUR_ADVERTISEMENT)
		nd->flags = head[4];
	if (len < 24)
		return 0;
	nd->has_target = true;
	memcpy(&nd->target, head + 8, sizeof(nd->target));
	/* A redirect's target is a router or the destination itself. */
	if (ipv6_addr_is_multicast(&nd->target))
		return -EINVAL;
	return 0;
}

/* Where the message ends, as the IPv6 header says. */
static int find_end(struct sk_buff *skb, const struct mn_pkt *pkt, u32 *end)
{
	struct ipv6hdr ip6;

	if (!pkt->l3 || pkt->l4 < pkt->l3 + sizeof(ip6) ||
	    skb_copy_bits(skb, pkt->l3, &ip6, sizeof(ip6)))
		return -EINVAL;
	*end = pkt->l3 + sizeof(ip6) + ntohs(ip6.payload_len);
	if (*end > skb->len || *end < pkt->l4 || ip6.hop_limit != 255)
		return -EINVAL;
	return 0;
}

/**
 * mn_nd_parse() - parse a neighbour discovery message
 * @skb: ICMPv6 packet, data at the Ethernet header; not changed
 * @pkt: its offsets; @pkt->l4 is where ICMPv6 begins
 * @nd: what it says
 *
 * The caller has seen that the packet is IPv6 and its protocol ICMPv6.
 *
 * Return: 0, -ENOMSG if it is no ND message, -EINVAL if a host would discard it
 */
int mn_nd_parse(struct sk_buff *skb, const struct mn_pkt *pkt, struct mn_nd *nd)
{
	struct nd_range r = { .skb = skb, .pos = pkt->l4 };
	int err;

	memset(nd, 0, sizeof(*nd));
	if (!pkt->l4 || skb_copy_bits(skb, pkt->l4, &nd->type, 1))
		return -ENOMSG;
	if (!fixed_len(nd->type))
		return -ENOMSG;
	err = find_end(skb, pkt, &r.end);
	if (!err)
		err = parse_fixed(&r, nd);
	while (!err && r.pos < r.end)
		err = parse_option(&r, nd);
	return err;
}

/**
 * mn_nd_put() - append a neighbour solicitation or advertisement
 * @skb: frame, behind its Ethernet header; has room for MN_ND_LEN bytes
 * @say: what it says
 */
void mn_nd_put(struct sk_buff *skb, const struct mn_nd_say *say)
{
	u32 len = sizeof(struct nd_msg) + 8;
	struct ipv6hdr *ip6 = skb_put_zero(skb, sizeof(*ip6));
	struct nd_msg *nd;
	u8 *opt;

	BUILD_BUG_ON(sizeof(*ip6) + sizeof(*nd) + 8 != MN_ND_LEN);
	ip6->version = 6;
	ip6->payload_len = htons(len);
	ip6->nexthdr = IPPROTO_ICMPV6;
	ip6->hop_limit = 255;
	ip6->saddr = say->src;
	ip6->daddr = say->dst;
	skb_set_transport_header(skb, skb->len);
	nd = skb_put_zero(skb, sizeof(*nd));
	nd->icmph.icmp6_type = say->type;
	nd->icmph.icmp6_dataun.un_data8[0] = say->flags;
	nd->target = say->target;
	opt = skb_put(skb, 8);
	opt[0] = say->type == NDISC_NEIGHBOUR_SOLICITATION ?
		 ND_OPT_SOURCE_LL_ADDR : ND_OPT_TARGET_LL_ADDR;
	opt[1] = ND_OPT_ETHER;
	ether_addr_copy(opt + 2, say->mac);
	nd->icmph.icmp6_cksum =
		csum_ipv6_magic(&say->src, &say->dst, len, IPPROTO_ICMPV6,
				csum_partial(nd, len, 0));
}

/**
 * mn_nd_answer() - answer a neighbour solicitation
 * @ctx: live walk of the solicitation
 * @target: address it asks for
 * @mac: who has it
 * @router: that is a router
 *
 * Who probes whether the address is free has none to be answered to, so all are
 * told (RFC 4861 7.2.4).
 *
 * Context: BH disabled, RCU.
 */
void mn_nd_answer(struct mn_ctx *ctx, const struct in6_addr *target,
		  const u8 *mac, bool router)
{
	bool probe = ipv6_addr_any(&ctx->in_key.v6.src);
	struct mn_nd_say say = {
		.type = NDISC_NEIGHBOUR_ADVERTISEMENT,
		.flags = MN_ND_OVERRIDE,
		.src = *target,
		.dst = ctx->in_key.v6.src,
		.target = *target,
	};
	struct sk_buff *skb;

	if (mn_nbr_answered(ctx, AF_INET6, target, mac))
		return;
	ether_addr_copy(say.mac, mac);
	skb = mn_answer_alloc(ctx, MN_ND_LEN, mac, htons(ETH_P_IPV6));
	if (!skb)
		return;
	if (router)
		say.flags |= MN_ND_ROUTER;
	if (probe) {
		say.dst = in6addr_linklocal_allnodes;
		ipv6_eth_mc_map(&say.dst, eth_hdr(skb)->h_dest);
	} else {
		say.flags |= MN_ND_SOLICITED;
	}
	mn_nd_put(skb, &say);
	mn_answer_send(ctx, skb);
}

/* As in ARP: probes, announcements and the neighbour's own. */
static bool about_himself(const struct mn_flow_key *key, const struct mn_nd *nd,
			  const struct mn_static_neigh *n)
{
	return (ipv6_addr_any(&key->v6.src) && !n->port) ||
	       ipv6_addr_is_multicast(&key->v6.src) ||
	       ipv6_addr_equal(&key->v6.src, &nd->target) ||
	       ether_addr_equal(key->eth_src, n->mac) ||
	       (nd->has_slla && ether_addr_equal(nd->slla, n->mac));
}

/**
 * mn_nd_suppress() - answer a neighbour solicitation if the bridge can
 * @ctx: walk of an ICMPv6 packet
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
bool mn_nd_suppress(struct mn_ctx *ctx, struct mn_bridge *bridge,
		    const struct mn_bridge_ver *v)
{
	const struct mn_flow_key *key = &ctx->in_key;
	const struct mn_static_neigh *n;
	struct mn_neigh_key nk;
	struct mn_nd nd;

	if (!v->arp_suppress || key->frag != MN_FRAG_NONE ||
	    mn_nd_parse(ctx->skb, &ctx->pkt, &nd) ||
	    nd.type != NDISC_NEIGHBOUR_SOLICITATION)
		return false;
	mn_neigh_key_set(&nk, &bridge->obj, AF_INET6, &nd.target);
	n = mn_neigh_find(ctx->mn, &nk, ctx->key.vlan, ctx->generation);
	if (!n)
		return false;
	if (about_himself(key, &nd, n)) {
		mn_trace(ctx, &bridge->obj, NULL, "answer", NULL,
			 "does not answer for %pI6c: the solicitation is a probe or the neighbour's own",
			 &nd.target);
		return false;
	}
	if (!mn_answer_may(ctx)) {
		mn_trace(ctx, &bridge->obj, ctx->in, "answer", NULL,
			 "too many answers to this port (net.midonet.icmp_rate); floods the solicitation");
		return false;
	}
	mn_trace(ctx, &bridge->obj, ctx->in, "answer", NULL,
		 "answers: %pI6c is at %pM (%s)", &nd.target, n->mac,
		 n->port ? "port of a router" : "static neighbour");
	if (n->port && nd.has_slla && ether_addr_equal(nd.slla, key->eth_src))
		mn_nbr_saw(ctx, n->port, AF_INET6, &key->v6.src, nd.slla);
	if (ctx->live)
		mn_nd_answer(ctx, &nd.target, n->mac, n->port);
	return true;
}
