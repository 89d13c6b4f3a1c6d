// SPDX-License-Identifier: GPL-2.0
/*
 * Contexts of walks. A context is far too large for the stack of a softirq, so
 * every CPU has a few, one for each level of nesting: sending a packet may bring
 * another one to an rx handler of ours before the first is done.
 *
 * A context is used with BH disabled from mn_ctx_get() to mn_ctx_put(), so its
 * CPU cannot change and only a nested packet can come between, which is done
 * before its host goes on: a counter is all the bookkeeping.
 */
#include <linux/bottom_half.h>
#include <linux/percpu.h>
#include <linux/slab.h>
#include <linux/string.h>
#include <net/ipv6.h>

#include "l2/flood.h"
#include "port/port.h"
#include "sim/count.h"
#include "sim/ctx.h"
#include "sim/trace.h"

#define MN_CTX_LEVELS	4

/**
 * struct mn_ctx_stack - contexts of a CPU
 * @level: contexts in use
 * @ctx: contexts
 */
struct mn_ctx_stack {
	unsigned int level;
	struct mn_ctx *ctx[MN_CTX_LEVELS];
};

static DEFINE_PER_CPU(struct mn_ctx_stack, mn_ctx_stacks);

/**
 * mn_ctx_get() - take a context of this CPU
 *
 * Context: BH disabled, until mn_ctx_put().
 *
 * Return: a context to be set up by mn_ctx_init(), NULL if packets are nested
 * too deeply
 */
struct mn_ctx *mn_ctx_get(void)
{
	struct mn_ctx_stack *s = this_cpu_ptr(&mn_ctx_stacks);

	if (unlikely(s->level >= MN_CTX_LEVELS))
		return NULL;
	return s->ctx[s->level++];
}

/**
 * mn_ctx_put() - give back the context taken last
 * @ctx: from mn_ctx_get()
 *
 * Context: BH disabled.
 */
void mn_ctx_put(struct mn_ctx *ctx)
{
	struct mn_ctx_stack *s = this_cpu_ptr(&mn_ctx_stacks);

	s->level--;
	WARN_ON_ONCE(s->ctx[s->level] != ctx);
}

/**
 * mn_ctx_init() - set a context up for a packet
 * @ctx: context
 * @mn: namespace
 * @skb: packet, data at the Ethernet header; the walk does not change it
 * @in: port where it enters the overlay
 * @key: its headers
 * @pkt: what else is known of it
 *
 * Reads the epoch, then the generation, so that whatever changes from now on
 * is noticed by mn_flow_install() or by the first hit.
 *
 * Context: BH disabled, RCU.
 */
void mn_ctx_init(struct mn_ctx *ctx, struct mn_net *mn, struct sk_buff *skb,
		 struct mn_port *in, const struct mn_flow_key *key,
		 const struct mn_pkt *pkt)
{
	/*
	 * What is before is set below; the arrays behind are counted, their old
	 * contents do no harm.
	 */
	memset((void *)ctx + offsetof(struct mn_ctx, mask), 0,
	       offsetof(struct mn_ctx, deps) - offsetof(struct mn_ctx, mask));
	ctx->mn = mn;
	ctx->skb = skb;
	ctx->in = in;
	ctx->key = *key;
	ctx->in_key = *key;
	ctx->pkt = *pkt;
	ctx->live = true;
	ctx->cacheable = true;
	ctx->mtu = U32_MAX;
	ctx->epoch = mn_epoch(mn);
	ctx->generation = mn_net_generation(mn);
}

/**
 * mn_ctx_dep() - note a dependency
 * @ctx: walk
 * @slot: version counter; the data it stands for is read after this
 */
void mn_ctx_dep(struct mn_ctx *ctx, u32 slot)
{
	u16 i;

	if (!ctx->cacheable)
		return;
	for (i = 0; i < ctx->n_deps; i++) {
		if (ctx->deps[i].slot == slot)
			return;
	}
	if (ctx->n_deps == MN_CTX_DEPS) {
		ctx->cacheable = false;
		return;
	}
	ctx->deps[i].slot = slot;
	ctx->deps[i].val = mn_dep_read(ctx->mn, slot);
	ctx->n_deps++;
}

