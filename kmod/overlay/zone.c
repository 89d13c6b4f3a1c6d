// SPDX-License-Identifier: GPL-2.0
/*
 * Tunnel zones: which hosts reach each other, and how. Their members are in
 * member.c, what follows from both on this host in tunnel.c.
 */
#include <linux/siphash.h>

#include "config/nl.h"
#include "config/txn.h"
#include "overlay/overlay.h"
#include "overlay/peer.h"
#include "overlay/zone.h"
#include "port/port.h"

static int zone_init(struct mn_net *mn, struct mn_obj *obj)
{
	struct mn_zone *zone = mn_zone_of(obj);

	zone->mn = mn;
	INIT_LIST_HEAD(&zone->members);
	INIT_LIST_HEAD(&zone->sync);
	return 0;
}

static void zone_free(struct mn_net *mn, struct mn_obj *obj)
{
	WARN_ON_ONCE(mn_zone_of(obj)->tunnel);
	kfree(rcu_access_pointer(mn_zone_of(obj)->reason));
}

/**
 * mn_zone_udp_port() - UDP port of a zone
 * @v: its version
 *
 * Return: port in host order, 0 for gre
 */
u16 mn_zone_udp_port(const struct mn_zone_ver *v)
{
	static const u16 ports[] = {
		[MIDONET_ENCAP_VXLAN] = 6677,
		[MIDONET_ENCAP_GENEVE] = 6081,
		[MIDONET_ENCAP_GRE] = 0,
	};

	return v->udp_port ?: ports[v->encap];
}

static void parse_key(struct mn_zone_ver *v, const struct mn_op *op,
		      const struct nlattr *attr)
{
	if (attr) {
		v->has_key = true;
		memcpy(v->key, nla_data(attr), sizeof(v->key));
	} else if (mn_nl_unset(op, MIDONET_A_KEY)) {
		v->has_key = false;
		memset(v->key, 0, sizeof(v->key));
	}
}

static struct mn_ver *zone_parse(struct mn_txn *txn, struct mn_obj *obj,
				 const struct mn_ver *old,
				 const struct mn_op *op, struct nlattr **tb,
				 struct netlink_ext_ack *extack)
{
	struct mn_ver *ver = mn_ver_new(MIDONET_OBJECT_TYPE_TUNNEL_ZONE,
					sizeof(struct mn_zone_ver));
	struct mn_zone_ver *v;

	if (!ver)
		return ERR_PTR(-ENOMEM);
	v = container_of(ver, struct mn_zone_ver, ver);
	v->dscp = MN_DSCP_INHERIT;
	if (old)
		memcpy(ver + 1, old + 1, sizeof(*v) - sizeof(*ver));
	if (tb[MIDONET_A_ENCAP])
		v->encap = nla_get_u8(tb[MIDONET_A_ENCAP]);
	else if (mn_nl_unset(op, MIDONET_A_ENCAP))
		v->encap = MIDONET_ENCAP_VXLAN;
	if (tb[MIDONET_A_UDP_PORT])
		v->udp_port = nla_get_u16(tb[MIDONET_A_UDP_PORT]);
	else if (mn_nl_unset(op, MIDONET_A_UDP_PORT))
		v->udp_port = 0;
	if (tb[MIDONET_A_DSCP])
		v->dscp = nla_get_u8(tb[MIDONET_A_DSCP]);
	else if (mn_nl_unset(op, MIDONET_A_DSCP))
		v->dscp = MN_DSCP_INHERIT;
	parse_key(v, op, tb[MIDONET_A_KEY]);
	return ver;
}

/* Judging. */

/**
 * mn_zone_look_through() - count what a zone will contain, once in a commit
 * @txn: transaction being judged
 * @zone: zone; its @n_end and @member_end are valid then
 *
 * Context: mn_net.lock.
 */
void mn_zone_look_through(struct mn_txn *txn, struct mn_zone *zone)
{
	const struct mn_peer *peer;

	while (!txn->mark)
		txn->mark = ++txn->mn->searches;
	if (zone->obj.mark == txn->mark)
		return;
	zone->obj.mark = txn->mark;
	zone->n_end = 0;
	zone->member_end = NULL;
	list_for_each_entry(peer, &zone->members, siblings) {
		if (!mn_entry_end(&peer->entry))
			continue;
		zone->n_end++;
		if (!zone->member_end)
			zone->member_end = peer;
	}
}

