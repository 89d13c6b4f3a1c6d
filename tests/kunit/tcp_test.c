// SPDX-License-Identifier: GPL-2.0
/*
 * How far a connection is: every transition, and what follows from it.
 */
#include <net/tcp.h>

#include "conn.h"

#define FIN	TCPHDR_FIN
#define SYN	TCPHDR_SYN
#define RST	TCPHDR_RST
#define ACK	TCPHDR_ACK

enum { SEN, REC, EST, FIW, CLO, PHASES };

static const u8 phases[PHASES] = {
	[SEN] = MIDONET_CONN_PHASE_SYN_SENT,
	[REC] = MIDONET_CONN_PHASE_SYN_RECEIVED,
	[EST] = MIDONET_CONN_PHASE_ESTABLISHED,
	[FIW] = MIDONET_CONN_PHASE_FIN_WAIT,
	[CLO] = MIDONET_CONN_PHASE_CLOSED,
};

/* What becomes of each phase when a packet passes. */
static const struct transition {
	u8 dir;
	u8 flags;
	u8 next[PHASES];
} transitions[] = {
	/*				   SEN  REC  EST  FIW  CLO */
	{ MN_DIR_FORWARD, SYN,		{ SEN, REC, EST, FIW, CLO } },
	{ MN_DIR_FORWARD, SYN | ACK,	{ SEN, EST, EST, FIW, CLO } },
	{ MN_DIR_FORWARD, ACK,		{ SEN, EST, EST, FIW, CLO } },
	{ MN_DIR_FORWARD, TCPHDR_PSH | ACK, { SEN, EST, EST, FIW, CLO } },
	{ MN_DIR_FORWARD, FIN | ACK,	{ SEN, FIW, FIW, FIW, CLO } },
	{ MN_DIR_FORWARD, FIN,		{ SEN, FIW, FIW, FIW, CLO } },
	{ MN_DIR_FORWARD, RST,		{ CLO, CLO, CLO, CLO, CLO } },
	{ MN_DIR_FORWARD, RST | ACK,	{ CLO, CLO, CLO, CLO, CLO } },
	{ MN_DIR_FORWARD, 0,		{ SEN, REC, EST, FIW, CLO } },
	{ MN_DIR_RETURN, SYN,		{ REC, REC, EST, FIW, CLO } },
	{ MN_DIR_RETURN, SYN | ACK,	{ REC, REC, EST, FIW, CLO } },
	{ MN_DIR_RETURN, ACK,		{ SEN, REC, EST, FIW, CLO } },
	{ MN_DIR_RETURN, TCPHDR_PSH | ACK, { SEN, REC, EST, FIW, CLO } },
	{ MN_DIR_RETURN, FIN | ACK,	{ SEN, FIW, FIW, FIW, CLO } },
	{ MN_DIR_RETURN, FIN,		{ SEN, FIW, FIW, FIW, CLO } },
	{ MN_DIR_RETURN, RST,		{ CLO, CLO, CLO, CLO, CLO } },
	{ MN_DIR_RETURN, RST | ACK,	{ CLO, CLO, CLO, CLO, CLO } },
	{ MN_DIR_RETURN, 0,		{ SEN, REC, EST, FIW, CLO } },
};

static struct mn_conn *tcp(struct conns *f, u32 n, u8 phase)
{
	const struct conn_like like = {
		.proto = IPPROTO_TCP,
		.n = n,
		.phase = phase,
	};

	return conns_add(f, &like);
}

static void tcp_transitions(struct kunit *test)
{
	struct conns *f = test->priv;
	struct mn_conn *conn;
	u32 i, from, n = 0;

	for (i = 0; i < ARRAY_SIZE(transitions); i++) {
		const struct transition *t = &transitions[i];

		for (from = 0; from < PHASES; from++) {
			conn = tcp(f, n++, phases[from]);
			conns_seen(conn, t->dir, t->flags);
			KUNIT_EXPECT_EQ_MSG(test, conn->phase,
					    phases[t->next[from]],
					    "phase %u, direction %u, flags %02x",
					    phases[from], t->dir, t->flags);
			KUNIT_EXPECT_EQ(test, t->dir == MN_DIR_RETURN,
					mn_conn_answered(conn));
		}
	}
}

