/* SPDX-License-Identifier: GPL-2.0 */
#ifndef _MN_CHAN_WINDOW_H
#define _MN_CHAN_WINDOW_H

#include <linux/skbuff.h>

#include "overlay/chan_msg.h"

/**
 * enum mn_window_place - what a message is to those that were taken
 * @MN_WINDOW_NEXT: it is the next one
 * @MN_WINDOW_EARLY: others have to come first
 * @MN_WINDOW_OLD: it was there already
 * @MN_WINDOW_FAR: nobody who obeys would send it now
 */
enum mn_window_place {
	MN_WINDOW_NEXT, MN_WINDOW_EARLY, MN_WINDOW_OLD, MN_WINDOW_FAR,
};

/**
 * struct mn_window - messages from a peer, put in order
 * @next: number of the one waited for
 * @early: those behind it, by number modulo MN_CHAN_WINDOW, or NULL; of @next never
 * @n_early: how many there are
 */
struct mn_window {
	u64 next;
	struct sk_buff *early[MN_CHAN_WINDOW];
	u32 n_early;
};

enum mn_window_place mn_window_place(const struct mn_window *w, u64 seq);
void mn_window_keep(struct mn_window *w, u64 seq, struct sk_buff *skb);
struct sk_buff *mn_window_advance(struct mn_window *w);
bool mn_window_map(const struct mn_window *w, u8 *map);
void mn_window_reset(struct mn_window *w);

/* Does a map from mn_window_map() have message @ack + @n? */
static inline bool mn_window_has(const u8 *map, u32 n)
{
	return n < MN_CHAN_WINDOW && map[n / 8] & (1 << n % 8);
}

#endif /* _MN_CHAN_WINDOW_H */
