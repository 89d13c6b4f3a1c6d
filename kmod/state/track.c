// SPDX-License-Identifier: GPL-2.0
/*
 * Which connection of the device it is in a packet belongs to. Asked when a chain
 * names state or direction, when a rule translates, and in every router that
 * translates for somebody, because the packet may be an answer.
 *
 * The connection is that of the packet as it entered the device, whatever was
 * translated since. A walk makes no connection: it notes what is to be made,
 * state/commit.c makes it when the packet is sent.
 */
#include <linux/icmp.h>
#include <linux/icmpv6.h>
#include <net/tcp.h>

#include "l3/frag.h"
#include "policy/chain.h"
#include "port/port.h"
#include "sim/ctx.h"
#include "sim/trace.h"
#include "state/track.h"

static bool is_v6(const struct mn_flow_key *key)
{
	return key->eth_type == htons(ETH_P_IPV6);
}

static struct mn_obj *device_of(const struct mn_ctx *ctx)
{
	return ctx->device_in->obj.parent;
}

/**
 * mn_track_keep() - the packet is about to be translated
 * @ctx: walk
 *
 * Keeps what it was when it entered the device, for those who ask later.
 */
void mn_track_keep(struct mn_ctx *ctx)
{
	struct mn_visit *v = &ctx->visit;

	if (v->looked || v->has_entered)
		return;
	v->entered = ctx->key;
	v->has_entered = true;
}

static bool has_l4(const struct mn_flow_key *key)
{
	return mn_proto_has_ports(key->proto) ||
	       mn_proto_is_icmp(is_v6(key) ? AF_INET6 : AF_INET, key->proto);
}

/* What a later fragment lacks, its first had; false: the walk stops. */
static bool read_l4(struct mn_ctx *ctx)
{
	struct mn_visit *v = &ctx->visit;

	ctx->l4_read = true;
	mn_ctx_read(ctx, frag);
	if (ctx->key.frag == MN_FRAG_LATER && !ctx->frag_alone &&
	    !(ctx->key.flags & MN_KEY_L4) &&
	    mn_frag_later(ctx) != MN_FRAG_WALK)
		return false;
	mn_ctx_read(ctx, flags);
	mn_ctx_read(ctx, tp_src);
	mn_ctx_read(ctx, tp_dst);
	mn_ctx_read(ctx, icmp_id);
	if (v->has_entered) {
		v->entered.flags = ctx->key.flags;
		v->entered.tp_src = ctx->key.tp_src;
		v->entered.tp_dst = ctx->key.tp_dst;
		v->entered.icmp_id = ctx->key.icmp_id;
	}
	return true;
}

/* Everything a tuple is made of; false: the walk stops. */
static bool read_tuple(struct mn_ctx *ctx)
{
	const struct mn_flow_key *key = &ctx->key;
	u8 bits = is_v6(key) ? 128 : 32;

	if (!mn_key_is_ip(key))
		return true;
	mn_ctx_read(ctx, eth_dst);
	mn_ctx_read(ctx, proto);
	mn_ctx_read_src(ctx, bits);
	mn_ctx_read_dst(ctx, bits);
	return !has_l4(key) || read_l4(ctx);
}

/*
 * May a connection begin with a packet that belongs to none? TCP in the middle
 * may, with net.midonet.tcp_loose; answers and errors may not.
 */
static bool tcp_begins(struct mn_ctx *ctx, u8 flags)
{
	struct mn_visit *v = &ctx->visit;

	if (flags & TCPHDR_SYN)
		return !(flags & (TCPHDR_ACK | TCPHDR_RST | TCPHDR_FIN));
	v->picked_up = true;
	return (flags & (TCPHDR_ACK | TCPHDR_RST | TCPHDR_FIN)) == TCPHDR_ACK &&
	       READ_ONCE(ctx->mn->limits.tcp_loose);
}

static bool begins(struct mn_ctx *ctx)
{
	const struct mn_tuple *t = &ctx->visit.tuple;

	if (ctx->visit.kind != MN_TUPLE_OK)
		return false;
	if (t->proto == IPPROTO_TCP)
		return tcp_begins(ctx, ctx->key.tcp_flags);
	/* The id of an answer is where answers have it. */
	return !mn_proto_is_icmp(t->family, t->proto) || !t->dport;
}

