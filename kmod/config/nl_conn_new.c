// SPDX-License-Identifier: GPL-2.0
/*
 * Restoring connections. Whoever may do it may also configure rules, so what is
 * checked is that the table stays sound, and that the words make sense.
 */
#include <linux/bottom_half.h>
#include <linux/jiffies.h>
#include <net/genetlink.h>

#include "config/nl.h"
#include "flow/key.h"
#include "policy/chain.h"
#include "state/conn_table.h"

/**
 * struct restore - a connection that a message asks for
 * @mn: namespace
 * @tb: attributes
 * @extack: for errors
 * @device: bridge or router
 * @port: where it was opened
 * @rules: by &enum mn_nat, or NULL
 * @proto: IP protocol
 * @phase: &enum midonet_conn_phase
 * @answered: both sides were seen
 * @forward: tuple of the initiator's packets
 * @reply: tuple of the answers
 *
 * What it points to is there under the RCU it was found in.
 */
struct restore {
	struct mn_net *mn;
	struct nlattr **tb;
	struct netlink_ext_ack *extack;
	struct mn_obj *device;
	struct mn_port *port;
	struct mn_rule *rules[MN_NATS];
	u8 proto;
	u8 phase;
	bool answered;
	struct mn_tuple forward;
	struct mn_tuple reply;
};

__printf(3, 4)
static int bad(struct restore *r, const struct nlattr *attr, const char *fmt,
	       ...)
{
	char text[MN_ERRMSG_LEN];
	va_list args;

	NL_SET_BAD_ATTR(r->extack, attr);
	va_start(args, fmt);
	vscnprintf(text, sizeof(text), fmt, args);
	va_end(args);
	return mn_err(r->mn, r->extack, -EINVAL, "%s", text);
}

static int check_needed(struct restore *r)
{
	static const struct {
		u8 attr;
		const char *name;
	} needed[] = {
		{ MIDONET_CONN_PROTO, "proto" },
		{ MIDONET_CONN_FORWARD, "forward" },
		{ MIDONET_CONN_REPLY, "reply" },
		{ MIDONET_CONN_STATE, "state" },
	};
	int i;

	for (i = 0; i < ARRAY_SIZE(needed); i++) {
		if (!r->tb[needed[i].attr])
			return mn_err(r->mn, r->extack, -EINVAL,
				      "%s is missing", needed[i].name);
	}
	return 0;
}

static int read_addresses(struct restore *r, const struct nlattr *nest,
			  struct nlattr **tb, const char *word,
			  struct mn_tuple *t)
{
	const struct nlattr *src = tb[MIDONET_CONN_TUPLE_SRC];
	const struct nlattr *dst = tb[MIDONET_CONN_TUPLE_DST];
	int len;

	if (!src || !dst)
		return bad(r, nest, "%s: %s is missing", word,
			   src ? "dst" : "src");
	len = nla_len(src);
	if ((len != 4 && len != 16) || len != nla_len(dst))
		return bad(r, nest,
			   "%s: src and dst are addresses of 4 or 16 bytes, both alike",
			   word);
	t->family = len == 4 ? AF_INET : AF_INET6;
	memcpy(&t->src, nla_data(src), len);
	memcpy(&t->dst, nla_data(dst), len);
	return 0;
}

static int read_l4(struct restore *r, const struct nlattr *nest,
		   struct nlattr **tb, const char *word, struct mn_tuple *t)
{
	const struct nlattr *sport = tb[MIDONET_CONN_TUPLE_SRC_PORT];
	const struct nlattr *dport = tb[MIDONET_CONN_TUPLE_DST_PORT];
	const struct nlattr *id = tb[MIDONET_CONN_TUPLE_ICMP_ID];
	bool ports = mn_proto_has_ports(t->proto);
	bool icmp = mn_proto_is_icmp(t->family, t->proto);

	if (!!sport != ports || !!dport != ports)
		return bad(r, nest, "%s: protocol %u has %s", word, t->proto,
			   ports ? "a src-port and a dst-port" : "no ports");
	if (!!id != icmp)
		return bad(r, nest, "%s: protocol %u has %s icmp-id", word,
			   t->proto, icmp ? "an" : "no");
	if (ports) {
		t->sport = htons(nla_get_u16(sport));
		t->dport = htons(nla_get_u16(dport));
	}
	if (!icmp)
		return 0;
	/* The initiator asks, the other side answers. */
	if (t == &r->forward)
		t->sport = htons(nla_get_u16(id));
	else
		t->dport = htons(nla_get_u16(id));
	return 0;
}

