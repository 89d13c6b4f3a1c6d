// SPDX-License-Identifier: GPL-2.0
/* route add | del | list */
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "midoctl.h"

static struct mn_obj *router_of(struct ctl *ctl, const char *name)
{
	return ctl_device(ctl, 1u << MIDONET_OBJECT_TYPE_ROUTER, name,
			  "router");
}

/* ROUTER WORD VALUE...: a route of the router's, and which words were given. */
static struct mn_obj *read_route(struct ctl *ctl, struct mn_obj *router,
				 int argc, char **argv, uint32_t *bits)
{
	const struct mn_type *type = mn_type_of(MIDONET_OBJECT_TYPE_ROUTE);
	struct mn_obj *route;
	const char *dst = "?";
	int i, ret;

	for (i = 0; i + 1 < argc; i += 2) {
		if (!strcmp(argv[i], "dst"))
			dst = argv[i + 1];
	}
	/* So called until all is read. */
	route = mn_obj_new(ctl->model, type, router, dst);
	ret = ctl_words(ctl, route, argc, argv, bits);
	if (!ret && *mn_obj_val(route, MIDONET_A_DST))
		return route;
	if (!ret) {
		mn_usage(&ctl->err, "needs dst");
		ctl_obj_err(ctl, route);
	}
	mn_obj_del(ctl->model, route);
	return NULL;
}

static int check_route(struct ctl *ctl, const struct mn_obj *route)
{
	const char *attr;
	int ret = mn_route_check(route, &attr, &ctl->err);

	if (!ret)
		return 0;
	if (attr)
		mn_err_prefix(&ctl->err, "%s", attr);
	else
		ctl->err.usage = true;
	return ctl_obj_err(ctl, route);
}

/**
 * cmd_route_add() - route add ROUTER WORD VALUE...
 * @ctl: run
 * @argc: number of words
 * @argv: words
 *
 * Return: 0 or a negative error
 */
int cmd_route_add(struct ctl *ctl, int argc, char **argv)
{
	struct mn_obj *router, *route;
	struct mn_buf key = {};
	uint32_t bits = 0;
	int ret;

	ret = ctl_args(ctl, argc, 3, -1,
		       "route add ROUTER dst P port PORT [gateway A] [metric N] [src P] | ROUTER dst P type T");
	router = ret ? NULL : router_of(ctl, argv[0]);
	route = router ? read_route(ctl, router, argc - 1, argv + 1, &bits) :
		NULL;
	if (!route)
		return ctl->err.code;
	ret = check_route(ctl, route);
	if (ret)
		return ret;
	mn_obj_key_name(ctl->model, route, &key);
	mn_obj_set_name(ctl->model, route, key.s);
	mn_buf_free(&key);
	return ctl_change(ctl, MIDONET_OP_NEW, route, bits);
}

static bool same_words(const struct mn_obj *a, const struct mn_obj *b,
		       uint32_t bits)
{
	int i;

	for (i = 0; i < a->type->n_attrs; i++) {
		if ((bits >> i & 1) && !mn_vals_equal(a->vals[i], b->vals[i]))
			return false;
	}
	return true;
}

/* The one route of the router's that has all the words of @words. */
static struct mn_obj *only_match(struct ctl *ctl, const struct mn_obj *words,
				 uint32_t bits)
{
	const struct mn_obj *router = words->parent;
	struct mn_obj *found = NULL, *route;
	struct mn_buf names = {};
	uint32_t i, n = 0;

	for (i = 0; i < router->n_kids; i++) {
		route = router->kids[i];
		if (route->type != words->type || route == words ||
		    !same_words(words, route, bits))
			continue;
		found = route;
		if (++n <= 3)
			mn_buf_printf(&names, "%s%s", n > 1 ? " | " : "",
				      route->name);
	}
	if (n > 1)
		mn_fail(&ctl->err, -EEXIST,
			"%u routes match; say which by more words: %s%s", n,
			names.s, n > 3 ? " | ..." : "");
	else if (!n)
		mn_fail(&ctl->err, -ENOENT, "no such static route");
	mn_buf_free(&names);
	if (n == 1)
		return found;
	ctl_obj_err(ctl, words);
	return NULL;
}

/**
 * cmd_route_del() - route del ROUTER WORD VALUE...
 * @ctl: run
 * @argc: number of words
 * @argv: words, which one route must have
 *
 * Return: 0 or a negative error
 */
int cmd_route_del(struct ctl *ctl, int argc, char **argv)
{
	struct mn_obj *router, *words, *route;
	uint32_t bits = 0;
	int ret;

	ret = ctl_args(ctl, argc, 3, -1, "route del ROUTER dst P [WORD VALUE]...");
	router = ret ? NULL : router_of(ctl, argv[0]);
	if (!router)
		return ctl->err.code;
	ret = mn_model_want_in(ctl->model, MIDONET_OBJECT_TYPE_ROUTE, router,
			       &ctl->err);
	if (ret)
		return ret;
	words = read_route(ctl, router, argc - 1, argv + 1, &bits);
	if (!words)
		return ctl->err.code;
	route = only_match(ctl, words, bits);
	mn_obj_del(ctl->model, words);
	if (!route)
		return ctl->err.code;
	ctl->check = true;
	ret = ctl_change(ctl, MIDONET_OP_DEL, route, 0);
	if (!ret)
		mn_obj_del(ctl->model, route);
	return ret;
}

/**
 * cmd_route_list() - route list ROUTER
 * @ctl: run
 * @argc: number of words
 * @argv: words
 *
 * Return: 0 or a negative error
 */
int cmd_route_list(struct ctl *ctl, int argc, char **argv)
{
	int ret = ctl_args(ctl, argc, 1, 1, "route list ROUTER");
	struct mn_obj *router = ret ? NULL : router_of(ctl, argv[0]);

	if (!router)
		return ctl->err.code;
	ctl->model->learned = true;
	ret = mn_model_want_in(ctl->model, MIDONET_OBJECT_TYPE_ROUTE, router,
			       &ctl->err);
	return ret ? ret : list_type(ctl, mn_type_of(MIDONET_OBJECT_TYPE_ROUTE),
				     router, NULL);
}
