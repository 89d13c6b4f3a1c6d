// SPDX-License-Identifier: GPL-2.0
/* conn list | count | flush, nat list */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "conn.h"
#include "midoctl.h"
#include "wire.h"

/**
 * struct which - connections that are meant
 * @match: by the headers of the initiator's packets
 * @device: of this device, or NULL
 */
struct which {
	struct mn_match match;
	const struct mn_obj *device;
};

/* Of a packet's headers, what tells connections apart. */
static bool is_tuple_word(const struct mn_attr *a)
{
	switch (a->attr) {
	case MIDONET_MATCH_ETHERTYPE:
	case MIDONET_MATCH_SRC:
	case MIDONET_MATCH_DST:
	case MIDONET_MATCH_PROTO:
	case MIDONET_MATCH_SRC_PORT:
	case MIDONET_MATCH_DST_PORT:
		return true;
	}
	return false;
}

static int which_word(struct ctl *ctl, struct which *w, const char *word,
		      const char *text)
{
	const struct mn_attr *a = mn_match_word(word);
	char buf[80];
	int ret;

	if (!strcmp(word, "device")) {
		w->device = ctl_device(ctl, 1u << MIDONET_OBJECT_TYPE_BRIDGE |
				       1u << MIDONET_OBJECT_TYPE_ROUTER, text,
				       "device");
		return w->device ? 0 : ctl->err.code;
	}
	if (!a || !is_tuple_word(a))
		return mn_usage(&ctl->err,
				"conn: unknown word \"%s\"; device, ethertype, src, dst, proto, src-port or dst-port",
				mn_shown(word, buf, sizeof(buf)));
	ret = mn_match_set_text(&w->match, a, NULL, text, &ctl->err);
	if (ret) {
		mn_err_prefix(&ctl->err, "conn: %s", word);
		ctl->err.usage = true;
	}
	return ret;
}

static int which_words(struct ctl *ctl, struct which *w, int argc, char **argv)
{
	int ret = 0;

	if (argc % 2)
		return mn_usage(&ctl->err, "conn: %s needs a value",
				argv[argc - 1]);
	for (; !ret && argc; argc -= 2, argv += 2)
		ret = which_word(ctl, w, argv[0], argv[1]);
	return ret;
}

static void begin(struct mn_buf *b, struct ctl *ctl, int cmd,
		  const struct which *w)
{
	size_t at = mn_msg_begin(b, ctl_nl(ctl), cmd, 0);

	if (w->device)
		mn_msg_put(b, MIDONET_CONN_DEVICE_ID, w->device->id.b,
			   MN_UUID_LEN);
	if (!mn_match_empty(&w->match))
		mn_wire_match(b, MIDONET_CONN_FILTER, &w->match);
	mn_msg_end(b, at);
}

/**
 * ctl_conns() - go through the connections
 * @ctl: run
 * @argc: number of words
 * @argv: words that say which
 * @fn: called for each
 * @arg: for @fn
 *
 * Return: 0 or a negative error
 */
int ctl_conns(struct ctl *ctl, int argc, char **argv, mn_nl_cb fn, void *arg)
{
	struct which w = {};
	struct mn_buf b = {};
	int ret = which_words(ctl, &w, argc, argv);

	if (!ret) {
		begin(&b, ctl, MIDONET_CMD_CONN_GET, &w);
		ret = mn_nl_dump(ctl_nl(ctl), &b, fn, arg, &ctl->err);
	}
	mn_buf_free(&b);
	mn_match_clear(&w.match);
	/* They come and go: there is no consistent list of them. */
	return ret == -EINTR ? 0 : ret;
}

/**
 * struct rows - what is listed: there may be a million
 * @table: for people, or NULL
 * @n: rows so far
 */
struct rows {
	struct table *table;
	size_t n;
};

