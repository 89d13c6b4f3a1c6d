// SPDX-License-Identifier: GPL-2.0
#include <errno.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "util.h"

static void err_set(struct mn_err *err, int code, bool usage, const char *fmt,
		    va_list ap)
{
	char text[sizeof(err->text)];

	/* The old text may be among the arguments. */
	vsnprintf(text, sizeof(text), fmt, ap);
	memcpy(err->text, text, sizeof(text));
	err->code = code;
	err->usage = usage;
}

/**
 * mn_fail() - refuse with a sentence
 * @err: where the sentence goes
 * @code: negative errno
 * @fmt: names the object and says what to do
 *
 * Return: @code
 */
int mn_fail(struct mn_err *err, int code, const char *fmt, ...)
{
	va_list ap;

	va_start(ap, fmt);
	err_set(err, code, false, fmt, ap);
	va_end(ap);
	return code;
}

/**
 * mn_usage() - refuse because of a word the grammar does not have there
 * @err: where the sentence goes
 * @fmt: what is wrong
 *
 * Return: -EINVAL
 */
int mn_usage(struct mn_err *err, const char *fmt, ...)
{
	va_list ap;

	va_start(ap, fmt);
	err_set(err, -EINVAL, true, fmt, ap);
	va_end(ap);
	return -EINVAL;
}

/**
 * mn_err_prefix() - put "PREFIX: " before the sentence
 * @err: error with a sentence
 * @fmt: the prefix
 */
void mn_err_prefix(struct mn_err *err, const char *fmt, ...)
{
	char text[sizeof(err->text)];
	va_list ap;
	int n;

	va_start(ap, fmt);
	n = vsnprintf(text, sizeof(text), fmt, ap);
	va_end(ap);
	if (n < 0 || (size_t)n >= sizeof(text) - 3)
		return;
	text[n++] = ':';
	text[n++] = ' ';
	/* A sentence that long is cut. */
	memcpy(text + n, err->text, sizeof(text) - n - 1);
	text[sizeof(text) - 1] = '\0';
	memcpy(err->text, text, sizeof(text));
}

static void *alloc_check(void *p)
{
	if (p)
		return p;
	fputs("midonet: out of memory\n", stderr);
	exit(1);
}

/**
 * mn_alloc() - zeroed memory
 * @size: bytes
 *
 * Return: memory, never NULL
 */
void *mn_alloc(size_t size)
{
	return alloc_check(calloc(1, size ? size : 1));
}

/**
 * mn_realloc() - resize memory
 * @ptr: from mn_alloc() or NULL
 * @size: bytes, not 0
 *
 * Return: memory, never NULL
 */
void *mn_realloc(void *ptr, size_t size)
{
	return alloc_check(realloc(ptr, size));
}

/**
 * mn_strdup() - copy a string
 * @s: string
 *
 * Return: copy, never NULL
 */
char *mn_strdup(const char *s)
{
	return alloc_check(strdup(s));
}

/**
 * mn_asprintf() - format into a new string
 * @fmt: format
 *
 * Return: string, never NULL
 */
char *mn_asprintf(const char *fmt, ...)
{
	va_list ap;
	char *s;
	int n;

	va_start(ap, fmt);
	n = vasprintf(&s, fmt, ap);
	va_end(ap);
	return alloc_check(n < 0 ? NULL : s);
}

/**
 * mn_buf_grow() - room for more
 * @b: buffer
 * @len: bytes that will be written and are counted in
 *
 * Return: where to write them; a NUL follows
 */
char *mn_buf_grow(struct mn_buf *b, size_t len)
{
	char *at;

	if (b->len + len + 1 > b->cap) {
		b->cap = (b->len + len + 1) * 2;
		b->s = mn_realloc(b->s, b->cap);
	}
	at = b->s + b->len;
	b->len += len;
	b->s[b->len] = '\0';
	return at;
}

/**
 * mn_buf_add() - append bytes
 * @b: buffer
 * @data: bytes
 * @len: how many
 */
void mn_buf_add(struct mn_buf *b, const void *data, size_t len)
{
	char *at = mn_buf_grow(b, len);

	if (len)
		memcpy(at, data, len);
}

/**
 * mn_buf_puts() - append a string
 * @b: buffer
 * @s: string
 */
void mn_buf_puts(struct mn_buf *b, const char *s)
{
	mn_buf_add(b, s, strlen(s));
}

