// SPDX-License-Identifier: GPL-2.0
/*
 * Hosts of the subnets of bridges, found by MAC and by address. Of a family a MAC
 * is listed once on a bridge, so there is no choice which subnet a request is
 * about.
 */
#include <linux/etherdevice.h>
#include <linux/rhashtable.h>
#include <linux/slab.h>
#include <linux/unaligned.h>
#include <net/ipv6.h>

#include "config/dump.h"
#include "config/nl.h"
#include "config/txn.h"
#include "l2/bridge.h"
#include "l2/dhcp.h"
#include "l3/neigh.h"
#include "sim/dep.h"

/**
 * struct mac_key - where somebody is listed
 * @bridge: index of the bridge
 * @mac: MAC
 * @family: AF_INET or AF_INET6
 */
struct mac_key {
	u32 bridge;
	u8 mac[ETH_ALEN];
	u16 family;
};

static_assert(sizeof(struct mac_key) == 12);

/**
 * struct addr_key - an address of a host
 * @dhcp: index of the subnet
 * @addr: address; an IPv4 address is in the first word
 */
struct addr_key {
	u32 dhcp;
	struct in6_addr addr;
};

static_assert(sizeof(struct addr_key) == 20);

/**
 * struct mn_dhcp_host - a host that is listed
 * @entry: head; entry.parent is the subnet
 * @by_mac: in &mn_net.dhcp_macs
 * @by_addr: in &mn_net.dhcp_addrs
 * @siblings: in &mn_dhcp.hosts; RCU, writers mn_net.lock
 * @mac: who it is; constant
 * @addr: what it gets; constant
 * @name: what it is to be called, or empty
 * @len: bytes of @options
 * @options: for each its length in a byte, then code and value
 */
struct mn_dhcp_host {
	struct mn_entry entry;
	struct rhlist_head by_mac;
	struct rhlist_head by_addr;
	struct list_head siblings;
	struct mac_key mac;
	struct addr_key addr;
	char name[MIDONET_NAME_MAX + 1];
	u16 len;
	u8 options[];
};

static const struct rhashtable_params mac_params = {
	.head_offset = offsetof(struct mn_dhcp_host, by_mac),
	.key_offset = offsetof(struct mn_dhcp_host, mac),
	.key_len = sizeof(struct mac_key),
	.automatic_shrinking = true,
};

static const struct rhashtable_params addr_params = {
	.head_offset = offsetof(struct mn_dhcp_host, by_addr),
	.key_offset = offsetof(struct mn_dhcp_host, addr),
	.key_len = sizeof(struct addr_key),
	.automatic_shrinking = true,
};

static struct mn_dhcp_host *of_entry(struct mn_entry *e)
{
	return container_of(e, struct mn_dhcp_host, entry);
}

static void mac_key_set(struct mac_key *key, const struct mn_bridge *bridge,
			u8 family, const u8 *mac)
{
	memset(key, 0, sizeof(*key));
	key->bridge = bridge->obj.index;
	key->family = family;
	ether_addr_copy(key->mac, mac);
}

/**
 * mn_dhcp_dep() - slot of a MAC on a bridge
 * @mn: namespace
 * @bridge: bridge
 * @mac: MAC
 *
 * Return: slot of the version counter that moves when it begins or ceases to be
 * listed; others may have the same one
 */
u32 mn_dhcp_dep(const struct mn_net *mn, const struct mn_bridge *bridge,
		const u8 *mac)
{
	struct mac_key key;

	mac_key_set(&key, bridge, 0, mac);
	return mn_dep_slot(&key, sizeof(key), (u32)mn->seed.key[0]);
}

/**
 * mn_dhcp_lists() - in which subnet of a bridge is somebody listed?
 * @mn: namespace
 * @bridge: bridge
 * @family: AF_INET or AF_INET6
 * @mac: MAC
 * @generation: from mn_net_generation()
 *
 * Context: RCU.
 *
 * Return: the subnet, or NULL
 */
