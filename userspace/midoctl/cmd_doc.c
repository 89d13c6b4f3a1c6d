// SPDX-License-Identifier: GPL-2.0
/* apply, diff, export, flush, batch */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "doc.h"
#include "midoctl.h"

/**
 * struct work - a document and what it is compared with
 * @ctl: run
 * @json: changes, for diff -j
 * @to: the topology as it shall be
 * @n: number of changes
 */
struct work {
	struct ctl *ctl;
	json_t *json;
	struct mn_model *to;
	size_t n;
};

static int note_change(void *arg, const struct mn_change *c,
		       const struct mn_obj *old)
{
	struct work *w = arg;
	int ret;

	(void)old;
	ret = mn_store_change(w->ctl->store, w->to, c, &w->ctl->err);
	return ret ? ctl_obj_err(w->ctl, c->obj) : 0;
}

static void changed_value(const struct mn_model *m, const struct mn_obj *obj,
			  int i, json_t *list)
{
	const struct mn_names *names = &m->names;
	const struct mn_attr *a;

	if (!obj) {
		json_array_append_new(list, json_null());
		return;
	}
	a = &obj->type->attrs[i];
	if (a->nest) {
		json_array_append_new(list, mn_obj_nested(obj, i) ?
				      mn_obj_nest_json(m, obj, i, false) :
				      json_null());
		return;
	}
	json_array_append_new(list, a->kind == MN_KIND_MATCH ?
			      mn_match_to_json(&obj->match, names) :
			      mn_vals_to_json(a, names, obj->vals[i]));
}

static bool is_default(const struct mn_obj *obj, int i)
{
	if (!obj)
		return true;
	if (obj->type->attrs[i].kind == MN_KIND_MATCH)
		return mn_match_empty(&obj->match);
	if (obj->type->attrs[i].nest)
		return !mn_obj_nested(obj, i);
	return !obj->vals[i];
}

/* attribute: [old, new] of what differs */
static json_t *change_json(struct work *w, const struct mn_change *c,
			   const struct mn_obj *old)
{
	const struct mn_obj *new = c->op == MIDONET_OP_DEL ? NULL : c->obj;
	const struct mn_type *t = c->obj->type;
	json_t *json = json_object(), *pair;
	uint32_t bits;
	int i;

	for (i = 0; i < t->n_attrs; i++) {
		if ((t->attrs[i].flags & MN_RO) ||
		    (t->attrs[i].nest && !mn_attr_leads(t, i)))
			continue;
		bits = t->attrs[i].nest ? mn_type_nested(t, i) : 1u << i;
		if (c->op == MIDONET_OP_SET ? !(c->attrs & bits) :
		    is_default(old, i) && is_default(new, i))
			continue;
		pair = json_array();
		changed_value(w->ctl->model, old, i, pair);
		changed_value(w->to, new, i, pair);
		json_object_set_new(json, t->attrs[i].nest ?
				    mn_object_attr_names[t->attrs[i].nest] :
				    t->attrs[i].word, pair);
	}
	if (c->op == MIDONET_OP_SET && c->position)
		json_object_set_new(json, "position",
				    json_pack("[i, i]", (int)old->pos,
					      (int)new->pos));
	return json;
}

static char *value_text(json_t *v)
{
	if (json_is_string(v))
		return mn_strdup(json_string_value(v));
	if (json_is_null(v))
		return mn_strdup("none");
	return json_dumps(v, JSON_COMPACT | JSON_ENCODE_ANY);
}

static void print_changes(const struct mn_change *c, json_t *changes)
{
	const struct mn_type *t = c->obj->type;
	char *old, *new;
	const char *key;
	json_t *pair;
	int i;

	json_object_foreach(changes, key, pair) {
		i = mn_type_attr(t, key);
		/* Keys are in the name already. */
		if (i >= 0 && (t->attrs[i].flags & MN_KEY))
			continue;
		old = value_text(json_array_get(pair, 0));
		new = value_text(json_array_get(pair, 1));
		if (c->op == MIDONET_OP_SET)
			printf(" %s %s -> %s", key, old, new);
		else
			printf(" %s %s", key, new);
		free(old);
		free(new);
	}
}

