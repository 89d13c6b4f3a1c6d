// SPDX-License-Identifier: GPL-2.0
/*
 * The table "inet midonet" of nftables, in the words of nft:
 *
 *	chain in { type filter hook prerouting priority raw
 *		ip daddr @local4 udp dport @ports ip saddr @members4 notrack accept
 *		ip daddr @local4 udp dport @ports counter drop
 *		(with GRE:) ip daddr @local4 meta l4proto gre ip saddr @members4 notrack accept
 *		(with GRE:) ip daddr @local4 meta l4proto gre counter drop
 *		... the same of IPv6
 *	}
 *	chain out { type filter hook output priority raw
 *		ip saddr @local4 udp dport @ports ip daddr @members4 notrack accept
 *		...
 *	}
 *
 * It is sent as a whole in one transaction of nftables, in which the one that was there
 * goes, so there is no moment without. No other table is touched or read.
 */
#include <arpa/inet.h>
#include <errno.h>
#include <libmnl/libmnl.h>
#include <libnftnl/chain.h>
#include <libnftnl/common.h>
#include <libnftnl/expr.h>
#include <libnftnl/rule.h>
#include <libnftnl/set.h>
#include <libnftnl/table.h>
#include <linux/netfilter.h>
#include <linux/netfilter/nf_tables.h>
#include <linux/netfilter/nfnetlink.h>
#include <netinet/in.h>
#include <stddef.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <time.h>

#include "nft.h"

#define TABLE		"midonet"
#define FAMILY		NFPROTO_INET
/* NF_IP_PRI_RAW: before connections are tracked, behind defragmentation */
#define PRIORITY	(-300)
/* Types of elements, as nft(8) counts them. */
#define TYPE_IPV4	7
#define TYPE_IPV6	8
#define TYPE_SERVICE	13
/* Elements of a message, whose length has 16 bits. */
#define CHUNK		500
/* Of one message, with so many elements. */
#define MESSAGE		(64 * 1024)

/**
 * struct talk - a transaction being built
 * @buf: messages
 * @seq: number of the last
 * @set: number of the last set
 */
struct talk {
	struct mn_buf buf;
	uint32_t seq;
	uint32_t set;
};

/* Where the next message goes; it is kept by keep(). */
static struct nlmsghdr *next(struct talk *t, int cmd, int flags)
{
	static struct nlmsghdr room[MESSAGE / sizeof(struct nlmsghdr)];

	memset(room, 0, 4 * sizeof(*room));
	return nftnl_nlmsg_build_hdr((char *)room, cmd, FAMILY,
				     flags | NLM_F_ACK, ++t->seq);
}

static void keep(struct talk *t, const struct nlmsghdr *nlh)
{
	mn_buf_add(&t->buf, nlh, NLMSG_ALIGN(nlh->nlmsg_len));
}

static void limit(struct talk *t, bool end)
{
	struct nlmsghdr room[4] = {};

	keep(t, end ? nftnl_batch_end((char *)room, ++t->seq) :
		      nftnl_batch_begin((char *)room, ++t->seq));
}

static void table(struct talk *t, int cmd)
{
	struct nftnl_table *table = nftnl_table_alloc();
	struct nlmsghdr *nlh = next(t, cmd, cmd == NFT_MSG_NEWTABLE ?
					    NLM_F_CREATE : 0);

	nftnl_table_set_str(table, NFTNL_TABLE_NAME, TABLE);
	nftnl_table_nlmsg_build_payload(nlh, table);
	keep(t, nlh);
	nftnl_table_free(table);
}

