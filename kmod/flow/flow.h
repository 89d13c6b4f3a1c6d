/* SPDX-License-Identifier: GPL-2.0 */
#ifndef _MN_FLOW_H
#define _MN_FLOW_H

#include <linux/cache.h>
#include <linux/llist.h>
#include <linux/mutex.h>
#include <linux/percpu.h>
#include <linux/rhashtable.h>
#include <linux/smp.h>

#include "flow/cache.h"
#include "flow/key.h"
#include "flow/rewrite.h"
#include "flow/table.h"
#include "flow/translate.h"
#include "port/port.h"
#include "sim/dep.h"
#include "state/conn.h"

/*
 * The insides of the flow table, for flow/, port/rx.c and config/nl_flow.c.
 */

struct mn_count;
struct mn_drop_place;
struct mn_used;

/* &mn_flow.epoch of a flow that must not be used any more. */
#define MN_EPOCH_DEAD	U64_MAX

/* Most masks beside the exact one, whatever masks_max says. */
#define MN_MASKS	64
/* Packets of other CPUs that a flow counts before it gets per-CPU counters. */
#define MN_FOREIGN_MAX	64
/* Entries that no packet has hit yet: so many any port may have. */
#define MN_UNPROVEN	256
/* Flows that the sweep visits at once. */
#define MN_SWEEP_RUN	16384

/**
 * enum mn_mask_state - &mn_mask.state
 * @MN_MASK_FREE: no packet probes it, its words may change
 * @MN_MASK_USED: in &mn_flow_table.order
 * @MN_MASK_RETIRED: out of it, but packets may still probe it
 */
enum mn_mask_state { MN_MASK_FREE, MN_MASK_USED, MN_MASK_RETIRED };

/**
 * struct mn_mask - fields that a group of flows depends on
 * @w: the bits, over &mn_flow_key.w; constant unless MN_MASK_FREE
 * @id: index in &mn_flow_table.masks, folded into the hash of its flows
 * @state: &enum mn_mask_state, under &mn_flow_table.mask_lock
 * @n_flows: flows with this mask until their memory is freed, under mask_lock
 * @hits: packets since the last sweep, under &mn_flow_table.fold_lock
 */
struct mn_mask {
	u64 w[MN_KEY_WORDS];
	u32 id;
	u8 state;
	u32 n_flows;
	u64 hits;
} ____cacheline_aligned;

/**
 * struct mn_mask_hint - which packets a mask is worth probing for
 * @select: what of the kind of a packet its flows have in common
 * @kinds: bit mn_mask_kind() of every flow it has had since it is in use
 *
 * A probe that finds nothing costs a cache miss; most masks have flows of one
 * kind of packets only. Both are read without a lock: to miss a change is as
 * right, only slower.
 */
struct mn_mask_hint {
	u64 select;
	u64 kinds;
};

/**
 * struct mn_flow_table - all flows of a namespace
 * @ht: flows by mask and masked key
 * @n_masks: entries of @order
 * @order: indices of the masks in use, most used first. A packet that meets a
 *	change of it may miss a mask, and is walked: as right, only slower
 * @hints: of each mask, under @mask_lock to write
 * @masks: @masks[0] is the exact one
 * @n_flows: flows whose memory is not freed yet
 * @stopped: nothing is installed any more
 * @pressed: the sweep is called for before its time
 * @mask_lock: for @order, @n_masks and the masks; BH
 * @dead: flows to be reaped
 * @fold_lock: serialises those who fold and free flows
 * @round: how far the sweep is, if @in_round, under fold_lock
 * @in_round: see @round
 * @round_begin: jiffies when the round in progress, or the last one, began;
 *	written under fold_lock
 * @round_length: jiffies that the last whole one took; written under fold_lock
 */
struct mn_flow_table {
	struct rhashtable ht;
	u32 n_masks;
	u8 order[MN_MASKS + 1];
	struct mn_mask_hint hints[MN_MASKS + 1];
	struct mn_mask masks[MN_MASKS + 1];
	atomic_t n_flows;
	bool stopped;
	bool pressed;
	spinlock_t mask_lock;		/* see above */
	struct llist_head dead;
	struct mutex fold_lock;		/* see above */
	struct rhashtable_iter round;
	bool in_round;
	unsigned long round_begin;
	unsigned long round_length;
};

