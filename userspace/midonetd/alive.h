/* SPDX-License-Identifier: GPL-2.0 */
#ifndef _ALIVE_H
#define _ALIVE_H

#include "daemon.h"

extern const struct service service_alive;

void alive_update(struct daemon *d);

#endif /* _ALIVE_H */
