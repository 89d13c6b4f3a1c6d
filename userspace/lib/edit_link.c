// SPDX-License-Identifier: GPL-2.0
/*
 * Links between ports. Both sides of a link name each other, but to name the
 * peer on one side is enough: when all changes were made, the other side follows.
 * A port that was told about its peer is taken at its word, any other follows. Of
 * two that were both told, and one of them to have none, the later word holds.
 *
 * And tunnel keys: who makes a port gives it one.
 */
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "doc.h"
#include "edit.h"

/* Keys from here on are reserved. */
#define KEY_MAX		0xefffff

/**
 * struct key - a tunnel key that is in use
 */
struct key {
	struct mn_hnode node;
	uint32_t key;
};

/**
 * struct keys - tunnel keys of a topology
 * @hash: &struct key
 * @list: of them, for those that were there
 * @n: number of @list
 */
struct keys {
	struct mn_hash hash;
	struct key *list;
	size_t n;
};

static struct mn_vals **key_of(struct mn_obj *port)
{
	return mn_obj_val(port, MIDONET_A_TUNNEL_KEY);
}

static void key_add(struct keys *k, uint32_t key)
{
	struct key *new = &k->list[k->n++];

	new->key = key;
	mn_hash_add(&k->hash, &new->node, key);
}

static void keys_init(struct keys *k, const struct mn_model *m)
{
	const struct mn_objs *ports = &m->objs[MIDONET_OBJECT_TYPE_PORT];
	const struct mn_vals *v;
	uint32_t i;

	memset(k, 0, sizeof(*k));
	k->list = mn_alloc(ports->n * sizeof(*k->list));
	for (i = 0; i < ports->n; i++) {
		v = *key_of(ports->objs[i]);
		if (v)
			key_add(k, mn_value_num(v->data + 1, v->data[0]));
	}
}

static void keys_free(struct keys *k)
{
	mn_hash_free(&k->hash);
	free(k->list);
}

/* The low 24 bits of the id; if another port has that, the next free upward. */
static void assign(struct keys *k, struct mn_obj *port)
{
	const uint8_t *id = port->id.b;
	uint32_t key = id[13] << 16 | id[14] << 8 | id[15];

	/* There are fewer ports than keys. */
	for (;; key++) {
		if (!key || key > KEY_MAX)
			key = 1;
		if (!mn_hash_first(&k->hash, key))
			break;
	}
	mn_vals_add(key_of(port), &key, sizeof(key));
	key_add(k, key);
}

static int port_cmp(const void *x, const void *y)
{
	const struct mn_obj *a = *(struct mn_obj *const *)x;
	const struct mn_obj *b = *(struct mn_obj *const *)y;

	return memcmp(a->id.b, b->id.b, MN_UUID_LEN);
}

/**
 * mn_model_assign_keys() - give a key to every port that has none
 * @m: topology whose ports have ids
 *
 * The same ports get the same keys, in whatever order they are.
 */
void mn_model_assign_keys(struct mn_model *m)
{
	struct mn_obj **ports;
	struct keys k;
	uint32_t i, n;

	keys_init(&k, m);
	ports = mn_model_sorted(m, MIDONET_OBJECT_TYPE_PORT, &n);
	qsort(ports, n, sizeof(*ports), port_cmp);
	for (i = 0; i < n; i++) {
		if (!*key_of(ports[i]))
			assign(&k, ports[i]);
	}
	free(ports);
	keys_free(&k);
}

static struct mn_obj *peer_of(const struct mn_model *m,
			      const struct mn_obj *port)
{
	return mn_obj_ref(m, port, MIDONET_A_PEER);
}

/* A port that was changed to follow: its own peer has to be looked at, too. */
static void set_peer(struct mn_edit *e, struct mn_obj *port,
		     const struct mn_obj *peer)
{
	struct mn_vals **v = mn_obj_val(port, MIDONET_A_PEER);

	free(*v);
	*v = NULL;
	if (peer)
		mn_vals_add(v, peer->id.b, MN_UUID_LEN);
	port->given |= 1u << mn_type_wire(port->type, MIDONET_A_PEER);
	mn_edit_touch(e, port);
}

