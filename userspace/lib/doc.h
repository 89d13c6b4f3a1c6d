/* SPDX-License-Identifier: GPL-2.0 */
#ifndef _MN_DOC_H
#define _MN_DOC_H

#include <jansson.h>

#include "model.h"
#include "store.h"

#define MN_DOC_VERSION	1

/* doc_read.c */
json_t *mn_doc_load(const char *path, struct mn_err *err);
json_t *mn_doc_parse(const char *text, size_t len, struct mn_err *err);
int mn_doc_read(json_t *json, const struct mn_model *current, bool merge,
		struct mn_model **model, struct mn_err *err);

/* doc_fail.c */
void mn_obj_kid_label(const struct mn_obj *obj, struct mn_buf *out);
bool mn_type_label_clear(const struct mn_type *type);
void mn_obj_label(const struct mn_obj *obj, struct mn_buf *out);
bool mn_obj_fresh(const struct mn_obj *obj);
void mn_obj_order(const struct mn_obj **a, const struct mn_obj **b);
void mn_doc_path(const struct mn_obj *obj, struct mn_buf *out);
__printf(4, 5)
int mn_doc_fail(struct mn_err *err, const struct mn_obj *obj, const char *attr,
		const char *fmt, ...);
__printf(5, 6)
int mn_doc_fail_in(struct mn_err *err, const struct mn_obj *obj,
		   const char *attr, const struct mn_obj *in,
		   const char *fmt, ...);

/* doc_check.c: what is judged when all is read; peers become mutual */
int mn_doc_check(struct mn_model *m, struct mn_err *err);

/* doc_check_jumps.c: of it, what jumps between chains form */
int mn_doc_check_jumps(const struct mn_model *m, struct mn_err *err);

/* doc_check_router.c: of it, what is particular about routers */
int mn_doc_check_routers(const struct mn_model *m, struct mn_err *err);

/* doc_check_nat.c: of it, where rules that translate may stand */
int mn_doc_check_nat(const struct mn_model *m, struct mn_err *err);

/* doc_check_balance.c: of it, what is particular about load balancers */
int mn_doc_check_balancers(const struct mn_model *m, struct mn_err *err);

/* doc_check_dhcp.c: of it, what is particular about DHCP */
int mn_doc_check_dhcp(const struct mn_model *m, struct mn_err *err);

/* doc_check_zone.c: of it, what is particular about tunnel zones */
int mn_doc_check_zones(const struct mn_model *m, struct mn_err *err);

/* doc_blame.c */
void mn_doc_blame(const struct mn_model *m, struct mn_err *err);

/**
 * typedef mn_warn_fn - told of what never does anything
 * @arg: as given
 * @rule: the rule, or the VIP
 * @text: why
 */
typedef void (*mn_warn_fn)(void *arg, const struct mn_obj *rule,
			   const char *text);

/* doc_warn.c */
void mn_doc_warn(const struct mn_model *m, mn_warn_fn fn, void *arg);
bool mn_rule_astray(const struct mn_model *m, const struct mn_obj *rule);
void mn_rule_warn(const struct mn_model *m, const struct mn_obj *rule,
		  bool alone, mn_warn_fn fn, void *arg);

/* doc_rules.c */
void mn_doc_rule_ids(struct mn_model *m, const struct mn_model *current,
		     bool merge);

/**
 * typedef mn_diff_fn - told of a change
 * @arg: as given
 * @change: change
 * @old: the object before, NULL if it is new
 *
 * Return: 0, or a negative error that ends the comparison
 */
typedef int (*mn_diff_fn)(void *arg, const struct mn_change *change,
			  const struct mn_obj *old);

/* doc_diff.c */
int mn_doc_diff(struct mn_model *from, struct mn_model *to, mn_diff_fn fn,
		void *arg);

/* doc_order.c */
int mn_doc_diff_rules(struct mn_obj *from, struct mn_obj *to, mn_diff_fn fn,
		      void *arg);
uint32_t mn_obj_changed(const struct mn_obj *from, const struct mn_obj *to);

/**
 * enum mn_export_flags - what a document shows besides configuration
 * @MN_EXPORT_IDS: ids
 * @MN_EXPORT_STATE: state
 * @MN_EXPORT_SECRETS: secrets, as far as they are known
 */
enum mn_export_flags {
	MN_EXPORT_IDS = 1,
	MN_EXPORT_STATE = 2,
	MN_EXPORT_SECRETS = 4,
};

/* doc_export.c */
json_t *mn_doc_export(const struct mn_model *m, int flags);

#endif /* _MN_DOC_H */
