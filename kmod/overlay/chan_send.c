// SPDX-License-Identifier: GPL-2.0
/*
 * The way of messages to another host: records are collected in messages, which
 * are sent, and sent again, until they are acknowledged.
 *
 * A record is sent at once, so that it is there before the packet it is about. If
 * many are on their way already, those that come in one softirq share messages,
 * which leave at its end.
 *
 * Nobody waits for room: what does not fit is forgotten, and all is sent from the
 * beginning when the other host is there again (chan_sync.c).
 */
#include <linux/etherdevice.h>
#include <linux/slab.h>
#include <linux/unaligned.h>

#include "overlay/chan_session.h"
#include "overlay/peer.h"
#include "overlay/tunnel.h"
#include "overlay/zone.h"
#include "port/host.h"

/* A message is sent again after so long, twice as long, ..., but at least once a. */
#define MN_CHAN_RTO	(HZ / 100 + 1)
#define MN_CHAN_RTO_MAX	HZ
/* So many are sent again when the oldest is due. */
#define MN_CHAN_BURST	32
/* Silence is broken after so long. */
#define MN_CHAN_IDLE	HZ

static struct kmem_cache *out_cache;

/**
 * mn_session_key() - by which way, and with which key, a host is spoken to
 * @s: session
 * @key: set to the key of the zone, all zero if it has none
 * @peer: set to the way
 *
 * Context: RCU.
 *
 * Return: false if there is no way
 */
bool mn_session_key(const struct mn_session *s, siphash_key_t *key,
		    struct mn_peer **peer)
{
	u64 generation = mn_net_generation(s->mn);
	const struct mn_zone_ver *v;
	const struct mn_ver *ver;
	const char *why;

	*peer = mn_peer_of_host(s->mn, s->host, generation, &why);
	ver = *peer ? mn_ver_at(&(*peer)->zone->obj, generation) : NULL;
	if (!ver)
		return false;
	v = mn_zone_ver(ver);
	key->key[0] = get_unaligned_le64(v->key);
	key->key[1] = get_unaligned_le64(v->key + 8);
	return true;
}

/* Under the lock: the frame of a message, with the records of @out or without. */
static struct sk_buff *make(struct mn_session *s, const struct mn_chan_out *out,
			    u8 flags, u64 to, const siphash_key_t *key)
{
	const struct mn_host *us = rcu_dereference(s->mn->local_host);
	bool known = s->up && to == s->remote;
	struct mn_chan_msg msg;
	struct ethhdr *eth;
	struct sk_buff *skb;
	u32 len;

	if (!us)
		return NULL;
	skb = alloc_skb(MN_HEADROOM + ETH_HLEN + MN_CHAN_HEAD_MAX +
			MN_CHAN_TAG + (out ? out->len : 0),
			GFP_ATOMIC | __GFP_NOWARN);
	if (!skb)
		return NULL;
	msg.flags = flags | (out ? MN_CHAN_DATA : 0) |
		    (known && s->has_map ? MN_CHAN_MAP : 0);
	memcpy(msg.sender, us->obj.ident.id, sizeof(msg.sender));
	msg.epoch = s->epoch;
	msg.to = to;
	msg.seq = out ? out->seq : s->next;
	msg.ack = known ? s->ack : 1;
	msg.challenge = s->challenge;
	msg.echo = s->echo;
	memcpy(msg.map, s->map, sizeof(msg.map));
	msg.records = out ? out->records : NULL;
	msg.len = out ? out->len : 0;
	skb_reserve(skb, MN_HEADROOM);
	eth = skb_put(skb, ETH_HLEN);
	/* Between kernels: whoever sends it, the tunnel says who. */
	eth_zero_addr(eth->h_source);
	eth->h_source[0] = 0x02;
	eth_zero_addr(eth->h_dest);
	eth->h_dest[0] = 0x02;
	eth->h_proto = htons(MN_CHAN_TYPE);
	len = mn_chan_build(skb_tail_pointer(skb), &msg, key);
	skb_put(skb, len);
	skb->protocol = eth->h_proto;
	skb_reset_mac_header(skb);
	skb_set_network_header(skb, ETH_HLEN);
	/* One flow of the underlay, so that they stay in order. */
	__skb_set_sw_hash(skb, (u32)s->epoch | 1, true);
	s->sent = jiffies;
	return skb;
}

/* Under the lock: what answers are due, in a message of its own. */
static void make_answer(struct mn_session *s, const siphash_key_t *key,
			struct sk_buff_head *list, u8 flags)
{
	u64 to = s->greet_to ?: s->remote;
	struct sk_buff *skb;

	if (s->greet_to || !s->up) {
		while (!s->challenge)
			s->challenge = get_random_u64();
		flags |= MN_CHAN_CHALLENGE;
		s->greeted = jiffies;
	}
	if (s->echo_due)
		flags |= MN_CHAN_ECHO;
	skb = make(s, NULL, flags, to, key);
	if (!skb)
		return;
	__skb_queue_tail(list, skb);
	s->greet_to = 0;
	s->echo_due = false;
	s->ack_due = false;
}