const struct mn_obj *mn_dhcp_lists(struct mn_net *mn,
				   const struct mn_bridge *bridge, u8 family,
				   const u8 *mac, u64 generation)
{
	struct rhlist_head *list, *pos;
	struct mn_dhcp_host *h;
	struct mac_key key;

	mac_key_set(&key, bridge, family, mac);
	list = rhltable_lookup(&mn->dhcp_macs, &key, mac_params);
	rhl_for_each_entry_rcu(h, pos, list, by_mac) {
		if (mn_entry_at(&h->entry, generation))
			return h->entry.parent;
	}
	return NULL;
}

/* One of a subnet, of any (@dhcp NULL), that will be there; but not @but. */
static struct mn_dhcp_host *mac_end(struct mn_net *mn,
				    const struct mac_key *key,
				    const struct mn_obj *dhcp,
				    const struct mn_dhcp_host *but)
{
	struct mn_dhcp_host *h, *found = NULL;
	struct rhlist_head *list, *pos;

	rcu_read_lock();
	list = rhltable_lookup(&mn->dhcp_macs, key, mac_params);
	rhl_for_each_entry_rcu(h, pos, list, by_mac) {
		if (h != but && mn_entry_end(&h->entry) &&
		    (!dhcp || h->entry.parent == dhcp)) {
			found = h;
			break;
		}
	}
	rcu_read_unlock();
	return found;
}

static struct mn_dhcp_host *addr_end(struct mn_net *mn,
				     const struct addr_key *key,
				     const struct mn_dhcp_host *but)
{
	struct mn_dhcp_host *h, *found = NULL;
	struct rhlist_head *list, *pos;

	rcu_read_lock();
	list = rhltable_lookup(&mn->dhcp_addrs, key, addr_params);
	rhl_for_each_entry_rcu(h, pos, list, by_addr) {
		if (h != but && mn_entry_end(&h->entry)) {
			found = h;
			break;
		}
	}
	rcu_read_unlock();
	return found;
}

/**
 * mn_dhcp_has_end() - whose address of a subnet will it be?
 * @mn: namespace, locked
 * @dhcp: subnet
 * @addr: address; an IPv4 address is in the first word
 *
 * Return: MAC of a host that will be there after the commit in progress, or NULL
 */
const u8 *mn_dhcp_has_end(struct mn_net *mn, const struct mn_dhcp *dhcp,
			  const struct in6_addr *addr)
{
	struct addr_key key = { .dhcp = dhcp->obj.index, .addr = *addr };
	const struct mn_dhcp_host *h = addr_end(mn, &key, NULL);

	return h ? h->mac.mac : NULL;
}

/* Messages. */

__printf(5, 6)
static int refuse(struct mn_txn *txn, int err, const struct mn_obj *dhcp,
		  const u8 *mac, const char *fmt, ...)
{
	struct va_format text = { .fmt = fmt };
	va_list args;

	va_start(args, fmt);
	text.va = &args;
	err = mn_dhcp_refuse(txn, err, dhcp, "host %pM: %pV", mac, &text);
	va_end(args);
	return err;
}

/*
 * What the server itself says: who is who, the exchange, times (RFC 2132, RFC
 * 3046, RFC 8415 21). Whatever else, a host may be told anything.
 */
static bool code_ok(u8 family, u16 code)
{
	if (family == AF_INET6)
		return code >= 15 && code != 18 && code != 19 && code != 20 &&
		       code != 25 && code != 26;
	return code > 1 && code < 255 && code != 82 &&
	       (code < 50 || code == 60 || code > 61);
}

static bool has_code(const u8 *options, u16 len, u16 code)
{
	u16 at;

	for (at = 0; at < len; at += 1 + options[at]) {
		if (get_unaligned_be16(options + at + 1) == code)
			return true;
	}
	return false;
}

