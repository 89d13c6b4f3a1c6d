/* SPDX-License-Identifier: GPL-2.0 */
#ifndef _NLFUZZ_H
#define _NLFUZZ_H

#include <linux/midonet.h>
#include <linux/netlink.h>
#include <stdbool.h>
#include <stdint.h>

#define N_IDS		80
#define BUF_SIZE	(256 * 1024)

struct msg {
	uint8_t *data;
	uint32_t len;
};

/*
 * Ids of each type. Which object is in which follows from their numbers, and so
 * do their names: messages that fit together by chance alone are too rare.
 */
enum kind { HOST, BRIDGE, PORT, GROUP, SET, CHAIN, RULE, ROUTER, N_KINDS };

/* The ports from here on are of routers. */
#define ROUTER_PORTS	16
/* Last byte of the MAC that they mostly have. */
#define ROUTER_MAC	0xf0
/* Ports with devices: fz0, fz1, fz2. */
#define N_PLUGGED	3

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
void put_match(struct msg *m, uint16_t type, bool headers);
void put_route(struct msg *m);
void put_object_attr(struct msg *m, uint16_t type);

#endif /* _NLFUZZ_H */
