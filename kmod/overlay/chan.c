// SPDX-License-Identifier: GPL-2.0
/*
 * The state channel: what hosts tell each other, kernel to kernel, by the tunnels,
 * with a key that is no port's. Here messages come in, and sessions come and go.
 *
 * A message is taken if it is from the host whose address it has, has a tag of the
 * key of the zone both use, belongs to the session (chan_session.c), and is the
 * next one. Everything else changes nothing, and is counted as tunnel-state.
 */
#include <linux/etherdevice.h>
#include <linux/slab.h>

#include "overlay/chan_session.h"
#include "overlay/overlay.h"
#include "overlay/peer.h"
#include "overlay/zone.h"
#include "port/host.h"
#include "sim/drop.h"

/* A host that has not been heard for so long is taken for dead. */
#define MN_CHAN_DEAD	(4 * HZ)

/* Records. */

static bool apply_sync(struct mn_session *s, const struct mn_chan_rec *rec)
{
	const u8 *sweep = mn_chan_body(rec, 1);

	if (!sweep)
		return false;
	s->round = atomic_inc_return(&s->mn->chan->rounds);
	s->swept = *sweep;
	return true;
}

static bool apply_synced(struct mn_session *s, const struct mn_chan_rec *rec)
{
	if (!mn_chan_body(rec, 0))
		return false;
	WRITE_ONCE(s->theirs, true);
	if (s->swept)
		mn_session_sweep(s, s->round);
	s->swept = false;
	return true;
}

static bool apply_pull(struct mn_session *s, const struct mn_chan_rec *rec)
{
	const u8 *port = mn_chan_body(rec, 16);

	if (port)
		mn_session_pull(s, port);
	return port;
}

static bool apply(struct mn_session *s, const struct mn_chan_rec *rec)
{
	switch (rec->kind) {
	case MN_CHAN_CONN:
		return mn_chan_conn_apply(s, rec);
	case MN_CHAN_CONN_GONE:
		return mn_chan_conn_end(s, rec);
	case MN_CHAN_SYNC:
		return apply_sync(s, rec);
	case MN_CHAN_SYNCED:
		return apply_synced(s, rec);
	case MN_CHAN_PULL:
		return apply_pull(s, rec);
	}
	/* Of a host that knows more. */
	return true;
}

/* Under rx_lock: the records of the next message. */
static void deliver(struct mn_session *s, const struct mn_chan_msg *msg)
{
	const struct mn_chan_rec *rec;
	u32 offset = 0;

	while ((rec = mn_chan_next(msg, &offset))) {
		if (!apply(s, rec))
			atomic64_inc(&s->refused);
	}
	if (offset != msg->len)
		atomic64_inc(&s->refused);
	s->stats.received++;
}

static int parse(const struct sk_buff *skb, const siphash_key_t *key,
		 struct mn_chan_msg *msg)
{
	return mn_chan_parse(skb->data + ETH_HLEN, skb->len - ETH_HLEN, key,
			     msg);
}

/* Under rx_lock: a message whose turn it is, and those that waited for it. */
static void take(struct mn_session *s, struct sk_buff *skb,
		 struct mn_chan_msg *msg)
{
	deliver(s, msg);
	consume_skb(skb);
	while ((skb = mn_window_advance(&s->window))) {
		/* Its tag was right when it came. */
		if (!parse(skb, NULL, msg))
			deliver(s, msg);
		consume_skb(skb);
	}
}

/* Under rx_lock: records. Consumes @skb, unless false is returned. */
static bool take_data(struct mn_session *s, struct sk_buff *skb,
		      struct mn_chan_msg *msg)
{
	switch (mn_window_place(&s->window, msg->seq)) {
	case MN_WINDOW_NEXT:
		take(s, skb, msg);
		return true;
	case MN_WINDOW_EARLY:
		mn_window_keep(&s->window, msg->seq, skb);
		return true;
	case MN_WINDOW_OLD:
		s->stats.old++;
		return false;
	case MN_WINDOW_FAR:
		break;
	}
	atomic64_inc(&s->refused);
	return false;
}