/* Appends an option to what there is room for. */
static int add_option(struct mn_txn *txn, const struct mn_obj *dhcp, u8 family,
		      struct mn_dhcp_host *h, const struct nlattr *attr,
		      u32 *total)
{
	u16 code = get_unaligned_be16(nla_data(attr));

	*total += nla_len(attr);
	if (!code_ok(family, code))
		return refuse(txn, -EINVAL, dhcp, h->mac.mac,
			      "options: code %u is none, or for the server to say",
			      code);
	if (has_code(h->options, h->len, code))
		return refuse(txn, -EINVAL, dhcp, h->mac.mac,
			      "options: code %u is there twice", code);
	if (*total > MN_DHCP_OPTIONS_LEN)
		return refuse(txn, -EINVAL, dhcp, h->mac.mac,
			      "options: more than 1024 bytes");
	h->options[h->len] = nla_len(attr);
	memcpy(h->options + h->len + 1, nla_data(attr), nla_len(attr));
	h->len += 1 + nla_len(attr);
	return 0;
}

static int add_options(struct mn_txn *txn, const struct mn_obj *dhcp, u8 family,
		       struct mn_dhcp_host *h, const struct mn_op *op,
		       struct netlink_ext_ack *extack)
{
	const struct nlattr *attr;
	u32 n = 0, total = 0;
	int rem, err;

	mn_for_each_attr(attr, op, MIDONET_A_OPTIONS, rem) {
		if (n++ == MN_DHCP_OPTIONS)
			err = refuse(txn, -EINVAL, dhcp, h->mac.mac,
				     "options: more than 64");
		else
			err = add_option(txn, dhcp, family, h, attr, &total);
		if (err) {
			NL_SET_BAD_ATTR(extack, attr);
			return err;
		}
	}
	return 0;
}

static int get_name(struct mn_txn *txn, const struct mn_obj *dhcp,
		    struct mn_dhcp_host *h, const struct nlattr *attr)
{
	if (!attr)
		return 0;
	nla_strscpy(h->name, attr, sizeof(h->name));
	if (mn_name_ok(h->name))
		return 0;
	return refuse(txn, -EINVAL, dhcp, h->mac.mac,
		      "name: 1 to 63 characters of A-Z a-z 0-9 . _ -");
}

static int get_addr(struct mn_txn *txn, const struct mn_obj *dhcp, u8 family,
		    struct mn_dhcp_host *h, const struct nlattr *attr)
{
	h->addr.dhcp = dhcp->index;
	if (attr && nla_len(attr) == mn_addr_len(family)) {
		memcpy(&h->addr.addr, nla_data(attr), nla_len(attr));
		return 0;
	}
	return refuse(txn, -EINVAL, dhcp, h->mac.mac,
		      "address: needs one of the subnet's family");
}

/* Room for the options as they are kept. */
static size_t options_room(const struct mn_op *op)
{
	const struct nlattr *attr;
	size_t room = 0;
	int rem;

	mn_for_each_attr(attr, op, MIDONET_A_OPTIONS, rem)
		room += 1 + nla_len(attr);
	return min_t(size_t, room, MN_DHCP_OPTIONS_LEN + MN_DHCP_OPTIONS);
}

static struct mn_dhcp_host *host_parse(struct mn_txn *txn,
				       const struct mn_obj *dhcp, u8 family,
				       const u8 *mac, const struct mn_op *op,
				       struct nlattr **tb,
				       struct netlink_ext_ack *extack)
{
	struct mn_dhcp_host *h;
	int err;

	h = kzalloc(struct_size(h, options, options_room(op)),
		    GFP_KERNEL_ACCOUNT);
	if (!h)
		return ERR_PTR(-ENOMEM);
	mac_key_set(&h->mac, mn_bridge_of(dhcp->parent), family, mac);
	err = get_addr(txn, dhcp, family, h, tb[MIDONET_A_ADDRESS]);
	if (!err)
		err = get_name(txn, dhcp, h, tb[MIDONET_A_NAME]);
	if (!err)
		err = add_options(txn, dhcp, family, h, op, extack);
	if (!err)
		return h;
	kfree(h);
	return ERR_PTR(err);
}

static int host_enter(struct mn_txn *txn, struct mn_obj *dhcp,
		      struct mn_dhcp_host *h)
{
	struct mn_net *mn = txn->mn;
	int err;

