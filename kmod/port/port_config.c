// SPDX-License-Identifier: GPL-2.0
/*
 * Ports: from attributes to a version, and whether it may be.
 */
#include <linux/etherdevice.h>
#include <linux/if_vlan.h>
#include <linux/inetdevice.h>
#include <linux/overflow.h>
#include <net/ipv6.h>

#include "config/nl.h"
#include "config/txn.h"
#include "l2/bridge.h"
#include "l3/neigh.h"
#include "policy/chain.h"
#include "policy/group.h"
#include "port/host.h"
#include "port/port.h"

#define MN_PORT_LABEL	(2 * MIDONET_NAME_MAX + 2)
#define MN_MAC_LIMIT	1024
/* One list of a port; more is what ip-sets and groups of groups are for. */
#define MN_PORT_GROUPS	256
#define MN_PORT_ALLOWED	1024
#define MN_PORT_ADDRESSES	1024

/* What parsing one message is about. */
struct parse {
	struct mn_txn *txn;
	struct mn_port *port;
	const struct mn_op *op;
	struct nlattr **tb;
	struct netlink_ext_ack *extack;
	struct mn_port_ver *v;
};

static int bad(struct parse *p, const struct nlattr *attr, const char *text)
{
	char label[MN_PORT_LABEL];

	mn_port_label(p->port, label, sizeof(label));
	NL_SET_BAD_ATTR(p->extack, attr);
	return mn_err(p->txn->mn, p->extack, -EINVAL, "port %s: %s", label,
		      text);
}

static u32 count_attrs(const struct mn_op *op, int kind)
{
	const struct nlattr *pos;
	u32 n = 0;
	int rem;

	mn_for_each_attr(pos, op, kind, rem)
		n++;
	return n;
}

/* Length of a list: given anew, back to none, or as it was. */
static int list_len(struct parse *p, int kind, u32 was, u32 max,
		    const char *text)
{
	if (p->tb[kind]) {
		u32 n = count_attrs(p->op, kind);

		return n > max ? bad(p, p->tb[kind], text) : n;
	}
	return mn_nl_unset(p->op, kind) ? 0 : was;
}

static struct mn_allowed *allowed_of(struct mn_port_ver *v)
{
	return (struct mn_allowed *)&v->groups[v->n_groups];
}

static int parse_groups(struct parse *p)
{
	const struct nlattr *pos;
	struct mn_obj *obj;
	int rem, n = 0;

	mn_for_each_attr(pos, p->op, MIDONET_A_PORT_GROUPS, rem) {
		obj = mn_txn_ref(p->txn, &p->port->obj, pos,
				 MIDONET_OBJECT_TYPE_PORT_GROUP, "port-groups",
				 p->extack);
		if (IS_ERR(obj))
			return PTR_ERR(obj);
		p->v->groups[n++] = mn_group_of(obj);
	}
	return 0;
}

static int parse_allowed_one(struct parse *p, const struct nlattr *attr,
			     struct mn_allowed *a)
{
	const u8 *data = nla_data(attr);
	int len = nla_len(attr) - ETH_ALEN;
	struct mn_prefix prefix;

	if (!is_valid_ether_addr(data))
		return bad(p, attr,
			   "allowed-addresses: the MAC is zero or a group address");
	ether_addr_copy(a->mac, data);
	if (!len)
		return 0;
	if (mn_nl_prefix(data + ETH_ALEN, len, &prefix))
		return bad(p, attr, "allowed-addresses: not a prefix");
	a->family = prefix.family;
	a->plen = prefix.plen;
	a->addr = prefix.addr;
	return 0;
}

static int parse_allowed(struct parse *p)
{
	struct mn_allowed *a = allowed_of(p->v);
	const struct nlattr *pos;
	int rem, err;

	mn_for_each_attr(pos, p->op, MIDONET_A_ALLOWED_ADDRESSES, rem) {
		err = parse_allowed_one(p, pos, a++);
		if (err)
			return err;
	}
	return 0;
}

static struct mn_address *addresses_of(struct mn_port_ver *v)
{
	return (struct mn_address *)mn_port_addresses(v);
}

/* Could a station of this subnet have this address? */
static bool is_station(const struct mn_address *a)
{
	__be32 v4 = a->addr.s6_addr32[0], host;

	if (a->family == AF_INET6)
		return !ipv6_addr_any(&a->addr) &&
		       !ipv6_addr_loopback(&a->addr) &&
		       !ipv6_addr_is_multicast(&a->addr);
	if (!a->plen || ipv4_is_zeronet(v4) || ipv4_is_loopback(v4) ||
	    ntohl(v4) >= 0xe0000000)
		return false;
	host = v4 & ~inet_make_mask(a->plen);
	return a->plen > 30 || (host && host != ~inet_make_mask(a->plen));
}

