// SPDX-License-Identifier: GPL-2.0
/*
 * Frames taken apart and put together: Ethernet with at most one tag, IPv4 or IPv6
 * without fragments, UDP or ICMPv6. Every length that a frame gives is checked
 * against what there is, and checksums have to hold.
 */
#include <netinet/if_ether.h>
#include <netinet/in.h>
#include <string.h>

#include "frame.h"
#include "packet.h"

#define TAG_LEN		4
#define IP4_LEN		20
#define IP6_LEN		40
#define UDP_LEN		8
#define HOPS		64
/* IPv6 options in front of UDP: more than anybody has. */
#define EXTENSIONS_MAX	8

/**
 * struct rest - what of a frame is not yet taken apart
 */
struct rest {
	const uint8_t *p;
	size_t len;
};

static const uint8_t *take(struct rest *r, size_t len)
{
	const uint8_t *p = r->p;

	if (len > r->len)
		return NULL;
	r->p += len;
	r->len -= len;
	return p;
}

static bool is_multicast(const struct mn_packet *p)
{
	return p->v6 ? p->src[0] == 0xff : p->src[0] >= 224;
}

static bool parse_ip4(struct rest *r, struct mn_packet *p)
{
	const uint8_t *ip = take(r, IP4_LEN);
	size_t header, total;

	if (!ip || ip[0] >> 4 != 4)
		return false;
	header = (ip[0] & 15) * 4;
	total = mn_get16(ip + 2);
	if (header < IP4_LEN || total < header || total - IP4_LEN > r->len)
		return false;
	r->len = total - IP4_LEN;
	/* More of it to come, or not the beginning. */
	if (mn_get16(ip + 6) & 0x3fff || mn_sum(0, ip, header) != 0xffff ||
	    !take(r, header - IP4_LEN))
		return false;
	p->proto = ip[9];
	p->hops = ip[8];
	p->src = ip + 12;
	p->dst = ip + 16;
	return true;
}

/* Hop-by-hop and destination options may come before UDP. */
static bool skip_extensions(struct rest *r, uint8_t *proto)
{
	const uint8_t *ext;
	int i;

	for (i = 0; *proto == IPPROTO_HOPOPTS || *proto == IPPROTO_DSTOPTS;
	     i++) {
		ext = take(r, 8);
		if (!ext || i == EXTENSIONS_MAX || !take(r, ext[1] * 8))
			return false;
		*proto = ext[0];
	}
	return true;
}

static bool parse_ip6(struct rest *r, struct mn_packet *p)
{
	const uint8_t *ip = take(r, IP6_LEN);

	if (!ip || ip[0] >> 4 != 6 || mn_get16(ip + 4) > r->len)
		return false;
	r->len = mn_get16(ip + 4);
	p->v6 = true;
	p->proto = ip[6];
	p->hops = ip[7];
	p->src = ip + 8;
	p->dst = ip + 24;
	return skip_extensions(r, &p->proto);
}

/* Of addresses, protocol, length, and what follows. */
static uint16_t l4_sum(const struct mn_packet *p, const uint8_t *l4, size_t len)
{
	size_t alen = p->v6 ? 16 : 4;
	uint32_t acc = mn_sum(mn_sum(0, p->src, alen), p->dst, alen);

	acc = mn_sum(acc + p->proto, NULL, 0);
	return mn_sum(mn_sum(acc + len, NULL, 0), l4, len);
}

static bool parse_udp(struct rest *r, struct mn_packet *p)
{
	const uint8_t *udp = take(r, UDP_LEN);
	size_t len;

	if (!udp)
		return false;
	len = mn_get16(udp + 4);
	if (len < UDP_LEN || len - UDP_LEN > r->len)
		return false;
	/* None is only for IPv4. */
	if (mn_get16(udp + 6) ? l4_sum(p, udp, len) != 0xffff : p->v6)
		return false;
	p->sport = mn_get16(udp);
	p->dport = mn_get16(udp + 2);
	p->data = udp + UDP_LEN;
	p->len = len - UDP_LEN;
	return true;
}

static bool parse_icmp6(const struct rest *r, struct mn_packet *p)
{
	p->data = r->p;
	p->len = r->len;
	return r->len >= 4 && l4_sum(p, r->p, r->len) == 0xffff;
}

/**
 * mn_packet_parse() - take a frame apart
 * @frame: frame from its Ethernet header
 * @size: bytes of it
 * @p: result, which points into @frame
 *
 * Return: whether it is a whole packet of UDP or ICMPv6 with good checksums
 */
