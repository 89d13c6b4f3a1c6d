// SPDX-License-Identifier: GPL-2.0
/*
 * What is worth a line: to the system log, or to standard error; there with the priority
 * in front if the journal reads it. As JSON on request, one object a line.
 */
#include <errno.h>
#include <jansson.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <syslog.h>
#include <time.h>

#include "daemon.h"

static const char *const levels[] = {
	[LOG_EMERG] = "emergency", [LOG_ALERT] = "alert",
	[LOG_CRIT] = "critical", [LOG_ERR] = "error",
	[LOG_WARNING] = "warning", [LOG_NOTICE] = "notice",
	[LOG_INFO] = "info", [LOG_DEBUG] = "debug",
};

static bool to_stderr = true;
static bool as_json;
static bool to_journal;
static char host[64];

/**
 * log_open() - say where lines go
 * @conf: configuration: in the foreground to standard error, else to the system log
 * @err: for errors
 *
 * Return: 0 or -EINVAL
 */
int log_open(const struct conf *conf, struct mn_err *err)
{
	if (conf->log && strcmp(conf->log, "json") && strcmp(conf->log, "text"))
		return mn_fail(err, -EINVAL, "log: %.32s is neither text nor json",
			       conf->log);
	as_json = conf->log && !strcmp(conf->log, "json");
	to_stderr = conf->foreground;
	to_journal = to_stderr && getenv("JOURNAL_STREAM");
	snprintf(host, sizeof(host), "%s", conf->host);
	if (!to_stderr)
		openlog("midonetd", LOG_PID, LOG_DAEMON);
	return 0;
}

static char *json_line(int priority, const char *text)
{
	char when[40] = "";
	struct timespec ts;
	json_t *json;
	char *line;
	struct tm tm;
	size_t n;

	clock_gettime(CLOCK_REALTIME, &ts);
	if (gmtime_r(&ts.tv_sec, &tm)) {
		n = strftime(when, sizeof(when), "%Y-%m-%dT%H:%M:%S", &tm);
		snprintf(when + n, sizeof(when) - n, ".%03ldZ",
			 ts.tv_nsec / 1000000);
	}
	json = json_pack("{s:s,s:s,s:s,s:s,s:s}", "time", when, "level",
			 levels[priority & 7], "service", "midonetd", "host",
			 host, "message", text);
	line = json ? json_dumps(json, JSON_COMPACT) : NULL;
	json_decref(json);
	return line;
}

/**
 * log_say() - say something
 * @priority: as of syslog()
 * @fmt: one line
 */
void log_say(int priority, const char *fmt, ...)
{
	char text[1200], *json = NULL;
	va_list ap;

	va_start(ap, fmt);
	vsnprintf(text, sizeof(text), fmt, ap);
	va_end(ap);
	if (as_json)
		json = json_line(priority, text);
	if (!to_stderr)
		syslog(priority, "%s", json ?: text);
	else if (to_journal)
		fprintf(stderr, "<%d>%s\n", priority & 7, json ?: text);
	else if (json)
		fprintf(stderr, "%s\n", json);
	else
		fprintf(stderr, "midonetd: %s\n", text);
	free(json);
}
