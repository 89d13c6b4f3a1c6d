// SPDX-License-Identifier: GPL-2.0
/*
 * Translation: other addresses, ports or echo ids in a packet, or in the packet
 * that an ICMP error quotes, and checksums to match.
 *
 * No checksum is computed anew. The internet checksum C of a packet is the
 * complement of a sum S in one's complement arithmetic. When a word of the packet
 * goes from m to m', S becomes S + ~m + m' (RFC 1624). These differences, the
 * *deltas*, are the same for all packets of a flow and added up beforehand. So what
 * was damaged on its way here stays damaged, and payloads are not read. S is
 * never 0, as no packet is all zeros, so neither is the new S: what comes out is
 * bit by bit what a computation from scratch gives.
 *
 * The field of a packet with CHECKSUM_PARTIAL holds the sum of the pseudo-header
 * itself, not complemented; the device adds the rest.
 *
 * CRC32c, which SCTP has, is linear too: CRC(M) ^ CRC(M') is the bare CRC of M ^
 * M', which is the difference of the ports D and then zeros: D times a power of x
 * in the field of polynomials modulo that of the CRC.
 */
#include <linux/crc32poly.h>
#include <linux/icmp.h>
#include <linux/icmpv6.h>
#include <linux/ip.h>
#include <linux/ipv6.h>
#include <linux/sctp.h>
#include <linux/skbuff.h>
#include <linux/tcp.h>
#include <linux/udp.h>
#include <net/checksum.h>
#include <net/ip.h>
#include <net/ipv6.h>

#include "flow/key.h"
#include "flow/translate.h"
#include "flow/writable.h"

#define MN_XLAT_ADDRS	(MN_XLAT_SRC | MN_XLAT_DST)
#define MN_XLAT_PORTS	(MN_XLAT_SPORT | MN_XLAT_DPORT)

/* The same for all protocols whose ports come first. */
struct xlat_ports {
	__be16 src;
	__be16 dst;
};

static bool proto_is_icmp(u8 proto, bool v6)
{
	return proto == (v6 ? IPPROTO_ICMPV6 : IPPROTO_ICMP);
}

/* Where the L4 header has a checksum; 0: it has none that we know. */
static u8 check_offset(u8 proto, bool v6)
{
	switch (proto) {
	case IPPROTO_TCP:
		return offsetof(struct tcphdr, check);
	case IPPROTO_UDP:
	case IPPROTO_UDPLITE:
		return offsetof(struct udphdr, check);
	case IPPROTO_SCTP:
		return offsetof(struct sctphdr, checksum);
	}
	return proto_is_icmp(proto, v6) ? offsetof(struct icmphdr, checksum) : 0;
}

static bool has_pseudo_header(u8 proto, bool v6)
{
	return proto != IPPROTO_SCTP && (v6 || proto != IPPROTO_ICMP);
}

/* A checksum of 0 says there is none. */
static __always_inline bool zero_is_none(u8 proto)
{
	return proto == IPPROTO_UDP || proto == IPPROTO_UDPLITE;
}

/* @sum, after @len bytes of what it is over went from @from to @to. */
static __wsum sum_change(__wsum sum, const void *from, const void *to, int len)
{
	return csum_partial(to, len, csum_sub(sum, csum_partial(from, len, 0)));
}

static __wsum sum_change16(__wsum sum, __be16 from, __be16 to)
{
	return csum_add(csum_sub(sum, (__force __wsum)from), (__force __wsum)to);
}

static u16 sum_fold(__wsum sum)
{
	return (__force u16)~csum_fold(sum);
}

static __always_inline u16 sum_add16(u16 a, u16 b)
{
	u32 sum = a + b;

	return sum + (sum >> 16);
}

static __always_inline __sum16 check_change(__sum16 check, u16 delta)
{
	return (__force __sum16)~sum_add16(~(__force u16)check, delta);
}

/* The same, where 0 would say there is none. */
static __always_inline __sum16 check_change_udp(__sum16 check, u16 delta)
{
	return check_change(check, delta) ?: CSUM_MANGLED_0;
}

/* Product of two polynomials modulo that of CRC32c. Bit 31 stands for 1. */
static u32 crc_mul(u32 a, u32 b)
{
	u32 product = 0;
	u32 bit;

	for (bit = BIT(31); bit; bit >>= 1) {
		if (b & bit)
			product ^= a;
		a = a >> 1 ^ (a & 1 ? CRC32C_POLY_LE : 0);
	}
	return product;
}

