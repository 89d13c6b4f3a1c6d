/* SPDX-License-Identifier: GPL-2.0 */
#ifndef _MN_COMPAT_NET_IP_TUNNELS_H
#define _MN_COMPAT_NET_IP_TUNNELS_H

#include <linux/version.h>
#include_next <net/ip_tunnels.h>

/* Until 6.10 the flags were a word, then they became a bitmap. */

/* Did the header have a key? */
static inline bool mn_tunnel_key_given(const struct ip_tunnel_key *key)
{
#if LINUX_VERSION_CODE < KERNEL_VERSION(6, 10, 0)
	return key->tun_flags & TUNNEL_KEY;
#else
	return test_bit(IP_TUNNEL_KEY_BIT, key->tun_flags);
#endif
}

/* To send with a key, and not to be fragmented. */
static inline void mn_tunnel_key_init(struct ip_tunnel_key *key, __be32 src,
				      __be32 dst, u8 tos, u8 ttl, u32 id)
{
#if LINUX_VERSION_CODE < KERNEL_VERSION(6, 10, 0)
	ip_tunnel_key_init(key, src, dst, tos, ttl, 0, 0, 0, cpu_to_be64(id),
			   TUNNEL_KEY | TUNNEL_DONT_FRAGMENT);
#else
	IP_TUNNEL_DECLARE_FLAGS(flags) = { };

	__set_bit(IP_TUNNEL_KEY_BIT, flags);
	__set_bit(IP_TUNNEL_DONT_FRAGMENT_BIT, flags);
	ip_tunnel_key_init(key, src, dst, tos, ttl, 0, 0, 0, cpu_to_be64(id),
			   flags);
#endif
}

#endif /* _MN_COMPAT_NET_IP_TUNNELS_H */
