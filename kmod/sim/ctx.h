/* SPDX-License-Identifier: GPL-2.0 */
#ifndef _MN_CTX_H
#define _MN_CTX_H

#include <linux/skbuff.h>

#include "balance/balance.h"
#include "config/object.h"
#include "flow/actions.h"
#include "flow/key.h"
#include "flow/rewrite.h"
#include "flow/table.h"
#include "flow/translate.h"
#include "sim/dep.h"
#include "sim/park.h"
#include "state/track.h"

struct mn_bridge;
struct mn_chain;
struct mn_count;
struct mn_flood_job;
struct mn_group;
struct mn_port;
struct mn_rule;
struct mn_trace;
struct mn_used;

#define MN_HOPS_MAX	16	/* devices a packet may cross */
#define MN_CTX_DEPS	96
#define MN_CTX_COUNTS	(64 + MN_HOPS_MAX)	/* of rules, and a route a router */
#define MN_CTX_TOUCH	(2 * MN_HOPS_MAX)
#define MN_CTX_LINKS	(2 * MN_HOPS_MAX)
#define MN_CTX_OUTS	64	/* more go to the flood worker */
#define MN_CTX_WORK	256	/* bridges one flood may reach */
#define MN_CACHE_OUTS	32	/* floods over this are not cached */
/* mn_walk_packet(): a later fragment whose first did not come in time. */
#define MN_WALK_ALONE	BIT(0)
/* mn_walk_packet(): it leaves no flow. */
#define MN_WALK_FORGET	BIT(1)

/**
 * struct mn_place - where a packet was dropped
 * @reason: &enum midonet_drop_reason
 * @device: bridge, or NULL
 * @port: port, or NULL
 * @rule: rule, or NULL
 */
struct mn_place {
	u32 reason;
	const struct mn_obj *device;
	const struct mn_port *port;
	const struct mn_rule *rule;
};

/**
 * enum mn_reply_kind - what is said to the sender when the walk is over
 * @MN_REPLY_NONE: nothing
 * @MN_REPLY_ERROR: an ICMP or ICMPv6 error
 * @MN_REPLY_ECHO: an echo reply
 * @MN_REPLY_RST: a TCP reset
 */
enum mn_reply_kind { MN_REPLY_NONE, MN_REPLY_ERROR, MN_REPLY_ECHO, MN_REPLY_RST };

/**
 * struct mn_reply - what is said to the sender, see l3/icmp.h
 * @kind: &enum mn_reply_kind
 * @type: of ICMP or ICMPv6
 * @code: of ICMP or ICMPv6
 * @info: the MTU of "too big", the pointer of a parameter problem, else 0
 * @at: port of the device that speaks, for traces
 * @src: address that speaks; an IPv4 address is in the first word
 */
struct mn_reply {
	u8 kind;
	u8 type;
	u8 code;
	u32 info;
	struct mn_port *at;
	struct in6_addr src;
};

/**
 * struct mn_punt - what of the packet's way a daemon wants to know
 * @bridge: bridge that has subnets which are served
 * @dhcp: the one of them that the packet is about, or NULL
 */
struct mn_punt {
	const struct mn_obj *bridge;
	const struct mn_obj *dhcp;
};

/**
 * struct mn_link - an interior port a packet crossed, for its counters
 * @port: port
 * @rx: into its device (else out of it)
 */
struct mn_link {
	struct mn_port *port;
	bool rx;
};

/**
 * struct mn_branch - a copy of the packet on its way through the topology
 * @port: port by which it enters its next device
 * @vlan: its tag there
 * @hops: devices crossed
 * @mtu: see &mn_ctx.mtu
 * @mtu_at: see &mn_ctx.mtu_at
 */
struct mn_branch {
	struct mn_port *port;
	u16 vlan;
	u8 hops;
	u32 mtu;
	struct mn_port *mtu_at;
};

