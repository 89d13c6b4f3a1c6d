// SPDX-License-Identifier: GPL-2.0
/*
 * Load balancers as configuration objects: which router each works in. What
 * they do to packets is in balance.c, what they contain in vip.c and pool.c.
 */
#include <linux/slab.h>
#include <net/ipv6.h>

#include "balance/balancer.h"
#include "config/nl.h"
#include "config/txn.h"
#include "l3/neigh.h"
#include "l3/router.h"
#include "port/port.h"

/**
 * mn_balancer_end() - a load balancer as the commit in progress will leave it
 * @mn: namespace, locked
 * @b: load balancer
 *
 * Return: its version, NULL if it does not exist then
 */
const struct mn_balancer_ver *mn_balancer_end(struct mn_net *mn,
					      const struct mn_balancer *b)
{
	const struct mn_ver *ver = mn_ver_end(mn, &b->obj);

	return ver ? mn_balancer_ver(ver) : NULL;
}

static struct mn_router *router_end(struct mn_net *mn,
				    const struct mn_balancer *b)
{
	const struct mn_balancer_ver *v = mn_balancer_end(mn, b);

	return v ? v->router : NULL;
}

static struct mn_router *router_was(struct mn_net *mn,
				    const struct mn_balancer *b)
{
	const struct mn_ver *ver = mn_dereference(mn, b->obj.newest);

	return ver && !ver->dead ? mn_balancer_ver(ver)->router : NULL;
}

/* Configuration. */

static int balancer_init(struct mn_net *mn, struct mn_obj *obj)
{
	struct mn_balancer *b = mn_balancer_of(obj);

	INIT_LIST_HEAD(&b->vips);
	INIT_LIST_HEAD(&b->pools);
	b->v4.family = AF_INET;
	b->v6.family = AF_INET6;
	return 0;
}

static int parse_router(struct mn_txn *txn, const struct mn_obj *obj,
			const struct mn_op *op, struct nlattr **tb,
			struct mn_balancer_ver *v,
			struct netlink_ext_ack *extack)
{
	struct mn_obj *router;

	if (!tb[MIDONET_A_ROUTER]) {
		if (mn_nl_unset(op, MIDONET_A_ROUTER))
			v->router = NULL;
		return 0;
	}
	router = mn_txn_ref(txn, obj, tb[MIDONET_A_ROUTER],
			    MIDONET_OBJECT_TYPE_ROUTER, "router", extack);
	if (IS_ERR(router))
		return PTR_ERR(router);
	v->router = mn_router_of(router);
	return 0;
}

static struct mn_ver *balancer_parse(struct mn_txn *txn, struct mn_obj *obj,
				     const struct mn_ver *old,
				     const struct mn_op *op, struct nlattr **tb,
				     struct netlink_ext_ack *extack)
{
	struct mn_ver *ver = mn_ver_new(MIDONET_OBJECT_TYPE_LOAD_BALANCER,
					sizeof(struct mn_balancer_ver));
	struct mn_balancer_ver *v;
	int err;

	if (!ver)
		return ERR_PTR(-ENOMEM);
	v = container_of(ver, struct mn_balancer_ver, ver);
	if (old)
		memcpy(ver + 1, old + 1, sizeof(*v) - sizeof(*ver));
	else
		v->admin_up = true;
	if (tb[MIDONET_A_ADMIN_UP])
		v->admin_up = nla_get_u8(tb[MIDONET_A_ADMIN_UP]);
	else if (mn_nl_unset(op, MIDONET_A_ADMIN_UP))
		v->admin_up = true;
	err = parse_router(txn, obj, op, tb, v, extack);
	if (err) {
		mn_ver_free(ver);
		return ERR_PTR(err);
	}
	return ver;
}

static int set_balancer(struct mn_txn *txn, struct mn_router *router,
			struct mn_balancer *b)
{
	struct mn_ver *ver = mn_txn_pending(txn, &router->obj);

