/* SPDX-License-Identifier: GPL-2.0 */
#ifndef _MN_UUID_H
#define _MN_UUID_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define MN_UUID_LEN	16
#define MN_UUID_TEXT	37

/**
 * struct mn_uuid - UUID
 * @b: in network byte order
 */
struct mn_uuid {
	uint8_t b[MN_UUID_LEN];
};

bool mn_uuid_parse(const char *text, struct mn_uuid *id);
void mn_uuid_print(const struct mn_uuid *id, char text[MN_UUID_TEXT]);
void mn_uuid_name(struct mn_uuid *id, const char *name, size_t len);
bool mn_uuid_is_nil(const struct mn_uuid *id);
bool mn_uuid_equal(const struct mn_uuid *a, const struct mn_uuid *b);

#endif /* _MN_UUID_H */
