// SPDX-License-Identifier: GPL-2.0
/*
 * Learned neighbours of router ports: who has a next hop's address.
 *
 * An entry is made when a packet wants its address (incomplete: asked three
 * times in three seconds, then failed for one) or when somebody who asks us says
 * who he is. It is reachable for a minute after its last sign of life; then, if
 * it was used since, it is probed by unicast, else it is stale. A minute and a
 * half without a sign of life and it is gone; who still wants it asks everybody.
 *
 * Packets find entries under RCU and read state and MAC without a lock. All
 * changes are made under the lock of the namespace's table, which packets take
 * only for what is new: a sign of life is noted once a second. Whoever changes or
 * removes a MAC bumps the version counter of (port, address) afterwards; flows
 * are installed only where there is one.
 *
 * Everything that is due hangs in one of a few lists, by how long it waits; all
 * of a list wait equally long, so each is in order, and what the worker does is
 * in proportion to what is due.
 *
 * A port that is removed, or linked elsewhere, loses its entries right after the
 * flip; nobody enters it again because its newest version is looked at under
 * the lock. So no entry points to it a grace period later, when it may go.
 */
#include <linux/rhashtable.h>
#include <linux/slab.h>

#include "l3/nbr.h"
#include "l3/nbr_table.h"
#include "sim/dep.h"
#include "sim/park.h"

#define MN_NBR_IDLE	(60 * HZ)	/* not used: gives way to others */
#define MN_NBR_LOOKS	32		/* entries looked at to make room */

static const unsigned long waits[MN_NBR_TIMERS] = {
	[MN_NBR_NOW] = 0,
	[MN_NBR_SECOND] = HZ,
	[MN_NBR_LAZY] = 3 * HZ,
	[MN_NBR_MINUTE] = MN_NBR_FRESH,
};

static struct kmem_cache *mn_nbr_cache;

static const struct rhashtable_params table_params = {
	.head_offset = offsetof(struct mn_nbr, node),
	.key_offset = offsetof(struct mn_nbr, key),
	.key_len = sizeof(struct mn_neigh_key),
	.automatic_shrinking = true,
};

static const struct rhashtable_params bridge_params = {
	.head_offset = offsetof(struct mn_nbr, bridge_node),
	.key_offset = offsetof(struct mn_nbr, bridge_key),
	.key_len = sizeof(struct mn_neigh_key),
	.automatic_shrinking = true,
};

/**
 * mn_nbr_find() - learned neighbour
 * @mn: namespace
 * @key: port and address
 *
 * Context: RCU.
 *
 * Return: entry or NULL
 */
struct mn_nbr *mn_nbr_find(struct mn_net *mn, const struct mn_neigh_key *key)
{
	return rhashtable_lookup(&mn->nbrs->table, key, table_params);
}

/**
 * mn_nbr_park_key() - what packets for a neighbour wait for
 * @pk: filled in
 * @key: port and address
 */
void mn_nbr_park_key(struct mn_park_key *pk, const struct mn_neigh_key *key)
{
	BUILD_BUG_ON(sizeof(key->addr) >= sizeof(pk->data));
	memset(pk, 0, sizeof(*pk));
	pk->why = MN_PARK_NEIGHBOUR;
	pk->owner = key->owner;
	pk->data[0] = key->family;
	memcpy(pk->data + 1, &key->addr, sizeof(key->addr));
}

/**
 * mn_nbr_parked() - a packet was parked for a neighbour
 * @mn: namespace
 * @pk: what for
 *
 * The answer may have come between the look-up and the parking, and found nobody
 * to release.
 *
 * Context: RCU.
 */
void mn_nbr_parked(struct mn_net *mn, const struct mn_park_key *pk)
{
	struct mn_neigh_key key = {
		.owner = pk->owner,
		.kind = MIDONET_OBJECT_TYPE_PORT,
		.family = pk->data[0],
	};
	struct mn_nbr *e;

	memcpy(&key.addr, pk->data + 1, sizeof(key.addr));
	e = mn_nbr_find(mn, &key);
	if (!e || READ_ONCE(e->state) != MIDONET_NEIGHBOUR_STATE_INCOMPLETE)
		mn_park_release(mn, pk);
}

static void nbr_free(struct mn_used *live)
{
	struct mn_nbr *e = container_of(live, struct mn_nbr, live);

	atomic_dec(&e->mn->nbrs->n);
	kmem_cache_free(mn_nbr_cache, e);
}

