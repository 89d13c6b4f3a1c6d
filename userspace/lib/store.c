// SPDX-License-Identifier: GPL-2.0
/* Stores: where a topology is kept. */
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "store.h"

/* A consistent view is tried for this often. */
#define LOAD_TRIES	10

static const struct mn_store_ops *const stores[] = {
	&mn_store_kernel,
	&mn_store_file,
	&mn_store_zk,
};

/**
 * mn_store_open() - connect to a store
 * @store: result
 * @where: SCHEME or SCHEME:ARGUMENT
 * @err: for errors
 *
 * Return: 0 or a negative error
 */
int mn_store_open(struct mn_store **store, const char *where,
		  struct mn_err *err)
{
	size_t len = strcspn(where, ":");
	char buf[80];
	size_t i;

	for (i = 0; i < MN_ARRAY_SIZE(stores); i++) {
		if (strlen(stores[i]->scheme) == len &&
		    !strncmp(stores[i]->scheme, where, len))
			return stores[i]->open(store,
					       where[len] ? where + len + 1 : "",
					       err);
	}
	return mn_fail(err, -EOPNOTSUPP,
		       "store %s: there are kernel, file:PATH and zk:HOST:PORT[,...][/ROOT]",
		       mn_shown(where, buf, sizeof(buf)));
}

/**
 * mn_store_close() - disconnect
 * @store: store or NULL; changes that were not committed are forgotten
 */
void mn_store_close(struct mn_store *store)
{
	if (!store)
		return;
	free(store->name);
	store->ops->close(store);
}

/**
 * mn_store_date() - note the generation, before anything is read
 * @store: store
 * @m: model; what is read into it is at least that new
 * @err: for errors
 *
 * Return: 0 or a negative error
 */
int mn_store_date(struct mn_store *store, struct mn_model *m,
		  struct mn_err *err)
{
	int ret;

	if (m->dated)
		return 0;
	ret = store->ops->generation(store, &m->generation, err);
	m->dated = !ret;
	return ret;
}

/**
 * mn_store_load() - have all objects of a type, and of what contains them
 * @store: store
 * @m: model
 * @type: &enum midonet_object_type; ip-set-member: the members of all sets
 * @err: for errors
 *
 * Return: 0 or a negative error
 */
int mn_store_load(struct mn_store *store, struct mn_model *m, int type,
		  struct mn_err *err)
{
	const struct mn_type *t = mn_type_of(type);
	uint32_t parents = t ? t->parents : 1u << MIDONET_OBJECT_TYPE_IP_SET;
	int ret, i;

	if (m->loaded >> type & 1)
		return 0;
	for (i = 1; i < MN_TYPES; i++) {
		if (!(parents >> i & 1))
			continue;
		ret = mn_store_load(store, m, i, err);
		if (ret)
			return ret;
	}
	ret = mn_store_date(store, m, err);
	if (!ret)
		ret = store->ops->load(store, m, type, NULL, err);
	if (!ret)
		m->loaded |= 1u << type;
	return ret;
}

/**
 * mn_store_load_all() - load a whole topology, of one generation
 * @store: store
 * @m: empty model; its generation is set
 * @err: for errors
 *
 * Return: 0; -EAGAIN if it kept changing; or another negative error
 */
int mn_store_load_all(struct mn_store *store, struct mn_model *m,
		      struct mn_err *err)
{
	uint64_t after;
	size_t i;
	int try, ret;

	for (try = 0; try < LOAD_TRIES; try++) {
		ret = mn_store_date(store, m, err);
		for (i = 0; !ret && i < mn_n_types; i++)
			ret = mn_store_load(store, m, mn_types[i].type, err);
		if (!ret)
			ret = mn_store_load(store, m,
					    MIDONET_OBJECT_TYPE_IP_SET_MEMBER,
					    err);
		if (!ret)
			ret = store->ops->generation(store, &after, err);
		if (ret && ret != -EINTR)
			return ret;
		if (!ret && after == m->generation)
			return 0;
		mn_model_clear(m);
	}
	return mn_fail(err, -EAGAIN, "the topology keeps changing; try again");
}

/**
 * mn_store_change() - note a change
 * @store: store
 * @m: model with the names of what it refers to
 * @change: change
 * @err: for errors
 *
 * Return: 0 or a negative error
 */
int mn_store_change(struct mn_store *store, const struct mn_model *m,
		    const struct mn_change *change, struct mn_err *err)
{
	store->n_changes++;
	return store->ops->change(store, m, change, err);
}

/**
 * mn_store_forget() - forget the changes noted
 * @store: store
 */
void mn_store_forget(struct mn_store *store)
{
	store->ops->forget(store);
	store->n_changes = 0;
}

/**
 * mn_store_commit() - put the changes noted into force
 * @store: store; no changes are noted afterwards
 * @m: the topology, or the part of it that was needed
 * @commit: how
 * @err: for errors
 *
 * Return: 0 or a negative error
 */
int mn_store_commit(struct mn_store *store, const struct mn_model *m,
		    struct mn_commit *commit, struct mn_err *err)
{
	int ret = store->ops->commit(store, m, commit, err);

	store->n_changes = 0;
	return ret;
}
