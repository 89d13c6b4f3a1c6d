// SPDX-License-Identifier: GPL-2.0
/* Why the module is not there, or is not the one that should be. */
#include <errno.h>
#include <glob.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "doctor.h"

/* A file that is larger is not one that is looked for here. */
#define FILE_MAX_SIZE	(16 * 1024 * 1024)

/* What a file says, NULL: there is none. */
__printf(3, 4)
static char *read_at(const struct doctor *d, size_t *len, const char *fmt, ...)
{
	struct mn_buf b = {}, path = {};
	char chunk[4096];
	char rel[400];
	va_list ap;
	size_t n;
	FILE *f;

	va_start(ap, fmt);
	vsnprintf(rel, sizeof(rel), fmt, ap);
	va_end(ap);
	mn_buf_printf(&path, "%s%s", d->root, rel);
	f = fopen(path.s, "re");
	mn_buf_free(&path);
	if (!f)
		return NULL;
	mn_buf_puts(&b, "");
	while (b.len < FILE_MAX_SIZE && (n = fread(chunk, 1, sizeof(chunk), f)))
		mn_buf_add(&b, chunk, n);
	fclose(f);
	if (len)
		*len = b.len;
	return b.s;
}

/* The first path of that shape, without the root; NULL: there is none. */
__printf(2, 3)
static char *first_of(const struct doctor *d, const char *fmt, ...)
{
	char pattern[400], *path = NULL;
	struct mn_buf full = {};
	va_list ap;
	glob_t g;

	va_start(ap, fmt);
	vsnprintf(pattern, sizeof(pattern), fmt, ap);
	va_end(ap);
	mn_buf_printf(&full, "%s%s", d->root, pattern);
	if (!glob(full.s, 0, NULL, &g)) {
		path = mn_strdup(g.gl_pathv[0] + strlen(d->root));
		globfree(&g);
	}
	mn_buf_free(&full);
	return path;
}

/* The module's file for this kernel, behind /lib/modules/RELEASE/; NULL: none. */
static char *installed(const struct doctor *d)
{
	char *dep = read_at(d, NULL, "/lib/modules/%s/modules.dep", d->release);
	char *line, *rest = dep, *name, *path = NULL;

	while (rest && !path && (line = strsep(&rest, "\n"))) {
		line[strcspn(line, ":")] = '\0';
		name = strrchr(line, '/');
		name = name ? name + 1 : line;
		if (!strncmp(name, "midonet.ko", 10))
			path = mn_strdup(line);
	}
	free(dep);
	return path;
}

/* Secure Boot, or who else wants modules to be signed. */
static bool wants_signature(const struct doctor *d)
{
	char *mode = read_at(d, NULL, "/sys/kernel/security/lockdown");
	char *enforce = read_at(d, NULL, "/sys/module/module/parameters/sig_enforce");
	bool wants = (mode && (strstr(mode, "[integrity]") ||
			       strstr(mode, "[confidentiality]"))) ||
		     (enforce && *enforce == 'Y');

	free(mode);
	free(enforce);
	return wants;
}

static void absent_installed(struct doctor *d, const char *path)
{
	char *key;

	if (!wants_signature(d)) {
		doctor_say(d, DOCTOR_ERROR, "module", "modprobe midonet",
			   "not loaded; it is installed for this kernel as %s",
			   path);
		return;
	}
	key = first_of(d, "/var/lib/dkms/mok.pub");
	if (key)
		doctor_say(d, DOCTOR_ERROR, "module",
			   "mokutil --import /var/lib/dkms/mok.pub",
			   "not loaded; this kernel loads signed modules only (Secure Boot): if modprobe midonet says \"Key was rejected\", enrol the key that DKMS signs with, and reboot");
	else
		doctor_say(d, DOCTOR_ERROR, "module",
			   "dkms generate_mok",
			   "not loaded; this kernel loads signed modules only (Secure Boot), and DKMS has no key to sign with: make one, enrol it by mokutil --import /var/lib/dkms/mok.pub, and reinstall midonet-dkms");
	free(key);
}