static int parse_address(struct parse *p, const struct nlattr *attr,
			 struct mn_address *a)
{
	const struct mn_address *prev = mn_port_addresses(p->v);
	const u8 *data = nla_data(attr);
	struct mn_prefix prefix;

	if (mn_nl_prefix(data, nla_len(attr), &prefix))
		return bad(p, attr, "addresses: not an address with a prefix length");
	a->family = prefix.family;
	a->plen = prefix.plen;
	/* With its host bits. */
	memcpy(&a->addr, data + 1, nla_len(attr) - 1);
	if (!is_station(a))
		return bad(p, attr,
			   "addresses: not the address of a station in its subnet");
	for (; prev < a; prev++) {
		if (prev->family == a->family &&
		    ipv6_addr_equal(&prev->addr, &a->addr))
			return bad(p, attr, "addresses: the same address twice");
	}
	return 0;
}

static int parse_addresses(struct parse *p)
{
	struct mn_address *a = addresses_of(p->v);
	const struct nlattr *pos;
	int rem, err;

	mn_for_each_attr(pos, p->op, MIDONET_A_ADDRESSES, rem) {
		err = parse_address(p, pos, a++);
		if (err)
			return err;
	}
	return 0;
}

static int parse_lists(struct parse *p, const struct mn_port_ver *old)
{
	struct mn_port_ver *v = p->v;

	if (!p->tb[MIDONET_A_PORT_GROUPS] && v->n_groups)
		memcpy(v->groups, old->groups,
		       array_size(v->n_groups, sizeof(v->groups[0])));
	if (!p->tb[MIDONET_A_ALLOWED_ADDRESSES] && v->n_allowed)
		memcpy(allowed_of(v), mn_port_allowed(old),
		       array_size(v->n_allowed, sizeof(struct mn_allowed)));
	if (!p->tb[MIDONET_A_ADDRESSES] && v->n_addresses)
		memcpy(addresses_of(v), mn_port_addresses(old),
		       array_size(v->n_addresses, sizeof(struct mn_address)));
	return parse_groups(p) ?: parse_allowed(p) ?: parse_addresses(p);
}

/* A reference that is given, back to none (@obj NULL), or untouched (1). */
static int parse_ref(struct parse *p, int attr, u8 type, const char *word,
		     struct mn_obj **obj)
{
	if (p->tb[attr]) {
		*obj = mn_txn_ref(p->txn, &p->port->obj, p->tb[attr], type,
				  word, p->extack);
		return PTR_ERR_OR_ZERO(*obj);
	}
	*obj = NULL;
	return mn_nl_unset(p->op, attr) ? 0 : 1;
}

static int parse_refs(struct parse *p)
{
	struct mn_port_ver *v = p->v;
	struct mn_obj *obj;
	int err;

	err = parse_ref(p, MIDONET_A_IN_CHAIN, MIDONET_OBJECT_TYPE_CHAIN,
			"in-chain", &obj);
	if (!err)
		v->in_chain = obj ? mn_chain_of(obj) : NULL;
	if (err >= 0)
		err = parse_ref(p, MIDONET_A_OUT_CHAIN,
				MIDONET_OBJECT_TYPE_CHAIN, "out-chain", &obj);
	if (!err)
		v->out_chain = obj ? mn_chain_of(obj) : NULL;
	if (err >= 0)
		err = parse_ref(p, MIDONET_A_HOST, MIDONET_OBJECT_TYPE_HOST,
				"host", &obj);
	if (!err)
		v->host = obj ? container_of(obj, struct mn_host, obj) : NULL;
	if (err >= 0)
		err = parse_ref(p, MIDONET_A_PEER, MIDONET_OBJECT_TYPE_PORT,
				"peer", &obj);
	if (!err) {
		v->peer = obj ? mn_port_of(obj) : NULL;
		p->port->named = ++p->txn->named;
	}
	return min(err, 0);
}

/* 02: and the last 40 bits of the id. */
static void default_mac(const struct mn_port *port, u8 *mac)
{
	mac[0] = 0x02;
	memcpy(mac + 1, port->obj.ident.id + 11, ETH_ALEN - 1);
}

static int parse_mac(struct parse *p)
{
	const struct nlattr *attr = p->tb[MIDONET_A_MAC];

	if (attr && !is_valid_ether_addr(nla_data(attr)))
		return bad(p, attr, "mac: is zero or a group address");
	if (attr)
		ether_addr_copy(p->v->mac, nla_data(attr));
	else if (mn_nl_unset(p->op, MIDONET_A_MAC))
		eth_zero_addr(p->v->mac);
	if (is_zero_ether_addr(p->v->mac) && mn_port_on_router(p->port))
		default_mac(p->port, p->v->mac);
	return 0;
}

