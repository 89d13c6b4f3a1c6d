// SPDX-License-Identifier: GPL-2.0
/* One element of a value: text to wire and back. */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "values.h"

#define TCP_LETTERS	"FSRPAUEC"

static const struct {
	const char *name;
	uint8_t proto;
} protos[] = {
	{ "icmp", 1 }, { "igmp", 2 }, { "ipip", 4 }, { "tcp", 6 },
	{ "udp", 17 }, { "gre", 47 }, { "esp", 50 }, { "ah", 51 },
	{ "icmpv6", 58 }, { "ospf", 89 }, { "pim", 103 }, { "vrrp", 112 },
	{ "sctp", 132 }, { "udplite", 136 },
};

static const struct {
	const char *name;
	uint16_t type;
} ethertypes[] = {
	{ "ip", 0x0800 }, { "arp", 0x0806 }, { "ipv6", 0x86dd },
};

/**
 * mn_name_valid() - may an object be called that
 * @name: name
 *
 * Return: whether it is 1..63 characters of [A-Za-z0-9._-] and not "none"
 */
bool mn_name_valid(const char *name)
{
	static const char ok[] =
		"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789._-";
	size_t len = strnlen(name, MIDONET_NAME_MAX + 1);

	return len && len <= MIDONET_NAME_MAX && strspn(name, ok) == len &&
	       strcmp(name, "none");
}

/**
 * mn_value_num() - number of an element
 * @data: in host order
 * @len: 1, 2, 4 or 8
 *
 * Return: the number
 */
uint64_t mn_value_num(const uint8_t *data, size_t len)
{
	uint64_t n64 = 0;
	uint32_t n32 = 0;
	uint16_t n16 = 0;

	switch (len) {
	case 1:
		return *data;
	case 2:
		memcpy(&n16, data, 2);
		return n16;
	case 4:
		memcpy(&n32, data, 4);
		return n32;
	case 8:
		memcpy(&n64, data, 8);
		return n64;
	}
	return 0;
}

static int put_num(uint64_t num, size_t size, uint8_t *out)
{
	uint32_t n32 = num;
	uint16_t n16 = num;
	uint8_t n8 = num;

	if (size == 1)
		memcpy(out, &n8, 1);
	else if (size == 2)
		memcpy(out, &n16, 2);
	else if (size == 4)
		memcpy(out, &n32, 4);
	else
		memcpy(out, &num, 8);
	return size;
}

static bool scan_num(const char **text, uint64_t *num)
{
	char *end;

	if (**text < '0' || **text > '9')
		return false;
	errno = 0;
	/* No octal: 010 is ten. */
	*num = strtoull(*text, &end,
			(*text)[0] == '0' && ((*text)[1] | 32) == 'x' ? 16 : 10);
	if (errno || end == *text)
		return false;
	*text = end;
	return true;
}

static int bad(struct mn_err *err, const char *text, const char *want)
{
	char buf[80];

	return mn_fail(err, -EINVAL, "\"%s\" is not %s",
		       mn_shown(text, buf, sizeof(buf)), want);
}

static int parse_num(const struct mn_attr *a, const char *text, uint8_t *out,
		     struct mn_err *err)
{
	const char *p = text;
	char want[64];
	uint64_t num;

	/* The default may be out of range: it says "not given". */
	if (scan_num(&p, &num) && !*p &&
	    ((num >= a->min && num <= a->max) || num == a->def))
		return put_num(num, a->size, out);
	snprintf(want, sizeof(want), "a number from %u to %u", a->min, a->max);
	return bad(err, text, want);
}

static int parse_bool(const char *text, uint8_t *out, struct mn_err *err)
{
	if (!strcmp(text, "true") || !strcmp(text, "1"))
		out[0] = 1;
	else if (!strcmp(text, "false") || !strcmp(text, "0"))
		out[0] = 0;
	else
		return bad(err, text, "true or false");
	return 1;
}