	if (!ver)
		return -ENOMEM;
	container_of(ver, struct mn_router_ver, ver)->balancer = b;
	return 0;
}

/* @b is no more in @router, unless that has another one already, or is gone. */
static int leave(struct mn_txn *txn, struct mn_router *router,
		 struct mn_balancer *b)
{
	const struct mn_ver *ver = mn_ver_end(txn->mn, &router->obj);

	if (!ver || mn_router_ver(ver)->balancer != b)
		return 0;
	return set_balancer(txn, router, NULL);
}

static int join(struct mn_txn *txn, struct mn_router *router,
		struct mn_balancer *b)
{
	const struct mn_ver *ver = mn_ver_end(txn->mn, &router->obj);
	const struct mn_balancer *other;

	/* A router that is removed is refused later, as any that is in use. */
	if (!ver)
		return 0;
	other = mn_router_ver(ver)->balancer;
	if (other == b)
		return 0;
	if (other && router_end(txn->mn, other) == router)
		return mn_txn_err(txn, -EBUSY,
				  "load-balancer %s: router: %s has load-balancer %s already; a router has one at most, put the VIPs there",
				  b->obj.name, router->obj.name,
				  other->obj.name);
	return set_balancer(txn, router, b);
}

/* The router follows. */
static int balancer_link(struct mn_txn *txn, struct mn_obj *obj)
{
	struct mn_balancer *b = mn_balancer_of(obj);
	struct mn_router *was = router_was(txn->mn, b);
	struct mn_router *router = router_end(txn->mn, b);
	int err = 0;

	if (was && was != router)
		err = leave(txn, was, b);
	if (!err && router)
		err = join(txn, router, b);
	return err;
}

/**
 * mn_balance_link() - a router follows its load balancer
 * @txn: transaction; all its messages were parsed
 * @router: router with a pending version
 *
 * One that was removed and made anew in the transaction still has it, though
 * nobody touched that.
 *
 * Context: mn_net.lock.
 */
void mn_balance_link(struct mn_txn *txn, struct mn_router *router)
{
	const struct mn_ver *was = mn_dereference(txn->mn, router->obj.newest);
	struct mn_router_ver *v;
	struct mn_balancer *b;

	if (!was || was->dead || router->obj.pending->dead)
		return;
	b = mn_router_ver(was)->balancer;
	v = container_of(router->obj.pending, struct mn_router_ver, ver);
	if (b && !v->balancer && router_end(txn->mn, b) == router)
		v->balancer = b;
}

static void balancer_uses(const struct mn_ver *ver,
			  void (*fn)(struct mn_obj *used, void *arg), void *arg)
{
	const struct mn_balancer_ver *v = mn_balancer_ver(ver);

	if (v->router)
		fn(&v->router->obj, arg);
}

/* Judging. */

static int refuse_shadow(struct mn_txn *txn, const struct mn_vip *vip,
			 const struct mn_port *port)
{
	return mn_served_refuse(txn, -EINVAL, vip->s.entry.parent, "vip",
				&vip->s.at,
				"has an address of the router itself (port %s:%s); a VIP needs one of its own",
				port->obj.parent->name, port->obj.name);
}

static int check_port(struct mn_txn *txn, struct mn_balancer *b,
		      const struct mn_port *port)
{
	const struct mn_port_ver *v = mn_port_end(txn->mn, port);
	const struct mn_address *a = v ? mn_port_addresses(v) : NULL;
	const struct mn_vip *vip;
	int i;

	for (i = 0; v && i < v->n_addresses; i++, a++) {
		vip = mn_vip_at_end(b, a->family, &a->addr);
		if (vip)
			return refuse_shadow(txn, vip, port);
	}
	return 0;
}

