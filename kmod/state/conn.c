// SPDX-License-Identifier: GPL-2.0
/*
 * The table of connections: both ends of each, by the tuple of the packets that
 * enter the device there.
 *
 * A connection enters with the flag MN_CONN_DEAD and loses it when both its ends
 * are in; so nobody finds half of one, and of two that want the same tuples in
 * whatever roles one gets in: both begin with the lesser tuple. It dies once
 * (mn_conn_kill()). What it holds is released by a worker when its last reference
 * has gone: dropping the last reference of an object may sleep.
 *
 * The version counters of both tuples move after it entered and after it left,
 * once each. Lists by port are for those who look for one to give way; their
 * locks are innermost.
 *
 * When a device or a port is removed, the next round of the ageing worker takes
 * its connections (state/conn_age.c). They hold it until then, and its index is
 * gone from it before another device can have it, so nobody finds them under that.
 */
#include <linux/random.h>
#include <linux/siphash.h>
#include <linux/slab.h>

#include "l3/router.h"
#include "overlay/chan.h"
#include "policy/chain.h"
#include "sim/dep.h"
#include "state/conn_table.h"

#define MN_CONN_BATCH	64	/* freed without a break */

static struct kmem_cache *mn_conn_cache;
/* What ends are looked up by. */
struct end_key {
	const struct mn_tuple *tuple;
	u32 hash;
};

/* The seed of the table is not needed: the hash has a key of its own. */
static u32 key_hash(const void *data, u32 len, u32 seed)
{
	return ((const struct end_key *)data)->hash;
}

static u32 end_hash(const void *data, u32 len, u32 seed)
{
	return ((const struct mn_conn_end *)data)->hash;
}

static int end_cmp(struct rhashtable_compare_arg *arg, const void *obj)
{
	const struct end_key *key = arg->key;
	const struct mn_conn_end *end = obj;

	return end->hash != key->hash ||
	       memcmp(&end->tuple, key->tuple, sizeof(end->tuple));
}

static const struct rhashtable_params end_params = {
	.head_offset = offsetof(struct mn_conn_end, node),
	.key_len = sizeof(struct end_key),
	.hashfn = key_hash,
	.obj_hashfn = end_hash,
	.obj_cmpfn = end_cmp,
	/* What had so many will have them again, and growing is dear. */
	.automatic_shrinking = false,
};

/**
 * mn_conn_hash() - hash of a tuple, for those that ask for it
 * @mn: namespace
 * @t: tuple
 *
 * Context: any.
 */
u32 mn_conn_hash(const struct mn_net *mn, const struct mn_tuple *t)
{
	return hsiphash(t, sizeof(*t), &mn->conns->key);
}

static struct mn_conn_end *lookup(struct mn_net *mn, const struct mn_tuple *t,
				  u32 hash)
{
	const struct end_key key = { .tuple = t, .hash = hash };

	return rhashtable_lookup(&mn->conns->ends, &key, end_params);
}

/**
 * mn_conn_find() - connection of the packets with a tuple
 * @mn: namespace
 * @t: tuple
 * @hash: mn_conn_hash() of it
 * @dir: side that sends them
 *
 * One that has expired goes at once.
 *
 * Context: RCU, BH disabled.
 *
 * Return: connection, valid under RCU; NULL if there is none
 */
struct mn_conn *mn_conn_find(struct mn_net *mn, const struct mn_tuple *t,
			     u32 hash, enum mn_dir *dir)
{
	struct mn_conn_end *end = lookup(mn, t, hash);
	struct mn_conn *conn;

	if (!end)
		return NULL;
	conn = mn_conn_of(end);
	/* Pairs with publish(): then the other end is in, too. */
	if (test_bit_acquire(MN_CONN_DEAD, &conn->flags))
		return NULL;
	if (unlikely(mn_conn_expired(conn))) {
		mn_conn_kill(conn);
		return NULL;
	}
	*dir = end->dir;
	return conn;
}

/**
 * mn_conn_taken() - has some connection a tuple?
 * @mn: namespace
 * @t: tuple
 *
 * Unlike for mn_conn_find(), one that is about to be there counts.
 *
 * Context: RCU, BH disabled.
 */
bool mn_conn_taken(struct mn_net *mn, const struct mn_tuple *t)
{
	struct mn_conn_end *end = lookup(mn, t, mn_conn_hash(mn, t));
	struct mn_conn *conn;

	if (!end)
		return false;
	conn = mn_conn_of(end);
	if (test_bit(MN_CONN_DEAD, &conn->flags) || !mn_conn_expired(conn))
		return true;
	mn_conn_kill(conn);
	return false;
}