/*
 * What the CRC32c of @len bytes changes by if the first four do by @diff: that
 * times x to the power of the number of bits.
 */
static __le32 crc_change(__le32 diff, u32 len)
{
	u32 crc = le32_to_cpu(diff);
	u32 power = BIT(31 - 8);

	for (; len; len >>= 1) {
		if (len & 1)
			crc = crc_mul(crc, power);
		power = crc_mul(power, power);
	}
	return cpu_to_le32(crc);
}

/*
 * Where a packet ends. Not where the frame does: it may be padded. What was
 * coalesced beyond 64 KiB cannot say.
 */
static u32 packet_end(const struct sk_buff *skb, u32 l3, bool v6)
{
	const void *ih = skb->data + l3;
	u32 len = v6 ? ntohs(((const struct ipv6hdr *)ih)->payload_len) :
		       ntohs(((const struct iphdr *)ih)->tot_len);

	if (!len)
		return skb->len;
	return min(l3 + len + (v6 ? (u32)sizeof(struct ipv6hdr) : 0), skb->len);
}

static void make_ports(struct mn_translation *t, __be16 sport, __be16 dport,
		       __wsum *sum)
{
	if (t->sport != sport) {
		t->fields |= MN_XLAT_SPORT;
		*sum = sum_change16(*sum, sport, t->sport);
	}
	if (t->dport != dport) {
		t->fields |= MN_XLAT_DPORT;
		*sum = sum_change16(*sum, dport, t->dport);
	}
}

static void make_addr(struct mn_translation *t, u8 field, const void *from,
		      const void *to, struct in6_addr *addr, __wsum *sum)
{
	u32 len = t->v6 ? sizeof(struct in6_addr) : sizeof(__be32);

	if (!memcmp(from, to, len))
		return;
	memcpy(addr, to, len);
	t->fields |= field;
	*sum = sum_change(*sum, from, to, len);
}

static __wsum make_addrs(struct mn_translation *t,
			 const struct mn_flow_key *from,
			 const struct mn_flow_key *to)
{
	__wsum sum = 0;

	if (t->v6) {
		make_addr(t, MN_XLAT_SRC, &from->v6.src, &to->v6.src, &t->src,
			  &sum);
		make_addr(t, MN_XLAT_DST, &from->v6.dst, &to->v6.dst, &t->dst,
			  &sum);
	} else {
		make_addr(t, MN_XLAT_SRC, &from->v4.src, &to->v4.src, &t->src,
			  &sum);
		make_addr(t, MN_XLAT_DST, &from->v4.dst, &to->v4.dst, &t->dst,
			  &sum);
	}
	return sum;
}

/* How much of the L4 header has to be there. */
static u8 l4_len(const struct mn_translation *t)
{
	bool covered = (t->fields & MN_XLAT_ADDRS) &&
		       has_pseudo_header(t->proto, t->v6);

	if (!t->check || !(covered || (t->fields & MN_XLAT_PORTS)))
		return 0;
	if (t->proto == IPPROTO_SCTP)
		return sizeof(struct sctphdr);
	if (proto_is_icmp(t->proto, t->v6) && t->fields & MN_XLAT_SPORT)
		return offsetofend(struct icmphdr, un.echo.id);
	return t->check + sizeof(__sum16);
}

/**
 * mn_translation_make() - difference between two keys, as a translation
 * @t: filled in
 * @from: IP packet as it came
 * @to: as it leaves; differs in addresses and ports or icmp_id only. The L4 fields
 *	of either do not count if @from has none (MN_KEY_L4)
 *
 * Context: any.
 */
void mn_translation_make(struct mn_translation *t,
			 const struct mn_flow_key *from,
			 const struct mn_flow_key *to)
{
	__wsum addrs, ports = 0;

	*t = (struct mn_translation){
		.v6 = from->eth_type == htons(ETH_P_IPV6),
		.proto = from->proto,
	};
	t->check = check_offset(t->proto, t->v6);
	addrs = make_addrs(t, from, to);
	if (!t->v6)
		t->l3_delta = sum_fold(addrs);
	if (t->check && (from->flags & MN_KEY_L4)) {
		bool icmp = proto_is_icmp(t->proto, t->v6);

		t->sport = icmp ? to->icmp_id : to->tp_src;
		t->dport = icmp ? 0 : to->tp_dst;
		make_ports(t, icmp ? from->icmp_id : from->tp_src,
			   icmp ? 0 : from->tp_dst, &ports);
	}
	if (has_pseudo_header(t->proto, t->v6)) {
		t->pseudo_delta = sum_fold(addrs);
		ports = csum_add(ports, addrs);
	}
	t->l4_delta = sum_fold(ports);
	t->l4_len = l4_len(t);
}

