// SPDX-License-Identifier: GPL-2.0
/*
 * Messages of the state channel and their records, to and from bytes. What is
 * read was sent by somebody else: no length in it is believed.
 */
#include <linux/socket.h>
#include <linux/string.h>
#include <linux/unaligned.h>

#include "overlay/chan_msg.h"

/**
 * struct reader - bytes that are left
 * @at: next
 * @left: how many
 * @bad: there were too few once
 */
struct reader {
	const u8 *at;
	u32 left;
	bool bad;
};

/* The next @len bytes, or NULL. */
static const u8 *take(struct reader *r, u32 len)
{
	const u8 *at = r->at;

	if (r->bad || len > r->left) {
		r->bad = true;
		return NULL;
	}
	r->at += len;
	r->left -= len;
	return at;
}

static void take_to(struct reader *r, void *to, u32 len)
{
	const u8 *at = take(r, len);

	if (at)
		memcpy(to, at, len);
}

static u64 take_u64(struct reader *r)
{
	const u8 *at = take(r, 8);

	return at ? get_unaligned_be64(at) : 0;
}

static u32 take_u32(struct reader *r)
{
	const u8 *at = take(r, 4);

	return at ? get_unaligned_be32(at) : 0;
}

static u8 take_u8(struct reader *r)
{
	const u8 *at = take(r, 1);

	return at ? *at : 0;
}

/* Messages. */

/**
 * mn_chan_sender() - who says that a message is his
 * @data: message
 * @size: its bytes
 * @id: set to the id of a host
 *
 * Context: any.
 *
 * Return: false if it is too short for any
 */
bool mn_chan_sender(const u8 *data, u32 size, u8 *id)
{
	const struct mn_chan_hdr *h = (const void *)data;

	if (size < sizeof(*h) + MN_CHAN_TAG)
		return false;
	memcpy(id, h->sender, sizeof(h->sender));
	return true;
}

static bool tag_ok(const u8 *data, u32 len, const siphash_key_t *key)
{
	return siphash(data, len - MN_CHAN_TAG, key) ==
	       get_unaligned_le64(data + len - MN_CHAN_TAG);
}

/**
 * mn_chan_parse() - read a message
 * @data: message
 * @size: bytes of the frame behind the Ethernet header
 * @key: of the tunnel-zone; NULL: the tag was looked at before
 * @msg: what it says; @msg->records points into @data
 *
 * Context: any.
 *
 * Return: 0, -EINVAL if it is not a message, -EBADMSG if the tag is wrong
 */
int mn_chan_parse(const u8 *data, u32 size, const siphash_key_t *key,
		  struct mn_chan_msg *msg)
{
	const struct mn_chan_hdr *h = (const void *)data;
	struct reader r;
	u32 len;

	memset(msg, 0, sizeof(*msg));
	if (size < sizeof(*h) + MN_CHAN_TAG || h->version != MN_CHAN_VERSION)
		return -EINVAL;
	len = get_unaligned_be16(&h->len);
	if (len != size || len > MN_CHAN_MAX || h->flags & ~MN_CHAN_FLAGS)
		return -EINVAL;
	if (key && !tag_ok(data, len, key))
		return -EBADMSG;
	msg->flags = h->flags;
	memcpy(msg->sender, h->sender, sizeof(msg->sender));
	msg->epoch = get_unaligned_be64(&h->epoch);
	msg->to = get_unaligned_be64(&h->to);
	msg->seq = get_unaligned_be64(&h->seq);
	msg->ack = get_unaligned_be64(&h->ack);
	r = (struct reader) {
		.at = data + sizeof(*h),
		.left = len - sizeof(*h) - MN_CHAN_TAG,
	};
	if (msg->flags & MN_CHAN_CHALLENGE)
		msg->challenge = take_u64(&r);
	if (msg->flags & MN_CHAN_ECHO)
		msg->echo = take_u64(&r);
	if (msg->flags & MN_CHAN_MAP)
		take_to(&r, msg->map, sizeof(msg->map));
	msg->len = r.left;
	msg->records = take(&r, r.left);
	if (r.bad || !msg->epoch || !msg->seq || !msg->ack ||
	    !msg->len != !(msg->flags & MN_CHAN_DATA))
		return -EINVAL;
	return 0;
}

/**
 * mn_chan_build() - write a message
 * @data: where to, MN_CHAN_MAX bytes
 * @msg: what it says; @msg->len is at most MN_CHAN_ROOM
 * @key: of the tunnel-zone
 *
 * Context: any.
 *
 * Return: its bytes
 */
u32 mn_chan_build(u8 *data, const struct mn_chan_msg *msg,
		  const siphash_key_t *key)
{
	struct mn_chan_hdr *h = (void *)data;
	u8 *at = data + sizeof(*h);
	u32 len;

	h->version = MN_CHAN_VERSION;
	h->flags = msg->flags;
	memcpy(h->sender, msg->sender, sizeof(h->sender));
	put_unaligned_be64(msg->epoch, &h->epoch);
	put_unaligned_be64(msg->to, &h->to);
	put_unaligned_be64(msg->seq, &h->seq);
	put_unaligned_be64(msg->ack, &h->ack);
	if (msg->flags & MN_CHAN_CHALLENGE) {
		put_unaligned_be64(msg->challenge, at);
		at += 8;
	}
	if (msg->flags & MN_CHAN_ECHO) {
		put_unaligned_be64(msg->echo, at);
		at += 8;
	}
	if (msg->flags & MN_CHAN_MAP) {
		memcpy(at, msg->map, sizeof(msg->map));
		at += sizeof(msg->map);
	}
	if (msg->flags & MN_CHAN_DATA) {
		memcpy(at, msg->records, msg->len);
		at += msg->len;
	}
	len = at - data + MN_CHAN_TAG;
	put_unaligned_be16(len, &h->len);
	put_unaligned_le64(siphash(data, len - MN_CHAN_TAG, key), at);
	return len;
}