static void nbr_put_rcu(struct rcu_head *rcu)
{
	mn_used_put(&container_of(rcu, struct mn_nbr, rcu)->live);
}

/* What follows is under the lock. */

/**
 * mn_nbr_release() - what waits for a neighbour waits no longer
 * @e: neighbour
 *
 * Context: &mn_nbrs.lock.
 */
void mn_nbr_release(struct mn_nbr *e)
{
	struct mn_park_key pk;

	mn_nbr_park_key(&pk, &e->key);
	mn_park_release(e->mn, &pk);
}

/* Something is to be done with it; it is the last one in its list. */
static void set_timer(struct mn_nbrs *nbrs, struct mn_nbr *e,
		      enum mn_nbr_timer timer)
{
	e->due = jiffies + waits[timer];
	list_move_tail(&e->timer, &nbrs->timers[timer]);
	if (nbrs->closed)
		return;
	/* If it is pending for another time, that is earlier, and arms anew. */
	if (timer == MN_NBR_NOW)
		mod_delayed_work(system_wq, &nbrs->work, 0);
	else
		schedule_delayed_work(&nbrs->work, waits[timer]);
}

/**
 * mn_nbr_set_state() - a neighbour's state changes
 * @nbrs: table
 * @e: neighbour
 * @state: &enum midonet_neighbour_state
 * @timer: when something is to be done next
 *
 * Context: &mn_nbrs.lock.
 */
void mn_nbr_set_state(struct mn_nbrs *nbrs, struct mn_nbr *e, u8 state,
		      enum mn_nbr_timer timer)
{
	/* The MAC before it; see mn_nbr_resolve(). */
	smp_store_release(&e->state, state);
	set_timer(nbrs, e, timer);
}

/**
 * mn_nbr_drop() - take a neighbour out of the tables
 * @nbrs: table
 * @e: neighbour; flows that used it ask again
 *
 * Context: &mn_nbrs.lock.
 */
void mn_nbr_drop(struct mn_nbrs *nbrs, struct mn_nbr *e)
{
	e->dead = true;
	list_del(&e->timer);
	list_del(&e->clock);
	hlist_del_rcu(&e->by_port);
	rhashtable_remove_fast(&nbrs->table, &e->node, table_params);
	if (e->bridge_key.kind)
		rhltable_remove(&nbrs->bridges, &e->bridge_node, bridge_params);
	e->port->nbrs.n--;
	/* What is found of the others is not cached. */
	if (mn_nbr_usable(e->state))
		mn_dep_bump(e->mn, mn_neigh_dep(e->mn, &e->key));
	if (e->state == MIDONET_NEIGHBOUR_STATE_INCOMPLETE)
		mn_nbr_release(e);
	call_rcu(&e->rcu, nbr_put_rcu);
}

/*
 * May it give way to another one of its port? To one that only made himself
 * known, not before a second has passed: so a flood of senders fills the port,
 * but turns over no more than that.
 */
static bool evictable(const struct mn_nbr *e, bool wanted)
{
	switch (e->state) {
	case MIDONET_NEIGHBOUR_STATE_INCOMPLETE:
		return false;	/* packets wait; it is gone in seconds */
	case MIDONET_NEIGHBOUR_STATE_FAILED:
	case MIDONET_NEIGHBOUR_STATE_STALE:
		return true;
	default:
		return time_after(jiffies,
				  READ_ONCE(e->live.used) + MN_NBR_IDLE) &&
		       (wanted || time_after(jiffies, e->heard + HZ));
	}
}

/* Drop one of a few entries of the port, beginning where the last look ended. */
static void evict(struct mn_nbrs *nbrs, struct mn_port *port, bool wanted)
{
	struct mn_nbr *e;
	int i;

	for (i = 0; i < MN_NBR_LOOKS; i++) {
		e = list_first_entry_or_null(&port->nbrs.clock, struct mn_nbr,
					     clock);
		if (!e)
			return;
		if (evictable(e, wanted)) {
			mn_nbr_drop(nbrs, e);
			return;
		}
		list_move_tail(&e->clock, &port->nbrs.clock);
	}
}

