/* SPDX-License-Identifier: GPL-2.0 */
#ifndef _MN_PEER_H
#define _MN_PEER_H

#include <linux/in6.h>
#include <linux/refcount.h>
#include <linux/rhashtable-types.h>
#include <net/dst_cache.h>

#include "config/object.h"
#include "port/port.h"

struct mn_ctx;
struct mn_dump;
struct mn_host;
struct mn_tunnel;
struct mn_txn;
struct mn_zone;

/**
 * struct mn_peer_addr - where a host is in the underlay
 * @addr: an IPv4 address is in the first word, the rest is zero
 * @family: AF_INET or AF_INET6
 *
 * Hashed and compared as a whole.
 */
struct mn_peer_addr {
	struct in6_addr addr;
	u32 family;
};

static_assert(sizeof(struct mn_peer_addr) == 20);

/* Bytes of an address as text. */
#define MN_PEER_LABEL	48

/**
 * struct mn_peer - a host in a tunnel-zone, as the others there reach it
 * @entry: head; entry.parent is the zone
 * @mn: namespace
 * @tunnel: where packets from and to it pass, or NULL: the zone has no tunnel
 *	here, or it is this host itself; RCU, writers mn_net.lock
 * @at: its address; constant
 * @mtu: most L3 bytes of a packet to it, 0: not known; written by packets
 * @dscp: as &mn_zone_ver.dscp, written under mn_net.lock
 * @cache: route to it, per CPU
 * @stats: counters per CPU; rx is out of the tunnel
 * @zone: the zone, referenced; constant
 * @host: the host, referenced; constant
 * @node: in &mn_overlay.peers
 * @siblings: in &mn_zone.members; RCU, writers mn_net.lock
 * @by_host: in &mn_host.members; RCU, writers mn_net.lock
 * @fresh: in &mn_overlay.fresh, under mn_net.lock
 * @ref: one is that of the configuration, which ends a grace period after the
 *	peer left all tables
 * @watched: who watches peers knows of it; under mn_net.lock
 * @priv: his
 */
struct mn_peer {
	struct mn_entry entry;
	struct mn_net *mn;
	struct mn_tunnel __rcu *tunnel;
	struct mn_peer_addr at;
	u32 mtu;
	u8 dscp;
	struct dst_cache cache;
	struct mn_port_stats __percpu *stats;
	struct mn_zone *zone;
	struct mn_host *host;
	struct rhlist_head node;
	struct list_head siblings;
	struct list_head by_host;
	struct list_head fresh;
	refcount_t ref;
	bool watched;
	void *priv;
};

/**
 * struct mn_peer_watch - told of peers this host can send to
 * @up: one more, the first time a packet can be sent to it
 * @down: one less; when this returns packets of it may still be in
 *	mn_chan_receive(), under RCU
 *
 * Called under rtnl and mn_net.lock; may sleep.
 */
struct mn_peer_watch {
	void (*up)(struct mn_peer *peer);
	void (*down)(struct mn_peer *peer);
};

extern const struct mn_type mn_zone_member_type;
extern const struct rhashtable_params mn_peer_params;

/* Puts a member into a message: 0 or -EMSGSIZE. */
typedef int (*mn_member_put_fn)(struct sk_buff *skb, struct mn_dump *cur,
				const struct mn_peer *peer);

/* overlay/member.c */
int mn_members_dump(struct mn_net *mn, struct sk_buff *skb,
		    struct mn_dump *cur, const struct mn_zone *zone,
		    mn_member_put_fn put);
const char *mn_peer_addr_label(const struct mn_peer_addr *at, char *buf);
struct mn_peer *mn_member_end(const struct mn_host *host,
			      const struct mn_zone *zone);
int mn_members_check_host(struct mn_txn *txn, const struct mn_host *host);

/* overlay/peer.c */
struct mn_peer *mn_peer_new(struct mn_net *mn, struct mn_zone *zone,
			    struct mn_host *host,
			    const struct mn_peer_addr *at);
void mn_peer_put(struct mn_peer *peer);
struct mn_peer *mn_peer_find(struct mn_net *mn, const struct mn_tunnel *tunnel,
			     const struct mn_peer_addr *from, u64 generation);
struct mn_peer *mn_peer_of_host(struct mn_net *mn, const struct mn_host *host,
				u64 generation, const char **why);
struct mn_peer *mn_peer_of_ctx(struct mn_ctx *ctx, const struct mn_host *host,
			       const char **why);
struct dst_entry *mn_peer_route(struct mn_peer *peer,
				const struct mn_tunnel *tunnel);
u32 mn_peer_mtu(struct mn_peer *peer);
void mn_peer_stats_sum(const struct mn_peer *peer, struct mn_port_stats *sum);

/* overlay/output.c */
int mn_peer_send(struct mn_peer *peer, struct sk_buff *skb);

/* overlay/sync.c */
void mn_peer_watch(struct mn_net *mn, const struct mn_peer_watch *watch);

/* Is a host in a zone? Context: as mn_entry_at(). */
static inline bool mn_peer_at(const struct mn_peer *peer, u64 generation)
{
	return mn_entry_at(&peer->entry, generation);
}

static inline bool mn_peer_get(struct mn_peer *peer)
{
	return refcount_inc_not_zero(&peer->ref);
}

static inline void mn_peer_count_tx(struct mn_peer *peer, u32 packets,
				    u32 bytes)
{
	struct mn_port_stats *s = this_cpu_ptr(peer->stats);

	s->tx_packets += packets;
	s->tx_bytes += bytes;
}

static inline void mn_peer_count_rx(struct mn_peer *peer, u32 packets,
				    u32 bytes)
{
	struct mn_port_stats *s = this_cpu_ptr(peer->stats);

	s->rx_packets += packets;
	s->rx_bytes += bytes;
}

static inline void mn_peer_count_drop(struct mn_peer *peer, u32 packets)
{
	this_cpu_add(peer->stats->drops, packets);
}

#endif /* _MN_PEER_H */
