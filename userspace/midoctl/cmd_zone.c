// SPDX-License-Identifier: GPL-2.0
/* tunnel-zone member */
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "midoctl.h"

#define USAGE	"tunnel-zone member add|set ZONE HOST address A | del ZONE HOST"

static struct mn_obj *zone_of(struct ctl *ctl, const char *name)
{
	return mn_model_lookup(ctl->model, MIDONET_OBJECT_TYPE_TUNNEL_ZONE,
			       name, &ctl->err);
}

static int member_list(struct ctl *ctl, const struct mn_type *type, int argc,
		       char **argv)
{
	struct mn_obj *zone = NULL;
	int ret;

	if (ctl->batch)
		return mn_usage(&ctl->err,
				"\"tunnel-zone member list\" cannot be part of a batch");
	ret = ctl_args(ctl, argc, 0, 1, "tunnel-zone member list [ZONE]");
	if (!ret && argc) {
		zone = zone_of(ctl, argv[0]);
		ret = zone ? 0 : ctl->err.code;
	}
	if (!ret)
		ret = mn_model_want(ctl->model, type->type, &ctl->err);
	return ret ?: list_type(ctl, type, zone, NULL);
}

/* What the words make of a member, put into force as a new one. */
static int member_put(struct ctl *ctl, struct mn_obj *member, int argc,
		      char **argv)
{
	uint32_t bits = 0;
	const char *attr;
	int ret;

	ret = ctl_words(ctl, member, argc, argv, &bits);
	if (!ret && !*mn_obj_val(member, MIDONET_A_ADDRESS))
		ret = mn_usage(&ctl->err, "tunnel-zone-member %s %s: needs address",
			       member->parent->name, member->name);
	if (!ret && mn_zone_member_check(member, &attr, &ctl->err)) {
		mn_err_prefix(&ctl->err, "%s", attr);
		ret = ctl_obj_err(ctl, member);
	}
	return ret ?: ctl_change(ctl, MIDONET_OP_NEW, member, ~0u);
}

static int member_add(struct ctl *ctl, const struct mn_type *type,
		      struct mn_obj *zone, int argc, char **argv)
{
	struct mn_obj *member = mn_obj_new(ctl->model, type, zone, argv[0]);
	int host = mn_type_wire(type, MIDONET_A_HOST), ret;

	ret = ctl_set_word(ctl, member, host, argv[0]);
	return ret ?: member_put(ctl, member, argc - 1, argv + 1);
}

static struct mn_obj *member_find(struct ctl *ctl, const struct mn_type *type,
				  struct mn_obj *zone, const char *host)
{
	struct mn_obj *member;
	char buf[80];

	if (mn_model_want(ctl->model, type->type, &ctl->err))
		return NULL;
	member = mn_model_find(ctl->model, type->type, zone, host);
	if (!member)
		mn_fail(&ctl->err, -ENOENT, "tunnel-zone %s has no member %s",
			zone->name, mn_shown(host, buf, sizeof(buf)));
	ctl->check = true;
	return member;
}

static int member_del(struct ctl *ctl, struct mn_obj *member)
{
	int ret = ctl_change(ctl, MIDONET_OP_DEL, member, 0);

	if (!ret)
		mn_obj_del(ctl->model, member);
	return ret;
}

/* It has no command to change it: one like it takes the place. */
static int member_set(struct ctl *ctl, struct mn_obj *member, int argc,
		      char **argv)
{
	int ret = ctl_change(ctl, MIDONET_OP_DEL, member, 0);

	return ret ?: member_put(ctl, member, argc, argv);
}

/**
 * cmd_zone_member() - tunnel-zone member VERB ...
 * @ctl: run
 * @argc: number of words
 * @argv: words
 *
 * Return: 0 or a negative error
 */
int cmd_zone_member(struct ctl *ctl, int argc, char **argv)
{
	const struct mn_type *type =
		mn_type_of(MIDONET_OBJECT_TYPE_TUNNEL_ZONE_MEMBER);
	struct mn_obj *zone, *member;
	const char *verb = argc ? argv[0] : "";
	bool del = !strcmp(verb, "del"), set = !strcmp(verb, "set");
	int ret;

	if (!strcmp(verb, "list"))
		return member_list(ctl, type, argc - 1, argv + 1);
	if (!del && !set && strcmp(verb, "add"))
		return mn_usage(&ctl->err, "usage: midoctl %s | list [ZONE]",
				USAGE);
	ret = ctl_args(ctl, argc, del ? 3 : 5, del ? 3 : -1, USAGE);
	if (ret)
		return ret;
	zone = zone_of(ctl, argv[1]);
	if (!zone)
		return ctl->err.code;
	if (!del && !set)
		return member_add(ctl, type, zone, argc - 2, argv + 2);
	member = member_find(ctl, type, zone, argv[2]);
	if (!member)
		return ctl->err.code;
	return del ? member_del(ctl, member) :
		     member_set(ctl, member, argc - 3, argv + 3);
}
