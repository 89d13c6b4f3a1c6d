// SPDX-License-Identifier: GPL-2.0
/*
 * MAC table: where learned MACs are, per bridge and VLAN.
 *
 * Changes of the entries of a bridge (learning, moving, removal) are serialised
 * by the bridge's fdb_lock; an entry and the ports it moves between belong to
 * one bridge. Readers look up under RCU and read the port once. Whoever changes
 * something bumps the version counter of the MAC afterwards, so that flows that
 * used the old state, or its absence, are walked again.
 *
 * A port that is removed loses its entries right after the flip; nobody enters
 * it again because its newest version is looked at under the lock. So no entry
 * points to it a grace period later, when the port may go.
 */
#include <linux/etherdevice.h>
#include <linux/rhashtable.h>
#include <linux/slab.h>

#include "config/notify.h"
#include "flow/table.h"
#include "l2/bridge.h"
#include "l2/fdb.h"
#include "port/port.h"
#include "sim/ctx.h"
#include "sim/dep.h"
#include "sim/trace.h"

/* How often entries are looked at, and how often if there are many. */
#define MN_FDB_SWEEP		HZ
#define MN_FDB_SWEEP_LARGE	(10 * HZ)
#define MN_FDB_LARGE		10000
#define MN_FDB_BATCH		64

static struct kmem_cache *mn_fdb_cache;

static const struct rhashtable_params fdb_params = {
	.head_offset = offsetof(struct mn_fdb, node),
	.key_offset = offsetof(struct mn_fdb, key),
	.key_len = sizeof(struct mn_fdb_key),
	.automatic_shrinking = true,
};

static u32 key_slot(const struct mn_net *mn, const struct mn_fdb_key *key)
{
	return mn_dep_mac(mn, key->bridge, key->vlan, key->mac);
}

static void key_set(struct mn_fdb_key *key, const struct mn_bridge *bridge,
		    u16 vlan, const u8 *mac)
{
	key->bridge = bridge->obj.index;
	key->vlan = vlan & 0xfff;
	ether_addr_copy(key->mac, mac);
}

static struct mn_fdb *fdb_lookup(struct mn_net *mn, const struct mn_fdb_key *key)
{
	return rhashtable_lookup(&mn->macs, key, fdb_params);
}

/* The last reference went. */
static void fdb_free(struct mn_used *live)
{
	struct mn_fdb *fdb = container_of(live, struct mn_fdb, live);

	atomic_dec(&fdb->mn->n_macs);
	kmem_cache_free(mn_fdb_cache, fdb);
}

static void fdb_put_rcu(struct rcu_head *rcu)
{
	mn_used_put(&container_of(rcu, struct mn_fdb, rcu)->live);
}

/* Under fdb_lock. The caller then calls fdb_gone(). */
static void fdb_unlink(struct mn_net *mn, struct mn_fdb *e)
{
	e->dead = true;
	hlist_del_rcu(&e->by_port);
	rhashtable_remove_fast(&mn->macs, &e->node, fdb_params);
	atomic_dec(&e->port->n_macs);
}

/* Without locks, under RCU; @port: where it was. */
static void fdb_gone(struct mn_net *mn, struct mn_fdb *e, struct mn_port *port)
{
	mn_dep_bump(mn, key_slot(mn, &e->key));
	/* Flows of MACs that found no room here may learn them now. */
	if (READ_ONCE(port->macs_full)) {
		WRITE_ONCE(port->macs_full, false);
		mn_dep_bump(mn, port->obj.dep);
	}
	mn_notify_learn(mn, MIDONET_OP_DEL, port, e->key.vlan, e->key.mac);
	call_rcu(&e->rcu, fdb_put_rcu);
}

static void age_soon(struct mn_net *mn)
{
	bool large = atomic_read(&mn->n_macs) > MN_FDB_LARGE;

	if (!delayed_work_pending(&mn->fdb_work))
		schedule_delayed_work(&mn->fdb_work, large ?
				      MN_FDB_SWEEP_LARGE : MN_FDB_SWEEP);
}

/* Learning. */

static bool port_has_room(struct mn_net *mn, struct mn_port *port, u32 limit)
{
	limit = min(limit, READ_ONCE(mn->limits.macs_per_port));
	if ((u32)atomic_read(&port->n_macs) < limit)
		return true;
	WRITE_ONCE(port->macs_full, true);
	return false;
}

/* Under fdb_lock: is the port still there in the newest generation? */
static bool port_alive(const struct mn_port *port)
{
	return mn_ver_now(&port->obj);
}

static struct mn_fdb *fdb_alloc(struct mn_net *mn, const struct mn_fdb_key *key,
				struct mn_port *port)
{
	struct mn_fdb *e;

