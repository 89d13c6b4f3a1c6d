// SPDX-License-Identifier: GPL-2.0
/* What can be judged of load balancers only when all is known. */
#include <stdlib.h>
#include <string.h>

#include "doc.h"

/* A router has one load balancer at most. */
static int check_routers(const struct mn_model *m, struct mn_err *err)
{
	const struct mn_objs *all = &m->objs[MIDONET_OBJECT_TYPE_LOAD_BALANCER];
	uint32_t n = m->objs[MIDONET_OBJECT_TYPE_ROUTER].n, i;
	const struct mn_obj **of = mn_alloc(n * sizeof(*of));
	const struct mn_obj *router, *other;
	int ret = 0;

	for (i = 0; !ret && i < all->n; i++) {
		router = mn_obj_ref(m, all->objs[i], MIDONET_A_ROUTER);
		if (!router)
			continue;
		other = of[router->slot];
		of[router->slot] = all->objs[i];
		if (other)
			ret = mn_doc_fail(err, all->objs[i], "router",
					  "router %s has load-balancer %s already",
					  router->name, other->name);
	}
	free(of);
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
	int ret = check_routers(m, err);

	if (!ret)
		ret = check_services(m, MIDONET_OBJECT_TYPE_VIP, err);
	if (!ret)
		ret = check_services(m, MIDONET_OBJECT_TYPE_POOL_MEMBER, err);
	return ret;
}
