// SPDX-License-Identifier: GPL-2.0
/*
 * Registry of configuration objects: identities in their tables, and the grave
 * where removed things wait until no packet can see them any more.
 */
#include <linux/jhash.h>
#include <linux/rhashtable.h>
#include <linux/slab.h>
#include <linux/workqueue.h>

#include "balance/balance.h"
#include "config/object.h"
#include "l2/bridge.h"
#include "l2/dhcp.h"
#include "l2/fdb.h"
#include "l3/neigh.h"
#include "l3/route.h"
#include "l3/router.h"
#include "overlay/peer.h"
#include "overlay/zone.h"
#include "policy/chain.h"
#include "policy/group.h"
#include "policy/set.h"
#include "port/host.h"
#include "port/port.h"
#include "sim/dep.h"
#include "state/nat_block.h"

const struct mn_type *const mn_types[__MIDONET_OBJECT_TYPE_COUNT] = {
	[MIDONET_OBJECT_TYPE_HOST] = &mn_host_type,
	[MIDONET_OBJECT_TYPE_BRIDGE] = &mn_bridge_type,
	[MIDONET_OBJECT_TYPE_PORT] = &mn_port_type,
	[MIDONET_OBJECT_TYPE_MAC] = &mn_mac_type,
	[MIDONET_OBJECT_TYPE_NEIGHBOUR] = &mn_neighbour_type,
	[MIDONET_OBJECT_TYPE_PORT_GROUP] = &mn_group_type,
	[MIDONET_OBJECT_TYPE_IP_SET] = &mn_set_type,
	[MIDONET_OBJECT_TYPE_IP_SET_MEMBER] = &mn_member_type,
	[MIDONET_OBJECT_TYPE_CHAIN] = &mn_chain_type,
	[MIDONET_OBJECT_TYPE_RULE] = &mn_rule_type,
	[MIDONET_OBJECT_TYPE_ROUTER] = &mn_router_type,
	[MIDONET_OBJECT_TYPE_ROUTE] = &mn_route_type,
	[MIDONET_OBJECT_TYPE_NAT_BLOCK] = &mn_nat_block_type,
	[MIDONET_OBJECT_TYPE_LOAD_BALANCER] = &mn_balancer_type,
	[MIDONET_OBJECT_TYPE_VIP] = &mn_vip_type,
	[MIDONET_OBJECT_TYPE_POOL] = &mn_pool_type,
	[MIDONET_OBJECT_TYPE_POOL_MEMBER] = &mn_pool_member_type,
	[MIDONET_OBJECT_TYPE_DHCP] = &mn_dhcp_type,
	[MIDONET_OBJECT_TYPE_DHCP_HOST] = &mn_dhcp_host_type,
	[MIDONET_OBJECT_TYPE_TUNNEL_ZONE] = &mn_zone_type,
	[MIDONET_OBJECT_TYPE_TUNNEL_ZONE_MEMBER] = &mn_zone_member_type,
};

struct mn_name_key {
	const struct mn_obj *parent;
	const char *name;
	u8 type;
};

static const struct rhashtable_params ident_params = {
	.head_offset = offsetof(struct mn_ident, node),
	.key_offset = offsetof(struct mn_ident, id),
	.key_len = sizeof_field(struct mn_ident, id),
	.automatic_shrinking = true,
};

static u32 name_hash(const void *data, u32 len, u32 seed)
{
	const struct mn_name_key *key = data;
	u32 h = jhash(key->name, strlen(key->name), seed);

	return jhash_3words(h, key->type, hash_ptr(key->parent, 32), seed);
}

static u32 name_obj_hash(const void *data, u32 len, u32 seed)
{
	const struct mn_obj *obj = data;
	struct mn_name_key key = {
		.parent = obj->parent,
		.name = obj->name,
		.type = obj->ident.type,
	};

	return name_hash(&key, sizeof(key), seed);
}

static int name_cmp(struct rhashtable_compare_arg *arg, const void *data)
{
	const struct mn_name_key *key = arg->key;
	const struct mn_obj *obj = data;

	return obj->ident.type != key->type || obj->parent != key->parent ||
	       strcmp(obj->name, key->name);
}

static const struct rhashtable_params name_params = {
	.head_offset = offsetof(struct mn_obj, name_node),
	.hashfn = name_hash,
	.obj_hashfn = name_obj_hash,
	.obj_cmpfn = name_cmp,
	.automatic_shrinking = true,
};

