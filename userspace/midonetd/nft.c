// SPDX-License-Identifier: GPL-2.0
/*
 * Protects the host, if it shall: what comes in tunnels from others than members of the
 * tunnel-zones this host is in is dropped before it is taken out of them, and tunnels
 * pass by the host's own tracking of connections. In step with the topology; when the
 * daemon goes, it stays.
 */
#include <arpa/inet.h>
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <syslog.h>

#include "mirror.h"
#include "nft.h"

/**
 * struct nft - what is in force
 * @what: it, as text; empty: nothing is
 * @hosts: what shall be, while it is sent
 */
static struct nft {
	struct mn_buf what;
	struct nft_hosts hosts;
} nft;

static bool is_on(const struct daemon *d)
{
	return d->conf.protect && !strcmp(d->conf.protect, "yes");
}

static size_t len_of(int family)
{
	return family ? 16 : 4;
}

static void add(uint8_t **list, uint32_t *n, const uint8_t *key, size_t len)
{
	*list = mn_realloc(*list, (*n + 1) * len);
	memcpy(*list + *n * len, key, len);
	++*n;
}

static int cmp2(const void *a, const void *b) { return memcmp(a, b, 2); }
static int cmp4(const void *a, const void *b) { return memcmp(a, b, 4); }
static int cmp16(const void *a, const void *b) { return memcmp(a, b, 16); }

/* Sorted and once each: an element that is there already is an error of nftables. */
static void tidy(void *list, uint32_t *n, size_t len)
{
	int (*cmp)(const void *a, const void *b) =
		len == 2 ? cmp2 : len == 4 ? cmp4 : cmp16;
	uint8_t *p = list;
	uint32_t i, kept = 0;

	if (*n)
		qsort(p, *n, len, cmp);
	for (i = 0; i < *n; i++) {
		if (kept && !memcmp(p + (kept - 1) * len, p + i * len, len))
			continue;
		memmove(p + kept++ * len, p + i * len, len);
	}
	*n = kept;
}

/* The host of a member of a zone is this one. */
static bool is_us(const struct daemon *d, const struct mn_obj *member)
{
	const struct mn_obj *host = mn_obj_ref(mirror_model(d), member,
					       MIDONET_A_HOST);

	return host && !strcmp(host->name, d->conf.host);
}

/* Its address, the first byte behind that of its length. Family 0 or 1, or -1. */
static int address_of(const struct mn_obj *member, const uint8_t **addr)
{
	int i = mn_type_wire(member->type, MIDONET_A_ADDRESS);
	const struct mn_vals *v = i >= 0 ? member->vals[i] : NULL;

	if (!v || !v->n || (v->data[0] != 4 && v->data[0] != 16))
		return -1;
	*addr = v->data + 1;
	return v->data[0] == 16;
}

static void add_member(struct nft_hosts *h, const struct mn_obj *member,
		       bool local)
{
	const uint8_t *addr;
	int f = address_of(member, &addr);

	if (f < 0)
		return;
	if (local)
		add(&h->local[f], &h->n_local[f], addr, len_of(f));
	else
		add(&h->members[f], &h->n_members[f], addr, len_of(f));
}

static uint16_t port_of(const struct mn_obj *zone)
{
	const struct mn_vals *v;
	uint16_t port;

	v = zone->vals[mn_type_wire(zone->type, MIDONET_A_UDP_PORT)];
	if (!v)
		return mn_zone_udp_port(zone);
	memcpy(&port, v->data + 1, sizeof(port));
	return port;
}

static void add_zone(const struct daemon *d, struct nft_hosts *h,
		     const struct mn_obj *zone)
{
	uint16_t port = htons(port_of(zone));
	bool here = false;
	uint32_t i;

	for (i = 0; i < zone->n_kids; i++)
		here |= is_us(d, zone->kids[i]);
	if (!here)
		return;
	for (i = 0; i < zone->n_kids; i++)
		add_member(h, zone->kids[i], is_us(d, zone->kids[i]));
	if (mn_zone_encap(zone) == MIDONET_ENCAP_GRE)
		h->gre = true;
	else
		add((uint8_t **)&h->ports, &h->n_ports, (uint8_t *)&port, 2);
}

static void collect(const struct daemon *d, struct nft_hosts *h)
{
	const struct mn_model *m = mirror_model(d);
	struct mn_obj **zones;
	uint32_t i, n;

	memset(h, 0, sizeof(*h));
	zones = mn_model_sorted(m, MIDONET_OBJECT_TYPE_TUNNEL_ZONE, &n);
	for (i = 0; i < n; i++)
		add_zone(d, h, zones[i]);
	free(zones);
	for (i = 0; i < 2; i++) {
		tidy(h->local[i], &h->n_local[i], len_of(i));
		tidy(h->members[i], &h->n_members[i], len_of(i));
	}
	tidy(h->ports, &h->n_ports, 2);
}

static void forget(struct nft_hosts *h)
{
	int i;

	for (i = 0; i < 2; i++) {
		free(h->local[i]);
		free(h->members[i]);
	}
	free(h->ports);
	memset(h, 0, sizeof(*h));
}

/* The same bytes are the same sets. */
static void describe(const struct nft_hosts *h, struct mn_buf *out)
{
	int i;

	mn_buf_printf(out, "%d %u ", h->gre, h->n_ports);
	mn_buf_add(out, h->ports, h->n_ports * 2);
	for (i = 0; i < 2; i++) {
		mn_buf_printf(out, " %u %u ", h->n_local[i], h->n_members[i]);
		mn_buf_add(out, h->local[i], h->n_local[i] * len_of(i));
		mn_buf_add(out, h->members[i], h->n_members[i] * len_of(i));
	}
}

static int install(struct daemon *d, struct mn_err *err)
{
	(void)d;
	return nft_install(&nft.hosts, err);
}

static int take_away(struct daemon *d, struct mn_err *err)
{
	(void)d;
	return nft_remove(err);
}

static void tell(struct daemon *d, const char *why)
{
	struct mn_err err;

	kernel_report(d, "protection",
		      why ? MIDONET_LEVEL_ERROR : MIDONET_LEVEL_OK, why ?: "",
		      &err);
	if (why)
		log_say(LOG_ERR, "the host is not protected: %s", why);
}

static void changed(struct daemon *d)
{
	struct mn_buf what = {};
	struct mn_err err;

	if (!is_on(d))
		return;
	collect(d, &nft.hosts);
	describe(&nft.hosts, &what);
	if (nft.what.len != what.len ||
	    memcmp(nft.what.s, what.s, what.len)) {
		if (kernel_within(d, install, &err)) {
			tell(d, err.text);
			/* Until the next revision. */
			what.len = 0;
		} else {
			tell(d, NULL);
		}
		mn_buf_free(&nft.what);
		nft.what = what;
		memset(&what, 0, sizeof(what));
	}
	mn_buf_free(&what);
	forget(&nft.hosts);
}

static int start(struct daemon *d, struct mn_err *err)
{
	const char *protect = d->conf.protect;

	if (!protect || is_on(d))
		return 0;
	if (strcmp(protect, "no"))
		return mn_fail(err, -EINVAL, "protect: %.32s is neither yes nor no",
			       protect);
	/* A kernel without nftables has nothing to remove. */
	if (kernel_within(d, take_away, err))
		log_say(LOG_WARNING, "protect: %s", err->text);
	return 0;
}

static void stop(struct daemon *d)
{
	(void)d;
	mn_buf_free(&nft.what);
}

const struct service service_nft = {
	.name = "protection",
	.start = start,
	.stop = stop,
	.changed = changed,
};
