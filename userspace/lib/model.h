/* SPDX-License-Identifier: GPL-2.0 */
#ifndef _MN_MODEL_H
#define _MN_MODEL_H

#include "match.h"
#include "util.h"
#include "uuid.h"
#include "values.h"

struct mn_store;

/**
 * enum mn_type_flags - how objects of a type are told apart
 * @MN_TYPE_ID: they have ids, and a command to change them
 * @MN_TYPE_NAMED: they have names
 * @MN_TYPE_ORDERED: they have a position in their parent
 * @MN_TYPE_DEVICE: they may contain ports
 * @MN_TYPE_CONTENT: what they say makes their id, which only documents have
 * @MN_TYPE_INNER: commands about them begin with the word of what is at the top
 * @MN_TYPE_LIVE: they are state of a host, no part of documents
 */
enum mn_type_flags {
	MN_TYPE_ID = 1,
	MN_TYPE_NAMED = 2,
	MN_TYPE_ORDERED = 4,
	MN_TYPE_DEVICE = 8,
	MN_TYPE_CONTENT = 16,
	MN_TYPE_INNER = 32,
	MN_TYPE_LIVE = 64,
};

/**
 * struct mn_type - a type of objects
 * @word: on the command line
 * @key: of the list of such objects in a document, at the top or in the parent;
 *	NULL: not in documents
 * @parent_key: of the parent in the JSON of a list
 * @parents: types that may contain it, bit N for type N; 0: at the top
 * @type: &enum midonet_object_type
 * @flags: &enum mn_type_flags
 * @cmd_new: command, and so on
 * @cmd_set: 0 if there is none
 * @cmd_del: command
 * @cmd_get: command
 * @n_attrs: number of @attrs
 * @attrs: attributes in the order they are shown
 */
struct mn_type {
	const char *word;
	const char *key;
	const char *parent_key;
	uint32_t parents;
	uint8_t type;
	uint8_t flags;
	uint8_t cmd_new;
	uint8_t cmd_set;
	uint8_t cmd_del;
	uint8_t cmd_get;
	uint8_t n_attrs;
	const struct mn_attr *attrs;
};

#define MN_TYPES	__MIDONET_OBJECT_TYPE_COUNT

/*
 * All types, parents before what they contain and referred before referrers. The
 * first mn_n_types are what a topology is made of.
 */
extern const struct mn_type mn_types[];
extern const size_t mn_n_types;

const struct mn_type *mn_type_find(const char *word);
const struct mn_type *mn_type_of(int type);
int mn_type_attr(const struct mn_type *type, const char *word);
int mn_type_wire(const struct mn_type *type, int attr);
int mn_type_key(const struct mn_type *type, int nest, const char *key);
int mn_type_nest(const struct mn_type *type, const char *key);
bool mn_attr_leads(const struct mn_type *type, int attr);
uint32_t mn_type_nested(const struct mn_type *type, int attr);

/**
 * struct mn_obj - an object
 * @type: its type
 * @id: its id; nil while it has none
 * @name: its name; of the nameless, what tells them apart ("MAC vlan N")
 * @parent: the object that contains it
 * @kids: what it contains, in order
 * @n_kids: number of @kids
 * @cap_kids: room of @kids
 * @slot: place in &mn_model.objs
 * @pos: position from 1, for the ordered; valid after mn_model_number()
 * @loaded: bit N: what it contains of type N is there
 * @src: index in its list in the document, -1: not from there
 * @json: what the document says of it, as long as that is read
 * @given: bit N: the document, or the changes being judged, gave attribute N
 * @told: when it was told its peer by the changes being judged; 0: it was not
 * @made: exists already, while changes are being computed
 * @by_id: in &mn_model.ids
 * @by_name: in &mn_model.by_name
 * @twin: counterpart in another model, while two are compared
 * @match: of a rule
 * @vals: values by index of &mn_type.attrs; NULL: default
 */
struct mn_obj {
	const struct mn_type *type;
	struct mn_uuid id;
	char *name;
	struct mn_obj *parent;
	struct mn_obj **kids;
	uint32_t n_kids;
	uint32_t cap_kids;
	uint32_t slot;
	uint32_t pos;
	uint32_t loaded;
	int src;
	json_t *json;
	uint32_t given;
	uint32_t told;
	bool made;
	struct mn_hnode by_id;
	struct mn_hnode by_name;
	struct mn_obj *twin;
	struct mn_match match;
	struct mn_vals *vals[];
};

/**
 * struct mn_objs - objects of one type
 * @objs: in no order
 * @n: number of them
 * @cap: room of @objs
 */
struct mn_objs {
	struct mn_obj **objs;
	uint32_t n;
	uint32_t cap;
};

/**
 * struct mn_model - a topology, or the part of one that was asked for
 * @names: names and ids of its objects
 * @objs: by type
 * @ids: by id
 * @by_name: by type, parent and name
 * @loaded: bit N: all objects of type N are there
 * @learned: loading also enters entries that are no configuration
 * @dated: @generation is known
 * @generation: what it was loaded from, or an older one
 * @store: where missing types are loaded from, or NULL
 * @nths: how many rules of a content were given ids
 */
struct mn_model {
	struct mn_names names;
	struct mn_objs objs[MN_TYPES];
	struct mn_hash ids;
	struct mn_hash by_name;
	uint32_t loaded;
	bool learned;
	bool dated;
	uint64_t generation;
	struct mn_store *store;
	struct mn_hash nths;
};

