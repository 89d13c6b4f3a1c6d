// SPDX-License-Identifier: GPL-2.0
/* Why the module is not there, found out in file trees that are made here. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <cmocka.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "../midoctl/doctor.h"
#include "../midoctl/midoctl.h"

#define RELEASE		"6.1.0-9-amd64"
#define MODULES		"/lib/modules/" RELEASE

/**
 * struct tree - a root directory
 * @d: examination of it
 * @root: its path
 */
struct tree {
	struct doctor d;
	char root[64];
};

static void tree_init(struct tree *t)
{
	memset(t, 0, sizeof(*t));
	strcpy(t->root, "/tmp/doctor_test.XXXXXX");
	assert_non_null(mkdtemp(t->root));
	t->d.root = t->root;
	t->d.list = json_array();
	strcpy(t->d.release, RELEASE);
}

static void tree_exit(struct tree *t)
{
	char command[100];

	snprintf(command, sizeof(command), "rm -rf %s", t->root);
	assert_int_equal(system(command), 0);
	json_decref(t->d.list);
}

static void put(struct tree *t, const char *path, const void *text, size_t len)
{
	char full[300], *slash;
	FILE *f;

	snprintf(full, sizeof(full), "%s%s", t->root, path);
	for (slash = strchr(full + 1, '/'); slash; slash = strchr(slash + 1, '/')) {
		*slash = '\0';
		mkdir(full, 0700);
		*slash = '/';
	}
	f = fopen(full, "w");
	assert_non_null(f);
	assert_int_equal(fwrite(text, 1, len, f), len);
	fclose(f);
}

#define PUT(t, path, text)	put(t, path, text, sizeof(text) - 1)

/* What was found last, and the command for it. */
static void expect(struct tree *t, const char *level, const char *text,
		   const char *next)
{
	json_t *found = json_array_get(t->d.list, json_array_size(t->d.list) - 1);
	const char *is = json_string_value(json_object_get(found, "text"));
	const char *command = json_string_value(json_object_get(found, "next"));

	assert_non_null(is);
	assert_string_equal(json_string_value(json_object_get(found, "level")),
			    level);
	if (!strstr(is, text))
		fail_msg("\"%s\", not \"%s\"", is, text);
	assert_string_equal(command ?: "", next);
}

static void absent(void **state)
{
	struct tree t;

	(void)state;
	tree_init(&t);
	doctor_absent(&t.d);
	expect(&t, "error", "not installed for this kernel, " RELEASE,
	       "apt install midonet-dkms");
	PUT(&t, "/usr/src/midonet-0.1.0/dkms.conf", "");
	doctor_absent(&t.d);
	expect(&t, "error", "its headers are not installed",
	       "apt install linux-headers-" RELEASE);
	PUT(&t, MODULES "/build/Makefile", "");
	doctor_absent(&t.d);
	expect(&t, "error", "not built for this kernel",
	       "dkms install midonet/0.1.0 -k " RELEASE);
	PUT(&t, MODULES "/modules.dep",
	    "kernel/net/other.ko: kernel/lib/libcrc32c.ko\n"
	    "updates/dkms/midonet.ko: kernel/lib/libcrc32c.ko\n");
	doctor_absent(&t.d);
	expect(&t, "error", "installed for this kernel as updates/dkms/midonet.ko",
	       "modprobe midonet");
	assert_true(t.d.bad);
	tree_exit(&t);
}

static void secure_boot(void **state)
{
	struct tree t;

	(void)state;
	tree_init(&t);
	PUT(&t, MODULES "/modules.dep", "updates/dkms/midonet.ko.xz:\n");
	PUT(&t, "/sys/kernel/security/lockdown", "[none] integrity confidentiality\n");
	doctor_absent(&t.d);
	expect(&t, "error", "not loaded", "modprobe midonet");
	PUT(&t, "/sys/kernel/security/lockdown", "none [integrity] confidentiality\n");
	doctor_absent(&t.d);
	expect(&t, "error", "DKMS has no key", "dkms generate_mok");
	PUT(&t, "/var/lib/dkms/mok.pub", "x");
	doctor_absent(&t.d);
	expect(&t, "error", "enrol the key",
	       "mokutil --import /var/lib/dkms/mok.pub");
	PUT(&t, "/sys/kernel/security/lockdown", "[none] integrity\n");
	PUT(&t, "/sys/module/module/parameters/sig_enforce", "Y\n");
	doctor_absent(&t.d);
	expect(&t, "error", "enrol the key",
	       "mokutil --import /var/lib/dkms/mok.pub");
	tree_exit(&t);
}

static void loaded(void **state)
{
	static const char ko[] = "\177ELF\0license=GPL\0srcversion=ABCDEF\0version=0.1.0";
	struct tree t;

	(void)state;
	tree_init(&t);
	PUT(&t, "/sys/module/midonet/version", "0.1.0\n");
	PUT(&t, "/sys/module/midonet/srcversion", "ABCDEF\n");
	doctor_loaded(&t.d, "0.1.0");
	expect(&t, "warning", "gone after a reboot", "apt install midonet-dkms");
	PUT(&t, MODULES "/modules.dep", "updates/dkms/midonet.ko:\n");
	put(&t, MODULES "/updates/dkms/midonet.ko", ko, sizeof(ko));
	doctor_loaded(&t.d, "0.1.0");
	expect(&t, "ok", "version 0.1.0 is loaded", "");
	doctor_loaded(&t.d, "0.2.0");
	expect(&t, "warning", "version 0.1.0 is loaded, midoctl is 0.2.0",
	       "midonet-reload");
	PUT(&t, "/sys/module/midonet/srcversion", "123456\n");
	doctor_loaded(&t.d, "0.1.0");
	expect(&t, "warning", "not the one that is installed", "midonet-reload");
	assert_false(t.d.bad);
	tree_exit(&t);
}

int main(void)
{
	static const struct CMUnitTest tests[] = {
		cmocka_unit_test(absent),
		cmocka_unit_test(secure_boot),
		cmocka_unit_test(loaded),
	};

	return cmocka_run_group_tests_name("doctor", tests, NULL, NULL);
}