/**
 * mn_ctx_dep_again() - note a dependency anew after the walk itself changed it
 * @ctx: walk
 * @slot: version counter; all data it stands for that this walk used has to be
 *	read again after this
 *
 * Else a flow would depend on the state before its own first packet, and the
 * second packet would be walked, too.
 */
void mn_ctx_dep_again(struct mn_ctx *ctx, u32 slot)
{
	u16 i;

	for (i = 0; i < ctx->n_deps; i++) {
		if (ctx->deps[i].slot != slot)
			continue;
		ctx->deps[i].val = mn_dep_read(ctx->mn, slot);
		return;
	}
}

/**
 * mn_ctx_dep_moved() - the walk itself has bumped a version counter once
 * @ctx: walk that is over
 * @slot: version counter; what the walk knows of what it stands for is what it
 *	has made of it
 *
 * If somebody else bumped it, too, the flow is not installed.
 */
void mn_ctx_dep_moved(struct mn_ctx *ctx, u32 slot)
{
	u16 i;

	for (i = 0; i < ctx->n_deps; i++) {
		if (ctx->deps[i].slot != slot)
			continue;
		ctx->deps[i].val += MN_DEP_STEP;
		return;
	}
}

/**
 * mn_ctx_count() - note that the packet counts for something
 * @ctx: walk
 * @count: its counters, referenced by it and found under RCU of the walk
 */
void mn_ctx_count(struct mn_ctx *ctx, struct mn_count *count)
{
	u32 packets, bytes;

	if (ctx->n_counts < MN_CTX_COUNTS) {
		ctx->counts[ctx->n_counts++] = count;
		return;
	}
	/* Nobody will remember it: count it now. */
	ctx->cacheable = false;
	if (!ctx->live)
		return;
	mn_skb_load(ctx->skb, &packets, &bytes);
	mn_count_add(count, packets, bytes);
}

/**
 * mn_ctx_link() - note an interior port the packet crossed
 * @ctx: walk
 * @port: port
 * @rx: into its device (else out of it)
 */
void mn_ctx_link(struct mn_ctx *ctx, struct mn_port *port, bool rx)
{
	u32 packets, bytes;

	if (ctx->n_links < MN_CTX_LINKS) {
		ctx->links[ctx->n_links].port = port;
		ctx->links[ctx->n_links].rx = rx;
		ctx->n_links++;
		return;
	}
	ctx->cacheable = false;
	if (!ctx->live)
		return;
	mn_skb_load(ctx->skb, &packets, &bytes);
	if (rx)
		mn_port_count_rx(port, packets, bytes);
	else
		mn_port_count_tx(port, packets, bytes);
}

/**
 * mn_ctx_touch() - note something learned that the packet's flow keeps alive
 * @ctx: walk
 * @used: it
 */
void mn_ctx_touch(struct mn_ctx *ctx, struct mn_used *used)
{
	if (ctx->n_touch < MN_CTX_TOUCH)
		ctx->touch[ctx->n_touch++] = used;
	else
		ctx->cacheable = false;
}

/**
 * mn_ctx_out() - note an output
 * @ctx: walk
 * @out: output; its port, and how that is reached, were noted as dependencies
 *
 * Return: false if there is no room: the packet is to be dropped
 */
bool mn_ctx_out(struct mn_ctx *ctx, const struct mn_out *out)
{
	if (ctx->n_outs == MN_CTX_OUTS && !mn_flood_add(ctx))
		return false;
	ctx->outs[ctx->n_outs++] = *out;
	if (unlikely(ctx->trace))
		mn_trace_out(ctx, out->port);
	return true;
}

/* Bits of an address that were read, as a mask. */
static void read_prefix(struct in6_addr *v6, __be32 *v4, bool is_v6, u8 bits)
{
	struct in6_addr ones, mask;
	int i;

	if (!is_v6) {
		*v4 |= bits ? htonl(~0U << (32 - bits)) : 0;
		return;
	}
	memset(&ones, 0xff, sizeof(ones));
	ipv6_addr_prefix(&mask, &ones, bits);
	for (i = 0; i < 4; i++)
		v6->s6_addr32[i] |= mask.s6_addr32[i];
}

