// SPDX-License-Identifier: GPL-2.0
/*
 * Longest prefix match: a binary trie with compressed paths. A node stands for a
 * prefix that has items, or for the place where two prefixes part; so there are
 * less than twice as many nodes as prefixes, and a look-up takes at most one step
 * a bit, whatever is in the trie.
 *
 * Writers hold mn_net.lock, readers RCU. Every change is one store of a pointer
 * that a reader finds either as it was or as it will be:
 *
 * - A new node is complete, its children set, before it is linked. The nodes
 *   below it do not change, so a reader that got there by the old pointer
 *   misses nothing but the new node.
 * - A node that goes keeps its children until it is freed, a grace period later,
 *   so that a reader who stands on it finds the way down. What it finds there may
 *   itself have been unlinked meanwhile, which is the same case again.
 *
 * So a reader sees every prefix that was there when it began and is there when
 * it ends, and what comes or goes meanwhile it sees or does not. That is enough:
 * what comes and goes is invisible to it by its generation (config/object.h).
 */
#include <linux/rculist.h>
#include <linux/slab.h>
#include <linux/string.h>

#include "l3/lpm.h"

static struct kmem_cache *mn_lpm4_cache;
static struct kmem_cache *mn_lpm6_cache;

static u32 bit_at(const __be32 *key, u32 i)
{
	return ntohl(key[i / 32]) >> (31 - i % 32) & 1;
}

/* Writers. */
static struct mn_lpm_node *deref(struct mn_lpm_node __rcu *p)
{
	return rcu_dereference_protected(p, true);
}

/* Readers, and writers who only look: those keep it from changing. */
static struct mn_lpm_node *look(struct mn_lpm_node __rcu *const *p)
{
	return rcu_dereference_raw(*p);
}

/**
 * mn_lpm_find() - what lies on the way to an address
 * @lpm: trie
 * @addr: address, of one word or four
 * @limit: only prefixes shorter than this
 * @path: set to the nodes with items whose prefix contains @addr
 *
 * Context: RCU or mn_net.lock.
 *
 * Return: number of the first bits of @addr that decided; any address that is
 * the same in these takes the same way. Of no use with a @limit
 */
u32 mn_lpm_find(const struct mn_lpm *lpm, const __be32 *addr, u32 limit,
		struct mn_lpm_path *path)
{
	u32 words = mn_lpm_words(lpm->family), max = 32 * words;
	const struct mn_lpm_node *node = look(&lpm->root), *next;
	u32 same, bit, bits = 0;

	path->n = 0;
	while (node && node->plen < limit) {
		same = mn_lpm_common(node->key, addr, words);
		if (same < node->plen)
			return same + 1;
		bits = node->plen;
		if (!hlist_empty(&node->items))
			path->nodes[path->n++ % MN_LPM_PATH] = node;
		if (bits == max)
			break;
		bit = bit_at(addr, bits);
		next = look(&node->child[bit]);
		if (next || look(&node->child[!bit]))
			bits++;
		node = next;
	}
	return bits;
}

/**
 * mn_lpm_exact() - the node of a prefix
 * @lpm: trie
 * @key: prefix
 * @plen: its length
 *
 * Context: RCU or mn_net.lock.
 *
 * Return: the node, maybe without items, or NULL
 */
struct mn_lpm_node *mn_lpm_exact(const struct mn_lpm *lpm, const __be32 *key,
				 u8 plen)
{
	u32 words = mn_lpm_words(lpm->family);
	struct mn_lpm_node *node = look(&lpm->root);

	while (node && node->plen <= plen) {
		if (mn_lpm_common(node->key, key, words) < node->plen)
			return NULL;
		if (node->plen == plen)
			return node;
		node = look(&node->child[bit_at(key, node->plen)]);
	}
	return NULL;
}

/**
 * mn_lpm_first() - first node in the order of mn_lpm_next()
 * @lpm: trie
 *
 * Context: RCU or mn_net.lock.
 *
 * Return: the node, maybe without items, or NULL
 */
struct mn_lpm_node *mn_lpm_first(const struct mn_lpm *lpm)
{
	return look(&lpm->root);
}

/**
 * mn_lpm_next() - next node in the order of prefixes
 * @lpm: trie
 * @key: prefix, which need not be in the trie
 * @plen: its length
 *
 * A prefix comes before what it contains, that before what is numerically
 * greater. What lies within @key follows without a gap.
 *
 * Context: RCU or mn_net.lock.
 *
 * Return: the node, maybe without items, or NULL
 */
struct mn_lpm_node *mn_lpm_next(const struct mn_lpm *lpm, const __be32 *key,
				u8 plen)
{
	u32 words = mn_lpm_words(lpm->family), same;
	struct mn_lpm_node *node = look(&lpm->root);
	struct mn_lpm_node *right = NULL, *one;

	while (node) {
		same = mn_lpm_common(node->key, key, words);
		if (node->plen > plen && same >= plen)
			return node;
		if (same < node->plen)
			return bit_at(node->key, same) ? node : right;
		one = look(&node->child[1]);
		if (node->plen == plen)
			return look(&node->child[0]) ?: one ?: right;
		if (bit_at(key, node->plen)) {
			node = one;
			continue;
		}
		right = one ?: right;
		node = look(&node->child[0]);
	}
	return right;
}

