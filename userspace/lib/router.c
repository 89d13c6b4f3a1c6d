// SPDX-License-Identifier: GPL-2.0
/* What is particular about routers: MACs of their ports, routes, neighbours. */
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "model.h"

static const struct mn_vals *val(const struct mn_obj *obj, int wire)
{
	return obj->vals[mn_type_wire(obj->type, wire)];
}

/**
 * mn_obj_on_router() - is an object contained in a router
 * @obj: port or neighbour
 *
 * Return: whether it is
 */
bool mn_obj_on_router(const struct mn_obj *obj)
{
	return obj->parent &&
	       obj->parent->type->type == MIDONET_OBJECT_TYPE_ROUTER;
}

/* 02: and the last 40 bits of the id. */
static bool default_mac(const struct mn_obj *port, uint8_t *mac)
{
	if (!mn_obj_on_router(port) || mn_uuid_is_nil(&port->id))
		return false;
	mac[0] = 0x02;
	memcpy(mac + 1, port->id.b + MN_UUID_LEN - 5, 5);
	return true;
}

/**
 * mn_port_mac() - MAC of a port
 * @port: port
 * @mac: six bytes, as configured or what the kernel gives to a router's port
 *
 * Return: whether it is known
 */
bool mn_port_mac(const struct mn_obj *port, uint8_t *mac)
{
	const struct mn_vals *v = val(port, MIDONET_A_MAC);

	if (!v)
		return default_mac(port, mac);
	memcpy(mac, v->data + 1, 6);
	return true;
}

/**
 * mn_port_normalise() - a MAC that is the default is none
 * @port: port with its id; other objects are left alone
 */
void mn_port_normalise(struct mn_obj *port)
{
	struct mn_vals **v;
	uint8_t mac[6];

	if (port->type->type != MIDONET_OBJECT_TYPE_PORT)
		return;
	v = mn_obj_val(port, MIDONET_A_MAC);
	if (!*v || !default_mac(port, mac) || memcmp((*v)->data + 1, mac, 6))
		return;
	free(*v);
	*v = NULL;
}

/**
 * mn_obj_own_ref() - set a reference to something in the object's own parent
 * @m: model
 * @obj: object
 * @attr: index of the attribute, one marked MN_OWN
 * @text: NAME, PARENT:NAME, or "none"
 * @err: for errors
 *
 * Whatever else is called like the parent does not matter.
 *
 * Return: 0 or a negative error
 */
int mn_obj_own_ref(struct mn_model *m, struct mn_obj *obj, int attr,
		   const char *text, struct mn_err *err)
{
	const struct mn_attr *a = &obj->type->attrs[attr];
	size_t len = strlen(obj->parent->name);
	const char *name = text;
	struct mn_obj *to;
	char buf[80];
	int ret;

	free(obj->vals[attr]);
	obj->vals[attr] = NULL;
	if (!*text || !strcmp(text, "none"))
		return 0;
	if (strchr(text, ':')) {
		if (strncmp(text, obj->parent->name, len) || text[len] != ':')
			return mn_fail(err, -ENOENT,
				       "\"%s\" is not a port of %s %s",
				       mn_shown(text, buf, sizeof(buf)),
				       obj->parent->type->word,
				       obj->parent->name);
		name = text + len + 1;
	}
	ret = mn_model_want(m, a->ref, err);
	if (ret)
		return ret;
	to = mn_model_find(m, a->ref, obj->parent, name);
	if (!to)
		return mn_fail(err, -ENOENT, "no %s \"%s:%s\"",
			       mn_type_of(a->ref)->word, obj->parent->name,
			       mn_shown(name, buf, sizeof(buf)));
	mn_vals_add(&obj->vals[attr], to->id.b, MN_UUID_LEN);
	return 0;
}

/**
 * mn_obj_effective() - value of an attribute, also when it is the default
 * @obj: object
 * @attr: index of the attribute
 *
 * Return: value to be freed; NULL where the default is not worth a word in a
 * table
 */
struct mn_vals *mn_obj_effective(const struct mn_obj *obj, int attr)
{
	const struct mn_attr *a = &obj->type->attrs[attr];
	const struct mn_vals *dst;
	struct mn_vals *v = NULL;
	uint8_t data[17] = {};

	if (obj->vals[attr])
		return mn_vals_copy(obj->vals[attr]);
	if (obj->type->type == MIDONET_OBJECT_TYPE_PORT &&
	    a->attr == MIDONET_A_MAC && default_mac(obj, data))
		mn_vals_add(&v, data, 6);
	if (a->attr == MIDONET_A_UDP_PORT && mn_zone_udp_port(obj)) {
		uint16_t port = mn_zone_udp_port(obj);

		mn_vals_add(&v, &port, sizeof(port));
	}
	if (obj->type->type != MIDONET_OBJECT_TYPE_ROUTE)
		return v;
	if (a->attr == MIDONET_A_TYPE)
		mn_vals_add(&v, data, 1);
	if (a->attr != MIDONET_A_SRC)
		return v;
	/* All addresses of the family. */
	dst = val(obj, MIDONET_A_DST);
	mn_vals_add(&v, data, dst ? dst->data[0] : 5);
	return v;
}

static int route_type(const struct mn_obj *route)
{
	const struct mn_vals *v = val(route, MIDONET_A_TYPE);

	return v ? v->data[1] : MIDONET_ROUTE_TYPE_PORT;
}

