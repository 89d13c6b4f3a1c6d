/* SPDX-License-Identifier: GPL-2.0 */
#ifndef _MN_ZONE_H
#define _MN_ZONE_H

#include "config/object.h"

/* &mn_zone_ver.dscp: as the packet inside. */
#define MN_DSCP_INHERIT	64
/* A host is in so many zones at most: packets look through them. */
#define MN_HOST_ZONES	64
/* Bytes of what mn_obj_label() writes of a zone or host. */
#define MN_ZONE_LABEL	160

struct mn_peer;
struct mn_reason;
struct mn_tunnel;
struct mn_txn;

/**
 * struct mn_zone_ver - configuration of a tunnel-zone
 * @ver: head
 * @encap: &enum midonet_encap
 * @dscp: 0..63 or MN_DSCP_INHERIT
 * @udp_port: as given, 0 for the default of @encap
 * @has_key: @key is given
 * @key: authenticates messages between hosts
 */
struct mn_zone_ver {
	struct mn_ver ver;
	u8 encap;
	u8 dscp;
	u16 udp_port;
	bool has_key;
	u8 key[16];
};

/**
 * struct mn_zone - identity of a tunnel-zone: hosts that reach each other
 * @obj: head
 * @mn: namespace
 * @members: &mn_peer.siblings, oldest first; RCU, writers mn_net.lock
 * @n_members: how many, written under mn_net.lock
 * @tunnel: where packets between them pass, or NULL; under mn_net.lock
 * @local: this host is among them; under mn_net.lock
 * @state: &enum midonet_port_state; written under mn_net.lock, read lockless
 * @reason: why @state is what it is, or NULL; written under mn_net.lock
 * @n_up: members packets can be sent to, written under mn_net.lock
 * @sync: in &mn_overlay.sync, under mn_net.lock
 * @n_end: how many there will be; valid if obj.mark is &mn_txn.mark
 * @member_end: one of them, or NULL; the same
 */
struct mn_zone {
	struct mn_obj obj;
	struct mn_net *mn;
	struct list_head members;
	u32 n_members;
	struct mn_tunnel *tunnel;
	bool local;
	u8 state;
	struct mn_reason __rcu *reason;
	u32 n_up;
	struct list_head sync;
	u32 n_end;
	const struct mn_peer *member_end;
};

#define mn_zone_of(o)	container_of(o, struct mn_zone, obj)

static inline const struct mn_zone_ver *mn_zone_ver(const struct mn_ver *v)
{
	return container_of(v, struct mn_zone_ver, ver);
}

extern const struct mn_type mn_zone_type;

/* overlay/zone.c */
void mn_zone_look_through(struct mn_txn *txn, struct mn_zone *zone);
u16 mn_zone_udp_port(const struct mn_zone_ver *v);
int mn_zone_check_family(struct mn_txn *txn, const struct mn_zone *zone,
			 const struct mn_peer *member);

/* overlay/member.c */
void mn_members_del(struct mn_txn *txn, struct mn_zone *zone);

#endif /* _MN_ZONE_H */
