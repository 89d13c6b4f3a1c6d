// SPDX-License-Identifier: GPL-2.0
/*
 * Options for hosts of DHCP (RFC 2132 and later, RFC 8415): by name or number, as
 * text and as what is sent. What is not known here by number is text, or 0x and
 * hexadecimal digits; so may be written whatever is known.
 */
#include <arpa/inet.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "values.h"

#define HEAD		MN_OPTION_HEAD
#define DATA_MAX	(MN_VALUE_MAX - HEAD)

#define LABEL_MAX	63
#define DOMAIN_MAX	255

/**
 * enum how - what an option says
 */
enum how { BYTES, TEXT, ADDRS, U8, U16, U32, S32, BOOL, DOMAINS, ROUTES };

/**
 * struct option - an option that is known
 * @name: word
 * @v4: its code in DHCP, 0: none
 * @v6: its code in DHCPv6, 0: none
 * @how: &enum how
 */
struct option {
	const char *name;
	uint8_t v4;
	uint8_t v6;
	uint8_t how;
};

static const struct option options[] = {
	{ "time-offset", 2, 0, S32 },
	{ "routers", 3, 0, ADDRS },
	{ "time-servers", 4, 0, ADDRS },
	{ "dns-servers", 6, 23, ADDRS },
	{ "log-servers", 7, 0, ADDRS },
	{ "lpr-servers", 9, 0, ADDRS },
	{ "host-name", 12, 0, TEXT },
	{ "boot-size", 13, 0, U16 },
	{ "user-class", 77, 15, BYTES },
	{ "domain-name", 15, 0, TEXT },
	{ "swap-server", 16, 0, ADDRS },
	{ "root-path", 17, 0, TEXT },
	{ "ip-forwarding", 19, 0, BOOL },
	{ "default-ttl", 23, 0, U8 },
	{ "mtu", 26, 0, U16 },
	{ "broadcast-address", 28, 0, ADDRS },
	{ "router-discovery", 31, 0, BOOL },
	{ "static-routes", 33, 0, ADDRS },
	{ "arp-timeout", 35, 0, U32 },
	{ "tcp-ttl", 37, 0, U8 },
	{ "tcp-keepalive", 38, 0, U32 },
	{ "nis-domain", 40, 0, TEXT },
	{ "nis-servers", 41, 27, ADDRS },
	{ "ntp-servers", 42, 0, ADDRS },
	{ "vendor-options", 43, 17, BYTES },
	{ "netbios-name-servers", 44, 0, ADDRS },
	{ "netbios-node-type", 46, 0, U8 },
	{ "netbios-scope", 47, 0, TEXT },
	{ "vendor-class", 60, 0, TEXT },
	{ "tftp-server-name", 66, 0, TEXT },
	{ "bootfile-name", 67, 0, TEXT },
	{ "smtp-servers", 69, 0, ADDRS },
	{ "pop3-servers", 70, 0, ADDRS },
	{ "www-servers", 72, 0, ADDRS },
	{ "posix-timezone", 100, 41, TEXT },
	{ "tz-name", 101, 42, TEXT },
	{ "captive-portal", 114, 103, TEXT },
	{ "domain-search", 119, 24, DOMAINS },
	{ "classless-routes", 121, 0, ROUTES },
	{ "tftp-servers", 150, 0, ADDRS },
	{ "pxe-config-file", 209, 0, TEXT },
	{ "pxe-path-prefix", 210, 0, TEXT },
	{ "pxe-reboot-time", 211, 0, U32 },
	{ "wpad", 252, 0, TEXT },
	{ "sip-domains", 0, 21, DOMAINS },
	{ "sip-servers", 0, 22, ADDRS },
	{ "sntp-servers", 0, 31, ADDRS },
	{ "information-refresh-time", 0, 32, U32 },
	{ "bootfile-url", 0, 59, TEXT },
	{ "sol-max-rt", 0, 82, U32 },
	{ "inf-max-rt", 0, 83, U32 },
};

static uint8_t code_of(const struct option *o, bool v6)
{
	return v6 ? o->v6 : o->v4;
}

static const struct option *find_code(bool v6, unsigned int code)
{
	size_t i;

	for (i = 0; i < MN_ARRAY_SIZE(options); i++) {
		if (code && code_of(&options[i], v6) == code)
			return &options[i];
	}
	return NULL;
}

