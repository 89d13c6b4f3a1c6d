// SPDX-License-Identifier: GPL-2.0
/* stats, drops */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "midoctl.h"

static const struct {
	const char *key;
	int attr;
} counters[] = {
	{ "rx-packets", MIDONET_STATS_RX_PACKETS },
	{ "rx-bytes", MIDONET_STATS_RX_BYTES },
	{ "tx-packets", MIDONET_STATS_TX_PACKETS },
	{ "tx-bytes", MIDONET_STATS_TX_BYTES },
	{ "drops", MIDONET_STATS_DROPS },
	{ "packets", MIDONET_STATS_PACKETS },
	{ "bytes", MIDONET_STATS_BYTES },
};

/**
 * struct want - which counters
 * @list: result
 * @name: only of this object and what it contains, or NULL
 */
struct want {
	json_t *list;
	const char *name;
};

static bool wanted(const struct want *w, const char *name)
{
	size_t len = w->name ? strlen(w->name) : 0;

	if (!w->name)
		return true;
	return name && !strncmp(name, w->name, len) &&
	       (!name[len] || name[len] == ':' || name[len] == ' ');
}

static int stats_cb(const struct nlmsghdr *nlh, void *arg)
{
	const struct nlattr *tb[MIDONET_STATS_MAX + 1];
	struct want *w = arg;
	uint64_t type;
	json_t *json;
	size_t i;

	mn_msg_attrs(nlh, tb, MIDONET_STATS_MAX);
	if (!wanted(w, mn_attr_text(tb[MIDONET_STATS_NAME])))
		return 0;
	json = json_object();
	type = mn_attr_num(tb[MIDONET_STATS_TYPE]);
	json_object_set_new(json, "type",
			    type < MN_ARRAY_SIZE(mn_object_type_names) ?
			    json_string(mn_object_type_names[type]) :
			    json_null());
	json_set_text(json, "name", tb[MIDONET_STATS_NAME]);
	for (i = 0; i < MN_ARRAY_SIZE(counters); i++) {
		if (tb[counters[i].attr])
			json_set_num(json, counters[i].key,
				     tb[counters[i].attr]);
	}
	json_array_append_new(w->list, json);
	return 0;
}

static int get_stats(struct ctl *ctl, struct want *w, int type)
{
	struct mn_buf b = {};
	size_t at;
	int ret;

	w->list = json_array();
	at = mn_msg_begin(&b, ctl_nl(ctl), MIDONET_CMD_STATS_GET, 0);
	if (type)
		mn_msg_put_u32(&b, MIDONET_STATS_TYPE, type);
	mn_msg_end(&b, at);
	ret = mn_nl_dump(ctl_nl(ctl), &b, stats_cb, w, &ctl->err);
	mn_buf_free(&b);
	return ret == -EINTR ? 0 : ret;
}

static void number(json_t *json, const char *key, char *text, size_t size)
{
	json_t *value = json_object_get(json, key);

	*text = '\0';
	if (value)
		snprintf(text, size, "%lld",
			 (long long)json_integer_value(value));
}

static void print_stats(json_t *list)
{
	static const char *const heads[] = {
		"type", "name", "rx-packets", "rx-bytes", "tx-packets",
		"tx-bytes", "drops", "packets", "bytes", NULL,
	};
	struct table *t = table_new(heads);
	char text[MN_ARRAY_SIZE(counters)][24];
	const char *cells[9];
	json_t *json;
	size_t i, k;

	json_array_foreach(list, i, json) {
		cells[0] = json_string_value(json_object_get(json, "type"));
		cells[1] = json_string_value(json_object_get(json, "name"));
		for (k = 0; k < MN_ARRAY_SIZE(counters); k++) {
			number(json, counters[k].key, text[k], sizeof(text[k]));
			cells[2 + k] = text[k];
		}
		table_row(t, cells);
	}
	table_print(t);
}

static int check_name(struct ctl *ctl, const char *name, json_t *list)
{
	char buf[80];

	if (!name || json_array_size(list))
		return 0;
	return mn_fail(&ctl->err, -ENOENT, "stats: nothing called \"%s\"",
		       mn_shown(name, buf, sizeof(buf)));
}

/**
 * cmd_stats() - stats [TYPE|NAME] [--watch]
 * @ctl: run
 * @argc: number of words
 * @argv: words
 *
 * Return: 0 or a negative error
 */
int cmd_stats(struct ctl *ctl, int argc, char **argv)
{
	bool watch = argc && !strcmp(argv[argc - 1], "--watch");
	const struct mn_type *type;
	struct want w = {};
	int ret;

	ret = ctl_args(ctl, argc - watch, 0, 1, "stats [TYPE|NAME] [--watch]");
	if (ret)
		return ret;
	type = argc > watch ? mn_type_find(argv[0]) : NULL;
	w.name = argc > watch && !type ? argv[0] : NULL;
	do {
		ret = get_stats(ctl, &w, type ? type->type : 0);
		if (!ret)
			ret = check_name(ctl, w.name, w.list);
		if (!ret && watch && ctl->color)
			fputs("\033[H\033[2J", stdout);
		if (!ret && ctl->json)
			ctl_print_json(ctl, json_incref(w.list));
		else if (!ret)
			print_stats(w.list);
		json_decref(w.list);
		if (watch && !ret) {
			if (fflush(stdout))
				break;
			sleep(1);
		}
	} while (watch && !ret);
	return ret;
}

