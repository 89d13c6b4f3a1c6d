// SPDX-License-Identifier: GPL-2.0
/* Warnings: rules that are taken and never do anything. */
#include <stdio.h>
#include <stdlib.h>

#include "doc.h"
#include "midoctl.h"

/* So many are said; a document may have a million of them. */
#define WARNINGS_MAX	20
/* Rules of a chain that are looked at for each one a batch adds. */
#define LONG_CHAIN	256

static void note(struct ctl *ctl, const struct mn_buf *where, const char *text)
{
	if (ctl->n_warnings++ < WARNINGS_MAX)
		mn_buf_printf(&ctl->warnings, "midoctl: warning: %s: %s\n",
			      where->s, text);
}

static void note_path(void *arg, const struct mn_obj *rule, const char *text)
{
	struct mn_buf path = {};

	mn_doc_path(rule, &path);
	note(arg, &path, text);
	mn_buf_free(&path);
}

static void note_name(void *arg, const struct mn_obj *rule, const char *text)
{
	struct mn_buf name = {};

	mn_buf_printf(&name, "%s ", rule->type->word);
	mn_obj_full_name(rule, &name);
	note(arg, &name, text);
	mn_buf_free(&name);
}

/**
 * ctl_warn_doc() - note what of a document never does anything
 * @ctl: run
 * @m: what the document says
 */
void ctl_warn_doc(struct ctl *ctl, const struct mn_model *m)
{
	mn_doc_warn(m, note_path, ctl);
}

/**
 * ctl_warn_rule() - note that a rule never does anything
 * @ctl: run
 * @rule: rule in @ctl->model, as it shall be
 *
 * Return: 0 or a negative error
 */
int ctl_warn_rule(struct ctl *ctl, const struct mn_obj *rule)
{
	/* For each rule of a batch that makes a long chain it would take too long. */
	bool alone = ctl->batch && rule->parent->n_kids > LONG_CHAIN;
	int ret = 0;

	if (!alone)
		mn_model_number(ctl->model, rule->parent);
	/*
	 * Ports were looked up, so all are there. All rules are needed only to
	 * be sure; what a batch did to some of them is not to be read over.
	 */
	if (!ctl->batch &&
	    (rule->match.words[MIDONET_MATCH_IN_PORT] ||
	     rule->match.words[MIDONET_MATCH_OUT_PORT]) &&
	    mn_rule_astray(ctl->model, rule))
		ret = mn_model_want(ctl->model, MIDONET_OBJECT_TYPE_RULE,
				    &ctl->err);
	if (ret)
		return ret;
	mn_rule_warn(ctl->model, rule, alone, note_name, ctl);
	return 0;
}

/**
 * ctl_warn_forget() - forget what was noted: all is computed again
 * @ctl: run
 */
void ctl_warn_forget(struct ctl *ctl)
{
	ctl->warnings.len = 0;
	ctl->n_warnings = 0;
}

/**
 * ctl_warn_say() - say what was noted, and forget it
 * @ctl: run
 */
void ctl_warn_say(struct ctl *ctl)
{
	if (ctl->warnings.len)
		fputs(ctl->warnings.s, stderr);
	if (ctl->n_warnings > WARNINGS_MAX)
		fprintf(stderr, "midoctl: warning: and %zu more\n",
			ctl->n_warnings - WARNINGS_MAX);
	mn_buf_free(&ctl->warnings);
	ctl->n_warnings = 0;
}
