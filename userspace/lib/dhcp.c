// SPDX-License-Identifier: GPL-2.0
/*
 * What is particular about DHCP: lists of options, and judging a subnet or a host
 * by itself. The kernel judges the same way (kmod/l2/dhcp*.c).
 */
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "model.h"

#define DNS_MAX		16
#define ROUTES_MAX	25
#define OPTIONS_MAX	64
#define OPTIONS_LEN_MAX	1024
#define PLEN_MIN	8
#define SLAAC_PLEN	64
#define MTU_MIN_V6	1280

static bool has_code(const struct mn_vals *v, const uint8_t *elem)
{
	const uint8_t *p;

	mn_vals_for_each(p, v) {
		if (!memcmp(p + 1, elem, MN_OPTION_HEAD))
			return true;
	}
	return false;
}

static int add_option(bool v6, const char *name, const char *text,
		      struct mn_vals **v, struct mn_err *err)
{
	uint8_t out[MN_VALUE_MAX];
	int len = mn_option_parse(v6, name, text, out, err);

	if (len < 0)
		return len;
	if (has_code(*v, out))
		return mn_fail(err, -EINVAL, "is there twice");
	mn_vals_add(v, out, len);
	return 0;
}

/* NAME= */
static bool begins_option(const char *text)
{
	size_t len = strspn(text, "abcdefghijklmnopqrstuvwxyz0123456789-");

	return len && text[len] == '=';
}

/* Cuts off the first NAME=VALUE of a list; what follows its comma, or NULL. */
static char *next_option(char *text)
{
	char *p = text;

	while ((p = strchr(p, ','))) {
		if (begins_option(p + 1)) {
			*p = '\0';
			return p + 1;
		}
		p++;
	}
	return NULL;
}

/* NAME=VALUE,...; a comma that no NAME= follows belongs to the value. */
static int options_from_text(bool v6, const char *text, struct mn_vals **v,
			     struct mn_err *err)
{
	char *copy = mn_strdup(text), *word = copy, *next, *value, buf[80];
	int ret = 0;

	for (; word && !ret; word = next) {
		next = next_option(word);
		if (!begins_option(word)) {
			ret = mn_fail(err, -EINVAL, "\"%s\" is not NAME=VALUE",
				      mn_shown(word, buf, sizeof(buf)));
			break;
		}
		value = strchr(word, '=');
		*value++ = '\0';
		ret = add_option(v6, word, value, v, err);
		if (ret)
			mn_err_prefix(err, "%s", word);
	}
	free(copy);
	return ret;
}

static int json_value(json_t *json, struct mn_buf *out, struct mn_err *err)
{
	const char *s = json_string_value(json);

	if (s && strlen(s) == json_string_length(json))
		mn_buf_puts(out, s);
	else if (json_is_integer(json))
		mn_buf_printf(out, "%lld", (long long)json_integer_value(json));
	else if (json_is_boolean(json))
		mn_buf_puts(out, json_is_true(json) ? "true" : "false");
	else
		return mn_fail(err, -EINVAL, "wrong type of value");
	return 0;
}

static int json_text(json_t *json, struct mn_buf *out, struct mn_err *err)
{
	json_t *elem;
	size_t i;
	int ret = 0;

	mn_buf_puts(out, "");
	if (!json_is_array(json))
		return json_value(json, out, err);
	json_array_foreach(json, i, elem) {
		if (i)
			mn_buf_puts(out, ",");
		ret = ret ?: json_value(elem, out, err);
	}
	return ret;
}

static int options_from_json(bool v6, json_t *json, struct mn_vals **v,
			     const char **bad, struct mn_err *err)
{
	struct mn_buf text = {};
	const char *key;
	json_t *value;
	int ret = 0;

	*bad = NULL;
	if (!json_is_object(json) && !json_is_null(json))
		return mn_fail(err, -EINVAL, "must be an object");
	json_object_foreach(json, key, value) {
		text.len = 0;
		ret = json_text(value, &text, err);
		if (!ret)
			ret = add_option(v6, key, text.s, v, err);
		if (ret) {
			*bad = key;
			break;
		}
	}
	mn_buf_free(&text);
	return ret;
}

