// SPDX-License-Identifier: GPL-2.0
/* trace: a packet walked by the kernel, or real ones watched */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "frame.h"
#include "midoctl.h"
#include "pcap.h"
#include "wire.h"

#define USAGE \
	"trace PORT WORD VALUE... | trace PORT --hex BYTES | trace PORT --pcap FILE | " \
	"trace --live N [WORD VALUE]..."

static json_t *step_json(const struct nlattr *nest)
{
	const struct nlattr *tb[MIDONET_STEP_MAX + 1];
	json_t *json = json_object();

	mn_nest_attrs(nest, tb, MIDONET_STEP_MAX);
	json_set_text(json, "device", tb[MIDONET_STEP_DEVICE]);
	json_set_text(json, "port", tb[MIDONET_STEP_PORT]);
	json_set_text(json, "what", tb[MIDONET_STEP_WHAT]);
	json_set_text(json, "rule", tb[MIDONET_STEP_RULE]);
	json_set_text(json, "route", tb[MIDONET_STEP_ROUTE]);
	json_set_text(json, "text", tb[MIDONET_STEP_TEXT]);
	json_object_set_new(json, "packet",
			    json_packet(tb[MIDONET_STEP_PACKET], false));
	return json;
}

static json_t *enum_json(const char *const *names, size_t n,
			 const struct nlattr *attr, uint64_t none)
{
	uint64_t v = mn_attr_num(attr);

	return attr && v < n && v != none ? json_string(names[v]) : json_null();
}

static json_t *trace_json(const struct nlmsghdr *nlh)
{
	const struct nlattr *tb[MIDONET_TRACE_MAX + 1], *attr;
	json_t *json = json_object(), *outputs = json_array();
	json_t *steps = json_array();

	mn_msg_attrs(nlh, tb, MIDONET_TRACE_MAX);
	mn_msg_for_each(attr, nlh) {
		if (mnl_attr_get_type(attr) == MIDONET_TRACE_OUTPUTS &&
		    mn_attr_text(attr))
			json_array_append_new(outputs,
					      json_string(mn_attr_text(attr)));
		if (mnl_attr_get_type(attr) == MIDONET_TRACE_STEPS)
			json_array_append_new(steps, step_json(attr));
	}
	json_object_set_new(json, "verdict",
			    enum_json(mn_verdict_names,
				      MN_ARRAY_SIZE(mn_verdict_names),
				      tb[MIDONET_TRACE_VERDICT], ~0ull));
	json_object_set_new(json, "reason",
			    enum_json(mn_drop_reason_names,
				      MN_ARRAY_SIZE(mn_drop_reason_names),
				      tb[MIDONET_TRACE_DROP_REASON], 0));
	json_set_text(json, "port", tb[MIDONET_TRACE_PORT_NAME]);
	json_set_text(json, "host", tb[MIDONET_TRACE_HOST]);
	json_object_set_new(json, "tunnel-key",
			    mn_attr_num(tb[MIDONET_TRACE_TUNNEL_KEY]) ?
			    json_integer(mn_attr_num(tb[MIDONET_TRACE_TUNNEL_KEY])) :
			    json_null());
	json_object_set_new(json, "outputs", outputs);
	json_object_set_new(json, "packet-out",
			    json_packet(tb[MIDONET_TRACE_PACKET_OUT], false));
	json_object_set_new(json, "mask",
			    json_packet(tb[MIDONET_TRACE_MASK], true));
	json_object_set_new(json, "steps", steps);
	return json;
}

static const char *text_of(json_t *json, const char *key)
{
	return json_string_value(json_object_get(json, key));
}

static void print_trace(struct ctl *ctl, json_t *trace)
{
	const char *verdict = text_of(trace, "verdict");
	const char *reason = text_of(trace, "reason"), *rule;
	bool drop = verdict && !strcmp(verdict, "drop");
	struct mn_buf mask = {};
	const char *cells[4];
	static const char *const heads[] = { "where", "what", "rule", "text",
					     NULL };
	struct table *t = table_new(heads);
	json_t *step, *out;
	size_t i;

	json_array_foreach(json_object_get(trace, "steps"), i, step) {
		cells[0] = text_of(step, "port") ?: text_of(step, "device");
		cells[1] = text_of(step, "what");
		cells[2] = text_of(step, "rule");
		cells[3] = text_of(step, "text");
		table_row(t, cells);
	}
	table_print(t);
	printf("%s%s%s", ctl_color(ctl, drop ? "red" : "green"),
	       verdict ?: "?", ctl_color(ctl, ""));
	if (reason)
		printf(" (%s)", reason);
	step = json_array_get(json_object_get(trace, "steps"),
			      json_array_size(json_object_get(trace, "steps")) - 1);
	rule = drop ? text_of(step, "rule") : NULL;
	if (rule)
		printf(" by rule %s", rule);
	json_array_foreach(json_object_get(trace, "outputs"), i, out)
		printf("%s%s", i ? ", " : " to ", json_string_value(out));
	packet_print(json_object_get(trace, "mask"), &mask);
	printf("\ndepends on: %s\n", mask.s);
	mn_buf_free(&mask);
}

