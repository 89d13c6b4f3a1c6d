// SPDX-License-Identifier: GPL-2.0
/*
 * The shared table behind the per-CPU caches: wildcard entries, found by
 * probing one mask after the other.
 *
 * A flow may be used while its dependencies are what they were when it was
 * walked (sim/dep.h). That is judged when it is found, so nothing has to be
 * flushed when the topology changes; who finds an outdated flow kills it, and
 * the sweep kills those nobody asks for. A dead flow is reaped in two steps,
 * see flow/cache.h; until then it is charged to its port.
 */
#include <linux/rhashtable.h>
#include <linux/slab.h>

#include "flow/cache.h"
#include "flow/flow.h"
#include "port/port.h"
#include "sim/count.h"
#include "sim/ctx.h"
#include "sim/drop.h"
#include "sim/used.h"

struct mn_flow_ref {
	struct mn_flow_key key;
	const struct mn_mask *mask;
	u32 hash;
};

/* The biggest holds what a walk can collect at most. */
#define MN_FLOW_TAIL_MAX						\
	((MN_FLOW_VIA + MN_FLOW_RW + MN_FLOW_XLAT) * sizeof(u64) +	\
	 MN_CACHE_OUTS * sizeof(struct mn_out) +			\
	 MN_CTX_DEPS * sizeof(struct mn_dep) +				\
	 (MN_CTX_COUNTS + MN_CTX_TOUCH + MN_CTX_LINKS + MN_TRACKS) *	\
	 sizeof(void *))

static struct mn_flow_class {
	const char *name;
	size_t size;
	struct kmem_cache *cache;
} classes[] = {
	{ "mn_flow_256", 256 },
	{ "mn_flow_320", 320 },
	{ "mn_flow_448", 448 },
	{ "mn_flow_max", MN_FLOW_HEAD + MN_FLOW_TAIL_MAX },
};

static u32 ref_hash(const void *data, u32 len, u32 seed)
{
	const struct mn_flow_ref *ref = data;

	return ref->hash;
}

static u32 flow_hash(const void *data, u32 len, u32 seed)
{
	const struct mn_flow *flow = data;

	return flow->hash;
}

static int flow_cmp(struct rhashtable_compare_arg *arg, const void *data)
{
	const struct mn_flow_ref *ref = arg->key;
	const struct mn_flow *flow = data;
	u64 diff = 0;
	int i;

	if (flow->hash != ref->hash || flow->mask != ref->mask)
		return 1;
	for (i = 0; i < MN_KEY_WORDS; i++)
		diff |= flow->key.w[i] ^ ref->key.w[i];
	return !!diff;
}

static const struct rhashtable_params flow_params = {
	.head_offset = offsetof(struct mn_flow, node),
	.hashfn = ref_hash,
	.obj_hashfn = flow_hash,
	.obj_cmpfn = flow_cmp,
	.automatic_shrinking = true,
};

static __always_inline void ref_init(struct mn_flow_ref *ref,
				     const struct mn_net *mn,
				     const struct mn_flow_key *key,
				     const struct mn_mask *mask)
{
	int i;

	for (i = 0; i < MN_KEY_WORDS; i++)
		ref->key.w[i] = key->w[i] & mask->w[i];
	ref->mask = mask;
	/*
	 * One seed a mask, lest packets collide in all masks at once; the upper
	 * half, because the lower one chooses the slot of the cache.
	 */
	ref->hash = mn_words_hash(ref->key.w, mn->seed.key[0] + mask->id) >> 32;
}

/**
 * mn_key_hash() - keyed hash of a whole key
 * @key: key
 * @seed: secret
 */
u64 mn_key_hash(const struct mn_flow_key *key, u64 seed)
{
	return mn_words_hash(key->w, seed);
}

/**
 * mn_key_entropy() - hash of the connection a packet belongs to
 * @key: its headers
 *
 * For where packets of one connection have to stay in order, and those of several
 * should take several ways. All fragments of a packet have one, whatever the first
 * says of ports. Without a secret: it is seen on the wire anyway.
 *
 * Return: hash
 */
