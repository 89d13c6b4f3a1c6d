// SPDX-License-Identifier: GPL-2.0
/*
 * Tuples: of a packet, and of the packet that an ICMP error quotes. What is
 * quoted was written by whoever sent the error, so nothing of it is believed
 * but that the bytes are there.
 */
#include <linux/etherdevice.h>
#include <linux/icmp.h>
#include <linux/icmpv6.h>
#include <linux/in.h>
#include <linux/ip.h>
#include <linux/ipv6.h>
#include <linux/skbuff.h>
#include <net/ip.h>
#include <net/ipv6.h>
#include <net/netlink.h>

#include "flow/key.h"
#include "state/tuple.h"

/* Extension headers of a quoted packet; as many as of a packet (flow/key.c). */
#define MN_QUOTE_EXTHDRS	8

/**
 * enum icmp_kind - what an ICMP or ICMPv6 message is to connections
 * @ICMP_OTHER: told apart by its addresses only
 * @ICMP_ASKS: echo request
 * @ICMP_ANSWERS: echo reply
 * @ICMP_ABOUT: an error, about another packet
 * @ICMP_LINK: of a link, never tracked
 */
enum icmp_kind { ICMP_OTHER, ICMP_ASKS, ICMP_ANSWERS, ICMP_ABOUT, ICMP_LINK };

static enum icmp_kind icmp4_kind(u8 type)
{
	switch (type) {
	case ICMP_ECHO:
		return ICMP_ASKS;
	case ICMP_ECHOREPLY:
		return ICMP_ANSWERS;
	case ICMP_DEST_UNREACH:
	case ICMP_SOURCE_QUENCH:
	case ICMP_REDIRECT:
	case ICMP_TIME_EXCEEDED:
	case ICMP_PARAMETERPROB:
		return ICMP_ABOUT;
	}
	return ICMP_OTHER;
}

static enum icmp_kind icmp6_kind(u8 type)
{
	if (!(type & ICMPV6_INFOMSG_MASK))
		return ICMP_ABOUT;
	switch (type) {
	case ICMPV6_ECHO_REQUEST:
		return ICMP_ASKS;
	case ICMPV6_ECHO_REPLY:
		return ICMP_ANSWERS;
	/* MLD, RS and RA, ND, redirects. */
	case ICMPV6_MGM_QUERY ... 137:
	case ICMPV6_MLD2_REPORT:
		return ICMP_LINK;
	}
	return ICMP_OTHER;
}

static enum icmp_kind icmp_kind(u8 family, u8 type)
{
	return family == AF_INET ? icmp4_kind(type) : icmp6_kind(type);
}

/*
 * The id of an echo is where its sender has it, like a port: that of a request
 * is its source, that of a reply its destination.
 */
static void set_echo(struct mn_tuple *t, enum icmp_kind kind, __be16 id)
{
	if (kind == ICMP_ASKS)
		t->sport = id;
	else if (kind == ICMP_ANSWERS)
		t->dport = id;
}

/**
 * mn_tuple_invert() - tuple of the answers, if nothing is translated
 * @t: tuple
 * @inverse: filled in; not @t itself
 */
void mn_tuple_invert(const struct mn_tuple *t, struct mn_tuple *inverse)
{
	*inverse = *t;
	inverse->src = t->dst;
	inverse->dst = t->src;
	inverse->sport = t->dport;
	inverse->dport = t->sport;
}

/**
 * mn_icmp_is_error() - is an ICMP or ICMPv6 message about another packet?
 * @family: AF_INET or AF_INET6
 * @type: its type
 */
bool mn_icmp_is_error(u8 family, u8 type)
{
	return icmp_kind(family, type) == ICMP_ABOUT;
}

/**
 * mn_icmp_is_echo() - is an ICMP or ICMPv6 message an echo request or reply?
 * @family: AF_INET or AF_INET6
 * @type: its type
 */
bool mn_icmp_is_echo(u8 family, u8 type)
{
	enum icmp_kind kind = icmp_kind(family, type);

	return kind == ICMP_ASKS || kind == ICMP_ANSWERS;
}