static int parse_enum(const struct mn_attr *a, const char *text, uint8_t *out,
		      struct mn_err *err)
{
	char want[256] = "one of";
	unsigned int i;

	for (i = 0; i < a->n_names; i++) {
		if (!a->names[i])
			continue;
		if (!strcmp(text, a->names[i]))
			return put_num(i, a->size, out);
		strncat(want, " ", sizeof(want) - strlen(want) - 1);
		strncat(want, a->names[i], sizeof(want) - strlen(want) - 1);
	}
	return bad(err, text, want);
}

static int parse_dev(const char *text, uint8_t *out, struct mn_err *err)
{
	size_t len = strnlen(text, 16);
	const char *p;

	for (p = text; p < text + len; p++) {
		if (*p == '/' || *p == ':' || *(unsigned char *)p <= ' ')
			return bad(err, text, "the name of a device");
	}
	if (!len || len > 15 || !strcmp(text, ".") || !strcmp(text, ".."))
		return bad(err, text, "the name of a device");
	memcpy(out, text, len + 1);
	return len + 1;
}

static int parse_name(const char *text, uint8_t *out, struct mn_err *err)
{
	size_t len = strlen(text);

	if (!mn_name_valid(text))
		return bad(err, text,
			   "a name: 1 to 63 of A-Z a-z 0-9 . _ -, and not none");
	memcpy(out, text, len + 1);
	return len + 1;
}

static int parse_ref(const struct mn_attr *a, const struct mn_names *names,
		     const char *text, uint8_t *out, struct mn_err *err)
{
	struct mn_uuid id;
	int ret = names->find(names, a->ref, text, &id, err);

	if (ret)
		return ret;
	memcpy(out, id.b, MN_UUID_LEN);
	return MN_UUID_LEN;
}

static int parse_mac_mask(const char *text, uint8_t *out, struct mn_err *err)
{
	char mac[18];
	int i;

	memset(out + 6, 0xff, 6);
	if (strlen(text) < 17)
		return bad(err, text, "MAC or MAC/MASK");
	memcpy(mac, text, 17);
	mac[17] = '\0';
	if (!mn_mac_parse(mac, out) ||
	    (text[17] && (text[17] != '/' ||
			  !mn_mac_parse(text + 18, out + 6))))
		return bad(err, text, "MAC or MAC/MASK");
	for (i = 0; i < 6; i++)
		out[i] &= out[6 + i];
	return 12;
}

static int parse_vlan(const char *text, uint8_t *out, struct mn_err *err)
{
	const char *p = text;
	uint64_t num;

	if (!strcmp(text, "none"))
		return put_num(4096, 2, out);
	if (!scan_num(&p, &num) || *p || num > 4095)
		return bad(err, text, "a VLAN id from 0 to 4095 or none");
	return put_num(num, 2, out);
}

static int parse_ethertype(const char *text, uint8_t *out, struct mn_err *err)
{
	const char *p = text;
	uint64_t num;
	size_t i;

	for (i = 0; i < MN_ARRAY_SIZE(ethertypes); i++) {
		if (!strcmp(text, ethertypes[i].name))
			return put_num(ethertypes[i].type, 2, out);
	}
	if (!scan_num(&p, &num) || *p || num > 0xffff)
		return bad(err, text, "ip, ipv6, arp or a number to 0xffff");
	return put_num(num, 2, out);
}

static int parse_proto(const char *text, uint8_t *out, struct mn_err *err)
{
	const char *p = text;
	uint64_t num;
	size_t i;

	for (i = 0; i < MN_ARRAY_SIZE(protos); i++) {
		if (!strcmp(text, protos[i].name))
			return put_num(protos[i].proto, 1, out);
	}
	if (!scan_num(&p, &num) || *p || num > 255)
		return bad(err, text, "a protocol's name or number");
	return put_num(num, 1, out);
}

