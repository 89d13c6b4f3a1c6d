// SPDX-License-Identifier: GPL-2.0
/* What can be judged of load balancers only when all is known. */
#include <stdlib.h>
#include <string.h>

#include "doc.h"

#define MEMBERS_MAX	1024

/* A router has one load balancer at most. */
static int check_routers(const struct mn_model *m, struct mn_err *err)
{
	const struct mn_objs *all = &m->objs[MIDONET_OBJECT_TYPE_LOAD_BALANCER];
	uint32_t n = m->objs[MIDONET_OBJECT_TYPE_ROUTER].n, i;
	const struct mn_obj **of = mn_alloc(n * sizeof(*of));
	const struct mn_obj *router, *other, *late;
	int ret = 0;

	for (i = 0; !ret && i < all->n; i++) {
		router = mn_obj_ref(m, all->objs[i], MIDONET_A_ROUTER);
		if (!router)
			continue;
		other = of[router->slot];
		of[router->slot] = all->objs[i];
		late = all->objs[i];
		mn_obj_order(&other, &late);
		if (other)
			ret = mn_doc_fail(err, late, "router",
					  "%s has load-balancer %s already; a router has one at most, put the VIPs there",
					  router->name, other->name);
	}
	free(of);
	return ret;
}

/* The addresses of a load balancer's VIPs. */
struct addr {
	struct mn_hnode node;
	const struct mn_obj *vip;
};

static const struct mn_vals *address(const struct mn_obj *obj)
{
	return obj->vals[mn_type_wire(obj->type, MIDONET_A_ADDRESS)];
}

static const struct mn_obj *find_vip(const struct mn_hash *h,
				     const uint8_t *addr, size_t len)
{
	struct mn_hnode *n = mn_hash_first(h, mn_hash_bytes(0, addr, len));
	const struct mn_obj *vip;

	for (; n; n = mn_hash_next(n)) {
		vip = mn_container_of(n, struct addr, node)->vip;
		if (address(vip)->data[0] == len &&
		    !memcmp(address(vip)->data + 1, addr, len))
			return vip;
	}
	return NULL;
}

static int check_router(const struct mn_obj *router, const struct mn_hash *h,
			struct mn_err *err)
{
	int at = mn_type_wire(mn_type_of(MIDONET_OBJECT_TYPE_PORT),
			      MIDONET_A_ADDRESSES);
	const struct mn_obj *port, *vip;
	const uint8_t *p;
	uint32_t i;

	for (i = 0; i < router->n_kids; i++) {
		port = router->kids[i];
		if (port->type->type != MIDONET_OBJECT_TYPE_PORT)
			continue;
		mn_vals_for_each(p, port->vals[at]) {
			vip = find_vip(h, p + 2, *p - 1);
			if (vip)
				return mn_doc_fail(err, vip, "address",
						   "has an address of the router itself (port %s:%s); a VIP needs one of its own",
						   router->name, port->name);
		}
	}
	return 0;
}

/* A VIP must not take an address from the router it is in. */
static int check_shadows(const struct mn_model *m, const struct mn_obj *lb,
			 struct mn_err *err)
{
	const struct mn_obj *router = mn_obj_ref(m, lb, MIDONET_A_ROUTER);
	struct addr *addrs = mn_alloc(lb->n_kids * sizeof(*addrs));
	struct mn_hash h = {};
	const struct mn_vals *v;
	uint32_t i;
	int ret = 0;

	for (i = 0; router && i < lb->n_kids; i++) {
		if (lb->kids[i]->type->type != MIDONET_OBJECT_TYPE_VIP)
			continue;
		v = address(lb->kids[i]);
		addrs[i].vip = lb->kids[i];
		mn_hash_add(&h, &addrs[i].node,
			    mn_hash_bytes(0, v->data + 1, v->data[0]));
	}
	if (h.count)
		ret = check_router(router, &h, err);
	mn_hash_free(&h);
	free(addrs);
	return ret;
}

/* The VIP that is where a member is, which would send to itself. */
static const struct mn_obj *vip_at(const struct mn_model *m,
				   const struct mn_obj *member)
{
	static const char *const protos[] = { "/tcp", "/udp" };
	const struct mn_obj *lb = member->parent->parent, *vip = NULL;
	struct mn_buf name = {};
	size_t i;

	for (i = 0; !vip && i < MN_ARRAY_SIZE(protos); i++) {
		name.len = 0;
		mn_buf_printf(&name, "%s%s", member->name, protos[i]);
		vip = mn_model_find(m, MIDONET_OBJECT_TYPE_VIP, lb, name.s);
	}
	mn_buf_free(&name);
	return vip;
}

