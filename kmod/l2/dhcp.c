// SPDX-License-Identifier: GPL-2.0
/*
 * Subnets of bridges that are served by DHCP or router advertisements, as
 * configuration objects. They are called by their prefix. Their hosts are in
 * dhcp_host.c, what packets have to do with them in dhcp_walk.c.
 */
#include <linux/inetdevice.h>
#include <net/ipv6.h>

#include "config/nl.h"
#include "config/txn.h"
#include "l2/bridge.h"
#include "l2/dhcp.h"
#include "l3/neigh.h"
#include "sim/dep.h"

#define MN_DHCP_MTU_V4	68	/* RFC 2132 5.1 */
#define MN_DHCP_MTU_V6	1280	/* RFC 8200 5 */
#define MN_DHCP_PLEN	8	/* least length of a subnet */
#define MN_SLAAC_PLEN	64	/* RFC 4862 5.5.3, with identifiers of RFC 2464 */

/**
 * struct parse - attributes of a message that become a version
 * @txn: transaction
 * @obj: subnet
 * @v: the version
 * @op: message
 * @tb: its attributes
 * @extack: for errors
 */
struct parse {
	struct mn_txn *txn;
	struct mn_obj *obj;
	struct mn_dhcp_ver *v;
	const struct mn_op *op;
	struct nlattr **tb;
	struct netlink_ext_ack *extack;
};

/**
 * mn_dhcp_refuse() - refuse a commit because of a subnet
 * @txn: transaction
 * @err: negative error
 * @obj: subnet
 * @fmt: what of it, and what is wrong with that
 *
 * Return: @err
 */
int mn_dhcp_refuse(struct mn_txn *txn, int err, const struct mn_obj *obj,
		   const char *fmt, ...)
{
	struct va_format text = { .fmt = fmt };
	va_list args;

	va_start(args, fmt);
	text.va = &args;
	err = mn_txn_err(txn, err, "bridge %s: dhcp %s: %pV", obj->parent->name,
			 obj->name, &text);
	va_end(args);
	return err;
}

/* Could a station have it? */
static bool is_station(u8 family, const struct in6_addr *addr)
{
	__be32 v4 = addr->s6_addr32[0];

	if (family == AF_INET)
		return !ipv4_is_zeronet(v4) && !ipv4_is_loopback(v4) &&
		       ntohl(v4) < 0xe0000000;
	return ipv6_addr_type(addr) & IPV6_ADDR_UNICAST &&
	       !(ipv6_addr_type(addr) & IPV6_ADDR_LOOPBACK);
}

static bool is_link_local(u8 family, const struct in6_addr *addr)
{
	return family == AF_INET6 &&
	       ipv6_addr_type(addr) & IPV6_ADDR_LINKLOCAL;
}

/* Bits of the address behind the prefix: all zero, or all one? */
static bool host_bits_are(const struct mn_prefix *p,
			  const struct in6_addr *addr, bool one)
{
	int bits = p->family == AF_INET ? 32 : 128, i;

	for (i = p->plen; i < bits; i++) {
		if (!!(addr->s6_addr[i / 8] & (0x80 >> i % 8)) != one)
			return false;
	}
	return true;
}

/**
 * mn_dhcp_has() - may a station of a subnet have an address?
 * @subnet: subnet
 * @addr: address of its family; an IPv4 address is in the first word
 *
 * Return: false for addresses outside, that of the network, and IPv4 broadcast
 */
bool mn_dhcp_has(const struct mn_prefix *subnet, const struct in6_addr *addr)
{
	int spare = (subnet->family == AF_INET ? 32 : 128) - subnet->plen;

	if (!ipv6_prefix_equal(&subnet->addr, addr, subnet->plen))
		return false;
	if (spare < 2)
		return true;
	return !host_bits_are(subnet, addr, false) &&
	       (subnet->family == AF_INET6 ||
		!host_bits_are(subnet, addr, true));
}

/**
 * mn_bridge_mac() - MAC a bridge speaks with
 * @bridge: bridge
 * @mac: 02: and the last 40 bits of its id, as of router ports
 */
