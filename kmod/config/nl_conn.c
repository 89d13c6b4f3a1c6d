// SPDX-License-Identifier: GPL-2.0
/*
 * Connections over netlink: list, count and forget those that match.
 */
#include <linux/bottom_half.h>
#include <linux/jiffies.h>
#include <linux/slab.h>
#include <net/genetlink.h>
#include <net/sock.h>

#include "config/dump.h"
#include "config/nl.h"
#include "flow/key.h"
#include "flow/table.h"
#include "policy/chain.h"
#include "policy/match_op.h"
#include "state/conn_table.h"

#define MN_RULE_LABEL	(MIDONET_NAME_MAX + 12)

/* Words about headers that are the same in all packets of a side. */
#define MN_CONN_WORDS							\
	(BIT(MIDONET_MATCH_ETHERTYPE) | BIT(MIDONET_MATCH_SRC) |	\
	 BIT(MIDONET_MATCH_DST) | BIT(MIDONET_MATCH_PROTO) |		\
	 BIT(MIDONET_MATCH_SRC_PORT) | BIT(MIDONET_MATCH_DST_PORT))

/**
 * struct conn_filter - which connections
 * @device: mn_tuple_device() of theirs, 0 for any
 * @n: how many there were
 * @match: of the initiator's packets; variable size
 */
struct conn_filter {
	u32 device;
	u32 n;
	struct mn_match match;
};

static int check_words(struct mn_net *mn, const struct nlattr *attr,
		       const struct mn_match *match,
		       struct netlink_ext_ack *extack)
{
	const struct mn_match_op *op;

	mn_match_for_each(op, match) {
		if (BIT(op->word) & MN_CONN_WORDS)
			continue;
		NL_SET_BAD_ATTR(extack, attr);
		return mn_err(mn, extack, -EINVAL,
			      "filter: connections have no %s",
			      mn_word_find(op->word)->name);
	}
	return 0;
}

static int set_device(struct mn_net *mn, const struct nlattr *attr,
		      struct conn_filter *filter,
		      struct netlink_ext_ack *extack)
{
	struct mn_obj *obj;

	if (!attr)
		return 0;
	rcu_read_lock();
	obj = mn_nl_find_any(mn, attr, MN_CONN_DEVICES, "device-id", extack);
	if (!IS_ERR(obj))
		filter->device = mn_tuple_device(obj);
	rcu_read_unlock();
	return PTR_ERR_OR_ZERO(obj);
}

/* Filter of a request; ERR_PTR with a sentence. */
static struct conn_filter *filter_new(struct mn_net *mn,
				      const struct nlattr *device,
				      const struct nlattr *match,
				      struct netlink_ext_ack *extack)
{
	struct conn_filter *filter;
	int err, size = 0;

	if (match)
		size = mn_match_size(mn, match, extack);
	if (size < 0)
		return ERR_PTR(size);
	filter = kzalloc(sizeof(*filter) + size, GFP_KERNEL_ACCOUNT);
	if (!filter)
		return ERR_PTR(-ENOMEM);
	err = mn_match_compile(mn, NULL, NULL, match, &filter->match, extack);
	if (!err)
		err = check_words(mn, match, &filter->match, extack);
	if (!err)
		err = set_device(mn, device, filter, extack);
	if (!err)
		return filter;
	kfree(filter);
	return ERR_PTR(err);
}

static bool wanted(const struct conn_filter *filter, const struct mn_conn *conn)
{
	const struct mn_tuple *t = &conn->end[MN_DIR_FORWARD].tuple;
	struct mn_flow_key key;

	if (test_bit(MN_CONN_DEAD, &conn->flags) || mn_conn_expired(conn) ||
	    (filter->device && filter->device != t->device))
		return false;
	if (!filter->match.words)
		return true;
	mn_tuple_key(t, &key);
	return mn_match_key(&filter->match, &key);
}

/* List. */

/**
 * struct conn_dump - where a listing goes on, in netlink_callback.ctx
 * @cur: cursor: its index counts buckets, its sub ends in one of them
 * @filter: which
 */
struct conn_dump {
	struct mn_dump cur;
	struct conn_filter *filter;
};

/**
 * struct labels - rules of the connection that was listed last
 * @rules: by &enum mn_nat
 * @text: what they are called, which takes long to find out
 */
struct labels {
	const struct mn_rule *rules[MN_NATS];
	char text[MN_NATS][MN_RULE_LABEL];
};

static int put_rule(struct mn_net *mn, struct sk_buff *skb,
		    const struct mn_conn *conn, enum mn_nat nat,
		    struct labels *labels)
{
	const struct mn_rule *rule = conn->rules[nat];
	bool dst = nat == MN_NAT_DST;