/* A load balancer that comes to a router meets the addresses that are there. */
static int balancer_validate(struct mn_txn *txn, struct mn_obj *obj)
{
	struct mn_balancer *b = mn_balancer_of(obj);
	struct mn_router *router = router_end(txn->mn, b);
	struct mn_obj *port;
	int err;

	if (!router || router == router_was(txn->mn, b))
		return 0;
	list_for_each_entry(port, &router->ports, siblings) {
		err = check_port(txn, b, mn_port_of(port));
		if (err)
			return err;
	}
	return 0;
}

/**
 * mn_balance_check_address() - is an address of a router that of a VIP?
 * @txn: transaction being judged
 * @port: port of the router that gets the address
 * @family: AF_INET or AF_INET6
 * @addr: address; an IPv4 address is in the first word
 *
 * Context: mn_net.lock.
 *
 * Return: 0, or -EINVAL if a VIP in the router's load balancer has it
 */
int mn_balance_check_address(struct mn_txn *txn, const struct mn_port *port,
			     u8 family, const struct in6_addr *addr)
{
	const struct mn_ver *ver = mn_ver_end(txn->mn, port->obj.parent);
	struct mn_balancer *b = ver ? mn_router_ver(ver)->balancer : NULL;
	const struct mn_vip *vip = b ? mn_vip_at_end(b, family, addr) : NULL;

	return vip ? refuse_shadow(txn, vip, port) : 0;
}

/* What follows. */

static int derive_ports(struct mn_txn *txn, struct mn_router *router)
{
	struct mn_obj *port;
	int err;

	list_for_each_entry(port, &router->ports, siblings) {
		err = mn_neighs_derive(txn, mn_port_of(port));
		if (err)
			return err;
	}
	return 0;
}

/* What the VIPs are on the bridges that the router is linked to. */
static int balancer_derive(struct mn_txn *txn, struct mn_obj *obj)
{
	struct mn_balancer *b = mn_balancer_of(obj);
	struct mn_router *was = router_was(txn->mn, b);
	struct mn_router *router = router_end(txn->mn, b);
	int err = 0;

	if (was)
		err = derive_ports(txn, was);
	if (!err && router && router != was)
		err = derive_ports(txn, router);
	return err;
}

/**
 * mn_balance_end() - the load balancer that works in a router
 * @mn: namespace, locked
 * @router: router
 *
 * Return: one that will be there, and up, after the commit in progress; or NULL
 */
struct mn_balancer *mn_balance_end(struct mn_net *mn,
				   const struct mn_router *router)
{
	const struct mn_ver *ver = mn_ver_end(mn, &router->obj);
	struct mn_balancer *b = ver ? mn_router_ver(ver)->balancer : NULL;
	const struct mn_balancer_ver *v = b ? mn_balancer_end(mn, b) : NULL;

	return v && v->admin_up ? b : NULL;
}

/**
 * mn_balance_has() - will there be a VIP with an address?
 * @b: load balancer
 * @family: AF_INET or AF_INET6
 * @addr: address; an IPv4 address is in the first word
 *
 * Context: mn_net.lock.
 */
bool mn_balance_has(struct mn_balancer *b, u8 family,
		    const struct in6_addr *addr)
{
	return mn_vip_at_end(b, family, addr);
}

/**
 * mn_balance_each() - for every address of a VIP in a subnet that will be there
 * @b: load balancer
 * @family: AF_INET or AF_INET6
 * @prefix: of the subnet; more bits do no harm
 * @plen: its length
 * @fn: called; stops if it is not 0
 * @arg: for @fn
 *
 * Context: mn_net.lock.
 *
 * Return: what @fn said
 */
int mn_balance_each(struct mn_balancer *b, u8 family,
		    const struct in6_addr *prefix, u8 plen,
		    int (*fn)(u8 family, const struct in6_addr *addr,
			      void *arg), void *arg)
{
	const struct mn_lpm *lpm = mn_balancer_lpm(b, family);
	struct mn_lpm_node *node;
	struct in6_addr addr;
	int err = 0;

	node = mn_lpm_next(lpm, prefix->s6_addr32, plen);
	while (node && !err &&
	       mn_lpm_under(lpm, node, prefix->s6_addr32, plen)) {
		memset(&addr, 0, sizeof(addr));
		memcpy(&addr, node->key, mn_lpm_words(family) * sizeof(__be32));
		if (node->plen == mn_lpm_bits(family) &&
		    mn_vip_at_end(b, family, &addr))
			err = fn(family, &addr, arg);
		node = mn_lpm_next(lpm, node->key, node->plen);
	}
	return err;
}

