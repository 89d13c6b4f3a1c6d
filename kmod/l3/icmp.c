// SPDX-License-Identifier: GPL-2.0
/*
 * What routers, and rules that reject, say to the sender of a packet: whether
 * anything is said (RFC 792, 1122 3.2.2, 1812 4.3.2, RFC 4443 2.4), by whom, and
 * how often. That is decided in the walk; the words are put together when it is
 * over (icmp_reply.c).
 */
#include <linux/etherdevice.h>
#include <linux/icmp.h>
#include <linux/icmpv6.h>
#include <linux/inetdevice.h>
#include <linux/ipv6.h>
#include <net/ipv6.h>
#include <net/tcp.h>

#include "l3/answer.h"
#include "l3/icmp.h"
#include "port/port.h"
#include "sim/ctx.h"
#include "sim/trace.h"

/* Type and code of each kind, for either family. */
static const struct {
	u8 v4[2];
	u8 v6[2];
} kinds[] = {
	[MN_ICMP_NET] = { { ICMP_DEST_UNREACH, ICMP_NET_UNREACH },
			  { ICMPV6_DEST_UNREACH, ICMPV6_NOROUTE } },
	[MN_ICMP_HOST] = { { ICMP_DEST_UNREACH, ICMP_HOST_UNREACH },
			   { ICMPV6_DEST_UNREACH, ICMPV6_ADDR_UNREACH } },
	[MN_ICMP_PROTO] = { { ICMP_DEST_UNREACH, ICMP_PROT_UNREACH },
			    { ICMPV6_PARAMPROB, ICMPV6_UNK_NEXTHDR } },
	[MN_ICMP_PORT] = { { ICMP_DEST_UNREACH, ICMP_PORT_UNREACH },
			   { ICMPV6_DEST_UNREACH, ICMPV6_PORT_UNREACH } },
	[MN_ICMP_TOO_BIG] = { { ICMP_DEST_UNREACH, ICMP_FRAG_NEEDED },
			      { ICMPV6_PKT_TOOBIG, 0 } },
	[MN_ICMP_ADMIN] = { { ICMP_DEST_UNREACH, ICMP_PKT_FILTERED },
			    { ICMPV6_DEST_UNREACH, ICMPV6_ADM_PROHIBITED } },
	[MN_ICMP_TTL] = { { ICMP_TIME_EXCEEDED, ICMP_EXC_TTL },
			  { ICMPV6_TIME_EXCEED, ICMPV6_EXC_HOPLIMIT } },
};

static bool is_v6(const struct mn_ctx *ctx)
{
	return ctx->in_key.eth_type == htons(ETH_P_IPV6);
}

static void get_addrs(const struct mn_ctx *ctx, struct in6_addr *src,
		      struct in6_addr *dst)
{
	const struct mn_flow_key *key = &ctx->in_key;

	memset(src, 0, sizeof(*src));
	memset(dst, 0, sizeof(*dst));
	if (is_v6(ctx)) {
		*src = key->v6.src;
		*dst = key->v6.dst;
	} else {
		src->s6_addr32[0] = key->v4.src;
		dst->s6_addr32[0] = key->v4.dst;
	}
}

static bool is_error(const struct mn_ctx *ctx)
{
	const struct mn_flow_key *key = &ctx->in_key;
	u8 type = ntohs(key->tp_src);

	if (!(key->flags & MN_KEY_L4))
		return false;
	if (is_v6(ctx))
		return key->proto == IPPROTO_ICMPV6 &&
		       !(type & ICMPV6_INFOMSG_MASK);
	return key->proto == IPPROTO_ICMP &&
	       (type == ICMP_DEST_UNREACH || type == ICMP_SOURCE_QUENCH ||
		type == ICMP_REDIRECT || type == ICMP_TIME_EXCEEDED ||
		type == ICMP_PARAMETERPROB);
}

static bool is_host_v4(__be32 addr)
{
	return !ipv4_is_zeronet(addr) && !ipv4_is_loopback(addr) &&
	       ntohl(addr) < 0xe0000000;
}

