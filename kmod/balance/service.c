// SPDX-License-Identifier: GPL-2.0
/*
 * What VIPs and members of pools have in common: an address with a port, found
 * in a table of the namespace, listed with what contains it.
 */
#include <linux/rhashtable.h>
#include <net/ipv6.h>

#include "balance/balancer.h"
#include "config/dump.h"
#include "config/nl.h"
#include "config/txn.h"
#include "l3/neigh.h"

static const struct rhashtable_params served_params = {
	.head_offset = offsetof(struct mn_served, node),
	.key_offset = offsetof(struct mn_served, at),
	.key_len = sizeof(struct mn_service),
	.automatic_shrinking = true,
};

/**
 * mn_service_label() - how a service is called in messages
 * @at: service
 * @buf: MN_SERVICE_LABEL bytes for ADDR:PORT, with /tcp or /udp if it is a VIP
 *
 * Return: @buf
 */
const char *mn_service_label(const struct mn_service *at, char *buf)
{
	const char *proto = at->proto == IPPROTO_TCP ? "/tcp" :
			    at->proto == IPPROTO_UDP ? "/udp" : "";

	if (at->family == AF_INET)
		snprintf(buf, MN_SERVICE_LABEL, "%pI4:%u%s", &at->addr,
			 ntohs(at->port), proto);
	else
		snprintf(buf, MN_SERVICE_LABEL, "[%pI6c]:%u%s", &at->addr,
			 ntohs(at->port), proto);
	return buf;
}

/**
 * mn_served_refuse() - refuse a commit because of a VIP or member
 * @txn: transaction
 * @err: negative error
 * @parent: what contains it
 * @what: the word for it
 * @at: where it is
 * @fmt: what is wrong with it, and what to do
 *
 * Return: @err
 */
int mn_served_refuse(struct mn_txn *txn, int err, const struct mn_obj *parent,
		     const char *what, const struct mn_service *at,
		     const char *fmt, ...)
{
	char of[MN_BALANCE_LABEL], label[MN_SERVICE_LABEL];
	struct va_format text = { .fmt = fmt };
	va_list args;

	mn_obj_label(parent, of, sizeof(of));
	mn_service_label(at, label);
	va_start(args, fmt);
	text.va = &args;
	err = mn_txn_err(txn, err, "%s: %s %s %pV", of, what, label, &text);
	va_end(args);
	return err;
}

/* Can a router send packets for somebody there? */
static bool addr_ok(u8 family, const struct in6_addr *addr)
{
	__be32 v4 = addr->s6_addr32[0];

	if (family == AF_INET)
		return !ipv4_is_zeronet(v4) && !ipv4_is_loopback(v4) &&
		       ntohl(v4) < 0xe0000000;
	return ipv6_addr_type(addr) & IPV6_ADDR_UNICAST &&
	       !(ipv6_addr_type(addr) &
		 (IPV6_ADDR_LOOPBACK | IPV6_ADDR_LINKLOCAL));
}

/**
 * mn_service_parse() - where something is to be served
 * @txn: transaction
 * @parent: load balancer or pool that contains it
 * @what: the word for it
 * @tb: attributes
 * @at: set but for balancer and proto
 * @extack: for errors
 *
 * Return: 0 or -EINVAL
 */
int mn_service_parse(struct mn_txn *txn, const struct mn_obj *parent,
		     const char *what, struct nlattr **tb,
		     struct mn_service *at, struct netlink_ext_ack *extack)
{
	const struct nlattr *addr = tb[MIDONET_A_ADDRESS];
	char of[MN_BALANCE_LABEL];

	memset(at, 0, sizeof(*at));
	mn_obj_label(parent, of, sizeof(of));
	if (!addr || !tb[MIDONET_A_SERVICE_PORT])
		return mn_txn_err(txn, -EINVAL,
				  "%s: a %s needs address and service-port",
				  of, what);
	at->family = nla_len(addr) == sizeof(struct in_addr) ? AF_INET : AF_INET6;
	at->port = htons(nla_get_u16(tb[MIDONET_A_SERVICE_PORT]));
	if (nla_len(addr) == mn_addr_len(at->family)) {
		memcpy(&at->addr, nla_data(addr), nla_len(addr));
		if (addr_ok(at->family, &at->addr))
			return 0;
	}
	NL_SET_BAD_ATTR(extack, addr);
	return mn_txn_err(txn, -EINVAL,
			  "%s: a %s's address is one unicast IPv4 or IPv6 address that routers forward to: not loopback, not link-local",
			  of, what);
}

/**
 * mn_served_init() - set a table up
 * @table: table
 *
 * Return: 0 or a negative error
 */
int mn_served_init(struct mn_served_table *table)
{
	return rhltable_init(&table->table, &served_params);
}

/**
 * mn_served_exit() - free a table
 * @table: table, empty
 *
 * Context: may sleep.
 */
void mn_served_exit(struct mn_served_table *table)
{
	WARN_ON_ONCE(table->n);
	rhltable_destroy(&table->table);
}

/**
 * mn_served_find() - what is somewhere
 * @table: table
 * @at: where
 * @parent: what contains it, or NULL for any
 * @generation: from mn_net_generation()
 *
 * Context: RCU.
 *
 * Return: it, as it is in that generation, or NULL
 */
