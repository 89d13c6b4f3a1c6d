/* SPDX-License-Identifier: GPL-2.0 */
#ifndef _MN_FILE_H
#define _MN_FILE_H

#include <sys/stat.h>

#include "model.h"

/**
 * struct mn_file - a topology in a file
 * @path: of the file
 * @there: the file was there when it was looked at
 * @st: what it was then
 *
 * The file is a document with "revision" and "digest". It is always replaced as a
 * whole, so who reads it sees one revision.
 */
struct mn_file {
	char *path;
	bool there;
	struct stat st;
};

int mn_file_init(struct mn_file *f, const char *path, struct mn_err *err);
void mn_file_exit(struct mn_file *f);
bool mn_file_moved(const struct mn_file *f);
int mn_file_read(struct mn_file *f, struct mn_model **m, uint64_t *revision,
		 struct mn_err *err);
int mn_file_write(struct mn_file *f, struct mn_model *m, uint64_t revision,
		  struct mn_err *err);

#endif /* _MN_FILE_H */
