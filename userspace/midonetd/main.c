// SPDX-License-Identifier: GPL-2.0
/* midonetd: keeps a kernel in step with a store. */
#include <errno.h>
#include <getopt.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <syslog.h>
#include <unistd.h>

#include "alive.h"
#include "health.h"
#include "metrics.h"
#include "mirror.h"
#include "nat.h"
#include "nft.h"
#include "notify.h"
#include "report.h"
#include "serve_dhcp.h"
#include "source.h"

#define CONF_PATH	"/etc/midonet/midonet.conf"

static const char usage_text[] =
	"usage: midonetd --store file:PATH|zk:HOST:PORT[,...][/ROOT] --host NAME\n"
	"                [-n NETNS] [--config FILE] [--foreground]\n";

const struct service *const services[] = {
	&service_alive,
	&service_dhcp,
	&service_nat,
	&service_health,
	&service_metrics,
	&service_nft,
	/* last */
	&service_notify,
	NULL
};

static const struct source *const sources[] = { &source_file, &source_zk };

static const struct option options[] = {
	{ "store", required_argument, NULL, 's' },
	{ "host", required_argument, NULL, 'H' },
	{ "netns", required_argument, NULL, 'n' },
	{ "config", required_argument, NULL, 'c' },
	{ "foreground", no_argument, NULL, 'f' },
	{ "help", no_argument, NULL, 'h' },
	{}
};

static int usage(int status)
{
	fputs(usage_text, status ? stderr : stdout);
	exit(status);
}

/* The file first, whatever the order: what is said here overrides it. */
static int read_conf(struct conf *conf, int argc, char **argv,
		     struct mn_err *err)
{
	const char *path = CONF_PATH;
	bool needed = false;
	int c;

	while ((c = getopt_long(argc, argv, "s:H:n:c:fh", options, NULL)) != -1) {
		if (c == '?')
			usage(2);
		if (c == 'h')
			usage(0);
		if (c != 'c')
			continue;
		path = optarg;
		needed = true;
	}
	if (optind != argc)
		usage(2);
	return conf_read(conf, path, needed, err);
}

static int read_options(struct conf *conf, int argc, char **argv,
			struct mn_err *err)
{
	int c, ret = read_conf(conf, argc, argv, err);

	optind = 1;
	while (!ret &&
	       (c = getopt_long(argc, argv, "s:H:n:c:fh", options, NULL)) != -1) {
		if (c == 's')
			conf_set(&conf->store, optarg);
		else if (c == 'H')
			conf_set(&conf->host, optarg);
		else if (c == 'n')
			conf_set(&conf->netns, optarg);
		else if (c == 'f')
			conf->foreground = true;
	}
	if (ret)
		return ret;
	if (!conf->store || !conf->host)
		return mn_fail(err, -EINVAL, "%s is not said; see midonetd(8)",
			       conf->store ? "--host" : "--store");
	if (!mn_name_valid(conf->host))
		return mn_fail(err, -EINVAL,
			       "host \"%.80s\": a name is 1 to 63 of A-Z a-z 0-9 . _ -, and not none",
			       conf->host);
	return 0;
}

static int open_source(struct daemon *d, struct mn_err *err)
{
	const char *where = d->conf.store;
	size_t len = strcspn(where, ":"), i;

	for (i = 0; i < MN_ARRAY_SIZE(sources); i++) {
		if (strlen(sources[i]->scheme) != len || !where[len] ||
		    strncmp(sources[i]->scheme, where, len))
			continue;
		d->source = sources[i];
		return d->source->open(d, where + len + 1, err);
	}
	return mn_fail(err, -EINVAL,
		       "store %.80s: there are file:PATH and zk:HOST:PORT[,...][/ROOT]",
		       where);
}

static void stop_cb(evutil_socket_t signal, short what, void *arg)
{
	struct daemon *d = arg;

	(void)signal;
	(void)what;
	event_base_loopbreak(d->base);
}

static int start_services(struct daemon *d, struct mn_err *err)
{
	size_t i;
	int ret = 0;

	for (i = 0; !ret && services[i]; i++) {
		ret = services[i]->start(d, err);
		if (ret)
			mn_err_prefix(err, "%s", services[i]->name);
	}
	return ret;
}

static void stop_services(struct daemon *d)
{
	size_t i = 0;

	while (services[i])
		i++;
	while (i--)
		services[i]->stop(d);
}

static void read_boot(char *boot, size_t size)
{
	FILE *f = fopen("/proc/sys/kernel/random/boot_id", "re");

	if (!f || !fgets(boot, size, f))
		snprintf(boot, size, "?");
	boot[strcspn(boot, "\n")] = '\0';
	if (f)
		fclose(f);
}

/* All that may be refused, before who started it is told that it runs. */
static int prepare(struct daemon *d, struct mn_err *err)
{
	int ret = open_source(d, err);

	if (!ret)
		ret = kernel_open(d, err);
	if (!ret && !d->conf.foreground && daemon(0, 0))
		ret = mn_fail(err, -errno, "cannot leave: %s", strerror(errno));
	if (ret)
		return ret;
	ret = log_open(&d->conf, err);
	if (ret)
		return ret;
	read_boot(d->boot, sizeof(d->boot));
	/* Clocks may jump, this one does not. */
	d->base = event_base_new();
	if (!d->base)
		return mn_fail(err, -ENOMEM, "no event loop");
	ret = mirror_start(d, err);
	if (!ret)
		ret = report_start(d, err);
	if (!ret)
		ret = start_services(d, err);
	return ret;
}

static void run(struct daemon *d)
{
	struct event *term = evsignal_new(d->base, SIGTERM, stop_cb, d);
	struct event *intr = evsignal_new(d->base, SIGINT, stop_cb, d);

	signal(SIGPIPE, SIG_IGN);
	event_add(term, NULL);
	event_add(intr, NULL);
	log_say(LOG_NOTICE, "host %s mirrors %s", d->conf.host, d->store_name);
	d->source->start(d);
	event_base_dispatch(d->base);
	event_free(term);
	event_free(intr);
	log_say(LOG_NOTICE, "leaves revision %llu in force",
		(unsigned long long)mirror_applied(d));
}

static void finish(struct daemon *d)
{
	if (d->source)
		d->source->close(d);
	if (d->base)
		stop_services(d);
	report_stop(d);
	mirror_stop(d);
	mn_nl_close(&d->events);
	mn_store_close(d->kernel);
	if (d->base)
		event_base_free(d->base);
	free(d->store_name);
	conf_free(&d->conf);
}

int main(int argc, char **argv)
{
	struct daemon d = {};
	struct mn_err err = {};
	int ret;

	ret = read_options(&d.conf, argc, argv, &err);
	if (!ret)
		ret = prepare(&d, &err);
	if (ret)
		log_say(LOG_ERR, "%s", err.text);
	else
		run(&d);
	finish(&d);
	return !!ret;
}
