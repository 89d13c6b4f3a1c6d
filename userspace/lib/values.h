/* SPDX-License-Identifier: GPL-2.0 */
#ifndef _MN_VALUES_H
#define _MN_VALUES_H

#include <jansson.h>
#include <stdbool.h>
#include <stdint.h>

#include "names_gen.h"
#include "util.h"
#include "uuid.h"

/* Longest element of a value on the wire. */
#define MN_VALUE_MAX	255

/**
 * enum mn_kind - what a value is and how it is written
 */
enum mn_kind {
	MN_KIND_NUM,
	MN_KIND_BOOL,
	MN_KIND_ENUM,
	MN_KIND_TEXT,
	MN_KIND_DEV,
	MN_KIND_UUID,
	MN_KIND_REF,
	MN_KIND_MAC,
	MN_KIND_MAC_MASK,
	MN_KIND_ADDRESS,
	MN_KIND_PREFIX,
	MN_KIND_IFADDR,
	MN_KIND_ALLOWED,
	MN_KIND_VLAN,
	MN_KIND_ETHERTYPE,
	MN_KIND_PROTO,
	MN_KIND_PORTS,
	MN_KIND_TCP_FLAGS,
	MN_KIND_MATCH,
	MN_KIND_TARGET,
	MN_KIND_PATH,
	MN_KIND_NAME,
	MN_KIND_VIA,
	MN_KIND_OPTION,
	MN_KIND_DSCP,
	MN_KIND_HEX,
	MN_KIND_SECRET,
};

/* &struct mn_attr.def of a DSCP: that of the packet inside a tunnel. */
#define MN_DSCP_INHERIT	64
/* Bytes of a secret. */
#define MN_SECRET_LEN	16

/**
 * enum mn_attr_flags - what may be done with an attribute
 * @MN_LIST: any number of elements
 * @MN_SORTED: their order means nothing
 * @MN_RO: state, never configuration
 * @MN_KEY: names the object in its parent, cannot be changed
 * @MN_NEEDED: must be given
 * @MN_OWN: a reference into the object's own parent, written without it
 * @MN_WIDE: a prefix of length 0 is the default
 * @MN_STRICT: a prefix with host bits set is refused
 */
enum mn_attr_flags {
	MN_LIST = 1,
	MN_SORTED = 2,
	MN_RO = 4,
	MN_KEY = 8,
	MN_NEEDED = 16,
	MN_OWN = 32,
	MN_WIDE = 64,
	MN_STRICT = 128,
};

/* Longest path of a health check: an element, without a NUL. */
#define MN_PATH_MAX	255

/* Most addresses of a port. */
#define MN_ADDRESSES_MAX	1024

/* Default of a number that has none. */
#define MN_ABSENT	UINT64_MAX

/**
 * struct mn_attr - an attribute or a word of a match
 * @word: on the command line, in JSON and in the specification
 * @key: in JSON, where that is another word
 * @attr: number on the wire
 * @nest: number of the attribute it is within, on the wire and in JSON; 0: none.
 *	Those of a nest follow each other
 * @kind: &enum mn_kind
 * @flags: &enum mn_attr_flags
 * @size: bytes of a number on the wire
 * @ref: &enum midonet_object_type of references
 * @n_names: number of @names
 * @min: least number
 * @max: largest number
 * @def: default of numbers
 * @names: of the values of an enum; NULL: no such value
 */
struct mn_attr {
	const char *word;
	const char *key;
	uint16_t attr;
	uint16_t nest;
	uint8_t kind;
	uint8_t flags;
	uint8_t size;
	uint8_t ref;
	uint8_t n_names;
	uint32_t min;
	uint32_t max;
	uint64_t def;
	const char *const *names;
};

/**
 * struct mn_names - who knows which name has which id
 * @find: id of a name; refuses with "no TYPE "NAME""
 * @print: name of an id
 */
struct mn_names {
	int (*find)(const struct mn_names *names, int type, const char *name,
		    struct mn_uuid *id, struct mn_err *err);
	void (*print)(const struct mn_names *names, int type,
		      const struct mn_uuid *id, struct mn_buf *out);
};

/**
 * struct mn_vals - elements of a value, as on the wire
 * @n: number of elements
 * @len: bytes used of @data
 * @cap: bytes of @data
 * @data: for each element its length (one byte) and its bytes
 *
 * The default is a NULL pointer.
 */
struct mn_vals {
	uint32_t n;
	size_t len;
	size_t cap;
	uint8_t data[];
};

#define mn_vals_first(v)	((const uint8_t *)(v)->data)
#define mn_vals_for_each(p, v)						\
	for (p = (v) ? (v)->data : NULL;				\
	     (v) && p < (v)->data + (v)->len; p += 1 + *p)

