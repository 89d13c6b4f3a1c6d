// SPDX-License-Identifier: GPL-2.0
/*
 * Blocks of ports that this host may use for snat. Hosts that translate to one
 * address share its ports out among them, so that none needs to ask the others.
 * Who does that sharing tells the kernel here; an address without blocks belongs
 * to this host alone.
 *
 * Blocks are state: they come and go while a host works, and no flow depends on
 * them. A connection that has a port keeps it when the block goes.
 */
#include <linux/bitmap.h>
#include <linux/mutex.h>
#include <linux/random.h>
#include <linux/rhashtable.h>
#include <linux/slab.h>
#include <net/ipv6.h>

#include "config/dump.h"
#include "config/nl.h"
#include "config/txn.h"
#include "l3/neigh.h"
#include "l3/router.h"
#include "state/conn_table.h"
#include "state/nat_block.h"

#define MN_NAT_BLOCK_PORTS	64	/* of a block that does not say */
#define MN_PORT_MAX		65535

static const struct rhashtable_params block_params = {
	.head_offset = offsetof(struct mn_nat_block, node),
	.key_offset = offsetof(struct mn_nat_block, key),
	.key_len = sizeof(struct mn_nat_block_key),
	.automatic_shrinking = true,
};

static struct mn_nat_block *of_entry(struct mn_entry *e)
{
	return container_of(e, struct mn_nat_block, entry);
}

static void set_key(struct mn_nat_block_key *key, const struct mn_obj *router,
		    u8 family, const void *addr)
{
	memset(key, 0, sizeof(*key));
	key->router = router->index;
	key->family = family;
	memcpy(&key->addr, addr, mn_addr_len(family));
}

/* Put a range among the others; when all is full, maybe in place of one. */
static void put_range(struct mn_port_range *ranges, u32 seen, u16 first,
		      u16 last)
{
	u32 at = seen;

	if (seen >= MN_PORT_RANGES)
		at = reciprocal_scale(get_random_u32(), seen + 1);
	if (at >= MN_PORT_RANGES)
		return;
	ranges[at].first = first;
	ranges[at].n = last - first + 1;
}

u32 mn_nat_ports(struct mn_net *mn, const struct mn_router *router, u8 family,
		 const struct in6_addr *addr, u16 first, u16 last,
		 u64 generation, struct mn_port_range *ranges)
{
	const struct mn_nat_block *b;
	struct rhlist_head *list, *pos;
	struct mn_nat_block_key key;
	bool shared = false;
	u32 seen = 0;

	set_key(&key, &router->obj, family, addr);
	list = rhltable_lookup(&mn->nat_blocks, &key, block_params);
	rhl_for_each_entry_rcu(b, pos, list, node) {
		if (!mn_entry_at(&b->entry, generation))
			continue;
		shared = true;
		if (b->first > last || b->last < first)
			continue;
		put_range(ranges, seen++, max(first, b->first),
			  min(last, b->last));
	}
	if (!shared)
		put_range(ranges, seen++, first, last);
	return min_t(u32, seen, MN_PORT_RANGES);
}

/* Configuration. */

static int refuse(struct mn_txn *txn, int err, const struct mn_nat_block *b,
		  const char *what)
{
	const char *router = b->entry.parent->name;

	if (b->key.family == AF_INET)
		return mn_txn_err(txn, err,
				  "router %s: nat-block %pI4 port %u %s", router,
				  &b->key.addr, b->first, what);
	return mn_txn_err(txn, err, "router %s: nat-block %pI6c port %u %s",
			  router, &b->key.addr, b->first, what);
}

static bool addr_ok(const struct mn_nat_block_key *key)
{
	__be32 v4 = key->addr.s6_addr32[0];

	if (key->family == AF_INET)
		return !ipv4_is_zeronet(v4) && !ipv4_is_loopback(v4) &&
		       ntohl(v4) < 0xe0000000;
	return !ipv6_addr_any(&key->addr) && !ipv6_addr_loopback(&key->addr) &&
	       !ipv6_addr_is_multicast(&key->addr);
}

