// SPDX-License-Identifier: GPL-2.0
/*
 * Packets of all kinds that are translated, with all their checksums computed
 * from scratch.
 */
#include <linux/module.h>
#include <linux/unaligned.h>
#include <net/ip6_checksum.h>

#include "xlat.h"

/**
 * xlat_init() - begin
 * @test: test; its priv is struct xlat
 */
int xlat_init(struct kunit *test)
{
	struct xlat *x = kunit_kzalloc(test, sizeof(*x), GFP_KERNEL);

	if (!x)
		return -ENOMEM;
	x->test = test;
	prandom_seed_state(&x->rnd, topo_seed(test));
	test->priv = x;
	return 0;
}

/**
 * xlat_random() - chance
 * @x: test
 */
u32 xlat_random(struct xlat *x)
{
	return prandom_u32_state(&x->rnd);
}

/**
 * xlat_random_addr() - any address
 * @x: test
 * @v6: IPv6
 * @addr: filled in
 */
void xlat_random_addr(struct xlat *x, bool v6, struct in6_addr *addr)
{
	memset(addr, 0, sizeof(*addr));
	prandom_bytes_state(&x->rnd, addr, v6 ? 16 : 4);
}

/* Shortest L4 header. */
static u32 least(u8 proto)
{
	switch (proto) {
	case IPPROTO_TCP:
		return 20;
	case IPPROTO_SCTP:
		return 12;
	}
	return 8;
}

/**
 * xlat_plain() - a whole packet with nothing special to it
 * @x: test
 * @p: filled in
 * @v6: IPv6
 * @proto: protocol
 * @n_l4: bytes of L4
 */
void xlat_plain(struct xlat *x, struct xlat_packet *p, bool v6, u8 proto,
		u32 n_l4)
{
	memset(p, 0, sizeof(*p));
	p->v6 = v6;
	p->proto = proto;
	p->n_l4 = n_l4;
	p->sport = (__force __be16)xlat_random(x);
	p->dport = (__force __be16)xlat_random(x);
	p->id = xlat_random(x) & (v6 ? U32_MAX : U16_MAX);
	p->type = v6 ? 128 : 8;
	xlat_random_addr(x, v6, &p->src);
	xlat_random_addr(x, v6, &p->dst);
	prandom_bytes_state(&x->rnd, p->body, n_l4);
}

static void random_icmp(struct xlat *x, struct xlat_packet *p)
{
	static const u8 types4[] = { 8, 0, 8, 13 };
	static const u8 types6[] = { 128, 129, 128, 200 };

	p->type = p->v6 ? types6[xlat_random(x) % 4] :
			  types4[xlat_random(x) % 4];
}

static void random_frag(struct xlat *x, struct xlat_packet *p)
{
	p->frag = xlat_random(x) % 2 ? MN_FRAG_FIRST : MN_FRAG_LATER;
	p->n_l4 = 64 + xlat_random(x) % 400;
	p->cut = 24 + xlat_random(x) % 4 * 8;
	prandom_bytes_state(&x->rnd, p->body, p->n_l4);
}

/**
 * xlat_random_packet() - any packet
 * @x: test
 * @p: filled in
 */
void xlat_random_packet(struct xlat *x, struct xlat_packet *p)
{
	static const u8 protos[] = {
		IPPROTO_TCP, IPPROTO_UDP, IPPROTO_UDPLITE, IPPROTO_SCTP,
		IPPROTO_ICMP, IPPROTO_ICMPV6, IPPROTO_GRE, IPPROTO_UDP,
	};
	u8 proto = protos[xlat_random(x) % ARRAY_SIZE(protos)];
	u32 n = least(proto) + xlat_random(x) % (xlat_random(x) % 8 ? 60 : 1400);

	xlat_plain(x, p, xlat_random(x) % 2, proto, n);
	if (xlat_random(x) % 3 == 0)
		p->n_opts = p->v6 ? 8 + xlat_random(x) % 8 * 8 :
				    xlat_random(x) % 11 * 4;
	if (xlat_is_icmp(p))
		random_icmp(x, p);
	if (xlat_random(x) % 4 == 0)
		random_frag(x, p);
	if (proto == IPPROTO_UDPLITE && xlat_random(x) % 2)
		p->coverage = 8 + xlat_random(x) % (p->n_l4 - 7);
	if (proto == IPPROTO_UDP)
		p->no_check = xlat_random(x) % 4 == 0;
	if (p->frag == MN_FRAG_NONE && !p->no_check && !p->coverage &&
	    xlat_check_at(p) && (p->v6 || proto != IPPROTO_ICMP))
		p->how = xlat_random(x) % 4 ? XLAT_WHOLE : XLAT_PARTIAL;
	if (p->how == XLAT_WHOLE && xlat_random(x) % 4 == 0)
		p->pad = xlat_random(x) % 20;
}

