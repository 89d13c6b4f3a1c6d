// SPDX-License-Identifier: GPL-2.0
/* TYPE list | show | add | set | del. */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "midoctl.h"

/**
 * ctl_device() - find a device
 * @ctl: run
 * @types: bit N: it may be of type N
 * @name: its name
 * @what: word for it in errors
 *
 * Return: device; NULL with @ctl->err set
 */
struct mn_obj *ctl_device(struct ctl *ctl, uint32_t types, const char *name,
			  const char *what)
{
	struct mn_obj *obj;
	char buf[80];
	int t;

	for (t = 1; t < MN_TYPES; t++) {
		if ((types >> t & 1) &&
		    mn_model_want(ctl->model, t, &ctl->err))
			return NULL;
	}
	obj = mn_model_find_device(ctl->model, types, name, &ctl->err);
	if (!obj && !ctl->err.code)
		mn_fail(&ctl->err, -ENOENT, "no %s \"%s\"", what,
			mn_shown(name, buf, sizeof(buf)));
	return obj;
}

/* What shall contain an object of a type. */
static struct mn_obj *parent_of(struct ctl *ctl, const struct mn_type *type,
				const char *name)
{
	if (type->flags & MN_TYPE_INNER)
		return mn_model_lookup(ctl->model,
				       MIDONET_OBJECT_TYPE_LOAD_BALANCER, name,
				       &ctl->err);
	return ctl_device(ctl, type->parents, name,
			  type->flags & MN_TYPE_NAMED ? "device" :
							type->parent_key);
}

static struct mn_obj *new_named(struct ctl *ctl, const struct mn_type *type,
				const char *name)
{
	const char *colon = strchr(name, ':');
	struct mn_obj *parent = NULL;
	char buf[80], *dev;

	if (type->parents) {
		if (!colon || !mn_name_valid(colon + 1))
			goto invalid;
		dev = mn_strdup(name);
		dev[colon - name] = '\0';
		parent = parent_of(ctl, type, dev);
		free(dev);
		if (!parent) {
			mn_err_prefix(&ctl->err, "%s %s", type->word,
				      mn_shown(name, buf, sizeof(buf)));
			return NULL;
		}
		name = colon + 1;
	} else if (!mn_name_valid(name)) {
		goto invalid;
	}
	return mn_obj_new(ctl->model, type, parent, name);

invalid:
	mn_usage(&ctl->err, "%s \"%s\": a name is %s%s1 to 63 of A-Z a-z 0-9 . _ -%s",
		 type->word, mn_shown(name, buf, sizeof(buf)),
		 type->parents ? mn_type_pattern(type) : "",
		 type->parents ? ", each " : "",
		 type->parents ? "" : ", and not none");
	return NULL;
}

/* PARENT KEY [WORD KEY]... of the nameless; words that are no keys follow. */
static int key_words(struct ctl *ctl, struct mn_obj *obj, int *argc,
		     char ***argv)
{
	const struct mn_attr *attrs = obj->type->attrs;
	int i, used = 0, ret;

	for (i = 0; i < obj->type->n_attrs; i++) {
		if (!(attrs[i].flags & MN_KEY) || (attrs[i].flags & MN_OWN))
			continue;
		if (attrs[i].flags & MN_NEEDED) {
			ret = ctl_set_word(ctl, obj, i, (*argv)[0]);
			(*argc)--;
			(*argv)++;
		} else {
			for (used = 0; used + 1 < *argc; used += 2) {
				if (!strcmp((*argv)[used], attrs[i].word))
					break;
			}
			if (used + 1 >= *argc)
				continue;
			ret = ctl_set_word(ctl, obj, i, (*argv)[used + 1]);
			memmove(*argv + used, *argv + used + 2,
				(*argc - used - 2) * sizeof(**argv));
			*argc -= 2;
		}
		if (ret)
			return ret;
	}
	return 0;
}

/* BRIDGE, or the port of a router a neighbour is behind. */
static struct mn_obj *neighbour_parent(struct ctl *ctl, const char *name,
				       struct mn_obj **port)
{
	struct mn_obj *obj;

	if (!strchr(name, ':')) {
		obj = ctl_device(ctl, 1u << MIDONET_OBJECT_TYPE_BRIDGE, name,
				 "bridge");
		if (!obj && ctl->err.code == -ENOENT)
			mn_fail(&ctl->err, -ENOENT,
				"%s; a neighbour of a router is behind a port of it, written ROUTER:PORT",
				ctl->err.text);
		return obj;
	}
	*port = mn_model_lookup(ctl->model, MIDONET_OBJECT_TYPE_PORT, name,
				&ctl->err);
	if (!*port)
		return NULL;
	if (mn_obj_on_router(*port))
		return (*port)->parent;
	mn_fail(&ctl->err, -EINVAL,
		"port %s is on a bridge, whose neighbours are behind any of its ports: write %s",
		name, (*port)->parent->name);
	return NULL;
}