/* Room. */

static bool take(atomic_t *n, u32 max)
{
	if ((u32)atomic_inc_return(n) <= max)
		return true;
	atomic_dec(n);
	return false;
}

static bool charge(struct mn_net *mn, const struct mn_conn_spec *spec)
{
	if (!take(&mn->conns->n, READ_ONCE(mn->limits.conns_max)))
		return false;
	if (!(spec->flags & BIT(MN_CONN_CHARGED)) ||
	    take(&spec->in->n_conns, READ_ONCE(mn->limits.conns_per_port)))
		return true;
	atomic_dec(&mn->conns->n);
	return false;
}

static void uncharge(struct mn_net *mn, struct mn_port *in, unsigned long flags)
{
	if (flags & BIT(MN_CONN_CHARGED))
		atomic_dec(&in->n_conns);
	atomic_dec(&mn->conns->n);
}

/* What has to be freed first counts, too, or a flood would outrun RCU. */
static bool charge_memory(struct mn_net *mn)
{
	u32 max = READ_ONCE(mn->limits.conns_max);

	return take(&mn->conns->n_alive, max + max / 8 + MN_CONN_BATCH);
}

/* Freeing. */

static void release(struct mn_net *mn, struct mn_conn *conn)
{
	mn_rule_put(conn->rules[MN_NAT_DST]);
	mn_rule_put(conn->rules[MN_NAT_SRC]);
	if (conn->out)
		mn_obj_put(mn, &conn->out->obj);
	mn_obj_put(mn, &conn->in->obj);
	mn_obj_put(mn, conn->device);
	kmem_cache_free(mn_conn_cache, conn);
}

static void free_dead(struct work_struct *work)
{
	struct mn_conns *conns = container_of(work, struct mn_conns, free_work);
	struct llist_node *list = llist_del_all(&conns->dead);
	struct mn_conn *conn, *next;
	u32 n = 0;

	llist_for_each_entry_safe(conn, next, list, dead) {
		release(conns->mn, conn);
		atomic_dec(&conns->n_alive);
		if (!(++n % MN_CONN_BATCH))
			cond_resched();
	}
}

/* The last reference went; any context. */
static void conn_free(struct mn_used *used)
{
	struct mn_conn *conn = container_of(used, struct mn_conn, used);
	struct mn_conns *conns = conn->mn->conns;

	if (llist_add(&conn->dead, &conns->dead))
		schedule_work(&conns->free_work);
}

static void conn_put_rcu(struct rcu_head *rcu)
{
	mn_conn_put(container_of(rcu, struct mn_conn, rcu));
}

/* Making one. */

static bool take_refs(struct mn_conn *conn, const struct mn_conn_spec *spec)
{
	int i;

	if (!refcount_inc_not_zero(&spec->device->ident.ref))
		return false;
	if (!refcount_inc_not_zero(&spec->in->obj.ident.ref)) {
		/* Not the last one: the caller has it from a table. */
		refcount_dec(&spec->device->ident.ref);
		return false;
	}
	/* It is there for others' sake: without it they are not told. */
	conn->out = spec->out;
	if (conn->out && !refcount_inc_not_zero(&conn->out->obj.ident.ref))
		conn->out = NULL;
	for (i = 0; i < MN_NATS; i++) {
		conn->rules[i] = spec->rules[i];
		if (conn->rules[i])
			mn_rule_get(conn->rules[i]);
	}
	conn->device = spec->device;
	conn->in = spec->in;
	return true;
}

static void set_end(struct mn_net *mn, struct mn_conn_end *end,
		    const struct mn_tuple *t, enum mn_dir dir)
{
	end->tuple = *t;
	end->hash = mn_conn_hash(mn, t);
	end->dir = dir;
}