u32 mn_key_entropy(const struct mn_flow_key *key)
{
	u64 ports = 0, h;

	if (key->frag == MN_FRAG_NONE)
		ports = (__force u64)key->tp_src << 32 |
			(__force u64)key->tp_dst << 16 |
			(__force u64)key->icmp_id;
	h = mn_fold64(key->w[0] ^ 0x9e3779b97f4a7c15ULL,
		      key->w[1] ^ 0xbf58476d1ce4e5b9ULL);
	h ^= mn_fold64(key->w[4] ^ 0x94d049bb133111ebULL,
		       key->w[5] ^ 0xd6e8feb86659fd93ULL);
	h ^= mn_fold64(key->w[6] ^ 0xa0761d6478bd642fULL,
		       key->w[7] ^ 0xe7037ed1a0b428dbULL);
	return mn_fold64(h ^ key->proto, ports ^ 0x8ebc6af09c88c6e3ULL) >> 32;
}

/**
 * mn_flow_find() - look a packet up in the shared table
 * @mn: namespace
 * @key: its headers
 *
 * Context: RCU.
 *
 * Return: a flow that may be outdated, see mn_flow_valid(); NULL if there is
 * none
 */
struct mn_flow *mn_flow_find(struct mn_net *mn, const struct mn_flow_key *key)
{
	struct mn_flow_table *table = mn->flows;
	u32 n = smp_load_acquire(&table->n_masks);	/* then their words */
	struct mn_flow_ref ref;
	struct mn_flow *flow;
	u32 i;

	for (i = 0; i < n; i++) {
		u8 id = READ_ONCE(table->order[i]);
		const struct mn_mask_hint *hint = &table->hints[id];

		if (!(READ_ONCE(hint->kinds) &
		      mn_mask_kind(key->w, READ_ONCE(hint->select))))
			continue;
		ref_init(&ref, mn, key, &table->masks[id]);
		flow = rhashtable_lookup(&table->ht, &ref, flow_params);
		if (flow)
			return flow;
	}
	return NULL;
}

/**
 * mn_flow_kill() - let a flow not be used any more
 * @table: its table
 * @flow: flow in the table
 *
 * Context: RCU.
 *
 * Return: true if it was alive
 */
bool mn_flow_kill(struct mn_flow_table *table, struct mn_flow *flow)
{
	if (xchg(&flow->epoch, MN_EPOCH_DEAD) == MN_EPOCH_DEAD)
		return false;
	rhashtable_remove_fast(&table->ht, &flow->node, flow_params);
	llist_add(&flow->dead, &table->dead);
	return true;
}

static bool deps_unchanged(const struct mn_net *mn, const struct mn_flow *flow)
{
	const struct mn_dep *deps = mn_flow_deps(flow);
	int i;

	for (i = 0; i < flow->n_deps; i++) {
		if (mn_dep_read(mn, deps[i].slot) != deps[i].val)
			return false;
	}
	return true;
}

/**
 * mn_flow_revalidate() - the epoch has moved; may a flow still be used?
 * @mn: namespace
 * @flow: flow
 * @epoch: read before
 *
 * Context: RCU.
 *
 * Return: true if its dependencies are unchanged; else it is dead now
 */
bool mn_flow_revalidate(struct mn_net *mn, struct mn_flow *flow, u64 epoch)
{
	u64 old = READ_ONCE(flow->epoch);

	if (old == MN_EPOCH_DEAD)
		return false;
	if (deps_unchanged(mn, flow)) {
		/*
		 * Another CPU may have adopted a later epoch, or killed it: then
		 * leave it so. To have used it once more is right: when the
		 * counters were read, nothing had changed.
		 */
		if (old < epoch)
			cmpxchg(&flow->epoch, old, epoch);
		return true;
	}
	mn_flow_kill(mn->flows, flow);
	return false;
}

