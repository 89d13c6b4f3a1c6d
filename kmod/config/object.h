/* SPDX-License-Identifier: GPL-2.0 */
#ifndef _MN_OBJECT_H
#define _MN_OBJECT_H

#include <linux/list.h>
#include <linux/llist.h>
#include <linux/rcupdate.h>
#include <linux/refcount.h>
#include <linux/rhashtable-types.h>
#include <linux/skbuff.h>
#include <net/netlink.h>

#include "net.h"

struct genl_info;
struct mn_chain;
struct mn_dump;
struct mn_obj;
struct mn_op;
struct mn_txn;

/**
 * DOC: Identities, versions, entries
 *
 * A configuration object is an identity (&struct mn_obj: id, name, counters,
 * learned state, device) plus versions (&struct mn_ver: configuration). A walk
 * reads the generation once and uses of every object the newest version whose
 * @from is not above it, so it sees one commit however many objects it crosses.
 * A commit links versions with @from = G + 1, then releases G + 1; the old ones
 * go after a grace period, when no walk of generation G is left. Removal is a
 * tombstone (@dead); the identity leaves the tables a grace period later, in
 * the grave.
 *
 * Identities enter the tables while a commit is being judged, without a
 * version, and so invisible; a refused commit takes them out again.
 *
 * Small things of which there are many (static MACs, neighbours, set members,
 * routes) have no versions but are born and die: &struct mn_entry. A change is a death
 * and a birth in one generation.
 */

/**
 * struct mn_ident - what has an id
 * @node: in &mn_net.idents
 * @id: UUID
 * @ref: held by configuration and by flow entries that count for the object; not
 *	of rules, see &struct mn_count
 * @type: &enum midonet_object_type
 */
struct mn_ident {
	struct rhash_head node;
	u8 id[16];
	refcount_t ref;
	u8 type;
};

/**
 * struct mn_ver - version of an object, head of the type's own struct
 * @from: first generation it is in force; written before it is linked
 * @older: the version before; must not be followed by a reader whose
 *	generation is not below @from, it may dangle then
 * @size: bytes of the whole version
 * @type: &enum midonet_object_type
 * @dead: tombstone
 * @shared: pending and a copy: what it points to belongs to the newest version
 * @grave: in &mn_net.grave_vers
 *
 * Constant once linked. Everything behind the head is compared by memcmp() to
 * see whether a commit changes anything, so mn_ver_new() zeroes it.
 */
struct mn_ver {
	u64 from;
	struct mn_ver __rcu *older;
	u32 size;
	u8 type;
	bool dead;
	bool shared;
	struct llist_node grave;
};

/**
 * struct mn_obj - identity of an object with versions
 * @ident: id and references
 * @name_node: in &mn_net.names
 * @name: name, constant
 * @parent: the object that contains it, or NULL; constant, referenced
 * @siblings: in the parent's list; RCU for readers, mn_net.lock for writers
 * @newest: newest version; NULL before the first commit
 * @pending: version a commit in progress will link; under mn_net.lock
 * @touched: in &mn_txn.touched, under mn_net.lock
 *	(empty: not touched)
 * @index: in &mn_net.types[type]; constant; 0 once out of the tables
 * @dep: slot of its version counter (sim/dep.h); constant
 * @uses: references from end-state configuration, under mn_net.lock
 * @mark: scratch of graph searches, under mn_net.lock
 * @grave: in &mn_net.grave, under mn_net.lock
 * @rcu: for freeing
 */
struct mn_obj {
	struct mn_ident ident;
	struct rhlist_head name_node;
	const char *name;
	struct mn_obj *parent;
	struct list_head siblings;
	struct mn_ver __rcu *newest;
	struct mn_ver *pending;
	struct list_head touched;
	u32 index;
	u32 dep;
	u32 uses;
	u32 mark;
	struct list_head grave;
	struct rcu_head rcu;
};

/**
 * struct mn_entry - small contained thing that is born and dies
 * @parent: the object that contains it
 * @born: first generation; U64_MAX while a commit is being judged
 * @died: first generation without it; U64_MAX while it lives
 * @list: in &mn_txn.born, &mn_txn.died or &mn_net.grave_entries, under
 *	mn_net.lock
 * @dying: a commit in progress will let it die; under mn_net.lock
 * @type: &enum midonet_object_type
 */
struct mn_entry {
	struct mn_obj *parent;
	u64 born;
	u64 died;
	struct list_head list;
	bool dying;
	u8 type;
};

