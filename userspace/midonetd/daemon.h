/* SPDX-License-Identifier: GPL-2.0 */
#ifndef _DAEMON_H
#define _DAEMON_H

#include <event2/event.h>
#include <stdbool.h>
#include <stdint.h>

#include "model.h"
#include "nl.h"
#include "store.h"
#include "zk.h"

struct daemon;

/**
 * struct conf - what the daemon was told
 * @store: file:PATH or zk:HOSTS[/ROOT]
 * @host: name of this host
 * @netns: network namespace of the kernel, NULL: this one
 * @metrics: ADDRESS:PORT of the server of metrics, NULL: there is none
 * @log: text or json, NULL: text
 * @protect: yes: the host is protected, see nft.c; no or NULL: it is left alone
 * @foreground: stay where it was started, and speak on standard error
 */
struct conf {
	char *store;
	char *host;
	char *netns;
	char *metrics;
	char *log;
	char *protect;
	bool foreground;
};

/**
 * struct service - something the daemon does besides mirroring
 * @name: in its reports
 * @start: begin; the kernel is there, the store may not be
 * @stop: end; the kernel keeps what it has
 * @with: optional; a revision, mirror_model(), is about to be put into force: note
 *	changes of the kernel that belong to it
 * @changed: optional; another revision is in force
 * @session: optional; a session with ZooKeeper began, or ended with all that was
 *	ephemeral
 * @watch: optional; a node of ZooKeeper that was watched is another, or gone
 *
 * One thread runs them all, from events of &daemon.base; none may wait.
 */
struct service {
	const char *name;
	int (*start)(struct daemon *d, struct mn_err *err);
	void (*stop)(struct daemon *d);
	void (*with)(struct daemon *d);
	void (*changed)(struct daemon *d);
	void (*session)(struct daemon *d, bool up);
	void (*watch)(struct daemon *d, const char *path);
};

/* main.c: all of them, in the order they start */
extern const struct service *const services[];

struct mirror;
struct source;

/**
 * struct daemon - the daemon
 * @conf: what it was told
 * @base: event loop
 * @kernel: the kernel, as a store
 * @nl: connection of @kernel
 * @events: connection that hears of ports
 * @host_id: id of this host, as the kernel was told
 * @source: where the topology comes from (source.h)
 * @store_name: what the store is called
 * @zk: session with ZooKeeper, NULL: the store is another
 * @mirror: what is in force, and what shall be (mirror.c)
 * @report: of the store, see report.c
 * @alive: see alive.c
 * @dhcp: see serve_dhcp.c
 * @nat: see nat.c
 * @health: see health.c
 * @boot: tells this boot of the machine from others
 */
struct daemon {
	struct conf conf;
	struct event_base *base;
	struct mn_store *kernel;
	struct mn_nl *nl;
	struct mn_nl events;
	struct mn_uuid host_id;
	const struct source *source;
	char *store_name;
	struct mn_zk *zk;
	struct mirror *mirror;
	struct report *report;
	struct alive *alive;
	struct serve_dhcp *dhcp;
	struct nat *nat;
	struct health *health;
	char boot[40];
};

/* conf.c */
int conf_read(struct conf *conf, const char *path, bool needed,
	      struct mn_err *err);
int conf_set(char **value, const char *text);
void conf_free(struct conf *conf);

/* log.c */
int log_open(const struct conf *conf, struct mn_err *err);
__printf(2, 3)
void log_say(int priority, const char *fmt, ...);

/* kernel.c */
int kernel_within(struct daemon *d,
		  int (*fn)(struct daemon *d, struct mn_err *err),
		  struct mn_err *err);
int kernel_open(struct daemon *d, struct mn_err *err);
int kernel_own(struct daemon *d, struct mn_err *err);
int kernel_set_host(struct daemon *d, const struct mn_uuid *id,
		    struct mn_err *err);
int kernel_status(struct daemon *d, char **store, uint64_t *revision,
		  struct mn_err *err);
int kernel_report(struct daemon *d, const char *name, enum midonet_level level,
		  const char *text, struct mn_err *err);

#endif /* _DAEMON_H */
