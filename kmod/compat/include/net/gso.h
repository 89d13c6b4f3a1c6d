/* SPDX-License-Identifier: GPL-2.0 */
#ifndef _MN_COMPAT_NET_GSO_H
#define _MN_COMPAT_NET_GSO_H

#include <linux/version.h>

#if LINUX_VERSION_CODE < KERNEL_VERSION(6, 5, 0)
/* Until 6.5 these declarations were among those of the socket buffer. */
#include <linux/skbuff.h>
#else
#include_next <net/gso.h>
#endif

#endif /* _MN_COMPAT_NET_GSO_H */
