/* SPDX-License-Identifier: GPL-2.0 */
#ifndef _MIDOCTL_H
#define _MIDOCTL_H

#include <jansson.h>
#include <stdbool.h>

#include "model.h"
#include "nl.h"
#include "store.h"

/**
 * struct ctl - one run of midoctl
 * @json: -j
 * @dry_run: --dry-run
 * @force: --force
 * @color: colours may be used
 * @batch: within a batch
 * @check: changes depend on what was read: expect the generation not to move
 * @where: the store
 * @netns: network namespace of the kernel that is meant, NULL: this one
 * @store: the same, open
 * @kernel: the kernel, if that is not the store but needed as well; or NULL
 * @model: what is known of the topology
 * @doc: document that was read
 * @to: what it says, while that is applied
 * @input: batch that was read
 * @warnings: lines to be said when all went well
 * @n_warnings: number of them, also those that are left out
 * @err: why something was refused
 */
struct ctl {
	bool json;
	bool dry_run;
	bool force;
	bool color;
	bool batch;
	bool check;
	const char *where;
	const char *netns;
	struct mn_store *store;
	struct mn_store *kernel;
	struct mn_model *model;
	json_t *doc;
	struct mn_model *to;
	struct mn_buf input;
	struct mn_buf warnings;
	size_t n_warnings;
	struct mn_err err;
};

/**
 * enum cmd_flags - what a command is
 * @CMD_CHANGE: changes the topology, may stand in a batch
 * @CMD_KERNEL: needs the kernel
 * @CMD_ALONE: opens what it needs itself
 * @CMD_HIDDEN: for scripts, not to be typed
 */
enum cmd_flags {
	CMD_CHANGE = 1,
	CMD_KERNEL = 2,
	CMD_ALONE = 4,
	CMD_HIDDEN = 8,
};

/**
 * struct cmd - a command
 * @word: first word
 * @second: second word, or NULL for any
 * @flags: &enum cmd_flags
 * @run: does it; @argv is what follows the words. 0, a negative error with
 *	ctl->err set, or a positive exit status
 * @help: what follows the words
 */
struct cmd {
	const char *word;
	const char *second;
	int flags;
	int (*run)(struct ctl *ctl, int argc, char **argv);
	const char *help;
};

extern const struct cmd cmds[];

int ctl_open(struct ctl *ctl);
struct mn_nl *ctl_nl(struct ctl *ctl);
int ctl_kernel(struct ctl *ctl);
int ctl_run(struct ctl *ctl, int argc, char **argv, bool batch);
int ctl_args(struct ctl *ctl, int argc, int min, int max, const char *usage);

/* change.c */
int ctl_change(struct ctl *ctl, enum midonet_op op, struct mn_obj *obj,
	       uint32_t attrs);
int ctl_set_word(struct ctl *ctl, struct mn_obj *obj, int attr,
		 const char *text);
int ctl_words(struct ctl *ctl, struct mn_obj *obj, int argc, char **argv,
	      uint32_t *attrs);
int ctl_check_dev(struct ctl *ctl, struct mn_obj *port);
int ctl_obj_err(struct ctl *ctl, const struct mn_obj *obj);

/* warn.c */
void ctl_warn_doc(struct ctl *ctl, const struct mn_model *m);
int ctl_warn_rule(struct ctl *ctl, const struct mn_obj *rule);
void ctl_warn_forget(struct ctl *ctl);
void ctl_warn_say(struct ctl *ctl);

/* progress.c */
void ctl_progress(const char *what, size_t done, size_t total);
void ctl_progress_end(void);

/* out.c */
struct table;
struct table *table_new(const char *const *heads);
void table_row(struct table *t, const char *const *cells);
void table_print(struct table *t);
void ctl_print_json(struct ctl *ctl, json_t *json);
const char *ctl_color(const struct ctl *ctl, const char *name);
json_t *ctl_obj_json(struct ctl *ctl, const struct mn_obj *obj);
void ctl_obj_place(const struct ctl *ctl, const struct mn_obj *obj,
		   struct mn_buf *out);
bool ctl_attr_is_place(const struct mn_type *type, int attr);

/* names of attributes with a value in JSON */
void json_set_text(json_t *json, const char *key, const struct nlattr *attr);
void json_set_num(json_t *json, const char *key, const struct nlattr *attr);
json_t *json_packet(const struct nlattr *nest, bool mask);
void packet_print(json_t *packet, struct mn_buf *out);