static struct mn_conn *conn_new(struct mn_net *mn,
				const struct mn_conn_spec *spec)
{
	struct mn_conn *conn;

	if (!charge_memory(mn))
		return ERR_PTR(-ENOSPC);
	conn = kmem_cache_alloc(mn_conn_cache, GFP_ATOMIC | __GFP_NOWARN);
	if (!conn)
		goto err_memory;
	if (!take_refs(conn, spec))
		goto err_conn;
	conn->mn = mn;
	set_end(mn, &conn->end[MN_DIR_FORWARD], spec->forward, MN_DIR_FORWARD);
	set_end(mn, &conn->end[MN_DIR_RETURN], spec->reply, MN_DIR_RETURN);
	conn->flags = spec->flags | BIT(MN_CONN_DEAD);
	if (!(spec->flags & BIT(MN_CONN_ANSWERED)))
		conn->flags |= BIT(MN_CONN_WAITS);
	conn->phase = spec->phase;
	conn->created = jiffies / HZ;
	conn->used.used = jiffies;
	conn->told = jiffies;
	conn->round = 0;
	conn->used.free = conn_free;
	/* Of the table, and of the caller. */
	refcount_set(&conn->used.ref, 2);
	INIT_LIST_HEAD(&conn->by_port);
	return conn;

err_conn:
	kmem_cache_free(mn_conn_cache, conn);
err_memory:
	atomic_dec(&mn->conns->n_alive);
	return ERR_PTR(-ENOMEM);
}

/* A packet to oneself is its own answer: then there is one end. */
static bool is_own_answer(const struct mn_conn *conn)
{
	return !memcmp(&conn->end[MN_DIR_FORWARD].tuple,
		       &conn->end[MN_DIR_RETURN].tuple,
		       sizeof(struct mn_tuple));
}

static int insert(struct mn_conns *conns, struct mn_conn_end *end)
{
	const struct end_key key = { .tuple = &end->tuple, .hash = end->hash };

	return rhashtable_lookup_insert_key(&conns->ends, &key, &end->node,
					    end_params);
}

static int enter(struct mn_conns *conns, struct mn_conn *conn)
{
	struct mn_conn_end *a = &conn->end[MN_DIR_FORWARD];
	struct mn_conn_end *b = &conn->end[MN_DIR_RETURN];
	int err, diff = memcmp(&a->tuple, &b->tuple, sizeof(a->tuple));

	if (diff > 0)
		swap(a, b);
	err = insert(conns, a);
	if (err || !diff)
		return err;
	err = insert(conns, b);
	if (err)
		rhashtable_remove_fast(&conns->ends, &a->node, end_params);
	return err;
}

static void leave(struct mn_conns *conns, struct mn_conn *conn)
{
	rhashtable_remove_fast(&conns->ends, &conn->end[MN_DIR_FORWARD].node,
			       end_params);
	if (!is_own_answer(conn))
		rhashtable_remove_fast(&conns->ends,
				       &conn->end[MN_DIR_RETURN].node,
				       end_params);
}

static void list_in(struct mn_conns *conns, struct mn_conn *conn)
{
	struct mn_conn_lock *l = mn_conn_lock_of(conns, conn->in);
	bool waits = test_bit(MN_CONN_WAITS, &conn->flags);

	spin_lock_bh(&l->lock);
	list_add_tail(&conn->by_port, waits ? &conn->in->conns_unanswered :
					      &conn->in->conns_answered);
	l->n_unanswered += waits;
	spin_unlock_bh(&l->lock);
}

/* Under the lock: no more among the unanswered ones, if it was. */
static void stop_waiting(struct mn_conn_lock *l, struct mn_conn *conn)
{
	if (test_and_clear_bit(MN_CONN_WAITS, &conn->flags))
		l->n_unanswered--;
}

static void list_out(struct mn_conns *conns, struct mn_conn *conn)
{
	struct mn_conn_lock *l = mn_conn_lock_of(conns, conn->in);

	spin_lock_bh(&l->lock);
	list_del_init(&conn->by_port);
	stop_waiting(l, conn);
	spin_unlock_bh(&l->lock);
}

static void bump(struct mn_conn *conn)
{
	struct mn_net *mn = conn->mn;

	mn_dep_bump(mn, mn_conn_slot(conn->end[MN_DIR_FORWARD].hash));
	mn_dep_bump(mn, mn_conn_slot(conn->end[MN_DIR_RETURN].hash));
}

/* The router whose packets are looked up because of the connection, or NULL. */
static struct mn_router *translator(const struct mn_conn *conn)
{
	if (conn->device->ident.type != MIDONET_OBJECT_TYPE_ROUTER ||
	    (!mn_conn_has_dnat(conn) && !mn_conn_has_snat(conn)))
		return NULL;
	return mn_router_of(conn->device);
}