struct mn_model *mn_model_new(struct mn_store *store);
void mn_model_free(struct mn_model *m);
void mn_model_clear(struct mn_model *m);
struct mn_model *mn_model_clone(const struct mn_model *m);
int mn_model_want(struct mn_model *m, int type, struct mn_err *err);
int mn_model_want_in(struct mn_model *m, int type, struct mn_obj *parent,
		     struct mn_err *err);

struct mn_obj *mn_obj_new(struct mn_model *m, const struct mn_type *type,
			  struct mn_obj *parent, const char *name);
void mn_obj_set_id(struct mn_model *m, struct mn_obj *obj,
		   const struct mn_uuid *id);
void mn_obj_set_name(struct mn_model *m, struct mn_obj *obj, const char *name);
void mn_obj_move(struct mn_obj *obj, uint32_t pos);
void mn_obj_del(struct mn_model *m, struct mn_obj *obj);
struct mn_vals **mn_obj_val(struct mn_obj *obj, int wire);
struct mn_obj *mn_obj_ref(const struct mn_model *m, const struct mn_obj *obj,
			  int wire);
void mn_obj_key_name(struct mn_model *m, const struct mn_obj *obj,
		     struct mn_buf *out);
void mn_obj_full_name(const struct mn_obj *obj, struct mn_buf *out);
void mn_obj_v5(const struct mn_model *m, const struct mn_obj *obj,
	       const char *content, struct mn_uuid *id);

struct mn_obj *mn_model_find(const struct mn_model *m, int type,
			     const struct mn_obj *parent, const char *name);
struct mn_obj *mn_model_find_id(const struct mn_model *m,
				const struct mn_uuid *id);
struct mn_obj *mn_model_find_device(const struct mn_model *m, uint32_t types,
				    const char *name, struct mn_err *err);
struct mn_obj *mn_model_find_kid(const struct mn_model *m,
				 const struct mn_type *type, const char *parent,
				 const char *name, struct mn_err *err);
const char *mn_type_pattern(const struct mn_type *type);
bool mn_model_port_unique(const struct mn_model *m, const struct mn_obj *port);
struct mn_obj *mn_model_lookup(struct mn_model *m, int type, const char *name,
			       struct mn_err *err);
void mn_model_number(const struct mn_model *m, struct mn_obj *parent);
struct mn_obj **mn_model_sorted(const struct mn_model *m, int type,
				uint32_t *n);

/* router.c */
bool mn_obj_on_router(const struct mn_obj *obj);
bool mn_port_mac(const struct mn_obj *port, uint8_t *mac);
void mn_port_normalise(struct mn_obj *port);
int mn_obj_own_ref(struct mn_model *m, struct mn_obj *obj, int attr,
		   const char *text, struct mn_err *err);
struct mn_vals *mn_obj_effective(const struct mn_obj *obj, int attr);
int mn_route_check(const struct mn_obj *route, const char **attr,
		   struct mn_err *err);
int mn_neighbour_check(const struct mn_obj *neighbour, const char **attr,
		       struct mn_err *err);
void mn_route_id(const struct mn_model *m, const struct mn_obj *route,
		 struct mn_uuid *id);

/* balance.c */
bool mn_obj_nested(const struct mn_obj *obj, int first);
json_t *mn_obj_nest_json(const struct mn_model *m, const struct mn_obj *obj,
			 int first, bool all);
bool mn_obj_applies(const struct mn_obj *obj, int attr);
int mn_service_check(const struct mn_obj *obj, const char **attr,
		     struct mn_err *err);

/* dhcp.c */
const struct mn_vals *mn_dhcp_subnet(const struct mn_obj *obj);
int mn_obj_options_text(struct mn_obj *obj, int attr, const char *text,
			struct mn_err *err);
int mn_obj_options_json(struct mn_obj *obj, int attr, json_t *json,
			const char **bad, struct mn_err *err);
bool mn_dhcp_has(const struct mn_vals *subnet, const struct mn_vals *v);
int mn_dhcp_check(const struct mn_obj *obj, const char **attr,
		  struct mn_err *err);
int mn_dhcp_host_check(const struct mn_obj *obj, const char **attr,
		       struct mn_err *err);

/* zone.c */
void mn_zone_keyed(struct mn_obj *zone);
void mn_zone_keep_key(struct mn_obj *zone);
bool mn_zone_same_key(const struct mn_obj *a, const struct mn_obj *b);
int mn_zone_encap(const struct mn_obj *zone);
uint16_t mn_zone_udp_port(const struct mn_obj *zone);
int mn_zone_member_check(const struct mn_obj *member, const char **attr,
			 struct mn_err *err);

/* nat.c */
int mn_rule_action(const struct mn_obj *rule);
bool mn_rule_translates(const struct mn_obj *rule);
bool mn_rule_target(const struct mn_obj *rule, struct mn_target *t);
int mn_rule_check(const struct mn_obj *rule, const char **attr,
		  struct mn_err *err);

/* rule_never.c */
bool mn_match_never(const struct mn_model *m, const struct mn_match *match,
		    struct mn_buf *why);

/* rule.c */
void mn_rule_print(const struct mn_obj *rule, const struct mn_names *names,
		   struct mn_buf *out);
void mn_rule_canonical(const struct mn_obj *rule, const struct mn_names *names,
		       struct mn_buf *out);
void mn_rule_assign_id(struct mn_model *m, const struct mn_model *avoid,
		       struct mn_obj *rule);
void mn_rule_forget_nths(struct mn_model *m);
uint64_t mn_rule_hash(const struct mn_obj *rule);
bool mn_rule_equal(const struct mn_obj *a, const struct mn_obj *b);

#endif /* _MN_MODEL_H */