/* A connection that this walk met in the device before, or is about to make. */
static struct mn_track *track_known(struct mn_ctx *ctx, const struct mn_tuple *t)
{
	struct mn_track *track;
	u16 i;

	for (i = 0; i < ctx->n_tracks; i++) {
		track = &ctx->tracks[i];
		if (!memcmp(&track->forward, t, sizeof(*t)) ||
		    !memcmp(&track->reply, t, sizeof(*t)))
			return track;
	}
	return NULL;
}

static struct mn_track *track_new(struct mn_ctx *ctx)
{
	struct mn_track *track;

	if (ctx->n_tracks == MN_TRACKS) {
		ctx->cacheable = false;
		return NULL;
	}
	track = &ctx->tracks[ctx->n_tracks++];
	memset(track, 0, sizeof(*track));
	track->device = device_of(ctx);
	return track;
}

static const char *phase_name(u8 phase)
{
	static const char * const names[] = {
		[MIDONET_CONN_PHASE_UNANSWERED] = "unanswered",
		[MIDONET_CONN_PHASE_ANSWERED] = "answered",
		[MIDONET_CONN_PHASE_SYN_SENT] = "syn-sent",
		[MIDONET_CONN_PHASE_SYN_RECEIVED] = "syn-received",
		[MIDONET_CONN_PHASE_ESTABLISHED] = "established",
		[MIDONET_CONN_PHASE_FIN_WAIT] = "fin-wait",
		[MIDONET_CONN_PHASE_CLOSED] = "closed",
	};

	return phase < ARRAY_SIZE(names) ? names[phase] : "?";
}

static struct mn_track *track_conn(struct mn_ctx *ctx, struct mn_conn *conn,
				   enum mn_dir dir)
{
	struct mn_track *track = track_new(ctx);

	if (!track)
		return NULL;
	track->conn = conn;
	track->dir = dir;
	track->related = ctx->visit.kind == MN_TUPLE_ERROR;
	track->forward = conn->end[MN_DIR_FORWARD].tuple;
	track->reply = conn->end[MN_DIR_RETURN].tuple;
	track->rules[MN_NAT_DST] = conn->rules[MN_NAT_DST];
	track->rules[MN_NAT_SRC] = conn->rules[MN_NAT_SRC];
	mn_trace(ctx, track->device, NULL, "conn", NULL, "%s connection, %s, %s",
		 track->related ? "an error about a" : "belongs to a",
		 phase_name(READ_ONCE(conn->phase)),
		 dir == MN_DIR_FORWARD ? "goes its way" : "goes back");
	return track;
}

/* The tuple of an error is that of packets that go where it goes. */
static bool quoted_tuple(struct mn_ctx *ctx, u32 device)
{
	const struct mn_tuple *quote = mn_track_quote(ctx);
	struct mn_visit *v = &ctx->visit;

	if (!quote)
		return false;
	mn_tuple_invert(quote, &v->tuple);
	v->tuple.device = device;
	return true;
}

static struct mn_track *find_track(struct mn_ctx *ctx)
{
	struct mn_visit *v = &ctx->visit;
	struct mn_track *track = track_known(ctx, &v->tuple);
	struct mn_conn *conn;
	enum mn_dir dir;
	u32 hash;

	if (track)
		return track;
	hash = mn_conn_hash(ctx->mn, &v->tuple);
	/* The counter before the table. */
	mn_ctx_dep(ctx, mn_conn_slot(hash));
	conn = mn_conn_find(ctx->mn, &v->tuple, hash, &dir);
	if (!conn)
		return NULL;
	track = track_conn(ctx, conn, dir);
	if (!track || v->kind == MN_TUPLE_ERROR ||
	    !mn_conn_reopens(conn, dir, ctx->key.tcp_flags))
		return track;
	mn_trace(ctx, track->device, NULL, "conn", NULL,
		 "but that is over: a new one begins");
	/* It is made anew, in the direction of this packet. */
	track->replaces = conn;
	track->conn = NULL;
	track->dir = MN_DIR_FORWARD;
	track->forward = v->tuple;
	mn_tuple_invert(&v->tuple, &track->reply);
	track->rules[MN_NAT_DST] = NULL;
	track->rules[MN_NAT_SRC] = NULL;
	track->phase = mn_conn_first_phase(v->tuple.proto, ctx->key.tcp_flags);
	return track;
}

