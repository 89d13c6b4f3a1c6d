// SPDX-License-Identifier: GPL-2.0
/*
 * ip-sets. The members of all sets of a namespace are in one table, by (set,
 * family, prefix length, prefix); a look-up probes the lengths that a set has,
 * the longest first. They are in another one by the prefix alone: there a chain
 * whose rules name many sets finds those that matter. A set has no configuration
 * of its own: its version only says that it exists.
 */
#include <linux/bitmap.h>
#include <linux/inetdevice.h>
#include <linux/rhashtable.h>
#include <linux/slab.h>
#include <net/ipv6.h>

#include "config/dump.h"
#include "config/nl.h"
#include "config/txn.h"
#include "policy/chain_index.h"
#include "policy/set.h"
#include "sim/ctx.h"

static const struct rhashtable_params member_params = {
	.head_offset = offsetof(struct mn_member, node),
	.key_offset = offsetof(struct mn_member, key),
	.key_len = sizeof_field(struct mn_member, key),
	.automatic_shrinking = true,
};

/* The key without the set. */
#define PREFIX_KEY	offsetof(struct mn_member_key, family)
#define PREFIX_LEN	(sizeof(struct mn_member_key) - PREFIX_KEY)

static const struct rhashtable_params prefix_params = {
	.head_offset = offsetof(struct mn_member, prefix_node),
	.key_offset = offsetof(struct mn_member, key) + PREFIX_KEY,
	.key_len = PREFIX_LEN,
	.automatic_shrinking = true,
};

static struct mn_member *member_of(struct mn_entry *e)
{
	return container_of(e, struct mn_member, entry);
}

static void member_key_init(struct mn_member_key *key,
			    const struct mn_set *set,
			    const struct mn_prefix *p)
{
	memset(key, 0, sizeof(*key));
	key->set = set->obj.index;
	key->family = p->family;
	key->plen = p->plen;
	key->addr = p->addr;
}

/* Packets. */

static void prefix_of(struct mn_member_key *key, const void *addr, u8 plen)
{
	struct in6_addr all = {};

	key->plen = plen;
	if (key->family == AF_INET) {
		key->addr = all;
		key->addr.s6_addr32[0] = *(const __be32 *)addr &
					 inet_make_mask(plen);
		return;
	}
	ipv6_addr_prefix(&key->addr, addr, plen);
}

static bool has_member(struct mn_ctx *ctx, const struct mn_member_key *key)
{
	struct rhlist_head *list, *pos;
	struct mn_member *m;

	list = rhltable_lookup(&ctx->mn->members, key, member_params);
	rhl_for_each_entry_rcu(m, pos, list, node) {
		if (mn_entry_at(&m->entry, ctx->generation))
			return true;
	}
	return false;
}

/**
 * mn_set_length() - the next shorter prefix length worth a look-up
 * @lens: lengths; bits may change
 * @family: AF_INET or AF_INET6
 * @below: the length before; U32_MAX to begin
 *
 * Context: any.
 *
 * Return: the length, U32_MAX if there is none
 */
u32 mn_set_length(const struct mn_set_lens *lens, u8 family, u32 below)
{
	const unsigned long *has = family == AF_INET ? lens->v4 : lens->v6;
	u32 end = min_t(u32, below, family == AF_INET ? 33 : 129);
	u32 word = BITS_TO_LONGS(end);
	unsigned long bits;

	while (word--) {
		bits = READ_ONCE(has[word]);
		if (end - word * BITS_PER_LONG < BITS_PER_LONG)
			bits &= BIT(end - word * BITS_PER_LONG) - 1;
		if (bits)
			return word * BITS_PER_LONG + __fls(bits);
	}
	return U32_MAX;
}

/**
 * mn_set_has() - is an address in a set
 * @ctx: walk; the set is noted as a dependency
 * @set: set
 * @family: AF_INET or AF_INET6
 * @addr: address
 * @plen: set to the number of its bits that the answer depends on
 *
 * Context: RCU, BH disabled.
 */
