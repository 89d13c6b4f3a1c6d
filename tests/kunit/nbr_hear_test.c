// SPDX-License-Identifier: GPL-2.0
/*
 * Whom a router believes: ARP and neighbour discovery, word by word.
 */
#include <net/ipv6.h>
#include <net/ndisc.h>

#include "l3/answer.h"
#include "l3/arp.h"
#include "l3/nd.h"
#include "nbr.h"
#include "sim/ctx.h"

#define UNASKED		MIDONET_DROP_REASON_NEIGHBOUR_UNASKED
#define NOT_FOR_US	MIDONET_DROP_REASON_NOT_FOR_ROUTER
#define GROUP_SOURCE	MIDONET_DROP_REASON_MULTICAST_SOURCE

static const u8 group[ETH_ALEN] = { 3, 0, 0, 0, 9, 0xb };
static const u8 zero[ETH_ALEN];

/* An entry in a state, with the MAC of alice if there is one. */
static struct mn_nbr *make(struct nbr *f, const struct mn_neigh_key *key,
			   u8 state)
{
	struct mn_nbrs *nbrs = f->topo.mn->nbrs;
	struct mn_nbr *e;

	nbr_enter();
	e = mn_nbr_want(f->topo.mn, f->port, key);
	if (e && mn_nbr_usable(state))
		mn_nbr_heard(f->topo.mn, f->port, key, nbr_alice, MN_NBR_REPLY);
	nbr_leave();
	nbr_work(f);
	if (!e)
		return NULL;
	spin_lock_bh(&nbrs->lock);
	e->state = state;
	e->heard -= 2 * HZ;
	spin_unlock_bh(&nbrs->lock);
	return e;
}

/* A frame comes to the port. */
static void receive(struct nbr *f, struct sk_buff *skb, struct mn_port *port,
		    bool live)
{
	struct mn_flow_key key;
	struct mn_pkt pkt;

	KUNIT_ASSERT_NOT_NULL(f->topo.test, skb);
	KUNIT_ASSERT_EQ(f->topo.test, 0,
			mn_key_extract(skb, port->obj.index, &key, &pkt));
	nbr_enter();
	mn_ctx_init(f->ctx, f->topo.mn, skb, port, &key, &pkt);
	f->ctx->device_in = port;
	f->ctx->live = live;
	if (key.eth_type == htons(ETH_P_ARP))
		mn_nbr_arp(f->ctx);
	else
		mn_nbr_nd(f->ctx);
	nbr_leave();
	kfree_skb(skb);
}

static struct sk_buff *arp(const u8 *src, u16 op, const u8 *sha, u32 spa,
			   u32 tpa)
{
	static const u8 all[ETH_ALEN] = { 255, 255, 255, 255, 255, 255 };
	struct sk_buff *skb;

	skb = mn_answer_frame(op == ARPOP_REQUEST ? all : nbr_us, src,
			      htons(ETH_P_ARP), sizeof(struct mn_arp));
	if (skb)
		mn_arp_put(skb, op, sha, htonl(spa),
			   op == ARPOP_REQUEST ? zero : nbr_us, htonl(tpa));
	return skb;
}

/* Who is believed. */

/**
 * struct word - an ARP packet, and what is to come of it
 * @what: in words
 * @before: state of the entry of its sender, NONE: there is none
 * @op: ARPOP_*
 * @spa: sender
 * @tpa: target
 * @sha: sender
 * @src: where the frame is from, NULL: @sha
 * @reason: why it is dropped, 0: it is not
 * @mac: of the entry afterwards, NULL: there is none (or it has none)
 */
struct word {
	const char *what;
	u8 before;
	u16 op;
	u32 spa;
	u32 tpa;
	const u8 *sha;
	const u8 *src;
	u32 reason;
	const u8 *mac;
};

