// SPDX-License-Identifier: GPL-2.0
/* flow list | flush, mac list, neighbour list */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "midoctl.h"

static json_t *flow_json(const struct nlmsghdr *nlh)
{
	const struct nlattr *tb[MIDONET_FLOW_MAX + 1], *attr;
	json_t *json = json_object(), *actions = json_array();

	mn_msg_attrs(nlh, tb, MIDONET_FLOW_MAX);
	mn_msg_for_each(attr, nlh) {
		if (mnl_attr_get_type(attr) == MIDONET_FLOW_ACTIONS &&
		    mn_attr_text(attr))
			json_array_append_new(actions,
					      json_string(mn_attr_text(attr)));
	}
	json_set_text(json, "in-port", tb[MIDONET_FLOW_IN_PORT]);
	json_object_set_new(json, "key",
			    json_packet(tb[MIDONET_FLOW_KEY], false));
	json_object_set_new(json, "mask",
			    json_packet(tb[MIDONET_FLOW_MASK], true));
	json_object_set_new(json, "actions", actions);
	json_set_num(json, "packets", tb[MIDONET_FLOW_PACKETS]);
	json_set_num(json, "bytes", tb[MIDONET_FLOW_BYTES]);
	json_set_num(json, "age", tb[MIDONET_FLOW_AGE]);
	json_set_num(json, "idle", tb[MIDONET_FLOW_IDLE]);
	json_object_set_new(json, "stateful",
			    json_boolean(mn_attr_num(tb[MIDONET_FLOW_STATEFUL])));
	return json;
}

static int flow_cb(const struct nlmsghdr *nlh, void *arg)
{
	json_array_append_new(arg, flow_json(nlh));
	return 0;
}

/* What of the key counts, with how many bits where that is not all. */
static void masked_key(json_t *flow, struct mn_buf *out)
{
	json_t *key = json_object_get(flow, "key");
	json_t *mask = json_object_get(flow, "mask"), *value, *bits;
	json_t *shown = json_object();
	const char *word, *m;

	json_object_foreach(key, word, value) {
		bits = json_object_get(mask, word);
		m = json_string_value(bits);
		if (!m)
			continue;
		if (*m == '/' && strcmp(m, "/32") && strcmp(m, "/128"))
			json_object_set_new(shown, word,
					    json_sprintf("%s%s",
							 json_string_value(value),
							 m));
		else
			json_object_set(shown, word, value);
	}
	packet_print(shown, out);
	json_decref(shown);
}

static void flow_row(struct table *t, json_t *flow)
{
	char packets[24], bytes[24], idle[24];
	struct mn_buf key = {}, actions = {};
	const char *cells[6];
	json_t *action;
	size_t i;

	masked_key(flow, &key);
	mn_buf_puts(&actions, "");
	json_array_foreach(json_object_get(flow, "actions"), i, action)
		mn_buf_printf(&actions, "%s%s", i ? ", " : "",
			      json_string_value(action));
	snprintf(packets, sizeof(packets), "%lld", (long long)
		 json_integer_value(json_object_get(flow, "packets")));
	snprintf(bytes, sizeof(bytes), "%lld", (long long)
		 json_integer_value(json_object_get(flow, "bytes")));
	snprintf(idle, sizeof(idle), "%lld", (long long)
		 json_integer_value(json_object_get(flow, "idle")));
	cells[0] = json_string_value(json_object_get(flow, "in-port"));
	cells[1] = key.s;
	cells[2] = actions.s;
	cells[3] = packets;
	cells[4] = bytes;
	cells[5] = idle;
	table_row(t, cells);
	mn_buf_free(&key);
	mn_buf_free(&actions);
}

static int simple_dump(struct ctl *ctl, int cmd, mn_nl_cb cb, json_t *list)
{
	struct mn_buf b = {};
	int ret;

	mn_msg_end(&b, mn_msg_begin(&b, ctl_nl(ctl), cmd, 0));
	ret = mn_nl_dump(ctl_nl(ctl), &b, cb, list, &ctl->err);
	mn_buf_free(&b);
	/* Flows come and go: there is no consistent list of them. */
	return ret == -EINTR ? 0 : ret;
}

