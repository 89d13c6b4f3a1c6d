// SPDX-License-Identifier: GPL-2.0
/*
 * Members of tunnel zones: configuration. How the host they are is reached is
 * in peer.c.
 */
#include <linux/rhashtable.h>
#include <net/ipv6.h>

#include "config/dump.h"
#include "config/nl.h"
#include "config/txn.h"
#include "l3/neigh.h"
#include "overlay/overlay.h"
#include "overlay/peer.h"
#include "overlay/zone.h"
#include "port/host.h"
#include "sim/dep.h"

static struct mn_peer *of_entry(struct mn_entry *e)
{
	return container_of(e, struct mn_peer, entry);
}

/**
 * mn_peer_addr_label() - an address as text
 * @at: address
 * @buf: MN_PEER_LABEL bytes
 *
 * Return: @buf
 */
const char *mn_peer_addr_label(const struct mn_peer_addr *at, char *buf)
{
	if (at->family == AF_INET)
		snprintf(buf, MN_PEER_LABEL, "%pI4", &at->addr);
	else
		snprintf(buf, MN_PEER_LABEL, "%pI6c", &at->addr);
	return buf;
}

__printf(5, 6)
static int refuse(struct mn_txn *txn, int err, const struct mn_zone *zone,
		  const struct mn_host *host, const char *fmt, ...)
{
	struct va_format text = { .fmt = fmt };
	va_list args;

	va_start(args, fmt);
	text.va = &args;
	err = mn_txn_err(txn, err, "tunnel-zone %s: member %s: %pV",
			 zone->obj.name, host->obj.name, &text);
	va_end(args);
	return err;
}

/**
 * mn_member_end() - a host as a member of a zone, after the commit in progress
 * @host: host
 * @zone: zone
 *
 * Context: mn_net.lock.
 *
 * Return: the member, NULL if it will be none
 */
struct mn_peer *mn_member_end(const struct mn_host *host,
			      const struct mn_zone *zone)
{
	struct mn_peer *peer;

	list_for_each_entry(peer, &host->members, by_host) {
		if (peer->zone == zone && mn_entry_end(&peer->entry))
			return peer;
	}
	return NULL;
}

/* Messages. */

/* Can packets be sent there without saying by which device? */
static bool addr_ok(const struct mn_peer_addr *at)
{
	__be32 v4 = at->addr.s6_addr32[0];

	if (at->family == AF_INET)
		return !ipv4_is_zeronet(v4) && !ipv4_is_loopback(v4) &&
		       ntohl(v4) < 0xe0000000;
	return ipv6_addr_type(&at->addr) & IPV6_ADDR_UNICAST &&
	       !(ipv6_addr_type(&at->addr) &
		 (IPV6_ADDR_LOOPBACK | IPV6_ADDR_LINKLOCAL | IPV6_ADDR_MAPPED));
}

static int get_addr(struct mn_txn *txn, const struct mn_zone *zone,
		    const struct mn_host *host, const struct nlattr *attr,
		    struct mn_peer_addr *at, struct netlink_ext_ack *extack)
{
	memset(at, 0, sizeof(*at));
	at->family = nla_len(attr) == sizeof(struct in_addr) ? AF_INET :
							       AF_INET6;
	if (nla_len(attr) == mn_addr_len(at->family)) {
		memcpy(&at->addr, nla_data(attr), nla_len(attr));
		if (addr_ok(at))
			return 0;
	}
	NL_SET_BAD_ATTR(extack, attr);
	return refuse(txn, -EINVAL, zone, host,
		      "address: not one unicast IPv4 or IPv6 address that other hosts can reach: loopback, link-local or the like");
}

static u32 zones_end(const struct mn_host *host)
{
	const struct mn_peer *peer;
	u32 n = 0;

	list_for_each_entry(peer, &host->members, by_host)
		n += mn_entry_end(&peer->entry);
	return n;
}

static int check_room(struct mn_txn *txn, const struct mn_zone *zone,
		      const struct mn_host *host)
{
	struct mn_net *mn = txn->mn;

	if (mn->overlay->n_peers >= READ_ONCE(mn->limits.objects_max))
		return refuse(txn, -ENOSPC, zone, host,
			      "is one too many; raise net.midonet.objects_max");
	if (zones_end(host) >= MN_HOST_ZONES)
		return refuse(txn, -ENOSPC, zone, host,
			      "is in 64 tunnel-zones already, which is the most");
	return 0;
}

static int member_new(struct mn_txn *txn, struct mn_zone *zone,
		      struct mn_host *host, const struct mn_peer_addr *at)
{
	struct mn_overlay *o = txn->mn->overlay;
	struct mn_peer *peer;
	int err;

