// SPDX-License-Identifier: GPL-2.0
/* Which pools the topology wants to be checked, and how they are reached. */
#include <stdlib.h>
#include <string.h>

#include "health.h"

static struct mn_vals *val(const struct mn_obj *obj, int wire)
{
	return obj->vals[mn_type_wire(obj->type, wire)];
}

/* A number of the group health-check. */
static uint32_t check_num(const struct mn_obj *pool, const char *key)
{
	int at = mn_type_key(pool->type, MIDONET_A_HEALTH_CHECK, key);
	const struct mn_vals *v = pool->vals[at];
	uint32_t num = 0;

	if (!v)
		return pool->type->attrs[at].def;
	memcpy(&num, v->data + 1, pool->type->attrs[at].size);
	return num;
}

static char *check_path(const struct mn_obj *pool)
{
	int at = mn_type_key(pool->type, MIDONET_A_HEALTH_CHECK, "path");
	const struct mn_vals *v = pool->vals[at];

	return v ? mn_asprintf("%.*s", v->data[0], v->data + 1) :
		   mn_strdup("/");
}

static struct health_pool *get_pool(struct daemon *d, const struct mn_obj *obj)
{
	struct health_pool *p;

	for (p = d->health->pools; p; p = p->next) {
		if (mn_uuid_equal(&p->id, &obj->id))
			return p;
	}
	p = mn_alloc(sizeof(*p));
	p->d = d;
	p->id = obj->id;
	p->next = d->health->pools;
	d->health->pools = p;
	return p;
}

static void want_member(struct health_pool *p, const struct mn_obj *obj)
{
	const struct mn_vals *addr = val(obj, MIDONET_A_ADDRESS);
	const struct mn_vals *at = val(obj, MIDONET_A_SERVICE_PORT);
	struct health_member *m, **end = &p->members;
	uint16_t port;

	if (!addr || !at || addr->data[0] > sizeof(m->addr))
		return;
	memcpy(&port, at->data + 1, sizeof(port));
	while ((m = *end)) {
		if (m->port == port && m->len == addr->data[0] &&
		    !memcmp(m->addr, addr->data + 1, m->len)) {
			m->wanted = true;
			return;
		}
		end = &m->next;
	}
	m = mn_alloc(sizeof(*m));
	m->pool = p;
	m->len = addr->data[0];
	memcpy(m->addr, addr->data + 1, m->len);
	m->port = port;
	m->wanted = true;
	*end = m;
	/* The others may have said something about it already. */
	p->heard = false;
}

static void drop_members(struct health_pool *p)
{
	struct health_member **end = &p->members, *m;

	while ((m = *end)) {
		if (m->wanted) {
			end = &m->next;
			continue;
		}
		health_member_forget(m);
		*end = m->next;
		free(m);
		p->dirty = true;
	}
}

/* Does a port lead to the daemon of some host, and of this one? */
static bool is_way(const struct daemon *d, const struct mn_model *m,
		   const struct mn_obj *port, bool *here)
{
	const struct mn_vals *dev = val(port, MIDONET_A_DEV);
	const struct mn_obj *host = mn_obj_ref(m, port, MIDONET_A_HOST);

	if (!dev || dev->data[0] < strlen(HEALTH_DEV) || dev->data[0] > 15 ||
	    memcmp(dev->data + 1, HEALTH_DEV, strlen(HEALTH_DEV)))
		return false;
	*here = !host || mn_uuid_equal(&host->id, &d->host_id);
	return true;
}

static void find_way(struct health_pool *p, const struct mn_model *m,
		     const struct mn_obj *router)
{
	const struct mn_obj *port;
	const struct mn_vals *dev;
	char name[16] = {};
	bool here;
	uint32_t i;

	for (i = 0; i < router->n_kids; i++) {
		port = router->kids[i];
		if (port->type->type != MIDONET_OBJECT_TYPE_PORT ||
		    !is_way(p->d, m, port, &here))
			continue;
		p->anywhere = true;
		if (!here || p->link)
			continue;
		dev = val(port, MIDONET_A_DEV);
		memcpy(name, dev->data + 1, dev->data[0]);
		p->link = health_link_get(p->d, name,
					  val(port, MIDONET_A_ADDRESSES));
	}
}

static void want_pool(struct daemon *d, const struct mn_model *m,
		      const struct mn_obj *obj, const struct mn_obj *router)
{
	struct health_pool *p = get_pool(d, obj);
	struct health_member *member;
	uint32_t i;

	p->wanted = true;
	p->type = check_num(obj, "type");
	p->interval = check_num(obj, "interval");
	p->timeout = check_num(obj, "timeout");
	p->rise = check_num(obj, "rise");
	p->fall = check_num(obj, "fall");
	free(p->path);
	p->path = check_path(obj);
	free(p->name);
	p->name = mn_asprintf("%s %s", obj->parent->name, obj->name);
	for (member = p->members; member; member = member->next)
		member->wanted = false;
	for (i = 0; i < obj->n_kids; i++) {
		if (obj->kids[i]->type->type == MIDONET_OBJECT_TYPE_POOL_MEMBER)
			want_member(p, obj->kids[i]);
	}
	drop_members(p);
	find_way(p, m, router);
}

/**
 * health_want() - note what a topology wants to be checked
 * @d: daemon
 * @m: topology
 */
void health_want(struct daemon *d, const struct mn_model *m)
{
	const struct mn_objs *pools = &m->objs[MIDONET_OBJECT_TYPE_POOL];
	const struct mn_obj *obj, *router;
	struct health_link *l;
	struct health_pool *p;
	uint32_t i;

	for (p = d->health->pools; p; p = p->next) {
		p->wanted = false;
		p->anywhere = false;
		p->link = NULL;
	}
	for (l = d->health->links; l; l = l->next)
		l->wanted = false;
	for (i = 0; i < pools->n; i++) {
		obj = pools->objs[i];
		if (check_num(obj, "type") == MIDONET_CHECK_TYPE_NONE)
			continue;
		router = mn_obj_ref(m, obj->parent, MIDONET_A_ROUTER);
		if (router)
			want_pool(d, m, obj, router);
	}
}

/**
 * health_pool_free() - forget a pool
 * @p: pool that is in no list
 */
void health_pool_free(struct health_pool *p)
{
	struct health_member *m;

	health_round_stop(p);
	while ((m = p->members)) {
		p->members = m->next;
		free(m);
	}
	free(p->name);
	free(p->path);
	free(p);
}
