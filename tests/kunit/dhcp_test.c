// SPDX-License-Identifier: GPL-2.0
/*
 * Subnets that are served by DHCP, and their hosts, as configuration: what is
 * refused, what the end state of a transaction is judged by, who is found.
 */
#include <kunit/test.h>
#include <linux/slab.h>

#include "l2/bridge.h"
#include "l2/dhcp.h"
#include "sim/dep.h"
#include "topology.h"

#define BRIDGE	MIDONET_OBJECT_TYPE_BRIDGE
#define DHCP	MIDONET_OBJECT_TYPE_DHCP
#define HOST	MIDONET_OBJECT_TYPE_DHCP_HOST

/**
 * struct subnet - a dhcp in words
 * @subnet: prefix
 * @server: address or NULL
 * @gateway: address or NULL
 * @dns: address or NULL
 * @route: destination or NULL; the gateway is 10.0.0.2
 * @mtu: 0 for none
 * @mode: &enum midonet_dhcp_mode
 * @more: times @dns and @route are given besides the first
 */
struct subnet {
	const char *subnet;
	const char *server;
	const char *gateway;
	const char *dns;
	const char *route;
	u32 mtu;
	u8 mode;
	u8 more;
};

/**
 * struct host - a dhcp-host in words
 * @mac: last byte of its MAC
 * @addr: address
 * @name: name or NULL
 * @code: of an option of @len bytes, 0 for none
 * @len: see @code
 * @more: options of the following codes besides
 */
struct host {
	u8 mac;
	const char *addr;
	const char *name;
	u16 code;
	u8 len;
	u16 more;
};

static void put_mac(struct topo *t, u8 last)
{
	u8 mac[ETH_ALEN] = { 2, [5] = last };

	KUNIT_ASSERT_EQ(t->test, 0, nla_put(t->msg, MIDONET_A_MAC, ETH_ALEN,
					    mac));
}

static void put_route(struct topo *t, const char *dst)
{
	u8 route[9] = { 0, 0, 0, 0, 0, 10, 0, 0, 2 };
	struct in6_addr addr;
	u8 plen;

	topo_addr(t, dst, &addr);
	KUNIT_ASSERT_EQ(t->test, 0, kstrtou8(strchr(dst, '/') + 1, 10, &plen));
	route[0] = plen;
	memcpy(route + 1, &addr, 4);
	KUNIT_ASSERT_EQ(t->test, 0, nla_put(t->msg, MIDONET_A_ROUTES, 9, route));
}

static void put_words(struct topo *t, const struct subnet *s)
{
	int i;

	if (s->server)
		topo_put_addr(t, MIDONET_A_SERVER, s->server);
	if (s->gateway)
		topo_put_addr(t, MIDONET_A_GATEWAY, s->gateway);
	for (i = 0; s->dns && i <= s->more; i++)
		topo_put_addr(t, MIDONET_A_DNS, s->dns);
	for (i = 0; s->route && i <= s->more; i++)
		put_route(t, s->route);
	if (s->mtu)
		KUNIT_ASSERT_EQ(t->test, 0,
				nla_put_u32(t->msg, MIDONET_A_MTU, s->mtu));
	if (s->mode)
		KUNIT_ASSERT_EQ(t->test, 0,
				nla_put_u8(t->msg, MIDONET_A_MODE, s->mode));
}

static void subnet(struct topo *t, u8 verb, u32 n, u32 bridge,
		   const struct subnet *s)
{
	topo_op(t);
	topo_put_id(t, MIDONET_A_ID, DHCP, n);
	if (verb == MN_VERB_NEW) {
		topo_put_id(t, MIDONET_A_PARENT, BRIDGE, bridge);
		topo_put_prefix(t, MIDONET_A_SUBNET, s->subnet);
	}
	put_words(t, s);
	topo_stage(t, DHCP, verb);
}

static void host(struct topo *t, u8 verb, u32 n, const struct host *h)
{
	u8 data[256] = {};
	int i;

	topo_op(t);
	topo_put_id(t, MIDONET_A_PARENT, DHCP, n);
	put_mac(t, h->mac);
	if (verb == MN_VERB_NEW && h->addr)
		topo_put_addr(t, MIDONET_A_ADDRESS, h->addr);
	if (h->name)
		nla_put_string(t->msg, MIDONET_A_NAME, h->name);
	for (i = 0; h->code && i <= h->more; i++) {
		data[0] = (h->code + i) >> 8;
		data[1] = h->code + i;
		KUNIT_ASSERT_EQ(t->test, 0,
				nla_put(t->msg, MIDONET_A_OPTIONS, 2 + h->len,
					data));
	}
	topo_stage(t, HOST, verb);
}

