/* SPDX-License-Identifier: GPL-2.0 */
#ifndef _MN_PEER_H
#define _MN_PEER_H

#include <linux/in6.h>
#include <linux/rhashtable-types.h>

#include "config/object.h"

struct mn_host;
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
 * @node: in &mn_overlay.peers
 * @siblings: in &mn_zone.members; RCU, writers mn_net.lock
 * @by_host: in &mn_host.members; RCU, writers mn_net.lock
 * @zone: the zone, referenced; constant
 * @host: the host, referenced; constant
 * @at: its address; constant
 */
struct mn_peer {
	struct mn_entry entry;
	struct mn_net *mn;
	struct rhlist_head node;
	struct list_head siblings;
	struct list_head by_host;
	struct mn_zone *zone;
	struct mn_host *host;
	struct mn_peer_addr at;
};

extern const struct mn_type mn_zone_member_type;

/* overlay/member.c */
const char *mn_peer_addr_label(const struct mn_peer_addr *at, char *buf);
struct mn_peer *mn_member_end(const struct mn_host *host,
			      const struct mn_zone *zone);
int mn_members_check_host(struct mn_txn *txn, const struct mn_host *host);

/* Is a host in a zone? Context: as mn_entry_at(). */
static inline bool mn_peer_at(const struct mn_peer *peer, u64 generation)
{
	return mn_entry_at(&peer->entry, generation);
}

#endif /* _MN_PEER_H */
