// SPDX-License-Identifier: GPL-2.0
/*
 * Punts and injected frames: what a daemon serves, such as DHCP, goes to the one
 * socket that bound itself to the namespace, and comes back as a frame that
 * enters or leaves by a port. Nothing else ever goes to userspace.
 */
#include <linux/etherdevice.h>
#include <linux/if_vlan.h>
#include <linux/skbuff.h>
#include <net/genetlink.h>

#include "config/nl.h"
#include "port/port.h"
#include "sim/ctx.h"
#include "sim/drop.h"
#include "sim/trace.h"

/* What fits into an attribute, whose length counts its header. */
#define MN_FRAME_MAX	(U16_MAX - NLA_HDRLEN)

/* A frame as it was on the wire, the tag in line. */
static int put_frame(struct sk_buff *msg, const struct sk_buff *skb)
{
	bool tagged = skb_vlan_tag_present(skb);
	u32 len = skb->len + (tagged ? VLAN_HLEN : 0);
	struct nlattr *nla;
	__be16 tag[2];
	u8 *to;

	if (len > MN_FRAME_MAX)
		return -EMSGSIZE;
	nla = nla_reserve(msg, MIDONET_PUNT_FRAME, len);
	if (!nla)
		return -EMSGSIZE;
	to = nla_data(nla);
	if (!tagged)
		return skb_copy_bits(skb, 0, to, skb->len);
	tag[0] = skb->vlan_proto;
	tag[1] = htons(skb_vlan_tag_get(skb));
	memcpy(to + 2 * ETH_ALEN, tag, sizeof(tag));
	return skb_copy_bits(skb, 0, to, 2 * ETH_ALEN) ?:
	       skb_copy_bits(skb, 2 * ETH_ALEN, to + 2 * ETH_ALEN + VLAN_HLEN,
			     skb->len - 2 * ETH_ALEN);
}

static int put_punt(struct sk_buff *msg, const struct mn_ctx *ctx,
		    const struct sk_buff *skb)
{
	struct mn_port *port = ctx->in;

	if (mn_nl_put_id(msg, MIDONET_PUNT_PORT, &port->obj) ||
	    mn_nl_put_u64(msg, MIDONET_PUNT_PACKETS,
			  atomic64_inc_return(&port->punts)) ||
	    mn_nl_put_id(msg, MIDONET_PUNT_BRIDGE, ctx->punt.bridge) ||
	    mn_nl_put_id(msg, MIDONET_PUNT_DHCP, ctx->punt.dhcp))
		return -EMSGSIZE;
	return put_frame(msg, skb);
}

static struct sk_buff *punt_msg(const struct mn_ctx *ctx,
				const struct sk_buff *skb)
{
	size_t size = 3 * nla_total_size(16) + nla_total_size_64bit(8) +
		      nla_total_size(skb->len + VLAN_HLEN);
	struct sk_buff *msg = genlmsg_new(size, GFP_ATOMIC | __GFP_NOWARN);
	void *hdr;

	if (!msg)
		return NULL;
	hdr = genlmsg_put(msg, 0, 0, &mn_family, 0, MIDONET_CMD_PUNT);
	if (!hdr || put_punt(msg, ctx, skb)) {
		nlmsg_free(msg);
		return NULL;
	}
	genlmsg_end(msg, hdr);
	return msg;
}

static void punt_drop(struct mn_ctx *ctx, u32 reason, const char *why)
{
	mn_trace(ctx, ctx->device_in->obj.parent, ctx->in, "drop", NULL,
		 "%s: %s", mn_drop_name(reason), why);
	mn_ctx_drop(ctx, reason, ctx->device_in->obj.parent, ctx->in, NULL);
}

/**
 * mn_punt() - the walk of a packet ends in a bridge: it is for the daemon
 * @ctx: walk
 * @bridge: the bridge
 * @dhcp: subnet the packet is about, or NULL
 *
 * It goes there when the walk is over. If it cannot, the drop is noted.
 *
 * Context: BH disabled, RCU.
 */
void mn_punt(struct mn_ctx *ctx, const struct mn_obj *bridge,
	     const struct mn_obj *dhcp)
{
	u32 rate = READ_ONCE(ctx->mn->limits.punt_rate);

	ctx->cacheable = false;
	if (!READ_ONCE(ctx->mn->punt_portid)) {
		punt_drop(ctx, MIDONET_DROP_REASON_PUNT_UNSERVED,
			  "a daemon would answer, but none is bound; start midonetd");
		return;
	}
	if (ctx->live && !mn_bucket_take(&ctx->in->punt, rate, rate)) {
		punt_drop(ctx, MIDONET_DROP_REASON_PUNT_RATE,
			  "too many requests from this port (net.midonet.punt_rate)");
		return;
	}
	ctx->punt.bridge = bridge;
	ctx->punt.dhcp = dhcp;
	ctx->consumed = true;
}

/* 0 or the reason why not. */
static u32 punt(const struct mn_ctx *ctx, struct sk_buff *skb)
{
	u32 portid = READ_ONCE(ctx->mn->punt_portid);
	struct sk_buff *msg;

	/* Who reads it wants checksums that hold. */
	if (skb->ip_summed == CHECKSUM_PARTIAL && skb_checksum_help(skb))
		return MIDONET_DROP_REASON_NOMEM;
	msg = punt_msg(ctx, skb);
	if (!msg)
		return MIDONET_DROP_REASON_NOMEM;
	if (portid && genlmsg_unicast(ctx->mn->net, msg, portid) >= 0)
		return 0;
	/* The socket does not keep up, or is just gone. */
	if (!portid)
		nlmsg_free(msg);
	return MIDONET_DROP_REASON_PUNT_UNSERVED;
}

