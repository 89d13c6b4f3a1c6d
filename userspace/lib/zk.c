// SPDX-License-Identifier: GPL-2.0
/*
 * Sessions with ZooKeeper, by the client that has no threads: whoever owns the
 * session waits for its socket, beside whatever else it waits for.
 */
#include <errno.h>
#include <poll.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "zk.h"

#define DEFAULT_ROOT	"/midonet/v1"
#define DEFAULT_PORT	2181
#define TIMEOUT_MS	10000
#define PATIENCE	20.0

/**
 * struct question - what waits for an answer
 * @fn: told of it
 * @arg: for @fn
 */
struct question {
	mn_zk_fn fn;
	void *arg;
};

/**
 * mn_zk_now() - time that no clock change moves
 *
 * Return: seconds
 */
double mn_zk_now(void)
{
	struct timespec ts;

	clock_gettime(CLOCK_MONOTONIC, &ts);
	return ts.tv_sec + ts.tv_nsec / 1e9;
}

/**
 * mn_zk_error() - what an error means
 * @rc: error
 *
 * Return: words
 */
const char *mn_zk_error(int rc)
{
	switch (rc) {
	case ZCONNECTIONLOSS:
	case ZCLOSING:
		return "the connection was lost";
	case ZOPERATIONTIMEOUT:
		return "no answer in time";
	case ZSESSIONEXPIRED:
	case ZINVALIDSTATE:
		return "the session has expired";
	case ZNOAUTH:
		return "not permitted";
	case ZNONODE:
		return "there is no such node";
	case ZNODEEXISTS:
		return "the node is there already";
	}
	return zerror(rc);
}

/**
 * mn_zk_is_transient() - may the same go well when there is a connection?
 * @rc: error
 *
 * Return: whether it is not known what became of the request, or it was not sent
 */
bool mn_zk_is_transient(int rc)
{
	return rc == ZCONNECTIONLOSS || rc == ZOPERATIONTIMEOUT ||
	       rc == ZSESSIONEXPIRED || rc == ZINVALIDSTATE ||
	       rc == ZCLOSING || rc == ZSESSIONMOVED || rc == ZTHROTTLEDOP;
}

/* Without a port, the usual one. */
static int add_host(struct mn_buf *hosts, const char *host, struct mn_err *err)
{
	const char *end = strrchr(host, ']'), *colon = strrchr(end ?: host, ':');
	char buf[80];

	if (!*host)
		return mn_fail(err, -EINVAL, "store zk: a host is missing");
	if (strpbrk(host, " \t\r\n@"))
		return mn_fail(err, -EINVAL, "store zk: \"%s\" is no HOST:PORT",
			       mn_shown(host, buf, sizeof(buf)));
	mn_buf_printf(hosts, "%s%s", hosts->len ? "," : "", host);
	if (!colon)
		mn_buf_printf(hosts, ":%d", DEFAULT_PORT);
	return 0;
}

static int set_root(struct mn_zk *zk, const char *root, struct mn_err *err)
{
	size_t len = strlen(root);
	char buf[80];

	while (len > 1 && root[len - 1] == '/')
		len--;
	if (len < 2 || strstr(root, "//") || strstr(root, "/../") ||
	    strstr(root, "/./"))
		return mn_fail(err, -EINVAL, "store zk: \"%s\" is no path",
			       mn_shown(root, buf, sizeof(buf)));
	zk->root = mn_strdup(root);
	zk->root[len] = '\0';
	return 0;
}

/**
 * mn_zk_init() - say where ZooKeeper is
 * @zk: session
 * @where: HOST[:PORT][,HOST[:PORT]]...[/ROOT]
 * @err: for errors
 *
 * Return: 0 or a negative error
 */
int mn_zk_init(struct mn_zk *zk, const char *where, struct mn_err *err)
{
	char *copy = mn_strdup(where), *slash = strchr(copy, '/');
	char *rest = copy, *host;
	struct mn_buf hosts = {};
	int ret;

	memset(zk, 0, sizeof(*zk));
	zk->timeout_ms = TIMEOUT_MS;
	zk->patience = PATIENCE;
	ret = set_root(zk, slash ?: DEFAULT_ROOT, err);
	if (slash)
		*slash = '\0';
	while (!ret && (host = strsep(&rest, ",")))
		ret = add_host(&hosts, host, err);
	zk->hosts = hosts.s;
	free(copy);
	if (ret)
		mn_zk_exit(zk);
	return ret;
}

