/* SPDX-License-Identifier: GPL-2.0 */
#ifndef _MN_DHCP_SERVICE_H
#define _MN_DHCP_SERVICE_H

#include "util.h"

struct mn_dhcp_service;

/**
 * struct mn_dhcp_config - what the service is told
 * @mtu: largest MTU that hosts are told, such as what tunnels leave of the underlay's;
 *	0: only that of their subnet. With it, hosts of a subnet without an mtu are told
 *	the lesser of it and 1500
 * @log: told what was done and what was not, a line without its end; or NULL
 * @arg: for @log
 */
struct mn_dhcp_config {
	uint32_t mtu;
	void (*log)(void *arg, const char *text);
	void *arg;
};

int mn_dhcp_service_open(struct mn_dhcp_service **service,
			 const struct mn_dhcp_config *config,
			 struct mn_err *err);
void mn_dhcp_service_close(struct mn_dhcp_service *service);
int mn_dhcp_service_fd(const struct mn_dhcp_service *service);
int mn_dhcp_service_timeout(const struct mn_dhcp_service *service);
int mn_dhcp_service_work(struct mn_dhcp_service *service, struct mn_err *err);

#endif /* _MN_DHCP_SERVICE_H */
