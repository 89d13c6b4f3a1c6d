// SPDX-License-Identifier: GPL-2.0
/*
 * Counters over netlink: of ports, rules, routes, VIPs and peers as they are kept, of
 * bridges, routers and chains as their sum.
 */
#include <net/genetlink.h>
#include <net/sock.h>

#include "balance/balance.h"
#include "config/dump.h"
#include "config/nl.h"
#include "flow/table.h"
#include "l3/route.h"
#include "l3/router.h"
#include "overlay/peer.h"
#include "overlay/zone.h"
#include "policy/chain.h"
#include "port/host.h"
#include "port/port.h"

static const u8 types[] = {
	MIDONET_OBJECT_TYPE_BRIDGE,
	MIDONET_OBJECT_TYPE_ROUTER,
	MIDONET_OBJECT_TYPE_PORT,
	MIDONET_OBJECT_TYPE_CHAIN,
	MIDONET_OBJECT_TYPE_RULE,
	MIDONET_OBJECT_TYPE_ROUTE,
	MIDONET_OBJECT_TYPE_VIP,
	MIDONET_OBJECT_TYPE_TUNNEL_ZONE_MEMBER,
};

/* @id is NULL for what has none. */
static void *begin(struct sk_buff *skb, struct mn_dump *cur, u8 type,
		   const u8 *id, const char *name)
{
	void *hdr = mn_dump_msg(skb, cur);

	if (!hdr)
		return NULL;
	if (nla_put_u32(skb, MIDONET_STATS_TYPE, type) ||
	    (id && nla_put(skb, MIDONET_STATS_ID, 16, id)) ||
	    nla_put_string(skb, MIDONET_STATS_NAME, name)) {
		genlmsg_cancel(skb, hdr);
		return NULL;
	}
	return hdr;
}

static int end(struct sk_buff *skb, void *hdr, bool failed)
{
	if (failed) {
		genlmsg_cancel(skb, hdr);
		return -EMSGSIZE;
	}
	genlmsg_end(skb, hdr);
	return 0;
}

static int put_traffic(struct sk_buff *skb, struct mn_dump *cur, u8 type,
		       const u8 *id, const char *name,
		       const struct mn_port_stats *s)
{
	void *hdr = begin(skb, cur, type, id, name);

	if (!hdr)
		return -EMSGSIZE;
	return end(skb, hdr,
		   mn_nl_put_u64(skb, MIDONET_STATS_RX_PACKETS,
				 s->rx_packets) ||
		   mn_nl_put_u64(skb, MIDONET_STATS_RX_BYTES,
				 s->rx_bytes) ||
		   mn_nl_put_u64(skb, MIDONET_STATS_TX_PACKETS,
				 s->tx_packets) ||
		   mn_nl_put_u64(skb, MIDONET_STATS_TX_BYTES,
				 s->tx_bytes) ||
		   mn_nl_put_u64(skb, MIDONET_STATS_DROPS, s->drops));
}

static int put_matched(struct sk_buff *skb, struct mn_dump *cur, u8 type,
		       const u8 *id, const char *name, u64 packets, u64 bytes)
{
	void *hdr = begin(skb, cur, type, id, name);

	if (!hdr)
		return -EMSGSIZE;
	return end(skb, hdr,
		   mn_nl_put_u64(skb, MIDONET_STATS_PACKETS, packets) ||
		   mn_nl_put_u64(skb, MIDONET_STATS_BYTES, bytes));
}

static int put_port(struct sk_buff *skb, struct mn_dump *cur,
		    struct mn_obj *obj)
{
	struct mn_port_stats s;
	char label[2 * MIDONET_NAME_MAX + 2];

	mn_port_stats_sum(mn_port_of(obj), &s);
	mn_port_label(mn_port_of(obj), label, sizeof(label));
	return put_traffic(skb, cur, MIDONET_OBJECT_TYPE_PORT, obj->ident.id,
			   label, &s);
}

static int put_ports(struct sk_buff *skb, struct mn_dump *cur,
		     struct mn_obj *obj)
{
	struct mn_port_stats s, sum = {};
	struct mn_obj *port;

	list_for_each_entry_rcu(port, mn_device_ports(obj), siblings) {
		if (!mn_ver_now(port))
			continue;
		mn_port_stats_sum(mn_port_of(port), &s);
		sum.rx_packets += s.rx_packets;
		sum.rx_bytes += s.rx_bytes;
		sum.tx_packets += s.tx_packets;
		sum.tx_bytes += s.tx_bytes;
		sum.drops += s.drops;
	}
	return put_traffic(skb, cur, obj->ident.type, obj->ident.id, obj->name,
			   &sum);
}

static int put_chain(struct sk_buff *skb, struct mn_dump *cur,
		     struct mn_obj *obj)
{
	const struct mn_ver *ver = mn_ver_now(obj);
	const struct mn_chain_ver *v = ver ? mn_chain_ver(ver) : NULL;
	u64 packets = 0, bytes = 0;
	u32 i;

	for (i = 0; v && i < v->n; i++) {
		packets += atomic64_read(&v->rules[i]->count.packets);
		bytes += atomic64_read(&v->rules[i]->count.bytes);
	}
	return put_matched(skb, cur, MIDONET_OBJECT_TYPE_CHAIN, obj->ident.id,
			   obj->name, packets, bytes);
}

/* The rules of one chain, from cur->sub on. */
static int put_rules(struct sk_buff *skb, struct mn_dump *cur,
		     struct mn_obj *obj)
{
	const struct mn_ver *ver = mn_ver_now(obj);
	const struct mn_chain_ver *v = ver ? mn_chain_ver(ver) : NULL;
	char label[MIDONET_NAME_MAX + 13];
	const struct mn_rule *rule;
	int err;

