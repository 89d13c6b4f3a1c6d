// SPDX-License-Identifier: GPL-2.0
/* What can be judged of DHCP only when all is known. */
#include <stdlib.h>
#include <string.h>

#include "doc.h"

#define SUBNETS_MAX	64

/**
 * struct listed - a host that was met
 * @node: in a table
 * @host: it
 */
struct listed {
	struct mn_hnode node;
	const struct mn_obj *host;
};

static const struct mn_vals *val(const struct mn_obj *obj, int wire)
{
	return obj->vals[mn_type_wire(obj->type, wire)];
}

static bool is_dhcp(const struct mn_obj *obj)
{
	return obj->type->type == MIDONET_OBJECT_TYPE_DHCP;
}

/* Is one of two subnets in the other? */
static bool overlap(const struct mn_obj *a, const struct mn_obj *b)
{
	const struct mn_vals *x = mn_dhcp_subnet(a), *y = mn_dhcp_subnet(b);

	return mn_prefix_holds(x->data + 1, x->data[0], y->data + 2,
			       y->data[0] - 1) ||
	       mn_prefix_holds(y->data + 1, y->data[0], x->data + 2,
			       x->data[0] - 1);
}

static int check_others(const struct mn_obj *dhcp, uint32_t at,
			struct mn_err *err)
{
	const struct mn_obj *bridge = dhcp->parent;
	uint32_t i, n = 0;

	for (i = 0; i < at; i++) {
		if (!is_dhcp(bridge->kids[i]))
			continue;
		if (++n == SUBNETS_MAX)
			return mn_doc_fail(err, dhcp, NULL,
					   "is one too many; a bridge has %d at most",
					   SUBNETS_MAX);
		if (overlap(dhcp, bridge->kids[i]))
			return mn_doc_fail(err, dhcp, "subnet",
					   "overlaps dhcp %s of the bridge",
					   bridge->kids[i]->name);
	}
	return 0;
}

static int check_bridge(const struct mn_obj *bridge, struct mn_err *err)
{
	const struct mn_obj *dhcp;
	struct mn_err why;
	const char *attr;
	uint32_t i;
	int ret = 0;

	for (i = 0; !ret && i < bridge->n_kids; i++) {
		dhcp = bridge->kids[i];
		if (!is_dhcp(dhcp))
			continue;
		if (mn_dhcp_check(dhcp, &attr, &why))
			return mn_doc_fail(err, dhcp, attr, "%s", why.text);
		ret = check_others(dhcp, i, err);
	}
	return ret;
}

/* Who was met with the same @wire in the same subnet (@alone), or bridge. */
static const struct mn_obj *meet(struct mn_hash *h, struct listed *l, int wire,
				 bool alone)
{
	const struct mn_obj *host = l->host, *in = host->parent, *other;
	const struct mn_vals *v = val(host, wire);
	struct mn_hnode *n;
	uint64_t hash;

	if (!alone)
		in = in->parent;
	hash = mn_hash_bytes(0, &in, sizeof(in));
	hash = mn_hash_bytes(hash, v->data, v->len);
	for (n = mn_hash_first(h, hash); n; n = mn_hash_next(n)) {
		other = mn_container_of(n, struct listed, node)->host;
		if ((alone ? other->parent : other->parent->parent) == in &&
		    mn_dhcp_subnet(other)->data[0] ==
		    mn_dhcp_subnet(host)->data[0] &&
		    mn_vals_equal(val(other, wire), v))
			return other;
	}
	mn_hash_add(h, &l->node, hash);
	return NULL;
}

static int check_macs(const struct mn_objs *hosts, struct listed *l,
		      struct mn_err *err)
{
	const struct mn_obj *other;
	struct mn_hash h = {};
	uint32_t i;
	int ret = 0;

	for (i = 0; !ret && i < hosts->n; i++) {
		l[i].host = hosts->objs[i];
		other = meet(&h, &l[i], MIDONET_A_MAC, false);
		if (other)
			ret = mn_doc_fail(err, hosts->objs[i], "mac",
					  "is listed in dhcp %s of the bridge already",
					  other->parent->name);
	}
	mn_hash_free(&h);
	return ret;
}

static int check_addresses(const struct mn_objs *hosts, struct listed *l,
			   struct mn_err *err)
{
	const struct mn_obj *host, *other;
	struct mn_hash h = {};
	struct mn_err why;
	const char *attr;
	uint32_t i;
	int ret = 0;

	for (i = 0; !ret && i < hosts->n; i++) {
		host = hosts->objs[i];
		l[i].host = host;
		other = NULL;
		if (mn_dhcp_host_check(host, &attr, &why))
			ret = mn_doc_fail(err, host, attr, "%s", why.text);
		else
			other = meet(&h, &l[i], MIDONET_A_ADDRESS, true);
		if (other)
			ret = mn_doc_fail(err, host, "address",
					  "is that of host %s", other->name);
	}
	mn_hash_free(&h);
	return ret;
}

/**
 * mn_doc_check_dhcp() - judge the subnets of a topology that are served
 * @m: topology
 * @err: for errors, with the path
 *
 * Return: 0 or -EINVAL
 */
int mn_doc_check_dhcp(const struct mn_model *m, struct mn_err *err)
{
	const struct mn_objs *bridges = &m->objs[MIDONET_OBJECT_TYPE_BRIDGE];
	const struct mn_objs *hosts = &m->objs[MIDONET_OBJECT_TYPE_DHCP_HOST];
	struct listed *l = mn_alloc(hosts->n * sizeof(*l));
	uint32_t i;
	int ret = 0;

	for (i = 0; !ret && i < bridges->n; i++)
		ret = check_bridge(bridges->objs[i], err);
	if (!ret)
		ret = check_addresses(hosts, l, err);
	if (!ret)
		ret = check_macs(hosts, l, err);
	free(l);
	return ret;
}
