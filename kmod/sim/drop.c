// SPDX-License-Identifier: GPL-2.0
/*
 * Drops: every packet that is dropped is counted for a reason and a place.
 *
 * A place is known by the ids of its device, port and rule, so that a rule that
 * is changed goes on counting, and it keeps their names, so that it can still be
 * read when they are gone. There are at most MN_PLACES of them: then the oldest
 * that no flow uses and where nothing was dropped lately makes room; failing
 * that, the packet is counted for its reason alone.
 */
#include <linux/jhash.h>
#include <linux/percpu.h>
#include <linux/rculist.h>
#include <linux/slab.h>

#include "config/nl.h"
#include "policy/chain.h"
#include "port/bucket.h"
#include "port/port.h"
#include "sim/drop.h"

#define CREATE_TRACE_POINTS
#include "sim/midonet_trace.h"

#define MN_PLACES		4096
#define MN_PLACE_BUCKETS	512
#define MN_PLACE_IDLE		(60 * HZ)
#define MN_DROP_EVENTS		1000
#define MN_DROP_LATELY		(60 * HZ)

/* The words of the specification. */
static const char * const names[] = {
	[MIDONET_DROP_REASON_NONE] = "none",
	[MIDONET_DROP_REASON_PORT_DOWN] = "port-down",
	[MIDONET_DROP_REASON_PORT_UNPLUGGED] = "port-unplugged",
	[MIDONET_DROP_REASON_PORT_REMOTE] = "port-remote",
	[MIDONET_DROP_REASON_BRIDGE_DOWN] = "bridge-down",
	[MIDONET_DROP_REASON_CHAIN] = "chain",
	[MIDONET_DROP_REASON_SPOOF_ETHERNET] = "spoof-ethernet",
	[MIDONET_DROP_REASON_SPOOF_ARP] = "spoof-arp",
	[MIDONET_DROP_REASON_SPOOF_IPV4] = "spoof-ipv4",
	[MIDONET_DROP_REASON_SPOOF_IPV6] = "spoof-ipv6",
	[MIDONET_DROP_REASON_SPOOF_ND] = "spoof-nd",
	[MIDONET_DROP_REASON_NOT_ALLOWED_HERE] = "not-allowed-here",
	[MIDONET_DROP_REASON_MULTICAST_SOURCE] = "multicast-source",
	[MIDONET_DROP_REASON_MALFORMED] = "malformed",
	[MIDONET_DROP_REASON_HOP_LIMIT] = "hop-limit",
	[MIDONET_DROP_REASON_SAME_PORT] = "same-port",
	[MIDONET_DROP_REASON_NO_OUTPUT] = "no-output",
	[MIDONET_DROP_REASON_VLAN] = "vlan",
	[MIDONET_DROP_REASON_FLOOD_RATE] = "flood-rate",
	[MIDONET_DROP_REASON_FLOOD_QUEUE] = "flood-queue",
	[MIDONET_DROP_REASON_MTU] = "mtu",
	[MIDONET_DROP_REASON_FRAGMENT] = "fragment",
	[MIDONET_DROP_REASON_PARK_FULL] = "park-full",
	[MIDONET_DROP_REASON_PARK_TIMEOUT] = "park-timeout",
	[MIDONET_DROP_REASON_PUNT_UNSERVED] = "punt-unserved",
	[MIDONET_DROP_REASON_PUNT_RATE] = "punt-rate",
	[MIDONET_DROP_REASON_NOMEM] = "nomem",
	[MIDONET_DROP_REASON_DEVICE_TX] = "device-tx",
	[MIDONET_DROP_REASON_CHAIN_DEPTH] = "chain-depth",
	[MIDONET_DROP_REASON_ROUTER_DOWN] = "router-down",
	[MIDONET_DROP_REASON_NOT_IP] = "not-ip",
	[MIDONET_DROP_REASON_NOT_FOR_ROUTER] = "not-for-router",
	[MIDONET_DROP_REASON_NO_ROUTE] = "no-route",
	[MIDONET_DROP_REASON_BLACKHOLE] = "blackhole",
	[MIDONET_DROP_REASON_REJECT] = "reject",
	[MIDONET_DROP_REASON_TTL] = "ttl",
	[MIDONET_DROP_REASON_NEIGHBOUR] = "neighbour",
	[MIDONET_DROP_REASON_NEIGHBOUR_FULL] = "neighbour-full",
	[MIDONET_DROP_REASON_NEIGHBOUR_UNASKED] = "neighbour-unasked",
	[MIDONET_DROP_REASON_NO_SERVICE] = "no-service",
	[MIDONET_DROP_REASON_MARTIAN] = "martian",
	[MIDONET_DROP_REASON_NAT_EXHAUSTED] = "nat-exhausted",
	[MIDONET_DROP_REASON_CONN_FULL] = "conn-full",
	[MIDONET_DROP_REASON_CONN_INVALID] = "conn-invalid",
	[MIDONET_DROP_REASON_NO_MEMBER] = "no-member",
	[MIDONET_DROP_REASON_TUNNEL_PEER] = "tunnel-peer",
	[MIDONET_DROP_REASON_TUNNEL_KEY] = "tunnel-key",
	[MIDONET_DROP_REASON_TUNNEL_HEADER] = "tunnel-header",
	[MIDONET_DROP_REASON_TUNNEL_OPTION] = "tunnel-option",
	[MIDONET_DROP_REASON_TUNNEL_ECN] = "tunnel-ecn",
	[MIDONET_DROP_REASON_TUNNEL_ROUTE] = "tunnel-route",
	[MIDONET_DROP_REASON_TUNNEL_STATE] = "tunnel-state",
};

