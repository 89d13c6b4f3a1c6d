// SPDX-License-Identifier: GPL-2.0
/* midoctl: options and the table of commands. */
#include <errno.h>
#include <getopt.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "midoctl.h"

static const char usage_text[] =
	"usage: midoctl [-j] [-n NETNS] [-s STORE] [--dry-run] [--force] COMMAND\n"
	"       midoctl help\n";

enum { OPT_DRY_RUN = 256, OPT_FORCE };

static const struct option options[] = {
	{ "json", no_argument, NULL, 'j' },
	{ "netns", required_argument, NULL, 'n' },
	{ "store", required_argument, NULL, 's' },
	{ "dry-run", no_argument, NULL, OPT_DRY_RUN },
	{ "force", no_argument, NULL, OPT_FORCE },
	{ "help", no_argument, NULL, 'h' },
	{}
};

static int parse_options(struct ctl *ctl, int argc, char **argv)
{
	int c;

	while ((c = getopt_long(argc, argv, "+jn:s:h", options, NULL)) != -1) {
		switch (c) {
		case 'j':
			ctl->json = true;
			break;
		case 'n':
			ctl->netns = optarg;
			break;
		case 's':
			ctl->where = optarg;
			break;
		case OPT_DRY_RUN:
			ctl->dry_run = true;
			break;
		case OPT_FORCE:
			ctl->force = true;
			break;
		case 'h':
			exit(cmd_help(ctl, 0, NULL));
		default:
			return mn_usage(&ctl->err, "%s", "");
		}
	}
	return 0;
}

static int failed(const struct ctl *ctl)
{
	if (*ctl->err.text)
		fprintf(stderr, "midoctl: %s\n", ctl->err.text);
	else if (ctl->err.usage)
		fputs(usage_text, stderr);
	return ctl->err.usage ? 2 : 1;
}

int main(int argc, char **argv)
{
	struct ctl ctl = {
		.where = getenv("MIDOCTL_STORE"),
		.color = isatty(STDOUT_FILENO) && !getenv("NO_COLOR"),
	};
	int ret;

	if (!ctl.where || !*ctl.where)
		ctl.where = "kernel";
	ret = parse_options(&ctl, argc, argv);
	if (!ret)
		ret = ctl_run(&ctl, argc - optind, argv + optind, false);
	json_decref(ctl.doc);
	mn_buf_free(&ctl.input);
	mn_model_free(ctl.model);
	mn_store_close(ctl.store);
	mn_store_close(ctl.kernel);
	if (ret < 0)
		return failed(&ctl);
	if (fflush(stdout) || ferror(stdout)) {
		fprintf(stderr, "midoctl: cannot write: %s\n", strerror(errno));
		return 1;
	}
	return ret;
}