	if ((u32)atomic_inc_return(&mn->n_macs) >
	    READ_ONCE(mn->limits.macs_max))
		goto err;
	e = kmem_cache_alloc(mn_fdb_cache, GFP_ATOMIC | __GFP_NOWARN);
	if (!e)
		goto err;
	e->key = *key;
	e->dead = false;
	e->port = port;
	e->mn = mn;
	e->live.used = jiffies;
	e->live.free = fdb_free;
	refcount_set(&e->live.ref, 1);
	return e;

err:
	atomic_dec(&mn->n_macs);
	return NULL;
}

/* Enter a new MAC; false if there is no room or somebody else was faster. */
static bool fdb_add(struct mn_net *mn, struct mn_bridge *bridge,
		    const struct mn_fdb_key *key, struct mn_port *port,
		    u32 limit)
{
	struct mn_fdb *e;

	if (!port_has_room(mn, port, limit))
		return false;
	e = fdb_alloc(mn, key, port);
	if (!e)
		return false;
	spin_lock_bh(&bridge->fdb_lock);
	if (!port_alive(port) || !port_has_room(mn, port, limit) ||
	    rhashtable_lookup_insert_fast(&mn->macs, &e->node, fdb_params)) {
		spin_unlock_bh(&bridge->fdb_lock);
		mn_used_put(&e->live);
		return false;
	}
	hlist_add_head_rcu(&e->by_port, &port->macs);
	atomic_inc(&port->n_macs);
	spin_unlock_bh(&bridge->fdb_lock);
	mn_dep_bump(mn, key_slot(mn, key));
	mn_notify_learn(mn, MIDONET_OP_NEW, port, key->vlan, key->mac);
	age_soon(mn);
	return true;
}

/* The MAC appeared at another port; false if there is no room there. */
static bool fdb_move(struct mn_net *mn, struct mn_bridge *bridge,
		     struct mn_fdb *e, struct mn_port *port, u32 limit)
{
	struct mn_port *from;

	spin_lock_bh(&bridge->fdb_lock);
	from = e->port;
	if (e->dead || from == port || !port_alive(port) ||
	    !port_has_room(mn, port, limit)) {
		spin_unlock_bh(&bridge->fdb_lock);
		return false;
	}
	hlist_del_rcu(&e->by_port);
	hlist_add_head_rcu(&e->by_port, &port->macs);
	atomic_dec(&from->n_macs);
	atomic_inc(&port->n_macs);
	WRITE_ONCE(e->port, port);
	WRITE_ONCE(e->live.used, jiffies);
	spin_unlock_bh(&bridge->fdb_lock);
	mn_dep_bump(mn, key_slot(mn, &e->key));
	mn_notify_learn(mn, MIDONET_OP_SET, port, e->key.vlan, e->key.mac);
	return true;
}

static bool is_static(struct mn_ctx *ctx, const struct mn_bridge *bridge,
		      const struct mn_fdb_key *key)
{
	const struct mn_static_mac *s;

	if (list_empty(&bridge->static_macs))
		return false;
	s = mn_static_mac_find(ctx->mn, key, ctx->generation);
	if (!s)
		return false;
	mn_trace(ctx, &bridge->obj, s->port, "learn", NULL,
		 "does not learn %pM: a static entry has it at port %s",
		 key->mac, s->port->obj.name);
	return true;
}

static void trace_learn(struct mn_ctx *ctx, const struct mn_bridge *bridge,
			const struct mn_fdb_key *key, struct mn_port *port,
			const struct mn_port *at, u32 limit)
{
	const char *would = ctx->live ? "learns" : "would learn";

	if ((u32)atomic_read(&port->n_macs) >=
	    min(limit, READ_ONCE(ctx->mn->limits.macs_per_port)))
		mn_trace(ctx, &bridge->obj, port, "learn", NULL,
			 "does not learn %pM: port %s has %d MACs, as many as it may (mac-limit %u, macs_per_port %u)",
			 key->mac, port->obj.name, atomic_read(&port->n_macs),
			 limit, READ_ONCE(ctx->mn->limits.macs_per_port));
	else if (at)
		mn_trace(ctx, &bridge->obj, port, "learn", NULL,
			 "%s that %pM (vlan %u) moved from port %s to port %s",
			 would, key->mac, key->vlan, at->obj.name,
			 port->obj.name);
	else
		mn_trace(ctx, &bridge->obj, port, "learn", NULL,
			 "%s that %pM (vlan %u) is at port %s", would, key->mac,
			 key->vlan, port->obj.name);
}