/**
 * mn_track_look() - look up the connection of a packet in the device it is in
 * @ctx: walk; what was read is noted, ctx->visit says what was found
 *
 * Context: RCU, BH disabled.
 *
 * Return: false if the walk stops (ctx->stop): a later fragment that waits, or
 * shares the fate of its first
 */
bool mn_track_look(struct mn_ctx *ctx)
{
	struct mn_visit *v = &ctx->visit;
	u32 device = mn_tuple_device(device_of(ctx));

	if (v->looked)
		return true;
	if (!read_tuple(ctx))
		return false;
	v->looked = true;
	v->kind = mn_tuple_of(v->has_entered ? &v->entered : &ctx->key, device,
			      &v->tuple);
	if (v->kind == MN_TUPLE_ERROR && !quoted_tuple(ctx, device))
		v->kind = MN_TUPLE_INVALID;
	if (v->kind != MN_TUPLE_OK && v->kind != MN_TUPLE_ERROR)
		return true;
	v->track = find_track(ctx);
	if (!v->track)
		v->begins = begins(ctx);
	return true;
}

/**
 * mn_track_begin() - the device tracks the connection of a packet from now on
 * @ctx: walk, after mn_track_look()
 *
 * Return: the connection, which may have to be made; NULL if the packet can
 * belong to none
 */
struct mn_track *mn_track_begin(struct mn_ctx *ctx)
{
	struct mn_visit *v = &ctx->visit;
	struct mn_track *track;
	struct mn_tuple now;

	if (v->track || !v->begins)
		return v->track;
	track = track_new(ctx);
	if (!track)
		return NULL;
	v->track = track;
	track->forward = v->tuple;
	track->phase = mn_conn_first_phase(v->tuple.proto, ctx->key.tcp_flags);
	/* What was translated by now, without a look at connections, counts. */
	mn_tuple_of(&ctx->key, v->tuple.device, &now);
	mn_tuple_invert(v->done ? &now : &v->tuple, &track->reply);
	mn_trace(ctx, track->device, NULL, "conn", NULL,
		 "begins a connection, made when the packet is sent");
	return track;
}

/**
 * mn_track_policy() - a packet is at a place with chains
 * @ctx: walk
 * @in: in-chain of a port or device, or NULL
 * @out: out-chain, or NULL
 *
 * If either asks for the state of packets, the connection is tracked, whichever of
 * them this packet passes: the answer may pass the other.
 *
 * Context: RCU, BH disabled.
 *
 * Return: false if the walk stops (ctx->stop)
 */
bool mn_track_policy(struct mn_ctx *ctx, const struct mn_chain *in,
		     const struct mn_chain *out)
{
	if (!in && !out)
		return true;
	mn_ctx_dep(ctx, MN_DEP_ASKS);
	if (!mn_chain_asks(in) && !mn_chain_asks(out))
		return true;
	if (!mn_track_look(ctx))
		return false;
	/* Another packet of these addresses and ports may begin one. */
	if (!mn_track_begin(ctx) && ctx->visit.kind != MN_TUPLE_UNTRACKED)
		mn_ctx_read(ctx, tcp_flags);
	return true;
}

static bool is_answered(const struct mn_track *track)
{
	return track->dir == MN_DIR_RETURN ||
	       (track->conn && mn_conn_answered(track->conn));
}

/**
 * mn_track_state() - what a packet is to the connections of the device it is in
 * @ctx: walk; what was read is noted
 *
 * Context: RCU, BH disabled.
 *
 * Return: &enum midonet_conn_state; -1 if the walk stops (ctx->stop)
 */
