// SPDX-License-Identifier: GPL-2.0
/*
 * Routes in their tries: made while a commit is judged, found by content, taken
 * out by the grave. There may be millions, so they come in exact sizes.
 *
 * The routes of a node are sorted by metric, then by content, so that which of
 * many equal ones are considered is the same on every host.
 */
#include <linux/rculist.h>
#include <linux/slab.h>

#include "config/txn.h"
#include "l3/route.h"
#include "l3/route_entry.h"
#include "l3/router.h"
#include "port/port.h"
#include "sim/count.h"

static struct kmem_cache *mn_route_caches[3];	/* IPv4, IPv6, with src */

/**
 * mn_route_lpm() - routes of a family
 * @router: router
 * @family: AF_INET or AF_INET6
 */
struct mn_lpm *mn_route_lpm(struct mn_router *router, u8 family)
{
	return family == AF_INET ? &router->v4 : &router->v6;
}

/**
 * mn_route_nets() - subnets of a router's ports, of a family
 * @router: router
 * @family: AF_INET or AF_INET6
 */
struct mn_lpm *mn_route_nets(struct mn_router *router, u8 family)
{
	return family == AF_INET ? &router->nets4 : &router->nets6;
}

/* Words of addresses in a route. */
static u32 addr_words(bool v6, u8 src_len)
{
	if (!v6)
		return 2;
	return src_len ? 8 : 4;
}

static struct kmem_cache *cache_of(bool v6, u8 src_len)
{
	return mn_route_caches[v6 ? 1 + !!src_len : 0];
}

static struct mn_route *route_alloc(const struct mn_route_spec *s)
{
	bool v6 = s->family == AF_INET6;
	struct mn_subnet *net;

	if (s->hop != MN_HOP_CONNECTED || s->kind != MIDONET_ROUTE_TYPE_PORT)
		return kmem_cache_zalloc(cache_of(v6, s->src_len),
					 GFP_KERNEL_ACCOUNT);
	net = kzalloc(sizeof(*net) + addr_words(v6, 0) * sizeof(__be32),
		      GFP_KERNEL_ACCOUNT);
	return net ? &net->route : NULL;
}

static void route_free(struct mn_route *r)
{
	mn_count_put(r->count);
	if (mn_route_is_subnet(r))
		kfree(mn_subnet_of(r));
	else
		kmem_cache_free(cache_of(r->flags & MN_ROUTE_V6, r->src_len), r);
}

/* How @s sorts against @r, which has the same dst. */
static int order(const struct mn_route_spec *s, const struct mn_route *r)
{
	int diff;

	if (s->metric != r->metric)
		return s->metric < r->metric ? -1 : 1;
	if (s->kind != r->kind)
		return (int)s->kind - r->kind;
	diff = (int)s->hop - (r->hop ? r->hop->key.kind : MN_HOP_NONE);
	if (diff)
		return diff;
	if (r->hop)
		diff = memcmp(&s->gateway, &r->hop->key.addr,
			      sizeof(s->gateway)) ?:
		       memcmp(s->port->obj.ident.id,
			      r->hop->port->obj.ident.id,
			      sizeof(s->port->obj.ident.id));
	if (diff)
		return diff;
	if (s->src_len != r->src_len)
		return (int)s->src_len - r->src_len;
	return memcmp(&s->src, mn_route_src(r),
		      DIV_ROUND_UP(s->src_len, 32) * sizeof(__be32));
}

/* Where a route is among those of its node, or would be. */
struct spot {
	struct mn_route *same;
	struct mn_route *dying;
	struct mn_route *before;
	struct mn_route *last;
	u32 n;
};

static void find_spot(const struct mn_lpm_node *node,
		      const struct mn_route_spec *s, struct spot *spot)
{
	struct mn_route *r;
	int diff;

	memset(spot, 0, sizeof(*spot));
	hlist_for_each_entry(r, &node->items, link) {
		spot->n += mn_entry_end(&r->entry);
		spot->last = r;
		diff = order(s, r);
		if (diff < 0 && !spot->before)
			spot->before = r;
		if (diff)
			continue;
		if (mn_entry_end(&r->entry))
			spot->same = r;
		else if (r->entry.dying && r->entry.died == U64_MAX)
			spot->dying = r;
	}
}

/**
 * mn_route_lookup() - a route by its content
 * @s: content
 *
 * Context: mn_net.lock.
 *
 * Return: the route that will be there after the commit in progress, or NULL
 */
struct mn_route *mn_route_lookup(const struct mn_route_spec *s)
{
	struct mn_lpm_node *node;
	struct spot spot;

	node = mn_lpm_exact(mn_route_lpm(s->router, s->family),
			    s->dst.s6_addr32, s->plen);
	if (!node)
		return NULL;
	find_spot(node, s, &spot);
	return spot.same;
}