/**
 * mn_zk_exit() - close the session, forget where ZooKeeper is
 * @zk: session
 */
void mn_zk_exit(struct mn_zk *zk)
{
	mn_zk_close(zk);
	free(zk->hosts);
	free(zk->root);
	zk->hosts = NULL;
	zk->root = NULL;
}

static void set_state(struct mn_zk *zk, enum mn_zk_state state)
{
	if (zk->state == state)
		return;
	zk->state = state;
	if (zk->state_fn)
		zk->state_fn(zk->arg);
}

static void session_event(struct mn_zk *zk, int state)
{
	if (state == ZOO_CONNECTED_STATE)
		set_state(zk, MN_ZK_CONNECTED);
	else if (state == ZOO_EXPIRED_SESSION_STATE ||
		 state == ZOO_AUTH_FAILED_STATE)
		set_state(zk, MN_ZK_EXPIRED);
	else if (zk->state != MN_ZK_EXPIRED)
		set_state(zk, MN_ZK_CONNECTING);
}

static void watcher(zhandle_t *zh, int type, int state, const char *path,
		    void *context)
{
	struct mn_zk *zk = (void *)zoo_get_context(zh);
	size_t len = strlen(zk->root);

	(void)context;
	/* What is left of a session that is being closed. */
	if (zh != zk->zh && zk->zh)
		return;
	if (type == ZOO_SESSION_EVENT) {
		session_event(zk, state);
		return;
	}
	if (zk->watch_fn && path && !strncmp(path, zk->root, len) &&
	    path[len] == '/')
		zk->watch_fn(zk->arg, path + len + 1);
}

/* The client has its own ideas of what is worth a line on standard error. */
static void no_log(const char *message)
{
	(void)message;
}

/**
 * mn_zk_open() - begin a session
 * @zk: session that is closed
 * @err: for errors
 *
 * The connection comes about later, see @state.
 *
 * Return: 0 or a negative error, such as that a host has no address
 */
int mn_zk_open(struct mn_zk *zk, struct mn_err *err)
{
	zk->state = MN_ZK_CONNECTING;
	zk->zh = zookeeper_init2(zk->hosts, watcher, zk->timeout_ms, NULL, zk,
				 0, no_log);
	if (zk->zh)
		return 0;
	return mn_fail(err, errno ? -errno : -EINVAL, "zk:%s: %s", zk->hosts,
		       !errno || errno == EINVAL || errno == ENOENT ?
		       "these hosts have no address that can be used here" :
		       strerror(errno));
}

/**
 * mn_zk_close() - end a session
 * @zk: session; what waits for answers is told ZCLOSING
 */
void mn_zk_close(struct mn_zk *zk)
{
	zhandle_t *zh = zk->zh;

	if (!zh)
		return;
	zookeeper_close(zh);
	zk->zh = NULL;
	zk->state = MN_ZK_CONNECTING;
}

/**
 * mn_zk_interest() - what to wait for
 * @zk: session
 * @fd: result: socket, -1 for none
 * @read: result: wait until it can be read
 * @write: result: wait until it can be written
 * @tv: result: wait no longer
 *
 * Return: 0, or a negative error when the session is over
 */
int mn_zk_interest(struct mn_zk *zk, int *fd, bool *read, bool *write,
		   struct timeval *tv)
{
	int events = 0, rc;

	*fd = -1;
	*read = *write = false;
	tv->tv_sec = 1;
	tv->tv_usec = 0;
	if (!zk->zh)
		return -ENOTCONN;
	rc = zookeeper_interest(zk->zh, fd, &events, tv);
	if (rc == ZINVALIDSTATE || is_unrecoverable(zk->zh)) {
		set_state(zk, MN_ZK_EXPIRED);
		return -ESTALE;
	}
	/* Servers that refuse are not asked again at once. */
	if (rc != ZOK && rc != ZNOTHING && !tv->tv_sec && tv->tv_usec < 50000)
		tv->tv_usec = 50000;
	*read = events & ZOOKEEPER_READ;
	*write = events & ZOOKEEPER_WRITE;
	return 0;
}