static int check_pool(const struct mn_model *m, const struct mn_obj *pool,
		      struct mn_err *err)
{
	const struct mn_obj *vip;
	uint32_t i;

	for (i = 0; i < pool->n_kids; i++) {
		if (i == MEMBERS_MAX)
			return mn_doc_fail(err, pool->kids[i], NULL,
					   "is one too many; a pool has %d members at most",
					   MEMBERS_MAX);
		vip = vip_at(m, pool->kids[i]);
		if (vip && mn_obj_fresh(vip) && !mn_obj_fresh(pool->kids[i]))
			return mn_doc_fail(err, vip, NULL,
					   "is a member of pool %s of the same load-balancer; it would send to itself",
					   pool->name);
		if (vip)
			return mn_doc_fail(err, pool->kids[i], NULL,
					   "is vip %s of the same load-balancer; name the server itself",
					   vip->name);
	}
	return 0;
}

/* All that a pool serves and is served by is of the family of @first. */
static int check_family(const struct mn_obj **first, const struct mn_obj *pool,
			const struct mn_obj *obj, struct mn_err *err)
{
	const struct mn_obj *other;

	if (!*first)
		*first = obj;
	if (address(*first)->data[0] == address(obj)->data[0])
		return 0;
	other = *first;
	mn_obj_order(&other, &obj);
	return mn_doc_fail(err, obj, "address",
			   "is not of the address family of %s %s of pool %s; give each family a pool",
			   other->type->type == MIDONET_OBJECT_TYPE_VIP ?
			   "vip" : "member", other->name, pool->name);
}

static int check_families(const struct mn_model *m, struct mn_err *err)
{
	const struct mn_objs *pools = &m->objs[MIDONET_OBJECT_TYPE_POOL];
	const struct mn_objs *vips = &m->objs[MIDONET_OBJECT_TYPE_VIP];
	const struct mn_obj **first = mn_alloc(pools->n * sizeof(*first));
	const struct mn_obj *pool;
	uint32_t i, k;
	int ret = 0;

	for (i = 0; !ret && i < pools->n; i++) {
		pool = pools->objs[i];
		for (k = 0; !ret && k < pool->n_kids; k++)
			ret = check_family(&first[i], pool, pool->kids[k], err);
	}
	for (i = 0; !ret && i < vips->n; i++) {
		pool = mn_obj_ref(m, vips->objs[i], MIDONET_A_POOL);
		ret = check_family(&first[pool->slot], pool, vips->objs[i],
				   err);
	}
	free(first);
	return ret;
}

static int check_services(const struct mn_model *m, int type,
			  struct mn_err *err)
{
	const struct mn_objs *objs = &m->objs[type];
	struct mn_err why;
	const char *attr;
	uint32_t i;

	for (i = 0; i < objs->n; i++) {
		if (mn_service_check(objs->objs[i], &attr, &why))
			return mn_doc_fail(err, objs->objs[i], attr, "%s",
					   why.text);
	}
	return 0;
}

/**
 * mn_doc_check_balancers() - judge the load balancers of a topology
 * @m: topology
 * @err: for errors, with the path
 *
 * Return: 0 or -EINVAL
 */
int mn_doc_check_balancers(const struct mn_model *m, struct mn_err *err)
{
	const struct mn_objs *lbs = &m->objs[MIDONET_OBJECT_TYPE_LOAD_BALANCER];
	const struct mn_objs *pools = &m->objs[MIDONET_OBJECT_TYPE_POOL];
	int ret = check_routers(m, err);
	uint32_t i;

	if (!ret)
		ret = check_services(m, MIDONET_OBJECT_TYPE_VIP, err);
	if (!ret)
		ret = check_services(m, MIDONET_OBJECT_TYPE_POOL_MEMBER, err);
	for (i = 0; !ret && i < lbs->n; i++)
		ret = check_shadows(m, lbs->objs[i], err);
	for (i = 0; !ret && i < pools->n; i++)
		ret = check_pool(m, pools->objs[i], err);
	return ret ? ret : check_families(m, err);
}
