// SPDX-License-Identifier: GPL-2.0
/*
 * Fragments. Nothing is reassembled: a later fragment, which has no L4 header,
 * takes the fate of its first fragment, which is remembered for a while under
 * (device, addresses, protocol, id). A later fragment that comes before its
 * first waits for it.
 *
 * Only walks that read L4 fields come here, so the table holds what chains with
 * L4 words are asked about. Entries live for the same time, so one list in the
 * order of their birth is all that expiry needs. Ports are told apart by a hash:
 * a port that fills the table only displaces its own, and seldom another's.
 *
 * A router that gives fragments of several senders the same addresses has to see to
 * it that no two packets have the same id then: receivers would mix them up. So
 * the table also knows by which key the fragments of a packet leave. A translated
 * packet keeps its id if nothing that is remembered leaves with the same key; else
 * it gets another one, and so do all its fragments.
 *
 * Look-ups are under RCU; one lock per namespace serialises the rest, which
 * costs nothing next to the walk that came before it.
 */
#include <linux/hash.h>
#include <linux/jhash.h>
#include <linux/jiffies.h>
#include <linux/random.h>
#include <linux/rculist.h>
#include <linux/slab.h>
#include <linux/spinlock.h>
#include <linux/workqueue.h>
#include <net/ip.h>

#include "l3/frag.h"
#include "port/port.h"
#include "sim/park.h"
#include "sim/trace.h"

#define MN_FRAG_LIFE	(30 * HZ)
#define MN_FRAG_BITS	10
#define MN_FRAG_MAX	16384
#define MN_FRAG_SLOTS	256	/* ports are hashed into these */
#define MN_FRAG_QUOTA	512	/* entries of a slot */
#define MN_FRAG_TRIES	8	/* to find an id nobody has */

/**
 * struct mn_frag_key - what fragments of a packet have in common
 * @id: identification
 * @proto: protocol
 * @family: AF_INET or AF_INET6
 * @src: source; an IPv4 address is in the first word
 * @dst: destination
 */
struct mn_frag_key {
	u32 id;
	u16 proto;
	u16 family;
	struct in6_addr src;
	struct in6_addr dst;
};

static_assert(sizeof(struct mn_frag_key) ==
	      sizeof_field(struct mn_park_key, data));

/**
 * struct mn_frag - what became of a first fragment
 * @node: in &mn_frags.buckets; RCU
 * @out_node: in &mn_frags.outs unless @dropped
 * @age: in &mn_frags.age
 * @slot_list: in &mn_frags.slots
 * @rcu: for freeing
 * @key: with owner, identifies it
 * @out: what its fragments have in common when they leave
 * @owner: index of the device where it entered
 * @slot: slot of its port
 * @born: jiffies
 * @dropped: it was dropped
 * @tcp_flags: its L4 fields
 * @tp_src: see @tcp_flags
 * @tp_dst: see @tcp_flags
 * @icmp_id: see @tcp_flags
 *
 * Constant once linked; a new first fragment of the same key replaces it.
 */
struct mn_frag {
	struct hlist_node node;
	struct hlist_node out_node;
	struct list_head age;
	struct list_head slot_list;
	struct rcu_head rcu;
	struct mn_frag_key key;
	struct mn_frag_key out;
	u32 owner;
	u16 slot;
	unsigned long born;
	bool dropped;
	u8 tcp_flags;
	__be16 tp_src;
	__be16 tp_dst;
	__be16 icmp_id;
};

/**
 * struct mn_frags - table of a namespace
 * @lock: protects everything but the look-up
 * @n: entries
 * @n_slot: entries of each slot
 * @age: entries, oldest first
 * @slots: entries of each slot, oldest first
 * @buckets: entries by key
 * @outs: entries by the key they leave with, of all devices: they may meet
 * @work: expires entries nobody pushes out
 */
struct mn_frags {
	spinlock_t lock;		/* see above */
	u32 n;
	u32 n_slot[MN_FRAG_SLOTS];
	struct list_head age;
	struct list_head slots[MN_FRAG_SLOTS];
	struct hlist_head buckets[1 << MN_FRAG_BITS];
	struct hlist_head outs[1 << MN_FRAG_BITS];
	struct delayed_work work;
};

static struct kmem_cache *mn_frag_cache;

