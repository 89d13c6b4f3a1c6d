// SPDX-License-Identifier: GPL-2.0
/*
 * Translating the headers of a walk. The packet itself is translated when it is
 * sent (flow/translate.c), by what its headers were when it came and are in the
 * end.
 */
#include "state/nat.h"

static bool is_v6(const struct mn_flow_key *key)
{
	return key->eth_type == htons(ETH_P_IPV6);
}

static void set_addr(struct mn_flow_key *key, enum mn_nat what,
		     const struct in6_addr *addr)
{
	if (is_v6(key)) {
		if (what == MN_NAT_SRC)
			key->v6.src = *addr;
		else
			key->v6.dst = *addr;
	} else if (what == MN_NAT_SRC) {
		key->v4.src = addr->s6_addr32[0];
	} else {
		key->v4.dst = addr->s6_addr32[0];
	}
}

static void set_port(struct mn_flow_key *key, enum mn_nat what, __be16 port)
{
	if (!(key->flags & MN_KEY_L4))
		return;
	if (mn_proto_has_ports(key->proto)) {
		if (what == MN_NAT_SRC)
			key->tp_src = port;
		else
			key->tp_dst = port;
	} else if (port && mn_proto_is_icmp(is_v6(key) ? AF_INET6 : AF_INET,
					    key->proto)) {
		key->icmp_id = port;
	}
}

/**
 * mn_nat_set() - translate the headers of a walk
 * @ctx: walk of an IP packet
 * @what: source or destination (of this packet)
 * @addr: address; an IPv4 address is in the first word
 * @port: port or echo id as in &struct mn_tuple, 0 if it has none
 */
void mn_nat_set(struct mn_ctx *ctx, enum mn_nat what,
		const struct in6_addr *addr, __be16 port)
{
	/* What a translation does to the packet depends on these. */
	mn_ctx_read(ctx, proto);
	mn_ctx_read(ctx, flags);
	mn_ctx_read(ctx, frag);
	mn_track_keep(ctx);
	ctx->translated = true;
	set_addr(&ctx->key, what, addr);
	set_port(&ctx->key, what, port);
}