bool mn_set_has(struct mn_ctx *ctx, const struct mn_set *set, u8 family,
		const void *addr, u8 *plen)
{
	struct mn_member_key key = {
		.set = set->obj.index,
		.family = family,
	};
	u32 len = U32_MAX;

	*plen = 0;
	mn_ctx_dep(ctx, set->obj.dep);
	while ((len = mn_set_length(&set->lens, family, len)) != U32_MAX) {
		*plen = max_t(u8, *plen, len);
		prefix_of(&key, addr, len);
		if (has_member(ctx, &key))
			return true;
	}
	return false;
}

static u32 prefix_dep(const struct mn_net *mn, const struct mn_member_key *key)
{
	return mn_dep_slot((const u8 *)key + PREFIX_KEY, PREFIX_LEN,
			   (u32)mn->seed.key[1]);
}

/**
 * mn_sets_find() - members of any set that are a prefix of an address
 * @ctx: walk; what is not there is noted as a dependency, too
 * @family: AF_INET or AF_INET6
 * @addr: address
 * @plen: length of the prefix
 *
 * Context: RCU, BH disabled.
 *
 * Return: list of &mn_member.prefix_node, also of members that are not there in
 * this generation, or NULL
 */
struct rhlist_head *mn_sets_find(struct mn_ctx *ctx, u8 family,
				 const void *addr, u8 plen)
{
	struct mn_member_key key = { .family = family };

	prefix_of(&key, addr, plen);
	mn_ctx_dep(ctx, prefix_dep(ctx->mn, &key));
	return rhltable_lookup(&ctx->mn->prefixes, (u8 *)&key + PREFIX_KEY,
			       prefix_params);
}

/* Members. */

static struct mn_member *find_member(struct mn_net *mn,
				     const struct mn_member_key *key, bool dying)
{
	struct mn_member *m, *found = NULL;
	struct rhlist_head *list, *pos;

	rcu_read_lock();
	list = rhltable_lookup(&mn->members, key, member_params);
	rhl_for_each_entry_rcu(m, pos, list, node) {
		if (m->entry.died == U64_MAX && m->entry.dying == dying) {
			found = m;
			break;
		}
	}
	rcu_read_unlock();
	return found;
}

static void count_length(struct mn_net *mn, struct mn_set *set,
			 const struct mn_member_key *key, int by)
{
	bool v4 = key->family == AF_INET;
	u32 *n = v4 ? &set->n4[key->plen] : &set->n6[key->plen];
	unsigned long *has = v4 ? set->lens.v4 : set->lens.v6;

	*n += by;
	if (!*n) {
		clear_bit(key->plen, has);
	} else if (!test_bit(key->plen, has)) {
		set_bit(key->plen, has);
		mn_chain_index_grow(mn, set, key->family, key->plen);
	}
}

static int table_add(struct mn_net *mn, struct mn_member *m)
{
	int err = rhltable_insert(&mn->members, &m->node, member_params);

	if (err)
		return err;
	err = rhltable_insert(&mn->prefixes, &m->prefix_node, prefix_params);
	if (err)
		rhltable_remove(&mn->members, &m->node, member_params);
	return err;
}

static int member_add(struct mn_txn *txn, struct mn_set *set,
		      const struct mn_member_key *key)
{
	struct mn_net *mn = txn->mn;
	struct mn_member *m;
	int err;

	if (find_member(mn, key, false))
		return 0;
	m = find_member(mn, key, true);
	if (m) {
		/* Removed by this very commit: it stays after all. */
		m->entry.dying = false;
		list_del_init(&m->entry.list);
		return 0;
	}
	if (mn->n_members >= READ_ONCE(mn->limits.set_members_max))
		return mn_txn_err(txn, -ENOSPC,
				  "ip-set %s: there are %u members already; raise net.midonet.set_members_max",
				  set->obj.name, mn->n_members);
	m = kzalloc(sizeof(*m), GFP_KERNEL_ACCOUNT);
	if (!m)
		return -ENOMEM;
	m->entry.parent = &set->obj;
	m->entry.type = MIDONET_OBJECT_TYPE_IP_SET_MEMBER;
	m->key = *key;
	mn_txn_entry_new(txn, &m->entry);
	err = table_add(mn, m);
	if (err) {
		list_del(&m->entry.list);
		/* Readers may have seen it. */
		kfree_rcu(m, rcu);
		return err;
	}
	count_length(mn, set, key, 1);
	list_add_tail_rcu(&m->siblings, &set->members);
	mn->n_members++;
	return 0;
}