int mn_track_state(struct mn_ctx *ctx)
{
	struct mn_track *track;

	if (!mn_track_look(ctx))
		return -1;
	if (ctx->visit.kind == MN_TUPLE_UNTRACKED)
		return MIDONET_CONN_STATE_UNTRACKED;
	track = mn_track_begin(ctx);
	if (!track) {
		/* Another packet of these addresses and ports may begin one. */
		mn_ctx_read(ctx, tcp_flags);
		return MIDONET_CONN_STATE_INVALID;
	}
	if (track->related)
		return MIDONET_CONN_STATE_RELATED;
	track->state_read = true;
	if (track->conn && ctx->live &&
	    !test_bit(MN_CONN_STATE_READ, &track->conn->flags)) {
		set_bit(MN_CONN_STATE_READ, &track->conn->flags);
		/* Pairs with the one in mn_conn_seen(). */
		smp_mb__after_atomic();
	}
	return is_answered(track) ? MIDONET_CONN_STATE_ESTABLISHED :
				    MIDONET_CONN_STATE_NEW;
}

/**
 * mn_track_direction() - which side of its connection sent a packet
 * @ctx: walk; what was read is noted
 *
 * Context: RCU, BH disabled.
 *
 * Return: &enum midonet_conn_direction; -1 if it belongs to none, or the walk
 * stops (ctx->stop)
 */
int mn_track_direction(struct mn_ctx *ctx)
{
	struct mn_track *track;

	if (!mn_track_look(ctx))
		return -1;
	track = mn_track_begin(ctx);
	if (!track) {
		mn_ctx_read(ctx, tcp_flags);
		return -1;
	}
	return track->dir == MN_DIR_FORWARD ? MIDONET_CONN_DIRECTION_FORWARD :
					      MIDONET_CONN_DIRECTION_RETURN;
}

/**
 * mn_track_dst_rewritten() - was the destination translated in this device
 * @ctx: walk
 *
 * Context: RCU, BH disabled.
 */
bool mn_track_dst_rewritten(const struct mn_ctx *ctx)
{
	const struct mn_visit *v = &ctx->visit;
	enum mn_nat dst = MN_NAT_DST;

	/* On the way back it is the initiator's source that is undone. */
	if (v->track && v->track->dir == MN_DIR_RETURN)
		dst = MN_NAT_SRC;
	return v->done & BIT(dst);
}

static bool is_error(const struct mn_flow_key *key)
{
	u8 type = ntohs(key->tp_src);

	if (!(key->flags & MN_KEY_L4))
		return false;
	if (is_v6(key))
		return key->proto == IPPROTO_ICMPV6 &&
		       !(type & ICMPV6_INFOMSG_MASK);
	return key->proto == IPPROTO_ICMP &&
	       (type == ICMP_DEST_UNREACH || type == ICMP_SOURCE_QUENCH ||
		type == ICMP_REDIRECT || type == ICMP_TIME_EXCEEDED ||
		type == ICMP_PARAMETERPROB);
}

/**
 * mn_track_quote() - what an ICMP error is about, as it is quoted by now
 * @ctx: walk; that it was an error is noted; no flow can be made of one, because the quoted
 *	packet is not in the key
 *
 * Context: RCU, BH disabled.
 *
 * Return: its tuple, with device 0; NULL if it is no error, or what it quotes
 * cannot be understood
 */
const struct mn_tuple *mn_track_quote(struct mn_ctx *ctx)
{
	const struct mn_flow_key *key = &ctx->key;
	struct mn_quote *q = &ctx->quote;

	if (q->asked)
		return q->ok ? &q->now : NULL;
	mn_ctx_read(ctx, eth_type);
	if (!mn_key_is_ip(key))
		return NULL;
	mn_ctx_read(ctx, proto);
	if (!mn_proto_is_icmp(is_v6(key) ? AF_INET6 : AF_INET, key->proto))
		return NULL;
	mn_ctx_read(ctx, flags);
	mn_ctx_read(ctx, tp_src);
	if (!is_error(key))
		return NULL;
	ctx->cacheable = false;
	q->asked = true;
	/* A later fragment only knows that it is one. */
	q->ok = ctx->pkt.l4 &&
		mn_tuple_quoted(ctx->skb, is_v6(key) ? AF_INET6 : AF_INET,
				ctx->pkt.l4 + sizeof(struct icmphdr), &q->was);
	q->now = q->was;
	return q->ok ? &q->now : NULL;
}
