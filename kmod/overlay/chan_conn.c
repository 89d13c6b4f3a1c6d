// SPDX-License-Identifier: GPL-2.0
/*
 * Connections on other hosts: who is told of one, and what becomes of one that
 * another host tells of.
 *
 * A record says what a connection is now. One kind tells of new ones, of changes,
 * and that packets still pass: whoever does not know the connection makes it, who
 * does takes over what is farther, and so the order of records from several hosts
 * does not matter. Only the end of one is another kind; the host of the port where
 * the connection was opened says that.
 *
 * Told are the host of the port it leaves by and that where it entered, and the
 * hosts of all members of stateful port groups that either is in. These follow from
 * configuration each time, so they are right when a port has moved.
 *
 * Nothing here is known to, or waited for by, a packet that hits a flow.
 */
#include <linux/jiffies.h>

#include "overlay/chan_session.h"
#include "policy/chain.h"
#include "policy/group.h"
#include "port/host.h"
#include "port/port.h"
#include "sim/ctx.h"
#include "state/conn_table.h"

/* Hosts that are told of one connection. */
#define MN_CHAN_DESTS	32
/* Whoever sees packets says so at least that often. */
#define MN_CHAN_REFRESH	(60 * HZ)

/**
 * struct dests - who is to be told
 * @s: their sessions
 * @n: how many
 */
struct dests {
	struct mn_session *s[MN_CHAN_DESTS];
	u32 n;
};

static void add_session(struct dests *d, struct mn_session *s)
{
	u32 i;

	for (i = 0; i < d->n; i++) {
		if (d->s[i] == s)
			return;
	}
	if (d->n < MN_CHAN_DESTS)
		d->s[d->n++] = s;
}

/* This host itself has no session. */
static void add_host(struct dests *d, const struct mn_host *host)
{
	struct mn_session *s = host ? rcu_dereference(host->session) : NULL;

	if (s && READ_ONCE(s->up))
		add_session(d, s);
}

static void add_group(struct dests *d, const struct mn_group *group)
{
	const struct mn_ver *ver = mn_ver_now(&group->obj);
	const struct mn_group_host *h;

	if (!ver || !mn_group_ver(ver)->stateful)
		return;
	list_for_each_entry_rcu(h, &group->hosts, list)
		add_host(d, h->host);
}

static void add_port(struct dests *d, const struct mn_port *port)
{
	const struct mn_ver *ver = port ? mn_ver_now(&port->obj) : NULL;
	const struct mn_port_ver *v;
	u16 i;

	if (!ver)
		return;
	v = mn_port_ver(ver);
	add_host(d, v->host);
	for (i = 0; i < v->n_groups; i++)
		add_group(d, v->groups[i]);
}

static void dests_of(const struct mn_conn *conn, struct dests *d)
{
	d->n = 0;
	add_port(d, conn->in);
	add_port(d, conn->out);
}

/**
 * mn_chan_conn_ours() - is it this host that has the port where it was opened?
 * @conn: connection
 *
 * Context: RCU.
 */
bool mn_chan_conn_ours(struct mn_conn *conn)
{
	const struct mn_ver *ver = mn_ver_now(&conn->in->obj);

	return ver && mn_port_is_local(conn->mn, mn_port_ver(ver));
}

/**
 * mn_chan_conn_concerns() - is a host to be told of a connection?
 * @s: session with it
 * @conn: connection
 *
 * Context: RCU.
 */
bool mn_chan_conn_concerns(struct mn_session *s, struct mn_conn *conn)
{
	struct dests d;
	u32 i;

	dests_of(conn, &d);
	for (i = 0; i < d.n; i++) {
		if (d.s[i] == s)
			return true;
	}
	return false;
}

/* Saying it. */

static void put_ends(struct mn_chan_ends *e, const struct mn_tuple *t)
{
	e->src = t->src;
	e->dst = t->dst;
	e->sport = t->sport;
	e->dport = t->dport;
}