void mn_bridge_mac(const struct mn_bridge *bridge, u8 *mac)
{
	mac[0] = 0x02;
	memcpy(mac + 1, bridge->obj.ident.id + 11, ETH_ALEN - 1);
}

/* Messages. */

/* Called by its prefix, in the canonical form. */
static int dhcp_call(struct mn_txn *txn, struct nlattr **tb, char *name)
{
	const struct nlattr *attr = tb[MIDONET_A_SUBNET];
	struct mn_prefix p;

	if (!attr)
		return mn_txn_err(txn, -EINVAL,
				  "a new dhcp needs id, parent and subnet");
	if (mn_nl_prefix(nla_data(attr), nla_len(attr), &p) ||
	    memcmp(nla_data(attr) + 1, &p.addr, nla_len(attr) - 1)) {
		NL_SET_BAD_ATTR(txn->extack, attr);
		return mn_txn_err(txn, -EINVAL,
				  "dhcp: subnet: not a prefix without host bits");
	}
	if (p.family == AF_INET)
		snprintf(name, MIDONET_NAME_MAX + 1, "%pI4/%u", &p.addr, p.plen);
	else
		snprintf(name, MIDONET_NAME_MAX + 1, "%pI6c/%u", &p.addr,
			 p.plen);
	if (p.plen >= MN_DHCP_PLEN && is_station(p.family, &p.addr) &&
	    !is_link_local(p.family, &p.addr))
		return 0;
	NL_SET_BAD_ATTR(txn->extack, attr);
	return mn_txn_err(txn, -EINVAL,
			  "dhcp %s: subnet: stations have addresses of subnets of at least 8 bits that are neither multicast, loopback nor link-local",
			  name);
}

static int bad(const struct parse *p, const struct nlattr *attr,
	       const char *what)
{
	NL_SET_BAD_ATTR(p->extack, attr);
	return mn_dhcp_refuse(p->txn, -EINVAL, p->obj, "%s", what);
}

/* An address of the subnet's family into @addr. */
static bool get_addr(const struct parse *p, const struct nlattr *attr,
		     struct in6_addr *addr)
{
	u8 family = p->v->subnet.family;

	memset(addr, 0, sizeof(*addr));
	if (nla_len(attr) != mn_addr_len(family))
		return false;
	memcpy(addr, nla_data(attr), nla_len(attr));
	return is_station(family, addr);
}

static int parse_addrs(const struct parse *p)
{
	const struct nlattr *server = p->tb[MIDONET_A_SERVER];
	const struct nlattr *gateway = p->tb[MIDONET_A_GATEWAY];
	struct mn_dhcp_ver *v = p->v;

	if (server && !get_addr(p, server, &v->server))
		return bad(p, server,
			   "server: not the address of a station of the subnet's family");
	if (gateway && !get_addr(p, gateway, &v->gateway))
		return bad(p, gateway,
			   "gateway: not the address of a station of the subnet's family");
	if (mn_nl_unset(p->op, MIDONET_A_SERVER))
		memset(&v->server, 0, sizeof(v->server));
	if (mn_nl_unset(p->op, MIDONET_A_GATEWAY))
		memset(&v->gateway, 0, sizeof(v->gateway));
	return 0;
}

static int parse_dns(const struct parse *p)
{
	struct mn_dhcp_ver *v = p->v;
	const struct nlattr *attr;
	int rem;

	if (p->tb[MIDONET_A_DNS] || mn_nl_unset(p->op, MIDONET_A_DNS)) {
		memset(v->dns, 0, sizeof(v->dns));
		v->n_dns = 0;
	}
	mn_for_each_attr(attr, p->op, MIDONET_A_DNS, rem) {
		if (v->n_dns == MN_DHCP_DNS)
			return bad(p, attr, "dns: more than 16 addresses");
		if (!get_addr(p, attr, &v->dns[v->n_dns++]))
			return bad(p, attr,
				   "dns: not the address of a station of the subnet's family");
	}
	return 0;
}

static int parse_route(const struct parse *p, const struct nlattr *attr,
		       struct mn_dhcp_route *route)
{
	struct mn_prefix dst;

