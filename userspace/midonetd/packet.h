/* SPDX-License-Identifier: GPL-2.0 */
#ifndef _MN_PACKET_H
#define _MN_PACKET_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "util.h"

/**
 * struct mn_packet - a frame with UDP or ICMPv6 in it, taken apart
 * @eth_dst: Ethernet
 * @eth_src: Ethernet
 * @tagged: there is a tag
 * @tci: of the tag: priority and VID
 * @v6: IPv6, else IPv4
 * @proto: IPPROTO_UDP or IPPROTO_ICMPV6
 * @hops: TTL or hop limit
 * @src: address of 4 or 16 bytes
 * @dst: address
 * @sport: UDP port
 * @dport: UDP port
 * @data: UDP payload, or ICMPv6 message
 * @len: bytes of @data
 *
 * Pointers are into the frame.
 */
struct mn_packet {
	const uint8_t *eth_dst;
	const uint8_t *eth_src;
	bool tagged;
	uint16_t tci;
	bool v6;
	uint8_t proto;
	uint8_t hops;
	const uint8_t *src;
	const uint8_t *dst;
	uint16_t sport;
	uint16_t dport;
	const uint8_t *data;
	size_t len;
};

bool mn_packet_parse(const uint8_t *frame, size_t size, struct mn_packet *p);
void mn_packet_build(const struct mn_packet *p, struct mn_buf *out);
void mn_link_local(const uint8_t *mac, uint8_t *addr);

/* Numbers of several bytes, most significant first, at any address. */
static inline uint16_t mn_get16(const uint8_t *p)
{
	return p[0] << 8 | p[1];
}

static inline uint32_t mn_get32(const uint8_t *p)
{
	return (uint32_t)mn_get16(p) << 16 | mn_get16(p + 2);
}

static inline void mn_put16(uint8_t *p, uint16_t v)
{
	p[0] = v >> 8;
	p[1] = v;
}

static inline void mn_put32(uint8_t *p, uint32_t v)
{
	mn_put16(p, v >> 16);
	mn_put16(p + 2, v);
}

#endif /* _MN_PACKET_H */
