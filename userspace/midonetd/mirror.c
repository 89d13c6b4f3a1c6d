// SPDX-License-Identifier: GPL-2.0
/*
 * The mirror: what the store says is put into force, one transaction for each of
 * its revisions, so that every host passes through the same topologies in the same
 * order. In step with its store, a kernel is told what changes; else it is asked
 * what it has, and told the difference. That is so at the start, and when somebody
 * else changed it.
 *
 * A kernel that refuses a revision stays at the one before, and is tried again.
 * Nothing that comes later is looked at meanwhile.
 */
#include <errno.h>
#include <inttypes.h>
#include <malloc.h>
#include <stdlib.h>
#include <string.h>
#include <syslog.h>

#include "doc.h"
#include "lines.h"
#include "mirror.h"
#include "report.h"
#include "source.h"

#define RETRY_MIN	1	/* seconds */
#define RETRY_MAX	30

/* So often a kernel may change while it is compared. */
#define RESYNC_TRIES	5

/**
 * struct mirror - what is in force, and what shall be
 * @m: topology of the store, as far as it was read; NULL: not at all
 * @revision: of @m
 * @applied: revision that is in force
 * @in_step: the kernel has @m, at @generation
 * @generation: of the kernel
 * @stuck: the kernel refuses @m
 * @why: why
 * @retry: timer
 * @tries: how often it was refused
 */
struct mirror {
	struct mn_model *m;
	uint64_t revision;
	uint64_t applied;
	bool in_step;
	uint64_t generation;
	bool stuck;
	struct mn_err why;
	struct event *retry;
	unsigned int tries;
};

/* Ids of hosts follow from their names, unless the topology says otherwise. */
static void find_host(struct daemon *d, struct mn_uuid *id)
{
	const struct mn_obj *host = NULL;
	char *text;

	if (d->mirror->m)
		host = mn_model_find(d->mirror->m, MIDONET_OBJECT_TYPE_HOST,
				     NULL, d->conf.host);
	if (host) {
		*id = host->id;
		return;
	}
	text = mn_asprintf("host/%s", d->conf.host);
	mn_uuid_name(id, text, strlen(text));
	free(text);
}

static void set_host(struct daemon *d)
{
	struct mn_uuid id;
	struct mn_err err;

	find_host(d, &id);
	if (mn_uuid_equal(&id, &d->host_id))
		return;
	if (kernel_set_host(d, &id, &err))
		log_say(LOG_ERR, "host %s: %s", d->conf.host, err.text);
}

static void tell_services(struct daemon *d)
{
	size_t i;

	for (i = 0; services[i]; i++) {
		if (services[i]->changed)
			services[i]->changed(d);
	}
}

static int note_cb(void *arg, const struct mn_change *c,
		   const struct mn_obj *old)
{
	struct daemon *d = arg;

	(void)old;
	return mn_store_change(d->kernel, d->mirror->m, c, &d->mirror->why);
}

static void note_services(struct daemon *d)
{
	size_t i;

	for (i = 0; services[i]; i++) {
		if (services[i]->with)
			services[i]->with(d);
	}
}

/* What was noted makes the kernel like the mirror's topology. */
static int commit(struct daemon *d, uint64_t generation)
{
	struct mirror *m = d->mirror;
	struct mn_commit c = {
		.check = true, .generation = generation,
		.owner = d->store_name, .revision = m->revision,
	};
	int ret;

	note_services(d);
	ret = mn_store_commit(d->kernel, m->m, &c, &m->why);
	m->in_step = !ret;
	if (ret)
		return ret;
	m->generation = c.result;
	m->applied = m->revision;
	return 0;
}

/* Ask the kernel what it has, tell it the difference. */
static int resync(struct daemon *d)
{
	struct mirror *m = d->mirror;
	struct mn_model *now;
	int try, ret = -ESTALE;

	for (try = 0; try < RESYNC_TRIES && ret == -ESTALE; try++) {
		now = mn_model_new(NULL);
		ret = mn_store_load_all(d->kernel, now, &m->why);
		if (!ret)
			ret = mn_doc_diff(now, m->m, note_cb, d);
		if (!ret)
			ret = commit(d, now->generation);
		else
			mn_store_forget(d->kernel);
		mn_model_free(now);
	}
	return ret;
}

