// SPDX-License-Identifier: GPL-2.0
/*
 * Choosing the route of a packet, and which packets are walked again when routes
 * change.
 */
#include <linux/icmp.h>
#include <linux/ip.h>
#include <linux/prandom.h>
#include <linux/slab.h>
#include <net/ipv6.h>

#include "route_topo.h"
#include "sim/dep.h"
#include "sim/trace.h"

#define HOPS	64
#define FLOWS	6400
#define NET	"10.0.0.1/24"

static u32 below(struct rt *rt, u32 n)
{
	return prandom_u32_state(&rt->rnd) % n;
}

static void new_route(struct rt *rt, const struct rt_route *r)
{
	rt_do_route(rt, MN_VERB_NEW, r);
}

static void expect_metric(struct rt *rt, const char *src, const char *dst,
			  int metric)
{
	const struct mn_route *r = rt_look(rt, src, dst);

	KUNIT_EXPECT_EQ_MSG(rt->topo.test, metric, r ? (int)r->metric : -1,
			    "from %s to %s", src, dst);
}

/* In these tests a route's metric is also its name. */
static void route_longest(struct kunit *test)
{
	struct rt *rt = test->priv;

	rt_do_port(rt, 1, RT_PORTS("192.0.2.1/24"));
	new_route(rt, &(struct rt_route){ "0.0.0.0/0", 1, "192.0.2.9", 1 });
	new_route(rt, &(struct rt_route){ "10.0.0.0/8", 1, NULL, 2 });
	new_route(rt, &(struct rt_route){ "10.1.0.0/17", 1, NULL, 3 });
	new_route(rt, &(struct rt_route){ "10.1.2.3/32", 1, NULL, 4 });
	new_route(rt, &(struct rt_route){ "::/0", 1, "fe80::9", 5 });
	new_route(rt, &(struct rt_route){ "2001:db8::/33", 1, NULL, 6 });
	expect_metric(rt, "1.1.1.1", "9.255.255.255", 1);
	expect_metric(rt, "1.1.1.1", "11.0.0.0", 1);
	expect_metric(rt, "1.1.1.1", "10.1.128.0", 2);
	expect_metric(rt, "1.1.1.1", "10.1.127.255", 3);
	expect_metric(rt, "1.1.1.1", "10.1.2.3", 4);
	expect_metric(rt, "1.1.1.1", "10.1.2.2", 3);
	expect_metric(rt, "::1", "2001:db7::1", 5);
	expect_metric(rt, "::1", "2001:db8:7fff::1", 6);
	expect_metric(rt, "::1", "2001:db8:8000::1", 5);
	rt_do_route(rt, MN_VERB_DEL,
		    &(struct rt_route){ "0.0.0.0/0", 1, "192.0.2.9", 1 });
	expect_metric(rt, "1.1.1.1", "9.255.255.255", -1);
}

/* None for the source there: the next shorter prefix. */
static void route_source(struct kunit *test)
{
	struct rt *rt = test->priv;
	u32 bits;

	rt_do_port(rt, 1, RT_NONE);
	new_route(rt, &(struct rt_route){ "0.0.0.0/0", 1, NULL, 1 });
	new_route(rt, &(struct rt_route){ "10.0.0.0/8", 1, NULL, 2, "172.16.0.0/12" });
	new_route(rt, &(struct rt_route){ "10.0.0.0/8", 1, NULL, 3, "172.0.0.0/8" });
	new_route(rt, &(struct rt_route){ "10.0.0.0/16", 1, NULL, 4, "192.168.0.0/16" });
	expect_metric(rt, "172.16.1.1", "10.0.0.1", 2);
	expect_metric(rt, "172.15.1.1", "10.0.0.1", 3);
	expect_metric(rt, "172.32.1.1", "10.0.0.1", 3);
	expect_metric(rt, "192.168.1.1", "10.0.0.1", 4);
	bits = hweight32((__force u32)rt->ctx->mask.v4.src);
	KUNIT_EXPECT_EQ(test, 16U, bits);
	expect_metric(rt, "192.169.1.1", "10.0.0.1", 1);
	expect_metric(rt, "192.168.1.1", "10.1.0.1", 1);
	/* No src was compared. */
	expect_metric(rt, "192.168.1.1", "11.1.0.1", 1);
	KUNIT_EXPECT_EQ(test, 0U, (__force u32)rt->ctx->mask.v4.src);

	new_route(rt, &(struct rt_route){ "2001:db8::/32", 1, NULL, 5, "2001:db8:1::/48" });
	new_route(rt, &(struct rt_route){ "2001:db8::/32", 1, NULL, 6 });
	expect_metric(rt, "2001:db8:1::1", "2001:db8::1", 5);
	expect_metric(rt, "2001:db8:2::1", "2001:db8::1", 6);
}