int mn_value_parse(const struct mn_attr *a, const struct mn_names *names,
		   const char *text, uint8_t *out, struct mn_err *err);
void mn_value_print(const struct mn_attr *a, const struct mn_names *names,
		    const uint8_t *data, size_t len, struct mn_buf *out);
bool mn_name_valid(const char *name);
uint64_t mn_value_num(const uint8_t *data, size_t len);

void mn_hex_print(const uint8_t *data, size_t len, struct mn_buf *out);

/* values_addr.c */
bool mn_mac_parse(const char *text, uint8_t *mac);
bool mn_mac_unicast(const uint8_t *mac);
int mn_addr_parse(const char *text, uint8_t *addr);
int mn_prefix_parse(const char *text, bool network, uint8_t *out);
void mn_mac_print(const uint8_t *mac, struct mn_buf *out);
void mn_addr_print(const uint8_t *addr, size_t len, struct mn_buf *out);
void mn_prefix_print(const uint8_t *prefix, size_t len, bool bare,
		     struct mn_buf *out);
int mn_allowed_parse(const char *text, uint8_t *out);
int mn_via_parse(const char *text, uint8_t *out);
void mn_via_print(const uint8_t *data, size_t len, struct mn_buf *out);
void mn_allowed_print(const uint8_t *data, size_t len, struct mn_buf *out);
void mn_prefix_network(const uint8_t *prefix, size_t len, uint8_t *net);
bool mn_ifaddr_is_station(const uint8_t *prefix, size_t len);
bool mn_addr_is_multicast(const uint8_t *addr, size_t len);
bool mn_addr_is_gateway(const uint8_t *addr, size_t len);
bool mn_addr_is_neighbour(const uint8_t *addr, size_t len);
bool mn_prefix_has_host_bits(const uint8_t *prefix, size_t len);
bool mn_prefix_holds(const uint8_t *prefix, size_t len, const uint8_t *addr,
		     size_t alen);

/**
 * struct mn_target - addresses and ports that are translated to
 * @len: bytes of an address: 4 or 16
 * @first_port: first port, 0: ports stay
 * @last_port: last port
 * @first: first address
 * @last: last address
 */
struct mn_target {
	int len;
	uint16_t first_port;
	uint16_t last_port;
	uint8_t first[16];
	uint8_t last[16];
};

/* values_nat.c */
int mn_target_parse(const char *text, struct mn_target *t, struct mn_err *err);
void mn_target_print(const struct mn_target *t, struct mn_buf *out);
int mn_target_pack(const struct mn_target *t, uint8_t *out);
void mn_target_unpack(const uint8_t *data, size_t len, struct mn_target *t);
int mn_target_size(const struct mn_target *t);
int mn_endpoint_parse(const char *text, uint8_t *addr, uint16_t *port);
void mn_endpoint_print(const uint8_t *addr, size_t len, uint16_t port,
		       struct mn_buf *out);
bool mn_path_valid(const char *text);

/* values_option.c */
/*
 * An element: 4 or 6, the code in network byte order, what it says. On the wire it
 * is without the first byte.
 */
#define MN_OPTION_HEAD	3

int mn_option_parse(bool v6, const char *name, const char *text, uint8_t *out,
		    struct mn_err *err);
void mn_option_name(const uint8_t *data, struct mn_buf *out);
void mn_option_value(const uint8_t *data, size_t len, struct mn_buf *out);
void mn_option_print(const uint8_t *data, size_t len, struct mn_buf *out);

/* vals.c */
void mn_vals_add(struct mn_vals **v, const void *data, size_t len);
void mn_vals_sort(struct mn_vals *v, const struct mn_attr *a);
bool mn_vals_equal(const struct mn_vals *a, const struct mn_vals *b);
struct mn_vals *mn_vals_copy(const struct mn_vals *v);
bool mn_vals_remove(struct mn_vals **v, const void *data, size_t len);
void mn_vals_diff(const struct mn_attr *a, const struct mn_vals *from,
		  const struct mn_vals *to, struct mn_vals **gone,
		  struct mn_vals **come);
int mn_vals_from_text(const struct mn_attr *a, const struct mn_names *names,
		      const char *text, struct mn_vals **v, struct mn_err *err);
int mn_vals_from_json(const struct mn_attr *a, const struct mn_names *names,
		      json_t *json, struct mn_vals **v, int *bad,
		      struct mn_err *err);
void mn_vals_normalise(const struct mn_attr *a, struct mn_vals **v);
json_t *mn_vals_to_json(const struct mn_attr *a, const struct mn_names *names,
			const struct mn_vals *v);
void mn_vals_print(const struct mn_attr *a, const struct mn_names *names,
		   const struct mn_vals *v, struct mn_buf *out);

#endif /* _MN_VALUES_H */
