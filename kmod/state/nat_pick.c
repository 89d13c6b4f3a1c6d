// SPDX-License-Identifier: GPL-2.0
/*
 * Which address and port a new connection is translated to.
 *
 * There is no table of ports that are taken: the table of connections is that. A
 * source (address, port) can be had if nobody's answers come to it from the
 * same peer; so one port serves any number of peers at a time.
 *
 * The port stays if it can; else the search begins anywhere in the target and
 * goes up, through all of a target of up to MN_NAT_TRIES places, and through so
 * many of a larger one: to fail there, most of it has to be taken by connections
 * to this one peer.
 */
#include <linux/inetdevice.h>
#include <linux/random.h>
#include <linux/siphash.h>

#include "l3/router.h"
#include "policy/nat_target.h"
#include "state/nat.h"
#include "state/nat_block.h"

#define MN_NAT_TRIES	1024

/* No secret: every host has to choose the same destination. */
static const siphash_key_t dst_seed = { { 0x6d69646f, 0x6e61742d } };

static u64 range_size(const struct mn_nat_target *t)
{
	u64 a, b;

	if (t->family == AF_INET)
		return (u64)ntohl(t->last.s6_addr32[0]) -
		       ntohl(t->first.s6_addr32[0]) + 1;
	if (memcmp(&t->first, &t->last, 8))
		return U64_MAX;
	a = be64_to_cpup((__be64 *)(t->first.s6_addr + 8));
	b = be64_to_cpup((__be64 *)(t->last.s6_addr + 8));
	return b - a == U64_MAX ? U64_MAX : b - a + 1;
}

static void range_at(const struct mn_nat_target *t, u64 n,
		     struct in6_addr *addr)
{
	u64 low;

	*addr = t->first;
	if (t->family == AF_INET) {
		addr->s6_addr32[0] = htonl(ntohl(t->first.s6_addr32[0]) + n);
		return;
	}
	low = be64_to_cpup((__be64 *)(t->first.s6_addr + 8)) + n;
	/* A carry: ranges of more than 2^64 addresses are begun at the front. */
	if (low < n)
		return;
	addr->s6_addr32[2] = htonl(low >> 32);
	addr->s6_addr32[3] = htonl(low);
}

/**
 * mn_nat_pick_dst() - destination for a new connection
 * @forward: tuple of its packets as they entered the router
 * @target: dynamic target
 * @addr: set to the address
 * @port: set to the port, if the target has ports and the protocol, too; else
 *	left alone
 *
 * By hash of the connection: all hosts choose alike.
 *
 * Return: whether @port was set
 */
bool mn_nat_pick_dst(const struct mn_tuple *forward,
		     const struct mn_nat_target *target, struct in6_addr *addr,
		     __be16 *port)
{
	struct mn_tuple t = *forward;
	u64 n = range_size(target);
	u32 ports;
	u64 hash;

	t.device = 0;
	hash = siphash(&t, sizeof(t), &dst_seed);
	range_at(target, mul_u64_u64_shr(hash, n, 64), addr);
	if (!target->first_port || !mn_proto_has_ports(forward->proto))
		return false;
	if (ntohs(*port) >= target->first_port &&
	    ntohs(*port) <= target->last_port)
		return true;
	ports = target->last_port - target->first_port + 1;
	*port = htons(target->first_port + reciprocal_scale((u32)hash, ports));
	return true;
}

/* Is the reply tuple free, or that of the connection that goes? */
static bool is_free(struct mn_ctx *ctx, const struct mn_tuple *reply,
		    const struct mn_conn *but)
{
	if (but && !memcmp(&but->end[MN_DIR_RETURN].tuple, reply,
			   sizeof(*reply)))
		return true;
	return !mn_conn_taken(ctx->mn, reply);
}

static u32 count(const struct mn_port_range *ranges, u32 n)
{
	u32 i, sum = 0;

	for (i = 0; i < n; i++)
		sum += ranges[i].n;
	return sum;
}

static u16 port_at(const struct mn_port_range *ranges, u32 at)
{
	while (at >= ranges->n) {
		at -= ranges->n;
		ranges++;
	}
	return ranges->first + at;
}

static bool has_port(const struct mn_port_range *ranges, u32 n, u16 port)
{
	u32 i;

	for (i = 0; i < n; i++) {
		if (port >= ranges[i].first &&
		    port - ranges[i].first < ranges[i].n)
			return true;
	}
	return false;
}

/* A port of @reply->dst; @tries is what is left of them. */
static bool pick_port(struct mn_ctx *ctx, const struct mn_router *router,
		      const struct mn_nat_target *target,
		      const struct mn_conn *but, struct mn_tuple *reply,
		      __be16 wanted, u32 *tries)
{
	struct mn_port_range ranges[MN_PORT_RANGES];
	u32 n, all, at, i;

	n = mn_nat_ports(ctx->mn, router, reply->family, &reply->dst,
			 target->first_port, target->last_port,
			 ctx->generation, ranges);
	all = count(ranges, n);
	if (!all)
		return false;
	reply->dport = wanted;
	if (has_port(ranges, n, ntohs(wanted)) && is_free(ctx, reply, but))
		return true;
	at = reciprocal_scale((u32)get_random_u32(), all);
	for (i = 0; i < all && *tries; i++, (*tries)--) {
		reply->dport = htons(port_at(ranges, at));
		if (is_free(ctx, reply, but))
			return true;
		if (++at == all)
			at = 0;
	}
	return false;
}

/**
 * mn_nat_pick_src() - source for a connection
 * @ctx: walk
 * @router: router that translates
 * @target: dynamic target
 * @but: connection that goes for this one, or NULL
 * @reply: tuple of the answers, complete but for its destination, which is what
 *	they would come to without translation; set to what they will come to
 *
 * Which address is chosen depends on the initiator's, so he keeps it as long as
 * it has ports.
 *
 * Context: RCU, BH disabled.
 *
 * Return: false if nothing is free; then @reply is as it was
 */
bool mn_nat_pick_src(struct mn_ctx *ctx, const struct mn_router *router,
		     const struct mn_nat_target *target,
		     const struct mn_conn *but, struct mn_tuple *reply)
{
	bool ports = mn_proto_has_ports(reply->proto) ||
		     mn_proto_is_icmp(reply->family, reply->proto);
	u64 i, addresses = range_size(target);
	struct mn_tuple was = *reply;
	u32 tries = MN_NAT_TRIES;
	u64 at;

	at = mul_u64_u64_shr(siphash(&was.dst, sizeof(was.dst), &dst_seed),
			     addresses, 64);
	for (i = 0; i < addresses && tries; i++, tries -= !!tries) {
		range_at(target, at, &reply->dst);
		if (ports ? pick_port(ctx, router, target, but, reply,
				      was.dport, &tries) :
			    is_free(ctx, reply, but))
			return true;
		if (++at == addresses)
			at = 0;
	}
	*reply = was;
	return false;
}
