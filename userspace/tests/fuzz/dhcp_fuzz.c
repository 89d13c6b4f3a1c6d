// SPDX-License-Identifier: GPL-2.0
/*
 * What DHCP clients send, fuzzed: the first byte chooses a frame, a message of DHCP or
 * of DHCPv6, or a router solicitation. Whatever is answered must be well-formed, and of
 * the same kind when the same is asked again.
 */
#include <stdlib.h>
#include <string.h>

#include "dhcp4.h"
#include "dhcp6.h"
#include "packet.h"
#include "ra.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static const struct mn_dhcp_subnet net4 = {
	.plen = 24, .addr = { 10, 0, 0, 0 }, .server = { 10, 0, 0, 1 },
	.has_server = true, .has_gateway = true, .gateway = { 10, 0, 0, 1 },
	.mtu = 1400, .lease = 3600, .n_dns = 2, .n_routes = 1,
	.routes = { { 16, { 10, 9 }, { 10, 0, 0, 2 } } },
};

static const struct mn_dhcp_subnet net6 = {
	.v6 = true, .plen = 64, .addr = { 0xfd }, .lease = 3600, .n_dns = 1,
};

static const uint8_t bytes[200];

static struct mn_dhcp_host host(const uint8_t *mac)
{
	struct mn_dhcp_host h = {
		.addr = { 10, 0, 0, 5 }, .name = "vm1", .n_options = 3,
		.options = { { 66, 20, bytes }, { 67, 20, bytes },
			     { 200, 200, bytes } },
	};

	memcpy(h.mac, mac, 6);
	return h;
}

static void check(bool ok)
{
	if (!ok)
		abort();
}

/* The options of an area, up to its end. */
static void check_area(const uint8_t *p, size_t len)
{
	size_t at = 0;

	while (at < len && p[at] != 255) {
		if (!p[at]) {
			at++;
			continue;
		}
		check(len - at >= 2 && p[at + 1] <= len - at - 2);
		at += 2 + p[at + 1];
	}
	check(at < len);
}

static void dhcp4(const uint8_t *data, size_t len)
{
	struct mn_dhcp4_reply reply, again;
	struct mn_dhcp_host h;

	if (len < 34)
		return;
	h = host(data + 28);
	if (mn_dhcp4_answer(&net4, &h, data, len, &reply))
		return;
	check(reply.len >= 300 && reply.len <= sizeof(reply.data));
	check_area(reply.data + 240, reply.len - 240);
	check(!mn_dhcp4_answer(&net4, &h, data, len, &again));
	check(again.len == reply.len &&
	      !memcmp(again.data, reply.data, reply.len));
}

static void check_options(const uint8_t *p, size_t len)
{
	size_t at = 0;

	while (at < len) {
		check(len - at >= 4 && mn_get16(p + at + 2) <= len - at - 4);
		at += 4 + mn_get16(p + at + 2);
	}
}

static void dhcp6(const uint8_t *data, size_t len, const struct mn_dhcp_host *h)
{
	struct mn_dhcp_subnet s = net6;
	struct mn_dhcp6_reply reply;
	uint8_t *copy;

	/* A server id that is ours is not found by chance. */
	if (len > 40)
		memcpy(s.id.b, data + len - 16, 16);
	copy = malloc(len ? len : 1);
	if (!copy)
		return;
	memcpy(copy, data, len);
	if (!mn_dhcp6_answer(&s, h, copy, len, &reply)) {
		check(reply.len >= 4 && reply.len <= sizeof(reply.data));
		check(reply.data[0] == 2 || reply.data[0] == 7);
		check_options(reply.data + 4, reply.len - 4);
	}
	free(copy);
}

static void frame(const uint8_t *data, size_t len)
{
	struct mn_packet p, again;
	struct mn_buf out = {};

	if (!mn_packet_parse(data, len, &p))
		return;
	check(p.data >= data && p.data + p.len <= data + len);
	if (p.proto == 17) {
		mn_packet_build(&p, &out);
		check(mn_packet_parse((uint8_t *)out.s, out.len, &again));
		check(again.len == p.len && !memcmp(again.data, p.data, p.len));
	}
	mn_buf_free(&out);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static const uint8_t mac[6] = { 2 };
	struct mn_dhcp_host h = host(mac);

	if (!size)
		return 0;
	switch (data[0] & 3) {
	case 0:
		frame(data + 1, size - 1);
		break;
	case 1:
		dhcp4(data + 1, size - 1);
		break;
	case 2:
		dhcp6(data + 1, size - 1, data[0] & 4 ? &h : NULL);
		break;
	default:
		if (size > 17)
			mn_ra_solicits(data + 17, size - 17, 255, data + 1);
	}
	return 0;
}
