// SPDX-License-Identifier: GPL-2.0
/* status, wait, release */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include "status.h"

#define POLL_US	50000

static void add_subsystem(struct status *s, json_t *list,
			  const struct nlattr *nest)
{
	const struct nlattr *tb[MIDONET_SUBSYSTEM_MAX + 1];
	json_t *json = json_object();
	uint64_t level;

	mn_nest_attrs(nest, tb, MIDONET_SUBSYSTEM_MAX);
	level = mn_attr_num(tb[MIDONET_SUBSYSTEM_LEVEL]);
	if (level >= MN_ARRAY_SIZE(mn_level_names))
		level = MIDONET_LEVEL_ERROR;
	s->bad |= level == MIDONET_LEVEL_ERROR;
	s->behind |= level != MIDONET_LEVEL_OK && tb[MIDONET_SUBSYSTEM_NAME] &&
		     !strcmp(mn_attr_text(tb[MIDONET_SUBSYSTEM_NAME]) ?: "",
			     "store");
	json_set_text(json, "name", tb[MIDONET_SUBSYSTEM_NAME]);
	json_object_set_new(json, "level", json_string(mn_level_names[level]));
	json_set_text(json, "text", tb[MIDONET_SUBSYSTEM_TEXT]);
	json_array_append_new(list, json);
}

static int status_cb(const struct nlmsghdr *nlh, void *arg)
{
	const struct nlattr *tb[MIDONET_STATUS_MAX + 1], *attr;
	struct status *s = arg;
	json_t *list = json_array();

	mn_msg_attrs(nlh, tb, MIDONET_STATUS_MAX);
	s->generation = mn_attr_num(tb[MIDONET_STATUS_GENERATION]);
	s->revision = mn_attr_num(tb[MIDONET_STATUS_REVISION]);
	s->json = json_object();
	json_set_num(s->json, "generation", tb[MIDONET_STATUS_GENERATION]);
	json_set_num(s->json, "epoch", tb[MIDONET_STATUS_EPOCH]);
	json_set_num(s->json, "revision", tb[MIDONET_STATUS_REVISION]);
	json_set_text(s->json, "store", tb[MIDONET_STATUS_STORE]);
	json_set_text(s->json, "host", tb[MIDONET_STATUS_HOST]);
	mn_msg_for_each(attr, nlh) {
		if (mnl_attr_get_type(attr) == MIDONET_STATUS_SUBSYSTEMS)
			add_subsystem(s, list, attr);
	}
	json_object_set_new(s->json, "subsystems", list);
	return 0;
}

/**
 * status_get() - ask the kernel
 * @ctl: run
 * @s: result, empty or from before; its json is to be released
 *
 * Return: 0 or a negative error
 */
int status_get(struct ctl *ctl, struct status *s)
{
	struct mn_buf b = {};
	int ret;

	json_decref(s->json);
	memset(s, 0, sizeof(*s));
	mn_msg_end(&b, mn_msg_begin(&b, ctl_nl(ctl), MIDONET_CMD_STATUS_GET, 0));
	ret = mn_nl_call(ctl_nl(ctl), &b, status_cb, s, &ctl->err);
	mn_buf_free(&b);
	if (!ret && !s->json)
		ret = mn_fail(&ctl->err, -EPROTO, "the kernel has no status");
	return ret;
}

static const char *text_of(json_t *json, const char *key)
{
	const char *text = json_string_value(json_object_get(json, key));

	return text ? text : "none";
}

/* A store has no generation, nor an epoch. */
static void print_number(const struct status *s, const char *key)
{
	json_t *n = json_object_get(s->json, key);

	if (json_is_integer(n))
		printf("%-10s %lld\n", key, (long long)json_integer_value(n));
	else
		printf("%-10s none\n", key);
}

/**
 * status_print() - show a status as text
 * @ctl: run
 * @s: status
 */
void status_print(struct ctl *ctl, struct status *s)
{
	static const char *const heads[] = { "subsystem", "level", "text",
					     NULL };
	const char *cells[3];
	struct table *t;
	json_t *sub;
	size_t i;

	print_number(s, "generation");
	print_number(s, "epoch");
	print_number(s, "revision");
	printf("store      %s\nhost       %s\n", text_of(s->json, "store"),
	       text_of(s->json, "host"));
	(void)ctl;
	t = table_new(heads);
	json_array_foreach(json_object_get(s->json, "subsystems"), i, sub) {
		cells[0] = text_of(sub, "name");
		cells[1] = text_of(sub, "level");
		cells[2] = json_string_value(json_object_get(sub, "text"));
		table_row(t, cells);
	}
	table_print(t);
}

/**
 * status_now() - time that no clock change moves
 *
 * Return: seconds
 */
double status_now(void)
{
	struct timespec ts;

	clock_gettime(CLOCK_MONOTONIC, &ts);
	return ts.tv_sec + ts.tv_nsec / 1e9;
}

static int read_seconds(struct ctl *ctl, const char *text, double *s)
{
	char buf[80], *end;

	*s = strtod(text, &end);
	if (end == text || *end || !(*s >= 0 && *s < 1e9))
		return mn_usage(&ctl->err, "\"%s\" is not a number of seconds",
				mn_shown(text, buf, sizeof(buf)));
	return 0;
}

