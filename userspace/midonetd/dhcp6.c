// SPDX-License-Identifier: GPL-2.0
/*
 * The DHCPv6 server (RFC 8415), which like that of DHCP keeps nothing: who is listed
 * in a subnet has one address for ever. In a subnet whose hosts make their addresses
 * it gives none, but answers what else they ask for.
 */
#include <string.h>

#include "dhcp6.h"
#include "packet.h"

#define HEAD		4	/* type and transaction id */
#define OPT_HEAD	4
#define IA_HEAD		12	/* of IA_NA and IA_PD: id, T1, T2 */
#define IA_TA_HEAD	4
#define IAADDR_LEN	24
#define DUID_MIN	3
#define DUID_MAX	130
#define IAS_MAX		16	/* answered in a message */
#define DUID_UUID	4	/* RFC 6355 */

enum message {
	SOLICIT = 1, ADVERTISE, REQUEST, CONFIRM, RENEW, REBIND, REPLY, RELEASE,
	DECLINE, RECONFIGURE, INFORMATION_REQUEST, RELAY_FORW, RELAY_REPL,
};

enum code {
	CLIENTID = 1,
	SERVERID = 2,
	IA_NA = 3,
	IA_TA = 4,
	IAADDR = 5,
	ORO = 6,
	STATUS = 13,
	RAPID_COMMIT = 14,
	DNS_SERVERS = 23,
	IA_PD = 25,
	FQDN = 39,
};

enum status {
	SUCCESS = 0,
	NO_ADDRS_AVAIL = 2,
	NOT_ON_LINK = 4,
	NO_PREFIX_AVAIL = 6,
};

/* Bits of a request: which options it has. */
enum has {
	HAS_RAPID_COMMIT = 1,
	HAS_IA = 2,
	WANTS_FQDN = 4,
};

/**
 * struct option - an option of a message, inside it
 * @code: code
 * @len: bytes of @data
 * @data: value
 */
struct option {
	uint16_t code;
	uint16_t len;
	const uint8_t *data;
};

/**
 * struct request - what a client says
 * @type: &enum message
 * @data: message
 * @has: &enum has
 * @client: its identifier, .data NULL for none
 * @server: that of the server it means
 * @n_ias: number of @ias
 * @ias: identity associations
 */
struct request {
	uint8_t type;
	const uint8_t *data;
	uint8_t has;
	struct option client;
	struct option server;
	uint8_t n_ias;
	struct option ias[IAS_MAX];
};

/* Takes the next option from [p, end); false if there is none, or half a one. */
static bool next_option(const uint8_t **p, const uint8_t *end,
			struct option *o)
{
	if (end - *p < OPT_HEAD)
		return false;
	o->code = mn_get16(*p);
	o->len = mn_get16(*p + 2);
	o->data = *p + OPT_HEAD;
	if (o->len > end - o->data)
		return false;
	*p = o->data + o->len;
	return true;
}

static bool in_oro(const struct option *o, uint16_t code)
{
	uint16_t at;

	for (at = 0; at + 2 <= o->len; at += 2) {
		if (mn_get16(o->data + at) == code)
			return true;
	}
	return false;
}

static void read_option(struct request *r, const struct option *o)
{
	switch (o->code) {
	case CLIENTID:
		r->client = *o;
		break;
	case SERVERID:
		r->server = *o;
		break;
	case RAPID_COMMIT:
		r->has |= HAS_RAPID_COMMIT;
		break;
	case FQDN:
		r->has |= WANTS_FQDN;
		break;
	case ORO:
		if (in_oro(o, FQDN))
			r->has |= WANTS_FQDN;
		break;
	case IA_NA:
	case IA_TA:
	case IA_PD:
		r->has |= HAS_IA;
		if (r->n_ias < IAS_MAX &&
		    o->len >= (o->code == IA_TA ? IA_TA_HEAD : IA_HEAD))
			r->ias[r->n_ias++] = *o;
		break;
	}
}

static bool bad_duid(const struct option *o)
{
	return o->data && (o->len < DUID_MIN || o->len > DUID_MAX);
}

static const char *parse(const uint8_t *data, size_t len, struct request *r)
{
	const uint8_t *p, *end = data + len;
	struct option o;

	memset(r, 0, sizeof(*r));
	if (len < HEAD)
		return "is too short";
	p = data + HEAD;
	r->type = data[0];
	r->data = data;
	if (r->type == RELAY_FORW)
		return "came through a relay";
	while (next_option(&p, end, &o))
		read_option(r, &o);
	if (p != end)
		return "has an option that is longer than the message";
	if (bad_duid(&r->client) || bad_duid(&r->server))
		return "has an identifier of a wrong length";
	return NULL;
}

/*
 * What identifies the server is made of the id of its dhcp, which is the same on all
 * hosts and whoever has the server's address.
 */