/**
 * struct mn_flow_stats - counters of a flow on one CPU
 * @packets: packets, a GSO packet counted as its segments
 * @bytes: bytes with Ethernet headers
 * @used: jiffies of the last packet, stored when it changed
 *
 * Written with BH disabled by one CPU, 64-bit loads and stores are atomic.
 */
struct mn_flow_stats {
	u64 packets;
	u64 bytes;
	unsigned long used;
};

/**
 * struct mn_flow - outcome of a walk, remembered
 * @key: of its packets, under @mask
 * @node: in &mn_flow_table.ht
 * @mask: what its packets have in common
 * @epoch: last epoch its dependencies were found unchanged in, or MN_EPOCH_DEAD
 * @pcpu: counters of other CPUs than @owner, or NULL
 * @out: the output, if there is just one; how a remote port is reached is in @tail
 * @place: drop counters, if it drops, referenced
 * @hash: of mask and masked key; compared before the key
 * @owner: CPU that counts in @stats
 * @n_outs: number of outputs; more than one are in @tail
 * @verdict: &enum midonet_verdict
 * @n_deps: dependencies in @tail
 * @n_counts: counters of rules and routes in @tail, referenced
 * @n_touch: learned MACs and neighbours in @tail, referenced
 * @n_links: interior ports in @tail, referenced
 * @routed: there is a &struct mn_rewrite in @tail
 * @translated: there is a &struct mn_translation in @tail
 * @n_conns: connections in @tail, referenced
 * @watch: TCP flags that its connections have to hear of, 0 without any
 * @stats: counters of @owner
 * @foreign_packets: counted by other CPUs while there is no @pcpu
 * @foreign_bytes: see @foreign_packets
 * @folded_packets: already counted for @n_counts and links, under fold_lock
 * @folded_bytes: see @folded_packets
 * @dead: in &mn_flow_table.dead
 * @in: port where its packets enter, referenced; it is charged until the
 *	memory is freed
 * @created: jiffies, in seconds
 * @unproven: counted in &mn_port.n_unproven, see flow/admit.c
 * @cache: index of the slab cache it is from
 * @reason: &enum midonet_drop_reason, if it drops
 * @tail: &struct mn_via, &struct mn_rewrite, &struct mn_translation, &struct mn_out,
 *	&struct mn_dep, pointers to &struct mn_count and &struct mn_used, links, connections
 *
 * The first cache line is compared, the second says what to do, the third is
 * written: a hit needs no more. Constant once in the table but for @epoch,
 * @pcpu, @unproven and the counters.
 *
 * Every byte is there once a flow: what is not for hits is kept small, so that
 * a flow of a plain bridge fits into four cache lines.
 */
struct mn_flow {
	struct mn_flow_key key;

	struct rhash_head node;
	const struct mn_mask *mask;
	u64 epoch;
	struct mn_flow_stats __percpu *pcpu;
	union {
		struct mn_exit out;
		struct mn_drop_place *place;
	};
	u32 hash;
	u16 owner;
	u8 n_outs;
	u8 verdict;
	u8 n_deps;
	u8 n_counts;
	u8 n_touch;
	u8 n_links;
	bool routed;
	bool translated;
	u8 n_conns;
	u8 watch;

	struct mn_flow_stats stats ____cacheline_aligned;
	atomic64_t foreign_packets;
	atomic64_t foreign_bytes;
	u64 folded_packets;
	u64 folded_bytes;
	struct llist_node dead;
	struct mn_port *in;
	u32 created;
	u16 unproven;
	u8 cache;
	u8 reason;
	u64 tail[];
};

/* Bytes before the tail; sizeof() would be rounded up to a cache line. */
#define MN_FLOW_HEAD	offsetof(struct mn_flow, tail)

static_assert(offsetof(struct mn_flow, node) == 64);
static_assert(offsetof(struct mn_flow, stats) == 128);
static_assert(MN_FLOW_HEAD == 208);
static_assert(sizeof(struct mn_via) % 8 == 0 && sizeof(struct mn_out) % 8 == 0);

/* Bit of a link in the tail that says it counts as received. */
#define MN_LINK_RX	1UL

