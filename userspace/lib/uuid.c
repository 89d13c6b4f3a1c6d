// SPDX-License-Identifier: GPL-2.0
#include <string.h>
#include <uuid/uuid.h>

#include "uuid.h"

/* 6d69646f-6e65-5474-8000-000000000001 */
static const uint8_t namespace_id[MN_UUID_LEN] = {
	0x6d, 0x69, 0x64, 0x6f, 0x6e, 0x65, 0x54, 0x74, 0x80, [15] = 1,
};

/**
 * mn_uuid_parse() - read a UUID in its usual form
 * @text: 36 characters
 * @id: result
 *
 * Return: whether it is one
 */
bool mn_uuid_parse(const char *text, struct mn_uuid *id)
{
	return strlen(text) == MN_UUID_TEXT - 1 && !uuid_parse(text, id->b);
}

/**
 * mn_uuid_print() - write a UUID in its usual form
 * @id: UUID
 * @text: result
 */
void mn_uuid_print(const struct mn_uuid *id, char text[MN_UUID_TEXT])
{
	uuid_unparse_lower(id->b, text);
}

/**
 * mn_uuid_name() - the UUID (version 5) of a name in the namespace of MidoNet
 * @id: result
 * @name: such as "bridge/net0"
 * @len: bytes of @name
 */
void mn_uuid_name(struct mn_uuid *id, const char *name, size_t len)
{
	uuid_generate_sha1(id->b, namespace_id, name, len);
}

/**
 * mn_uuid_is_nil() - is it all zero
 * @id: UUID
 *
 * Return: whether it is
 */
bool mn_uuid_is_nil(const struct mn_uuid *id)
{
	return uuid_is_null(id->b);
}

/**
 * mn_uuid_equal() - compare
 * @a: UUID
 * @b: UUID
 *
 * Return: whether they are the same
 */
bool mn_uuid_equal(const struct mn_uuid *a, const struct mn_uuid *b)
{
	return !memcmp(a->b, b->b, MN_UUID_LEN);
}