	h->entry.parent = dhcp;
	h->entry.type = MIDONET_OBJECT_TYPE_DHCP_HOST;
	mn_txn_entry_new(txn, &h->entry);
	err = rhltable_insert(&mn->dhcp_macs, &h->by_mac, mac_params);
	if (err) {
		list_del(&h->entry.list);
		kfree(h);
		return err;
	}
	list_add_tail_rcu(&h->siblings, &mn_dhcp_of(dhcp)->hosts);
	mn->n_dhcp_hosts++;
	/* It may have been met by now; taking it out of both tables is fine. */
	err = rhltable_insert(&mn->dhcp_addrs, &h->by_addr, addr_params);
	if (err)
		mn_txn_entry_del(txn, &h->entry);
	return err;
}

static int host_new(struct mn_txn *txn, struct mn_obj *dhcp, u8 family,
		    const u8 *mac, const struct mn_op *op, struct nlattr **tb,
		    struct netlink_ext_ack *extack)
{
	struct mn_dhcp_host *h;

	if (txn->mn->n_dhcp_hosts >= READ_ONCE(txn->mn->limits.objects_max))
		return refuse(txn, -ENOSPC, dhcp, mac,
			      "is one too many; raise net.midonet.objects_max");
	h = host_parse(txn, dhcp, family, mac, op, tb, extack);
	if (IS_ERR(h))
		return PTR_ERR(h);
	return host_enter(txn, dhcp, h);
}

static struct mn_obj *get_parent(struct mn_txn *txn, struct nlattr **tb,
				 struct netlink_ext_ack *extack)
{
	if (!tb[MIDONET_A_PARENT] || !tb[MIDONET_A_MAC])
		return ERR_PTR(mn_txn_err(txn, -EINVAL,
					  "a dhcp-host needs parent (a dhcp) and mac"));
	return mn_txn_ref(txn, NULL, tb[MIDONET_A_PARENT],
			  MIDONET_OBJECT_TYPE_DHCP, "parent", extack);
}

static int host_op(struct mn_txn *txn, struct mn_op *op, struct nlattr **tb,
		   struct netlink_ext_ack *extack)
{
	struct mn_obj *dhcp = get_parent(txn, tb, extack);
	const struct mn_ver *ver;
	struct mn_dhcp_host *old;
	struct mac_key key;
	const u8 *mac;
	u8 family;

	if (IS_ERR(dhcp))
		return PTR_ERR(dhcp);
	mac = nla_data(tb[MIDONET_A_MAC]);
	if (!is_valid_ether_addr(mac)) {
		NL_SET_BAD_ATTR(extack, tb[MIDONET_A_MAC]);
		return refuse(txn, -EINVAL, dhcp, mac,
			      "mac: not that of one station");
	}
	/* Else it comes later, or an earlier message has removed it. */
	ver = mn_ver_end(txn->mn, dhcp);
	if (!ver)
		return refuse(txn, -ENOENT, dhcp, mac, "there is no such dhcp");
	family = mn_dhcp_ver(ver)->subnet.family;
	mac_key_set(&key, mn_bridge_of(dhcp->parent), family, mac);
	old = mac_end(txn->mn, &key, dhcp, NULL);
	if (op->verb == MN_VERB_NEW)
		return old ? refuse(txn, -EEXIST, dhcp, mac, "exists already") :
			     host_new(txn, dhcp, family, mac, op, tb, extack);
	if (!old)
		return refuse(txn, -ENOENT, dhcp, mac, "does not exist");
	mn_txn_entry_del(txn, &old->entry);
	return 0;
}

/**
 * mn_dhcp_hosts_del() - a subnet goes, and its hosts with it
 * @txn: transaction
 * @dhcp: subnet
 *
 * Context: mn_net.lock.
 */
void mn_dhcp_hosts_del(struct mn_txn *txn, struct mn_dhcp *dhcp)
{
	struct mn_dhcp_host *h, *next;

	list_for_each_entry_safe(h, next, &dhcp->hosts, siblings) {
		if (mn_entry_end(&h->entry))
			mn_txn_entry_del(txn, &h->entry);
	}
}

