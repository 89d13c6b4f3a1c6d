// SPDX-License-Identifier: GPL-2.0
/* monitor */
#include <errno.h>
#include <stdio.h>
#include <string.h>

#include "midoctl.h"

static json_t *name_json(const char *const *names, size_t n, uint64_t i)
{
	return i < n && names[i] ? json_string(names[i]) : json_null();
}

#define NAME_OF(names, attr) \
	name_json(names, MN_ARRAY_SIZE(names), mn_attr_num(attr))

static json_t *mac_json(const struct nlattr *attr)
{
	struct mn_buf text = {};
	json_t *json;

	if (!attr || mnl_attr_get_payload_len(attr) != 6)
		return json_null();
	mn_mac_print(mnl_attr_get_payload(attr), &text);
	json = json_string(text.s);
	mn_buf_free(&text);
	return json;
}

static json_t *event_json(const struct nlmsghdr *nlh)
{
	const struct nlattr *tb[MIDONET_EVENT_MAX + 1];
	json_t *json = json_object();

	mn_msg_attrs(nlh, tb, MIDONET_EVENT_MAX);
	switch (mn_msg_cmd(nlh)) {
	case MIDONET_CMD_CONFIG_EVENT:
		json_object_set_new(json, "event", json_string("topology"));
		json_object_set_new(json, "op",
				    NAME_OF(mn_op_names, tb[MIDONET_EVENT_OP]));
		json_object_set_new(json, "type",
				    NAME_OF(mn_object_type_names,
					    tb[MIDONET_EVENT_TYPE]));
		json_set_text(json, "name", tb[MIDONET_EVENT_NAME]);
		json_set_num(json, "generation", tb[MIDONET_EVENT_GENERATION]);
		return json;
	case MIDONET_CMD_STATE_EVENT:
		json_object_set_new(json, "event", json_string("port-state"));
		json_set_text(json, "name", tb[MIDONET_EVENT_NAME]);
		json_object_set_new(json, "state",
				    NAME_OF(mn_port_state_names,
					    tb[MIDONET_EVENT_STATE]));
		return json;
	case MIDONET_CMD_LEARN_EVENT:
		json_object_set_new(json, "event", json_string("learned"));
		json_object_set_new(json, "op",
				    NAME_OF(mn_op_names, tb[MIDONET_EVENT_OP]));
		json_set_text(json, "bridge", tb[MIDONET_EVENT_NAME]);
		json_object_set_new(json, "mac", mac_json(tb[MIDONET_EVENT_MAC]));
		json_set_num(json, "vlan", tb[MIDONET_EVENT_VLAN]);
		json_set_text(json, "port", tb[MIDONET_EVENT_PORT]);
		return json;
	}
	json_decref(json);
	return NULL;
}

static int event_cb(const struct nlmsghdr *nlh, void *arg)
{
	json_t *json = event_json(nlh), *value;
	struct ctl *ctl = arg;
	const char *key, *sep = "";

	if (!json)
		return 0;
	if (ctl->json) {
		json_dumpf(json, stdout, JSON_COMPACT);
	} else {
		json_object_foreach(json, key, value) {
			if (json_is_string(value))
				printf("%s%s", sep, json_string_value(value));
			else if (json_is_integer(value))
				printf("%s%s %lld", sep, key,
				       (long long)json_integer_value(value));
			sep = " ";
		}
	}
	putchar('\n');
	json_decref(json);
	return fflush(stdout) ? -EPIPE : 0;
}

/**
 * cmd_monitor() - monitor
 * @ctl: run
 * @argc: number of words
 * @argv: words
 *
 * Return: a negative error; it ends only so
 */
int cmd_monitor(struct ctl *ctl, int argc, char **argv)
{
	static const char *const groups[] = {
		MIDONET_MCGRP_CONFIG, MIDONET_MCGRP_STATE, MIDONET_MCGRP_LEARN,
	};
	int ret = ctl_args(ctl, argc, 0, 0, "monitor");
	size_t i;

	(void)argv;
	for (i = 0; !ret && i < MN_ARRAY_SIZE(groups); i++)
		ret = mn_nl_join(ctl_nl(ctl), groups[i], &ctl->err);
	while (ret >= 0) {
		ret = mn_nl_events(ctl_nl(ctl), event_cb, ctl, -1, &ctl->err);
		if (ret == -ENOBUFS) {
			fputs("midoctl: some events were lost\n", stderr);
			ret = 0;
		}
	}
	return ret == -EPIPE ? 0 : ret;
}
