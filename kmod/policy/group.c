// SPDX-License-Identifier: GPL-2.0
/*
 * Port groups. Which ports are in a group is said by the ports; the group knows
 * the hosts they are bound to, because those share connections.
 */
#include "config/nl.h"
#include "config/txn.h"
#include "policy/group.h"
#include "port/port.h"

/* Hosts. */

static int group_init(struct mn_net *mn, struct mn_obj *obj)
{
	INIT_LIST_HEAD(&mn_group_of(obj)->hosts);
	return 0;
}

static void group_free(struct mn_net *mn, struct mn_obj *obj)
{
	struct mn_group_host *h, *next;

	list_for_each_entry_safe(h, next, &mn_group_of(obj)->hosts, list)
		kfree(h);
}

static struct mn_group_host *find_host(struct mn_group *group,
				       const struct mn_host *host)
{
	struct mn_group_host *h;

	list_for_each_entry(h, &group->hosts, list) {
		if (h->host == host)
			return h;
	}
	return NULL;
}

static void host_more(struct mn_group *group, struct mn_host *host)
{
	struct mn_group_host *h = find_host(group, host);

	if (!h) {
		/* A commit does not fail behind its flip. */
		h = kzalloc(sizeof(*h), GFP_KERNEL | __GFP_NOFAIL);
		h->host = host;
		list_add_tail_rcu(&h->list, &group->hosts);
	}
	h->n++;
}

static void host_less(struct mn_group *group, const struct mn_host *host)
{
	struct mn_group_host *h = find_host(group, host);

	if (WARN_ON_ONCE(!h) || --h->n)
		return;
	list_del_rcu(&h->list);
	kfree_rcu(h, rcu);
}

/**
 * mn_groups_port() - a port has other groups, or another host
 * @mn: namespace
 * @old: what it was, or NULL
 * @v: what it is, NULL if it was removed
 *
 * Context: mn_net.lock, right after the flip.
 */
void mn_groups_port(struct mn_net *mn, const struct mn_port_ver *old,
		    const struct mn_port_ver *v)
{
	u16 i;

	mn_assert_lock(mn);
	/* First, so that a host that stays does not come and go. */
	for (i = 0; v && v->host && i < v->n_groups; i++)
		host_more(v->groups[i], v->host);
	for (i = 0; old && old->host && i < old->n_groups; i++)
		host_less(old->groups[i], old->host);
}

static struct mn_ver *group_parse(struct mn_txn *txn, struct mn_obj *obj,
				  const struct mn_ver *old,
				  const struct mn_op *op, struct nlattr **tb,
				  struct netlink_ext_ack *extack)
{
	struct mn_ver *ver = mn_ver_new(MIDONET_OBJECT_TYPE_PORT_GROUP,
					sizeof(struct mn_group_ver));
	struct mn_group_ver *v;

	if (!ver)
		return ERR_PTR(-ENOMEM);
	v = container_of(ver, struct mn_group_ver, ver);
	if (tb[MIDONET_A_STATEFUL])
		v->stateful = nla_get_u8(tb[MIDONET_A_STATEFUL]);
	else if (old && !mn_nl_unset(op, MIDONET_A_STATEFUL))
		v->stateful = mn_group_ver(old)->stateful;
	return ver;
}

static int group_fill(struct mn_net *mn, const struct mn_obj *obj,
		      const struct mn_ver *ver, struct sk_buff *skb)
{
	return nla_put_u8(skb, MIDONET_A_STATEFUL, mn_group_ver(ver)->stateful);
}

const struct mn_type mn_group_type = {
	.name = "port-group",
	.type = MIDONET_OBJECT_TYPE_PORT_GROUP,
	.size = sizeof(struct mn_group),
	.init = group_init,
	.free = group_free,
	.parse = group_parse,
	.fill = group_fill,
};
