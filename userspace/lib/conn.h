/* SPDX-License-Identifier: GPL-2.0 */
#ifndef _MN_CONN_H
#define _MN_CONN_H

#include <jansson.h>

#include "nl.h"
#include "uuid.h"
#include "values.h"

/* Longest text of an object in a connection: CHAIN:POSITION, DEVICE:PORT. */
#define MN_CONN_TEXT	160

/* Number of a tuple that does not have one. */
#define MN_CONN_NO_NUM	(-1)

/**
 * struct mn_conn_tuple - one direction of a connection
 * @len: bytes of an address: 4 or 16
 * @src: source
 * @dst: destination
 * @src_port: 0..65535 or MN_CONN_NO_NUM
 * @dst_port: 0..65535 or MN_CONN_NO_NUM
 * @icmp_id: 0..65535 or MN_CONN_NO_NUM
 */
struct mn_conn_tuple {
	int len;
	uint8_t src[16];
	uint8_t dst[16];
	int32_t src_port;
	int32_t dst_port;
	int32_t icmp_id;
};

/**
 * struct mn_conn_ref - an object a connection names
 * @id: its id; nil: none
 * @name: what it is called, empty if that is not known
 */
struct mn_conn_ref {
	struct mn_uuid id;
	char name[MN_CONN_TEXT];
};

/**
 * struct mn_conn - a connection that a device tracks
 * @device: bridge or router
 * @port: where it was opened
 * @dnat: rule that translated its destination
 * @snat: rule that translated its source
 * @proto: IP protocol
 * @state: &enum midonet_conn_phase
 * @answered: packets of both directions were seen
 * @age: seconds since it began
 * @expires: seconds until it goes if no packet comes
 * @origin: "local" or a host
 * @forward: the initiator's packets as they enter the device
 * @reply: the answers as they enter the device
 */
struct mn_conn {
	struct mn_conn_ref device;
	struct mn_conn_ref port;
	struct mn_conn_ref dnat;
	struct mn_conn_ref snat;
	uint8_t proto;
	uint8_t state;
	bool answered;
	uint32_t age;
	uint32_t expires;
	char origin[MN_CONN_TEXT];
	struct mn_conn_tuple forward;
	struct mn_conn_tuple reply;
};

int mn_conn_read(const struct nlmsghdr *nlh, struct mn_conn *c);
void mn_conn_put(struct mn_buf *b, const struct mn_nl *nl,
		 const struct mn_conn *c);
json_t *mn_conn_json(const struct mn_conn *c);
json_t *mn_conn_nat_json(const struct mn_conn *c);
json_t *mn_conn_save(const struct mn_conn *c);
int mn_conn_restore(json_t *json, struct mn_conn *c, struct mn_err *err);
void mn_conn_print(const struct mn_conn *c, struct mn_buf *out);

#endif /* _MN_CONN_H */
