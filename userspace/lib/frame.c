// SPDX-License-Identifier: GPL-2.0
/* Frames from the words of a match. */
#include <arpa/inet.h>
#include <errno.h>
#include <netinet/icmp6.h>
#include <netinet/if_ether.h>
#include <netinet/ip.h>
#include <netinet/ip6.h>
#include <netinet/ip_icmp.h>
#include <stdlib.h>
#include <string.h>

#include "frame.h"

/* For frames that say nothing of their contents: local experiments. */
#define ETHERTYPE_PLAIN	0x88b5

#define LATER_OFFSET	64

/**
 * mn_frame_has() - was a field given
 * @f: frame
 * @word: &enum midonet_match_attr
 *
 * Return: whether it was
 */
bool mn_frame_has(const struct mn_frame *f, int word)
{
	return f->match.words[word];
}

/**
 * mn_frame_field() - value of a field
 * @f: frame
 * @word: &enum midonet_match_attr
 * @len: bytes of the result
 *
 * Return: the value, NULL if it was not given
 */
const uint8_t *mn_frame_field(const struct mn_frame *f, int word, size_t *len)
{
	const struct mn_vals *v = f->match.words[word];

	*len = v ? v->data[0] : 0;
	return v ? v->data + 1 : NULL;
}

/**
 * mn_frame_set() - give a field its value
 * @f: frame
 * @word: &enum midonet_match_attr
 * @data: value as on the wire
 * @len: its bytes
 */
void mn_frame_set(struct mn_frame *f, int word, const void *data, size_t len)
{
	free(f->match.words[word]);
	f->match.words[word] = NULL;
	mn_vals_add(&f->match.words[word], data, len);
}

/**
 * mn_frame_free() - free what a frame holds
 * @f: frame
 */
void mn_frame_free(struct mn_frame *f)
{
	mn_match_clear(&f->match);
	mn_buf_free(&f->payload);
}

/**
 * mn_hex_parse() - read bytes
 * @text: pairs of hexadecimal digits; blanks and colons between them
 * @out: appended to
 * @err: for errors
 *
 * Return: 0 or -EINVAL
 */
int mn_hex_parse(const char *text, struct mn_buf *out, struct mn_err *err)
{
	static const char digits[] = "0123456789abcdef";
	const char *hi, *lo;
	char byte;

	for (; *text; text += 2) {
		while (*text && strchr(" \t\n:", *text))
			text++;
		if (!*text)
			break;
		hi = strchr(digits, *text | 32);
		lo = text[1] ? strchr(digits, text[1] | 32) : NULL;
		if (!hi || !lo)
			return mn_fail(err, -EINVAL,
				       "bytes are pairs of hexadecimal digits");
		byte = (hi - digits) << 4 | (lo - digits);
		mn_buf_add(out, &byte, 1);
	}
	return 0;
}

static int read_number(const char *text, uint32_t max, uint32_t *n,
		       struct mn_err *err)
{
	unsigned long long v;
	char *end;

	errno = 0;
	v = strtoull(text, &end, 0);
	if (errno || *end || end == text || *text == '-' || v > max)
		return mn_fail(err, -EINVAL, "\"%.32s\" is not a number to %u",
			       text, max);
	*n = v;
	return 0;
}

static int other_word(struct mn_frame *f, const char *word, const char *text,
		      struct mn_err *err)
{
	uint32_t n = 0;
	int ret;

	if (!strcmp(word, "payload")) {
		f->payload.len = 0;
		if (!strncmp(text, "0x", 2))
			return mn_hex_parse(text + 2, &f->payload, err);
		mn_buf_puts(&f->payload, text);
		return 0;
	}
	if (!strcmp(word, "ttl")) {
		ret = read_number(text, 255, &n, err);
		f->ttl = n;
		f->has_ttl = true;
		return ret;
	}
	if (!strcmp(word, "id")) {
		ret = read_number(text, 65535, &n, err);
		f->id = n;
		return ret;
	}
	if (!strcmp(word, "len"))
		return read_number(text, MN_FRAME_MAX, &f->len, err);
	return mn_usage(err, "unknown word");
}

static bool one_value(const struct mn_match *m, const struct mn_attr *a)
{
	const struct mn_vals *v = m->words[a->attr];
	const uint8_t *d = v->data + 1;
	uint32_t ports;

	if (v->n != 1 || (m->invert >> a->attr & 1))
		return false;
	if (a->kind == MN_KIND_PREFIX)
		return d[0] == (v->data[0] - 1) * 8;
	if (a->kind == MN_KIND_MAC_MASK)
		return !memcmp(d + 6, "\xff\xff\xff\xff\xff\xff", 6);
	if (a->kind == MN_KIND_ENUM)
		return *d != MIDONET_FRAGMENT_ANY &&
		       *d != MIDONET_FRAGMENT_HEADER;
	if (a->kind == MN_KIND_PORTS) {
		ports = mn_value_num(d, 4);
		return ports >> 16 == (ports & 0xffff);
	}
	return true;
}