static void schedule_retry(struct daemon *d)
{
	struct mirror *m = d->mirror;
	struct timeval tv = { .tv_sec = RETRY_MIN };

	while (tv.tv_sec < RETRY_MAX && tv.tv_sec < 1 << m->tries)
		tv.tv_sec *= 2;
	if (tv.tv_sec > RETRY_MAX)
		tv.tv_sec = RETRY_MAX;
	if (m->tries < 8)
		m->tries++;
	event_add(m->retry, &tv);
}

/* Say so when something is new. */
static void refused(struct daemon *d)
{
	struct mirror *m = d->mirror;

	if (!m->stuck)
		log_say(LOG_ERR, "revision %" PRIu64 " is refused: %s",
			m->revision, m->why.text);
	m->stuck = true;
	schedule_retry(d);
	report_soon(d);
}

static void in_force(struct daemon *d)
{
	struct mirror *m = d->mirror;

	if (m->stuck)
		log_say(LOG_NOTICE, "revision %" PRIu64 " is in force after all",
			m->revision);
	m->stuck = false;
	m->tries = 0;
	event_del(m->retry);
	set_host(d);
	tell_services(d);
	report_soon(d);
}

/* @ret: of a first try. */
static int settle(struct daemon *d, int ret)
{
	struct mirror *m = d->mirror;

	/* Somebody may have changed the kernel: is that what is in the way? */
	if (ret) {
		m->in_step = false;
		ret = resync(d);
	}
	if (ret)
		refused(d);
	else
		in_force(d);
	return ret;
}

static void retry_cb(evutil_socket_t fd, short what, void *arg)
{
	struct daemon *d = arg;

	(void)fd;
	(void)what;
	if (!d->mirror->stuck)
		return;
	if (!settle(d, -ESTALE))
		d->source->next(d);
}

/* A store that was set back tells a history that is not the kernel's. */
static int check_revision(struct daemon *d, uint64_t revision)
{
	if (revision >= d->mirror->applied)
		return 0;
	report_wrong(d,
		     "it is at revision %" PRIu64 ", but was at %" PRIu64
		     " already, as a restored backup is; to accept that: stop midonetd, midoctl release, start it again",
		     revision, d->mirror->applied);
	return -EUCLEAN;
}

/**
 * mirror_replace() - the store has this topology
 * @d: daemon
 * @m: topology with tunnel keys; the mirror's from now on
 * @revision: its revision
 *
 * Return: 0 when it is in force; else the source is told when to go on
 */
int mirror_replace(struct daemon *d, struct mn_model *m, uint64_t revision)
{
	struct mirror *mirror = d->mirror;
	struct mn_model *old = mirror->m;
	int ret = check_revision(d, revision);

	if (ret) {
		mn_model_free(m);
		return ret;
	}
	mirror->m = m;
	mirror->revision = revision;
	ret = -ESTALE;
	if (mirror->in_step && old) {
		ret = mn_doc_diff(old, m, note_cb, d);
		if (!ret)
			ret = commit(d, mirror->generation);
		else
			mn_store_forget(d->kernel);
	}
	mn_model_free(old);
	ret = settle(d, ret);
	/* To read all of it took several times what is left of it. */
	malloc_trim(0);
	return ret;
}

/* Lines that cannot be understood may have changed half of the topology. */
static int spoiled(struct daemon *d, uint64_t revision,
		   const struct mn_err *why)
{
	struct mirror *m = d->mirror;
	struct mn_err err;

	mn_store_forget(d->kernel);
	report_wrong(d, "revision %" PRIu64 " cannot be read: %s", revision,
		     why->text);
	mn_model_free(m->m);
	m->m = mn_model_new(NULL);
	m->revision = m->applied;
	/* The kernel has what it was before. */
	m->in_step = !mn_store_load_all(d->kernel, m->m, &err);
	if (m->in_step) {
		m->generation = m->m->generation;
		mn_model_number(m->m, NULL);
	} else {
		mn_model_free(m->m);
		m->m = NULL;
	}
	return -EBADMSG;
}

