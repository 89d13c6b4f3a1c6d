// SPDX-License-Identifier: GPL-2.0
/* Connections as netlink messages, and as they are shown. */
#include <stdlib.h>
#include <string.h>

#include "conn.h"

static void copy_text(const struct nlattr *attr, char *out)
{
	const char *text = mn_attr_text(attr);
	size_t len = text ? strnlen(text, MN_CONN_TEXT - 1) : 0;

	if (len)
		memcpy(out, text, len);
	out[len] = '\0';
}

static void read_ref(const struct nlattr *name, const struct nlattr *id,
		     struct mn_conn_ref *ref)
{
	copy_text(name, ref->name);
	if (id && mnl_attr_get_payload_len(id) == MN_UUID_LEN)
		memcpy(ref->id.b, mnl_attr_get_payload(id), MN_UUID_LEN);
}

static int32_t read_num(const struct nlattr *attr)
{
	return attr ? (int32_t)(mn_attr_num(attr) & 0xffff) : MN_CONN_NO_NUM;
}

static int read_tuple(const struct nlattr *nest, struct mn_conn_tuple *t)
{
	const struct nlattr *tb[MIDONET_CONN_TUPLE_MAX + 1], *src, *dst;

	mn_nest_attrs(nest, tb, MIDONET_CONN_TUPLE_MAX);
	src = tb[MIDONET_CONN_TUPLE_SRC];
	dst = tb[MIDONET_CONN_TUPLE_DST];
	t->len = src ? mnl_attr_get_payload_len(src) : 0;
	if ((t->len != 4 && t->len != 16) || !dst ||
	    mnl_attr_get_payload_len(dst) != t->len)
		return -1;
	memcpy(t->src, mnl_attr_get_payload(src), t->len);
	memcpy(t->dst, mnl_attr_get_payload(dst), t->len);
	t->src_port = read_num(tb[MIDONET_CONN_TUPLE_SRC_PORT]);
	t->dst_port = read_num(tb[MIDONET_CONN_TUPLE_DST_PORT]);
	t->icmp_id = read_num(tb[MIDONET_CONN_TUPLE_ICMP_ID]);
	return 0;
}

/**
 * mn_conn_read() - read a connection
 * @nlh: part of an answer to conn-get
 * @c: result
 *
 * Return: 0, -1 if it is none
 */
int mn_conn_read(const struct nlmsghdr *nlh, struct mn_conn *c)
{
	const struct nlattr *tb[MIDONET_CONN_MAX + 1];

	memset(c, 0, sizeof(*c));
	mn_msg_attrs(nlh, tb, MIDONET_CONN_MAX);
	if (!tb[MIDONET_CONN_FORWARD] || !tb[MIDONET_CONN_REPLY] ||
	    read_tuple(tb[MIDONET_CONN_FORWARD], &c->forward) ||
	    read_tuple(tb[MIDONET_CONN_REPLY], &c->reply) ||
	    c->forward.len != c->reply.len)
		return -1;
	read_ref(tb[MIDONET_CONN_DEVICE], tb[MIDONET_CONN_DEVICE_ID],
		 &c->device);
	read_ref(tb[MIDONET_CONN_PORT], tb[MIDONET_CONN_PORT_ID], &c->port);
	read_ref(tb[MIDONET_CONN_DNAT_RULE], tb[MIDONET_CONN_DNAT_RULE_ID],
		 &c->dnat);
	read_ref(tb[MIDONET_CONN_SNAT_RULE], tb[MIDONET_CONN_SNAT_RULE_ID],
		 &c->snat);
	copy_text(tb[MIDONET_CONN_ORIGIN], c->origin);
	c->proto = mn_attr_num(tb[MIDONET_CONN_PROTO]);
	c->state = mn_attr_num(tb[MIDONET_CONN_STATE]);
	c->answered = mn_attr_num(tb[MIDONET_CONN_ANSWERED]);
	c->age = mn_attr_num(tb[MIDONET_CONN_AGE]);
	c->expires = mn_attr_num(tb[MIDONET_CONN_EXPIRES]);
	return 0;
}

static void put_num(struct mn_buf *b, int attr, int32_t num)
{
	uint16_t n16 = num;

	if (num != MN_CONN_NO_NUM)
		mn_msg_put(b, attr, &n16, sizeof(n16));
}

