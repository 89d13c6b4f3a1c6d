// SPDX-License-Identifier: GPL-2.0
/* Headers of packets, and masks over them, as the kernel tells them. */
#include <stdio.h>
#include <string.h>

#include "midoctl.h"

#define FIELD(w, A, k, s) \
	{ .word = w, .attr = MIDONET_PACKET_##A, .kind = MN_KIND_##k, .size = s }

static const struct mn_attr fields[] = {
	FIELD("hw-src", HW_SRC, MAC, 6),
	FIELD("hw-dst", HW_DST, MAC, 6),
	FIELD("ethertype", ETHERTYPE, ETHERTYPE, 2),
	FIELD("vlan", VLAN, VLAN, 2),
	FIELD("src", SRC, ADDRESS, 16),
	FIELD("dst", DST, ADDRESS, 16),
	FIELD("proto", PROTO, PROTO, 1),
	FIELD("src-port", SRC_PORT, NUM, 2),
	FIELD("dst-port", DST_PORT, NUM, 2),
	FIELD("icmp-type", ICMP_TYPE, NUM, 1),
	FIELD("icmp-code", ICMP_CODE, NUM, 1),
	FIELD("icmp-id", ICMP_ID, NUM, 2),
	FIELD("tcp-flags", TCP_FLAGS, TCP_FLAGS, 1),
	FIELD("dscp", DSCP, NUM, 1),
	{ .word = "fragment", .attr = MIDONET_PACKET_FRAGMENT,
	  .kind = MN_KIND_ENUM, .size = 1, .names = mn_fragment_names,
	  .n_names = MN_ARRAY_SIZE(mn_fragment_names) },
	FIELD("ttl", TTL, NUM, 1),
	FIELD("len", LEN, NUM, 4),
};

/* Bits of a mask: how many from the left, or the mask itself. */
static json_t *mask_json(const struct mn_attr *f, const uint8_t *data,
			 size_t len)
{
	struct mn_buf text = {};
	bool ones = true, rest = true;
	unsigned int bits = 0;
	json_t *json;
	size_t i;
	int b;

	if (f->kind != MN_KIND_ADDRESS && f->kind != MN_KIND_MAC)
		return json_sprintf("0x%0*llx", (int)f->size * 2,
				    (unsigned long long)mn_value_num(data, len));
	if (f->kind == MN_KIND_MAC) {
		mn_mac_print(data, &text);
		json = json_string(text.s);
		mn_buf_free(&text);
		return json;
	}
	for (i = 0; i < len; i++) {
		for (b = 7; b >= 0; b--) {
			if (!(data[i] >> b & 1))
				ones = false;
			else if (ones)
				bits++;
			else
				rest = false;
		}
	}
	if (rest)
		return json_sprintf("/%u", bits);
	mn_addr_print(data, len, &text);
	json = json_string(text.s);
	mn_buf_free(&text);
	return json;
}

static json_t *field_json(const struct mn_attr *f, const uint8_t *data,
			  size_t len)
{
	struct mn_buf text = {};
	json_t *json;
	uint16_t flags;

	if (f->kind == MN_KIND_NUM)
		return json_integer(mn_value_num(data, len));
	if (f->kind == MN_KIND_TCP_FLAGS) {
		flags = *data << 8 | *data;
		mn_value_print(f, NULL, (uint8_t *)&flags, 2, &text);
	} else {
		mn_value_print(f, NULL, data, len, &text);
	}
	json = json_string(text.s);
	mn_buf_free(&text);
	return json;
}

/**
 * json_packet() - headers of a packet
 * @nest: attributes, or NULL
 * @mask: they are a mask
 *
 * Return: new JSON object
 */
json_t *json_packet(const struct nlattr *nest, bool mask)
{
	const struct nlattr *tb[MIDONET_PACKET_MAX + 1];
	const struct nlattr *attr;
	json_t *json = json_object();
	size_t i, len;

	mn_nest_attrs(nest, tb, MIDONET_PACKET_MAX);
	for (i = 0; i < MN_ARRAY_SIZE(fields); i++) {
		attr = tb[fields[i].attr];
		len = attr ? mnl_attr_get_payload_len(attr) : 0;
		if (!len || (fields[i].kind == MN_KIND_ADDRESS && len != 4 &&
			     len != 16) ||
		    (fields[i].kind == MN_KIND_MAC && len != 6))
			continue;
		json_object_set_new(json, fields[i].word, (mask ? mask_json :
				    field_json)(&fields[i],
						mnl_attr_get_payload(attr),
						len));
	}
	return json;
}

/**
 * packet_print() - a packet or mask in one line
 * @packet: from json_packet()
 * @out: appended to
 */
void packet_print(json_t *packet, struct mn_buf *out)
{
	const char *key, *sep = "";
	json_t *value;

	json_object_foreach(packet, key, value) {
		if (json_is_string(value))
			mn_buf_printf(out, "%s%s %s", sep, key,
				      json_string_value(value));
		else
			mn_buf_printf(out, "%s%s %lld", sep, key,
				      (long long)json_integer_value(value));
		sep = " ";
	}
	if (!*sep)
		mn_buf_puts(out, "any");
}
