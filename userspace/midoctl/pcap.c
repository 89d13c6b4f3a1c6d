// SPDX-License-Identifier: GPL-2.0
/* Capture files of the classic format. */
#include <byteswap.h>
#include <errno.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "pcap.h"

#define MAGIC_USEC	0xa1b2c3d4
#define MAGIC_NSEC	0xa1b23c4d
#define LINK_ETHERNET	1
#define PACKET_MAX	1048576

static uint32_t order(uint32_t v, bool swap)
{
	return swap ? bswap_32(v) : v;
}

static int read_head(FILE *f, bool *swap, struct mn_err *err)
{
	uint32_t head[6];

	if (fread(head, 1, sizeof(head), f) != sizeof(head))
		return mn_fail(err, -EINVAL, "is not a capture file");
	*swap = head[0] == bswap_32(MAGIC_USEC) ||
		head[0] == bswap_32(MAGIC_NSEC);
	if (!*swap && head[0] != MAGIC_USEC && head[0] != MAGIC_NSEC)
		return mn_fail(err, -EINVAL,
			       "is not a capture file (pcapng? convert it: tcpdump -r FILE -w NEW)");
	if ((order(head[5], *swap) & 0xffff) != LINK_ETHERNET)
		return mn_fail(err, -EINVAL, "does not hold Ethernet frames");
	return 0;
}

static int read_packets(FILE *f, bool swap,
			int (*fn)(void *arg, const void *frame, size_t len),
			void *arg, struct mn_err *err)
{
	uint32_t rec[4], len;
	char *frame;
	int ret = 0;

	while (!ret && fread(rec, 1, sizeof(rec), f) == sizeof(rec)) {
		len = order(rec[2], swap);
		if (len > PACKET_MAX)
			return mn_fail(err, -EINVAL, "is damaged");
		frame = mn_alloc(len);
		if (fread(frame, 1, len, f) != len)
			ret = mn_fail(err, -EINVAL, "ends within a packet");
		else
			ret = fn(arg, frame, len);
		free(frame);
	}
	return ret;
}

/**
 * pcap_read() - read a capture file
 * @path: file
 * @fn: called for each frame; a negative value ends the reading
 * @arg: for @fn
 * @err: for errors
 *
 * Return: 0 or a negative error
 */
int pcap_read(const char *path,
	      int (*fn)(void *arg, const void *frame, size_t len), void *arg,
	      struct mn_err *err)
{
	FILE *f = fopen(path, "re");
	bool swap = false;
	int ret;

	if (!f)
		return mn_fail(err, -errno, "%s: %s", path, strerror(errno));
	ret = read_head(f, &swap, err);
	if (!ret)
		ret = read_packets(f, swap, fn, arg, err);
	fclose(f);
	if (ret)
		mn_err_prefix(err, "%s", path);
	return ret;
}