static_assert(ARRAY_SIZE(names) == __MIDONET_DROP_REASON_COUNT);

/**
 * struct place_key - identifies a place
 * @device: id, or zero
 * @port: id, or zero
 * @rule: id, or zero
 * @reason: &enum midonet_drop_reason
 */
struct place_key {
	u8 device[16];
	u8 port[16];
	u8 rule[16];
	u32 reason;
};

/**
 * struct mn_drop_place - a place where packets are dropped
 * @node: in &mn_drops.buckets; RCU, writers &mn_drops.lock
 * @list: in &mn_drops.places; RCU, writers &mn_drops.lock
 * @ref: one for the table, one for each flow that drops here
 * @used: jiffies of the last drop, stored when it changed
 * @cpu: packets, per CPU
 * @nr: number, in the order of making
 * @key: constant
 * @names: constant
 * @rcu: for freeing
 */
struct mn_drop_place {
	struct hlist_node node;
	struct list_head list;
	refcount_t ref;
	unsigned long used;
	u64 __percpu *cpu;
	u64 nr;
	struct place_key key;
	struct mn_drop_names names;
	struct rcu_head rcu;
};

/**
 * struct mn_drops - drop counters of a namespace
 * @lock: protects changes of the table
 * @n: number of places
 * @full_until: jiffies before which it is not worth looking for room
 * @next_nr: number of the next place
 * @events: rate of drop events
 * @seed: of the hash
 * @buckets: places by key
 * @places: places in the order of their numbers
 * @rest_cpu: counters of @rest
 * @rest: places of packets that found no room in the table, by reason
 */
struct mn_drops {
	spinlock_t lock; /* of the table */
	u32 n;
	unsigned long full_until;
	u64 next_nr;
	struct mn_bucket events;
	u32 seed;
	struct hlist_head buckets[MN_PLACE_BUCKETS];
	struct list_head places;
	u64 __percpu *rest_cpu;
	struct mn_drop_place rest[__MIDONET_DROP_REASON_COUNT];
};

static struct kmem_cache *place_cache __ro_after_init;

/**
 * mn_drop_name() - the word for a reason
 * @reason: &enum midonet_drop_reason
 */
const char *mn_drop_name(u32 reason)
{
	return reason < ARRAY_SIZE(names) ? names[reason] : "unknown";
}