static int read_tuple(struct restore *r, const struct nlattr *nest,
		      const char *word, struct mn_tuple *t)
{
	struct nlattr *tb[MIDONET_CONN_TUPLE_MAX + 1];
	int err;

	err = nla_parse_nested(tb, MIDONET_CONN_TUPLE_MAX, nest,
			       mn_conn_tuple_policy, r->extack);
	if (err)
		return err;
	t->device = mn_tuple_device(r->device);
	t->proto = r->proto;
	err = read_addresses(r, nest, tb, word, t) ?:
	      read_l4(r, nest, tb, word, t);
	if (err)
		return err;
	if (!mn_tuple_sound(t))
		return bad(r, nest, "%s: such packets are not tracked", word);
	return 0;
}

static int read_tuples(struct restore *r)
{
	int err;

	r->proto = nla_get_u8(r->tb[MIDONET_CONN_PROTO]);
	err = read_tuple(r, r->tb[MIDONET_CONN_FORWARD], "forward",
			 &r->forward) ?:
	      read_tuple(r, r->tb[MIDONET_CONN_REPLY], "reply", &r->reply);
	if (err)
		return err;
	if (r->forward.family != r->reply.family)
		return bad(r, r->tb[MIDONET_CONN_REPLY],
			   "forward and reply are of different families");
	return 0;
}

static int read_state(struct restore *r)
{
	struct nlattr *attr = r->tb[MIDONET_CONN_STATE];
	struct nlattr *answered = r->tb[MIDONET_CONN_ANSWERED];
	bool both;

	r->phase = nla_get_u8(attr);
	if (!mn_conn_phase_fits(r->proto, r->phase))
		return bad(r, attr, "state: none of protocol %u", r->proto);
	both = r->phase == MIDONET_CONN_PHASE_ANSWERED;
	r->answered = answered ? nla_get_u8(answered) : both;
	if (r->proto != IPPROTO_TCP && r->answered != both)
		return bad(r, answered, "state and answered contradict each other");
	return 0;
}

static int find_rule(struct restore *r, int attr, u8 action, const char *word,
		     struct mn_rule **rule)
{
	struct nlattr *id = r->tb[attr];
	struct mn_ident *ident;

	if (!id)
		return 0;
	ident = mn_ident_find(r->mn, nla_data(id));
	if (!ident || ident->type != MIDONET_OBJECT_TYPE_RULE) {
		NL_SET_BAD_ATTR(r->extack, id);
		return mn_err(r->mn, r->extack, -ENOENT, "no rule with id %pUb",
			      nla_data(id));
	}
	*rule = container_of(ident, struct mn_rule, ident);
	if ((*rule)->action != action)
		return bad(r, id, "%s: rule %pUb does no %s", word,
			   nla_data(id),
			   action == MIDONET_RULE_ACTION_DNAT ? "dnat" : "snat");
	return 0;
}

/* Under RCU. */
static int find_objects(struct restore *r)
{
	struct mn_obj *obj;

	obj = mn_nl_find_any(r->mn, r->tb[MIDONET_CONN_DEVICE_ID],
			     MN_CONN_DEVICES, "device-id", r->extack);
	if (IS_ERR(obj))
		return PTR_ERR(obj);
	r->device = obj;
	obj = mn_nl_find(r->mn, r->tb[MIDONET_CONN_PORT_ID],
			 MIDONET_OBJECT_TYPE_PORT, "port-id", r->extack);
	if (IS_ERR(obj))
		return PTR_ERR(obj);
	r->port = mn_port_of(obj);
	return find_rule(r, MIDONET_CONN_DNAT_RULE_ID,
			 MIDONET_RULE_ACTION_DNAT, "dnat-rule-id",
			 &r->rules[MN_NAT_DST]) ?:
	       find_rule(r, MIDONET_CONN_SNAT_RULE_ID,
			 MIDONET_RULE_ACTION_SNAT, "snat-rule-id",
			 &r->rules[MN_NAT_SRC]);
}

