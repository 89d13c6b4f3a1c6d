/* SPDX-License-Identifier: GPL-2.0 */
#ifndef _MN_JUDGE_H
#define _MN_JUDGE_H

#include <linux/types.h>

struct mn_entry;
struct mn_net;
struct mn_obj;
struct mn_op;
struct mn_txn;
struct mn_ver;
struct nlattr;

/*
 * Between config/commit.c, config/judge.c and config/pending.c only; the first is in
 * config/txn.c.
 */
void mn_op_parse(const struct mn_op *op, struct nlattr **tb);
int mn_judge(struct mn_txn *txn, bool *counted);
void mn_judge_uses(struct mn_txn *txn, bool undo);
void mn_judge_undo(struct mn_txn *txn, bool counted);
void mn_txn_set_pending(struct mn_txn *txn, struct mn_obj *obj,
			struct mn_ver *ver);
void mn_entry_bury(struct mn_net *mn, struct mn_entry *e);

#endif /* _MN_JUDGE_H */
