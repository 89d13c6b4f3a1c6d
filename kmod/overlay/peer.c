// SPDX-License-Identifier: GPL-2.0
/*
 * Other hosts: who is where in the underlay, which way leads there, how much
 * fits through it.
 *
 * A peer is the configuration of a zone's member, so it is constant but for its
 * tunnel, and lives as entries do: who finds it under RCU, or in a flow that was
 * valid in this RCU section, may use it. Flows depend on the version counter of
 * its host, which moves with everything that can matter to them: zones the host
 * is in, tunnels that open and close, what fits.
 */
#include <linux/rhashtable.h>
#include <linux/slab.h>
#include <net/ip6_route.h>
#include <net/ipv6.h>
#include <net/route.h>

#include "overlay/overlay.h"
#include "overlay/peer.h"
#include "overlay/tunnel.h"
#include "overlay/zone.h"
#include "port/host.h"
#include "sim/ctx.h"
#include "sim/dep.h"

const struct rhashtable_params mn_peer_params = {
	.head_offset = offsetof(struct mn_peer, node),
	.key_offset = offsetof(struct mn_peer, at),
	.key_len = sizeof(struct mn_peer_addr),
	.automatic_shrinking = true,
};

/**
 * mn_peer_new() - make a peer
 * @mn: namespace, locked
 * @zone: zone
 * @host: host
 * @at: its address
 *
 * Context: may sleep.
 *
 * Return: peer that is in no table yet, with one reference; NULL without memory
 */
struct mn_peer *mn_peer_new(struct mn_net *mn, struct mn_zone *zone,
			    struct mn_host *host,
			    const struct mn_peer_addr *at)
{
	struct mn_peer *peer = kzalloc(sizeof(*peer), GFP_KERNEL_ACCOUNT);

	if (!peer)
		return NULL;
	if (dst_cache_init(&peer->cache, GFP_KERNEL_ACCOUNT))
		goto err_peer;
	peer->stats = alloc_percpu_gfp(struct mn_port_stats,
				       GFP_KERNEL_ACCOUNT);
	if (!peer->stats)
		goto err_cache;
	peer->mn = mn;
	peer->entry.parent = &zone->obj;
	peer->entry.type = MIDONET_OBJECT_TYPE_TUNNEL_ZONE_MEMBER;
	peer->at = *at;
	peer->dscp = MN_DSCP_INHERIT;
	peer->zone = zone;
	peer->host = host;
	refcount_inc(&zone->obj.ident.ref);
	refcount_inc(&host->obj.ident.ref);
	INIT_LIST_HEAD(&peer->fresh);
	refcount_set(&peer->ref, 1);
	return peer;

err_cache:
	dst_cache_destroy(&peer->cache);
err_peer:
	kfree(peer);
	return NULL;
}

/**
 * mn_peer_put() - drop a reference
 * @peer: peer; freed with the last one
 *
 * Context: may sleep.
 */
void mn_peer_put(struct mn_peer *peer)
{
	if (!refcount_dec_and_test(&peer->ref))
		return;
	free_percpu(peer->stats);
	dst_cache_destroy(&peer->cache);
	mn_obj_put(peer->mn, &peer->host->obj);
	mn_obj_put(peer->mn, &peer->zone->obj);
	kfree(peer);
}

/**
 * mn_peer_find() - who sent a packet out of a tunnel?
 * @mn: namespace
 * @tunnel: tunnel
 * @from: where it says it is from
 * @generation: from mn_net_generation()
 *
 * Context: RCU.
 *
 * Return: another member of a zone that uses @tunnel, or NULL
 */
struct mn_peer *mn_peer_find(struct mn_net *mn, const struct mn_tunnel *tunnel,
			     const struct mn_peer_addr *from, u64 generation)
{
	struct rhlist_head *list, *pos;
	struct mn_peer *peer;

	list = rhltable_lookup(&mn->overlay->peers, from, mn_peer_params);
	rhl_for_each_entry_rcu(peer, pos, list, node) {
		if (rcu_access_pointer(peer->tunnel) == tunnel &&
		    mn_peer_at(peer, generation))
			return peer;
	}
	return NULL;
}

static const struct mn_peer *member_at(const struct mn_host *host,
				       const struct mn_zone *zone,
				       u64 generation)
{
	const struct mn_peer *peer;

	list_for_each_entry_rcu(peer, &host->members, by_host) {
		if (peer->zone == zone && mn_peer_at(peer, generation))
			return peer;
	}
	return NULL;
}

static struct mn_peer *first_common(const struct mn_host *us,
				    const struct mn_host *host, u64 generation)
{
	struct mn_peer *peer, *first = NULL;

	list_for_each_entry_rcu(peer, &host->members, by_host) {
		if (!mn_peer_at(peer, generation) ||
		    (first && strcmp(peer->zone->obj.name,
				     first->zone->obj.name) > 0))
			continue;
		if (member_at(us, peer->zone, generation))
			first = peer;
	}
	return first;
}

/**
 * mn_peer_of_host() - how another host is reached
 * @mn: namespace
 * @host: host
 * @generation: from mn_net_generation()
 * @why: why it is not, in words, if NULL is returned
 *
 * By the first zone by name that this host and the other are in, whether or not
 * its tunnel is open, so that both take the same.
 *
 * Context: RCU.
 *
 * Return: peer, or NULL
 */