/**
 * mn_ctx_read_src() - note that the walk read the first bits of the IP source
 * @ctx: walk of an IP packet
 * @bits: 0..32 or 0..128
 */
void mn_ctx_read_src(struct mn_ctx *ctx, u8 bits)
{
	struct mn_flow_key *mask = &ctx->mask;
	struct in6_addr v6 = mask->v6.src;
	__be32 v4 = mask->v4.src;

	if (ctx->in_key.eth_type == htons(ETH_P_IPV6)) {
		read_prefix(&v6, NULL, true, bits);
		mask->v6.src = v6;
	} else {
		read_prefix(NULL, &v4, false, bits);
		mask->v4.src = v4;
	}
}

/**
 * mn_ctx_read_dst() - note that the walk read the first bits of the IP destination
 * @ctx: walk of an IP packet
 * @bits: 0..32 or 0..128
 */
void mn_ctx_read_dst(struct mn_ctx *ctx, u8 bits)
{
	struct mn_flow_key *mask = &ctx->mask;
	struct in6_addr v6 = mask->v6.dst;
	__be32 v4 = mask->v4.dst;

	if (ctx->in_key.eth_type == htons(ETH_P_IPV6)) {
		read_prefix(&v6, NULL, true, bits);
		mask->v6.dst = v6;
	} else {
		read_prefix(NULL, &v4, false, bits);
		mask->v4.dst = v4;
	}
}

/**
 * mn_ctx_drop() - the packet, or a branch of it, ends here
 * @ctx: walk
 * @reason: &enum midonet_drop_reason
 * @device: device, or NULL
 * @port: port, or NULL
 * @rule: rule, or NULL
 *
 * The first drop is the packet's, if it has no output.
 */
void mn_ctx_drop(struct mn_ctx *ctx, u32 reason, const struct mn_obj *device,
		 const struct mn_port *port, const struct mn_rule *rule)
{
	if (ctx->drop.reason)
		return;
	ctx->drop.reason = reason;
	ctx->drop.device = device;
	ctx->drop.port = port;
	ctx->drop.rule = rule;
}

/**
 * mn_ctx_abort() - the whole packet is dropped, whatever outputs it has so far
 * @ctx: walk
 * @reason: &enum midonet_drop_reason
 * @device: device, or NULL
 * @port: port, or NULL
 */
void mn_ctx_abort(struct mn_ctx *ctx, u32 reason, const struct mn_obj *device,
		  const struct mn_port *port)
{
	ctx->drop.reason = reason;
	ctx->drop.device = device;
	ctx->drop.port = port;
	ctx->drop.rule = NULL;
	ctx->stop = true;
	ctx->no_outs = true;
}

/**
 * mn_ctx_caches_create() - allocate the contexts of all CPUs
 *
 * Context: may sleep.
 *
 * Return: 0 or -ENOMEM
 */
int mn_ctx_caches_create(void)
{
	struct mn_ctx_stack *s;
	int cpu, i;

	for_each_possible_cpu(cpu) {
		s = per_cpu_ptr(&mn_ctx_stacks, cpu);
		for (i = 0; i < MN_CTX_LEVELS; i++) {
			s->ctx[i] = kvzalloc_node(sizeof(*s->ctx[i]),
						  GFP_KERNEL, cpu_to_node(cpu));
			if (!s->ctx[i])
				goto err;
		}
	}
	return 0;

err:
	mn_ctx_caches_destroy();
	return -ENOMEM;
}

/**
 * mn_ctx_caches_destroy() - free the contexts
 *
 * Context: may sleep. No packet is left.
 */
void mn_ctx_caches_destroy(void)
{
	struct mn_ctx_stack *s;
	int cpu, i;

	for_each_possible_cpu(cpu) {
		s = per_cpu_ptr(&mn_ctx_stacks, cpu);
		for (i = 0; i < MN_CTX_LEVELS; i++) {
			kvfree(s->ctx[i]);
			s->ctx[i] = NULL;
		}
	}
}
