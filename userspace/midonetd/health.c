// SPDX-License-Identifier: GPL-2.0
/*
 * Members of pools are checked through the virtual network: from a device of the
 * router of their load balancer that is the daemon's own (health_link.c), by one host
 * (health_elect.c). Every daemon tells its kernel what was found out.
 */
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <syslog.h>
#include <unistd.h>

#include "health.h"
#include "mirror.h"
#include "netns.h"
#include "source.h"

#define RETRY_S		2	/* after what did not go well */

/**
 * health_member_name() - write what a member is called
 * @m: member
 * @out: appended to
 */
void health_member_name(const struct health_member *m, struct mn_buf *out)
{
	if (m->len != 4)
		mn_buf_puts(out, "[");
	mn_addr_print(m->addr, m->len, out);
	mn_buf_printf(out, m->len == 4 ? ":%u" : "]:%u", m->port);
}

/* A member that the kernel does not have needs no health. */
static void tell_kernel(const struct health_member *m)
{
	struct mn_nl *nl = m->pool->d->nl;
	struct mn_buf b = {};
	struct mn_err err;
	size_t at = mn_msg_begin(&b, nl, MIDONET_CMD_HEALTH_SET, 0);

	mn_msg_put(&b, MIDONET_A_PARENT, m->pool->id.b, MN_UUID_LEN);
	mn_msg_put(&b, MIDONET_A_ADDRESS, m->addr, m->len);
	mn_msg_put(&b, MIDONET_A_SERVICE_PORT, &m->port, sizeof(m->port));
	mn_msg_put_u8(&b, MIDONET_A_HEALTH, m->health);
	mn_msg_end(&b, at);
	if (mn_nl_call(nl, &b, NULL, NULL, &err))
		log_say(LOG_DEBUG, "health: %s", err.text);
	mn_buf_free(&b);
}

/**
 * health_set() - the health of a member is known
 * @m: member
 * @health: its health
 * @why: it is down; may be empty
 */
void health_set(struct health_member *m, enum midonet_health health,
		const char *why)
{
	struct mn_buf name = {};

	if (m->health == health)
		return;
	m->health = health;
	m->pool->dirty = m->pool->leads;
	health_member_name(m, &name);
	log_say(LOG_NOTICE, "health: member %s of pool %s is %s%s%s", name.s,
		m->pool->name, mn_health_names[health], *why ? ": " : "", why);
	mn_buf_free(&name);
	tell_kernel(m);
	health_report(m->pool->d);
}

/**
 * health_retry() - something did not go well: try again a little later
 * @d: daemon
 */
void health_retry(struct daemon *d)
{
	static const struct timeval tv = { .tv_sec = RETRY_S };

	if (!event_pending(d->health->again, EV_TIMEOUT, NULL))
		event_add(d->health->again, &tv);
}

static void count(const struct health_pool *p, unsigned int *n,
		  unsigned int *down)
{
	const struct health_member *m;

	for (m = p->members; m; m = m->next) {
		++*n;
		*down += m->health == MIDONET_HEALTH_DOWN;
	}
}

/* What is wrong first, as there is not much room. */
static bool put_wrong(const struct health *h, struct mn_buf *text)
{
	const struct health_pool *p;

	for (p = h->pools; p; p = p->next) {
		if (!p->wanted)
			continue;
		if (!p->anywhere)
			mn_buf_printf(text,
				      "pool %s is not checked: its router has no port with a device %s*; ",
				      p->name, HEALTH_DEV);
		else if (p->link && *p->link->why)
			mn_buf_printf(text, "pool %s: %s; ", p->name,
				      p->link->why);
		else if (p->bad)
			mn_buf_printf(text, "pool %s: what its host says cannot be read; ",
				      p->name);
	}
	return text->len;
}

/**
 * health_report() - say how the checks are
 * @d: daemon
 */