static void tcp_first(struct kunit *test)
{
	KUNIT_EXPECT_EQ(test, MIDONET_CONN_PHASE_SYN_SENT,
			(int)mn_conn_first_phase(IPPROTO_TCP, SYN));
	KUNIT_EXPECT_EQ(test, MIDONET_CONN_PHASE_ESTABLISHED,
			(int)mn_conn_first_phase(IPPROTO_TCP, SYN | ACK));
	KUNIT_EXPECT_EQ(test, MIDONET_CONN_PHASE_ESTABLISHED,
			(int)mn_conn_first_phase(IPPROTO_TCP, ACK));
	KUNIT_EXPECT_EQ(test, MIDONET_CONN_PHASE_FIN_WAIT,
			(int)mn_conn_first_phase(IPPROTO_TCP, FIN | ACK));
	KUNIT_EXPECT_EQ(test, MIDONET_CONN_PHASE_CLOSED,
			(int)mn_conn_first_phase(IPPROTO_TCP, RST));
	KUNIT_EXPECT_EQ(test, MIDONET_CONN_PHASE_UNANSWERED,
			(int)mn_conn_first_phase(IPPROTO_UDP, SYN));
	KUNIT_EXPECT_EQ(test, MIDONET_CONN_PHASE_UNANSWERED,
			(int)mn_conn_first_phase(IPPROTO_ICMP, 0));
}

/* Both begin at once, and both get through. */
static void tcp_simultaneous(struct kunit *test)
{
	struct conns *f = test->priv;
	struct mn_conn *conn = tcp(f, 1, MIDONET_CONN_PHASE_SYN_SENT);

	conns_seen(conn, MN_DIR_RETURN, SYN);
	KUNIT_EXPECT_EQ(test, MIDONET_CONN_PHASE_SYN_RECEIVED, (int)conn->phase);
	conns_seen(conn, MN_DIR_RETURN, SYN | ACK);
	conns_seen(conn, MN_DIR_FORWARD, SYN | ACK);
	KUNIT_EXPECT_EQ(test, MIDONET_CONN_PHASE_ESTABLISHED, (int)conn->phase);
}

static void tcp_reopens(struct kunit *test)
{
	struct conns *f = test->priv;
	struct mn_conn *conn;

	conn = tcp(f, 1, MIDONET_CONN_PHASE_ESTABLISHED);
	conns_seen(conn, MN_DIR_FORWARD, FIN | ACK);
	KUNIT_EXPECT_FALSE(test, mn_conn_reopens(conn, MN_DIR_FORWARD, SYN));
	/* Once more is no other one. */
	conns_seen(conn, MN_DIR_FORWARD, FIN | ACK);
	KUNIT_EXPECT_FALSE(test, mn_conn_reopens(conn, MN_DIR_FORWARD, SYN));
	conns_seen(conn, MN_DIR_RETURN, FIN | ACK);
	conns_seen(conn, MN_DIR_FORWARD, ACK);
	KUNIT_EXPECT_EQ(test, MIDONET_CONN_PHASE_FIN_WAIT, (int)conn->phase);
	KUNIT_EXPECT_TRUE(test, mn_conn_reopens(conn, MN_DIR_FORWARD, SYN));
	KUNIT_EXPECT_TRUE(test, mn_conn_reopens(conn, MN_DIR_RETURN, SYN));
	KUNIT_EXPECT_FALSE(test, mn_conn_reopens(conn, MN_DIR_RETURN, SYN | ACK));
	KUNIT_EXPECT_FALSE(test, mn_conn_reopens(conn, MN_DIR_FORWARD, ACK));
	KUNIT_EXPECT_FALSE(test, mn_conn_reopens(conn, MN_DIR_FORWARD, SYN | RST));

	conn = tcp(f, 2, MIDONET_CONN_PHASE_SYN_SENT);
	KUNIT_EXPECT_FALSE(test, mn_conn_reopens(conn, MN_DIR_FORWARD, SYN));
	conns_seen(conn, MN_DIR_RETURN, RST | ACK);
	KUNIT_EXPECT_TRUE(test, mn_conn_reopens(conn, MN_DIR_FORWARD, SYN));
	KUNIT_EXPECT_TRUE(test, mn_conn_reopens(conn, MN_DIR_FORWARD,
						SYN | TCPHDR_ECE | TCPHDR_CWR));

	/* FINs before there is anything to end say nothing. */
	conn = tcp(f, 3, MIDONET_CONN_PHASE_SYN_SENT);
	conns_seen(conn, MN_DIR_FORWARD, FIN);
	conns_seen(conn, MN_DIR_RETURN, FIN);
	KUNIT_EXPECT_FALSE(test, mn_conn_reopens(conn, MN_DIR_FORWARD, SYN));

	conn = conns_add(f, &(struct conn_like){ .n = 4 });
	KUNIT_EXPECT_FALSE(test, mn_conn_reopens(conn, MN_DIR_FORWARD, SYN));
}