/**
 * mn_flow_would_hit() - would the flow table serve a packet?
 * @mn: namespace
 * @key: its headers
 *
 * Context: RCU. Changes nothing.
 */
bool mn_flow_would_hit(struct mn_net *mn, const struct mn_flow_key *key)
{
	struct mn_flow *flow = mn_flow_find(mn, key);

	return flow && READ_ONCE(flow->epoch) != MN_EPOCH_DEAD &&
	       deps_unchanged(mn, flow);
}

/**
 * mn_flow_count_foreign() - count on a CPU that has no counters of the flow yet
 * @flow: flow
 * @packets: packets
 * @bytes: bytes
 *
 * Most flows stay on one CPU, so memory for the others is taken only for flows
 * that are worth it.
 *
 * Context: BH disabled, RCU.
 */
void mn_flow_count_foreign(struct mn_flow *flow, u32 packets, u32 bytes)
{
	struct mn_flow_stats __percpu *pcpu;
	unsigned long now = jiffies;

	atomic64_add(bytes, &flow->foreign_bytes);
	if (READ_ONCE(flow->stats.used) != now)
		WRITE_ONCE(flow->stats.used, now);
	if (atomic64_add_return(packets, &flow->foreign_packets) <
	    MN_FOREIGN_MAX)
		return;
	pcpu = alloc_percpu_gfp(struct mn_flow_stats,
				GFP_NOWAIT | __GFP_NOWARN);
	if (pcpu && cmpxchg(&flow->pcpu, NULL, pcpu))
		free_percpu(pcpu);
}

/**
 * mn_flow_stats_sum() - counters of a flow over all CPUs
 * @flow: flow
 * @sum: filled in
 */
void mn_flow_stats_sum(const struct mn_flow *flow, struct mn_flow_stats *sum)
{
	struct mn_flow_stats __percpu *pcpu = READ_ONCE(flow->pcpu);
	int cpu;

	sum->packets = READ_ONCE(flow->stats.packets) +
		       atomic64_read(&flow->foreign_packets);
	sum->bytes = READ_ONCE(flow->stats.bytes) +
		     atomic64_read(&flow->foreign_bytes);
	sum->used = READ_ONCE(flow->stats.used);
	if (!pcpu)
		return;
	for_each_possible_cpu(cpu) {
		const struct mn_flow_stats *s = per_cpu_ptr(pcpu, cpu);
		unsigned long used = READ_ONCE(s->used);

		sum->packets += READ_ONCE(s->packets);
		sum->bytes += READ_ONCE(s->bytes);
		if (used && time_after(used, sum->used))
			sum->used = used;
	}
}

static void put_refs(struct mn_net *mn, struct mn_flow *flow)
{
	unsigned long *links = mn_flow_links(flow);
	int i;

	for (i = 0; i < flow->n_counts; i++)
		mn_count_put(mn_flow_counts(flow)[i]);
	for (i = 0; i < flow->n_touch; i++)
		mn_used_put(mn_flow_touch(flow)[i]);
	for (i = 0; i < flow->n_links; i++) {
		struct mn_port *port = (void *)(links[i] & ~MN_LINK_RX);

		mn_obj_put(mn, &port->obj);
	}
	for (i = 0; i < flow->n_conns; i++)
		mn_conn_put(mn_flow_conn(mn_flow_conns(flow)[i]));
	if (flow->verdict == MIDONET_VERDICT_DROP)
		mn_drop_place_put(flow->place);
}

/**
 * mn_flow_free() - release a flow and what it holds
 * @mn: namespace
 * @flow: flow that no packet has any more
 *
 * Context: may sleep.
 */
void mn_flow_free(struct mn_net *mn, struct mn_flow *flow)
{
	mn_flow_prove(flow);
	put_refs(mn, flow);
	mn_mask_put(mn->flows, flow->mask);
	atomic_dec(&flow->in->n_flows);
	mn_obj_put(mn, &flow->in->obj);
	free_percpu(flow->pcpu);
	kmem_cache_free(classes[flow->cache].cache, flow);
	atomic_dec(&mn->flows->n_flows);
}