/**
 * cmd_flow_list() - flow list
 * @ctl: run
 * @argc: number of words
 * @argv: words
 *
 * Return: 0 or a negative error
 */
int cmd_flow_list(struct ctl *ctl, int argc, char **argv)
{
	static const char *const heads[] = {
		"in-port", "key", "actions", "packets", "bytes", "idle", NULL,
	};
	json_t *list = json_array(), *flow;
	struct table *t;
	size_t i;
	int ret;

	(void)argv;
	ret = ctl_args(ctl, argc, 0, 0, "flow list");
	if (!ret)
		ret = simple_dump(ctl, MIDONET_CMD_FLOW_GET, flow_cb, list);
	if (!ret && ctl->json) {
		ctl_print_json(ctl, list);
		return 0;
	}
	if (!ret) {
		t = table_new(heads);
		json_array_foreach(list, i, flow)
			flow_row(t, flow);
		table_print(t);
	}
	json_decref(list);
	return ret;
}

/**
 * cmd_flow_flush() - flow flush
 * @ctl: run
 * @argc: number of words
 * @argv: words
 *
 * Return: 0 or a negative error
 */
int cmd_flow_flush(struct ctl *ctl, int argc, char **argv)
{
	struct mn_buf b = {};
	int ret = ctl_args(ctl, argc, 0, 0, "flow flush");

	(void)argv;
	if (ret || ctl->dry_run)
		return ret;
	mn_msg_end(&b, mn_msg_begin(&b, ctl_nl(ctl), MIDONET_CMD_FLOW_FLUSH, 0));
	ret = mn_nl_call(ctl_nl(ctl), &b, NULL, NULL, &ctl->err);
	mn_buf_free(&b);
	return ret;
}

/* What is behind a port of a router, or in a device. */
static struct mn_obj *place_of(struct ctl *ctl, int type, const char *name,
			       struct mn_obj **port)
{
	if (type == MIDONET_OBJECT_TYPE_MAC)
		return mn_model_lookup(ctl->model, MIDONET_OBJECT_TYPE_BRIDGE,
				       name, &ctl->err);
	if (!strchr(name, ':'))
		return ctl_device(ctl, mn_type_of(type)->parents, name,
				  "bridge or router");
	*port = mn_model_lookup(ctl->model, MIDONET_OBJECT_TYPE_PORT, name,
				&ctl->err);
	if (!*port)
		return NULL;
	if (mn_obj_on_router(*port))
		return (*port)->parent;
	mn_fail(&ctl->err, -EINVAL,
		"port %s is on a bridge, whose neighbours are behind any of its ports: write %s",
		name, (*port)->parent->name);
	return NULL;
}

/* Entries that were learned too, of one place or all. */
static int list_entries(struct ctl *ctl, int type, int argc, char **argv,
			const char *usage)
{
	struct mn_obj *parent = NULL, *port = NULL;
	int ret = ctl_args(ctl, argc, 0, 1, usage);

	if (!ret && argc) {
		parent = place_of(ctl, type, argv[0], &port);
		ret = parent ? 0 : ctl->err.code;
	}
	if (ret)
		return ret;
	ctl->model->learned = true;
	if (parent)
		ret = mn_model_want_in(ctl->model, type, parent, &ctl->err);
	else
		ret = mn_model_want(ctl->model, type, &ctl->err);
	return ret ? ret : list_type(ctl, mn_type_of(type), parent, port);
}

/**
 * cmd_mac_list() - mac list [BRIDGE]
 * @ctl: run
 * @argc: number of words
 * @argv: words
 *
 * Return: 0 or a negative error
 */
int cmd_mac_list(struct ctl *ctl, int argc, char **argv)
{
	return list_entries(ctl, MIDONET_OBJECT_TYPE_MAC, argc, argv,
			    "mac list [BRIDGE]");
}

/**
 * cmd_neighbour_list() - neighbour list [PORT|BRIDGE|ROUTER]
 * @ctl: run
 * @argc: number of words
 * @argv: words
 *
 * Return: 0 or a negative error
 */
int cmd_neighbour_list(struct ctl *ctl, int argc, char **argv)
{
	return list_entries(ctl, MIDONET_OBJECT_TYPE_NEIGHBOUR, argc, argv,
			    "neighbour list [PORT|BRIDGE|ROUTER]");
}