static struct mn_obj *new_nameless(struct ctl *ctl, const struct mn_type *type,
				   int *argc, char ***argv)
{
	bool neighbour = type->type == MIDONET_OBJECT_TYPE_NEIGHBOUR;
	bool live = type->flags & MN_TYPE_LIVE;
	struct mn_obj *parent, *obj, *port = NULL;
	struct mn_buf key = {};

	if (*argc < 2) {
		mn_usage(&ctl->err, "usage: midoctl %s add|del %s%s %s%s [WORD VALUE]...",
			 type->word, live ? "ROUTER" : "BRIDGE",
			 neighbour ? "|ROUTER:PORT" : "", type->attrs[0].word,
			 live ? " first-port N" : "");
		return NULL;
	}
	if (neighbour)
		parent = neighbour_parent(ctl, (*argv)[0], &port);
	else
		parent = parent_of(ctl, type, (*argv)[0]);
	if (!parent)
		return NULL;
	(*argc)--;
	(*argv)++;
	/* Until its key is read. */
	obj = mn_obj_new(ctl->model, type, parent, (*argv)[0]);
	if (key_words(ctl, obj, argc, argv)) {
		mn_obj_del(ctl->model, obj);
		return NULL;
	}
	if (port)
		mn_vals_add(mn_obj_val(obj, MIDONET_A_PORT), port->id.b,
			    MN_UUID_LEN);
	mn_obj_key_name(ctl->model, obj, &key);
	mn_obj_set_name(ctl->model, obj, key.s);
	mn_buf_free(&key);
	/* A word, but one that must be there. */
	if (live && !*mn_obj_val(obj, MIDONET_A_FIRST_PORT)) {
		mn_usage(&ctl->err, "needs first-port");
		ctl_obj_err(ctl, obj);
		mn_obj_del(ctl->model, obj);
		return NULL;
	}
	return obj;
}

static uint32_t value_bits(const struct mn_obj *obj)
{
	uint32_t bits = 0;
	int i;

	for (i = 0; i < obj->type->n_attrs; i++) {
		if (obj->vals[i])
			bits |= 1u << i;
	}
	return bits;
}

static int check_needed(struct ctl *ctl, const struct mn_obj *obj)
{
	int i;

	for (i = 0; i < obj->type->n_attrs; i++) {
		if (!(obj->type->attrs[i].flags & MN_NEEDED) || obj->vals[i])
			continue;
		mn_usage(&ctl->err, "needs %s", obj->type->attrs[i].word);
		return ctl_obj_err(ctl, obj);
	}
	return 0;
}

static int object_add(struct ctl *ctl, const struct mn_type *type, int argc,
		      char **argv)
{
	struct mn_obj *obj;
	struct mn_uuid id;
	uint32_t bits = 0;
	int ret;

	if (type->flags & MN_TYPE_NAMED) {
		ret = ctl_args(ctl, argc, 1, -1, "TYPE add NAME [WORD VALUE]...");
		if (ret)
			return ret;
		obj = new_named(ctl, type, argv[0]);
		argc--;
		argv++;
	} else {
		obj = new_nameless(ctl, type, &argc, &argv);
	}
	if (!obj)
		return ctl->err.code;
	ret = ctl_words(ctl, obj, argc, argv, &bits);
	if (!ret)
		ret = check_needed(ctl, obj);
	if (!ret && type->type == MIDONET_OBJECT_TYPE_PORT)
		ret = ctl_check_dev(ctl, obj);
	if (!ret && (type->flags & MN_TYPE_ID)) {
		mn_obj_v5(ctl->model, obj, NULL, &id);
		mn_obj_set_id(ctl->model, obj, &id);
	}
	return ret ?: ctl_change(ctl, MIDONET_OP_NEW, obj, value_bits(obj));
}

/* The members of a set are not fetched to add or remove some. */
static int set_members(struct ctl *ctl, struct mn_obj *obj, int argc,
		       char **argv)
{
	const struct mn_attr *a = &obj->type->attrs[0];
	struct mn_change c = { .op = MIDONET_OP_SET, .obj = obj };
	struct mn_vals *part = NULL, *old = NULL, *gone = NULL, *come = NULL;
	char sign = argc == 2 ? argv[1][0] : 0;
	int ret = 0;

	if (argc != 2 || strcmp(argv[0], a->word))
		return mn_usage(&ctl->err,
				"usage: midoctl ip-set set NAME members [+|-]PREFIX,...");
	if (sign != '+' && sign != '-') {
		ret = mn_model_want(ctl->model,
				    MIDONET_OBJECT_TYPE_IP_SET_MEMBER,
				    &ctl->err);
		if (ret)
			return ret;
		old = mn_vals_copy(obj->vals[0]);
		ctl->check = true;
	}
	ret = mn_vals_from_text(a, NULL,
				argv[1] + (sign == '+' || sign == '-'), &part,
				&ctl->err);
	if (ret) {
		ctl->err.usage = true;
		ret = ctl_obj_err(ctl, obj);
		goto out;
	}
	if (sign == '+')
		come = mn_vals_copy(part);
	else if (sign == '-')
		gone = mn_vals_copy(part);
	else
		mn_vals_diff(a, old, part, &gone, &come);
	c.gone = gone;
	c.come = come;
	c.attrs = 1;
	ret = mn_store_change(ctl->store, ctl->model, &c, &ctl->err);
out:
	free(part);
	free(old);
	free(gone);
	free(come);
	return ret;
}

