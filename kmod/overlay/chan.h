/* SPDX-License-Identifier: GPL-2.0 */
#ifndef _MN_CHAN_H
#define _MN_CHAN_H

struct mn_net;
struct mn_peer;
struct sk_buff;

/* overlay/chan.c */
int mn_chan_receive(struct mn_net *mn, struct mn_peer *peer,
		    struct sk_buff *skb);

#endif /* _MN_CHAN_H */