static int parse_ports(const char *text, uint8_t *out, struct mn_err *err)
{
	const char *p = text;
	uint64_t first, last;
	bool ok;

	ok = scan_num(&p, &first) && first <= 65535;
	last = first;
	if (ok && *p == '-') {
		p++;
		ok = scan_num(&p, &last) && last <= 65535 && first <= last;
	}
	if (!ok || *p)
		return bad(err, text, "a port N or a range N-M");
	return put_num(first << 16 | last, 4, out);
}

static bool scan_flags(const char *text, size_t len, uint8_t *flags)
{
	const char *p = text, *l;
	uint64_t num;

	*flags = 0;
	if (!len)
		return false;
	if (scan_num(&p, &num)) {
		*flags = num;
		return num <= 255 && p == text + len;
	}
	for (; p < text + len; p++) {
		l = strchr(TCP_LETTERS, *p >= 'a' ? *p - 32 : *p);
		if (!l || !*l)
			return false;
		*flags |= 1 << (l - TCP_LETTERS);
	}
	return true;
}

static int parse_tcp_flags(const char *text, uint8_t *out, struct mn_err *err)
{
	const char *slash = strchr(text, '/');
	size_t len = slash ? (size_t)(slash - text) : strlen(text);
	uint8_t value, mask;

	if (!scan_flags(text, len, &value))
		goto refuse;
	mask = value;
	if (slash && !scan_flags(slash + 1, strlen(slash + 1), &mask))
		goto refuse;
	if (!mask || value & ~mask)
		goto refuse;
	return put_num(value << 8 | mask, 2, out);

refuse:
	return bad(err, text, "VALUE/MASK, numbers or letters of FSRPAUEC");
}

static int check_len(int len, struct mn_err *err, const char *text,
		     const char *want)
{
	return len < 0 ? bad(err, text, want) : len;
}

static int parse_prefix(const struct mn_attr *a, const char *text,
			uint8_t *out, struct mn_err *err)
{
	bool mask = a->kind == MN_KIND_PREFIX && !(a->flags & MN_STRICT);
	int len = mn_prefix_parse(text, mask, out);
	struct mn_buf net = {};
	char buf[80];

	if (len < 0)
		return bad(err, text, "an address or ADDRESS/LENGTH");
	if (!(a->flags & MN_STRICT) || !mn_prefix_has_host_bits(out, len))
		return len;
	mn_prefix_parse(text, true, out);
	mn_prefix_print(out, len, false, &net);
	mn_fail(err, -EINVAL, "\"%s\" is an address in a network, not the network %s",
		mn_shown(text, buf, sizeof(buf)), net.s);
	mn_buf_free(&net);
	return err->code;
}

static int parse_target(const char *text, uint8_t *out, struct mn_err *err)
{
	struct mn_target t;
	int ret = mn_target_parse(text, &t, err);

	return ret ? ret : mn_target_pack(&t, out);
}

static int parse_dscp(const char *text, uint8_t *out, struct mn_err *err)
{
	const char *p = text;
	uint64_t num = MN_DSCP_INHERIT;

	if (strcmp(text, "inherit") &&
	    (!scan_num(&p, &num) || *p || num >= MN_DSCP_INHERIT))
		return bad(err, text, "inherit or a number from 0 to 63");
	return put_num(num, 1, out);
}

/* What is said of a bad one does not repeat it. */
static int parse_secret(const char *text, uint8_t *out, struct mn_err *err)
{
	static const char digits[] = "0123456789abcdef";
	const char *d;
	size_t i;

	memset(out, 0, MN_SECRET_LEN);
	for (i = 0; text[i] && i < 2 * MN_SECRET_LEN; i++) {
		d = strchr(digits, text[i] >= 'A' && text[i] <= 'F' ?
			   text[i] | 32 : text[i]);
		if (!d)
			break;
		out[i / 2] = out[i / 2] << 4 | (d - digits);
	}
	if (text[i] || i != 2 * MN_SECRET_LEN)
		return mn_fail(err, -EINVAL, "must be %d hexadecimal digits",
			       2 * MN_SECRET_LEN);
	return MN_SECRET_LEN;
}

