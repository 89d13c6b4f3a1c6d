// SPDX-License-Identifier: GPL-2.0
/* Tables, JSON, colours. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "midoctl.h"

/**
 * struct table - rows of cells to be aligned
 * @heads: names of the columns
 * @n_cols: number of them
 * @cells: row after row
 * @n_cells: number of them
 * @cap: room of @cells
 */
struct table {
	const char *const *heads;
	size_t n_cols;
	char **cells;
	size_t n_cells;
	size_t cap;
};

/**
 * table_new() - begin a table
 * @heads: names of the columns, ends with NULL; kept
 *
 * Return: table
 */
struct table *table_new(const char *const *heads)
{
	struct table *t = mn_alloc(sizeof(*t));

	t->heads = heads;
	while (heads[t->n_cols])
		t->n_cols++;
	return t;
}

/**
 * table_row() - add a row
 * @t: table
 * @cells: one for each column; NULL: empty
 */
void table_row(struct table *t, const char *const *cells)
{
	size_t i;

	if (t->n_cells + t->n_cols > t->cap) {
		t->cap = (t->n_cells + t->n_cols) * 2;
		t->cells = mn_realloc(t->cells, t->cap * sizeof(*t->cells));
	}
	for (i = 0; i < t->n_cols; i++)
		t->cells[t->n_cells++] = mn_strdup(cells[i] ? cells[i] : "");
}

static void print_row(const char *const *cells, const size_t *width, size_t n)
{
	size_t last = n, i;

	while (last && (!width[last - 1] || !*cells[last - 1]))
		last--;
	for (i = 0; i < last; i++) {
		if (!width[i])
			continue;
		if (i + 1 == last)
			fputs(cells[i], stdout);
		else
			printf("%-*s  ", (int)width[i], cells[i]);
	}
	putchar('\n');
}

/**
 * table_print() - print a table without its empty columns, and free it
 * @t: table
 */
void table_print(struct table *t)
{
	size_t *width = mn_alloc(t->n_cols * sizeof(*width));
	size_t i;

	for (i = 0; i < t->n_cells; i++) {
		if (strlen(t->cells[i]) > width[i % t->n_cols])
			width[i % t->n_cols] = strlen(t->cells[i]);
	}
	for (i = 0; i < t->n_cols; i++) {
		if (width[i] && width[i] < strlen(t->heads[i]))
			width[i] = strlen(t->heads[i]);
	}
	if (t->n_cells)
		print_row(t->heads, width, t->n_cols);
	for (i = 0; i < t->n_cells; i += t->n_cols)
		print_row((const char *const *)t->cells + i, width, t->n_cols);
	for (i = 0; i < t->n_cells; i++)
		free(t->cells[i]);
	free(t->cells);
	free(width);
	free(t);
}

/**
 * ctl_print_json() - print a value and drop it
 * @ctl: run
 * @json: value
 */
void ctl_print_json(struct ctl *ctl, json_t *json)
{
	(void)ctl;
	json_dumpf(json, stdout, JSON_INDENT(2) | JSON_ENCODE_ANY);
	putchar('\n');
	json_decref(json);
}

/**
 * ctl_color() - escape sequence of a colour
 * @ctl: run
 * @name: "red", "green", "yellow", "bold", "dim", or "" to return to normal
 *
 * Return: sequence, empty when there are no colours
 */
const char *ctl_color(const struct ctl *ctl, const char *name)
{
	static const char *const names[][2] = {
		{ "red", "\033[31m" }, { "green", "\033[32m" },
		{ "yellow", "\033[33m" }, { "bold", "\033[1m" },
		{ "dim", "\033[2m" }, { "", "\033[0m" },
	};
	size_t i;

	for (i = 0; ctl->color && i < MN_ARRAY_SIZE(names); i++) {
		if (!strcmp(names[i][0], name))
			return names[i][1];
	}
	return "";
}

/**
 * ctl_attr_is_place() - does an attribute say where an object is
 * @type: type of the object
 * @attr: index of the attribute
 *
 * Return: whether ctl_obj_place() shows it already
 */