/**
 * mn_punt_send() - a walk that met mn_punt() is over
 * @ctx: walk of a real packet
 * @skb: the packet as it came, data at the Ethernet header; not consumed
 *
 * If it cannot be sent, and is not on its way to others either, the verdict becomes
 * a drop.
 *
 * Context: BH disabled, RCU.
 */
void mn_punt_send(struct mn_ctx *ctx, struct sk_buff *skb)
{
	u32 reason = punt(ctx, skb);

	if (!reason || ctx->verdict != MIDONET_VERDICT_CONSUMED)
		return;
	mn_ctx_drop(ctx, reason, ctx->punt.bridge, ctx->in, NULL);
	ctx->verdict = MIDONET_VERDICT_DROP;
}

/**
 * mn_nl_punt_bind() - a socket serves what is punted
 * @skb: request
 * @info: the same
 *
 * Return: 0, -EBUSY if another socket does
 */
int mn_nl_punt_bind(struct sk_buff *skb, struct genl_info *info)
{
	struct mn_net *mn = mn_net(genl_info_net(info));
	u32 old = cmpxchg(&mn->punt_portid, 0, info->snd_portid);

	if (!old || old == info->snd_portid)
		return 0;
	return mn_err(mn, info->extack, -EBUSY,
		      "the socket of port id %u serves punts already", old);
}

/**
 * mn_nl_punt_release() - a socket was closed
 * @mn: namespace
 * @portid: the socket
 */
void mn_nl_punt_release(struct mn_net *mn, u32 portid)
{
	cmpxchg(&mn->punt_portid, portid, 0);
}

/*
 * The frame of a request as if it had just been received from @dev: data at the
 * Ethernet header, an outer tag accelerated.
 */
static struct sk_buff *frame_skb(struct net_device *dev,
				 const struct nlattr *attr)
{
	u32 len = nla_len(attr);
	struct sk_buff *skb = alloc_skb(NET_SKB_PAD + NET_IP_ALIGN + len,
					GFP_ATOMIC | __GFP_NOWARN);

	if (!skb)
		return NULL;
	skb_reserve(skb, NET_SKB_PAD + NET_IP_ALIGN);
	skb_put_data(skb, nla_data(attr), len);
	skb->protocol = eth_type_trans(skb, dev);
	if (eth_type_vlan(skb->protocol)) {
		skb = skb_vlan_untag(skb);
		if (!skb)
			return NULL;
	}
	skb_reset_network_header(skb);
	skb_push(skb, ETH_HLEN);
	skb_reset_mac_header(skb);
	skb_reset_mac_len(skb);
	return skb;
}

static int inject(struct mn_net *mn, struct mn_port *port,
		  struct genl_info *info)
{
	u8 direction = nla_get_u8(info->attrs[MIDONET_PUNT_DIRECTION]);
	struct net_device *dev = rcu_dereference(port->dev);
	char label[2 * MIDONET_NAME_MAX + 2];
	struct sk_buff *skb;

	if (!dev) {
		mn_port_label(port, label, sizeof(label));
		return mn_err(mn, info->extack, -ENODEV,
			      "port %s has no device here", label);
	}
	skb = frame_skb(dev, info->attrs[MIDONET_PUNT_FRAME]);
	if (!skb)
		return -ENOMEM;
	if (direction == MIDONET_DIRECTION_IN)
		mn_port_receive(port, skb);
	else
		mn_output_raw(port, skb);
	return 0;
}

/* Shorter than the headers it begins with? */
static bool is_short(const struct nlattr *frame)
{
	const struct ethhdr *eth = nla_data(frame);
	int len = nla_len(frame);

	return len < ETH_HLEN || (eth_type_vlan(eth->h_proto) &&
				  len < ETH_HLEN + VLAN_HLEN);
}

/**
 * mn_nl_inject() - send a frame into or out of a port
 * @skb: request
 * @info: the same
 *
 * Return: 0 if the frame was sent, whatever becomes of it; -EINVAL, -ENOENT;
 * -ENODEV if the port has no device here
 */
int mn_nl_inject(struct sk_buff *skb, struct genl_info *info)
{
	struct nlattr *frame = info->attrs[MIDONET_PUNT_FRAME];
	struct mn_net *mn = mn_net(genl_info_net(info));
	struct mn_obj *obj;
	int err;

	if (!frame || !info->attrs[MIDONET_PUNT_DIRECTION])
		return mn_err(mn, info->extack, -EINVAL,
			      "an injected frame needs port, direction and frame");
	if (is_short(frame)) {
		NL_SET_BAD_ATTR(info->extack, frame);
		return mn_err(mn, info->extack, -EINVAL,
			      "frame: shorter than its Ethernet header");
	}
	local_bh_disable();
	rcu_read_lock();
	obj = mn_nl_find(mn, info->attrs[MIDONET_PUNT_PORT],
			 MIDONET_OBJECT_TYPE_PORT, "port", info->extack);
	err = PTR_ERR_OR_ZERO(obj);
	if (!err)
		err = inject(mn, mn_port_of(obj), info);
	rcu_read_unlock();
	local_bh_enable();
	return err;
}
