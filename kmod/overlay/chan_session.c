// SPDX-License-Identifier: GPL-2.0
/*
 * Sessions of the state channel: one with each host that is reached by some zone.
 *
 * Each side of a session has a random number, its epoch; a message is for the
 * session if it names both. A side that does not know the other's epoch yet, or
 * hears another one, sends a challenge; only who echoes it is believed to be there
 * now. So neither old messages nor those of a former life are taken for new ones.
 * Whoever gets to know an epoch begins anew: everything is told from the
 * beginning.
 */
#include <linux/random.h>
#include <linux/slab.h>

#include "overlay/chan_session.h"
#include "overlay/peer.h"
#include "port/host.h"

static void session_work(struct work_struct *work)
{
	struct mn_session *s = container_of(to_delayed_work(work),
					    struct mn_session, work);

	spin_lock_bh(&s->lock);
	s->armed = false;
	spin_unlock_bh(&s->lock);
	mn_session_look(s);
	rcu_read_lock();
	mn_session_push(s, true);
	rcu_read_unlock();
}

static void session_push(struct tasklet_struct *tasklet)
{
	struct mn_session *s = container_of(tasklet, struct mn_session, push);

	rcu_read_lock();
	mn_session_push(s, true);
	rcu_read_unlock();
}

/**
 * mn_session_new() - begin a session
 * @mn: namespace, locked
 * @host: host that is reached
 *
 * Context: may sleep.
 *
 * Return: session that nobody knows yet, or NULL without memory
 */
struct mn_session *mn_session_new(struct mn_net *mn, struct mn_host *host)
{
	struct mn_session *s = kzalloc(sizeof(*s), GFP_KERNEL_ACCOUNT);

	if (!s)
		return NULL;
	s->mn = mn;
	s->host = host;
	refcount_inc(&host->obj.ident.ref);
	spin_lock_init(&s->rx_lock);
	spin_lock_init(&s->lock);
	INIT_LIST_HEAD(&s->flight);
	INIT_LIST_HEAD(&s->queue);
	INIT_DELAYED_WORK(&s->work, session_work);
	tasklet_setup(&s->push, session_push);
	mn_window_reset(&s->window);
	mn_session_forget(s);
	s->ack = 1;
	while (!s->epoch)
		s->epoch = get_random_u64();
	s->sent = jiffies - HZ;
	s->greeted = jiffies - HZ;
	s->heard = jiffies - 60 * HZ;
	return s;
}

/**
 * mn_session_free() - free a session
 * @s: session whose &mn_session.gone was set a grace period ago
 *
 * Context: may sleep.
 */
void mn_session_free(struct mn_session *s)
{
	cancel_delayed_work_sync(&s->work);
	tasklet_kill(&s->push);
	mn_window_reset(&s->window);
	spin_lock_bh(&s->lock);
	mn_session_forget(s);
	spin_unlock_bh(&s->lock);
	mn_obj_put(s->mn, &s->host->obj);
	kfree_sensitive(s);
}

/* Under both locks: the other side is there, and has forgotten everything. */
static void adopt(struct mn_session *s, u64 remote)
{
	s->remote = remote;
	s->challenge = 0;
	mn_window_reset(&s->window);
	s->ack = 1;
	s->has_map = false;
	s->round = 0;
	s->swept = false;
	s->theirs = false;
	mn_session_forget(s);
	if (!s->up)
		atomic_inc(&s->mn->chan->n_up);
	WRITE_ONCE(s->up, true);
	mn_session_want_sync(s, true);
}

/* Under both locks: who speaks is to prove that it speaks now. */
static void greet(struct mn_session *s, const struct mn_chan_msg *msg)
{
	if (!time_before(jiffies, s->greeted + 1))
		s->greet_to = msg->epoch;
}

/**
 * mn_session_known() - is a message one of the session?
 * @s: session, both locks held
 * @msg: message with the right tag
 *
 * If it is not, but may be the beginning of one, an answer is due.
 *
 * Context: BH disabled, RCU.
 *
 * Return: true if it is
 */
bool mn_session_known(struct mn_session *s, const struct mn_chan_msg *msg)
{
	bool ours = msg->to == s->epoch;

	if (ours && msg->epoch != s->remote && msg->flags & MN_CHAN_ECHO &&
	    s->challenge && msg->echo == s->challenge)
		adopt(s, msg->epoch);
	if (msg->flags & MN_CHAN_CHALLENGE) {
		s->echo = msg->challenge;
		s->echo_due = true;
	}
	if (ours && msg->epoch == s->remote)
		return true;
	greet(s, msg);
	/* An echo goes only to who is challenged itself, or is known. */
	if (!s->greet_to)
		s->echo_due = false;
	return false;
}