	err = check_room(txn, zone, host);
	if (err)
		return err;
	peer = mn_peer_new(txn->mn, zone, host, at);
	if (!peer)
		return -ENOMEM;
	mn_txn_entry_new(txn, &peer->entry);
	err = rhltable_insert(&o->peers, &peer->node, mn_peer_params);
	if (err) {
		list_del(&peer->entry.list);
		mn_peer_put(peer);
		return err;
	}
	list_add_tail_rcu(&peer->siblings, &zone->members);
	list_add_tail_rcu(&peer->by_host, &host->members);
	o->n_peers++;
	return 0;
}

static int member_del(struct mn_txn *txn, struct mn_zone *zone,
		      struct mn_host *host)
{
	struct mn_peer *peer = mn_member_end(host, zone);

	if (!peer)
		return refuse(txn, -ENOENT, zone, host, "does not exist");
	mn_txn_entry_del(txn, &peer->entry);
	return 0;
}

/* One that this commit was to remove, and that comes back as it was. */
static bool undo_del(const struct mn_zone *zone, const struct mn_host *host,
		     const struct mn_peer_addr *at)
{
	struct mn_peer *peer;

	list_for_each_entry(peer, &host->members, by_host) {
		/* Not one that an earlier commit removed, which is still here. */
		if (peer->zone != zone || !peer->entry.dying ||
		    peer->entry.died != U64_MAX ||
		    memcmp(&peer->at, at, sizeof(*at)))
			continue;
		peer->entry.dying = false;
		list_del_init(&peer->entry.list);
		return true;
	}
	return false;
}

static int member_op(struct mn_txn *txn, struct mn_op *op, struct nlattr **tb,
		     struct netlink_ext_ack *extack)
{
	struct mn_obj *parent, *obj;
	struct mn_peer_addr at;
	struct mn_zone *zone;
	struct mn_host *host;
	int err;

	if (!tb[MIDONET_A_PARENT] || !tb[MIDONET_A_HOST])
		return mn_txn_err(txn, -EINVAL,
				  "a tunnel-zone-member needs parent (its tunnel-zone) and host");
	parent = mn_txn_ref(txn, NULL, tb[MIDONET_A_PARENT],
			    MIDONET_OBJECT_TYPE_TUNNEL_ZONE, "parent", extack);
	if (IS_ERR(parent))
		return PTR_ERR(parent);
	zone = mn_zone_of(parent);
	obj = mn_txn_ref(txn, parent, tb[MIDONET_A_HOST],
			 MIDONET_OBJECT_TYPE_HOST, "members", extack);
	if (IS_ERR(obj))
		return PTR_ERR(obj);
	host = container_of(obj, struct mn_host, obj);
	if (op->verb == MN_VERB_DEL)
		return member_del(txn, zone, host);
	if (!tb[MIDONET_A_ADDRESS])
		return refuse(txn, -EINVAL, zone, host, "needs an address");
	err = get_addr(txn, zone, host, tb[MIDONET_A_ADDRESS], &at, extack);
	if (err)
		return err;
	if (mn_member_end(host, zone))
		return refuse(txn, -EEXIST, zone, host, "exists already");
	return undo_del(zone, host, &at) ? 0 :
	       member_new(txn, zone, host, &at);
}

/* Judging. */

static const struct mn_peer *same_address(struct mn_net *mn,
					  const struct mn_peer *peer)
{
	const struct mn_peer *p, *found = NULL;
	struct rhlist_head *list, *pos;

	rcu_read_lock();
	list = rhltable_lookup(&mn->overlay->peers, &peer->at, mn_peer_params);
	rhl_for_each_entry_rcu(p, pos, list, node) {
		if (p != peer && p->zone == peer->zone &&
		    mn_entry_end(&p->entry)) {
			found = p;
			break;
		}
	}
	rcu_read_unlock();
	return found;
}

static int member_validate(struct mn_txn *txn, struct mn_entry *e)
{
	const struct mn_peer *peer = of_entry(e), *other;
	struct mn_zone *zone = peer->zone;

	other = same_address(txn->mn, peer);
	if (other)
		return refuse(txn, -EEXIST, zone, peer->host,
			      "address: member %s has the same",
			      other->host->obj.name);
	mn_zone_look_through(txn, zone);
	other = zone->member_end;
	if (other->at.family != peer->at.family)
		return refuse(txn, -EINVAL, zone, peer->host,
			      "address: not of the address family of member %s; give each family a tunnel-zone",
			      other->host->obj.name);
	return mn_zone_check_family(txn, zone, peer);
}

/**
 * mn_members_check_host() - may a host go?
 * @txn: transaction being judged
 * @host: host that will not exist
 *
 * Context: mn_net.lock.
 *
 * Return: 0, -EBUSY if some zone has it as a member
 */