static void server_duid(const struct mn_dhcp_subnet *s, uint8_t *duid)
{
	mn_put16(duid, DUID_UUID);
	memcpy(duid + 2, s->id.b, MN_UUID_LEN);
}

#define DUID_LEN	(2 + MN_UUID_LEN)

/* RFC 8415 16: what a server discards. */
static const char *check(const struct request *r,
			 const struct mn_dhcp_subnet *s)
{
	uint8_t duid[DUID_LEN];
	bool ours;

	server_duid(s, duid);
	ours = r->server.len == DUID_LEN &&
	       !memcmp(r->server.data, duid, DUID_LEN);
	switch (r->type) {
	case SOLICIT:
	case CONFIRM:
	case REBIND:
		if (r->server.data)
			return "is for all servers but names one";
		break;
	case REQUEST:
	case RENEW:
	case RELEASE:
	case DECLINE:
		if (!r->server.data)
			return "names no server";
		if (!ours)
			return "is for another server";
		break;
	case INFORMATION_REQUEST:
		if (r->has & HAS_IA)
			return "asks for addresses and says it does not";
		if (r->server.data && !ours)
			return "is for another server";
		return NULL;
	default:
		return "is of a type that only servers and relays send";
	}
	return r->client.data ? NULL : "does not say who it is from";
}

/* Writing. */

/**
 * struct writer - a message being written
 * @data: message
 * @len: bytes so far
 */
struct writer {
	uint8_t *data;
	size_t len;
};

/* An option whose contents follow, or NULL if there is no room for them. */
static uint8_t *reserve(struct writer *w, uint16_t code, size_t len)
{
	uint8_t *p = w->data + w->len;

	if (MN_DHCP6_MAX - w->len < OPT_HEAD + len)
		return NULL;
	mn_put16(p, code);
	mn_put16(p + 2, len);
	w->len += OPT_HEAD + len;
	return p + OPT_HEAD;
}

static void put(struct writer *w, uint16_t code, const void *data, size_t len)
{
	uint8_t *p = reserve(w, code, len);

	if (p && len)
		memcpy(p, data, len);
}

static void put_status(struct writer *w, enum status status)
{
	uint8_t *p = reserve(w, STATUS, 2);

	if (p)
		mn_put16(p, status);
}

static void put_addr(struct writer *w, const uint8_t *addr, uint32_t preferred,
		     uint32_t valid)
{
	uint8_t *p = reserve(w, IAADDR, IAADDR_LEN);

	if (!p)
		return;
	memcpy(p, addr, 16);
	mn_put32(p + 16, preferred);
	mn_put32(p + 20, valid);
}

/* What of an association the client has that is not his any more. */
static void put_gone(struct writer *w, const struct option *ia,
		     const uint8_t *addr)
{
	const uint8_t *p = ia->data + IA_HEAD, *end = ia->data + ia->len;
	struct option o;

	while (next_option(&p, end, &o)) {
		if (o.code == IAADDR && o.len >= IAADDR_LEN &&
		    memcmp(o.data, addr, 16))
			put_addr(w, o.data, 0, 0);
	}
}

static uint32_t part_of(uint32_t lease, uint32_t part, uint32_t of)
{
	return lease == MN_DHCP_FOREVER ? lease : (uint64_t)lease * part / of;
}

/* The association that gets the host's address; times as RFC 8415 14.2 has them. */
static void put_grant(struct writer *w, const struct option *ia,
		      const struct mn_dhcp_subnet *s,
		      const struct mn_dhcp_host *h, bool renewed)
{
	size_t at = w->len;
	uint8_t *p = reserve(w, IA_NA, IA_HEAD);

	if (!p)
		return;
	memcpy(p, ia->data, 4);
	mn_put32(p + 4, part_of(s->lease, 1, 2));
	mn_put32(p + 8, part_of(s->lease, 4, 5));
	put_addr(w, h->addr, s->lease, s->lease);
	if (renewed)
		put_gone(w, ia, h->addr);
	mn_put16(w->data + at + 2, w->len - at - OPT_HEAD);
}

/* One that gets nothing. */
static void put_refusal(struct writer *w, const struct option *ia)
{
	size_t head = ia->code == IA_TA ? IA_TA_HEAD : IA_HEAD, at = w->len;
	uint8_t *p = reserve(w, ia->code, head);

	if (!p)
		return;
	memset(p, 0, head);
	memcpy(p, ia->data, 4);
	put_status(w, ia->code == IA_PD ? NO_PREFIX_AVAIL : NO_ADDRS_AVAIL);
	mn_put16(w->data + at + 2, w->len - at - OPT_HEAD);
}

static bool has_address(const struct mn_dhcp_subnet *s,
			const struct mn_dhcp_host *h)
{
	return h && s->mode == MIDONET_DHCP_MODE_STATEFUL;
}