static void put_id(struct mn_chan_conn *c, enum mn_chan_id which,
		   const struct mn_ident *ident)
{
	if (!ident)
		return;
	c->has |= BIT(which);
	memcpy(c->ids[which], ident->id, sizeof(c->ids[which]));
}

static u8 state_of(const struct mn_conn *conn)
{
	unsigned long flags = READ_ONCE(conn->flags);
	u8 state = 0;

	if (flags & BIT(MN_CONN_ANSWERED))
		state |= MN_CHAN_ANSWERED;
	if (flags & BIT(MN_CONN_FIN_FORWARD))
		state |= MN_CHAN_FIN_FORWARD;
	if (flags & BIT(MN_CONN_FIN_RETURN))
		state |= MN_CHAN_FIN_RETURN;
	return state;
}

static u32 put_gone(u8 *rec, const struct mn_conn *conn)
{
	const struct mn_tuple *t = &conn->end[MN_DIR_FORWARD].tuple;
	struct mn_chan_conn c = { .family = t->family, .proto = t->proto };

	put_id(&c, MN_CHAN_DEVICE, &conn->device->ident);
	put_ends(&c.forward, t);
	put_ends(&c.reply, &conn->end[MN_DIR_RETURN].tuple);
	return mn_chan_put_conn(rec, MN_CHAN_CONN_GONE, &c);
}

static u32 put_conn(u8 *rec, const struct mn_conn *conn)
{
	const struct mn_tuple *t = &conn->end[MN_DIR_FORWARD].tuple;
	struct mn_chan_conn c = {
		.family = t->family,
		.proto = t->proto,
		.phase = READ_ONCE(conn->phase),
		.state = state_of(conn),
		.age = (u32)(jiffies / HZ) - READ_ONCE(conn->created),
		.idle = jiffies_to_msecs(jiffies -
					 READ_ONCE(conn->used.used)),
	};

	put_id(&c, MN_CHAN_DEVICE, &conn->device->ident);
	put_id(&c, MN_CHAN_IN, &conn->in->obj.ident);
	put_id(&c, MN_CHAN_OUT, conn->out ? &conn->out->obj.ident : NULL);
	put_id(&c, MN_CHAN_DNAT, conn->rules[MN_NAT_DST] ?
	       &conn->rules[MN_NAT_DST]->ident : NULL);
	put_id(&c, MN_CHAN_SNAT, conn->rules[MN_NAT_SRC] ?
	       &conn->rules[MN_NAT_SRC]->ident : NULL);
	put_ends(&c.forward, t);
	put_ends(&c.reply, &conn->end[MN_DIR_RETURN].tuple);
	return mn_chan_put_conn(rec, MN_CHAN_CONN, &c);
}

/**
 * mn_chan_conn_send() - tell one host of a connection
 * @s: session with it; the record leaves with the next message
 * @conn: connection
 *
 * Context: RCU, BH disabled.
 */
void mn_chan_conn_send(struct mn_session *s, struct mn_conn *conn)
{
	u8 rec[MN_CHAN_REC_MAX];

	mn_session_add(s, rec, put_conn(rec, conn));
}

static void send_all(const struct dests *d, const u8 *rec, u32 len)
{
	u32 i;

	for (i = 0; i < d->n; i++)
		mn_session_add(d->s[i], rec, len);
}

static void push_all(const struct dests *d)
{
	u32 i;

	for (i = 0; i < d->n; i++)
		mn_session_push_records(d->s[i]);
}

/* Who was told is in @told as well. */
static void tell(struct mn_conn *conn, struct dests *told)
{
	u8 rec[MN_CHAN_REC_MAX];
	struct dests d;
	u32 i;

	WRITE_ONCE(conn->told, READ_ONCE(conn->used.used));
	dests_of(conn, &d);
	if (!d.n)
		return;
	send_all(&d, rec, put_conn(rec, conn));
	for (i = 0; i < d.n; i++)
		add_session(told, d.s[i]);
}

/**
 * mn_chan_conn_tell() - a connection has changed
 * @conn: connection
 *
 * Context: RCU, BH disabled.
 */
