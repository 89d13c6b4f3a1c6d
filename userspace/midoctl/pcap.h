/* SPDX-License-Identifier: GPL-2.0 */
#ifndef _MIDOCTL_PCAP_H
#define _MIDOCTL_PCAP_H

#include <stddef.h>

#include "util.h"

/* Call @fn for each Ethernet frame of a capture file. */
int pcap_read(const char *path,
	      int (*fn)(void *arg, const void *frame, size_t len), void *arg,
	      struct mn_err *err);

#endif /* _MIDOCTL_PCAP_H */
