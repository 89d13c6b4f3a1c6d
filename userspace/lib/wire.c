// SPDX-License-Identifier: GPL-2.0
/* Objects as netlink messages. */
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "wire.h"

/* The kernel takes that many members in a message. */
#define MEMBERS_PER_MSG	4096

/* A nest has 16 bits of length. */
#define MATCH_MAX	60000

static void put_vals(struct mn_buf *b, int attr, const struct mn_vals *v)
{
	const uint8_t *p;

	mn_vals_for_each(p, v)
		mn_msg_put(b, attr, p + 1, *p);
}

/**
 * mn_wire_match() - append a match
 * @b: message
 * @attr: number of the nest
 * @match: match, not too large
 */
void mn_wire_match(struct mn_buf *b, int attr, const struct mn_match *match)
{
	size_t at = mn_msg_nest(b, attr), i;

	if (match->invert)
		mn_msg_put_u64(b, MIDONET_MATCH_INVERT, match->invert);
	for (i = 0; i < MN_ARRAY_SIZE(match->words); i++)
		put_vals(b, i, match->words[i]);
	mn_msg_nest_end(b, at);
}

static size_t match_size(const struct mn_match *match)
{
	size_t size = 0, i;

	for (i = 0; i < MN_ARRAY_SIZE(match->words); i++) {
		if (match->words[i])
			size += match->words[i]->len + 6 * match->words[i]->n;
	}
	return size;
}

static void put_target(struct mn_buf *b, int attr, const struct mn_vals *v)
{
	struct mn_target t;
	size_t at;

	mn_target_unpack(v->data + 1, v->data[0], &t);
	at = mn_msg_nest(b, attr);
	mn_msg_put(b, MIDONET_NAT_TARGET_FIRST, t.first, t.len);
	if (memcmp(t.first, t.last, t.len))
		mn_msg_put(b, MIDONET_NAT_TARGET_LAST, t.last, t.len);
	if (t.first_port) {
		mn_msg_put(b, MIDONET_NAT_TARGET_FIRST_PORT, &t.first_port, 2);
		mn_msg_put(b, MIDONET_NAT_TARGET_LAST_PORT, &t.last_port, 2);
	}
	mn_msg_nest_end(b, at);
}

/* A string that is kept without its NUL. */
static void put_text(struct mn_buf *b, int attr, const struct mn_vals *v)
{
	char text[256] = {};

	memcpy(text, v->data + 1, v->data[0]);
	mn_msg_put(b, attr, text, v->data[0] + 1);
}

/* Which DHCP they are of, the subnet says. */
static void put_options(struct mn_buf *b, int attr, const struct mn_vals *v)
{
	const uint8_t *p;

	mn_vals_for_each(p, v)
		mn_msg_put(b, attr, p + 2, *p - 1);
}

/* A group of attributes goes as a whole, without those that are the default. */
static void put_nested(struct mn_buf *b, const struct mn_change *c, int first)
{
	const struct mn_obj *obj = c->obj;
	uint32_t bits = mn_type_nested(obj->type, first);
	int nest = obj->type->attrs[first].nest, i;
	size_t at;

	if (!mn_obj_nested(obj, first)) {
		if (c->op == MIDONET_OP_SET)
			mn_msg_put_u32(b, MIDONET_A_UNSET, nest);
		return;
	}
	at = mn_msg_nest(b, nest);
	for (i = 0; i < obj->type->n_attrs; i++) {
		if (!(bits >> i & 1) || !obj->vals[i])
			continue;
		if (obj->type->attrs[i].kind == MN_KIND_PATH)
			put_text(b, obj->type->attrs[i].attr, obj->vals[i]);
		else
			put_vals(b, obj->type->attrs[i].attr, obj->vals[i]);
	}
	mn_msg_nest_end(b, at);
}

/**
 * mn_wire_fits() - does a change fit into messages?
 * @change: change
 * @err: for errors
 *
 * Return: 0 or -E2BIG
 */
int mn_wire_fits(const struct mn_change *change, struct mn_err *err)
{
	if (change->op != MIDONET_OP_DEL &&
	    match_size(&change->obj->match) > MATCH_MAX)
		return mn_fail(err, -E2BIG,
			       "the match has too many values; use an ip-set or jump to a chain");
	return 0;
}

