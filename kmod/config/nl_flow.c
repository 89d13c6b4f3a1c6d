// SPDX-License-Identifier: GPL-2.0
/*
 * The flow table over netlink: list and flush.
 */
#include <linux/jiffies.h>
#include <net/genetlink.h>
#include <net/sock.h>

#include "config/dump.h"
#include "config/nl.h"
#include "flow/flow.h"
#include "overlay/peer.h"
#include "overlay/zone.h"
#include "port/host.h"
#include "port/port.h"
#include "sim/drop.h"

#define MN_LABEL	(2 * MIDONET_NAME_MAX + 2)

/* What happens to the tag on the way to an output. */
static int put_vlan_text(struct sk_buff *skb, u16 from, u16 to)
{
	char text[32];

	if (from == to)
		return 0;
	if (!to)
		return nla_put_string(skb, MIDONET_FLOW_ACTIONS, "pop vlan");
	snprintf(text, sizeof(text), "%s vlan %u", from ? "set" : "push",
		 to & 0xfff);
	return nla_put_string(skb, MIDONET_FLOW_ACTIONS, text);
}

static int put_routed(struct sk_buff *skb, const struct mn_rewrite *rw)
{
	char text[80];

	snprintf(text, sizeof(text), "set hw-src %pM hw-dst %pM, ttl -%u",
		 rw->eth_src, rw->eth_dst, rw->hops);
	return nla_put_string(skb, MIDONET_FLOW_ACTIONS, text);
}

static int put_addr_text(struct sk_buff *skb, const char *what, bool v6,
			 const struct in6_addr *addr)
{
	char text[80];

	if (v6)
		snprintf(text, sizeof(text), "set %s %pI6c", what, addr);
	else
		snprintf(text, sizeof(text), "set %s %pI4", what, addr);
	return nla_put_string(skb, MIDONET_FLOW_ACTIONS, text);
}

static int put_port_text(struct sk_buff *skb, const char *what, __be16 port)
{
	char text[32];

	snprintf(text, sizeof(text), "set %s %u", what, ntohs(port));
	return nla_put_string(skb, MIDONET_FLOW_ACTIONS, text);
}

static int put_translated(struct sk_buff *skb, const struct mn_translation *t)
{
	bool ports = mn_proto_has_ports(t->proto);

	if ((t->fields & MN_XLAT_SRC &&
	     put_addr_text(skb, "src", t->v6, &t->src)) ||
	    (t->fields & MN_XLAT_DST &&
	     put_addr_text(skb, "dst", t->v6, &t->dst)) ||
	    (t->fields & MN_XLAT_SPORT &&
	     put_port_text(skb, ports ? "src-port" : "icmp-id", t->sport)) ||
	    (t->fields & MN_XLAT_DPORT &&
	     put_port_text(skb, "dst-port", t->dport)))
		return -EMSGSIZE;
	return 0;
}

/*
 * Outputs may be named because the flow was valid in this RCU section, so their
 * ports and peers were there; they are not referenced.
 */
static int put_actions(struct sk_buff *skb, const struct mn_flow *flow)
{
	char text[MN_LABEL + 160], label[MN_LABEL];
	struct mn_out out;
	u16 vlan = flow->key.vlan;
	int i;

	if (flow->verdict == MIDONET_VERDICT_DROP) {
		snprintf(text, sizeof(text), "drop %s",
			 mn_drop_name(flow->reason));
		return nla_put_string(skb, MIDONET_FLOW_ACTIONS, text);
	}
	if (flow->routed && put_routed(skb, mn_flow_rewrite(flow)))
		return -EMSGSIZE;
	if (flow->translated && put_translated(skb, mn_flow_translation(flow)))
		return -EMSGSIZE;
	for (i = 0; i < flow->n_outs; i++) {
		out = mn_flow_out(flow, i);
		if (put_vlan_text(skb, vlan, out.vlan))
			return -EMSGSIZE;
		vlan = out.vlan;
		mn_port_label(out.port, label, sizeof(label));
		if (out.remote)
			snprintf(text, sizeof(text),
				 "tunnel %s host %s key 0x%06x output %s",
				 out.via.peer->zone->obj.name,
				 out.via.peer->host->obj.name, out.via.key,
				 label);
		else
			snprintf(text, sizeof(text), "output %s", label);
		if (nla_put_string(skb, MIDONET_FLOW_ACTIONS, text))
			return -EMSGSIZE;
	}
	return 0;
}

