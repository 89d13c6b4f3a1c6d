// SPDX-License-Identifier: GPL-2.0
/*
 * Frames for the fuzzer of netlink: what is injected and traced. Most are of
 * addresses that the fuzzed topology may know.
 */
#include <string.h>

#include "nlfuzz.h"

/* Of ports and types that connections and rules know. */
static void l4_header(uint8_t *p, uint8_t proto)
{
	static const uint8_t types[] = { 8, 0, 3, 11 };
	static const uint16_t ports[] = { 7, 8, VIP_PORT, VIP_PORT + 1,
					  NAT_PORT, NAT_PORT + 1 };

	if (proto == 1) {
		p[0] = types[rnd(4)];
		return;
	}
	p[0] = 1000 >> 8;
	p[1] = (uint8_t)1000 + rnd(8);
	p[2] = ports[rnd(6)] >> 8;
	p[3] = ports[rnd(6)];
	p[12] = 0x50;
	if (chance(70))
		p[13] = 2;
}

/* IPv4 from one place of the topology to another, of a length that is right. */
static void ipv4_header(uint8_t *p, uint32_t len)
{
	static const uint8_t protos[] = { 1, 6, 17, 17 };
	static const uint8_t places[] = { 0, 16, 17, 19, 20, VIP_PLACE,
					  NAT_PLACE };

	p[0] = 0x45;
	p[2] = len >> 8;
	p[3] = len;
	p[6] = 0;
	p[7] = 0;
	p[8] = 1 + rnd(4);
	p[9] = protos[rnd(4)];
	memcpy(p + 12, (uint8_t[]){ 10, 0, places[rnd(2)], 2 }, 4);
	memcpy(p + 16, (uint8_t[]){ 10, 0, places[rnd(7)], 1 + rnd(4) }, 4);
	if (chance(30))
		p[19] = 254;	/* the router */
	if (len >= 40 && chance(80))
		l4_header(p + 20, p[9]);
}

/* A request to a DHCP server, or a solicitation of routers. */
static bool request(uint8_t *f, uint32_t len)
{
	static const uint8_t head[] = {
		255, 255, 255, 255, 255, 255, 2, 0, 0, 0, 0, 1, 8, 0,
		0x45, 0, 1, 0, 0, 0, 0, 0, 64, 17, 0, 0, 0, 0, 0, 0,
		255, 255, 255, 255, 0, 68, 0, 67, 0, 0xec,
	};
	static const uint8_t v6[] = {
		0x86, 0xdd, 0x60, 0, 0, 0, 0, 242, 17, 255, 0xfe, 0x80,
	};

	if (len < 14 + 256)
		return false;
	memcpy(f, head, sizeof(head));
	f[11] = 1 + rnd(8);
	if (chance(30))
		memcpy(f + 30, (uint8_t[]){ 10, 0, 100 + 2 * rnd(4), 1 }, 4);
	if (chance(70))
		return true;
	memcpy(f, (uint8_t[]){ 0x33, 0x33, 0, 1, 0, 2 }, 6);
	memcpy(f + 12, v6, sizeof(v6));
	memset(f + 38, 0, 16);
	memcpy(f + 38, (uint8_t[]){ 0xff, 2 }, 2);
	f[51] = 1;
	f[53] = 2;
	memcpy(f + 54, (uint8_t[]){ 2, 34, 2, 35, 0, 242 }, 6);
	if (chance(50)) {
		f[20] = 58;
		f[54] = 133;
		f[55] = 0;
	}
	return true;
}

/* A frame to inject or trace, most from and to somebody the topology may know. */
void put_frame(struct msg *m, uint16_t type)
{
	static const uint8_t heads[][14] = {
		{ 255, 255, 255, 255, 255, 255, 2, 0, 0, 0, 0, 1, 8, 0 },
		{ 2, 0, 0, 0, 0, 2, 2, 0, 0, 0, 0, 1, 0x86, 0xdd },
		{ 2, 0, 0, 0, 0, 2, 2, 0, 0, 0, 0, 1, 8, 6 },
		{ 2, 0, 0, 0, 0, 2, 2, 0, 0, 0, 0, 1, 0x81, 0 },
		{ 2, 0, 0, 0, 0, ROUTER_MAC, 2, 0, 0, 0, 0, 1, 8, 0 },
		{ 2, 0, 0, 0, 0, ROUTER_MAC, 2, 0, 0, 0, 0, 1, 0x86, 0xdd },
	};
	uint32_t len = chance(95) ? 14 + rnd(300) : rnd(65000);
	uint8_t *f = reserve(m, type, len);

	if (!f)
		return;
	fill(f, len);
	if (len < 15 || chance(10) || (chance(10) && request(f, len)))
		return;
	memcpy(f, heads[rnd(ARRAY_SIZE(heads))], 14);
	f[14] = f[12] == 8 ? 0x45 : 0x60;
	if (len >= 34 && f[5] == ROUTER_MAC && f[12] == 8 && chance(90))
		ipv4_header(f + 14, len - 14);
}
