// SPDX-License-Identifier: GPL-2.0
/* Rounds of checks: all members of a pool, so many at once as there is room for. */
#include <stdlib.h>
#include <string.h>

#include "health.h"

/* How long is waited for room, ms. */
#define ROOM_MS		20

static void result_fn(void *arg, bool good, const char *why)
{
	struct health_member *m = arg;
	struct health_pool *p = m->pool;

	m->probe = NULL;
	p->d->health->n_probes--;
	m->row = m->good == good ? m->row + 1 : 1;
	m->good = good;
	if (good && m->row >= p->rise)
		health_set(m, MIDONET_HEALTH_UP, "");
	else if (!good && m->row >= p->fall)
		health_set(m, MIDONET_HEALTH_DOWN, why);
	health_elect(p);
}

static void check(struct health_member *m)
{
	struct health_pool *p = m->pool;
	struct health_target t = {
		.type = p->type, .addr = m->addr, .len = m->len,
		.port = m->port, .path = p->path, .timeout = p->timeout,
	};

	m->probe = health_probe_start(p->d->base, &t, result_fn, m);
	if (m->probe)
		p->d->health->n_probes++;
}

static void round_cb(evutil_socket_t fd, short what, void *arg)
{
	struct timeval tv = { .tv_usec = ROOM_MS * 1000 };
	struct health_pool *p = arg;
	struct health_member *m = p->at ?: p->members;

	(void)fd;
	(void)what;
	if (health_link_enter(p->d, p->link)) {
		/* It is made again meanwhile. */
		health_retry(p->d);
		m = NULL;
	} else {
		for (; m && p->d->health->n_probes < HEALTH_PROBES; m = m->next) {
			if (!m->probe)
				check(m);
		}
		health_link_leave(p->d);
	}
	p->at = m;
	if (!m) {
		tv.tv_sec = p->interval;
		tv.tv_usec = 0;
	}
	event_add(p->round, &tv);
}

/**
 * health_round_start() - begin to check a pool, if it is not being checked
 * @p: pool with a way to it
 */
void health_round_start(struct health_pool *p)
{
	static const struct timeval now;

	if (p->round)
		return;
	p->round = evtimer_new(p->d->base, round_cb, p);
	if (p->round)
		event_add(p->round, &now);
	else
		health_retry(p->d);
}

/**
 * health_member_forget() - end what is being done about a member
 * @m: member
 */
void health_member_forget(struct health_member *m)
{
	if (m->pool->at == m)
		m->pool->at = m->next;
	if (!m->probe)
		return;
	health_probe_cancel(m->probe);
	m->probe = NULL;
	m->pool->d->health->n_probes--;
}

/**
 * health_round_stop() - check a pool no more
 * @p: pool
 */
void health_round_stop(struct health_pool *p)
{
	struct health_member *m;

	if (p->round)
		event_free(p->round);
	p->round = NULL;
	p->at = NULL;
	for (m = p->members; m; m = m->next) {
		health_member_forget(m);
		m->row = 0;
	}
}
