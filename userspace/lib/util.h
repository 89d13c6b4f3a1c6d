/* SPDX-License-Identifier: GPL-2.0 */
#ifndef _MN_UTIL_H
#define _MN_UTIL_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#ifndef __printf
#define __printf(fmt, args)	__attribute__((__format__(printf, fmt, args)))
#endif
#define MN_ARRAY_SIZE(a)	(sizeof(a) / sizeof((a)[0]))
#define mn_container_of(ptr, type, member) \
	((type *)((char *)(ptr) - offsetof(type, member)))

/**
 * struct mn_err - why something was refused
 * @code: negative errno
 * @usage: the words were wrong, not what they say
 * @text: one sentence without a full stop
 */
struct mn_err {
	int code;
	bool usage;
	char text[1024];
};

__printf(3, 4)
int mn_fail(struct mn_err *err, int code, const char *fmt, ...);
__printf(2, 3)
int mn_usage(struct mn_err *err, const char *fmt, ...);
__printf(2, 3)
void mn_err_prefix(struct mn_err *err, const char *fmt, ...);

/* A program that runs out of memory says so and ends. */
void *mn_alloc(size_t size);
void *mn_realloc(void *ptr, size_t size);
char *mn_strdup(const char *s);
__printf(1, 2)
char *mn_asprintf(const char *fmt, ...);

/**
 * struct mn_buf - growing string
 * @s: NUL-terminated bytes, NULL when nothing was added yet
 * @len: bytes without the NUL
 * @cap: allocated
 */
struct mn_buf {
	char *s;
	size_t len;
	size_t cap;
};

char *mn_buf_grow(struct mn_buf *b, size_t len);
void mn_buf_add(struct mn_buf *b, const void *data, size_t len);
void mn_buf_puts(struct mn_buf *b, const char *s);
__printf(2, 3)
void mn_buf_printf(struct mn_buf *b, const char *fmt, ...);
void mn_buf_free(struct mn_buf *b);

/* What the text of a value that is not fit to print looks like in an error. */
const char *mn_shown(const char *text, char *buf, size_t size);

/**
 * struct mn_hnode - member of a &struct mn_hash
 * @next: in the bucket
 * @hash: of the key
 */
struct mn_hnode {
	struct mn_hnode *next;
	uint64_t hash;
};

/**
 * struct mn_hash - chained hash table of embedded nodes
 * @buckets: power of two of them
 * @size: number of @buckets
 * @count: number of members
 */
struct mn_hash {
	struct mn_hnode **buckets;
	size_t size;
	size_t count;
};

uint64_t mn_hash_bytes(uint64_t seed, const void *data, size_t len);
void mn_hash_add(struct mn_hash *h, struct mn_hnode *node, uint64_t hash);
void mn_hash_del(struct mn_hash *h, struct mn_hnode *node);
/* First member with that hash, then the next one after @node. */
struct mn_hnode *mn_hash_first(const struct mn_hash *h, uint64_t hash);
struct mn_hnode *mn_hash_next(const struct mn_hnode *node);
void mn_hash_free(struct mn_hash *h);

#endif /* _MN_UTIL_H */