static int balancer_contents(struct mn_txn *txn, struct mn_obj *obj)
{
	struct mn_balancer *b = mn_balancer_of(obj);
	struct mn_obj *pool;
	int err;

	mn_served_del_all(txn, &b->vips);
	list_for_each_entry(pool, &b->pools, siblings) {
		err = mn_txn_delete(txn, pool);
		if (err)
			return err;
	}
	return 0;
}

static int balancer_fill(struct mn_net *mn, const struct mn_obj *obj,
			 const struct mn_ver *ver, struct sk_buff *skb)
{
	const struct mn_balancer_ver *v = mn_balancer_ver(ver);

	if (nla_put_u8(skb, MIDONET_A_ADMIN_UP, v->admin_up) ||
	    mn_nl_put_id(skb, MIDONET_A_ROUTER,
			 v->router ? &v->router->obj : NULL))
		return -EMSGSIZE;
	return 0;
}

const struct mn_type mn_balancer_type = {
	.name = "load-balancer",
	.type = MIDONET_OBJECT_TYPE_LOAD_BALANCER,
	.size = sizeof(struct mn_balancer),
	.init = balancer_init,
	.parse = balancer_parse,
	.link = balancer_link,
	.uses = balancer_uses,
	.validate = balancer_validate,
	.derive = balancer_derive,
	.contents = balancer_contents,
	.fill = balancer_fill,
};

/**
 * mn_balance_init() - set the tables of a namespace up
 * @mn: namespace
 *
 * Context: may sleep.
 *
 * Return: 0 or a negative error
 */
int mn_balance_init(struct mn_net *mn)
{
	struct mn_balance *bal = kzalloc(sizeof(*bal), GFP_KERNEL_ACCOUNT);
	int err;

	if (!bal)
		return -ENOMEM;
	err = mn_served_init(&bal->vips);
	if (err)
		goto err_free;
	err = mn_served_init(&bal->members);
	if (err)
		goto err_vips;
	err = mn_stickies_init(&bal->sticky, &mn->limits);
	if (err)
		goto err_members;
	mn->balance = bal;
	return 0;

err_members:
	mn_served_exit(&bal->members);
err_vips:
	mn_served_exit(&bal->vips);
err_free:
	kfree(bal);
	return err;
}

/**
 * mn_balance_stop() - stop the worker of a namespace
 * @mn: namespace; no packet is in a walk
 *
 * Context: may sleep.
 */
void mn_balance_stop(struct mn_net *mn)
{
	mn_stickies_stop(&mn->balance->sticky);
}

/**
 * mn_balance_exit() - free the tables
 * @mn: namespace; its load balancers are gone, its flows too
 *
 * Context: may sleep.
 */
void mn_balance_exit(struct mn_net *mn)
{
	struct mn_balance *bal = mn->balance;

	mn_stickies_exit(&bal->sticky);
	mn_served_exit(&bal->members);
	mn_served_exit(&bal->vips);
	mn->balance = NULL;
	kfree(bal);
}

/**
 * mn_balance_count() - clients that stick to members
 * @mn: namespace
 * @sticky: set to how many are remembered
 * @evicted: set to how many have given way to others so far
 *
 * Context: any.
 */
void mn_balance_count(const struct mn_net *mn, u32 *sticky, u64 *evicted)
{
	const struct mn_stickies *s = &mn->balance->sticky;

	*sticky = READ_ONCE(s->n);
	*evicted = READ_ONCE(s->n_evicted);
}
