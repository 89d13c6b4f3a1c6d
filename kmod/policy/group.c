// SPDX-License-Identifier: GPL-2.0
/*
 * Port groups. Which ports are in a group is said by the ports.
 */
#include "config/nl.h"
#include "config/txn.h"
#include "policy/group.h"

static const struct mn_group_ver *group_ver(const struct mn_ver *v)
{
	return container_of(v, struct mn_group_ver, ver);
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
		v->stateful = group_ver(old)->stateful;
	return ver;
}

static int group_fill(struct mn_net *mn, const struct mn_obj *obj,
		      const struct mn_ver *ver, struct sk_buff *skb)
{
	return nla_put_u8(skb, MIDONET_A_STATEFUL, group_ver(ver)->stateful);
}

const struct mn_type mn_group_type = {
	.name = "port-group",
	.type = MIDONET_OBJECT_TYPE_PORT_GROUP,
	.size = sizeof(struct mn_group),
	.parse = group_parse,
	.fill = group_fill,
};
