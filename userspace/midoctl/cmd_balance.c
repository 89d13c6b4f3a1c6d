// SPDX-License-Identifier: GPL-2.0
/* load-balancer pool | vip | member | set-health, nat-block list */
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "midoctl.h"

/**
 * struct service - what tells services in one place apart
 * @parent: load balancer or pool
 * @addr: address
 * @len: its bytes
 * @port: port
 */
struct service {
	struct mn_obj *parent;
	uint8_t addr[16];
	int len;
	uint16_t port;
};

static char *pool_name(char **argv)
{
	return mn_asprintf("%s:%s", argv[0], argv[1]);
}

static struct mn_obj *pool_of(struct ctl *ctl, char **argv)
{
	char *name = pool_name(argv);
	struct mn_obj *pool;

	pool = mn_model_lookup(ctl->model, MIDONET_OBJECT_TYPE_POOL, name,
			       &ctl->err);
	free(name);
	return pool;
}

static struct mn_obj *balancer_of(struct ctl *ctl, const char *name)
{
	return mn_model_lookup(ctl->model, MIDONET_OBJECT_TYPE_LOAD_BALANCER,
			       name, &ctl->err);
}

static int bad_word(struct ctl *ctl, const char *what, const char *word)
{
	char buf[80];

	return mn_usage(&ctl->err, "load-balancer %s: unknown word \"%s\"",
			what, mn_shown(word, buf, sizeof(buf)));
}

static int no_list_in_batch(struct ctl *ctl, const char *what)
{
	if (!ctl->batch)
		return 0;
	return mn_usage(&ctl->err,
			"\"load-balancer %s list\" cannot be part of a batch",
			what);
}

/* list [LB], of members list [LB [POOL]] */
static int list_in(struct ctl *ctl, int type, const char *what, int argc,
		   char **argv)
{
	bool members = type == MIDONET_OBJECT_TYPE_POOL_MEMBER;
	struct mn_obj *in = NULL;
	int ret = no_list_in_batch(ctl, what);

	if (!ret)
		ret = ctl_args(ctl, argc, 0, members ? 2 : 1,
			       members ? "load-balancer member list [LB [POOL]]" :
			       "load-balancer pool|vip list [LB]");
	if (!ret && argc) {
		in = argc == 2 ? pool_of(ctl, argv) :
				 balancer_of(ctl, argv[0]);
		ret = in ? 0 : ctl->err.code;
	}
	if (!ret)
		ret = mn_model_want(ctl->model, type, &ctl->err);
	return ret ?: list_type(ctl, mn_type_of(type), in, NULL);
}

/**
 * cmd_lb_pool() - load-balancer pool VERB ...
 * @ctl: run
 * @argc: number of words
 * @argv: words
 *
 * A pool is an object like others, but written as two words.
 *
 * Return: 0 or a negative error
 */
int cmd_lb_pool(struct ctl *ctl, int argc, char **argv)
{
	const struct mn_type *type = mn_type_of(MIDONET_OBJECT_TYPE_POOL);
	char *name, *words[2] = { argc ? argv[0] : "" };
	int ret;

	if (argc && !strcmp(argv[0], "list"))
		return list_in(ctl, type->type, "pool", argc - 1, argv + 1);
	ret = ctl_args(ctl, argc, 3, -1,
		       "load-balancer pool add|set|del|show LB POOL [WORD VALUE]...");
	if (!ret)
		ret = type_verb(ctl, type, 1, words);
	if (ret)
		return ret;
	name = pool_name(argv + 1);
	argv[1] = argv[0];
	argv[2] = name;
	ret = cmd_type(ctl, type, argc - 1, argv + 1);
	free(name);
	return ret;
}

/* ADDR:PORT */
static int read_service(struct ctl *ctl, const char *what, const char *text,
			struct service *s)
{
	char buf[80];

