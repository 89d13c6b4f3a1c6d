// SPDX-License-Identifier: GPL-2.0
/* dhcp add | set | del | list, dhcp host add | set | del | list */
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "midoctl.h"

#define DHCP	MIDONET_OBJECT_TYPE_DHCP
#define HOST	MIDONET_OBJECT_TYPE_DHCP_HOST

static struct mn_obj *bridge_of(struct ctl *ctl, const char *name)
{
	return ctl_device(ctl, 1u << MIDONET_OBJECT_TYPE_BRIDGE, name,
			  "bridge");
}

/* BRIDGE PREFIX: one that is not there yet. */
static struct mn_obj *new_dhcp(struct ctl *ctl, char **argv)
{
	const struct mn_type *type = mn_type_of(DHCP);
	struct mn_obj *bridge = bridge_of(ctl, argv[0]), *obj;
	struct mn_buf key = {};

	if (!bridge)
		return NULL;
	/* So called until it is read. */
	obj = mn_obj_new(ctl->model, type, bridge, argv[1]);
	if (ctl_set_word(ctl, obj, mn_type_wire(type, MIDONET_A_SUBNET),
			 argv[1])) {
		mn_obj_del(ctl->model, obj);
		return NULL;
	}
	mn_obj_key_name(ctl->model, obj, &key);
	mn_obj_set_name(ctl->model, obj, key.s);
	mn_buf_free(&key);
	return obj;
}

/* BRIDGE PREFIX: one that is there. */
static struct mn_obj *find_dhcp(struct ctl *ctl, char **argv)
{
	struct mn_obj *like, *bridge = bridge_of(ctl, argv[0]), *obj, *found;
	uint32_t i;

	if (!bridge || mn_model_want_in(ctl->model, DHCP, bridge, &ctl->err))
		return NULL;
	like = new_dhcp(ctl, argv);
	if (!like)
		return NULL;
	for (found = NULL, i = 0; i < bridge->n_kids; i++) {
		obj = bridge->kids[i];
		if (obj->type == like->type && obj != like &&
		    !strcmp(obj->name, like->name))
			found = obj;
	}
	if (!found) {
		mn_fail(&ctl->err, -ENOENT, "does not exist");
		ctl_obj_err(ctl, like);
	}
	mn_obj_del(ctl->model, like);
	return found;
}

static int refuse(struct ctl *ctl, const struct mn_obj *obj, const char *attr)
{
	if (attr)
		mn_err_prefix(&ctl->err, "%s", attr);
	return ctl_obj_err(ctl, obj);
}

static int check(struct ctl *ctl, const struct mn_obj *obj)
{
	const char *attr;

	if (mn_dhcp_check(obj, &attr, &ctl->err))
		return refuse(ctl, obj, attr);
	return 0;
}

/**
 * cmd_dhcp_add() - dhcp add BRIDGE PREFIX [WORD VALUE]...
 * @ctl: run
 * @argc: number of words
 * @argv: words
 *
 * Return: 0 or a negative error
 */
int cmd_dhcp_add(struct ctl *ctl, int argc, char **argv)
{
	uint32_t bits = 0;
	struct mn_obj *obj;
	struct mn_uuid id;
	int ret;

	ret = ctl_args(ctl, argc, 2, -1, "dhcp add BRIDGE PREFIX [WORD VALUE]...");
	if (ret)
		return ret;
	obj = new_dhcp(ctl, argv);
	if (!obj)
		return ctl->err.code;
	ret = ctl_words(ctl, obj, argc - 2, argv + 2, &bits);
	if (!ret)
		ret = check(ctl, obj);
	if (ret)
		return ret;
	mn_obj_v5(ctl->model, obj, obj->name, &id);
	mn_obj_set_id(ctl->model, obj, &id);
	return ctl_change(ctl, MIDONET_OP_NEW, obj, ~0u);
}

/**
 * cmd_dhcp_set() - dhcp set BRIDGE PREFIX WORD VALUE...
 * @ctl: run
 * @argc: number of words
 * @argv: words
 *
 * Return: 0 or a negative error
 */
