// SPDX-License-Identifier: GPL-2.0
/*
 * What chains ask about the connection of a packet. No device tracks connections
 * yet, so no packet belongs to one.
 */
#include <net/ipv6.h>

#include "flow/key.h"
#include "state/track.h"

/**
 * mn_track_state() - what a packet is to the connections of its device
 * @ctx: walk
 *
 * Return: &enum midonet_conn_state, -1 if it is nothing
 */
int mn_track_state(struct mn_ctx *ctx)
{
	return -1;
}

/**
 * mn_track_direction() - which side of its connection sent a packet
 * @ctx: walk
 *
 * Return: &enum midonet_conn_direction, -1 if it has no connection
 */
int mn_track_direction(struct mn_ctx *ctx)
{
	return -1;
}

/**
 * mn_track_dst_rewritten() - was the destination translated in this device
 * @ctx: walk
 */
bool mn_track_dst_rewritten(const struct mn_ctx *ctx)
{
	return false;
}

/**
 * mn_track_quote() - the packet that an ICMP error is about
 * @ctx: walk
 *
 * Return: its tuple; NULL if this is no ICMP error
 */
const struct mn_tuple *mn_track_quote(struct mn_ctx *ctx)
{
	return NULL;
}