static void route_metric(struct kunit *test)
{
	struct rt *rt = test->priv;
	const struct mn_route *r;

	rt_do_port(rt, 1, RT_NONE);
	rt_do_port(rt, 2, RT_NONE);
	new_route(rt, &(struct rt_route){ "10.0.0.0/8", 1, NULL, 30 });
	new_route(rt, &(struct rt_route){ "10.0.0.0/8", 2, NULL, 20 });
	new_route(rt, &(struct rt_route){ "0.0.0.0/0", 1, NULL, 10 });
	r = rt_look(rt, "1.1.1.1", "10.0.0.1");
	KUNIT_ASSERT_NOT_NULL(test, r);
	KUNIT_EXPECT_EQ(test, 20U, r->metric);
	KUNIT_EXPECT_PTR_EQ(test, rt_port_of(rt, 2), mn_route_port(r));
	KUNIT_EXPECT_EQ(test, 0, ntohs(rt->ctx->mask.tp_src));
	new_route(rt, &(struct rt_route){ "10.0.0.0/8", .metric = 5,
		  .kind = MIDONET_ROUTE_TYPE_BLACKHOLE });
	r = rt_look(rt, "1.1.1.1", "10.0.0.1");
	KUNIT_ASSERT_NOT_NULL(test, r);
	KUNIT_EXPECT_EQ(test, (u8)MIDONET_ROUTE_TYPE_BLACKHOLE,
			mn_route_kind(r));
	KUNIT_EXPECT_NULL(test, mn_route_port(r));
	KUNIT_EXPECT_NULL(test, mn_route_gateway(r));
}

static bool fresh(struct rt *rt, const struct mn_dep *deps, u32 n)
{
	u32 i;

	for (i = 0; i < n; i++) {
		if (mn_dep_read(rt->topo.mn, deps[i].slot) != deps[i].val)
			return false;
	}
	return true;
}

static void route_port_down(struct kunit *test)
{
	struct rt *rt = test->priv;

	rt_do_port(rt, 1, RT_PORTS(NET));
	rt_do_port(rt, 2, RT_NONE);
	new_route(rt, &(struct rt_route){ "10.0.0.0/8", 1, NULL, 1 });
	new_route(rt, &(struct rt_route){ "10.0.0.0/8", 2, NULL, 2 });
	new_route(rt, &(struct rt_route){ "0.0.0.0/0", 2, NULL, 3 });
	expect_metric(rt, "1.1.1.1", "10.0.1.1", 1);
	KUNIT_EXPECT_TRUE(test, fresh(rt, rt->ctx->deps, rt->ctx->n_deps));
	rt_state(rt, 1, MIDONET_PORT_STATE_NO_CARRIER);
	KUNIT_EXPECT_FALSE(test, fresh(rt, rt->ctx->deps, rt->ctx->n_deps));
	expect_metric(rt, "1.1.1.1", "10.0.1.1", 2);
	/* The routes of its addresses are out of service, too. */
	expect_metric(rt, "1.1.1.1", "10.0.0.7", 2);
	expect_metric(rt, "1.1.1.1", "10.0.0.1", 2);
	rt_state(rt, 2, MIDONET_PORT_STATE_NO_DEVICE);
	expect_metric(rt, "1.1.1.1", "10.0.1.1", -1);
	rt_state(rt, 2, MIDONET_PORT_STATE_REMOTE);
	expect_metric(rt, "1.1.1.1", "11.0.1.1", 3);
	rt_state(rt, 1, MIDONET_PORT_STATE_UP);
	expect_metric(rt, "1.1.1.1", "10.0.1.1", 1);

	topo_begin(&rt->topo);
	topo_op(&rt->topo);
	topo_put_id(&rt->topo, MIDONET_A_ID, MIDONET_OBJECT_TYPE_PORT, 1);
	nla_put_u8(rt->topo.msg, MIDONET_A_ADMIN_UP, 0);
	topo_stage(&rt->topo, MIDONET_OBJECT_TYPE_PORT, MN_VERB_SET);
	rt_committed(rt);
	rt_state(rt, 1, MIDONET_PORT_STATE_UP);
	expect_metric(rt, "1.1.1.1", "10.0.1.1", 2);
}

