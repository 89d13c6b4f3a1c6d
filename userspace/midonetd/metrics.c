// SPDX-License-Identifier: GPL-2.0
/*
 * How everything is, in the text format of Prometheus. The number of lines is bounded by
 * the number of types, states, reasons and tunnel-zones, not by that of objects.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "metrics.h"
#include "mirror.h"
#include "report.h"
#include "../../kmod/version.h"

/**
 * struct sums - what a kernel said
 * @out: where lines go
 * @subsystems: lines about subsystems
 * @used: about how full tables are
 * @limits: about how full they may be
 * @zones: about tunnel-zones
 * @generation: of the topology
 * @drops: packets by reason
 * @ports: number by state
 */
struct sums {
	struct mn_buf *out;
	struct mn_buf subsystems;
	struct mn_buf used;
	struct mn_buf limits;
	struct mn_buf zones;
	uint64_t generation;
	uint64_t drops[__MIDONET_DROP_REASON_COUNT];
	uint64_t ports[__MIDONET_PORT_STATE_COUNT];
};

/* A label's value is quoted as the format wants it. */
static void put_label(struct mn_buf *out, const char *value)
{
	for (; *value; value++) {
		if (*value == '\n')
			mn_buf_puts(out, "\\n");
		else if (*value == '"' || *value == '\\')
			mn_buf_printf(out, "\\%c", *value);
		else
			mn_buf_add(out, value, 1);
	}
}

/**
 * metrics_line() - add a line
 * @out: appended to
 * @name: metric
 * @label: name of its label, NULL: it has none
 * @value: of the label
 * @number: value; whole ones are exact to 2^53
 */
void metrics_line(struct mn_buf *out, const char *name, const char *label,
		  const char *value, double number)
{
	mn_buf_puts(out, name);
	if (label) {
		mn_buf_printf(out, "{%s=\"", label);
		put_label(out, value);
		mn_buf_puts(out, "\"}");
	}
	mn_buf_printf(out, " %.17g\n", number);
}

static void head(struct mn_buf *out, const char *name, const char *type,
		 const char *help)
{
	mn_buf_printf(out, "# HELP %s %s\n# TYPE %s %s\n", name, help, name,
		      type);
}

static void one(struct mn_buf *out, const char *name, const char *type,
		const char *help, double number)
{
	head(out, name, type, help);
	metrics_line(out, name, NULL, NULL, number);
}

/* Several lines under one head. */
static void block(struct mn_buf *out, const char *name, const char *type,
		  const char *help, struct mn_buf *lines)
{
	head(out, name, type, help);
	if (lines->len)
		mn_buf_add(out, lines->s, lines->len);
	mn_buf_free(lines);
}

static void sum_subsystem(struct sums *s, const struct nlattr *nest)
{
	const struct nlattr *tb[MIDONET_SUBSYSTEM_MAX + 1];
	const char *name;
	uint64_t level;

	mn_nest_attrs(nest, tb, MIDONET_SUBSYSTEM_MAX);
	name = mn_attr_text(tb[MIDONET_SUBSYSTEM_NAME]);
	level = mn_attr_num(tb[MIDONET_SUBSYSTEM_LEVEL]);
	if (!name)
		return;
	if (!strncmp(name, "tunnel-zone ", 12)) {
		metrics_line(&s->zones, "midonet_tunnel_zone_up", "zone",
			     name + 12, level == MIDONET_LEVEL_OK);
		return;
	}
	metrics_line(&s->subsystems, "midonet_subsystem_level", "subsystem",
		     name, level);
	if (!tb[MIDONET_SUBSYSTEM_LIMIT])
		return;
	metrics_line(&s->used, "midonet_table_entries", "table", name,
		     mn_attr_num(tb[MIDONET_SUBSYSTEM_USED]));
	metrics_line(&s->limits, "midonet_table_limit", "table", name,
		     mn_attr_num(tb[MIDONET_SUBSYSTEM_LIMIT]));
}

static int status_cb(const struct nlmsghdr *nlh, void *arg)
{
	const struct nlattr *tb[MIDONET_STATUS_MAX + 1], *attr;
	struct sums *s = arg;

	mn_msg_attrs(nlh, tb, MIDONET_STATUS_MAX);
	s->generation = mn_attr_num(tb[MIDONET_STATUS_GENERATION]);
	mn_msg_for_each(attr, nlh) {
		if (mnl_attr_get_type(attr) == MIDONET_STATUS_SUBSYSTEMS)
			sum_subsystem(s, attr);
	}
	return 0;
}

static int drop_cb(const struct nlmsghdr *nlh, void *arg)
{
	const struct nlattr *tb[MIDONET_DROP_MAX + 1];
	struct sums *s = arg;
	uint64_t reason;

	mn_msg_attrs(nlh, tb, MIDONET_DROP_MAX);
	reason = mn_attr_num(tb[MIDONET_DROP_DROP_REASON]);
	if (reason < MN_ARRAY_SIZE(s->drops))
		s->drops[reason] += mn_attr_num(tb[MIDONET_DROP_PACKETS]);
	return 0;
}

