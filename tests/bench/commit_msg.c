// SPDX-License-Identifier: GPL-2.0
/* The messages: plain objects with ids that are numbers. */
#include <arpa/inet.h>
#include <err.h>
#include <libmnl/libmnl.h>
#include <linux/genetlink.h>
#include <linux/midonet.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "commit.h"

#define ID_LEN		16
#define MSG_MAX		1024

void batch_free(struct batch *b)
{
	free(b->data);
	memset(b, 0, sizeof(*b));
}

struct nlmsghdr *batch_begin(struct batch *b, uint8_t cmd, uint16_t flags)
{
	struct genlmsghdr *genl;
	struct nlmsghdr *nlh;

	if (b->size - b->len < MSG_MAX) {
		b->size = b->size ? b->size * 2 : 1 << 20;
		b->data = realloc(b->data, b->size);
		if (!b->data)
			err(1, "memory");
	}
	nlh = mnl_nlmsg_put_header(b->data + b->len);
	nlh->nlmsg_type = kernel_family;
	nlh->nlmsg_flags = NLM_F_REQUEST | flags;
	nlh->nlmsg_seq = b->count;
	genl = mnl_nlmsg_put_extra_header(nlh, sizeof(*genl));
	genl->cmd = cmd;
	genl->version = MIDONET_FAMILY_VERSION;
	return nlh;
}

void batch_end(struct batch *b, struct nlmsghdr *nlh)
{
	b->len += MNL_ALIGN(nlh->nlmsg_len);
	b->count++;
}

/* A valid version 8 UUID that spells what it names. */
static void put_id(struct nlmsghdr *nlh, uint16_t attr, enum tag tag, uint32_t n)
{
	uint8_t id[ID_LEN] = { [6] = 0x80, [8] = 0x80, [9] = tag };

	n = htonl(n);
	memcpy(id + 12, &n, sizeof(n));
	/* spread, as random ids would be */
	memcpy(id, &n, sizeof(n));
	id[0] ^= id[3];
	mnl_attr_put(nlh, attr, sizeof(id), id);
}

static void put_name(struct nlmsghdr *nlh, const char *prefix, uint32_t n)
{
	char name[32];

	snprintf(name, sizeof(name), "%s%u", prefix, n);
	mnl_attr_put_strz(nlh, MIDONET_A_NAME, name);
}

void put_bridge(struct batch *b, uint32_t n, uint32_t chain)
{
	struct nlmsghdr *nlh = batch_begin(b, MIDONET_CMD_BRIDGE_NEW, 0);

	put_id(nlh, MIDONET_A_ID, TAG_BRIDGE, n);
	put_name(nlh, "bench-b", n);
	if (chain)
		put_id(nlh, MIDONET_A_IN_CHAIN, TAG_CHAIN, chain);
	batch_end(b, nlh);
}

void put_port(struct batch *b, uint32_t n, uint32_t bridge)
{
	struct nlmsghdr *nlh = batch_begin(b, MIDONET_CMD_PORT_NEW, 0);

	put_id(nlh, MIDONET_A_ID, TAG_PORT, n);
	put_name(nlh, "p", n);
	put_id(nlh, MIDONET_A_PARENT, TAG_BRIDGE, bridge);
	batch_end(b, nlh);
}

void put_chain(struct batch *b, uint32_t n)
{
	struct nlmsghdr *nlh = batch_begin(b, MIDONET_CMD_CHAIN_NEW, 0);

	put_id(nlh, MIDONET_A_ID, TAG_CHAIN, n);
	put_name(nlh, "bench-c", n);
	batch_end(b, nlh);
}

/* proto tcp src 10.x.y.z/32 dst-port 1024+: the shape of a security group's rule */
void put_rule(struct batch *b, uint32_t n, uint32_t chain, uint32_t position, uint16_t flags)
{
	struct nlmsghdr *nlh = batch_begin(b, MIDONET_CMD_RULE_NEW, flags);
	uint8_t prefix[5] = { 32, 10, n >> 16, n >> 8, n };
	uint32_t port = 1024 + n % 60000;
	struct nlattr *nest;

	put_id(nlh, MIDONET_A_ID, TAG_RULE, n);
	put_id(nlh, MIDONET_A_PARENT, TAG_CHAIN, chain);
	if (position)
		mnl_attr_put_u32(nlh, MIDONET_A_POSITION, position);
	nest = mnl_attr_nest_start(nlh, MIDONET_A_MATCH);
	mnl_attr_put(nlh, MIDONET_MATCH_SRC, sizeof(prefix), prefix);
	mnl_attr_put_u8(nlh, MIDONET_MATCH_PROTO, IPPROTO_TCP);
	mnl_attr_put_u32(nlh, MIDONET_MATCH_DST_PORT, port << 16 | port);
	mnl_attr_nest_end(nlh, nest);
	mnl_attr_put_u8(nlh, MIDONET_A_ACTION, MIDONET_RULE_ACTION_DROP);
	batch_end(b, nlh);
}

void put_del(struct batch *b, uint8_t cmd, enum tag tag, uint32_t n, uint16_t flags)
{
	struct nlmsghdr *nlh = batch_begin(b, cmd, flags);

	put_id(nlh, MIDONET_A_ID, tag, n);
	batch_end(b, nlh);
}

void put_txn(struct batch *b, uint8_t cmd, uint16_t flags)
{
	batch_end(b, batch_begin(b, cmd, flags));
}