/* types.c */
int type_verb(struct ctl *ctl, const struct mn_type *type, int argc,
	      char **argv);
int cmd_type(struct ctl *ctl, const struct mn_type *type, int argc,
	     char **argv);
int list_type(struct ctl *ctl, const struct mn_type *type,
	      const struct mn_obj *parent, const struct mn_obj *port);
struct mn_obj *ctl_device(struct ctl *ctl, uint32_t types, const char *name,
			  const char *what);

/* cmd_conn.c */
int ctl_conns(struct ctl *ctl, int argc, char **argv, mn_nl_cb fn, void *arg);

/* trace_macs.c */
struct mn_frame;
void ctl_frame_macs(struct ctl *ctl, struct mn_obj *port, struct mn_frame *f);

/* one file a command */
int cmd_rule_add(struct ctl *ctl, int argc, char **argv);
int cmd_rule_set(struct ctl *ctl, int argc, char **argv);
int cmd_rule_del(struct ctl *ctl, int argc, char **argv);
int cmd_rule_list(struct ctl *ctl, int argc, char **argv);
int cmd_route_add(struct ctl *ctl, int argc, char **argv);
int cmd_route_del(struct ctl *ctl, int argc, char **argv);
int cmd_route_list(struct ctl *ctl, int argc, char **argv);
int cmd_bind(struct ctl *ctl, int argc, char **argv);
int cmd_unbind(struct ctl *ctl, int argc, char **argv);
int cmd_link(struct ctl *ctl, int argc, char **argv);
int cmd_unlink(struct ctl *ctl, int argc, char **argv);
int cmd_host_set_local(struct ctl *ctl, int argc, char **argv);
int cmd_apply(struct ctl *ctl, int argc, char **argv);
int cmd_diff(struct ctl *ctl, int argc, char **argv);
int cmd_export(struct ctl *ctl, int argc, char **argv);
int cmd_flush(struct ctl *ctl, int argc, char **argv);
int cmd_batch(struct ctl *ctl, int argc, char **argv);
int cmd_wait(struct ctl *ctl, int argc, char **argv);
int cmd_release(struct ctl *ctl, int argc, char **argv);
int cmd_show(struct ctl *ctl, int argc, char **argv);
int cmd_status(struct ctl *ctl, int argc, char **argv);
int cmd_flow_list(struct ctl *ctl, int argc, char **argv);
int cmd_flow_flush(struct ctl *ctl, int argc, char **argv);
int cmd_mac_list(struct ctl *ctl, int argc, char **argv);
int cmd_neighbour_list(struct ctl *ctl, int argc, char **argv);
int cmd_stats(struct ctl *ctl, int argc, char **argv);
int cmd_drops(struct ctl *ctl, int argc, char **argv);
int cmd_monitor(struct ctl *ctl, int argc, char **argv);
int cmd_trace(struct ctl *ctl, int argc, char **argv);
int cmd_lb_pool(struct ctl *ctl, int argc, char **argv);
int cmd_lb_vip(struct ctl *ctl, int argc, char **argv);
int cmd_lb_member(struct ctl *ctl, int argc, char **argv);
int cmd_lb_health(struct ctl *ctl, int argc, char **argv);
int cmd_dhcp_add(struct ctl *ctl, int argc, char **argv);
int cmd_dhcp_set(struct ctl *ctl, int argc, char **argv);
int cmd_dhcp_del(struct ctl *ctl, int argc, char **argv);
int cmd_dhcp_list(struct ctl *ctl, int argc, char **argv);
int cmd_dhcp_host(struct ctl *ctl, int argc, char **argv);
int cmd_nat_block_list(struct ctl *ctl, int argc, char **argv);
int cmd_zone_member(struct ctl *ctl, int argc, char **argv);
int cmd_conn_list(struct ctl *ctl, int argc, char **argv);
int cmd_conn_count(struct ctl *ctl, int argc, char **argv);
int cmd_conn_flush(struct ctl *ctl, int argc, char **argv);
int cmd_conn_save(struct ctl *ctl, int argc, char **argv);
int cmd_conn_restore(struct ctl *ctl, int argc, char **argv);
int cmd_nat_list(struct ctl *ctl, int argc, char **argv);
int cmd_doctor(struct ctl *ctl, int argc, char **argv);
int cmd_complete(struct ctl *ctl, int argc, char **argv);
int cmd_help(struct ctl *ctl, int argc, char **argv);

#endif /* _MIDOCTL_H */
