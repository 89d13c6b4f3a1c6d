// SPDX-License-Identifier: GPL-2.0
/*
 * The generic netlink family: one gate for all commands. It wakes the namespace
 * up, refuses attributes the specification does not list for the command, hands on
 * to the file of the object, and answers when that refuses.
 */
#include <linux/netlink.h>
#include <linux/notifier.h>
#include <net/genetlink.h>
#include <net/sock.h>

#include "balance/balance.h"
#include "config/dump.h"
#include "config/nl.h"
#include "config/owner.h"
#include "config/txn.h"
#include "net.h"

/**
 * struct handler - what is done for a command
 * @doit: a request for one answer
 * @start: optional; a request for a dump, which may be refused
 * @dumpit: the next message of the dump
 * @done: optional; the dump has ended, or its socket has
 */
struct handler {
	int (*doit)(struct sk_buff *skb, struct genl_info *info);
	int (*start)(struct netlink_callback *cb);
	int (*dumpit)(struct sk_buff *skb, struct netlink_callback *cb);
	int (*done)(struct netlink_callback *cb);
};

static int txn_begin(struct sk_buff *skb, struct genl_info *info)
{
	return mn_txn_begin(mn_net(genl_info_net(info)), info->snd_portid,
			    info->attrs, info->extack);
}

static int txn_reply(struct genl_info *info, struct sk_buff *msg,
		     const struct mn_txn_result *res)
{
	void *hdr;

	hdr = genlmsg_put_reply(msg, info, &mn_family, 0, info->genlhdr->cmd);
	if (!hdr ||
	    mn_nl_put_u64(msg, MIDONET_TXN_GENERATION, res->generation) ||
	    nla_put_u32(msg, MIDONET_TXN_OPS, res->ops) ||
	    nla_put_u32(msg, MIDONET_TXN_CHANGES, res->changes)) {
		nlmsg_free(msg);
		return -EMSGSIZE;
	}
	genlmsg_end(msg, hdr);
	return genlmsg_reply(msg, info);
}

static int txn_commit(struct sk_buff *skb, struct genl_info *info)
{
	struct mn_net *mn = mn_net(genl_info_net(info));
	struct mn_txn *txn = mn_txn_take(mn, info->snd_portid);
	struct mn_txn_result res;
	struct sk_buff *msg;
	int err;

	if (!txn)
		return mn_err(mn, info->extack, -EINVAL,
			      "this socket has no transaction open");
	/* First: what is committed must not be reported as refused. */
	msg = genlmsg_new(64, GFP_KERNEL);
	if (!msg) {
		mn_txn_put(txn);
		return -ENOMEM;
	}
	err = mn_txn_commit(txn, nla_get_flag(info->attrs[MIDONET_TXN_DRY_RUN]),
			    info->extack, &res);
	/* Its attributes are copies: the message to blame is another one. */
	if (err && info->extack)
		info->extack->bad_attr = NULL;
	mn_txn_put(txn);
	if (!err)
		return txn_reply(info, msg, &res);
	nlmsg_free(msg);
	return err;
}

static int txn_abort(struct sk_buff *skb, struct genl_info *info)
{
	struct mn_net *mn = mn_net(genl_info_net(info));
	struct mn_txn *txn = mn_txn_take(mn, info->snd_portid);

	if (!txn)
		return mn_err(mn, info->extack, -EINVAL,
			      "this socket has no transaction open");
	mn_txn_put(txn);
	return 0;
}

static int obj_get(struct mn_net *mn, struct genl_info *info,
		   const struct mn_cmd_info *cmd)
{
	struct sk_buff *msg;
	size_t size = NLMSG_GOODSIZE;
	int err;

	do {
		msg = genlmsg_new(size, GFP_KERNEL);
		if (!msg)
			return -ENOMEM;
		err = mn_obj_reply(mn, msg, info, cmd->type);
		if (!err)
			return genlmsg_reply(msg, info);
		nlmsg_free(msg);
		size *= 2;
	} while (err == -EMSGSIZE && size <= SZ_1M);
	return err;
}

/* new, set, del and get of all objects */
static int obj_do(struct sk_buff *skb, struct genl_info *info)
{
	const struct mn_cmd_info *cmd = &mn_cmd_info[info->genlhdr->cmd];
	const struct nlattr *attrs = nlmsg_attrdata(info->nlhdr, GENL_HDRLEN);
	u32 len = nlmsg_attrlen(info->nlhdr, GENL_HDRLEN);
	struct mn_net *mn = mn_net(genl_info_net(info));
	struct mn_txn *txn;
	int err;

	if (cmd->verb == MN_VERB_GET)
		return obj_get(mn, info, cmd);
	txn = mn_txn_get(mn, info->snd_portid);
	if (!txn)
		return mn_txn_single(mn, cmd->type, cmd->verb, attrs, len,
				     info->extack);
	err = mn_txn_stage(txn, cmd->type, cmd->verb, attrs, len, info->extack);
	if (err)
		txn->failed = true;
	mn_txn_put(txn);
	return err;
}

