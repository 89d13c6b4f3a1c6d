// SPDX-License-Identifier: GPL-2.0
/*
 * What the kernel would refuse of routers, judged by the same rules, to say where
 * in the document it is: addresses of ports and how they get along with each
 * other, with gateways and with neighbours, and MACs on the bridges they meet.
 */
#include <errno.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "doc.h"

/**
 * struct owned - an address of a router's port
 * @port: port
 * @elem: in its addresses: bytes, length of the subnet, address
 */
struct owned {
	const struct mn_obj *port;
	const uint8_t *elem;
};

/**
 * struct owner - a router and the addresses that its routes know
 * @router: router
 * @addrs: sorted; link-local ones, being a matter of their port, are not there
 * @n: number of @addrs
 */
struct owner {
	const struct mn_obj *router;
	struct owned *addrs;
	size_t n;
};

static const struct mn_vals *val(const struct mn_obj *obj, int wire)
{
	return obj->vals[mn_type_wire(obj->type, wire)];
}

static const struct mn_vals *addresses(const struct mn_obj *port)
{
	return val(port, MIDONET_A_ADDRESSES);
}

static bool gave(const struct mn_obj *obj, int wire)
{
	return obj->given >> mn_type_wire(obj->type, wire) & 1;
}

/* Which address of the list in the document it is, -1 if there is no list. */
static int elem_index(const struct mn_obj *port, const uint8_t *elem)
{
	int at = mn_type_wire(port->type, MIDONET_A_ADDRESSES);
	const struct mn_attr *a = &port->type->attrs[at];
	json_t *list = json_object_get(port->json, a->word), *one;
	uint8_t out[MN_VALUE_MAX];
	struct mn_err err;
	size_t i;

	json_array_foreach(list, i, one) {
		if (json_is_string(one) &&
		    mn_value_parse(a, NULL, json_string_value(one), out,
				   &err) == *elem &&
		    !memcmp(out, elem + 1, *elem))
			return i;
	}
	return -1;
}

__printf(4, 5)
static int fail_addr(struct mn_err *err, const struct owned *o,
		     const struct mn_obj *in, const char *fmt, ...)
{
	int i = elem_index(o->port, o->elem);
	char attr[32] = "addresses", text[512];
	va_list ap;

	va_start(ap, fmt);
	vsnprintf(text, sizeof(text), fmt, ap);
	va_end(ap);
	if (i >= 0)
		snprintf(attr, sizeof(attr), "addresses[%d]", i);
	if (in)
		return mn_doc_fail_in(err, o->port, attr, in, "%s", text);
	return mn_doc_fail(err, o->port, attr, "%s", text);
}

/* Is @b, rather than @a, what the document should not have said? */
static bool is_later(const struct owned *a, const struct owned *b)
{
	bool said = gave(b->port, MIDONET_A_ADDRESSES);

	if (gave(a->port, MIDONET_A_ADDRESSES) != said)
		return said;
	if (a->port == b->port)
		return elem_index(a->port, a->elem) <
		       elem_index(b->port, b->elem);
	return a->port->slot < b->port->slot;
}

static int cmp_port(const struct owned *a, const struct owned *b)
{
	return a->port->slot < b->port->slot ? -1 :
	       a->port->slot > b->port->slot;
}

static int cmp_addr(const void *x, const void *y)
{
	const struct owned *a = x, *b = y;
	int diff = (int)*a->elem - *b->elem;

	if (!diff)
		diff = memcmp(a->elem + 2, b->elem + 2, *a->elem - 1);
	return diff ? diff : cmp_port(a, b);
}

/* A network sorts right before those in it. */
static int cmp_net(const void *x, const void *y)
{
	const struct owned *a = x, *b = y;
	int diff = (int)*a->elem - *b->elem;
	uint8_t na[17], nb[17];

	if (diff)
		return diff;
	mn_prefix_network(a->elem + 1, *a->elem, na);
	mn_prefix_network(b->elem + 1, *b->elem, nb);
	diff = memcmp(na + 1, nb + 1, *a->elem - 1);
	if (!diff)
		diff = (int)na[0] - nb[0];
	return diff ? diff : cmp_port(a, b);
}

static int refuse_same(const struct owned *a, const struct owned *b,
		       struct mn_err *err)
{
	const struct owned *late = is_later(a, b) ? b : a;
	const struct owned *first = late == b ? a : b;
	struct mn_buf addr = {};

