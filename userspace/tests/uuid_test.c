// SPDX-License-Identifier: GPL-2.0
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <cmocka.h>
#include <string.h>

#include "util.h"
#include "uuid.h"

static void known_answers(void **state)
{
	static const struct {
		const char *name;
		const char *id;
	} known[] = {
		{ "bridge/net0", "abad48be-39fa-59f5-8162-5c9b062a6e27" },
		{ "port/net0:vm1", "e11a342c-db6c-5dc8-bae5-4c5ee07e5ba1" },
		{ "rule/web/{\"action\":\"accept\"}/0", "14e7818e-ba80-5c03-aaf2-b034ed3c3b10" },
	};
	char text[MN_UUID_TEXT];
	struct mn_uuid id;
	size_t i;

	(void)state;
	for (i = 0; i < MN_ARRAY_SIZE(known); i++) {
		mn_uuid_name(&id, known[i].name, strlen(known[i].name));
		mn_uuid_print(&id, text);
		assert_string_equal(text, known[i].id);
	}
}

static void refusals(void **state)
{
	static const char *const bad[] = {
		"", "x", "6d69646f-6e65-5474-8000-00000000000",
		"6d69646f-6e65-5474-8000-0000000000011",
		"6d69646f6e655474800000000000000100000",
		"6d69646g-6e65-5474-8000-000000000001",
	};
	struct mn_uuid id;
	size_t i;

	(void)state;
	for (i = 0; i < MN_ARRAY_SIZE(bad); i++)
		assert_false(mn_uuid_parse(bad[i], &id));
	assert_true(mn_uuid_parse("6D69646F-6e65-5474-8000-000000000001", &id));
}

int main(void)
{
	static const struct CMUnitTest tests[] = {
		cmocka_unit_test(known_answers),
		cmocka_unit_test(refusals),
	};

	return cmocka_run_group_tests_name("uuid", tests, NULL, NULL);
}