static int trace_cb(const struct nlmsghdr *nlh, void *arg)
{
	json_array_append_new(arg, trace_json(nlh));
	return 0;
}

static int trace_frame(struct ctl *ctl, const struct mn_obj *port,
		       const void *frame, size_t len, json_t *list)
{
	struct mn_buf b = {};
	size_t at;
	int ret;

	if (len < 14 || len > 65531)
		return mn_fail(&ctl->err, -EINVAL,
			       "trace: a frame has 14 to 65531 bytes, this one %zu",
			       len);
	at = mn_msg_begin(&b, ctl_nl(ctl), MIDONET_CMD_TRACE, 0);
	mn_msg_put(&b, MIDONET_TRACE_PORT, port->id.b, MN_UUID_LEN);
	mn_msg_put(&b, MIDONET_TRACE_FRAME, frame, len);
	mn_msg_end(&b, at);
	ret = mn_nl_call(ctl_nl(ctl), &b, trace_cb, list, &ctl->err);
	mn_buf_free(&b);
	return ret;
}

static int trace_words(struct ctl *ctl, struct mn_obj *port, int argc,
		       char **argv, json_t *list)
{
	struct mn_buf frame = {};
	struct mn_frame f = {};
	int ret = 0;

	if (!argc || argc % 2)
		return mn_usage(&ctl->err, "usage: midoctl %s", USAGE);
	for (; !ret && argc; argc -= 2, argv += 2) {
		ret = mn_frame_word(&f, argv[0], argv[1], &ctl->err);
		if (ret)
			mn_err_prefix(&ctl->err, "trace");
	}
	if (!ret) {
		ctl_frame_macs(ctl, port, &f);
		ret = mn_frame_build(&f, &frame, &ctl->err);
		if (ret)
			mn_err_prefix(&ctl->err, "trace");
	}
	if (!ret)
		ret = trace_frame(ctl, port, frame.s, frame.len, list);
	mn_frame_free(&f);
	mn_buf_free(&frame);
	return ret;
}

static int trace_hex(struct ctl *ctl, struct mn_obj *port, const char *text,
		     json_t *list)
{
	struct mn_buf frame = {};
	int ret = mn_hex_parse(text, &frame, &ctl->err);

	if (ret)
		ctl->err.usage = true;
	else
		ret = trace_frame(ctl, port, frame.s, frame.len, list);
	mn_buf_free(&frame);
	return ret;
}

/**
 * struct pcap_arg - what a captured packet needs to be traced
 */
struct pcap_arg {
	struct ctl *ctl;
	struct mn_obj *port;
	json_t *list;
};

static int pcap_packet(void *arg, const void *frame, size_t len)
{
	struct pcap_arg *p = arg;

	return trace_frame(p->ctl, p->port, frame, len, p->list);
}

/**
 * struct live - a live trace
 * @ctl: run
 * @left: packets yet to come
 */
struct live {
	struct ctl *ctl;
	uint32_t left;
};

static int live_cb(const struct nlmsghdr *nlh, void *arg)
{
	struct live *live = arg;
	json_t *json;

	if (mn_msg_cmd(nlh) != MIDONET_CMD_TRACE_EVENT || !live->left)
		return 0;
	json = trace_json(nlh);
	if (live->ctl->json) {
		json_dumpf(json, stdout, JSON_COMPACT);
	} else {
		printf("%s\n", text_of(json, "port") ?: "?");
		print_trace(live->ctl, json);
	}
	putchar('\n');
	json_decref(json);
	live->left--;
	return fflush(stdout) ? -EPIPE : 0;
}

static int live_words(struct ctl *ctl, int argc, char **argv,
		      struct mn_match *match, struct mn_obj **port)
{
	const struct mn_attr *a;
	char buf[80];
	int ret = 0;

