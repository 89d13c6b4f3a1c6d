/* SPDX-License-Identifier: GPL-2.0 */
#ifndef _MN_FRAG_H
#define _MN_FRAG_H

#include "sim/ctx.h"

struct mn_frags;

int mn_frag_caches_create(void);
void mn_frag_caches_destroy(void);
int mn_frags_init(struct mn_net *mn);
void mn_frags_stop(struct mn_net *mn);
void mn_frags_exit(struct mn_net *mn);

/**
 * enum mn_frag_fate - what to do with a later fragment
 * @MN_FRAG_WALK: go on; ctx->key has the L4 fields of the first (MN_KEY_L4), or
 *	it is judged alone
 * @MN_FRAG_DROP: its first was dropped
 * @MN_FRAG_PARK: its first is unknown: park it
 */
enum mn_frag_fate { MN_FRAG_WALK, MN_FRAG_DROP, MN_FRAG_PARK };

/*
 * A walk of a later fragment is about to read an L4 field. Fills the key's L4
 * fields from what its first fragment had. For MN_FRAG_DROP and MN_FRAG_PARK
 * the walk is over: ctx->stop is set, and mn_walk_chain() looks at it whatever
 * the chain then says.
 */
enum mn_frag_fate mn_frag_later(struct mn_ctx *ctx);
/* The walk of a first fragment that read L4 fields ended; remember how. */
void mn_frag_first(struct mn_ctx *ctx);
u32 mn_frag_id(struct mn_ctx *ctx);
void mn_frag_parked(struct mn_net *mn, const struct mn_park_key *pk);

#endif /* _MN_FRAG_H */
