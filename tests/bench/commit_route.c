// SPDX-License-Identifier: GPL-2.0
/*
 * Routes of one router, prefixes as they are in the wild: three quarters IPv4,
 * mostly /24, the rest IPv6, mostly /48; none twice, spread by multiplication
 * with an odd number, which permutes.
 */
#include <arpa/inet.h>
#include <err.h>
#include <libmnl/libmnl.h>
#include <linux/genetlink.h>
#include <linux/midonet.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "commit.h"

#define LENGTHS		16
#define GATEWAYS	16
#define SPREAD		0x9e3779b97f4a7c15ull

static const uint8_t lengths4[LENGTHS] = {
	16, 18, 19, 20, 21, 22, 22, 23, 24, 24, 24, 24, 24, 24, 24, 24,
};

static const uint8_t lengths6[LENGTHS] = {
	29, 32, 32, 36, 40, 44, 44, 46, 48, 48, 48, 48, 48, 48, 56, 64,
};

/* Numbers of the next prefix of each length. */
struct dice {
	uint64_t next[65];
};

/* uuid: as text; its bytes, which are hexadecimal but for the hyphens */
static void put_uuid(struct nlmsghdr *nlh, uint16_t attr, const char *uuid)
{
	uint8_t id[16];
	unsigned int i;
	int n;

	for (i = 0; i < sizeof(id); i++) {
		uuid += *uuid == '-';
		if (sscanf(uuid, "%2hhx%n", &id[i], &n) != 1 || n != 2)
			errx(2, "an id was expected");
		uuid += 2;
	}
	mnl_attr_put(nlh, attr, sizeof(id), id);
}

/* What is no place for a station, and where the router's own ports are. */
static int is_taken(uint32_t addr)
{
	uint32_t net = addr >> 24;

	return !net || net == 10 || net == 127 || net >= 224;
}

static void next_v4(struct dice *dice, uint8_t len, uint8_t *prefix)
{
	uint32_t addr;

	do {
		addr = (uint32_t)(dice->next[len]++ * SPREAD) << (32 - len);
	} while (is_taken(addr));
	addr = htonl(addr);
	prefix[0] = len;
	memcpy(prefix + 1, &addr, sizeof(addr));
}

/* In 2000::/3. */
static void next_v6(struct dice *dice, uint8_t len, uint8_t *prefix)
{
	uint64_t addr = dice->next[len]++ * SPREAD << (64 - len);
	int i;

	addr = 1ull << 61 | addr >> 3 >> (64 - len) << (64 - len);
	memset(prefix, 0, 17);
	prefix[0] = len;
	for (i = 0; i < 8; i++)
		prefix[1 + i] = addr >> (56 - 8 * i);
}

static void put_route(struct batch *b, const struct route_to *to, uint8_t cmd, uint16_t flags,
		      const uint8_t *prefix, int v6, uint32_t n)
{
	struct nlmsghdr *nlh = batch_begin(b, cmd, flags);
	/* 10.128.0.2 and on, fd00:2::2 and on */
	uint8_t gateway[16] = { 10, 128, 0, 2 + n % GATEWAYS };

	if (v6) {
		memset(gateway, 0, sizeof(gateway));
		gateway[0] = 0xfd;
		gateway[3] = 2;
		gateway[15] = 2 + n % GATEWAYS;
	}
	put_uuid(nlh, MIDONET_A_PARENT, to->router);
	mnl_attr_put(nlh, MIDONET_A_DST, v6 ? 17 : 5, prefix);
	put_uuid(nlh, MIDONET_A_PORT, to->port);
	mnl_attr_put(nlh, MIDONET_A_GATEWAY, v6 ? 16 : 4, gateway);
	batch_end(b, nlh);
}

uint64_t add_routes(const struct route_to *to, uint32_t count)
{
	struct dice dice4 = { 0 }, dice6 = { 0 };
	struct batch b = { 0 };
	uint8_t prefix[17];
	uint32_t i;
	int v6;

	put_txn(&b, MIDONET_CMD_TXN_BEGIN, 0);
	for (i = 0; i < count; i++) {
		v6 = i % 4 == 3;
		if (v6)
			next_v6(&dice6, lengths6[i / 4 % LENGTHS], prefix);
		else
			next_v4(&dice4, lengths4[i / 4 % LENGTHS], prefix);
		put_route(&b, to, MIDONET_CMD_ROUTE_NEW, 0, prefix, v6, i);
	}
	put_txn(&b, MIDONET_CMD_TXN_COMMIT, NLM_F_ACK);
	return kernel_send(&b);
}

uint64_t flip_route(const struct route_to *to, uint32_t n, int add)
{
	uint8_t prefix[5] = { 32, 11, n >> 16, n >> 8, n };
	struct batch b = { 0 };

	put_route(&b, to, add ? MIDONET_CMD_ROUTE_NEW : MIDONET_CMD_ROUTE_DEL, NLM_F_ACK, prefix,
		  0, 0);
	return kernel_send(&b);
}
