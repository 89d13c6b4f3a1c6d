/* SPDX-License-Identifier: GPL-2.0 */
#ifndef _NLFUZZ_H
#define _NLFUZZ_H

#include <linux/midonet.h>
#include <linux/netlink.h>
#include <stdbool.h>
#include <stdint.h>

#define N_IDS		94
#define BUF_SIZE	(256 * 1024)

struct msg {
	uint8_t *data;
	uint32_t len;
};

/*
 * Ids of each type. Which object is in which follows from their numbers, and so
 * do their names: messages that fit together by chance alone are too rare.
 */
enum kind {
	HOST, BRIDGE, PORT, GROUP, SET, CHAIN, RULE, ROUTER, BALANCER, POOL,
	/* What has no ids, by its parent's: load balancer, pool, router. */
	VIP, MEMBER, BLOCK,
	/* Subnets, and what is in them, by the subnet's id. */
	DHCP, DHCP_HOST, N_KINDS
};

/* The ports from here on are of routers. */
#define ROUTER_PORTS	16
/* Last byte of the MAC that they mostly have. */
#define ROUTER_MAC	0xf0
/* Ports with devices: fz0, fz1, fz2. */
#define N_PLUGGED	3

/* Chains that translate, attached to routers: their in-chain and out-chain. */
#define DNAT_CHAIN	4
#define SNAT_CHAIN	5
/* Subnets of VIPs and of what is translated to, and their first ports. */
#define VIP_PLACE	99
#define ARRAY_SIZE(a)	(sizeof(a) / sizeof((a)[0]))

#define VIP_PORT	80
#define NAT_PLACE	98
#define NAT_PORT	2000

/* Words of matches that filters have: headers, and those of connections. */
#define HEADER_WORDS	((1ull << (MIDONET_MATCH_FRAGMENT + 1)) - 1 - \
			 (1ull << MIDONET_MATCH_SRC_SET) - \
			 (1ull << MIDONET_MATCH_DST_SET))
#define CONN_WORDS	(1ull << MIDONET_MATCH_ETHERTYPE | \
			 1ull << MIDONET_MATCH_SRC | 1ull << MIDONET_MATCH_DST | \
			 1ull << MIDONET_MATCH_PROTO | \
			 1ull << MIDONET_MATCH_SRC_PORT | \
			 1ull << MIDONET_MATCH_DST_PORT)

struct pool {
	uint8_t first;
	uint8_t count;
};

extern const struct pool pool[N_KINDS];
extern uint8_t ids[N_IDS][16];
extern uint64_t rng;
extern const uint8_t plugged_ports[N_PLUGGED];

/* What the message is about: &pool[kind], and which of it. */
extern enum kind kind;
extern uint32_t subject;

bool plugged_port(uint32_t n);
uint32_t rnd(uint32_t n);
bool chance(uint32_t percent);
void fill(void *p, uint32_t len);

void *reserve(struct msg *m, uint16_t type, uint32_t len);
void put(struct msg *m, uint16_t type, const void *data, uint32_t len);
void put_nth(struct msg *m, uint16_t type, enum kind k, uint32_t n);
void put_id(struct msg *m, uint16_t type, enum kind k);
void put_u32(struct msg *m, uint16_t type, uint32_t max);
void put_num(struct msg *m, uint16_t type, uint32_t size, uint32_t max);
void put_match(struct msg *m, uint16_t type, uint64_t words);
void put_route(struct msg *m);
void put_object_attr(struct msg *m, uint16_t type);

/* nlfuzz_frame.c */
void put_frame(struct msg *m, uint16_t type);

/* nlfuzz_state.c */
void put_translation(struct msg *m, uint8_t action);
void put_state_word(struct msg *m, uint16_t word);
void put_service_attr(struct msg *m, uint16_t type);
void health_message(struct msg *m);
extern uint64_t conns_listed;
void note_conn(const uint8_t *attrs, uint32_t len);
void conn_message(struct msg *m);
void conn_filter(struct msg *m);

#endif /* _NLFUZZ_H */
