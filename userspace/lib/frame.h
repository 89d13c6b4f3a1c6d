/* SPDX-License-Identifier: GPL-2.0 */
#ifndef _MN_FRAME_H
#define _MN_FRAME_H

#include "match.h"

#define MN_FRAME_MAX	65535

/**
 * struct mn_frame - what a frame shall look like
 * @match: header fields: words with one value each
 * @ttl: TTL or hop limit; 0: 64
 * @has_ttl: @ttl was given, may be 0
 * @id: IPv4 identification, fragment and echo identifier
 * @len: bytes with the Ethernet header; 0: what is needed
 * @payload: behind the last header
 */
struct mn_frame {
	struct mn_match match;
	uint8_t ttl;
	bool has_ttl;
	uint16_t id;
	uint32_t len;
	struct mn_buf payload;
};

int mn_frame_word(struct mn_frame *f, const char *word, const char *text,
		  struct mn_err *err);
int mn_frame_build(struct mn_frame *f, struct mn_buf *out, struct mn_err *err);
void mn_frame_free(struct mn_frame *f);
bool mn_frame_has(const struct mn_frame *f, int word);
const uint8_t *mn_frame_field(const struct mn_frame *f, int word, size_t *len);
void mn_frame_set(struct mn_frame *f, int word, const void *data, size_t len);
uint32_t mn_sum(uint32_t acc, const void *data, size_t len);
int mn_hex_parse(const char *text, struct mn_buf *out, struct mn_err *err);

#endif /* _MN_FRAME_H */