	if (p->v->subnet.family != AF_INET)
		return bad(p, attr, "routes: only hosts of IPv4 are told routes");
	if (mn_nl_prefix(nla_data(attr), 5, &dst) ||
	    memcmp(nla_data(attr) + 1, &dst.addr, 4))
		return bad(p, attr,
			   "routes: a destination is a prefix without host bits");
	memcpy(&route->gateway, nla_data(attr) + 5, 4);
	route->dst = dst.addr.s6_addr32[0];
	route->plen = dst.plen;
	return 0;
}

static int parse_routes(const struct parse *p)
{
	struct mn_dhcp_ver *v = p->v;
	const struct nlattr *attr;
	int rem, err;

	if (p->tb[MIDONET_A_ROUTES] || mn_nl_unset(p->op, MIDONET_A_ROUTES)) {
		memset(v->routes, 0, sizeof(v->routes));
		v->n_routes = 0;
	}
	mn_for_each_attr(attr, p->op, MIDONET_A_ROUTES, rem) {
		if (v->n_routes == MN_DHCP_ROUTES)
			return bad(p, attr, "routes: more than 25");
		err = parse_route(p, attr, &v->routes[v->n_routes++]);
		if (err)
			return err;
	}
	return 0;
}

static int parse_plain(const struct parse *p)
{
	struct mn_dhcp_ver *v = p->v;
	struct nlattr **tb = p->tb;
	u32 least = v->subnet.family == AF_INET ? MN_DHCP_MTU_V4 :
						  MN_DHCP_MTU_V6;

	if (tb[MIDONET_A_LEASE])
		v->lease = nla_get_u32(tb[MIDONET_A_LEASE]);
	else if (mn_nl_unset(p->op, MIDONET_A_LEASE))
		v->lease = MN_DHCP_LEASE;
	if (tb[MIDONET_A_MTU])
		v->mtu = nla_get_u32(tb[MIDONET_A_MTU]);
	else if (mn_nl_unset(p->op, MIDONET_A_MTU))
		v->mtu = 0;
	if (v->mtu && v->mtu < least)
		return bad(p, tb[MIDONET_A_MTU],
			   "mtu: at least 68 for IPv4, 1280 for IPv6");
	if (tb[MIDONET_A_MODE])
		v->mode = nla_get_u8(tb[MIDONET_A_MODE]);
	else if (mn_nl_unset(p->op, MIDONET_A_MODE))
		v->mode = 0;
	if (tb[MIDONET_A_MODE] && v->subnet.family == AF_INET)
		return bad(p, tb[MIDONET_A_MODE],
			   "mode: only subnets of IPv6 have one");
	return 0;
}

static int parse_all(const struct parse *p)
{
	int err = parse_addrs(p);

	if (!err)
		err = parse_dns(p);
	if (!err)
		err = parse_routes(p);
	return err ?: parse_plain(p);
}

static struct mn_ver *dhcp_parse(struct mn_txn *txn, struct mn_obj *obj,
				 const struct mn_ver *old,
				 const struct mn_op *op, struct nlattr **tb,
				 struct netlink_ext_ack *extack)
{
	struct mn_ver *ver = mn_ver_new(MIDONET_OBJECT_TYPE_DHCP,
					sizeof(struct mn_dhcp_ver));
	struct parse p = {
		.txn = txn, .obj = obj, .op = op, .tb = tb, .extack = extack,
	};
	int err;

	if (!ver)
		return ERR_PTR(-ENOMEM);
	p.v = container_of(ver, struct mn_dhcp_ver, ver);
	if (old) {
		memcpy(ver + 1, old + 1, sizeof(*p.v) - sizeof(*ver));
	} else {
		/* A new one is called by it: it is there, and good. */
		mn_nl_prefix(nla_data(tb[MIDONET_A_SUBNET]),
			     nla_len(tb[MIDONET_A_SUBNET]), &p.v->subnet);
		p.v->lease = MN_DHCP_LEASE;
	}
	err = parse_all(&p);
	if (err) {
		mn_ver_free(ver);
		return ERR_PTR(err);
	}
	return ver;
}

/* Judging. */

static bool overlap(const struct mn_prefix *a, const struct mn_prefix *b)
{
	return a->family == b->family &&
	       ipv6_prefix_equal(&a->addr, &b->addr, min(a->plen, b->plen));
}