/*
 * What the server itself says: who is who, the exchange, times (RFC 2132, RFC
 * 3046, RFC 8415 21). Whatever else, a host may be told anything.
 */
static bool code_ok(bool v6, unsigned int code)
{
	if (v6)
		return code >= 15 && code <= 65535 && code != 18 &&
		       code != 19 && code != 20 && code != 25 && code != 26;
	return code > 1 && code < 255 && code != 82 &&
	       (code < 50 || code == 60 || code > 61);
}

/**
 * struct value - what an option says, growing
 * @data: bytes
 * @len: number of them
 */
struct value {
	uint8_t data[DATA_MAX];
	size_t len;
};

static bool add(struct value *v, const void *data, size_t len)
{
	if (len > sizeof(v->data) - v->len)
		return false;
	memcpy(v->data + v->len, data, len);
	v->len += len;
	return true;
}

/* Most significant byte first. */
static bool add_num(struct value *v, uint32_t num, size_t len)
{
	uint8_t b[4] = { num >> 24, num >> 16, num >> 8, num };

	return add(v, b + 4 - len, len);
}

static bool parse_num(const char *text, long long min, long long max,
		      size_t len, struct value *v)
{
	long long num;
	char *end;

	if (!*text || strspn(text, "-0123456789") != strlen(text))
		return false;
	errno = 0;
	num = strtoll(text, &end, 10);
	return !errno && !*end && num >= min && num <= max &&
	       add_num(v, num, len);
}

static bool parse_bool(const char *text, struct value *v)
{
	bool yes = !strcmp(text, "true") || !strcmp(text, "1");

	return (yes || !strcmp(text, "false") || !strcmp(text, "0")) &&
	       add_num(v, yes, 1);
}

static bool parse_hex(const char *text, struct value *v)
{
	unsigned int byte;
	int used;

	for (text += 2; *text; text += 2) {
		if (!strchr("0123456789abcdefABCDEF", text[0]) || !text[1] ||
		    !strchr("0123456789abcdefABCDEF", text[1]) ||
		    sscanf(text, "%2x%n", &byte, &used) != 1 || used != 2 ||
		    !add_num(v, byte, 1))
			return false;
	}
	return true;
}

static bool is_plain(const char *text, size_t len)
{
	size_t i;

	for (i = 0; i < len; i++) {
		if (text[i] < ' ' || text[i] > '~')
			return false;
	}
	return len;
}

static bool parse_domain(const char *text, struct value *v)
{
	size_t start = v->len, len;

	while (*text) {
		len = strcspn(text, ".");
		if (!len || len > LABEL_MAX || !is_plain(text, len) ||
		    !add_num(v, len, 1) || !add(v, text, len))
			return false;
		text += len + (text[len] == '.');
	}
	return v->len > start && v->len - start < DOMAIN_MAX &&
	       add_num(v, 0, 1);
}

/* RFC 3442: of the destination no more bytes than it has to have. */
static bool parse_route(const char *text, struct value *v)
{
	uint8_t via[9];

	return mn_via_parse(text, via) == sizeof(via) &&
	       add(v, via, 1 + (via[0] + 7) / 8) && add(v, via + 5, 4);
}

static bool parse_one(bool v6, enum how how, const char *text, struct value *v)
{
	uint8_t addr[16];
	int len;

	if (how == DOMAINS)
		return parse_domain(text, v);
	if (how == ROUTES)
		return parse_route(text, v);
	len = mn_addr_parse(text, addr);
	return len == (v6 ? 16 : 4) && add(v, addr, len);
}

static bool parse_list(bool v6, enum how how, const char *text, struct value *v)
{
	char *copy = mn_strdup(text), *rest = copy, *word;
	bool ok = true;

	while (ok && (word = strsep(&rest, ",")))
		ok = parse_one(v6, how, word, v);
	free(copy);
	return ok;
}

static const char *want(enum how how)
{
	static const char *const wants[] = {
		[BYTES] = "printable text or 0x and hexadecimal digits",
		[TEXT] = "printable text or 0x and hexadecimal digits",
		[ADDRS] = "a list of addresses of the subnet's family",
		[U8] = "a number to 255",
		[U16] = "a number to 65535",
		[U32] = "a number to 4294967295",
		[S32] = "a number of 32 bits",
		[BOOL] = "true or false",
		[DOMAINS] = "a list of names of domains",
		[ROUTES] = "a list of PREFIX=ADDRESS",
	};

	return wants[how];
}