static int get_addr(struct mn_txn *txn, const struct nlattr *attr,
		    const struct mn_obj *router, struct mn_nat_block_key *key,
		    struct netlink_ext_ack *extack)
{
	if (nla_len(attr) == sizeof(struct in_addr) ||
	    nla_len(attr) == sizeof(struct in6_addr)) {
		set_key(key, router,
			nla_len(attr) == sizeof(struct in_addr) ?
			AF_INET : AF_INET6, nla_data(attr));
		if (addr_ok(key))
			return 0;
	}
	NL_SET_BAD_ATTR(extack, attr);
	return mn_txn_err(txn, -EINVAL,
			  "router %s: a nat-block's address is one unicast IPv4 or IPv6 address",
			  router->name);
}

/* What a message is about; the last port only of a new one. */
static int get_block(struct mn_txn *txn, const struct mn_op *op,
		     struct nlattr **tb, struct mn_nat_block *b,
		     struct netlink_ext_ack *extack)
{
	u32 count = MN_NAT_BLOCK_PORTS;
	struct mn_obj *router;
	int err;

	if (!tb[MIDONET_A_PARENT] || !tb[MIDONET_A_ADDRESS] ||
	    !tb[MIDONET_A_FIRST_PORT])
		return mn_txn_err(txn, -EINVAL,
				  "a nat-block needs parent (its router), address and first-port");
	router = mn_txn_ref(txn, NULL, tb[MIDONET_A_PARENT],
			    MIDONET_OBJECT_TYPE_ROUTER, "parent", extack);
	if (IS_ERR(router))
		return PTR_ERR(router);
	b->entry.parent = router;
	b->entry.type = MIDONET_OBJECT_TYPE_NAT_BLOCK;
	err = get_addr(txn, tb[MIDONET_A_ADDRESS], router, &b->key, extack);
	if (err)
		return err;
	b->first = nla_get_u16(tb[MIDONET_A_FIRST_PORT]);
	if (op->verb == MN_VERB_DEL)
		return 0;
	if (tb[MIDONET_A_COUNT])
		count = nla_get_u32(tb[MIDONET_A_COUNT]);
	if (!b->first || !count || count > MN_PORT_MAX + 1 - b->first)
		return refuse(txn, -EINVAL, b,
			      "ends at port 65535 at the latest, and has one port at least");
	b->last = b->first + count - 1;
	return 0;
}

/* What an address has in the end state; NULL for nothing that matters. */
static struct mn_nat_block *find_end(struct mn_net *mn,
				     const struct mn_nat_block *what, u32 *n)
{
	struct mn_nat_block *b, *found = NULL;
	struct rhlist_head *list, *pos;

	mn_assert_lock(mn);
	*n = 0;
	rcu_read_lock();
	list = rhltable_lookup(&mn->nat_blocks, &what->key, block_params);
	rhl_for_each_entry_rcu(b, pos, list, node) {
		if (!mn_entry_end(&b->entry))
			continue;
		++*n;
		if (b->first <= what->last && b->last >= what->first)
			found = b;
	}
	rcu_read_unlock();
	return found;
}

static int refuse_overlap(struct mn_txn *txn, const struct mn_nat_block *what,
			  const struct mn_nat_block *other)
{
	char text[64];

	snprintf(text, sizeof(text), "overlaps the one of ports %u to %u",
		 other->first, other->last);
	return refuse(txn, -EEXIST, what, text);
}

static struct mn_nat_block *block_alloc(const struct mn_nat_block *what)
{
	u32 ports = what->last - what->first + 1;
	struct mn_nat_block *b;

	b = kzalloc(struct_size(b, seen, BITS_TO_LONGS(ports)),
		    GFP_KERNEL_ACCOUNT);
	if (!b)
		return NULL;
	b->entry.parent = what->entry.parent;
	b->entry.type = what->entry.type;
	b->key = what->key;
	b->first = what->first;
	b->last = what->last;
	return b;
}

