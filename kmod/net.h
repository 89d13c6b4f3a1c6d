/* SPDX-License-Identifier: GPL-2.0 */
#ifndef _MN_NET_H
#define _MN_NET_H

#include <linux/atomic.h>
#include <linux/list.h>
#include <linux/llist.h>
#include <linux/mutex.h>
#include <linux/rhashtable-types.h>
#include <linux/siphash.h>
#include <linux/spinlock_types.h>
#include <linux/types.h>
#include <linux/workqueue.h>
#include <linux/xarray.h>
#include <net/net_namespace.h>
#include <uapi/linux/midonet.h>

#include "limits.h"

/**
 * DOC: Locking
 *
 * Lock order: rtnl -> &mn_net.lock -> bucket and list spinlocks (BH).
 *
 * &mn_net.lock serialises everything that changes configuration: a commit,
 * the reaping of what commits removed, attaching and detaching devices. It is
 * a mutex; nothing on the packet path takes it.
 *
 * Readers (packets, dumps) run under rcu_read_lock() and never lock. What a
 * reader may see is governed by the generation it read once at its start, see
 * config/object.h. mn_dereference() is for writers, rcu_dereference() for
 * packets.
 */

/* Slots of version counters; a power of two. A collision costs a walk. */
#define MN_DEPS		16384
/* The name of a store that owns a kernel, with its NUL. */
#define MN_STORE_NAME	256

struct ctl_table;
struct ctl_table_header;
struct mn_balance;
struct mn_cache;
struct mn_chain;
struct mn_chan;
struct mn_conns;
struct mn_drops;
struct mn_flood;
struct mn_flow_table;
struct mn_frags;
struct mn_host;
struct mn_live;
struct mn_nbrs;
struct mn_overlay;
struct mn_park;
struct mn_reports;
struct netlink_ext_ack;

/**
 * struct mn_net - all state of a network namespace
 * @net: the namespace
 * @lock: see DOC Locking
 * @generation: number of the last commit; written under @lock with
 *	smp_store_release(), read once per packet by mn_net_generation()
 * @epoch: compared by every flow-table hit; moves after a dependency moved
 * @deps: MN_DEPS version counters, see sim/dep.h
 * @commit_time: wall clock of the last commit, ns; under @lock
 * @seed: secret of the namespace's hash tables
 * @limits: net.midonet.* of this namespace
 * @idents: every identified object by id
 * @names: named objects by type, parent and name
 * @types: objects of each type by index
 * @next_index: where the search for a free index begins, under @lock
 * @n_objs: identities of each type, under @lock
 * @n_rules: rules alive, under @lock
 * @n_misplaced: chains with translations that must not stand there, under @lock;
 *	0 but while a commit is judged (policy/nat_place.c)
 * @unsettled: chains whose &mn_chain.asks may have to follow, under @lock
 * @grave: removed objects that wait for their readers, under @lock
 * @grave_entries: the same for entries
 * @grave_vers: replaced versions
 * @sync: ports whose device may have to change (mn_port.sync), under @lock;
 *	a type's publish adds to it, the commit then calls mn_vport_sync_list()
 * @op_attrs: of the message a commit looks at, too many for the stack; under @lock
 * @grave_work: waits for the readers and frees @grave
 * @grave_waiters: commits that wait for it
 * @txns: open transactions, under @txn_lock
 * @txn_lock: protects @txns
 * @staged: bytes of what is staged
 * @local_host: the host this kernel is, or NULL; written under @lock
 * @local_id: its id; may be set before the host object exists
 * @store: name of the store that owns the kernel, under @lock
 * @revision: revision of that store, under @lock
 * @store_portid: socket that keeps the kernel in step with it, 0 for none; set
 *	under @lock, cleared when the socket is closed
 * @reports: how what works for the kernel is, or NULL (config/owner.c)
 * @macs: learned and @static_macs: static MAC table entries (l2/fdb.h)
 * @static_macs: see @macs
 * @n_macs: learned MACs
 * @neighs: static neighbours (l3/neigh.h)
 * @nbrs: learned neighbours of router ports (l3/nbr_table.h)
 * @members: members of ip-sets (policy/set.h)
 * @prefixes: the same members by their prefix alone
 * @n_members: entries of @members, under @lock
 * @indexed_sets: &struct mn_index_sets, under @indexed_lock
 * @indexed_lock: protects @indexed_sets; innermost
 * @indexed_grew: one of them knows more prefix lengths than packets do, under
 *	@lock
 * @hops: next hops of routes (l3/route_hop.c)
 * @n_routes: entries of all routers' routes, under @lock
 * @claims: ports by tunnel key and by device (port/claim.h)
 * @keys: &struct mn_port_key by tunnel key (port/key.h)
 * @sync_work: works @sync off after a device event
 * @searches: graph searches so far, see &mn_obj.mark; under @lock
 * @flows: flow table (flow/table.h)
 * @cache: per-CPU exact-match caches (flow/cache.h)
 * @drops: drop counters by place (sim/drop.h)
 * @park: parking lot (sim/park.h)
 * @frags: what is known of fragmented packets (l3/frag.h)
 * @conns: connections (state/conn.h)
 * @balance: VIPs, members of pools, and who sticks to them (balance/balance.h)
 * @nat_blocks: ports that snat may use (state/nat_block.h)
 * @dhcp_macs: hosts of dhcp subnets by bridge, family and MAC (l2/dhcp_host.c)
 * @dhcp_addrs: the same by subnet and address
 * @n_dhcp_hosts: number of them, under @lock
 * @overlay: how hosts reach each other (overlay/overlay.h)
 * @chan: what hosts tell each other (overlay/chan.h)
 * @flood: queues of the flood worker (l2/flood.h)
 * @live: live trace, or NULL (sim/live.c)
 * @live_work: ends a live trace
 * @punt_portid: socket that serves punts, 0 for none
 * @fdb_work: ages learned MACs
 * @flow_work: sweeps the flow table
 * @sysctl: handle of the namespace's sysctl table
 * @sysctl_table: the table
 * @errmsgs: &struct mn_errmsg of the requests that are worked off
 * @errmsg_lock: protects @errmsgs
 * @wake_lock: serialises waking up
 * @awake: everything below @net is set up; a namespace nobody talks to costs
 *	nothing
 * @dying: the namespace goes away; nothing is attached any more
 */