void mn_chan_conn_tell(struct mn_conn *conn)
{
	struct dests told;

	told.n = 0;
	tell(conn, &told);
	push_all(&told);
}

/**
 * mn_chan_conns_sent() - a packet that is about to be sent has made or changed
 * connections
 * @ctx: its walk
 * @changed: bit n: that of ctx->tracks[n]
 *
 * All of them are in one message to each host.
 *
 * Context: RCU, BH disabled.
 */
void mn_chan_conns_sent(struct mn_ctx *ctx, u32 changed)
{
	struct dests told;
	u16 i;

	told.n = 0;
	for (i = 0; i < ctx->n_tracks; i++) {
		if (changed & BIT(i) && ctx->tracks[i].conn)
			tell(ctx->tracks[i].conn, &told);
	}
	push_all(&told);
}

/**
 * mn_chan_conn_aged() - a connection is looked at, about once a second
 * @conn: connection that lives on
 *
 * If packets of it have passed here, others are told in time.
 *
 * Context: RCU, BH disabled.
 */
void mn_chan_conn_aged(struct mn_conn *conn)
{
	unsigned long every = min_t(unsigned long, mn_conn_timeout(conn) / 4,
				    MN_CHAN_REFRESH);
	struct dests told;
	u32 i;

	/* This look comes once a second, and the flows are asked as often. */
	every -= min_t(unsigned long, every / 2, 2 * HZ);
	if (!time_after(READ_ONCE(conn->used.used),
			READ_ONCE(conn->told) + every))
		return;
	told.n = 0;
	tell(conn, &told);
	/* Many come in a row: they share messages. */
	for (i = 0; i < told.n; i++)
		tasklet_schedule(&told.s[i]->push);
}

/**
 * mn_chan_conn_gone() - a connection is about to go
 * @conn: connection
 *
 * Its time is over on all hosts alike, so nobody is told that.
 *
 * Context: RCU, any but hard interrupts.
 */
void mn_chan_conn_gone(struct mn_conn *conn)
{
	u8 rec[MN_CHAN_REC_MAX];
	struct dests d;

	if (mn_conn_expired(conn) || !mn_chan_conn_ours(conn))
		return;
	dests_of(conn, &d);
	if (!d.n)
		return;
	local_bh_disable();
	send_all(&d, rec, put_gone(rec, conn));
	push_all(&d);
	local_bh_enable();
}

/* Hearing it. */

static const struct mn_host *host_of(const struct mn_port *port)
{
	const struct mn_ver *ver = mn_ver_now(&port->obj);

	return ver ? mn_port_ver(ver)->host : NULL;
}

static struct mn_obj *find_obj(struct mn_net *mn, const u8 *id, u32 types)
{
	struct mn_ident *ident = mn_ident_find(mn, id);
	struct mn_obj *obj;

	if (!ident || !(BIT(ident->type) & types))
		return NULL;
	obj = container_of(ident, struct mn_obj, ident);
	return obj->index && mn_ver_now(obj) ? obj : NULL;
}

static struct mn_port *find_port(struct mn_net *mn,
				 const struct mn_chan_conn *c,
				 enum mn_chan_id which)
{
	struct mn_obj *obj;

	if (!(c->has & BIT(which)))
		return NULL;
	obj = find_obj(mn, c->ids[which], BIT(MIDONET_OBJECT_TYPE_PORT));
	return obj ? mn_port_of(obj) : NULL;
}

static struct mn_rule *find_rule(struct mn_net *mn,
				 const struct mn_chan_conn *c,
				 enum mn_chan_id which)
{
	struct mn_ident *ident;

	if (!(c->has & BIT(which)))
		return NULL;
	ident = mn_ident_find(mn, c->ids[which]);
	if (!ident || ident->type != MIDONET_OBJECT_TYPE_RULE)
		return NULL;
	return container_of(ident, struct mn_rule, ident);
}