static void chain(struct talk *t, const char *name, int hook)
{
	struct nftnl_chain *chain = nftnl_chain_alloc();
	struct nlmsghdr *nlh = next(t, NFT_MSG_NEWCHAIN, NLM_F_CREATE);

	nftnl_chain_set_str(chain, NFTNL_CHAIN_TABLE, TABLE);
	nftnl_chain_set_str(chain, NFTNL_CHAIN_NAME, name);
	nftnl_chain_set_str(chain, NFTNL_CHAIN_TYPE, "filter");
	nftnl_chain_set_u32(chain, NFTNL_CHAIN_HOOKNUM, hook);
	nftnl_chain_set_s32(chain, NFTNL_CHAIN_PRIO, PRIORITY);
	nftnl_chain_set_u32(chain, NFTNL_CHAIN_POLICY, NF_ACCEPT);
	nftnl_chain_nlmsg_build_payload(nlh, chain);
	keep(t, nlh);
	nftnl_chain_free(chain);
}

static struct nftnl_set *new_set(struct talk *t, const char *name)
{
	struct nftnl_set *set = nftnl_set_alloc();

	nftnl_set_set_str(set, NFTNL_SET_TABLE, TABLE);
	nftnl_set_set_str(set, NFTNL_SET_NAME, name);
	nftnl_set_set_u32(set, NFTNL_SET_FAMILY, FAMILY);
	nftnl_set_set_u32(set, NFTNL_SET_ID, t->set);
	return set;
}

static void elements(struct talk *t, const char *name, const uint8_t *keys,
		     size_t len, uint32_t n)
{
	struct nftnl_set *set = new_set(t, name);
	struct nlmsghdr *nlh = next(t, NFT_MSG_NEWSETELEM, NLM_F_CREATE);
	struct nftnl_set_elem *elem;
	uint32_t i;

	for (i = 0; i < n; i++) {
		elem = nftnl_set_elem_alloc();
		nftnl_set_elem_set(elem, NFTNL_SET_ELEM_KEY, keys + i * len,
				   len);
		nftnl_set_elem_add(set, elem);
	}
	nftnl_set_elems_nlmsg_build_payload(nlh, set);
	keep(t, nlh);
	nftnl_set_free(set);
}

static void set(struct talk *t, const char *name, uint32_t type,
		const void *keys, size_t len, uint32_t n)
{
	struct nlmsghdr *nlh;
	struct nftnl_set *set;
	uint32_t at, some;

	t->set++;
	set = new_set(t, name);
	nftnl_set_set_u32(set, NFTNL_SET_KEY_TYPE, type);
	nftnl_set_set_u32(set, NFTNL_SET_KEY_LEN, len);
	nlh = next(t, NFT_MSG_NEWSET, NLM_F_CREATE);
	nftnl_set_nlmsg_build_payload(nlh, set);
	keep(t, nlh);
	nftnl_set_free(set);
	for (at = 0; at < n; at += some) {
		some = n - at < CHUNK ? n - at : CHUNK;
		elements(t, name, (const uint8_t *)keys + at * len, len, some);
	}
}

/* Words of a rule. The value that is compared is in the first register. */

static struct nftnl_expr *word(struct nftnl_rule *rule, const char *name)
{
	struct nftnl_expr *e = nftnl_expr_alloc(name);

	nftnl_rule_add_expr(rule, e);
	return e;
}

static void meta_is(struct nftnl_rule *rule, uint32_t key, uint8_t value)
{
	struct nftnl_expr *e = word(rule, "meta");

	nftnl_expr_set_u32(e, NFTNL_EXPR_META_KEY, key);
	nftnl_expr_set_u32(e, NFTNL_EXPR_META_DREG, NFT_REG_1);
	e = word(rule, "cmp");
	nftnl_expr_set_u32(e, NFTNL_EXPR_CMP_SREG, NFT_REG_1);
	nftnl_expr_set_u32(e, NFTNL_EXPR_CMP_OP, NFT_CMP_EQ);
	nftnl_expr_set(e, NFTNL_EXPR_CMP_DATA, &value, 1);
}