/**
 * mn_chan_next() - next record of a message
 * @msg: message that was parsed
 * @offset: bytes that were read, 0 at first; moves on
 *
 * Context: any.
 *
 * Return: record whose bytes are there; NULL at the end, and if what follows is
 * none: then @offset is not msg->len
 */
const struct mn_chan_rec *mn_chan_next(const struct mn_chan_msg *msg,
				       u32 *offset)
{
	const struct mn_chan_rec *rec = (const void *)(msg->records + *offset);
	u32 left = msg->len - *offset, len;

	if (left < sizeof(*rec))
		return NULL;
	len = get_unaligned_be16(&rec->len);
	if (len < sizeof(*rec) || len > left)
		return NULL;
	*offset += len;
	return rec;
}

static u32 put_rec(u8 *data, u8 kind, u32 len)
{
	struct mn_chan_rec *rec = (void *)data;

	rec->kind = kind;
	rec->zero = 0;
	put_unaligned_be16(len, &rec->len);
	return len;
}

/**
 * mn_chan_put_simple() - write a record that is some bytes
 * @data: where to
 * @kind: &enum mn_chan_kind
 * @body: bytes, or NULL
 * @len: how many
 *
 * Return: its bytes
 */
u32 mn_chan_put_simple(u8 *data, u8 kind, const void *body, u32 len)
{
	if (len)
		memcpy(data + sizeof(struct mn_chan_rec), body, len);
	return put_rec(data, kind, sizeof(struct mn_chan_rec) + len);
}

/**
 * mn_chan_body() - bytes of a record
 * @rec: from mn_chan_next()
 * @len: how many it must have
 *
 * Return: they, or NULL if it has another number
 */
const u8 *mn_chan_body(const struct mn_chan_rec *rec, u32 len)
{
	if (get_unaligned_be16(&rec->len) != sizeof(*rec) + len)
		return NULL;
	return (const u8 *)(rec + 1);
}

/* Connections. */

static u8 *put_ends(u8 *at, u32 len, const struct mn_chan_ends *e)
{
	memcpy(at, &e->src, len);
	memcpy(at + len, &e->dst, len);
	at += 2 * len;
	memcpy(at, &e->sport, 2);
	memcpy(at + 2, &e->dport, 2);
	return at + 4;
}

static void take_ends(struct reader *r, u32 len, struct mn_chan_ends *e)
{
	take_to(r, &e->src, len);
	take_to(r, &e->dst, len);
	take_to(r, &e->sport, 2);
	take_to(r, &e->dport, 2);
}

/**
 * mn_chan_put_conn() - write a record of a connection
 * @data: where to, MN_CHAN_REC_MAX bytes
 * @kind: MN_CHAN_CONN or MN_CHAN_CONN_GONE
 * @conn: the connection
 *
 * Return: its bytes
 */
u32 mn_chan_put_conn(u8 *data, u8 kind, const struct mn_chan_conn *conn)
{
	u32 len = conn->family == AF_INET ? 4 : 16;
	u8 *at = data + sizeof(struct mn_chan_rec);
	int i;

	*at++ = conn->family == AF_INET ? 4 : 6;
	*at++ = conn->proto;
	*at++ = conn->phase;
	*at++ = conn->state;
	*at++ = conn->has;
	put_unaligned_be32(conn->age, at);
	put_unaligned_be32(conn->idle, at + 4);
	at += 8;
	for (i = 0; i < MN_CHAN_IDS; i++) {
		if (!(conn->has & BIT(i)))
			continue;
		memcpy(at, conn->ids[i], 16);
		at += 16;
	}
	at = put_ends(at, len, &conn->forward);
	at = put_ends(at, len, &conn->reply);
	return put_rec(data, kind, at - data);
}

/**
 * mn_chan_get_conn() - read a record of a connection
 * @rec: from mn_chan_next()
 * @conn: what it says; whether that makes sense is for others to say
 *
 * Return: false if it is none
 */
bool mn_chan_get_conn(const struct mn_chan_rec *rec, struct mn_chan_conn *conn)
{
	struct reader r = {
		.at = (const u8 *)(rec + 1),
		.left = get_unaligned_be16(&rec->len) - sizeof(*rec),
	};
	u8 version = take_u8(&r);
	u32 len = version == 4 ? 4 : 16;
	int i;

	memset(conn, 0, sizeof(*conn));
	conn->family = version == 4 ? AF_INET : AF_INET6;
	conn->proto = take_u8(&r);
	conn->phase = take_u8(&r);
	conn->state = take_u8(&r);
	conn->has = take_u8(&r);
	conn->age = take_u32(&r);
	conn->idle = take_u32(&r);
	for (i = 0; i < MN_CHAN_IDS; i++) {
		if (conn->has & BIT(i))
			take_to(&r, conn->ids[i], 16);
	}
	take_ends(&r, len, &conn->forward);
	take_ends(&r, len, &conn->reply);
	return !r.bad && !r.left && (version == 4 || version == 6) &&
	       !(conn->has >> MN_CHAN_IDS);
}
