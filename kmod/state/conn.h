/* SPDX-License-Identifier: GPL-2.0 */
#ifndef _MN_CONN_H
#define _MN_CONN_H

#include <linux/hash.h>
#include <linux/list.h>
#include <linux/log2.h>
#include <linux/rhashtable-types.h>
#include <net/ipv6.h>

#include "net.h"
#include "sim/used.h"
#include "state/tuple.h"

struct mn_obj;
struct mn_port;
struct mn_rule;

/**
 * DOC: Connections
 *
 * A connection is what one device knows of the packets between two stations:
 * two tuples, as the packets of either direction enter the device. They differ
 * in more than direction if the device translates: the forward tuple has what
 * the initiator sees, the reply tuple what the other side sees. So the table of
 * tuples is also what says which addresses and ports of snat are taken.
 *
 * Both ends of a connection are in one table, under their tuples; an end can be
 * there once only. Look-ups are under RCU. A connection is constant but for
 * its phase, flags and time; another translation makes another connection.
 *
 * Flows that belong to a connection keep it alive (sim/used.h): their last use
 * becomes its own when the sweep folds them, and whoever judges its age takes
 * into account how long that may take.
 *
 * A walk notes the version counter of each tuple it looked up (mn_conn_slot());
 * it moves when a connection with that tuple comes or goes, and, if some rule asked for
 * the state (MN_CONN_STATE_READ), when the first answer makes it established.
 */

/**
 * enum mn_dir - side of a connection that sent a packet
 * @MN_DIR_FORWARD: the initiator
 * @MN_DIR_RETURN: the other
 * @MN_DIRS: how many
 */
enum mn_dir { MN_DIR_FORWARD, MN_DIR_RETURN, MN_DIRS };

/**
 * enum mn_nat - index of what is translated
 * @MN_NAT_DST: destination (of the initiator's packets)
 * @MN_NAT_SRC: source
 * @MN_NATS: how many
 */
enum mn_nat { MN_NAT_DST, MN_NAT_SRC, MN_NATS };

/**
 * struct mn_conn_end - one direction of a connection
 * @node: in &mn_conns.ends
 * @tuple: of its packets as they enter the device; constant
 * @hash: mn_conn_hash() of @tuple; constant
 * @dir: &enum mn_dir; constant
 */
struct mn_conn_end {
	struct rhash_head node;
	struct mn_tuple tuple;
	u32 hash;
	u8 dir;
};

/* &mn_conn.flags, changed by atomic bit operations (bit numbers). */
#define MN_CONN_ANSWERED	0	/* packets of both directions were seen */
#define MN_CONN_STATE_READ	1	/* some flow depends on that */
#define MN_CONN_CHARGED		2	/* counted in &mn_port.n_conns; constant */
#define MN_CONN_DEAD		3	/* out of the table, or about to be */
#define MN_CONN_FIN_FORWARD	4	/* TCP: the initiator has said FIN */
#define MN_CONN_FIN_RETURN	5	/* TCP: the other has */
#define MN_CONN_WAITS		6	/* in the list of unanswered ones of @in */
#define MN_CONN_HUSHED		7	/* other hosts are not told that it goes */

/**
 * struct mn_conn - connection
 * @used: references and last use; flows, lists of a walk and the table hold it
 * @end: by &enum mn_dir
 * @flags: MN_CONN_*
 * @phase: &enum midonet_conn_phase, changed by cmpxchg
 * @created: jiffies in seconds
 * @mn: namespace
 * @device: bridge or router, referenced
 * @in: port where it was opened, referenced
 * @out: port its first packet left by, referenced, or NULL if there were several
 * @told: last use that other hosts know of, jiffies
 * @round: &mn_session.round of the last record of it
 * @rules: by &enum mn_nat: rules that translated it, referenced, or NULL (not
 *	translated, or by a load balancer, or hairpin); constant
 * @by_port: in the list of unanswered or answered ones of @in
 * @rcu: for freeing
 * @dead: waits to be freed: the last reference of what it holds may sleep
 */
struct mn_conn {
	struct mn_used used;
	struct mn_conn_end end[MN_DIRS];
	unsigned long flags;
	u8 phase;
	u32 created;
	struct mn_net *mn;
	struct mn_obj *device;
	struct mn_port *in;
	struct mn_port *out;
	unsigned long told;
	u32 round;
	struct mn_rule *rules[MN_NATS];
	struct list_head by_port;
	union {
		struct rcu_head rcu;
		struct llist_node dead;
	};
};