/**
 * mn_ident_find() - look an id up
 * @mn: namespace
 * @id: 16 bytes
 *
 * Context: RCU or mn_net.lock.
 *
 * Return: what has the id, whether it is alive or not, or NULL
 */
struct mn_ident *mn_ident_find(struct mn_net *mn, const u8 *id)
{
	return rhashtable_lookup_fast(&mn->idents, id, ident_params);
}

/**
 * mn_ident_add() - enter an id
 * @mn: namespace, locked
 * @ident: with id and type
 *
 * Return: 0, -EEXIST, -ENOMEM
 */
int mn_ident_add(struct mn_net *mn, struct mn_ident *ident)
{
	mn_assert_lock(mn);
	return rhashtable_lookup_insert_fast(&mn->idents, &ident->node,
					     ident_params);
}

/**
 * mn_ident_del() - take an id out
 * @mn: namespace, locked
 * @ident: entered before; readers may see it for a grace period
 */
void mn_ident_del(struct mn_net *mn, struct mn_ident *ident)
{
	mn_assert_lock(mn);
	rhashtable_remove_fast(&mn->idents, &ident->node, ident_params);
}

/**
 * mn_ident_replace() - let another thing have an id
 * @mn: namespace, locked
 * @old: has the id now
 * @new: has it afterwards; same id
 */
void mn_ident_replace(struct mn_net *mn, struct mn_ident *old,
		      struct mn_ident *new)
{
	mn_assert_lock(mn);
	rhashtable_replace_fast(&mn->idents, &old->node, &new->node,
				ident_params);
}

/**
 * mn_ver_new() - allocate a version
 * @type: &enum midonet_object_type
 * @size: bytes, at least sizeof(struct mn_ver)
 *
 * Context: may sleep.
 *
 * Return: zeroed version, or NULL
 */
struct mn_ver *mn_ver_new(u8 type, size_t size)
{
	struct mn_ver *ver = kvzalloc(size, GFP_KERNEL_ACCOUNT);

	if (!ver)
		return NULL;
	ver->size = size;
	ver->type = type;
	return ver;
}

/**
 * mn_ver_free() - free a version nobody can see
 * @ver: version or NULL
 *
 * Context: may sleep.
 */
void mn_ver_free(struct mn_ver *ver)
{
	if (!ver)
		return;
	if (!ver->dead && mn_types[ver->type]->ver_free)
		mn_types[ver->type]->ver_free(ver);
	else
		kvfree(ver);
}

/* Recurses to the parent; containment is two levels deep. */
static void obj_release(struct mn_net *mn, struct mn_obj *obj)
{
	const struct mn_type *type = mn_types[obj->ident.type];

	mn_ver_free(rcu_dereference_protected(obj->newest, true));
	if (type->free)
		type->free(mn, obj);
	if (obj->parent)
		mn_obj_put(mn, obj->parent);
	kfree(obj->name);
	kfree(obj);
}

/**
 * mn_obj_put() - drop a reference
 * @mn: namespace
 * @obj: object; freed with the last reference, when it is in no table and no
 *	reader has it any more
 *
 * Context: may sleep.
 */
void mn_obj_put(struct mn_net *mn, struct mn_obj *obj)
{
	if (refcount_dec_and_test(&obj->ident.ref))
		obj_release(mn, obj);
}

static int obj_enter(struct mn_net *mn, struct mn_obj *obj)
{
	struct mn_name_key key = {
		.parent = obj->parent,
		.name = obj->name,
		.type = obj->ident.type,
	};
	int err;

	/* Cyclic: what was learned under an index does not meet its next user. */
	err = xa_alloc_cyclic(&mn->types[obj->ident.type], &obj->index, obj,
			      XA_LIMIT(1, U32_MAX),
			      &mn->next_index[obj->ident.type],
			      GFP_KERNEL_ACCOUNT);
	if (err < 0)
		return err;
	err = mn_ident_add(mn, &obj->ident);
	if (err)
		goto err_index;
	/* rhltable_insert() would take the object itself for its key. */
	err = rhltable_insert_key(&mn->names, &key, &obj->name_node,
				  name_params);
	if (err)
		goto err_ident;
	mn->n_objs[obj->ident.type]++;
	return 0;

err_ident:
	mn_ident_del(mn, &obj->ident);
err_index:
	xa_erase(&mn->types[obj->ident.type], obj->index);
	return err;
}

