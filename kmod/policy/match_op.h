/* SPDX-License-Identifier: GPL-2.0 */
#ifndef _MN_MATCH_OP_H
#define _MN_MATCH_OP_H

#include <linux/align.h>
#include <linux/if_ether.h>
#include <linux/in6.h>
#include <linux/types.h>
#include <uapi/linux/midonet.h>

#include "policy/match.h"

struct mn_port;

/* A value of the word vlan: untagged. */
#define MN_MATCH_UNTAGGED	4096

/**
 * enum mn_value_kind - how the values of a word are stored
 * @MN_VALUE_U8: numbers
 * @MN_VALUE_U16: numbers, host order
 * @MN_VALUE_FLAGS: value << 8 | mask
 * @MN_VALUE_PORTS: &struct mn_match_ports
 * @MN_VALUE_MAC: &struct mn_match_mac
 * @MN_VALUE_PREFIX: &struct mn_match_prefix
 * @MN_VALUE_REF: pointers to &struct mn_obj
 */
enum mn_value_kind {
	MN_VALUE_U8, MN_VALUE_U16, MN_VALUE_FLAGS, MN_VALUE_PORTS, MN_VALUE_MAC,
	MN_VALUE_PREFIX, MN_VALUE_REF,
};

/**
 * struct mn_word - what is known of a word
 * @attr: &enum midonet_match_attr
 * @kind: &enum mn_value_kind
 * @size: bytes of a stored value
 * @ref: &enum midonet_object_type of what it refers to
 * @walk: it is about more than the headers, so only a walk can tell
 * @name: the word
 */
struct mn_word {
	u8 attr;
	u8 kind;
	u8 size;
	u8 ref;
	bool walk;
	const char *name;
};

/**
 * struct mn_match_op - a word of a match with its values
 * @word: &enum midonet_match_attr
 * @invert: 1: none of the values
 * @n: number of @values
 * @size: bytes to the next op
 * @values: any of them; padded with zeroes
 */
struct mn_match_op {
	u8 word;
	u8 invert;
	u16 n;
	u32 size;
	u8 values[] __aligned(8);
};

static_assert(sizeof(struct mn_match_op) == 8);

struct mn_match_ports {
	u16 first;
	u16 last;
};

struct mn_match_mac {
	u8 addr[ETH_ALEN];
	u8 mask[ETH_ALEN];
};

/**
 * struct mn_match_prefix - value of src and dst
 * @family: AF_INET or AF_INET6
 * @plen: bits
 * @addr: host bits zero; an IPv4 address is in the first word
 */
struct mn_match_prefix {
	u16 family;
	u16 plen;
	__be32 addr[4];
};

/**
 * struct mn_match_addr - an address of a packet
 * @family: AF_INET or AF_INET6
 * @addr: in the key
 * @mask: in the mask of what was read
 */
struct mn_match_addr {
	u8 family;
	const void *addr;
	void *mask;
};

/**
 * struct mn_match_digest - a value of a word, to find rules by it
 * @value: the value, or a digest of it: what differs here differs, what is equal
 *	may differ
 * @variant: what part of the field is meant: a prefix length, a mask
 */
struct mn_match_digest {
	u64 value;
	u8 variant;
};

static inline u32 mn_match_op_size(const struct mn_word *w, u32 n)
{
	return sizeof(struct mn_match_op) + ALIGN(n * w->size, 8);
}

/* Iterate over the ops of a match. */
#define mn_match_for_each(op, match)					\
	for (op = (const struct mn_match_op *)(match)->ops;		\
	     (const u8 *)op < (match)->ops + (match)->len;		\
	     op = (const void *)op + op->size)

extern const struct mn_word mn_words[];
extern const u8 mn_n_words;

const struct mn_word *mn_word_find(u8 attr);

/* policy/match_eval.c */
void mn_match_read(void *mask, u32 n);
bool mn_match_addr(const struct mn_flow_key *key, struct mn_flow_key *mask,
		   bool src, struct mn_match_addr *a);
bool mn_match_l4(struct mn_ctx *ctx, u8 word);
const struct mn_port *mn_match_group_port(struct mn_ctx *ctx, u8 word);

/* policy/match_digest.c */
u32 mn_match_spread(const struct mn_match_op *op, struct mn_match_digest *d,
		    u32 max, bool *exact);
bool mn_match_digest(struct mn_ctx *ctx, u8 word, u8 variant, u64 *value);

#endif /* _MN_MATCH_OP_H */
