// SPDX-License-Identifier: GPL-2.0
/* What is in the node of something that one host at a time may have. */
#include <jansson.h>
#include <string.h>

#include "lease.h"

/**
 * lease_text() - what a node of this host says
 * @d: daemon
 *
 * Return: text to be freed
 */
char *lease_text(const struct daemon *d)
{
	char id[MN_UUID_TEXT];

	mn_uuid_print(&d->host_id, id);
	return mn_asprintf("{\"host\":\"%s\",\"boot\":\"%s\"}", id, d->boot);
}

/**
 * lease_is_ours() - is a node this host's, of this session or one before
 * @d: daemon
 * @reply: the node
 *
 * Return: whether it is
 */
bool lease_is_ours(const struct daemon *d, const struct mn_zk_reply *reply)
{
	json_t *json = json_loadb(reply->data, reply->len, 0, NULL);
	const char *host, *boot;
	char id[MN_UUID_TEXT];
	bool ours;

	host = json_string_value(json_object_get(json, "host"));
	boot = json_string_value(json_object_get(json, "boot"));
	mn_uuid_print(&d->host_id, id);
	ours = host && boot && !strcmp(host, id) && !strcmp(boot, d->boot);
	json_decref(json);
	return ours;
}
