// SPDX-License-Identifier: GPL-2.0
/*
 * Tunnels over UDP: VXLAN and Geneve. A socket for each address of this host and
 * port, bound to the address, so that others may have the port elsewhere.
 */
#include <linux/ip.h>
#include <linux/ipv6.h>
#include <linux/udp.h>
#include <net/dst.h>
#include <net/ip6_route.h>
#include <net/route.h>
#include <net/udp_tunnel.h>

#include "overlay/ds.h"
#include "overlay/overlay.h"
#include "overlay/tunnel.h"
#include "port/port.h"

/* Bytes of headers in front of ours. */
#define MN_UDP_ROOM4	(sizeof(struct iphdr) + sizeof(struct udphdr))
#define MN_UDP_ROOM6	(sizeof(struct ipv6hdr) + sizeof(struct udphdr))

static_assert(MN_VXLAN_HLEN == MN_GENEVE_HLEN);

static bool is_vxlan(const struct mn_tunnel *t)
{
	return t->encap == MIDONET_ENCAP_VXLAN;
}

/* Receiving. */

static void sender_of(const struct mn_tunnel *t, const struct sk_buff *skb,
		      struct mn_peer_addr *from)
{
	from->family = t->local.family;
	if (from->family == AF_INET6) {
		from->addr = ipv6_hdr(skb)->saddr;
		return;
	}
	memset(&from->addr, 0, sizeof(from->addr));
	from->addr.s6_addr32[0] = ip_hdr(skb)->saddr;
}

static u8 ds_of(const struct mn_tunnel *t, const struct sk_buff *skb)
{
	return t->local.family == AF_INET6 ? ipv6_get_dsfield(ipv6_hdr(skb)) :
					     ip_hdr(skb)->tos;
}

static u32 parse(const struct mn_tunnel *t, const struct sk_buff *skb,
		 int offset, struct mn_encap_hdr *hdr)
{
	return is_vxlan(t) ? mn_vxlan_parse(skb, offset, hdr) :
			     mn_geneve_parse(skb, offset, hdr);
}

/* From the UDP header to the frame inside. */
static u32 unwrap(const struct mn_tunnel *t, struct sk_buff *skb,
		  struct mn_encap_hdr *hdr)
{
	u32 reason = parse(t, skb, sizeof(struct udphdr), hdr);
	u8 ds = ds_of(t, skb);

	if (unlikely(reason))
		return reason;
	/* Of another namespace: marks and the like are not the VM's business. */
	if (unlikely(__iptunnel_pull_header(skb, sizeof(struct udphdr) + hdr->len,
					    htons(ETH_P_TEB), false, true)))
		return MIDONET_DROP_REASON_TUNNEL_HEADER;
	if (unlikely(!mn_ds_decap(skb, ds)))
		return MIDONET_DROP_REASON_TUNNEL_ECN;
	return 0;
}

/* A packet for the socket, data at its UDP header. Softirq, RCU; consumes it. */
static int mn_udp_rcv(struct sock *sk, struct sk_buff *skb)
{
	struct mn_tunnel *t = rcu_dereference_sk_user_data(sk);
	struct mn_encap_hdr hdr;
	struct mn_peer_addr from;
	struct mn_peer *peer;
	u64 generation;
	u32 reason;

	if (unlikely(!t)) {
		kfree_skb(skb);
		return 0;
	}
	generation = mn_net_generation(t->mn);
	sender_of(t, skb, &from);
	peer = mn_peer_find(t->mn, t, &from, generation);
	reason = likely(peer) ? unwrap(t, skb, &hdr) :
				MIDONET_DROP_REASON_TUNNEL_PEER;
	if (unlikely(reason))
		mn_tunnel_drop(t, peer, skb, reason);
	else
		mn_tunnel_receive(t, peer, skb, hdr.key, generation);
	return 0;
}

/*
 * Is an ICMP error about a packet of ours? @skb is at the headers it quotes. So
 * path MTU discovery works, for those at least who are peers.
 */
