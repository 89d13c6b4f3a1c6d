// SPDX-License-Identifier: GPL-2.0
/*
 * Where in a document it is what the kernel refused. Nearly all is judged before
 * (doc_check.c); the rest is what only the kernel knows, such as its limits. It
 * judges the end state, to which many messages may have led, so its sentence
 * says by name what is wrong: TYPE NAME: ..., or ROUTER: route ROUTE: ..., or
 * CHAIN: rule N: ..., or BRIDGE: dhcp SUBNET: host MAC: ...
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "doc.h"

static bool is_name_char(char c)
{
	return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') ||
	       (c >= '0' && c <= '9') || strchr("._-", c);
}

/* The next word of names' characters, and what comes behind it. */
static const char *take_word(const char *text, char *word, size_t size)
{
	size_t len = 0;

	while (text[len] && is_name_char(text[len]))
		len++;
	if (!len || len >= size)
		return NULL;
	memcpy(word, text, len);
	word[len] = '\0';
	return text + len;
}

static const struct mn_obj *find_named(const struct mn_model *m,
				       const struct mn_type *type,
				       const char **text)
{
	char device[64], name[64];
	const char *rest = take_word(*text, device, sizeof(device));
	struct mn_err err;

	if (!rest)
		return NULL;
	if (!type->parents) {
		*text = rest;
		return mn_model_find(m, type->type, NULL, device);
	}
	rest = *rest == ':' ? take_word(rest + 1, name, sizeof(name)) : NULL;
	if (!rest)
		return NULL;
	*text = rest;
	return mn_model_find_kid(m, type, device, name, &err);
}

/* What follows the word for objects of a type, such as that of its list. */
static const char *behind_word(const struct mn_type *type, const char *text)
{
	size_t len = strlen(type->word), list = strlen(type->key) - 1;

	if (!strncmp(text, type->word, len) && text[len] == ' ')
		return text + len + 1;
	if (!strncmp(text, type->key, list) && text[list] == ' ')
		return text + list + 1;
	return NULL;
}

/* Does @text begin with how the kernel calls @kid? Then what is behind it. */
static const char *behind_label(const struct mn_obj *kid, const char *text)
{
	struct mn_buf label = {};
	const char *rest = NULL;

	text = behind_word(kid->type, text);
	if (!text)
		return NULL;
	mn_obj_kid_label(kid, &label);
	if (label.len && !strncmp(text, label.s, label.len))
		rest = text + label.len;
	/* One that goes on with a word of a route is a longer one. */
	if (rest && !strncmp(rest, ": ", 2))
		rest += 2;
	else if (rest && *rest == ' ' && mn_type_label_clear(kid->type))
		rest++;
	else
		rest = NULL;
	mn_buf_free(&label);
	return rest;
}

/* What is in it, and in that: hosts of subnets of bridges. */
static const struct mn_obj *find_kid(const struct mn_obj *obj,
				     const char **text)
{
	const char *rest;
	uint32_t i;

	for (i = 0; i < obj->n_kids; i++) {
		rest = behind_label(obj->kids[i], *text);
		if (!rest)
			continue;
		*text = rest;
		obj = obj->kids[i];
		i = -1;
	}
	return obj;
}

/* ATTRIBUTE: ... */
static const char *find_attr(const struct mn_obj *obj, const char **text)
{
	char word[64];
	const char *rest = take_word(*text, word, sizeof(word));
	int i = rest && !strncmp(rest, ": ", 2) ?
		mn_type_attr(obj->type, word) : -1;

	if (i < 0)
		return NULL;
	*text = rest + 2;
	return obj->type->attrs[i].word;
}

/**
 * mn_doc_blame() - say where in a document it is what was refused
 * @m: what the document says
 * @err: of the store; gets the path in front, if it names something of @m
 */
void mn_doc_blame(const struct mn_model *m, struct mn_err *err)
{
	const char *text, *attr = NULL;
	const struct mn_type *type;
	const struct mn_obj *obj;
	struct mn_err why = *err;
	char word[64];

	text = take_word(why.text, word, sizeof(word));
	type = text && *text == ' ' ? mn_type_find(word) : NULL;
	if (!type || !(type->flags & MN_TYPE_NAMED))
		return;
	text++;
	obj = find_named(m, type, &text);
	if (!obj || obj->src < 0)
		return;
	/* NAME is ...: a sentence of its own. */
	if (strncmp(text, ": ", 2)) {
		mn_doc_fail(err, obj, NULL, "%s", why.text);
	} else {
		text += 2;
		obj = find_kid(obj, &text);
		attr = find_attr(obj, &text);
		mn_doc_fail(err, obj, attr, "%s", text);
	}
	err->code = why.code;
}
