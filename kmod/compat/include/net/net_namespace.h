/* SPDX-License-Identifier: GPL-2.0 */
#ifndef _MN_COMPAT_NET_NET_NAMESPACE_H
#define _MN_COMPAT_NET_NET_NAMESPACE_H

#include <linux/version.h>
#include_next <net/net_namespace.h>

#if LINUX_VERSION_CODE < KERNEL_VERSION(6, 6, 0)
/* Until 6.6 the table ends with an empty entry; callers leave room for it. */
#define register_net_sysctl_sz(net, path, table, size) \
	register_net_sysctl(net, path, table)
#endif

#endif /* _MN_COMPAT_NET_NET_NAMESPACE_H */