static bool make_room(struct mn_nbrs *nbrs, struct mn_port *port, bool wanted)
{
	const struct mn_limits *limits = &nbrs->mn->limits;

	if (port->nbrs.n >= READ_ONCE(limits->neighbours_per_port))
		evict(nbrs, port, wanted);
	if (port->nbrs.n >= READ_ONCE(limits->neighbours_per_port))
		return false;
	if ((u32)atomic_read(&nbrs->n) < READ_ONCE(limits->neighbours_max))
		return true;
	/* There is room when the memory is free. */
	evict(nbrs, port, wanted);
	return false;
}

static int enter(struct mn_nbrs *nbrs, struct mn_nbr *e)
{
	int err = rhashtable_lookup_insert_fast(&nbrs->table, &e->node,
						table_params);

	if (err || !e->bridge_key.kind)
		return err;
	err = rhltable_insert(&nbrs->bridges, &e->bridge_node, bridge_params);
	if (err)
		rhashtable_remove_fast(&nbrs->table, &e->node, table_params);
	return err;
}

/* Bridge behind the port, if it is linked to one. */
static void set_bridge(struct mn_nbr *e, const struct mn_port_ver *v)
{
	if (!v->peer || mn_port_on_router(v->peer))
		return;
	e->bridge_key = e->key;
	e->bridge_key.owner = v->peer->obj.parent->index;
	e->bridge_key.kind = MIDONET_OBJECT_TYPE_BRIDGE;
}

/*
 * A new entry, incomplete, for a packet or (not @wanted) for who made himself
 * known. NULL: no room, or no port any more.
 */
static struct mn_nbr *nbr_new(struct mn_nbrs *nbrs, struct mn_port *port,
			      const struct mn_neigh_key *key, bool wanted)
{
	const struct mn_ver *ver = mn_ver_now(&port->obj);
	struct mn_nbr *e;

	if (!ver || !make_room(nbrs, port, wanted))
		return NULL;
	e = kmem_cache_zalloc(mn_nbr_cache, GFP_ATOMIC | __GFP_NOWARN);
	if (!e)
		return NULL;
	e->key = *key;
	e->port = port;
	e->mn = nbrs->mn;
	e->heard = jiffies;
	e->live.used = jiffies - MN_NBR_IDLE - 1;
	e->live.free = nbr_free;
	refcount_set(&e->live.ref, 1);
	set_bridge(e, mn_port_ver(ver));
	e->state = MIDONET_NEIGHBOUR_STATE_INCOMPLETE;
	if (enter(nbrs, e)) {
		/* A reader may have seen it for a moment. */
		e->dead = true;
		atomic_inc(&nbrs->n);
		call_rcu(&e->rcu, nbr_put_rcu);
		return NULL;
	}
	INIT_LIST_HEAD(&e->timer);
	hlist_add_head_rcu(&e->by_port, &port->nbrs.all);
	list_add_tail(&e->clock, &port->nbrs.clock);
	port->nbrs.n++;
	atomic_inc(&nbrs->n);
	return e;
}

/* It was heard of: it is there, and this is its MAC. */
static void nbr_take(struct mn_nbrs *nbrs, struct mn_nbr *e, u64 mac)
{
	bool changed = mn_nbr_usable(e->state) && e->mac != mac;
	bool waited = e->state == MIDONET_NEIGHBOUR_STATE_INCOMPLETE;

	WRITE_ONCE(e->mac, mac);
	WRITE_ONCE(e->heard, jiffies);
	e->asked = 0;
	mn_nbr_set_state(nbrs, e, MIDONET_NEIGHBOUR_STATE_REACHABLE, MN_NBR_MINUTE);
	if (changed)
		mn_dep_bump(e->mn, mn_neigh_dep(e->mn, &e->key));
	if (waited)
		mn_nbr_release(e);
}

/* An answer counts if we asked, or if it says what is known. */
static bool believed(const struct mn_nbr *e, u64 mac, enum mn_nbr_word word)
{
	return word != MN_NBR_REPLY || READ_ONCE(e->mac) == mac ||
	       !mn_nbr_usable(READ_ONCE(e->state));
}

/**
 * mn_nbr_heard() - somebody said who has an address
 * @mn: namespace
 * @port: router port
 * @key: port and address
 * @mac: who has it: one station
 * @word: how it was said
 *
 * Requests make entries, the others change what is there. An answer changes the
 * MAC only of an entry that was asked for by broadcast: a probe goes to the
 * station that is known, and another one has not been asked.
 *
 * Context: BH disabled, RCU.
 *
 * Return: false if there is no such entry, or the answer is not believed
 */
