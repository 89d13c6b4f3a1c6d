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

/* Connections that are sent together. */
#define BATCH	128

/**
 * struct restore - what came of it
 * @ctl: run
 * @file: name of the file
 * @line: number of the line, from 1
 * @restored: connections that came back, or were there
 * @refused: lines of which nothing came
 * @b: messages that were not sent yet
 * @n: how many
 * @conns: their connections, for naming them
 * @lines: their lines
 */
struct restore {
	struct ctl *ctl;
	const char *file;
	size_t line;
	size_t restored;
	size_t refused;
	struct mn_buf b;
	uint32_t n;
	struct mn_conn conns[BATCH];
	size_t lines[BATCH];
};

static void refuse(struct restore *r, size_t line, const struct mn_conn *c,
		   const char *why)
{
	struct mn_buf name = {};

	r->refused++;
	/* As far as it could be read. */
	if (c->reply.len)
		mn_conn_print(c, &name);
	fprintf(stderr, "midoctl: %s:%zu: %s%s%s\n", r->file, line,
		name.len ? name.s : "", name.len ? ": " : "", why);
	mn_buf_free(&name);
}

static void refused(uint32_t n, const struct mn_err *err, void *arg)
{
	struct restore *r = arg;

	r->restored--;
	refuse(r, r->lines[n], &r->conns[n], err->text);
}

/* Send what has come together. */
static int flush(struct restore *r)
{
	struct ctl *ctl = r->ctl;
	int ret = 0;

	r->restored += r->n;
	if (r->n && !ctl->dry_run)
		ret = mn_nl_each(ctl_nl(ctl), &r->b, refused, r, &ctl->err);
	r->b.len = 0;
	r->n = 0;
	return ret;
}

static int restore_line(struct restore *r, const char *line, size_t len)
{
	struct mn_conn *c = &r->conns[r->n];
	struct mn_err err = {};
	json_error_t e;
	json_t *json;
	int ret;

	memset(c, 0, sizeof(*c));
	json = json_loadb(line, len, JSON_REJECT_DUPLICATES, &e);
	ret = json ? mn_conn_restore(json, c, &err) :
		     mn_fail(&err, -EINVAL, "not JSON");
	json_decref(json);
	if (ret) {
		/* Those before it first, so that lines are named in order. */
		struct mn_conn copy = *c;

		ret = flush(r);
		refuse(r, r->line, &copy, err.text);
		return ret;
	}
	r->lines[r->n++] = r->line;
	mn_conn_put(&r->b, ctl_nl(r->ctl), c);
	return r->n == BATCH ? flush(r) : 0;
}

static int restore_file(struct restore *r, FILE *f)
{
	char *line = NULL;
	size_t size = 0;
	int ret = 0;
	ssize_t n;

	while (!ret && (n = getline(&line, &size, f)) > 0) {
		r->line++;
		if (line[strspn(line, " \t\r\n")])
			ret = restore_line(r, line, n);
	}
	if (!ret && ferror(f))
		ret = mn_fail(&r->ctl->err, -EIO, "%s: %s", r->file,
			      strerror(errno));
	free(line);
	return ret ? ret : flush(r);
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
	struct restore *r;

	if (!f)
		return ctl->err.code;
	r = mn_alloc(sizeof(*r));
	r->ctl = ctl;
	r->file = argv[0];
	ret = restore_file(r, f);
	if (f != stdin)
		fclose(f);
	if (!ret) {
		report(r);
		ret = r->refused ? 1 : 0;
	}
	mn_buf_free(&r->b);
	free(r);
	return ret;
}
