/* SPDX-License-Identifier: GPL-2.0 */
#ifndef _MN_CONN_TABLE_H
#define _MN_CONN_TABLE_H

#include <linux/cache.h>
#include <linux/hash.h>
#include <linux/llist.h>
#include <linux/rhashtable.h>
#include <linux/siphash.h>
#include <linux/workqueue.h>

#include "port/port.h"
#include "state/conn.h"

/*
 * The insides of the table of connections, for state/conn*.c and
 * config/nl_conn.c.
 */

/* Types of devices that track connections. */
#define MN_CONN_DEVICES							\
	(BIT(MIDONET_OBJECT_TYPE_BRIDGE) | BIT(MIDONET_OBJECT_TYPE_ROUTER))

/* Locks of the lists of ports, a power of two. */
#define MN_CONN_LOCK_BITS	4

/**
 * struct mn_conn_lock - protects the lists of the ports that share it
 * @lock: for &mn_conn.by_port and the heads in &struct mn_port; BH
 * @n_unanswered: connections in the lists of unanswered ones, under @lock
 *
 * A cache line each.
 */
struct mn_conn_lock {
	spinlock_t lock;		/* see above */
	u32 n_unanswered;
} ____cacheline_aligned_in_smp;

/**
 * struct mn_conns - connections of a namespace
 * @ends: &struct mn_conn_end, by tuple
 * @key: of mn_conn_hash(); who does not know it finds no tuples that collide
 * @mn: namespace
 * @n: connections in the table, against net.midonet.conns_max
 * @n_alive: those and what waits to be freed, which may be an eighth more
 * @stopped: none is added any more
 * @dead: &mn_conn.dead, no reference left
 * @free_work: frees what is in @dead
 * @age_work: looks for what expired, see mn_conns_age()
 * @bucket: how far its round is; only touched by it
 * @size: buckets of the table when the round began
 * @locks: see mn_conn_lock_of()
 * @n_evicted: connections that gave way to others so far
 */
struct mn_conns {
	struct rhashtable ends;
	hsiphash_key_t key;
	struct mn_net *mn;
	atomic_t n;
	atomic_t n_alive;
	bool stopped;
	struct llist_head dead;
	struct work_struct free_work;
	struct delayed_work age_work;
	u32 bucket;
	u32 size;
	struct mn_conn_lock locks[1 << MN_CONN_LOCK_BITS];
	atomic64_t n_evicted;
};

/* Not by index: a port that was removed has none any more. */
static inline struct mn_conn_lock *mn_conn_lock_of(struct mn_conns *conns,
						   const struct mn_port *port)
{
	return &conns->locks[hash_ptr(port, MN_CONN_LOCK_BITS)];
}

/* The connection that an end belongs to. */
static inline struct mn_conn *mn_conn_of(struct mn_conn_end *end)
{
	return container_of(end - end->dir, struct mn_conn, end[0]);
}

/* state/conn.c */
void mn_conn_set_answered(struct mn_conn *conn);

/* state/conn_age.c */
void mn_conns_each(struct mn_net *mn,
		   void (*fn)(struct mn_conn *conn, void *arg), void *arg);
bool mn_conns_slice(struct mn_net *mn, u32 *bucket, u32 *size, u32 n,
		    void (*fn)(struct mn_conn *conn, void *arg), void *arg);
void mn_conns_arm(struct mn_conns *conns);

#endif /* _MN_CONN_TABLE_H */
