/* SPDX-License-Identifier: GPL-2.0 */
#ifndef _MN_BALANCER_H
#define _MN_BALANCER_H

#include "balance/balance.h"
#include "balance/sticky.h"
#include "l3/lpm.h"

struct mn_txn;

/* The insides of load balancers, for balance/ only. */

#define MN_POOL_MEMBERS		1024	/* a pool has at most */
#define MN_BALANCER_POOLS	4096	/* so a server is in so many pools */
#define MN_VIPS_PER_ADDR	1024	/* of a load balancer */
#define MN_CHECK_PATH		256	/* bytes of &mn_check.path */
/* Bytes of what mn_service_label() writes. */
#define MN_SERVICE_LABEL	64
/* Bytes of what mn_obj_label() writes of a load balancer or pool. */
#define MN_BALANCE_LABEL	160

/**
 * struct mn_service - where something is served
 * @balancer: index of the load balancer
 * @family: AF_INET or AF_INET6
 * @proto: IPPROTO_TCP or IPPROTO_UDP of a VIP; 0 of a member, which has no say
 * @port: TCP or UDP port
 * @addr: address; an IPv4 address is in the first word, the rest is zero
 *
 * Hashed and compared as a whole.
 */
struct mn_service {
	u32 balancer;
	u8 family;
	u8 proto;
	__be16 port;
	struct in6_addr addr;
};

static_assert(sizeof(struct mn_service) == 24);

/**
 * struct mn_served - what VIPs and members have in common
 * @entry: head; entry.parent is the load balancer or the pool
 * @node: in &mn_balance.vips or &mn_balance.members
 * @siblings: in the parent's list; RCU, writers mn_net.lock
 * @at: constant
 */
struct mn_served {
	struct mn_entry entry;
	struct rhlist_head node;
	struct list_head siblings;
	struct mn_service at;
};

/**
 * struct mn_served_table - VIPs or members of a namespace
 * @table: they, by @at
 * @n: entries, under mn_net.lock
 */
struct mn_served_table {
	struct rhltable table;
	u32 n;
};

/**
 * struct mn_vip - virtual address of a load balancer
 * @s: head
 * @by_addr: in &mn_lpm_node.items of its address; RCU, writers mn_net.lock
 * @dead: once it is in no list: nodes that are freed with it
 * @by_pool: in &mn_pool.vips, under mn_net.lock
 * @pool: where its packets go; constant
 * @sticky: seconds for which a client keeps its member, 0: it does not; constant
 * @count: packets for it, whatever came of them, NULL before the first; goes
 *	over to a VIP that replaces it
 */
struct mn_vip {
	struct mn_served s;
	struct hlist_node by_addr;
	struct mn_lpm_node *dead[2];
	struct list_head by_pool;
	struct mn_pool *pool;
	u32 sticky;
	struct mn_count *count;
};

/**
 * struct mn_pool_member - server in a pool
 * @s: head
 * @hash: of address and port, the same on every host; constant
 * @weight: its share, 0 for no new connections; constant
 * @admin_up: gets new connections; constant
 * @health: &enum midonet_health; written under mn_net.lock, read lockless; a
 *	member that replaces one with the same address and port takes it over
 */
struct mn_pool_member {
	struct mn_served s;
	u64 hash;
	u32 weight;
	bool admin_up;
	u8 health;
};

/**
 * struct mn_check - how the health of a pool's members is found out
 * @type: &enum midonet_check_type
 * @interval: seconds
 * @timeout: seconds
 * @rise: successes in a row
 * @fall: failures in a row
 * @path: of http, padded with zeroes; empty for the default
 *
 * Only kept for who serves it.
 */
struct mn_check {
	u32 type;
	u32 interval;
	u32 timeout;
	u32 rise;
	u32 fall;
	char path[MN_CHECK_PATH];
};

/**
 * struct mn_pool_ver - configuration of a pool
 * @ver: head
 * @admin_up: else its VIPs are not up
 * @check: health check
 */
struct mn_pool_ver {
	struct mn_ver ver;
	bool admin_up;
	struct mn_check check;
};

/**
 * struct mn_pool - identity of a pool
 * @obj: head; obj.parent is the load balancer, obj.siblings in its pools.
 *	obj.dep also moves with members and their health
 * @members: &mn_served.siblings of &struct mn_pool_member, oldest first; RCU,
 *	writers mn_net.lock
 * @vips: &mn_vip.by_pool, oldest first; under mn_net.lock
 * @member_end: oldest member that there will be, or NULL
 * @vip_end: oldest VIP that there will be, or NULL
 * @n_end: members there will be
 *
 * The last three are of the transaction that obj.mark is the mark of; under
 * mn_net.lock.
 */