static bool parse_value(bool v6, enum how how, const char *text,
			struct value *v)
{
	if (!strncmp(text, "0x", 2))
		return parse_hex(text, v);
	switch (how) {
	case BYTES:
	case TEXT:
		return is_plain(text, strlen(text)) &&
		       add(v, text, strlen(text));
	case U8:
		return parse_num(text, 0, UINT8_MAX, 1, v);
	case U16:
		return parse_num(text, 0, UINT16_MAX, 2, v);
	case U32:
		return parse_num(text, 0, UINT32_MAX, 4, v);
	case S32:
		return parse_num(text, INT32_MIN, INT32_MAX, 4, v);
	case BOOL:
		return parse_bool(text, v);
	default:
		return parse_list(v6, how, text, v);
	}
}

/* Code of a name or number, 0 with an error. */
static unsigned int find_name(bool v6, const char *name, struct mn_err *err)
{
	unsigned int code = 0;
	char buf[80];
	size_t i;

	for (i = 0; i < MN_ARRAY_SIZE(options); i++) {
		if (!strcmp(name, options[i].name))
			code = code_of(&options[i], v6);
	}
	if (!code && strlen(name) <= 5 &&
	    strspn(name, "0123456789") == strlen(name))
		code = strtoul(name, NULL, 10);
	if (code_ok(v6, code))
		return code;
	mn_shown(name, buf, sizeof(buf));
	if (code)
		mn_fail(err, -EINVAL, "code %u is none, or for the server to say",
			code);
	else
		mn_fail(err, -EINVAL, "\"%s\" is neither the name of an option of %s nor a number",
			buf, v6 ? "DHCPv6" : "DHCP");
	return 0;
}

/**
 * mn_option_parse() - read an option
 * @v6: of DHCPv6
 * @name: its name or number
 * @text: what it says
 * @out: MN_VALUE_MAX bytes for the element
 * @err: for errors
 *
 * Return: bytes of @out, or -EINVAL
 */
int mn_option_parse(bool v6, const char *name, const char *text, uint8_t *out,
		    struct mn_err *err)
{
	unsigned int code = find_name(v6, name, err);
	const struct option *o = find_code(v6, code);
	struct value v = {};
	char buf[80];

	if (!code)
		return -EINVAL;
	if (!parse_value(v6, o ? o->how : BYTES, text, &v))
		return mn_fail(err, -EINVAL, "\"%s\" is not %s, of at most %d bytes",
			       mn_shown(text, buf, sizeof(buf)),
			       want(o ? o->how : BYTES), DATA_MAX);
	out[0] = v6 ? 6 : 4;
	out[1] = code >> 8;
	out[2] = code;
	memcpy(out + HEAD, v.data, v.len);
	return HEAD + v.len;
}

static unsigned int elem_code(const uint8_t *data)
{
	return data[1] << 8 | data[2];
}

/**
 * mn_option_name() - write the name of an option, or its number
 * @data: element
 * @out: appended to
 */
void mn_option_name(const uint8_t *data, struct mn_buf *out)
{
	const struct option *o = find_code(data[0] == 6, elem_code(data));

	if (o)
		mn_buf_puts(out, o->name);
	else
		mn_buf_printf(out, "%u", elem_code(data));
}

static void print_hex(const uint8_t *data, size_t len, struct mn_buf *out)
{
	size_t i;

	mn_buf_puts(out, "0x");
	for (i = 0; i < len; i++)
		mn_buf_printf(out, "%02x", data[i]);
}

static void comma(struct mn_buf *out, bool *more)
{
	if (*more)
		mn_buf_puts(out, ",");
	*more = true;
}

static bool print_addrs(const uint8_t *data, size_t len, size_t size,
			struct mn_buf *out)
{
	bool more = false;

	if (!len || len % size)
		return false;
	for (; len; len -= size, data += size) {
		comma(out, &more);
		mn_addr_print(data, size, out);
	}
	return true;
}

