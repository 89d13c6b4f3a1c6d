/* SPDX-License-Identifier: GPL-2.0 */
#ifndef _MN_SET_H
#define _MN_SET_H

#include <linux/in6.h>
#include <linux/rhashtable-types.h>
#include <linux/types.h>

#include "config/object.h"

struct mn_ctx;

/**
 * struct mn_member_key - key of a member of an ip-set
 * @set: index of the set
 * @family: AF_INET or AF_INET6
 * @plen: prefix length
 * @addr: prefix, host bits zero; an IPv4 address is in the first word
 */
struct mn_member_key {
	u32 set;
	u16 family;
	u16 plen;
	struct in6_addr addr;
};

/**
 * struct mn_member - member of an ip-set
 * @entry: head
 * @node: in &mn_net.members
 * @prefix_node: in &mn_net.prefixes
 * @siblings: in &mn_set.members; RCU, writers mn_net.lock
 * @rcu: for freeing one that never got there
 * @key: constant
 */
struct mn_member {
	struct mn_entry entry;
	struct rhlist_head node;
	struct rhlist_head prefix_node;
	union {
		struct list_head siblings;
		struct rcu_head rcu;
	};
	struct mn_member_key key;
};

/**
 * struct mn_set_lens - prefix lengths worth a look-up, as bits
 * @v4: IPv4
 * @v6: IPv6
 *
 * Written under a lock of who has it; read lockless.
 */
struct mn_set_lens {
	DECLARE_BITMAP(v4, 33);
	DECLARE_BITMAP(v6, 129);
};

/**
 * struct mn_set - identity of an ip-set
 * @obj: head
 * @members: mn_member.siblings; RCU, writers mn_net.lock
 * @n: members alive
 * @n4: entries (alive, being judged or dying) of each IPv4 prefix length
 * @n6: the same for IPv6
 * @lens: lengths with entries
 *
 * All of it is written under mn_net.lock. The bits of @lens are set before a
 * member can be seen, and cleared when no reader can see one any more.
 */
struct mn_set {
	struct mn_obj obj;
	struct list_head members;
	u32 n;
	u32 n4[33];
	u32 n6[129];
	struct mn_set_lens lens;
};

struct mn_set_ver {
	struct mn_ver ver;
};

#define mn_set_of(o)	container_of(o, struct mn_set, obj)

extern const struct mn_type mn_set_type;
extern const struct mn_type mn_member_type;

int mn_sets_init(struct mn_net *mn);
void mn_sets_exit(struct mn_net *mn);
bool mn_set_has(struct mn_ctx *ctx, const struct mn_set *set, u8 family,
		const void *addr, u8 *plen);
u32 mn_set_length(const struct mn_set_lens *lens, u8 family, u32 below);
struct rhlist_head *mn_sets_find(struct mn_ctx *ctx, u8 family,
				 const void *addr, u8 plen);

#endif /* _MN_SET_H */