int mn_members_check_host(struct mn_txn *txn, const struct mn_host *host)
{
	const struct mn_peer *peer;

	list_for_each_entry(peer, &host->members, by_host) {
		if (mn_entry_end(&peer->entry))
			return mn_txn_err(txn, -EBUSY,
					  "host %s is used by tunnel-zone %s; remove it from its members first",
					  host->obj.name, peer->zone->obj.name);
	}
	return 0;
}

/**
 * mn_members_del() - a zone goes, with its members
 * @txn: transaction
 * @zone: zone
 *
 * Context: mn_net.lock.
 */
void mn_members_del(struct mn_txn *txn, struct mn_zone *zone)
{
	struct mn_peer *peer, *next;

	list_for_each_entry_safe(peer, next, &zone->members, siblings) {
		if (mn_entry_end(&peer->entry))
			mn_txn_entry_del(txn, &peer->entry);
	}
}

/* Publishing. */

static void member_changed(struct mn_net *mn, struct mn_entry *e)
{
	struct mn_peer *peer = of_entry(e);
	bool born = e->died == U64_MAX;

	WRITE_ONCE(peer->zone->n_members,
		   peer->zone->n_members + (born ? 1 : -1));
	mn_dep_bump(mn, peer->host->obj.dep);
	mn_overlay_member(peer, born);
}

static void member_leave(struct mn_net *mn, struct mn_entry *e)
{
	struct mn_peer *peer = of_entry(e);

	/* No walk of a generation in which it was a member is left. */
	RCU_INIT_POINTER(peer->tunnel, NULL);
	rhltable_remove(&mn->overlay->peers, &peer->node, mn_peer_params);
	list_del_rcu(&peer->siblings);
	list_del_rcu(&peer->by_host);
	mn->overlay->n_peers--;
}

static void member_free(struct mn_entry *e)
{
	mn_peer_put(of_entry(e));
}

/* Listing. */

static int member_put(struct sk_buff *skb, struct mn_dump *cur,
		      const struct mn_peer *peer)
{
	void *hdr = mn_dump_msg(skb, cur);

	if (!hdr)
		return -EMSGSIZE;
	if (mn_nl_put_id(skb, MIDONET_A_PARENT, &peer->zone->obj) ||
	    mn_nl_put_id(skb, MIDONET_A_HOST, &peer->host->obj) ||
	    nla_put(skb, MIDONET_A_ADDRESS, mn_addr_len(peer->at.family),
		    &peer->at.addr)) {
		genlmsg_cancel(skb, hdr);
		return -EMSGSIZE;
	}
	genlmsg_end(skb, hdr);
	return 0;
}

/**
 * mn_members_dump() - list the members of a zone
 * @mn: namespace
 * @skb: where they go
 * @cur: cursor; @cur->sub is the place to go on at
 * @zone: zone
 * @put: puts one
 *
 * What is said of mn_served_dump() holds.
 *
 * Context: RCU.
 *
 * Return: 0 when done, or what @put said
 */
int mn_members_dump(struct mn_net *mn, struct sk_buff *skb,
		    struct mn_dump *cur, const struct mn_zone *zone,
		    mn_member_put_fn put)
{
	struct list_head *pos = (struct list_head *)cur->sub;
	u64 generation = mn_net_generation(mn);
	const struct mn_peer *peer;
	int err;

	if (pos && cur->generation != generation)
		return 0;
	cur->generation = generation;
	if (!pos)
		pos = rcu_dereference(list_next_rcu(&zone->members));
	for (; pos != &zone->members;
	     pos = rcu_dereference(list_next_rcu(pos))) {
		peer = list_entry(pos, struct mn_peer, siblings);
		if (!mn_peer_at(peer, generation))
			continue;
		cur->sub = (unsigned long)pos;
		err = put(skb, cur, peer);
		if (err)
			return err;
	}
	return 0;
}

static int member_dump(struct mn_net *mn, struct sk_buff *skb,
		       struct mn_dump *cur)
{
	struct mn_obj *obj;
	int err;

	for (; (obj = mn_dump_next(mn, cur, MIDONET_OBJECT_TYPE_TUNNEL_ZONE));
	     cur->index++, cur->sub = 0) {
		if (!mn_dump_wants(cur, obj))
			continue;
		err = mn_members_dump(mn, skb, cur, mn_zone_of(obj),
				      member_put);
		if (err)
			return err;
	}
	return 0;
}

const struct mn_type mn_zone_member_type = {
	.name = "tunnel-zone-member",
	.type = MIDONET_OBJECT_TYPE_TUNNEL_ZONE_MEMBER,
	.parents = BIT(MIDONET_OBJECT_TYPE_TUNNEL_ZONE),
	.op = member_op,
	.entry_validate = member_validate,
	.entry_changed = member_changed,
	.entry_del = member_leave,
	.entry_free = member_free,
	.dump = member_dump,
};