static int put_counters(struct sk_buff *skb, const struct mn_flow *flow)
{
	unsigned long now = jiffies;
	struct mn_flow_stats sum;

	mn_flow_stats_sum(flow, &sum);
	return mn_nl_put_u64(skb, MIDONET_FLOW_PACKETS, sum.packets) ||
	       mn_nl_put_u64(skb, MIDONET_FLOW_BYTES, sum.bytes) ||
	       nla_put_u32(skb, MIDONET_FLOW_AGE, now / HZ - flow->created) ||
	       nla_put_u32(skb, MIDONET_FLOW_IDLE, (now - sum.used) / HZ);
}

static int put_flow(struct sk_buff *skb, const struct mn_flow *flow)
{
	struct mn_flow_key mask;
	char label[MN_LABEL];

	memcpy(mask.w, flow->mask->w, sizeof(mask.w));
	mn_port_label(flow->in, label, sizeof(label));
	if (nla_put_string(skb, MIDONET_FLOW_IN_PORT, label) ||
	    mn_key_fill_masked(skb, MIDONET_FLOW_KEY, &flow->key, &mask) ||
	    mn_key_fill_mask(skb, MIDONET_FLOW_MASK, &flow->key, &mask) ||
	    put_actions(skb, flow) || put_counters(skb, flow) ||
	    nla_put_u8(skb, MIDONET_FLOW_STATEFUL, flow->n_conns > 0) ||
	    nla_put_u8(skb, MIDONET_FLOW_VERDICT, flow->verdict))
		return -EMSGSIZE;
	return flow->verdict == MIDONET_VERDICT_DROP ?
	       nla_put_u32(skb, MIDONET_FLOW_DROP_REASON, flow->reason) : 0;
}

/* One bucket; cur->sub counts its flows already listed. */
static int dump_bucket(struct mn_net *mn, struct sk_buff *skb,
		       struct mn_dump *cur, struct bucket_table *tbl,
		       unsigned int bucket)
{
	struct rhash_head *pos;
	struct mn_flow *flow;
	unsigned long n = 0;
	void *hdr;

	rht_for_each_entry_rcu(flow, pos, tbl, bucket, node) {
		if (n++ < cur->sub || !mn_flow_valid(mn, flow))
			continue;
		hdr = mn_dump_msg(skb, cur);
		if (!hdr)
			return -EMSGSIZE;
		if (put_flow(skb, flow)) {
			genlmsg_cancel(skb, hdr);
			return -EMSGSIZE;
		}
		genlmsg_end(skb, hdr);
		cur->sub = n;
	}
	cur->sub = 0;
	return 0;
}

/*
 * cur->index counts the buckets of the table and, while it is being resized, of
 * those its flows move to.
 */
static int dump_flows(struct mn_net *mn, struct sk_buff *skb,
		      struct mn_dump *cur)
{
	struct rhashtable *ht = &mn->flows->ht;
	struct bucket_table *tbl = rht_dereference_rcu(ht->tbl, ht);
	unsigned long base = 0;
	int err;

	for (; tbl; tbl = rht_dereference_rcu(tbl->future_tbl, ht)) {
		for (; cur->index < base + tbl->size; cur->index++) {
			err = dump_bucket(mn, skb, cur, tbl, cur->index - base);
			if (err)
				return err;
		}
		base += tbl->size;
	}
	return 0;
}

/**
 * mn_nl_flow_dump() - list the flow table
 * @skb: where it goes
 * @cb: callback
 *
 * Flows come and go; a listing is no snapshot, and a resized table may be
 * listed with gaps or twice.
 *
 * Return: bytes put, 0 at the end, or a negative error
 */
int mn_nl_flow_dump(struct sk_buff *skb, struct netlink_callback *cb)
{
	const struct genlmsghdr *hdr = nlmsg_data(cb->nlh);
	struct mn_dump *cur = (struct mn_dump *)cb->ctx;
	struct mn_net *mn = mn_net(sock_net(skb->sk));
	int err;

	cur->cmd = hdr->cmd;
	cur->cb = cb;
	rcu_read_lock();
	err = dump_flows(mn, skb, cur);
	rcu_read_unlock();
	return err && !skb->len ? err : skb->len;
}

/**
 * mn_nl_flow_flush() - forget all cached flows
 * @skb: request
 * @info: request
 *
 * Return: 0
 */
int mn_nl_flow_flush(struct sk_buff *skb, struct genl_info *info)
{
	mn_flows_flush(mn_net(genl_info_net(info)));
	return 0;
}
