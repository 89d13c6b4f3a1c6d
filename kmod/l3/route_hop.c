// SPDX-License-Identifier: GPL-2.0
/*
 * Next hops: port and gateway, shared by the routes that lead there. They make
 * routes small, tell fast whether an address is anybody's gateway, and find the
 * routes of a port.
 */
#include <linux/rhashtable.h>
#include <linux/siphash.h>
#include <linux/slab.h>
#include <net/ipv6.h>

#include "l3/route.h"
#include "l3/route_entry.h"
#include "l3/router.h"
#include "port/port.h"

static const struct rhashtable_params hop_params = {
	.head_offset = offsetof(struct mn_hop, node),
	.key_offset = offsetof(struct mn_hop, key),
	.key_len = sizeof(struct mn_hop_key),
	.automatic_shrinking = true,
};

static_assert(sizeof(struct mn_hop_key) == 28);

/* All hosts choose among equal routes alike: not a secret. */
static const siphash_key_t hop_seed = { { 0x6d69646f6e6574ULL, 0x686f70ULL } };

static void hop_key_init(struct mn_hop_key *key, const struct mn_router *router,
			 const struct mn_port *port, u8 kind, u8 family,
			 const void *gateway)
{
	memset(key, 0, sizeof(*key));
	key->router = router->obj.index;
	key->kind = kind;
	key->family = family;
	if (kind == MN_HOP_GATEWAY)
		memcpy(&key->addr, gateway, family == AF_INET ? 4 : 16);
	if (kind != MN_HOP_GATEWAY ||
	    (family == AF_INET6 &&
	     ipv6_addr_type(&key->addr) & IPV6_ADDR_LINKLOCAL))
		key->port = port ? port->obj.index : 0;
}

static u64 hop_hash(const struct mn_hop *hop)
{
	struct {
		struct in6_addr gateway;
		u8 port[16];
	} content = { .gateway = hop->key.addr };

	memcpy(content.port, hop->port->obj.ident.id, sizeof(content.port));
	return siphash(&content, sizeof(content), &hop_seed);
}

static struct mn_hop *hop_find(struct mn_net *mn, const struct mn_hop_key *key,
			       const struct mn_port *port)
{
	struct rhlist_head *list, *pos;
	struct mn_hop *hop;

	list = rhltable_lookup(&mn->hops, key, hop_params);
	rhl_for_each_entry_rcu(hop, pos, list, node) {
		if (hop->port == port)
			return hop;
	}
	return NULL;
}

/**
 * mn_hop_get() - next hop of a route that is being made
 * @mn: namespace, locked
 * @s: the route; it has a port
 *
 * Context: may sleep.
 *
 * Return: the hop, counting one route more; NULL without memory
 */
struct mn_hop *mn_hop_get(struct mn_net *mn, const struct mn_route_spec *s)
{
	struct mn_hop_key key;
	struct mn_hop *hop;

	mn_assert_lock(mn);
	hop_key_init(&key, s->router, s->port, s->hop, s->family, &s->gateway);
	rcu_read_lock();
	hop = hop_find(mn, &key, s->port);
	rcu_read_unlock();
	if (hop) {
		hop->refs++;
		return hop;
	}
	hop = kzalloc(sizeof(*hop), GFP_KERNEL_ACCOUNT);
	if (!hop)
		return NULL;
	hop->key = key;
	hop->port = s->port;
	hop->refs = 1;
	hop->hash = hop_hash(hop);
	if (rhltable_insert(&mn->hops, &hop->node, hop_params)) {
		kfree(hop);
		return NULL;
	}
	hlist_add_head(&hop->by_port, &s->port->routes);
	return hop;
}

/**
 * mn_hop_put() - a route leaves its next hop
 * @mn: namespace, locked
 * @hop: hop
 *
 * Return: it was the last one: the hop left the table, and is to be freed after
 * a grace period
 */
bool mn_hop_put(struct mn_net *mn, struct mn_hop *hop)
{
	mn_assert_lock(mn);
	if (--hop->refs)
		return false;
	rhltable_remove(&mn->hops, &hop->node, hop_params);
	hlist_del(&hop->by_port);
	return true;
}

/**
 * mn_hop_gateway() - a route of the end state whose gateway is an address
 * @mn: namespace, locked
 * @router: router
 * @family: AF_INET or AF_INET6
 * @addr: address of 4 or 16 bytes, not link-local
 *
 * Return: the route, or NULL
 */
struct mn_route *mn_hop_gateway(struct mn_net *mn, struct mn_router *router,
				u8 family, const void *addr)
{
	struct mn_route *r, *found = NULL;
	struct rhlist_head *list, *pos;
	struct mn_hop_key key;
	struct mn_hop *hop;

	mn_assert_lock(mn);
	hop_key_init(&key, router, NULL, MN_HOP_GATEWAY, family, addr);
	rcu_read_lock();
	list = rhltable_lookup(&mn->hops, &key, hop_params);
	rhl_for_each_entry_rcu(hop, pos, list, node) {
		hlist_for_each_entry(r, &hop->routes, by_hop) {
			if (!mn_entry_end(&r->entry))
				continue;
			found = r;
			break;
		}
		if (found)
			break;
	}
	rcu_read_unlock();
	return found;
}

/**
 * mn_route_is_gateway() - does a route lead to an address behind a port
 * @port: router port
 * @family: AF_INET or AF_INET6
 * @addr: address of 4 or 16 bytes
 *
 * Context: RCU.
 *
 * Return: whether it is the gateway of a route of the newest generation
 */
bool mn_route_is_gateway(struct mn_port *port, u8 family, const void *addr)
{
	struct mn_hop_key key;
	struct mn_hop *hop;

	hop_key_init(&key, mn_router_of(port->obj.parent), port, MN_HOP_GATEWAY,
		     family, addr);
	hop = hop_find(port->mn, &key, port);
	return hop && READ_ONCE(hop->alive);
}

/**
 * mn_routes_init() - set up the routes of a namespace
 * @mn: namespace
 *
 * Return: 0 or a negative error
 */
int mn_routes_init(struct mn_net *mn)
{
	return rhltable_init(&mn->hops, &hop_params);
}

/**
 * mn_routes_exit() - free what mn_routes_init() made
 * @mn: namespace; its routes are gone
 *
 * Context: may sleep.
 */
void mn_routes_exit(struct mn_net *mn)
{
	rhltable_destroy(&mn->hops);
}