/**
 * mn_flow_add() - enter a flow into the table
 * @table: table
 * @flow: complete but for @node
 *
 * Context: BH disabled.
 *
 * Return: 0, -EEXIST, -ENOMEM
 */
int mn_flow_add(struct mn_flow_table *table, struct mn_flow *flow)
{
	struct mn_flow_ref ref = {
		.key = flow->key,
		.mask = flow->mask,
		.hash = flow->hash,
	};

	mn_mask_note(table, flow);
	return rhashtable_lookup_insert_key(&table->ht, &ref, &flow->node,
					    flow_params);
}

/* Charge a flow to table and port, unless one of them is full. */
static bool charge(struct mn_net *mn, struct mn_port *in)
{
	struct mn_flow_table *table = mn->flows;

	if (atomic_inc_return(&table->n_flows) > READ_ONCE(mn->limits.flows_max))
		goto err_table;
	if (atomic_inc_return(&in->n_flows) >
	    READ_ONCE(mn->limits.flows_per_port))
		goto err_port;
	if (unlikely(!refcount_inc_not_zero(&in->obj.ident.ref)))
		goto err_port;
	return true;

err_port:
	atomic_dec(&in->n_flows);
err_table:
	atomic_dec(&table->n_flows);
	return false;
}

/* A packet may be dropped after some branch of it found an output. */
static u8 outs_of(const struct mn_ctx *ctx)
{
	return ctx->verdict == MIDONET_VERDICT_DROP ? 0 : ctx->n_outs;
}

/* To just one port, which is another host's. */
static bool to_remote(const struct mn_ctx *ctx)
{
	return outs_of(ctx) == 1 && ctx->outs[0].remote;
}

static struct mn_flow *flow_alloc(const struct mn_ctx *ctx)
{
	size_t n_outs = outs_of(ctx) > 1 ? outs_of(ctx) : 0;
	size_t size = MN_FLOW_HEAD + (to_remote(ctx) ? MN_FLOW_VIA * 8 : 0) +
		      (ctx->rw.hops ? MN_FLOW_RW * 8 : 0) +
		      (ctx->translated ? MN_FLOW_XLAT * 8 : 0) +
		      n_outs * sizeof(struct mn_out) +
		      ctx->n_deps * sizeof(struct mn_dep) +
		      (ctx->n_counts + ctx->n_touch + ctx->n_links +
		       ctx->n_tracks) * sizeof(void *);
	struct mn_flow *flow;
	u8 i = 0;

	BUILD_BUG_ON(MN_CTX_DEPS > U8_MAX || MN_CTX_COUNTS > U8_MAX ||
		     MN_CTX_LINKS > U8_MAX || MN_CACHE_OUTS > U8_MAX);
	while (size > classes[i].size)
		if (++i == ARRAY_SIZE(classes))
			return NULL;
	flow = kmem_cache_alloc(classes[i].cache, GFP_ATOMIC | __GFP_NOWARN);
	if (!flow)
		return NULL;
	memset(flow, 0, MN_FLOW_HEAD);
	flow->cache = i;
	return flow;
}

/* One that ended meanwhile has moved the counter the flow depends on. */
static void fill_conns(struct mn_flow *flow, const struct mn_ctx *ctx)
{
	unsigned long *conns = mn_flow_conns(flow);
	const struct mn_track *t;

	/* What is dropped keeps nobody's connection alive. */
	if (flow->verdict == MIDONET_VERDICT_DROP)
		return;
	for (t = ctx->tracks; t < ctx->tracks + ctx->n_tracks; t++) {
		if (!t->conn || !mn_conn_get(t->conn))
			continue;
		conns[flow->n_conns++] = (unsigned long)t->conn | t->dir;
		flow->watch |= mn_conn_watch(t->conn);
	}
}

