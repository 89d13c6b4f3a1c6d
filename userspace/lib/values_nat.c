// SPDX-License-Identifier: GPL-2.0
/* Addresses with ports: targets of translations, services. */
#include <arpa/inet.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "values.h"

/* Longest text of an address: in brackets, with the byte that ends it. */
#define ADDR_TEXT	(INET6_ADDRSTRLEN + 2)

/*
 * An address up to one of the characters in @stop, in brackets if @text begins
 * with one. Return: its bytes and what follows, -1 if it is none.
 */
static int scan_addr(const char **text, const char *stop, uint8_t *addr)
{
	bool bracket = **text == '[';
	const char *from = *text + bracket;
	size_t n = strcspn(from, bracket ? "]" : stop);
	char copy[ADDR_TEXT];
	int len;

	if (n >= sizeof(copy) || (bracket && from[n] != ']'))
		return -1;
	memcpy(copy, from, n);
	copy[n] = '\0';
	len = mn_addr_parse(copy, addr);
	if (len < 0 || (bracket && len != 16))
		return -1;
	*text = from + n + bracket;
	return len;
}

/* A port that may be translated to or served: from 1. */
static bool scan_port(const char **text, uint16_t *port)
{
	char *end;
	long num;

	if (**text < '0' || **text > '9')
		return false;
	num = strtol(*text, &end, 10);
	if (end - *text > 5 || num < 1 || num > 65535)
		return false;
	*port = num;
	*text = end;
	return true;
}

static int bad_target(struct mn_err *err, const char *text, const char *why)
{
	char buf[80];

	return mn_fail(err, -EINVAL, "\"%s\" %s",
		       mn_shown(text, buf, sizeof(buf)), why);
}

static int not_target(struct mn_err *err, const char *text)
{
	return bad_target(err, text,
			  "is not ADDRESS[-ADDRESS][:PORT[-PORT]]; an IPv6 address before a port is in brackets");
}

static int target_ports(const char *text, const char *at,
			struct mn_target *t, struct mn_err *err)
{
	if (!*at)
		return 0;
	if (*at++ != ':' || !scan_port(&at, &t->first_port))
		return not_target(err, text);
	t->last_port = t->first_port;
	if (*at == '-') {
		at++;
		if (!scan_port(&at, &t->last_port))
			return not_target(err, text);
	}
	if (*at)
		return not_target(err, text);
	if (t->last_port < t->first_port)
		return bad_target(err, text, "ends before its first port");
	return 0;
}

/**
 * mn_target_parse() - read what addresses and ports are translated to
 * @text: ADDR[-ADDR][:PORT[-PORT]], IPv6 addresses in brackets
 * @t: result
 * @err: for errors
 *
 * Brackets may be left out where no port follows.
 *
 * Return: 0 or -EINVAL
 */
int mn_target_parse(const char *text, struct mn_target *t, struct mn_err *err)
{
	const char *at = text, *stop = "-:";
	const char *colon = strchr(text, ':');
	int len;

	memset(t, 0, sizeof(*t));
	if (*text != '[' && colon && strchr(colon + 1, ':'))
		stop = "-";
	t->len = scan_addr(&at, stop, t->first);
	if (t->len < 0)
		return not_target(err, text);
	memcpy(t->last, t->first, t->len);
	if (*at == '-') {
		at++;
		len = scan_addr(&at, stop, t->last);
		if (len < 0)
			return not_target(err, text);
		if (len != t->len)
			return bad_target(err, text,
					  "goes from one address family to the other");
		if (memcmp(t->first, t->last, len) > 0)
			return bad_target(err, text,
					  "ends before its first address");
	}
	return target_ports(text, at, t, err);
}

static void print_addr(const uint8_t *addr, int len, struct mn_buf *out)
{
	if (len == 16)
		mn_buf_puts(out, "[");
	mn_addr_print(addr, len, out);
	if (len == 16)
		mn_buf_puts(out, "]");
}