void health_report(struct daemon *d)
{
	unsigned int pools = 0, here = 0, n = 0, down = 0;
	struct mn_buf text = {};
	bool wrong = put_wrong(d->health, &text);
	const struct health_pool *p;
	struct mn_err err;

	for (p = d->health->pools; p; p = p->next) {
		pools += p->wanted;
		here += p->leads;
		count(p, &n, &down);
	}
	if (pools)
		mn_buf_printf(&text, "%u of %u pools checked here, %u of %u members down",
			      here, pools, down, n);
	kernel_report(d, "health", wrong ? MIDONET_LEVEL_WARNING :
		      MIDONET_LEVEL_OK, text.s ?: "", &err);
	mn_buf_free(&text);
}

/* Nobody looks any more. */
static void unknown(struct health_pool *p)
{
	struct health_member *m;

	for (m = p->members; m; m = m->next) {
		m->row = 0;
		health_set(m, MIDONET_HEALTH_UNKNOWN, "");
	}
}

/**
 * health_forget() - forget what nobody wants and nothing is waited for
 * @d: daemon
 */
void health_forget(struct daemon *d)
{
	struct health_pool **p = &d->health->pools, *pool;
	struct health_link **l = &d->health->links, *link;

	while ((pool = *p)) {
		if (pool->wanted || pool->busy) {
			p = &pool->next;
			continue;
		}
		*p = pool->next;
		health_elect_end(pool);
		unknown(pool);
		health_pool_free(pool);
	}
	while ((link = *l)) {
		if (link->wanted) {
			l = &link->next;
			continue;
		}
		*l = link->next;
		health_link_free(d, link);
	}
}

static void proceed(struct daemon *d)
{
	struct health_link *l;
	struct health_pool *p;

	for (l = d->health->links; l; l = l->next) {
		health_link_make(d, l);
		if (l->netns < 0)
			health_retry(d);
	}
	for (p = d->health->pools; p; p = p->next) {
		if (p->wanted)
			health_elect(p);
	}
	health_report(d);
}

static void again_cb(evutil_socket_t fd, short what, void *arg)
{
	(void)fd;
	(void)what;
	proceed(arg);
}

static void health_changed(struct daemon *d)
{
	struct health_pool *p;

	if (!mirror_model(d))
		return;
	health_want(d, mirror_model(d));
	for (p = d->health->pools; p; p = p->next) {
		if (!p->wanted)
			health_round_stop(p);
	}
	health_forget(d);
	proceed(d);
	for (p = d->health->pools; p; p = p->next) {
		if (!p->anywhere)
			unknown(p);
	}
}

static void health_session(struct daemon *d, bool up)
{
	struct health_pool *p;

	if (!d->health)
		return;
	d->health->up = up;
	for (p = d->health->pools; p; p = p->next)
		health_elect_anew(p);
	if (up)
		proceed(d);
}

static void health_watch(struct daemon *d, const char *path)
{
	if (d->health)
		health_elect_watch(d, path);
}

static int health_start(struct daemon *d, struct mn_err *err)
{
	int here = mn_netns_open("/proc/self/ns/net", err);

	if (here < 0)
		return here;
	d->health = mn_alloc(sizeof(*d->health));
	d->health->here = here;
	d->health->again = evtimer_new(d->base, again_cb, d);
	return 0;
}

static void health_stop(struct daemon *d)
{
	struct health_pool *p;
	struct health_link *l;

	if (!d->health)
		return;
	while ((p = d->health->pools)) {
		d->health->pools = p->next;
		health_pool_free(p);
	}
	while ((l = d->health->links)) {
		d->health->links = l->next;
		health_link_free(d, l);
	}
	event_free(d->health->again);
	close(d->health->here);
	free(d->health);
	d->health = NULL;
}

const struct service service_health = {
	.name = "health",
	.start = health_start,
	.stop = health_stop,
	.changed = health_changed,
	.session = health_session,
	.watch = health_watch,
};
