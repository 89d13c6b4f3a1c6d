// SPDX-License-Identifier: GPL-2.0
/*
 * Counters of routes: of every packet that a route was chosen for, whatever comes
 * of it.
 */
#include "l3/route.h"
#include "l3/route_entry.h"
#include "l3/router.h"
#include "sim/count.h"
#include "sim/ctx.h"

/**
 * mn_route_count() - note that a route was chosen
 * @ctx: walk
 * @route: from mn_route_find()
 *
 * Without memory for its counters the packet is not counted, and leaves no flow:
 * the next one tries again.
 *
 * Context: RCU, BH disabled.
 */
void mn_route_count(struct mn_ctx *ctx, struct mn_route *route)
{
	struct mn_count *count;

	/* A trace leaves nothing behind. */
	if (unlikely(!ctx->live))
		return;
	count = mn_count_at(&route->count);
	if (likely(count))
		mn_ctx_count(ctx, count);
	else
		ctx->cacheable = false;
}

/**
 * mn_route_counted() - what was counted for a route
 * @route: route
 * @packets: set to the packets
 * @bytes: set to their bytes
 *
 * Context: RCU.
 */
void mn_route_counted(const struct mn_route *route, u64 *packets, u64 *bytes)
{
	const struct mn_count *count = READ_ONCE(route->count);

	*packets = count ? atomic64_read(&count->packets) : 0;
	*bytes = count ? atomic64_read(&count->bytes) : 0;
}

/**
 * mn_route_name() - what tells a route from all others
 * @route: route
 * @buf: for ROUTER:LABEL, the label as mn_route_label() has it, with the word
 *	"connected" if it follows from the address of a port
 * @size: bytes of @buf, MN_ROUTE_NAME is enough
 *
 * Context: RCU.
 */
void mn_route_name(const struct mn_route *route, char *buf, size_t size)
{
	struct mn_route_spec s;
	int n;

	mn_route_spec_of(route, &s);
	n = scnprintf(buf, size, "%s:", s.router->obj.name);
	n += mn_route_label(&s, buf + n, size - n);
	if (mn_route_is_connected(route))
		scnprintf(buf + n, size - n, " connected");
}
