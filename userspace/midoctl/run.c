// SPDX-License-Identifier: GPL-2.0
/* Which command a line means, and how it becomes a transaction. */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "doc.h"
#include "midoctl.h"
#include "netns.h"

/* So often a change is computed again when the topology moved under it. */
#define TRIES	10

const struct cmd cmds[] = {
	{ "show", NULL, 0, cmd_show, "[--dot|--svg] [NAME]" },
	{ "status", NULL, 0, cmd_status, "[--wait S]" },
	{ "bind", NULL, CMD_CHANGE, cmd_bind, "PORT dev IF [host H]" },
	{ "unbind", NULL, CMD_CHANGE, cmd_unbind, "PORT" },
	{ "link", NULL, CMD_CHANGE, cmd_link, "PORT PORT" },
	{ "unlink", NULL, CMD_CHANGE, cmd_unlink, "PORT" },
	{ "rule", "add", CMD_CHANGE, cmd_rule_add,
	  "CHAIN [pos N] [WORD VALUE]... [not] ACTION [target T] [then A]" },
	{ "rule", "set", CMD_CHANGE, cmd_rule_set,
	  "CHAIN pos N|id U [to N] [WORD VALUE]... [not true|false] [ACTION]" },
	{ "rule", "del", CMD_CHANGE, cmd_rule_del, "CHAIN pos N|id U" },
	{ "rule", "list", 0, cmd_rule_list, "CHAIN" },
	{ "mac", "list", CMD_KERNEL, cmd_mac_list, "[BRIDGE]" },
	{ "neighbour", "list", CMD_KERNEL, cmd_neighbour_list,
	  "[PORT|BRIDGE|ROUTER]" },
	{ "route", "add", CMD_CHANGE, cmd_route_add,
	  "ROUTER dst P port PORT [gateway A] [metric N] [src P] | ROUTER dst P type T" },
	{ "route", "del", CMD_CHANGE, cmd_route_del, "ROUTER dst P [WORD VALUE]..." },
	{ "route", "list", 0, cmd_route_list, "ROUTER" },
	{ "dhcp", "add", CMD_CHANGE, cmd_dhcp_add, "BRIDGE PREFIX [WORD VALUE]..." },
	{ "dhcp", "set", CMD_CHANGE, cmd_dhcp_set, "BRIDGE PREFIX WORD VALUE..." },
	{ "dhcp", "del", CMD_CHANGE, cmd_dhcp_del, "BRIDGE PREFIX" },
	{ "dhcp", "list", 0, cmd_dhcp_list, "[BRIDGE]" },
	{ "dhcp", "host", CMD_CHANGE, cmd_dhcp_host,
	  "add BRIDGE PREFIX mac M address A [name N] [options O=V,...] | set ... | del BRIDGE PREFIX mac M | list [BRIDGE [PREFIX]]"
	},
	{ "load-balancer", "pool", CMD_CHANGE, cmd_lb_pool,
	  "add|set LB POOL [WORD VALUE]... | del|show LB POOL | list [LB]" },
	{ "load-balancer", "vip", CMD_CHANGE, cmd_lb_vip,
	  "add LB ADDR:PORT proto tcp|udp pool POOL [sticky S] | set|del ... | list [LB]" },
	{ "load-balancer", "member", CMD_CHANGE, cmd_lb_member,
	  "add LB POOL ADDR:PORT [WORD VALUE]... | set|del ... | list [LB [POOL]]" },
	{ "load-balancer", "set-health", CMD_KERNEL, cmd_lb_health,
	  "LB POOL ADDR:PORT up|down|unknown" },
	{ "nat-block", "list", CMD_KERNEL, cmd_nat_block_list, "[ROUTER]" },
	{ "tunnel-zone", "member", CMD_CHANGE, cmd_zone_member,
	  "add|set ZONE HOST address A | del ZONE HOST | list [ZONE]" },
	{ "host", "set-local", CMD_KERNEL, cmd_host_set_local, "NAME" },
	{ "apply", NULL, 0, cmd_apply, "[--merge] FILE|-" },
	{ "diff", NULL, 0, cmd_diff, "[--merge] FILE|-" },
	{ "export", NULL, 0, cmd_export, "[--ids]" },
	{ "flush", NULL, 0, cmd_flush, "" },
	{ "batch", NULL, 0, cmd_batch, "FILE|-" },
	{ "wait", NULL, 0, cmd_wait, "GENERATION|REVISION [--timeout S]" },
	{ "release", NULL, CMD_KERNEL, cmd_release, "" },
	{ "flow", "list", CMD_KERNEL, cmd_flow_list, "" },
	{ "flow", "flush", CMD_KERNEL, cmd_flow_flush, "" },
	{ "conn", "list", CMD_KERNEL, cmd_conn_list, "[WORD VALUE]..." },
	{ "conn", "count", CMD_KERNEL, cmd_conn_count, "[WORD VALUE]..." },
	{ "conn", "flush", CMD_KERNEL, cmd_conn_flush, "[WORD VALUE]..." },
	{ "conn", "save", CMD_KERNEL, cmd_conn_save,
	  "FILE|- [WORD VALUE]..." },
	{ "conn", "restore", CMD_KERNEL, cmd_conn_restore, "FILE|-" },
	{ "nat", "list", CMD_KERNEL, cmd_nat_list, "[WORD VALUE]..." },
	{ "stats", NULL, CMD_KERNEL, cmd_stats, "[TYPE|NAME] [--watch]" },
	{ "drops", NULL, CMD_KERNEL, cmd_drops, "[-f]" },
	{ "monitor", NULL, CMD_KERNEL, cmd_monitor, "" },
	{ "trace", NULL, CMD_KERNEL, cmd_trace,
	  "PORT WORD VALUE... | PORT --hex BYTES | PORT --pcap FILE | --live N [WORD VALUE]..." },
	{ "doctor", NULL, CMD_ALONE, cmd_doctor, "" },
	{ "complete", NULL, CMD_ALONE | CMD_HIDDEN, cmd_complete, "WORD..." },
	{ "help", NULL, 0, cmd_help, "" },
	{}
};