/* After the counts: what there is of them says where the others are. */
static void fill_outs(struct mn_flow *flow, const struct mn_ctx *ctx)
{
	if (flow->n_outs == 1)
		flow->out = ctx->outs[0].exit;
	if (mn_flow_is_remote(flow))
		*mn_flow_via(flow) = ctx->outs[0].via;
	if (flow->routed)
		*mn_flow_rewrite(flow) = ctx->rw;
	if (flow->translated)
		*mn_flow_translation(flow) = ctx->translation;
	if (flow->n_outs > 1)
		memcpy(mn_flow_tail_outs(flow), ctx->outs,
		       flow->n_outs * sizeof(*ctx->outs));
}

/* The lists of the tail lie behind each other: set the counts first. */
static void fill_tail(struct mn_flow *flow, const struct mn_ctx *ctx)
{
	struct mn_used **touch;
	unsigned long *links;
	int i;

	flow->n_outs = outs_of(ctx);
	flow->routed = ctx->rw.hops;
	flow->n_deps = ctx->n_deps;
	flow->n_counts = ctx->n_counts;
	flow->translated = flow->routed && ctx->translated;
	fill_outs(flow, ctx);
	memcpy(mn_flow_deps(flow), ctx->deps,
	       flow->n_deps * sizeof(*ctx->deps));
	for (i = 0; i < ctx->n_counts; i++) {
		mn_count_get(ctx->counts[i]);
		mn_flow_counts(flow)[i] = ctx->counts[i];
	}
	/* One that left its table meanwhile needs nothing to keep it alive. */
	touch = mn_flow_touch(flow);
	for (i = 0; i < ctx->n_touch; i++) {
		if (refcount_inc_not_zero(&ctx->touch[i]->ref))
			touch[flow->n_touch++] = ctx->touch[i];
	}
	links = mn_flow_links(flow);
	for (i = 0; i < ctx->n_links; i++) {
		struct mn_port *port = ctx->links[i].port;

		if (!refcount_inc_not_zero(&port->obj.ident.ref))
			continue;
		links[flow->n_links++] = (unsigned long)port |
					 (ctx->links[i].rx ? MN_LINK_RX : 0);
	}
	fill_conns(flow, ctx);
}

static struct mn_flow *flow_new(const struct mn_ctx *ctx)
{
	struct mn_net *mn = ctx->mn;
	struct mn_flow_key words = ctx->mask;
	struct mn_flow_ref ref;
	struct mn_flow *flow = flow_alloc(ctx);

	if (!flow)
		return NULL;
	if (ctx->verdict == MIDONET_VERDICT_DROP) {
		flow->reason = ctx->drop.reason;
		flow->place = mn_drop_place_get(mn, &ctx->drop);
		if (!flow->place) {
			kmem_cache_free(classes[flow->cache].cache, flow);
			return NULL;
		}
	}
	mn_mask_canon(&words, &ctx->in_key);
	flow->mask = mn_mask_get(mn->flows, &words,
				 READ_ONCE(mn->limits.masks_max));
	ref_init(&ref, mn, &ctx->in_key, flow->mask);
	flow->key = ref.key;
	flow->hash = ref.hash;
	flow->epoch = ctx->epoch;
	flow->verdict = ctx->verdict;
	flow->owner = smp_processor_id();
	flow->created = jiffies / HZ;
	flow->in = ctx->in;
	fill_tail(flow, ctx);
	return flow;
}

/*
 * Nothing the walk read may have changed, or may change unseen from now on. The
 * generation comes last, see the proof in sim/dep.h.
 */
static bool still_true(const struct mn_ctx *ctx)
{
	int i;

	for (i = 0; i < ctx->n_deps; i++) {
		if (!mn_dep_watch(ctx->mn, &ctx->deps[i]))
			return false;
	}
	return mn_net_generation(ctx->mn) == ctx->generation;
}

/**
 * mn_flow_install() - remember the outcome of a walk
 * @ctx: walk that is over and cacheable
 * @skb: the packet, counted as the flow's first; still the caller's
 *
 * Context: BH disabled, RCU, the section the walk began in.
 *
 * Return: true if the flow counts the packet for what the walk noted; false if
 * nothing was installed, then the caller counts
 */
