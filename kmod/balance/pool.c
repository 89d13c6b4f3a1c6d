// SPDX-License-Identifier: GPL-2.0
/*
 * Pools. Their members are in member.c. How the health of members is found out
 * is only kept, for who does it and says so (mn_nl_health_set()).
 */
#include <linux/ctype.h>

#include "balance/balancer.h"
#include "config/nl.h"
#include "config/txn.h"

#define MN_CHECK_INTERVAL	5
#define MN_CHECK_TIMEOUT	2
#define MN_CHECK_RISE		2
#define MN_CHECK_FALL		2

static int pool_init(struct mn_net *mn, struct mn_obj *obj)
{
	struct mn_pool *pool = mn_pool_of(obj);

	INIT_LIST_HEAD(&pool->members);
	INIT_LIST_HEAD(&pool->vips);
	list_add_tail_rcu(&obj->siblings, &mn_balancer_of(obj->parent)->pools);
	return 0;
}

/* Health checks. */

static void check_default(struct mn_check *c)
{
	memset(c, 0, sizeof(*c));
	c->interval = MN_CHECK_INTERVAL;
	c->timeout = MN_CHECK_TIMEOUT;
	c->rise = MN_CHECK_RISE;
	c->fall = MN_CHECK_FALL;
}

/* What goes into a request line as it is. */
static bool path_ok(const char *path)
{
	const char *p;

	for (p = path; *p; p++) {
		if (!isascii(*p) || !isgraph(*p))
			return false;
	}
	return path[0] == '/';
}

static void get_u32(const struct nlattr *attr, u32 *value)
{
	if (attr)
		*value = nla_get_u32(attr);
}

static int parse_check(struct mn_txn *txn, const struct mn_obj *obj,
		       const struct nlattr *attr, struct mn_check *c,
		       struct netlink_ext_ack *extack)
{
	struct nlattr *tb[MIDONET_HEALTH_CHECK_MAX + 1];
	char label[MN_BALANCE_LABEL];
	int err;

	err = nla_parse_nested(tb, MIDONET_HEALTH_CHECK_MAX, attr,
			       mn_health_check_policy, extack);
	if (err)
		return err;
	check_default(c);
	if (tb[MIDONET_HEALTH_CHECK_TYPE])
		c->type = nla_get_u8(tb[MIDONET_HEALTH_CHECK_TYPE]);
	get_u32(tb[MIDONET_HEALTH_CHECK_INTERVAL], &c->interval);
	get_u32(tb[MIDONET_HEALTH_CHECK_TIMEOUT], &c->timeout);
	get_u32(tb[MIDONET_HEALTH_CHECK_RISE], &c->rise);
	get_u32(tb[MIDONET_HEALTH_CHECK_FALL], &c->fall);
	if (!tb[MIDONET_HEALTH_CHECK_PATH])
		return 0;
	nla_strscpy(c->path, tb[MIDONET_HEALTH_CHECK_PATH], sizeof(c->path));
	if (!path_ok(c->path)) {
		NL_SET_BAD_ATTR(extack, attr);
		mn_obj_label(obj, label, sizeof(label));
		return mn_txn_err(txn, -EINVAL,
				  "%s: health-check: a path begins with / and has printable ASCII characters without blanks",
				  label);
	}
	/* The default is not told from nothing: versions are compared. */
	if (!strcmp(c->path, "/"))
		c->path[0] = '\0';
	return 0;
}

static int put_unless(struct sk_buff *skb, int attr, u32 value, u32 usual)
{
	return value == usual ? 0 : nla_put_u32(skb, attr, value);
}

static int fill_check(struct sk_buff *skb, const struct mn_check *c)
{
	struct mn_check usual;
	struct nlattr *nest;

	check_default(&usual);
	if (!memcmp(c, &usual, sizeof(usual)))
		return 0;
	nest = nla_nest_start(skb, MIDONET_A_HEALTH_CHECK);
	if (!nest ||
	    (c->type && nla_put_u8(skb, MIDONET_HEALTH_CHECK_TYPE, c->type)) ||
	    (c->path[0] &&
	     nla_put_string(skb, MIDONET_HEALTH_CHECK_PATH, c->path)) ||
	    put_unless(skb, MIDONET_HEALTH_CHECK_INTERVAL, c->interval,
		       usual.interval) ||
	    put_unless(skb, MIDONET_HEALTH_CHECK_TIMEOUT, c->timeout,
		       usual.timeout) ||
	    put_unless(skb, MIDONET_HEALTH_CHECK_RISE, c->rise, usual.rise) ||
	    put_unless(skb, MIDONET_HEALTH_CHECK_FALL, c->fall, usual.fall))
		return -EMSGSIZE;
	nla_nest_end(skb, nest);
	return 0;
}

/* The object. */

static struct mn_ver *pool_parse(struct mn_txn *txn, struct mn_obj *obj,
				 const struct mn_ver *old,
				 const struct mn_op *op, struct nlattr **tb,
				 struct netlink_ext_ack *extack)
{
	struct mn_ver *ver = mn_ver_new(MIDONET_OBJECT_TYPE_POOL,
					sizeof(struct mn_pool_ver));
	struct mn_pool_ver *v;
	int err = 0;

