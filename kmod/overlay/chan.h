/* SPDX-License-Identifier: GPL-2.0 */
#ifndef _MN_CHAN_H
#define _MN_CHAN_H

#include <linux/compiler.h>
#include <linux/types.h>

#include "net.h"

struct mn_conn;
struct mn_ctx;
struct mn_host;
struct mn_peer;
struct mn_port;
struct sk_buff;

/**
 * struct mn_chan - the state channel of a namespace
 * @mn: namespace
 * @sessions: &struct mn_session.list; RCU, writers mn_net.lock
 * @n_up: sessions that are set up; nobody is told anything while it is 0
 * @rounds: number of the last resync that began, of whichever session
 * @dead: &mn_session.dead, hosts that are no peers any more
 * @free_work: frees them
 */
struct mn_chan {
	struct mn_net *mn;
	struct list_head sessions;
	atomic_t n_up;
	atomic_t rounds;
	struct llist_head dead;
	struct work_struct free_work;
};

/**
 * struct mn_chan_stats - what a session has done so far
 * @up: it is set up
 * @lag: ms for which the oldest message waits to be acknowledged, 0: none does
 * @backlog: messages that wait
 * @sent: messages with records, not counting again what was resent
 * @resent: messages sent again
 * @received: messages with records that were taken
 * @old: messages that had been taken before
 * @refused: messages and records that were wrong, or that nothing here fits
 * @resyncs: times everything was sent from the beginning
 */
struct mn_chan_stats {
	bool up;
	u32 lag;
	u32 backlog;
	u64 sent;
	u64 resent;
	u64 received;
	u64 old;
	u64 refused;
	u64 resyncs;
};

/* overlay/chan.c */
int mn_chan_caches_create(void);
void mn_chan_caches_destroy(void);
int mn_chan_init(struct mn_net *mn);
void mn_chan_stop(struct mn_net *mn);
void mn_chan_exit(struct mn_net *mn);
void mn_chan_receive(struct mn_net *mn, struct mn_peer *peer,
		     struct sk_buff *skb);
bool mn_chan_stats(const struct mn_host *host, struct mn_chan_stats *stats);
bool mn_chan_alive(const struct mn_host *host);

/* overlay/chan_port.c */
void mn_chan_port_moved(struct mn_port *port, const struct mn_host *old,
			const struct mn_host *host);

/* overlay/chan_conn.c */
void mn_chan_conns_sent(struct mn_ctx *ctx, u32 changed);
void mn_chan_conn_tell(struct mn_conn *conn);
void mn_chan_conn_aged(struct mn_conn *conn);
void mn_chan_conn_gone(struct mn_conn *conn);

/**
 * mn_chan_active() - is there anybody to be told of what happens here?
 * @mn: namespace
 *
 * Context: any.
 */
static inline bool mn_chan_active(const struct mn_net *mn)
{
	const struct mn_chan *chan = mn->chan;

	return chan && atomic_read(&chan->n_up);
}

#endif /* _MN_CHAN_H */