	s->len = mn_endpoint_parse(text, s->addr, &s->port);
	if (s->len > 0)
		return 0;
	return mn_usage(&ctl->err,
			"%s: \"%s\" is not ADDRESS:PORT; an IPv6 address is in brackets",
			what, mn_shown(text, buf, sizeof(buf)));
}

static bool is_at(const struct mn_obj *obj, const struct service *s)
{
	const struct mn_vals *addr, *port;

	addr = obj->vals[mn_type_wire(obj->type, MIDONET_A_ADDRESS)];
	port = obj->vals[mn_type_wire(obj->type, MIDONET_A_SERVICE_PORT)];
	return addr && port && addr->data[0] == s->len &&
	       !memcmp(addr->data + 1, s->addr, s->len) &&
	       mn_value_num(port->data + 1, port->data[0]) == s->port;
}

/* The one that is there; of VIPs the words may have to say the protocol. */
static struct mn_obj *find_service(struct ctl *ctl, const struct mn_type *type,
				   const struct service *s, const char *text,
				   const struct mn_vals *proto)
{
	int at = mn_type_wire(type, MIDONET_A_PROTO);
	struct mn_obj *found = NULL, *obj;
	struct mn_buf in = {};
	uint32_t i;

	if (mn_model_want(ctl->model, type->type, &ctl->err))
		return NULL;
	mn_obj_full_name(s->parent, &in);
	for (i = 0; i < s->parent->n_kids; i++) {
		obj = s->parent->kids[i];
		if (obj->type != type || !is_at(obj, s) ||
		    (proto && !mn_vals_equal(obj->vals[at], proto)))
			continue;
		if (found) {
			mn_usage(&ctl->err,
				 "%s %s %s: both tcp and udp; say which by proto",
				 type->word, in.s, text);
			found = NULL;
			goto out;
		}
		found = obj;
	}
	if (!found)
		mn_fail(&ctl->err, -ENOENT, "%s %s has no %s %s",
			s->parent->type->word, in.s, type->word, text);
out:
	mn_buf_free(&in);
	return found;
}

static void set_service(struct mn_obj *obj, const struct service *s)
{
	mn_vals_add(mn_obj_val(obj, MIDONET_A_ADDRESS), s->addr, s->len);
	mn_vals_add(mn_obj_val(obj, MIDONET_A_SERVICE_PORT), &s->port, 2);
}

static int name_service(struct ctl *ctl, struct mn_obj *obj)
{
	struct mn_buf key = {};
	const char *attr;
	int i;

	for (i = 0; i < obj->type->n_attrs; i++) {
		if (!(obj->type->attrs[i].flags & MN_NEEDED) || obj->vals[i])
			continue;
		mn_usage(&ctl->err, "needs %s", obj->type->attrs[i].word);
		return ctl_obj_err(ctl, obj);
	}
	if (mn_service_check(obj, &attr, &ctl->err)) {
		mn_err_prefix(&ctl->err, "%s", attr);
		return ctl_obj_err(ctl, obj);
	}
	mn_obj_key_name(ctl->model, obj, &key);
	mn_obj_set_name(ctl->model, obj, key.s);
	mn_buf_free(&key);
	return 0;
}

static int service_add(struct ctl *ctl, const struct mn_type *type,
		       const struct service *s, int argc, char **argv)
{
	uint32_t bits = 0;
	struct mn_obj *obj;
	int ret;

	/* So called until all is read. */
	obj = mn_obj_new(ctl->model, type, s->parent, argv[0]);
	set_service(obj, s);
	ret = ctl_words(ctl, obj, argc - 1, argv + 1, &bits);
	if (!ret)
		ret = name_service(ctl, obj);
	return ret ?: ctl_change(ctl, MIDONET_OP_NEW, obj, ~0u);
}