	if (!ver)
		return ERR_PTR(-ENOMEM);
	v = container_of(ver, struct mn_pool_ver, ver);
	v->admin_up = true;
	check_default(&v->check);
	if (old)
		memcpy(ver + 1, old + 1, sizeof(*v) - sizeof(*ver));
	if (tb[MIDONET_A_ADMIN_UP])
		v->admin_up = nla_get_u8(tb[MIDONET_A_ADMIN_UP]);
	else if (mn_nl_unset(op, MIDONET_A_ADMIN_UP))
		v->admin_up = true;
	if (tb[MIDONET_A_HEALTH_CHECK])
		err = parse_check(txn, obj, tb[MIDONET_A_HEALTH_CHECK],
				  &v->check, extack);
	else if (mn_nl_unset(op, MIDONET_A_HEALTH_CHECK))
		check_default(&v->check);
	if (err) {
		mn_ver_free(ver);
		return ERR_PTR(err);
	}
	return ver;
}

/* Judging. */

static u32 count_pools(struct mn_net *mn, const struct mn_balancer *b)
{
	const struct mn_obj *pool;
	u32 n = 0;

	list_for_each_entry(pool, &b->pools, siblings) {
		n += mn_ver_end(mn, pool) ? 1 : 0;
		if (n > MN_BALANCER_POOLS)
			break;
	}
	return n;
}

static int pool_validate(struct mn_txn *txn, struct mn_obj *obj)
{
	const struct mn_balancer *b = mn_balancer_of(obj->parent);
	char label[MN_BALANCE_LABEL];

	if (rcu_access_pointer(obj->newest) ||
	    count_pools(txn->mn, b) <= MN_BALANCER_POOLS)
		return 0;
	mn_obj_label(obj, label, sizeof(label));
	return mn_txn_err(txn, -ENOSPC,
			  "%s is one too many; a load-balancer has 4096 pools at most",
			  label);
}

/* Once in a commit: what the pool will have. */
static void look_through(struct mn_txn *txn, struct mn_pool *pool)
{
	const struct mn_served *s;
	const struct mn_vip *vip;

	while (!txn->mark)
		txn->mark = ++txn->mn->searches;
	if (pool->obj.mark == txn->mark)
		return;
	pool->obj.mark = txn->mark;
	pool->member_end = NULL;
	pool->vip_end = NULL;
	pool->n_end = 0;
	list_for_each_entry(s, &pool->members, siblings) {
		if (!mn_entry_end(&s->entry))
			continue;
		pool->n_end++;
		if (!pool->member_end)
			pool->member_end = s;
	}
	list_for_each_entry(vip, &pool->vips, by_pool) {
		if (!mn_entry_end(&vip->s.entry))
			continue;
		pool->vip_end = &vip->s;
		return;
	}
}

/*
 * Those that were there come first in the lists, and whoever is to be born is
 * compared with the first ones: so all are of one family.
 */
static const struct mn_served *find_other(const struct mn_pool *pool, u8 family)
{
	if (pool->member_end && pool->member_end->at.family != family)
		return pool->member_end;
	if (pool->vip_end && pool->vip_end->at.family != family)
		return pool->vip_end;
	return NULL;
}

/**
 * mn_pool_check() - may a pool have a VIP or member?
 * @txn: transaction being judged
 * @pool: pool
 * @new: a VIP or member of it that is to be born
 * @what: the word for it
 *
 * There may not be too many, and all have to be of one address family.
 *
 * Context: mn_net.lock.
 *
 * Return: 0, -EINVAL, -ENOSPC
 */
int mn_pool_check(struct mn_txn *txn, struct mn_pool *pool,
		  const struct mn_served *new, const char *what)
{
	const struct mn_served *other;
	char label[MN_SERVICE_LABEL];

	look_through(txn, pool);
	if (pool->n_end > MN_POOL_MEMBERS)
		return mn_served_refuse(txn, -ENOSPC, new->entry.parent, what,
					&new->at,
					"is one too many; a pool has 1024 members at most");
	other = find_other(pool, new->at.family);
	if (!other)
		return 0;
	return mn_served_refuse(txn, -EINVAL, new->entry.parent, what, &new->at,
				"is not of the address family of %s %s of pool %s; give each family a pool",
				other == pool->vip_end ? "vip" : "member",
				mn_service_label(&other->at, label),
				pool->obj.name);
}

/* A pool that goes is named by no VIP. */
static int pool_derive(struct mn_txn *txn, struct mn_obj *obj)
{
	struct mn_pool *pool = mn_pool_of(obj);
	char of[MN_BALANCE_LABEL], label[MN_SERVICE_LABEL];
	const struct mn_vip *vip;

	if (mn_ver_end(txn->mn, obj))
		return 0;
	list_for_each_entry(vip, &pool->vips, by_pool) {
		if (!mn_entry_end(&vip->s.entry))
			continue;
		mn_obj_label(obj, of, sizeof(of));
		return mn_txn_err(txn, -EBUSY, "%s is used by vip %s; give that another pool first",
				  of, mn_service_label(&vip->s.at, label));
	}
	return 0;
}

static int pool_contents(struct mn_txn *txn, struct mn_obj *obj)
{
	mn_served_del_all(txn, &mn_pool_of(obj)->members);
	return 0;
}

static int pool_fill(struct mn_net *mn, const struct mn_obj *obj,
		     const struct mn_ver *ver, struct sk_buff *skb)
{
	const struct mn_pool_ver *v = mn_pool_ver(ver);

	if (nla_put_u8(skb, MIDONET_A_ADMIN_UP, v->admin_up))
		return -EMSGSIZE;
	return fill_check(skb, &v->check);
}

const struct mn_type mn_pool_type = {
	.name = "pool",
	.type = MIDONET_OBJECT_TYPE_POOL,
	.parents = BIT(MIDONET_OBJECT_TYPE_LOAD_BALANCER),
	.size = sizeof(struct mn_pool),
	.init = pool_init,
	.parse = pool_parse,
	.validate = pool_validate,
	.derive = pool_derive,
	.contents = pool_contents,
	.fill = pool_fill,
};