/* Both ends are in the table: now it can be found. */
static void publish(struct mn_conns *conns, struct mn_conn *conn)
{
	struct mn_router *router = translator(conn);
	bool first = false;

	list_in(conns, conn);
	if (router)
		first = atomic_inc_return(&router->n_translated) == 1;
	/* Pairs with mn_conn_find(). */
	clear_bit_unlock(MN_CONN_DEAD, &conn->flags);
	bump(conn);
	if (first)
		mn_dep_bump(conns->mn, router->translated_dep);
	mn_conns_arm(conns);
}

static int check(struct mn_net *mn, const struct mn_conn_spec *spec)
{
	if (WARN_ON_ONCE(spec->forward->device != mn_tuple_device(spec->device) ||
			 spec->reply->device != spec->forward->device))
		return -EINVAL;
	if (unlikely(READ_ONCE(mn->conns->stopped)))
		return -ENOSPC;
	return 0;
}

/* Is a tuple free now, if only because who had it had expired? */
static bool end_is_free(struct mn_net *mn, const struct mn_conn_end *end)
{
	enum mn_dir dir;

	return !mn_conn_find(mn, &end->tuple, end->hash, &dir);
}

/* Both ends into the table; who expired makes way. */
static int enter_or_replace(struct mn_net *mn, struct mn_conn *conn)
{
	int err = enter(mn->conns, conn);

	if (likely(err != -EEXIST) ||
	    !end_is_free(mn, &conn->end[MN_DIR_FORWARD]) ||
	    !end_is_free(mn, &conn->end[MN_DIR_RETURN]))
		return err;
	return enter(mn->conns, conn);
}

/**
 * mn_conn_add() - make a connection
 * @mn: namespace
 * @spec: what it is like; its device, port and rules were found under this RCU
 *	or are referenced
 *
 * The version counters of both tuples move once each (by two altogether if they
 * share a slot), and if it is the first of a router that translates something,
 * &mn_router.translated_dep as well. If there is no room, another one of the
 * same port gives way, see mn_conn_make_room().
 *
 * Context: RCU, BH disabled.
 *
 * Return: the connection with a reference for the caller; ERR_PTR: -EEXIST if
 * one of the tuples is taken, -ENOSPC without room, -ENOMEM
 */
struct mn_conn *mn_conn_add(struct mn_net *mn, const struct mn_conn_spec *spec)
{
	struct mn_conns *conns = mn->conns;
	struct mn_conn *conn;
	int err = check(mn, spec);

	if (err)
		return ERR_PTR(err);
	if (unlikely(!charge(mn, spec)) &&
	    !(mn_conn_make_room(mn, spec->in) && charge(mn, spec)))
		return ERR_PTR(-ENOSPC);
	conn = conn_new(mn, spec);
	if (IS_ERR(conn)) {
		uncharge(mn, spec->in, spec->flags);
		return conn;
	}
	err = enter_or_replace(mn, conn);
	if (unlikely(err)) {
		uncharge(mn, spec->in, spec->flags);
		/* Readers may have seen it for a moment. */
		refcount_set(&conn->used.ref, 1);
		call_rcu(&conn->rcu, conn_put_rcu);
		return ERR_PTR(err == -EEXIST ? err : -ENOMEM);
	}
	publish(conns, conn);
	return conn;
}

/**
 * mn_conn_set_answered() - the first answer was seen
 * @conn: connection, whose flag is set already
 *
 * Context: RCU, BH disabled.
 */
void mn_conn_set_answered(struct mn_conn *conn)
{
	struct mn_net *mn = conn->mn;
	struct mn_conn_lock *l = mn_conn_lock_of(mn->conns, conn->in);

	spin_lock_bh(&l->lock);
	/* On its way out it is in no list, or about to leave it. */
	if (!test_bit(MN_CONN_DEAD, &conn->flags)) {
		list_move_tail(&conn->by_port, &conn->in->conns_answered);
		stop_waiting(l, conn);
	}
	spin_unlock_bh(&l->lock);
	if (test_bit(MN_CONN_STATE_READ, &conn->flags))
		mn_dep_bump(mn, mn_conn_slot(conn->end[MN_DIR_FORWARD].hash));
}

/**
 * mn_conn_kill() - a connection goes
 * @conn: connection in the table, found under this RCU or referenced
 *
 * Context: RCU; any but hard interrupts.
 *
 * Return: false if it was going already
 */