static json_t *drop_json(const struct nlmsghdr *nlh)
{
	const struct nlattr *tb[MIDONET_DROP_MAX + 1];
	json_t *json = json_object();
	uint64_t reason;

	mn_msg_attrs(nlh, tb, MIDONET_DROP_MAX);
	reason = mn_attr_num(tb[MIDONET_DROP_DROP_REASON]);
	json_object_set_new(json, "reason",
			    reason < MN_ARRAY_SIZE(mn_drop_reason_names) ?
			    json_string(mn_drop_reason_names[reason]) :
			    json_null());
	json_set_text(json, "device", tb[MIDONET_DROP_DEVICE]);
	json_set_text(json, "port", tb[MIDONET_DROP_PORT]);
	json_set_text(json, "rule", tb[MIDONET_DROP_RULE]);
	if (tb[MIDONET_DROP_PACKETS])
		json_set_num(json, "packets", tb[MIDONET_DROP_PACKETS]);
	if (tb[MIDONET_DROP_PACKET])
		json_object_set_new(json, "packet",
				    json_packet(tb[MIDONET_DROP_PACKET],
						false));
	return json;
}

static int drop_cb(const struct nlmsghdr *nlh, void *arg)
{
	json_array_append_new(arg, drop_json(nlh));
	return 0;
}

static int drop_event(const struct nlmsghdr *nlh, void *arg)
{
	struct mn_buf packet = {};
	struct ctl *ctl = arg;
	json_t *json;
	const char *rule;

	if (mn_msg_cmd(nlh) != MIDONET_CMD_DROP_EVENT)
		return 0;
	json = drop_json(nlh);
	if (ctl->json) {
		json_dumpf(json, stdout, JSON_COMPACT);
	} else {
		packet_print(json_object_get(json, "packet"), &packet);
		rule = json_string_value(json_object_get(json, "rule"));
		printf("%s%s%s%s port %s%s%s  %s", ctl_color(ctl, "red"),
		       json_string_value(json_object_get(json, "reason")) ?: "?",
		       ctl_color(ctl, ""), "",
		       json_string_value(json_object_get(json, "port")) ?: "?",
		       rule ? " rule " : "", rule ? rule : "", packet.s);
		mn_buf_free(&packet);
	}
	putchar('\n');
	json_decref(json);
	return fflush(stdout) ? -EPIPE : 0;
}

static int follow(struct ctl *ctl)
{
	int ret = mn_nl_join(ctl_nl(ctl), MIDONET_MCGRP_DROP, &ctl->err);

	while (ret >= 0) {
		ret = mn_nl_events(ctl_nl(ctl), drop_event, ctl, -1, &ctl->err);
		if (ret == -ENOBUFS) {
			fputs("midoctl: some events were lost\n", stderr);
			ret = 0;
		}
	}
	return ret == -EPIPE ? 0 : ret;
}

/**
 * cmd_drops() - drops [-f]
 * @ctl: run
 * @argc: number of words
 * @argv: words
 *
 * Return: 0 or a negative error
 */
int cmd_drops(struct ctl *ctl, int argc, char **argv)
{
	static const char *const heads[] = { "reason", "device", "port", "rule",
					     "packets", NULL };
	bool events = argc == 1 && !strcmp(argv[0], "-f");
	json_t *list, *json;
	struct mn_buf b = {};
	const char *cells[5];
	struct table *t;
	char packets[24];
	size_t i, k;
	int ret;

	ret = ctl_args(ctl, events ? 0 : argc, 0, 0, "drops [-f]");
	if (ret || events)
		return ret ? ret : follow(ctl);
	list = json_array();
	mn_msg_end(&b, mn_msg_begin(&b, ctl_nl(ctl), MIDONET_CMD_DROP_GET, 0));
	ret = mn_nl_dump(ctl_nl(ctl), &b, drop_cb, list, &ctl->err);
	mn_buf_free(&b);
	if (ret == -EINTR)
		ret = 0;
	if (!ret && ctl->json) {
		ctl_print_json(ctl, list);
		return 0;
	}
	t = table_new(heads);
	json_array_foreach(list, i, json) {
		for (k = 0; k < 4; k++)
			cells[k] = json_string_value(json_object_get(json,
								     heads[k]));
		number(json, "packets", packets, sizeof(packets));
		cells[4] = packets;
		table_row(t, cells);
	}
	table_print(t);
	json_decref(list);
	return ret;
}
