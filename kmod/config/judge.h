/* SPDX-License-Identifier: GPL-2.0 */
#ifndef _MN_JUDGE_H
#define _MN_JUDGE_H

#include <linux/types.h>

struct mn_op;
struct mn_txn;
struct nlattr;

/* Between config/commit.c and config/judge.c only; the first is in config/txn.c. */
void mn_op_parse(const struct mn_op *op, struct nlattr **tb);
int mn_judge(struct mn_txn *txn, bool *counted);
void mn_judge_uses(struct mn_txn *txn, bool undo);
void mn_judge_undo(struct mn_txn *txn, bool counted);

#endif /* _MN_JUDGE_H */