/* As if it had been there for all the time it says. */
static void set_time(const struct restore *r, struct mn_conn *conn)
{
	const struct nlattr *age = r->tb[MIDONET_CONN_AGE];
	const struct nlattr *expires = r->tb[MIDONET_CONN_EXPIRES];
	unsigned long timeout = mn_conn_timeout(conn), left;

	if (age)
		WRITE_ONCE(conn->created, conn->created - nla_get_u32(age));
	if (!expires)
		return;
	left = min((unsigned long)nla_get_u32(expires) * HZ, timeout);
	WRITE_ONCE(conn->used.used, jiffies - (timeout - left));
}

/*
 * Each is charged as long as there is room, though those of several devices may
 * be one packet's: nobody has kept which one counts.
 */
static unsigned long flags_of(const struct restore *r)
{
	unsigned long flags = 0;

	if ((u32)atomic_read(&r->port->n_conns) <
	    READ_ONCE(r->mn->limits.conns_per_port))
		flags |= BIT(MN_CONN_CHARGED);
	if (r->answered)
		flags |= BIT(MN_CONN_ANSWERED);
	/* Which side has said FIN is not known; let a SYN begin anew. */
	if (r->phase == MIDONET_CONN_PHASE_FIN_WAIT)
		flags |= BIT(MN_CONN_FIN_FORWARD) | BIT(MN_CONN_FIN_RETURN);
	return flags;
}

/* Its tuples are taken: by itself, then there is nothing to do? */
static int explain_taken(struct restore *r)
{
	struct mn_conn *conn;
	enum mn_dir dir;

	conn = mn_conn_find(r->mn, &r->forward,
			    mn_conn_hash(r->mn, &r->forward), &dir);
	if (conn && dir == MN_DIR_FORWARD &&
	    !memcmp(&conn->end[MN_DIR_RETURN].tuple, &r->reply,
		    sizeof(r->reply)))
		return 0;
	return mn_err(r->mn, r->extack, -EEXIST,
		      "%s has another connection with the %s tuple",
		      r->device->name, conn ? "forward" : "reply");
}

/* Under RCU, BH disabled. */
static int restore(struct restore *r)
{
	struct mn_conn_spec spec = {
		.device = r->device,
		.in = r->port,
		.forward = &r->forward,
		.reply = &r->reply,
		.rules = { r->rules[MN_NAT_DST], r->rules[MN_NAT_SRC] },
		.phase = r->phase,
		.flags = flags_of(r),
	};
	struct mn_conn *conn = mn_conn_add(r->mn, &spec);

	if (!IS_ERR(conn)) {
		set_time(r, conn);
		mn_conn_put(conn);
		return 0;
	}
	if (PTR_ERR(conn) == -EEXIST)
		return explain_taken(r);
	if (PTR_ERR(conn) == -ENOSPC)
		return mn_err(r->mn, r->extack, -ENOSPC,
			      "no room for another connection (net.midonet.conns_max is %u)",
			      READ_ONCE(r->mn->limits.conns_max));
	return PTR_ERR(conn);
}

/**
 * mn_conn_restore() - make a connection as conn-get has shown it
 * @mn: namespace
 * @tb: attributes: device-id, port-id, proto, forward, reply, state; optional:
 *	answered, age, expires, dnat-rule-id, snat-rule-id
 * @extack: for errors
 *
 * Context: may sleep.
 *
 * Return: 0, also if it is there already; -ENOENT, -EINVAL, -EEXIST, -ENOSPC,
 * -ENOMEM
 */
int mn_conn_restore(struct mn_net *mn, struct nlattr **tb,
		    struct netlink_ext_ack *extack)
{
	struct restore r = { .mn = mn, .tb = tb, .extack = extack };
	int err;

	local_bh_disable();
	rcu_read_lock();
	err = check_needed(&r) ?: find_objects(&r) ?: read_tuples(&r) ?:
	      read_state(&r) ?: restore(&r);
	rcu_read_unlock();
	local_bh_enable();
	return err;
}

/**
 * mn_nl_conn_new() - restore a connection
 * @skb: request
 * @info: its attributes, see mn_conn_restore()
 *
 * Return: as mn_conn_restore()
 */
int mn_nl_conn_new(struct sk_buff *skb, struct genl_info *info)
{
	return mn_conn_restore(mn_net(genl_info_net(info)), info->attrs,
			       info->extack);
}
