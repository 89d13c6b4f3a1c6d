// SPDX-License-Identifier: GPL-2.0
/* show */
#include <errno.h>
#include <langinfo.h>
#include <locale.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "doc.h"
#include "show.h"

/**
 * struct tree - how lines are drawn
 * @ctl: run
 * @branch: before a line that others follow
 * @last: before the last one
 * @through: before what belongs to a line that others follow
 */
struct tree {
	struct ctl *ctl;
	const char *branch;
	const char *last;
	const char *through;
};

static const char *state_color(const char *state)
{
	if (!strcmp(state, "up"))
		return "green";
	if (!strcmp(state, "remote") || !strcmp(state, "unplugged"))
		return "dim";
	return "red";
}

static uint32_t count_routes(const struct mn_obj *obj)
{
	uint32_t i, n = 0;

	for (i = 0; i < obj->n_kids; i++)
		n += obj->kids[i]->type->type == MIDONET_OBJECT_TYPE_ROUTE;
	return n;
}

/* Its name says all that tells it from others. */
static bool is_called(const struct mn_obj *obj)
{
	return (obj->type->flags & MN_TYPE_INNER) &&
	       !(obj->type->flags & MN_TYPE_NAMED);
}

/* What differs from the default, in one line. */
static void print_obj(const struct tree *t, const struct mn_obj *obj)
{
	const struct mn_names *names = &t->ctl->model->names;
	struct mn_buf text = {};
	const struct mn_attr *a;
	int i;

	if (obj->type->flags & MN_TYPE_ORDERED) {
		mn_rule_print(obj, names, &text);
		printf("%u  %s\n", obj->pos, text.s);
		mn_buf_free(&text);
		return;
	}
	if (obj->type->flags & MN_TYPE_NAMED)
		mn_obj_full_name(obj, &text);
	else if (is_called(obj))
		mn_buf_puts(&text, obj->name);
	if (text.len)
		printf("%s %s%s%s", obj->type->word, ctl_color(t->ctl, "bold"),
		       text.s, ctl_color(t->ctl, ""));
	else
		fputs(obj->type->word, stdout);
	for (i = 0; i < obj->type->n_attrs; i++) {
		a = &obj->type->attrs[i];
		if (!obj->vals[i] || ((a->flags & MN_KEY) && is_called(obj)))
			continue;
		text.len = 0;
		mn_vals_print(a, names, obj->vals[i], &text);
		if (a->attr == MIDONET_A_STATE)
			printf(" %s%s%s", ctl_color(t->ctl,
						    state_color(text.s)),
			       text.s, ctl_color(t->ctl, ""));
		else if (a->attr == MIDONET_A_STATE_REASON)
			printf(" (%s)", text.s);
		else if (a->attr != MIDONET_A_TUNNEL_KEY &&
			 (a->flags & MN_KEY) && !strcmp(a->word, obj->type->word))
			printf(" %s", text.s);
		else if (a->attr != MIDONET_A_TUNNEL_KEY)
			printf(" %s %s", a->word, text.s);
	}
	if (obj->type->type == MIDONET_OBJECT_TYPE_ROUTER)
		printf(" routes %u", count_routes(obj));
	putchar('\n');
	mn_buf_free(&text);
}

static int kid_cmp(const void *x, const void *y)
{
	const struct mn_obj *a = *(struct mn_obj *const *)x;
	const struct mn_obj *b = *(struct mn_obj *const *)y;

	if (a->type != b->type)
		return a->type < b->type ? -1 : 1;
	if (a->type->flags & MN_TYPE_ORDERED)
		return a->pos < b->pos ? -1 : 1;
	return strcmp(a->name, b->name);
}

/*
 * Routes are counted, and listed when the router was named. Recurses into what
 * has contents itself: pools, at one level.
 */
static void print_kids(const struct tree *t, const struct mn_obj *obj,
		       bool routes, const char *indent)
{
	uint32_t i, n = obj->n_kids;
	char deeper[32];

	if (n)
		qsort(obj->kids, n, sizeof(*obj->kids), kid_cmp);
	/* They are sorted to the end. */
	if (!routes)
		n -= count_routes(obj);
	for (i = 0; i < n; i++) {
		printf("%s%s", indent, i + 1 < n ? t->branch : t->last);
		print_obj(t, obj->kids[i]);
		snprintf(deeper, sizeof(deeper), "%s%s", indent,
			 i + 1 < n ? t->through : "    ");
		print_kids(t, obj->kids[i], routes, deeper);
	}
}

