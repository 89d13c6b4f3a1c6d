// SPDX-License-Identifier: GPL-2.0
/*
 * The state of a namespace in a few lines, and who owns it.
 */
#include <linux/sizes.h>
#include <net/genetlink.h>

#include "balance/balance.h"
#include "config/nl.h"
#include "config/owner.h"
#include "flow/table.h"
#include "l3/router.h"
#include "overlay/chan.h"
#include "overlay/peer.h"
#include "overlay/tunnel.h"
#include "overlay/zone.h"
#include "port/host.h"
#include "port/port.h"
#include "sim/drop.h"
#include "state/conn.h"
#include "version.h"

static int put_subsystem(struct sk_buff *skb, const char *name, u8 level,
			 const char *fmt, ...) __printf(4, 5);

static int put_subsystem(struct sk_buff *skb, const char *name, u8 level,
			 const char *fmt, ...)
{
	char text[200];
	va_list args;

	va_start(args, fmt);
	vscnprintf(text, sizeof(text), fmt, args);
	va_end(args);
	return mn_subsystem_put(skb, name, level, text, NULL);
}

/* Of a message: each line is less than 300 bytes. */
#define MN_STATUS_SIZE	16384

struct port_count {
	u32 n[__MIDONET_PORT_STATE_COUNT];
	u32 total;
	char first_bad[160];
};

static void count_ports(struct mn_net *mn, struct port_count *c)
{
	const struct mn_ver *ver;
	struct mn_obj *obj;
	unsigned long index;
	u8 state;

	memset(c, 0, sizeof(*c));
	xa_for_each(&mn->types[MIDONET_OBJECT_TYPE_PORT], index, obj) {
		ver = mn_ver_end(mn, obj);
		if (!ver)
			continue;
		state = READ_ONCE(mn_port_of(obj)->state);
		c->n[state]++;
		c->total++;
		if (c->first_bad[0] || (state != MIDONET_PORT_STATE_ERROR &&
					state != MIDONET_PORT_STATE_NO_DEVICE))
			continue;
		mn_port_label(mn_port_of(obj), c->first_bad,
			      sizeof(c->first_bad));
	}
}

static int put_ports(struct mn_net *mn, struct sk_buff *skb)
{
	struct port_count c;
	u8 level = MIDONET_LEVEL_OK;

	count_ports(mn, &c);
	if (c.n[MIDONET_PORT_STATE_NO_DEVICE])
		level = MIDONET_LEVEL_WARNING;
	if (c.n[MIDONET_PORT_STATE_ERROR])
		level = MIDONET_LEVEL_ERROR;
	return put_subsystem(skb, "ports", level,
			     "%u ports: %u up, %u down, %u without carrier, %u without device, %u in error%s%s",
			     c.total, c.n[MIDONET_PORT_STATE_UP],
			     c.n[MIDONET_PORT_STATE_DOWN],
			     c.n[MIDONET_PORT_STATE_NO_CARRIER],
			     c.n[MIDONET_PORT_STATE_NO_DEVICE],
			     c.n[MIDONET_PORT_STATE_ERROR],
			     c.first_bad[0] ? "; first: " : "", c.first_bad);
}

/* Of a table that may have @max entries. */
static u8 table_level(u32 n, u32 max)
{
	return n >= max - max / 10 ? MIDONET_LEVEL_WARNING : MIDONET_LEVEL_OK;
}

/* More are only counted. */
#define MN_STATUS_ZONES	16

/* The same of hosts. */
#define MN_STATUS_HOSTS	16

/* ms; a host that has not acknowledged anything for so long is late. */
#define MN_STATUS_LAG	2000

struct zone_count {
	u32 local;
	u32 open;
	u32 errors;
};

static int put_zone(struct mn_net *mn, struct sk_buff *skb,
		    const struct mn_zone *zone)
{
	static const char * const encaps[] = {
		[MIDONET_ENCAP_VXLAN] = "vxlan",
		[MIDONET_ENCAP_GENEVE] = "geneve",
		[MIDONET_ENCAP_GRE] = "gre",
	};
	const struct mn_reason *why = mn_dereference(mn, zone->reason);
	const struct mn_tunnel *t = zone->tunnel;
	char name[MIDONET_NAME_MAX + 16], addr[MN_PEER_LABEL], port[16] = "";

	snprintf(name, sizeof(name), "tunnel-zone %s", zone->obj.name);
	if (!t)
		return put_subsystem(skb, name, MIDONET_LEVEL_ERROR, "%s",
				     why ? why->text : "not open");
	if (t->port)
		snprintf(port, sizeof(port), " port %u", ntohs(t->port));
	return put_subsystem(skb, name, MIDONET_LEVEL_OK, "%s at %s%s, %u peers",
			     encaps[t->encap],
			     mn_peer_addr_label(&t->local, addr), port,
			     zone->n_up);
}