static const struct word arp_words[] = {
	{ "asks for us", NONE, ARPOP_REQUEST, HOST, US, nbr_alice, .mac = nbr_alice },
	{ "asks for a /32 of ours", NONE, ARPOP_REQUEST, HOST, 0x0a090001, nbr_alice,
	  .mac = nbr_alice },
	{ "asks for another one", NONE, ARPOP_REQUEST, HOST, 0x0a000006, nbr_alice,
	  .reason = NOT_FOR_US, .mac = nbr_alice },
	{ "asks, with another MAC than we know", REACHABLE, ARPOP_REQUEST, HOST,
	  US, nbr_mallory, .mac = nbr_mallory },
	{ "asks, from another subnet", NONE, ARPOP_REQUEST, 0x0a020005, US,
	  nbr_alice },
	{ "asks, as the subnet's broadcast address", NONE, ARPOP_REQUEST,
	  0x0a0000ff, US, nbr_alice },
	{ "asks, as multicast address", NONE, ARPOP_REQUEST, 0xe0000001, US,
	  nbr_alice },
	{ "asks, as us", NONE, ARPOP_REQUEST, US, 0x0a000007, nbr_alice,
	  .reason = NOT_FOR_US },
	{ "asks, with our MAC", NONE, ARPOP_REQUEST, HOST, US, nbr_us },
	{ "asks, with a group MAC", NONE, ARPOP_REQUEST, HOST, US, group,
	  .reason = GROUP_SOURCE },
	{ "asks, with a zero MAC", NONE, ARPOP_REQUEST, HOST, US, zero,
	  .reason = GROUP_SOURCE },
	{ "asks, from another MAC than it says", REACHABLE, ARPOP_REQUEST, HOST,
	  US, nbr_mallory, .src = nbr_us_other, .reason = UNASKED, .mac = nbr_alice },
	{ "probes for our address", NONE, ARPOP_REQUEST, 0, US, nbr_alice },
	{ "probes for another address", NONE, ARPOP_REQUEST, 0, HOST, nbr_alice,
	  .reason = NOT_FOR_US },
	{ "answers unasked", NONE, ARPOP_REPLY, HOST, US, nbr_mallory,
	  .reason = UNASKED },
	{ "answers", INCOMPLETE, ARPOP_REPLY, HOST, US, nbr_alice, .mac = nbr_alice },
	{ "answers late", FAILED, ARPOP_REPLY, HOST, US, nbr_alice, .mac = nbr_alice },
	{ "answers again", REACHABLE, ARPOP_REPLY, HOST, US, nbr_alice,
	  .mac = nbr_alice },
	{ "answers a probe", PROBE, ARPOP_REPLY, HOST, US, nbr_alice,
	  .mac = nbr_alice },
	{ "forges an answer", REACHABLE, ARPOP_REPLY, HOST, US, nbr_mallory,
	  .reason = UNASKED, .mac = nbr_alice },
	{ "forges an answer about a stale one", STALE, ARPOP_REPLY, HOST, US,
	  nbr_mallory, .reason = UNASKED, .mac = nbr_alice },
	{ "forges an answer to a probe", PROBE, ARPOP_REPLY, HOST, US, nbr_mallory,
	  .reason = UNASKED, .mac = nbr_alice },
	{ "answers, from another MAC than it says", INCOMPLETE, ARPOP_REPLY,
	  HOST, US, nbr_alice, .src = nbr_mallory, .reason = UNASKED },
	{ "answers, with a group MAC", INCOMPLETE, ARPOP_REPLY, HOST, US, group,
	  .reason = GROUP_SOURCE },
	{ "answers, that a group MAC has it", INCOMPLETE, ARPOP_REPLY, HOST, US,
	  group, .src = nbr_alice, .reason = UNASKED },
	{ "answers for our address", NONE, ARPOP_REPLY, US, US + 1, nbr_mallory,
	  .reason = UNASKED },
	{ "announces himself, unknown", NONE, ARPOP_REQUEST, HOST, HOST, nbr_alice,
	  .reason = UNASKED },
	{ "announces himself, known", REACHABLE, ARPOP_REQUEST, HOST, HOST,
	  nbr_mallory, .mac = nbr_mallory },
	{ "announces himself by a reply", STALE, ARPOP_REPLY, HOST, HOST,
	  nbr_mallory, .mac = nbr_mallory },
	{ "announces himself when asked", INCOMPLETE, ARPOP_REQUEST, HOST, HOST,
	  nbr_alice, .mac = nbr_alice },
	{ "announces that he has our address", NONE, ARPOP_REQUEST, US, US,
	  nbr_mallory, .reason = UNASKED },
	{ "speaks of something else", REACHABLE, 3, HOST, US, nbr_mallory,
	  .reason = NOT_FOR_US, .mac = nbr_alice },
};