/* Judging. */

static int check_addr(struct mn_txn *txn, const struct mn_dhcp_host *h,
		      const struct mn_dhcp_ver *v)
{
	const struct mn_obj *dhcp = h->entry.parent;
	const struct mn_dhcp_host *other;
	const u8 *mac = h->mac.mac;

	if (!mn_dhcp_has(&v->subnet, &h->addr.addr))
		return refuse(txn, -EINVAL, dhcp, mac,
			      "address: is not that of a station of the subnet");
	if (ipv6_addr_equal(&v->server, &h->addr.addr))
		return refuse(txn, -EINVAL, dhcp, mac,
			      "address: is that of the server");
	if (ipv6_addr_equal(&v->gateway, &h->addr.addr))
		return refuse(txn, -EINVAL, dhcp, mac,
			      "address: is that of the gateway");
	other = addr_end(txn->mn, &h->addr, h);
	if (!other)
		return 0;
	return refuse(txn, -EINVAL, dhcp, mac, "address: is that of host %pM",
		      other->mac.mac);
}

static int host_validate(struct mn_txn *txn, struct mn_entry *e)
{
	const struct mn_dhcp_host *other, *h = of_entry(e);
	const struct mn_ver *ver = mn_ver_end(txn->mn, e->parent);

	other = mac_end(txn->mn, &h->mac, NULL, h);
	if (other)
		return refuse(txn, -EINVAL, e->parent, h->mac.mac,
			      "mac: is listed in dhcp %s of the bridge already",
			      other->entry.parent->name);
	return check_addr(txn, h, mn_dhcp_ver(ver));
}

static void host_changed(struct mn_net *mn, struct mn_entry *e)
{
	mn_dep_bump(mn, mn_dhcp_dep(mn, mn_bridge_of(e->parent->parent),
				    of_entry(e)->mac.mac));
}

static void host_del(struct mn_net *mn, struct mn_entry *e)
{
	struct mn_dhcp_host *h = of_entry(e);

	rhltable_remove(&mn->dhcp_macs, &h->by_mac, mac_params);
	rhltable_remove(&mn->dhcp_addrs, &h->by_addr, addr_params);
	list_del_rcu(&h->siblings);
	mn->n_dhcp_hosts--;
}

/* Listing. */

static int put_host(struct sk_buff *skb, const struct mn_dhcp_host *h)
{
	u16 at;
	int err;

	err = mn_nl_put_id(skb, MIDONET_A_PARENT, h->entry.parent) ?:
	      nla_put(skb, MIDONET_A_MAC, ETH_ALEN, h->mac.mac) ?:
	      nla_put(skb, MIDONET_A_ADDRESS, mn_addr_len(h->mac.family),
		      &h->addr.addr);
	if (!err && h->name[0])
		err = nla_put_string(skb, MIDONET_A_NAME, h->name);
	for (at = 0; at < h->len && !err; at += 1 + h->options[at])
		err = nla_put(skb, MIDONET_A_OPTIONS, h->options[at],
			      h->options + at + 1);
	return err;
}

static int dump_hosts(struct mn_net *mn, struct sk_buff *skb,
		      struct mn_dump *cur, const struct mn_dhcp *dhcp)
{
	struct list_head *pos = (struct list_head *)cur->sub;
	u64 generation = mn_net_generation(mn);
	const struct mn_dhcp_host *h;
	void *hdr;

	/*
	 * As long as no commit came between, one of this generation cannot have
	 * been freed. Else the reader is told to start again anyway.
	 */
	if (pos && cur->generation != generation)
		return 0;
	cur->generation = generation;
	if (!pos)
		pos = rcu_dereference(list_next_rcu(&dhcp->hosts));
	for (; pos != &dhcp->hosts; pos = rcu_dereference(list_next_rcu(pos))) {
		h = list_entry(pos, struct mn_dhcp_host, siblings);
		if (!mn_entry_at(&h->entry, generation))
			continue;
		cur->sub = (unsigned long)pos;
		hdr = mn_dump_msg(skb, cur);
		if (!hdr)
			return -EMSGSIZE;
		if (put_host(skb, h)) {
			genlmsg_cancel(skb, hdr);
			return -EMSGSIZE;
		}
		genlmsg_end(skb, hdr);
	}
	return 0;
}

