/* SPDX-License-Identifier: GPL-2.0 */
#ifndef _MN_LPM_H
#define _MN_LPM_H

#include <linux/bitops.h>
#include <linux/list.h>
#include <linux/minmax.h>
#include <linux/socket.h>
#include <linux/types.h>

/* Nodes that a look-up remembers; an IPv4 address never crosses more. */
#define MN_LPM_PATH	33

/**
 * struct mn_lpm_node - a prefix, or the place where two prefixes part
 * @child: what continues this prefix with 0 and with 1; RCU, writers
 *	mn_net.lock
 * @items: what is entered under the prefix; RCU, writers mn_net.lock; may only
 *	be empty if there are two children
 * @plen: length of the prefix; constant
 * @key: the prefix, host bits zero, of one word or four; constant
 */
struct mn_lpm_node {
	struct mn_lpm_node __rcu *child[2];
	struct hlist_head items;
	u8 plen;
	__be32 key[];
};

/**
 * struct mn_lpm - prefixes of one address family, as a path-compressed trie
 * @root: topmost node, or NULL; RCU, writers mn_net.lock
 * @family: AF_INET or AF_INET6
 */
struct mn_lpm {
	struct mn_lpm_node __rcu *root;
	u8 family;
};

/**
 * struct mn_lpm_path - nodes with items on the way to an address
 * @n: so many there were; the deepest MN_LPM_PATH of them are in @nodes
 * @nodes: a ring, see mn_lpm_path_at()
 */
struct mn_lpm_path {
	u32 n;
	const struct mn_lpm_node *nodes[MN_LPM_PATH];
};

static inline u32 mn_lpm_words(u8 family)
{
	return family == AF_INET ? 1 : 4;
}

static inline u8 mn_lpm_bits(u8 family)
{
	return family == AF_INET ? 32 : 128;
}

/* How many of their first bits two addresses share. */
static inline u32 mn_lpm_common(const __be32 *a, const __be32 *b, u32 words)
{
	u32 i, diff;

	for (i = 0; i < words; i++) {
		diff = ntohl(a[i] ^ b[i]);
		if (diff)
			return 32 * i + 32 - fls(diff);
	}
	return 32 * words;
}

/* Are @key and the prefix of @node the same in their first @plen bits? */
static inline bool mn_lpm_under(const struct mn_lpm *lpm,
				const struct mn_lpm_node *node,
				const __be32 *key, u8 plen)
{
	return node->plen >= plen &&
	       mn_lpm_common(node->key, key, mn_lpm_words(lpm->family)) >= plen;
}

static inline u32 mn_lpm_path_kept(const struct mn_lpm_path *path)
{
	return min_t(u32, path->n, MN_LPM_PATH);
}

/* The @i-th node of a path, the deepest first; @i < mn_lpm_path_kept(). */
static inline const struct mn_lpm_node *
mn_lpm_path_at(const struct mn_lpm_path *path, u32 i)
{
	return path->nodes[(path->n - 1 - i) % MN_LPM_PATH];
}

u32 mn_lpm_find(const struct mn_lpm *lpm, const __be32 *addr, u32 limit,
		struct mn_lpm_path *path);
struct mn_lpm_node *mn_lpm_exact(const struct mn_lpm *lpm, const __be32 *key,
				 u8 plen);
struct mn_lpm_node *mn_lpm_first(const struct mn_lpm *lpm);
struct mn_lpm_node *mn_lpm_next(const struct mn_lpm *lpm, const __be32 *key,
				u8 plen);
struct mn_lpm_node *mn_lpm_add(struct mn_lpm *lpm, const __be32 *key, u8 plen);
void mn_lpm_del(struct mn_lpm *lpm, const __be32 *key, u8 plen,
		struct mn_lpm_node *dead[2]);
void mn_lpm_free(u8 family, struct mn_lpm_node *dead[2]);

int mn_lpm_caches_create(void);
void mn_lpm_caches_destroy(void);

#endif /* _MN_LPM_H */