static void print_json_row(struct rows *r, json_t *json)
{
	fputs(r->n++ ? ",\n" : "[\n", stdout);
	json_dumpf(json, stdout, JSON_INDENT(2));
	json_decref(json);
}

static int rows_end(struct rows *r, int ret)
{
	if (r->table)
		table_print(r->table);
	else if (!ret || r->n)
		fputs(r->n ? "\n]\n" : "[]\n", stdout);
	return ret;
}

static char *service_text(const uint8_t *addr, int len, int32_t port)
{
	struct mn_buf text = {};

	if (port == MN_CONN_NO_NUM)
		mn_addr_print(addr, len, &text);
	else
		mn_endpoint_print(addr, len, port, &text);
	return text.s;
}

static const char *const conn_heads[] = {
	"device", "proto", "src", "dst", "id", "reply-src", "reply-dst",
	"state", "age", "expires", "origin", NULL,
};

static char *number_text(int64_t num)
{
	return num == MN_CONN_NO_NUM ? NULL : mn_asprintf("%lld", (long long)num);
}

static void conn_row(struct table *t, const struct mn_conn *c)
{
	const struct mn_conn_tuple *f = &c->forward, *r = &c->reply;
	json_t *json = mn_conn_json(c);
	char *cells[11] = {
		[2] = service_text(f->src, f->len, f->src_port),
		[3] = service_text(f->dst, f->len, f->dst_port),
		[4] = number_text(f->icmp_id),
		[5] = service_text(r->src, r->len, r->src_port),
		[6] = service_text(r->dst, r->len, r->dst_port),
		[8] = number_text(c->age), [9] = number_text(c->expires),
	};
	const char *row[11];
	size_t i;

	for (i = 0; i < MN_ARRAY_SIZE(row); i++)
		row[i] = cells[i];
	row[0] = c->device.name;
	row[1] = json_string_value(json_object_get(json, "proto"));
	row[7] = json_string_value(json_object_get(json, "state"));
	row[10] = c->origin;
	table_row(t, row);
	for (i = 0; i < MN_ARRAY_SIZE(cells); i++)
		free(cells[i]);
	json_decref(json);
}

static int conn_cb(const struct nlmsghdr *nlh, void *arg)
{
	struct rows *r = arg;
	struct mn_conn c;

	if (mn_conn_read(nlh, &c))
		return 0;
	if (r->table)
		conn_row(r->table, &c);
	else
		print_json_row(r, mn_conn_json(&c));
	return 0;
}

/**
 * cmd_conn_list() - conn list [WORD VALUE]...
 * @ctl: run
 * @argc: number of words
 * @argv: words
 *
 * Return: 0 or a negative error
 */
int cmd_conn_list(struct ctl *ctl, int argc, char **argv)
{
	struct rows r = { .table = ctl->json ? NULL : table_new(conn_heads) };

	return rows_end(&r, ctl_conns(ctl, argc, argv, conn_cb, &r));
}

static const char *const nat_heads[] = {
	"device", "rule", "proto", "from", "to", "state", "expires", NULL,
};

/* What of a packet is translated, before and after. */
static char *side_text(json_t *side)
{
	static const char *const ports[] = { "src-port", "dst-port" };
	static const char *const addrs[] = { "src", "dst" };
	struct mn_buf out = {};
	json_t *port, *id = json_object_get(side, "icmp-id");
	const char *addr;
	size_t i;

	for (i = 0; i < 2; i++) {
		addr = json_string_value(json_object_get(side, addrs[i]));
		port = json_object_get(side, ports[i]);
		if (json_is_integer(port))
			mn_buf_printf(&out, strchr(addr, ':') ?
				      "%s[%s]:%d" : "%s%s:%d", i ? " > " : "",
				      addr, (int)json_integer_value(port));
		else
			mn_buf_printf(&out, "%s%s", i ? " > " : "", addr);
	}
	if (json_is_integer(id))
		mn_buf_printf(&out, " id %d", (int)json_integer_value(id));
	return out.s;
}

