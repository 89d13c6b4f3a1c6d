/* SPDX-License-Identifier: GPL-2.0 */
#ifndef _MN_VERSION_H
#define _MN_VERSION_H

#define MN_VERSION "0.1.0"

#endif /* _MN_VERSION_H */