/* Among those of its bridge. */
static int check_others(struct mn_txn *txn, const struct mn_obj *obj,
			const struct mn_dhcp_ver *v)
{
	const struct mn_bridge *bridge = mn_bridge_of(obj->parent);
	const struct mn_obj *other;
	const struct mn_ver *ver;
	u32 n = 0;

	list_for_each_entry(other, &bridge->dhcps, siblings) {
		ver = mn_ver_end(txn->mn, other);
		n += ver ? 1 : 0;
		if (n > MN_DHCP_SUBNETS)
			return mn_dhcp_refuse(txn, -ENOSPC, obj,
					      "is one too many; a bridge has 64 at most");
		if (ver && other != obj &&
		    overlap(&v->subnet, &mn_dhcp_ver(ver)->subnet))
			return mn_dhcp_refuse(txn, -EINVAL, obj,
					      "subnet: overlaps dhcp %s of the bridge",
					      other->name);
	}
	return 0;
}

/* The address of the server or of the router is of no host. */
static int check_taken(struct mn_txn *txn, struct mn_obj *obj,
		       const struct in6_addr *addr, const char *word)
{
	const u8 *mac = mn_dhcp_has_end(txn->mn, mn_dhcp_of(obj), addr);

	if (!mac)
		return 0;
	return mn_dhcp_refuse(txn, -EINVAL, obj,
			      "%s: is the address of host %pM", word, mac);
}

static int check_addrs(struct mn_txn *txn, struct mn_obj *obj,
		       const struct mn_dhcp_ver *v)
{
	u8 family = v->subnet.family;
	int err = 0;

	if (ipv6_addr_any(&v->server)) {
		if (family == AF_INET)
			return mn_dhcp_refuse(txn, -EINVAL, obj,
					      "server: an IPv4 subnet needs one");
	} else if (!mn_dhcp_has(&v->subnet, &v->server)) {
		return mn_dhcp_refuse(txn, -EINVAL, obj,
				      "server: is not in the subnet");
	} else {
		err = check_taken(txn, obj, &v->server, "server");
	}
	if (err || ipv6_addr_any(&v->gateway) ||
	    is_link_local(family, &v->gateway))
		return err;
	if (!mn_dhcp_has(&v->subnet, &v->gateway))
		return mn_dhcp_refuse(txn, -EINVAL, obj,
				      "gateway: is not in the subnet");
	return check_taken(txn, obj, &v->gateway, "gateway");
}

static int dhcp_validate(struct mn_txn *txn, struct mn_obj *obj)
{
	const struct mn_dhcp_ver *v = mn_dhcp_ver(obj->pending);
	int err = check_addrs(txn, obj, v);

	if (err)
		return err;
	if (v->subnet.family == AF_INET6 && v->subnet.plen != MN_SLAAC_PLEN &&
	    v->mode != MIDONET_DHCP_MODE_STATEFUL)
		return mn_dhcp_refuse(txn, -EINVAL, obj,
				      "mode: hosts make addresses of a /64 only");
	return check_others(txn, obj, v);
}

static int dhcp_init(struct mn_net *mn, struct mn_obj *obj)
{
	INIT_LIST_HEAD(&mn_dhcp_of(obj)->hosts);
	list_add_tail_rcu(&obj->siblings, &mn_bridge_of(obj->parent)->dhcps);
	return 0;
}

/* What is in the bridge depends on its counter. */
static void dhcp_publish(struct mn_net *mn, struct mn_obj *obj,
			 const struct mn_ver *old, const struct mn_ver *ver)
{
	mn_dep_bump(mn, obj->parent->dep);
}

static int dhcp_contents(struct mn_txn *txn, struct mn_obj *obj)
{
	mn_dhcp_hosts_del(txn, mn_dhcp_of(obj));
	return 0;
}

/* Listing. */

/**
 * mn_dhcp_neigh() - who on a bridge has an address?
 * @mn: namespace
 * @bridge: bridge
 * @family: AF_INET or AF_INET6
 * @addr: address; an IPv4 address is in the first word
 * @generation: from mn_net_generation()
 *
 * Context: RCU.
 *
 * Return: neighbour that is configured or follows from a router's port, untagged;
 * or NULL
 */
