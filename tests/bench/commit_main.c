// SPDX-License-Identifier: GPL-2.0
/*
 * How long a commit takes: messages made in advance, from the first message
 * sent to the acknowledgment of the last. Times are printed in nanoseconds.
 *
 *	commit cold PORTS BRIDGES RULES		all of it new, then removed again
 *	commit rule LENGTH TIMES		one more rule in the middle of a chain
 *	commit add ports|rules N		N objects that stay
 *	commit clear ports|rules N		and their removal
 *	commit routes ROUTER PORT N		N routes, by the ids of a router and its port
 *	commit route ROUTER PORT TIMES		one more route
 */
#include <err.h>
#include <errno.h>
#include <libmnl/libmnl.h>
#include <linux/genetlink.h>
#include <linux/midonet.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <time.h>

#include "commit.h"

#define SLICE		(256 << 10)
#define SEND_BUFFER	(4 << 20)
#define RULES_PER_CHAIN	100

uint16_t kernel_family = GENL_ID_CTRL;
static struct mnl_socket *kernel;

static int family_attr(const struct nlattr *attr, void *data)
{
	if (mnl_attr_get_type(attr) == CTRL_ATTR_FAMILY_ID)
		*(uint16_t *)data = mnl_attr_get_u16(attr);
	return MNL_CB_OK;
}

static int family_reply(const struct nlmsghdr *nlh, void *data)
{
	return mnl_attr_parse(nlh, sizeof(struct genlmsghdr), family_attr, data);
}

/* Read until the acknowledgment; whatever is refused ends the program. */
static void kernel_wait(mnl_cb_t cb, void *data)
{
	static char buf[32768];
	ssize_t len;
	int ret = MNL_CB_OK;

	while (ret > MNL_CB_STOP) {
		len = mnl_socket_recvfrom(kernel, buf, sizeof(buf));
		if (len < 0)
			err(1, "recvfrom");
		ret = mnl_cb_run(buf, len, 0, 0, cb, data);
	}
	if (ret < 0)
		err(1, "the kernel refused a message");
}

void kernel_close(void)
{
	mnl_socket_close(kernel);
}

void kernel_open(void)
{
	int size = SEND_BUFFER;
	struct batch b = { 0 };
	struct nlmsghdr *nlh;

	kernel = mnl_socket_open(NETLINK_GENERIC);
	if (!kernel || mnl_socket_bind(kernel, 0, MNL_SOCKET_AUTOPID) < 0)
		err(1, "netlink");
	if (setsockopt(mnl_socket_get_fd(kernel), SOL_SOCKET, SO_SNDBUFFORCE, &size, sizeof(size)))
		err(1, "SO_SNDBUFFORCE");
	nlh = batch_begin(&b, CTRL_CMD_GETFAMILY, NLM_F_ACK);
	mnl_attr_put_strz(nlh, CTRL_ATTR_FAMILY_NAME, MIDONET_FAMILY_NAME);
	batch_end(&b, nlh);
	if (mnl_socket_sendto(kernel, b.data, b.len) < 0)
		err(1, "sendto");
	kernel_wait(family_reply, &kernel_family);
	batch_free(&b);
}

static uint64_t now(void)
{
	struct timespec ts;

	clock_gettime(CLOCK_MONOTONIC, &ts);
	return ts.tv_sec * 1000000000ull + ts.tv_nsec;
}

/* The last message of a batch must ask for an acknowledgment. */
uint64_t kernel_send(struct batch *b)
{
	size_t start = 0, end = 0;
	uint64_t begin = now();
	uint64_t spent;

	while (start < b->len) {
		while (end < b->len && end - start < SLICE)
			end += MNL_ALIGN(((struct nlmsghdr *)(b->data + end))->nlmsg_len);
		if (mnl_socket_sendto(kernel, b->data + start, end - start) < 0)
			err(1, "sendto");
		start = end;
	}
	kernel_wait(NULL, NULL);
	spent = now() - begin;
	batch_free(b);
	return spent;
}

static uint32_t chains_of(uint32_t rules)
{
	return (rules + RULES_PER_CHAIN - 1) / RULES_PER_CHAIN;
}

static void put_rules(struct batch *b, uint32_t rules)
{
	uint32_t i;

	for (i = 0; i < rules; i++) {
		if (i % RULES_PER_CHAIN == 0)
			put_chain(b, i / RULES_PER_CHAIN + 1);
		put_rule(b, i + 1, i / RULES_PER_CHAIN + 1, 0, 0);
	}
}

static void put_bridges(struct batch *b, uint32_t bridges, uint32_t ports, uint32_t chains)
{
	uint32_t i;

	for (i = 0; i < bridges; i++)
		put_bridge(b, i + 1, i < chains ? i + 1 : 0);
	for (i = 0; i < ports; i++)
		put_port(b, i + 1, i % bridges + 1);
}

