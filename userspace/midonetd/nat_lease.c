// SPDX-License-Identifier: GPL-2.0
/*
 * Leases: nodes that go with the session. Who makes the node of a block first may
 * hand out its ports. A host holds more than it uses, so that no packet waits; and
 * it keeps what its kernel uses, over a session that was lost or a daemon that was
 * killed, if nobody else was faster.
 *
 * An address is worked on one step at a time: each step ends in done().
 */
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <syslog.h>

#include "lease.h"
#include "nat.h"
#include "source.h"
#include "zk_tree.h"

/* So many ports are free, at least, or twice what was taken since the last look. */
#define FREE_MIN	NAT_PORTS

/* A block that nobody used for so long goes, if enough others are free. */
#define IDLE_S		300

/**
 * struct step - an answer that is waited for
 * @d: daemon
 * @a: address it is about
 * @results: of a request for several things
 */
struct step {
	struct daemon *d;
	struct nat_addr *a;
	zoo_op_result_t results[2];
};

static void done(struct step *s, int rc)
{
	struct nat_addr *a = s->a;
	struct daemon *d = s->d;

	free(s);
	a->busy = false;
	/* What did not go well is tried again when it is looked at. */
	if (rc == ZOK)
		nat_lease_next(d, a);
}

/* The kernel may use a block from now on; so it needs no mark any more. */
static void use(struct daemon *d, struct nat_addr *a, unsigned int block)
{
	struct nat_lease *lease = &a->leases[block];
	struct mn_err err;

	lease->held = true;
	a->full = false;
	if (lease->there)
		return;
	nat_kernel_note(d, a, MIDONET_OP_NEW, block * NAT_PORTS, NAT_PORTS);
	if (a->sentinel)
		nat_kernel_note(d, a, MIDONET_OP_DEL, a->first, 1);
	if (nat_kernel_commit(d, &err)) {
		log_say(LOG_ERR, "nat: %s", err.text);
		return;
	}
	lease->there = true;
	lease->idle = mn_zk_now();
	lease->used = 0;
	a->free += NAT_PORTS;
	a->sentinel = false;
}

/* It is somebody else's: the kernel must not use it any more. */
static void give_up(struct daemon *d, struct nat_addr *a, unsigned int block)
{
	struct nat_lease *lease = &a->leases[block];
	struct mn_buf name = {};
	struct mn_err err;
	unsigned int i;

	lease->held = false;
	if (!lease->there)
		return;
	nat_addr_name(a, &name);
	log_say(LOG_WARNING,
		"nat: ports %u to %u of %s are another host's now",
		block * NAT_PORTS, block * NAT_PORTS + NAT_PORTS - 1, name.s);
	mn_buf_free(&name);
	lease->there = false;
	nat_kernel_note(d, a, MIDONET_OP_DEL, block * NAT_PORTS, NAT_PORTS);
	for (i = 0; i < NAT_BLOCKS && !a->leases[i].there; i++)
		;
	/* Without any, the address would be this host's alone. */
	if (i == NAT_BLOCKS && !a->sentinel) {
		nat_kernel_note(d, a, MIDONET_OP_NEW, a->first, 1);
		a->sentinel = true;
	}
	if (nat_kernel_commit(d, &err))
		log_say(LOG_ERR, "nat: %s", err.text);
}

static void take_over_answer(void *arg, int rc, const struct mn_zk_reply *reply)
{
	struct step *s = arg;

	(void)reply;
	if (rc == ZOK)
		use(s->d, s->a, s->a->block);
	done(s, rc);
}

/* A node of a session of this host that ended, or will: let it be of this one. */
static void take_over(struct step *s, int version)
{
	char *path = nat_block_path(s->a, s->a->block);
	char *full = mn_zk_path(s->d->zk, path), *text = lease_text(s->d);
	zoo_op_t ops[2];

	zoo_delete_op_init(&ops[0], full, version);
	zoo_create_op_init(&ops[1], full, text, strlen(text),
			   &ZOO_OPEN_ACL_UNSAFE, ZOO_EPHEMERAL, NULL, 0);
	memset(s->results, 0, sizeof(s->results));
	mn_zk_multi(s->d->zk, ops, 2, s->results, take_over_answer, s);
	free(path);
	free(full);
	free(text);
}

static void whose_answer(void *arg, int rc, const struct mn_zk_reply *reply)
{
	struct step *s = arg;

	if (rc == ZOK && lease_is_ours(s->d, reply)) {
		take_over(s, reply->stat->version);
		return;
	}
	if (rc == ZOK)
		give_up(s->d, s->a, s->a->block);
	done(s, rc == ZNONODE ? ZOK : rc);
}

static void create_answer(void *arg, int rc, const struct mn_zk_reply *reply)
{
	struct step *s = arg;
	char *path;

	(void)reply;
	if (rc == ZNODEEXISTS) {
		path = nat_block_path(s->a, s->a->block);
		mn_zk_get(s->d->zk, path, false, whose_answer, s);
		free(path);
		return;
	}
	if (rc == ZOK)
		use(s->d, s->a, s->a->block);
	done(s, rc);
}

static void create(struct step *s)
{
	char *path = nat_block_path(s->a, s->a->block);
	char *text = lease_text(s->d);

	mn_zk_create(s->d->zk, path, text, strlen(text), true, create_answer,
		     s);
	free(path);
	free(text);
}