/**
 * mn_target_print() - write a target in its canonical form
 * @t: target
 * @out: appended to
 */
void mn_target_print(const struct mn_target *t, struct mn_buf *out)
{
	print_addr(t->first, t->len, out);
	if (memcmp(t->first, t->last, t->len)) {
		mn_buf_puts(out, "-");
		print_addr(t->last, t->len, out);
	}
	if (!t->first_port)
		return;
	mn_buf_printf(out, ":%u", t->first_port);
	if (t->last_port != t->first_port)
		mn_buf_printf(out, "-%u", t->last_port);
}

/**
 * mn_target_pack() - a target as an element of a value
 * @t: target
 * @out: MN_VALUE_MAX bytes: ports, first address, last address
 *
 * Return: bytes of @out
 */
int mn_target_pack(const struct mn_target *t, uint8_t *out)
{
	memcpy(out, &t->first_port, 2);
	memcpy(out + 2, &t->last_port, 2);
	memcpy(out + 4, t->first, t->len);
	memcpy(out + 4 + t->len, t->last, t->len);
	return 4 + 2 * t->len;
}

/**
 * mn_target_unpack() - the reverse
 * @data: element
 * @len: its bytes
 * @t: result
 */
void mn_target_unpack(const uint8_t *data, size_t len, struct mn_target *t)
{
	memset(t, 0, sizeof(*t));
	t->len = len == 36 ? 16 : 4;
	memcpy(&t->first_port, data, 2);
	memcpy(&t->last_port, data + 2, 2);
	memcpy(t->first, data + 4, t->len);
	memcpy(t->last, data + 4 + t->len, t->len);
}

/**
 * mn_target_size() - how many addresses a target has
 * @t: target
 *
 * Return: log2 of it, -1 if it is no power of two
 */
int mn_target_size(const struct mn_target *t)
{
	uint8_t diff[16];
	int i, bits = 0, borrow = 0, d;

	/* last - first has as many ones at its end as the size has bits. */
	for (i = t->len - 1; i >= 0; i--) {
		d = t->last[i] - t->first[i] - borrow;
		borrow = d < 0;
		diff[i] = d;
	}
	for (i = t->len * 8 - 1; i >= 0 && diff[i / 8] >> (7 - i % 8) & 1; i--)
		bits++;
	for (; i >= 0; i--) {
		if (diff[i / 8] >> (7 - i % 8) & 1)
			return -1;
	}
	return bits;
}

/**
 * mn_endpoint_parse() - read the address and port of a service
 * @text: ADDR:PORT, an IPv6 address in brackets
 * @addr: up to 16 bytes
 * @port: result
 *
 * Return: bytes of @addr, -1 if it is none
 */
int mn_endpoint_parse(const char *text, uint8_t *addr, uint16_t *port)
{
	int len = scan_addr(&text, ":", addr);

	if (len < 0 || *text++ != ':' || !scan_port(&text, port) || *text)
		return -1;
	return len;
}

/**
 * mn_endpoint_print() - write the address and port of a service
 * @addr: address
 * @len: 4 or 16
 * @port: port
 * @out: appended to
 */
void mn_endpoint_print(const uint8_t *addr, size_t len, uint16_t port,
		       struct mn_buf *out)
{
	print_addr(addr, len, out);
	mn_buf_printf(out, ":%u", port);
}

/**
 * mn_path_valid() - may a path be asked of a web server
 * @text: path
 *
 * Return: whether it begins with / and has at most MN_PATH_MAX characters, all
 * of them visible
 */
bool mn_path_valid(const char *text)
{
	size_t len = strnlen(text, MN_PATH_MAX + 1), i;

	if (*text != '/' || len > MN_PATH_MAX)
		return false;
	for (i = 0; i < len; i++) {
		if (text[i] <= ' ' || text[i] > '~')
			return false;
	}
	return true;
}
