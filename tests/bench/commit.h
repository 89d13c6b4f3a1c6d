/* SPDX-License-Identifier: GPL-2.0 */
#ifndef BENCH_COMMIT_H
#define BENCH_COMMIT_H

#include <stddef.h>
#include <stdint.h>
#include <linux/netlink.h>

/* what an id made here is about; part of the id */
enum tag {
	TAG_BRIDGE = 1,
	TAG_PORT,
	TAG_CHAIN,
	TAG_RULE,
};

/**
 * struct batch - netlink messages made in advance, in one piece of memory
 * @data: the messages
 * @len: bytes used
 * @size: bytes allocated
 * @count: number of messages
 */
struct batch {
	char *data;
	size_t len;
	size_t size;
	unsigned int count;
};

/**
 * struct route_to - where routes go
 * @router: id of the router, as text
 * @port: id of its port, as text
 */
struct route_to {
	const char *router;
	const char *port;
};

void batch_free(struct batch *b);
struct nlmsghdr *batch_begin(struct batch *b, uint8_t cmd, uint16_t flags);
void batch_end(struct batch *b, struct nlmsghdr *nlh);

void put_bridge(struct batch *b, uint32_t n, uint32_t chain);
void put_port(struct batch *b, uint32_t n, uint32_t bridge);
void put_chain(struct batch *b, uint32_t n);
void put_rule(struct batch *b, uint32_t n, uint32_t chain, uint32_t position, uint16_t flags);
void put_del(struct batch *b, uint8_t cmd, enum tag tag, uint32_t n, uint16_t flags);
void put_txn(struct batch *b, uint8_t cmd, uint16_t flags);

/* nanoseconds of a commit: of so many routes, all at once; of one /32, added or removed */
uint64_t add_routes(const struct route_to *to, uint32_t count);
uint64_t flip_route(const struct route_to *to, uint32_t n, int add);

extern uint16_t kernel_family;

void kernel_open(void);
void kernel_close(void);
uint64_t kernel_send(struct batch *b);

#endif