static void committed(struct topo *t)
{
	int err = topo_commit(t, false);

	KUNIT_ASSERT_EQ_MSG(t->test, 0, err, "%s", t->error);
}

static void refused(struct topo *t, int err, const char *words)
{
	KUNIT_EXPECT_EQ_MSG(t->test, err, topo_commit(t, false), "%s", words);
	KUNIT_EXPECT_NOT_NULL_MSG(t->test, strstr(t->error, words),
				  "\"%s\" has no \"%s\"", t->error, words);
}

static int dhcp_init(struct kunit *test)
{
	struct topo *t = kunit_kzalloc(test, sizeof(*t), GFP_KERNEL);
	int err;

	if (!t)
		return -ENOMEM;
	test->priv = t;
	err = topo_init(t, test);
	if (err)
		return err;
	topo_begin(t);
	topo_new(t, BRIDGE, 0, "net0");
	topo_new(t, BRIDGE, 1, "net1");
	committed(t);
	return 0;
}

static void dhcp_exit(struct kunit *test)
{
	struct topo *t = test->priv;

	if (!t || !t->mn)
		return;
	topo_clear(t);
	topo_exit(t);
}

static const struct subnet net4 = {
	"10.0.0.0/24", "10.0.0.1", "10.0.0.1", "10.0.0.53",
};

static const struct subnet net6 = { "fd00::/64" };

/* Two subnets of net0, one of net1. */
static void make(struct topo *t)
{
	topo_begin(t);
	subnet(t, MN_VERB_NEW, 1, 0, &net4);
	subnet(t, MN_VERB_NEW, 2, 0, &net6);
	subnet(t, MN_VERB_NEW, 3, 1, &net4);
	committed(t);
}

static const struct {
	struct subnet s;
	const char *words;
} bad_subnets[] = {
	{ { "10.0.0.7/24" }, "dhcp: subnet: not a prefix without host bits" },
	{ { "10.0.0.0/7" }, "dhcp 10.0.0.0/7: subnet: stations have" },
	{ { "224.0.0.0/24" }, "dhcp 224.0.0.0/24: subnet: stations have" },
	{ { "127.0.0.0/24" }, "subnet: stations have" },
	{ { "0.0.0.0/8" }, "subnet: stations have" },
	{ { "fe80::/64" }, "dhcp fe80::/64: subnet: stations have" },
	{ { "ff00::/16" }, "subnet: stations have" },
	{ { "10.1.0.0/24" },
	  "bridge net0: dhcp 10.1.0.0/24: server: an IPv4 subnet needs one" },
	{ { "10.1.0.0/24", "10.0.0.1" },
	  "bridge net0: dhcp 10.1.0.0/24: server: is not in the subnet" },
	{ { "10.1.0.0/24", "10.1.0.0" }, "server: is not in the subnet" },
	{ { "10.1.0.0/24", "10.1.0.255" }, "server: is not in the subnet" },
	{ { "10.1.0.0/24", "224.0.0.1" }, "server: not the address of a station" },
	{ { "10.1.0.0/24", "fd01::1" }, "server: not the address of a station" },
	{ { "fd01::/64", "10.1.0.1" }, "server: not the address of a station" },
	{ { "fd01::/64", "fd01::" }, "server: is not in the subnet" },
	{ { "10.1.0.0/24", "10.1.0.1", "10.2.0.1" },
	  "dhcp 10.1.0.0/24: gateway: is not in the subnet" },
	{ { "fd01::/64", NULL, "fd02::1" }, "gateway: is not in the subnet" },
	{ { "10.1.0.0/24", "10.1.0.1", "fe80::1" }, "gateway: not the address of" },
	{ { "10.1.0.0/24", "10.1.0.1", .dns = "fd01::1" }, "dns: not the address of" },
	{ { "10.1.0.0/24", "10.1.0.1", .dns = "10.1.0.5", .more = 16 },
	  "dns: more than 16 addresses" },
	{ { "10.1.0.0/24", "10.1.0.1", .route = "10.9.0.0/16", .more = 25 },
	  "routes: more than 25" },
	{ { "10.1.0.0/24", "10.1.0.1", .route = "10.9.0.1/16" },
	  "routes: a destination is a prefix without host bits" },
	{ { "10.1.0.0/24", "10.1.0.1", .route = "10.9.0.0/33" },
	  "routes: a destination is a prefix" },
	{ { "fd01::/64", .route = "10.9.0.0/16" }, "routes: only hosts of IPv4" },
	{ { "10.1.0.0/24", "10.1.0.1", .mtu = 67 }, "mtu: at least 68" },
	{ { "fd01::/64", .mtu = 1279 }, "mtu: at least 68 for IPv4, 1280" },
	{ { "10.1.0.0/24", "10.1.0.1", .mode = MIDONET_DHCP_MODE_SLAAC },
	  "mode: only subnets of IPv6" },
	{ { "fd01::/96", .mode = MIDONET_DHCP_MODE_SLAAC },
	  "bridge net0: dhcp fd01::/96: mode: hosts make addresses of a /64 only" },
	{ { "10.0.0.128/25", "10.0.0.129" },
	  "bridge net0: dhcp 10.0.0.128/25: subnet: overlaps dhcp 10.0.0.0/24 of the bridge" },
	{ { "10.0.0.0/8", "10.0.0.1" },
	  "bridge net0: dhcp 10.0.0.0/8: subnet: overlaps dhcp 10.0.0.0/24" },
	{ { "fd00::/56" }, "dhcp fd00::/56: subnet: overlaps dhcp fd00::/64" },
};