static struct mn_lpm_node *node_new(u8 family, const __be32 *key, u8 plen)
{
	struct kmem_cache *cache = family == AF_INET ? mn_lpm4_cache :
						       mn_lpm6_cache;
	struct mn_lpm_node *node = kmem_cache_zalloc(cache, GFP_KERNEL_ACCOUNT);

	if (!node)
		return NULL;
	node->plen = plen;
	memcpy(node->key, key, DIV_ROUND_UP(plen, 32) * sizeof(*key));
	if (plen % 32)
		node->key[plen / 32] &= htonl(~0U << (32 - plen % 32));
	return node;
}

static void node_free(u8 family, struct mn_lpm_node *node)
{
	kmem_cache_free(family == AF_INET ? mn_lpm4_cache : mn_lpm6_cache, node);
}

/* @parent is not linked yet; its prefix contains that of @node. */
static void adopt(struct mn_lpm_node *parent, struct mn_lpm_node *node)
{
	RCU_INIT_POINTER(parent->child[bit_at(node->key, parent->plen)], node);
}

/**
 * mn_lpm_add() - the node of a prefix, made if needed
 * @lpm: trie
 * @key: prefix, host bits zero
 * @plen: its length
 *
 * The caller enters an item at once: nothing else keeps the node.
 *
 * Context: mn_net.lock, may sleep.
 *
 * Return: the node, NULL without memory
 */
struct mn_lpm_node *mn_lpm_add(struct mn_lpm *lpm, const __be32 *key, u8 plen)
{
	u32 words = mn_lpm_words(lpm->family), same = 0;
	struct mn_lpm_node __rcu **link = &lpm->root;
	struct mn_lpm_node *node, *new, *fork;

	while ((node = deref(*link))) {
		same = mn_lpm_common(node->key, key, words);
		if (same < node->plen || node->plen > plen)
			break;
		if (node->plen == plen)
			return node;
		link = &node->child[bit_at(key, node->plen)];
	}
	new = node_new(lpm->family, key, plen);
	if (!new)
		return NULL;
	if (!node || same >= plen) {
		if (node)
			adopt(new, node);
		rcu_assign_pointer(*link, new);
		return new;
	}
	fork = node_new(lpm->family, key, same);
	if (!fork) {
		node_free(lpm->family, new);
		return NULL;
	}
	adopt(fork, node);
	adopt(fork, new);
	rcu_assign_pointer(*link, fork);
	return new;
}

/**
 * mn_lpm_del() - an item left the node of a prefix
 * @lpm: trie
 * @key: prefix, which has a node
 * @plen: its length
 * @dead: set to the nodes that went with it, or NULL; for mn_lpm_free() after a
 *	grace period
 *
 * Context: mn_net.lock.
 */
void mn_lpm_del(struct mn_lpm *lpm, const __be32 *key, u8 plen,
		struct mn_lpm_node *dead[2])
{
	struct mn_lpm_node __rcu **link = &lpm->root, **above = NULL;
	struct mn_lpm_node *node, *parent = NULL, *one, *zero;

	dead[0] = NULL;
	dead[1] = NULL;
	while ((node = deref(*link)) && node->plen < plen) {
		parent = node;
		above = link;
		link = &node->child[bit_at(key, node->plen)];
	}
	if (WARN_ON_ONCE(!node || node->plen != plen) ||
	    !hlist_empty(&node->items))
		return;
	zero = deref(node->child[0]);
	one = deref(node->child[1]);
	if (zero && one)
		return;
	dead[0] = node;
	rcu_assign_pointer(*link, zero ?: one);
	if (zero || one || !parent || !hlist_empty(&parent->items))
		return;
	/* Two prefixes parted there, one is left. */
	zero = deref(parent->child[0]);
	one = deref(parent->child[1]);
	dead[1] = parent;
	rcu_assign_pointer(*above, zero ?: one);
}

/**
 * mn_lpm_free() - free what mn_lpm_del() left
 * @family: of the trie
 * @dead: nodes or NULL; no reader has them any more
 *
 * Context: any.
 */
void mn_lpm_free(u8 family, struct mn_lpm_node *dead[2])
{
	int i;

	for (i = 0; i < 2; i++) {
		if (dead[i])
			node_free(family, dead[i]);
	}
}

/**
 * mn_lpm_caches_create() - make the caches of nodes
 *
 * Return: 0 or -ENOMEM
 */
int mn_lpm_caches_create(void)
{
	const size_t v4 = offsetof(struct mn_lpm_node, key[1]);
	const size_t v6 = offsetof(struct mn_lpm_node, key[4]);

	BUILD_BUG_ON(v4 > 32 || v6 > 48);
	mn_lpm4_cache = kmem_cache_create("mn_lpm4", v4, 8, 0, NULL);
	if (!mn_lpm4_cache)
		return -ENOMEM;
	mn_lpm6_cache = kmem_cache_create("mn_lpm6", v6, 8, 0, NULL);
	if (mn_lpm6_cache)
		return 0;
	kmem_cache_destroy(mn_lpm4_cache);
	mn_lpm4_cache = NULL;
	return -ENOMEM;
}

/**
 * mn_lpm_caches_destroy() - undo mn_lpm_caches_create()
 *
 * Context: may sleep. No node is left.
 */
void mn_lpm_caches_destroy(void)
{
	kmem_cache_destroy(mn_lpm6_cache);
	kmem_cache_destroy(mn_lpm4_cache);
	mn_lpm6_cache = NULL;
	mn_lpm4_cache = NULL;
}