/* Words of how a remote port is reached in the tail. */
#define MN_FLOW_VIA	(sizeof(struct mn_via) / 8)
/* Words of a rewrite in the tail. */
#define MN_FLOW_RW	(ALIGN(sizeof(struct mn_rewrite), 8) / 8)
/* Words of a translation in the tail. */
#define MN_FLOW_XLAT	(ALIGN(sizeof(struct mn_translation), 8) / 8)

/* One output, which leads to another host. */
static inline bool mn_flow_is_remote(const struct mn_flow *flow)
{
	return flow->n_outs == 1 && flow->out.remote;
}

static inline struct mn_via *mn_flow_via(const struct mn_flow *flow)
{
	return (struct mn_via *)flow->tail;
}

static inline struct mn_rewrite *mn_flow_rewrite(const struct mn_flow *flow)
{
	return (struct mn_rewrite *)(flow->tail + (mn_flow_is_remote(flow) ?
						   MN_FLOW_VIA : 0));
}

/* Only what was routed is translated. */
static inline struct mn_translation *
mn_flow_translation(const struct mn_flow *flow)
{
	return (struct mn_translation *)((u64 *)mn_flow_rewrite(flow) +
					 MN_FLOW_RW);
}

static inline struct mn_out *mn_flow_tail_outs(const struct mn_flow *flow)
{
	return (struct mn_out *)((u64 *)mn_flow_rewrite(flow) +
				 (flow->routed ? MN_FLOW_RW : 0) +
				 (flow->translated ? MN_FLOW_XLAT : 0));
}

static inline struct mn_out mn_flow_out(const struct mn_flow *flow, u8 i)
{
	struct mn_out out = {};

	if (flow->n_outs > 1)
		return mn_flow_tail_outs(flow)[i];
	out.exit = flow->out;
	if (out.remote)
		out.via = *mn_flow_via(flow);
	return out;
}

static inline struct mn_dep *mn_flow_deps(const struct mn_flow *flow)
{
	return (struct mn_dep *)(mn_flow_tail_outs(flow) +
				 (flow->n_outs > 1 ? flow->n_outs : 0));
}

static inline struct mn_count **mn_flow_counts(const struct mn_flow *flow)
{
	return (struct mn_count **)(mn_flow_deps(flow) + flow->n_deps);
}

static inline struct mn_used **mn_flow_touch(const struct mn_flow *flow)
{
	return (struct mn_used **)(mn_flow_counts(flow) + flow->n_counts);
}

static inline unsigned long *mn_flow_links(const struct mn_flow *flow)
{
	return (unsigned long *)(mn_flow_touch(flow) + flow->n_touch);
}

/* A connection with &enum mn_dir of the flow's packets in bit 0. */
static inline unsigned long *mn_flow_conns(const struct mn_flow *flow)
{
	return mn_flow_links(flow) + flow->n_links;
}

static inline struct mn_conn *mn_flow_conn(unsigned long conn)
{
	return (struct mn_conn *)(conn & ~1UL);
}

static inline enum mn_dir mn_flow_conn_dir(unsigned long conn)
{
	return conn & 1UL;
}

/* flow/table.c */
struct mn_flow *mn_flow_find(struct mn_net *mn, const struct mn_flow_key *key);
bool mn_flow_revalidate(struct mn_net *mn, struct mn_flow *flow, u64 epoch);
bool mn_flow_kill(struct mn_flow_table *table, struct mn_flow *flow);
void mn_flow_count_foreign(struct mn_flow *flow, u32 packets, u32 bytes);
void mn_flow_stats_sum(const struct mn_flow *flow, struct mn_flow_stats *sum);
void mn_flow_free(struct mn_net *mn, struct mn_flow *flow);
int mn_flow_add(struct mn_flow_table *table, struct mn_flow *flow);

/* flow/admit.c */
bool mn_flow_admit(const struct mn_port *port, u64 hash);
void mn_flow_prove(struct mn_flow *flow);

/* flow/mask.c */
void mn_masks_init(struct mn_flow_table *table);
void mn_mask_canon(struct mn_flow_key *mask, const struct mn_flow_key *key);
struct mn_mask *mn_mask_get(struct mn_flow_table *table,
			    const struct mn_flow_key *words, u32 max);
void mn_mask_note(struct mn_flow_table *table, const struct mn_flow *flow);
void mn_mask_put(struct mn_flow_table *table, const struct mn_mask *mask);
bool mn_masks_retire(struct mn_flow_table *table);
void mn_masks_release(struct mn_flow_table *table);
void mn_masks_sort(struct mn_flow_table *table);