/* Does the checksum at @l4 have the pseudo-header only? */
static __always_inline bool is_partial(const struct sk_buff *skb, u32 l4,
				       u8 proto)
{
	if (likely(skb->ip_summed != CHECKSUM_PARTIAL))
		return false;
	if (skb_checksum_start_offset(skb) == l4)
		return true;
	/* That is about a packet in a tunnel. Segments get the outer one. */
	return proto == IPPROTO_UDP && skb_is_gso(skb) &&
	       (skb_shinfo(skb)->gso_type & SKB_GSO_UDP_TUNNEL_CSUM);
}

static __always_inline void put_check(struct sk_buff *skb, u32 l4,
				      const struct mn_translation *t)
{
	__sum16 *check = (__sum16 *)(skb->data + l4 + t->check);

	if (unlikely(is_partial(skb, l4, t->proto)))
		*check = (__force __sum16)sum_add16((__force u16)*check,
						    t->pseudo_delta);
	else if (!zero_is_none(t->proto))
		*check = check_change(*check, t->l4_delta);
	else if (likely(*check))
		*check = check_change_udp(*check, t->l4_delta);
}

static __always_inline void put_ports(struct xlat_ports *ports,
				      const struct mn_translation *t)
{
	if (t->fields & MN_XLAT_SPORT)
		ports->src = t->sport;
	if (t->fields & MN_XLAT_DPORT)
		ports->dst = t->dport;
}

/*
 * How long all fragments together are nobody knows before the last, so the CRC
 * of a first fragment is that of the ports it came with.
 */
static noinline void put_sctp(struct sk_buff *skb, u32 l3, u32 l4,
			      const struct mn_translation *t)
{
	struct sctphdr *sh = (struct sctphdr *)(skb->data + l4);
	u32 end = packet_end(skb, l3, t->v6);
	__le32 was, now;

	memcpy(&was, sh, sizeof(was));
	put_ports((struct xlat_ports *)sh, t);
	memcpy(&now, sh, sizeof(now));
	if (skb->ip_summed != CHECKSUM_PARTIAL && end > l4)
		sh->checksum ^= crc_change(was ^ now, end - l4);
}

static __always_inline void put_l4(struct sk_buff *skb, u32 l3, u32 l4,
				   const struct mn_translation *t)
{
	if (unlikely(t->proto == IPPROTO_SCTP)) {
		put_sctp(skb, l3, l4, t);
		return;
	}
	put_check(skb, l4, t);
	if (likely(t->proto == IPPROTO_UDP || t->proto == IPPROTO_TCP ||
		   t->proto == IPPROTO_UDPLITE))
		put_ports((struct xlat_ports *)(skb->data + l4), t);
	else if (t->fields & MN_XLAT_SPORT)
		((struct icmphdr *)(skb->data + l4))->un.echo.id = t->sport;
}

static __always_inline void put_v4(struct iphdr *iph,
				   const struct mn_translation *t)
{
	if (t->fields & MN_XLAT_SRC)
		iph->saddr = t->src.s6_addr32[0];
	if (t->fields & MN_XLAT_DST)
		iph->daddr = t->dst.s6_addr32[0];
	iph->check = check_change(iph->check, t->l3_delta);
}

static __always_inline void put_v6(struct ipv6hdr *iph,
				   const struct mn_translation *t)
{
	if (t->fields & MN_XLAT_SRC)
		iph->saddr = t->src;
	if (t->fields & MN_XLAT_DST)
		iph->daddr = t->dst;
}