	mn_addr_print(a->elem + 2, *a->elem - 1, &addr);
	fail_addr(err, late, late->port->parent,
		  "%s is an address of port %s and of port %s; give each its own",
		  addr.s, first->port->name, late->port->name);
	mn_buf_free(&addr);
	return err->code;
}

static void print_net(const struct owned *o, struct mn_buf *out)
{
	uint8_t net[17];

	mn_prefix_network(o->elem + 1, *o->elem, net);
	mn_prefix_print(net, *o->elem, false, out);
}

static int refuse_overlap(const struct owned *a, const struct owned *b,
			  struct mn_err *err)
{
	const struct owned *late = is_later(a, b) ? b : a;
	const struct owned *first = late == b ? a : b;
	struct mn_buf mine = {}, theirs = {};

	print_net(late, &mine);
	print_net(first, &theirs);
	fail_addr(err, late, late->port->parent,
		  "%s of port %s overlaps %s of port %s", mine.s,
		  late->port->name, theirs.s, first->port->name);
	mn_buf_free(&mine);
	mn_buf_free(&theirs);
	return err->code;
}

/* An address of full length makes no subnet; one subnet may have several. */
static int check_subnets(const struct owner *o, struct mn_err *err)
{
	struct owned *nets = mn_alloc(o->n * sizeof(*nets));
	const struct owned *a, *b;
	size_t i, n = 0;
	int ret = 0;

	for (i = 0; i < o->n; i++) {
		if (o->addrs[i].elem[1] != (*o->addrs[i].elem - 1) * 8)
			nets[n++] = o->addrs[i];
	}
	if (n)
		qsort(nets, n, sizeof(*nets), cmp_net);
	/* If any two overlap, then two neighbours do. */
	for (i = 1; !ret && i < n; i++) {
		a = &nets[i - 1];
		b = &nets[i];
		if (mn_prefix_holds(a->elem + 1, *a->elem, b->elem + 2,
				    *b->elem - 1) &&
		    (a->port != b->port || a->elem[1] != b->elem[1]))
			ret = refuse_overlap(a, b, err);
	}
	free(nets);
	return ret;
}

static int check_twice(const struct owner *o, struct mn_err *err)
{
	const struct owned *a, *b;
	size_t i;

	for (i = 1; i < o->n; i++) {
		a = &o->addrs[i - 1];
		b = &o->addrs[i];
		if (*a->elem == *b->elem &&
		    !memcmp(a->elem + 2, b->elem + 2, *a->elem - 1))
			return refuse_same(a, b, err);
	}
	return 0;
}

static bool is_link_local(const uint8_t *addr, size_t len)
{
	return len == 16 && addr[0] == 0xfe && addr[1] >> 6 == 2;
}

/* fe80:: and the MAC as EUI-64: every port has that. */
static bool is_own_link_local(const struct mn_obj *port, const uint8_t *addr,
			      size_t len)
{
	uint8_t own[16] = { 0xfe, 0x80, [11] = 0xff, [12] = 0xfe }, mac[6];

	if (len != sizeof(own) || !mn_port_mac(port, mac))
		return false;
	memcpy(own + 8, mac, 3);
	memcpy(own + 13, mac + 3, 3);
	own[8] ^= 2;
	return !memcmp(own, addr, len);
}

static const struct owned *find_own(const struct owner *o,
				    const uint8_t *addr, size_t len)
{
	size_t lo = 0, hi = o->n, mid;
	const struct owned *at;
	int diff;

	while (lo < hi) {
		mid = (lo + hi) / 2;
		at = &o->addrs[mid];
		diff = (int)len + 1 - *at->elem;
		if (!diff)
			diff = memcmp(addr, at->elem + 2, len);
		if (!diff)
			return at;
		if (diff < 0)
			hi = mid;
		else
			lo = mid + 1;
	}
	return NULL;
}

/* In a merge it may be the address that is new, not who uses it. */
static int refuse_own(const struct mn_obj *user, const char *attr,
		      const struct owned *own, struct mn_err *err)
{
	bool is_gateway = user->type->type == MIDONET_OBJECT_TYPE_ROUTE;
	struct mn_buf name = {};

	if (user->src >= 0 || !own->elem || own->port->src < 0)
		return mn_doc_fail(err, user, attr, is_gateway ?
				   "the gateway is the router's own address (port %s); name the next router's"
				   :
				   "is the router's own address (port %s); a neighbour has another",
				   own->port->name);
	mn_obj_full_name(user, &name);
	fail_addr(err, own, NULL, "is the %s of %s %s", attr, user->type->word,
		  name.s);
	mn_buf_free(&name);
	return err->code;
}

