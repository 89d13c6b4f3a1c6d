/* SPDX-License-Identifier: GPL-2.0 */
#ifndef _MN_FLOW_TRANSLATE_H
#define _MN_FLOW_TRANSLATE_H

#include <linux/in6.h>
#include <linux/skbuff.h>
#include <linux/types.h>

struct mn_flow_key;

/* What of a packet is translated. */
#define MN_XLAT_SRC	BIT(0)
#define MN_XLAT_DST	BIT(1)
#define MN_XLAT_SPORT	BIT(2)	/* or the id of an ICMP echo */
#define MN_XLAT_DPORT	BIT(3)
#define MN_XLAT_QUOTE	BIT(4)	/* the packet quoted by an ICMP error */
#define MN_XLAT_FRAG_ID	BIT(5)	/* the IP identification */

/**
 * struct mn_translation - addresses and ports a packet leaves with
 * @fields: MN_XLAT_*
 * @v6: IPv6
 * @proto: IP protocol
 * @l4_len: bytes from the beginning of the L4 header that are looked at; 0: nothing
 *	in it changes
 * @check: offset of the checksum in the L4 header
 * @sport: source port, or id of an ICMP echo
 * @dport: destination port
 * @l3_delta: what the sum of the IPv4 header changes by, see flow/translate.c
 * @l4_delta: what the sum of pseudo-header and L4 header changes by
 * @pseudo_delta: what the sum of the pseudo-header alone changes by
 * @frag_id: IP identification, host order, with MN_XLAT_FRAG_ID: of an IPv4 packet
 *	or, in IPv6, of a fragment
 * @src: source; an IPv4 address is in the first word
 * @dst: destination
 *
 * Kept by flows: made once by mn_translation_make(), applied to every packet.
 * All packets of such a flow have the same protocol, and the same in each field
 * that changes. MN_XLAT_FRAG_ID and @frag_id are the caller's to set, for one
 * packet, see mn_frag_id(); MN_XLAT_QUOTE is, too, and no concern of
 * mn_translate().
 */
struct mn_translation {
	u8 fields;
	bool v6;
	u8 proto;
	u8 l4_len;
	u8 check;
	__be16 sport;
	__be16 dport;
	u16 l3_delta;
	u16 l4_delta;
	u16 pseudo_delta;
	u32 frag_id;
	struct in6_addr src;
	struct in6_addr dst;
};

/**
 * struct mn_quote_change - translation of what an ICMP error quotes
 * @src: source of the quoted packet, from and to
 * @dst: destination
 * @sport: source port
 * @dport: destination port; the id of an echo may be either
 *
 * Element 0 is what is there, 1 what it becomes; an IPv4 address is in the first
 * word. What is not there stays as it is.
 */
struct mn_quote_change {
	struct in6_addr src[2];
	struct in6_addr dst[2];
	__be16 sport[2];
	__be16 dport[2];
};

void mn_translation_make(struct mn_translation *t,
			 const struct mn_flow_key *from,
			 const struct mn_flow_key *to);
bool mn_translate(struct sk_buff *skb, u32 l3, u32 l4,
		  const struct mn_translation *t);
bool mn_translate_quote(struct sk_buff *skb, u32 l3, u32 l4, bool v6,
			const struct mn_quote_change *q);

#endif /* _MN_FLOW_TRANSLATE_H */