struct mn_served *mn_served_find(struct mn_served_table *table,
				 const struct mn_service *at,
				 const struct mn_obj *parent, u64 generation)
{
	struct rhlist_head *list, *pos;
	struct mn_served *s;

	list = rhltable_lookup(&table->table, at, served_params);
	rhl_for_each_entry_rcu(s, pos, list, node) {
		if (mn_entry_at(&s->entry, generation) &&
		    (!parent || s->entry.parent == parent))
			return s;
	}
	return NULL;
}

/**
 * mn_served_find_end() - what will be somewhere after the commit in progress
 * @table: table
 * @at: where
 * @parent: what contains it, or NULL for any
 * @dying: what this commit removes instead
 *
 * Context: mn_net.lock.
 *
 * Return: it or NULL
 */
struct mn_served *mn_served_find_end(struct mn_served_table *table,
				     const struct mn_service *at,
				     const struct mn_obj *parent, bool dying)
{
	struct mn_served *s, *found = NULL;
	struct rhlist_head *list, *pos;

	rcu_read_lock();
	list = rhltable_lookup(&table->table, at, served_params);
	rhl_for_each_entry_rcu(s, pos, list, node) {
		if (s->entry.died == U64_MAX && s->entry.dying == dying &&
		    (!parent || s->entry.parent == parent)) {
			found = s;
			break;
		}
	}
	rcu_read_unlock();
	return found;
}

/**
 * mn_served_enter() - a VIP or member is to be born
 * @txn: transaction
 * @table: table
 * @s: it, with parent, type and place
 * @siblings: list of the parent
 *
 * Context: mn_net.lock, may sleep.
 *
 * Return: 0; or a negative error, then it is where it was
 */
int mn_served_enter(struct mn_txn *txn, struct mn_served_table *table,
		    struct mn_served *s, struct list_head *siblings)
{
	int err;

	mn_txn_entry_new(txn, &s->entry);
	err = rhltable_insert(&table->table, &s->node, served_params);
	if (err) {
		list_del(&s->entry.list);
		return err;
	}
	list_add_tail_rcu(&s->siblings, siblings);
	table->n++;
	return 0;
}

/**
 * mn_served_leave() - the opposite, for &mn_type.entry_del
 * @table: table
 * @s: VIP or member
 */
void mn_served_leave(struct mn_served_table *table, struct mn_served *s)
{
	rhltable_remove(&table->table, &s->node, served_params);
	list_del_rcu(&s->siblings);
	table->n--;
}

/**
 * mn_served_undo_del() - what this commit was to remove stays after all
 * @s: VIP or member
 *
 * Context: mn_net.lock.
 */
void mn_served_undo_del(struct mn_served *s)
{
	s->entry.dying = false;
	list_del_init(&s->entry.list);
}

/**
 * mn_served_del_all() - what contains them goes
 * @txn: transaction
 * @siblings: its list
 *
 * Context: mn_net.lock.
 */
void mn_served_del_all(struct mn_txn *txn, struct list_head *siblings)
{
	struct mn_served *s, *next;

	list_for_each_entry_safe(s, next, siblings, siblings) {
		if (mn_entry_end(&s->entry))
			mn_txn_entry_del(txn, &s->entry);
	}
}

/**
 * mn_served_dump() - list what a load balancer or pool contains
 * @mn: namespace
 * @skb: where they go
 * @cur: cursor; @cur->sub is the place to go on at
 * @siblings: list
 * @put: puts one
 *
 * As long as no commit came between, one of this generation cannot have been
 * freed. Else the rest is left out: the reader is told to start again anyway.
 *
 * Context: RCU.
 *
 * Return: 0 when done, or what @put said
 */
int mn_served_dump(struct mn_net *mn, struct sk_buff *skb, struct mn_dump *cur,
		   struct list_head *siblings, mn_served_put_fn put)
{
	struct list_head *pos = (struct list_head *)cur->sub;
	u64 generation = mn_net_generation(mn);
	const struct mn_served *s;
	int err;

	if (pos && cur->generation != generation)
		return 0;
	cur->generation = generation;
	if (!pos)
		pos = rcu_dereference(list_next_rcu(siblings));
	for (; pos != siblings; pos = rcu_dereference(list_next_rcu(pos))) {
		s = list_entry(pos, struct mn_served, siblings);
		if (!mn_entry_at(&s->entry, generation))
			continue;
		cur->sub = (unsigned long)pos;
		err = put(skb, cur, s);
		if (err)
			return err;
	}
	return 0;
}

/**
 * mn_served_put() - put a VIP or member as an object
 * @skb: where it goes
 * @cur: cursor
 * @s: VIP or member
 * @more: puts what only its kind has
 *
 * Context: RCU.
 *
 * Return: 0 or -EMSGSIZE
 */
int mn_served_put(struct sk_buff *skb, struct mn_dump *cur,
		  const struct mn_served *s,
		  int (*more)(struct sk_buff *skb, const struct mn_served *s))
{
	void *hdr = mn_dump_msg(skb, cur);

	if (!hdr)
		return -EMSGSIZE;
	if (mn_nl_put_id(skb, MIDONET_A_PARENT, s->entry.parent) ||
	    nla_put(skb, MIDONET_A_ADDRESS, mn_addr_len(s->at.family),
		    &s->at.addr) ||
	    nla_put_u16(skb, MIDONET_A_SERVICE_PORT, ntohs(s->at.port)) ||
	    more(skb, s)) {
		genlmsg_cancel(skb, hdr);
		return -EMSGSIZE;
	}
	genlmsg_end(skb, hdr);
	return 0;
}