static int check_route(const struct mn_model *m, const struct owner *o,
		       const struct mn_obj *route, struct mn_err *err)
{
	const struct mn_vals *gateway = val(route, MIDONET_A_GATEWAY);
	const struct mn_obj *port = mn_obj_ref(m, route, MIDONET_A_PORT);
	const struct owned self = { .port = port }, *own;

	if (!gateway)
		return 0;
	own = find_own(o, gateway->data + 1, gateway->data[0]);
	if (!own && port &&
	    is_own_link_local(port, gateway->data + 1, gateway->data[0]))
		own = &self;
	return own ? refuse_own(route, "gateway", own, err) : 0;
}

static bool has_address(const struct mn_obj *port, const uint8_t *addr,
			size_t len)
{
	const uint8_t *p;

	mn_vals_for_each(p, addresses(port)) {
		if (*p == len + 1 && !memcmp(p + 2, addr, len))
			return true;
	}
	return is_own_link_local(port, addr, len);
}

static int check_neighbour(const struct mn_model *m, const struct owner *o,
			   const struct mn_obj *neighbour, struct mn_err *err)
{
	const struct mn_vals *addr = val(neighbour, MIDONET_A_ADDRESS);
	const struct mn_obj *port = mn_obj_ref(m, neighbour, MIDONET_A_PORT);
	const struct owned self = { .port = port }, *own;

	own = find_own(o, addr->data + 1, addr->data[0]);
	if (!own && port && has_address(port, addr->data + 1, addr->data[0]))
		own = &self;
	return own ? refuse_own(neighbour, "address", own, err) : 0;
}

/* Judge the addresses of a port by themselves, and put them with the others. */
static int collect(struct owner *o, const struct mn_obj *port,
		   struct mn_err *err)
{
	struct owned own = { .port = port };
	const uint8_t *p;

	mn_vals_for_each(p, addresses(port)) {
		own.elem = p;
		if (!mn_ifaddr_is_station(p + 1, *p))
			return fail_addr(err, &own, NULL,
					 "not the address of a station in its subnet");
		if (!is_link_local(p + 2, *p - 1))
			o->addrs[o->n++] = own;
	}
	return 0;
}

static int collect_all(struct owner *o, struct mn_err *err)
{
	const struct mn_obj *router = o->router, *kid;
	size_t max = 0;
	uint32_t i;
	int ret = 0;

	for (i = 0; i < router->n_kids; i++) {
		kid = router->kids[i];
		if (kid->type->type == MIDONET_OBJECT_TYPE_PORT &&
		    addresses(kid))
			max += addresses(kid)->n;
	}
	o->addrs = mn_alloc(max * sizeof(*o->addrs));
	for (i = 0; !ret && i < router->n_kids; i++) {
		if (router->kids[i]->type->type == MIDONET_OBJECT_TYPE_PORT)
			ret = collect(o, router->kids[i], err);
	}
	if (o->n)
		qsort(o->addrs, o->n, sizeof(*o->addrs), cmp_addr);
	return ret;
}

static int check_router(const struct mn_model *m, const struct mn_obj *router,
			struct mn_err *err)
{
	struct owner o = { .router = router };
	const struct mn_obj *kid;
	uint32_t i;
	int ret;

	ret = collect_all(&o, err);
	if (!ret)
		ret = check_twice(&o, err);
	if (!ret)
		ret = check_subnets(&o, err);
	for (i = 0; !ret && i < router->n_kids; i++) {
		kid = router->kids[i];
		if (kid->type->type == MIDONET_OBJECT_TYPE_ROUTE)
			ret = check_route(m, &o, kid, err);
	}
	for (i = 0; !ret && i < router->n_kids; i++) {
		kid = router->kids[i];
		if (kid->type->type == MIDONET_OBJECT_TYPE_NEIGHBOUR)
			ret = check_neighbour(m, &o, kid, err);
	}
	free(o.addrs);
	return ret;
}

/**
 * struct met - a MAC on a bridge, of a router's port or configured there
 * @node: in a table of all
 * @bridge: bridge
 * @vlan: VID there
 * @mac: MAC
 * @obj: whose it is: port of a router, or a static mac
 * @at: port of @bridge behind which it is
 */
struct met {
	struct mn_hnode node;
	const struct mn_obj *bridge;
	uint16_t vlan;
	uint8_t mac[6];
	const struct mn_obj *obj;
	const struct mn_obj *at;
};