	if (!rule)
		return 0;
	if (labels->rules[nat] != rule) {
		mn_rule_label(mn, rule, labels->text[nat], MN_RULE_LABEL);
		labels->rules[nat] = rule;
	}
	return nla_put_string(skb, dst ? MIDONET_CONN_DNAT_RULE :
					 MIDONET_CONN_SNAT_RULE,
			      labels->text[nat]) ||
	       nla_put(skb, dst ? MIDONET_CONN_DNAT_RULE_ID :
				  MIDONET_CONN_SNAT_RULE_ID,
		       sizeof(rule->ident.id), rule->ident.id);
}

static int put_place(struct sk_buff *skb, const struct mn_conn *conn)
{
	char label[2 * MIDONET_NAME_MAX + 2];

	mn_port_label(conn->in, label, sizeof(label));
	return nla_put_string(skb, MIDONET_CONN_DEVICE, conn->device->name) ||
	       mn_nl_put_id(skb, MIDONET_CONN_DEVICE_ID, conn->device) ||
	       nla_put_string(skb, MIDONET_CONN_PORT, label) ||
	       mn_nl_put_id(skb, MIDONET_CONN_PORT_ID, &conn->in->obj);
}

static int put_time(struct sk_buff *skb, const struct mn_conn *conn)
{
	unsigned long now = jiffies, end;
	u32 left = 0;

	end = READ_ONCE(conn->used.used) + mn_conn_timeout(conn);
	if (time_after(end, now))
		left = DIV_ROUND_UP(end - now, HZ);
	return nla_put_u32(skb, MIDONET_CONN_AGE,
			   (u32)(now / HZ) - READ_ONCE(conn->created)) ||
	       nla_put_u32(skb, MIDONET_CONN_EXPIRES, left);
}

static int put_conn(struct mn_net *mn, struct sk_buff *skb,
		    const struct mn_conn *conn, struct labels *labels)
{
	const struct mn_tuple *forward = &conn->end[MN_DIR_FORWARD].tuple;
	const struct mn_tuple *reply = &conn->end[MN_DIR_RETURN].tuple;

	return put_place(skb, conn) ||
	       nla_put_u8(skb, MIDONET_CONN_PROTO, forward->proto) ||
	       mn_tuple_fill(skb, MIDONET_CONN_FORWARD, forward) ||
	       mn_tuple_fill(skb, MIDONET_CONN_REPLY, reply) ||
	       nla_put_u8(skb, MIDONET_CONN_STATE, READ_ONCE(conn->phase)) ||
	       nla_put_u8(skb, MIDONET_CONN_ANSWERED, mn_conn_answered(conn)) ||
	       put_time(skb, conn) ||
	       nla_put_string(skb, MIDONET_CONN_ORIGIN, "local") ||
	       put_rule(mn, skb, conn, MN_NAT_DST, labels) ||
	       put_rule(mn, skb, conn, MN_NAT_SRC, labels);
}

/* One bucket; cur->sub counts the ends in it that were looked at. */
static int dump_bucket(struct mn_net *mn, struct sk_buff *skb,
		       struct conn_dump *d, struct bucket_table *tbl,
		       unsigned int bucket, struct labels *labels)
{
	struct mn_conn_end *end;
	struct rhash_head *pos;
	unsigned long n = 0;
	void *hdr;

	rht_for_each_entry_rcu(end, pos, tbl, bucket, node) {
		if (n++ < d->cur.sub || end->dir != MN_DIR_FORWARD ||
		    !wanted(d->filter, mn_conn_of(end)))
			continue;
		hdr = mn_dump_msg(skb, &d->cur);
		if (!hdr)
			return -EMSGSIZE;
		if (put_conn(mn, skb, mn_conn_of(end), labels)) {
			genlmsg_cancel(skb, hdr);
			return -EMSGSIZE;
		}
		genlmsg_end(skb, hdr);
		d->cur.sub = n;
	}
	d->cur.sub = 0;
	return 0;
}

/*
 * cur->index counts the buckets of the table and, while it is being resized, of
 * those its entries move to.
 */
static int dump_conns(struct mn_net *mn, struct sk_buff *skb,
		      struct conn_dump *d)
{
	struct rhashtable *ht = &mn->conns->ends;
	struct bucket_table *tbl = rht_dereference_rcu(ht->tbl, ht);
	struct labels labels = {};
	unsigned long base = 0;
	int err;

	for (; tbl; tbl = rht_dereference_rcu(tbl->future_tbl, ht)) {
		for (; d->cur.index < base + tbl->size; d->cur.index++) {
			err = dump_bucket(mn, skb, d, tbl, d->cur.index - base,
					  &labels);
			if (err)
				return err;
		}
		base += tbl->size;
	}
	return 0;
}

