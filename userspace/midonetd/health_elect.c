// SPDX-License-Identifier: GPL-2.0
/*
 * Which host checks a pool: who makes the node lb/POOL/leader first, of those that
 * have a way to its servers; it goes with the session. The others watch it. What was
 * found out is in lb/POOL/health, which all hosts watch.
 *
 * One step at a time: each ends in done().
 */
#include <errno.h>
#include <jansson.h>
#include <stdlib.h>
#include <string.h>
#include <syslog.h>

#include "health.h"
#include "lease.h"
#include "source.h"

/* Nodes that are there before anything is said, from the top. */
static const char *const nodes[] = { "lb", "lb/%s", "lb/%s/health" };

/* The path of a node of a pool. */
static char *path_of(const struct health_pool *p, const char *fmt)
{
	char id[MN_UUID_TEXT];
	const char *at = strstr(fmt, "%s");

	mn_uuid_print(&p->id, id);
	return at ? mn_asprintf("%.*s%s%s", (int)(at - fmt), fmt, id, at + 2) :
		    mn_strdup(fmt);
}

static void lead(struct health_pool *p, bool leads)
{
	if (p->leads == leads)
		return;
	p->leads = leads;
	log_say(LOG_NOTICE, "health: pool %s is %s", p->name,
		leads ? "checked by this host" : "not checked by this host");
	if (leads) {
		p->dirty = true;
		health_round_start(p);
	} else {
		health_round_stop(p);
		p->heard = false;
	}
	health_report(p->d);
}

/* Failures are tried again. The pool may be gone afterwards. */
static void done(struct health_pool *p, int rc)
{
	struct daemon *d = p->d;

	p->busy = false;
	if (!p->wanted)
		health_forget(d);
	else if (rc == ZOK)
		health_elect(p);
	else if (rc != ZCLOSING)
		health_retry(d);
}

/* What was found out. */

static struct health_member *find_member(struct health_pool *p,
					 const char *name)
{
	struct health_member *m;
	struct mn_buf text = {};
	bool found = false;

	for (m = p->members; m; m = m->next) {
		text.len = 0;
		health_member_name(m, &text);
		found = !strcmp(text.s, name);
		if (found)
			break;
	}
	mn_buf_free(&text);
	return m;
}

/* False if it is not what a daemon writes. */
static bool hear_one(struct health_pool *p, const char *name, json_t *value)
{
	const char *word = json_string_value(value);
	struct health_member *m = find_member(p, name);
	int i;

	for (i = 0; word && i < (int)__MIDONET_HEALTH_COUNT; i++) {
		if (strcmp(word, mn_health_names[i]))
			continue;
		/* Of one that is not there yet it is read again. */
		if (m)
			health_set(m, i, "");
		return true;
	}
	return false;
}

static void hear_text(struct health_pool *p, const char *data, int len)
{
	json_t *json = len > 0 ? json_loadb(data, len, 0, NULL) : NULL;
	json_t *value, *members = json_object_get(json, "members");
	const char *name;

	p->bad = len > 0 && !json_is_object(members);
	json_object_foreach(members, name, value) {
		if (!hear_one(p, name, value))
			p->bad = true;
	}
	json_decref(json);
	health_report(p->d);
}

static void hear_answer(void *arg, int rc, const struct mn_zk_reply *reply)
{
	struct health_pool *p = arg;

	if (rc == ZOK) {
		p->heard = true;
		/* Who checks knows better. */
		if (!p->leads && p->wanted)
			hear_text(p, reply->data, reply->len);
	} else if (rc == ZNONODE) {
		p->made = 0;
		rc = ZOK;
	}
	done(p, rc);
}

static void hear(struct health_pool *p)
{
	char *path = path_of(p, "lb/%s/health");

	p->busy = true;
	mn_zk_get(p->d->zk, path, true, hear_answer, p);
	free(path);
}

static void tell_answer(void *arg, int rc, const struct mn_zk_reply *reply)
{
	struct health_pool *p = arg;

	(void)reply;
	if (rc != ZOK)
		p->dirty = true;
	if (rc == ZNONODE) {
		p->made = 0;
		rc = ZOK;
	}
	done(p, rc);
}

static void tell(struct health_pool *p)
{
	json_t *json = json_object(), *members = json_object();
	char *path = path_of(p, "lb/%s/health"), *text;
	struct mn_buf name = {};
	struct health_member *m;

	for (m = p->members; m; m = m->next) {
		name.len = 0;
		health_member_name(m, &name);
		json_object_set_new(members, name.s,
				    json_string(mn_health_names[m->health]));
	}
	json_object_set_new(json, "host", json_string(p->d->conf.host));
	json_object_set_new(json, "members", members);
	text = json_dumps(json, JSON_COMPACT);
	json_decref(json);
	p->busy = true;
	p->dirty = false;
	mn_zk_set(p->d->zk, path, text, strlen(text), -1, tell_answer, p);
	mn_buf_free(&name);
	free(text);
	free(path);
}

/* The election. */