/* One station, to which something can be said. */
static bool is_station(const struct in6_addr *addr, bool v6)
{
	if (v6)
		return !ipv6_addr_any(addr) && !ipv6_addr_loopback(addr) &&
		       !ipv6_addr_is_multicast(addr);
	return is_host_v4(addr->s6_addr32[0]);
}

/* Is it the broadcast address of a subnet of the port? */
static bool is_broadcast(const struct mn_port_ver *v, __be32 addr)
{
	const struct mn_address *a = mn_port_addresses(v);
	int i;

	for (i = 0; i < v->n_addresses; i++, a++) {
		if (a->family == AF_INET && a->plen < 31 &&
		    addr == (a->addr.s6_addr32[0] | ~inet_make_mask(a->plen)))
			return true;
	}
	return false;
}

/*
 * Why nothing may be said about a packet; NULL if it may. The two errors that
 * RFC 4443 2.4 (e) allows about multicast have nobody here to say them: routers
 * do not forward it, and no answer comes from a group's address.
 */
static const char *unspeakable(const struct mn_ctx *ctx,
			       const struct mn_port_ver *v)
{
	const struct mn_flow_key *key = &ctx->in_key;
	struct in6_addr src, dst;
	bool v6 = is_v6(ctx);

	if (!mn_key_is_ip(key))
		return "the packet is not IP";
	get_addrs(ctx, &src, &dst);
	if (is_error(ctx))
		return "the packet is an ICMP error itself";
	if (key->frag == MN_FRAG_LATER)
		return "the packet is a later fragment";
	if (is_multicast_ether_addr(key->eth_dst) || !is_station(&dst, v6) ||
	    (v && !v6 && is_broadcast(v, dst.s6_addr32[0])))
		return "the packet was for more than one";
	if (!is_valid_ether_addr(key->eth_src) || !is_station(&src, v6) ||
	    (v && !v6 && is_broadcast(v, src.s6_addr32[0])))
		return "nobody can be reached at its source";
	return NULL;
}

static bool in_subnet(const struct mn_address *a, const struct in6_addr *addr)
{
	return ipv6_prefix_equal(&a->addr, addr, a->plen);
}

static bool is_link_local(const struct in6_addr *addr)
{
	return ipv6_addr_type(addr) & IPV6_ADDR_LINKLOCAL;
}

/*
 * Who speaks at a router: its address in the sender's subnet, else the first of
 * the family; link-local to link-local only.
 */
static bool router_source(const struct mn_port_ver *v, bool v6,
			  const struct in6_addr *sender, struct in6_addr *src)
{
	const struct mn_address *a = mn_port_addresses(v);
	u8 family = v6 ? AF_INET6 : AF_INET;
	bool found = false;
	int i;

	if (v6 && is_link_local(sender)) {
		mn_port_link_local(v, src);
		return true;
	}
	for (i = 0; i < v->n_addresses; i++, a++) {
		if (a->family != family || (v6 && is_link_local(&a->addr)))
			continue;
		if (!found || in_subnet(a, sender))
			*src = a->addr;
		found = true;
		if (in_subnet(a, sender))
			break;
	}
	return found;
}

static void mute(struct mn_ctx *ctx, struct mn_port *at, const char *why)
{
	struct mn_port *port = at ?: ctx->in;

	mn_trace(ctx, port->obj.parent, port, "answer", NULL,
		 "the sender is not told: %s", why);
}

/*
 * Who speaks: the router whose port is @at, or, @as_dst, whoever the packet is
 * for. False if nobody can, or may.
 */
static bool find_speaker(struct mn_ctx *ctx, struct mn_port *at, bool as_dst,
			 struct in6_addr *speaker)
{
	const struct mn_ver *ver = at ? mn_ver_at(&at->obj, ctx->generation) :
					NULL;
	const struct mn_port_ver *v = ver ? mn_port_ver(ver) : NULL;
	struct in6_addr src, dst;
	const char *why;

	ctx->cacheable = false;
	why = unspeakable(ctx, v);
	if (why) {
		mute(ctx, at, why);
		return false;
	}
	get_addrs(ctx, &src, &dst);
	*speaker = dst;
	if (!as_dst && (!v || !router_source(v, is_v6(ctx), &src, speaker))) {
		mute(ctx, at, "the router's port has no address of this family");
		return false;
	}
	if (!mn_answer_may_error(ctx)) {
		mute(ctx, at, "too many errors to this port (net.midonet.icmp_rate)");
		return false;
	}
	return true;
}