static void put_attr(struct mn_buf *b, const struct mn_change *c, int i)
{
	const struct mn_attr *a = &c->obj->type->attrs[i];
	const struct mn_vals *v = c->obj->vals[i];

	if ((a->flags & MN_RO) || a->attr == MIDONET_A_MEMBERS)
		return;
	if (a->kind == MN_KIND_MATCH) {
		if (!mn_match_empty(&c->obj->match))
			mn_wire_match(b, a->attr, &c->obj->match);
		else if (c->op == MIDONET_OP_SET)
			mn_msg_put_u32(b, MIDONET_A_UNSET, a->attr);
		return;
	}
	if (v && a->kind == MN_KIND_TARGET)
		put_target(b, a->attr, v);
	else if (v && a->kind == MN_KIND_OPTION)
		put_options(b, a->attr, v);
	else if (v)
		put_vals(b, a->attr, v);
	else if (c->op == MIDONET_OP_SET)
		mn_msg_put_u32(b, MIDONET_A_UNSET, a->attr);
}

static void put_keys(struct mn_buf *b, const struct mn_obj *obj)
{
	int i;

	for (i = 0; i < obj->type->n_attrs; i++) {
		if (obj->type->attrs[i].flags & MN_KEY)
			put_vals(b, obj->type->attrs[i].attr, obj->vals[i]);
	}
}

static void put_identity(struct mn_buf *b, const struct mn_change *c)
{
	const struct mn_obj *obj = c->obj;
	uint8_t flags = obj->type->flags;

	if (flags & MN_TYPE_ID)
		mn_msg_put(b, MIDONET_A_ID, obj->id.b, MN_UUID_LEN);
	if (c->op == MIDONET_OP_NEW && (flags & MN_TYPE_NAMED))
		mn_msg_put(b, MIDONET_A_NAME, obj->name, strlen(obj->name) + 1);
	if (obj->parent && (c->op == MIDONET_OP_NEW || !(flags & MN_TYPE_ID)))
		mn_msg_put(b, MIDONET_A_PARENT, obj->parent->id.b, MN_UUID_LEN);
	if (!(flags & MN_TYPE_ID) && c->op == MIDONET_OP_DEL)
		put_keys(b, obj);
	if (c->position && c->op != MIDONET_OP_DEL)
		mn_msg_put_u32(b, MIDONET_A_POSITION, c->position);
}

static void put_members(struct mn_buf *b, const struct mn_nl *nl, int cmd,
			const struct mn_obj *set, const struct mn_vals *v)
{
	const uint8_t *p;
	size_t at = 0, n = 0;

	mn_vals_for_each(p, v) {
		if (!n) {
			at = mn_msg_begin(b, nl, cmd, 0);
			mn_msg_put(b, MIDONET_A_PARENT, set->id.b, MN_UUID_LEN);
		}
		mn_msg_put(b, MIDONET_A_MEMBERS, p + 1, *p);
		if (++n == MEMBERS_PER_MSG) {
			mn_msg_end(b, at);
			n = 0;
		}
	}
	if (n)
		mn_msg_end(b, at);
}

/* A target is one of an action: another action does not take it over. */
static uint32_t with_action(const struct mn_change *c)
{
	int action = mn_type_wire(c->obj->type, MIDONET_A_ACTION);
	int target = mn_type_wire(c->obj->type, MIDONET_A_TARGET);

	if (action < 0 || !(c->attrs >> action & 1) || !c->obj->vals[target])
		return 0;
	return 1u << target;
}

static int change_cmd(const struct mn_type *type, enum midonet_op op)
{
	if (op == MIDONET_OP_NEW)
		return type->cmd_new;
	return op == MIDONET_OP_SET ? type->cmd_set : type->cmd_del;
}

/**
 * mn_wire_change() - append the messages that make a change
 * @b: buffer
 * @nl: connection
 * @change: change
 * @err: for errors
 *
 * Return: 0 or a negative error
 */
