// SPDX-License-Identifier: GPL-2.0
/*
 * What people write, fuzzed: the first byte chooses a document, a value or a saved
 * connection. A value that is taken must be printed so that it is taken again as
 * the same; a document that is taken must be exported so that nothing differs;
 * a connection must be saved as it was restored.
 */
#include <stdlib.h>
#include <string.h>

#include "conn.h"
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

static void forget(void *arg, const struct mn_obj *rule, const char *text)
{
	(void)arg;
	(void)rule;
	(void)text;
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
		mn_doc_warn(m, forget, NULL);
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

	/* Secrets are not printed. */
	if (a->kind == MN_KIND_REF || a->kind == MN_KIND_MATCH ||
	    a->kind == MN_KIND_SECRET ||
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

static void service(const char *text)
{
	struct mn_buf out = {};
	uint8_t addr[16], same[16];
	uint16_t port, again;
	int len = mn_endpoint_parse(text, addr, &port);

	if (len < 0)
		return;
	mn_endpoint_print(addr, len, port, &out);
	if (mn_endpoint_parse(out.s, same, &again) != len || again != port ||
	    memcmp(addr, same, len))
		abort();
	mn_buf_free(&out);
}

static void connection(const char *text, size_t len)
{
	json_t *json = json_loadb(text, len, 0, NULL), *saved;
	struct mn_nl nl = { .family = 20 };
	struct mn_conn c, again;
	struct mn_buf b = {};
	struct mn_err err;

	if (!json)
		return;
	if (mn_conn_restore(json, &c, &err))
		goto out;
	saved = mn_conn_save(&c);
	if (mn_conn_restore(saved, &again, &err))
		abort();
	json_decref(saved);
	mn_conn_put(&b, &nl, &c);
	if (mn_conn_read((void *)b.s, &again))
		abort();
	json_decref(mn_conn_json(&c));
	json_decref(mn_conn_nat_json(&c));
	b.len = 0;
	mn_conn_print(&c, &b);
	mn_buf_free(&b);
out:
	json_decref(json);
}

static void option(bool v6, const char *name, const char *value)
{
	uint8_t data[MN_VALUE_MAX], again[MN_VALUE_MAX];
	struct mn_buf word = {}, out = {};
	struct mn_err err;
	int len = mn_option_parse(v6, name, value, data, &err);

	if (len < 0)
		return;
	mn_option_name(data, &word);
	mn_option_value(data, len, &out);
	if (mn_option_parse(v6, word.s, out.s, again, &err) != len ||
	    memcmp(data, again, len))
		abort();
	mn_buf_free(&word);
	mn_buf_free(&out);
}

/* NAME=VALUE */
static void options(const char *text)
{
	char *name = mn_strdup(text), *value = strchr(name, '=');

	if (value) {
		*value++ = '\0';
		option(false, name, value);
		option(true, name, value);
	}
	free(name);
}

static void values(const char *text)
{
	const struct mn_attr *a;
	struct mn_buf hex = {};
	struct mn_err err;
	int t, i;

	mn_match_for_each(a)
		word(a, text);
	for (t = 0; t < MN_TYPES; t++) {
		for (i = 0; mn_type_of(t) && i < mn_type_of(t)->n_attrs; i++)
			attribute(&mn_type_of(t)->attrs[i], text);
	}
	service(text);
	options(text);
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
	else if (*data & 2)
		connection(text, size - 1);
	else
		document(text, size - 1);
	free(text);
	return 0;
}