bool mn_flow_install(struct mn_ctx *ctx, struct sk_buff *skb)
{
	struct mn_net *mn = ctx->mn;
	struct mn_flow_table *table = mn->flows;
	u32 packets, bytes;
	struct mn_flow *flow;

	if (unlikely(!ctx->live || table->stopped ||
		     ctx->n_outs > MN_CACHE_OUTS))
		return false;
	if (unlikely(!charge(mn, ctx->in))) {
		mn_flows_arm(mn, true);
		return false;
	}
	flow = still_true(ctx) ? flow_new(ctx) : NULL;
	if (!flow) {
		atomic_dec(&ctx->in->n_flows);
		/* Not the last one: the walk has it from a table. */
		refcount_dec(&ctx->in->obj.ident.ref);
		atomic_dec(&table->n_flows);
		return false;
	}
	mn_skb_load(skb, &packets, &bytes);
	flow->stats = (struct mn_flow_stats){ packets, bytes, jiffies };
	if (mn_flow_on_trial(ctx->in)) {
		flow->unproven = 1;
		atomic_inc(&ctx->in->n_unproven);
	}
	if (mn_flow_add(table, flow)) {
		/* Another CPU was first; this one waits for the reaper. */
		flow->epoch = MN_EPOCH_DEAD;
		flow->folded_packets = packets;
		flow->folded_bytes = bytes;
		llist_add(&flow->dead, &table->dead);
		mn_flows_arm(mn, false);
		return false;
	}
	mn_flows_arm(mn, false);
	return true;
}

/**
 * mn_flows_count() - flows of a namespace
 * @mn: namespace
 *
 * Return: those in the table and those that wait to be freed
 */
u32 mn_flows_count(const struct mn_net *mn)
{
	return atomic_read(&mn->flows->n_flows);
}

/**
 * mn_flows_init() - set a flow table up
 * @mn: namespace
 *
 * Return: 0 or -ENOMEM
 */
int mn_flows_init(struct mn_net *mn)
{
	struct mn_flow_table *table;
	int err;

	table = kvzalloc(sizeof(*table), GFP_KERNEL_ACCOUNT);
	if (!table)
		return -ENOMEM;
	err = rhashtable_init(&table->ht, &flow_params);
	if (err) {
		kvfree(table);
		return err;
	}
	mutex_init(&table->fold_lock);
	init_llist_head(&table->dead);
	mn_masks_init(table);
	INIT_DELAYED_WORK(&mn->flow_work, mn_flows_sweep);
	mn->flows = table;
	return 0;
}

/**
 * mn_flows_exit() - release the flow table
 * @mn: namespace after mn_flows_stop()
 */
void mn_flows_exit(struct mn_net *mn)
{
	cancel_delayed_work_sync(&mn->flow_work);
	WARN_ON_ONCE(mn_flows_count(mn));
	rhashtable_destroy(&mn->flows->ht);
	mutex_destroy(&mn->flows->fold_lock);
	kvfree(mn->flows);
	mn->flows = NULL;
}

/**
 * mn_flow_caches_destroy() - end of the slab caches
 */
void mn_flow_caches_destroy(void)
{
	int i;

	for (i = 0; i < ARRAY_SIZE(classes); i++) {
		kmem_cache_destroy(classes[i].cache);
		classes[i].cache = NULL;
	}
}

/**
 * mn_flow_caches_create() - make the slab caches
 *
 * Return: 0 or -ENOMEM
 */
int mn_flow_caches_create(void)
{
	int i;

	BUILD_BUG_ON(MN_FLOW_HEAD % 8);
	for (i = 0; i < ARRAY_SIZE(classes); i++) {
		classes[i].cache = kmem_cache_create(classes[i].name,
						     classes[i].size, 0,
						     SLAB_HWCACHE_ALIGN, NULL);
		if (!classes[i].cache) {
			mn_flow_caches_destroy();
			return -ENOMEM;
		}
	}
	return 0;
}