	for (; v && cur->sub < v->n; cur->sub++) {
		rule = v->rules[cur->sub];
		snprintf(label, sizeof(label), "%s:%lu", obj->name,
			 cur->sub + 1);
		err = put_matched(skb, cur, MIDONET_OBJECT_TYPE_RULE,
				  rule->ident.id, label,
				  atomic64_read(&rule->count.packets),
				  atomic64_read(&rule->count.bytes));
		if (err)
			return err;
	}
	return 0;
}

static int put_route(struct sk_buff *skb, struct mn_dump *cur,
		     const struct mn_route *route)
{
	char name[MN_ROUTE_NAME];
	u64 packets, bytes;

	mn_route_counted(route, &packets, &bytes);
	mn_route_name(route, name, sizeof(name));
	return put_matched(skb, cur, MIDONET_OBJECT_TYPE_ROUTE, NULL, name,
			   packets, bytes);
}

static int put_vip(struct sk_buff *skb, struct mn_dump *cur,
		   const struct mn_served *vip)
{
	char name[MN_VIP_NAME];
	u64 packets, bytes;

	mn_vip_counted(vip, &packets, &bytes);
	mn_vip_name(vip, name);
	return put_matched(skb, cur, MIDONET_OBJECT_TYPE_VIP, NULL, name,
			   packets, bytes);
}

/* ZONE:HOST */
static int put_peer(struct sk_buff *skb, struct mn_dump *cur,
		    const struct mn_peer *peer)
{
	char name[2 * MIDONET_NAME_MAX + 2];
	struct mn_port_stats s;

	/* Nobody sends to himself. */
	if (peer->host == rcu_access_pointer(peer->mn->local_host))
		return 0;
	snprintf(name, sizeof(name), "%s:%s", peer->zone->obj.name,
		 peer->host->obj.name);
	mn_peer_stats_sum(peer, &s);
	return put_traffic(skb, cur, MIDONET_OBJECT_TYPE_TUNNEL_ZONE_MEMBER,
			   NULL, name, &s);
}

static int put_one(struct mn_net *mn, struct sk_buff *skb, struct mn_dump *cur,
		   u8 type, struct mn_obj *obj)
{
	switch (type) {
	case MIDONET_OBJECT_TYPE_BRIDGE:
	case MIDONET_OBJECT_TYPE_ROUTER:
		return put_ports(skb, cur, obj);
	case MIDONET_OBJECT_TYPE_PORT:
		return put_port(skb, cur, obj);
	case MIDONET_OBJECT_TYPE_CHAIN:
		return put_chain(skb, cur, obj);
	case MIDONET_OBJECT_TYPE_ROUTE:
		return mn_routes_dump(mn, skb, cur, mn_router_of(obj),
				      put_route);
	case MIDONET_OBJECT_TYPE_VIP:
		return mn_vips_dump(mn, skb, cur, obj, put_vip);
	case MIDONET_OBJECT_TYPE_TUNNEL_ZONE_MEMBER:
		return mn_members_dump(mn, skb, cur, mn_zone_of(obj), put_peer);
	}
	return put_rules(skb, cur, obj);
}

static int put_type(struct mn_net *mn, struct sk_buff *skb,
		    struct mn_dump *cur, u8 type)
{
	struct mn_obj *obj;
	u8 of = type;
	int err;

	if (type == MIDONET_OBJECT_TYPE_RULE)
		of = MIDONET_OBJECT_TYPE_CHAIN;
	if (type == MIDONET_OBJECT_TYPE_ROUTE)
		of = MIDONET_OBJECT_TYPE_ROUTER;
	if (type == MIDONET_OBJECT_TYPE_VIP)
		of = MIDONET_OBJECT_TYPE_LOAD_BALANCER;
	if (type == MIDONET_OBJECT_TYPE_TUNNEL_ZONE_MEMBER)
		of = MIDONET_OBJECT_TYPE_TUNNEL_ZONE;
	while ((obj = mn_dump_next(mn, cur, of))) {
		err = put_one(mn, skb, cur, type, obj);
		if (err)
			return err;
		cur->index++;
		cur->sub = 0;
	}
	return 0;
}

/* cur->parent is the place in @types. */
static int put_types(struct mn_net *mn, struct sk_buff *skb,
		     struct mn_dump *cur)
{
	const struct nlattr *only;
	int err;

	only = nlmsg_find_attr(cur->cb->nlh, GENL_HDRLEN, MIDONET_STATS_TYPE);
	for (; cur->parent < ARRAY_SIZE(types); cur->parent++) {
		u8 type = types[cur->parent];

		if (only && nla_get_u32(only) != type)
			continue;
		err = put_type(mn, skb, cur, type);
		if (err)
			return err;
		cur->index = 0;
	}
	return 0;
}

/**
 * mn_nl_stats_dump() - list counters of objects
 * @skb: where they go
 * @cb: callback
 *
 * Return: bytes put, 0 at the end, or a negative error
 */
int mn_nl_stats_dump(struct sk_buff *skb, struct netlink_callback *cb)
{
	struct mn_dump *cur = (struct mn_dump *)cb->ctx;
	struct mn_net *mn = mn_net(sock_net(skb->sk));
	int err;

	if (!cur->cmd)
		mn_flows_fold(mn);
	cur->cb = cb;
	cur->cmd = MIDONET_CMD_STATS_GET;
	rcu_read_lock();
	cb->seq = mn_net_generation(mn) + 1;	/* 0 would mean: no check */
	err = put_types(mn, skb, cur);
	rcu_read_unlock();
	return err && !skb->len ? err : skb->len;
}
