// SPDX-License-Identifier: GPL-2.0
/*
 * Ports by tunnel key, see DOC: Ports by tunnel key.
 */
#include <linux/rcupdate.h>
#include <linux/rhashtable.h>

#include "port/key.h"
#include "port/port.h"

static const struct rhashtable_params key_params = {
	.head_offset = offsetof(struct mn_port_key, node),
	.key_offset = offsetof(struct mn_port_key, key),
	.key_len = sizeof_field(struct mn_port_key, key),
	.automatic_shrinking = true,
};

/**
 * mn_port_keys_init() - make the table
 * @mn: namespace
 *
 * Return: 0 or a negative error
 */
int mn_port_keys_init(struct mn_net *mn)
{
	return rhltable_init(&mn->keys, &key_params);
}

/**
 * mn_port_keys_exit() - free the table
 * @mn: namespace without ports
 */
void mn_port_keys_exit(struct mn_net *mn)
{
	rhltable_destroy(&mn->keys);
}

static void leave(struct mn_net *mn, struct mn_port_key *k)
{
	if (!k->in)
		return;
	rhltable_remove(&mn->keys, &k->node, key_params);
	k->in = false;
	k->left = get_state_synchronize_rcu();
}

static int enter(struct mn_net *mn, struct mn_port_key *k, struct mn_port *port,
		 u32 key)
{
	int err;

	/* Who gives a port one key after the other waits for readers. */
	if (k->port)
		cond_synchronize_rcu(k->left);
	k->port = port;
	k->key = key;
	err = rhltable_insert(&mn->keys, &k->node, key_params);
	k->in = !err;
	return err;
}

static bool has(const struct mn_port_key *k, u32 key)
{
	return k->in && k->key == key;
}

/**
 * mn_port_key_next() - a port is about to have a key
 * @mn: namespace, locked
 * @port: port
 * @key: tunnel key, not 0
 *
 * If the commit is refused, what this leaves behind does no harm.
 *
 * Context: may sleep.
 *
 * Return: 0 or -ENOMEM
 */
int mn_port_key_next(struct mn_net *mn, struct mn_port *port, u32 key)
{
	struct mn_port_key *next = &port->keys[!port->key_now];

	mn_assert_lock(mn);
	if (has(&port->keys[port->key_now], key) || has(next, key))
		return 0;
	leave(mn, next);
	return enter(mn, next, port, key);
}

/**
 * mn_port_key_publish() - what a port has from now on
 * @mn: namespace, locked
 * @port: port
 * @v: its newest version, NULL if it is removed
 */
void mn_port_key_publish(struct mn_net *mn, struct mn_port *port,
			 const struct mn_port_ver *v)
{
	mn_assert_lock(mn);
	if (v && has(&port->keys[!port->key_now], v->tunnel_key))
		port->key_now = !port->key_now;
	leave(mn, &port->keys[!port->key_now]);
	if (!v)
		leave(mn, &port->keys[port->key_now]);
}

/**
 * mn_port_by_key() - port that has a tunnel key
 * @mn: namespace
 * @key: tunnel key
 * @generation: from mn_net_generation()
 * @v: its version in that generation
 *
 * Context: RCU.
 *
 * Return: port, or NULL
 */
struct mn_port *mn_port_by_key(struct mn_net *mn, u32 key, u64 generation,
			       const struct mn_port_ver **v)
{
	struct rhlist_head *list, *pos;
	const struct mn_port_key *k;
	const struct mn_ver *ver;

	list = rhltable_lookup(&mn->keys, &key, key_params);
	rhl_for_each_entry_rcu(k, pos, list, node) {
		ver = mn_ver_at(&k->port->obj, generation);
		if (!ver || mn_port_ver(ver)->tunnel_key != key)
			continue;
		*v = mn_port_ver(ver);
		return k->port;
	}
	return NULL;
}
