// SPDX-License-Identifier: GPL-2.0
/* The store "file": a topology in a file, for one host. */
#include <stdlib.h>

#include "file.h"
#include "store_kept.h"

/**
 * struct file_store - an open file
 * @kept: head
 * @file: the file
 */
struct file_store {
	struct mn_kept kept;
	struct mn_file file;
};

static struct file_store *file_of(struct mn_kept *k)
{
	return mn_container_of(k, struct file_store, kept);
}

static int file_read(struct mn_kept *k, struct mn_model **m,
		     uint64_t *revision, struct mn_err *err)
{
	return mn_file_read(&file_of(k)->file, m, revision, err);
}

static int file_write(struct mn_kept *k, struct mn_kept_write *w,
		      struct mn_err *err)
{
	return mn_file_write(&file_of(k)->file, w->next, w->revision + 1, err);
}

static void file_close(struct mn_kept *k)
{
	mn_file_exit(&file_of(k)->file);
	free(file_of(k));
}

static const struct mn_kept_ops ops = {
	.read = file_read,
	.write = file_write,
	.close = file_close,
};

static int file_open(struct mn_store **store, const char *arg,
		     struct mn_err *err)
{
	struct file_store *f = mn_alloc(sizeof(*f));
	int ret = mn_file_init(&f->file, arg, err);

	if (ret) {
		free(f);
		return ret;
	}
	f->kept.store.ops = &mn_store_file;
	f->kept.store.name = mn_asprintf("file:%s", f->file.path);
	f->kept.ops = &ops;
	*store = &f->kept.store;
	return 0;
}

const struct mn_store_ops mn_store_file = {
	.scheme = "file",
	.open = file_open,
	MN_KEPT_OPS,
};