static void check_word(struct nbr *f, const struct word *w)
{
	struct mn_neigh_key key = nbr_key(f->port, w->spa);
	struct kunit *test = f->topo.test;
	struct mn_nbr *e;

	if (w->before != NONE)
		KUNIT_ASSERT_NOT_NULL(test, make(f, &key, w->before));
	receive(f, arp(w->src ?: w->sha, w->op, w->sha, w->spa, w->tpa),
		f->port, true);
	KUNIT_EXPECT_EQ_MSG(test, w->reason, f->ctx->drop.reason, "%s",
			    w->what);
	KUNIT_EXPECT_EQ_MSG(test, !w->reason, f->ctx->consumed, "%s", w->what);
	KUNIT_EXPECT_FALSE_MSG(test, f->ctx->cacheable, "%s", w->what);
	e = nbr_find(f, &key);
	if (w->mac) {
		KUNIT_ASSERT_NOT_NULL_MSG(test, e, "%s", w->what);
		KUNIT_EXPECT_TRUE_MSG(test, mn_nbr_usable(e->state), "%s",
				      w->what);
		KUNIT_EXPECT_EQ_MSG(test, ether_addr_to_u64(w->mac), e->mac,
				    "%s", w->what);
		if (!w->reason)
			KUNIT_EXPECT_EQ_MSG(test, REACHABLE, e->state, "%s",
					    w->what);
	} else if (w->before == NONE) {
		KUNIT_EXPECT_NULL_MSG(test, e, "%s", w->what);
	} else {
		KUNIT_EXPECT_EQ_MSG(test, w->before, e->state, "%s", w->what);
	}
	mn_nbr_forget_port(f->topo.mn, f->port);
	KUNIT_EXPECT_EQ(test, 0U, f->port->nbrs.n);
}

static void nbr_arp(struct kunit *test)
{
	struct nbr *f = test->priv;
	int i;

	for (i = 0; i < ARRAY_SIZE(arp_words); i++)
		check_word(f, &arp_words[i]);
}

/**
 * struct nd_word - a neighbour discovery message, and what is to come of it
 * @what: in words
 * @before: state of the entry of who it is about, NONE: there is none
 * @type: of ICMPv6
 * @flags: of an NA
 * @src: last part of the source, 0: unspecified
 * @target: last part of the target
 * @multicast: to all nodes
 * @mac: link-layer address
 * @from: where the frame is from, NULL: @mac
 * @reason: why it is dropped, 0: it is not
 * @after: MAC of the entry afterwards, NULL: there is none (or it has none)
 */
struct nd_word {
	const char *what;
	u8 before;
	u8 type;
	u8 flags;
	u16 src;
	u16 target;
	bool multicast;
	const u8 *mac;
	const u8 *from;
	u32 reason;
	const u8 *after;
};

#define NS	NDISC_NEIGHBOUR_SOLICITATION
#define NA	NDISC_NEIGHBOUR_ADVERTISEMENT

static const struct nd_word nd_words[] = {
	{ "asks for us", NONE, NS, 0, 5, 1, true, nbr_alice, .after = nbr_alice },
	{ "asks for another one", NONE, NS, 0, 5, 6, true, nbr_alice,
	  .reason = NOT_FOR_US, .after = nbr_alice },
	{ "asks, as us", NONE, NS, 0, 1, 6, true, nbr_alice,
	  .reason = NOT_FOR_US },
	{ "asks, from another MAC than it says", NONE, NS, 0, 5, 1, true, nbr_alice,
	  .from = nbr_mallory },
	{ "probes, with a MAC", NONE, NS, 0, 0, 1, true, nbr_alice,
	  .reason = MIDONET_DROP_REASON_MALFORMED },
	{ "answers", INCOMPLETE, NA, 0x60, 5, 5, false, nbr_alice,
	  .after = nbr_alice },
	{ "answers unasked", NONE, NA, 0x60, 5, 5, false, nbr_mallory,
	  .reason = UNASKED },
	{ "answers a probe", PROBE, NA, 0x40, 5, 5, false, nbr_alice,
	  .after = nbr_alice },
	{ "forges an answer", REACHABLE, NA, 0x60, 5, 5, false, nbr_mallory,
	  .reason = UNASKED, .after = nbr_alice },
	{ "forges an answer to a probe", PROBE, NA, 0x60, 5, 5, false, nbr_mallory,
	  .reason = UNASKED, .after = nbr_alice },
	{ "forges, unsolicited, to us alone", REACHABLE, NA, 0x20, 5, 5, false,
	  nbr_mallory, .reason = UNASKED, .after = nbr_alice },
	{ "announces without override", REACHABLE, NA, 0, 5, 5, true, nbr_mallory,
	  .reason = UNASKED, .after = nbr_alice },
	{ "announces", REACHABLE, NA, 0x20, 5, 5, true, nbr_mallory,
	  .after = nbr_mallory },
	{ "announces, unknown", NONE, NA, 0x20, 5, 5, true, nbr_alice,
	  .reason = UNASKED },
	{ "announces, solicited", REACHABLE, NA, 0x60, 5, 5, true, nbr_mallory,
	  .reason = MIDONET_DROP_REASON_MALFORMED, .after = nbr_alice },
	{ "announces our address", NONE, NA, 0x20, 1, 1, true, nbr_mallory,
	  .reason = UNASKED },
	{ "answers, from another MAC than it says", INCOMPLETE, NA, 0x60, 5, 5,
	  false, nbr_alice, .from = nbr_mallory, .reason = UNASKED },
};