static struct step *begin(struct daemon *d, struct nat_addr *a)
{
	struct step *s = mn_alloc(sizeof(*s));

	a->busy = true;
	s->d = d;
	s->a = a;
	return s;
}

/* A block that the kernel has already. */
static void keep(struct daemon *d, struct nat_addr *a, unsigned int block)
{
	struct step *s = begin(d, a);

	a->block = block;
	create(s);
}

/* A new one: at random, so that hosts meet seldom. */

static bool choose(struct nat_addr *a, const struct String_vector *names)
{
	uint64_t taken[NAT_BLOCKS / 64] = {};
	unsigned int n = 0, i, at;
	int k;

	for (k = 0; k < names->count; k++) {
		i = strtoul(names->data[k], NULL, 10) % NAT_BLOCKS;
		taken[i / 64] |= 1ull << (i % 64);
	}
	for (i = 1; i < NAT_BLOCKS; i++)
		n += nat_addr_has(a, i) && !(taken[i / 64] >> (i % 64) & 1);
	if (!n)
		return false;
	at = random() % n;
	for (i = 1; i < NAT_BLOCKS; i++) {
		if (!nat_addr_has(a, i) || (taken[i / 64] >> (i % 64) & 1))
			continue;
		if (!at--)
			break;
	}
	a->block = i;
	return true;
}

static void names_answer(void *arg, int rc, const struct mn_zk_reply *reply)
{
	struct step *s = arg;

	if (rc != ZOK) {
		done(s, rc);
		return;
	}
	if (choose(s->a, reply->names)) {
		create(s);
		return;
	}
	s->a->full = true;
	done(s, ZNOTHING);
}

static void addr_answer(void *arg, int rc, const struct mn_zk_reply *reply)
{
	struct step *s = arg;
	char *path;

	(void)reply;
	if (rc != ZOK && rc != ZNODEEXISTS) {
		done(s, rc);
		return;
	}
	path = nat_addr_path(s->a);
	mn_zk_children(s->d->zk, path, names_answer, s);
	free(path);
}

static void router_answer(void *arg, int rc, const struct mn_zk_reply *reply)
{
	struct step *s = arg;
	char *path;

	(void)reply;
	if (rc != ZOK && rc != ZNODEEXISTS) {
		done(s, rc);
		return;
	}
	path = nat_addr_path(s->a);
	mn_zk_create(s->d->zk, path, "", 0, false, addr_answer, s);
	free(path);
}

static void ask(struct daemon *d, struct nat_addr *a)
{
	struct step *s = begin(d, a);
	char *path = nat_addr_path(a);

	*strrchr(path, '/') = '\0';
	mn_zk_create(d->zk, path, "", 0, false, router_answer, s);
	free(path);
}

static void release_answer(void *arg, int rc, const struct mn_zk_reply *reply)
{
	struct step *s = arg;

	(void)reply;
	if (rc == ZOK || rc == ZNONODE)
		s->a->leases[s->a->block].held = false;
	done(s, rc == ZNONODE ? ZOK : rc);
}

/* The kernel first: nobody else may have it before. */
static void release(struct daemon *d, struct nat_addr *a, unsigned int block)
{
	struct nat_lease *lease = &a->leases[block];
	struct mn_err err;
	char *path;

	if (lease->there) {
		nat_kernel_note(d, a, MIDONET_OP_DEL, block * NAT_PORTS,
				NAT_PORTS);
		if (nat_kernel_commit(d, &err))
			log_say(LOG_ERR, "nat: %s", err.text);
		lease->there = false;
		a->free -= NAT_PORTS;
	}
	a->block = block;
	path = nat_block_path(a, block);
	mn_zk_delete(d->zk, path, -1, release_answer, begin(d, a));
	free(path);
}

static unsigned int count_free(const struct nat_addr *a)
{
	unsigned int n = 0, i;

	for (i = 0; i < NAT_BLOCKS; i++) {
		if (a->leases[i].held && a->leases[i].there)
			n += NAT_PORTS - a->leases[i].used;
	}
	return n;
}

static bool is_idle(const struct nat_addr *a, unsigned int block)
{
	const struct nat_lease *lease = &a->leases[block];

	return lease->held && lease->there && !lease->used && lease->idle &&
	       mn_zk_now() - lease->idle > IDLE_S &&
	       count_free(a) >= FREE_MIN + 2 * NAT_PORTS;
}

/**
 * nat_lease_next() - do what is next for an address
 * @d: daemon
 * @a: address, as the kernel said last
 */
void nat_lease_next(struct daemon *d, struct nat_addr *a)
{
	unsigned int i, now, taken;

	if (!d->nat->up || a->busy)
		return;
	for (i = 1; i < NAT_BLOCKS; i++) {
		if (a->leases[i].there && !a->leases[i].held) {
			keep(d, a, i);
			return;
		}
		/* The router may have been another one for a moment. */
		if (a->leases[i].held && !a->leases[i].there && a->wanted)
			use(d, a, i);
		if (a->leases[i].held && (!a->wanted || is_idle(a, i))) {
			release(d, a, i);
			return;
		}
	}
	if (!a->wanted)
		return;
	now = count_free(a);
	taken = a->free > now ? a->free - now : 0;
	if (now < FREE_MIN || now < 2 * taken)
		ask(d, a);
	else
		a->free = now;
}
