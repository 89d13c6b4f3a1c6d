// SPDX-License-Identifier: GPL-2.0
/*
 * complete WORD...: what the last word may become, one a line, for shells. The grammar is
 * that of the tables: commands and what their help says of their arguments, types and
 * their attributes. A word in capitals there is a name of what it is called after.
 */
#include <ctype.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "midoctl.h"

/**
 * struct said - what was offered
 * @words: lines
 * @types: bit N: names of objects of type N
 */
struct said {
	struct mn_buf words;
	uint32_t types;
};

/**
 * struct line - a command line
 * @ctl: run
 * @words: in front of the word that is completed
 * @n: number of @words
 * @part: what is there of that word
 * @said: what was offered
 */
struct line {
	struct ctl *ctl;
	char **words;
	int n;
	const char *part;
	struct said *said;
};

#define BIT(T)		(1u << MIDONET_OBJECT_TYPE_##T)

/* What words in capitals stand for. */
static const struct {
	const char *word;
	uint32_t types;
} places[] = {
	{ "PORT", BIT(PORT) },
	{ "BRIDGE", BIT(BRIDGE) },
	{ "ROUTER", BIT(ROUTER) },
	{ "CHAIN", BIT(CHAIN) },
	{ "LB", BIT(LOAD_BALANCER) },
	{ "POOL", BIT(POOL) },
	{ "ZONE", BIT(TUNNEL_ZONE) },
	{ "HOST", BIT(HOST) },
	{ "PREFIX", BIT(DHCP) },
	{ "NAME", BIT(BRIDGE) | BIT(ROUTER) | BIT(CHAIN) | BIT(IP_SET) |
		  BIT(PORT_GROUP) | BIT(LOAD_BALANCER) | BIT(TUNNEL_ZONE) |
		  BIT(HOST) },
};

static const char *const verbs[] = { "list", "show", "add", "set", "del" };

static void offer_name(const struct line *line, const char *name)
{
	if (!strncmp(name, line->part, strlen(line->part)))
		puts(name);
}

/* The same word may stand in several places of the tables. */
static void offer(const struct line *line, const char *word)
{
	struct mn_buf key = {};

	mn_buf_printf(&key, "\n%s\n", word);
	if (!strstr(line->said->words.s, key.s)) {
		mn_buf_puts(&line->said->words, key.s + 1);
		offer_name(line, word);
	}
	mn_buf_free(&key);
}

/* What has a name only where it is, is called so behind the name of that. */
static bool belongs(const struct line *line, const struct mn_obj *obj)
{
	int i;

	for (i = 0; i < line->n; i++) {
		if (!strcmp(line->words[i], obj->parent->name))
			return true;
	}
	return false;
}

static void offer_object(const struct line *line, const struct mn_obj *obj)
{
	struct mn_buf name = {};

	if (obj->type->type == MIDONET_OBJECT_TYPE_DHCP ||
	    obj->type->type == MIDONET_OBJECT_TYPE_POOL) {
		if (belongs(line, obj))
			offer_name(line, obj->name);
		return;
	}
	mn_obj_full_name(obj, &name);
	offer_name(line, name.s);
	mn_buf_free(&name);
}

/* Without a store there are words, but no names. */
static void offer_objects(const struct line *line, uint32_t types)
{
	struct ctl *ctl = line->ctl;
	struct mn_obj **objs;
	uint32_t i, n;
	int t;

	types &= ~line->said->types;
	if (!types || ctl_open(ctl))
		return;
	line->said->types |= types;
	for (t = 1; t < MN_TYPES; t++) {
		if (!(types >> t & 1) ||
		    mn_model_want(ctl->model, t, &ctl->err))
			continue;
		objs = mn_model_sorted(ctl->model, t, &n);
		for (i = 0; i < n; i++)
			offer_object(line, objs[i]);
		free(objs);
	}
}

static void offer_names(const struct line *line, const struct mn_attr *a)
{
	int i;

	for (i = 0; i < a->n_names; i++) {
		if (a->names[i])
			offer(line, a->names[i]);
	}
}

static void offer_values(const struct line *line, const struct mn_attr *a)
{
	if (a->kind == MN_KIND_REF) {
		offer_objects(line, 1u << a->ref);
	} else if (a->kind == MN_KIND_ENUM) {
		offer_names(line, a);
	} else if (a->kind == MN_KIND_BOOL) {
		offer(line, "true");
		offer(line, "false");
	}
}

