// SPDX-License-Identifier: GPL-2.0
/* status and wait of stores that are no kernel */
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "status.h"
#include "store_kept.h"

#define POLL_US	200000

static int revision_of(struct ctl *ctl, uint64_t *revision)
{
	struct mn_kept *k = mn_container_of(ctl->store, struct mn_kept, store);

	/* What it is now, not when it was read. */
	mn_kept_forget(k);
	return ctl->store->ops->generation(ctl->store, revision, &ctl->err);
}

static void add_subsystem(json_t *list, const char *name, const char *level,
			  const char *text)
{
	json_array_append_new(list, json_pack("{s:s, s:s, s:s}", "name", name,
					      "level", level, "text", text));
}

static const char *text_of(json_t *json, const char *key)
{
	return json_string_value(json_object_get(json, key)) ?: "";
}

/* A host is well when it says so, and is where the store is. */
static void add_host(struct status *s, json_t *list, json_t *host)
{
	uint64_t at = json_integer_value(json_object_get(host, "revision"));
	const char *level = text_of(host, "level");
	char *name = mn_asprintf("host %s", text_of(host, "name"));
	char *text = mn_asprintf("revision %llu%s%s", (unsigned long long)at,
				 *text_of(host, "text") ? ": " : "",
				 text_of(host, "text"));

	add_subsystem(list, name, *level ? level : "error", text);
	s->bad |= !*level || !strcmp(level, "error");
	s->behind |= at < s->revision;
	free(name);
	free(text);
}

static int ask(struct ctl *ctl, struct status *s)
{
	json_t *list = json_array(), *hosts = json_array(), *host;
	char text[64];
	size_t i;
	int ret;

	json_decref(s->json);
	memset(s, 0, sizeof(*s));
	ret = revision_of(ctl, &s->revision);
	if (!ret && ctl->store->ops->hosts)
		ret = ctl->store->ops->hosts(ctl->store, hosts, &ctl->err);
	snprintf(text, sizeof(text), "revision %llu, %zu hosts are alive",
		 (unsigned long long)s->revision, json_array_size(hosts));
	if (!ctl->store->ops->hosts)
		*strchr(text, ',') = '\0';
	add_subsystem(list, "store", "ok", text);
	json_array_foreach(hosts, i, host)
		add_host(s, list, host);
	json_decref(hosts);
	s->json = json_pack("{s:n, s:n, s:I, s:s, s:s, s:o}", "generation",
			    "epoch", "revision", (json_int_t)s->revision,
			    "store", ctl->store->name, "host", "",
			    "subsystems", list);
	return ret;
}

/**
 * status_store() - how a store is, and the hosts that mirror it
 * @ctl: run
 * @limit: wait so many seconds until all are well and have its revision
 * @s: result
 *
 * Return: 0 or a negative error
 */
int status_store(struct ctl *ctl, double limit, struct status *s)
{
	double end = status_now() + limit;
	int ret;

	for (;;) {
		ret = ask(ctl, s);
		if (ret || (!s->bad && !s->behind) || status_now() >= end)
			break;
		usleep(POLL_US);
	}
	if (!ret && limit > 0 && s->behind)
		s->bad = true;
	return ret;
}

/* The kernel here is the only one that may mirror a file. */
static int kernel_is_there(struct ctl *ctl, uint64_t want, bool *there,
			   struct mn_buf *who)
{
	struct status s = {};
	const char *store;
	int ret = ctl_kernel(ctl);

	if (!ret)
		ret = status_get(ctl, &s);
	store = text_of(s.json, "store");
	if (!ret && strcmp(store, ctl->store->name))
		ret = mn_fail(&ctl->err, -EINVAL,
			      "this kernel mirrors %s, not %s",
			      *store ? store : "nothing", ctl->store->name);
	*there = s.revision >= want;
	mn_buf_printf(who, "this kernel is at revision %llu",
		      (unsigned long long)s.revision);
	json_decref(s.json);
	return ret;
}

static int hosts_are_there(struct ctl *ctl, uint64_t want, bool *there,
			   struct mn_buf *who)
{
	json_t *hosts = json_array(), *host;
	uint64_t at;
	size_t i;
	int ret;

	*there = true;
	ret = ctl->store->ops->hosts(ctl->store, hosts, &ctl->err);
	json_array_foreach(hosts, i, host) {
		at = json_integer_value(json_object_get(host, "revision"));
		if (at >= want || !*there)
			continue;
		*there = false;
		mn_buf_printf(who, "host %s is at revision %llu",
			      text_of(host, "name"), (unsigned long long)at);
	}
	json_decref(hosts);
	return ret;
}

static int look(struct ctl *ctl, uint64_t want, bool *there,
		struct mn_buf *who)
{
	uint64_t revision;
	int ret = revision_of(ctl, &revision);

	who->len = 0;
	*there = false;
	if (ret)
		return ret;
	if (revision < want) {
		mn_buf_printf(who, "the store is at revision %llu",
			      (unsigned long long)revision);
		return 0;
	}
	return ctl->store->ops->hosts ?
	       hosts_are_there(ctl, want, there, who) :
	       kernel_is_there(ctl, want, there, who);
}

/**
 * status_wait() - wait until a revision is in force on all hosts that are alive
 * @ctl: run; of a file, that is the kernel here
 * @text: revision, NULL: the one the store has
 * @limit: seconds
 *
 * Return: 0 or a negative error
 */
int status_wait(struct ctl *ctl, const char *text, double limit)
{
	double end = status_now() + limit;
	struct mn_buf who = {};
	uint64_t want = 0;
	char *rest;
	bool there;
	int ret = 0;

	if (text) {
		want = strtoull(text, &rest, 10);
		if (*rest || rest == text || *text == '-')
			return mn_usage(&ctl->err,
					"\"%.32s\" is not a revision", text);
	} else {
		ret = revision_of(ctl, &want);
	}
	while (!ret) {
		ret = look(ctl, want, &there, &who);
		if (ret || there)
			break;
		if (status_now() >= end)
			ret = mn_fail(&ctl->err, -ETIMEDOUT, "%s, not %llu",
				      who.s, (unsigned long long)want);
		usleep(POLL_US);
	}
	mn_buf_free(&who);
	return ret;
}