struct mn_pool {
	struct mn_obj obj;
	struct list_head members;
	struct list_head vips;
	const struct mn_served *member_end;
	const struct mn_served *vip_end;
	u32 n_end;
};

/**
 * struct mn_balancer_ver - configuration of a load balancer
 * @ver: head
 * @admin_up: else none of its VIPs is up
 * @router: where it works, or NULL
 */
struct mn_balancer_ver {
	struct mn_ver ver;
	bool admin_up;
	struct mn_router *router;
};

/**
 * struct mn_balancer - identity of a load balancer
 * @obj: head
 * @vips: &mn_served.siblings of &struct mn_vip; RCU, writers mn_net.lock
 * @pools: mn_pool.obj.siblings; RCU, writers mn_net.lock
 * @v4: IPv4 addresses of its VIPs, mn_vip.by_addr
 * @v6: IPv6 addresses
 */
struct mn_balancer {
	struct mn_obj obj;
	struct list_head vips;
	struct list_head pools;
	struct mn_lpm v4;
	struct mn_lpm v6;
};

/**
 * struct mn_balance - load balancing of a namespace
 * @vips: VIPs
 * @members: members of pools
 * @sticky: who sticks to which member
 */
struct mn_balance {
	struct mn_served_table vips;
	struct mn_served_table members;
	struct mn_stickies sticky;
};

#define mn_balancer_of(o)	container_of(o, struct mn_balancer, obj)
#define mn_pool_of(o)		container_of(o, struct mn_pool, obj)
#define mn_served_of(e)		container_of(e, struct mn_served, entry)
#define mn_vip_of(sv)		container_of(sv, struct mn_vip, s)
#define mn_pool_member_of(sv)	container_of(sv, struct mn_pool_member, s)

static inline const struct mn_balancer_ver *
mn_balancer_ver(const struct mn_ver *v)
{
	return container_of(v, struct mn_balancer_ver, ver);
}

static inline const struct mn_pool_ver *mn_pool_ver(const struct mn_ver *v)
{
	return container_of(v, struct mn_pool_ver, ver);
}

static inline struct mn_lpm *mn_balancer_lpm(struct mn_balancer *b, u8 family)
{
	return family == AF_INET ? &b->v4 : &b->v6;
}

/* Does a member get new connections, as far as configuration goes? */
static inline bool mn_pool_member_open(const struct mn_pool_member *m)
{
	return m->admin_up && m->weight;
}

/* balance/service.c */
int mn_service_parse(struct mn_txn *txn, const struct mn_obj *parent,
		     const char *what, struct nlattr **tb,
		     struct mn_service *at, struct netlink_ext_ack *extack);
const char *mn_service_label(const struct mn_service *at, char *buf);
int mn_served_init(struct mn_served_table *table);
void mn_served_exit(struct mn_served_table *table);
struct mn_served *mn_served_find(struct mn_served_table *table,
				 const struct mn_service *at,
				 const struct mn_obj *parent, u64 generation);
struct mn_served *mn_served_find_end(struct mn_served_table *table,
				     const struct mn_service *at,
				     const struct mn_obj *parent, bool dying);
int mn_served_enter(struct mn_txn *txn, struct mn_served_table *table,
		    struct mn_served *s, struct list_head *siblings);
void mn_served_leave(struct mn_served_table *table, struct mn_served *s);
void mn_served_undo_del(struct mn_served *s);
void mn_served_del_all(struct mn_txn *txn, struct list_head *siblings);
int mn_served_dump(struct mn_net *mn, struct sk_buff *skb, struct mn_dump *cur,
		   struct list_head *siblings, mn_served_put_fn put);
int mn_served_put(struct sk_buff *skb, struct mn_dump *cur,
		  const struct mn_served *s,
		  int (*more)(struct sk_buff *skb, const struct mn_served *s));
int mn_served_refuse(struct mn_txn *txn, int err, const struct mn_obj *parent,
		     const char *what, const struct mn_service *at,
		     const char *fmt, ...) __printf(6, 7);

/* balance/balancer.c */
const struct mn_balancer_ver *mn_balancer_end(struct mn_net *mn,
					      const struct mn_balancer *b);

/* balance/vip.c */
struct mn_vip *mn_vip_at_end(struct mn_balancer *b, u8 family,
			     const struct in6_addr *addr);
struct mn_vip *mn_vip_of_end(struct mn_net *mn, const struct mn_service *at);

/* balance/pool.c */
int mn_pool_check(struct mn_txn *txn, struct mn_pool *pool,
		  const struct mn_served *new, const char *what);

/* balance/member.c */
struct mn_pool_member *mn_pool_member_end(struct mn_net *mn,
					  const struct mn_service *at);
void mn_balance_set_health(struct mn_net *mn, struct mn_pool_member *m,
			   u8 health);

#endif /* _MN_BALANCER_H */