/* proto P, which says which VIP is meant, leaves the words. */
static int take_proto(struct ctl *ctl, const struct mn_type *type, int *argc,
		      char **argv, struct mn_vals **proto)
{
	int at = mn_type_wire(type, MIDONET_A_PROTO), i, ret;

	for (i = 1; at >= 0 && i + 1 < *argc; i += 2) {
		if (strcmp(argv[i], "proto"))
			continue;
		ret = mn_vals_from_text(&type->attrs[at], NULL, argv[i + 1],
					proto, &ctl->err);
		if (ret) {
			mn_err_prefix(&ctl->err, "%s: proto", type->word);
			ctl->err.usage = true;
			return ret;
		}
		memmove(argv + i, argv + i + 2,
			(*argc - i - 2) * sizeof(*argv));
		*argc -= 2;
		return 0;
	}
	return 0;
}

/* They have no command to change them: one like it takes the place. */
static int service_set(struct ctl *ctl, struct mn_obj *obj, int argc,
		       char **argv)
{
	uint32_t bits = 0;
	int ret;

	if (argc < 3)
		return ctl_args(ctl, 0, 1, -1,
				"load-balancer vip|member set ... ADDR:PORT WORD VALUE...");
	ret = ctl_change(ctl, MIDONET_OP_DEL, obj, 0);
	if (!ret)
		ret = ctl_words(ctl, obj, argc - 1, argv + 1, &bits);
	if (!ret)
		ret = name_service(ctl, obj);
	return ret ?: ctl_change(ctl, MIDONET_OP_NEW, obj, ~0u);
}

static int service_other(struct ctl *ctl, const struct mn_type *type,
			 const struct service *s, bool set, int argc,
			 char **argv)
{
	struct mn_vals *proto = NULL;
	struct mn_obj *obj = NULL;
	int ret = take_proto(ctl, type, &argc, argv, &proto);

	if (!ret) {
		obj = find_service(ctl, type, s, argv[0], proto);
		ret = obj ? 0 : ctl->err.code;
	}
	free(proto);
	if (ret)
		return ret;
	ctl->check = true;
	if (set)
		return service_set(ctl, obj, argc, argv);
	if (argc > 1)
		return bad_word(ctl, type->word, argv[1]);
	ret = ctl_change(ctl, MIDONET_OP_DEL, obj, 0);
	if (!ret)
		mn_obj_del(ctl->model, obj);
	return ret;
}

/* VERB PARENT... ADDR:PORT [WORD VALUE]... */
static int service_verb(struct ctl *ctl, const struct mn_type *type,
			const char *what, struct mn_obj *parent,
			const char *verb, int argc, char **argv)
{
	struct service s = { .parent = parent };
	int ret;

	if (!parent)
		return ctl->err.code;
	ret = read_service(ctl, what, argv[0], &s);
	if (ret)
		return ret;
	if (!strcmp(verb, "add"))
		return service_add(ctl, type, &s, argc, argv);
	return service_other(ctl, type, &s, !strcmp(verb, "set"), argc, argv);
}

static bool is_change(const char *verb)
{
	return !strcmp(verb, "add") || !strcmp(verb, "set") ||
	       !strcmp(verb, "del");
}

/**
 * cmd_lb_vip() - load-balancer vip VERB ...
 * @ctl: run
 * @argc: number of words
 * @argv: words
 *
 * Return: 0 or a negative error
 */
int cmd_lb_vip(struct ctl *ctl, int argc, char **argv)
{
	int ret;

	if (argc && !strcmp(argv[0], "list"))
		return list_in(ctl, MIDONET_OBJECT_TYPE_VIP, "vip", argc - 1,
			    argv + 1);
	if (argc && !is_change(argv[0]))
		return bad_word(ctl, "vip", argv[0]);
	ret = ctl_args(ctl, argc, 3, -1,
		       "load-balancer vip add|set|del LB ADDR:PORT [WORD VALUE]...");
	return ret ?: service_verb(ctl, mn_type_of(MIDONET_OBJECT_TYPE_VIP),
				   "vip", balancer_of(ctl, argv[1]), argv[0],
				   argc - 2, argv + 2);
}

/**
 * cmd_lb_member() - load-balancer member VERB ...
 * @ctl: run
 * @argc: number of words
 * @argv: words
 *
 * Return: 0 or a negative error
 */