static int mn_udp_err_lookup(struct sock *sk, struct sk_buff *skb)
{
	const struct mn_tunnel *t = rcu_dereference_sk_user_data(sk);
	struct mn_peer_addr to = {};
	struct mn_encap_hdr hdr;

	if (!t)
		return -ENOENT;
	to.family = t->local.family;
	if (to.family == AF_INET6)
		to.addr = ipv6_hdr(skb)->daddr;
	else
		to.addr.s6_addr32[0] = ip_hdr(skb)->daddr;
	if (!mn_peer_find(t->mn, t, &to, mn_net_generation(t->mn)))
		return -ENOENT;
	return parse(t, skb, skb_transport_offset(skb) + sizeof(struct udphdr),
		     &hdr) == MIDONET_DROP_REASON_TUNNEL_HEADER ? -EINVAL : 0;
}

/* Opening and closing. */

static void say(const struct mn_tunnel *t, int err, char *reason, size_t size)
{
	char addr[MN_PEER_LABEL];

	mn_peer_addr_label(&t->local, addr);
	if (err == -EADDRINUSE)
		snprintf(reason, size,
			 "UDP port %u of %s is in use; free it, or give the tunnel-zone another udp-port",
			 ntohs(t->port), addr);
	else
		snprintf(reason, size, "UDP port %u of %s: error %d",
			 ntohs(t->port), addr, err);
}

static void offload(const struct mn_tunnel *t, bool add)
{
	u16 type = is_vxlan(t) ? UDP_TUNNEL_TYPE_VXLAN : UDP_TUNNEL_TYPE_GENEVE;

	if (add)
		mn_udp_tunnel_notify_add(t->sock, type);
	else
		mn_udp_tunnel_notify_del(t->sock, type);
}

/**
 * mn_udp_open() - open a tunnel over UDP
 * @t: tunnel
 * @reason: why it cannot be opened
 * @size: bytes of @reason
 *
 * Context: rtnl, mn_net.lock; may sleep.
 *
 * Return: 0 or a negative error
 */
int mn_udp_open(struct mn_tunnel *t, char *reason, size_t size)
{
	struct udp_port_cfg port = {
		.family = t->local.family,
		.local_udp_port = t->port,
		.use_udp6_tx_checksums = true,
		.use_udp6_rx_checksums = true,
		.ipv6_v6only = true,
	};
	struct udp_tunnel_sock_cfg cfg = {
		.sk_user_data = t,
		.encap_type = 1,
		.encap_rcv = mn_udp_rcv,
		.encap_err_lookup = mn_udp_err_lookup,
		.gro_receive = is_vxlan(t) ? mn_vxlan_gro_receive :
					     mn_geneve_gro_receive,
		.gro_complete = is_vxlan(t) ? mn_vxlan_gro_complete :
					      mn_geneve_gro_complete,
	};
	int err;

	if (t->local.family == AF_INET)
		port.local_ip.s_addr = t->local.addr.s6_addr32[0];
#if IS_ENABLED(CONFIG_IPV6)
	else
		port.local_ip6 = t->local.addr;
#endif
	err = udp_sock_create(t->mn->net, &port, &t->sock);
	if (err) {
		say(t, err, reason, size);
		return err;
	}
	mn_udp_tunnel_setup(t->mn->net, t->sock, &cfg);
	offload(t, true);
	return 0;
}

/**
 * mn_udp_close() - close it
 * @t: tunnel nobody sends by; packets that arrive may be in mn_udp_rcv() for another
 *	grace period
 *
 * Context: rtnl, mn_net.lock; may sleep.
 */
void mn_udp_close(struct mn_tunnel *t)
{
	offload(t, false);
	mn_udp_tunnel_release(t->sock);
}

/**
 * mn_udp_offload() - a device asks which ports are those of tunnels
 * @t: tunnel
 * @dev: device
 * @add: it begins to be interested, else it is not any more
 *
 * Context: rtnl.
 */