/* May the port have another entry that has yet to be hit? */
static inline bool mn_flow_on_trial(const struct mn_port *port)
{
	int n = atomic_read(&port->n_unproven);

	return n < MN_UNPROVEN || n <= atomic_read(&port->n_flows) / 2;
}

/* flow/sweep.c */
void mn_flows_sweep(struct work_struct *work);
void mn_flows_arm(struct mn_net *mn, bool press);
void mn_flows_reap(struct mn_net *mn);

static inline u64 mn_fold64(u64 a, u64 b)
{
	unsigned __int128 product = (unsigned __int128)a * b;

	return (u64)product ^ (u64)(product >> 64);
}

/**
 * mn_words_hash() - keyed hash of the words of a key
 * @w: MN_KEY_WORDS words
 * @seed: secret
 *
 * Pairs of words are multiplied to 128 bits and folded. Without the secret
 * nobody can choose keys that collide, or a word that turns a product to zero.
 *
 * Return: hash, all bits good
 */
static inline u64 mn_words_hash(const u64 *w, u64 seed)
{
	u64 h;

	h = mn_fold64(w[0] ^ seed ^ 0x9e3779b97f4a7c15ULL,
		      w[1] ^ seed ^ 0xbf58476d1ce4e5b9ULL);
	h ^= mn_fold64(w[2] ^ seed ^ 0x94d049bb133111ebULL,
		       w[3] ^ seed ^ 0xd6e8feb86659fd93ULL);
	h ^= mn_fold64(w[4] ^ seed ^ 0xa0761d6478bd642fULL,
		       w[5] ^ seed ^ 0xe7037ed1a0b428dbULL);
	h ^= mn_fold64(w[6] ^ seed ^ 0x8ebc6af09c88c6e3ULL,
		       w[7] ^ seed ^ 0x589965cc75374cc3ULL);
	return mn_fold64(h ^ seed, 0x1d8e4e27c47d124fULL);
}

/* Kind of a packet or flow: a bit of &mn_mask_hint.kinds. */
static inline u64 mn_mask_kind(const u64 *w, u64 select)
{
	return BIT_ULL((w[2] & select) * 0x9e3779b97f4a7c15ULL >> 58);
}

/**
 * mn_flow_matches() - is a packet one of a flow's?
 * @flow: flow
 * @key: headers of the packet
 */
static inline bool mn_flow_matches(const struct mn_flow *flow,
				   const struct mn_flow_key *key)
{
	const u64 *mask = flow->mask->w;
	u64 diff = 0;
	int i;

	for (i = 0; i < MN_KEY_WORDS; i++)
		diff |= (key->w[i] & mask[i]) ^ flow->key.w[i];
	return !diff;
}

/**
 * mn_flow_valid() - may a flow that was found be used?
 * @mn: namespace
 * @flow: flow
 *
 * Context: RCU.
 *
 * Return: true if nothing the flow depends on has changed; else it is dead now
 */
static inline bool mn_flow_valid(struct mn_net *mn, struct mn_flow *flow)
{
	u64 epoch = mn_epoch(mn);

	if (likely(READ_ONCE(flow->epoch) == epoch))
		return true;
	return mn_flow_revalidate(mn, flow, epoch);
}

/**
 * mn_flow_count() - count a packet of a flow
 * @flow: flow
 * @packets: 1, or the segments of a GSO packet
 * @bytes: with Ethernet headers
 *
 * Context: BH disabled, RCU.
 */
static inline void mn_flow_count(struct mn_flow *flow, u32 packets, u32 bytes)
{
	struct mn_flow_stats *s = &flow->stats;
	unsigned long now = jiffies;

	if (unlikely(flow->owner != smp_processor_id())) {
		struct mn_flow_stats __percpu *pcpu = READ_ONCE(flow->pcpu);

		if (unlikely(!pcpu)) {
			mn_flow_count_foreign(flow, packets, bytes);
			return;
		}
		s = this_cpu_ptr(pcpu);
	}
	s->packets += packets;
	s->bytes += bytes;
	if (s->used != now)
		WRITE_ONCE(s->used, now);
}

#endif /* _MN_FLOW_H */
