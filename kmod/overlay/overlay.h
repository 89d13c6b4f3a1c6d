/* SPDX-License-Identifier: GPL-2.0 */
#ifndef _MN_OVERLAY_H
#define _MN_OVERLAY_H

#include <linux/rhashtable-types.h>

#include "net.h"

/**
 * struct mn_overlay - how hosts reach each other
 * @peers: &struct mn_peer by address
 * @n_peers: how many, under mn_net.lock
 */
struct mn_overlay {
	struct rhltable peers;
	u32 n_peers;
};

int mn_overlay_init(struct mn_net *mn);
void mn_overlay_exit(struct mn_net *mn);

#endif /* _MN_OVERLAY_H */