/**
 * mn_buf_printf() - append formatted text
 * @b: buffer
 * @fmt: format
 */
void mn_buf_printf(struct mn_buf *b, const char *fmt, ...)
{
	char small[256];
	va_list ap;
	int n;

	va_start(ap, fmt);
	n = vsnprintf(small, sizeof(small), fmt, ap);
	va_end(ap);
	if (n < 0)
		return;
	if ((size_t)n < sizeof(small)) {
		mn_buf_add(b, small, n);
		return;
	}
	va_start(ap, fmt);
	vsnprintf(mn_buf_grow(b, n), n + 1, fmt, ap);
	va_end(ap);
}

/**
 * mn_buf_free() - empty a buffer
 * @b: buffer
 */
void mn_buf_free(struct mn_buf *b)
{
	free(b->s);
	memset(b, 0, sizeof(*b));
}

/**
 * mn_shown() - text as it may stand in an error message
 * @text: anything a user gave
 * @buf: for the result
 * @size: bytes of @buf, at least 8
 *
 * Return: @buf: control characters replaced, cut with "..."
 */
const char *mn_shown(const char *text, char *buf, size_t size)
{
	size_t max = size - 4, i;

	if (max > 64)
		max = 64;
	for (i = 0; text[i] && i < max; i++) {
		unsigned char c = text[i];

		buf[i] = c < 0x20 || c == 0x7f ? '?' : c;
	}
	strcpy(buf + i, text[i] ? "..." : "");
	return buf;
}

/**
 * mn_hash_bytes() - FNV-1a
 * @seed: 0, or the hash of what comes before
 * @data: bytes
 * @len: how many
 *
 * Return: hash
 */
uint64_t mn_hash_bytes(uint64_t seed, const void *data, size_t len)
{
	uint64_t h = seed ? seed : 0xcbf29ce484222325ull;
	const unsigned char *p = data;

	while (len--)
		h = (h ^ *p++) * 0x100000001b3ull;
	return h ^ h >> 32;
}

static void hash_resize(struct mn_hash *h, size_t size)
{
	struct mn_hnode **buckets = mn_alloc(size * sizeof(*buckets));
	struct mn_hnode *n, *next;
	size_t i;

	for (i = 0; i < h->size; i++) {
		for (n = h->buckets[i]; n; n = next) {
			next = n->next;
			n->next = buckets[n->hash & (size - 1)];
			buckets[n->hash & (size - 1)] = n;
		}
	}
	free(h->buckets);
	h->buckets = buckets;
	h->size = size;
}

/**
 * mn_hash_add() - enter a member
 * @h: table
 * @node: its node
 * @hash: of its key
 */
void mn_hash_add(struct mn_hash *h, struct mn_hnode *node, uint64_t hash)
{
	if (h->count >= h->size)
		hash_resize(h, h->size ? h->size * 2 : 64);
	node->hash = hash;
	node->next = h->buckets[hash & (h->size - 1)];
	h->buckets[hash & (h->size - 1)] = node;
	h->count++;
}

/**
 * mn_hash_del() - take a member out
 * @h: table
 * @node: node of a member
 */
void mn_hash_del(struct mn_hash *h, struct mn_hnode *node)
{
	struct mn_hnode **p = &h->buckets[node->hash & (h->size - 1)];

	while (*p != node)
		p = &(*p)->next;
	*p = node->next;
	h->count--;
}

/**
 * mn_hash_next() - the next member with the same hash
 * @node: from mn_hash_first() or mn_hash_next()
 *
 * Return: node or NULL
 */
struct mn_hnode *mn_hash_next(const struct mn_hnode *node)
{
	struct mn_hnode *n = node->next;

	while (n && n->hash != node->hash)
		n = n->next;
	return n;
}

/**
 * mn_hash_first() - first member with a hash
 * @h: table
 * @hash: of the key wanted
 *
 * Return: node or NULL
 */
struct mn_hnode *mn_hash_first(const struct mn_hash *h, uint64_t hash)
{
	struct mn_hnode *n;

	if (!h->size)
		return NULL;
	n = h->buckets[hash & (h->size - 1)];
	while (n && n->hash != hash)
		n = n->next;
	return n;
}

/**
 * mn_hash_free() - forget all members
 * @h: table; the members are the caller's
 */
void mn_hash_free(struct mn_hash *h)
{
	free(h->buckets);
	memset(h, 0, sizeof(*h));
}
