// SPDX-License-Identifier: GPL-2.0
/* Changes of single objects. */
#include <errno.h>
#include <linux/if.h>
#include <linux/rtnetlink.h>
#include <net/if_arp.h>
#include <stdalign.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "midoctl.h"

/**
 * ctl_obj_err() - put the name of an object before the error
 * @ctl: run with an error
 * @obj: object
 *
 * Return: the error
 */
int ctl_obj_err(struct ctl *ctl, const struct mn_obj *obj)
{
	struct mn_buf name = {};

	mn_obj_full_name(obj, &name);
	mn_err_prefix(&ctl->err, "%s %s", obj->type->word, name.s);
	mn_buf_free(&name);
	return ctl->err.code;
}

/**
 * ctl_change() - note a change
 * @ctl: run
 * @op: what
 * @obj: object, as it shall be
 * @attrs: bit N: attribute N was given
 *
 * Return: 0 or a negative error
 */
int ctl_change(struct ctl *ctl, enum midonet_op op, struct mn_obj *obj,
	       uint32_t attrs)
{
	struct mn_change c = { .op = op, .obj = obj, .attrs = attrs };
	int ret;

	/* What is new contains nothing but what is put in. */
	if (op == MIDONET_OP_NEW)
		obj->loaded = ~0u;
	ret = mn_store_change(ctl->store, ctl->model, &c, &ctl->err);

	return ret ? ctl_obj_err(ctl, obj) : 0;
}

/* +V and -V: the current value, with some elements more or less. */
static int add_remove(struct ctl *ctl, struct mn_obj *obj,
		      const struct mn_attr *a, const char *text,
		      struct mn_vals **v)
{
	struct mn_vals *part = NULL;
	const uint8_t *p;
	int ret;

	(void)obj;
	ret = mn_vals_from_text(a, &ctl->model->names, text + 1, &part,
				&ctl->err);
	if (ret)
		return ret;
	mn_vals_for_each(p, part) {
		if (*text == '+')
			mn_vals_add(v, p + 1, *p);
		else if (!mn_vals_remove(v, p + 1, *p))
			ret = mn_fail(&ctl->err, -ENOENT, "no such value %s",
				      text + 1);
	}
	free(part);
	mn_vals_normalise(a, v);
	ctl->check = true;
	return ret;
}

static int set_options(struct ctl *ctl, struct mn_obj *obj, int attr,
		       const char *text)
{
	if (*text == '+' || *text == '-')
		ctl->check = true;
	return mn_obj_options_text(obj, attr, text, &ctl->err);
}

/**
 * ctl_set_word() - give an attribute the value of the command line
 * @ctl: run
 * @obj: object
 * @attr: index of the attribute
 * @text: value, `none`, or a list with a leading + or -
 *
 * Return: 0 or a negative error
 */
int ctl_set_word(struct ctl *ctl, struct mn_obj *obj, int attr,
		 const char *text)
{
	const struct mn_attr *a = &obj->type->attrs[attr];
	struct mn_vals **v = &obj->vals[attr];
	char buf[80];
	int ret;

	if (a->kind == MN_KIND_OPTION)
		ret = set_options(ctl, obj, attr, text);
	else if ((a->flags & MN_LIST) && (*text == '+' || *text == '-'))
		ret = add_remove(ctl, obj, a, text, v);
	else if (a->flags & MN_OWN)
		ret = mn_obj_own_ref(ctl->model, obj, attr, text, &ctl->err);
	else
		ret = mn_vals_from_text(a, &ctl->model->names, text, v,
					&ctl->err);
	if (!ret && (a->flags & MN_NEEDED) && !*v)
		ret = mn_fail(&ctl->err, -EINVAL, "\"%s\" is needed",
			      mn_shown(text, buf, sizeof(buf)));
	if (!ret && a->kind == MN_KIND_SECRET)
		mn_zone_keyed(obj);
	if (!ret)
		return 0;
	mn_err_prefix(&ctl->err, "%s", a->word);
	/* What is not there is refused, what is no value is misspelt. */
	ctl->err.usage = ret == -EINVAL;
	return ctl_obj_err(ctl, obj);
}

/**
 * ctl_words() - WORD VALUE... of a command line
 * @ctl: run
 * @obj: object to change
 * @argc: number of words
 * @argv: words
 * @attrs: bit N is set when attribute N was given
 *
 * Return: 0 or a negative error
 */
