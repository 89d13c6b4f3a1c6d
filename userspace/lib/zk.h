/* SPDX-License-Identifier: GPL-2.0 */
#ifndef _MN_ZK_H
#define _MN_ZK_H

#include <stdbool.h>
#include <sys/time.h>
#include <zookeeper/zookeeper.h>

#include "util.h"

/* Most bytes of a node. */
#define MN_ZK_CHUNK	(512 * 1024)

/**
 * enum mn_zk_state - how a session is
 * @MN_ZK_CONNECTING: no server answers yet, or any more; what is asked waits, or
 *	fails with ZCONNECTIONLOSS
 * @MN_ZK_CONNECTED: all is well
 * @MN_ZK_EXPIRED: the servers gave the session up, with all that was ephemeral;
 *	it must be opened again
 */
enum mn_zk_state { MN_ZK_CONNECTING, MN_ZK_CONNECTED, MN_ZK_EXPIRED };

struct mn_zk;

/**
 * struct mn_zk_reply - what a server answered
 * @data: of the node, or its name; NULL for none; not terminated
 * @len: bytes of @data
 * @stat: of the node, or NULL
 * @names: of what is in the node, or NULL
 */
struct mn_zk_reply {
	const char *data;
	int len;
	const struct Stat *stat;
	const struct String_vector *names;
};

/**
 * typedef mn_zk_fn - told of an answer
 * @arg: as given
 * @rc: ZOK or an error of ZOO_ERRORS
 * @reply: answer, valid meanwhile; empty on errors
 *
 * It is also called when the session is closed, with ZCLOSING, and before the call
 * that asks returns if nothing can be asked.
 */
typedef void (*mn_zk_fn)(void *arg, int rc, const struct mn_zk_reply *reply);

/**
 * struct mn_zk - a session with ZooKeeper
 * @zh: handle, NULL while it is closed
 * @hosts: HOST:PORT,...
 * @root: path that all paths are under, without a slash at the end
 * @timeout_ms: the session lasts so long without a server
 * @patience: seconds that who waits for an answer waits
 * @state: how it is
 * @state_fn: told when @state changed, or NULL. It must not close the session
 * @watch_fn: told that a node that was watched changed, with its path below the
 *	root; or NULL
 * @arg: for both
 *
 * The client is driven by its owner: mn_zk_interest() says what to wait for,
 * mn_zk_process() goes on. mn_zk_run() does both for who has nothing else to do.
 */
struct mn_zk {
	zhandle_t *zh;
	char *hosts;
	char *root;
	int timeout_ms;
	double patience;
	enum mn_zk_state state;
	void (*state_fn)(void *arg);
	void (*watch_fn)(void *arg, const char *path);
	void *arg;
};

int mn_zk_init(struct mn_zk *zk, const char *where, struct mn_err *err);
void mn_zk_exit(struct mn_zk *zk);
int mn_zk_open(struct mn_zk *zk, struct mn_err *err);
void mn_zk_close(struct mn_zk *zk);

int mn_zk_interest(struct mn_zk *zk, int *fd, bool *read, bool *write,
		   struct timeval *tv);
void mn_zk_process(struct mn_zk *zk, bool readable, bool writable);
int mn_zk_run(struct mn_zk *zk, const bool *done, double deadline);
double mn_zk_now(void);

/* Questions. Paths are below the root, and begin without a slash. */
void mn_zk_get(struct mn_zk *zk, const char *path, bool watch, mn_zk_fn fn,
	       void *arg);
void mn_zk_children(struct mn_zk *zk, const char *path, mn_zk_fn fn, void *arg);
void mn_zk_create(struct mn_zk *zk, const char *path, const char *data,
		  size_t len, bool ephemeral, mn_zk_fn fn, void *arg);
void mn_zk_set(struct mn_zk *zk, const char *path, const char *data, size_t len,
	       int version, mn_zk_fn fn, void *arg);
void mn_zk_delete(struct mn_zk *zk, const char *path, int version, mn_zk_fn fn,
		  void *arg);
void mn_zk_sync(struct mn_zk *zk, mn_zk_fn fn, void *arg);
void mn_zk_multi(struct mn_zk *zk, const zoo_op_t *ops, int n,
		 zoo_op_result_t *results, mn_zk_fn fn, void *arg);
char *mn_zk_path(const struct mn_zk *zk, const char *path);
const char *mn_zk_error(int rc);
bool mn_zk_is_transient(int rc);

#endif /* _MN_ZK_H */
