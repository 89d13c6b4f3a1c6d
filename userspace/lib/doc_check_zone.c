// SPDX-License-Identifier: GPL-2.0
/* What can be judged of tunnel zones only when all is known. */
#include <stdlib.h>
#include <string.h>

#include "doc.h"

/* A host is in so many zones at most. */
#define ZONES_MAX	64

static const struct mn_vals *address(const struct mn_obj *member)
{
	return member->vals[mn_type_wire(member->type, MIDONET_A_ADDRESS)];
}

struct seen {
	struct mn_hnode node;
	const struct mn_obj *member;
};

static const struct mn_obj *see(struct mn_hash *h, struct seen *s)
{
	const struct mn_vals *v = address(s->member);
	uint64_t hash = mn_hash_bytes(0, v->data, v->len);
	struct mn_hnode *n = mn_hash_first(h, hash);

	for (; n; n = mn_hash_next(n)) {
		const struct mn_obj *other =
			mn_container_of(n, struct seen, node)->member;

		if (mn_vals_equal(address(other), v))
			return other;
	}
	mn_hash_add(h, &s->node, hash);
	return NULL;
}

/* A member against those before it; @first is the first of the zone. */
static int check_member(const struct mn_obj *first, struct mn_hash *h,
			struct seen *s, struct mn_err *err)
{
	const struct mn_obj *other;
	struct mn_err why;
	const char *attr;

	if (mn_zone_member_check(s->member, &attr, &why))
		return mn_doc_fail(err, s->member, attr, "%s", why.text);
	other = see(h, s);
	if (other)
		return mn_doc_fail(err, s->member, "address",
				   "member %s has the same", other->name);
	if (address(first)->data[0] != address(s->member)->data[0])
		return mn_doc_fail(err, s->member, "address",
				   "not of the address family of member %s; give each family a tunnel-zone",
				   first->name);
	return 0;
}

static int check_zone(const struct mn_obj *zone, struct mn_err *err)
{
	int port = mn_type_wire(zone->type, MIDONET_A_UDP_PORT);
	struct seen *seen = mn_alloc(zone->n_kids * sizeof(*seen));
	struct mn_hash h = {};
	uint32_t i;
	int ret = 0;

	for (i = 0; !ret && i < zone->n_kids; i++) {
		seen[i].member = zone->kids[i];
		ret = check_member(zone->kids[0], &h, &seen[i], err);
	}
	mn_hash_free(&h);
	free(seen);
	if (ret || mn_zone_encap(zone) != MIDONET_ENCAP_GRE)
		return ret;
	if (zone->vals[port])
		return mn_doc_fail(err, zone, "udp-port", "gre has none");
	if (zone->n_kids && address(zone->kids[0])->data[0] != 4)
		return mn_doc_fail(err, zone, "encap",
				   "gre is for IPv4 addresses only; use vxlan or geneve");
	return 0;
}

static int check_hosts(const struct mn_model *m, struct mn_err *err)
{
	const struct mn_objs *all =
		&m->objs[MIDONET_OBJECT_TYPE_TUNNEL_ZONE_MEMBER];
	uint32_t *n = mn_alloc(m->objs[MIDONET_OBJECT_TYPE_HOST].n *
			       sizeof(*n));
	const struct mn_obj *host;
	uint32_t i;
	int ret = 0;

	for (i = 0; !ret && i < all->n; i++) {
		host = mn_obj_ref(m, all->objs[i], MIDONET_A_HOST);
		if (host && ++n[host->slot] > ZONES_MAX)
			ret = mn_doc_fail(err, all->objs[i], "host",
					  "%s is in %d tunnel-zones already, which is the most",
					  host->name, ZONES_MAX);
	}
	free(n);
	return ret;
}

/**
 * mn_doc_check_zones() - judge the tunnel zones of a topology
 * @m: topology
 * @err: for errors, with the path
 *
 * Return: 0 or -EINVAL
 */
int mn_doc_check_zones(const struct mn_model *m, struct mn_err *err)
{
	const struct mn_objs *zones = &m->objs[MIDONET_OBJECT_TYPE_TUNNEL_ZONE];
	uint32_t i;
	int ret = 0;

	for (i = 0; !ret && i < zones->n; i++)
		ret = check_zone(zones->objs[i], err);
	return ret ? ret : check_hosts(m, err);
}
