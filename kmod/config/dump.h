/* SPDX-License-Identifier: GPL-2.0 */
#ifndef _MN_DUMP_H
#define _MN_DUMP_H

#include <linux/netlink.h>
#include <linux/skbuff.h>
#include <net/genetlink.h>

#include "config/object.h"

/**
 * struct mn_dump - where a dump goes on, in netlink_callback.ctx
 * @generation: of its first message; another one marks the dump inconsistent
 * @cb: the callback, valid during one call
 * @index: next object (index in &mn_net.types), or bucket
 * @sub: next contained thing within it
 * @parent: only what is in the object of this index, if @filter
 * @parent_type: &enum midonet_object_type of @parent
 * @filter: @parent is given
 * @cmd: command of the messages
 */
struct mn_dump {
	u64 generation;
	struct netlink_callback *cb;
	unsigned long index;
	unsigned long sub;
	u32 parent;
	bool filter;
	u8 parent_type;
	u8 cmd;
};

/* Is what @parent contains asked for? */
static inline bool mn_dump_wants(const struct mn_dump *cur,
				 const struct mn_obj *parent)
{
	return !cur->filter || (parent->index == cur->parent &&
				parent->ident.type == cur->parent_type);
}

void *mn_dump_msg(struct sk_buff *skb, struct mn_dump *cur);
struct mn_obj *mn_dump_next(struct mn_net *mn, struct mn_dump *cur, u8 type);
int mn_dump_start(struct mn_net *mn, struct netlink_callback *cb);
int mn_obj_reply(struct mn_net *mn, struct sk_buff *msg, struct genl_info *info,
		 u8 type);
int mn_dump_objects(struct sk_buff *skb, struct netlink_callback *cb);

#endif /* _MN_DUMP_H */