	if (argc % 2)
		return mn_usage(&ctl->err, "usage: midoctl %s", USAGE);
	for (; !ret && argc; argc -= 2, argv += 2) {
		a = mn_match_word(argv[0]);
		if (a && a->attr == MIDONET_MATCH_IN_PORT) {
			*port = mn_model_lookup(ctl->model,
						MIDONET_OBJECT_TYPE_PORT,
						argv[1], &ctl->err);
			ret = *port ? 0 : ctl->err.code;
		} else if (a && mn_match_is_header(a)) {
			ret = mn_match_set_text(match, a, &ctl->model->names,
						argv[1], &ctl->err);
			if (ret) {
				mn_err_prefix(&ctl->err, "trace: %s", a->word);
				ctl->err.usage = true;
			}
		} else {
			ret = mn_usage(&ctl->err, "trace: unknown word \"%s\"",
				       mn_shown(argv[0], buf, sizeof(buf)));
		}
	}
	return ret;
}

static int start_live(struct ctl *ctl, uint32_t count,
		      const struct mn_match *match, const struct mn_obj *port)
{
	struct mn_buf b = {};
	size_t at;
	int ret;

	at = mn_msg_begin(&b, ctl_nl(ctl), MIDONET_CMD_TRACE_LIVE, 0);
	mn_msg_put_u32(&b, MIDONET_TRACE_COUNT, count);
	if (!mn_match_empty(match))
		mn_wire_match(&b, MIDONET_TRACE_FILTER, match);
	if (port)
		mn_msg_put(&b, MIDONET_TRACE_PORT, port->id.b, MN_UUID_LEN);
	mn_msg_end(&b, at);
	ret = mn_nl_call(ctl_nl(ctl), &b, NULL, NULL, &ctl->err);
	mn_buf_free(&b);
	return ret;
}

static int trace_live(struct ctl *ctl, int argc, char **argv)
{
	struct live live = { .ctl = ctl };
	struct mn_match match = {};
	struct mn_obj *port = NULL;
	unsigned long count;
	char *end;
	int ret;

	count = argc ? strtoul(argv[0], &end, 10) : 0;
	if (!count || *end || count > 1000)
		return mn_usage(&ctl->err, "trace --live: how many packets, 1 to 1000?");
	live.left = count;
	ret = live_words(ctl, argc - 1, argv + 1, &match, &port);
	if (!ret)
		ret = start_live(ctl, count, &match, port);
	while (ret >= 0 && live.left) {
		ret = mn_nl_events(ctl_nl(ctl), live_cb, &live, -1, &ctl->err);
		if (ret == -ENOBUFS) {
			fputs("midoctl: some packets were lost\n", stderr);
			ret = 0;
		}
	}
	mn_match_clear(&match);
	return ret > 0 || ret == -EPIPE ? 0 : ret;
}

static void print_list(struct ctl *ctl, json_t *list, bool many)
{
	json_t *json;
	size_t i;

	if (ctl->json) {
		ctl_print_json(ctl, json_incref(many ? list :
						json_array_get(list, 0)));
		return;
	}
	json_array_foreach(list, i, json) {
		if (i)
			putchar('\n');
		print_trace(ctl, json);
	}
}

/**
 * cmd_trace() - trace PORT ... | trace --live N ...
 * @ctl: run
 * @argc: number of words
 * @argv: words
 *
 * Return: 0 or a negative error
 */
int cmd_trace(struct ctl *ctl, int argc, char **argv)
{
	struct pcap_arg p = { .ctl = ctl };
	bool pcap;
	int ret;

	ret = ctl_args(ctl, argc, 2, -1, USAGE);
	if (ret)
		return ret;
	if (!strcmp(argv[0], "--live"))
		return trace_live(ctl, argc - 1, argv + 1);
	p.port = mn_model_lookup(ctl->model, MIDONET_OBJECT_TYPE_PORT, argv[0],
				 &ctl->err);
	if (!p.port)
		return ctl->err.code;
	p.list = json_array();
	pcap = argc == 3 && !strcmp(argv[1], "--pcap");
	if (pcap)
		ret = pcap_read(argv[2], pcap_packet, &p, &ctl->err);
	else if (argc == 3 && !strcmp(argv[1], "--hex"))
		ret = trace_hex(ctl, p.port, argv[2], p.list);
	else
		ret = trace_words(ctl, p.port, argc - 1, argv + 1, p.list);
	if (!ret && !pcap && !json_array_size(p.list))
		ret = mn_fail(&ctl->err, -EPROTO, "trace: no answer");
	if (!ret)
		print_list(ctl, p.list, pcap);
	json_decref(p.list);
	return ret;
}