/* Equal routes. */

static void make_hops(struct rt *rt, u32 n)
{
	char gateway[16];
	u32 i;

	rt_do_port(rt, 1, RT_PORTS(NET));
	topo_begin(&rt->topo);
	for (i = 0; i < n; i++) {
		snprintf(gateway, sizeof(gateway), "10.0.0.%u", i + 2);
		rt_route(rt, MN_VERB_NEW,
			 &(struct rt_route){ "0.0.0.0/0", 1, gateway, 1 });
	}
	rt_committed(rt);
}

/* The gateway of a UDP packet of flow @i, by the last byte. */
static u32 flow_hop(struct rt *rt, u32 i, bool back)
{
	u16 sport = 1024 + i % 97 * 13, dport = 53;
	char src[16], dst[16];
	const struct mn_route *r;

	snprintf(src, sizeof(src), "172.16.%u.%u", i / 200, i % 200);
	snprintf(dst, sizeof(dst), "203.0.%u.9", i % 3);
	if (back)
		rt_begin(rt, &(struct rt_packet){ dst, src, dport, sport });
	else
		rt_begin(rt, &(struct rt_packet){ src, dst, sport, dport });
	r = rt_find(rt);
	KUNIT_ASSERT_NOT_NULL(rt->topo.test, r);
	return ((const u8 *)mn_route_gateway(r))[3];
}

static void check_spread(struct kunit *test, const u16 *hops, u32 gone)
{
	u32 count[HOPS + 2] = {}, i, mean = FLOWS / HOPS;

	for (i = 0; i < FLOWS; i++)
		count[hops[i]]++;
	for (i = 2; i < HOPS + 2; i++) {
		if (i == gone) {
			KUNIT_EXPECT_EQ(test, 0U, count[i]);
			continue;
		}
		/* Five standard deviations. */
		KUNIT_EXPECT_GT_MSG(test, count[i], mean / 2, "hop %u", i);
		KUNIT_EXPECT_LT_MSG(test, count[i], mean + mean / 2, "hop %u",
				    i);
	}
}

static void route_ecmp(struct kunit *test)
{
	struct rt *rt = test->priv;
	u16 *was = kunit_kcalloc(test, FLOWS, sizeof(*was), GFP_KERNEL);
	u16 *now = kunit_kcalloc(test, FLOWS, sizeof(*now), GFP_KERNEL);
	u32 i, moved = 0;

	KUNIT_ASSERT_NOT_NULL(test, was);
	KUNIT_ASSERT_NOT_NULL(test, now);
	make_hops(rt, HOPS);
	for (i = 0; i < FLOWS; i++) {
		was[i] = flow_hop(rt, i, false);
		KUNIT_ASSERT_EQ(test, (u32)was[i], flow_hop(rt, i, true));
	}
	/* It depended on the whole connection. */
	KUNIT_EXPECT_EQ(test, 0xffff, ntohs(rt->ctx->mask.tp_src));
	KUNIT_EXPECT_EQ(test, 0xffff, ntohs(rt->ctx->mask.tp_dst));
	KUNIT_EXPECT_EQ(test, 0xff, (int)rt->ctx->mask.proto);
	KUNIT_EXPECT_EQ(test, ~0U, ntohl(rt->ctx->mask.v4.src));
	KUNIT_EXPECT_EQ(test, ~0U, ntohl(rt->ctx->mask.v4.dst));
	KUNIT_EXPECT_TRUE(test, rt->ctx->l4_read);
	check_spread(test, was, 0);

	rt_do_route(rt, MN_VERB_DEL,
		    &(struct rt_route){ "0.0.0.0/0", 1, "10.0.0.20", 1 });
	for (i = 0; i < FLOWS; i++) {
		now[i] = flow_hop(rt, i, false);
		KUNIT_ASSERT_TRUE(test, now[i] == was[i] || was[i] == 20);
		moved += now[i] != was[i];
	}
	check_spread(test, now, 20);
	KUNIT_EXPECT_GT(test, moved, 0U);

	/* It comes back, in another place of memory: as it was. */
	new_route(rt, &(struct rt_route){ "0.0.0.0/0", 1, "10.0.0.20", 1 });
	for (i = 0; i < FLOWS; i++)
		KUNIT_ASSERT_EQ(test, (u32)was[i], flow_hop(rt, i, false));
}

