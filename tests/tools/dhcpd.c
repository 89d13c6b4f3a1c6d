// SPDX-License-Identifier: GPL-2.0
/*
 * The DHCP service of the daemon alone, for tests.
 *
 *	dhcpd [MTU]
 *
 * Serves the network namespace it is started in, until it is killed. Says "ready"
 * when it does, then a line for everything it does.
 */
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>

#include "dhcp_service.h"

static void log_line(void *arg, const char *text)
{
	(void)arg;
	puts(text);
	fflush(stdout);
}

int main(int argc, char **argv)
{
	struct mn_dhcp_config config = {
		.mtu = argc > 1 ? atoi(argv[1]) : 0, .log = log_line,
	};
	struct mn_dhcp_service *service;
	struct pollfd pfd = { .events = POLLIN };
	struct mn_err err;
	int ret;

	ret = mn_dhcp_service_open(&service, &config, &err);
	if (!ret)
		log_line(NULL, "ready");
	while (!ret) {
		pfd.fd = mn_dhcp_service_fd(service);
		poll(&pfd, 1, mn_dhcp_service_timeout(service));
		ret = mn_dhcp_service_work(service, &err);
	}
	fprintf(stderr, "dhcpd: %s\n", err.text);
	return 1;
}
