// SPDX-License-Identifier: GPL-2.0
/*
 * Hosts: names of hypervisors, and which of them this kernel is.
 */
#include "config/nl.h"
#include "overlay/chan.h"
#include "overlay/overlay.h"
#include "overlay/peer.h"
#include "port/host.h"
#include "port/port.h"

static int host_init(struct mn_net *mn, struct mn_obj *obj)
{
	INIT_LIST_HEAD(&mn_host_of(obj)->members);
	return 0;
}

static struct mn_ver *host_parse(struct mn_txn *txn, struct mn_obj *obj,
				 const struct mn_ver *old,
				 const struct mn_op *op, struct nlattr **tb,
				 struct netlink_ext_ack *extack)
{
	struct mn_ver *ver;

	ver = mn_ver_new(MIDONET_OBJECT_TYPE_HOST, sizeof(struct mn_host_ver));
	return ver ?: ERR_PTR(-ENOMEM);
}

/* A host that goes is in no tunnel-zone. */
static int host_derive(struct mn_txn *txn, struct mn_obj *obj)
{
	if (mn_ver_end(txn->mn, obj))
		return 0;
	return mn_members_check_host(txn, mn_host_of(obj));
}

/* The local host may be named before it exists, and may come and go. */
static void host_publish(struct mn_net *mn, struct mn_obj *obj,
			 const struct mn_ver *old, const struct mn_ver *ver)
{
	struct mn_host *host = mn_host_of(obj);

	if (memcmp(obj->ident.id, mn->local_id, sizeof(mn->local_id)))
		return;
	rcu_assign_pointer(mn->local_host, ver->dead ? NULL : host);
}

static int host_fill(struct mn_net *mn, const struct mn_obj *obj,
		     const struct mn_ver *ver, struct sk_buff *skb)
{
	bool local = !memcmp(obj->ident.id, mn->local_id, sizeof(mn->local_id));

	return nla_put_u8(skb, MIDONET_A_LOCAL, local) ?:
	       nla_put_u8(skb, MIDONET_A_ALIVE,
			  local || mn_chan_alive(mn_host_of(obj)));
}

const struct mn_type mn_host_type = {
	.name = "host",
	.type = MIDONET_OBJECT_TYPE_HOST,
	.size = sizeof(struct mn_host),
	.init = host_init,
	.parse = host_parse,
	.derive = host_derive,
	.publish = host_publish,
	.fill = host_fill,
};

/**
 * mn_host_set_local() - say which host this kernel is
 * @mn: namespace
 * @id: id of a host, which may be created later; all zero for none
 * @extack: for errors
 *
 * Ports bound to it become local, those of the host before become remote.
 *
 * Context: may sleep, takes mn_net.lock, then rtnl.
 *
 * Return: 0, -EINVAL if @id is of something else
 */
int mn_host_set_local(struct mn_net *mn, const u8 *id,
		      struct netlink_ext_ack *extack)
{
	struct mn_ident *ident;
	struct mn_obj *obj;

	mutex_lock(&mn->lock);
	ident = mn_ident_find(mn, id);
	if (ident && ident->type != MIDONET_OBJECT_TYPE_HOST) {
		mutex_unlock(&mn->lock);
		return mn_err(mn, extack, -EINVAL, "id %pUb is of a %s, not of a host",
			      id, mn_types[ident->type]->name);
	}
	memcpy(mn->local_id, id, sizeof(mn->local_id));
	obj = mn_obj_find(mn, id, MIDONET_OBJECT_TYPE_HOST);
	rcu_assign_pointer(mn->local_host,
			   obj ? mn_host_of(obj) : NULL);
	mutex_unlock(&mn->lock);
	mn_overlay_sync_all(mn);
	mn_vport_sync_all(mn, false);
	return 0;
}