/* Of more than 64 the same ones are considered, in whatever order they came. */
static void route_many(struct kunit *test)
{
	struct rt *rt = test->priv;
	bool seen[256] = {};
	u32 i, n = 0;

	make_hops(rt, 100);
	for (i = 0; i < FLOWS; i++)
		seen[flow_hop(rt, i, false)] = true;
	for (i = 0; i < ARRAY_SIZE(seen); i++)
		n += seen[i];
	KUNIT_EXPECT_EQ(test, 64U, n);
	KUNIT_EXPECT_TRUE(test, seen[2] && seen[65]);
	rt_do_route(rt, MN_VERB_DEL,
		    &(struct rt_route){ "0.0.0.0/0", 1, "10.0.0.2", 1 });
	new_route(rt, &(struct rt_route){ "0.0.0.0/0", 1, "10.0.0.2", 1 });
	memset(seen, 0, sizeof(seen));
	for (i = 0; i < FLOWS; i++)
		seen[flow_hop(rt, i, false)] = true;
	KUNIT_EXPECT_TRUE(test, seen[2] && seen[65] && !seen[66]);
}

static u32 hop_now(struct rt *rt)
{
	const struct mn_route *r = rt_find(rt);

	return r ? ((const u8 *)mn_route_gateway(r))[3] : 0;
}

/* The error about a packet goes where the connection goes. */
static void route_icmp_error(struct kunit *test)
{
	struct rt *rt = test->priv;
	struct iphdr *iph;
	__be16 *ports;
	u32 i, hop;

	make_hops(rt, HOPS);
	for (i = 0; i < 50; i++) {
		rt_begin(rt, &(struct rt_packet){ "172.16.0.1", "203.0.113.7",
			 4000 + i, 80, IPPROTO_TCP });
		hop = hop_now(rt);
		KUNIT_EXPECT_TRUE(test, rt->ctx->cacheable);

		rt_begin(rt, &(struct rt_packet){ "198.51.100.1", "172.16.0.1",
			 ICMP_TIME_EXCEEDED, 0, IPPROTO_ICMP });
		rt->ctx->pkt.l3 = ETH_HLEN;
		rt->ctx->pkt.l4 = ETH_HLEN + sizeof(*iph);
		skb_trim(rt->skb, 0);
		skb_put_zero(rt->skb, rt->ctx->pkt.l4 + sizeof(struct icmphdr));
		iph = skb_put_zero(rt->skb, sizeof(*iph));
		iph->version = 4;
		iph->ihl = 5;
		iph->protocol = IPPROTO_TCP;
		iph->saddr = htonl(0xac100001);
		iph->daddr = htonl(0xcb007107);
		ports = skb_put_zero(rt->skb, 8);
		ports[0] = htons(4000 + i);
		ports[1] = htons(80);
		KUNIT_EXPECT_EQ(test, hop, hop_now(rt));
		KUNIT_EXPECT_FALSE(test, rt->ctx->cacheable);

		/* Cut short, it goes by its own addresses. */
		skb_trim(rt->skb, rt->skb->len - 6);
		KUNIT_EXPECT_NE(test, 0U, hop_now(rt));
		skb_trim(rt->skb, rt->ctx->pkt.l4 + 4);
		KUNIT_EXPECT_NE(test, 0U, hop_now(rt));
	}
}