static int parse_dev(struct parse *p)
{
	const struct nlattr *attr = p->tb[MIDONET_A_DEV];
	char name[IFNAMSIZ] = {};

	if (attr) {
		nla_strscpy(name, attr, sizeof(name));
		if (!dev_valid_name(name))
			return bad(p, attr, "dev: not a name of a device");
	} else if (!mn_nl_unset(p->op, MIDONET_A_DEV)) {
		return 0;
	}
	/* All of it: versions are compared as memory. */
	memcpy(p->v->dev, name, sizeof(name));
	return 0;
}

static int parse_mtu(struct parse *p)
{
	const struct nlattr *attr = p->tb[MIDONET_A_MTU];
	u32 mtu = attr ? nla_get_u32(attr) : 0;

	if (mtu && mtu < ETH_MIN_MTU)
		return bad(p, attr, "mtu: less than 68");
	if (attr || mn_nl_unset(p->op, MIDONET_A_MTU))
		p->v->mtu = mtu;
	return 0;
}

static void parse_numbers(struct parse *p)
{
	const struct mn_op *op = p->op;
	struct mn_port_ver *v = p->v;
	struct nlattr **tb = p->tb;

	if (tb[MIDONET_A_ADMIN_UP])
		v->admin_up = nla_get_u8(tb[MIDONET_A_ADMIN_UP]);
	else if (mn_nl_unset(op, MIDONET_A_ADMIN_UP))
		v->admin_up = true;
	if (tb[MIDONET_A_VLAN])
		v->vlan = nla_get_u16(tb[MIDONET_A_VLAN]);
	else if (mn_nl_unset(op, MIDONET_A_VLAN))
		v->vlan = 0;
	if (tb[MIDONET_A_MAC_LIMIT])
		v->mac_limit = nla_get_u32(tb[MIDONET_A_MAC_LIMIT]);
	else if (mn_nl_unset(op, MIDONET_A_MAC_LIMIT))
		v->mac_limit = MN_MAC_LIMIT;
	/* Zero is replaced when all messages were parsed, by mn_port_link(). */
	if (tb[MIDONET_A_TUNNEL_KEY])
		v->tunnel_key = nla_get_u32(tb[MIDONET_A_TUNNEL_KEY]);
	else if (mn_nl_unset(op, MIDONET_A_TUNNEL_KEY))
		v->tunnel_key = 0;
}

static int ver_alloc(struct parse *p, const struct mn_port_ver *old)
{
	struct mn_port_ver *v;
	struct mn_ver *ver;
	int groups, allowed, addresses;

	groups = list_len(p, MIDONET_A_PORT_GROUPS, old ? old->n_groups : 0,
			  MN_PORT_GROUPS, "port-groups: more than 256");
	if (groups < 0)
		return groups;
	allowed = list_len(p, MIDONET_A_ALLOWED_ADDRESSES,
			   old ? old->n_allowed : 0, MN_PORT_ALLOWED,
			   "allowed-addresses: more than 1024");
	if (allowed < 0)
		return allowed;
	addresses = list_len(p, MIDONET_A_ADDRESSES, old ? old->n_addresses : 0,
			     MN_PORT_ADDRESSES, "addresses: more than 1024");
	if (addresses < 0)
		return addresses;
	ver = mn_ver_new(MIDONET_OBJECT_TYPE_PORT,
			 struct_size(v, groups, groups) +
			 array_size(allowed, sizeof(struct mn_allowed)) +
			 array_size(addresses, sizeof(struct mn_address)));
	if (!ver)
		return -ENOMEM;
	v = container_of(ver, struct mn_port_ver, ver);
	if (old) {
		memcpy((void *)v + sizeof(*ver), (void *)old + sizeof(*ver),
		       sizeof(*v) - sizeof(*ver));
	} else {
		v->admin_up = true;
		v->mac_limit = MN_MAC_LIMIT;
	}
	v->n_groups = groups;
	v->n_allowed = allowed;
	v->n_addresses = addresses;
	p->v = v;
	return 0;
}

/**
 * mn_port_parse() - make the version a message asks for
 * @txn: transaction
 * @obj: port
 * @old: version to start from, or NULL
 * @op: message
 * @tb: its attributes
 * @extack: for errors
 *
 * Context: mn_net.lock, may sleep.
 *
 * Return: the version or an ERR_PTR
 */
struct mn_ver *mn_port_parse(struct mn_txn *txn, struct mn_obj *obj,
			     const struct mn_ver *old, const struct mn_op *op,
			     struct nlattr **tb, struct netlink_ext_ack *extack)
{
	const struct mn_port_ver *o = old ? mn_port_ver(old) : NULL;
	struct mn_port *port = mn_port_of(obj);
	struct parse p = {
		.txn = txn,
		.port = port,
		.op = op,
		.tb = tb,
		.extack = extack,
	};
	int err;

