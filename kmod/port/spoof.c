// SPDX-License-Identifier: GPL-2.0
/*
 * Anti-spoofing: what may enter and leave by a port with allowed-addresses.
 *
 * In: the Ethernet source is listed; the sender of ARP, IPv4 and IPv6 is listed
 * for that MAC; neighbour discovery claims no other MAC or address. Implied are
 * what DHCP and duplicate address detection need, and the link-local address
 * made of each listed MAC. All of it also inside tags.
 *
 * Out: only what is for a listed address, and groups.
 *
 * Whatever is read of the key is noted in the mask, prefixes only as far as they
 * were compared. What is read of the packet beyond the key makes it uncacheable.
 */
#include <linux/etherdevice.h>
#include <linux/if_vlan.h>
#include <linux/inetdevice.h>
#include <linux/ipv6.h>
#include <net/addrconf.h>
#include <net/ipv6.h>
#include <net/ndisc.h>

#include "l3/nd.h"
#include "port/port.h"
#include "port/spoof.h"
#include "sim/ctx.h"

#define MN_TAGS_MAX	8
#define MN_DHCP_CLIENT	htons(68)
#define MN_DHCP_SERVER	htons(67)
#define MN_MLD1_REPORT	131
#define MN_MLD1_DONE	132
#define MN_MLD2_REPORT	143

/* A frame being judged: that of the walk, or a copy without its tags. */
struct frame {
	struct mn_ctx *ctx;
	const struct mn_port_ver *v;
	struct sk_buff *skb;
	const struct mn_flow_key *key;
	const struct mn_pkt *pkt;
};

/**
 * mn_allowed_mac() - is a MAC listed?
 * @a: allowed-addresses
 * @n: number of @a
 * @mac: MAC
 */
bool mn_allowed_mac(const struct mn_allowed *a, u16 n, const u8 *mac)
{
	for (; n; n--, a++) {
		if (!memcmp(a->mac, mac, ETH_ALEN))
			return true;
	}
	return false;
}

static bool prefix_has(const struct mn_allowed *a, const void *addr)
{
	__be32 v4;

	if (a->family == AF_INET6)
		return ipv6_prefix_equal(&a->addr, addr, a->plen);
	memcpy(&v4, addr, sizeof(v4));
	return !((v4 ^ a->addr.s6_addr32[0]) & inet_make_mask(a->plen));
}

/* fe80::/64 and the interface identifier made of @mac */
static bool is_own_link_local(const u8 *mac, const struct in6_addr *addr)
{
	struct in6_addr own = {};

	own.s6_addr32[0] = htonl(0xfe800000);
	addrconf_addr_eui48(own.s6_addr + 8, mac);
	return ipv6_addr_equal(&own, addr);
}

/**
 * mn_allowed_addr() - is an address listed for a MAC?
 * @a: allowed-addresses
 * @n: number of @a
 * @mac: MAC
 * @family: AF_INET or AF_INET6
 * @addr: address of that family, aligned as struct in6_addr
 * @plen: raised to the number of bits of @addr that decided
 *
 * Return: true if it is, if the MAC is listed without an address, or if it is
 * the link-local address made of a listed MAC
 */
bool mn_allowed_addr(const struct mn_allowed *a, u16 n, const u8 *mac,
		     u8 family, const void *addr, u8 *plen)
{
	bool listed = false;

	for (; n; n--, a++) {
		if (memcmp(a->mac, mac, ETH_ALEN))
			continue;
		if (!a->family)
			return true;
		listed = true;
		if (a->family != family)
			continue;
		*plen = max(*plen, a->plen);
		if (prefix_has(a, addr))
			return true;
	}
	if (!listed || family != AF_INET6)
		return false;
	*plen = 128;
	return is_own_link_local(mac, addr);
}

static bool allowed(const struct frame *f, const u8 *mac, u8 family,
		    const void *addr, u8 *plen)
{
	return mn_allowed_addr(mn_port_allowed(f->v), f->v->n_allowed, mac,
			       family, addr, plen);
}

static bool allowed_mac(const struct frame *f, const u8 *mac)
{
	return mn_allowed_mac(mn_port_allowed(f->v), f->v->n_allowed, mac);
}

static void note_prefix(void *mask, u8 plen)
{
	u8 *byte = mask;

	memset(byte, 0xff, plen / 8);
	if (plen % 8)
		byte[plen / 8] |= (u8)(0xff00 >> plen % 8);
}

