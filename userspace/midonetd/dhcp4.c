// SPDX-License-Identifier: GPL-2.0
/*
 * The DHCP server (RFC 2131, RFC 2132). It keeps no leases: who is listed in a subnet
 * has one address for ever, so every question has its answer in the configuration.
 * Offers reserve nothing, releases and declines change nothing.
 */
#include <string.h>

#include "dhcp4.h"
#include "packet.h"

/* A message: offsets and lengths of its fields (RFC 2131 2). */
#define OP		0
#define HTYPE		1
#define HLEN		2
#define XID		4
#define FLAGS		10
#define CIADDR		12
#define YIADDR		16
#define SIADDR		20
#define GIADDR		24
#define CHADDR		28
#define SNAME		44
#define SNAME_LEN	64
#define FILE_		108
#define FILE_LEN	128
#define COOKIE		236
#define OPTIONS		240

#define BOOTREQUEST	1
#define BOOTREPLY	2
#define ETHERNET	1
#define BROADCAST	0x8000
#define MAGIC		0x63825363

/* Least that a client takes as an IP packet, and as a message (RFC 1542 2.1). */
#define PACKET_MIN	576
#define IP_UDP		28
#define MESSAGE_MIN	300

enum message {
	DISCOVER = 1, OFFER, REQUEST, DECLINE, ACK, NAK, RELEASE, INFORM
};

enum code {
	PAD = 0,
	SUBNET_MASK = 1,
	ROUTERS = 3,
	DNS_SERVERS = 6,
	HOST_NAME = 12,
	MTU = 26,
	BROADCAST_ADDRESS = 28,
	REQUESTED_ADDRESS = 50,
	LEASE_TIME = 51,
	OVERLOAD = 52,
	MESSAGE_TYPE = 53,
	SERVER_ID = 54,
	MAX_SIZE = 57,
	T1 = 58,
	T2 = 59,
	CLIENT_ID = 61,
	TFTP_SERVER = 66,
	BOOTFILE = 67,
	CLASSLESS_ROUTES = 121,
	TFTP_SERVERS = 150,
	END = 255,
};

#define OVERLOAD_FILE	1
#define OVERLOAD_SNAME	2

/**
 * struct request - what a client says
 * @data: the fixed fields
 * @type: &enum message
 * @ciaddr: address it has, or zero
 * @requested: address it wants to have, or zero
 * @server: server it has chosen, or zero
 * @size: bytes of an IP packet that it takes
 * @overload: fields that have options, too
 * @client_id: its identifier, with code and length, or NULL
 */
struct request {
	const uint8_t *data;
	uint8_t type;
	uint32_t ciaddr;
	uint32_t requested;
	uint32_t server;
	uint32_t size;
	uint8_t overload;
	const uint8_t *client_id;
};

/* Options in a field; false if one goes beyond its end. */
static bool each_option(const uint8_t *p, size_t len,
			void (*fn)(struct request *r, const uint8_t *option),
			struct request *r)
{
	size_t at = 0;

	while (at < len && p[at] != END) {
		if (p[at] == PAD) {
			at++;
			continue;
		}
		if (len - at < 2 || p[at + 1] > len - at - 2)
			return false;
		fn(r, p + at);
		at += 2 + p[at + 1];
	}
	return true;
}

static void read_option(struct request *r, const uint8_t *option)
{
	uint8_t len = option[1];
	const uint8_t *value = option + 2;

	if (option[0] == MESSAGE_TYPE && len == 1)
		r->type = value[0];
	else if (option[0] == REQUESTED_ADDRESS && len == 4)
		r->requested = mn_get32(value);
	else if (option[0] == SERVER_ID && len == 4)
		r->server = mn_get32(value);
	else if (option[0] == MAX_SIZE && len == 2)
		r->size = mn_get16(value);
	else if (option[0] == OVERLOAD && len == 1)
		r->overload = value[0];
	else if (option[0] == CLIENT_ID && len >= 2)
		r->client_id = option;
}