/* False if there is none of the code that @data begins with. */
static bool remove_code(struct mn_vals **v, const uint8_t *data)
{
	const uint8_t *p;

	mn_vals_for_each(p, *v) {
		if (!memcmp(p + 1, data, MN_OPTION_HEAD))
			return mn_vals_remove(v, p + 1, *p);
	}
	return false;
}

/* NAME,... */
static int remove_options(bool v6, const char *text, struct mn_vals **v,
			  struct mn_err *err)
{
	char *copy = mn_strdup(text), *rest = copy, *word;
	uint8_t out[MN_VALUE_MAX];
	char buf[80];
	int ret = 0;

	while (ret >= 0 && (word = strsep(&rest, ","))) {
		ret = mn_option_parse(v6, word, "0x", out, err);
		if (ret >= 0 && !remove_code(v, out))
			ret = mn_fail(err, -ENOENT, "no such value %s",
				      mn_shown(word, buf, sizeof(buf)));
	}
	free(copy);
	return ret < 0 ? ret : 0;
}

/**
 * mn_dhcp_subnet() - the subnet of a dhcp, or that a host is in
 * @obj: dhcp or dhcp-host
 *
 * Return: its value
 */
const struct mn_vals *mn_dhcp_subnet(const struct mn_obj *obj)
{
	if (obj->type->type != MIDONET_OBJECT_TYPE_DHCP)
		obj = obj->parent;
	return obj->vals[mn_type_wire(obj->type, MIDONET_A_SUBNET)];
}

static bool is_v6(const struct mn_obj *obj)
{
	return mn_dhcp_subnet(obj)->data[0] == 17;
}

/**
 * mn_obj_options_text() - give a host options, as on the command line
 * @obj: dhcp-host
 * @attr: index of the attribute
 * @text: NAME=VALUE,..., "none", +NAME=VALUE,... or -NAME,...
 * @err: for errors
 *
 * Return: 0, -EINVAL, -ENOENT
 */
int mn_obj_options_text(struct mn_obj *obj, int attr, const char *text,
			struct mn_err *err)
{
	struct mn_vals *new = NULL, *part = NULL;
	bool change = *text == '+' || *text == '-';
	const uint8_t *p;
	int ret = 0;

	if (change)
		new = mn_vals_copy(obj->vals[attr]);
	if (*text == '-')
		ret = remove_options(is_v6(obj), text + 1, &new, err);
	else if (*text && strcmp(text, "none"))
		ret = options_from_text(is_v6(obj), text + change, &part, err);
	mn_vals_for_each(p, part) {
		remove_code(&new, p + 1);
		mn_vals_add(&new, p + 1, *p);
	}
	free(part);
	if (ret) {
		free(new);
		return ret;
	}
	mn_vals_normalise(&obj->type->attrs[attr], &new);
	free(obj->vals[attr]);
	obj->vals[attr] = new;
	return 0;
}

/**
 * mn_obj_options_json() - give a host the options of a document
 * @obj: dhcp-host
 * @attr: index of the attribute
 * @json: object of names or numbers and values, or null
 * @bad: set to the key at fault, NULL if it is the whole
 * @err: for errors
 *
 * Return: 0 or -EINVAL
 */
int mn_obj_options_json(struct mn_obj *obj, int attr, json_t *json,
			const char **bad, struct mn_err *err)
{
	struct mn_vals *new = NULL;
	int ret = options_from_json(is_v6(obj), json, &new, bad, err);

	if (ret) {
		free(new);
		return ret;
	}
	mn_vals_normalise(&obj->type->attrs[attr], &new);
	free(obj->vals[attr]);
	obj->vals[attr] = new;
	return 0;
}

/* Judging. */

static const struct mn_vals *val(const struct mn_obj *obj, int wire)
{
	return obj->vals[mn_type_wire(obj->type, wire)];
}

