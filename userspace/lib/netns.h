/* SPDX-License-Identifier: GPL-2.0 */
#ifndef _MN_NETNS_H
#define _MN_NETNS_H

#include "util.h"

int mn_netns_open(const char *name, struct mn_err *err);
int mn_netns_enter(int fd, const char *name, struct mn_err *err);

#endif /* _MN_NETNS_H */