/* Sender MAC and address belong together; a probe has no address yet. */
static u32 check_arp(const struct frame *f)
{
	struct in6_addr addr = {};
	u8 mac[ETH_ALEN];
	u8 plen = 0;
	bool ok;

	memcpy(mac, f->key->v4.sha, ETH_ALEN);
	addr.s6_addr32[0] = f->key->v4.src;
	mn_ctx_read(f->ctx, v4.sha);
	mn_ctx_read(f->ctx, v4.src);
	if (!addr.s6_addr32[0])
		ok = allowed_mac(f, mac);
	else
		ok = allowed(f, mac, AF_INET, &addr, &plen);
	return ok ? 0 : MIDONET_DROP_REASON_SPOOF_ARP;
}

/* From a client that has no address to a server. */
static bool is_dhcp(const struct frame *f)
{
	const struct mn_flow_key *key = f->key;

	mn_ctx_read(f->ctx, proto);
	mn_ctx_read(f->ctx, frag);
	if (key->proto != IPPROTO_UDP || key->frag != MN_FRAG_NONE)
		return false;
	mn_ctx_read(f->ctx, flags);
	mn_ctx_read(f->ctx, tp_src);
	mn_ctx_read(f->ctx, tp_dst);
	return key->flags & MN_KEY_L4 && key->tp_src == MN_DHCP_CLIENT &&
	       key->tp_dst == MN_DHCP_SERVER;
}

static u32 check_ipv4(const struct frame *f)
{
	struct in6_addr addr = {};
	u8 plen = 0;
	bool ok;

	addr.s6_addr32[0] = f->key->v4.src;
	ok = allowed(f, f->key->eth_src, AF_INET, &addr, &plen);
	note_prefix(&f->ctx->mask.v4.src, plen);
	if (ok)
		return 0;
	mn_ctx_read(f->ctx, v4.src);
	if (!addr.s6_addr32[0] && is_dhcp(f))
		return 0;
	return MIDONET_DROP_REASON_SPOOF_IPV4;
}

/* ICMPv6 type, or -1 */
static int icmp6_type(const struct frame *f)
{
	mn_ctx_read(f->ctx, proto);
	if (f->key->proto != IPPROTO_ICMPV6)
		return -1;
	mn_ctx_read(f->ctx, frag);
	mn_ctx_read(f->ctx, flags);
	mn_ctx_read(f->ctx, tp_src);
	return f->key->flags & MN_KEY_L4 ? ntohs(f->key->tp_src) : -1;
}

/* What a node without an address may send to find whether it can have one. */
static bool is_dad(int type)
{
	return type == NDISC_NEIGHBOUR_SOLICITATION ||
	       type == NDISC_ROUTER_SOLICITATION || type == MN_MLD1_REPORT ||
	       type == MN_MLD1_DONE || type == MN_MLD2_REPORT;
}

static bool nd_allowed(const struct frame *f, const struct mn_nd *nd)
{
	u8 mac[ETH_ALEN], plen = 0;

	if (nd->has_slla && !allowed_mac(f, nd->slla))
		return false;
	if (nd->has_tlla && !allowed_mac(f, nd->tlla))
		return false;
	if (nd->type != NDISC_NEIGHBOUR_ADVERTISEMENT)
		return true;
	memcpy(mac, nd->has_tlla ? nd->tlla : f->key->eth_src, ETH_ALEN);
	return nd->has_target &&
	       allowed(f, mac, AF_INET6, &nd->target, &plen);
}

static u32 check_nd(const struct frame *f)
{
	struct mn_nd nd;

	f->ctx->cacheable = false;
	/* Nobody may take notice of one in fragments (RFC 6980). */
	if (f->key->frag != MN_FRAG_NONE)
		return MIDONET_DROP_REASON_SPOOF_ND;
	if (mn_nd_parse(f->skb, f->pkt, &nd) || !nd_allowed(f, &nd))
		return MIDONET_DROP_REASON_SPOOF_ND;
	return 0;
}

static u32 check_ipv6(const struct frame *f)
{
	struct in6_addr src = f->key->v6.src;
	int type = icmp6_type(f);
	u8 plen = 0;
	bool ok;

	ok = allowed(f, f->key->eth_src, AF_INET6, &src, &plen);
	note_prefix(&f->ctx->mask.v6.src, plen);
	if (!ok) {
		mn_ctx_read(f->ctx, v6.src);
		if (!ipv6_addr_any(&src) || !is_dad(type))
			return MIDONET_DROP_REASON_SPOOF_IPV6;
	}
	if (type < NDISC_ROUTER_SOLICITATION || type > NDISC_REDIRECT)
		return 0;
	return check_nd(f);
}

static u32 check_l3(const struct frame *f)
{
	switch (f->key->eth_type) {
	case htons(ETH_P_ARP):
		return check_arp(f);
	case htons(ETH_P_IP):
		return check_ipv4(f);
	case htons(ETH_P_IPV6):
		return check_ipv6(f);
	}
	return 0;
}

