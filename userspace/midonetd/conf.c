// SPDX-License-Identifier: GPL-2.0
/* midonet.conf: lines "KEY = VALUE". */
#include <ctype.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "daemon.h"

/**
 * conf_set() - give a key its value
 * @value: where it goes; what it was is lost
 * @text: value
 *
 * Return: 0
 */
int conf_set(char **value, const char *text)
{
	free(*value);
	*value = mn_strdup(text);
	return 0;
}

static char *trim(char *text)
{
	char *end;

	while (isspace((unsigned char)*text))
		text++;
	end = text + strlen(text);
	while (end > text && isspace((unsigned char)end[-1]))
		end--;
	*end = '\0';
	return text;
}

static char **value_of(struct conf *conf, const char *key)
{
	const struct {
		const char *key;
		char **value;
	} keys[] = {
		{ "store", &conf->store },
		{ "host", &conf->host },
		{ "netns", &conf->netns },
		{ "metrics", &conf->metrics },
		{ "log", &conf->log },
		{ "protect", &conf->protect },
	};
	size_t i;

	for (i = 0; i < MN_ARRAY_SIZE(keys); i++) {
		if (!strcmp(keys[i].key, key))
			return keys[i].value;
	}
	return NULL;
}

static int read_line(struct conf *conf, char *line, struct mn_err *err)
{
	char *key, *value = strchr(line, '=');
	char **where;
	char buf[80];

	line = trim(line);
	if (!*line || *line == '#')
		return 0;
	if (!value)
		return mn_fail(err, -EINVAL, "a line is KEY = VALUE");
	*value++ = '\0';
	key = trim(line);
	value = trim(value);
	where = value_of(conf, key);
	if (!where)
		return mn_fail(err, -EINVAL,
			       "unknown key \"%s\"; there are store, host, netns, metrics, log and protect",
			       mn_shown(key, buf, sizeof(buf)));
	if (!*value)
		return mn_fail(err, -EINVAL, "%s has no value", key);
	return conf_set(where, value);
}

/**
 * conf_read() - read a configuration file
 * @conf: what it says goes here
 * @path: file
 * @needed: it must be there
 * @err: for errors, with the line
 *
 * Return: 0 or a negative error
 */
int conf_read(struct conf *conf, const char *path, bool needed,
	      struct mn_err *err)
{
	FILE *f = fopen(path, "re");
	unsigned int n = 0;
	char *line = NULL;
	size_t size = 0;
	int ret = 0;

	if (!f && errno == ENOENT && !needed)
		return 0;
	if (!f)
		return mn_fail(err, -errno, "%s: %s", path, strerror(errno));
	while (!ret && getline(&line, &size, f) >= 0) {
		n++;
		ret = read_line(conf, line, err);
		if (ret)
			mn_err_prefix(err, "%s:%u", path, n);
	}
	free(line);
	fclose(f);
	return ret;
}

/**
 * conf_free() - free what was set
 * @conf: configuration
 */
void conf_free(struct conf *conf)
{
	free(conf->store);
	free(conf->host);
	free(conf->netns);
	free(conf->metrics);
	free(conf->log);
	free(conf->protect);
}