/* False without memory. */
static bool put_frag_id_v6(struct sk_buff *skb, u32 l3, u32 id)
{
	struct frag_hdr *fh;
	u32 off = l3;

	/* It is no fragment, or ends in the middle of its headers. */
	if (ipv6_find_hdr(skb, &off, NEXTHDR_FRAGMENT, NULL, NULL) < 0 ||
	    skb->len < off + sizeof(*fh))
		return true;
	if (!mn_make_writable(skb, off + sizeof(*fh)))
		return false;
	fh = (struct frag_hdr *)(skb->data + off);
	fh->identification = htonl(id);
	return true;
}

/* False without memory. IPv4: header is writable. */
static noinline bool put_frag_id(struct sk_buff *skb, u32 l3,
				 const struct mn_translation *t)
{
	struct iphdr *iph = (struct iphdr *)(skb->data + l3);
	__be16 id = htons(t->frag_id);

	if (t->v6)
		return put_frag_id_v6(skb, l3, t->frag_id);
	csum_replace2(&iph->check, iph->id, id);
	iph->id = id;
	return true;
}

/**
 * mn_translate() - give a packet the addresses and ports it leaves with
 * @skb: IP packet, data at the Ethernet header, not shared
 * @l3: offset of its IP header
 * @l4: offset of its L4 header; 0 for a later fragment, whose addresses change only
 * @t: what to change; &struct mn_pkt and the key @t was made of are those of
 *	the packet
 *
 * A GSO packet stays whole. SCTP in fragments cannot have other ports: its
 * receiver will drop it.
 *
 * Context: BH disabled.
 *
 * Return: false without memory; then the packet is as it was
 */
bool mn_translate(struct sk_buff *skb, u32 l3, u32 l4,
		  const struct mn_translation *t)
{
	bool has_l4 = l4 && t->l4_len;
	u32 len = l3 + (t->v6 ? sizeof(struct ipv6hdr) : sizeof(struct iphdr));

	if (unlikely(!mn_make_writable(skb, has_l4 ? l4 + t->l4_len : len)))
		return false;
	if (unlikely(t->fields & MN_XLAT_FRAG_ID) && !put_frag_id(skb, l3, t))
		return false;
	if (t->v6)
		put_v6((struct ipv6hdr *)(skb->data + l3), t);
	else
		put_v4((struct iphdr *)(skb->data + l3), t);
	if (likely(has_l4))
		put_l4(skb, l3, l4, t);
	/* It covered what was changed; forwarding gives it up anyway. */
	if (skb->ip_summed == CHECKSUM_COMPLETE)
		skb->ip_summed = CHECKSUM_NONE;
	return true;
}

/**
 * struct quote - a packet in an ICMP error
 * @skb: the error
 * @v6: IPv6
 * @proto: protocol, known if @l4 is
 * @l3: offset of the quoted IP header, which is there as a whole
 * @l4: offset of the quoted L4 header; 0: not quoted, or it never had one
 * @len: how long the packet was from there on; 0: unknown
 * @end: where the quote ends, at least 2 bytes behind @l4
 * @addrs: what the sum of the addresses changes by
 * @ports: what the sum of the ports changes by
 * @sum: what the sum of the quote as a whole changes by
 */
struct quote {
	struct sk_buff *skb;
	bool v6;
	u8 proto;
	u32 l3;
	u32 l4;
	u32 len;
	u32 end;
	__wsum addrs;
	__wsum ports;
	__wsum sum;
};

/*
 * Where the quote ends: there may be extensions behind it, if the ICMP header
 * says how long the quote is (RFC 4884). Less than 128 bytes it cannot be: then
 * the field is of somebody who does not know of that.
 */
static u32 quote_end(const struct sk_buff *skb, u32 l3, u32 l4, bool v6)
{
	const u8 *ih = skb->data + l4;
	u32 end = packet_end(skb, l3, v6);
	u32 len = 0;

	if (v6 && (ih[0] == ICMPV6_DEST_UNREACH || ih[0] == ICMPV6_TIME_EXCEED))
		len = ih[4] * 8;
	else if (!v6 && (ih[0] == ICMP_DEST_UNREACH ||
			 ih[0] == ICMP_TIME_EXCEEDED ||
			 ih[0] == ICMP_PARAMETERPROB))
		len = ih[5] * 4;
	if (len < 128)
		return end;
	return min(end, l4 + (u32)sizeof(struct icmphdr) + len);
}

static void quote_l4(struct quote *q, u32 l4, u8 proto)
{
	if (l4 + sizeof(__be16) > q->end)
		return;
	q->l4 = l4;
	q->proto = proto;
}

