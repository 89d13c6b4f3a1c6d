// SPDX-License-Identifier: GPL-2.0
/*
 * Router advertisements (RFC 4861) of the IPv6 subnets of a bridge. Each virtual
 * router that has a gateway speaks for its subnets; for those without one the bridge
 * does, which is no router.
 */
#include <netinet/icmp6.h>
#include <string.h>

#include "packet.h"
#include "ra.h"

#define RA_HEAD		16
#define RS_HEAD		8
#define CUR_HOPS	64
#define MANAGED		0x80
#define OTHER		0x40
#define ON_LINK		0x80
#define AUTONOMOUS	0x40

enum option { SOURCE_MAC = 1, PREFIX = 3, MTU = 5, RDNSS = 25 };

/**
 * mn_ra_solicits() - is a message a solicitation that is answered?
 * @data: ICMPv6 message with a good checksum
 * @len: bytes of it
 * @hops: hop limit it came with
 * @src: address of the sender, 16 bytes
 *
 * Return: whether RFC 4861 6.1.1 lets it pass
 */
bool mn_ra_solicits(const uint8_t *data, size_t len, uint8_t hops,
		    const uint8_t *src)
{
	static const uint8_t any[16];
	size_t at = RS_HEAD;

	if (len < RS_HEAD || hops != 255 || data[0] != ND_ROUTER_SOLICIT ||
	    data[1])
		return false;
	while (at < len) {
		if (len - at < 8 || !data[at + 1] ||
		    data[at + 1] * 8u > len - at)
			return false;
		/* Who has no address does not say where it is. */
		if (data[at] == SOURCE_MAC && !memcmp(src, any, sizeof(any)))
			return false;
		at += data[at + 1] * 8u;
	}
	return true;
}

static uint8_t flags_of(const struct mn_dhcp_subnet *subnets, size_t n)
{
	uint8_t flags = 0;
	size_t i;

	for (i = 0; i < n; i++) {
		if (!subnets[i].v6)
			continue;
		if (subnets[i].mode == MIDONET_DHCP_MODE_STATEFUL)
			flags |= MANAGED | OTHER;
		else if (subnets[i].mode == MIDONET_DHCP_MODE_STATELESS)
			flags |= OTHER;
	}
	return flags;
}

/* Who speaks for a subnet. */
static void speaker(const struct mn_dhcp_subnet *s, uint8_t *mac, uint8_t *src)
{
	memcpy(mac, s->has_router ? s->gateway_mac : s->server_mac, 6);
	if (s->has_router && s->gateway[0] == 0xfe && s->gateway[1] >> 6 == 2)
		memcpy(src, s->gateway, 16);
	else
		mn_link_local(mac, src);
}

static struct mn_ra *find(struct mn_ra *ras, size_t n, const uint8_t *mac,
			  const uint8_t *src)
{
	size_t i;

	for (i = 0; i < n; i++) {
		if (!memcmp(ras[i].mac, mac, 6) && !memcmp(ras[i].src, src, 16))
			return &ras[i];
	}
	return NULL;
}

/* An option of so many times eight bytes, zeroed; NULL if it does not fit. */
static uint8_t *reserve(struct mn_ra *ra, uint8_t type, uint8_t units)
{
	uint8_t *p = ra->data + ra->len;

	if (MN_RA_MAX - ra->len < units * 8u)
		return NULL;
	memset(p, 0, units * 8u);
	p[0] = type;
	p[1] = units;
	ra->len += units * 8u;
	return p;
}

static void begin(struct mn_ra *ra, const uint8_t *mac, const uint8_t *src,
		  uint8_t flags)
{
	uint8_t *p;

	memset(ra, 0, sizeof(*ra));
	memcpy(ra->mac, mac, 6);
	memcpy(ra->src, src, 16);
	ra->len = RA_HEAD;
	ra->data[0] = ND_ROUTER_ADVERT;
	ra->data[4] = CUR_HOPS;
	ra->data[5] = flags;
	p = reserve(ra, SOURCE_MAC, 1);
	if (p)
		memcpy(p + 2, mac, 6);
}

static void put_prefix(struct mn_ra *ra, const struct mn_dhcp_subnet *s)
{
	uint8_t *p = reserve(ra, PREFIX, 4);

	if (!p)
		return;
	p[2] = s->plen;
	p[3] = ON_LINK;
	if (s->mode != MIDONET_DHCP_MODE_STATEFUL)
		p[3] |= AUTONOMOUS;
	mn_put32(p + 4, s->lease);
	mn_put32(p + 8, s->lease);
	memcpy(p + 16, s->addr, 16);
}

/* RFC 8106 */
static void put_dns(struct mn_ra *ra, const struct mn_dhcp_subnet *s)
{
	uint8_t *p;
	int i;

	if (!s->n_dns)
		return;
	p = reserve(ra, RDNSS, 1 + 2 * s->n_dns);
	if (!p)
		return;
	mn_put32(p + 4, MN_RA_LIFETIME);
	for (i = 0; i < s->n_dns; i++)
		memcpy(p + 8 + 16 * i, s->dns[i], 16);
}

/* One MTU for the link: the least of its subnets. */
static void put_mtu(struct mn_ra *ra, const struct mn_dhcp_subnet *subnets,
		    size_t n)
{
	uint32_t mtu = 0;
	uint8_t *p;
	size_t i;

	for (i = 0; i < n; i++) {
		if (subnets[i].v6 && subnets[i].mtu &&
		    (!mtu || subnets[i].mtu < mtu))
			mtu = subnets[i].mtu;
	}
	p = mtu ? reserve(ra, MTU, 1) : NULL;
	if (p)
		mn_put32(p + 4, mtu);
}

/**
 * mn_ra_build() - the advertisements of a bridge
 * @subnets: its subnets; those of IPv4 are passed over
 * @n: number of @subnets
 * @ras: result
 * @max: room of @ras
 *
 * Return: number of @ras, of which each has another speaker
 */
size_t mn_ra_build(const struct mn_dhcp_subnet *subnets, size_t n,
		   struct mn_ra *ras, size_t max)
{
	uint8_t flags = flags_of(subnets, n), mac[6], src[16];
	size_t count = 0, i;
	struct mn_ra *ra;

	for (i = 0; i < n; i++) {
		if (!subnets[i].v6)
			continue;
		speaker(&subnets[i], mac, src);
		ra = find(ras, count, mac, src);
		if (!ra && count == max)
			continue;
		if (!ra) {
			ra = &ras[count++];
			begin(ra, mac, src, flags);
			put_mtu(ra, subnets, n);
		}
		if (subnets[i].has_router)
			mn_put16(ra->data + 6, MN_RA_LIFETIME);
		put_prefix(ra, &subnets[i]);
		put_dns(ra, &subnets[i]);
	}
	return count;
}