static bool print_domains(const uint8_t *data, size_t len, struct mn_buf *out)
{
	bool more = false, dot = false;
	size_t at = 0;

	while (at < len) {
		if (!data[at]) {
			if (!dot)
				return false;
			dot = false;
			at++;
			continue;
		}
		/* The end of a name has to be there. */
		if (data[at] > LABEL_MAX || data[at] + 1u >= len - at ||
		    !is_plain((const char *)data + at + 1, data[at]) ||
		    memchr(data + at + 1, '.', data[at]) ||
		    memchr(data + at + 1, ',', data[at]))
			return false;
		if (dot)
			mn_buf_puts(out, ".");
		else
			comma(out, &more);
		dot = true;
		mn_buf_add(out, data + at + 1, data[at]);
		at += 1 + data[at];
	}
	return more && !dot;
}

static bool print_routes(const uint8_t *data, size_t len, struct mn_buf *out)
{
	bool more = false;
	uint8_t via[9];
	size_t n;

	while (len) {
		memset(via, 0, sizeof(via));
		n = 1 + (data[0] + 7) / 8;
		if (data[0] > 32 || len < n + 4)
			return false;
		memcpy(via, data, n);
		memcpy(via + 5, data + n, 4);
		if (mn_prefix_has_host_bits(via, 5))
			return false;
		comma(out, &more);
		mn_via_print(via, sizeof(via), out);
		data += n + 4;
		len -= n + 4;
	}
	return more;
}

static bool print_num(const uint8_t *data, size_t len, size_t size, bool sign,
		      struct mn_buf *out)
{
	uint32_t num = 0;
	size_t i;

	if (len != size)
		return false;
	for (i = 0; i < len; i++)
		num = num << 8 | data[i];
	if (sign)
		mn_buf_printf(out, "%d", (int32_t)num);
	else
		mn_buf_printf(out, "%u", num);
	return true;
}

static bool print_bool(const uint8_t *data, size_t len, struct mn_buf *out)
{
	if (len != 1 || data[0] > 1)
		return false;
	mn_buf_puts(out, data[0] ? "true" : "false");
	return true;
}

static bool print_text(const uint8_t *data, size_t len, struct mn_buf *out)
{
	const char *text = (const char *)data;

	if (!is_plain(text, len) || (len >= 2 && !memcmp(text, "0x", 2)))
		return false;
	mn_buf_add(out, data, len);
	return true;
}

/* False if it is not what such an option says. */
static bool print_as(bool v6, enum how how, const uint8_t *data, size_t len,
		     struct mn_buf *out)
{
	switch (how) {
	case BYTES:
	case TEXT:
		return print_text(data, len, out);
	case ADDRS:
		return print_addrs(data, len, v6 ? 16 : 4, out);
	case U8:
		return print_num(data, len, 1, false, out);
	case U16:
		return print_num(data, len, 2, false, out);
	case U32:
		return print_num(data, len, 4, false, out);
	case S32:
		return print_num(data, len, 4, true, out);
	case BOOL:
		return print_bool(data, len, out);
	case DOMAINS:
		return print_domains(data, len, out);
	case ROUTES:
		return print_routes(data, len, out);
	}
	return false;
}

/**
 * mn_option_value() - write what an option says, in its canonical form
 * @data: element
 * @len: its bytes
 * @out: appended to
 */
void mn_option_value(const uint8_t *data, size_t len, struct mn_buf *out)
{
	const struct option *o = find_code(data[0] == 6, elem_code(data));
	size_t begin = out->len;

	mn_buf_puts(out, "");
	if (print_as(data[0] == 6, o ? o->how : BYTES, data + HEAD, len - HEAD,
		     out))
		return;
	out->len = begin;
	out->s[begin] = '\0';
	print_hex(data + HEAD, len - HEAD, out);
}

/**
 * mn_option_print() - write an option as an element of a list
 * @data: element
 * @len: its bytes
 * @out: appended to: NAME=VALUE
 */
void mn_option_print(const uint8_t *data, size_t len, struct mn_buf *out)
{
	const struct option *o = find_code(data[0] == 6, elem_code(data));
	bool text = !o || o->how == TEXT || o->how == BYTES;

	mn_option_name(data, out);
	mn_buf_puts(out, "=");
	/* It could be taken for the next element. */
	if (text && memchr(data + HEAD, ',', len - HEAD))
		print_hex(data + HEAD, len - HEAD, out);
	else
		mn_option_value(data, len, out);
}
