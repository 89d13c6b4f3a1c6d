/* SPDX-License-Identifier: GPL-2.0 */
#ifndef _MN_NOTIFY_H
#define _MN_NOTIFY_H

#include <linux/types.h>

struct mn_entry;
struct mn_net;
struct mn_obj;
struct mn_port;

void mn_notify_config(struct mn_net *mn, u8 op, const struct mn_obj *obj);
void mn_notify_entry(struct mn_net *mn, u8 op, const struct mn_entry *e);
void mn_notify_state(struct mn_port *port);
void mn_notify_learn(struct mn_net *mn, u8 op, const struct mn_port *port,
		     u16 vlan, const u8 *mac);

#endif /* _MN_NOTIFY_H */