static const struct cmd *find_cmd(int argc, char **argv, bool *word)
{
	const struct cmd *c;

	*word = false;
	for (c = cmds; c->word; c++) {
		if (strcmp(c->word, argv[0]))
			continue;
		*word = true;
		if (!c->second || (argc > 1 && !strcmp(c->second, argv[1])))
			return c;
	}
	return NULL;
}

/**
 * ctl_args() - check the number of arguments
 * @ctl: run
 * @argc: number
 * @min: least
 * @max: most, -1: no limit
 * @usage: what should be there
 *
 * Return: 0 or a negative error
 */
int ctl_args(struct ctl *ctl, int argc, int min, int max, const char *usage)
{
	if (argc >= min && (max < 0 || argc <= max))
		return 0;
	return mn_usage(&ctl->err, "usage: midoctl %s", usage);
}

static bool is_kernel(const char *where)
{
	return !strcmp(where, "kernel");
}

/* Another store is reached from where midoctl was started. */
static int enter_netns(struct ctl *ctl)
{
	int fd, ret;

	if (!ctl->netns)
		return 0;
	fd = mn_netns_open(ctl->netns, &ctl->err);
	if (fd < 0)
		return fd;
	ret = mn_netns_enter(fd, ctl->netns, &ctl->err);
	close(fd);
	return ret;
}

/**
 * ctl_open() - have the store open, and an empty model of it
 * @ctl: run
 *
 * Return: 0 or a negative error
 */
int ctl_open(struct ctl *ctl)
{
	int ret = 0;

	if (!ctl->store && is_kernel(ctl->where))
		ret = enter_netns(ctl);
	if (!ret && !ctl->store)
		ret = mn_store_open(&ctl->store, ctl->where, &ctl->err);
	if (!ret && !ctl->model)
		ctl->model = mn_model_new(ctl->store);
	return ret;
}

/**
 * ctl_nl() - the connection to the kernel
 * @ctl: run of a command marked CMD_KERNEL, or behind ctl_kernel()
 *
 * Return: connection
 */
struct mn_nl *ctl_nl(struct ctl *ctl)
{
	return mn_store_nl(ctl->kernel ?: ctl->store);
}

/**
 * ctl_kernel() - have a connection to the kernel, whatever the store is
 * @ctl: run
 *
 * Return: 0 or a negative error
 */
int ctl_kernel(struct ctl *ctl)
{
	int ret;

	if (ctl->kernel || mn_store_nl(ctl->store))
		return 0;
	ret = enter_netns(ctl);
	return ret ?: mn_store_open(&ctl->kernel, "kernel", &ctl->err);
}

/* What a line means: a command, or a verb about a type. */
static int resolve(struct ctl *ctl, int argc, char **argv,
		   const struct cmd **cmd, const struct mn_type **type)
{
	char buf[80];
	bool word;

	*cmd = find_cmd(argc, argv, &word);
	*type = mn_type_find(argv[0]);
	/* pool, vip: words behind load-balancer. */
	if (*type && ((*type)->flags & MN_TYPE_INNER))
		*type = NULL;
	if (!*cmd && !*type && !word)
		return mn_usage(&ctl->err, "unknown command \"%s\"; try: midoctl help",
				mn_shown(argv[0], buf, sizeof(buf)));
	if (!*cmd && !*type)
		return mn_usage(&ctl->err, "%s: unknown word \"%s\"; try: midoctl help",
				argv[0], argc > 1 ?
				mn_shown(argv[1], buf, sizeof(buf)) : "");
	if (ctl->batch && *cmd && !((*cmd)->flags & CMD_CHANGE))
		return mn_usage(&ctl->err, "\"%s\" cannot be part of a batch",
				(*cmd)->word);
	return *cmd ? 0 : type_verb(ctl, *type, argc - 1, argv + 1);
}

