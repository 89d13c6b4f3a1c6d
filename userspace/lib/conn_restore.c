// SPDX-License-Identifier: GPL-2.0
/* Reading connections that were saved. */
#include <errno.h>
#include <stdio.h>
#include <string.h>

#include "conn.h"

/*
 * A key and how its value is read: @offset into &struct mn_conn. What is not
 * needed may be absent or null.
 */
static int need(json_t *value, const char *key, bool needed, struct mn_err *err)
{
	if (!json_is_null(value) && value)
		return 1;
	if (!needed)
		return 0;
	return mn_fail(err, -EINVAL, "needs %s", key);
}

static int bad_value(const char *key, struct mn_err *err)
{
	return mn_fail(err, -EINVAL, "%s: wrong value", key);
}

static int get_num(json_t *json, const char *key, bool needed, int64_t max,
		   int64_t *out, struct mn_err *err)
{
	json_t *value = json_object_get(json, key);
	int ret = need(value, key, needed, err);

	if (ret <= 0)
		return ret;
	if (!json_is_integer(value) || json_integer_value(value) < 0 ||
	    json_integer_value(value) > max)
		return bad_value(key, err);
	*out = json_integer_value(value);
	return 0;
}

static int get_u32(json_t *json, const char *key, uint32_t *out,
		   struct mn_err *err)
{
	int64_t num = 0;
	int ret = get_num(json, key, false, UINT32_MAX, &num, err);

	*out = num;
	return ret;
}

static int get_u16(json_t *json, const char *key, int32_t *out,
		   struct mn_err *err)
{
	int64_t num = MN_CONN_NO_NUM;
	int ret = get_num(json, key, false, 65535, &num, err);

	*out = num;
	return ret;
}

static int get_addr(json_t *json, const char *key, uint8_t *addr,
		    struct mn_err *err)
{
	const char *text = json_string_value(json_object_get(json, key));
	int len = text ? mn_addr_parse(text, addr) : -1;

	return len < 0 ? bad_value(key, err) : len;
}

static int get_tuple(json_t *conn, const char *key, struct mn_conn_tuple *t,
		     struct mn_err *err)
{
	json_t *json = json_object_get(conn, key);
	int ret;

	if (!json_is_object(json))
		return mn_fail(err, -EINVAL, "needs %s", key);
	t->len = get_addr(json, "src", t->src, err);
	ret = t->len < 0 ? t->len : get_addr(json, "dst", t->dst, err);
	if (ret >= 0 && ret != t->len)
		ret = bad_value("dst", err);
	if (ret >= 0)
		ret = get_u16(json, "src-port", &t->src_port, err);
	if (!ret)
		ret = get_u16(json, "dst-port", &t->dst_port, err);
	if (!ret)
		ret = get_u16(json, "icmp-id", &t->icmp_id, err);
	if (ret)
		mn_err_prefix(err, "%s", key);
	return ret;
}

static int get_ref(json_t *json, const char *key, const char *id_key,
		   bool needed, struct mn_conn_ref *ref, struct mn_err *err)
{
	const char *name = json_string_value(json_object_get(json, key));
	json_t *id = json_object_get(json, id_key);
	int ret = need(id, id_key, needed, err);
	char shown[MN_CONN_TEXT];

	/* Only to say which one was refused. */
	if (name)
		snprintf(ref->name, sizeof(ref->name), "%s",
			 mn_shown(name, shown, sizeof(shown)));
	if (ret <= 0)
		return ret;
	if (!json_is_string(id) ||
	    !mn_uuid_parse(json_string_value(id), &ref->id) ||
	    mn_uuid_is_nil(&ref->id))
		return bad_value(id_key, err);
	return 0;
}

static int get_proto(json_t *json, struct mn_conn *c, struct mn_err *err)
{
	static const struct mn_attr a = {
		.word = "proto", .kind = MN_KIND_PROTO, .size = 1,
	};
	json_t *value = json_object_get(json, "proto");
	uint8_t out[MN_VALUE_MAX];

	if (!json_is_string(value) ||
	    mn_value_parse(&a, NULL, json_string_value(value), out, err) < 0)
		return bad_value("proto", err);
	c->proto = out[0];
	return 0;
}

static int get_state(json_t *json, struct mn_conn *c, struct mn_err *err)
{
	const char *text = json_string_value(json_object_get(json, "state"));
	json_t *answered = json_object_get(json, "answered");
	size_t i;

	if (answered && !json_is_boolean(answered))
		return bad_value("answered", err);
	c->answered = json_is_true(answered);
	for (i = 0; text && i < MN_ARRAY_SIZE(mn_conn_phase_names); i++) {
		if (strcmp(text, mn_conn_phase_names[i]))
			continue;
		c->state = i;
		return 0;
	}
	return bad_value("state", err);
}

/**
 * mn_conn_restore() - read a connection that was saved
 * @json: what mn_conn_save() wrote, or anything else
 * @c: result; on error as much as was read, so that it can be named
 * @err: for errors
 *
 * Return: 0 or -EINVAL
 */
int mn_conn_restore(json_t *json, struct mn_conn *c, struct mn_err *err)
{
	int ret;

	memset(c, 0, sizeof(*c));
	if (!json_is_object(json))
		return mn_fail(err, -EINVAL, "a connection is an object");
	ret = get_ref(json, "device", "device-id", true, &c->device, err);
	if (!ret)
		ret = get_ref(json, "port", "port-id", true, &c->port, err);
	if (!ret)
		ret = get_proto(json, c, err);
	if (!ret)
		ret = get_tuple(json, "forward", &c->forward, err);
	if (!ret)
		ret = get_tuple(json, "reply", &c->reply, err);
	if (!ret && c->forward.len != c->reply.len)
		ret = bad_value("reply", err);
	if (!ret)
		ret = get_state(json, c, err);
	if (!ret)
		ret = get_u32(json, "age", &c->age, err);
	if (!ret)
		ret = get_u32(json, "expires", &c->expires, err);
	if (!ret)
		ret = get_ref(json, "dnat-rule", "dnat-rule-id", false,
			      &c->dnat, err);
	if (!ret)
		ret = get_ref(json, "snat-rule", "snat-rule-id", false,
			      &c->snat, err);
	return ret;
}