static void frag_key(struct mn_frag_key *fk, const struct mn_flow_key *key,
		     const struct mn_pkt *pkt)
{
	memset(fk, 0, sizeof(*fk));
	fk->id = pkt->frag_id;
	fk->proto = key->proto;
	if (key->eth_type == htons(ETH_P_IP)) {
		fk->family = AF_INET;
		fk->src.s6_addr32[0] = key->v4.src;
		fk->dst.s6_addr32[0] = key->v4.dst;
		return;
	}
	fk->family = AF_INET6;
	fk->src = key->v6.src;
	fk->dst = key->v6.dst;
}

static struct hlist_head *bucket_of(struct mn_frags *f,
				    const struct mn_frag_key *key, u32 owner)
{
	u32 h = jhash2((const u32 *)key, sizeof(*key) / sizeof(u32), owner);

	return &f->buckets[hash_32(h, MN_FRAG_BITS)];
}

static struct hlist_head *out_bucket_of(struct mn_frags *f,
					const struct mn_frag_key *out)
{
	u32 h = jhash2((const u32 *)out, sizeof(*out) / sizeof(u32), 0);

	return &f->outs[hash_32(h, MN_FRAG_BITS)];
}

static u32 ctx_owner(const struct mn_ctx *ctx)
{
	const struct mn_obj *device = ctx->in->obj.parent;

	return device->index << 4 | device->ident.type;
}

static bool expired(const struct mn_frag *e)
{
	return time_after(jiffies, e->born + MN_FRAG_LIFE);
}

/* Under RCU or the lock. */
static struct mn_frag *frag_find(struct mn_frags *f,
				 const struct mn_frag_key *key, u32 owner)
{
	struct mn_frag *e;

	hlist_for_each_entry_rcu(e, bucket_of(f, key, owner), node,
				 lockdep_is_held(&f->lock)) {
		if (e->owner == owner && !memcmp(&e->key, key, sizeof(*key)))
			return e;
	}
	return NULL;
}

static void frag_free_rcu(struct rcu_head *rcu)
{
	kmem_cache_free(mn_frag_cache, container_of(rcu, struct mn_frag, rcu));
}

/* Under the lock. */
static void frag_del(struct mn_frags *f, struct mn_frag *e)
{
	hlist_del_rcu(&e->node);
	hlist_del_init(&e->out_node);
	list_del(&e->age);
	list_del(&e->slot_list);
	f->n_slot[e->slot]--;
	f->n--;
	call_rcu(&e->rcu, frag_free_rcu);
}

/* Under the lock: expire up to @max of the oldest. */
static void frag_expire(struct mn_frags *f, u32 max)
{
	struct mn_frag *e;

	while (max-- && !list_empty(&f->age)) {
		e = list_first_entry(&f->age, struct mn_frag, age);
		if (!expired(e))
			break;
		frag_del(f, e);
	}
}

/* Under the lock: make room for an entry of the slot, at its own expense. */
static bool frag_room(struct mn_frags *f, u16 slot)
{
	frag_expire(f, 2);
	if (f->n < MN_FRAG_MAX && f->n_slot[slot] < MN_FRAG_QUOTA)
		return true;
	if (list_empty(&f->slots[slot]))
		return false;
	frag_del(f, list_first_entry(&f->slots[slot], struct mn_frag,
				     slot_list));
	return true;
}

/* Under the lock: does something alive leave with this key? */
static bool out_taken(struct mn_frags *f, const struct mn_frag_key *out)
{
	struct mn_frag *e;

	hlist_for_each_entry(e, out_bucket_of(f, out), out_node) {
		if (!memcmp(&e->out, out, sizeof(*out)) && !expired(e))
			return true;
	}
	return false;
}

static bool same_addrs(const struct mn_frag_key *a, const struct mn_frag_key *b)
{
	return ipv6_addr_equal(&a->src, &b->src) &&
	       ipv6_addr_equal(&a->dst, &b->dst);
}

/*
 * Under the lock: the id that a translated packet leaves with. Random ones, as
 * the next ones of its sender or another are likely to be taken soon. If there
 * are so many packets that none is free in a few tries, they mix anyway.
 */
static void out_choose(struct mn_frags *f, struct mn_frag_key *out)
{
	int n;

	for (n = 0; n < MN_FRAG_TRIES && out_taken(f, out); n++) {
		out->id = get_random_u32();
		if (out->family == AF_INET)
			out->id &= U16_MAX;
	}
}

/*
 * Under the lock. A first fragment that came twice takes the id it had: later
 * ones may be on their way with that.
 */
