// SPDX-License-Identifier: GPL-2.0
/*
 * The bridge that a router's port is linked to knows the port's MAC, its addresses
 * and, in its subnets, the router's VIPs. What is there by itself can neither be
 * configured once more nor be taken away.
 */
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "doc.h"
#include "edit.h"

static const struct mn_vals *val(const struct mn_obj *obj, int wire)
{
	return obj->vals[mn_type_wire(obj->type, wire)];
}

/* The router's port that a port of a bridge is linked to. */
static const struct mn_obj *router_port(const struct mn_model *m,
					const struct mn_obj *port)
{
	const struct mn_obj *peer;

	if (port->type->type != MIDONET_OBJECT_TYPE_PORT)
		return NULL;
	peer = mn_obj_ref(m, port, MIDONET_A_PEER);
	return peer && mn_obj_on_router(peer) ? peer : NULL;
}

static bool owns(const struct mn_obj *port, const struct mn_vals *addr)
{
	uint8_t own[16] = { 0xfe, 0x80, [11] = 0xff, [12] = 0xfe }, mac[6];
	const uint8_t *p;

	mn_vals_for_each(p, val(port, MIDONET_A_ADDRESSES)) {
		if (*p == addr->data[0] + 1 &&
		    !memcmp(p + 2, addr->data + 1, addr->data[0]))
			return true;
	}
	if (addr->data[0] != sizeof(own) || !mn_port_mac(port, mac))
		return false;
	memcpy(own + 8, mac, 3);
	memcpy(own + 13, mac + 3, 3);
	own[8] ^= 2;
	return !memcmp(own, addr->data + 1, sizeof(own));
}

static bool on_link(const struct mn_obj *port, const struct mn_vals *addr)
{
	const uint8_t *p;

	mn_vals_for_each(p, val(port, MIDONET_A_ADDRESSES)) {
		if (*p == addr->data[0] + 1 &&
		    mn_prefix_holds(p + 1, *p, addr->data + 1, addr->data[0]))
			return true;
	}
	return false;
}

static bool is_vip(const struct mn_model *m, const struct mn_obj *port,
		   const struct mn_vals *addr)
{
	const struct mn_objs *lbs = &m->objs[MIDONET_OBJECT_TYPE_LOAD_BALANCER];
	const struct mn_obj *lb;
	uint32_t i, k;

	if (!on_link(port, addr))
		return false;
	for (i = 0; i < lbs->n; i++) {
		lb = lbs->objs[i];
		if (mn_obj_ref(m, lb, MIDONET_A_ROUTER) != port->parent)
			continue;
		for (k = 0; k < lb->n_kids; k++) {
			if (lb->kids[k]->type->type == MIDONET_OBJECT_TYPE_VIP &&
			    mn_vals_equal(val(lb->kids[k], MIDONET_A_ADDRESS),
					  addr))
				return true;
		}
	}
	return false;
}

static int refuse_neighbour(const struct mn_obj *neighbour,
			    const struct mn_obj *port, bool vip, int code,
			    struct mn_err *err)
{
	if (vip)
		mn_doc_fail(err, neighbour, NULL,
			    "is a VIP of router %s, which is linked to the bridge; change its load-balancer",
			    port->parent->name);
	else
		mn_doc_fail(err, neighbour, NULL,
			    "is an address of port %s:%s, which is linked to the bridge; change the port's addresses or peer",
			    port->parent->name, port->name);
	return err->code = code;
}

/* @bridge is that of @m; so is not @neighbour. */
static int check_neighbour(const struct mn_model *m,
			   const struct mn_obj *bridge,
			   const struct mn_obj *neighbour, int code,
			   struct mn_err *err)
{
	const struct mn_vals *addr = val(neighbour, MIDONET_A_ADDRESS);
	const struct mn_obj *port;
	uint32_t i;

	for (i = 0; i < bridge->n_kids; i++) {
		port = router_port(m, bridge->kids[i]);
		if (port && owns(port, addr))
			return refuse_neighbour(neighbour, port, false, code,
						err);
		if (port && is_vip(m, port, addr))
			return refuse_neighbour(neighbour, port, true, code,
						err);
	}
	return 0;
}

/**
 * mn_judge_derived() - is anything made that a bridge knows by itself?
 * @e: edit
 * @err: for errors
 *
 * Return: 0 or -EEXIST
 */
int mn_judge_derived(const struct mn_edit *e, struct mn_err *err)
{
	const struct mn_objs *all = &e->m->objs[MIDONET_OBJECT_TYPE_NEIGHBOUR];
	const struct mn_obj *bridge;
	uint32_t i;
	int ret = 0;

	for (i = 0; !ret && i < all->n; i++) {
		if (!mn_obj_fresh(all->objs[i]) ||
		    mn_obj_on_router(all->objs[i]))
			continue;
		/* What was linked before. */
		bridge = mn_model_find_id(e->base, &all->objs[i]->parent->id);
		if (bridge)
			ret = check_neighbour(e->base, bridge, all->objs[i],
					      -EEXIST, err);
	}
	return ret;
}

static uint16_t vlan_of(const struct mn_obj *obj)
{
	const struct mn_vals *v = val(obj, MIDONET_A_VLAN);

	return v ? mn_value_num(v->data + 1, v->data[0]) : 0;
}

static int check_mac(const struct mn_model *m, const struct mn_obj *bridge,
		     const struct mn_obj *obj, struct mn_err *err)
{
	const uint8_t *mac = val(obj, MIDONET_A_MAC)->data + 1;
	const struct mn_obj *port;
	struct mn_buf text = {};
	uint8_t own[6];
	uint32_t i;

	for (i = 0; i < bridge->n_kids; i++) {
		port = router_port(m, bridge->kids[i]);
		if (!port || !mn_port_mac(port, own) || memcmp(own, mac, 6) ||
		    vlan_of(bridge->kids[i]) != vlan_of(obj))
			continue;
		mn_mac_print(mac, &text);
		mn_fail(err, -EPERM,
			"bridge %s: mac %s is that of router port %s:%s; unlink the port, or give it another",
			bridge->name, text.s, port->parent->name, port->name);
		mn_buf_free(&text);
		return err->code;
	}
	return 0;
}

/**
 * mn_derived_refuse_del() - is what is to be removed there by itself?
 * @m: topology that does not have it configured
 * @obj: static mac or neighbour, of another model
 * @err: for errors
 *
 * Return: 0, or -EPERM if it is
 */
int mn_derived_refuse_del(const struct mn_model *m, const struct mn_obj *obj,
			  struct mn_err *err)
{
	const struct mn_obj *bridge;

	if (obj->parent->type->type != MIDONET_OBJECT_TYPE_BRIDGE)
		return 0;
	bridge = mn_model_find_id(m, &obj->parent->id);
	if (!bridge)
		return 0;
	if (obj->type->type == MIDONET_OBJECT_TYPE_MAC)
		return check_mac(m, bridge, obj, err);
	if (obj->type->type == MIDONET_OBJECT_TYPE_NEIGHBOUR)
		return check_neighbour(m, bridge, obj, -EPERM, err);
	return 0;
}