/**
 * xlat_pseudo() - sum of the pseudo-header
 * @p: packet
 * @len: L4 bytes
 */
u32 xlat_pseudo(const struct xlat_packet *p, u32 len)
{
	if (p->v6)
		return (__force u16)~csum_ipv6_magic(&p->src, &p->dst, len,
						     p->proto, 0);
	return (__force u16)~csum_tcpudp_magic(p->src.s6_addr32[0],
					       p->dst.s6_addr32[0], len,
					       p->proto, 0);
}

/**
 * xlat_check_at() - where L4 has its checksum
 * @p: packet
 *
 * Return: offset, 0 for none
 */
u32 xlat_check_at(const struct xlat_packet *p)
{
	switch (p->proto) {
	case IPPROTO_TCP:
		return 16;
	case IPPROTO_UDP:
	case IPPROTO_UDPLITE:
		return 6;
	case IPPROTO_SCTP:
		return 8;
	}
	return xlat_is_icmp(p) ? 2 : 0;
}

/* Bit by bit. */
static u32 crc32c_slow(const u8 *p, u32 len)
{
	u32 crc = ~0;
	int i;

	while (len--) {
		crc ^= *p++;
		for (i = 0; i < 8; i++)
			crc = crc >> 1 ^ (crc & 1 ? 0x82f63b78 : 0);
	}
	return ~crc;
}

static u16 check_of(const struct xlat_packet *p, const u8 *l4)
{
	u32 covered = p->coverage ?: p->n_l4;
	u64 sum = 0;

	if (p->v6 || p->proto != IPPROTO_ICMP)
		sum = xlat_pseudo(p, p->n_l4);
	if (p->how == XLAT_PARTIAL)
		return ~xlat_fold(sum);
	return xlat_fold(sum + (__force u32)csum_partial(l4, covered, 0));
}

static void put_check(const struct xlat_packet *p, u8 *l4, u32 off)
{
	put_unaligned((u16)0, (u16 *)(l4 + off));
	put_unaligned(check_of(p, l4), (u16 *)(l4 + off));
}

static void put_udp(const struct xlat_packet *p, u8 *l4)
{
	put_unaligned_be16(p->proto == IPPROTO_UDP ? p->n_l4 : p->coverage,
			   l4 + 4);
	put_check(p, l4, 6);
	if (!get_unaligned((u16 *)(l4 + 6)))
		put_unaligned((u16)0xffff, (u16 *)(l4 + 6));
	if (p->no_check)
		put_unaligned((u16)0, (u16 *)(l4 + 6));
}

static void put_icmp(const struct xlat_packet *p, u8 *l4)
{
	l4[0] = p->type;
	if (xlat_has_id(p))
		put_unaligned(p->sport, (__be16 *)(l4 + 4));
	put_check(p, l4, 2);
}

static void put_ports(const struct xlat_packet *p, u8 *l4)
{
	put_unaligned(p->sport, (__be16 *)l4);
	put_unaligned(p->dport, (__be16 *)(l4 + 2));
}

static void build_l4(const struct xlat_packet *p, u8 *l4)
{
	memcpy(l4, p->body, p->n_l4);
	if (xlat_is_icmp(p)) {
		put_icmp(p, l4);
		return;
	}
	switch (p->proto) {
	case IPPROTO_TCP:
		put_ports(p, l4);
		l4[12] = 0x50;
		put_check(p, l4, 16);
		break;
	case IPPROTO_UDP:
	case IPPROTO_UDPLITE:
		put_ports(p, l4);
		put_udp(p, l4);
		break;
	case IPPROTO_SCTP:
		put_ports(p, l4);
		put_unaligned_le32(0, l4 + 8);
		if (p->how == XLAT_WHOLE)
			put_unaligned_le32(crc32c_slow(l4, p->n_l4), l4 + 8);
		break;
	}
}

static u32 build_v4(u8 *ip, const struct xlat_packet *p, u32 n)
{
	u32 hlen = 20 + p->n_opts;
	u16 frag = 0x4000;

	if (p->frag == MN_FRAG_FIRST)
		frag = 0x2000;
	else if (p->frag == MN_FRAG_LATER)
		frag = p->cut / 8;
	memset(ip, 1, hlen);	/* no operation */
	ip[0] = 0x40 | hlen / 4;
	put_unaligned_be16(hlen + n, ip + 2);
	put_unaligned_be16(p->id, ip + 4);
	put_unaligned_be16(frag, ip + 6);
	ip[9] = p->proto;
	memcpy(ip + 12, &p->src, 4);
	memcpy(ip + 16, &p->dst, 4);
	put_unaligned((u16)0, (u16 *)(ip + 10));
	put_unaligned((__force u16)ip_fast_csum(ip, hlen / 4),
		      (u16 *)(ip + 10));
	return hlen;
}