/**
 * struct mn_ctx - one packet's walk
 * @mn: namespace
 * @skb: the packet, data at the Ethernet header; not changed by the walk
 * @key: headers as they are now: vlan follows the branch
 * @in_key: headers as they came
 * @mask: what the walk read of @in_key, see mn_ctx_read()
 * @pkt: offsets and such
 * @generation: read once at the start
 * @epoch: read before @generation
 * @in: port where the packet entered the overlay
 * @device_in: port where it entered the current device
 * @device_out: port by which it leaves the current device, or NULL
 * @hops: devices crossed
 * @live: side effects happen (learning, answers, parking); false for traces
 * @cacheable: the outcome may be installed
 * @l4_read: some L4 field was read
 * @frag_alone: a later fragment that is judged without its first
 * @frag_fate: &enum mn_frag_fate of a later fragment, once asked for
 * @flooded: some bridge flooded
 * @flood_paid: the ingress port's flood rate was asked
 * @large: the flood exceeded @outs, @jobs has the rest
 * @consumed: some bridge answered the packet
 * @stop: the walk is over, whatever is left in @work
 * @no_outs: the packet is dropped whatever outputs it has so far
 * @verdict: &enum midonet_verdict, when the walk is over
 * @park: what the packet waits for, with verdict wait
 * @trace: recorder, or NULL
 * @rw: what the routers crossed have changed; rw.hops is 0 if there was none
 * @router_in: port by which the packet entered the router crossed last, or NULL
 * @mtu: most L3 bytes that fit through the ports this branch crossed, U32_MAX
 *	for no bound
 * @mtu_at: router port that says so if a packet is too big (as @router_in), NULL
 *	if that was a bridge
 * @out_mtu_at: @mtu_at of the first of @outs
 * @fragment: the packet is longer than @mtu, and is cut
 * @wait: it waits for what @park says
 * @translated: some router has translated addresses or ports
 * @translation: what of, once the walk is over
 * @visit: the connection in the device it is in
 * @quote: what an ICMP error is about
 * @balanced: what a load balancer has chosen, if .vip is not NULL
 * @punt: where it is for a daemon, if .bridge is not NULL
 * @reply: what is said to the sender
 * @n_tracks: number of @tracks
 * @n_deps: number of @deps
 * @deps: what the outcome depends on
 * @n_counts: number of @counts
 * @counts: counters of the rules that matched and the routes that were chosen
 * @n_touch: number of @touch
 * @touch: learned MACs and neighbours the flow keeps alive
 * @n_links: number of @links
 * @links: interior ports crossed
 * @tracks: connections met, and to be made
 * @n_outs: number of @outs
 * @outs: outputs so far
 * @visited: bridges this flood was in
 * @n_visited: number of @visited
 * @n_work: number of @work
 * @n_next: next of @work
 * @work: branches of the packet, walked in order
 * @drop: the first drop
 * @jobs: outputs for the flood worker, see l2/flood.c
 * @n_jobs: number of @jobs
 *
 * Per CPU and nesting level, used with BH disabled under RCU; a trace has one
 * of its own.
 */
struct mn_ctx {
	struct mn_net *mn;
	struct sk_buff *skb;
	struct mn_flow_key key;
	struct mn_flow_key in_key;
	struct mn_flow_key mask;
	struct mn_pkt pkt;
	u64 generation;
	u64 epoch;
	struct mn_port *in;
	struct mn_port *device_in;
	struct mn_port *device_out;
	u8 hops;
	bool live;
	bool cacheable;
	bool l4_read;
	bool frag_alone;
	u8 frag_fate;
	bool flooded;
	bool flood_paid;
	bool large;
	bool consumed;
	bool stop;
	bool no_outs;
	u8 verdict;
	struct mn_trace *trace;
	struct mn_place drop;
	struct mn_park_key park;
	struct mn_rewrite rw;
	struct mn_port *router_in;
	u32 mtu;
	struct mn_port *mtu_at;
	struct mn_port *out_mtu_at;
	bool fragment;
	bool wait;
	bool translated;
	struct mn_punt punt;
	struct mn_reply reply;
	struct mn_translation translation;
	struct mn_balance_choice balanced;
	struct mn_quote quote;
	struct mn_visit visit;
	struct mn_flood_job *jobs;
	u32 n_jobs;
	u16 n_tracks;
	u16 n_deps;
	u16 n_counts;
	u16 n_touch;
	u16 n_links;
	u16 n_outs;
	u16 n_visited;
	u16 n_work;
	u16 n_next;
	struct mn_dep deps[MN_CTX_DEPS];
	struct mn_count *counts[MN_CTX_COUNTS];
	struct mn_used *touch[MN_CTX_TOUCH];
	struct mn_link links[MN_CTX_LINKS];
	struct mn_track tracks[MN_TRACKS];
	struct mn_out outs[MN_CTX_OUTS];
	const struct mn_bridge *visited[MN_CTX_WORK];
	struct mn_branch work[MN_CTX_WORK];
};