static int show_change(void *arg, const struct mn_change *c,
		       const struct mn_obj *old)
{
	static const char *const ops[] = { "", "add", "set", "del" };
	static const char signs[] = " +~-";
	struct work *w = arg;
	struct mn_buf name = {};
	json_t *changes = change_json(w, c, old);

	ctl_progress_end();
	w->n++;
	mn_obj_full_name(c->obj, &name);
	if (w->ctl->json) {
		json_array_append_new(w->json,
				      json_pack("{s:s, s:s, s:s, s:O}",
						"op", ops[c->op], "type",
						c->obj->type->word, "name",
						name.s, "changes", changes));
	} else {
		printf("%s%c %s %s", ctl_color(w->ctl, c->op == MIDONET_OP_NEW ?
					       "green" :
					       c->op == MIDONET_OP_DEL ?
					       "red" : "yellow"),
		       signs[c->op], c->obj->type->word, name.s);
		if (c->op != MIDONET_OP_DEL)
			print_changes(c, changes);
		printf("%s\n", ctl_color(w->ctl, ""));
	}
	json_decref(changes);
	mn_buf_free(&name);
	return 0;
}

/* Compare FILE with the topology; tell @fn of each difference. */
static int compare(struct ctl *ctl, struct work *w, int argc, char **argv,
		   mn_diff_fn fn)
{
	bool merge = argc && !strcmp(argv[0], "--merge");
	int ret;

	ret = ctl_args(ctl, argc - merge, 1, 1, "apply|diff [--merge] FILE|-");
	if (ret)
		return ret;
	ctl_progress("reading the document", 0, 0);
	/* Read once: the difference may have to be computed again. */
	if (!ctl->doc)
		ctl->doc = mn_doc_load(argv[merge], &ctl->err);
	if (!ctl->doc)
		return ctl->err.code;
	ctl_progress("reading the network", 0, 0);
	ret = mn_store_load_all(ctl->store, ctl->model, &ctl->err);
	mn_model_number(ctl->model, NULL);
	ctl_progress("comparing", 0, 0);
	if (!ret)
		ret = mn_doc_read(ctl->doc, ctl->model, merge, &w->to, &ctl->err);
	w->ctl = ctl;
	if (!ret)
		ret = mn_doc_diff(ctl->model, w->to, fn, w);
	ctl->check = true;
	return ret;
}

/**
 * cmd_apply() - apply [--merge] FILE|-
 * @ctl: run
 * @argc: number of words
 * @argv: words
 *
 * Return: 0 or a negative error
 */
int cmd_apply(struct ctl *ctl, int argc, char **argv)
{
	struct work w = {};
	int ret = compare(ctl, &w, argc, argv, note_change);

	/* It says where in the document is what the commit will refuse. */
	ctl->to = w.to;
	if (!ret)
		ctl_warn_doc(ctl, w.to);
	return ret;
}

/**
 * cmd_diff() - diff [--merge] FILE|-
 * @ctl: run
 * @argc: number of words
 * @argv: words
 *
 * Return: 0, 1 if there are differences, or a negative error
 */
int cmd_diff(struct ctl *ctl, int argc, char **argv)
{
	struct work w = { .json = json_array() };
	int ret = compare(ctl, &w, argc, argv, show_change);

	if (!ret && ctl->json)
		ctl_print_json(ctl, w.json);
	else
		json_decref(w.json);
	mn_model_free(w.to);
	return ret ? ret : w.n ? 1 : 0;
}

/**
 * cmd_export() - export [--ids]
 * @ctl: run
 * @argc: number of words
 * @argv: words
 *
 * Return: 0 or a negative error
 */
int cmd_export(struct ctl *ctl, int argc, char **argv)
{
	bool ids = argc && !strcmp(argv[0], "--ids");
	int ret = ctl_args(ctl, argc - ids, 0, 0, "export [--ids]");

	if (!ret)
		ret = mn_store_load_all(ctl->store, ctl->model, &ctl->err);
	if (ret)
		return ret;
	mn_model_number(ctl->model, NULL);
	ctl_print_json(ctl, mn_doc_export(ctl->model,
					  ids ? MN_EXPORT_IDS : 0));
	return 0;
}