static void print_tree(struct ctl *ctl, const char *name)
{
	struct tree t = {
		.ctl = ctl, .branch = "|-- ", .last = "`-- ", .through = "|   ",
	};
	struct mn_obj **objs;
	uint32_t i, n;
	size_t k;

	setlocale(LC_CTYPE, "");
	if (!strcmp(nl_langinfo(CODESET), "UTF-8")) {
		t.branch = "\u251c\u2500\u2500 ";
		t.last = "\u2514\u2500\u2500 ";
		t.through = "\u2502   ";
	}
	for (k = 0; k < mn_n_types; k++) {
		if (mn_types[k].parents)
			continue;
		objs = mn_model_sorted(ctl->model, mn_types[k].type, &n);
		for (i = 0; i < n; i++) {
			if (name && strcmp(objs[i]->name, name))
				continue;
			print_obj(&t, objs[i]);
			print_kids(&t, objs[i], name, "");
		}
		free(objs);
	}
}

static bool found(struct ctl *ctl, const char *name)
{
	size_t k;

	for (k = 0; k < mn_n_types; k++) {
		if (!mn_types[k].parents &&
		    mn_model_find(ctl->model, mn_types[k].type, NULL, name))
			return true;
	}
	return false;
}

/* Of the document only what is called so. */
static void filter(json_t *doc, const char *name)
{
	json_t *list, *obj;
	const char *key, *is;
	void *tmp;
	size_t i;

	json_object_foreach_safe(doc, tmp, key, list) {
		for (i = json_array_size(list); i--;) {
			obj = json_array_get(list, i);
			is = json_string_value(json_object_get(obj, "name"));
			if (!is || strcmp(is, name))
				json_array_remove(list, i);
		}
		if (json_is_array(list) && !json_array_size(list))
			json_object_del(doc, key);
	}
}

static int show_drawing(struct ctl *ctl, const char *name, bool svg)
{
	json_t *doc = mn_doc_export(ctl->model, MN_EXPORT_STATE);
	struct mn_buf dot = {};
	int ret = 0;

	show_dot(doc, name, &dot);
	if (svg)
		ret = show_svg(&dot, &ctl->err);
	else
		fputs(dot.s, stdout);
	mn_buf_free(&dot);
	json_decref(doc);
	return ret;
}

/**
 * cmd_show() - show [--dot|--svg] [NAME]
 * @ctl: run
 * @argc: number of words
 * @argv: words
 *
 * Return: 0 or a negative error
 */
int cmd_show(struct ctl *ctl, int argc, char **argv)
{
	bool svg = argc && !strcmp(argv[0], "--svg");
	bool drawn = svg || (argc && !strcmp(argv[0], "--dot"));
	const char *name = argc > drawn ? argv[drawn] : NULL;
	int ret = ctl_args(ctl, argc, 0, 1 + drawn, "show [--dot|--svg] [NAME]");
	char buf[80];
	json_t *doc;

	if (!ret && name && *name == '-')
		return mn_usage(&ctl->err, "usage: midoctl show [--dot|--svg] [NAME]");
	if (!ret)
		ret = mn_store_load_all(ctl->store, ctl->model, &ctl->err);
	if (ret)
		return ret;
	mn_model_number(ctl->model, NULL);
	if (name && !found(ctl, name))
		return mn_fail(&ctl->err, -ENOENT, "nothing is called \"%s\"",
			       mn_shown(name, buf, sizeof(buf)));
	if (!ctl->json && !drawn) {
		print_tree(ctl, name);
		return 0;
	}
	if (drawn)
		return show_drawing(ctl, name, svg);
	doc = mn_doc_export(ctl->model, MN_EXPORT_STATE);
	if (name)
		filter(doc, name);
	ctl_print_json(ctl, doc);
	return 0;
}