static void offer_match(const struct line *line)
{
	const struct mn_attr *a;

	mn_match_for_each(a)
		offer(line, a->word);
}

/* The attribute or word of a match that has this name. NULL: those of matches only. */
static const struct mn_attr *find_word(const struct mn_type *type,
				       const char *word)
{
	int i = type ? mn_type_attr(type, word) : -1;

	if (i >= 0)
		return &type->attrs[i];
	if (!type || type->type == MIDONET_OBJECT_TYPE_RULE)
		return mn_match_word(word);
	return NULL;
}

/* Matches and actions of rules are written without a word before them. */
static bool is_written(const struct mn_attr *a)
{
	return a->kind != MN_KIND_MATCH && strcmp(a->word, "action");
}

/* WORD VALUE: a value if there is a word. */
static void offer_pairs(const struct line *line, const struct mn_type *type)
{
	const struct mn_attr *a = find_word(type, line->words[line->n - 1]);
	int i;

	if (a && is_written(a)) {
		offer_values(line, a);
		return;
	}
	for (i = 0; type && i < type->n_attrs; i++) {
		a = &type->attrs[i];
		if (!(a->flags & (MN_RO | MN_KEY)) && is_written(a))
			offer(line, a->word);
	}
	if (!type || type->type == MIDONET_OBJECT_TYPE_RULE)
		offer_match(line);
	i = type ? mn_type_wire(type, MIDONET_A_ACTION) : -1;
	if (i >= 0)
		offer_names(line, &type->attrs[i]);
}

/* ROUTER|PORT and the like, [BRIDGE]. */
static uint32_t types_of(const char *place, size_t len)
{
	uint32_t types = 0;
	size_t i, word;

	while (len) {
		while (len && !isupper((unsigned char)*place)) {
			place++;
			len--;
		}
		for (word = 0; word < len && isupper((unsigned char)place[word]);)
			word++;
		for (i = 0; i < MN_ARRAY_SIZE(places); i++) {
			if (word == strlen(places[i].word) &&
			    !strncmp(places[i].word, place, word))
				types |= places[i].types;
		}
		place += word;
		len -= word;
	}
	return types;
}

/* The words that may stand in a place: add|set, [--dot|--svg]. */
static void offer_literals(const struct line *line, const char *place,
			   size_t len)
{
	char word[40];
	size_t i, n = 0;

	for (i = 0; i <= len; i++) {
		if (i < len && (islower((unsigned char)place[i]) ||
				place[i] == '-')) {
			if (n < sizeof(word) - 1)
				word[n++] = place[i];
			continue;
		}
		word[n] = '\0';
		if (n && strcmp(word, "-"))
			offer(line, word);
		n = 0;
	}
}

/* Does one of the words of a place fit what was typed there? */
static bool fits(const char *place, size_t len, const char *typed)
{
	size_t i, n = strlen(typed);
	const char *p;

	if (isupper((unsigned char)*place))
		return true;
	for (i = 0; i + n <= len; i++) {
		p = place + i;
		if (!strncmp(p, typed, n) &&
		    (!i || strchr("|[", p[-1])) &&
		    (i + n == len || strchr("|] ", p[n])))
			return true;
	}
	return *place == '[' && isupper((unsigned char)place[1]);
}

/* A place, or a group of places that may be left out: [pos N]. */
static size_t place_len(const char *way, const char *end)
{
	size_t len = *way == '[' ? strcspn(way, "]") + 1 : strcspn(way, " ");

	return way + len > end ? (size_t)(end - way) : len;
}

/*
 * Follow one way a command may be written, up to the word that is completed. True if it
 * led to WORD VALUE, where words are up to the type.
 */
static bool follow(const struct line *line, int at, const char *way,
		   const char *end)
{
	size_t len;

	for (; way < end; way += len + (way[len] == ' ')) {
		len = place_len(way, end);
		if (!len)
			return false;
		if (!strncmp(way, "[WORD", 5) || !strncmp(way, "WORD", 4) ||
		    !strncmp(way, "...", 3))
			return true;
		if (at == line->n) {
			offer_objects(line, types_of(way, len));
			offer_literals(line, way, len);
			if (*way != '[')
				return false;
			continue;
		}
		if (fits(way, len, line->words[at]))
			at += memchr(way, ' ', len) ? 2 : 1;
		else if (*way != '[')
			return false;
		if (at > line->n)
			return false;
	}
	return false;
}

