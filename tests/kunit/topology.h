/* SPDX-License-Identifier: GPL-2.0 */
#ifndef _MN_KUNIT_TOPOLOGY_H
#define _MN_KUNIT_TOPOLOGY_H

#include <kunit/test.h>
#include <linux/netlink.h>
#include <linux/skbuff.h>

#include "config/nl.h"
#include "config/txn.h"
#include "net.h"

/**
 * struct topo - objects for a test, made by transactions without netlink
 * @test: test
 * @mn: state of a namespace, the test's own
 * @txn: open transaction, or NULL
 * @msg: attributes of the message being put together
 * @error: sentence of the last refusal
 * @result: of the last commit
 */
struct topo {
	struct kunit *test;
	struct mn_net *mn;
	struct mn_txn *txn;
	struct sk_buff *msg;
	char error[MN_ERRMSG_LEN];
	struct mn_txn_result result;
};

/* An id: the type and a number, so that a test can tell them apart. */
struct topo_id {
	u8 b[16];
};

struct topo_id topo_id(u8 type, u32 n);

int topo_init(struct topo *t, struct kunit *test);
void topo_exit(struct topo *t);
void topo_clear(struct topo *t);

void topo_begin(struct topo *t);
struct sk_buff *topo_op(struct topo *t);
void topo_stage(struct topo *t, u8 type, u8 verb);
int topo_commit(struct topo *t, bool dry_run);

u8 topo_addr(struct topo *t, const char *text, struct in6_addr *addr);
void topo_put_addr(struct topo *t, int attr, const char *text);
void topo_put_prefix(struct topo *t, int attr, const char *text);
void topo_put_id(struct topo *t, int attr, u8 type, u32 n);
void topo_new(struct topo *t, u8 type, u32 n, const char *name);
void topo_del(struct topo *t, u8 type, u32 n);
struct mn_obj *topo_obj(struct topo *t, u8 type, u32 n);

u32 topo_seed(struct kunit *test);

#endif /* _MN_KUNIT_TOPOLOGY_H */
