/* SPDX-License-Identifier: GPL-2.0 */
#ifndef _MN_SET_H
#define _MN_SET_H

#include <linux/in6.h>

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
 * @key: constant
 */
struct mn_member {
	struct mn_entry entry;
	struct mn_member_key key;
};

/**
 * struct mn_set - identity of an ip-set
 * @obj: head
 * @members: mn_entry.siblings; RCU, writers mn_net.lock
 * @n: members alive
 * @n4: entries (alive, being judged or dying) of each IPv4 prefix length
 * @n6: the same for IPv6
 *
 * The counts only say which lengths are worth a look-up; written under
 * mn_net.lock, read lockless.
 */
struct mn_set {
	struct mn_obj obj;
	struct list_head members;
	u32 n;
	u32 n4[33];
	u32 n6[129];
};

struct mn_set_ver {
	struct mn_ver ver;
};

#define mn_set_of(o)	container_of(o, struct mn_set, obj)

extern const struct mn_type mn_set_type;
extern const struct mn_type mn_member_type;

int mn_sets_init(struct mn_net *mn);
void mn_sets_exit(struct mn_net *mn);
/*
 * Is @addr in @set? Notes the set as a dependency; *@plen is the longest prefix
 * length that had to be looked at.
 */
bool mn_set_has(struct mn_ctx *ctx, const struct mn_set *set, u8 family,
		const void *addr, u8 *plen);

#endif /* _MN_SET_H */