static void dhcp_bad_subnets(struct kunit *test)
{
	struct topo *t = test->priv;
	int i;

	make(t);
	for (i = 0; i < ARRAY_SIZE(bad_subnets); i++) {
		topo_begin(t);
		subnet(t, MN_VERB_NEW, 9, 0, &bad_subnets[i].s);
		refused(t, -EINVAL, bad_subnets[i].words);
	}
	topo_begin(t);
	subnet(t, MN_VERB_NEW, 9, 0, &net4);
	refused(t, -EEXIST, "dhcp net0:10.0.0.0/24 exists already, with another id");
	topo_begin(t);
	subnet(t, MN_VERB_NEW, 1, 0, &net4);
	refused(t, -EEXIST, "dhcp net0:10.0.0.0/24 exists already");
	topo_begin(t);
	subnet(t, MN_VERB_NEW, 1, 0, &net6);
	refused(t, -EEXIST, "dhcp net0:fd00::/64: id");
	/* As a change of one that is there. */
	topo_begin(t);
	subnet(t, MN_VERB_SET, 1, 0, &(struct subnet){ .server = "10.1.0.1" });
	refused(t, -EINVAL, "dhcp 10.0.0.0/24: server: is not in the subnet");
	/* One goes, another one overlaps it. */
	topo_begin(t);
	topo_del(t, DHCP, 1);
	subnet(t, MN_VERB_NEW, 9, 0, &(struct subnet){ "10.0.0.0/16", "10.0.0.1" });
	committed(t);
}

static void dhcp_good_subnets(struct kunit *test)
{
	static const struct subnet good[] = {
		{ "10.1.0.0/31", "10.1.0.0", "10.1.0.1" },
		{ "10.1.1.1/32", "10.1.1.1" },
		{ "10.2.0.0/24", "10.2.0.1", .dns = "8.8.8.8", .more = 15 },
		{ "10.3.0.0/24", "10.3.0.1", .route = "0.0.0.0/0", .more = 24 },
		{ "fd01::/64", "fd01::1", "fe80::1", "fe80::53", .mtu = 1280 },
		{ "fd02::/64", .mode = MIDONET_DHCP_MODE_STATELESS },
		{ "fd03::/127", "fd03::" },
	};
	struct topo *t = test->priv;
	int i;

	for (i = 0; i < ARRAY_SIZE(good); i++) {
		topo_begin(t);
		subnet(t, MN_VERB_NEW, i, 0, &good[i]);
		committed(t);
	}
	/* The same again changes nothing. */
	topo_begin(t);
	subnet(t, MN_VERB_SET, 2, 0, &good[2]);
	committed(t);
	KUNIT_EXPECT_EQ(test, 0U, t->result.changes);
}

static void dhcp_too_many(struct kunit *test)
{
	struct topo *t = test->priv;
	char name[32], server[32];
	int i;

	topo_begin(t);
	for (i = 0; i <= MN_DHCP_SUBNETS; i++) {
		snprintf(name, sizeof(name), "10.0.%d.0/24", i);
		snprintf(server, sizeof(server), "10.0.%d.1", i);
		if (i == MN_DHCP_SUBNETS) {
			committed(t);
			topo_begin(t);
		}
		subnet(t, MN_VERB_NEW, 100 + i, 0,
		       &(struct subnet){ name, server });
	}
	refused(t, -ENOSPC, "dhcp 10.0.64.0/24: is one too many; a bridge has 64");
}

