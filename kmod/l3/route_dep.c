// SPDX-License-Identifier: GPL-2.0
/*
 * Which flows have to be walked again when a route is born or dies, or a VIP of a
 * load balancer.
 *
 * A look-up of destination D depends on the first m bits of D. It rounds m up to
 * a granule G, notes in the mask that G bits were read, and notes as dependencies
 * the counters cover(g, D/g) of every granule g <= G, and below(G, D/G). The flow
 * then serves destinations with the prefix D/G, no others.
 *
 * A route of length p to the prefix R bumps cover(g, R/g) of the largest granule
 * g <= p, and below(g, R/g) of every granule g <= p.
 *
 * Every flow whose outcome may change is walked again: the outcome changes only
 * for destinations in R, so let some destination of the flow be in R. If p <= G,
 * then R contains all of D/G, in particular D, and the largest granule g <= p is
 * <= G: the flow has cover(g, D/g), and D/g = R/g. If p > G, then D/G contains R,
 * and G is a granule <= p: the flow has below(G, D/G), and D/G = R/G. Either way
 * the route bumped it.
 *
 * And few others are: flows with other granules of the destination have neither
 * counter, but for collisions of slots.
 *
 * VIPs are in tries of their own, and all as long as an address. So the case p <= G
 * is that of p = G, in which below() does as well, and there is no cover().
 *
 * The look-up reads the trie before the counters, other than sim/dep.h has it.
 * What it finds is governed by the generation alone: if a route came or went
 * between the two, so did the generation, and the flow is not installed. The
 * states of ports, which have no generation, are read after their counter.
 */
#include <linux/string.h>

#include "l3/route.h"
#include "l3/route_entry.h"
#include "l3/router.h"
#include "sim/ctx.h"
#include "sim/dep.h"

#define MN_ROUTE_SALT	0x102

enum { COVER, BELOW, VIPS };

struct dep_key {
	u32 owner;
	u8 family;
	u8 what;
	u8 granule;
	u8 pad;
	__be32 prefix[4];
};

static const u8 granules4[] = { 0, 8, 16, 24, 32 };
static const u8 granules6[] = { 0, 32, 48, 64, 96, 128 };

struct menu {
	const u8 *g;
	u32 n;
};

static struct menu menu_of(u8 family)
{
	if (family == AF_INET)
		return (struct menu){ granules4, ARRAY_SIZE(granules4) };
	return (struct menu){ granules6, ARRAY_SIZE(granules6) };
}

/* @owner: router, or load balancer. */
static u32 slot_of(const struct mn_obj *owner, u8 family, u8 what, u8 granule,
		   const __be32 *addr)
{
	struct dep_key key = {
		.owner = owner->index,
		.family = family,
		.what = what,
		.granule = granule,
	};

	memcpy(key.prefix, addr, granule / 8);
	return mn_dep_slot(&key, sizeof(key), MN_ROUTE_SALT);
}

/**
 * mn_route_bump() - a route was born or died
 * @mn: namespace, locked
 * @r: route, with its router
 */
void mn_route_bump(struct mn_net *mn, const struct mn_route *r)
{
	const struct mn_obj *router = r->entry.parent;
	u8 family = mn_route_family(r);
	struct menu menu = menu_of(family);
	u32 i;

	for (i = 0; i < menu.n && menu.g[i] <= r->plen; i++)
		mn_dep_bump(mn, slot_of(router, family, BELOW, menu.g[i],
					r->addr));
	mn_dep_bump(mn, slot_of(router, family, COVER, menu.g[i - 1], r->addr));
}

/**
 * mn_route_deps() - a look-up depended on the first bits of a destination
 * @ctx: walk; dependencies and mask are noted
 * @router: router
 * @family: AF_INET or AF_INET6
 * @dst: destination
 * @bits: from mn_lpm_find()
 */
void mn_route_deps(struct mn_ctx *ctx, const struct mn_router *router,
		   u8 family, const __be32 *dst, u32 bits)
{
	struct menu menu = menu_of(family);
	u32 i = 0;

	do {
		mn_ctx_dep(ctx, slot_of(&router->obj, family, COVER, menu.g[i],
					dst));
	} while (menu.g[i] < bits && ++i);
	mn_ctx_dep(ctx, slot_of(&router->obj, family, BELOW, menu.g[i], dst));
	mn_ctx_read_dst(ctx, menu.g[i]);
}

/**
 * mn_vip_bump() - a VIP was born or died
 * @mn: namespace, locked
 * @balancer: its load balancer
 * @family: AF_INET or AF_INET6
 * @addr: its address
 */
void mn_vip_bump(struct mn_net *mn, const struct mn_obj *balancer, u8 family,
		 const __be32 *addr)
{
	struct menu menu = menu_of(family);
	u32 i;

	for (i = 0; i < menu.n; i++)
		mn_dep_bump(mn, slot_of(balancer, family, VIPS, menu.g[i],
					addr));
}

/**
 * mn_vip_deps() - a look-up of VIPs depended on the first bits of a destination
 * @ctx: walk; the dependency and mask are noted
 * @balancer: load balancer
 * @family: AF_INET or AF_INET6
 * @dst: destination
 * @bits: from mn_lpm_find()
 */
void mn_vip_deps(struct mn_ctx *ctx, const struct mn_obj *balancer, u8 family,
		 const __be32 *dst, u32 bits)
{
	struct menu menu = menu_of(family);
	u32 i = 0;

	while (menu.g[i] < bits)
		i++;
	mn_ctx_dep(ctx, slot_of(balancer, family, VIPS, menu.g[i], dst));
	mn_ctx_read_dst(ctx, menu.g[i]);
}