struct mn_peer *mn_peer_of_host(struct mn_net *mn, const struct mn_host *host,
				u64 generation, const char **why)
{
	const struct mn_host *us = rcu_dereference(mn->local_host);
	struct mn_peer *peer;

	*why = "nobody said which host this is; midoctl host set-local";
	if (!us)
		return NULL;
	peer = first_common(us, host, generation);
	*why = "it is on another host, and no tunnel-zone has both as members";
	if (!peer)
		return NULL;
	*why = "it is on another host, and the tunnel-zone is not open here; see its state-reason";
	return rcu_access_pointer(peer->tunnel) ? peer : NULL;
}

static struct dst_entry *route4(const struct mn_peer *peer,
				const struct mn_tunnel *t)
{
	struct flowi4 fl4 = {
		.flowi4_proto = t->proto,
		.daddr = peer->at.addr.s6_addr32[0],
		.saddr = t->local.addr.s6_addr32[0],
		.fl4_dport = t->port,
	};
	struct rtable *rt = ip_route_output_key(peer->mn->net, &fl4);

	return IS_ERR(rt) ? NULL : &rt->dst;
}

#if IS_ENABLED(CONFIG_IPV6)
static struct dst_entry *route6(const struct mn_peer *peer,
				const struct mn_tunnel *t)
{
	struct flowi6 fl6 = {
		.flowi6_proto = t->proto,
		.daddr = peer->at.addr,
		.saddr = t->local.addr,
		.fl6_dport = t->port,
	};
	struct dst_entry *dst;

	dst = ip6_dst_lookup_flow(peer->mn->net, t->sock->sk, &fl6, NULL);
	return IS_ERR(dst) ? NULL : dst;
}
#else
static struct dst_entry *route6(const struct mn_peer *peer,
				const struct mn_tunnel *t)
{
	return NULL;
}
#endif

/* How much fits is part of what flows have found out. */
static void note_mtu(struct mn_peer *peer, const struct mn_tunnel *t,
		     const struct dst_entry *dst)
{
	u32 mtu = dst_mtu(dst);

	/* Whatever the route says, something has to fit. */
	mtu = mtu > t->overhead + ETH_MIN_MTU ? mtu - t->overhead : ETH_MIN_MTU;
	if (READ_ONCE(peer->mtu) == mtu)
		return;
	WRITE_ONCE(peer->mtu, mtu);
	mn_dep_bump(peer->mn, peer->host->obj.dep);
}

/**
 * mn_peer_route() - route to a peer
 * @peer: peer
 * @tunnel: its tunnel
 *
 * Looked up when there is none in the cache of this CPU, or the one there has
 * been outdated by the host's routing, its devices, or path MTU discovery.
 *
 * Context: BH disabled, RCU.
 *
 * Return: route with a reference, NULL if there is none
 */
struct dst_entry *mn_peer_route(struct mn_peer *peer,
				const struct mn_tunnel *tunnel)
{
	bool v4 = tunnel->local.family == AF_INET;
	struct dst_entry *dst = dst_cache_get(&peer->cache);

	if (likely(dst))
		return dst;
	dst = v4 ? route4(peer, tunnel) : route6(peer, tunnel);
	if (!dst)
		return NULL;
	note_mtu(peer, tunnel, dst);
	if (v4)
		dst_cache_set_ip4(&peer->cache, dst,
				  tunnel->local.addr.s6_addr32[0]);
#if IS_ENABLED(CONFIG_IPV6)
	else
		dst_cache_set_ip6(&peer->cache, dst, &tunnel->local.addr);
#endif
	return dst;
}

/**
 * mn_peer_mtu() - how much fits through the tunnel to a peer?
 * @peer: peer
 *
 * Context: BH disabled, RCU.
 *
 * Return: most L3 bytes of a packet; 0 as long as there is no route
 */
u32 mn_peer_mtu(struct mn_peer *peer)
{
	const struct mn_tunnel *t = rcu_dereference(peer->tunnel);
	struct dst_entry *dst = t ? mn_peer_route(peer, t) : NULL;

	if (!dst)
		return 0;
	dst_release(dst);
	return READ_ONCE(peer->mtu);
}

/**
 * mn_peer_of_ctx() - how a walk's packet reaches another host
 * @ctx: walk; depends on what becomes of the host
 * @host: host
 * @why: why it is not reached
 *
 * Return: peer, whose mtu is known if there is a route; or NULL
 */
struct mn_peer *mn_peer_of_ctx(struct mn_ctx *ctx, const struct mn_host *host,
			       const char **why)
{
	struct mn_peer *peer = mn_peer_of_host(ctx->mn, host, ctx->generation,
					       why);

	/* Finding a route out may move the counter, so it comes before. */
	if (peer)
		mn_peer_mtu(peer);
	mn_ctx_dep(ctx, host->obj.dep);
	return mn_peer_of_host(ctx->mn, host, ctx->generation, why);
}

/**
 * mn_peer_stats_sum() - counters of a peer
 * @peer: peer
 * @sum: where they go
 *
 * Context: any.
 */
void mn_peer_stats_sum(const struct mn_peer *peer, struct mn_port_stats *sum)
{
	mn_stats_sum(peer->stats, sum);
}
