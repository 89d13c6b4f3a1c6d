/* SPDX-License-Identifier: GPL-2.0 */
#ifndef _MN_TUNNEL_H
#define _MN_TUNNEL_H

#include <linux/netdevice.h>
#include <linux/skbuff.h>

#include "overlay/encap.h"
#include "overlay/peer.h"

struct dst_entry;
struct mn_overlay;
struct socket;

/* Bytes of a sentence why a tunnel cannot be opened. */
#define MN_TUNNEL_REASON	160

/**
 * struct mn_tunnel - where this host sends to and receives from others
 * @mn: namespace
 * @encap: &enum midonet_encap
 * @proto: IPPROTO_UDP or IPPROTO_GRE
 * @overhead: bytes a packet's L3 header is away from the outer one
 * @port: UDP port of all hosts in it, 0 for GRE
 * @local: address of this host
 * @sock: of UDP
 * @dev: of GRE; RCU, writers rtnl. NULL: it was deleted
 * @zone: a zone that uses it, for drops; referenced
 * @list: in &mn_overlay.tunnels, under mn_net.lock
 * @users: zones that use it, under mn_net.lock
 *
 * Constant while it is open, but for the last two.
 */
struct mn_tunnel {
	struct mn_net *mn;
	u8 encap;
	u8 proto;
	u8 overhead;
	__be16 port;
	struct mn_peer_addr local;
	struct socket *sock;
	struct net_device __rcu *dev;
	struct mn_zone *zone;
	struct list_head list;
	u32 users;
};

/* overlay/udp.c */
int mn_udp_open(struct mn_tunnel *t, char *reason, size_t size);
void mn_udp_close(struct mn_tunnel *t);
u32 mn_udp_send(const struct mn_tunnel *t, const struct mn_peer *peer,
		struct sk_buff *skb, struct dst_entry *dst, u32 key, u8 ds);
void mn_udp_offload(const struct mn_tunnel *t, struct net_device *dev,
		    bool add);

/* overlay/gre.c */
void mn_gre_need(struct mn_overlay *o);
void mn_gre_spare(struct mn_overlay *o);
int mn_gre_open(struct mn_tunnel *t, char *reason, size_t size);
void mn_gre_close(struct mn_tunnel *t);
u32 mn_gre_send(const struct mn_tunnel *t, struct mn_peer *peer,
		struct sk_buff *skb, struct dst_entry *dst, u32 key, u8 ds);
void mn_gre_gone(struct mn_overlay *o);

/* overlay/receive.c */
void mn_tunnel_receive(struct mn_tunnel *t, struct mn_peer *peer,
		       struct sk_buff *skb, u32 key, u64 generation);
void mn_tunnel_drop(const struct mn_tunnel *t, struct mn_peer *peer,
		    struct sk_buff *skb, u32 reason);

#endif /* _MN_TUNNEL_H */