static uint16_t vlan_of(const struct mn_obj *obj)
{
	const struct mn_vals *v = val(obj, MIDONET_A_VLAN);

	return v ? mn_value_num(v->data + 1, v->data[0]) : 0;
}

/* One that came about by itself is not the one to change. */
static bool is_first_late(const struct met *a, const struct met *b)
{
	if (a->obj->src >= 0 || b->obj->src >= 0)
		return !gave(b->obj, MIDONET_A_MAC) &&
		       gave(a->obj, MIDONET_A_MAC);
	/* What follows from a link comes after what was asked for. */
	return a->obj->given &&
	       (!b->obj->given || b->obj->parent == b->bridge);
}

static int refuse_mac(const struct met *a, const struct met *b,
		      struct mn_err *err)
{
	const struct met *late = b, *first = a;
	struct mn_buf mac = {};

	if (is_first_late(a, b)) {
		late = a;
		first = b;
	}
	mn_mac_print(a->mac, &mac);
	if (late->obj->src < 0 && late->obj->parent == late->bridge)
		mn_fail(err, -EINVAL,
			"bridge %s has a static mac %s (vlan %u) already, at port %s",
			late->bridge->name, mac.s, late->vlan,
			first->at ? first->at->name : "?");
	else
		mn_doc_fail(err, late->obj, "mac",
			    "bridge %s has %s already, at port %s; give one of them another mac",
			    late->bridge->name, mac.s,
			    first->at ? first->at->name : "?");
	mn_buf_free(&mac);
	return err->code;
}

static int meet(struct mn_hash *h, struct met *s, struct mn_err *err)
{
	uint64_t hash = mn_hash_bytes(s->bridge->slot, s->mac, sizeof(s->mac));
	struct mn_hnode *n = mn_hash_first(h, hash);
	struct met *other;

	for (; n; n = mn_hash_next(n)) {
		other = mn_container_of(n, struct met, node);
		if (other->bridge == s->bridge && other->vlan == s->vlan &&
		    !memcmp(other->mac, s->mac, sizeof(s->mac)))
			return refuse_mac(other, s, err);
	}
	mn_hash_add(h, &s->node, hash);
	return 0;
}

/* Where a router's port meets a bridge; false: nowhere. */
static bool port_meets(const struct mn_model *m, const struct mn_obj *port,
		       struct met *s)
{
	const struct mn_obj *peer = mn_obj_ref(m, port, MIDONET_A_PEER);

	if (!peer || !mn_obj_on_router(port) || mn_obj_on_router(peer))
		return false;
	s->bridge = peer->parent;
	s->vlan = vlan_of(peer);
	s->obj = port;
	s->at = peer;
	return mn_port_mac(port, s->mac);
}

static void mac_meets(const struct mn_model *m, const struct mn_obj *mac,
		      struct met *s)
{
	s->bridge = mac->parent;
	s->vlan = vlan_of(mac);
	s->obj = mac;
	s->at = mn_obj_ref(m, mac, MIDONET_A_PORT);
	memcpy(s->mac, val(mac, MIDONET_A_MAC)->data + 1, sizeof(s->mac));
}

static int check_macs(const struct mn_model *m, struct mn_err *err)
{
	const struct mn_objs *ports = &m->objs[MIDONET_OBJECT_TYPE_PORT];
	const struct mn_objs *macs = &m->objs[MIDONET_OBJECT_TYPE_MAC];
	struct met *met = mn_alloc((ports->n + macs->n) * sizeof(*met));
	struct met *s = met;
	struct mn_hash h = {};
	uint32_t i;
	int ret = 0;

	for (i = 0; !ret && i < ports->n; i++) {
		if (port_meets(m, ports->objs[i], s))
			ret = meet(&h, s++, err);
	}
	for (i = 0; !ret && i < macs->n; i++) {
		mac_meets(m, macs->objs[i], s);
		ret = meet(&h, s++, err);
	}
	mn_hash_free(&h);
	free(met);
	return ret;
}

/**
 * mn_doc_check_routers() - judge the routers of a topology
 * @m: topology; peers are mutual, objects were judged by themselves
 * @err: for errors, with the path
 *
 * Return: 0 or -EINVAL
 */
int mn_doc_check_routers(const struct mn_model *m, struct mn_err *err)
{
	const struct mn_objs *routers = &m->objs[MIDONET_OBJECT_TYPE_ROUTER];
	uint32_t i;
	int ret = 0;

	for (i = 0; !ret && i < routers->n; i++)
		ret = check_router(m, routers->objs[i], err);
	return ret ? ret : check_macs(m, err);
}