int cmd_dhcp_set(struct ctl *ctl, int argc, char **argv)
{
	uint32_t bits = 0;
	struct mn_obj *obj;
	int ret;

	ret = ctl_args(ctl, argc, 4, -1, "dhcp set BRIDGE PREFIX WORD VALUE...");
	if (ret)
		return ret;
	obj = find_dhcp(ctl, argv);
	if (!obj)
		return ctl->err.code;
	ret = ctl_words(ctl, obj, argc - 2, argv + 2, &bits);
	if (!ret && (bits >> mn_type_wire(obj->type, MIDONET_A_SUBNET) & 1))
		ret = mn_usage(&ctl->err, "dhcp: subnet cannot be changed; add another");
	if (!ret)
		ret = check(ctl, obj);
	return ret ?: ctl_change(ctl, MIDONET_OP_SET, obj, bits);
}

static int del(struct ctl *ctl, struct mn_obj *obj)
{
	int ret = ctl_change(ctl, MIDONET_OP_DEL, obj, 0);

	if (!ret)
		mn_obj_del(ctl->model, obj);
	return ret;
}

/**
 * cmd_dhcp_del() - dhcp del BRIDGE PREFIX
 * @ctl: run
 * @argc: number of words
 * @argv: words
 *
 * Return: 0 or a negative error
 */
int cmd_dhcp_del(struct ctl *ctl, int argc, char **argv)
{
	int ret = ctl_args(ctl, argc, 2, 2, "dhcp del BRIDGE PREFIX");
	struct mn_obj *obj = ret ? NULL : find_dhcp(ctl, argv);

	return obj ? del(ctl, obj) : ctl->err.code;
}

static int list(struct ctl *ctl, int type, struct mn_obj *in)
{
	int ret = mn_model_want(ctl->model, type, &ctl->err);

	return ret ?: list_type(ctl, mn_type_of(type), in, NULL);
}

/**
 * cmd_dhcp_list() - dhcp list [BRIDGE]
 * @ctl: run
 * @argc: number of words
 * @argv: words
 *
 * Return: 0 or a negative error
 */
int cmd_dhcp_list(struct ctl *ctl, int argc, char **argv)
{
	int ret = ctl_args(ctl, argc, 0, 1, "dhcp list [BRIDGE]");
	struct mn_obj *bridge = NULL;

	if (!ret && argc) {
		bridge = bridge_of(ctl, argv[0]);
		ret = bridge ? 0 : ctl->err.code;
	}
	return ret ?: list(ctl, DHCP, bridge);
}

/* Hosts. */

/* All of it was read: a name, and what is wrong with it. */
static int host_ready(struct ctl *ctl, struct mn_obj *host)
{
	struct mn_buf key = {};
	const char *attr;
	int i;

	for (i = 0; i < host->type->n_attrs; i++) {
		if (!(host->type->attrs[i].flags & MN_NEEDED) || host->vals[i])
			continue;
		mn_usage(&ctl->err, "needs %s", host->type->attrs[i].word);
		return ctl_obj_err(ctl, host);
	}
	mn_obj_key_name(ctl->model, host, &key);
	mn_obj_set_name(ctl->model, host, key.s);
	mn_buf_free(&key);
	if (mn_dhcp_host_check(host, &attr, &ctl->err))
		return refuse(ctl, host, attr);
	return 0;
}

/* WORD VALUE... */
static int host_add(struct ctl *ctl, struct mn_obj *dhcp, int argc, char **argv)
{
	struct mn_obj *host;
	uint32_t bits = 0;
	int ret;

	/* So called until all is read. */
	host = mn_obj_new(ctl->model, mn_type_of(HOST), dhcp, "host");
	ret = ctl_words(ctl, host, argc, argv, &bits);
	if (!ret)
		ret = host_ready(ctl, host);
	return ret ?: ctl_change(ctl, MIDONET_OP_NEW, host, ~0u);
}