bool mn_conn_kill(struct mn_conn *conn)
{
	struct mn_conns *conns = conn->mn->conns;
	struct mn_router *router = translator(conn);

	if (test_and_set_bit(MN_CONN_DEAD, &conn->flags))
		return false;
	if (unlikely(mn_chan_active(conn->mn)) &&
	    !test_bit(MN_CONN_HUSHED, &conn->flags))
		mn_chan_conn_gone(conn);
	leave(conns, conn);
	list_out(conns, conn);
	uncharge(conn->mn, conn->in, conn->flags);
	if (router)
		atomic_dec(&router->n_translated);
	bump(conn);
	call_rcu(&conn->rcu, conn_put_rcu);
	return true;
}

struct flush {
	u32 device;
	u32 n;
};

static void flush_one(struct mn_conn *conn, void *arg)
{
	struct flush *f = arg;

	if (!f->device || conn->end[MN_DIR_FORWARD].tuple.device == f->device)
		f->n += mn_conn_kill(conn);
}

/**
 * mn_conns_flush_device() - forget the connections of a device
 * @mn: namespace
 * @device: bridge or router; NULL: all
 *
 * Context: may sleep.
 *
 * Return: how many there were
 */
u32 mn_conns_flush_device(struct mn_net *mn, const struct mn_obj *device)
{
	struct flush f = { .device = device ? mn_tuple_device(device) : 0 };

	mn_conns_each(mn, flush_one, &f);
	return f.n;
}

/**
 * mn_conns_count() - connections of a namespace, in numbers
 * @mn: namespace
 * @counts: set to them; each is right at some time during the call
 *
 * Context: any.
 */
void mn_conns_count(const struct mn_net *mn, struct mn_conn_counts *counts)
{
	const struct mn_conns *conns = mn->conns;
	int i;

	counts->n = atomic_read(&conns->n);
	counts->evicted = atomic64_read(&conns->n_evicted);
	counts->unanswered = 0;
	for (i = 0; i < BIT(MN_CONN_LOCK_BITS); i++)
		counts->unanswered += READ_ONCE(conns->locks[i].n_unanswered);
}

/**
 * mn_conns_init() - set up the connections of a namespace
 * @mn: namespace
 *
 * Return: 0 or -ENOMEM
 */
int mn_conns_init(struct mn_net *mn)
{
	struct mn_conns *conns = kzalloc(sizeof(*conns), GFP_KERNEL_ACCOUNT);
	int i, err;

	if (!conns)
		return -ENOMEM;
	conns->mn = mn;
	init_llist_head(&conns->dead);
	INIT_WORK(&conns->free_work, free_dead);
	INIT_DELAYED_WORK(&conns->age_work, mn_conns_age);
	for (i = 0; i < BIT(MN_CONN_LOCK_BITS); i++)
		spin_lock_init(&conns->locks[i].lock);
	get_random_bytes(&conns->key, sizeof(conns->key));
	err = rhashtable_init(&conns->ends, &end_params);
	if (err) {
		kfree(conns);
		return err;
	}
	mn->conns = conns;
	return 0;
}

/**
 * mn_conns_stop() - forget all connections, and free them
 * @mn: namespace; no packet is in a walk, and its flows are freed, so nobody
 *	else has a reference; objects are still there
 *
 * Context: may sleep.
 */
void mn_conns_stop(struct mn_net *mn)
{
	struct mn_conns *conns = mn->conns;

	WRITE_ONCE(conns->stopped, true);
	cancel_delayed_work_sync(&conns->age_work);
	mn_conns_flush_device(mn, NULL);
	/* The last references go in these; then the memory. */
	rcu_barrier();
	do {
		flush_work(&conns->free_work);
	} while (!llist_empty(&conns->dead));
	WARN_ON_ONCE(atomic_read(&conns->n) || atomic_read(&conns->n_alive));
}

/**
 * mn_conns_exit() - free the table
 * @mn: namespace; mn_conns_stop() was called, or nothing ever happened in it
 *
 * Context: may sleep.
 */
void mn_conns_exit(struct mn_net *mn)
{
	struct mn_conns *conns = mn->conns;

	rhashtable_destroy(&conns->ends);
	mn->conns = NULL;
	kfree(conns);
}

/**
 * mn_conn_caches_create() - make the slab of connections
 *
 * Return: 0 or -ENOMEM
 */
int mn_conn_caches_create(void)
{
	mn_conn_cache = KMEM_CACHE(mn_conn, 0);
	return mn_conn_cache ? 0 : -ENOMEM;
}

/**
 * mn_conn_caches_destroy() - the opposite
 *
 * Context: after rcu_barrier(); may sleep.
 */
void mn_conn_caches_destroy(void)
{
	kmem_cache_destroy(mn_conn_cache);
}
