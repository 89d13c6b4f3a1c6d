// SPDX-License-Identifier: GPL-2.0
/* doctor: what is wrong with this host, and the command that helps. */
#include <errno.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/utsname.h>

#include "doctor.h"
#include "status.h"
#include "../../kmod/version.h"

#define CONF_PATH	"/etc/midonet/midonet.conf"
#define CAP_NET_ADMIN_BIT	12

static const char *const levels[] = { "ok", "warning", "error" };
static const char *const colors[] = { "green", "yellow", "red" };

/**
 * doctor_say() - note what was found
 * @d: examination
 * @level: how bad it is
 * @name: what it is about, one word
 * @next: command that helps, or NULL
 * @fmt: sentence without a full stop
 */
void doctor_say(struct doctor *d, enum doctor_level level, const char *name,
		const char *next, const char *fmt, ...)
{
	json_t *json = json_object();
	char text[1200];
	va_list ap;

	va_start(ap, fmt);
	vsnprintf(text, sizeof(text), fmt, ap);
	va_end(ap);
	json_object_set_new(json, "name", json_string(name));
	json_object_set_new(json, "level", json_string(levels[level]));
	json_object_set_new(json, "text", json_string(text));
	json_object_set_new(json, "next",
			    next ? json_string(next) : json_null());
	json_array_append_new(d->list, json);
	d->bad |= level == DOCTOR_ERROR;
}

static bool may_change(void)
{
	FILE *f = fopen("/proc/self/status", "re");
	unsigned long long caps = 0;
	char line[200];

	if (!f)
		return true;
	while (fgets(line, sizeof(line), f)) {
		if (sscanf(line, "CapEff: %llx", &caps) == 1)
			break;
	}
	fclose(f);
	return caps >> CAP_NET_ADMIN_BIT & 1;
}

static const char *member(json_t *json, const char *key)
{
	const char *text = json_string_value(json_object_get(json, key));

	return text ? text : "";
}

/* What a subsystem that is not well is helped by, as far as that can be said. */
static const char *next_of(const char *name, const char *text)
{
	if (!strcmp(name, "dhcp") || strstr(text, "nobody reports"))
		return "systemctl start midonetd";
	if (!strcmp(name, "store"))
		return "journalctl -u midonetd -n 20";
	if (!strcmp(name, "flows") || !strcmp(name, "macs") ||
	    !strcmp(name, "connections"))
		return "sysctl net.midonet";
	return strncmp(name, "tunnel", 6) ? NULL : "ip address";
}

/* Who decides what is in this kernel. */
static void judge_owner(struct doctor *d, const struct ctl *ctl,
			struct status *s)
{
	const char *store = member(s->json, "store");
	char next[300];

	if (!*store)
		return;
	snprintf(next, sizeof(next), "midoctl -s %s show", store);
	if (!strcmp(ctl->where, "kernel"))
		doctor_say(d, DOCTOR_OK, "owner", next,
			   "this kernel mirrors %s: change the topology there, by -s",
			   store);
}

static void judge_status(struct doctor *d, struct ctl *ctl)
{
	struct status s = {};
	const char *name, *level, *text;
	json_t *sub;
	size_t i;

	if (status_get(ctl, &s)) {
		doctor_say(d, DOCTOR_ERROR, "kernel", NULL, "%s",
			   ctl->err.text);
		return;
	}
	judge_owner(d, ctl, &s);
	json_array_foreach(json_object_get(s.json, "subsystems"), i, sub) {
		name = member(sub, "name");
		level = member(sub, "level");
		text = member(sub, "text");
		/* Ports are told one by one. */
		if (!strcmp(level, "ok") || !strcmp(name, "ports"))
			continue;
		doctor_say(d, strcmp(level, "error") ? DOCTOR_WARNING :
						       DOCTOR_ERROR,
			   name, next_of(name, text), "%s", text);
	}
	json_decref(s.json);
}

/* The value of "store" in the daemon's configuration, NULL: none. */
static char *configured_store(const struct doctor *d)
{
	struct mn_buf path = {};
	char line[500], value[400];
	char *found = NULL;
	FILE *f;

	mn_buf_printf(&path, "%s%s", d->root, CONF_PATH);
	f = fopen(path.s, "re");
	mn_buf_free(&path);
	if (!f)
		return NULL;
	while (!found && fgets(line, sizeof(line), f)) {
		if (sscanf(line, " store = %399s", value) == 1)
			found = mn_strdup(value);
	}
	fclose(f);
	return found;
}

static void judge_store(struct doctor *d, const struct ctl *ctl)
{
	bool given = strcmp(ctl->where, "kernel");
	char *where = given ? mn_strdup(ctl->where) : configured_store(d);
	struct mn_store *store = NULL;
	struct mn_model *m = NULL;
	struct mn_err err = {};
	int ret;

	if (!where)
		return;
	ret = mn_store_open(&store, where, &err);
	if (!ret) {
		m = mn_model_new(store);
		ret = mn_store_load_all(store, m, &err);
	}
	if (!ret)
		doctor_say(d, DOCTOR_OK, "store", NULL, "%s can be read", where);
	else
		doctor_say(d, DOCTOR_ERROR, "store",
			   given ? "midoctl -s STORE status" :
				   "editor " CONF_PATH,
			   "%s: %s; what is in force stays so", where,
			   err.text);
	mn_model_free(m);
	mn_store_close(store);
	free(where);
}

static void print(struct ctl *ctl, const struct doctor *d)
{
	const char *next;
	json_t *found;
	size_t i, l;

	json_array_foreach(d->list, i, found) {
		for (l = 0; strcmp(levels[l], member(found, "level")); l++)
			;
		printf("%s%-7s%s  %-9s %s\n", ctl_color(ctl, colors[l]),
		       levels[l], ctl_color(ctl, ""), member(found, "name"),
		       member(found, "text"));
		next = member(found, "next");
		if (*next)
			printf("%20s# %s\n", "", next);
	}
}

static void examine(struct doctor *d, struct ctl *ctl)
{
	if (!may_change())
		doctor_say(d, DOCTOR_ERROR, "privilege", "sudo midoctl doctor",
			   "changing networks needs CAP_NET_ADMIN");
	/* Outside the namespace -n names, as the daemon does. */
	judge_store(d, ctl);
	ctl->where = "kernel";
	if (ctl_open(ctl)) {
		if (ctl->netns && ctl->err.code != -ENOENT)
			doctor_say(d, DOCTOR_ERROR, "kernel", NULL, "%s",
				   ctl->err.text);
		doctor_absent(d);
		return;
	}
	doctor_loaded(d, MN_VERSION);
	judge_status(d, ctl);
	doctor_ports(d, ctl);
	doctor_mtus(d, ctl);
}

/**
 * cmd_doctor() - doctor
 * @ctl: run, nothing is open
 * @argc: number of words
 * @argv: words
 *
 * Return: 0, 1 if something is in error, or a negative error
 */
int cmd_doctor(struct ctl *ctl, int argc, char **argv)
{
	struct doctor d = { .root = "", .list = json_array() };
	int ret = ctl_args(ctl, argc, 0, 0, "doctor");
	struct utsname uts;

	(void)argv;
	if (!ret) {
		uname(&uts);
		snprintf(d.release, sizeof(d.release), "%s", uts.release);
		examine(&d, ctl);
		if (ctl->json)
			ctl_print_json(ctl, json_incref(d.list));
		else
			print(ctl, &d);
	}
	json_decref(d.list);
	return ret ? ret : d.bad;
}