/* Is it a packet with these addresses? If so, its L4 header is looked for. */
static bool quote_read_v4(struct quote *q, const struct mn_quote_change *c)
{
	const struct iphdr *iph;
	struct iphdr buf;
	u32 hlen;

	iph = skb_header_pointer(q->skb, q->l3, sizeof(buf), &buf);
	if (!iph || iph->version != 4 || iph->ihl < 5 ||
	    iph->saddr != c->src[0].s6_addr32[0] ||
	    iph->daddr != c->dst[0].s6_addr32[0])
		return false;
	hlen = iph->ihl * 4;
	if (!(iph->frag_off & htons(IP_OFFSET)))
		quote_l4(q, q->l3 + hlen, iph->protocol);
	if (!ip_is_fragment(iph) && ntohs(iph->tot_len) > hlen)
		q->len = ntohs(iph->tot_len) - hlen;
	return true;
}

static bool quote_read_v6(struct quote *q, const struct mn_quote_change *c)
{
	const struct ipv6hdr *iph;
	struct ipv6hdr buf;
	__be16 frag_off;
	u32 end;
	int off;
	u8 proto;

	iph = skb_header_pointer(q->skb, q->l3, sizeof(buf), &buf);
	if (!iph || iph->version != 6 ||
	    !ipv6_addr_equal(&iph->saddr, &c->src[0]) ||
	    !ipv6_addr_equal(&iph->daddr, &c->dst[0]))
		return false;
	end = q->l3 + sizeof(buf) + ntohs(iph->payload_len);
	proto = iph->nexthdr;
	off = ipv6_skip_exthdr(q->skb, q->l3 + sizeof(buf), &proto, &frag_off);
	if (off < 0)
		return true;
	if (!(frag_off & htons(IP6_OFFSET)))
		quote_l4(q, off, proto);
	if (!(frag_off & htons(IP6_OFFSET | IP6_MF)) && end > off)
		q->len = end - off;
	return true;
}

static bool quote_read(struct quote *q, const struct mn_quote_change *c)
{
	if (q->l3 + (q->v6 ? sizeof(struct ipv6hdr) : sizeof(struct iphdr)) >
	    q->end)
		return false;
	return q->v6 ? quote_read_v6(q, c) : quote_read_v4(q, c);
}

/* @size bytes at @off of the quoted L4 header; NULL: cut off. */
static void *quote_field(const struct quote *q, u32 off, u32 size)
{
	if (!q->l4 || q->l4 + off + size > q->end)
		return NULL;
	return q->skb->data + q->l4 + off;
}

static void quote_put_check(struct quote *q, __sum16 *check, __sum16 now)
{
	q->sum = sum_change16(q->sum, (__force __be16)*check,
			      (__force __be16)now);
	*check = now;
}

static void quote_put_addrs(struct quote *q, const struct mn_quote_change *c)
{
	u32 len = q->v6 ? sizeof(struct in6_addr) : sizeof(__be32);
	u8 *addrs = q->skb->data + q->l3 +
		    (q->v6 ? offsetof(struct ipv6hdr, saddr) :
			     offsetof(struct iphdr, saddr));
	struct iphdr *iph = (struct iphdr *)(q->skb->data + q->l3);

	q->addrs = sum_change(0, &c->src[0], &c->src[1], len);
	q->addrs = sum_change(q->addrs, &c->dst[0], &c->dst[1], len);
	memcpy(addrs, &c->src[1], len);
	memcpy(addrs + len, &c->dst[1], len);
	q->sum = csum_add(q->sum, q->addrs);
	if (!q->v6)
		quote_put_check(q, &iph->check,
				check_change(iph->check, sum_fold(q->addrs)));
}

/* The checksum of ICMP is in front of the id, which may be cut off. */
static void quote_put_port(struct quote *q, u32 off, const __be16 change[2])
{
	__be16 *port = quote_field(q, off, sizeof(*port));

	if (port && *port != change[0])
		return;
	q->ports = sum_change16(q->ports, change[0], change[1]);
	if (!port)
		return;
	*port = change[1];
	q->sum = sum_change16(q->sum, change[0], change[1]);
}

static bool quote_is_echo(const struct quote *q)
{
	u8 type = q->skb->data[q->l4];

	if (q->v6)
		return type == ICMPV6_ECHO_REQUEST ||
		       type == ICMPV6_ECHO_REPLY;
	return type == ICMP_ECHO || type == ICMP_ECHOREPLY;
}