static int hosts_dump(struct mn_net *mn, struct sk_buff *skb,
		      struct mn_dump *cur)
{
	struct mn_obj *obj;
	int err;

	for (; (obj = mn_dump_next(mn, cur, MIDONET_OBJECT_TYPE_DHCP));
	     cur->index++, cur->sub = 0) {
		if (!mn_dump_wants(cur, obj))
			continue;
		err = dump_hosts(mn, skb, cur, mn_dhcp_of(obj));
		if (err)
			return err;
	}
	return 0;
}

/* The one that is there now. */
static const struct mn_dhcp_host *find_now(struct mn_net *mn,
					   const struct mn_obj *dhcp,
					   const u8 *mac)
{
	const struct mn_ver *ver = mn_ver_now(dhcp);
	u64 generation = mn_net_generation(mn);
	struct rhlist_head *list, *pos;
	struct mn_dhcp_host *h;
	struct mac_key key;

	if (!ver)
		return NULL;
	mac_key_set(&key, mn_bridge_of(dhcp->parent),
		    mn_dhcp_ver(ver)->subnet.family, mac);
	list = rhltable_lookup(&mn->dhcp_macs, &key, mac_params);
	rhl_for_each_entry_rcu(h, pos, list, by_mac) {
		if (mn_entry_at(&h->entry, generation) &&
		    h->entry.parent == dhcp)
			return h;
	}
	return NULL;
}

static int host_reply(struct mn_net *mn, struct sk_buff *msg, void *hdr,
		      struct genl_info *info)
{
	const struct nlattr *mac = info->attrs[MIDONET_A_MAC];
	const struct mn_dhcp_host *h;
	const struct mn_obj *dhcp;

	if (!mac)
		return mn_err(mn, info->extack, -EINVAL, "mac is missing");
	dhcp = mn_nl_find(mn, info->attrs[MIDONET_A_PARENT],
			  MIDONET_OBJECT_TYPE_DHCP, "parent", info->extack);
	if (IS_ERR(dhcp))
		return PTR_ERR(dhcp);
	h = find_now(mn, dhcp, nla_data(mac));
	if (!h) {
		NL_SET_BAD_ATTR(info->extack, mac);
		return mn_err(mn, info->extack, -ENOENT,
			      "bridge %s: dhcp %s: host %pM: does not exist",
			      dhcp->parent->name, dhcp->name, nla_data(mac));
	}
	if (put_host(msg, h))
		return -EMSGSIZE;
	genlmsg_end(msg, hdr);
	return 0;
}

/**
 * mn_dhcps_init() - set up the hosts of a namespace
 * @mn: namespace
 *
 * Return: 0 or a negative error
 */
int mn_dhcps_init(struct mn_net *mn)
{
	int err = rhltable_init(&mn->dhcp_macs, &mac_params);

	if (err)
		return err;
	err = rhltable_init(&mn->dhcp_addrs, &addr_params);
	if (err)
		rhltable_destroy(&mn->dhcp_macs);
	return err;
}

/**
 * mn_dhcps_exit() - free their tables
 * @mn: namespace; its entries are gone
 *
 * Context: may sleep.
 */
void mn_dhcps_exit(struct mn_net *mn)
{
	WARN_ON_ONCE(mn->n_dhcp_hosts);
	rhltable_destroy(&mn->dhcp_addrs);
	rhltable_destroy(&mn->dhcp_macs);
}

const struct mn_type mn_dhcp_host_type = {
	.name = "dhcp-host",
	.type = MIDONET_OBJECT_TYPE_DHCP_HOST,
	.parents = BIT(MIDONET_OBJECT_TYPE_DHCP),
	.op = host_op,
	.entry_validate = host_validate,
	.entry_changed = host_changed,
	.entry_del = host_del,
	.reply = host_reply,
	.dump = hosts_dump,
};