/**
 * mn_frame_word() - give a field the value of the command line
 * @f: frame
 * @word: word of a match about headers, or ttl, len, id, payload
 * @text: one value
 * @err: for errors
 *
 * Return: 0 or a negative error
 */
int mn_frame_word(struct mn_frame *f, const char *word, const char *text,
		  struct mn_err *err)
{
	const struct mn_attr *a = mn_match_word(word);
	int ret;

	if (a && !mn_match_is_header(a))
		ret = mn_usage(err, "is not a field of a packet");
	else if (a)
		ret = mn_match_set_text(&f->match, a, NULL, text, err);
	else
		ret = other_word(f, word, text, err);
	if (!ret && a && (!mn_frame_has(f, a->attr) ||
			  !one_value(&f->match, a)))
		ret = mn_fail(err, -EINVAL, "a packet has one value of it");
	if (!ret)
		return 0;
	mn_err_prefix(err, "%.32s", word);
	err->usage = true;
	return ret;
}

static uint64_t field_num(const struct mn_frame *f, int word, uint64_t other)
{
	const struct mn_vals *v = f->match.words[word];

	return v ? mn_value_num(v->data + 1, v->data[0]) : other;
}

/* Address of src or dst; zeros of the other one's length if not given. */
static void address(const struct mn_frame *f, int word, uint8_t *out,
		    size_t len)
{
	size_t have;
	const uint8_t *p = mn_frame_field(f, word, &have);

	memset(out, 0, len);
	if (p && have == len + 1)
		memcpy(out, p + 1, len);
}

static size_t address_len(const struct mn_frame *f)
{
	size_t src, dst;

	mn_frame_field(f, MIDONET_MATCH_SRC, &src);
	mn_frame_field(f, MIDONET_MATCH_DST, &dst);
	return dst ? dst - 1 : src ? src - 1 : 0;
}

/**
 * mn_sum() - go on with an Internet checksum (RFC 1071)
 * @acc: sum so far, 0 to begin
 * @data: bytes; an odd number only at the end
 * @len: how many
 *
 * Return: sum of 16 bits, in host order, not yet inverted
 */
uint32_t mn_sum(uint32_t acc, const void *data, size_t len)
{
	const uint8_t *p = data;

	for (; len > 1; len -= 2, p += 2)
		acc += p[0] << 8 | p[1];
	if (len)
		acc += p[0] << 8;
	while (acc >> 16)
		acc = (acc & 0xffff) + (acc >> 16);
	return acc;
}

static void put16(uint8_t *p, uint16_t v)
{
	p[0] = v >> 8;
	p[1] = v;
}

static uint8_t default_proto(const struct mn_frame *f, bool v6)
{
	if (mn_frame_has(f, MIDONET_MATCH_TCP_FLAGS))
		return IPPROTO_TCP;
	if (mn_frame_has(f, MIDONET_MATCH_SRC_PORT) ||
	    mn_frame_has(f, MIDONET_MATCH_DST_PORT))
		return IPPROTO_UDP;
	return v6 ? IPPROTO_ICMPV6 : IPPROTO_ICMP;
}

static void tcp_header(const struct mn_frame *f, struct mn_buf *out)
{
	uint8_t h[20] = { [12] = 5 << 4, [14] = 0xff, [15] = 0xff };

	put16(h, field_num(f, MIDONET_MATCH_SRC_PORT, 0));
	put16(h + 2, field_num(f, MIDONET_MATCH_DST_PORT, 0));
	/* A value without a mask is its own mask; SYN unless said otherwise. */
	h[13] = field_num(f, MIDONET_MATCH_TCP_FLAGS, 0x0202) >> 8;
	mn_buf_add(out, h, sizeof(h));
}

static void udp_header(const struct mn_frame *f, struct mn_buf *out)
{
	uint8_t h[8] = {};

	put16(h, field_num(f, MIDONET_MATCH_SRC_PORT, 0));
	put16(h + 2, field_num(f, MIDONET_MATCH_DST_PORT, 0));
	mn_buf_add(out, h, sizeof(h));
}

