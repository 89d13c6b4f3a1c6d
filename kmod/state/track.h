/* SPDX-License-Identifier: GPL-2.0 */
#ifndef _MN_TRACK_H
#define _MN_TRACK_H

#include "state/conn.h"

struct mn_ctx;
struct mn_rule;

/* Connections one walk may meet: one for each device it crosses. */
#define MN_TRACKS	16

/**
 * struct mn_track - a connection that a walk met or is about to make
 * @conn: it, or NULL: it is made when the packet is sent
 * @replaces: connection with the same forward tuple that has to go for it, or NULL
 * @device: device that tracks it
 * @dir: &enum mn_dir of the packet
 * @related: the packet is an ICMP error about it
 * @tuple: forward tuple
 * @reply: reply tuple, without the translations that are still to come
 * @rules: see &mn_conn.rules
 * @state_read: a rule asked for its state
 */
struct mn_track {
	struct mn_conn *conn;
	struct mn_conn *replaces;
	struct mn_obj *device;
	u8 dir;
	bool related;
	bool state_read;
	struct mn_tuple tuple;
	struct mn_tuple reply;
	struct mn_rule *rules[MN_NATS];
};

/**
 * struct mn_visit - what a walk knows about the state of its packet in the device
 * it is in
 * @entered: headers as it entered the device, kept when it is translated
 *	before anybody asked
 * @has_entered: see @entered
 * @asked: the connection was looked up
 * @state: &enum midonet_conn_state, once asked
 * @track: its connection, once asked; NULL for invalid and untracked ones
 * @done: bit of &enum mn_nat: the packet, as it is now, has that translated (or
 *	undone, on the way back)
 *
 * Begins anew when the packet enters a device.
 */
struct mn_visit {
	struct mn_flow_key entered;
	bool has_entered;
	bool asked;
	u8 state;
	u8 done;
	struct mn_track *track;
};

/* state/track.c, for chains (policy/match_eval.c) */
int mn_track_state(struct mn_ctx *ctx);
int mn_track_direction(struct mn_ctx *ctx);
bool mn_track_dst_rewritten(const struct mn_ctx *ctx);
const struct mn_tuple *mn_track_quote(struct mn_ctx *ctx);

#endif /* _MN_TRACK_H */