static int taken(const struct mn_obj *port, const struct mn_obj *peer,
		 const struct mn_obj *other, struct mn_err *err)
{
	mn_doc_fail(err, port, "peer",
		    "%s:%s is linked to %s:%s already; unlink it first",
		    peer->parent->name, peer->name, other->parent->name,
		    other->name);
	return err->code;
}

/* @port was told that @peer is its peer, and @peer was told something else. */
static int settle_words(struct mn_edit *e, struct mn_obj *port,
			struct mn_obj *peer, struct mn_err *err)
{
	struct mn_obj *other = peer_of(e->m, peer);

	if (other)
		return taken(port, peer, other, err);
	if (port->told > peer->told)
		set_peer(e, peer, port);
	else
		set_peer(e, port, NULL);
	return 0;
}

/* The peer that a port names is not there in the end. */
static int gone(struct mn_edit *e, const struct mn_obj *port,
		struct mn_err *err)
{
	const struct mn_obj *was = peer_of(e->base, port);

	if (was)
		return mn_doc_fail(err, port, "peer", "%s:%s is removed",
				   was->parent->name, was->name);
	return mn_doc_fail(err, port, "peer", "there is no such port");
}

static int join(struct mn_edit *e, struct mn_obj *port, struct mn_err *err)
{
	struct mn_obj *peer = peer_of(e->m, port), *back, *other;

	if (peer == port)
		return 0;	/* refused later */
	back = peer ? peer_of(e->m, peer) : NULL;
	if (back == port)
		return 0;
	if (!port->told) {
		set_peer(e, port, NULL);
		return 0;
	}
	if (!peer)
		return gone(e, port, err);
	if (peer->told)
		return settle_words(e, port, peer, err);
	other = back ? peer_of(e->m, back) : NULL;
	if (other == peer)
		return taken(port, peer, back, err);
	set_peer(e, peer, port);
	return 0;
}

/* A port may have left the peer it had: then that has none any more. */
static void leave(struct mn_edit *e, const struct mn_uuid *id)
{
	const struct mn_obj *was = mn_model_find_id(e->base, id);
	const struct mn_obj *now = mn_model_find_id(e->m, id), *old;
	const struct mn_vals *v;
	struct mn_obj *peer;
	struct mn_uuid back;

	old = was ? peer_of(e->base, was) : NULL;
	peer = old ? mn_model_find_id(e->m, &old->id) : NULL;
	if (!peer || (now && peer_of(e->m, now) == peer) || peer->told)
		return;
	v = *mn_obj_val(peer, MIDONET_A_PEER);
	if (!v)
		return;
	memcpy(back.b, v->data + 1, MN_UUID_LEN);
	if (mn_uuid_equal(&back, id))
		set_peer(e, peer, NULL);
}

/**
 * mn_edit_link() - let the other sides of links follow; assign tunnel keys
 * @e: edit with all changes
 * @err: for errors
 *
 * Return: 0 or a negative error
 */
int mn_edit_link(struct mn_edit *e, struct mn_err *err)
{
	bool keyed = false;
	struct mn_uuid id;
	struct mn_obj *port;
	uint32_t i;
	int ret = 0;

	/* The list grows meanwhile. */
	for (i = 0; !ret && i < e->n_touched; i++) {
		id = e->touched[i];
		port = mn_model_find_id(e->m, &id);
		if (port && !*key_of(port))
			keyed = true;
		if (port && *mn_obj_val(port, MIDONET_A_PEER))
			ret = join(e, port, err);
		if (!ret)
			leave(e, &id);
	}
	if (!ret && keyed)
		mn_model_assign_keys(e->m);
	return ret;
}