static const struct handler handlers[MIDONET_CMD_MAX + 1] = {
	[MIDONET_CMD_TXN_BEGIN] = { .doit = txn_begin },
	[MIDONET_CMD_TXN_COMMIT] = { .doit = txn_commit },
	[MIDONET_CMD_TXN_ABORT] = { .doit = txn_abort },
	[MIDONET_CMD_STATUS_GET] = { .doit = mn_nl_status_get },
	[MIDONET_CMD_STATUS_SET] = { .doit = mn_nl_status_set },
	[MIDONET_CMD_FLOW_GET] = { .dumpit = mn_nl_flow_dump },
	[MIDONET_CMD_FLOW_FLUSH] = { .doit = mn_nl_flow_flush },
	[MIDONET_CMD_MAC_FLUSH] = { .doit = mn_nl_mac_flush },
	[MIDONET_CMD_DROP_GET] = { .dumpit = mn_nl_drop_dump },
	[MIDONET_CMD_STATS_GET] = { .dumpit = mn_nl_stats_dump },
	[MIDONET_CMD_TRACE] = { .doit = mn_nl_trace },
	[MIDONET_CMD_TRACE_LIVE] = { .doit = mn_nl_trace_live },
	[MIDONET_CMD_PUNT_BIND] = { .doit = mn_nl_punt_bind },
	[MIDONET_CMD_INJECT] = { .doit = mn_nl_inject },
	[MIDONET_CMD_HEALTH_SET] = { .doit = mn_nl_health_set },
	[MIDONET_CMD_CONN_GET] = {
		.start = mn_nl_conn_start,
		.dumpit = mn_nl_conn_dump,
		.done = mn_nl_conn_done,
	},
	[MIDONET_CMD_CONN_NEW] = { .doit = mn_nl_conn_new },
	[MIDONET_CMD_CONN_FLUSH] = { .doit = mn_nl_conn_flush },
	[MIDONET_CMD_CONN_COUNT] = { .doit = mn_nl_conn_count },
};

static bool is_in(const struct mn_attr_bits *set, u16 attr)
{
	return attr < BITS_PER_BYTE * sizeof(set->w) &&
	       set->w[attr / 64] & BIT_ULL(attr % 64);
}

/* Most contained things cannot be asked for one by one. */
static bool can_get_one(const struct mn_cmd_info *cmd)
{
	return cmd->do_attrs.w[0] || cmd->do_attrs.w[1];
}

static struct handler handler_of(u8 cmd)
{
	const struct mn_cmd_info *info = &mn_cmd_info[cmd];
	struct handler h = handlers[cmd];

	if (!info->type)
		return h;
	if (!mn_types[info->type])
		return (struct handler){};
	if (info->verb != MN_VERB_GET) {
		h.doit = obj_do;
		return h;
	}
	h.dumpit = mn_dump_objects;
	if (can_get_one(info))
		h.doit = obj_do;
	return h;
}

static int check_attrs(struct mn_net *mn, const struct mn_cmd_info *cmd,
		       const struct mn_attr_bits *allowed,
		       const struct nlmsghdr *nlh,
		       struct netlink_ext_ack *extack)
{
	const struct nlattr *attr;
	int rem;

	nlmsg_for_each_attr(attr, nlh, GENL_HDRLEN, rem) {
		u16 type = nla_type(attr);

		if (type <= cmd->maxattr && is_in(allowed, type))
			continue;
		NL_SET_BAD_ATTR(extack, attr);
		return mn_err(mn, extack, -EINVAL,
			      "attribute %u does not belong to this command",
			      type);
	}
	return 0;
}

/*
 * The sentence goes with the handler, so the answer is sent before. For -EINTR the
 * core sends none.
 */
static int refuse(struct sk_buff *skb, const struct nlmsghdr *nlh, int err,
		  const struct netlink_ext_ack *extack)
{
	netlink_ack(skb, (struct nlmsghdr *)nlh, err, extack);
	return -EINTR;
}

static int gate_do(struct sk_buff *skb, struct genl_info *info)
{
	const struct mn_cmd_info *cmd = &mn_cmd_info[info->genlhdr->cmd];
	struct mn_net *mn = mn_net(genl_info_net(info));
	struct mn_errmsg msg;
	int err;

	mn_errmsg_add(mn, &msg);
	err = mn_net_wake(mn, info->extack);
	if (!err)
		err = check_attrs(mn, cmd, &cmd->do_attrs, info->nlhdr,
				  info->extack);
	if (!err)
		err = handler_of(info->genlhdr->cmd).doit(skb, info);
	if (err)
		err = refuse(skb, info->nlhdr, err, info->extack);
	mn_errmsg_del(mn, &msg);
	return err;
}