/* Why it is none, or NULL. */
static const char *parse(const uint8_t *data, size_t len, struct request *r)
{
	uint8_t overload;

	memset(r, 0, sizeof(*r));
	if (len < OPTIONS || mn_get32(data + COOKIE) != MAGIC)
		return "is no DHCP message";
	if (data[OP] != BOOTREQUEST || data[HTYPE] != ETHERNET ||
	    data[HLEN] != 6)
		return "is no request of an Ethernet station";
	r->data = data;
	r->ciaddr = mn_get32(data + CIADDR);
	if (!each_option(data + OPTIONS, len - OPTIONS, read_option, r))
		return "has an option that is longer than the message";
	overload = r->overload;
	if (((overload & OVERLOAD_FILE) &&
	     !each_option(data + FILE_, FILE_LEN, read_option, r)) ||
	    ((overload & OVERLOAD_SNAME) &&
	     !each_option(data + SNAME, SNAME_LEN, read_option, r)))
		return "has an option that is longer than its field";
	if (!r->type)
		return "has no message type";
	return NULL;
}

/* Writing. */

/**
 * struct area - part of a message that options are written to
 * @p: next byte
 * @left: bytes that may be written, without the end
 */
struct area {
	uint8_t *p;
	size_t left;
};

/**
 * struct writer - a message being written
 * @data: message
 * @areas: options, then file and sname if they have to help out
 * @n_areas: number of them
 * @overload: where the option is that says which of them do, or NULL
 */
struct writer {
	uint8_t *data;
	struct area areas[3];
	int n_areas;
	uint8_t *overload;
};

static void area_begin(struct area *a, uint8_t *p, size_t len)
{
	a->p = p;
	a->left = len - 1;
}

/* Into the first area with room for it. What fits nowhere is left out. */
static void put(struct writer *w, uint8_t code, const void *value, uint8_t len)
{
	struct area *a;
	int i;

	for (i = 0; i < w->n_areas; i++) {
		a = &w->areas[i];
		if (a->left < 2u + len)
			continue;
		a->p[0] = code;
		a->p[1] = len;
		memcpy(a->p + 2, value, len);
		a->p += 2 + len;
		a->left -= 2 + len;
		if (i)
			w->overload[2] |= i == 1 ? OVERLOAD_FILE :
						   OVERLOAD_SNAME;
		return;
	}
}

static void put8(struct writer *w, uint8_t code, uint8_t value)
{
	put(w, code, &value, 1);
}

static void put32(struct writer *w, uint8_t code, uint32_t value)
{
	uint8_t b[4];

	mn_put32(b, value);
	put(w, code, b, sizeof(b));
}

static size_t room(const struct request *r)
{
	size_t size = r->size > PACKET_MIN ? r->size : PACKET_MIN;

	return size - IP_UDP < MN_DHCP4_MAX ? size - IP_UDP : MN_DHCP4_MAX;
}

static void begin(struct writer *w, const struct request *r, uint8_t *data,
		  bool overload)
{
	memset(w, 0, sizeof(*w));
	memset(data, 0, MN_DHCP4_MAX);
	w->data = data;
	data[OP] = BOOTREPLY;
	data[HTYPE] = ETHERNET;
	data[HLEN] = 6;
	memcpy(data + XID, r->data + XID, 4);
	memcpy(data + FLAGS, r->data + FLAGS, 2);
	memcpy(data + CHADDR, r->data + CHADDR, 16);
	mn_put32(data + COOKIE, MAGIC);
	area_begin(&w->areas[0], data + OPTIONS, room(r) - OPTIONS);
	w->n_areas = 1;
	if (!overload)
		return;
	w->overload = w->areas[0].p;
	put8(w, OVERLOAD, 0);
	area_begin(&w->areas[1], data + FILE_, FILE_LEN);
	area_begin(&w->areas[2], data + SNAME, SNAME_LEN);
	w->n_areas = 3;
}

/* Bytes of the message. */
static size_t finish(struct writer *w)
{
	size_t len;
	int i;

	for (i = 0; i < w->n_areas; i++) {
		if (!i || (w->overload && (w->overload[2] >> (i - 1) & 1)))
			*w->areas[i].p++ = END;
	}
	/* One that helped nobody is no value (RFC 2132 9.3). */
	if (w->overload && !w->overload[2])
		memset(w->overload, PAD, 3);
	len = w->areas[0].p - w->data;
	return len < MESSAGE_MIN ? MESSAGE_MIN : len;
}

static const uint8_t *default_router(const struct mn_dhcp_subnet *s,
				     const struct mn_dhcp_host *h)
{
	const struct mn_dhcp_option *o;

	for (o = h->options; o < h->options + h->n_options; o++) {
		if (o->code == ROUTERS && o->len >= 4)
			return o->data;
	}
	return s->has_gateway ? s->gateway : NULL;
}