int mn_wire_change(struct mn_buf *b, const struct mn_nl *nl,
		   const struct mn_change *change, struct mn_err *err)
{
	const struct mn_obj *obj = change->obj;
	int members = mn_type_wire(obj->type, MIDONET_A_MEMBERS);
	uint32_t attrs = change->attrs;
	size_t at;
	int i, ret;

	ret = mn_wire_fits(change, err);
	if (ret)
		return ret;
	if (members >= 0)
		attrs &= ~(1u << members);
	if (change->op == MIDONET_OP_SET && !attrs && !change->position)
		goto members;
	attrs |= with_action(change);
	at = mn_msg_begin(b, nl, change_cmd(obj->type, change->op), 0);
	put_identity(b, change);
	for (i = 0; change->op != MIDONET_OP_DEL && i < obj->type->n_attrs; i++) {
		if (mn_attr_leads(obj->type, i) &&
		    (attrs & mn_type_nested(obj->type, i)))
			put_nested(b, change, i);
		if (!(attrs >> i & 1) || obj->type->attrs[i].nest)
			continue;
		put_attr(b, change, i);
	}
	mn_msg_end(b, at);
members:
	if (members < 0 || change->op == MIDONET_OP_DEL)
		return 0;
	put_members(b, nl, MIDONET_CMD_IP_SET_MEMBER_DEL, obj, change->gone);
	put_members(b, nl, MIDONET_CMD_IP_SET_MEMBER_NEW, obj,
		    change->op == MIDONET_OP_NEW ? obj->vals[members] :
						   change->come);
	return 0;
}

/**
 * mn_wire_read_match() - read a match
 * @nest: nest
 * @match: result; empty before
 */
void mn_wire_read_match(const struct nlattr *nest, struct mn_match *match)
{
	const struct nlattr *attr;
	const struct mn_attr *a;
	int type;

	mnl_attr_for_each_nested(attr, nest) {
		type = mnl_attr_get_type(attr);
		if (type == MIDONET_MATCH_INVERT)
			match->invert = mn_attr_num(attr);
		else if (type <= MIDONET_MATCH_MAX)
			mn_vals_add(&match->words[type],
				    mnl_attr_get_payload(attr),
				    mnl_attr_get_payload_len(attr));
	}
	mn_match_for_each(a)
		mn_vals_normalise(a, &match->words[a->attr]);
	mn_match_normalise(match);
}

static bool id_attr(const struct nlattr *attr, struct mn_uuid *id)
{
	memset(id, 0, sizeof(*id));
	if (!attr || mnl_attr_get_payload_len(attr) != MN_UUID_LEN)
		return false;
	memcpy(id->b, mnl_attr_get_payload(attr), MN_UUID_LEN);
	return true;
}

static void read_target(const struct nlattr *nest, struct mn_vals **v)
{
	const struct nlattr *tb[MIDONET_NAT_TARGET_MAX + 1], *first, *last;
	uint8_t data[MN_VALUE_MAX];
	struct mn_target t = {};

	mn_nest_attrs(nest, tb, MIDONET_NAT_TARGET_MAX);
	first = tb[MIDONET_NAT_TARGET_FIRST];
	last = tb[MIDONET_NAT_TARGET_LAST] ?: first;
	t.len = first ? mnl_attr_get_payload_len(first) : 0;
	if ((t.len != 4 && t.len != 16) ||
	    mnl_attr_get_payload_len(last) != t.len)
		return;
	memcpy(t.first, mnl_attr_get_payload(first), t.len);
	memcpy(t.last, mnl_attr_get_payload(last), t.len);
	t.first_port = mn_attr_num(tb[MIDONET_NAT_TARGET_FIRST_PORT]);
	t.last_port = mn_attr_num(tb[MIDONET_NAT_TARGET_LAST_PORT]) ?:
		      t.first_port;
	mn_vals_add(v, data, mn_target_pack(&t, data));
}

static void read_option(struct mn_obj *host, const struct nlattr *attr,
			struct mn_vals **v)
{
	size_t len = mnl_attr_get_payload_len(attr);
	uint8_t data[MN_VALUE_MAX];

	if (len < MN_OPTION_HEAD - 1 || len > sizeof(data) - 1)
		return;
	data[0] = mn_dhcp_subnet(host)->data[0] == 17 ? 6 : 4;
	memcpy(data + 1, mnl_attr_get_payload(attr), len);
	mn_vals_add(v, data, len + 1);
}

/* The group of attributes that @nest is, if it is one. */
static void read_nested(struct mn_obj *obj, const struct nlattr *nest)
{
	const struct mn_attr *attrs = obj->type->attrs;
	const struct nlattr *attr;
	size_t len;
	int i;

	for (i = 0; i < obj->type->n_attrs; i++) {
		if (attrs[i].nest != mnl_attr_get_type(nest))
			continue;
		mnl_attr_for_each_nested(attr, nest) {
			len = mnl_attr_get_payload_len(attr);
			if (attrs[i].kind == MN_KIND_PATH)
				len = strnlen(mnl_attr_get_payload(attr), len);
			if (mnl_attr_get_type(attr) == attrs[i].attr && len)
				mn_vals_add(&obj->vals[i],
					    mnl_attr_get_payload(attr), len);
		}
	}
}

