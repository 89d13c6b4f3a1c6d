// SPDX-License-Identifier: GPL-2.0
/* Changes to a topology: collected one by one, judged together. */
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "doc.h"
#include "edit.h"

/**
 * mn_edit_new() - begin to change a topology
 * @base: topology, which stays as it is, and until the edit is freed
 *
 * Return: edit without changes
 */
struct mn_edit *mn_edit_new(const struct mn_model *base)
{
	struct mn_edit *e = mn_alloc(sizeof(*e));

	e->base = base;
	e->m = mn_model_clone(base);
	return e;
}

/**
 * mn_edit_free() - forget an edit
 * @e: edit or NULL
 */
void mn_edit_free(struct mn_edit *e)
{
	if (!e)
		return;
	mn_model_free(e->m);
	free(e->touched);
	free(e);
}

/**
 * mn_edit_take() - take the result
 * @e: edit, which has none afterwards
 *
 * Return: topology, the caller's
 */
struct mn_model *mn_edit_take(struct mn_edit *e)
{
	struct mn_model *m = e->m;

	e->m = NULL;
	return m;
}

/**
 * mn_edit_touch() - a port was changed or removed: look at its link later
 * @e: edit
 * @port: port
 */
void mn_edit_touch(struct mn_edit *e, const struct mn_obj *port)
{
	if (e->n_touched == e->cap_touched) {
		e->cap_touched = e->cap_touched ? e->cap_touched * 2 : 16;
		e->touched = mn_realloc(e->touched, e->cap_touched *
					sizeof(*e->touched));
	}
	e->touched[e->n_touched++] = port->id;
}

/* Also the ports that go with their device. */
static void touch_all(struct mn_edit *e, const struct mn_obj *obj)
{
	uint32_t i;

	if (obj->type->type == MIDONET_OBJECT_TYPE_PORT)
		mn_edit_touch(e, obj);
	for (i = 0; i < obj->n_kids; i++)
		touch_all(e, obj->kids[i]);
}

/* Was this change one that said who the port's peer is? */
static bool names_peer(const struct mn_change *c)
{
	int at = mn_type_wire(c->obj->type, MIDONET_A_PEER);

	if (at < 0 || !(c->attrs >> at & 1))
		return false;
	return c->op == MIDONET_OP_SET || c->obj->vals[at];
}

/**
 * mn_edit_change() - make a change
 * @e: edit
 * @change: change
 * @err: for errors
 *
 * Return: 0 or a negative error; then the edit is good for nothing
 */
int mn_edit_change(struct mn_edit *e, const struct mn_change *change,
		   struct mn_err *err)
{
	struct mn_obj *obj;
	int ret;

	if (change->op == MIDONET_OP_DEL &&
	    (change->obj->type->flags & MN_TYPE_ID)) {
		obj = mn_model_find_id(e->m, &change->obj->id);
		if (obj)
			touch_all(e, obj);
	}
	ret = mn_model_change(e->m, change, &obj, err);
	if (ret || !obj)
		return ret;
	obj->given |= change->op == MIDONET_OP_NEW ? ~0u : change->attrs;
	/* A change of members, or of the place, is one too. */
	if (!obj->given)
		obj->given = 1u << 31;
	if (names_peer(change))
		obj->told = ++e->named;
	if (obj->type->type == MIDONET_OBJECT_TYPE_PORT)
		mn_edit_touch(e, obj);
	return 0;
}