static void set_reply(struct mn_ctx *ctx, enum mn_reply_kind kind,
		      struct mn_port *at, const struct in6_addr *src)
{
	ctx->cacheable = false;
	ctx->reply = (struct mn_reply){
		.kind = kind,
		.at = at ?: ctx->in,
		.src = *src,
	};
}

/* Where the last next header field of an IPv6 packet is. */
static u32 next_header_at(const struct mn_ctx *ctx)
{
	u32 at = ctx->pkt.l3 + offsetof(struct ipv6hdr, nexthdr);
	u32 off = ctx->pkt.l3 + sizeof(struct ipv6hdr);
	const struct ipv6_opt_hdr *oh;
	u8 type = ctx->in_key.proto;
	struct ipv6_opt_hdr buf;
	struct ipv6hdr ip6;

	if (!skb_copy_bits(ctx->skb, ctx->pkt.l3, &ip6, sizeof(ip6)))
		type = ip6.nexthdr;
	/* mn_key_extract() went the same way, and found where it ends. */
	while (off < ctx->pkt.l4) {
		oh = skb_header_pointer(ctx->skb, off, sizeof(buf), &buf);
		if (!oh)
			break;
		at = off;
		if (type == NEXTHDR_FRAGMENT)
			off += sizeof(struct frag_hdr);
		else
			off += type == NEXTHDR_AUTH ? ipv6_authlen(oh) :
						      ipv6_optlen(oh);
		type = oh->nexthdr;
	}
	return at - ctx->pkt.l3;
}

/* The least MTU of IPv6 is all a sender can be asked for (RFC 8201 4). */
static u32 error_info(const struct mn_ctx *ctx, enum mn_icmp_kind kind, u32 mtu)
{
	if (kind == MN_ICMP_TOO_BIG)
		return is_v6(ctx) ? max_t(u32, mtu, IPV6_MIN_MTU) : mtu;
	/* Points to the next header field that was not understood. */
	if (kind == MN_ICMP_PROTO && is_v6(ctx))
		return next_header_at(ctx);
	return 0;
}

/**
 * mn_icmp_error() - tell the sender what happens to his packet
 * @ctx: walk; ctx->reply says what is sent when it is over. Its drop is noted by
 *	the caller
 * @kind: what
 * @at: router port by which it came into the router that speaks; NULL: speak as
 *	the packet's destination
 * @mtu: for MN_ICMP_TOO_BIG
 *
 * Nothing is said if it may not be, or too much was said already.
 *
 * Context: BH disabled, RCU.
 */
void mn_icmp_error(struct mn_ctx *ctx, enum mn_icmp_kind kind, struct mn_port *at,
		   u32 mtu)
{
	const u8 *word = is_v6(ctx) ? kinds[kind].v6 : kinds[kind].v4;
	struct in6_addr speaker;

	if (!find_speaker(ctx, at, !at, &speaker))
		return;
	set_reply(ctx, MN_REPLY_ERROR, at, &speaker);
	ctx->reply.type = word[0];
	ctx->reply.code = word[1];
	ctx->reply.info = error_info(ctx, kind, mtu);
}

/**
 * mn_icmp_echo() - answer an echo request to an address of a router
 * @ctx: walk of a packet to the router itself
 *
 * Context: BH disabled, RCU.
 *
 * Return: false if it is no echo request, or none that can be answered: then it
 * is dropped
 */
