/* SPDX-License-Identifier: GPL-2.0 */
#ifndef _MN_ZK_TREE_H
#define _MN_ZK_TREE_H

#include <inttypes.h>

#include "model.h"
#include "zk.h"

/*
 * What is where below the root:
 *
 *	revision		the last revision; its data version guards commits
 *	txn/ID/N		lines of a change, in chunks
 *	journal/REVISION	{"txn":ID,"after":ID,"chunks":N,"author":WHO,"time":WHEN};
 *				"after" is the txn of the revision before
 *	snapshot/REVISION/N	lines of the whole topology, in chunks; the node
 *				itself says {"txn":ID,"chunks":N} when all are there
 *	hosts/ID/alive		a host that is there, ephemeral
 *	nat/ROUTER/ADDR/N	{"host":ID,"boot":ID}: who has block N of the ports of an
 *				address, ephemeral
 *	lb/POOL/leader		the same of who checks a pool, ephemeral
 *	lb/POOL/health		{"host":NAME,"members":{"ADDR:PORT":HEALTH}}
 */
#define MN_ZK_REVISION		"revision"
#define MN_ZK_JOURNAL		"journal/%020" PRIu64
#define MN_ZK_SNAPSHOT		"snapshot/%020" PRIu64
#define MN_ZK_TXN		"txn/%s"
#define MN_ZK_ALIVE		"hosts/%s/alive"

/* After so many revisions there is another snapshot; so many are kept. */
#define MN_ZK_SNAPSHOT_EVERY	1000
#define MN_ZK_SNAPSHOTS_KEPT	2

/**
 * struct mn_zk_entry - a step to another revision
 * @revision: revision
 * @snapshot: @lines are all of the topology, rather than what changed
 * @lines: what is said, see lines.h
 * @txn: id of the change that made the revision; may be empty for a snapshot
 * @author: who made the change, or NULL
 * @time: when, or NULL
 */
struct mn_zk_entry {
	uint64_t revision;
	bool snapshot;
	struct mn_buf lines;
	char txn[MN_UUID_TEXT];
	char *author;
	char *time;
};

/**
 * struct mn_zk_reader - reading what came since a revision
 * @zk: session
 * @have: revision that is there; reading goes on from it
 * @last: &mn_zk_entry.txn of @have, empty if it is not known
 * @none: nothing is there, not even an empty topology: @have does not count
 * @sync: let the server catch up first. To be set for each new session, whose
 *	server may be behind the one before
 * @check: look whether @have is still what it was. To be set with @sync
 * @absent: nobody made the root yet
 * @newest: revision that is wanted, as far as is known
 * @entry_fn: told of a step; what it returns other than 0 ends the reading
 * @done_fn: told of the end: 0 when @have is @newest; -EAGAIN if the connection
 *	was lost; or another negative error, with a sentence
 * @arg: for both
 * @busy: reading
 * @entry: step being read
 * @chunks: of it
 * @next: chunk to be read next
 * @dir: node of the chunks
 * @older: snapshots to be tried, newest first
 * @n_older: number of them
 *
 * Steps come in order of revisions, each one higher than the one before, but for a
 * snapshot, which may come first.
 */
struct mn_zk_reader {
	struct mn_zk *zk;
	uint64_t have;
	char last[MN_UUID_TEXT];
	bool none;
	bool sync;
	bool check;
	bool absent;
	uint64_t newest;
	int (*entry_fn)(void *arg, const struct mn_zk_entry *entry,
			struct mn_err *err);
	void (*done_fn)(void *arg, int ret, const struct mn_err *err);
	void *arg;
	bool busy;
	struct mn_zk_entry entry;
	unsigned int chunks;
	unsigned int next;
	char dir[80];
	uint64_t *older;
	size_t n_older;
};

void mn_zk_read(struct mn_zk_reader *r);
void mn_zk_reader_exit(struct mn_zk_reader *r);

/* zk_model.c: entries make a topology */
int mn_zk_entry_apply(struct mn_model **m, const struct mn_zk_entry *entry,
		      struct mn_err *err);

/**
 * struct mn_zk_answer - an answer that is waited for
 * @done: it is there
 * @rc: what it is
 * @data: of the node
 * @version: of its data
 * @ctime: when it was made, ms
 * @names: of what is in it; @n_names of them
 * @n_names: number of @names
 */
struct mn_zk_answer {
	bool done;
	int rc;
	struct mn_buf data;
	int version;
	int64_t ctime;
	char **names;
	int n_names;
};

/* zk_call.c: who has nothing else to do waits for answers */
void mn_zk_answer_fn(void *arg, int rc, const struct mn_zk_reply *reply);
void mn_zk_answer_free(struct mn_zk_answer *a);
int mn_zk_connect(struct mn_zk *zk, struct mn_err *err);
int mn_zk_wait(struct mn_zk *zk, struct mn_zk_answer *a, struct mn_err *err);
int mn_zk_call_get(struct mn_zk *zk, const char *path, struct mn_zk_answer *a, struct mn_err *err);
int mn_zk_call_children(struct mn_zk *zk, const char *path,
			struct mn_zk_answer *a, struct mn_err *err);
int mn_zk_call_create(struct mn_zk *zk, const char *path, const char *data,
		      size_t len, struct mn_err *err);
int mn_zk_call_set(struct mn_zk *zk, const char *path, const char *data,
		   size_t len, struct mn_err *err);
int mn_zk_call_delete(struct mn_zk *zk, const char *path, struct mn_err *err);
int mn_zk_delete_tree(struct mn_zk *zk, const char *path, struct mn_err *err);

/* zk_root.c */
void mn_zk_make_root(struct mn_zk *zk, mn_zk_fn fn, void *arg);

/* zk_write.c */
int mn_zk_write(struct mn_zk *zk, uint64_t from, const struct mn_buf *lines, struct mn_err *err);
size_t mn_zk_next_chunk(const char *text, size_t len, size_t max);
int mn_zk_write_chunks(struct mn_zk *zk, const char *dir,
		       const struct mn_buf *lines, unsigned int *n, struct mn_err *err);

/* zk_snapshot.c */
char *mn_zk_txn_of(struct mn_zk *zk, uint64_t revision);
int mn_zk_snapshot(struct mn_zk *zk, struct mn_model *m, uint64_t revision, struct mn_err *err);

#endif /* _MN_ZK_TREE_H */
