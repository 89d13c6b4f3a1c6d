// SPDX-License-Identifier: GPL-2.0
/*
 * The order of messages from a peer: each is taken once, and not before those
 * with lesser numbers. What comes early is kept, within a window.
 */
#include "overlay/chan_window.h"

/**
 * mn_window_place() - where a message belongs
 * @w: window
 * @seq: its number
 *
 * Return: &enum mn_window_place
 */
enum mn_window_place mn_window_place(const struct mn_window *w, u64 seq)
{
	if (seq < w->next)
		return MN_WINDOW_OLD;
	if (seq == w->next)
		return MN_WINDOW_NEXT;
	if (seq - w->next >= MN_CHAN_WINDOW)
		return MN_WINDOW_FAR;
	return w->early[seq % MN_CHAN_WINDOW] ? MN_WINDOW_OLD :
						MN_WINDOW_EARLY;
}

/**
 * mn_window_keep() - keep a message that came early
 * @w: window
 * @seq: its number, whose place is MN_WINDOW_EARLY
 * @skb: the message, owned by the window
 */
void mn_window_keep(struct mn_window *w, u64 seq, struct sk_buff *skb)
{
	w->early[seq % MN_CHAN_WINDOW] = skb;
	w->n_early++;
}

/**
 * mn_window_advance() - the message that was waited for was taken
 * @w: window
 *
 * Return: the one after it, if it has come; owned by the caller
 */
struct sk_buff *mn_window_advance(struct mn_window *w)
{
	struct sk_buff **slot = &w->early[++w->next % MN_CHAN_WINDOW];
	struct sk_buff *skb = *slot;

	*slot = NULL;
	w->n_early -= !!skb;
	return skb;
}

/**
 * mn_window_map() - which messages have come early
 * @w: window
 * @map: bit n: message @w->next + n; MN_CHAN_WINDOW bits
 *
 * Return: false if none has
 */
bool mn_window_map(const struct mn_window *w, u8 *map)
{
	u32 n;

	if (!w->n_early)
		return false;
	memset(map, 0, MN_CHAN_WINDOW / 8);
	for (n = 1; n < MN_CHAN_WINDOW; n++) {
		if (w->early[(w->next + n) % MN_CHAN_WINDOW])
			map[n / 8] |= 1 << n % 8;
	}
	return true;
}

/**
 * mn_window_reset() - begin at the first message
 * @w: window
 */
void mn_window_reset(struct mn_window *w)
{
	int i;

	for (i = 0; i < MN_CHAN_WINDOW; i++) {
		kfree_skb(w->early[i]);
		w->early[i] = NULL;
	}
	w->n_early = 0;
	w->next = 1;
}