static int parse_path(const char *text, uint8_t *out, struct mn_err *err)
{
	size_t len = strlen(text);

	if (!mn_path_valid(text))
		return bad(err, text, "a path: / and visible characters");
	memcpy(out, text, len);
	return len;
}

/**
 * mn_value_parse() - read one element
 * @a: attribute
 * @names: who knows the ids of references
 * @text: the element
 * @out: MN_VALUE_MAX bytes for the result
 * @err: for errors
 *
 * Return: bytes of @out, or a negative error
 */
int mn_value_parse(const struct mn_attr *a, const struct mn_names *names,
		   const char *text, uint8_t *out, struct mn_err *err)
{
	struct mn_uuid id;

	switch (a->kind) {
	case MN_KIND_NUM:
		return parse_num(a, text, out, err);
	case MN_KIND_BOOL:
		return parse_bool(text, out, err);
	case MN_KIND_ENUM:
		return parse_enum(a, text, out, err);
	case MN_KIND_DEV:
		return parse_dev(text, out, err);
	case MN_KIND_REF:
		return parse_ref(a, names, text, out, err);
	case MN_KIND_UUID:
		if (!mn_uuid_parse(text, &id))
			return bad(err, text, "a UUID");
		memcpy(out, id.b, MN_UUID_LEN);
		return MN_UUID_LEN;
	case MN_KIND_MAC:
		if (!mn_mac_parse(text, out) || !mn_mac_unicast(out))
			return bad(err, text, "a MAC of one station");
		return 6;
	case MN_KIND_MAC_MASK:
		return parse_mac_mask(text, out, err);
	case MN_KIND_ADDRESS:
		return check_len(mn_addr_parse(text, out), err, text,
				 "an IP address");
	case MN_KIND_PREFIX:
	case MN_KIND_IFADDR:
		return parse_prefix(a, text, out, err);
	case MN_KIND_ALLOWED:
		return check_len(mn_allowed_parse(text, out), err, text,
				 "MAC or MAC=PREFIX");
	case MN_KIND_VLAN:
		return parse_vlan(text, out, err);
	case MN_KIND_ETHERTYPE:
		return parse_ethertype(text, out, err);
	case MN_KIND_PROTO:
		return parse_proto(text, out, err);
	case MN_KIND_PORTS:
		return parse_ports(text, out, err);
	case MN_KIND_TCP_FLAGS:
		return parse_tcp_flags(text, out, err);
	case MN_KIND_TARGET:
		return parse_target(text, out, err);
	case MN_KIND_PATH:
		return parse_path(text, out, err);
	case MN_KIND_NAME:
		return parse_name(text, out, err);
	case MN_KIND_VIA:
		return check_len(mn_via_parse(text, out), err, text,
				 "PREFIX=ADDRESS of IPv4, the prefix a network");
	case MN_KIND_DSCP:
		return parse_dscp(text, out, err);
	case MN_KIND_SECRET:
		return parse_secret(text, out, err);
	}
	return mn_fail(err, -EINVAL, "%s cannot be given", a->word);
}

static void print_flags(uint8_t flags, struct mn_buf *out)
{
	int i;

	if (!flags)
		mn_buf_puts(out, "0");
	for (i = 0; i < 8; i++) {
		if (flags >> i & 1)
			mn_buf_add(out, &TCP_LETTERS[i], 1);
	}
}