static int block_new(struct mn_txn *txn, const struct mn_nat_block *what)
{
	struct mn_nat_block *b, *other;
	struct mn_net *mn = txn->mn;
	u32 n;
	int err;

	other = find_end(mn, what, &n);
	if (other)
		return refuse_overlap(txn, what, other);
	if (n >= MN_NAT_BLOCKS)
		return refuse(txn, -ENOSPC, what,
			      "is one too many, the address has 1024; make larger ones");
	if ((u32)atomic_read(&mn->nat_blocks.ht.nelems) >=
	    READ_ONCE(mn->limits.objects_max))
		return refuse(txn, -ENOSPC, what,
			      "is one too many; raise net.midonet.objects_max");
	b = block_alloc(what);
	if (!b)
		return -ENOMEM;
	mn_txn_entry_new(txn, &b->entry);
	err = rhltable_insert(&mn->nat_blocks, &b->node, block_params);
	if (err) {
		list_del(&b->entry.list);
		kfree(b);
		return err;
	}
	list_add_tail_rcu(&b->siblings,
			  &mn_router_of(b->entry.parent)->nat_blocks);
	return 0;
}

static int block_del(struct mn_txn *txn, struct mn_nat_block *what)
{
	struct mn_nat_block *b;
	u32 n;

	what->last = what->first;
	b = find_end(txn->mn, what, &n);
	if (!b || b->first != what->first)
		return refuse(txn, -ENOENT, what, "does not exist");
	mn_txn_entry_del(txn, &b->entry);
	return 0;
}

static int block_op(struct mn_txn *txn, struct mn_op *op, struct nlattr **tb,
		    struct netlink_ext_ack *extack)
{
	struct mn_nat_block what = {};
	int err;

	err = get_block(txn, op, tb, &what, extack);
	if (err)
		return err;
	return op->verb == MN_VERB_DEL ? block_del(txn, &what) :
					 block_new(txn, &what);
}

/**
 * mn_nat_blocks_del() - a router goes, with its blocks
 * @txn: transaction
 * @router: router
 *
 * Context: mn_net.lock.
 */
void mn_nat_blocks_del(struct mn_txn *txn, struct mn_router *router)
{
	struct mn_nat_block *b, *next;

	list_for_each_entry_safe(b, next, &router->nat_blocks, siblings) {
		if (mn_entry_end(&b->entry))
			mn_txn_entry_del(txn, &b->entry);
	}
}

/* No flow depends on a block: what found no port is not remembered. */
static void block_changed(struct mn_net *mn, struct mn_entry *e)
{
}

static void block_entry_del(struct mn_net *mn, struct mn_entry *e)
{
	struct mn_nat_block *b = of_entry(e);

	list_del_rcu(&b->siblings);
	rhltable_remove(&mn->nat_blocks, &b->node, block_params);
}

/*
 * Listing. How many ports are in use is found out once for each listing, from
 * the connections.
 */

/* Protects mn_nat_block.n and seen. */
static DEFINE_MUTEX(count_lock);

static void each_block(struct mn_net *mn, void (*fn)(struct mn_nat_block *b))
{
	struct mn_nat_block *b;
	unsigned long index;
	struct mn_obj *obj;

	rcu_read_lock();
	xa_for_each(&mn->types[MIDONET_OBJECT_TYPE_ROUTER], index, obj) {
		list_for_each_entry_rcu(b, &mn_router_of(obj)->nat_blocks,
					siblings)
			fn(b);
	}
	rcu_read_unlock();
}

static void count_begin(struct mn_nat_block *b)
{
	b->n = 0;
	bitmap_zero(b->seen, b->last - b->first + 1);
}

static void count_end(struct mn_nat_block *b)
{
	WRITE_ONCE(b->used, b->n);
}