/* Of a packet. */

static bool to_group(const struct mn_flow_key *key)
{
	if (key->eth_dst[0] & 1)
		return true;
	if (key->eth_type == htons(ETH_P_IP))
		return ipv4_is_multicast(key->v4.dst) ||
		       ipv4_is_lbcast(key->v4.dst);
	return key->v6.dst.s6_addr[0] == 0xff;
}

static enum mn_tuple_kind of_icmp(const struct mn_flow_key *key,
				  struct mn_tuple *t)
{
	enum icmp_kind kind;

	if (!(key->flags & MN_KEY_L4))
		return MN_TUPLE_INVALID;
	kind = icmp_kind(t->family, ntohs(key->tp_src));
	if (kind == ICMP_LINK)
		return MN_TUPLE_UNTRACKED;
	if (kind == ICMP_ABOUT)
		return MN_TUPLE_ERROR;
	set_echo(t, kind, key->icmp_id);
	return MN_TUPLE_OK;
}

static enum mn_tuple_kind of_l4(const struct mn_flow_key *key,
				struct mn_tuple *t)
{
	if (mn_proto_is_icmp(t->family, t->proto))
		return of_icmp(key, t);
	if (!mn_proto_has_ports(t->proto))
		return t->family == AF_INET && t->proto == IPPROTO_IGMP ?
		       MN_TUPLE_UNTRACKED : MN_TUPLE_OK;
	if (!(key->flags & MN_KEY_L4))
		return MN_TUPLE_INVALID;
	t->sport = key->tp_src;
	t->dport = key->tp_dst;
	return MN_TUPLE_OK;
}

/**
 * mn_tuple_of() - tuple of a packet
 * @key: its headers, as they are now
 * @device: mn_tuple_device() of the bridge or router it is in
 * @t: filled in with MN_TUPLE_OK; with MN_TUPLE_ERROR only device, family and
 *	proto are, the rest is in the quoted packet (mn_tuple_quoted())
 *
 * Context: any.
 *
 * Return: what the packet is
 */
enum mn_tuple_kind mn_tuple_of(const struct mn_flow_key *key, u32 device,
			       struct mn_tuple *t)
{
	enum mn_tuple_kind kind;

	memset(t, 0, sizeof(*t));
	if (!mn_key_is_ip(key) || to_group(key))
		return MN_TUPLE_UNTRACKED;
	t->device = device;
	t->family = key->eth_type == htons(ETH_P_IP) ? AF_INET : AF_INET6;
	t->proto = key->proto;
	kind = of_l4(key, t);
	if (kind != MN_TUPLE_OK)
		return kind;
	if (t->family == AF_INET) {
		t->src.s6_addr32[0] = key->v4.src;
		t->dst.s6_addr32[0] = key->v4.dst;
	} else {
		memcpy(&t->src, &key->v6.src, sizeof(t->src));
		memcpy(&t->dst, &key->v6.dst, sizeof(t->dst));
	}
	return MN_TUPLE_OK;
}

static u8 echo_type(const struct mn_tuple *t)
{
	if (t->family == AF_INET)
		return t->dport ? ICMP_ECHOREPLY : ICMP_ECHO;
	return t->dport ? ICMPV6_ECHO_REPLY : ICMPV6_ECHO_REQUEST;
}

/**
 * mn_tuple_sound() - can packets have a tuple?
 * @t: tuple that somebody else has made
 *
 * Context: any.
 *
 * Return: false if such packets are not tracked
 */
bool mn_tuple_sound(const struct mn_tuple *t)
{
	struct mn_flow_key key;
	struct mn_tuple again;

	mn_tuple_key(t, &key);
	return mn_tuple_of(&key, t->device, &again) == MN_TUPLE_OK &&
	       !memcmp(&again, t, sizeof(*t));
}

/**
 * mn_tuple_key() - headers of a packet with a tuple
 * @t: tuple
 * @key: filled in; of ICMP messages, those that are no echoes are not told apart
 *	in tuples, so it is an echo
 *
 * Context: any.
 */