static int object_set(struct ctl *ctl, const struct mn_type *type, int argc,
		      char **argv)
{
	struct mn_obj *obj;
	uint32_t bits = 0;
	int ret;

	if (!type->cmd_set)
		return mn_usage(&ctl->err, "a %s cannot be changed; delete it and add another",
				type->word);
	ret = ctl_args(ctl, argc, 3, -1, "TYPE set NAME WORD VALUE...");
	if (ret)
		return ret;
	obj = mn_model_lookup(ctl->model, type->type, argv[0], &ctl->err);
	if (!obj)
		return ctl->err.code;
	if (type->type == MIDONET_OBJECT_TYPE_IP_SET)
		return set_members(ctl, obj, argc - 1, argv + 1);
	ret = ctl_words(ctl, obj, argc - 1, argv + 1, &bits);
	if (!ret && type->type == MIDONET_OBJECT_TYPE_PORT &&
	    (bits >> mn_type_wire(type, MIDONET_A_DEV) & 1))
		ret = ctl_check_dev(ctl, obj);
	return ret ?: ctl_change(ctl, MIDONET_OP_SET, obj, bits);
}

static int object_del(struct ctl *ctl, const struct mn_type *type, int argc,
		      char **argv)
{
	struct mn_obj *obj;
	int ret;

	if (type->flags & MN_TYPE_NAMED) {
		ret = ctl_args(ctl, argc, 1, 1, "TYPE del NAME");
		if (ret)
			return ret;
		obj = mn_model_lookup(ctl->model, type->type, argv[0],
				      &ctl->err);
	} else {
		obj = new_nameless(ctl, type, &argc, &argv);
		if (obj && argc)
			return mn_usage(&ctl->err, "%s del: unknown word \"%s\"",
					type->word, argv[0]);
	}
	if (!obj)
		return ctl->err.code;
	ret = ctl_change(ctl, MIDONET_OP_DEL, obj, 0);
	if (!ret)
		mn_obj_del(ctl->model, obj);
	return ret;
}

static void cell(struct ctl *ctl, const struct mn_obj *obj, int i,
		 struct mn_buf *out)
{
	const struct mn_attr *a = &obj->type->attrs[i];

	struct mn_vals *v = mn_obj_effective(obj, i);

	out->len = 0;
	mn_buf_puts(out, "");
	/* Of what is a row of numbers, those that are the default too. */
	if (v || (!(obj->type->flags & MN_TYPE_NAMED) &&
		  (obj->type->flags & (MN_TYPE_INNER | MN_TYPE_LIVE))))
		mn_vals_print(a, &ctl->model->names, v, out);
	free(v);
}

static void list_row(struct ctl *ctl, struct table *t, const struct mn_obj *obj)
{
	const char *cells[40] = {};
	struct mn_buf name = {}, bufs[32] = {};
	int i, n = 0;

	ctl_obj_place(ctl, obj, &name);
	cells[n++] = name.s;
	for (i = 0; i < obj->type->n_attrs; i++) {
		if (ctl_attr_is_place(obj->type, i))
			continue;
		cell(ctl, obj, i, &bufs[i]);
		cells[n++] = bufs[i].s;
	}
	table_row(t, cells);
	mn_buf_free(&name);
	for (i = 0; i < obj->type->n_attrs; i++)
		mn_buf_free(&bufs[i]);
}

/* Members are in a pool that is in a load balancer. */
static bool is_in(const struct mn_obj *obj, const struct mn_obj *in)
{
	while (obj && obj != in)
		obj = obj->parent;
	return obj;
}

/**
 * list_type() - list the objects of a type
 * @ctl: run
 * @type: type, loaded
 * @parent: only what it contains, or NULL
 * @port: only what is behind that port, or NULL
 *
 * Return: 0
 */