bool mn_icmp_echo(struct mn_ctx *ctx)
{
	const struct mn_flow_key *key = &ctx->in_key;
	bool v6 = is_v6(ctx);
	struct in6_addr src, dst;

	if (key->proto != (v6 ? IPPROTO_ICMPV6 : IPPROTO_ICMP) ||
	    !(key->flags & MN_KEY_L4) ||
	    ntohs(key->tp_src) != (v6 ? ICMPV6_ECHO_REQUEST : ICMP_ECHO))
		return false;
	if (key->frag != MN_FRAG_NONE) {
		mute(ctx, ctx->device_in,
		     "the request comes in fragments, and nothing is reassembled");
		return false;
	}
	get_addrs(ctx, &src, &dst);
	if (!is_station(&src, v6) || !is_valid_ether_addr(key->eth_src) ||
	    is_multicast_ether_addr(key->eth_dst)) {
		mute(ctx, ctx->device_in, "nobody can be reached at its source");
		return false;
	}
	if (!mn_answer_may(ctx)) {
		mute(ctx, ctx->device_in,
		     "too many answers to this port (net.midonet.icmp_rate)");
		return false;
	}
	set_reply(ctx, MN_REPLY_ECHO, ctx->device_in, &dst);
	ctx->reply.type = v6 ? ICMPV6_ECHO_REPLY : ICMP_ECHOREPLY;
	return true;
}

/**
 * mn_icmp_refuse() - tell the sender that nobody takes his packet
 * @ctx: walk; the drop is noted by the caller
 * @kind: what is said unless it is TCP, which is reset
 * @at: as for mn_icmp_error(); a reset comes from the packet's destination
 *
 * Context: BH disabled, RCU.
 */
void mn_icmp_refuse(struct mn_ctx *ctx, enum mn_icmp_kind kind, struct mn_port *at)
{
	const struct mn_flow_key *key = &ctx->in_key;
	struct in6_addr speaker;

	if (key->proto != IPPROTO_TCP || !(key->flags & MN_KEY_L4)) {
		mn_icmp_error(ctx, kind, at, 0);
		return;
	}
	if (key->tcp_flags & TCPHDR_RST) {
		ctx->cacheable = false;
		mute(ctx, at, "nobody answers a reset");
		return;
	}
	if (!find_speaker(ctx, at, true, &speaker))
		return;
	set_reply(ctx, MN_REPLY_RST, at, &speaker);
}

static void trace_error(struct mn_ctx *ctx, struct mn_port *at)
{
	const struct mn_reply *r = &ctx->reply;
	const u8 *big = is_v6(ctx) ? kinds[MN_ICMP_TOO_BIG].v6 :
				     kinds[MN_ICMP_TOO_BIG].v4;
	char mtu[24] = "";

	if (r->type == big[0] && r->code == big[1])
		snprintf(mtu, sizeof(mtu), ", MTU %u", r->info);
	if (is_v6(ctx))
		mn_trace(ctx, at->obj.parent, at, "answer", NULL,
			 "tells the sender: ICMPv6 %u/%u%s from %pI6c", r->type,
			 r->code, mtu, &r->src);
	else
		mn_trace(ctx, at->obj.parent, at, "answer", NULL,
			 "tells the sender: ICMP %u/%u%s from %pI4", r->type,
			 r->code, mtu, &r->src);
}

static void trace_reply(struct mn_ctx *ctx)
{
	struct mn_port *at = ctx->reply.at;

	switch (ctx->reply.kind) {
	case MN_REPLY_ERROR:
		trace_error(ctx, at);
		break;
	case MN_REPLY_ECHO:
		mn_trace(ctx, at->obj.parent, at, "answer", NULL,
			 "answers the echo request");
		break;
	case MN_REPLY_RST:
		mn_trace(ctx, at->obj.parent, at, "answer", NULL,
			 "tells the sender: TCP reset, as the destination");
		break;
	}
}

/**
 * mn_icmp_judge() - is what was decided really said?
 * @ctx: walk whose verdict is known; ctx->reply is taken back if it is not
 *
 * A flood may be refused by one port and taken by another: who reaches somebody
 * is told nothing of the others. What waits is walked again. Only now does a
 * trace say what the sender is told, of several refusals the one that is sent.
 *
 * Context: BH disabled, RCU.
 */
void mn_icmp_judge(struct mn_ctx *ctx)
{
	if (likely(ctx->reply.kind == MN_REPLY_NONE))
		return;
	if (!ctx->n_outs && ctx->verdict != MIDONET_VERDICT_WAIT) {
		if (unlikely(ctx->trace))
			trace_reply(ctx);
		return;
	}
	mute(ctx, ctx->reply.at, ctx->n_outs ? "the packet reaches others" :
					       "the packet waits");
	ctx->reply.kind = MN_REPLY_NONE;
}
