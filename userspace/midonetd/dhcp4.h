/* SPDX-License-Identifier: GPL-2.0 */
#ifndef _MN_DHCP4_H
#define _MN_DHCP4_H

#include "dhcp.h"

/* Bytes of an answer: what a frame of 1500 bytes carries in UDP. */
#define MN_DHCP4_MAX	(1500 - 28)

/**
 * struct mn_dhcp4_reply - what is answered
 * @len: bytes of @data
 * @data: message
 * @dst: address it is sent to
 * @broadcast: and to the broadcast MAC, else to the client's
 */
struct mn_dhcp4_reply {
	size_t len;
	uint8_t data[MN_DHCP4_MAX];
	uint8_t dst[4];
	bool broadcast;
};

const char *mn_dhcp4_answer(const struct mn_dhcp_subnet *subnet,
			    const struct mn_dhcp_host *host,
			    const uint8_t *data, size_t len,
			    struct mn_dhcp4_reply *reply);

#endif /* _MN_DHCP4_H */