/* A copy without the tags that follow the addresses; NULL if that is not easy. */
static struct sk_buff *strip_tags(struct sk_buff *skb)
{
	u32 off = 2 * ETH_ALEN;
	struct sk_buff *copy;
	const __be16 *type;
	__be16 buf;

	for (;;) {
		type = skb_header_pointer(skb, off, sizeof(buf), &buf);
		if (!type || off > 2 * ETH_ALEN + MN_TAGS_MAX * VLAN_HLEN)
			return NULL;
		if (!eth_type_vlan(*type))
			break;
		off += VLAN_HLEN;
	}
	copy = pskb_copy(skb, GFP_ATOMIC | __GFP_NOWARN);
	if (!copy)
		return NULL;
	if (!pskb_may_pull(copy, off)) {
		kfree_skb(copy);
		return NULL;
	}
	memmove(copy->data + off - 2 * ETH_ALEN, copy->data, 2 * ETH_ALEN);
	__skb_pull(copy, off - 2 * ETH_ALEN);
	skb_reset_mac_header(copy);
	__vlan_hwaccel_clear_tag(copy);
	return copy;
}

static u32 check_tagged(const struct frame *f)
{
	struct frame inner = { .ctx = f->ctx, .v = f->v };
	struct mn_flow_key key;
	struct mn_pkt pkt;
	u32 reason;

	f->ctx->cacheable = false;
	inner.skb = strip_tags(f->skb);
	if (!inner.skb)
		return MIDONET_DROP_REASON_MALFORMED;
	inner.key = &key;
	inner.pkt = &pkt;
	if (mn_key_extract(inner.skb, f->key->in_port, &key, &pkt))
		reason = MIDONET_DROP_REASON_MALFORMED;
	else
		reason = check_l3(&inner);
	consume_skb(inner.skb);
	return reason;
}

/**
 * mn_spoof_in() - may the packet enter by a port?
 * @ctx: walk
 * @v: the port
 *
 * Context: BH disabled, RCU.
 *
 * Return: 0 if it may, else &enum midonet_drop_reason
 */
u32 mn_spoof_in(struct mn_ctx *ctx, const struct mn_port_ver *v)
{
	struct frame f = {
		.ctx = ctx,
		.v = v,
		.skb = ctx->skb,
		.key = &ctx->key,
		.pkt = &ctx->pkt,
	};

	if (!v->n_allowed)
		return 0;
	mn_ctx_read(ctx, eth_src);
	if (!allowed_mac(&f, ctx->key.eth_src))
		return MIDONET_DROP_REASON_SPOOF_ETHERNET;
	mn_ctx_read(ctx, eth_type);
	if (eth_type_vlan(ctx->key.eth_type))
		return check_tagged(&f);
	return check_l3(&f);
}

static bool dst_allowed(const struct frame *f)
{
	struct in6_addr dst = {};
	u8 plen = 0;
	bool ok;

	if (f->key->eth_type == htons(ETH_P_IPV6)) {
		dst = f->key->v6.dst;
		ok = allowed(f, f->key->eth_dst, AF_INET6, &dst, &plen);
		note_prefix(&f->ctx->mask.v6.dst, plen);
		if (ok)
			return true;
		mn_ctx_read(f->ctx, v6.dst);
		return ipv6_addr_is_multicast(&dst);
	}
	dst.s6_addr32[0] = f->key->v4.dst;
	ok = allowed(f, f->key->eth_dst, AF_INET, &dst, &plen);
	note_prefix(&f->ctx->mask.v4.dst, plen);
	if (ok)
		return true;
	mn_ctx_read(f->ctx, v4.dst);
	return ipv4_is_multicast(dst.s6_addr32[0]) ||
	       ipv4_is_lbcast(dst.s6_addr32[0]);
}

/**
 * mn_spoof_out() - may the packet leave by a port?
 * @ctx: walk
 * @v: the port
 *
 * Context: BH disabled, RCU.
 *
 * Return: true if it may
 */
bool mn_spoof_out(struct mn_ctx *ctx, const struct mn_port_ver *v)
{
	struct frame f = { .ctx = ctx, .v = v, .key = &ctx->key };

	if (!v->n_allowed)
		return true;
	mn_ctx_read(ctx, eth_dst);
	if (is_multicast_ether_addr(ctx->key.eth_dst))
		return true;
	if (!allowed_mac(&f, ctx->key.eth_dst))
		return false;
	mn_ctx_read(ctx, eth_type);
	return !mn_key_is_ip(&ctx->key) || dst_allowed(&f);
}
