// SPDX-License-Identifier: GPL-2.0
/*
 * A topology in a file: a document, its revision, and a digest over both that
 * tells an edit by hand. A file without a digest is a document somebody wrote.
 *
 * Writers take a lock beside the file, for the file itself is replaced: all is
 * written under another name, brought to the disk, and renamed.
 */
#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <unistd.h>

#include "doc.h"
#include "edit.h"
#include "file.h"

/* So long another writer is waited for. */
#define LOCK_TRIES	200
#define LOCK_US		50000

__printf(3, 4)
static int fail_path(struct mn_err *err, const char *path, const char *fmt, ...)
{
	int code = errno ? -errno : -EIO;
	char text[256];
	va_list ap;

	va_start(ap, fmt);
	vsnprintf(text, sizeof(text), fmt, ap);
	va_end(ap);
	return mn_fail(err, code, "%s: %s: %s", path, text, strerror(-code));
}

/**
 * mn_file_init() - name a file
 * @f: file
 * @path: where it is, or shall be made
 * @err: for errors
 *
 * Return: 0 or a negative error
 */
int mn_file_init(struct mn_file *f, const char *path, struct mn_err *err)
{
	memset(f, 0, sizeof(*f));
	if (!*path)
		return mn_fail(err, -EINVAL, "store file:PATH: PATH is missing");
	/* What a link leads to is replaced, not the link. */
	f->path = realpath(path, NULL) ?: mn_strdup(path);
	return 0;
}

/**
 * mn_file_exit() - the opposite
 * @f: file
 */
void mn_file_exit(struct mn_file *f)
{
	free(f->path);
}

/* Reading. */

static bool same_stat(const struct stat *a, const struct stat *b)
{
	return a->st_dev == b->st_dev && a->st_ino == b->st_ino &&
	       a->st_size == b->st_size &&
	       a->st_mtim.tv_sec == b->st_mtim.tv_sec &&
	       a->st_mtim.tv_nsec == b->st_mtim.tv_nsec;
}

/**
 * mn_file_moved() - is the file another one than when it was read?
 * @f: file
 *
 * Return: whether it was replaced, changed, made or removed
 */
bool mn_file_moved(const struct mn_file *f)
{
	struct stat st;

	if (stat(f->path, &st))
		return f->there;
	return !f->there || !same_stat(&st, &f->st);
}

static int read_fd(int fd, struct mn_buf *out)
{
	char part[65536];
	ssize_t n;

	while ((n = read(fd, part, sizeof(part))) > 0)
		mn_buf_add(out, part, n);
	return n < 0 ? -errno : 0;
}

/* -ENOENT is no error here. */
static int read_file(struct mn_file *f, struct mn_buf *out, struct mn_err *err)
{
	int fd = open(f->path, O_RDONLY | O_CLOEXEC), ret = 0;

	f->there = false;
	if (fd < 0 && errno == ENOENT)
		return -ENOENT;
	if (fd < 0)
		return fail_path(err, f->path, "cannot be read");
	if (fstat(fd, &f->st) || read_fd(fd, out))
		ret = fail_path(err, f->path, "cannot be read");
	close(fd);
	f->there = !ret;
	return ret;
}

static uint64_t digest_of(json_t *json)
{
	char *text = json_dumps(json, JSON_COMPACT | JSON_SORT_KEYS);
	uint64_t digest = mn_hash_bytes(0, text, strlen(text));

	free(text);
	return digest;
}

static int check_header(json_t *json, json_t *said, json_t *rev,
			struct mn_err *err)
{
	const char *text = json_string_value(said);

	if (rev && (!json_is_integer(rev) || json_integer_value(rev) < 0))
		return mn_fail(err, -EINVAL, "revision: not a number");
	if (!said)
		return 0;
	if (!text || strlen(text) != 16)
		return mn_fail(err, -EINVAL,
			       "digest: not 16 hexadecimal digits");
	if (strtoull(text, NULL, 16) == digest_of(json))
		return 0;
	return mn_fail(err, -EINVAL,
		       "digest: does not fit, so the file was edited by hand; take the digest out and raise the revision to have it so");
}

/* Take what is no part of the document out of it. */
static int take_header(json_t *json, uint64_t *revision, struct mn_err *err)
{
	json_t *said = json_incref(json_object_get(json, "digest"));
	json_t *rev = json_object_get(json, "revision");
	int ret;

	json_object_del(json, "digest");
	ret = check_header(json, said, rev, err);
	*revision = ret ? 0 : json_integer_value(rev);
	json_object_del(json, "revision");
	json_decref(said);
	return ret;
}

static int read_doc(const struct mn_buf *text, struct mn_model **m,
		    uint64_t *revision, struct mn_err *err)
{
	json_t *json = mn_doc_parse(text->s ?: "", text->len, err);
	struct mn_err later;
	int ret = 0, digest = 0;

	if (!json)
		return err->code;
	if (json_is_object(json))
		digest = take_header(json, revision, &later);
	/* What an edit broke is worth more than that there was one. */
	ret = mn_doc_read(json, NULL, false, m, err);
	if (!ret && digest) {
		mn_model_free(*m);
		*m = NULL;
		*err = later;
		ret = digest;
	}
	json_decref(json);
	return ret;
}

/**
 * mn_file_read() - read the topology
 * @f: file
 * @m: result, empty if there is no file
 * @revision: result, 0 if there is none
 * @err: for errors, with the place in the file
 *
 * Return: 0 or a negative error
 */