/**
 * mirror_entry() - the store has changed
 * @d: daemon whose mirror is neither empty nor stuck
 * @revision: the one after the mirror's
 * @lines: changes, see lines.h
 * @len: bytes of @lines
 *
 * Return: 0 when it is in force; else the source is told when to go on; -EBADMSG
 * if the lines cannot be read
 */
int mirror_entry(struct daemon *d, uint64_t revision, const char *lines,
		 size_t len)
{
	struct mirror *m = d->mirror;
	struct mn_err err = {};
	int ret;

	ret = mn_lines_apply(m->m, lines, len, note_cb, d, &err);
	if (ret)
		return spoiled(d, revision, &err);
	m->revision = revision;
	if (m->in_step) {
		ret = commit(d, m->generation);
	} else {
		mn_store_forget(d->kernel);
		ret = -ESTALE;
	}
	return settle(d, ret);
}

/**
 * mirror_commit_state() - put changes into force that were noted and are state of
 *	this host, no part of the topology
 * @d: daemon
 * @err: for errors
 *
 * Return: 0 or a negative error
 */
int mirror_commit_state(struct daemon *d, struct mn_err *err)
{
	struct mirror *m = d->mirror;
	struct mn_commit c = {
		.owner = d->store_name, .revision = m->applied,
	};
	int ret = mn_store_commit(d->kernel, m->m, &c, err);

	if (ret)
		return ret;
	/* Else somebody else was there, too. */
	m->in_step &= c.result == m->generation ||
		      c.result == m->generation + 1;
	m->generation = c.result;
	return 0;
}

/**
 * mirror_start() - begin
 * @d: daemon with a kernel and a store's name
 * @err: for errors
 *
 * Return: 0 or a negative error
 */
int mirror_start(struct daemon *d, struct mn_err *err)
{
	struct mirror *m = mn_alloc(sizeof(*m));
	char *store;
	int ret;

	d->mirror = m;
	m->retry = evtimer_new(d->base, retry_cb, d);
	ret = kernel_status(d, &store, &m->applied, err);
	/* What another store had does not count. */
	if (!ret && strcmp(store, d->store_name))
		m->applied = 0;
	free(store);
	if (!ret)
		ret = kernel_own(d, err);
	if (!ret)
		set_host(d);
	return ret;
}

/**
 * mirror_stop() - end; the kernel keeps what it has, and its owner
 * @d: daemon
 */
void mirror_stop(struct daemon *d)
{
	if (!d->mirror)
		return;
	event_free(d->mirror->retry);
	mn_model_free(d->mirror->m);
	free(d->mirror);
	d->mirror = NULL;
}

/**
 * mirror_model() - topology of the store
 * @d: daemon
 *
 * Return: topology, NULL: not known yet
 */
const struct mn_model *mirror_model(const struct daemon *d)
{
	return d->mirror->m;
}

/**
 * mirror_revision() - revision of mirror_model()
 * @d: daemon
 *
 * Return: revision
 */
uint64_t mirror_revision(const struct daemon *d)
{
	return d->mirror->revision;
}

/**
 * mirror_applied() - revision that is in force
 * @d: daemon
 *
 * Return: revision
 */
uint64_t mirror_applied(const struct daemon *d)
{
	return d->mirror->applied;
}

/**
 * mirror_is_empty() - does the mirror need the whole topology
 * @d: daemon
 *
 * Return: whether it does
 */
bool mirror_is_empty(const struct daemon *d)
{
	return !d->mirror->m;
}

/**
 * mirror_error() - why the kernel refuses mirror_revision()
 * @d: daemon
 *
 * Return: sentence, NULL: it does not
 */
const char *mirror_error(const struct daemon *d)
{
	return d->mirror->stuck ? d->mirror->why.text : NULL;
}
