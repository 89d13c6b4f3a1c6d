// SPDX-License-Identifier: GPL-2.0
/*
 * Which flows are worth an entry. An entry that no further packet hits costs
 * far more than the walk it could have saved: memory, cache lines, the sweep, a
 * place in the quota. Most are hit, so a flow is installed when its first packet
 * is walked; but those of a scan, of invented headers, of queries of one packet
 * each never are.
 *
 * So a port may have a number of entries that no packet has hit yet, and beyond
 * that as many as it has others. When they are there, a packet is walked without
 * thought of an entry, which spares the walk the version counters, too, unless
 * the same headers came by lately: each CPU has marks of those it turned away.
 * An entry that is hit makes room for others at once, so a port whose flows last
 * is not slowed down; and one with many flows that come round slowly has twice
 * as many entries after each round.
 *
 * What the packet is counted for and what is learned from it is the same either
 * way.
 */
#include "flow/cache.h"
#include "flow/flow.h"
#include "port/port.h"

/**
 * mn_flow_admit() - is a packet worth an entry?
 * @port: port where it enters the overlay
 * @hash: of its whole key
 *
 * Context: BH disabled, RCU.
 *
 * Return: false if its walk shall leave none
 */
bool mn_flow_admit(const struct mn_port *port, u64 hash)
{
	u16 *mark, tag = hash >> 48;

	if (likely(mn_flow_on_trial(port)))
		return true;
	mark = mn_cache_mark(port->mn, hash);
	if (*mark == tag)
		return true;
	*mark = tag;
	return false;
}

/**
 * mn_flow_prove() - a packet has hit an entry, or it is freed
 * @flow: flow; who sees that &mn_flow.unproven is zero need not call
 *
 * Context: any in which the flow is there.
 */
void mn_flow_prove(struct mn_flow *flow)
{
	if (xchg(&flow->unproven, 0))
		atomic_dec(&flow->in->n_unproven);
}
