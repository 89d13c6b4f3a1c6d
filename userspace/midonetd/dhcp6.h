/* SPDX-License-Identifier: GPL-2.0 */
#ifndef _MN_DHCP6_H
#define _MN_DHCP6_H

#include "dhcp.h"

/* Bytes of an answer: what a frame of 1500 bytes carries in UDP. */
#define MN_DHCP6_MAX	(1500 - 48)

/**
 * struct mn_dhcp6_reply - what is answered
 * @len: bytes of @data
 * @data: message
 */
struct mn_dhcp6_reply {
	size_t len;
	uint8_t data[MN_DHCP6_MAX];
};

const char *mn_dhcp6_answer(const struct mn_dhcp_subnet *subnet,
			    const struct mn_dhcp_host *host,
			    const uint8_t *data, size_t len,
			    struct mn_dhcp6_reply *reply);

#endif /* _MN_DHCP6_H */