static int bad_addr(const struct mn_obj *obj, int wire, const char *what,
		    const char **attr, struct mn_err *err)
{
	const struct mn_attr *a;
	struct mn_buf text = {};

	a = &obj->type->attrs[mn_type_wire(obj->type, wire)];
	*attr = a->word;
	mn_vals_print(a, NULL, val(obj, wire), &text);
	mn_fail(err, -EINVAL, "%s %s", text.s, what);
	mn_buf_free(&text);
	return err->code;
}

static int check_family(const struct mn_obj *route, int wire, size_t len,
			const char **attr, struct mn_err *err)
{
	const struct mn_vals *v = val(route, wire);

	if (!v || v->data[0] == len)
		return 0;
	return bad_addr(route, wire, "is not of the address family of dst",
			attr, err);
}

static int check_addrs(const struct mn_obj *route, const char **attr,
		       struct mn_err *err)
{
	const struct mn_vals *dst = val(route, MIDONET_A_DST);
	const struct mn_vals *gateway = val(route, MIDONET_A_GATEWAY);
	size_t len = dst->data[0] - 1;

	/* A shorter prefix holds other addresses too. */
	if (dst->data[1] >= (len == 4 ? 4 : 8) &&
	    mn_addr_is_multicast(dst->data + 2, len))
		return bad_addr(route, MIDONET_A_DST,
				"is multicast, which routers do not forward",
				attr, err);
	if (gateway && !mn_addr_is_gateway(gateway->data + 1, len))
		return bad_addr(route, MIDONET_A_GATEWAY,
				"is not the address of one station", attr, err);
	return 0;
}

/**
 * mn_route_check() - judge a route by itself
 * @route: route; its dst is set
 * @attr: the attribute at fault, NULL if it is the whole
 * @err: for errors
 *
 * Return: 0 or -EINVAL
 */
int mn_route_check(const struct mn_obj *route, const char **attr,
		   struct mn_err *err)
{
	size_t len = val(route, MIDONET_A_DST)->data[0];
	int ret, type = route_type(route);

	*attr = NULL;
	ret = check_family(route, MIDONET_A_SRC, len, attr, err);
	if (!ret)
		ret = check_family(route, MIDONET_A_GATEWAY, len - 1, attr,
				   err);
	if (!ret)
		ret = check_addrs(route, attr, err);
	if (ret)
		return ret;
	if (type == MIDONET_ROUTE_TYPE_PORT)
		return val(route, MIDONET_A_PORT) ? 0 :
		       mn_fail(err, -EINVAL,
			       "needs a port; only a route of type local, blackhole or reject has none");
	if (val(route, MIDONET_A_PORT))
		*attr = "port";
	else if (val(route, MIDONET_A_GATEWAY))
		*attr = "gateway";
	else
		return 0;
	return mn_fail(err, -EINVAL, "a route of type %s has none",
		       mn_route_type_names[type]);
}

/**
 * mn_neighbour_check() - judge a neighbour by itself
 * @neighbour: neighbour
 * @attr: the attribute at fault, NULL if it is the whole
 * @err: for errors
 *
 * Return: 0 or -EINVAL
 */
int mn_neighbour_check(const struct mn_obj *neighbour, const char **attr,
		       struct mn_err *err)
{
	const struct mn_vals *addr = val(neighbour, MIDONET_A_ADDRESS);
	bool port = val(neighbour, MIDONET_A_PORT);

	*attr = NULL;
	if (!mn_addr_is_neighbour(addr->data + 1, addr->data[0])) {
		*attr = "address";
		return mn_fail(err, -EINVAL,
			       "is not the address of one station");
	}
	if (mn_obj_on_router(neighbour) == port)
		return 0;
	if (!port)
		return mn_fail(err, -EINVAL,
			       "needs a port: that of the router it is behind");
	*attr = "port";
	return mn_fail(err, -EINVAL, "only a neighbour of a router has one");
}

/**
 * mn_route_id() - id that follows from what a route says
 * @m: model
 * @route: route
 * @id: result
 */
void mn_route_id(const struct mn_model *m, const struct mn_obj *route,
		 struct mn_uuid *id)
{
	static const int parts[] = {
		MIDONET_A_DST, MIDONET_A_SRC, MIDONET_A_TYPE, MIDONET_A_PORT,
		MIDONET_A_GATEWAY, MIDONET_A_METRIC,
	};
	const struct mn_obj *port = mn_obj_ref(m, route, MIDONET_A_PORT);
	const struct mn_attr *a;
	struct mn_buf text = {};
	struct mn_vals *v;
	size_t i;
	int at;

	for (i = 0; i < MN_ARRAY_SIZE(parts); i++) {
		at = mn_type_wire(route->type, parts[i]);
		a = &route->type->attrs[at];
		v = mn_obj_effective(route, at);
		mn_buf_puts(&text, i ? "/" : "");
		if (a->kind == MN_KIND_REF)
			mn_buf_puts(&text, port ? port->name : "");
		else if (v || a->kind != MN_KIND_ADDRESS)
			mn_vals_print(a, NULL, v, &text);
		free(v);
	}
	mn_obj_v5(m, route, text.s, id);
	mn_buf_free(&text);
}