/**
 * mn_zk_process() - go on
 * @zk: session
 * @readable: its socket can be read
 * @writable: its socket can be written
 *
 * To be called after each mn_zk_interest(), also when the time is over.
 */
void mn_zk_process(struct mn_zk *zk, bool readable, bool writable)
{
	int events = (readable ? ZOOKEEPER_READ : 0) |
		     (writable ? ZOOKEEPER_WRITE : 0);

	if (!zk->zh)
		return;
	zookeeper_process(zk->zh, events);
	if (is_unrecoverable(zk->zh))
		set_state(zk, MN_ZK_EXPIRED);
}

/**
 * mn_zk_run() - go on until something is done
 * @zk: session
 * @done: what to wait for
 * @deadline: by mn_zk_now()
 *
 * Return: 0, -ETIMEDOUT, or -ESTALE when the session is over
 */
int mn_zk_run(struct mn_zk *zk, const bool *done, double deadline)
{
	struct pollfd p = {};
	struct timeval tv;
	bool read, write;
	double left;
	int ms, ret;

	while (!*done) {
		ret = mn_zk_interest(zk, &p.fd, &read, &write, &tv);
		if (ret)
			return ret;
		left = deadline - mn_zk_now();
		if (left <= 0)
			return -ETIMEDOUT;
		ms = tv.tv_sec * 1000 + tv.tv_usec / 1000;
		if (ms > left * 1000)
			ms = left * 1000;
		p.events = (read ? POLLIN : 0) | (write ? POLLOUT : 0);
		p.revents = 0;
		poll(&p, p.fd >= 0, ms + 1);
		mn_zk_process(zk, p.revents & (POLLIN | POLLERR | POLLHUP),
			      p.revents & (POLLOUT | POLLERR | POLLHUP));
	}
	return 0;
}

/* Questions and answers. */

static struct question *ask(mn_zk_fn fn, void *arg)
{
	struct question *q = mn_alloc(sizeof(*q));

	q->fn = fn;
	q->arg = arg;
	return q;
}

static void answer(const void *data, int rc, const struct mn_zk_reply *reply)
{
	static const struct mn_zk_reply none;
	struct question q = *(const struct question *)data;

	free((void *)data);
	q.fn(q.arg, rc, rc == ZOK ? reply : &none);
}

/* It was not even sent. */
static void check_sent(struct question *q, int rc)
{
	if (rc != ZOK)
		answer(q, rc, NULL);
}

static void answer_void(int rc, const void *data)
{
	struct mn_zk_reply r = {};

	answer(data, rc, &r);
}

static void answer_stat(int rc, const struct Stat *stat, const void *data)
{
	struct mn_zk_reply r = { .stat = stat };

	answer(data, rc, &r);
}

static void answer_data(int rc, const char *value, int len,
			const struct Stat *stat, const void *data)
{
	struct mn_zk_reply r = { .data = value, .len = len, .stat = stat };

	/* A node may have no data at all. */
	if (rc == ZOK && (!value || len < 0)) {
		r.data = "";
		r.len = 0;
	}
	answer(data, rc, &r);
}

static void answer_names(int rc, const struct String_vector *names,
			 const void *data)
{
	struct mn_zk_reply r = { .names = names };

	answer(data, rc, &r);
}

static void answer_string(int rc, const char *value, const void *data)
{
	struct mn_zk_reply r = { .data = value };

	if (rc == ZOK && value)
		r.len = strlen(value);
	answer(data, rc, &r);
}

/**
 * mn_zk_path() - the whole path of a node
 * @zk: session
 * @path: below the root; empty: the root
 *
 * Return: path to be freed
 */
char *mn_zk_path(const struct mn_zk *zk, const char *path)
{
	return *path ? mn_asprintf("%s/%s", zk->root, path) :
		       mn_strdup(zk->root);
}

