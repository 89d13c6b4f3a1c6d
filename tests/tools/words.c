// SPDX-License-Identifier: GPL-2.0
/*
 * The same command lines for a kernel and for a store, in one process: both must
 * say the same, with the same status.
 *
 *	words STORE < LINES
 *
 * Prints a line of TAP, without a number, for each line.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "../../userspace/midoctl/midoctl.h"
#include "doc.h"

#define WORDS_MAX	40

/* As midoctl's main() does it. */
static int run(const char *where, const char *line, struct mn_err *err)
{
	char *copy = mn_strdup(line), *rest = copy, *word;
	struct ctl ctl = { .where = where };
	char *argv[WORDS_MAX + 1] = {};
	int argc = 0, ret;

	while (argc < WORDS_MAX && (word = strsep(&rest, " \t"))) {
		if (*word)
			argv[argc++] = word;
	}
	ret = ctl_run(&ctl, argc, argv, false);
	*err = ctl.err;
	if (!ret)
		err->text[0] = '\0';
	json_decref(ctl.doc);
	mn_buf_free(&ctl.input);
	mn_model_free(ctl.model);
	mn_store_close(ctl.store);
	mn_store_close(ctl.kernel);
	free(copy);
	return ret < 0 ? (ctl.err.usage ? 2 : 1) : ret;
}

static int compare(const char *store, const char *line)
{
	struct mn_err here = {}, there = {};
	int a = run("kernel", line, &here), b = run(store, line, &there);

	if (a == b && !strcmp(here.text, there.text)) {
		printf("ok - %s: %s\n", line, *here.text ? here.text : "done");
		return 0;
	}
	printf("not ok - %s\n# kernel %d: %s\n# store  %d: %s\n", line, a,
	       here.text, b, there.text);
	return 1;
}

int main(int argc, char **argv)
{
	char *line = NULL, *text;
	size_t size = 0;
	int bad = 0;

	if (argc != 2) {
		fputs("usage: words STORE < LINES\n", stderr);
		return 2;
	}
	setvbuf(stdout, NULL, _IOLBF, 0);
	while (getline(&line, &size, stdin) >= 0) {
		line[strcspn(line, "\n")] = '\0';
		text = line + strspn(line, " \t");
		if (*text)
			bad |= compare(argv[1], text);
	}
	free(line);
	return bad;
}