/* mac M, which says who is meant, leaves the words. */
static struct mn_obj *take_host(struct ctl *ctl, struct mn_obj *dhcp, int *argc,
				char **argv)
{
	struct mn_buf name = {};
	struct mn_obj *host;
	uint8_t mac[6];
	char buf[80];

	if (*argc < 2 || strcmp(argv[0], "mac")) {
		mn_usage(&ctl->err, "usage: midoctl dhcp host set|del BRIDGE PREFIX mac MAC ...");
		return NULL;
	}
	if (!mn_mac_parse(argv[1], mac)) {
		mn_usage(&ctl->err, "dhcp host: mac: \"%s\" is not a MAC of one station",
			 mn_shown(argv[1], buf, sizeof(buf)));
		return NULL;
	}
	if (mn_model_want_in(ctl->model, HOST, dhcp, &ctl->err))
		return NULL;
	mn_mac_print(mac, &name);
	host = mn_model_find(ctl->model, HOST, dhcp, name.s);
	if (!host) {
		mn_fail(&ctl->err, -ENOENT, "no host %s", name.s);
		ctl_obj_err(ctl, dhcp);
	}
	mn_buf_free(&name);
	*argc -= 2;
	memmove(argv, argv + 2, *argc * sizeof(*argv));
	return host;
}

/* They have no command to change them: one like it takes the place. */
static int host_set(struct ctl *ctl, struct mn_obj *dhcp, int argc, char **argv)
{
	struct mn_obj *host = take_host(ctl, dhcp, &argc, argv);
	uint32_t bits = 0;
	int ret;

	if (!host)
		return ctl->err.code;
	ret = ctl_args(ctl, argc, 2, -1,
		       "dhcp host set BRIDGE PREFIX mac MAC WORD VALUE...");
	if (!ret)
		ret = ctl_change(ctl, MIDONET_OP_DEL, host, 0);
	if (!ret)
		ret = ctl_words(ctl, host, argc, argv, &bits);
	if (!ret)
		ret = host_ready(ctl, host);
	ctl->check = true;
	return ret ?: ctl_change(ctl, MIDONET_OP_NEW, host, ~0u);
}

static int host_del(struct ctl *ctl, struct mn_obj *dhcp, int argc, char **argv)
{
	struct mn_obj *host = take_host(ctl, dhcp, &argc, argv);
	char buf[80];

	if (!host)
		return ctl->err.code;
	if (argc)
		return mn_usage(&ctl->err, "dhcp host del: unknown word \"%s\"",
				mn_shown(argv[0], buf, sizeof(buf)));
	return del(ctl, host);
}

static int host_list(struct ctl *ctl, int argc, char **argv)
{
	struct mn_obj *in = NULL;
	int ret;

	if (ctl->batch)
		return mn_usage(&ctl->err, "\"dhcp host list\" cannot be part of a batch");
	ret = ctl_args(ctl, argc, 0, 2, "dhcp host list [BRIDGE [PREFIX]]");
	if (ret)
		return ret;
	if (argc) {
		in = argc == 2 ? find_dhcp(ctl, argv) : bridge_of(ctl, argv[0]);
		ret = in ? 0 : ctl->err.code;
	}
	return ret ?: list(ctl, HOST, in);
}

static const struct {
	const char *word;
	int (*run)(struct ctl *ctl, struct mn_obj *dhcp, int argc, char **argv);
} verbs[] = {
	{ "add", host_add }, { "set", host_set }, { "del", host_del },
};

/**
 * cmd_dhcp_host() - dhcp host VERB ...
 * @ctl: run
 * @argc: number of words
 * @argv: words
 *
 * Return: 0 or a negative error
 */
int cmd_dhcp_host(struct ctl *ctl, int argc, char **argv)
{
	struct mn_obj *dhcp;
	char buf[80];
	size_t i;
	int ret;

	if (argc && !strcmp(argv[0], "list"))
		return host_list(ctl, argc - 1, argv + 1);
	for (i = 0; argc && i < MN_ARRAY_SIZE(verbs); i++) {
		if (strcmp(verbs[i].word, argv[0]))
			continue;
		ret = ctl_args(ctl, argc, 5, -1,
			       "dhcp host add|set|del BRIDGE PREFIX mac MAC [WORD VALUE]...");
		dhcp = ret ? NULL : find_dhcp(ctl, argv + 1);
		return dhcp ? verbs[i].run(ctl, dhcp, argc - 3, argv + 3) :
			      ctl->err.code;
	}
	return mn_usage(&ctl->err, "dhcp host: unknown word \"%s\"; list, add, set or del",
			argc ? mn_shown(argv[0], buf, sizeof(buf)) : "");
}