/* For tools that watch the reasons of the core. */
static enum skb_drop_reason core_reason(u32 reason)
{
	switch (reason) {
	case MIDONET_DROP_REASON_PORT_DOWN:
	case MIDONET_DROP_REASON_BRIDGE_DOWN:
	case MIDONET_DROP_REASON_DEVICE_TX:
		return SKB_DROP_REASON_DEV_READY;
	case MIDONET_DROP_REASON_CHAIN:
		return SKB_DROP_REASON_NETFILTER_DROP;
	case MIDONET_DROP_REASON_SPOOF_ETHERNET:
	case MIDONET_DROP_REASON_SPOOF_ARP:
	case MIDONET_DROP_REASON_SPOOF_IPV4:
	case MIDONET_DROP_REASON_SPOOF_IPV6:
	case MIDONET_DROP_REASON_SPOOF_ND:
		return SKB_DROP_REASON_IP_RPFILTER;
	case MIDONET_DROP_REASON_NOT_ALLOWED_HERE:
		return SKB_DROP_REASON_OTHERHOST;
	case MIDONET_DROP_REASON_MALFORMED:
		return SKB_DROP_REASON_HDR_TRUNC;
	case MIDONET_DROP_REASON_FLOOD_RATE:
	case MIDONET_DROP_REASON_FLOOD_QUEUE:
	case MIDONET_DROP_REASON_PUNT_RATE:
		return SKB_DROP_REASON_FULL_RING;
	case MIDONET_DROP_REASON_MTU:
		return SKB_DROP_REASON_PKT_TOO_BIG;
	case MIDONET_DROP_REASON_PARK_FULL:
		return SKB_DROP_REASON_NEIGH_QUEUEFULL;
	case MIDONET_DROP_REASON_PARK_TIMEOUT:
		return SKB_DROP_REASON_NEIGH_FAILED;
	case MIDONET_DROP_REASON_NOMEM:
		return SKB_DROP_REASON_NOMEM;
	}
	return SKB_DROP_REASON_NOT_SPECIFIED;
}

static void copy_id(u8 *id, const struct mn_ident *ident)
{
	memcpy(id, ident->id, sizeof(ident->id));
}

static void key_of(struct place_key *key, const struct mn_place *place)
{
	memset(key, 0, sizeof(*key));
	key->reason = place->reason;
	if (place->device)
		copy_id(key->device, &place->device->ident);
	if (place->port)
		copy_id(key->port, &place->port->obj.ident);
	if (place->rule)
		copy_id(key->rule, &place->rule->ident);
}

static struct hlist_head *bucket_of(struct mn_drops *d,
				    const struct place_key *key)
{
	u32 hash = jhash2((const u32 *)key, sizeof(*key) / sizeof(u32),
			  d->seed);

	BUILD_BUG_ON(sizeof(*key) % sizeof(u32));
	return &d->buckets[hash % MN_PLACE_BUCKETS];
}

static struct mn_drop_place *place_find(struct mn_drops *d,
					const struct place_key *key)
{
	struct mn_drop_place *place;

	hlist_for_each_entry_rcu(place, bucket_of(d, key), node,
				 lockdep_is_held(&d->lock)) {
		if (!memcmp(&place->key, key, sizeof(*key)) &&
		    refcount_inc_not_zero(&place->ref))
			return place;
	}
	return NULL;
}

static struct mn_drop_place *place_alloc(struct mn_net *mn,
					 const struct mn_place *at,
					 const struct place_key *key)
{
	struct mn_drop_place *place;

	place = kmem_cache_zalloc(place_cache, GFP_ATOMIC | __GFP_NOWARN);
	if (!place)
		return NULL;
	place->cpu = alloc_percpu_gfp(u64, GFP_ATOMIC | __GFP_NOWARN);
	if (!place->cpu) {
		kmem_cache_free(place_cache, place);
		return NULL;
	}
	place->key = *key;
	refcount_set(&place->ref, 2);
	place->used = jiffies;
	if (at->device)
		strscpy(place->names.device, at->device->name,
			sizeof(place->names.device));
	if (at->port)
		mn_port_label(at->port, place->names.port,
			      sizeof(place->names.port));
	if (at->rule)
		mn_rule_label(mn, at->rule, place->names.rule,
			      sizeof(place->names.rule));
	return place;
}