static void put_tuple(struct mn_buf *b, int attr, const struct mn_conn_tuple *t)
{
	size_t at = mn_msg_nest(b, attr);

	mn_msg_put(b, MIDONET_CONN_TUPLE_SRC, t->src, t->len);
	mn_msg_put(b, MIDONET_CONN_TUPLE_DST, t->dst, t->len);
	put_num(b, MIDONET_CONN_TUPLE_SRC_PORT, t->src_port);
	put_num(b, MIDONET_CONN_TUPLE_DST_PORT, t->dst_port);
	put_num(b, MIDONET_CONN_TUPLE_ICMP_ID, t->icmp_id);
	mn_msg_nest_end(b, at);
}

static void put_ref(struct mn_buf *b, int attr, const struct mn_conn_ref *ref)
{
	if (!mn_uuid_is_nil(&ref->id))
		mn_msg_put(b, attr, ref->id.b, MN_UUID_LEN);
}

/**
 * mn_conn_put() - append the message that restores a connection
 * @b: buffer
 * @nl: connection to the kernel
 * @c: what to restore
 */
void mn_conn_put(struct mn_buf *b, const struct mn_nl *nl,
		 const struct mn_conn *c)
{
	size_t at = mn_msg_begin(b, nl, MIDONET_CMD_CONN_NEW, 0);

	put_ref(b, MIDONET_CONN_DEVICE_ID, &c->device);
	put_ref(b, MIDONET_CONN_PORT_ID, &c->port);
	mn_msg_put_u8(b, MIDONET_CONN_PROTO, c->proto);
	put_tuple(b, MIDONET_CONN_FORWARD, &c->forward);
	put_tuple(b, MIDONET_CONN_REPLY, &c->reply);
	mn_msg_put_u8(b, MIDONET_CONN_STATE, c->state);
	mn_msg_put_u8(b, MIDONET_CONN_ANSWERED, c->answered);
	mn_msg_put_u32(b, MIDONET_CONN_AGE, c->age);
	mn_msg_put_u32(b, MIDONET_CONN_EXPIRES, c->expires);
	put_ref(b, MIDONET_CONN_DNAT_RULE_ID, &c->dnat);
	put_ref(b, MIDONET_CONN_SNAT_RULE_ID, &c->snat);
	mn_msg_end(b, at);
}

static json_t *text_json(const char *text)
{
	return *text ? json_string(text) ?: json_null() : json_null();
}

static json_t *num_json(int32_t num)
{
	return num == MN_CONN_NO_NUM ? json_null() : json_integer(num);
}

static json_t *addr_json(const uint8_t *addr, int len)
{
	struct mn_buf text = {};
	json_t *json;

	mn_addr_print(addr, len, &text);
	json = json_string(text.s);
	mn_buf_free(&text);
	return json;
}

static const struct mn_attr proto_attr = {
	.word = "proto", .kind = MN_KIND_PROTO, .size = 1,
};

static json_t *proto_json(uint8_t proto)
{
	struct mn_buf text = {};
	json_t *json;

	mn_value_print(&proto_attr, NULL, &proto, 1, &text);
	json = json_string(text.s);
	mn_buf_free(&text);
	return json;
}

static json_t *state_json(const struct mn_conn *c)
{
	return c->state < MN_ARRAY_SIZE(mn_conn_phase_names) ?
	       json_string(mn_conn_phase_names[c->state]) : json_null();
}

static void tuple_json(json_t *json, const struct mn_conn_tuple *t)
{
	json_object_set_new(json, "src", addr_json(t->src, t->len));
	json_object_set_new(json, "dst", addr_json(t->dst, t->len));
	json_object_set_new(json, "src-port", num_json(t->src_port));
	json_object_set_new(json, "dst-port", num_json(t->dst_port));
}

/* The same with the id of an ICMP echo. */
static json_t *full_tuple_json(const struct mn_conn_tuple *t)
{
	json_t *json = json_object();

	tuple_json(json, t);
	json_object_set_new(json, "icmp-id", num_json(t->icmp_id));
	return json;
}

/**
 * mn_conn_json() - a connection as it is listed
 * @c: connection
 *
 * Return: new JSON object; keys are always there
 */
json_t *mn_conn_json(const struct mn_conn *c)
{
	json_t *json = json_object(), *reply = json_object();

	json_object_set_new(json, "device", text_json(c->device.name));
	json_object_set_new(json, "proto", proto_json(c->proto));
	tuple_json(json, &c->forward);
	json_object_set_new(json, "icmp-id", num_json(c->forward.icmp_id));
	tuple_json(reply, &c->reply);
	json_object_set_new(json, "reply", reply);
	json_object_set_new(json, "state", state_json(c));
	json_object_set_new(json, "age", json_integer(c->age));
	json_object_set_new(json, "expires", json_integer(c->expires));
	json_object_set_new(json, "origin", text_json(c->origin));
	return json;
}