static const struct {
	u32 n;
	struct host h;
	const char *words;
} bad_hosts[] = {
	{ 1, { 5 }, "bridge net0: dhcp 10.0.0.0/24: host 02:00:00:00:00:05: address: needs" },
	{ 1, { 5, "fd00::5" }, "address: needs one of the subnet's family" },
	{ 1, { 5, "10.0.1.5" }, "address: is not that of a station of the subnet" },
	{ 1, { 5, "10.0.0.0" }, "address: is not that of a station" },
	{ 1, { 5, "10.0.0.255" }, "address: is not that of a station" },
	{ 2, { 5, "fd00::" }, "dhcp fd00::/64: host 02:00:00:00:00:05: address: is not" },
	{ 1, { 5, "10.0.0.1" }, "host 02:00:00:00:00:05: address: is that of the server" },
	{ 1, { 5, "10.0.0.7" }, "address: is that of host 02:00:00:00:00:01" },
	{ 1, { 5, "10.0.0.5", "a b" }, "name: 1 to 63 characters" },
	{ 1, { 5, "10.0.0.5", NULL, 1, 4 }, "options: code 1 is none, or for the server" },
	{ 1, { 5, "10.0.0.5", NULL, 53, 1 }, "options: code 53 " },
	{ 1, { 5, "10.0.0.5", NULL, 255, 1 }, "options: code 255 " },
	{ 1, { 5, "10.0.0.5", NULL, 300, 1 }, "options: code 300 " },
	{ 2, { 5, "fd00::5", NULL, 3, 1 }, "options: code 3 " },
	{ 1, { 5, "10.0.0.5", NULL, 100, 252, 4 }, "options: more than 1024 bytes" },
	{ 1, { 5, "10.0.0.5", NULL, 100, 0, 64 }, "options: more than 64" },
};

static void dhcp_bad_hosts(struct kunit *test)
{
	struct topo *t = test->priv;
	int i;

	make(t);
	topo_begin(t);
	host(t, MN_VERB_NEW, 1, &(struct host){ 1, "10.0.0.7", "vm1", 42, 4 });
	committed(t);
	for (i = 0; i < ARRAY_SIZE(bad_hosts); i++) {
		topo_begin(t);
		host(t, MN_VERB_NEW, bad_hosts[i].n, &bad_hosts[i].h);
		refused(t, -EINVAL, bad_hosts[i].words);
	}
	KUNIT_EXPECT_EQ(test, 1U, t->mn->n_dhcp_hosts);
	topo_begin(t);
	host(t, MN_VERB_NEW, 1, &(struct host){ 1, "10.0.0.8" });
	refused(t, -EEXIST, "host 02:00:00:00:00:01: exists already");
	topo_begin(t);
	host(t, MN_VERB_DEL, 1, &(struct host){ 2 });
	refused(t, -ENOENT, "host 02:00:00:00:00:02: does not exist");
	/* Its address becomes the server's. */
	topo_begin(t);
	subnet(t, MN_VERB_SET, 1, 0, &(struct subnet){ .server = "10.0.0.7" });
	refused(t, -EINVAL,
		"dhcp 10.0.0.0/24: server: is the address of host 02:00:00:00:00:01");
	topo_begin(t);
	subnet(t, MN_VERB_SET, 1, 0, &(struct subnet){ .gateway = "10.0.0.7" });
	refused(t, -EINVAL, "gateway: is the address of host 02:00:00:00:00:01");
	/* Of a family a MAC is listed once on a bridge, elsewhere it may be. */
	topo_begin(t);
	subnet(t, MN_VERB_NEW, 4, 0, &(struct subnet){ "10.1.0.0/24", "10.1.0.1" });
	host(t, MN_VERB_NEW, 4, &(struct host){ 1, "10.1.0.7" });
	refused(t, -EINVAL,
		"dhcp 10.1.0.0/24: host 02:00:00:00:00:01: mac: is listed in dhcp 10.0.0.0/24");
	topo_begin(t);
	host(t, MN_VERB_NEW, 2, &(struct host){ 1, "fd00::7" });
	host(t, MN_VERB_NEW, 3, &(struct host){ 1, "10.0.0.7" });
	committed(t);
}

static const struct mn_obj *lists(struct topo *t, u32 bridge, u8 family, u8 last)
{
	const struct mn_bridge *b = mn_bridge_of(topo_obj(t, BRIDGE, bridge));
	u8 mac[ETH_ALEN] = { 2, [5] = last };
	const struct mn_obj *found;

	rcu_read_lock();
	found = mn_dhcp_lists(t->mn, b, family, mac, t->mn->generation);
	rcu_read_unlock();
	return found;
}