static void nat_row(struct table *t, json_t *row)
{
	char *from = side_text(json_object_get(row, "from"));
	char *to = side_text(json_object_get(row, "to"));
	json_t *age = json_object_get(row, "expires");
	char *expires = number_text(json_integer_value(age));
	const char *cells[7] = {
		json_string_value(json_object_get(row, "device")),
		json_string_value(json_object_get(row, "rule")),
		json_string_value(json_object_get(row, "proto")), from, to,
		json_string_value(json_object_get(row, "state")), expires,
	};

	table_row(t, cells);
	free(from);
	free(to);
	free(expires);
}

static int nat_cb(const struct nlmsghdr *nlh, void *arg)
{
	struct rows *r = arg;
	json_t *list, *row;
	struct mn_conn c;
	size_t i;

	if (mn_conn_read(nlh, &c))
		return 0;
	list = mn_conn_nat_json(&c);
	json_array_foreach(list, i, row) {
		if (r->table)
			nat_row(r->table, row);
		else
			print_json_row(r, json_incref(row));
	}
	json_decref(list);
	return 0;
}

/**
 * cmd_nat_list() - nat list [WORD VALUE]...
 * @ctl: run
 * @argc: number of words
 * @argv: words
 *
 * Return: 0 or a negative error
 */
int cmd_nat_list(struct ctl *ctl, int argc, char **argv)
{
	struct rows r = { .table = ctl->json ? NULL : table_new(nat_heads) };

	return rows_end(&r, ctl_conns(ctl, argc, argv, nat_cb, &r));
}

static int count_cb(const struct nlmsghdr *nlh, void *arg)
{
	const struct nlattr *tb[MIDONET_CONN_MAX + 1];

	mn_msg_attrs(nlh, tb, MIDONET_CONN_MAX);
	*(uint64_t *)arg = mn_attr_num(tb[MIDONET_CONN_COUNT]);
	return 0;
}

static int count(struct ctl *ctl, int cmd, int argc, char **argv,
		 uint64_t *n)
{
	struct which w = {};
	struct mn_buf b = {};
	int ret = which_words(ctl, &w, argc, argv);

	*n = 0;
	if (!ret) {
		begin(&b, ctl, cmd, &w);
		ret = mn_nl_call(ctl_nl(ctl), &b, count_cb, n, &ctl->err);
	}
	mn_buf_free(&b);
	mn_match_clear(&w.match);
	return ret;
}

static void print_count(struct ctl *ctl, uint64_t n)
{
	if (ctl->json)
		ctl_print_json(ctl, json_pack("{s:I}", "count",
					      (json_int_t)n));
	else
		printf("%llu\n", (unsigned long long)n);
}

/**
 * cmd_conn_count() - conn count [WORD VALUE]...
 * @ctl: run
 * @argc: number of words
 * @argv: words
 *
 * Return: 0 or a negative error
 */
int cmd_conn_count(struct ctl *ctl, int argc, char **argv)
{
	uint64_t n;
	int ret = count(ctl, MIDONET_CMD_CONN_COUNT, argc, argv, &n);

	if (!ret)
		print_count(ctl, n);
	return ret;
}

/**
 * cmd_conn_flush() - conn flush [WORD VALUE]...
 * @ctl: run
 * @argc: number of words
 * @argv: words
 *
 * Tells how many went, or with --dry-run would go.
 *
 * Return: 0 or a negative error
 */
int cmd_conn_flush(struct ctl *ctl, int argc, char **argv)
{
	uint64_t n;
	int ret = count(ctl, ctl->dry_run ? MIDONET_CMD_CONN_COUNT :
					    MIDONET_CMD_CONN_FLUSH,
			argc, argv, &n);

	if (!ret && ctl->json)
		print_count(ctl, n);
	else if (!ret)
		printf("%llu forgotten\n", (unsigned long long)n);
	return ret;
}