static json_t *nat_row(const struct mn_conn *c, const struct mn_conn_ref *rule,
		       const struct mn_conn_tuple *from,
		       const struct mn_conn_tuple *to)
{
	json_t *json = json_object();

	json_object_set_new(json, "device", text_json(c->device.name));
	json_object_set_new(json, "rule", text_json(rule->name));
	json_object_set_new(json, "proto", proto_json(c->proto));
	json_object_set_new(json, "from", full_tuple_json(from));
	json_object_set_new(json, "to", full_tuple_json(to));
	json_object_set_new(json, "state", state_json(c));
	json_object_set_new(json, "expires", json_integer(c->expires));
	return json;
}

/**
 * mn_conn_nat_json() - what is translated in a connection
 * @c: connection
 *
 * Return: new JSON array: the translation of the destination, if there is one,
 * then that of the source; of the initiator's packets, before and after
 */
json_t *mn_conn_nat_json(const struct mn_conn *c)
{
	struct mn_conn_tuple from = c->forward, to = c->forward;
	const struct mn_conn_tuple *r = &c->reply;
	json_t *list = json_array();

	memcpy(to.dst, r->src, r->len);
	to.dst_port = r->src_port;
	if (memcmp(from.dst, to.dst, to.len) || from.dst_port != to.dst_port)
		json_array_append_new(list, nat_row(c, &c->dnat, &from, &to));
	from = to;
	memcpy(to.src, r->dst, r->len);
	to.src_port = r->dst_port;
	to.icmp_id = r->icmp_id;
	if (memcmp(from.src, to.src, to.len) || from.src_port != to.src_port ||
	    from.icmp_id != to.icmp_id)
		json_array_append_new(list, nat_row(c, &c->snat, &from, &to));
	return list;
}

static void service_print(const uint8_t *addr, int len, int32_t port,
			  struct mn_buf *out)
{
	if (port == MN_CONN_NO_NUM)
		mn_addr_print(addr, len, out);
	else
		mn_endpoint_print(addr, len, port, out);
}

/**
 * mn_conn_print() - name a connection
 * @c: connection
 * @out: appended to: DEVICE PROTO SRC > DST
 */
void mn_conn_print(const struct mn_conn *c, struct mn_buf *out)
{
	const struct mn_conn_tuple *t = &c->forward;

	mn_buf_printf(out, "%s ", *c->device.name ? c->device.name : "?");
	mn_value_print(&proto_attr, NULL, &c->proto, 1, out);
	mn_buf_puts(out, " ");
	service_print(t->src, t->len, t->src_port, out);
	mn_buf_puts(out, " > ");
	service_print(t->dst, t->len, t->dst_port, out);
	if (t->icmp_id != MN_CONN_NO_NUM)
		mn_buf_printf(out, " id %d", t->icmp_id);
}

static void save_ref(json_t *json, const char *key, const char *id_key,
		     const struct mn_conn_ref *ref)
{
	char id[MN_UUID_TEXT];

	json_object_set_new(json, key, text_json(ref->name));
	mn_uuid_print(&ref->id, id);
	json_object_set_new(json, id_key, mn_uuid_is_nil(&ref->id) ?
			    json_null() : json_string(id));
}

/**
 * mn_conn_save() - all that is needed to restore a connection
 * @c: connection
 *
 * Return: new JSON object, for mn_conn_restore()
 */
json_t *mn_conn_save(const struct mn_conn *c)
{
	json_t *json = json_object();

	save_ref(json, "device", "device-id", &c->device);
	save_ref(json, "port", "port-id", &c->port);
	json_object_set_new(json, "proto", proto_json(c->proto));
	json_object_set_new(json, "forward", full_tuple_json(&c->forward));
	json_object_set_new(json, "reply", full_tuple_json(&c->reply));
	json_object_set_new(json, "state", state_json(c));
	json_object_set_new(json, "answered", json_boolean(c->answered));
	json_object_set_new(json, "age", json_integer(c->age));
	json_object_set_new(json, "expires", json_integer(c->expires));
	save_ref(json, "dnat-rule", "dnat-rule-id", &c->dnat);
	save_ref(json, "snat-rule", "snat-rule-id", &c->snat);
	return json;
}