static void print_num(const struct mn_attr *a, uint64_t num, struct mn_buf *out)
{
	size_t i;

	switch (a->kind) {
	case MN_KIND_BOOL:
		mn_buf_puts(out, num ? "true" : "false");
		return;
	case MN_KIND_ENUM:
		if (num < a->n_names && a->names[num])
			mn_buf_puts(out, a->names[num]);
		else
			mn_buf_printf(out, "%llu", (unsigned long long)num);
		return;
	case MN_KIND_ETHERTYPE:
		for (i = 0; i < MN_ARRAY_SIZE(ethertypes); i++) {
			if (ethertypes[i].type == num)
				return mn_buf_puts(out, ethertypes[i].name);
		}
		mn_buf_printf(out, "0x%04x", (unsigned int)num);
		return;
	case MN_KIND_PROTO:
		for (i = 0; i < MN_ARRAY_SIZE(protos); i++) {
			if (protos[i].proto == num)
				return mn_buf_puts(out, protos[i].name);
		}
		break;
	case MN_KIND_VLAN:
		if (num == 4096)
			return mn_buf_puts(out, "none");
		break;
	case MN_KIND_DSCP:
		if (num == MN_DSCP_INHERIT)
			return mn_buf_puts(out, "inherit");
		break;
	case MN_KIND_PORTS:
		mn_buf_printf(out, "%u", (unsigned int)num >> 16);
		if (num >> 16 != (num & 0xffff))
			mn_buf_printf(out, "-%u", (unsigned int)num & 0xffff);
		return;
	case MN_KIND_TCP_FLAGS:
		print_flags(num >> 8, out);
		if (num >> 8 != (num & 0xff)) {
			mn_buf_puts(out, "/");
			print_flags(num & 0xff, out);
		}
		return;
	}
	mn_buf_printf(out, "%llu", (unsigned long long)num);
}

static void print_mac_mask(const uint8_t *data, struct mn_buf *out)
{
	static const uint8_t exact[6] = { 255, 255, 255, 255, 255, 255 };

	mn_mac_print(data, out);
	if (!memcmp(data + 6, exact, 6))
		return;
	mn_buf_puts(out, "/");
	mn_mac_print(data + 6, out);
}

/**
 * mn_hex_print() - write bytes as hexadecimal digits
 * @data: bytes
 * @len: how many
 * @out: appended to
 */
void mn_hex_print(const uint8_t *data, size_t len, struct mn_buf *out)
{
	while (len--)
		mn_buf_printf(out, "%02x", *data++);
}

/**
 * mn_value_print() - write one element in its canonical form
 * @a: attribute
 * @names: who knows the names of references
 * @data: the element
 * @len: its bytes
 * @out: appended to; a secret is not told
 */
void mn_value_print(const struct mn_attr *a, const struct mn_names *names,
		    const uint8_t *data, size_t len, struct mn_buf *out)
{
	char text[MN_UUID_TEXT];
	struct mn_target t;
	struct mn_uuid id;

	switch (a->kind) {
	case MN_KIND_TEXT:
	case MN_KIND_DEV:
	case MN_KIND_PATH:
	case MN_KIND_NAME:
		mn_buf_add(out, data, strnlen((const char *)data, len));
		return;
	case MN_KIND_UUID:
	case MN_KIND_REF:
		memcpy(id.b, data, MN_UUID_LEN);
		if (a->kind == MN_KIND_REF)
			return names->print(names, a->ref, &id, out);
		mn_uuid_print(&id, text);
		mn_buf_puts(out, text);
		return;
	case MN_KIND_MAC:
		return mn_mac_print(data, out);
	case MN_KIND_MAC_MASK:
		return print_mac_mask(data, out);
	case MN_KIND_ADDRESS:
		return mn_addr_print(data, len, out);
	case MN_KIND_PREFIX:
		return mn_prefix_print(data, len, true, out);
	case MN_KIND_IFADDR:
		return mn_prefix_print(data, len, false, out);
	case MN_KIND_ALLOWED:
		return mn_allowed_print(data, len, out);
	case MN_KIND_TARGET:
		mn_target_unpack(data, len, &t);
		return mn_target_print(&t, out);
	case MN_KIND_VIA:
		return mn_via_print(data, len, out);
	case MN_KIND_OPTION:
		return mn_option_print(data, len, out);
	case MN_KIND_HEX:
		return mn_hex_print(data, len, out);
	case MN_KIND_SECRET:
		return mn_buf_puts(out, "(secret)");
	}
	print_num(a, mn_value_num(data, len), out);
}