/* The type whose words a command knows. */
static const struct mn_type *type_of(const struct cmd *c)
{
	static const char *const inner[][2] = {
		{ "member", "pool-member" }, { "host", "dhcp-host" },
	};
	const struct mn_type *type;
	size_t i;

	if (!strcmp(c->word, "tunnel-zone"))
		return mn_type_find("tunnel-zone-member");
	for (i = 0; c->second && i < MN_ARRAY_SIZE(inner); i++) {
		if (!strcmp(c->second, inner[i][0]))
			return mn_type_find(inner[i][1]);
	}
	type = c->second ? mn_type_find(c->second) : NULL;
	return type ?: mn_type_find(c->word);
}

static void complete_command(const struct line *line, const struct cmd *c)
{
	const char *way = c->help, *end;
	const struct mn_type *type = type_of(c);
	bool pairs = false;
	int at = 1 + !!c->second;

	/* Behind a word of the type there is its value. */
	if (type && line->n > at &&
	    find_word(type, line->words[line->n - 1])) {
		offer_pairs(line, type);
		return;
	}
	for (; *way; way = *end ? end + 3 : end) {
		end = strstr(way, " | ") ?: way + strlen(way);
		pairs |= follow(line, at, way, end);
	}
	if (pairs)
		offer_pairs(line, type);
}

static void complete_type(const struct line *line, const struct mn_type *type)
{
	const char *verb = line->words[1];

	if (!strcmp(verb, "list"))
		return;
	if (line->n > 2) {
		if (!strcmp(verb, "add") || !strcmp(verb, "set"))
			offer_pairs(line, type);
	} else if (!strcmp(verb, "add")) {
		/* A name that is new, in something that is there. */
		if (type->parents && !(type->flags & MN_TYPE_NAMED))
			offer_objects(line, type->parents);
	} else if (type->flags & MN_TYPE_NAMED) {
		offer_objects(line, 1u << type->type);
	} else {
		offer_objects(line, type->parents);
	}
}

static void complete_second(const struct line *line, const struct mn_type *type)
{
	const struct cmd *c;
	size_t i;

	for (c = cmds; c->word; c++) {
		if (c->second && !strcmp(c->word, line->words[0]))
			offer(line, c->second);
	}
	for (i = 0; type && i < MN_ARRAY_SIZE(verbs); i++) {
		if ((type->flags & MN_TYPE_NAMED) || i == 2 || i == 4)
			offer(line, verbs[i]);
	}
}

static void complete_first(const struct line *line)
{
	const struct cmd *c;
	size_t i;

	for (i = 0; i < mn_n_types; i++) {
		if ((mn_types[i].flags & MN_TYPE_NAMED) &&
		    !(mn_types[i].flags & MN_TYPE_INNER))
			offer(line, mn_types[i].word);
	}
	for (c = cmds; c->word; c++) {
		if (!(c->flags & CMD_HIDDEN))
			offer(line, c->word);
	}
}

static void complete(const struct line *line)
{
	const struct mn_type *type;
	const struct cmd *c;

	if (!line->n) {
		complete_first(line);
		return;
	}
	type = mn_type_find(line->words[0]);
	if (type && (type->flags & MN_TYPE_INNER))
		type = NULL;
	for (c = cmds; c->word; c++) {
		if (strcmp(c->word, line->words[0]) ||
		    (c->second && (line->n < 2 ||
				   strcmp(c->second, line->words[1]))))
			continue;
		complete_command(line, c);
		return;
	}
	if (line->n == 1)
		complete_second(line, type);
	else if (type)
		complete_type(line, type);
}

/**
 * cmd_complete() - complete WORD...
 * @ctl: run, nothing is open
 * @argc: number of words
 * @argv: words of a line, the last one is completed and may be empty
 *
 * Return: 0; nothing fits is no error
 */
int cmd_complete(struct ctl *ctl, int argc, char **argv)
{
	struct said said = {};
	struct line line = {
		.ctl = ctl, .words = argv, .n = argc ? argc - 1 : 0,
		.part = argc ? argv[argc - 1] : "", .said = &said,
	};

	mn_buf_puts(&said.words, "\n");
	complete(&line);
	mn_buf_free(&said.words);
	return 0;
}