static int port_cb(const struct nlmsghdr *nlh, void *arg)
{
	const struct nlattr *tb[MIDONET_A_MAX + 1];
	struct sums *s = arg;
	uint64_t state;

	mn_msg_attrs(nlh, tb, MIDONET_A_MAX);
	state = mn_attr_num(tb[MIDONET_A_STATE]);
	if (state < MN_ARRAY_SIZE(s->ports))
		s->ports[state]++;
	return 0;
}

static int ask(struct daemon *d, int cmd, bool dump, mn_nl_cb cb,
	       struct sums *s, struct mn_err *err)
{
	struct mn_buf b = {};
	int ret;

	mn_msg_end(&b, mn_msg_begin(&b, d->nl, cmd, dump ? NLM_F_DUMP : 0));
	ret = dump ? mn_nl_dump(d->nl, &b, cb, s, err) :
		     mn_nl_call(d->nl, &b, cb, s, err);
	mn_buf_free(&b);
	return ret;
}

static void put_kernel(struct sums *s)
{
	struct mn_buf *out = s->out;
	size_t i;

	one(out, "midonet_generation", "gauge",
	    "Generation of the topology in the kernel.", s->generation);
	block(out, "midonet_subsystem_level", "gauge",
	      "How each part is: 0 ok, 1 warning, 2 error.", &s->subsystems);
	block(out, "midonet_table_entries", "gauge",
	      "Entries of tables that packets can fill.", &s->used);
	block(out, "midonet_table_limit", "gauge",
	      "How many entries they may have.", &s->limits);
	block(out, "midonet_tunnel_zone_up", "gauge",
	      "Is the tunnel of a tunnel-zone open on this host?", &s->zones);
	head(out, "midonet_ports", "gauge", "Ports by state on this host.");
	for (i = 0; i < MN_ARRAY_SIZE(s->ports); i++)
		metrics_line(out, "midonet_ports", "state",
			     mn_port_state_names[i], s->ports[i]);
	head(out, "midonet_dropped_packets_total", "counter",
	     "Packets dropped, by reason.");
	for (i = 0; i < MN_ARRAY_SIZE(s->drops); i++) {
		if (mn_drop_reason_names[i])
			metrics_line(out, "midonet_dropped_packets_total",
				     "reason", mn_drop_reason_names[i],
				     s->drops[i]);
	}
}

static void put_objects(const struct daemon *d, struct mn_buf *out)
{
	const struct mn_model *m = mirror_model(d);
	size_t i;

	head(out, "midonet_objects", "gauge", "Objects of the topology by type.");
	for (i = 0; m && i < mn_n_types; i++)
		metrics_line(out, "midonet_objects", "type", mn_types[i].word,
			     m->objs[mn_types[i].type].n);
}

static void put_store(const struct daemon *d, struct mn_buf *out)
{
	const struct store_state *s = report_state(d);
	uint64_t applied = mirror_applied(d);

	head(out, "midonet_info", "gauge", "What this is.");
	mn_buf_puts(out, "midonet_info{version=\"" MN_VERSION "\",host=\"");
	put_label(out, d->conf.host);
	mn_buf_puts(out, "\",store=\"");
	put_label(out, d->store_name);
	mn_buf_puts(out, "\"} 1\n");
	one(out, "midonet_store_connected", "gauge",
	    "Can the store be asked?", s->connected);
	one(out, "midonet_store_disconnected_seconds", "gauge",
	    "Since when it cannot.", s->connected ? 0 : mn_zk_now() - s->lost);
	one(out, "midonet_store_revision", "gauge",
	    "Newest revision of the store that is known.", s->newest);
	one(out, "midonet_revision", "gauge",
	    "Revision that is in force in the kernel.", applied);
	one(out, "midonet_store_lag", "gauge",
	    "Revisions that are not in force yet.",
	    s->newest > applied ? s->newest - applied : 0);
	one(out, "midonet_store_refused", "gauge",
	    "Is a revision refused by the kernel, or wrong?",
	    mirror_error(d) || *s->why);
}

/**
 * metrics_write() - write all metrics
 * @d: daemon
 * @out: appended to
 * @err: for errors
 *
 * Return: 0 or a negative error of the kernel
 */
int metrics_write(struct daemon *d, struct mn_buf *out, struct mn_err *err)
{
	struct sums s = { .out = out };
	int ret;

	ret = ask(d, MIDONET_CMD_STATUS_GET, false, status_cb, &s, err);
	if (!ret)
		ret = ask(d, MIDONET_CMD_PORT_GET, true, port_cb, &s, err);
	if (!ret)
		ret = ask(d, MIDONET_CMD_DROP_GET, true, drop_cb, &s, err);
	if (!ret) {
		put_store(d, out);
		put_objects(d, out);
		put_kernel(&s);
	}
	mn_buf_free(&s.subsystems);
	mn_buf_free(&s.used);
	mn_buf_free(&s.limits);
	mn_buf_free(&s.zones);
	return ret;
}