static void remove_all(uint32_t bridges, uint32_t chains)
{
	struct batch b = { 0 };
	uint32_t i;

	put_txn(&b, MIDONET_CMD_TXN_BEGIN, 0);
	for (i = 0; i < bridges; i++)
		put_del(&b, MIDONET_CMD_BRIDGE_DEL, TAG_BRIDGE, i + 1, 0);
	for (i = 0; i < chains; i++)
		put_del(&b, MIDONET_CMD_CHAIN_DEL, TAG_CHAIN, i + 1, 0);
	put_txn(&b, MIDONET_CMD_TXN_COMMIT, NLM_F_ACK);
	printf("remove_ns=%llu\n", (unsigned long long)kernel_send(&b));
}

static uint64_t add_all(uint32_t ports, uint32_t bridges, uint32_t rules)
{
	struct batch b = { 0 };

	put_txn(&b, MIDONET_CMD_TXN_BEGIN, 0);
	put_rules(&b, rules);
	put_bridges(&b, bridges, ports, chains_of(rules));
	put_txn(&b, MIDONET_CMD_TXN_COMMIT, NLM_F_ACK);
	return kernel_send(&b);
}

static void do_cold(uint32_t ports, uint32_t bridges, uint32_t rules)
{
	printf("ns=%llu\n", (unsigned long long)add_all(ports, bridges, rules));
	fflush(stdout);
	remove_all(bridges, chains_of(rules));
}

static int compare(const void *a, const void *b)
{
	uint64_t x = *(const uint64_t *)a, y = *(const uint64_t *)b;

	return x < y ? -1 : x > y;
}

/* Sorts. */
static void print_times(uint64_t *ns, uint32_t times)
{
	qsort(ns, times, sizeof(*ns), compare);
	printf("ns=%llu max_ns=%llu\n", (unsigned long long)ns[times / 2],
	       (unsigned long long)ns[times - 1]);
}

static uint64_t *new_times(uint32_t times)
{
	uint64_t *ns = calloc(times, sizeof(*ns));

	if (!ns || !times)
		errx(2, "TIMES");
	return ns;
}

static void do_route(const struct route_to *to, uint32_t times)
{
	uint64_t *ns = new_times(times);
	uint32_t i;

	for (i = 0; i < times; i++) {
		ns[i] = flip_route(to, i, 1);
		flip_route(to, i, 0);
	}
	print_times(ns, times);
	free(ns);
}

static void do_rule(uint32_t length, uint32_t times)
{
	uint64_t *ns = new_times(times);
	struct batch b = { 0 };
	uint32_t i;

	put_txn(&b, MIDONET_CMD_TXN_BEGIN, 0);
	put_chain(&b, 1);
	for (i = 1; i <= length; i++)
		put_rule(&b, i, 1, 0, 0);
	put_bridge(&b, 1, 1);
	put_txn(&b, MIDONET_CMD_TXN_COMMIT, NLM_F_ACK);
	kernel_send(&b);
	for (i = 0; i < times; i++) {
		put_rule(&b, length + 1, 1, length / 2 + 1, NLM_F_ACK);
		ns[i] = kernel_send(&b);
		put_del(&b, MIDONET_CMD_RULE_DEL, TAG_RULE, length + 1, NLM_F_ACK);
		kernel_send(&b);
	}
	print_times(ns, times);
	free(ns);
	remove_all(1, 1);
}

int main(int argc, char **argv)
{
	const char *cmd = argc > 1 ? argv[1] : "";
	struct route_to to = { 0 };
	uint32_t n[3] = { 0 };
	int i, ports;

	if (argc == 5)
		to = (struct route_to){ argv[2], argv[3] };
	for (i = 0; i < 3 && argc > i + 2; i++)
		n[i] = strtoul(argv[i + 2], NULL, 0);
	kernel_open();
	if (argc == 5 && !strcmp(cmd, "cold")) {
		do_cold(n[0], n[1], n[2]);
	} else if (argc == 5 && !strcmp(cmd, "routes")) {
		printf("ns=%llu\n", (unsigned long long)add_routes(&to, n[2]));
	} else if (argc == 5 && !strcmp(cmd, "route")) {
		do_route(&to, n[2]);
	} else if (argc == 4 && !strcmp(cmd, "rule")) {
		do_rule(n[0], n[1]);
	} else if (argc == 4 && (!strcmp(cmd, "add") || !strcmp(cmd, "clear"))) {
		ports = !strcmp(argv[2], "ports");
		if (!strcmp(cmd, "add"))
			printf("ns=%llu\n", (unsigned long long)
			       add_all(ports ? n[1] : 0, ports, ports ? 0 : n[1]));
		else
			remove_all(ports, ports ? 0 : chains_of(n[1]));
	} else {
		errx(2,
		     "usage: %s cold PORTS BRIDGES RULES | rule LENGTH TIMES | add|clear ports|rules N | routes ROUTER PORT N | route ROUTER PORT TIMES",
		     argv[0]);
	}
	kernel_close();
	return 0;
}