int mn_file_read(struct mn_file *f, struct mn_model **m, uint64_t *revision,
		 struct mn_err *err)
{
	struct mn_buf text = {};
	int ret = read_file(f, &text, err);

	*revision = 0;
	if (ret == -ENOENT) {
		*m = mn_model_new(NULL);
		return 0;
	}
	if (!ret) {
		ret = read_doc(&text, m, revision, err);
		if (ret)
			mn_err_prefix(err, "%s", f->path);
	}
	mn_buf_free(&text);
	if (!ret)
		mn_model_assign_keys(*m);
	return ret;
}

/* Writing. */

static int lock(const struct mn_file *f, struct mn_err *err)
{
	char *path = mn_asprintf("%s.lock", f->path);
	int fd = open(path, O_RDWR | O_CREAT | O_CLOEXEC, 0644), try, ret;

	if (fd < 0) {
		ret = fail_path(err, path, "cannot be locked");
		free(path);
		return ret;
	}
	for (try = 0; try < LOCK_TRIES; try++) {
		if (!flock(fd, LOCK_EX | LOCK_NB)) {
			free(path);
			return fd;
		}
		usleep(LOCK_US);
	}
	close(fd);
	ret = mn_fail(err, -EBUSY, "%s: somebody else holds the lock since %d s",
		      path, LOCK_TRIES * (LOCK_US / 1000) / 1000);
	free(path);
	return ret;
}

static char *file_text(struct mn_model *m, uint64_t revision)
{
	json_t *doc = mn_doc_export(m, MN_EXPORT_IDS), *json = json_object();
	char digest[20], *text;

	json_object_set(json, "midonet", json_object_get(doc, "midonet"));
	json_object_set_new(json, "revision", json_integer(revision));
	json_object_update(json, doc);
	snprintf(digest, sizeof(digest), "%016" PRIx64, digest_of(json));
	/* Behind the revision, where it is seen. */
	json_object_clear(json);
	json_object_set(json, "midonet", json_object_get(doc, "midonet"));
	json_object_set_new(json, "revision", json_integer(revision));
	json_object_set_new(json, "digest", json_string(digest));
	json_object_update(json, doc);
	text = json_dumps(json, JSON_INDENT(2));
	json_decref(json);
	json_decref(doc);
	return text;
}

static int write_all(int fd, const char *text, size_t len)
{
	ssize_t n;

	while (len) {
		n = write(fd, text, len);
		if (n < 0 && errno == EINTR)
			continue;
		if (n < 0)
			return -errno;
		text += n;
		len -= n;
	}
	return 0;
}

/* As whoever made the file wanted it, if that may be. */
static void keep_owner(int fd, const struct stat *st)
{
	if (fchown(fd, st->st_uid, st->st_gid) || fchmod(fd, st->st_mode & 0777))
		errno = 0;
}

static int write_new(const struct mn_file *f, const char *path,
		     const char *text, struct mn_err *err)
{
	int fd = open(path, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0644);
	int ret = 0;

	if (fd < 0)
		return fail_path(err, path, "cannot be made");
	if (f->there)
		keep_owner(fd, &f->st);
	if (write_all(fd, text, strlen(text)) || write_all(fd, "\n", 1) ||
	    fsync(fd))
		ret = fail_path(err, path, "cannot be written");
	if (close(fd) && !ret)
		ret = fail_path(err, path, "cannot be written");
	return ret;
}

/* A rename is on the disk when the directory is. */
static int sync_dir(const char *path, struct mn_err *err)
{
	char *dir = mn_strdup(path), *slash = strrchr(dir, '/');
	int fd, ret = 0;

	if (!slash)
		strcpy(dir, ".");
	else
		slash[slash == dir] = '\0';
	fd = open(dir, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	/* Some filesystems cannot, and need not. */
	if (fd < 0 || (fsync(fd) && errno != EINVAL))
		ret = fail_path(err, dir, "cannot be brought to the disk");
	if (fd >= 0)
		close(fd);
	free(dir);
	return ret;
}

static int replace(struct mn_file *f, const char *text, struct mn_err *err)
{
	char *path = mn_asprintf("%s.new", f->path);
	int ret = write_new(f, path, text, err);

	if (!ret && rename(path, f->path))
		ret = fail_path(err, f->path, "cannot be replaced");
	if (ret)
		unlink(path);
	else
		ret = sync_dir(f->path, err);
	if (!ret)
		f->there = !stat(f->path, &f->st);
	free(path);
	return ret;
}

/**
 * mn_file_write() - replace the topology
 * @f: file, as it was read
 * @m: topology
 * @revision: its revision
 * @err: for errors
 *
 * Return: 0; -ESTALE if the file is not the one that was read; or another
 * negative error, then it is what it was
 */
int mn_file_write(struct mn_file *f, struct mn_model *m, uint64_t revision,
		  struct mn_err *err)
{
	int fd = lock(f, err), ret;
	char *text;

	if (fd < 0)
		return fd;
	if (mn_file_moved(f)) {
		ret = mn_fail(err, -ESTALE,
			      "%s: somebody else changed it; compute the change again",
			      f->path);
	} else {
		text = file_text(m, revision);
		ret = replace(f, text, err);
		free(text);
	}
	close(fd);
	return ret;
}