/**
 * struct mn_conn_spec - a connection to be made
 * @device: bridge or router
 * @in: port where its first packet entered the overlay
 * @out: port it leaves by, or NULL
 * @forward: tuple of the initiator's packets
 * @reply: tuple of the answers
 * @rules: see &mn_conn.rules
 * @phase: &enum midonet_conn_phase
 * @flags: of &mn_conn.flags: MN_CONN_ANSWERED, STATE_READ, CHARGED as bits
 */
struct mn_conn_spec {
	struct mn_obj *device;
	struct mn_port *in;
	struct mn_port *out;
	const struct mn_tuple *forward;
	const struct mn_tuple *reply;
	struct mn_rule *rules[MN_NATS];
	u8 phase;
	unsigned long flags;
};

/**
 * struct mn_conn_counts - connections of a namespace, in numbers
 * @n: how many there are
 * @unanswered: of these, those of which only one side was seen
 * @evicted: so many have given way to others so far
 */
struct mn_conn_counts {
	u32 n;
	u32 unanswered;
	u64 evicted;
};

/* state/conn.c */
int mn_conn_caches_create(void);
void mn_conn_caches_destroy(void);
int mn_conns_init(struct mn_net *mn);
void mn_conns_stop(struct mn_net *mn);
void mn_conns_exit(struct mn_net *mn);
u32 mn_conn_hash(const struct mn_net *mn, const struct mn_tuple *t);
struct mn_conn *mn_conn_find(struct mn_net *mn, const struct mn_tuple *t,
			     u32 hash, enum mn_dir *dir);
bool mn_conn_taken(struct mn_net *mn, const struct mn_tuple *t);
struct mn_conn *mn_conn_add(struct mn_net *mn, const struct mn_conn_spec *spec);
bool mn_conn_kill(struct mn_conn *conn);
u32 mn_conns_flush_device(struct mn_net *mn, const struct mn_obj *device);
void mn_conns_count(const struct mn_net *mn, struct mn_conn_counts *counts);

/* state/conn_age.c */
unsigned long mn_conn_timeout(const struct mn_conn *conn);
bool mn_conn_expired(const struct mn_conn *conn);
bool mn_conn_make_room(struct mn_net *mn, struct mn_port *in);
void mn_conns_age(struct work_struct *work);

/* state/tcp.c */
u8 mn_conn_first_phase(u8 proto, u8 tcp_flags);
bool mn_conn_seen(struct mn_conn *conn, enum mn_dir dir, u8 tcp_flags);
void mn_conn_heard(struct mn_conn *conn, u8 phase, unsigned long flags,
		   unsigned long used);
bool mn_conn_over(const struct mn_conn *conn);
bool mn_conn_phase_fits(u8 proto, u8 phase);
bool mn_conn_reopens(const struct mn_conn *conn, enum mn_dir dir, u8 tcp_flags);
u8 mn_conn_watch(const struct mn_conn *conn);

/**
 * mn_conn_slot() - slot of a tuple
 * @hash: mn_conn_hash() of it
 *
 * Return: slot of the version counter that moves when a connection with that
 * tuple, as either of its two, comes or goes, and, if it is the forward one of
 * one whose state some flow depends on, when that is answered
 */
static inline u32 mn_conn_slot(u32 hash)
{
	/* The table uses the low bits. */
	return hash_32(hash, ilog2(MN_DEPS));
}

static inline bool mn_conn_get(struct mn_conn *conn)
{
	return refcount_inc_not_zero(&conn->used.ref);
}

static inline void mn_conn_put(struct mn_conn *conn)
{
	mn_used_put(&conn->used);
}

static inline bool mn_conn_answered(const struct mn_conn *conn)
{
	return test_bit(MN_CONN_ANSWERED, &conn->flags);
}

/*
 * Is the destination of the initiator's packets translated? Then the answers
 * come from somebody else than they went to.
 */
static inline bool mn_conn_has_dnat(const struct mn_conn *conn)
{
	const struct mn_tuple *f = &conn->end[MN_DIR_FORWARD].tuple;
	const struct mn_tuple *r = &conn->end[MN_DIR_RETURN].tuple;

	return !ipv6_addr_equal(&f->dst, &r->src) || f->dport != r->sport;
}

static inline bool mn_conn_has_snat(const struct mn_conn *conn)
{
	const struct mn_tuple *f = &conn->end[MN_DIR_FORWARD].tuple;
	const struct mn_tuple *r = &conn->end[MN_DIR_RETURN].tuple;

	return !ipv6_addr_equal(&f->src, &r->dst) || f->sport != r->dport;
}

#endif /* _MN_CONN_H */