/**
 * mn_fdb_learn() - the source of the packet is at a port
 * @ctx: walk
 * @bridge: bridge
 * @port: port of the bridge by which the packet came
 * @limit: the port's mac-limit
 *
 * The flow depends on what is known of the MAC, so that it is learned again
 * after it was forgotten, and keeps the entry alive.
 *
 * Context: BH disabled, RCU.
 */
void mn_fdb_learn(struct mn_ctx *ctx, struct mn_bridge *bridge,
		  struct mn_port *port, u32 limit)
{
	struct mn_port *at = NULL;
	struct mn_fdb_key key;
	struct mn_fdb *e;
	bool done;
	u32 slot;

	key_set(&key, bridge, ctx->key.vlan, ctx->key.eth_src);
	slot = key_slot(ctx->mn, &key);
	mn_ctx_dep(ctx, slot);
	if (is_static(ctx, bridge, &key))
		return;
	e = fdb_lookup(ctx->mn, &key);
	if (e)
		at = READ_ONCE(e->port);
	if (at != port) {
		trace_learn(ctx, bridge, &key, port, at, limit);
		if (!ctx->live)
			return;
		done = e ? fdb_move(ctx->mn, bridge, e, port, limit) :
			   fdb_add(ctx->mn, bridge, &key, port, limit);
		if (!done)
			return;
		/* Counter, then data: is it still as this walk left it? */
		mn_ctx_dep_again(ctx, slot);
		e = fdb_lookup(ctx->mn, &key);
		if (!e || READ_ONCE(e->port) != port) {
			ctx->cacheable = false;
			return;
		}
	}
	if (!ctx->live)
		return;
	mn_used_touch(&e->live, jiffies);
	mn_ctx_touch(ctx, &e->live);
}

/**
 * mn_fdb_find() - port behind which the packet's destination is
 * @ctx: walk; the look-up is noted as a dependency
 * @bridge: bridge
 *
 * Context: BH disabled, RCU.
 *
 * Return: a port that exists in the walk's generation, NULL if unknown
 */
struct mn_port *mn_fdb_find(struct mn_ctx *ctx, struct mn_bridge *bridge)
{
	const struct mn_static_mac *s = NULL;
	struct mn_port *port = NULL;
	struct mn_fdb_key key;
	struct mn_fdb *e;

	key_set(&key, bridge, ctx->key.vlan, ctx->key.eth_dst);
	mn_ctx_dep(ctx, key_slot(ctx->mn, &key));
	if (!list_empty(&bridge->static_macs))
		s = mn_static_mac_find(ctx->mn, &key, ctx->generation);
	if (s) {
		mn_trace(ctx, &bridge->obj, s->port, "lookup", NULL,
			 "%pM (vlan %u) is behind port %s (static)", key.mac,
			 key.vlan, s->port->obj.name);
		return s->port;
	}
	e = fdb_lookup(ctx->mn, &key);
	if (e)
		port = READ_ONCE(e->port);
	if (port && mn_ctx_obj(ctx, &port->obj)) {
		mn_trace(ctx, &bridge->obj, port, "lookup", NULL,
			 "%pM (vlan %u) is behind port %s (learned, seen %u s ago)",
			 key.mac, key.vlan, port->obj.name,
			 jiffies_to_msecs(jiffies - READ_ONCE(e->live.used)) / 1000);
		return port;
	}
	mn_trace(ctx, &bridge->obj, NULL, "lookup", NULL,
		 "nobody knows where %pM (vlan %u) is", key.mac, key.vlan);
	return NULL;
}

/* Forgetting. */

/* Under RCU. */
static void fdb_expire(struct mn_net *mn, struct mn_fdb *e, unsigned long age)
{
	struct mn_bridge *bridge = mn_port_bridge(READ_ONCE(e->port));
	struct mn_port *port;
	bool gone = false;

	spin_lock_bh(&bridge->fdb_lock);
	port = e->port;
	if (!e->dead && time_after(jiffies, READ_ONCE(e->live.used) + age)) {
		fdb_unlink(mn, e);
		gone = true;
	}
	spin_unlock_bh(&bridge->fdb_lock);
	if (gone)
		fdb_gone(mn, e, port);
}

static void fdb_look(struct mn_net *mn, struct mn_fdb *e)
{
	struct mn_bridge *bridge = mn_port_bridge(READ_ONCE(e->port));
	const struct mn_ver *ver = mn_ver_now(&bridge->obj);
	unsigned long age;

	if (!ver)
		return;
	/* What flows know of it may come late. */
	age = mn_bridge_ver(ver)->mac_age * (unsigned long)HZ +
	      mn_flows_lag(mn);
	if (time_after(jiffies, READ_ONCE(e->live.used) + age))
		fdb_expire(mn, e, age);
}