static void quote_put_ports(struct quote *q, const struct mn_quote_change *c)
{
	if (!proto_is_icmp(q->proto, q->v6)) {
		quote_put_port(q, offsetof(struct xlat_ports, src), c->sport);
		quote_put_port(q, offsetof(struct xlat_ports, dst), c->dport);
	} else if (quote_is_echo(q)) {
		quote_put_port(q, offsetof(struct icmphdr, un.echo.id),
			       c->sport);
		quote_put_port(q, offsetof(struct icmphdr, un.echo.id),
			       c->dport);
	}
}

/* @diff: of the ports, as they are in memory */
static void quote_put_crc(struct quote *q, __le32 diff)
{
	__le32 *crc = quote_field(q, offsetof(struct sctphdr, checksum),
				  sizeof(*crc));
	__le32 now;

	if (!crc || !q->len)
		return;
	now = *crc ^ crc_change(diff, q->len);
	q->sum = sum_change(q->sum, crc, &now, sizeof(now));
	*crc = now;
}

static void quote_put_l4_check(struct quote *q, u8 offset)
{
	__sum16 *check = quote_field(q, offset, sizeof(*check));
	__wsum sum = q->ports;
	u16 delta;

	if (!check)
		return;
	if (has_pseudo_header(q->proto, q->v6))
		sum = csum_add(sum, q->addrs);
	delta = sum_fold(sum);
	if (!zero_is_none(q->proto))
		quote_put_check(q, check, check_change(*check, delta));
	else if (*check)
		quote_put_check(q, check, check_change_udp(*check, delta));
}

static void quote_put_l4(struct quote *q, const struct mn_quote_change *c)
{
	u8 check = check_offset(q->proto, q->v6);
	const void *ports = quote_field(q, 0, sizeof(struct xlat_ports));
	__le32 was = 0, now = 0;

	if (!check)
		return;
	if (ports)
		memcpy(&was, ports, sizeof(was));
	quote_put_ports(q, c);
	if (q->proto != IPPROTO_SCTP) {
		quote_put_l4_check(q, check);
		return;
	}
	if (ports)
		memcpy(&now, ports, sizeof(now));
	quote_put_crc(q, was ^ now);
}

/* What is changed lies in front of this. */
static u32 quote_reach(const struct quote *q)
{
	u32 most = q->l3 + sizeof(struct ipv6hdr);

	if (q->l4)
		most = q->l4 + offsetofend(struct tcphdr, check);
	return min(most, q->end);
}

/**
 * mn_translate_quote() - translate the packet that an ICMP error quotes
 * @skb: ICMP or ICMPv6 error, data at the Ethernet header, not shared
 * @l3: offset of its IP header
 * @l4: offset of its ICMP header; 0 for a later fragment, which stays as it is
 * @v6: ICMPv6
 * @c: what to change; what is not in the quote as it says stays as it is
 *
 * The quote may end anywhere: what is cut off is not there to be changed. The
 * checksum of the error is corrected for that of the quote only;
 * mn_translate() does so for its addresses.
 *
 * Context: BH disabled.
 *
 * Return: false without memory; then the packet is as it was
 */
bool mn_translate_quote(struct sk_buff *skb, u32 l3, u32 l4, bool v6,
			const struct mn_quote_change *c)
{
	struct quote q = {
		.skb = skb,
		.v6 = v6,
		.l3 = l4 + sizeof(struct icmphdr),
	};
	struct icmphdr *ih;

	if (!l4 || skb->len < q.l3)
		return true;
	if (!pskb_may_pull(skb, q.l3))
		return false;
	q.end = quote_end(skb, l3, l4, v6);
	if (!quote_read(&q, c))
		return true;
	if (!mn_make_writable(skb, quote_reach(&q)))
		return false;
	quote_put_addrs(&q, c);
	if (q.l4)
		quote_put_l4(&q, c);
	ih = (struct icmphdr *)(skb->data + l4);
	if (likely(!is_partial(skb, l4, 0)))
		ih->checksum = check_change(ih->checksum, sum_fold(q.sum));
	if (skb->ip_summed == CHECKSUM_COMPLETE)
		skb->ip_summed = CHECKSUM_NONE;
	return true;
}