/**
 * mn_zk_get() - read a node
 * @zk: session
 * @path: node
 * @watch: tell when it changes; not if there is no such node
 * @fn: told of data and stat
 * @arg: for @fn
 */
void mn_zk_get(struct mn_zk *zk, const char *path, bool watch, mn_zk_fn fn,
	       void *arg)
{
	struct question *q = ask(fn, arg);
	char *full = mn_zk_path(zk, path);

	check_sent(q, zk->zh ? zoo_aget(zk->zh, full, watch, answer_data, q) :
			       ZCLOSING);
	free(full);
}

/**
 * mn_zk_children() - list what is in a node
 * @zk: session
 * @path: node
 * @fn: told of the names
 * @arg: for @fn
 */
void mn_zk_children(struct mn_zk *zk, const char *path, mn_zk_fn fn, void *arg)
{
	struct question *q = ask(fn, arg);
	char *full = mn_zk_path(zk, path);

	check_sent(q, zk->zh ? zoo_aget_children(zk->zh, full, 0, answer_names,
						 q) : ZCLOSING);
	free(full);
}

/**
 * mn_zk_create() - make a node
 * @zk: session
 * @path: node
 * @data: its data
 * @len: bytes of @data
 * @ephemeral: it goes with the session
 * @fn: told of the name
 * @arg: for @fn
 */
void mn_zk_create(struct mn_zk *zk, const char *path, const char *data,
		  size_t len, bool ephemeral, mn_zk_fn fn, void *arg)
{
	struct question *q = ask(fn, arg);
	char *full = mn_zk_path(zk, path);

	check_sent(q, zk->zh ? zoo_acreate(zk->zh, full, data, len,
					   &ZOO_OPEN_ACL_UNSAFE,
					   ephemeral ? ZOO_EPHEMERAL :
						       ZOO_PERSISTENT,
					   answer_string, q) : ZCLOSING);
	free(full);
}

/**
 * mn_zk_set() - replace the data of a node
 * @zk: session
 * @path: node
 * @data: its data
 * @len: bytes of @data
 * @version: only if it is of this version, -1: of any
 * @fn: told of the stat
 * @arg: for @fn
 */
void mn_zk_set(struct mn_zk *zk, const char *path, const char *data, size_t len,
	       int version, mn_zk_fn fn, void *arg)
{
	struct question *q = ask(fn, arg);
	char *full = mn_zk_path(zk, path);

	check_sent(q, zk->zh ? zoo_aset(zk->zh, full, data, len, version,
					answer_stat, q) : ZCLOSING);
	free(full);
}

/**
 * mn_zk_delete() - remove a node
 * @zk: session
 * @path: node
 * @version: only if it is of this version, -1: of any
 * @fn: told
 * @arg: for @fn
 */
void mn_zk_delete(struct mn_zk *zk, const char *path, int version, mn_zk_fn fn,
		  void *arg)
{
	struct question *q = ask(fn, arg);
	char *full = mn_zk_path(zk, path);

	check_sent(q, zk->zh ? zoo_adelete(zk->zh, full, version, answer_void,
					   q) : ZCLOSING);
	free(full);
}

/**
 * mn_zk_sync() - let the server catch up with the others
 * @zk: session
 * @fn: told when what is read next is not older than the call
 * @arg: for @fn
 */
void mn_zk_sync(struct mn_zk *zk, mn_zk_fn fn, void *arg)
{
	struct question *q = ask(fn, arg);

	check_sent(q, zk->zh ? zoo_async(zk->zh, zk->root, answer_string, q) :
			       ZCLOSING);
}

/**
 * mn_zk_multi() - do several things, or none of them
 * @zk: session
 * @ops: things, with whole paths
 * @n: number of them
 * @results: of each; must last until the answer
 * @fn: told
 * @arg: for @fn
 */
void mn_zk_multi(struct mn_zk *zk, const zoo_op_t *ops, int n,
		 zoo_op_result_t *results, mn_zk_fn fn, void *arg)
{
	struct question *q = ask(fn, arg);

	check_sent(q, zk->zh ? zoo_amulti(zk->zh, n, ops, results, answer_void,
					  q) : ZCLOSING);
}