	/* What an earlier transaction named does not count. */
	if (!obj->pending || !old)
		port->named = 0;
	err = ver_alloc(&p, o);
	if (err)
		return ERR_PTR(err);
	parse_numbers(&p);
	err = parse_lists(&p, o) ?: parse_refs(&p);
	err = err ?: parse_mac(&p) ?: parse_dev(&p) ?: parse_mtu(&p);
	err = err ?: mn_claims_next(txn->mn, port, p.v);
	if (err) {
		mn_ver_free(&p.v->ver);
		return ERR_PTR(err);
	}
	return &p.v->ver;
}

static int check_claims(struct mn_txn *txn, struct mn_port *port,
			const struct mn_port_ver *v, const char *label)
{
	struct mn_port *other;
	char name[MN_PORT_LABEL];

	other = mn_claim_find_key(txn->mn, v->tunnel_key, port);
	if (other) {
		mn_port_label(other, name, sizeof(name));
		return mn_txn_err(txn, -EEXIST,
				  "port %s: tunnel-key: %u is the key of port %s",
				  label, v->tunnel_key, name);
	}
	if (!v->dev[0])
		return 0;
	other = mn_claim_find_dev(txn->mn, v->dev, v->host, port);
	if (!other)
		return 0;
	mn_port_label(other, name, sizeof(name));
	return mn_txn_err(txn, -EEXIST,
			  "port %s: dev: %s is bound to port %s on the same host",
			  label, v->dev, name);
}

/* What only ports of one kind of device have. */
static int check_router(struct mn_txn *txn, const struct mn_port *port,
			const struct mn_port_ver *v, const char *label)
{
	if (!mn_port_on_router(port) && v->n_addresses)
		return mn_txn_err(txn, -EINVAL,
				  "port %s: addresses: only ports of a router have them",
				  label);
	if (mn_port_on_router(port) && v->vlan)
		return mn_txn_err(txn, -EINVAL,
				  "port %s: vlan: a port of a router has none; give it to the port of the bridge",
				  label);
	return mn_port_on_router(port) ? mn_neighs_check_port(txn, port, v) : 0;
}

static int check_peer(struct mn_txn *txn, struct mn_port *port,
		      const struct mn_port_ver *v, const char *label)
{
	const struct mn_port_ver *newest = mn_port_newest(txn->mn, port);
	const struct mn_port_ver *pv = mn_port_end(txn->mn, v->peer);
	char peer[MN_PORT_LABEL];

	mn_port_label(v->peer, peer, sizeof(peer));
	if (v->peer == port)
		return mn_txn_err(txn, -EINVAL,
				  "port %s: peer: a port cannot be its own peer",
				  label);
	if (v->peer->obj.parent == port->obj.parent)
		return mn_txn_err(txn, -EINVAL,
				  "port %s: peer: %s is on the same device",
				  label, peer);
	if (!pv || pv->peer != port)
		return mn_txn_err(txn, -EINVAL,
				  "port %s: peer: %s is not linked back", label,
				  peer);
	if (v->vlan && pv->vlan)
		return mn_txn_err(txn, -EINVAL,
				  "port %s: vlan: its peer %s has a vlan too; only one side may",
				  label, peer);
	/* A link that was there closes no loop now. */
	if (newest && newest->peer == v->peer)
		return 0;
	if (mn_port_on_router(port) || mn_port_on_router(v->peer))
		return 0;
	if (mn_port_closes_loop(txn, mn_port_bridge(port)))
		return mn_txn_err(txn, -ELOOP,
				  "port %s: peer: the link to %s closes a loop of bridges",
				  label, peer);
	return 0;
}

/**
 * mn_port_validate() - may a port be as the commit in progress would leave it?
 * @txn: transaction
 * @obj: port with a pending version
 *
 * Judged by content alone, so that every host decides alike: whether the device
 * exists does not matter.
 *
 * Context: mn_net.lock.
 *
 * Return: 0 or a negative error with extack set
 */
int mn_port_validate(struct mn_txn *txn, struct mn_obj *obj)
{
	const struct mn_port_ver *v = mn_port_ver(obj->pending);
	struct mn_port *port = mn_port_of(obj);
	char label[MN_PORT_LABEL];
	int err;

	mn_port_label(port, label, sizeof(label));
	if (v->dev[0] && v->peer)
		return mn_txn_err(txn, -EINVAL,
				  "port %s: has both dev and peer; it can lead to one only",
				  label);
	/* A port whose peer was removed keeps its vlan for the next one. */
	if (v->vlan && v->dev[0])
		return mn_txn_err(txn, -EINVAL,
				  "port %s: vlan: a port with a device has none, only one with a peer",
				  label);
	err = check_router(txn, port, v, label);
	if (!err)
		err = check_claims(txn, port, v, label);
	if (err || !v->peer)
		return err;
	return check_peer(txn, port, v, label);
}