/* The zones this host is in; of each of the first some a line. */
static int put_zones(struct mn_net *mn, struct sk_buff *skb)
{
	struct zone_count c = {};
	const struct mn_zone *zone;
	struct mn_obj *obj;
	unsigned long index;

	xa_for_each(&mn->types[MIDONET_OBJECT_TYPE_TUNNEL_ZONE], index, obj) {
		zone = mn_zone_of(obj);
		if (!zone->local)
			continue;
		c.local++;
		c.open += !!zone->tunnel;
		c.errors += !zone->tunnel;
		if (c.local <= MN_STATUS_ZONES && put_zone(mn, skb, zone))
			return -EMSGSIZE;
	}
	return put_subsystem(skb, "tunnels", c.errors ? MIDONET_LEVEL_ERROR :
							MIDONET_LEVEL_OK,
			     "in %u tunnel-zones: %u open, %u in error",
			     c.local, c.open, c.errors);
}

/* Hosts that are told of what happens here; of each of the first some a line. */
static int put_sessions(struct mn_net *mn, struct sk_buff *skb)
{
	u32 n = 0, alive = 0, late = 0;
	struct mn_chan_stats st;
	char name[MIDONET_NAME_MAX + 16];
	struct mn_obj *obj;
	unsigned long index;

	xa_for_each(&mn->types[MIDONET_OBJECT_TYPE_HOST], index, obj) {
		if (!mn_chan_stats(mn_host_of(obj), &st))
			continue;
		n++;
		alive += st.up;
		late += st.lag >= MN_STATUS_LAG;
		snprintf(name, sizeof(name), "host %s", obj->name);
		if (n <= MN_STATUS_HOSTS &&
		    put_subsystem(skb, name, st.up && st.lag < MN_STATUS_LAG ?
				  MIDONET_LEVEL_OK : MIDONET_LEVEL_WARNING,
				  "%s; lag %u ms, backlog %u; %llu messages sent, %llu resent, %llu received, %llu old, %llu refused, %llu resyncs",
				  st.up ? "alive" : "silent", st.lag,
				  st.backlog, st.sent, st.resent, st.received,
				  st.old, st.refused, st.resyncs))
			return -EMSGSIZE;
	}
	return put_subsystem(skb, "state-channel", alive == n && !late ?
			     MIDONET_LEVEL_OK : MIDONET_LEVEL_WARNING,
			     "%u other hosts: %u alive, %u late", n, alive,
			     late);
}

static int put_table(struct sk_buff *skb, const char *name, u32 n, u32 max,
		     const char *sysctl)
{
	struct mn_fill fill = { .used = n, .limit = max };
	char text[100];

	scnprintf(text, sizeof(text), "%u of %u (net.midonet.%s)", n, max,
		  sysctl);
	return mn_subsystem_put(skb, name, table_level(n, max), text, &fill);
}

/* Connections in which some router translates something. */
static u32 count_translated(struct mn_net *mn)
{
	struct mn_obj *obj;
	unsigned long index;
	u32 n = 0;

	xa_for_each(&mn->types[MIDONET_OBJECT_TYPE_ROUTER], index, obj)
		n += atomic_read(&mn_router_of(obj)->n_translated);
	return n;
}

static int put_conns(struct mn_net *mn, struct sk_buff *skb)
{
	struct mn_fill fill = { .limit = READ_ONCE(mn->limits.conns_max) };
	struct mn_drop_sum full, exhausted;
	struct mn_conn_counts c;
	char text[200];
	u8 level;

	mn_conns_count(mn, &c);
	mn_drops_of(mn, MIDONET_DROP_REASON_CONN_FULL, &full);
	mn_drops_of(mn, MIDONET_DROP_REASON_NAT_EXHAUSTED, &exhausted);
	level = full.lately || exhausted.lately ? MIDONET_LEVEL_WARNING :
						  table_level(c.n, fill.limit);
	fill.used = c.n;
	scnprintf(text, sizeof(text),
		  "%u of %u (net.midonet.conns_max), %u unanswered, %u translated; %llu gave way; dropped: %llu conn-full, %llu nat-exhausted",
		  c.n, fill.limit, c.unanswered, count_translated(mn),
		  c.evicted, full.packets, exhausted.packets);
	return mn_subsystem_put(skb, "connections", level, text, &fill);
}

