/* SPDX-License-Identifier: GPL-2.0 */
#ifndef _MN_DHCP_H
#define _MN_DHCP_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "names_gen.h"
#include "uuid.h"

/* As many as the kernel has of a subnet and of a host. */
#define MN_DHCP_DNS	16
#define MN_DHCP_ROUTES	25
#define MN_DHCP_OPTIONS	64
#define MN_DHCP_OPTIONS_LEN	1024

#define MN_DHCP_FOREVER	UINT32_MAX

/**
 * struct mn_dhcp_route - a route that hosts are told
 * @plen: length of @dst
 * @dst: destinations
 * @gateway: next hop
 */
struct mn_dhcp_route {
	uint8_t plen;
	uint8_t dst[4];
	uint8_t gateway[4];
};

/**
 * struct mn_dhcp_subnet - all there is to know of a subnet
 * @id: of the dhcp
 * @v6: IPv6, else IPv4
 * @plen: length of @addr
 * @mode: &enum midonet_dhcp_mode
 * @addr: the subnet, in the first 4 or all 16 bytes
 * @has_server: there is a @server
 * @has_gateway: there is a @gateway
 * @has_router: @gateway is an address of a virtual router, with @gateway_mac
 * @server: address
 * @gateway: address
 * @server_mac: MAC that answers for @server, also if there is none
 * @gateway_mac: see @has_router
 * @mtu: 0: say nothing of it
 * @lease: seconds, or MN_DHCP_FOREVER
 * @n_dns: number of @dns
 * @n_routes: number of @routes
 * @dns: name servers
 * @routes: routes, IPv4 only
 */
struct mn_dhcp_subnet {
	struct mn_uuid id;
	bool v6;
	uint8_t plen;
	uint8_t mode;
	uint8_t addr[16];
	bool has_server;
	bool has_gateway;
	bool has_router;
	uint8_t server[16];
	uint8_t gateway[16];
	uint8_t server_mac[6];
	uint8_t gateway_mac[6];
	uint32_t mtu;
	uint32_t lease;
	uint8_t n_dns;
	uint8_t n_routes;
	uint8_t dns[MN_DHCP_DNS][16];
	struct mn_dhcp_route routes[MN_DHCP_ROUTES];
};

/**
 * struct mn_dhcp_option - an option in addition to, or instead of, the subnet's
 * @code: code
 * @len: bytes of @data
 * @data: value
 */
struct mn_dhcp_option {
	uint16_t code;
	uint16_t len;
	const uint8_t *data;
};

/**
 * struct mn_dhcp_host - a host that is listed
 * @mac: who it is
 * @addr: what it gets, 4 or 16 bytes
 * @name: what it is called, or empty
 * @n_options: number of @options
 * @options: options, each once, with data in @bytes
 * @bytes: values of @options
 */
struct mn_dhcp_host {
	uint8_t mac[6];
	uint8_t addr[16];
	char name[MIDONET_NAME_MAX + 1];
	uint8_t n_options;
	struct mn_dhcp_option options[MN_DHCP_OPTIONS];
	uint8_t bytes[MN_DHCP_OPTIONS_LEN];
};

/* Has a host (or NULL) such an option of its own? */
static inline bool mn_dhcp_host_says(const struct mn_dhcp_host *host,
				     uint16_t code)
{
	uint8_t i;

	for (i = 0; host && i < host->n_options; i++) {
		if (host->options[i].code == code)
			return true;
	}
	return false;
}

#endif /* _MN_DHCP_H */