static void route_echo(struct kunit *test)
{
	struct rt *rt = test->priv;
	bool seen[256] = {};
	u32 i, hop, n = 0;

	make_hops(rt, HOPS);
	for (i = 0; i < 200; i++) {
		rt_begin(rt, &(struct rt_packet){ "172.16.0.1", "203.0.113.7",
			 ICMP_ECHO, 0, IPPROTO_ICMP });
		rt->ctx->key.icmp_id = htons(i);
		hop = hop_now(rt);
		seen[hop] = true;
		KUNIT_EXPECT_EQ(test, 0xffff, ntohs(rt->ctx->mask.icmp_id));
		rt_begin(rt, &(struct rt_packet){ "203.0.113.7", "172.16.0.1",
			 ICMP_ECHOREPLY, 0, IPPROTO_ICMP });
		rt->ctx->key.icmp_id = htons(i);
		KUNIT_EXPECT_EQ(test, hop, hop_now(rt));
	}
	for (i = 0; i < ARRAY_SIZE(seen); i++)
		n += seen[i];
	KUNIT_EXPECT_GT(test, n, 40U);
}

/* A later fragment that is judged alone has no ports. */
static void route_fragment(struct kunit *test)
{
	struct rt *rt = test->priv;

	make_hops(rt, HOPS);
	rt_begin(rt, &(struct rt_packet){ "172.16.0.1", "203.0.113.7" });
	rt->ctx->key.frag = MN_FRAG_LATER;
	rt->ctx->key.flags = 0;
	rt->ctx->frag_alone = true;
	KUNIT_EXPECT_NE(test, 0U, hop_now(rt));
	KUNIT_EXPECT_EQ(test, 0, ntohs(rt->ctx->mask.tp_src));
	KUNIT_EXPECT_TRUE(test, rt->ctx->l4_read);
}

static void expect_step(struct kunit *test, const struct mn_trace *trace, u32 i,
			const char *text)
{
	KUNIT_ASSERT_LT(test, i, (u32)trace->n);
	KUNIT_EXPECT_TRUE_MSG(test, strstr(trace->pages[0][i].text, text),
			      "\"%s\" has not \"%s\"",
			      trace->pages[0][i].text, text);
}

static void route_trace(struct kunit *test)
{
	struct mn_trace *trace = mn_trace_alloc(GFP_KERNEL);
	struct rt *rt = test->priv;

	KUNIT_ASSERT_NOT_NULL(test, trace);
	make_hops(rt, 3);
	rt_do_port(rt, 2, RT_NONE);
	new_route(rt, &(struct rt_route){ "203.0.113.0/24", 1, NULL, 4, "1.0.0.0/8" });
	new_route(rt, &(struct rt_route){ "203.0.0.0/16", 2, NULL, 7 });
	rt_state(rt, 2, MIDONET_PORT_STATE_NO_CARRIER);
	rt_begin(rt, &(struct rt_packet){ "172.16.0.1", "203.0.113.7", 1, 2 });
	rt->ctx->trace = trace;
	KUNIT_EXPECT_NE(test, 0U, hop_now(rt));
	KUNIT_EXPECT_EQ(test, 3, (int)trace->n);
	expect_step(test, trace, 0,
		    "passed over, not for this source: 203.0.113.0/24 src 1.0.0.0/8 port p1 metric 4, static");
	expect_step(test, trace, 1,
		    "passed over, the port is not up: 203.0.0.0/16 port p2 metric 7, static");
	expect_step(test, trace, 2, "is the greatest of 3 equal ones: 0.0.0.0/0 gateway 10.0.0.");
	rt_begin(rt, &(struct rt_packet){ "172.16.0.1", "10.0.0.9" });
	rt->ctx->trace = trace;
	rt_find(rt);
	expect_step(test, trace, 3, "chosen: 10.0.0.0/24 port p1, connected");
	rt_begin(rt, &(struct rt_packet){ "::1", "2001:db8::9" });
	rt->ctx->trace = trace;
	rt_find(rt);
	expect_step(test, trace, 4, "no route to 2001:db8::9 for source ::1");
	mn_trace_free(trace);
}

/* Flows that are not walked again would go the same way. */

#define WATCHED	150

