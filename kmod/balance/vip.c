// SPDX-License-Identifier: GPL-2.0
/*
 * VIPs: in a table by address, port and protocol, and each load balancer's
 * addresses in a trie, so that packets for others are told by a few bits.
 */
#include <linux/slab.h>

#include "balance/balancer.h"
#include "config/dump.h"
#include "config/nl.h"
#include "config/txn.h"
#include "l3/neigh.h"
#include "l3/route.h"
#include "l3/router.h"
#include "port/port.h"
#include "sim/count.h"
#include "sim/dep.h"

/**
 * mn_vip_at_end() - a VIP with an address
 * @b: load balancer
 * @family: AF_INET or AF_INET6
 * @addr: address; an IPv4 address is in the first word
 *
 * Context: mn_net.lock.
 *
 * Return: one that will be there after the commit in progress, or NULL
 */
struct mn_vip *mn_vip_at_end(struct mn_balancer *b, u8 family,
			     const struct in6_addr *addr)
{
	struct mn_lpm_node *node;
	struct mn_vip *vip;

	node = mn_lpm_exact(mn_balancer_lpm(b, family), addr->s6_addr32,
			    mn_lpm_bits(family));
	if (!node)
		return NULL;
	hlist_for_each_entry(vip, &node->items, by_addr) {
		if (mn_entry_end(&vip->s.entry))
			return vip;
	}
	return NULL;
}

/**
 * mn_vip_of_end() - the VIP that will be somewhere
 * @mn: namespace, locked
 * @at: where
 *
 * Return: VIP after the commit in progress, or NULL
 */
struct mn_vip *mn_vip_of_end(struct mn_net *mn, const struct mn_service *at)
{
	struct mn_served *s;

	s = mn_served_find_end(&mn->balance->vips, at, NULL, false);
	return s ? mn_vip_of(s) : NULL;
}

/* Messages. */

static int vip_refuse(struct mn_txn *txn, int err, const struct mn_obj *parent,
		      const struct mn_service *at, const char *what)
{
	return mn_served_refuse(txn, err, parent, "vip", at, "%s", what);
}

static int vip_parse_at(struct mn_txn *txn, struct mn_obj *parent,
			struct nlattr **tb, struct mn_service *at,
			struct netlink_ext_ack *extack)
{
	const struct nlattr *proto = tb[MIDONET_A_PROTO];
	int err;

	err = mn_service_parse(txn, parent, "vip", tb, at, extack);
	if (err)
		return err;
	at->balancer = parent->index;
	at->proto = proto ? nla_get_u8(proto) : 0;
	if (at->proto == IPPROTO_TCP || at->proto == IPPROTO_UDP)
		return 0;
	if (proto)
		NL_SET_BAD_ATTR(extack, proto);
	at->proto = 0;
	return vip_refuse(txn, -EINVAL, parent, at, "needs a proto, tcp or udp");
}

static struct mn_pool *vip_parse_pool(struct mn_txn *txn,
				      const struct mn_obj *parent,
				      struct nlattr **tb,
				      const struct mn_service *at,
				      struct netlink_ext_ack *extack)
{
	struct mn_obj *pool;

	if (!tb[MIDONET_A_POOL])
		return ERR_PTR(vip_refuse(txn, -EINVAL, parent, at,
					  "needs the pool it sends to"));
	pool = mn_txn_ref(txn, parent, tb[MIDONET_A_POOL],
			  MIDONET_OBJECT_TYPE_POOL, "pool", extack);
	if (IS_ERR(pool))
		return ERR_CAST(pool);
	if (pool->parent == parent)
		return mn_pool_of(pool);
	NL_SET_BAD_ATTR(extack, tb[MIDONET_A_POOL]);
	return ERR_PTR(mn_served_refuse(txn, -EINVAL, parent, "vip", at,
					"has pool %s of load-balancer %s; it needs one of its own load-balancer",
					pool->name, pool->parent->name));
}

static void vip_free(struct mn_entry *e)
{
	struct mn_vip *vip = mn_vip_of(mn_served_of(e));

	mn_lpm_free(vip->s.at.family, vip->dead);
	mn_count_put(vip->count);
	kfree(vip);
}

/* What is changed goes on counting, even for walks that still see the old one. */
static void share_count(struct mn_vip *vip, struct mn_vip *old)
{
	vip->count = mn_count_at(&old->count);
	if (vip->count)
		mn_count_get(vip->count);
}

static int link_vip(struct mn_txn *txn, struct mn_vip *vip,
		    struct mn_balancer *b)
{
	struct mn_net *mn = txn->mn;
	u8 family = vip->s.at.family;
	struct mn_lpm_node *node;
	int err;

	err = mn_served_enter(txn, &mn->balance->vips, &vip->s, &b->vips);
	if (err) {
		vip_free(&vip->s.entry);
		return err;
	}
	list_add_tail(&vip->by_pool, &vip->pool->vips);
	node = mn_lpm_add(mn_balancer_lpm(b, family), vip->s.at.addr.s6_addr32,
			  mn_lpm_bits(family));
	if (!node) {
		mn_txn_entry_del(txn, &vip->s.entry);
		return -ENOMEM;
	}
	hlist_add_head_rcu(&vip->by_addr, &node->items);
	return 0;
}

