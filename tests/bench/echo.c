// SPDX-License-Identifier: GPL-2.0
/*
 * UDP round trips, one at a time: those of a flow that is known, and those of
 * flows nobody has seen before.
 *
 *	echo serve PORT
 *	echo ask ADDRESS PORT FLOWS
 *
 * Sockets are made and connected before the clock starts. In turns, a few round
 * trips are those of the first socket and a few the first ones of others; in the
 * end the others have one more each. Quantiles are printed in nanoseconds.
 */
#define _GNU_SOURCE
#include <arpa/inet.h>
#include <err.h>
#include <sched.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <sys/time.h>
#include <time.h>
#include <unistd.h>

#define TURN	50
#define WARM	500
#define SECONDS	5	/* a round trip that takes longer was lost */

static uint64_t now(void)
{
	struct timespec ts;

	clock_gettime(CLOCK_MONOTONIC, &ts);
	return ts.tv_sec * 1000000000ull + ts.tv_nsec;
}

/* One CPU for both ends: what another CPU takes to wake up hides the rest. */
static void stay_here(void)
{
	cpu_set_t one;

	CPU_ZERO(&one);
	CPU_SET(0, &one);
	if (sched_setaffinity(0, sizeof(one), &one))
		err(1, "sched_setaffinity");
}

static struct sockaddr_in at(const char *address, const char *port)
{
	struct sockaddr_in sin = { .sin_family = AF_INET, .sin_port = htons(atoi(port)) };

	if (inet_pton(AF_INET, address, &sin.sin_addr) != 1)
		errx(2, "%s is no address", address);
	return sin;
}

static int new_socket(void)
{
	int fd = socket(AF_INET, SOCK_DGRAM, 0);

	if (fd < 0)
		err(1, "socket");
	return fd;
}

static void serve(const char *port)
{
	struct sockaddr_in sin = at("0.0.0.0", port);
	socklen_t size;
	char buf[64];
	ssize_t len;
	int fd = new_socket();

	if (bind(fd, (struct sockaddr *)&sin, sizeof(sin)))
		err(1, "bind");
	for (;;) {
		size = sizeof(sin);
		len = recvfrom(fd, buf, sizeof(buf), 0, (struct sockaddr *)&sin, &size);
		if (len < 0)
			err(1, "recvfrom");
		if (sendto(fd, buf, len, 0, (struct sockaddr *)&sin, size) < 0)
			warn("sendto");
	}
}

static int ask_socket(const struct sockaddr_in *sin)
{
	struct timeval limit = { .tv_sec = SECONDS };
	int fd = new_socket();

	if (setsockopt(fd, SOL_SOCKET, SO_RCVTIMEO, &limit, sizeof(limit)))
		err(1, "SO_RCVTIMEO");
	if (connect(fd, (const struct sockaddr *)sin, sizeof(*sin)))
		err(1, "connect");
	return fd;
}

static uint64_t trip(int fd)
{
	static uint32_t n;
	uint32_t got = 0;
	uint64_t begin;

	n++;
	begin = now();
	if (send(fd, &n, sizeof(n), 0) != sizeof(n))
		err(1, "send");
	if (recv(fd, &got, sizeof(got), 0) != sizeof(got))
		err(1, "no answer");
	begin = now() - begin;
	if (got != n)
		errx(1, "an answer to something else");
	return begin;
}

static int compare(const void *a, const void *b)
{
	uint64_t x = *(const uint64_t *)a, y = *(const uint64_t *)b;

	return x < y ? -1 : x > y;
}

static void print(const char *name, uint64_t *ns, int count)
{
	qsort(ns, count, sizeof(*ns), compare);
	printf("%s_p50=%llu %s_p99=%llu\n", name, (unsigned long long)ns[count / 2], name,
	       (unsigned long long)ns[count * 99 / 100]);
}

static void ask(const struct sockaddr_in *sin, int flows)
{
	struct rlimit files = { flows + 64, flows + 64 };
	int *fds = calloc(flows + 1, sizeof(*fds));
	uint64_t *ns[3];
	int i, j;

	if (setrlimit(RLIMIT_NOFILE, &files))
		err(1, "RLIMIT_NOFILE");
	for (i = 0; i < 3; i++) {
		ns[i] = calloc(flows, sizeof(*ns[i]));
		if (!ns[i] || !fds)
			err(1, "memory");
	}
	for (i = 0; i <= flows; i++)
		fds[i] = ask_socket(sin);
	for (i = 0; i < WARM; i++)
		trip(fds[flows]);
	for (i = 0; i < flows; i += TURN) {
		for (j = i; j < i + TURN && j < flows; j++)
			ns[0][j] = trip(fds[flows]);
		for (j = i; j < i + TURN && j < flows; j++)
			ns[1][j] = trip(fds[j]);
	}
	for (i = 0; i < flows; i++)
		ns[2][i] = trip(fds[i]);
	print("one", ns[0], flows);
	print("fresh", ns[1], flows);
	print("again", ns[2], flows);
}

int main(int argc, char **argv)
{
	struct sockaddr_in sin;

	stay_here();
	if (argc == 3 && !strcmp(argv[1], "serve")) {
		serve(argv[2]);
	} else if (argc == 5 && !strcmp(argv[1], "ask") && atoi(argv[4]) > 0) {
		sin = at(argv[2], argv[3]);
		ask(&sin, atoi(argv[4]));
	} else {
		errx(2, "usage: %s serve PORT | ask ADDRESS PORT FLOWS", argv[0]);
	}
	return 0;
}