/* Under rx_lock: what was taken is to be acknowledged. */
static void ack(struct mn_session *s)
{
	spin_lock(&s->lock);
	s->ack = s->window.next;
	s->has_map = mn_window_map(&s->window, s->map);
	s->ack_due = true;
	spin_unlock(&s->lock);
}

/* Under rx_lock: is a message one to look at? */
static bool check(struct mn_session *s, const struct mn_chan_msg *msg)
{
	bool ok;

	spin_lock(&s->lock);
	ok = !s->gone && mn_session_known(s, msg);
	if (ok && !mn_session_acked(s, msg))
		ok = false;
	if (ok && msg->flags & MN_CHAN_POLL)
		s->ack_due = true;
	if (ok)
		WRITE_ONCE(s->heard, jiffies);
	/* The first words of somebody who does not know us are no offence. */
	if (!ok && msg->to)
		atomic64_inc(&s->refused);
	spin_unlock(&s->lock);
	return ok;
}

/* Returns what mn_chan_receive() is to do with @skb; BH disabled. */
enum fate { TAKEN, SPENT, REFUSED };

static enum fate receive(struct mn_session *s, struct sk_buff *skb,
			 struct mn_chan_msg *msg)
{
	enum fate fate = REFUSED;

	spin_lock(&s->rx_lock);
	if (!check(s, msg)) {
		fate = msg->to ? REFUSED : SPENT;
	} else if (!(msg->flags & MN_CHAN_DATA)) {
		fate = SPENT;
	} else {
		if (take_data(s, skb, msg))
			fate = TAKEN;
		ack(s);
	}
	spin_unlock(&s->rx_lock);
	/* Once for all that came in this softirq. */
	tasklet_schedule(&s->push);
	return fate;
}

/* The session a message may be of, if it is one with the right tag. */
static struct mn_session *identify(const struct mn_peer *peer,
				   struct sk_buff *skb, struct mn_chan_msg *msg)
{
	struct mn_session *s = rcu_dereference(peer->host->session);
	struct mn_peer *way;
	siphash_key_t key;
	int err;

	if (!s || skb_linearize(skb) ||
	    eth_hdr(skb)->h_proto != htons(MN_CHAN_TYPE))
		return NULL;
	if (!mn_session_key(s, &key, &way))
		return NULL;
	err = parse(skb, &key, msg);
	memzero_explicit(&key, sizeof(key));
	if (!err && !memcmp(msg->sender, s->host->obj.ident.id,
			    sizeof(msg->sender)))
		return s;
	atomic64_inc(&s->refused);
	return NULL;
}

/**
 * mn_chan_receive() - a message from another host
 * @mn: namespace
 * @peer: who sent it, by its address
 * @skb: message, data at its Ethernet header; consumed
 *
 * Context: BH disabled, RCU.
 */
void mn_chan_receive(struct mn_net *mn, struct mn_peer *peer,
		     struct sk_buff *skb)
{
	const struct mn_place at = {
		.reason = MIDONET_DROP_REASON_TUNNEL_STATE,
		.device = &peer->zone->obj,
	};
	struct mn_chan_msg msg;
	struct mn_session *s = identify(peer, skb, &msg);

	switch (s ? receive(s, skb, &msg) : REFUSED) {
	case TAKEN:
		return;
	case SPENT:
		consume_skb(skb);
		return;
	case REFUSED:
		mn_peer_count_drop(peer, 1);
		mn_drop(mn, skb, &at, NULL);
	}
}

/* Sessions. */

static void peer_up(struct mn_peer *peer)
{
	struct mn_net *mn = peer->mn;
	struct mn_host *host = peer->host;
	struct mn_session *s = mn_dereference(mn, host->session);

	if (!s) {
		s = mn_session_new(mn, host);
		/* Then this host is told nothing until its zones change. */
		if (!s)
			return;
		list_add_tail_rcu(&s->list, &mn->chan->sessions);
		rcu_assign_pointer(host->session, s);
	}
	s->paths++;
	spin_lock_bh(&s->lock);
	mn_session_arm(s, jiffies);
	spin_unlock_bh(&s->lock);
}

