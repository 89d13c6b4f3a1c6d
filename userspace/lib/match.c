// SPDX-License-Identifier: GPL-2.0
/* The words of matches. */
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "match.h"

#define WORD(w, A, k, ...) \
	{ .word = w, .attr = MIDONET_MATCH_##A, .kind = MN_KIND_##k, \
	  .flags = MN_LIST | MN_SORTED, __VA_ARGS__ }
#define WORD_REF(w, A, t) \
	WORD(w, A, REF, .ref = MIDONET_OBJECT_TYPE_##t)

const struct mn_attr mn_match_words[] = {
	WORD("ethertype", ETHERTYPE, ETHERTYPE, .size = 2),
	WORD("hw-src", HW_SRC, MAC_MASK),
	WORD("hw-dst", HW_DST, MAC_MASK),
	WORD("vlan", VLAN, VLAN, .size = 2),
	WORD("src", SRC, PREFIX),
	WORD("dst", DST, PREFIX),
	WORD_REF("src-set", SRC_SET, IP_SET),
	WORD_REF("dst-set", DST_SET, IP_SET),
	WORD("proto", PROTO, PROTO, .size = 1),
	WORD("src-port", SRC_PORT, PORTS, .size = 4),
	WORD("dst-port", DST_PORT, PORTS, .size = 4),
	WORD("icmp-type", ICMP_TYPE, NUM, .size = 1, .max = 255),
	WORD("icmp-code", ICMP_CODE, NUM, .size = 1, .max = 255),
	WORD("tcp-flags", TCP_FLAGS, TCP_FLAGS, .size = 2),
	WORD("dscp", DSCP, NUM, .size = 1, .max = 63),
	WORD("fragment", FRAGMENT, ENUM, .size = 1, .names = mn_fragment_names,
	     .n_names = MN_ARRAY_SIZE(mn_fragment_names)),
	WORD_REF("in-port", IN_PORT, PORT),
	WORD_REF("out-port", OUT_PORT, PORT),
	WORD_REF("port-group", PORT_GROUP, PORT_GROUP),
	WORD_REF("in-port-group", IN_PORT_GROUP, PORT_GROUP),
	WORD_REF("out-port-group", OUT_PORT_GROUP, PORT_GROUP),
	WORD("state", STATE, ENUM, .size = 1, .names = mn_conn_state_names,
	     .n_names = MN_ARRAY_SIZE(mn_conn_state_names)),
	WORD("direction", DIRECTION, ENUM, .size = 1,
	     .names = mn_conn_direction_names,
	     .n_names = MN_ARRAY_SIZE(mn_conn_direction_names)),
	WORD("dst-rewritten", DST_REWRITTEN, BOOL, .size = 1, .max = 1),
	WORD("icmp-data-src", ICMP_DATA_SRC, PREFIX),
	WORD("icmp-data-dst", ICMP_DATA_DST, PREFIX),
	{},
};

/**
 * mn_match_word() - look a word up
 * @word: word
 *
 * Return: its row, or NULL
 */
const struct mn_attr *mn_match_word(const char *word)
{
	const struct mn_attr *a;

	mn_match_for_each(a) {
		if (!strcmp(a->word, word))
			return a;
	}
	return NULL;
}

/**
 * mn_match_is_header() - is a word about the headers of a packet
 * @a: word
 *
 * Return: false if it is about where the packet is, its connection, or the packet
 * an ICMP error quotes
 */
bool mn_match_is_header(const struct mn_attr *a)
{
	return a->kind != MN_KIND_REF && a->attr < MIDONET_MATCH_STATE;
}

/**
 * mn_match_clear() - make a match that matches everything
 * @m: match
 */
void mn_match_clear(struct mn_match *m)
{
	size_t i;

	for (i = 0; i < MN_ARRAY_SIZE(m->words); i++)
		free(m->words[i]);
	memset(m, 0, sizeof(*m));
}

/**
 * mn_match_copy() - copy
 * @to: where; uninitialised
 * @from: match
 */
void mn_match_copy(struct mn_match *to, const struct mn_match *from)
{
	size_t i;

	to->invert = from->invert;
	for (i = 0; i < MN_ARRAY_SIZE(to->words); i++)
		to->words[i] = mn_vals_copy(from->words[i]);
}

/**
 * mn_match_equal() - compare
 * @a: match
 * @b: match
 *
 * Return: whether they are the same
 */
bool mn_match_equal(const struct mn_match *a, const struct mn_match *b)
{
	size_t i;

	if (a->invert != b->invert)
		return false;
	for (i = 0; i < MN_ARRAY_SIZE(a->words); i++) {
		if (!mn_vals_equal(a->words[i], b->words[i]))
			return false;
	}
	return true;
}

/**
 * mn_match_empty() - does it match everything
 * @m: match
 *
 * Return: whether it has no words
 */
bool mn_match_empty(const struct mn_match *m)
{
	size_t i;

	for (i = 0; i < MN_ARRAY_SIZE(m->words); i++) {
		if (m->words[i])
			return false;
	}
	return true;
}

/**
 * mn_match_normalise() - the canonical form
 * @m: match whose words are in theirs
 *
 * "fragment header" is what a rule that names L4 fields means anyway.
 */
void mn_match_normalise(struct mn_match *m)
{
	static const uint8_t l4[] = {
		MIDONET_MATCH_SRC_PORT, MIDONET_MATCH_DST_PORT,
		MIDONET_MATCH_ICMP_TYPE, MIDONET_MATCH_ICMP_CODE,
		MIDONET_MATCH_TCP_FLAGS,
	};
	struct mn_vals *f = m->words[MIDONET_MATCH_FRAGMENT];
	bool named = false;
	size_t i;

	for (i = 0; i < sizeof(l4); i++)
		named |= !!m->words[l4[i]];
	if (!named || !f || f->n != 1 ||
	    (m->invert >> MIDONET_MATCH_FRAGMENT & 1) ||
	    f->data[1] != MIDONET_FRAGMENT_HEADER)
		return;
	free(f);
	m->words[MIDONET_MATCH_FRAGMENT] = NULL;
}

static void set_invert(struct mn_match *m, const struct mn_attr *a, bool invert)
{
	m->invert &= ~(1u << a->attr);
	if (invert && m->words[a->attr])
		m->invert |= 1u << a->attr;
}

/**
 * mn_match_set_text() - give a word its values
 * @m: match
 * @a: word
 * @names: who knows the ids of references
 * @text: comma list, with a leading ! inverted; empty: not named
 * @err: for errors
 *
 * Return: 0 or a negative error
 */
int mn_match_set_text(struct mn_match *m, const struct mn_attr *a,
		      const struct mn_names *names, const char *text,
		      struct mn_err *err)
{
	bool invert = *text == '!';
	int ret;

	if (invert && !text[1])
		return mn_fail(err, -EINVAL, "\"!\" of nothing");
	ret = mn_vals_from_text(a, names, text + invert, &m->words[a->attr],
				err);
	if (ret)
		return ret;
	if (invert && !m->words[a->attr])
		return mn_fail(err, -EINVAL, "\"!\" of nothing");
	set_invert(m, a, invert);
	return 0;
}

/**
 * mn_match_set_json() - the same from a document
 * @m: match
 * @a: word
 * @names: who knows the ids of references
 * @json: string, number, array (its first string may begin with !) or null
 * @bad: index of the element at fault, -1 if it is the whole
 * @err: for errors
 *
 * Return: 0 or a negative error
 */
int mn_match_set_json(struct mn_match *m, const struct mn_attr *a,
		      const struct mn_names *names, json_t *json, int *bad,
		      struct mn_err *err)
{
	const char *first = json_string_value(json_array_get(json, 0));
	json_t *copy;
	int ret;

	*bad = -1;
	if (json_is_string(json) &&
	    strlen(json_string_value(json)) == json_string_length(json))
		return mn_match_set_text(m, a, names, json_string_value(json),
					 err);
	if (!first || *first != '!') {
		ret = mn_vals_from_json(a, names, json, &m->words[a->attr], bad,
					err);
		if (!ret)
			set_invert(m, a, false);
		return ret;
	}
	copy = json_copy(json);
	json_array_set_new(copy, 0, json_string(first + 1));
	ret = mn_vals_from_json(a, names, copy, &m->words[a->attr], bad, err);
	json_decref(copy);
	if (!ret)
		set_invert(m, a, true);
	return ret;
}

/**
 * mn_match_print_word() - write the values of a word
 * @m: match that names it
 * @a: word
 * @names: who knows the names of references
 * @out: appended to
 */
void mn_match_print_word(const struct mn_match *m, const struct mn_attr *a,
			 const struct mn_names *names, struct mn_buf *out)
{
	if (m->invert >> a->attr & 1)
		mn_buf_puts(out, "!");
	mn_vals_print(a, names, m->words[a->attr], out);
}

/**
 * mn_match_print() - write a match as on the command line
 * @m: match
 * @names: who knows the names of references
 * @out: appended to: words and values with a space after each
 */
void mn_match_print(const struct mn_match *m, const struct mn_names *names,
		    struct mn_buf *out)
{
	const struct mn_attr *a;

	mn_match_for_each(a) {
		if (!m->words[a->attr])
			continue;
		mn_buf_printf(out, "%s ", a->word);
		mn_match_print_word(m, a, names, out);
		mn_buf_puts(out, " ");
	}
}

/**
 * mn_match_to_json() - write a match
 * @m: match
 * @names: who knows the names of references
 *
 * Return: new object: word to canonical string
 */
json_t *mn_match_to_json(const struct mn_match *m, const struct mn_names *names)
{
	json_t *json = json_object();
	const struct mn_attr *a;
	struct mn_buf text = {};

	mn_match_for_each(a) {
		if (!m->words[a->attr])
			continue;
		text.len = 0;
		mn_match_print_word(m, a, names, &text);
		json_object_set_new(json, a->word,
				    json_stringn(text.s, text.len));
	}
	mn_buf_free(&text);
	return json;
}
