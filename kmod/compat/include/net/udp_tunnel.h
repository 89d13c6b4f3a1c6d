/* SPDX-License-Identifier: GPL-2.0 */
#ifndef _MN_COMPAT_NET_UDP_TUNNEL_H
#define _MN_COMPAT_NET_UDP_TUNNEL_H

#include_next <net/udp_tunnel.h>

/*
 * What takes a socket has become what takes its network side: the one or the
 * other, as the function wants it.
 */
#define mn_udp_tunnel_sk(s)						\
	__builtin_choose_expr(						\
		__builtin_types_compatible_p(typeof(udp_tunnel_sock_release), \
					     void (struct sock *)),	\
		(s)->sk, (s))

#define mn_udp_tunnel_setup(net, s, cfg) \
	setup_udp_tunnel_sock(net, mn_udp_tunnel_sk(s), cfg)
#define mn_udp_tunnel_release(s) \
	udp_tunnel_sock_release(mn_udp_tunnel_sk(s))
#define mn_udp_tunnel_notify_add(s, type) \
	udp_tunnel_notify_add_rx_port(mn_udp_tunnel_sk(s), type)
#define mn_udp_tunnel_notify_del(s, type) \
	udp_tunnel_notify_del_rx_port(mn_udp_tunnel_sk(s), type)
#define mn_udp_tunnel_push(dev, s, type) \
	udp_tunnel_push_rx_port(dev, mn_udp_tunnel_sk(s), type)
#define mn_udp_tunnel_drop(dev, s, type) \
	udp_tunnel_drop_rx_port(dev, mn_udp_tunnel_sk(s), type)

typedef void mn_udp_xmit_12(struct rtable *rt, struct sock *sk,
			    struct sk_buff *skb, __be32 src, __be32 dst,
			    __u8 tos, __u8 ttl, __be16 df, __be16 src_port,
			    __be16 dst_port, bool xnet, bool nocheck);
typedef void mn_udp_xmit_13(struct rtable *rt, struct sock *sk,
			    struct sk_buff *skb, __be32 src, __be32 dst,
			    __u8 tos, __u8 ttl, __be16 df, __be16 src_port,
			    __be16 dst_port, bool xnet, bool nocheck,
			    u16 ipcb_flags);

/*
 * Another namespace's packet, without a checksum of UDP. Stable kernels may get
 * the new argument, too, so the version does not tell.
 */
static inline void mn_udp_tunnel_xmit(struct rtable *rt, struct sock *sk,
				      struct sk_buff *skb, __be32 src,
				      __be32 dst, u8 tos, u8 ttl, __be16 df,
				      __be16 sport, __be16 dport)
{
	void *fn = udp_tunnel_xmit_skb;

	if (__builtin_types_compatible_p(typeof(udp_tunnel_xmit_skb),
					 mn_udp_xmit_12))
		((mn_udp_xmit_12 *)fn)(rt, sk, skb, src, dst, tos, ttl, df,
				       sport, dport, true, true);
	else
		((mn_udp_xmit_13 *)fn)(rt, sk, skb, src, dst, tos, ttl, df,
				       sport, dport, true, true, 0);
}

typedef int mn_udp6_xmit_12(struct dst_entry *dst, struct sock *sk,
			    struct sk_buff *skb, struct net_device *dev,
			    struct in6_addr *saddr, struct in6_addr *daddr,
			    __u8 prio, __u8 ttl, __be32 label, __be16 src_port,
			    __be16 dst_port, bool nocheck);
typedef void mn_udp6_xmit_13(struct dst_entry *dst, struct sock *sk,
			     struct sk_buff *skb, struct net_device *dev,
			     const struct in6_addr *saddr,
			     const struct in6_addr *daddr, __u8 prio, __u8 ttl,
			     __be32 label, __be16 src_port, __be16 dst_port,
			     bool nocheck, u16 ip6cb_flags);

/* With one. */
static inline void mn_udp_tunnel6_xmit(struct dst_entry *dst, struct sock *sk,
				       struct sk_buff *skb,
				       struct in6_addr *from,
				       struct in6_addr *to, u8 prio, u8 ttl,
				       __be16 sport, __be16 dport)
{
	void *fn = udp_tunnel6_xmit_skb;

	if (__builtin_types_compatible_p(typeof(udp_tunnel6_xmit_skb),
					 mn_udp6_xmit_12))
		((mn_udp6_xmit_12 *)fn)(dst, sk, skb, NULL, from, to, prio, ttl,
					0, sport, dport, false);
	else
		((mn_udp6_xmit_13 *)fn)(dst, sk, skb, NULL, from, to, prio, ttl,
					0, sport, dport, false, 0);
}

#endif /* _MN_COMPAT_NET_UDP_TUNNEL_H */
