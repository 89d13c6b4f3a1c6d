/* SPDX-License-Identifier: GPL-2.0 */
#ifndef _MN_CHAN_SESSION_H
#define _MN_CHAN_SESSION_H

#include <linux/interrupt.h>
#include <linux/list.h>
#include <linux/llist.h>
#include <linux/spinlock_types.h>
#include <linux/workqueue.h>

#include "overlay/chan.h"
#include "overlay/chan_msg.h"
#include "overlay/chan_window.h"

struct mn_obj;

/* Messages that wait to be sent for the first time; more become a resync. */
#define MN_CHAN_BACKLOG		1024
/* With more than so many on their way, messages are filled up. */
#define MN_CHAN_EAGER		16
/* Ports whose connections one look at all of them finds. */
#define MN_CHAN_PULLS		32

/**
 * enum mn_sync - how far a resync is
 * @MN_SYNC_NONE: nothing is to be done
 * @MN_SYNC_WANTED: it begins when nothing is on its way; what happens meanwhile
 *	will be part of it
 * @MN_SYNC_RUNNING: it is being sent
 */
enum mn_sync { MN_SYNC_NONE, MN_SYNC_WANTED, MN_SYNC_RUNNING };

/**
 * struct mn_chan_out - a message to a peer, kept until it is acknowledged
 * @list: in &mn_session.queue or &mn_session.flight
 * @seq: its number, once it is in flight
 * @since: jiffies when it was made
 * @sent_at: jiffies when it was sent last
 * @acked: the peer has it, but not all before it
 * @len: bytes of @records
 * @records: what it says
 */
struct mn_chan_out {
	struct list_head list;
	u64 seq;
	unsigned long since;
	unsigned long sent_at;
	bool acked;
	u32 len;
	u8 records[MN_CHAN_ROOM];
};

/**
 * struct mn_session - the state channel with one host
 * @mn: namespace
 * @host: host, referenced
 * @list: in &mn_chan.sessions
 * @dead: in &mn_chan.dead
 * @paths: zones by which it is reached, under mn_net.lock
 * @rx_lock: what came from it is taken in order; BH, taken before @lock
 * @window: messages from it; under @rx_lock
 * @round: of the resync it sends, or sent last; under @rx_lock
 * @swept: that resync says what there is: the rest goes; under @rx_lock
 * @theirs: it has told everything since it began; written under @rx_lock
 * @lock: protects the rest; BH
 * @gone: it is no peer any more
 * @epoch: random number of our side; constant
 * @remote: that of its side, 0: not known; written under both locks
 * @up: it has answered a challenge of ours; written under both locks
 * @challenge: number it has to echo, 0: none yet
 * @echo: number it wants back
 * @greet_to: epoch it claimed that is not known; a challenge is due, 0: none
 * @greeted: jiffies of the last challenge
 * @echo_due: @echo is to be sent
 * @ack_due: what was taken is to be acknowledged
 * @ack: number of the message that is waited for
 * @has_map: @map is not empty
 * @map: see &mn_chan_msg.map
 * @una: number of the first message in @flight, or of the next to be sent
 * @next: number of the next message
 * @flight: messages sent and not acknowledged, in order
 * @queue: messages not sent yet
 * @n_queue: how many
 * @rto: jiffies until the oldest message is sent again
 * @sent: jiffies when anything was sent last
 * @heard: jiffies when it said anything right last
 * @armed: @work is to run at @wake
 * @wake: jiffies
 * @work: sends again, keeps alive, resyncs
 * @push: sends what is due, when this softirq is over
 * @sync: &enum mn_sync
 * @sync_all: what others own belongs to it, too: it has forgotten everything
 * @sweep: what is not part of it is no more
 * @sweep_round: connections of it that are of an earlier round go; 0: none
 * @sweeping: the same, while @work looks for them; by @work alone
 * @pulls: ports whose connections it wants
 * @n_pulls: how many; more than MN_CHAN_PULLS: all connections
 * @pulling: those that @work looks for now, by @work alone
 * @n_pulling: how many; the same
 * @bucket: how far the look at connections is; by @work alone
 * @buckets: size of their table then
 * @stats: counters, but for @refused
 * @refused: see &mn_chan_stats.refused; written without lock
 */
struct mn_session {
	struct mn_net *mn;
	struct mn_host *host;
	struct list_head list;
	struct llist_node dead;
	u32 paths;

	spinlock_t rx_lock;		/* see above */
	struct mn_window window;
	u32 round;
	bool swept;
	bool theirs;

	spinlock_t lock;		/* see above */
	bool gone;
	u64 epoch;
	u64 remote;
	bool up;
	u64 challenge;
	u64 echo;
	u64 greet_to;
	unsigned long greeted;
	bool echo_due;
	bool ack_due;
	u64 ack;
	bool has_map;
	u8 map[MN_CHAN_WINDOW / 8];
	u64 una;
	u64 next;
	struct list_head flight;
	struct list_head queue;
	u32 n_queue;
	unsigned long rto;
	unsigned long sent;
	unsigned long heard;
	bool armed;
	unsigned long wake;
	struct delayed_work work;
	struct tasklet_struct push;
	u8 sync;
	bool sync_all;
	bool sweep;
	u32 sweep_round;
	u32 sweeping;
	u8 pulls[MN_CHAN_PULLS][16];
	u32 n_pulls;
	u8 pulling[MN_CHAN_PULLS][16];
	u32 n_pulling;
	u32 bucket;
	u32 buckets;
	struct mn_chan_stats stats;
	atomic64_t refused;
};

/* overlay/chan_session.c */
struct mn_session *mn_session_new(struct mn_net *mn, struct mn_host *host);
void mn_session_free(struct mn_session *s);
bool mn_session_known(struct mn_session *s, const struct mn_chan_msg *msg);

/* overlay/chan_send.c */
int mn_chan_send_cache_create(void);
void mn_chan_send_cache_destroy(void);
bool mn_session_key(const struct mn_session *s, siphash_key_t *key,
		    struct mn_peer **peer);
void mn_session_add(struct mn_session *s, const u8 *rec, u32 len);
void mn_session_push(struct mn_session *s, bool again);
void mn_session_push_records(struct mn_session *s);
bool mn_session_acked(struct mn_session *s, const struct mn_chan_msg *msg);
void mn_session_arm(struct mn_session *s, unsigned long when);
void mn_session_forget(struct mn_session *s);

/* overlay/chan_sync.c */
void mn_session_want_sync(struct mn_session *s, bool all);
void mn_session_pull(struct mn_session *s, const u8 *port);
void mn_session_sweep(struct mn_session *s, u32 round);
void mn_session_look(struct mn_session *s);

/* overlay/chan_conn.c */
bool mn_chan_conn_apply(struct mn_session *s, const struct mn_chan_rec *rec);
bool mn_chan_conn_end(struct mn_session *s, const struct mn_chan_rec *rec);
void mn_chan_conn_send(struct mn_session *s, struct mn_conn *conn);
bool mn_chan_conn_concerns(struct mn_session *s, struct mn_conn *conn);
bool mn_chan_conn_ours(struct mn_conn *conn);
void mn_chan_conn_sweep(struct mn_session *s, struct mn_conn *conn, u32 round);

#endif /* _MN_CHAN_SESSION_H */
