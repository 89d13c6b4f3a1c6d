/* SPDX-License-Identifier: GPL-2.0 */
#ifndef _LEASE_H
#define _LEASE_H

#include "daemon.h"

/* lease.c: nodes that go with the session, and say whose they are */
char *lease_text(const struct daemon *d);
bool lease_is_ours(const struct daemon *d, const struct mn_zk_reply *reply);

#endif /* _LEASE_H */
