// SPDX-License-Identifier: GPL-2.0
/*
 * How far a connection is. What TCP says is believed as it passes, without a look
 * at sequence numbers: a forged reset of a connection's own addresses and ports
 * makes its time short, and nothing else.
 *
 *	              SYN->          <-SYN ACK          ACK->
 *	(none) ------> syn-sent ------> syn-received ------> established
 *	   '--- ACK, in the middle ------------------------------^
 *
 *	syn-received, established: FIN of either side -> fin-wait
 *	any: RST -> closed
 *
 * A simultaneous open (SYN-> <-SYN) is syn-received, too. fin-wait and closed end
 * by their timeouts, or when a SYN begins a new connection.
 */
#include <net/tcp.h>

#include "state/conn_table.h"

/**
 * mn_conn_first_phase() - phase of a connection that begins
 * @proto: IP protocol
 * @tcp_flags: of its first packet
 *
 * Return: &enum midonet_conn_phase
 */
u8 mn_conn_first_phase(u8 proto, u8 tcp_flags)
{
	if (proto != IPPROTO_TCP)
		return MIDONET_CONN_PHASE_UNANSWERED;
	if (tcp_flags & TCPHDR_RST)
		return MIDONET_CONN_PHASE_CLOSED;
	if (tcp_flags & TCPHDR_FIN)
		return MIDONET_CONN_PHASE_FIN_WAIT;
	return (tcp_flags & (TCPHDR_SYN | TCPHDR_ACK)) == TCPHDR_SYN ?
	       MIDONET_CONN_PHASE_SYN_SENT : MIDONET_CONN_PHASE_ESTABLISHED;
}

static u8 next_tcp(u8 phase, enum mn_dir dir, u8 flags)
{
	if (flags & TCPHDR_RST)
		return MIDONET_CONN_PHASE_CLOSED;
	switch (phase) {
	case MIDONET_CONN_PHASE_SYN_SENT:
		/* With an ACK or, of both at once, without. */
		if (dir == MN_DIR_RETURN && flags & TCPHDR_SYN)
			return MIDONET_CONN_PHASE_SYN_RECEIVED;
		break;
	case MIDONET_CONN_PHASE_SYN_RECEIVED:
		if (flags & TCPHDR_FIN)
			return MIDONET_CONN_PHASE_FIN_WAIT;
		if (dir == MN_DIR_FORWARD && flags & TCPHDR_ACK)
			return MIDONET_CONN_PHASE_ESTABLISHED;
		break;
	case MIDONET_CONN_PHASE_ESTABLISHED:
		if (flags & TCPHDR_FIN)
			return MIDONET_CONN_PHASE_FIN_WAIT;
		break;
	}
	return phase;
}

static u8 next_phase(u8 proto, u8 phase, enum mn_dir dir, u8 tcp_flags)
{
	if (proto == IPPROTO_TCP)
		return next_tcp(phase, dir, tcp_flags);
	return dir == MN_DIR_RETURN ? MIDONET_CONN_PHASE_ANSWERED : phase;
}

static bool is_open(u8 phase)
{
	return phase == MIDONET_CONN_PHASE_SYN_RECEIVED ||
	       phase == MIDONET_CONN_PHASE_ESTABLISHED ||
	       phase == MIDONET_CONN_PHASE_FIN_WAIT;
}

static void note_fin(struct mn_conn *conn, enum mn_dir dir)
{
	int bit = dir == MN_DIR_FORWARD ? MN_CONN_FIN_FORWARD :
					  MN_CONN_FIN_RETURN;

	if (!test_bit(bit, &conn->flags))
		set_bit(bit, &conn->flags);
}

/**
 * mn_conn_seen() - a packet of a connection was sent on
 * @conn: connection
 * @dir: side that sent it
 * @tcp_flags: of a TCP packet
 *
 * Lock-free but for the first answer, and writes only what changes.
 *
 * Context: RCU, BH disabled.
 */
void mn_conn_seen(struct mn_conn *conn, enum mn_dir dir, u8 tcp_flags)
{
	u8 proto = conn->end[MN_DIR_FORWARD].tuple.proto;
	u8 phase = READ_ONCE(conn->phase), next, old;

	if (proto == IPPROTO_TCP && tcp_flags & TCPHDR_FIN && is_open(phase))
		note_fin(conn, dir);
	for (;;) {
		next = next_phase(proto, phase, dir, tcp_flags);
		if (next == phase)
			break;
		old = cmpxchg(&conn->phase, phase, next);
		if (old == phase)
			break;
		phase = old;
	}
	mn_used_touch(&conn->used, jiffies);
	/* The last: fully ordered, so that who reads the state is told. */
	if (dir == MN_DIR_RETURN && !mn_conn_answered(conn) &&
	    !test_and_set_bit(MN_CONN_ANSWERED, &conn->flags))
		mn_conn_set_answered(conn);
}

/**
 * mn_conn_reopens() - does a packet begin another connection?
 * @conn: connection that has its tuple
 * @dir: side that sent it
 * @tcp_flags: of a TCP packet
 *
 * A SYN does, from either side, once the connection was reset or both have said
 * FIN.
 *
 * Context: any.
 */
bool mn_conn_reopens(const struct mn_conn *conn, enum mn_dir dir, u8 tcp_flags)
{
	const unsigned long fins = BIT(MN_CONN_FIN_FORWARD) |
				   BIT(MN_CONN_FIN_RETURN);

	if (conn->end[MN_DIR_FORWARD].tuple.proto != IPPROTO_TCP ||
	    (tcp_flags & (TCPHDR_SYN | TCPHDR_ACK | TCPHDR_RST | TCPHDR_FIN)) !=
	    TCPHDR_SYN)
		return false;
	return READ_ONCE(conn->phase) == MIDONET_CONN_PHASE_CLOSED ||
	       (READ_ONCE(conn->flags) & fins) == fins;
}

/**
 * mn_conn_watch() - which packets of its flows a connection has to see
 * @conn: connection
 *
 * Context: any.
 *
 * Return: TCP flags; packets with any of them are for mn_conn_seen(). 0: none
 */
u8 mn_conn_watch(const struct mn_conn *conn)
{
	if (conn->end[MN_DIR_FORWARD].tuple.proto != IPPROTO_TCP)
		return 0;
	switch (READ_ONCE(conn->phase)) {
	case MIDONET_CONN_PHASE_SYN_SENT:
	case MIDONET_CONN_PHASE_SYN_RECEIVED:
		return 0xff;
	}
	return TCPHDR_SYN | TCPHDR_FIN | TCPHDR_RST;
}