/* RFC 3442: and the default route, as who is told these ignores routers. */
static void put_routes(struct writer *w, const struct mn_dhcp_subnet *s,
		       const struct mn_dhcp_host *h)
{
	const uint8_t *router = default_router(s, h);
	uint8_t b[255], n = 0, bytes;
	int i;

	for (i = 0; i < s->n_routes; i++) {
		bytes = (s->routes[i].plen + 7) / 8;
		b[n++] = s->routes[i].plen;
		memcpy(b + n, s->routes[i].dst, bytes);
		memcpy(b + n + bytes, s->routes[i].gateway, 4);
		n += bytes + 4;
	}
	if (router) {
		b[n++] = 0;
		memcpy(b + n, router, 4);
		n += 4;
	}
	put(w, CLASSLESS_ROUTES, b, n);
}

static void put_dns(struct writer *w, const struct mn_dhcp_subnet *s)
{
	uint8_t b[MN_DHCP_DNS * 4];
	int i;

	for (i = 0; i < s->n_dns; i++)
		memcpy(b + 4 * i, s->dns[i], 4);
	put(w, DNS_SERVERS, b, 4 * s->n_dns);
}

static uint32_t mask_of(const struct mn_dhcp_subnet *s)
{
	return s->plen ? ~0u << (32 - s->plen) : 0;
}

/* What the subnet says, unless the host's own options do. Important ones first. */
static void put_subnet(struct writer *w, const struct mn_dhcp_subnet *s,
		       const struct mn_dhcp_host *h)
{
	uint32_t mask = mask_of(s);
	uint8_t mtu[2];

	put32(w, SUBNET_MASK, mask);
	if (s->n_routes && !mn_dhcp_host_says(h, CLASSLESS_ROUTES))
		put_routes(w, s, h);
	if (s->has_gateway && !mn_dhcp_host_says(h, ROUTERS))
		put(w, ROUTERS, s->gateway, 4);
	if (s->n_dns && !mn_dhcp_host_says(h, DNS_SERVERS))
		put_dns(w, s);
	mn_put16(mtu, s->mtu);
	if (s->mtu && !mn_dhcp_host_says(h, MTU))
		put(w, MTU, mtu, 2);
	if (h->name[0] && !mn_dhcp_host_says(h, HOST_NAME))
		put(w, HOST_NAME, h->name, strlen(h->name));
	if (!mn_dhcp_host_says(h, BROADCAST_ADDRESS))
		put32(w, BROADCAST_ADDRESS, mn_get32(s->addr) | ~mask);
}

static void put_lease(struct writer *w, uint32_t lease)
{
	put32(w, LEASE_TIME, lease);
	if (lease == MN_DHCP_FOREVER)
		return;
	put32(w, T1, lease / 2);
	put32(w, T2, (uint64_t)lease * 7 / 8);
}

/* Network boot looks at the fields as well as at the options. */
static void put_boot(struct writer *w, const struct mn_dhcp_host *h)
{
	const struct mn_dhcp_option *o;

	for (o = h->options; o < h->options + h->n_options; o++) {
		if (o->code == TFTP_SERVERS && o->len >= 4)
			memcpy(w->data + SIADDR, o->data, 4);
		else if (w->n_areas == 1 && o->code == TFTP_SERVER &&
			 o->len < SNAME_LEN)
			memcpy(w->data + SNAME, o->data, o->len);
		else if (w->n_areas == 1 && o->code == BOOTFILE &&
			 o->len < FILE_LEN)
			memcpy(w->data + FILE_, o->data, o->len);
	}
}

/* An offer or acknowledgment; bytes of the message. */
static size_t write_grant(const struct request *r, uint8_t type,
			  const struct mn_dhcp_subnet *s,
			  const struct mn_dhcp_host *h, uint8_t *data,
			  bool overload)
{
	struct writer w;
	int i;

	begin(&w, r, data, overload);
	if (type == ACK)
		memcpy(data + CIADDR, r->data + CIADDR, 4);
	put8(&w, MESSAGE_TYPE, type);
	put(&w, SERVER_ID, s->server, 4);
	/* RFC 6842 */
	if (r->client_id)
		put(&w, CLIENT_ID, r->client_id + 2, r->client_id[1]);
	/* Who only wants to be informed has an address (RFC 2131 4.3.5). */
	if (r->type != INFORM) {
		memcpy(data + YIADDR, h->addr, 4);
		put_lease(&w, s->lease);
	}
	put_subnet(&w, s, h);
	put_boot(&w, h);
	for (i = 0; i < h->n_options; i++) {
		if (h->options[i].code < END)
			put(&w, h->options[i].code, h->options[i].data,
			    h->options[i].len);
	}
	return finish(&w);
}