/* Could a station have it? */
static bool is_station(const uint8_t *addr, size_t len)
{
	return mn_addr_is_gateway(addr, len);
}

static bool is_link_local(const uint8_t *addr, size_t len)
{
	return len == 16 && addr[0] == 0xfe && addr[1] >> 6 == 2;
}

/* Bits of the address behind the prefix: all zero, or all one? */
static bool host_bits_are(const struct mn_vals *subnet, const uint8_t *addr,
			  bool one)
{
	int bits = (subnet->data[0] - 1) * 8, i;

	for (i = subnet->data[1]; i < bits; i++) {
		if (!!(addr[i / 8] & (0x80 >> i % 8)) != one)
			return false;
	}
	return true;
}

/**
 * mn_dhcp_has() - may a station of a subnet have an address?
 * @subnet: value of the subnet
 * @v: value with one address
 *
 * Return: false for addresses outside, that of the network, and IPv4 broadcast
 */
bool mn_dhcp_has(const struct mn_vals *subnet, const struct mn_vals *v)
{
	int spare = (subnet->data[0] - 1) * 8 - subnet->data[1];

	if (!mn_prefix_holds(subnet->data + 1, subnet->data[0], v->data + 1,
			     v->data[0]))
		return false;
	return spare < 2 ||
	       (!host_bits_are(subnet, v->data + 1, false) &&
		(v->data[0] == 16 || !host_bits_are(subnet, v->data + 1, true)));
}

static int check_family(const struct mn_obj *obj, int wire, struct mn_err *err)
{
	const struct mn_vals *v = val(obj, wire);
	const uint8_t *p;

	mn_vals_for_each(p, v) {
		if (*p != mn_dhcp_subnet(obj)->data[0] - 1 ||
		    !is_station(p + 1, *p))
			return mn_fail(err, -EINVAL,
				       "not the address of a station of the subnet's family");
	}
	return 0;
}

static int check_subnet(const struct mn_vals *subnet, struct mn_err *err)
{
	const uint8_t *addr = subnet->data + 2;
	size_t len = subnet->data[0] - 1;

	if (subnet->data[1] >= PLEN_MIN && is_station(addr, len) &&
	    !is_link_local(addr, len))
		return 0;
	return mn_fail(err, -EINVAL,
		       "stations have addresses of subnets of at least 8 bits that are neither multicast, loopback nor link-local");
}

static int check_server(const struct mn_obj *dhcp, struct mn_err *err)
{
	const struct mn_vals *v = val(dhcp, MIDONET_A_SERVER);

	if (!v && !is_v6(dhcp))
		return mn_fail(err, -EINVAL, "an IPv4 subnet needs one");
	if (!v)
		return 0;
	if (check_family(dhcp, MIDONET_A_SERVER, err))
		return err->code;
	return mn_dhcp_has(mn_dhcp_subnet(dhcp), v) ? 0 :
	       mn_fail(err, -EINVAL, "is not in the subnet");
}

static int check_gateway(const struct mn_obj *dhcp, struct mn_err *err)
{
	const struct mn_vals *v = val(dhcp, MIDONET_A_GATEWAY);

	if (!v)
		return 0;
	if (check_family(dhcp, MIDONET_A_GATEWAY, err))
		return err->code;
	if (is_link_local(v->data + 1, v->data[0]) ||
	    mn_dhcp_has(mn_dhcp_subnet(dhcp), v))
		return 0;
	return mn_fail(err, -EINVAL, "is not in the subnet");
}

static int check_dns(const struct mn_obj *dhcp, struct mn_err *err)
{
	const struct mn_vals *v = val(dhcp, MIDONET_A_DNS);

	if (v && v->n > DNS_MAX)
		return mn_fail(err, -EINVAL, "more than %d addresses", DNS_MAX);
	return check_family(dhcp, MIDONET_A_DNS, err);
}

