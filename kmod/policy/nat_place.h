/* SPDX-License-Identifier: GPL-2.0 */
#ifndef _MN_NAT_PLACE_H
#define _MN_NAT_PLACE_H

#include <linux/types.h>

struct mn_chain;
struct mn_net;
struct mn_rule;
struct mn_txn;
struct mn_ver;

/**
 * enum mn_nat_kind - rules that stand in certain chains only
 * @MN_NAT_KIND_DNAT: in a router's in-chain
 * @MN_NAT_KIND_SNAT: in a router's out-chain
 * @MN_NAT_KIND_REV: in either
 * @MN_NAT_KIND_ASKS: anywhere: rules that ask for the state or direction of a
 *	packet, so its connection has to be tracked
 * @MN_NAT_KINDS: how many there are
 */
enum mn_nat_kind {
	MN_NAT_KIND_DNAT, MN_NAT_KIND_SNAT, MN_NAT_KIND_REV,
	MN_NAT_KIND_ASKS, MN_NAT_KINDS,
};

/**
 * enum mn_nat_place_kind - what a chain is attached to
 * @MN_NAT_PLACE_ROUTER_IN: a router, as its in-chain
 * @MN_NAT_PLACE_ROUTER_OUT: a router, as its out-chain
 * @MN_NAT_PLACE_OTHER: a bridge or a port
 * @MN_NAT_PLACES: how many there are
 */
enum mn_nat_place_kind {
	MN_NAT_PLACE_ROUTER_IN, MN_NAT_PLACE_ROUTER_OUT, MN_NAT_PLACE_OTHER,
	MN_NAT_PLACES,
};

/**
 * struct mn_nat_place - what is known of a chain, to judge where translation stands
 * @attached: by &enum mn_nat_place_kind: how often it is attached in the end state
 * @nats: by &enum mn_nat_kind: its rules of that kind in the end state, and its
 *	jumps to chains where this is not 0
 * @misplaced: a kind in @nats must not be where it is attached; counted in
 *	&mn_net.n_misplaced
 * @turned: kinds whose change the chains that jump here do not know yet
 * @next: next chain with something in @turned
 * @unsettled: in the list of &mn_net.unsettled: &mn_chain.asks may have to follow
 * @next_unsettled: next of them
 *
 * Under mn_net.lock.
 */
struct mn_nat_place {
	u32 attached[MN_NAT_PLACES];
	u32 nats[MN_NAT_KINDS];
	bool misplaced;
	u8 turned;
	struct mn_chain *next;
	bool unsettled;
	struct mn_chain *next_unsettled;
};

void mn_nat_place_enter(struct mn_rule *rule);
void mn_nat_place_leave(struct mn_rule *rule);
u8 mn_nat_place_hold(struct mn_chain *chain);
void mn_nat_place_release(struct mn_chain *chain, u8 kinds);
void mn_nat_place_attach(struct mn_net *mn, const struct mn_ver *ver, int by);
void mn_nat_place_settle(struct mn_net *mn);
int mn_nat_place_check(struct mn_txn *txn);

#endif /* _MN_NAT_PLACE_H */