static bool get_tuple(const struct mn_chan_conn *c, u32 device,
		      const struct mn_chan_ends *e, struct mn_tuple *t)
{
	memset(t, 0, sizeof(*t));
	t->device = device;
	t->family = c->family;
	t->proto = c->proto;
	t->src = e->src;
	t->dst = e->dst;
	t->sport = e->sport;
	t->dport = e->dport;
	return mn_tuple_sound(t);
}

/**
 * struct heard - a connection another host tells of
 * @s: session with it
 * @c: the record
 * @device: bridge or router
 * @forward: tuple of the initiator's packets
 * @reply: tuple of the answers
 */
struct heard {
	struct mn_session *s;
	struct mn_chan_conn c;
	struct mn_obj *device;
	struct mn_tuple forward;
	struct mn_tuple reply;
};

static bool hear(struct heard *h, struct mn_session *s,
		 const struct mn_chan_rec *rec)
{
	u32 device;

	h->s = s;
	if (!mn_chan_get_conn(rec, &h->c) ||
	    !(h->c.has & BIT(MN_CHAN_DEVICE)))
		return false;
	h->device = find_obj(s->mn, h->c.ids[MN_CHAN_DEVICE], MN_CONN_DEVICES);
	if (!h->device)
		return false;
	device = mn_tuple_device(h->device);
	return get_tuple(&h->c, device, &h->c.forward, &h->forward) &&
	       get_tuple(&h->c, device, &h->c.reply, &h->reply);
}

static struct mn_conn *find(struct mn_net *mn, const struct mn_tuple *t,
			    enum mn_dir *dir)
{
	return mn_conn_find(mn, t, mn_conn_hash(mn, t), dir);
}

/* The connection itself, if it is here. */
static struct mn_conn *find_same(const struct heard *h)
{
	struct mn_conn *conn;
	enum mn_dir dir;

	conn = find(h->s->mn, &h->forward, &dir);
	if (!conn || dir != MN_DIR_FORWARD ||
	    memcmp(&conn->end[MN_DIR_RETURN].tuple, &h->reply,
		   sizeof(h->reply)))
		return NULL;
	return conn;
}

static unsigned long flags_of(const struct heard *h)
{
	unsigned long flags = 0;

	if (h->c.state & MN_CHAN_ANSWERED)
		flags |= BIT(MN_CONN_ANSWERED);
	if (h->c.state & MN_CHAN_FIN_FORWARD)
		flags |= BIT(MN_CONN_FIN_FORWARD);
	if (h->c.state & MN_CHAN_FIN_RETURN)
		flags |= BIT(MN_CONN_FIN_RETURN);
	return flags;
}

static void merge(const struct heard *h, struct mn_conn *conn)
{
	unsigned long used = jiffies - msecs_to_jiffies(h->c.idle);

	mn_conn_heard(conn, h->c.phase, flags_of(h), used);
	if (time_after(used, READ_ONCE(conn->told)))
		WRITE_ONCE(conn->told, used);
	if (host_of(conn->in) == h->s->host)
		WRITE_ONCE(conn->round, h->s->round);
}

/*
 * Two connections want the same tuples. What is over gives way; what its owner has
 * replaced, too; of two owners it is the one with the lesser id who keeps his.
 */
static bool gives_way(const struct heard *h, const struct mn_conn *conn,
		      const struct mn_port *in)
{
	const struct mn_host *old = host_of(conn->in), *new = host_of(in);

	if (mn_conn_over(conn) || !old || !new)
		return true;
	if (old == new)
		return new == h->s->host;
	return memcmp(new->obj.ident.id, old->obj.ident.id, 16) < 0;
}

static bool make_way(const struct heard *h, const struct mn_tuple *t,
		     const struct mn_port *in)
{
	struct mn_conn *conn;
	enum mn_dir dir;

	conn = find(h->s->mn, t, &dir);
	if (!conn)
		return true;
	if (!gives_way(h, conn, in)) {
		/*
		 * The other host is to give way, then: it is told by the next look
		 * at the connection. Not at once: while hosts do not agree whose a
		 * port is, either may refuse what the other says.
		 */
		WRITE_ONCE(conn->told, READ_ONCE(conn->used.used) -
				       2 * MN_CHAN_REFRESH);
		return false;
	}
	set_bit(MN_CONN_HUSHED, &conn->flags);
	mn_conn_kill(conn);
	return true;
}