static bool frag_add(struct mn_frags *f, struct mn_frag *e)
{
	struct mn_frag *old = frag_find(f, &e->key, e->owner);
	bool again = false;

	if (old) {
		again = !old->dropped && same_addrs(&old->out, &e->out);
		if (again)
			e->out.id = old->out.id;
		frag_del(f, old);
	}
	if (!frag_room(f, e->slot))
		return false;
	if (!again && !same_addrs(&e->key, &e->out))
		out_choose(f, &e->out);
	if (!e->dropped)
		hlist_add_head(&e->out_node, out_bucket_of(f, &e->out));
	hlist_add_head_rcu(&e->node, bucket_of(f, &e->key, e->owner));
	list_add_tail(&e->age, &f->age);
	list_add_tail(&e->slot_list, &f->slots[e->slot]);
	f->n_slot[e->slot]++;
	f->n++;
	return true;
}

static void park_key(struct mn_park_key *pk, u32 owner,
		     const struct mn_frag_key *key)
{
	pk->why = MN_PARK_FRAGMENT;
	pk->owner = owner;
	memcpy(pk->data, key, sizeof(*key));
}

/**
 * mn_frag_first() - the walk of a first fragment that read L4 fields ended
 * @ctx: walk, with its verdict
 *
 * Remembers how, and lets those go that waited for it.
 *
 * Context: BH disabled, RCU.
 */
void mn_frag_first(struct mn_ctx *ctx)
{
	struct mn_frags *f = ctx->mn->frags;
	struct mn_park_key pk;
	struct mn_frag *e;
	bool added;

	if (!ctx->live)
		return;
	e = kmem_cache_zalloc(mn_frag_cache, GFP_ATOMIC | __GFP_NOWARN);
	if (!e)
		return;
	frag_key(&e->key, &ctx->in_key, &ctx->pkt);
	frag_key(&e->out, &ctx->key, &ctx->pkt);
	e->owner = ctx_owner(ctx);
	e->slot = hash_32(ctx->in->obj.index, ilog2(MN_FRAG_SLOTS));
	e->born = jiffies;
	e->dropped = ctx->verdict == MIDONET_VERDICT_DROP;
	e->tcp_flags = ctx->in_key.tcp_flags;
	e->tp_src = ctx->in_key.tp_src;
	e->tp_dst = ctx->in_key.tp_dst;
	e->icmp_id = ctx->in_key.icmp_id;
	park_key(&pk, e->owner, &e->key);
	spin_lock_bh(&f->lock);
	added = frag_add(f, e);
	spin_unlock_bh(&f->lock);
	if (!added)
		kmem_cache_free(mn_frag_cache, e);
	else
		mn_park_release(ctx->mn, &pk);
}

static enum mn_frag_fate decide(struct mn_ctx *ctx)
{
	struct mn_frag_key key;
	struct mn_frag *e;

	if (ctx->frag_alone)
		return MN_FRAG_WALK;
	frag_key(&key, &ctx->in_key, &ctx->pkt);
	e = frag_find(ctx->mn->frags, &key, ctx_owner(ctx));
	if (!e || expired(e)) {
		park_key(&ctx->park, ctx_owner(ctx), &key);
		return MN_FRAG_PARK;
	}
	if (e->dropped)
		return MN_FRAG_DROP;
	ctx->key.tcp_flags = e->tcp_flags;
	ctx->key.tp_src = e->tp_src;
	ctx->key.tp_dst = e->tp_dst;
	ctx->key.icmp_id = e->icmp_id;
	ctx->key.flags |= MN_KEY_L4;
	mn_trace(ctx, NULL, NULL, "fragment", NULL,
		 "takes the L4 header of its first fragment");
	return MN_FRAG_WALK;
}

/**
 * mn_frag_later() - a walk of a later fragment is about to read an L4 field
 * @ctx: walk; may be called any number of times
 *
 * Context: BH disabled, RCU.
 *
 * Return: what to do. Unless it is to be walked, ctx->stop is set
 */
enum mn_frag_fate mn_frag_later(struct mn_ctx *ctx)
{
	ctx->l4_read = true;
	if (ctx->key.flags & MN_KEY_L4 || ctx->frag_alone)
		return MN_FRAG_WALK;
	if (ctx->frag_fate == MN_FRAG_WALK)
		ctx->frag_fate = decide(ctx);
	if (ctx->frag_fate != MN_FRAG_WALK)
		ctx->stop = true;
	return ctx->frag_fate;
}

/*
 * Pieces of a packet that we cut ourselves: ids as a host with its new address
 * would give them, as many as it has segments.
 */