static struct sk_buff *nd_frame(const struct nd_word *w)
{
	struct mn_nd_say say = {
		.type = w->type,
		.flags = w->flags,
		.target = nbr_v6(w->target),
		.dst = nbr_v6(1),
	};
	struct sk_buff *skb;

	if (w->src)
		say.src = nbr_v6(w->src);
	if (w->multicast)
		say.dst = in6addr_linklocal_allnodes;
	ether_addr_copy(say.mac, w->mac);
	skb = mn_answer_frame(nbr_us, w->from ?: w->mac, htons(ETH_P_IPV6),
			      MN_ND_LEN);
	if (skb)
		mn_nd_put(skb, &say);
	return skb;
}

static void check_nd_word(struct nbr *f, const struct nd_word *w)
{
	struct in6_addr who = nbr_v6(w->type == NS ? w->src : w->target);
	struct kunit *test = f->topo.test;
	struct mn_neigh_key key;
	struct mn_nbr *e;

	mn_neigh_key_set(&key, &f->port->obj, AF_INET6, &who);
	if (w->before != NONE)
		KUNIT_ASSERT_NOT_NULL(test, make(f, &key, w->before));
	receive(f, nd_frame(w), f->port, true);
	KUNIT_EXPECT_EQ_MSG(test, w->reason, f->ctx->drop.reason, "%s",
			    w->what);
	e = nbr_find(f, &key);
	if (w->after) {
		KUNIT_ASSERT_NOT_NULL_MSG(test, e, "%s", w->what);
		KUNIT_EXPECT_EQ_MSG(test, ether_addr_to_u64(w->after), e->mac,
				    "%s", w->what);
	} else if (w->before == NONE) {
		KUNIT_EXPECT_NULL_MSG(test, e, "%s", w->what);
	} else {
		KUNIT_EXPECT_EQ_MSG(test, w->before, e->state, "%s", w->what);
	}
	mn_nbr_forget_port(f->topo.mn, f->port);
}

static void nbr_nd(struct kunit *test)
{
	struct nbr *f = test->priv;
	int i;

	for (i = 0; i < ARRAY_SIZE(nd_words); i++)
		check_nd_word(f, &nd_words[i]);
}

/* A trace says the same and does nothing. */
static void nbr_trace(struct kunit *test)
{
	struct nbr *f = test->priv;
	struct mn_neigh_key key = nbr_key(f->port, HOST);
	struct mn_nbr *e;

	receive(f, arp(nbr_alice, ARPOP_REQUEST, nbr_alice, HOST, US), f->port,
		false);
	KUNIT_EXPECT_TRUE(test, f->ctx->consumed);
	KUNIT_EXPECT_NULL(test, nbr_find(f, &key));
	receive(f, arp(nbr_alice, ARPOP_REPLY, nbr_alice, HOST, US), f->port,
		false);
	KUNIT_EXPECT_EQ(test, UNASKED, f->ctx->drop.reason);

	e = make(f, &key, INCOMPLETE);
	KUNIT_ASSERT_NOT_NULL(test, e);
	receive(f, arp(nbr_alice, ARPOP_REPLY, nbr_alice, HOST, US), f->port,
		false);
	KUNIT_EXPECT_EQ(test, 0U, f->ctx->drop.reason);
	KUNIT_EXPECT_EQ(test, INCOMPLETE, e->state);
}

static struct kunit_case hear_cases[] = {
	KUNIT_CASE(nbr_arp),
	KUNIT_CASE(nbr_nd),
	KUNIT_CASE(nbr_trace),
	{}
};

static struct kunit_suite hear_suite = {
	.name = "midonet-nbr-hear",
	.suite_init = nbr_suite_init,
	.suite_exit = nbr_suite_exit,
	.init = nbr_init,
	.exit = nbr_exit,
	.test_cases = hear_cases,
};

kunit_test_suite(hear_suite);
