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

static bool note_fin(struct mn_conn *conn, enum mn_dir dir)
{
	int bit = dir == MN_DIR_FORWARD ? MN_CONN_FIN_FORWARD :
					  MN_CONN_FIN_RETURN;

	return !test_bit(bit, &conn->flags) &&
	       !test_and_set_bit(bit, &conn->flags);
}

/* The first answer. True if nobody had seen one. */
static bool note_answer(struct mn_conn *conn)
{
	/* Fully ordered, so that who reads the state is told. */
	if (mn_conn_answered(conn) ||
	    test_and_set_bit(MN_CONN_ANSWERED, &conn->flags))
		return false;
	mn_conn_set_answered(conn);
	return true;
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
 *
 * Return: true if it has changed by that
 */
bool mn_conn_seen(struct mn_conn *conn, enum mn_dir dir, u8 tcp_flags)
{
	u8 proto = conn->end[MN_DIR_FORWARD].tuple.proto;
	u8 phase = READ_ONCE(conn->phase), next, old;
	bool changed = false;

	if (proto == IPPROTO_TCP && tcp_flags & TCPHDR_FIN && is_open(phase))
		changed = note_fin(conn, dir);
	for (;;) {
		next = next_phase(proto, phase, dir, tcp_flags);
		if (next == phase)
			break;
		old = cmpxchg(&conn->phase, phase, next);
		if (old == phase) {
			changed = true;
			break;
		}
		phase = old;
	}
	mn_used_touch(&conn->used, jiffies);
	/* The last: who is told looks at the rest. */
	if (dir == MN_DIR_RETURN)
		changed |= note_answer(conn);
	return changed;
}

/**
 * mn_conn_heard() - another host has seen packets of a connection
 * @conn: connection
 * @phase: how far it is there, one that fits its protocol
 * @flags: MN_CONN_ANSWERED, FIN_FORWARD, FIN_RETURN as bits: what was seen there
 * @used: jiffies of the last packet there
 *
 * A connection never goes back, so what is farther is right, here or there.
 *
 * Context: RCU, BH disabled.
 */
void mn_conn_heard(struct mn_conn *conn, u8 phase, unsigned long flags,
		   unsigned long used)
{
	u8 now = READ_ONCE(conn->phase), old;

	while (now < phase) {
		old = cmpxchg(&conn->phase, now, phase);
		if (old == now)
			break;
		now = old;
	}
	if (flags & BIT(MN_CONN_FIN_FORWARD))
		note_fin(conn, MN_DIR_FORWARD);
	if (flags & BIT(MN_CONN_FIN_RETURN))
		note_fin(conn, MN_DIR_RETURN);
	mn_used_touch(&conn->used, used);
	if (flags & BIT(MN_CONN_ANSWERED))
		note_answer(conn);
}

/**
 * mn_conn_phase_fits() - does a connection of a protocol get there?
 * @proto: IP protocol
 * @phase: some number
 */
bool mn_conn_phase_fits(u8 proto, u8 phase)
{
	return phase < __MIDONET_CONN_PHASE_COUNT &&
	       (proto == IPPROTO_TCP) ==
	       (phase != MIDONET_CONN_PHASE_UNANSWERED &&
		phase != MIDONET_CONN_PHASE_ANSWERED);
}

/**
 * mn_conn_over() - has a connection ended?
 * @conn: connection
 *
 * TCP that was reset, or of which both sides have said FIN. It stays for a while,
 * for packets that are late.
 *
 * Context: any.
 */
bool mn_conn_over(const struct mn_conn *conn)
{
	const unsigned long fins = BIT(MN_CONN_FIN_FORWARD) |
				   BIT(MN_CONN_FIN_RETURN);

	return READ_ONCE(conn->phase) == MIDONET_CONN_PHASE_CLOSED ||
	       (READ_ONCE(conn->flags) & fins) == fins;
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
	if (conn->end[MN_DIR_FORWARD].tuple.proto != IPPROTO_TCP ||
	    (tcp_flags & (TCPHDR_SYN | TCPHDR_ACK | TCPHDR_RST | TCPHDR_FIN)) !=
	    TCPHDR_SYN)
		return false;
	return mn_conn_over(conn);
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