const struct mn_static_neigh *mn_dhcp_neigh(struct mn_net *mn,
					    const struct mn_bridge *bridge,
					    u8 family,
					    const struct in6_addr *addr,
					    u64 generation)
{
	struct mn_neigh_key key;

	mn_neigh_key_set(&key, &bridge->obj, family, addr);
	return mn_neigh_find(mn, &key, 0, generation);
}

/* Who speaks for the server, and for the router if we have it. */
static int fill_macs(struct mn_net *mn, const struct mn_obj *obj,
		     const struct mn_dhcp_ver *v, struct sk_buff *skb)
{
	const struct mn_bridge *bridge = mn_bridge_of(obj->parent);
	u64 generation = mn_net_generation(mn);
	const struct mn_static_neigh *n = NULL;
	u8 family = v->subnet.family;
	u8 mac[ETH_ALEN];

	mn_bridge_mac(bridge, mac);
	if (!ipv6_addr_any(&v->server))
		n = mn_dhcp_neigh(mn, bridge, family, &v->server, generation);
	if (nla_put(skb, MIDONET_A_SERVER_MAC, ETH_ALEN, n ? n->mac : mac))
		return -EMSGSIZE;
	if (ipv6_addr_any(&v->gateway))
		return 0;
	n = mn_dhcp_neigh(mn, bridge, family, &v->gateway, generation);
	if (!n || !n->port)
		return 0;
	return nla_put(skb, MIDONET_A_GATEWAY_MAC, ETH_ALEN, n->mac);
}

static int fill_addr(struct sk_buff *skb, int attr, u8 family,
		     const struct in6_addr *addr)
{
	if (ipv6_addr_any(addr))
		return 0;
	return nla_put(skb, attr, mn_addr_len(family), addr);
}

static int fill_routes(struct sk_buff *skb, const struct mn_dhcp_ver *v)
{
	u8 data[9];
	int i, err = 0;

	for (i = 0; i < v->n_routes && !err; i++) {
		data[0] = v->routes[i].plen;
		memcpy(data + 1, &v->routes[i].dst, 4);
		memcpy(data + 5, &v->routes[i].gateway, 4);
		err = nla_put(skb, MIDONET_A_ROUTES, sizeof(data), data);
	}
	return err;
}

static int dhcp_fill(struct mn_net *mn, const struct mn_obj *obj,
		     const struct mn_ver *ver, struct sk_buff *skb)
{
	const struct mn_dhcp_ver *v = mn_dhcp_ver(ver);
	u8 family = v->subnet.family;
	int i, err;

	err = mn_nl_put_prefix(skb, MIDONET_A_SUBNET, family, v->subnet.plen,
			       &v->subnet.addr) ?:
	      fill_addr(skb, MIDONET_A_SERVER, family, &v->server) ?:
	      fill_addr(skb, MIDONET_A_GATEWAY, family, &v->gateway);
	for (i = 0; i < v->n_dns && !err; i++)
		err = fill_addr(skb, MIDONET_A_DNS, family, &v->dns[i]);
	if (err || (v->mtu && nla_put_u32(skb, MIDONET_A_MTU, v->mtu)) ||
	    nla_put_u32(skb, MIDONET_A_LEASE, v->lease) ||
	    (v->mode && nla_put_u8(skb, MIDONET_A_MODE, v->mode)) ||
	    fill_routes(skb, v))
		return -EMSGSIZE;
	rcu_read_lock();
	err = fill_macs(mn, obj, v, skb);
	rcu_read_unlock();
	return err;
}

const struct mn_type mn_dhcp_type = {
	.name = "dhcp",
	.type = MIDONET_OBJECT_TYPE_DHCP,
	.parents = BIT(MIDONET_OBJECT_TYPE_BRIDGE),
	.size = sizeof(struct mn_dhcp),
	.call = dhcp_call,
	.init = dhcp_init,
	.parse = dhcp_parse,
	.validate = dhcp_validate,
	.publish = dhcp_publish,
	.contents = dhcp_contents,
	.fill = dhcp_fill,
};
