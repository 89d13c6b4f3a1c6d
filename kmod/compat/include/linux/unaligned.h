/* SPDX-License-Identifier: GPL-2.0 */
#ifndef _MN_COMPAT_LINUX_UNALIGNED_H
#define _MN_COMPAT_LINUX_UNALIGNED_H

/* In asm/ until 6.12. */
#if __has_include_next(<linux/unaligned.h>)
#include_next <linux/unaligned.h>
#else
#include <asm/unaligned.h>
#endif

#endif /* _MN_COMPAT_LINUX_UNALIGNED_H */
