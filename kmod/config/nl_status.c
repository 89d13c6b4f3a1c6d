// SPDX-License-Identifier: GPL-2.0
/*
 * The state of a namespace in a few lines, and who owns it.
 */
#include <linux/sizes.h>
#include <net/genetlink.h>

#include "config/nl.h"
#include "config/owner.h"
#include "flow/table.h"
#include "port/host.h"
#include "port/port.h"
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
	return mn_subsystem_put(skb, name, level, text);
}

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

static int put_table(struct sk_buff *skb, const char *name, u32 n, u32 max,
		     const char *sysctl)
{
	u8 level = n >= max - max / 10 ? MIDONET_LEVEL_WARNING :
					 MIDONET_LEVEL_OK;

	return put_subsystem(skb, name, level, "%u of %u (net.midonet.%s)", n,
			     max, sysctl);
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
	       put_ports(mn, skb) ?:
	       put_table(skb, "flows", mn_flows_count(mn),
			 mn->limits.flows_max, "flows_max") ?:
	       put_table(skb, "macs", atomic_read(&mn->n_macs),
			 mn->limits.macs_max, "macs_max") ?:
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
	struct sk_buff *msg = genlmsg_new(SZ_8K, GFP_KERNEL);
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
