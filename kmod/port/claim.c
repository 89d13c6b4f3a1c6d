// SPDX-License-Identifier: GPL-2.0
/*
 * Claims of ports on tunnel keys and devices, see DOC: Claims.
 */
#include <linux/hash.h>
#include <linux/jhash.h>
#include <linux/slab.h>

#include "port/claim.h"
#include "port/port.h"

#define MN_CLAIM_BITS	12

static u32 key_hash(u32 key)
{
	return jhash_1word(key, MN_CLAIM_KEY);
}

static u32 dev_hash(const char *dev)
{
	return jhash(dev, strnlen(dev, IFNAMSIZ), MN_CLAIM_DEV);
}

static struct hlist_head *bucket(const struct mn_net *mn, u32 hash)
{
	return &mn->claims[hash_32(hash, MN_CLAIM_BITS)];
}

/**
 * mn_claims_init() - make the table
 * @mn: namespace
 *
 * Return: 0 or -ENOMEM
 */
int mn_claims_init(struct mn_net *mn)
{
	mn->claims = kvcalloc(1U << MN_CLAIM_BITS, sizeof(*mn->claims),
			      GFP_KERNEL_ACCOUNT);
	return mn->claims ? 0 : -ENOMEM;
}

/**
 * mn_claims_exit() - free the table
 * @mn: namespace without ports
 */
void mn_claims_exit(struct mn_net *mn)
{
	kvfree(mn->claims);
	mn->claims = NULL;
}

static void claim(struct mn_net *mn, struct mn_claim *c, struct mn_port *port,
		  bool wanted, u32 hash)
{
	mn_assert_lock(mn);
	hlist_del_init(&c->node);
	if (!wanted)
		return;
	c->port = port;
	c->hash = hash;
	hlist_add_head(&c->node, bucket(mn, hash));
}

static void claim_all(struct mn_net *mn, struct mn_claim *c,
		      struct mn_port *port, const struct mn_port_ver *v)
{
	claim(mn, &c[MN_CLAIM_KEY], port, v && v->tunnel_key,
	      v ? key_hash(v->tunnel_key) : 0);
	claim(mn, &c[MN_CLAIM_DEV], port, v && v->dev[0],
	      v ? dev_hash(v->dev) : 0);
}

/**
 * mn_claims_next() - what a port is about to have
 * @mn: namespace, locked
 * @port: port
 * @v: its pending version
 *
 * Context: may sleep.
 *
 * Return: 0 or -ENOMEM
 */
int mn_claims_next(struct mn_net *mn, struct mn_port *port,
		   const struct mn_port_ver *v)
{
	claim_all(mn, port->next, port, v);
	return v->tunnel_key ? mn_port_key_next(mn, port, v->tunnel_key) : 0;
}

/**
 * mn_claims_publish() - what a port has from now on
 * @mn: namespace, locked
 * @port: port
 * @v: its newest version, NULL if it is removed
 */
void mn_claims_publish(struct mn_net *mn, struct mn_port *port,
		       const struct mn_port_ver *v)
{
	claim_all(mn, port->now, port, v);
	claim_all(mn, port->next, port, NULL);
}

/**
 * mn_claims_drop() - a port is freed
 * @mn: namespace
 * @port: port; nobody else has it any more
 *
 * Context: may sleep; takes mn_net.lock if a refused commit left claims.
 */
void mn_claims_drop(struct mn_net *mn, struct mn_port *port)
{
	bool any = false;
	int i;

	for (i = 0; i < MN_CLAIMS; i++)
		any |= !hlist_unhashed(&port->now[i].node) ||
		       !hlist_unhashed(&port->next[i].node);
	if (!any)
		return;
	mutex_lock(&mn->lock);
	mn_claims_publish(mn, port, NULL);
	mutex_unlock(&mn->lock);
}

/**
 * mn_claim_find_key() - port that has a tunnel key when this commit is over
 * @mn: namespace, locked
 * @key: tunnel key
 * @but: port that does not count
 *
 * Return: port or NULL
 */
struct mn_port *mn_claim_find_key(struct mn_net *mn, u32 key,
				  const struct mn_port *but)
{
	const struct mn_port_ver *v;
	u32 hash = key_hash(key);
	struct mn_claim *c;

	mn_assert_lock(mn);
	hlist_for_each_entry(c, bucket(mn, hash), node) {
		if (c->hash != hash || c->port == but)
			continue;
		v = mn_port_end(mn, c->port);
		if (v && v->tunnel_key == key)
			return c->port;
	}
	return NULL;
}

/**
 * mn_claim_find_dev() - port that has a device when this commit is over
 * @mn: namespace, locked
 * @dev: name of the device
 * @host: its host; NULL stands for every host
 * @but: port that does not count
 *
 * Return: port or NULL
 */
struct mn_port *mn_claim_find_dev(struct mn_net *mn, const char *dev,
				  const struct mn_host *host,
				  const struct mn_port *but)
{
	const struct mn_port_ver *v;
	u32 hash = dev_hash(dev);
	struct mn_claim *c;

	mn_assert_lock(mn);
	hlist_for_each_entry(c, bucket(mn, hash), node) {
		if (c->hash != hash || c->port == but)
			continue;
		v = mn_port_end(mn, c->port);
		if (!v || strcmp(v->dev, dev))
			continue;
		if (!host || !v->host || v->host == host)
			return c->port;
	}
	return NULL;
}

/**
 * mn_claims_for_dev() - all ports whose newest version names a device
 * @mn: namespace, locked
 * @dev: name of the device
 * @fn: called for each of them; must not change claims
 */
void mn_claims_for_dev(struct mn_net *mn, const char *dev,
		       void (*fn)(struct mn_net *mn, struct mn_port *port))
{
	const struct mn_port_ver *v;
	u32 hash = dev_hash(dev);
	struct mn_claim *c;

	mn_assert_lock(mn);
	hlist_for_each_entry(c, bucket(mn, hash), node) {
		if (c->hash != hash || c != &c->port->now[MN_CLAIM_DEV])
			continue;
		v = mn_port_newest(mn, c->port);
		if (v && !strcmp(v->dev, dev))
			fn(mn, c->port);
	}
}

/**
 * mn_claims_maybe_dev() - may any port want a device?
 * @mn: namespace
 * @dev: name of the device
 *
 * Context: any; without mn_net.lock it may miss a claim made just now, whose
 * maker looks for the device itself.
 */
bool mn_claims_maybe_dev(const struct mn_net *mn, const char *dev)
{
	return !hlist_empty(bucket(mn, dev_hash(dev)));
}