static int member_del(struct mn_txn *txn, struct mn_set *set,
		      const struct mn_member_key *key)
{
	struct mn_member *m = find_member(txn->mn, key, false);

	if (m) {
		mn_txn_entry_del(txn, &m->entry);
		return 0;
	}
	if (key->family == AF_INET)
		return mn_txn_err(txn, -ENOENT, "ip-set %s: no member %pI4/%u",
				  set->obj.name, &key->addr, key->plen);
	return mn_txn_err(txn, -ENOENT, "ip-set %s: no member %pI6c/%u",
			  set->obj.name, &key->addr, key->plen);
}

static int member_apply(struct mn_txn *txn, const struct mn_op *op,
			struct mn_set *set, const struct nlattr *attr,
			struct netlink_ext_ack *extack)
{
	struct mn_member_key key;
	struct mn_prefix p;

	if (mn_nl_prefix(nla_data(attr), nla_len(attr), &p)) {
		NL_SET_BAD_ATTR(extack, attr);
		return mn_txn_err(txn, -EINVAL, "ip-set %s: not a prefix",
				  set->obj.name);
	}
	member_key_init(&key, set, &p);
	return op->verb == MN_VERB_NEW ? member_add(txn, set, &key) :
					 member_del(txn, set, &key);
}

static int member_op(struct mn_txn *txn, struct mn_op *op, struct nlattr **tb,
		     struct netlink_ext_ack *extack)
{
	const struct nlattr *pos;
	struct mn_obj *obj;
	int rem, err;

	if (!tb[MIDONET_A_PARENT])
		return mn_txn_err(txn, -EINVAL,
				  "members need a parent, their ip-set");
	obj = mn_txn_ref(txn, NULL, tb[MIDONET_A_PARENT],
			 MIDONET_OBJECT_TYPE_IP_SET, "parent", extack);
	if (IS_ERR(obj))
		return PTR_ERR(obj);
	mn_for_each_attr(pos, op, MIDONET_A_MEMBERS, rem) {
		err = member_apply(txn, op, mn_set_of(obj), pos, extack);
		if (err)
			return err;
	}
	return 0;
}

static void member_changed(struct mn_net *mn, struct mn_entry *e)
{
	struct mn_set *set = mn_set_of(e->parent);

	set->n += e->died == U64_MAX ? 1 : -1;
	mn_dep_bump(mn, e->parent->dep);
	mn_dep_bump(mn, prefix_dep(mn, &member_of(e)->key));
	mn_chain_index_grown(mn);
}

static void member_entry_del(struct mn_net *mn, struct mn_entry *e)
{
	struct mn_member *m = member_of(e);

	rhltable_remove(&mn->members, &m->node, member_params);
	rhltable_remove(&mn->prefixes, &m->prefix_node, prefix_params);
	list_del_rcu(&m->siblings);
	count_length(mn, mn_set_of(e->parent), &m->key, -1);
	mn->n_members--;
}

/*
 * The dump remembers the member to go on with. As long as no commit came
 * between, a member of this generation cannot have been freed. Else the rest of
 * the set is left out: the reader is told to start again anyway.
 */
static int dump_set(struct mn_net *mn, struct sk_buff *skb, struct mn_dump *cur,
		    struct mn_set *set, u64 generation)
{
	struct list_head *pos = (struct list_head *)cur->sub;
	struct mn_member *m;
	void *hdr;
	int n = 0;