static void put_ias(struct writer *w, const struct request *r,
		    const struct mn_dhcp_subnet *s,
		    const struct mn_dhcp_host *h)
{
	bool renewed = r->type == RENEW || r->type == REBIND, granted = false;
	int i;

	for (i = 0; i < r->n_ias; i++) {
		if (has_address(s, h) && !granted && r->ias[i].code == IA_NA) {
			put_grant(w, &r->ias[i], s, h, renewed);
			granted = true;
		} else {
			put_refusal(w, &r->ias[i]);
		}
	}
}

/* RFC 4704: the name as labels, not ended, as the client's domain is not known. */
static void put_name(struct writer *w, const struct mn_dhcp_host *h)
{
	uint8_t b[1 + sizeof(h->name) + 1] = { 0 };
	const char *name = h->name;
	size_t n = 1, len;

	while (*name) {
		len = strcspn(name, ".");
		if (!len)
			return;
		b[n++] = len;
		memcpy(b + n, name, len);
		n += len;
		name += len + (name[len] == '.');
	}
	put(w, FQDN, b, n);
}

static void put_information(struct writer *w, const struct request *r,
			    const struct mn_dhcp_subnet *s,
			    const struct mn_dhcp_host *h)
{
	uint8_t *p = NULL;
	int i;

	if (s->n_dns && !mn_dhcp_host_says(h, DNS_SERVERS))
		p = reserve(w, DNS_SERVERS, 16 * s->n_dns);
	for (i = 0; p && i < s->n_dns; i++)
		memcpy(p + 16 * i, s->dns[i], 16);
	if (!h)
		return;
	for (i = 0; i < h->n_options; i++)
		put(w, h->options[i].code, h->options[i].data,
		    h->options[i].len);
	if (h->name[0] && (r->has & WANTS_FQDN) && !mn_dhcp_host_says(h, FQDN))
		put_name(w, h);
}

static bool on_link(const struct mn_dhcp_subnet *s, const uint8_t *addr)
{
	int bits = s->plen % 8, bytes = s->plen / 8;

	return !memcmp(addr, s->addr, bytes) &&
	       (!bits || !((addr[bytes] ^ s->addr[bytes]) >> (8 - bits)));
}

/* RFC 8415 18.3.3: are all of the client's addresses of this link? */
static const char *confirm(struct writer *w, const struct request *r,
			   const struct mn_dhcp_subnet *s)
{
	enum status status = SUCCESS;
	const uint8_t *p, *end;
	struct option o;
	int i, n = 0;

	for (i = 0; i < r->n_ias; i++) {
		if (r->ias[i].code != IA_NA)
			continue;
		p = r->ias[i].data + IA_HEAD;
		end = r->ias[i].data + r->ias[i].len;
		while (next_option(&p, end, &o)) {
			if (o.code != IAADDR || o.len < IAADDR_LEN)
				continue;
			n++;
			if (!on_link(s, o.data))
				status = NOT_ON_LINK;
		}
	}
	if (!n)
		return "asks about no address";
	put_status(w, status);
	return NULL;
}

static void begin(struct writer *w, const struct request *r,
		  const struct mn_dhcp_subnet *s, uint8_t type)
{
	uint8_t duid[DUID_LEN];

	w->data[0] = type;
	memcpy(w->data + 1, r->data + 1, 3);
	w->len = HEAD;
	server_duid(s, duid);
	put(w, SERVERID, duid, sizeof(duid));
	if (r->client.data)
		put(w, CLIENTID, r->client.data, r->client.len);
}

/**
 * mn_dhcp6_answer() - answer a DHCPv6 message
 * @subnet: subnet in which the sender is listed, or one that answers all
 * @host: the sender, NULL if it is not listed
 * @data: message, UDP payload
 * @len: bytes of it
 * @reply: the answer
 *
 * Return: NULL if there is an answer, else why there is none
 */
const char *mn_dhcp6_answer(const struct mn_dhcp_subnet *subnet,
			    const struct mn_dhcp_host *host,
			    const uint8_t *data, size_t len,
			    struct mn_dhcp6_reply *reply)
{
	struct writer w = { .data = reply->data };
	const char *why = NULL;
	struct request r;
	bool commit;

	why = parse(data, len, &r);
	if (!why)
		why = check(&r, subnet);
	if (why)
		return why;
	commit = r.type == SOLICIT && (r.has & HAS_RAPID_COMMIT) &&
		 has_address(subnet, host);
	begin(&w, &r, subnet, r.type == SOLICIT && !commit ? ADVERTISE : REPLY);
	if (commit)
		put(&w, RAPID_COMMIT, NULL, 0);
	switch (r.type) {
	case CONFIRM:
		why = confirm(&w, &r, subnet);
		break;
	case RELEASE:
	case DECLINE:
		put_status(&w, SUCCESS);
		break;
	default:
		put_ias(&w, &r, subnet, host);
		put_information(&w, &r, subnet, host);
	}
	reply->len = w.len;
	return why;
}
