// SPDX-License-Identifier: GPL-2.0
/*
 * Members of pools, and their health: that is state, which somebody tells us.
 */
#include <linux/siphash.h>
#include <linux/slab.h>
#include <net/genetlink.h>

#include "balance/balancer.h"
#include "config/dump.h"
#include "config/nl.h"
#include "config/txn.h"
#include "sim/dep.h"

/* All hosts agree. */
static const siphash_key_t member_seed = {
	{ 0x6d69646f6e6574ULL, 0x6d656d626572ULL },
};

/**
 * mn_pool_member_end() - a member that will be somewhere
 * @mn: namespace, locked
 * @at: where, without a protocol
 *
 * Return: member of some pool after the commit in progress, or NULL
 */
struct mn_pool_member *mn_pool_member_end(struct mn_net *mn,
					  const struct mn_service *at)
{
	struct mn_served *s;

	s = mn_served_find_end(&mn->balance->members, at, NULL, false);
	return s ? mn_pool_member_of(s) : NULL;
}

static int member_refuse(struct mn_txn *txn, int err,
			 const struct mn_obj *parent,
			 const struct mn_service *at, const char *what)
{
	return mn_served_refuse(txn, err, parent, "member", at, "%s", what);
}

/* Messages. */

static u64 member_hash(const struct mn_service *at)
{
	struct {
		struct in6_addr addr;
		u32 family;
		u32 port;
	} __aligned(SIPHASH_ALIGNMENT) where = {
		.addr = at->addr,
		.family = at->family,
		.port = ntohs(at->port),
	};

	return siphash(&where, sizeof(where), &member_seed);
}

static bool is_same(const struct mn_pool_member *a,
		    const struct mn_pool_member *b)
{
	return a->weight == b->weight && a->admin_up == b->admin_up;
}

static int check_room(struct mn_txn *txn, const struct mn_pool *pool,
		      const struct mn_service *at)
{
	struct mn_net *mn = txn->mn;

	if (mn->balance->members.n >= READ_ONCE(mn->limits.objects_max))
		return member_refuse(txn, -ENOSPC, &pool->obj, at,
				     "is one too many; raise net.midonet.objects_max");
	return 0;
}

static int member_new(struct mn_txn *txn, struct mn_pool *pool,
		      const struct mn_pool_member *what)
{
	struct mn_served_table *table = &txn->mn->balance->members;
	struct mn_pool_member *m, *old = NULL;
	struct mn_served *s;
	int err;

	s = mn_served_find_end(table, &what->s.at, &pool->obj, true);
	if (s)
		old = mn_pool_member_of(s);
	if (old && is_same(old, what)) {
		mn_served_undo_del(s);
		return 0;
	}
	err = check_room(txn, pool, &what->s.at);
	if (err)
		return err;
	m = kzalloc(sizeof(*m), GFP_KERNEL_ACCOUNT);
	if (!m)
		return -ENOMEM;
	m->s.at = what->s.at;
	m->s.entry.parent = &pool->obj;
	m->s.entry.type = MIDONET_OBJECT_TYPE_POOL_MEMBER;
	m->hash = member_hash(&what->s.at);
	m->weight = what->weight;
	m->admin_up = what->admin_up;
	/* Who looked at it looked at the same server. */
	m->health = old ? old->health : MIDONET_HEALTH_UNKNOWN;
	err = mn_served_enter(txn, table, &m->s, &pool->members);
	if (err)
		kfree(m);
	return err;
}

static int member_op(struct mn_txn *txn, struct mn_op *op, struct nlattr **tb,
		     struct netlink_ext_ack *extack)
{
	struct mn_pool_member what = { .weight = 1, .admin_up = true };
	struct mn_service *at = &what.s.at;
	struct mn_served *old;
	struct mn_obj *parent;
	int err;

	if (!tb[MIDONET_A_PARENT])
		return mn_txn_err(txn, -EINVAL,
				  "a pool-member needs a parent, its pool");
	parent = mn_txn_ref(txn, NULL, tb[MIDONET_A_PARENT],
			    MIDONET_OBJECT_TYPE_POOL, "parent", extack);
	if (IS_ERR(parent))
		return PTR_ERR(parent);
	err = mn_service_parse(txn, parent, "pool-member", tb, at, extack);
	if (err)
		return err;
	at->balancer = parent->parent->index;
	old = mn_served_find_end(&txn->mn->balance->members, at, parent, false);
	if (op->verb == MN_VERB_DEL) {
		if (!old)
			return member_refuse(txn, -ENOENT, parent, at,
					     "does not exist");
		mn_txn_entry_del(txn, &old->entry);
		return 0;
	}
	if (old)
		return member_refuse(txn, -EEXIST, parent, at, "exists already");
	if (tb[MIDONET_A_WEIGHT])
		what.weight = nla_get_u32(tb[MIDONET_A_WEIGHT]);
	if (tb[MIDONET_A_ADMIN_UP])
		what.admin_up = nla_get_u8(tb[MIDONET_A_ADMIN_UP]);
	return member_new(txn, mn_pool_of(parent), &what);
}

/* Judging. */

static const struct mn_vip *vip_there(struct mn_net *mn,
				      const struct mn_service *at)
{
	struct mn_service vip = *at;
	const struct mn_vip *found;

	vip.proto = IPPROTO_TCP;
	found = mn_vip_of_end(mn, &vip);
	if (found)
		return found;
	vip.proto = IPPROTO_UDP;
	return mn_vip_of_end(mn, &vip);
}