/* Ports of this kernel with a device that is not up. */
static int ports_waiting(struct ctl *ctl, unsigned int *n)
{
	const struct mn_objs *ports;
	const struct mn_vals *state;
	uint32_t i;
	int ret;

	mn_model_free(ctl->model);
	ctl->model = mn_model_new(ctl->store);
	ret = mn_model_want(ctl->model, MIDONET_OBJECT_TYPE_PORT, &ctl->err);
	ports = &ctl->model->objs[MIDONET_OBJECT_TYPE_PORT];
	*n = 0;
	for (i = 0; !ret && i < ports->n; i++) {
		state = *mn_obj_val(ports->objs[i], MIDONET_A_STATE);
		if (!*mn_obj_val(ports->objs[i], MIDONET_A_DEV) || !state)
			continue;
		*n += state->data[1] != MIDONET_PORT_STATE_UP &&
		      state->data[1] != MIDONET_PORT_STATE_REMOTE;
	}
	return ret;
}

static int wait_healthy(struct ctl *ctl, struct status *s, double limit)
{
	double end = status_now() + limit;
	unsigned int n;
	int ret;

	for (;;) {
		ret = status_get(ctl, s);
		if (!ret)
			ret = ports_waiting(ctl, &n);
		if (ret || (!s->bad && !s->behind && !n) || status_now() >= end)
			break;
		usleep(POLL_US);
	}
	if (!ret && (n || s->behind))
		s->bad = true;
	return ret;
}

/**
 * cmd_status() - status [--wait S]
 * @ctl: run
 * @argc: number of words
 * @argv: words
 *
 * Return: 0, 1 if something has an error, or a negative error
 */
int cmd_status(struct ctl *ctl, int argc, char **argv)
{
	bool wait = argc == 2 && !strcmp(argv[0], "--wait");
	struct status s = {};
	double limit;
	int ret;

	ret = ctl_args(ctl, wait ? 0 : argc, 0, 0, "status [--wait S]");
	if (!ret && wait)
		ret = read_seconds(ctl, argv[1], &limit);
	if (!ret && !mn_store_nl(ctl->store))
		ret = status_store(ctl, wait ? limit : 0, &s);
	else if (!ret)
		ret = wait ? wait_healthy(ctl, &s, limit) : status_get(ctl, &s);
	if (!ret && ctl->json)
		ctl_print_json(ctl, json_incref(s.json));
	else if (!ret)
		status_print(ctl, &s);
	json_decref(s.json);
	return ret ? ret : s.bad;
}

static int wait_generation(struct ctl *ctl, const char *text, double limit)
{
	double end = status_now() + limit;
	unsigned long long want;
	struct status s = {};
	char *rest;
	int ret;

	want = strtoull(text, &rest, 10);
	if (*rest || rest == text || *text == '-')
		return mn_usage(&ctl->err, "\"%.32s\" is not a generation",
				text);
	while (!(ret = status_get(ctl, &s)) && s.generation < want) {
		if (status_now() >= end) {
			ret = mn_fail(&ctl->err, -ETIMEDOUT,
				      "the generation is still %llu",
				      (unsigned long long)s.generation);
			break;
		}
		usleep(POLL_US);
	}
	json_decref(s.json);
	return ret;
}

/**
 * cmd_wait() - wait GENERATION [--timeout S], or with a store wait [REVISION]
 * @ctl: run
 * @argc: number of words
 * @argv: words
 *
 * Return: 0, or a negative error
 */
int cmd_wait(struct ctl *ctl, int argc, char **argv)
{
	bool kernel = mn_store_nl(ctl->store);
	double limit = 10;
	int ret = 0;

	if (argc >= 2 && !strcmp(argv[argc - 2], "--timeout")) {
		ret = read_seconds(ctl, argv[argc - 1], &limit);
		argc -= 2;
	}
	if (!ret)
		ret = ctl_args(ctl, argc, kernel, 1,
			       "wait GENERATION|REVISION [--timeout S]");
	if (ret)
		return ret;
	return kernel ? wait_generation(ctl, argv[0], limit) :
			status_wait(ctl, argc ? argv[0] : NULL, limit);
}

/**
 * cmd_release() - release: the kernel mirrors no store any more
 * @ctl: run
 * @argc: number of words
 * @argv: words
 *
 * Return: 0 or a negative error
 */
int cmd_release(struct ctl *ctl, int argc, char **argv)
{
	int ret = ctl_args(ctl, argc, 0, 0, "release");
	struct mn_buf b = {};
	size_t at;

	(void)argv;
	if (ret)
		return ret;
	at = mn_msg_begin(&b, ctl_nl(ctl), MIDONET_CMD_STATUS_SET, 0);
	mn_msg_put(&b, MIDONET_STATUS_STORE, "", 1);
	mn_msg_end(&b, at);
	ret = ctl->dry_run ? 0 : mn_nl_call(ctl_nl(ctl), &b, NULL, NULL,
					    &ctl->err);
	mn_buf_free(&b);
	return ret;
}