static int vip_new(struct mn_txn *txn, struct mn_balancer *b,
		   const struct mn_service *at, struct mn_pool *pool,
		   u32 sticky)
{
	struct mn_net *mn = txn->mn;
	u32 max = READ_ONCE(mn->limits.objects_max);
	struct mn_served *old;
	struct mn_vip *vip;

	old = mn_served_find_end(&mn->balance->vips, at, NULL, true);
	if (old && mn_vip_of(old)->pool == pool &&
	    mn_vip_of(old)->sticky == sticky) {
		mn_served_undo_del(old);
		return 0;
	}
	if (mn->balance->vips.n >= max)
		return vip_refuse(txn, -ENOSPC, &b->obj, at,
				  "is one too many; raise net.midonet.objects_max");
	vip = kzalloc(sizeof(*vip), GFP_KERNEL_ACCOUNT);
	if (!vip)
		return -ENOMEM;
	vip->s.entry.parent = &b->obj;
	vip->s.entry.type = MIDONET_OBJECT_TYPE_VIP;
	vip->s.at = *at;
	vip->pool = pool;
	vip->sticky = sticky;
	if (old)
		share_count(vip, mn_vip_of(old));
	return link_vip(txn, vip, b);
}

static int vip_op(struct mn_txn *txn, struct mn_op *op, struct nlattr **tb,
		  struct netlink_ext_ack *extack)
{
	struct mn_obj *parent;
	struct mn_service at;
	struct mn_pool *pool;
	struct mn_vip *old;
	int err;

	if (!tb[MIDONET_A_PARENT])
		return mn_txn_err(txn, -EINVAL,
				  "a vip needs a parent, its load-balancer");
	parent = mn_txn_ref(txn, NULL, tb[MIDONET_A_PARENT],
			    MIDONET_OBJECT_TYPE_LOAD_BALANCER, "parent",
			    extack);
	if (IS_ERR(parent))
		return PTR_ERR(parent);
	err = vip_parse_at(txn, parent, tb, &at, extack);
	if (err)
		return err;
	old = mn_vip_of_end(txn->mn, &at);
	if (op->verb == MN_VERB_DEL) {
		if (!old)
			return vip_refuse(txn, -ENOENT, parent, &at,
					  "does not exist");
		mn_txn_entry_del(txn, &old->s.entry);
		return 0;
	}
	if (old)
		return vip_refuse(txn, -EEXIST, parent, &at, "exists already");
	pool = vip_parse_pool(txn, parent, tb, &at, extack);
	if (IS_ERR(pool))
		return PTR_ERR(pool);
	return vip_new(txn, mn_balancer_of(parent), &at, pool,
		       tb[MIDONET_A_STICKY] ?
		       nla_get_u32(tb[MIDONET_A_STICKY]) : 0);
}

/* Judging. */

static int check_router(struct mn_txn *txn, const struct mn_vip *vip)
{
	const struct mn_obj *parent = vip->s.entry.parent;
	const struct mn_balancer_ver *v;
	const struct mn_port *port;

	v = mn_balancer_end(txn->mn, mn_balancer_of(parent));
	if (!v || !v->router)
		return 0;
	port = mn_route_own_port(v->router, vip->s.at.family, &vip->s.at.addr);
	if (!port)
		return 0;
	return mn_balance_check_address(txn, port, vip->s.at.family,
					&vip->s.at.addr);
}

/* Packets for an address go through its VIPs. */
static int check_address(struct mn_txn *txn, const struct mn_vip *vip)
{
	const struct mn_obj *parent = vip->s.entry.parent;
	const struct mn_service *at = &vip->s.at;
	struct mn_lpm_node *node;
	struct mn_vip *other;
	u32 n = 0;

	node = mn_lpm_exact(mn_balancer_lpm(mn_balancer_of(parent), at->family),
			    at->addr.s6_addr32, mn_lpm_bits(at->family));
	hlist_for_each_entry(other, &node->items, by_addr) {
		n += mn_entry_end(&other->s.entry);
		if (n > MN_VIPS_PER_ADDR)
			return vip_refuse(txn, -ENOSPC, parent, at,
					  "is one too many; an address has 1024 VIPs at most");
	}
	return 0;
}

static int vip_validate(struct mn_txn *txn, struct mn_entry *e)
{
	const struct mn_vip *vip = mn_vip_of(mn_served_of(e));
	const struct mn_pool_member *m;
	struct mn_service at = vip->s.at;
	int err;

	err = check_address(txn, vip);
	if (!err)
		err = check_router(txn, vip);
	if (!err)
		err = mn_pool_check(txn, vip->pool, &vip->s, "vip");
	if (err)
		return err;
	at.proto = 0;
	m = mn_pool_member_end(txn->mn, &at);
	if (!m)
		return 0;
	return mn_served_refuse(txn, -EINVAL, e->parent, "vip", &vip->s.at,
				"is a member of pool %s of the same load-balancer; it would send to itself",
				m->s.entry.parent->name);
}

