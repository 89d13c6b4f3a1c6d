/* SPDX-License-Identifier: GPL-2.0 */
#ifndef _SERVE_DHCP_H
#define _SERVE_DHCP_H

#include "daemon.h"

extern const struct service service_dhcp;

#endif /* _SERVE_DHCP_H */