static void place_free(struct mn_drop_place *place)
{
	free_percpu(place->cpu);
	kmem_cache_free(place_cache, place);
}

static void place_free_rcu(struct rcu_head *rcu)
{
	place_free(container_of(rcu, struct mn_drop_place, rcu));
}

static u64 place_packets(const struct mn_drop_place *place)
{
	u64 sum = 0;
	int cpu;

	for_each_possible_cpu(cpu)
		sum += READ_ONCE(*per_cpu_ptr(place->cpu, cpu));
	return sum;
}

/* Let an old place go; what was counted there stays with the reason. */
static bool make_room(struct mn_drops *d)
{
	unsigned long idle = jiffies - MN_PLACE_IDLE;
	struct mn_drop_place *place;

	lockdep_assert_held(&d->lock);
	if (time_before(jiffies, d->full_until))
		return false;
	list_for_each_entry(place, &d->places, list) {
		if (time_after(READ_ONCE(place->used), idle) ||
		    !refcount_dec_if_one(&place->ref))
			continue;
		hlist_del_rcu(&place->node);
		list_del_rcu(&place->list);
		d->n--;
		this_cpu_add(*d->rest[place->key.reason].cpu,
			     place_packets(place));
		call_rcu(&place->rcu, place_free_rcu);
		return true;
	}
	d->full_until = jiffies + HZ;
	return false;
}

/* Put @new into the table, unless somebody else was faster or it is full. */
static struct mn_drop_place *place_add(struct mn_drops *d,
				       struct mn_drop_place *new)
{
	struct mn_drop_place *place;

	spin_lock_bh(&d->lock);
	place = place_find(d, &new->key);
	if (!place && (d->n < MN_PLACES || make_room(d))) {
		new->nr = ++d->next_nr;
		hlist_add_head_rcu(&new->node, bucket_of(d, &new->key));
		list_add_tail_rcu(&new->list, &d->places);
		d->n++;
		place = new;
	}
	spin_unlock_bh(&d->lock);
	if (place != new)
		place_free(new);
	return place;
}

/**
 * mn_drop_place_get() - the counters of a place
 * @mn: namespace
 * @at: place
 *
 * Context: any but hard interrupts; RCU.
 *
 * Return: the place with a reference, never NULL
 */
struct mn_drop_place *mn_drop_place_get(struct mn_net *mn,
					const struct mn_place *at)
{
	struct mn_drops *d = mn->drops;
	struct mn_drop_place *place, *new;
	struct place_key key;

	key_of(&key, at);
	place = place_find(d, &key);
	if (likely(place))
		return place;
	new = place_alloc(mn, at, &key);
	if (new)
		place = place_add(d, new);
	if (place)
		return place;
	place = &d->rest[min_t(u32, at->reason, ARRAY_SIZE(d->rest) - 1)];
	refcount_inc(&place->ref);
	return place;
}

/**
 * mn_drop_place_put() - drop a reference
 * @place: from mn_drop_place_get()
 *
 * Context: any but hard interrupts.
 */
void mn_drop_place_put(struct mn_drop_place *place)
{
	/* The last one is that of the table. */
	refcount_dec(&place->ref);
}

/**
 * mn_drop_place_add() - count packets that were dropped
 * @place: where
 * @packets: how many
 *
 * Context: any but hard interrupts.
 */
void mn_drop_place_add(struct mn_drop_place *place, u64 packets)
{
	unsigned long now = jiffies;

	this_cpu_add(*place->cpu, packets);
	if (READ_ONCE(place->used) != now)
		WRITE_ONCE(place->used, now);
}

