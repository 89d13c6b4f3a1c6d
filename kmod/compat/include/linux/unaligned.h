/* SPDX-License-Identifier: GPL-2.0 */
#ifndef _MN_COMPAT_LINUX_UNALIGNED_H
#define _MN_COMPAT_LINUX_UNALIGNED_H

#include <linux/version.h>

/* In asm/ until 6.12; sparse knows no __has_include_next(). */
#if LINUX_VERSION_CODE >= KERNEL_VERSION(6, 12, 0)
#include_next <linux/unaligned.h>
#else
#include <asm/unaligned.h>
#endif

#endif /* _MN_COMPAT_LINUX_UNALIGNED_H */