/**
 * mn_zone_check_family() - can a zone's encapsulation have such an underlay?
 * @txn: transaction being judged
 * @zone: zone that exists in the end state
 * @member: a member of it
 *
 * Context: mn_net.lock.
 *
 * Return: 0 or -EINVAL
 */
int mn_zone_check_family(struct mn_txn *txn, const struct mn_zone *zone,
			 const struct mn_peer *member)
{
	const struct mn_ver *ver = mn_ver_end(txn->mn, &zone->obj);
	char addr[MN_PEER_LABEL];

	if (member->at.family == AF_INET ||
	    mn_zone_ver(ver)->encap != MIDONET_ENCAP_GRE)
		return 0;
	return mn_txn_err(txn, -EINVAL,
			  "tunnel-zone %s: encap: gre is for IPv4 addresses only, and a member has %s; use vxlan or geneve",
			  zone->obj.name,
			  mn_peer_addr_label(&member->at, addr));
}

static int zone_validate(struct mn_txn *txn, struct mn_obj *obj)
{
	const struct mn_zone_ver *v = mn_zone_ver(obj->pending);
	struct mn_zone *zone = mn_zone_of(obj);

	if (v->encap == MIDONET_ENCAP_GRE && v->udp_port)
		return mn_txn_err(txn, -EINVAL,
				  "tunnel-zone %s: udp-port: gre has none",
				  obj->name);
	mn_zone_look_through(txn, zone);
	return zone->member_end ?
	       mn_zone_check_family(txn, zone, zone->member_end) : 0;
}

/* The tunnel is a matter of devices: the commit does that when this is over. */
static void zone_publish(struct mn_net *mn, struct mn_obj *obj,
			 const struct mn_ver *old, const struct mn_ver *ver)
{
	mn_overlay_touch(mn_zone_of(obj));
}

static int zone_contents(struct mn_txn *txn, struct mn_obj *obj)
{
	mn_members_del(txn, mn_zone_of(obj));
	return 0;
}

/* A keyed hash of nothing: who does not know the key learns nothing of it. */
static int fill_key_id(struct sk_buff *skb, const struct mn_zone_ver *v)
{
	siphash_key_t key;
	__le64 id;

	if (!v->has_key)
		return 0;
	key.key[0] = get_unaligned_le64(v->key);
	key.key[1] = get_unaligned_le64(v->key + 8);
	id = cpu_to_le64(siphash(NULL, 0, &key));
	memzero_explicit(&key, sizeof(key));
	return nla_put(skb, MIDONET_A_KEY_ID, sizeof(id), &id);
}

static int fill_state(struct sk_buff *skb, const struct mn_zone *zone)
{
	const struct mn_reason *reason;
	int err;

	rcu_read_lock();
	reason = rcu_dereference(zone->reason);
	err = nla_put_u8(skb, MIDONET_A_STATE, READ_ONCE(zone->state));
	if (!err && reason)
		err = nla_put_string(skb, MIDONET_A_STATE_REASON, reason->text);
	rcu_read_unlock();
	return err;
}

static int zone_fill(struct mn_net *mn, const struct mn_obj *obj,
		     const struct mn_ver *ver, struct sk_buff *skb)
{
	const struct mn_zone *zone = mn_zone_of(obj);
	const struct mn_zone_ver *v = mn_zone_ver(ver);

	if (nla_put_u8(skb, MIDONET_A_ENCAP, v->encap) ||
	    (v->udp_port &&
	     nla_put_u16(skb, MIDONET_A_UDP_PORT, v->udp_port)) ||
	    nla_put_u8(skb, MIDONET_A_DSCP, v->dscp) ||
	    nla_put_u32(skb, MIDONET_A_COUNT, READ_ONCE(zone->n_members)) ||
	    fill_key_id(skb, v))
		return -EMSGSIZE;
	return fill_state(skb, zone);
}

const struct mn_type mn_zone_type = {
	.name = "tunnel-zone",
	.type = MIDONET_OBJECT_TYPE_TUNNEL_ZONE,
	.size = sizeof(struct mn_zone),
	.init = zone_init,
	.free = zone_free,
	.parse = zone_parse,
	.validate = zone_validate,
	.publish = zone_publish,
	.contents = zone_contents,
	.fill = zone_fill,
};