static void fdb_sweep(struct work_struct *work)
{
	struct mn_net *mn = container_of(to_delayed_work(work), struct mn_net,
					 fdb_work);
	struct rhashtable_iter iter;
	struct mn_fdb *e;
	u32 n = 0;

	rhashtable_walk_enter(&mn->macs, &iter);
	rhashtable_walk_start(&iter);
	while ((e = rhashtable_walk_next(&iter))) {
		if (IS_ERR(e))
			continue;	/* resized: some are seen twice */
		fdb_look(mn, e);
		if (++n % MN_FDB_BATCH)
			continue;
		rhashtable_walk_stop(&iter);
		cond_resched();
		rhashtable_walk_start(&iter);
	}
	rhashtable_walk_stop(&iter);
	rhashtable_walk_exit(&iter);
	if (atomic_read(&mn->n_macs))
		age_soon(mn);
}

/* Take up to MN_FDB_BATCH entries off a port. Returns how many. */
static int forget_some(struct mn_net *mn, struct mn_port *port)
{
	struct mn_bridge *bridge = mn_port_bridge(port);
	struct mn_fdb *gone[MN_FDB_BATCH];
	struct hlist_node *next;
	struct mn_fdb *e;
	int i, n = 0;

	rcu_read_lock();
	spin_lock_bh(&bridge->fdb_lock);
	hlist_for_each_entry_safe(e, next, &port->macs, by_port) {
		fdb_unlink(mn, e);
		gone[n++] = e;
		if (n == MN_FDB_BATCH)
			break;
	}
	spin_unlock_bh(&bridge->fdb_lock);
	for (i = 0; i < n; i++)
		fdb_gone(mn, gone[i], port);
	rcu_read_unlock();
	return n;
}

/**
 * mn_fdb_forget_port() - forget the MACs learned on a port
 * @mn: namespace
 * @port: port; after its removal was published this is for good; one of a router
 *	has none
 *
 * Context: may sleep.
 */
void mn_fdb_forget_port(struct mn_net *mn, const struct mn_port *port)
{
	if (mn_port_on_router(port))
		return;
	while (forget_some(mn, (struct mn_port *)port))
		cond_resched();
}

/**
 * mn_fdb_flush() - forget learned MACs
 * @mn: namespace
 * @bridge: of this bridge, or NULL for all
 *
 * Context: mn_net.lock, so that no port goes; may sleep.
 */
void mn_fdb_flush(struct mn_net *mn, const struct mn_bridge *bridge)
{
	unsigned long index;
	struct mn_obj *obj;

	mn_assert_lock(mn);
	if (bridge) {
		list_for_each_entry(obj, &bridge->ports, siblings)
			mn_fdb_forget_port(mn, mn_port_of(obj));
		return;
	}
	xa_for_each(&mn->types[MIDONET_OBJECT_TYPE_PORT], index, obj)
		mn_fdb_forget_port(mn, mn_port_of(obj));
}

/**
 * mn_fdb_init() - set up the MAC table of a namespace
 * @mn: namespace
 *
 * Return: 0 or a negative error
 */
int mn_fdb_init(struct mn_net *mn)
{
	INIT_DELAYED_WORK(&mn->fdb_work, fdb_sweep);
	return rhashtable_init(&mn->macs, &fdb_params);
}

/**
 * mn_fdb_stop() - stop ageing
 * @mn: namespace; no packet is in a walk
 *
 * Context: may sleep.
 */
void mn_fdb_stop(struct mn_net *mn)
{
	cancel_delayed_work_sync(&mn->fdb_work);
}

/**
 * mn_fdb_exit() - free the MAC table
 * @mn: namespace; its ports are gone, and with them all entries, its flows, and
 *	with them all references
 *
 * Context: may sleep.
 */
void mn_fdb_exit(struct mn_net *mn)
{
	/* Entries count down n_macs when they go. */
	rcu_barrier();
	WARN_ON_ONCE(atomic_read(&mn->n_macs));
	rhashtable_destroy(&mn->macs);
}

/**
 * mn_fdb_caches_create() - make the slab of learned MACs
 *
 * Return: 0 or -ENOMEM
 */
int mn_fdb_caches_create(void)
{
	mn_fdb_cache = KMEM_CACHE(mn_fdb, 0);
	return mn_fdb_cache ? 0 : -ENOMEM;
}

/**
 * mn_fdb_caches_destroy() - the opposite
 *
 * Context: after rcu_barrier(); may sleep.
 */
void mn_fdb_caches_destroy(void)
{
	kmem_cache_destroy(mn_fdb_cache);
}
