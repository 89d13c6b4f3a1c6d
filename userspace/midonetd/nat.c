// SPDX-License-Identifier: GPL-2.0
/*
 * Hosts that translate sources to one address share its ports out among them, in
 * blocks of 64, by ZooKeeper. A kernel that has no block of an address takes all its
 * ports for its own, so it gets a mark together with the first rule that needs the
 * address: a block of one port that nobody uses.
 */
#include <stdlib.h>
#include <string.h>
#include <syslog.h>

#include "mirror.h"
#include "nat.h"
#include "source.h"

/* How often is looked how many ports are used, ms. */
#define LOOK_MS		500

static bool has_any(const struct nat_addr *a)
{
	unsigned int i;

	for (i = 0; i < NAT_BLOCKS; i++) {
		if (a->leases[i].there)
			return true;
	}
	return a->sentinel;
}

/* In one transaction with the rule: no packet sees the one without the other. */
static void nat_with(struct daemon *d)
{
	struct nat_addr *a;
	struct mn_err err;

	if (!d->nat)
		return;
	nat_want(d, mirror_model(d));
	if (!d->nat->addrs || nat_kernel_read(d, &err))
		return;
	for (a = d->nat->addrs; a; a = a->next) {
		if (a->wanted && !has_any(a))
			nat_kernel_note(d, a, MIDONET_OP_NEW, a->first, 1);
	}
}

static void report(struct daemon *d)
{
	unsigned int addrs = 0, blocks = 0, i;
	struct mn_buf text = {}, full = {};
	struct nat_addr *a;
	struct mn_err err;

	for (a = d->nat->addrs; a; a = a->next) {
		addrs += a->wanted;
		for (i = 0; i < NAT_BLOCKS; i++)
			blocks += a->leases[i].held;
		if (a->full && !full.len)
			nat_addr_name(a, &full);
	}
	if (addrs || blocks)
		mn_buf_printf(&text, "%u addresses, %u blocks of %d ports",
			      addrs, blocks, NAT_PORTS);
	if (full.len)
		mn_buf_printf(&text, "; all ports of %s are taken", full.s);
	if (d->nat->too_many)
		mn_buf_puts(&text,
			    "; a range of more than 64 addresses is not shared out beyond that");
	kernel_report(d, "nat", full.len || d->nat->too_many ?
		      MIDONET_LEVEL_WARNING : MIDONET_LEVEL_OK, text.s ?: "",
		      &err);
	mn_buf_free(&text);
	mn_buf_free(&full);
}

/* What nobody wants, and nothing is left of. */
static void forget(struct nat *nat)
{
	struct nat_addr **p = &nat->addrs, *a;
	unsigned int i;

	while ((a = *p)) {
		for (i = 0; i < NAT_BLOCKS; i++) {
			if (a->leases[i].held || a->leases[i].there)
				break;
		}
		if (a->wanted || a->busy || i < NAT_BLOCKS) {
			p = &a->next;
			continue;
		}
		*p = a->next;
		free(a);
	}
}

/* The mark of an address that nobody wants any more. */
static void unmark(struct daemon *d, struct nat_addr *a)
{
	struct mn_err err;

	if (a->wanted || !a->sentinel)
		return;
	nat_kernel_note(d, a, MIDONET_OP_DEL, a->first, 1);
	if (nat_kernel_commit(d, &err))
		log_say(LOG_ERR, "nat: %s", err.text);
	a->sentinel = false;
}

static void look(struct daemon *d)
{
	struct nat_addr *a;
	struct mn_err err;

	if (!d->nat->addrs || nat_kernel_read(d, &err))
		return;
	for (a = d->nat->addrs; a; a = a->next) {
		nat_lease_next(d, a);
		unmark(d, a);
	}
	report(d);
	forget(d->nat);
	source_zk_kick(d);
}

static void tick_cb(evutil_socket_t fd, short what, void *arg)
{
	(void)fd;
	(void)what;
	look(arg);
}

static void nat_changed(struct daemon *d)
{
	if (d->nat)
		look(d);
}

/* The nodes went with the session; what the kernel uses is asked for again. */
static void nat_session(struct daemon *d, bool up)
{
	struct nat_addr *a;
	unsigned int i;

	if (!d->nat)
		return;
	d->nat->up = up;
	for (a = d->nat->addrs; a; a = a->next) {
		for (i = 0; i < NAT_BLOCKS; i++)
			a->leases[i].held = false;
		a->busy = false;
	}
	if (up)
		look(d);
}

static int nat_start(struct daemon *d, struct mn_err *err)
{
	static const struct timeval tv = { .tv_usec = LOOK_MS * 1000 };

	(void)err;
	/* A file has no other hosts. */
	if (!d->zk)
		return 0;
	d->nat = mn_alloc(sizeof(*d->nat));
	d->nat->tick = event_new(d->base, -1, EV_PERSIST, tick_cb, d);
	event_add(d->nat->tick, &tv);
	srandom((unsigned int)(mn_zk_now() * 1e6) ^ d->host_id.b[15] << 8 ^
		d->host_id.b[14]);
	return 0;
}

static void nat_stop(struct daemon *d)
{
	struct nat_addr *a, *next;

	if (!d->nat)
		return;
	event_free(d->nat->tick);
	for (a = d->nat->addrs; a; a = next) {
		next = a->next;
		free(a);
	}
	free(d->nat);
	d->nat = NULL;
}

const struct service service_nat = {
	.name = "nat",
	.start = nat_start,
	.stop = nat_stop,
	.with = nat_with,
	.changed = nat_changed,
	.session = nat_session,
};
