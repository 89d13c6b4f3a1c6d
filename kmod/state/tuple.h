/* SPDX-License-Identifier: GPL-2.0 */
#ifndef _MN_TUPLE_H
#define _MN_TUPLE_H

#include <linux/in6.h>
#include <linux/types.h>
#include <uapi/linux/midonet.h>

#include "config/object.h"

struct mn_flow_key;
struct sk_buff;

/**
 * struct mn_tuple - what tells the packets of one direction of a connection from
 * those of others
 * @device: mn_tuple_device() of the bridge or router that tracks it
 * @family: AF_INET or AF_INET6
 * @proto: IP protocol
 * @zero: padding
 * @sport: source port; id of an ICMP echo request; else 0
 * @dport: destination port; id of an ICMP echo reply; else 0
 * @src: source; an IPv4 address is in the first word, the rest is zero
 * @dst: destination
 *
 * Hashed and compared as a whole.
 */
struct mn_tuple {
	u32 device;
	u8 family;
	u8 proto;
	u16 zero;
	__be16 sport;
	__be16 dport;
	struct in6_addr src;
	struct in6_addr dst;
};

static_assert(sizeof(struct mn_tuple) == 44);

/**
 * enum mn_tuple_kind - what mn_tuple_of() found
 * @MN_TUPLE_OK: the tuple is that of the packet
 * @MN_TUPLE_ERROR: an ICMP error: the tuple is that of a packet that would go the
 *	same way as the error, the opposite of the one it quotes
 * @MN_TUPLE_UNTRACKED: no connection can be made of it: not IP, ND, RS, RA, MLD,
 *	IGMP, to a group or broadcast
 * @MN_TUPLE_INVALID: its L4 header is missing, or what an error quotes cannot
 *	be understood
 */
enum mn_tuple_kind {
	MN_TUPLE_OK, MN_TUPLE_ERROR, MN_TUPLE_UNTRACKED, MN_TUPLE_INVALID,
};

/*
 * What tells devices apart in tuples: bridges and routers have indices of their
 * own each.
 */
static inline u32 mn_tuple_device(const struct mn_obj *device)
{
	return device->index << 1 |
	       (device->ident.type == MIDONET_OBJECT_TYPE_ROUTER);
}

/* Protocols whose tuples have ports. */
static inline bool mn_proto_has_ports(u8 proto)
{
	return proto == IPPROTO_TCP || proto == IPPROTO_UDP ||
	       proto == IPPROTO_SCTP || proto == IPPROTO_UDPLITE;
}

static inline bool mn_proto_is_icmp(u8 family, u8 proto)
{
	return proto == (family == AF_INET ? IPPROTO_ICMP : IPPROTO_ICMPV6);
}

bool mn_icmp_is_error(u8 family, u8 type);
bool mn_icmp_is_echo(u8 family, u8 type);
void mn_tuple_invert(const struct mn_tuple *t, struct mn_tuple *inverse);
enum mn_tuple_kind mn_tuple_of(const struct mn_flow_key *key, u32 device,
			       struct mn_tuple *t);
bool mn_tuple_sound(const struct mn_tuple *t);
void mn_tuple_key(const struct mn_tuple *t, struct mn_flow_key *key);
bool mn_tuple_quoted(const struct sk_buff *skb, u8 family, u32 off,
		     struct mn_tuple *t);
int mn_tuple_fill(struct sk_buff *skb, int attr, const struct mn_tuple *t);

#endif /* _MN_TUPLE_H */
