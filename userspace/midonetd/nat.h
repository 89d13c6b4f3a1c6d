/* SPDX-License-Identifier: GPL-2.0 */
#ifndef _NAT_H
#define _NAT_H

#include "daemon.h"

/* A lease is of that many ports; the block of a port is port / NAT_PORTS. */
#define NAT_PORTS	64
#define NAT_BLOCKS	1024

/**
 * struct nat_lease - a block of ports of an address
 * @held: there is a node of ours that says so
 * @there: the kernel may use it
 * @used: ports in use, as the kernel said last
 * @idle: since when none is, by mn_zk_now()
 */
struct nat_lease {
	bool held;
	bool there;
	uint16_t used;
	double idle;
};

/**
 * struct nat_addr - an address that sources get in a router
 * @next: in &struct nat.addrs
 * @router: id of the router
 * @len: bytes of @addr
 * @addr: address
 * @wanted: some rule translates to it
 * @ports: bit N: some rule gives out ports of block N
 * @leases: by block
 * @sentinel: the kernel has a block that nobody uses, so that it knows that the
 *	address is shared while there is no other
 * @first: port of the sentinel
 * @busy: an answer is waited for
 * @block: that it is about
 * @free: ports that were free at the last look
 * @full: no block was to be had
 */
struct nat_addr {
	struct nat_addr *next;
	struct mn_uuid router;
	uint8_t len;
	uint8_t addr[16];
	bool wanted;
	uint64_t ports[NAT_BLOCKS / 64];
	struct nat_lease leases[NAT_BLOCKS];
	bool sentinel;
	uint16_t first;
	bool busy;
	unsigned int block;
	unsigned int free;
	bool full;
};

/**
 * struct nat - all of them
 * @addrs: list
 * @tick: timer
 * @up: there is a session
 * @too_many: a router has more addresses than are shared
 */
struct nat {
	struct nat_addr *addrs;
	struct event *tick;
	bool up;
	bool too_many;
};

extern const struct service service_nat;

/* nat_addr.c */
void nat_want(struct daemon *d, const struct mn_model *m);
void nat_addr_name(const struct nat_addr *a, struct mn_buf *out);
char *nat_addr_path(const struct nat_addr *a);
char *nat_block_path(const struct nat_addr *a, unsigned int block);
bool nat_addr_has(const struct nat_addr *a, unsigned int block);

/* nat_kernel.c */
int nat_kernel_read(struct daemon *d, struct mn_err *err);
void nat_kernel_note(struct daemon *d, const struct nat_addr *a,
		     enum midonet_op op, uint16_t first, uint32_t count);
int nat_kernel_commit(struct daemon *d, struct mn_err *err);

/* nat_lease.c */
void nat_lease_next(struct daemon *d, struct nat_addr *a);

#endif /* _NAT_H */
