/* SPDX-License-Identifier: GPL-2.0 */
#ifndef _MN_CHAN_MSG_H
#define _MN_CHAN_MSG_H

#include <linux/if_ether.h>
#include <linux/in6.h>
#include <linux/siphash.h>
#include <linux/types.h>

/**
 * DOC: Messages of the state channel
 *
 * Numbers are big endian. A message is an Ethernet frame of type MN_CHAN_TYPE:
 * &struct mn_chan_hdr, what its flags say in the order of the flags, records up to
 * the tag, and a tag: SipHash-2-4 of all of it before, little endian.
 *
 * See Documentation/state-channel.md.
 */

/* Local experimental ethertype 1 (IEEE 802): nothing but hosts see it. */
#define MN_CHAN_TYPE	0x88b5
#define MN_CHAN_VERSION	1

/* Bytes of a message with header and tag; fits through tunnels of 1280. */
#define MN_CHAN_MAX	1200
#define MN_CHAN_TAG	8

/* Messages on their way to a peer at once, and bits of a map of them. */
#define MN_CHAN_WINDOW	256

/* &mn_chan_hdr.flags; what they announce follows in this order. */
#define MN_CHAN_DATA		0x01	/* records; @seq is its number */
#define MN_CHAN_CHALLENGE	0x02	/* 8 bytes to be echoed */
#define MN_CHAN_ECHO		0x04	/* 8 bytes of a challenge */
#define MN_CHAN_MAP		0x08	/* MN_CHAN_WINDOW bits behind @ack */
#define MN_CHAN_POLL		0x10	/* an answer is wanted */
#define MN_CHAN_FLAGS		0x1f

/**
 * struct mn_chan_hdr - on the wire
 * @version: MN_CHAN_VERSION
 * @flags: MN_CHAN_*
 * @len: bytes of the message from @version up to and with the tag
 * @sender: id of the host that sends it
 * @epoch: its side of the session, random, never 0
 * @to: the other side as it knows it, 0 if it does not
 * @seq: number of the message, the first is 1; of one without records: of the next
 *	one
 * @ack: number of the message it waits for
 */
struct mn_chan_hdr {
	u8 version;
	u8 flags;
	__be16 len;
	u8 sender[16];
	__be64 epoch;
	__be64 to;
	__be64 seq;
	__be64 ack;
} __packed;

static_assert(sizeof(struct mn_chan_hdr) == 52);

/* Most bytes before the records. */
#define MN_CHAN_HEAD_MAX						\
	(sizeof(struct mn_chan_hdr) + 16 + MN_CHAN_WINDOW / 8)
/* Most bytes of records in a message. */
#define MN_CHAN_ROOM	(MN_CHAN_MAX - MN_CHAN_HEAD_MAX - MN_CHAN_TAG)

/**
 * struct mn_chan_msg - a message, as numbers
 * @flags: MN_CHAN_*
 * @sender: id of a host
 * @epoch: see &struct mn_chan_hdr
 * @to: see there
 * @seq: see there
 * @ack: see there
 * @challenge: with MN_CHAN_CHALLENGE
 * @echo: with MN_CHAN_ECHO
 * @map: with MN_CHAN_MAP: bit n: message @ack + n is there, though not @ack
 * @records: with MN_CHAN_DATA
 * @len: bytes of @records
 */
struct mn_chan_msg {
	u8 flags;
	u8 sender[16];
	u64 epoch;
	u64 to;
	u64 seq;
	u64 ack;
	u64 challenge;
	u64 echo;
	u8 map[MN_CHAN_WINDOW / 8];
	const u8 *records;
	u32 len;
};

/**
 * enum mn_chan_kind - type of a record
 * @MN_CHAN_CONN: a connection as it is
 * @MN_CHAN_CONN_GONE: a connection that is no more
 * @MN_CHAN_SYNC: everything of the sender's follows
 * @MN_CHAN_SYNCED: that was everything
 * @MN_CHAN_PULL: a port is the sender's now: what is known of it is wanted
 */
enum mn_chan_kind {
	MN_CHAN_CONN = 1,
	MN_CHAN_CONN_GONE,
	MN_CHAN_SYNC,
	MN_CHAN_SYNCED,
	MN_CHAN_PULL,
};

/**
 * struct mn_chan_rec - head of a record
 * @kind: &enum mn_chan_kind; who does not know it skips it
 * @zero: not used
 * @len: bytes with the head
 */
struct mn_chan_rec {
	u8 kind;
	u8 zero;
	__be16 len;
} __packed;

/**
 * struct mn_chan_ends - one direction of a connection
 * @src: source; an IPv4 address is in the first word
 * @dst: destination
 * @sport: as &mn_tuple.sport
 * @dport: as &mn_tuple.dport
 */
struct mn_chan_ends {
	struct in6_addr src;
	struct in6_addr dst;
	__be16 sport;
	__be16 dport;
};

/* &mn_chan_conn.state */
#define MN_CHAN_ANSWERED	0x01
#define MN_CHAN_FIN_FORWARD	0x02
#define MN_CHAN_FIN_RETURN	0x04

/* Ids in a record of a connection, in this order; bits of &mn_chan_conn.has. */
enum mn_chan_id {
	MN_CHAN_DEVICE, MN_CHAN_IN, MN_CHAN_OUT, MN_CHAN_DNAT, MN_CHAN_SNAT,
	MN_CHAN_IDS,
};

/**
 * struct mn_chan_conn - record of a connection, as numbers
 * @family: AF_INET or AF_INET6
 * @proto: IP protocol
 * @phase: &enum midonet_conn_phase
 * @state: MN_CHAN_ANSWERED and so on
 * @has: bits of &enum mn_chan_id: ids that are given; of one that is gone only the
 *	device's is
 * @age: seconds since it began
 * @idle: ms since it was used
 * @ids: of device, ports and rules
 * @forward: the initiator's packets, as they enter the device
 * @reply: the answers
 */
struct mn_chan_conn {
	u8 family;
	u8 proto;
	u8 phase;
	u8 state;
	u8 has;
	u32 age;
	u32 idle;
	u8 ids[MN_CHAN_IDS][16];
	struct mn_chan_ends forward;
	struct mn_chan_ends reply;
};

/* Most bytes of a record. */
#define MN_CHAN_REC_MAX							\
	(sizeof(struct mn_chan_rec) + 13 + MN_CHAN_IDS * 16 + 2 * 36)

int mn_chan_parse(const u8 *data, u32 size, const siphash_key_t *key,
		  struct mn_chan_msg *msg);
bool mn_chan_sender(const u8 *data, u32 size, u8 *id);
u32 mn_chan_build(u8 *data, const struct mn_chan_msg *msg,
		  const siphash_key_t *key);
const struct mn_chan_rec *mn_chan_next(const struct mn_chan_msg *msg,
				       u32 *offset);
u32 mn_chan_put_simple(u8 *data, u8 kind, const void *body, u32 len);
const u8 *mn_chan_body(const struct mn_chan_rec *rec, u32 len);
u32 mn_chan_put_conn(u8 *data, u8 kind, const struct mn_chan_conn *conn);
bool mn_chan_get_conn(const struct mn_chan_rec *rec, struct mn_chan_conn *conn);

#endif /* _MN_CHAN_MSG_H */
