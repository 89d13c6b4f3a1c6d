/* SPDX-License-Identifier: GPL-2.0 */
#ifndef _MN_TRACK_H
#define _MN_TRACK_H

#include "flow/key.h"
#include "state/conn.h"

struct mn_chain;
struct mn_ctx;
struct mn_flow;
struct mn_rule;

/* Connections one walk may meet: one for each device it crosses. */
#define MN_TRACKS	16

/**
 * struct mn_track - a connection that a walk met or is about to make
 * @conn: it, or NULL: it is made when the packet is sent
 * @replaces: connection with the same forward tuple that goes for it, or NULL
 * @device: device that tracks it
 * @dir: &enum mn_dir of the packet
 * @related: the packet is an ICMP error about it
 * @state_read: a rule asked for its state
 * @phase: &enum midonet_conn_phase it begins with
 * @forward: tuple of the initiator's packets
 * @reply: tuple of the answers; the router's translations change it
 * @rules: see &mn_conn.rules
 *
 * Connections are valid as long as RCU of the walk.
 */
struct mn_track {
	struct mn_conn *conn;
	struct mn_conn *replaces;
	struct mn_obj *device;
	u8 dir;
	bool related;
	bool state_read;
	u8 phase;
	struct mn_tuple forward;
	struct mn_tuple reply;
	struct mn_rule *rules[MN_NATS];
};

/**
 * struct mn_quote - the packet an ICMP error is about
 * @asked: it was looked at
 * @ok: it could be understood
 * @was: as it is quoted
 * @now: as it is to be quoted
 */
struct mn_quote {
	bool asked;
	bool ok;
	struct mn_tuple was;
	struct mn_tuple now;
};

/**
 * struct mn_visit - what a walk knows of the connection of its packet in the
 * device it is in
 * @has_entered: @entered is kept
 * @looked: the connection was looked up
 * @kind: &enum mn_tuple_kind, once looked up
 * @begins: a connection may begin with this packet
 * @picked_up: but the beginning of that (TCP) was not seen
 * @done: bits of &enum mn_nat: what is translated, or undone
 * @hairpin: who goes back where he came from gets the router's own source
 * @picked: the source is one that was free in this walk
 * @track: its connection, or NULL
 * @tuple: of the packet as it entered the device, once looked up; of an ICMP
 *	error: of a packet that would go the same way
 * @entered: headers as it entered the device, kept when it is translated before
 *	the connection was looked up
 *
 * Begins anew when the packet enters a device.
 */
struct mn_visit {
	bool has_entered;
	bool looked;
	u8 kind;
	bool begins;
	bool picked_up;
	u8 done;
	bool hairpin;
	bool picked;
	struct mn_track *track;
	struct mn_tuple tuple;
	struct mn_flow_key entered;
};

/**
 * enum mn_commit_result - what mn_track_commit() says
 * @MN_COMMIT_DONE: the packet may be sent
 * @MN_COMMIT_AGAIN: somebody else made the connection meanwhile: walk again
 * @MN_COMMIT_DROP: the drop is noted
 */
enum mn_commit_result { MN_COMMIT_DONE, MN_COMMIT_AGAIN, MN_COMMIT_DROP };

/* state/track.c, for chains (policy/match_eval.c) */
int mn_track_state(struct mn_ctx *ctx);
int mn_track_direction(struct mn_ctx *ctx);
bool mn_track_dst_rewritten(const struct mn_ctx *ctx);
const struct mn_tuple *mn_track_quote(struct mn_ctx *ctx);

/* state/track.c, for devices and ports */
bool mn_track_policy(struct mn_ctx *ctx, const struct mn_chain *in,
		     const struct mn_chain *out);

/* state/track.c, for translations */
void mn_track_keep(struct mn_ctx *ctx);
bool mn_track_look(struct mn_ctx *ctx);
struct mn_track *mn_track_begin(struct mn_ctx *ctx);

/* A packet enters a device. */
#define mn_track_enter(ctx)						\
	memset(&(ctx)->visit, 0, offsetof(struct mn_visit, tuple))

/* state/commit.c */
enum mn_commit_result mn_track_commit(struct mn_ctx *ctx);
bool mn_track_hit(struct mn_flow *flow, u8 tcp_flags);

#endif /* _MN_TRACK_H */