static void field_in(struct nftnl_rule *rule, uint32_t base, uint32_t offset,
		     uint32_t len, const char *set)
{
	struct nftnl_expr *e = word(rule, "payload");

	nftnl_expr_set_u32(e, NFTNL_EXPR_PAYLOAD_BASE, base);
	nftnl_expr_set_u32(e, NFTNL_EXPR_PAYLOAD_OFFSET, offset);
	nftnl_expr_set_u32(e, NFTNL_EXPR_PAYLOAD_LEN, len);
	nftnl_expr_set_u32(e, NFTNL_EXPR_PAYLOAD_DREG, NFT_REG_1);
	e = word(rule, "lookup");
	nftnl_expr_set_u32(e, NFTNL_EXPR_LOOKUP_SREG, NFT_REG_1);
	nftnl_expr_set_str(e, NFTNL_EXPR_LOOKUP_SET, set);
}

static void verdict(struct nftnl_rule *rule, uint32_t verdict)
{
	struct nftnl_expr *e = word(rule, "immediate");

	nftnl_expr_set_u32(e, NFTNL_EXPR_IMM_DREG, NFT_REG_VERDICT);
	nftnl_expr_set_u32(e, NFTNL_EXPR_IMM_VERDICT, verdict);
}

/**
 * struct family - where addresses are in a packet
 * @proto: of netfilter
 * @len: bytes of an address
 * @type: of elements
 * @src: place of the source
 * @dst: place of the destination
 * @local: set of own addresses
 * @members: set of those of members
 */
struct family {
	uint8_t proto;
	uint8_t len;
	uint32_t type;
	uint32_t src;
	uint32_t dst;
	const char *local;
	const char *members;
};

static const struct family families[] = {
	{ NFPROTO_IPV4, 4, TYPE_IPV4, 12, 16, "local4", "members4" },
	{ NFPROTO_IPV6, 16, TYPE_IPV6, 8, 24, "local6", "members6" },
};

/* Tunnels of one protocol: @in from others to here, else the other way. */
static struct nftnl_rule *tunnels(const char *chain, const struct family *f,
				  uint8_t proto, bool in)
{
	struct nftnl_rule *rule = nftnl_rule_alloc();

	nftnl_rule_set_str(rule, NFTNL_RULE_TABLE, TABLE);
	nftnl_rule_set_str(rule, NFTNL_RULE_CHAIN, chain);
	nftnl_rule_set_u32(rule, NFTNL_RULE_FAMILY, FAMILY);
	meta_is(rule, NFT_META_NFPROTO, f->proto);
	field_in(rule, NFT_PAYLOAD_NETWORK_HEADER, in ? f->dst : f->src, f->len,
		 f->local);
	meta_is(rule, NFT_META_L4PROTO, proto);
	if (proto == IPPROTO_UDP)
		field_in(rule, NFT_PAYLOAD_TRANSPORT_HEADER, 2, 2, "ports");
	return rule;
}

static void add_rule(struct talk *t, struct nftnl_rule *rule)
{
	struct nlmsghdr *nlh = next(t, NFT_MSG_NEWRULE,
				    NLM_F_CREATE | NLM_F_APPEND);

	nftnl_rule_nlmsg_build_payload(nlh, rule);
	keep(t, nlh);
	nftnl_rule_free(rule);
}

/* What goes between members is not tracked; other tunnels end here. */
static void rules_of(struct talk *t, const struct family *f, uint8_t proto)
{
	struct nftnl_rule *rule = tunnels("in", f, proto, true);

	field_in(rule, NFT_PAYLOAD_NETWORK_HEADER, f->src, f->len, f->members);
	word(rule, "notrack");
	verdict(rule, NF_ACCEPT);
	add_rule(t, rule);
	rule = tunnels("in", f, proto, true);
	word(rule, "counter");
	verdict(rule, NF_DROP);
	add_rule(t, rule);
	rule = tunnels("out", f, proto, false);
	field_in(rule, NFT_PAYLOAD_NETWORK_HEADER, f->dst, f->len, f->members);
	word(rule, "notrack");
	verdict(rule, NF_ACCEPT);
	add_rule(t, rule);
}