static void tcp_watch(struct kunit *test)
{
	static const u8 watched[PHASES] = {
		0xff, 0xff, SYN | FIN | RST, SYN | FIN | RST, SYN | FIN | RST,
	};
	const struct conn_like udp = { .n = 9 };
	struct conns *f = test->priv;
	u32 i;

	for (i = 0; i < PHASES; i++)
		KUNIT_EXPECT_EQ(test, watched[i],
				mn_conn_watch(tcp(f, i, phases[i])));
	KUNIT_EXPECT_EQ(test, 0, (int)mn_conn_watch(conns_add(f, &udp)));
}

/* As conns_init() has set them. */
static void conn_timeouts(struct kunit *test)
{
	static const struct {
		u8 proto;
		u8 phase;
		bool answered;
		u32 seconds;
	} cases[] = {
		{ IPPROTO_TCP, MIDONET_CONN_PHASE_SYN_SENT, false, 20 },
		{ IPPROTO_TCP, MIDONET_CONN_PHASE_SYN_RECEIVED, true, 20 },
		{ IPPROTO_TCP, MIDONET_CONN_PHASE_ESTABLISHED, true, 1000 },
		{ IPPROTO_TCP, MIDONET_CONN_PHASE_ESTABLISHED, false, 20 },
		{ IPPROTO_TCP, MIDONET_CONN_PHASE_FIN_WAIT, true, 30 },
		{ IPPROTO_TCP, MIDONET_CONN_PHASE_CLOSED, true, 5 },
		{ IPPROTO_UDP, MIDONET_CONN_PHASE_UNANSWERED, false, 40 },
		{ IPPROTO_UDP, MIDONET_CONN_PHASE_ANSWERED, true, 50 },
		{ IPPROTO_ICMP, MIDONET_CONN_PHASE_UNANSWERED, false, 60 },
		{ IPPROTO_ICMP, MIDONET_CONN_PHASE_ANSWERED, true, 60 },
		{ IPPROTO_GRE, MIDONET_CONN_PHASE_UNANSWERED, false, 70 },
		{ IPPROTO_SCTP, MIDONET_CONN_PHASE_ANSWERED, true, 70 },
		/* That of the other family is one protocol of many. */
		{ IPPROTO_ICMPV6, MIDONET_CONN_PHASE_ANSWERED, true, 70 },
	};
	struct conns *f = test->priv;
	struct mn_conn *conn;
	u32 i;

	for (i = 0; i < ARRAY_SIZE(cases); i++) {
		const struct conn_like like = {
			.proto = cases[i].proto,
			.n = i,
			.phase = cases[i].phase,
			.flags = cases[i].answered << MN_CONN_ANSWERED,
		};

		conn = conns_add(f, &like);
		KUNIT_EXPECT_EQ_MSG(test, mn_conn_timeout(conn),
				    (unsigned long)cases[i].seconds * HZ,
				    "case %u", i);
		conns_idle(conn, cases[i].seconds + 1);
		KUNIT_EXPECT_FALSE(test, mn_conn_expired(conn));
		conns_idle(conn, cases[i].seconds + 3);
		KUNIT_EXPECT_TRUE(test, mn_conn_expired(conn));
		conns_seen(conn, MN_DIR_FORWARD, 0);
		KUNIT_EXPECT_FALSE(test, mn_conn_expired(conn));
	}
}

static struct kunit_case tcp_cases[] = {
	KUNIT_CASE(tcp_transitions),
	KUNIT_CASE(tcp_first),
	KUNIT_CASE(tcp_simultaneous),
	KUNIT_CASE(tcp_reopens),
	KUNIT_CASE(tcp_watch),
	KUNIT_CASE(conn_timeouts),
	{}
};

static struct kunit_suite tcp_suite = {
	.name = "midonet-conn-phase",
	.suite_init = conns_suite_init,
	.suite_exit = conns_suite_exit,
	.init = conns_init,
	.exit = conns_exit,
	.test_cases = tcp_cases,
};

kunit_test_suite(tcp_suite);