static void icmp_header(const struct mn_frame *f, bool v6, struct mn_buf *out)
{
	uint8_t h[8] = {};

	h[0] = field_num(f, MIDONET_MATCH_ICMP_TYPE,
			 v6 ? ICMP6_ECHO_REQUEST : ICMP_ECHO);
	h[1] = field_num(f, MIDONET_MATCH_ICMP_CODE, 0);
	put16(h + 4, f->id);
	put16(h + 6, 1);
	mn_buf_add(out, h, sizeof(h));
}

/* Where the checksum of a protocol is, -1: it has none. */
static int checksum_at(uint8_t proto)
{
	switch (proto) {
	case IPPROTO_TCP:
		return 16;
	case IPPROTO_UDP:
		return 6;
	case IPPROTO_ICMP:
	case IPPROTO_ICMPV6:
		return 2;
	}
	return -1;
}

static void l4_checksum(uint8_t *l4, size_t len, uint8_t proto,
			const uint8_t *addrs, size_t alen)
{
	int at = checksum_at(proto);
	uint32_t acc = 0;
	uint16_t check;

	if (proto == IPPROTO_UDP)
		put16(l4 + 4, len);
	if (at < 0)
		return;
	if (proto != IPPROTO_ICMP)
		acc = mn_sum(mn_sum(0, addrs, 2 * alen) + proto, NULL, 0) + len;
	check = ~mn_sum(acc, l4, len);
	if (!check && proto == IPPROTO_UDP)
		check = 0xffff;
	put16(l4 + at, check);
}

/* L4 header and payload; a later fragment has only payload. */
static void l4_packet(const struct mn_frame *f, uint8_t proto, bool v6,
		      bool later, size_t room, struct mn_buf *out)
{
	size_t from = out->len, used;

	if (!later && proto == IPPROTO_TCP)
		tcp_header(f, out);
	else if (!later && proto == IPPROTO_UDP)
		udp_header(f, out);
	else if (!later && proto == (v6 ? IPPROTO_ICMPV6 : IPPROTO_ICMP))
		icmp_header(f, v6, out);
	mn_buf_add(out, f->payload.s ? f->payload.s : "", f->payload.len);
	used = out->len - from;
	if (used < room)
		memset(mn_buf_grow(out, room - used), 0, room - used);
}

static size_t room_for(const struct mn_frame *f, const struct mn_buf *out)
{
	return f->len > out->len ? f->len - out->len : 0;
}

static void ip4_packet(struct mn_frame *f, struct mn_buf *out)
{
	int frag = field_num(f, MIDONET_MATCH_FRAGMENT, MIDONET_FRAGMENT_NONE);
	bool later = frag == MIDONET_FRAGMENT_LATER;
	uint8_t proto = field_num(f, MIDONET_MATCH_PROTO,
				  default_proto(f, false));
	uint8_t h[20] = { [0] = 0x45 };
	size_t at = out->len;
	uint8_t *ip;

	h[1] = field_num(f, MIDONET_MATCH_DSCP, 0) << 2;
	put16(h + 4, f->id);
	put16(h + 6, later ? LATER_OFFSET / 8 :
		     frag == MIDONET_FRAGMENT_FIRST ? IP_MF : 0);
	h[8] = f->has_ttl ? f->ttl : 64;
	h[9] = proto;
	address(f, MIDONET_MATCH_SRC, h + 12, 4);
	address(f, MIDONET_MATCH_DST, h + 16, 4);
	mn_buf_add(out, h, sizeof(h));
	l4_packet(f, proto, false, later, room_for(f, out), out);
	ip = (uint8_t *)out->s + at;
	put16(ip + 2, out->len - at);
	put16(ip + 10, ~mn_sum(0, ip, 20));
	if (!later)
		l4_checksum(ip + 20, out->len - at - 20, proto, ip + 12, 4);
}

static void ip6_packet(struct mn_frame *f, struct mn_buf *out)
{
	int frag = field_num(f, MIDONET_MATCH_FRAGMENT, MIDONET_FRAGMENT_NONE);
	bool later = frag == MIDONET_FRAGMENT_LATER;
	uint8_t proto = field_num(f, MIDONET_MATCH_PROTO,
				  default_proto(f, true));
	uint8_t h[48] = { [0] = 0x60 };
	size_t at = out->len, hlen = 40;
	uint8_t dscp = field_num(f, MIDONET_MATCH_DSCP, 0);
	uint8_t *ip;

	h[0] |= dscp >> 2;
	h[1] = dscp << 6;
	h[6] = proto;
	h[7] = f->has_ttl ? f->ttl : 64;
	address(f, MIDONET_MATCH_SRC, h + 8, 16);
	address(f, MIDONET_MATCH_DST, h + 24, 16);
	if (frag != MIDONET_FRAGMENT_NONE) {
		h[6] = IPPROTO_FRAGMENT;
		h[40] = proto;
		put16(h + 42, later ? LATER_OFFSET : 1);
		put16(h + 46, f->id);
		hlen = 48;
	}
	mn_buf_add(out, h, hlen);
	l4_packet(f, proto, true, later, room_for(f, out), out);
	ip = (uint8_t *)out->s + at;
	put16(ip + 4, out->len - at - 40);
	if (!later)
		l4_checksum(ip + hlen, out->len - at - hlen, proto, ip + 8, 16);
}