void mn_tuple_key(const struct mn_tuple *t, struct mn_flow_key *key)
{
	memset(key, 0, sizeof(*key));
	key->proto = t->proto;
	key->flags = MN_KEY_L4;
	if (mn_proto_is_icmp(t->family, t->proto)) {
		key->tp_src = htons(echo_type(t));
		key->icmp_id = t->sport | t->dport;
	} else {
		key->tp_src = t->sport;
		key->tp_dst = t->dport;
	}
	if (t->family == AF_INET) {
		key->eth_type = htons(ETH_P_IP);
		key->v4.src = t->src.s6_addr32[0];
		key->v4.dst = t->dst.s6_addr32[0];
	} else {
		key->eth_type = htons(ETH_P_IPV6);
		memcpy(&key->v6.src, &t->src, sizeof(t->src));
		memcpy(&key->v6.dst, &t->dst, sizeof(t->dst));
	}
}

/* Of a quoted packet. */

static bool quoted_icmp(const struct sk_buff *skb, u32 off, struct mn_tuple *t)
{
	const struct icmphdr *ih;
	enum icmp_kind kind;
	struct icmphdr buf;

	/* Both families put type and id in the same places. */
	ih = skb_header_pointer(skb, off, 4, &buf);
	if (!ih)
		return false;
	kind = icmp_kind(t->family, ih->type);
	/* There are no errors about errors, and none about neighbours. */
	if (kind == ICMP_ABOUT || kind == ICMP_LINK)
		return false;
	if (kind == ICMP_OTHER)
		return true;
	ih = skb_header_pointer(skb, off, sizeof(buf), &buf);
	if (!ih)
		return false;
	set_echo(t, kind, ih->un.echo.id);
	return true;
}

static bool quoted_l4(const struct sk_buff *skb, u32 off, struct mn_tuple *t)
{
	const __be16 *ports;
	__be16 buf[2];

	if (mn_proto_is_icmp(t->family, t->proto))
		return quoted_icmp(skb, off, t);
	if (!mn_proto_has_ports(t->proto))
		return true;
	ports = skb_header_pointer(skb, off, sizeof(buf), buf);
	if (!ports)
		return false;
	t->sport = ports[0];
	t->dport = ports[1];
	return true;
}

static bool quoted_v4(const struct sk_buff *skb, u32 off, struct mn_tuple *t)
{
	const struct iphdr *iph;
	struct iphdr buf;

	iph = skb_header_pointer(skb, off, sizeof(buf), &buf);
	if (!iph || iph->version != 4 || iph->ihl < 5)
		return false;
	t->src.s6_addr32[0] = iph->saddr;
	t->dst.s6_addr32[0] = iph->daddr;
	t->proto = iph->protocol;
	return !(iph->frag_off & htons(IP_OFFSET)) &&
	       quoted_l4(skb, off + iph->ihl * 4, t);
}

/* What exthdr_len() says beside lengths. */
enum { EXTHDR_NONE = 0, EXTHDR_CUT = -1, EXTHDR_LATER = -2 };

/*
 * Bytes of the extension header of type @proto at @off; EXTHDR_NONE: it is none,
 * EXTHDR_CUT: it cannot be read, or nothing of L4 follows, EXTHDR_LATER: nothing
 * of L4 follows but more of it. @next: what follows it.
 */
static int exthdr_len(const struct sk_buff *skb, u32 off, u8 proto, u8 *next)
{
	const struct ipv6_opt_hdr *oh;
	const struct frag_hdr *fh;
	struct frag_hdr buf;

	BUILD_BUG_ON(sizeof(*oh) > sizeof(buf));
	if (proto == NEXTHDR_NONE)
		return EXTHDR_CUT;
	if (proto == NEXTHDR_FRAGMENT) {
		fh = skb_header_pointer(skb, off, sizeof(*fh), &buf);
		if (!fh)
			return EXTHDR_CUT;
		*next = fh->nexthdr;
		return fh->frag_off & htons(IP6_OFFSET) ? EXTHDR_LATER :
							  sizeof(*fh);
	}
	if (!ipv6_ext_hdr(proto))
		return EXTHDR_NONE;
	oh = skb_header_pointer(skb, off, sizeof(*oh), &buf);
	if (!oh)
		return EXTHDR_CUT;
	*next = oh->nexthdr;
	return proto == NEXTHDR_AUTH ? ipv6_authlen(oh) : ipv6_optlen(oh);
}