struct watched {
	struct in6_addr src;
	struct in6_addr dst;
	u32 metric;
	u32 n_deps;
	u8 bits;
	struct mn_dep deps[16];
};

static void random_addr(struct rt *rt, bool v6, struct in6_addr *a)
{
	u32 i;

	memset(a, 0, sizeof(*a));
	for (i = 0; i < (v6 ? 16 : 4); i++)
		a->s6_addr[i] = below(rt, 3) ? 0 : below(rt, 4) * 85;
	/* Neither multicast nor link-local. */
	a->s6_addr[0] = v6 ? 0x20 : 10 + below(rt, 2);
}

static u32 metric_of(struct rt *rt, bool v6, const struct in6_addr *src,
		     const struct in6_addr *dst)
{
	struct mn_flow_key key = { .proto = IPPROTO_UDP, .flags = MN_KEY_L4 };
	const struct mn_route *r;
	struct mn_pkt pkt = {};

	if (v6) {
		key.eth_type = htons(ETH_P_IPV6);
		memcpy(&key.v6.src, src, sizeof(*src));
		memcpy(&key.v6.dst, dst, sizeof(*dst));
	} else {
		key.eth_type = htons(ETH_P_IP);
		key.v4.src = src->s6_addr32[0];
		key.v4.dst = dst->s6_addr32[0];
	}
	mn_ctx_init(rt->ctx, rt->topo.mn, rt->skb, NULL, &key, &pkt);
	r = rt_find(rt);
	return r ? r->metric : 0;
}

static void watch(struct rt *rt, bool v6, struct watched *w)
{
	const struct mn_ctx *ctx = rt->ctx;
	const u8 *mask;

	w->metric = metric_of(rt, v6, &w->src, &w->dst);
	KUNIT_ASSERT_LE(rt->topo.test, (u32)ctx->n_deps,
			(u32)ARRAY_SIZE(w->deps));
	w->n_deps = ctx->n_deps;
	memcpy(w->deps, ctx->deps, w->n_deps * sizeof(w->deps[0]));
	mask = v6 ? (const u8 *)&ctx->mask.v6.dst :
		    (const u8 *)&ctx->mask.v4.dst;
	for (w->bits = 0; w->bits < (v6 ? 128 : 32); w->bits++) {
		if (!(mask[w->bits / 8] & (0x80 >> w->bits % 8)))
			break;
	}
}

/* The route of change @i, once made and once removed. */
static void change(struct rt *rt, bool v6, u32 i, u8 *plen, struct in6_addr *net,
		   bool del)
{
	struct in6_addr addr;
	char dst[64];

	if (!del) {
		random_addr(rt, v6, &addr);
		*plen = 4 + below(rt, v6 ? 125 : 29);
		ipv6_addr_prefix(net, &addr, *plen);
	}
	if (v6)
		snprintf(dst, sizeof(dst), "%pI6c/%u", net, *plen);
	else
		snprintf(dst, sizeof(dst), "%pI4/%u", net, *plen);
	rt_do_route(rt, del ? MN_VERB_DEL : MN_VERB_NEW,
		    &(struct rt_route){ dst, 1, NULL, 1000 + i });
}

/* Any flow whose counters did not move serves all of its packets right. */
static u32 check_watched(struct rt *rt, bool v6, struct watched *w)
{
	struct in6_addr dst = w->dst;
	u32 b;

	if (!fresh(rt, w->deps, w->n_deps)) {
		watch(rt, v6, w);
		return 1;
	}
	for (b = w->bits; b < (v6 ? 128 : 32); b++)
		dst.s6_addr[b / 8] ^= below(rt, 2) ? 0x80 >> b % 8 : 0;
	KUNIT_ASSERT_EQ_MSG(rt->topo.test, w->metric,
			    metric_of(rt, v6, &w->src, &dst), "%pI6/%u",
			    &w->dst, w->bits);
	return 0;
}

