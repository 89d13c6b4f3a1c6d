// SPDX-License-Identifier: GPL-2.0
/*
 * Showing and listing objects. A dump goes on where the last message ended; if
 * a commit came between, NLM_F_DUMP_INTR tells the reader to start again.
 */
#include <net/genetlink.h>
#include <net/sock.h>
#include <net/netlink.h>

#include "config/dump.h"
#include "config/nl.h"

static int put_head(struct sk_buff *skb, const struct mn_obj *obj)
{
	if (mn_nl_put_id(skb, MIDONET_A_ID, obj) ||
	    nla_put_string(skb, MIDONET_A_NAME, obj->name) ||
	    mn_nl_put_id(skb, MIDONET_A_PARENT, obj->parent))
		return -EMSGSIZE;
	return 0;
}

static int fill(struct mn_net *mn, struct sk_buff *skb, void *hdr,
		const struct mn_obj *obj, const struct mn_ver *ver)
{
	const struct mn_type *type = mn_types[obj->ident.type];

	/* A tombstone is shorter than the type's version. */
	if (!ver) {
		genlmsg_cancel(skb, hdr);
		return -ENOENT;
	}
	if (put_head(skb, obj) || (type->fill && type->fill(mn, obj, ver, skb))) {
		genlmsg_cancel(skb, hdr);
		return -EMSGSIZE;
	}
	genlmsg_end(skb, hdr);
	return 0;
}

/**
 * mn_obj_reply() - answer a get of one object
 * @mn: namespace
 * @msg: empty reply
 * @info: request
 * @type: &enum midonet_object_type
 *
 * Return: 0; -EMSGSIZE if @msg is too small; -ENOENT
 */
int mn_obj_reply(struct mn_net *mn, struct sk_buff *msg, struct genl_info *info,
		 u8 type)
{
	struct mn_obj *obj;
	void *hdr;
	int err;

	hdr = genlmsg_put_reply(msg, info, &mn_family, 0, info->genlhdr->cmd);
	if (!hdr)
		return -EMSGSIZE;
	rcu_read_lock();
	if (mn_types[type]->reply) {
		err = mn_types[type]->reply(mn, msg, hdr, info);
		goto out;
	}
	obj = mn_nl_find(mn, info->attrs[MIDONET_A_ID], type, "id",
			 info->extack);
	err = PTR_ERR_OR_ZERO(obj);
	if (!err)
		err = fill(mn, msg, hdr, obj, mn_ver_now(obj));
out:
	rcu_read_unlock();
	return err;
}

/**
 * mn_dump_msg() - begin the next message of a dump
 * @skb: where it goes
 * @cur: cursor
 *
 * Return: its header, NULL if @skb is full
 */
void *mn_dump_msg(struct sk_buff *skb, struct mn_dump *cur)
{
	struct netlink_callback *cb = cur->cb;
	void *hdr;

	hdr = genlmsg_put(skb, NETLINK_CB(cb->skb).portid, cb->nlh->nlmsg_seq,
			  &mn_family, NLM_F_MULTI, cur->cmd);
	if (hdr)
		genl_dump_check_consistent(cb, hdr);
	return hdr;
}

/**
 * mn_dump_next() - next object a dump is about
 * @mn: namespace
 * @cur: cursor; its index is set to the object's. When the caller is done with
 *	the object it adds one to the index and clears sub
 * @type: &enum midonet_object_type
 *
 * Context: RCU.
 *
 * Return: an object that was alive a moment ago, NULL at the end
 */
struct mn_obj *mn_dump_next(struct mn_net *mn, struct mn_dump *cur, u8 type)
{
	struct mn_obj *obj;

	for (;; cur->index++) {
		unsigned long index = cur->index;

		obj = xa_find(&mn->types[type], &index, ULONG_MAX, XA_PRESENT);
		if (!obj)
			return NULL;
		if (index != cur->index) {
			cur->index = index;
			cur->sub = 0;
		}
		if (mn_ver_now(obj))
			return obj;
	}
}

/**
 * mn_dump_start() - begin a dump of objects
 * @mn: namespace
 * @cb: callback
 *
 * Return: 0, -ENOENT if the parent asked for does not exist
 */
int mn_dump_start(struct mn_net *mn, struct netlink_callback *cb)
{
	struct mn_dump *cur = (struct mn_dump *)cb->ctx;
	const struct genlmsghdr *hdr = nlmsg_data(cb->nlh);
	const struct mn_type *type = mn_types[mn_cmd_info[hdr->cmd].type];
	struct nlattr *attr;
	struct mn_obj *obj;

	BUILD_BUG_ON(sizeof(*cur) > sizeof(cb->ctx));
	memset(cur, 0, sizeof(*cur));
	cur->cmd = hdr->cmd;
	attr = nlmsg_find_attr(cb->nlh, GENL_HDRLEN, MIDONET_A_PARENT);
	if (type->dump_start)
		type->dump_start(mn);
	if (!attr)
		return 0;
	rcu_read_lock();
	obj = mn_nl_find_any(mn, attr, type->parents, "parent", cb->extack);
	if (!IS_ERR(obj)) {
		cur->filter = true;
		cur->parent = obj->index;
		cur->parent_type = obj->ident.type;
	}
	rcu_read_unlock();
	return PTR_ERR_OR_ZERO(obj);
}

static int dump_plain(struct mn_net *mn, struct sk_buff *skb,
		      struct mn_dump *cur, u8 type)
{
	struct mn_obj *obj;
	void *hdr;
	int err;

	while ((obj = mn_dump_next(mn, cur, type))) {
		if (!mn_dump_wants(cur, obj->parent)) {
			cur->index++;
			continue;
		}
		hdr = mn_dump_msg(skb, cur);
		if (!hdr)
			return -EMSGSIZE;
		err = fill(mn, skb, hdr, obj, mn_ver_now(obj));
		if (err && err != -ENOENT)
			return err;
		cur->index++;
	}
	return 0;
}

/**
 * mn_dump_objects() - list objects of the command's type
 * @skb: where they go
 * @cb: callback, prepared by mn_dump_start()
 *
 * Return: bytes put, 0 at the end, or a negative error
 */
int mn_dump_objects(struct sk_buff *skb, struct netlink_callback *cb)
{
	struct mn_dump *cur = (struct mn_dump *)cb->ctx;
	struct mn_net *mn = mn_net(sock_net(skb->sk));
	u8 type = mn_cmd_info[cur->cmd].type;
	int err;

	cur->cb = cb;
	rcu_read_lock();
	cb->seq = mn_net_generation(mn) + 1;	/* 0 would mean: no check */
	if (mn_types[type]->dump)
		err = mn_types[type]->dump(mn, skb, cur);
	else
		err = dump_plain(mn, skb, cur, type);
	rcu_read_unlock();
	if (err && err != -EMSGSIZE)
		return err;
	return err && !skb->len ? err : skb->len;
}