bool mn_nbr_heard(struct mn_net *mn, struct mn_port *port,
		  const struct mn_neigh_key *key, const u8 *mac,
		  enum mn_nbr_word word)
{
	struct mn_nbrs *nbrs = mn->nbrs;
	u64 is = ether_addr_to_u64(mac);
	struct mn_nbr *e;
	bool ok;

	e = mn_nbr_find(mn, key);
	if (!e && word != MN_NBR_REQUEST)
		return false;
	if (e && READ_ONCE(e->state) == MIDONET_NEIGHBOUR_STATE_REACHABLE &&
	    READ_ONCE(e->mac) == is &&
	    time_before(jiffies, READ_ONCE(e->heard) + HZ))
		return true;
	spin_lock_bh(&nbrs->lock);
	e = mn_nbr_find(mn, key);
	if (!e && word == MN_NBR_REQUEST)
		e = nbr_new(nbrs, port, key, false);
	ok = e && believed(e, is, word);
	if (ok)
		nbr_take(nbrs, e, is);
	spin_unlock_bh(&nbrs->lock);
	return ok;
}

/**
 * mn_nbr_believes() - what mn_nbr_heard() would say, for a trace
 * @mn: namespace
 * @key: port and address
 * @mac: who has it
 * @word: how it was said
 *
 * Context: RCU.
 */
bool mn_nbr_believes(struct mn_net *mn, const struct mn_neigh_key *key,
		     const u8 *mac, enum mn_nbr_word word)
{
	const struct mn_nbr *e = mn_nbr_find(mn, key);

	if (!e)
		return word == MN_NBR_REQUEST;
	return believed(e, ether_addr_to_u64(mac), word);
}

/**
 * mn_nbr_heard_bridge() - somebody told a bridge who has an address
 * @mn: namespace
 * @key: bridge and address
 * @vlan: where, as &mn_flow_key.vlan
 * @mac: who has it: one station
 *
 * Routers linked to the bridge that know the address take note.
 *
 * Context: BH disabled, RCU.
 */
void mn_nbr_heard_bridge(struct mn_net *mn, const struct mn_neigh_key *key,
			 u16 vlan, const u8 *mac)
{
	struct mn_nbrs *nbrs = mn->nbrs;
	const struct mn_ver *ver;
	struct rhlist_head *list, *pos;
	struct mn_nbr *e;
	int n = 0;

	list = rhltable_lookup(&nbrs->bridges, key, bridge_params);
	rhl_for_each_entry_rcu(e, pos, list, bridge_node) {
		if (n++ == MN_NBR_FANOUT)
			return;
		ver = mn_ver_now(&e->port->obj);
		if (!ver || !mn_port_ver(ver)->peer ||
		    ether_addr_equal(mac, mn_port_ver(ver)->mac))
			continue;
		ver = mn_ver_now(&mn_port_ver(ver)->peer->obj);
		if (ver && mn_port_ver(ver)->vlan == (vlan & 0xfff))
			mn_nbr_heard(mn, e->port, &e->key, mac, MN_NBR_NOTICE);
	}
}

/**
 * mn_nbr_want() - a packet wants to know who has an address
 * @mn: namespace
 * @port: router port
 * @key: port and address
 *
 * If nobody knows, it is asked for.
 *
 * Context: BH disabled, RCU.
 *
 * Return: entry; NULL without room
 */
struct mn_nbr *mn_nbr_want(struct mn_net *mn, struct mn_port *port,
			   const struct mn_neigh_key *key)
{
	struct mn_nbrs *nbrs = mn->nbrs;
	struct mn_nbr *e = mn_nbr_find(mn, key);

	if (e)
		return e;
	spin_lock_bh(&nbrs->lock);
	e = mn_nbr_find(mn, key);
	if (!e) {
		e = nbr_new(nbrs, port, key, true);
		if (e)
			set_timer(nbrs, e, MN_NBR_NOW);
	}
	spin_unlock_bh(&nbrs->lock);
	return e;
}

/**
 * mn_nbr_use() - a packet is sent to a neighbour
 * @e: neighbour
 *
 * A stale one is probed.
 *
 * Context: BH disabled, RCU.
 */