static u32 build_v6(u8 *ip, const struct xlat_packet *p, u32 n)
{
	u32 frag = p->frag == MN_FRAG_NONE ? 0 : 8;
	u8 *ext = ip + 40, *next = ip + 6;

	memset(ip, 0, 40 + p->n_opts + frag);
	ip[0] = 0x60;
	put_unaligned_be16(p->n_opts + frag + n, ip + 4);
	ip[7] = 64;
	memcpy(ip + 8, &p->src, 16);
	memcpy(ip + 24, &p->dst, 16);
	if (p->n_opts) {
		*next = NEXTHDR_DEST;
		next = ext;
		ext[1] = p->n_opts / 8 - 1;
		ext[2] = 1;
		ext[3] = p->n_opts - 4;
		ext += p->n_opts;
	}
	if (frag) {
		*next = NEXTHDR_FRAGMENT;
		next = ext;
		put_unaligned_be16(p->frag == MN_FRAG_FIRST ? 1 : p->cut,
				   ext + 2);
		put_unaligned_be32(p->id, ext + 4);
	}
	*next = p->proto;
	return 40 + p->n_opts + frag;
}

/**
 * xlat_build() - a frame
 * @x: test
 * @buf: for it
 * @p: packet
 *
 * Return: its length
 */
u32 xlat_build(struct xlat *x, u8 *buf, struct xlat_packet *p)
{
	u32 begin = p->frag == MN_FRAG_LATER ? p->cut : 0;
	u32 end = p->frag == MN_FRAG_FIRST ? p->cut : p->n_l4;
	u32 n = end - begin;

	build_l4(p, x->l4);
	memset(buf, 2, 2 * ETH_ALEN);
	put_unaligned_be16(p->v6 ? ETH_P_IPV6 : ETH_P_IP, buf + 12);
	p->l4 = ETH_HLEN;
	p->l4 += p->v6 ? build_v6(buf + ETH_HLEN, p, n) :
			 build_v4(buf + ETH_HLEN, p, n);
	memcpy(buf + p->l4, x->l4 + begin, n);
	memset(buf + p->l4 + n, 0x5a, p->pad);
	return p->l4 + n + p->pad;
}

/**
 * xlat_make_zero() - change the payload so that a checksum is 0
 * @x: test
 * @p: packet before or after translation; the other has the same payload
 * @which: the one whose checksum it is
 */
void xlat_make_zero(struct xlat *x, struct xlat_packet *p,
		    const struct xlat_packet *which)
{
	u32 n = p->coverage ?: p->n_l4;
	u32 at = (n - 2) & ~1;
	u32 field = xlat_check_at(p);
	u16 word, check;
	int i;

	if (p->how == XLAT_PARTIAL || p->no_check || !field ||
	    p->proto == IPPROTO_SCTP || at < least(p->proto))
		return;
	build_l4(which, x->l4);
	check = get_unaligned((u16 *)(x->l4 + field));
	/* The whole has the sum ~check. */
	word = get_unaligned((u16 *)(which->body + at));
	word = ~xlat_fold((u64)word + check);
	for (i = 0; i < 2; i++)
		put_unaligned(word, (u16 *)(x->p[i].body + at));
}

/**
 * xlat_skb() - frame of a packet, as devices hand it over
 * @x: test
 * @buf: frame
 * @len: its length
 * @p: packet
 */
struct sk_buff *xlat_skb(struct xlat *x, const u8 *buf, u32 len,
			 const struct xlat_packet *p)
{
	static const u8 summed[] = { CHECKSUM_NONE, CHECKSUM_UNNECESSARY,
				     CHECKSUM_COMPLETE };
	u32 linear = xlat_random(x) % 2 ? len :
		     ETH_HLEN + xlat_random(x) % (len - ETH_HLEN + 1);
	struct sk_buff *skb = wire_skb(x->test, buf, len, linear);

	skb->ip_summed = summed[xlat_random(x) % ARRAY_SIZE(summed)];
	if (p->how != XLAT_PARTIAL)
		return skb;
	skb->ip_summed = CHECKSUM_PARTIAL;
	skb->csum_start = skb_headroom(skb) + p->l4;
	skb->csum_offset = xlat_check_at(p);
	return skb;
}