/**
 * mn_nl_conn_start() - begin to list connections
 * @cb: callback; its attributes: device-id, filter
 *
 * What flows know of the last packets is asked first.
 *
 * Return: 0; -ENOENT, -EINVAL, -ENOMEM
 */
int mn_nl_conn_start(struct netlink_callback *cb)
{
	const struct genlmsghdr *hdr = nlmsg_data(cb->nlh);
	struct conn_dump *d = (struct conn_dump *)cb->ctx;
	struct mn_net *mn = mn_net(sock_net(cb->skb->sk));
	struct conn_filter *filter;

	BUILD_BUG_ON(sizeof(*d) > sizeof(cb->ctx));
	memset(d, 0, sizeof(*d));
	d->cur.cmd = hdr->cmd;
	filter = filter_new(mn, nlmsg_find_attr(cb->nlh, GENL_HDRLEN,
						MIDONET_CONN_DEVICE_ID),
			    nlmsg_find_attr(cb->nlh, GENL_HDRLEN,
					    MIDONET_CONN_FILTER), cb->extack);
	if (IS_ERR(filter))
		return PTR_ERR(filter);
	d->filter = filter;
	mn_flows_fold(mn);
	return 0;
}

/**
 * mn_nl_conn_dump() - list connections
 * @skb: where they go
 * @cb: callback, prepared by mn_nl_conn_start()
 *
 * They come and go; a listing is no snapshot, and a resized table may be listed
 * with gaps or twice.
 *
 * Return: bytes put, 0 at the end, or a negative error
 */
int mn_nl_conn_dump(struct sk_buff *skb, struct netlink_callback *cb)
{
	struct conn_dump *d = (struct conn_dump *)cb->ctx;
	struct mn_net *mn = mn_net(sock_net(skb->sk));
	int err;

	d->cur.cb = cb;
	rcu_read_lock();
	err = dump_conns(mn, skb, d);
	rcu_read_unlock();
	return err && !skb->len ? err : skb->len;
}

/**
 * mn_nl_conn_done() - the listing has ended, or nobody reads it
 * @cb: callback, prepared by mn_nl_conn_start()
 *
 * Return: 0
 */
int mn_nl_conn_done(struct netlink_callback *cb)
{
	struct conn_dump *d = (struct conn_dump *)cb->ctx;

	kfree(d->filter);
	return 0;
}

/* Count and flush. */

static void count_one(struct mn_conn *conn, void *arg)
{
	struct conn_filter *filter = arg;

	filter->n += wanted(filter, conn);
}

static void flush_one(struct mn_conn *conn, void *arg)
{
	struct conn_filter *filter = arg;

	if (wanted(filter, conn))
		filter->n += mn_conn_kill(conn);
}

/* Do something to all that are wanted, and say how many there were. */
static int do_each(struct genl_info *info,
		   void (*fn)(struct mn_conn *conn, void *arg))
{
	struct mn_net *mn = mn_net(genl_info_net(info));
	struct conn_filter *filter;
	struct sk_buff *msg;
	void *hdr;

	filter = filter_new(mn, info->attrs[MIDONET_CONN_DEVICE_ID],
			    info->attrs[MIDONET_CONN_FILTER], info->extack);
	if (IS_ERR(filter))
		return PTR_ERR(filter);
	/* First: what is done must not be reported as refused. */
	msg = genlmsg_new(64, GFP_KERNEL);
	hdr = msg ? genlmsg_put_reply(msg, info, &mn_family, 0,
				      info->genlhdr->cmd) : NULL;
	if (!hdr) {
		nlmsg_free(msg);
		kfree(filter);
		return -ENOMEM;
	}
	mn_conns_each(mn, fn, filter);
	/* There is room for it. */
	nla_put_u32(msg, MIDONET_CONN_COUNT, filter->n);
	genlmsg_end(msg, hdr);
	kfree(filter);
	return genlmsg_reply(msg, info);
}

/**
 * mn_nl_conn_flush() - forget connections
 * @skb: request
 * @info: its attributes: device-id, filter
 *
 * Return: 0; -ENOENT, -EINVAL, -ENOMEM
 */
int mn_nl_conn_flush(struct sk_buff *skb, struct genl_info *info)
{
	return do_each(info, flush_one);
}

/**
 * mn_nl_conn_count() - count connections
 * @skb: request
 * @info: its attributes: device-id, filter
 *
 * Return: 0; -ENOENT, -EINVAL, -ENOMEM
 */
int mn_nl_conn_count(struct sk_buff *skb, struct genl_info *info)
{
	return do_each(info, count_one);
}
