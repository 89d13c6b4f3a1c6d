// SPDX-License-Identifier: GPL-2.0
/*
 * Threads that send what is refused, each in its own words: an answer that names
 * another thread's id was overwritten on its way.
 *
 * usage: refuse THREADS SECONDS
 */
#include <errno.h>
#include <linux/midonet.h>
#include <pthread.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "nl.h"

#define THREADS_MAX	256

struct worker {
	pthread_t thread;
	uint8_t id[16];
	char text[37];
	unsigned long refused;
	bool failed;
};

static time_t end;

/* What asks for a bridge: one by its id, those in it, one for a new port. */
static int ask(struct mn_nl *nl, const struct worker *w, int what,
	       struct mn_err *err)
{
	static const struct {
		int cmd, attr;
		bool dump;
	} asks[] = {
		{ MIDONET_CMD_BRIDGE_GET, MIDONET_A_ID, false },
		{ MIDONET_CMD_PORT_GET, MIDONET_A_PARENT, true },
		{ MIDONET_CMD_PORT_NEW, MIDONET_A_PARENT, false },
	};
	struct mn_buf b = {};
	size_t at = mn_msg_begin(&b, nl, asks[what % 3].cmd, 0);
	int ret;

	mn_msg_put(&b, asks[what % 3].attr, w->id, sizeof(w->id));
	if (asks[what % 3].cmd == MIDONET_CMD_PORT_NEW) {
		mn_msg_put(&b, MIDONET_A_ID, "of the new port", 16);
		mn_msg_put(&b, MIDONET_A_NAME, "x", 2);
	}
	mn_msg_end(&b, at);
	ret = asks[what % 3].dump ? mn_nl_dump(nl, &b, NULL, NULL, err) :
				    mn_nl_call(nl, &b, NULL, NULL, err);
	mn_buf_free(&b);
	return ret;
}

static void *work(void *arg)
{
	struct worker *w = arg;
	struct mn_err err = {};
	struct mn_nl nl;

	w->failed = mn_nl_open(&nl, &err);
	while (!w->failed && (time(NULL) < end || !w->refused)) {
		w->failed = ask(&nl, w, w->refused, &err) != -ENOENT ||
			    !strstr(err.text, w->text);
		w->refused++;
	}
	if (w->failed)
		printf("asked for %s, was told: %s\n", w->text, err.text);
	mn_nl_close(&nl);
	return NULL;
}

static void start(struct worker *w, int i)
{
	memset(w->id, i + 1, sizeof(w->id));
	snprintf(w->text, sizeof(w->text), "%02x%02x%02x%02x-%02x%02x-", i + 1,
		 i + 1, i + 1, i + 1, i + 1, i + 1);
	if (pthread_create(&w->thread, NULL, work, w)) {
		perror("refuse: thread");
		exit(1);
	}
}

int main(int argc, char **argv)
{
	static struct worker workers[THREADS_MAX];
	int n = argc == 3 ? atoi(argv[1]) : 0, i;
	unsigned long refused = 0;
	bool failed = false;

	if (n < 1 || n >= THREADS_MAX) {
		fprintf(stderr, "usage: refuse THREADS SECONDS\n");
		return 2;
	}
	end = time(NULL) + atoi(argv[2]);
	for (i = 0; i < n; i++)
		start(&workers[i], i);
	for (i = 0; i < n; i++) {
		pthread_join(workers[i].thread, NULL);
		refused += workers[i].refused;
		failed |= workers[i].failed;
	}
	printf("%lu refusals\n", refused);
	return failed;
}