/* Answers come to the address and port that snat gave a connection. */
static void count_conn(struct mn_conn *conn, void *arg)
{
	const struct mn_tuple *t = &conn->end[MN_DIR_RETURN].tuple;
	struct rhlist_head *list, *pos;
	struct mn_nat_block_key key;
	u16 port = ntohs(t->dport);
	struct mn_net *mn = arg;
	struct mn_nat_block *b;

	if (conn->device->ident.type != MIDONET_OBJECT_TYPE_ROUTER ||
	    !mn_conn_has_snat(conn))
		return;
	set_key(&key, conn->device, t->family, &t->dst);
	list = rhltable_lookup(&mn->nat_blocks, &key, block_params);
	rhl_for_each_entry_rcu(b, pos, list, node) {
		if (port < b->first || port > b->last)
			continue;
		b->n += !__test_and_set_bit(port - b->first, b->seen);
	}
}

static void block_dump_start(struct mn_net *mn)
{
	if (!atomic_read(&mn->nat_blocks.ht.nelems))
		return;
	mutex_lock(&count_lock);
	each_block(mn, count_begin);
	mn_conns_each(mn, count_conn, mn);
	each_block(mn, count_end);
	mutex_unlock(&count_lock);
}

static int block_fill(struct sk_buff *skb, struct mn_dump *cur,
		      const struct mn_nat_block *b)
{
	void *hdr = mn_dump_msg(skb, cur);

	if (!hdr)
		return -EMSGSIZE;
	if (mn_nl_put_id(skb, MIDONET_A_PARENT, b->entry.parent) ||
	    nla_put(skb, MIDONET_A_ADDRESS, mn_addr_len(b->key.family),
		    &b->key.addr) ||
	    nla_put_u16(skb, MIDONET_A_FIRST_PORT, b->first) ||
	    nla_put_u32(skb, MIDONET_A_COUNT, b->last - b->first + 1) ||
	    nla_put_u32(skb, MIDONET_A_USED, READ_ONCE(b->used))) {
		genlmsg_cancel(skb, hdr);
		return -EMSGSIZE;
	}
	genlmsg_end(skb, hdr);
	return 0;
}

static int dump_router(struct mn_net *mn, struct sk_buff *skb,
		       struct mn_dump *cur, const struct mn_router *router)
{
	u64 generation = mn_net_generation(mn);
	const struct mn_nat_block *b;
	unsigned long i = 0;
	int err;

	list_for_each_entry_rcu(b, &router->nat_blocks, siblings) {
		if (i++ < cur->sub)
			continue;
		if (mn_entry_at(&b->entry, generation)) {
			err = block_fill(skb, cur, b);
			if (err)
				return err;
		}
		cur->sub = i;
	}
	return 0;
}

static int block_dump(struct mn_net *mn, struct sk_buff *skb,
		      struct mn_dump *cur)
{
	struct mn_obj *obj;
	int err;

	for (; (obj = mn_dump_next(mn, cur, MIDONET_OBJECT_TYPE_ROUTER));
	     cur->index++, cur->sub = 0) {
		if (!mn_dump_wants(cur, obj))
			continue;
		err = dump_router(mn, skb, cur, mn_router_of(obj));
		if (err)
			return err;
	}
	return 0;
}

/**
 * mn_nat_blocks_init() - set up the blocks of a namespace
 * @mn: namespace
 *
 * Return: 0 or a negative error
 */
int mn_nat_blocks_init(struct mn_net *mn)
{
	return rhltable_init(&mn->nat_blocks, &block_params);
}

/**
 * mn_nat_blocks_exit() - free their table
 * @mn: namespace; its entries are gone
 */
void mn_nat_blocks_exit(struct mn_net *mn)
{
	rhltable_destroy(&mn->nat_blocks);
}

const struct mn_type mn_nat_block_type = {
	.name = "nat-block",
	.type = MIDONET_OBJECT_TYPE_NAT_BLOCK,
	.parents = BIT(MIDONET_OBJECT_TYPE_ROUTER),
	.op = block_op,
	.entry_changed = block_changed,
	.entry_del = block_entry_del,
	.dump_start = block_dump_start,
	.dump = block_dump,
};