static bool has_room_at(const struct mn_port *in)
{
	return (u32)atomic_read(&in->n_conns) <
	       READ_ONCE(in->mn->limits.conns_per_port);
}

static bool add(const struct heard *h, const struct mn_conn_spec *spec)
{
	struct mn_net *mn = h->s->mn;
	struct mn_conn *conn = mn_conn_add(mn, spec);

	if (PTR_ERR_OR_ZERO(conn) == -EEXIST &&
	    make_way(h, &h->forward, spec->in) &&
	    make_way(h, &h->reply, spec->in))
		conn = mn_conn_add(mn, spec);
	if (IS_ERR(conn))
		return false;
	WRITE_ONCE(conn->created, conn->created - h->c.age);
	WRITE_ONCE(conn->used.used, jiffies - msecs_to_jiffies(h->c.idle));
	WRITE_ONCE(conn->told, conn->used.used);
	WRITE_ONCE(conn->round, h->s->round);
	mn_conn_put(conn);
	return true;
}

/**
 * mn_chan_conn_apply() - another host tells of a connection
 * @s: session with it, rx_lock held
 * @rec: record
 *
 * Context: RCU, BH disabled.
 *
 * Return: false if nothing can be made of it here
 */
bool mn_chan_conn_apply(struct mn_session *s, const struct mn_chan_rec *rec)
{
	struct mn_conn_spec spec = {};
	struct mn_conn *conn;
	struct heard h;

	if (!hear(&h, s, rec) ||
	    !mn_conn_phase_fits(h.c.proto, h.c.phase))
		return false;
	conn = find_same(&h);
	if (conn) {
		merge(&h, conn);
		return true;
	}
	spec.in = find_port(s->mn, &h.c, MN_CHAN_IN);
	if (!spec.in)
		return false;
	spec.out = find_port(s->mn, &h.c, MN_CHAN_OUT);
	spec.device = h.device;
	spec.forward = &h.forward;
	spec.reply = &h.reply;
	spec.rules[MN_NAT_DST] = find_rule(s->mn, &h.c, MN_CHAN_DNAT);
	spec.rules[MN_NAT_SRC] = find_rule(s->mn, &h.c, MN_CHAN_SNAT);
	spec.phase = h.c.phase;
	spec.flags = flags_of(&h);
	if (has_room_at(spec.in))
		spec.flags |= BIT(MN_CONN_CHARGED);
	return add(&h, &spec);
}

/**
 * mn_chan_conn_end() - another host says that a connection is no more
 * @s: session with it, rx_lock held
 * @rec: record
 *
 * The host of the port where it was opened may say so.
 *
 * Context: RCU, BH disabled.
 *
 * Return: false if nothing can be made of it here
 */
bool mn_chan_conn_end(struct mn_session *s, const struct mn_chan_rec *rec)
{
	struct mn_conn *conn;
	struct heard h;

	if (!hear(&h, s, rec))
		return false;
	conn = find_same(&h);
	if (!conn)
		return true;
	if (host_of(conn->in) != s->host)
		return false;
	set_bit(MN_CONN_HUSHED, &conn->flags);
	mn_conn_kill(conn);
	return true;
}

/**
 * mn_chan_conn_sweep() - has the host of a connection said that it is there?
 * @s: session with some host
 * @conn: connection; it goes if the host is its, and has not
 * @round: of the resync in which it had to
 *
 * Context: RCU, BH disabled.
 */
void mn_chan_conn_sweep(struct mn_session *s, struct mn_conn *conn, u32 round)
{
	if ((s32)(READ_ONCE(conn->round) - round) >= 0 ||
	    host_of(conn->in) != s->host)
		return;
	set_bit(MN_CONN_HUSHED, &conn->flags);
	mn_conn_kill(conn);
}
