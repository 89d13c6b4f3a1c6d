/* SPDX-License-Identifier: GPL-2.0 */
#ifndef _MN_MATCH_H
#define _MN_MATCH_H

#include "values.h"

/**
 * struct mn_match - a match: words with lists of values
 * @invert: bit N inverts the list of word N
 * @words: by number on the wire; NULL: not named
 */
struct mn_match {
	uint32_t invert;
	struct mn_vals *words[MIDONET_MATCH_MAX + 1];
};

extern const struct mn_attr mn_match_words[];

/* All words: for (a = mn_match_words; a->word; a++) */
#define mn_match_for_each(a)	for (a = mn_match_words; a->word; a++)

const struct mn_attr *mn_match_word(const char *word);
void mn_match_clear(struct mn_match *m);
void mn_match_copy(struct mn_match *to, const struct mn_match *from);
bool mn_match_equal(const struct mn_match *a, const struct mn_match *b);
bool mn_match_is_header(const struct mn_attr *a);
bool mn_match_empty(const struct mn_match *m);
void mn_match_normalise(struct mn_match *m);
int mn_match_set_text(struct mn_match *m, const struct mn_attr *a,
		      const struct mn_names *names, const char *text,
		      struct mn_err *err);
int mn_match_set_json(struct mn_match *m, const struct mn_attr *a,
		      const struct mn_names *names, json_t *json, int *bad,
		      struct mn_err *err);
void mn_match_print_word(const struct mn_match *m, const struct mn_attr *a,
			 const struct mn_names *names, struct mn_buf *out);
void mn_match_print(const struct mn_match *m, const struct mn_names *names,
		    struct mn_buf *out);
json_t *mn_match_to_json(const struct mn_match *m, const struct mn_names *names);

#endif /* _MN_MATCH_H */