/* Count, tell, free. @in: port where the packet entered, or NULL. */
static void drop_at(struct mn_net *mn, struct sk_buff *skb,
		    struct mn_drop_place *place, struct mn_port *in,
		    const struct mn_flow_key *key)
{
	const struct mn_drop_names *at = &place->names;
	u32 reason = place->key.reason;
	u32 packets, bytes;

	mn_skb_load(skb, &packets, &bytes);
	mn_drop_place_add(place, packets);
	if (in)
		this_cpu_add(in->stats->drops, packets);
	trace_drop(mn_drop_name(reason), at->device, at->port, at->rule, skb);
	if (unlikely(mn_drop_wanted(mn)) &&
	    mn_bucket_take(&mn->drops->events, MN_DROP_EVENTS, MN_DROP_EVENTS))
		mn_drop_event(mn, reason, at, key, skb->len);
	kfree_skb_reason(skb, core_reason(reason));
}

/**
 * mn_drop() - a walk dropped a packet
 * @mn: namespace
 * @skb: packet, consumed
 * @place: where and why
 * @key: its headers, or NULL
 *
 * Context: BH disabled, RCU.
 */
void mn_drop(struct mn_net *mn, struct sk_buff *skb,
	     const struct mn_place *place, const struct mn_flow_key *key)
{
	struct mn_drop_place *counted = mn_drop_place_get(mn, place);
	struct mn_port *in;

	in = key ? mn_port_by_index(mn, key->in_port) : NULL;
	drop_at(mn, skb, counted, in, key);
	mn_drop_place_put(counted);
}

/**
 * mn_drop_port() - a packet is dropped at a port, outside a walk
 * @mn: namespace
 * @skb: packet, consumed
 * @reason: &enum midonet_drop_reason
 * @port: port
 *
 * Context: BH disabled, RCU.
 */
void mn_drop_port(struct mn_net *mn, struct sk_buff *skb, u32 reason,
		  struct mn_port *port)
{
	const struct mn_place at = {
		.reason = reason,
		.device = port->obj.parent,
		.port = port,
	};
	struct mn_drop_place *place = mn_drop_place_get(mn, &at);

	drop_at(mn, skb, place, port, NULL);
	mn_drop_place_put(place);
}

/**
 * mn_drop_cached() - a flow says that a packet is dropped
 * @mn: namespace
 * @skb: packet, consumed
 * @place: where; the flow has the reference
 * @in: port where it entered
 * @key: its headers
 *
 * Context: BH disabled, RCU.
 */
void mn_drop_cached(struct mn_net *mn, struct sk_buff *skb,
		    struct mn_drop_place *place, struct mn_port *in,
		    const struct mn_flow_key *key)
{
	drop_at(mn, skb, place, in, key);
}

/* The rule may have another position by now; if it is gone, its old name. */
static void name_rule(struct mn_net *mn, const struct place_key *key,
		      struct mn_drop_names *row)
{
	struct mn_ident *ident;

	if (!row->rule[0])
		return;
	ident = mn_ident_find(mn, key->rule);
	if (ident && ident->type == MIDONET_OBJECT_TYPE_RULE)
		mn_rule_label(mn, container_of(ident, struct mn_rule, ident),
			      row->rule, sizeof(row->rule));
}

static void row_of(struct mn_net *mn, const struct mn_drop_place *place,
		   struct mn_drop_row *row)
{
	row->nr = place->nr;
	row->reason = place->key.reason;
	row->packets = place_packets(place);
	row->names = place->names;
	name_rule(mn, &place->key, &row->names);
}

/**
 * mn_drops_each() - all places where packets were dropped
 * @mn: namespace
 * @after: begin behind the place with this number; 0 for all
 * @fn: called for each; a return value other than 0 ends it
 * @arg: for @fn
 *
 * Context: RCU.
 *
 * Return: what @fn returned last, 0 at the end
 */
