// SPDX-License-Identifier: GPL-2.0
/*
 * Routers as configuration objects. What a router does to packets is in
 * router_walk.c, its routes are in route.c.
 */
#include "balance/balance.h"
#include "config/nl.h"
#include "config/txn.h"
#include "l3/neigh.h"
#include "l3/route.h"
#include "l3/router.h"
#include "policy/chain.h"
#include "port/port.h"
#include "sim/dep.h"
#include "state/nat_block.h"

/* Tells the slot of a router's set of ports from that of its configuration. */
#define MN_PORTS_SALT	0x101
/* The same for whether it translates anything. */
#define MN_TRANSLATED_SALT	0x102

static int router_init(struct mn_net *mn, struct mn_obj *obj)
{
	struct mn_router *router = mn_router_of(obj);

	INIT_LIST_HEAD(&router->ports);
	INIT_LIST_HEAD(&router->neighs);
	INIT_LIST_HEAD(&router->nat_blocks);
	router->v4.family = AF_INET;
	router->v6.family = AF_INET6;
	router->nets4.family = AF_INET;
	router->nets6.family = AF_INET6;
	router->ports_dep = mn_dep_slot(obj->ident.id, sizeof(obj->ident.id),
					MN_PORTS_SALT);
	router->translated_dep = mn_dep_slot(obj->ident.id,
					     sizeof(obj->ident.id),
					     MN_TRANSLATED_SALT);
	return 0;
}

static struct mn_ver *router_parse(struct mn_txn *txn, struct mn_obj *obj,
				   const struct mn_ver *old,
				   const struct mn_op *op, struct nlattr **tb,
				   struct netlink_ext_ack *extack)
{
	struct mn_ver *ver = mn_ver_new(MIDONET_OBJECT_TYPE_ROUTER,
					sizeof(struct mn_router_ver));
	struct mn_router_ver *v;
	int err;

	if (!ver)
		return ERR_PTR(-ENOMEM);
	v = container_of(ver, struct mn_router_ver, ver);
	if (old)
		memcpy(ver + 1, old + 1, sizeof(*v) - sizeof(*ver));
	else
		v->admin_up = true;
	if (tb[MIDONET_A_ADMIN_UP])
		v->admin_up = nla_get_u8(tb[MIDONET_A_ADMIN_UP]);
	else if (mn_nl_unset(op, MIDONET_A_ADMIN_UP))
		v->admin_up = true;
	err = mn_chains_parse(txn, obj, op, tb, &v->in_chain, &v->out_chain,
			      extack);
	if (err) {
		mn_ver_free(ver);
		return ERR_PTR(err);
	}
	return ver;
}

static int router_link(struct mn_txn *txn, struct mn_obj *obj)
{
	mn_balance_link(txn, mn_router_of(obj));
	return 0;
}

static void router_uses(const struct mn_ver *ver,
			void (*fn)(struct mn_obj *used, void *arg), void *arg)
{
	const struct mn_router_ver *v = mn_router_ver(ver);

	mn_chains_uses(v->in_chain, v->out_chain, fn, arg);
}

static void router_chains(const struct mn_ver *ver, struct mn_chain **in,
			  struct mn_chain **out)
{
	const struct mn_router_ver *v = mn_router_ver(ver);

	*in = v->in_chain;
	*out = v->out_chain;
}

/* Routes and neighbours before ports: then the ports find none of theirs. */
static int router_contents(struct mn_txn *txn, struct mn_obj *obj)
{
	struct mn_router *router = mn_router_of(obj);
	struct mn_obj *port;
	int err;

	mn_routes_del(txn, router);
	mn_neighs_del(txn, &router->neighs);
	mn_nat_blocks_del(txn, router);
	list_for_each_entry(port, &router->ports, siblings) {
		err = mn_txn_delete(txn, port);
		if (err)
			return err;
	}
	return 0;
}

static int router_fill(struct mn_net *mn, const struct mn_obj *obj,
		       const struct mn_ver *ver, struct sk_buff *skb)
{
	const struct mn_router_ver *v = mn_router_ver(ver);

	if (nla_put_u8(skb, MIDONET_A_ADMIN_UP, v->admin_up) ||
	    mn_chains_fill(skb, v->in_chain, v->out_chain))
		return -EMSGSIZE;
	return 0;
}

const struct mn_type mn_router_type = {
	.name = "router",
	.type = MIDONET_OBJECT_TYPE_ROUTER,
	.size = sizeof(struct mn_router),
	.init = router_init,
	.parse = router_parse,
	.link = router_link,
	.uses = router_uses,
	.chains = router_chains,
	.contents = router_contents,
	.fill = router_fill,
};
