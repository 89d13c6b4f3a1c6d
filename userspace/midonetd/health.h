/* SPDX-License-Identifier: GPL-2.0 */
#ifndef _HEALTH_H
#define _HEALTH_H

#include <netinet/in.h>

#include "daemon.h"

/* A device of a port of a router whose name begins so is made by the daemon. */
#define HEALTH_DEV	"mnhc"

/* Checks under way at once: each is a socket. */
#define HEALTH_PROBES	256

/**
 * struct health_link - the way into the virtual network of a router
 * @next: in &struct health.links
 * @dev: device of the router's port, one end of a veth pair
 * @addrs: addresses of the port, as in the topology
 * @netns: network namespace of the other end, -1: it could not be made
 * @wanted: some pool needs it
 * @why: what is wrong with it; empty: nothing
 */
struct health_link {
	struct health_link *next;
	char dev[16];
	struct mn_vals *addrs;
	int netns;
	bool wanted;
	char why[160];
};

struct health_pool;
struct health_probe;

/**
 * struct health_member - a member of a pool
 * @next: in &struct health_pool.members
 * @pool: pool
 * @len: bytes of @addr
 * @addr: address
 * @port: port
 * @health: what is known
 * @good: what the last check said
 * @row: how many said so, one after the other
 * @probe: check under way
 * @wanted: it is in the topology
 */
struct health_member {
	struct health_member *next;
	struct health_pool *pool;
	uint8_t len;
	uint8_t addr[16];
	uint16_t port;
	enum midonet_health health;
	bool good;
	unsigned int row;
	struct health_probe *probe;
	bool wanted;
};

/**
 * struct health_pool - a pool whose members are checked
 * @next: in &struct health.pools
 * @d: daemon
 * @id: its id
 * @name: how it is called in what is said about it
 * @type: how its members are checked
 * @path: of HTTP
 * @interval: seconds from one round of checks to the next
 * @timeout: seconds after which a check has failed
 * @rise: successes that make a member up
 * @fall: failures that make a member down
 * @members: list
 * @wanted: it is in the topology
 * @anywhere: some host has a way to them
 * @link: the way of this host, NULL: it has none
 * @round: timer
 * @at: member at which a round goes on that found no room, NULL: none does
 * @leads: this host checks
 * @elected: the others know that it does; its node goes with the session
 * @busy: an answer of ZooKeeper is waited for
 * @made: how many of its nodes are there
 * @heard: what the others say is known
 * @waits: another host leads; it is watched
 * @dirty: the others must be told
 * @bad: what the others say cannot be read
 */
struct health_pool {
	struct health_pool *next;
	struct daemon *d;
	struct mn_uuid id;
	char *name;
	uint8_t type;
	char *path;
	uint32_t interval;
	uint32_t timeout;
	uint32_t rise;
	uint32_t fall;
	struct health_member *members;
	bool wanted;
	bool anywhere;
	struct health_link *link;
	struct event *round;
	struct health_member *at;
	bool leads;
	bool elected;
	bool busy;
	unsigned int made;
	bool heard;
	bool waits;
	bool dirty;
	bool bad;
};

/**
 * struct health - all of them
 * @pools: list
 * @links: list
 * @again: timer: what did not go well is tried again
 * @up: there is a session with ZooKeeper
 * @n_probes: checks under way
 * @here: network namespace the daemon is in
 * @making: the way that is being made
 */
struct health {
	struct health_pool *pools;
	struct health_link *links;
	struct event *again;
	bool up;
	unsigned int n_probes;
	int here;
	struct health_link *making;
};

extern const struct service service_health;

/* health.c */
void health_member_name(const struct health_member *m, struct mn_buf *out);
void health_set(struct health_member *m, enum midonet_health health,
		const char *why);
void health_retry(struct daemon *d);
void health_forget(struct daemon *d);
void health_report(struct daemon *d);

/* health_want.c */
void health_want(struct daemon *d, const struct mn_model *m);
void health_pool_free(struct health_pool *p);

/* health_round.c */
void health_round_start(struct health_pool *p);
void health_round_stop(struct health_pool *p);
void health_member_forget(struct health_member *m);

/* health_link.c */
struct health_link *health_link_get(struct daemon *d, const char *dev,
				    const struct mn_vals *addrs);
void health_link_make(struct daemon *d, struct health_link *l);
void health_link_free(struct daemon *d, struct health_link *l);
int health_link_enter(struct daemon *d, const struct health_link *l);
void health_link_leave(struct daemon *d);

/* health_elect.c */
void health_elect(struct health_pool *p);
void health_elect_anew(struct health_pool *p);
void health_elect_end(struct health_pool *p);
void health_elect_watch(struct daemon *d, const char *path);

/**
 * struct health_target - what is checked
 * @type: &enum midonet_check_type
 * @addr: address
 * @len: its bytes
 * @port: port
 * @path: of HTTP
 * @timeout: seconds
 */
struct health_target {
	uint8_t type;
	const uint8_t *addr;
	uint8_t len;
	uint16_t port;
	const char *path;
	uint32_t timeout;
};

/* Told of the result, once; @why it is bad. The probe is no more. */
typedef void (*health_probe_fn)(void *arg, bool good, const char *why);

/* health_probe.c */
struct health_probe *health_probe_start(struct event_base *base,
					const struct health_target *t,
					health_probe_fn fn, void *arg);
void health_probe_cancel(struct health_probe *p);

#endif /* _HEALTH_H */