static void deps_run(struct kunit *test, bool v6)
{
	struct rt *rt = test->priv;
	struct watched *w = kunit_kcalloc(test, WATCHED, sizeof(*w), GFP_KERNEL);
	u32 i, j, again = 0, changed = 0, n = 120;
	struct in6_addr *nets;
	u8 plens[60];

	nets = kunit_kcalloc(test, ARRAY_SIZE(plens), sizeof(*nets), GFP_KERNEL);
	KUNIT_ASSERT_NOT_NULL(test, w);
	KUNIT_ASSERT_NOT_NULL(test, nets);
	for (i = 0; i < WATCHED; i++) {
		random_addr(rt, v6, &w[i].src);
		random_addr(rt, v6, &w[i].dst);
		watch(rt, v6, &w[i]);
	}
	for (i = 0; i < n; i++) {
		j = i % ARRAY_SIZE(plens);
		change(rt, v6, j, &plens[j], &nets[j], i != j);
		for (j = 0; j < WATCHED; j++) {
			u32 was = w[j].metric;

			again += check_watched(rt, v6, &w[j]);
			changed += was != w[j].metric;
		}
		if (i % 4 == 0)
			flush_work(&rt->topo.mn->grave_work);
		cond_resched();
	}
	kunit_info(test, "%u of %u walked again, %u went elsewhere\n", again,
		   n * WATCHED, changed);
	KUNIT_EXPECT_GT(test, changed, 0U);
	KUNIT_EXPECT_LT(test, again, n * WATCHED / 2);
}

static void route_deps(struct kunit *test)
{
	rt_do_port(test->priv, 1, RT_NONE);
	deps_run(test, false);
	deps_run(test, true);
}

/* A change somewhere else leaves flows alone. */
static void route_deps_apart(struct kunit *test)
{
	struct rt *rt = test->priv;
	struct watched w = {};

	rt_do_port(rt, 1, RT_NONE);
	new_route(rt, &(struct rt_route){ "0.0.0.0/0", 1, NULL, 1 });
	new_route(rt, &(struct rt_route){ "10.1.0.0/16", 1, NULL, 2 });
	new_route(rt, &(struct rt_route){ "10.2.0.0/16", 1, NULL, 3 });
	rt_addr(rt, "10.1.7.7", &w.dst);
	watch(rt, false, &w);
	KUNIT_EXPECT_EQ(test, 2U, w.metric);
	KUNIT_EXPECT_EQ(test, 16, (int)w.bits);
	new_route(rt, &(struct rt_route){ "10.2.7.0/24", 1, NULL, 4 });
	new_route(rt, &(struct rt_route){ "10.3.0.0/16", 1, NULL, 5 });
	new_route(rt, &(struct rt_route){ "11.0.0.0/8", 1, NULL, 6 });
	KUNIT_EXPECT_TRUE(test, fresh(rt, w.deps, w.n_deps));
	new_route(rt, &(struct rt_route){ "10.1.99.0/24", 1, NULL, 7 });
	KUNIT_EXPECT_FALSE(test, fresh(rt, w.deps, w.n_deps));
	watch(rt, false, &w);
	KUNIT_EXPECT_EQ(test, 24, (int)w.bits);
	new_route(rt, &(struct rt_route){ "10.1.98.0/24", 1, NULL, 7 });
	KUNIT_EXPECT_TRUE(test, fresh(rt, w.deps, w.n_deps));
	rt_do_route(rt, MN_VERB_DEL,
		    &(struct rt_route){ "10.1.0.0/16", 1, NULL, 2 });
	KUNIT_EXPECT_FALSE(test, fresh(rt, w.deps, w.n_deps));
}

static struct kunit_case route_cases[] = {
	KUNIT_CASE(route_longest),
	KUNIT_CASE(route_source),
	KUNIT_CASE(route_metric),
	KUNIT_CASE(route_port_down),
	KUNIT_CASE(route_ecmp),
	KUNIT_CASE(route_many),
	KUNIT_CASE(route_icmp_error),
	KUNIT_CASE(route_echo),
	KUNIT_CASE(route_fragment),
	KUNIT_CASE(route_trace),
	KUNIT_CASE(route_deps),
	KUNIT_CASE(route_deps_apart),
	{}
};

static struct kunit_suite route_suite = {
	.name = "midonet-route",
	.suite_init = rt_suite_init,
	.suite_exit = rt_suite_exit,
	.init = rt_init,
	.exit = rt_exit,
	.test_cases = route_cases,
};

kunit_test_suite(route_suite);