int ctl_words(struct ctl *ctl, struct mn_obj *obj, int argc, char **argv,
	      uint32_t *attrs)
{
	const struct mn_type *t = obj->type;
	char buf[80];
	int i, ret;

	for (; argc; argc -= 2, argv += 2) {
		i = mn_type_attr(t, argv[0]);
		if (i < 0 || t->attrs[i].kind == MN_KIND_MATCH ||
		    ctl_attr_is_place(t, i))
			return mn_usage(&ctl->err, "%s: unknown word \"%s\"",
					t->word,
					mn_shown(argv[0], buf, sizeof(buf)));
		if (t->attrs[i].flags & MN_RO)
			return mn_usage(&ctl->err, "%s: %s is state and cannot be set",
					t->word, argv[0]);
		if (argc < 2)
			return mn_usage(&ctl->err, "%s: %s needs a value",
					t->word, argv[0]);
		ret = ctl_set_word(ctl, obj, i, argv[1]);
		if (ret)
			return ret;
		*attrs |= 1u << i;
	}
	return 0;
}

struct link {
	bool found;
	bool loopback;
	bool ethernet;
	uint32_t master;
};

static int link_cb(const struct nlmsghdr *nlh, void *arg)
{
	const struct ifinfomsg *ifi = mnl_nlmsg_get_payload(nlh);
	const struct nlattr *attr;
	struct link *l = arg;

	l->found = true;
	l->loopback = ifi->ifi_flags & IFF_LOOPBACK;
	l->ethernet = ifi->ifi_type == ARPHRD_ETHER;
	mnl_attr_for_each(attr, nlh, sizeof(*ifi)) {
		if (mnl_attr_get_type(attr) == IFLA_MASTER)
			l->master = mnl_attr_get_u32(attr);
	}
	return MNL_CB_OK;
}

static int get_link(const char *dev, struct link *l)
{
	alignas(8) char buf[8192];
	struct mnl_socket *sock = mnl_socket_open2(NETLINK_ROUTE, SOCK_CLOEXEC);
	struct nlmsghdr *nlh = mnl_nlmsg_put_header(buf);
	struct ifinfomsg *ifi;
	ssize_t n = -1;

	if (!sock)
		return -errno;
	nlh->nlmsg_type = RTM_GETLINK;
	nlh->nlmsg_flags = NLM_F_REQUEST;
	ifi = mnl_nlmsg_put_extra_header(nlh, sizeof(*ifi));
	ifi->ifi_family = AF_UNSPEC;
	mnl_attr_put_strz(nlh, IFLA_IFNAME, dev);
	if (mnl_socket_sendto(sock, nlh, nlh->nlmsg_len) > 0)
		n = mnl_socket_recvfrom(sock, buf, sizeof(buf));
	if (n > 0)
		mnl_cb_run(buf, n, 0, 0, link_cb, l);
	mnl_socket_close(sock);
	return n < 0 ? -errno : 0;
}

static bool is_local(struct mn_obj *host)
{
	const struct mn_vals *v = *mn_obj_val(host, MIDONET_A_LOCAL);

	return v && mn_value_num(v->data + 1, v->data[0]);
}

/**
 * ctl_check_dev() - refuse to bind to a device that cannot be used
 * @ctl: run
 * @port: port as it shall be; only a local one is looked at
 *
 * Return: 0 or a negative error
 */
int ctl_check_dev(struct ctl *ctl, struct mn_obj *port)
{
	const struct mn_vals *v = *mn_obj_val(port, MIDONET_A_DEV);
	struct mn_obj *host = mn_obj_ref(ctl->model, port, MIDONET_A_HOST);
	struct link l = {};
	const char *dev;
	int ret = 0;

	if (!v || ctl->force || !mn_store_nl(ctl->store))
		return 0;
	if (host && !is_local(host))
		return 0;
	dev = (const char *)v->data + 1;
	if (get_link(dev, &l))
		return 0;
	if (!l.found)
		ret = mn_fail(&ctl->err, -ENODEV,
			      "device \"%s\" does not exist", dev);
	else if (l.loopback)
		ret = mn_fail(&ctl->err, -EINVAL,
			      "device \"%s\" is the loopback", dev);
	else if (!l.ethernet)
		ret = mn_fail(&ctl->err, -EINVAL,
			      "device \"%s\" is not an Ethernet device", dev);
	else if (l.master)
		ret = mn_fail(&ctl->err, -EBUSY,
			      "device \"%s\" belongs to another one; take it out with: ip link set %s nomaster",
			      dev, dev);
	return ret ? ctl_obj_err(ctl, port) : 0;
}