static void read_attrs(struct mn_obj *obj, const struct nlmsghdr *nlh)
{
	const struct nlattr *attr;
	int i;

	mn_msg_for_each(attr, nlh) {
		i = mn_type_wire(obj->type, mnl_attr_get_type(attr));
		if (i < 0) {
			read_nested(obj, attr);
			continue;
		}
		if (obj->type->attrs[i].kind == MN_KIND_MATCH)
			mn_wire_read_match(attr, &obj->match);
		else if (obj->type->attrs[i].kind == MN_KIND_TARGET)
			read_target(attr, &obj->vals[i]);
		else if (obj->type->attrs[i].kind == MN_KIND_OPTION)
			read_option(obj, attr, &obj->vals[i]);
		else if (mnl_attr_get_payload_len(attr))
			mn_vals_add(&obj->vals[i], mnl_attr_get_payload(attr),
				    mnl_attr_get_payload_len(attr));
	}
	for (i = 0; i < obj->type->n_attrs; i++)
		mn_vals_normalise(&obj->type->attrs[i], &obj->vals[i]);
	mn_port_normalise(obj);
	/* The port of a bridge's neighbour says where it was heard of. */
	if (obj->type->type == MIDONET_OBJECT_TYPE_NEIGHBOUR &&
	    !mn_obj_on_router(obj)) {
		free(*mn_obj_val(obj, MIDONET_A_PORT));
		*mn_obj_val(obj, MIDONET_A_PORT) = NULL;
	}
}

/* Members come in many messages, each naming the set. */
static struct mn_obj *read_members(struct mn_model *m, struct mn_obj *set,
				   const struct nlmsghdr *nlh)
{
	struct mn_vals **v = mn_obj_val(set, MIDONET_A_MEMBERS);
	const struct nlattr *attr;

	(void)m;
	mn_msg_for_each(attr, nlh) {
		if (mnl_attr_get_type(attr) == MIDONET_A_MEMBERS)
			mn_vals_add(v, mnl_attr_get_payload(attr),
				    mnl_attr_get_payload_len(attr));
	}
	return set;
}

/**
 * mn_wire_read() - enter the object of a message into a model
 * @m: model with what contains it
 * @type: its type
 * @nlh: message
 * @learned: also entries that are no configuration
 *
 * Return: object, NULL if there is none to be entered
 */
struct mn_obj *mn_wire_read(struct mn_model *m, const struct mn_type *type,
			    const struct nlmsghdr *nlh, bool learned)
{
	const struct nlattr *tb[MIDONET_A_MAX + 1];
	struct mn_obj *parent = NULL, *obj;
	const char *name;
	struct mn_buf key = {};
	struct mn_uuid id;

	mn_msg_attrs(nlh, tb, MIDONET_A_MAX);
	if (id_attr(tb[MIDONET_A_PARENT], &id)) {
		parent = mn_model_find_id(m, &id);
		if (!parent)
			return NULL;
		if (parent->type == type)
			return read_members(m, parent, nlh);
	}
	if (!learned && mn_attr_num(tb[MIDONET_A_ORIGIN]) !=
	    MIDONET_ORIGIN_STATIC)
		return NULL;
	name = mn_attr_text(tb[MIDONET_A_NAME]);
	if ((type->flags & MN_TYPE_NAMED) && !name)
		return NULL;
	if (!parent != !type->parents)
		return NULL;
	/* Already there when a part of the type was loaded before. */
	if (id_attr(tb[MIDONET_A_ID], &id) && mn_model_find_id(m, &id))
		return NULL;
	obj = mn_obj_new(m, type, parent, name);
	if (id_attr(tb[MIDONET_A_ID], &id))
		mn_obj_set_id(m, obj, &id);
	obj->pos = mn_attr_num(tb[MIDONET_A_POSITION]);
	read_attrs(obj, nlh);
	if (type->flags & (MN_TYPE_NAMED | MN_TYPE_ORDERED))
		return obj;
	mn_obj_key_name(m, obj, &key);
	mn_obj_set_name(m, obj, key.s ? key.s : "?");
	mn_buf_free(&key);
	return obj;
}