bool ctl_attr_is_place(const struct mn_type *type, int attr)
{
	/* The chain of a rule is that of its jump. */
	return type->parent_key && !(type->flags & MN_TYPE_ORDERED) &&
	       !strcmp(type->attrs[attr].word, type->parent_key);
}

/**
 * ctl_obj_place() - what stands first when an object is listed
 * @ctl: run
 * @obj: object
 * @out: appended to: the name; of the nameless what contains them, and of a
 *	router's neighbour the port it is behind
 */
void ctl_obj_place(const struct ctl *ctl, const struct mn_obj *obj,
		   struct mn_buf *out)
{
	int i = mn_type_wire(obj->type, MIDONET_A_PORT);
	const struct mn_obj *port = NULL;

	if (i >= 0 && ctl_attr_is_place(obj->type, i))
		port = mn_obj_ref(ctl->model, obj, MIDONET_A_PORT);
	if (obj->type->flags & MN_TYPE_NAMED)
		mn_obj_full_name(obj, out);
	else if (port)
		mn_obj_full_name(port, out);
	else
		mn_obj_full_name(obj->parent, out);
}

static json_t *value_json(const struct mn_names *names,
			  const struct mn_obj *obj, int i)
{
	const struct mn_attr *a = &obj->type->attrs[i];
	struct mn_vals *v;
	json_t *json;

	if (a->kind == MN_KIND_MATCH)
		return mn_match_to_json(&obj->match, names);
	if (!mn_obj_applies(obj, i))
		return json_null();
	v = mn_obj_effective(obj, i);
	json = mn_vals_to_json(a, names, v);
	free(v);
	return json;
}

/**
 * ctl_obj_json() - an object with all its attributes
 * @ctl: run
 * @obj: object
 *
 * Return: new JSON object; keys are always there
 */
json_t *ctl_obj_json(struct ctl *ctl, const struct mn_obj *obj)
{
	const struct mn_names *names = &ctl->model->names;
	const struct mn_type *t = obj->type;
	struct mn_buf name = {};
	char id[MN_UUID_TEXT];
	json_t *json = json_object();
	int i;

	if (t->flags & MN_TYPE_ID) {
		mn_uuid_print(&obj->id, id);
		json_object_set_new(json, "id", json_string(id));
	}
	if (t->flags & MN_TYPE_NAMED) {
		mn_obj_full_name(obj, &name);
		json_object_set_new(json, "name", json_string(name.s));
		mn_buf_free(&name);
	} else if (t->flags & MN_TYPE_ORDERED) {
		json_object_set_new(json, "position", json_integer(obj->pos));
	} else {
		ctl_obj_place(ctl, obj, &name);
		json_object_set_new(json, t->parent_key, json_string(name.s));
		mn_buf_free(&name);
	}
	for (i = 0; i < t->n_attrs; i++) {
		if (ctl_attr_is_place(t, i))
			continue;
		if (mn_attr_leads(t, i))
			json_object_set_new(json,
					    mn_object_attr_names[t->attrs[i].nest],
					    mn_obj_nest_json(ctl->model, obj, i,
							     true));
		if (t->attrs[i].nest)
			continue;
		json_object_set_new(json, t->attrs[i].word,
				    value_json(names, obj, i));
	}
	return json;
}

/**
 * json_set_text() - put a string under a key
 * @json: object
 * @key: key
 * @attr: attribute; NULL or empty: null
 */
void json_set_text(json_t *json, const char *key, const struct nlattr *attr)
{
	const char *text = mn_attr_text(attr);

	json_object_set_new(json, key, text ? json_string(text) : json_null());
}

/**
 * json_set_num() - put a number under a key
 * @json: object
 * @key: key
 * @attr: attribute; NULL: 0
 */
void json_set_num(json_t *json, const char *key, const struct nlattr *attr)
{
	json_object_set_new(json, key, json_integer(mn_attr_num(attr)));
}