/**
 * struct mn_type - what the registry and a commit need to know of a type
 * @name: the word
 * @type: &enum midonet_object_type
 * @size: bytes of the identity; the struct begins with &struct mn_obj
 * @parents: bits of the types that may contain it, 0: nothing does
 * @call: optional; for those that are called by what they are: the name of a new
 *	one, of at most MIDONET_NAME_MAX characters; may refuse
 * @init: set up a new identity (all zero behind the head), link obj->siblings
 *	into the parent's list with list_add_tail_rcu(); may fail; may sleep
 * @leave: optional; under the lock, when the identity leaves the tables: it is to
 *	leave those of its type
 * @free: release what @init and life have put in the identity; called a grace
 *	period after it left the tables; may sleep
 * @parse: make the version that @tb (and @op, for repeated attributes) asks
 *	for, starting from @old (NULL for new); returns it, from mn_ver_new(),
 *	or an ERR_PTR with extack set
 * @link: optional; after all messages were parsed: make the pending versions
 *	of other objects follow (peers); obj->pending is set
 * @uses: call @fn for every object a version refers to
 * @chains: optional; in-chain and out-chain of a version, NULL for none; @uses
 *	calls @fn for them, too
 * @validate: judge the end state of a touched object
 * @derive: optional; add and remove entries that follow from a touched object,
 *	once the end state was found good; may refuse, may sleep
 * @publish: optional; under the lock right after the flip, with the old version
 *	(NULL: new) and the new one (dead: removed); bumps dependencies other than
 *	@mn_obj.dep; must not fail or sleep long
 * @contents: optional; call @fn for all that goes with the object when deleted
 * @fill: put attributes of @ver, and live state, into @skb; RCU or mn_net.lock
 * @op: instead of all the above, for things without versions (rules, static
 *	MACs, neighbours, set members): do what a message asks for, as pending
 *	rules or entries of the transaction
 * @ver_free: optional; release what a version holds, then kvfree() it; a grace
 *	period after it was replaced; may sleep. Default kvfree()
 * @entry_changed: for entries: bump what depends on one that was born or died;
 *	under the lock right after the flip
 * @entry_del: for entries: take one out of its table and of its parent's list
 *	(list_del_rcu()); under the lock, a grace period after it died or when the
 *	commit that made it is refused
 * @entry_free: optional; free an entry a grace period after @entry_del; may
 *	sleep. Default kfree(), so &struct mn_entry comes first in its struct
 * @entry_derive: optional; add and remove entries that follow from one that is to
 *	be born or to die, after @derive; may refuse, may sleep
 * @entry_validate: optional; judge the end state of an entry that is to be born
 * @reply: optional, for those: answer a get of one; as mn_rule_reply(); RCU
 * @dump_start: optional, for those: a listing is about to begin; may sleep
 * @dump: for those: list them into @skb, resuming at @cur; RCU; -EMSGSIZE when
 *	@skb is full, 0 when done
 *
 * All but @fill, @reply, @dump_start, @dump, @free and @entry_free are called under
 * mn_net.lock.
 */
struct mn_type {
	const char *name;
	u8 type;
	u32 parents;
	size_t size;
	int (*call)(struct mn_txn *txn, struct nlattr **tb, char *name);
	int (*init)(struct mn_net *mn, struct mn_obj *obj);
	void (*leave)(struct mn_net *mn, struct mn_obj *obj);
	void (*free)(struct mn_net *mn, struct mn_obj *obj);
	struct mn_ver *(*parse)(struct mn_txn *txn, struct mn_obj *obj,
				const struct mn_ver *old,
				const struct mn_op *op, struct nlattr **tb,
				struct netlink_ext_ack *extack);
	int (*link)(struct mn_txn *txn, struct mn_obj *obj);
	void (*uses)(const struct mn_ver *ver,
		     void (*fn)(struct mn_obj *used, void *arg), void *arg);
	void (*chains)(const struct mn_ver *ver, struct mn_chain **in,
		       struct mn_chain **out);
	int (*validate)(struct mn_txn *txn, struct mn_obj *obj);
	int (*derive)(struct mn_txn *txn, struct mn_obj *obj);
	void (*publish)(struct mn_net *mn, struct mn_obj *obj,
			const struct mn_ver *old, const struct mn_ver *ver);
	int (*contents)(struct mn_txn *txn, struct mn_obj *obj);
	int (*fill)(struct mn_net *mn, const struct mn_obj *obj,
		    const struct mn_ver *ver, struct sk_buff *skb);
	int (*op)(struct mn_txn *txn, struct mn_op *op, struct nlattr **tb,
		  struct netlink_ext_ack *extack);
	void (*ver_free)(struct mn_ver *ver);
	void (*entry_changed)(struct mn_net *mn, struct mn_entry *e);
	void (*entry_del)(struct mn_net *mn, struct mn_entry *e);
	void (*entry_free)(struct mn_entry *e);
	int (*entry_derive)(struct mn_txn *txn, struct mn_entry *e);
	int (*entry_validate)(struct mn_txn *txn, struct mn_entry *e);
	int (*reply)(struct mn_net *mn, struct sk_buff *msg, void *hdr,
		     struct genl_info *info);
	void (*dump_start)(struct mn_net *mn);
	int (*dump)(struct mn_net *mn, struct sk_buff *skb,
		    struct mn_dump *cur);
};