/**
 * cmd_flush() - flush
 * @ctl: run
 * @argc: number of words
 * @argv: words
 *
 * Return: 0 or a negative error
 */
int cmd_flush(struct ctl *ctl, int argc, char **argv)
{
	struct work w = { .ctl = ctl };
	int ret = ctl_args(ctl, argc, 0, 0, "flush");

	(void)argv;
	if (!ret)
		ret = mn_store_load_all(ctl->store, ctl->model, &ctl->err);
	if (ret)
		return ret;
	w.to = mn_model_new(NULL);
	ret = mn_doc_diff(ctl->model, w.to, note_change, &w);
	mn_model_free(w.to);
	ctl->check = true;
	return ret;
}

#define WORDS_MAX	256

/* Words are separated by blanks; quotes and a backslash keep them. */
static int split(char *line, char **words)
{
	char *out = line, quote = 0;
	int n = 0;

	while (*line) {
		while (*line == ' ' || *line == '\t')
			line++;
		if (!*line || *line == '#' || n == WORDS_MAX)
			break;
		out = line;
		words[n++] = out;
		for (; *line && (quote || (*line != ' ' && *line != '\t'));
		     line++) {
			if (quote ? *line == quote :
			    *line == '"' || *line == '\'')
				quote = quote ? 0 : *line;
			else if (*line == '\\' && line[1] && quote != '\'')
				*out++ = *++line;
			else
				*out++ = *line;
		}
		if (*line)
			line++;
		*out = '\0';
	}
	return quote ? -1 : n;
}

static int batch_line(struct ctl *ctl, char *line)
{
	char *words[WORDS_MAX + 1] = {};
	int n = split(line, words);

	if (n < 0)
		return mn_usage(&ctl->err, "a quote is not closed");
	if (n == WORDS_MAX)
		return mn_usage(&ctl->err, "too many words");
	return n ? ctl_run(ctl, n, words, true) : 0;
}

static int batch_lines(struct ctl *ctl, char *text, const char *file)
{
	const char *start = text;
	size_t len = strlen(text);
	unsigned int nr = 0;
	char *line;
	int ret;

	while ((line = strsep(&text, "\n"))) {
		nr++;
		ctl_progress("reading", line - start, len);
		ret = batch_line(ctl, line);
		if (!ret)
			continue;
		mn_err_prefix(&ctl->err, "%s:%u", file, nr);
		return ret;
	}
	return 0;
}

static int read_all(struct ctl *ctl, const char *path, struct mn_buf *out)
{
	FILE *f = strcmp(path, "-") ? fopen(path, "re") : stdin;
	char part[65536];
	size_t n;
	int ret = 0;

	if (!f)
		return mn_fail(&ctl->err, -errno, "%s: %s", path,
			       strerror(errno));
	while ((n = fread(part, 1, sizeof(part), f)) > 0)
		mn_buf_add(out, part, n);
	if (ferror(f))
		ret = mn_fail(&ctl->err, -EIO, "%s: %s", path, strerror(errno));
	if (f != stdin)
		fclose(f);
	return ret;
}

/**
 * cmd_batch() - batch FILE|-
 * @ctl: run
 * @argc: number of words
 * @argv: words
 *
 * Return: 0 or a negative error
 */
int cmd_batch(struct ctl *ctl, int argc, char **argv)
{
	char *text;
	int ret;

	ret = ctl_args(ctl, argc, 1, 1, "batch FILE|-");
	/* Read once: the changes may have to be computed again. */
	if (!ret && !ctl->input.s)
		ret = read_all(ctl, argv[0], &ctl->input);
	text = mn_strdup(ctl->input.s ? ctl->input.s : "");
	if (!ret)
		ret = mn_store_date(ctl->store, ctl->model, &ctl->err);
	ctl->batch = true;
	if (!ret)
		ret = batch_lines(ctl, text, argv[0]);
	ctl->batch = false;
	ctl->check = true;
	free(text);
	return ret;
}