static u32 cut_id(struct mn_ctx *ctx)
{
	struct iphdr iph = {
		.saddr = ctx->key.v4.src,
		.daddr = ctx->key.v4.dst,
		.protocol = ctx->key.proto,
	};
	u32 packets, bytes;

	mn_skb_load(ctx->skb, &packets, &bytes);
	__ip_select_ident(ctx->mn->net, &iph, packets);
	return ntohs(iph.id);
}

/**
 * mn_frag_id() - the id that a fragment leaves with
 * @ctx: walk of a fragment, or of an IPv4 packet that is cut (@ctx->fragment), that
 *	ended with other addresses in @ctx->key than in @ctx->in_key; after
 *	mn_frag_first() for a first fragment
 *
 * What is not remembered keeps its id: fragments that are judged alone, fragments
 * whose walk read no L4 field, and all there are in a trace.
 *
 * Context: BH disabled, RCU.
 *
 * Return: identification, host order; 16 bits for IPv4
 */
u32 mn_frag_id(struct mn_ctx *ctx)
{
	struct mn_frag_key key;
	struct mn_frag *e;

	if (ctx->in_key.frag == MN_FRAG_NONE)
		return cut_id(ctx);
	if (!ctx->l4_read || ctx->frag_alone)
		return ctx->pkt.frag_id;
	frag_key(&key, &ctx->in_key, &ctx->pkt);
	e = frag_find(ctx->mn->frags, &key, ctx_owner(ctx));
	return e && !expired(e) ? e->out.id : ctx->pkt.frag_id;
}

/**
 * mn_frag_parked() - a later fragment was parked
 * @mn: namespace
 * @pk: what for
 *
 * Its first may have come between the look-up and the parking, and found nobody
 * to release.
 *
 * Context: RCU.
 */
void mn_frag_parked(struct mn_net *mn, const struct mn_park_key *pk)
{
	struct mn_frag_key key;

	memcpy(&key, pk->data, sizeof(key));
	if (frag_find(mn->frags, &key, pk->owner))
		mn_park_release(mn, pk);
}

static void frag_work(struct work_struct *work)
{
	struct mn_frags *f = container_of(to_delayed_work(work),
					  struct mn_frags, work);
	u32 n;

	do {
		spin_lock_bh(&f->lock);
		n = f->n;
		frag_expire(f, 64);
		n -= f->n;
		spin_unlock_bh(&f->lock);
		cond_resched();
	} while (n == 64);
	schedule_delayed_work(&f->work, MN_FRAG_LIFE);
}

/**
 * mn_frags_init() - set up the fragment table of a namespace
 * @mn: namespace
 *
 * Context: may sleep.
 *
 * Return: 0 or -ENOMEM
 */
int mn_frags_init(struct mn_net *mn)
{
	struct mn_frags *f = kvzalloc(sizeof(*f), GFP_KERNEL_ACCOUNT);
	int i;

	if (!f)
		return -ENOMEM;
	spin_lock_init(&f->lock);
	INIT_LIST_HEAD(&f->age);
	for (i = 0; i < MN_FRAG_SLOTS; i++)
		INIT_LIST_HEAD(&f->slots[i]);
	INIT_DELAYED_WORK(&f->work, frag_work);
	mn->frags = f;
	schedule_delayed_work(&f->work, MN_FRAG_LIFE);
	return 0;
}

/**
 * mn_frags_stop() - stop expiry
 * @mn: namespace
 *
 * Context: may sleep.
 */
void mn_frags_stop(struct mn_net *mn)
{
	cancel_delayed_work_sync(&mn->frags->work);
}

/**
 * mn_frags_exit() - free the table
 * @mn: namespace; no packet is in a walk
 *
 * Context: may sleep.
 */
void mn_frags_exit(struct mn_net *mn)
{
	struct mn_frags *f = mn->frags;
	struct mn_frag *e, *next;

	cancel_delayed_work_sync(&f->work);
	list_for_each_entry_safe(e, next, &f->age, age)
		kmem_cache_free(mn_frag_cache, e);
	kvfree(f);
}

/**
 * mn_frag_caches_create() - make the slab of fragments
 *
 * Return: 0 or -ENOMEM
 */
int mn_frag_caches_create(void)
{
	mn_frag_cache = KMEM_CACHE(mn_frag, 0);
	return mn_frag_cache ? 0 : -ENOMEM;
}

/**
 * mn_frag_caches_destroy() - the opposite
 *
 * Context: after rcu_barrier(); may sleep.
 */
void mn_frag_caches_destroy(void)
{
	kmem_cache_destroy(mn_frag_cache);
}