static int member_validate(struct mn_txn *txn, struct mn_entry *e)
{
	const struct mn_served *s = mn_served_of(e);
	char label[MN_SERVICE_LABEL];
	const struct mn_vip *vip;

	vip = vip_there(txn->mn, &s->at);
	if (vip)
		return mn_served_refuse(txn, -EINVAL, e->parent, "member",
					&s->at,
					"is vip %s of the same load-balancer; name the server itself",
					mn_service_label(&vip->s.at, label));
	return mn_pool_check(txn, mn_pool_of(e->parent), s, "member");
}

static void member_changed(struct mn_net *mn, struct mn_entry *e)
{
	mn_dep_bump(mn, e->parent->dep);
}

static void member_del(struct mn_net *mn, struct mn_entry *e)
{
	mn_served_leave(&mn->balance->members, mn_served_of(e));
}

static void member_free(struct mn_entry *e)
{
	kfree(mn_pool_member_of(mn_served_of(e)));
}

static int put_more(struct sk_buff *skb, const struct mn_served *s)
{
	const struct mn_pool_member *m = mn_pool_member_of(s);

	return nla_put_u32(skb, MIDONET_A_WEIGHT, m->weight) ?:
	       nla_put_u8(skb, MIDONET_A_ADMIN_UP, m->admin_up) ?:
	       nla_put_u8(skb, MIDONET_A_HEALTH, READ_ONCE(m->health));
}

static int member_put(struct sk_buff *skb, struct mn_dump *cur,
		      const struct mn_served *s)
{
	return mn_served_put(skb, cur, s, put_more);
}

static int member_dump(struct mn_net *mn, struct sk_buff *skb,
		       struct mn_dump *cur)
{
	struct mn_obj *obj;
	int err;

	for (; (obj = mn_dump_next(mn, cur, MIDONET_OBJECT_TYPE_POOL));
	     cur->index++, cur->sub = 0) {
		if (!mn_dump_wants(cur, obj))
			continue;
		err = mn_served_dump(mn, skb, cur, &mn_pool_of(obj)->members,
				     member_put);
		if (err)
			return err;
	}
	return 0;
}

const struct mn_type mn_pool_member_type = {
	.name = "pool-member",
	.type = MIDONET_OBJECT_TYPE_POOL_MEMBER,
	.parents = BIT(MIDONET_OBJECT_TYPE_POOL),
	.op = member_op,
	.entry_validate = member_validate,
	.entry_changed = member_changed,
	.entry_del = member_del,
	.entry_free = member_free,
	.dump = member_dump,
};

/* Health. */

static struct mn_pool_member *member_now(struct mn_net *mn,
					 const struct mn_obj *pool,
					 const struct nlattr *addr, u16 port)
{
	struct mn_service at = {
		.balancer = pool->parent->index,
		.family = nla_len(addr) == 4 ? AF_INET : AF_INET6,
		.port = htons(port),
	};
	struct mn_served *s;

	memcpy(&at.addr, nla_data(addr),
	       min_t(u32, nla_len(addr), sizeof(at.addr)));
	s = mn_served_find_end(&mn->balance->members, &at, pool, false);
	return s ? mn_pool_member_of(s) : NULL;
}

/**
 * mn_balance_set_health() - somebody says how a member is
 * @mn: namespace, locked
 * @m: member
 * @health: &enum midonet_health
 *
 * Flows are asked again only if it can matter to them.
 */
void mn_balance_set_health(struct mn_net *mn, struct mn_pool_member *m,
			   u8 health)
{
	bool was_down = m->health == MIDONET_HEALTH_DOWN;
	bool down = health == MIDONET_HEALTH_DOWN;

	mn_assert_lock(mn);
	WRITE_ONCE(m->health, health);
	if (was_down != down)
		mn_dep_bump(mn, m->s.entry.parent->dep);
}

static int health_set(struct mn_net *mn, struct genl_info *info)
{
	struct nlattr **tb = info->attrs;
	struct mn_pool_member *m;
	char label[MN_BALANCE_LABEL];
	struct mn_obj *pool;

	if (!tb[MIDONET_A_ADDRESS] || !tb[MIDONET_A_SERVICE_PORT] ||
	    !tb[MIDONET_A_HEALTH])
		return mn_err(mn, info->extack, -EINVAL,
			      "health-set needs parent (a pool), address, service-port and health");
	pool = mn_nl_find(mn, tb[MIDONET_A_PARENT], MIDONET_OBJECT_TYPE_POOL,
			  "parent", info->extack);
	if (IS_ERR(pool))
		return PTR_ERR(pool);
	m = member_now(mn, pool, tb[MIDONET_A_ADDRESS],
		       nla_get_u16(tb[MIDONET_A_SERVICE_PORT]));
	if (!m) {
		NL_SET_BAD_ATTR(info->extack, tb[MIDONET_A_ADDRESS]);
		mn_obj_label(pool, label, sizeof(label));
		return mn_err(mn, info->extack, -ENOENT,
			      "%s has no member with this address and service-port",
			      label);
	}
	mn_balance_set_health(mn, m, nla_get_u8(tb[MIDONET_A_HEALTH]));
	return 0;
}

/**
 * mn_nl_health_set() - command health-set
 * @skb: request
 * @info: its attributes
 *
 * No configuration: it makes no generation, and a store that owns the kernel
 * has no say.
 *
 * Return: 0, -EINVAL, -ENOENT
 */
int mn_nl_health_set(struct sk_buff *skb, struct genl_info *info)
{
	struct mn_net *mn = mn_net(genl_info_net(info));
	int err;

	mutex_lock(&mn->lock);
	err = health_set(mn, info);
	mutex_unlock(&mn->lock);
	return err;
}
