// SPDX-License-Identifier: GPL-2.0
/* bind, unbind, link, unlink, host set-local */
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "midoctl.h"

static struct mn_obj *port_of(struct ctl *ctl, const char *name)
{
	return mn_model_lookup(ctl->model, MIDONET_OBJECT_TYPE_PORT, name,
			       &ctl->err);
}

static uint32_t bit(int wire)
{
	return 1u << mn_type_wire(mn_type_of(MIDONET_OBJECT_TYPE_PORT), wire);
}

static void set_ref(struct mn_obj *obj, int wire, const struct mn_obj *to)
{
	struct mn_vals **v = mn_obj_val(obj, wire);

	free(*v);
	*v = NULL;
	if (to)
		mn_vals_add(v, to->id.b, MN_UUID_LEN);
}

static void clear(struct mn_obj *obj, int wire)
{
	set_ref(obj, wire, NULL);
}

/* Without a host, the one that this kernel is, if it is one. */
static int local_host(struct ctl *ctl, struct mn_obj *port)
{
	const struct mn_objs *hosts;
	uint32_t i;
	int ret;

	ret = mn_model_want(ctl->model, MIDONET_OBJECT_TYPE_HOST, &ctl->err);
	if (ret)
		return ret;
	clear(port, MIDONET_A_HOST);
	hosts = &ctl->model->objs[MIDONET_OBJECT_TYPE_HOST];
	for (i = 0; i < hosts->n; i++) {
		if (*mn_obj_val(hosts->objs[i], MIDONET_A_LOCAL) &&
		    (*mn_obj_val(hosts->objs[i], MIDONET_A_LOCAL))->data[1])
			set_ref(port, MIDONET_A_HOST, hosts->objs[i]);
	}
	return 0;
}

/**
 * cmd_bind() - bind PORT dev IF [host H]
 * @ctl: run
 * @argc: number of words
 * @argv: words
 *
 * Return: 0 or a negative error
 */
int cmd_bind(struct ctl *ctl, int argc, char **argv)
{
	uint32_t bits = 0;
	struct mn_obj *port;
	int ret;

	ret = ctl_args(ctl, argc, 3, 5, "bind PORT dev IF [host H]");
	if (!ret && (strcmp(argv[1], "dev") || argc == 4 ||
		     (argc == 5 && strcmp(argv[3], "host"))))
		ret = ctl_args(ctl, 0, 1, 1, "bind PORT dev IF [host H]");
	if (ret)
		return ret;
	port = port_of(ctl, argv[0]);
	if (!port)
		return ctl->err.code;
	ret = ctl_words(ctl, port, argc - 1, argv + 1, &bits);
	if (!ret && argc == 3)
		ret = local_host(ctl, port);
	if (!ret)
		ret = ctl_check_dev(ctl, port);
	return ret ?: ctl_change(ctl, MIDONET_OP_SET, port,
				 bits | bit(MIDONET_A_HOST));
}

/**
 * cmd_unbind() - unbind PORT
 * @ctl: run
 * @argc: number of words
 * @argv: words
 *
 * Return: 0 or a negative error
 */
int cmd_unbind(struct ctl *ctl, int argc, char **argv)
{
	int ret = ctl_args(ctl, argc, 1, 1, "unbind PORT");
	struct mn_obj *port = ret ? NULL : port_of(ctl, argv[0]);

	if (!port)
		return ctl->err.code;
	clear(port, MIDONET_A_DEV);
	clear(port, MIDONET_A_HOST);
	return ctl_change(ctl, MIDONET_OP_SET, port,
			  bit(MIDONET_A_DEV) | bit(MIDONET_A_HOST));
}

/**
 * cmd_link() - link PORT PORT
 * @ctl: run
 * @argc: number of words
 * @argv: words
 *
 * Return: 0 or a negative error
 */
int cmd_link(struct ctl *ctl, int argc, char **argv)
{
	int ret = ctl_args(ctl, argc, 2, 2, "link PORT PORT");
	struct mn_obj *a = ret ? NULL : port_of(ctl, argv[0]);
	struct mn_obj *b = a ? port_of(ctl, argv[1]) : NULL;

	if (!b)
		return ctl->err.code;
	set_ref(a, MIDONET_A_PEER, b);
	set_ref(b, MIDONET_A_PEER, a);
	return ctl_change(ctl, MIDONET_OP_SET, a, bit(MIDONET_A_PEER));
}

/**
 * cmd_unlink() - unlink PORT
 * @ctl: run
 * @argc: number of words
 * @argv: words
 *
 * Return: 0 or a negative error
 */
int cmd_unlink(struct ctl *ctl, int argc, char **argv)
{
	int ret = ctl_args(ctl, argc, 1, 1, "unlink PORT");
	struct mn_obj *port = ret ? NULL : port_of(ctl, argv[0]);
	struct mn_obj *peer;

	if (!port)
		return ctl->err.code;
	peer = mn_obj_ref(ctl->model, port, MIDONET_A_PEER);
	if (!peer) {
		ret = mn_fail(&ctl->err, -ENOENT, "is not linked");
		return ctl_obj_err(ctl, port);
	}
	clear(port, MIDONET_A_PEER);
	clear(peer, MIDONET_A_PEER);
	return ctl_change(ctl, MIDONET_OP_SET, port, bit(MIDONET_A_PEER));
}

/**
 * cmd_host_set_local() - host set-local NAME
 * @ctl: run
 * @argc: number of words
 * @argv: words
 *
 * Return: 0 or a negative error
 */
int cmd_host_set_local(struct ctl *ctl, int argc, char **argv)
{
	struct mn_uuid id = {};
	struct mn_buf b = {};
	struct mn_obj *host;
	size_t at;
	int ret;

	ret = ctl_args(ctl, argc, 1, 1, "host set-local NAME|none");
	if (ret)
		return ret;
	if (strcmp(argv[0], "none")) {
		host = mn_model_lookup(ctl->model, MIDONET_OBJECT_TYPE_HOST,
				       argv[0], &ctl->err);
		if (!host)
			return ctl->err.code;
		id = host->id;
	}
	at = mn_msg_begin(&b, ctl_nl(ctl), MIDONET_CMD_STATUS_SET, 0);
	mn_msg_put(&b, MIDONET_STATUS_HOST_ID, id.b, MN_UUID_LEN);
	mn_msg_end(&b, at);
	ret = ctl->dry_run ? 0 : mn_nl_call(ctl_nl(ctl), &b, NULL, NULL,
					    &ctl->err);
	mn_buf_free(&b);
	return ret;
}