/* What the address is on the bridge that the router is linked to. */
static int vip_derive(struct mn_txn *txn, struct mn_entry *e)
{
	const struct mn_service *at = &mn_served_of(e)->at;
	struct mn_balancer *b = mn_balancer_of(e->parent);
	const struct mn_balancer_ver *v = mn_balancer_end(txn->mn, b);
	struct mn_port *port;

	/* Else the ports were derived for the load balancer that went. */
	if (!v || !v->router)
		return 0;
	/* Others that had the subnet were derived themselves. */
	port = mn_route_on_link(v->router, at->family, &at->addr);
	if (!port)
		return 0;
	return mn_neighs_derive_vip(txn, port, at->family, &at->addr);
}

static void vip_changed(struct mn_net *mn, struct mn_entry *e)
{
	const struct mn_service *at = &mn_served_of(e)->at;

	mn_vip_bump(mn, e->parent, at->family, at->addr.s6_addr32);
}

static void vip_del(struct mn_net *mn, struct mn_entry *e)
{
	struct mn_vip *vip = mn_vip_of(mn_served_of(e));
	u8 family = vip->s.at.family;

	mn_served_leave(&mn->balance->vips, &vip->s);
	list_del(&vip->by_pool);
	if (hlist_unhashed(&vip->by_addr))
		return;
	hlist_del_rcu(&vip->by_addr);
	mn_lpm_del(mn_balancer_lpm(mn_balancer_of(e->parent), family),
		   vip->s.at.addr.s6_addr32, mn_lpm_bits(family), vip->dead);
}

static int put_more(struct sk_buff *skb, const struct mn_served *s)
{
	const struct mn_vip *vip = mn_vip_of(s);

	return nla_put_u8(skb, MIDONET_A_PROTO, s->at.proto) ?:
	       mn_nl_put_id(skb, MIDONET_A_POOL, &vip->pool->obj) ?:
	       nla_put_u32(skb, MIDONET_A_STICKY, vip->sticky);
}

static int vip_put(struct sk_buff *skb, struct mn_dump *cur,
		   const struct mn_served *s)
{
	return mn_served_put(skb, cur, s, put_more);
}

/**
 * mn_vips_dump() - list the VIPs of a load balancer
 * @mn: namespace
 * @skb: where they go
 * @cur: cursor
 * @balancer: load balancer
 * @put: puts one
 *
 * Context: RCU.
 *
 * Return: 0 when done, or what @put said
 */
int mn_vips_dump(struct mn_net *mn, struct sk_buff *skb, struct mn_dump *cur,
		 struct mn_obj *balancer, mn_served_put_fn put)
{
	return mn_served_dump(mn, skb, cur, &mn_balancer_of(balancer)->vips,
			      put);
}

/**
 * mn_vip_name() - what tells a VIP from all others
 * @s: VIP
 * @buf: MN_VIP_NAME bytes for BALANCER:ADDR:PORT/PROTO
 *
 * Context: RCU.
 */
void mn_vip_name(const struct mn_served *s, char *buf)
{
	char label[MN_SERVICE_LABEL];

	snprintf(buf, MN_VIP_NAME, "%s:%s", s->entry.parent->name,
		 mn_service_label(&s->at, label));
}

/**
 * mn_vip_counted() - what was counted for a VIP
 * @s: VIP
 * @packets: set to the packets
 * @bytes: set to their bytes
 *
 * Context: RCU.
 */
void mn_vip_counted(const struct mn_served *s, u64 *packets, u64 *bytes)
{
	const struct mn_count *count = READ_ONCE(mn_vip_of(s)->count);

	*packets = count ? atomic64_read(&count->packets) : 0;
	*bytes = count ? atomic64_read(&count->bytes) : 0;
}

static int vip_dump(struct mn_net *mn, struct sk_buff *skb,
		    struct mn_dump *cur)
{
	struct mn_obj *obj;
	int err;

	for (; (obj = mn_dump_next(mn, cur, MIDONET_OBJECT_TYPE_LOAD_BALANCER));
	     cur->index++, cur->sub = 0) {
		if (!mn_dump_wants(cur, obj))
			continue;
		err = mn_vips_dump(mn, skb, cur, obj, vip_put);
		if (err)
			return err;
	}
	return 0;
}

const struct mn_type mn_vip_type = {
	.name = "vip",
	.type = MIDONET_OBJECT_TYPE_VIP,
	.parents = BIT(MIDONET_OBJECT_TYPE_LOAD_BALANCER),
	.op = vip_op,
	.entry_derive = vip_derive,
	.entry_validate = vip_validate,
	.entry_changed = vip_changed,
	.entry_del = vip_del,
	.entry_free = vip_free,
	.dump = vip_dump,
};