static void made_answer(void *arg, int rc, const struct mn_zk_reply *reply)
{
	struct health_pool *p = arg;

	(void)reply;
	if (rc == ZNODEEXISTS)
		rc = ZOK;
	if (rc == ZOK)
		p->made++;
	else if (rc == ZNONODE)
		p->made = 0;
	done(p, rc);
}

static void make(struct health_pool *p)
{
	char *path = path_of(p, nodes[p->made]);

	p->busy = true;
	mn_zk_create(p->d->zk, path, "", 0, false, made_answer, p);
	free(path);
}

static void stale_answer(void *arg, int rc, const struct mn_zk_reply *reply)
{
	struct health_pool *p = arg;

	(void)reply;
	done(p, rc == ZNONODE ? ZOK : rc);
}

static void who_answer(void *arg, int rc, const struct mn_zk_reply *reply)
{
	struct health_pool *p = arg;
	char *path;

	if (rc == ZOK && lease_is_ours(p->d, reply)) {
		/* Of a session that is over: it would go by and by. */
		path = path_of(p, "lb/%s/leader");
		mn_zk_delete(p->d->zk, path, reply->stat->version,
			     stale_answer, p);
		free(path);
		return;
	}
	if (rc == ZOK) {
		p->waits = true;
		lead(p, false);
	}
	done(p, rc == ZNONODE ? ZOK : rc);
}

static void run_answer(void *arg, int rc, const struct mn_zk_reply *reply)
{
	struct health_pool *p = arg;
	char *path;

	(void)reply;
	if (rc == ZNODEEXISTS) {
		path = path_of(p, "lb/%s/leader");
		mn_zk_get(p->d->zk, path, true, who_answer, p);
		free(path);
		return;
	}
	if (rc == ZOK) {
		p->elected = true;
		p->dirty = true;
		if (p->link)
			lead(p, true);
	} else if (rc == ZNONODE) {
		p->made = 0;
		rc = ZOK;
	}
	done(p, rc);
}

static void run(struct health_pool *p)
{
	char *path = path_of(p, "lb/%s/leader"), *text = lease_text(p->d);

	p->busy = true;
	mn_zk_create(p->d->zk, path, text, strlen(text), true, run_answer, p);
	free(path);
	free(text);
}

static void resign_answer(void *arg, int rc, const struct mn_zk_reply *reply)
{
	struct health_pool *p = arg;

	(void)reply;
	if (rc == ZOK || rc == ZNONODE)
		p->elected = false;
	done(p, rc == ZNONODE ? ZOK : rc);
}

static void resign(struct health_pool *p)
{
	char *path = path_of(p, "lb/%s/leader");

	p->busy = true;
	mn_zk_delete(p->d->zk, path, -1, resign_answer, p);
	free(path);
}

/**
 * health_elect() - do what is next for a pool
 * @p: pool that is wanted
 */
void health_elect(struct health_pool *p)
{
	if (p->leads && !p->link)
		lead(p, false);
	/* Of a file there is one host. */
	if (!p->d->zk) {
		lead(p, p->link);
		return;
	}
	if (!p->d->health->up || p->busy)
		return;
	if (p->made < MN_ARRAY_SIZE(nodes))
		make(p);
	else if (p->elected && !p->link)
		resign(p);
	else if (!p->heard)
		hear(p);
	else if (p->elected && p->dirty)
		tell(p);
	else if (p->link && !p->elected && !p->waits)
		run(p);
	source_zk_kick(p->d);
}

/**
 * health_elect_anew() - a session began or ended: nothing holds that was said
 * @p: pool; who led goes on until somebody else does
 */
void health_elect_anew(struct health_pool *p)
{
	p->busy = false;
	p->elected = false;
	p->waits = false;
	p->heard = false;
	p->made = 0;
}

static void ignore_answer(void *arg, int rc, const struct mn_zk_reply *reply)
{
	(void)arg;
	(void)rc;
	(void)reply;
}

/**
 * health_elect_end() - nobody has to check a pool any more
 * @p: pool that is going
 */
void health_elect_end(struct health_pool *p)
{
	static const char *const all[] = {
		"lb/%s/leader", "lb/%s/health", "lb/%s",
	};
	unsigned int i;
	char *path;

	for (i = 0; p->elected && i < MN_ARRAY_SIZE(all); i++) {
		path = path_of(p, all[i]);
		mn_zk_delete(p->d->zk, path, -1, ignore_answer, NULL);
		free(path);
	}
}

/**
 * health_elect_watch() - a node that was watched is another, or gone
 * @d: daemon
 * @path: node
 */
void health_elect_watch(struct daemon *d, const char *path)
{
	char *health, *leader;
	struct health_pool *p;

	if (strncmp(path, "lb/", 3))
		return;
	for (p = d->health->pools; p; p = p->next) {
		health = path_of(p, "lb/%s/health");
		leader = path_of(p, "lb/%s/leader");
		if (!strcmp(path, leader))
			p->waits = false;
		if (!strcmp(path, health))
			p->heard = false;
		if (!strcmp(path, health) || !strcmp(path, leader))
			health_elect(p);
		free(health);
		free(leader);
	}
}