/* Under the lock. */
static bool make_data(struct mn_session *s, struct mn_chan_out *out,
		      const siphash_key_t *key, struct sk_buff_head *list)
{
	struct sk_buff *skb = make(s, out, 0, s->remote, key);

	if (!skb)
		return false;
	__skb_queue_tail(list, skb);
	out->sent_at = jiffies;
	s->ack_due = false;
	return true;
}

/* Under the lock: what was not sent yet, as far as the window goes. */
static void make_new(struct mn_session *s, const siphash_key_t *key,
		     struct sk_buff_head *list)
{
	struct mn_chan_out *out;

	while (s->up && s->n_queue && s->next - s->una < MN_CHAN_WINDOW) {
		out = list_first_entry(&s->queue, struct mn_chan_out, list);
		out->seq = s->next;
		/* Without memory it is as if it had been lost. */
		if (!make_data(s, out, key, list))
			out->sent_at = jiffies;
		s->next++;
		list_move_tail(&out->list, &s->flight);
		s->n_queue--;
		s->stats.sent++;
	}
}

/* Under the lock: those in flight that are due again. */
static void make_again(struct mn_session *s, const siphash_key_t *key,
		       struct sk_buff_head *list)
{
	struct mn_chan_out *out, *first;
	int n = 0;

	first = list_first_entry_or_null(&s->flight, struct mn_chan_out, list);
	if (!first || time_before(jiffies, first->sent_at + s->rto))
		return;
	list_for_each_entry(out, &s->flight, list) {
		/* Of the first the peer says that it misses it. */
		if (out != first &&
		    (out->acked ||
		     time_before(jiffies, out->sent_at + s->rto)))
			continue;
		if (n++ == MN_CHAN_BURST || !make_data(s, out, key, list))
			break;
		s->stats.resent++;
	}
	s->rto = min_t(unsigned long, 2 * s->rto, MN_CHAN_RTO_MAX);
}

/**
 * mn_session_arm() - see to it that the worker runs
 * @s: session, locked
 * @when: jiffies
 *
 * Context: any.
 */
void mn_session_arm(struct mn_session *s, unsigned long when)
{
	unsigned long now = jiffies;

	lockdep_assert_held(&s->lock);
	if (s->gone || (s->armed && time_after_eq(when, s->wake)))
		return;
	s->armed = true;
	s->wake = when;
	mod_delayed_work(system_highpri_wq, &s->work,
			 time_after(when, now) ? when - now : 0);
}

/* Under the lock: when it is time to look again. */
static void arm(struct mn_session *s)
{
	const struct mn_chan_out *first;
	unsigned long when = s->sent + MN_CHAN_IDLE;

	first = list_first_entry_or_null(&s->flight, struct mn_chan_out, list);
	if (first && time_before(first->sent_at + s->rto, when))
		when = first->sent_at + s->rto;
	if (!s->up && time_before(s->greeted + s->rto, when))
		when = s->greeted + s->rto;
	mn_session_arm(s, when);
}

/* Under the lock: nobody was challenged for long, or nothing said. */
static void make_idle(struct mn_session *s, const siphash_key_t *key,
		      struct sk_buff_head *list)
{
	if (!s->up && time_after_eq(jiffies, s->greeted + s->rto)) {
		make_answer(s, key, list, MN_CHAN_POLL);
		s->rto = min_t(unsigned long, 2 * s->rto, MN_CHAN_RTO_MAX);
	} else if (s->up && time_after_eq(jiffies, s->sent + MN_CHAN_IDLE)) {
		make_answer(s, key, list, MN_CHAN_POLL);
	}
}

static void make_due(struct mn_session *s, const siphash_key_t *key,
		     struct sk_buff_head *list, bool again)
{
	if (again) {
		make_again(s, key, list);
		make_idle(s, key, list);
	}
	make_new(s, key, list);
	if (s->ack_due || s->echo_due || s->greet_to)
		make_answer(s, key, list, 0);
	arm(s);
}

/**
 * mn_session_push() - send what is due
 * @s: session
 * @again: also what has to be sent again
 *
 * Context: any but hard interrupts, RCU.
 */
void mn_session_push(struct mn_session *s, bool again)
{
	struct sk_buff_head list;
	struct mn_peer *peer;
	struct sk_buff *skb;
	siphash_key_t key;

	__skb_queue_head_init(&list);
	local_bh_disable();
	spin_lock(&s->lock);
	if (s->gone) {
		/* Nobody is told any more. */
	} else if (mn_session_key(s, &key, &peer)) {
		make_due(s, &key, &list, again);
	} else {
		s->sent = jiffies;
		arm(s);
	}
	spin_unlock(&s->lock);
	while ((skb = __skb_dequeue(&list)))
		mn_peer_send(peer, skb);
	local_bh_enable();
	memzero_explicit(&key, sizeof(key));
}

/**
 * mn_session_push_records() - send records that were added
 * @s: session
 *
 * Now, or, if many are on their way, when this softirq is over.
 *
 * Context: BH disabled, RCU.
 */
