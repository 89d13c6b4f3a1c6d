/* SPDX-License-Identifier: GPL-2.0 */
#ifndef _MN_COMPAT_LINUX_STDDEF_H
#define _MN_COMPAT_LINUX_STDDEF_H

#include_next <linux/stddef.h>

/* Since 6.6, and in later ones of the long-term series. */
#ifndef __counted_by
#define __counted_by(member)
#endif

#endif /* _MN_COMPAT_LINUX_STDDEF_H */
