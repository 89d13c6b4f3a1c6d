// SPDX-License-Identifier: GPL-2.0
/* Which addresses, and which ports of them, the topology gives to sources. */
#include <stdlib.h>
#include <string.h>

#include "nat.h"
#include "nat_use.h"

/* Addresses of a router that are shared out; the rest belongs to every host. */
#define ADDRS_MAX	64

/* Ports below the first block are nobody's; one of them marks an address. */
#define LOW_PORTS	NAT_PORTS

/**
 * struct wish - the addresses of a topology being looked at
 * @nat: where they go
 */
struct wish {
	struct nat *nat;
};

static struct nat_addr *find(struct nat *nat, const struct mn_uuid *router,
			     const uint8_t *addr, uint8_t len)
{
	struct nat_addr *a;

	for (a = nat->addrs; a; a = a->next) {
		if (a->len == len && !memcmp(a->addr, addr, len) &&
		    mn_uuid_equal(&a->router, router))
			return a;
	}
	return NULL;
}

static struct nat_addr *get(struct nat *nat, const struct mn_uuid *router,
			    const uint8_t *addr, uint8_t len)
{
	struct nat_addr *a = find(nat, router, addr, len);

	if (a)
		return a;
	a = mn_alloc(sizeof(*a));
	a->router = *router;
	a->len = len;
	memcpy(a->addr, addr, len);
	a->first = 1;
	a->next = nat->addrs;
	nat->addrs = a;
	return a;
}

static void set_ports(struct nat_addr *a, const struct mn_target *t)
{
	unsigned int block = t->first_port / NAT_PORTS;

	/* A mark that no rule gives out, as long as there is one. */
	while (a->first >= t->first_port && a->first <= t->last_port &&
	       a->first < LOW_PORTS - 1)
		a->first++;
	if (!block)
		block = 1;
	for (; block <= t->last_port / NAT_PORTS; block++)
		a->ports[block / 64] |= 1ull << (block % 64);
}

static bool next_addr(uint8_t *addr, int len)
{
	while (len--) {
		if (++addr[len])
			return true;
	}
	return false;
}

static void want_target(void *arg, const struct mn_obj *router,
			const struct mn_target *t)
{
	struct wish *w = arg;
	struct nat_addr *a;
	uint8_t addr[16];
	unsigned int n;

	/* What is below the first block is not shared out. */
	if (t->last_port < NAT_PORTS)
		return;
	memcpy(addr, t->first, sizeof(addr));
	for (n = 0; n < ADDRS_MAX; n++) {
		a = get(w->nat, &router->id, addr, t->len);
		a->wanted = true;
		set_ports(a, t);
		if (!memcmp(addr, t->last, t->len) || !next_addr(addr, t->len))
			return;
	}
	w->nat->too_many = true;
}

/**
 * nat_want() - note what a topology gives to sources
 * @d: daemon
 * @m: topology
 */
void nat_want(struct daemon *d, const struct mn_model *m)
{
	struct wish w = { .nat = d->nat };
	struct nat_addr *a;

	for (a = d->nat->addrs; a; a = a->next) {
		a->wanted = false;
		memset(a->ports, 0, sizeof(a->ports));
	}
	d->nat->too_many = false;
	mn_model_snats(m, want_target, &w);
}

/**
 * nat_addr_has() - may ports of a block be given out
 * @a: address
 * @block: block
 *
 * Return: whether some rule does
 */
bool nat_addr_has(const struct nat_addr *a, unsigned int block)
{
	return a->ports[block / 64] >> (block % 64) & 1;
}

/**
 * nat_addr_name() - write an address
 * @a: address
 * @out: appended to
 */
void nat_addr_name(const struct nat_addr *a, struct mn_buf *out)
{
	mn_addr_print(a->addr, a->len, out);
}

/**
 * nat_addr_path() - node that the leases of an address are in
 * @a: address
 *
 * Return: path to be freed
 */
char *nat_addr_path(const struct nat_addr *a)
{
	char id[MN_UUID_TEXT], *path;
	struct mn_buf name = {};

	mn_uuid_print(&a->router, id);
	nat_addr_name(a, &name);
	path = mn_asprintf("nat/%s/%s", id, name.s);
	mn_buf_free(&name);
	return path;
}

/**
 * nat_block_path() - node of a lease
 * @a: address
 * @block: block
 *
 * Return: path to be freed
 */
char *nat_block_path(const struct nat_addr *a, unsigned int block)
{
	char *in = nat_addr_path(a), *path = mn_asprintf("%s/%u", in, block);

	free(in);
	return path;
}
