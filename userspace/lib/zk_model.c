// SPDX-License-Identifier: GPL-2.0
/* Entries of the journal make a topology. */
#include <errno.h>

#include "lines.h"
#include "zk_tree.h"

/**
 * mn_zk_entry_apply() - let a topology follow an entry
 * @m: topology; a snapshot makes another one of it
 * @entry: entry
 * @err: for errors, with the revision
 *
 * Return: 0 or a negative error
 */
int mn_zk_entry_apply(struct mn_model **m, const struct mn_zk_entry *entry,
		      struct mn_err *err)
{
	int ret;

	if (entry->snapshot) {
		mn_model_free(*m);
		*m = mn_model_new(NULL);
	}
	ret = mn_lines_apply(*m, entry->lines.s ?: "", entry->lines.len, NULL,
			     NULL, err);
	if (ret)
		mn_err_prefix(err, "%s %" PRIu64,
			      entry->snapshot ? "snapshot" : "revision",
			      entry->revision);
	return ret;
}
