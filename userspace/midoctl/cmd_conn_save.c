// SPDX-License-Identifier: GPL-2.0
/* conn save | restore: one JSON object a line */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "conn.h"
#include "midoctl.h"

static FILE *open_file(struct ctl *ctl, const char *path, const char *mode,
		       FILE *std)
{
	FILE *f = strcmp(path, "-") ? fopen(path, mode) : std;

	if (!f)
		mn_fail(&ctl->err, -errno, "%s: %s", path, strerror(errno));
	return f;
}

static int save_cb(const struct nlmsghdr *nlh, void *arg)
{
	struct mn_conn c;
	json_t *json;
	FILE *f = arg;

	if (mn_conn_read(nlh, &c))
		return 0;
	json = mn_conn_save(&c);
	json_dumpf(json, f, JSON_COMPACT);
	json_decref(json);
	fputc('\n', f);
	return 0;
}

/**
 * cmd_conn_save() - conn save FILE|- [WORD VALUE]...
 * @ctl: run
 * @argc: number of words
 * @argv: words
 *
 * Return: 0 or a negative error
 */
int cmd_conn_save(struct ctl *ctl, int argc, char **argv)
{
	int ret = ctl_args(ctl, argc, 1, -1, "conn save FILE|- [WORD VALUE]...");
	FILE *f = ret ? NULL : open_file(ctl, argv[0], "we", stdout);

	if (!f)
		return ctl->err.code;
	ret = ctl_conns(ctl, argc - 1, argv + 1, save_cb, f);
	if (!ret && (fflush(f) || ferror(f)))
		ret = mn_fail(&ctl->err, -EIO, "%s: cannot write: %s", argv[0],
			      strerror(errno));
	if (f != stdout && fclose(f) && !ret)
		ret = mn_fail(&ctl->err, -EIO, "%s: cannot write: %s", argv[0],
			      strerror(errno));
	return ret;
}

/**
 * struct restore - what came of it
 * @ctl: run
 * @file: name of the file
 * @line: number of the line, from 1
 * @restored: connections that came back, or were there
 * @refused: lines of which nothing came
 */
struct restore {
	struct ctl *ctl;
	const char *file;
	size_t line;
	size_t restored;
	size_t refused;
};

static void refuse(struct restore *r, const struct mn_conn *c,
		   const char *why)
{
	struct mn_buf name = {};

	r->refused++;
	fprintf(stderr, "midoctl: %s:%zu: ", r->file, r->line);
	/* As far as it could be read. */
	if (c && c->reply.len) {
		mn_conn_print(c, &name);
		fprintf(stderr, "%s: ", name.s);
		mn_buf_free(&name);
	}
	fprintf(stderr, "%s\n", why);
}

static void restore_line(struct restore *r, const char *line, size_t len)
{
	struct mn_err err = {};
	struct mn_conn c = {};
	struct mn_buf b = {};
	json_error_t e;
	json_t *json;
	int ret;

	json = json_loadb(line, len, JSON_REJECT_DUPLICATES, &e);
	if (!json) {
		refuse(r, NULL, "not JSON");
		return;
	}
	ret = mn_conn_restore(json, &c, &err);
	json_decref(json);
	if (!ret && !r->ctl->dry_run) {
		mn_conn_put(&b, ctl_nl(r->ctl), &c);
		ret = mn_nl_call(ctl_nl(r->ctl), &b, NULL, NULL, &err);
		mn_buf_free(&b);
	}
	/* One that was there already is as good. */
	if (ret && ret != -EEXIST)
		refuse(r, &c, err.text);
	else
		r->restored++;
}

static void report(struct restore *r)
{
	if (r->ctl->json)
		ctl_print_json(r->ctl, json_pack("{s:I, s:I}", "restored",
						 (json_int_t)r->restored,
						 "refused",
						 (json_int_t)r->refused));
	else
		printf("%zu restored, %zu refused\n", r->restored, r->refused);
}

/**
 * cmd_conn_restore() - conn restore FILE|-
 * @ctl: run
 * @argc: number of words
 * @argv: words
 *
 * Return: 0, 1 if some were refused, or a negative error
 */
int cmd_conn_restore(struct ctl *ctl, int argc, char **argv)
{
	int ret = ctl_args(ctl, argc, 1, 1, "conn restore FILE|-");
	FILE *f = ret ? NULL : open_file(ctl, argv[0], "re", stdin);
	struct restore r = { .ctl = ctl, .file = argv[0] };
	char *line = NULL;
	size_t size = 0;
	ssize_t n;

	if (!f)
		return ctl->err.code;
	while ((n = getline(&line, &size, f)) > 0) {
		r.line++;
		if (line[strspn(line, " \t\r\n")])
			restore_line(&r, line, n);
	}
	if (ferror(f))
		ret = mn_fail(&ctl->err, -EIO, "%s: %s", argv[0],
			      strerror(errno));
	free(line);
	if (f != stdin)
		fclose(f);
	if (ret)
		return ret;
	report(&r);
	return r.refused ? 1 : 0;
}