void mn_session_push_records(struct mn_session *s)
{
	if (READ_ONCE(s->next) - READ_ONCE(s->una) < MN_CHAN_EAGER)
		mn_session_push(s, false);
	else
		tasklet_schedule(&s->push);
}

/* Under the lock. */
static void free_list(struct list_head *list)
{
	struct mn_chan_out *out, *next;

	list_for_each_entry_safe(out, next, list, list)
		kmem_cache_free(out_cache, out);
	INIT_LIST_HEAD(list);
}

/**
 * mn_session_forget() - drop all messages, begin with the first again
 * @s: session, locked
 *
 * Context: BH disabled.
 */
void mn_session_forget(struct mn_session *s)
{
	free_list(&s->flight);
	free_list(&s->queue);
	s->n_queue = 0;
	s->una = 1;
	s->next = 1;
	s->rto = MN_CHAN_RTO;
}

/* Under the lock: too much to be sent: it will be found again. */
static void overflow(struct mn_session *s)
{
	free_list(&s->queue);
	s->n_queue = 0;
	mn_session_want_sync(s, false);
}

/* Under the lock: a message with room for a record, or NULL. */
static struct mn_chan_out *room(struct mn_session *s, u32 len)
{
	struct mn_chan_out *out;

	if (s->n_queue) {
		out = list_last_entry(&s->queue, struct mn_chan_out, list);
		if (out->len + len <= sizeof(out->records))
			return out;
	}
	if (s->n_queue >= MN_CHAN_BACKLOG)
		return NULL;
	out = kmem_cache_alloc(out_cache, GFP_ATOMIC | __GFP_NOWARN);
	if (!out)
		return NULL;
	out->since = jiffies;
	out->acked = false;
	out->len = 0;
	list_add_tail(&out->list, &s->queue);
	s->n_queue++;
	return out;
}

/**
 * mn_session_add() - tell a host something, with the next message
 * @s: session
 * @rec: record
 * @len: its bytes, at most MN_CHAN_ROOM
 *
 * A host that is not there, or that will be told everything anyhow, is not.
 *
 * Context: any but hard interrupts.
 */
void mn_session_add(struct mn_session *s, const u8 *rec, u32 len)
{
	struct mn_chan_out *out;

	spin_lock_bh(&s->lock);
	if (s->up && !s->gone && s->sync != MN_SYNC_WANTED) {
		out = room(s, len);
		if (out) {
			memcpy(out->records + out->len, rec, len);
			out->len += len;
		} else {
			overflow(s);
		}
	}
	spin_unlock_bh(&s->lock);
}

/*
 * Under the lock: what was sent after others has come, before them. The way is
 * open, so they need not wait longer than at first.
 */
static void resend_missing(struct mn_session *s, const struct mn_chan_msg *msg)
{
	struct mn_chan_out *out;
	u32 n, last = 0;

	for (n = 1; n < MN_CHAN_WINDOW; n++) {
		if (mn_window_has(msg->map, n))
			last = n;
	}
	list_for_each_entry(out, &s->flight, list) {
		n = out->seq - msg->ack;
		if (n > last)
			break;
		if (mn_window_has(msg->map, n))
			out->acked = true;
		else if (n < last)
			s->rto = MN_CHAN_RTO;
	}
	if (last)
		tasklet_schedule(&s->push);
}

/**
 * mn_session_acked() - a host says what it has taken
 * @s: session, locked
 * @msg: message from it
 *
 * Context: BH disabled.
 *
 * Return: false if it says what cannot be
 */
bool mn_session_acked(struct mn_session *s, const struct mn_chan_msg *msg)
{
	struct mn_chan_out *out, *next;

	if (msg->ack > s->next)
		return false;
	if (msg->ack < s->una)
		return true;
	list_for_each_entry_safe(out, next, &s->flight, list) {
		if (out->seq >= msg->ack)
			break;
		list_del(&out->list);
		kmem_cache_free(out_cache, out);
	}
	if (msg->ack > s->una)
		s->rto = MN_CHAN_RTO;
	WRITE_ONCE(s->una, msg->ack);
	if (msg->flags & MN_CHAN_MAP)
		resend_missing(s, msg);
	if (s->n_queue)
		tasklet_schedule(&s->push);
	/* Whoever looks for more to tell may have waited for room. */
	if ((s->sync != MN_SYNC_NONE || s->n_pulls || s->n_pulling) &&
	    s->n_queue < MN_CHAN_BACKLOG / 4)
		mn_session_arm(s, jiffies);
	return true;
}

/**
 * mn_chan_send_cache_create() - make the slab of messages
 *
 * Return: 0 or -ENOMEM
 */
int mn_chan_send_cache_create(void)
{
	out_cache = KMEM_CACHE(mn_chan_out, 0);
	return out_cache ? 0 : -ENOMEM;
}

/**
 * mn_chan_send_cache_destroy() - the opposite
 *
 * Context: may sleep.
 */
void mn_chan_send_cache_destroy(void)
{
	kmem_cache_destroy(out_cache);
}
