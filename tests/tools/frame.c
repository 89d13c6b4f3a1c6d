// SPDX-License-Identifier: GPL-2.0
/*
 * Raw frames on a device.
 *
 *	frame send DEV HEX...
 *		send each frame; an IPv4 header checksum of 0 is filled in
 *	frame pace DEV MS N HEX
 *		send a frame N times, so many milliseconds apart
 *	frame hear DEV HEX
 *		say "ready", wait for a frame that contains HEX (^HEX: begins
 *		with it), exit 0 when it came; to be killed if it does not
 *	frame blast DEV MAC SECONDS [PORT [ADDRESS]]
 *		send UDP to PORT (9) of ADDRESS (10.0.0.2) at MAC as fast as it goes,
 *		each datagram from another source port; print how many
 */
#include <arpa/inet.h>
#include <ctype.h>
#include <errno.h>
#include <linux/if_packet.h>
#include <net/ethernet.h>
#include <net/if.h>
#include <netinet/ip.h>
#include <netinet/udp.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>

#define FRAME_MAX	65535
#define __packed	__attribute__((__packed__))

static int fail(const char *what)
{
	perror(what);
	exit(2);
}

static int open_dev(const char *dev, uint16_t proto)
{
	struct sockaddr_ll addr = {
		.sll_family = AF_PACKET,
		.sll_protocol = htons(proto),
		.sll_ifindex = if_nametoindex(dev),
	};
	int fd = socket(AF_PACKET, SOCK_RAW, htons(proto));

	if (fd < 0 || !addr.sll_ifindex ||
	    bind(fd, (struct sockaddr *)&addr, sizeof(addr)))
		fail(dev);
	return fd;
}

/* Hex digits, with spaces and colons between them. */
static size_t parse(const char *hex, uint8_t *out)
{
	size_t n = 0;
	unsigned int v;

	while (*hex && n < FRAME_MAX) {
		if (isspace((unsigned char)*hex) || *hex == ':') {
			hex++;
			continue;
		}
		if (sscanf(hex, "%2x", &v) != 1) {
			fprintf(stderr, "frame: not hex: %s\n", hex);
			exit(2);
		}
		out[n++] = v;
		hex += isxdigit((unsigned char)hex[1]) ? 2 : 1;
	}
	return n;
}

static uint16_t checksum(const void *data, size_t len)
{
	const uint16_t *w = data;
	uint32_t sum = 0;

	for (; len > 1; len -= 2)
		sum += *w++;
	while (sum >> 16)
		sum = (sum & 0xffff) + (sum >> 16);
	return ~sum;
}

static void fix_checksum(uint8_t *f, size_t len)
{
	uint16_t sum;
	size_t hlen;

	if (len < 34 || f[12] != 8 || f[13] || f[24] || f[25])
		return;
	hlen = (f[14] & 15) * 4;
	if (hlen < 20 || 14 + hlen > len)
		return;
	sum = checksum(f + 14, hlen);
	memcpy(f + 24, &sum, 2);
}

static int do_send(int argc, char **argv)
{
	static uint8_t frame[FRAME_MAX];
	int fd = open_dev(argv[2], 0), i;
	size_t len;

	for (i = 3; i < argc; i++) {
		len = parse(argv[i], frame);
		fix_checksum(frame, len);
		/* a full queue is no reason to give up */
		while (send(fd, frame, len, 0) < 0) {
			if (errno != ENOBUFS)
				fail("frame: send");
		}
	}
	return 0;
}

static int do_pace(char **argv)
{
	static uint8_t frame[FRAME_MAX];
	size_t len = parse(argv[5], frame);
	int fd = open_dev(argv[2], 0), n;

	fix_checksum(frame, len);
	for (n = atoi(argv[4]); n > 0; n--) {
		if (send(fd, frame, len, 0) < 0 && errno != ENOBUFS)
			fail("frame: send");
		if (n > 1)
			usleep(1000 * atoi(argv[3]));
	}
	return 0;
}

static bool has(const uint8_t *frame, size_t len, const uint8_t *want,
		size_t n, bool begins)
{
	if (begins)
		return len >= n && !memcmp(frame, want, n);
	return memmem(frame, len, want, n);
}

static int do_hear(char **argv)
{
	static uint8_t frame[FRAME_MAX], want[FRAME_MAX];
	bool begins = argv[3][0] == '^';
	size_t n = parse(argv[3] + begins, want);
	int fd = open_dev(argv[2], ETH_P_ALL);
	struct sockaddr_ll from;
	socklen_t size;
	ssize_t len;

	puts("ready");
	fflush(stdout);
	for (;;) {
		size = sizeof(from);
		len = recvfrom(fd, frame, sizeof(frame), 0,
			       (struct sockaddr *)&from, &size);
		if (len < 0)
			fail("frame: recv");
		if (from.sll_pkttype != PACKET_OUTGOING &&
		    has(frame, len, want, n, begins))
			return 0;
	}
}

struct datagram {
	struct ether_header eth;
	struct iphdr ip;
	struct udphdr udp;
	char data[18];
} __packed;

static void prepare(struct datagram *d, const char *mac, int fd, uint16_t port,
		    const char *dst)
{
	struct sockaddr_ll own;
	socklen_t size = sizeof(own);
	uint16_t sum;

	memset(d, 0, sizeof(*d));
	parse(mac, d->eth.ether_dhost);
	getsockname(fd, (struct sockaddr *)&own, &size);
	memcpy(d->eth.ether_shost, own.sll_addr, ETH_ALEN);
	d->eth.ether_type = htons(ETHERTYPE_IP);
	d->ip.version = 4;
	d->ip.ihl = 5;
	d->ip.tot_len = htons(sizeof(*d) - sizeof(d->eth));
	d->ip.ttl = 64;
	d->ip.protocol = IPPROTO_UDP;
	d->ip.saddr = inet_addr("10.0.0.1");
	d->ip.daddr = inet_addr(dst);
	sum = checksum((char *)d + sizeof(d->eth), sizeof(d->ip));
	d->ip.check = sum;
	d->udp.dest = htons(port);
	d->udp.len = htons(sizeof(d->udp) + sizeof(d->data));
}

static double now(void)
{
	struct timespec ts;

	clock_gettime(CLOCK_MONOTONIC, &ts);
	return ts.tv_sec + ts.tv_nsec / 1e9;
}

static int do_blast(int argc, char **argv)
{
	int fd = open_dev(argv[2], 0);
	double end = now() + atof(argv[4]);
	unsigned long sent = 0;
	struct datagram d;
	uint16_t port = 1024;
	int i;

	prepare(&d, argv[3], fd, argc > 5 ? atoi(argv[5]) : 9,
		argc > 6 ? argv[6] : "10.0.0.2");
	while (now() < end) {
		for (i = 0; i < 64; i++) {
			port = port == 65535 ? 1024 : port + 1;
			d.udp.source = htons(port);
			sent += send(fd, &d, sizeof(d), 0) > 0;
		}
	}
	printf("%lu\n", sent);
	return 0;
}

int main(int argc, char **argv)
{
	if (argc >= 4 && !strcmp(argv[1], "send"))
		return do_send(argc, argv);
	if (argc == 6 && !strcmp(argv[1], "pace"))
		return do_pace(argv);
	if (argc == 4 && !strcmp(argv[1], "hear"))
		return do_hear(argv);
	if (argc >= 5 && !strcmp(argv[1], "blast"))
		return do_blast(argc, argv);
	fprintf(stderr, "usage: frame send|pace|hear|blast DEV ...\n");
	return 2;
}