int mn_drops_each(struct mn_net *mn, u64 after,
		  int (*fn)(const struct mn_drop_row *row, void *arg),
		  void *arg)
{
	const struct mn_drop_place *place;
	struct mn_drops *d = mn->drops;
	struct mn_drop_row row;
	int i, err = 0;

	list_for_each_entry_rcu(place, &d->places, list) {
		if (place->nr <= after)
			continue;
		row_of(mn, place, &row);
		err = row.packets ? fn(&row, arg) : 0;
		if (err)
			return err;
	}
	for (i = 0; i < ARRAY_SIZE(d->rest) && !err; i++) {
		row_of(mn, &d->rest[i], &row);
		if (row.nr > after && row.packets)
			err = fn(&row, arg);
	}
	return err;
}

static void sum_add(struct mn_drop_sum *sum, const struct mn_drop_place *place)
{
	u64 packets = place_packets(place);

	sum->packets += packets;
	if (packets && time_after(READ_ONCE(place->used) + MN_DROP_LATELY,
				  jiffies))
		sum->lately = true;
}

/**
 * mn_drops_of() - what was dropped for a reason, wherever
 * @mn: namespace
 * @reason: &enum midonet_drop_reason
 * @sum: set to that
 *
 * Context: any.
 */
void mn_drops_of(struct mn_net *mn, u32 reason, struct mn_drop_sum *sum)
{
	const struct mn_drop_place *place;
	struct mn_drops *d = mn->drops;

	memset(sum, 0, sizeof(*sum));
	sum_add(sum, &d->rest[reason]);
	rcu_read_lock();
	list_for_each_entry_rcu(place, &d->places, list) {
		if (place->key.reason == reason)
			sum_add(sum, place);
	}
	rcu_read_unlock();
}

static void rest_init(struct mn_drops *d, int reason)
{
	struct mn_drop_place *place = &d->rest[reason];

	refcount_set(&place->ref, 1);
	place->cpu = d->rest_cpu + reason;
	place->key.reason = reason;
	/* Listed last. */
	place->nr = U64_MAX - ARRAY_SIZE(d->rest) + reason;
}

/**
 * mn_drops_init() - set the drop counters of a namespace up
 * @mn: namespace
 *
 * Return: 0 or -ENOMEM
 */
int mn_drops_init(struct mn_net *mn)
{
	struct mn_drops *d = kvzalloc(sizeof(*d), GFP_KERNEL_ACCOUNT);
	int i;

	if (!d)
		return -ENOMEM;
	d->rest_cpu = __alloc_percpu_gfp(sizeof(u64) * ARRAY_SIZE(d->rest),
					 __alignof__(u64), GFP_KERNEL_ACCOUNT);
	if (!d->rest_cpu) {
		kvfree(d);
		return -ENOMEM;
	}
	for (i = 0; i < ARRAY_SIZE(d->rest); i++)
		rest_init(d, i);
	spin_lock_init(&d->lock);
	mn_bucket_init(&d->events);
	INIT_LIST_HEAD(&d->places);
	d->seed = (u32)mn->seed.key[1];
	d->full_until = jiffies;
	mn->drops = d;
	return 0;
}

/**
 * mn_drops_exit() - free them
 * @mn: namespace without packets and flows
 */
void mn_drops_exit(struct mn_net *mn)
{
	struct mn_drop_place *place, *next;
	struct mn_drops *d = mn->drops;

	list_for_each_entry_safe(place, next, &d->places, list) {
		WARN_ON_ONCE(refcount_read(&place->ref) != 1);
		place_free(place);
	}
	free_percpu(d->rest_cpu);
	kvfree(d);
	mn->drops = NULL;
}

/**
 * mn_drop_caches_create() - make the cache of places
 *
 * Return: 0 or -ENOMEM
 */
int mn_drop_caches_create(void)
{
	place_cache = KMEM_CACHE(mn_drop_place, SLAB_ACCOUNT);
	return place_cache ? 0 : -ENOMEM;
}

/**
 * mn_drop_caches_destroy() - the reverse, behind rcu_barrier()
 */
void mn_drop_caches_destroy(void)
{
	kmem_cache_destroy(place_cache);
}