static struct mn_route *route_new(struct mn_net *mn,
				  const struct mn_route_spec *s)
{
	bool v6 = s->family == AF_INET6;
	u32 words = v6 ? 4 : 1;
	struct mn_route *r = route_alloc(s);

	if (!r)
		return NULL;
	r->entry.parent = &s->router->obj;
	r->entry.type = MIDONET_OBJECT_TYPE_ROUTE;
	r->metric = s->metric;
	r->kind = s->kind;
	r->plen = s->plen;
	r->src_len = s->src_len;
	if (v6)
		r->flags |= MN_ROUTE_V6;
	if (s->hop == MN_HOP_CONNECTED)
		r->flags |= MN_ROUTE_CONNECTED;
	memcpy(r->addr, &s->dst, words * sizeof(__be32));
	if (s->src_len)
		memcpy(r->addr + words, &s->src, words * sizeof(__be32));
	if (!s->port)
		return r;
	r->hop = mn_hop_get(mn, s);
	if (r->hop)
		return r;
	route_free(r);
	return NULL;
}

static void undo_new(struct mn_net *mn, struct mn_route *r)
{
	if (r->hop && mn_hop_put(mn, r->hop)) {
		/* Readers of the table may have it. */
		synchronize_rcu();
		kfree(r->hop);
	}
	route_free(r);
}

static void link_route(struct mn_lpm_node *node, struct mn_route *r,
		       const struct spot *spot)
{
	if (spot->before)
		hlist_add_before_rcu(&r->link, &spot->before->link);
	else if (spot->last)
		hlist_add_behind_rcu(&r->link, &spot->last->link);
	else
		hlist_add_head_rcu(&r->link, &node->items);
	if (r->hop)
		hlist_add_head(&r->by_hop, &r->hop->routes);
}

static int link_subnet(struct mn_router *router, struct mn_route *r)
{
	struct mn_lpm *nets = mn_route_nets(router, mn_route_family(r));
	struct mn_lpm_node *node = mn_lpm_add(nets, r->addr, r->plen);

	if (!node)
		return -ENOMEM;
	hlist_add_head_rcu(&mn_subnet_of(r)->item, &node->items);
	return 0;
}

static int refuse_full(struct mn_txn *txn, const struct mn_route_spec *s,
		       const char *why, u32 n)
{
	char label[192];

	mn_route_label(s, label, sizeof(label));
	return mn_txn_err(txn, -ENOSPC, "router %s: route %s: there are %u %s",
			  s->router->obj.name, label, n, why);
}

static int check_room(struct mn_txn *txn, const struct mn_route_spec *s, u32 n)
{
	struct mn_net *mn = txn->mn;

	if (n >= MN_ROUTES_PER_DST)
		return refuse_full(txn, s, "to its dst already, the most there can be",
				   n);
	if (mn->n_routes >= READ_ONCE(mn->limits.routes_max))
		return refuse_full(txn, s, "already; raise net.midonet.routes_max",
				   mn->n_routes);
	return 0;
}

/**
 * mn_route_enter() - a route is to be born
 * @txn: transaction
 * @s: its content; there is none like it in the end state
 *
 * One that this very commit removes stays instead.
 *
 * Context: mn_net.lock, may sleep.
 *
 * Return: the route or ERR_PTR
 */
struct mn_route *mn_route_enter(struct mn_txn *txn,
				const struct mn_route_spec *s)
{
	struct mn_lpm *lpm = mn_route_lpm(s->router, s->family);
	const __be32 *dst = s->dst.s6_addr32;
	struct mn_net *mn = txn->mn;
	struct mn_lpm_node *node;
	struct spot spot = {};
	struct mn_route *r;
	int err;

	node = mn_lpm_exact(lpm, dst, s->plen);
	if (node)
		find_spot(node, s, &spot);
	if (spot.dying) {
		spot.dying->entry.dying = false;
		list_del_init(&spot.dying->entry.list);
		return spot.dying;
	}
	err = check_room(txn, s, spot.n);
	if (err)
		return ERR_PTR(err);
	r = route_new(mn, s);
	if (!r)
		return ERR_PTR(-ENOMEM);
	node = mn_lpm_add(lpm, dst, s->plen);
	if (!node) {
		undo_new(mn, r);
		return ERR_PTR(-ENOMEM);
	}
	mn_txn_entry_new(txn, &r->entry);
	link_route(node, r, &spot);
	mn->n_routes++;
	if (mn_route_is_subnet(r) && link_subnet(s->router, r)) {
		mn_txn_entry_del(txn, &r->entry);
		return ERR_PTR(-ENOMEM);
	}
	return r;
}

/**
 * mn_route_entry_del() - &mn_type.entry_del of routes
 * @mn: namespace, locked
 * @e: entry
 */