extern const struct mn_type *const mn_types[__MIDONET_OBJECT_TYPE_COUNT];

int mn_objects_init(struct mn_net *mn);
void mn_objects_exit(struct mn_net *mn);

struct mn_ident *mn_ident_find(struct mn_net *mn, const u8 *id);
int mn_ident_add(struct mn_net *mn, struct mn_ident *ident);
void mn_ident_del(struct mn_net *mn, struct mn_ident *ident);
void mn_ident_replace(struct mn_net *mn, struct mn_ident *old,
		      struct mn_ident *new);

struct mn_obj *mn_obj_new(struct mn_net *mn, const struct mn_type *type,
			  const u8 *id, const char *name,
			  struct mn_obj *parent);
void mn_obj_bury(struct mn_net *mn, struct mn_obj *obj);
void mn_obj_put(struct mn_net *mn, struct mn_obj *obj);
struct mn_obj *mn_obj_find(struct mn_net *mn, const u8 *id, u8 type);
struct mn_obj *mn_obj_find_name(struct mn_net *mn, u8 type,
				const struct mn_obj *parent, const char *name,
				const struct mn_obj *but);
struct mn_ver *mn_ver_new(u8 type, size_t size);
void mn_ver_free(struct mn_ver *ver);
int mn_obj_label(const struct mn_obj *obj, char *buf, size_t size);

/**
 * mn_ver_at() - version of an object in a generation
 * @obj: object
 * @generation: from mn_net_generation()
 *
 * Context: RCU.
 *
 * Return: the version, NULL if the object does not exist in that generation
 */
static inline const struct mn_ver *mn_ver_at(const struct mn_obj *obj,
					     u64 generation)
{
	const struct mn_ver *v = rcu_dereference(obj->newest);

	while (unlikely(v && v->from > generation))
		v = rcu_dereference(v->older);
	return v && !v->dead ? v : NULL;
}

/**
 * mn_ver_now() - version of an object since the last commit
 * @obj: object
 *
 * Who asks twice may get two answers: a commit can come between.
 *
 * Context: RCU.
 *
 * Return: the version, NULL if the object does not exist
 */
static inline const struct mn_ver *mn_ver_now(const struct mn_obj *obj)
{
	const struct mn_ver *v = rcu_dereference(obj->newest);

	return v && !v->dead ? v : NULL;
}

/**
 * mn_ver_end() - version of an object as a commit in progress will leave it
 * @mn: namespace, locked
 * @obj: object
 *
 * Return: the version, NULL if it does not exist then
 */
static inline const struct mn_ver *mn_ver_end(struct mn_net *mn,
					      const struct mn_obj *obj)
{
	const struct mn_ver *v = obj->pending;

	if (!v)
		v = mn_dereference(mn, obj->newest);
	return v && !v->dead ? v : NULL;
}

/**
 * mn_entry_at() - is an entry there in a generation
 * @e: entry
 * @generation: from mn_net_generation()
 *
 * Context: RCU.
 */
static inline bool mn_entry_at(const struct mn_entry *e, u64 generation)
{
	return READ_ONCE(e->born) <= generation &&
	       generation < READ_ONCE(e->died);
}

/**
 * mn_entry_end() - will an entry be there after the commit in progress
 * @e: entry
 *
 * Context: mn_net.lock.
 */
static inline bool mn_entry_end(const struct mn_entry *e)
{
	return !e->dying && e->died == U64_MAX;
}

#endif /* _MN_OBJECT_H */