static void rules(struct talk *t, const struct nft_hosts *hosts)
{
	size_t i;

	chain(t, "in", NF_INET_PRE_ROUTING);
	chain(t, "out", NF_INET_LOCAL_OUT);
	for (i = 0; i < MN_ARRAY_SIZE(families); i++) {
		if (!hosts->n_local[i])
			continue;
		if (hosts->n_ports)
			rules_of(t, &families[i], IPPROTO_UDP);
		if (hosts->gre && !i)
			rules_of(t, &families[i], IPPROTO_GRE);
	}
}

/* All answers are there when the kernel has taken the transaction. */
static int read_answers(struct mnl_socket *sock, struct mn_err *err)
{
	char buf[16 * 1024];
	const struct nlmsghdr *nlh;
	const struct nlmsgerr *e;
	ssize_t n;
	int len;

	for (;;) {
		n = recv(mnl_socket_get_fd(sock), buf, sizeof(buf), MSG_DONTWAIT);
		if (n < 0)
			return errno == EAGAIN ? 0 :
			       mn_fail(err, -errno, "nftables: %s",
				       strerror(errno));
		len = n;
		for (nlh = (void *)buf; mnl_nlmsg_ok(nlh, len);
		     nlh = mnl_nlmsg_next(nlh, &len)) {
			e = mnl_nlmsg_get_payload(nlh);
			if (nlh->nlmsg_type == NLMSG_ERROR && e->error)
				return mn_fail(err, e->error, "nftables: %s",
					       strerror(-e->error));
		}
	}
}

static int send_all(struct talk *t, struct mn_err *err)
{
	struct mnl_socket *sock = mnl_socket_open2(NETLINK_NETFILTER,
						   SOCK_CLOEXEC);
	int size = t->buf.len + 64 * 1024, ret;

	if (!sock || mnl_socket_bind(sock, 0, MNL_SOCKET_AUTOPID) < 0) {
		ret = mn_fail(err, -errno, "nftables: %s", strerror(errno));
		goto close;
	}
	setsockopt(mnl_socket_get_fd(sock), SOL_SOCKET, SO_SNDBUFFORCE, &size,
		   sizeof(size));
	setsockopt(mnl_socket_get_fd(sock), SOL_SOCKET, SO_RCVBUFFORCE, &size,
		   sizeof(size));
	if (mnl_socket_sendto(sock, t->buf.s, t->buf.len) < 0)
		ret = mn_fail(err, -errno, "nftables: %s", strerror(errno));
	else
		ret = read_answers(sock, err);
close:
	if (sock)
		mnl_socket_close(sock);
	mn_buf_free(&t->buf);
	return ret;
}

/* One that was there goes; that there is none is no error if one was made before. */
static void begin(struct talk *t)
{
	t->seq = time(NULL);
	limit(t, false);
	table(t, NFT_MSG_NEWTABLE);
	table(t, NFT_MSG_DELTABLE);
}

/**
 * nft_install() - protect the host
 * @hosts: from all but these
 * @err: for errors
 *
 * Return: 0 or a negative error; then what was there is there still
 */
int nft_install(const struct nft_hosts *hosts, struct mn_err *err)
{
	const struct family *f;
	struct talk t = {};
	size_t i;

	begin(&t);
	table(&t, NFT_MSG_NEWTABLE);
	for (i = 0; i < MN_ARRAY_SIZE(families); i++) {
		f = &families[i];
		set(&t, f->local, f->type, hosts->local[i], f->len,
		    hosts->n_local[i]);
		set(&t, f->members, f->type, hosts->members[i], f->len,
		    hosts->n_members[i]);
	}
	set(&t, "ports", TYPE_SERVICE, hosts->ports, 2, hosts->n_ports);
	rules(&t, hosts);
	limit(&t, true);
	return send_all(&t, err);
}

/**
 * nft_remove() - leave the host unprotected
 * @err: for errors
 *
 * Return: 0 or a negative error
 */
int nft_remove(struct mn_err *err)
{
	struct talk t = {};

	begin(&t);
	limit(&t, true);
	return send_all(&t, err);
}
