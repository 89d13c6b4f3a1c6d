// SPDX-License-Identifier: GPL-2.0
/* What is particular about load balancers: groups of attributes, services. */
#include <errno.h>
#include <netinet/in.h>
#include <stdlib.h>
#include <string.h>

#include "model.h"

static const struct mn_vals *val(const struct mn_obj *obj, int wire)
{
	return obj->vals[mn_type_wire(obj->type, wire)];
}

/**
 * mn_obj_nested() - is an attribute of a group other than the default
 * @obj: object
 * @first: index of the first attribute of the group
 *
 * Return: whether any is
 */
bool mn_obj_nested(const struct mn_obj *obj, int first)
{
	uint32_t bits = mn_type_nested(obj->type, first);
	int i;

	for (i = first; i < obj->type->n_attrs; i++) {
		if ((bits >> i & 1) && obj->vals[i])
			return true;
	}
	return false;
}

/**
 * mn_obj_nest_json() - write a group of attributes
 * @m: model the object is in
 * @obj: object
 * @first: index of the first attribute of the group
 * @all: also those that are the default
 *
 * Return: new JSON object
 */
json_t *mn_obj_nest_json(const struct mn_model *m, const struct mn_obj *obj,
			 int first, bool all)
{
	uint32_t bits = mn_type_nested(obj->type, first);
	const struct mn_attr *a;
	json_t *json = json_object();
	int i;

	for (i = first; i < obj->type->n_attrs; i++) {
		a = &obj->type->attrs[i];
		if ((bits >> i & 1) && (all || obj->vals[i]))
			json_object_set_new(json, a->key ?: a->word,
					    mn_vals_to_json(a, &m->names,
							    obj->vals[i]));
	}
	return json;
}

static bool is_link_local(const uint8_t *addr, size_t len)
{
	return len == 16 && addr[0] == 0xfe && addr[1] >> 6 == 2;
}

/**
 * mn_service_check() - judge a vip or a member of a pool by itself
 * @obj: vip or pool-member
 * @attr: the attribute at fault, NULL if it is the whole
 * @err: for errors
 *
 * Return: 0 or -EINVAL
 */
int mn_service_check(const struct mn_obj *obj, const char **attr,
		     struct mn_err *err)
{
	const struct mn_vals *addr = val(obj, MIDONET_A_ADDRESS);
	int proto = mn_type_wire(obj->type, MIDONET_A_PROTO);
	struct mn_buf text = {};

	*attr = "address";
	if (!mn_addr_is_gateway(addr->data + 1, addr->data[0]) ||
	    is_link_local(addr->data + 1, addr->data[0])) {
		mn_addr_print(addr->data + 1, addr->data[0], &text);
		mn_fail(err, -EINVAL,
			"%s is not the address of one station that routers forward to",
			text.s);
		mn_buf_free(&text);
		return err->code;
	}
	*attr = "proto";
	if (proto >= 0 && obj->vals[proto]->data[1] != IPPROTO_TCP &&
	    obj->vals[proto]->data[1] != IPPROTO_UDP)
		return mn_fail(err, -EINVAL, "must be tcp or udp");
	*attr = NULL;
	return 0;
}

/**
 * mn_obj_applies() - does an attribute mean anything for an object
 * @obj: object
 * @attr: index of the attribute
 *
 * Return: false if another attribute rules it out
 */
bool mn_obj_applies(const struct mn_obj *obj, int attr)
{
	const struct mn_attr *a = &obj->type->attrs[attr];

	if (a->nest)
		return true;
	if (a->attr == MIDONET_A_MODE)
		return mn_dhcp_subnet(obj)->data[0] == 17;
	return a->attr != MIDONET_A_THEN || mn_rule_translates(obj);
}