bool mn_packet_parse(const uint8_t *frame, size_t size, struct mn_packet *p)
{
	struct rest r = { .p = frame, .len = size };
	const uint8_t *eth = take(&r, ETH_HLEN), *tag;
	uint16_t type;

	memset(p, 0, sizeof(*p));
	if (!eth)
		return false;
	p->eth_dst = eth;
	p->eth_src = eth + ETH_ALEN;
	type = mn_get16(eth + 2 * ETH_ALEN);
	if (type == ETHERTYPE_VLAN) {
		tag = take(&r, TAG_LEN);
		if (!tag)
			return false;
		p->tagged = true;
		p->tci = mn_get16(tag);
		type = mn_get16(tag + 2);
	}
	if (type == ETHERTYPE_IP ? !parse_ip4(&r, p) :
	    type == ETHERTYPE_IPV6 ? !parse_ip6(&r, p) : true)
		return false;
	if (is_multicast(p))
		return false;
	if (p->proto == IPPROTO_UDP)
		return parse_udp(&r, p);
	return p->proto == IPPROTO_ICMPV6 && p->v6 && parse_icmp6(&r, p);
}

static void put_ethernet(const struct mn_packet *p, struct mn_buf *out)
{
	uint8_t h[TAG_LEN];

	mn_buf_add(out, p->eth_dst, ETH_ALEN);
	mn_buf_add(out, p->eth_src, ETH_ALEN);
	if (p->tagged) {
		mn_put16(h, ETHERTYPE_VLAN);
		mn_put16(h + 2, p->tci);
		mn_buf_add(out, h, TAG_LEN);
	}
	mn_put16(h, p->v6 ? ETHERTYPE_IPV6 : ETHERTYPE_IP);
	mn_buf_add(out, h, 2);
}

static void put_ip4(const struct mn_packet *p, size_t len, struct mn_buf *out)
{
	uint8_t h[IP4_LEN] = { 0x45 };

	mn_put16(h + 2, sizeof(h) + len);
	h[8] = p->hops ? p->hops : HOPS;
	h[9] = p->proto;
	memcpy(h + 12, p->src, 4);
	memcpy(h + 16, p->dst, 4);
	mn_put16(h + 10, ~mn_sum(0, h, sizeof(h)));
	mn_buf_add(out, h, sizeof(h));
}

static void put_ip6(const struct mn_packet *p, size_t len, struct mn_buf *out)
{
	uint8_t h[IP6_LEN] = { 0x60 };

	mn_put16(h + 4, len);
	h[6] = p->proto;
	h[7] = p->hops ? p->hops : HOPS;
	memcpy(h + 8, p->src, 16);
	memcpy(h + 24, p->dst, 16);
	mn_buf_add(out, h, sizeof(h));
}

/**
 * mn_packet_build() - put a frame together
 * @p: all of it; @p->hops 0 for 64. The checksum of an ICMPv6 message is zero
 * @out: appended to; empty before
 */
void mn_packet_build(const struct mn_packet *p, struct mn_buf *out)
{
	bool udp = p->proto == IPPROTO_UDP;
	size_t len = p->len + (udp ? UDP_LEN : 0), at;
	uint8_t h[UDP_LEN] = {};
	uint16_t check;
	uint8_t *l4;

	put_ethernet(p, out);
	if (p->v6)
		put_ip6(p, len, out);
	else
		put_ip4(p, len, out);
	at = out->len;
	mn_put16(h, p->sport);
	mn_put16(h + 2, p->dport);
	mn_put16(h + 4, len);
	if (udp)
		mn_buf_add(out, h, sizeof(h));
	mn_buf_add(out, p->data, p->len);
	l4 = (uint8_t *)out->s + at;
	check = ~l4_sum(p, l4, len);
	mn_put16(l4 + (udp ? 6 : 2), udp && !check ? 0xffff : check);
}

/**
 * mn_link_local() - address that a station makes of its MAC (RFC 4291 A)
 * @mac: six bytes
 * @addr: 16 bytes
 */
void mn_link_local(const uint8_t *mac, uint8_t *addr)
{
	memset(addr, 0, 16);
	addr[0] = 0xfe;
	addr[1] = 0x80;
	memcpy(addr + 8, mac, 3);
	addr[8] ^= 2;
	addr[11] = 0xff;
	addr[12] = 0xfe;
	memcpy(addr + 13, mac + 3, 3);
}
