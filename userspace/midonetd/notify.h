/* SPDX-License-Identifier: GPL-2.0 */
#ifndef _NOTIFY_H
#define _NOTIFY_H

#include "daemon.h"

/* The last of all that start: when it does, the daemon works. */
extern const struct service service_notify;

#endif /* _NOTIFY_H */