int list_type(struct ctl *ctl, const struct mn_type *type,
	      const struct mn_obj *parent, const struct mn_obj *port)
{
	const char *heads[40] = {
		type->flags & MN_TYPE_NAMED ? "name" : type->parent_key,
	};
	json_t *json = json_array();
	struct mn_obj **objs;
	struct table *t;
	uint32_t i, n;
	int k, col = 1;

	for (k = 0; k < type->n_attrs; k++) {
		if (!ctl_attr_is_place(type, k))
			heads[col++] = type->attrs[k].word;
	}
	t = table_new(heads);
	objs = mn_model_sorted(ctl->model, type->type, &n);
	for (i = 0; i < n; i++) {
		if ((parent && !is_in(objs[i], parent)) ||
		    (port && mn_obj_ref(ctl->model, objs[i],
					MIDONET_A_PORT) != port))
			continue;
		if (ctl->json)
			json_array_append_new(json,
					      ctl_obj_json(ctl, objs[i]));
		else
			list_row(ctl, t, objs[i]);
	}
	free(objs);
	table_print(t);
	if (ctl->json)
		ctl_print_json(ctl, json);
	else
		json_decref(json);
	return 0;
}

static int want(struct ctl *ctl, const struct mn_type *type)
{
	int ret = mn_model_want(ctl->model, type->type, &ctl->err);

	if (!ret && type->type == MIDONET_OBJECT_TYPE_IP_SET)
		ret = mn_model_want(ctl->model,
				    MIDONET_OBJECT_TYPE_IP_SET_MEMBER,
				    &ctl->err);
	return ret;
}

static int object_list(struct ctl *ctl, const struct mn_type *type, int argc,
		       char **argv)
{
	int ret = ctl_args(ctl, argc, 0, 0, "TYPE list");

	(void)argv;
	if (!ret)
		ret = want(ctl, type);
	return ret ?: list_type(ctl, type, NULL, NULL);
}

static int object_show(struct ctl *ctl, const struct mn_type *type, int argc,
		       char **argv)
{
	struct mn_buf text = {};
	char id[MN_UUID_TEXT];
	struct mn_obj *obj;
	struct mn_vals *v;
	int ret, i;

	ret = ctl_args(ctl, argc, 1, 1, "TYPE show NAME");
	if (!ret)
		ret = want(ctl, type);
	if (ret)
		return ret;
	obj = mn_model_lookup(ctl->model, type->type, argv[0], &ctl->err);
	if (!obj)
		return ctl->err.code;
	if (ctl->json) {
		ctl_print_json(ctl, ctl_obj_json(ctl, obj));
		return 0;
	}
	mn_uuid_print(&obj->id, id);
	printf("%-18s %s\n%-18s %s\n", "name", argv[0], "id", id);
	for (i = 0; i < type->n_attrs; i++) {
		v = mn_obj_effective(obj, i);
		text.len = 0;
		mn_vals_print(&type->attrs[i], &ctl->model->names, v, &text);
		free(v);
		printf("%-18s %s\n", type->attrs[i].word, text.s);
	}
	mn_buf_free(&text);
	return 0;
}

static const struct {
	const char *word;
	bool change;
	int (*run)(struct ctl *ctl, const struct mn_type *type, int argc,
		   char **argv);
} verbs[] = {
	{ "list", false, object_list },
	{ "show", false, object_show },
	{ "add", true, object_add },
	{ "set", true, object_set },
	{ "del", true, object_del },
};

static int find_verb(const struct mn_type *type, const char *word)
{
	size_t i;

	for (i = 0; i < MN_ARRAY_SIZE(verbs); i++) {
		if (!strcmp(verbs[i].word, word) &&
		    ((type->flags & MN_TYPE_NAMED) || verbs[i].change))
			return i;
	}
	return -1;
}

/**
 * type_verb() - is there such a verb about objects of a type
 * @ctl: run
 * @type: type
 * @argc: number of words
 * @argv: verb and what follows
 *
 * Return: 0 or a negative error
 */
int type_verb(struct ctl *ctl, const struct mn_type *type, int argc,
	      char **argv)
{
	int i = argc ? find_verb(type, argv[0]) : -1;
	char buf[80];

	if (i < 0)
		return mn_usage(&ctl->err, "%s: unknown word \"%s\"; list, show, add, set or del",
				type->word,
				argc ? mn_shown(argv[0], buf, sizeof(buf)) : "");
	if (ctl->batch && !verbs[i].change)
		return mn_usage(&ctl->err, "\"%s %s\" cannot be part of a batch",
				type->word, argv[0]);
	return 0;
}

/**
 * cmd_type() - a verb about objects of a type
 * @ctl: run
 * @type: type
 * @argc: number of words
 * @argv: verb, one that type_verb() knows, and what follows
 *
 * Return: 0 or a negative error
 */
int cmd_type(struct ctl *ctl, const struct mn_type *type, int argc, char **argv)
{
	return verbs[find_verb(type, argv[0])].run(ctl, type, argc - 1,
						   argv + 1);
}