static int dump_start(struct mn_net *mn, struct netlink_callback *cb)
{
	const struct genlmsghdr *hdr = nlmsg_data(cb->nlh);
	const struct mn_cmd_info *cmd = &mn_cmd_info[hdr->cmd];
	int err;

	err = mn_net_wake(mn, cb->extack);
	if (!err)
		err = check_attrs(mn, cmd, &cmd->dump_attrs, cb->nlh,
				  cb->extack);
	if (err)
		return err;
	/* The largest object fits into one message. */
	cb->min_dump_alloc = 32768;
	if (cmd->type)
		return mn_dump_start(mn, cb);
	return handler_of(hdr->cmd).start ? handler_of(hdr->cmd).start(cb) : 0;
}

static int gate_dump_start(struct netlink_callback *cb)
{
	struct mn_net *mn = mn_net(sock_net(cb->skb->sk));
	struct netlink_ext_ack *extack = cb->extack, own = {};
	struct mn_errmsg msg;
	int err;

	mn_errmsg_add(mn, &msg);
	/* Old kernels have none for the start of a dump. */
	if (!extack)
		cb->extack = &own;
	err = dump_start(mn, cb);
	if (err)
		err = refuse(cb->skb, cb->nlh, err, cb->extack);
	cb->extack = extack;
	mn_errmsg_del(mn, &msg);
	return err;
}

static int gate_dump(struct sk_buff *skb, struct netlink_callback *cb)
{
	const struct genlmsghdr *hdr = nlmsg_data(cb->nlh);

	return handler_of(hdr->cmd).dumpit(skb, cb);
}

static struct genl_ops mn_ops[MIDONET_CMD_MAX] __ro_after_init;

static const struct genl_multicast_group mn_groups[] = {
	[MN_MCGRP_CONFIG] = {
		.name = MIDONET_MCGRP_CONFIG,
		.flags = GENL_UNS_ADMIN_PERM,
	},
	[MN_MCGRP_STATE] = {
		.name = MIDONET_MCGRP_STATE,
		.flags = GENL_UNS_ADMIN_PERM,
	},
	[MN_MCGRP_LEARN] = {
		.name = MIDONET_MCGRP_LEARN,
		.flags = GENL_UNS_ADMIN_PERM,
	},
	[MN_MCGRP_DROP] = {
		.name = MIDONET_MCGRP_DROP,
		.flags = GENL_UNS_ADMIN_PERM,
	},
};

struct genl_family mn_family __ro_after_init = {
	.name = MIDONET_FAMILY_NAME,
	.version = MIDONET_FAMILY_VERSION,
	.netnsok = true,
	.parallel_ops = true,
	.module = THIS_MODULE,
	.ops = mn_ops,
	.mcgrps = mn_groups,
	.n_mcgrps = ARRAY_SIZE(mn_groups),
	.resv_start_op = MIDONET_CMD_MAX + 1,
};

/**
 * mn_has_listeners() - is anybody in a multicast group
 * @mn: namespace
 * @group: group
 */
bool mn_has_listeners(struct mn_net *mn, enum mn_mcgrp group)
{
	return genl_has_listeners(&mn_family, mn->net, group);
}

static int netlink_event(struct notifier_block *nb, unsigned long event,
			 void *data)
{
	const struct netlink_notify *n = data;
	struct mn_net *mn;

	if (event != NETLINK_URELEASE || n->protocol != NETLINK_GENERIC)
		return NOTIFY_DONE;
	mn = mn_net(n->net);
	if (!mn_net_awake(mn))
		return NOTIFY_DONE;
	mn_txn_release(mn, n->portid);
	mn_nl_live_release(mn, n->portid);
	mn_nl_punt_release(mn, n->portid);
	mn_owner_release(mn, n->portid);
	return NOTIFY_DONE;
}

static struct notifier_block netlink_nb = { .notifier_call = netlink_event };

static void fill_ops(void)
{
	struct genl_ops *op = mn_ops;
	struct handler h;
	int cmd;

	for (cmd = 1; cmd <= MIDONET_CMD_MAX; cmd++) {
		h = handler_of(cmd);
		if (!h.doit && !h.dumpit)
			continue;	/* an event */
		op->cmd = cmd;
		op->flags = GENL_UNS_ADMIN_PERM;
		op->policy = mn_cmd_info[cmd].policy;
		op->maxattr = mn_cmd_info[cmd].maxattr;
		if (h.doit)
			op->doit = gate_do;
		if (h.dumpit) {
			op->start = gate_dump_start;
			op->dumpit = gate_dump;
			op->done = h.done;
		}
		op++;
	}
	mn_family.n_ops = op - mn_ops;
}

/**
 * mn_nl_init() - open the way in
 *
 * The last step of loading the module.
 *
 * Return: 0 or a negative error
 */
int mn_nl_init(void)
{
	int err;

	fill_ops();
	err = netlink_register_notifier(&netlink_nb);
	if (err)
		return err;
	err = genl_register_family(&mn_family);
	if (err)
		netlink_unregister_notifier(&netlink_nb);
	return err;
}

/**
 * mn_nl_exit() - close the way in: no handler runs afterwards
 */
void mn_nl_exit(void)
{
	genl_unregister_family(&mn_family);
	netlink_unregister_notifier(&netlink_nb);
}