/**
 * mn_obj_new() - make an identity, still without a version
 * @mn: namespace, locked
 * @type: its type
 * @id: its id, not in use
 * @name: its name
 * @parent: the object that contains it, or NULL
 *
 * Context: may sleep.
 *
 * Return: the identity, in all tables but invisible to packets; ERR_PTR
 */
struct mn_obj *mn_obj_new(struct mn_net *mn, const struct mn_type *type,
			  const u8 *id, const char *name, struct mn_obj *parent)
{
	struct mn_obj *obj;
	int err = -ENOMEM;

	mn_assert_lock(mn);
	obj = kzalloc(type->size, GFP_KERNEL_ACCOUNT);
	if (!obj)
		return ERR_PTR(-ENOMEM);
	obj->name = kstrdup(name, GFP_KERNEL_ACCOUNT);
	if (!obj->name)
		goto err_obj;
	memcpy(obj->ident.id, id, sizeof(obj->ident.id));
	obj->ident.type = type->type;
	obj->parent = parent;
	obj->dep = mn_dep_slot(id, sizeof(obj->ident.id), type->type);
	refcount_set(&obj->ident.ref, 1);
	INIT_LIST_HEAD(&obj->siblings);
	INIT_LIST_HEAD(&obj->touched);
	INIT_LIST_HEAD(&obj->grave);

	err = obj_enter(mn, obj);
	if (err)
		goto err_name;
	/* So that its label outlives it in flows and drop counters. */
	if (parent)
		refcount_inc(&parent->ident.ref);
	err = type->init ? type->init(mn, obj) : 0;
	if (err) {
		/* Readers of the tables may have seen it. */
		mn_obj_bury(mn, obj);
		return ERR_PTR(err);
	}
	return obj;

err_name:
	kfree(obj->name);
err_obj:
	kfree(obj);
	return ERR_PTR(err);
}

static void obj_leave(struct mn_net *mn, struct mn_obj *obj)
{
	const struct mn_type *type = mn_types[obj->ident.type];

	if (!obj->index)
		return;
	if (type->leave)
		type->leave(mn, obj);
	rhltable_remove(&mn->names, &obj->name_node, name_params);
	mn_ident_del(mn, &obj->ident);
	if (!list_empty(&obj->siblings))
		list_del_rcu(&obj->siblings);
	xa_erase(&mn->types[obj->ident.type], obj->index);
	obj->index = 0;
	mn->n_objs[obj->ident.type]--;
}

/**
 * mn_obj_bury() - an identity whose commit is refused goes at once
 * @mn: namespace, locked
 * @obj: identity without any version
 */
void mn_obj_bury(struct mn_net *mn, struct mn_obj *obj)
{
	mn_assert_lock(mn);
	obj_leave(mn, obj);
	list_add_tail(&obj->grave, &mn->grave);
	schedule_work(&mn->grave_work);
}

/**
 * mn_obj_find() - object of a type that will exist after the commit in progress
 * @mn: namespace, locked
 * @id: 16 bytes
 * @type: &enum midonet_object_type
 *
 * Return: the object or NULL
 */
struct mn_obj *mn_obj_find(struct mn_net *mn, const u8 *id, u8 type)
{
	struct mn_ident *ident = mn_ident_find(mn, id);
	struct mn_obj *obj;

	mn_assert_lock(mn);
	if (!ident || ident->type != type)
		return NULL;
	obj = container_of(ident, struct mn_obj, ident);
	return mn_ver_end(mn, obj) ? obj : NULL;
}

/**
 * mn_obj_find_name() - the same by name
 * @mn: namespace, locked
 * @type: &enum midonet_object_type
 * @parent: containing object or NULL
 * @name: name
 * @but: an object that does not count, or NULL
 *
 * Return: the object or NULL
 */
struct mn_obj *mn_obj_find_name(struct mn_net *mn, u8 type,
				const struct mn_obj *parent, const char *name,
				const struct mn_obj *but)
{
	struct mn_name_key key = { .parent = parent, .name = name, .type = type };
	struct rhlist_head *list, *pos;
	struct mn_obj *obj, *found = NULL;

	mn_assert_lock(mn);
	rcu_read_lock();
	list = rhltable_lookup(&mn->names, &key, name_params);
	rhl_for_each_entry_rcu(obj, pos, list, name_node) {
		if (obj != but && mn_ver_end(mn, obj)) {
			found = obj;
			break;
		}
	}
	rcu_read_unlock();
	return found;
}

/**
 * mn_obj_label() - how an object is called in messages
 * @obj: object
 * @buf: for the label
 * @size: bytes of @buf
 *
 * Return: length as snprintf()
 */