static int check_routes(const struct mn_obj *dhcp, struct mn_err *err)
{
	const struct mn_vals *v = val(dhcp, MIDONET_A_ROUTES);

	if (v && is_v6(dhcp))
		return mn_fail(err, -EINVAL, "only hosts of IPv4 are told routes");
	if (v && v->n > ROUTES_MAX)
		return mn_fail(err, -EINVAL, "more than %d", ROUTES_MAX);
	return 0;
}

static int check_mtu(const struct mn_obj *dhcp, struct mn_err *err)
{
	const struct mn_vals *v = val(dhcp, MIDONET_A_MTU);

	if (v && is_v6(dhcp) &&
	    mn_value_num(v->data + 1, v->data[0]) < MTU_MIN_V6)
		return mn_fail(err, -EINVAL, "at least 68 for IPv4, 1280 for IPv6");
	return 0;
}

static int check_mode(const struct mn_obj *dhcp, struct mn_err *err)
{
	const struct mn_vals *v = val(dhcp, MIDONET_A_MODE);

	if (v && !is_v6(dhcp))
		return mn_fail(err, -EINVAL, "only subnets of IPv6 have one");
	if (v && mn_dhcp_subnet(dhcp)->data[1] != SLAAC_PLEN)
		return mn_fail(err, -EINVAL, "hosts make addresses of a /64 only");
	return 0;
}

/**
 * mn_dhcp_check() - judge a subnet by itself
 * @obj: dhcp
 * @attr: the attribute at fault, NULL if it is the whole
 * @err: for errors
 *
 * Return: 0 or -EINVAL
 */
int mn_dhcp_check(const struct mn_obj *obj, const char **attr,
		  struct mn_err *err)
{
	static const struct {
		const char *word;
		int (*check)(const struct mn_obj *dhcp, struct mn_err *err);
	} checks[] = {
		{ "server", check_server }, { "gateway", check_gateway },
		{ "dns", check_dns }, { "routes", check_routes },
		{ "mtu", check_mtu }, { "mode", check_mode },
	};
	size_t i;

	*attr = "subnet";
	if (check_subnet(mn_dhcp_subnet(obj), err))
		return err->code;
	for (i = 0; i < MN_ARRAY_SIZE(checks); i++) {
		*attr = checks[i].word;
		if (checks[i].check(obj, err))
			return err->code;
	}
	*attr = NULL;
	return 0;
}

static int check_options(const struct mn_obj *host, struct mn_err *err)
{
	const struct mn_vals *v = val(host, MIDONET_A_OPTIONS);

	if (v && v->n > OPTIONS_MAX)
		return mn_fail(err, -EINVAL, "more than %d", OPTIONS_MAX);
	/* Each as it is in a message: without two bytes of what is kept. */
	if (v && v->len - 2 * v->n > OPTIONS_LEN_MAX)
		return mn_fail(err, -EINVAL, "more than %d bytes",
			       OPTIONS_LEN_MAX);
	return 0;
}

/**
 * mn_dhcp_host_check() - judge a host by its subnet
 * @obj: dhcp-host
 * @attr: the attribute at fault, NULL if it is the whole
 * @err: for errors
 *
 * Return: 0 or -EINVAL
 */
int mn_dhcp_host_check(const struct mn_obj *obj, const char **attr,
		       struct mn_err *err)
{
	const struct mn_vals *v = val(obj, MIDONET_A_ADDRESS);

	*attr = "address";
	if (!mn_dhcp_has(mn_dhcp_subnet(obj), v))
		return mn_fail(err, -EINVAL,
			       "is not that of a station of the subnet");
	if (mn_vals_equal(v, val(obj->parent, MIDONET_A_SERVER)))
		return mn_fail(err, -EINVAL, "is that of the server");
	if (mn_vals_equal(v, val(obj->parent, MIDONET_A_GATEWAY)))
		return mn_fail(err, -EINVAL, "is that of the gateway");
	*attr = "options";
	if (check_options(obj, err))
		return err->code;
	*attr = NULL;
	return 0;
}
