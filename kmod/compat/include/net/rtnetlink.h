/* SPDX-License-Identifier: GPL-2.0 */
#ifndef _MN_COMPAT_NET_RTNETLINK_H
#define _MN_COMPAT_NET_RTNETLINK_H

#include_next <net/rtnetlink.h>

typedef int mn_delete_link_1(struct net_device *dev);
typedef int mn_delete_link_3(struct net_device *dev, u32 portid,
			     const struct nlmsghdr *nlh);

/*
 * Delete a device as a message would. Stable kernels have got the new arguments,
 * too, so the version does not tell.
 */
static inline void mn_delete_link(struct net_device *dev)
{
	void *fn = rtnl_delete_link;

	if (__builtin_types_compatible_p(typeof(rtnl_delete_link),
					 mn_delete_link_1))
		((mn_delete_link_1 *)fn)(dev);
	else
		((mn_delete_link_3 *)fn)(dev, 0, NULL);
}

#endif /* _MN_COMPAT_NET_RTNETLINK_H */