void mn_nbr_use(struct mn_nbr *e)
{
	struct mn_nbrs *nbrs = e->mn->nbrs;

	mn_used_touch(&e->live, jiffies);
	if (likely(READ_ONCE(e->state) != MIDONET_NEIGHBOUR_STATE_STALE) ||
	    READ_ONCE(e->asked))
		return;
	spin_lock_bh(&nbrs->lock);
	if (!e->dead && !e->asked &&
	    e->state == MIDONET_NEIGHBOUR_STATE_STALE)
		mn_nbr_set_state(nbrs, e, MIDONET_NEIGHBOUR_STATE_PROBE, MN_NBR_NOW);
	spin_unlock_bh(&nbrs->lock);
}

/* Take up to MN_NBR_BATCH entries off a port. Returns how many. */
static int forget_some(struct mn_nbrs *nbrs, struct mn_port *port)
{
	struct hlist_node *next;
	struct mn_nbr *e;
	int n = 0;

	spin_lock_bh(&nbrs->lock);
	hlist_for_each_entry_safe(e, next, &port->nbrs.all, by_port) {
		mn_nbr_drop(nbrs, e);
		if (++n == MN_NBR_BATCH)
			break;
	}
	spin_unlock_bh(&nbrs->lock);
	return n;
}

/**
 * mn_nbr_forget_port() - forget the neighbours learned on a port
 * @mn: namespace
 * @port: port; after its removal was published this is for good
 *
 * Context: may sleep.
 */
void mn_nbr_forget_port(struct mn_net *mn, struct mn_port *port)
{
	/* Some tests have no neighbours. */
	if (!mn->nbrs)
		return;
	while (forget_some(mn->nbrs, port))
		cond_resched();
}

/**
 * mn_nbrs_init() - set up the learned neighbours of a namespace
 * @mn: namespace
 *
 * Return: 0 or a negative error
 */
int mn_nbrs_init(struct mn_net *mn)
{
	struct mn_nbrs *nbrs = kzalloc(sizeof(*nbrs), GFP_KERNEL_ACCOUNT);
	int i, err;

	if (!nbrs)
		return -ENOMEM;
	nbrs->mn = mn;
	spin_lock_init(&nbrs->lock);
	for (i = 0; i < MN_NBR_TIMERS; i++)
		INIT_LIST_HEAD(&nbrs->timers[i]);
	INIT_LIST_HEAD(&nbrs->announce);
	INIT_DELAYED_WORK(&nbrs->work, mn_nbr_work);
	err = rhashtable_init(&nbrs->table, &table_params);
	if (err)
		goto err_free;
	err = rhltable_init(&nbrs->bridges, &bridge_params);
	if (err)
		goto err_table;
	mn->nbrs = nbrs;
	return 0;

err_table:
	rhashtable_destroy(&nbrs->table);
err_free:
	kfree(nbrs);
	return err;
}

/**
 * mn_nbrs_stop() - stop asking
 * @mn: namespace; no packet is in a walk
 *
 * Context: may sleep.
 */
void mn_nbrs_stop(struct mn_net *mn)
{
	struct mn_nbrs *nbrs = mn->nbrs;

	spin_lock_bh(&nbrs->lock);
	nbrs->closed = true;
	spin_unlock_bh(&nbrs->lock);
	cancel_delayed_work_sync(&nbrs->work);
	while (mn_nbr_announce_some(nbrs))
		cond_resched();
}

/**
 * mn_nbrs_exit() - free the learned neighbours
 * @mn: namespace; its ports are gone, and with them all entries, its flows, and
 *	with them all references
 *
 * Context: may sleep.
 */
void mn_nbrs_exit(struct mn_net *mn)
{
	struct mn_nbrs *nbrs = mn->nbrs;

	mn_nbrs_stop(mn);
	/* Entries are counted down when they go. */
	rcu_barrier();
	WARN_ON_ONCE(atomic_read(&nbrs->n));
	rhltable_destroy(&nbrs->bridges);
	rhashtable_destroy(&nbrs->table);
	mn->nbrs = NULL;
	kfree(nbrs);
}

/**
 * mn_nbr_caches_create() - make the slab of learned neighbours
 *
 * Return: 0 or -ENOMEM
 */
int mn_nbr_caches_create(void)
{
	mn_nbr_cache = KMEM_CACHE(mn_nbr, 0);
	return mn_nbr_cache ? 0 : -ENOMEM;
}

/**
 * mn_nbr_caches_destroy() - the opposite
 *
 * Context: after rcu_barrier(); may sleep.
 */
void mn_nbr_caches_destroy(void)
{
	kmem_cache_destroy(mn_nbr_cache);
}