void mn_route_entry_del(struct mn_net *mn, struct mn_entry *e)
{
	struct mn_router *router = mn_router_of(e->parent);
	struct mn_route *r = mn_route_of(e);
	u8 family = mn_route_family(r);
	struct mn_subnet *net;

	hlist_del_rcu(&r->link);
	if (r->hop) {
		hlist_del(&r->by_hop);
		if (mn_hop_put(mn, r->hop))
			r->flags |= MN_ROUTE_FREES_HOP;
	}
	mn_lpm_del(mn_route_lpm(router, family), r->addr, r->plen, r->dead);
	mn->n_routes--;
	if (!mn_route_is_subnet(r))
		return;
	net = mn_subnet_of(r);
	if (hlist_unhashed(&net->item))
		return;
	hlist_del_rcu(&net->item);
	mn_lpm_del(mn_route_nets(router, family), r->addr, r->plen, net->dead);
}

/**
 * mn_route_entry_free() - &mn_type.entry_free of routes
 * @e: entry; no reader has it, or what it takes with it, any more
 */
void mn_route_entry_free(struct mn_entry *e)
{
	struct mn_route *r = mn_route_of(e);
	u8 family = mn_route_family(r);

	mn_lpm_free(family, r->dead);
	if (mn_route_is_subnet(r))
		mn_lpm_free(family, mn_subnet_of(r)->dead);
	if (r->flags & MN_ROUTE_FREES_HOP)
		kfree(r->hop);
	route_free(r);
}

/**
 * mn_route_spec_of() - content of a route
 * @r: route
 * @s: set to its content
 *
 * Context: RCU or mn_net.lock.
 */
void mn_route_spec_of(const struct mn_route *r, struct mn_route_spec *s)
{
	u32 len = r->flags & MN_ROUTE_V6 ? 16 : 4;

	memset(s, 0, sizeof(*s));
	s->router = mn_router_of(r->entry.parent);
	s->kind = r->kind;
	s->family = mn_route_family(r);
	s->plen = r->plen;
	s->src_len = r->src_len;
	s->metric = r->metric;
	memcpy(&s->dst, mn_route_dst(r), len);
	if (r->src_len)
		memcpy(&s->src, mn_route_src(r), len);
	if (!r->hop)
		return;
	s->hop = r->hop->key.kind;
	s->port = r->hop->port;
	s->gateway = r->hop->key.addr;
}

static const char *const kind_words[] = {
	[MIDONET_ROUTE_TYPE_PORT] = "",
	[MIDONET_ROUTE_TYPE_LOCAL] = " local",
	[MIDONET_ROUTE_TYPE_BLACKHOLE] = " blackhole",
	[MIDONET_ROUTE_TYPE_REJECT] = " reject",
};

static int put_addr(char *buf, size_t size, const char *word, u8 family,
		    const struct in6_addr *addr)
{
	if (family == AF_INET)
		return scnprintf(buf, size, "%s%pI4", word, addr);
	return scnprintf(buf, size, "%s%pI6c", word, addr);
}

/**
 * mn_route_label() - how a route is called in messages
 * @s: route
 * @buf: for the label
 * @size: bytes of @buf
 *
 * Return: its length
 */
int mn_route_label(const struct mn_route_spec *s, char *buf, size_t size)
{
	int n;

	n = put_addr(buf, size, "", s->family, &s->dst);
	n += scnprintf(buf + n, size - n, "/%u", s->plen);
	if (s->src_len) {
		n += put_addr(buf + n, size - n, " src ", s->family, &s->src);
		n += scnprintf(buf + n, size - n, "/%u", s->src_len);
	}
	n += scnprintf(buf + n, size - n, "%s", kind_words[s->kind]);
	if (s->hop == MN_HOP_GATEWAY)
		n += put_addr(buf + n, size - n, " gateway ", s->family,
			      &s->gateway);
	if (s->port)
		n += scnprintf(buf + n, size - n, " port %s", s->port->obj.name);
	if (s->metric)
		n += scnprintf(buf + n, size - n, " metric %u", s->metric);
	return n;
}

/**
 * mn_route_caches_create() - make the caches of routes
 *
 * Return: 0 or -ENOMEM
 */
int mn_route_caches_create(void)
{
	static const char *const names[] = {
		"mn_route4", "mn_route6", "mn_route6_src",
	};
	int i, err;

	err = mn_lpm_caches_create();
	if (err)
		return err;
	for (i = 0; i < ARRAY_SIZE(mn_route_caches); i++) {
		mn_route_caches[i] =
			kmem_cache_create(names[i], sizeof(struct mn_route) +
					  addr_words(i, i > 1) * sizeof(__be32),
					  8, 0, NULL);
		if (!mn_route_caches[i]) {
			mn_route_caches_destroy();
			return -ENOMEM;
		}
	}
	return 0;
}

/**
 * mn_route_caches_destroy() - undo mn_route_caches_create()
 *
 * Context: may sleep. No route is left.
 */
void mn_route_caches_destroy(void)
{
	int i;

	for (i = 0; i < ARRAY_SIZE(mn_route_caches); i++) {
		kmem_cache_destroy(mn_route_caches[i]);
		mn_route_caches[i] = NULL;
	}
	mn_lpm_caches_destroy();
}