static int dispatch(struct ctl *ctl, int argc, char **argv)
{
	const struct mn_type *type;
	const struct cmd *c;
	int ret = resolve(ctl, argc, argv, &c, &type);

	if (!ret && (!c || !(c->flags & CMD_ALONE)))
		ret = ctl_open(ctl);
	if (ret)
		return ret;
	if (!c)
		return cmd_type(ctl, type, argc - 1, argv + 1);
	if ((c->flags & CMD_KERNEL) && !mn_store_nl(ctl->store))
		return mn_usage(&ctl->err, "%s needs the kernel, not a store",
				c->word);
	return c->run(ctl, argc - 1 - !!c->second, argv + 1 + !!c->second);
}

/* Commands may take words out of their list; a second try needs them all. */
static int dispatch_copy(struct ctl *ctl, int argc, char **argv)
{
	char **copy = mn_alloc((argc + 1) * sizeof(*copy));
	int ret;

	memcpy(copy, argv, argc * sizeof(*copy));
	ret = dispatch(ctl, argc, copy);
	free(copy);
	return ret;
}

static void sent(size_t done, size_t total)
{
	if (done < total)
		ctl_progress("sending", done, total);
	else
		ctl_progress("committing", 0, 0);
}

static int commit(struct ctl *ctl)
{
	struct mn_commit commit = {
		.check = ctl->check,
		.generation = ctl->model->generation,
		.dry_run = ctl->dry_run,
		.force = ctl->force,
		.progress = sent,
	};
	int ret = mn_store_commit(ctl->store, ctl->model, &commit, &ctl->err);

	if (ret && ctl->to)
		mn_doc_blame(ctl->to, &ctl->err);
	return ret;
}

/**
 * ctl_run() - run a command
 * @ctl: run
 * @argc: number of words
 * @argv: words
 * @batch: a line of a batch: changes are noted, not committed
 *
 * Return: 0, a positive exit status, or a negative error with @ctl->err set
 */
int ctl_run(struct ctl *ctl, int argc, char **argv, bool batch)
{
	int ret, try;

	if (!argc)
		return mn_usage(&ctl->err, "%s", "");
	if (batch)
		return dispatch_copy(ctl, argc, argv);
	if (!strcmp(argv[0], "help"))
		return cmd_help(ctl, 0, NULL);
	for (try = 0; try < TRIES; try++) {
		ctl->check = false;
		ctl_warn_forget(ctl);
		ret = dispatch_copy(ctl, argc, argv);
		if (!ret && ctl->store && ctl->store->n_changes)
			ret = commit(ctl);
		mn_model_free(ctl->to);
		ctl->to = NULL;
		if (ret != -ESTALE)
			break;
		mn_model_free(ctl->model);
		ctl->model = NULL;
	}
	ctl_progress_end();
	if (ret)
		ctl_warn_forget(ctl);
	ctl_warn_say(ctl);
	return ret;
}

/**
 * cmd_help() - list the commands
 * @ctl: run
 * @argc: unused
 * @argv: unused
 *
 * Return: 0
 */
int cmd_help(struct ctl *ctl, int argc, char **argv)
{
	const struct cmd *c;
	size_t i;

	(void)ctl;
	(void)argc;
	(void)argv;
	printf("midoctl [-j] [-n NETNS] [-s STORE] [--dry-run] [--force] COMMAND\n\n");
	for (i = 0; i < mn_n_types; i++) {
		if (!(mn_types[i].flags & MN_TYPE_NAMED) ||
		    (mn_types[i].flags & MN_TYPE_INNER))
			continue;
		printf("  %s list | show NAME | add NAME [WORD VALUE]... | ",
		       mn_types[i].word);
		printf("set NAME WORD VALUE... | del NAME\n");
	}
	printf("  mac add BRIDGE MAC port PORT [vlan N] | del BRIDGE MAC [vlan N]\n"
	       "  neighbour add BRIDGE|ROUTER:PORT ADDRESS mac MAC\n"
	       "  neighbour del BRIDGE|ROUTER:PORT ADDRESS\n"
	       "  nat-block add ROUTER ADDRESS first-port N [count N] | del ROUTER ADDRESS first-port N\n");
	for (c = cmds; c->word; c++) {
		if (c->flags & CMD_HIDDEN)
			continue;
		printf("  %s%s%s %s\n", c->word, c->second ? " " : "",
		       c->second ? c->second : "", c->help);
	}
	return 0;
}