static void arp_packet(struct mn_frame *f, struct mn_buf *out)
{
	uint8_t h[28] = { 0, 1, 8, 0, 6, 4 };
	const uint8_t *mac;
	size_t len;

	put16(h + 6, field_num(f, MIDONET_MATCH_PROTO, 1));
	mac = mn_frame_field(f, MIDONET_MATCH_HW_SRC, &len);
	memcpy(h + 8, mac, 6);
	address(f, MIDONET_MATCH_SRC, h + 14, 4);
	mac = mn_frame_field(f, MIDONET_MATCH_HW_DST, &len);
	if (h[7] != 1)
		memcpy(h + 18, mac, 6);
	address(f, MIDONET_MATCH_DST, h + 24, 4);
	mn_buf_add(out, h, sizeof(h));
}

static int check_families(const struct mn_frame *f, uint16_t type,
			  struct mn_err *err)
{
	size_t src, dst, want = type == ETHERTYPE_IPV6 ? 17 : 5;

	mn_frame_field(f, MIDONET_MATCH_SRC, &src);
	mn_frame_field(f, MIDONET_MATCH_DST, &dst);
	if ((src && src != want) || (dst && dst != want))
		return mn_fail(err, -EINVAL,
			       "src, dst and ethertype are not of one family");
	return 0;
}

static int l3_packet(struct mn_frame *f, uint16_t type, struct mn_buf *out,
		     struct mn_err *err)
{
	int ret = 0;

	if (type == ETHERTYPE_IP || type == ETHERTYPE_IPV6 ||
	    type == ETHERTYPE_ARP)
		ret = check_families(f, type, err);
	if (ret)
		return ret;
	if (type == ETHERTYPE_IP) {
		ip4_packet(f, out);
	} else if (type == ETHERTYPE_IPV6) {
		ip6_packet(f, out);
	} else if (type == ETHERTYPE_ARP) {
		arp_packet(f, out);
	} else {
		if (address_len(f))
			return mn_fail(err, -EINVAL,
				       "src and dst need ethertype ip, ipv6 or arp");
		mn_buf_add(out, f->payload.s ? f->payload.s : "",
			   f->payload.len);
	}
	return 0;
}

/**
 * mn_frame_build() - make the frame
 * @f: frame with hw-src and hw-dst
 * @out: appended to; empty before
 * @err: for errors
 *
 * Return: 0 or a negative error
 */
int mn_frame_build(struct mn_frame *f, struct mn_buf *out, struct mn_err *err)
{
	uint64_t vlan = field_num(f, MIDONET_MATCH_VLAN, 4096);
	size_t alen = address_len(f), len;
	uint16_t type;
	uint8_t h[4];
	int ret;

	type = field_num(f, MIDONET_MATCH_ETHERTYPE,
			 alen == 16 ? ETHERTYPE_IPV6 :
			 alen == 4 || mn_frame_has(f, MIDONET_MATCH_PROTO) ?
			 ETHERTYPE_IP : ETHERTYPE_PLAIN);
	if (!mn_frame_has(f, MIDONET_MATCH_HW_SRC) ||
	    !mn_frame_has(f, MIDONET_MATCH_HW_DST))
		return mn_fail(err, -EINVAL, "hw-src and hw-dst are needed");
	mn_buf_add(out, mn_frame_field(f, MIDONET_MATCH_HW_DST, &len), 6);
	mn_buf_add(out, mn_frame_field(f, MIDONET_MATCH_HW_SRC, &len), 6);
	if (vlan != 4096) {
		put16(h, 0x8100);
		put16(h + 2, vlan);
		mn_buf_add(out, h, 4);
	}
	put16(h, type);
	mn_buf_add(out, h, 2);
	ret = l3_packet(f, type, out, err);
	if (ret)
		return ret;
	if (out->len < f->len)
		memset(mn_buf_grow(out, f->len - out->len), 0,
		       f->len - out->len);
	if (f->len && out->len > f->len)
		return mn_fail(err, -EINVAL, "len: the headers and the payload need %zu",
			       out->len);
	if (out->len > MN_FRAME_MAX)
		return mn_fail(err, -EINVAL, "a frame has at most %d bytes",
			       MN_FRAME_MAX);
	return 0;
}
