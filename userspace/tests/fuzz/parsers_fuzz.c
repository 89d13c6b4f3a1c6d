// SPDX-License-Identifier: GPL-2.0
/*
 * What people write, fuzzed: the first byte chooses a document or a value. A
 * value that is taken must be printed so that it is taken again as the same; a
 * document that is taken must be exported so that nothing differs.
 */
#include <stdlib.h>
#include <string.h>

#include "doc.h"
#include "frame.h"
#include "match.h"
#include "model.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static int no_change(void *arg, const struct mn_change *c,
		     const struct mn_obj *old)
{
	(void)arg;
	(void)c;
	(void)old;
	abort();
}

static void document(const char *text, size_t len)
{
	struct mn_model *m, *again;
	struct mn_err err;
	json_t *json = mn_doc_parse(text, len, &err), *out;

	if (!json)
		return;
	if (!mn_doc_read(json, NULL, false, &m, &err)) {
		out = mn_doc_export(m, 0);
		if (mn_doc_read(out, m, false, &again, &err))
			abort();
		mn_doc_diff(m, again, no_change, NULL);
		json_decref(out);
		mn_model_free(again);
		mn_model_free(m);
	}
	json_decref(json);
}

static void word(const struct mn_attr *a, const char *text)
{
	struct mn_match m = {}, again = {};
	struct mn_buf out = {};
	struct mn_err err;

	if (a->kind == MN_KIND_REF ||
	    mn_match_set_text(&m, a, NULL, text, &err) || !m.words[a->attr])
		goto out;
	mn_match_print_word(&m, a, NULL, &out);
	if (mn_match_set_text(&again, a, NULL, out.s, &err) ||
	    !mn_match_equal(&m, &again))
		abort();
out:
	mn_match_clear(&m);
	mn_match_clear(&again);
	mn_buf_free(&out);
}

static void attribute(const struct mn_attr *a, const char *text)
{
	struct mn_vals *v = NULL, *again = NULL;
	struct mn_buf out = {};
	struct mn_err err;

	if (a->kind == MN_KIND_REF || a->kind == MN_KIND_MATCH ||
	    mn_vals_from_text(a, NULL, text, &v, &err) || !v)
		goto out;
	mn_vals_print(a, NULL, v, &out);
	if (mn_vals_from_text(a, NULL, out.s, &again, &err) ||
	    !mn_vals_equal(v, again))
		abort();
out:
	free(v);
	free(again);
	mn_buf_free(&out);
}

static void values(const char *text)
{
	const struct mn_attr *a;
	struct mn_buf hex = {};
	struct mn_err err;
	size_t t;
	int i;

	mn_match_for_each(a)
		word(a, text);
	for (t = 0; t < mn_n_types; t++) {
		for (i = 0; i < mn_types[t].n_attrs; i++)
			attribute(&mn_types[t].attrs[i], text);
	}
	mn_hex_parse(text, &hex, &err);
	mn_buf_free(&hex);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	char *text;

	if (!size)
		return 0;
	text = malloc(size);
	if (!text)
		return 0;
	memcpy(text, data + 1, size - 1);
	text[size - 1] = '\0';
	if (*data & 1)
		values(text);
	else
		document(text, size - 1);
	free(text);
	return 0;
}