void mn_udp_offload(const struct mn_tunnel *t, struct net_device *dev, bool add)
{
	u16 type = is_vxlan(t) ? UDP_TUNNEL_TYPE_VXLAN : UDP_TUNNEL_TYPE_GENEVE;

	if (!t->sock)
		return;
	if (add)
		mn_udp_tunnel_push(dev, t->sock, type);
	else
		mn_udp_tunnel_drop(dev, t->sock, type);
}

/* Sending. */

static void send4(const struct mn_tunnel *t, const struct mn_peer *peer,
		  struct sk_buff *skb, struct dst_entry *dst, u8 ds,
		  __be16 sport)
{
	struct rtable *rt = container_of(dst, struct rtable, dst);

	/* The packet inside has a checksum; a second one would cost much. */
	mn_udp_tunnel_xmit(rt, t->sock->sk, skb, t->local.addr.s6_addr32[0],
			   peer->at.addr.s6_addr32[0], ds,
			   ip4_dst_hoplimit(dst), htons(IP_DF), sport, t->port);
}

#if IS_ENABLED(CONFIG_IPV6)
static void send6(const struct mn_tunnel *t, const struct mn_peer *peer,
		  struct sk_buff *skb, struct dst_entry *dst, u8 ds,
		  __be16 sport)
{
	struct in6_addr from = t->local.addr, to = peer->at.addr;

	skb_scrub_packet(skb, true);
	mn_udp_tunnel6_xmit(dst, t->sock->sk, skb, &from, &to, ds,
			    ip6_dst_hoplimit(dst), sport, t->port);
}
#else
static void send6(const struct mn_tunnel *t, const struct mn_peer *peer,
		  struct sk_buff *skb, struct dst_entry *dst, u8 ds,
		  __be16 sport)
{
	dst_release(dst);
	kfree_skb(skb);
}
#endif

/*
 * Room for headers before a packet. The size of one that a socket owns is not put
 * right when it grows, because the socket would not know; a receiver on this machine
 * would take it for smaller than it is. So the socket lets go of it.
 */
static int make_room(struct sk_buff *skb, u32 room)
{
	if (unlikely(skb_headroom(skb) < room))
		skb_orphan(skb);
	return skb_cow_head(skb, room);
}

/**
 * mn_udp_send() - send a packet by a tunnel over UDP
 * @t: tunnel
 * @peer: to whom
 * @skb: packet, data at its Ethernet header, tags in line, no tunnel inside that
 *	is still to be cut; consumed unless an error is returned
 * @dst: route; consumed with it
 * @key: tunnel key
 * @ds: DS field
 *
 * Context: BH disabled, RCU.
 *
 * Return: 0 or a &enum midonet_drop_reason
 */
u32 mn_udp_send(const struct mn_tunnel *t, const struct mn_peer *peer,
		struct sk_buff *skb, struct dst_entry *dst, u32 key, u8 ds)
{
	bool v6 = t->local.family == AF_INET6;
	u32 room = LL_RESERVED_SPACE(dst->dev) + dst->header_len +
		   (v6 ? MN_UDP_ROOM6 : MN_UDP_ROOM4) + MN_VXLAN_HLEN;
	__be16 sport = udp_flow_src_port(t->mn->net, skb, 0, 0, true);

	if (unlikely(make_room(skb, room)) ||
	    unlikely(udp_tunnel_handle_offloads(skb, v6)))
		return MIDONET_DROP_REASON_NOMEM;
	if (is_vxlan(t))
		mn_vxlan_push(skb, key);
	else
		mn_geneve_push(skb, key);
	skb_set_inner_protocol(skb, htons(ETH_P_TEB));
	/* It is not the device's it came from any more. */
	skb->dev = NULL;
	if (v6)
		send6(t, peer, skb, dst, ds, sport);
	else
		send4(t, peer, skb, dst, ds, sport);
	return 0;
}