	hdr = mn_dump_msg(skb, cur);
	if (!hdr)
		return -EMSGSIZE;
	if (mn_nl_put_id(skb, MIDONET_A_PARENT, &set->obj))
		goto full;
	if (!pos)
		pos = rcu_dereference(list_next_rcu(&set->members));
	for (; pos != &set->members; pos = rcu_dereference(list_next_rcu(pos))) {
		m = list_entry(pos, struct mn_member, siblings);
		if (!mn_entry_at(&m->entry, generation))
			continue;
		if (mn_nl_put_prefix(skb, MIDONET_A_MEMBERS, m->key.family,
				     m->key.plen, &m->key.addr))
			break;
		n++;
	}
	cur->sub = (unsigned long)pos;
	if (n)
		genlmsg_end(skb, hdr);
	else
		genlmsg_cancel(skb, hdr);
	return pos == &set->members ? 0 : -EMSGSIZE;
full:
	genlmsg_cancel(skb, hdr);
	return -EMSGSIZE;
}

static int member_dump(struct mn_net *mn, struct sk_buff *skb,
		       struct mn_dump *cur)
{
	u64 generation = mn_net_generation(mn);
	struct mn_obj *obj;
	int err;

	for (; (obj = mn_dump_next(mn, cur, MIDONET_OBJECT_TYPE_IP_SET));
	     cur->index++, cur->sub = 0) {
		if (cur->filter && obj->index != cur->parent)
			continue;
		if (cur->sub && cur->generation != generation)
			continue;
		cur->generation = generation;
		err = dump_set(mn, skb, cur, mn_set_of(obj), generation);
		if (err)
			return err;
	}
	return 0;
}

const struct mn_type mn_member_type = {
	.name = "ip-set-member",
	.type = MIDONET_OBJECT_TYPE_IP_SET_MEMBER,
	.parents = BIT(MIDONET_OBJECT_TYPE_IP_SET),
	.op = member_op,
	.entry_changed = member_changed,
	.entry_del = member_entry_del,
	.dump = member_dump,
};

/* Sets. */

static int set_init(struct mn_net *mn, struct mn_obj *obj)
{
	INIT_LIST_HEAD(&mn_set_of(obj)->members);
	return 0;
}

static struct mn_ver *set_parse(struct mn_txn *txn, struct mn_obj *obj,
				const struct mn_ver *old,
				const struct mn_op *op, struct nlattr **tb,
				struct netlink_ext_ack *extack)
{
	struct mn_ver *ver = mn_ver_new(MIDONET_OBJECT_TYPE_IP_SET,
					sizeof(struct mn_set_ver));

	return ver ?: ERR_PTR(-ENOMEM);
}

static int set_contents(struct mn_txn *txn, struct mn_obj *obj)
{
	struct mn_member *m, *next;

	list_for_each_entry_safe(m, next, &mn_set_of(obj)->members,
				 siblings) {
		if (m->entry.died == U64_MAX)
			mn_txn_entry_del(txn, &m->entry);
	}
	return 0;
}

static int set_fill(struct mn_net *mn, const struct mn_obj *obj,
		    const struct mn_ver *ver, struct sk_buff *skb)
{
	const struct mn_set *set = container_of(obj, struct mn_set, obj);

	return nla_put_u32(skb, MIDONET_A_COUNT, READ_ONCE(set->n));
}

const struct mn_type mn_set_type = {
	.name = "ip-set",
	.type = MIDONET_OBJECT_TYPE_IP_SET,
	.size = sizeof(struct mn_set),
	.init = set_init,
	.parse = set_parse,
	.contents = set_contents,
	.fill = set_fill,
};

/**
 * mn_sets_init() - set up the tables of members
 * @mn: namespace
 *
 * Return: 0 or a negative error
 */
int mn_sets_init(struct mn_net *mn)
{
	int err = rhltable_init(&mn->members, &member_params);

	if (err)
		return err;
	err = rhltable_init(&mn->prefixes, &prefix_params);
	if (err)
		rhltable_destroy(&mn->members);
	else
		mn_chain_index_init(mn);
	return err;
}

/**
 * mn_sets_exit() - free the tables of members
 * @mn: namespace; the sets were removed
 *
 * Context: may sleep.
 */
void mn_sets_exit(struct mn_net *mn)
{
	/* The members leave the tables in the grave. */
	flush_work(&mn->grave_work);
	rhltable_destroy(&mn->prefixes);
	rhltable_destroy(&mn->members);
}