int cmd_lb_member(struct ctl *ctl, int argc, char **argv)
{
	const int type = MIDONET_OBJECT_TYPE_POOL_MEMBER;
	int ret;

	if (argc && !strcmp(argv[0], "list"))
		return list_in(ctl, type, "member", argc - 1, argv + 1);
	if (argc && !is_change(argv[0]))
		return bad_word(ctl, "member", argv[0]);
	ret = ctl_args(ctl, argc, 4, -1,
		       "load-balancer member add|set|del LB POOL ADDR:PORT [WORD VALUE]...");
	return ret ?: service_verb(ctl, mn_type_of(type), "member",
				   pool_of(ctl, argv + 1), argv[0], argc - 3,
				   argv + 3);
}

static int read_health(struct ctl *ctl, const char *text, uint8_t *health)
{
	char buf[80];
	size_t i;

	for (i = 0; i < MN_ARRAY_SIZE(mn_health_names); i++) {
		*health = i;
		if (!strcmp(text, mn_health_names[i]))
			return 0;
	}
	return mn_usage(&ctl->err, "\"%s\" is not one of up down unknown",
			mn_shown(text, buf, sizeof(buf)));
}

/**
 * cmd_lb_health() - load-balancer set-health LB POOL ADDR:PORT HEALTH
 * @ctl: run
 * @argc: number of words
 * @argv: words
 *
 * Return: 0 or a negative error
 */
int cmd_lb_health(struct ctl *ctl, int argc, char **argv)
{
	struct service s = {};
	struct mn_buf b = {};
	uint8_t health;
	size_t at;
	int ret;

	ret = ctl_args(ctl, argc, 4, 4,
		       "load-balancer set-health LB POOL ADDR:PORT up|down|unknown");
	if (!ret)
		ret = read_service(ctl, "member", argv[2], &s);
	if (!ret)
		ret = read_health(ctl, argv[3], &health);
	if (ret)
		return ret;
	s.parent = pool_of(ctl, argv);
	if (!s.parent)
		return ctl->err.code;
	/* Judged here, as there is no transaction to try it in. */
	if (ctl->dry_run)
		return find_service(ctl, mn_type_of(MIDONET_OBJECT_TYPE_POOL_MEMBER),
				    &s, argv[2], NULL) ? 0 : ctl->err.code;
	at = mn_msg_begin(&b, ctl_nl(ctl), MIDONET_CMD_HEALTH_SET, 0);
	mn_msg_put(&b, MIDONET_A_PARENT, s.parent->id.b, MN_UUID_LEN);
	mn_msg_put(&b, MIDONET_A_ADDRESS, s.addr, s.len);
	mn_msg_put(&b, MIDONET_A_SERVICE_PORT, &s.port, sizeof(s.port));
	mn_msg_put_u8(&b, MIDONET_A_HEALTH, health);
	mn_msg_end(&b, at);
	ret = mn_nl_call(ctl_nl(ctl), &b, NULL, NULL, &ctl->err);
	mn_buf_free(&b);
	return ret;
}

/**
 * cmd_nat_block_list() - nat-block list [ROUTER]
 * @ctl: run
 * @argc: number of words
 * @argv: words
 *
 * Return: 0 or a negative error
 */
int cmd_nat_block_list(struct ctl *ctl, int argc, char **argv)
{
	const struct mn_type *type = mn_type_of(MIDONET_OBJECT_TYPE_NAT_BLOCK);
	struct mn_obj *router = NULL;
	int ret = ctl_args(ctl, argc, 0, 1, "nat-block list [ROUTER]");

	if (!ret && argc) {
		router = ctl_device(ctl, type->parents, argv[0], "router");
		ret = router ? 0 : ctl->err.code;
	}
	if (!ret)
		ret = mn_model_want(ctl->model, type->type, &ctl->err);
	return ret ?: list_type(ctl, type, router, NULL);
}
