/* SPDX-License-Identifier: GPL-2.0 */
#ifndef _MN_KUNIT_WIRE_H
#define _MN_KUNIT_WIRE_H

#include <linux/prandom.h>

#include "nbr.h"
#include "sim/ctx.h"

#define WIRE_MAX	66000

/**
 * struct wire_packet - an IP packet in words; what is zero has a default
 * @v6: IPv6
 * @src: IPv4 source
 * @dst: IPv4 destination
 * @src6: IPv6 source, default a station of the port's subnet
 * @dst6: IPv6 destination
 * @proto: protocol
 * @ttl: TTL or hop limit, default 9
 * @tos: TOS or traffic class
 * @frag: flags and offset as in the IPv4 header
 * @opts: IPv4 options
 * @n_opts: bytes of them, a multiple of 4
 * @l4: header and payload; checksums are the caller's
 * @n_l4: bytes of it
 */
struct wire_packet {
	bool v6;
	u32 src;
	u32 dst;
	struct in6_addr src6;
	struct in6_addr dst6;
	u8 proto;
	u8 ttl;
	u8 tos;
	u16 frag;
	const u8 *opts;
	u32 n_opts;
	const u8 *l4;
	u32 n_l4;
};

/*
 * A device on f->port that keeps what is sent to nbr_alice, who has sent the
 * packets of the tests.
 */
int wire_init(struct kunit *test);
void wire_exit(struct kunit *test);
struct sk_buff *wire_sent(struct nbr *f);
struct sk_buff *wire_said(struct nbr *f);

u32 wire_build(u8 *buf, const struct wire_packet *p);
struct sk_buff *wire_skb(struct kunit *test, const u8 *buf, u32 len,
			 u32 linear);
void wire_begin(struct nbr *f, struct sk_buff *skb);
void wire_packet(struct nbr *f, const struct wire_packet *p);

#define WIRE_SAME(test, a, b, len)					\
	KUNIT_ASSERT_EQ(test, 0, memcmp(a, b, len))

/* Checksums, once more and slowly. */
u32 wire_sum(const u8 *p, u32 len, u32 sum);
u16 wire_fold(u32 sum);
u16 wire_csum_l4(bool v6, const u8 *addrs, u8 proto, const u8 *l4, u32 len);

#endif /* _MN_KUNIT_WIRE_H */