static bool quoted_v6(const struct sk_buff *skb, u32 off, struct mn_tuple *t)
{
	const struct ipv6hdr *iph;
	struct ipv6hdr buf;
	u8 proto, next;
	int i, len;

	iph = skb_header_pointer(skb, off, sizeof(buf), &buf);
	if (!iph || iph->version != 6)
		return false;
	t->src = iph->saddr;
	t->dst = iph->daddr;
	t->proto = iph->nexthdr;
	proto = iph->nexthdr;
	off += sizeof(buf);
	for (i = 0; i <= MN_QUOTE_EXTHDRS; i++) {
		len = exthdr_len(skb, off, proto, &next);
		if (len == EXTHDR_CUT)
			return false;
		if (len == EXTHDR_LATER) {
			t->proto = next;
			return false;
		}
		if (len == EXTHDR_NONE) {
			t->proto = proto;
			return quoted_l4(skb, off, t);
		}
		proto = next;
		off += len;
	}
	return false;
}

/**
 * mn_tuple_quoted() - tuple of the packet that an ICMP error quotes
 * @skb: the error
 * @family: AF_INET or AF_INET6
 * @off: where the quoted IP header begins, from skb->data
 * @t: filled in, but for the device, which is 0: as the packet was when the
 *	error was sent about it
 *
 * Context: any. The packet is not changed.
 *
 * Return: false if it is cut off before the ports, no whole packet or first
 * fragment, or nothing that errors are about; then @t has no ports, and what
 * else could be read: addresses are zero without an IP header
 */
bool mn_tuple_quoted(const struct sk_buff *skb, u8 family, u32 off,
		     struct mn_tuple *t)
{
	memset(t, 0, sizeof(*t));
	t->family = family;
	return family == AF_INET ? quoted_v4(skb, off, t) :
				   quoted_v6(skb, off, t);
}

/* As netlink shows them. */

static int put_addresses(struct sk_buff *skb, const struct mn_tuple *t)
{
	int len = t->family == AF_INET ? 4 : 16;

	return nla_put(skb, MIDONET_CONN_TUPLE_SRC, len, &t->src) ||
	       nla_put(skb, MIDONET_CONN_TUPLE_DST, len, &t->dst);
}

/**
 * mn_tuple_fill() - put a tuple into a message
 * @skb: message
 * @attr: attribute of the conn-tuple nest
 * @t: tuple
 *
 * Return: 0 or -EMSGSIZE
 */
int mn_tuple_fill(struct sk_buff *skb, int attr, const struct mn_tuple *t)
{
	struct nlattr *nest = nla_nest_start(skb, attr);
	int err;

	if (!nest)
		return -EMSGSIZE;
	err = put_addresses(skb, t);
	if (!err && mn_proto_has_ports(t->proto))
		err = nla_put_u16(skb, MIDONET_CONN_TUPLE_SRC_PORT,
				  ntohs(t->sport)) ||
		      nla_put_u16(skb, MIDONET_CONN_TUPLE_DST_PORT,
				  ntohs(t->dport));
	else if (!err && mn_proto_is_icmp(t->family, t->proto))
		/* One of them is an id, the other one is nothing. */
		err = nla_put_u16(skb, MIDONET_CONN_TUPLE_ICMP_ID,
				  ntohs(t->sport | t->dport));
	if (err) {
		nla_nest_cancel(skb, nest);
		return -EMSGSIZE;
	}
	nla_nest_end(skb, nest);
	return 0;
}