int mn_obj_label(const struct mn_obj *obj, char *buf, size_t size)
{
	const char *type = mn_types[obj->ident.type]->name;

	if (obj->parent)
		return snprintf(buf, size, "%s %s:%s", type, obj->parent->name,
				obj->name);
	return snprintf(buf, size, "%s %s", type, obj->name);
}

/*
 * The grave. What a commit removed is still in the tables, for walks of older
 * generations. After a grace period there are none: take it out of the tables.
 * After another one nobody who found it there has it: free it. Replaced
 * versions need the first grace period only.
 */
static void grave_bury(struct mn_net *mn, struct list_head *objs,
		       struct list_head *entries)
{
	struct mn_entry *e;
	struct mn_obj *obj;

	mutex_lock(&mn->lock);
	list_for_each_entry(obj, objs, grave)
		obj_leave(mn, obj);
	list_for_each_entry(e, entries, list) {
		/* Born and refused: already out. */
		if (e->parent)
			mn_types[e->type]->entry_del(mn, e);
		cond_resched();
	}
	mutex_unlock(&mn->lock);
}

/* Other CPUs are disturbed only if a commit waits for an id to become free. */
static void grave_wait(struct mn_net *mn)
{
	if (atomic_read(&mn->grave_waiters))
		synchronize_rcu_expedited();
	else
		synchronize_rcu();
}

static void entry_free(struct mn_entry *e)
{
	if (mn_types[e->type]->entry_free)
		mn_types[e->type]->entry_free(e);
	else
		kfree(e);
}

static void grave_work(struct work_struct *work)
{
	struct mn_net *mn = container_of(work, struct mn_net, grave_work);
	struct mn_ver *ver, *next_ver;
	struct mn_entry *e, *next_e;
	struct mn_obj *obj, *next;
	struct llist_node *vers;
	LIST_HEAD(entries);
	LIST_HEAD(objs);

	mutex_lock(&mn->lock);
	list_splice_init(&mn->grave, &objs);
	list_splice_init(&mn->grave_entries, &entries);
	vers = llist_del_all(&mn->grave_vers);
	mutex_unlock(&mn->lock);

	grave_wait(mn);
	llist_for_each_entry_safe(ver, next_ver, vers, grave)
		mn_ver_free(ver);
	if (list_empty(&objs) && list_empty(&entries))
		return;
	grave_bury(mn, &objs, &entries);
	grave_wait(mn);
	list_for_each_entry_safe(obj, next, &objs, grave)
		mn_obj_put(mn, obj);
	list_for_each_entry_safe(e, next_e, &entries, list)
		entry_free(e);
}

/**
 * mn_objects_init() - set up the registry of a namespace
 * @mn: namespace
 *
 * Return: 0 or a negative error
 */
int mn_objects_init(struct mn_net *mn)
{
	int err, i;

	INIT_LIST_HEAD(&mn->grave);
	INIT_LIST_HEAD(&mn->grave_entries);
	init_llist_head(&mn->grave_vers);
	INIT_LIST_HEAD(&mn->sync);
	INIT_WORK(&mn->grave_work, grave_work);
	for (i = 0; i < ARRAY_SIZE(mn->types); i++)
		xa_init_flags(&mn->types[i], XA_FLAGS_ALLOC1 | XA_FLAGS_ACCOUNT);
	err = rhashtable_init(&mn->idents, &ident_params);
	if (err)
		return err;
	err = rhltable_init(&mn->names, &name_params);
	if (err)
		rhashtable_destroy(&mn->idents);
	return err;
}

/**
 * mn_objects_exit() - free the registry
 * @mn: namespace without objects: mn_txn_clear() removed them all
 *
 * Context: may sleep. No packet and no message reaches the namespace.
 */
void mn_objects_exit(struct mn_net *mn)
{
	int i;

	/* The worker may find more to do while it runs. */
	do {
		schedule_work(&mn->grave_work);
		flush_work(&mn->grave_work);
	} while (!list_empty(&mn->grave) || !list_empty(&mn->grave_entries) ||
		 !llist_empty(&mn->grave_vers));
	/* Rules hold references of their chains. */
	mn_rules_drain();
	for (i = 0; i < ARRAY_SIZE(mn->types); i++) {
		WARN_ON_ONCE(!xa_empty(&mn->types[i]));
		xa_destroy(&mn->types[i]);
	}
	rhltable_destroy(&mn->names);
	rhashtable_destroy(&mn->idents);
}