/* Who is waiting for somebody to serve them. */
static int put_dhcp(struct mn_net *mn, struct sk_buff *skb)
{
	bool served = READ_ONCE(mn->punt_portid);
	u32 n = mn->n_objs[MIDONET_OBJECT_TYPE_DHCP];

	if (!n)
		return 0;
	return put_subsystem(skb, "dhcp", served ? MIDONET_LEVEL_OK :
						   MIDONET_LEVEL_WARNING,
			     "%u subnets, %u hosts%s", n, mn->n_dhcp_hosts,
			     served ? "" :
			     "; no daemon serves them, start midonetd");
}

static int put_sticky(struct mn_net *mn, struct sk_buff *skb)
{
	u32 max = READ_ONCE(mn->limits.sticky_max), n;
	u64 evicted;

	mn_balance_count(mn, &n, &evicted);
	return put_subsystem(skb, "sticky", table_level(n, max),
			     "%u clients of %u (net.midonet.sticky_max); %llu gave way",
			     n, max, evicted);
}

static int fill(struct mn_net *mn, struct sk_buff *skb)
{
	struct mn_host *host = mn_dereference(mn, mn->local_host);
	int err;

	err = mn_nl_put_u64(skb, MIDONET_STATUS_GENERATION,
			    mn->generation) ?:
	      mn_nl_put_u64(skb, MIDONET_STATUS_EPOCH,
			    atomic64_read(&mn->epoch)) ?:
	      mn_nl_put_u64(skb, MIDONET_STATUS_REVISION,
			    mn->revision) ?:
	      nla_put_string(skb, MIDONET_STATUS_STORE, mn->store) ?:
	      nla_put_string(skb, MIDONET_STATUS_HOST,
			     host ? host->obj.name : "") ?:
	      nla_put(skb, MIDONET_STATUS_HOST_ID, 16, mn->local_id) ?:
	      nla_put_string(skb, MIDONET_STATUS_VERSION, MN_VERSION);
	if (err)
		return err;
	return put_subsystem(skb, "topology", MIDONET_LEVEL_OK,
			     "generation %llu", mn->generation) ?:
	       put_ports(mn, skb) ?: put_zones(mn, skb) ?:
	       put_sessions(mn, skb) ?:
	       put_table(skb, "flows", mn_flows_count(mn),
			 mn->limits.flows_max, "flows_max") ?:
	       put_table(skb, "macs", atomic_read(&mn->n_macs),
			 mn->limits.macs_max, "macs_max") ?:
	       put_conns(mn, skb) ?:
	       put_dhcp(mn, skb) ?:
	       put_sticky(mn, skb) ?:
	       mn_reports_put(mn, skb);
}

/**
 * mn_nl_status_get() - handler of status-get
 * @skb: request
 * @info: request
 *
 * Return: 0 or a negative error
 */
int mn_nl_status_get(struct sk_buff *skb, struct genl_info *info)
{
	struct mn_net *mn = mn_net(genl_info_net(info));
	/* With all reports there can be. */
	struct sk_buff *msg = genlmsg_new(MN_STATUS_SIZE, GFP_KERNEL);
	void *hdr;
	int err;

	if (!msg)
		return -ENOMEM;
	hdr = genlmsg_put_reply(msg, info, &mn_family, 0, info->genlhdr->cmd);
	mutex_lock(&mn->lock);
	err = hdr ? fill(mn, msg) : -EMSGSIZE;
	mutex_unlock(&mn->lock);
	if (err) {
		nlmsg_free(msg);
		return err;
	}
	genlmsg_end(msg, hdr);
	return genlmsg_reply(msg, info);
}

/**
 * mn_nl_status_set() - handler of status-set
 * @skb: request
 * @info: request
 *
 * Return: 0 or a negative error
 */
int mn_nl_status_set(struct sk_buff *skb, struct genl_info *info)
{
	struct mn_net *mn = mn_net(genl_info_net(info));
	struct nlattr *store = info->attrs[MIDONET_STATUS_STORE];
	struct nlattr *host = info->attrs[MIDONET_STATUS_HOST_ID];
	struct nlattr *rev = info->attrs[MIDONET_STATUS_REVISION];
	int err = 0;

	if (host)
		err = mn_host_set_local(mn, nla_data(host), info->extack);
	if (err)
		return err;
	mutex_lock(&mn->lock);
	if (store)
		err = mn_owner_set(mn, info->snd_portid, nla_data(store),
				   info->extack);
	if (!err)
		err = mn_reports_set(mn, info->snd_portid, info->nlhdr,
				     info->extack);
	if (!err && rev)
		mn->revision = nla_get_u64(rev);
	mutex_unlock(&mn->lock);
	return err;
}
