/* SPDX-License-Identifier: GPL-2.0 */
#ifndef _MN_RA_H
#define _MN_RA_H

#include "dhcp.h"

/* Seconds a router, and what it says of name servers, is believed. */
#define MN_RA_LIFETIME	1800
#define MN_RA_SUBNETS	64
#define MN_RA_MAX	1240	/* bytes of an advertisement: 1280 with IPv6 */

/**
 * struct mn_ra - an advertisement
 * @mac: MAC of who speaks
 * @src: its link-local address
 * @len: bytes of @data
 * @data: ICMPv6 message, its checksum zero
 */
struct mn_ra {
	uint8_t mac[6];
	uint8_t src[16];
	size_t len;
	uint8_t data[MN_RA_MAX];
};

bool mn_ra_solicits(const uint8_t *data, size_t len, uint8_t hops,
		    const uint8_t *src);
size_t mn_ra_build(const struct mn_dhcp_subnet *subnets, size_t n,
		   struct mn_ra *ras, size_t max);

#endif /* _MN_RA_H */