struct mn_net {
	struct net *net;
	u64 generation;
	atomic64_t epoch;
	atomic_t *deps;
	struct mn_flow_table *flows;
	struct mn_cache *cache;
	struct mn_live __rcu *live;
	siphash_key_t seed;
	struct mn_limits limits;

	struct mutex lock;		/* see above */
	u64 commit_time;
	struct rhashtable idents;
	struct rhltable names;
	struct xarray types[__MIDONET_OBJECT_TYPE_COUNT];
	u32 next_index[__MIDONET_OBJECT_TYPE_COUNT];
	u32 n_objs[__MIDONET_OBJECT_TYPE_COUNT];
	u32 n_rules;
	u32 n_misplaced;
	struct mn_chain *unsettled;
	struct list_head grave;
	struct list_head grave_entries;
	struct llist_head grave_vers;
	struct list_head sync;
	struct nlattr *op_attrs[MIDONET_A_MAX + 1];
	struct work_struct grave_work;
	atomic_t grave_waiters;
	struct list_head txns;
	spinlock_t txn_lock;		/* see above */
	atomic_long_t staged;
	struct mn_host __rcu *local_host;
	u8 local_id[16];
	char store[MN_STORE_NAME];
	u64 revision;
	u32 store_portid;
	struct mn_reports *reports;

	struct rhashtable macs;
	struct rhltable static_macs;
	atomic_t n_macs;
	struct rhltable neighs;
	struct mn_nbrs *nbrs;
	struct rhltable members;
	struct rhltable prefixes;
	u32 n_members;
	struct list_head indexed_sets;
	spinlock_t indexed_lock;	/* see above */
	bool indexed_grew;
	struct rhltable hops;
	u32 n_routes;
	struct hlist_head *claims;
	struct rhltable keys;
	struct work_struct sync_work;
	u32 searches;

	struct mn_drops *drops;
	struct mn_park *park;
	struct mn_frags *frags;
	struct mn_conns *conns;
	struct mn_balance *balance;
	struct rhltable nat_blocks;
	struct rhltable dhcp_macs;
	struct rhltable dhcp_addrs;
	u32 n_dhcp_hosts;
	struct mn_overlay *overlay;
	struct mn_chan *chan;
	struct mn_flood *flood;
	struct work_struct live_work;
	u32 punt_portid;
	struct delayed_work fdb_work;
	struct delayed_work flow_work;
	struct ctl_table_header *sysctl;
	struct ctl_table *sysctl_table;
	struct list_head errmsgs;
	spinlock_t errmsg_lock;		/* see above */
	struct mutex wake_lock;		/* see above */
	bool awake;
	bool dying;
};

extern unsigned int mn_net_id;

struct mn_net *mn_net(const struct net *net);
int mn_net_wake(struct mn_net *mn, struct netlink_ext_ack *extack);
int mn_net_init(void);
void mn_net_exit(void);

#define mn_lock_is_held(mn)	lockdep_is_held(&(mn)->lock)
#define mn_assert_lock(mn)	lockdep_assert_held(&(mn)->lock)

/* For writers: the lock of the namespace is held. */
#define mn_dereference(mn, p) \
	rcu_dereference_protected(p, mn_lock_is_held(mn))
/* For code that serves both. */
#define mn_dereference_rcu(mn, p) \
	rcu_dereference_check(p, mn_lock_is_held(mn))

/**
 * mn_net_generation() - generation a packet or a dump lives in
 * @mn: namespace
 *
 * Read once at the start; every version the commit linked is seen.
 *
 * Return: the number of the last commit
 */
static inline u64 mn_net_generation(const struct mn_net *mn)
{
	/* pairs with publish() in config/commit.c */
	return smp_load_acquire(&mn->generation);
}

/* Is there anything in this namespace? */
static inline bool mn_net_awake(const struct mn_net *mn)
{
	/* pairs with mn_net_wake() */
	return smp_load_acquire(&mn->awake);
}

#endif /* _MN_NET_H */
