/* SPDX-License-Identifier: GPL-2.0 */
#ifndef _MN_SPOOF_H
#define _MN_SPOOF_H

#include <linux/types.h>

struct mn_allowed;

bool mn_allowed_mac(const struct mn_allowed *a, u16 n, const u8 *mac);
bool mn_allowed_addr(const struct mn_allowed *a, u16 n, const u8 *mac,
		     u8 family, const void *addr, u8 *plen);

#endif /* _MN_SPOOF_H */