/* sim/ctx.c */
struct mn_ctx *mn_ctx_get(void);
void mn_ctx_put(struct mn_ctx *ctx);
void mn_ctx_init(struct mn_ctx *ctx, struct mn_net *mn, struct sk_buff *skb,
		 struct mn_port *in, const struct mn_flow_key *key,
		 const struct mn_pkt *pkt);
void mn_ctx_dep(struct mn_ctx *ctx, u32 slot);
void mn_ctx_dep_again(struct mn_ctx *ctx, u32 slot);
void mn_ctx_dep_moved(struct mn_ctx *ctx, u32 slot);
void mn_ctx_count(struct mn_ctx *ctx, struct mn_count *count);
void mn_ctx_link(struct mn_ctx *ctx, struct mn_port *port, bool rx);
void mn_ctx_touch(struct mn_ctx *ctx, struct mn_used *used);
bool mn_ctx_out(struct mn_ctx *ctx, const struct mn_out *out);
void mn_ctx_drop(struct mn_ctx *ctx, u32 reason, const struct mn_obj *device,
		 const struct mn_port *port, const struct mn_rule *rule);
void mn_ctx_abort(struct mn_ctx *ctx, u32 reason, const struct mn_obj *device,
		  const struct mn_port *port);
int mn_ctx_caches_create(void);
void mn_ctx_caches_destroy(void);

/**
 * mn_ctx_obj() - version of an object for this walk, noted as a dependency
 * @ctx: walk
 * @obj: object
 *
 * Return: the version, NULL if the object is not there in this generation
 */
static inline const struct mn_ver *mn_ctx_obj(struct mn_ctx *ctx,
					      const struct mn_obj *obj)
{
	mn_ctx_dep(ctx, obj->dep);	/* counter before data */
	return mn_ver_at(obj, ctx->generation);
}

/**
 * mn_ctx_read() - note that the walk read a field of the key
 * @ctx: walk
 * @field: member of &struct mn_flow_key
 *
 * Fields the walk has rewritten itself (vlan after a link) still come from the
 * same field of the packet as it came, so noting the field is right for both.
 *
 * The builtin makes it a store or two also in kernels built with -fno-builtin.
 */
#define mn_ctx_read(ctx, field)						\
	do {								\
		__auto_type _f = &(ctx)->mask.field;			\
		__builtin_memset(_f, 0xff, sizeof(*_f));		\
	} while (0)

/* sim/ctx.c; prefixes of the addresses of IP packets */
void mn_ctx_read_src(struct mn_ctx *ctx, u8 bits);
void mn_ctx_read_dst(struct mn_ctx *ctx, u8 bits);

/* sim/walk.c */
void mn_walk(struct mn_ctx *ctx);
bool mn_walk_port_out(struct mn_ctx *ctx, struct mn_port *port);
void mn_walk_fragment(struct mn_ctx *ctx, const struct mn_obj *device,
		      const struct mn_port *port, const char *who);
bool mn_walk_policy(struct mn_ctx *ctx, const struct mn_chain *in,
		    const struct mn_chain *out);
bool mn_walk_chain(struct mn_ctx *ctx, const struct mn_chain *chain,
		   const struct mn_obj *device, const struct mn_port *port,
		   const char *what);
bool mn_walk_finish(struct mn_ctx *ctx, struct sk_buff *skb);
void mn_walk_packet(struct mn_port *port, struct sk_buff *skb,
		    const struct mn_flow_key *key, const struct mn_pkt *pkt,
		    u32 flags);

#endif /* _MN_CTX_H */