/* The version of the sources, from /usr/src/midonet-VERSION/dkms.conf. */
static char *source_version(const struct doctor *d)
{
	char *path = first_of(d, "/usr/src/midonet-*/dkms.conf");
	char *version = NULL, *end;

	if (!path)
		return NULL;
	end = strrchr(path, '/');
	*end = '\0';
	version = mn_strdup(strstr(path, "midonet-") + 8);
	free(path);
	return version;
}

static void absent_built(struct doctor *d, const char *version)
{
	char *build = first_of(d, "/lib/modules/%s/build/Makefile", d->release);
	char next[300];

	if (build) {
		snprintf(next, sizeof(next), "dkms install midonet/%s -k %s",
			 version, d->release);
		doctor_say(d, DOCTOR_ERROR, "module", next,
			   "not built for this kernel, %s", d->release);
	} else {
		snprintf(next, sizeof(next), "apt install linux-headers-%s",
			 d->release);
		doctor_say(d, DOCTOR_ERROR, "module", next,
			   "not built for this kernel, %s: its headers are not installed",
			   d->release);
	}
	free(build);
}

/**
 * doctor_absent() - why does the kernel not know midonet?
 * @d: examination
 */
void doctor_absent(struct doctor *d)
{
	char *loaded = first_of(d, "/sys/module/midonet/initstate");
	char *path = installed(d), *version = source_version(d);

	if (loaded)
		doctor_say(d, DOCTOR_ERROR, "module", "dmesg | grep midonet",
			   "is loaded, but cannot be spoken to");
	else if (path)
		absent_installed(d, path);
	else if (version)
		absent_built(d, version);
	else
		doctor_say(d, DOCTOR_ERROR, "module",
			   "apt install midonet-dkms",
			   "not installed for this kernel, %s", d->release);
	free(loaded);
	free(path);
	free(version);
}

/* A field of a module's description, NULL: compressed, or not there. */
static char *modinfo(const struct doctor *d, const char *path, const char *key)
{
	size_t len = 0, n = strlen(key), i;
	char *ko, *value = NULL;

	ko = read_at(d, &len, "/lib/modules/%s/%s", d->release, path);
	for (i = 0; ko && !value && i + n + 1 < len; i++) {
		if (ko[i] == '=' && i > n && !ko[i - n - 1] &&
		    !memcmp(ko + i - n, key, n))
			value = mn_strdup(ko + i + 1);
	}
	free(ko);
	return value;
}

static bool same_source(const struct doctor *d, const char *path)
{
	char *on_disk = modinfo(d, path, "srcversion");
	char *running = read_at(d, NULL, "/sys/module/midonet/srcversion");
	bool same = !on_disk || !running ||
		    !strncmp(running, on_disk, strcspn(running, "\n"));

	free(on_disk);
	free(running);
	return same;
}

/**
 * doctor_loaded() - is the module that is loaded the right one?
 * @d: examination
 * @version: of midoctl
 */
void doctor_loaded(struct doctor *d, const char *version)
{
	char *running = read_at(d, NULL, "/sys/module/midonet/version");
	char *path = installed(d), *version_of_source = source_version(d);
	bool ok = true;

	if (running)
		running[strcspn(running, "\n")] = '\0';
	if (running && strcmp(running, version)) {
		doctor_say(d, DOCTOR_WARNING, "module", "midonet-reload",
			   "version %s is loaded, midoctl is %s: load the other one, which keeps connections",
			   running, version);
		ok = false;
	} else if (path && !same_source(d, path)) {
		doctor_say(d, DOCTOR_WARNING, "module", "midonet-reload",
			   "not the one that is installed is loaded: load that one, which keeps connections");
		ok = false;
	}
	if (ok)
		doctor_say(d, DOCTOR_OK, "module", NULL, "version %s is loaded",
			   running ?: version);
	if (!path && !version_of_source)
		doctor_say(d, DOCTOR_WARNING, "installed",
			   "apt install midonet-dkms",
			   "the module was loaded by hand, and is gone after a reboot");
	free(running);
	free(path);
	free(version_of_source);
}
