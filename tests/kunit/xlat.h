/* SPDX-License-Identifier: GPL-2.0 */
#ifndef _MN_KUNIT_XLAT_H
#define _MN_KUNIT_XLAT_H

#include <net/checksum.h>

#include "flow/key.h"
#include "wire.h"

#define XLAT_LEN	2048

/**
 * enum xlat_how - who has computed the L4 checksum
 * @XLAT_WHOLE: the sender
 * @XLAT_PARTIAL: its pseudo-header only, a device does the rest
 */
enum xlat_how { XLAT_WHOLE, XLAT_PARTIAL };

/**
 * struct xlat_packet - a packet with right checksums
 * @v6: IPv6
 * @proto: protocol
 * @frag: &enum mn_frag_kind
 * @how: &enum xlat_how
 * @no_check: UDP, UDP-Lite: without checksum
 * @type: of ICMP
 * @src: an IPv4 address is in the first word
 * @dst: see @src
 * @sport: source port or id of an ICMP echo
 * @dport: destination port
 * @coverage: UDP-Lite: bytes that the checksum is over, 0 for all
 * @id: IP identification
 * @n_opts: bytes of IPv4 options or of an IPv6 extension header
 * @n_l4: bytes of L4 header and payload, before it was cut
 * @cut: fragments: bytes of that in the first one
 * @pad: bytes behind the packet in its frame
 * @l4: offset of L4 header, or of what follows the IP headers; filled in by
 *	xlat_build()
 * @body: L4, before headers are written over it
 */
struct xlat_packet {
	bool v6;
	u8 proto;
	u8 frag;
	u8 how;
	bool no_check;
	u8 type;
	struct in6_addr src;
	struct in6_addr dst;
	__be16 sport;
	__be16 dport;
	u16 coverage;
	u32 id;
	u32 n_opts;
	u32 n_l4;
	u32 cut;
	u32 pad;
	u32 l4;
	u8 body[XLAT_LEN];
};

/**
 * struct xlat - packets before and after a translation
 * @test: test
 * @rnd: where chance comes from
 * @p: two packets
 * @buf: one before
 * @want: what it should become
 * @got: what it became
 * @l4: for L4 before it is cut
 */
struct xlat {
	struct kunit *test;
	struct rnd_state rnd;
	struct xlat_packet p[2];
	u8 buf[2 * XLAT_LEN];
	u8 want[2 * XLAT_LEN];
	u8 got[2 * XLAT_LEN];
	u8 l4[XLAT_LEN];
};

int xlat_init(struct kunit *test);
u32 xlat_random(struct xlat *x);
void xlat_random_addr(struct xlat *x, bool v6, struct in6_addr *addr);
void xlat_random_packet(struct xlat *x, struct xlat_packet *p);
void xlat_plain(struct xlat *x, struct xlat_packet *p, bool v6, u8 proto,
		u32 n_l4);
void xlat_make_zero(struct xlat *x, struct xlat_packet *p,
		    const struct xlat_packet *which);
u32 xlat_build(struct xlat *x, u8 *buf, struct xlat_packet *p);
struct sk_buff *xlat_skb(struct xlat *x, const u8 *buf, u32 len,
			 const struct xlat_packet *p);
u32 xlat_check_at(const struct xlat_packet *p);
u32 xlat_pseudo(const struct xlat_packet *p, u32 len);

static inline u16 xlat_fold(u64 sum)
{
	while (sum >> 16)
		sum = (sum & 0xffff) + (sum >> 16);
	return ~sum;
}

static inline bool xlat_is_icmp(const struct xlat_packet *p)
{
	return p->proto == (p->v6 ? IPPROTO_ICMPV6 : IPPROTO_ICMP);
}

/* An ICMP echo? */
static inline bool xlat_has_id(const struct xlat_packet *p)
{
	if (!xlat_is_icmp(p))
		return false;
	return p->v6 ? p->type == 128 || p->type == 129 :
		       p->type == 8 || p->type == 0;
}

#endif /* _MN_KUNIT_XLAT_H */