static void peer_down(struct mn_peer *peer)
{
	struct mn_net *mn = peer->mn;
	struct mn_session *s = mn_dereference(mn, peer->host->session);

	if (!s || --s->paths)
		return;
	RCU_INIT_POINTER(peer->host->session, NULL);
	list_del_rcu(&s->list);
	spin_lock_bh(&s->lock);
	s->gone = true;
	spin_unlock_bh(&s->lock);
	if (READ_ONCE(s->up))
		atomic_dec(&mn->chan->n_up);
	if (llist_add(&s->dead, &mn->chan->dead))
		schedule_work(&mn->chan->free_work);
}

static const struct mn_peer_watch chan_watch = {
	.up = peer_up,
	.down = peer_down,
};

static void free_work(struct work_struct *work)
{
	struct mn_chan *chan = container_of(work, struct mn_chan, free_work);
	struct llist_node *list = llist_del_all(&chan->dead);
	struct mn_session *s, *next;

	if (list)
		synchronize_rcu();
	llist_for_each_entry_safe(s, next, list, dead)
		mn_session_free(s);
}

static u32 lag_of(struct mn_session *s)
{
	const struct mn_chan_out *out;

	out = list_first_entry_or_null(&s->flight, struct mn_chan_out, list) ?:
	      list_first_entry_or_null(&s->queue, struct mn_chan_out, list);
	return out ? jiffies_to_msecs(jiffies - out->since) : 0;
}

/**
 * mn_chan_stats() - how the session with a host is
 * @host: host
 * @stats: set to that
 *
 * Context: mn_net.lock or RCU.
 *
 * Return: false if there is none
 */
bool mn_chan_stats(const struct mn_host *host, struct mn_chan_stats *stats)
{
	struct mn_session *s;

	rcu_read_lock();
	s = rcu_dereference(host->session);
	if (s) {
		spin_lock_bh(&s->lock);
		*stats = s->stats;
		stats->lag = lag_of(s);
		stats->backlog = s->n_queue + (u32)(s->next - s->una);
		spin_unlock_bh(&s->lock);
		stats->up = mn_chan_alive(host);
		stats->refused = atomic64_read(&s->refused);
	}
	rcu_read_unlock();
	return s;
}

/**
 * mn_chan_alive() - was another host heard lately?
 * @host: host
 *
 * Context: any.
 */
bool mn_chan_alive(const struct mn_host *host)
{
	const struct mn_session *s;
	bool alive;

	rcu_read_lock();
	s = rcu_dereference(host->session);
	alive = s && READ_ONCE(s->up) &&
		time_before(jiffies, READ_ONCE(s->heard) + MN_CHAN_DEAD);
	rcu_read_unlock();
	return alive;
}

/**
 * mn_chan_init() - set up the state channel of a namespace
 * @mn: namespace with an overlay without peers
 *
 * Return: 0 or -ENOMEM
 */
int mn_chan_init(struct mn_net *mn)
{
	struct mn_chan *chan = kzalloc(sizeof(*chan), GFP_KERNEL_ACCOUNT);

	if (!chan)
		return -ENOMEM;
	chan->mn = mn;
	INIT_LIST_HEAD(&chan->sessions);
	init_llist_head(&chan->dead);
	INIT_WORK(&chan->free_work, free_work);
	mn->chan = chan;
	mn->overlay->watch = &chan_watch;
	return 0;
}

/**
 * mn_chan_stop() - free all sessions
 * @mn: namespace whose tunnels are closed
 *
 * Context: may sleep.
 */
void mn_chan_stop(struct mn_net *mn)
{
	flush_work(&mn->chan->free_work);
}

/**
 * mn_chan_exit() - free what mn_chan_init() set up
 * @mn: namespace without tunnels
 *
 * Context: may sleep.
 */
void mn_chan_exit(struct mn_net *mn)
{
	mn_chan_stop(mn);
	WARN_ON_ONCE(!list_empty(&mn->chan->sessions));
	mn->overlay->watch = NULL;
	kfree(mn->chan);
	mn->chan = NULL;
}

/**
 * mn_chan_caches_create() - make the slab of messages
 *
 * Return: 0 or -ENOMEM
 */
int mn_chan_caches_create(void)
{
	return mn_chan_send_cache_create();
}

/**
 * mn_chan_caches_destroy() - the opposite
 *
 * Context: may sleep.
 */
void mn_chan_caches_destroy(void)
{
	mn_chan_send_cache_destroy();
}