/* Bytes of options that a grant has without bounds. */
static bool fits(const struct request *r, const struct mn_dhcp_subnet *s,
		 const struct mn_dhcp_host *h)
{
	/* Type, server, lease with its times, mask, broadcast, MTU, end. */
	size_t len = 3 + 6 + 3 * 6 + 6 + 6 + 4 + 1;
	int i;

	len += 2 + s->n_routes * 9 + 5 + 6 + 2 + 4 * s->n_dns + 2 +
	       strlen(h->name);
	if (r->client_id)
		len += 2 + r->client_id[1];
	for (i = 0; i < h->n_options; i++)
		len += 2 + h->options[i].len;
	return len <= room(r) - OPTIONS;
}

static void send_to(struct mn_dhcp4_reply *reply, uint32_t dst, bool broadcast)
{
	mn_put32(reply->dst, dst);
	reply->broadcast = broadcast;
}

/* RFC 2131 4.1 */
static void grant(const struct request *r, uint8_t type,
		  const struct mn_dhcp_subnet *s, const struct mn_dhcp_host *h,
		  struct mn_dhcp4_reply *reply)
{
	reply->len = write_grant(r, type, s, h, reply->data, !fits(r, s, h));
	if (r->ciaddr)
		send_to(reply, r->ciaddr, false);
	else if (mn_get16(r->data + FLAGS) & BROADCAST)
		send_to(reply, UINT32_MAX, true);
	else
		send_to(reply, mn_get32(h->addr), false);
}

static void refuse(const struct request *r, const struct mn_dhcp_subnet *s,
		   struct mn_dhcp4_reply *reply)
{
	struct writer w;

	begin(&w, r, reply->data, false);
	put8(&w, MESSAGE_TYPE, NAK);
	put(&w, SERVER_ID, s->server, 4);
	if (r->client_id)
		put(&w, CLIENT_ID, r->client_id + 2, r->client_id[1]);
	reply->len = finish(&w);
	send_to(reply, UINT32_MAX, true);
}

/*
 * RFC 2131 4.3.2. The state of the client shows in what it says: it has chosen a
 * server, it asks whether an address it remembers is right, or it has one. Whoever
 * is listed is ours, so what is not his address is refused.
 */
static const char *request(const struct request *r,
			   const struct mn_dhcp_subnet *s,
			   const struct mn_dhcp_host *h,
			   struct mn_dhcp4_reply *reply)
{
	uint32_t wanted = r->requested ? r->requested : r->ciaddr;

	if (r->server && r->server != mn_get32(s->server))
		return "chose another server";
	if (!wanted)
		return "asks for no address";
	if (wanted == mn_get32(h->addr))
		grant(r, ACK, s, h, reply);
	else
		refuse(r, s, reply);
	return NULL;
}

/* RFC 2131 4.3.5 */
static const char *inform(const struct request *r,
			  const struct mn_dhcp_subnet *s,
			  const struct mn_dhcp_host *h,
			  struct mn_dhcp4_reply *reply)
{
	if (!r->ciaddr)
		return "asks for information without an address";
	grant(r, ACK, s, h, reply);
	return NULL;
}

/**
 * mn_dhcp4_answer() - answer a DHCP message
 * @subnet: subnet in which the sender is listed
 * @host: the sender
 * @data: message, UDP payload
 * @len: bytes of it
 * @reply: the answer
 *
 * Return: NULL if there is an answer, else why there is none
 */
const char *mn_dhcp4_answer(const struct mn_dhcp_subnet *subnet,
			    const struct mn_dhcp_host *host,
			    const uint8_t *data, size_t len,
			    struct mn_dhcp4_reply *reply)
{
	struct request r;
	const char *why = parse(data, len, &r);

	if (why)
		return why;
	if (mn_get32(data + GIADDR))
		return "came through a relay";
	if (memcmp(data + CHADDR, host->mac, sizeof(host->mac)))
		return "is about another station than its sender";
	switch (r.type) {
	case DISCOVER:
		grant(&r, OFFER, subnet, host, reply);
		return NULL;
	case REQUEST:
		return request(&r, subnet, host, reply);
	case INFORM:
		return inform(&r, subnet, host, reply);
	case DECLINE:
		return "declines its address: somebody else has it";
	case RELEASE:
		return "releases its address, and may have it again";
	}
	return "is of a type that only servers send";
}