static void dhcp_finds(struct kunit *test)
{
	struct topo *t = test->priv;
	const struct mn_obj *net0;

	make(t);
	net0 = topo_obj(t, DHCP, 1);
	topo_begin(t);
	host(t, MN_VERB_NEW, 1, &(struct host){ 1, "10.0.0.7" });
	host(t, MN_VERB_NEW, 1, &(struct host){ 2, "10.0.0.8" });
	host(t, MN_VERB_NEW, 2, &(struct host){ 1, "fd00::7" });
	committed(t);
	KUNIT_EXPECT_PTR_EQ(test, net0, lists(t, 0, AF_INET, 1));
	KUNIT_EXPECT_PTR_EQ(test, (const struct mn_obj *)topo_obj(t, DHCP, 2),
			    lists(t, 0, AF_INET6, 1));
	KUNIT_EXPECT_NULL(test, lists(t, 0, AF_INET6, 2));
	KUNIT_EXPECT_NULL(test, lists(t, 0, AF_INET, 3));
	KUNIT_EXPECT_NULL(test, lists(t, 1, AF_INET, 1));
	/* Only the end state counts: they change their addresses. */
	topo_begin(t);
	host(t, MN_VERB_DEL, 1, &(struct host){ 1 });
	host(t, MN_VERB_DEL, 1, &(struct host){ 2 });
	host(t, MN_VERB_NEW, 1, &(struct host){ 1, "10.0.0.8" });
	host(t, MN_VERB_NEW, 1, &(struct host){ 2, "10.0.0.7" });
	committed(t);
	KUNIT_EXPECT_PTR_EQ(test, net0, lists(t, 0, AF_INET, 1));
	/* Hosts go with their subnet, and that with its bridge. */
	topo_begin(t);
	topo_del(t, DHCP, 1);
	committed(t);
	KUNIT_EXPECT_NULL(test, lists(t, 0, AF_INET, 1));
	topo_begin(t);
	topo_del(t, BRIDGE, 0);
	committed(t);
	flush_work(&t->mn->grave_work);
	KUNIT_EXPECT_EQ(test, 0U, t->mn->n_dhcp_hosts);
	KUNIT_EXPECT_EQ(test, 1U, t->mn->n_objs[DHCP]);
}

/* A flow of somebody who is listed, or no longer, is walked again. */
static void dhcp_moves(struct kunit *test)
{
	struct topo *t = test->priv;
	const struct mn_bridge *b = mn_bridge_of(topo_obj(t, BRIDGE, 0));
	static const u8 mac[ETH_ALEN] = { 2, [5] = 1 };
	static const u8 other[ETH_ALEN] = { 2, [5] = 9 };
	u32 slot = mn_dhcp_dep(t->mn, b, mac), was, bridge;

	KUNIT_EXPECT_NE(test, slot, mn_dhcp_dep(t->mn, b, other));
	bridge = mn_dep_read(t->mn, b->obj.dep);
	make(t);
	KUNIT_EXPECT_NE(test, bridge, mn_dep_read(t->mn, b->obj.dep));
	was = mn_dep_read(t->mn, slot);
	topo_begin(t);
	host(t, MN_VERB_NEW, 1, &(struct host){ 1, "10.0.0.7" });
	committed(t);
	KUNIT_EXPECT_NE(test, was, mn_dep_read(t->mn, slot));
	was = mn_dep_read(t->mn, slot);
	topo_begin(t);
	host(t, MN_VERB_NEW, 1, &(struct host){ 2, "10.0.0.8" });
	committed(t);
	KUNIT_EXPECT_EQ(test, was, mn_dep_read(t->mn, slot));
	topo_begin(t);
	topo_del(t, DHCP, 1);
	committed(t);
	KUNIT_EXPECT_NE(test, was, mn_dep_read(t->mn, slot));
}

static struct kunit_case dhcp_cases[] = {
	KUNIT_CASE(dhcp_bad_subnets),
	KUNIT_CASE(dhcp_good_subnets),
	KUNIT_CASE(dhcp_too_many),
	KUNIT_CASE(dhcp_bad_hosts),
	KUNIT_CASE(dhcp_finds),
	KUNIT_CASE(dhcp_moves),
	{}
};

static struct kunit_suite dhcp_suite = {
	.name = "midonet-dhcp",
	.init = dhcp_init,
	.exit = dhcp_exit,
	.test_cases = dhcp_cases,
};

kunit_test_suites(&dhcp_suite);
